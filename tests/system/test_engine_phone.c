/* What callers' phones tell of where they are: matched by number before and after the call, with a
 * one-time token over HTTP, kept through a kill -9, and no number anywhere on disk or in the log.
 * All numbers are made up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/ids.h"
#include "engine_ask.h"
#include "sigap/core.h"

#define NUMBER_TAIL "81200000"

static int free_port(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, size), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    close(fd);
    return ntohs(address.sin_port);
}

static int start(void **state) {
    (void)state;
    memset(&child, 0, sizeof child);
    child.http_port = free_port();
    child_prepare(&child, "clocks = { order_without_click = []; phone_place_m = 120; };\n"
                          "phones = { aml_form_key = \"kunci\"; };");
    child_start(&child, SIGAPD);
    return 0;
}

static int stop(void **state) {
    (void)state;
    int status = child.pid != 0 ? child_stop(&child, SIGTERM) : 0;
    bool clean = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    if (!clean) {
        char command[160];
        snprintf(command, sizeof command, "tail -n 60 '%s' >&2", child.log);
        (void)!system(command);
    }
    child_clean(&child);
    return clean ? 0 : 1;
}

/* ---- asking -------------------------------------------------------------------- */

static Sigap__V1__Done done_of(sgp_client *client, frame_t *request) {
    frame_t *reply = ask(client, request);
    assert_int_equal(reply->body_case, SIGAP__V1__FRAME__BODY_DONE);
    Sigap__V1__Done done = *reply->done;
    sigap__v1__frame__free_unpacked(reply, NULL);
    return done;
}

static Sigap__V1__Done report_call(sgp_client *client, const char *number, const char *text) {
    Sigap__V1__ReportCall call = SIGAP__V1__REPORT_CALL__INIT;
    call.place_text = (char *)text;
    call.priority = SIGAP__V1__PRIORITY__P3;
    call.complaint = (char *)"fall";
    call.caller_number = (char *)number;
    frame_t request = request_of(SIGAP__V1__FRAME__BODY_REPORT_CALL, &call);
    return done_of(client, &request);
}

/* A message of version 1, measured now. */
static const char *sms_of(double lon, double lat, int radius_m, char method) {
    static char text[256];
    time_t now = (time_t)(sgp_wall_ms() / 1000);
    struct tm utc;
    char top[16];
    gmtime_r(&now, &utc);
    strftime(top, sizeof top, "%Y%m%d%H%M%S", &utc);
    snprintf(text, sizeof text,
             "A\"ML=1;lt=%.5f;lg=%.5f;rd=%d;top=%s;lc=68;pm=%c;si=510100000000000;"
             "ei=123456789012345;mcc=510;mnc=10;ml=126",
             lat, lon, radius_m, top, method);
    return text;
}

static frame_t sms_request(Sigap__V1__ReportPhonePosition *told, const char *number,
                           const char *text) {
    sigap__v1__report_phone_position__init(told);
    told->number = (char *)number;
    told->message_case = SIGAP__V1__REPORT_PHONE_POSITION__MESSAGE_SMS_TEXT;
    told->sms_text = (char *)text;
    return request_of(SIGAP__V1__FRAME__BODY_REPORT_PHONE_POSITION, told);
}

static Sigap__V1__Done send_sms(sgp_client *client, const char *number, const char *text) {
    Sigap__V1__ReportPhonePosition told;
    frame_t request = sms_request(&told, number, text);
    return done_of(client, &request);
}

static frame_t *look(sgp_client *client, uint64_t incident) {
    Sigap__V1__GetIncident get = SIGAP__V1__GET_INCIDENT__INIT;
    get.incident_id = incident;
    frame_t request = request_of(SIGAP__V1__FRAME__BODY_GET_INCIDENT, &get);
    return ask(client, &request);
}

static void pause_10ms(void) {
    struct timespec pause = {0, 10000000};
    nanosleep(&pause, NULL);
}

/* The incident once it is placed there (within some metres); fails after a while. */
static void expect_place(sgp_client *client, uint64_t incident, double lon, double lat,
                         Sigap__V1__PlaceKind kind, bool confirmed) {
    for (int tries = 0; tries < 500; tries++) {
        frame_t *reply = look(client, incident);
        const Sigap__V1__Incident *is = reply->incident_detail->incident;
        bool there = is->place != NULL && is->place->kind == kind &&
                     is->place_confirmed == confirmed && is->place->point->lon > lon - 0.00002 &&
                     is->place->point->lon < lon + 0.00002 &&
                     is->place->point->lat > lat - 0.00002 && is->place->point->lat < lat + 0.00002;
        sigap__v1__frame__free_unpacked(reply, NULL);
        if (there)
            return;
        pause_10ms();
    }
    fail_msg("incident %llu is not at %g,%g", (unsigned long long)incident, lon, lat);
}

/* The radius that the call's phone has told, -1 = nothing. */
static int phone_radius(sgp_client *client, uint64_t incident, Sigap__V1__PhoneMethod *method) {
    frame_t *reply = look(client, incident);
    const Sigap__V1__Call *call = reply->incident_detail->calls[0];
    int radius_m = call->phone != NULL ? call->phone->place->uncertainty_m : -1;
    if (call->phone != NULL)
        *method = call->phone->method;
    sigap__v1__frame__free_unpacked(reply, NULL);
    return radius_m;
}

/* ---- by number ------------------------------------------------------------------- */

static void test_phone_before_the_call(void **state) {
    (void)state;
    sgp_client *local = connect_as(NULL), *partner = connect_as(child.partner);
    Sigap__V1__PhoneMethod method;
    Sigap__V1__Done done = send_sms(partner, "+62 812-0000-0001", sms_of(112.635, -7.965, 15, 'G'));
    assert_int_equal(done.call_id, 0);
    /* A call with nothing but its number. */
    Sigap__V1__Done call = report_call(local, "081200000001", "");
    expect_place(local, call.incident_id, 112.635, -7.965, SIGAP__V1__PLACE_KIND__PHONE, true);
    assert_int_equal(phone_radius(local, call.incident_id, &method), 15);
    assert_int_equal(method, SIGAP__V1__PHONE_METHOD__PHONE_METHOD_GNSS);

    /* A better one moves it; a larger circle right afterwards does not. */
    done = send_sms(partner, "6281200000001", sms_of(112.640, -7.960, 5, 'G'));
    assert_int_equal(done.call_id, call.call_id);
    expect_place(local, call.incident_id, 112.640, -7.960, SIGAP__V1__PLACE_KIND__PHONE, true);
    send_sms(partner, "6281200000001", sms_of(112.632, -7.968, 50, 'W'));
    assert_int_equal(phone_radius(local, call.incident_id, &method), 5);

    /* A person chooses; from then on the phone's position stands beside the place. */
    Sigap__V1__Point point = SIGAP__V1__POINT__INIT;
    Sigap__V1__Place place = SIGAP__V1__PLACE__INIT;
    Sigap__V1__ChoosePlace choose = SIGAP__V1__CHOOSE_PLACE__INIT;
    point.lon = 112.636;
    point.lat = -7.966;
    place.point = &point;
    place.label = (char *)"di depan pasar";
    choose.incident_id = call.incident_id;
    choose.place = &place;
    frame_t request = request_of(SIGAP__V1__FRAME__BODY_CHOOSE_PLACE, &choose);
    done_of(local, &request);
    send_sms(partner, "6281200000001", sms_of(112.634, -7.964, 3, 'G'));
    expect_place(local, call.incident_id, 112.636, -7.966, SIGAP__V1__PLACE_KIND__COORDINATES,
                 true);
    assert_int_equal(phone_radius(local, call.incident_id, &method), 3);
    sgp_client_close(partner);
    sgp_client_close(local);
}

static void test_phone_after_the_call(void **state) {
    (void)state;
    sgp_client *local = connect_as(NULL), *partner = connect_as(child.partner);
    Sigap__V1__PhoneMethod method;
    /* Words that nobody finds: there is no database. */
    Sigap__V1__Done call = report_call(local, "(0812) 00000002", "rumah pagar hijau");
    /* A cell's circle places nothing; it is told. */
    Sigap__V1__Done done = send_sms(partner, "081200000002", sms_of(112.638, -7.962, 900, 'C'));
    assert_int_equal(done.call_id, call.call_id);
    assert_int_equal(phone_radius(local, call.incident_id, &method), 900);
    frame_t *reply = look(local, call.incident_id);
    assert_null(reply->incident_detail->incident->place);
    assert_int_equal(reply->incident_detail->calls[0]->n_places, 1);
    sigap__v1__frame__free_unpacked(reply, NULL);
    /* One within the setting does. */
    send_sms(partner, "081200000002", sms_of(112.637, -7.961, 120, 'W'));
    expect_place(local, call.incident_id, 112.637, -7.961, SIGAP__V1__PLACE_KIND__PHONE, true);

    /* The newest open call of a number gets it. */
    Sigap__V1__CloseIncident close = SIGAP__V1__CLOSE_INCIDENT__INIT;
    Sigap__V1__Done again = report_call(local, "081200000002", "");
    close.incident_id = again.incident_id;
    close.outcome = SIGAP__V1__OUTCOME__PRANK;
    frame_t request = request_of(SIGAP__V1__FRAME__BODY_CLOSE_INCIDENT, &close);
    done_of(local, &request);
    done = send_sms(partner, "081200000002", sms_of(112.637, -7.961, 20, 'W'));
    assert_int_equal(done.call_id, call.call_id);
    sgp_client_close(partner);
    sgp_client_close(local);
}

static void test_phone_refusals(void **state) {
    (void)state;
    sgp_client *partner = connect_as(child.partner), *viewer = connect_as(child.viewer);
    sgp_client *caller = connect_as(child.caller);
    Sigap__V1__ReportPhonePosition told;
    frame_t request = sms_request(&told, "081200000003", sms_of(112.63, -7.97, 10, 'G'));
    ask_wrong(viewer, &request, SGP_E_PERMISSION);
    ask_wrong(caller, &request, SGP_E_PERMISSION);
    request = sms_request(&told, "", sms_of(112.63, -7.97, 10, 'G'));
    assert_non_null(strstr(ask_wrong(partner, &request, SGP_E_ARGUMENT), "number"));
    request = sms_request(&told, "112", sms_of(112.63, -7.97, 10, 'G'));
    ask_wrong(partner, &request, SGP_E_ARGUMENT);
    request = sms_request(&told, "081200000003", "A\"ML=1;lt=x;lg=112.63;rd=10;ml=12");
    assert_non_null(strstr(ask_wrong(partner, &request, SGP_E_RANGE), "lt is no number"));
    request = sms_request(&told, "081200000003", "Halo");
    ask_wrong(partner, &request, SGP_E_FORMAT);
    request = sms_request(&told, "081200000003", sms_of(106.8, -6.2, 10, 'G'));
    assert_non_null(strstr(ask_wrong(partner, &request, SGP_E_RANGE), "nearest road"));
    sigap__v1__report_phone_position__init(&told);
    told.number = (char *)"081200000003";
    request = request_of(SIGAP__V1__FRAME__BODY_REPORT_PHONE_POSITION, &told);
    assert_non_null(strstr(ask_wrong(partner, &request, SGP_E_ARGUMENT), "sms_text"));
    /* Forms must be signed here. */
    told.message_case = SIGAP__V1__REPORT_PHONE_POSITION__MESSAGE_FORM;
    told.form = (char *)"v=1&location_latitude=-7.965&location_longitude=112.635";
    ask_wrong(partner, &request, SGP_E_UNAUTHENTICATED);
    /* printf '%s' '<the form>' | openssl dgst -sha1 -hmac kunci */
    told.form = (char *)"v=1&location_latitude=-7.965&location_longitude=112.635&hmac="
                        "d134d53dd29be9df2a8d84accf1903970ec1fbd4";
    assert_int_equal(done_of(partner, &request).call_id, 0);
    /* A point instead of a message. */
    Sigap__V1__Point point = SIGAP__V1__POINT__INIT;
    Sigap__V1__PhonePoint phone = SIGAP__V1__PHONE_POINT__INIT;
    point.lon = 112.635;
    point.lat = -7.965;
    phone.point = &point;
    phone.radius_m = -1;
    told.message_case = SIGAP__V1__REPORT_PHONE_POSITION__MESSAGE_POINT;
    told.point = &phone;
    assert_non_null(strstr(ask_wrong(partner, &request, SGP_E_RANGE), "radius_m"));
    phone.radius_m = 10;
    phone.measured_at_ms = sgp_wall_ms() + 3600000;
    assert_non_null(strstr(ask_wrong(partner, &request, SGP_E_RANGE), "future"));
    phone.measured_at_ms = 0;
    assert_int_equal(done_of(partner, &request).call_id, 0);
    sgp_client_close(caller);
    sgp_client_close(viewer);
    sgp_client_close(partner);
}

static char answer[64 * 1024];
static int http(const char *method, const char *path, const char *headers, const char *body);

/* The telephone's own form, signed, at the door that needs no login. */
static void test_phone_sends_its_form(void **state) {
    (void)state;
    sgp_client *local = connect_as(NULL);
    Sigap__V1__PhoneMethod method;
    Sigap__V1__Done call = report_call(local, "081200000004", "");
    char form[512], signed_form[600];
    snprintf(form, sizeof form,
             "v=1&device_number=%%2B6281200000004&location_latitude=-7.96500&"
             "location_longitude=112.63500&location_time=%lld&location_accuracy=9.5&"
             "location_source=GPS&location_certainty=83&device_imei=123456789012345",
             (long long)sgp_wall_ms());
    unsigned char digest[20];
    unsigned length = sizeof digest;
    assert_non_null(
        HMAC(EVP_sha1(), "kunci", 5, (const unsigned char *)form, strlen(form), digest, &length));
    int n = snprintf(signed_form, sizeof signed_form, "%s&hmac=", form);
    for (size_t i = 0; i < sizeof digest; i++)
        n += snprintf(signed_form + n, sizeof signed_form - (size_t)n, "%02x", digest[i]);
    const char *type = "Content-Type: application/x-www-form-urlencoded\r\n";
    assert_int_equal(http("POST", "/v1/aml", type, form), 401);
    assert_int_equal(http("GET", "/v1/aml", type, ""), 405);
    signed_form[n - 1] ^= 1;
    assert_int_equal(http("POST", "/v1/aml", type, signed_form), 401);
    signed_form[n - 1] ^= 1;
    assert_int_equal(phone_radius(local, call.incident_id, &method), -1);
    if (http("POST", "/v1/aml", type, signed_form) != 200)
        fail_msg("%s", answer);
    expect_place(local, call.incident_id, 112.635, -7.965, SIGAP__V1__PLACE_KIND__PHONE, true);
    assert_int_equal(phone_radius(local, call.incident_id, &method), 10);
    assert_int_equal(method, SIGAP__V1__PHONE_METHOD__PHONE_METHOD_GNSS);
    assert_int_equal(http("GET", "/metrics", "", ""), 200);
    assert_non_null(strstr(answer, "sigap_phone_positions_matched_total "));
    assert_non_null(strstr(answer, "sigap_phone_positions_waiting "));
    sgp_client_close(local);
}

/* ---- with a token --------------------------------------------------------------------- */

static int http(const char *method, const char *path, const char *headers, const char *body) {
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)child.http_port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    struct timeval wait = {5, 0};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    char text[2048];
    int n = snprintf(text, sizeof text,
                     "%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n%s"
                     "Content-Length: %zu\r\n\r\n%s",
                     method, path, headers, strlen(body), body);
    assert_int_equal(send(fd, text, (size_t)n, MSG_NOSIGNAL), n);
    size_t at = 0;
    for (ssize_t in;
         at + 1 < sizeof answer && (in = recv(fd, answer + at, sizeof answer - 1 - at, 0)) > 0;)
        at += (size_t)in;
    answer[at] = '\0';
    close(fd);
    int status = 0;
    assert_int_equal(sscanf(answer, "HTTP/1.%*d %d", &status), 1);
    return status;
}

static int post(const char *token, const char *body) {
    char headers[256];
    snprintf(headers, sizeof headers,
             "Authorization: Bearer %s\r\nContent-Type: application/json\r\n", token);
    return http("POST", "/v1/request", headers, body);
}

/* The nth position of a holder, each with an id of its own. */
static int share(const char *token, char holder, double lon, double lat, int radius_m) {
    static int n;
    char body[512];
    snprintf(body, sizeof body,
             "{\"id\":\"AZOd+AAAcAiAAAAA%c%c%c%cAQ==\",\"shareMyPosition\":{\"holder\":"
             "\"%c%c%c%cAAAAAAAAAAAAAAAAAAAAAA==\",\"position\":{\"point\":{\"lon\":%.5f,"
             "\"lat\":%.5f},\"radiusM\":%d}}}",
             'A' + n / 676, 'A' + n / 26 % 26, 'A' + n % 26, 'A', holder, holder, holder, holder,
             lon, lat, radius_m);
    n++;
    return post(token, body);
}

static char *new_token(sgp_client *client, uint64_t call, char token[SGP_TOKEN_TEXT],
                       uint8_t id[16]) {
    Sigap__V1__LocateCall locate = SIGAP__V1__LOCATE_CALL__INIT;
    locate.call_id = call;
    frame_t request = request_of(SIGAP__V1__FRAME__BODY_LOCATE_CALL, &locate);
    if (id != NULL) {
        request.id.data = id;
        request.id.len = 16;
    }
    frame_t *reply = ask(client, &request);
    assert_int_equal(reply->body_case, SIGAP__V1__FRAME__BODY_LOCATE_TOKEN);
    assert_int_equal(reply->locate_token->call_id, call);
    assert_true(reply->locate_token->valid_until_ms > sgp_wall_ms());
    assert_int_equal(reply->locate_token->updates_ms, 60 * 60 * 1000);
    snprintf(token, SGP_TOKEN_TEXT, "%s", reply->locate_token->token);
    sigap__v1__frame__free_unpacked(reply, NULL);
    return token;
}

static void test_phone_with_a_token(void **state) {
    (void)state;
    sgp_client *local = connect_as(NULL), *caller = connect_as(child.caller);
    Sigap__V1__Done call = report_call(local, "", "rumah pagar hijau");
    char token[SGP_TOKEN_TEXT], old[SGP_TOKEN_TEXT];
    uint8_t id[16] = {1, 2, 3, 4};

    Sigap__V1__LocateCall locate = SIGAP__V1__LOCATE_CALL__INIT;
    locate.call_id = call.call_id;
    frame_t request = request_of(SIGAP__V1__FRAME__BODY_LOCATE_CALL, &locate);
    ask_wrong(caller, &request, SGP_E_PERMISSION);
    locate.call_id = 999;
    ask_wrong(local, &request, SGP_E_NOT_FOUND);
    new_token(local, call.call_id, old, NULL);
    new_token(local, call.call_id, token, id);
    /* The same request again: done, but the token is known to nobody any more. */
    locate.call_id = call.call_id;
    request.id.data = id;
    request.id.len = 16;
    Sigap__V1__Done again = done_of(local, &request);
    assert_true(again.repeated_request);

    assert_int_equal(share("wrong", 'A', 112.635, -7.965, 10), 401);
    assert_int_equal(share(old, 'A', 112.635, -7.965, 10), 401);
    assert_int_equal(share(child.caller, 'A', 112.635, -7.965, 10), 403);
    assert_int_equal(post(token, "{\"id\":\"AZOd+AAAcAiAAAAAAAAAAg==\",\"reportCall\":{\"point\":"
                                 "{\"lon\":112.635,\"lat\":-7.965}}}"),
                     403);
    assert_int_equal(post(token, "{\"listIncidents\":{}}"), 403);
    assert_int_equal(share(token, 'A', 106.8, -6.2, 10), 422);
    assert_int_equal(post(token, "{\"id\":\"AZOd+AAAcAiAAAAAAAAAAw==\",\"shareMyPosition\":{"
                                 "\"holder\":\"AAAA\",\"position\":{\"point\":{\"lon\":112.635,"
                                 "\"lat\":-7.965},\"radiusM\":5}}}"),
                     400);
    /* Nothing of that has used it. */
    if (share(token, 'A', 112.635, -7.965, 10) != 200)
        fail_msg("%s", answer);
    char done[32];
    snprintf(done, sizeof done, "\"callId\":\"%llu\"", (unsigned long long)call.call_id);
    assert_non_null(strstr(answer, done));
    expect_place(local, call.incident_id, 112.635, -7.965, SIGAP__V1__PLACE_KIND__PHONE, true);
    assert_int_equal(share(token, 'B', 112.640, -7.960, 5), 401);
    assert_int_equal(share(token, 'A', 112.640, -7.960, 4), 200);
    expect_place(local, call.incident_id, 112.640, -7.960, SIGAP__V1__PLACE_KIND__PHONE, true);
    sgp_client_close(caller);
    sgp_client_close(local);
}

/* Whoever has a token cannot fill the journal with it; other phones are heard meanwhile. */
static void test_phone_sends_too_often(void **state) {
    (void)state;
    sgp_client *local = connect_as(NULL);
    char token[SGP_TOKEN_TEXT], other[SGP_TOKEN_TEXT];
    new_token(local, report_call(local, "", "rumah pagar hijau").call_id, token, NULL);
    new_token(local, report_call(local, "", "rumah pagar hijau").call_id, other, NULL);
    int refused = 0;
    for (int i = 0; i < 400 && refused == 0; i++) {
        int status = share(token, 'A', 112.635, -7.965, 400 - i);
        assert_true(status == 200 || (status == 503 && i >= 20));
        refused += status == 503;
    }
    assert_int_equal(refused, 1);
    assert_non_null(strstr(answer, "one a second"));
    assert_int_equal(share(other, 'A', 112.635, -7.965, 10), 200);
    sgp_client_close(local);
}

/* ---- a restart ------------------------------------------------------------------------- */

static void test_phone_survives_a_kill(void **state) {
    (void)state;
    sgp_client *local = connect_as(NULL), *partner = connect_as(child.partner);
    Sigap__V1__PhoneMethod method;
    char token[SGP_TOKEN_TEXT];
    Sigap__V1__Done call = report_call(local, "+6281200000009", "");
    new_token(local, call.call_id, token, NULL);
    assert_int_equal(share(token, 'A', 112.635, -7.965, 30), 200);
    expect_place(local, call.incident_id, 112.635, -7.965, SIGAP__V1__PLACE_KIND__PHONE, true);
    sgp_client_close(partner);
    sgp_client_close(local);
    (void)child_stop(&child, SIGKILL);
    child_start(&child, SIGAPD);

    local = connect_as(NULL);
    partner = connect_as(child.partner);
    expect_place(local, call.incident_id, 112.635, -7.965, SIGAP__V1__PLACE_KIND__PHONE, true);
    assert_int_equal(phone_radius(local, call.incident_id, &method), 30);
    /* The token still has the same holder, and the number still its call. */
    assert_int_equal(share(token, 'B', 112.640, -7.960, 5), 401);
    assert_int_equal(share(token, 'A', 112.640, -7.960, 20), 200);
    Sigap__V1__Done done = send_sms(partner, "081200000009", sms_of(112.632, -7.968, 5, 'G'));
    assert_int_equal(done.call_id, call.call_id);
    expect_place(local, call.incident_id, 112.632, -7.968, SIGAP__V1__PLACE_KIND__PHONE, true);
    sgp_client_close(partner);
    sgp_client_close(local);
}

/* Neither a number nor what names a telephone stands in any file of the engine's folder: not in
 * the journal, its log, or the engine's own log. The numbers' common middle is looked for. */
static void test_phone_leaves_no_number(void **state) {
    (void)state;
    static const char *const TRACES[] = {NUMBER_TAIL, "123456789012345", "510100000000000"};
    DIR *folder = opendir(child.folder);
    assert_non_null(folder);
    int files = 0;
    bool reads_the_journal = false; /* what may stand there is found */
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        char path[512];
        snprintf(path, sizeof path, "%s/%s", child.folder, entry->d_name);
        FILE *file = entry->d_type == DT_REG ? fopen(path, "rb") : NULL;
        if (file == NULL)
            continue;
        char *bytes = malloc(16 << 20);
        assert_non_null(bytes);
        size_t length = fread(bytes, 1, 16 << 20, file);
        for (size_t i = 0; i < sizeof TRACES / sizeof *TRACES; i++)
            if (memmem(bytes, length, TRACES[i], strlen(TRACES[i])) != NULL)
                fail_msg("%s has %s", entry->d_name, TRACES[i]);
        reads_the_journal |= memmem(bytes, length, "112.635000,-7.965000", 20) != NULL;
        free(bytes);
        fclose(file);
        files++;
    }
    closedir(folder);
    assert_true(files >= 4 && reads_the_journal);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_phone_before_the_call), cmocka_unit_test(test_phone_after_the_call),
        cmocka_unit_test(test_phone_refusals),        cmocka_unit_test(test_phone_sends_its_form),
        cmocka_unit_test(test_phone_with_a_token),    cmocka_unit_test(test_phone_sends_too_often),
        cmocka_unit_test(test_phone_survives_a_kill), cmocka_unit_test(test_phone_leaves_no_number),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
