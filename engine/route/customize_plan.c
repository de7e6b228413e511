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
            tasks[n_tasks - n] = (sgp_customize_task){first, end, work};
        end = first;
    }
    return n;
}

sgp_err sgp_customize_plan_make(const sgp_hierarchy *hierarchy, sgp_customize_plan **plan) {
    sgp_customize_plan *made = calloc(1, sizeof *made);
    uint64_t *before = sum_work(hierarchy);
    sgp_err err = made && before ? place_fronts(hierarchy, made) : SGP_E_MEMORY;
    if (!err) {
        made->n_tasks = find_tasks(hierarchy, before, NULL, 0);
        made->tasks = malloc(((size_t)made->n_tasks + 1) * sizeof *made->tasks);
        if (made->tasks)
            find_tasks(hierarchy, before, made->tasks, made->n_tasks);
        else
            err = SGP_E_MEMORY;
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
    free(plan);
}
