/* `sigap console` as a dispatcher has it: the real program in a real terminal (tmux) on a real
 * engine, driven by keys. A call from ring to order; another size; the engine killed, then frozen
 * (the line half open), then the console itself killed, each with a command typed meanwhile. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine_child.h"

static engine_child engine;
static char screen_text[200000];

static int run(const char *format, ...) {
    char command[2048];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(command, sizeof command, format, arguments);
    va_end(arguments);
    return system(command);
}
/* A server of tmux of our own. */
static int tmux(const char *format, ...) {
    char arguments_text[1600];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(arguments_text, sizeof arguments_text, format, arguments);
    va_end(arguments);
    return run("tmux -S %s/tmux -f /dev/null %s >>%s/tmux.log 2>&1", engine.folder, arguments_text,
               engine.folder);
}

static void look(void) {
    char command[256];
    snprintf(command, sizeof command, "tmux -S %s/tmux capture-pane -p -t c 2>&1", engine.folder);
    FILE *pipe = popen(command, "r");
    size_t n = pipe != NULL ? fread(screen_text, 1, sizeof screen_text - 1, pipe) : 0;
    screen_text[n] = '\0';
    if (pipe != NULL)
        pclose(pipe);
}

/* Waits until the screen shows it, long enough for a busy machine. */
static void wait_for(const char *what) {
    for (int i = 0; i < 600; i++) {
        look();
        if (strstr(screen_text, what) != NULL)
            return;
        struct timespec pause = {0, 50000000};
        nanosleep(&pause, NULL);
    }
    fail_msg("the screen never showed '%s':\n%s", what, screen_text);
}

static void start_console(void) {
    assert_int_equal(
        tmux("new-session -d -s c -x 80 -y 24 'exec env -u NO_COLOR SIGAP_STATE=%s/state "
             "%s/bin/sigap console --server %s --language id 2>%s/console.err'",
             engine.folder, SIGAP_BINARY_DIR, engine.target, engine.folder),
        0);
}

/* Until the console has ended and its window with it. */
static void wait_gone(void) {
    for (int i = 0; i < 600 && tmux("has-session -t c") == 0; i++) {
        struct timespec pause = {0, 50000000};
        nanosleep(&pause, NULL);
    }
    assert_int_not_equal(tmux("has-session -t c"), 0);
}

static void type(const char *text) {
    assert_int_equal(tmux("send-keys -t c -l '%s'", text), 0);
}

static void press(const char *key) {
    assert_int_equal(tmux("send-keys -t c %s", key), 0);
}

static void command(const char *line) {
    type(line);
    press("Enter");
}

static void status(unsigned unit, const char *word) {
    char line[64];
    snprintf(line, sizeof line, "u %u %s", unit, word);
    command(line);
}

static Sigap__V1__Frame *incident_detail(uint64_t id) {
    sgp_client *client = NULL;
    sgp_fault fault = {0};
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT, *reply = NULL;
    Sigap__V1__GetIncident get = SIGAP__V1__GET_INCIDENT__INIT;
    get.incident_id = id;
    request.body_case = SIGAP__V1__FRAME__BODY_GET_INCIDENT;
    request.get_incident = &get;
    assert_int_equal(sgp_client_connect(engine.target, &client, &fault), SGP_OK);
    assert_int_equal(sgp_client_request(client, &request, 0, &reply, &fault), SGP_OK);
    sgp_client_close(client);
    assert_int_equal(reply->body_case, SIGAP__V1__FRAME__BODY_INCIDENT_DETAIL);
    return reply;
}

static void take_a_call(void) {
    press("F2");
    wait_for("TELEPON BARU");
    type("jalan timur");
    wait_for("Jl. Timur");
    press("Enter");
    type("jatuh");
    wait_for("P3 Jatuh");
    press("Enter");
    press("F2");
    wait_for("menjadi kejadian #1");
}

static void test_console_through_an_evening(void **state) {
    (void)state;
    /* Keeps the terminal's server while the console comes and goes. */
    assert_int_equal(tmux("new-session -d -s keep 'sleep 900'"), 0);
    start_console();
    wait_for("tersambung");
    command("u a1 masuk");
    wait_for("A-01 masuk tugas · jadi");
    command("u a2 masuk");
    wait_for("2/2 unit siap");

    take_a_call();
    wait_for("BELUM ADA UNIT");
    press("F5");
    wait_for("unit terbaik ke #1 · jadi");
    wait_for("1/2 unit siap");
    Sigap__V1__Frame *reply = incident_detail(1);
    unsigned unit = reply->incident_detail->assignments[0]->unit_number;
    sigap__v1__frame__free_unpacked(reply, NULL);

    /* To a wall and back. */
    assert_int_equal(tmux("resize-window -t c -x 200 -y 60"), 0);
    wait_for("CATATAN");
    assert_int_equal(tmux("resize-window -t c -x 80 -y 24"), 0);
    wait_for("F10 keluar\n");

    /* The engine dies; what is typed meanwhile is kept, and done once when it is back. */
    (void)child_stop(&engine, SIGKILL);
    wait_for("SAMBUNGAN PUTUS");
    status(unit, "er");
    wait_for("DISIMPAN");
    type("u 2 o");
    child_start(&engine, SIGAP_BINARY_DIR "/bin/sigapd");
    wait_for("menuju lokasi · jadi");
    wait_for("> u 2 o"); /* half a command stands as it was */
    press("C-u");

    /* The line is half open: nothing closes it, nothing comes. */
    kill(engine.pid, SIGSTOP);
    wait_for("SAMBUNGAN PUTUS");
    status(unit, "os");
    wait_for("DISIMPAN");
    kill(engine.pid, SIGCONT);
    wait_for("di lokasi · jadi");

    /* The console dies before its command is answered; the next one sends it. */
    kill(engine.pid, SIGSTOP);
    wait_for("SAMBUNGAN PUTUS");
    status(unit, "free");
    wait_for("DISIMPAN");
    type("u 2 o");
    wait_for("> u 2 o");
    assert_int_equal(
        run("kill -9 $(tmux -S %s/tmux display-message -p -t c '#{pane_pid}')", engine.folder), 0);
    wait_gone();
    start_console();
    wait_for("dari konsol sebelumnya");
    wait_for("> u 2 o"); /* and half a command as it was */
    press("C-u");
    kill(engine.pid, SIGCONT);
    wait_for("2/2 unit siap");

    press("F10");
    wait_for("keluar dari konsol?");
    press("Enter");
    wait_gone();

    /* Nothing was lost and nothing done twice: one order, each state once. */
    reply = incident_detail(1);
    const Sigap__V1__IncidentDetail *detail = reply->incident_detail;
    assert_int_equal(detail->n_calls, 1);
    assert_int_equal(detail->n_assignments, 1);
    int on_scene = 0, en_route = 0;
    for (size_t i = 0; i < detail->assignments[0]->n_stamps; i++) {
        on_scene +=
            detail->assignments[0]->stamps[i]->state == SIGAP__V1__ASSIGNMENT_STATE__ON_SCENE;
        en_route +=
            detail->assignments[0]->stamps[i]->state == SIGAP__V1__ASSIGNMENT_STATE__EN_ROUTE;
    }
    assert_int_equal(on_scene, 1);
    assert_int_equal(en_route, 1);
    assert_int_equal(detail->assignments[0]->state, SIGAP__V1__ASSIGNMENT_STATE__CLOSED);
    sigap__v1__frame__free_unpacked(reply, NULL);
}

int main(void) {
    if (system("command -v tmux >/dev/null") != 0)
        return 77;
    signal(SIGPIPE, SIG_IGN);
    child_prepare(&engine, "");
    child_start(&engine, SIGAP_BINARY_DIR "/bin/sigapd");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_console_through_an_evening),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    (void)run("tmux -S %s/tmux kill-server 2>/dev/null", engine.folder);
    kill(engine.pid, SIGCONT);
    child_clean(&engine);
    return failed;
}
