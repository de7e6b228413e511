/* Requests of administration as frames, and in words. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "console/request_parts.h"

/* ---- users ------------------------------------------------------------------------------- */

static void begin_user(sgp_request *r, const Sigap__V1__User *known) {
    BEGIN(r, set_user, SET_USER, set_user, sigap__v1__set_user__init);
    sigap__v1__user__init(&r->user);
    r->body.set_user.user = &r->user;
    if (known == NULL)
        return;
    r->user.name = KEEP(r->first, known->name);
    r->user.role = known->role;
    r->user.unit_code = KEEP(r->user_unit, known->unit_code);
    r->user.hospital_code = KEEP(r->user_hospital, known->hospital_code);
    r->user.agency = KEEP(r->third, known->agency);
    r->user.disabled = known->disabled;
    r->user.reason = KEEP(r->fourth, known->reason);
    r->user.version = known->version;
    r->user.radius_m = known->radius_m;
    if (known->point != NULL) {
        r->point = *known->point;
        r->user.point = &r->point;
    }
}

void sgp_request_user(sgp_request *r, const Sigap__V1__User *known, const char *name, int role,
                      const char *of) {
    begin_user(r, known);
    r->user.name = KEEP(r->first, name);
    r->user.role = (Sigap__V1__Role)role;
    r->user.unit_code = KEEP(r->user_unit, role == SIGAP__V1__ROLE__CREW ? of : "");
    r->user.hospital_code = KEEP(r->user_hospital, role == SIGAP__V1__ROLE__HOSPITAL ? of : "");
    if (role != SIGAP__V1__ROLE__CREW && role != SIGAP__V1__ROLE__HOSPITAL && *of != '\0')
        r->user.agency = KEEP(r->third, of);
}

void sgp_request_user_enabled(sgp_request *r, const Sigap__V1__User *known, bool enabled,
                              const char *reason) {
    begin_user(r, known);
    r->user.disabled = !enabled;
    r->user.reason = KEEP(r->fourth, enabled ? "" : reason);
}

void sgp_request_revoke(sgp_request *r, const char *user, uint64_t device) {
    BEGIN(r, devices, REMOVE_DEVICES, remove_devices, sigap__v1__remove_devices__init);
    r->body.devices.user = KEEP(r->first, user);
    r->body.devices.device_id = device;
}

/* ---- shifts ------------------------------------------------------------------------------ */

bool sgp_request_shift(sgp_request *r, const char *unit, int64_t from_ms, int64_t until_ms,
                       const char *crew) {
    BEGIN(r, shift, SET_SHIFT, set_shift, sigap__v1__planned_shift__init);
    r->body.shift.unit_code = KEEP(r->first, unit);
    r->body.shift.from_at_ms = from_ms;
    r->body.shift.until_at_ms = until_ms;
    r->body.shift.crew = r->people;
    char *rest = KEEP(r->second, crew), *one;
    while ((one = strsep(&rest, ", ")) != NULL) {
        if (*one == '\0')
            continue;
        if (r->body.shift.n_crew == SGP_CREW_PER_UNIT)
            return false;
        r->people[r->body.shift.n_crew++] = one;
    }
    return true;
}

void sgp_request_no_shift(sgp_request *r, uint64_t id) {
    BEGIN(r, no_shift, REMOVE_SHIFT, remove_shift, sigap__v1__remove_shift__init);
    r->body.no_shift.id = id;
}

/* ---- the fleet ----------------------------------------------------------------------------- */

void sgp_request_entry(sgp_request *r) {
    sigap__v1__frame__init(&r->frame);
    r->frame.body_case = SIGAP__V1__FRAME__BODY_SET_FLEET;
    r->frame.set_fleet = &r->edit.set;
}

void sgp_request_service(sgp_request *r, const char *unit, bool out, const char *reason,
                         uint64_t version) {
    BEGIN(r, set_service, SET_SERVICE, set_service, sigap__v1__set_service__init);
    sigap__v1__unit_service__init(&r->service);
    r->body.set_service.service = &r->service;
    r->service.unit_code = KEEP(r->first, unit);
    r->service.out = out;
    r->service.reason = KEEP(r->fourth, reason);
    r->service.version = version;
}

/* ---- roads ---------------------------------------------------------------------------------- */

void sgp_request_close_stretch(sgp_request *r, const Sigap__V1__Stretch *stretch, int64_t until_ms,
                               const char *reason) {
    BEGIN(r, close_road, CLOSE_ROAD, close_road, sigap__v1__close_road__init);
    sigap__v1__road_closure__init(&r->closure);
    r->body.close_road.closure = &r->closure;
    r->closure.street = KEEP(r->fourth, stretch->street);
    r->closure.reason = KEEP(r->third_long, reason);
    r->closure.until_at_ms = until_ms;
    r->closure.parts = r->part_list;
    for (size_t i = 0; i < stretch->n_parts && i < SGP_CLOSURE_PARTS_MAX; i++) {
        r->parts[i] = *stretch->parts[i];
        r->part_list[r->closure.n_parts++] = &r->parts[i];
    }
}

/* ---- in words ------------------------------------------------------------------------------- */

char *sgp_request_text_admin(sgp_language language, const Sigap__V1__Frame *frame, char *out,
                             size_t capacity) {
    char number[24];
    const char *name = "";
    sgp_text key;
    switch (frame->body_case) {
    case SIGAP__V1__FRAME__BODY_SET_USER:
        key = SGP_TEXT_CON_DO_USER;
        name = frame->set_user->user != NULL ? frame->set_user->user->name : "";
        break;
    case SIGAP__V1__FRAME__BODY_REMOVE_DEVICES:
        key = SGP_TEXT_CON_DO_DEVICES;
        snprintf(number, sizeof number, "%" PRIu64, frame->remove_devices->device_id);
        name = frame->remove_devices->device_id != 0 ? number : frame->remove_devices->user;
        break;
    case SIGAP__V1__FRAME__BODY_SET_SHIFT:
        key = SGP_TEXT_CON_DO_SHIFT;
        name = frame->set_shift->unit_code;
        break;
    case SIGAP__V1__FRAME__BODY_REMOVE_SHIFT:
        key = SGP_TEXT_CON_DO_NO_SHIFT;
        snprintf(number, sizeof number, "%" PRIu64, frame->remove_shift->id);
        name = number;
        break;
    case SIGAP__V1__FRAME__BODY_SET_FLEET:
        key = SGP_TEXT_CON_DO_ENTRY;
        name = frame->set_fleet->what_case == SIGAP__V1__SET_FLEET__WHAT_UNIT
                   ? frame->set_fleet->unit->code
               : frame->set_fleet->what_case == SIGAP__V1__SET_FLEET__WHAT_HOSPITAL
                   ? frame->set_fleet->hospital->code
               : frame->set_fleet->what_case == SIGAP__V1__SET_FLEET__WHAT_STATION
                   ? frame->set_fleet->station->name
                   : "";
        break;
    case SIGAP__V1__FRAME__BODY_SET_SERVICE:
        key = frame->set_service->service != NULL && frame->set_service->service->out
                  ? SGP_TEXT_CON_DO_SERVICE
                  : SGP_TEXT_CON_DO_BACK;
        name = frame->set_service->service != NULL ? frame->set_service->service->unit_code : "";
        break;
    default:
        return NULL;
    }
    return sgp_text_fill(out, capacity, language, key, "name", name, NULL);
}
