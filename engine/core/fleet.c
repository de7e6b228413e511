#include "core/fleet.h"

#include <stdio.h>
#include <string.h>

#include "core/sign_on.h"

void sgp_entry_stamp(const sgp_step *step, bool by_hand, sgp_entry *entry) {
    *entry = (sgp_entry){.version = step->event->seq, .by_hand = by_hand};
    if (!by_hand)
        return;
    entry->at_ms = step->event->at_ms;
    memcpy(entry->actor, step->event->actor, sizeof entry->actor);
}

/* Nobody else has said otherwise since it was read, and only what is not there is new. */
static sgp_err check_version(sgp_step *step, const char *what, const char *code,
                             const sgp_entry *known) {
    uint64_t version = step->event->u.fleet.version;
    if (!known && version)
        return sgp_fail(&step->fault, SGP_E_NOT_FOUND, "no %s is called %s", what, code);
    if (known && !version)
        return sgp_fail(&step->fault, SGP_E_STATE,
                        "a %s is called %s already; read it and change that one", what, code);
    if (known && known->version != version)
        return sgp_fail(&step->fault, SGP_E_STATE,
                        "%s %s was changed meanwhile by %s; read it again", what, code,
                        known->by_hand ? known->actor : "the configuration");
    return SGP_OK;
}

/* ---- units -------------------------------------------------------------------------- */

sgp_err sgp_unit_check_service(sgp_step *step, const sgp_unit *unit) {
    return !unit->out_of_service_at_ms
               ? SGP_OK
               : sgp_fail(&step->fault, SGP_E_STATE, "%s is out of service: %s", unit->code,
                          unit->service_reason);
}

static sgp_err set_unit(sgp_step *step) {
    const sgp_fleet_change *change = &step->event->u.fleet;
    const sgp_unit *told = &change->u.unit;
    sgp_unit_node *node = sgp_world_find_unit(step->world, told->code);
    sgp_err err = check_version(step, "unit", told->code, node ? &node->view.entry : NULL);
    if (err)
        return err;
    step->reply.closure = step->event->seq;
    if (change->given_back) {
        sgp_entry_stamp(step, false, &node->view.entry);
        return sgp_touch_unit(step, node);
    }
    if (node && node->view.assignment && node->view.kind != told->kind)
        return sgp_fail(&step->fault, SGP_E_STATE,
                        "%s is on a job; it can become another kind of unit when it is free",
                        told->code);
    return sgp_unit_take_entry(step, told, true);
}

static sgp_err take_out_of_service(sgp_step *step, sgp_unit_node *node) {
    sgp_unit *unit = &node->view;
    if (unit->assignment)
        return sgp_fail(&step->fault, SGP_E_STATE,
                        "%s is on incident %llu and cannot be taken out of service", unit->code,
                        (unsigned long long)node->on->view.incident);
    if (unit->distress_at_ms)
        return sgp_fail(&step->fault, SGP_E_STATE,
                        "the crew of %s is in distress; a dispatcher must clear that first",
                        unit->code);
    if (!unit->out_of_service_at_ms)
        unit->out_of_service_at_ms = step->event->at_ms;
    snprintf(unit->service_reason, sizeof unit->service_reason, "%s",
             step->event->u.fleet.u.service.reason);
    if (unit->on_duty) {
        sgp_crew_leaves(step, unit);
        sgp_unit_go_off_duty(unit);
        sgp_crew_forget(step, unit);
    }
    return SGP_OK;
}

static sgp_err set_service(sgp_step *step) {
    const sgp_fleet_change *change = &step->event->u.fleet;
    const char *code = change->u.service.unit;
    sgp_unit_node *node = sgp_world_find_unit(step->world, code);
    if (!node)
        return sgp_fail(&step->fault, SGP_E_NOT_FOUND, "no unit is called %s", code);
    sgp_unit *unit = &node->view;
    sgp_err err = change->version ? check_version(step, "unit", code, &unit->entry) : SGP_OK;
    if (err)
        return err;
    if (change->u.service.out) {
        if ((err = take_out_of_service(step, node)))
            return err;
    } else {
        if (!unit->out_of_service_at_ms)
            return sgp_fail(&step->fault, SGP_E_STATE, "%s is in service", code);
        unit->out_of_service_at_ms = 0;
        unit->service_reason[0] = '\0';
    }
    /* Who it is has not changed: the configuration goes on to say that. */
    unit->entry.version = step->event->seq;
    step->reply.closure = step->event->seq;
    return sgp_touch_unit(step, node);
}

/* ---- stations ------------------------------------------------------------------------ */

static sgp_err check_station(sgp_step *step) {
    const sgp_fleet_change *change = &step->event->u.fleet;
    const sgp_world *world = step->world;
    const sgp_entry *newest = NULL;
    for (uint32_t i = 0; i < world->n_units; i++) {
        const sgp_unit *unit = &world->units[i].view;
        if (strcmp(unit->station, change->u.station.name) == 0) {
            if (!newest || unit->entry.version > newest->version)
                newest = &unit->entry;
        } else if (change->u.station.new_name[0] &&
                   strcmp(unit->station, change->u.station.new_name) == 0) {
            return sgp_fail(&step->fault, SGP_E_STATE, "a station is called %s already",
                            change->u.station.new_name);
        }
    }
    return !newest ? sgp_fail(&step->fault, SGP_E_NOT_FOUND, "no unit has a station called %s",
                              change->u.station.name)
                   : check_version(step, "station", change->u.station.name, newest);
}

/* Every unit that stands there moves with it. */
static sgp_err set_station(sgp_step *step) {
    const sgp_fleet_change *change = &step->event->u.fleet;
    sgp_world *world = step->world;
    char name[SGP_NAME_BYTES];
    memcpy(name, change->u.station.name, sizeof name);
    sgp_err err = check_station(step);
    for (uint32_t i = 0; i < world->n_units && !err; i++) {
        if (strcmp(world->units[i].view.station, name) != 0)
            continue;
        sgp_unit told = world->units[i].view;
        told.skills = told.vehicle_skills;
        if (change->u.station.has_point)
            told.station_point = change->u.station.point;
        if (change->u.station.new_name[0])
            memcpy(told.station, change->u.station.new_name, sizeof told.station);
        err = sgp_unit_take_entry(step, &told, true);
    }
    step->reply.closure = step->event->seq;
    return err;
}

/* ---- hospitals ------------------------------------------------------------------------ */

static sgp_err set_hospital(sgp_step *step) {
    const sgp_fleet_change *change = &step->event->u.fleet;
    const sgp_hospital *told = &change->u.hospital;
    sgp_hospital_node *node = sgp_world_find_hospital(step->world, told->code);
    sgp_err err = check_version(step, "hospital", told->code, node ? &node->view.entry : NULL);
    if (err)
        return err;
    step->reply.closure = step->event->seq;
    if (change->given_back) {
        sgp_entry_stamp(step, false, &node->view.entry);
        return sgp_touch_hospital(step, node);
    }
    return sgp_hospital_take_entry(step, told, true);
}

sgp_err sgp_fleet_set(sgp_step *step) {
    const sgp_fleet_change *change = &step->event->u.fleet;
    if (change->given_back && !change->version)
        return sgp_fail(&step->fault, SGP_E_ARGUMENT,
                        "what is given back to the configuration must be read first");
    switch (change->what) {
    case SGP_FLEET_UNIT:
        return set_unit(step);
    case SGP_FLEET_HOSPITAL:
        return set_hospital(step);
    case SGP_FLEET_STATION:
        return set_station(step);
    default:
        return set_service(step);
    }
}
