#include "deed.h"

#include <assert.h>
#include <stdlib.h>

sim_deed *sim_deeds_add(sim_deeds *deeds) {
    if (deeds->n == deeds->capacity) {
        deeds->capacity = deeds->capacity ? 2 * deeds->capacity : 256;
        deeds->items = realloc(deeds->items, deeds->capacity * sizeof *deeds->items);
        assert(deeds->items);
    }
    sim_deed *deed = &deeds->items[deeds->n++];
    memset(deed, 0, sizeof *deed);
    return deed;
}

void sim_deeds_free(sim_deeds *deeds) {
    free(deeds->items);
    *deeds = (sim_deeds){0};
}

static void print_event(const sgp_event *event, FILE *out) {
    fprintf(out, "%s", sgp_event_kind_str(event->kind));
    switch (event->kind) {
    case SGP_EVENT_UNIT_REGISTERED:
        fprintf(out, " %s", event->u.unit_registered.unit.code);
        break;
    case SGP_EVENT_UNIT_DUTY:
        fprintf(out, " %s %s", event->u.duty.unit, event->u.duty.on_duty ? "on" : "off");
        break;
    case SGP_EVENT_UNIT_POSITION:
        fprintf(out, " %s measured %lld", event->u.position.unit,
                (long long)event->u.position.measured_at_ms);
        break;
    case SGP_EVENT_CALL_RECEIVED:
        fprintf(out, " %s %s%s%s incident %llu", event->u.call.complaint,
                sgp_priority_str(event->u.call.priority), event->u.call.has_point ? " point" : "",
                event->u.call.has_text ? " words" : "", (unsigned long long)event->u.call.incident);
        break;
    case SGP_EVENT_CALL_PLACED:
        fprintf(out, " call %llu, %d places%s%s", (unsigned long long)event->u.placed.call,
                (int)event->u.placed.n_places, event->u.placed.away ? " away" : "",
                event->u.placed.provisional ? " provisional" : "");
        break;
    case SGP_EVENT_CALL_LINKED:
        fprintf(out, " call %llu to incident %llu", (unsigned long long)event->u.linked.call,
                (unsigned long long)event->u.linked.incident);
        break;
    case SGP_EVENT_UNIT_ORDERED:
        fprintf(out, " %s%s incident %llu", event->u.ordered.unit,
                event->u.ordered.divert ? " (divert)" : "",
                (unsigned long long)event->u.ordered.incident);
        break;
    case SGP_EVENT_ORDER_ANSWERED:
        fprintf(out, " assignment %llu %s", (unsigned long long)event->u.answered.assignment,
                event->u.answered.accepted ? "yes" : "no");
        break;
    case SGP_EVENT_ASSIGNMENT_ADVANCED:
        fprintf(out, " assignment %llu to %s %s", (unsigned long long)event->u.advanced.assignment,
                sgp_assignment_state_str(event->u.advanced.state), event->u.advanced.hospital);
        break;
    case SGP_EVENT_ASSIGNMENT_STOOD_DOWN:
        fprintf(out, " assignment %llu", (unsigned long long)event->u.stood_down.assignment);
        break;
    case SGP_EVENT_INCIDENT_CLOSED:
        fprintf(out, " incident %llu %s", (unsigned long long)event->u.closed.incident,
                sgp_outcome_str(event->u.closed.outcome));
        break;
    case SGP_EVENT_INCIDENT_TRIAGED:
        fprintf(out, " incident %llu %s units %u alarm %u",
                (unsigned long long)event->u.triaged.incident,
                sgp_priority_str(event->u.triaged.priority), event->u.triaged.units_wanted,
                event->u.triaged.alarm);
        break;
    case SGP_EVENT_PLACE_CHOSEN:
        fprintf(out, " incident %llu", (unsigned long long)event->u.chosen.incident);
        break;
    default:
        break;
    }
    if (event->actor[0])
        fprintf(out, " by %s", event->actor);
}

void sim_deed_print(const sim_deed *deed, size_t nth, FILE *out) {
    static const char *const kinds[] = {
        "event", "the disk has finished a batch", "snapshot", "crash", "roads", "clock set"};
    fprintf(out, "%6zu  +%lld ms  ", nth, (long long)deed->pass_ms);
    if (deed->kind == SIM_EVENT)
        print_event(&deed->event, out);
    else
        fprintf(out, "%s", kinds[deed->kind]);
    if (deed->kind == SIM_CRASH)
        fprintf(out, deed->keep ? ", the batch under way kept" : ", the batch under way lost");
    if (deed->kind == SIM_ROADS)
        fprintf(out, "%s%s", deed->fails ? " cannot be asked" : "",
                deed->has_wall ? " with a wall" : "");
    if (deed->kind == SIM_CLOCK)
        fprintf(out, " by %lld ms", (long long)deed->set_ms);
    fprintf(out, "\n");
}
