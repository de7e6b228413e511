/* Two people who decide about one incident at the same time.
 *
 * A request may tell the version of the incident as it was looked at. When another user has decided
 * something about the incident since, it is refused with MISMATCH, and nothing is overwritten
 * unseen. Only people's decisions count: an incident's version also grows with each status of a
 * crew and each fresh recommendation, and a dispatcher is not to be stopped by those.
 *
 * Kept in memory, the last decision for each of SLOTS incidents (by id, modulo): what is refused
 * never reaches the core, so it needs to be neither journaled nor replayed. A restart forgets, and
 * then the first of two decisions is the one that counts, as without versions. */
#include <stdlib.h>
#include <string.h>

#include "serve/engine_parts.h"

enum { SLOTS = 1024 };

typedef struct decision {
    sgp_id incident;
    uint64_t version; /* of the incident, after it */
    int64_t at_ms;
    sgp_event_kind kind;
    char actor[SGP_CODE_BYTES];
} decision;

typedef struct sgp_conflicts {
    decision slots[SLOTS];
} sgp_conflicts;

/* Which incident a person's decision is about; 0: none, or it is no such decision. */
static sgp_id decided(const sgp_world *world, const sgp_event *event) {
    const sgp_assignment *assignment;
    switch (event->kind) {
    case SGP_EVENT_PLACE_CHOSEN:
        return event->u.chosen.incident;
    case SGP_EVENT_INCIDENT_TRIAGED:
        return event->u.triaged.incident;
    case SGP_EVENT_UNIT_ORDERED:
        return event->u.ordered.incident;
    case SGP_EVENT_INCIDENT_CLOSED:
        return event->u.closed.incident;
    case SGP_EVENT_QUESTION_ANSWERED:
        return event->u.question.incident;
    case SGP_EVENT_ASSIGNMENT_STOOD_DOWN:
        assignment = sgp_world_assignment(world, event->u.stood_down.assignment);
        return assignment != NULL ? assignment->incident : 0;
    default:
        return 0;
    }
}

static const sgp_incident *incident_of(const sgp_engine *engine, const sgp_event *event) {
    return sgp_world_incident(engine->world, decided(engine->world, event));
}

uint64_t sgp_conflicts_version(const sgp_engine *engine, const sgp_event *event) {
    const sgp_incident *incident = incident_of(engine, event);
    return incident != NULL ? incident->version : 0;
}

void sgp_conflicts_note(sgp_engine *engine, const sgp_event *event, uint64_t version_before) {
    const sgp_incident *incident = event->actor[0] != '\0' ? incident_of(engine, event) : NULL;
    if (incident == NULL || incident->version == version_before) /* it was refused */
        return;
    if (engine->conflicts == NULL)
        engine->conflicts = calloc(1, sizeof *engine->conflicts);
    if (engine->conflicts == NULL)
        return;
    decision *slot = &engine->conflicts->slots[incident->id % SLOTS];
    *slot = (decision){.incident = incident->id,
                       .version = incident->version,
                       .at_ms = event->at_ms,
                       .kind = event->kind};
    memcpy(slot->actor, event->actor, sizeof slot->actor);
}

bool sgp_conflicts_refuse(sgp_engine *engine, const sgp_input *input) {
    sgp_id id = input->seen_version != 0 ? decided(engine->world, &input->event) : 0;
    if (id == 0 || engine->conflicts == NULL)
        return false;
    const decision *slot = &engine->conflicts->slots[id % SLOTS];
    if (slot->incident != id || slot->version <= input->seen_version ||
        strcmp(slot->actor, input->event.actor) == 0)
        return false;
    sgp_fault fault;
    int64_t ago_ms = sgp_engine_now_ms(engine) - slot->at_ms;
    sgp_err err = sgp_fail(&fault, SGP_E_MISMATCH,
                           "%s has changed incident %llu %lld s ago (%s); look at it again",
                           slot->actor, (unsigned long long)id, (long long)(ago_ms / 1000),
                           sgp_event_kind_str(slot->kind));
    engine->measures.refused++;
    sgp_log(SGP_LOG_INFO, "conflict", "kind=%s actor=%s other=%s",
            sgp_event_kind_str(input->event.kind), SGP_Q(input->event.actor), SGP_Q(slot->actor));
    sgp_outbox_error(engine, input->session, input->reply_to, err, fault.text);
    return true;
}
