#include "serve/osrm_worker.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

typedef struct task {
    struct task *next;
    void *job;
    char *uri, *text;
    int status;
    int64_t us;
} task;

typedef struct task_list {
    task *first, **end;
} task_list;

struct sgp_osrm_worker {
    sgp_live_roads *roads;
    const sgp_osrm_settings *settings;
    sgp_osrm_done done;
    pthread_t thread;
    bool started;
    int ready_fd; /* the worker's answers are there */
    struct event *ready;

    pthread_mutex_t lock; /* guards what follows, up to the worker's own */
    pthread_cond_t wake;
    task_list waiting, answered;
    size_t n_waiting;
    bool ends;
    atomic_bool give_up; /* the answer in work; set with `ends`, read without the lock */

    /* The worker's own. */
    sgp_query *queries[SGP_PROFILES_MAX];
    sgp_live_metric *live; /* held while the ways of an answer are found */
    const sgp_metric *metric;
    /* Roads without some classes are a metric of their own, kept until another is asked. */
    struct {
        uint64_t version; /* of the metric that it was made of */
        uint32_t profile, without_classes;
        sgp_metric *metric;
        sgp_query *query;
    } excluded;
};

static void append(task_list *list, task *t) {
    t->next = NULL;
    *list->end = t;
    list->end = &t->next;
}

static task *take_first(task_list *list) {
    task *t = list->first;
    if (t != NULL && (list->first = t->next) == NULL)
        list->end = &list->first;
    return t;
}

/* ---- the worker: road times --------------------------------------------------- */

static void drop_excluded(sgp_osrm_worker *w) {
    sgp_query_destroy(w->excluded.query);
    sgp_metric_destroy(w->excluded.metric);
    memset(&w->excluded, 0, sizeof w->excluded);
}

static sgp_err make_excluded(sgp_osrm_worker *w, uint32_t without_classes) {
    const sgp_graph *graph = sgp_metric_graph(w->metric);
    const sgp_graph_parts *p = sgp_graph_get(graph);
    int32_t *weight = malloc((size_t)p->n_arcs * sizeof *weight);
    if (weight == NULL)
        return SGP_E_MEMORY;
    memcpy(weight, sgp_metric_weights(w->metric), p->n_arcs * sizeof *weight);
    for (uint32_t a = 0; a < p->n_arcs; a++)
        if (p->arc_edge[a] != SGP_NONE &&
            without_classes >> p->edges[p->arc_edge[a] >> 1].road_class & 1)
            weight[a] = SGP_INF;
    sgp_err err = sgp_metric_customize(graph, weight, 1, &w->excluded.metric);
    if (err == SGP_OK)
        err = sgp_query_create(w->excluded.metric, &w->excluded.query);
    free(weight);
    return err;
}

static sgp_query *excluded_query(sgp_osrm_worker *w, uint32_t profile, uint32_t without_classes) {
    uint64_t version = sgp_metric_version(w->metric);
    if (w->excluded.query != NULL && w->excluded.version == version &&
        w->excluded.profile == profile && w->excluded.without_classes == without_classes)
        return w->excluded.query;
    drop_excluded(w);
    if (make_excluded(w, without_classes) != SGP_OK) {
        drop_excluded(w);
        return NULL;
    }
    w->excluded.version = version;
    w->excluded.profile = profile;
    w->excluded.without_classes = without_classes;
    return w->excluded.query;
}

static void release(void *ctx, uint32_t profile, uint32_t without_classes) {
    (void)profile;
    (void)without_classes;
    sgp_osrm_worker *w = ctx;
    sgp_live_metric_release(w->live, w->metric);
}

/* The one place where this service meets the engine's road times. */
static sgp_query *take(void *ctx, uint32_t profile, uint32_t without_classes) {
    sgp_osrm_worker *w = ctx;
    sgp_query **query = &w->queries[profile];
    w->live = sgp_live_roads_live(w->roads, profile);
    if (w->live == NULL)
        return NULL;
    w->metric = sgp_live_metric_hold(w->live);
    sgp_query *taken = NULL;
    if (without_classes != 0) {
        taken = excluded_query(w, profile, without_classes);
    } else if (*query != NULL) {
        sgp_query_use(*query, w->metric);
        taken = *query;
    } else if (sgp_query_create(w->metric, query) == SGP_OK) {
        taken = *query;
    }
    if (taken == NULL)
        release(w, profile, without_classes);
    return taken;
}

/* ---- the worker: one job after the other ------------------------------------------ */

static int64_t monotonic_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static bool stopped(void *ctx) {
    sgp_osrm_worker *w = ctx;
    return atomic_load_explicit(&w->give_up, memory_order_relaxed);
}

static void make_answer(sgp_osrm_worker *w, task *t) {
    sgp_osrm_city city = {sgp_live_roads_graph(w->roads), w->settings, take, release, w, stopped};
    int64_t begin_us = monotonic_us();
    t->text = sgp_osrm_answer(&city, t->uri, &t->status);
    t->us = monotonic_us() - begin_us;
    if (stopped(w)) {
        free(t->text);
        t->text = NULL;
    }
}

static void *run(void *ctx) {
    sgp_osrm_worker *w = ctx;
    pthread_mutex_lock(&w->lock);
    while (!w->ends) {
        task *t = take_first(&w->waiting);
        if (t == NULL) {
            pthread_cond_wait(&w->wake, &w->lock);
            continue;
        }
        pthread_mutex_unlock(&w->lock);
        make_answer(w, t);
        pthread_mutex_lock(&w->lock);
        append(&w->answered, t);
        uint64_t one = 1;
        if (write(w->ready_fd, &one, sizeof one) != (ssize_t)sizeof one)
            abort(); /* an eventfd with room always takes it */
    }
    pthread_mutex_unlock(&w->lock);
    return NULL;
}

/* ---- the loop ------------------------------------------------------------------------ */

static void tell(const sgp_osrm_worker *w, task *t) {
    w->done(t->job, t->text != NULL ? t->status : 503, t->text, t->us);
    free(t->uri);
    free(t);
}

static void on_ready(evutil_socket_t fd, short what, void *ctx) {
    (void)what;
    sgp_osrm_worker *w = ctx;
    uint64_t count;
    if (read(fd, &count, sizeof count) < 0)
        return; /* told already */
    pthread_mutex_lock(&w->lock);
    for (task *t; (t = take_first(&w->answered)) != NULL;) {
        w->n_waiting--;
        pthread_mutex_unlock(&w->lock);
        tell(w, t);
        pthread_mutex_lock(&w->lock);
    }
    pthread_mutex_unlock(&w->lock);
}

sgp_err sgp_osrm_worker_create(struct event_base *base, sgp_live_roads *roads,
                               const sgp_osrm_settings *settings, sgp_osrm_done done,
                               sgp_osrm_worker **worker) {
    sgp_osrm_worker *w = calloc(1, sizeof *w);
    if (w == NULL)
        return SGP_E_MEMORY;
    w->roads = roads;
    w->settings = settings;
    w->done = done;
    w->waiting.end = &w->waiting.first;
    w->answered.end = &w->answered.first;
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->wake, NULL);
    w->ready_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    w->ready =
        w->ready_fd >= 0 ? event_new(base, w->ready_fd, EV_READ | EV_PERSIST, on_ready, w) : NULL;
    if (w->ready == NULL || event_add(w->ready, NULL) != 0 ||
        pthread_create(&w->thread, NULL, run, w) != 0) {
        sgp_osrm_worker_destroy(w);
        return SGP_E_IO;
    }
    w->started = true;
    *worker = w;
    return SGP_OK;
}

void sgp_osrm_worker_destroy(sgp_osrm_worker *w) {
    if (w == NULL)
        return;
    if (w->started) {
        pthread_mutex_lock(&w->lock);
        w->ends = true;
        atomic_store(&w->give_up, true); /* the loop waits for the thread */
        pthread_cond_signal(&w->wake);
        pthread_mutex_unlock(&w->lock);
        pthread_join(w->thread, NULL);
    }
    for (task *t; (t = take_first(&w->answered)) != NULL;)
        tell(w, t);
    for (task *t; (t = take_first(&w->waiting)) != NULL;)
        tell(w, t);
    if (w->ready != NULL)
        event_free(w->ready);
    if (w->ready_fd >= 0)
        close(w->ready_fd);
    for (int p = 0; p < SGP_PROFILES_MAX; p++)
        sgp_query_destroy(w->queries[p]);
    drop_excluded(w);
    pthread_cond_destroy(&w->wake);
    pthread_mutex_destroy(&w->lock);
    free(w);
}

sgp_err sgp_osrm_worker_ask(sgp_osrm_worker *w, const char *uri, void *job) {
    if (w->n_waiting >= SGP_OSRM_WAITING)
        return SGP_E_FULL;
    task *t = calloc(1, sizeof *t);
    if (t == NULL || (t->uri = strdup(uri)) == NULL) {
        free(t);
        return SGP_E_MEMORY;
    }
    t->job = job;
    pthread_mutex_lock(&w->lock);
    append(&w->waiting, t);
    w->n_waiting++;
    pthread_cond_signal(&w->wake);
    pthread_mutex_unlock(&w->lock);
    return SGP_OK;
}
