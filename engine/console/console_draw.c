#include <inttypes.h>
#include <string.h>

#include "console/console_parts.h"
#include "console/screen_admin.h"

/* The lower or right part: what was asked to be seen. */
static void draw_pane(sgp_console *c, sgp_canvas *canvas, sgp_area area) {
    sgp_marked marked = c->mode == MODE_CANDIDATES ? SGP_MARKED_UNIT
                        : c->mode == MODE_PLACES   ? SGP_MARKED_PLACE
                                                   : SGP_MARKED_NOTHING;
    if (c->mode == MODE_FORM)
        sgp_call_form_draw(&c->form, canvas, area);
    else if (c->pane == PANE_HELP)
        c->detail_rows = sgp_screen_help(canvas, area, c->language, c->scroll);
    else if (c->pane == PANE_SCRIPT)
        c->detail_rows = sgp_screen_script(canvas, area, &c->model, sgp_console_guide(c),
                                           c->question, c->mode == MODE_SCRIPT, c->scroll);
    else if (c->pane == PANE_STORY)
        c->detail_rows =
            sgp_screen_story(canvas, area, &c->model, sgp_dossier_log(&c->dossier), c->scroll);
    else if (c->pane == PANE_HOSPITALS)
        c->detail_rows = sgp_screen_hospitals(canvas, area, &c->model, c->scroll);
    else if (c->pane == PANE_RINGS)
        c->detail_rows = sgp_screen_rings(canvas, area, &c->model, c->scroll);
    else if (c->pane == PANE_SUPERVISOR)
        c->detail_rows = sgp_screen_supervisor(canvas, area, &c->model, c->scroll);
    else if (c->pane == PANE_HAND_OVER)
        c->detail_rows = sgp_screen_hand_over(canvas, area, &c->model, c->scroll);
    else if (c->pane == PANE_MARKS)
        c->detail_rows = sgp_screen_marks(canvas, area, &c->model, c->scroll);
    else if (c->pane == PANE_TRANSFERS)
        c->detail_rows = sgp_screen_transfers(canvas, area, &c->model, c->scroll);
    else if (c->pane == PANE_ADMIN)
        c->detail_rows = sgp_screen_admin(canvas, area, &c->model, &c->admin, c->scroll);
    else if (c->pane == PANE_MAP)
        sgp_map_draw(&c->map, canvas, area, &c->model, &c->dossier);
    else if (c->pane == PANE_LOG)
        sgp_screen_log(canvas, area, &c->model);
    else if (c->pane == PANE_DETAIL)
        c->detail_rows = sgp_screen_detail(canvas, area, &c->model, &c->dossier, marked,
                                           c->candidate, c->scroll);
    else
        sgp_screen_units(canvas, area, &c->model, c->focus == FOCUS_UNITS);
}

static void draw_narrow(sgp_console *c, sgp_canvas *canvas, sgp_area body) {
    /* These speak of all incidents themselves. */
    if (c->mode != MODE_FORM && (c->pane == PANE_SUPERVISOR || c->pane == PANE_HAND_OVER)) {
        draw_pane(c, canvas, body);
        return;
    }
    /* The incidents take what they need, up to the half; the form and the details need more. */
    int wanted = (int)c->model.n_incidents + 2 + (c->model.n_attention < c->model.n_incidents);
    bool large = c->mode == MODE_FORM || c->pane == PANE_MAP || c->pane == PANE_ADMIN;
    int most = large ? body.rows / 3 : body.rows / 2;
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
    sgp_pane shown = c->pane;
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
    else if (c->mode == MODE_SCRIPT)
        key = SGP_TEXT_CON_KEYS_SCRIPT;
    else if (c->mode == MODE_OUTCOME)
        key = SGP_TEXT_CON_KEYS_OUTCOME;
    else if (c->mode == MODE_MAP)
        key = SGP_TEXT_CON_KEYS_MAP;
    else if (c->mode == MODE_DRAW)
        key = SGP_TEXT_CON_DRAW_KEYS;
    else if (c->mode == MODE_STRETCH)
        key = SGP_TEXT_CON_STRETCH_KEYS;
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
    size_t held = sgp_console_held(c);
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
                    c->mode != MODE_FORM && c->mode != MODE_SCRIPT);
    if (!draw_offers(c, canvas, row + 2))
        draw_keys(c, canvas, row + 2);
}
