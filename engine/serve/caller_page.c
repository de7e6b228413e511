/* A caller's own page: who may open it, and what it is shown.
 *
 * The link's token and what the phone made up for itself open it: CALLER_CAME binds the one to the
 * other, on disk before Welcome leaves, so that whoever finds the link later is turned away even
 * after a crash. The session hears how far help has come and the words of the control room, and
 * nothing else: no name, no position, nobody else's incident. A unit's position is not shown at
 * all, not even coarsely: a crew may be in danger at the scene, and its way may start at another
 * patient's door; what a caller needs of it is when it comes.
 *
 * That is told as a window: from where the unit was heard of last, by the roads as they are, and
 * half a minute to both sides at least. `unsure` says that the unit was not heard of for a while;
 * when that is too long ago, no time is told at all.
 *
 * When the incident closes, or a newer link is given, the page is told so (STAGE_ENDED) and the
 * session is nobody's from then on. */
#include <sodium.h>
#include <string.h>

#include "serve/engine_parts.h"

enum {
    HOLDER_BYTES_MIN = 16,
    HOLDER_BYTES_MAX = 64,
    LOOK_EVERY_MS = 5000,    /* at each page, where no event asks for it */
    SAY_AGAIN_MS = 15000,    /* the same, so that its age is small */
    UNSURE_AFTER_MS = 90000, /* without a position of the unit */
    SILENT_AFTER_MS = 600000,
    WINDOW_LEAST_MS = 60000,
    ROUND_MS = 30000,
    LAST_WORDS_MS = 2000, /* a page that has ended */
    PAGES_OF_CALL = 8     /* open at once; with more the first of them goes */
};

/* ---- coming in ----------------------------------------------------------------------- */

bool sgp_page_log_in(sgp_session *session, const Sigap__V1__Frame *frame, sgp_fault *fault) {
    sgp_engine *engine = session->engine;
    const Sigap__V1__Login *login = frame->login;
    sgp_phone_visit visit;
    fault->text[0] = '\0';
    if (login->holder.len == 0 || !sgp_phone_guest(engine, login->token, &visit))
        return false;
    if (login->holder.len < HOLDER_BYTES_MIN || login->holder.len > HOLDER_BYTES_MAX) {
        (void)sgp_fail(fault, SGP_E_ARGUMENT, "holder has not between %d and %d bytes",
                       HOLDER_BYTES_MIN, HOLDER_BYTES_MAX);
        return false;
    }
    if (sgp_phone_shares_too_often(engine, visit.call)) {
        (void)sgp_fail(fault, SGP_E_FULL, "the page is opened too often");
        return false;
    }
    sgp_input *input = sgp_input_create(SGP_EVENT_CALLER_CAME);
    if (input == NULL)
        return false;
    memcpy(input->event.actor, visit.user.name, sizeof input->event.actor);
    input->event.u.came.call = visit.call;
    memcpy(input->event.u.came.token, visit.token, SGP_HASH_BYTES);
    crypto_generichash(input->event.u.came.holder, SGP_HASH_BYTES, login->holder.data,
                       login->holder.len, NULL, 0);
    input->session = session->id;
    input->reply_to = frame->seq;
    sgp_inbox_put(engine, input);
    return true;
}

static void leave_page(sgp_session *session) {
    if (session->is_page)
        session->engine->n_pages--;
    session->is_page = false;
}

void sgp_page_forget(sgp_session *session) {
    leave_page(session);
    session->phone_call = 0;
    sodium_memzero(session->phone_token, sizeof session->phone_token);
    sodium_memzero(session->phone_holder, sizeof session->phone_holder);
}

static void push_view(sgp_session *session, const Sigap__V1__CallerView *view);
static void look_at(sgp_session *session, bool anew);

static sgp_session *page_at(const sgp_engine *engine, size_t slot) {
    sgp_session *session = engine->sessions[slot];
    return session != NULL && session->is_page && !session->dead ? session : NULL;
}

/* One link opened again and again must not take the places of everybody else. */
static void make_room(sgp_engine *engine, sgp_id call) {
    sgp_session *first = NULL;
    uint32_t n = 0;
    for (size_t slot = 0; slot < engine->sessions_top; slot++) {
        sgp_session *session = page_at(engine, slot);
        if (session == NULL || session->phone_call != call)
            continue;
        n++;
        if (first == NULL || session->page_seq < first->page_seq)
            first = session;
    }
    if (n < PAGES_OF_CALL)
        return;
    sgp_log(SGP_LOG_WARN, "too_many_pages", "session=%llu user=%s", (unsigned long long)first->id,
            SGP_Q(first->user));
    sgp_page_forget(first);
    sgp_session_error(first, 0, SGP_E_FULL, "the page is open too often");
    sgp_session_close(first, "too_many_pages");
}

void sgp_page_came(sgp_engine *engine, const sgp_input *input, const sgp_reply *reply) {
    sgp_session *session = sgp_session_find(engine, input->session);
    if (session == NULL)
        return;
    if (reply->err != SGP_OK) {
        /* Behind its event, for it may say that the incident is closed; who does not log in
         * otherwise is closed at the deadline. */
        engine->measures.denied++;
        sgp_log(SGP_LOG_WARN, "login_refused", "session=%llu code=%s",
                (unsigned long long)session->id, sgp_err_str(reply->err));
        sgp_outbox_error(engine, session->id, input->reply_to, reply->err, reply->message);
        return;
    }
    sgp_user user = {.role = SIGAP__V1__ROLE__CALLER};
    memcpy(user.name, input->event.actor, sizeof input->event.actor);
    sgp_page_forget(session); /* whichever it was before */
    make_room(engine, reply->call);
    sgp_session_bind(session, &user, 0);
    session->phone_call = reply->call;
    memcpy(session->phone_token, input->event.u.came.token, SGP_HASH_BYTES);
    memcpy(session->phone_holder, input->event.u.came.holder, SGP_HASH_BYTES);
    session->is_page = true;
    session->page_seq = sgp_world_seq(engine->world);
    engine->n_pages++;
    sgp_log(SGP_LOG_INFO, "login", "session=%llu user=%s role=caller page=1",
            (unsigned long long)session->id, SGP_Q(session->user));
    sgp_welcome(session, input->reply_to, "");
    sgp_answer_conversation(session, 0, reply->call);
    look_at(session, true);
}

/* ---- when help comes ------------------------------------------------------------------ */

typedef struct arrival {
    bool known, unsure;
    int64_t reckoned_at_ms, earliest_ms, latest_ms;
    sgp_unit_kind kind;
} arrival;

/* Of a unit that has said that it comes. False: nobody can tell. */
static bool reckon(sgp_engine *engine, const sgp_assignment *on, const sgp_incident *incident,
                   int64_t now_ms, arrival *out) {
    const sgp_unit *unit = sgp_world_unit(engine->world, on->unit);
    const sgp_clocks *clocks = sgp_world_clocks(engine->world);
    bool drives = on->state == SGP_ASSIGNMENT_EN_ROUTE;
    *out = (arrival){.kind = unit->kind};
    if (!incident->has_place)
        return false;
    sgp_start from = {.unit = unit->index, .kind = unit->kind, .priority = incident->priority};
    int64_t since_ms = now_ms;
    if (unit->at_station && !drives) {
        from.point = sgp_unit_base(unit);
    } else if (unit->has_position) {
        from.point = unit->position;
        since_ms = unit->position_at_ms < now_ms ? unit->position_at_ms : now_ms;
    } else {
        return false;
    }
    int64_t silent_ms = now_ms - since_ms;
    if (silent_ms > SILENT_AFTER_MS)
        return false;
    int64_t ms = -1;
    sgp_times times = sgp_live_times_oracle(engine->city->live);
    sgp_live_roads_hold(engine->city->roads);
    sgp_err err = times.one_to_many(times.ctx, &from, &incident->place.point, 1, &ms);
    sgp_live_roads_let_go(engine->city->roads);
    if (err != SGP_OK || ms < 0)
        return false;
    int64_t leaves_ms = since_ms;
    if (!drives) {
        int64_t ready_ms = on->at_ms[SGP_ASSIGNMENT_ACCEPTED] + clocks->turnout_ms[(int)unit->kind];
        leaves_ms = ready_ms > now_ms ? ready_ms : now_ms;
    }
    int64_t spread_ms = ms * 3 / 10 > WINDOW_LEAST_MS ? ms * 3 / 10 : WINDOW_LEAST_MS;
    out->known = true;
    out->unsure = silent_ms > UNSURE_AFTER_MS;
    out->reckoned_at_ms = since_ms;
    out->earliest_ms = leaves_ms + ms;
    out->latest_ms = leaves_ms + ms + spread_ms;
    if (out->earliest_ms < now_ms)
        out->earliest_ms = now_ms;
    if (out->latest_ms < out->earliest_ms + WINDOW_LEAST_MS)
        out->latest_ms = out->earliest_ms + WINDOW_LEAST_MS;
    return true;
}

/* Who comes first, where several do; of those whose time nobody knows the one ordered first. */
static void fill_coming(sgp_engine *engine, const sgp_incident *incident, int64_t now_ms,
                        Sigap__V1__CallerView *view) {
    arrival best = {.known = false};
    for (uint32_t i = 0; i < incident->n_assignments; i++) {
        const sgp_assignment *on = sgp_world_assignment(engine->world, incident->assignments[i]);
        arrival next;
        if (on == NULL ||
            (on->state != SGP_ASSIGNMENT_ACCEPTED && on->state != SGP_ASSIGNMENT_EN_ROUTE))
            continue;
        bool known = reckon(engine, on, incident, now_ms, &next);
        if (view->units++ == 0 || (known && (!best.known || next.earliest_ms < best.earliest_ms)))
            best = next;
    }
    view->unit_kind = (Sigap__V1__UnitKind)best.kind;
    view->unsure = !best.known || best.unsure;
    if (!best.known)
        return;
    view->earliest_at_ms = best.earliest_ms / ROUND_MS * ROUND_MS;
    view->latest_at_ms = (best.latest_ms + ROUND_MS - 1) / ROUND_MS * ROUND_MS;
    view->reckoned_at_ms = best.reckoned_at_ms;
}

static sgp_unit_kind kind_in(const sgp_engine *engine, const sgp_incident *incident,
                             sgp_assignment_state from, sgp_assignment_state to) {
    for (uint32_t i = 0; i < incident->n_assignments; i++) {
        const sgp_assignment *on = sgp_world_assignment(engine->world, incident->assignments[i]);
        if (on != NULL && on->state >= from && on->state <= to)
            return sgp_world_unit(engine->world, on->unit)->kind;
    }
    return (sgp_unit_kind)0;
}

static void fill_stage(sgp_engine *engine, const sgp_incident *incident, int64_t now_ms,
                       Sigap__V1__CallerView *view) {
    fill_coming(engine, incident, now_ms, view);
    sgp_unit_kind there =
        kind_in(engine, incident, SGP_ASSIGNMENT_ON_SCENE, SGP_ASSIGNMENT_ON_SCENE);
    sgp_unit_kind asked = kind_in(engine, incident, SGP_ASSIGNMENT_ORDERED, SGP_ASSIGNMENT_ORDERED);
    sgp_unit_kind leaving =
        kind_in(engine, incident, SGP_ASSIGNMENT_TRANSPORTING, SGP_ASSIGNMENT_CLOSED);
    if (there) {
        view->stage = SIGAP__V1__CALLER_STAGE__STAGE_THERE;
        view->unit_kind = (Sigap__V1__UnitKind)there;
    } else if (view->units > 0) {
        view->stage = SIGAP__V1__CALLER_STAGE__STAGE_COMING;
    } else if (asked) {
        view->stage = SIGAP__V1__CALLER_STAGE__STAGE_ASKED;
        view->unit_kind = (Sigap__V1__UnitKind)asked;
    } else if (leaving) {
        view->stage = SIGAP__V1__CALLER_STAGE__STAGE_LEAVING;
        view->unit_kind = (Sigap__V1__UnitKind)leaving;
    } else {
        view->stage = incident->has_place ? SIGAP__V1__CALLER_STAGE__STAGE_SEARCHING
                                          : SIGAP__V1__CALLER_STAGE__STAGE_WHERE;
    }
    if (view->stage != SIGAP__V1__CALLER_STAGE__STAGE_COMING) {
        view->unsure = false;
        view->earliest_at_ms = view->latest_at_ms = view->reckoned_at_ms = 0;
    }
}

/* ---- telling ---------------------------------------------------------------------------- */

static void push_view(sgp_session *session, const Sigap__V1__CallerView *view) {
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.body_case = SIGAP__V1__FRAME__BODY_CALLER_VIEW;
    frame.caller_view = (Sigap__V1__CallerView *)(uintptr_t)view;
    sgp_outbox_answer(session->engine, session->id, 0, &frame);
}

/* The page is told that it has ended, and the session is nobody's any more. */
static void end_page(sgp_session *session, const char *why) {
    Sigap__V1__CallerView view = SIGAP__V1__CALLER_VIEW__INIT;
    view.stage = SIGAP__V1__CALLER_STAGE__STAGE_ENDED;
    view.at_ms = sgp_engine_now_ms(session->engine);
    view.ended = (char *)(uintptr_t)why;
    push_view(session, &view);
    sgp_log(SGP_LOG_INFO, "page_ended", "session=%llu user=%s why=%s",
            (unsigned long long)session->id, SGP_Q(session->user), why);
    sgp_page_forget(session);
    session->role = SIGAP__V1__ROLE__ROLE_UNKNOWN;
    sgp_session_set_deadline(session, LAST_WORDS_MS);
}

/* Whether two views differ in what a caller would notice. */
static bool differs(const sgp_page_told *told, const Sigap__V1__CallerView *view,
                    const sgp_call *call) {
    return told->stage != (int)view->stage || told->kind != (int)view->unit_kind ||
           told->units != view->units || told->unsure != view->unsure ||
           told->earliest_ms != view->earliest_at_ms || told->latest_ms != view->latest_at_ms ||
           told->phone_at_ms != view->phone_at_ms ||
           strcmp(told->complaint, view->complaint) != 0 || call == NULL;
}

/* Tells the page what is, where it is news or was told long ago; `anew`: whatever was told. */
static void look_at(sgp_session *session, bool anew) {
    sgp_engine *engine = session->engine;
    const sgp_call *call = sgp_world_call(engine->world, session->phone_call);
    const sgp_incident *incident =
        call != NULL ? sgp_world_incident(engine->world, call->incident) : NULL;
    if (incident == NULL || incident->state == SGP_INCIDENT_CLOSED) {
        end_page(session, "CLOSED");
        return;
    }
    int64_t now_ms = sgp_engine_now_ms(engine);
    Sigap__V1__CallerView view = SIGAP__V1__CALLER_VIEW__INIT;
    view.at_ms = now_ms;
    view.complaint = (char *)(uintptr_t)incident->complaint;
    if (call->phone != NULL) {
        view.phone_at_ms = call->phone->measured_at_ms;
        view.phone_radius_m = call->phone->place.uncertainty_m;
    }
    fill_stage(engine, incident, now_ms, &view);
    sgp_page_told *told = &session->page_told;
    told->looked_ms = now_ms;
    if (!anew && !differs(told, &view, call) && now_ms - told->said_ms < SAY_AGAIN_MS)
        return;
    *told = (sgp_page_told){.looked_ms = now_ms,
                            .said_ms = now_ms,
                            .stage = (int)view.stage,
                            .kind = (int)view.unit_kind,
                            .units = view.units,
                            .unsure = view.unsure,
                            .earliest_ms = view.earliest_at_ms,
                            .latest_ms = view.latest_at_ms,
                            .phone_at_ms = view.phone_at_ms};
    memcpy(told->complaint, incident->complaint, sizeof told->complaint);
    push_view(session, &view);
}

void sgp_pages_tick(sgp_engine *engine) {
    int64_t now_ms = sgp_engine_now_ms(engine);
    for (size_t slot = 0; engine->n_pages > 0 && slot < engine->sessions_top; slot++) {
        sgp_session *session = page_at(engine, slot);
        if (session != NULL && now_ms - session->page_told.looked_ms >= LOOK_EVERY_MS)
            look_at(session, false);
    }
}

/* The incident that a change is about, 0 = none. */
static sgp_id incident_of(const sgp_world *world, const sgp_effect *effect) {
    if (effect->kind != SGP_EFFECT_CHANGED)
        return 0;
    sgp_id id = effect->u.changed.id;
    if (effect->u.changed.thing == SGP_THING_INCIDENT)
        return id;
    if (effect->u.changed.thing == SGP_THING_ASSIGNMENT) {
        const sgp_assignment *on = sgp_world_assignment(world, id);
        return on != NULL ? on->incident : 0;
    }
    if (effect->u.changed.thing == SGP_THING_CALL) {
        const sgp_call *call = sgp_world_call(world, id);
        return call != NULL ? call->incident : 0;
    }
    return 0;
}

void sgp_pages_follow(sgp_engine *engine) {
    if (engine->n_pages == 0)
        return;
    for (size_t i = 0; i < engine->effects.n; i++) {
        sgp_id incident = incident_of(engine->world, &engine->effects.items[i]);
        for (size_t slot = 0; incident != 0 && slot < engine->sessions_top; slot++) {
            sgp_session *session = page_at(engine, slot);
            const sgp_call *call =
                session != NULL ? sgp_world_call(engine->world, session->phone_call) : NULL;
            if (session != NULL && (call == NULL || call->incident == incident))
                look_at(session, false);
        }
    }
}

void sgp_pages_replaced(sgp_engine *engine, sgp_id call, const uint8_t token[SGP_HASH_BYTES]) {
    for (size_t slot = 0; engine->n_pages > 0 && slot < engine->sessions_top; slot++) {
        sgp_session *session = page_at(engine, slot);
        if (session != NULL && session->phone_call == call &&
            memcmp(session->phone_token, token, SGP_HASH_BYTES) != 0)
            end_page(session, "REPLACED");
    }
}

sgp_err sgp_page_check_door(const sgp_session *session, Sigap__V1__Frame__BodyCase body,
                            sgp_fault *fault) {
    switch (body) {
    case SIGAP__V1__FRAME__BODY_SAY_TO_DESK:
        return session->is_page ? SGP_OK
                                : sgp_fail(fault, SGP_E_PERMISSION,
                                           "only a caller's own page sends %s", sgp_body_str(body));
    case SIGAP__V1__FRAME__BODY_GET_GUIDE:
    case SIGAP__V1__FRAME__BODY_GET_CONVERSATION:
        if (session->role != SIGAP__V1__ROLE__CALLER || session->is_page)
            return SGP_OK;
        return sgp_fail(fault, SGP_E_PERMISSION, "only a caller's own page sends %s",
                        sgp_body_str(body));
    case SIGAP__V1__FRAME__BODY_PING:
    case SIGAP__V1__FRAME__BODY_LOGIN:
    case SIGAP__V1__FRAME__BODY_SHARE_MY_POSITION:
        return SGP_OK;
    default:
        return session->is_page ? sgp_fail(fault, SGP_E_PERMISSION,
                                           "a caller's page may not send %s", sgp_body_str(body))
                                : SGP_OK;
    }
}
