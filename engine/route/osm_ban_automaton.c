#include "route/osm_ban_automaton.h"

#include <stdlib.h>

static sgp_osm_ban_state *states_of(const sgp_osm_ban_automaton *automaton) {
    return SGP_OSM_LIST(sgp_osm_ban_state, automaton->states);
}

static uint32_t child_of(const sgp_osm_ban_automaton *automaton, uint32_t state, uint32_t move) {
    if (state == 0)
        return automaton->first_state[move];
    const sgp_osm_ban_state *states = states_of(automaton);
    uint32_t child = states[state].first_child;
    while (child != 0 && states[child].move != move)
        child = states[child].next_sibling;
    return child;
}

static sgp_err add_child(sgp_osm_ban_automaton *automaton, uint32_t parent, uint32_t move,
                         uint32_t *child) {
    uint32_t number = (uint32_t)SGP_OSM_COUNT(sgp_osm_ban_state, automaton->states);
    sgp_osm_ban_state added = {.move = move,
                               .depth = states_of(automaton)[parent].depth + 1,
                               .parent = parent,
                               .next_sibling = states_of(automaton)[parent].first_child};
    sgp_err err = sgp_buffer_append(&automaton->states, &added, sizeof added);
    if (err != SGP_OK)
        return err;
    states_of(automaton)[parent].first_child = number;
    if (parent == 0)
        automaton->first_state[move] = number;
    *child = number;
    return SGP_OK;
}

uint32_t sgp_osm_ban_automaton_next(const sgp_osm_ban_automaton *automaton, uint32_t state,
                                    uint32_t move) {
    const sgp_osm_ban_state *states = states_of(automaton);
    for (;;) {
        uint32_t child = child_of(automaton, state, move);
        if (child != 0 || state == 0)
            return child;
        state = states[state].fallback;
    }
}

static int compare_depths(const void *a, const void *b) {
    const sgp_osm_ban_state *x = *(sgp_osm_ban_state *const *)a;
    const sgp_osm_ban_state *y = *(sgp_osm_ban_state *const *)b;
    return x->depth != y->depth ? (x->depth > y->depth) - (x->depth < y->depth) : (x > y) - (x < y);
}

/* Fallbacks of shallow states first: those of deeper ones rest on them. */
static sgp_err link_fallbacks(sgp_osm_ban_automaton *automaton, uint32_t obeying) {
    sgp_osm_ban_state *states = states_of(automaton);
    size_t n = SGP_OSM_COUNT(sgp_osm_ban_state, automaton->states);
    sgp_osm_ban_state **order = malloc(n * sizeof *order);
    if (!order)
        return SGP_E_MEMORY;
    for (size_t i = 0; i < n; i++)
        order[i] = &states[i];
    qsort(order, n, sizeof *order, compare_depths);
    for (size_t i = 1; i < n; i++) {
        sgp_osm_ban_state *state = order[i];
        state->fallback = state->depth == 1
                              ? 0
                              : sgp_osm_ban_automaton_next(
                                    automaton, states[state->parent].fallback, state->move);
        state->bound |= states[state->fallback].bound;
        state->closed = (state->bound & obeying) | states[state->parent].closed;
    }
    free(order);
    return SGP_OK;
}

static sgp_err add_by_hours(sgp_osm_ban_automaton *automaton, uint32_t state,
                            const sgp_osm_ban *ban) {
    sgp_osm_ban_by_hours added = {ban->hours, ban->vehicles,
                                  states_of(automaton)[state].first_by_hours};
    sgp_err err = sgp_buffer_append(&automaton->by_hours, &added, sizeof added);
    if (err == SGP_OK)
        states_of(automaton)[state].first_by_hours =
            (uint32_t)SGP_OSM_COUNT(sgp_osm_ban_by_hours, automaton->by_hours);
    return err;
}

sgp_err sgp_osm_ban_automaton_make(sgp_osm_ban_automaton *automaton, const sgp_osm_bans *bans,
                                   size_t n_moves, uint32_t obeying) {
    *automaton = (sgp_osm_ban_automaton){0};
    automaton->first_state = calloc(n_moves + 1, sizeof *automaton->first_state);
    sgp_osm_ban_state none = {.move = SGP_NONE};
    sgp_err err = automaton->first_state ? sgp_buffer_append(&automaton->states, &none, sizeof none)
                                         : SGP_E_MEMORY;
    const uint32_t *move = SGP_OSM_LIST(const uint32_t, bans->moves);
    const sgp_osm_ban *list = SGP_OSM_LIST(const sgp_osm_ban, bans->list);
    for (size_t i = 0; err == SGP_OK && i < SGP_OSM_COUNT(sgp_osm_ban, bans->list); i++) {
        uint32_t state = 0;
        for (uint32_t m = 0; err == SGP_OK && m < list[i].n_moves; m++, move++) {
            uint32_t child = child_of(automaton, state, *move);
            if (child == 0)
                err = add_child(automaton, state, *move, &child);
            state = child;
        }
        if (err == SGP_OK && list[i].hours == 0)
            states_of(automaton)[state].bound |= list[i].vehicles;
        else if (err == SGP_OK)
            err = add_by_hours(automaton, state, &list[i]);
    }
    return err == SGP_OK ? link_fallbacks(automaton, obeying) : err;
}

uint32_t sgp_osm_ban_automaton_memory(const sgp_osm_ban_automaton *automaton, uint32_t state) {
    const sgp_osm_ban_state *states = states_of(automaton);
    while (state != 0 && states[state].first_child == 0)
        state = states[state].fallback;
    return state;
}

void sgp_osm_ban_automaton_deinit(sgp_osm_ban_automaton *automaton) {
    sgp_buffer_free(&automaton->states);
    sgp_buffer_free(&automaton->by_hours);
    free(automaton->first_state);
    *automaton = (sgp_osm_ban_automaton){0};
}
