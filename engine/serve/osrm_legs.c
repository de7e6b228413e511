#include "serve/osrm_legs.h"

#include <stdlib.h>
#include <string.h>

#include "serve/osrm_polyline.h"
#include "serve/osrm_simplify.h"

enum { SUMMARY_BYTES = 512 };

void sgp_osrm_way_free(sgp_osrm_way *way) {
    for (size_t i = 0; i < way->n_parts; i++) {
        sgp_route_free(&way->parts[i].route);
        sgp_trace_free(&way->parts[i].trace);
    }
    free(way->parts);
    free(way->legs);
    *way = (sgp_osrm_way){0};
}

static double seconds(int64_t ms) {
    return (double)ms / 1000;
}

static double metres(int64_t mm) {
    return (double)mm / 1000;
}

/* ---- geometry ------------------------------------------------------------------------ */

static json_t *encoded(const sgp_point *points, size_t n, int unit_e7) {
    sgp_buffer text = {0};
    json_t *value = NULL;
    if (sgp_polyline_encode(points, n, unit_e7, &text) == SGP_OK)
        value = json_stringn((const char *)text.data, text.length);
    sgp_buffer_free(&text);
    return value;
}

json_t *sgp_osrm_line(const sgp_osrm_work *work, const sgp_point *points, size_t n) {
    if (work->request->geometries == SGP_OSRM_POLYLINE)
        return encoded(points, n, SGP_POLYLINE_5);
    if (work->request->geometries == SGP_OSRM_POLYLINE6)
        return encoded(points, n, SGP_POLYLINE_6);
    json_t *coordinates = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(coordinates, sgp_osrm_location(points[i]));
    return json_pack("{s:s,s:o}", "type", "LineString", "coordinates", coordinates);
}

static json_t *overview(const sgp_osrm_work *work, const sgp_osrm_way *way) {
    size_t n = 0;
    for (size_t i = 0; i < way->n_parts; i++)
        n += way->parts[i].route.n_points;
    sgp_point *points = malloc(n * sizeof *points);
    if (!points)
        return NULL;
    n = 0;
    for (size_t i = 0; i < way->n_parts; i++) {
        const sgp_route *r = &way->parts[i].route;
        /* Parts share the place where they meet; every other point stays, since annotations
         * are told between neighbours. */
        for (size_t k = i > 0 ? 1 : 0; k < r->n_points; k++)
            points[n++] = r->points[k];
    }
    json_t *line = NULL;
    if (work->request->overview == SGP_OSRM_FULL || sgp_osrm_simplify(points, &n) == SGP_OK)
        line = sgp_osrm_line(work, points, n);
    free(points);
    return line;
}

/* ---- annotations ------------------------------------------------------------------------ */

typedef struct annotation {
    json_t *distance, *duration, *speed, *weight, *datasources, *nodes;
} annotation;

static json_t *array_if(uint32_t wanted, uint32_t bit) {
    return wanted & bit ? json_array() : NULL;
}

static void annotate(const sgp_osrm_work *work, annotation *a, const sgp_osrm_part *part,
                     bool is_first) {
    const sgp_route *r = &part->route;
    for (size_t i = 0; i + 1 < r->n_points; i++) {
        double m = sgp_distance_m(r->points[i], r->points[i + 1]);
        double s = seconds(r->at_ms[i + 1] - r->at_ms[i]);
        json_array_append_new(a->distance, json_real(m));
        json_array_append_new(a->duration, json_real(s));
        json_array_append_new(a->weight, json_real(s));
        json_array_append_new(a->speed, json_real(s > 0 ? m / s : 0));
        json_array_append_new(a->datasources, json_integer(0));
    }
    const sgp_graph_parts *p = work->parts;
    for (size_t i = is_first ? 0 : 1; a->nodes && i < r->n_points; i++)
        json_array_append_new(a->nodes, json_integer(p->point_node[part->trace.graph_point[i]]));
}

static json_t *annotation_of(const sgp_osrm_work *work, const sgp_osrm_part *parts, size_t n) {
    uint32_t wanted = work->request->annotations;
    annotation a = {
        .distance = array_if(wanted, SGP_OSRM_DISTANCE),
        .duration = array_if(wanted, SGP_OSRM_DURATION),
        .speed = array_if(wanted, SGP_OSRM_SPEED),
        .weight = array_if(wanted, SGP_OSRM_WEIGHT),
        .datasources = array_if(wanted, SGP_OSRM_DATASOURCES),
        .nodes = work->parts->n_point_nodes ? array_if(wanted, SGP_OSRM_NODES) : NULL,
    };
    for (size_t i = 0; i < n; i++)
        annotate(work, &a, &parts[i], i == 0);
    json_t *all = json_object();
    if (wanted & SGP_OSRM_DATASOURCES) /* every time is of one source: the picture in service */
        json_object_set_new(all, "metadata",
                            json_pack("{s:[s]}", "datasource_names", work->parts->name));
    struct {
        const char *name;
        json_t *array;
    } arrays[] = {{"distance", a.distance}, {"duration", a.duration},
                  {"speed", a.speed},       {"weight", a.weight},
                  {"nodes", a.nodes},       {"datasources", a.datasources}};
    for (size_t i = 0; i < sizeof arrays / sizeof arrays[0]; i++)
        if (arrays[i].array)
            json_object_set_new(all, arrays[i].name, arrays[i].array);
    return all;
}

/* ---- legs and routes ------------------------------------------------------------------------ */

static void total(const sgp_osrm_part *parts, size_t n, int64_t *ms, int64_t *mm) {
    *ms = *mm = 0;
    for (size_t i = 0; i < n; i++) {
        *ms += parts[i].route.duration_ms;
        *mm += parts[i].route.length_mm;
    }
}

static json_t *leg_object(const sgp_osrm_work *work, const sgp_osrm_part *parts, size_t n) {
    char summary[SUMMARY_BYTES] = "";
    json_t *steps = work->request->steps ? sgp_osrm_steps(work, parts, n, summary, sizeof summary)
                                         : json_array();
    if (!steps)
        return NULL;
    int64_t ms, mm;
    total(parts, n, &ms, &mm);
    json_t *leg = json_object();
    json_object_set_new(leg, "steps", steps);
    json_object_set_new(leg, "summary", sgp_osrm_text(summary));
    json_object_set_new(leg, "weight", json_real(seconds(ms)));
    json_object_set_new(leg, "duration", json_real(seconds(ms)));
    json_object_set_new(leg, "distance", json_real(metres(mm)));
    if (work->request->annotations)
        json_object_set_new(leg, "annotation", annotation_of(work, parts, n));
    return leg;
}

static bool trace_parts(const sgp_osrm_work *work, sgp_osrm_way *way) {
    bool needed = work->request->steps || work->request->annotations & SGP_OSRM_NODES;
    for (size_t i = 0; needed && i < way->n_parts; i++) {
        sgp_osrm_part *part = &way->parts[i];
        sgp_err err = sgp_trace_make(work->city->graph, &part->route, &part->trace);
        if (err)
            return sgp_osrm_fail(work->error, "InternalError", "%s", sgp_err_message(err));
    }
    return true;
}

json_t *sgp_osrm_route_object(const sgp_osrm_work *work, sgp_osrm_way *way) {
    const sgp_osrm_request *request = work->request;
    if (!trace_parts(work, way))
        return NULL;
    json_t *legs = json_array();
    for (size_t i = 0; i < way->n_legs; i++) {
        json_t *leg = NULL;
        if (sgp_osrm_is_awaited(work))
            leg = leg_object(work, way->parts + way->legs[i].first_part, way->legs[i].n_parts);
        if (!leg) {
            json_decref(legs);
            return NULL;
        }
        json_array_append_new(legs, leg);
    }
    int64_t ms, mm;
    total(way->parts, way->n_parts, &ms, &mm);
    json_t *route = json_object();
    if (request->overview != SGP_OSRM_NO_OVERVIEW)
        json_object_set_new(route, "geometry", overview(work, way));
    json_object_set_new(route, "legs", legs);
    json_object_set_new(route, "weight_name", json_string("duration"));
    json_object_set_new(route, "weight", json_real(seconds(ms)));
    json_object_set_new(route, "duration", json_real(seconds(ms)));
    json_object_set_new(route, "distance", json_real(metres(mm)));
    return route;
}
