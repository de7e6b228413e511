/* Hospitals on the wire: what they and the crews tell, and who is on the way to them.
 *
 * When a unit arrives is reckoned from where it is, on the roads as they are, and is told to
 * watchers and to its crew; it is no event of the core, which decides nothing by it. A user of the
 * role hospital speaks for one hospital and hears of its own arrivals when it asks. */
#include <stdlib.h>
#include <string.h>

#include "serve/engine_parts.h"

enum {
    INBOUND_MAX = 512,        /* that one answer tells */
    RECKON_AGAIN_MS = 5000,   /* a moving unit's arrival, at the earliest */
    RECKON_ANYWAY_MS = 30000, /* though nothing was heard of it */
    RECKON_PER_TICK = 16
};

/* ---- requests ----------------------------------------------------------------- */

static sgp_err take_text(const char *what, const char *text, char *out, size_t capacity,
                         sgp_fault *fault) {
    if (strlen(text) >= capacity)
        return sgp_fail(fault, SGP_E_ARGUMENT, "%s is longer than %zu bytes", what, capacity - 1);
    memcpy(out, text, strlen(text) + 1);
    return SGP_OK;
}

sgp_err sgp_hospital_of(const sgp_session *session, const char *named, char code[SGP_CODE_BYTES],
                        sgp_fault *fault) {
    if (session->role == SIGAP__V1__ROLE__HOSPITAL) {
        if (session->hospital[0] == '\0')
            return sgp_fail(fault, SGP_E_PERMISSION, "%s speaks for no hospital", session->user);
        if (*named != '\0' && strcmp(named, session->hospital) != 0)
            return sgp_fail(fault, SGP_E_PERMISSION, "%s may not speak for another hospital",
                            session->user);
        named = session->hospital;
    }
    return take_text("hospital_code", named, code, SGP_CODE_BYTES, fault);
}

sgp_err sgp_tell_hospital_event(sgp_session *session, const Sigap__V1__TellHospital *asked,
                                sgp_event *event, sgp_fault *fault) {
    event->kind = SGP_EVENT_HOSPITAL_TOLD;
    sgp_err err =
        sgp_hospital_of(session, asked->hospital_code, event->u.hospital_told.hospital, fault);
    if (err == SGP_OK)
        err = take_text("reason", asked->reason, event->u.hospital_told.reason,
                        sizeof event->u.hospital_told.reason, fault);
    if (err != SGP_OK)
        return err;
    bool counts = asked->count_case == SIGAP__V1__TELL_HOSPITAL__COUNT_BEDS;
    bool diverts = asked->who_case == SIGAP__V1__TELL_HOSPITAL__WHO_DIVERSION;
    if (!counts && !diverts && asked->released == 0)
        return sgp_fail(fault, SGP_E_ARGUMENT,
                        "nothing is told: give beds, released beds or a diversion");
    event->u.hospital_told.version = asked->version;
    event->u.hospital_told.has_beds = counts;
    event->u.hospital_told.beds = counts ? asked->beds : 0;
    event->u.hospital_told.released = asked->released;
    event->u.hospital_told.has_diversion = diverts;
    event->u.hospital_told.diversion = diverts ? (sgp_diversion)asked->diversion : 0;
    event->u.hospital_told.diverts = asked->diverts;
    event->u.hospital_told.until_ms = asked->until_at_ms;
    return SGP_OK;
}

sgp_err sgp_patient_of(const sgp_session *session, sgp_id named, sgp_id *assignment,
                       sgp_fault *fault) {
    *assignment = named;
    if (!session->is_crew)
        return SGP_OK;
    const sgp_unit *unit = sgp_world_unit(session->engine->world, session->unit);
    if (unit->assignment == 0)
        return sgp_fail(fault, SGP_E_STATE, "%s is on no incident", unit->code);
    if (named != 0 && named != unit->assignment)
        return sgp_fail(fault, SGP_E_PERMISSION, "assignment %llu is not that of %s",
                        (unsigned long long)named, unit->code);
    *assignment = unit->assignment;
    return SGP_OK;
}

sgp_err sgp_tell_patient_event(sgp_session *session, const Sigap__V1__TellPatient *asked,
                               sgp_event *event, sgp_fault *fault) {
    event->kind = SGP_EVENT_PATIENT_TOLD;
    event->u.patient.has_needs = asked->told_case == SIGAP__V1__TELL_PATIENT__TOLD_NEEDS;
    event->u.patient.needs = event->u.patient.has_needs ? asked->needs : 0;
    event->u.patient.colour = (sgp_colour_of_triage)asked->colour;
    if (!event->u.patient.has_needs && event->u.patient.colour == SGP_COLOUR_UNKNOWN)
        return sgp_fail(fault, SGP_E_ARGUMENT, "nothing is told: give needs or a colour");
    return sgp_patient_of(session, asked->assignment_id, &event->u.patient.assignment, fault);
}

/* ---- arrivals ------------------------------------------------------------------ */

/* When the unit is at its hospital, by the roads as they are; 0 = nobody can tell. */
static int64_t arrival_ms(sgp_engine *engine, const sgp_assignment *on, int64_t now_ms) {
    const sgp_unit *unit = sgp_world_unit(engine->world, on->unit);
    const sgp_incident *incident = sgp_world_incident(engine->world, on->incident);
    if (on->state != SGP_ASSIGNMENT_TRANSPORTING || on->hospital < 0)
        return 0;
    sgp_start from = {.point = unit->position,
                      .unit = unit->index,
                      .kind = unit->kind,
                      .priority = incident->priority};
    if (!unit->has_position || unit->position_at_ms < on->at_ms[SGP_ASSIGNMENT_ORDERED]) {
        if (!incident->has_place)
            return 0;
        from.point = incident->place.point;
    }
    sgp_point to = sgp_world_hospital(engine->world, (uint32_t)on->hospital)->point;
    sgp_times times = sgp_live_times_oracle(engine->city->live);
    int64_t ms = -1;
    sgp_live_roads_hold(engine->city->roads);
    sgp_err err = times.one_to_many(times.ctx, &from, &to, 1, &ms);
    sgp_live_roads_let_go(engine->city->roads);
    return err == SGP_OK && ms >= 0 ? now_ms + ms : 0;
}

/* Texts are borrowed from the world. */
static bool fill_inbound(sgp_engine *engine, uint32_t index, int64_t now_ms,
                         Sigap__V1__Inbound *message) {
    const sgp_unit *unit = sgp_world_unit(engine->world, index);
    const sgp_assignment *on =
        unit->assignment ? sgp_world_assignment(engine->world, unit->assignment) : NULL;
    int32_t hospital = on != NULL ? sgp_assignment_destination(on) : -1;
    if (hospital < 0)
        return false;
    const sgp_incident *incident = sgp_world_incident(engine->world, on->incident);
    *message = (Sigap__V1__Inbound)SIGAP__V1__INBOUND__INIT;
    message->assignment_id = on->id;
    message->incident_id = on->incident;
    message->unit_code = (char *)unit->code;
    message->hospital_code = (char *)sgp_world_hospital(engine->world, (uint32_t)hospital)->code;
    message->state = (Sigap__V1__AssignmentState)on->state;
    message->priority = (Sigap__V1__Priority)incident->priority;
    message->complaint = (char *)incident->complaint;
    message->colour = (Sigap__V1__ColourOfTriage)on->colour;
    message->needs = sgp_world_needs(engine->world, on);
    message->arrives_at_ms = arrival_ms(engine, on, now_ms);
    message->reckoned_at_ms = message->arrives_at_ms ? now_ms : 0;
    message->since_ms = on->at_ms[SGP_ASSIGNMENT_AT_HOSPITAL];
    message->offload_alarms = on->offload_alarms;
    message->offload_due_ms = on->offload_due_ms;
    if (on->seen_by == 1 + (uint32_t)hospital)
        message->seen_at_ms = on->seen_at_ms;
    message->unit_kind = (Sigap__V1__UnitKind)unit->kind;
    message->position_at_ms = unit->has_position ? unit->position_at_ms : 0;
    return true;
}

static int by_hospital_then_arrival(const void *left, const void *right) {
    const Sigap__V1__Inbound *a = left, *b = right;
    int order = strcmp(a->hospital_code, b->hospital_code);
    if (order != 0)
        return order;
    /* Who is there stands first, who is on the way next, who is meant for it last. */
    if (a->state != b->state)
        return a->state > b->state ? -1 : 1;
    if (a->arrives_at_ms != b->arrives_at_ms)
        return a->arrives_at_ms < b->arrives_at_ms ? -1 : 1;
    return a->assignment_id < b->assignment_id ? -1 : 1;
}

void sgp_answer_inbound(sgp_session *session, uint64_t reply_to,
                        const Sigap__V1__AskInbound *asked) {
    sgp_engine *engine = session->engine;
    sgp_fault fault = {0};
    char code[SGP_CODE_BYTES];
    sgp_err err = sgp_hospital_of(session, asked->hospital_code, code, &fault);
    if (err == SGP_OK && code[0] != '\0' && !sgp_world_hospital_by_code(engine->world, code))
        err = sgp_fail(&fault, SGP_E_NOT_FOUND, "no hospital is called %s", code);
    Sigap__V1__Inbound *rows = err == SGP_OK ? calloc(INBOUND_MAX, sizeof *rows) : NULL;
    Sigap__V1__Inbound **list = err == SGP_OK ? calloc(INBOUND_MAX, sizeof *list) : NULL;
    if (err == SGP_OK && (rows == NULL || list == NULL))
        err = sgp_fail(&fault, SGP_E_MEMORY, "no memory for the answer");
    if (err != SGP_OK) {
        sgp_outbox_error(engine, session->id, reply_to, err, fault.text);
    } else {
        int64_t now_ms = sgp_engine_now_ms(engine);
        size_t n = 0;
        for (uint32_t i = 0; i < sgp_world_units(engine->world) && n < INBOUND_MAX; i++)
            if (fill_inbound(engine, i, now_ms, &rows[n]) &&
                (code[0] == '\0' || strcmp(rows[n].hospital_code, code) == 0))
                n++;
        qsort(rows, n, sizeof *rows, by_hospital_then_arrival);
        for (size_t i = 0; i < n; i++)
            list[i] = &rows[i];
        Sigap__V1__InboundPage page = SIGAP__V1__INBOUND_PAGE__INIT;
        page.inbound = list;
        page.n_inbound = n;
        Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
        frame.body_case = SIGAP__V1__FRAME__BODY_INBOUND_PAGE;
        frame.inbound_page = &page;
        sgp_outbox_answer(engine, session->id, reply_to, &frame);
    }
    free(rows);
    free(list);
}

/* ---- telling ------------------------------------------------------------------- */

/* `told_seq` 0: only the arrival time is news, and the device need not say that it has it. */
static void tell_destination(sgp_engine *engine, sgp_outgoing_kind kind, uint64_t target,
                             const sgp_assignment *on, int64_t arrives_at_ms, uint64_t told_seq) {
    const sgp_hospital *hospital = sgp_world_hospital(engine->world, (uint32_t)on->hospital);
    Sigap__V1__Point point = SIGAP__V1__POINT__INIT;
    point.lon = sgp_lon(hospital->point);
    point.lat = sgp_lat(hospital->point);
    Sigap__V1__Destination message = SIGAP__V1__DESTINATION__INIT;
    message.assignment_id = on->id;
    message.hospital_code = (char *)hospital->code;
    message.name = (char *)hospital->name;
    message.point = &point;
    message.arrives_at_ms = arrives_at_ms;
    message.epoch = engine->epoch;
    message.told_seq = told_seq;
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.body_case = SIGAP__V1__FRAME__BODY_DESTINATION;
    frame.destination = &message;
    sgp_outbox_put(engine, kind, target, &frame);
}

void sgp_tell_destination(sgp_engine *engine, sgp_outgoing_kind kind, uint64_t target,
                          sgp_id assignment) {
    const sgp_assignment *on = sgp_world_assignment(engine->world, assignment);
    if (on != NULL && on->hospital >= 0)
        tell_destination(engine, kind, target, on,
                         arrival_ms(engine, on, sgp_engine_now_ms(engine)), on->receipt.told_seq);
}

void sgp_push_destination(sgp_engine *engine, sgp_id assignment) {
    const sgp_assignment *on = sgp_world_assignment(engine->world, assignment);
    if (on == NULL || on->hospital < 0)
        return;
    engine->reckoned_at_ms[on->unit] = 0; /* the next position tells of the new way */
    tell_destination(engine, SGP_TO_UNIT, on->unit, on,
                     arrival_ms(engine, on, sgp_engine_now_ms(engine)), on->receipt.told_seq);
}

void sgp_push_hospitals(sgp_engine *engine, const sgp_hospital_advice *advice,
                        const sgp_input *input) {
    Sigap__V1__HospitalAdvice *message = sgp_hospital_advice_to_proto(engine->world, advice);
    const sgp_assignment *on = sgp_world_assignment(engine->world, advice->assignment);
    if (message == NULL || on == NULL) {
        sgp_log(SGP_LOG_ERROR, "out_of_memory", "where=hospitals");
        abort();
    }
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.body_case = SIGAP__V1__FRAME__BODY_HOSPITAL_ADVICE;
    frame.hospital_advice = message;
    bool asked =
        input != NULL && input->session != 0 && input->event.kind == SGP_EVENT_HOSPITAL_ASKED;
    if (asked)
        sgp_outbox_answer(engine, input->session, input->reply_to, &frame);
    frame.reply_to = 0;
    if (!asked || engine->crew[on->unit] != input->session)
        sgp_outbox_put(engine, SGP_TO_UNIT, on->unit, &frame);
    protobuf_c_message_free_unpacked(&message->base, NULL);
}

void sgp_push_offload(sgp_engine *engine, sgp_id assignment) {
    const sgp_assignment *on = sgp_world_assignment(engine->world, assignment);
    if (on == NULL)
        return;
    const sgp_hospital *hospital =
        on->hospital < 0 ? NULL : sgp_world_hospital(engine->world, (uint32_t)on->hospital);
    int64_t waits_ms = sgp_world_now_ms(engine->world) - on->at_ms[SGP_ASSIGNMENT_AT_HOSPITAL];
    sgp_log(SGP_LOG_WARN, "offload_delay", "unit=%s hospital=%s assignment=%llu waits_min=%lld",
            SGP_Q(sgp_world_unit(engine->world, on->unit)->code),
            SGP_Q(hospital != NULL ? hospital->code : ""), (unsigned long long)assignment,
            (long long)(waits_ms / 60000));
}

/* To watchers and the crew, where there are any. */
static void reckon(sgp_engine *engine, uint32_t index, int64_t now_ms) {
    Sigap__V1__Inbound row;
    if (!fill_inbound(engine, index, now_ms, &row) || row.arrives_at_ms == 0)
        return;
    engine->reckoned_at_ms[index] = now_ms;
    const sgp_assignment *on = sgp_world_assignment(engine->world, row.assignment_id);
    if (engine->crew[index] != 0)
        tell_destination(engine, SGP_TO_UNIT, on->unit, on, row.arrives_at_ms, 0);
    if (engine->n_watchers == 0)
        return;
    Sigap__V1__Inbound *list[] = {&row};
    Sigap__V1__Update update = SIGAP__V1__UPDATE__INIT;
    update.event_seq = sgp_world_seq(engine->world);
    update.at_ms = now_ms;
    update.inbound = list;
    update.n_inbound = 1;
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.body_case = SIGAP__V1__FRAME__BODY_UPDATE;
    frame.update = &update;
    sgp_outbox_put(engine, SGP_TO_WATCHERS, 0, &frame);
}

static bool is_under_way(const sgp_engine *engine, uint32_t index) {
    return sgp_world_unit_status(engine->world, index) == SGP_UNIT_TRANSPORTING &&
           (engine->n_watchers > 0 || engine->crew[index] != 0);
}

void sgp_arrival_follow(sgp_engine *engine, uint32_t unit) {
    int64_t now_ms = sgp_world_now_ms(engine->world);
    if (is_under_way(engine, unit) && now_ms - engine->reckoned_at_ms[unit] >= RECKON_AGAIN_MS)
        reckon(engine, unit, now_ms);
}

void sgp_arrivals_tick(sgp_engine *engine) {
    uint32_t n = sgp_world_units(engine->world), begin = engine->reckoned_next, done = 0;
    int64_t now_ms = sgp_engine_now_ms(engine);
    for (uint32_t i = 0; i < n && done < RECKON_PER_TICK; i++) {
        uint32_t unit = (begin + i) % n;
        engine->reckoned_next = unit + 1;
        if (!is_under_way(engine, unit) || now_ms - engine->reckoned_at_ms[unit] < RECKON_ANYWAY_MS)
            continue;
        reckon(engine, unit, now_ms);
        done++;
    }
}
