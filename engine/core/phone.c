#include "core/phone.h"

#include <stdio.h>
#include <string.h>

#include "core/conversation.h"
#include "core/place.h"

enum {
    GROWN_OLD_MS = 2 * 60 * 1000, /* one later by so much may be less sure */
    OUT_OF_ORDER_MS = 60 * 1000,  /* an earlier one still counts when it is surer */
    TOO_OLD_MS = 10 * 60 * 1000,  /* measured before that, it says where the phone has been */
    MOVED_M = 30,                 /* less is no reason to send crews another place */
    COARSE_PERMILLE = 200         /* confidence of a position that places nothing */
};

static const uint8_t NONE[SGP_HASH_BYTES];

static bool is_better(const sgp_phone_fix *known, const sgp_phone_fix *told) {
    int64_t later_ms = told->measured_at_ms - known->measured_at_ms;
    if (told->place.uncertainty_m < known->place.uncertainty_m)
        return later_ms >= -OUT_OF_ORDER_MS;
    if (told->place.uncertainty_m == known->place.uncertainty_m)
        return later_ms > 0;
    if (later_ms < GROWN_OLD_MS)
        return false;
    /* A far coarser circle around the former point does not say that the phone has left it. */
    bool may_be_there =
        sgp_points_within(told->place.point, known->place.point, told->place.uncertainty_m) &&
        later_ms < TOO_OLD_MS;
    return !may_be_there || told->place.uncertainty_m <= 2 * known->place.uncertainty_m;
}

/* May place an incident when it is the only thing that is known. */
static bool is_enough(const sgp_step *step, const sgp_phone_fix *fix) {
    return fix->place.uncertainty_m <= step->world->clocks.phone_place_m &&
           step->event->at_ms - fix->measured_at_ms <= TOO_OLD_MS;
}

/* ---- candidates ------------------------------------------------------------- */

sgp_err sgp_phone_join(sgp_call_node *call) {
    if (!call->view.phone)
        return SGP_OK;
    sgp_place places[SGP_PLACES_MAX];
    int32_t n = 0;
    for (int32_t i = 0; i < call->view.n_places && n < SGP_PLACES_MAX - 1; i++)
        if (call->view.places[i].kind != SGP_PLACE_PHONE)
            places[n++] = call->view.places[i];
    places[n++] = call->view.phone->place;
    return sgp_call_set_places(call, places, n);
}

/* The caller's words are still looked up, or have found something. */
static bool has_words(const sgp_call *call) {
    if (call->n_texts == 0)
        return false;
    bool found = false;
    for (int32_t i = 0; i < call->n_places; i++)
        found |= call->places[i].kind != SGP_PLACE_PHONE &&
                 call->places[i].kind != SGP_PLACE_COORDINATES;
    return found || call->looking_up;
}

/* ---- the incident's place ----------------------------------------------------- */

static sgp_err take_place(sgp_step *step, sgp_call_node *call, sgp_incident_node *incident,
                          bool confirmed) {
    sgp_err err = sgp_incident_take_place(step, incident, &call->view.phone->place, confirmed);
    call->phone_placed = true;
    if (!call->view.placed_at_ms)
        call->view.placed_at_ms = step->event->at_ms;
    if (!err && confirmed)
        err = sgp_need_attention(step, incident->view.id, true);
    return err;
}

static bool is_worth_telling(const sgp_place *was, const sgp_place *is) {
    return !sgp_points_within(was->point, is->point, MOVED_M) ||
           is->uncertainty_m <= was->uncertainty_m / 2;
}

/* From then on the caller may be on the way with its phone, and the scene is where it was. */
static bool is_reached(const sgp_world *world, const sgp_incident *incident) {
    for (uint32_t i = 0; i < incident->n_assignments; i++)
        if (sgp_assignment_reached_scene(
                &sgp_world_find_assignment(world, incident->assignments[i])->view))
            return true;
    return false;
}

sgp_err sgp_phone_settle(sgp_step *step, sgp_call_node *call) {
    sgp_incident_node *incident = sgp_world_find_incident(step->world, call->view.incident);
    const sgp_incident *view = &incident->view;
    if (!call->view.phone || view->state == SGP_INCIDENT_CLOSED ||
        !is_enough(step, call->view.phone))
        return SGP_OK;
    const sgp_place *place = &call->view.phone->place;
    if (view->place_confirmed)
        return call->phone_placed && is_worth_telling(&view->place, place) &&
                       !is_reached(step->world, view)
                   ? take_place(step, call, incident, true)
                   : SGP_OK;
    if (!has_words(&call->view))
        return take_place(step, call, incident, true);
    /* Whether the words or the phone came first makes no difference. */
    if (!view->has_place || call->phone_placed ||
        place->confidence_permille > view->place.confidence_permille)
        return take_place(step, call, incident, false);
    return SGP_OK;
}

/* ---- the token ---------------------------------------------------------------- */

sgp_err sgp_locate_asked(sgp_step *step) {
    const sgp_event *event = step->event;
    sgp_call_node *call = sgp_world_find_call(step->world, event->u.locate.call);
    if (!call)
        return sgp_fail(&step->fault, SGP_E_NOT_FOUND, "there is no call %llu",
                        (unsigned long long)event->u.locate.call);
    step->reply.call = call->view.id;
    step->reply.incident = call->view.incident;
    if (sgp_world_find_incident(step->world, call->view.incident)->view.state ==
        SGP_INCIDENT_CLOSED)
        return sgp_fail(&step->fault, SGP_E_STATE, "incident %llu is closed",
                        (unsigned long long)call->view.incident);
    /* A token given before is worth nothing any more. */
    call->locate = (sgp_locate){.until_ms = event->at_ms + event->u.locate.valid_ms,
                                .updates_ms = event->u.locate.updates_ms};
    memcpy(call->locate.token, event->u.locate.token, SGP_HASH_BYTES);
    return SGP_OK;
}

sgp_err sgp_locate_check_holder(sgp_step *step, const sgp_locate *locate,
                                const uint8_t token[SGP_HASH_BYTES],
                                const uint8_t holder[SGP_HASH_BYTES]) {
    if (memcmp(locate->token, token, SGP_HASH_BYTES) != 0)
        return sgp_fail(&step->fault, SGP_E_UNAUTHENTICATED, "the token is not valid any more");
    bool used = memcmp(locate->holder, NONE, SGP_HASH_BYTES) != 0;
    if (used && memcmp(locate->holder, holder, SGP_HASH_BYTES) != 0)
        return sgp_fail(&step->fault, SGP_E_UNAUTHENTICATED,
                        "another phone has used the token already");
    return SGP_OK;
}

static sgp_err check_token(sgp_step *step, const sgp_locate *locate) {
    const sgp_event *event = step->event;
    sgp_err err =
        sgp_locate_check_holder(step, locate, event->u.phone.token, event->u.phone.holder);
    if (!err && event->at_ms > locate->until_ms)
        err = sgp_fail(&step->fault, SGP_E_UNAUTHENTICATED, "the token has expired");
    return err;
}

void sgp_locate_use(const sgp_step *step, sgp_locate *locate,
                    const uint8_t holder[SGP_HASH_BYTES]) {
    if (memcmp(locate->holder, NONE, SGP_HASH_BYTES) != 0)
        return;
    memcpy(locate->holder, holder, SGP_HASH_BYTES);
    locate->until_ms = step->event->at_ms + locate->updates_ms;
}

/* ---- the position --------------------------------------------------------------- */

static sgp_phone_fix told_fix(const sgp_step *step) {
    sgp_phone_fix fix = step->event->u.phone.fix;
    fix.place.kind = SGP_PLACE_PHONE;
    if (fix.place.uncertainty_m < 1)
        fix.place.uncertainty_m = 1;
    if (fix.measured_at_ms <= 0 || fix.measured_at_ms > step->event->at_ms)
        fix.measured_at_ms = step->event->at_ms;
    fix.place.confidence_permille =
        is_enough(step, &fix) ? step->world->clocks.confident_permille : COARSE_PERMILLE;
    return fix;
}

/* Where the call is looked up: near a point that came with it as long as that is surer. */
static sgp_err look_near(sgp_step *step, sgp_call_node *call, bool was_near_phone) {
    const sgp_place *place = &call->view.phone->place;
    if (!call->view.has_near || was_near_phone || place->uncertainty_m <= call->view.near_m) {
        call->view.has_near = true;
        call->view.near = place->point;
        call->view.near_m = place->uncertainty_m;
    }
    const sgp_incident_node *incident = sgp_world_find_incident(step->world, call->view.incident);
    if (call->view.n_texts == 0 || (incident->view.place_confirmed && !call->view.looking_up))
        return SGP_OK;
    return sgp_call_look_up(step, call);
}

sgp_err sgp_phone_position(sgp_step *step) {
    const sgp_event *event = step->event;
    sgp_call_node *call = sgp_world_find_call(step->world, event->u.phone.call);
    if (!call)
        return sgp_fail(&step->fault, SGP_E_NOT_FOUND, "there is no call %llu",
                        (unsigned long long)event->u.phone.call);
    step->reply.call = call->view.id;
    step->reply.incident = call->view.incident;
    if (sgp_world_find_incident(step->world, call->view.incident)->view.state ==
        SGP_INCIDENT_CLOSED)
        return sgp_fail(&step->fault, SGP_E_STATE, "incident %llu is closed",
                        (unsigned long long)call->view.incident);
    sgp_err err = event->u.phone.by_token ? check_token(step, &call->locate) : SGP_OK;
    if (err)
        return err;
    if (event->u.phone.by_token) {
        sgp_locate_use(step, &call->locate, event->u.phone.holder);
        sgp_page_goes_on(call, event->at_ms);
    }
    sgp_phone_fix fix = told_fix(step);
    if (call->view.phone && !is_better(call->view.phone, &fix))
        return SGP_OK;
    bool was_near_phone = call->view.phone && call->view.has_near &&
                          sgp_point_equal(call->view.near, call->view.phone->place.point);
    err = sgp_call_set_phone(call, &fix);
    if (!err)
        err = sgp_touch_call(step, call);
    if (!err)
        err = sgp_phone_join(call);
    if (!err)
        err = look_near(step, call, was_near_phone);
    return err ? err : sgp_phone_settle(step, call);
}
