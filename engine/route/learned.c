#include "route/learned_table.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { MINUTES_A_DAY = 1440, WORKING_DAYS = 5 };

int sgp_learned_bin(int32_t minute_of_week) {
    assert(minute_of_week >= 0 && minute_of_week < SGP_WEEK_MINUTES);
    int hour = minute_of_week % MINUTES_A_DAY / 60;
    int part = hour < 6 || hour >= 21 ? 0 : hour < 9 ? 1 : hour < 15 ? 2 : 3;
    return part + (minute_of_week / MINUTES_A_DAY < WORKING_DAYS ? 0 : 4);
}

sgp_err sgp_learned_create(const sgp_graph *graph, uint32_t profile, sgp_learned **learned) {
    const sgp_graph_parts *parts = sgp_graph_get(graph);
    if (profile >= parts->n_profiles)
        return SGP_E_ARGUMENT;
    sgp_learned *l = calloc(1, sizeof *l);
    if (!l)
        return SGP_E_MEMORY;
    l->graph = graph;
    l->profile = profile;
    l->row_of = calloc(2 * (size_t)parts->n_edges + 1, sizeof *l->row_of);
    if (!l->row_of) {
        free(l);
        return SGP_E_MEMORY;
    }
    *learned = l;
    return SGP_OK;
}

void sgp_learned_destroy(sgp_learned *learned) {
    if (!learned)
        return;
    free(learned->row_of);
    free(learned->rows);
    for (int bin = 0; bin < SGP_LEARNED_BINS; bin++)
        free(learned->cells[bin]);
    free(learned);
}

int32_t sgp_learned_weight(const sgp_learned *learned, uint32_t move) {
    const sgp_graph_parts *parts = sgp_graph_get(learned->graph);
    const sgp_edge *edge = &parts->edges[move >> 1];
    uint32_t arc = move & 1 ? edge->backward_arc : edge->forward_arc;
    if (arc == SGP_NONE)
        return 0;
    int32_t weight = parts->weight[(size_t)learned->profile * parts->n_arcs + arc];
    return weight < SGP_INF ? weight : 0;
}

/* weight x driven / length without leaving 64 bits: a cell never holds more than
 * SGP_LEARNED_MEMORY lengths and one drive. */
static int64_t expected_ms(int32_t weight, int64_t driven_mm, uint32_t length_mm) {
    return driven_mm / length_mm * weight + driven_mm % length_mm * weight / length_mm;
}

static sgp_err grow(sgp_learned *l, size_t capacity) {
    sgp_learned_row *rows = realloc(l->rows, capacity * sizeof *rows);
    if (!rows)
        return SGP_E_MEMORY;
    l->rows = rows;
    for (int bin = 0; bin < SGP_LEARNED_BINS; bin++) {
        sgp_learned_cell *cells = realloc(l->cells[bin], capacity * sizeof *cells);
        if (!cells)
            return SGP_E_MEMORY; /* what has grown already does no harm */
        l->cells[bin] = cells;
    }
    l->capacity = (uint32_t)capacity;
    return SGP_OK;
}

sgp_err sgp_learned_reserve(sgp_learned *learned, size_t more) {
    if (more <= learned->capacity - learned->n_rows)
        return SGP_OK;
    size_t capacity = learned->n_rows + more;
    if (capacity < 2 * (size_t)learned->capacity)
        capacity = 2 * (size_t)learned->capacity;
    if (capacity < 64)
        capacity = 64;
    return capacity < UINT32_MAX ? grow(learned, capacity) : SGP_E_MEMORY;
}

/* *row: its number. */
static sgp_err find_row(sgp_learned *l, uint32_t move, uint32_t *row) {
    if (l->row_of[move] == 0) {
        sgp_err err = sgp_learned_reserve(l, 1);
        if (err)
            return err;
        l->rows[l->n_rows] = (sgp_learned_row){move, sgp_learned_weight(l, move)};
        for (int bin = 0; bin < SGP_LEARNED_BINS; bin++)
            l->cells[bin][l->n_rows] = (sgp_learned_cell){0};
        l->row_of[move] = ++l->n_rows;
    }
    *row = l->row_of[move] - 1;
    return SGP_OK;
}

sgp_err sgp_learned_add_cell(sgp_learned *learned, uint32_t move, int bin, int64_t took_ms,
                             int64_t driven_mm) {
    const sgp_edge *edge = &sgp_graph_get(learned->graph)->edges[move >> 1];
    uint32_t row;
    sgp_err err = find_row(learned, move, &row);
    if (err)
        return err;
    sgp_learned_cell *cell = &learned->cells[bin][row];
    sgp_learned_total *total = &learned->totals[edge->road_class][bin];
    total->took_ms -= cell->took_ms;
    total->expected_ms -= cell->expected_ms;
    cell->took_ms += took_ms;
    cell->driven_mm += driven_mm;
    while (cell->driven_mm >= (int64_t)SGP_LEARNED_MEMORY * edge->length_mm) {
        cell->took_ms /= 2;
        cell->driven_mm /= 2;
    }
    cell->expected_ms = expected_ms(learned->rows[row].weight, cell->driven_mm, edge->length_mm);
    total->took_ms += cell->took_ms;
    total->expected_ms += cell->expected_ms;
    return SGP_OK;
}

void sgp_learned_add(sgp_learned *learned, uint32_t move, int32_t minute_of_week, uint32_t part_mm,
                     int64_t ms) {
    const sgp_graph_parts *parts = sgp_graph_get(learned->graph);
    learned->n_dropped++; /* until it has been taken in */
    if (move >> 1 >= parts->n_edges || minute_of_week < 0 || minute_of_week >= SGP_WEEK_MINUTES)
        return;
    const sgp_edge *edge = &parts->edges[move >> 1];
    if (part_mm > edge->length_mm || ms <= 0 || ms >= SGP_INF)
        return;
    int64_t expected = expected_ms(sgp_learned_weight(learned, move), part_mm, edge->length_mm);
    if (expected <= 0 || ms * 1000 < expected * SGP_LEARNED_FASTEST ||
        ms * 1000 > expected * SGP_LEARNED_SLOWEST)
        return;
    if (sgp_learned_add_cell(learned, move, sgp_learned_bin(minute_of_week), ms, part_mm) != SGP_OK)
        return;
    learned->n_dropped--;
    learned->n_drives++;
}

static uint32_t bounded(int64_t permille) {
    return permille < SGP_LEARNED_LEAST  ? SGP_LEARNED_LEAST
           : permille > SGP_LEARNED_MOST ? SGP_LEARNED_MOST
                                         : (uint32_t)permille;
}

/* Rounded half up, exactly. Processors divide floating-point numbers several times as fast as
 * whole ones of 64 bits; the quotient is off by one at most, which the rest tells. */
static int64_t divide(int64_t value, int64_t by) {
    value += by / 2;
    int64_t quotient = (int64_t)((double)value / (double)by);
    int64_t rest = value - quotient * by;
    return quotient + (rest >= by) - (rest < 0);
}

uint32_t sgp_learned_class_mean(const sgp_learned *learned, uint32_t road_class, int bin,
                                uint32_t prior) {
    const sgp_learned_total *total = &learned->totals[road_class][bin];
    return (uint32_t)divide(total->took_ms * 1000 + (int64_t)SGP_LEARNED_PRIOR_CLASS * prior,
                            total->expected_ms + SGP_LEARNED_PRIOR_CLASS);
}

uint16_t sgp_learned_over(const sgp_learned *learned, uint32_t move, int bin, uint32_t mean) {
    if (learned->row_of[move] == 0)
        return (uint16_t)bounded(mean);
    uint32_t row = learned->row_of[move] - 1;
    const sgp_learned_cell *cell = &learned->cells[bin][row];
    int64_t prior = (int64_t)SGP_LEARNED_PRIOR_DRIVES * learned->rows[row].weight;
    return (uint16_t)bounded(
        divide(cell->took_ms * 1000 + prior * mean, cell->expected_ms + prior));
}

uint16_t sgp_learned_factor(const sgp_learned *learned, uint32_t move, int bin) {
    const sgp_graph_parts *parts = sgp_graph_get(learned->graph);
    assert(move >> 1 < parts->n_edges && bin >= 0 && bin < SGP_LEARNED_BINS);
    uint8_t road_class = parts->edges[move >> 1].road_class;
    return sgp_learned_over(learned, move, bin,
                            sgp_learned_class_mean(learned, road_class, bin, 1000));
}

sgp_learned_count sgp_learned_counts(const sgp_learned *learned) {
    return (sgp_learned_count){learned->n_drives, learned->n_dropped, learned->n_rows};
}
