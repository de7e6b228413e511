/* Coverage: how well the units that are free cover the city, and what a unit's place is worth.
 *
 * The city is cut into zones, each with a weight (calls a year, people, metres of street: what
 * counts is their ratio). A unit stands at a post: a station, or any place that a row of the
 * model's table gives times for. A zone with k units in reach, each of which is busy a share q of
 * its time, finds one of them free with 1 - q^k; the expected coverage of the city is the sum of
 * weight x (1 - q^k). So a first unit in reach counts most, and the next ones less and less.
 *
 *     one more unit at a post      gains   sum of weight x (1 - q) q^k        over its zones
 *     one that leaves              loses   sum of weight x (1 - q) q^(k - 1)  over its zones
 *
 * Sources. Expected coverage: Daskin, "A maximum expected covering location model" (MEXCLP),
 * Transportation Science 17(1), 1983; with q = 0 it is the maximal covering problem of Church &
 * ReVelle (1974). Where to send a unit that is free, by the marginal gain: Jagtenberg, Bhulai &
 * van der Mei, "An efficient heuristic for real-time ambulance redeployment" (DMEXCLP),
 * Operations Research for Health Care 4, 2015. Ours differ in three ways: any free unit may be
 * moved, not only the one that has just become free, each move with what it gains; a move may be
 * limited in its time; and everything is in whole numbers, so that every machine advises the same.
 *
 * The model is plain data, borrowed; functions allocate only where they say so. Independent
 * objects may be used by different threads.
 */
#ifndef SIGAP_COVERAGE_H
#define SIGAP_COVERAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sigap/error.h"

enum {
    SGP_COVERAGE_ZONES_MAX = 65536,
    SGP_COVERAGE_POSTS_MAX = 65536,
    SGP_COVERAGE_BUSY_MAX = 950, /* permille: above, an expectation says little */
    SGP_COVERAGE_DEPTH = 256     /* units of one zone beyond these add nothing (q^256 < 2e-6) */
};
#define SGP_COVERAGE_WEIGHT_MAX (INT64_C(1) << 32) /* of all zones together */
#define SGP_COVERAGE_ONE (INT64_C(1) << 30)        /* a zone of weight 1, covered for certain */

/* What is covered, from where, and what counts as covered. */
typedef struct sgp_coverage_model {
    uint32_t n_zones, n_posts;
    const int64_t *weight; /* [n_zones], >= 0, their sum 1 .. SGP_COVERAGE_WEIGHT_MAX */
    /* [n_posts * n_zones] ms[post * n_zones + zone]: from alarm to arrival, so with the turnout
     * of who stands there; -1 = no way. */
    const int64_t *ms;
    int64_t target_ms;     /* in reach: ms <= target_ms */
    int32_t busy_permille; /* q, 0 .. SGP_COVERAGE_BUSY_MAX */
} sgp_coverage_model;

/* Who is counted in a model. Caller owns it; init allocates, deinit frees (a zeroed one too). */
typedef struct sgp_coverage {
    const sgp_coverage_model *model;         /* borrowed */
    uint32_t *reach;                         /* [n_zones] counted units in reach */
    int64_t total_weight;                    /* of all zones */
    int64_t covered[SGP_COVERAGE_DEPTH + 1]; /* 1 - q^k in parts of SGP_COVERAGE_ONE */
} sgp_coverage;

/* With no unit counted. SGP_E_RANGE, SGP_E_TOO_LARGE: a figure of the model is out of its bounds,
 * the fault says which; SGP_E_MEMORY. Reads the weights once, not the times. */
sgp_err sgp_coverage_init(sgp_coverage *coverage, const sgp_coverage_model *model,
                          sgp_fault *fault) SGP_MUST_USE;
void sgp_coverage_deinit(sgp_coverage *coverage);
void sgp_coverage_clear(sgp_coverage *coverage);

/* One more, or one less, at that post. A post that does not exist, or one less than none, is a
 * bug (assertion). One pass over the zones each. */
void sgp_coverage_count(sgp_coverage *coverage, uint32_t post);
void sgp_coverage_uncount(sgp_coverage *coverage, uint32_t post);

/* All of these are sums of weight x share, the share in parts of SGP_COVERAGE_ONE; they never
 * overflow, and add up exactly: after count(post), value() has grown by what gain(post) was. */
int64_t sgp_coverage_value(const sgp_coverage *coverage);
/* What one more at the post would add. */
int64_t sgp_coverage_gain(const sgp_coverage *coverage, uint32_t post);
/* What would be missing without one of those counted at the post. */
int64_t sgp_coverage_loss(const sgp_coverage *coverage, uint32_t post);
/* Plain coverage, without chance: the zones that at least one counted unit reaches in time. */
int64_t sgp_coverage_reached(const sgp_coverage *coverage);

/* A value, gain or loss as a share of the whole city, in millionths, rounded. */
int32_t sgp_coverage_ppm(const sgp_coverage *coverage, int64_t value);

/* ---- where units should wait ------------------------------------------------- */

/* The post of to[n] where one more unit gains most (DMEXCLP: where a unit that has just become
 * free should go); of equal ones the first. n >= 1. *gain: NULL = not wanted. */
uint32_t sgp_coverage_best_post(const sgp_coverage *coverage, const uint32_t *to, size_t n,
                                int64_t *gain);

/* Free units and where they might go. A unit on its way to a post is at that post. */
typedef struct sgp_move_up_ask {
    size_t n_units;
    const uint32_t *at; /* [n_units] posts; each is counted in the coverage */
    const bool *stays;  /* [n_units] this one cannot be moved; NULL = all can */
    size_t n_to;
    const uint32_t *to;      /* [n_to] posts to go to, each once */
    const uint32_t *room;    /* [n_to] units that it still takes; NULL = any number */
    const int64_t *drive_ms; /* [n_units * n_to] -1 = no way; NULL = not known */
    int64_t drive_max_ms;    /* longer moves are not advised */
    int64_t least_gain;      /* moves that add less are not advised; at least 1 */
} sgp_move_up_ask;

typedef struct sgp_move_up {
    size_t unit;      /* into ask->at */
    size_t to;        /* into ask->to */
    int64_t gain;     /* what this move adds, after those before it */
    int64_t drive_ms; /* -1 = not known */
} sgp_move_up;

/* Advice: the move that adds most, then the one that adds most after it, and so on while it is
 * worth it; each unit moves at most once. Ties: the shorter drive, the lower unit, the lower
 * place in `to`. Writes at most `capacity` and leaves the coverage counted as if these moves
 * were made. Greedy: no first move adds more, but another set of as many moves may add more.
 * Cost of a move: n_zones x (different posts with units) x n_to. Allocates for its time;
 * SGP_E_MEMORY leaves the coverage unchanged. */
sgp_err sgp_coverage_move_up(sgp_coverage *coverage, const sgp_move_up_ask *ask, sgp_move_up *moves,
                             size_t capacity, size_t *n) SGP_MUST_USE;

#endif
