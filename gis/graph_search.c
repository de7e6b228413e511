#include "gis/graph_search.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { UNFINISHED_BIT = SGP_GRAPH_SEARCH_BITS - 1 }; /* no phrase has so many words */
#define UNFINISHED_WEIGHT 0.3f

sgp_err sgp_graph_search_init(sgp_graph_search *s, const sgp_graph_names *names) {
    size_t n = sgp_names_count(names);
    *s = (sgp_graph_search){.names = names};
    s->mask = calloc(n + 1, sizeof *s->mask);
    s->covered = malloc((n + 1) * sizeof *s->covered);
    s->touched = malloc((n + 1) * sizeof *s->touched);
    s->said = calloc(sgp_vocabulary_size(names->vocabulary) + 1, 1);
    return s->mask && s->covered && s->touched && s->said ? SGP_OK : SGP_E_MEMORY;
}

void sgp_graph_search_deinit(sgp_graph_search *s) {
    free(s->mask);
    free(s->covered);
    free(s->touched);
    free(s->said);
    sgp_buffer_free(&s->found);
    *s = (sgp_graph_search){0};
}

/* ---- which names have which words -------------------------------------------------- */

static uint32_t names_with(const sgp_graph_names *n, uint32_t word) {
    return n->word_first[word + 1] - n->word_first[word];
}

static bool has_word(const sgp_graph_names *n, uint32_t name, uint32_t word) {
    const sgp_graph_name *row = &sgp_names_all(n)[name];
    const sgp_name_word *words = (const sgp_name_word *)(const void *)n->name_words.data;
    uint32_t low = row->first_word, high = row->first_word + row->n_words;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (words[middle].word < word)
            low = middle + 1;
        else
            high = middle;
    }
    return low < row->first_word + row->n_words && words[low].word == word;
}

/* Readings come the best first, so each word said counts as the best reading that the name
 * answers to. */
static void touch(sgp_graph_search *s, uint32_t name, uint32_t bits, float likeness) {
    if (s->mask[name] == 0) {
        s->touched[s->n_touched++] = name;
        s->covered[name] = 0;
    }
    for (uint32_t fresh = bits & ~s->mask[name]; fresh; fresh &= fresh - 1)
        s->covered[name] += s->weight[__builtin_ctz(fresh)] * likeness;
    s->mask[name] |= bits;
}

/* The names that have all words of a reading are those of its rarest that have the others. */
static void touch_reading(sgp_graph_search *s, const sgp_reading *reading) {
    const sgp_graph_names *n = s->names;
    uint32_t bits = ((1u << reading->n_said) - 1) << reading->first;
    int rarest = 0;
    for (int i = 1; i < reading->n_words; i++)
        if (names_with(n, reading->words[i]) < names_with(n, reading->words[rarest]))
            rarest = i;
    uint32_t word = reading->words[rarest];
    for (uint32_t k = n->word_first[word]; k < n->word_first[word + 1]; k++) {
        bool has_all = true;
        for (int i = 0; i < reading->n_words && has_all; i++)
            has_all = i == rarest || has_word(n, n->word_names[k], reading->words[i]);
        if (has_all)
            touch(s, n->word_names[k], bits, reading->likeness);
    }
}

static bool is_valid(const sgp_graph_search *s, const sgp_reading *reading) {
    if (reading->n_words == 0 || reading->n_words > SGP_READING_WORDS || reading->n_said == 0 ||
        reading->first + reading->n_said > UNFINISHED_BIT)
        return false;
    for (int i = 0; i < reading->n_words; i++)
        if (reading->words[i] >= sgp_vocabulary_size(s->names->vocabulary))
            return false;
    return true;
}

/* A word that was said weighs what it weighs in its likeliest reading: a rare name that merely
 * sounds like it must not weigh more than what was said. */
static void weigh(sgp_graph_search *s, const sgp_reading *reading, float *likeness) {
    float all = 0;
    for (int i = 0; i < reading->n_words; i++)
        all += sgp_vocabulary_word_at(s->names->vocabulary, reading->words[i]).weight;
    for (int i = reading->first; i < reading->first + reading->n_said; i++)
        if (reading->likeness > likeness[i]) {
            likeness[i] = reading->likeness;
            s->weight[i] = all / (float)reading->n_said;
        }
}

static void touch_readings(sgp_graph_search *s, const sgp_gazetteer_ask *ask) {
    float likeness[UNFINISHED_BIT] = {0};
    for (size_t r = 0; r < ask->n_readings; r++)
        if (is_valid(s, &ask->readings[r]))
            weigh(s, &ask->readings[r], likeness);
    for (size_t r = 0; r < ask->n_readings; r++) {
        const sgp_reading *reading = &ask->readings[r];
        if (!is_valid(s, reading))
            continue;
        for (int i = 0; i < reading->n_words; i++)
            s->said[reading->words[i]] = 1;
        touch_reading(s, reading);
    }
}

/* All words that begin so. */
static void touch_unfinished(sgp_graph_search *s, const char *unfinished) {
    const sgp_graph_names *n = s->names;
    size_t length = strlen(unfinished), low = 0, high = sgp_vocabulary_size(n->vocabulary);
    size_t n_words = high;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(sgp_vocabulary_word_at(n->vocabulary, n->by_text[middle]).text, unfinished) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < n_words; low++) {
        uint32_t word = n->by_text[low];
        if (strncmp(sgp_vocabulary_word_at(n->vocabulary, word).text, unfinished, length) != 0)
            break;
        s->said[word] = 1;
        for (uint32_t k = n->word_first[word]; k < n->word_first[word + 1]; k++)
            touch(s, n->word_names[k], 1u << UNFINISHED_BIT, 1);
    }
}

static void untouch(sgp_graph_search *s) {
    for (uint32_t i = 0; i < s->n_touched; i++)
        s->mask[s->touched[i]] = 0;
    s->n_touched = 0;
    memset(s->said, 0, sgp_vocabulary_size(s->names->vocabulary));
}

/* ---- which of them are told -------------------------------------------------------- */

static bool is_near(const sgp_graph_names *n, const sgp_graph_name *row,
                    const sgp_gazetteer_ask *ask) {
    for (size_t i = 0; i < ask->n_points && i < SGP_ASK_POINTS_MAX; i++)
        if (sgp_name_away(n, row, ask->points[i], ask->radius_m + 0.5) <= ask->radius_m)
            return true;
    return false;
}

static float share_said(const sgp_graph_search *s, const sgp_graph_name *row) {
    const sgp_name_word *words = (const sgp_name_word *)(const void *)s->names->name_words.data;
    float said = 0;
    for (uint32_t i = row->first_word; i < row->first_word + row->n_words; i++)
        if (words[i].is_own && s->said[words[i].word])
            said += sgp_vocabulary_word_at(s->names->vocabulary, words[i].word).weight;
    return row->own_weight > 0 ? said / row->own_weight : 0;
}

static int compare_found(const void *left, const void *right) {
    const sgp_graph_found *a = left, *b = right;
    if (a->covered != b->covered)
        return a->covered > b->covered ? -1 : 1;
    if (a->is_near != b->is_near)
        return a->is_near ? -1 : 1;
    if (a->share != b->share)
        return a->share > b->share ? -1 : 1;
    return (a->name > b->name) - (a->name < b->name);
}

static bool has_all(uint32_t mask, uint32_t required) {
    return (mask & required) == required;
}

static sgp_err add_found(sgp_graph_search *s, const sgp_gazetteer_ask *ask, uint32_t name) {
    const sgp_graph_name *row = &sgp_names_all(s->names)[name];
    sgp_graph_found one = {.name = name,
                           .covered = s->mask[name] ? s->covered[name] : 0,
                           .is_near = is_near(s->names, row, ask)};
    if (ask->question == SGP_ASK_NAMES_NEAR && !one.is_near)
        return SGP_OK;
    one.share = share_said(s, row);
    return sgp_buffer_append(&s->found, &one, sizeof one);
}

static bool is_wanted(const sgp_graph_search *s, const sgp_gazetteer_ask *ask, uint32_t name) {
    return !ask->kinds || strchr(ask->kinds, sgp_names_all(s->names)[name].thing.kind);
}

/* Names that have all that is required, or where there are none, all that were touched. */
static sgp_err collect(sgp_graph_search *s, const sgp_gazetteer_ask *ask, uint32_t required) {
    sgp_err err = SGP_OK;
    for (int strict = 1; strict >= 0 && s->found.length == 0; strict--)
        for (uint32_t i = 0; i < s->n_touched && err == SGP_OK; i++) {
            uint32_t name = s->touched[i];
            if (is_wanted(s, ask, name) && has_all(s->mask[name], strict ? required : 0))
                err = add_found(s, ask, name);
        }
    return err;
}

sgp_err sgp_graph_search_names(sgp_graph_search *s, const sgp_gazetteer_ask *ask,
                               const sgp_graph_found **found, size_t *n) {
    uint32_t required = ask->required;
    sgp_buffer_clear(&s->found);
    memset(s->weight, 0, sizeof s->weight);
    s->weight[UNFINISHED_BIT] = UNFINISHED_WEIGHT;
    touch_readings(s, ask);
    if (ask->question == SGP_ASK_COMPLETE && ask->unfinished && *ask->unfinished) {
        touch_unfinished(s, ask->unfinished);
        required |= 1u << UNFINISHED_BIT;
    }
    sgp_err err = SGP_OK;
    if (ask->n_readings == 0 && ask->question == SGP_ASK_NAMES_NEAR)
        for (uint32_t i = 0; i < sgp_names_count(s->names) && err == SGP_OK; i++)
            err = is_wanted(s, ask, i) ? add_found(s, ask, i) : SGP_OK;
    else
        err = collect(s, ask, required);
    untouch(s);
    size_t all = s->found.length / sizeof(sgp_graph_found);
    size_t limit = ask->limit < 0                   ? 0
                   : ask->limit > SGP_NAME_ROWS_MAX ? SGP_NAME_ROWS_MAX
                                                    : (size_t)ask->limit;
    if (all > 0)
        qsort(s->found.data, all, sizeof(sgp_graph_found), compare_found);
    *found = (const void *)s->found.data;
    *n = all < limit ? all : limit;
    return err;
}
