/* What a supervisor sees: what waits stands first, then who is at work, then times and load. All
 * ages count on from the moments that the engine told. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "apps/print.h"
#include "console/page.h"

enum { INDENT = 2, QUEUE_COLUMNS = 38, IDLE_LONG_MS = 300000 };

/* ---- queues ------------------------------------------------------------------------------- */

typedef struct queues { /* two or more beside each other where there is room */
    sgp_page *page;
    int n, beside;
} queues;

static void put_queue(queues *q, sgp_ink ink, const char *what, uint32_t n, int64_t oldest_at_ms,
                      char mark, uint64_t oldest) {
    char text[160], time[24] = "", which[32] = "";
    sgp_page *p = q->page;
    if (n == 0)
        return;
    if (oldest_at_ms > 0)
        sgp_short_time(p->model->now_ms - oldest_at_ms, time, sizeof time);
    if (mark != '\0' && oldest != 0)
        snprintf(which, sizeof which, " %c%" PRIu64, mark, oldest);
    int at = q->n % q->beside, column = INDENT + at * QUEUE_COLUMNS;
    if (at == 0 && q->n > 0)
        p->row++;
    snprintf(text, sizeof text, "%3u ", n);
    sgp_canvas_put(&p->canvas, p->row, column, 4, ink | SGP_INK_BOLD, text);
    snprintf(text, sizeof text, "%s %s%s", what, time, which);
    sgp_canvas_put(&p->canvas, p->row, column + 4, QUEUE_COLUMNS - 5, ink, text);
    q->n++;
}

static void put_waiting(queues *q, sgp_ink ink, sgp_text key, const Sigap__V1__Waiting *w,
                        char mark) {
    if (w != NULL)
        put_queue(q, ink, sgp_text_get(q->page->language, key), w->n, w->oldest_at_ms, mark,
                  w->oldest_id);
}

static void tell_queues(sgp_page *p, const Sigap__V1__DeskReport *r) {
    queues q = {.page = p, .beside = p->canvas.columns / QUEUE_COLUMNS};
    sgp_ink urgent = SGP_INK_RED | SGP_INK_BOLD;
    char text[96];
    if (q.beside < 1)
        q.beside = 1;
    put_waiting(&q, urgent, SGP_TEXT_SUP_DISTRESS, r->distress, '\0');
    put_waiting(&q, SGP_INK_GREEN | SGP_INK_BOLD, SGP_TEXT_SUP_RINGING, r->ringing, '\0');
    for (size_t i = 0; i < r->n_without_unit && i <= 4; i++)
        put_queue(&q,
                  i <= 1   ? urgent
                  : i == 2 ? SGP_INK_YELLOW
                           : SGP_INK_PLAIN,
                  sgp_text_fill(text, sizeof text, p->language, SGP_TEXT_SUP_NO_UNIT, "priority",
                                sgp_priority_text(p->language, (int)i), NULL),
                  r->without_unit[i]->n, r->without_unit[i]->oldest_at_ms, '#',
                  r->without_unit[i]->oldest_id);
    put_waiting(&q, SGP_INK_YELLOW, SGP_TEXT_SUP_NO_PLACE, r->without_place, '#');
    put_waiting(&q, urgent, SGP_TEXT_SUP_OVERDUE, r->overdue, '#');
    put_waiting(&q, SGP_INK_YELLOW, SGP_TEXT_SUP_ALERTS, r->alerts, '#');
    put_waiting(&q, SGP_INK_YELLOW, SGP_TEXT_SUP_MISSED, r->missed, '\0');
    put_queue(&q, SGP_INK_PLAIN, sgp_text_get(p->language, SGP_TEXT_SUP_NOT_TAKEN), r->not_taken, 0,
              '\0', 0);
    if (q.n == 0)
        sgp_page_line(p, INDENT, SGP_INK_GREEN, sgp_text_get(p->language, SGP_TEXT_SUP_ALL_CLEAR));
    else
        p->row++;
}

/* ---- who is at work -------------------------------------------------------------------------- */

static void add(sgp_page *p, char *out, size_t capacity, sgp_text key, const char *name,
                const char *value) {
    char part[160];
    size_t used = strlen(out);
    sgp_text_fill(part, sizeof part, p->language, key, name, value, NULL);
    snprintf(out + used, capacity - used, "%s%s", used > 0 ? " · " : "", part);
}

static sgp_text talk_key(const Sigap__V1__AtWork *one) {
    switch (one->ring_state) {
    case SIGAP__V1__RING_STATE__RING_CLAIMED:
        return SGP_TEXT_SUP_TAKING;
    case SIGAP__V1__RING_STATE__RING_HELD:
        return SGP_TEXT_SUP_HOLDS;
    case SIGAP__V1__RING_STATE__RING_ABANDONED:
        return SGP_TEXT_SUP_CALLS_BACK;
    default:
        return SGP_TEXT_SUP_TALKS;
    }
}

static bool has(const Sigap__V1__AtWork *one, uint64_t incident) {
    for (size_t i = 0; i < one->n_incident_ids; i++)
        if (one->incident_ids[i] == incident)
            return true;
    return false;
}

/* "sari   call-taker   ☎ talks 02:10 · has #12 #14 · looks at #12 · idle 00:03 · 12 ms" */
static void tell_person(sgp_page *p, const Sigap__V1__AtWork *one) {
    char text[512] = "", time[24], list[256] = "", number[24], clock[16];
    int64_t now_ms = p->model->now_ms;
    int width = p->canvas.columns;
    bool lost = one->line_lost_at_ms > 0;
    int64_t idle_ms = one->idle_since_ms > 0 ? now_ms - one->idle_since_ms : 0;
    if (lost)
        add(p, text, sizeof text, SGP_TEXT_SUP_LINE_LOST, "time",
            sgp_short_time(now_ms - one->line_lost_at_ms, time, sizeof time));
    if (one->ring_since_ms > 0)
        add(p, text, sizeof text, talk_key(one), "time",
            sgp_short_time(now_ms - one->ring_since_ms, time, sizeof time));
    if (one->in_form)
        add(p, text, sizeof text, SGP_TEXT_SUP_WRITES, "", "");
    for (size_t i = 0; i < one->n_incident_ids; i++) {
        size_t used = strlen(list);
        snprintf(list + used, sizeof list - used, "%s#%" PRIu64, i > 0 ? " " : "",
                 one->incident_ids[i]);
    }
    size_t used = strlen(list);
    if (one->incidents > one->n_incident_ids)
        snprintf(list + used, sizeof list - used, " +%zu", one->incidents - one->n_incident_ids);
    if (list[0] != '\0')
        add(p, text, sizeof text, SGP_TEXT_SUP_HAS, "list", list);
    snprintf(number, sizeof number, "%" PRIu64, one->incident_id);
    if (one->incident_id != 0 && !lost && !one->in_form && !has(one, one->incident_id))
        add(p, text, sizeof text, SGP_TEXT_SUP_LOOKS, "incident", number);
    if (idle_ms > 60000 && !lost)
        add(p, text, sizeof text, SGP_TEXT_SUP_IDLE, "time",
            sgp_short_time(idle_ms, time, sizeof time));
    snprintf(number, sizeof number, "%d", one->round_trip_ms);
    if (one->round_trip_ms > 0 && !lost)
        add(p, text, sizeof text, SGP_TEXT_SUP_LINE, "ms", number);
    snprintf(time, sizeof time, "%.5s", sgp_clock_text(one->since_ms, clock));
    if (one->since_ms > 0)
        add(p, text, sizeof text, SGP_TEXT_SUP_SINCE, "clock", time);
    sgp_ink ink = lost                     ? SGP_INK_RED | SGP_INK_BOLD
                  : idle_ms > IDLE_LONG_MS ? SGP_INK_YELLOW
                                           : SGP_INK_PLAIN;
    sgp_canvas_put(&p->canvas, p->row, INDENT, 10, ink | SGP_INK_BOLD, one->user);
    int rows = sgp_canvas_wrap(&p->canvas, p->row, 2, INDENT + 11, width - INDENT - 12, ink, text);
    p->row += rows > 0 ? rows : 1;
}

static void tell_people(sgp_page *p, const Sigap__V1__DeskReport *r) {
    char text[96], number[24];
    snprintf(number, sizeof number, "%zu", r->n_at_work + r->more_at_work);
    sgp_page_line(
        p, 0, SGP_INK_DIM | SGP_INK_UNDERLINE,
        sgp_text_fill(text, sizeof text, p->language, SGP_TEXT_SUP_PEOPLE, "n", number, NULL));
    for (size_t i = 0; i < r->n_at_work; i++)
        tell_person(p, r->at_work[i]);
    if (r->n_at_work == 0)
        sgp_page_line(p, INDENT, SGP_INK_RED | SGP_INK_BOLD,
                      sgp_text_get(p->language, SGP_TEXT_SUP_NOBODY));
}

/* ---- times and load ----------------------------------------------------------------------------
 */

/* "12/14 85% 00:06 00:21": in time, of how many, median, nine tenths. */
static char *pace_text(sgp_page *p, const Sigap__V1__Pace *pace, char *out, size_t capacity) {
    char in[48] = "", median[24], p90[24];
    if (pace == NULL || pace->n == 0) {
        snprintf(out, capacity, "%s", sgp_text_get(p->language, SGP_TEXT_SUP_PACE_NONE));
        return out;
    }
    if (pace->target_ms > 0)
        snprintf(in, sizeof in, "%u/%u %u%%", pace->in_target, pace->n,
                 pace->in_target * 100 / pace->n);
    else
        snprintf(in, sizeof in, "%u", pace->n);
    snprintf(out, capacity, "%s  %s  %s", in,
             sgp_short_time(pace->median_ms, median, sizeof median),
             sgp_short_time(pace->p90_ms, p90, sizeof p90));
    return out;
}

/* Fewer than nine of ten in time. */
static bool is_slow(const Sigap__V1__Pace *pace) {
    return pace != NULL && pace->target_ms > 0 && pace->n > 0 &&
           pace->in_target * 10 < pace->n * 9;
}

static void tell_pace(sgp_page *p, sgp_text key, const Sigap__V1__Pace *hour,
                      const Sigap__V1__Pace *day) {
    enum { HOUR_COLUMN = 28, DAY_COLUMN = 54 };
    char text[160], target[24] = "", time[24];
    if (hour != NULL && hour->target_ms > 0)
        snprintf(target, sizeof target, " ≤%s", sgp_short_time(hour->target_ms, time, sizeof time));
    snprintf(text, sizeof text, "%s%s", sgp_text_get(p->language, key), target);
    sgp_canvas_put(&p->canvas, p->row, INDENT, HOUR_COLUMN - INDENT - 1, SGP_INK_BOLD, text);
    sgp_ink slow = SGP_INK_YELLOW | SGP_INK_BOLD;
    sgp_canvas_put(&p->canvas, p->row, HOUR_COLUMN, DAY_COLUMN - HOUR_COLUMN - 1,
                   is_slow(hour) ? slow : SGP_INK_PLAIN, pace_text(p, hour, text, sizeof text));
    sgp_canvas_put(&p->canvas, p->row++, DAY_COLUMN, p->canvas.columns - DAY_COLUMN,
                   is_slow(day) ? slow : SGP_INK_PLAIN, pace_text(p, day, text, sizeof text));
}

static void tell_times(sgp_page *p, const Sigap__V1__DeskReport *r) {
    enum { HOUR_COLUMN = 28, DAY_COLUMN = 54 };
    int row = p->row;
    sgp_page_heading(p, SGP_TEXT_SUP_TIMES);
    sgp_canvas_put(&p->canvas, row, HOUR_COLUMN, DAY_COLUMN - HOUR_COLUMN - 1, SGP_INK_DIM,
                   sgp_text_get(p->language, SGP_TEXT_SUP_HOUR));
    sgp_canvas_put(&p->canvas, row, DAY_COLUMN, p->canvas.columns - DAY_COLUMN, SGP_INK_DIM,
                   sgp_text_get(p->language, SGP_TEXT_SUP_DAY));
    tell_pace(p, SGP_TEXT_SUP_ANSWER, r->answer_hour, r->answer_day);
    tell_pace(p, SGP_TEXT_SUP_DECIDE, r->decide_hour, r->decide_day);
}

static void tell_load(sgp_page *p, const Sigap__V1__DeskReport *r) {
    char text[512], n[16], usual[24], days[16], areas[400] = "";
    snprintf(n, sizeof n, "%u", r->calls_hour);
    snprintf(days, sizeof days, "%u", r->days_known);
    snprintf(usual, sizeof usual, "%d.%d", r->calls_usual_permille / 1000,
             r->calls_usual_permille / 100 % 10);
    bool known = r->calls_usual_permille >= 0;
    bool busy = known && r->calls_hour * 1000 > (uint32_t)r->calls_usual_permille * 3 / 2 &&
                r->calls_hour > 5;
    sgp_page_line(p, INDENT, busy ? SGP_INK_YELLOW | SGP_INK_BOLD : SGP_INK_PLAIN,
                  sgp_text_fill(text, sizeof text, p->language,
                                known ? SGP_TEXT_SUP_CALLS : SGP_TEXT_SUP_CALLS_ONLY, "n", n,
                                "usual", usual, "days", days, NULL));
    bool empty = false;
    for (size_t i = 0; i < 2 * r->n_areas; i++) { /* those with nobody first */
        const Sigap__V1__AreaUnits *one = r->areas[i % r->n_areas];
        size_t used = strlen(areas);
        if ((one->free == 0) != (i < r->n_areas))
            continue;
        empty |= one->free == 0;
        snprintf(areas + used, sizeof areas - used, "%s%s %u/%u%s", used > 0 ? " · " : "",
                 one->area, one->free, one->on_duty, one->free == 0 ? "!" : "");
    }
    if (areas[0] != '\0')
        sgp_page_line(p, INDENT, empty ? SGP_INK_YELLOW | SGP_INK_BOLD : SGP_INK_PLAIN,
                      sgp_text_fill(text, sizeof text, p->language, SGP_TEXT_SUP_AREAS, "areas",
                                    areas, NULL));
}

int sgp_screen_supervisor(sgp_canvas *canvas, sgp_area area, const sgp_model *model, int scroll) {
    const Sigap__V1__DeskReport *r = model->report;
    char title[128], time[24];
    sgp_page p;
    if (area.rows < 2)
        return 0;
    snprintf(title, sizeof title, "%s", sgp_text_get(model->language, SGP_TEXT_SUP_TITLE));
    if (r != NULL && model->now_ms - r->at_ms > 10000 && model->line != SGP_LINE_UP)
        snprintf(title, sizeof title, "%s · %s", sgp_text_get(model->language, SGP_TEXT_SUP_TITLE),
                 sgp_short_time(model->now_ms - r->at_ms, time, sizeof time));
    sgp_screen_title(canvas, area, title, true);
    if (!sgp_page_begin(&p, area, model))
        return 0;
    if (r == NULL) {
        sgp_page_line(&p, INDENT, SGP_INK_DIM,
                      sgp_text_get(p.language, model->no_report ? SGP_TEXT_SUP_FOR_DISPATCHERS
                                                                : SGP_TEXT_SUP_LOADING));
        return sgp_page_end(&p, canvas, area, scroll);
    }
    tell_queues(&p, r);
    tell_people(&p, r);
    tell_times(&p, r);
    sgp_page_heading(&p, SGP_TEXT_SUP_LOAD);
    tell_load(&p, r);
    return sgp_page_end(&p, canvas, area, scroll);
}
