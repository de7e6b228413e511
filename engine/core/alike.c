#include "core/alike.h"

#include <string.h>

#include "core/place.h"
#include "core/proto_read.h"

/* ---- one pair -------------------------------------------------------------- */

sgp_likeness sgp_complaints_likeness(const char *left, const char *right) {
    uint32_t left_families = sgp_complaint_families(left);
    uint32_t right_families = sgp_complaint_families(right);
    if (left[0] && strcmp(left, right) == 0)
        return SGP_LIKE_SAME;
    if (left_families == 0 || right_families == 0)
        return SGP_LIKE_UNKNOWN;
    return left_families & right_families ? SGP_LIKE_FAMILY : SGP_LIKE_OTHER;
}

static sgp_vagueness vagueness_of(const sgp_place *place) {
    switch (place->kind) {
    case SGP_PLACE_STREET:
    case SGP_PLACE_GANG:
        return SGP_VAGUE_LINE;
    case SGP_PLACE_AREA:
    case SGP_PLACE_ESTATE:
    case SGP_PLACE_RT_RW:
        return SGP_VAGUE_AREA;
    case SGP_PLACE_PHONE:
        return SGP_VAGUE_PHONE;
    default:
        return SGP_VAGUE_SPOT;
    }
}

/* How far the true place may be from this one, as far as it counts. */
static int32_t off_m(const sgp_rules *rules, const sgp_place *place) {
    int32_t most_m = rules->alike_reach_m[vagueness_of(place)];
    return place->uncertainty_m < most_m ? place->uncertainty_m : most_m;
}

static int64_t latest_call_ms(const sgp_world *world, const sgp_incident_node *incident) {
    if (incident->view.n_calls == 0)
        return incident->view.opened_at_ms;
    return sgp_world_find_call(world, incident->calls[incident->view.n_calls - 1])
        ->view.received_at_ms;
}

static bool may_be_same(const sgp_world *world, const sgp_incident_node *newer,
                        const sgp_incident_node *older, sgp_alike *alike) {
    const sgp_rules *rules = &world->clocks.rules;
    /* Everybody at a hospital's door is near its transfers. */
    if (newer->view.transfer || older->view.transfer)
        return false;
    bool placed = newer->view.has_place && older->view.has_place;
    bool same_number = !sgp_number_is_none(newer->number) &&
                       memcmp(newer->number, older->number, SGP_CALLER_TOKEN_BYTES) == 0;
    const sgp_place *here = &newer->view.place, *there = &older->view.place;
    bool is_near =
        placed && sgp_points_within(here->point, there->point,
                                    rules->alike_m + off_m(rules, here) + off_m(rules, there));
    if (!is_near && !same_number)
        return false;
    *alike = (sgp_alike){
        .incident = older->view.id,
        .distance_m = placed ? sgp_points_distance_m(here->point, there->point) : -1,
        .apart_ms = newer->view.opened_at_ms - latest_call_ms(world, older),
        .likeness = sgp_complaints_likeness(newer->view.complaint, older->view.complaint),
        .same_number = same_number};
    if (alike->apart_ms > rules->alike_ms)
        return false;
    if (alike->apart_ms < 0) /* it has been called about since */
        alike->apart_ms = 0;
    return same_number || alike->likeness != SGP_LIKE_OTHER || alike->distance_m <= rules->alike_m;
}

/* ---- the list of an incident ------------------------------------------------ */

static bool stands_before(const sgp_alike *a, const sgp_alike *b) {
    if (a->dismissed != b->dismissed)
        return b->dismissed;
    if (a->same_number != b->same_number)
        return a->same_number;
    if (a->likeness != b->likeness)
        return a->likeness < b->likeness;
    if (a->distance_m != b->distance_m)
        return a->distance_m < b->distance_m;
    return a->incident < b->incident;
}

static uint32_t position_of(const sgp_incident *view, sgp_id incident) {
    uint32_t at = 0;
    while (at < view->n_alike && view->alike[at].incident != incident)
        at++;
    return at;
}

static void take_out(sgp_incident *view, uint32_t at) {
    view->n_alike--;
    memmove(&view->alike[at], &view->alike[at + 1], (view->n_alike - at) * sizeof view->alike[0]);
    view->alike[view->n_alike] = (sgp_alike){0};
}

/* The last one goes where there is no room; false: that is this one. */
static bool put_in(sgp_incident *view, const sgp_alike *alike) {
    uint32_t at = view->n_alike;
    while (at > 0 && stands_before(alike, &view->alike[at - 1]))
        at--;
    if (at == SGP_ALIKE_MAX)
        return false;
    if (view->n_alike == SGP_ALIKE_MAX)
        view->n_alike--;
    memmove(&view->alike[at + 1], &view->alike[at], (view->n_alike - at) * sizeof view->alike[0]);
    view->alike[at] = *alike;
    view->n_alike++;
    return true;
}

static bool are_equal(const sgp_alike *a, const sgp_alike *b) {
    return a->incident == b->incident && a->distance_m == b->distance_m &&
           a->apart_ms == b->apart_ms && a->likeness == b->likeness &&
           a->dismissed == b->dismissed && a->same_number == b->same_number;
}

/* Brings the newer one's list in line with how the two are now. */
static sgp_err compare(sgp_step *step, sgp_incident_node *newer, const sgp_incident_node *older) {
    sgp_incident *view = &newer->view;
    uint32_t at = position_of(view, older->view.id);
    bool known = at < view->n_alike;
    sgp_alike alike;
    bool same = may_be_same(step->world, newer, older, &alike);
    if (!same && !known)
        return SGP_OK;
    if (same && known) {
        alike.dismissed = view->alike[at].dismissed;
        if (are_equal(&alike, &view->alike[at]))
            return SGP_OK;
    }
    if (known)
        take_out(view, at);
    bool changed = known;
    if (same)
        changed = put_in(view, &alike) || changed;
    return changed ? sgp_touch_incident(step, newer) : SGP_OK;
}

/* ---- what calls it ----------------------------------------------------------- */

sgp_err sgp_alike_follow(sgp_step *step, sgp_incident_node *incident) {
    sgp_world *world = step->world;
    sgp_err err = SGP_OK;
    if (world->clocks.rules.alike_ms == 0)
        return SGP_OK;
    for (size_t i = 0; i < world->open_incidents && !err; i++) {
        sgp_incident_node *other = world->open[i];
        if (other->view.id < incident->view.id)
            err = compare(step, incident, other);
        else if (other != incident)
            err = compare(step, other, incident);
    }
    return err;
}

sgp_err sgp_alike_forget(sgp_step *step, const sgp_incident_node *incident) {
    sgp_world *world = step->world;
    sgp_err err = SGP_OK;
    for (size_t i = world->open_incidents; i-- > 0 && !err;) {
        sgp_incident_node *newer = world->open[i];
        if (newer->view.id < incident->view.id)
            break;
        uint32_t at = position_of(&newer->view, incident->view.id);
        if (at == newer->view.n_alike)
            continue;
        take_out(&newer->view, at);
        err = sgp_touch_incident(step, newer);
    }
    return err;
}

sgp_err sgp_alike_dismissed(sgp_step *step) {
    sgp_world *world = step->world;
    sgp_id id = step->event->u.dismissed.call, other = step->event->u.dismissed.incident;
    const sgp_call_node *call = sgp_world_find_call(world, id);
    if (!call)
        return sgp_fail(&step->fault, SGP_E_NOT_FOUND, "there is no call %llu",
                        (unsigned long long)id);
    sgp_incident_node *of, *to;
    sgp_err err = sgp_need_open_incident(step, other, &to);
    if (!err)
        err = sgp_need_open_incident(step, call->view.incident, &of);
    if (err)
        return err;
    step->reply.call = id;
    sgp_incident_node *newer = of->view.id > other ? of : to;
    sgp_id older = newer == of ? other : of->view.id;
    uint32_t at = position_of(&newer->view, older);
    if (at == newer->view.n_alike)
        return sgp_fail(&step->fault, SGP_E_STATE,
                        "incident %llu is not offered as the same as incident %llu",
                        (unsigned long long)other, (unsigned long long)of->view.id);
    if (newer->view.alike[at].dismissed)
        return SGP_OK;
    sgp_alike alike = newer->view.alike[at];
    alike.dismissed = true;
    take_out(&newer->view, at);
    put_in(&newer->view, &alike); /* there is room: it was there */
    return sgp_touch_incident(step, newer);
}
