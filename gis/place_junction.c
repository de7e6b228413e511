/* Where streets meet: perempatan A B, pojok A B, bundaran X, perempatan ITN.
 *
 * Nobody says which of "perempatan bendungan sutami veteran" is the first street's: the
 * words are cut at every place, and the streets themselves tell which cut makes sense.
 * The words may also be the name of a crossing, or a landmark at one. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "gis/place_parts.h"

enum {
    CUTS_ASKED = 4, /* splits whose streets are asked for junctions */
    MEETINGS_ASKED = 2,
    MEETING_M = 150,   /* streets that nearly meet: a square lies between, or a map's gap */
    LANDMARKS_MAX = 4, /* candidates around which junctions are looked for */
    AROUND_M = 400,
    AROUND_MOST_M = 3000,
    AROUND_EACH = 4, /* junctions told of each of these */
    AROUND_ROWS = 40,
    AROUND_FIRST_ROWS = 12,
    LONELY_MAX = 5,
    CALLED_SO = 9000, /* of 10,000: all that was said names it */
    LARGE_M = 300
};
#define METRES_PER_E7 0.0111195
#define OTHER_ARMS 0.9f
#define NO_ROUNDABOUT 0.85f
#define NEARLY_MEETS 0.8f
#define BY_LANDMARK 0.92f
#define IN_DISTRICT 0.5f
#define ANYWHERE_ON_STREET 0.6f
#define NOT_A_JUNCTION 0.6f

/* ---- what to ask ------------------------------------------------------------------ */

static void add_split(sgp_resolution *resolution, const sgp_query_phrase *left, size_t left_from,
                      size_t n_left, const sgp_query_phrase *right, size_t right_from,
                      size_t n_right) {
    if (resolution->n_splits == SGP_SPLITS_MAX || resolution->n_bags + 2 > SGP_BAGS_MAX)
        return;
    sgp_bag *a = sgp_bag_new(resolution), *b = sgp_bag_new(resolution);
    if (!a || !b)
        return;
    sgp_bag_fill(a, &resolution->query, resolution->vocabulary, resolution->city, left, left_from,
                 n_left);
    sgp_bag_fill(b, &resolution->query, resolution->vocabulary, resolution->city, right, right_from,
                 n_right);
    a->wanted = b->wanted = SGP_WANTED_STREET;
    if (sgp_bag_required(a) != 0 && sgp_bag_required(b) != 0)
        resolution->splits[resolution->n_splits++] = (sgp_split){.left = a, .right = b};
}

/* What was said beside says where ("Kel. Sumbersari"), or is the other street. */
static void add_beside(sgp_resolution *resolution, const sgp_query_phrase *first,
                       const sgp_query_phrase *beside) {
    size_t n_splits = resolution->n_splits;
    if (beside->wanted != SGP_WANTED_AREA && beside->wanted != SGP_WANTED_RT_RW)
        add_split(resolution, first, 0, first->n_words, beside, 0, beside->n_words);
    for (size_t i = 0; i < n_splits; i++)
        sgp_bag_add(resolution->splits[i].left, resolution->city, beside);
    if (resolution->crossing)
        sgp_bag_add(resolution->crossing, resolution->city, beside);
}

static void cut_everywhere(sgp_resolution *resolution, const sgp_query_phrase *first) {
    for (size_t cut = 1; cut < first->n_words; cut++)
        add_split(resolution, first, 0, cut, first, cut, first->n_words - cut);
}

void sgp_junction_prepare(sgp_resolution *resolution, const sgp_query_phrase *const *crossings,
                          size_t n, const sgp_query_phrase *const *beside, size_t n_beside) {
    const sgp_query_phrase *first = crossings[0];
    if (n >= 2)
        add_split(resolution, first, 0, first->n_words, crossings[1], 0, crossings[1]->n_words);
    resolution->crossing = n == 1 ? sgp_bag_new(resolution) : NULL;
    if (resolution->crossing) {
        sgp_bag_fill(resolution->crossing, &resolution->query, resolution->vocabulary,
                     resolution->city, first, 0, first->n_words);
        sgp_bag_add_role(resolution->crossing, resolution->city, SGP_WORD_JUNCTION);
        sgp_bag_read(resolution->crossing);
        resolution->crossing->wanted = SGP_WANTED_JUNCTION;
    }
    if (n == 1)
        cut_everywhere(resolution, first);
    for (size_t i = 0; i < n_beside; i++)
        add_beside(resolution, first, beside[i]);
}

static bool names_a_street(const sgp_resolution *resolution, const sgp_bag *bag) {
    const sgp_gazetteer_ask ask = {.question = SGP_ASK_NAMES,
                                   .readings = bag->readings,
                                   .n_readings = bag->n_readings,
                                   .required = sgp_bag_required(bag),
                                   .kinds = SGP_CUT_KINDS,
                                   .limit = 1};
    return sgp_bag_unfinished(bag) ||
           resolution->gazetteer->is_named(resolution->gazetteer->self, &ask);
}

void sgp_junction_prune(sgp_resolution *resolution) {
    bool stays[SGP_SPLITS_MAX], any = false;
    if (!resolution->gazetteer || !resolution->gazetteer->is_named)
        return;
    for (size_t i = 0; i < resolution->n_splits; i++) {
        const sgp_split *split = &resolution->splits[i];
        stays[i] =
            names_a_street(resolution, split->left) && names_a_street(resolution, split->right);
        any |= stays[i];
    }
    size_t n = 0;
    for (size_t i = 0; any && i < resolution->n_splits; i++)
        if (stays[i])
            resolution->splits[n++] = resolution->splits[i];
    resolution->n_splits = any ? n : resolution->n_splits;
}

static int32_t order_of(const sgp_bag *bag) {
    return bag->n_candidates > 0 ? bag->candidates[0].order : 0;
}

/* How much of both sides' words their best streets explain, in 1/10,000. */
static int32_t worth_of(const sgp_split *split) {
    float left = sgp_bag_weight(split->left), right = sgp_bag_weight(split->right);
    if (order_of(split->left) == 0 || order_of(split->right) == 0 || left + right <= 0)
        return 0;
    return (int32_t)(((float)order_of(split->left) * left + (float)order_of(split->right) * right) /
                     (left + right));
}

bool sgp_may_be_within(const sgp_named *a, const sgp_named *b, int32_t metres) {
    double within_e7 = ((double)a->reach_m + b->reach_m + metres) / METRES_PER_E7;
    return fabs((double)a->point.lat_e7 - b->point.lat_e7) <= within_e7 &&
           fabs((double)a->point.lon_e7 - b->point.lon_e7) <= 2 * within_e7;
}

/* Of streets that bear a common name those are asked for that the other name has one near; of these
 * the best. */
static void put_streets(sgp_gazetteer_ask *ask, int side, const sgp_bag *bag,
                        const sgp_bag *other) {
    for (size_t i = 0; i < bag->n_candidates && ask->n_things[side] < SGP_ASK_THINGS_MAX; i++) {
        bool meets = false;
        for (size_t k = 0; k < other->n_candidates && !meets; k++)
            meets = sgp_may_be_within(&bag->candidates[i], &other->candidates[k], MEETING_M);
        if (meets)
            ask->things[side][ask->n_things[side]++] = bag->candidates[i].thing;
    }
}

static sgp_gazetteer_ask *ask_split(sgp_resolution *resolution, sgp_gazetteer_question question,
                                    sgp_ask_use use, size_t which) {
    const sgp_split *split = &resolution->splits[which];
    sgp_gazetteer_ask *ask = sgp_ask_add(resolution, question, use, NULL, which);
    if (!ask)
        return NULL;
    put_streets(ask, 0, split->left, split->right);
    put_streets(ask, 1, split->right, split->left);
    if (ask->n_things[0] == 0 || ask->n_things[1] == 0) {
        resolution->n_asks--;
        return NULL;
    }
    return ask;
}

/* The best split that was not asked yet, SIZE_MAX = none. */
static size_t next_split(const sgp_resolution *resolution) {
    size_t best = SIZE_MAX;
    for (size_t i = 0; i < resolution->n_splits; i++) {
        const sgp_split *split = &resolution->splits[i];
        if (!split->is_asked && worth_of(split) > 0 &&
            (best == SIZE_MAX || worth_of(split) > worth_of(&resolution->splits[best])))
            best = i;
    }
    return best;
}

/* Whether any was asked. */
static bool ask_splits(sgp_resolution *resolution) {
    size_t best;
    bool any = false;
    for (size_t k = 0; k < CUTS_ASKED && (best = next_split(resolution)) != SIZE_MAX; k++) {
        resolution->splits[best].is_asked = true;
        any |= ask_split(resolution, SGP_ASK_JUNCTIONS, SGP_USE_CROSSING, best) != NULL;
    }
    return any;
}

static bool is_street(const sgp_named *candidate) {
    return candidate->thing.kind == SGP_THING_STREET || candidate->thing.kind == SGP_THING_GANG;
}

static void ask_around(sgp_resolution *resolution) {
    const sgp_bag *bag = resolution->crossing;
    /* A crossing that is called so needs no others around it. */
    if (bag && bag->n_candidates > 0 && bag->candidates[0].order >= CALLED_SO &&
        bag->candidates[0].thing.kind == SGP_THING_JUNCTION)
        return;
    for (size_t i = 0; bag && i < bag->n_candidates && i < LANDMARKS_MAX; i++) {
        const sgp_named *candidate = &bag->candidates[i];
        if (candidate->order < 6 * order_of(bag) / 10)
            break;
        sgp_gazetteer_ask *ask = sgp_ask_add(resolution, SGP_ASK_JUNCTIONS_NEAR,
                                             SGP_USE_JUNCTIONS_BY, resolution->crossing, i);
        if (!ask)
            return;
        ask->points[ask->n_points++] = candidate->point;
        if (is_street(candidate))
            ask->things[0][ask->n_things[0]++] = candidate->thing;
        ask->radius_m =
            is_street(candidate)
                ? sgp_clip_m(candidate->reach_m + 50.0, 100, AROUND_MOST_M)
                : sgp_clip_m(candidate->reach_m + (double)AROUND_M, AROUND_M, AROUND_MOST_M);
        ask->arms = resolution->query.junction_arms;
        /* Of a street or of roundabouts alone some are passed over. */
        ask->limit = is_street(candidate) || resolution->query.is_roundabout ? AROUND_ROWS
                                                                             : AROUND_FIRST_ROWS;
    }
}

/* The words may name two streets, or one landmark: where two streets meet, nothing else is looked
 * for. */
void sgp_junction_ask(sgp_resolution *resolution) {
    resolution->splits_first = ask_splits(resolution);
    if (!resolution->splits_first)
        ask_around(resolution);
}

void sgp_junction_follow(sgp_resolution *resolution) {
    bool meet = false;
    for (size_t i = 0; i < resolution->n_splits; i++)
        meet |= resolution->splits[i].meets;
    if (resolution->splits_first && !meet)
        ask_around(resolution);
    for (size_t i = 0; i < resolution->n_splits; i++)
        resolution->splits[i].is_asked = false;
    size_t best;
    for (size_t k = 0; k < MEETINGS_ASKED && (best = next_split(resolution)) != SIZE_MAX; k++) {
        resolution->splits[best].is_asked = true;
        sgp_gazetteer_ask *ask =
            resolution->splits[best].meets
                ? NULL
                : ask_split(resolution, SGP_ASK_NEAREST_ON, SGP_USE_MEETING, best);
        if (ask)
            ask->radius_m = MEETING_M;
    }
}

/* ---- what the answers come to -------------------------------------------------------- */

static const sgp_named *candidate_of(const sgp_bag *bag, int32_t street) {
    for (size_t i = 0; i < bag->n_candidates; i++)
        if (is_street(&bag->candidates[i]) && bag->candidates[i].thing.id == street)
            return &bag->candidates[i];
    return NULL;
}

static const char *word_for(const sgp_junction_row *row) {
    return row->is_roundabout ? "bundaran"
           : row->arms >= 4   ? "perempatan"
           : row->arms == 3   ? "pertigaan"
                              : "simpang";
}

static float fits_arms(const sgp_place_query *query, const sgp_junction_row *row) {
    float value = 1;
    if (query->junction_arms > 0 && row->arms > 0 &&
        (row->arms < query->junction_arms || (query->junction_arms == 3 && row->arms != 3)))
        value *= OTHER_ARMS;
    if (query->is_roundabout && !row->is_roundabout)
        value *= NO_ROUNDABOUT;
    return value;
}

static void place_junction(sgp_draft *draft, const sgp_named *near, const sgp_junction_row *row) {
    char name[4 * SGP_LABEL_BYTES], a[SGP_LABEL_BYTES], b[SGP_LABEL_BYTES];
    sgp_draft_place(draft, near);
    draft->place.kind = SGP_PLACE_JUNCTION;
    draft->place.point = row->point;
    draft->place.precision = SGP_PRECISION_EXACT;
    draft->place.uncertainty_m = row->is_roundabout ? 40 : 25;
    draft->wants_district = true;
    draft->main = NULL;
    snprintf(name, sizeof name, "%s %s – %s", word_for(row),
             sgp_short_name(row->name_a, a, sizeof a), sgp_short_name(row->name_b, b, sizeof b));
    sgp_copy_text(draft->place.label, sizeof draft->place.label, name);
}

static void take_crossings(sgp_resolution *resolution, sgp_split *split,
                           const sgp_gazetteer_answer *answer) {
    for (size_t i = 0; i < answer->n; i++) {
        const sgp_junction_row *row = &answer->junctions[i];
        const sgp_named *a = candidate_of(split->left, row->street_a);
        const sgp_named *b = candidate_of(split->right, row->street_b);
        sgp_draft *draft = a && b ? sgp_draft_add(resolution) : NULL;
        if (!draft)
            continue;
        split->meets = true;
        place_junction(draft, a, row);
        sgp_draft_explain(draft, split->left, a, 1);
        sgp_draft_explain(draft, split->right, b, 1);
        draft->sure = fits_arms(&resolution->query, row);
    }
}

static void take_meetings(sgp_resolution *resolution, const sgp_split *split,
                          const sgp_gazetteer_ask *ask, const sgp_gazetteer_answer *answer) {
    for (size_t i = 0; i < answer->n; i++) {
        const sgp_nearest_row *row = &answer->nearest[i];
        if (row->first >= ask->n_things[0] || row->second >= ask->n_things[1] ||
            row->away_m > MEETING_M)
            continue;
        const sgp_named *a = candidate_of(split->left, ask->things[0][row->first].id);
        const sgp_named *b = candidate_of(split->right, ask->things[1][row->second].id);
        sgp_draft *draft =
            a && b && !sgp_thing_equal(a->thing, b->thing) ? sgp_draft_add(resolution) : NULL;
        if (!draft)
            continue;
        sgp_junction_row as = {.name_a = a->label, .name_b = b->label, .point = row->point};
        place_junction(draft, a, &as);
        draft->place.uncertainty_m = 40 + row->away_m;
        draft->place.precision = SGP_PRECISION_NEAREST;
        sgp_draft_explain(draft, split->left, a, 1);
        sgp_draft_explain(draft, split->right, b, 1);
        draft->sure = NEARLY_MEETS;
    }
}

/* A district has many junctions; a landmark has one. */
static bool is_large(const sgp_named *candidate) {
    return candidate->thing.kind == SGP_THING_AREA || candidate->reach_m > LARGE_M;
}

static void take_around(sgp_resolution *resolution, const sgp_bag *bag, const sgp_named *candidate,
                        const sgp_gazetteer_answer *answer) {
    size_t told = 0;
    for (size_t i = 0; i < answer->n && told < AROUND_EACH; i++) {
        const sgp_junction_row *row = &answer->junctions[i];
        bool on_street =
            row->street_a == candidate->thing.id || row->street_b == candidate->thing.id;
        if (is_street(candidate) && !on_street)
            continue;
        if (resolution->query.is_roundabout && !row->is_roundabout)
            continue;
        sgp_draft *draft = sgp_draft_add(resolution);
        if (!draft)
            return;
        place_junction(draft, candidate, row);
        sgp_draft_explain(draft, bag, candidate, 1);
        double away_m = sgp_distance_m(row->point, candidate->point) - candidate->reach_m;
        draft->sure = fits_arms(&resolution->query, row);
        if (is_street(candidate))
            draft->sure *= ANYWHERE_ON_STREET;
        else
            draft->sure *= (is_large(candidate) ? IN_DISTRICT : BY_LANDMARK) *
                           sgp_nearness(SGP_RELATION_NEAR, away_m) * (1 - 0.05f * (float)told);
        told++;
    }
}

void sgp_junction_take(sgp_resolution *resolution, const sgp_asked *asked,
                       const sgp_gazetteer_ask *ask, const sgp_gazetteer_answer *answer) {
    if (asked->use == SGP_USE_CROSSING)
        take_crossings(resolution, &resolution->splits[asked->which], answer);
    else if (asked->use == SGP_USE_MEETING)
        take_meetings(resolution, &resolution->splits[asked->which], ask, answer);
    else if (asked->which < asked->bag->n_candidates)
        take_around(resolution, asked->bag, &asked->bag->candidates[asked->which], answer);
}

/* Streets of which none meets the other: each by itself may be where the caller is. */
static void draft_lonely(sgp_resolution *resolution, const sgp_bag *bag, const sgp_bag *other) {
    for (size_t i = 0; i < bag->n_candidates && i < LONELY_MAX; i++) {
        sgp_draft *draft = sgp_draft_add(resolution);
        if (!draft)
            return;
        sgp_draft_place(draft, &bag->candidates[i]);
        draft->place.kind = sgp_kind_of(resolution, &bag->candidates[i]);
        sgp_draft_explain(draft, bag, &bag->candidates[i], 1);
        sgp_draft_miss(draft, other, 1);
        sgp_copy_text(draft->place.label, sizeof draft->place.label, bag->candidates[i].label);
        draft->sure = NOT_A_JUNCTION;
        draft->is_makeshift = true;
    }
}

/* A crossing with a name of its own; or, where no street meets another, what bears the name. */
void sgp_junction_drafts(sgp_resolution *resolution) {
    const sgp_bag *bag = resolution->crossing;
    for (size_t i = 0; bag && i < bag->n_candidates; i++) {
        const sgp_named *candidate = &bag->candidates[i];
        bool says_junction = candidate->thing.kind == SGP_THING_JUNCTION;
        for (size_t k = 0; k < bag->n_words; k++)
            says_junction |= bag->query->words[bag->words[k]].role == SGP_WORD_JUNCTION &&
                             (candidate->own_words >> k & 1) != 0;
        sgp_draft *draft = sgp_draft_add(resolution);
        if (!draft)
            return;
        sgp_draft_place(draft, candidate);
        draft->place.kind = sgp_kind_of(resolution, candidate);
        sgp_draft_explain(draft, bag, candidate, 1);
        sgp_copy_text(draft->place.label, sizeof draft->place.label, candidate->label);
        draft->sure = says_junction ? 1 : NOT_A_JUNCTION;
        draft->is_makeshift = !says_junction;
    }
    for (size_t i = 0; resolution->n_drafts == 0 && i < resolution->n_splits; i++) {
        draft_lonely(resolution, resolution->splits[i].left, resolution->splits[i].right);
        draft_lonely(resolution, resolution->splits[i].right, resolution->splits[i].left);
    }
}
