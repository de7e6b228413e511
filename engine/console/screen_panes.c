/* Hospitals, transfers, telephones. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "apps/hospital_told.h"
#include "apps/print.h"
#include "apps/ring_told.h"
#include "console/page.h"

enum { INDENT = 3 };

/* ---- hospitals ------------------------------------------------------------------------------ */

/* "RSSA  4 beds (03:12 ago)   open   RS Saiful Anwar" */
static void hospital_line(sgp_page *p, const Sigap__V1__Hospital *h) {
    char beds[64], age[24], state[512], until[16], abilities[256];
    int row = p->row++, width = p->canvas.columns;
    sgp_canvas_put(&p->canvas, row, 1, 9, SGP_INK_BOLD, h->code);
    if (h->free_beds >= 0)
        snprintf(beds, sizeof beds, "%d", h->free_beds);
    else
        snprintf(beds, sizeof beds, h->beds_stale ? "(%d)" : "?", h->told_beds);
    sgp_ink ink = h->free_beds == 0 ? SGP_INK_RED | SGP_INK_BOLD
                  : h->beds_stale   ? SGP_INK_YELLOW
                                    : SGP_INK_BOLD;
    sgp_canvas_put_right(&p->canvas, row, 10, 5, ink, beds);
    sgp_canvas_put(&p->canvas, row, 16, 11, h->beds_stale ? SGP_INK_YELLOW : SGP_INK_DIM,
                   h->told_beds_at_ms == 0
                       ? sgp_text_get(p->language, SGP_TEXT_CON_NEVER_TOLD)
                       : sgp_short_time(p->model->now_ms - h->told_beds_at_ms, age, sizeof age));
    int column = 28;
    if (h->diversion != SIGAP__V1__DIVERSION__DIVERSION_OPEN) {
        snprintf(state, sizeof state, " %s%s%s%s%.5s%s%s ",
                 sgp_diversion_text(p->language, (int)h->diversion), h->diverts ? " " : "",
                 h->diverts
                     ? sgp_abilities_text(p->language, h->diverts, abilities, sizeof abilities)
                     : "",
                 h->diverted_until_ms ? " → " : "",
                 h->diverted_until_ms ? sgp_clock_text(h->diverted_until_ms, until) : "",
                 h->diverted_reason[0] ? " · " : "", h->diverted_reason);
        column += 1 + sgp_canvas_put(&p->canvas, row, column, (width - column) * 2 / 3,
                                     SGP_INK_RED | SGP_INK_BOLD | SGP_INK_REVERSE, state);
    }
    sgp_canvas_put(&p->canvas, row, column, width - column - 1, SGP_INK_DIM, h->name);
}

static const Sigap__V1__Inbound *known_arrival(const sgp_model *model, uint64_t assignment) {
    return (const Sigap__V1__Inbound *)sgp_shelf_get(&model->inbound, assignment);
}

/* "   → PSC-01  P1 cardiac arrest #12   arrives in 04:10" */
static void inbound_line(sgp_page *p, const Sigap__V1__Assignment *one) {
    const Sigap__V1__Incident *incident =
        sgp_board_incident(&p->model->narrator.board, one->incident_id);
    const Sigap__V1__Inbound *row = known_arrival(p->model, one->id);
    char text[512], when[128] = "", time[24], age[24];
    int64_t now_ms = p->model->now_ms;
    int64_t there_ms = sgp_assignment_at(one, SIGAP__V1__ASSIGNMENT_STATE__AT_HOSPITAL);
    bool late = one->offload_alarms > 0;
    if (there_ms > 0)
        sgp_text_fill(when, sizeof when, p->language, SGP_TEXT_CON_WAITS_THERE, "time",
                      sgp_short_time(now_ms - there_ms, time, sizeof time), NULL);
    else if (row != NULL && row->arrives_at_ms > 0)
        sgp_text_fill(when, sizeof when, p->language, SGP_TEXT_CON_ARRIVES, "time",
                      sgp_short_time(row->arrives_at_ms > now_ms ? row->arrives_at_ms - now_ms : 0,
                                     time, sizeof time),
                      "age", sgp_short_time(now_ms - row->reckoned_at_ms, age, sizeof age), NULL);
    else
        snprintf(when, sizeof when, "%s", sgp_assignment_state_text(p->language, (int)one->state));
    snprintf(text, sizeof text, "%s %s #%" PRIu64 "  %s · %s", one->unit_code,
             incident != NULL ? sgp_priority_text(p->language, (int)incident->priority) : "",
             one->incident_id, when,
             incident != NULL ? sgp_complaint_text(p->language, incident->complaint) : "");
    sgp_page_line(p, INDENT, late ? SGP_INK_RED | SGP_INK_BOLD : SGP_INK_CYAN, text);
}

static bool goes_to(const Sigap__V1__Assignment *one, const char *hospital) {
    return one->state >= SIGAP__V1__ASSIGNMENT_STATE__ON_SCENE &&
           one->state <= SIGAP__V1__ASSIGNMENT_STATE__AT_HOSPITAL &&
           strcmp(one->hospital_code[0] != '\0' ? one->hospital_code : one->proposed_hospital_code,
                  hospital) == 0;
}

int sgp_screen_hospitals(sgp_canvas *canvas, sgp_area area, const sgp_model *model, int scroll) {
    const sgp_board *board = &model->narrator.board;
    sgp_page p;
    if (area.rows < 2)
        return 0;
    sgp_screen_title(canvas, area, sgp_text_get(model->language, SGP_TEXT_CON_HOSPITALS_TITLE),
                     true);
    if (!sgp_page_begin(&p, area, model))
        return 0;
    for (size_t i = 0; i < board->hospitals.n; i++) {
        const Sigap__V1__Hospital *hospital =
            (const Sigap__V1__Hospital *)board->hospitals.items[i].message;
        if (!sgp_letters_in(model->find, hospital->code) &&
            !sgp_letters_in(model->find, hospital->name))
            continue;
        hospital_line(&p, hospital);
        for (size_t k = 0; k < board->assignments.n; k++) {
            const Sigap__V1__Assignment *one =
                (const Sigap__V1__Assignment *)board->assignments.items[k].message;
            if (goes_to(one, hospital->code))
                inbound_line(&p, one);
        }
    }
    return sgp_page_end(&p, canvas, area, scroll);
}

/* ---- transfers --------------------------------------------------------------------------------
 */

static int by_pick_up(const void *left, const void *right) {
    const Sigap__V1__Transfer *a = *(const Sigap__V1__Transfer *const *)left,
                              *b = *(const Sigap__V1__Transfer *const *)right;
    if (a->pick_up_at_ms != b->pick_up_at_ms)
        return a->pick_up_at_ms < b->pick_up_at_ms ? -1 : 1;
    return (a->id > b->id) - (a->id < b->id);
}

static void transfer_line(sgp_page *p, const Sigap__V1__Transfer *t) {
    char text[512], clock[16], in[24], incident[32] = "", lead[24];
    int64_t left_ms = t->pick_up_at_ms - p->model->now_ms;
    bool due = t->state == SIGAP__V1__TRANSFER_STATE__TRANSFER_DUE, late = left_ms < 0;
    if (t->incident_id != 0)
        snprintf(incident, sizeof incident, " #%" PRIu64, t->incident_id);
    snprintf(text, sizeof text, "%3" PRIu64 " %.5s %s%s  %s → %s  %s%s  %s %s", t->id,
             sgp_clock_text(t->pick_up_at_ms, clock), late ? "!" : "",
             sgp_short_time(late ? -left_ms : left_ms, in, sizeof in), t->from_code, t->to_code,
             sgp_transfer_state_text(p->language, (int)t->state), incident,
             sgp_priority_text(p->language, (int)t->priority),
             t->unit_code[0] != '\0' ? t->unit_code : "-");
    sgp_page_line(p, 1,
                  late  ? SGP_INK_RED | SGP_INK_BOLD
                  : due ? SGP_INK_BOLD
                        : SGP_INK_PLAIN,
                  text);
    if (!due && t->lead_ms > 0) {
        int64_t at_ms = t->pick_up_at_ms - t->lead_ms;
        sgp_text_fill(text, sizeof text, p->language, SGP_TEXT_CON_TRANSFER_DUE, "clock",
                      sgp_clock_text(at_ms, clock), "time",
                      sgp_short_time(at_ms - p->model->now_ms, lead, sizeof lead), NULL);
        sgp_page_line(p, INDENT, SGP_INK_DIM, text);
    }
    for (size_t i = 0; i < t->n_conflicts; i++)
        sgp_page_line(p, INDENT, SGP_INK_YELLOW | SGP_INK_BOLD,
                      sgp_transfer_conflict_text(p->language, (int)t->conflicts[i]));
}

int sgp_screen_transfers(sgp_canvas *canvas, sgp_area area, const sgp_model *model, int scroll) {
    const sgp_shelf *shelf = &model->narrator.board.transfers;
    sgp_page p;
    if (area.rows < 2)
        return 0;
    sgp_screen_title(canvas, area, sgp_text_get(model->language, SGP_TEXT_CON_TRANSFERS_TITLE),
                     true);
    const Sigap__V1__Transfer **open = calloc(shelf->n + 1, sizeof(void *));
    if (open == NULL || !sgp_page_begin(&p, area, model)) {
        free(open);
        return 0;
    }
    size_t n = 0;
    for (size_t i = 0; i < shelf->n; i++) {
        const Sigap__V1__Transfer *one = (const Sigap__V1__Transfer *)shelf->items[i].message;
        if (one->state == SIGAP__V1__TRANSFER_STATE__TRANSFER_PLANNED ||
            one->state == SIGAP__V1__TRANSFER_STATE__TRANSFER_DUE)
            open[n++] = one;
    }
    qsort(open, n, sizeof *open, by_pick_up);
    for (size_t i = 0; i < n; i++)
        transfer_line(&p, open[i]);
    if (n == 0)
        sgp_page_line(&p, 1, SGP_INK_DIM,
                      sgp_text_get(model->language, SGP_TEXT_CON_TRANSFERS_NONE));
    free(open);
    return sgp_page_end(&p, canvas, area, scroll);
}

/* ---- telephones --------------------------------------------------------------------------------
 */

static void ring_line(sgp_page *p, const Sigap__V1__Ring *ring, bool missed) {
    char text[512], time[24], clock[16], call[32] = "";
    if (ring->call_id != 0)
        snprintf(call, sizeof call, " → %" PRIu64, ring->call_id);
    snprintf(text, sizeof text, "%3" PRIu64 " %s %s  %-4s %s%s  %s%s%s%s", ring->id,
             sgp_clock_text(ring->rang_at_ms, clock),
             sgp_short_time(sgp_ring_waited_ms(ring, p->model->now_ms), time, sizeof time),
             ring->line, sgp_ring_caller_text(p->language, ring),
             ring->nuisance != NULL ? " !" : "",
             missed ? sgp_call_back_text(p->language, (int)ring->back_state)
                    : sgp_ring_state_text(p->language, (int)ring->state),
             ring->claimed_by[0] != '\0' || ring->back_by[0] != '\0' ? " " : "",
             missed ? ring->back_by : ring->claimed_by, call);
    bool waits = ring->state == SIGAP__V1__RING_STATE__RINGING;
    sgp_page_line(p, 1,
                  waits    ? SGP_INK_GREEN | SGP_INK_BOLD
                  : missed ? SGP_INK_YELLOW | SGP_INK_BOLD
                           : SGP_INK_PLAIN,
                  text);
}

int sgp_screen_rings(sgp_canvas *canvas, sgp_area area, const sgp_model *model, int scroll) {
    const sgp_shelf *shelf = &model->narrator.board.rings;
    sgp_page p;
    int shown = 0;
    if (area.rows < 2)
        return 0;
    sgp_screen_title(canvas, area, sgp_text_get(model->language, SGP_TEXT_CON_RINGS_TITLE), true);
    if (!sgp_page_begin(&p, area, model))
        return 0;
    for (int missed = 0; missed < 2; missed++)
        for (size_t i = 0; i < shelf->n; i++) {
            const Sigap__V1__Ring *ring = (const Sigap__V1__Ring *)shelf->items[i].message;
            bool over = ring->state == SIGAP__V1__RING_STATE__RING_ENDED ||
                        ring->state == SIGAP__V1__RING_STATE__RING_ABANDONED;
            if (missed ? !sgp_ring_is_missed(ring) : over)
                continue;
            ring_line(&p, ring, missed == 1);
            shown++;
        }
    if (shown == 0)
        sgp_page_line(&p, 1, SGP_INK_DIM, sgp_text_get(model->language, SGP_TEXT_CON_NO_RING));
    return sgp_page_end(&p, canvas, area, scroll);
}
