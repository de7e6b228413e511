#include "route/order_dissect.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "route/order_cut.h"
#include "route/order_small.h"

enum {
    MOST_THREADS = 256,
    LARGE = 4000 /* vertices from which directions are tried side by side */
};

/* A connected piece on its way into the order. Owns its arrays. */
typedef struct piece {
    struct piece *next; /* in the list of work */
    sgp_order_part part;
    uint32_t *first, *neighbour; /* the part's */
    sgp_point *point;
    uint32_t *vertex;    /* [n] in the graph's numbers */
    uint32_t *n_outside; /* [n] neighbours that are in separators already */
    uint32_t begin;      /* its place in the order: begin .. begin + n */
    bool is_shared;      /* directions are tried one by one, as work of their own */
    int next_direction;  /* the next one to try */
    int n_tried;
    sgp_order_contest contest;
} piece;

typedef struct crew {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    piece *work;      /* stack */
    uint32_t n_open;  /* pieces not yet wholly in the order */
    sgp_err err;      /* the first failure; ends everything */
    atomic_bool ends; /* as `err`, to be read without the lock */
    atomic_uint_least64_t done;
    uint32_t *vertex_at;
    bool (*tell)(void *ctx, uint64_t done);
    void *ctx;
} crew;

typedef struct hand {
    crew *crew;
    sgp_order_cutter cutter;
    bool is_first; /* the calling thread */
} hand;

static void fail(crew *c, sgp_err err) {
    pthread_mutex_lock(&c->lock);
    if (c->err == SGP_OK)
        c->err = err;
    atomic_store(&c->ends, true);
    pthread_cond_broadcast(&c->changed);
    pthread_mutex_unlock(&c->lock);
}

static bool goes_on(void *ctx) {
    hand *h = ctx;
    if (h->is_first && h->crew->tell && !h->crew->tell(h->crew->ctx, atomic_load(&h->crew->done)))
        fail(h->crew, SGP_E_TIMEOUT);
    return !atomic_load(&h->crew->ends);
}

/* ---- pieces ------------------------------------------------------------------------- */

static void piece_destroy(piece *p) {
    if (!p)
        return;
    pthread_mutex_destroy(&p->contest.lock);
    free(p->contest.side_of);
    free(p->first);
    free(p->neighbour);
    free(p->point);
    free(p->vertex);
    free(p->n_outside);
    free(p);
}

static piece *piece_create(uint32_t n, uint32_t n_neighbours) {
    piece *p = calloc(1, sizeof *p);
    if (!p)
        return NULL;
    pthread_mutex_init(&p->contest.lock, NULL);
    p->first = malloc(((size_t)n + 1) * sizeof *p->first);
    p->neighbour = malloc(((size_t)n_neighbours + 1) * sizeof *p->neighbour);
    p->point = malloc(((size_t)n + 1) * sizeof *p->point);
    p->vertex = malloc(((size_t)n + 1) * sizeof *p->vertex);
    p->n_outside = calloc((size_t)n + 1, sizeof *p->n_outside);
    p->contest.side_of = malloc((size_t)n + 1);
    p->part = (sgp_order_part){n, p->first, p->neighbour, p->point};
    if (p->first && p->neighbour && p->point && p->vertex && p->n_outside && p->contest.side_of)
        return p;
    piece_destroy(p);
    return NULL;
}

/* The connected pieces of a piece without its separator. */
typedef struct division {
    uint32_t *group;       /* [n] number of the connected piece; UINT32_MAX: the separator */
    uint32_t *member;      /* [n] vertices group by group, in each ascending; then the separator */
    uint32_t *group_first; /* [n_groups + 1] into member */
    uint32_t *number;      /* [n] within the group */
    uint32_t n_groups;
} division;

static void division_deinit(division *d) {
    free(d->group);
    free(d->member);
    free(d->group_first);
    free(d->number);
}

static void find_groups(const sgp_order_part *part, const uint8_t *side_of, division *d) {
    uint32_t n = part->n_vertices, *queue = d->member; /* not in use yet */
    memset(d->group, 0xff, (size_t)n * sizeof *d->group);
    for (uint32_t root = 0; root < n; root++) {
        if (d->group[root] != UINT32_MAX || (side_of && side_of[root] == SGP_ORDER_SEPARATOR))
            continue;
        uint32_t n_queue = 0;
        d->group[root] = d->n_groups;
        queue[n_queue++] = root;
        for (uint32_t i = 0; i < n_queue; i++) {
            for (uint32_t j = part->first[queue[i]]; j < part->first[queue[i] + 1]; j++) {
                uint32_t w = part->neighbour[j];
                if (d->group[w] != UINT32_MAX || (side_of && side_of[w] == SGP_ORDER_SEPARATOR))
                    continue;
                d->group[w] = d->n_groups;
                queue[n_queue++] = w;
            }
        }
        d->group_first[++d->n_groups] = n_queue; /* a length still */
    }
}

static sgp_err divide(const sgp_order_part *part, const uint8_t *side_of, division *d) {
    size_t n = part->n_vertices;
    *d = (division){.group = malloc((n + 1) * sizeof(uint32_t)),
                    .member = malloc((n + 1) * sizeof(uint32_t)),
                    .group_first = calloc(n + 2, sizeof(uint32_t)),
                    .number = malloc((n + 1) * sizeof(uint32_t))};
    if (!d->group || !d->member || !d->group_first || !d->number)
        return SGP_E_MEMORY;
    find_groups(part, side_of, d);
    for (uint32_t g = 0; g < d->n_groups; g++)
        d->group_first[g + 1] += d->group_first[g];
    uint32_t separator = d->group_first[d->n_groups];
    for (uint32_t v = 0; v < n; v++) { /* group_first moves on, and is moved back below */
        uint32_t g = d->group[v];
        uint32_t place = g == UINT32_MAX ? separator++ : d->group_first[g]++;
        d->member[place] = v;
        d->number[v] = place;
    }
    for (uint32_t g = d->n_groups; g > 0; g--)
        d->group_first[g] = d->group_first[g - 1];
    d->group_first[0] = 0;
    for (uint32_t v = 0; v < n; v++)
        if (d->group[v] != UINT32_MAX)
            d->number[v] -= d->group_first[d->group[v]];
    return SGP_OK;
}

/* Group `g` as a piece of its own; NULL: no memory. */
static piece *cut_out(const piece *from, const division *d, uint32_t g) {
    const sgp_order_part *part = &from->part;
    uint32_t begin = d->group_first[g], n = d->group_first[g + 1] - begin, n_neighbours = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t v = d->member[begin + i];
        n_neighbours += part->first[v + 1] - part->first[v];
    }
    piece *p = piece_create(n, n_neighbours);
    if (!p)
        return NULL;
    uint32_t filled = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t v = d->member[begin + i];
        p->first[i] = filled;
        p->point[i] = part->point[v];
        p->vertex[i] = from->vertex[v];
        p->n_outside[i] = from->n_outside[v];
        for (uint32_t j = part->first[v]; j < part->first[v + 1]; j++) {
            uint32_t w = part->neighbour[j];
            if (d->group[w] == g)
                p->neighbour[filled++] = d->number[w];
            else
                p->n_outside[i]++;
        }
    }
    p->first[n] = filled;
    p->begin = from->begin + begin;
    return p;
}

/* ---- work --------------------------------------------------------------------------- */

typedef struct sorted_vertex {
    int64_t position;
    uint32_t vertex;
} sorted_vertex;

static int compare_sorted(const void *left, const void *right) {
    const sorted_vertex *a = left;
    const sorted_vertex *b = right;
    if (a->position != b->position)
        return a->position < b->position ? -1 : 1;
    return (a->vertex > b->vertex) - (a->vertex < b->vertex);
}

/* The separator, along the cut: across the direction it was found in. */
static sgp_err place_separator(crew *c, const piece *p, const division *d) {
    uint32_t begin = d->group_first[d->n_groups], n = p->part.n_vertices - begin;
    sorted_vertex *sorted = malloc(((size_t)n + 1) * sizeof *sorted);
    if (!sorted)
        return SGP_E_MEMORY;
    int across = p->contest.direction + SGP_ORDER_DIRECTIONS / 2;
    int64_t scale = sgp_order_lon_scale(p->part.point, p->part.n_vertices);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t v = d->member[begin + i];
        sorted[i] =
            (sorted_vertex){sgp_order_position(p->part.point[v], across, scale), p->vertex[v]};
    }
    qsort(sorted, n, sizeof *sorted, compare_sorted);
    for (uint32_t i = 0; i < n; i++)
        c->vertex_at[p->begin + begin + i] = sorted[i].vertex;
    atomic_fetch_add(&c->done, n);
    free(sorted);
    return SGP_OK;
}

static void place_small(crew *c, const piece *p) {
    uint32_t local[SGP_ORDER_SMALL];
    sgp_order_small(&p->part, p->n_outside, local);
    for (uint32_t i = 0; i < p->part.n_vertices; i++)
        c->vertex_at[p->begin + i] = p->vertex[local[i]];
    atomic_fetch_add(&c->done, p->part.n_vertices);
}

static void add_work(crew *c, piece *p) {
    pthread_mutex_lock(&c->lock);
    p->next = c->work;
    c->work = p;
    c->n_open++;
    pthread_cond_signal(&c->changed);
    pthread_mutex_unlock(&c->lock);
}

/* Pieces of `p` become work of their own, or are ordered at once where they are small. */
static sgp_err split(crew *c, piece *p, const uint8_t *side_of) {
    division d;
    sgp_err err = divide(&p->part, side_of, &d);
    if (err == SGP_OK)
        err = place_separator(c, p, &d);
    for (uint32_t g = 0; err == SGP_OK && g < d.n_groups; g++) {
        piece *child = cut_out(p, &d, g);
        if (!child) {
            err = SGP_E_MEMORY;
        } else if (child->part.n_vertices <= SGP_ORDER_SMALL) {
            place_small(c, child);
            piece_destroy(child);
        } else {
            child->is_shared = child->part.n_vertices >= LARGE;
            add_work(c, child);
        }
    }
    division_deinit(&d);
    return err;
}

/* Where no direction divides anything, as in a clique, there is nothing to choose. */
static sgp_err finish(crew *c, piece *p) {
    if (!p->contest.has_one)
        memset(p->contest.side_of, SGP_ORDER_SEPARATOR, p->part.n_vertices);
    return split(c, p, p->contest.side_of);
}

/* One direction of a shared piece, or all of another. True: the piece is done with. */
static bool work_on(hand *h, piece *p, int direction) {
    crew *c = h->crew;
    sgp_err err = SGP_OK;
    int end = p->is_shared ? direction + 1 : SGP_ORDER_DIRECTIONS;
    for (; err == SGP_OK && direction < end && goes_on(h); direction++)
        err = sgp_order_cut(&h->cutter, &p->part, direction, &p->contest);
    if (err != SGP_OK)
        fail(c, err);
    bool is_last = true;
    if (p->is_shared) {
        pthread_mutex_lock(&c->lock);
        is_last = ++p->n_tried == SGP_ORDER_DIRECTIONS;
        pthread_mutex_unlock(&c->lock);
    }
    if (!is_last)
        return false;
    if (!atomic_load(&c->ends)) {
        err = finish(c, p);
        if (err != SGP_OK)
            fail(c, err);
    }
    return true;
}

/* Waits until there is something new, for a tenth of a second at most. */
static void wait_a_little(crew *c) {
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += 100000000;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_cond_timedwait(&c->changed, &c->lock, &until);
}

/* Takes work off the stack; a shared piece stays there until all its directions are taken.
 * NULL: all is done. */
static piece *take_work(hand *h, int *direction) {
    crew *c = h->crew;
    pthread_mutex_lock(&c->lock);
    while (!c->work && c->n_open > 0 && c->err == SGP_OK) {
        wait_a_little(c);
        if (h->is_first && c->tell) {
            pthread_mutex_unlock(&c->lock);
            goes_on(h);
            pthread_mutex_lock(&c->lock);
        }
    }
    piece *p = c->err == SGP_OK ? c->work : NULL;
    if (p) {
        *direction = p->next_direction++;
        if (!p->is_shared || p->next_direction == SGP_ORDER_DIRECTIONS)
            c->work = p->next;
    }
    pthread_mutex_unlock(&c->lock);
    return p;
}

static void close_piece(crew *c, piece *p) {
    piece_destroy(p);
    pthread_mutex_lock(&c->lock);
    if (--c->n_open == 0)
        pthread_cond_broadcast(&c->changed);
    pthread_mutex_unlock(&c->lock);
}

static void *run(void *ctx) {
    hand *h = ctx;
    int direction = 0;
    for (piece *p; (p = take_work(h, &direction));)
        if (work_on(h, p, direction))
            close_piece(h->crew, p);
    sgp_order_cutter_deinit(&h->cutter);
    return NULL;
}

/* ---- all of it ------------------------------------------------------------------------ */

/* The whole core as one piece that was "cut" without a separator. */
static sgp_err begin(crew *c, const sgp_order_core *core) {
    uint32_t n = core->n_vertices;
    piece *whole = piece_create(n, core->first[n]);
    if (!whole)
        return SGP_E_MEMORY;
    memcpy(whole->first, core->first, ((size_t)n + 1) * sizeof *core->first);
    memcpy(whole->neighbour, core->neighbour, core->first[n] * sizeof *core->neighbour);
    memcpy(whole->point, core->point, n * sizeof *core->point);
    memcpy(whole->vertex, core->vertex, n * sizeof *core->vertex);
    sgp_err err = split(c, whole, NULL);
    piece_destroy(whole);
    return err;
}

static unsigned count_threads(unsigned asked) {
    long there = asked > 0 ? (long)asked : sysconf(_SC_NPROCESSORS_ONLN);
    return there < 1 ? 1 : there > MOST_THREADS ? MOST_THREADS : (unsigned)there;
}

static void run_all(crew *c, unsigned n_threads) {
    pthread_t threads[MOST_THREADS];
    hand hands[MOST_THREADS];
    unsigned n_running = 0;
    for (unsigned t = 0; t < n_threads; t++) {
        hands[t] = (hand){.crew = c, .is_first = t == 0};
        hands[t].cutter = (sgp_order_cutter){.goes_on = goes_on, .ctx = &hands[t]};
    }
    /* Fewer threads than asked for do the same work. */
    for (unsigned t = 1; t < n_threads; t++)
        if (pthread_create(&threads[n_running], NULL, run, &hands[t]) == 0)
            n_running++;
    run(&hands[0]);
    for (unsigned t = 0; t < n_running; t++)
        pthread_join(threads[t], NULL);
}

sgp_err sgp_order_dissect(const sgp_order_core *core, unsigned threads, uint32_t *vertex_at,
                          bool (*tell)(void *ctx, uint64_t done), void *ctx) {
    if (core->n_vertices == 0)
        return SGP_OK;
    crew c = {.lock = PTHREAD_MUTEX_INITIALIZER,
              .changed = PTHREAD_COND_INITIALIZER,
              .vertex_at = vertex_at,
              .tell = tell,
              .ctx = ctx};
    c.err = begin(&c, core);
    run_all(&c, count_threads(threads));
    while (c.work) {
        piece *p = c.work;
        c.work = p->next;
        piece_destroy(p);
    }
    pthread_mutex_destroy(&c.lock);
    pthread_cond_destroy(&c.changed);
    return c.err;
}
