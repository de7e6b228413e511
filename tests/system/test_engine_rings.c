/* Telephones: rings from an exchange that is played by `sigap ring`, taken, missed, called back;
 * two who take the same; call-takers' own telephones; a kill -9 while it rings; an exchange that
 * dies, that hangs, and comes back; a storm. No number on disk or in the log in plain. All numbers
 * are made up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "engine_ask.h"
#include "sigap/core.h"

#define NUMBER_TAIL "80007000"

typedef Sigap__V1__Ring ring_t;
typedef bool (*wanted)(const Sigap__V1__RingPage *page, const void *ctx);

static char folder[64], script[96], password[96], told[96];
static int exchange_port;
static pid_t exchange; /* 0 = none runs */

/* ---- the exchange ------------------------------------------------------------------ */

static int free_port(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, size), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    close(fd);
    return ntohs(address.sin_port);
}

static void write_file(const char *path, const char *text) {
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    assert_int_equal(chmod(path, 0600), 0);
}

static void stop_exchange(int number) {
    if (exchange == 0)
        return;
    kill(exchange, SIGCONT);
    kill(exchange, number);
    waitpid(exchange, NULL, 0);
    exchange = 0;
}

/* Calls of the script, one a line, from when the engine listens: however long that takes, nobody is
 * out of patience before. Goes on listening when they are over. */
static void play(const char *calls) {
    char port[16];
    stop_exchange(SIGKILL);
    write_file(script, calls);
    snprintf(port, sizeof port, "%d", exchange_port);
    exchange = fork();
    if (exchange == 0) {
        int out = open(told, O_WRONLY | O_CREAT | O_APPEND, 0600);
        dup2(out, 1);
        execl(SIGAP, SIGAP, "ring", "--storm", script, "--port", port, "--password-file", password,
              "--when-heard", "--stay", (char *)NULL);
        _exit(99);
    }
}

/* ---- asking --------------------------------------------------------------------------- */

static void pause_20ms(void) {
    struct timespec pause = {0, 20000000};
    nanosleep(&pause, NULL);
}

static frame_t *list_rings(sgp_client *client, bool missed, bool over) {
    Sigap__V1__ListRings list = SIGAP__V1__LIST_RINGS__INIT;
    frame_t request = request_of(SIGAP__V1__FRAME__BODY_LIST_RINGS, &list);
    list.missed = missed;
    list.include_over = over;
    list.limit = 200;
    frame_t *reply = ask(client, &request);
    assert_int_equal(reply->body_case, SIGAP__V1__FRAME__BODY_RING_PAGE);
    return reply;
}

/* The page of all rings as soon as it is as wanted; the caller's. Two minutes are for ever. */
static frame_t *wait_for(sgp_client *client, wanted is_wanted, const void *ctx, const char *what) {
    int64_t end_us = sgp_monotonic_us() + INT64_C(120000000);
    for (;;) {
        frame_t *reply = list_rings(client, false, true);
        if (is_wanted(reply->ring_page, ctx))
            return reply;
        free_frame(reply);
        if (sgp_monotonic_us() > end_us)
            fail_msg("%s: has not come about", what);
        pause_20ms();
    }
}

typedef struct count_of {
    size_t n;
    Sigap__V1__RingState state;
} count_of;

/* At least so many rings in that state. */
static bool has_count(const Sigap__V1__RingPage *page, const void *ctx) {
    const count_of *is = ctx;
    size_t n = 0;
    for (size_t i = 0; i < page->n_rings; i++)
        n += page->rings[i]->state == is->state;
    return n >= is->n;
}

typedef struct state_of {
    uint64_t ring;
    Sigap__V1__RingState state;
} state_of;

static bool has_state(const Sigap__V1__RingPage *page, const void *ctx) {
    const state_of *is = ctx;
    for (size_t i = 0; i < page->n_rings; i++)
        if (page->rings[i]->id == is->ring)
            return page->rings[i]->state == is->state;
    return false;
}

static bool is_away(const Sigap__V1__RingPage *page, const void *ctx) {
    return page->n_exchanges == 1 && page->exchanges[0]->away == *(const bool *)ctx;
}

static bool wants_one_back(const Sigap__V1__RingPage *page, const void *ctx) {
    uint32_t n = 0;
    (void)ctx;
    for (size_t i = 0; i < page->n_summary; i++)
        n += page->summary[i]->to_call_back;
    return n == 1;
}

static bool are_all_over(const Sigap__V1__RingPage *page, const void *ctx) {
    (void)ctx;
    for (size_t i = 0; i < page->n_rings; i++)
        if (page->rings[i]->state < SIGAP__V1__RING_STATE__RING_ENDED)
            return false;
    return true;
}

static bool has_recording(const Sigap__V1__RingPage *page, const void *ctx) {
    for (size_t i = 0; i < page->n_rings; i++)
        if (page->rings[i]->id == *(const uint64_t *)ctx)
            return page->rings[i]->recording[0] != '\0';
    return false;
}

/* The id of the newest ring in that state, once there is one. */
static uint64_t wait_ring(sgp_client *client, Sigap__V1__RingState state) {
    const count_of is = {1, state};
    frame_t *reply = wait_for(client, has_count, &is, "a ring in that state");
    uint64_t ring = 0;
    for (size_t i = 0; i < reply->ring_page->n_rings; i++)
        if (reply->ring_page->rings[i]->state == state)
            ring = reply->ring_page->rings[i]->id;
    free_frame(reply);
    return ring;
}

static void wait_state(sgp_client *client, uint64_t ring, Sigap__V1__RingState state) {
    const state_of is = {ring, state};
    free_frame(wait_for(client, has_state, &is, sgp_ring_state_str((sgp_ring_state)state)));
}

static void wait_away(sgp_client *client, bool away) {
    free_frame(wait_for(client, is_away, &away, away ? "the exchange away" : "the exchange here"));
}

static ring_t find_ring(sgp_client *client, uint64_t id, char number[64]) {
    Sigap__V1__GetRing get = SIGAP__V1__GET_RING__INIT;
    frame_t request = request_of(SIGAP__V1__FRAME__BODY_GET_RING, &get);
    get.ring_id = id;
    frame_t *reply = ask(client, &request);
    ring_t ring = *reply->ring_detail->ring;
    snprintf(number, 64, "%s", ring.caller_number);
    free_frame(reply);
    return ring; /* its texts are gone */
}

static void take(sgp_client *client, uint64_t ring) {
    Sigap__V1__TakeRing message = SIGAP__V1__TAKE_RING__INIT;
    frame_t request = request_of(SIGAP__V1__FRAME__BODY_TAKE_RING, &message);
    message.ring_id = ring;
    free_frame(ask(client, &request));
}

static const char *take_wrong(sgp_client *client, uint64_t ring) {
    Sigap__V1__TakeRing message = SIGAP__V1__TAKE_RING__INIT;
    frame_t request = request_of(SIGAP__V1__FRAME__BODY_TAKE_RING, &message);
    message.ring_id = ring;
    return ask_wrong(client, &request, SGP_E_STATE);
}

static Sigap__V1__Done report(sgp_client *client, uint64_t ring) {
    Sigap__V1__ReportCall call = SIGAP__V1__REPORT_CALL__INIT;
    frame_t request = request_of(SIGAP__V1__FRAME__BODY_REPORT_CALL, &call);
    call.ring_id = ring;
    call.priority = SIGAP__V1__PRIORITY__P3;
    call.place_text = (char *)"warung biru";
    frame_t *reply = ask(client, &request);
    assert_int_equal(reply->body_case, SIGAP__V1__FRAME__BODY_DONE);
    Sigap__V1__Done done = *reply->done;
    free_frame(reply);
    return done;
}

static frame_t *look(sgp_client *client, uint64_t incident) {
    Sigap__V1__GetIncident get = SIGAP__V1__GET_INCIDENT__INIT;
    frame_t request = request_of(SIGAP__V1__FRAME__BODY_GET_INCIDENT, &get);
    get.incident_id = incident;
    return ask(client, &request);
}

static frame_t back_request(Sigap__V1__CallBack *back, uint64_t ring,
                            Sigap__V1__CallBackState outcome) {
    sigap__v1__call_back__init(back);
    back->ring_id = ring;
    back->outcome = outcome;
    return request_of(SIGAP__V1__FRAME__BODY_CALL_BACK, back);
}

static void call_back(sgp_client *client, uint64_t ring, Sigap__V1__CallBackState outcome) {
    Sigap__V1__CallBack back;
    frame_t request = back_request(&back, ring, outcome);
    free_frame(ask(client, &request));
}

/* ---- one after the other ------------------------------------------------------------------ */

static char with_exchange[1024]; /* what the configuration says beside the usual */

static int start(void **state) {
    (void)state;
    memset(&child, 0, sizeof child);
    maker_folder(folder);
    snprintf(script, sizeof script, "%s/calls.csv", folder);
    snprintf(password, sizeof password, "%s/password", folder);
    snprintf(told, sizeof told, "%s/told", folder);
    write_file(password, "rahasia\n");
    exchange_port = free_port();
    snprintf(with_exchange, sizeof with_exchange,
             "clocks = { order_without_click = []; };\n"
             "rules = { ring_claim_s = 12; };\n" /* long enough to start the engine again */
             "exchanges = ( { name = \"uji\"; url = \"http://127.0.0.1:%d/ari\"; user = \"sigap\";"
             " password_file = \"%s\"; record = true; } );\n"
             "lines = ( { code = \"112\"; name = \"Darurat\"; } );",
             exchange_port, password);
    child_prepare(&child, with_exchange);
    child_start(&child, SIGAPD);
    return 0;
}

static int stop(void **state) {
    (void)state;
    stop_exchange(SIGKILL);
    int status = child.pid != 0 ? child_stop(&child, SIGTERM) : 0;
    bool clean = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    if (!clean) {
        char command[160];
        snprintf(command, sizeof command, "tail -n 60 '%s' >&2", child.log);
        (void)!system(command);
    }
    child_clean(&child);
    char command[96];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    (void)!system(command);
    return clean ? 0 : 1;
}

static void test_rings_away_at_first(void **state) {
    (void)state;
    sgp_client *local = connect_as(NULL);
    Sigap__V1__GetStatus get = SIGAP__V1__GET_STATUS__INIT;
    frame_t request = request_of(SIGAP__V1__FRAME__BODY_GET_STATUS, &get);
    wait_away(local, true);
    frame_t *reply = ask(local, &request);
    assert_int_equal(reply->status->n_exchanges, 1);
    assert_string_equal(reply->status->exchanges[0]->name, "uji");
    assert_true(reply->status->exchanges[0]->away);
    free_frame(reply);
    sgp_client_close(local);
}

/* Rings, is taken by one of two, is answered, becomes a call with number and recording. */
static void test_rings_one_call(void **state) {
    (void)state;
    sgp_client *local = connect_as(NULL), *other = connect_as(child.dispatcher);
    sgp_client *viewer = connect_as(child.viewer);
    char number[64];
    play("0,+62" NUMBER_TAIL "1,112,talk 14 hold 5 8\n");
    uint64_t ring = wait_ring(local, SIGAP__V1__RING_STATE__RINGING);
    find_ring(local, ring, number);
    assert_string_equal(number, "+62" NUMBER_TAIL "1");
    /* Who only looks is not told the number. */
    frame_t *page = list_rings(viewer, false, true);
    assert_int_equal(page->ring_page->n_rings, 1);
    assert_string_equal(page->ring_page->rings[0]->caller_number, "");
    assert_string_equal(page->ring_page->rings[0]->line, "112");
    free_frame(page);
    Sigap__V1__ReportCall early = SIGAP__V1__REPORT_CALL__INIT;
    frame_t request = request_of(SIGAP__V1__FRAME__BODY_REPORT_CALL, &early);
    early.ring_id = ring;
    ask_wrong(local, &request, SGP_E_STATE); /* nobody has taken it */

    take(local, ring);
    assert_non_null(strstr(take_wrong(other, ring), "local took ring"));
    wait_state(local, ring, SIGAP__V1__RING_STATE__RING_ANSWERED);
    ask_wrong(other, &request, SGP_E_STATE); /* it is another's */
    Sigap__V1__Done done = report(local, ring);
    frame_t *detail = look(local, done.incident_id);
    const Sigap__V1__IncidentDetail *is = detail->incident_detail;
    assert_int_equal(is->n_callers, 1);
    assert_string_equal(is->callers[0]->caller_number, "+62" NUMBER_TAIL "1");
    assert_string_equal(is->calls[0]->channel, "112");
    assert_true(is->calls[0]->has_number);
    assert_int_equal(is->calls[0]->ring_id, ring);
    free_frame(detail);
    wait_state(local, ring, SIGAP__V1__RING_STATE__RING_HELD);
    wait_state(local, ring, SIGAP__V1__RING_STATE__RING_ENDED);
    free_frame(wait_for(local, has_recording, &ring, "the recording"));
    detail = look(local, done.incident_id);
    char name[64];
    snprintf(name, sizeof name, "sigap-%llu", (unsigned long long)ring);
    assert_string_equal(detail->incident_detail->calls[0]->recording, name);
    free_frame(detail);
    request = request_of(SIGAP__V1__FRAME__BODY_REPORT_CALL, &early);
    assert_non_null(strstr(ask_wrong(local, &request, SGP_E_STATE), "already"));
    stop_exchange(SIGTERM);
    sgp_client_close(viewer);
    sgp_client_close(other);
    sgp_client_close(local);
}

static void test_rings_missed(void **state) {
    (void)state;
    sgp_client *local = connect_as(NULL), *other = connect_as(child.dispatcher);
    char number[64];
    play("0,0" NUMBER_TAIL "2,119,abandon 1\n0.2,,112,abandon 1\n");
    const count_of two = {2, SIGAP__V1__RING_STATE__RING_ABANDONED};
    free_frame(wait_for(local, has_count, &two, "two missed rings"));
    frame_t *page = list_rings(local, true, false);
    assert_int_equal(page->ring_page->n_rings, 2);
    uint64_t first = page->ring_page->rings[0]->id, second = page->ring_page->rings[1]->id;
    assert_false(page->ring_page->rings[1]->has_number); /* withheld */
    free_frame(page);
    assert_non_null(strstr(take_wrong(local, first), "call back instead"));
    find_ring(local, first, number);
    assert_string_equal(number, "0" NUMBER_TAIL "2");

    call_back(local, first, SIGAP__V1__CALL_BACK_STATE__CALL_BACK_CLAIMED);
    Sigap__V1__CallBack back;
    frame_t request = back_request(&back, first, SIGAP__V1__CALL_BACK_STATE__CALL_BACK_CLAIMED);
    assert_non_null(strstr(ask_wrong(other, &request, SGP_E_STATE), "local is calling"));
    call_back(local, first, SIGAP__V1__CALL_BACK_STATE__CALL_BACK_NO_ANSWER);
    call_back(other, first, SIGAP__V1__CALL_BACK_STATE__CALL_BACK_CLAIMED);
    Sigap__V1__Done done = report(other, first); /* what he had to say */
    frame_t *detail = look(local, done.incident_id);
    assert_string_equal(detail->incident_detail->callers[0]->caller_number, "0" NUMBER_TAIL "2");
    free_frame(detail);
    call_back(local, second, SIGAP__V1__CALL_BACK_STATE__CALL_BACK_NOT_NEEDED);
    page = list_rings(local, true, false);
    assert_int_equal(page->ring_page->n_rings, 0);
    free_frame(page);
    find_ring(local, first, number);
    request = back_request(&back, first, SIGAP__V1__CALL_BACK_STATE__CALL_BACK_REACHED);
    ask_wrong(local, &request, SGP_E_STATE); /* it is settled */
    stop_exchange(SIGTERM);
    sgp_client_close(other);
    sgp_client_close(local);
}

/* Who gets through at the second try need not be called back. */
static void test_rings_again(void **state) {
    (void)state;
    sgp_client *local = connect_as(NULL);
    /* Whether the first one is seen ringing is a matter of luck; that it was missed is not. */
    frame_t *page = list_rings(local, true, false);
    assert_int_equal(page->ring_page->n_rings, 0);
    free_frame(page);
    play("0,0" NUMBER_TAIL "3,112,abandon 0.5\n1.5,+62" NUMBER_TAIL "3,112,talk 300\n");
    free_frame(wait_for(local, wants_one_back, NULL, "a missed ring"));
    uint64_t ring = wait_ring(local, SIGAP__V1__RING_STATE__RINGING);
    take(local, ring);
    wait_state(local, ring, SIGAP__V1__RING_STATE__RING_ANSWERED);
    page = list_rings(local, true, false);
    assert_int_equal(page->ring_page->n_rings, 0);
    free_frame(page);
    stop_exchange(SIGKILL);
    /* Its end was seen by nobody. */
    play("");
    wait_state(local, ring, SIGAP__V1__RING_STATE__RING_ENDED);
    stop_exchange(SIGTERM);
    sgp_client_close(local);
}

/* What rings, and who has claimed what, outlives a kill -9; so do the numbers. */
static void test_rings_killed_engine(void **state) {
    (void)state;
    char calls[2048] = "", number[64];
    for (int i = 0; i < 20; i++)
        snprintf(calls + strlen(calls), sizeof calls - strlen(calls),
                 "%g,+62" NUMBER_TAIL "4%02d,112,talk 600\n", i * 0.05, i);
    sgp_client *local = connect_as(NULL);
    play(calls);
    const count_of twenty = {20, SIGAP__V1__RING_STATE__RINGING};
    free_frame(wait_for(local, has_count, &twenty, "twenty rings"));
    uint64_t talked = wait_ring(local, SIGAP__V1__RING_STATE__RINGING);
    take(local, talked);
    wait_state(local, talked, SIGAP__V1__RING_STATE__RING_ANSWERED);
    uint64_t claimed = wait_ring(local, SIGAP__V1__RING_STATE__RINGING);
    take(local, claimed);
    (void)child_stop(&child, SIGKILL);
    sgp_client_close(local);
    child_start(&child, SIGAPD);
    local = connect_as(NULL);
    wait_away(local, false);
    /* Claimed before the kill: the exchange is asked again, or had done it already. */
    wait_state(local, claimed, SIGAP__V1__RING_STATE__RING_ANSWERED);
    const count_of eighteen = {18, SIGAP__V1__RING_STATE__RINGING};
    frame_t *page = wait_for(local, has_count, &eighteen, "the others");
    size_t open = 0;
    for (size_t i = 0; i < page->ring_page->n_rings; i++) {
        const ring_t *ring = page->ring_page->rings[i];
        if (ring->state >= SIGAP__V1__RING_STATE__RING_ENDED)
            continue;
        open++;
        assert_non_null(strstr(ring->caller_number, NUMBER_TAIL "4"));
    }
    assert_int_equal(open, 20); /* none twice */
    free_frame(page);
    find_ring(local, talked, number);
    report(local, talked);
    stop_exchange(SIGKILL);
    wait_away(local, true);
    play("");
    wait_away(local, false);
    free_frame(wait_for(local, are_all_over, NULL, "all over"));
    stop_exchange(SIGTERM);
    sgp_client_close(local);
}

/* An exchange that hangs answers nobody: the ring rings for everybody again. */
static void test_rings_hanging_exchange(void **state) {
    (void)state;
    sgp_client *local = connect_as(NULL), *other = connect_as(child.dispatcher);
    play("0,0" NUMBER_TAIL "5,112,talk 600\n");
    uint64_t ring = wait_ring(local, SIGAP__V1__RING_STATE__RINGING);
    kill(exchange, SIGSTOP);
    take(local, ring);
    wait_state(local, ring, SIGAP__V1__RING_STATE__RINGING);
    /* 15 s without a sign of life */
    wait_away(local, true);
    kill(exchange, SIGCONT);
    wait_away(local, false);
    /* It has connected him meanwhile, to nobody: he must still be taken. */
    take(other, ring);
    wait_state(local, ring, SIGAP__V1__RING_STATE__RING_ANSWERED);
    Sigap__V1__TakeRing message = SIGAP__V1__TAKE_RING__INIT;
    frame_t request = request_of(SIGAP__V1__FRAME__BODY_TAKE_RING, &message);
    message.ring_id = ring;
    message.give_back = true;
    ask_wrong(local, &request, SGP_E_STATE); /* not his, and not to be given back any more */
    stop_exchange(SIGTERM);
    sgp_client_close(other);
    sgp_client_close(local);
}

/* ---- call-takers' own telephones ------------------------------------------------------------ */

/* How often the exchange has said that since `from`, a place in what it told. */
static size_t count_told(long from, const char *what) {
    FILE *file = fopen(told, "r");
    char line[256];
    size_t n = 0;
    assert_non_null(file);
    assert_int_equal(fseek(file, from, SEEK_SET), 0);
    while (fgets(line, sizeof line, file) != NULL)
        n += strstr(line, what) != NULL;
    fclose(file);
    return n;
}

static void wait_told(long from, const char *what, size_t times) {
    int64_t end_us = sgp_monotonic_us() + INT64_C(120000000);
    while (count_told(from, what) < times) {
        if (sgp_monotonic_us() > end_us)
            fail_msg("the exchange has not said \"%s\" %zu times", what, times);
        pause_20ms();
    }
}

static long told_so_far(void) {
    struct stat about;
    return stat(told, &about) == 0 ? (long)about.st_size : 0;
}

/* The engine anew, with that telephone for the dispatcher; one caller rings, for ever. */
static sgp_client *with_telephone(const char *telephone, const char *calls, uint64_t *ring) {
    (void)child_stop(&child, SIGKILL);
    child.telephone = telephone;
    child_configure(&child, with_exchange);
    child_start(&child, SIGAPD);
    sgp_client *taker = connect_as(child.dispatcher);
    play("");
    free_frame(wait_for(taker, are_all_over, NULL, "the end of earlier rings"));
    play(calls);
    *ring = wait_ring(taker, SIGAP__V1__RING_STATE__RINGING);
    return taker;
}

/* Rung up, joined, recorded together, put down when the caller has hung up. */
static void test_rings_handset(void **state) {
    (void)state;
    uint64_t ring;
    long from = told_so_far();
    sgp_client *taker = with_telephone("PJSIP/201", "0,0" NUMBER_TAIL "71,112,talk 3\n", &ring);
    take(taker, ring);
    wait_told(from, "talks with a call-taker", 1);
    wait_state(taker, ring, SIGAP__V1__RING_STATE__RING_ENDED);
    free_frame(wait_for(taker, has_recording, &ring, "the recording of both"));
    wait_told(from, "PJSIP/201  is put down", 1);
    assert_int_equal(count_told(from, "PJSIP/201  rings"), 1);
    assert_int_equal(count_told(from, "call 1  is answered"), 1);
    assert_int_equal(count_told(from, "call 1  is recorded"), 1);
    sgp_client_close(taker);
}

/* A handset that is busy, or that nobody lifts, has nobody wait for the claim to run out. */
static void test_rings_handset_refuses(void **state) {
    (void)state;
    uint64_t ring;
    long from = told_so_far();
    sgp_client *taker = with_telephone("PJSIP/busy", "0,0" NUMBER_TAIL "72,112,talk 600\n", &ring);
    sgp_client *local = connect_as(NULL);
    take(taker, ring);
    wait_told(from, "is busy", 1);
    wait_state(local, ring, SIGAP__V1__RING_STATE__RINGING);
    assert_int_equal(count_told(from, "is answered"), 0); /* nobody was put through to nobody */
    take(local, ring); /* who has no telephone of his own is connected by the room */
    wait_state(local, ring, SIGAP__V1__RING_STATE__RING_ANSWERED);
    sgp_client_close(local);
    sgp_client_close(taker);
}

/* Who is rung up and gives the ring back is not rung any more. */
static void test_rings_handset_given_back(void **state) {
    (void)state;
    uint64_t ring;
    long from = told_so_far();
    sgp_client *taker =
        with_telephone("PJSIP/nobody", "0,0" NUMBER_TAIL "73,112,talk 600\n", &ring);
    Sigap__V1__TakeRing message = SIGAP__V1__TAKE_RING__INIT;
    take(taker, ring);
    wait_told(from, "PJSIP/nobody  rings", 1);
    frame_t request = request_of(SIGAP__V1__FRAME__BODY_TAKE_RING, &message);
    message.ring_id = ring;
    message.give_back = true;
    free_frame(ask(taker, &request));
    wait_told(from, "PJSIP/nobody  is put down", 1);
    wait_state(taker, ring, SIGAP__V1__RING_STATE__RINGING);
    sgp_client_close(taker);
}

/* A call-taker who hangs up ends the call; one whose line breaks is rung up again. */
static void test_rings_handset_ends(void **state) {
    (void)state;
    uint64_t ring;
    long from = told_so_far();
    sgp_client *taker =
        with_telephone("PJSIP/hangs-up", "0,0" NUMBER_TAIL "74,112,talk 600\n", &ring);
    take(taker, ring);
    wait_state(taker, ring, SIGAP__V1__RING_STATE__RING_ENDED);
    wait_told(from, "call 1  is over", 1);
    sgp_client_close(taker);

    from = told_so_far();
    taker = with_telephone("PJSIP/breaks", "0,0" NUMBER_TAIL "75,112,talk 600\n", &ring);
    take(taker, ring);
    wait_told(from, "loses its line", 1);
    wait_told(from, "talks with a call-taker", 2);
    wait_state(taker, ring, SIGAP__V1__RING_STATE__RING_ANSWERED);
    assert_int_equal(count_told(from, "call 1  is over"), 0);
    sgp_client_close(taker);
}

/* A restart of the engine leaves whoever talks talking, and connects who was being rung up. */
static void test_rings_handset_killed_engine(void **state) {
    (void)state;
    uint64_t first, second;
    long from = told_so_far();
    sgp_client *taker = with_telephone("PJSIP/202",
                                       "0,0" NUMBER_TAIL "76,112,talk 600\n"
                                       "0,0" NUMBER_TAIL "77,112,talk 600\n",
                                       &second);
    const count_of two = {2, SIGAP__V1__RING_STATE__RINGING};
    free_frame(wait_for(taker, has_count, &two, "two rings"));
    frame_t *page = list_rings(taker, false, false);
    first = page->ring_page->rings[0]->id;
    second = page->ring_page->rings[1]->id;
    assert_int_equal(page->ring_page->n_rings, 2);
    free_frame(page);
    take(taker, first);
    wait_told(from, "talks with a call-taker", 1);
    take(taker, second);
    (void)child_stop(&child, SIGKILL);
    sgp_client_close(taker);
    child_start(&child, SIGAPD);
    taker = connect_as(child.dispatcher);
    wait_state(taker, second, SIGAP__V1__RING_STATE__RING_ANSWERED);
    wait_state(taker, first, SIGAP__V1__RING_STATE__RING_ANSWERED);
    assert_int_equal(count_told(from, "is over"), 0);
    assert_int_equal(count_told(from, "PJSIP/202  rings"), 2); /* once for each */
    stop_exchange(SIGTERM);
    sgp_client_close(taker);
    (void)child_stop(&child, SIGKILL);
    child.telephone = NULL;
    child_configure(&child, with_exchange);
    child_start(&child, SIGAPD);
}

static bool try_take(sgp_client *client, uint64_t ring) {
    Sigap__V1__TakeRing message = SIGAP__V1__TAKE_RING__INIT;
    frame_t request = request_of(SIGAP__V1__FRAME__BODY_TAKE_RING, &message), *reply = NULL;
    message.ring_id = ring;
    sgp_fault fault;
    sgp_err err = sgp_client_request(client, &request, 0, &reply, &fault);
    free_frame(reply);
    if (err != SGP_OK && err != SGP_E_STATE)
        fail_msg("%s", fault.text);
    return err == SGP_OK;
}

/* 200 at once, and two who take whatever rings: each ring is exactly one's. */
static void test_rings_storm(void **state) {
    (void)state;
    enum { STORM = 200 };
    static char calls[STORM * 48];
    sgp_client *takers[] = {connect_as(NULL), connect_as(child.dispatcher)};
    size_t taken[2] = {0}, both = 0;
    frame_t *page = list_rings(takers[0], false, true);
    size_t before = page->ring_page->n_rings;
    free_frame(page);
    for (int i = 0; i < STORM; i++)
        snprintf(calls + strlen(calls), sizeof calls - strlen(calls),
                 "%g,+62" NUMBER_TAIL "6%03d,112,talk 0\n", i * 0.01, i);
    play(calls);
    uint64_t done = 0;
    int64_t end_us = sgp_monotonic_us() + INT64_C(240000000);
    while (taken[0] + taken[1] < STORM) {
        page = list_rings(takers[0], false, false);
        for (size_t i = 0; i < page->ring_page->n_rings; i++) {
            const ring_t *ring = page->ring_page->rings[i];
            if (ring->state != SIGAP__V1__RING_STATE__RINGING)
                continue;
            size_t first = ring->id % 2;
            bool one = try_take(takers[first], ring->id);
            bool two = try_take(takers[1 - first], ring->id);
            taken[first] += one;
            taken[1 - first] += two;
            both += one && two;
            done++;
        }
        free_frame(page);
        if (sgp_monotonic_us() > end_us)
            fail_msg("%zu of %d are taken", taken[0] + taken[1], STORM);
        pause_20ms();
    }
    assert_int_equal(both, 0);
    assert_true(done >= STORM);
    stop_exchange(SIGTERM);
    play("");
    wait_away(takers[0], false);
    const count_of none = {0, SIGAP__V1__RING_STATE__RINGING};
    page = wait_for(takers[0], has_count, &none, "a page");
    assert_true(page->ring_page->n_rings >= before || page->ring_page->next_after_id != 0);
    /* The line's summary counts them all. */
    uint32_t rang = 0;
    for (size_t i = 0; i < page->ring_page->n_summary; i++) {
        rang += page->ring_page->summary[i]->rang;
        if (strcmp(page->ring_page->summary[i]->line, "112") == 0)
            assert_string_equal(page->ring_page->summary[i]->line_name, "Darurat");
        assert_true(page->ring_page->summary[i]->median_ms <= page->ring_page->summary[i]->p90_ms);
    }
    assert_int_equal(rang, before + STORM);
    free_frame(page);
    stop_exchange(SIGTERM);
    sgp_client_close(takers[1]);
    sgp_client_close(takers[0]);
}

/* Stopped in order, so that the journal is whole on disk. */
static void test_rings_numbers_are_sealed(void **state) {
    (void)state;
    int status = child_stop(&child, SIGTERM);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    char command[256];
    snprintf(command, sizeof command, "grep -rlaF '" NUMBER_TAIL "' '%s'", child.folder);
    int found = system(command);
    assert_true(WIFEXITED(found) && WEXITSTATUS(found) == 1); /* 2: there was nothing to look in */
    child_start(&child, SIGAPD);
}

/* Taken out of the configuration: nobody will tell how its rings end, so they do not ring on. */
static void test_rings_exchange_taken_out(void **state) {
    (void)state;
    sgp_client *local = connect_as(NULL);
    play("0,0" NUMBER_TAIL "6,112,talk 600\n");
    uint64_t ring = wait_ring(local, SIGAP__V1__RING_STATE__RINGING);
    sgp_client_close(local);
    (void)child_stop(&child, SIGKILL);
    child_configure(&child, "clocks = { order_without_click = []; };\n");
    child_start(&child, SIGAPD);
    local = connect_as(NULL);
    wait_state(local, ring, SIGAP__V1__RING_STATE__RING_ABANDONED);
    sgp_client_close(local);
    stop_exchange(SIGTERM);
    (void)child_stop(&child, SIGKILL);
    child_configure(&child, with_exchange);
    child_start(&child, SIGAPD);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rings_away_at_first),
        cmocka_unit_test(test_rings_one_call),
        cmocka_unit_test(test_rings_missed),
        cmocka_unit_test(test_rings_again),
        cmocka_unit_test(test_rings_killed_engine),
        cmocka_unit_test(test_rings_hanging_exchange),
        cmocka_unit_test(test_rings_handset),
        cmocka_unit_test(test_rings_handset_refuses),
        cmocka_unit_test(test_rings_handset_given_back),
        cmocka_unit_test(test_rings_handset_ends),
        cmocka_unit_test(test_rings_handset_killed_engine),
        cmocka_unit_test(test_rings_exchange_taken_out),
        cmocka_unit_test(test_rings_storm),
        cmocka_unit_test(test_rings_numbers_are_sealed),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
