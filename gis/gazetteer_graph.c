#include "gis/gazetteer_graph.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "gis/graph_around.h"
#include "gis/graph_search.h"

/* Everything but the state is the thread's until the state says that it is ready. */
struct sgp_gazetteer_graph {
    sgp_gazetteer interface;
    const sgp_graph_parts *parts;
    pthread_t thread;
    atomic_bool stop;
    atomic_int state; /* building_state */
    bool is_joined;
    sgp_err err;
    int64_t build_us;
    sgp_graph_names names;
    sgp_graph_search search;
    sgp_buffer rows, words; /* of the asks that are being answered */
};

typedef enum building_state { BUILDING, READY, FAILED } building_state;

/* ---- building ---------------------------------------------------------------------- */

static int64_t thread_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void *build(void *argument) {
    sgp_gazetteer_graph *g = argument;
    g->err = sgp_graph_names_make(g->parts, &g->stop, &g->names);
    if (g->err == SGP_OK) {
        g->err = sgp_graph_search_init(&g->search, &g->names);
        if (g->err != SGP_OK) {
            sgp_graph_search_deinit(&g->search);
            sgp_graph_names_deinit(&g->names);
        }
    }
    g->build_us = thread_us();
    atomic_store(&g->state, g->err == SGP_OK ? READY : FAILED);
    return NULL;
}

static bool is_ready(const sgp_gazetteer_graph *g) {
    return atomic_load(&g->state) == READY;
}

static const sgp_vocabulary *vocabulary(const void *self) {
    const sgp_gazetteer_graph *g = self;
    return is_ready(g) ? g->names.vocabulary : NULL;
}

static const char *city_name(const void *self) {
    return ((const sgp_gazetteer_graph *)self)->parts->name;
}

/* ---- names ------------------------------------------------------------------------- */

static const char *text_of_place(const sgp_gazetteer_graph *g, uint32_t offset) {
    return offset ? g->parts->places.texts + offset : "";
}

static void add_footprint(const sgp_gazetteer_graph *g, const sgp_graph_name *name,
                          sgp_name_row *row) {
    const sgp_graph_place *place = &g->parts->places.places[name->thing.id - 1];
    row->has_front = place->has_front;
    row->front = place->front;
    row->entrance = place->entrance;
    row->south_west = place->south_west;
    row->north_east = place->north_east;
    row->front_street = name->front_street;
}

static sgp_name_row row_of(const sgp_gazetteer_graph *g, const sgp_graph_name *name) {
    const sgp_graph_names *n = &g->names;
    sgp_name_row row = {
        .thing = name->thing,
        .label = sgp_names_text(n, name->label),
        .sort = sgp_names_text(n, name->sort),
        .own_weight = name->own_weight,
        .reach_m = name->reach_m,
        .rank = name->rank,
        .point = name->point,
        .kelurahan = text_of_place(g, name->district.kelurahan),
        .kecamatan = text_of_place(g, name->district.kecamatan),
        .kabupaten = text_of_place(g, name->district.kabupaten),
        .front = name->point,
        .entrance = name->point,
        .south_west = name->point,
        .north_east = name->point,
    };
    if (name->thing.kind != SGP_THING_STREET && name->thing.kind != SGP_THING_GANG)
        add_footprint(g, name, &row);
    return row;
}

/* The words of a text after those that are there already. */
static sgp_err add_words(sgp_gazetteer_graph *g, const char *text, uint16_t *n) {
    enum { WORDS_MAX = 512 };
    sgp_err err = sgp_buffer_reserve(&g->words, WORDS_MAX * sizeof(uint32_t));
    if (err != SGP_OK)
        return err;
    *n = (uint16_t)sgp_vocabulary_words(g->names.vocabulary, text,
                                        (uint32_t *)(void *)(g->words.data + g->words.length),
                                        WORDS_MAX);
    g->words.length += *n * sizeof(uint32_t);
    return SGP_OK;
}

static sgp_err answer_names(sgp_gazetteer_graph *g, const sgp_gazetteer_ask *ask) {
    const sgp_graph_found *found;
    size_t n;
    sgp_err err = sgp_graph_search_names(&g->search, ask, &found, &n);
    for (size_t i = 0; i < n && err == SGP_OK; i++) {
        const sgp_graph_name *name = &sgp_names_all(&g->names)[found[i].name];
        sgp_name_row row = row_of(g, name);
        err = add_words(g, sgp_names_text(&g->names, name->own), &row.n_own);
        if (err == SGP_OK)
            err = add_words(g, sgp_names_text(&g->names, name->context), &row.n_context);
        if (err == SGP_OK)
            err = sgp_buffer_append(&g->rows, &row, sizeof row);
    }
    return err;
}

/* ---- asks -------------------------------------------------------------------------- */

/* Size of a row of the answer to each question; rows of all asks stand in one buffer. */
static size_t row_bytes(sgp_gazetteer_question question) {
    switch (question) {
    case SGP_ASK_NUMBER:
    case SGP_ASK_KM_POSTS:
        return sizeof(sgp_number_row);
    case SGP_ASK_JUNCTIONS:
    case SGP_ASK_JUNCTIONS_NEAR:
        return sizeof(sgp_junction_row);
    case SGP_ASK_NEAREST_ON:
        return sizeof(sgp_nearest_row);
    case SGP_ASK_DISTRICTS:
        return sizeof(sgp_district_row);
    case SGP_ASK_AROUND:
        return sizeof(sgp_around_row);
    default:
        return sizeof(sgp_name_row);
    }
}

static sgp_err answer_one(sgp_gazetteer_graph *g, const sgp_gazetteer_ask *ask) {
    switch (ask->question) {
    case SGP_ASK_NAMES:
    case SGP_ASK_NAMES_NEAR:
    case SGP_ASK_COMPLETE:
        return answer_names(g, ask);
    case SGP_ASK_JUNCTIONS:
        return sgp_graph_junctions(&g->names, ask, &g->rows);
    case SGP_ASK_JUNCTIONS_NEAR:
        return sgp_graph_junctions_near(&g->names, ask, &g->rows);
    case SGP_ASK_NEAREST_ON:
        return sgp_graph_nearest_on(&g->names, ask, &g->rows);
    case SGP_ASK_DISTRICTS:
        return sgp_graph_districts(&g->names, ask, &g->rows);
    case SGP_ASK_AROUND:
        return sgp_graph_around(&g->names, ask, &g->rows);
    case SGP_ASK_NUMBER:
    case SGP_ASK_KM_POSTS:
        return SGP_OK; /* the graph knows no house numbers, and posts only by their names */
    }
    return SGP_E_ARGUMENT;
}

static void point_at(sgp_gazetteer_answer *answer, sgp_gazetteer_question question,
                     const void *rows) {
    switch (question) {
    case SGP_ASK_NUMBER:
    case SGP_ASK_KM_POSTS:
        answer->numbers = rows;
        return;
    case SGP_ASK_JUNCTIONS:
    case SGP_ASK_JUNCTIONS_NEAR:
        answer->junctions = rows;
        return;
    case SGP_ASK_NEAREST_ON:
        answer->nearest = rows;
        return;
    case SGP_ASK_DISTRICTS:
        answer->districts = rows;
        return;
    case SGP_ASK_AROUND:
        answer->around = rows;
        return;
    default:
        answer->names = rows;
    }
}

/* Rows begin where any of them may stand. */
static sgp_err align(sgp_buffer *rows) {
    static const uint8_t zeros[16];
    size_t over = rows->length % sizeof zeros;
    return over ? sgp_buffer_append(rows, zeros, sizeof zeros - over) : SGP_OK;
}

/* Rows of names learn where their words are, which stand in the order of the rows. */
static const uint32_t *point_at_words(sgp_name_row *rows, size_t n, const uint32_t *words) {
    for (size_t i = 0; i < n; i++) {
        rows[i].own = words;
        rows[i].context = words + rows[i].n_own;
        words = rows[i].context + rows[i].n_context;
    }
    return words;
}

static bool is_about_names(sgp_gazetteer_question question) {
    return question == SGP_ASK_NAMES || question == SGP_ASK_NAMES_NEAR ||
           question == SGP_ASK_COMPLETE;
}

static sgp_err ask(void *self, const sgp_gazetteer_ask *asks, size_t n, sgp_gazetteer_done done,
                   void *ctx, uint64_t *ticket) {
    sgp_gazetteer_graph *g = self;
    sgp_gazetteer_answer answers[SGP_ASKS_MAX] = {0};
    size_t first[SGP_ASKS_MAX];
    if (n > SGP_ASKS_MAX)
        return SGP_E_ARGUMENT;
    if (!is_ready(g))
        return SGP_E_STATE;
    if (ticket)
        *ticket = 0;
    sgp_err err = SGP_OK;
    sgp_buffer_clear(&g->rows);
    sgp_buffer_clear(&g->words);
    for (size_t i = 0; i < n && err == SGP_OK; i++) {
        first[i] = g->rows.length;
        err = answer_one(g, &asks[i]);
        answers[i].n = (g->rows.length - first[i]) / row_bytes(asks[i].question);
        if (err == SGP_OK)
            err = align(&g->rows);
    }
    /* Only now do the buffers move no more. */
    const uint32_t *words = (const void *)g->words.data;
    for (size_t i = 0; i < n && err == SGP_OK; i++) {
        void *rows = g->rows.data + first[i];
        point_at(&answers[i], asks[i].question, rows);
        if (is_about_names(asks[i].question) && answers[i].n > 0)
            words = point_at_words(rows, answers[i].n, words);
    }
    if (err != SGP_OK)
        return err;
    done(ctx, SGP_OK, answers, n);
    return SGP_OK;
}

static void drop(void *self, uint64_t ticket) {
    (void)self, (void)ticket; /* every answer has come already */
}

/* ---- life -------------------------------------------------------------------------- */

sgp_err sgp_gazetteer_graph_create(const sgp_graph *graph, sgp_gazetteer_graph **made) {
    sgp_gazetteer_graph *g = calloc(1, sizeof *g);
    if (!g)
        return SGP_E_MEMORY;
    g->interface = (sgp_gazetteer){g, vocabulary, city_name, ask, drop, NULL};
    g->parts = sgp_graph_get(graph);
    if (pthread_create(&g->thread, NULL, build, g) != 0) {
        free(g);
        return SGP_E_MEMORY;
    }
    *made = g;
    return SGP_OK;
}

sgp_err sgp_gazetteer_graph_wait(sgp_gazetteer_graph *g) {
    if (!g->is_joined)
        pthread_join(g->thread, NULL);
    g->is_joined = true;
    return g->err;
}

void sgp_gazetteer_graph_destroy(sgp_gazetteer_graph *g) {
    if (!g)
        return;
    atomic_store(&g->stop, true);
    if (sgp_gazetteer_graph_wait(g) == SGP_OK) {
        sgp_graph_search_deinit(&g->search);
        sgp_graph_names_deinit(&g->names);
    }
    sgp_buffer_free(&g->rows);
    sgp_buffer_free(&g->words);
    free(g);
}

bool sgp_gazetteer_graph_is_building(const sgp_gazetteer_graph *g) {
    return atomic_load(&g->state) == BUILDING;
}

const sgp_gazetteer *sgp_gazetteer_graph_get(const sgp_gazetteer_graph *g) {
    return &g->interface;
}

void sgp_gazetteer_graph_cost(const sgp_gazetteer_graph *g, size_t *bytes, int64_t *build_us) {
    bool ready = is_ready(g);
    *bytes = ready ? sgp_graph_names_bytes(&g->names) : 0;
    *build_us = ready ? g->build_us : 0;
}
