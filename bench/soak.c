/* bench-soak: does live traffic disturb dispatch?
 *
 * Starts the engine on the sketch of Malang with 1,000 units on duty and no database. For
 * --seconds, calls come in at a fixed rate over the private socket, whether earlier ones are
 * answered or not; each is ranked over all units, journaled, answered, and then closed. Units
 * report new positions all the while. Windows with traffic pictures and without alternate in
 * the same run: in the former a picture of all roads (every way its own factor, one of two
 * pictures in turn) is sent each --every seconds.
 *
 * Witness: all the while tables of 8 x 8 places are asked, and each must equal, in all 64
 * times, what one of the whole pictures gives by metrics made here from the same weights. A
 * table that equals none has seen parts of two pictures, or wrong weights.
 */
#include <assert.h>
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <jansson.h>

#include "base/clock.h"
#include "base/ids.h"
#include "base/random.h"
#include "serve/city_time.h"
#include "serve/client.h"
#include "serve/live_times.h"
#include "sigap/traffic.h"

enum {
    WAITING = 1 << 16, /* answers on the way; a power of two */
    PLACES = 8,
    SETS = 6, /* no picture and two, in this minute and after the next change of hours */
    PAGE_ROADS = 3000,
    STATUS_US = 20000,
    TABLE_US = 50000
};

typedef enum kind_of_request { NOTHING, CALL, CLOSE, MOVE, STATUS, TABLE, PAGE } kind_of_request;

typedef struct sent {
    uint64_t seq;
    kind_of_request kind;
    bool pictures; /* sent in a window with pictures */
    int64_t at_us;
} sent;

typedef struct samples {
    int64_t *us;
    size_t n, capacity;
} samples;

typedef struct soak {
    int seconds, rate, units, moves;
    double every_s;
    char directory[64];
    pid_t engine;
    sgp_graph *graph;
    const sgp_graph_parts *parts;
    sgp_client *client;
    uint64_t random;
    sent waiting[WAITING];
    size_t n_waiting;
    int64_t *ways; /* the city's, ascending */
    size_t n_ways;
    sgp_point places[PLACES];
    int64_t expected[SETS][PLACES * PLACES];
    uint64_t seen[SETS];
    int n_sets;
    samples answer[2], decide[2]; /* without and with pictures */
    uint64_t calls, refused, tables, mixed, pages, pictures, late;
} soak;

static soak *running; /* for atexit alone */

static void clean_up(void) {
    if (running == NULL)
        return;
    if (running->engine > 0) {
        kill(running->engine, SIGKILL);
        waitpid(running->engine, NULL, 0);
    }
    if (strstr(running->directory, "XXXXXX") == NULL) {
        char command[128];
        snprintf(command, sizeof command, "rm -rf '%s'", running->directory);
        int code = system(command);
        (void)code;
    }
}

static _Noreturn void stop(const char *what, const char *why) {
    fprintf(stderr, "bench-soak: %s: %s\n", what, why);
    exit(3);
}

static void on_signal(int number) {
    exit(128 + number);
}

static void add(samples *s, int64_t us) {
    if (s->n == s->capacity) {
        s->capacity = s->capacity ? 2 * s->capacity : 4096;
        s->us = realloc(s->us, s->capacity * sizeof *s->us);
        if (s->us == NULL)
            stop("samples", "no memory");
    }
    s->us[s->n++] = us;
}

/* ---- the city and the engine ---------------------------------------------- */

static sgp_point random_point(soak *s) {
    for (;;) {
        const sgp_edge *edge = &s->parts->edges[sgp_random_next(&s->random) % s->parts->n_edges];
        if ((edge->flags & SGP_EDGE_MAIN) != 0)
            return s->parts->points[edge->first_point];
    }
}

static void run_program(const char *bin, const char *program, const char *arguments) {
    char command[1200];
    snprintf(command, sizeof command, "'%s/%s' %s >/dev/null 2>&1", bin, program, arguments);
    if (system(command) != 0)
        stop("a preparing command failed", command);
}

static void make_city(soak *s, const char *bin) {
    char arguments[400], path[128];
    snprintf(arguments, sizeof arguments, "--seed 112 %s/malang.osm.pbf", s->directory);
    run_program(bin, "sigap-sketch", arguments);
    snprintf(arguments, sizeof arguments,
             "import --graph-only --name malang --graph-dir %s %s/malang.osm.pbf", s->directory,
             s->directory);
    run_program(bin, "sigap", arguments);
    snprintf(path, sizeof path, "%s/malang.sgr", s->directory);
    sgp_fault fault = {0};
    if (sgp_graph_open(path, &s->graph, &fault) != SGP_OK)
        stop("graph", fault.text);
    s->parts = sgp_graph_get(s->graph);
}

static void write_config(soak *s) {
    static const char *const kinds[] = {"ambulance_basic", "ambulance_basic", "ambulance_advanced",
                                        "motorbike"};
    char path[128];
    snprintf(path, sizeof path, "%s/sigap.conf", s->directory);
    FILE *file = fopen(path, "w");
    if (file == NULL)
        stop(path, strerror(errno));
    const char *d = s->directory;
    fprintf(file,
            "city = { graph = \"%s/malang.sgr\"; };\nlisten = { socket = \"%s/s\"; };\n"
            "journal = { path = \"%s/journal.sqlite\"; key_file = \"%s/journal.key\"; };\n"
            "stations = (\n",
            d, d, d, d);
    for (int i = 0; i < s->units; i++) {
        sgp_point at = random_point(s);
        fprintf(file,
                "%s{ code = \"S%04d\"; name = \"S%d\"; lon = %.7f; lat = %.7f; agency = "
                "\"bench\"; }\n",
                i ? "," : "", i, i, sgp_lon(at), sgp_lat(at));
    }
    fprintf(file, ");\nunits = (\n");
    for (int i = 0; i < s->units; i++)
        fprintf(file, "%s{ code = \"U%04d\"; kind = \"%s\"; station = \"S%04d\"; }\n", i ? "," : "",
                i, kinds[i % 4], i);
    fprintf(file, ");\n");
    fclose(file);
}

static void start_engine(soak *s, const char *bin) {
    char program[600], config[128], log[128], target[128];
    snprintf(program, sizeof program, "%s/sigapd", bin);
    snprintf(config, sizeof config, "%s/sigap.conf", s->directory);
    snprintf(log, sizeof log, "%s/log", s->directory);
    snprintf(target, sizeof target, "unix:%s/s", s->directory);
    s->engine = fork();
    if (s->engine == 0) {
        FILE *file = freopen(log, "w", stderr);
        (void)file;
        execl(program, program, "--config", config, (char *)NULL);
        _exit(127);
    }
    sgp_fault fault = {0};
    for (int i = 0; i < 600; i++) {
        if (sgp_client_connect(target, &s->client, &fault) == SGP_OK)
            return;
        usleep(50000);
    }
    stop("the engine did not start", fault.text);
}

/* ---- pictures -------------------------------------------------------------- */

static int by_number(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static void list_ways(soak *s) {
    s->ways = malloc((s->parts->n_edges + 1) * sizeof *s->ways);
    if (s->ways == NULL)
        stop("ways", "no memory");
    for (uint32_t e = 0; e < s->parts->n_edges; e++)
        s->ways[e] = s->parts->edges[e].way;
    qsort(s->ways, s->parts->n_edges, sizeof *s->ways, by_number);
    for (uint32_t e = 0; e < s->parts->n_edges; e++)
        if (e == 0 || s->ways[e] != s->ways[s->n_ways - 1])
            s->ways[s->n_ways++] = s->ways[e];
}

/* Picture 1 or 2 of a way: 0.8 to 3 times the stored time. */
static uint32_t factor_of(int64_t way, int picture) {
    uint64_t mixed = ((uint64_t)way * 2 + (uint64_t)picture) * UINT64_C(0x9e3779b97f4a7c15);
    return 800 + (uint32_t)(mixed >> 40) % 2200;
}

static void remember(soak *s, uint64_t seq, kind_of_request kind, bool pictures) {
    sent *slot = &s->waiting[seq & (WAITING - 1)];
    if (slot->kind != NOTHING)
        stop("answers", "too many are missing");
    *slot = (sent){seq, kind, pictures, sgp_monotonic_us()};
    s->n_waiting++;
}

static void send_frame(soak *s, Sigap__V1__Frame *frame, kind_of_request kind, bool pictures) {
    sgp_fault fault = {0};
    uint64_t seq;
    sgp_uuid id = sgp_uuid_make();
    if (sgp_frame_changes_state(frame->body_case))
        frame->id = (ProtobufCBinaryData){sizeof id.bytes, id.bytes};
    int64_t begun = sgp_monotonic_us();
    if (sgp_client_send(s->client, frame, &seq, &fault) != SGP_OK)
        stop("sending failed", fault.text);
    remember(s, seq, kind, pictures);
    s->waiting[seq & (WAITING - 1)].at_us = begun;
}

static void send_picture(soak *s, int picture) {
    static Sigap__V1__RoadFactor roads[PAGE_ROADS], *list[PAGE_ROADS];
    sgp_uuid id = sgp_uuid_make();
    uint32_t page = 0;
    for (size_t from = 0; from < s->n_ways; from += PAGE_ROADS, page++) {
        Sigap__V1__TrafficPicture message = SIGAP__V1__TRAFFIC_PICTURE__INIT;
        message.picture_id = (ProtobufCBinaryData){sizeof id.bytes, id.bytes};
        message.page = page;
        message.last = from + PAGE_ROADS >= s->n_ways;
        message.roads = list;
        for (size_t i = from; i < s->n_ways && i < from + PAGE_ROADS; i++) {
            Sigap__V1__RoadFactor *road = &roads[message.n_roads];
            sigap__v1__road_factor__init(road);
            road->way = s->ways[i];
            road->pace_case = SIGAP__V1__ROAD_FACTOR__PACE_PERMILLE;
            road->permille = factor_of(s->ways[i], picture);
            list[message.n_roads++] = road;
        }
        Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
        frame.body_case = SIGAP__V1__FRAME__BODY_TRAFFIC_PICTURE;
        frame.traffic_picture = &message;
        send_frame(s, &frame, PAGE, true);
        s->pages++;
    }
    s->pictures++;
}

/* ---- the witness ------------------------------------------------------------ */

static void expect(soak *s, int picture, int32_t minute, int64_t *times) {
    size_t n_moves = 2 * (size_t)s->parts->n_edges;
    uint16_t *factor = malloc((n_moves + 1) * sizeof *factor);
    int32_t *weight = malloc((s->parts->n_arcs + 1) * sizeof *weight);
    sgp_metric *metric = NULL;
    sgp_query *query = NULL;
    sgp_fault fault = {0};
    if (factor == NULL || weight == NULL)
        stop("witness", "no memory");
    for (uint32_t e = 0; e < s->parts->n_edges; e++)
        factor[2 * e] = factor[2 * e + 1] =
            picture == 0 ? 1000 : (uint16_t)factor_of(s->parts->edges[e].way, picture);
    sgp_picture made = {.minute_of_week = minute, .factor = factor};
    sgp_source sources[PLACES];
    sgp_snap targets[PLACES];
    for (int i = 0; i < PLACES; i++) {
        size_t n = 0;
        sgp_snap_wish wish = {.radius_m = SGP_SNAP_RADIUS_M};
        if (sgp_graph_snap_wish(s->graph, s->places[i], &wish, &targets[i], 1, &n) != SGP_OK ||
            n == 0)
            stop("witness", "a place is on no road");
        sources[i] = (sgp_source){.from = targets[i]};
    }
    if (sgp_weights_make(s->graph, &made, weight, &fault) != SGP_OK)
        stop("witness", fault.text);
    if (sgp_metric_customize(s->graph, weight, 1, &metric) != SGP_OK ||
        sgp_query_create(metric, &query) != SGP_OK ||
        sgp_query_matrix(query, sources, PLACES, targets, PLACES, times) != SGP_OK)
        stop("witness", "the times cannot be made");
    sgp_query_destroy(query);
    sgp_metric_destroy(metric);
    free(weight);
    free(factor);
}

static void make_witness(soak *s) {
    sgp_city_time time;
    sgp_fault fault = {0};
    if (sgp_city_time_load("Asia/Jakarta", &time, &fault) != SGP_OK)
        stop("time zone", fault.text);
    int32_t minute = sgp_city_time_minute(&time, sgp_wall_ms());
    sgp_picture now = {.minute_of_week = minute};
    int32_t next = sgp_weights_next_change(s->graph, &now);
    for (int i = 0; i < PLACES; i++)
        s->places[i] = random_point(s);
    for (int picture = 0; picture < 3; picture++)
        expect(s, picture, minute, s->expected[s->n_sets++]);
    if (next - minute <= s->seconds / 60 + 2)
        for (int picture = 0; picture < 3; picture++)
            expect(s, picture, next % SGP_WEEK_MINUTES, s->expected[s->n_sets++]);
}

static void check_table(soak *s, const Sigap__V1__Table *table) {
    s->tables++;
    for (int set = 0; set < s->n_sets; set++)
        if (table->n_duration_ms == PLACES * PLACES &&
            memcmp(table->duration_ms, s->expected[set], sizeof s->expected[set]) == 0) {
            s->seen[set]++;
            return;
        }
    s->mixed++;
}

/* ---- requests ---------------------------------------------------------------- */

static void send_call(soak *s, bool pictures) {
    Sigap__V1__Point point = SIGAP__V1__POINT__INIT;
    sgp_point at = random_point(s);
    point.lon = sgp_lon(at);
    point.lat = sgp_lat(at);
    Sigap__V1__ReportCall call = SIGAP__V1__REPORT_CALL__INIT;
    call.point = &point;
    call.complaint = (char *)"fall";
    call.channel = (char *)"112";
    /* With lights and without; neither is ordered without a click. */
    call.priority = s->calls % 2 ? SIGAP__V1__PRIORITY__P2 : SIGAP__V1__PRIORITY__P3;
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.body_case = SIGAP__V1__FRAME__BODY_REPORT_CALL;
    frame.report_call = &call;
    send_frame(s, &frame, CALL, pictures);
    s->calls++;
}

static void send_close(soak *s, uint64_t incident) {
    Sigap__V1__CloseIncident close = SIGAP__V1__CLOSE_INCIDENT__INIT;
    close.incident_id = incident;
    close.outcome = SIGAP__V1__OUTCOME__INFORMATION;
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.body_case = SIGAP__V1__FRAME__BODY_CLOSE_INCIDENT;
    frame.close_incident = &close;
    send_frame(s, &frame, CLOSE, false);
}

static void send_move(soak *s) {
    char code[16];
    Sigap__V1__Point point = SIGAP__V1__POINT__INIT;
    sgp_point at = random_point(s);
    point.lon = sgp_lon(at);
    point.lat = sgp_lat(at);
    snprintf(code, sizeof code, "U%04d", (int)(sgp_random_next(&s->random) % (uint64_t)s->units));
    Sigap__V1__ReportPosition report = SIGAP__V1__REPORT_POSITION__INIT;
    report.point = &point;
    report.unit_code = code;
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.body_case = SIGAP__V1__FRAME__BODY_REPORT_POSITION;
    frame.report_position = &report;
    send_frame(s, &frame, MOVE, false);
}

static void send_status(soak *s, bool pictures) {
    Sigap__V1__GetStatus get = SIGAP__V1__GET_STATUS__INIT;
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.body_case = SIGAP__V1__FRAME__BODY_GET_STATUS;
    frame.get_status = &get;
    send_frame(s, &frame, STATUS, pictures);
}

static void send_table(soak *s) {
    Sigap__V1__Point points[PLACES], *list[PLACES];
    for (int i = 0; i < PLACES; i++) {
        sigap__v1__point__init(&points[i]);
        points[i].lon = sgp_lon(s->places[i]);
        points[i].lat = sgp_lat(s->places[i]);
        list[i] = &points[i];
    }
    Sigap__V1__TableQuery table = SIGAP__V1__TABLE_QUERY__INIT;
    table.sources = table.targets = list;
    table.n_sources = table.n_targets = PLACES;
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.body_case = SIGAP__V1__FRAME__BODY_TABLE_QUERY;
    frame.table_query = &table;
    send_frame(s, &frame, TABLE, false);
}

static void take_answer(soak *s, const Sigap__V1__Frame *frame) {
    sent *slot = &s->waiting[frame->reply_to & (WAITING - 1)];
    if (slot->kind == NOTHING || slot->seq != frame->reply_to)
        return;
    sent was = *slot;
    slot->kind = NOTHING;
    s->n_waiting--;
    if (frame->body_case == SIGAP__V1__FRAME__BODY_ERROR) {
        if (s->refused++ == 0)
            fprintf(stderr, "bench-soak: refused: %s\n", frame->error->message);
        return;
    }
    if (was.kind == CALL) {
        add(&s->answer[was.pictures], sgp_monotonic_us() - was.at_us);
        send_close(s, frame->done->incident_id);
    } else if (was.kind == STATUS) {
        add(&s->decide[was.pictures], frame->status->last_decide_us);
    } else if (was.kind == TABLE) {
        check_table(s, frame->table);
    }
}

/* Hears answers for at most so long. */
static void hear(soak *s, int64_t until_us) {
    do {
        Sigap__V1__Frame *frame;
        sgp_fault fault = {0};
        int64_t left_ms = (until_us - sgp_monotonic_us()) / 1000;
        sgp_err err = sgp_client_next_frame(s->client, left_ms > 1 ? left_ms : 1, &frame, &fault);
        if (err == SGP_E_TIMEOUT)
            continue;
        if (err != SGP_OK)
            stop("the engine is gone", fault.text);
        take_answer(s, frame);
        sigap__v1__frame__free_unpacked(frame, NULL);
    } while (sgp_monotonic_us() < until_us);
}

static void sign_on(soak *s) {
    for (int i = 0; i < s->units; i++) {
        char code[16];
        snprintf(code, sizeof code, "U%04d", i);
        Sigap__V1__SetDuty duty = SIGAP__V1__SET_DUTY__INIT;
        duty.on_duty = 1;
        duty.unit_code = code;
        Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT, *reply;
        sgp_fault fault = {0};
        frame.body_case = SIGAP__V1__FRAME__BODY_SET_DUTY;
        frame.set_duty = &duty;
        if (sgp_client_request(s->client, &frame, 0, &reply, &fault) != SGP_OK)
            stop("signing on", fault.text);
        sigap__v1__frame__free_unpacked(reply, NULL);
    }
}

/* ---- the run ------------------------------------------------------------------ */

typedef struct due {
    int64_t at_us, every_us;
} due;

static bool is_due(due *d, int64_t now_us) {
    if (d->every_us == 0 || now_us < d->at_us)
        return false;
    d->at_us += d->every_us;
    return true;
}

static void run(soak *s) {
    int64_t begun = sgp_monotonic_us(), end = begun + s->seconds * INT64_C(1000000);
    /* At least three windows of each kind, none longer than 10 s. */
    int64_t window_us = s->seconds * INT64_C(1000000) / 6;
    if (window_us > 10000000)
        window_us = 10000000;
    due call = {begun, 1000000 / s->rate}, move = {begun, s->moves ? 1000000 / s->moves : 0};
    due status = {begun, STATUS_US}, table = {begun, TABLE_US};
    int64_t next_picture = begun;
    for (int64_t now; (now = sgp_monotonic_us()) < end || s->n_waiting > 0;) {
        bool pictures = (now - begun) / window_us % 2 == 1;
        if (now >= end + 20000000)
            stop("answers", "some did not come within 20 s");
        if (now < end) {
            if (pictures && now >= next_picture) {
                send_picture(s, 1 + (int)(s->pictures % 2));
                next_picture = now + (int64_t)(s->every_s * 1e6);
            }
            s->late += call.at_us < now - 5000;
            while (is_due(&call, now))
                send_call(s, pictures);
            while (is_due(&move, now))
                send_move(s);
            while (is_due(&status, now))
                send_status(s, pictures);
            while (is_due(&table, now))
                send_table(s);
        }
        int64_t until = call.at_us < status.at_us ? call.at_us : status.at_us;
        hear(s, now < end ? until : now + 10000);
    }
}

/* ---- the report ---------------------------------------------------------------- */

typedef struct figures {
    int64_t median, p99, maximum;
} figures;

static figures sort_figures(samples *s) {
    if (s->n == 0)
        return (figures){0, 0, 0};
    qsort(s->us, s->n, sizeof *s->us, by_number);
    size_t p99 = s->n * 99 / 100;
    return (figures){s->us[s->n / 2], s->us[p99 < s->n ? p99 : s->n - 1], s->us[s->n - 1]};
}

static void print_row(const char *name, figures without, figures with) {
    printf("%-28s %8lld %8lld %8lld   %8lld %8lld %8lld   %5.2f %5.2f\n", name,
           (long long)without.median, (long long)without.p99, (long long)without.maximum,
           (long long)with.median, (long long)with.p99, (long long)with.maximum,
           without.median ? (double)with.median / (double)without.median : 0,
           without.p99 ? (double)with.p99 / (double)without.p99 : 0);
}

static void report(soak *s, const char *json_path) {
    figures answer[2] = {sort_figures(&s->answer[0]), sort_figures(&s->answer[1])};
    figures decide[2] = {sort_figures(&s->decide[0]), sort_figures(&s->decide[1])};
    printf("sketch of Malang: %u vertices, %u arcs, %u profiles; %d units; %d calls/s and %d "
           "moves/s for %d s\n",
           s->parts->n_vertices, s->parts->n_arcs, s->parts->n_profiles, s->units, s->rate,
           s->moves, s->seconds);
    printf("%llu calls, %llu refused; %llu pictures of %zu ways (%llu pages), one each %.1f s\n\n",
           (unsigned long long)s->calls, (unsigned long long)s->refused,
           (unsigned long long)s->pictures, s->n_ways, (unsigned long long)s->pages, s->every_s);
    printf("%-28s %-28s %-28s %s\n", "microseconds", "without pictures", "with pictures", "ratio");
    printf("%-28s %8s %8s %8s   %8s %8s %8s   %5s %5s\n", "", "median", "p99", "maximum", "median",
           "p99", "maximum", "med", "p99");
    print_row("call in -> answer, durable", answer[0], answer[1]);
    print_row("decide (sampled)", decide[0], decide[1]);
    printf("\ntables: %llu, of which mixed: %llu; equal to no picture %llu, picture 1 %llu, "
           "picture 2 %llu\nturns of this program over 5 ms late: %llu\n",
           (unsigned long long)s->tables, (unsigned long long)s->mixed,
           (unsigned long long)(s->seen[0] + s->seen[3]),
           (unsigned long long)(s->seen[1] + s->seen[4]),
           (unsigned long long)(s->seen[2] + s->seen[5]), (unsigned long long)s->late);
    if (json_path == NULL)
        return;
    json_t *object = json_pack(
        "{s:s, s:i, s:i, s:i, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "data",
        "malang-sketch", "units", s->units, "calls_per_s", s->rate, "seconds_s", s->seconds,
        "pictures", (json_int_t)s->pictures, "answer_us", (json_int_t)answer[0].median,
        "answer_p99_us", (json_int_t)answer[0].p99, "answer_pictures_us",
        (json_int_t)answer[1].median, "answer_pictures_p99_us", (json_int_t)answer[1].p99,
        "decide_us", (json_int_t)decide[0].median, "decide_p99_us", (json_int_t)decide[0].p99,
        "decide_pictures_us", (json_int_t)decide[1].median, "decide_pictures_p99_us",
        (json_int_t)decide[1].p99, "mixed", (json_int_t)s->mixed);
    if (object == NULL || json_dump_file(object, json_path, JSON_COMPACT) != 0)
        stop(json_path, "cannot be written");
    json_decref(object);
}

int main(int argc, char **argv) {
    static soak s = {.seconds = 60, .rate = 200, .units = 1000, .moves = 100, .every_s = 10};
    const char *json_path = NULL;
    static const struct option options[] = {
        {"seconds", required_argument, NULL, 's'}, {"rate", required_argument, NULL, 'r'},
        {"units", required_argument, NULL, 'u'},   {"moves", required_argument, NULL, 'm'},
        {"every", required_argument, NULL, 'e'},   {"json", required_argument, NULL, 'j'},
        {"help", no_argument, NULL, 'h'},          {0}};
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (option == 's')
            s.seconds = atoi(optarg);
        else if (option == 'r')
            s.rate = atoi(optarg);
        else if (option == 'u')
            s.units = atoi(optarg);
        else if (option == 'm')
            s.moves = atoi(optarg);
        else if (option == 'e')
            s.every_s = atof(optarg);
        else if (option == 'j')
            json_path = optarg;
        else {
            printf("usage: bench-soak [--seconds N] [--rate CALLS/S] [--units N] [--moves N/S]\n"
                   "                  [--every S] [--json FILE]\n"
                   "Calls with and without live traffic pictures, on the sketch of Malang.\n"
                   "Exit 1: a table was seen that belongs to no whole picture.\n");
            return option == 'h' ? 0 : 2;
        }
    }
    if (s.seconds < 1 || s.rate < 1 || s.rate > 10000 || s.units < 1 || s.units > SGP_UNITS_MAX ||
        s.moves < 0 || s.moves > 10000 || !(s.every_s > 0.01))
        stop("options", "out of range");
    signal(SIGPIPE, SIG_IGN);
    signal(SIGINT, on_signal);
    signal(SIGTERM, on_signal);
    running = &s;
    atexit(clean_up);
    strcpy(s.directory, "/tmp/sigap-soak-XXXXXX");
    if (mkdtemp(s.directory) == NULL)
        stop("temporary directory", strerror(errno));
    char bin[512];
    ssize_t length = readlink("/proc/self/exe", bin, sizeof bin - 1);
    assert(length > 0);
    bin[length] = '\0';
    *strrchr(bin, '/') = '\0';
    s.random = 112;
    make_city(&s, bin);
    list_ways(&s);
    write_config(&s);
    make_witness(&s);
    start_engine(&s, bin);
    sign_on(&s);
    run(&s);
    report(&s, json_path);
    sgp_client_close(s.client);
    sgp_graph_close(s.graph);
    return s.mixed > 0 || s.refused > 0;
}
