/* What is told of the calls of one class of an anonymous export besides what makes up the class:
 * how they ended, whether somebody was carried, how long it took.
 *
 * Each call is told in the finest of the written steps in which it is like others: at least k calls
 * of the class, from k different places, are told in the very same words, and where complaints are
 * told, at least `diverse` of them occur among those. So nobody who knows how long an ambulance
 * stood before a house finds that house's row, nor learns its complaint.
 *
 *     for each step, finest first:  round the calls that are left; publish the groups that fulfil
 * it at the end:                   whoever is left is told nothing more, and where these are too
 *                                   few, the groups made last join them until they are enough
 *
 * The last step always succeeds, since the class itself fulfils what is asked. Nothing depends on
 * chance or on the order of the calls. Private to report_anonymous.c and its tests.
 */
#ifndef SGP_REPLAY_ANONYMOUS_DETAILS_H
#define SGP_REPLAY_ANONYMOUS_DETAILS_H

#include <stdbool.h>
#include <stdint.h>

enum { SGP_DETAIL_STEPS = 8, SGP_DETAIL_CUT_MS = 7200000 };

/* -1 = not told, or not known. */
typedef struct sgp_call_details {
    int32_t outcome, transport;                  /* sgp_outcome; 1 carried, 0 not */
    int64_t scene_ms, response_ms, transport_ms; /* rounded to `round_ms`, cut at two hours */
    int32_t round_ms;                            /* 0 = no duration is told */
} sgp_call_details;

typedef struct sgp_told_call {
    uint64_t place;        /* equal for equal places */
    const char *complaint; /* "" = none */
    sgp_call_details exact;
    sgp_call_details told; /* result */
    uint32_t group;        /* private */
    uint32_t nth;          /* of the caller: calls are put into another order */
} sgp_told_call;

/* By what is told alone: <0, 0, >0. */
int64_t sgp_details_compare(const sgp_call_details *a, const sgp_call_details *b);

/* Do at least `wanted` different complaints occur? `wanted` <= 1000. */
bool sgp_told_complaints(const sgp_told_call *calls, uint32_t n, uint32_t wanted);

/* Fills in `told`. The class has at least k calls from k places, and `diverse` complaints; diverse
 * 0: complaints are not told. n log n for each step. */
void sgp_tell_details(sgp_told_call *calls, uint32_t n, uint32_t k, uint32_t diverse);

#endif
