#include "route/osm_expand.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "route/osm_ban_automaton.h"
#include "route/osm_crossings.h"

/* One end of an arc at an expanded crossing. */
typedef struct approach {
    uint32_t node;
    uint32_t vertex;
    uint32_t move;
    uint32_t state; /* what the automaton knows on this arc */
} approach;

typedef struct expansion {
    sgp_osm_network *network;
    const sgp_osm_folded *folded;
    sgp_osm_expanded *expanded;
    sgp_osm_ban_automaton automaton;
    sgp_osm_crossings crossings;
    uint32_t everybody, obeying;     /* bit p: vehicle p; those that obey restrictions */
    uint8_t *is_expanded;            /* [n_nodes] */
    uint32_t *node_vertex;           /* [n_nodes] of plain crossings */
    uint32_t *copy_vertex;           /* [n_states] where the copied arc of a state begins */
    sgp_buffer arrivals, departures; /* approach; departures of own arcs only */
    sgp_fault *fault;
} expansion;

static sgp_err fail_memory(sgp_fault *fault) {
    return sgp_fail(fault, SGP_E_MEMORY,
                    "no memory left to build the graph; a smaller extract is needed");
}

static const sgp_osm_ban_state *state_of(const expansion *x, uint32_t state) {
    return &SGP_OSM_LIST(const sgp_osm_ban_state, x->automaton.states)[state];
}

static sgp_err add_vertex(expansion *x, uint32_t node, uint32_t *vertex) {
    size_t number = SGP_OSM_COUNT(uint32_t, x->expanded->vertex_nodes);
    if (number >= SGP_NONE / 2)
        return sgp_fail(x->fault, SGP_E_TOO_LARGE, "the extract has more than 2^31 crossings");
    if (sgp_buffer_append(&x->expanded->vertex_nodes, &node, sizeof node) != SGP_OK)
        return fail_memory(x->fault);
    *vertex = (uint32_t)number;
    return SGP_OK;
}

static sgp_err add_arc(expansion *x, sgp_osm_arc arc) {
    if (SGP_OSM_COUNT(sgp_osm_arc, x->expanded->arcs) >= SGP_NONE / 2)
        return sgp_fail(x->fault, SGP_E_TOO_LARGE, "the extract needs more than 2^31 arcs");
    if (sgp_buffer_append(&x->expanded->arcs, &arc, sizeof arc) != SGP_OK)
        return fail_memory(x->fault);
    return SGP_OK;
}

static bool blocks(const expansion *x, uint32_t node) {
    return x->network->node_flags[node] & SGP_OSM_NODE_BLOCKS;
}

bool sgp_osm_move_exists(const sgp_osm_network *network, const sgp_osm_folded *folded,
                         uint32_t move) {
    const int32_t *times = sgp_osm_move_times(network, folded, move);
    for (uint32_t p = 0; p < network->n_vehicles; p++) {
        if (times[p] != SGP_INF)
            return true;
    }
    return false;
}

/* Whether anybody gets there, and the ban goes on from there. */
static bool goes_on(const expansion *x, uint32_t s) {
    const sgp_osm_ban_state *state = state_of(x, s);
    return state->closed != x->everybody && state->first_child != 0;
}

/* Turns are decided where a beginning of a ban leads to, where a barrier sorts, and where
 * they have costs. */
static sgp_err choose_expanded(expansion *x) {
    size_t n_states = SGP_OSM_COUNT(sgp_osm_ban_state, x->automaton.states);
    for (uint32_t s = 1; s < n_states; s++) {
        uint32_t node = sgp_osm_move_head(x->folded, state_of(x, s)->move);
        if (goes_on(x, s) && !blocks(x, node))
            x->is_expanded[node] = 1;
    }
    for (uint32_t node = 0; node < x->network->n_nodes; node++) {
        uint16_t flags = x->network->node_flags[node];
        if ((flags & (SGP_OSM_NODE_SORTS | SGP_OSM_NODE_HOURS)) || x->crossings.costed[node])
            x->is_expanded[node] = 1;
        uint32_t arms = x->crossings.first_arm[node + 1] - x->crossings.first_arm[node];
        if (x->is_expanded[node] && arms > SGP_OSM_ARMS_MAX)
            return sgp_fail(x->fault, SGP_E_TOO_LARGE,
                            "%u roads meet at node %lld, where turns matter; at most %d can", arms,
                            (long long)x->network->node_ids[node], SGP_OSM_ARMS_MAX);
    }
    return SGP_OK;
}

static sgp_err add_plain_vertices(expansion *x) {
    sgp_osm_network *network = x->network;
    for (uint32_t node = 0; node < network->n_nodes; node++) {
        if (!(network->node_flags[node] & SGP_OSM_NODE_VERTEX))
            continue;
        network->counts.junctions++;
        network->counts.expanded += x->is_expanded[node];
        if (x->is_expanded[node] || blocks(x, node))
            continue;
        sgp_err err = add_vertex(x, node, &x->node_vertex[node]);
        if (err != SGP_OK)
            return err;
    }
    return SGP_OK;
}

/* The vertex at which an arc touches `node`. `shared` is the vertex of this end
 * of the edge where the node blocks cars: both directions of the edge meet there. */
static sgp_err touch(expansion *x, uint32_t node, uint32_t *shared, sgp_buffer *approaches,
                     uint32_t move, uint32_t state, uint32_t *vertex) {
    if (!x->is_expanded[node] && !blocks(x, node)) {
        *vertex = x->node_vertex[node];
        return SGP_OK;
    }
    if (blocks(x, node)) {
        sgp_err err = *shared == SGP_NONE ? add_vertex(x, node, shared) : SGP_OK;
        *vertex = *shared;
        return err;
    }
    sgp_err err = add_vertex(x, node, vertex);
    approach added = {node, *vertex, move, state};
    if (err == SGP_OK && approaches &&
        sgp_buffer_append(approaches, &added, sizeof added) != SGP_OK)
        err = fail_memory(x->fault);
    return err;
}

static sgp_err add_own_arcs(expansion *x) {
    uint32_t n_edges = (uint32_t)SGP_OSM_COUNT(sgp_edge, x->folded->edges);
    for (uint32_t edge = 0; edge < n_edges; edge++) {
        uint32_t shared[2] = {SGP_NONE, SGP_NONE}; /* at the edge's tail, at its head */
        for (uint32_t move = edge << 1; move <= (edge << 1 | 1); move++) {
            if (!sgp_osm_move_exists(x->network, x->folded, move))
                continue;
            sgp_osm_arc arc = {.move = move};
            uint32_t backward = move & 1;
            sgp_err err = touch(x, sgp_osm_move_tail(x->folded, move), &shared[backward],
                                &x->departures, move, 0, &arc.tail);
            if (err == SGP_OK)
                err = touch(x, sgp_osm_move_head(x->folded, move), &shared[!backward], &x->arrivals,
                            move, x->automaton.first_state[move], &arc.head);
            if (err == SGP_OK)
                err = add_arc(x, arc);
            if (err != SGP_OK)
                return err;
        }
    }
    x->expanded->n_own_arcs = SGP_OSM_COUNT(sgp_osm_arc, x->expanded->arcs);
    return SGP_OK;
}

/* The copies for drivers who came along the beginning of a ban of three or more
 * moves. Both ends lie at expanded crossings, for the ban speaks of both. */
static sgp_err add_copied_arcs(expansion *x) {
    size_t n_states = SGP_OSM_COUNT(sgp_osm_ban_state, x->automaton.states);
    for (uint32_t s = 1; s < n_states; s++) {
        const sgp_osm_ban_state *state = state_of(x, s);
        uint32_t tail = sgp_osm_move_tail(x->folded, state->move);
        uint32_t head = sgp_osm_move_head(x->folded, state->move);
        x->copy_vertex[s] = SGP_NONE;
        if (!goes_on(x, s) || state->depth < 2 || !x->is_expanded[tail] || !x->is_expanded[head])
            continue;
        sgp_osm_arc arc = {.move = state->move};
        sgp_err err = touch(x, tail, NULL, NULL, state->move, s, &arc.tail);
        x->copy_vertex[s] = arc.tail;
        if (err == SGP_OK)
            err = touch(x, head, NULL, &x->arrivals, state->move, s, &arc.head);
        if (err == SGP_OK)
            err = add_arc(x, arc);
        if (err != SGP_OK)
            return err;
    }
    return SGP_OK;
}

static int compare_approaches(const void *a, const void *b) {
    const approach *x = a, *y = b;
    if (x->node != y->node)
        return (x->node > y->node) - (x->node < y->node);
    return (x->vertex > y->vertex) - (x->vertex < y->vertex);
}

/* The vertex from which a driver leaves who is then in `state`, having made `departure`. */
static uint32_t leaving_vertex(const expansion *x, const approach *departure, uint32_t state) {
    uint32_t memory = sgp_osm_ban_automaton_memory(&x->automaton, state);
    bool remembers =
        memory != 0 && state_of(x, memory)->depth >= 2 && x->copy_vertex[memory] != SGP_NONE;
    return remembers ? x->copy_vertex[memory] : departure->vertex;
}

/* What turning costs vehicle `p`. Where it does not pass, turning back is all that is left,
 * whatever a sign says. Crossings that only a restriction makes special know the cost of
 * turning round, but no other. */
static int32_t turn_ms(const expansion *x, uint32_t p, bool blocked, bool bound,
                       sgp_osm_turn_kind kind, bool costed) {
    const sgp_vehicle *vehicle = &x->network->profiles->vehicles[p];
    bool turns_back = kind == SGP_OSM_TURN_BACK;
    if (blocked)
        return turns_back ? 0 : SGP_INF;
    if (bound && vehicle->obeys_restrictions)
        return SGP_INF;
    bool costs = x->network->profiles->turns >= SGP_TURNS_MAJOR && (costed || turns_back);
    return (costs ? sgp_osm_turn_kind_ms(kind, vehicle) : 0) +
           (bound ? (int32_t)vehicle->restriction_ms : 0);
}

/* What turning costs each vehicle, in ms[n_vehicles]; false when nobody may turn so. */
static bool turn_times(const expansion *x, const approach *arrival, const approach *departure,
                       uint32_t state, int32_t *ms) {
    const sgp_osm_network *network = x->network;
    const int32_t *before = sgp_osm_move_times(network, x->folded, arrival->move);
    const int32_t *after = sgp_osm_move_times(network, x->folded, departure->move);
    const sgp_osm_spot *spots = sgp_osm_network_spots(network, arrival->node);
    sgp_osm_turn_kind kind = sgp_osm_crossings_turn(&x->crossings, arrival->move, departure->move);
    uint32_t bound = state == 0 ? 0 : state_of(x, state)->bound;
    bool any = false;
    for (uint32_t p = 0; p < network->n_vehicles; p++) {
        ms[p] = before[p] == SGP_INF || after[p] == SGP_INF
                    ? SGP_INF
                    : turn_ms(x, p, spots && spots[p].blocks, bound >> p & 1, kind,
                              x->crossings.costed[arrival->node]);
        any = any || ms[p] != SGP_INF;
    }
    return any;
}

/* Notes the hours at which the turn is closed: by a gate that he would go through, by bans
 * that hold at some hours. It will be the next connector. */
static sgp_err close_turn(expansion *x, const approach *arrival, const approach *departure,
                          uint32_t state, const int32_t *ms) {
    const sgp_osm_ban_by_hours *bans =
        SGP_OSM_LIST(const sgp_osm_ban_by_hours, x->automaton.by_hours);
    const sgp_osm_spot *spots = sgp_osm_network_spots(x->network, arrival->node);
    sgp_buffer *list = &x->expanded->closed_turns;
    uint32_t n = x->network->n_vehicles;
    uint32_t turn = (uint32_t)(SGP_OSM_COUNT(int32_t, x->expanded->turn_times) / n);
    bool turns_back = (arrival->move ^ 1) == departure->move;
    sgp_err err = SGP_OK;
    for (uint32_t p = 0; err == SGP_OK && p < n; p++) {
        if (ms[p] == SGP_INF)
            continue;
        if (spots && !turns_back)
            err = sgp_osm_closed_add(list, turn, p, spots[p].closed);
        for (uint32_t s = state; s != 0; s = state_of(x, s)->fallback) {
            for (uint32_t b = state_of(x, s)->first_by_hours; b != 0; b = bans[b - 1].next) {
                bool binds = bans[b - 1].vehicles & x->obeying & UINT32_C(1) << p;
                if (err == SGP_OK && binds && !(spots && spots[p].blocks))
                    err = sgp_osm_closed_add(list, turn, p, bans[b - 1].hours);
            }
        }
    }
    return err;
}

static sgp_err add_turn(expansion *x, const approach *arrival, const approach *departure) {
    uint32_t next = sgp_osm_ban_automaton_next(&x->automaton, arrival->state, departure->move);
    int32_t ms[SGP_PROFILES_MAX];
    if (!turn_times(x, arrival, departure, next, ms))
        return SGP_OK;
    if (close_turn(x, arrival, departure, next, ms) != SGP_OK)
        return fail_memory(x->fault);
    if (sgp_buffer_append(&x->expanded->turn_times, ms, x->network->n_vehicles * sizeof *ms) !=
        SGP_OK)
        return fail_memory(x->fault);
    return add_arc(x, (sgp_osm_arc){arrival->vertex, leaving_vertex(x, departure, next), SGP_NONE});
}

static sgp_err add_turns(expansion *x) {
    approach *arrivals = SGP_OSM_LIST(approach, x->arrivals);
    approach *departures = SGP_OSM_LIST(approach, x->departures);
    size_t n_arrivals = SGP_OSM_COUNT(approach, x->arrivals);
    size_t n_departures = SGP_OSM_COUNT(approach, x->departures);
    if (n_arrivals == 0 || n_departures == 0)
        return SGP_OK;
    qsort(arrivals, n_arrivals, sizeof *arrivals, compare_approaches);
    qsort(departures, n_departures, sizeof *departures, compare_approaches);
    size_t first = 0;
    for (size_t a = 0; a < n_arrivals; a++) {
        while (first < n_departures && departures[first].node < arrivals[a].node)
            first++;
        for (size_t d = first; d < n_departures && departures[d].node == arrivals[a].node; d++) {
            sgp_err err = add_turn(x, &arrivals[a], &departures[d]);
            if (err != SGP_OK)
                return err;
        }
    }
    return SGP_OK;
}

sgp_err sgp_osm_expand(sgp_osm_network *network, const sgp_osm_folded *folded,
                       const sgp_osm_bans *bans, sgp_osm_expanded *expanded, sgp_fault *fault) {
    *expanded = (sgp_osm_expanded){0};
    expansion x = {.network = network, .folded = folded, .expanded = expanded, .fault = fault};
    size_t n_moves = 2 * SGP_OSM_COUNT(sgp_edge, folded->edges);
    sgp_err err = SGP_OK;
    for (uint32_t p = 0; p < network->n_vehicles; p++) {
        x.everybody |= UINT32_C(1) << p;
        x.obeying |= (uint32_t)network->profiles->vehicles[p].obeys_restrictions << p;
    }
    if (sgp_osm_ban_automaton_make(&x.automaton, bans, n_moves, x.obeying) != SGP_OK)
        err = fail_memory(fault);
    x.is_expanded = calloc(network->n_nodes, sizeof *x.is_expanded);
    x.node_vertex = calloc(network->n_nodes, sizeof *x.node_vertex);
    x.copy_vertex =
        calloc(SGP_OSM_COUNT(sgp_osm_ban_state, x.automaton.states) + 1, sizeof *x.copy_vertex);
    if (err == SGP_OK)
        err = sgp_osm_crossings_make(network, folded, &x.crossings, fault);
    if (err == SGP_OK && (!x.is_expanded || !x.node_vertex || !x.copy_vertex))
        err = fail_memory(fault);
    if (err == SGP_OK)
        err = choose_expanded(&x);
    if (err == SGP_OK)
        err = add_plain_vertices(&x);
    if (err == SGP_OK)
        err = add_own_arcs(&x);
    if (err == SGP_OK)
        err = add_copied_arcs(&x);
    if (err == SGP_OK)
        err = add_turns(&x);
    sgp_osm_ban_automaton_deinit(&x.automaton);
    sgp_osm_crossings_deinit(&x.crossings);
    free(x.is_expanded);
    free(x.node_vertex);
    free(x.copy_vertex);
    sgp_buffer_free(&x.arrivals);
    sgp_buffer_free(&x.departures);
    return err;
}

void sgp_osm_expanded_deinit(sgp_osm_expanded *expanded) {
    sgp_buffer_free(&expanded->vertex_nodes);
    sgp_buffer_free(&expanded->arcs);
    sgp_buffer_free(&expanded->turn_times);
    sgp_buffer_free(&expanded->closed_turns);
    *expanded = (sgp_osm_expanded){0};
}
