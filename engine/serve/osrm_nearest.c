/* /nearest: the roads that are nearest to a coordinate. */
#include <stdlib.h>

#include "serve/osrm_places.h"

/* The OSM nodes between which the place lies; 0 where the graph does not keep them. */
static json_t *nodes_around(const sgp_osrm_work *work, const sgp_snap *snap) {
    const sgp_graph_parts *p = work->parts;
    const sgp_edge *edge = &p->edges[snap->edge];
    int64_t around[2] = {0, 0};
    double least_m = -1;
    for (uint32_t i = 0; p->n_point_nodes && i + 1 < edge->n_points; i++) {
        uint32_t at = edge->first_point + i;
        double detour_m = sgp_distance_m(p->points[at], snap->road) +
                          sgp_distance_m(snap->road, p->points[at + 1]) -
                          sgp_distance_m(p->points[at], p->points[at + 1]);
        if (least_m < 0 || detour_m < least_m) {
            least_m = detour_m;
            around[0] = p->point_node[at];
            around[1] = p->point_node[at + 1];
        }
    }
    return json_pack("[I,I]", (json_int_t)around[0], (json_int_t)around[1]);
}

json_t *sgp_osrm_nearest(sgp_osrm_work *work) {
    sgp_osrm_asked_all(work); /* the index tells it all */
    uint32_t most = work->city->settings->max_nearest_size;
    uint32_t number = work->request->number;
    if (number > most) {
        sgp_osrm_fail(work->error, "TooBig",
                      "Number of results %u is higher than current maximum (%u)", number, most);
        return NULL;
    }
    sgp_snap *snaps = calloc(number, sizeof *snaps);
    size_t n = 0;
    bool good = snaps && sgp_osrm_places_near(work, 0, snaps, number, &n);
    if (good && n == 0)
        good = sgp_osrm_fail(work->error, "NoSegment",
                             "Could not find a matching segment for any coordinate");
    json_t *answer = good ? json_object() : NULL;
    if (answer) {
        json_t *waypoints = json_array();
        for (size_t i = 0; i < n; i++) {
            json_t *waypoint = sgp_osrm_waypoint(work, 0, &snaps[i]);
            json_object_set_new(waypoint, "nodes", nodes_around(work, &snaps[i]));
            json_array_append_new(waypoints, waypoint);
        }
        if (!work->request->skip_waypoints)
            json_object_set_new(answer, "waypoints", waypoints);
        else
            json_decref(waypoints);
    }
    free(snaps);
    return answer;
}
