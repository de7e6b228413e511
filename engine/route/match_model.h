/* How likely a track is: the model behind the matcher, after Newson & Krumm 2009, "Hidden
 * Markov Map Matching Through Noise and Sparseness". Costs are negative logarithms of
 * likelihoods, without the constants that all chains share.
 *
 * A choice is a place on a road with the direction driven. It costs
 *
 *   r^2 / 2           r = distance / standard deviation, up to r = 2
 *   2 r - 2           beyond: a tail that falls off more slowly (Huber 1964), because
 *                     positions between high houses are wrong more often than a bell curve says
 *   + min(h^2 / 2, 6) where the track says its heading, h = difference / 25 degrees: evidence,
 *                     never a veto
 *
 * A step from one choice to the next costs
 *
 *   |d - s| / b       d length of the fastest way between them, s straight distance
 *                     between the two positions, b = 10 m + s / 50
 *   (s + back) / b    where the next lies up to 3 standard deviations back on the same
 *                     road: the vehicle stands and the positions wander
 *   + 5 for each U-turn on leaving the one road or coming onto the other: rare, and what
 *     errors at crossings look like
 *
 * and cannot be where d is longer than a vehicle can have driven (50 m/s, and 2 s + 500 m).
 * Newson & Krumm measure the shortest way; the fastest one is what drivers take when
 * positions are far apart, and it knows what turns cost. */
#ifndef SGP_ROUTE_MATCH_MODEL_H
#define SGP_ROUTE_MATCH_MODEL_H

#include <math.h>

#include "sigap/matcher.h"

#define SGP_MATCH_ACCURACY_M 5.0
#define SGP_MATCH_TAIL 2.0
#define SGP_MATCH_HEADING_DEG 25.0
#define SGP_MATCH_HEADING_MOST 6.0
#define SGP_MATCH_STEP_M 10.0
#define SGP_MATCH_STEP_SHARE 0.02
#define SGP_MATCH_U_TURN 5.0
#define SGP_MATCH_BACK 3.0
#define SGP_MATCH_FASTEST_M_S 50.0
#define SGP_MATCH_DETOUR_M 500.0
#define SGP_MATCH_RADIUS_M 50.0 /* at least; SGP_MATCH_RADIUS standard deviations */
#define SGP_MATCH_RADIUS 4.0
#define SGP_MATCH_RADIUS_MOST_M 500.0

/* What the track says of itself, or the matcher's own. */
static inline double sgp_match_accuracy_m(const sgp_track_point *point) {
    return point->accuracy_m > 0 ? point->accuracy_m : SGP_MATCH_ACCURACY_M;
}

/* How far back a standing vehicle's positions may wander. */
static inline double sgp_match_back_m(const sgp_track_point *a, const sgp_track_point *b) {
    return SGP_MATCH_BACK * fmax(sgp_match_accuracy_m(a), sgp_match_accuracy_m(b));
}

static inline double sgp_match_place_cost(double distance_m, double accuracy_m) {
    double r = distance_m / accuracy_m;
    return r <= SGP_MATCH_TAIL ? r * r / 2
                               : SGP_MATCH_TAIL * r - SGP_MATCH_TAIL * SGP_MATCH_TAIL / 2;
}

static inline double sgp_match_heading_cost(double difference_deg) {
    double h = remainder(difference_deg, 360) / SGP_MATCH_HEADING_DEG;
    return fmin(h * h / 2, SGP_MATCH_HEADING_MOST);
}

/* `way_m` negative: that far back on the same road. */
static inline double sgp_match_step_cost(double way_m, double straight_m) {
    return fabs(way_m - straight_m) / (SGP_MATCH_STEP_M + SGP_MATCH_STEP_SHARE * straight_m);
}

/* The longest way that a step can have taken; `spread_m` is what the two places may be off. */
static inline double sgp_match_reach_m(double straight_m, int64_t ms, double spread_m) {
    return fmin(2 * straight_m + SGP_MATCH_DETOUR_M,
                SGP_MATCH_FASTEST_M_S * (double)ms / 1000 + spread_m);
}

#endif
