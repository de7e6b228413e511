/* Chance that can be compared: what history does not tell about a call is drawn from a stream that
 * belongs to this call and this purpose alone.
 *
 *     stream = (seed, key of the call, purpose)
 *
 * so that the same call has the same scene time, the same crew's turnout and the same patient under
 * every policy, fleet and order of events: common random numbers. Nothing depends on how often
 * anybody drew before.
 *
 * Durations are told by seven quantiles, which a planner can read off real records, and drawn by
 * straight lines between them: whole numbers only, the same on every machine. Pure; thread-safe.
 */
#ifndef SGP_REPLAY_DICE_H
#define SGP_REPLAY_DICE_H

#include <stdint.h>

/* What is drawn. The numbers are part of what a seed means: only append. */
typedef enum sgp_purpose {
    SGP_DRAW_LOCATE = 1, /* answer -> place */
    SGP_DRAW_CLICK,      /* a dispatcher's order, where one is needed */
    SGP_DRAW_ANSWER,     /* order -> accepted */
    SGP_DRAW_TURNOUT,    /* accepted -> en route, from a station */
    SGP_DRAW_TRAVEL,     /* how the drive compares with the road time told */
    SGP_DRAW_SCENE,
    SGP_DRAW_TRANSPORT, /* is the patient carried */
    SGP_DRAW_OFFLOAD,   /* at hospital -> handed over */
    SGP_DRAW_TIDY,      /* handed over -> free */
    SGP_DRAW_REFUSE,    /* does the crew decline or not answer */
    SGP_DRAW_OUTCOME,   /* prank, ghost, ... */
    SGP_DRAW_ARRIVAL,   /* of the generator */
    SGP_DRAW_PLACE,
    SGP_DRAW_COMPLAINT,
    SGP_DRAW_SPREAD, /* when and where within what is told of a call */
    SGP_PURPOSES
} sgp_purpose;

/* 64 random bits. `nth` tells repeated draws for one purpose apart (the second unit, ...). */
uint64_t sgp_draw(uint64_t seed, uint64_t key, sgp_purpose purpose, uint64_t nth);
/* True for so many of 1000. */
int sgp_draw_permille(uint64_t bits, int32_t permille);

enum { SGP_QUANTILES = 7 };
/* Shares of 1000 that the quantiles of a duration stand for: 0, 250, 500, 750, 900, 990, 1000. */
extern const int32_t sgp_quantile_permille[SGP_QUANTILES];

typedef struct sgp_duration {
    int32_t ms[SGP_QUANTILES]; /* not falling, from 0 */
} sgp_duration;

int32_t sgp_duration_draw(const sgp_duration *duration, uint64_t bits);
/* Quantiles of measured durations (sorted by this function); n = 0 leaves it as it was. */
void sgp_duration_fit(sgp_duration *duration, int32_t *ms, uint64_t n);

#endif
