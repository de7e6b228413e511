/* The OSRM-compatible service of a running engine: who may ask, and that the loop goes on
 * while answers are made. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "engine_child.h"

static engine_child child;
static char answer[256 * 1024];

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
    memset(&child, 0, sizeof child);
    child.http_port = free_port();
    child_prepare(&child, *state ? "osrm = { open = true; };" : "");
    child_start(&child, SIGAPD);
    return 0;
}

static int stop(void **state) {
    (void)state;
    int status = child_stop(&child, SIGTERM);
    bool clean = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    if (!clean)
        fprintf(stderr, "sigapd ended with %d; its log: %s\n", status, child.log);
    child_clean(&child);
    return clean ? 0 : 1;
}

/* Sends a request; the connection stays open. */
static int send_request(const char *method, const char *path, const char *token) {
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)child.http_port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    struct timeval wait = {20, 0};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    static char text[80 * 1024];
    int n = snprintf(text, sizeof text,
                     "%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n%s%s%s"
                     "Content-Length: 0\r\n\r\n",
                     method, path, token ? "Authorization: Bearer " : "", token ? token : "",
                     token ? "\r\n" : "");
    assert_int_equal(send(fd, text, (size_t)n, MSG_NOSIGNAL), n);
    return fd;
}

static int hear(int fd) {
    size_t at = 0;
    for (ssize_t in;
         at + 1 < sizeof answer && (in = recv(fd, answer + at, sizeof answer - 1 - at, 0)) > 0;)
        at += (size_t)in;
    answer[at] = '\0';
    close(fd);
    int status = 0;
    return sscanf(answer, "HTTP/1.%*d %d", &status) == 1 ? status : 0;
}

static int get(const char *path, const char *token) {
    return hear(send_request("GET", path, token));
}

static const char route[] = "/route/v1/driving/112.631,-7.97;112.643,-7.957?steps=true";

static void test_osrm_asks_for_a_token(void **state) {
    (void)state;
    assert_int_equal(get(route, NULL), 401);
    assert_non_null(strstr(answer, "\"code\":\"UNAUTHENTICATED\""));
    assert_int_equal(get(route, "wrong"), 401);
    assert_int_equal(get(route, child.caller), 403);
    assert_int_equal(get(route, child.viewer), 200);
    assert_non_null(strstr(answer, "\"code\":\"Ok\""));
    assert_null(strstr(answer, "Access-Control-Allow-Origin"));
    assert_int_equal(get(route, child.crew[0]), 200);
    assert_int_equal(get("/nowhere", child.viewer), 404);
}

static void test_osrm_may_be_open(void **state) {
    (void)state;
    assert_int_equal(get(route, NULL), 200);
    assert_non_null(strstr(answer, "Access-Control-Allow-Origin: *"));
    assert_non_null(strstr(answer, "application/json"));
    assert_int_equal(get("/table/v1/ambulance/112.631,-7.97;112.643,-7.957", NULL), 200);
    assert_int_equal(get("/nearest/v1/car/112.631,-7.97", NULL), 200);
    assert_int_equal(get("/match/v1/car/112.631,-7.97;112.632,-7.97", NULL), 200);
    assert_int_equal(get("/route/v1/car/112.631,-7.97", NULL), 400);
    assert_non_null(strstr(answer, "\"code\":\"InvalidOptions\""));
    assert_int_equal(get("/fly/v1/car/1,2;3,4", NULL), 400);
    assert_non_null(strstr(answer, "\"code\":\"InvalidService\""));
    assert_int_equal(get("/route/v1/car/112.631,-7.97;112.643,-7.957?exclude=motorway", NULL), 200);
    assert_int_equal(hear(send_request("POST", route, NULL)), 405);
    /* HEAD tells how long the answer is, and nothing after the headers. */
    static const char *const paths[] = {"/healthz", "/metrics", "/route/v1/car/1,2"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        (void)hear(send_request("HEAD", paths[i], NULL));
        assert_non_null(strstr(answer, "\r\nContent-Length: "));
        assert_null(strstr(answer, "\r\nContent-Length: 0\r\n"));
        assert_string_equal(strstr(answer, "\r\n\r\n"), "\r\n\r\n");
    }
    assert_int_equal(get("/v1/request", NULL), 405); /* is still what it was */
    assert_int_equal(get("/metrics", NULL), 200);
    assert_non_null(strstr(answer, "sigap_osrm_seconds_count 8"));
}

/* As long a request as is allowed. */
static const char *long_request(void) {
    static char path[64 * 1024];
    size_t n = (size_t)snprintf(path, sizeof path, "/route/v1/car/");
    for (int i = 0; i < 500; i++)
        n += (size_t)snprintf(path + n, sizeof path - n, "%s112.63%02d,-7.9%03d", i ? ";" : "",
                              i % 90, 570 + i % 130);
    snprintf(path + n, sizeof path - n, "?steps=true&annotations=true&overview=full");
    return path;
}

static void test_osrm_does_not_hold_the_loop(void **state) {
    (void)state;
    enum { MANY = 70 };
    int fds[MANY], full = 0, ok = 0;
    for (int i = 0; i < MANY; i++)
        fds[i] = send_request("GET", long_request(), NULL);
    /* The loop answers others meanwhile, and who goes away leaves nothing behind. */
    assert_int_equal(get("/healthz", NULL), 200);
    for (int i = 0; i < MANY; i += 2)
        close(fds[i]);
    for (int i = 1; i < MANY; i += 2) {
        int status = hear(fds[i]);
        ok += status == 200;
        full += status == 503;
    }
    assert_true(ok > 0 && ok + full == MANY / 2);
    assert_int_equal(get(route, NULL), 200);
    /* Ending with requests under way is clean; see stop. */
    for (int i = 0; i < 20; i++)
        fds[i] = send_request("GET", long_request(), NULL);
    assert_int_equal(get("/healthz", NULL), 200);
}

/* The city may change under a stream of requests. */
static void test_osrm_lives_through_a_switch(void **state) {
    (void)state;
    sgp_client *client = NULL;
    sgp_fault fault = {0};
    assert_int_equal(sgp_client_connect(child.target, &client, &fault), SGP_OK);
    for (int i = 0; i < 3; i++) {
        int fds[8];
        for (int k = 0; k < 8; k++)
            fds[k] = send_request("GET", long_request(), NULL);
        Sigap__V1__SwitchCity change = SIGAP__V1__SWITCH_CITY__INIT;
        Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT, *reply = NULL;
        uint8_t id[16] = {0x01, 0x93, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, (uint8_t)i};
        request.id.data = id;
        request.id.len = sizeof id;
        request.body_case = SIGAP__V1__FRAME__BODY_SWITCH_CITY;
        request.switch_city = &change;
        if (sgp_client_request(client, &request, 0, &reply, &fault) != SGP_OK)
            fail_msg("%s", fault.text);
        sigap__v1__frame__free_unpacked(reply, NULL);
        for (int k = 0; k < 8; k++) {
            int status = hear(fds[k]);
            assert_true(status == 200 || status == 503);
        }
        assert_int_equal(get(route, NULL), 200);
    }
    sgp_client_close(client);
}

#define OPEN(name) cmocka_unit_test_prestate_setup_teardown(name, start, stop, &is_open)

int main(void) {
    signal(SIGPIPE, SIG_IGN);
    static bool is_open = true;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_osrm_asks_for_a_token, start, stop),
        OPEN(test_osrm_may_be_open),
        OPEN(test_osrm_does_not_hold_the_loop),
        OPEN(test_osrm_lives_through_a_switch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
