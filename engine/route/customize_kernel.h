/* One kernel of the fast customization: how it eliminates a run of vertices.
 *
 * Included once by each customize_*.c with vectors of another kind, which defines
 *
 *   LANES             16 or 8
 *   vec               LANES int32s
 *   vec_load, vec_store                 from and to any address
 *   vec_set, vec_add, vec_min
 *   vec_expand(from, mask)    consecutive numbers into the lanes of the mask, SGP_INF elsewhere
 *
 * and for the rows of sparse vertices, which are short,
 *
 *   half              8 int32s
 *   half_load, half_store, half_set, half_add, half_min, half_expand     as for vec
 *   half_load_part(from, mask), half_store_part(to, mask, row)   only the lanes of the mask;
 *                                       SGP_INF elsewhere
 *   half_index(mask, first)   places: `first` and the numbers after it for the lanes of the mask
 *   half_pick(low, high, places), half_pick_low(low, places)     into each lane of the mask what
 *                             is at its place in two halves or in one, SGP_INF elsewhere
 *
 * All kernels give the same numbers, since the least of sums does not depend on order.
 * See customize_multifrontal.h for what happens here.
 */
#include "route/customize_multifrontal.h"

#include <string.h>

enum { FRAME = SGP_FRAME_LANES, FRAME_SIZE = SGP_FRAME_ROWS * FRAME, HALF = 8 };

/* A row of a frame, as two halves whatever the vectors are: most need but one of them, and what
 * has been stored as halves must be read as halves, or it waits until the stores are done. */
typedef struct row16 {
    half low, high;
} row16;

typedef struct row16_places {
    half_places low, high;
} row16_places;

static inline row16 row16_load(const int32_t *from) {
    return (row16){half_load(from), half_load(from + HALF)};
}
static inline void row16_store(int32_t *to, row16 row) {
    half_store(to, row.low);
    half_store(to + HALF, row.high);
}
static inline row16 row16_load_up(const int32_t *up, uint32_t n) {
    uint32_t mask = ((1u << n) - 1) << 1;
    return (row16){half_load_part(up - 1, mask & 255), half_load_part(up + 7, mask >> 8)};
}
static inline void row16_store_up(int32_t *up, uint32_t n, row16 row) {
    uint32_t mask = ((1u << n) - 1) << 1;
    half_store_part(up - 1, mask & 255, row.low);
    half_store_part(up + 7, mask >> 8, row.high);
}
/* Lanes 1 .. 15 to to[0 ..]; one more is overwritten with anything. */
static inline void row16_store_from_1(int32_t *to, row16 row) {
    half_places low = half_index(255, 1);
    half_places high = half_index(127, 9);
    half_store(to, half_pick(row.low, row.high, &low));
    half_store(to + HALF, half_pick(row.low, row.high, &high));
}
static inline row16 row16_set(int32_t number) {
    return (row16){half_set(number), half_set(number)};
}
static inline row16 row16_add(row16 a, row16 b) {
    return (row16){half_add(a.low, b.low), half_add(a.high, b.high)};
}
static inline row16 row16_min(row16 a, row16 b) {
    return (row16){half_min(a.low, b.low), half_min(a.high, b.high)};
}
static inline row16 row16_expand(const int32_t *from, uint32_t mask) {
    const int32_t *rest = from + __builtin_popcount(mask & 255);
    return (row16){half_expand(from, mask & 255), half_expand(rest, mask >> 8)};
}
/* Moves lanes from lane 1 on into those of the mask, in registers. */
static inline row16_places row16_index(uint32_t mask) {
    return (row16_places){half_index(mask & 255, 1),
                          half_index(mask >> 8, 1 + (uint32_t)__builtin_popcount(mask & 255))};
}
static inline row16 row16_pick(row16 row, const row16_places *places) {
    return (row16){half_pick(row.low, row.high, &places->low),
                   half_pick(row.low, row.high, &places->high)};
}

/* ---- sparse rows --------------------------------------------------------------- */

static inline int32_t *sparse_frame(const sgp_elimination *e, uint32_t v) {
    return e->frames + (size_t)e->hierarchy->depth[v] * FRAME_SIZE;
}

/* Lowers the frame of sparse vertex p by ways between n of its heads and itself. */
static inline void push_to_sparse(const sgp_elimination *e, uint32_t p, uint32_t mask,
                                  const int32_t *rows, uint32_t stride, uint32_t n) {
    int32_t *frame = sparse_frame(e, p);
    uint32_t left = mask;
    for (uint32_t i = 0; i < n; i++) {
        int32_t *row = frame + (uint32_t)__builtin_ctz(left) * FRAME;
        left &= left - 1;
        row16_store(row, row16_min(row16_load(row), row16_expand(rows + i * stride, mask)));
    }
}

/* What eliminating sparse vertex v begins with. */
typedef struct sparse_row {
    uint32_t n;
    bool loose; /* may write further than its row */
    int32_t *frame;
    const int32_t *up_arcs, *down_arcs;
    int32_t *up_row, *down_row;
} sparse_row;

static inline sparse_row begin_sparse(const sgp_elimination *e, uint32_t v) {
    uint32_t place = 2 * e->hierarchy->row[v];
    uint32_t n = e->hierarchy->row_length[v];
    const int32_t *arcs = e->sparse_arcs + (place - e->sparse_first);
    int32_t *row = e->customized + place;
    return (sparse_row){n, place < e->loose_end, sparse_frame(e, v), arcs, arcs + n, row, row + n};
}

/* The weight from head i down to v is settled. */
static inline int32_t settle_down(const sparse_row *s, uint32_t i) {
    int32_t in_frame = s->frame[(i + 1) * FRAME];
    int32_t down = in_frame < s->down_arcs[i] ? in_frame : s->down_arcs[i];
    s->down_row[i] = down;
    return down;
}

/* Eliminates sparse vertex v with at most 7 heads into its parent's frame, of which they are
 * columns 0 to 7. Most rows are short, and to guess how short takes longer than to do as if
 * there were SGP_FRAME_SPARE heads; what is too much goes where the next row overwrites it, and
 * into rows of the frame that nobody reads. */
static inline void eliminate_narrow(const sparse_row *s, uint32_t mask, uint32_t n) {
    half none = half_set(SGP_INF);
    half_places from_1 = half_index(127, 1);
    half_places places = half_index(mask, 1);
    int32_t *above = s->frame - FRAME_SIZE;
    half up =
        half_min(half_load_part(s->up_arcs - 1, ((1u << s->n) - 1) << 1), half_load(s->frame));
    half_store(s->frame, none);
    half_store(s->up_row, half_pick_low(up, &from_1));
    mask |= ((1u << SGP_FRAME_SPARE) - 1) << FRAME;
    for (uint32_t i = 0; i < n; i++) {
        int32_t *row = above + (uint32_t)__builtin_ctz(mask) * FRAME;
        int32_t *own = s->frame + (i + 1) * FRAME;
        mask &= mask - 1;
        half before = half_load(own);
        half over = half_min(before, half_add(half_set(settle_down(s, i)), up));
        half_store(own, none);
        half_store(row, half_min(half_load(row), half_pick_low(over, &places)));
    }
}

static inline row16 begin_wide(const sparse_row *s) {
    row16 up = row16_min(row16_load_up(s->up_arcs, s->n), row16_load(s->frame));
    row16_store(s->frame, row16_set(SGP_INF));
    if (s->loose)
        row16_store_from_1(s->up_row, up);
    return up;
}

/* Row of ways from head i over v, or as they were where those are shorter. */
static inline row16 over_wide(const sparse_row *s, row16 up, uint32_t i) {
    int32_t *own = s->frame + (i + 1) * FRAME;
    row16 before = row16_load(own);
    row16 over = row16_min(before, row16_add(row16_set(settle_down(s, i)), up));
    row16_store(own, row16_set(SGP_INF));
    return over;
}

/* Follows the rows: until a store of odd length is done, loads nearby wait for it. */
static inline void end_wide(const sparse_row *s, row16 up) {
    if (!s->loose && s->n > 0)
        row16_store_up(s->up_row, s->n, up);
}

static inline void eliminate_wide(const sparse_row *s, uint32_t mask) {
    row16 up = begin_wide(s);
    row16_places places = row16_index(mask);
    int32_t *above = s->frame - FRAME_SIZE;
    for (uint32_t i = 0; i < s->n; i++) {
        int32_t *row = above + (uint32_t)__builtin_ctz(mask) * FRAME;
        mask &= mask - 1;
        row16 over = over_wide(s, up, i);
        row16_store(row, row16_min(row16_load(row), row16_pick(over, &places)));
    }
    end_wide(s, up);
}

/* Eliminates sparse vertex v into the frame of its sparse parent, which is the one above. */
static inline void eliminate_into_sparse(const sgp_elimination *e, uint32_t v, uint32_t mask) {
    sparse_row s = begin_sparse(e, v);
    if (s.n >= HALF || mask >= 1u << HALF || !s.loose)
        eliminate_wide(&s, mask);
    else if (s.n > SGP_FRAME_SPARE)
        eliminate_narrow(&s, mask, s.n);
    else
        eliminate_narrow(&s, mask, SGP_FRAME_SPARE);
}

/* Eliminates sparse vertex v; its rows between heads are left in e->rows, n heads of
 * them from lane 1 on. Returns n, or 0 where there is nothing to tell the parent. */
static inline uint32_t eliminate_sparse(const sgp_elimination *e, uint32_t v) {
    sparse_row s = begin_sparse(e, v);
    row16 up = begin_wide(&s);
    for (uint32_t i = 0; i < s.n; i++)
        row16_store(e->rows + i * FRAME, over_wide(&s, up, i));
    end_wide(&s, up);
    return s.n > 1 ? s.n : 0;
}

/* ---- fronts --------------------------------------------------------------------- */

typedef struct frame_of_front {
    int32_t *rows;
    uint32_t stride; /* lanes of a row */
    uint32_t shift;  /* lane of column c is c + shift */
    uint32_t edge;   /* lane of the first boundary column, a multiple of 16 */
} frame_of_front;

static inline frame_of_front front_frame(const sgp_elimination *e, uint32_t f) {
    const sgp_front *front = &e->hierarchy->fronts[f];
    uint32_t edge = sgp_frame_edge(front);
    return (frame_of_front){e->front_frames + e->plan->front_offset[f], sgp_frame_stride(front),
                            edge - front->n_columns, edge};
}

/* The mark stands at the depth of the last column: nothing below a front is as high, while
 * at the depths of the other columns there are vertices in other branches. */
static inline uint8_t *front_filled(const sgp_elimination *e, const sgp_front *front) {
    return &e->filled[e->hierarchy->depth[front->first_vertex + front->n_columns - 1u]];
}

static inline void begin_front(sgp_elimination *e, const sgp_front *front,
                               const frame_of_front *frame) {
    uint8_t *filled = front_filled(e, front);
    if (*filled)
        return;
    *filled = 1;
    vec none = vec_set(SGP_INF);
    for (size_t i = 0; i < (size_t)front->n_heads * frame->stride; i += LANES)
        vec_store(frame->rows + i, none);
}

/* Where some lanes of a frame's rows come from. */
typedef struct piece {
    uint32_t lane, mask, from;
} piece;

/* Columns of the front that `heads` are, and the pieces that a row of them falls into. */
static inline uint32_t find_columns(const sgp_hierarchy *h, const sgp_front *front, uint32_t shift,
                                    const uint16_t *heads, uint32_t n, uint16_t *column,
                                    piece *pieces) {
    const uint16_t *front_heads = h->head_depth + front->heads;
    uint32_t deepest = front_heads[0];
    uint32_t at = front->n_columns;
    uint32_t n_pieces = 0;
    for (uint32_t j = 0; j < n; j++) {
        uint32_t c = deepest - heads[j];
        if (c >= front->n_columns) {
            while (front_heads[at] != heads[j])
                at++;
            c = at;
        }
        column[j] = (uint16_t)c;
        uint32_t lane = c + shift;
        uint32_t first = lane / LANES * LANES;
        if (n_pieces == 0 || pieces[n_pieces - 1].lane != first)
            pieces[n_pieces++] = (piece){first, 0, j};
        pieces[n_pieces - 1].mask |= 1u << (lane - first);
    }
    return n_pieces;
}

static inline void push_to_front(sgp_elimination *e, uint32_t f, const uint16_t *heads,
                                 const int32_t *rows, uint32_t stride, uint32_t n) {
    const sgp_front *front = &e->hierarchy->fronts[f];
    frame_of_front frame = front_frame(e, f);
    begin_front(e, front, &frame);
    piece *pieces = e->pieces;
    uint32_t n_pieces = find_columns(e->hierarchy, front, frame.shift, heads, n, e->column, pieces);
    for (uint32_t i = 0; i < n; i++) {
        int32_t *to = frame.rows + (size_t)e->column[i] * frame.stride;
        const int32_t *from = rows + (size_t)i * stride;
        for (uint32_t k = 0; k < n_pieces; k++) {
            int32_t *lanes = to + pieces[k].lane;
            vec_store(lanes,
                      vec_min(vec_load(lanes), vec_expand(from + pieces[k].from, pieces[k].mask)));
        }
    }
}

/* Ways between the n heads of v, which has just been eliminated, go to its parent. */
static inline void push(sgp_elimination *e, uint32_t v, const uint16_t *heads, const int32_t *rows,
                        uint32_t stride, uint32_t n) {
    const sgp_hierarchy *h = e->hierarchy;
    uint32_t p = h->parent[v];
    if (sgp_in_front(h, p))
        push_to_front(e, h->row[p] & ~SGP_ROW_FRONT, heads, rows, stride, n);
    else
        push_to_sparse(e, p, h->parent_mask[v], rows, stride, n);
}

/* ---- eliminating a front --------------------------------------------------------- */

/* Brings the arcs of the metric in: chain rows of the frame become the up block, whose
 * lanes up to the diagonal are SGP_INF, and `down` the down block, transposed. */
static inline void load_front(const sgp_elimination *e, const sgp_front *front,
                              const frame_of_front *frame, int32_t *down) {
    uint32_t n_columns = front->n_columns;
    uint32_t n_heads = front->n_heads;
    uint32_t stride = frame->stride;
    vec none = vec_set(SGP_INF);
    for (size_t i = 0; i < (size_t)n_columns * stride; i += LANES)
        vec_store(down + i, none);
    for (uint32_t c = 1; c < n_heads; c++) {
        const int32_t *from = frame->rows + (size_t)c * stride + frame->shift;
        int32_t *to = down + c + frame->shift;
        uint32_t n = c < n_columns ? c : n_columns;
        for (uint32_t r = 0; r < n; r++)
            to[(size_t)r * stride] = from[r];
    }
    for (uint32_t r = 0; r < n_columns; r++) {
        int32_t *up_row = frame->rows + (size_t)r * stride + frame->shift;
        int32_t *down_row = down + (size_t)r * stride + frame->shift;
        const int32_t *up_arcs = e->customized + front->up + (size_t)r * front->stride;
        const int32_t *down_arcs = e->customized + front->down + (size_t)r * front->stride;
        for (uint32_t c = 0; c <= r; c++)
            up_row[c] = SGP_INF;
        for (uint32_t c = r + 1; c < n_heads; c++) {
            up_row[c] = up_arcs[c] < up_row[c] ? up_arcs[c] : up_row[c];
            down_row[c] = down_arcs[c] < down_row[c] ? down_arcs[c] : down_row[c];
        }
    }
}

/* target := min(target, factor[p * stride] + rows[p] for all p < n), lanes first .. end. */
static inline void lower_row(int32_t *target, const int32_t *rows, const int32_t *factor,
                             uint32_t stride, uint32_t n, uint32_t first, uint32_t end) {
    uint32_t lane = first;
    for (; lane + 4 * LANES <= end; lane += 4 * LANES) {
        vec a = vec_load(target + lane), b = vec_load(target + lane + LANES);
        vec c = vec_load(target + lane + 2 * LANES), d = vec_load(target + lane + 3 * LANES);
        for (uint32_t p = 0; p < n; p++) {
            const int32_t *row = rows + (size_t)p * stride + lane;
            vec by = vec_set(factor[(size_t)p * stride]);
            a = vec_min(a, vec_add(by, vec_load(row)));
            b = vec_min(b, vec_add(by, vec_load(row + LANES)));
            c = vec_min(c, vec_add(by, vec_load(row + 2 * LANES)));
            d = vec_min(d, vec_add(by, vec_load(row + 3 * LANES)));
        }
        vec_store(target + lane, a);
        vec_store(target + lane + LANES, b);
        vec_store(target + lane + 2 * LANES, c);
        vec_store(target + lane + 3 * LANES, d);
    }
    for (; lane < end; lane += LANES) {
        vec a = vec_load(target + lane);
        for (uint32_t p = 0; p < n; p++)
            a = vec_min(a, vec_add(vec_set(factor[(size_t)p * stride]),
                                   vec_load(rows + (size_t)p * stride + lane)));
        vec_store(target + lane, a);
    }
}

/* The chain, left-looking: a row gathers from all rows before it and is then final. */
static inline void eliminate_chain(const sgp_front *front, const frame_of_front *frame,
                                   int32_t *down) {
    uint32_t stride = frame->stride;
    for (uint32_t r = 1; r < front->n_columns; r++) {
        uint32_t diagonal = r + frame->shift;
        uint32_t first = diagonal / LANES * LANES;
        int32_t *up_row = frame->rows + (size_t)r * stride;
        int32_t *down_row = down + (size_t)r * stride;
        lower_row(up_row, frame->rows, down + diagonal, stride, r, first, stride);
        lower_row(down_row, down, frame->rows + diagonal, stride, r, first, stride);
        for (uint32_t lane = first; lane <= diagonal; lane++)
            up_row[lane] = down_row[lane] = SGP_INF;
    }
}

/* rows[i][lane ..] of four boundary rows, two vectors wide, over all of the chain. */
static inline void lower_block(int32_t *target, const int32_t *up, const int32_t *down,
                               uint32_t stride, uint32_t n) {
    vec sum[4][2];
    for (uint32_t i = 0; i < 4; i++) {
        sum[i][0] = vec_load(target + (size_t)i * stride);
        sum[i][1] = vec_load(target + (size_t)i * stride + LANES);
    }
    for (uint32_t p = 0; p < n; p++) {
        vec a = vec_load(up + (size_t)p * stride);
        vec b = vec_load(up + (size_t)p * stride + LANES);
        const int32_t *factor = down + (size_t)p * stride;
        for (uint32_t i = 0; i < 4; i++) {
            vec by = vec_set(factor[i]);
            sum[i][0] = vec_min(sum[i][0], vec_add(by, a));
            sum[i][1] = vec_min(sum[i][1], vec_add(by, b));
        }
    }
    for (uint32_t i = 0; i < 4; i++) {
        vec_store(target + (size_t)i * stride, sum[i][0]);
        vec_store(target + (size_t)i * stride + LANES, sum[i][1]);
    }
}

/* The boundary: every pair of it over every vertex of the chain. */
static inline void eliminate_boundary(const sgp_front *front, const frame_of_front *frame,
                                      const int32_t *down) {
    uint32_t stride = frame->stride;
    uint32_t n_columns = front->n_columns;
    uint32_t n = front->n_heads - n_columns;
    int32_t *boundary = frame->rows + (size_t)n_columns * stride;
    uint32_t i = 0;
    for (; i + 4 <= n; i += 4) {
        int32_t *target = boundary + (size_t)i * stride;
        const int32_t *factor = down + frame->edge + i;
        uint32_t lane = frame->edge;
        for (; lane + 2 * LANES <= stride; lane += 2 * LANES)
            lower_block(target + lane, frame->rows + lane, factor, stride, n_columns);
        for (uint32_t k = 0; k < 4 && lane < stride; k++)
            lower_row(target + (size_t)k * stride, frame->rows, factor + k, stride, n_columns, lane,
                      stride);
    }
    for (; i < n; i++)
        lower_row(boundary + (size_t)i * stride, frame->rows, down + frame->edge + i, stride,
                  n_columns, frame->edge, stride);
}

static inline void store_front(const sgp_elimination *e, const sgp_front *front,
                               const frame_of_front *frame, const int32_t *down) {
    for (uint32_t r = 0; r < front->n_columns; r++) {
        size_t row = (size_t)r * frame->stride + frame->shift;
        size_t place = (size_t)r * front->stride;
        memcpy(e->customized + front->up + place, frame->rows + row, front->n_heads * sizeof *down);
        memcpy(e->customized + front->down + place, down + row, front->n_heads * sizeof *down);
    }
}

/* Its rows between boundary heads are left in the frame. */
static inline void eliminate_front(sgp_elimination *e, uint32_t f) {
    const sgp_front *front = &e->hierarchy->fronts[f];
    frame_of_front frame = front_frame(e, f);
    begin_front(e, front, &frame);
    load_front(e, front, &frame, e->down);
    eliminate_chain(front, &frame, e->down);
    eliminate_boundary(front, &frame, e->down);
    store_front(e, front, &frame, e->down);
    *front_filled(e, front) = 0;
}

/* ---- runs ------------------------------------------------------------------------ */

static void keep(sgp_kept_rows *kept, const int32_t *rows, uint32_t stride, uint32_t n) {
    for (uint32_t i = 0; i < n; i++)
        memcpy(kept->rows + (size_t)i * kept->stride, rows + (size_t)i * stride, n * sizeof *rows);
}

static void kernel_run(sgp_elimination *e, uint32_t first, uint32_t end, sgp_kept_rows *kept) {
    const sgp_hierarchy *h = e->hierarchy;
    uint32_t last = kept ? end - 1 : SGP_NONE;
    for (uint32_t v = first; v < end; v++) {
        const int32_t *rows = e->rows + 1;
        uint32_t stride = FRAME;
        uint32_t n;
        const uint16_t *heads;
        if (!sgp_in_front(h, v)) {
            uint32_t mask = h->parent_mask[v];
            if (mask != 0 && v != last) {
                eliminate_into_sparse(e, v, mask);
                continue;
            }
            n = eliminate_sparse(e, v);
            heads = h->head_depth + h->row[v];
        } else {
            uint32_t f = h->row[v] & ~SGP_ROW_FRONT;
            const sgp_front *front = &h->fronts[f];
            eliminate_front(e, f);
            frame_of_front frame = front_frame(e, f);
            v += front->n_columns - 1u;
            n = front->n_heads - (uint32_t)front->n_columns;
            heads = h->head_depth + front->heads + front->n_columns;
            stride = frame.stride;
            rows = frame.rows + (size_t)front->n_columns * stride + frame.edge;
        }
        if (v == last)
            keep(kept, rows, stride, n);
        else if (n > 0)
            push(e, v, heads, rows, stride, n);
    }
}

static void kernel_absorb(sgp_elimination *e, const sgp_kept_rows *kept) {
    sgp_row row = sgp_row_of(e->hierarchy, kept->vertex);
    if (row.length > 1)
        push(e, kept->vertex, row.heads, kept->rows, kept->stride, row.length);
}
