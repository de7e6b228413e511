#include "route/customize.h"

#include <stdlib.h>

enum { TASK_SHARE = 24 }; /* a task is at most one in so many parts of the work */

/* Frames of fronts lie one behind the other along a root path. */
static sgp_err place_fronts(const sgp_hierarchy *h, sgp_customize_plan *plan) {
    plan->front_offset = malloc(((size_t)h->n_fronts + 1) * sizeof *plan->front_offset);
    if (!plan->front_offset)
        return SGP_E_MEMORY;
    for (uint32_t f = h->n_fronts; f-- > 0;) {
        const sgp_front *front = &h->fronts[f];
        uint32_t p = h->parent[front->first_vertex + front->n_columns - 1];
        size_t offset = 0;
        if (p != SGP_NONE) {
            const sgp_front *above = sgp_front_of(h, p);
            offset = plan->front_offset[above - h->fronts] +
                     (size_t)above->n_heads * sgp_frame_stride(above);
        }
        plan->front_offset[f] = offset;
        size_t end = offset + (size_t)front->n_heads * sgp_frame_stride(front);
        if (end > plan->n_front_frames)
            plan->n_front_frames = end;
        size_t n_down = (size_t)front->n_columns * sgp_frame_stride(front);
        if (n_down > plan->n_down)
            plan->n_down = n_down;
        if (front->n_heads > plan->largest_front)
            plan->largest_front = front->n_heads;
    }
    return SGP_OK;
}

/* before[v] = work of all vertices below v: what a row costs grows with its square. */
static uint64_t *sum_work(const sgp_hierarchy *h) {
    uint64_t *before = malloc(((size_t)h->n_vertices + 1) * sizeof *before);
    if (!before)
        return NULL;
    before[0] = 0;
    for (uint32_t v = 0; v < h->n_vertices; v++) {
        uint64_t length = h->row_length[v];
        before[v + 1] = before[v] + 24 + (sgp_in_front(h, v) ? length * length / 8 : 6 * length);
    }
    return before;
}

/* A front is eliminated as one, so only its last vertex can be a root. */
static bool may_be_root(const sgp_hierarchy *h, uint32_t v) {
    if (!sgp_in_front(h, v))
        return true;
    const sgp_front *front = sgp_front_of(h, v);
    return v == front->first_vertex + front->n_columns - 1u;
}

/* The largest subtrees that are small enough; NULL `tasks` only counts them. */
static uint32_t find_tasks(const sgp_hierarchy *h, const uint64_t *before,
                           sgp_customize_task *tasks, uint32_t n_tasks) {
    uint64_t limit = before[h->n_vertices] / TASK_SHARE + 1;
    uint32_t n = 0;
    for (uint32_t end = h->n_vertices; end > 0;) {
        uint32_t first = h->first_descendant[end - 1];
        uint64_t work = before[end] - before[first];
        if (work > limit || !may_be_root(h, end - 1) || h->parent[end - 1] == SGP_NONE) {
            end--;
            continue;
        }
        n++;
        if (tasks)
            tasks[n_tasks - n] = (sgp_customize_task){.first = first, .end = end, .work = work};
        end = first;
    }
    return n;
}

/* Where the rows of each task lie: rows follow each other as their vertices do. */
static void find_weights(const sgp_hierarchy *h, sgp_customize_plan *plan) {
    for (uint32_t v = 0; v < h->n_vertices; v++)
        if (!sgp_in_front(h, v))
            plan->n_sparse_weights += 2u * h->row_length[v];
    uint32_t sparse = 0;
    uint32_t front = plan->n_sparse_weights;
    uint32_t v = 0;
    for (uint32_t t = 0; t < plan->n_tasks; t++) {
        sgp_customize_task *task = &plan->tasks[t];
        for (; v < task->end; v++) {
            if (v == task->first) {
                task->sparse_first = sparse;
                task->front_first = front;
            }
            if (!sgp_in_front(h, v))
                sparse += 2u * h->row_length[v];
            else
                front = sgp_front_of(h, v)->down + sgp_front_block(sgp_front_of(h, v));
        }
        task->sparse_end = sparse;
        task->front_end = front;
        if (sparse - task->sparse_first > plan->largest_sparse)
            plan->largest_sparse = sparse - task->sparse_first;
    }
}

/* Task that vertex v is in, or n_tasks. */
static uint32_t task_of(const sgp_customize_plan *plan, uint32_t v) {
    uint32_t low = 0;
    uint32_t high = plan->n_tasks;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (plan->tasks[middle].end <= v)
            low = middle + 1;
        else
            high = middle;
    }
    return low < plan->n_tasks && plan->tasks[low].first <= v ? low : plan->n_tasks;
}

/* Arcs whose tail is above the tasks: first only counted, then listed. */
static void sort_arcs(const sgp_graph_parts *p, sgp_customize_plan *plan, bool listing) {
    uint32_t t = 0;
    plan->n_above_arcs = 0;
    for (uint32_t v = 0; v < p->n_vertices; v++) {
        if (t < plan->n_tasks && v == plan->tasks[t].first) {
            v = plan->tasks[t++].end - 1;
            continue;
        }
        for (uint32_t a = p->first_arc[v]; a < p->first_arc[v + 1]; a++) {
            uint32_t low = p->arc_head[a] < v ? p->arc_head[a] : v;
            uint32_t task = task_of(plan, low);
            uint32_t *end =
                task < plan->n_tasks ? &plan->tasks[task].outside_end : &plan->n_above_arcs;
            if (listing)
                (task < plan->n_tasks ? plan->outside_arcs : plan->above_arcs)[*end] = a;
            ++*end;
        }
    }
}

static sgp_err find_arcs(const sgp_graph_parts *p, sgp_customize_plan *plan) {
    sort_arcs(p, plan, false);
    uint32_t n = 0;
    for (uint32_t t = 0; t < plan->n_tasks; t++) {
        uint32_t count = plan->tasks[t].outside_end;
        plan->tasks[t].outside_first = plan->tasks[t].outside_end = n;
        n += count;
    }
    plan->outside_arcs = malloc(((size_t)n + 1) * sizeof *plan->outside_arcs);
    plan->above_arcs = malloc(((size_t)plan->n_above_arcs + 1) * sizeof *plan->above_arcs);
    if (!plan->outside_arcs || !plan->above_arcs)
        return SGP_E_MEMORY;
    sort_arcs(p, plan, true);
    return SGP_OK;
}

sgp_err sgp_customize_plan_make(const sgp_hierarchy *hierarchy, const sgp_graph_parts *parts,
                                sgp_customize_plan **plan) {
    sgp_customize_plan *made = calloc(1, sizeof *made);
    uint64_t *before = sum_work(hierarchy);
    sgp_err err = made && before ? place_fronts(hierarchy, made) : SGP_E_MEMORY;
    if (!err) {
        made->n_tasks = find_tasks(hierarchy, before, NULL, 0);
        made->tasks = calloc((size_t)made->n_tasks + 1, sizeof *made->tasks);
        err = made->tasks ? SGP_OK : SGP_E_MEMORY;
    }
    if (!err) {
        find_tasks(hierarchy, before, made->tasks, made->n_tasks);
        find_weights(hierarchy, made);
        err = find_arcs(parts, made);
    }
    free(before);
    if (err) {
        sgp_customize_plan_destroy(made);
        return err;
    }
    *plan = made;
    return SGP_OK;
}

void sgp_customize_plan_destroy(sgp_customize_plan *plan) {
    if (!plan)
        return;
    free(plan->front_offset);
    free(plan->tasks);
    free(plan->outside_arcs);
    free(plan->above_arcs);
    free(plan);
}
