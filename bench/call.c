/* bench-call: from frame in to order out, durable.
 *
 * Starts the engine on the sketch of Malang with 50 units and no database, logs
 * all 50 crews in, and reports 1,000 P1 calls by coordinates, one after the
 * other. What is timed is what a crew feels: from the first byte of the caller's
 * frame to the last byte of the crew's order, both over the private socket, the
 * journal's sync on this disk included. Decide and sync are the engine's own
 * clocks for that call (Status). Then calls that order nobody are sent over four
 * connections, 64 on the way on each, for calls a second.
 */
#include <assert.h>
#include <errno.h>
#include <getopt.h>
#include <poll.h>
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
#include "serve/client.h"
#include "serve/token.h"
#include "sigap/router.h"

enum { UNITS = 50, CONNECTIONS = 4, ON_THE_WAY = 64 };

static char directory[64] = "/tmp/sigap-bench-XXXXXX";
static pid_t engine;

static void clean_up(void) {
    if (engine > 0) {
        kill(engine, SIGKILL);
        waitpid(engine, NULL, 0);
    }
    if (directory[0] == '/' && !strstr(directory, "XXXXXX")) {
        char command[128];
        snprintf(command, sizeof command, "rm -rf '%s'", directory);
        int code = system(command);
        (void)code;
    }
}

static _Noreturn void stop(const char *what, const char *why) {
    fprintf(stderr, "bench-call: %s: %s\n", what, why);
    exit(3);
}

static void on_signal(int number) {
    exit(128 + number);
}

/* Runs a program of ours that lies beside this one; its output is not shown. */
static void run_program(const char *bin, const char *program, const char *arguments) {
    char command[1200];
    snprintf(command, sizeof command, "'%s/%s' %s >/dev/null 2>&1", bin, program, arguments);
    if (system(command) != 0)
        stop("a preparing command failed", command);
}

/* A point on a random road from which the city can be reached. */
static sgp_point random_road_point(const sgp_graph_parts *graph, uint64_t *random) {
    for (;;) {
        const sgp_edge *edge = &graph->edges[sgp_random_next(random) % graph->n_edges];
        if (edge->flags & SGP_EDGE_MAIN)
            return graph->points[edge->first_point];
    }
}

static void write_config(const sgp_graph_parts *graph, char tokens[UNITS][SGP_TOKEN_TEXT],
                         uint64_t *random) {
    char path[128];
    snprintf(path, sizeof path, "%s/sigap.conf", directory);
    FILE *file = fopen(path, "w");
    if (!file)
        stop(path, strerror(errno));
    fprintf(file,
            "city = { graph = \"%s/malang.sgr\"; };\nlisten = { socket = \"%s/s\"; };\n"
            "journal = { path = \"%s/journal.sqlite\"; key_file = \"%s/journal.key\"; };\nstations "
            "= (\n",
            directory, directory, directory, directory);
    for (int i = 0; i < UNITS; i++) {
        sgp_point at = random_road_point(graph, random);
        fprintf(file,
                "%s{ code = \"S%02d\"; name = \"Station %d\"; lon = %.7f; lat = %.7f; agency = "
                "\"bench\"; }\n",
                i ? "," : "", i, i, sgp_lon(at), sgp_lat(at));
    }
    fprintf(file, ");\nunits = (\n");
    for (int i = 0; i < UNITS; i++)
        fprintf(file,
                "%s{ code = \"A%02d\"; name = \"Unit %d\"; kind = \"ambulance_basic\"; agency = "
                "\"bench\"; station = "
                "\"S%02d\"; }\n",
                i ? "," : "", i, i, i);
    fprintf(file, ");\nusers = (\n");
    for (int i = 0; i < UNITS; i++) {
        char hash[SGP_TOKEN_HASH_TEXT];
        sgp_token_make(tokens[i], hash);
        fprintf(file,
                "%s{ name = \"A%02d\"; role = \"crew\"; token_hash = \"%s\"; unit = \"A%02d\"; }\n",
                i ? "," : "", i, hash, i);
    }
    fprintf(file, ");\n");
    fclose(file);
}

static void start_engine(const char *bin) {
    char program[600], config[128], log[128];
    snprintf(program, sizeof program, "%s/sigapd", bin);
    snprintf(config, sizeof config, "%s/sigap.conf", directory);
    snprintf(log, sizeof log, "%s/log", directory);
    engine = fork();
    if (engine == 0) {
        FILE *file = freopen(log, "w", stderr);
        (void)file;
        execl(program, program, "--config", config, (char *)NULL);
        _exit(127);
    }
}

static sgp_client *connect_patiently(void) {
    char target[128];
    snprintf(target, sizeof target, "unix:%s/s", directory);
    sgp_fault fault = {0};
    for (int i = 0; i < 200; i++) {
        sgp_client *client;
        if (sgp_client_connect(target, &client, &fault) == SGP_OK)
            return client;
        usleep(50000);
    }
    stop("the engine did not start", fault.text);
}

static Sigap__V1__Frame *ask(sgp_client *client, Sigap__V1__Frame *frame) {
    Sigap__V1__Frame *reply = NULL;
    sgp_fault fault = {0};
    if (sgp_client_request(client, frame, 10000, &reply, &fault) != SGP_OK)
        stop("a request failed", fault.text);
    return reply;
}

static void make_call(Sigap__V1__ReportCall *call, Sigap__V1__Point *point, sgp_point at,
                      Sigap__V1__Priority priority) {
    *point = (Sigap__V1__Point)SIGAP__V1__POINT__INIT;
    point->lon = sgp_lon(at);
    point->lat = sgp_lat(at);
    *call = (Sigap__V1__ReportCall)SIGAP__V1__REPORT_CALL__INIT;
    call->point = point;
    call->complaint = (char *)"cardiac_arrest";
    call->priority = priority;
    call->channel = (char *)"112";
}

/* Waits for an Order on any crew's connection; which one is told. */
static uint64_t next_order(sgp_client *crews[UNITS], int *who) {
    struct pollfd polls[UNITS];
    for (int i = 0; i < UNITS; i++)
        polls[i] = (struct pollfd){.fd = sgp_client_fd(crews[i]), .events = POLLIN};
    for (;;) {
        if (poll(polls, UNITS, 10000) <= 0)
            stop("no order came", "10 s passed");
        for (int i = 0; i < UNITS; i++) {
            Sigap__V1__Frame *frame;
            sgp_fault fault;
            if (!(polls[i].revents & POLLIN))
                continue;
            while (sgp_client_next_push(crews[i], 0, &frame, &fault) == SGP_OK) {
                uint64_t assignment = frame->body_case == SIGAP__V1__FRAME__BODY_ORDER
                                          ? frame->order->assignment_id
                                          : 0;
                sigap__v1__frame__free_unpacked(frame, NULL);
                if (assignment) {
                    *who = i;
                    return assignment;
                }
            }
        }
    }
}

static void finish(sgp_client *crew, uint64_t assignment) {
    Sigap__V1__AnswerOrder answer = SIGAP__V1__ANSWER_ORDER__INIT;
    answer.assignment_id = assignment;
    answer.accept = 1;
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.body_case = SIGAP__V1__FRAME__BODY_ANSWER_ORDER;
    frame.answer_order = &answer;
    sigap__v1__frame__free_unpacked(ask(crew, &frame), NULL);
    static const Sigap__V1__AssignmentState states[] = {SIGAP__V1__ASSIGNMENT_STATE__ON_SCENE,
                                                        SIGAP__V1__ASSIGNMENT_STATE__CLOSED};
    for (int i = 0; i < 2; i++) {
        Sigap__V1__AdvanceAssignment advance = SIGAP__V1__ADVANCE_ASSIGNMENT__INIT;
        advance.assignment_id = assignment;
        advance.state = states[i];
        Sigap__V1__Frame next = SIGAP__V1__FRAME__INIT;
        next.body_case = SIGAP__V1__FRAME__BODY_ADVANCE_ASSIGNMENT;
        next.advance_assignment = &advance;
        sigap__v1__frame__free_unpacked(ask(crew, &next), NULL);
    }
}

static int compare(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

typedef struct figures {
    int64_t median, p99, maximum;
} figures;

static figures sort_figures(int64_t *values, size_t n) {
    qsort(values, n, sizeof *values, compare);
    size_t p99 = n * 99 / 100;
    return (figures){values[n / 2], values[p99 < n ? p99 : n - 1], values[n - 1]};
}

static double calls_per_second(const sgp_graph_parts *graph, int calls, uint64_t *random) {
    sgp_client *clients[CONNECTIONS];
    for (int c = 0; c < CONNECTIONS; c++)
        clients[c] = connect_patiently();
    int per_client = calls / CONNECTIONS, sent[CONNECTIONS] = {0}, answered[CONNECTIONS] = {0};
    int64_t start_us = sgp_monotonic_us();
    for (int open = 1; open;) {
        open = 0;
        for (int c = 0; c < CONNECTIONS; c++) {
            sgp_fault fault = {0};
            while (sent[c] < per_client && sent[c] - answered[c] < ON_THE_WAY) {
                Sigap__V1__ReportCall call;
                Sigap__V1__Point point;
                make_call(&call, &point, random_road_point(graph, random), SIGAP__V1__PRIORITY__P3);
                Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
                frame.body_case = SIGAP__V1__FRAME__BODY_REPORT_CALL;
                frame.report_call = &call;
                sgp_uuid id = sgp_uuid_make();
                frame.id.data = id.bytes;
                frame.id.len = sizeof id.bytes;
                uint64_t seq;
                if (sgp_client_send(clients[c], &frame, &seq, &fault) != SGP_OK)
                    stop("sending failed", fault.text);
                sent[c]++;
            }
            if (answered[c] < sent[c]) {
                Sigap__V1__Frame *frame;
                if (sgp_client_next_frame(clients[c], 10000, &frame, &fault) != SGP_OK)
                    stop("no answer", fault.text);
                if (frame->body_case != SIGAP__V1__FRAME__BODY_DONE)
                    stop("a call was refused", frame->body_case == SIGAP__V1__FRAME__BODY_ERROR
                                                   ? frame->error->message
                                                   : "?");
                sigap__v1__frame__free_unpacked(frame, NULL);
                answered[c]++;
            }
            open |= answered[c] < per_client;
        }
    }
    double seconds = (double)(sgp_monotonic_us() - start_us) / 1e6;
    for (int c = 0; c < CONNECTIONS; c++)
        sgp_client_close(clients[c]);
    return per_client * CONNECTIONS / seconds;
}

int main(int argc, char **argv) {
    int calls = 1000;
    const char *json_path = NULL;
    static const struct option options[] = {{"json", required_argument, NULL, 'j'},
                                            {"calls", required_argument, NULL, 'n'},
                                            {"help", no_argument, NULL, 'h'},
                                            {0}};
    for (int option; (option = getopt_long(argc, argv, "j:n:h", options, NULL)) != -1;) {
        if (option == 'j')
            json_path = optarg;
        else if (option == 'n')
            calls = atoi(optarg);
        else {
            printf("usage: bench-call [--calls N] [--json FILE]\n"
                   "Times calls from frame in to order out, durable, with 50 units on the sketch "
                   "of Malang.\n");
            return option == 'h' ? 0 : 2;
        }
    }
    if (calls < 1)
        stop("--calls", "must be at least 1");
    signal(SIGPIPE, SIG_IGN);
    signal(SIGINT, on_signal);
    signal(SIGTERM, on_signal);
    atexit(clean_up);
    if (!mkdtemp(directory))
        stop("temporary directory", strerror(errno));
    char bin[512];
    ssize_t length = readlink("/proc/self/exe", bin, sizeof bin - 1);
    assert(length > 0);
    bin[length] = '\0';
    *strrchr(bin, '/') = '\0';
    char arguments[300];
    snprintf(arguments, sizeof arguments, "--seed 112 %s/malang.osm.pbf", directory);
    run_program(bin, "sigap-sketch", arguments);
    snprintf(arguments, sizeof arguments,
             "import --graph-only --name malang --graph-dir %s %s/malang.osm.pbf", directory,
             directory);
    run_program(bin, "sigap", arguments);

    char graph_path[128];
    snprintf(graph_path, sizeof graph_path, "%s/malang.sgr", directory);
    sgp_graph *graph;
    sgp_fault fault = {0};
    if (sgp_graph_open(graph_path, &graph, &fault) != SGP_OK)
        stop("graph", fault.text);
    const sgp_graph_parts *parts = sgp_graph_get(graph);
    uint64_t random = 112;
    static char tokens[UNITS][SGP_TOKEN_TEXT];
    write_config(parts, tokens, &random);
    start_engine(bin);
    sgp_client *caller = connect_patiently();
    sgp_client *crews[UNITS];
    for (int i = 0; i < UNITS; i++) {
        crews[i] = connect_patiently();
        if (sgp_client_login(crews[i], tokens[i], "bench-call", NULL, &fault) != SGP_OK)
            stop("login", fault.text);
        Sigap__V1__SetDuty duty = SIGAP__V1__SET_DUTY__INIT;
        duty.on_duty = 1;
        Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
        frame.body_case = SIGAP__V1__FRAME__BODY_SET_DUTY;
        frame.set_duty = &duty;
        sigap__v1__frame__free_unpacked(ask(crews[i], &frame), NULL);
    }

    int64_t *total_us = calloc((size_t)calls, sizeof *total_us);
    int64_t *decide_us = calloc((size_t)calls, sizeof *decide_us);
    int64_t *sync_us = calloc((size_t)calls, sizeof *sync_us);
    assert(total_us && decide_us && sync_us);
    for (int i = 0; i < calls; i++) {
        Sigap__V1__ReportCall call;
        Sigap__V1__Point point;
        make_call(&call, &point, random_road_point(parts, &random), SIGAP__V1__PRIORITY__P1);
        Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
        frame.body_case = SIGAP__V1__FRAME__BODY_REPORT_CALL;
        frame.report_call = &call;
        sgp_uuid id = sgp_uuid_make();
        frame.id.data = id.bytes;
        frame.id.len = sizeof id.bytes;
        uint64_t seq;
        int who;
        int64_t start_us = sgp_monotonic_us();
        if (sgp_client_send(caller, &frame, &seq, &fault) != SGP_OK)
            stop("sending failed", fault.text);
        uint64_t assignment = next_order(crews, &who);
        total_us[i] = sgp_monotonic_us() - start_us;
        Sigap__V1__Frame *reply;
        if (sgp_client_next_frame(caller, 10000, &reply, &fault) != SGP_OK ||
            reply->body_case != SIGAP__V1__FRAME__BODY_DONE)
            stop("the call was not answered", fault.text);
        sigap__v1__frame__free_unpacked(reply, NULL);
        Sigap__V1__GetStatus get = SIGAP__V1__GET_STATUS__INIT;
        Sigap__V1__Frame question = SIGAP__V1__FRAME__INIT;
        question.body_case = SIGAP__V1__FRAME__BODY_GET_STATUS;
        question.get_status = &get;
        reply = ask(caller, &question);
        decide_us[i] = reply->status->last_decide_us;
        sync_us[i] = reply->status->last_write_us;
        sigap__v1__frame__free_unpacked(reply, NULL);
        finish(crews[who], assignment);
    }
    figures total = sort_figures(total_us, (size_t)calls);
    figures decide = sort_figures(decide_us, (size_t)calls);
    figures sync = sort_figures(sync_us, (size_t)calls);
    double rate = calls_per_second(parts, calls, &random);
    printf("%d calls, %d units, sketch of Malang: %u vertices, %u arcs\n\n", calls, UNITS,
           parts->n_vertices, parts->n_arcs);
    printf("%-34s %10s %10s %10s\n", "microseconds", "median", "p99", "maximum");
    printf("%-34s %10lld %10lld %10lld\n", "frame in -> order out, durable",
           (long long)total.median, (long long)total.p99, (long long)total.maximum);
    printf("%-34s %10lld %10lld %10lld\n", "  decide (step + travel times)",
           (long long)decide.median, (long long)decide.p99, (long long)decide.maximum);
    printf("%-34s %10lld %10lld %10lld\n", "  write and sync the journal", (long long)sync.median,
           (long long)sync.p99, (long long)sync.maximum);
    printf("\ncalls taken, ranked and on disk: %.0f a second (%d connections, %d on the way on "
           "each)\n",
           rate, CONNECTIONS, ON_THE_WAY);
    if (json_path) {
        json_t *object =
            json_pack("{s:s, s:i, s:i, s:I, s:I, s:I, s:I, s:f}", "data", "malang-sketch", "calls",
                      calls, "units", UNITS, "median_us", (json_int_t)total.median, "p99_us",
                      (json_int_t)total.p99, "decide_us", (json_int_t)decide.median, "sync_us",
                      (json_int_t)sync.median, "calls_per_s", rate);
        if (!object || json_dump_file(object, json_path, JSON_COMPACT) != 0)
            stop(json_path, "cannot be written");
        json_decref(object);
    }
    for (int i = 0; i < UNITS; i++)
        sgp_client_close(crews[i]);
    sgp_client_close(caller);
    sgp_graph_close(graph);
    kill(engine, SIGTERM);
    waitpid(engine, NULL, 0);
    engine = 0;
    free(total_us);
    free(decide_us);
    free(sync_us);
    return 0;
}
