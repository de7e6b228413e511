/* Who is at a desk, what is in whose hands, and hand-overs.
 *
 * What must survive a restart is state of the world (core/desk.h): who has an incident in hand.
 * Who is logged in, what he looks at and how his line is are the sessions' and go with them.
 *
 * Who has lost the line keeps what he has for settings->desk_grace_ms: consoles reconnect by
 * themselves, and an engine that was restarted waits as long for everybody. Then all of it goes
 * back to nobody, as a hand-over that says so. Who decides about an incident at a desk, as a
 * dispatcher, while nobody has it, has it from then on: nobody has to remember to take what he is
 * working on. A call-taker who writes calls down takes none by that, since dispatchers go on with
 * them. */
#include <stdlib.h>
#include <string.h>

#include "serve/engine_parts.h"

enum { NOTE_BYTES = 2000, HOLDERS_MAX = 256 };
#define HANDOVER_BIT (UINT64_C(1) << 59)

/* Somebody who has something in hand. */
typedef struct holder {
    char user[SGP_CODE_BYTES];
    int64_t seen_ms; /* at a desk, for the last time */
    bool holds;      /* found in this look */
    bool given_back; /* that is queued already */
} holder;

typedef struct sgp_desk_keeper {
    holder holders[HOLDERS_MAX];
    size_t n;
} sgp_desk_keeper;

/* ---- requests ------------------------------------------------------------------------ */

/* A user of the configuration, of the world or of a session, who may have something in hand. */
static bool works_at_desks(const sgp_engine *engine, const char *user) {
    for (size_t i = 0; i < engine->settings->n_users; i++)
        if (strcmp(engine->settings->users[i].name, user) == 0)
            return sgp_role_hears_callers(engine->settings->users[i].role);
    const sgp_account *account = sgp_world_account_by_name(engine->world, user);
    if (account != NULL && !account->disabled)
        return sgp_role_hears_callers((sgp_role)account->role);
    for (size_t slot = 0; slot < engine->sessions_top; slot++) {
        const sgp_session *session = engine->sessions[slot];
        if (session != NULL && !session->dead && strcmp(session->user, user) == 0)
            return sgp_role_hears_callers(session->role);
    }
    return false;
}

static sgp_err hand_over_event(const sgp_session *session, const Sigap__V1__HandOver *asked,
                               sgp_input *input, sgp_fault *fault) {
    sgp_event *event = &input->event;
    const char *from = asked->from[0] != '\0' ? asked->from : session->user;
    event->kind = SGP_EVENT_DESK_HANDED_OVER;
    if (strcmp(from, session->user) != 0 && session->role == SIGAP__V1__ROLE__CALL_TAKER)
        return sgp_fail(fault, SGP_E_PERMISSION, "a call-taker hands over his own desk only");
    if (strlen(from) >= SGP_CODE_BYTES || strlen(asked->to) >= SGP_CODE_BYTES)
        return sgp_fail(fault, SGP_E_ARGUMENT, "a user's name is longer than %d bytes",
                        SGP_CODE_BYTES - 1);
    if (asked->to[0] != '\0' && !works_at_desks(session->engine, asked->to))
        return sgp_fail(fault, SGP_E_NOT_FOUND, "nobody at a desk is called %s", asked->to);
    if (strlen(asked->note) > NOTE_BYTES)
        return sgp_fail(fault, SGP_E_ARGUMENT, "note is longer than %d bytes", NOTE_BYTES);
    memcpy(event->u.handed_over.from, from, strlen(from) + 1);
    memcpy(event->u.handed_over.to, asked->to, strlen(asked->to) + 1);
    if (asked->note[0] != '\0' && (input->personal.narrative = strdup(asked->note)) == NULL)
        return sgp_fail(fault, SGP_E_MEMORY, "no memory");
    return SGP_OK;
}

sgp_err sgp_desk_event(const sgp_session *session, const Sigap__V1__Frame *frame, sgp_input *input,
                       sgp_fault *fault) {
    if (frame->body_case == SIGAP__V1__FRAME__BODY_HAND_OVER)
        return hand_over_event(session, frame->hand_over, input, fault);
    input->event.kind = SGP_EVENT_INCIDENT_TAKEN;
    input->event.u.taken.incident = frame->take_incident->incident_id;
    input->event.u.taken.release = frame->take_incident->release;
    input->event.u.taken.take_over = frame->take_incident->take_over;
    return SGP_OK;
}

void sgp_desk_told(sgp_session *session, const Sigap__V1__TellDesk *told) {
    session->desk = (sgp_session_desk){.at = true,
                                       .incident = told->incident_id,
                                       .ring = told->ring_id,
                                       .in_form = told->in_form,
                                       .round_trip_ms = told->round_trip_ms};
    int64_t idle_ms = told->idle_ms > 0 ? told->idle_ms : 0;
    session->desk.key_ms = sgp_engine_now_ms(session->engine) - idle_ms;
}

/* ---- who decides has it -------------------------------------------------------------- */

static sgp_id decided_about(const sgp_event *event) {
    switch (event->kind) {
    case SGP_EVENT_UNIT_ORDERED:
        return event->u.ordered.incident;
    case SGP_EVENT_INCIDENT_TRIAGED:
        return event->u.triaged.incident;
    case SGP_EVENT_PLACE_CHOSEN:
        return event->u.chosen.incident;
    case SGP_EVENT_BACKUP_ASKED:
        return event->u.backup.incident;
    case SGP_EVENT_MASS_CASUALTY:
        return event->u.mass.incident;
    default:
        return 0;
    }
}

void sgp_desk_follow(sgp_engine *engine, const sgp_input *input) {
    const sgp_session *session =
        input->session != 0 ? sgp_session_find(engine, input->session) : NULL;
    sgp_id id = decided_about(&input->event);
    const sgp_incident *incident = id != 0 ? sgp_world_incident(engine->world, id) : NULL;
    const sgp_effects *effects = &engine->effects;
    if (session == NULL || !session->desk.at || session->role == SIGAP__V1__ROLE__CALL_TAKER ||
        incident == NULL || incident->state == SGP_INCIDENT_CLOSED ||
        incident->taken_by[0] != '\0' || effects->n == 0 ||
        effects->items[effects->n - 1].kind != SGP_EFFECT_REPLY ||
        effects->items[effects->n - 1].u.reply.err != SGP_OK)
        return;
    sgp_input *take = sgp_input_create(SGP_EVENT_INCIDENT_TAKEN);
    if (take == NULL)
        return; /* it is not forbidden that nobody has it */
    take->event.u.taken.incident = id;
    memcpy(take->event.actor, input->event.actor, sizeof take->event.actor);
    take->event.parent = input->event.seq;
    sgp_inbox_put(engine, take);
}

/* ---- who is gone too long -------------------------------------------------------------- */

static holder *holder_of(sgp_desk_keeper *keeper, const char *user, int64_t now_ms) {
    for (size_t i = 0; i < keeper->n; i++)
        if (strcmp(keeper->holders[i].user, user) == 0)
            return &keeper->holders[i];
    if (keeper->n == HOLDERS_MAX)
        return NULL; /* what he has stays his */
    holder *made = &keeper->holders[keeper->n++];
    *made = (holder){.seen_ms = now_ms};
    memcpy(made->user, user, strlen(user) + 1);
    return made;
}

static void look_who_is_there(sgp_engine *engine, sgp_desk_keeper *keeper, int64_t now_ms) {
    for (size_t slot = 0; slot < engine->sessions_top; slot++) {
        const sgp_session *session = engine->sessions[slot];
        if (session == NULL || session->dead || session->closing ||
            session->kind == SGP_SESSION_HTTP)
            continue;
        for (size_t i = 0; i < keeper->n; i++)
            if (strcmp(keeper->holders[i].user, session->user) == 0)
                keeper->holders[i].seen_ms = now_ms;
    }
}

static void give_back(sgp_engine *engine, holder *gone) {
    sgp_input *input = sgp_input_create(SGP_EVENT_DESK_HANDED_OVER);
    if (input == NULL)
        return; /* the next second again */
    memcpy(input->event.u.handed_over.from, gone->user, sizeof gone->user);
    input->event.u.handed_over.gone = true;
    gone->given_back = true;
    sgp_log(SGP_LOG_WARN, "desk_given_back", "user=%s away_s=%lld", SGP_Q(gone->user),
            (long long)(sgp_engine_now_ms(engine) - gone->seen_ms) / 1000);
    sgp_inbox_put(engine, input);
}

static void keep_holders(sgp_desk_keeper *keeper) {
    size_t n = 0;
    for (size_t i = 0; i < keeper->n; i++)
        if (keeper->holders[i].holds)
            keeper->holders[n++] = keeper->holders[i];
    keeper->n = n;
}

void sgp_desk_tick(sgp_engine *engine) {
    int64_t now_ms = sgp_engine_now_ms(engine);
    if (engine->desk == NULL)
        engine->desk = calloc(1, sizeof *engine->desk);
    sgp_desk_keeper *keeper = engine->desk;
    if (keeper == NULL)
        return;
    for (size_t i = 0; i < keeper->n; i++)
        keeper->holders[i].holds = false;
    for (sgp_id id = 0; (id = sgp_world_next_incident(engine->world, id)) != 0;) {
        const sgp_incident *incident = sgp_world_incident(engine->world, id);
        holder *has =
            incident->taken_by[0] != '\0' ? holder_of(keeper, incident->taken_by, now_ms) : NULL;
        if (has != NULL)
            has->holds = true;
    }
    keep_holders(keeper);
    look_who_is_there(engine, keeper, now_ms);
    for (size_t i = 0; i < keeper->n; i++) {
        holder *one = &keeper->holders[i];
        if (now_ms - one->seen_ms < engine->settings->desk_grace_ms)
            one->given_back = false;
        else if (!one->given_back)
            give_back(engine, one);
    }
}

int64_t sgp_desk_lost_at_ms(const sgp_engine *engine, size_t nth, const char **user) {
    const sgp_desk_keeper *keeper = engine->desk;
    if (keeper == NULL || nth >= keeper->n)
        return -1;
    *user = keeper->holders[nth].user;
    return keeper->holders[nth].seen_ms;
}

/* ---- the words of a hand-over ------------------------------------------------------------- */

bool sgp_desk_personal(const sgp_event *event, const sgp_input *input, sgp_personal *personal) {
    if (event->kind != SGP_EVENT_DESK_HANDED_OVER || input->personal.narrative == NULL)
        return false;
    personal->call = personal->incident = HANDOVER_BIT | event->seq;
    personal->narrative = input->personal.narrative;
    personal->caller_number = personal->caller_name = personal->place_text = "";
    return true;
}

void sgp_desk_forget_words(sgp_engine *engine, sgp_id handover) {
    sgp_personal_copy copy = {0};
    bool erased = false;
    sgp_err kept = sgp_journal_personal(engine->journal, HANDOVER_BIT | handover, &copy, &erased);
    sgp_personal_free(&copy);
    if (kept == SGP_E_NOT_FOUND)
        return;
    sgp_err err = sgp_journal_erase(engine->journal, HANDOVER_BIT | handover);
    if (err != SGP_OK && err != SGP_E_NOT_FOUND)
        sgp_log(SGP_LOG_ERROR, "handover_not_erased", "handover=%llu code=%s",
                (unsigned long long)handover, sgp_err_str(err));
}

static void fill(const sgp_handover *from, Sigap__V1__DeskHandover *row) {
    sigap__v1__desk_handover__init(row);
    row->id = from->id;
    row->at_ms = from->at_ms;
    row->from = (char *)(uintptr_t)from->from;
    row->to = (char *)(uintptr_t)from->to;
    row->gone = from->gone;
    row->incidents = from->incidents;
    row->rings = from->rings;
}

void sgp_push_handover(sgp_engine *engine, const sgp_event *event, const sgp_input *input) {
    uint32_t n = sgp_world_handovers(engine->world);
    if (engine->n_watchers == 0 || n == 0)
        return;
    Sigap__V1__DeskHandover row, *list = &row;
    Sigap__V1__Update update = SIGAP__V1__UPDATE__INIT;
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    fill(sgp_world_handover(engine->world, n - 1), &row);
    if (input != NULL && input->personal.narrative != NULL)
        row.note = input->personal.narrative;
    update.event_seq = event->seq;
    update.at_ms = event->at_ms;
    update.desk_handovers = &list;
    update.n_desk_handovers = 1;
    frame.body_case = SIGAP__V1__FRAME__BODY_UPDATE;
    frame.update = &update;
    sgp_outbox_put(engine, SGP_TO_HEARERS, 0, &frame);
}

void sgp_answer_desk_handovers(sgp_session *session, uint64_t reply_to,
                               const Sigap__V1__ListDeskHandovers *asked) {
    sgp_engine *engine = session->engine;
    uint32_t n = sgp_world_handovers(engine->world);
    uint32_t most = asked->limit != 0 && asked->limit < n ? asked->limit : n;
    Sigap__V1__DeskHandover rows[SGP_HANDOVERS_KEPT], *list[SGP_HANDOVERS_KEPT];
    sgp_personal_copy copies[SGP_HANDOVERS_KEPT] = {0};
    Sigap__V1__DeskHandoverPage page = SIGAP__V1__DESK_HANDOVER_PAGE__INIT;
    page.handovers = list;
    for (uint32_t i = 0; i < most; i++) {
        bool erased = false;
        const sgp_handover *one = sgp_world_handover(engine->world, n - 1 - i);
        fill(one, &rows[i]);
        if (sgp_journal_personal(engine->journal, HANDOVER_BIT | one->id, &copies[i], &erased) ==
                SGP_OK &&
            copies[i].narrative != NULL)
            rows[i].note = copies[i].narrative;
        list[page.n_handovers++] = &rows[i];
    }
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.body_case = SIGAP__V1__FRAME__BODY_DESK_HANDOVER_PAGE;
    frame.desk_handover_page = &page;
    sgp_outbox_answer(engine, session->id, reply_to, &frame);
    for (uint32_t i = 0; i < most; i++)
        sgp_personal_free(&copies[i]);
}
