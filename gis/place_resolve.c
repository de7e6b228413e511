/* The rounds: what is asked of the gazetteer, and which answers belong to what. */
#include "gis/place_resolve.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "gis/place_parts.h"

enum {
    NEAR_RADIUS_M = 2000,
    POOR = 6000, /* a best name below this is looked for once more, word by word */
    RETRIES_MAX = 3,
    COMMON_COUNT = 40, /* names that have a word: "masjid" is looked for near the target */
    NEAREST_WITHIN_M = 700,
    NEAR_TARGET_M = 600, /* around the target, where its landmark is looked for */
    NEAR_TARGET_MOST_M = 4000,
    TARGETS_NEAR_MAX = 8,
    PREFIX_MIN = 3,
    CUT_ROWS = 60 /* of each side of each cut: few of them are not named by all of its words */
};

/* ---- life ------------------------------------------------------------------------- */

sgp_bag *sgp_bag_new(sgp_resolution *resolution) {
    if (resolution->n_bags == SGP_BAGS_MAX)
        return NULL;
    sgp_bag *bag = malloc(sizeof *bag);
    if (bag)
        resolution->bags[resolution->n_bags++] = bag;
    return bag;
}

void sgp_resolution_destroy(sgp_resolution *resolution) {
    if (!resolution)
        return;
    for (size_t i = 0; i < resolution->n_bags; i++)
        free(resolution->bags[i]);
    free(resolution);
}

/* ---- phrases ---------------------------------------------------------------------- */

typedef struct phrases {
    const sgp_query_phrase *all[SGP_QUERY_PHRASES_MAX];
    size_t n;
} phrases;

/* The finer thing is what is meant; the coarser one says where it is. */
static int fineness(sgp_wanted wanted) {
    switch (wanted) {
    case SGP_WANTED_RT_RW:
        return 6;
    case SGP_WANTED_GANG:
        return 5;
    case SGP_WANTED_KM_POST:
        return 4;
    case SGP_WANTED_FACILITY:
    case SGP_WANTED_JUNCTION:
        return 3;
    case SGP_WANTED_ESTATE:
        return 2;
    case SGP_WANTED_STREET:
        return 1;
    case SGP_WANTED_ANY:
    case SGP_WANTED_AREA:
        break;
    }
    return 0;
}

static sgp_bag *bag_of(sgp_resolution *resolution, const sgp_query_phrase *phrase) {
    sgp_bag *bag = sgp_bag_new(resolution);
    if (bag)
        sgp_bag_fill(bag, &resolution->query, resolution->vocabulary, resolution->city, phrase, 0,
                     phrase->n_words);
    return bag;
}

static void add_mark(sgp_resolution *resolution, const sgp_query_phrase *phrase,
                     sgp_relation relation) {
    if (resolution->n_marks == SGP_MARKS_MAX)
        return;
    sgp_bag *bag = bag_of(resolution, phrase);
    if (!bag)
        return;
    if (phrase->wanted == SGP_WANTED_AREA)
        sgp_bag_mean_office(bag);
    resolution->marks[resolution->n_marks++] = (sgp_mark){bag, NULL, relation};
}

/* Everything that says what and where, in one bag: a gang's name knows its street, a block its
 * estate, all of them their districts. */
static void make_target(sgp_resolution *resolution, const phrases *targets) {
    resolution->target = bag_of(resolution, targets->all[0]);
    for (size_t i = 1; resolution->target && i < targets->n; i++) {
        const sgp_query_phrase *phrase = targets->all[i];
        sgp_bag_add(resolution->target, resolution->city, phrase);
        if (fineness(phrase->wanted) > fineness(resolution->target->wanted))
            resolution->target->wanted = phrase->wanted;
        /* "jl veteran, ITN": said in passing, it may be what stands there. */
        if (phrase->role == SGP_PHRASE_TARGET &&
            (phrase->wanted == SGP_WANTED_ANY || phrase->wanted == SGP_WANTED_FACILITY))
            add_mark(resolution, phrase, SGP_RELATION_NEAR);
    }
}

static void sort_phrases(sgp_resolution *resolution) {
    phrases targets = {.n = 0}, crossings = {.n = 0};
    const sgp_place_query *query = &resolution->query;
    for (size_t i = 0; i < query->n_phrases; i++) {
        const sgp_query_phrase *phrase = &query->phrases[i];
        if (phrase->n_words == 0)
            continue;
        if (phrase->role == SGP_PHRASE_CROSSING)
            crossings.all[crossings.n++] = phrase;
        else if (phrase->role == SGP_PHRASE_TARGET || phrase->relation == SGP_RELATION_INTO)
            targets.all[targets.n++] = phrase;
    }
    if (query->is_junction && crossings.n == 0) {
        crossings = targets;
        targets.n = 0;
    }
    if (crossings.n > 0)
        sgp_junction_prepare(resolution, crossings.all, crossings.n, targets.all, targets.n);
    else if (targets.n > 0)
        make_target(resolution, &targets);
    for (size_t i = 0; i < query->n_phrases; i++)
        if (query->phrases[i].role == SGP_PHRASE_LANDMARK && query->phrases[i].n_words > 0 &&
            query->phrases[i].relation != SGP_RELATION_INTO)
            add_mark(resolution, &query->phrases[i], query->phrases[i].relation);
}

/* The bag whose last word is still being typed. */
static void find_unfinished(sgp_resolution *resolution) {
    size_t last = resolution->query.n_words;
    for (size_t b = 0; last > 0 && b < resolution->n_bags; b++) {
        sgp_bag *bag = resolution->bags[b];
        if (bag->n_words > 0 && bag->words[bag->n_words - 1] == last - 1)
            sgp_bag_leave_unfinished(bag);
    }
}

sgp_err sgp_resolution_create(const sgp_resolve_wish *wish, sgp_resolution **resolution) {
    sgp_resolution *made = malloc(sizeof *made);
    if (!made)
        return SGP_E_MEMORY;
    memset(made, 0, offsetof(sgp_resolution, asks));
    made->query = *wish->query;
    made->vocabulary = wish->vocabulary;
    made->gazetteer = wish->gazetteer;
    made->has_near = wish->near != NULL;
    if (wish->near)
        made->near = *wish->near;
    made->near_radius_m = wish->near_radius_m > 0 ? wish->near_radius_m : NEAR_RADIUS_M;
    made->complete = wish->complete;
    sgp_place_name_words(wish->city, made->city, sizeof made->city);
    sort_phrases(made);
    if (made->complete)
        find_unfinished(made);
    *resolution = made;
    return SGP_OK;
}

/* ---- asks ------------------------------------------------------------------------- */

sgp_gazetteer_ask *sgp_ask_add(sgp_resolution *resolution, sgp_gazetteer_question question,
                               sgp_ask_use use, sgp_bag *bag, size_t which) {
    if (resolution->n_asks == SGP_ASKS_MAX)
        return NULL;
    sgp_gazetteer_ask *ask = &resolution->asks[resolution->n_asks];
    memset(ask, 0, sizeof *ask);
    ask->question = question;
    ask->limit = SGP_NAME_ROWS_MAX;
    ask->number_value = -1;
    resolution->asked[resolution->n_asks++] = (sgp_asked){use, bag, which};
    return ask;
}

/* Rows for `bag` by the words of `by`. */
static sgp_gazetteer_ask *ask_by(sgp_resolution *resolution, sgp_gazetteer_question question,
                                 sgp_bag *bag, const sgp_bag *by, uint32_t required,
                                 const char *kinds) {
    if (required == 0 && question != SGP_ASK_COMPLETE)
        return NULL;
    sgp_gazetteer_ask *ask = sgp_ask_add(resolution, question, SGP_USE_NAMES, bag, 0);
    if (!ask)
        return NULL;
    ask->readings = by->readings;
    ask->n_readings = by->n_readings;
    ask->required = required;
    ask->kinds = kinds;
    if (kinds && strcmp(kinds, SGP_CUT_KINDS) == 0)
        ask->limit = CUT_ROWS;
    if (question != SGP_ASK_NAMES_NEAR && resolution->has_near) {
        ask->points[ask->n_points++] = resolution->near;
        ask->radius_m = resolution->near_radius_m;
    }
    return ask;
}

/* About how many names have all that is asked for, at most: those of the required word that fewest
 * have in any of its likely readings. 0 = no word is known. */
static int32_t crowd_of(const sgp_bag *bag) {
    uint32_t required = sgp_bag_required(bag);
    int32_t least = 0;
    for (size_t i = 0; i < bag->n_words; i++) {
        int32_t most = 0;
        for (size_t r = 0; required >> i & 1 && r < bag->n_readings; r++) {
            const sgp_reading *reading = &bag->readings[r];
            int32_t count = sgp_vocabulary_word_at(bag->vocabulary, reading->words[0]).count;
            if (reading->first <= i && i < (size_t)reading->first + reading->n_said &&
                reading->likeness >= 0.9f && count > most)
                most = count;
        }
        if (most > 0 && (least == 0 || most < least))
            least = most;
    }
    return least;
}

/* The kind that a marker wants, when there is one that fits best. */
static const char *kind_wanted(sgp_wanted wanted) {
    switch (wanted) {
    case SGP_WANTED_GANG:
        return "g";
    case SGP_WANTED_ESTATE:
        return "e";
    case SGP_WANTED_AREA:
        return "a";
    case SGP_WANTED_RT_RW:
        return "r";
    case SGP_WANTED_KM_POST:
        return "k";
    case SGP_WANTED_ANY:
    case SGP_WANTED_STREET:
    case SGP_WANTED_FACILITY:
    case SGP_WANTED_JUNCTION:
        break;
    }
    return NULL;
}

void sgp_ask_names(sgp_resolution *resolution, sgp_bag *bag, const char *kinds) {
    const char *unfinished = sgp_bag_unfinished(bag);
    if (unfinished && strlen(unfinished) >= PREFIX_MIN) {
        sgp_gazetteer_ask *ask =
            ask_by(resolution, SGP_ASK_COMPLETE, bag, bag, sgp_bag_required(bag), kinds);
        if (ask)
            ask->unfinished = unfinished;
        return;
    }
    (void)ask_by(resolution, SGP_ASK_NAMES, bag, bag, sgp_bag_required(bag), kinds);
    /* "Balai Kota" among hundreds of "Balai RW": also by the words that may be missing. */
    uint32_t all = sgp_bag_required_all(bag);
    bool crowded = crowd_of(bag) >= COMMON_COUNT;
    if (crowded && !kinds && kind_wanted(bag->wanted))
        (void)ask_by(resolution, SGP_ASK_NAMES, bag, bag, sgp_bag_required(bag),
                     kind_wanted(bag->wanted));
    sgp_gazetteer_ask *ask =
        all != 0 && crowded ? ask_by(resolution, SGP_ASK_NAMES, bag, bag, all, kinds) : NULL;
    if (ask)
        ask->own_only = true;
}

/* "depan indomaret" on Jl. Veteran, "depan pos kamling RW 2 Jodipan": the landmark with the
 * target's words, which may be around it, or its own. */
static void ask_marks(sgp_resolution *resolution) {
    for (size_t i = 0; i < resolution->n_marks; i++) {
        sgp_mark *mark = &resolution->marks[i];
        sgp_ask_names(resolution, mark->bag, NULL);
        sgp_bag *both = resolution->target ? sgp_bag_new(resolution) : NULL;
        if (!both)
            continue;
        sgp_bag_init(both, &resolution->query, resolution->vocabulary, mark->bag->wanted);
        sgp_bag_copy_words(both, mark->bag);
        sgp_bag_copy_words(both, resolution->target);
        both->is_thing = true;
        sgp_bag_read(both);
        uint32_t all = sgp_bag_required_all(both);
        sgp_gazetteer_ask *ask = ask_by(resolution, SGP_ASK_NAMES, both, both,
                                        all != 0 ? all : sgp_bag_required(both), "fjek");
        if (ask)
            mark->both = both;
    }
}

/* The road itself, by what was said besides the kilometre: where there is no such post, or one that
 * is nearer to another street. */
static void ask_road(sgp_resolution *resolution) {
    sgp_bag *target = resolution->target;
    uint32_t required = sgp_bag_required(target), others = 0;
    for (size_t i = 0; i < target->n_words; i++) {
        const sgp_query_word *word = &resolution->query.words[target->words[i]];
        if (word->role != SGP_WORD_NUMBER && strcmp(word->text, "km") != 0)
            others |= UINT32_C(1) << i;
    }
    if ((required & others) != required)
        (void)ask_by(resolution, SGP_ASK_NAMES, target, target, required & others, SGP_CUT_KINDS);
}

static void ask_first(sgp_resolution *resolution) {
    if (resolution->target)
        sgp_ask_names(resolution, resolution->target, NULL);
    if (resolution->target && resolution->query.km_m >= 0)
        ask_road(resolution);
    if (resolution->crossing) {
        /* Streets and gangs of the name would leave no room for the crossing itself. */
        sgp_ask_names(resolution, resolution->crossing, "fj");
        sgp_ask_names(resolution, resolution->crossing, "saek");
    }
    sgp_junction_prune(resolution);
    for (size_t i = 0; i < resolution->n_splits; i++) {
        sgp_ask_names(resolution, resolution->splits[i].left, SGP_CUT_KINDS);
        sgp_ask_names(resolution, resolution->splits[i].right, SGP_CUT_KINDS);
    }
    ask_marks(resolution);
}

/* No name has most of what was said: once more by each of the weightiest words. */
static void ask_again(sgp_resolution *resolution, sgp_bag *bag) {
    uint32_t required = sgp_bag_required(bag), done = 0;
    if ((bag->n_candidates > 0 && bag->candidates[0].order >= POOR) ||
        (required & (required - 1)) == 0)
        return;
    for (size_t k = 0; k < RETRIES_MAX; k++) {
        size_t best = SIZE_MAX;
        for (size_t i = 0; i < bag->n_words; i++)
            if ((required & ~done) >> i & 1 &&
                (best == SIZE_MAX || bag->weight[i] > bag->weight[best]))
                best = i;
        if (best == SIZE_MAX)
            return;
        done |= UINT32_C(1) << best;
        (void)ask_by(resolution, SGP_ASK_NAMES, bag, bag, UINT32_C(1) << best, NULL);
    }
}

static bool is_street(const sgp_named *candidate) {
    return candidate->thing.kind == SGP_THING_STREET || candidate->thing.kind == SGP_THING_GANG;
}

static void ask_numbers(sgp_resolution *resolution) {
    sgp_gazetteer_ask *ask = NULL;
    const sgp_bag *target = resolution->target;
    for (size_t i = 0; i < target->n_candidates; i++) {
        const sgp_named *candidate = &target->candidates[i];
        if (!sgp_wants_number(resolution, candidate))
            continue;
        if (!ask && !(ask = sgp_ask_add(resolution, SGP_ASK_NUMBER, SGP_USE_NUMBERS, NULL, 0)))
            return;
        if (ask->n_things[0] < SGP_ASK_THINGS_MAX)
            ask->things[0][ask->n_things[0]++] = candidate->thing;
    }
    if (!ask)
        return;
    memcpy(ask->number, resolution->query.number, sizeof ask->number);
    memcpy(ask->block, resolution->query.block, sizeof ask->block);
    ask->number_value = resolution->query.number_value;
}

static bool has_thing(const sgp_gazetteer_ask *ask, size_t side, sgp_thing thing) {
    for (size_t i = 0; i < ask->n_things[side]; i++)
        if (sgp_thing_equal(ask->things[side][i], thing))
            return true;
    return false;
}

static void ask_posts(sgp_resolution *resolution) {
    sgp_gazetteer_ask *ask = NULL;
    const sgp_bag *target = resolution->target;
    for (size_t i = 0; i < target->n_candidates; i++) {
        const sgp_named *candidate = &target->candidates[i];
        const sgp_thing road = {SGP_THING_STREET, sgp_road_of(candidate)};
        if (!sgp_wants_post(resolution, candidate) || (ask && has_thing(ask, 0, road)))
            continue;
        if (!ask && !(ask = sgp_ask_add(resolution, SGP_ASK_KM_POSTS, SGP_USE_POSTS, NULL, 0)))
            return;
        if (ask->n_things[0] < SGP_ASK_THINGS_MAX)
            ask->things[0][ask->n_things[0]++] = road;
    }
    if (ask)
        ask->number_value = resolution->query.km_m;
}

/* Those of `bag` that may be near one of `other`: streets alone, or all. */
static void put_things(sgp_gazetteer_ask *ask, size_t side, const sgp_bag *bag, bool streets_only,
                       const sgp_bag *other) {
    for (size_t i = 0; i < bag->n_candidates && ask->n_things[side] < SGP_ASK_THINGS_MAX; i++) {
        const sgp_named *candidate = &bag->candidates[i];
        bool may = false;
        for (size_t k = 0; k < other->n_candidates && !may; k++)
            may = sgp_may_be_within(candidate, &other->candidates[k], NEAREST_WITHIN_M);
        if (may && (!streets_only || is_street(candidate)))
            ask->things[side][ask->n_things[side]++] = candidate->thing;
    }
}

/* Where the target's streets come nearest to the landmark's candidates. */
static void ask_nearest(sgp_resolution *resolution, size_t mark) {
    const sgp_bag *target = resolution->target, *bag = resolution->marks[mark].bag;
    sgp_gazetteer_ask *ask =
        sgp_ask_add(resolution, SGP_ASK_NEAREST_ON, SGP_USE_NEAREST, NULL, mark);
    if (!ask)
        return;
    put_things(ask, 0, target, true, bag);
    put_things(ask, 1, bag, false, target);
    ask->radius_m = NEAREST_WITHIN_M;
    if (ask->n_things[0] == 0 || ask->n_things[1] == 0)
        resolution->n_asks--;
}

/* "a mosque", where there are hundreds: those around the target. */
static void ask_mark_near(sgp_resolution *resolution, size_t mark) {
    const sgp_bag *target = resolution->target;
    sgp_bag *bag = resolution->marks[mark].bag;
    if (target->n_candidates == 0 || crowd_of(bag) < COMMON_COUNT)
        return;
    sgp_gazetteer_ask *ask =
        ask_by(resolution, SGP_ASK_NAMES_NEAR, bag, bag, sgp_bag_required(bag), "fjekas");
    if (!ask)
        return;
    int32_t reach_m = 0;
    for (size_t i = 0; i < target->n_candidates && ask->n_points < TARGETS_NEAR_MAX; i++) {
        const sgp_named *candidate = &target->candidates[i];
        if (candidate->order < 7 * target->candidates[0].order / 10)
            break;
        ask->points[ask->n_points++] = candidate->point;
        reach_m = candidate->reach_m > reach_m ? candidate->reach_m : reach_m;
    }
    ask->radius_m = sgp_clip_m((double)reach_m + NEAR_TARGET_M, NEAR_TARGET_M, NEAR_TARGET_MOST_M);
}

static void ask_details(sgp_resolution *resolution) {
    if (resolution->target) {
        ask_again(resolution, resolution->target);
        if (resolution->query.number[0] != '\0')
            ask_numbers(resolution);
        if (resolution->query.km_m >= 0)
            ask_posts(resolution);
        for (size_t i = 0; i < resolution->n_marks; i++) {
            ask_mark_near(resolution, i);
            ask_nearest(resolution, i);
        }
    } else {
        for (size_t i = 0; i < resolution->n_marks; i++)
            ask_again(resolution, resolution->marks[i].bag);
    }
    if (resolution->crossing || resolution->n_splits > 0)
        sgp_junction_ask(resolution);
}

/* What round 2 found is asked the same as what round 1 found. */
static void ask_follow(sgp_resolution *resolution) {
    sgp_junction_follow(resolution);
    if (!resolution->target)
        return;
    bool grown = false;
    for (size_t i = 0; i < resolution->n_asked_before; i++)
        grown |= resolution->asked_before[i].use == SGP_USE_NAMES;
    if (!grown)
        return;
    if (resolution->query.number[0] != '\0' && resolution->target_grown)
        ask_numbers(resolution);
    if (resolution->query.km_m >= 0 && resolution->target_grown)
        ask_posts(resolution);
    for (size_t i = 0; i < resolution->n_marks; i++)
        ask_nearest(resolution, i);
}

static void ask_districts(sgp_resolution *resolution) {
    sgp_gazetteer_ask *ask = NULL;
    for (size_t i = 0; i < resolution->n_drafts && i < SGP_PLACES_MAX; i++) {
        if (!resolution->drafts[i].wants_district)
            continue;
        if (!ask && !(ask = sgp_ask_add(resolution, SGP_ASK_DISTRICTS, SGP_USE_DISTRICTS, NULL, 0)))
            return;
        resolution->district_draft[ask->n_points] = (uint8_t)i;
        ask->points[ask->n_points++] = resolution->drafts[i].place.point;
    }
}

const sgp_gazetteer_ask *sgp_resolution_asks(sgp_resolution *resolution, size_t *n) {
    memcpy(resolution->asked_before, resolution->asked,
           resolution->n_asks * sizeof *resolution->asked);
    resolution->n_asked_before = resolution->n_asks;
    resolution->n_asks = 0;
    while (resolution->n_asks == 0 && resolution->round < SGP_PLACE_ROUNDS) {
        switch (resolution->round++) {
        case 0:
            ask_first(resolution);
            break;
        case 1:
            ask_details(resolution);
            break;
        case 2:
            ask_follow(resolution);
            break;
        default:
            sgp_drafts_make(resolution);
            sgp_drafts_settle(resolution);
            ask_districts(resolution);
        }
    }
    *n = resolution->n_asks;
    return resolution->asks;
}

/* ---- answers ---------------------------------------------------------------------- */

static size_t take_numbers(const sgp_gazetteer_answer *answer,
                           sgp_number_row numbers[SGP_ASK_THINGS_MAX]) {
    size_t n = 0;
    for (; n < answer->n && n < SGP_ASK_THINGS_MAX; n++)
        numbers[n] = answer->numbers[n];
    return n;
}

static void take_nearest(sgp_resolution *resolution, const sgp_gazetteer_ask *ask,
                         const sgp_gazetteer_answer *answer) {
    for (size_t i = 0; i < answer->n && resolution->n_nearest < SGP_NEAREST_MAX; i++) {
        const sgp_nearest_row *row = &answer->nearest[i];
        if (row->first < ask->n_things[0] && row->second < ask->n_things[1])
            resolution->nearest[resolution->n_nearest++] = (sgp_nearest){
                ask->things[0][row->first], ask->things[1][row->second], row->point, row->away_m};
    }
}

static void take_districts(sgp_resolution *resolution, const sgp_gazetteer_answer *answer) {
    for (size_t i = 0; i < answer->n && i < SGP_PLACES_MAX; i++) {
        sgp_place *place = &resolution->drafts[resolution->district_draft[i]].place;
        const sgp_district_row *row = &answer->districts[i];
        sgp_copy_text(place->kelurahan, sizeof place->kelurahan, row->kelurahan);
        sgp_copy_text(place->kecamatan, sizeof place->kecamatan, row->kecamatan);
        sgp_copy_text(place->kabupaten, sizeof place->kabupaten, row->kabupaten);
    }
}

/* What was found with the target's words is a landmark all the same. */
static void take_for_marks(sgp_resolution *resolution, const sgp_bag *both,
                           const sgp_gazetteer_answer *answer) {
    for (size_t i = 0; i < resolution->n_marks; i++)
        if (resolution->marks[i].both == both)
            sgp_bag_take(resolution->marks[i].bag, answer->names, answer->n);
}

void sgp_resolution_take(sgp_resolution *resolution, const sgp_gazetteer_answer *answers,
                         size_t n) {
    for (size_t i = 0; i < n && i < resolution->n_asks; i++) {
        const sgp_asked *asked = &resolution->asked[i];
        switch (asked->use) {
        case SGP_USE_NAMES:
            sgp_bag_take(asked->bag, answers[i].names, answers[i].n);
            take_for_marks(resolution, asked->bag, &answers[i]);
            resolution->target_grown |= resolution->round > 1 && asked->bag == resolution->target;
            break;
        case SGP_USE_NUMBERS:
            resolution->n_numbers = take_numbers(&answers[i], resolution->numbers);
            break;
        case SGP_USE_POSTS:
            resolution->n_posts = take_numbers(&answers[i], resolution->posts);
            break;
        case SGP_USE_NEAREST:
            take_nearest(resolution, &resolution->asks[i], &answers[i]);
            break;
        case SGP_USE_CROSSING:
        case SGP_USE_MEETING:
        case SGP_USE_JUNCTIONS_BY:
            sgp_junction_take(resolution, asked, &resolution->asks[i], &answers[i]);
            break;
        case SGP_USE_DISTRICTS:
            take_districts(resolution, &answers[i]);
            break;
        }
    }
}

size_t sgp_resolution_places(sgp_resolution *resolution, size_t limit, sgp_place *places,
                             sgp_place_reasons *reasons) {
    return sgp_drafts_finish(resolution, limit < SGP_PLACES_MAX ? limit : SGP_PLACES_MAX, places,
                             reasons);
}
