#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gis/gazetteer_parts.h"

enum {
    COMMON = 3000,    /* names that have a word: from here on the index alone is slow */
    FEW = 100,        /* so few names need no neighbourhood */
    COMPLETIONS = 12, /* words that an unfinished one may become */
    CHOICES_MAX = 12, /* readings of one word that are asked for */
    SQUARES_MAX = 60, /* of a neighbourhood */
    GROUPS_MAX = SGP_PHRASE_WORDS_MAX + 1
};
/* Of the squares by which names are filed (import.sql). */
#define SQUARE_DEGREES 0.02
/* A reading this much less likely than the best is worth its price only when it is cheap. */
#define LIKENESS_APART 0.1f

/* ---- text of parameters ------------------------------------------------------------ */

static void put_bytes(sgp_text *text, const char *more, size_t length) {
    if (text->length + length + 1 > text->capacity) {
        size_t capacity = 2 * (text->length + length + 1) + 64;
        char *bytes = text->failed ? NULL : realloc(text->bytes, capacity);
        if (!bytes) {
            text->failed = true;
            return;
        }
        text->bytes = bytes;
        text->capacity = capacity;
    }
    memcpy(text->bytes + text->length, more, length);
    text->length += length;
    text->bytes[text->length] = '\0';
}

void sgp_text_put(sgp_text *text, const char *more) {
    put_bytes(text, more, strlen(more));
}

void sgp_text_format(sgp_text *text, const char *format, ...) {
    char line[128];
    va_list list;
    va_start(list, format);
    int length = vsnprintf(line, sizeof line, format, list);
    va_end(list);
    if (length < 0 || (size_t)length >= sizeof line)
        text->failed = true;
    else
        put_bytes(text, line, (size_t)length);
}

void sgp_text_put_element(sgp_text *text, const char *element) {
    put_bytes(text, "\"", 1);
    for (; *element; element++) {
        if (*element == '"' || *element == '\\')
            put_bytes(text, "\\", 1);
        put_bytes(text, element, 1);
    }
    put_bytes(text, "\"", 1);
}

void sgp_text_put_lexeme(sgp_text *text, const char *mark, const char *lexeme) {
    put_bytes(text, "'", 1);
    sgp_text_put(text, mark);
    for (; *lexeme; lexeme++) {
        if (*lexeme == '\'' || *lexeme == '\\')
            put_bytes(text, lexeme, 1);
        put_bytes(text, lexeme, 1);
    }
    put_bytes(text, "'", 1);
}

/* ---- which readings are asked for ---------------------------------------------------- */

typedef struct choice {
    uint8_t n;
    uint32_t words[SGP_READING_WORDS];
    int32_t names, own; /* that have it, at most */
    float likeness;
} choice;

/* What stands for one required word. */
typedef struct group {
    size_t n;
    choice choices[CHOICES_MAX];
    int64_t names, own; /* of all choices */
} group;

typedef struct maker {
    const sgp_vocabulary *vocabulary;
    sgp_own_counts own;
    size_t n;
    group groups[GROUPS_MAX];
    bool own_only; /* the words must be of the name itself */
} maker;

static choice make_choice(const maker *m, const uint32_t *words, size_t n, float likeness) {
    choice made = {.n = (uint8_t)n, .names = INT32_MAX, .own = INT32_MAX, .likeness = likeness};
    for (size_t i = 0; i < n; i++) {
        int32_t names = sgp_vocabulary_word_at(m->vocabulary, words[i]).count;
        int32_t own = words[i] < m->own.n ? m->own.counts[words[i]] : names;
        made.words[i] = words[i];
        made.names = names < made.names ? names : made.names;
        made.own = own < made.own ? own : made.own;
    }
    return made;
}

/* Keeps the likeliest, in order; of equals the rarer. */
static void add_choice(group *g, choice added) {
    size_t at = g->n < CHOICES_MAX ? g->n++ : CHOICES_MAX;
    for (; at > 0 && (g->choices[at - 1].likeness < added.likeness ||
                      (g->choices[at - 1].likeness == added.likeness &&
                       g->choices[at - 1].names > added.names));
         at--)
        if (at < CHOICES_MAX)
            g->choices[at] = g->choices[at - 1];
    if (at < CHOICES_MAX)
        g->choices[at] = added;
}

/* Leaves out what is unlikely and would cost much; the best one stays. */
static void limit_choices(group *g) {
    size_t kept = 0;
    g->names = g->own = 0;
    float best = g->n > 0 ? g->choices[0].likeness : 0;
    for (size_t i = 0; i < g->n; i++) {
        const choice *c = &g->choices[i];
        bool near_best = best < 0.99f && c->likeness >= best - LIKENESS_APART && kept < 4;
        if (i > 0 && !near_best && g->names + c->names > COMMON)
            continue;
        g->names += c->names;
        g->own += c->own;
        g->choices[kept++] = *c;
    }
    g->n = kept;
}

/* "alun alun": a word said twice is asked for once, and gives way as one. */
static bool is_asked_already(const maker *m, const group *g) {
    for (size_t i = 0; i < m->n; i++) {
        size_t same = 0;
        while (same < g->n && same < m->groups[i].n &&
               g->choices[same].n == m->groups[i].choices[same].n &&
               memcmp(g->choices[same].words, m->groups[i].choices[same].words,
                      g->choices[same].n * sizeof *g->choices[same].words) == 0)
            same++;
        if (same == g->n && same == m->groups[i].n)
            return true;
    }
    return false;
}

static void take_groups(maker *m, const sgp_gazetteer_ask *ask) {
    for (uint8_t word = 0; word < 32 && m->n < GROUPS_MAX - 1; word++) {
        if (!(ask->required >> word & 1))
            continue;
        group *g = &m->groups[m->n];
        g->n = 0;
        for (size_t i = 0; i < ask->n_readings; i++) {
            const sgp_reading *reading = &ask->readings[i];
            if (reading->first <= word && word < reading->first + reading->n_said)
                add_choice(g, make_choice(m, reading->words, reading->n_words, reading->likeness));
        }
        limit_choices(g);
        /* A word that nobody knows cannot be asked for. */
        m->n += g->n > 0 && !is_asked_already(m, g);
    }
}

static void take_unfinished(maker *m, const char *unfinished) {
    group *g = &m->groups[m->n];
    uint32_t ids[COMPLETIONS], id;
    g->n = 0;
    g->names = g->own = 0;
    size_t n = sgp_vocabulary_complete(m->vocabulary, unfinished, ids, COMPLETIONS);
    if (sgp_vocabulary_find(m->vocabulary, unfinished, &id))
        add_choice(g, make_choice(m, &id, 1, 1));
    for (size_t i = 0; i < n; i++)
        add_choice(g, make_choice(m, &ids[i], 1, 0.9f));
    for (size_t i = 0; i < g->n; i++) {
        g->names += g->choices[i].names;
        g->own += g->choices[i].own;
    }
    m->n += g->n > 0;
}

/* ---- queries -------------------------------------------------------------------------- */

static void put_group(const maker *m, const group *g, const char *mark, sgp_text *text) {
    sgp_text_put(text, "(");
    for (size_t i = 0; i < g->n; i++) {
        const choice *c = &g->choices[i];
        sgp_text_put(text, i > 0 ? "|(" : "(");
        for (size_t k = 0; k < c->n; k++) {
            if (k > 0)
                sgp_text_put(text, "&");
            sgp_text_put_lexeme(text, mark,
                                sgp_vocabulary_word_at(m->vocabulary, c->words[k]).text);
        }
        sgp_text_put(text, ")");
    }
    sgp_text_put(text, ")");
}

/* All groups but one (`without`; m->n for none). A single one must be of the name itself, and
 * then its index entries are those of own words alone. */
static void put_groups(const maker *m, size_t without, sgp_text *text) {
    size_t n = m->n - (without < m->n), put = 0;
    for (size_t i = 0; i < m->n; i++) {
        if (i == without)
            continue;
        if (put++ > 0)
            sgp_text_put(text, "&");
        put_group(m, &m->groups[i], n == 1 || m->own_only ? "=" : "", text);
    }
}

/* For the index the rarest groups, the rest for a look at the rows that it finds: each
 * further group costs the index more than a few rows do. */
static void put_rarest_first(const maker *m, sgp_names_query *query) {
    uint8_t order[GROUPS_MAX];
    for (size_t i = 0; i < m->n; i++) {
        size_t at = i;
        for (; at > 0 && m->groups[order[at - 1]].names > m->groups[i].names; at--)
            order[at] = order[at - 1];
        order[at] = (uint8_t)i;
    }
    int64_t rarest = m->groups[order[0]].names;
    size_t asked = rarest <= 30 ? 1 : rarest <= 500 ? 2 : 3;
    for (size_t i = 0; i < m->n; i++) {
        sgp_text *text = i < asked ? &query->index : &query->rows;
        if (text->length > 0)
            sgp_text_put(text, "&");
        put_group(m, &m->groups[order[i]], m->n == 1 || m->own_only ? "=" : "", text);
    }
}

static int64_t rarest_names(const maker *m, size_t without) {
    int64_t rarest = INT64_MAX;
    size_t n = m->n - (without < m->n);
    for (size_t i = 0; i < m->n; i++) {
        int64_t names = n == 1 || m->own_only ? m->groups[i].own : m->groups[i].names;
        if (i != without && names < rarest)
            rarest = names;
    }
    return rarest;
}

static void put_most(const maker *m, sgp_text *text) {
    for (size_t without = 0; m->n >= 3 && without < m->n; without++) {
        if (rarest_names(m, without) > COMMON)
            continue;
        sgp_text_put(text, text->length > 0 ? "|(" : "(");
        put_groups(m, without, text);
        sgp_text_put(text, ")");
    }
}

/* Names that have one of the two words which fewest names have as their own. */
static void put_rarest(const maker *m, sgp_text *text) {
    size_t best[2] = {m->n, m->n};
    for (size_t i = 0; i < m->n; i++) {
        if (best[0] == m->n || m->groups[i].own < m->groups[best[0]].own) {
            best[1] = best[0];
            best[0] = i;
        } else if (best[1] == m->n || m->groups[i].own < m->groups[best[1]].own) {
            best[1] = i;
        }
    }
    for (size_t i = 0; i < 2 && m->n >= 2; i++) {
        if (best[i] == m->n || (i > 0 && m->groups[best[i]].own > COMMON))
            continue;
        if (text->length > 0)
            sgp_text_put(text, "|");
        put_group(m, &m->groups[best[i]], "=", text);
    }
}

static void put_own(const maker *m, sgp_text *text) {
    sgp_text_put(text, "{");
    for (size_t i = 0; i < m->n; i++)
        for (size_t k = 0; k < m->groups[i].n; k++)
            for (size_t w = 0; w < m->groups[i].choices[k].n; w++) {
                if (text->length > 1)
                    sgp_text_put(text, ",");
                sgp_text_put_element(
                    text,
                    sgp_vocabulary_word_at(m->vocabulary, m->groups[i].choices[k].words[w]).text);
            }
    sgp_text_put(text, "}");
}

/* What very many names have is kept ready: a word, or the whole of a name ("gang 5"). */
static void put_frequent(const maker *m, sgp_text *text) {
    sgp_text_put(text, "{");
    if (m->n == 1) {
        const group *g = &m->groups[0];
        for (size_t k = 0; k < g->n; k++) {
            if (g->choices[k].n != 1 || g->choices[k].own <= COMMON)
                continue;
            if (text->length > 1)
                sgp_text_put(text, ",");
            sgp_text_put_element(
                text, sgp_vocabulary_word_at(m->vocabulary, g->choices[k].words[0]).text);
        }
    } else if (rarest_names(m, m->n) > COMMON) {
        sgp_text whole = {0};
        for (size_t i = 0; i < m->n; i++)
            for (size_t w = 0; w < m->groups[i].choices[0].n; w++) {
                if (whole.length > 0)
                    sgp_text_put(&whole, " ");
                sgp_text_put(
                    &whole,
                    sgp_vocabulary_word_at(m->vocabulary, m->groups[i].choices[0].words[w]).text);
            }
        text->failed = text->failed || whole.failed;
        if (!whole.failed && whole.bytes)
            sgp_text_put_element(text, whole.bytes);
        free(whole.bytes);
    }
    sgp_text_put(text, "}");
}

/* "&('#5631_-398'|…)": the squares around the points. Nothing where they are too many. */
static void put_squares(const sgp_gazetteer_ask *ask, sgp_text *text) {
    struct {
        int x, y;
    } squares[SQUARES_MAX];
    size_t n = 0;
    for (size_t i = 0; i < ask->n_points; i++) {
        double lat = sgp_lat(ask->points[i]), lon = sgp_lon(ask->points[i]);
        double up = ask->radius_m / 111195.0, aside = up / fmax(cos(lat * 3.14159265 / 180), 0.1);
        int east = (int)floor((lon + aside) / SQUARE_DEGREES);
        int north = (int)floor((lat + up) / SQUARE_DEGREES);
        for (int x = (int)floor((lon - aside) / SQUARE_DEGREES); x <= east; x++)
            for (int y = (int)floor((lat - up) / SQUARE_DEGREES); y <= north; y++) {
                size_t at = 0;
                while (at < n && (squares[at].x != x || squares[at].y != y))
                    at++;
                if (at == SQUARES_MAX)
                    return;
                squares[at].x = x;
                squares[at].y = y;
                n += at == n;
            }
    }
    for (size_t i = 0; i < n; i++)
        sgp_text_format(text, "%s'#%d_%d'", i > 0 ? "|" : "&(", squares[i].x, squares[i].y);
    if (n > 0)
        sgp_text_put(text, ")");
}

bool sgp_names_query_make(const sgp_gazetteer_ask *ask, const sgp_vocabulary *vocabulary,
                          sgp_own_counts own, sgp_names_query *query) {
    maker m = {.vocabulary = vocabulary, .own = own, .n = 0, .own_only = ask->own_only};
    memset(query, 0, sizeof *query);
    take_groups(&m, ask);
    if (ask->question == SGP_ASK_COMPLETE && ask->unfinished)
        take_unfinished(&m, ask->unfinished);
    if (m.n == 0)
        return false;
    query->is_rare = rarest_names(&m, m.n) <= COMMON;
    put_groups(&m, m.n, &query->all);
    put_rarest_first(&m, query);
    if (ask->n_points > 0 && (ask->question == SGP_ASK_NAMES_NEAR || rarest_names(&m, m.n) > FEW)) {
        put_groups(&m, m.n, &query->all_near);
        size_t before = query->all_near.length;
        put_squares(ask, &query->all_near);
        /* A neighbourhood of too many squares is none. */
        if (query->all_near.length == before && ask->question != SGP_ASK_NAMES_NEAR)
            query->all_near.bytes[query->all_near.length = 0] = '\0';
    }
    if (!m.own_only) {
        put_most(&m, &query->most);
        put_rarest(&m, &query->rarest);
    }
    put_own(&m, &query->own);
    put_frequent(&m, &query->frequent);
    return true;
}

void sgp_names_query_free(sgp_names_query *query) {
    free(query->all.bytes);
    free(query->index.bytes);
    free(query->rows.bytes);
    free(query->all_near.bytes);
    free(query->most.bytes);
    free(query->rarest.bytes);
    free(query->own.bytes);
    free(query->frequent.bytes);
}
