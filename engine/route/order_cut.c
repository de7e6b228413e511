#include "route/order_cut.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Tried on New York; see engine/route/README.md, "The order". */
static const double TERMINALS = 0.12;             /* of the vertices, at each end */
static const double WORTH_ENTERING = 255.0 / 256; /* of the former cost */
static const double DEPTH_FACTOR = 6; /* depth of a part of n vertices: factor * n^(1/3) */

#define NOBODY UINT32_MAX

/* Marks of a port, for each side. */
enum { UNSEEN, SEEN, OWNED }; /* SEEN: reached now; OWNED: the side's for good */

typedef struct placed {
    int64_t position;
    uint32_t vertex;
} placed;

/* One run. Port 2v is where flow enters v, 2v + 1 where it leaves. */
typedef struct cutting {
    const sgp_order_part *part;
    uint8_t *mark[2];  /* [2n] */
    uint32_t *seen[2]; /* [2n] ports marked since this side last took over */
    uint32_t n_seen[2];
    uint32_t n_looked[2]; /* of these, already looked around from */
    uint32_t *start[2];   /* [n] owned ports to begin from */
    uint32_t n_start[2];
    uint32_t n_far[2];   /* vertices wholly on this side: far port marked */
    uint32_t *fringe[2]; /* [n] vertices whose near port is owned; some are in the separator */
    uint32_t n_fringe[2];
    uint32_t *link[2];     /* [n] before and after v on its path */
    uint8_t *carries;      /* [n] 1: a path goes through v */
    uint32_t *from, *root; /* [2n] how a port was reached */
    uint8_t *is_used;      /* [2n] by root: its tree has given a path */
    placed *sorted;        /* [n] */
    uint32_t *rank;        /* [n] place along the direction */
    uint32_t *path;        /* [2n] */
    uint32_t flow;
    double entered[2]; /* the least cost of each side's separators that took part */
} cutting;

static inline uint32_t near_port(int side, uint32_t v) {
    return 2 * v + (uint32_t)side;
}
static inline uint32_t far_port(int side, uint32_t v) {
    return 2 * v + 1 - (uint32_t)side;
}

/* ---- looking from a direction -------------------------------------------------------- */

int64_t sgp_order_lon_scale(const sgp_point *points, uint32_t n) {
    int64_t sum = 0;
    for (uint32_t v = 0; v < n; v++)
        sum += points[v].lat_e7;
    double lat = n ? (double)(sum / n) / 1e7 : 0;
    return 1 + (int64_t)(1024 * cos(lat * (3.14159265358979 / 180)));
}

int64_t sgp_order_position(sgp_point point, int direction, int64_t lon_scale) {
    /* 1000 times cosine and sine of multiples of 22.5 degrees. */
    static const int16_t unit[2 * SGP_ORDER_DIRECTIONS][2] = {
        {1000, 0},   {924, 383},  {707, 707},  {383, 924},   {0, 1000},    {-383, 924},
        {-707, 707}, {-924, 383}, {-1000, 0},  {-924, -383}, {-707, -707}, {-383, -924},
        {0, -1000},  {383, -924}, {707, -707}, {924, -383}};
    const int16_t *u = unit[direction & (2 * SGP_ORDER_DIRECTIONS - 1)];
    return (int64_t)point.lon_e7 * lon_scale / 1024 * u[0] + (int64_t)point.lat_e7 * u[1];
}

static int compare_placed(const void *left, const void *right) {
    const placed *a = left;
    const placed *b = right;
    if (a->position != b->position)
        return a->position < b->position ? -1 : 1;
    return (a->vertex > b->vertex) - (a->vertex < b->vertex);
}

static void place_all(cutting *c, int direction) {
    const sgp_order_part *part = c->part;
    int64_t scale = sgp_order_lon_scale(part->point, part->n_vertices);
    for (uint32_t v = 0; v < part->n_vertices; v++)
        c->sorted[v] = (placed){sgp_order_position(part->point[v], direction, scale), v};
    qsort(c->sorted, part->n_vertices, sizeof *c->sorted, compare_placed);
    for (uint32_t i = 0; i < part->n_vertices; i++)
        c->rank[c->sorted[i].vertex] = i;
}

/* ---- flow --------------------------------------------------------------------------- */

static void own_port(cutting *c, int side, uint32_t port) {
    uint32_t v = port / 2;
    c->mark[side][port] = OWNED;
    if (port == near_port(side, v))
        c->fringe[side][c->n_fringe[side]++] = v;
}

/* A way between the two sides was found: it ends at `port`, which was reached from `last`. */
static void send_flow(cutting *c, int side, uint32_t last, uint32_t port) {
    uint32_t n = 0;
    c->path[n++] = port;
    for (uint32_t p = last; p != NOBODY; p = c->from[p])
        c->path[n++] = p;
    uint32_t begin = c->path[n - 1];
    if (begin == near_port(side, begin / 2))
        c->link[side][begin / 2] = NOBODY;
    for (uint32_t i = n - 1; i > 0; i--) {
        uint32_t p = c->path[i], q = c->path[i - 1], v = p / 2, w = q / 2;
        bool from_far = p == far_port(side, v);
        if (v == w) {
            c->carries[v] = !from_far;
        } else if (from_far) {
            c->link[1 - side][v] = w;
            c->link[side][w] = v;
        }
    }
    if (port == far_port(side, port / 2))
        c->link[1 - side][port / 2] = NOBODY;
    c->flow++;
}

/* Marks `port` as reached from `last`. True: it is the other side's, and flow was sent. */
static bool reach(cutting *c, int side, uint32_t last, uint32_t port) {
    if (c->mark[side][port] != UNSEEN)
        return false;
    if (c->mark[1 - side][port] == OWNED) {
        send_flow(c, side, last, port);
        return true;
    }
    c->mark[side][port] = SEEN;
    c->seen[side][c->n_seen[side]++] = port;
    c->n_far[side] += port == far_port(side, port / 2);
    c->from[port] = last;
    c->root[port] = c->root[last];
    return false;
}

/* Looks around from one port. True: a way was found. */
static bool look_from(cutting *c, int side, uint32_t port) {
    uint32_t v = port / 2;
    if (port == near_port(side, v)) {
        if (!c->carries[v])
            return reach(c, side, port, far_port(side, v));
        uint32_t before = c->link[side][v];
        return before != NOBODY && reach(c, side, port, far_port(side, before));
    }
    if (c->carries[v] && reach(c, side, port, near_port(side, v)))
        return true;
    for (uint32_t i = c->part->first[v]; i < c->part->first[v + 1]; i++)
        if (reach(c, side, port, near_port(side, c->part->neighbour[i])))
            return true;
    return false;
}

static void forget_seen(cutting *c, int side) {
    for (uint32_t i = 0; i < c->n_seen[side]; i++) {
        uint32_t port = c->seen[side][i];
        c->mark[side][port] = UNSEEN;
        c->n_far[side] -= port == far_port(side, port / 2);
    }
    c->n_seen[side] = c->n_looked[side] = 0;
}

/* Looks on in all directions; each start gives at most one way. Returns how many. */
static uint32_t spread(cutting *c, int side, bool from_starts) {
    uint32_t before = c->flow;
    for (uint32_t i = 0; from_starts && i < c->n_start[side]; i++) {
        uint32_t port = c->start[side][i];
        c->from[port] = NOBODY;
        c->root[port] = port;
        c->is_used[port] = look_from(c, side, port);
    }
    while (c->n_looked[side] < c->n_seen[side]) {
        uint32_t port = c->seen[side][c->n_looked[side]++];
        if (!c->is_used[c->root[port]] && look_from(c, side, port))
            c->is_used[c->root[port]] = 1;
    }
    return c->flow - before;
}

/* Sends all the flow there is; afterwards each side's marks tell what it reaches. */
static void fill(cutting *c) {
    do {
        forget_seen(c, 0);
    } while (spread(c, 0, true) > 0);
    forget_seen(c, 1);
    uint32_t more = spread(c, 1, true);
    assert(more == 0); /* the flow is the greatest */
}

/* ---- separators ------------------------------------------------------------------------ */

static bool is_in_separator(const cutting *c, int side, uint32_t v) {
    return c->mark[side][near_port(side, v)] != UNSEEN &&
           c->mark[side][far_port(side, v)] == UNSEEN;
}

/* The mean depth to expect if `separator` vertices divide the rest into a and b. */
static double cost_of(double separator, double a, double b) {
    if (a + b < 1)
        return separator;
    return separator + DEPTH_FACTOR * (a * cbrt(a) + b * cbrt(b)) / (a + b);
}

static void enter(cutting *c, int side, int direction, double cost, sgp_order_contest *contest) {
    uint32_t n = c->part->n_vertices;
    c->entered[side] = cost;
    pthread_mutex_lock(&contest->lock);
    if (!contest->has_one || cost < contest->cost ||
        (!(cost > contest->cost) && direction < contest->direction)) {
        contest->has_one = true;
        contest->cost = cost;
        contest->direction = direction;
        for (uint32_t v = 0; v < n; v++)
            contest->side_of[v] = c->mark[side][far_port(side, v)] != UNSEEN ? SGP_ORDER_SIDE_A
                                  : is_in_separator(c, side, v)              ? SGP_ORDER_SEPARATOR
                                                                             : SGP_ORDER_SIDE_B;
    }
    pthread_mutex_unlock(&contest->lock);
}

/* Enters the present separators if they are better than what this run entered before, by
 * so much that it pays to write them down, or at all if they are about to change for good. */
static void enter_both(cutting *c, int direction, bool is_last, sgp_order_contest *contest) {
    uint32_t n = c->part->n_vertices;
    for (int side = 0; side < 2; side++) {
        uint32_t here = c->n_far[side];
        if (here == 0 || here + c->flow >= n)
            continue; /* nothing is divided */
        double cost = cost_of(c->flow, here, n - here - c->flow);
        if (cost < c->entered[side] * (is_last ? 1 : WORTH_ENTERING))
            enter(c, side, direction, cost, contest);
    }
}

/* Even an even cut with this flow would not win. */
static bool is_hopeless(const cutting *c, sgp_order_contest *contest) {
    double half = (double)(c->part->n_vertices - c->flow) / 2;
    double least = cost_of(c->flow, half, half);
    pthread_mutex_lock(&contest->lock);
    bool hopeless = contest->has_one && least > contest->cost;
    pthread_mutex_unlock(&contest->lock);
    return hopeless;
}

/* ---- growing ------------------------------------------------------------------------- */

/* The smaller side takes over what it reaches. */
static void take_over(cutting *c, int side) {
    for (uint32_t i = 0; i < c->n_seen[side]; i++)
        own_port(c, side, c->seen[side][i]);
    c->n_seen[side] = c->n_looked[side] = 0;
    c->n_start[side] = 0;
}

/* If this side took v, no vertex would be left between it and what the other side owns. */
static bool touches_other(const cutting *c, int side, uint32_t v) {
    uint8_t mark = c->mark[1 - side][far_port(side, v)];
    bool touches = mark == OWNED;
    for (uint32_t i = c->part->first[v]; mark == SEEN && i < c->part->first[v + 1]; i++)
        touches |= c->mark[1 - side][far_port(1 - side, c->part->neighbour[i])] == OWNED;
    return touches;
}

/* The vertex of the separator that this side takes next: one that opens no way to the
 * other side if there is one, and the one farthest from it. NOBODY: none may be taken. */
static uint32_t choose_next(cutting *c, int side) {
    uint32_t n_kept = 0, best = NOBODY, best_away = 0;
    bool best_is_free = false;
    for (uint32_t i = 0; i < c->n_fringe[side]; i++) {
        uint32_t v = c->fringe[side][i], port = far_port(side, v);
        if (c->mark[side][port] != UNSEEN)
            continue; /* inside by now */
        c->fringe[side][n_kept++] = v;
        if (touches_other(c, side, v))
            continue;
        bool is_free = c->mark[1 - side][port] == UNSEEN;
        uint32_t away = side == 0 ? c->part->n_vertices - c->rank[v] : c->rank[v] + 1;
        if (best == NOBODY || is_free > best_is_free ||
            (is_free == best_is_free && away > best_away)) {
            best = v;
            best_away = away;
            best_is_free = is_free;
        }
    }
    c->n_fringe[side] = n_kept;
    return best;
}

static void grow(cutting *c, sgp_order_cutter *cutter, int direction, sgp_order_contest *contest) {
    uint32_t n = c->part->n_vertices;
    fill(c);
    while (!is_hopeless(c, contest)) {
        enter_both(c, direction, false, contest);
        int side = c->n_far[0] <= c->n_far[1] ? 0 : 1;
        if (2 * c->n_far[side] + c->flow >= n)
            break; /* even */
        take_over(c, side);
        uint32_t v = choose_next(c, side);
        if (v == NOBODY || (cutter->goes_on && !cutter->goes_on(cutter->ctx)))
            break;
        uint32_t port = far_port(side, v);
        bool opens = c->mark[1 - side][port] != UNSEEN;
        if (opens)
            enter_both(c, direction, true, contest);
        c->mark[side][port] = OWNED;
        c->n_far[side]++;
        c->start[side][0] = port;
        c->n_start[side] = 1;
        if (opens)
            fill(c);
        else
            spread(c, side, true);
    }
    enter_both(c, direction, true, contest);
}

/* ---- scratch --------------------------------------------------------------------------- */

void sgp_order_cutter_deinit(sgp_order_cutter *cutter) {
    free(cutter->memory);
    cutter->memory = NULL;
    cutter->capacity = 0;
}

static void *slice(uint8_t **memory, size_t n, size_t size) {
    void *begin = *memory;
    *memory += (n * size + 63) / 64 * 64;
    return begin;
}

/* Lays the arrays out from `memory` on; returns the end. NULL counts bytes. */
static uint8_t *lay_out(cutting *c, uint8_t *memory, size_t n) {
    c->sorted = slice(&memory, n, sizeof *c->sorted);
    for (int side = 0; side < 2; side++) {
        c->seen[side] = slice(&memory, 2 * n, sizeof(uint32_t));
        c->start[side] = slice(&memory, n, sizeof(uint32_t));
        c->fringe[side] = slice(&memory, n, sizeof(uint32_t));
        c->link[side] = slice(&memory, n, sizeof(uint32_t));
        c->mark[side] = slice(&memory, 2 * n, 1);
    }
    c->from = slice(&memory, 2 * n, sizeof(uint32_t));
    c->root = slice(&memory, 2 * n, sizeof(uint32_t));
    c->path = slice(&memory, 2 * n, sizeof(uint32_t));
    c->rank = slice(&memory, n, sizeof(uint32_t));
    c->carries = slice(&memory, n, 1);
    c->is_used = slice(&memory, 2 * n, 1);
    return memory;
}

enum { BYTES_PER_VERTEX = 128, BYTES_BESIDES = 64 * 32 };

static sgp_err prepare(sgp_order_cutter *cutter, cutting *c) {
    uint32_t n = c->part->n_vertices;
    if (cutter->capacity < n) {
        sgp_order_cutter_deinit(cutter);
        cutter->memory = malloc((size_t)n * BYTES_PER_VERTEX + BYTES_BESIDES);
        if (!cutter->memory)
            return SGP_E_MEMORY;
        cutter->capacity = n;
    }
    lay_out(c, cutter->memory, n);
    for (int side = 0; side < 2; side++) {
        memset(c->mark[side], UNSEEN, 2 * (size_t)n);
        memset(c->link[side], 0xff, (size_t)n * sizeof(uint32_t));
    }
    memset(c->carries, 0, n);
    return SGP_OK;
}

sgp_err sgp_order_cut(sgp_order_cutter *cutter, const sgp_order_part *part, int direction,
                      sgp_order_contest *contest) {
    cutting c = {.part = part, .entered = {HUGE_VAL, HUGE_VAL}};
    sgp_err err = prepare(cutter, &c);
    if (err != SGP_OK)
        return err;
    place_all(&c, direction);
    uint32_t n = part->n_vertices, k = (uint32_t)(TERMINALS * n);
    k = k < 1 ? 1 : k;
    for (uint32_t i = 0; i < k; i++) {
        uint32_t ends[2] = {c.sorted[i].vertex, c.sorted[n - 1 - i].vertex};
        for (int side = 0; side < 2; side++) {
            uint32_t port = near_port(side, ends[side]);
            own_port(&c, side, port);
            c.start[side][c.n_start[side]++] = port;
        }
    }
    grow(&c, cutter, direction, contest);
    return SGP_OK;
}
