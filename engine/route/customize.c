#include "route/customize.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { THREADS_MOST = 64, LARGEST_PIECE = 12 };

typedef struct worker {
    sgp_customizer *customizer;
    unsigned number;
    sgp_elimination elimination;
    pthread_t thread;
} worker;

struct sgp_customizer {
    const sgp_graph *graph;
    const sgp_customize_kernel *kernel;
    worker *workers; /* [n_workers]; the first is the calling thread */
    unsigned n_workers;
    sgp_kept_rows *kept; /* [n_tasks] */
    uint32_t *by_work;   /* [n_tasks] the largest task first */
    /* One run. */
    const int32_t *weight;
    int32_t *customized;
    unsigned n_running;
    atomic_uint next_task;
    sem_t begin; /* how many run is known only when all have been started */
    pthread_barrier_t barrier;
};

const sgp_customize_kernel *sgp_kernel_best(void) {
    const sgp_customize_kernel *kernel = sgp_kernel_avx512();
    if (!kernel)
        kernel = sgp_kernel_avx2();
    return kernel ? kernel : sgp_kernel_portable();
}

/* ---- memory ------------------------------------------------------------------ */

static void *aligned_array(size_t n, size_t bytes) {
    size_t whole = ((n + SGP_FRAME_SLACK) * bytes + 63) / 64 * 64;
    return aligned_alloc(64, whole);
}

static sgp_err make_elimination(const sgp_graph *graph, sgp_elimination *e) {
    const sgp_hierarchy *h = &graph->hierarchy;
    size_t frame = (size_t)SGP_FRAME_LANES * SGP_FRAME_LANES;
    *e = (sgp_elimination){
        .hierarchy = h,
        .plan = graph->plan,
        .frames = aligned_array(h->n_levels * frame, sizeof *e->frames),
        .front_frames = aligned_array(graph->plan->n_front_frames, sizeof *e->front_frames),
        .down = aligned_array(graph->plan->n_down, sizeof *e->down),
        .rows = aligned_array(frame, sizeof *e->rows),
        .filled = calloc(h->n_levels, 1),
        .column = aligned_array(graph->plan->largest_front, sizeof *e->column),
        .pieces = aligned_array(graph->plan->largest_front, LARGEST_PIECE),
    };
    if (!e->frames || !e->front_frames || !e->down || !e->rows || !e->filled || !e->column ||
        !e->pieces)
        return SGP_E_MEMORY;
    /* Vectors may read a little further than anybody wrote, and then ignore it. */
    memset(e->rows, 0, (frame + SGP_FRAME_SLACK) * sizeof *e->rows);
    return SGP_OK;
}

static void free_elimination(sgp_elimination *e) {
    free(e->frames);
    free(e->front_frames);
    free(e->down);
    free(e->rows);
    free(e->filled);
    free(e->column);
    free(e->pieces);
}

/* Insertion by falling work: there are some dozens. */
static void sort_tasks(const sgp_customize_plan *plan, uint32_t *by_work) {
    for (uint32_t t = 0; t < plan->n_tasks; t++) {
        uint32_t place = t;
        while (place > 0 && plan->tasks[by_work[place - 1]].work < plan->tasks[t].work) {
            by_work[place] = by_work[place - 1];
            place--;
        }
        by_work[place] = t;
    }
}

static sgp_err make_kept_rows(const sgp_graph *graph, sgp_kept_rows *kept) {
    for (uint32_t t = 0; t < graph->plan->n_tasks; t++) {
        uint32_t root = graph->plan->tasks[t].end - 1;
        uint32_t length = graph->hierarchy.row_length[root];
        uint32_t stride = (length + 15u) / 16 * 16;
        int32_t *rows = aligned_array((size_t)length * stride, sizeof *rows);
        if (!rows)
            return SGP_E_MEMORY;
        kept[t] = (sgp_kept_rows){root, stride, rows};
    }
    return SGP_OK;
}

static unsigned workers_for(const sgp_graph *graph, unsigned threads) {
    long n = threads ? (long)threads : sysconf(_SC_NPROCESSORS_ONLN);
    if (n > THREADS_MOST)
        n = THREADS_MOST;
    if (n > (long)graph->plan->n_tasks)
        n = (long)graph->plan->n_tasks;
    return n < 1 ? 1 : (unsigned)n;
}

sgp_err sgp_customizer_create(const sgp_graph *graph, unsigned threads,
                              const sgp_customize_kernel *kernel, sgp_customizer **customizer) {
    sgp_customizer *c = calloc(1, sizeof *c);
    if (!c)
        return SGP_E_MEMORY;
    const sgp_customize_plan *plan = graph->plan;
    unsigned n = workers_for(graph, threads);
    c->graph = graph;
    c->kernel = kernel ? kernel : sgp_kernel_best();
    c->workers = calloc(n, sizeof *c->workers);
    c->kept = calloc((size_t)plan->n_tasks + 1, sizeof *c->kept);
    c->by_work = malloc(((size_t)plan->n_tasks + 1) * sizeof *c->by_work);
    sgp_err err = c->workers && c->kept && c->by_work ? SGP_OK : SGP_E_MEMORY;
    for (unsigned i = 0; i < n && !err; i++) {
        c->workers[i].customizer = c;
        c->workers[i].number = i;
        c->n_workers = i + 1;
        err = make_elimination(graph, &c->workers[i].elimination);
    }
    if (!err)
        err = make_kept_rows(graph, c->kept);
    if (err) {
        sgp_customizer_destroy(c);
        return err;
    }
    sort_tasks(plan, c->by_work);
    *customizer = c;
    return SGP_OK;
}

void sgp_customizer_destroy(sgp_customizer *customizer) {
    if (!customizer)
        return;
    for (unsigned i = 0; i < customizer->n_workers; i++)
        free_elimination(&customizer->workers[i].elimination);
    for (uint32_t t = 0; customizer->kept && t < customizer->graph->plan->n_tasks; t++)
        free(customizer->kept[t].rows);
    free(customizer->workers);
    free(customizer->kept);
    free(customizer->by_work);
    free(customizer);
}

sgp_err sgp_customizer_renew(const sgp_graph *graph, unsigned threads,
                             sgp_customizer **customizer) {
    if (*customizer && (*customizer)->n_workers >= workers_for(graph, threads))
        return SGP_OK;
    sgp_customizer *made;
    sgp_err err = sgp_customizer_create(graph, threads, NULL, &made);
    if (err)
        return err;
    sgp_customizer_destroy(*customizer);
    *customizer = made;
    return SGP_OK;
}

/* ---- running ----------------------------------------------------------------- */

static uint32_t share(uint32_t n, unsigned part, unsigned parts) {
    return (uint32_t)((uint64_t)n * part / parts);
}

static void forget(sgp_customizer *c, unsigned part) {
    uint32_t n = c->graph->hierarchy.n_weights;
    uint32_t end = share(n, part + 1, c->n_running);
    for (uint32_t i = share(n, part, c->n_running); i < end; i++)
        c->customized[i] = SGP_INF;
}

/* Arcs go to their slots. Shares begin between vertices, so that parallel arcs, which go to
 * one slot, are one thread's. */
static void place_arcs(sgp_customizer *c, unsigned part) {
    const sgp_graph_parts *p = &c->graph->parts;
    const uint32_t *slot = c->graph->hierarchy.arc_slot;
    uint32_t end = p->first_arc[share(p->n_vertices, part + 1, c->n_running)];
    for (uint32_t a = p->first_arc[share(p->n_vertices, part, c->n_running)]; a < end; a++) {
        if (slot[a] == SGP_NONE)
            continue;
        int32_t *target = &c->customized[slot[a]];
        *target = c->weight[a] < *target ? c->weight[a] : *target;
    }
}

static void wait_for_all(sgp_customizer *c) {
    if (c->n_running > 1)
        pthread_barrier_wait(&c->barrier);
}

static void work(worker *w) {
    sgp_customizer *c = w->customizer;
    const sgp_customize_plan *plan = c->graph->plan;
    w->elimination.customized = c->customized;
    forget(c, w->number);
    wait_for_all(c);
    place_arcs(c, w->number);
    wait_for_all(c);
    for (;;) {
        unsigned next = atomic_fetch_add(&c->next_task, 1);
        if (next >= plan->n_tasks)
            break;
        uint32_t t = c->by_work[next];
        c->kernel->run(&w->elimination, plan->tasks[t].first, plan->tasks[t].end, &c->kept[t]);
    }
}

static void *work_in_thread(void *context) {
    worker *w = context;
    while (sem_wait(&w->customizer->begin) != 0) {
    }
    work(w);
    return NULL;
}

/* What is above the tasks, from left to right, so that every vertex comes after its
 * descendants. */
static void finish(sgp_customizer *c) {
    const sgp_customize_plan *plan = c->graph->plan;
    sgp_elimination *e = &c->workers[0].elimination;
    uint32_t next = 0;
    for (uint32_t t = 0; t < plan->n_tasks; t++) {
        c->kernel->run(e, next, plan->tasks[t].first, NULL);
        c->kernel->absorb(e, &c->kept[t]);
        next = plan->tasks[t].end;
    }
    c->kernel->run(e, next, c->graph->hierarchy.n_vertices, NULL);
}

void sgp_customizer_run(sgp_customizer *c, unsigned threads, const int32_t *weight,
                        int32_t *customized) {
    unsigned most = threads && threads < c->n_workers ? threads : c->n_workers;
    c->weight = weight;
    c->customized = customized;
    c->n_running = 1;
    atomic_store(&c->next_task, 0);
    bool threaded = most > 1 && sem_init(&c->begin, 0, 0) == 0;
    while (threaded && c->n_running < most &&
           pthread_create(&c->workers[c->n_running].thread, NULL, work_in_thread,
                          &c->workers[c->n_running]) == 0)
        c->n_running++;
    if (c->n_running > 1)
        pthread_barrier_init(&c->barrier, NULL, c->n_running);
    for (unsigned i = 1; i < c->n_running; i++)
        sem_post(&c->begin);
    work(&c->workers[0]);
    for (unsigned i = 1; i < c->n_running; i++)
        pthread_join(c->workers[i].thread, NULL);
    if (c->n_running > 1)
        pthread_barrier_destroy(&c->barrier);
    if (threaded)
        sem_destroy(&c->begin);
    finish(c);
}
