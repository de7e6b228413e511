/* Zones: the city cut into small pieces that calls come from, each in one area (kelurahan).
 *
 *     area "Klojen"         A cell of about cell_m x cell_m cuts an area into zones. A zone's
 *     +----+----+           weight is the metres of street and gang in it, and its point is the
 *     | .  |  . |  zones    spot on a road nearest to their middle: a place that a vehicle can
 *     +----+--- +           drive to. Areas and zones together hold every street of the graph.
 *
 * Streets stand in for people where nothing better is known: they are many where many live. Roads
 * that nobody lives on (motorways, trunk roads, ramps, tracks) do not count. Where calls are known,
 * sgp_zones_weigh makes them the weights.
 *
 * Areas are the districts of the graph's file (graph_places.h): kelurahan where it knows them,
 * otherwise kecamatan, otherwise kabupaten; a graph without districts is one area without a name.
 *
 * Equal graphs give equal zones. Plain data; thread-safe.
 */
#ifndef SIGAP_ZONES_H
#define SIGAP_ZONES_H

#include <stddef.h>

#include "sigap/graph.h"

enum {
    SGP_ZONES_MAX = 16384,
    SGP_ZONE_CELL_M = 1000,    /* default */
    SGP_ZONES_USUAL_MAX = 1024 /* default */
};

typedef struct sgp_zone {
    sgp_point point;
    int64_t weight; /* metres of street, or what sgp_zones_weigh counted */
    uint32_t area;
} sgp_zone;

typedef struct sgp_zone_area {
    const char *kelurahan, *kecamatan, *kabupaten; /* borrowed from the graph; "" = not known */
    uint32_t first_zone, n_zones;                  /* its own, one after the other; at least 1 */
    int64_t weight;                                /* of its zones */
} sgp_zone_area;

typedef struct sgp_zones {
    sgp_zone *zones; /* [n_zones] by area, then from south to north and west to east */
    uint32_t n_zones;
    sgp_zone_area *areas; /* [n_areas] by the names of kabupaten, kecamatan and kelurahan */
    uint32_t n_areas;
    uint32_t *area_of_district; /* [n_districts + 1] the last: where no district is known */
    int64_t weight;             /* of all zones */
    double cell_m;
} sgp_zones;

/* Cells of cell_m (100 .. 100,000; 0 = the default), larger where there would be more than
 * zones_max zones (1 .. SGP_ZONES_MAX; 0 = the default). `parts` must outlive the zones. A
 * cell whose streets no vehicle reaches belongs to the nearest zone. SGP_E_RANGE for an option,
 * SGP_E_NOT_FOUND where the graph has no street at all, SGP_E_TOO_LARGE where there are more
 * areas than zones_max, SGP_E_MEMORY. Cost: sorts the points of all roads, a few times at worst.
 * Free with sgp_zones_free. */
sgp_err sgp_zones_make(const sgp_graph_parts *parts, double cell_m, uint32_t zones_max,
                       sgp_zones *zones, sgp_fault *fault) SGP_MUST_USE;
void sgp_zones_free(sgp_zones *zones);

/* The zone that a point belongs to: the nearest of its area, or of all where its area has none. */
uint32_t sgp_zones_find(const sgp_zones *zones, const sgp_graph_parts *parts, sgp_point point);

/* Counts points[n] (weights weight[n] >= 0, NULL = 1 each) as the zones' weights, in the stead of
 * those that they have. */
void sgp_zones_weigh(sgp_zones *zones, const sgp_graph_parts *parts, const sgp_point *points,
                     const int64_t *weight, size_t n);

/* What an area is called: its smallest known name; "" for an area without. */
const char *sgp_zone_area_name(const sgp_zone_area *area);

#endif
