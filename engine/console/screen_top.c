#include <inttypes.h>
#include <string.h>

#include "apps/print.h"
#include "apps/ring_told.h"
#include "console/chat.h"
#include "console/screen.h"

char *sgp_short_time(int64_t ms, char *out, size_t capacity) {
    int64_t s = ms / 1000;
    if (ms < 0)
        snprintf(out, capacity, "-");
    else if (s < 3600)
        snprintf(out, capacity, "%02" PRId64 ":%02" PRId64, s / 60, s % 60);
    else if (s < 360000)
        snprintf(out, capacity, "%" PRId64 ":%02" PRId64 ":%02" PRId64, s / 3600, s / 60 % 60,
                 s % 60);
    else
        snprintf(out, capacity, "%" PRId64 " h", s / 3600);
    return out;
}

sgp_ink sgp_priority_ink(int priority) {
    switch (priority) {
    case 0:
    case 1:
        return SGP_INK_RED | SGP_INK_REVERSE | SGP_INK_BOLD;
    case 2:
        return SGP_INK_YELLOW | SGP_INK_BOLD;
    case 3:
        return SGP_INK_GREEN;
    default:
        return SGP_INK_PLAIN;
    }
}

void sgp_screen_title(sgp_canvas *canvas, sgp_area area, const char *title, bool focus) {
    if (area.rows < 1)
        return;
    sgp_canvas_rule(canvas, area.row, area.column, area.columns, SGP_INK_DIM);
    if (area.columns > 6) {
        char text[256];
        snprintf(text, sizeof text, "%s%s ", focus ? "▶" : " ", title);
        sgp_canvas_put(canvas, area.row, area.column + 1, area.columns - 2,
                       focus ? SGP_INK_BOLD : SGP_INK_DIM, text);
    }
}

static const char *line_text(const sgp_model *model, sgp_ink *ink) {
    switch (model->line) {
    case SGP_LINE_UP:
        *ink = SGP_INK_GREEN;
        return sgp_text_get(model->language, SGP_TEXT_CON_UP);
    case SGP_LINE_CATCHING_UP:
        *ink = SGP_INK_YELLOW;
        return sgp_text_get(model->language, SGP_TEXT_CON_CATCHING_UP);
    case SGP_LINE_CONNECTING:
        *ink = SGP_INK_YELLOW | SGP_INK_BOLD;
        return sgp_text_get(model->language, SGP_TEXT_CON_CONNECTING);
    default:
        *ink = SGP_INK_RED | SGP_INK_REVERSE | SGP_INK_BOLD;
        return sgp_text_get(model->language, SGP_TEXT_CON_LOST_SHORT);
    }
}

static void first_line(sgp_canvas *canvas, const sgp_model *model) {
    char clock[16], text[256];
    sgp_ink ink;
    int width = canvas->columns;
    const char *line = line_text(model, &ink);
    sgp_canvas_fill(canvas, 0, 0, width, SGP_INK_REVERSE);
    int right = sgp_columns(line) + 1;
    sgp_canvas_put_right(canvas, 0, 0, width - 1, ink | SGP_INK_REVERSE, line);
    snprintf(text, sizeof text, " SIGAP  %s%s%s  %s  %s", model->narrator.city,
             model->narrator.city_is_sketch ? " " : "",
             model->narrator.city_is_sketch ? sgp_text_get(model->language, SGP_TEXT_SKETCH) : "",
             sgp_clock_text(model->now_ms, clock), model->user);
    int used =
        sgp_canvas_put(canvas, 0, 0, width - right - 1, SGP_INK_REVERSE | SGP_INK_BOLD, text);
    if (model->database_away)
        sgp_canvas_print(canvas, 0, used + 2, width - right - used - 3, SGP_INK_REVERSE, "%s",
                         sgp_text_get(model->language, SGP_TEXT_CON_DATABASE_AWAY));
}

static int piece(sgp_canvas *canvas, int column, sgp_ink ink, const char *text) {
    return column + sgp_canvas_put(canvas, 1, column, canvas->columns - column, ink, text) + 2;
}

/* Who waits and how long; then how many of each priority; then who could go. */
static void second_line(sgp_canvas *canvas, const sgp_model *model) {
    char text[128], a[24], b[24];
    int column = 1;
    if (model->n_waiting > 0) {
        snprintf(a, sizeof a, "%zu", model->n_waiting);
        column = piece(canvas, column, SGP_INK_YELLOW | SGP_INK_BOLD | SGP_INK_REVERSE,
                       sgp_text_fill(text, sizeof text, model->language, SGP_TEXT_CON_COUNT_WAITING,
                                     "n", a, NULL));
        column =
            piece(canvas, column, SGP_INK_BOLD,
                  sgp_text_fill(text, sizeof text, model->language, SGP_TEXT_CON_OLDEST, "time",
                                sgp_short_time(model->oldest_waiting_ms, a, sizeof a), NULL));
    } else {
        column = piece(canvas, column, SGP_INK_DIM,
                       sgp_text_get(model->language, SGP_TEXT_CON_COUNT_NONE));
    }
    if (model->n_overdue > 0) {
        snprintf(a, sizeof a, "%u", model->n_overdue);
        column = piece(
            canvas, column, SGP_INK_RED | SGP_INK_BOLD | SGP_INK_REVERSE,
            sgp_text_fill(text, sizeof text, model->language, SGP_TEXT_CON_OVERDUE, "n", a, NULL));
    }
    for (int i = 0; i <= 4; i++) {
        if (model->by_priority[i] == 0)
            continue;
        snprintf(text, sizeof text, "%s×%u", sgp_priority_text(model->language, i),
                 model->by_priority[i]);
        column = piece(canvas, column,
                       sgp_priority_ink(i) & (sgp_ink) ~(SGP_INK_REVERSE | SGP_INK_BOLD), text) -
                 1;
    }
    snprintf(a, sizeof a, "%zu", model->n_units_free);
    snprintf(b, sizeof b, "%zu", model->n_units_on_duty);
    sgp_text_fill(text, sizeof text, model->language, SGP_TEXT_CON_FREE, "free", a, "duty", b,
                  NULL);
    if (column + sgp_columns(text) < canvas->columns)
        sgp_canvas_put_right(canvas, 1, column, canvas->columns - column - 1,
                             model->n_units_free == 0 && model->n_units_on_duty > 0
                                 ? SGP_INK_RED | SGP_INK_BOLD
                                 : SGP_INK_PLAIN,
                             text);
}

/* What is wrong with the line, over the whole width. false: nothing. */
static bool alarm_text(const sgp_model *model, size_t unanswered, size_t held, char *out,
                       size_t capacity) {
    char time[24], n[24];
    out[0] = '\0';
    if (model->line == SGP_LINE_REFUSED)
        sgp_text_fill(out, capacity, model->language, SGP_TEXT_CON_REFUSED, "reason",
                      model->line_reason, NULL);
    else if (model->line == SGP_LINE_LOST)
        sgp_text_fill(out, capacity, model->language, SGP_TEXT_CON_LOST, "time",
                      sgp_short_time(model->own_now_ms - model->line_since_ms, time, sizeof time),
                      "reason", model->line_reason, NULL);
    else if (model->line == SGP_LINE_CONNECTING && model->line_reason[0] != '\0')
        sgp_text_fill(out, capacity, model->language, SGP_TEXT_CON_NOT_YET, "reason",
                      model->line_reason, NULL);
    size_t used = strlen(out);
    if (held > 0) {
        snprintf(n, sizeof n, "%zu", held);
        if (used > 0 && used + 4 < capacity)
            used += (size_t)snprintf(out + used, capacity - used, " · ");
        sgp_text_fill(out + used, capacity - used, model->language, SGP_TEXT_CON_HELD, "n", n,
                      NULL);
    } else if (unanswered > 0 && model->line != SGP_LINE_UP) {
        /* Before the reason, which is the longest and the least. */
        char before[760], first[256];
        snprintf(n, sizeof n, "%zu", unanswered);
        sgp_text_fill(first, sizeof first, model->language, SGP_TEXT_CON_UNANSWERED, "n", n, NULL);
        snprintf(before, sizeof before, "%.750s", out);
        snprintf(out, capacity, "%s%s%s", first, before[0] != '\0' ? " · " : "", before);
    }
    return out[0] != '\0';
}

/* A crew that calls for help stands above all else until somebody has cleared it. false: none. */
static bool distress_text(const sgp_model *model, char *out, size_t capacity) {
    char time[24], more[32] = "", where[64] = "";
    const Sigap__V1__Unit *unit =
        model->distress != 0 ? sgp_board_unit(&model->narrator.board, model->distress) : NULL;
    if (unit == NULL)
        return false;
    if (model->n_distress > 1)
        snprintf(more, sizeof more, " (+%zu)", model->n_distress - 1);
    if (unit->incident_id != 0)
        snprintf(where, sizeof where, " #%" PRIu64, unit->incident_id);
    sgp_text_fill(out, capacity, model->language, SGP_TEXT_CON_DISTRESS, "unit", unit->code, "time",
                  sgp_short_time(model->now_ms - unit->distress_at_ms, time, sizeof time), "where",
                  where, "more", more, NULL);
    return true;
}

/* The first crew that does not answer whether all is well. */
static bool silence_text(const sgp_model *model, char *out, size_t capacity) {
    const sgp_shelf *shelf = &model->narrator.board.units;
    char times[16];
    for (size_t i = 0; i < shelf->n && model->n_silent > 0; i++) {
        const Sigap__V1__Unit *unit = (const Sigap__V1__Unit *)shelf->items[i].message;
        const Sigap__V1__Assignment *job = sgp_unit_assignment(model, unit);
        if (job == NULL || job->welfare_alarms == 0)
            continue;
        snprintf(times, sizeof times, "%u", job->welfare_alarms);
        sgp_text_fill(out, capacity, model->language, SGP_TEXT_CON_SILENT, "unit", unit->code, "n",
                      times, NULL);
        return true;
    }
    return false;
}

/* "2 RINGING  00:07  +62…  ! prank" */
static bool ring_text(const sgp_model *model, char *out, size_t capacity) {
    char n[24], time[24], caller[160], missed[64] = "";
    const Sigap__V1__Ring *ring =
        model->ringing != 0 ? sgp_model_ring(model, model->ringing) : NULL;
    snprintf(n, sizeof n, "%zu", model->n_missed);
    if (model->n_missed > 0)
        sgp_text_fill(missed, sizeof missed, model->language, SGP_TEXT_CON_MISSED, "n", n, NULL);
    if (ring == NULL) {
        snprintf(out, capacity, "%s", missed);
        return model->n_missed > 0;
    }
    snprintf(caller, sizeof caller, "%s%s%s%s", ring->line, ring->line[0] != '\0' ? " " : "",
             sgp_ring_caller_text(model->language, ring), ring->nuisance != NULL ? " !" : "");
    snprintf(n, sizeof n, "%zu", model->n_ringing);
    sgp_text_fill(out, capacity, model->language, SGP_TEXT_CON_RINGING, "n", n, "time",
                  sgp_short_time(sgp_ring_waited_ms(ring, model->now_ms), time, sizeof time),
                  "caller", caller, "missed", missed, NULL);
    return true;
}

/* No telephone can be seen to ring while its exchange is away. */
static bool exchange_text(const sgp_model *model, char *out, size_t capacity) {
    char time[24];
    for (size_t i = 0; i < model->n_exchanges; i++) {
        const sgp_exchange_state *one = &model->exchanges[i];
        if (!one->away)
            continue;
        sgp_text_fill(out, capacity, model->language, SGP_TEXT_DESK_EXCHANGE_AWAY, "name",
                      one->name, "time",
                      sgp_short_time(model->now_ms - one->since_ms, time, sizeof time), "reason",
                      one->fault, NULL);
        return true;
    }
    return false;
}

static int alarm_row(sgp_canvas *canvas, int row, sgp_ink colour, const char *text) {
    sgp_ink ink = SGP_INK_REVERSE | SGP_INK_BOLD | colour;
    sgp_canvas_fill(canvas, row, 0, canvas->columns, ink);
    sgp_canvas_put(canvas, row, 1, canvas->columns - 2, ink, text);
    return row + 1;
}

int sgp_screen_top(sgp_canvas *canvas, const sgp_model *model, size_t unanswered, size_t held) {
    char text[1024];
    int row = 2;
    first_line(canvas, model);
    second_line(canvas, model);
    if (distress_text(model, text, sizeof text))
        row = alarm_row(canvas, row, SGP_INK_RED, text);
    if (alarm_text(model, unanswered, held, text, sizeof text))
        row =
            alarm_row(canvas, row, model->line == SGP_LINE_UP ? SGP_INK_YELLOW : SGP_INK_RED, text);
    if (exchange_text(model, text, sizeof text))
        row = alarm_row(canvas, row, SGP_INK_RED, text);
    if (ring_text(model, text, sizeof text))
        row = alarm_row(canvas, row, model->n_ringing > 0 ? SGP_INK_GREEN : SGP_INK_YELLOW, text);
    if (sgp_chat_text(model, text, sizeof text))
        row = alarm_row(canvas, row, SGP_INK_CYAN, text);
    if (silence_text(model, text, sizeof text))
        row = alarm_row(canvas, row, SGP_INK_YELLOW, text);
    return row;
}
