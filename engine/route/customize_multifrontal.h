/* The fast customization: elimination with small dense frames, as multifrontal sparse
 * Cholesky factorization goes (Duff & Reid 1983), over (min, +) and in both directions.
 *
 * What vertices below know about ways between v and its heads waits in v's frame, a square
 * of numbers:
 *
 *                 to v   to head 0   to head 1 ...
 *     from v       .        x           x           = up row of v, once v's own arcs are in
 *     from head 0  x        .           x
 *     from head 1  x        x           .           first column = down row of v
 *
 * Eliminating v lowers what is between its heads by the ways over v; these numbers then go
 * to the frame of v's parent, which has all of v's heads: a row of the child's goes into a
 * row of the parent's by one expansion with a bit mask that depends on topology alone. In
 * postorder only vertices on one root path have frames that are begun, so there is one
 * frame for each depth and no list of triangles anywhere: nothing to store, little to read.
 *
 * A front has one frame for its whole chain. Its columns lie so that the boundary begins at
 * a multiple of 16 lanes:
 *
 *     | padding | chain | boundary | padding |
 *               shift   edge                  stride
 *
 * Most rows outside fronts have four heads or fewer, and what costs there is not the arithmetic
 * but guessing wrong how long the next row is. So they are all done as if there were four, in
 * frames that are always begun; a task's arcs wait in scratch memory, so that its rows are
 * written one behind the other, each over what the one before has written too much.
 *
 * Two threads: subtrees of at most 1/24 of the work are tasks; each keeps what its root has
 * to tell its parent, and the rest of the tree, which is little, takes it from there. Every
 * number is the least of the same sums in whatever order, so results do not depend on the
 * number of threads or the kernel.
 */
#ifndef SGP_ROUTE_CUSTOMIZE_MULTIFRONTAL_H
#define SGP_ROUTE_CUSTOMIZE_MULTIFRONTAL_H

#include "route/graph_format.h"

enum {
    SGP_FRAME_LANES = 16,
    SGP_FRAME_SPARE = 4, /* heads of a short row, and rows of a frame for what is too much */
    SGP_FRAME_ROWS = SGP_FRAME_LANES + SGP_FRAME_SPARE,
    SGP_FRAME_SLACK = 32 /* int32s that a vector may read too far */
};

static inline uint32_t sgp_frame_edge(const sgp_front *front) {
    return (front->n_columns + 15u) / 16 * 16;
}

static inline uint32_t sgp_frame_stride(const sgp_front *front) {
    return sgp_frame_edge(front) + (front->n_heads - front->n_columns + 15u) / 16 * 16;
}

/* A subtree: vertices first .. end - 1, the last of them its root. */
typedef struct sgp_customize_task {
    uint32_t first, end;
    uint64_t work;
    uint32_t sparse_first, sparse_end; /* its rows' weights; a task's lie together */
    uint32_t front_first, front_end;
    uint32_t outside_first, outside_end; /* into outside_arcs */
} sgp_customize_task;

/* What customizing a graph takes, of its topology. */
typedef struct sgp_customize_plan {
    size_t *front_offset;      /* [n_fronts] of its frame in front_frames */
    size_t n_front_frames;     /* int32s for all frames of one path */
    size_t n_down;             /* int32s of the largest down block */
    uint32_t largest_front;    /* heads */
    sgp_customize_task *tasks; /* ascending */
    uint32_t n_tasks;
    uint32_t n_sparse_weights; /* where the fronts' weights begin */
    uint32_t largest_sparse;   /* weights of all sparse rows of a task */
    uint32_t *outside_arcs;    /* from above into rows of tasks, by task */
    uint32_t *above_arcs;      /* [n_above_arcs] from above into rows above the tasks */
    uint32_t n_above_arcs;
} sgp_customize_plan;

/* What the root of a task has to tell its parent. */
typedef struct sgp_kept_rows {
    uint32_t vertex;
    uint32_t stride;
    int32_t *rows; /* [row length of the vertex][stride] */
} sgp_kept_rows;

/* What one thread works with. */
typedef struct sgp_elimination {
    const sgp_hierarchy *hierarchy;
    const sgp_customize_plan *plan;
    int32_t *customized;
    /* [n_levels][SGP_FRAME_ROWS][16] of sparse vertices; SGP_INF while no vertex below has
     * been eliminated, and again when theirs has */
    int32_t *frames;
    int32_t *front_frames; /* of fronts */
    int32_t *down;         /* down block of the present front */
    int32_t *rows;         /* [16][16] and slack: rows of the present sparse vertex */
    uint8_t *filled;       /* [n_levels] the front that ends at this depth has been begun */
    int32_t *arcs;         /* [largest_sparse] of the sparse rows of a task */
    /* What the sparse rows begin with: of those at sparse_first .. among the weights. */
    const int32_t *sparse_arcs;
    uint32_t sparse_first;
    /* A row that begins before may write as far as vectors go: the rows behind it come later
     * and do not begin with what is there. */
    uint32_t loose_end;
    uint16_t *column; /* [largest_front] */
    void *pieces;     /* [largest_front] of 12 bytes */
} sgp_elimination;

typedef struct sgp_customize_kernel {
    const char *name;
    /* Eliminates first .. end - 1. With `kept` what the last one has to tell its parent is
     * kept there. */
    void (*run)(sgp_elimination *elimination, uint32_t first, uint32_t end, sgp_kept_rows *kept);
    void (*absorb)(sgp_elimination *elimination, const sgp_kept_rows *kept);
} sgp_customize_kernel;

/* NULL where this machine or this build has no such thing. */
const sgp_customize_kernel *sgp_kernel_portable(void);
const sgp_customize_kernel *sgp_kernel_avx2(void);
const sgp_customize_kernel *sgp_kernel_avx512(void);

#endif
