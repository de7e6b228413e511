/* The calls that a replay plays: where, when, what, and as much as history tells of how it went on.
 *
 * Read from CSV as planners export it (RFC 4180 through libcsv; the first line names the columns,
 * their order is free, unknown columns are passed over):
 *
 *     time        needed. "2026-03-14 07:05:00" local time of the city, or with 'T', and with 'Z'
 *                 or +07:00 behind it exact
 *     lon, lat    needed, decimal degrees
 *     complaint   code; "" = not told
 *     priority    P1..P4 or 1..4; "" = by the complaint
 *     scene_s     seconds on scene; "" = drawn
 *     transport   yes/no, ya/tidak, 1/0; "" = drawn
 *     outcome     SERVED, PRANK, GHOST, ...; "" = drawn where the scenario says so, else real
 *     id          any whole number; "" = the row's own. The same id is the same call in every
 *                 replay, whatever rows stand around it
 *     days, hours, square_m
 *                 how roughly time and place are told (report_anonymous.h): somewhere in so many
 *                 hours from `time` on, of one of so many days, in the square of which lon, lat is
 *                 the middle; "" = exactly. call_spread.h puts such calls somewhere within it
 *
 *     kind        "call", or "transfer": a patient from hospital to hospital (past_transfer.c), for
 *                 which lon and lat may be empty; "" = call
 *     from, to    codes of the hospitals of a transfer, as the configuration has them
 *     pick_up     when its patient is ready, a time as above; "" = at once. `time` is when it was
 *                 asked for
 *     needs       which unit may take him: kinds (any of them) and skills (all of them), such as
 *                 "AMBULANCE_ADVANCED VENTILATOR"; "" = any ambulance
 *
 * A list owns its rows. Not thread-safe.
 */
#ifndef SGP_REPLAY_CALL_LIST_H
#define SGP_REPLAY_CALL_LIST_H

#include <stddef.h>

#include "replay/outcome.h"

enum {
    SGP_CALL_LIST_MAX = 20000000,
    SGP_ROUGH_DAYS_MAX = 3660,
    SGP_ROUGH_SQUARE_MAX_M = 100000,
    SGP_SEAT_BYTES = 512 /* of a seat's kinds and skills as text */
};

/* All zero: told exactly. */
typedef struct sgp_roughness {
    int32_t days, hours, square_m;
} sgp_roughness;

typedef struct sgp_past_call {
    uint64_t key; /* of its streams of chance, and of comparisons */
    int64_t at_ms;
    sgp_point point;
    char complaint[SGP_CODE_BYTES];
    sgp_priority priority; /* UNKNOWN: by the complaint */
    int32_t scene_ms;      /* -1 = drawn */
    int8_t transport;      /* 1 yes, 0 no, -1 drawn */
    uint8_t outcome;       /* sgp_outcome; NONE = drawn */
    sgp_roughness rough;
    uint32_t transfer; /* 1 + row of the list's transfers, 0 = it is a call */
} sgp_past_call;

/* What else is told of a transfer. */
typedef struct sgp_past_transfer {
    char from[SGP_CODE_BYTES], to[SGP_CODE_BYTES]; /* hospitals */
    int64_t pick_up_at_ms;                         /* 0 = at once */
    sgp_backup seat;                               /* no kinds = any ambulance */
} sgp_past_transfer;

typedef struct sgp_call_list {
    sgp_past_call *calls; /* ascending by (at_ms, key) once sorted */
    size_t n, capacity;
    sgp_past_transfer *transfers;
    size_t n_transfers, transfers_capacity;
} sgp_call_list; /* zero-initialise */

sgp_err sgp_call_list_add(sgp_call_list *list, const sgp_past_call *call) SGP_MUST_USE;
/* Adds both; `call->transfer` is the list's to set. */
sgp_err sgp_call_list_add_transfer(sgp_call_list *list, const sgp_past_call *call,
                                   const sgp_past_transfer *transfer) SGP_MUST_USE;
/* NULL: it is a call. Borrowed until the next add. */
const sgp_past_transfer *sgp_past_transfer_of(const sgp_call_list *list, const sgp_past_call *call);
/* Puts each transfer at the hospital that it is from. SGP_E_NOT_FOUND names one that is not there.
 */
sgp_err sgp_call_list_find_hospitals(sgp_call_list *list, const sgp_hospital *hospitals, size_t n,
                                     sgp_fault *fault) SGP_MUST_USE;
/* Leaves the calls alone. */
void sgp_call_list_drop_transfers(sgp_call_list *list);
void sgp_call_list_clear(sgp_call_list *list); /* keeps the memory */
void sgp_call_list_sort(sgp_call_list *list);
void sgp_call_list_free(sgp_call_list *list);

/* Adds the rows of a file and sorts. The fault names file, line and column. SGP_E_IO, SGP_E_FORMAT,
 * SGP_E_FULL, SGP_E_MEMORY; the list then holds the rows before. */
sgp_err sgp_call_list_read(const char *path, int32_t utc_offset_s, sgp_call_list *list,
                           sgp_fault *fault) SGP_MUST_USE;
/* The same from memory; `name` stands for the file in faults. */
sgp_err sgp_call_list_parse(const char *name, const char *text, size_t length, int32_t utc_offset_s,
                            sgp_call_list *list, sgp_fault *fault) SGP_MUST_USE;

/* The calls of a run, a journal's above all: incidents that had a place, with the time on scene and
 * the transport of the unit that was there first. What nobody was sent to keeps its outcome. */
sgp_err sgp_call_list_from_run(const sgp_run *run, sgp_call_list *list) SGP_MUST_USE;

/* Words of kinds and skills, as above, and back. False: a word is none. */
bool sgp_seat_parse(const char *text, sgp_backup *seat);
char *sgp_seat_text(const sgp_backup *seat, char text[SGP_SEAT_BYTES]);

/* "2026-03-14 07:05:00" and the like, as above. False: not a time. */
bool sgp_time_parse(const char *text, int32_t utc_offset_s, int64_t *at_ms);

#endif
