/* Positions as devices measure them, and what to think of each: pure, integers only.
 *
 * A device keeps its positions in a queue (a stream) and numbers them from 1, so that a batch that
 * comes twice changes nothing. What is refused is refused for ever: the device forgets it, and its
 * number counts as taken. A late one is kept for the track of the unit and moves nobody.
 */
#ifndef SIGAP_FIX_H
#define SIGAP_FIX_H

#include <stdbool.h>
#include <stdint.h>

#include "sigap/geo.h"

enum {
    SGP_TRACK_FIXES_MAX = 500,             /* of one batch */
    SGP_FIX_AHEAD_MS = 5000,               /* a clock that runs ahead so much is set to now */
    SGP_FIX_LATE_MS = 120000,              /* older ones move nobody */
    SGP_FIX_ANCIENT_MS = 7 * 86400 * 1000, /* older ones are nonsense */
    SGP_FIX_RADIUS_MAX_M = 200,            /* a radius beyond tells nothing of the street */
    SGP_FIX_SPEED_MAX_MS = 70,             /* metres in a second: faster than an ambulance can be */
    SGP_FIX_SLACK_M = 30,                  /* what two good fixes of one spot are apart at most */
    SGP_FIX_SUSPECTS = 3                   /* so many that agree on another place are right */
};

typedef struct sgp_fix {
    sgp_point point;
    int64_t at_ms;       /* by the engine's clock */
    int32_t accuracy_m;  /* radius; 0 = not known */
    int16_t speed_kmh;   /* -1 = not known */
    int16_t heading_deg; /* 0 .. 357; -1 = not known */
} sgp_fix;

typedef enum sgp_fix_verdict {
    SGP_FIX_GOOD,
    SGP_FIX_LATE, /* good, but old */
    SGP_FIX_DUPLICATE,
    SGP_FIX_FUTURE,
    SGP_FIX_ANCIENT,
    SGP_FIX_OUT_OF_ORDER, /* not after the one before it */
    SGP_FIX_INACCURATE,
    SGP_FIX_JUMP, /* nothing drives so fast */
    SGP_FIX_VERDICTS
} sgp_fix_verdict;
const char *sgp_fix_verdict_str(sgp_fix_verdict verdict); /* "OUT_OF_ORDER" */

/* What is remembered of a device's positions. All zero: none yet. */
typedef struct sgp_fix_stream {
    uint32_t stream; /* 0 = none */
    uint64_t number; /* the highest that was judged */
    int64_t at_ms;   /* of the last good one, 0 = none */
    sgp_point point;
    int32_t accuracy_m;
    /* The last jump: where several agree, the one before them was wrong. */
    int64_t suspect_at_ms;
    sgp_point suspect;
    uint32_t suspects;
    uint64_t used_seq; /* the event that used it last */
} sgp_fix_stream;

/* Judges the fix with that number at `now_ms`, and takes it into the stream. In this order: a
 * number that was judged before is a duplicate, then future, ancient, out of order, inaccurate,
 * jump, late. A fix a little ahead of now gets now as its time. */
sgp_fix_verdict sgp_fix_judge(sgp_fix_stream *stream, uint64_t number, sgp_fix *fix,
                              int64_t now_ms);
/* The unit may be said to be there, or to have been. */
static inline bool sgp_fix_is_kept(sgp_fix_verdict verdict) {
    return verdict == SGP_FIX_GOOD || verdict == SGP_FIX_LATE;
}

#endif
