/* Inside of the matcher. A track becomes layers, one for each position that has choices;
 * costs of steps lie between them.
 *
 *   position      0        1        2 (no road near)     3
 *   layer         0        1                             2
 *   choices      o o o    o o                           o o o
 *   steps             3 x 2              2 x 3
 */
#ifndef SGP_ROUTE_MATCHER_H
#define SGP_ROUTE_MATCHER_H

#include "route/match_search.h"
#include "sigap/matcher.h"

enum {
    SGP_MATCH_EDGES = 12, /* roads that a position may lie on: the nearest ones */
    SGP_MATCH_CHOICES = 2 * SGP_MATCH_EDGES,
    SGP_MATCH_SKIPPED = 3, /* positions in a row that may be left out as astray */
    SGP_MATCH_POINTS = 10000
};

typedef struct sgp_match_choice {
    sgp_snap snap;
    uint32_t move;
    uint32_t driven_mm; /* along the move */
    double place_cost;
    double cost;     /* of the best chain that ends here; INFINITY = none does */
    double forward;  /* logarithm of the likelihood of all chains that end here */
    uint32_t before; /* in the layer before, on the best chain */
} sgp_match_choice;

typedef struct sgp_match_layer {
    size_t point;
    size_t first_choice;
    uint32_t n_choices;
    size_t first_step; /* costs of the steps from the layer before: [n before][n here] */
    uint32_t chosen;
    double posterior; /* of the chosen */
} sgp_match_layer;

struct sgp_matcher {
    const sgp_graph *graph;
    sgp_match_search search;
    const sgp_track_point *track;
    size_t n_points;
    sgp_match_options options;
    sgp_match_choice *choices;
    size_t n_choices, choice_capacity;
    double *steps; /* INFINITY: no way */
    size_t n_steps, step_capacity;
    sgp_match_layer *layers;
    size_t n_layers, layer_capacity;
};

/* Choices near a point of the track, as a new layer at the end. *found = how many. */
sgp_err sgp_match_add_layer(sgp_matcher *matcher, size_t point, uint32_t *found) SGP_MUST_USE;
/* Extends the chains of the layer before the last to the last one. *alive: any chain does. */
sgp_err sgp_match_connect(sgp_matcher *matcher, bool *alive) SGP_MUST_USE;
/* How far the step from a layer to the next can have led. */
uint32_t sgp_match_reach_mm(const sgp_matcher *matcher, size_t layer);
/* Chooses the likeliest chain through layers 0 .. n_layers - 1 and its posteriors. */
void sgp_match_choose(sgp_matcher *matcher);

#endif
