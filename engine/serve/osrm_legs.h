/* Routes as OSRM's Route, RouteLeg, RouteStep and Annotation objects. For osrm_*.c.
 *
 * A leg leads from one waypoint to the next over one or more parts: coordinates that are
 * no waypoints (option waypoints) only join the parts, and are not told. */
#ifndef SGP_SERVE_OSRM_LEGS_H
#define SGP_SERVE_OSRM_LEGS_H

#include "route/trace.h"
#include "serve/osrm_places.h"
#include "sigap/guide.h"

typedef struct sgp_osrm_part {
    sgp_route route;
    sgp_trace trace; /* filled by sgp_osrm_route_object where it is needed */
    sgp_snap to;
} sgp_osrm_part;

typedef struct sgp_osrm_leg {
    size_t first_part, n_parts;
} sgp_osrm_leg;

/* A way over all waypoints. */
typedef struct sgp_osrm_way {
    sgp_osrm_part *parts;
    size_t n_parts;
    sgp_osrm_leg *legs;
    size_t n_legs;
} sgp_osrm_way;
void sgp_osrm_way_free(sgp_osrm_way *way);

/* The Route object. NULL: work->error says why. */
json_t *sgp_osrm_route_object(const sgp_osrm_work *work, sgp_osrm_way *way);

/* A line as the request wants it: a text, or GeoJSON. NULL: no memory. */
json_t *sgp_osrm_line(const sgp_osrm_work *work, const sgp_point *points, size_t n);

/* The steps of a leg, and the names of its two longest roads in `summary`, in their order.
 * NULL: work->error says why. (osrm_steps.c) */
json_t *sgp_osrm_steps(const sgp_osrm_work *work, const sgp_osrm_part *parts, size_t n_parts,
                       char *summary, size_t capacity);

#endif
