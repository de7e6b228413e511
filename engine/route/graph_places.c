#include "sigap/graph_places.h"

#include <string.h>

#include "route/graph_format.h"

enum { ROWS_MAX = 1 << 16 };

typedef struct places_check {
    const sgp_graph_places *places;
    sgp_err code;
    sgp_fault *fault;
} places_check;

/* Does a text begin there? */
static bool is_text(const sgp_graph_places *p, uint32_t offset) {
    return offset < p->texts_length && (offset == 0 || p->texts[offset - 1] == '\0');
}

static bool on_earth(sgp_point p) {
    return p.lon_e7 >= -1800000000 && p.lon_e7 <= 1800000000 && p.lat_e7 >= -900000000 &&
           p.lat_e7 <= 900000000;
}

static sgp_err check_arrays(const places_check *c) {
    const sgp_graph_places *p = c->places;
    if ((p->n_places && !p->places) || (p->texts_length && !p->texts) ||
        (p->n_districts && !p->districts) || (p->n_rows && !p->first_span) ||
        (p->n_spans && !p->spans))
        return sgp_fail(c->fault, c->code, "an array of the places is missing");
    if (p->texts_length == 0 && (p->n_places || p->n_districts))
        return sgp_fail(c->fault, c->code, "places and districts have no texts");
    if (p->texts_length && (p->texts[0] != '\0' || p->texts[p->texts_length - 1] != '\0'))
        return sgp_fail(c->fault, c->code, "the places' texts do not begin and end with a zero");
    return SGP_OK;
}

static sgp_err check_place(const places_check *c, uint32_t number) {
    const sgp_graph_places *p = c->places;
    const sgp_graph_place *place = &p->places[number];
    if (place->kind == '\0' || !strchr("sgfjkaer", place->kind) || place->has_front > 1 ||
        place->reach_m < 0)
        return sgp_fail(c->fault, c->code, "place %u is of no known kind", number);
    if (!on_earth(place->point) || !on_earth(place->front) || !on_earth(place->entrance) ||
        !on_earth(place->south_west) || !on_earth(place->north_east) ||
        place->south_west.lon_e7 > place->north_east.lon_e7 ||
        place->south_west.lat_e7 > place->north_east.lat_e7)
        return sgp_fail(c->fault, c->code, "place %u is not on the earth", number);
    const uint32_t texts[] = {place->label,     place->own,          place->context,
                              place->sort,      place->front_street, place->kelurahan,
                              place->kecamatan, place->kabupaten};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (!is_text(p, texts[i]))
            return sgp_fail(c->fault, c->code, "place %u has a text that does not exist", number);
    return SGP_OK;
}

static sgp_err check_rows(const places_check *c) {
    const sgp_graph_places *p = c->places;
    if (p->n_rows == 0)
        return p->n_spans ? sgp_fail(c->fault, c->code, "the districts have spans but no rows")
                          : SGP_OK;
    if (p->n_rows > ROWS_MAX || p->row_e7 == 0 || p->south_e7 < -900000000 ||
        p->south_e7 + (int64_t)p->n_rows * p->row_e7 > 900000000 + (int64_t)p->row_e7)
        return sgp_fail(c->fault, c->code, "the districts' rows are not on the earth");
    if (p->first_span[0] != 0 || p->first_span[p->n_rows] != p->n_spans)
        return sgp_fail(c->fault, c->code, "the districts' rows do not hold all spans");
    for (uint32_t row = 0; row < p->n_rows; row++) {
        if (p->first_span[row] > p->first_span[row + 1] || p->first_span[row + 1] > p->n_spans)
            return sgp_fail(c->fault, c->code, "the spans of row %u are out of order", row);
        for (uint32_t s = p->first_span[row]; s < p->first_span[row + 1]; s++)
            if ((s > p->first_span[row] &&
                 p->spans[s - 1].from_lon_e7 >= p->spans[s].from_lon_e7) ||
                (p->spans[s].district >= p->n_districts && p->spans[s].district != UINT32_MAX))
                return sgp_fail(c->fault, c->code, "span %u is of no district", s);
    }
    return SGP_OK;
}

sgp_err sgp_graph_places_check(const sgp_graph_places *places, sgp_err code, sgp_fault *fault) {
    places_check c = {places, code, fault};
    sgp_err err = check_arrays(&c);
    for (uint32_t i = 0; i < places->n_places && err == SGP_OK; i++)
        err = check_place(&c, i);
    for (uint32_t i = 0; i < places->n_districts && err == SGP_OK; i++)
        if (!is_text(places, places->districts[i].kelurahan) ||
            !is_text(places, places->districts[i].kecamatan) ||
            !is_text(places, places->districts[i].kabupaten))
            err = sgp_fail(fault, code, "district %u has a text that does not exist", i);
    return err == SGP_OK ? check_rows(&c) : err;
}

const sgp_graph_district *sgp_graph_district_at(const sgp_graph_places *places, sgp_point point) {
    int64_t north_e7 = (int64_t)point.lat_e7 - places->south_e7;
    if (places->n_rows == 0 || north_e7 < 0 || north_e7 / places->row_e7 >= places->n_rows)
        return NULL;
    uint32_t row = (uint32_t)(north_e7 / places->row_e7);
    uint32_t low = places->first_span[row], high = places->first_span[row + 1];
    /* The last span that begins at or west of the point. */
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (places->spans[middle].from_lon_e7 <= point.lon_e7)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == places->first_span[row] || places->spans[low - 1].district == UINT32_MAX)
        return NULL;
    return &places->districts[places->spans[low - 1].district];
}
