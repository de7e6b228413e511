#include "serve/osrm_places.h"

#include <math.h>
#include <sodium.h>
#include <string.h>

#define UNLIMITED_M 2000000.0 /* as far as snapping looks */

enum { CANDIDATES = 16, BOTH = SGP_ALONG | SGP_AGAINST };
enum { LEFT = 1, RIGHT = 2 }; /* sides of sgp_snap */

/* ---- hints ------------------------------------------------------------------------ */

/* Where a coordinate was found, for the next request. It tells nothing that a client could
 * not ask, and is checked as if anybody had made it. Integers in the machine's own order:
 * hints do not outlive a graph, let alone travel between machines. */
typedef struct hint {
    uint8_t city[8]; /* beginning of the city's id */
    sgp_point asked, road;
    uint32_t edge, offset_mm;
    int32_t on_foot_mm;
    uint8_t side, reserved[3];
} hint;
_Static_assert(sizeof(hint) == 40, "no padding is sent");

enum { HINT_TEXT = (sizeof(hint) * 4 + 2) / 3 + 4, VARIANT = sodium_base64_VARIANT_URLSAFE };

static json_t *hint_of(const sgp_osrm_work *work, sgp_point asked, const sgp_snap *snap) {
    hint h = {.asked = asked,
              .road = snap->road,
              .edge = snap->edge,
              .offset_mm = snap->offset_mm,
              .on_foot_mm = snap->on_foot_mm,
              .side = snap->side};
    char text[HINT_TEXT];
    memcpy(h.city, work->parts->city.bytes, sizeof h.city);
    sodium_bin2base64(text, sizeof text, (const uint8_t *)&h, sizeof h, VARIANT);
    return json_string(text);
}

/* A hint of another graph, of another coordinate, or that is none, is as good as absent;
 * so does OSRM. Wishes that a hint cannot vouch for are asked of the index again. */
static bool use_hint(const sgp_osrm_work *work, const sgp_osrm_coordinate *c, sgp_snap *snap) {
    hint h;
    size_t length = 0;
    if (!c->hint || c->has_bearing || c->approach != SGP_OSRM_UNRESTRICTED)
        return false;
    size_t letters = strcspn(c->hint, ";&");
    if (sodium_base642bin((uint8_t *)&h, sizeof h, c->hint, letters, NULL, &length, NULL,
                          VARIANT) != 0 ||
        length != sizeof h || memcmp(h.city, work->parts->city.bytes, sizeof h.city) != 0 ||
        !sgp_point_equal(h.asked, c->point) || h.edge >= work->parts->n_edges)
        return false;
    const sgp_edge *edge = &work->parts->edges[h.edge];
    const sgp_point *points = work->parts->points + edge->first_point;
    double near_m = edge->length_mm / 1000.0 + 1;
    if (h.offset_mm > edge->length_mm || h.side > RIGHT || h.on_foot_mm < 0 ||
        !(edge->main_profiles >> work->profile & 1) ||
        work->request->without_classes >> edge->road_class & 1 ||
        sgp_distance_m(points[0], h.road) > near_m)
        return false;
    *snap = (sgp_snap){.edge = h.edge,
                       .offset_mm = h.offset_mm,
                       .road = h.road,
                       .on_foot_mm = h.on_foot_mm,
                       .side = h.side};
    return true;
}

/* ---- finding ------------------------------------------------------------------------ */

static bool drivable(const sgp_osrm_work *work, uint32_t arc) {
    return arc != SGP_NONE && work->weight[arc] < SGP_INF;
}

/* The direction that has the place on the far side of the road; 0 = none drives there. A
 * one-way road serves both its sides. */
static uint8_t opposite_directions(const sgp_osrm_work *work, const sgp_snap *snap) {
    const sgp_edge *edge = &work->parts->edges[snap->edge];
    uint8_t allowed = snap->directions ? snap->directions : BOTH;
    uint8_t driven = (uint8_t)((drivable(work, edge->forward_arc) ? SGP_ALONG : 0) |
                               (drivable(work, edge->backward_arc) ? SGP_AGAINST : 0));
    if (driven != BOTH || snap->side == 0)
        return allowed;
    bool kerb_along = (snap->side == LEFT) == (work->parts->drives_left != 0);
    return allowed & (kerb_along ? SGP_AGAINST : SGP_ALONG);
}

static size_t keep_opposite(const sgp_osrm_work *work, sgp_snap *snaps, size_t n, size_t capacity) {
    size_t kept = 0;
    for (size_t i = 0; i < n && kept < capacity; i++) {
        uint8_t directions = opposite_directions(work, &snaps[i]);
        if (directions == 0)
            continue;
        snaps[kept] = snaps[i];
        snaps[kept++].directions = directions;
    }
    return kept;
}

bool sgp_osrm_places_near(sgp_osrm_work *work, size_t i, sgp_snap *snaps, size_t capacity,
                          size_t *n) {
    const sgp_osrm_coordinate *c = &work->request->coordinates[i];
    double limit_m = work->city->settings->default_radius_m;
    limit_m = c->radius_m >= 0 ? c->radius_m : limit_m > 0 ? limit_m : UNLIMITED_M;
    sgp_snap_wish wish = {
        .radius_m = fmin(limit_m, UNLIMITED_M),
        .profile = work->profile,
        .has_heading = c->has_bearing,
        .heading_deg = c->bearing,
        .heading_within_deg = c->bearing_range,
        .kerb = c->approach == SGP_OSRM_CURB,
        .without_classes = work->request->without_classes,
    };
    if (capacity == 1 && use_hint(work, c, snaps)) {
        *n = 1;
        return true;
    }
    sgp_snap more[CANDIDATES];
    bool opposite = c->approach == SGP_OSRM_OPPOSITE;
    sgp_snap *found = opposite && capacity < CANDIDATES ? more : snaps;
    sgp_err err = sgp_graph_snap_wish(work->city->graph, c->point, &wish, found,
                                      found == more ? CANDIDATES : capacity, n);
    if (err)
        return sgp_osrm_fail(work->error, "InvalidValue", "Coordinate %zu: %s", i,
                             sgp_err_message(err));
    if (opposite)
        *n = keep_opposite(work, found, *n, capacity);
    if (found == more)
        memcpy(snaps, more, *n * sizeof *snaps);
    return true;
}

bool sgp_osrm_places_find(sgp_osrm_work *work) {
    for (size_t i = 0; i < work->request->n_coordinates; i++) {
        size_t n = 0;
        if (!sgp_osrm_places_near(work, i, &work->snaps[i], 1, &n))
            return false;
        if (n == 0)
            return sgp_osrm_fail(work->error, "NoSegment",
                                 "Could not find a matching segment for coordinate %zu", i);
    }
    return true;
}

/* ---- telling ---------------------------------------------------------------------------- */

json_t *sgp_osrm_text(const char *text) {
    json_t *value = json_string(text);
    return value ? value : json_string("");
}

json_t *sgp_osrm_location(sgp_point point) {
    json_t *pair = json_array();
    json_array_append_new(pair, json_real(sgp_lon(point)));
    json_array_append_new(pair, json_real(sgp_lat(point)));
    return pair;
}

json_t *sgp_osrm_waypoint(const sgp_osrm_work *work, size_t i, const sgp_snap *snap) {
    json_t *waypoint = json_object();
    if (work->request->generate_hints)
        json_object_set_new(waypoint, "hint",
                            hint_of(work, work->request->coordinates[i].point, snap));
    json_object_set_new(waypoint, "distance", json_real(snap->on_foot_mm / 1000.0));
    json_object_set_new(waypoint, "name",
                        sgp_osrm_text(sgp_graph_edge_name(work->city->graph, snap->edge)));
    json_object_set_new(waypoint, "location", sgp_osrm_location(snap->road));
    return waypoint;
}
