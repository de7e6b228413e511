#include "console/console.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "console/call_form.h"
#include "console/command.h"
#include "console/editor.h"
#include "console/map.h"
#include "console/model.h"
#include "console/screen.h"

typedef enum focus { FOCUS_INCIDENTS, FOCUS_UNITS } focus;
typedef enum pane { PANE_UNITS, PANE_DETAIL, PANE_LOG, PANE_HELP, PANE_MAP } pane;
typedef enum mode {
    MODE_COMMAND,
    MODE_FORM,
    MODE_OUTCOME,    /* a letter closes the chosen incident */
    MODE_PLACES,     /* Enter takes the marked candidate of the place */
    MODE_CANDIDATES, /* Enter orders the marked unit of the recommendation */
    MODE_MAP,        /* arrows and signs move the map */
    MODE_CONFIRM
} mode;
typedef enum confirm { CONFIRM_QUIT, CONFIRM_CLOSE } confirm;

enum {
    WIDE = 132,
    HISTORY_MAX = 50,
    OFFERS_MAX = 8,
    STATUS_EVERY_MS = 10000,
    GOOD_NEWS_MS = 20000
};

/* Tokens of questions that change nothing; those of changes are pending's. */
#define QUERY (UINT64_C(1) << 63)
enum { QUERY_FIND = 1, QUERY_GET, QUERY_STATUS };

struct sgp_console {
    sgp_language language;
    sgp_console_host host;
    sgp_pending *pending;
    sgp_model model;
    sgp_call_form form;
    sgp_map map;
    sgp_editor line;
    sgp_editor history[HISTORY_MAX]; /* newest last */
    size_t n_history, history_at;
    focus focus;
    pane pane;
    mode mode;
    confirm confirm;
    Sigap__V1__Outcome outcome; /* to be confirmed */
    uint64_t outcome_incident;
    int candidate, scroll, detail_rows;
    char message[512];
    sgp_ink message_ink;
    int64_t message_at_ms;
    uint64_t quiet_token; /* a request whose success goes without saying */
    uint64_t choose_next; /* once it is known; 0: none */
    uint64_t detail_of;   /* incident whose detail was last asked for */
    int64_t status_at_ms;
    bool draft_changed; /* since it was last kept */
    bool ended, repaint;
};

/* ---- messages ------------------------------------------------------------------------ */

static void say(sgp_console *c, sgp_ink ink, const char *text) {
    snprintf(c->message, sizeof c->message, "%s", text);
    c->message_ink = ink;
    c->message_at_ms = c->model.own_now_ms;
}

static void say_about(sgp_console *c, sgp_ink ink, sgp_text key, const char *what,
                      const char *reason) {
    sgp_text_fill(c->message, sizeof c->message, c->language, key, "what", what, "reason", reason,
                  NULL);
    c->message_ink = ink;
    c->message_at_ms = c->model.own_now_ms;
}

/* ---- requests ------------------------------------------------------------------------- */

static size_t count_held(const sgp_console *c) {
    size_t n = 0;
    for (size_t i = 0; i < c->pending->n; i++)
        n += c->pending->items[i].held;
    return n;
}

static void send_item(sgp_console *c, const sgp_pending_item *item) {
    /* A full queue is no loss: it is sent again with the next connection. */
    (void)!c->host.send(c->host.context, item->frame, item->token);
}

/* Keeps the request on disk, then sends it. Tells its token; 0: it was not kept. */
static uint64_t ask(sgp_console *c, const sgp_request *request, const sgp_request *then) {
    char what[256];
    sgp_fault fault = {0};
    sgp_pending_item *item;
    sgp_err err = sgp_pending_keep(c->pending, &request->frame, then != NULL ? &then->frame : NULL,
                                   &item, &fault);
    sgp_request_text(c->language, &c->model.narrator.board, &request->frame, what, sizeof what);
    if (item == NULL) {
        if (err == SGP_E_FULL)
            say(c, SGP_INK_RED | SGP_INK_BOLD, sgp_text_get(c->language, SGP_TEXT_CON_FULL));
        else
            say_about(c, SGP_INK_RED | SGP_INK_BOLD, SGP_TEXT_CON_ENGINE_REFUSES, what, fault.text);
        return 0;
    }
    bool up = c->model.line == SGP_LINE_UP || c->model.line == SGP_LINE_CATCHING_UP;
    if (err != SGP_OK)
        say_about(c, SGP_INK_RED | SGP_INK_BOLD, SGP_TEXT_CON_DISK, what, fault.text);
    else
        say_about(c, up ? SGP_INK_PLAIN : SGP_INK_YELLOW | SGP_INK_BOLD,
                  up ? SGP_TEXT_CON_SENT : SGP_TEXT_CON_KEPT, what, "");
    if (up)
        send_item(c, item);
    return item->token;
}

/* What the last connection left unanswered goes out again, unless the world has gone on. */
static void resend(sgp_console *c, bool also_old) {
    for (size_t i = 0; i < c->pending->n; i++) {
        sgp_pending_item *item = &c->pending->items[i];
        bool old = c->model.own_now_ms - item->made_at_ms > SGP_PENDING_FRESH_MS &&
                   item->frame->body_case != SIGAP__V1__FRAME__BODY_REPORT_CALL;
        item->held = old && !also_old;
        if (!item->held)
            send_item(c, item);
    }
}

static void drop_held(sgp_console *c) {
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
    c->quiet_token = ask(c, &request, NULL);
    sigap__v1__frame__free_unpacked(then, NULL);
}

static void call_taken(sgp_console *c, sgp_pending_item *item, const Sigap__V1__Done *done) {
    char text[256], call[24], incident[24];
    follow_call(c, item, done->incident_id);
    c->choose_next = done->incident_id; /* its first update may come after this answer */
    snprintf(call, sizeof call, "%" PRIu64, done->call_id);
    snprintf(incident, sizeof incident, "%" PRIu64, done->incident_id);
    say(c, SGP_INK_GREEN | SGP_INK_BOLD,
        sgp_text_fill(text, sizeof text, c->language, SGP_TEXT_CALL_TAKEN, "call", call, "incident",
                      incident, NULL));
}

static void answered(sgp_console *c, uint64_t token, const Sigap__V1__Frame *frame) {
    char what[256];
    sgp_pending_item *item = sgp_pending_find(c->pending, token);
    if (item == NULL)
        return;
    sgp_request_text(c->language, &c->model.narrator.board, item->frame, what, sizeof what);
    if (frame->body_case == SIGAP__V1__FRAME__BODY_ERROR) {
        char line[600];
        say_about(c, SGP_INK_RED | SGP_INK_BOLD | SGP_INK_REVERSE, SGP_TEXT_CON_ENGINE_REFUSES,
                  what, frame->error->message);
        snprintf(line, sizeof line, "%s", c->message);
        sgp_model_log(&c->model, line); /* a message goes by, the log stays */
        c->model.bells++;
    } else {
        bool repeated =
            frame->body_case == SIGAP__V1__FRAME__BODY_DONE && frame->done->repeated_request;
        if (token != c->quiet_token)
            say_about(c, SGP_INK_GREEN | SGP_INK_BOLD,
                      repeated ? SGP_TEXT_CON_DONE_REPEATED : SGP_TEXT_CON_DONE, what, "");
        if (item->frame->body_case == SIGAP__V1__FRAME__BODY_REPORT_CALL &&
            frame->body_case == SIGAP__V1__FRAME__BODY_DONE)
            call_taken(c, item, frame->done);
    }
    sgp_pending_strike(c->pending, token);
}

/* ---- news -------------------------------------------------------------------------------- */

static void connected(sgp_console *c) {
    c->detail_of = 0;
    c->form.waiting = false;
    c->form.asked[0] = '\0';
    resend(c, false);
    /* The line is good again, so the message that it was not is over. */
    if (c->pending->n == 0)
        c->message[0] = '\0';
}

sgp_err sgp_console_news(sgp_console *c, sgp_link_news *news) {
    sgp_err err = SGP_OK;
    if (news->kind == SGP_LINK_FRAME && news->token == (QUERY | QUERY_FIND)) {
        sgp_call_form_answer(&c->form, news->frame);
        news->frame = NULL;
        return SGP_OK;
    }
    if (news->kind == SGP_LINK_FRAME && news->token != 0 && (news->token & QUERY) == 0)
        answered(c, news->token, news->frame);
    err = sgp_model_take(&c->model, news);
    if (news->kind == SGP_LINK_UP)
        connected(c);
    if (news->frame != NULL)
        sigap__v1__frame__free_unpacked(news->frame, NULL);
    news->frame = NULL;
    return err;
}

static void ask_detail(sgp_console *c) {
    sgp_request request;
    if (c->model.line != SGP_LINE_UP || c->model.incident == 0 || c->model.incident == c->detail_of)
        return;
    sgp_request_get(&request, c->model.incident);
    if (c->host.send(c->host.context, &request.frame, QUERY | QUERY_GET) == SGP_OK)
        c->detail_of = c->model.incident;
}

static void ask_place(sgp_console *c) {
    sgp_request request;
    if (c->model.line != SGP_LINE_UP || !sgp_call_form_asks(&c->form))
        return;
    sgp_request_find(&request, c->form.fields[SGP_FIELD_PLACE].text, true);
    if (c->host.send(c->host.context, &request.frame, QUERY | QUERY_FIND) == SGP_OK)
        sgp_call_form_asked(&c->form);
}

static void ask_status(sgp_console *c) {
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    Sigap__V1__GetStatus get = SIGAP__V1__GET_STATUS__INIT;
    if (c->model.line != SGP_LINE_UP || c->model.own_now_ms - c->status_at_ms < STATUS_EVERY_MS)
        return;
    frame.body_case = SIGAP__V1__FRAME__BODY_GET_STATUS;
    frame.get_status = &get;
    if (c->host.send(c->host.context, &frame, QUERY | QUERY_STATUS) == SGP_OK)
        c->status_at_ms = c->model.own_now_ms;
}

static void keep_draft(sgp_console *c) {
    sgp_request draft;
    if (sgp_call_form_empty(&c->form)) {
        sgp_pending_draft(c->pending, NULL);
        return;
    }
    sgp_call_form_draft(&c->form, &draft);
    sgp_pending_draft(c->pending, &draft.frame);
}

void sgp_console_tick(sgp_console *c, int64_t now_ms) {
    sgp_model_tick(&c->model, now_ms);
    if (c->choose_next != 0 && sgp_model_choose_incident(&c->model, c->choose_next))
        c->choose_next = 0;
    /* What went well is soon no news; what did not stays until something else is said. */
    if ((c->message_ink & SGP_INK_COLOUR) == SGP_INK_GREEN &&
        now_ms - c->message_at_ms > GOOD_NEWS_MS)
        c->message[0] = '\0';
    if (c->draft_changed)
        keep_draft(c);
    c->draft_changed = false;
    ask_detail(c);
    ask_place(c);
    ask_status(c);
}

/* ---- what is done -------------------------------------------------------------------------- */

static void open_form(sgp_console *c, const char *place) {
    c->mode = MODE_FORM;
    if (place[0] != '\0') {
        sgp_editor_set(&c->form.fields[SGP_FIELD_PLACE], place);
        c->form.focus = SGP_FIELD_PLACE;
        c->form.taken = -1;
    }
    c->message[0] = '\0';
}

static void send_form(sgp_console *c) {
    sgp_request call, choice;
    bool chooses = false;
    sgp_text why;
    if (!sgp_call_form_request(&c->form, &call, &choice, &chooses, &why)) {
        say(c, SGP_INK_YELLOW | SGP_INK_BOLD, sgp_text_get(c->language, why));
        return;
    }
    size_t before = c->pending->n;
    ask(c, &call, chooses ? &choice : NULL);
    if (c->pending->n == before)
        return; /* it could not be kept: the form keeps it */
    sgp_call_form_clear(&c->form);
    c->mode = MODE_COMMAND;
    c->pane = PANE_DETAIL;
}

static const Sigap__V1__Candidate *nth_candidate(const sgp_console *c, int nth) {
    const Sigap__V1__Incident *incident = sgp_model_incident(&c->model);
    const Sigap__V1__Recommendation *r =
        incident != NULL ? sgp_incident_recommendation(&c->model, incident) : NULL;
    for (size_t i = 0; r != NULL && i < r->n_candidates; i++) {
        const Sigap__V1__Candidate *one = r->candidates[i];
        if (one->exclusion == SIGAP__V1__EXCLUSION__NOT_EXCLUDED && one->total_ms >= 0 &&
            nth-- == 0)
            return one;
    }
    return NULL;
}

static bool need_incident(sgp_console *c) {
    if (sgp_model_incident(&c->model) != NULL)
        return true;
    say(c, SGP_INK_YELLOW | SGP_INK_BOLD, sgp_text_get(c->language, SGP_TEXT_CON_NO_INCIDENT));
    return false;
}

static void order_best(sgp_console *c) {
    sgp_request request;
    if (!need_incident(c))
        return;
    sgp_request_order(&request, c->model.incident, "", false);
    ask(c, &request, NULL);
}

static void order_candidate(sgp_console *c) {
    sgp_request request;
    const Sigap__V1__Candidate *candidate = nth_candidate(c, c->candidate);
    if (candidate == NULL)
        return;
    sgp_request_order(&request, c->model.incident, candidate->unit_code,
                      candidate->from_incident_id != 0);
    ask(c, &request, NULL);
    c->mode = MODE_COMMAND;
}

/* Candidates of a place that nobody has settled yet; 0: there is nothing to choose. */
static size_t places_open(const sgp_console *c, const Sigap__V1__Call **call) {
    const Sigap__V1__Incident *incident = sgp_model_incident(&c->model);
    *call = incident != NULL && !incident->place_confirmed
                ? sgp_board_call(&c->model.narrator.board, incident->first_call_id)
                : NULL;
    return *call != NULL ? (*call)->n_places : 0;
}

static void choose_place(sgp_console *c) {
    sgp_request request;
    const Sigap__V1__Call *call;
    size_t n = places_open(c, &call);
    c->mode = MODE_COMMAND;
    if (c->candidate < 0 || (size_t)c->candidate >= n)
        return; /* it was settled meanwhile */
    sgp_request_choose(&request, call->incident_id, call->places[c->candidate]);
    ask(c, &request, NULL);
}

static void close_now(sgp_console *c, uint64_t incident, Sigap__V1__Outcome outcome) {
    sgp_request request;
    sgp_request_close(&request, incident, outcome);
    if (ask(c, &request, NULL) != 0 && c->model.incident == incident)
        sgp_model_choose_waiting(&c->model, incident); /* the next of a flood of pranks */
}

/* One letter after F9. (Not Alt and a letter: on a slow line Escape and the next letter arrive
 * together, which is the same.) Where a crew is on it, and it is not simply served, a second one.
 */
static void close_with(sgp_console *c, Sigap__V1__Outcome outcome) {
    char what[256], number[24], text[320];
    const Sigap__V1__Incident *incident = sgp_model_incident(&c->model);
    c->mode = MODE_COMMAND;
    if (incident == NULL || outcome == SIGAP__V1__OUTCOME__OUTCOME_NONE)
        return;
    if (incident->state != SIGAP__V1__INCIDENT_STATE__INCIDENT_ASSIGNED) {
        close_now(c, incident->id, outcome);
        return;
    }
    c->mode = MODE_CONFIRM;
    c->confirm = CONFIRM_CLOSE;
    c->outcome = outcome;
    c->outcome_incident = incident->id;
    snprintf(number, sizeof number, "%" PRIu64, incident->id);
    sgp_text_fill(what, sizeof what, c->language, SGP_TEXT_CON_DO_CLOSE, "incident", number,
                  "outcome", sgp_outcome_text(c->language, (int)outcome), NULL);
    say(c, SGP_INK_YELLOW | SGP_INK_BOLD | SGP_INK_REVERSE,
        sgp_text_fill(text, sizeof text, c->language, SGP_TEXT_CON_CONFIRM, "what", what, NULL));
}

static void ask_quit(sgp_console *c) {
    char text[256];
    c->mode = MODE_CONFIRM;
    c->confirm = CONFIRM_QUIT;
    say(c, SGP_INK_YELLOW | SGP_INK_BOLD | SGP_INK_REVERSE,
        sgp_text_fill(text, sizeof text, c->language, SGP_TEXT_CON_CONFIRM, "what",
                      sgp_text_get(c->language, SGP_TEXT_CON_QUIT), NULL));
}

/* ---- the command line ------------------------------------------------------------------------ */

static void remember(sgp_console *c) {
    if (c->n_history == HISTORY_MAX) {
        memmove(c->history, c->history + 1, (HISTORY_MAX - 1) * sizeof c->history[0]);
        c->n_history--;
    }
    c->history[c->n_history++] = c->line;
    c->history_at = c->n_history;
}

static void run_line(sgp_console *c) {
    sgp_request request;
    sgp_command command;
    sgp_command_read(&c->model, c->line.text, &request, &command);
    if (command.kind == SGP_COMMAND_WRONG) {
        /* What was typed stays, to be mended. */
        say(c, SGP_INK_YELLOW | SGP_INK_BOLD, command.text);
        return;
    }
    remember(c);
    sgp_editor_clear(&c->line);
    switch (command.kind) {
    case SGP_COMMAND_REQUEST:
        ask(c, &request, NULL);
        break;
    case SGP_COMMAND_CHOOSE:
        (void)sgp_model_choose_incident(&c->model, command.number);
        c->pane = PANE_DETAIL;
        c->scroll = 0;
        break;
    case SGP_COMMAND_FIND:
        sgp_model_find(&c->model, command.text);
        break;
    case SGP_COMMAND_NEW_CALL:
        open_form(c, command.text);
        break;
    case SGP_COMMAND_RESEND:
        if (c->model.line == SGP_LINE_UP)
            resend(c, true);
        break;
    case SGP_COMMAND_DROP:
        drop_held(c);
        break;
    case SGP_COMMAND_QUIT:
        ask_quit(c);
        break;
    default:
        break;
    }
}

/* Tab: the letters that all offers share; a blank after the only one. */
static void complete(sgp_console *c) {
    char words[OFFERS_MAX][SGP_COMPLETION_BYTES];
    size_t n = sgp_command_complete(&c->model, c->line.text, OFFERS_MAX, words);
    if (n == 0 || c->line.cursor != c->line.length)
        return;
    size_t common = strlen(words[0]);
    for (size_t i = 1; i < n; i++) {
        size_t k = 0;
        while (k < common && words[i][k] == words[0][k])
            k++;
        common = k;
    }
    const char *begun = strrchr(c->line.text, ' ');
    begun = begun != NULL ? begun + 1 : c->line.text;
    if (n == 1 || common > strlen(begun)) {
        char text[SGP_EDITOR_BYTES];
        int before = (int)(begun - c->line.text);
        snprintf(text, sizeof text, "%.*s%.*s%s", before, c->line.text, (int)common, words[0],
                 n == 1 ? " " : "");
        sgp_editor_set(&c->line, text);
    }
}

static void recall(sgp_console *c, int by) {
    if ((by < 0 && c->history_at == 0) || (by > 0 && c->history_at >= c->n_history))
        return;
    c->history_at = by < 0 ? c->history_at - 1 : c->history_at + 1;
    if (c->history_at == c->n_history)
        sgp_editor_clear(&c->line);
    else
        c->line = c->history[c->history_at];
}

/* ---- keys -------------------------------------------------------------------------------------
 */

static void move(sgp_console *c, int by) {
    c->scroll = 0;
    if (c->focus == FOCUS_UNITS)
        sgp_model_move_unit(&c->model, by);
    else
        sgp_model_move_incident(&c->model, by);
}

static void show(sgp_console *c, pane which) {
    c->pane = c->pane == which ? PANE_UNITS : which;
    c->scroll = 0;
}

static void escape(sgp_console *c) {
    if (c->line.length > 0) {
        sgp_editor_clear(&c->line);
        c->history_at = c->n_history;
    } else if (c->model.find[0] != '\0') {
        sgp_model_find(&c->model, "");
    } else if (c->pane != PANE_UNITS) {
        c->pane = PANE_UNITS;
    }
    c->message[0] = '\0';
}

/* F6: what is next to be chosen, first the place, then the unit. */
static void choose_candidate(sgp_console *c) {
    const Sigap__V1__Call *call;
    if (!need_incident(c))
        return;
    c->pane = PANE_DETAIL;
    c->candidate = 0;
    if (places_open(c, &call) > 0) {
        c->mode = MODE_PLACES;
        return;
    }
    if (nth_candidate(c, 0) == NULL) {
        sgp_request request; /* there is none to choose of: ask for one */
        sgp_request_advise(&request, c->model.incident);
        ask(c, &request, NULL);
        return;
    }
    c->mode = MODE_CANDIDATES;
}

static bool function_key(sgp_console *c, const sgp_key *key) {
    switch ((int)key->code) {
    case SGP_KEY_F1:
        show(c, PANE_HELP);
        return true;
    case SGP_KEY_F1 + 1:
        open_form(c, "");
        return true;
    case SGP_KEY_F1 + 2:
        c->pane = PANE_UNITS;
        c->focus = c->focus == FOCUS_UNITS ? FOCUS_INCIDENTS : FOCUS_UNITS;
        return true;
    case SGP_KEY_F1 + 3:
        show(c, PANE_DETAIL);
        return true;
    case SGP_KEY_F1 + 4:
        order_best(c);
        return true;
    case SGP_KEY_F1 + 5:
        choose_candidate(c);
        return true;
    case SGP_KEY_F1 + 6:
        c->pane = PANE_MAP;
        c->mode = MODE_MAP;
        return true;
    case SGP_KEY_F1 + 7:
        show(c, PANE_LOG);
        return true;
    case SGP_KEY_F1 + 8:
        if (need_incident(c))
            c->mode = MODE_OUTCOME;
        return true;
    case SGP_KEY_F1 + 9:
        ask_quit(c);
        return true;
    default:
        return false;
    }
}

static void command_key(sgp_console *c, const sgp_key *key) {
    bool typing = c->line.length > 0;
    if (function_key(c, key))
        return;
    switch (key->code) {
    case SGP_KEY_UP:
    case SGP_KEY_DOWN:
        if (typing || c->history_at < c->n_history)
            recall(c, key->code == SGP_KEY_UP ? -1 : 1);
        else
            move(c, key->code == SGP_KEY_UP ? -1 : 1);
        return;
    case SGP_KEY_PAGE_UP:
    case SGP_KEY_PAGE_DOWN:
        c->scroll += key->code == SGP_KEY_PAGE_UP ? -5 : 5;
        if (c->scroll < 0 || c->scroll > c->detail_rows)
            c->scroll = c->scroll < 0 ? 0 : c->detail_rows;
        return;
    case SGP_KEY_TAB:
        if (typing)
            complete(c);
        else
            c->focus = c->focus == FOCUS_UNITS ? FOCUS_INCIDENTS : FOCUS_UNITS;
        return;
    case SGP_KEY_BACKTAB:
        c->focus = c->focus == FOCUS_UNITS ? FOCUS_INCIDENTS : FOCUS_UNITS;
        return;
    case SGP_KEY_ENTER:
        if (typing)
            run_line(c);
        else
            show(c, PANE_DETAIL);
        return;
    case SGP_KEY_ESCAPE:
        escape(c);
        return;
    case SGP_KEY_CTRL:
        if (key->letter == 'P' || key->letter == 'N') {
            recall(c, key->letter == 'P' ? -1 : 1);
            return;
        }
        break;
    default:
        break;
    }
    bool changed;
    (void)sgp_editor_key(&c->line, key, &changed);
    if (changed && c->line.text[0] == '/') /* what is found shows with each letter */
        sgp_model_find(&c->model, c->line.text + 1);
}

static bool has_next(const sgp_console *c) {
    const Sigap__V1__Call *call;
    return c->mode == MODE_PLACES ? (size_t)c->candidate + 1 < places_open(c, &call)
                                  : nth_candidate(c, c->candidate + 1) != NULL;
}

static void candidates_key(sgp_console *c, const sgp_key *key) {
    if (key->code == SGP_KEY_UP && c->candidate > 0)
        c->candidate--;
    else if (key->code == SGP_KEY_DOWN && has_next(c))
        c->candidate++;
    else if (key->code == SGP_KEY_ENTER && c->mode == MODE_PLACES)
        choose_place(c);
    else if (key->code == SGP_KEY_ENTER)
        order_candidate(c);
    else if (key->code != SGP_KEY_UP && key->code != SGP_KEY_DOWN) {
        c->mode = MODE_COMMAND;
        if (key->code != SGP_KEY_ESCAPE)
            command_key(c, key);
    }
}

/* false: the map has no use for it. */
static bool move_map(sgp_console *c, const sgp_key *key) {
    switch (key->code) {
    case SGP_KEY_UP:
    case SGP_KEY_DOWN:
        sgp_map_move(&c->map, 0, key->code == SGP_KEY_DOWN ? 1 : -1);
        return true;
    case SGP_KEY_LEFT:
    case SGP_KEY_RIGHT:
        sgp_map_move(&c->map, key->code == SGP_KEY_RIGHT ? 1 : -1, 0);
        return true;
    case SGP_KEY_TEXT:
        switch (key->text[0]) {
        case '+':
        case '=':
            sgp_map_zoom(&c->map, 1);
            return true;
        case '-':
            sgp_map_zoom(&c->map, -1);
            return true;
        case '0':
            c->map.metres = 0; /* the next drawing places it */
            c->map.follows = false;
            return true;
        case 'c':
            sgp_map_follow(&c->map, &c->model);
            return true;
        default:
            return false;
        }
    default:
        return false;
    }
}

/* Tab goes back to the boards with the map still in sight. */
static void map_key(sgp_console *c, const sgp_key *key) {
    if (move_map(c, key))
        return;
    c->mode = MODE_COMMAND;
    if (key->code == SGP_KEY_ESCAPE || key->code == SGP_KEY_F1 + 6)
        c->pane = PANE_UNITS;
    else if (key->code != SGP_KEY_TAB && key->code != SGP_KEY_BACKTAB)
        command_key(c, key);
}

static void confirm_key(sgp_console *c, const sgp_key *key) {
    bool yes = key->code == SGP_KEY_ENTER && !key->pasted;
    if (!yes && key->code != SGP_KEY_ESCAPE && key->code != SGP_KEY_TEXT)
        return;
    c->mode = MODE_COMMAND;
    c->message[0] = '\0';
    if (yes && c->confirm == CONFIRM_QUIT)
        c->ended = true;
    else if (yes)
        close_now(c, c->outcome_incident, c->outcome);
}

static void form_key(sgp_console *c, const sgp_key *key) {
    switch (sgp_call_form_key(&c->form, key)) {
    case SGP_FORM_SEND:
        send_form(c);
        break;
    case SGP_FORM_LEAVE:
        c->mode = MODE_COMMAND;
        if (!sgp_call_form_empty(&c->form))
            say(c, SGP_INK_YELLOW, sgp_text_get(c->language, SGP_TEXT_CON_FORM_DRAFT));
        break;
    default:
        break;
    }
    c->draft_changed = true;
}

void sgp_console_key(sgp_console *c, const sgp_key *key) {
    if (key->code == SGP_KEY_CTRL && key->letter == 'L') {
        c->repaint = true;
        return;
    }
    switch (c->mode) {
    case MODE_FORM:
        form_key(c, key);
        break;
    case MODE_OUTCOME:
        if (key->code == SGP_KEY_TEXT && !key->pasted)
            close_with(c, sgp_outcome_by_key(c->language, key->text[0]));
        else
            c->mode = MODE_COMMAND;
        break;
    case MODE_PLACES:
    case MODE_CANDIDATES:
        candidates_key(c, key);
        break;
    case MODE_MAP:
        map_key(c, key);
        break;
    case MODE_CONFIRM:
        confirm_key(c, key);
        break;
    default:
        command_key(c, key);
        break;
    }
}

/* ---- drawing ------------------------------------------------------------------------------------
 */

/* The lower or right part: what was asked to be seen. */
static void draw_pane(sgp_console *c, sgp_canvas *canvas, sgp_area area) {
    sgp_marked marked = c->mode == MODE_CANDIDATES ? SGP_MARKED_UNIT
                        : c->mode == MODE_PLACES   ? SGP_MARKED_PLACE
                                                   : SGP_MARKED_NOTHING;
    if (c->mode == MODE_FORM)
        sgp_call_form_draw(&c->form, canvas, area);
    else if (c->pane == PANE_HELP)
        sgp_screen_help(canvas, area, c->language, c->scroll);
    else if (c->pane == PANE_MAP)
        sgp_map_draw(&c->map, canvas, area, &c->model);
    else if (c->pane == PANE_LOG)
        sgp_screen_log(canvas, area, &c->model);
    else if (c->pane == PANE_DETAIL)
        c->detail_rows =
            sgp_screen_detail(canvas, area, &c->model, marked, c->candidate, c->scroll);
    else
        sgp_screen_units(canvas, area, &c->model, c->focus == FOCUS_UNITS);
}

static void draw_narrow(sgp_console *c, sgp_canvas *canvas, sgp_area body) {
    /* The incidents take what they need, up to the half; the form and the details need more. */
    int wanted = (int)c->model.n_incidents + 2 + (c->model.n_attention < c->model.n_incidents);
    int most = c->mode == MODE_FORM || c->pane == PANE_MAP ? body.rows / 3 : body.rows / 2;
    int above = wanted < 4 ? 4 : wanted > most ? most : wanted;
    sgp_area top = {body.row, 0, above, body.columns};
    sgp_area below = {body.row + above, 0, body.rows - above, body.columns};
    sgp_screen_incidents(canvas, top, &c->model, c->focus == FOCUS_INCIDENTS);
    draw_pane(c, canvas, below);
}

/* Boards on the left, the chosen incident on the right, the log under it. */
static void draw_wide(sgp_console *c, sgp_canvas *canvas, sgp_area body) {
    int left = body.columns / 2, right = body.columns - left - 1;
    int wanted = (int)c->model.n_incidents + 4, above = body.rows / 2;
    above = wanted < above ? wanted : above;
    int log = body.rows >= 40 ? body.rows / 4 : 0, column = left + 1;
    sgp_screen_incidents(canvas, (sgp_area){body.row, 0, above, left}, &c->model,
                         c->focus == FOCUS_INCIDENTS);
    sgp_screen_units(canvas, (sgp_area){body.row + above, 0, body.rows - above, left}, &c->model,
                     c->focus == FOCUS_UNITS);
    sgp_canvas_bar(canvas, body.row, left, body.rows, SGP_INK_DIM);
    sgp_area upper = {body.row, column, body.rows - log, right};
    pane shown = c->pane;
    if (shown == PANE_UNITS || (shown == PANE_LOG && log > 0))
        c->pane = PANE_DETAIL; /* units and log have their own places here */
    draw_pane(c, canvas, upper);
    c->pane = shown;
    if (log > 0)
        sgp_screen_log(canvas, (sgp_area){body.row + body.rows - log, column, log, right},
                       &c->model);
}

/* What the last word may become, while it is typed: in place of the keys. false: nothing. */
static bool draw_offers(sgp_console *c, sgp_canvas *canvas, int row) {
    char words[OFFERS_MAX][SGP_COMPLETION_BYTES], text[600] = "";
    size_t n = c->mode == MODE_COMMAND && c->line.length > 0
                   ? sgp_command_complete(&c->model, c->line.text, OFFERS_MAX, words)
                   : 0;
    for (size_t i = 0; i < n; i++) {
        size_t used = strlen(text);
        snprintf(text + used, sizeof text - used, "  %s", words[i]);
    }
    sgp_canvas_put(canvas, row, 0, canvas->columns, SGP_INK_BOLD, text);
    return n > 0;
}

static void draw_keys(sgp_console *c, sgp_canvas *canvas, int row) {
    char text[256], number[24];
    sgp_text key = SGP_TEXT_CON_KEYS;
    if (c->mode == MODE_FORM)
        key = SGP_TEXT_CON_FORM_KEYS;
    else if (c->mode == MODE_OUTCOME)
        key = SGP_TEXT_CON_KEYS_OUTCOME;
    else if (c->mode == MODE_MAP)
        key = SGP_TEXT_CON_KEYS_MAP;
    else if (c->mode == MODE_PLACES)
        key = SGP_TEXT_CON_KEYS_PLACES;
    else if (c->mode == MODE_CANDIDATES)
        key = SGP_TEXT_CON_KEYS_CANDIDATES;
    snprintf(number, sizeof number, "%" PRIu64, c->model.incident);
    sgp_text_fill(text, sizeof text, c->language, key, "incident", number, NULL);
    sgp_ink ink =
        c->mode == MODE_COMMAND ? SGP_INK_REVERSE : SGP_INK_REVERSE | SGP_INK_BOLD | SGP_INK_YELLOW;
    sgp_canvas_fill(canvas, row, 0, canvas->columns, ink);
    sgp_canvas_put(canvas, row, 0, canvas->columns, ink, text);
}

void sgp_console_draw(sgp_console *c, sgp_canvas *canvas) {
    sgp_canvas_clear(canvas);
    size_t held = count_held(c);
    int top = sgp_screen_top(canvas, &c->model, c->pending->n - held, held);
    sgp_area body = {top, 0, canvas->rows - top - 3, canvas->columns};
    if (body.rows > 0) {
        if (canvas->columns >= WIDE)
            draw_wide(c, canvas, body);
        else
            draw_narrow(c, canvas, body);
    }
    int row = canvas->rows - 3;
    sgp_canvas_put(canvas, row, 1, canvas->columns - 2, c->message_ink, c->message);
    sgp_canvas_put(canvas, row + 1, 0, 2, SGP_INK_BOLD, "> ");
    sgp_editor_draw(&c->line, canvas, row + 1, 2, canvas->columns - 2, SGP_INK_BOLD,
                    c->mode != MODE_FORM);
    if (!draw_offers(c, canvas, row + 2))
        draw_keys(c, canvas, row + 2);
}

/* ---- life
 * ----------------------------------------------------------------------------------------- */

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
    if (pending->draft != NULL) {
        sgp_call_form_take_up(&c->form, pending->draft->report_call);
        say(c, SGP_INK_YELLOW | SGP_INK_BOLD, sgp_text_get(language, SGP_TEXT_CON_FORM_DRAFT));
    }
    if (pending->n > 0) {
        char number[24], text[256];
        snprintf(number, sizeof number, "%zu", pending->n);
        say(c, SGP_INK_YELLOW | SGP_INK_BOLD,
            sgp_text_fill(text, sizeof text, language, SGP_TEXT_CON_NOTICE_LEFT, "n", number,
                          NULL));
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
