/* Street cameras for the control room: near a point or an incident, along a unit's way.
 *
 * They come from the file that the configuration names, at the start and with every reload; a
 * file with a mistake leaves those of before. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "serve/camera_set.h"
#include "serve/engine_parts.h"

enum {
    NEAR_M = 1000,
    BESIDE_M = 60, /* cameras stand on poles at the roadside and over crossings */
    LIMIT_NEAR = 8,
    LIMIT_BESIDE = 50,
    LIMIT_MAX = 500,
    WAY_POINTS_MAX = 4096 /* that a client tells */
};

/* ---- the file -------------------------------------------------------------------------- */

static bool are_configured(const sgp_engine *engine) {
    return engine->settings->cameras != NULL && engine->settings->cameras[0] != '\0';
}

sgp_err sgp_cameras_check(const sgp_settings *settings, sgp_fault *fault) {
    sgp_camera_set set = {.n = 0};
    sgp_err err = settings->cameras != NULL && settings->cameras[0] != '\0'
                      ? sgp_camera_set_read(settings->cameras, &set, fault)
                      : SGP_OK;
    sgp_camera_set_free(&set);
    return err;
}

sgp_err sgp_cameras_read(sgp_engine *engine, sgp_fault *fault) {
    if (!are_configured(engine))
        return SGP_OK;
    sgp_camera_set *set = calloc(1, sizeof *set);
    if (set == NULL)
        return sgp_fail(fault, SGP_E_MEMORY, "no memory for the cameras");
    sgp_err err = sgp_camera_set_read(engine->settings->cameras, set, fault);
    if (err != SGP_OK) {
        free(set);
        return err;
    }
    sgp_cameras_stop(engine);
    engine->cameras = set;
    sgp_log(SGP_LOG_INFO, "cameras", "count=%u", set->n);
    return SGP_OK;
}

void sgp_cameras_start(sgp_engine *engine) {
    sgp_fault fault = {0};
    if (sgp_cameras_read(engine, &fault) != SGP_OK)
        sgp_log(SGP_LOG_WARN, "no_cameras", "reason=%s", SGP_Q(fault.text));
}

void sgp_cameras_stop(sgp_engine *engine) {
    if (engine->cameras != NULL)
        sgp_camera_set_free(engine->cameras);
    free(engine->cameras);
    engine->cameras = NULL;
}

/* An empty set where there are none. */
static const sgp_camera_set *cameras_of(const sgp_engine *engine) {
    static const sgp_camera_set none;
    return engine->cameras != NULL ? engine->cameras : &none;
}

/* ---- ways ------------------------------------------------------------------------------- */

/* Where the unit is going now; false: nowhere. */
static bool bound_for(const sgp_engine *engine, const sgp_unit *unit, sgp_point *to) {
    const sgp_assignment *on =
        unit->assignment != 0 ? sgp_world_assignment(engine->world, unit->assignment) : NULL;
    if (on == NULL)
        return false;
    const sgp_incident *incident = sgp_world_incident(engine->world, on->incident);
    bool to_incident = on->state == SGP_ASSIGNMENT_ORDERED ||
                       on->state == SGP_ASSIGNMENT_ACCEPTED || on->state == SGP_ASSIGNMENT_EN_ROUTE;
    if (to_incident && incident->has_place) {
        *to = incident->has_staging ? incident->staging.point : incident->place.point;
        return true;
    }
    if (on->state != SGP_ASSIGNMENT_TRANSPORTING || on->hospital < 0)
        return false;
    *to = sgp_world_hospital(engine->world, (uint32_t)on->hospital)->point;
    return true;
}

/* The way that the unit would be shown now. Free the route. */
static sgp_err way_of_unit(sgp_engine *engine, const char *code, sgp_route *route,
                           sgp_fault *fault) {
    const sgp_unit *unit = sgp_world_unit_by_code(engine->world, code);
    sgp_point to;
    if (unit == NULL)
        return sgp_fail(fault, SGP_E_NOT_FOUND, "no unit is called %.40s", code);
    if (!unit->has_position)
        return sgp_fail(fault, SGP_E_STATE, "nobody knows where %s is", unit->code);
    if (!bound_for(engine, unit, &to))
        return sgp_fail(fault, SGP_E_STATE, "%s is not on its way anywhere", unit->code);
    const sgp_assignment *on = sgp_world_assignment(engine->world, unit->assignment);
    const sgp_incident *incident = sgp_world_incident(engine->world, on->incident);
    uint32_t profile = sgp_live_roads_drive(engine->city->roads, unit->kind, incident->priority);
    sgp_source source = {.penalty_ms = 0};
    size_t n = 0;
    if (!sgp_live_times_snap(engine->city->live, profile, unit->position, &source.from))
        return sgp_fail(fault, SGP_E_RANGE, "%s is on no road", unit->code);
    const sgp_stand *stands = sgp_live_times_stands(engine->city->live, profile, to, &n);
    if (n == 0)
        return sgp_fail(fault, SGP_E_RANGE, "where %s is going is on no road", unit->code);
    /* As the crew's own page shows it: over the stand from which the place is reached soonest. */
    sgp_snap targets[SGP_STANDS_MAX];
    int64_t drive_ms[SGP_STANDS_MAX];
    size_t which = 0;
    for (size_t i = 0; i < n; i++)
        targets[i] = stands[i].snap;
    sgp_query *query = sgp_live_roads_take(engine->city->roads, profile);
    sgp_err err = sgp_query_one_to_many(query, &source, targets, n, drive_ms);
    if (err == SGP_OK) {
        (void)sgp_stands_least(stands, n, drive_ms, &which);
        err = sgp_query_route(query, &source, &targets[which], route);
    }
    sgp_live_roads_release(engine->city->roads, profile);
    if (err == SGP_OK && route->duration_ms == SGP_UNREACHABLE)
        err = sgp_fail(fault, SGP_E_RANGE, "no road leads %s to where it is going", unit->code);
    return err;
}

/* ---- the answer ------------------------------------------------------------------------- */

typedef struct page_memory {
    Sigap__V1__CameraNear near[LIMIT_MAX];
    Sigap__V1__CameraNear *rows[LIMIT_MAX];
    Sigap__V1__Camera cameras[LIMIT_MAX];
    Sigap__V1__Point points[LIMIT_MAX];
    sgp_camera_found found[LIMIT_MAX];
} page_memory;

/* Texts are borrowed from the set. */
static void fill_row(const sgp_camera *from, const sgp_camera_found *found, size_t i,
                     page_memory *m) {
    sigap__v1__camera_near__init(&m->near[i]);
    sigap__v1__camera__init(&m->cameras[i]);
    sigap__v1__point__init(&m->points[i]);
    m->rows[i] = &m->near[i];
    m->near[i].camera = &m->cameras[i];
    m->near[i].distance_m = (uint32_t)lround(found->distance_m);
    m->near[i].along_m = (uint32_t)lround(found->along_m);
    m->near[i].faces_it = found->faces_it;
    m->points[i].lon = sgp_lon(from->point);
    m->points[i].lat = sgp_lat(from->point);
    m->cameras[i].point = &m->points[i];
    m->cameras[i].id = (char *)from->id;
    m->cameras[i].name = (char *)from->name;
    m->cameras[i].url = (char *)from->url;
    m->cameras[i].owner = (char *)from->owner;
    if (from->heading_deg >= 0) {
        m->cameras[i].looks_case = SIGAP__V1__CAMERA__LOOKS_HEADING_DEG;
        m->cameras[i].heading_deg = (uint32_t)from->heading_deg;
    }
}

static uint32_t limit_of(const Sigap__V1__FindCameras *asked, uint32_t otherwise) {
    uint32_t limit = asked->limit > 0 ? asked->limit : otherwise;
    return limit < LIMIT_MAX ? limit : LIMIT_MAX;
}

static sgp_err find_near(sgp_engine *engine, const Sigap__V1__FindCameras *asked, sgp_point point,
                         page_memory *m, size_t *n, sgp_fault *fault) {
    sgp_err err = SGP_OK;
    if (asked->within_m > SGP_CAMERA_WITHIN_MAX_M)
        return sgp_fail(fault, SGP_E_RANGE, "within_m of a point is at most %d",
                        SGP_CAMERA_WITHIN_MAX_M);
    *n = sgp_camera_set_near(cameras_of(engine), point,
                             asked->within_m > 0 ? asked->within_m : NEAR_M, m->found,
                             limit_of(asked, LIMIT_NEAR), &err);
    return err;
}

static sgp_err find_along(sgp_engine *engine, const Sigap__V1__FindCameras *asked,
                          const sgp_point *way, size_t n_points, page_memory *m, size_t *n,
                          sgp_fault *fault) {
    sgp_err err = SGP_OK;
    if (asked->within_m > SGP_CAMERA_BESIDE_MAX_M)
        return sgp_fail(fault, SGP_E_RANGE, "within_m of a way is at most %d",
                        SGP_CAMERA_BESIDE_MAX_M);
    *n = sgp_camera_set_along(cameras_of(engine), way, n_points,
                              asked->within_m > 0 ? asked->within_m : BESIDE_M, m->found,
                              limit_of(asked, LIMIT_BESIDE), &err);
    return err == SGP_E_TOO_LARGE ? sgp_fail(fault, err, "the way is too long") : err;
}

static sgp_err find_beside(sgp_engine *engine, const Sigap__V1__FindCameras *asked, page_memory *m,
                           size_t *n, sgp_fault *fault) {
    const Sigap__V1__CameraWay *way = asked->way;
    if (way->n_points < 2 || way->n_points > WAY_POINTS_MAX)
        return sgp_fail(fault, SGP_E_RANGE, "a way has 2 to %d points", WAY_POINTS_MAX);
    sgp_point *points = calloc(way->n_points, sizeof *points);
    sgp_err err = points != NULL ? SGP_OK : SGP_E_MEMORY;
    for (size_t i = 0; err == SGP_OK && i < way->n_points; i++)
        if (sgp_point_from_degrees(way->points[i]->lon, way->points[i]->lat, &points[i]) != SGP_OK)
            err = sgp_fail(fault, SGP_E_RANGE, "point %zu of the way is none on the earth", i + 1);
    if (err == SGP_OK)
        err = find_along(engine, asked, points, way->n_points, m, n, fault);
    free(points);
    return err;
}

static sgp_err find_for_unit(sgp_engine *engine, const Sigap__V1__FindCameras *asked,
                             page_memory *m, size_t *n, sgp_fault *fault) {
    sgp_route route = {0};
    sgp_err err = way_of_unit(engine, asked->unit, &route, fault);
    /* A route across a whole region may have more points than are looked along; it is cut. */
    size_t n_points =
        route.n_points < SGP_CAMERA_WAY_POINTS_MAX ? route.n_points : SGP_CAMERA_WAY_POINTS_MAX;
    if (err == SGP_OK)
        err = find_along(engine, asked, route.points, n_points, m, n, fault);
    sgp_route_free(&route);
    return err;
}

static sgp_err find_at_incident(sgp_engine *engine, const Sigap__V1__FindCameras *asked,
                                page_memory *m, size_t *n, sgp_fault *fault) {
    const sgp_incident *incident = sgp_world_incident(engine->world, asked->incident_id);
    if (incident == NULL)
        return sgp_fail(fault, SGP_E_NOT_FOUND, "there is no incident %llu",
                        (unsigned long long)asked->incident_id);
    if (!incident->has_place)
        return sgp_fail(fault, SGP_E_STATE, "nobody knows yet where the incident is");
    return find_near(engine, asked, incident->place.point, m, n, fault);
}

/* By id, from behind the cursor. */
static void list_all(const sgp_engine *engine, const Sigap__V1__FindCameras *asked, page_memory *m,
                     size_t *n, bool *more) {
    const sgp_camera_set *set = cameras_of(engine);
    const char *after =
        asked->where_case == SIGAP__V1__FIND_CAMERAS__WHERE_ALL ? asked->all->after : "";
    size_t limit = limit_of(asked, LIMIT_MAX);
    for (uint32_t i = 0; i < set->n && *n <= limit; i++) {
        if (strcmp(set->cameras[i].id, after) <= 0)
            continue;
        if (*n == limit) {
            *more = true;
            return;
        }
        m->found[(*n)++] = (sgp_camera_found){.camera = i};
    }
}

static sgp_err find(sgp_engine *engine, const Sigap__V1__FindCameras *asked, page_memory *m,
                    size_t *n, bool *more, sgp_fault *fault) {
    sgp_point point;
    switch (asked->where_case) {
    case SIGAP__V1__FIND_CAMERAS__WHERE_POINT:
        if (sgp_point_from_degrees(asked->point->lon, asked->point->lat, &point) != SGP_OK)
            return sgp_fail(fault, SGP_E_RANGE, "that is not a point on the earth");
        return find_near(engine, asked, point, m, n, fault);
    case SIGAP__V1__FIND_CAMERAS__WHERE_INCIDENT_ID:
        return find_at_incident(engine, asked, m, n, fault);
    case SIGAP__V1__FIND_CAMERAS__WHERE_UNIT:
        return find_for_unit(engine, asked, m, n, fault);
    case SIGAP__V1__FIND_CAMERAS__WHERE_WAY:
        return find_beside(engine, asked, m, n, fault);
    default:
        list_all(engine, asked, m, n, more);
        return SGP_OK;
    }
}

void sgp_answer_cameras(sgp_session *session, uint64_t reply_to,
                        const Sigap__V1__FindCameras *asked) {
    sgp_engine *engine = session->engine;
    page_memory *m = calloc(1, sizeof *m);
    sgp_fault fault = {0};
    size_t n = 0;
    bool more = false;
    sgp_err err = m != NULL ? SGP_OK : SGP_E_MEMORY;
    if (err == SGP_OK)
        err = find(engine, asked, m, &n, &more, &fault);
    if (err == SGP_OK) {
        Sigap__V1__CameraPage page = SIGAP__V1__CAMERA_PAGE__INIT;
        for (size_t i = 0; i < n; i++)
            fill_row(&cameras_of(engine)->cameras[m->found[i].camera], &m->found[i], i, m);
        page.cameras = m->rows;
        page.n_cameras = n;
        page.more = more;
        page.known = cameras_of(engine)->n;
        Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
        frame.body_case = SIGAP__V1__FRAME__BODY_CAMERA_PAGE;
        frame.camera_page = &page;
        sgp_outbox_answer(engine, session->id, reply_to, &frame);
    } else {
        sgp_outbox_error(engine, session->id, reply_to, err,
                         fault.text[0] != '\0' ? fault.text : sgp_err_message(err));
    }
    free(m);
}
