#include <inttypes.h>
#include <string.h>

#include "apps/print.h"
#include "console/command.h"
#include "console/hands.h"
#include "console/screen.h"

/* ---- incidents ----------------------------------------------------------------------- */

/* "PSC-01 menuju lokasi 03:10", the unit that is furthest, and how many more. */
static void units_of(const sgp_model *model, const Sigap__V1__Incident *incident, char *out,
                     size_t capacity) {
    const Sigap__V1__Assignment *best = NULL;
    unsigned n = 0;
    for (size_t i = 0; i < incident->n_assignment_ids; i++) {
        const Sigap__V1__Assignment *one =
            sgp_board_assignment(&model->narrator.board, incident->assignment_ids[i]);
        if (one == NULL || !sgp_assignment_open(one))
            continue;
        n++;
        if (best == NULL || one->state > best->state)
            best = one;
    }
    out[0] = '\0';
    if (best == NULL)
        return;
    int64_t since_ms = sgp_assignment_at(best, best->state);
    char time[24];
    snprintf(out, capacity, "%s %s %s", best->unit_code,
             sgp_assignment_state_text(model->language, (int)best->state),
             sgp_short_time(model->now_ms - since_ms, time, sizeof time));
    if (n > 1) {
        size_t used = strlen(out);
        snprintf(out + used, capacity - used, " +%u", n - 1);
    }
}

static const char *needs(const sgp_model *model, const Sigap__V1__Incident *incident) {
    if (incident->state == SIGAP__V1__INCIDENT_STATE__INCIDENT_LOCATING)
        return sgp_text_get(model->language, SGP_TEXT_CON_CHOOSE_PLACE);
    return sgp_text_get(model->language, SGP_TEXT_CON_NO_UNIT);
}

static void where_text(const sgp_model *model, const Sigap__V1__Incident *incident, char *out,
                       size_t capacity) {
    if (incident->place != NULL) {
        char place[256];
        bool rough = !incident->place_confirmed || incident->place->uncertainty_m > 250;
        sgp_place_text(incident->place, place, sizeof place);
        snprintf(out, capacity, "%s%s", rough ? "~" : "", place);
        return;
    }
    const Sigap__V1__Call *call = sgp_board_call(&model->narrator.board, incident->first_call_id);
    char words[256];
    sgp_words_text(sgp_board_caller(&model->narrator.board, incident->first_call_id), words,
                   sizeof words);
    snprintf(out, capacity, "%s",
             words[0] != '\0' ? words
             : call != NULL && call->looking_up
                 ? sgp_text_get(model->language, SGP_TEXT_CON_PLACE_LOOKING)
                 : sgp_text_get(model->language, SGP_TEXT_CON_PLACE_MISSING));
}

static void incident_line(sgp_canvas *canvas, int row, sgp_area area, const sgp_model *model,
                          const sgp_incident_row *shown, bool hands) {
    const Sigap__V1__Incident *incident = sgp_board_incident(&model->narrator.board, shown->id);
    bool chosen = incident->id == model->incident;
    sgp_ink base = chosen ? SGP_INK_REVERSE : SGP_INK_PLAIN;
    int64_t late_ms;
    char time[24], text[512], complaint[256];
    int64_t clock_ms = sgp_incident_clock_ms(model, incident, &late_ms);
    int column = area.column, end = area.column + area.columns;
    sgp_canvas_fill(canvas, row, column, area.columns, base);
    sgp_canvas_put(canvas, row, column, 1, base | SGP_INK_BOLD, chosen ? "▶" : " ");
    sgp_canvas_put(canvas, row, column + 1, 2, sgp_priority_ink((int)incident->priority),
                   sgp_priority_text(model->language, (int)incident->priority));
    snprintf(text, sizeof text, "#%" PRIu64, incident->id);
    sgp_canvas_put_right(canvas, row, column + 4, 5, base, text);
    snprintf(text, sizeof text, "%s%s", sgp_short_time(clock_ms, time, sizeof time),
             late_ms > 0 ? "!" : " ");
    sgp_canvas_put_right(
        canvas, row, column + 10, 8,
        late_ms > 0 ? SGP_INK_RED | SGP_INK_BOLD | SGP_INK_REVERSE : base | SGP_INK_BOLD, text);
    /* What is left is shared: complaint, place, units; a wider screen gives all to the place. */
    if (hands) {
        int room = area.columns >= 100 ? 18 : 12;
        sgp_canvas_put(canvas, row, end - room + 1, room - 1,
                       base | (sgp_incident_is_mine(model, incident) ? SGP_INK_BOLD : SGP_INK_CYAN),
                       sgp_hand_text(model, incident, text, sizeof text));
        end -= room;
    }
    int left = end - (column + 19);
    int units = left / 3 > 34 ? 34 : left / 3, what = left / 4 > 26 ? 26 : left / 4;
    int where = left - units - what - 2;
    snprintf(complaint, sizeof complaint, "%s",
             sgp_complaint_text(model->language, incident->complaint));
    sgp_canvas_put(canvas, row, column + 19, what, base, complaint);
    where_text(model, incident, text, sizeof text);
    sgp_canvas_put(canvas, row, column + 20 + what, where, base, text);
    if (shown->waits) {
        sgp_canvas_put(canvas, row, end - units, units, base | SGP_INK_YELLOW | SGP_INK_BOLD,
                       needs(model, incident));
    } else {
        units_of(model, incident, text, sizeof text);
        sgp_canvas_put(canvas, row, end - units, units, base, text);
    }
}

/* Which rows of n to show in `room`, so that `chosen` is among them. */
static size_t first_shown(size_t n, size_t room, size_t chosen) {
    if (n <= room || room == 0)
        return 0;
    size_t first = chosen < room / 2 ? 0 : chosen - room / 2;
    return first + room > n ? n - room : first;
}

static void more_mark(sgp_canvas *canvas, sgp_area area, const sgp_model *model, sgp_text key,
                      int row, size_t n) {
    char number[24], text[64];
    if (n == 0 || area.columns < 30)
        return;
    char mark[80];
    snprintf(number, sizeof number, "%zu", n);
    snprintf(mark, sizeof mark, " %s ",
             sgp_text_fill(text, sizeof text, model->language, key, "n", number, NULL));
    sgp_canvas_put_right(canvas, row, area.column, area.columns - 1, SGP_INK_BOLD, mark);
}

typedef struct entry { /* of the incident board: a row, or a heading */
    const sgp_incident_row *row;
} entry;

void sgp_screen_incidents(sgp_canvas *canvas, sgp_area area, const sgp_model *model, bool focus) {
    enum { ENTRIES_MAX = 4096 };
    entry entries[ENTRIES_MAX];
    size_t n = 0, chosen = 0, running = 0, attention = 0;
    bool hands = false; /* somebody has one of them: there is a column for it */
    if (area.rows < 2)
        return;
    char title[256], text[256];
    for (size_t i = 0; i < model->n_incidents && n + 1 < ENTRIES_MAX; i++) {
        const sgp_incident_row *row = &model->incidents[i];
        if (!sgp_model_shows(model, row))
            continue;
        if (!row->attention && running++ == 0)
            entries[n++].row = NULL;
        attention += row->attention;
        hands |= sgp_board_incident(&model->narrator.board, row->id)->taken_by[0] != '\0';
        if (row->id == model->incident)
            chosen = n;
        entries[n++].row = row;
    }
    snprintf(title, sizeof title, "%s %zu%s%s",
             sgp_text_get(model->language, SGP_TEXT_CON_ATTENTION_TITLE), attention,
             model->find[0] != '\0' ? "  /" : "", model->find);
    sgp_screen_title(canvas, area, title, focus);
    if (n == 0) {
        sgp_text_fill(text, sizeof text, model->language,
                      model->find[0] != '\0' ? SGP_TEXT_CON_NOTHING_FOUND : SGP_TEXT_CON_NOBODY,
                      "letters", model->find, NULL);
        sgp_canvas_put(canvas, area.row + 1, area.column + 2, area.columns - 4, SGP_INK_DIM, text);
        return;
    }
    /* The upper half stays, whatever is chosen further down: the first rows matter most. */
    size_t room = (size_t)area.rows - 1, kept = n > room ? room / 2 : 0;
    size_t first = kept + first_shown(n - kept, room - kept, chosen > kept ? chosen - kept : 0);
    for (size_t i = 0; i < room && i < n; i++) {
        size_t at = i < kept ? i : first + i - kept;
        int row = area.row + 1 + (int)i;
        const sgp_incident_row *shown = entries[at].row;
        if (shown == NULL) {
            sgp_area rule = {row, area.column, 1, area.columns};
            snprintf(title, sizeof title, "%s %zu",
                     sgp_text_get(model->language, SGP_TEXT_CON_RUNNING_TITLE), running);
            sgp_screen_title(canvas, rule, title, false);
        } else {
            incident_line(canvas, row, area, model, shown, hands);
        }
    }
    size_t below = n > first + room - kept ? n - first - (room - kept) : 0;
    more_mark(canvas, area, model, SGP_TEXT_CON_MORE_ABOVE, area.row + (int)kept, first - kept);
    more_mark(canvas, area, model, SGP_TEXT_CON_MORE_BELOW, area.row + area.rows - 1, below);
}

/* ---- units ------------------------------------------------------------------------------ */

static sgp_ink status_ink(int status) {
    switch (status) {
    case SIGAP__V1__UNIT_STATUS__UNIT_AVAILABLE:
        return SGP_INK_GREEN | SGP_INK_BOLD;
    case SIGAP__V1__UNIT_STATUS__UNIT_ORDERED:
        return SGP_INK_YELLOW | SGP_INK_BOLD;
    case SIGAP__V1__UNIT_STATUS__UNIT_EN_ROUTE:
        return SGP_INK_YELLOW;
    case SIGAP__V1__UNIT_STATUS__UNIT_OFF_DUTY:
        return SGP_INK_DIM;
    default:
        return SGP_INK_CYAN;
    }
}

static int64_t status_since(const sgp_model *model, const Sigap__V1__Unit *unit) {
    const Sigap__V1__Assignment *job = sgp_unit_assignment(model, unit);
    return job != NULL ? sgp_assignment_at(job, job->state) : 0;
}

/* "moving up to Pos Dua"; false: it was sent nowhere, or the crew would not. */
static bool post_text(const sgp_model *model, const Sigap__V1__Unit *unit, char *out,
                      size_t capacity) {
    static const sgp_text keys[] = {
        [SIGAP__V1__POST_STATE__POST_ORDERED] = SGP_TEXT_CON_POST_ORDERED,
        [SIGAP__V1__POST_STATE__POST_ACCEPTED] = SGP_TEXT_CON_POST_ACCEPTED,
        [SIGAP__V1__POST_STATE__POST_THERE] = SGP_TEXT_CON_POST_THERE,
        [SIGAP__V1__POST_STATE__POST_DECLINED] = SGP_TEXT_CON_POST_DECLINED};
    const Sigap__V1__Post *post = unit->post;
    if (post == NULL || post->state == SIGAP__V1__POST_STATE__POST_NONE ||
        (size_t)post->state >= sizeof keys / sizeof *keys)
        return false;
    sgp_text_fill(out, capacity, model->language, keys[post->state], "place", post->name, NULL);
    return true;
}

static void position_text(const sgp_model *model, const Sigap__V1__Unit *unit, char *out,
                          size_t capacity) {
    char time[24];
    out[0] = '\0';
    const Sigap__V1__Assignment *job = sgp_unit_assignment(model, unit);
    if (unit->distress_at_ms != 0) {
        snprintf(out, capacity, "!! %s %s", sgp_text_get(model->language, SGP_TEXT_CON_SOS),
                 sgp_short_time(model->now_ms - unit->distress_at_ms, time, sizeof time));
        return;
    }
    if (job != NULL && job->welfare_alarms > 0) {
        snprintf(out, capacity, "! %s %ux", sgp_text_get(model->language, SGP_TEXT_CON_NO_ANSWER),
                 job->welfare_alarms);
        return;
    }
    if (unit->on_duty && post_text(model, unit, out, capacity))
        return;
    if (!unit->on_duty)
        return;
    if (unit->at_station)
        snprintf(out, capacity, "%s",
                 unit->station[0] != '\0' ? unit->station
                                          : sgp_text_get(model->language, SGP_TEXT_CON_AT_STATION));
    else if (unit->position == NULL)
        snprintf(out, capacity, "? %s", sgp_text_get(model->language, SGP_TEXT_CON_NO_POSITION));
    else {
        char text[64];
        sgp_text_fill(text, sizeof text, model->language, SGP_TEXT_CON_POSITION_AGE, "time",
                      sgp_short_time(model->now_ms - unit->position_at_ms, time, sizeof time),
                      NULL);
        snprintf(out, capacity, "%s%s", sgp_unit_position_stale(model, unit) ? "? " : "", text);
    }
}

/* How long its crew is still there, where that matters soon. */
static void add_shift(const sgp_model *model, const Sigap__V1__Unit *unit, char *out,
                      size_t capacity) {
    enum { SOON_MS = 2 * 3600000 };
    const Sigap__V1__SignedOn *on = unit->signed_on;
    char text[96], clock[16], time[24];
    if (on == NULL || !unit->on_duty || unit->distress_at_ms != 0)
        return;
    int64_t left_ms = on->until_at_ms - model->now_ms;
    text[0] = '\0';
    if (on->absent_until_at_ms > model->now_ms)
        snprintf(text, sizeof text, "%s", sgp_text_get(model->language, SGP_TEXT_CON_NOBODY_CAME));
    else if (on->until_at_ms > 0 && left_ms < 0)
        sgp_text_fill(text, sizeof text, model->language, SGP_TEXT_CON_SHIFT_OVER, "time",
                      sgp_short_time(-left_ms, time, sizeof time), NULL);
    else if (on->until_at_ms > 0 && left_ms < SOON_MS) {
        snprintf(time, sizeof time, "%.5s", sgp_clock_text(on->until_at_ms, clock));
        sgp_text_fill(text, sizeof text, model->language, SGP_TEXT_CON_SHIFT_UNTIL, "clock", time,
                      NULL);
    }
    size_t used = strlen(out);
    if (text[0] != '\0')
        snprintf(out + used, capacity - used, "%s%s", used > 0 ? " · " : "", text);
}

/* Whether the crew's device has its order: while it has not, and until the crew answers. */
static void receipt_mark(sgp_canvas *canvas, int row, int column, const Sigap__V1__Unit *unit,
                         sgp_ink base) {
    if (unit->receipt == SIGAP__V1__ORDER_RECEIPT__RECEIPT_REFUSED)
        sgp_canvas_put(canvas, row, column, 1, base | SGP_INK_RED | SGP_INK_BOLD, "✗");
    else if (unit->receipt == SIGAP__V1__ORDER_RECEIPT__RECEIPT_WAITING)
        sgp_canvas_put(canvas, row, column, 1, base | SGP_INK_YELLOW, "…");
    else if (unit->receipt == SIGAP__V1__ORDER_RECEIPT__RECEIPT_RECEIVED &&
             unit->status == SIGAP__V1__UNIT_STATUS__UNIT_ORDERED)
        sgp_canvas_put(canvas, row, column, 1, base | SGP_INK_GREEN, "✓");
}

static void unit_line(sgp_canvas *canvas, int row, int column, int width, const sgp_model *model,
                      const Sigap__V1__Unit *unit, bool focus) {
    bool chosen = focus && unit->number == model->unit;
    bool on_chosen = unit->incident_id != 0 && unit->incident_id == model->incident;
    sgp_ink base = chosen ? SGP_INK_REVERSE : SGP_INK_PLAIN;
    char text[256], time[24] = "";
    int64_t since_ms = status_since(model, unit);
    sgp_canvas_fill(canvas, row, column, width, base);
    sgp_canvas_put(canvas, row, column, 1, base | SGP_INK_BOLD,
                   chosen      ? "▶"
                   : on_chosen ? "•"
                               : " ");
    snprintf(text, sizeof text, "%u", unit->number);
    sgp_canvas_put_right(canvas, row, column + 1, 3, base | SGP_INK_DIM, text);
    sgp_canvas_put(canvas, row, column + 5, 9, base | (unit->on_duty ? SGP_INK_BOLD : SGP_INK_DIM),
                   unit->code);
    receipt_mark(canvas, row, column + 14, unit, base);
    if (since_ms > 0)
        sgp_short_time(model->now_ms - since_ms, time, sizeof time);
    snprintf(text, sizeof text, "%s", sgp_unit_status_text(model->language, (int)unit->status));
    sgp_canvas_put(canvas, row, column + 15, 14, base | status_ink((int)unit->status), text);
    sgp_canvas_put_right(canvas, row, column + 29, 6, base, time);
    if (unit->incident_id != 0) {
        snprintf(text, sizeof text, "#%" PRIu64, unit->incident_id);
        sgp_canvas_put_right(canvas, row, column + 36, 5, base | (on_chosen ? SGP_INK_BOLD : 0),
                             text);
    }
    position_text(model, unit, text, sizeof text);
    add_shift(model, unit, text, sizeof text);
    bool stale = sgp_unit_position_stale(model, unit) || text[0] == '!';
    sgp_canvas_put(canvas, row, column + 42, width - 42,
                   base | (stale ? SGP_INK_RED | SGP_INK_BOLD : SGP_INK_DIM), text);
}

void sgp_screen_units(sgp_canvas *canvas, sgp_area area, const sgp_model *model, bool focus) {
    enum { COLUMN = 62, COLUMN_MIN = 46 };
    char title[128];
    if (area.rows < 2)
        return;
    snprintf(title, sizeof title, "%s %zu/%zu%s%s",
             sgp_text_get(model->language, SGP_TEXT_CON_UNITS_TITLE), model->n_units_free,
             model->n_units_on_duty, model->find[0] != '\0' ? "  /" : "", model->find);
    sgp_screen_title(canvas, area, title, focus);
    int stacks = area.columns / COLUMN > 1 ? area.columns / COLUMN : 1;
    int width = area.columns / stacks;
    size_t room = (size_t)(area.rows - 1), chosen = 0, all = room * (size_t)stacks;
    for (size_t i = 0; i < model->n_units; i++)
        if (model->units[i] == model->unit)
            chosen = i;
    size_t first = focus ? first_shown(model->n_units, all, chosen) : 0;
    for (size_t i = 0; i < all && first + i < model->n_units; i++) {
        const Sigap__V1__Unit *unit =
            sgp_board_unit(&model->narrator.board, model->units[first + i]);
        if (unit != NULL)
            unit_line(canvas, area.row + 1 + (int)(i % room), area.column + (int)(i / room) * width,
                      width - 1, model, unit, focus);
    }
    more_mark(canvas, area, model, SGP_TEXT_CON_MORE_BELOW, area.row,
              model->n_units > first + all ? model->n_units - first - all : 0);
}

/* ---- log, help ---------------------------------------------------------------------------- */

void sgp_screen_log(sgp_canvas *canvas, sgp_area area, const sgp_model *model) {
    if (area.rows < 2)
        return;
    sgp_screen_title(canvas, area, sgp_text_get(model->language, SGP_TEXT_CON_LOG_TITLE), false);
    /* The newest stands at the bottom, where a log grows. */
    int row = area.row + area.rows;
    const char *line;
    for (size_t nth = 0; row > area.row + 1 && (line = sgp_model_log_line(model, nth)) != NULL;
         nth++) {
        int rows = (sgp_columns(line) + area.columns - 1) / (area.columns > 0 ? area.columns : 1);
        rows = rows < 1 ? 1 : rows > 3 ? 3 : rows;
        if (row - rows < area.row + 1)
            rows = row - (area.row + 1);
        row -= rows;
        sgp_canvas_wrap(canvas, row, rows, area.column, area.columns, SGP_INK_PLAIN, line);
    }
}

int sgp_screen_help(sgp_canvas *canvas, sgp_area area, sgp_language language, int scroll) {
    enum { FORM = 30, PAGE = 400 };
    char form[64];
    const char *what;
    if (area.rows < 2)
        return 0;
    sgp_screen_title(canvas, area, sgp_text_get(language, SGP_TEXT_CON_HELP_TITLE), true);
    sgp_canvas page = {0};
    if (sgp_canvas_resize(&page, PAGE, area.columns) != SGP_OK)
        return 0;
    int used = 0, last;
    used += sgp_canvas_wrap(&page, used, 6, 1, area.columns - 2, SGP_INK_PLAIN,
                            sgp_text_get(language, SGP_TEXT_CON_HELP_INTRO));
    used += sgp_canvas_wrap(&page, used, 8, 1, area.columns - 2, SGP_INK_BOLD,
                            sgp_text_get(language, SGP_TEXT_CON_HELP_KEYS));
    for (size_t i = 0; sgp_command_help(language, i, form, sizeof form, &what); i++) {
        sgp_canvas_put(&page, used, 1, FORM, SGP_INK_BOLD, form);
        int rows =
            sgp_canvas_wrap(&page, used, 4, FORM + 2, area.columns - FORM - 3, SGP_INK_PLAIN, what);
        used += rows > 0 ? rows : 1;
    }
    last = used - area.rows + 1 > 0 ? used - area.rows + 1 : 0;
    sgp_canvas_copy(canvas, area.row + 1, area.column, area.rows - 1, area.columns, &page,
                    scroll > last ? last : scroll);
    if (scroll < last)
        sgp_canvas_put_right(canvas, area.row, area.column, area.columns - 2, SGP_INK_BOLD, "▼");
    sgp_canvas_free(&page);
    return used;
}
