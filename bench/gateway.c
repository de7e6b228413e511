/* bench-gateway: how many crews one engine carries, and how long an order takes to a phone.
 *
 * Starts the engine on the sketch of Malang with --crews units, each with its own WebSocket, and no
 * database. Every crew measures a position each --every seconds, all of them spread evenly, and
 * sends so many of them at a time as --batch says (PositionBatch); a dispatcher reports P1 calls at
 * a fixed rate, which the engine orders without a click (policy closest); the crew that hears an
 * order accepts it, arrives and closes it. Dispatchers look on
 * (--watchers), so each position is also told to them.
 *
 * The load maker is one thread of one process beside the engine and shares the machine with it: its
 * own time is within every figure.
 *
 *   order -> phone   from before the dispatcher's request is written until the crew's client has
 *                    read and decoded the order: decoding, the step over all units, journal and
 *                    sync, delivery
 *   kb a session     what the engine's resident memory grew by from before the first crew's
 *                    connection until all have logged in and reported a position, by crews; what
 *                    the kernel holds for sockets is not in it
 *   bytes a position what a batch of positions and its answer take in messages, WebSocket's own
 *                    bytes included: TCP's payload without TLS, by position. With TCP's and IP's
 *                    headers it is told as the kernel counted segments.
 */
#include <assert.h>
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <linux/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <event2/event.h>
#include <jansson.h>

#include "base/clock.h"
#include "base/ids.h"
#include "base/random.h"
#include "core/position_batch.h"
#include "serve/client.h"
#include "serve/token.h"
#include "sigap/core.h"
#include "sigap/graph.h"
#include "support/sheet.h"
#include "websocket_client.h"

enum {
    CONNECTING_MAX = 200, /* at a time: the engine keeps strangers out beyond its bound */
    KEPT = 1 << 20,       /* incidents by id, a power of two */
    TICK_MS = 5,
    BATCH_MAX = 60,
    STATIONS = 250, /* at most: the engine looks after how they cover the city, too */
    HEADERS = 52    /* of IPv4 and TCP with the timestamps that Linux sends */
};

typedef struct bench bench;

typedef struct crew {
    bench *b;
    websocket_client *client;
    int number;
    bool on, closed;
    uint64_t position_seq; /* the last one's, 0 = answered */
    uint64_t job;          /* open assignment */
    uint64_t answer_seq, scene_seq;
    sgp_point at;
    uint64_t first; /* number of the next batch's first position */
    int n;          /* positions that wait */
    int wait;       /* positions until the first batch; 0: a whole one */
    sgp_fix fix[BATCH_MAX];
} crew;

struct bench {
    int crews, seconds, watchers, batch;
    double every_s, rate;
    char directory[64];
    pid_t engine;
    int port;
    bool tls;
    SSL_CTX *tls_context; /* NULL: in the clear */
    sgp_graph *graph;
    const sgp_graph_parts *parts;
    sgp_client *dispatcher;
    sgp_client *watcher[16];
    struct event_base *base;
    struct event *tick;
    crew *crew;
    char (*token)[SGP_TOKEN_TEXT];
    uint64_t random;
    int connecting, opened, on, lost;
    bool driving; /* the load runs */
    int64_t begun_us, end_us;
    int next_crew; /* whose position is due next */
    double due_positions, due_calls;
    uint64_t positions, batches, unmoved, answered, calls, orders, finished, refused, updates;
    uint64_t position_bytes_out, position_bytes_in;
    int64_t call_at_us[65536]; /* by the dispatcher's seq */
    int64_t *reported_at_us;   /* by incident: when its call was written */
    int64_t *heard_at_us;      /* by incident: when its order was read */
    bench_samples order;
};

static bench *running; /* for atexit alone */

static void clean_up(void) {
    if (running == NULL)
        return;
    if (running->engine > 0) {
        kill(running->engine, SIGKILL);
        waitpid(running->engine, NULL, 0);
    }
    if (strstr(running->directory, "XXXXXX") == NULL && getenv("SIGAP_KEEP") == NULL) {
        char command[128];
        snprintf(command, sizeof command, "rm -rf '%s'", running->directory);
        int code = system(command);
        (void)code;
    }
}

static _Noreturn void stop(const char *what, const char *why) {
    fprintf(stderr, "bench-gateway: %s: %s\n", what, why);
    exit(3);
}

static void on_signal(int number) {
    exit(128 + number);
}

/* ---- the city and the engine ---------------------------------------------- */

static sgp_point random_point(bench *b) {
    for (;;) {
        const sgp_edge *edge = &b->parts->edges[sgp_random_next(&b->random) % b->parts->n_edges];
        if ((edge->flags & SGP_EDGE_MAIN) != 0)
            return b->parts->points[edge->first_point];
    }
}

static void run_program(const char *bin, const char *program, const char *arguments) {
    char command[1200];
    snprintf(command, sizeof command, "'%s/%s' %s >/dev/null 2>&1", bin, program, arguments);
    if (system(command) != 0)
        stop("a preparing command failed", command);
}

static void make_city(bench *b, const char *bin) {
    char arguments[400], path[128];
    snprintf(arguments, sizeof arguments, "--seed 112 %s/malang.osm.pbf", b->directory);
    run_program(bin, "sigap-sketch", arguments);
    snprintf(arguments, sizeof arguments,
             "import --graph-only --name malang --graph-dir %s %s/malang.osm.pbf", b->directory,
             b->directory);
    run_program(bin, "sigap", arguments);
    snprintf(path, sizeof path, "%s/malang.sgr", b->directory);
    sgp_fault fault = {0};
    if (sgp_graph_open(path, &b->graph, &fault) != SGP_OK)
        stop("graph", fault.text);
    b->parts = sgp_graph_get(b->graph);
}

static int free_port(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, size) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &size) != 0)
        stop("a port", strerror(errno));
    close(fd);
    return ntohs(address.sin_port);
}

/* The load maker believes any certificate: it measures, and nobody is between. */
static void make_certificate(bench *b) {
    char command[600];
    snprintf(command, sizeof command,
             "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj "
             "/CN=bench -keyout '%s/key.pem' -out '%s/cert.pem' >/dev/null 2>&1",
             b->directory, b->directory);
    if (system(command) != 0)
        stop("a certificate", command);
    b->tls_context = SSL_CTX_new(TLS_client_method());
    if (b->tls_context == NULL)
        stop("TLS", "no memory");
}

static void write_config(bench *b) {
    char path[128];
    snprintf(path, sizeof path, "%s/sigap.conf", b->directory);
    FILE *file = fopen(path, "w");
    if (file == NULL)
        stop(path, strerror(errno));
    const char *d = b->directory;
    fprintf(file,
            "city = { graph = \"%s/malang.sgr\"; };\nlisten = { socket = \"%s/s\"; http = { address"
            " = \"127.0.0.1\"; port = %d; tls = %s; };\n",
            d, d, b->port, b->tls ? "true" : "false");
    if (b->tls)
        fprintf(file,
                "tls = { address = \"127.0.0.1\"; port = %d; certificate = \"%s/cert.pem\"; key = "
                "\"%s/key.pem\"; };\n",
                free_port(), d, d);
    fprintf(file,
            "};\njournal = { path = \"%s/journal.sqlite\"; key_file = \"%s/journal.key\"; };\n"
            "stations = (\n",
            d, d);
    int stations = b->crews < STATIONS ? b->crews : STATIONS;
    for (int i = 0; i < stations; i++) {
        sgp_point at = b->crew[i].at = random_point(b);
        fprintf(file,
                "%s{ code = \"S%04d\"; name = \"S%d\"; lon = %.7f; lat = %.7f; agency = "
                "\"bench\"; }\n",
                i ? "," : "", i, i, sgp_lon(at), sgp_lat(at));
    }
    for (int i = stations; i < b->crews; i++)
        b->crew[i].at = b->crew[i % stations].at;
    fprintf(file, ");\nunits = (\n");
    for (int i = 0; i < b->crews; i++)
        fprintf(file, "%s{ code = \"U%04d\"; kind = \"ambulance_basic\"; station = \"S%04d\"; }\n",
                i ? "," : "", i, i % stations);
    fprintf(file, ");\nusers = (\n");
    for (int i = 0; i < b->crews; i++) {
        char hash[SGP_TOKEN_HASH_TEXT];
        sgp_token_make(b->token[i], hash);
        fprintf(file,
                "%s{ name = \"crew-%d\"; role = \"crew\"; token_hash = \"%s\"; unit = \"U%04d\"; "
                "}\n",
                i ? "," : "", i, hash, i);
    }
    fprintf(file, ");\n");
    fclose(file);
}

static sgp_client *connect_patiently(const bench *b) {
    char target[128];
    snprintf(target, sizeof target, "unix:%s/s", b->directory);
    sgp_fault fault = {0};
    sgp_client *client = NULL;
    for (int i = 0; i < 1200; i++) {
        if (sgp_client_connect(target, &client, &fault) == SGP_OK)
            return client;
        if (waitpid(b->engine, NULL, WNOHANG) == b->engine)
            stop("the engine ended", "see its log (SIGAP_KEEP=1)");
        usleep(50000);
    }
    stop("the engine did not start", fault.text);
}

static void start_engine(bench *b, const char *bin) {
    char program[600], config[128], log[128];
    snprintf(program, sizeof program, "%s/sigapd", bin);
    snprintf(config, sizeof config, "%s/sigap.conf", b->directory);
    snprintf(log, sizeof log, "%s/log", b->directory);
    b->engine = fork();
    if (b->engine == 0) {
        FILE *file = freopen(log, "w", stderr);
        (void)file;
        execl(program, program, "--config", config, (char *)NULL);
        _exit(127);
    }
    b->dispatcher = connect_patiently(b);
}

/* ---- what the system tells of a process ------------------------------------ */

static double resident_kb(pid_t pid) {
    char path[64], line[256];
    double kb = 0;
    snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    FILE *file = fopen(path, "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        if (sscanf(line, "VmRSS: %lf", &kb) == 1)
            break;
    if (file != NULL)
        fclose(file);
    return kb;
}

static double cpu_seconds(pid_t pid) {
    char path[64], line[1024];
    unsigned long user = 0, system_time = 0;
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *file = fopen(path, "r");
    if (file != NULL && fgets(line, sizeof line, file) != NULL && strrchr(line, ')') != NULL)
        sscanf(strrchr(line, ')') + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user,
               &system_time);
    if (file != NULL)
        fclose(file);
    return (double)(user + system_time) / (double)sysconf(_SC_CLK_TCK);
}

/* ---- requests ---------------------------------------------------------------- */

static Sigap__V1__Frame *ask(bench *b, sgp_client *client, Sigap__V1__Frame__BodyCase body,
                             void *message) {
    (void)b;
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT, *reply = NULL;
    sgp_fault fault = {0};
    frame.body_case = body;
    frame.ping = message;
    if (sgp_client_request(client, &frame, 0, &reply, &fault) != SGP_OK)
        stop("a request was refused", fault.text);
    return reply;
}

static void sign_on(bench *b) {
    for (int i = 0; i < b->crews; i++) {
        char code[16];
        snprintf(code, sizeof code, "U%04d", i);
        Sigap__V1__SetDuty duty = SIGAP__V1__SET_DUTY__INIT;
        duty.on_duty = 1;
        duty.unit_code = code;
        sigap__v1__frame__free_unpacked(
            ask(b, b->dispatcher, SIGAP__V1__FRAME__BODY_SET_DUTY, &duty), NULL);
    }
}

/* Every label is there, so that memory grows by sessions alone from here on. */
static void one_call(bench *b) {
    Sigap__V1__Point point = SIGAP__V1__POINT__INIT;
    sgp_point at = random_point(b);
    point.lon = sgp_lon(at);
    point.lat = sgp_lat(at);
    Sigap__V1__ReportCall call = SIGAP__V1__REPORT_CALL__INIT;
    call.point = &point;
    call.complaint = (char *)"fall";
    call.channel = (char *)"112";
    call.priority = SIGAP__V1__PRIORITY__P3; /* nobody is ordered */
    Sigap__V1__Frame *reply = ask(b, b->dispatcher, SIGAP__V1__FRAME__BODY_REPORT_CALL, &call);
    Sigap__V1__CloseIncident close = SIGAP__V1__CLOSE_INCIDENT__INIT;
    close.incident_id = reply->done->incident_id;
    close.outcome = SIGAP__V1__OUTCOME__INFORMATION;
    sigap__v1__frame__free_unpacked(reply, NULL);
    sigap__v1__frame__free_unpacked(
        ask(b, b->dispatcher, SIGAP__V1__FRAME__BODY_CLOSE_INCIDENT, &close), NULL);
}

static uint64_t say(crew *c, Sigap__V1__Frame__BodyCase body, void *message) {
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    sgp_uuid id = sgp_uuid_make();
    frame.body_case = body;
    frame.login = message;
    if (sgp_frame_changes_state(body)) {
        frame.id.data = id.bytes;
        frame.id.len = sizeof id.bytes;
    }
    return websocket_send(c->client, &frame);
}

/* Some 40 m on, as an ambulance in traffic. */
static void measure(crew *c) {
    bench *b = c->b;
    c->at.lon_e7 += (int32_t)sgp_random_below(&b->random, 7200) - 3600;
    c->at.lat_e7 += (int32_t)sgp_random_below(&b->random, 7200) - 3600;
    c->fix[c->n++] = (sgp_fix){.point = c->at,
                               .at_ms = sgp_wall_ms(),
                               .accuracy_m = 8,
                               .speed_kmh = 30,
                               .heading_deg = 3 * (int32_t)sgp_random_below(&b->random, 120)};
    b->positions++;
}

static void say_batch(crew *c) {
    bench *b = c->b;
    Sigap__V1__PositionBatch *batch = malloc(sizeof *batch);
    if (batch == NULL)
        stop("a batch", "no memory");
    sigap__v1__position_batch__init(batch);
    if (!sgp_batch_put(batch, c->fix, (uint32_t)c->n))
        stop("a batch", "no memory");
    batch->stream = 1;
    batch->first = c->first;
    batch->age_ms = (uint64_t)(sgp_wall_ms() - c->fix[c->n - 1].at_ms);
    uint64_t before, in, after;
    websocket_bytes(c->client, &before, &in);
    c->position_seq = say(c, SIGAP__V1__FRAME__BODY_POSITION_BATCH, batch);
    websocket_bytes(c->client, &after, &in);
    b->position_bytes_out += after - before;
    b->batches++;
    c->first += (uint64_t)c->n;
    c->n = 0;
    sigap__v1__position_batch__free_unpacked(batch, NULL);
}

static void say_position(crew *c) {
    measure(c);
    if (c->wait > 0 ? --c->wait == 0 : c->n >= c->b->batch)
        say_batch(c);
}

static void say_call(bench *b) {
    Sigap__V1__Point point = SIGAP__V1__POINT__INIT;
    sgp_point at = random_point(b);
    point.lon = sgp_lon(at);
    point.lat = sgp_lat(at);
    Sigap__V1__ReportCall call = SIGAP__V1__REPORT_CALL__INIT;
    call.point = &point;
    call.complaint = (char *)"cardiac_arrest";
    call.channel = (char *)"112";
    call.priority = SIGAP__V1__PRIORITY__P1;
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    sgp_uuid id = sgp_uuid_make();
    frame.id = (ProtobufCBinaryData){sizeof id.bytes, id.bytes};
    frame.body_case = SIGAP__V1__FRAME__BODY_REPORT_CALL;
    frame.report_call = &call;
    sgp_fault fault = {0};
    uint64_t seq;
    int64_t now = sgp_monotonic_us();
    if (sgp_client_send(b->dispatcher, &frame, &seq, &fault) != SGP_OK)
        stop("a call", fault.text);
    b->call_at_us[seq & 65535] = now;
    b->calls++;
}

/* ---- what comes back ----------------------------------------------------------- */

static void note_order(bench *b, uint64_t incident) {
    uint64_t slot = incident & (KEPT - 1);
    if (b->reported_at_us[slot] == 0 || b->heard_at_us[slot] == 0)
        return; /* the other one is still to come */
    bench_add(&b->order, 1000 * (b->heard_at_us[slot] - b->reported_at_us[slot]));
    b->reported_at_us[slot] = b->heard_at_us[slot] = 0;
}

static void advance(crew *c, Sigap__V1__AssignmentState state) {
    Sigap__V1__AdvanceAssignment next = SIGAP__V1__ADVANCE_ASSIGNMENT__INIT;
    next.assignment_id = c->job;
    next.state = state;
    uint64_t seq = say(c, SIGAP__V1__FRAME__BODY_ADVANCE_ASSIGNMENT, &next);
    c->scene_seq = state == SIGAP__V1__ASSIGNMENT_STATE__ON_SCENE ? seq : 0;
}

static void take_order(crew *c, const Sigap__V1__Order *order) {
    bench *b = c->b;
    if (order->assignment_id == c->job)
        return; /* told again */
    c->job = order->assignment_id;
    b->orders++;
    b->heard_at_us[order->incident_id & (KEPT - 1)] = sgp_monotonic_us();
    note_order(b, order->incident_id);
    Sigap__V1__OrderReceived received = SIGAP__V1__ORDER_RECEIVED__INIT;
    received.assignment_id = c->job;
    received.told_seq = order->told_seq;
    received.epoch = order->epoch;
    say(c, SIGAP__V1__FRAME__BODY_ORDER_RECEIVED, &received);
    Sigap__V1__AnswerOrder answer = SIGAP__V1__ANSWER_ORDER__INIT;
    answer.assignment_id = c->job;
    answer.accept = 1;
    c->answer_seq = say(c, SIGAP__V1__FRAME__BODY_ANSWER_ORDER, &answer);
}

static void take_reply(crew *c, const Sigap__V1__Frame *frame) {
    bench *b = c->b;
    if (frame->body_case == SIGAP__V1__FRAME__BODY_ERROR && b->refused++ == 0)
        fprintf(stderr, "bench-gateway: refused: %s\n", frame->error->message);
    if (frame->reply_to == c->position_seq) {
        c->position_seq = 0;
        b->answered++;
        b->position_bytes_in += 2 + sigap__v1__frame__get_packed_size(frame);
        if (frame->body_case == SIGAP__V1__FRAME__BODY_POSITIONS_TAKEN &&
            !frame->positions_taken->moved)
            b->unmoved++;
    } else if (frame->reply_to == c->answer_seq) {
        c->answer_seq = 0;
        advance(c, SIGAP__V1__ASSIGNMENT_STATE__ON_SCENE);
    } else if (frame->reply_to == c->scene_seq) {
        advance(c, SIGAP__V1__ASSIGNMENT_STATE__CLOSED);
        c->job = 0;
        b->finished++;
    }
}

static void open_next(bench *b);

static void on_opened(websocket_client *client, void *ctx) {
    (void)client;
    crew *c = ctx;
    Sigap__V1__Login login = SIGAP__V1__LOGIN__INIT;
    login.token = c->b->token[c->number];
    login.client = (char *)"bench-gateway";
    say(c, SIGAP__V1__FRAME__BODY_LOGIN, &login);
}

static void on_frame(websocket_client *client, const Sigap__V1__Frame *frame, void *ctx) {
    (void)client;
    crew *c = ctx;
    bench *b = c->b;
    if (frame->body_case == SIGAP__V1__FRAME__BODY_WELCOME) {
        c->on = true;
        b->on++;
        b->connecting--;
        open_next(b);
        measure(c);
        say_batch(c);
        c->wait = c->number % b->batch; /* so that the batches are spread too */
    } else if (frame->body_case == SIGAP__V1__FRAME__BODY_ORDER) {
        take_order(c, frame->order);
    } else if (frame->reply_to != 0) {
        take_reply(c, frame);
    }
}

static void on_closed(websocket_client *client, int code, void *ctx) {
    (void)client;
    crew *c = ctx;
    c->closed = true;
    if (c->b->lost++ == 0)
        fprintf(stderr, "bench-gateway: crew %d was cut off with code %d\n", c->number, code);
}

static void open_next(bench *b) {
    static const websocket_calls calls = {on_opened, on_frame, on_closed};
    while (b->opened < b->crews && b->connecting < CONNECTING_MAX) {
        crew *c = &b->crew[b->opened];
        c->b = b;
        c->number = b->opened++;
        c->first = 1;
        b->connecting++;
        c->client = websocket_open(b->base, "127.0.0.1", (uint16_t)b->port, b->tls_context,
                                   "/v1/socket", &calls, c);
        if (c->client == NULL)
            stop("a crew", "no memory");
    }
}

static void hear_dispatcher(bench *b) {
    Sigap__V1__Frame *frame;
    sgp_fault fault;
    while (sgp_client_next_frame(b->dispatcher, 0, &frame, &fault) == SGP_OK) {
        if (frame->body_case == SIGAP__V1__FRAME__BODY_DONE && frame->done->call_id != 0) {
            uint64_t incident = frame->done->incident_id;
            b->reported_at_us[incident & (KEPT - 1)] = b->call_at_us[frame->reply_to & 65535];
            note_order(b, incident);
        } else if (frame->body_case == SIGAP__V1__FRAME__BODY_ERROR && b->refused++ == 0) {
            fprintf(stderr, "bench-gateway: refused: %s\n", frame->error->message);
        }
        sigap__v1__frame__free_unpacked(frame, NULL);
    }
    for (int i = 0; i < b->watchers; i++)
        while (sgp_client_next_frame(b->watcher[i], 0, &frame, &fault) == SGP_OK) {
            b->updates++;
            sigap__v1__frame__free_unpacked(frame, NULL);
        }
}

/* ---- the load -------------------------------------------------------------------- */

static void on_dispatcher(evutil_socket_t fd, short what, void *ctx) {
    (void)fd;
    (void)what;
    hear_dispatcher(ctx);
}

static void on_tick(evutil_socket_t fd, short what, void *ctx) {
    (void)fd;
    (void)what;
    bench *b = ctx;
    if (!b->driving)
        return;
    int64_t now = sgp_monotonic_us();
    if (now >= b->end_us) {
        event_base_loopbreak(b->base);
        return;
    }
    double passed_s = (double)(now - b->begun_us) / 1e6;
    for (; b->due_positions < passed_s * b->crews / b->every_s; b->due_positions++) {
        crew *c = &b->crew[b->next_crew];
        b->next_crew = (b->next_crew + 1) % b->crews;
        if (c->on && !c->closed)
            say_position(c);
    }
    for (; b->due_calls < passed_s * b->rate; b->due_calls++)
        say_call(b);
}

static void turn_for(bench *b, int64_t us) {
    struct timeval wait = {us / 1000000, us % 1000000};
    event_base_loopexit(b->base, &wait);
    event_base_dispatch(b->base);
}

static void connect_crews(bench *b) {
    int64_t begun = sgp_monotonic_us();
    open_next(b);
    while (b->on < b->crews || b->answered < (uint64_t)b->crews) {
        turn_for(b, 20000);
        if (b->lost > 0)
            stop("connecting", "a crew was cut off");
        if (sgp_monotonic_us() - begun > INT64_C(300000000))
            stop("connecting", "it takes longer than five minutes");
    }
}

typedef struct traffic {
    uint64_t bytes, segments;
} traffic;

static traffic count_traffic(const bench *b) {
    traffic sum = {0, 0};
    for (int i = 0; i < b->crews; i++) {
        struct tcp_info info;
        socklen_t size = sizeof info;
        int fd = b->crew[i].closed ? -1 : websocket_fd(b->crew[i].client);
        if (fd < 0 || getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) != 0)
            continue;
        uint64_t out = 0, in = 0;
        websocket_bytes(b->crew[i].client, &out, &in);
        sum.bytes += out + in;
        sum.segments += info.tcpi_segs_out + info.tcpi_segs_in;
    }
    return sum;
}

static void watch(bench *b) {
    for (int i = 0; i < b->watchers; i++) {
        b->watcher[i] = connect_patiently(b);
        Sigap__V1__Watch message = SIGAP__V1__WATCH__INIT;
        Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
        sgp_fault fault;
        uint64_t seq;
        frame.body_case = SIGAP__V1__FRAME__BODY_WATCH;
        frame.watch = &message;
        if (sgp_client_send(b->watcher[i], &frame, &seq, &fault) != SGP_OK)
            stop("watching", fault.text);
    }
}

static double share_of(bench_samples *samples, double share) {
    return bench_share_ns(samples, share) / 1e6;
}

static void write_sheet(bench *b, double kb, double end_kb, double engine_s, double own_s,
                        double wall_s, traffic during, FILE *json) {
    bench_sheet sheet = {.data = "gateway"};
    double carried = (double)(b->positions ? b->positions : 1);
    double bytes = (double)(b->position_bytes_out + b->position_bytes_in) / carried;
    snprintf(sheet.title, sizeof sheet.title,
             "%d crews over WebSocket%s, a position each %.1f s, %d at a time, %.1f calls/s, %d "
             "watchers, %.0f s, %ld "
             "processors",
             b->crews, b->tls ? " and TLS" : "", b->every_s, b->batch, b->rate, b->watchers, wall_s,
             sysconf(_SC_NPROCESSORS_ONLN));
    bench_put(&sheet, "crews", b->crews, "crews, each in a WebSocket session of its own");
    bench_put(&sheet, "order_p50_ms", share_of(&b->order, 0.5),
              "order -> phone, from the caller's request to the order read; median of %zu",
              b->order.n);
    bench_put(&sheet, "order_p99_ms", share_of(&b->order, 0.99), "the same, 99th percentile");
    bench_put(&sheet, "order_max_ms", share_of(&b->order, 1), "the same, the longest");
    bench_put(&sheet, "kb_per_session", kb, "resident memory of the engine by crew logged in");
    bench_put(&sheet, "kb_per_session_end", end_kb,
              "the same at the end; what the world remembers of requests is in it");
    bench_put(&sheet, "bytes_per_position", bytes,
              "of a batch (%.1f) and its answer (%.1f), TCP's payload without TLS",
              (double)b->position_bytes_out / carried, (double)b->position_bytes_in / carried);
    bench_put(&sheet, "wire_bytes_per_position",
              (double)(during.bytes + HEADERS * during.segments) / carried,
              "all of the crews' traffic with TCP's and IP's headers, by position");
    bench_put(&sheet, "positions_per_s", carried / wall_s,
              "positions measured, in %.0f batches a second; %" PRIu64 " batches moved nothing",
              (double)b->batches / wall_s, b->unmoved);
    bench_put(&sheet, "orders_per_s", (double)b->orders / wall_s,
              "orders heard (%" PRIu64 " of %" PRIu64 " calls; %" PRIu64 " jobs closed)", b->orders,
              b->calls, b->finished);
    bench_put(&sheet, "updates_per_s", (double)b->updates / wall_s, "updates heard by watchers");
    bench_put(&sheet, "engine_cpu_share", engine_s / wall_s, "processors that the engine uses");
    bench_put(&sheet, "load_cpu_share", own_s / wall_s, "processors that this load maker uses");
    bench_put(&sheet, "refused", (double)b->refused, "requests that were refused");
    bench_put(&sheet, "lost_sessions", b->lost, "sessions that were cut off");
    bench_print(&sheet, stdout);
    if (json != NULL && !bench_write_json(&sheet, json))
        stop("--json", "cannot be written");
}

static double own_cpu_s(void) {
    struct rusage use;
    getrusage(RUSAGE_SELF, &use);
    return (double)use.ru_utime.tv_sec + (double)use.ru_stime.tv_sec +
           (double)(use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1e6;
}

static void run(bench *b, FILE *json) {
    sign_on(b);
    one_call(b);
    double before_kb = resident_kb(b->engine);
    connect_crews(b);
    double kb = (resident_kb(b->engine) - before_kb) / b->crews;
    watch(b);
    struct event *heard =
        event_new(b->base, sgp_client_fd(b->dispatcher), EV_READ | EV_PERSIST, on_dispatcher, b);
    struct event *seen[16];
    event_add(heard, NULL);
    for (int i = 0; i < b->watchers; i++) {
        seen[i] = event_new(b->base, sgp_client_fd(b->watcher[i]), EV_READ | EV_PERSIST,
                            on_dispatcher, b);
        event_add(seen[i], NULL);
    }
    turn_for(b, 1000000);
    b->positions = b->answered = b->batches = b->unmoved = b->updates = 0;
    b->position_bytes_in = b->position_bytes_out = 0;
    traffic first = count_traffic(b);
    double engine_s = cpu_seconds(b->engine), own_s = own_cpu_s();
    b->begun_us = sgp_monotonic_us();
    b->end_us = b->begun_us + b->seconds * INT64_C(1000000);
    b->driving = true;
    event_base_dispatch(b->base);
    b->driving = false;
    double wall_s = (double)(sgp_monotonic_us() - b->begun_us) / 1e6;
    engine_s = cpu_seconds(b->engine) - engine_s;
    own_s = own_cpu_s() - own_s;
    traffic last = count_traffic(b);
    traffic during = {last.bytes - first.bytes, last.segments - first.segments};
    /* What is on its way still comes. */
    for (int i = 0; i < 500 && (b->order.n < b->calls || b->finished < b->orders); i++)
        turn_for(b, 20000);
    double end_kb = (resident_kb(b->engine) - before_kb) / b->crews;
    write_sheet(b, kb, end_kb, engine_s, own_s, wall_s, during, json);
    event_free(heard);
    for (int i = 0; i < b->watchers; i++)
        event_free(seen[i]);
}

/* ---- the command line ------------------------------------------------------------- */

static const struct option long_options[] = {
    {"crews", required_argument, NULL, 'c'}, {"seconds", required_argument, NULL, 's'},
    {"every", required_argument, NULL, 'e'}, {"batch", required_argument, NULL, 'b'},
    {"rate", required_argument, NULL, 'r'},  {"watchers", required_argument, NULL, 'w'},
    {"tls", no_argument, NULL, 't'},         {"json", required_argument, NULL, 'j'},
    {"help", no_argument, NULL, 'h'},        {0}};

static const char *read_options(bench *b, int argc, char **argv) {
    const char *json = NULL;
    for (int option; (option = getopt_long(argc, argv, "", long_options, NULL)) != -1;)
        switch (option) {
        case 'c':
            b->crews = atoi(optarg);
            break;
        case 's':
            b->seconds = atoi(optarg);
            break;
        case 'e':
            b->every_s = atof(optarg);
            break;
        case 'b':
            b->batch = atoi(optarg);
            break;
        case 'r':
            b->rate = atof(optarg);
            break;
        case 't':
            b->tls = true;
            break;
        case 'w':
            b->watchers = atoi(optarg);
            break;
        case 'j':
            json = optarg;
            break;
        default:
            printf("usage: bench-gateway [--crews 5000] [--seconds 60] [--every 5] [--batch 3]\n"
                   "                     [--rate 10] [--watchers 2] [--tls] [--json FILE]\n"
                   "Orders to phones while so many crews, each in a WebSocket session of its own,\n"
                   "measure a position each --every seconds and send --batch at a time, while\n"
                   "--rate calls a second come in.\n");
            exit(option == 'h' ? 0 : 2);
        }
    if (b->crews < 1 || b->crews > SGP_UNITS_MAX || b->seconds < 1 || b->every_s < 0.1 ||
        b->batch < 1 || b->batch > BATCH_MAX || b->rate < 0 || b->rate > 1000 || b->watchers < 0 ||
        b->watchers > 16) {
        fprintf(stderr,
                "bench-gateway: 1 to %d crews, 1 s or more, every 0.1 s or more, 1 to 60 at a "
                "time, at most "
                "1,000 calls/s and 16 watchers\n",
                SGP_UNITS_MAX);
        exit(2);
    }
    return json;
}

int main(int argc, char **argv) {
    static bench b = {.crews = 5000,
                      .seconds = 60,
                      .every_s = 5,
                      .batch = 3,
                      .rate = 10,
                      .watchers = 2,
                      .random = 112,
                      .directory = "/tmp/sigap-gateway-XXXXXX"};
    const char *json_path = read_options(&b, argc, argv);
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &files);
        if (files.rlim_max < (rlim_t)b.crews + 100)
            stop("file descriptors", "the system allows fewer than there are crews");
    }
    b.crew = calloc((size_t)b.crews, sizeof *b.crew);
    b.token = calloc((size_t)b.crews, sizeof *b.token);
    b.reported_at_us = calloc(KEPT, sizeof *b.reported_at_us);
    b.heard_at_us = calloc(KEPT, sizeof *b.heard_at_us);
    if (!b.crew || !b.token || !b.reported_at_us || !b.heard_at_us)
        stop("crews", "no memory");
    signal(SIGPIPE, SIG_IGN);
    signal(SIGINT, on_signal);
    signal(SIGTERM, on_signal);
    running = &b;
    atexit(clean_up);
    if (!mkdtemp(b.directory))
        stop("temporary directory", strerror(errno));
    char bin[512];
    ssize_t length = readlink("/proc/self/exe", bin, sizeof bin - 1);
    assert(length > 0);
    bin[length] = '\0';
    *strrchr(bin, '/') = '\0';
    make_city(&b, bin);
    b.port = free_port();
    if (b.tls)
        make_certificate(&b);
    write_config(&b);
    start_engine(&b, bin);
    b.base = event_base_new();
    b.tick = event_new(b.base, -1, EV_PERSIST, on_tick, &b);
    struct timeval often = {0, TICK_MS * 1000};
    event_add(b.tick, &often);
    FILE *json = json_path != NULL ? fopen(json_path, "w") : NULL;
    if (json_path != NULL && json == NULL)
        stop(json_path, strerror(errno));
    run(&b, json);
    if (json != NULL && fclose(json) != 0)
        stop(json_path, strerror(errno));
    for (int i = 0; i < b.crews; i++)
        websocket_free(b.crew[i].client);
    event_free(b.tick);
    event_base_free(b.base);
    sgp_client_close(b.dispatcher);
    for (int i = 0; i < b.watchers; i++)
        sgp_client_close(b.watcher[i]);
    sgp_graph_close(b.graph);
    SSL_CTX_free(b.tls_context);
    free(b.crew);
    free(b.token);
    free(b.reported_at_us);
    free(b.heard_at_us);
    bool right = b.orders > 0 && b.finished == b.orders && b.lost == 0;
    bench_forget(&b.order);
    return right || b.rate == 0 ? 0 : 1;
}
