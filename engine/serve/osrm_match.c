/* /match: which roads a track of positions drove along.
 *
 * Each piece of the track becomes a matching: a way over its matched points, each of them a
 * waypoint unless the request names others. The way between two points is the fastest one
 * between the places and in the directions that the matcher chose. */
#include <math.h>
#include <stdlib.h>

#include "serve/osrm_legs.h"
#include "sigap/matcher.h"

enum { NO_GAP = -1 };

#define ORDINARY_MPS 8.0
#define LATEST_S INT64_C(100000000000) /* in 3,000 years; what is later is then */

typedef struct matching {
    sgp_osrm_work *work;
    sgp_match match;
    /* [n_coordinates] of each point: its number among its matching's waypoints, -1 = none. */
    int32_t *waypoint;
} matching;

static bool fits(const sgp_osrm_work *work) {
    const sgp_osrm_settings *settings = work->city->settings;
    if (work->request->n_coordinates > settings->max_match_size)
        return sgp_osrm_fail(work->error, "TooBig",
                             "Number of coordinates %zu is higher than current maximum (%u)",
                             work->request->n_coordinates, settings->max_match_size);
    for (size_t i = 0; i < work->request->n_coordinates; i++) {
        double radius_m = work->request->coordinates[i].radius_m;
        if (isinf(radius_m) ||
            (settings->max_match_radius_m > 0 && radius_m > settings->max_match_radius_m))
            return sgp_osrm_fail(work->error, "TooBig", "Radius search size is too large");
    }
    return true;
}

/* When each position was: where several have one second they follow one another by a
 * millisecond. A track without times is taken for one at an ordinary speed, so that no
 * drive along it is too quick to be true. */
static int64_t time_of(const sgp_osrm_request *request, size_t i, int64_t last_ms) {
    const sgp_osrm_coordinate *c = &request->coordinates[i];
    if (!request->has_times) {
        double metres = i > 0 ? sgp_distance_m(c[-1].point, c->point) : 0;
        return last_ms + 1000 + (int64_t)(metres / ORDINARY_MPS * 1000);
    }
    int64_t at_ms = c->time_s < LATEST_S ? c->time_s * 1000 : LATEST_S * 1000;
    return i > 0 && at_ms <= last_ms ? last_ms + 1 : at_ms;
}

static sgp_track_point *make_track(const sgp_osrm_request *request) {
    sgp_track_point *track = calloc(request->n_coordinates, sizeof *track);
    int64_t at_ms = 0;
    for (size_t i = 0; track && i < request->n_coordinates; i++) {
        const sgp_osrm_coordinate *c = &request->coordinates[i];
        at_ms = time_of(request, i, at_ms);
        track[i] = (sgp_track_point){.point = c->point,
                                     .at_ms = at_ms,
                                     .accuracy_m = c->radius_m > 0 ? c->radius_m : 0,
                                     .heading_deg = c->has_bearing ? c->bearing : -1};
    }
    return track;
}

static bool run_matcher(matching *m) {
    sgp_osrm_work *work = m->work;
    const sgp_osrm_request *request = work->request;
    sgp_match_options options = {.profile = work->profile, .tidy = request->tidy};
    if (request->ignore_gaps || !request->has_times)
        options.gap_ms = NO_GAP;
    sgp_matcher *matcher = NULL;
    sgp_track_point *track = make_track(request);
    sgp_err err = track ? sgp_matcher_create(work->city->graph, NULL, &matcher) : SGP_E_MEMORY;
    if (!err)
        err = sgp_matcher_match(matcher, track, request->n_coordinates, &options, &m->match);
    sgp_matcher_destroy(matcher);
    free(track);
    if (err)
        return sgp_osrm_fail(work->error, err == SGP_E_MEMORY ? "InternalError" : "InvalidValue",
                             "%s", sgp_err_message(err));
    if (m->match.n_pieces == 0)
        return sgp_osrm_fail(work->error, "NoMatch", "Could not match the trace.");
    return true;
}

static bool is_stop(const sgp_osrm_request *request, size_t point) {
    for (size_t i = 0; i < request->waypoints.n; i++)
        if (request->waypoints.at[i] == point)
            return true;
    return request->waypoints.all;
}

/* The way over the matched points of one piece. Its first and last are always waypoints. */
static bool make_way(matching *m, const sgp_matched_piece *piece, sgp_osrm_way *way) {
    sgp_osrm_work *work = m->work;
    size_t most = piece->last_point - piece->first_point + 1;
    const sgp_snap *before = NULL;
    int32_t stops = 0;
    way->parts = calloc(most, sizeof *way->parts);
    way->legs = calloc(most, sizeof *way->legs);
    if (!way->parts || !way->legs)
        return sgp_osrm_fail(work->error, "InternalError", "No memory left");
    for (size_t i = piece->first_point; i <= piece->last_point; i++) {
        const sgp_matched_point *point = &m->match.points[i];
        if (!point->matched)
            continue;
        if (before) {
            sgp_osrm_part *part = &way->parts[way->n_parts];
            sgp_source source = {.from = *before};
            part->to = point->snap;
            sgp_err err = sgp_query_route(work->query, &source, &part->to, &part->route);
            if (err)
                return sgp_osrm_fail(work->error, "InternalError", "%s", sgp_err_message(err));
            if (part->route.duration_ms == SGP_UNREACHABLE) /* closed since, or just now */
                return sgp_osrm_fail(work->error, "NoMatch", "Could not match the trace.");
            way->legs[way->n_legs].n_parts++;
            way->n_parts++;
        }
        before = &point->snap;
        if (i != piece->first_point && i != piece->last_point && !is_stop(work->request, i))
            continue;
        if (stops > 0)
            way->n_legs++;
        way->legs[way->n_legs].first_part = way->n_parts;
        m->waypoint[i] = stops++;
    }
    return true;
}

/* Finds all ways before it tells any, so that the query is given back soon. */
static bool tell_matchings(matching *m, json_t *matchings) {
    size_t n = m->match.n_pieces;
    sgp_osrm_way *ways = calloc(n, sizeof *ways);
    bool good = ways != NULL;
    for (size_t i = 0; good && i < n; i++)
        good = make_way(m, &m->match.pieces[i], &ways[i]);
    sgp_osrm_asked_all(m->work);
    for (size_t i = 0; good && i < n; i++) {
        json_t *route = sgp_osrm_route_object(m->work, &ways[i]);
        good = route != NULL;
        if (!good)
            break;
        json_object_set_new(route, "confidence", json_real(m->match.pieces[i].confidence));
        json_array_append_new(matchings, route);
    }
    for (size_t i = 0; ways && i < n; i++)
        sgp_osrm_way_free(&ways[i]);
    free(ways);
    return good;
}

/* One entry for each coordinate; null for what was not matched. */
static json_t *tracepoints(const matching *m) {
    json_t *list = json_array();
    for (size_t i = 0; i < m->match.n_points; i++) {
        const sgp_matched_point *point = &m->match.points[i];
        if (!point->matched) {
            json_array_append_new(list, json_null());
            continue;
        }
        json_t *entry = sgp_osrm_waypoint(m->work, i, &point->snap);
        json_object_set_new(entry, "matchings_index", json_integer(point->piece));
        json_object_set_new(entry, "waypoint_index",
                            m->waypoint[i] >= 0 ? json_integer(m->waypoint[i]) : json_null());
        json_object_set_new(
            entry, "alternatives_count",
            json_integer(point->n_choices > 0 ? (json_int_t)point->n_choices - 1 : 0));
        json_array_append_new(list, entry);
    }
    return list;
}

json_t *sgp_osrm_match(sgp_osrm_work *work) {
    matching m = {.work = work};
    if (!fits(work))
        return NULL;
    if (!run_matcher(&m)) {
        sgp_match_free(&m.match);
        return NULL;
    }
    size_t n = work->request->n_coordinates;
    m.waypoint = malloc(n * sizeof *m.waypoint);
    bool good = m.waypoint != NULL;
    for (size_t i = 0; good && i < n; i++)
        m.waypoint[i] = -1;
    json_t *matchings = json_array();
    good = good && tell_matchings(&m, matchings);
    json_t *answer = NULL;
    if (good) {
        answer = json_object();
        json_object_set(answer, "matchings", matchings);
        if (!work->request->skip_waypoints)
            json_object_set_new(answer, "tracepoints", tracepoints(&m));
    } else if (!work->error->code) {
        sgp_osrm_fail(work->error, "InternalError", "No memory left");
    }
    json_decref(matchings);
    free(m.waypoint);
    sgp_match_free(&m.match);
    return answer;
}
