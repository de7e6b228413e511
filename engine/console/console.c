#include "console/console.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "console/console_parts.h"
#include "console/hands.h"

enum { SYNC_EVERY_MS = 1000 };

/* ---- messages ------------------------------------------------------------------------ */

void sgp_console_say(sgp_console *c, sgp_ink ink, const char *text) {
    snprintf(c->message, sizeof c->message, "%s", text);
    c->message_ink = ink;
    c->message_at_ms = c->model.own_now_ms;
}

void sgp_console_say_about(sgp_console *c, sgp_ink ink, sgp_text key, const char *what,
                           const char *reason) {
    sgp_text_fill(c->message, sizeof c->message, c->language, key, "what", what, "reason", reason,
                  NULL);
    c->message_ink = ink;
    c->message_at_ms = c->model.own_now_ms;
}

/* ---- requests ------------------------------------------------------------------------- */

size_t sgp_console_held(const sgp_console *c) {
    size_t n = 0;
    for (size_t i = 0; i < c->pending->n; i++)
        n += c->pending->items[i].held;
    return n;
}

static void send_item(sgp_console *c, const sgp_pending_item *item) {
    /* A full queue is no loss: it is sent again with the next connection. */
    (void)!c->host.send(c->host.context, item->frame, item->token);
}

/* What was looked at when it was decided: another's decision since then refuses it. */
static void tell_version(const sgp_console *c, Sigap__V1__Frame *frame) {
    const Sigap__V1__Incident *incident;
#define SEEN(member)                                                                               \
    incident = sgp_board_incident(&c->model.narrator.board, frame->member->incident_id);           \
    if (incident != NULL)                                                                          \
    frame->member->version = incident->version
    switch (frame->body_case) {
    case SIGAP__V1__FRAME__BODY_CHOOSE_PLACE:
        SEEN(choose_place);
        break;
    case SIGAP__V1__FRAME__BODY_TRIAGE:
        SEEN(triage);
        break;
    case SIGAP__V1__FRAME__BODY_ORDER_UNIT:
        SEEN(order_unit);
        break;
    case SIGAP__V1__FRAME__BODY_CLOSE_INCIDENT:
        SEEN(close_incident);
        break;
    default:
        break;
    }
#undef SEEN
}

/* That another has the incident is said with what is done about it, before and after. */
static void say_whose(sgp_console *c, const Sigap__V1__Frame *frame) {
    char text[128];
    uint64_t id = sgp_frame_incident(&c->model.narrator.board, frame);
    const Sigap__V1__Incident *incident =
        id != 0 ? sgp_board_incident(&c->model.narrator.board, id) : NULL;
    if (incident == NULL || !sgp_incident_is_anothers(&c->model, incident))
        return;
    size_t used = strlen(c->message);
    snprintf(c->message + used, sizeof c->message - used, " · %s",
             sgp_text_fill(text, sizeof text, c->language, SGP_TEXT_DESK_OTHERS, "who",
                           incident->taken_by, NULL));
    c->message_ink = SGP_INK_YELLOW | SGP_INK_BOLD;
}

uint64_t sgp_console_ask(sgp_console *c, sgp_request *request, const sgp_request *then) {
    char what[256];
    tell_version(c, &request->frame);
    request->frame.seen_seq = c->looked_seq;
    sgp_fault fault = {0};
    sgp_pending_item *item;
    sgp_err err = sgp_pending_keep(c->pending, &request->frame, then != NULL ? &then->frame : NULL,
                                   &item, &fault);
    sgp_request_text(c->language, &c->model.narrator.board, &request->frame, what, sizeof what);
    if (item == NULL) {
        if (err == SGP_E_FULL)
            sgp_console_say(c, SGP_INK_RED | SGP_INK_BOLD,
                            sgp_text_get(c->language, SGP_TEXT_CON_FULL));
        else
            sgp_console_say_about(c, SGP_INK_RED | SGP_INK_BOLD, SGP_TEXT_CON_ENGINE_REFUSES, what,
                                  fault.text);
        return 0;
    }
    bool up = c->model.line == SGP_LINE_UP || c->model.line == SGP_LINE_CATCHING_UP;
    if (err != SGP_OK)
        sgp_console_say_about(c, SGP_INK_RED | SGP_INK_BOLD, SGP_TEXT_CON_DISK, what, fault.text);
    else
        sgp_console_say_about(c, up ? SGP_INK_PLAIN : SGP_INK_YELLOW | SGP_INK_BOLD,
                              up ? SGP_TEXT_CON_SENT : SGP_TEXT_CON_KEPT, what, "");
    say_whose(c, &request->frame);
    if (up)
        send_item(c, item);
    return item->token;
}

/* What the last connection left unanswered goes out again, unless the world has gone on. */
void sgp_console_resend(sgp_console *c, bool also_old) {
    for (size_t i = 0; i < c->pending->n; i++) {
        sgp_pending_item *item = &c->pending->items[i];
        bool old = c->model.own_now_ms - item->made_at_ms > SGP_PENDING_FRESH_MS &&
                   item->frame->body_case != SIGAP__V1__FRAME__BODY_REPORT_CALL;
        item->held = old && !also_old;
        if (!item->held)
            send_item(c, item);
    }
}

void sgp_console_drop_held(sgp_console *c) {
    for (size_t i = c->pending->n; i-- > 0;)
        if (c->pending->items[i].held)
            sgp_pending_strike(c->pending, c->pending->items[i].token);
    c->message[0] = '\0';
}

/* A call's place that was chosen while its incident had no number yet. */
static void follow_call(sgp_console *c, sgp_pending_item *item, uint64_t incident) {
    sgp_request request;
    if (item->then == NULL || incident == 0)
        return;
    Sigap__V1__Frame *then = item->then;
    item->then = NULL;
    sgp_request_choose(&request, incident, then->choose_place->place);
    request.frame.id = then->id; /* the same id after a restart: never chosen twice */
    c->quiet_token = sgp_console_ask(c, &request, NULL);
    sigap__v1__frame__free_unpacked(then, NULL);
}

static void call_taken(sgp_console *c, sgp_pending_item *item, const Sigap__V1__Done *done) {
    char text[256], call[24], incident[24];
    follow_call(c, item, done->incident_id);
    c->choose_next = done->incident_id; /* its first update may come after this answer */
    c->script_next = true;
    snprintf(call, sizeof call, "%" PRIu64, done->call_id);
    snprintf(incident, sizeof incident, "%" PRIu64, done->incident_id);
    sgp_console_say(c, SGP_INK_GREEN | SGP_INK_BOLD,
                    sgp_text_fill(text, sizeof text, c->language, SGP_TEXT_CALL_TAKEN, "call", call,
                                  "incident", incident, NULL));
}

/* Somebody else was first: the form was opened for nothing. What was typed meanwhile stays. */
static void ring_refused(sgp_console *c) {
    c->ring_token = 0;
    c->form.ring = 0;
    sgp_editor_clear(&c->form.fields[SGP_FIELD_NUMBER]);
    if (c->mode == MODE_FORM && sgp_call_form_empty(&c->form))
        c->mode = MODE_COMMAND;
}

/* The outcome that was told with the call. */
static void end_call(sgp_console *c, uint64_t incident) {
    sgp_request request;
    c->ended_token = 0;
    c->choose_next = 0;
    c->script_next = false;
    sgp_request_close(&request, incident, c->form_outcome);
    (void)sgp_console_ask(c, &request, NULL);
}

static void answered(sgp_console *c, uint64_t token, const Sigap__V1__Frame *frame) {
    char what[256];
    sgp_pending_item *item = sgp_pending_find(c->pending, token);
    if (item == NULL)
        return;
    sgp_request_text(c->language, &c->model.narrator.board, item->frame, what, sizeof what);
    if (frame->body_case == SIGAP__V1__FRAME__BODY_ERROR) {
        char line[600], who[256];
        const Sigap__V1__Conflict *other = frame->error->conflict;
        bool conflict =
            other != NULL || strcmp(frame->error->code, sgp_err_str(SGP_E_MISMATCH)) == 0;
        if (other != NULL && other->event_seq > c->model.seen_seq)
            c->model.seen_seq = other->event_seq;
        c->looked_seq = c->shown_seq = c->model.seen_seq; /* now it is known */
        sgp_console_say_about(
            c, SGP_INK_RED | SGP_INK_BOLD | SGP_INK_REVERSE,
            conflict ? SGP_TEXT_CON_CONFLICT : SGP_TEXT_CON_ENGINE_REFUSES, what,
            other != NULL ? sgp_conflict_text(c->language, other, c->model.now_ms, who, sizeof who)
                          : frame->error->message);
        snprintf(line, sizeof line, "%s", c->message);
        sgp_model_log(&c->model, line); /* a message goes by, the log stays */
        if (token == c->ring_token)
            ring_refused(c);
        c->model.bells++;
    } else {
        bool repeated =
            frame->body_case == SIGAP__V1__FRAME__BODY_DONE && frame->done->repeated_request;
        if (token != c->quiet_token)
            sgp_console_say_about(c, SGP_INK_GREEN | SGP_INK_BOLD,
                                  repeated ? SGP_TEXT_CON_DONE_REPEATED : SGP_TEXT_CON_DONE, what,
                                  "");
        say_whose(c, item->frame);
        if (item->frame->body_case == SIGAP__V1__FRAME__BODY_REPORT_CALL &&
            frame->body_case == SIGAP__V1__FRAME__BODY_DONE)
            call_taken(c, item, frame->done);
        if (token == c->ended_token && frame->body_case == SIGAP__V1__FRAME__BODY_DONE)
            end_call(c, frame->done->incident_id);
        if (frame->body_case == SIGAP__V1__FRAME__BODY_LOCATE_TOKEN)
            sgp_console_say_about(c, SGP_INK_GREEN | SGP_INK_BOLD,
                                  frame->locate_token->link[0] ? SGP_TEXT_CON_LINK
                                                               : SGP_TEXT_CON_PHONE_TOKEN,
                                  frame->locate_token->link[0] ? frame->locate_token->link
                                                               : frame->locate_token->token,
                                  "");
    }
    sgp_console_admin_done(c, item->frame, frame);
    sgp_pending_strike(c->pending, token);
}

/* ---- news -------------------------------------------------------------------------------- */

static void connected(sgp_console *c) {
    sgp_console_forget_questions(c);
    sgp_console_resend(c, false);
    /* The line is good again, so the message that it was not is over. */
    if (c->pending->n == 0)
        c->message[0] = '\0';
}

sgp_err sgp_console_news(sgp_console *c, sgp_link_news *news) {
    sgp_err err = SGP_OK;
    if (news->kind == SGP_LINK_FRAME && (news->token & QUERY) != 0)
        return sgp_console_answer(c, news);
    if (news->kind == SGP_LINK_FRAME && news->token != 0)
        answered(c, news->token, news->frame);
    err = sgp_model_take(&c->model, news);
    if (c->model.notice[0] != '\0') {
        sgp_console_say(c, SGP_INK_YELLOW | SGP_INK_BOLD | SGP_INK_REVERSE, c->model.notice);
        c->model.notice[0] = '\0';
    }
    if (news->kind == SGP_LINK_UP)
        connected(c);
    if (news->frame != NULL)
        sigap__v1__frame__free_unpacked(news->frame, NULL);
    news->frame = NULL;
    return err;
}

static void keep_draft(sgp_console *c) {
    sgp_request call;
    Sigap__V1__ConsoleDraft draft = SIGAP__V1__CONSOLE_DRAFT__INIT;
    bool form = !sgp_call_form_empty(&c->form);
    if (!form && c->line.length == 0) {
        sgp_pending_draft(c->pending, NULL);
        return;
    }
    draft.line = c->line.text;
    draft.incident_id = c->model.incident;
    if (form) {
        sgp_call_form_draft(&c->form, &call);
        draft.call = call.frame.report_call;
        draft.complaint = c->form.fields[SGP_FIELD_COMPLAINT].text;
        draft.priority = c->form.fields[SGP_FIELD_PRIORITY].text;
        draft.in_form = c->mode == MODE_FORM;
    }
    sgp_pending_draft(c->pending, &draft);
}

/* After a call its questions come by themselves, unless something else is being done by then. */
static void follow_script(sgp_console *c) {
    const Sigap__V1__Guide *guide = sgp_console_guide(c);
    bool busy = c->mode != MODE_COMMAND || c->line.length > 0;
    if (!busy && guide == NULL)
        return; /* not told yet */
    c->script_next = false;
    if (!busy && guide->n_questions + guide->n_instructions > 0)
        sgp_console_open_script(c);
}

/* What a request rests on is what its user had read: what has stood on the screen for a moment, and
 * while one types what stood there before the first letter. Else what another did while one
 * was typing would be overwritten unseen. */
static void note_what_is_read(sgp_console *c, int64_t now_ms) {
    bool typing = c->line.length > 0 && c->looked_seq != 0 && now_ms - c->key_ms < THINKING_MS;
    if (typing || (now_ms - c->shown_ms < READING_MS && now_ms >= c->shown_ms))
        return;
    c->looked_seq = c->looked_seq != 0 ? c->shown_seq : c->model.seen_seq;
    c->shown_seq = c->model.seen_seq;
    c->shown_ms = now_ms;
}

void sgp_console_tick(sgp_console *c, int64_t now_ms) {
    sgp_model_tick(&c->model, now_ms);
    note_what_is_read(c, now_ms);
    if (c->choose_next != 0 && sgp_model_choose_incident(&c->model, c->choose_next))
        c->choose_next = 0;
    if (c->script_next && c->choose_next == 0)
        follow_script(c);
    /* What went well is soon no news; what did not stays until something else is said. */
    if ((c->message_ink & SGP_INK_COLOUR) == SGP_INK_GREEN &&
        now_ms - c->message_at_ms > GOOD_NEWS_MS)
        c->message[0] = '\0';
    if (c->draft_changed)
        keep_draft(c);
    c->draft_changed = false;
    if (now_ms - c->synced_at_ms >= SYNC_EVERY_MS || now_ms < c->synced_at_ms) {
        sgp_pending_sync(c->pending);
        c->synced_at_ms = now_ms;
    }
    sgp_console_questions(c);
}

/* ---- life -------------------------------------------------------------------------------- */

/* What was being typed when the console before this one ended. */
static void take_up(sgp_console *c, const Sigap__V1__ConsoleDraft *draft) {
    sgp_editor_set(&c->line, draft->line);
    if (draft->call != NULL) {
        sgp_call_form_take_up(&c->form, draft->call);
        sgp_editor_set(&c->form.fields[SGP_FIELD_COMPLAINT], draft->complaint);
        sgp_editor_set(&c->form.fields[SGP_FIELD_PRIORITY], draft->priority);
        if (draft->in_form)
            c->mode = MODE_FORM;
    }
    c->choose_next = draft->incident_id;
    sgp_console_say(c, SGP_INK_YELLOW | SGP_INK_BOLD,
                    sgp_text_get(c->language, draft->call != NULL ? SGP_TEXT_CON_FORM_DRAFT
                                                                  : SGP_TEXT_CON_LINE_DRAFT));
}

sgp_err sgp_console_create(sgp_language language, const sgp_console_host *host,
                           sgp_pending *pending, sgp_console **out) {
    sgp_console *c = calloc(1, sizeof *c);
    if (c == NULL)
        return SGP_E_MEMORY;
    c->language = language;
    c->host = *host;
    c->pending = pending;
    sgp_call_form_init(&c->form, language);
    sgp_err err = sgp_model_init(&c->model, language);
    if (err != SGP_OK) {
        free(c);
        return err;
    }
    c->model.admin = &c->admin;
    if (pending->draft != NULL)
        take_up(c, pending->draft->console_draft);
    if (pending->n > 0) {
        char number[24], text[256];
        snprintf(number, sizeof number, "%zu", pending->n);
        sgp_console_say(c, SGP_INK_YELLOW | SGP_INK_BOLD,
                        sgp_text_fill(text, sizeof text, language, SGP_TEXT_CON_NOTICE_LEFT, "n",
                                      number, NULL));
    }
    *out = c;
    return SGP_OK;
}

void sgp_console_set_graph(sgp_console *c, const sgp_graph *graph) {
    c->map.graph = graph;
}

void sgp_console_destroy(sgp_console *c) {
    if (c == NULL)
        return;
    sgp_call_form_deinit(&c->form);
    sgp_dossier_free(&c->dossier);
    sgp_admin_free(&c->admin);
    sgp_map_free(&c->map);
    sgp_model_deinit(&c->model);
    free(c);
}

unsigned sgp_console_bells(sgp_console *c) {
    unsigned bells = c->model.bells;
    c->model.bells = 0;
    return bells;
}

bool sgp_console_ended(const sgp_console *c) {
    return c->ended;
}

bool sgp_console_repaints(sgp_console *c) {
    bool repaint = c->repaint;
    c->repaint = false;
    return repaint;
}
