#include <inttypes.h>
#include <string.h>

#include "console/console_parts.h"
#include "console/hands.h"

/* ---- what is done -------------------------------------------------------------------------- */

void sgp_console_open_form(sgp_console *c, const char *place) {
    /* A draft is not written over. */
    if (place[0] != '\0' && !sgp_call_form_empty(&c->form)) {
        sgp_console_say(c, SGP_INK_YELLOW | SGP_INK_BOLD,
                        sgp_text_get(c->language, SGP_TEXT_CON_FORM_BUSY));
        return;
    }
    c->mode = MODE_FORM;
    if (place[0] != '\0') {
        sgp_editor_set(&c->form.fields[SGP_FIELD_PLACE], place);
        c->form.focus = SGP_FIELD_PLACE;
        c->form.taken = -1;
    }
    c->message[0] = '\0';
}

void sgp_console_take_ring(sgp_console *c, uint64_t id) {
    sgp_request request;
    const Sigap__V1__Ring *ring = sgp_model_ring(&c->model, id != 0 ? id : c->model.ringing);
    if (ring == NULL) {
        sgp_console_say(c, SGP_INK_DIM, sgp_text_get(c->language, SGP_TEXT_CON_NO_RING));
        return;
    }
    /* One caller at a time: what is typed already belongs to another. */
    if (!sgp_call_form_empty(&c->form)) {
        sgp_console_say(c, SGP_INK_YELLOW | SGP_INK_BOLD,
                        sgp_text_get(c->language, SGP_TEXT_CON_FORM_BUSY));
        return;
    }
    sgp_request_take(&request, ring->id, false);
    c->ring_token = sgp_console_ask(c, &request, NULL);
    if (c->ring_token == 0)
        return;
    c->form.ring = ring->id;
    sgp_editor_set(&c->form.fields[SGP_FIELD_NUMBER], ring->caller_number);
    c->mode = MODE_FORM;
}

void sgp_console_send_form(sgp_console *c) {
    sgp_request call, choice;
    bool chooses = false;
    sgp_text why;
    if (!sgp_call_form_request(&c->form, &call, &choice, &chooses, &why)) {
        sgp_console_say(c, SGP_INK_YELLOW | SGP_INK_BOLD, sgp_text_get(c->language, why));
        return;
    }
    size_t before = c->pending->n;
    sgp_console_ask(c, &call, chooses ? &choice : NULL);
    if (c->pending->n == before)
        return; /* it could not be kept: the form keeps it */
    sgp_call_form_clear(&c->form);
    c->mode = MODE_COMMAND;
    c->pane = PANE_DETAIL;
}

const Sigap__V1__Candidate *sgp_console_candidate(const sgp_console *c, int nth) {
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

bool sgp_console_need_incident(sgp_console *c) {
    if (sgp_model_incident(&c->model) != NULL)
        return true;
    sgp_console_say(c, SGP_INK_YELLOW | SGP_INK_BOLD,
                    sgp_text_get(c->language, SGP_TEXT_CON_NO_INCIDENT));
    return false;
}

void sgp_console_hold(sgp_console *c) {
    sgp_request request;
    if (!sgp_console_need_incident(c))
        return;
    sgp_request_hold(&request, c->model.incident,
                     sgp_incident_is_mine(&c->model, sgp_model_incident(&c->model)));
    sgp_console_ask(c, &request, NULL);
}

void sgp_console_order_best(sgp_console *c) {
    sgp_request request;
    if (!sgp_console_need_incident(c))
        return;
    sgp_request_order(&request, c->model.incident, "", false);
    sgp_console_ask(c, &request, NULL);
}

void sgp_console_order_candidate(sgp_console *c) {
    sgp_request request;
    const Sigap__V1__Candidate *candidate = sgp_console_candidate(c, c->candidate);
    if (candidate == NULL)
        return;
    sgp_request_order(&request, c->model.incident, candidate->unit_code,
                      candidate->from_incident_id != 0);
    sgp_console_ask(c, &request, NULL);
    c->mode = MODE_COMMAND;
}

/* Candidates of a place that nobody has settled yet; 0: there is nothing to choose. */
size_t sgp_console_places(const sgp_console *c, const Sigap__V1__Call **call) {
    const Sigap__V1__Incident *incident = sgp_model_incident(&c->model);
    *call = incident != NULL && !incident->place_confirmed
                ? sgp_board_call(&c->model.narrator.board, incident->first_call_id)
                : NULL;
    return *call != NULL ? (*call)->n_places : 0;
}

void sgp_console_choose_place(sgp_console *c) {
    sgp_request request;
    const Sigap__V1__Call *call;
    size_t n = sgp_console_places(c, &call);
    c->mode = MODE_COMMAND;
    if (c->candidate < 0 || (size_t)c->candidate >= n)
        return; /* it was settled meanwhile */
    sgp_request_choose(&request, call->incident_id, call->places[c->candidate]);
    sgp_console_ask(c, &request, NULL);
}

/* The likeliest of those that nobody has dismissed; 0: none. */
static uint64_t likeliest(const Sigap__V1__Incident *incident) {
    for (size_t i = 0; i < incident->n_alike; i++)
        if (!incident->alike[i]->dismissed)
            return incident->alike[i]->incident_id;
    return 0;
}

void sgp_console_close_now(sgp_console *c, uint64_t incident, Sigap__V1__Outcome outcome) {
    sgp_request request;
    const Sigap__V1__Incident *known = sgp_board_incident(&c->model.narrator.board, incident);
    uint64_t same = known != NULL ? likeliest(known) : 0;
    /* A duplicate's call belongs to the other incident, where there is one; somebody who is really
     * there only confirms it. */
    if (outcome == SIGAP__V1__OUTCOME__DUPLICATE && same != 0 && known->first_call_id != 0)
        sgp_request_link(&request, known->first_call_id, same);
    else if (outcome == SIGAP__V1__OUTCOME__REAL && known != NULL)
        sgp_request_judge(&request, known->first_call_id, outcome);
    else
        sgp_request_close(&request, incident, outcome);
    if (sgp_console_ask(c, &request, NULL) != 0 && c->model.incident == incident &&
        outcome != SIGAP__V1__OUTCOME__REAL)
        sgp_model_choose_waiting(&c->model, incident); /* the next of a flood of pranks */
}

/* A ring that was a prank: the call is written down with what is known of it, and closed as soon as
 * the engine has told its number. */
static void end_form(sgp_console *c, Sigap__V1__Outcome outcome) {
    sgp_request call, choice;
    bool chooses = false;
    sgp_text why;
    c->outcome_of_form = false;
    c->mode = MODE_FORM;
    if (outcome == SIGAP__V1__OUTCOME__OUTCOME_NONE)
        return;
    if (c->form.fields[SGP_FIELD_PRIORITY].length == 0)
        sgp_editor_set(&c->form.fields[SGP_FIELD_PRIORITY], "P4");
    if (!sgp_call_form_request(&c->form, &call, &choice, &chooses, &why)) {
        sgp_console_say(c, SGP_INK_YELLOW | SGP_INK_BOLD, sgp_text_get(c->language, why));
        return;
    }
    uint64_t token = sgp_console_ask(c, &call, NULL);
    if (token == 0)
        return;
    c->ended_token = token;
    c->form_outcome = outcome;
    sgp_call_form_clear(&c->form);
    c->mode = MODE_COMMAND;
}

/* One letter after F9. (Not Alt and a letter: on a slow line Escape and the next letter arrive
 * together, which is the same.) Where a crew is on it, and it is not simply served, a second one.
 */
void sgp_console_close_with(sgp_console *c, Sigap__V1__Outcome outcome) {
    char what[256], number[24], text[320];
    const Sigap__V1__Incident *incident = sgp_model_incident(&c->model);
    c->mode = MODE_COMMAND;
    if (c->outcome_of_form) {
        end_form(c, outcome);
        return;
    }
    if (incident == NULL || outcome == SIGAP__V1__OUTCOME__OUTCOME_NONE)
        return;
    if (incident->state != SIGAP__V1__INCIDENT_STATE__INCIDENT_ASSIGNED ||
        outcome == SIGAP__V1__OUTCOME__REAL) {
        sgp_console_close_now(c, incident->id, outcome);
        return;
    }
    c->mode = MODE_CONFIRM;
    c->confirm = CONFIRM_CLOSE;
    c->outcome = outcome;
    c->outcome_incident = incident->id;
    snprintf(number, sizeof number, "%" PRIu64, incident->id);
    if (outcome == SIGAP__V1__OUTCOME__DUPLICATE && likeliest(incident) != 0) {
        char call[24];
        snprintf(call, sizeof call, "%" PRIu64, incident->first_call_id);
        snprintf(number, sizeof number, "%" PRIu64, likeliest(incident));
        sgp_text_fill(what, sizeof what, c->language, SGP_TEXT_CON_DO_LINK, "call", call,
                      "incident", number, NULL);
    } else {
        sgp_text_fill(what, sizeof what, c->language, SGP_TEXT_CON_DO_CLOSE, "incident", number,
                      "outcome", sgp_outcome_text(c->language, (int)outcome), NULL);
    }
    sgp_console_say(
        c, SGP_INK_YELLOW | SGP_INK_BOLD | SGP_INK_REVERSE,
        sgp_text_fill(text, sizeof text, c->language, SGP_TEXT_CON_CONFIRM, "what", what, NULL));
}

void sgp_console_ask_quit(sgp_console *c) {
    char text[256];
    c->mode = MODE_CONFIRM;
    c->confirm = CONFIRM_QUIT;
    sgp_console_say(c, SGP_INK_YELLOW | SGP_INK_BOLD | SGP_INK_REVERSE,
                    sgp_text_fill(text, sizeof text, c->language, SGP_TEXT_CON_CONFIRM, "what",
                                  sgp_text_get(c->language, SGP_TEXT_CON_QUIT), NULL));
}

/* ---- the command line ------------------------------------------------------------------------ */

void sgp_console_put_aside(sgp_console *c) {
    if (c->n_history == HISTORY_MAX) {
        memmove(c->history, c->history + 1, (HISTORY_MAX - 1) * sizeof c->history[0]);
        c->n_history--;
    }
    c->history[c->n_history++] = c->line;
    c->history_at = c->n_history;
    sgp_editor_clear(&c->line);
}

static void see(sgp_console *c, const sgp_command *command) {
    static const sgp_pane panes[] = {[SGP_SEE_HOSPITALS] = PANE_HOSPITALS,
                                     [SGP_SEE_TRANSFERS] = PANE_TRANSFERS,
                                     [SGP_SEE_STORY] = PANE_STORY,
                                     [SGP_SEE_LOG] = PANE_LOG,
                                     [SGP_SEE_MAP] = PANE_MAP,
                                     [SGP_SEE_UNITS] = PANE_UNITS,
                                     [SGP_SEE_HELP] = PANE_HELP,
                                     [SGP_SEE_RINGS] = PANE_RINGS,
                                     [SGP_SEE_SUPERVISOR] = PANE_SUPERVISOR,
                                     [SGP_SEE_HAND_OVER] = PANE_HAND_OVER,
                                     [SGP_SEE_MARKS] = PANE_MARKS};
    c->scroll = 0;
    if (command->number == SGP_SEE_SCRIPT)
        sgp_console_open_script(c);
    else if (command->number == SGP_SEE_COVERAGE)
        sgp_console_ask_coverage(c);
    else
        c->pane = panes[command->number];
}

void sgp_console_run_line(sgp_console *c) {
    sgp_request request;
    sgp_command command;
    c->model.has_here = c->map.metres > 0;
    sigap__v1__point__init(&c->model.here);
    c->model.here.lon = c->map.cross ? c->map.cross_lon : c->map.lon;
    c->model.here.lat = c->map.cross ? c->map.cross_lat : c->map.lat;
    sgp_command_read(&c->model, &c->dossier, c->line.text, &request, &command);
    /* What was typed stays: to be mended, or because it could not be kept. */
    if (command.kind == SGP_COMMAND_WRONG) {
        sgp_console_say(c, SGP_INK_YELLOW | SGP_INK_BOLD, command.text);
        return;
    }
    if (command.kind == SGP_COMMAND_REQUEST && sgp_console_ask(c, &request, NULL) == 0)
        return;
    if (command.kind == SGP_COMMAND_NEW_CALL && command.text[0] != '\0' &&
        !sgp_call_form_empty(&c->form)) {
        sgp_console_open_form(c, command.text); /* says that there is a draft */
        return;
    }
    sgp_console_put_aside(c);
    switch (command.kind) {
    case SGP_COMMAND_CHOOSE:
        (void)sgp_model_choose_incident(&c->model, command.number);
        c->pane = PANE_DETAIL;
        c->scroll = 0;
        break;
    case SGP_COMMAND_FIND:
        sgp_model_find(&c->model, command.text);
        break;
    case SGP_COMMAND_NEW_CALL:
        sgp_console_open_form(c, command.text);
        break;
    case SGP_COMMAND_TAKE:
        sgp_console_take_ring(c, command.number);
        break;
    case SGP_COMMAND_CLOSE:
        sgp_console_close_now(c, command.number, (Sigap__V1__Outcome)command.outcome);
        break;
    case SGP_COMMAND_SEE:
        see(c, &command);
        break;
    case SGP_COMMAND_ADMIN:
        sgp_console_open_admin(c, command.number > 0 ? (sgp_admin_page)(command.number - 1)
                                                     : c->admin.page);
        break;
    case SGP_COMMAND_CODE:
        sgp_console_ask_code(c, command.text, command.number == 1);
        break;
    case SGP_COMMAND_STREET:
        sgp_console_close_street(c, &command);
        break;
    case SGP_COMMAND_DRAW:
        sgp_console_draw_roads(c, &command);
        break;
    case SGP_COMMAND_RESEND:
        if (c->model.line == SGP_LINE_UP)
            sgp_console_resend(c, true);
        break;
    case SGP_COMMAND_DROP:
        sgp_console_drop_held(c);
        break;
    case SGP_COMMAND_QUIT:
        sgp_console_ask_quit(c);
        break;
    default:
        break;
    }
}

/* Tab: the letters that all offers share; a blank after the only one. */
void sgp_console_complete(sgp_console *c) {
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

void sgp_console_recall(sgp_console *c, int by) {
    if ((by < 0 && c->history_at == 0) || (by > 0 && c->history_at >= c->n_history))
        return;
    if (c->history_at == c->n_history)
        c->typed = c->line; /* comes back at the end */
    c->history_at = by < 0 ? c->history_at - 1 : c->history_at + 1;
    c->line = c->history_at == c->n_history ? c->typed : c->history[c->history_at];
}

/* ---- the questions of the complaint ---------------------------------------------------------- */

const Sigap__V1__Guide *sgp_console_guide(const sgp_console *c) {
    const Sigap__V1__Incident *incident = sgp_model_incident(&c->model);
    return incident != NULL ? sgp_dossier_guide(&c->dossier, incident->complaint) : NULL;
}

void sgp_console_open_script(sgp_console *c) {
    if (!sgp_console_need_incident(c))
        return;
    c->pane = PANE_SCRIPT;
    c->mode = MODE_SCRIPT;
    c->question = -1; /* the first that is not answered */
    c->scroll = 0;
}

void sgp_console_answer_question(sgp_console *c, int nth_answer) {
    sgp_request request;
    const Sigap__V1__Guide *guide = sgp_console_guide(c);
    const Sigap__V1__Incident *incident = sgp_model_incident(&c->model);
    int at = guide != NULL ? sgp_script_at(guide, incident, c->question) : -1;
    if (at < 0 || nth_answer >= (int)guide->questions[at]->n_answers)
        return;
    const char *answer = nth_answer < 0 ? "" : guide->questions[at]->answers[nth_answer]->code;
    sgp_request_answer_question(&request, incident->id, guide->questions[at]->code, answer);
    if (sgp_console_ask(c, &request, NULL) == 0 || nth_answer < 0)
        return;
    /* The next one, without waiting for the engine. */
    c->question = at + 1 < (int)guide->n_questions ? at + 1 : at;
}
