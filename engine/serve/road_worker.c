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

enum { FACTS_KEPT = 4, LONGEST_SLEEP_MS = 60000, LAST_LESSONS_US = 1000000 };

typedef struct served {
    sgp_live_metric *metric; /* NULL = not served */
    int32_t minute, until;   /* of the week: the weights hold from .. to, as next_change tells */
    int64_t made_at_ms;      /* by the wall clock */
    bool prepared;           /* a metric waits to be published, and these facts of it */
    sgp_road_facts next;
    sgp_road_facts facts[FACTS_KEPT]; /* under the mutex; by swaps % FACTS_KEPT */
    uint64_t swaps;                   /* under the mutex */
} served;

/* A drive that waits to be taught. */
typedef struct waiting_track {
    uint32_t profile;
    sgp_track_point *points; /* owned */
    size_t n;
} waiting_track;

struct sgp_road_worker {
    sgp_road_worker_options options;
    const sgp_graph_parts *parts;
    served profiles[SGP_PROFILES_MAX];
    /* The worker's own. */
    uint16_t *factor; /* [2 * n_edges] or NULL */
    int32_t *weight;  /* [n_arcs] */
    sgp_arc_weight changes[SGP_ROAD_CHANGES_MAX];
    int64_t look_ms;           /* the instant that weights are made for */
    sgp_road_lessons *lessons; /* NULL = nothing is learned */
    /* Between the threads. */
    pthread_t thread;
    bool has_thread;
    pthread_mutex_t mutex;
    pthread_cond_t asked, answered;
    bool stop, has_given, reads_learned;
    uint16_t *given;
    waiting_track tracks[SGP_TRACKS_WAITING_MAX]; /* a ring */
    size_t first_track, n_tracks;
    sgp_teach_count count; /* but for `waiting` */
    uint64_t number, done;
};

static int64_t now_ms(const sgp_road_worker *worker) {
    return worker->options.now_ms != NULL ? worker->options.now_ms() : sgp_wall_ms();
}

static const char *name_of(const sgp_road_worker *worker, uint32_t profile) {
    return worker->parts->profiles[profile].name;
}

/* ---- one profile --------------------------------------------------------- */

static sgp_picture picture_of(const sgp_road_worker *worker, uint32_t profile) {
    const sgp_city_time *time = worker->options.time;
    return (sgp_picture){.profile = profile,
                         .minute_of_week =
                             time != NULL ? sgp_city_time_minute(time, worker->look_ms) : -1,
                         .week = worker->options.week,
                         .learned = sgp_road_lessons_learned(worker->lessons, profile),
                         .factor = worker->factor};
}

static sgp_err make_weights(sgp_road_worker *worker, uint32_t profile) {
    sgp_fault fault = {0};
    served *s = &worker->profiles[profile];
    sgp_picture picture = picture_of(worker, profile);
    sgp_err err = sgp_weights_make(worker->options.graph, &picture, worker->weight, &fault);
    if (err != SGP_OK) {
        sgp_log(SGP_LOG_ERROR, "weights_failed", "profile=%s reason=%s",
                SGP_Q(name_of(worker, profile)), SGP_Q(fault.text));
        return err;
    }
    s->minute = picture.minute_of_week;
    s->until = sgp_weights_next_change(worker->options.graph, &picture);
    s->made_at_ms = worker->look_ms;
    sgp_road_lessons_used(worker->lessons, profile);
    return SGP_OK;
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

/* What is known of the new metric before it is in service. */
static void note_prepared(sgp_road_worker *worker, uint32_t profile, int64_t begun_us,
                          uint32_t changed) {
    served *s = &worker->profiles[profile];
    s->prepared = true;
    s->next = (sgp_road_facts){.changed = changed, .customize_us = sgp_monotonic_us() - begun_us};
    crypto_generichash(s->next.weights, sizeof s->next.weights, (const uint8_t *)worker->weight,
                       worker->parts->n_arcs * sizeof *worker->weight, NULL, 0);
}

/* Makes the profile's next metric, where it is another than the one in service. */
static sgp_err prepare(sgp_road_worker *worker, uint32_t profile) {
    served *s = &worker->profiles[profile];
    int64_t begun_us = sgp_monotonic_us();
    sgp_err err = make_weights(worker, profile);
    if (err != SGP_OK)
        return err;
    uint32_t changed = compare(worker, profile);
    if (changed == 0)
        return SGP_OK;
    /* One thread: the loop keeps the machine's other core. */
    err = changed <= SGP_ROAD_CHANGES_MAX
              ? sgp_live_metric_prepare_change(s->metric, worker->changes, changed)
              : sgp_live_metric_prepare(s->metric, worker->weight, 1);
    if (err == SGP_OK)
        note_prepared(worker, profile, begun_us, changed);
    else
        sgp_log(SGP_LOG_ERROR, "metric_failed", "profile=%s code=%s",
                SGP_Q(name_of(worker, profile)), sgp_err_str(err));
    return err;
}

/* The weights were made for a minute from which on they hold until another. */
static bool is_outdated(const sgp_road_worker *worker, uint32_t profile) {
    const served *s = &worker->profiles[profile];
    if (worker->options.time == NULL)
        return false;
    if (sgp_road_lessons_is_news(worker->lessons, profile) &&
        (worker->look_ms - s->made_at_ms >= SGP_LEARNED_WAITS_MS ||
         worker->look_ms < s->made_at_ms))
        return true;
    int32_t since = sgp_city_time_minute(worker->options.time, worker->look_ms) - s->minute;
    if (since < 0)
        since += SGP_WEEK_MINUTES;
    return since >= s->until - s->minute;
}

/* ---- all profiles -------------------------------------------------------- */

/* Puts a prepared metric into service; under the mutex. */
static void publish(sgp_road_worker *worker, uint32_t profile) {
    served *s = &worker->profiles[profile];
    sgp_live_metric_publish(s->metric);
    const sgp_metric *metric = sgp_live_metric_hold(s->metric);
    s->next.version = sgp_metric_version(metric);
    sgp_live_metric_release(s->metric, metric);
    s->next.swapped_at_us = sgp_monotonic_us();
    s->next.swaps = ++s->swaps;
    s->facts[s->swaps % FACTS_KEPT] = s->next;
    s->prepared = false;
}

/* Whoever holds all metrics under the mutex sees those before or these, never some of each. */
static void publish_all(sgp_road_worker *worker) {
    pthread_mutex_lock(&worker->mutex);
    for (uint32_t p = 0; p < worker->parts->n_profiles; p++)
        if (worker->profiles[p].prepared)
            publish(worker, p);
    pthread_mutex_unlock(&worker->mutex);
}

/* What was prepared before the error is made once more at the next look. */
static void give_up(sgp_road_worker *worker) {
    for (uint32_t p = 0; p < worker->parts->n_profiles; p++) {
        worker->profiles[p].prepared = false;
        worker->profiles[p].until = worker->profiles[p].minute;
    }
}

/* Makes what is due. `given`: there are new factors, so everything is. */
static void look(sgp_road_worker *worker, bool given) {
    worker->look_ms = now_ms(worker);
    sgp_err err = SGP_OK;
    for (uint32_t p = 0; p < worker->parts->n_profiles && err == SGP_OK; p++)
        if (worker->profiles[p].metric != NULL && (given || is_outdated(worker, p)))
            err = prepare(worker, p);
    if (err == SGP_OK)
        publish_all(worker);
    else
        give_up(worker);
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

/* Under the mutex; points NULL: none waits. */
static waiting_track take_track(sgp_road_worker *worker) {
    if (worker->n_tracks == 0)
        return (waiting_track){0};
    waiting_track track = worker->tracks[worker->first_track];
    worker->first_track = (worker->first_track + 1) % SGP_TRACKS_WAITING_MAX;
    worker->n_tracks--;
    return track;
}

static bool take_factors(sgp_road_worker *worker) {
    if (!worker->has_given)
        return false;
    free(worker->factor);
    worker->factor = worker->given;
    worker->given = NULL;
    worker->has_given = false;
    return true;
}

static void teach(sgp_road_worker *worker, const waiting_track *track) {
    sgp_road_lessons_teach(worker->lessons, track->profile, track->points, track->n);
    free(track->points);
    sgp_lesson_count count = sgp_road_lessons_count(worker->lessons);
    pthread_mutex_lock(&worker->mutex);
    worker->count.lessons = count;
    pthread_mutex_unlock(&worker->mutex);
}

/* One turn: new weights first, then one drive. Under the mutex, which it gives back while it
 * works. Returns whether nothing waits any more of what was asked before the turn. */
static bool work_once(sgp_road_worker *worker) {
    bool given = take_factors(worker), reads_learned = worker->reads_learned;
    waiting_track track = take_track(worker);
    worker->reads_learned = false;
    pthread_mutex_unlock(&worker->mutex);
    if (reads_learned && worker->lessons != NULL)
        sgp_road_lessons_load(worker->lessons);
    look(worker, given);
    if (track.points != NULL)
        teach(worker, &track);
    if (worker->lessons != NULL)
        sgp_road_lessons_save(worker->lessons, sgp_monotonic_us(), false);
    pthread_mutex_lock(&worker->mutex);
    return track.points == NULL;
}

static void *work(void *ctx) {
    sgp_road_worker *worker = ctx;
    pthread_mutex_lock(&worker->mutex);
    while (!worker->stop) {
        uint64_t number = worker->number;
        if (!work_once(worker))
            continue;
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

static sgp_err make_first(sgp_road_worker *worker, uint32_t profile) {
    served *s = &worker->profiles[profile];
    int64_t begun_us = sgp_monotonic_us();
    sgp_err err = make_weights(worker, profile);
    if (err == SGP_OK)
        err = sgp_live_metric_create(worker->options.graph, worker->weight, 0, &s->metric);
    if (err != SGP_OK)
        return err;
    note_prepared(worker, profile, begun_us, worker->parts->n_arcs);
    const sgp_metric *metric = sgp_live_metric_hold(s->metric);
    s->next.version = sgp_metric_version(metric);
    sgp_live_metric_release(s->metric, metric);
    s->next.swapped_at_us = sgp_monotonic_us();
    s->next.swaps = s->swaps = 1;
    s->facts[1] = s->next;
    s->prepared = false;
    return SGP_OK;
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

/* Learning is switched on by naming a folder. */
static sgp_err make_lessons(sgp_road_worker *worker, sgp_fault *fault) {
    const sgp_road_worker_options *o = &worker->options;
    if (o->learned_folder == NULL || *o->learned_folder == '\0' || o->time == NULL)
        return SGP_OK;
    return sgp_road_lessons_create(o->graph, o->time, o->learned_folder, o->serves,
                                   &worker->lessons, fault);
}

sgp_err sgp_road_worker_create(const sgp_road_worker_options *options, sgp_road_worker **out,
                               sgp_fault *fault) {
    sgp_road_worker *worker = calloc(1, sizeof *worker);
    if (worker == NULL)
        return sgp_fail(fault, SGP_E_MEMORY, "no memory for the roads");
    worker->options = *options;
    worker->options.serves[0] = true;
    worker->parts = sgp_graph_get(options->graph);
    worker->look_ms = now_ms(worker);
    make_locks(worker);
    worker->weight = malloc((worker->parts->n_arcs + 1) * sizeof *worker->weight);
    sgp_err err = worker->weight != NULL ? make_lessons(worker, fault) : SGP_E_MEMORY;
    for (uint32_t p = 0; p < worker->parts->n_profiles && err == SGP_OK; p++)
        if (worker->options.serves[p])
            err = make_first(worker, p);
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

static void stop(sgp_road_worker *worker) {
    pthread_mutex_lock(&worker->mutex);
    worker->stop = true;
    pthread_cond_signal(&worker->asked);
    pthread_mutex_unlock(&worker->mutex);
    pthread_join(worker->thread, NULL);
}

/* The last drives of the day, as far as there is time; the thread has ended. */
static void finish_lessons(sgp_road_worker *worker) {
    int64_t until_us = sgp_monotonic_us() + LAST_LESSONS_US;
    for (waiting_track track; (track = take_track(worker)).points != NULL;) {
        if (worker->has_thread && sgp_monotonic_us() < until_us)
            sgp_road_lessons_teach(worker->lessons, track.profile, track.points, track.n);
        free(track.points);
    }
    if (worker->lessons != NULL)
        sgp_road_lessons_save(worker->lessons, sgp_monotonic_us(), true);
}

void sgp_road_worker_destroy(sgp_road_worker *worker) {
    if (worker == NULL)
        return;
    if (worker->has_thread)
        stop(worker);
    finish_lessons(worker);
    for (uint32_t p = 0; p < SGP_PROFILES_MAX; p++)
        sgp_live_metric_destroy(worker->profiles[p].metric);
    sgp_road_lessons_destroy(worker->lessons);
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

void sgp_road_worker_hold(sgp_road_worker *worker, const sgp_metric *metrics[SGP_PROFILES_MAX]) {
    pthread_mutex_lock(&worker->mutex);
    for (uint32_t p = 0; p < SGP_PROFILES_MAX; p++) {
        sgp_live_metric *live = worker->profiles[p].metric;
        metrics[p] = live != NULL ? sgp_live_metric_hold(live) : NULL;
    }
    pthread_mutex_unlock(&worker->mutex);
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

void sgp_road_worker_teach(sgp_road_worker *worker, uint32_t profile, sgp_track_point *track,
                           size_t n) {
    pthread_mutex_lock(&worker->mutex);
    bool taken = worker->lessons != NULL && worker->n_tracks < SGP_TRACKS_WAITING_MAX;
    if (taken) {
        size_t slot = (worker->first_track + worker->n_tracks++) % SGP_TRACKS_WAITING_MAX;
        worker->tracks[slot] = (waiting_track){profile, track, n};
        worker->number++;
        pthread_cond_signal(&worker->asked);
    } else if (worker->lessons != NULL) {
        worker->count.dropped++;
    }
    pthread_mutex_unlock(&worker->mutex);
    if (!taken)
        free(track);
}

void sgp_road_worker_read_learned(sgp_road_worker *worker) {
    pthread_mutex_lock(&worker->mutex);
    worker->reads_learned = true;
    worker->number++;
    pthread_cond_signal(&worker->asked);
    pthread_mutex_unlock(&worker->mutex);
}

bool sgp_road_worker_lessons(sgp_road_worker *worker, sgp_teach_count *count) {
    pthread_mutex_lock(&worker->mutex);
    *count = worker->count;
    count->waiting = worker->n_tracks;
    pthread_mutex_unlock(&worker->mutex);
    return worker->lessons != NULL;
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
