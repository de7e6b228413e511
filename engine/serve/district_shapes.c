/* Where each kelurahan lies, for pages that colour them: the rows of the graph's own map of
 * districts, strip by strip (include/sigap/graph_places.h). */
#include <stdlib.h>
#include <string.h>

#include "serve/engine_parts.h"
#include "serve/wall.h"

typedef struct shape {
    Sigap__V1__District message;
    uint32_t n, capacity; /* strips */
    uint32_t last_row;
    int32_t last_end_e6;
} shape;

static int32_t to_e6(int32_t e7) {
    return (e7 >= 0 ? e7 + 5 : e7 - 5) / 10;
}

static bool add_strip(shape *s, uint32_t row, int32_t from_e6, int32_t to_e6_) {
    Sigap__V1__District *m = &s->message;
    if (s->n == s->capacity) {
        uint32_t capacity = s->capacity == 0 ? 32 : 2 * s->capacity;
        uint32_t *rows = realloc(m->rows, capacity * sizeof *rows);
        m->rows = rows != NULL ? rows : m->rows;
        int32_t *from = realloc(m->from_e6, capacity * sizeof *from);
        m->from_e6 = from != NULL ? from : m->from_e6;
        uint32_t *width = realloc(m->width_e6, capacity * sizeof *width);
        m->width_e6 = width != NULL ? width : m->width_e6;
        if (rows == NULL || from == NULL || width == NULL)
            return false;
        s->capacity = capacity;
    }
    m->rows[s->n] = row - s->last_row;
    m->from_e6[s->n] = from_e6 - s->last_end_e6;
    m->width_e6[s->n] = (uint32_t)(to_e6_ - from_e6);
    s->last_row = row;
    s->last_end_e6 = to_e6_;
    m->n_rows = m->n_from_e6 = m->n_width_e6 = ++s->n;
    return true;
}

/* The last span of a row has no end of its own; it is that no district is known there. */
static bool fill_strips(const sgp_graph_places *places, shape *shapes) {
    for (uint32_t row = 0; row < places->n_rows; row++)
        for (uint32_t s = places->first_span[row]; s + 1 < places->first_span[row + 1]; s++) {
            uint32_t district = places->spans[s].district;
            int32_t from = to_e6(places->spans[s].from_lon_e7);
            int32_t to = to_e6(places->spans[s + 1].from_lon_e7);
            if (district < places->n_districts && to > from &&
                !add_strip(&shapes[district], row, from, to))
                return false;
        }
    return true;
}

void sgp_answer_districts(sgp_session *session, uint64_t reply_to) {
    sgp_engine *engine = session->engine;
    const sgp_graph_places *places = &sgp_graph_get(engine->city->graph)->places;
    shape *shapes = calloc((size_t)places->n_districts + 1, sizeof *shapes);
    Sigap__V1__District **list = calloc((size_t)places->n_districts + 1, sizeof(*list));
    bool good = shapes != NULL && list != NULL;
    Sigap__V1__Districts message = SIGAP__V1__DISTRICTS__INIT;
    for (uint32_t i = 0; good && i < places->n_districts; i++) {
        sigap__v1__district__init(&shapes[i].message);
        shapes[i].message.kelurahan =
            (char *)(uintptr_t)(places->texts + places->districts[i].kelurahan);
        shapes[i].message.kecamatan =
            (char *)(uintptr_t)(places->texts + places->districts[i].kecamatan);
        shapes[i].message.kabupaten =
            (char *)(uintptr_t)(places->texts + places->districts[i].kabupaten);
        list[i] = &shapes[i].message;
    }
    if (good && fill_strips(places, shapes)) {
        message.south_e7 = places->south_e7;
        message.row_e7 = places->row_e7;
        message.districts = list;
        message.n_districts = places->n_districts;
        Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
        frame.body_case = SIGAP__V1__FRAME__BODY_DISTRICTS;
        frame.districts = &message;
        sgp_outbox_answer(engine, session->id, reply_to, &frame);
    } else {
        sgp_outbox_error(engine, session->id, reply_to, SGP_E_MEMORY, NULL);
    }
    for (uint32_t i = 0; good && i < places->n_districts; i++) {
        free(shapes[i].message.rows);
        free(shapes[i].message.from_e6);
        free(shapes[i].message.width_e6);
    }
    free(shapes);
    free(list);
}
