/* sigapd over loopback: TLS with a certificate made here, and HTTP. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/types.h>

#include "engine_child.h"
#include "tls_child.h"

static engine_child child;
static char certificate[96];

static int start(void **state) {
    memset(&child, 0, sizeof child);
    child.http_tls = *state != NULL;
    child.tls_port = free_port();
    child.http_port = free_port();
    child_prepare(&child, "");
    make_certificate(&child, certificate);
    child_start(&child, SIGAPD);
    return 0;
}

static int stop(void **state) {
    (void)state;
    int status = child_stop(&child, SIGTERM);
    bool clean = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    if (!clean) {
        char command[160];
        snprintf(command, sizeof command, "tail -n 60 '%s' >&2", child.log);
        (void)!system(command);
    }
    child_clean(&child);
    return clean ? 0 : 1;
}

/* ---- TLS ----------------------------------------------------------------- */

static void test_tls_login_and_request(void **state) {
    (void)state;
    char target[64];
    snprintf(target, sizeof target, "tls:127.0.0.1:%d", child.tls_port);
    sgp_client_options options = {.target = target, .ca_file = certificate};
    sgp_client *client = NULL;
    sgp_fault fault = {0};
    if (sgp_client_open(&options, &client, &fault) != SGP_OK)
        fail_msg("%s", fault.text);

    /* Nobody has logged in: only Login and Ping are heard. */
    Sigap__V1__ListUnits list = SIGAP__V1__LIST_UNITS__INIT;
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT;
    request.body_case = SIGAP__V1__FRAME__BODY_LIST_UNITS;
    request.list_units = &list;
    Sigap__V1__Frame *reply = NULL;
    assert_int_equal(sgp_client_request(client, &request, 0, &reply, &fault),
                     SGP_E_UNAUTHENTICATED);
    if (sgp_client_login(client, child.dispatcher, "test", &reply, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    assert_string_equal(reply->welcome->user, "dispatcher");
    assert_string_equal(reply->welcome->city, "testville");
    assert_true(reply->welcome->city_is_sketch);
    sigap__v1__frame__free_unpacked(reply, NULL);
    if (sgp_client_request(client, &request, 0, &reply, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    assert_int_equal(reply->unit_page->n_units, 3);
    sigap__v1__frame__free_unpacked(reply, NULL);
    sgp_client_close(client);
}

static void test_tls_refuses_strangers(void **state) {
    (void)state;
    char target[64];
    sgp_client *client = NULL;
    sgp_fault fault = {0};
    /* A certificate that no CA of the system knows. */
    snprintf(target, sizeof target, "tls:127.0.0.1:%d", child.tls_port);
    sgp_client_options options = {.target = target};
    assert_int_equal(sgp_client_open(&options, &client, &fault), SGP_E_NETWORK);
    /* No TLS at all. */
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)child.tls_port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(send(fd, "hello\r\n\r\n", 9, MSG_NOSIGNAL), 9);
    char answer[256];
    struct timeval wait = {5, 0};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    while (recv(fd, answer, sizeof answer, 0) > 0)
        ;
    close(fd);
    assert_int_equal(waitpid(child.pid, NULL, WNOHANG), 0);
    snprintf(target, sizeof target, "tls:127.0.0.1");
    assert_int_equal(sgp_client_open(&options, &client, &fault), SGP_E_ARGUMENT);
}

static int tcp_connection(int port) {
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    struct timeval wait = {5, 0};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    return fd;
}

/* Who has not logged in holds neither the crews' places nor the control room's. */
static void test_tls_strangers_leave_room(void **state) {
    (void)state;
    enum { MOST = 1024 };
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
    if (limit.rlim_cur < MOST + 64)
        skip();
    char target[64];
    snprintf(target, sizeof target, "tls:127.0.0.1:%d", child.tls_port);
    sgp_client_options options = {.target = target, .ca_file = certificate};
    sgp_client *crew = NULL, *local = NULL;
    sgp_fault fault = {0};
    assert_int_equal(sgp_client_open(&options, &crew, &fault), SGP_OK);
    assert_int_equal(sgp_client_login(crew, child.crew[0], "test", NULL, &fault), SGP_OK);
    int fds[MOST + 1];
    for (int i = 0; i <= MOST; i++)
        fds[i] = tcp_connection(child.tls_port);
    char byte;
    ssize_t in = recv(fds[MOST], &byte, 1, 0); /* the one too many is closed */
    assert_true(in == 0 || (in < 0 && errno == ECONNRESET));

    Sigap__V1__Ping ping = SIGAP__V1__PING__INIT;
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT, *reply = NULL;
    request.body_case = SIGAP__V1__FRAME__BODY_PING;
    request.ping = &ping;
    assert_int_equal(sgp_client_request(crew, &request, 0, &reply, &fault), SGP_OK);
    sigap__v1__frame__free_unpacked(reply, NULL);
    assert_int_equal(sgp_client_connect(child.target, &local, &fault), SGP_OK);
    assert_int_equal(sgp_client_request(local, &request, 0, &reply, &fault), SGP_OK);
    sigap__v1__frame__free_unpacked(reply, NULL);
    sgp_client_close(local);
    sgp_client_close(crew);
    for (int i = 0; i <= MOST; i++)
        close(fds[i]);
}

/* ---- HTTP ---------------------------------------------------------------- */

/* One connection, over TLS where the engine's HTTP is. */
typedef struct http_wire {
    int fd;
    SSL_CTX *tls;
    SSL *ssl; /* NULL: plain */
} http_wire;

static http_wire wire_open(void) {
    http_wire wire = {.fd = tcp_connection(child.http_port)};
    if (!child.http_tls)
        return wire;
    wire.tls = SSL_CTX_new(TLS_client_method());
    assert_int_equal(SSL_CTX_load_verify_locations(wire.tls, certificate, NULL), 1);
    SSL_CTX_set_verify(wire.tls, SSL_VERIFY_PEER, NULL);
    wire.ssl = SSL_new(wire.tls);
    SSL_set_fd(wire.ssl, wire.fd);
    assert_int_equal(SSL_connect(wire.ssl), 1);
    return wire;
}

static ssize_t wire_send(const http_wire *wire, const char *bytes, size_t length) {
    return wire->ssl != NULL ? SSL_write(wire->ssl, bytes, (int)length)
                             : send(wire->fd, bytes, length, MSG_NOSIGNAL);
}

static ssize_t wire_receive(const http_wire *wire, char *bytes, size_t capacity) {
    return wire->ssl != NULL ? SSL_read(wire->ssl, bytes, (int)capacity)
                             : recv(wire->fd, bytes, capacity, 0);
}

static void wire_close(http_wire *wire) {
    SSL_free(wire->ssl);
    SSL_CTX_free(wire->tls);
    close(wire->fd);
}

static char answer[256 * 1024];

/* Sends one request and reads until the engine closes. Returns the status. */
static int http(const char *method, const char *path, const char *headers, const char *body,
                size_t length) {
    http_wire wire = wire_open();
    char head[1024];
    int n = snprintf(head, sizeof head,
                     "%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n%s"
                     "Content-Length: %zu\r\n\r\n",
                     method, path, headers, length);
    assert_int_equal(wire_send(&wire, head, (size_t)n), n);
    for (size_t sent = 0; sent < length;) {
        ssize_t out = wire_send(&wire, body + sent, length - sent);
        if (out <= 0)
            break; /* the engine has heard enough */
        sent += (size_t)out;
    }
    size_t at = 0;
    for (ssize_t in; at + 1 < sizeof answer &&
                     (in = wire_receive(&wire, answer + at, sizeof answer - 1 - at)) > 0;)
        at += (size_t)in;
    answer[at] = '\0';
    wire_close(&wire);
    int status = 0;
    if (sscanf(answer, "HTTP/1.%*d %d", &status) != 1)
        return 0;
    return status;
}

static int post_json(const char *token, const char *body) {
    char headers[256];
    snprintf(headers, sizeof headers,
             "Authorization: Bearer %s\r\nContent-Type: application/json\r\n", token);
    return http("POST", "/v1/request", headers, body, strlen(body));
}

static void test_http_health_and_metrics(void **state) {
    (void)state;
    assert_int_equal(http("GET", "/healthz", "", "", 0), 200);
    assert_int_equal(http("GET", "/readyz", "", "", 0), 200);
    assert_non_null(strstr(answer, "graph testville"));
    assert_non_null(strstr(answer, "database none"));
    assert_int_equal(http("GET", "/metrics", "", "", 0), 200);
    static const char *const names[] = {"sigap_events_total ",
                                        "sigap_durable_seq ",
                                        "sigap_projected_seq ",
                                        "sigap_open_incidents{",
                                        "sigap_units{status=\"OFF_DUTY\"} 3",
                                        "sigap_sync_seconds_sum ",
                                        "sigap_turn_seconds_max ",
                                        "sigap_sessions ",
                                        "sigap_database_away 1",
                                        "sigap_decide_seconds_count "};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strstr(answer, names[i]) == NULL)
            fail_msg("no %s in %s", names[i], answer);
    assert_non_null(strstr(answer, "sigap_road_metric_age_seconds{profile=\"ambulance\"}"));
    assert_non_null(strstr(answer, "sigap_road_metric_swaps_total{profile=\"ambulance\"} 1"));
    assert_non_null(strstr(answer, "sigap_labels{state=\"stale\"}"));
    assert_int_equal(http("GET", "/nowhere", "", "", 0), 404);
}

static void test_http_request_json(void **state) {
    (void)state;
    const char *call = "{\"seq\":1,\"id\":\"AZOd+AAAcAiAAAAAAAAAAQ==\",\"reportCall\":{\"point\":"
                       "{\"lon\":112.635,\"lat\":-7.965},\"priority\":\"P2\"}}";
    if (post_json(child.dispatcher, call) != 200)
        fail_msg("%s", answer);
    assert_non_null(strstr(answer, "\"replyTo\":\"1\""));
    assert_non_null(strstr(answer, "\"callId\":\"1\""));
    assert_null(strstr(answer, "repeatedRequest"));
    assert_int_equal(post_json(child.dispatcher, call), 200);
    assert_non_null(strstr(answer, "\"repeatedRequest\":true"));
    assert_int_equal(post_json(child.dispatcher, "{\"listIncidents\":{}}"), 200);
    assert_non_null(strstr(answer, "\"incidents\":[{\"id\":\"1\""));

    assert_int_equal(post_json("wrong", call), 401);
    assert_int_equal(post_json(child.viewer, call), 403);
    assert_int_equal(post_json(child.dispatcher, "{\"getIncident\":{\"incidentId\":77}}"), 404);
    assert_int_equal(post_json(child.dispatcher, "{\"reportCall\":{}}"), 400);
    assert_int_equal(post_json(child.dispatcher, "{\"bogus\":1}"), 400);
    assert_int_equal(post_json(child.dispatcher, "not json"), 400);
    assert_int_equal(post_json(child.dispatcher, "{\"watch\":{}}"), 400);
    assert_int_equal(post_json(child.dispatcher, "{\"login\":{\"token\":\"x\"}}"), 400);
    assert_int_equal(http("GET", "/v1/request", "", "", 0), 405);
    assert_int_equal(http("POST", "/v1/request", "Content-Type: text/plain\r\n", "x", 1), 415);
    static char large[70000];
    memset(large, ' ', sizeof large - 1);
    int status = post_json(child.dispatcher, large);
    assert_true(status == 413 || status == 0); /* closed while we were still sending */
    assert_int_equal(http("GET", "/healthz", "", "", 0), 200);
}

static void test_http_request_protobuf(void **state) {
    (void)state;
    Sigap__V1__Ping ping = SIGAP__V1__PING__INIT;
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.seq = 4;
    frame.body_case = SIGAP__V1__FRAME__BODY_PING;
    frame.ping = &ping;
    uint8_t bytes[64];
    size_t length = sigap__v1__frame__pack(&frame, bytes);
    char headers[256];
    snprintf(headers, sizeof headers,
             "Authorization: Bearer %s\r\nContent-Type: application/x-protobuf\r\n", child.viewer);
    assert_int_equal(http("POST", "/v1/request", headers, (const char *)bytes, length), 200);
    assert_non_null(strstr(answer, "application/x-protobuf"));
    assert_int_equal(http("POST", "/v1/request", headers, "\x12\x10x", 3), 400);
}

/* A token is not answered where everybody could read it. */
static void test_http_tls_refuses_plain(void **state) {
    (void)state;
    int fd = tcp_connection(child.http_port);
    static const char request[] = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
    assert_int_equal(send(fd, request, sizeof request - 1, MSG_NOSIGNAL), sizeof request - 1);
    char heard[256];
    size_t at = 0;
    for (ssize_t in;
         at + 1 < sizeof heard && (in = recv(fd, heard + at, sizeof heard - 1 - at, 0)) > 0;)
        at += (size_t)in;
    heard[at] = '\0';
    close(fd);
    assert_null(strstr(heard, "200"));
    assert_int_equal(http("GET", "/healthz", "", "", 0), 200);
    /* A browser that was here once does not come without TLS again. */
    assert_int_equal(http("GET", "/crew/", "", "", 0), 404);
    assert_non_null(strstr(answer, "\r\nStrict-Transport-Security: max-age=31536000"));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, start, stop)
#define OVER_TLS(name) cmocka_unit_test_prestate_setup_teardown(name, start, stop, &over_tls)

int main(void) {
    signal(SIGPIPE, SIG_IGN);
    static bool over_tls = true;
    const struct CMUnitTest tests[] = {
        CASE(test_tls_login_and_request),       CASE(test_tls_refuses_strangers),
        CASE(test_http_health_and_metrics),     CASE(test_http_request_json),
        CASE(test_http_request_protobuf),       CASE(test_tls_strangers_leave_room),
        OVER_TLS(test_http_health_and_metrics), OVER_TLS(test_http_request_json),
        OVER_TLS(test_http_request_protobuf),   OVER_TLS(test_http_tls_refuses_plain),
    };
    return cmocka_run_group_tests_name("engine_net", tests, NULL, NULL);
}
