#include "serve/road_worker.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"

enum { FACTS_KEPT = 4, LONGEST_SLEEP_MS = 60000 };

typedef struct served {
    sgp_live_metric *metric; /* NULL = not served */
    sgp_learned *learned;    /* NULL = none */
    int32_t minute, until;   /* of the week: the weights hold from .. to, as next_change tells */
    sgp_road_facts facts[FACTS_KEPT]; /* under the mutex; by swaps % FACTS_KEPT */
    uint64_t swaps;                   /* under the mutex */
} served;

struct sgp_road_worker {
    sgp_road_worker_options options;
    const sgp_graph_parts *parts;
    served profiles[SGP_PROFILES_MAX];
    /* The worker's own. */
    uint16_t *factor; /* [2 * n_edges] or NULL */
    int32_t *weight;  /* [n_arcs] */
    sgp_arc_weight changes[SGP_ROAD_CHANGES_MAX];
    /* Between the threads. */
    pthread_t thread;
    bool has_thread;
    pthread_mutex_t mutex;
    pthread_cond_t asked, answered;
    bool stop, has_given;
    uint16_t *given;
    uint64_t number, done;
};

static int64_t now_ms(const sgp_road_worker *worker) {
    return worker->options.now_ms != NULL ? worker->options.now_ms() : sgp_wall_ms();
}

/* ---- one profile --------------------------------------------------------- */

static sgp_picture picture_of(const sgp_road_worker *worker, uint32_t profile) {
    const sgp_city_time *time = worker->options.time;
    return (sgp_picture){.profile = profile,
                         .minute_of_week =
                             time != NULL ? sgp_city_time_minute(time, now_ms(worker)) : -1,
                         .week = worker->options.week,
                         .learned = worker->profiles[profile].learned,
                         .factor = worker->factor};
}

static sgp_err make_weights(sgp_road_worker *worker, uint32_t profile) {
    sgp_fault fault = {0};
    sgp_picture picture = picture_of(worker, profile);
    sgp_err err = sgp_weights_make(worker->options.graph, &picture, worker->weight, &fault);
    if (err != SGP_OK) {
        sgp_log(SGP_LOG_ERROR, "weights_failed", "profile=%s reason=%s",
                SGP_Q(worker->parts->profiles[profile].name), SGP_Q(fault.text));
        return err;
    }
    worker->profiles[profile].minute = picture.minute_of_week;
    worker->profiles[profile].until = sgp_weights_next_change(worker->options.graph, &picture);
    return SGP_OK;
}

static void note_swap(sgp_road_worker *worker, uint32_t profile, int64_t begun_us,
                      uint32_t changed) {
    served *s = &worker->profiles[profile];
    const sgp_metric *metric = sgp_live_metric_hold(s->metric);
    sgp_road_facts facts = {.version = sgp_metric_version(metric), .changed = changed};
    sgp_live_metric_release(s->metric, metric);
    facts.swapped_at_us = sgp_monotonic_us();
    facts.customize_us = facts.swapped_at_us - begun_us;
    crypto_generichash(facts.weights, sizeof facts.weights, (const uint8_t *)worker->weight,
                       worker->parts->n_arcs * sizeof *worker->weight, NULL, 0);
    pthread_mutex_lock(&worker->mutex);
    facts.swaps = ++s->swaps;
    s->facts[facts.swaps % FACTS_KEPT] = facts;
    pthread_mutex_unlock(&worker->mutex);
}

/* How many arcs the new weights change; the first SGP_ROAD_CHANGES_MAX into `changes`. */
static uint32_t compare(sgp_road_worker *worker, uint32_t profile) {
    const sgp_metric *metric = sgp_live_metric_hold(worker->profiles[profile].metric);
    const int32_t *before = sgp_metric_weights(metric);
    uint32_t n = 0;
    for (uint32_t a = 0; a < worker->parts->n_arcs; a++) {
        if (before[a] == worker->weight[a])
            continue;
        if (n < SGP_ROAD_CHANGES_MAX)
            worker->changes[n] = (sgp_arc_weight){a, worker->weight[a]};
        n++;
    }
    sgp_live_metric_release(worker->profiles[profile].metric, metric);
    return n;
}

static void renew(sgp_road_worker *worker, uint32_t profile) {
    served *s = &worker->profiles[profile];
    int64_t begun = sgp_monotonic_us();
    if (make_weights(worker, profile) != SGP_OK)
        return; /* the metric in service stays */
    uint32_t changed = compare(worker, profile);
    if (changed == 0)
        return;
    /* One thread: the loop keeps the machine's other core. */
    sgp_err err = changed <= SGP_ROAD_CHANGES_MAX
                      ? sgp_live_metric_change(s->metric, worker->changes, changed)
                      : sgp_live_metric_replace(s->metric, worker->weight, 1);
    if (err != SGP_OK) {
        sgp_log(SGP_LOG_ERROR, "metric_failed", "profile=%s code=%s",
                SGP_Q(worker->parts->profiles[profile].name), sgp_err_str(err));
        return;
    }
    note_swap(worker, profile, begun, changed);
}

/* The weights were made for a minute from which on they hold until another. */
static bool is_outdated(const sgp_road_worker *worker, uint32_t profile) {
    const served *s = &worker->profiles[profile];
    if (worker->options.time == NULL)
        return false;
    int32_t since = sgp_city_time_minute(worker->options.time, now_ms(worker)) - s->minute;
    if (since < 0)
        since += SGP_WEEK_MINUTES;
    return since >= s->until - s->minute;
}

/* ---- the thread ---------------------------------------------------------- */

/* To the next full minute by the wall clock. */
static struct timespec next_look(const sgp_road_worker *worker) {
    int64_t sleep_ms = LONGEST_SLEEP_MS;
    if (worker->options.now_ms == NULL)
        sleep_ms = 60000 - sgp_wall_ms() % 60000 + 5;
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    at.tv_sec += sleep_ms / 1000;
    at.tv_nsec += sleep_ms % 1000 * 1000000;
    if (at.tv_nsec >= 1000000000) {
        at.tv_nsec -= 1000000000;
        at.tv_sec++;
    }
    return at;
}

static void *work(void *ctx) {
    sgp_road_worker *worker = ctx;
    pthread_mutex_lock(&worker->mutex);
    while (!worker->stop) {
        bool given = worker->has_given;
        uint64_t number = worker->number;
        if (given) {
            free(worker->factor);
            worker->factor = worker->given;
            worker->given = NULL;
            worker->has_given = false;
        }
        pthread_mutex_unlock(&worker->mutex);
        for (uint32_t p = 0; p < worker->parts->n_profiles; p++)
            if (worker->profiles[p].metric != NULL && (given || is_outdated(worker, p)))
                renew(worker, p);
        pthread_mutex_lock(&worker->mutex);
        worker->done = number;
        pthread_cond_broadcast(&worker->answered);
        struct timespec until = next_look(worker);
        while (!worker->stop && worker->number == number)
            if (pthread_cond_timedwait(&worker->asked, &worker->mutex, &until) == ETIMEDOUT)
                break;
    }
    pthread_mutex_unlock(&worker->mutex);
    return NULL;
}

/* ---- life ---------------------------------------------------------------- */

static sgp_err load_learned(sgp_road_worker *worker, uint32_t profile, sgp_fault *fault) {
    const char *folder = worker->options.learned_folder;
    if (folder == NULL || *folder == '\0')
        return SGP_OK;
    char path[4200];
    uint64_t unknown = 0;
    served *s = &worker->profiles[profile];
    snprintf(path, sizeof path, "%s/%s.sqlite", folder, worker->parts->profiles[profile].name);
    sgp_err err = sgp_learned_create(worker->options.graph, profile, &s->learned);
    if (err == SGP_OK)
        err = sgp_learned_load(s->learned, path, &unknown, fault);
    if (err == SGP_OK && unknown > 0)
        sgp_log(SGP_LOG_INFO, "learned_unknown", "profile=%s roads=%llu",
                SGP_Q(worker->parts->profiles[profile].name), (unsigned long long)unknown);
    return err;
}

static sgp_err make_first(sgp_road_worker *worker, uint32_t profile, sgp_fault *fault) {
    int64_t begun = sgp_monotonic_us();
    sgp_err err = load_learned(worker, profile, fault);
    if (err == SGP_OK)
        err = make_weights(worker, profile);
    if (err == SGP_OK)
        err = sgp_live_metric_create(worker->options.graph, worker->weight, 0,
                                     &worker->profiles[profile].metric);
    if (err == SGP_OK)
        note_swap(worker, profile, begun, worker->parts->n_arcs);
    return err;
}

static void make_locks(sgp_road_worker *worker) {
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&worker->mutex, NULL);
    pthread_cond_init(&worker->asked, &monotonic);
    pthread_cond_init(&worker->answered, NULL);
    pthread_condattr_destroy(&monotonic);
}

sgp_err sgp_road_worker_create(const sgp_road_worker_options *options, sgp_road_worker **out,
                               sgp_fault *fault) {
    sgp_road_worker *worker = calloc(1, sizeof *worker);
    if (worker == NULL)
        return sgp_fail(fault, SGP_E_MEMORY, "no memory for the roads");
    worker->options = *options;
    worker->parts = sgp_graph_get(options->graph);
    make_locks(worker);
    worker->weight = malloc((worker->parts->n_arcs + 1) * sizeof *worker->weight);
    sgp_err err = worker->weight != NULL ? SGP_OK : SGP_E_MEMORY;
    for (uint32_t p = 0; p < worker->parts->n_profiles && err == SGP_OK; p++)
        if (p == 0 || options->serves[p])
            err = make_first(worker, p, fault);
    if (err == SGP_OK && pthread_create(&worker->thread, NULL, work, worker) != 0)
        err = sgp_fail(fault, SGP_E_IO, "no thread for the metrics of the roads");
    worker->has_thread = err == SGP_OK;
    if (err != SGP_OK) {
        sgp_road_worker_destroy(worker);
        return err;
    }
    *out = worker;
    return SGP_OK;
}

void sgp_road_worker_destroy(sgp_road_worker *worker) {
    if (worker == NULL)
        return;
    if (worker->has_thread) {
        pthread_mutex_lock(&worker->mutex);
        worker->stop = true;
        pthread_cond_signal(&worker->asked);
        pthread_mutex_unlock(&worker->mutex);
        pthread_join(worker->thread, NULL);
    }
    for (uint32_t p = 0; p < SGP_PROFILES_MAX; p++) {
        sgp_live_metric_destroy(worker->profiles[p].metric);
        sgp_learned_destroy(worker->profiles[p].learned);
    }
    pthread_cond_destroy(&worker->asked);
    pthread_cond_destroy(&worker->answered);
    pthread_mutex_destroy(&worker->mutex);
    free(worker->given);
    free(worker->factor);
    free(worker->weight);
    free(worker);
}

/* ---- from the loop ------------------------------------------------------- */

sgp_live_metric *sgp_road_worker_metric(const sgp_road_worker *worker, uint32_t profile) {
    return profile < SGP_PROFILES_MAX ? worker->profiles[profile].metric : NULL;
}

uint64_t sgp_road_worker_give(sgp_road_worker *worker, uint16_t *factor) {
    pthread_mutex_lock(&worker->mutex);
    free(worker->given);
    worker->given = factor;
    worker->has_given = true;
    uint64_t number = ++worker->number;
    pthread_cond_signal(&worker->asked);
    pthread_mutex_unlock(&worker->mutex);
    return number;
}

uint64_t sgp_road_worker_look(sgp_road_worker *worker) {
    pthread_mutex_lock(&worker->mutex);
    uint64_t number = ++worker->number;
    pthread_cond_signal(&worker->asked);
    pthread_mutex_unlock(&worker->mutex);
    return number;
}

void sgp_road_worker_wait(sgp_road_worker *worker, uint64_t number) {
    pthread_mutex_lock(&worker->mutex);
    while (worker->done < number)
        pthread_cond_wait(&worker->answered, &worker->mutex);
    pthread_mutex_unlock(&worker->mutex);
}

bool sgp_road_worker_facts(sgp_road_worker *worker, uint32_t profile, uint64_t version,
                           sgp_road_facts *facts) {
    bool found = false;
    if (profile >= SGP_PROFILES_MAX)
        return false;
    pthread_mutex_lock(&worker->mutex);
    const served *s = &worker->profiles[profile];
    for (uint64_t i = 0; i < FACTS_KEPT && i < s->swaps && !found; i++) {
        const sgp_road_facts *known = &s->facts[(s->swaps - i) % FACTS_KEPT];
        found = version == 0 || known->version == version;
        if (found)
            *facts = *known;
    }
    pthread_mutex_unlock(&worker->mutex);
    return found;
}
