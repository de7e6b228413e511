#include "gis/road_stretch.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "gis/place_query.h"

enum {
    WORDS_BYTES = 160,
    CELL_E7 = 15000, /* about 165 m */
    BESIDE_M = 40,
    MEMO = 4096,
    NAME_WEIGHT = 3,
    BOX_MIN_M = 800
};

static const double metres_per_e7 = 0.0111195;

/* ---- small geometry ------------------------------------------------------------------- */

static double shrink_at(sgp_point point) {
    return cos(sgp_lat(point) * 3.14159265358979 / 180);
}

/* Distance from `at` to the segment a-b, in a plane around `at`. */
static double segment_m(sgp_point at, double shrink, sgp_point a, sgp_point b) {
    double ax = ((double)a.lon_e7 - at.lon_e7) * shrink * metres_per_e7;
    double ay = ((double)a.lat_e7 - at.lat_e7) * metres_per_e7;
    double bx = ((double)b.lon_e7 - at.lon_e7) * shrink * metres_per_e7;
    double by = ((double)b.lat_e7 - at.lat_e7) * metres_per_e7;
    double dx = bx - ax, dy = by - ay, square = dx * dx + dy * dy;
    double along = square > 0 ? -(ax * dx + ay * dy) / square : 0;
    along = along < 0 ? 0 : along > 1 ? 1 : along;
    return hypot(ax + along * dx, ay + along * dy);
}

static double edge_m(const sgp_graph_parts *parts, uint32_t edge, sgp_point at) {
    const sgp_edge *e = &parts->edges[edge];
    const sgp_point *points = &parts->points[e->first_point];
    double shrink = shrink_at(at), best = INFINITY;
    for (uint32_t i = 1; i < e->n_points; i++) {
        double m = segment_m(at, shrink, points[i - 1], points[i]);
        best = m < best ? m : best;
    }
    return best;
}

static sgp_point first_of(const sgp_graph_parts *parts, uint32_t edge) {
    return parts->points[parts->edges[edge].first_point];
}

static sgp_point last_of(const sgp_graph_parts *parts, uint32_t edge) {
    const sgp_edge *e = &parts->edges[edge];
    return parts->points[e->first_point + e->n_points - 1];
}

static sgp_point middle_of(const sgp_graph_parts *parts, uint32_t edge) {
    const sgp_edge *e = &parts->edges[edge];
    return parts->points[e->first_point + e->n_points / 2];
}

/* ---- lists of edges ---------------------------------------------------------------------- */

typedef struct edge_list {
    uint32_t *items;
    size_t n, capacity;
} edge_list;

static sgp_err add_edge(edge_list *list, uint32_t edge) {
    if (list->n == list->capacity) {
        size_t capacity = list->capacity ? 2 * list->capacity : 64;
        uint32_t *grown = realloc(list->items, capacity * sizeof *grown);
        if (!grown)
            return SGP_E_MEMORY;
        list->items = grown;
        list->capacity = capacity;
    }
    list->items[list->n++] = edge;
    return SGP_OK;
}

static int by_number(const void *left, const void *right) {
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return a < b ? -1 : a > b;
}

/* Sorts and drops what is there twice. */
static void tidy(edge_list *list) {
    if (list->n > 1)
        qsort(list->items, list->n, sizeof *list->items, by_number);
    size_t kept = 0;
    for (size_t i = 0; i < list->n; i++)
        if (i == 0 || list->items[i] != list->items[i - 1])
            list->items[kept++] = list->items[i];
    list->n = kept;
}

static bool drives(const sgp_edge *edge) {
    return edge->forward_arc != SGP_NONE || edge->backward_arc != SGP_NONE;
}

/* ---- names --------------------------------------------------------------------------------- */

/* Remembers for the latest names whether they read so; edges of one name mostly lie together. */
typedef struct name_test {
    char words[WORDS_BYTES];
    uint32_t offset[MEMO];
    bool same[MEMO];
} name_test;

static sgp_err test_for(const char *name, name_test **test, sgp_fault *fault) {
    *test = calloc(1, sizeof **test);
    if (!*test)
        return sgp_fail(fault, SGP_E_MEMORY, "no memory for the names of streets");
    if (sgp_place_name_words(name, (*test)->words, sizeof(*test)->words) == 0)
        return sgp_fail(fault, SGP_E_ARGUMENT, "\"%.60s\" is not the name of a street", name);
    return SGP_OK;
}

static bool reads_so(const sgp_graph_parts *parts, name_test *test, uint32_t offset) {
    if (offset == 0)
        return false;
    size_t slot = (offset * 2654435761u) >> 20;
    if (test->offset[slot] != offset) {
        char words[WORDS_BYTES];
        sgp_place_name_words(parts->names + offset, words, sizeof words);
        test->offset[slot] = offset;
        test->same[slot] = strcmp(words, test->words) == 0;
    }
    return test->same[slot];
}

static sgp_err edges_named(const sgp_graph_parts *parts, const char *name, edge_list *list,
                           sgp_fault *fault) {
    name_test *test;
    sgp_err err = test_for(name, &test, fault);
    for (uint32_t e = 0; e < parts->n_edges && !err; e++)
        if (drives(&parts->edges[e]) && reads_so(parts, test, parts->edges[e].name))
            err = add_edge(list, e);
    free(test);
    return err;
}

/* ---- a small network without directions -------------------------------------------------------
 */

/* Nodes are the places where edges end: edges meet exactly where they have the same end point. */
typedef struct net {
    const sgp_graph_parts *parts;
    const uint32_t *edges;
    uint32_t n_edges, n_nodes;
    uint64_t *keys;            /* [n_nodes] ascending */
    uint32_t *from, *to;       /* [n_edges] nodes */
    uint32_t *first, *at_node; /* [n_nodes + 1], [2 * n_edges] edges by node */
} net;

static uint64_t key_of(sgp_point point) {
    return (uint64_t)(uint32_t)point.lon_e7 << 32 | (uint32_t)point.lat_e7;
}

static int by_key(const void *left, const void *right) {
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return a < b ? -1 : a > b;
}

/* SGP_NONE where no edge of the net ends. */
static uint32_t node_of(const net *n, sgp_point point) {
    uint64_t key = key_of(point);
    const uint64_t *found = bsearch(&key, n->keys, n->n_nodes, sizeof key, by_key);
    return found ? (uint32_t)(found - n->keys) : SGP_NONE;
}

static void net_free(net *n) {
    free(n->keys);
    free(n->from);
    free(n->to);
    free(n->first);
    free(n->at_node);
}

static sgp_err net_make(const sgp_graph_parts *parts, const edge_list *list, net *n) {
    size_t ends = 2 * list->n;
    *n = (net){.parts = parts, .edges = list->items, .n_edges = (uint32_t)list->n};
    n->keys = malloc((ends + 1) * sizeof *n->keys);
    n->from = malloc((list->n + 1) * sizeof *n->from);
    n->to = malloc((list->n + 1) * sizeof *n->to);
    n->at_node = malloc((ends + 1) * sizeof *n->at_node);
    n->first = calloc(ends + 2, sizeof *n->first);
    if (!n->keys || !n->from || !n->to || !n->at_node || !n->first) {
        net_free(n);
        return SGP_E_MEMORY;
    }
    for (size_t i = 0; i < list->n; i++) {
        n->keys[2 * i] = key_of(first_of(parts, list->items[i]));
        n->keys[2 * i + 1] = key_of(last_of(parts, list->items[i]));
    }
    qsort(n->keys, ends, sizeof *n->keys, by_key);
    for (size_t i = 0; i < ends; i++)
        if (i == 0 || n->keys[i] != n->keys[i - 1])
            n->keys[n->n_nodes++] = n->keys[i];
    for (uint32_t i = 0; i < n->n_edges; i++) {
        n->from[i] = node_of(n, first_of(parts, n->edges[i]));
        n->to[i] = node_of(n, last_of(parts, n->edges[i]));
        n->first[n->from[i] + 1]++;
        n->first[n->to[i] + 1]++;
    }
    for (uint32_t v = 0; v < n->n_nodes; v++)
        n->first[v + 1] += n->first[v];
    for (uint32_t i = n->n_edges; i-- > 0;) {
        n->at_node[--n->first[n->from[i] + 1]] = i;
        n->at_node[--n->first[n->to[i] + 1]] = i;
    }
    /* The counting has moved each beginning into the place of the next. */
    memmove(n->first, n->first + 1, n->n_nodes * sizeof *n->first);
    n->first[n->n_nodes] = 2 * n->n_edges;
    return SGP_OK;
}

/* ---- the shortest way in it (Dijkstra 1959, with a binary heap of stale entries) ----------------
 */

typedef struct reach {
    uint64_t mm;
    uint32_t node;
} reach;

typedef struct heap {
    reach *items;
    size_t n;
} heap;

static void push(heap *h, uint64_t mm, uint32_t node) {
    size_t at = h->n++;
    while (at > 0 && h->items[(at - 1) / 2].mm > mm) {
        h->items[at] = h->items[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    h->items[at] = (reach){mm, node};
}

static reach pop(heap *h) {
    reach top = h->items[0], last = h->items[--h->n];
    size_t at = 0;
    for (size_t child; (child = 2 * at + 1) < h->n; at = child) {
        if (child + 1 < h->n && h->items[child + 1].mm < h->items[child].mm)
            child++;
        if (h->items[child].mm >= last.mm)
            break;
        h->items[at] = h->items[child];
    }
    h->items[at] = last;
    return top;
}

/* The edges of the shortest way from any of the sources to any of the targets (marks by node), into
 * `way`. `cheap`: names that count as they are long, others NAME_WEIGHT times; NULL: all alike.
 * false in *found: there is none. */
static sgp_err shortest(const net *n, const bool *source, const bool *target, const uint32_t *cheap,
                        edge_list *way, bool *found) {
    uint64_t *mm = malloc((n->n_nodes + 1) * sizeof *mm);
    uint32_t *by = malloc((n->n_nodes + 1) * sizeof *by);
    heap h = {malloc((n->n_nodes + 2 * (size_t)n->n_edges + 1) * sizeof *h.items), 0};
    sgp_err err = mm && by && h.items ? SGP_OK : SGP_E_MEMORY;
    *found = false;
    for (uint32_t v = 0; v < n->n_nodes && !err; v++) {
        mm[v] = source[v] ? 0 : UINT64_MAX;
        by[v] = SGP_NONE;
        if (source[v])
            push(&h, 0, v);
    }
    while (!err && h.n > 0 && !*found) {
        reach here = pop(&h);
        if (here.mm > mm[here.node])
            continue;
        if (target[here.node]) {
            *found = true;
            for (uint32_t v = here.node; by[v] != SGP_NONE && !err;) {
                uint32_t i = by[v];
                err = add_edge(way, n->edges[i]);
                v = n->from[i] == v ? n->to[i] : n->from[i];
            }
            break;
        }
        for (uint32_t k = n->first[here.node]; k < n->first[here.node + 1]; k++) {
            uint32_t i = n->at_node[k];
            uint32_t next = n->from[i] == here.node ? n->to[i] : n->from[i];
            const sgp_edge *edge = &n->parts->edges[n->edges[i]];
            bool favoured =
                !cheap || (edge->name && (edge->name == cheap[0] || edge->name == cheap[1]));
            uint64_t cost = here.mm + edge->length_mm * (uint64_t)(favoured ? 1 : NAME_WEIGHT);
            if (cost < mm[next]) {
                mm[next] = cost;
                by[next] = i;
                push(&h, cost, next);
            }
        }
    }
    free(mm);
    free(by);
    free(h.items);
    return err;
}

/* ---- pieces that lie together
 * -------------------------------------------------------------------- */

static uint32_t root_of(uint32_t *parent, uint32_t i) {
    while (parent[i] != i)
        i = parent[i] = parent[parent[i]];
    return i;
}

typedef struct cell_end {
    uint64_t cell;
    uint32_t edge; /* place in the list */
} cell_end;

static int by_cell(const void *left, const void *right) {
    const cell_end *a = left, *b = right;
    if (a->cell != b->cell)
        return a->cell < b->cell ? -1 : 1;
    return a->edge < b->edge ? -1 : a->edge > b->edge;
}

static uint64_t cell_of(sgp_point point, int right, int up) {
    uint32_t x = (uint32_t)((int64_t)point.lon_e7 + 1800000000) / CELL_E7 + (uint32_t)right;
    uint32_t y = (uint32_t)((int64_t)point.lat_e7 + 900000000) / CELL_E7 + (uint32_t)up;
    return (uint64_t)x << 32 | y;
}

/* parent[n] names the piece of each edge. */
static sgp_err find_pieces(const sgp_graph_parts *parts, const edge_list *list, uint32_t *parent) {
    size_t n_ends = 2 * list->n;
    cell_end *ends = malloc((n_ends + 1) * sizeof *ends);
    if (!ends)
        return SGP_E_MEMORY;
    for (uint32_t i = 0; i < list->n; i++) {
        parent[i] = i;
        ends[2 * i] = (cell_end){cell_of(first_of(parts, list->items[i]), 0, 0), i};
        ends[2 * i + 1] = (cell_end){cell_of(last_of(parts, list->items[i]), 0, 0), i};
    }
    qsort(ends, n_ends, sizeof *ends, by_cell);
    for (size_t k = 0; k < n_ends; k++)
        for (int right = 0; right <= 1; right++)
            for (int up = -1; up <= 1; up++) {
                uint64_t cell = ((ends[k].cell >> 32) + (uint64_t)right) << 32 |
                                (uint32_t)((uint32_t)ends[k].cell + (uint32_t)up);
                size_t low = 0, high = n_ends;
                while (low < high) {
                    size_t middle = low + (high - low) / 2;
                    if (ends[middle].cell < cell)
                        low = middle + 1;
                    else
                        high = middle;
                }
                /* One of the cell is enough: the others are joined to it by their own turn. */
                if (low < n_ends && ends[low].cell == cell)
                    parent[root_of(parent, ends[low].edge)] = root_of(parent, ends[k].edge);
            }
    free(ends);
    return SGP_OK;
}

/* ---- results
 * ---------------------------------------------------------------------------------------- */

void sgp_stretches_clear(sgp_stretches *stretches) {
    for (size_t i = 0; i < stretches->n; i++)
        free(stretches->items[i].edges);
    stretches->n = 0;
}

/* Middle, length and distance; the edges pass to the stretch. */
static sgp_stretch make_stretch(const sgp_graph_parts *parts, edge_list *edges, sgp_point near) {
    sgp_stretch made = {.edges = edges->items, .n_edges = (uint32_t)edges->n, .away_m = INFINITY};
    double lon = 0, lat = 0, best = INFINITY;
    for (uint32_t i = 0; i < made.n_edges; i++) {
        const sgp_edge *edge = &parts->edges[made.edges[i]];
        made.length_mm += edge->length_mm;
        if (!made.name)
            made.name = edge->name;
        double m = edge_m(parts, made.edges[i], near);
        made.away_m = m < made.away_m ? m : made.away_m;
        lon += (double)middle_of(parts, made.edges[i]).lon_e7 / made.n_edges;
        lat += (double)middle_of(parts, made.edges[i]).lat_e7 / made.n_edges;
    }
    sgp_point centre = {(int32_t)lon, (int32_t)lat};
    for (uint32_t i = 0; i < made.n_edges; i++) {
        sgp_point point = middle_of(parts, made.edges[i]);
        double m = segment_m(centre, shrink_at(centre), point, point);
        if (m < best) {
            best = m;
            made.middle = point;
        }
    }
    return made;
}

/* Keeps the nearest ones, in order. */
static void keep(sgp_stretches *found, sgp_stretch made) {
    size_t at = found->n;
    while (at > 0 && found->items[at - 1].away_m > made.away_m)
        at--;
    if (at == SGP_STRETCHES_MAX) {
        free(made.edges);
        return;
    }
    if (found->n == SGP_STRETCHES_MAX)
        free(found->items[--found->n].edges);
    memmove(found->items + at + 1, found->items + at, (found->n - at) * sizeof *found->items);
    found->items[at] = made;
    found->n++;
}

/* Adds the edges of `among` that lie along the way, within BESIDE_M at both ends: the other
 * roadway. Those that only touch it are left out. */
static sgp_err add_beside(const sgp_graph_parts *parts, const edge_list *among, edge_list *way) {
    size_t n = way->n;
    sgp_err err = SGP_OK;
    for (size_t i = 0; i < among->n && !err; i++) {
        uint32_t edge = among->items[i];
        double first = INFINITY, last = INFINITY, middle = INFINITY;
        for (size_t k = 0; k < n; k++) {
            double a = edge_m(parts, way->items[k], first_of(parts, edge));
            double b = edge_m(parts, way->items[k], last_of(parts, edge));
            double c = edge_m(parts, way->items[k], middle_of(parts, edge));
            first = a < first ? a : first;
            last = b < last ? b : last;
            middle = c < middle ? c : middle;
        }
        double length_m = parts->edges[edge].length_mm / 1000.0;
        if (first <= BESIDE_M && last <= BESIDE_M && middle <= BESIDE_M &&
            (length_m > 2 * BESIDE_M || (first < 1 && last < 1)))
            err = add_edge(way, edge);
    }
    tidy(way);
    return err;
}

/* ---- by name
 * ----------------------------------------------------------------------------------------- */

/* Marks the nodes of the net where edges of the list end. false: none. */
static bool mark_ends(const net *n, const edge_list *list, bool *marks) {
    bool any = false;
    memset(marks, 0, n->n_nodes);
    for (size_t i = 0; i < list->n; i++)
        for (int end = 0; end < 2; end++) {
            uint32_t v = node_of(n, end ? last_of(n->parts, list->items[i])
                                        : first_of(n->parts, list->items[i]));
            if (v != SGP_NONE)
                any = marks[v] = true;
        }
    return any;
}

/* What of the piece lies between the crossings, into `way`; empty: they do not both cross it. */
static sgp_err cut(const sgp_graph_parts *parts, const edge_list *piece, const edge_list *from,
                   const edge_list *to, edge_list *way) {
    net n;
    sgp_err err = net_make(parts, piece, &n);
    if (err)
        return err;
    bool *source = malloc(n.n_nodes + 1), *target = malloc(n.n_nodes + 1), found = false;
    if (!source || !target)
        err = SGP_E_MEMORY;
    if (!err && mark_ends(&n, from, source) && mark_ends(&n, to, target))
        err = shortest(&n, source, target, NULL, way, &found);
    free(source);
    free(target);
    net_free(&n);
    return err || way->n == 0 ? err : add_beside(parts, piece, way);
}

static sgp_err keep_piece(const sgp_graph_parts *parts, edge_list *piece, const edge_list *from,
                          const edge_list *to, sgp_point near, sgp_stretches *found) {
    edge_list way = {0};
    if (!from) {
        tidy(piece);
        sgp_stretch made = make_stretch(parts, piece, near);
        made.whole = true;
        *piece = (edge_list){0};
        keep(found, made);
        return SGP_OK;
    }
    sgp_err err = cut(parts, piece, from, to, &way);
    if (!err && way.n > 0)
        keep(found, make_stretch(parts, &way, near));
    else
        free(way.items);
    return err;
}

static sgp_err keep_pieces(const sgp_graph_parts *parts, const edge_list *named,
                           const edge_list *from, const edge_list *to, sgp_point near,
                           sgp_stretches *found) {
    uint32_t *parent = malloc((named->n + 1) * sizeof *parent);
    sgp_err err = parent ? find_pieces(parts, named, parent) : SGP_E_MEMORY;
    for (uint32_t root = 0; root < named->n && !err; root++) {
        edge_list piece = {0};
        if (root_of(parent, root) != root)
            continue;
        for (uint32_t i = 0; i < named->n && !err; i++)
            if (root_of(parent, i) == root)
                err = add_edge(&piece, named->items[i]);
        if (!err)
            err = keep_piece(parts, &piece, from, to, near, found);
        free(piece.items);
    }
    free(parent);
    return err;
}

sgp_err sgp_stretches_of_street(const sgp_graph_parts *parts, const char *street, const char *from,
                                const char *to, sgp_point near, sgp_stretches *found,
                                sgp_fault *fault) {
    edge_list named = {0}, from_edges = {0}, to_edges = {0};
    bool between = from[0] || to[0];
    found->n = 0;
    if (between && !(from[0] && to[0]))
        return sgp_fail(fault, SGP_E_ARGUMENT,
                        "between needs two crossing streets, from and to; one is missing");
    sgp_err err = edges_named(parts, street, &named, fault);
    if (!err && named.n == 0)
        err = sgp_fail(fault, SGP_E_NOT_FOUND, "no road of %s is called \"%.60s\"", parts->name,
                       street);
    if (!err && between)
        err = edges_named(parts, from, &from_edges, fault);
    if (!err && between)
        err = edges_named(parts, to, &to_edges, fault);
    const char *unknown = !between ? NULL : from_edges.n == 0 ? from : to_edges.n == 0 ? to : NULL;
    if (!err && unknown)
        err = sgp_fail(fault, SGP_E_NOT_FOUND, "no road of %s is called \"%.60s\"", parts->name,
                       unknown);
    if (!err)
        err = keep_pieces(parts, &named, between ? &from_edges : NULL, &to_edges, near, found);
    if (!err && found->n == 0)
        err =
            sgp_fail(fault, SGP_E_NOT_FOUND,
                     "\"%.60s\" is not crossed by both \"%.60s\" and \"%.60s\"", street, from, to);
    if (err == SGP_E_MEMORY)
        (void)sgp_fail(fault, err, "no memory for the roads");
    if (err)
        sgp_stretches_clear(found);
    free(named.items);
    free(from_edges.items);
    free(to_edges.items);
    return err;
}

/* ---- along points
 * --------------------------------------------------------------------------------------- */

/* The roads that lie in or near the box around the points. */
static sgp_err edges_around(const sgp_graph_parts *parts, const sgp_point *points, size_t n,
                            edge_list *list) {
    sgp_point low = points[0], high = points[0];
    for (size_t i = 1; i < n; i++) {
        low.lon_e7 = points[i].lon_e7 < low.lon_e7 ? points[i].lon_e7 : low.lon_e7;
        low.lat_e7 = points[i].lat_e7 < low.lat_e7 ? points[i].lat_e7 : low.lat_e7;
        high.lon_e7 = points[i].lon_e7 > high.lon_e7 ? points[i].lon_e7 : high.lon_e7;
        high.lat_e7 = points[i].lat_e7 > high.lat_e7 ? points[i].lat_e7 : high.lat_e7;
    }
    int64_t width = (int64_t)high.lon_e7 - low.lon_e7, height = (int64_t)high.lat_e7 - low.lat_e7;
    int64_t margin = (int64_t)(BOX_MIN_M / metres_per_e7);
    margin = width / 2 > margin ? width / 2 : margin;
    margin = height / 2 > margin ? height / 2 : margin;
    sgp_err err = SGP_OK;
    for (uint32_t e = 0; e < parts->n_edges && !err; e++) {
        sgp_point at = first_of(parts, e);
        if (drives(&parts->edges[e]) && at.lon_e7 >= low.lon_e7 - margin &&
            at.lon_e7 <= high.lon_e7 + margin && at.lat_e7 >= low.lat_e7 - margin &&
            at.lat_e7 <= high.lat_e7 + margin)
            err = add_edge(list, e);
    }
    return err;
}

static uint32_t nearest_edge(const sgp_graph_parts *parts, const edge_list *list, sgp_point at) {
    uint32_t nearest = SGP_NONE;
    double best = SGP_STRETCH_SNAP_M;
    for (size_t i = 0; i < list->n; i++) {
        double m = edge_m(parts, list->items[i], at);
        if (m <= best) {
            best = m;
            nearest = list->items[i];
        }
    }
    return nearest;
}

/* From one edge to the other, both of them too. */
static sgp_err add_leg(const net *n, uint32_t left, uint32_t right, bool *source, bool *target,
                       edge_list *way, bool *found) {
    const sgp_graph_parts *parts = n->parts;
    uint32_t names[2] = {parts->edges[left].name, parts->edges[right].name};
    sgp_err err = add_edge(way, left);
    if (!err)
        err = add_edge(way, right);
    *found = true;
    if (err || left == right)
        return err;
    memset(source, 0, n->n_nodes);
    memset(target, 0, n->n_nodes);
    source[node_of(n, first_of(parts, left))] = source[node_of(n, last_of(parts, left))] = true;
    target[node_of(n, first_of(parts, right))] = target[node_of(n, last_of(parts, right))] = true;
    return shortest(n, source, target, names, way, found);
}

/* The other roadway of what has a name. */
static sgp_err add_roadways(const sgp_graph_parts *parts, const edge_list *around, edge_list *way) {
    edge_list same = {0};
    sgp_err err = SGP_OK;
    for (size_t i = 0; i < around->n && !err; i++) {
        uint32_t name = parts->edges[around->items[i]].name;
        bool is_same = false;
        for (size_t k = 0; name && k < way->n && !is_same; k++)
            is_same = parts->edges[way->items[k]].name == name;
        if (is_same)
            err = add_edge(&same, around->items[i]);
    }
    if (!err)
        err = add_beside(parts, &same, way);
    free(same.items);
    return err;
}

static sgp_err join(const net *n, const edge_list *around, const sgp_point *points, size_t n_points,
                    edge_list *way, sgp_fault *fault) {
    bool *source = malloc(n->n_nodes + 1), *target = malloc(n->n_nodes + 1), found = true;
    sgp_err err = source && target ? SGP_OK : SGP_E_MEMORY;
    uint32_t before = SGP_NONE;
    for (size_t i = 0; i < n_points && !err; i++) {
        uint32_t here = nearest_edge(n->parts, around, points[i]);
        if (here == SGP_NONE)
            err = sgp_fail(fault, SGP_E_NOT_FOUND, "point %zu is further than %d m from any road",
                           i + 1, SGP_STRETCH_SNAP_M);
        else if (before != SGP_NONE)
            err = add_leg(n, before, here, source, target, way, &found);
        if (!err && !found)
            err = sgp_fail(fault, SGP_E_NOT_FOUND,
                           "no road nearby leads from point %zu to point %zu", i, i + 1);
        before = here;
    }
    free(source);
    free(target);
    return err;
}

sgp_err sgp_stretches_along(const sgp_graph_parts *parts, const sgp_point *points, size_t n,
                            sgp_stretches *found, sgp_fault *fault) {
    edge_list around = {0}, way = {0};
    net local = {0};
    found->n = 0;
    if (n < 2 || n > SGP_STRETCH_POINTS_MAX)
        return sgp_fail(fault, SGP_E_ARGUMENT, "a stretch is drawn by 2 to %d points, not %zu",
                        SGP_STRETCH_POINTS_MAX, n);
    sgp_err err = edges_around(parts, points, n, &around);
    if (!err)
        err = net_make(parts, &around, &local);
    if (!err) {
        err = join(&local, &around, points, n, &way, fault);
        net_free(&local);
    }
    if (!err) {
        tidy(&way);
        err = add_roadways(parts, &around, &way);
    }
    if (err == SGP_E_MEMORY)
        (void)sgp_fail(fault, err, "no memory for the roads");
    if (!err)
        keep(found, make_stretch(parts, &way, points[0]));
    else
        free(way.items);
    free(around.items);
    return err;
}

/* ---- what is kept of it
 * ------------------------------------------------------------------------------------ */

/* The vertex that an arc leaves. */
static uint32_t tail_of(const sgp_graph_parts *parts, uint32_t arc) {
    uint32_t low = 0, high = parts->n_vertices;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (parts->first_arc[middle] <= arc)
            low = middle;
        else
            high = middle;
    }
    return low;
}

bool sgp_edge_ends(const sgp_graph_parts *parts, uint32_t edge, int64_t *from, int64_t *to) {
    const sgp_edge *e = &parts->edges[edge];
    bool forward = e->forward_arc != SGP_NONE;
    uint32_t arc = forward ? e->forward_arc : e->backward_arc;
    if (arc == SGP_NONE)
        return false;
    int64_t tail = parts->vertex_node[tail_of(parts, arc)];
    int64_t head = parts->vertex_node[parts->arc_head[arc]];
    *from = forward ? tail : head;
    *to = forward ? head : tail;
    return true;
}

static int by_part(const void *left, const void *right) {
    const sgp_stretch_part *a = left, *b = right;
    if (a->a != b->a)
        return a->a < b->a ? -1 : 1;
    return a->b < b->b ? -1 : a->b > b->b;
}

size_t sgp_stretch_parts(const sgp_graph_parts *parts, const sgp_stretch *stretch,
                         sgp_stretch_part *out, size_t capacity) {
    sgp_stretch_part *all = calloc(stretch->n_edges + 1, sizeof *all);
    size_t n = 0, kept = 0;
    if (!all)
        return SIZE_MAX;
    for (uint32_t i = 0; i < stretch->n_edges; i++) {
        sgp_stretch_part *part = &all[n];
        if (stretch->whole)
            *part = (sgp_stretch_part){parts->edges[stretch->edges[i]].way, 0};
        else if (!sgp_edge_ends(parts, stretch->edges[i], &part->a, &part->b))
            continue;
        n++;
    }
    qsort(all, n, sizeof *all, by_part);
    for (size_t i = 0; i < n; i++)
        if (i == 0 || by_part(&all[i], &all[i - 1]) != 0) {
            if (kept < capacity)
                out[kept] = all[i];
            kept++;
        }
    free(all);
    return kept;
}

size_t sgp_edges_line(const sgp_graph_parts *parts, const uint32_t *edges, uint32_t n_edges,
                      sgp_point *out, size_t capacity) {
    size_t pieces = 0, n = 0;
    for (uint32_t i = 0; i < n_edges; i++)
        pieces += parts->edges[edges[i]].n_points - 1;
    bool thinned = 2 * pieces > capacity; /* then straight from end to end */
    uint32_t every = thinned && 2 * (size_t)n_edges > capacity
                         ? (uint32_t)((2 * (size_t)n_edges + capacity - 1) / capacity)
                         : 1;
    for (uint32_t i = 0; i < n_edges && n + 2 <= capacity; i += every) {
        const sgp_edge *e = &parts->edges[edges[i]];
        const sgp_point *points = &parts->points[e->first_point];
        if (thinned) {
            out[n++] = points[0];
            out[n++] = points[e->n_points - 1];
            continue;
        }
        for (uint32_t k = 1; k < e->n_points && n + 2 <= capacity; k++) {
            out[n++] = points[k - 1];
            out[n++] = points[k];
        }
    }
    return n;
}
