/* HTTP: health, metrics, and the very messages of the framed protocol.
 *
 * POST /v1/request takes one Frame as application/x-protobuf or as proto-JSON
 * and answers one Frame in the same form. Behind it stands a session that hears
 * exactly one answer, so that permissions, ids and durability are the same.
 * POST /v1/aml takes the signed form that telephones send by themselves, /v1/tracker a position in
 * the words of Traccar (TRACKER.md). */
#include <event2/buffer.h>
#include <event2/bufferevent_ssl.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/ids.h"
#include "gis/aml.h"
#include "serve/client.h"
#include "serve/engine_parts.h"
#include "serve/frame.h"
#include "serve/proto_json.h"
#include "serve/tracker.h"
#include "serve/wall.h"

/* The first line counts: it may hold hundreds of coordinates (see osrm_url.h). */
enum { HTTP_HEADERS_MAX = 80 * 1024, HTTP_TIMEOUT_S = 30 };

static int status_of(const char *code) {
    switch (sgp_err_from_str(code)) {
    case SGP_E_UNAUTHENTICATED:
        return 401;
    case SGP_E_PERMISSION:
        return 403;
    case SGP_E_NOT_FOUND:
        return 404;
    case SGP_E_STATE:
    case SGP_E_MISMATCH:
        return 409;
    case SGP_E_TOO_LARGE:
        return 413;
    case SGP_E_RANGE:
        return 422;
    case SGP_E_FULL:
    case SGP_E_MEMORY:
    case SGP_E_DATABASE:
    case SGP_E_NETWORK:
        return 503;
    case SGP_E_IO:
    case SGP_E_CRYPTO:
        return 500;
    case SGP_E_TIMEOUT:
        return 504;
    default:
        return 400;
    }
}

static const char *reason_of(int status) {
    return status == 200 ? "OK" : status >= 500 ? "Unavailable" : "Refused";
}

/* libevent would send the body of an answer to HEAD, which a client takes for the beginning of
 * its next answer on the same connection. */
void sgp_http_reply(struct evhttp_request *request, int status, const char *reason,
                    struct evbuffer *body) {
    if (evhttp_request_get_command(request) == EVHTTP_REQ_HEAD) {
        char length[24];
        snprintf(length, sizeof length, "%zu", evbuffer_get_length(body));
        evhttp_add_header(evhttp_request_get_output_headers(request), "Content-Length", length);
        evbuffer_drain(body, evbuffer_get_length(body));
    }
    evhttp_send_reply(request, status, reason, body);
}

static void send_body(struct evhttp_request *request, int status, const char *type,
                      const void *bytes, size_t length) {
    struct evbuffer *body = evbuffer_new();
    if (body == NULL) {
        evhttp_send_error(request, 503, "Out of memory");
        return;
    }
    evbuffer_add(body, bytes, length);
    struct evkeyvalq *headers = evhttp_request_get_output_headers(request);
    evhttp_add_header(headers, "Content-Type", type);
    evhttp_add_header(headers, "Cache-Control", "no-store");
    evhttp_add_header(headers, "X-Content-Type-Options", "nosniff");
    sgp_http_reply(request, status, reason_of(status), body);
    evbuffer_free(body);
}

/* Writes a Frame as the asker speaks. */
static void send_frame(struct evhttp_request *request, bool json, const Sigap__V1__Frame *frame) {
    int status =
        frame->body_case == SIGAP__V1__FRAME__BODY_ERROR ? status_of(frame->error->code) : 200;
    if (json) {
        char *text = sgp_message_to_json_text(&frame->base);
        if (text == NULL)
            evhttp_send_error(request, 503, "Out of memory");
        else
            send_body(request, status, "application/json", text, strlen(text));
        free(text);
        return;
    }
    sgp_buffer bytes = {0};
    if (sgp_frame_encode(frame, &bytes) == SGP_OK)
        send_body(request, status, "application/x-protobuf", bytes.data, bytes.length);
    else
        evhttp_send_error(request, 503, "Out of memory");
    sgp_buffer_free(&bytes);
}

static void send_error(struct evhttp_request *request, bool json, sgp_err err, const char *text) {
    Sigap__V1__Error error = SIGAP__V1__ERROR__INIT;
    error.code = (char *)sgp_err_str(err);
    error.message = (char *)text;
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.body_case = SIGAP__V1__FRAME__BODY_ERROR;
    frame.error = &error;
    send_frame(request, json, &frame);
}

void sgp_http_answer(sgp_session *session, const uint8_t *bytes, size_t length) {
    struct evhttp_request *request = session->http;
    if (request == NULL)
        return;
    session->http = NULL;
    sgp_session_kill(session);
    evhttp_connection_set_closecb(evhttp_request_get_connection(request), NULL, NULL);
    Sigap__V1__Frame *frame = sigap__v1__frame__unpack(NULL, length, bytes);
    if (frame == NULL) {
        evhttp_send_error(request, 503, "Out of memory");
        return;
    }
    frame->seq = 1;
    send_frame(request, session->http_json, frame);
    sigap__v1__frame__free_unpacked(frame, NULL);
}

static void on_closed(struct evhttp_connection *connection, void *ctx) {
    (void)connection;
    sgp_session *session = ctx;
    session->http = NULL;
    sgp_session_kill(session);
}

/* ---- POST /v1/request ---------------------------------------------------- */

/* The token of the request, NULL where it has none. */
static const char *bearer(struct evhttp_request *request) {
    const char *value =
        evhttp_find_header(evhttp_request_get_input_headers(request), "Authorization");
    if (value == NULL || strncasecmp(value, "Bearer ", 7) != 0 || strlen(value) > 600)
        return NULL;
    return value + 7 + strspn(value + 7, " ");
}

/* Into `user`; NULL: nobody. */
static const sgp_user *authorised(const sgp_engine *engine, struct evhttp_request *request,
                                  sgp_user *user) {
    const char *token = bearer(request);
    return token != NULL && sgp_engine_user(engine, token, user) ? user : NULL;
}

static sgp_err read_frame(struct evhttp_request *request, bool json, Sigap__V1__Frame **frame,
                          sgp_fault *fault) {
    struct evbuffer *body = evhttp_request_get_input_buffer(request);
    size_t length = evbuffer_get_length(body);
    if (length > SGP_FRAME_IN_MAX)
        return sgp_fail(fault, SGP_E_TOO_LARGE, "the body has more than %d bytes",
                        SGP_FRAME_IN_MAX);
    const uint8_t *bytes = evbuffer_pullup(body, -1);
    if (bytes == NULL && length > 0)
        return SGP_E_MEMORY;
    if (!json)
        return sgp_frame_decode(bytes, length, frame, fault);
    ProtobufCMessage *message = NULL;
    sgp_err err = sgp_message_from_json_text(&sigap__v1__frame__descriptor, (const char *)bytes,
                                             length, &message, fault);
    *frame = (Sigap__V1__Frame *)message;
    return err;
}

/* Neither a second login nor a stream makes sense within one request. */
static bool is_for_http(const Sigap__V1__Frame *frame) {
    return frame->body_case != SIGAP__V1__FRAME__BODY_LOGIN;
}

/* The frame is heard in a session of its own, which ends with its answer. `unit` NULL: none. */
static void hear(sgp_engine *engine, struct evhttp_request *request, bool json,
                 const Sigap__V1__Frame *frame, const sgp_user *user, const sgp_unit *unit,
                 const sgp_phone_visit *visit) {
    sgp_session *session = sgp_session_create(engine, SGP_SESSION_HTTP, NULL);
    if (session == NULL) {
        send_error(request, json, SGP_E_FULL, "too many sessions");
        return;
    }
    session->http = request;
    session->http_json = json;
    sgp_session_bind(session, user, unit != NULL ? unit->index : 0);
    session->phone_call = visit->call;
    memcpy(session->phone_token, visit->token, sizeof visit->token);
    evhttp_connection_set_closecb(evhttp_request_get_connection(request), on_closed, session);
    sgp_request(session, frame);
}

static bool is_post(struct evhttp_request *request) {
    if (evhttp_request_get_command(request) == EVHTTP_REQ_POST)
        return true;
    evhttp_send_error(request, 405, "Use POST");
    return false;
}

static void on_request(struct evhttp_request *request, void *ctx) {
    sgp_engine *engine = ctx;
    const char *type =
        evhttp_find_header(evhttp_request_get_input_headers(request), "Content-Type");
    bool json = type != NULL && strncasecmp(type, "application/json", 16) == 0;
    bool protobuf = type != NULL && strncasecmp(type, "application/x-protobuf", 22) == 0;
    if (!is_post(request))
        return;
    if (!json && !protobuf) {
        evhttp_send_error(request, 415, "Use application/json or application/x-protobuf");
        return;
    }
    sgp_user found;
    const sgp_user *user = authorised(engine, request, &found);
    sgp_phone_visit visit = {.call = 0};
    if (user == NULL && bearer(request) != NULL && sgp_phone_guest(engine, bearer(request), &visit))
        user = &visit.user;
    if (user == NULL) {
        engine->measures.denied++;
        sgp_log(SGP_LOG_WARN, "http_denied", "code=UNAUTHENTICATED");
        send_error(request, json, SGP_E_UNAUTHENTICATED, "give Authorization: Bearer TOKEN");
        return;
    }
    const sgp_unit *unit =
        user->unit[0] != '\0' ? sgp_world_unit_by_code(engine->world, user->unit) : NULL;
    if (user->unit[0] != '\0' && unit == NULL) {
        send_error(request, json, SGP_E_STATE, "the crew's unit is not known yet");
        return;
    }
    if (sgp_engine_is_full(engine)) {
        send_error(request, json, SGP_E_FULL, "too many requests are waiting");
        return;
    }
    sgp_fault fault = {0};
    Sigap__V1__Frame *frame = NULL;
    sgp_err err = read_frame(request, json, &frame, &fault);
    if (err == SGP_OK && !is_for_http(frame))
        err = sgp_fail(&fault, SGP_E_ARGUMENT, "over HTTP the token travels in Authorization");
    if (err != SGP_OK)
        send_error(request, json, err, fault.text);
    else
        hear(engine, request, json, frame, user, unit, &visit);
    if (frame != NULL)
        sigap__v1__frame__free_unpacked(frame, NULL);
}

/* ---- POST /v1/aml ---------------------------------------------------------- */

/* The form that telephones send by themselves (ETSI TS 103 625). Its signature is its only login,
 * so the door is there only where the configuration has a key. Answered as JSON. */
static void on_aml(struct evhttp_request *request, void *ctx) {
    sgp_engine *engine = ctx;
    struct evbuffer *body = evhttp_request_get_input_buffer(request);
    size_t length = evbuffer_get_length(body);
    char form[SGP_AML_TEXT_MAX + 1];
    if (engine->settings->aml_form_key[0] == '\0') {
        evhttp_send_error(request, 404, "Not found");
        return;
    }
    if (!is_post(request))
        return;
    if (length > SGP_AML_TEXT_MAX || sgp_engine_is_full(engine)) {
        bool large = length > SGP_AML_TEXT_MAX;
        send_error(request, true, large ? SGP_E_TOO_LARGE : SGP_E_FULL,
                   large ? "the form is too long" : "too many requests are waiting");
        return;
    }
    evbuffer_copyout(body, form, length);
    form[length] = '\0';
    sgp_uuid id = sgp_uuid_make();
    Sigap__V1__ReportPhonePosition told = SIGAP__V1__REPORT_PHONE_POSITION__INIT;
    told.message_case = SIGAP__V1__REPORT_PHONE_POSITION__MESSAGE_FORM;
    told.form = form;
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.id.data = id.bytes;
    frame.id.len = sizeof id.bytes;
    frame.body_case = SIGAP__V1__FRAME__BODY_REPORT_PHONE_POSITION;
    frame.report_phone_position = &told;
    sgp_user phones = {.name = "aml-form", .role = SIGAP__V1__ROLE__PARTNER};
    sgp_phone_visit nobody = {.call = 0};
    hear(engine, request, true, &frame, &phones, NULL, &nobody);
    sodium_memzero(form, sizeof form);
}

/* ---- /v1/tracker ------------------------------------------------------------- */

/* The key is in a header, or for apps that send none it is the last part of the path. */
static bool has_tracker_key(const sgp_engine *engine, struct evhttp_request *request,
                            const char *rest) {
    const char *key = engine->settings->tracker_key;
    const char *given = *rest == '/' ? rest + 1 : bearer(request);
    return key[0] != '\0' && given != NULL && strlen(given) == strlen(key) &&
           sodium_memcmp(given, key, strlen(key)) == 0;
}

/* From the body as JSON or as a form, or from the query. */
static sgp_err read_tracker(struct evhttp_request *request, sgp_tracker_word *word,
                            sgp_fault *fault) {
    struct evbuffer *body = evhttp_request_get_input_buffer(request);
    const char *query = evhttp_uri_get_query(evhttp_request_get_evhttp_uri(request));
    size_t length = evbuffer_get_length(body);
    if (length > SGP_TRACKER_BODY_MAX)
        return sgp_fail(fault, SGP_E_TOO_LARGE, "the body has more than %d bytes",
                        SGP_TRACKER_BODY_MAX);
    char text[SGP_TRACKER_BODY_MAX + 1];
    evbuffer_copyout(body, text, length);
    text[length] = '\0';
    if (text[strspn(text, " \t\r\n")] == '{')
        return sgp_tracker_read_json(text, length, word, fault);
    return sgp_tracker_read_form(length > 0 ? text : query != NULL ? query : "", word, fault);
}

/* The unit that carries the tracker: as configured, else the one that is called like it. */
static const sgp_unit *tracker_unit(const sgp_engine *engine, const char *id) {
    const sgp_settings *s = engine->settings;
    for (size_t i = 0; i < s->n_trackers; i++)
        if (strcmp(s->trackers[i].id, id) == 0)
            return sgp_world_unit_by_code(engine->world, s->trackers[i].unit);
    return sgp_world_unit_by_code(engine->world, id);
}

/* As a batch of one, numbered by its time: what is not later than the last one of this tracker has
 * been heard. */
static void hear_tracker(sgp_engine *engine, struct evhttp_request *request,
                         const sgp_tracker_word *word, const sgp_unit *unit) {
    Sigap__V1__PositionBatch batch = SIGAP__V1__POSITION_BATCH__INIT;
    sgp_fix fix = word->fix;
    int64_t now_ms = sgp_engine_now_ms(engine);
    if (fix.at_ms == 0)
        fix.at_ms = now_ms;
    /* Its time is its number: one far ahead (a GPS clock that is off by a day, or by its 1024 weeks)
     * would make all that follow old news, until that day. */
    if (fix.at_ms > now_ms + SGP_FIX_AHEAD_MS) {
        engine->measures.fixes[SGP_FIX_FUTURE]++;
        sgp_log(SGP_LOG_WARN, "tracker_ahead", "unit=%s ahead_ms=%lld", SGP_Q(unit->code),
                (long long)(fix.at_ms - now_ms));
        send_body(request, 200, "application/json", "{}", 2);
        return;
    }
    int32_t lon = fix.point.lon_e7 / 100, lat = fix.point.lat_e7 / 100;
    uint32_t accuracy = (uint32_t)fix.accuracy_m, speed = (uint32_t)(fix.speed_kmh + 1);
    uint32_t heading = fix.heading_deg < 0 ? 0 : 1 + (uint32_t)fix.heading_deg % 360 / 3;
    batch.stream = sgp_tracker_stream(word->id);
    batch.first = (uint64_t)fix.at_ms;
    batch.first_at_ms = fix.at_ms;
    batch.n_lon = batch.n_lat = batch.n_accuracy_m = batch.n_speed = batch.n_heading = 1;
    batch.lon = &lon;
    batch.lat = &lat;
    batch.accuracy_m = &accuracy;
    batch.speed = &speed;
    batch.heading = &heading;
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.body_case = SIGAP__V1__FRAME__BODY_POSITION_BATCH;
    frame.position_batch = &batch;
    sgp_user tracker = {.name = "tracker", .role = SIGAP__V1__ROLE__CREW};
    sgp_phone_visit nobody = {.call = 0};
    hear(engine, request, true, &frame, &tracker, unit, &nobody);
}

/* `rest`: of the path, behind /v1/tracker. */
static void on_tracker(sgp_engine *engine, struct evhttp_request *request, const char *rest) {
    sgp_tracker_word word;
    sgp_fault fault = {0};
    if (engine->settings->tracker_key[0] == '\0') {
        evhttp_send_error(request, 404, "Not found");
        return;
    }
    if (!has_tracker_key(engine, request, rest)) {
        engine->measures.denied++;
        sgp_log(SGP_LOG_WARN, "tracker_denied", "code=UNAUTHENTICATED");
        send_error(request, true, SGP_E_UNAUTHENTICATED, "the tracker's key is missing or wrong");
        return;
    }
    if (sgp_engine_is_full(engine)) {
        send_error(request, true, SGP_E_FULL, "too many requests are waiting");
        return;
    }
    sgp_err err = read_tracker(request, &word, &fault);
    const sgp_unit *unit = err == SGP_OK ? tracker_unit(engine, word.id) : NULL;
    if (err == SGP_OK && unit == NULL)
        err = sgp_fail(&fault, SGP_E_NOT_FOUND, "no unit carries the tracker %.63s", word.id);
    if (err != SGP_OK) {
        sgp_log(SGP_LOG_INFO, "tracker_refused", "code=%s", sgp_err_str(err));
        send_error(request, true, err, fault.text);
    } else if (!word.valid) {
        engine->measures.trackers_without_fix++;
        send_body(request, 200, "application/json", "{}", 2);
    } else {
        hear_tracker(engine, request, &word, unit);
    }
}

/* ---- health and metrics -------------------------------------------------- */

static void on_healthz(struct evhttp_request *request, void *ctx) {
    (void)ctx;
    send_body(request, 200, "text/plain; charset=utf-8", "ok\n", 3);
}

/* Ready means: events can be written and the city is open. A database that is
 * away is told, but dispatch goes on without it. */
static void on_readyz(struct evhttp_request *request, void *ctx) {
    const sgp_engine *engine = ctx;
    char text[200];
    bool ready = !engine->stopping && engine->city != NULL && engine->journal != NULL &&
                 !sgp_engine_is_full(engine);
    int n = snprintf(text, sizeof text, "ready %s\njournal ok\ngraph %s\ndatabase %s\n",
                     ready ? "yes" : "no", sgp_graph_get(engine->city->graph)->name,
                     engine->settings->database[0] == '\0' ? "none"
                     : sgp_engine_database_away(engine)    ? "away"
                                                           : "ok");
    send_body(request, ready ? 200 : 503, "text/plain; charset=utf-8", text, (size_t)n);
}

static void on_metrics(struct evhttp_request *request, void *ctx) {
    struct evbuffer *body = evbuffer_new();
    if (body == NULL) {
        evhttp_send_error(request, 503, "Out of memory");
        return;
    }
    sgp_metrics_write(ctx, body);
    evhttp_add_header(evhttp_request_get_output_headers(request), "Content-Type",
                      "text/plain; version=0.0.4; charset=utf-8");
    sgp_http_reply(request, 200, "OK", body);
    evbuffer_free(body);
}

static void on_other(struct evhttp_request *request, void *ctx) {
    static const char tracker[] = "/v1/tracker";
    sgp_engine *engine = ctx;
    const char *path = evhttp_uri_get_path(evhttp_request_get_evhttp_uri(request));
    if (path != NULL && strncmp(path, tracker, sizeof tracker - 1) == 0 &&
        (path[sizeof tracker - 1] == '\0' || path[sizeof tracker - 1] == '/')) {
        on_tracker(engine, request, path + sizeof tracker - 1);
        return;
    }
    if (sgp_wall_http(engine, request))
        return;
    sgp_user user;
    if (sgp_osrm_http(engine, request, authorised(engine, request, &user)))
        return;
    if (sgp_tiles_http(engine, request))
        return;
    if (sgp_pages_http(engine, request))
        return;
    evhttp_send_error(request, 404, "Not found");
}

static struct bufferevent *make_wire(struct event_base *base, void *ctx) {
    sgp_engine *engine = ctx;
    SSL *ssl = SSL_new(engine->tls);
    if (ssl == NULL)
        return NULL;
    struct bufferevent *wire = bufferevent_openssl_socket_new(
        base, -1, ssl, BUFFEREVENT_SSL_ACCEPTING, BEV_OPT_CLOSE_ON_FREE);
    if (wire == NULL)
        SSL_free(ssl);
    else
        bufferevent_openssl_set_allow_dirty_shutdown(wire, 1);
    return wire;
}

sgp_err sgp_http_start(sgp_engine *engine, sgp_fault *fault) {
    const sgp_settings *s = engine->settings;
    if (s->http_port == 0)
        return SGP_OK;
    engine->http = evhttp_new(engine->base);
    if (engine->http == NULL)
        return sgp_fail(fault, SGP_E_MEMORY, "no memory for HTTP");
    sgp_pages_start(engine);
    evhttp_set_max_body_size(engine->http, SGP_FRAME_IN_MAX);
    evhttp_set_max_headers_size(engine->http, HTTP_HEADERS_MAX);
    evhttp_set_timeout(engine->http, HTTP_TIMEOUT_S);
    evhttp_set_allowed_methods(engine->http, EVHTTP_REQ_GET | EVHTTP_REQ_HEAD | EVHTTP_REQ_POST);
    if (s->http_tls)
        evhttp_set_bevcb(engine->http, make_wire, engine);
    evhttp_set_cb(engine->http, "/healthz", on_healthz, engine);
    evhttp_set_cb(engine->http, "/readyz", on_readyz, engine);
    evhttp_set_cb(engine->http, "/metrics", on_metrics, engine);
    evhttp_set_cb(engine->http, "/v1/request", on_request, engine);
    evhttp_set_cb(engine->http, "/v1/socket", sgp_websocket_http, engine);
    evhttp_set_cb(engine->http, "/v1/aml", on_aml, engine);
    evhttp_set_gencb(engine->http, on_other, engine);
    struct evhttp_bound_socket *bound =
        evhttp_bind_socket_with_handle(engine->http, s->http_address, s->http_port);
    if (bound == NULL)
        return sgp_fail(fault, SGP_E_NETWORK, "cannot listen for HTTP on %s port %u: %m",
                        s->http_address, s->http_port);
    /* Connections inherit it. What is longer than libevent writes at once, and every frame to a
     * telephone, would wait for the other side's late acknowledgement otherwise: 40 ms. */
    int on = 1;
    setsockopt(evhttp_bound_socket_get_fd(bound), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    engine->http_listener = evhttp_bound_socket_get_listener(bound);
    sgp_listen_watch_errors(engine->http_listener);
    sgp_log(SGP_LOG_INFO, "listening", "http=%s port=%u tls=%d", SGP_Q(s->http_address),
            s->http_port, s->http_tls);
    return SGP_OK;
}

void sgp_http_stop(sgp_engine *engine) {
    sgp_osrm_stop(engine);
    sgp_tiles_stop(engine);
    if (engine->http != NULL)
        evhttp_free(engine->http);
    engine->http = NULL;
    engine->http_listener = NULL; /* belonged to it */
    sgp_pages_stop(engine);
}
