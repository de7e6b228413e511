/* The console on a line that breaks at random: real TLS to a real engine through a proxy over
 * loopback that cuts, stops and half-opens, and consoles that die. While it happens somebody goes
 * on typing: calls, notes, half of a line. In the end every call and every note is there once, and
 * no letter of the half line was ever lost.
 *
 *     test_console_breaks [BREAKS [SEED]]     12 breaks, unless more are wanted
 *
 * It prints how long the console took to notice; nothing is asserted of times. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/random.h"
#include "breaking_proxy.h"
#include "console/console.h"
#include "tls_child.h"

enum { BREAKS_USUAL = 12, TURN_MS = 10, PATIENCE_MS = 120000, WORDS_MAX = 4000 };

static int breaks_wanted = BREAKS_USUAL;
static uint64_t seed;
static engine_child engine;
static breaking_proxy proxy;
static char certificate[96], target[64], state_folder[96];

/* ---- a console without a terminal, as apps/app_console.c runs it --------------------------------
 */

static sgp_link *line;
static sgp_pending pending;
static sgp_console *console;
static sgp_canvas canvas;

static sgp_err send_request(void *context, const Sigap__V1__Frame *request, uint64_t token) {
    (void)context;
    return sgp_link_send(line, request, token);
}

static void console_begin(void) {
    sgp_fault fault = {0};
    sgp_console_host host = {.send = send_request};
    sgp_link_options options = {
        .target = target, .ca_file = certificate, .token = engine.dispatcher, .program = "breaks"};
    if (sgp_pending_open(&pending, state_folder, target, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    assert_int_equal(sgp_console_create(SGP_INDONESIAN, &host, &pending, &console), SGP_OK);
    assert_int_equal(sgp_link_create(&options, &line, &fault), SGP_OK);
}

/* As with kill -9: nothing is written when it ends. */
static void console_die(void) {
    sgp_link_destroy(line);
    sgp_console_destroy(console);
    sgp_pending_close(&pending);
}

static void turn(void) {
    struct pollfd item = {.fd = sgp_link_fd(line), .events = POLLIN};
    sgp_link_news news;
    (void)poll(&item, 1, TURN_MS);
    while (sgp_link_take(line, &news))
        assert_int_equal(sgp_console_news(console, &news), SGP_OK);
    sgp_console_tick(console, sgp_wall_ms());
}

static void turns(int64_t ms) {
    for (int64_t until = sgp_monotonic_us() / 1000 + ms; sgp_monotonic_us() / 1000 < until;)
        turn();
}

static const char *screen(void) {
    static char text[40000];
    size_t used = 0;
    assert_int_equal(sgp_canvas_resize(&canvas, 24, 100), SGP_OK);
    sgp_console_draw(console, &canvas);
    for (int i = 0; i < canvas.rows; i++) {
        sgp_canvas_row(&canvas, i, text + used, sizeof text - used - 2);
        used += strlen(text + used);
        text[used++] = '\n';
    }
    text[used] = '\0';
    return text;
}

static void wait_for(const char *what) {
    for (int64_t until = sgp_monotonic_us() / 1000 + PATIENCE_MS; strstr(screen(), what) == NULL;) {
        if (sgp_monotonic_us() / 1000 > until)
            fail_msg("the screen never showed '%s':\n%s", what, screen());
        turn();
    }
}

static void wait_answered(void) {
    for (int64_t until = sgp_monotonic_us() / 1000 + PATIENCE_MS; pending.n > 0; turn())
        if (sgp_monotonic_us() / 1000 > until)
            fail_msg("%zu requests were never answered:\n%s", pending.n, screen());
}

static void type(const char *bytes) {
    sgp_keys keys = {0};
    sgp_key key;
    for (; *bytes != '\0'; bytes++)
        if (sgp_keys_take(&keys, (uint8_t)*bytes, &key))
            sgp_console_key(console, &key);
    sgp_console_tick(console, sgp_wall_ms());
}

static void press_escape(void) {
    const sgp_key escape = {.code = SGP_KEY_ESCAPE};
    sgp_console_key(console, &escape);
}

/* ---- what somebody types meanwhile
 * --------------------------------------------------------------- */

static int n_calls, n_notes, n_letters;
static char half[256];
static bool blind; /* a fresh console that has not heard yet of any incident */

/* The half line is put aside with Escape and brought back with Ctrl-P, as a person would. */
static void leave_the_line(void) {
    if (half[0] != '\0')
        press_escape();
}

static void come_back_to_it(void) {
    if (half[0] != '\0')
        type("\020");
}

static void do_call(void) {
    char text[128];
    leave_the_line();
    snprintf(text, sizeof text, "\033OQgang uji %d.\t\tP4\t\t\t\r", ++n_calls);
    type(text);
    come_back_to_it();
}

static void do_note(void) {
    char text[128];
    if (half[0] != '\0')
        press_escape();
    snprintf(text, sizeof text, "catat #1 catatan %d.\r", ++n_notes);
    type(text);
    if (half[0] != '\0')
        type("\020\020"); /* behind the note, which is in the history too */
}

static void do_letter(void) {
    char letter[2] = {(char)('a' + n_letters++ % 26), '\0'};
    if (strlen(half) + 2 >= sizeof half) {
        type("\025"); /* a fresh line */
        half[0] = '\0';
    }
    if (half[0] == '\0')
        type("catat "), strcpy(half, "catat ");
    type(letter);
    strcat(half, letter);
}

static void check_line(void) {
    char wanted[300];
    snprintf(wanted, sizeof wanted, "> %s", half);
    size_t n = strlen(wanted);
    while (n > 0 && wanted[n - 1] == ' ')
        wanted[--n] = '\0';
    if (strlen(wanted) < 90 && strstr(screen(), wanted) == NULL)
        fail_msg("the line '%s' was lost:\n%s", wanted, screen());
}

static void do_something(uint64_t *random) {
    switch (sgp_random_below(random, 4)) {
    case 0:
        do_call();
        break;
    case 1:
        if (!blind) {
            do_note();
            break;
        }
        /* fall through */
    default:
        do_letter();
        break;
    }
    check_line();
}

/* ---- breaks
 * -------------------------------------------------------------------------------------- */

typedef struct tally {
    int cuts, stops, short_stops, deafs, deaths, kills;
    int64_t worst_ms, sum_ms;
    int noticed;
} tally;

/* Until the screen says so. */
static void notice(tally *t, int64_t from_ms) {
    wait_for("PUTUS");
    int64_t took_ms = sgp_monotonic_us() / 1000 - from_ms;
    t->worst_ms = took_ms > t->worst_ms ? took_ms : t->worst_ms;
    t->sum_ms += took_ms;
    t->noticed++;
}

static void one_break(uint64_t *random, tally *t) {
    uint64_t kind = sgp_random_below(random, 6);
    int64_t from_ms = sgp_monotonic_us() / 1000;
    int more = (int)sgp_random_below(random, 3);
    if (kind == 0) {
        t->cuts++;
        atomic_store(&proxy.mode, PROXY_CUT);
        notice(t, from_ms);
    } else if (kind == 1) {
        t->stops++;
        atomic_store(&proxy.mode, PROXY_STOP);
        do_something(random); /* it goes out into a line that nobody reads */
        notice(t, from_ms);
        if (sgp_random_below(random, 2) == 0)
            atomic_store(&proxy.mode, PROXY_CUT); /* what was in it is lost; else it comes late */
    } else if (kind == 2) {
        t->short_stops++; /* over before anybody notices */
        atomic_store(&proxy.mode, PROXY_STOP);
        do_something(random);
        turns((int64_t)sgp_random_below(random, 1500));
    } else if (kind == 3) {
        t->deafs++;
        atomic_store(&proxy.mode, PROXY_DEAF);
        do_something(random);
        notice(t, from_ms);
    } else if (kind == 4) {
        t->deaths++;
        if (sgp_random_below(random, 2) == 0)
            atomic_store(&proxy.mode, PROXY_STOP);
        do_something(random);
        console_die();
        console_begin();
        blind = true;
        check_line();
    } else {
        t->kills++;
        child_stop(&engine, SIGKILL);
        notice(t, from_ms);
        child_start(&engine, SIGAP_BINARY_DIR "/bin/sigapd");
    }
    for (int i = 0; i < more; i++)
        do_something(random);
    turns((int64_t)sgp_random_below(random, 300));
    atomic_store(&proxy.mode, PROXY_PASS);
    wait_for("tersambung");
    blind = false;
    check_line();
    wait_answered();
}

/* ---- what became of it
 * ----------------------------------------------------------------------------- */

static Sigap__V1__Frame *ask(sgp_client *client, Sigap__V1__Frame *request) {
    Sigap__V1__Frame *reply = NULL;
    sgp_fault fault = {0};
    if (sgp_client_request(client, request, 0, &reply, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    return reply;
}

static void count(unsigned *seen, const char *text, const char *before) {
    unsigned number;
    char *end;
    if (strncmp(text, before, strlen(before)) != 0)
        return;
    number = (unsigned)strtoul(text + strlen(before), &end, 10);
    if (*end == '.' && number < WORDS_MAX)
        seen[number]++;
}

static void each_once(const unsigned *seen, int n, const char *what) {
    for (int i = 1; i <= n; i++)
        if (seen[i] != 1)
            fail_msg("%s %d is there %u times (seed %llu)", what, i, seen[i],
                     (unsigned long long)seed);
}

static void check_engine(void) {
    static unsigned calls[WORDS_MAX], notes[WORDS_MAX];
    sgp_client *client = NULL;
    sgp_fault fault = {0};
    assert_int_equal(sgp_client_connect(engine.target, &client, &fault), SGP_OK);
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT;
    Sigap__V1__GetIncident get = SIGAP__V1__GET_INCIDENT__INIT;
    int incidents = 0;
    request.body_case = SIGAP__V1__FRAME__BODY_GET_INCIDENT;
    request.get_incident = &get;
    for (get.incident_id = 1;; get.incident_id++) {
        Sigap__V1__Frame *reply = NULL;
        if (sgp_client_request(client, &request, 0, &reply, &fault) != SGP_OK)
            break;
        incidents++;
        for (size_t i = 0; i < reply->incident_detail->n_callers; i++)
            count(calls, reply->incident_detail->callers[i]->place_text, "gang uji ");
        sigap__v1__frame__free_unpacked(reply, NULL);
    }
    assert_int_equal(incidents, n_calls);
    each_once(calls, n_calls, "call");
    Sigap__V1__GetLog log = SIGAP__V1__GET_LOG__INIT;
    log.incident_id = 1;
    request.body_case = SIGAP__V1__FRAME__BODY_GET_LOG;
    request.get_log = &log;
    Sigap__V1__Frame *reply = ask(client, &request);
    for (size_t i = 0; i < reply->log->n_entries; i++)
        count(notes, reply->log->entries[i]->text, "catatan ");
    /* The log of an incident keeps the newest entries only. */
    int first = n_notes - 100 > 1 ? n_notes - 100 : 1;
    for (int i = first; i <= n_notes; i++)
        if (notes[i] != 1)
            fail_msg("note %d is there %u times (seed %llu)", i, notes[i],
                     (unsigned long long)seed);
    sigap__v1__frame__free_unpacked(reply, NULL);
    sgp_client_close(client);
}

static void test_console_survives_breaks(void **state) {
    (void)state;
    uint64_t random = seed;
    tally t = {0};
    console_begin();
    wait_for("tersambung");
    do_call();
    wait_answered();
    wait_for(" #1 ");
    for (int i = 0; i < breaks_wanted; i++) {
        do_something(&random);
        one_break(&random, &t);
    }
    wait_answered();
    check_engine();
    console_die();
    printf(
        "seed %llu: %d breaks: %d cut, %d stopped, %d stopped for a moment, %d deaf, %d consoles "
        "died, %d engines killed; %d calls, %d notes, %d letters of half a line: each there once.\n"
        "Noticed %d times, after %lld ms on average, %lld ms at worst; %d lines were made.\n",
        (unsigned long long)seed, breaks_wanted, t.cuts, t.stops, t.short_stops, t.deafs, t.deaths,
        t.kills, n_calls, n_notes, n_letters, t.noticed,
        t.noticed > 0 ? (long long)(t.sum_ms / t.noticed) : 0, (long long)t.worst_ms,
        atomic_load(&proxy.made));
}

int main(int argc, char **argv) {
    if (argc > 1)
        breaks_wanted = atoi(argv[1]);
    seed = argc > 2 ? strtoull(argv[2], NULL, 10) : (uint64_t)sgp_wall_ms();
    signal(SIGPIPE, SIG_IGN);
    sgp_canvas_locale();
    engine.tls_port = free_port();
    child_prepare(&engine, "");
    make_certificate(&engine, certificate);
    child_start(&engine, SIGAP_BINARY_DIR "/bin/sigapd");
    if (!proxy_start(&proxy, engine.tls_port))
        return 1;
    snprintf(target, sizeof target, "tls:127.0.0.1:%d", proxy.port);
    snprintf(state_folder, sizeof state_folder, "%s/state", engine.folder);
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_console_survives_breaks)};
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    proxy_end(&proxy);
    sgp_canvas_free(&canvas);
    child_clean(&engine);
    return failed;
}
