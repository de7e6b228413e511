#include "route/customize.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { THREADS_MOST = 64, LARGEST_PIECE = 12, LOOSE_WRITE = SGP_FRAME_LANES + SGP_FRAME_SPARE };

typedef struct worker {
    sgp_customizer *customizer;
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
    atomic_uint next_task;
};

const sgp_customize_kernel *sgp_kernel_best(void) {
    const sgp_customize_kernel *kernel = sgp_kernel_avx512();
    if (!kernel)
        kernel = sgp_kernel_avx2();
    return kernel ? kernel : sgp_kernel_portable();
}

static void forget(int32_t *weights, size_t n) {
    for (size_t i = 0; i < n; i++)
        weights[i] = SGP_INF;
}

/* ---- memory ------------------------------------------------------------------ */

static void *aligned_array(size_t n, size_t bytes) {
    size_t whole = ((n + SGP_FRAME_SLACK) * bytes + 63) / 64 * 64;
    return aligned_alloc(64, whole);
}

static sgp_err make_elimination(const sgp_graph *graph, sgp_elimination *e) {
    const sgp_hierarchy *h = &graph->hierarchy;
    size_t frame = (size_t)SGP_FRAME_ROWS * SGP_FRAME_LANES;
    *e = (sgp_elimination){
        .hierarchy = h,
        .plan = graph->plan,
        .frames = aligned_array(h->n_levels * frame, sizeof *e->frames),
        .front_frames = aligned_array(graph->plan->n_front_frames, sizeof *e->front_frames),
        .down = aligned_array(graph->plan->n_down, sizeof *e->down),
        .rows = aligned_array(frame, sizeof *e->rows),
        .filled = calloc(h->n_levels, 1),
        .arcs = aligned_array(graph->plan->largest_sparse, sizeof *e->arcs),
        .column = aligned_array(graph->plan->largest_front, sizeof *e->column),
        .pieces = aligned_array(graph->plan->largest_front, LARGEST_PIECE),
    };
    if (!e->frames || !e->front_frames || !e->down || !e->rows || !e->filled || !e->arcs ||
        !e->column || !e->pieces)
        return SGP_E_MEMORY;
    /* Vectors may read a little further than anybody wrote, and then ignore it. */
    memset(e->rows, 0, (frame + SGP_FRAME_SLACK) * sizeof *e->rows);
    forget(e->frames, h->n_levels * frame);
    forget(e->arcs, graph->plan->largest_sparse + SGP_FRAME_SLACK);
    return SGP_OK;
}

static void free_elimination(sgp_elimination *e) {
    free(e->frames);
    free(e->front_frames);
    free(e->down);
    free(e->rows);
    free(e->filled);
    free(e->arcs);
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

/* A slot's number or, in a task, its own place for the arcs of a sparse row. */
static int32_t *place_of(const sgp_customizer *c, const sgp_elimination *e,
                         const sgp_customize_task *task, uint32_t slot) {
    return slot < task->sparse_end ? e->arcs + (slot - task->sparse_first) : c->customized + slot;
}

static void lower_weight(int32_t *target, int32_t weight) {
    *target = weight < *target ? weight : *target;
}

static void place_in_task(const sgp_customizer *c, const sgp_elimination *e,
                          const sgp_customize_task *task, uint32_t arc) {
    uint32_t slot = c->graph->hierarchy.arc_slot[arc];
    if (slot != SGP_NONE)
        lower_weight(place_of(c, e, task, slot), c->weight[arc]);
}

/* A task from the arcs up, so that all of it happens while its rows are in the cache. Arcs of
 * sparse rows are gathered apart: then rows are written one behind the other, each once. */
static void do_task(sgp_customizer *c, sgp_elimination *e, uint32_t number) {
    const sgp_customize_plan *plan = c->graph->plan;
    const sgp_customize_task *task = &plan->tasks[number];
    const uint32_t *first_arc = c->graph->parts.first_arc;
    forget(e->arcs, task->sparse_end - task->sparse_first);
    forget(c->customized + task->front_first, task->front_end - task->front_first);
    for (uint32_t a = first_arc[task->first]; a < first_arc[task->end]; a++)
        place_in_task(c, e, task, a);
    for (uint32_t i = task->outside_first; i < task->outside_end; i++)
        place_in_task(c, e, task, plan->outside_arcs[i]);
    e->sparse_arcs = e->arcs;
    e->sparse_first = task->sparse_first;
    e->loose_end = task->sparse_end > LOOSE_WRITE ? task->sparse_end - LOOSE_WRITE + 1 : 0;
    c->kernel->run(e, task->first, task->end, &c->kept[number]);
}

static void work(worker *w) {
    sgp_customizer *c = w->customizer;
    w->elimination.customized = c->customized;
    for (;;) {
        unsigned next = atomic_fetch_add(&c->next_task, 1);
        if (next >= c->graph->plan->n_tasks)
            break;
        do_task(c, &w->elimination, c->by_work[next]);
    }
}

static void *work_in_thread(void *context) {
    work(context);
    return NULL;
}

static void forget_between(int32_t *customized, uint32_t first, uint32_t end) {
    forget(customized + first, end - first);
}

/* The rows between the tasks' rows and their arcs. */
static void begin_above(sgp_customizer *c) {
    const sgp_hierarchy *h = &c->graph->hierarchy;
    const sgp_customize_plan *plan = c->graph->plan;
    uint32_t sparse = 0;
    uint32_t front = plan->n_sparse_weights;
    for (uint32_t t = 0; t < plan->n_tasks; t++) {
        forget_between(c->customized, sparse, plan->tasks[t].sparse_first);
        forget_between(c->customized, front, plan->tasks[t].front_first);
        sparse = plan->tasks[t].sparse_end;
        front = plan->tasks[t].front_end;
    }
    forget_between(c->customized, sparse, plan->n_sparse_weights);
    forget_between(c->customized, front, h->n_weights);
    for (uint32_t i = 0; i < plan->n_above_arcs; i++) {
        uint32_t slot = h->arc_slot[plan->above_arcs[i]];
        if (slot != SGP_NONE)
            lower_weight(&c->customized[slot], c->weight[plan->above_arcs[i]]);
    }
}

/* What is above the tasks, from left to right, so that every vertex comes after its
 * descendants. */
static void finish(sgp_customizer *c) {
    const sgp_customize_plan *plan = c->graph->plan;
    sgp_elimination *e = &c->workers[0].elimination;
    uint32_t next = 0;
    begin_above(c);
    e->sparse_arcs = c->customized;
    e->sparse_first = 0;
    e->loose_end = 0;
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
    atomic_store(&c->next_task, 0);
    unsigned n = 1;
    while (n < most &&
           pthread_create(&c->workers[n].thread, NULL, work_in_thread, &c->workers[n]) == 0)
        n++;
    work(&c->workers[0]);
    for (unsigned i = 1; i < n; i++)
        pthread_join(c->workers[i].thread, NULL);
    finish(c);
}
