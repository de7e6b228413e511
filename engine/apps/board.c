#include "apps/board.h"

#include <stdlib.h>
#include <string.h>

static size_t position_of(const sgp_shelf *shelf, uint64_t id) {
    size_t low = 0, high = shelf->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (shelf->items[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

sgp_err sgp_shelf_put(sgp_shelf *shelf, uint64_t id, ProtobufCMessage *message,
                      ProtobufCMessage **old) {
    size_t at = position_of(shelf, id);
    *old = NULL;
    if (at < shelf->n && shelf->items[at].id == id) {
        *old = shelf->items[at].message;
        shelf->items[at].message = message;
        shelf->items[at].seen = true;
        return SGP_OK;
    }
    if (shelf->n == shelf->capacity) {
        size_t capacity = shelf->capacity == 0 ? 64 : shelf->capacity * 2;
        sgp_shelf_item *items = realloc(shelf->items, capacity * sizeof *items);
        if (items == NULL) {
            protobuf_c_message_free_unpacked(message, NULL);
            return SGP_E_MEMORY;
        }
        shelf->items = items;
        shelf->capacity = capacity;
    }
    memmove(shelf->items + at + 1, shelf->items + at, (shelf->n - at) * sizeof *shelf->items);
    shelf->items[at] = (sgp_shelf_item){.id = id, .message = message, .seen = true};
    shelf->n++;
    return SGP_OK;
}

ProtobufCMessage *sgp_shelf_get(const sgp_shelf *shelf, uint64_t id) {
    size_t at = position_of(shelf, id);
    return at < shelf->n && shelf->items[at].id == id ? shelf->items[at].message : NULL;
}

void sgp_shelf_remove(sgp_shelf *shelf, uint64_t id) {
    size_t at = position_of(shelf, id);
    if (at >= shelf->n || shelf->items[at].id != id)
        return;
    protobuf_c_message_free_unpacked(shelf->items[at].message, NULL);
    memmove(shelf->items + at, shelf->items + at + 1, (shelf->n - at - 1) * sizeof *shelf->items);
    shelf->n--;
}

static void shelf_free(sgp_shelf *shelf) {
    for (size_t i = 0; i < shelf->n; i++)
        protobuf_c_message_free_unpacked(shelf->items[i].message, NULL);
    free(shelf->items);
    *shelf = (sgp_shelf){0};
}

void sgp_board_free(sgp_board *board) {
    shelf_free(&board->units);
    shelf_free(&board->hospitals);
    shelf_free(&board->calls);
    shelf_free(&board->incidents);
    shelf_free(&board->assignments);
    shelf_free(&board->recommendations);
    shelf_free(&board->callers);
    shelf_free(&board->transfers);
    shelf_free(&board->rings);
}

const Sigap__V1__Unit *sgp_board_unit(const sgp_board *board, uint64_t number) {
    return (const Sigap__V1__Unit *)sgp_shelf_get(&board->units, number);
}

const Sigap__V1__Unit *sgp_board_unit_by_code(const sgp_board *board, const char *code) {
    for (size_t i = 0; i < board->units.n; i++) {
        const Sigap__V1__Unit *unit = (const Sigap__V1__Unit *)board->units.items[i].message;
        if (strcmp(unit->code, code) == 0)
            return unit;
    }
    return NULL;
}

const Sigap__V1__Hospital *sgp_board_hospital_by_code(const sgp_board *board, const char *code) {
    for (size_t i = 0; i < board->hospitals.n; i++) {
        const Sigap__V1__Hospital *hospital =
            (const Sigap__V1__Hospital *)board->hospitals.items[i].message;
        if (strcmp(hospital->code, code) == 0)
            return hospital;
    }
    return NULL;
}

const Sigap__V1__Call *sgp_board_call(const sgp_board *board, uint64_t id) {
    return (const Sigap__V1__Call *)sgp_shelf_get(&board->calls, id);
}

const Sigap__V1__CallerDetail *sgp_board_caller(const sgp_board *board, uint64_t call) {
    return (const Sigap__V1__CallerDetail *)sgp_shelf_get(&board->callers, call);
}

const Sigap__V1__Incident *sgp_board_incident(const sgp_board *board, uint64_t id) {
    return (const Sigap__V1__Incident *)sgp_shelf_get(&board->incidents, id);
}

const Sigap__V1__Assignment *sgp_board_assignment(const sgp_board *board, uint64_t id) {
    return (const Sigap__V1__Assignment *)sgp_shelf_get(&board->assignments, id);
}

const Sigap__V1__Recommendation *sgp_board_recommendation(const sgp_board *board, uint64_t id) {
    return (const Sigap__V1__Recommendation *)sgp_shelf_get(&board->recommendations, id);
}

/* Moves one message out of the update; what it replaced is freed. */
static sgp_err move(sgp_shelf *shelf, uint64_t id, ProtobufCMessage **from) {
    ProtobufCMessage *message = *from, *old;
    *from = NULL;
    sgp_err err = sgp_shelf_put(shelf, id, message, &old);
    protobuf_c_message_free_unpacked(old, NULL);
    return err;
}

sgp_err sgp_board_take(sgp_board *board, Sigap__V1__Update *update) {
    sgp_err err = SGP_OK;
#define TAKE(shelf, key)                                                                           \
    for (size_t i = 0; i < update->n_##shelf && err == SGP_OK; i++)                                \
        if (update->shelf[i] != NULL)                                                              \
            err = move(&board->shelf, update->shelf[i]->key,                                       \
                       (ProtobufCMessage **)&update->shelf[i]);
    TAKE(units, number)
    TAKE(hospitals, number)
    TAKE(calls, id)
    TAKE(incidents, id)
    TAKE(assignments, id)
    TAKE(recommendations, id)
    TAKE(callers, call_id)
    TAKE(transfers, id)
    TAKE(rings, id)
#undef TAKE
    return err;
}

static void forget_incident(sgp_board *board, uint64_t id) {
    for (size_t i = board->assignments.n; i-- > 0;)
        if (((const Sigap__V1__Assignment *)board->assignments.items[i].message)->incident_id == id)
            sgp_shelf_remove(&board->assignments, board->assignments.items[i].id);
    for (size_t i = board->recommendations.n; i-- > 0;)
        if (((const Sigap__V1__Recommendation *)board->recommendations.items[i].message)
                ->incident_id == id)
            sgp_shelf_remove(&board->recommendations, board->recommendations.items[i].id);
    for (size_t i = board->calls.n; i-- > 0;)
        if (((const Sigap__V1__Call *)board->calls.items[i].message)->incident_id == id) {
            sgp_shelf_remove(&board->callers, board->calls.items[i].id);
            sgp_shelf_remove(&board->calls, board->calls.items[i].id);
        }
    sgp_shelf_remove(&board->incidents, id);
}

void sgp_board_trim(sgp_board *board) {
    /* A slack of a quarter keeps this walk rare. */
    if (board->incidents.n < SGP_BOARD_CLOSED_MAX + SGP_BOARD_CLOSED_MAX / 4)
        return;
    size_t closed = 0;
    for (size_t i = board->incidents.n; i-- > 0;) {
        const Sigap__V1__Incident *incident =
            (const Sigap__V1__Incident *)board->incidents.items[i].message;
        if (incident->state == SIGAP__V1__INCIDENT_STATE__INCIDENT_CLOSED &&
            ++closed > SGP_BOARD_CLOSED_MAX)
            forget_incident(board, incident->id);
    }
}

int64_t sgp_assignment_at(const Sigap__V1__Assignment *assignment,
                          Sigap__V1__AssignmentState state) {
    for (size_t i = 0; i < assignment->n_stamps; i++)
        if (assignment->stamps[i]->state == state)
            return assignment->stamps[i]->at_ms;
    return 0;
}

bool sgp_assignment_open(const Sigap__V1__Assignment *assignment) {
    return assignment->state >= SIGAP__V1__ASSIGNMENT_STATE__PROPOSED &&
           assignment->state <= SIGAP__V1__ASSIGNMENT_STATE__HANDED_OVER;
}

static int64_t between(int64_t from_ms, int64_t to_ms) {
    return from_ms > 0 && to_ms > 0 ? to_ms - from_ms : -1;
}

void sgp_intervals_of(const Sigap__V1__Incident *incident, const Sigap__V1__Assignment *assignment,
                      sgp_intervals *intervals) {
    *intervals = (sgp_intervals){-1, -1, -1, -1, -1, -1, -1, -1};
    if (incident != NULL)
        intervals->locate_ms = between(incident->opened_at_ms, incident->placed_at_ms);
    if (assignment == NULL)
        return;
    int64_t ordered = sgp_assignment_at(assignment, SIGAP__V1__ASSIGNMENT_STATE__ORDERED);
    int64_t en_route = sgp_assignment_at(assignment, SIGAP__V1__ASSIGNMENT_STATE__EN_ROUTE);
    int64_t on_scene = sgp_assignment_at(assignment, SIGAP__V1__ASSIGNMENT_STATE__ON_SCENE);
    int64_t leaving = sgp_assignment_at(assignment, SIGAP__V1__ASSIGNMENT_STATE__TRANSPORTING);
    int64_t hospital = sgp_assignment_at(assignment, SIGAP__V1__ASSIGNMENT_STATE__AT_HOSPITAL);
    int64_t handed = sgp_assignment_at(assignment, SIGAP__V1__ASSIGNMENT_STATE__HANDED_OVER);
    int64_t closed = sgp_assignment_at(assignment, SIGAP__V1__ASSIGNMENT_STATE__CLOSED);
    intervals->turnout_ms = between(ordered, en_route);
    intervals->travel_ms = between(en_route, on_scene);
    /* Where nobody was transported, the scene ends with the assignment. */
    intervals->scene_ms = between(on_scene, leaving > 0 ? leaving : closed);
    intervals->transport_ms = between(leaving, hospital);
    intervals->handover_ms = between(hospital, handed);
    if (incident != NULL) {
        intervals->decide_ms = between(incident->placed_at_ms, ordered);
        intervals->response_ms = between(incident->opened_at_ms, on_scene);
    }
}
