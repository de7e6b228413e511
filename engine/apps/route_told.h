/* A journey as `sigap route` tells it: for a person to read, or as JSON. */
#ifndef SGP_APPS_ROUTE_TOLD_H
#define SGP_APPS_ROUTE_TOLD_H

#include "apps/texts.h"
#include "sigap/router.h"

typedef struct sgp_journey {
    sgp_snap from, to;
    sgp_route *routes; /* [n_routes] the best one first; 0 = there is no way */
    size_t n_routes;
} sgp_journey;

typedef struct sgp_telling {
    const sgp_graph *graph;
    const int32_t *weight; /* [n_arcs] that the routes were found by */
    sgp_language language;
    bool in_units; /* times are the graph's own units */
    bool by_node;  /* places are nodes of the graph, asked by number */
    bool with_alternatives;
    const char *from, *to; /* as asked */
} sgp_telling;

/* To standard output. Errors as sgp_guide_make. */
sgp_err sgp_journey_print(const sgp_telling *how, const sgp_journey *journey) SGP_MUST_USE;
sgp_err sgp_journey_print_json(const sgp_telling *how, const sgp_journey *journey) SGP_MUST_USE;

#endif
