/* Map matching by hand on small streets, and held to trying every chain of places on small
 * random graphs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "drive_maker.h"
#include "graph_maker.h"
#include "sigap/learned.h"
#include "sigap/matcher.h"

/* On the equator, 1e-5 degree (100 units) is 1.112 m both ways.
 *
 *        e --- f              g                 A dual carriageway leads from h to i and, 15 m
 *        |     |              |                 south of it, back from k to j.
 *   a -- b --- c -- d         | dead end
 *                   +---------+                h ===> i
 *                                              j <=== k
 */
enum { A, B, C, D, E, F, G, H, I, J, K, NODES };
enum { AB, BC, CD, BE, EF, FC, DG, HI, KJ, HJ, IK };
enum { METRE = 90 };

static graph_maker maker;
static char folder[64];
static char path[128];
static sgp_graph *streets;
static sgp_matcher *matcher;

static uint32_t street(uint32_t u, uint32_t v, bool both) {
    double metres = sgp_distance_m(maker.vertex_point[u], maker.vertex_point[v]);
    int32_t ms = (int32_t)(metres * 100); /* 36 km/h */
    return maker_edge(&maker, u, v, ms, both ? ms : MAKER_NO_ARC, NULL, 0, 0, NULL, SGP_EDGE_MAIN);
}

static sgp_graph *write_and_open(void) {
    sgp_graph *graph = NULL;
    sgp_fault fault = {0};
    if (sgp_graph_write(path, maker_finish(&maker), NULL, &fault) ||
        sgp_graph_open(path, &graph, &fault)) {
        fprintf(stderr, "%s\n", fault.text);
        abort();
    }
    return graph;
}

static void make_streets(void) {
    static const int at[NODES][2] = {{0, 0},      {200, 0},   {400, 0},   {600, 0},
                                     {200, 150},  {400, 150}, {750, 120}, {0, 2000},
                                     {500, 2000}, {0, 1985},  {500, 1985}};
    maker_begin(&maker);
    for (int i = 0; i < NODES; i++)
        maker_vertex(&maker, at[i][0] * METRE, at[i][1] * METRE, 100 + i);
    street(A, B, true);
    street(B, C, true);
    street(C, D, true);
    street(B, E, true);
    street(E, F, true);
    street(F, C, true);
    street(D, G, true);
    street(H, I, false);
    street(K, J, false);
    street(J, H, true);
    street(I, K, true);
    streets = write_and_open();
}

static int setup(void **state) {
    (void)state;
    maker_folder(folder);
    snprintf(path, sizeof path, "%s/g.sgr", folder);
    make_streets();
    return sgp_matcher_create(streets, NULL, &matcher);
}

static int teardown(void **state) {
    (void)state;
    sgp_matcher_destroy(matcher);
    sgp_graph_close(streets);
    unlink(path);
    return rmdir(folder);
}

static sgp_track_point seen(int second, double east_m, double north_m) {
    return (sgp_track_point){
        .point = {(int32_t)(east_m * METRE), (int32_t)(north_m * METRE)},
        .at_ms = 1000 * (int64_t)second,
        .heading_deg = -1,
    };
}

static sgp_match match_of(const sgp_track_point *track, size_t n,
                          const sgp_match_options *options) {
    static const sgp_match_options plain = {0};
    sgp_match match = {0};
    assert_int_equal(sgp_matcher_match(matcher, track, n, options ? options : &plain, &match),
                     SGP_OK);
    assert_int_equal(match.n_points, n);
    return match;
}

static void assert_moves(const sgp_match *match, const uint32_t *moves, size_t n) {
    assert_int_equal(match->n_moves, n);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(match->moves[i], moves[i]);
}

/* ---- by hand ------------------------------------------------------------------------- */

static void test_matcher_goes_around_where_it_was_seen(void **state) {
    (void)state;
    sgp_track_point track[] = {seen(0, 50, 4),     seen(15, 190, -6),  seen(25, 205, 90),
                               seen(40, 300, 145), seen(55, 396, 100), seen(70, 500, 3)};
    sgp_match match = match_of(track, 6, NULL);
    uint32_t way[] = {AB << 1, BE << 1, EF << 1, FC << 1, CD << 1};
    assert_moves(&match, way, 5);
    assert_int_equal(match.n_pieces, 1);
    assert_true(match.pieces[0].confidence > 0.9 && match.pieces[0].confidence <= 1);
    size_t on[] = {0, 0, 1, 2, 3, 4};
    for (int i = 0; i < 6; i++) {
        assert_true(match.points[i].matched);
        assert_int_equal(match.points[i].first_move, on[i]);
        assert_int_equal(match.points[i].snap.edge, way[on[i]] >> 1);
        assert_int_equal(match.points[i].snap.directions, SGP_ALONG);
        assert_true(match.points[i].n_choices >= 2);
    }
    sgp_match_free(&match);
    /* Seen at both ends alone, it took the short way. */
    sgp_track_point ends[] = {track[0], track[5]};
    ends[1].at_ms = 50000;
    match = match_of(ends, 2, NULL);
    uint32_t straight[] = {AB << 1, BC << 1, CD << 1};
    assert_moves(&match, straight, 3);
    sgp_match_free(&match);
}

static void test_matcher_dead_end_and_back(void **state) {
    (void)state;
    sgp_track_point track[] = {seen(0, 550, 0), seen(15, 660, 50), seen(30, 748, 118),
                               seen(45, 660, 50), seen(60, 550, 0)};
    sgp_match match = match_of(track, 5, NULL);
    uint32_t way[] = {CD << 1, DG << 1, DG << 1 | 1, CD << 1 | 1};
    assert_moves(&match, way, 4);
    sgp_match_free(&match);
}

/* Nearer to the wrong carriageway all along; only the heading tells. */
static void test_matcher_heading_on_parallel_carriageways(void **state) {
    (void)state;
    sgp_track_point track[4];
    for (int i = 0; i < 4; i++)
        track[i] = seen(10 * i, 100 + 100.0 * i, 1991);
    sgp_match match = match_of(track, 4, NULL);
    for (int i = 0; i < 4; i++) /* eastward only h -> i can be */
        assert_int_equal(match.points[i].snap.edge, HI);
    sgp_match_free(&match);
    track[0] = seen(0, 250, 1991);
    track[1] = seen(10, 251, 1991);
    track[0].heading_deg = track[1].heading_deg = 88;
    match = match_of(track, 2, NULL);
    assert_int_equal(match.points[0].snap.edge, HI);
    sgp_match_free(&match);
    track[0] = seen(0, 250, 1994);
    track[1] = seen(10, 251, 1994);
    track[0].heading_deg = track[1].heading_deg = 275;
    match = match_of(track, 2, NULL);
    assert_int_equal(match.points[0].snap.edge, KJ);
    assert_int_equal(match.n_moves, 1); /* it stands, though the positions wander */
    sgp_match_free(&match);
}

static void test_matcher_accuracy_decides_how_far_to_trust(void **state) {
    (void)state;
    /* The middle position lies on the upper road; the others tell that it went straight on. */
    sgp_track_point track[] = {seen(0, 150, 0), seen(8, 230, 0), seen(15, 300, 130),
                               seen(22, 370, 0), seen(30, 450, 0)};
    track[2].accuracy_m = 60;
    sgp_match match = match_of(track, 5, NULL);
    uint32_t straight[] = {AB << 1, BC << 1, CD << 1};
    assert_moves(&match, straight, 3);
    assert_int_equal(match.n_pieces, 1);
    sgp_match_free(&match);
}

static void test_matcher_jump_breaks_the_piece(void **state) {
    (void)state;
    sgp_track_point track[] = {seen(0, 50, 1),      seen(10, 150, 1),    seen(20, 250, 1),
                               seen(30, 100, 2001), seen(40, 200, 2001), seen(50, 300, 2001)};
    sgp_match match = match_of(track, 6, NULL);
    assert_int_equal(match.n_pieces, 2);
    assert_int_equal(match.pieces[0].last_point, 2);
    assert_int_equal(match.pieces[1].first_point, 3);
    assert_int_equal(match.pieces[0].n_moves, 2);
    assert_int_equal(match.pieces[1].first_move, 2);
    assert_int_equal(match.points[5].piece, 1);
    assert_int_equal(match.n_moves, 3);
    sgp_match_free(&match);
    /* One position astray is left out, and the piece goes on. */
    sgp_track_point astray[] = {track[0], track[1], seen(15, 250, 1999), track[2]};
    match = match_of(astray, 4, NULL);
    assert_int_equal(match.n_pieces, 1);
    assert_false(match.points[2].matched);
    assert_true(match.points[2].n_choices > 0);
    assert_true(match.points[3].matched);
    sgp_match_free(&match);
}

static void test_matcher_gaps(void **state) {
    (void)state;
    sgp_track_point track[] = {seen(0, 50, 1), seen(10, 150, 1), seen(100, 250, 1),
                               seen(110, 350, 1)};
    sgp_match match = match_of(track, 4, NULL);
    assert_int_equal(match.n_pieces, 2);
    sgp_match_free(&match);
    sgp_match_options never = {.gap_ms = -1};
    match = match_of(track, 4, &never);
    assert_int_equal(match.n_pieces, 1);
    sgp_match_free(&match);
    sgp_match_options longer = {.gap_ms = 90000};
    match = match_of(track, 4, &longer);
    assert_int_equal(match.n_pieces, 1);
    sgp_match_free(&match);
}

static void test_matcher_tidy(void **state) {
    (void)state;
    sgp_track_point track[] = {seen(0, 50, 1),  seen(5, 55, 3),   seen(10, 48, -2),
                               seen(15, 52, 1), seen(20, 150, 1), seen(25, 250, 1)};
    sgp_match_options tidy = {.tidy = true};
    sgp_match match = match_of(track, 6, &tidy);
    bool kept[] = {true, false, false, false, true, true};
    for (int i = 0; i < 6; i++)
        assert_int_equal(match.points[i].matched, kept[i]);
    sgp_match_free(&match);
}

static void test_matcher_nowhere_and_nonsense(void **state) {
    (void)state;
    sgp_track_point track[] = {seen(0, 5000, 5000), seen(10, 5100, 5000), seen(20, 5200, 5000)};
    sgp_match match = match_of(track, 3, NULL);
    assert_int_equal(match.n_pieces, 0);
    assert_int_equal(match.n_moves, 0);
    assert_int_equal(match.points[1].n_choices, 0);
    sgp_match_free(&match);
    track[2] = seen(20, 50, 1); /* one place alone is no drive */
    match = match_of(track, 3, NULL);
    assert_int_equal(match.n_pieces, 0);
    assert_int_equal(match.points[2].n_choices, 2);
    sgp_match_free(&match);
    static sgp_track_point many[10001];
    for (int i = 0; i < 10001; i++)
        many[i] = seen(i, 50, 1);
    sgp_match_options o = {0};
    assert_int_equal(sgp_matcher_match(matcher, track, 1, &o, &match), SGP_E_ARGUMENT);
    assert_int_equal(sgp_matcher_match(matcher, many, 10001, &o, &match), SGP_E_ARGUMENT);
    assert_int_equal(sgp_matcher_match(matcher, many, 10000, &o, &match), SGP_OK);
    sgp_match_free(&match);
    o.profile = 1;
    assert_int_equal(sgp_matcher_match(matcher, track, 3, &o, &match), SGP_E_ARGUMENT);
    o = (sgp_match_options){.radius_m = NAN};
    assert_int_equal(sgp_matcher_match(matcher, track, 3, &o, &match), SGP_E_ARGUMENT);
    o = (sgp_match_options){0};
    track[1].at_ms = track[0].at_ms;
    assert_int_equal(sgp_matcher_match(matcher, track, 3, &o, &match), SGP_E_ARGUMENT);
    track[1] = seen(10, 0, 0);
    track[1].accuracy_m = -1;
    assert_int_equal(sgp_matcher_match(matcher, track, 3, &o, &match), SGP_E_ARGUMENT);
}

/* ---- teaching ------------------------------------------------------------------------- */

static int32_t monday_at_8(void *ctx, int64_t at_ms) {
    return *(int32_t *)ctx + (int32_t)(at_ms / 60000);
}

static void test_matcher_teaches(void **state) {
    (void)state;
    int32_t begin = 8 * 60;
    int bin = sgp_learned_bin(begin);
    sgp_learned *learned, *by_hand;
    assert_int_equal(sgp_learned_create(streets, 0, &learned), SGP_OK);
    assert_int_equal(sgp_learned_create(streets, 0, &by_hand), SGP_OK);
    /* 5 m/s, half of the stored speed; half a minute at a light before c, within reach of which
     * the positions wander; five minutes at the end. */
    sgp_track_point track[] = {seen(0, 0, 0),     seen(20, 100, 0),  seen(40, 200, 0),
                               seen(78, 390, 0),  seen(90, 388, 0),  seen(108, 389, 0),
                               seen(110, 400, 0), seen(130, 500, 0), seen(430, 499, 0)};
    sgp_match_options never = {.gap_ms = -1};
    sgp_match match = match_of(track, 9, &never);
    uint32_t way[] = {AB << 1, BC << 1, CD << 1};
    assert_moves(&match, way, 3);
    sgp_match_teach(streets, track, &match, monday_at_8, &begin, learned);
    sgp_match_free(&match);
    const sgp_graph_parts *parts = sgp_graph_get(streets);
    sgp_learned_add(by_hand, AB << 1, begin, parts->edges[AB].length_mm, 40000);
    sgp_learned_add(by_hand, BC << 1, begin, parts->edges[BC].length_mm, 70000);
    sgp_learned_add(by_hand, CD << 1, begin, parts->edges[CD].length_mm / 2, 20000);
    assert_int_equal(sgp_learned_counts(learned).drives, 3);
    for (uint32_t move = 0; move < 2 * parts->n_edges; move++)
        assert_in_range(sgp_learned_factor(learned, move, bin),
                        (unsigned)sgp_learned_factor(by_hand, move, bin) - 2,
                        (unsigned)sgp_learned_factor(by_hand, move, bin) + 2);
    assert_true(sgp_learned_factor(learned, BC << 1, bin) > 1300);
    sgp_learned_destroy(learned);
    sgp_learned_destroy(by_hand);
}

/* ---- every chain ------------------------------------------------------------------------- */

enum { MOST_LAYERS = 5, MOST_CHOICES = 24, SMALL = 9 };

/* A choice of the oracle. */
typedef struct option {
    uint32_t move;
    double driven_m;
    double cost;
} option;

static const sgp_graph_parts *small;
static int64_t way_ms[MAKER_VERTICES], way_mm[MAKER_VERTICES];
static uint32_t way_arc[MAKER_VERTICES], tail_of[MAKER_ARCS];

static bool is_before(uint32_t u, uint32_t v) {
    return way_ms[u] < way_ms[v] || (way_ms[u] == way_ms[v] && way_mm[u] < way_mm[v]);
}

/* Ways from s to all vertices, by (time, length), with the arc that comes last: the plainest form
 * of Dijkstra's algorithm, not led on from vertices to which the way is longer than most_m. */
static void all_ways(uint32_t s, double most_m) {
    bool done[MAKER_VERTICES] = {false};
    for (uint32_t v = 0; v < small->n_vertices; v++)
        way_ms[v] = v == s ? 0 : INT64_MAX;
    way_mm[s] = 0;
    way_arc[s] = SGP_NONE;
    for (;;) {
        uint32_t u = SGP_NONE;
        for (uint32_t v = 0; v < small->n_vertices; v++)
            if (!done[v] && way_ms[v] < INT64_MAX && (u == SGP_NONE || is_before(v, u)))
                u = v;
        if (u == SGP_NONE)
            return;
        done[u] = true;
        for (uint32_t a = small->first_arc[u]; a < small->first_arc[u + 1]; a++) {
            uint32_t v = small->arc_head[a];
            int64_t ms = way_ms[u] + small->weight[a], mm = way_mm[u];
            if (small->arc_edge[a] != SGP_NONE)
                mm += small->edges[small->arc_edge[a] >> 1].length_mm;
            if (small->weight[a] >= SGP_INF || way_mm[u] > most_m * 1000 || ms > way_ms[v] ||
                (ms == way_ms[v] && mm >= way_mm[v]))
                continue;
            way_ms[v] = ms;
            way_mm[v] = mm;
            way_arc[v] = a;
        }
    }
}

static uint32_t own_arc(uint32_t move) {
    const sgp_edge *e = &small->edges[move >> 1];
    return move & 1 ? e->backward_arc : e->forward_arc;
}

/* Moves of the way to v into moves (from the front); returns how many. */
static int moves_of_way(uint32_t v, uint32_t moves[64]) {
    int n = 0;
    for (; way_arc[v] != SGP_NONE; v = tail_of[way_arc[v]])
        if (small->arc_edge[way_arc[v]] != SGP_NONE)
            moves[n++] = small->arc_edge[way_arc[v]];
    for (int i = 0; i < n / 2; i++) {
        uint32_t swapped = moves[i];
        moves[i] = moves[n - 1 - i];
        moves[n - 1 - i] = swapped;
    }
    return n;
}

/* The rules of match_model.h in its own words. `moves` gets the moves after a's. */
static double oracle_step(const option *a, const option *b, double straight, double seconds,
                          double accuracy, double radii, uint32_t moves[64], int *n_moves) {
    double scale = 10 + straight / 50;
    double most = fmin(2 * straight + 500, 50 * seconds + radii);
    double on = b->driven_m - a->driven_m;
    *n_moves = 0;
    if (a->move == b->move && on >= -3 * accuracy && on <= most)
        return fabs(on - straight) / scale;
    uint32_t arc = own_arc(a->move), head = small->arc_head[arc];
    all_ways(head, most);
    double rest = small->edges[a->move >> 1].length_mm / 1000.0 - a->driven_m;
    double best = INFINITY, best_ms = INFINITY, best_m = INFINITY;
    for (uint32_t last = 0; last < small->n_arcs; last++) {
        if (small->arc_edge[last] != b->move || small->weight[last] >= SGP_INF ||
            way_ms[tail_of[last]] == INT64_MAX)
            continue;
        double share = b->driven_m * 1000 / small->edges[b->move >> 1].length_mm;
        double ms = way_ms[tail_of[last]] + floor(share * small->weight[last] + 1e-9);
        double m = way_mm[tail_of[last]] / 1000.0 + b->driven_m;
        if (ms > best_ms || (ms == best_ms && m >= best_m))
            continue;
        best_ms = ms;
        best_m = m;
        *n_moves = moves_of_way(tail_of[last], moves);
        moves[(*n_moves)++] = b->move;
        int turns = moves[0] == (a->move ^ 1);
        turns += *n_moves > 1 && moves[*n_moves - 2] == (b->move ^ 1);
        best = rest + m > most ? INFINITY : fabs(rest + m - straight) / scale + 5 * turns;
    }
    return best;
}

typedef struct chains {
    const sgp_track_point *track;
    int n_layers;
    option options[MOST_LAYERS][MOST_CHOICES];
    int n[MOST_LAYERS];
    double step[MOST_LAYERS][MOST_CHOICES][MOST_CHOICES]; /* [l][i][j]: from l - 1 */
    double best, sum;
    int now[MOST_LAYERS];
    double mass[MOST_LAYERS][MOST_CHOICES];
} chains;

static void try_chains(chains *c, int layer, double cost) {
    if (layer == c->n_layers) {
        c->best = fmin(c->best, cost);
        c->sum += exp(-cost);
        for (int l = 0; l < layer; l++)
            c->mass[l][c->now[l]] += exp(-cost);
        return;
    }
    for (int j = 0; j < c->n[layer]; j++) {
        double step = layer > 0 ? c->step[layer][c->now[layer - 1]][j] : 0;
        if (isinf(step))
            continue;
        c->now[layer] = j;
        try_chains(c, layer + 1, cost + step + c->options[layer][j].cost);
    }
}

static double bearing_of(uint32_t move) {
    const sgp_edge *e = &small->edges[move >> 1];
    sgp_point a = small->points[e->first_point];
    sgp_point b = small->points[e->first_point + e->n_points - 1];
    return move & 1 ? drive_bearing(b, a) : drive_bearing(a, b);
}

static void oracle_layer(chains *c, const sgp_graph *graph, int l, double radius) {
    sgp_snap_wish wish = {.radius_m = radius};
    sgp_snap snaps[12];
    size_t n = 0;
    assert_int_equal(sgp_graph_snap_wish(graph, c->track[l].point, &wish, snaps, 12, &n), SGP_OK);
    for (size_t i = 0; i < n; i++)
        for (uint32_t back = 0; back < 2; back++) {
            uint32_t move = snaps[i].edge << 1 | back;
            if (own_arc(move) == SGP_NONE || small->weight[own_arc(move)] >= SGP_INF)
                continue;
            double length = small->edges[snaps[i].edge].length_mm / 1000.0;
            double offset = snaps[i].offset_mm / 1000.0;
            double r = snaps[i].on_foot_mm / 1000.0 / c->track[l].accuracy_m;
            double cost = r <= 2 ? r * r / 2 : 2 * r - 2;
            if (c->track[l].heading_deg >= 0) {
                double off = fabs(c->track[l].heading_deg - bearing_of(move));
                off = (off > 180 ? 360 - off : off) / 25;
                cost += fmin(off * off / 2, 6);
            }
            c->options[l][c->n[l]++] = (option){move, back ? length - offset : offset, cost};
        }
}

/* A random graph of straight streets, with some twin vertices, turns and copies. */
static sgp_graph *random_small(uint64_t *seed) {
    maker_begin(&maker);
    for (uint32_t v = 0; v < SMALL; v++)
        maker_vertex(&maker, (int32_t)maker_below(seed, 600 * METRE),
                     (int32_t)maker_below(seed, 600 * METRE), 100 + v);
    maker_vertex(&maker, maker.vertex_point[0].lon_e7, maker.vertex_point[0].lat_e7, 100);
    for (int e = 0; e < 14; e++) {
        uint32_t u = maker_below(seed, SMALL + 1), v = maker_below(seed, SMALL);
        if (sgp_point_equal(maker.vertex_point[u], maker.vertex_point[v]))
            continue;
        int32_t there = 1000 + (int32_t)maker_below(seed, 40000);
        int32_t back =
            maker_below(seed, 3) ? 1000 + (int32_t)maker_below(seed, 40000) : MAKER_NO_ARC;
        maker_edge(&maker, u, v, there, back, NULL, 0, 0, NULL, SGP_EDGE_MAIN);
    }
    maker_connector(&maker, 0, SMALL, (int32_t)maker_below(seed, 9000));
    if (maker.n_arcs > 6 && maker_below(seed, 2)) { /* a copy that comes from the twin */
        for (uint32_t a = 0; a < maker.n_arcs - 1; a++)
            if (maker.arcs[a].tail == 0) {
                maker_copy(&maker, a, SMALL, maker.arcs[a].head, maker.arcs[a].weight + 77);
                break;
            }
    }
    return write_and_open();
}

static int choice_of(const chains *c, int l, const sgp_matched_point *point) {
    uint32_t move = point->snap.edge << 1 | (point->snap.directions == SGP_AGAINST);
    for (int j = 0; j < c->n[l]; j++)
        if (c->options[l][j].move == move)
            return j;
    return -1;
}

/* Returns whether the track matched as one piece. */
static bool check_track(const sgp_graph *graph, sgp_matcher *by, const sgp_track_point *track,
                        int n) {
    static chains c;
    static uint32_t moves[MOST_LAYERS][MOST_CHOICES][MOST_CHOICES][64];
    static int n_moves[MOST_LAYERS][MOST_CHOICES][MOST_CHOICES];
    double radius = 120;
    memset(&c, 0, sizeof c);
    c.track = track;
    c.n_layers = n;
    c.best = INFINITY;
    for (int l = 0; l < n; l++) {
        oracle_layer(&c, graph, l, radius);
        for (int i = 0; l > 0 && i < c.n[l - 1]; i++)
            for (int j = 0; j < c.n[l]; j++)
                c.step[l][i][j] = oracle_step(&c.options[l - 1][i], &c.options[l][j],
                                              sgp_distance_m(track[l - 1].point, track[l].point),
                                              (double)(track[l].at_ms - track[l - 1].at_ms) / 1000,
                                              fmax(track[l - 1].accuracy_m, track[l].accuracy_m),
                                              2 * radius, moves[l][i][j], &n_moves[l][i][j]);
    }
    try_chains(&c, 0, 0);
    sgp_match_options o = {.radius_m = radius};
    sgp_match match;
    assert_int_equal(sgp_matcher_match(by, track, (size_t)n, &o, &match), SGP_OK);
    bool whole = match.n_pieces == 1;
    for (int l = 0; l < n; l++)
        whole = whole && match.points[l].matched;
    assert_int_equal(whole, !isinf(c.best));
    if (whole) {
        double cost = 0, sure = 0;
        size_t at = 0;
        int before = 0;
        for (int l = 0; l < n; l++) {
            int j = choice_of(&c, l, &match.points[l]);
            assert_true(j >= 0);
            cost += c.options[l][j].cost + (l > 0 ? c.step[l][before][j] : 0);
            sure += c.mass[l][j] / c.sum / n;
            if (l == 0)
                assert_int_equal(match.moves[at++], c.options[l][j].move);
            for (int k = 0; l > 0 && k < n_moves[l][before][j]; k++)
                assert_int_equal(match.moves[at++], moves[l][before][j][k]);
            assert_int_equal(match.points[l].first_move, at - 1);
            before = j;
        }
        assert_int_equal(at, match.n_moves);
        assert_true(fabs(cost - c.best) < 1e-6);
        assert_true(fabs(sure - match.pieces[0].confidence) < 1e-6);
    }
    sgp_match_free(&match);
    return whole;
}

static void test_matcher_equals_every_chain(void **state) {
    (void)state;
    uint64_t seed = 77;
    int whole = 0, tracks = 0;
    for (int round = 0; round < 300; round++) {
        sgp_graph *graph = random_small(&seed);
        sgp_matcher *by;
        assert_int_equal(sgp_matcher_create(graph, NULL, &by), SGP_OK);
        small = sgp_graph_get(graph);
        for (uint32_t v = 0; v < small->n_vertices; v++)
            for (uint32_t a = small->first_arc[v]; a < small->first_arc[v + 1]; a++)
                tail_of[a] = v;
        for (int t = 0; t < 5; t++, tracks++) {
            sgp_track_point track[MOST_LAYERS];
            int n = 2 + (int)maker_below(&seed, MOST_LAYERS - 1);
            double east = maker_below(&seed, 500), north = maker_below(&seed, 500);
            for (int l = 0; l < n; l++) {
                track[l] = seen(1 + l * 9, east, north);
                track[l].accuracy_m = 10 + maker_below(&seed, 40);
                if (maker_below(&seed, 2))
                    track[l].heading_deg = maker_below(&seed, 360);
                east += (double)maker_below(&seed, 240) - 120;
                north += (double)maker_below(&seed, 240) - 120;
            }
            whole += check_track(graph, by, track, n);
        }
        sgp_matcher_destroy(by);
        sgp_graph_close(graph);
    }
    assert_true(whole > tracks / 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_matcher_goes_around_where_it_was_seen),
        cmocka_unit_test(test_matcher_dead_end_and_back),
        cmocka_unit_test(test_matcher_heading_on_parallel_carriageways),
        cmocka_unit_test(test_matcher_accuracy_decides_how_far_to_trust),
        cmocka_unit_test(test_matcher_jump_breaks_the_piece),
        cmocka_unit_test(test_matcher_gaps),
        cmocka_unit_test(test_matcher_tidy),
        cmocka_unit_test(test_matcher_nowhere_and_nonsense),
        cmocka_unit_test(test_matcher_teaches),
        cmocka_unit_test(test_matcher_equals_every_chain),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
