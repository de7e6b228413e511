/* The board: the newest known state of units, hospitals, calls, incidents,
 * assignments and recommendations, as the engine's updates tell it.
 *
 * Updates give their messages to the board: it keeps them by number and hands
 * back what they replace, so that the narrator can tell what changed. Things of
 * incidents long closed are forgotten beyond SGP_BOARD_CLOSED_MAX. Times are
 * wall milliseconds. Not thread-safe.
 */
#ifndef SGP_APPS_BOARD_H
#define SGP_APPS_BOARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sigap/error.h"
#include "sigap/v1/dispatch.pb-c.h"

enum { SGP_BOARD_CLOSED_MAX = 2048 };

typedef struct sgp_shelf_item {
    uint64_t id;
    ProtobufCMessage *message;
    bool seen; /* since the last connection */
} sgp_shelf_item;

typedef struct sgp_shelf { /* by ascending id */
    sgp_shelf_item *items;
    size_t n, capacity;
} sgp_shelf;

typedef struct sgp_board {
    sgp_shelf units, hospitals, calls, incidents, assignments, recommendations;
    sgp_shelf transfers;
    sgp_shelf rings;
    sgp_shelf callers; /* what was said about the place, by call; only where we may hear it */
} sgp_board;           /* zero-initialise */

void sgp_board_free(sgp_board *board);

/* Puts `message` on the shelf (ownership passes also on error). *old becomes
 * what it replaces, to be freed with protobuf_c_message_free_unpacked; NULL: new. */
sgp_err sgp_shelf_put(sgp_shelf *shelf, uint64_t id, ProtobufCMessage *message,
                      ProtobufCMessage **old) SGP_MUST_USE;
ProtobufCMessage *sgp_shelf_get(const sgp_shelf *shelf, uint64_t id);
void sgp_shelf_remove(sgp_shelf *shelf, uint64_t id);

/* Borrowed until the thing changes; NULL: not known. */
const Sigap__V1__Unit *sgp_board_unit(const sgp_board *board, uint64_t number);
const Sigap__V1__Unit *sgp_board_unit_by_code(const sgp_board *board, const char *code);
const Sigap__V1__Hospital *sgp_board_hospital_by_code(const sgp_board *board, const char *code);
const Sigap__V1__Call *sgp_board_call(const sgp_board *board, uint64_t id);
const Sigap__V1__CallerDetail *sgp_board_caller(const sgp_board *board, uint64_t call);
const Sigap__V1__Incident *sgp_board_incident(const sgp_board *board, uint64_t id);
const Sigap__V1__Assignment *sgp_board_assignment(const sgp_board *board, uint64_t id);
const Sigap__V1__Recommendation *sgp_board_recommendation(const sgp_board *board, uint64_t id);

/* Takes everything out of an update onto the shelves, without telling anybody. */
sgp_err sgp_board_take(sgp_board *board, Sigap__V1__Update *update) SGP_MUST_USE;

/* Forgets the oldest closed incidents, with what belongs to them, beyond the bound. */
void sgp_board_trim(sgp_board *board);

/* Intervals of one assignment, by DESIGN.md's names; -1 = not (yet) known. */
typedef struct sgp_intervals {
    int64_t locate_ms;    /* answer -> place */
    int64_t decide_ms;    /* place -> order */
    int64_t turnout_ms;   /* order -> en route */
    int64_t travel_ms;    /* en route -> on scene */
    int64_t scene_ms;     /* on scene -> leaving */
    int64_t transport_ms; /* leaving -> hospital */
    int64_t handover_ms;  /* hospital -> handed over */
    int64_t response_ms;  /* answer -> on scene */
} sgp_intervals;
void sgp_intervals_of(const Sigap__V1__Incident *incident, const Sigap__V1__Assignment *assignment,
                      sgp_intervals *intervals);

/* When the assignment entered a state; 0 = never. */
int64_t sgp_assignment_at(const Sigap__V1__Assignment *assignment,
                          Sigap__V1__AssignmentState state);

/* Is the assignment still going on? */
bool sgp_assignment_open(const Sigap__V1__Assignment *assignment);

#endif
