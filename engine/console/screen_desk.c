/* Who has an incident in hand; the page for who comes; marked numbers. */
#include <inttypes.h>
#include <string.h>

#include "apps/print.h"
#include "apps/hospital_told.h"
#include "apps/ring_told.h"
#include "console/hands.h"
#include "console/page.h"

enum { INDENT = 3 };

/* ---- who has it ------------------------------------------------------------------------ */

/* Who took the telephone that it came by, and is still talking. */
static void tell_talk(sgp_page *p, const Sigap__V1__Incident *incident) {
    char text[160], time[24];
    const Sigap__V1__Call *call =
        sgp_board_call(&p->model->narrator.board, incident->first_call_id);
    const Sigap__V1__Ring *ring = call != NULL ? sgp_model_ring(p->model, call->ring_id) : NULL;
    if (ring == NULL || (ring->state != SIGAP__V1__RING_STATE__RING_ANSWERED &&
                         ring->state != SIGAP__V1__RING_STATE__RING_HELD))
        return;
    sgp_page_line(
        p, INDENT, SGP_INK_CYAN,
        sgp_text_fill(
            text, sizeof text, p->language, SGP_TEXT_DESK_TALKS, "who", ring->claimed_by, "time",
            sgp_short_time(p->model->now_ms - ring->answered_at_ms, time, sizeof time), NULL));
}

void sgp_page_hands(sgp_page *p, const Sigap__V1__Incident *incident) {
    char text[256], time[24];
    if (incident->state == SIGAP__V1__INCIDENT_STATE__INCIDENT_CLOSED)
        return;
    bool mine = sgp_incident_is_mine(p->model, incident);
    bool anothers = sgp_incident_is_anothers(p->model, incident);
    sgp_short_time(p->model->now_ms - incident->taken_at_ms, time, sizeof time);
    sgp_text_fill(text, sizeof text, p->language,
                  mine       ? SGP_TEXT_DESK_I_HAVE
                  : anothers ? SGP_TEXT_DESK_HAS
                             : SGP_TEXT_DESK_NOBODY_HAS,
                  "who", incident->taken_by, "time", time, NULL);
    sgp_page_line(p, INDENT,
                  mine       ? SGP_INK_GREEN
                  : anothers ? SGP_INK_YELLOW | SGP_INK_BOLD | SGP_INK_REVERSE
                             : SGP_INK_DIM,
                  text);
    tell_talk(p, incident);
}

/* ---- what is due next ---------------------------------------------------------------------- */

/* The assignment that has come furthest of those that go on. */
static const Sigap__V1__Assignment *furthest(const sgp_model *model,
                                             const Sigap__V1__Incident *incident) {
    const Sigap__V1__Assignment *best = NULL;
    for (size_t i = 0; i < incident->n_assignment_ids; i++) {
        const Sigap__V1__Assignment *one =
            sgp_board_assignment(&model->narrator.board, incident->assignment_ids[i]);
        if (one != NULL && sgp_assignment_open(one) && (best == NULL || one->state > best->state))
            best = one;
    }
    return best;
}

static char *next_of(const sgp_model *model, const Sigap__V1__Incident *incident, char *out,
                     size_t capacity) {
    const Sigap__V1__Assignment *one = furthest(model, incident);
    char time[24] = "";
    int64_t late_ms, clock_ms = sgp_incident_clock_ms(model, incident, &late_ms), ms = late_ms;
    int priority = incident->priority >= 1 && incident->priority <= 4 ? (int)incident->priority : 1;
    sgp_text key = SGP_TEXT_HAND_NEXT_UNIT;
    if (one == NULL) {
        if (incident->state == SIGAP__V1__INCIDENT_STATE__INCIDENT_LOCATING)
            key = SGP_TEXT_HAND_NEXT_PLACE;
    } else if (one->state <= SIGAP__V1__ASSIGNMENT_STATE__ORDERED) {
        key = SGP_TEXT_HAND_NEXT_ANSWER;
    } else if (one->state <= SIGAP__V1__ASSIGNMENT_STATE__EN_ROUTE) {
        key = late_ms > 0 ? SGP_TEXT_HAND_NEXT_LATE : SGP_TEXT_HAND_NEXT_SCENE;
        if (late_ms == 0)
            ms = model->target_ms[priority] - clock_ms;
    } else if (one->state == SIGAP__V1__ASSIGNMENT_STATE__ON_SCENE) {
        key = one->welfare_due_ms > 0 ? SGP_TEXT_HAND_NEXT_WELFARE : SGP_TEXT_HAND_NEXT_HOSPITAL;
        ms = one->welfare_due_ms > model->now_ms ? one->welfare_due_ms - model->now_ms : 0;
    } else if (one->state == SIGAP__V1__ASSIGNMENT_STATE__TRANSPORTING) {
        key = SGP_TEXT_HAND_NEXT_HOSPITAL;
    } else {
        key = SGP_TEXT_HAND_NEXT_FREE;
        ms = model->now_ms - sgp_assignment_at(one, one->state);
    }
    sgp_short_time(ms, time, sizeof time);
    const char *hospital = one == NULL                     ? ""
                           : one->hospital_code[0] != '\0' ? one->hospital_code
                                                           : one->proposed_hospital_code;
    return sgp_text_fill(out, capacity, model->language, key, "unit",
                         one != NULL ? one->unit_code : "", "time", time, "hospital",
                         hospital[0] != '\0' ? hospital : "?", NULL);
}

static void tell_incident(sgp_page *p, const Sigap__V1__Incident *incident) {
    char text[640], time[24], place[256], next[160], hand[96];
    int64_t late_ms;
    sgp_short_time(sgp_incident_clock_ms(p->model, incident, &late_ms), time, sizeof time);
    sgp_hand_text(p->model, incident, hand, sizeof hand);
    snprintf(text, sizeof text, "%s #%" PRIu64 " %s%s %s · %s%s%s",
             sgp_priority_text(p->language, (int)incident->priority), incident->id, time,
             late_ms > 0 ? "!" : "", sgp_complaint_text(p->language, incident->complaint),
             sgp_place_text(incident->place, place, sizeof place), hand[0] != '\0' ? " · " : "",
             hand);
    sgp_page_line(p, INDENT, late_ms > 0 ? SGP_INK_BOLD : SGP_INK_PLAIN, text);
    bool waits = sgp_incident_waits(incident);
    sgp_page_line(p, 2 * INDENT, waits || late_ms > 0 ? SGP_INK_YELLOW | SGP_INK_BOLD : SGP_INK_DIM,
                  next_of(p->model, incident, next, sizeof next));
}

static void tell_incidents(sgp_page *p, bool mine) {
    bool any = false;
    for (size_t i = 0; i < p->model->n_incidents; i++) {
        const Sigap__V1__Incident *incident =
            sgp_board_incident(&p->model->narrator.board, p->model->incidents[i].id);
        if (incident == NULL || sgp_incident_is_mine(p->model, incident) != mine)
            continue;
        if (!any)
            sgp_page_heading(p, mine ? SGP_TEXT_HAND_MINE : SGP_TEXT_HAND_OPEN);
        any = true;
        tell_incident(p, incident);
    }
}

/* ---- the rest of the page ---------------------------------------------------------------------
 */

static void tell_notes(sgp_page *p) {
    char text[2400], clock[16], short_clock[8], n[16], words[2100];
    const Sigap__V1__DeskHandoverPage *page = p->model->handovers;
    enum { SHOWN = 4 };
    for (size_t i = 0; page != NULL && i < page->n_handovers && i < SHOWN; i++) {
        const Sigap__V1__DeskHandover *one = page->handovers[i];
        if (i == 0)
            sgp_page_heading(p, SGP_TEXT_HAND_NOTES);
        snprintf(short_clock, sizeof short_clock, "%.5s", sgp_clock_text(one->at_ms, clock));
        snprintf(n, sizeof n, "%u", one->incidents);
        sgp_text_fill(text, sizeof text, p->language, SGP_TEXT_HAND_NOTE, "clock", short_clock,
                      "from", one->from, "to",
                      one->to[0] != '\0' ? one->to : sgp_text_get(p->language, SGP_TEXT_HAND_QUEUE),
                      "n", n, "note", sgp_plain_text(one->note, words, sizeof words), NULL);
        sgp_page_line(p, INDENT, i == 0 ? SGP_INK_BOLD : SGP_INK_PLAIN, text);
    }
}

static void tell_telephones(sgp_page *p) {
    char text[128], n[24];
    if (p->model->n_ringing + p->model->n_missed == 0)
        return;
    sgp_page_heading(p, SGP_TEXT_HAND_RINGS);
    snprintf(n, sizeof n, "%zu", p->model->n_ringing);
    if (p->model->n_ringing > 0)
        sgp_page_line(
            p, INDENT, SGP_INK_GREEN | SGP_INK_BOLD,
            sgp_text_fill(text, sizeof text, p->language, SGP_TEXT_HAND_RINGING, "n", n, NULL));
    snprintf(n, sizeof n, "%zu", p->model->n_missed);
    if (p->model->n_missed > 0)
        sgp_page_line(
            p, INDENT, SGP_INK_YELLOW | SGP_INK_BOLD,
            sgp_text_fill(text, sizeof text, p->language, SGP_TEXT_HAND_MISSED, "n", n, NULL));
}

/* Off duty, in danger, silent, or nobody knows where. */
static const char *why_not_ready(const sgp_model *model, const Sigap__V1__Unit *unit, char *out,
                                 size_t capacity) {
    const Sigap__V1__Assignment *job = sgp_unit_assignment(model, unit);
    const Sigap__V1__SignedOn *on = unit->signed_on;
    if (unit->distress_at_ms != 0)
        return sgp_text_get(model->language, SGP_TEXT_CON_SOS);
    if (job != NULL && job->welfare_alarms > 0)
        return sgp_text_get(model->language, SGP_TEXT_CON_NO_ANSWER);
    if (on != NULL && on->absent_until_at_ms > model->now_ms)
        return sgp_text_get(model->language, SGP_TEXT_CON_NOBODY_CAME);
    if (unit->out_of_service)
        return sgp_text_fill(out, capacity, model->language, SGP_TEXT_HAND_OUT, "reason",
                             unit->service_reason, NULL);
    if (!unit->on_duty)
        return sgp_unit_status_text(model->language, (int)SIGAP__V1__UNIT_STATUS__UNIT_OFF_DUTY);
    if (sgp_unit_position_stale(model, unit))
        return sgp_text_get(model->language, SGP_TEXT_CON_EXCL_STALE);
    return NULL;
}

static void tell_units(sgp_page *p) {
    const sgp_shelf *shelf = &p->model->narrator.board.units;
    char text[1200] = "", out[160];
    for (size_t i = 0; i < shelf->n; i++) {
        const Sigap__V1__Unit *unit = (const Sigap__V1__Unit *)shelf->items[i].message;
        const char *why = why_not_ready(p->model, unit, out, sizeof out);
        size_t used = strlen(text);
        if (why != NULL)
            snprintf(text + used, sizeof text - used, "%s%s %s", used > 0 ? " · " : "", unit->code,
                     why);
    }
    if (text[0] == '\0')
        return;
    sgp_page_heading(p, SGP_TEXT_HAND_UNITS);
    sgp_page_line(p, INDENT, SGP_INK_PLAIN, text);
}

static void tell_closures(sgp_page *p) {
    char text[400], clock[16], until[64], by[128];
    const Sigap__V1__RoadClosurePage *page = p->model->closures;
    bool any = false;
    for (size_t i = 0; page != NULL && i < page->n_closures; i++) {
        const Sigap__V1__RoadClosure *one = page->closures[i];
        if (!one->in_force)
            continue;
        if (!any)
            sgp_page_heading(p, SGP_TEXT_HAND_CLOSURES);
        any = true;
        until[0] = '\0';
        snprintf(by, sizeof by, "%.5s", sgp_clock_text(one->until_at_ms, clock));
        if (one->until_at_ms > 0)
            sgp_text_fill(until, sizeof until, p->language, SGP_TEXT_HAND_UNTIL, "clock", by, NULL);
        snprintf(text, sizeof text, "%" PRIu64 " %s%s%s · %s", one->id,
                 one->reason[0] != '\0' ? one->reason : "-", until[0] != '\0' ? " · " : "", until,
                 one->closed_by);
        sgp_page_line(p, INDENT, SGP_INK_PLAIN, text);
    }
}

static void tell_hospitals(sgp_page *p) {
    const sgp_shelf *shelf = &p->model->narrator.board.hospitals;
    char text[400];
    bool any = false;
    for (size_t i = 0; i < shelf->n; i++) {
        const Sigap__V1__Hospital *h = (const Sigap__V1__Hospital *)shelf->items[i].message;
        if (h->diversion == SIGAP__V1__DIVERSION__DIVERSION_OPEN)
            continue;
        if (!any)
            sgp_page_heading(p, SGP_TEXT_HAND_HOSPITALS);
        any = true;
        snprintf(text, sizeof text, "%s %s%s%s", h->code,
                 sgp_diversion_text(p->language, (int)h->diversion),
                 h->diverted_reason[0] != '\0' ? " · " : "", h->diverted_reason);
        sgp_page_line(p, INDENT, SGP_INK_YELLOW | SGP_INK_BOLD, text);
    }
}

static void tell_marked(sgp_page *p) {
    char text[160], n[24];
    if (p->model->marks == NULL || p->model->marks->n_numbers == 0)
        return;
    snprintf(n, sizeof n, "%zu", p->model->marks->n_numbers);
    sgp_page_heading(p, SGP_TEXT_HAND_MARKS);
    sgp_page_line(
        p, INDENT, SGP_INK_PLAIN,
        sgp_text_fill(text, sizeof text, p->language, SGP_TEXT_HAND_MARKED, "n", n, NULL));
}

int sgp_screen_hand_over(sgp_canvas *canvas, sgp_area area, const sgp_model *model, int scroll) {
    sgp_page p;
    if (area.rows < 2)
        return 0;
    sgp_screen_title(canvas, area, sgp_text_get(model->language, SGP_TEXT_HAND_TITLE), true);
    if (!sgp_page_begin(&p, area, model))
        return 0;
    tell_notes(&p);
    tell_telephones(&p);
    tell_incidents(&p, true);
    tell_incidents(&p, false);
    tell_units(&p);
    tell_hospitals(&p);
    tell_closures(&p);
    tell_marked(&p);
    if (p.row == 0)
        sgp_page_line(&p, INDENT, SGP_INK_DIM, sgp_text_get(p.language, SGP_TEXT_CON_NOBODY));
    return sgp_page_end(&p, canvas, area, scroll);
}

/* ---- marked numbers
 * ------------------------------------------------------------------------------- */

static void tell_mark(sgp_page *p, const Sigap__V1__MarkedNumber *one) {
    char text[320], calls[16], until[64], clock[16], number[64];
    const Sigap__V1__Nuisance *why = one->nuisance;
    int64_t until_ms = why != NULL ? why->until_at_ms : 0;
    int64_t days = until_ms > p->model->now_ms ? (until_ms - p->model->now_ms) / 86400000 : 0;
    snprintf(calls, sizeof calls, "%u", why != NULL ? why->calls : 0);
    snprintf(until, sizeof until, "%.5s", sgp_clock_text(until_ms, clock));
    if (days > 0)
        snprintf(until + 5, sizeof until - 5, " +%" PRId64 " d", days);
    sgp_plain_text(one->caller_number, number, sizeof number);
    sgp_page_line(
        p, 1, SGP_INK_BOLD,
        sgp_text_fill(text, sizeof text, p->language, SGP_TEXT_MARKS_ROW, "number",
                      number[0] != '\0' ? number
                                        : sgp_text_get(p->language, SGP_TEXT_MARKS_UNKNOWN),
                      "calls", calls, "until", until, "by",
                      one->marked_by[0] != '\0' ? one->marked_by
                                                : sgp_text_get(p->language, SGP_TEXT_MARKS_RULES),
                      NULL));
    for (size_t i = one->n_calls; i-- > 0;) {
        const Sigap__V1__EarlierCall *call = one->calls[i];
        snprintf(text, sizeof text, "%s #%" PRIu64 " %s%s%s%s%s",
                 sgp_clock_text(call->at_ms, clock), call->incident_id,
                 sgp_outcome_text(p->language, (int)call->outcome),
                 call->complaint[0] != '\0' ? " · " : "",
                 call->complaint[0] != '\0' ? sgp_complaint_text(p->language, call->complaint) : "",
                 call->place[0] != '\0' ? " · " : "", call->place);
        sgp_page_line(p, INDENT + 1, SGP_INK_DIM, text);
    }
}

int sgp_screen_marks(sgp_canvas *canvas, sgp_area area, const sgp_model *model, int scroll) {
    sgp_page p;
    if (area.rows < 2)
        return 0;
    sgp_screen_title(canvas, area, sgp_text_get(model->language, SGP_TEXT_MARKS_TITLE), true);
    if (!sgp_page_begin(&p, area, model))
        return 0;
    for (size_t i = 0; model->marks != NULL && i < model->marks->n_numbers; i++)
        tell_mark(&p, model->marks->numbers[i]);
    if (p.row == 0)
        sgp_page_line(&p, INDENT, SGP_INK_DIM,
                      sgp_text_get(p.language, model->marks == NULL ? SGP_TEXT_SUP_LOADING
                                                                    : SGP_TEXT_MARKS_NONE));
    return sgp_page_end(&p, canvas, area, scroll);
}
