/* The console's line against a made engine: it comes up, carries requests both ways, notices that
 * it broke and that nothing is heard any more, and comes back. */
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "console/link.h"
#include "serve/frame.h"

typedef enum manner { ANSWERS, IS_SILENT, REFUSES } manner;

typedef struct made_engine {
    char folder[64], path[96];
    int listening;
    manner manner;
    int hang_up_after; /* orders; 0: never */
    pthread_t thread;
    pthread_mutex_t lock;
    int orders, connections; /* under the lock */
} made_engine;

static void reply(int fd, uint64_t to, Sigap__V1__Frame *frame) {
    sgp_buffer bytes = {0}, framed = {0};
    frame->reply_to = to;
    if (sgp_frame_encode(frame, &bytes) == SGP_OK &&
        sgp_frame_append(1, bytes.data, bytes.length, &framed) == SGP_OK)
        (void)!send(fd, framed.data, framed.length, MSG_NOSIGNAL);
    sgp_buffer_free(&bytes);
    sgp_buffer_free(&framed);
}

static void answer(made_engine *engine, int fd, const Sigap__V1__Frame *asked) {
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    Sigap__V1__Status status = SIGAP__V1__STATUS__INIT;
    Sigap__V1__Update update = SIGAP__V1__UPDATE__INIT;
    Sigap__V1__Pong pong = SIGAP__V1__PONG__INIT;
    Sigap__V1__Done done = SIGAP__V1__DONE__INIT;
    Sigap__V1__Error error = SIGAP__V1__ERROR__INIT;
    switch (asked->body_case) {
    case SIGAP__V1__FRAME__BODY_GET_STATUS:
        frame.body_case = SIGAP__V1__FRAME__BODY_STATUS;
        frame.status = &status;
        break;
    case SIGAP__V1__FRAME__BODY_LOGIN:
        error.code = (char *)"UNAUTHENTICATED";
        error.message = (char *)"the token is unknown";
        frame.body_case = SIGAP__V1__FRAME__BODY_ERROR;
        frame.error = &error;
        break;
    case SIGAP__V1__FRAME__BODY_WATCH:
        update.caught_up = true;
        frame.body_case = SIGAP__V1__FRAME__BODY_UPDATE;
        frame.update = &update;
        break;
    case SIGAP__V1__FRAME__BODY_PING:
        pong.now_ms = 42;
        frame.body_case = SIGAP__V1__FRAME__BODY_PONG;
        frame.pong = &pong;
        break;
    default:
        done.incident_id = asked->order_unit->incident_id;
        frame.body_case = SIGAP__V1__FRAME__BODY_DONE;
        frame.done = &done;
        pthread_mutex_lock(&engine->lock);
        engine->orders++;
        pthread_mutex_unlock(&engine->lock);
        break;
    }
    reply(fd, asked->seq, &frame);
}

/* One connection, until it ends or is hung up. */
static void serve(made_engine *engine, int fd) {
    uint8_t bytes[65536];
    size_t n = 0;
    int orders = 0;
    for (;;) {
        size_t header, length;
        sgp_fault fault;
        Sigap__V1__Frame *frame = NULL;
        ssize_t got = recv(fd, bytes + n, sizeof bytes - n, 0);
        if (got <= 0)
            return;
        n += (size_t)got;
        while (sgp_frame_peek(bytes, n, SGP_FRAME_IN_MAX, &header, &length, &fault) == SGP_OK &&
               header > 0 && n >= header + length) {
            if (sgp_frame_decode(bytes + header, length, &frame, &fault) != SGP_OK)
                return;
            n -= header + length;
            memmove(bytes, bytes + header + length, n);
            bool is_order = frame->body_case == SIGAP__V1__FRAME__BODY_ORDER_UNIT;
            /* A silent one still lets it come up. */
            if (engine->manner != IS_SILENT || frame->body_case != SIGAP__V1__FRAME__BODY_PING)
                answer(engine, fd, frame);
            sigap__v1__frame__free_unpacked(frame, NULL);
            orders += is_order;
            if (engine->hang_up_after > 0 && orders == engine->hang_up_after)
                return;
        }
    }
}

static void *run(void *context) {
    made_engine *engine = context;
    for (int fd; (fd = accept(engine->listening, NULL, NULL)) >= 0; close(fd)) {
        pthread_mutex_lock(&engine->lock);
        engine->connections++;
        pthread_mutex_unlock(&engine->lock);
        serve(engine, fd);
    }
    return NULL;
}

static void begin(made_engine *engine, manner how, int hang_up_after) {
    *engine = (made_engine){.manner = how, .hang_up_after = hang_up_after};
    strcpy(engine->folder, "/tmp/sigap-link-XXXXXX");
    assert_non_null(mkdtemp(engine->folder));
    snprintf(engine->path, sizeof engine->path, "%s/s", engine->folder);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    strcpy(address.sun_path, engine->path);
    engine->listening = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(engine->listening, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(engine->listening, 4), 0);
    pthread_mutex_init(&engine->lock, NULL);
    assert_int_equal(pthread_create(&engine->thread, NULL, run, engine), 0);
}

/* After the link is gone. */
static void end(made_engine *engine) {
    shutdown(engine->listening, SHUT_RDWR);
    pthread_join(engine->thread, NULL);
    close(engine->listening);
    unlink(engine->path);
    rmdir(engine->folder);
}

static sgp_link *open_link(const made_engine *engine, const char *token) {
    sgp_link_options options = {.target = engine->path, .token = token, .program = "test"};
    sgp_fault fault = {0};
    sgp_link *link = NULL;
    assert_int_equal(sgp_link_create(&options, &link, &fault), SGP_OK);
    return link;
}

/* The next news of this kind, 60 s at most; its frame is freed. */
static sgp_link_news wait_for(sgp_link *link, sgp_link_news_kind kind, uint64_t token) {
    sgp_link_news news;
    for (int i = 0; i < 600; i++) {
        while (sgp_link_take(link, &news)) {
            if (news.frame != NULL)
                sigap__v1__frame__free_unpacked(news.frame, NULL);
            news.frame = NULL;
            if (news.kind == kind && news.token == token)
                return news;
        }
        struct pollfd item = {.fd = sgp_link_fd(link), .events = POLLIN};
        (void)poll(&item, 1, 100);
    }
    fail_msg("no news of kind %d came", (int)kind);
    return news;
}

static void order(sgp_link *link, uint64_t incident, uint64_t token) {
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    Sigap__V1__OrderUnit body = SIGAP__V1__ORDER_UNIT__INIT;
    body.incident_id = incident;
    frame.body_case = SIGAP__V1__FRAME__BODY_ORDER_UNIT;
    frame.order_unit = &body;
    assert_int_equal(sgp_link_send(link, &frame, token), SGP_OK);
}

static void test_link_carries_many_requests(void **state) {
    (void)state;
    made_engine engine;
    begin(&engine, ANSWERS, 0);
    sgp_link *link = open_link(&engine, NULL);
    (void)wait_for(link, SGP_LINK_UP, 0);
    for (uint64_t i = 1; i <= 200; i++)
        order(link, i, i);
    for (uint64_t i = 1; i <= 200; i++)
        (void)wait_for(link, SGP_LINK_FRAME, i); /* in order, each once */
    sgp_link_destroy(link);
    end(&engine);
    assert_int_equal(engine.orders, 200);
}

static void test_link_comes_back(void **state) {
    (void)state;
    made_engine engine;
    begin(&engine, ANSWERS, 1);
    sgp_link *link = open_link(&engine, NULL);
    for (uint64_t round = 1; round <= 3; round++) {
        (void)wait_for(link, SGP_LINK_UP, 0);
        order(link, 1, round);
        sgp_link_news down = wait_for(link, SGP_LINK_DOWN, 0);
        assert_true(down.reason[0] != '\0');
    }
    sgp_link_destroy(link);
    end(&engine);
    assert_true(engine.connections >= 3);
}

static void test_link_notices_silence(void **state) {
    (void)state;
    made_engine engine;
    begin(&engine, IS_SILENT, 0);
    sgp_link *link = open_link(&engine, NULL);
    (void)wait_for(link, SGP_LINK_UP, 0);
    sgp_link_news down = wait_for(link, SGP_LINK_DOWN, 0);
    assert_non_null(strstr(down.reason, "nothing was heard"));
    sgp_link_destroy(link);
    end(&engine);
}

static void test_link_gives_up_where_it_is_of_no_use(void **state) {
    (void)state;
    made_engine engine;
    begin(&engine, REFUSES, 0);
    sgp_link *link = open_link(&engine, "wrong");
    sgp_link_news refused = wait_for(link, SGP_LINK_REFUSED, 0);
    assert_non_null(strstr(refused.reason, "token"));
    sgp_link_destroy(link);
    end(&engine);
}

static void test_link_ends_while_nobody_answers(void **state) {
    (void)state;
    made_engine engine = {.path = "/nonexistent/s"};
    sgp_link *link = open_link(&engine, NULL);
    (void)wait_for(link, SGP_LINK_DOWN, 0);
    order(link, 1, 1); /* dropped */
    sgp_link_destroy(link);
    sgp_link_destroy(NULL);
}

int main(void) {
    signal(SIGPIPE, SIG_IGN);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_link_carries_many_requests),
        cmocka_unit_test(test_link_comes_back),
        cmocka_unit_test(test_link_notices_silence),
        cmocka_unit_test(test_link_gives_up_where_it_is_of_no_use),
        cmocka_unit_test(test_link_ends_while_nobody_answers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
