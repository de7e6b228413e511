/* Changes of the fleet as messages and back, and the entries within units and hospitals. */
#include <string.h>

#include "core/event_check.h"
#include "core/fleet.h"
#include "core/proto_read.h"
#include "core/proto_write.h"

/* ---- checking ------------------------------------------------------------------------ */

static sgp_err service_in(const sgp_fleet_change *change, sgp_fault *fault) {
    sgp_event unit = {.kind = SGP_EVENT_UNIT_DUTY, .at_ms = 1};
    memcpy(unit.u.duty.unit, change->u.service.unit, sizeof unit.u.duty.unit);
    sgp_err err = sgp_event_check(&unit, fault);
    sgp_event why = {.kind = SGP_EVENT_MOVE_UP_ENDED, .at_ms = 1};
    memcpy(why.u.move_up_end.unit, change->u.service.unit, sizeof why.u.move_up_end.unit);
    memcpy(why.u.move_up_end.reason, change->u.service.reason, sizeof why.u.move_up_end.reason);
    if (!err)
        err = sgp_event_check(&why, fault);
    if (!err && change->u.service.out && !change->u.service.reason[0])
        err = sgp_fail(fault, SGP_E_ARGUMENT, "why is %s out of service? a reason is needed",
                       change->u.service.unit);
    return err;
}

static sgp_err station_in(const sgp_fleet_change *change, sgp_fault *fault) {
    sgp_event check = {.kind = SGP_EVENT_UNIT_REGISTERED, .at_ms = 1};
    sgp_unit *unit = &check.u.unit_registered.unit;
    strcpy(unit->code, "-");
    unit->kind = SGP_UNIT_AMBULANCE_BASIC;
    memcpy(unit->station, change->u.station.name, sizeof unit->station);
    memcpy(unit->name, change->u.station.new_name, sizeof unit->name);
    unit->station_point = change->u.station.point;
    sgp_err err = sgp_event_check(&check, fault);
    if (!err && !change->u.station.name[0])
        err = sgp_fail(fault, SGP_E_ARGUMENT, "the station's name is missing");
    if (!err && !change->u.station.has_point && !change->u.station.new_name[0])
        err = sgp_fail(fault, SGP_E_ARGUMENT,
                       "nothing is changed: give the station a point or a new name");
    return err;
}

sgp_err sgp_fleet_event_check(const sgp_event *event, sgp_fault *fault) {
    const sgp_fleet_change *change = &event->u.fleet;
    sgp_event check = {.at_ms = 1};
    if (!event->actor[0])
        return sgp_fail(fault, SGP_E_ARGUMENT, "who changes it is missing");
    switch (change->what) {
    case SGP_FLEET_UNIT:
        check.kind = SGP_EVENT_UNIT_REGISTERED;
        check.u.unit_registered.unit = change->u.unit;
        return sgp_event_check(&check, fault);
    case SGP_FLEET_HOSPITAL:
        check.kind = SGP_EVENT_HOSPITAL_REGISTERED;
        check.u.hospital_registered.hospital = change->u.hospital;
        return sgp_event_check(&check, fault);
    case SGP_FLEET_STATION:
        return station_in(change, fault);
    case SGP_FLEET_SERVICE:
        return service_in(change, fault);
    }
    return sgp_fail(fault, SGP_E_ARGUMENT, "nothing of the fleet is named");
}

/* ---- events --------------------------------------------------------------------------- */

static bool put_what(Sigap__V1__SetFleet *body, const sgp_fleet_change *change) {
    switch (change->what) {
    case SGP_FLEET_UNIT:
        body->what_case = SIGAP__V1__SET_FLEET__WHAT_UNIT;
        body->unit = sgp_message_make(&sigap__v1__unit__descriptor);
        return body->unit && sgp_put_unit_basics(body->unit, &change->u.unit);
    case SGP_FLEET_HOSPITAL: {
        sgp_hospital hospital = change->u.hospital;
        hospital.index = 0; /* not part of the event */
        body->what_case = SIGAP__V1__SET_FLEET__WHAT_HOSPITAL;
        body->hospital = sgp_message_make(&sigap__v1__hospital__descriptor);
        return body->hospital && sgp_put_hospital(body->hospital, &hospital);
    }
    case SGP_FLEET_STATION:
        body->what_case = SIGAP__V1__SET_FLEET__WHAT_STATION;
        body->station = sgp_message_make(&sigap__v1__station_move__descriptor);
        return body->station && sgp_put_text(&body->station->name, change->u.station.name) &&
               sgp_put_text(&body->station->new_name, change->u.station.new_name) &&
               (!change->u.station.has_point ||
                sgp_put_point(&body->station->point, change->u.station.point));
    case SGP_FLEET_SERVICE:
        break;
    }
    body->what_case = SIGAP__V1__SET_FLEET__WHAT_SERVICE;
    body->service = sgp_message_make(&sigap__v1__unit_service__descriptor);
    if (!body->service)
        return false;
    body->service->out = change->u.service.out;
    return sgp_put_text(&body->service->unit_code, change->u.service.unit) &&
           sgp_put_text(&body->service->reason, change->u.service.reason);
}

bool sgp_put_fleet_event(Sigap__V1__Event *message, const sgp_event *event) {
    Sigap__V1__SetFleet *body = sgp_message_make(&sigap__v1__set_fleet__descriptor);
    message->body_case = SIGAP__V1__EVENT__BODY_FLEET_SET;
    message->fleet_set = body;
    if (!body)
        return false;
    body->version = event->u.fleet.version;
    body->given_back = event->u.fleet.given_back;
    return put_what(body, &event->u.fleet);
}

static sgp_err read_station(const Sigap__V1__StationMove *body, sgp_fleet_change *change,
                            sgp_fault *fault) {
    change->what = SGP_FLEET_STATION;
    change->u.station.has_point = body->point != NULL;
    sgp_err err = sgp_read_text(body->name, change->u.station.name, SGP_NAME_BYTES,
                                "the station's name", fault);
    if (!err)
        err = sgp_read_text(body->new_name, change->u.station.new_name, SGP_NAME_BYTES,
                            "the station's new name", fault);
    if (!err && body->point)
        err = sgp_read_point(body->point, &change->u.station.point, "the station's point", fault);
    return err;
}

static sgp_err read_service(const Sigap__V1__UnitService *body, sgp_fleet_change *change,
                            sgp_fault *fault) {
    change->what = SGP_FLEET_SERVICE;
    change->u.service.out = body->out;
    sgp_err err = sgp_read_text(body->unit_code, change->u.service.unit, SGP_CODE_BYTES,
                                "the unit's code", fault);
    return err ? err
               : sgp_read_text(body->reason, change->u.service.reason, SGP_NAME_BYTES, "the reason",
                               fault);
}

sgp_err sgp_fleet_change_from_proto(const Sigap__V1__SetFleet *body, sgp_fleet_change *change,
                                    sgp_fault *fault) {
    *change = (sgp_fleet_change){.version = body->version, .given_back = body->given_back};
    switch (body->what_case) {
    case SIGAP__V1__SET_FLEET__WHAT_UNIT:
        change->what = SGP_FLEET_UNIT;
        return sgp_read_unit(body->unit, &change->u.unit, fault);
    case SIGAP__V1__SET_FLEET__WHAT_HOSPITAL:
        change->what = SGP_FLEET_HOSPITAL;
        return sgp_read_hospital(body->hospital, &change->u.hospital, fault);
    case SIGAP__V1__SET_FLEET__WHAT_STATION:
        return read_station(body->station, change, fault);
    case SIGAP__V1__SET_FLEET__WHAT_SERVICE:
        return read_service(body->service, change, fault);
    default:
        return sgp_fail(fault, SGP_E_ARGUMENT,
                        "nothing is named: give a unit, a hospital or a station");
    }
}

sgp_err sgp_read_fleet_event(const Sigap__V1__Event *message, sgp_event *event, sgp_fault *fault) {
    event->kind = SGP_EVENT_FLEET_SET;
    return sgp_fleet_change_from_proto(message->fleet_set, &event->u.fleet, fault);
}

/* ---- entries ---------------------------------------------------------------------------- */

/* A name is there exactly where a person said it. Snapshots of before have no version. */
static sgp_err read_entry(uint64_t version, const char *by, int64_t at_ms, sgp_entry *entry,
                          sgp_fault *fault) {
    *entry = (sgp_entry){.version = version ? version : 1, .at_ms = at_ms, .by_hand = *by != '\0'};
    return sgp_read_text(by, entry->actor, sizeof entry->actor, "who changed the entry", fault);
}

bool sgp_put_unit_entry(Sigap__V1__Unit *message, const sgp_unit *unit) {
    message->entry_version = unit->entry.version;
    message->entry_at_ms = unit->entry.at_ms;
    message->out_of_service = unit->out_of_service_at_ms != 0;
    message->out_of_service_at_ms = unit->out_of_service_at_ms;
    return sgp_put_text(&message->entry_by, unit->entry.actor) &&
           sgp_put_text(&message->service_reason, unit->service_reason);
}

sgp_err sgp_read_unit_entry(const Sigap__V1__Unit *message, sgp_unit *unit, sgp_fault *fault) {
    unit->out_of_service_at_ms = message->out_of_service_at_ms;
    sgp_err err = sgp_read_text(message->service_reason, unit->service_reason,
                                sizeof unit->service_reason, "why it is out of service", fault);
    if (!err &&
        (message->out_of_service != (message->out_of_service_at_ms != 0) ||
         message->out_of_service_at_ms < 0 || (message->out_of_service && message->on_duty)))
        err = sgp_fail(fault, SGP_E_CORRUPT,
                       "the snapshot is damaged: the service of unit %s is wrong", unit->code);
    return err ? err
               : read_entry(message->entry_version, message->entry_by, message->entry_at_ms,
                            &unit->entry, fault);
}

bool sgp_put_hospital_entry(Sigap__V1__Hospital *message, const sgp_hospital *hospital) {
    message->entry_version = hospital->entry.version;
    message->entry_at_ms = hospital->entry.at_ms;
    return sgp_put_text(&message->entry_by, hospital->entry.actor);
}

sgp_err sgp_read_hospital_entry(const Sigap__V1__Hospital *message, sgp_hospital *hospital,
                                sgp_fault *fault) {
    return read_entry(message->entry_version, message->entry_by, message->entry_at_ms,
                      &hospital->entry, fault);
}
