/* Two people who decide about the same thing at the same time.
 *
 * A request may tell the newest event that whoever asks had seen (Frame.seen_seq), or the version
 * of the incident that was looked at. Where another person has decided since about what this
 * request rests on, it is refused with MISMATCH and a Conflict that names who, what and when;
 * nothing is overwritten unseen. Only people's decisions count: an incident also changes with each
 * status of a crew and each fresh recommendation, and a dispatcher is not to be stopped by those.
 * The table below says what each decision changes and what it rests on; a call-taker who answers
 * questions does not stop the order that is given meanwhile.
 *
 * Who decided about an incident stands in its log, which is state of the world: after a restart the
 * same requests are refused. About everything else (units, hospitals, shifts, premises, transfers)
 * the last decisions are kept here, in SLOTS places by hash; recovery fills them from the events
 * that it steps again, so that only what lies before the newest snapshot is forgotten. Those have
 * versions of their own besides, which the core checks. What is refused here never reaches the
 * core, so it needs to be neither journaled nor replayed. */
#include <stdlib.h>
#include <string.h>

#include "serve/engine_parts.h"
#include "sigap/roster.h"

enum { SLOTS = 1024 };

/* What of a thing a decision changes. */
enum {
    PLACE = 1 << 0,
    TRIAGE = 1 << 1,
    UNITS = 1 << 2,
    CLOSING = 1 << 3,
    ANSWERS = 1 << 4,
    ALERTS = 1 << 5,
    BACKUP = 1 << 6,
    NEIGHBOURS = 1 << 7,
    MASS = 1 << 8,
    LIKENESS = 1 << 9,
    JUDGED = 1 << 10,
    MARK = 1 << 11,
    HAND = 1 << 12,    /* who has it in hand */
    STATUS = 1 << 13,  /* of one assignment, told for its crew */
    PATIENT = 1 << 14, /* of one assignment */
    DUTY = 1 << 15,
    POST = 1 << 16,
    DISTRESS = 1 << 17,
    WHOLE = 1 << 18, /* things of one piece */
    ASPECTS = 19,
    ORDERS = PLACE | TRIAGE | UNITS | CLOSING,
    ALL = ORDERS | ANSWERS | ALERTS | BACKUP | NEIGHBOURS | MASS | JUDGED
};

/* Things that decisions are about. */
typedef enum thing_kind {
    INCIDENT = 1,
    UNIT,
    HOSPITAL,
    SHIFT,
    PREMISE,
    TRANSFER,
    CLOSURE,
    ACCOUNT, /* the last two by a hash of the name */
    FLEET
} thing_kind;

typedef struct decided {
    thing_kind kind;
    uint64_t id;
    sgp_id assignment; /* of one of the incident's, 0 = of no certain one */
} decided;

typedef struct rule {
    thing_kind about;
    uint32_t changes, rests_on;
} rule;

static const rule rules[SGP_EVENT_KINDS] = {
    [SGP_EVENT_PLACE_CHOSEN] = {INCIDENT, PLACE, PLACE | CLOSING},
    [SGP_EVENT_INCIDENT_TRIAGED] = {INCIDENT, TRIAGE, ORDERS},
    [SGP_EVENT_UNIT_ORDERED] = {INCIDENT, UNITS, ORDERS},
    [SGP_EVENT_ASSIGNMENT_STOOD_DOWN] = {INCIDENT, UNITS, UNITS | CLOSING},
    [SGP_EVENT_INCIDENT_CLOSED] = {INCIDENT, CLOSING, ALL},
    [SGP_EVENT_CALL_LINKED] = {INCIDENT, CLOSING, ORDERS | LIKENESS},
    [SGP_EVENT_ALIKE_DISMISSED] = {INCIDENT, LIKENESS, LIKENESS | CLOSING},
    [SGP_EVENT_CALL_JUDGED] = {INCIDENT, JUDGED, JUDGED | CLOSING},
    [SGP_EVENT_NUMBER_MARKED] = {INCIDENT, MARK, MARK},
    [SGP_EVENT_QUESTION_ANSWERED] = {INCIDENT, ANSWERS, ANSWERS | CLOSING},
    [SGP_EVENT_AGENCY_ALERTED] = {INCIDENT, ALERTS, CLOSING},
    [SGP_EVENT_AGENCY_ANSWERED] = {INCIDENT, ALERTS, ALERTS},
    [SGP_EVENT_BACKUP_ASKED] = {INCIDENT, BACKUP, BACKUP | CLOSING},
    [SGP_EVENT_AID_ASKED] = {INCIDENT, NEIGHBOURS, NEIGHBOURS | CLOSING},
    [SGP_EVENT_MASS_CASUALTY] = {INCIDENT, MASS, MASS | CLOSING},
    [SGP_EVENT_INCIDENT_TAKEN] = {INCIDENT, HAND, HAND},
    [SGP_EVENT_DESK_HANDED_OVER] = {INCIDENT, HAND, 0},
    [SGP_EVENT_ORDER_ANSWERED] = {INCIDENT, STATUS, STATUS},
    [SGP_EVENT_ASSIGNMENT_ADVANCED] = {INCIDENT, STATUS, STATUS},
    [SGP_EVENT_PATIENT_TOLD] = {INCIDENT, PATIENT, PATIENT},
    [SGP_EVENT_HOSPITAL_CHOSEN] = {INCIDENT, PATIENT, PATIENT},
    [SGP_EVENT_UNIT_DUTY] = {UNIT, DUTY, DUTY},
    [SGP_EVENT_CREW_SIGNED_ON] = {UNIT, DUTY, DUTY},
    [SGP_EVENT_MOVE_UP_ORDERED] = {UNIT, POST, POST | DUTY},
    [SGP_EVENT_MOVE_UP_ENDED] = {UNIT, POST, POST},
    [SGP_EVENT_DISTRESS] = {UNIT, DISTRESS, DISTRESS},
    [SGP_EVENT_HOSPITAL_TOLD] = {HOSPITAL, WHOLE, WHOLE},
    [SGP_EVENT_SHIFT_SET] = {SHIFT, WHOLE, WHOLE},
    [SGP_EVENT_SHIFT_REMOVED] = {SHIFT, WHOLE, WHOLE},
    [SGP_EVENT_PREMISE_SET] = {PREMISE, WHOLE, WHOLE},
    [SGP_EVENT_PREMISE_REMOVED] = {PREMISE, WHOLE, WHOLE},
    [SGP_EVENT_TRANSFER_CHANGED] = {TRANSFER, WHOLE, WHOLE},
    [SGP_EVENT_TRANSFER_CANCELLED] = {TRANSFER, WHOLE, WHOLE},
    [SGP_EVENT_ROAD_OPENED] = {CLOSURE, WHOLE, WHOLE},
    [SGP_EVENT_USER_SET] = {ACCOUNT, WHOLE, WHOLE},
    [SGP_EVENT_FLEET_SET] = {FLEET, WHOLE, WHOLE},
};

typedef struct decision {
    thing_kind about;
    uint64_t id;
    uint32_t changes;
    uint64_t seq;
    int64_t at_ms;
    sgp_event_kind kind;
    char actor[SGP_CODE_BYTES];
} decision;

typedef struct sgp_conflicts {
    decision slots[SLOTS];
} sgp_conflicts;

/* ---- what it is about ------------------------------------------------------------ */

static decided of_assignment(const sgp_world *world, sgp_id id) {
    const sgp_assignment *assignment = sgp_world_assignment(world, id);
    return (decided){INCIDENT, assignment != NULL ? assignment->incident : 0, id};
}

static decided of_call(const sgp_world *world, sgp_id id) {
    const sgp_call *call = sgp_world_call(world, id);
    return (decided){INCIDENT, call != NULL ? call->incident : 0, 0};
}

static decided of_unit(const sgp_world *world, const char *code) {
    const sgp_unit *unit = sgp_world_unit_by_code(world, code);
    return (decided){UNIT, unit != NULL ? unit->index + 1 : 0, 0};
}

/* FNV-1a; never 0. */
static decided by_name(thing_kind about, const char *name) {
    uint64_t hash = UINT64_C(14695981039346656037);
    for (; *name != '\0'; name++)
        hash = (hash ^ (unsigned char)*name) * UINT64_C(1099511628211);
    return (decided){about, hash | 1, 0};
}

static decided of_fleet(const sgp_fleet_change *change) {
    switch (change->what) {
    case SGP_FLEET_UNIT:
        return by_name(FLEET, change->u.unit.code);
    case SGP_FLEET_HOSPITAL:
        return by_name(FLEET, change->u.hospital.code);
    case SGP_FLEET_STATION:
        return by_name(FLEET, change->u.station.name);
    case SGP_FLEET_SERVICE:
        return by_name(FLEET, change->u.service.unit);
    }
    return (decided){0};
}

/* Of incidents; id 0: none. */
static decided about_incident(const sgp_world *world, const sgp_event *event) {
    switch (event->kind) {
    case SGP_EVENT_PLACE_CHOSEN:
        return (decided){INCIDENT, event->u.chosen.incident, 0};
    case SGP_EVENT_INCIDENT_TRIAGED:
        return (decided){INCIDENT, event->u.triaged.incident, 0};
    case SGP_EVENT_UNIT_ORDERED:
        return (decided){INCIDENT, event->u.ordered.incident, 0};
    case SGP_EVENT_INCIDENT_CLOSED:
        return (decided){INCIDENT, event->u.closed.incident, 0};
    case SGP_EVENT_QUESTION_ANSWERED:
        return (decided){INCIDENT, event->u.question.incident, 0};
    case SGP_EVENT_AGENCY_ALERTED:
        return (decided){INCIDENT, event->u.alerted.incident, 0};
    case SGP_EVENT_AGENCY_ANSWERED:
        return (decided){INCIDENT, event->u.agency_answered.incident, 0};
    case SGP_EVENT_BACKUP_ASKED:
        return (decided){INCIDENT, event->u.backup.incident, 0};
    case SGP_EVENT_AID_ASKED:
        return (decided){INCIDENT, event->u.aid.incident, 0};
    case SGP_EVENT_MASS_CASUALTY:
        return (decided){INCIDENT, event->u.mass.incident, 0};
    case SGP_EVENT_INCIDENT_TAKEN:
        return (decided){INCIDENT, event->u.taken.incident, 0};
    case SGP_EVENT_CALL_LINKED:
        return of_call(world, event->u.linked.call);
    case SGP_EVENT_ALIKE_DISMISSED:
        return of_call(world, event->u.dismissed.call);
    case SGP_EVENT_CALL_JUDGED:
        return of_call(world, event->u.judged.call);
    case SGP_EVENT_NUMBER_MARKED:
        return of_call(world, event->u.marked.call);
    case SGP_EVENT_ASSIGNMENT_STOOD_DOWN:
        return of_assignment(world, event->u.stood_down.assignment);
    case SGP_EVENT_ORDER_ANSWERED:
        return of_assignment(world, event->u.answered.assignment);
    case SGP_EVENT_ASSIGNMENT_ADVANCED:
        return of_assignment(world, event->u.advanced.assignment);
    case SGP_EVENT_PATIENT_TOLD:
        return of_assignment(world, event->u.patient.assignment);
    case SGP_EVENT_HOSPITAL_CHOSEN:
        return of_assignment(world, event->u.hospital_choice.assignment);
    default:
        return (decided){0};
    }
}

static decided about(const sgp_world *world, const sgp_event *event) {
    const sgp_hospital *hospital;
    switch (event->kind) {
    case SGP_EVENT_UNIT_DUTY:
        return of_unit(world, event->u.duty.unit);
    case SGP_EVENT_CREW_SIGNED_ON:
        return of_unit(world, event->u.signed_on.unit);
    case SGP_EVENT_MOVE_UP_ORDERED:
        return of_unit(world, event->u.move_up.unit);
    case SGP_EVENT_MOVE_UP_ENDED:
        return of_unit(world, event->u.move_up_end.unit);
    case SGP_EVENT_DISTRESS:
        return of_unit(world, event->u.distress.unit);
    case SGP_EVENT_HOSPITAL_TOLD:
        hospital = sgp_world_hospital_by_code(world, event->u.hospital_told.hospital);
        return (decided){HOSPITAL, hospital != NULL ? hospital->index + 1 : 0, 0};
    case SGP_EVENT_SHIFT_SET:
        return (decided){SHIFT, event->u.shift->id, 0};
    case SGP_EVENT_SHIFT_REMOVED:
        return (decided){SHIFT, event->u.shift_removed.id, 0};
    case SGP_EVENT_PREMISE_SET:
    case SGP_EVENT_PREMISE_REMOVED:
        return (decided){PREMISE, event->u.premise.id, 0};
    case SGP_EVENT_TRANSFER_CHANGED:
        return (decided){TRANSFER, event->u.transfer_changed.transfer, 0};
    case SGP_EVENT_TRANSFER_CANCELLED:
        return (decided){TRANSFER, event->u.transfer_cancelled.transfer, 0};
    case SGP_EVENT_ROAD_OPENED:
        return (decided){CLOSURE, event->u.road_opened.closure, 0};
    case SGP_EVENT_USER_SET:
        return by_name(ACCOUNT, event->u.account.name);
    case SGP_EVENT_FLEET_SET:
        return of_fleet(&event->u.fleet);
    default:
        return about_incident(world, event);
    }
}

/* ---- keeping decisions that stand in no log --------------------------------------------- */

static size_t slot_of(thing_kind about, uint64_t id, uint32_t changes) {
    return (size_t)((id * 31 + (uint64_t)about) * 37 + changes) % SLOTS;
}

void sgp_conflicts_note(sgp_engine *engine, const sgp_event *event, const sgp_effects *effects) {
    const sgp_effect *last = effects->n > 0 ? &effects->items[effects->n - 1] : NULL;
    const rule *r = &rules[event->kind];
    if (event->actor[0] == '\0' || r->about <= INCIDENT || last == NULL ||
        last->kind != SGP_EFFECT_REPLY || last->u.reply.err != SGP_OK)
        return;
    decided what = about(engine->world, event);
    if (what.id == 0)
        return;
    if (engine->conflicts == NULL)
        engine->conflicts = calloc(1, sizeof *engine->conflicts);
    if (engine->conflicts == NULL)
        return;
    decision *slot = &engine->conflicts->slots[slot_of(r->about, what.id, r->changes)];
    *slot = (decision){.about = r->about,
                       .id = what.id,
                       .changes = r->changes,
                       .seq = event->seq,
                       .at_ms = event->at_ms,
                       .kind = event->kind};
    memcpy(slot->actor, event->actor, sizeof slot->actor);
}

/* ---- looking for another's ---------------------------------------------------------------- */

/* What the entry of a log changed, and which decision it was. */
static uint32_t changed_by(const sgp_world *world, const sgp_log_entry *entry,
                           sgp_event_kind *kind) {
    *kind = entry->event;
    if (entry->event != SGP_EVENT_ASSIGNMENT_ADVANCED)
        return rules[entry->event].changes;
    const sgp_assignment *on = sgp_world_assignment(world, entry->subject);
    switch (entry->number) {
    case SGP_ASSIGNMENT_ORDERED: /* not what the engine ordered when somebody did something else */
        *kind = SGP_EVENT_UNIT_ORDERED;
        return on != NULL && on->by_dispatcher ? UNITS : 0;
    case SGP_ASSIGNMENT_STOOD_DOWN:
        *kind = SGP_EVENT_ASSIGNMENT_STOOD_DOWN;
        return UNITS;
    default: /* what a crew says itself stops nobody */
        return on != NULL && (on->by_radio >> entry->number & 1u) ? STATUS : 0;
    }
}

static bool is_newer(const sgp_input *input, const sgp_log_entry *entry) {
    return (input->seen_seq != 0 && entry->seq > input->seen_seq) ||
           (input->seen_version != 0 && entry->version > input->seen_version);
}

/* The newest decision of another in the incident's log. */
static bool in_log(const sgp_world *world, const sgp_input *input, decided what,
                   Sigap__V1__Conflict *found) {
    const sgp_log_entry *log;
    uint32_t rests_on = rules[input->event.kind].rests_on;
    for (uint32_t i = sgp_world_log(world, what.id, &log); i-- > 0;) {
        const sgp_log_entry *entry = &log[i];
        sgp_event_kind kind;
        uint32_t changed = changed_by(world, entry, &kind) & rests_on;
        if (changed == 0 || !is_newer(input, entry) || entry->actor[0] == '\0' ||
            strcmp(entry->actor, input->event.actor) == 0)
            continue;
        if ((changed & ~(uint32_t)(STATUS | PATIENT)) == 0 && entry->subject != what.assignment)
            continue;
        found->actor = (char *)(uintptr_t)entry->actor;
        found->event = (char *)(uintptr_t)sgp_event_kind_str(kind);
        found->at_ms = entry->at_ms;
        found->event_seq = entry->seq;
        found->incident_id = what.id;
        if (entry->unit != 0)
            found->unit_code = (char *)(uintptr_t)sgp_world_unit(world, entry->unit - 1)->code;
        if (entry->event == SGP_EVENT_ASSIGNMENT_ADVANCED)
            found->state = (Sigap__V1__AssignmentState)entry->number;
        else if (kind == SGP_EVENT_INCIDENT_TRIAGED)
            found->priority = (Sigap__V1__Priority)entry->number;
        else if (kind == SGP_EVENT_INCIDENT_CLOSED || kind == SGP_EVENT_CALL_JUDGED)
            found->outcome = (Sigap__V1__Outcome)entry->number;
        return true;
    }
    return false;
}

static bool in_slots(const sgp_engine *engine, const sgp_input *input, decided what,
                     Sigap__V1__Conflict *found) {
    const rule *r = &rules[input->event.kind];
    for (int bit = 0; bit < ASPECTS && engine->conflicts != NULL; bit++) {
        uint32_t changes = r->rests_on & 1u << bit;
        const decision *slot = &engine->conflicts->slots[slot_of(r->about, what.id, changes)];
        if (changes == 0 || slot->about != r->about || slot->id != what.id ||
            slot->changes != changes || slot->seq <= input->seen_seq ||
            strcmp(slot->actor, input->event.actor) == 0)
            continue;
        found->actor = (char *)(uintptr_t)slot->actor;
        found->event = (char *)(uintptr_t)sgp_event_kind_str(slot->kind);
        found->at_ms = slot->at_ms;
        found->event_seq = slot->seq;
        if (r->about == UNIT)
            found->unit_code =
                (char *)(uintptr_t)sgp_world_unit(engine->world, (uint32_t)what.id - 1)->code;
        return true;
    }
    return false;
}

static const char *thing_text(thing_kind about) {
    static const char *const words[] = {
        [INCIDENT] = "incident",    [UNIT] = "unit",       [HOSPITAL] = "hospital",
        [SHIFT] = "shift",          [PREMISE] = "premise", [TRANSFER] = "transfer",
        [CLOSURE] = "road closure", [ACCOUNT] = "user",    [FLEET] = "fleet entry"};
    return words[about];
}

static void refuse(sgp_engine *engine, uint64_t session, uint64_t reply_to, sgp_err err,
                   const char *text, Sigap__V1__Conflict *conflict) {
    Sigap__V1__Error error = SIGAP__V1__ERROR__INIT;
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    error.code = (char *)(uintptr_t)sgp_err_str(err);
    error.message = (char *)(uintptr_t)text;
    error.conflict = conflict;
    frame.body_case = SIGAP__V1__FRAME__BODY_ERROR;
    frame.error = &error;
    sgp_outbox_answer(engine, session, reply_to, &frame);
}

bool sgp_conflicts_refuse(sgp_engine *engine, const sgp_input *input) {
    if (input->seen_seq == 0 && input->seen_version == 0)
        return false;
    const rule *r = &rules[input->event.kind];
    decided what = r->about != 0 ? about(engine->world, &input->event) : (decided){0};
    Sigap__V1__Conflict found = SIGAP__V1__CONFLICT__INIT;
    if (what.id == 0 || !(r->about == INCIDENT ? in_log(engine->world, input, what, &found)
                                               : in_slots(engine, input, what, &found)))
        return false;
    sgp_fault fault;
    sgp_err err =
        sgp_fail(&fault, SGP_E_MISMATCH, "%s has changed %s %llu %lld s ago (%s); look at it again",
                 found.actor, thing_text(r->about), (unsigned long long)what.id,
                 (long long)(sgp_engine_now_ms(engine) - found.at_ms) / 1000, found.event);
    engine->measures.refused++;
    sgp_log(SGP_LOG_INFO, "conflict", "kind=%s actor=%s other=%s",
            sgp_event_kind_str(input->event.kind), SGP_Q(input->event.actor), SGP_Q(found.actor));
    refuse(engine, input->session, input->reply_to, err, fault.text, &found);
    return true;
}

/* ---- what the core refused because another has it ------------------------------------------- */

static bool has_it(const sgp_world *world, const sgp_event *event, Sigap__V1__Conflict *found) {
    const sgp_ring *ring = NULL;
    const sgp_incident *incident = NULL;
    switch (event->kind) {
    case SGP_EVENT_INCIDENT_TAKEN:
        incident = sgp_world_incident(world, event->u.taken.incident);
        break;
    case SGP_EVENT_RING_TAKEN:
        ring = sgp_world_ring(world, event->u.ring_taken.ring);
        break;
    case SGP_EVENT_RING_CALL_BACK:
        ring = sgp_world_ring(world, event->u.ring_back.ring);
        break;
    default:
        return false;
    }
    if (incident != NULL && incident->taken_by[0] != '\0') {
        found->actor = (char *)(uintptr_t)incident->taken_by;
        found->at_ms = incident->taken_at_ms;
        found->event = (char *)(uintptr_t)sgp_event_kind_str(SGP_EVENT_INCIDENT_TAKEN);
        found->incident_id = incident->id;
    } else if (ring != NULL && event->kind == SGP_EVENT_RING_TAKEN && ring->claimed_by[0] != '\0') {
        found->actor = (char *)(uintptr_t)ring->claimed_by;
        found->at_ms = ring->claimed_at_ms;
        found->event = (char *)(uintptr_t)sgp_event_kind_str(SGP_EVENT_RING_TAKEN);
    } else if (ring != NULL && event->kind == SGP_EVENT_RING_CALL_BACK &&
               ring->back_by[0] != '\0') {
        found->actor = (char *)(uintptr_t)ring->back_by;
        found->at_ms = ring->back_at_ms > ring->back_claimed_at_ms ? ring->back_at_ms
                                                                   : ring->back_claimed_at_ms;
        found->event = (char *)(uintptr_t)sgp_event_kind_str(SGP_EVENT_RING_CALL_BACK);
    } else {
        return false;
    }
    found->event_seq = sgp_world_seq(world);
    return strcmp(found->actor, event->actor) != 0;
}

bool sgp_conflicts_explain(sgp_engine *engine, const sgp_input *input, const sgp_reply *reply) {
    Sigap__V1__Conflict found = SIGAP__V1__CONFLICT__INIT;
    if (reply->err != SGP_E_STATE || !has_it(engine->world, &input->event, &found))
        return false;
    refuse(engine, input->session, input->reply_to, reply->err, reply->message, &found);
    return true;
}
