/* Move-up advice that is told without being asked for: when, and when not.
 *
 *     free units, posts, ways ──> a look ──> told ──> followed │ taken │ no longer worth it │
 * lapsed (sigap/coverage.h)          │                     └── the unit rests from advice └
 * nothing, while the city is covered as it can be
 *
 * Whoever watches must be able to trust it, so it does not flap. The rule:
 *
 *   1. Coverage must have fallen: expected coverage, with every free unit where it waits, is at
 *      least fall_ppm less than it would be with those who are busy back at their stations.
 *   2. A move is told that gains at least gain_ppm after all that is told already, the best first;
 *      at most open_max of them stand at a time.
 *   3. What is told stands while it gains at least half of gain_ppm. It ends when the unit waits
 *      there (followed), is not free any more (taken), or after rest_ms (lapsed).
 *   4. A unit whose move has ended otherwise than by being taken gets no other for rest_ms. Nor is
 *      one told of a unit while its move stands: a little more elsewhere does not change it.
 *
 * Nothing is ordered here. The engine tells watchers, a dispatcher orders (move_up.h); in a what-if
 * the moves may be followed, to see what they are worth. Both go by this one rule.
 *
 * An advice is plain data that is copied by assignment; zero-initialise. Whole numbers alone, so
 * that every machine advises the same. Not thread-safe on one advice.
 */
#ifndef SGP_CORE_MOVE_ADVICE_H
#define SGP_CORE_MOVE_ADVICE_H

#include "sigap/core.h"
#include "sigap/coverage.h"

enum { SGP_ADVICE_OPEN_MAX = 8, SGP_ADVICE_ENDED_MAX = SGP_ADVICE_OPEN_MAX };

typedef struct sgp_advice_rules {
    int32_t fall_ppm;
    int32_t gain_ppm; /* 0 = nothing is told */
    int32_t rest_ms;
    uint32_t open_max; /* at most SGP_ADVICE_OPEN_MAX */
} sgp_advice_rules;
/* 3 %, 1 %, 20 minutes, 3. */
void sgp_advice_rules_default(sgp_advice_rules *rules);

typedef enum sgp_advice_end {
    SGP_ADVICE_FOLLOWED,
    SGP_ADVICE_TAKEN,
    SGP_ADVICE_NOT_WORTH_IT,
    SGP_ADVICE_LAPSED,
    SGP_ADVICE_ENDS
} sgp_advice_end;

typedef struct sgp_told_move {
    uint32_t unit; /* index in the world */
    sgp_point from, to;
    int32_t gain_ppm; /* when it was told */
    int64_t drive_ms; /* -1 = not known */
    int64_t told_at_ms;
} sgp_told_move;

typedef struct sgp_move_advice {
    sgp_told_move open[SGP_ADVICE_OPEN_MAX]; /* in order of telling */
    uint32_t n_open;
    int64_t rests_until_ms[SGP_UNITS_MAX]; /* by unit */
    /* Of the last look. The newest n_told of `open` are those that it told. */
    uint32_t n_told, n_ended;
    struct {
        sgp_told_move move;
        sgp_advice_end why;
    } ended[SGP_ADVICE_ENDED_MAX];
    int32_t expected_ppm, full_ppm; /* as rule 1 compares them */
} sgp_move_advice;

/* What a look sees. */
typedef struct sgp_advice_look {
    int64_t now_ms;
    const uint32_t *units; /* [moving.n_units] index in the world of each free unit */
    /* moving.stays: units that cannot be moved whatever comes; least_gain is not read. The points
     * of posts: moving.to[k] lies at points[k], and a post where a unit waits may be none of them.
     */
    sgp_move_up_ask moving;
    const sgp_point *points;
    const sgp_point *waits; /* [moving.n_units] where each free unit waits or goes back to */
    const uint32_t *busy;   /* [n_busy] posts to which units on duty come back that are not free */
    size_t n_busy;
} sgp_advice_look;

/* Takes one look. The coverage counts every free unit of the look at its post, and is left so.
 * SGP_E_MEMORY: the advice is unchanged. */
sgp_err sgp_move_advice_take(sgp_move_advice *advice, const sgp_advice_rules *rules,
                             sgp_coverage *coverage, const sgp_advice_look *look) SGP_MUST_USE;

#endif
