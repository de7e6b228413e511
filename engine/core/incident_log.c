#include "core/incident_log.h"

#include <string.h>

#include "core/proto_read.h"
#include "core/proto_write.h"

/* ---- entries ----------------------------------------------------------------- */

/* Makes room by forgetting the oldest that is no note; there always is one, since notes are
 * bounded lower. */
static sgp_err make_room(sgp_incident_node *incident) {
    if (incident->n_log < SGP_LOG_MAX)
        return SGP_ROOM_U32(incident->log, incident->n_log, incident->log_capacity);
    uint32_t at = 0;
    while (incident->log[at].event == SGP_EVENT_NOTE_ADDED)
        at++;
    incident->n_log--;
    memmove(incident->log + at, incident->log + at + 1,
            (incident->n_log - at) * sizeof *incident->log);
    return SGP_OK;
}

static sgp_err append(sgp_incident_node *incident, const sgp_log_entry *entry) {
    const sgp_log_entry *last = incident->n_log ? &incident->log[incident->n_log - 1] : NULL;
    if (last && last->seq == entry->seq && last->event == entry->event &&
        last->subject == entry->subject && last->number == entry->number)
        return SGP_OK;
    sgp_err err = make_room(incident);
    if (err)
        return err;
    incident->log[incident->n_log] = *entry;
    incident->log[incident->n_log++].version = incident->view.version;
    return SGP_OK;
}

static sgp_log_entry entry_of(const sgp_step *step) {
    sgp_log_entry entry = {
        .seq = step->event->seq, .at_ms = step->event->at_ms, .event = step->event->kind};
    memcpy(entry.actor, step->event->actor, sizeof entry.actor);
    return entry;
}

static bool of_patient(const sgp_event *event) {
    return event->kind == SGP_EVENT_PATIENT_TOLD || event->kind == SGP_EVENT_HOSPITAL_CHOSEN;
}

/* What people and the placer do. What happens to assignments is logged by their states. */
static bool is_logged(const sgp_event *event, sgp_log_entry *entry) {
    switch (event->kind) {
    case SGP_EVENT_INCIDENT_TRIAGED:
        entry->number = event->u.triaged.priority;
        return true;
    case SGP_EVENT_CALL_JUDGED:
        entry->number = event->u.judged.outcome;
        return true;
    case SGP_EVENT_INCIDENT_TAKEN:
        entry->number = event->u.taken.release;
        return true;
    case SGP_EVENT_CALL_RECEIVED:
    case SGP_EVENT_CALL_PLACED:
    case SGP_EVENT_CALL_NARROWED:
    case SGP_EVENT_CALL_LINKED:
    case SGP_EVENT_PLACE_CHOSEN:
    case SGP_EVENT_QUESTION_ANSWERED:
    case SGP_EVENT_AGENCY_ALERTED:
    case SGP_EVENT_AGENCY_ANSWERED:
    case SGP_EVENT_BACKUP_ASKED:
    case SGP_EVENT_AID_ASKED:
    case SGP_EVENT_MASS_CASUALTY:
    case SGP_EVENT_ALIKE_DISMISSED:
    case SGP_EVENT_NUMBER_MARKED:
    case SGP_EVENT_NOTE_ADDED:
    case SGP_EVENT_PATIENT_TOLD:
    case SGP_EVENT_HOSPITAL_CHOSEN:
        return true;
    default:
        return false;
    }
}

/* The state that an assignment entered in this step. */
static sgp_err log_assignment(sgp_step *step, sgp_id id) {
    const sgp_assignment_node *node = sgp_world_find_assignment(step->world, id);
    if (!node || node->view.at_ms[node->view.state] != step->event->at_ms)
        return SGP_OK;
    sgp_incident_node *incident = sgp_world_find_incident(step->world, node->view.incident);
    for (uint32_t i = incident->n_log; i-- > 0;) /* touched again within the same millisecond */
        if (incident->log[i].subject == id &&
            incident->log[i].event == SGP_EVENT_ASSIGNMENT_ADVANCED) {
            if (incident->log[i].number == (uint32_t)node->view.state)
                return SGP_OK;
            break;
        }
    sgp_log_entry entry = entry_of(step);
    entry.event = SGP_EVENT_ASSIGNMENT_ADVANCED;
    entry.subject = id;
    entry.unit = node->view.unit + 1;
    entry.number = node->view.state;
    return append(incident, &entry);
}

static sgp_err log_closing(sgp_step *step, sgp_id id) {
    sgp_incident_node *incident = sgp_world_find_incident(step->world, id);
    if (!incident || incident->view.state != SGP_INCIDENT_CLOSED || incident->log_closed)
        return SGP_OK;
    sgp_log_entry entry = entry_of(step);
    entry.event = SGP_EVENT_INCIDENT_CLOSED;
    entry.number = incident->view.outcome;
    incident->log_closed = true;
    return append(incident, &entry);
}

sgp_err sgp_log_step(sgp_step *step) {
    sgp_world *world = step->world;
    sgp_log_entry entry = entry_of(step);
    sgp_err err = SGP_OK;
    if (step->reply.incident && is_logged(step->event, &entry)) {
        sgp_incident_node *incident = sgp_world_find_incident(world, step->reply.incident);
        entry.subject = of_patient(step->event) ? step->reply.assignment : step->reply.call;
        memcpy(entry.other, step->taken_from, sizeof entry.other);
        if (incident)
            err = append(incident, &entry);
    }
    for (size_t i = 0; i < world->n_changed && !err; i++)
        if (world->changed[i].thing == SGP_THING_ASSIGNMENT)
            err = log_assignment(step, world->changed[i].id);
    for (size_t i = 0; i < world->n_changed && !err; i++)
        if (world->changed[i].thing == SGP_THING_INCIDENT)
            err = log_closing(step, world->changed[i].id);
    return err;
}

sgp_err sgp_log_handed_over(sgp_step *step, sgp_incident_node *incident) {
    sgp_log_entry entry = entry_of(step);
    memcpy(entry.other, step->event->u.handed_over.to, sizeof entry.other);
    if (!entry.actor[0]) /* whose line was lost */
        memcpy(entry.actor, step->event->u.handed_over.from, sizeof entry.actor);
    return append(incident, &entry);
}

sgp_err sgp_note_added(sgp_step *step) {
    sgp_id id = step->event->u.noted.incident;
    sgp_incident_node *incident = sgp_world_find_incident(step->world, id);
    if (!incident)
        return sgp_fail(&step->fault, SGP_E_NOT_FOUND, "there is no incident %llu",
                        (unsigned long long)id);
    if (incident->view.n_notes == SGP_NOTES_MAX)
        return sgp_fail(&step->fault, SGP_E_FULL, "incident %llu already has %d notes",
                        (unsigned long long)id, SGP_NOTES_MAX);
    step->reply.incident = id;
    incident->view.n_notes++;
    return sgp_touch_incident(step, incident);
}

uint32_t sgp_world_log(const sgp_world *world, sgp_id incident, const sgp_log_entry **entries) {
    const sgp_incident_node *node = sgp_world_find_incident(world, incident);
    *entries = node ? node->log : NULL;
    return node ? node->n_log : 0;
}

/* ---- snapshots ----------------------------------------------------------------- */

bool sgp_log_save(const sgp_incident_node *incident, Sigap__V1__IncidentMemory *message) {
    bool ok = sgp_put_array((void **)&message->log, incident->n_log, sizeof(void *));
    message->log_closed = incident->log_closed;
    for (uint32_t i = 0; i < incident->n_log && ok; i++) {
        const sgp_log_entry *entry = &incident->log[i];
        Sigap__V1__LoggedEvent *row = sgp_message_make(&sigap__v1__logged_event__descriptor);
        message->log[message->n_log++] = row;
        ok = row && sgp_put_text(&row->actor, entry->actor) &&
             sgp_put_text(&row->event, sgp_event_kind_str(entry->event)) &&
             sgp_put_text(&row->other, entry->other);
        if (!ok)
            break;
        row->seq = entry->seq;
        row->at_ms = entry->at_ms;
        row->subject_id = entry->subject;
        row->unit_number = entry->unit;
        row->number = entry->number;
        row->version = entry->version;
    }
    return ok;
}

/* By name, which no later kind of event changes; 0: unknown. */
static sgp_event_kind kind_of(const char *name) {
    for (int kind = 1; kind < SGP_EVENT_KINDS; kind++)
        if (strcmp(sgp_event_kind_str((sgp_event_kind)kind), name) == 0)
            return (sgp_event_kind)kind;
    return (sgp_event_kind)0;
}

sgp_err sgp_log_load(const Sigap__V1__IncidentMemory *message, sgp_incident_node *incident,
                     sgp_fault *fault) {
    sgp_err err = sgp_read_number((int64_t)message->n_log, 0, SGP_LOG_MAX,
                                  "the number of entries of a log", fault);
    incident->log_closed = message->log_closed;
    for (size_t i = 0; i < message->n_log && !err; i++) {
        const Sigap__V1__LoggedEvent *row = message->log[i];
        sgp_log_entry entry = {.seq = row->seq,
                               .at_ms = row->at_ms,
                               .event = kind_of(row->event),
                               .subject = row->subject_id,
                               .unit = row->unit_number,
                               .number = row->number,
                               .version = row->version};
        err = sgp_read_text(row->actor, entry.actor, sizeof entry.actor, "who did it", fault);
        if (!err)
            err = sgp_read_text(row->other, entry.other, sizeof entry.other, "who else", fault);
        if (!err && !entry.event)
            err = sgp_fail(fault, SGP_E_CORRUPT,
                           "the snapshot is damaged: a log has an unknown event");
        if (!err && entry.version > incident->view.version)
            err = sgp_fail(fault, SGP_E_CORRUPT,
                           "the snapshot is damaged: a log knows a later version");
        if (!err)
            err = SGP_ROOM_U32(incident->log, incident->n_log, incident->log_capacity);
        if (!err)
            incident->log[incident->n_log++] = entry;
    }
    return err;
}
