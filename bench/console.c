/* bench-console: from a key to the screen, with a control room in full swing.
 *
 * A console with 300 units and 60 open incidents runs in a terminal of its own (a pty), with thirty
 * positions and a second's clock a second as they come from an engine. A letter is typed, and the
 * time is taken until its cell comes out of the terminal; then it is taken back. Beside it what a
 * turn costs the processor, part by part (rows and clocks, drawing into cells, handing cells to
 * curses), and what memory the console takes. The graph's roads are no part of it, nor is the line.
 */
#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/random.h"
#include "console/console.h"
#include "console/terminal.h"
#include "support/sheet.h"

enum { UNITS = 300, INCIDENTS = 60, CANDIDATES = 60, POSITIONS_A_SECOND = 30 };
static const char letter[] = "ø"; /* stands nowhere else on the screen */

/* ---- the control room ------------------------------------------------------------------------ */

static sgp_err no_send(void *context, const Sigap__V1__Frame *request, uint64_t token) {
    (void)context;
    (void)request;
    (void)token;
    return SGP_OK;
}

static void must(sgp_err err) {
    if (err != SGP_OK)
        _exit(3);
}

/* Through bytes, as from an engine; freed by the console. */
static void hear(sgp_console *console, Sigap__V1__Frame *frame, sgp_link_news_kind kind) {
    size_t size = sigap__v1__frame__get_packed_size(frame);
    uint8_t *bytes = malloc(size + 1);
    if (bytes == NULL)
        _exit(3);
    sigap__v1__frame__pack(frame, bytes);
    sgp_link_news news = {.kind = kind, .user = "bench"};
    news.frame = sigap__v1__frame__unpack(NULL, size, bytes);
    free(bytes);
    must(sgp_console_news(console, &news));
}

static void hear_update(sgp_console *console, Sigap__V1__Update *update) {
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.body_case = SIGAP__V1__FRAME__BODY_UPDATE;
    frame.update = update;
    hear(console, &frame, SGP_LINK_FRAME);
}

static void fill_unit(Sigap__V1__Unit *unit, Sigap__V1__Point *point, char code[16], int i,
                      int64_t now_ms) {
    sigap__v1__unit__init(unit);
    sigap__v1__point__init(point);
    snprintf(code, 16, "PSC-%03d", i + 1);
    point->lon = 112.6 + i * 0.0003;
    point->lat = -7.98 + i % 17 * 0.002;
    unit->number = (uint32_t)i + 1;
    unit->code = code;
    unit->kind = SIGAP__V1__UNIT_KIND__AMBULANCE_BASIC;
    unit->station = (char *)"Puskesmas Kedungkandang";
    unit->on_duty = true;
    unit->status = i < INCIDENTS ? SIGAP__V1__UNIT_STATUS__UNIT_EN_ROUTE
                                 : SIGAP__V1__UNIT_STATUS__UNIT_AVAILABLE;
    unit->assignment_id = unit->incident_id = i < INCIDENTS ? (uint64_t)i + 1 : 0;
    unit->position = point;
    unit->position_at_ms = now_ms;
}

static void hear_units(sgp_console *console, int64_t now_ms) {
    static Sigap__V1__Unit units[UNITS], *list[UNITS];
    static Sigap__V1__Point points[UNITS];
    static char codes[UNITS][16];
    for (int i = 0; i < UNITS; i++) {
        fill_unit(&units[i], &points[i], codes[i], i, now_ms);
        list[i] = &units[i];
    }
    Sigap__V1__Update update = SIGAP__V1__UPDATE__INIT;
    update.at_ms = now_ms;
    update.units = list;
    update.n_units = UNITS;
    hear_update(console, &update);
}

static void hear_incidents(sgp_console *console, int64_t now_ms) {
    static Sigap__V1__Incident incidents[INCIDENTS], *incident_list[INCIDENTS];
    static Sigap__V1__Assignment assignments[INCIDENTS], *assignment_list[INCIDENTS];
    static Sigap__V1__StateStamp stamp = SIGAP__V1__STATE_STAMP__INIT, *stamps[1] = {&stamp};
    static uint64_t ids[INCIDENTS];
    static char codes[INCIDENTS][16];
    Sigap__V1__Place place = SIGAP__V1__PLACE__INIT;
    place.label = (char *)"Jl. Raden Panji Suroso 118, Purwodadi";
    place.kecamatan = (char *)"Blimbing";
    stamp.state = SIGAP__V1__ASSIGNMENT_STATE__EN_ROUTE;
    stamp.at_ms = now_ms - 70000;
    for (int i = 0; i < INCIDENTS; i++) {
        ids[i] = (uint64_t)i + 1;
        snprintf(codes[i], sizeof codes[i], "PSC-%03d", i + 1);
        sigap__v1__incident__init(&incidents[i]);
        sigap__v1__assignment__init(&assignments[i]);
        incidents[i].id = ids[i];
        incidents[i].state = SIGAP__V1__INCIDENT_STATE__INCIDENT_ASSIGNED;
        incidents[i].priority = (Sigap__V1__Priority)(1 + i % 4);
        incidents[i].complaint = (char *)"traffic_accident";
        incidents[i].place = &place;
        incidents[i].place_confirmed = true;
        incidents[i].opened_at_ms = now_ms - 1000 * (60 + i);
        incidents[i].assignment_ids = &ids[i];
        incidents[i].n_assignment_ids = 1;
        assignments[i].id = assignments[i].incident_id = ids[i];
        assignments[i].unit_number = (uint32_t)i + 1;
        assignments[i].unit_code = codes[i];
        assignments[i].state = stamp.state;
        assignments[i].stamps = stamps;
        assignments[i].n_stamps = 1;
        incident_list[i] = &incidents[i];
        assignment_list[i] = &assignments[i];
    }
    static Sigap__V1__Candidate candidates[CANDIDATES], *candidate_list[CANDIDATES];
    static char candidate_codes[CANDIDATES][16];
    for (int i = 0; i < CANDIDATES; i++) {
        sigap__v1__candidate__init(&candidates[i]);
        snprintf(candidate_codes[i], sizeof candidate_codes[i], "PSC-%03d", INCIDENTS + i + 1);
        candidates[i].unit_code = candidate_codes[i];
        candidates[i].travel_ms = 60000 + 5000 * i;
        candidates[i].turnout_ms = 60000;
        candidates[i].total_ms = 120000 + 5000 * i;
        candidate_list[i] = &candidates[i];
    }
    Sigap__V1__Recommendation advice = SIGAP__V1__RECOMMENDATION__INIT, *advices[1] = {&advice};
    advice.id = advice.incident_id = 1;
    advice.at_ms = now_ms;
    advice.policy = (char *)"closest";
    advice.candidates = candidate_list;
    advice.n_candidates = CANDIDATES;
    Sigap__V1__Update update = SIGAP__V1__UPDATE__INIT;
    update.at_ms = now_ms;
    update.incidents = incident_list;
    update.n_incidents = INCIDENTS;
    update.assignments = assignment_list;
    update.n_assignments = INCIDENTS;
    update.recommendations = advices;
    update.n_recommendations = 1;
    update.caught_up = true;
    hear_update(console, &update);
}

static void hear_position(sgp_console *console, int nth, int64_t now_ms) {
    Sigap__V1__Unit unit, *list[1] = {&unit};
    Sigap__V1__Point point;
    char code[16];
    fill_unit(&unit, &point, code, nth % UNITS, now_ms);
    point.lon += nth * 1e-6;
    Sigap__V1__Update update = SIGAP__V1__UPDATE__INIT;
    update.at_ms = now_ms;
    update.units = list;
    update.n_units = 1;
    hear_update(console, &update);
}

/* ---- the console in its terminal
 * ------------------------------------------------------------------ */

typedef struct told { /* of one turn, to who measures */
    int64_t tick_ns, draw_ns, put_ns;
} told;

static void run_console(int tell) {
    static sgp_pending pending;
    sgp_console_host host = {.send = no_send};
    sgp_console *console;
    sgp_canvas canvas = {0};
    sgp_keys keys = {0};
    sgp_key key;
    sgp_fault fault;
    int never[2], columns, rows, positions = 0;
    sgp_pending_init(&pending);
    must(sgp_console_create(SGP_INDONESIAN, &host, &pending, &console));
    must(sgp_terminal_open(true, &fault));
    if (pipe(never) != 0)
        _exit(3);
    Sigap__V1__Frame up = SIGAP__V1__FRAME__INIT;
    Sigap__V1__Status status = SIGAP__V1__STATUS__INIT;
    status.city = (char *)"bench";
    up.body_case = SIGAP__V1__FRAME__BODY_STATUS;
    up.status = &status;
    sgp_console_tick(console, sgp_wall_ms());
    hear(console, &up, SGP_LINK_UP);
    hear_units(console, sgp_wall_ms());
    hear_incidents(console, sgp_wall_ms());
    int64_t next_ms = sgp_wall_ms();
    while (!sgp_terminal_ended()) {
        told now;
        int64_t at = bench_cpu_ns();
        sgp_console_tick(console, sgp_wall_ms());
        now.tick_ns = bench_cpu_ns() - at;
        sgp_terminal_size(&rows, &columns);
        bool all = rows != canvas.rows || columns != canvas.columns;
        if (all)
            must(sgp_canvas_resize(&canvas, rows, columns));
        at = bench_cpu_ns();
        sgp_console_draw(console, &canvas);
        now.draw_ns = bench_cpu_ns() - at;
        at = bench_cpu_ns();
        sgp_terminal_put(&canvas, all);
        now.put_ns = bench_cpu_ns() - at;
        (void)!write(tell, &now, sizeof now);
        int64_t left = next_ms - sgp_wall_ms();
        uint8_t bytes[64];
        if (sgp_terminal_wait(never[0], left > 0 ? (int)left : 0)) {
            ssize_t n = sgp_terminal_read(bytes, sizeof bytes);
            if (n < 0)
                break;
            for (ssize_t i = 0; i < n; i++)
                if (sgp_keys_take(&keys, bytes[i], &key))
                    sgp_console_key(console, &key);
        }
        if (sgp_wall_ms() >= next_ms) {
            hear_position(console, positions++, sgp_wall_ms());
            next_ms += 1000 / POSITIONS_A_SECOND;
        }
    }
    _exit(0);
}

/* ---- who types
 * --------------------------------------------------------------------------------------- */

/* Reads what the terminal shows until the letter is there, or for so long. */
static bool read_until(int fd, const char *what, int64_t for_ms) {
    static char text[1 << 20];
    size_t n = 0;
    for (int64_t until = bench_wall_ns() + for_ms * 1000000; bench_wall_ns() < until;) {
        struct pollfd item = {.fd = fd, .events = POLLIN};
        if (poll(&item, 1, 20) <= 0)
            continue;
        if (n > sizeof text / 2)
            n = 0;
        ssize_t got = read(fd, text + n, sizeof text - n);
        if (got <= 0)
            return false;
        n += (size_t)got;
        if (what != NULL && memmem(text, n, what, strlen(what)) != NULL)
            return true;
    }
    return what == NULL;
}

static void measure(int columns, int rows, int letters, FILE *json) {
    struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns};
    int terminal, tell[2];
    uint64_t random = 7;
    if (pipe2(tell, O_CLOEXEC | O_NONBLOCK) != 0)
        exit(3);
    pid_t pid = forkpty(&terminal, NULL, NULL, &size);
    if (pid == 0) {
        setenv("TERM", "xterm-256color", 1);
        sgp_canvas_locale();
        run_console(tell[1]);
    }
    (void)read_until(terminal, NULL, 500);
    bench_samples echo = {0}, tick = {0}, draw = {0}, put = {0};
    told one;
    while (read(tell[0], &one, sizeof one) == (ssize_t)sizeof one)
        ; /* of the beginning */
    struct rusage usage;
    int64_t begun = bench_wall_ns();
    for (int i = 0; i < letters; i++) {
        int64_t at = bench_wall_ns();
        (void)!write(terminal, letter, strlen(letter));
        if (!read_until(terminal, letter, 5000)) {
            fprintf(stderr, "bench-console: a letter never came to the screen\n");
            exit(3);
        }
        bench_add(&echo, bench_wall_ns() - at);
        (void)!write(terminal, "\177", 1);
        (void)read_until(terminal, NULL, 20 + (int64_t)sgp_random_below(&random, 40));
        while (read(tell[0], &one, sizeof one) == (ssize_t)sizeof one) {
            bench_add(&tick, one.tick_ns);
            bench_add(&draw, one.draw_ns);
            bench_add(&put, one.put_ns);
        }
    }
    double seconds = (double)(bench_wall_ns() - begun) / 1e9;
    kill(pid, SIGTERM);
    (void)read_until(terminal, NULL, 50);
    close(terminal);
    wait4(pid, NULL, 0, &usage);
    double cpu_s = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                   (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
    bench_sheet sheet = {0};
    snprintf(sheet.data, sizeof sheet.data, "%dx%d", columns, rows);
    snprintf(sheet.title, sizeof sheet.title, "%d units, %d incidents, %d positions a second",
             UNITS, INCIDENTS, POSITIONS_A_SECOND);
    bench_put(&sheet, "echo_median_ms", bench_median_ns(&echo) / 1e6,
              "from a letter typed to the letter on the screen");
    bench_put(&sheet, "echo_p99_ms", bench_share_ns(&echo, 0.99) / 1e6, "and at p99");
    bench_put(&sheet, "tick_median_ms", bench_median_ns(&tick) / 1e6,
              "processor of a turn: rows, clocks, alarms");
    bench_put(&sheet, "draw_median_ms", bench_median_ns(&draw) / 1e6, "drawing into cells");
    bench_put(&sheet, "put_median_ms", bench_median_ns(&put) / 1e6,
              "handing cells to the terminal");
    bench_put(&sheet, "put_p99_ms", bench_share_ns(&put, 0.99) / 1e6,
              "and at p99: when the clocks change");
    bench_put(&sheet, "cpu_percent", cpu_s / seconds * 100, "of one processor, all in all");
    bench_put(&sheet, "rss_mib", (double)usage.ru_maxrss / 1024, "memory, at most");
    bench_print(&sheet, stdout);
    if (json != NULL && !bench_write_json(&sheet, json))
        exit(3);
    bench_forget(&echo);
    bench_forget(&tick);
    bench_forget(&draw);
    bench_forget(&put);
    close(tell[0]);
    close(tell[1]);
}

int main(int argc, char **argv) {
    static const struct option options[] = {{"json", required_argument, NULL, 'j'},
                                            {"tiny", no_argument, NULL, 't'},
                                            {"help", no_argument, NULL, 'h'},
                                            {0}};
    FILE *json = NULL;
    int letters = 200;
    for (int option; (option = getopt_long(argc, argv, "j:th", options, NULL)) != -1;) {
        if (option == 't')
            letters = 3;
        else if (option == 'j') {
            json = fopen(optarg, "w");
            if (!json) {
                perror(optarg);
                return 3;
            }
        } else {
            printf("usage: bench-console [--tiny] [--json FILE]\n"
                   "From a key to the screen with %d units and %d incidents.\n",
                   UNITS, INCIDENTS);
            return option == 'h' ? 0 : 2;
        }
    }
    measure(80, 24, letters, json);
    measure(200, 60, letters, json);
    return json && fclose(json) != 0 ? 3 : 0;
}
