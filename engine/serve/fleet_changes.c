/* Units, stations and hospitals that an administrator changes while the engine runs, and stretches
 * of road as people speak of them.
 *
 * What a person changed stands before the configuration, also at the next start (recovery.c), until
 * it is given back; then the configuration's entry is read in again at once. */
#include <stdlib.h>
#include <string.h>

#include "gis/road_stretch.h"
#include "serve/engine_parts.h"

enum { LINE_POINTS = 80 };

/* ---- the fleet -------------------------------------------------------------------------- */

static const sgp_unit *configured_unit(const sgp_engine *engine, const char *code) {
    for (size_t i = 0; i < engine->settings->n_units; i++)
        if (strcmp(engine->settings->units[i].code, code) == 0)
            return &engine->settings->units[i];
    return NULL;
}

static const sgp_hospital *configured_hospital(const sgp_engine *engine, const char *code) {
    for (size_t i = 0; i < engine->settings->n_hospitals; i++)
        if (strcmp(engine->settings->hospitals[i].code, code) == 0)
            return &engine->settings->hospitals[i];
    return NULL;
}

static sgp_err check_point(const sgp_engine *engine, sgp_point *point, sgp_fault *fault) {
    return sgp_point_check(engine, sgp_lon(*point), sgp_lat(*point), point, fault);
}

sgp_err sgp_fleet_event(sgp_session *session, const Sigap__V1__SetFleet *asked, sgp_event *event,
                        sgp_fault *fault) {
    const sgp_engine *engine = session->engine;
    sgp_fleet_change *change = &event->u.fleet;
    event->kind = SGP_EVENT_FLEET_SET;
    sgp_err err = sgp_fleet_change_from_proto(asked, change, fault);
    if (err != SGP_OK)
        return err;
    switch (change->what) {
    case SGP_FLEET_UNIT:
        if (change->given_back)
            return configured_unit(engine, change->u.unit.code) != NULL
                       ? SGP_OK
                       : sgp_fail(fault, SGP_E_STATE, "no unit %s stands in the configuration",
                                  change->u.unit.code);
        return check_point(engine, &change->u.unit.station_point, fault);
    case SGP_FLEET_HOSPITAL:
        if (change->given_back)
            return configured_hospital(engine, change->u.hospital.code) != NULL
                       ? SGP_OK
                       : sgp_fail(fault, SGP_E_STATE, "no hospital %s stands in the configuration",
                                  change->u.hospital.code);
        return check_point(engine, &change->u.hospital.point, fault);
    case SGP_FLEET_STATION:
        return change->u.station.has_point ? check_point(engine, &change->u.station.point, fault)
                                           : SGP_OK;
    case SGP_FLEET_SERVICE:
        break;
    }
    return sgp_fail(fault, SGP_E_ARGUMENT, "service is changed by SetService");
}

sgp_err sgp_service_event(const Sigap__V1__SetService *asked, sgp_event *event, sgp_fault *fault) {
    Sigap__V1__SetFleet set = SIGAP__V1__SET_FLEET__INIT;
    event->kind = SGP_EVENT_FLEET_SET;
    if (asked->service == NULL)
        return sgp_fail(fault, SGP_E_ARGUMENT, "the unit is missing");
    set.what_case = SIGAP__V1__SET_FLEET__WHAT_SERVICE;
    set.service = asked->service;
    set.version = asked->service->version;
    return sgp_fleet_change_from_proto(&set, &event->u.fleet, fault);
}

/* What was given back is what the configuration says, from here on. */
void sgp_fleet_follow(sgp_engine *engine, const sgp_event *event) {
    if (event->kind != SGP_EVENT_FLEET_SET || !event->u.fleet.given_back)
        return;
    bool is_unit = event->u.fleet.what == SGP_FLEET_UNIT;
    const sgp_unit *unit = is_unit ? configured_unit(engine, event->u.fleet.u.unit.code) : NULL;
    const sgp_hospital *hospital =
        is_unit ? NULL : configured_hospital(engine, event->u.fleet.u.hospital.code);
    if (unit == NULL && hospital == NULL)
        return;
    sgp_input *input =
        sgp_input_create(is_unit ? SGP_EVENT_UNIT_REGISTERED : SGP_EVENT_HOSPITAL_REGISTERED);
    if (input == NULL) {
        sgp_log(SGP_LOG_ERROR, "out_of_memory", "where=given_back");
        return; /* the next start reads it in */
    }
    if (is_unit)
        input->event.u.unit_registered.unit = *unit;
    else
        input->event.u.hospital_registered.hospital = *hospital;
    input->event.parent = event->seq;
    sgp_inbox_put(engine, input);
}

/* ---- stretches of road ------------------------------------------------------------------- */

/* Pieces of road, two points each, as messages in `room`. */
size_t sgp_line_of_edges(const sgp_graph_parts *parts, const uint32_t *edges, uint32_t n_edges,
                         Sigap__V1__Point *room, Sigap__V1__Point **list, size_t capacity) {
    sgp_point line[LINE_POINTS];
    size_t n = sgp_edges_line(parts, edges, n_edges, line,
                              capacity < LINE_POINTS ? capacity : LINE_POINTS);
    for (size_t i = 0; i < n; i++) {
        sigap__v1__point__init(&room[i]);
        room[i].lon = sgp_lon(line[i]);
        room[i].lat = sgp_lat(line[i]);
        list[i] = &room[i];
    }
    return n;
}

/* One stretch as a message, with all that it points to. */
typedef struct told_stretch {
    Sigap__V1__Stretch message;
    Sigap__V1__Point middle, line[LINE_POINTS], *line_list[LINE_POINTS];
    Sigap__V1__RoadPart parts[SGP_CLOSURE_PARTS_MAX], *part_list[SGP_CLOSURE_PARTS_MAX];
    char area[3 * SGP_NAME_BYTES];
} told_stretch;

static void tell_area(const sgp_graph_parts *parts, told_stretch *told, sgp_point point) {
    const sgp_graph_district *inside = sgp_graph_district_at(&parts->places, point);
    if (inside == NULL)
        return;
    const char *kelurahan = parts->places.texts + inside->kelurahan;
    const char *kecamatan = parts->places.texts + inside->kecamatan;
    snprintf(told->area, sizeof told->area, "%s%s%s", kelurahan,
             kelurahan[0] != '\0' && kecamatan[0] != '\0' ? ", " : "", kecamatan);
}

static void tell_stretch(const sgp_graph_parts *parts, const sgp_stretch *stretch, bool near,
                         told_stretch *told) {
    sgp_stretch_part pieces[SGP_CLOSURE_PARTS_MAX];
    Sigap__V1__Stretch *message = &told->message;
    sigap__v1__stretch__init(message);
    sigap__v1__point__init(&told->middle);
    told->area[0] = '\0';
    tell_area(parts, told, stretch->middle);
    told->middle.lon = sgp_lon(stretch->middle);
    told->middle.lat = sgp_lat(stretch->middle);
    message->street = (char *)(parts->names + stretch->name);
    message->area = told->area;
    message->middle = &told->middle;
    message->length_m = (int64_t)((stretch->length_mm + 500) / 1000);
    message->away_m = near ? (int64_t)(stretch->away_m + 0.5) : 0;
    message->line = told->line_list;
    message->n_line = sgp_line_of_edges(parts, stretch->edges, stretch->n_edges, told->line,
                                        told->line_list, LINE_POINTS);
    size_t n = sgp_stretch_parts(parts, stretch, pieces, SGP_CLOSURE_PARTS_MAX);
    message->n_roads = stretch->n_edges;
    message->parts = told->part_list;
    /* More than one closure takes: none of them, so that nobody closes half of it unawares. */
    for (size_t i = 0; n <= SGP_CLOSURE_PARTS_MAX && i < n; i++) {
        sigap__v1__road_part__init(&told->parts[i]);
        told->parts[i].way = pieces[i].b != 0 ? 0 : pieces[i].a;
        told->parts[i].from_node = pieces[i].b != 0 ? pieces[i].a : 0;
        told->parts[i].to_node = pieces[i].b;
        told->part_list[message->n_parts++] = &told->parts[i];
    }
}

static sgp_err find_stretches(const sgp_session *session, const Sigap__V1__FindStretch *asked,
                              sgp_stretches *found, sgp_fault *fault) {
    const sgp_engine *engine = session->engine;
    const sgp_graph_parts *parts = sgp_graph_get(engine->city->graph);
    sgp_point near = {
        (int32_t)(((int64_t)parts->south_west.lon_e7 + parts->north_east.lon_e7) / 2),
        (int32_t)(((int64_t)parts->south_west.lat_e7 + parts->north_east.lat_e7) / 2)};
    sgp_point points[SGP_STRETCH_POINTS_MAX];
    sgp_err err = SGP_OK;
    if ((asked->street[0] == '\0') == (asked->n_points == 0))
        return sgp_fail(fault, SGP_E_ARGUMENT, "give a street or points, one of them");
    if (asked->near != NULL)
        err = sgp_point_check(engine, asked->near->lon, asked->near->lat, &near, fault);
    else if (session->jurisdiction.radius_m > 0)
        near = session->jurisdiction.point;
    if (err != SGP_OK)
        return err;
    if (asked->n_points == 0)
        return sgp_stretches_of_street(parts, asked->street, asked->from, asked->to, near, found,
                                       fault);
    if (asked->n_points > SGP_STRETCH_POINTS_MAX)
        return sgp_fail(fault, SGP_E_ARGUMENT, "a stretch is drawn by at most %d points",
                        SGP_STRETCH_POINTS_MAX);
    for (size_t i = 0; i < asked->n_points && err == SGP_OK; i++)
        err = sgp_point_check(engine, asked->points[i]->lon, asked->points[i]->lat, &points[i],
                              fault);
    return err != SGP_OK ? err : sgp_stretches_along(parts, points, asked->n_points, found, fault);
}

void sgp_answer_stretches(sgp_session *session, uint64_t reply_to,
                          const Sigap__V1__FindStretch *asked) {
    sgp_engine *engine = session->engine;
    sgp_stretches found = {.n = 0};
    sgp_fault fault = {0};
    sgp_err err = find_stretches(session, asked, &found, &fault);
    told_stretch *told = err == SGP_OK ? calloc(SGP_STRETCHES_MAX, sizeof *told) : NULL;
    if (err == SGP_OK && told == NULL)
        err = sgp_fail(&fault, SGP_E_MEMORY, "no memory for the stretches");
    if (err != SGP_OK) {
        sgp_outbox_error(engine, session->id, reply_to, err, fault.text);
        sgp_stretches_clear(&found);
        return;
    }
    Sigap__V1__Stretch *list[SGP_STRETCHES_MAX];
    Sigap__V1__Stretches answer = SIGAP__V1__STRETCHES__INIT;
    answer.stretches = list;
    for (size_t i = 0; i < found.n; i++) {
        tell_stretch(sgp_graph_get(engine->city->graph), &found.items[i],
                     asked->near != NULL || session->jurisdiction.radius_m > 0, &told[i]);
        list[answer.n_stretches++] = &told[i].message;
    }
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.body_case = SIGAP__V1__FRAME__BODY_STRETCHES;
    frame.stretches = &answer;
    sgp_outbox_answer(engine, session->id, reply_to, &frame);
    free(told);
    sgp_stretches_clear(&found);
}
