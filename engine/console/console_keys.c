#include <string.h>

#include "console/console_parts.h"

static void move(sgp_console *c, int by) {
    c->scroll = 0;
    if (c->focus == FOCUS_UNITS)
        sgp_model_move_unit(&c->model, by);
    else
        sgp_model_move_incident(&c->model, by);
}

static void scroll(sgp_console *c, int by) {
    c->scroll += by;
    if (c->scroll < 0 || c->scroll > c->detail_rows)
        c->scroll = c->scroll < 0 ? 0 : c->detail_rows;
}

static void show(sgp_console *c, sgp_pane which) {
    c->pane = c->pane == which ? PANE_UNITS : which;
    c->scroll = 0;
}

static void escape(sgp_console *c) {
    if (c->line.length > 0) {
        sgp_console_put_aside(c);
        sgp_console_say(c, SGP_INK_DIM, sgp_text_get(c->language, SGP_TEXT_CON_LINE_ASIDE));
        return;
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
    if (!sgp_console_need_incident(c))
        return;
    c->pane = PANE_DETAIL;
    c->candidate = 0;
    if (sgp_console_places(c, &call) > 0) {
        c->mode = MODE_PLACES;
        return;
    }
    if (sgp_console_candidate(c, 0) == NULL) {
        sgp_request request; /* there is none to choose of: ask for one */
        sgp_request_advise(&request, c->model.incident);
        sgp_console_ask(c, &request, NULL);
        return;
    }
    c->mode = MODE_CANDIDATES;
}

/* F8: what else there is to see, one after the other. */
static void next_board(sgp_console *c) {
    c->scroll = 0;
    c->pane = c->pane == PANE_LOG         ? PANE_STORY
              : c->pane == PANE_STORY     ? PANE_HOSPITALS
              : c->pane == PANE_HOSPITALS ? PANE_TRANSFERS
              : c->pane == PANE_TRANSFERS ? PANE_RINGS
              : c->pane == PANE_RINGS     ? PANE_UNITS
                                          : PANE_LOG;
}

static bool function_key(sgp_console *c, const sgp_key *key) {
    switch ((int)key->code) {
    case SGP_KEY_F1:
        show(c, PANE_HELP);
        return true;
    case SGP_KEY_F1 + 1:
        sgp_console_open_form(c, "");
        return true;
    case SGP_KEY_F1 + 2:
        c->pane = PANE_UNITS;
        c->focus = c->focus == FOCUS_UNITS ? FOCUS_INCIDENTS : FOCUS_UNITS;
        return true;
    case SGP_KEY_F1 + 3:
        if (c->pane == PANE_DETAIL)
            sgp_console_open_script(c);
        else
            show(c, PANE_DETAIL);
        return true;
    case SGP_KEY_F1 + 4:
        sgp_console_order_best(c);
        return true;
    case SGP_KEY_F1 + 5:
        choose_candidate(c);
        return true;
    case SGP_KEY_F1 + 6:
        c->pane = PANE_MAP;
        c->mode = MODE_MAP;
        return true;
    case SGP_KEY_F1 + 7:
        next_board(c);
        return true;
    case SGP_KEY_F1 + 8:
        if (sgp_console_need_incident(c))
            c->mode = MODE_OUTCOME;
        return true;
    case SGP_KEY_F1 + 10:
        show(c, PANE_HAND_OVER);
        return true;
    case SGP_KEY_F12:
        show(c, PANE_SUPERVISOR);
        return true;
    case SGP_KEY_F1 + 9:
        sgp_console_ask_quit(c);
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
            sgp_console_recall(c, key->code == SGP_KEY_UP ? -1 : 1);
        else
            move(c, key->code == SGP_KEY_UP ? -1 : 1);
        return;
    case SGP_KEY_PAGE_UP:
    case SGP_KEY_PAGE_DOWN:
        scroll(c, key->code == SGP_KEY_PAGE_UP ? -5 : 5);
        return;
    case SGP_KEY_TAB:
        if (typing)
            sgp_console_complete(c);
        else
            c->focus = c->focus == FOCUS_UNITS ? FOCUS_INCIDENTS : FOCUS_UNITS;
        return;
    case SGP_KEY_BACKTAB:
        c->focus = c->focus == FOCUS_UNITS ? FOCUS_INCIDENTS : FOCUS_UNITS;
        return;
    case SGP_KEY_ENTER:
        if (typing)
            sgp_console_run_line(c);
        else
            show(c, PANE_DETAIL);
        return;
    case SGP_KEY_ESCAPE:
        escape(c);
        return;
    case SGP_KEY_CTRL:
        if (key->letter == 'O') { /* the function keys are taken */
            sgp_console_next_admin(c);
            return;
        }
        if (key->letter == 'P' || key->letter == 'N') {
            sgp_console_recall(c, key->letter == 'P' ? -1 : 1);
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
    return c->mode == MODE_PLACES ? (size_t)c->candidate + 1 < sgp_console_places(c, &call)
                                  : sgp_console_candidate(c, c->candidate + 1) != NULL;
}

static void candidates_key(sgp_console *c, const sgp_key *key) {
    if (key->code == SGP_KEY_UP && c->candidate > 0)
        c->candidate--;
    else if (key->code == SGP_KEY_DOWN && has_next(c))
        c->candidate++;
    else if (key->code == SGP_KEY_ENTER && c->mode == MODE_PLACES)
        sgp_console_choose_place(c);
    else if (key->code == SGP_KEY_ENTER)
        sgp_console_order_candidate(c);
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

static void script_key(sgp_console *c, const sgp_key *key) {
    const Sigap__V1__Guide *guide = sgp_console_guide(c);
    const Sigap__V1__Incident *incident = sgp_model_incident(&c->model);
    int at = guide != NULL ? sgp_script_at(guide, incident, c->question) : -1;
    switch ((int)key->code) {
    case SGP_KEY_UP:
        c->question = at > 0 ? at - 1 : at;
        return;
    case SGP_KEY_DOWN:
    case SGP_KEY_ENTER:
        c->question = guide != NULL && at + 1 < (int)guide->n_questions ? at + 1 : at;
        return;
    case SGP_KEY_DELETE:
    case SGP_KEY_BACKSPACE:
        sgp_console_answer_question(c, -1);
        return;
    case SGP_KEY_PAGE_UP:
    case SGP_KEY_PAGE_DOWN:
        scroll(c, key->code == SGP_KEY_PAGE_UP ? -5 : 5);
        return;
    case SGP_KEY_ESCAPE:
        c->mode = MODE_COMMAND;
        c->pane = PANE_DETAIL;
        return;
    case SGP_KEY_TEXT:
        if (!key->pasted && key->text[0] >= '1' && key->text[0] <= '9') {
            sgp_console_answer_question(c, key->text[0] - '1');
            return;
        }
        break;
    default:
        break;
    }
    /* Anything else is meant for the console; the questions stay in sight. */
    c->mode = MODE_COMMAND;
    sgp_console_key(c, key);
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
        sgp_console_close_now(c, c->outcome_incident, c->outcome);
    else if (key->code == SGP_KEY_TEXT)
        sgp_console_key(c, key); /* no, and on with the next command: its letter is not lost */
}

static void form_key(sgp_console *c, const sgp_key *key) {
    if ((int)key->code == SGP_KEY_F1 + 8 && !sgp_call_form_empty(&c->form)) {
        c->mode = MODE_OUTCOME; /* a prank, before it is anything else */
        c->outcome_of_form = true;
        return;
    }
    switch (sgp_call_form_key(&c->form, key)) {
    case SGP_FORM_SEND:
        sgp_console_send_form(c);
        break;
    case SGP_FORM_LEAVE:
        c->mode = MODE_COMMAND;
        if (!sgp_call_form_empty(&c->form))
            sgp_console_say(c, SGP_INK_YELLOW, sgp_text_get(c->language, SGP_TEXT_CON_FORM_DRAFT));
        break;
    default:
        break;
    }
}

static void outcome_key(sgp_console *c, const sgp_key *key) {
    Sigap__V1__Outcome outcome = key->code == SGP_KEY_TEXT && !key->pasted
                                     ? sgp_outcome_by_key(c->language, key->text[0])
                                     : SIGAP__V1__OUTCOME__OUTCOME_NONE;
    if (outcome != SIGAP__V1__OUTCOME__OUTCOME_NONE) {
        sgp_console_close_with(c, outcome);
        return;
    }
    c->mode = c->outcome_of_form ? MODE_FORM : MODE_COMMAND;
    c->outcome_of_form = false;
    if (key->code == SGP_KEY_TEXT) /* of what is typed next */
        sgp_console_key(c, key);
}

void sgp_console_key(sgp_console *c, const sgp_key *key) {
    if (key->code == SGP_KEY_CTRL && key->letter == 'L') {
        c->repaint = true;
        return;
    }
    /* On a slow line Escape and the next letter come together, which reads as Alt and the letter:
     * it is both, so that the letter is not lost. */
    if (key->code == SGP_KEY_ALT) {
        sgp_key both[2] = {{.code = SGP_KEY_ESCAPE},
                           {.code = SGP_KEY_TEXT, .text = {key->letter}, .pasted = key->pasted}};
        sgp_console_key(c, &both[0]);
        if ((unsigned char)key->letter >= ' ' && (unsigned char)key->letter < 0x7f)
            sgp_console_key(c, &both[1]);
        return;
    }
    c->draft_changed = true;
    c->key_ms = c->model.own_now_ms;
    /* The telephone is taken from wherever one is. */
    if (key->code == SGP_KEY_CTRL && key->letter == 'T') {
        sgp_console_take_ring(c, 0);
        return;
    }
    if (key->code == SGP_KEY_CTRL && key->letter == 'G') {
        sgp_console_hold(c);
        return;
    }
    switch (c->mode) {
    case MODE_FORM:
        form_key(c, key);
        break;
    case MODE_SCRIPT:
        script_key(c, key);
        break;
    case MODE_OUTCOME:
        outcome_key(c, key);
        break;
    case MODE_PLACES:
    case MODE_CANDIDATES:
        candidates_key(c, key);
        break;
    case MODE_MAP:
        map_key(c, key);
        break;
    case MODE_DRAW:
        sgp_console_draw_key(c, key);
        break;
    case MODE_STRETCH:
        sgp_console_stretch_key(c, key);
        break;
    case MODE_CONFIRM:
        confirm_key(c, key);
        break;
    default:
        command_key(c, key);
        break;
    }
}
