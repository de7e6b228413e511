/* Rosters, shifts and who is signed on, as messages and back; and in snapshots. */
#include <stdlib.h>
#include <string.h>

#include "core/proto_read.h"
#include "core/proto_write.h"
#include "core/sign_on.h"
#include "sigap/plan.h"

/* ---- writing ------------------------------------------------------------------- */

static bool put_codes(char ***field, size_t *n_field, const char (*codes)[SGP_CODE_BYTES],
                      uint32_t n) {
    bool ok = sgp_put_array((void **)field, n, sizeof(char *));
    for (uint32_t i = 0; i < n && ok; i++)
        ok = sgp_put_text(&(*field)[(*n_field)++], codes[i]);
    return ok;
}

bool sgp_put_shift(Sigap__V1__PlannedShift *message, const sgp_shift *shift) {
    message->id = shift->id;
    message->from_at_ms = shift->from_ms;
    message->until_at_ms = shift->until_ms;
    message->every_days = shift->every_days;
    message->version = shift->version;
    return sgp_put_text(&message->unit_code, shift->unit) &&
           sgp_put_text(&message->set_by, shift->actor) &&
           put_codes(&message->crew, &message->n_crew, shift->members, shift->n_members);
}

Sigap__V1__PlannedShift *sgp_shift_to_proto(const sgp_shift *shift) {
    Sigap__V1__PlannedShift *message = sgp_message_make(&sigap__v1__planned_shift__descriptor);
    return message ? sgp_message_or_null(message, sgp_put_shift(message, shift)) : NULL;
}

static bool put_members(Sigap__V1__CrewMember ***field, size_t *n_field,
                        const sgp_crew_member *members, uint32_t n) {
    bool ok = sgp_put_array((void **)field, n, sizeof(void *));
    for (uint32_t i = 0; i < n && ok; i++) {
        Sigap__V1__CrewMember *row = sgp_message_make(&sigap__v1__crew_member__descriptor);
        (*field)[(*n_field)++] = row;
        ok = row && sgp_put_text(&row->code, members[i].code);
        if (ok)
            row->skills = members[i].skills;
    }
    return ok;
}

static bool put_shifts(Sigap__V1__PlannedShift ***field, size_t *n_field, const sgp_shift *shifts,
                       uint32_t n) {
    bool ok = sgp_put_array((void **)field, n, sizeof(void *));
    for (uint32_t i = 0; i < n && ok; i++) {
        Sigap__V1__PlannedShift *row = sgp_message_make(&sigap__v1__planned_shift__descriptor);
        (*field)[(*n_field)++] = row;
        ok = row && sgp_put_shift(row, &shifts[i]);
    }
    return ok;
}

Sigap__V1__Roster *sgp_roster_to_proto(const sgp_roster *roster) {
    Sigap__V1__Roster *message = sgp_message_make(&sigap__v1__roster__descriptor);
    if (!message)
        return NULL;
    bool ok =
        sgp_put_text(&message->name, roster->name) &&
        put_members(&message->members, &message->n_members, roster->members, roster->n_members) &&
        put_shifts(&message->shifts, &message->n_shifts, roster->shifts, roster->n_shifts);
    return sgp_message_or_null(message, ok);
}

/* Nothing of it was ever told. */
static bool is_blank(const sgp_signed_on *crew) {
    return crew->n_members == 0 && crew->absence_from_ms == 0 && crew->absent_until_ms == 0 &&
           crew->version == 0;
}

bool sgp_put_signed_on(Sigap__V1__SignedOn **field, const sgp_unit *unit) {
    const sgp_signed_on *crew = &unit->crew;
    if (is_blank(crew))
        return true;
    Sigap__V1__SignedOn *message = sgp_message_make(&sigap__v1__signed_on__descriptor);
    *field = message;
    if (!message)
        return false;
    message->until_at_ms = unit->shift_until_ms;
    message->until_told = crew->until_told;
    message->absence_from_at_ms = crew->absence_from_ms;
    message->absent_until_at_ms = crew->absent_until_ms;
    message->version = crew->version;
    message->vehicle_skills = unit->vehicle_skills;
    message->works_as = (Sigap__V1__UnitKind)unit->works_as;
    return put_members(&message->crew, &message->n_crew, crew->members, crew->n_members);
}

Sigap__V1__SignedOn *sgp_signed_on_to_proto(const sgp_unit *unit) {
    Sigap__V1__SignedOn *message = NULL;
    bool ok = sgp_put_signed_on(&message, unit);
    return message ? sgp_message_or_null(message, ok) : NULL;
}

/* ---- reading --------------------------------------------------------------------- */

static sgp_err read_codes(char **codes, size_t n, char (*out)[SGP_CODE_BYTES], uint32_t *n_out,
                          sgp_fault *fault) {
    sgp_err err = sgp_read_number((int64_t)n, 0, SGP_CREW_PER_UNIT, "the number of a crew", fault);
    for (size_t i = 0; i < n && !err; i++)
        err = sgp_read_text(codes[i], out[i], SGP_CODE_BYTES, "the code of one of a crew", fault);
    *n_out = err ? 0 : (uint32_t)n;
    return err;
}

sgp_err sgp_read_shift(const Sigap__V1__PlannedShift *message, sgp_shift *shift, sgp_fault *fault) {
    *shift = (sgp_shift){.id = message->id,
                         .from_ms = message->from_at_ms,
                         .until_ms = message->until_at_ms,
                         .every_days = message->every_days,
                         .version = message->version};
    sgp_err err = sgp_read_text(message->unit_code, shift->unit, sizeof shift->unit,
                                "the unit's code", fault);
    if (!err)
        err =
            sgp_read_text(message->set_by, shift->actor, sizeof shift->actor, "who set it", fault);
    return err ? err
               : read_codes(message->crew, message->n_crew, shift->members, &shift->n_members,
                            fault);
}

static sgp_err read_member(const Sigap__V1__CrewMember *message, sgp_crew_member *member,
                           sgp_fault *fault) {
    member->skills = message->skills;
    sgp_err err =
        sgp_read_number(message->skills, 0, SGP_SKILLS_ALL, "the skills of a crew", fault);
    return err ? err
               : sgp_read_text(message->code, member->code, sizeof member->code,
                               "the code of one of a crew", fault);
}

sgp_err sgp_roster_from_proto(const Sigap__V1__Roster *message, sgp_roster **out,
                              sgp_fault *fault) {
    sgp_err err = sgp_read_number((int64_t)message->n_members, 0, SGP_ROSTER_MEMBERS_MAX,
                                  "the number of people of the roster", fault);
    if (!err)
        err = sgp_read_number((int64_t)message->n_shifts, 0, SGP_ROSTER_SHIFTS_MAX,
                              "the number of shifts of the roster", fault);
    if (err)
        return err;
    sgp_roster *roster =
        sgp_roster_create((uint32_t)message->n_members, (uint32_t)message->n_shifts);
    if (!roster)
        return sgp_fail(fault, SGP_E_MEMORY, "no memory for the roster");
    err = sgp_read_text(message->name, roster->name, sizeof roster->name, "the name of the roster",
                        fault);
    for (uint32_t i = 0; i < roster->n_members && !err; i++)
        err = read_member(message->members[i], &roster->members[i], fault);
    for (uint32_t i = 0; i < roster->n_shifts && !err; i++)
        err = sgp_read_shift(message->shifts[i], &roster->shifts[i], fault);
    if (!err)
        err = sgp_roster_check(roster, fault);
    if (err)
        free(roster);
    else
        *out = roster;
    return err;
}

sgp_err sgp_read_signed_on(const Sigap__V1__SignedOn *message, sgp_unit *unit, sgp_fault *fault) {
    unit->vehicle_skills = unit->skills;
    if (!message)
        return SGP_OK;
    sgp_signed_on *crew = &unit->crew;
    sgp_err err = sgp_read_number((int64_t)message->n_crew, 0, SGP_CREW_PER_UNIT,
                                  "the number of a crew", fault);
    if (!err)
        err = sgp_read_number(message->vehicle_skills, 0, SGP_SKILLS_ALL, "the vehicle's skills",
                              fault);
    if (!err)
        err = sgp_read_number(message->works_as, 0, SGP_UNIT_KINDS - 1,
                              "the kind that the unit works as", fault);
    for (size_t i = 0; i < message->n_crew && !err; i++)
        err = read_member(message->crew[i], &crew->members[crew->n_members++], fault);
    unit->shift_until_ms = message->until_at_ms;
    unit->vehicle_skills = message->vehicle_skills;
    unit->works_as = (sgp_unit_kind)message->works_as;
    crew->until_told = message->until_told;
    crew->absence_from_ms = message->absence_from_at_ms;
    crew->absent_until_ms = message->absent_until_at_ms;
    crew->version = message->version;
    return err;
}

/* ---- events ---------------------------------------------------------------------- */

static bool put_sign_on(Sigap__V1__Event *message, const sgp_event *event) {
    Sigap__V1__SignOnCrew *body = sgp_message_make(&sigap__v1__sign_on_crew__descriptor);
    message->body_case = SIGAP__V1__EVENT__BODY_CREW_SIGNED_ON;
    message->crew_signed_on = body;
    if (!body)
        return false;
    body->until_at_ms = event->u.signed_on.until_ms;
    body->version = event->u.signed_on.version;
    return sgp_put_text(&body->unit_code, event->u.signed_on.unit) &&
           put_codes(&body->crew, &body->n_crew, event->u.signed_on.members,
                     event->u.signed_on.n_members);
}

bool sgp_put_roster_event(Sigap__V1__Event *message, const sgp_event *event) {
    switch (event->kind) {
    case SGP_EVENT_ROSTER_LOADED:
        message->body_case = SIGAP__V1__EVENT__BODY_ROSTER_LOADED;
        return (message->roster_loaded = sgp_roster_to_proto(event->u.roster.roster)) != NULL;
    case SGP_EVENT_CREW_SIGNED_ON:
        return put_sign_on(message, event);
    case SGP_EVENT_SHIFT_SET:
        message->body_case = SIGAP__V1__EVENT__BODY_SHIFT_SET;
        message->shift_set = sgp_message_make(&sigap__v1__planned_shift__descriptor);
        return message->shift_set && sgp_put_shift(message->shift_set, event->u.shift);
    case SGP_EVENT_SHIFT_REMOVED:
        message->body_case = SIGAP__V1__EVENT__BODY_SHIFT_REMOVED;
        message->shift_removed = sgp_message_make(&sigap__v1__remove_shift__descriptor);
        if (!message->shift_removed)
            return false;
        message->shift_removed->id = event->u.shift_removed.id;
        message->shift_removed->version = event->u.shift_removed.version;
        return true;
    default:
        return false;
    }
}

static sgp_err read_sign_on(const Sigap__V1__SignOnCrew *body, sgp_event *event, sgp_fault *fault) {
    event->kind = SGP_EVENT_CREW_SIGNED_ON;
    event->u.signed_on.until_ms = body->until_at_ms;
    event->u.signed_on.version = body->version;
    sgp_err err = sgp_read_text(body->unit_code, event->u.signed_on.unit,
                                sizeof event->u.signed_on.unit, "the unit's code", fault);
    return err ? err
               : read_codes(body->crew, body->n_crew, event->u.signed_on.members,
                            &event->u.signed_on.n_members, fault);
}

static sgp_err read_shift_set(const Sigap__V1__PlannedShift *body, sgp_event *event,
                              sgp_fault *fault) {
    sgp_shift *shift = malloc(sizeof *shift);
    if (!shift)
        return sgp_fail(fault, SGP_E_MEMORY, "no memory for the shift");
    sgp_err err = sgp_read_shift(body, shift, fault);
    if (err) {
        free(shift);
        return err;
    }
    event->kind = SGP_EVENT_SHIFT_SET;
    event->u.shift = shift;
    return SGP_OK;
}

sgp_err sgp_read_roster_event(const Sigap__V1__Event *message, sgp_event *event, sgp_fault *fault) {
    sgp_roster *roster;
    sgp_err err;
    switch (message->body_case) {
    case SIGAP__V1__EVENT__BODY_ROSTER_LOADED:
        err = sgp_roster_from_proto(message->roster_loaded, &roster, fault);
        if (err)
            return err;
        event->kind = SGP_EVENT_ROSTER_LOADED;
        event->u.roster.roster = roster;
        return SGP_OK;
    case SIGAP__V1__EVENT__BODY_CREW_SIGNED_ON:
        return read_sign_on(message->crew_signed_on, event, fault);
    case SIGAP__V1__EVENT__BODY_SHIFT_SET:
        return read_shift_set(message->shift_set, event, fault);
    case SIGAP__V1__EVENT__BODY_SHIFT_REMOVED:
        event->kind = SGP_EVENT_SHIFT_REMOVED;
        event->u.shift_removed.id = message->shift_removed->id;
        event->u.shift_removed.version = message->shift_removed->version;
        return SGP_OK;
    default:
        return sgp_fail(fault, SGP_E_FORMAT, "the event is not about rosters");
    }
}

void sgp_roster_event_clear(sgp_event *event) {
    if (event->kind == SGP_EVENT_ROSTER_LOADED) {
        free((void *)(uintptr_t)event->u.roster.roster);
        event->u.roster.roster = NULL;
    } else if (event->kind == SGP_EVENT_SHIFT_SET) {
        free((void *)(uintptr_t)event->u.shift);
        event->u.shift = NULL;
    }
}

/* A crew and the end of its shift, checked as a shift of one hour more than nothing would be. */
static sgp_err check_sign_on(const sgp_event *event, sgp_fault *fault) {
    sgp_shift shift = {.until_ms = 1, .n_members = event->u.signed_on.n_members};
    memcpy(shift.unit, event->u.signed_on.unit, sizeof shift.unit);
    memcpy(shift.members, event->u.signed_on.members, sizeof shift.members);
    sgp_err err = sgp_shift_check(&shift, true, fault);
    return err ? err
               : sgp_read_number(event->u.signed_on.until_ms, 0, INT64_MAX / 4,
                                 "the end of the shift", fault);
}

sgp_err sgp_roster_event_check(const sgp_event *event, sgp_fault *fault) {
    switch (event->kind) {
    case SGP_EVENT_ROSTER_LOADED:
        return sgp_roster_check(event->u.roster.roster, fault);
    case SGP_EVENT_CREW_SIGNED_ON:
        return check_sign_on(event, fault);
    case SGP_EVENT_SHIFT_SET:
        return sgp_shift_check(event->u.shift, true, fault);
    default:
        return event->u.shift_removed.id ? SGP_OK
                                         : sgp_fail(fault, SGP_E_ARGUMENT, "the shift is missing");
    }
}

/* ---- snapshots --------------------------------------------------------------------- */

bool sgp_rosters_save(const sgp_world *world, Sigap__V1__Snapshot *snapshot) {
    return (!world->roster || (snapshot->roster = sgp_roster_to_proto(world->roster))) &&
           put_shifts(&snapshot->shifts, &snapshot->n_shifts, world->shifts, world->n_shifts);
}

#define DAMAGED(...) sgp_fail(fault, SGP_E_CORRUPT, "the snapshot is damaged: " __VA_ARGS__)

/* What a unit can do is kept beside what it follows from; they must agree. */
static sgp_err check_units(const sgp_world *world, sgp_fault *fault) {
    for (uint32_t i = 0; i < world->n_units; i++) {
        const sgp_unit *unit = &world->units[i].view;
        sgp_unit should = *unit;
        sgp_unit_take_crew(world, &should);
        if (should.skills != unit->skills || should.works_as != unit->works_as)
            return DAMAGED("unit %s can do something else than its crew", unit->code);
        if ((unit->crew.n_members && !unit->on_duty) || unit->shift_until_ms < 0 ||
            (!unit->crew.n_members && unit->shift_until_ms))
            return DAMAGED("the crew of unit %s is wrong", unit->code);
    }
    return SGP_OK;
}

static sgp_err load_shifts(const Sigap__V1__Snapshot *snapshot, sgp_world *world,
                           sgp_fault *fault) {
    sgp_id last = 0;
    sgp_err err = sgp_read_number((int64_t)snapshot->n_shifts, 0, SGP_SHIFTS_BY_HAND_MAX,
                                  "the number of shifts that people set", fault);
    for (size_t i = 0; i < snapshot->n_shifts && !err; i++) {
        sgp_shift shift;
        err = sgp_read_shift(snapshot->shifts[i], &shift, fault);
        if (!err)
            err = sgp_shift_check(&shift, true, fault);
        if (!err && (shift.id <= last || shift.id > world->seq))
            err = DAMAGED("a shift has a wrong number");
        if (!err)
            err = SGP_ROOM_U32(world->shifts, world->n_shifts, world->shifts_capacity);
        if (!err)
            world->shifts[world->n_shifts++] = shift;
        last = err ? last : shift.id;
    }
    return err;
}

sgp_err sgp_rosters_load(const Sigap__V1__Snapshot *snapshot, sgp_world *world, sgp_fault *fault) {
    sgp_err err =
        snapshot->roster ? sgp_roster_from_proto(snapshot->roster, &world->roster, fault) : SGP_OK;
    if (!err && world->roster)
        sgp_roster_digest(world->roster, world->roster_digest);
    if (!err)
        err = load_shifts(snapshot, world, fault);
    return err ? err : check_units(world, fault);
}
