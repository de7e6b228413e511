#include "gis/place_score.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* What a word is worth that stands in no name at all: it may be a misheard name, and
 * it may be what the caller sees in front of him. */
#define UNKNOWN_WEIGHT 0.35f
#define UNKNOWN_SHORT_WEIGHT 0.15f
/* A word that says in which district, street or estate says a little less than one of the name. */
#define CONTEXT_SHARE 0.95f
/* A name of which only a trifle was said. */
#define NAME_FLOOR 0.4f
#define OTHER_NUMBER 0.45f
#define AREA_OF_RT_SCALE 0.3f
#define BLOCK_SCALE 0.6f
#define OTHER_LEVEL 0.8f
/* Only markers and numbers fit, and no word of any name that was said: "gang 5" of another
 * quarter is not "gang 5 sumbersari". */
#define NO_NAME_SCALE 0.4f
#define SAID_AGAIN_SHARE 0.7f
/* A title or marker that names have, but this one has not. */
#define TITLE_SCALE 0.4f
/* All words of the name, but in another order: "SDN Sukoharjo 1" for "SDN 1 Sukoharjo". */
#define TURNED 0.985f
#define UNFINISHED_WEIGHT 0.4f
#define UNFINISHED_SHARE 0.95f

void sgp_copy_text(char *to, size_t capacity, const char *from) {
    size_t length = strlen(from);
    if (length >= capacity) {
        length = capacity - 1;
        while (length > 0 && ((unsigned char)from[length] & 0xc0) == 0x80)
            length--;
    }
    memcpy(to, from, length);
    to[length] = '\0';
}

/* ---- terms ---------------------------------------------------------------------- */

/* The slot of the term, or the empty one where it belongs (Knuth's multiplicative hash). */
static uint32_t slot_of(const sgp_bag *bag, uint32_t id) {
    enum { MASK = (1 << SGP_BAG_TERM_BITS) - 1 };
    uint32_t at = id * UINT32_C(2654435761) >> (32 - SGP_BAG_TERM_BITS);
    while (bag->slot[at] != 0 && bag->term_id[bag->slot[at] - 1] != id)
        at = (at + 1) & MASK;
    return at;
}

static uint16_t term_of(sgp_bag *bag, uint32_t id) {
    uint32_t at = slot_of(bag, id);
    if (bag->slot[at] == 0) {
        bag->term_id[bag->n_terms] = id;
        bag->term_weight[bag->n_terms] = sgp_vocabulary_word_at(bag->vocabulary, id).weight;
        bag->slot[at] = ++bag->n_terms;
    }
    return (uint16_t)(bag->slot[at] - 1);
}

/* ---- filling -------------------------------------------------------------------- */

static bool has_word(const char *words, const char *word) {
    size_t length = strlen(word);
    for (const char *at = words; (at = strstr(at, word)) != NULL; at += length)
        if ((at == words || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
            return true;
    return false;
}

/* The level that the markers right before the word say. */
static sgp_district_level level_before(const sgp_place_query *query, size_t index) {
    if (!query->words[index].is_district)
        return SGP_LEVEL_ANY;
    while (index > 0 && query->words[index - 1].role == SGP_WORD_NAME &&
           query->words[index - 1].is_district)
        index--;
    const char *marker = index > 0 ? query->words[index - 1].text : "";
    if (strcmp(marker, "dusun") == 0)
        return SGP_LEVEL_DUSUN;
    if (strcmp(marker, "kelurahan") == 0 || strcmp(marker, "desa") == 0)
        return SGP_LEVEL_KELURAHAN;
    if (strcmp(marker, "kecamatan") == 0)
        return SGP_LEVEL_KECAMATAN;
    if (strcmp(marker, "kabupaten") == 0 || strcmp(marker, "kota") == 0)
        return SGP_LEVEL_KABUPATEN;
    return SGP_LEVEL_ANY;
}

static void add_word(sgp_bag *bag, const char *city, uint8_t index) {
    const sgp_query_word *word = &bag->query->words[index];
    uint32_t id;
    bool is_marker = word->role == SGP_WORD_MARKER || word->role == SGP_WORD_RELATION;
    if (bag->n_words == SGP_PHRASE_WORDS_MAX || word->text[0] == '\0' ||
        (is_marker && !sgp_vocabulary_find(bag->vocabulary, word->text, &id)))
        return;
    for (size_t i = 0; i < bag->n_words; i++)
        if (bag->words[i] == index)
            return;
    bag->is_silent[bag->n_words] = word->role == SGP_WORD_JUNCTION;
    bag->is_free[bag->n_words] =
        is_marker || word->optional || has_word(city, word->text) || bag->is_silent[bag->n_words];
    bag->is_city[bag->n_words] = has_word(city, word->text);
    bag->level[bag->n_words] = level_before(bag->query, index);
    bag->words[bag->n_words++] = index;
}

static void weigh_words(sgp_bag *bag) {
    for (size_t i = 0; i < bag->n_words; i++) {
        const char *text = bag->query->words[bag->words[i]].text;
        float best = -1;
        bag->weight[i] = strlen(text) < 3 ? UNKNOWN_SHORT_WEIGHT : UNKNOWN_WEIGHT;
        bag->is_known[i] = false;
        for (size_t r = 0; r < bag->n_readings; r++) {
            const sgp_reading *reading = &bag->readings[r];
            float likeness = reading->likeness - 0.1f * (float)(reading->n_said - 1);
            if (i < reading->first || i >= (size_t)reading->first + reading->n_said ||
                likeness <= best)
                continue;
            float weight = 0;
            for (size_t w = 0; w < reading->n_words; w++)
                weight += bag->term_weight[bag->reading_terms[r][w]];
            best = likeness;
            bag->weight[i] = fminf(weight / reading->n_said, 1);
            bag->is_known[i] = true;
        }
    }
}

/* In the order in which they were said: "SDN 1 Sukoharjo" is another one than "SDN Sukoharjo 1". */
static void sort_words(sgp_bag *bag) {
    for (size_t i = 1; i < bag->n_words; i++)
        for (size_t k = i; k > 0 && bag->words[k - 1] > bag->words[k]; k--) {
            uint8_t word = bag->words[k], level = bag->level[k];
            bool is_free = bag->is_free[k], is_city = bag->is_city[k], silent = bag->is_silent[k];
            bag->words[k] = bag->words[k - 1];
            bag->level[k] = bag->level[k - 1];
            bag->is_free[k] = bag->is_free[k - 1];
            bag->is_city[k] = bag->is_city[k - 1];
            bag->is_silent[k] = bag->is_silent[k - 1];
            bag->words[k - 1] = word;
            bag->level[k - 1] = level;
            bag->is_free[k - 1] = is_free;
            bag->is_city[k - 1] = is_city;
            bag->is_silent[k - 1] = silent;
        }
}

void sgp_bag_read(sgp_bag *bag) {
    sort_words(bag);
    const char *texts[SGP_PHRASE_WORDS_MAX];
    for (size_t i = 0; i < bag->n_words; i++)
        texts[i] = bag->query->words[bag->words[i]].text;
    bag->n_readings = sgp_vocabulary_read(bag->vocabulary, texts, bag->n_words, bag->readings,
                                          SGP_ASK_READINGS_MAX);
    memset(bag->slot, 0, sizeof bag->slot);
    bag->n_terms = 0;
    for (size_t r = 0; r < bag->n_readings; r++)
        for (size_t w = 0; w < bag->readings[r].n_words; w++)
            bag->reading_terms[r][w] = term_of(bag, bag->readings[r].words[w]);
    weigh_words(bag);
}

void sgp_bag_init(sgp_bag *bag, const sgp_place_query *query, const sgp_vocabulary *vocabulary,
                  sgp_wanted wanted) {
    bag->query = query;
    bag->vocabulary = vocabulary;
    bag->wanted = wanted;
    bag->is_thing = false;
    bag->last_is_unfinished = false;
    bag->n_words = 0;
    bag->n_readings = 0;
    bag->n_candidates = 0;
}

/* "Perumahan Tanpa Jalan": what is a marker elsewhere may be a word of the name here. */
static void add_markers(sgp_bag *bag, const char *city, const sgp_query_phrase *phrase) {
    size_t index = (size_t)(phrase - bag->query->phrases);
    for (size_t i = 0; i < bag->query->n_words; i++) {
        size_t before = bag->n_words;
        if (bag->query->words[i].role == SGP_WORD_MARKER && bag->query->words[i].phrase == index)
            add_word(bag, city, (uint8_t)i);
        for (size_t k = before; k < bag->n_words; k++)
            bag->is_silent[k] = true;
    }
}

void sgp_bag_fill(sgp_bag *bag, const sgp_place_query *query, const sgp_vocabulary *vocabulary,
                  const char *city, const sgp_query_phrase *phrase, size_t first, size_t n) {
    sgp_bag_init(bag, query, vocabulary, phrase->wanted);
    for (size_t i = first; i < first + n && i < phrase->n_words; i++)
        add_word(bag, city, phrase->words[i]);
    if (n >= phrase->n_words)
        add_markers(bag, city, phrase);
    sgp_bag_read(bag);
}

void sgp_bag_add(sgp_bag *bag, const char *city, const sgp_query_phrase *phrase) {
    for (size_t i = 0; i < phrase->n_words; i++)
        add_word(bag, city, phrase->words[i]);
    add_markers(bag, city, phrase);
    sgp_bag_read(bag);
}

void sgp_bag_copy_words(sgp_bag *bag, const sgp_bag *from) {
    for (size_t i = 0; i < from->n_words && bag->n_words < SGP_PHRASE_WORDS_MAX; i++) {
        bag->words[bag->n_words] = from->words[i];
        bag->is_city[bag->n_words] = from->is_city[i];
        bag->is_silent[bag->n_words] = from->is_silent[i];
        bag->level[bag->n_words] = from->level[i];
        bag->is_free[bag->n_words++] = from->is_free[i];
    }
}

void sgp_bag_leave_unfinished(sgp_bag *bag) {
    size_t last = bag->n_words - 1u;
    bag->last_is_unfinished = true;
    bag->is_free[last] = false;
    bag->is_known[last] = false; /* not asked for as the word that it is not yet */
    bag->weight[last] = UNFINISHED_WEIGHT;
}

const char *sgp_bag_unfinished(const sgp_bag *bag) {
    return bag->last_is_unfinished ? bag->query->words[bag->words[bag->n_words - 1]].text : NULL;
}

void sgp_bag_add_role(sgp_bag *bag, const char *city, sgp_word_role role) {
    for (size_t i = 0; i < bag->query->n_words; i++)
        if (bag->query->words[i].role == role)
            add_word(bag, city, (uint8_t)i);
    sgp_bag_read(bag);
}

/* A block, an RT: callers may leave them out, but who says them wants the row that has them. */
static bool is_wanted_number(const sgp_bag *bag, size_t i) {
    const sgp_place_query *query = bag->query;
    const sgp_query_word *word = &query->words[bag->words[i]];
    return word->role == SGP_WORD_NUMBER &&
           (bag->wanted == SGP_WANTED_RT_RW ||
            (query->block[0] != '\0' && strcmp(word->text, query->block) == 0));
}

uint32_t sgp_bag_required(const sgp_bag *bag) {
    uint32_t required = 0;
    for (size_t i = 0; i < bag->n_words; i++)
        if (bag->is_known[i] && (!bag->is_free[i] || is_wanted_number(bag, i)))
            required |= UINT32_C(1) << i;
    /* Nothing but words that may be missing: then these are all there is. */
    for (size_t i = 0; required == 0 && i < bag->n_words; i++)
        if (bag->is_known[i])
            required |= UINT32_C(1) << i;
    return required;
}

uint32_t sgp_bag_required_all(const sgp_bag *bag) {
    uint32_t required = sgp_bag_required(bag), all = required;
    for (size_t i = 0; i < bag->n_words; i++)
        if (bag->is_known[i] && !bag->is_silent[i] &&
            bag->query->words[bag->words[i]].role != SGP_WORD_NUMBER)
            all |= UINT32_C(1) << i;
    return all == required ? 0 : all;
}

void sgp_bag_mean_office(sgp_bag *bag) {
    bag->is_thing = true;
    bag->wanted = SGP_WANTED_FACILITY;
}

float sgp_bag_weight(const sgp_bag *bag) {
    float weight = 0;
    for (size_t i = 0; i < bag->n_words; i++)
        weight += bag->is_free[i] ? 0 : bag->weight[i];
    return weight;
}

/* ---- one name ------------------------------------------------------------------- */

static bool is_number(const char *text) {
    return text[0] >= '0' && text[0] <= '9';
}

static void mark_prefix(sgp_bag *bag, const char *unfinished, const sgp_name_row *row) {
    size_t begun = strlen(unfinished);
    for (size_t i = 0; i < row->n_own; i++) {
        sgp_vocabulary_word word =
            sgp_vocabulary_word_at(bag->vocabulary, row->own[i] & ~SGP_NUMERAL);
        if (strncmp(word.text, unfinished, begun) != 0)
            continue;
        bag->prefix_in_own = true;
        bag->prefix_weight = word.weight;
    }
}

/* Marks the bag's terms that stand in the words; true when a number stands there that is none of
 * them. */
static bool mark_terms(sgp_bag *bag, const uint32_t *words, size_t n, uint8_t place) {
    bool other_number = false;
    for (size_t i = 0; i < n; i++) {
        uint16_t slot = bag->slot[slot_of(bag, words[i] & ~SGP_NUMERAL)];
        if (slot == 0) {
            other_number |= (words[i] & SGP_NUMERAL) != 0;
            continue;
        }
        uint16_t term = (uint16_t)(slot - 1);
        if (place == 2 && bag->term_place[term] == 2)
            bag->own_again += bag->term_weight[term];
        if (place > bag->term_place[term]) {
            bag->term_place[term] = place;
            bag->term_at[term] = (uint8_t)(i < UINT8_MAX ? i : UINT8_MAX);
        }
        bag->term_times[term]++;
        bag->own_times[term] += place == 2;
    }
    return other_number;
}

static const char *bag_text(const sgp_bag *bag, size_t i) {
    return bag->query->words[bag->words[i]].text;
}

/* Where a reading's words stand: 2 all in the name, 1 also in its context, 0 not all. */
static uint8_t place_of(const sgp_bag *bag, size_t reading) {
    uint8_t least = 2;
    for (size_t w = 0; w < bag->readings[reading].n_words; w++) {
        uint8_t place = bag->term_place[bag->reading_terms[reading][w]];
        least = place < least ? place : least;
    }
    return least;
}

/* Which reading was chosen for the words from each one on, -1 = none, and what it explains. */
typedef struct choice {
    int reading[SGP_PHRASE_WORDS_MAX];
    float share[SGP_PHRASE_WORDS_MAX];
} choice;

/* A display name ("Oro-oro Dowo") has the word, in whatever case. */
static bool shows_word(const char *name, const char *word) {
    size_t length = strlen(word);
    for (const char *at = name; *at; at++)
        if ((at == name || !isalnum((unsigned char)at[-1])) && strncasecmp(at, word, length) == 0 &&
            !isalnum((unsigned char)at[length]))
            return true;
    return false;
}

/* How well a name fits the level that a district was said with. */
static float level_share(const sgp_bag *bag, size_t i, size_t reading, const sgp_name_row *row,
                         uint8_t place) {
    sgp_district_level level = bag->is_thing ? SGP_LEVEL_ANY : (sgp_district_level)bag->level[i];
    if (level == SGP_LEVEL_ANY)
        return 1;
    const char *word =
        sgp_vocabulary_word_at(bag->vocabulary, bag->readings[reading].words[0]).text;
    bool at_level;
    if (place == 2)
        at_level = level == SGP_LEVEL_DUSUN ? row->kelurahan[0] != '\0'
                   : level == SGP_LEVEL_KELURAHAN
                       ? strcmp(row->sort, "kecamatan") != 0 && strcmp(row->sort, "kabupaten") != 0
                   : level == SGP_LEVEL_KECAMATAN ? strcmp(row->sort, "kecamatan") == 0
                                                  : strcmp(row->sort, "kabupaten") == 0;
    else
        at_level = level == SGP_LEVEL_KELURAHAN   ? shows_word(row->kelurahan, word)
                   : level == SGP_LEVEL_KECAMATAN ? shows_word(row->kecamatan, word)
                   : level == SGP_LEVEL_KABUPATEN ? shows_word(row->kabupaten, word)
                                                  : true;
    return at_level ? 1 : OTHER_LEVEL;
}

/* The best way to read the words so that the name explains most. */
static void choose_readings(const sgp_bag *bag, const sgp_name_row *row, choice *best) {
    float worth[SGP_PHRASE_WORDS_MAX + 1] = {0};
    bool is_area = row->thing.kind == SGP_THING_AREA || row->thing.kind == SGP_THING_ESTATE ||
                   row->thing.kind == SGP_THING_RT_RW;
    size_t r = bag->n_readings;
    for (size_t i = bag->n_words; i-- > 0;) {
        worth[i] = worth[i + 1];
        best->reading[i] = -1;
        for (; r > 0 && bag->readings[r - 1].first == i; r--) {
            const sgp_reading *reading = &bag->readings[r - 1];
            uint8_t place = place_of(bag, r - 1);
            /* A district that was said as such says where, not what. */
            if (place == 2 && !is_area && !bag->is_thing &&
                bag->query->words[bag->words[i]].is_district)
                place = 1;
            if (place == 0 || i + reading->n_said > bag->n_words)
                continue;
            float share = reading->likeness * (place == 2 ? 1 : CONTEXT_SHARE) *
                          level_share(bag, i, r - 1, row, place);
            float here = worth[i + reading->n_said];
            for (size_t k = i; k < i + reading->n_said; k++)
                here += bag->weight[k] * share;
            /* From the worst reading to the best: of equals the last stays. */
            if (here >= worth[i] && here > worth[i + 1]) {
                worth[i] = here;
                best->reading[i] = (int)(r - 1);
                best->share[i] = share;
            }
        }
    }
}

/* Counts the reading's words and tells how much of them is left to explain. A name that has a
 * number once does not explain both of "gang 2 lamongan kota 2"; a word said again may be nothing
 * but said again. */
static float use_words(const sgp_bag *bag, int chosen, bool is_a_number, uint8_t *used,
                       float *own) {
    const sgp_reading *reading = &bag->readings[chosen];
    float left = 1;
    for (size_t w = 0; w < reading->n_words; w++) {
        uint16_t term = bag->reading_terms[chosen][w];
        if (used[term] >= bag->term_times[term])
            left = is_a_number ? 0 : SAID_AGAIN_SHARE;
        else if (bag->term_place[term] == 2)
            *own += bag->term_weight[term];
        used[term]++;
    }
    return left;
}

/* Fills share and read_as; returns the weight of the name's own words that were said. */
static float explain_words(const sgp_bag *bag, const sgp_name_row *row, sgp_named *candidate) {
    choice best;
    float own = 0;
    uint8_t used[SGP_ASK_READINGS_MAX * SGP_READING_WORDS];
    memset(used, 0, bag->n_terms);
    choose_readings(bag, row, &best);
    candidate->own_words = 0;
    for (size_t i = 0; i < bag->n_words; i++) {
        candidate->share[i] = 0;
        candidate->read_as[i] = SGP_NO_WORD;
    }
    for (size_t i = 0; i < bag->n_words;) {
        int chosen = best.reading[i];
        const sgp_reading *reading = chosen < 0 ? NULL : &bag->readings[chosen];
        size_t n_said = reading ? reading->n_said : 1;
        float left = reading ? use_words(bag, chosen, is_number(bag_text(bag, i)), used, &own) : 0;
        if (left > 0)
            for (size_t k = i; k < i + n_said; k++) {
                candidate->share[k] = left * best.share[i];
                candidate->read_as[k] = reading->words[k - i < reading->n_words ? k - i : 0];
                if (place_of(bag, (size_t)chosen) == 2)
                    candidate->own_words |= UINT32_C(1) << k;
            }
        i += n_said;
    }
    if (bag->last_is_unfinished && bag->prefix_in_own) {
        size_t last = bag->n_words - 1u;
        own += candidate->own_words >> last & 1 ? 0 : bag->prefix_weight;
        candidate->share[last] = fmaxf(candidate->share[last], UNFINISHED_SHARE);
        candidate->own_words |= UINT32_C(1) << last;
    }
    return own;
}

/* How well a kind answers to what was wanted. */
static float agreement(sgp_wanted wanted, sgp_thing_kind kind) {
    bool street = kind == SGP_THING_STREET, gang = kind == SGP_THING_GANG;
    switch (wanted) {
    case SGP_WANTED_STREET:
        return street ? 1 : gang ? 0.96f : kind == SGP_THING_KM_POST ? 0.9f : 0.8f;
    case SGP_WANTED_GANG:
        return gang ? 1 : street ? 0.93f : 0.7f;
    case SGP_WANTED_ESTATE:
        return kind == SGP_THING_ESTATE ? 1
               : street || gang         ? 0.97f
               : kind == SGP_THING_AREA ? 0.92f
                                        : 0.85f;
    case SGP_WANTED_AREA:
        return kind == SGP_THING_AREA ? 1 : kind == SGP_THING_ESTATE ? 0.85f : 0.75f;
    case SGP_WANTED_RT_RW:
        return kind == SGP_THING_RT_RW ? 1 : kind == SGP_THING_AREA ? 0.9f : 0.6f;
    case SGP_WANTED_FACILITY:
        return kind == SGP_THING_FACILITY ? 1 : kind == SGP_THING_JUNCTION ? 0.9f : 0.82f;
    case SGP_WANTED_JUNCTION:
        return kind == SGP_THING_JUNCTION ? 1 : kind == SGP_THING_FACILITY ? 0.95f : 0.8f;
    case SGP_WANTED_KM_POST:
        return kind == SGP_THING_KM_POST ? 1 : street ? 0.8f : gang ? 0.5f : 0.65f;
    case SGP_WANTED_ANY:
        break;
    }
    switch (kind) {
    case SGP_THING_GANG:
        return 0.97f;
    case SGP_THING_RT_RW:
        return 0.9f;
    case SGP_THING_KM_POST:
        return 0.93f;
    case SGP_THING_JUNCTION:
        return 0.96f;
    /* A street that bears the name of its estate or district is said with "Jl." */
    case SGP_THING_STREET:
        return 0.99f;
    case SGP_THING_AREA:
        return 0.985f;
    case SGP_THING_FACILITY:
    case SGP_THING_ESTATE:
        break;
    }
    return 1;
}

/* Of two equal answers the greater thing is meant a little rather. */
static float rank_prior(int32_t rank) {
    return 1 - 0.004f * (float)(rank < 0 ? 0 : rank > 10 ? 10 : rank);
}

static int32_t number_in(const char *digits) {
    int32_t value = 0;
    for (; *digits >= '0' && *digits <= '9' && value < 100000; digits++)
        value = 10 * value + (*digits - '0');
    return value;
}

/* "rt 3 rw 5": the number that follows the marker, -1 = none. */
static int32_t number_after(const char *words, const char *marker) {
    size_t length = strlen(marker);
    for (const char *at = words; (at = strcasestr(at, marker)) != NULL; at += length)
        if ((at == words || at[-1] == ' ') && at[length] == ' ' && is_number(at + length + 1)) {
            return number_in(at + length + 1);
        }
    return -1;
}

/* The same among words of a gazetteer, from the i-th on. */
static int32_t number_of(const sgp_vocabulary *vocabulary, const uint32_t *words, size_t n,
                         const char *marker, size_t *i) {
    for (; *i + 1 < n; ++*i)
        if (words[*i + 1] & SGP_NUMERAL &&
            strcmp(sgp_vocabulary_word_at(vocabulary, words[*i] & ~SGP_NUMERAL).text, marker) == 0)
            return number_in(sgp_vocabulary_word_at(vocabulary, words[*i + 1] & ~SGP_NUMERAL).text);
    return -1;
}

/* RT 3 of RW 5 has the same words as RT 5 of RW 3. */
static bool is_other_rt_rw(const sgp_bag *bag, const sgp_name_row *row) {
    const sgp_place_query *query = bag->query;
    int32_t rt = number_after(row->label, "rt"), rw = number_after(row->label, "rw");
    size_t at = 0;
    if (rw < 0) /* a map that tells it beside the name */
        rw = number_of(bag->vocabulary, row->context, row->n_context, "rw", &at);
    return (query->rw >= 0 && rw != query->rw) || (rt >= 0 && rt != query->rt) ||
           (query->rt < 0 && rt >= 0);
}

/* "Gang 1 Alpukat II" is not "Jl. Alpukat Gang 2", though both have the same numbers. */
static bool is_other_gang(const sgp_bag *bag, const sgp_name_row *row) {
    bool has_number = false;
    for (size_t i = 0; bag->query->gang >= 0 && i < row->n_own; i++) {
        int32_t number = number_of(bag->vocabulary, row->own, row->n_own, "gang", &i);
        if (number == bag->query->gang)
            return false;
        has_number |= number >= 0;
    }
    return has_number;
}

/* Whether the name's words come as they were said. */
static bool is_turned(const sgp_bag *bag, const sgp_named *candidate) {
    int last = -1;
    for (size_t i = 0; i < bag->n_words; i++) {
        if (!(candidate->own_words >> i & 1) || candidate->read_as[i] == SGP_NO_WORD)
            continue;
        uint16_t slot = bag->slot[slot_of(bag, candidate->read_as[i])];
        if (slot == 0 || bag->own_times[slot - 1] > 1)
            continue;
        if (bag->term_at[slot - 1] < last)
            return true;
        last = bag->term_at[slot - 1];
    }
    return false;
}

/* Whether the text has words of names that the gazetteer knows, and this name has none of them. */
static bool has_no_name(const sgp_bag *bag, const sgp_named *candidate) {
    bool was_said = false;
    for (size_t i = 0; i < bag->n_words; i++) {
        if (bag->is_free[i] || bag->is_silent[i] || !bag->is_known[i] ||
            bag->query->words[bag->words[i]].role != SGP_WORD_NAME)
            continue;
        if (candidate->share[i] > 0)
            return false;
        was_said = true;
    }
    return was_said;
}

static float fits(const sgp_bag *bag, const sgp_name_row *row, const sgp_named *candidate,
                  bool other_number) {
    float value = agreement(bag->wanted, row->thing.kind) * rank_prior(row->rank);
    bool missed_number = false;
    for (size_t i = 0; i < bag->n_words; i++) {
        const sgp_query_word *word = &bag->query->words[bag->words[i]];
        missed_number |=
            candidate->share[i] <= 0 && candidate->counts[i] > 0 && is_number(word->text);
    }
    if (missed_number && other_number)
        value *= OTHER_NUMBER;
    if (has_no_name(bag, candidate))
        value *= NO_NAME_SCALE;
    if (is_turned(bag, candidate))
        value *= TURNED;
    if ((row->thing.kind == SGP_THING_RT_RW && is_other_rt_rw(bag, row)) ||
        (row->thing.kind == SGP_THING_GANG && is_other_gang(bag, row)))
        value *= OTHER_NUMBER;
    return value;
}

/* The optional digits of a house number need no explanation by what has house numbers itself. */
static bool takes_numbers(sgp_thing_kind kind) {
    return kind == SGP_THING_STREET || kind == SGP_THING_GANG || kind == SGP_THING_ESTATE;
}

/* What a word that the name does not explain weighs against it. */
static float weight_of_missed(const sgp_bag *bag, size_t i, sgp_thing_kind kind) {
    const sgp_place_query *query = bag->query;
    const sgp_query_word *word = &query->words[bag->words[i]];
    bool is_number = word->role == SGP_WORD_NUMBER;
    /* A map without RT and RW still has the kelurahan, which is what they are in. */
    if (kind == SGP_THING_AREA && (query->rt >= 0 || query->rw >= 0) && is_number)
        return AREA_OF_RT_SCALE * bag->weight[i];
    /* An estate takes the house's number, but a block that it has should have been found. */
    if (is_number && word->optional && query->block[0] != '\0' &&
        strcmp(word->text, query->block) == 0)
        return BLOCK_SCALE * bag->weight[i];
    if (word->optional && is_number)
        return takes_numbers(kind) ? 0 : bag->weight[i];
    if (bag->is_free[i])
        return bag->is_known[i] && !bag->is_city[i] && !bag->is_silent[i] && !is_number
                   ? TITLE_SCALE * bag->weight[i]
                   : 0;
    return bag->weight[i];
}

static float said_share(const sgp_bag *bag, const sgp_name_row *row, sgp_named *candidate) {
    float got = 0, total = 0;
    for (size_t i = 0; i < bag->n_words; i++) {
        candidate->counts[i] =
            candidate->share[i] > 0 ? bag->weight[i] : weight_of_missed(bag, i, row->thing.kind);
        got += candidate->counts[i] * candidate->share[i];
        total += candidate->counts[i];
    }
    return total > 0 ? got / total : 0;
}

/* False: nothing of the name itself was said. */
static bool score_row(sgp_bag *bag, const sgp_name_row *row, sgp_named *candidate) {
    memset(bag->term_place, 0, bag->n_terms);
    memset(bag->term_times, 0, bag->n_terms);
    memset(bag->own_times, 0, bag->n_terms);
    bag->own_again = 0;
    bag->prefix_in_own = false;
    mark_terms(bag, row->context, row->n_context, 1);
    bool other_number = mark_terms(bag, row->own, row->n_own, 2);
    if (bag->last_is_unfinished)
        mark_prefix(bag, sgp_bag_unfinished(bag), row);
    float own = explain_words(bag, row, candidate);
    if (own <= 0)
        return false;
    candidate->has_number = false;
    for (size_t i = 0; i < bag->n_words; i++)
        candidate->has_number |=
            bag->query->words[bag->words[i]].role == SGP_WORD_NUMBER &&
            strcmp(bag->query->words[bag->words[i]].text, bag->query->number) == 0 &&
            (candidate->own_words >> i & 1) != 0;
    candidate->said = said_share(bag, row, candidate);
    candidate->name = NAME_FLOOR + (1 - NAME_FLOOR) *
                                       fminf(own / fmaxf(row->own_weight + bag->own_again, own), 1);
    candidate->fits = fits(bag, row, candidate, other_number);
    candidate->order = (int32_t)lroundf(1e4f * candidate->said * candidate->name * candidate->fits);
    return candidate->order > 0;
}

/* ---- keeping the best ------------------------------------------------------------- */

typedef struct standing {
    int32_t order, rank;
    sgp_thing thing;
    size_t row;
} standing;

/* The written rule: the better score, the greater thing, then kind and number. Negative: a goes
 * before b. */
static int compare(int32_t a_order, int32_t a_rank, sgp_thing a, int32_t b_order, int32_t b_rank,
                   sgp_thing b) {
    if (a_order != b_order)
        return a_order > b_order ? -1 : 1;
    if (a_rank != b_rank)
        return a_rank < b_rank ? -1 : 1;
    if (a.kind != b.kind)
        return a.kind < b.kind ? -1 : 1;
    return a.id < b.id ? -1 : a.id > b.id;
}

static int by_standing(const void *left, const void *right) {
    const standing *a = left, *b = right;
    int way = compare(a->order, a->rank, a->thing, b->order, b->rank, b->thing);
    return way != 0 ? way : a->row < b->row ? -1 : a->row > b->row;
}

/* Streets and gangs share their numbers, so do facilities with junctions and posts, and areas with
 * estates and RT/RW. */
static char table_of(sgp_thing_kind kind) {
    switch (kind) {
    case SGP_THING_STREET:
    case SGP_THING_GANG:
        return 's';
    case SGP_THING_FACILITY:
    case SGP_THING_JUNCTION:
    case SGP_THING_KM_POST:
        return 'f';
    default:
        return 'a';
    }
}

bool sgp_thing_equal(sgp_thing a, sgp_thing b) {
    return a.id == b.id && table_of(a.kind) == table_of(b.kind);
}

static void copy_row(const sgp_name_row *row, sgp_named *to) {
    to->label = row->label;
    to->sort = row->sort;
    to->kelurahan = row->kelurahan;
    to->kecamatan = row->kecamatan;
    to->kabupaten = row->kabupaten;
    to->thing = row->thing;
    to->rank = row->rank;
    to->reach_m = row->reach_m;
    to->point = row->point;
    to->has_front = row->has_front;
    to->front_street = row->front_street;
    to->front_name = row->front_name ? row->front_name : "";
    to->front = row->front;
    to->entrance = row->entrance;
    to->south_west = row->south_west;
    to->north_east = row->north_east;
}

/* Puts the name in its place among the best; of one thing the better name stays. */
static void keep(sgp_bag *bag, const sgp_named *new) {
    sgp_named *candidates = bag->candidates;
    size_t at = bag->n_candidates, same = 0;
    while (at > 0 && compare(candidates[at - 1].order, candidates[at - 1].rank,
                             candidates[at - 1].thing, new->order, new->rank, new->thing) > 0)
        at--;
    while (same < bag->n_candidates && !sgp_thing_equal(candidates[same].thing, new->thing))
        same++;
    bool is_there = same < bag->n_candidates;
    if ((is_there && same < at) || at == SGP_CANDIDATES_MAX)
        return;
    /* What goes: the same thing's worse name, the last of all, or nothing while there is room. */
    size_t hole = is_there ? same : SGP_CANDIDATES_MAX - 1;
    if (!is_there && bag->n_candidates < SGP_CANDIDATES_MAX)
        hole = bag->n_candidates++;
    memmove(&candidates[at + 1], &candidates[at], (hole - at) * sizeof *candidates);
    candidates[at] = *new;
}

static void take_some(sgp_bag *bag, const sgp_name_row *rows, size_t n) {
    standing standings[SGP_NAME_ROWS_MAX];
    sgp_named scored[SGP_NAME_ROWS_MAX];
    size_t n_scored = 0;
    for (size_t i = 0; i < n; i++)
        if (score_row(bag, &rows[i], &scored[i]))
            standings[n_scored++] = (standing){scored[i].order, rows[i].rank, rows[i].thing, i};
    qsort(standings, n_scored, sizeof *standings, by_standing);
    for (size_t i = 0; i < n_scored; i++) {
        sgp_named *named = &scored[standings[i].row];
        copy_row(&rows[standings[i].row], named);
        keep(bag, named);
    }
}

void sgp_bag_take(sgp_bag *bag, const sgp_name_row *rows, size_t n) {
    for (size_t i = 0; i < n; i += SGP_NAME_ROWS_MAX)
        take_some(bag, rows + i, n - i < SGP_NAME_ROWS_MAX ? n - i : SGP_NAME_ROWS_MAX);
}
