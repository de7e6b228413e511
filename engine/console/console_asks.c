/* What the console asks by itself: nothing of it changes anything, so it is asked again at will. */
#include <string.h>

#include "console/chat.h"
#include "console/console_parts.h"

enum {
    DETAIL_EVERY_MS = 1000, /* at most so often while an incident changes */
    LEFT_EVERY_MS = 3000,
    ROUTE_EVERY_MS = 10000,
    INBOUND_EVERY_MS = 20000,
    PAGE_EVERY_MS = 10000, /* what a page shows that no update tells */
    DESK_EVERY_MS = 1000,  /* what is before the user, at most so often while it changes */
    DESK_IDLE_MS = 15000   /* and that keys are typed */
};

/* Long enough ago to be asked again? */
static bool is_time(const sgp_console *c, int query, int64_t every_ms) {
    int64_t ago_ms = c->model.own_now_ms - c->asked_at_ms[query];
    return ago_ms >= every_ms || ago_ms < 0;
}

static bool ask(sgp_console *c, int query, const Sigap__V1__Frame *frame) {
    if (c->host.send(c->host.context, frame, QUERY | (uint64_t)query) != SGP_OK)
        return false;
    c->asked_at_ms[query] = c->model.own_now_ms;
    return true;
}

void sgp_console_forget_questions(sgp_console *c) {
    c->detail_of = c->log_of = c->left_for = c->route_of = 0;
    c->guide_of[0] = '\0';
    memset(c->asked_at_ms, 0, sizeof c->asked_at_ms);
    c->watches_desks = c->model.no_report = false;
    c->told_key_ms = -1; /* it is told anew */
    c->form.waiting = false;
    c->form.asked[0] = '\0';
}

/* ---- the chosen incident ------------------------------------------------------------------ */

static void ask_detail(sgp_console *c, const Sigap__V1__Incident *incident) {
    sgp_request request;
    bool other = c->detail_of != incident->id;
    if (!other &&
        (c->detail_version == incident->version || !is_time(c, QUERY_GET, DETAIL_EVERY_MS)))
        return;
    sgp_request_get(&request, incident->id);
    if (!ask(c, QUERY_GET, &request.frame))
        return;
    c->detail_of = incident->id;
    c->detail_version = incident->version;
}

static void ask_log(sgp_console *c, const Sigap__V1__Incident *incident) {
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    Sigap__V1__GetLog get = SIGAP__V1__GET_LOG__INIT;
    bool other = c->log_of != incident->id;
    uint64_t word = sgp_chat_newest(&c->model, incident->id);
    bool same = c->log_version == incident->version && c->log_word == word;
    if (!other && (same || !is_time(c, QUERY_LOG, DETAIL_EVERY_MS)))
        return;
    get.incident_id = incident->id;
    frame.body_case = SIGAP__V1__FRAME__BODY_GET_LOG;
    frame.get_log = &get;
    if (!ask(c, QUERY_LOG, &frame))
        return;
    c->log_of = incident->id;
    c->log_version = incident->version;
    c->log_word = word;
}

static void ask_guide(sgp_console *c, const Sigap__V1__Incident *incident) {
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    Sigap__V1__GetGuide get = SIGAP__V1__GET_GUIDE__INIT;
    if (incident->complaint[0] == '\0' || strcmp(c->guide_of, incident->complaint) == 0)
        return;
    get.complaint = incident->complaint;
    get.language = (char *)(c->language == SGP_ENGLISH ? "en" : "id");
    frame.body_case = SIGAP__V1__FRAME__BODY_GET_GUIDE;
    frame.get_guide = &get;
    if (ask(c, QUERY_GUIDE, &frame))
        snprintf(c->guide_of, sizeof c->guide_of, "%s", incident->complaint);
}

static void ask_left(sgp_console *c, const Sigap__V1__Incident *incident) {
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    Sigap__V1__AskCoverageLeft left = SIGAP__V1__ASK_COVERAGE_LEFT__INIT;
    const Sigap__V1__Recommendation *advice = sgp_incident_recommendation(&c->model, incident);
    if (advice == NULL || incident->state == SIGAP__V1__INCIDENT_STATE__INCIDENT_CLOSED ||
        advice->id == c->left_for || !is_time(c, QUERY_LEFT, LEFT_EVERY_MS))
        return;
    frame.body_case = SIGAP__V1__FRAME__BODY_ASK_COVERAGE_LEFT;
    frame.ask_coverage_left = &left;
    if (ask(c, QUERY_LEFT, &frame))
        c->left_for = advice->id;
}

/* Who is on the way to the chosen incident, or with its patient to a hospital; NULL: nobody. */
static const Sigap__V1__Assignment *driving(const sgp_console *c,
                                            const Sigap__V1__Incident *incident) {
    for (size_t i = 0; i < incident->n_assignment_ids; i++) {
        const Sigap__V1__Assignment *one =
            sgp_board_assignment(&c->model.narrator.board, incident->assignment_ids[i]);
        if (one != NULL && one->state >= SIGAP__V1__ASSIGNMENT_STATE__ORDERED &&
            one->state <= SIGAP__V1__ASSIGNMENT_STATE__TRANSPORTING &&
            one->state != SIGAP__V1__ASSIGNMENT_STATE__ON_SCENE)
            return one;
    }
    return NULL;
}

static void ask_route(sgp_console *c, const Sigap__V1__Incident *incident) {
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    Sigap__V1__RouteQuery query = SIGAP__V1__ROUTE_QUERY__INIT;
    const Sigap__V1__Assignment *one = driving(c, incident);
    const sgp_board *board = &c->model.narrator.board;
    if (one == NULL) {
        c->dossier.route_unit = 0; /* what is known of its way is over */
        return;
    }
    if (c->route_of == incident->id && !is_time(c, QUERY_ROUTE, ROUTE_EVERY_MS))
        return;
    const Sigap__V1__Unit *unit = sgp_board_unit(board, one->unit_number);
    const Sigap__V1__Hospital *hospital =
        one->state == SIGAP__V1__ASSIGNMENT_STATE__TRANSPORTING
            ? sgp_board_hospital_by_code(board, one->hospital_code)
            : NULL;
    query.to = hospital != NULL ? hospital->point
               : incident->place != NULL && one->state != SIGAP__V1__ASSIGNMENT_STATE__TRANSPORTING
                   ? incident->place->point
                   : NULL;
    query.from = unit == NULL                                  ? NULL
                 : unit->position != NULL && !unit->at_station ? unit->position
                                                               : unit->station_point;
    if (query.to == NULL || query.from == NULL)
        return;
    frame.body_case = SIGAP__V1__FRAME__BODY_ROUTE_QUERY;
    frame.route_query = &query;
    if (!ask(c, QUERY_ROUTE, &frame))
        return;
    c->route_of = incident->id;
    c->dossier.route_unit = one->unit_number;
}

/* ---- everything else ----------------------------------------------------------------------- */

static void ask_place(sgp_console *c) {
    sgp_request request;
    if (!sgp_call_form_asks(&c->form))
        return;
    sgp_request_find(&request, c->form.fields[SGP_FIELD_PLACE].text, true);
    if (ask(c, QUERY_FIND, &request.frame))
        sgp_call_form_asked(&c->form);
}

static void ask_status(sgp_console *c) {
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    Sigap__V1__GetStatus get = SIGAP__V1__GET_STATUS__INIT;
    if (!is_time(c, QUERY_STATUS, STATUS_EVERY_MS))
        return;
    frame.body_case = SIGAP__V1__FRAME__BODY_GET_STATUS;
    frame.get_status = &get;
    (void)ask(c, QUERY_STATUS, &frame);
}

static void ask_inbound(sgp_console *c) {
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    Sigap__V1__AskInbound get = SIGAP__V1__ASK_INBOUND__INIT;
    if (c->pane != PANE_HOSPITALS || !is_time(c, QUERY_INBOUND, INBOUND_EVERY_MS))
        return;
    frame.body_case = SIGAP__V1__FRAME__BODY_ASK_INBOUND;
    frame.ask_inbound = &get;
    (void)ask(c, QUERY_INBOUND, &frame);
}

/* What is before the user, so that others see who works on what. */
static void tell_desk(sgp_console *c) {
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    Sigap__V1__TellDesk tell = SIGAP__V1__TELL_DESK__INIT;
    bool in_form = c->mode == MODE_FORM;
    bool changed = c->told_incident != c->model.incident || c->told_ring != c->form.ring ||
                   c->told_form != in_form || c->told_key_ms < 0;
    bool typed = c->key_ms != c->told_key_ms && is_time(c, QUERY_DESK, DESK_IDLE_MS);
    if ((!changed && !typed) || !is_time(c, QUERY_DESK, DESK_EVERY_MS))
        return;
    tell.incident_id = c->model.incident;
    tell.ring_id = c->form.ring;
    tell.in_form = in_form;
    tell.idle_ms = c->key_ms > 0 ? c->model.own_now_ms - c->key_ms : 0;
    tell.round_trip_ms = c->round_trip_ms;
    frame.body_case = SIGAP__V1__FRAME__BODY_TELL_DESK;
    frame.tell_desk = &tell;
    if (!ask(c, QUERY_DESK, &frame))
        return;
    c->told_incident = c->model.incident;
    c->told_ring = c->form.ring;
    c->told_form = in_form;
    c->told_key_ms = c->key_ms;
}

/* The supervisor's report comes by itself while it is looked at. */
static void watch_desks(sgp_console *c) {
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    Sigap__V1__WatchDesk watch = SIGAP__V1__WATCH_DESK__INIT;
    bool wanted = c->pane == PANE_SUPERVISOR && !c->model.no_report;
    if (wanted == c->watches_desks)
        return;
    watch.ended = !wanted;
    frame.body_case = SIGAP__V1__FRAME__BODY_WATCH_DESK;
    frame.watch_desk = &watch;
    if (ask(c, QUERY_REPORT, &frame))
        c->watches_desks = wanted;
}

static void ask_pages(sgp_console *c) {
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    Sigap__V1__ListDeskHandovers handovers = SIGAP__V1__LIST_DESK_HANDOVERS__INIT;
    Sigap__V1__ListRoadClosures closures = SIGAP__V1__LIST_ROAD_CLOSURES__INIT;
    Sigap__V1__ListMarkedNumbers marks = SIGAP__V1__LIST_MARKED_NUMBERS__INIT;
    bool hand_over = c->pane == PANE_HAND_OVER;
    if (hand_over && is_time(c, QUERY_HANDOVERS, PAGE_EVERY_MS)) {
        frame.body_case = SIGAP__V1__FRAME__BODY_LIST_DESK_HANDOVERS;
        frame.list_desk_handovers = &handovers;
        (void)ask(c, QUERY_HANDOVERS, &frame);
    }
    if (hand_over && is_time(c, QUERY_CLOSURES, PAGE_EVERY_MS)) {
        frame.body_case = SIGAP__V1__FRAME__BODY_LIST_ROAD_CLOSURES;
        frame.list_road_closures = &closures;
        (void)ask(c, QUERY_CLOSURES, &frame);
    }
    if ((hand_over || c->pane == PANE_MARKS) && is_time(c, QUERY_MARKS, PAGE_EVERY_MS)) {
        frame.body_case = SIGAP__V1__FRAME__BODY_LIST_MARKED_NUMBERS;
        frame.list_marked_numbers = &marks;
        (void)ask(c, QUERY_MARKS, &frame);
    }
}

void sgp_console_ask_coverage(sgp_console *c) {
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    Sigap__V1__AskCoverage get = SIGAP__V1__ASK_COVERAGE__INIT;
    frame.body_case = SIGAP__V1__FRAME__BODY_ASK_COVERAGE;
    frame.ask_coverage = &get;
    (void)ask(c, QUERY_COVERAGE, &frame);
}

void sgp_console_questions(sgp_console *c) {
    const Sigap__V1__Incident *incident = sgp_model_incident(&c->model);
    sgp_dossier_open(&c->dossier, c->model.incident);
    if (c->model.line != SGP_LINE_UP)
        return;
    if (incident != NULL) {
        ask_detail(c, incident);
        ask_log(c, incident);
        ask_guide(c, incident);
        ask_left(c, incident);
        if (c->pane == PANE_MAP)
            ask_route(c, incident);
    }
    ask_place(c);
    ask_status(c);
    ask_inbound(c);
    sgp_console_ask_admin(c);
    ask_pages(c);
    watch_desks(c);
    tell_desk(c);
}

/* ---- answers ------------------------------------------------------------------------------- */

static void tell_coverage(sgp_console *c, const Sigap__V1__Coverage *coverage) {
    char line[512], now[16], then[16], gain[16];
    snprintf(now, sizeof now, "%.1f%%", coverage->expected_ppm / 10000.0);
    snprintf(then, sizeof then, "%.1f%%", coverage->moved_ppm / 10000.0);
    sgp_model_log(&c->model, sgp_text_fill(line, sizeof line, c->language, SGP_TEXT_CON_COVERAGE,
                                           "now", now, "then", then, NULL));
    for (size_t i = 0; i < coverage->n_moves; i++) {
        const Sigap__V1__MoveUp *move = coverage->moves[i];
        snprintf(gain, sizeof gain, "%.1f%%", move->gain_ppm / 10000.0);
        sgp_model_log(&c->model, sgp_text_fill(line, sizeof line, c->language,
                                               SGP_TEXT_CON_COVERAGE_MOVE, "unit", move->unit_code,
                                               "station", move->to_station, "gain", gain, NULL));
    }
    c->pane = PANE_LOG;
}

sgp_err sgp_console_answer(sgp_console *c, sgp_link_news *news) {
    sgp_err err = SGP_OK;
    Sigap__V1__Frame *frame = news->frame;
    news->frame = NULL;
    if (news->token == (QUERY | QUERY_FIND)) {
        sgp_call_form_answer(&c->form, frame);
        return SGP_OK;
    }
    if (sgp_console_admin_answer(c, news->token, frame))
        return SGP_OK;
    switch (frame->body_case) {
    case SIGAP__V1__FRAME__BODY_ERROR:
        /* The city is being surveyed: a while later the same question has its answer. */
        if (news->token == (QUERY | QUERY_LEFT))
            c->left_for = 0;
        if (news->token == (QUERY | QUERY_REPORT))
            c->model.no_report = true;
        break;
    case SIGAP__V1__FRAME__BODY_COVERAGE:
        tell_coverage(c, frame->coverage);
        break;
    case SIGAP__V1__FRAME__BODY_LOG:
    case SIGAP__V1__FRAME__BODY_GUIDE:
    case SIGAP__V1__FRAME__BODY_COVERAGE_LEFT:
        sgp_dossier_take(&c->dossier, frame);
        return SGP_OK;
    case SIGAP__V1__FRAME__BODY_ROUTE:
        if (c->route_of == c->model.incident) {
            sgp_dossier_take(&c->dossier, frame);
            return SGP_OK;
        }
        break;
    case SIGAP__V1__FRAME__BODY_PONG:
        if (news->token == (QUERY | QUERY_DESK))
            c->round_trip_ms = (int32_t)(c->model.own_now_ms - c->asked_at_ms[QUERY_DESK]);
        break;
    default: {
        sgp_link_news told = *news;
        told.frame = frame;
        err = sgp_model_take(&c->model, &told);
        if (frame->body_case == SIGAP__V1__FRAME__BODY_INCIDENT_DETAIL && err == SGP_OK) {
            sgp_dossier_take(&c->dossier, frame);
            return SGP_OK;
        }
        if (frame->body_case == SIGAP__V1__FRAME__BODY_STATUS) {
            sgp_admin_take(&c->admin, frame, c->model.own_now_ms);
            return err;
        }
        break;
    }
    }
    sigap__v1__frame__free_unpacked(frame, NULL);
    return err;
}
