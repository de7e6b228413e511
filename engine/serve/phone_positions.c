/* What callers' phones tell of where they are.
 *
 *   ReportPhonePosition   from a partner or a text message gateway, by the caller's number:
 *                         a raw AML message, or a point
 *   LocateCall            a dispatcher's wish for a one-time token, which goes to the phone
 *   ShareMyPosition       from that phone, over HTTP with the token as its only login, or from the
 *                         caller's own page (caller_page.c)
 *
 * All of them become events; what a position does to a call the core decides (phone.h). Of an
 * AML message the number is hashed and the point, its circle, time and method are kept; the
 * rest, which names the telephone and its owner, is forgotten here. Numbers and points never
 * go into the log.
 *
 * A position without a call waits in memory alone: its sender hears that by call_id 0, and
 * may send it again. */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "gis/aml.h"
#include "serve/engine_parts.h"

enum {
    RADIUS_MOST_M = 100000,
    RADIUS_UNKNOWN_M = 2000, /* of a position that says nothing of it: as a cell's */
    FUTURE_MS = 60000,       /* how far ahead a phone's clock may be */
    HOLDER_BYTES_MIN = 16,
    HOLDER_BYTES_MAX = 64,
    CALLS_TRIED = 8 /* newest calls of a number that are looked at for an open one */
};

/* ---- from messages to a fix ----------------------------------------------------------- */

static sgp_phone_method method_of(sgp_aml_method method) {
    switch (method) {
    case SGP_AML_GNSS:
        return SGP_PHONE_GNSS;
    case SGP_AML_WIFI:
        return SGP_PHONE_WIFI;
    case SGP_AML_CELL:
        return SGP_PHONE_CELL;
    case SGP_AML_FUSED:
        return SGP_PHONE_FUSED;
    default:
        return SGP_PHONE_METHOD_UNKNOWN;
    }
}

/* The rules that are the same for all: in the city, a circle, and where a vehicle stands. */
static sgp_err finish_fix(sgp_engine *engine, double lon, double lat, int32_t radius_m,
                          sgp_phone_fix *fix, sgp_fault *fault) {
    sgp_place *place = &fix->place;
    sgp_err err = sgp_point_check(engine, lon, lat, &place->point, fault);
    if (err != SGP_OK)
        return err;
    place->kind = SGP_PLACE_PHONE;
    place->uncertainty_m = radius_m <= 0              ? RADIUS_UNKNOWN_M
                           : radius_m > RADIUS_MOST_M ? RADIUS_MOST_M
                                                      : radius_m;
    snprintf(place->label, sizeof place->label, "%.6f,%.6f", lon, lat);
    sgp_places_add_access(engine, place, 1);
    return SGP_OK;
}

static sgp_err fix_of_point(sgp_engine *engine, const Sigap__V1__PhonePoint *told,
                            sgp_phone_fix *fix, sgp_fault *fault) {
    if (told == NULL || told->point == NULL)
        return sgp_fail(fault, SGP_E_ARGUMENT, "the point is missing");
    if (told->radius_m < 0 || told->radius_m > RADIUS_MOST_M)
        return sgp_fail(fault, SGP_E_RANGE, "radius_m is not between 0 and 100,000");
    if (told->measured_at_ms > sgp_engine_now_ms(engine) + FUTURE_MS)
        return sgp_fail(fault, SGP_E_RANGE, "measured_at_ms lies in the future");
    if ((unsigned)told->method >= SGP_PHONE_METHODS)
        return sgp_fail(fault, SGP_E_RANGE, "the method is unknown");
    fix->measured_at_ms = told->measured_at_ms > 0 ? told->measured_at_ms : 0;
    fix->method = (sgp_phone_method)told->method;
    return finish_fix(engine, told->point->lon, told->point->lat, told->radius_m, fix, fault);
}

static sgp_err read_message(sgp_engine *engine, const Sigap__V1__ReportPhonePosition *told,
                            sgp_aml *aml, sgp_fault *fault) {
    const char *key = engine->settings->aml_form_key;
    sgp_err err;
    switch (told->message_case) {
    case SIGAP__V1__REPORT_PHONE_POSITION__MESSAGE_SMS_TEXT:
        return sgp_aml_read_sms(told->sms_text, aml, fault);
    case SIGAP__V1__REPORT_PHONE_POSITION__MESSAGE_SMS_HEX:
        return sgp_aml_read_sms_hex(told->sms_hex, aml, fault);
    case SIGAP__V1__REPORT_PHONE_POSITION__MESSAGE_SMS_DATA:
        return sgp_aml_read_sms_bytes(told->sms_data.data, told->sms_data.len, aml, fault);
    case SIGAP__V1__REPORT_PHONE_POSITION__MESSAGE_FORM:
        err = *key != '\0' ? sgp_aml_check_form(told->form, key, strlen(key), fault) : SGP_OK;
        return err != SGP_OK ? err : sgp_aml_read_form(told->form, aml, fault);
    default:
        return sgp_fail(fault, SGP_E_ARGUMENT, "give sms_text, sms_data, sms_hex, form or point");
    }
}

/* SGP_E_NOT_FOUND: the phone says that it found no position. `number` is the telephone's. */
static sgp_err fix_of_report(sgp_engine *engine, const Sigap__V1__ReportPhonePosition *told,
                             sgp_phone_fix *fix, char number[SGP_AML_NUMBER_BYTES],
                             sgp_fault *fault) {
    char digits[SGP_NUMBER_DIGITS_MAX + 1];
    sgp_err err = SGP_OK;
    sgp_aml aml = {.version = 0};
    if (told->message_case == SIGAP__V1__REPORT_PHONE_POSITION__MESSAGE_POINT)
        err = fix_of_point(engine, told->point, fix, fault);
    else
        err = read_message(engine, told, &aml, fault);
    /* What the network says of the sender is surer than what the phone says of itself. */
    const char *said = *told->number != '\0' ? told->number : aml.device_number;
    if (err == SGP_OK &&
        (strlen(said) >= SGP_AML_NUMBER_BYTES || !sgp_number_normalise(said, digits)))
        err = sgp_fail(fault, SGP_E_ARGUMENT, "the number is missing, or no telephone's");
    if (err == SGP_OK)
        memcpy(number, said, strlen(said) + 1);
    if (err == SGP_OK && told->message_case != SIGAP__V1__REPORT_PHONE_POSITION__MESSAGE_POINT) {
        fix->method = method_of(aml.method);
        fix->measured_at_ms = aml.time_ms > 0 ? aml.time_ms : 0;
        err = !aml.has_point ? SGP_E_NOT_FOUND
                             : finish_fix(engine, sgp_lon(aml.point), sgp_lat(aml.point),
                                          aml.radius_m, fix, fault);
    }
    sodium_memzero(&aml, sizeof aml);
    sodium_memzero(digits, sizeof digits);
    return err;
}

/* ---- from a fix to an event ------------------------------------------------------------- */

static bool is_open(const sgp_engine *engine, sgp_id id) {
    const sgp_call *call = sgp_world_call(engine->world, id);
    return call != NULL &&
           sgp_world_incident(engine->world, call->incident)->state != SGP_INCIDENT_CLOSED;
}

/* The newest call of that number whose incident is open, 0 = none. */
static sgp_id open_call_of(const sgp_engine *engine, const char *number) {
    for (size_t nth = 0; nth < CALLS_TRIED; nth++) {
        sgp_id call = sgp_caller_numbers_find(engine->numbers, number, nth);
        if (call == 0 || is_open(engine, call))
            return call;
    }
    return 0;
}

static void answer_done(sgp_session *session, uint64_t reply_to) {
    Sigap__V1__Done done = SIGAP__V1__DONE__INIT;
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.body_case = SIGAP__V1__FRAME__BODY_DONE;
    frame.done = &done;
    sgp_outbox_answer(session->engine, session->id, reply_to, &frame);
}

/* What was answered before is not judged again. */
static bool answered_before(sgp_session *session, const Sigap__V1__Frame *frame) {
    sgp_reply kept;
    if (!sgp_world_reply(session->engine->world, frame->id.data, session->user, &kept))
        return false;
    sgp_input asked = {.session = session->id, .reply_to = frame->seq};
    sgp_answer_again(session->engine, &asked, &kept);
    return true;
}

static sgp_input *make_input(sgp_session *session, const Sigap__V1__Frame *frame,
                             sgp_event_kind kind) {
    sgp_input *input = sgp_input_create(kind);
    if (input == NULL) {
        sgp_outbox_error(session->engine, session->id, frame->seq, SGP_E_MEMORY, NULL);
        return NULL;
    }
    memcpy(input->event.request_id, frame->id.data, sizeof input->event.request_id);
    memcpy(input->event.actor, session->user, sizeof input->event.actor);
    input->session = session->id;
    input->reply_to = frame->seq;
    return input;
}

static void report(sgp_session *session, const Sigap__V1__Frame *frame) {
    sgp_engine *engine = session->engine;
    sgp_phone_fix fix = {.measured_at_ms = 0};
    char number[SGP_AML_NUMBER_BYTES] = "";
    sgp_fault fault = {.text = ""};
    sgp_err err = fix_of_report(engine, frame->report_phone_position, &fix, number, &fault);
    if (err == SGP_E_NOT_FOUND) {
        answer_done(session, frame->seq);
        return;
    }
    if (err != SGP_OK) {
        engine->measures.denied += err == SGP_E_UNAUTHENTICATED;
        sgp_outbox_error(engine, session->id, frame->seq, err, fault.text);
        sodium_memzero(number, sizeof number);
        return;
    }
    sgp_id call = open_call_of(engine, number);
    if (call == 0) {
        int64_t now_ms = sgp_engine_now_ms(engine);
        if (fix.measured_at_ms <= 0 || fix.measured_at_ms > now_ms)
            fix.measured_at_ms = now_ms; /* not the time at which its call will come */
        err = sgp_caller_numbers_hold(engine->numbers, number, &fix, now_ms);
        if (err != SGP_OK)
            sgp_outbox_error(engine, session->id, frame->seq, err, NULL);
        else
            answer_done(session, frame->seq);
        engine->measures.phones_held += err == SGP_OK;
    } else {
        sgp_input *input = make_input(session, frame, SGP_EVENT_PHONE_POSITION);
        if (input != NULL) {
            input->event.u.phone.call = call;
            input->event.u.phone.fix = fix;
            sgp_inbox_put(engine, input);
            engine->measures.phones_matched++;
        }
    }
    sodium_memzero(number, sizeof number);
}

void sgp_phone_call_received(sgp_engine *engine, sgp_id call, uint64_t cause, const char *number) {
    sgp_phone_fix fixes[SGP_FIXES_OF_NUMBER];
    if (number == NULL || *number == '\0')
        return;
    sgp_caller_numbers_add(engine->numbers, number, call);
    size_t n = sgp_caller_numbers_take(engine->numbers, number, sgp_engine_now_ms(engine), fixes);
    for (size_t i = 0; i < n; i++) {
        sgp_input *input = sgp_input_create(SGP_EVENT_PHONE_POSITION);
        if (input == NULL)
            return;
        input->event.parent = cause;
        input->event.u.phone.call = call;
        input->event.u.phone.fix = fixes[i];
        sgp_inbox_put(engine, input);
        engine->measures.phones_matched++;
    }
}

void sgp_phone_recover(sgp_engine *engine) {
    for (sgp_id id = sgp_world_next_call(engine->world, 0); id != 0;
         id = sgp_world_next_call(engine->world, id)) {
        sgp_personal_copy said = {0};
        bool erased = false;
        if (!is_open(engine, id) ||
            sgp_journal_personal(engine->journal, id, &said, &erased) != SGP_OK)
            continue;
        sgp_caller_numbers_add(engine->numbers, said.caller_number, id);
        sgp_personal_free(&said);
    }
}

/* ---- the one-time token -------------------------------------------------------------------- */

static void locate(sgp_session *session, const Sigap__V1__Frame *frame) {
    const sgp_settings *settings = session->engine->settings;
    sgp_input *input = make_input(session, frame, SGP_EVENT_LOCATE_ASKED);
    if (input == NULL)
        return;
    char hash_text[SGP_TOKEN_HASH_TEXT];
    sgp_token_make(input->locate_token, hash_text);
    sgp_token_hash(input->locate_token, input->event.u.locate.token);
    input->event.u.locate.call = frame->locate_call->call_id;
    input->event.u.locate.valid_ms = settings->locate_valid_ms;
    input->event.u.locate.updates_ms = settings->locate_updates_ms;
    sgp_inbox_put(session->engine, input);
}

void sgp_phone_tell_token(sgp_engine *engine, const sgp_input *input, const sgp_reply *reply) {
    Sigap__V1__LocateToken token = SIGAP__V1__LOCATE_TOKEN__INIT;
    token.call_id = reply->call;
    token.token = (char *)input->locate_token;
    token.valid_until_ms = input->event.at_ms + input->event.u.locate.valid_ms;
    token.updates_ms = input->event.u.locate.updates_ms;
    char link[SGP_LINK_BYTES + SGP_TOKEN_TEXT + 16] = "";
    const char *address = engine->settings->pages_address;
    if (address[0] != '\0') /* after the #, so that no server and no log ever sees it */
        snprintf(link, sizeof link, "%s/caller/#%s", address, input->locate_token);
    token.link = link;
    sgp_pages_replaced(engine, reply->call, input->event.u.locate.token);
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.body_case = SIGAP__V1__FRAME__BODY_LOCATE_TOKEN;
    frame.locate_token = &token;
    sgp_outbox_answer(engine, input->session, input->reply_to, &frame);
    sodium_memzero(link, sizeof link);
}

bool sgp_phone_guest(const sgp_engine *engine, const char *token, sgp_phone_visit *visit) {
    sgp_token_hash(token, visit->token);
    visit->call = sgp_world_call_by_token(engine->world, visit->token);
    visit->user = (sgp_user){.role = SIGAP__V1__ROLE__CALLER};
    /* Each call's phone is somebody of its own: request ids are remembered by who asked. */
    snprintf(visit->user.name, sizeof visit->user.name, "phone-%llu",
             (unsigned long long)visit->call);
    return visit->call != 0;
}

sgp_err sgp_phone_check_door(const sgp_session *session, Sigap__V1__Frame__BodyCase body,
                             sgp_fault *fault) {
    bool shares = body == SIGAP__V1__FRAME__BODY_SHARE_MY_POSITION;
    if (shares && session->phone_call == 0)
        return sgp_fail(fault, SGP_E_PERMISSION,
                        "ShareMyPosition is sent over HTTP with the token of LocateCall");
    if (!shares && session->phone_call != 0 && !session->is_page)
        return sgp_fail(fault, SGP_E_PERMISSION, "this token sends ShareMyPosition only");
    return SGP_OK;
}

static void share(sgp_session *session, const Sigap__V1__Frame *frame) {
    sgp_engine *engine = session->engine;
    const Sigap__V1__ShareMyPosition *told = frame->share_my_position;
    sgp_fault fault = {.text = ""};
    sgp_phone_fix fix = {.measured_at_ms = 0};
    sgp_err err = SGP_OK;
    if (sgp_phone_shares_too_often(engine, session->phone_call))
        err = sgp_fail(&fault, SGP_E_FULL, "positions come faster than one a second");
    else if (!session->is_page &&
             (told->holder.len < HOLDER_BYTES_MIN || told->holder.len > HOLDER_BYTES_MAX))
        err = sgp_fail(&fault, SGP_E_ARGUMENT, "holder has not between %d and %d bytes",
                       HOLDER_BYTES_MIN, HOLDER_BYTES_MAX);
    if (err == SGP_OK)
        err = fix_of_point(engine, told->position, &fix, &fault);
    sgp_input *input = err == SGP_OK ? make_input(session, frame, SGP_EVENT_PHONE_POSITION) : NULL;
    if (err != SGP_OK)
        sgp_outbox_error(engine, session->id, frame->seq, err, fault.text);
    if (input == NULL)
        return;
    input->event.u.phone.call = session->phone_call;
    input->event.u.phone.fix = fix;
    input->event.u.phone.by_token = true;
    memcpy(input->event.u.phone.token, session->phone_token, SGP_HASH_BYTES);
    if (session->is_page) /* which has said who it is */
        memcpy(input->event.u.phone.holder, session->phone_holder, SGP_HASH_BYTES);
    else
        crypto_generichash(input->event.u.phone.holder, SGP_HASH_BYTES, told->holder.data,
                           told->holder.len, NULL, 0);
    sgp_inbox_put(engine, input);
}

/* ---- the door ---------------------------------------------------------------------------- */

bool sgp_phone_request(sgp_session *session, const Sigap__V1__Frame *frame) {
    void (*handle)(sgp_session *, const Sigap__V1__Frame *) =
        frame->body_case == SIGAP__V1__FRAME__BODY_REPORT_PHONE_POSITION ? report
        : frame->body_case == SIGAP__V1__FRAME__BODY_LOCATE_CALL         ? locate
        : frame->body_case == SIGAP__V1__FRAME__BODY_SHARE_MY_POSITION   ? share
                                                                         : NULL;
    if (handle == NULL)
        return false;
    if (!answered_before(session, frame))
        handle(session, frame);
    return true;
}
