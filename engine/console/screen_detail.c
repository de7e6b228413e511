#include <inttypes.h>
#include <string.h>

#include "apps/place_table.h"
#include "apps/planned_told.h"
#include "apps/print.h"
#include "console/page.h"

enum { INDENT = 2 };

static char *time_of(int64_t ms, char *out, size_t capacity) {
    return sgp_short_time(ms, out, capacity);
}

/* ---- what and how urgent ---------------------------------------------------------------- */

static void tell_head(sgp_page *p, const Sigap__V1__Incident *incident) {
    char text[256], time[24], part[96];
    int64_t late_ms;
    int64_t clock_ms = sgp_incident_clock_ms(p->model, incident, &late_ms);
    int column =
        sgp_canvas_print(&p->canvas, p->row, 0, 4, sgp_priority_ink((int)incident->priority),
                         " %s ", sgp_priority_text(p->language, (int)incident->priority));
    snprintf(text, sizeof text, "#%" PRIu64 "  %s", incident->id,
             sgp_complaint_text(p->language, incident->complaint));
    column += 1 + sgp_canvas_put(&p->canvas, p->row, column + 1, p->canvas.columns - column - 12,
                                 SGP_INK_BOLD, text);
    sgp_canvas_put(&p->canvas, p->row++, column + 2, 10, SGP_INK_BOLD,
                   time_of(clock_ms, time, sizeof time));
    int priority = incident->priority >= 1 && incident->priority <= 4 ? (int)incident->priority : 1;
    snprintf(text, sizeof text, "%s", sgp_incident_state_text(p->language, (int)incident->state));
    if (incident->state == SIGAP__V1__INCIDENT_STATE__INCIDENT_CLOSED)
        sgp_text_fill(text, sizeof text, p->language, SGP_TEXT_CON_CLOSED, "outcome",
                      sgp_outcome_text(p->language, (int)incident->outcome), NULL);
    column = INDENT + sgp_canvas_put(&p->canvas, p->row, INDENT, p->canvas.columns - INDENT,
                                     SGP_INK_PLAIN, text);
    if (p->model->target_ms[priority] > 0) {
        sgp_text_fill(part, sizeof part, p->language, SGP_TEXT_CON_TARGET, "time",
                      time_of(p->model->target_ms[priority], time, sizeof time), NULL);
        column += 3 +
                  sgp_canvas_print(&p->canvas, p->row, column, p->canvas.columns - column,
                                   SGP_INK_DIM, " · %s", part) -
                  3;
    }
    if (late_ms > 0) {
        sgp_text_fill(part, sizeof part, p->language, SGP_TEXT_CON_LATE, "time",
                      time_of(late_ms, time, sizeof time), NULL);
        sgp_canvas_print(&p->canvas, p->row, column + 1, p->canvas.columns - column - 1,
                         SGP_INK_RED | SGP_INK_BOLD | SGP_INK_REVERSE, " %s ", part);
    }
    p->row++;
    char number[24];
    if (incident->mass_casualty) {
        snprintf(number, sizeof number, "%u", incident->patients);
        sgp_page_line(
            p, INDENT, SGP_INK_RED | SGP_INK_BOLD,
            sgp_text_fill(part, sizeof part, p->language, SGP_TEXT_CON_MASS, "n", number, NULL));
    }
    if (incident->aid_asked)
        sgp_page_line(p, INDENT, SGP_INK_YELLOW, sgp_text_get(p->language, SGP_TEXT_CON_AID));
    if (incident->units_wanted > 1) {
        snprintf(number, sizeof number, "%u", incident->units_wanted);
        sgp_page_line(
            p, INDENT, SGP_INK_PLAIN,
            sgp_text_fill(part, sizeof part, p->language, SGP_TEXT_CON_WANTED, "n", number, NULL));
    }
}

/* ---- where -------------------------------------------------------------------------------- */

/* With its districts, but none twice. */
static void full_place(const Sigap__V1__Place *place, char *out, size_t capacity) {
    sgp_place_text(place, out, capacity);
    const char *parts[] = {place->kecamatan, place->kabupaten};
    for (size_t i = 0; i < 2; i++) {
        size_t used = strlen(out);
        if (parts[i][0] != '\0' && strstr(out, parts[i]) == NULL)
            snprintf(out + used, capacity - used, ", %s", parts[i]);
    }
}

static char *place_facts(sgp_page *p, const Sigap__V1__Place *place, char *out, size_t capacity) {
    char metres[16], sure[16];
    snprintf(metres, sizeof metres, "%d", place->uncertainty_m);
    snprintf(sure, sizeof sure, "%d", (place->confidence_permille + 5) / 10);
    if (place->precision == SIGAP__V1__PRECISION__PRECISION_UNKNOWN)
        return sgp_text_fill(out, capacity, p->language, SGP_TEXT_CON_PLACE_FACTS_FEW, "kind",
                             sgp_place_kind_text(p->language, (int)place->kind), "metres", metres,
                             "sure", sure, NULL);
    return sgp_text_fill(out, capacity, p->language, SGP_TEXT_CON_PLACE_FACTS, "kind",
                         sgp_place_kind_text(p->language, (int)place->kind), "precision",
                         sgp_precision_text(p->language, (int)place->precision), "metres", metres,
                         "sure", sure, NULL);
}

static bool same_point(const Sigap__V1__Place *a, const Sigap__V1__Place *b) {
    return a != NULL && b != NULL && a->point != NULL && b->point != NULL &&
           a->point->lon == b->point->lon && a->point->lat == b->point->lat;
}

static void tell_candidates(sgp_page *p, const Sigap__V1__Incident *incident,
                            const Sigap__V1__Call *call, int marked) {
    char text[768], place[512], facts[160];
    if (incident->place_confirmed || call == NULL || call->n_places == 0)
        return;
    sgp_page_line(p, 0, SGP_INK_YELLOW | SGP_INK_BOLD,
                  sgp_text_get(p->language, SGP_TEXT_CON_CANDIDATES));
    for (size_t i = 0; i < call->n_places; i++) {
        full_place(call->places[i], place, sizeof place);
        snprintf(text, sizeof text, "%zu) %s%s — %s", i + 1,
                 same_point(incident->place, call->places[i]) ? "✓ " : "", place,
                 place_facts(p, call->places[i], facts, sizeof facts));
        int from = p->row;
        sgp_page_line(p, INDENT, (int)i == marked ? SGP_INK_REVERSE | SGP_INK_BOLD : SGP_INK_PLAIN,
                      text);
        if ((int)i == marked)
            sgp_page_mark(p, from);
    }
}

static void tell_place(sgp_page *p, const Sigap__V1__Incident *incident, int marked) {
    char text[768], access[256], facts[160];
    const Sigap__V1__Call *call =
        sgp_board_call(&p->model->narrator.board, incident->first_call_id);
    if (incident->place == NULL) {
        sgp_page_line(p, INDENT, SGP_INK_YELLOW | SGP_INK_BOLD,
                      sgp_text_get(p->language, call != NULL && call->looking_up
                                                    ? SGP_TEXT_CON_PLACE_LOOKING
                                                    : SGP_TEXT_CON_PLACE_MISSING));
    } else {
        full_place(incident->place, text, sizeof text);
        sgp_page_line(p, INDENT, SGP_INK_BOLD, text);
        snprintf(text, sizeof text, "%s · %s", place_facts(p, incident->place, facts, sizeof facts),
                 sgp_text_get(p->language, incident->place_confirmed ? SGP_TEXT_CON_CONFIRMED
                                                                     : SGP_TEXT_CON_UNCONFIRMED));
        sgp_page_line(p, INDENT,
                      incident->place_confirmed ? SGP_INK_DIM : SGP_INK_YELLOW | SGP_INK_BOLD,
                      text);
        if (sgp_place_access_text(p->language, incident->place, access, sizeof access)[0] != '\0')
            sgp_page_line(p, INDENT, SGP_INK_DIM, access);
    }
    tell_candidates(p, incident, call, marked);
}

/* ---- who called --------------------------------------------------------------------------- */

static void tell_callers(sgp_page *p, const Sigap__V1__Incident *incident) {
    const sgp_board *board = &p->model->narrator.board;
    char text[1536], words[768], number[64], name[128], story[512];
    for (size_t i = 0; i < board->calls.n; i++) {
        const Sigap__V1__Call *call = (const Sigap__V1__Call *)board->calls.items[i].message;
        if (call->incident_id != incident->id)
            continue;
        const Sigap__V1__CallerDetail *said = sgp_board_caller(board, call->id);
        if (said == NULL)
            continue;
        sgp_words_text(said, words, sizeof words);
        sgp_plain_text(said->caller_number, number, sizeof number);
        sgp_plain_text(said->caller_name, name, sizeof name);
        sgp_plain_text(said->narrative, story, sizeof story);
        if (words[0] == '\0' && number[0] == '\0' && name[0] == '\0' && story[0] == '\0')
            continue;
        snprintf(text, sizeof text, "☎ %s%s%s%s%s%s%s", words, number[0] != '\0' ? " · " : "",
                 number, name[0] != '\0' ? " · " : "", name, story[0] != '\0' ? " · " : "", story);
        sgp_page_line(p, INDENT, SGP_INK_CYAN, text);
    }
}

/* ---- units --------------------------------------------------------------------------------- */

/* Ordered, on the crew's device, accepted: how far the word has come. */
static void tell_receipt(sgp_page *p, const Sigap__V1__Assignment *one) {
    const Sigap__V1__Receipt *receipt = one->receipt;
    if (receipt == NULL || receipt->told_seq == 0)
        return;
    bool refused = receipt->refused_epoch != 0;
    bool there = !refused && receipt->heard_seq >= receipt->told_seq;
    if (there && one->state != SIGAP__V1__ASSIGNMENT_STATE__ORDERED)
        return;
    sgp_page_line(p, 2 * INDENT,
                  refused ? SGP_INK_RED | SGP_INK_BOLD
                  : there ? SGP_INK_GREEN
                          : SGP_INK_YELLOW,
                  sgp_text_get(p->language, refused ? SGP_TEXT_CON_RECEIPT_REFUSED
                                            : there ? SGP_TEXT_CON_RECEIPT_RECEIVED
                                                    : SGP_TEXT_CON_RECEIPT_WAITING));
}

static void tell_units(sgp_page *p, const Sigap__V1__Incident *incident) {
    char text[256], time[24], state[96];
    bool any = false;
    for (size_t i = 0; i < incident->n_assignment_ids; i++) {
        const Sigap__V1__Assignment *one =
            sgp_board_assignment(&p->model->narrator.board, incident->assignment_ids[i]);
        if (one == NULL)
            continue;
        if (!any)
            sgp_page_heading(p, SGP_TEXT_CON_ON_IT);
        any = true;
        int64_t since_ms = sgp_assignment_at(one, one->state);
        bool open = sgp_assignment_open(one);
        sgp_text_fill(state, sizeof state, p->language, SGP_TEXT_CON_SINCE, "state",
                      sgp_assignment_state_text(p->language, (int)one->state), "time",
                      open ? sgp_short_time(p->model->now_ms - since_ms, time, sizeof time) : "",
                      NULL);
        snprintf(text, sizeof text, "%-9s %s%s%s%s%s", one->unit_code, state,
                 one->hospital_code[0] != '\0' ? " → " : "", one->hospital_code,
                 one->reason[0] != '\0' ? " · " : "", one->reason);
        sgp_page_line(p, INDENT, open ? SGP_INK_BOLD : SGP_INK_DIM, text);
        if (open)
            tell_receipt(p, one);
        if (open && one->welfare_alarms > 0) {
            snprintf(time, sizeof time, "%u", one->welfare_alarms);
            sgp_page_line(p, 2 * INDENT, SGP_INK_RED | SGP_INK_BOLD | SGP_INK_REVERSE,
                          sgp_text_fill(text, sizeof text, p->language, SGP_TEXT_CREW_SILENT,
                                        "unit", one->unit_code, "n", time, NULL));
        }
    }
}

static const char *exclusion_text(sgp_language language, int exclusion) {
    int last = SGP_TEXT_CON_EXCL_SHIFT_OVER - SGP_TEXT_CON_EXCL_NONE;
    return exclusion < 0 || exclusion > last
               ? "?"
               : sgp_text_get(language, (sgp_text)(SGP_TEXT_CON_EXCL_NONE + exclusion));
}

static void add_part(sgp_page *p, char *out, size_t capacity, sgp_text key, const char *name,
                     const char *value) {
    char part[96];
    size_t used = strlen(out);
    snprintf(out + used, capacity - used, " %s",
             sgp_text_fill(part, sizeof part, p->language, key, name, value, NULL));
}

static void tell_candidate(sgp_page *p, const Sigap__V1__Candidate *c, bool marked) {
    char text[512], total[24], travel[24], turnout[24], time[24], times[160], number[24];
    sgp_short_time(c->total_ms, total, sizeof total);
    sgp_short_time(c->travel_ms, travel, sizeof travel);
    sgp_short_time(c->turnout_ms, turnout, sizeof turnout);
    sgp_text_fill(times, sizeof times, p->language, SGP_TEXT_CON_CANDIDATE_TIME, "total", total,
                  "travel", travel, "turnout", turnout, NULL);
    snprintf(text, sizeof text, "%s%-9s %s", c->seat > 0 ? "★ " : "  ", c->unit_code, times);
    if (c->wait_ms > 0)
        add_part(p, text, sizeof text, SGP_TEXT_CON_CANDIDATE_WAIT, "time",
                 sgp_short_time(c->wait_ms, time, sizeof time));
    if (c->walk_ms > 0)
        add_part(p, text, sizeof text, SGP_TEXT_CON_CANDIDATE_WALK, "time",
                 sgp_short_time(c->walk_ms, time, sizeof time));
    if (c->policy_ms > 0)
        add_part(p, text, sizeof text, SGP_TEXT_CON_CANDIDATE_POLICY, "time",
                 sgp_short_time(c->policy_ms, time, sizeof time));
    const Sigap__V1__Unit *unit = sgp_board_unit_by_code(&p->model->narrator.board, c->unit_code);
    if (c->position_age_ms > 60000 && unit != NULL && !unit->at_station)
        add_part(p, text, sizeof text, SGP_TEXT_CON_CANDIDATE_AGE, "time",
                 sgp_short_time(c->position_age_ms, time, sizeof time));
    if (c->from_incident_id != 0) {
        snprintf(number, sizeof number, "%" PRIu64, c->from_incident_id);
        add_part(p, text, sizeof text, SGP_TEXT_CON_CANDIDATE_FROM, "incident", number);
    }
    int loss_ppm = p->dossier != NULL ? sgp_dossier_loss_ppm(p->dossier, c->unit_code) : -1;
    enum { WORTH_TELLING_PPM = 1000 };
    if (loss_ppm >= WORTH_TELLING_PPM) {
        snprintf(time, sizeof time, "%d.%d", loss_ppm / 10000, loss_ppm / 1000 % 10);
        add_part(p, text, sizeof text, SGP_TEXT_CON_CANDIDATE_LOSS, "loss", time);
    }
    int from = p->row++;
    sgp_canvas_put(&p->canvas, from, INDENT, p->canvas.columns - INDENT - 1,
                   (marked ? SGP_INK_REVERSE : 0) | (c->seat > 0 ? SGP_INK_BOLD : SGP_INK_PLAIN),
                   text);
    if (marked)
        sgp_page_mark(p, from);
}

static bool may_go(const Sigap__V1__Candidate *c) {
    return c->exclusion == SIGAP__V1__EXCLUSION__NOT_EXCLUDED && c->total_ms >= 0;
}

static void tell_excluded(sgp_page *p, const Sigap__V1__Recommendation *r) {
    char text[512], time[24];
    bool any = false;
    for (size_t i = 0; i < r->n_candidates; i++) {
        const Sigap__V1__Candidate *c = r->candidates[i];
        if (may_go(c))
            continue;
        if (!any)
            sgp_page_heading(p, SGP_TEXT_CON_EXCLUDED);
        any = true;
        snprintf(text, sizeof text, "%-9s %s%s%s", c->unit_code,
                 exclusion_text(p->language, (int)c->exclusion), c->total_ms >= 0 ? " · " : "",
                 c->total_ms >= 0 ? sgp_short_time(c->total_ms, time, sizeof time) : "");
        sgp_page_line(p, INDENT, SGP_INK_DIM, text);
    }
}

static void tell_recommendation(sgp_page *p, const Sigap__V1__Incident *incident, int marked) {
    const Sigap__V1__Recommendation *r = sgp_incident_recommendation(p->model, incident);
    char text[320], age[24];
    if (incident->state == SIGAP__V1__INCIDENT_STATE__INCIDENT_CLOSED)
        return;
    if (r == NULL) {
        if (incident->place != NULL)
            sgp_page_line(p, INDENT, SGP_INK_DIM,
                          sgp_text_get(p->language, SGP_TEXT_CON_NO_RECOMMENDATION));
        return;
    }
    sgp_text_fill(text, sizeof text, p->language, SGP_TEXT_CON_RECOMMENDED, "policy", r->policy,
                  "age", sgp_short_time(p->model->now_ms - r->at_ms, age, sizeof age), NULL);
    if (p->dossier != NULL && p->dossier->left != NULL) {
        size_t used = strlen(text);
        int now_ppm = p->dossier->left->coverage_left->expected_ppm;
        snprintf(age, sizeof age, "%d.%d", now_ppm / 10000, now_ppm / 1000 % 10);
        snprintf(text + used, sizeof text - used, " ");
        sgp_text_fill(text + used + 1, sizeof text - used - 1, p->language, SGP_TEXT_CON_COVERED,
                      "share", age, NULL);
    }
    sgp_page_line(p, 0, SGP_INK_DIM | SGP_INK_UNDERLINE, text);
    int nth = 0;
    for (size_t i = 0; i < r->n_candidates && nth < 100; i++)
        if (may_go(r->candidates[i])) {
            tell_candidate(p, r->candidates[i], nth == marked);
            nth++;
        }
    if (nth == 0)
        sgp_page_line(p, INDENT, SGP_INK_RED | SGP_INK_BOLD,
                      sgp_text_get(p->language, SGP_TEXT_RECOMMENDED_NONE));
    for (size_t i = 0; i < r->n_shortfalls; i++) {
        char shortfall[256];
        sgp_shortfall_text(p->language, r->shortfalls[i], shortfall, sizeof shortfall);
        snprintf(text, sizeof text, "%s: %s", sgp_text_get(p->language, SGP_TEXT_CON_SHORTFALL),
                 shortfall);
        sgp_page_line(p, INDENT, SGP_INK_YELLOW | SGP_INK_BOLD, text);
    }
    tell_excluded(p, r);
}

static void tell_alerts(sgp_page *p, const Sigap__V1__Incident *incident) {
    char text[256], time[24];
    for (size_t i = 0; i < incident->n_alerts; i++) {
        const Sigap__V1__Alert *a = incident->alerts[i];
        bool late = a->state == SIGAP__V1__ALERT_STATE__ALERT_OVERDUE;
        if (i == 0)
            sgp_page_heading(p, SGP_TEXT_CON_ALERTS);
        snprintf(text, sizeof text, "%-9s %s %s", a->agency,
                 sgp_text_get(p->language, (sgp_text)(SGP_TEXT_ALERT_UNKNOWN +
                                                      ((unsigned)a->state <= 4 ? a->state : 0))),
                 sgp_short_time(p->model->now_ms - a->alerted_at_ms, time, sizeof time));
        sgp_page_line(p, INDENT, late ? SGP_INK_RED | SGP_INK_BOLD : SGP_INK_PLAIN, text);
    }
}

int sgp_screen_detail(sgp_canvas *canvas, sgp_area area, const sgp_model *model,
                      const sgp_dossier *dossier, sgp_marked marked, int nth, int scroll) {
    const Sigap__V1__Incident *incident = sgp_model_incident(model);
    sgp_page p;
    if (area.rows < 2 || area.columns < 10)
        return 0;
    sgp_screen_title(canvas, area, sgp_text_get(model->language, SGP_TEXT_CON_DETAIL_TITLE),
                     marked != SGP_MARKED_NOTHING);
    if (incident == NULL || !sgp_page_begin(&p, area, model))
        return 0;
    p.dossier = dossier->incident == incident->id ? dossier : NULL;
    tell_head(&p, incident);
    sgp_page_hands(&p, incident);
    sgp_page_warnings(&p, incident);
    tell_place(&p, incident, marked == SGP_MARKED_PLACE ? nth : -1);
    sgp_page_premises(&p);
    tell_callers(&p, incident);
    tell_units(&p, incident);
    sgp_page_hospitals(&p, incident);
    tell_recommendation(&p, incident, marked == SGP_MARKED_UNIT ? nth : -1);
    tell_alerts(&p, incident);
    sgp_page_answers(&p, incident);
    sgp_page_chat(&p, incident);
    sgp_page_notes(&p);
    sgp_page_history(&p);
    return sgp_page_end(&p, canvas, area, scroll);
}
