#include "apps/place_table.h"
#include "apps/crew_session.h"

#include "apps/call_told.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "apps/narrator.h"
#include "apps/print.h"
#include "apps/shift_told.h"
#include "base/clock.h"
#include "serve/device.h"

enum {
    SLICE_MS = 200, /* how often a waiting crew looks whether it should stop */
    FIRST_DELAY_MS = 200,
    LONGEST_DELAY_MS = 5000,
    BUSY_DELAY_MS = 500,
    WORTH_TELLING_M = 10 /* of a walk */
};

typedef struct session {
    const sgp_crew_job *job;
    const atomic_bool *stop;
    sgp_client *client;
    sgp_crew_driver driver;
    sgp_crew_phase told_phase;
    bool pending; /* an unanswered request */
    sgp_crew_action pending_action;
    uint8_t pending_id[16];
    bool logged_in_once;
    sgp_point own_station;
    uint64_t move_up; /* to be answered, 0 = none */
    unsigned assignments_ended;
    Sigap__V1__Priority priority; /* of the order, as it was told last */
    sgp_point place;              /* likewise */
    uint64_t premises; /* the versions of the premise notes that were told last, together */
    Sigap__V1__Frame *hospitals;      /* HospitalPage */
    char destination[SGP_CODE_BYTES]; /* of the order, where it is a transfer; "" = to be found */
    sgp_point destination_point;
    bool is_asked;      /* whether all is well */
    sgp_device *device; /* what it has heard of orders, and acknowledges */
} session;

static void tell(session *s, sgp_crew_news news, const char *detail) {
    if (s->job->tell != NULL)
        s->job->tell(s->job->ctx, &s->driver, news, detail);
}

static void pause_ms(const atomic_bool *stop, int64_t ms) {
    int64_t end_us = sgp_monotonic_us() + ms * 1000;
    while (!atomic_load(stop)) {
        int64_t left_us = end_us - sgp_monotonic_us();
        if (left_us <= 0)
            return;
        if (left_us > SLICE_MS * 1000)
            left_us = SLICE_MS * 1000;
        struct timespec slice = {left_us / 1000000, left_us % 1000000 * 1000};
        nanosleep(&slice, NULL);
    }
}

static bool to_point(const Sigap__V1__Point *message, sgp_point *point) {
    return message != NULL && sgp_point_from_degrees(message->lon, message->lat, point) == SGP_OK;
}

/* ---- what the engine pushes ------------------------------------------------------ */

static void hear_move_up(session *s, const Sigap__V1__MoveUpOrder *order) {
    sgp_point place = s->own_station;
    bool on = order->post != NULL && order->post->state != SIGAP__V1__POST_STATE__POST_NONE &&
              to_point(order->post->point, &place);
    char text[512];
    sgp_crew_wait_at(&s->driver, sgp_monotonic_us(), place);
    if (on && order->post->state == SIGAP__V1__POST_STATE__POST_ORDERED)
        s->move_up = order->post->move_up_id;
    sgp_text_fill(text, sizeof text, s->job->connection->language,
                  on ? SGP_TEXT_CREW_MOVE_UP : SGP_TEXT_CREW_MOVE_UP_END, "unit", s->job->crew.unit,
                  "place", on ? order->post->name : "", NULL);
    tell(s, SGP_CREW_NEWS_ORDER, text);
}

static void hear_order(session *s, const Sigap__V1__Order *message) {
    sgp_crew_order order = {.assignment = message->assignment_id,
                            .incident = message->incident_id,
                            .state = (sgp_assignment_state)message->state};
    s->destination[0] = '\0';
    if (message->destination != NULL &&
        to_point(message->destination->point, &s->destination_point))
        snprintf(s->destination, sizeof s->destination, "%s", message->destination->code);
    order.has_place = message->place != NULL && to_point(message->place->point, &order.place);
    bool is_new = order.assignment != s->driver.order.assignment;
    uint64_t premises =
        0; /* of the notes that were told last; each change makes a greater version */
    for (size_t i = 0; i < message->n_premises; i++)
        premises += message->premises[i]->version;
    bool tells = is_new || premises != s->premises;
    s->premises = premises;
    bool changed = message->priority != s->priority || !sgp_point_equal(order.place, s->place);
    s->priority = message->priority;
    s->place = order.place;
    sgp_crew_hear_order(&s->driver, sgp_monotonic_us(), &order);
    sgp_language language = s->job->connection->language;
    for (size_t i = 0; tells && i < message->n_premises; i++) {
        char note[2300];
        tell(s, SGP_CREW_NEWS_NOTE,
             sgp_premise_text(language, message->premises[i], note, sizeof note));
    }
    if (!is_new && !changed)
        return;
    if (is_new)
        s->driver.station = s->own_station; /* a job ends a move-up */
    char place[512], access[256] = "", number[24], text[1024];
    snprintf(number, sizeof number, "%" PRIu64, message->incident_id);
    sgp_place_text(message->place, place, sizeof place);
    if (message->place != NULL)
        sgp_place_access_text(language, message->place, access, sizeof access);
    if (access[0] != '\0')
        snprintf(place + strlen(place), sizeof place - strlen(place), "; %s", access);
    if (message->destination != NULL)
        snprintf(place + strlen(place), sizeof place - strlen(place), " → %s",
                 message->destination->name);
    sgp_text_fill(
        text, sizeof text, language, is_new ? SGP_TEXT_CREW_ORDER : SGP_TEXT_CREW_ORDER_CHANGED,
        "unit", s->job->crew.unit, "priority", sgp_priority_text(language, (int)message->priority),
        "incident", number, "complaint", sgp_complaint_text(language, message->complaint), "place",
        place, NULL);
    tell(s, SGP_CREW_NEWS_ORDER, text);
}

static void tell_hospital(session *s, const char *code, const char *name) {
    char place[256], plain[128], text[512];
    snprintf(place, sizeof place, "%s %s", code, sgp_plain_text(name, plain, sizeof plain));
    tell(s, SGP_CREW_NEWS_HOSPITAL,
         sgp_text_fill(text, sizeof text, s->job->connection->language, SGP_TEXT_CREW_DESTINATION,
                       "place", place, NULL));
}

static void hear_destination(session *s, const Sigap__V1__Destination *message) {
    sgp_point point;
    if (to_point(message->point, &point) &&
        sgp_crew_hear_destination(&s->driver, message->assignment_id, message->hospital_code,
                                  point))
        tell_hospital(s, message->hospital_code, message->name);
}

static sgp_err hear(session *s, const Sigap__V1__Frame *frame, sgp_fault *fault) {
    sgp_order_heard heard;
    sgp_err err = sgp_device_hear(s->device, frame, sgp_wall_ms(), &heard, fault);
    if (err != SGP_OK || heard == SGP_HEARD_OLD)
        return err; /* an engine that has been replaced orders nobody */
    switch (frame->body_case) {
    case SIGAP__V1__FRAME__BODY_ORDER:
        hear_order(s, frame->order);
        return SGP_OK;
    case SIGAP__V1__FRAME__BODY_MOVE_UP_ORDER:
        hear_move_up(s, frame->move_up_order);
        return SGP_OK;
    case SIGAP__V1__FRAME__BODY_ORDER_WITHDRAWN:
        if (sgp_crew_hear_withdrawal(&s->driver, sgp_monotonic_us(),
                                     frame->order_withdrawn->assignment_id)) {
            s->assignments_ended++;
            tell(s, SGP_CREW_NEWS_WITHDRAWN, frame->order_withdrawn->reason);
        }
        return SGP_OK;
    case SIGAP__V1__FRAME__BODY_DESTINATION:
        hear_destination(s, frame->destination);
        return SGP_OK;
    case SIGAP__V1__FRAME__BODY_WELFARE_CHECK:
        s->is_asked = true;
        return SGP_OK;
    case SIGAP__V1__FRAME__BODY_ERROR:
        return sgp_fail(fault, SGP_E_NETWORK, "%s", frame->error->message);
    default:
        return SGP_OK;
    }
}

/* Waits at most timeout_ms for one push and hears it, then all that lie ready. */
static sgp_err hear_pushes(session *s, int64_t timeout_ms, sgp_fault *fault) {
    for (;;) {
        Sigap__V1__Frame *frame = NULL;
        sgp_err err = sgp_client_next_push(s->client, timeout_ms, &frame, fault);
        if (err == SGP_E_TIMEOUT)
            return SGP_OK;
        if (err != SGP_OK)
            return err;
        err = hear(s, frame, fault);
        sigap__v1__frame__free_unpacked(frame, NULL);
        if (err != SGP_OK)
            return err;
        timeout_ms = 0;
    }
}

/* ---- what the crew asks ----------------------------------------------------------- */

static sgp_err ask(session *s, Sigap__V1__Frame *request, Sigap__V1__Frame__BodyCase expected,
                   Sigap__V1__Frame **reply, sgp_fault *fault) {
    Sigap__V1__Frame *answer = NULL;
    sgp_err err = sgp_client_request(s->client, request, 0, &answer, fault);
    if (err != SGP_OK)
        return err;
    if (answer->body_case != expected) {
        sigap__v1__frame__free_unpacked(answer, NULL);
        return sgp_fail(fault, SGP_E_FORMAT,
                        "the engine answered with something else than was asked for");
    }
    *reply = answer;
    return SGP_OK;
}

static Sigap__V1__Point degrees(sgp_point point) {
    Sigap__V1__Point message = SIGAP__V1__POINT__INIT;
    message.lon = sgp_lon(point);
    message.lat = sgp_lat(point);
    return message;
}

static bool is_connection_error(sgp_err err) {
    return err == SGP_E_NETWORK || err == SGP_E_TIMEOUT || err == SGP_E_IO;
}

static void tell_step(session *s, const Sigap__V1__RouteStep *step) {
    char text[512];
    if (step->instruction[0] == '\0')
        return;
    if (step->length_m > 0)
        snprintf(text, sizeof text, "%s (%" PRId64 " m)", step->instruction, step->length_m);
    else
        snprintf(text, sizeof text, "%s", step->instruction);
    tell(s, SGP_CREW_NEWS_STEP, text);
}

/* The last metres, from where the vehicle stands. */
static void tell_walk(session *s, int64_t metres) {
    char number[24], text[128];
    snprintf(number, sizeof number, "%" PRId64, metres);
    tell(s, SGP_CREW_NEWS_STEP,
         sgp_text_fill(text, sizeof text, s->job->connection->language, SGP_TEXT_CREW_WALK,
                       "metres", number, NULL));
}

static sgp_err ask_route(session *s, const sgp_crew_action *action, sgp_fault *fault) {
    Sigap__V1__Point from = degrees(action->point), to = degrees(action->to);
    Sigap__V1__RouteQuery query = SIGAP__V1__ROUTE_QUERY__INIT;
    query.from = &from;
    query.to = &to;
    if (s->job->tell != NULL)
        query.language = (char *)(s->job->connection->language == SGP_ENGLISH ? "en" : "id");
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT, *reply = NULL;
    request.body_case = SIGAP__V1__FRAME__BODY_ROUTE_QUERY;
    request.route_query = &query;
    sgp_err err = ask(s, &request, SIGAP__V1__FRAME__BODY_ROUTE, &reply, fault);
    if (is_connection_error(err))
        return err;
    const Sigap__V1__Route *route = err == SGP_OK ? reply->route : NULL;
    /* The engine may hand out times for every point or none. */
    size_t n = route != NULL && route->duration_ms >= 0 && route->n_at_ms == route->n_points
                   ? route->n_points
                   : 0;
    sgp_point *points = n > 0 ? malloc(n * sizeof *points) : NULL;
    if (n > 0 && points == NULL) {
        err = SGP_E_MEMORY;
    } else {
        for (size_t i = 0; i < n; i++)
            if (!to_point(route->points[i], &points[i]))
                n = 0;
        err = sgp_crew_take_route(&s->driver, sgp_monotonic_us(), points,
                                  n > 0 ? route->at_ms : NULL, n, n > 0 ? route->walk_to_ms : 0);
    }
    for (size_t i = 0; n > 0 && i < route->n_steps; i++)
        tell_step(s, route->steps[i]);
    if (n > 0 && route->n_steps > 0 && route->on_foot_to_m >= WORTH_TELLING_M)
        tell_walk(s, route->on_foot_to_m);
    free(points);
    if (reply != NULL)
        sigap__v1__frame__free_unpacked(reply, NULL);
    return err;
}

static sgp_err fetch_hospitals(session *s, sgp_fault *fault) {
    if (s->hospitals != NULL)
        return SGP_OK;
    Sigap__V1__ListHospitals list = SIGAP__V1__LIST_HOSPITALS__INIT;
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT;
    request.body_case = SIGAP__V1__FRAME__BODY_LIST_HOSPITALS;
    request.list_hospitals = &list;
    return ask(s, &request, SIGAP__V1__FRAME__BODY_HOSPITAL_PAGE, &s->hospitals, fault);
}

/* The one that the engine advises, or a person has chosen. */
static sgp_err ask_hospital(session *s, const sgp_crew_action *action, sgp_fault *fault) {
    if (s->destination[0] != '\0') {
        sgp_crew_take_hospital(&s->driver, s->destination, s->destination_point);
        return SGP_OK;
    }
    sgp_err err = fetch_hospitals(s, fault);
    if (is_connection_error(err))
        return err;
    Sigap__V1__AskHospital which = SIGAP__V1__ASK_HOSPITAL__INIT;
    which.assignment_id = s->driver.order.assignment;
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT, *reply = NULL;
    request.body_case = SIGAP__V1__FRAME__BODY_ASK_HOSPITAL;
    request.ask_hospital = &which;
    uint8_t id[16];
    sgp_frame_set_id(&request, id);
    if (err == SGP_OK)
        err = ask(s, &request, SIGAP__V1__FRAME__BODY_HOSPITAL_ADVICE, &reply, fault);
    if (is_connection_error(err))
        return err;
    const Sigap__V1__HospitalAdvice *advice = err == SGP_OK ? reply->hospital_advice : NULL;
    const char *code = advice == NULL                   ? ""
                       : advice->chosen_code[0] != '\0' ? advice->chosen_code
                       : advice->n_options > 0          ? advice->options[0]->hospital_code
                                                        : "";
    const Sigap__V1__HospitalPage *page = s->hospitals != NULL ? s->hospitals->hospital_page : NULL;
    const Sigap__V1__Hospital *hospital = NULL;
    for (size_t i = 0; page != NULL && i < page->n_hospitals && hospital == NULL; i++)
        if (strcmp(page->hospitals[i]->code, code) == 0)
            hospital = page->hospitals[i];
    sgp_point point = action->point;
    if (hospital != NULL && to_point(hospital->point, &point)) {
        sgp_crew_take_hospital(&s->driver, hospital->code, point);
        tell_hospital(s, hospital->code, hospital->name);
    } else {
        sgp_crew_take_hospital(&s->driver, "", action->point);
    }
    if (reply != NULL)
        sigap__v1__frame__free_unpacked(reply, NULL);
    return SGP_OK;
}

/* Whose shift it is, until when, and who comes next. An engine without a roster has nothing to say.
 */
static sgp_err tell_shift(session *s, sgp_fault *fault) {
    Sigap__V1__ListShifts list = SIGAP__V1__LIST_SHIFTS__INIT;
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT, *reply = NULL;
    request.body_case = SIGAP__V1__FRAME__BODY_LIST_SHIFTS;
    request.list_shifts = &list;
    sgp_err err = ask(s, &request, SIGAP__V1__FRAME__BODY_SHIFT_PAGE, &reply, fault);
    if (err != SGP_OK)
        return is_connection_error(err) ? err : SGP_OK;
    char text[768] = "";
    const Sigap__V1__ShiftPage *page = reply->shift_page;
    if (page->n_rows == 1)
        sgp_own_shift_text(s->job->connection->language, page, page->rows[0], text, sizeof text);
    if (text[0] != '\0')
        tell(s, SGP_CREW_NEWS_NOTE, text);
    sigap__v1__frame__free_unpacked(reply, NULL);
    return SGP_OK;
}

/* Sends the pending request with its id; SGP_OK also where the engine refused. */
static sgp_err send_pending(session *s, sgp_fault *fault) {
    const sgp_crew_action *action = &s->pending_action;
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT, *reply = NULL;
    Sigap__V1__SetDuty set_duty = SIGAP__V1__SET_DUTY__INIT;
    Sigap__V1__SignOnCrew sign_on = SIGAP__V1__SIGN_ON_CREW__INIT;
    Sigap__V1__AnswerOrder answer = SIGAP__V1__ANSWER_ORDER__INIT;
    Sigap__V1__AdvanceAssignment advance = SIGAP__V1__ADVANCE_ASSIGNMENT__INIT;
    Sigap__V1__ReportPosition report = SIGAP__V1__REPORT_POSITION__INIT;
    Sigap__V1__Point point = degrees(action->point);
    request.id.data = s->pending_id;
    request.id.len = sizeof s->pending_id;
    switch (action->deed) {
    case SGP_CREW_SIGN_ON:
        sign_on.crew = (char **)(uintptr_t)s->job->people;
        sign_on.n_crew = s->job->n_people;
        set_duty.on_duty = true;
        request.body_case = SIGAP__V1__FRAME__BODY_SET_DUTY;
        request.set_duty = &set_duty;
        if (s->job->n_people > 0) {
            request.body_case = SIGAP__V1__FRAME__BODY_SIGN_ON_CREW;
            request.sign_on_crew = &sign_on;
        }
        break;
    case SGP_CREW_ANSWER:
        answer.assignment_id = action->assignment;
        answer.accept = action->accept;
        answer.reason = (char *)action->reason;
        request.body_case = SIGAP__V1__FRAME__BODY_ANSWER_ORDER;
        request.answer_order = &answer;
        break;
    case SGP_CREW_ADVANCE:
        advance.assignment_id = action->assignment;
        advance.state = (Sigap__V1__AssignmentState)action->state;
        advance.hospital_code = (char *)action->hospital;
        request.body_case = SIGAP__V1__FRAME__BODY_ADVANCE_ASSIGNMENT;
        request.advance_assignment = &advance;
        break;
    default:
        report.point = &point;
        request.body_case = SIGAP__V1__FRAME__BODY_REPORT_POSITION;
        request.report_position = &report;
        break;
    }
    sgp_err err = ask(s, &request, SIGAP__V1__FRAME__BODY_DONE, &reply, fault);
    if (is_connection_error(err) || err == SGP_E_MEMORY || err == SGP_E_UNAUTHENTICATED)
        return err;
    s->pending = false;
    int64_t now_us = sgp_monotonic_us();
    if (err == SGP_OK) {
        sigap__v1__frame__free_unpacked(reply, NULL);
        bool ends = action->deed == SGP_CREW_ADVANCE && action->state == SGP_ASSIGNMENT_CLOSED;
        if (ends && action->assignment == s->driver.order.assignment)
            s->assignments_ended++;
        if (action->deed == SGP_CREW_ANSWER && !action->accept)
            tell(s, SGP_CREW_NEWS_DECLINED, action->reason);
        bool signs_on = action->deed == SGP_CREW_SIGN_ON;
        sgp_crew_done(&s->driver, now_us, action);
        if (signs_on)
            return tell_shift(s, fault);
    } else if (err == SGP_E_FULL) {
        /* The engine has no room now: the same wish again, a little later, as a new request. */
        pause_ms(s->stop, BUSY_DELAY_MS);
    } else {
        tell(s, SGP_CREW_NEWS_REFUSED, fault->text);
        sgp_crew_refused(&s->driver, now_us, action);
    }
    return SGP_OK;
}

/* ---- the session ------------------------------------------------------------------- */

static void hang_up(session *s) {
    sgp_client_close(s->client);
    s->client = NULL;
    if (s->device != NULL)
        sgp_device_line_broke(s->device);
}

static sgp_err log_in(session *s, sgp_fault *fault) {
    Sigap__V1__Frame *welcome = NULL;
    sgp_err err =
        sgp_options_connect(s->job->connection, s->job->token, &s->client, &welcome, fault);
    if (err != SGP_OK)
        return err;
    const Sigap__V1__Unit *unit =
        welcome != NULL && welcome->body_case == SIGAP__V1__FRAME__BODY_WELCOME
            ? welcome->welcome->unit
            : NULL;
    sgp_point station, position = {0, 0};
    if (unit != NULL && to_point(unit->station_point, &station))
        sgp_crew_place(&s->driver, station, to_point(unit->position, &position), position);
    s->own_station = s->driver.station;
    /* A motorbike or a fire engine treats and helps; it brings nobody to a hospital. */
    if (unit != NULL && unit->kind != SIGAP__V1__UNIT_KIND__AMBULANCE_BASIC &&
        unit->kind != SIGAP__V1__UNIT_KIND__AMBULANCE_ADVANCED)
        s->driver.options.no_transport = true;
    if (unit != NULL && strcmp(unit->code, s->job->crew.unit) != 0)
        err = sgp_fail(fault, SGP_E_MISMATCH, "the token belongs to %s, not to %s", unit->code,
                       s->job->crew.unit);
    if (welcome != NULL)
        sigap__v1__frame__free_unpacked(welcome, NULL);
    if (err != SGP_OK)
        hang_up(s);
    return err;
}

/* A simulated crew goes where it is sent. */
static sgp_err answer_move_up(session *s, sgp_fault *fault) {
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT, *reply = NULL;
    Sigap__V1__AnswerMoveUp answer = SIGAP__V1__ANSWER_MOVE_UP__INIT;
    uint8_t id[16];
    answer.move_up_id = s->move_up;
    answer.accept = true;
    request.body_case = SIGAP__V1__FRAME__BODY_ANSWER_MOVE_UP;
    request.answer_move_up = &answer;
    sgp_frame_set_id(&request, id);
    sgp_err err = ask(s, &request, SIGAP__V1__FRAME__BODY_DONE, &reply, fault);
    if (is_connection_error(err))
        return err;
    s->move_up = 0; /* refused: it is over, or was answered by radio */
    if (err == SGP_OK)
        sigap__v1__frame__free_unpacked(reply, NULL);
    return SGP_OK;
}

/* One deed; errors are the connection's. */
/* A simulated crew is always well. What the engine refuses is settled by then. */
static sgp_err answer_welfare(session *s, sgp_fault *fault) {
    Sigap__V1__AnswerWelfare answer = SIGAP__V1__ANSWER_WELFARE__INIT;
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT, *reply = NULL;
    request.body_case = SIGAP__V1__FRAME__BODY_ANSWER_WELFARE;
    request.answer_welfare = &answer;
    s->is_asked = false;
    sgp_err err = ask(s, &request, SIGAP__V1__FRAME__BODY_DONE, &reply, fault);
    if (err == SGP_OK)
        sigap__v1__frame__free_unpacked(reply, NULL);
    return is_connection_error(err) ? err : SGP_OK;
}

/* The device has what was told; what the crew says of it comes later. *done: nothing waits. */
static sgp_err acknowledge(session *s, bool *done, sgp_fault *fault) {
    Sigap__V1__Frame *request = NULL, *reply = NULL;
    bool kept;
    sgp_err err = sgp_device_next(s->device, sgp_wall_ms(), &request, fault);
    *done = err != SGP_OK || request == NULL;
    if (*done)
        return err;
    err = ask(s, request, SIGAP__V1__FRAME__BODY_DONE, &reply, fault);
    sigap__v1__frame__free_unpacked(request, NULL);
    sgp_err settled = sgp_device_answered(s->device, err, reply, &kept, fault);
    if (reply != NULL)
        sigap__v1__frame__free_unpacked(reply, NULL);
    *done = kept; /* once more, a little later */
    return settled != SGP_OK ? settled : is_connection_error(err) ? err : SGP_OK;
}

static sgp_err act(session *s, sgp_fault *fault) {
    sgp_err err = hear_pushes(s, 0, fault);
    for (bool done = false; err == SGP_OK && !done;)
        err = acknowledge(s, &done, fault);
    if (err != SGP_OK)
        return err;
    if (s->pending)
        return send_pending(s, fault);
    if (s->move_up != 0)
        return answer_move_up(s, fault);
    if (s->is_asked)
        return answer_welfare(s, fault);
    sgp_crew_action action;
    int64_t now_us = sgp_monotonic_us();
    sgp_crew_next(&s->driver, now_us, &action);
    if (s->driver.phase != s->told_phase) {
        s->told_phase = s->driver.phase;
        tell(s, SGP_CREW_NEWS_PHASE, "");
    }
    switch (action.deed) {
    case SGP_CREW_WAIT: {
        int64_t left_ms =
            action.at_us == INT64_MAX ? SLICE_MS : (action.at_us - now_us + 999) / 1000;
        return hear_pushes(s, left_ms > SLICE_MS ? SLICE_MS : left_ms > 0 ? left_ms : 1, fault);
    }
    case SGP_CREW_ROUTE:
        return ask_route(s, &action, fault);
    case SGP_CREW_HOSPITAL:
        return ask_hospital(s, &action, fault);
    default: {
        Sigap__V1__Frame id_holder = SIGAP__V1__FRAME__INIT;
        s->pending = true;
        s->pending_action = action;
        sgp_frame_set_id(&id_holder, s->pending_id);
        return send_pending(s, fault);
    }
    }
}

static bool hopeless(sgp_err err) {
    return err == SGP_E_UNAUTHENTICATED || err == SGP_E_PERMISSION || err == SGP_E_ARGUMENT ||
           err == SGP_E_MISMATCH || err == SGP_E_MEMORY;
}

sgp_err sgp_crew_run(const sgp_crew_job *job, const atomic_bool *stop, sgp_fault *fault) {
    session s = {.job = job, .stop = stop};
    sgp_crew_init(&s.driver, &job->crew);
    int64_t delay_ms = FIRST_DELAY_MS;
    sgp_err err = sgp_device_open(NULL, &s.device, fault);
    bool ready = err == SGP_OK;
    while (ready && !atomic_load(stop)) {
        if (s.client == NULL) {
            err = log_in(&s, fault);
            if (err != SGP_OK) {
                if (hopeless(err) || !s.logged_in_once)
                    break;
                pause_ms(stop, delay_ms);
                delay_ms = delay_ms * 2 > LONGEST_DELAY_MS ? LONGEST_DELAY_MS : delay_ms * 2;
                continue;
            }
            tell(&s, SGP_CREW_NEWS_CONNECTED, s.logged_in_once ? "again" : "");
            s.logged_in_once = true;
            delay_ms = FIRST_DELAY_MS;
        }
        err = act(&s, fault);
        if (err == SGP_E_MEMORY)
            break;
        if (err != SGP_OK) {
            tell(&s, SGP_CREW_NEWS_LOST, fault->text);
            hang_up(&s);
            err = SGP_OK;
            continue;
        }
        if (job->once && s.assignments_ended > 0 && s.driver.phase == SGP_CREW_FREE)
            break;
    }
    hang_up(&s);
    sgp_device_close(s.device);
    if (s.hospitals != NULL)
        sigap__v1__frame__free_unpacked(s.hospitals, NULL);
    sgp_crew_deinit(&s.driver);
    return atomic_load(stop) ? SGP_OK : err;
}

/* ---- tokens and fleets -------------------------------------------------------------- */

sgp_err sgp_crew_tokens_read(const char *path, sgp_crew_tokens *tokens, sgp_fault *fault) {
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return sgp_fail(fault, SGP_E_IO, "cannot read the tokens in %s: %s", path, strerror(errno));
    char line[512];
    unsigned number = 0;
    sgp_err err = SGP_OK;
    tokens->n = 0;
    while (err == SGP_OK && fgets(line, sizeof line, file) != NULL) {
        number++;
        char *save = NULL;
        char *unit = strtok_r(line, " \t\r\n", &save);
        char *token = unit != NULL ? strtok_r(NULL, " \t\r\n", &save) : NULL;
        if (unit == NULL || unit[0] == '#')
            continue;
        if (token == NULL || strtok_r(NULL, " \t\r\n", &save) != NULL)
            err =
                sgp_fail(fault, SGP_E_FORMAT, "%s, line %u: expected \"UNIT TOKEN\"", path, number);
        else if (strlen(unit) >= SGP_CODE_BYTES || strlen(token) >= sizeof tokens->crews[0].token)
            err = sgp_fail(fault, SGP_E_FORMAT, "%s, line %u: unit or token is too long", path,
                           number);
        else if (tokens->n == SGP_FLEET_CREWS_MAX)
            err = sgp_fail(fault, SGP_E_FULL, "%s names more than %d crews", path,
                           SGP_FLEET_CREWS_MAX);
        if (err != SGP_OK)
            break;
        strcpy(tokens->crews[tokens->n].unit, unit);
        strcpy(tokens->crews[tokens->n].token, token);
        tokens->n++;
    }
    fclose(file);
    if (err == SGP_OK && tokens->n == 0)
        err = sgp_fail(fault, SGP_E_FORMAT, "%s names no crew", path);
    return err;
}

typedef struct crew_thread {
    pthread_t thread;
    sgp_fleet *fleet;
    sgp_crew_job job;
    sgp_err err;
    sgp_fault fault;
} crew_thread;

struct sgp_fleet {
    atomic_bool stop;
    atomic_size_t running;
    size_t n;
    crew_thread threads[SGP_FLEET_CREWS_MAX];
};

static void *run_crew(void *argument) {
    crew_thread *t = argument;
    t->err = sgp_crew_run(&t->job, &t->fleet->stop, &t->fault);
    atomic_fetch_sub(&t->fleet->running, 1);
    return NULL;
}

sgp_err sgp_fleet_start(const sgp_crew_job *jobs, size_t n, sgp_fleet **fleet, sgp_fault *fault) {
    if (n > SGP_FLEET_CREWS_MAX)
        return sgp_fail(fault, SGP_E_FULL, "at most %d crews", SGP_FLEET_CREWS_MAX);
    sgp_fleet *f = calloc(1, sizeof *f);
    if (f == NULL)
        return sgp_fail(fault, SGP_E_MEMORY, "no memory for the crews");
    for (size_t i = 0; i < n; i++) {
        crew_thread *t = &f->threads[i];
        t->fleet = f;
        t->job = jobs[i];
        atomic_fetch_add(&f->running, 1);
        if (pthread_create(&t->thread, NULL, run_crew, t) != 0) {
            atomic_fetch_sub(&f->running, 1);
            sgp_err err = sgp_fleet_stop(f, NULL);
            (void)err;
            return sgp_fail(fault, SGP_E_MEMORY, "the system allows no more threads");
        }
        f->n++;
    }
    *fleet = f;
    return SGP_OK;
}

size_t sgp_fleet_running(sgp_fleet *fleet) {
    return atomic_load(&fleet->running);
}

sgp_err sgp_fleet_stop(sgp_fleet *fleet, sgp_fault *fault) {
    if (fleet == NULL)
        return SGP_OK;
    atomic_store(&fleet->stop, true);
    sgp_err err = SGP_OK;
    for (size_t i = 0; i < fleet->n; i++) {
        crew_thread *t = &fleet->threads[i];
        pthread_join(t->thread, NULL);
        if (err == SGP_OK && t->err != SGP_OK)
            err = sgp_fail(fault, t->err, "%s: %s", t->job.crew.unit,
                           t->fault.text[0] != '\0' ? t->fault.text : sgp_err_message(t->err));
    }
    free(fleet);
    return err;
}
