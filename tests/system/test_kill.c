/* kill -9 under load: nothing acknowledged is lost, nothing is done twice.
 *
 * Three callers report P1 calls (ordered without a click), one hand plays all
 * crews, and the engine is killed 50 times at random moments (SIGAP_KILLS,
 * SIGAP_SEED). Whoever loses the connection repeats the same request with the
 * same id. Afterwards every acknowledged request must give its first answer
 * again, each request must have made exactly one call and one incident, no
 * incident may hold two orders, no unit two assignments, and PostgreSQL's tables
 * must equal the journal.
 *
 * usage: test_kill SIGAPD CONFIG SOCKET JOURNAL CONNINFO LOG
 */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/ids.h"
#include "base/random.h"
#include "journal/projection.h"
#include "serve/client.h"
#include "sigap/geo.h"

enum { CALLERS = 3, CALLS_MAX = 20000 };

typedef struct asked_call {
    sgp_uuid id;
    uint64_t call, incident;
} asked_call;

typedef struct caller {
    pthread_t thread;
    uint64_t random;
    asked_call *done; /* acknowledged ones */
    size_t n;
    char failure[400];
} caller;

static const char *target;
static atomic_bool stopping;
static atomic_int crew_steps;
static char crew_failure[400];

static void rest_ms(long ms) {
    struct timespec pause = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&pause, NULL);
}

static bool is_broken(sgp_err err) {
    return err == SGP_E_NETWORK || err == SGP_E_TIMEOUT;
}

/* Sends until there is an answer, over as many connections as it takes. */
static sgp_err ask(sgp_client **client, Sigap__V1__Frame *frame, Sigap__V1__Frame **reply,
                   sgp_fault *fault) {
    int64_t give_up_us = sgp_monotonic_us() + 60 * 1000000LL;
    for (;;) {
        sgp_err err = SGP_OK;
        if (!*client)
            err = sgp_client_connect(target, client, fault);
        if (!err) {
            err = sgp_client_request(*client, frame, 5000, reply, fault);
            if (!is_broken(err))
                return err;
            sgp_client_close(*client);
            *client = NULL;
        }
        if (sgp_monotonic_us() > give_up_us)
            return err;
        rest_ms(20);
    }
}

static sgp_err report(sgp_client **client, asked_call *request, uint64_t where, bool *repeated,
                      sgp_fault *fault) {
    /* Points on and beside main roads all over the city of Malang. */
    static const double points[][2] = {
        {112.6300, -7.9790}, {112.6215, -7.9665}, {112.6140, -7.9440}, {112.6430, -7.9530},
        {112.6550, -7.9770}, {112.6220, -7.9930}, {112.6095, -7.9600}, {112.6330, -7.9650}};
    enum { POINTS = sizeof points / sizeof *points };
    Sigap__V1__Point point = SIGAP__V1__POINT__INIT;
    point.lon = points[where % POINTS][0];
    point.lat = points[where % POINTS][1];
    Sigap__V1__ReportCall call = SIGAP__V1__REPORT_CALL__INIT;
    call.point = &point;
    call.complaint = (char *)"breathing"; /* one unit, as the plan has it */
    call.priority = SIGAP__V1__PRIORITY__P1;
    call.channel = (char *)"112";
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT, *reply = NULL;
    frame.id.data = request->id.bytes;
    frame.id.len = sizeof request->id.bytes;
    frame.body_case = SIGAP__V1__FRAME__BODY_REPORT_CALL;
    frame.report_call = &call;
    sgp_err err = ask(client, &frame, &reply, fault);
    if (err)
        return err;
    if (reply->body_case != SIGAP__V1__FRAME__BODY_DONE) {
        err = sgp_fail(fault, SGP_E_FORMAT, "the answer to a call is no Done but body %d",
                       (int)reply->body_case);
    } else {
        request->call = reply->done->call_id;
        request->incident = reply->done->incident_id;
        *repeated = reply->done->repeated_request;
    }
    sigap__v1__frame__free_unpacked(reply, NULL);
    return err;
}

static void *caller_run(void *argument) {
    caller *self = argument;
    sgp_client *client = NULL;
    sgp_fault fault = {0};
    while (!atomic_load(&stopping) && self->n < CALLS_MAX) {
        asked_call made = {.id = sgp_uuid_make()};
        bool repeated;
        sgp_err err = report(&client, &made, sgp_random_next(&self->random), &repeated, &fault);
        if (err) {
            snprintf(self->failure, sizeof self->failure, "a call was refused: %s: %s",
                     sgp_err_str(err), fault.text);
            break;
        }
        self->done[self->n++] = made;
        rest_ms((long)(sgp_random_next(&self->random) % 30));
    }
    sgp_client_close(client);
    return NULL;
}

static sgp_err move_on(sgp_client **client, const Sigap__V1__Assignment *assignment,
                       sgp_fault *fault) {
    sgp_uuid id = sgp_uuid_make();
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT, *reply = NULL;
    Sigap__V1__AnswerOrder answer = SIGAP__V1__ANSWER_ORDER__INIT;
    Sigap__V1__AdvanceAssignment advance = SIGAP__V1__ADVANCE_ASSIGNMENT__INIT;
    frame.id.data = id.bytes;
    frame.id.len = sizeof id.bytes;
    answer.assignment_id = advance.assignment_id = assignment->id;
    switch (assignment->state) {
    case SIGAP__V1__ASSIGNMENT_STATE__ORDERED:
        answer.accept = 1;
        frame.body_case = SIGAP__V1__FRAME__BODY_ANSWER_ORDER;
        frame.answer_order = &answer;
        break;
    case SIGAP__V1__ASSIGNMENT_STATE__ACCEPTED:
    case SIGAP__V1__ASSIGNMENT_STATE__ON_SCENE:
        advance.state = assignment->state == SIGAP__V1__ASSIGNMENT_STATE__ACCEPTED
                            ? SIGAP__V1__ASSIGNMENT_STATE__ON_SCENE
                            : SIGAP__V1__ASSIGNMENT_STATE__CLOSED;
        frame.body_case = SIGAP__V1__FRAME__BODY_ADVANCE_ASSIGNMENT;
        frame.advance_assignment = &advance;
        break;
    default:
        return SGP_OK;
    }
    sgp_err err = ask(client, &frame, &reply, fault);
    if (!err) {
        sigap__v1__frame__free_unpacked(reply, NULL);
        atomic_fetch_add(&crew_steps, 1);
    }
    return err == SGP_E_STATE ? SGP_OK : err; /* timed out meanwhile: an answer, no failure */
}

/* Calls `each` for every assignment of every open incident. */
static sgp_err
each_assignment(sgp_client **client, void (*incident)(void *, const Sigap__V1__Incident *),
                sgp_err (*each)(void *, sgp_client **, const Sigap__V1__Assignment *, sgp_fault *),
                void *ctx, sgp_fault *fault) {
    uint64_t after = 0;
    do {
        Sigap__V1__ListIncidents list = SIGAP__V1__LIST_INCIDENTS__INIT;
        list.after_id = after;
        list.include_closed = incident != NULL;
        Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT, *reply = NULL;
        frame.body_case = SIGAP__V1__FRAME__BODY_LIST_INCIDENTS;
        frame.list_incidents = &list;
        sgp_err err = ask(client, &frame, &reply, fault);
        if (err)
            return err;
        Sigap__V1__IncidentPage *page = reply->incident_page;
        after = page->next_after_id;
        for (size_t i = 0; incident && i < page->n_incidents; i++)
            incident(ctx, page->incidents[i]);
        for (size_t i = 0; !err && i < page->n_assignments; i++)
            err = each(ctx, client, page->assignments[i], fault);
        sigap__v1__frame__free_unpacked(reply, NULL);
        if (err)
            return err;
    } while (after && !atomic_load(&stopping));
    return SGP_OK;
}

static sgp_err crew_step(void *ctx, sgp_client **client, const Sigap__V1__Assignment *assignment,
                         sgp_fault *fault) {
    (void)ctx;
    sgp_client *own = NULL; /* the page's connection may break while we speak */
    (void)client;
    sgp_err err = move_on(&own, assignment, fault);
    sgp_client_close(own);
    return err;
}

static void *crew_run(void *argument) {
    (void)argument;
    sgp_client *client = NULL;
    sgp_fault fault = {0};
    while (!atomic_load(&stopping)) {
        sgp_err err = each_assignment(&client, NULL, crew_step, NULL, &fault);
        if (err) {
            snprintf(crew_failure, sizeof crew_failure, "a crew was refused: %s: %s",
                     sgp_err_str(err), fault.text);
            break;
        }
        rest_ms(20);
    }
    sgp_client_close(client);
    return NULL;
}

/* Every unit signs on, so that there is somebody to order. */
static sgp_err sign_on(sgp_fault *fault) {
    sgp_client *client = NULL;
    Sigap__V1__ListUnits list = SIGAP__V1__LIST_UNITS__INIT;
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT, *page = NULL;
    list.limit = 4096;
    frame.body_case = SIGAP__V1__FRAME__BODY_LIST_UNITS;
    frame.list_units = &list;
    sgp_err err = ask(&client, &frame, &page, fault);
    for (size_t i = 0; !err && i < page->unit_page->n_units; i++) {
        sgp_uuid id = sgp_uuid_make();
        Sigap__V1__SetDuty duty = SIGAP__V1__SET_DUTY__INIT;
        duty.on_duty = 1;
        duty.unit_code = page->unit_page->units[i]->code;
        Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT, *reply = NULL;
        request.id.data = id.bytes;
        request.id.len = sizeof id.bytes;
        request.body_case = SIGAP__V1__FRAME__BODY_SET_DUTY;
        request.set_duty = &duty;
        err = ask(&client, &request, &reply, fault);
        if (!err)
            sigap__v1__frame__free_unpacked(reply, NULL);
    }
    if (page)
        sigap__v1__frame__free_unpacked(page, NULL);
    sgp_client_close(client);
    return err;
}

typedef struct doubles {
    uint32_t sent[65536]; /* units that were not taken back, by incident id */
    uint32_t wanted[65536];
    uint32_t unit[8192];
    uint64_t units_doubled, incidents;
} doubles;

static void doubles_incident(void *ctx, const Sigap__V1__Incident *incident) {
    doubles *count = ctx;
    count->incidents++;
    count->wanted[incident->id % 65536] = incident->units_wanted;
}

static sgp_err doubles_count(void *ctx, sgp_client **client,
                             const Sigap__V1__Assignment *assignment, sgp_fault *fault) {
    doubles *count = ctx;
    (void)client, (void)fault;
    bool refused = assignment->state == SIGAP__V1__ASSIGNMENT_STATE__DECLINED ||
                   assignment->state == SIGAP__V1__ASSIGNMENT_STATE__TIMED_OUT ||
                   assignment->state == SIGAP__V1__ASSIGNMENT_STATE__DIVERTED ||
                   assignment->state == SIGAP__V1__ASSIGNMENT_STATE__STOOD_DOWN;
    if (!refused)
        count->sent[assignment->incident_id % 65536]++;
    bool open = !refused && assignment->state != SIGAP__V1__ASSIGNMENT_STATE__CLOSED;
    if (open && ++count->unit[assignment->unit_number % 8192] == 2)
        count->units_doubled++;
    return SGP_OK;
}

/* Incidents to which more units were sent than their plan wants; nobody here sends one by hand. */
static uint64_t orders_doubled(const doubles *count) {
    uint64_t n = 0;
    for (size_t i = 0; i < sizeof count->sent / sizeof *count->sent; i++)
        n += count->sent[i] > count->wanted[i];
    return n;
}

static pid_t start_engine(const char *program, const char *config, const char *log) {
    pid_t pid = fork();
    if (pid != 0)
        return pid;
    int file = open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
    dup2(file, 1);
    dup2(file, 2);
    execl(program, program, "--config", config, (char *)NULL);
    _exit(127);
}

static bool wait_ready(void) {
    for (int i = 0; i < 600; i++) {
        sgp_client *client = NULL;
        sgp_fault fault;
        if (sgp_client_connect(target, &client, &fault) == SGP_OK) {
            sgp_client_close(client);
            return true;
        }
        rest_ms(50);
    }
    return false;
}

#define CHECK(condition, ...)                                                                      \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, __VA_ARGS__);                                                          \
            fputc('\n', stderr);                                                                   \
            failures++;                                                                            \
        }                                                                                          \
    } while (0)

int main(int argc, char **argv) {
    if (argc != 7) {
        fprintf(stderr, "usage: test_kill SIGAPD CONFIG SOCKET JOURNAL CONNINFO LOG\n");
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    static char unix_target[300];
    snprintf(unix_target, sizeof unix_target, "unix:%s", argv[3]);
    target = unix_target;
    int kills = getenv("SIGAP_KILLS") ? atoi(getenv("SIGAP_KILLS")) : 50;
    uint64_t seed = getenv("SIGAP_SEED") ? strtoull(getenv("SIGAP_SEED"), NULL, 10) : 112;
    uint64_t random = seed * 0x9e3779b97f4a7c15u + 1;
    int failures = 0;
    printf("seed %llu, %d kills\n", (unsigned long long)seed, kills);

    pid_t engine = start_engine(argv[1], argv[2], argv[6]);
    if (!wait_ready()) {
        fprintf(stderr, "the engine did not start; see %s\n", argv[6]);
        kill(engine, SIGKILL);
        return 1;
    }
    sgp_fault fault = {0};
    CHECK(sign_on(&fault) == SGP_OK, "units cannot sign on: %s", fault.text);
    static caller callers[CALLERS];
    for (int i = 0; i < CALLERS; i++) {
        callers[i].random = sgp_random_next(&random);
        callers[i].done = calloc(CALLS_MAX, sizeof(asked_call));
        pthread_create(&callers[i].thread, NULL, caller_run, &callers[i]);
    }
    pthread_t crew;
    pthread_create(&crew, NULL, crew_run, NULL);
    int restarted = 0;
    for (int i = 0; i < kills; i++) {
        rest_ms(50 + (long)(sgp_random_next(&random) % 300));
        kill(engine, SIGKILL);
        waitpid(engine, NULL, 0);
        engine = start_engine(argv[1], argv[2], argv[6]);
        if (!wait_ready())
            break;
        restarted++;
    }
    CHECK(restarted == kills, "the engine came back %d of %d times; see %s", restarted, kills,
          argv[6]);
    rest_ms(500);
    atomic_store(&stopping, true);
    uint64_t acknowledged = 0;
    for (int i = 0; i < CALLERS; i++) {
        pthread_join(callers[i].thread, NULL);
        acknowledged += callers[i].n;
        CHECK(!callers[i].failure[0], "%s", callers[i].failure);
    }
    pthread_join(crew, NULL);
    CHECK(!crew_failure[0], "%s", crew_failure);

    /* Every acknowledged request gives its first answer again. */
    sgp_client *client = NULL;
    uint64_t lost = 0, changed = 0;
    for (int i = 0; i < CALLERS; i++)
        for (size_t k = 0; k < callers[i].n; k++) {
            asked_call again = {.id = callers[i].done[k].id};
            bool repeated = false;
            if (report(&client, &again, 0, &repeated, &fault) != SGP_OK || !repeated)
                lost++;
            else if (again.call != callers[i].done[k].call ||
                     again.incident != callers[i].done[k].incident)
                changed++;
        }
    CHECK(lost == 0, "%llu acknowledged calls are lost", (unsigned long long)lost);
    CHECK(changed == 0, "%llu requests were answered otherwise the second time",
          (unsigned long long)changed);
    static doubles count;
    atomic_store(&stopping, false);
    sgp_err err = each_assignment(&client, doubles_incident, doubles_count, &count, &fault);
    CHECK(err == SGP_OK, "listing incidents failed: %s", fault.text);
    uint64_t doubled = orders_doubled(&count);
    CHECK(doubled == 0, "%llu incidents got more units than they want",
          (unsigned long long)doubled);
    CHECK(count.units_doubled == 0, "%llu units are on two assignments",
          (unsigned long long)count.units_doubled);
    sgp_client_close(client);

    kill(engine, SIGTERM);
    int status = 0;
    waitpid(engine, &status, 0);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0,
          "the engine's orderly end was none: status %x", (unsigned)status);

    /* The projection may have been behind: let it catch up, then compare. */
    sgp_projection *projection = NULL;
    err = sgp_projection_start(argv[4], argv[5], &projection, &fault);
    CHECK(err == SGP_OK, "the projection does not start: %s", fault.text);
    sgp_projection_difference difference = {0};
    for (int i = 0; !err && i < 600; i++) {
        err = sgp_projection_verify(argv[4], argv[5], &difference, &fault);
        if (err || difference.cursor_seq >= difference.journal_seq)
            break;
        sgp_projection_wake(projection, difference.journal_seq);
        rest_ms(200);
    }
    sgp_projection_stop(projection, 1000);
    CHECK(err == SGP_OK, "comparing journal and tables failed: %s", fault.text);
    CHECK(difference.differing + difference.missing + difference.extra == 0,
          "tables and journal differ: %llu differing, %llu missing, %llu extra: %s",
          (unsigned long long)difference.differing, (unsigned long long)difference.missing,
          (unsigned long long)difference.extra, difference.first);
    printf("kills %d, calls acknowledged %llu, lost %llu, orders doubled %llu, units doubled %llu, "
           "crew steps %d, "
           "events %llu, rows compared %llu, different %llu\n",
           restarted, (unsigned long long)acknowledged, (unsigned long long)lost,
           (unsigned long long)doubled, (unsigned long long)count.units_doubled,
           atomic_load(&crew_steps), (unsigned long long)difference.journal_seq,
           (unsigned long long)difference.rows,
           (unsigned long long)(difference.differing + difference.missing + difference.extra));
    CHECK(atomic_load(&crew_steps) > kills, "only %d crew steps: no load",
          atomic_load(&crew_steps));
    CHECK(acknowledged > (uint64_t)kills, "only %llu calls went through: no load",
          (unsigned long long)acknowledged);
    for (int i = 0; i < CALLERS; i++)
        free(callers[i].done);
    return failures ? 1 : 0;
}
