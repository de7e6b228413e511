/* Snapping with wishes against looking at every segment of every edge: on random
 * little graphs with three profiles, and on Porto where its extract is present.
 *
 * The oracle shares no code with the router. It measures in polar terms: bearings by
 * atan2 and sides by the angle between the arms of a bend, where the router compares
 * signs of areas.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "graph_maker.h"
#include "route/osm_graph.h"
#include "sigap/router.h"

enum { ROUNDS = 3000, WISHES = 20, PORTO_WISHES = 250, PROFILES = 3, MOST_ANSWERS = 12 };

static graph_maker maker;
static int32_t weights[PROFILES * MAKER_ARCS];
static const sgp_profile profiles[PROFILES] = {{.name = "a"}, {.name = "b"}, {.name = "c"}};
static char folder[64];
static char path[128];

/* How often each kind of case was met, since a test that meets none proves nothing. */
static size_t n_answers, n_limited, n_one_direction, n_full, n_bends;

/* ---- the oracle ---------------------------------------------------------------- */

/* What the oracle knows of one segment. */
typedef struct fact {
    double metres;
    unsigned sure;     /* directions that certainly fulfil the wish */
    unsigned possible; /* and those that might, within the error of floating point */
} fact;

typedef struct oracle {
    const sgp_graph_parts *parts;
    sgp_point point;
    const sgp_snap_wish *wish;
    double lon_m, lat_m;
} oracle;

typedef struct vector {
    double x, y;
} vector;

static vector from_point(const oracle *o, sgp_point p) {
    return (vector){(sgp_lon(p) - sgp_lon(o->point)) * o->lon_m,
                    (sgp_lat(p) - sgp_lat(o->point)) * o->lat_m};
}

/* Degrees counter-clockwise from one direction to another, 0..360. */
static double ccw_deg(vector from, vector to) {
    double deg = (atan2(to.y, to.x) - atan2(from.y, from.x)) * 180 / acos(-1);
    return deg < 0 ? deg + 360 : deg;
}

static vector minus(vector a, vector b) {
    return (vector){a.x - b.x, a.y - b.y};
}

/* 1 left, 2 right, 0 cannot be told. */
static int side_at(const oracle *o, const sgp_point *points, uint32_t n, uint32_t segment,
                   double along) {
    vector a = from_point(o, points[segment]);
    vector b = from_point(o, points[segment + 1]);
    vector here = {0, 0};
    if (along > 0 && along < 1) {
        double deg = ccw_deg(minus(b, a), minus(here, a));
        return fabs(remainder(deg, 180)) < 1e-7 ? 0 : deg < 180 ? 1 : 2;
    }
    uint32_t corner = segment + (along >= 1);
    vector c = from_point(o, points[corner]);
    vector ahead =
        minus(corner + 1 < n ? from_point(o, points[corner + 1]) : b, corner + 1 < n ? c : a);
    vector behind = minus(corner > 0 ? from_point(o, points[corner - 1]) : a, corner > 0 ? c : b);
    if (hypot(ahead.x, ahead.y) == 0 || hypot(behind.x, behind.y) == 0)
        return 0;
    n_bends += corner > 0 && corner + 1 < n;
    double open = ccw_deg(ahead, behind);
    double deg = ccw_deg(ahead, minus(here, c));
    if (open < 1e-7 || open > 360 - 1e-7 || fabs(remainder(deg, 360)) < 1e-7 ||
        fabs(deg - open) < 1e-7)
        return 0;
    return deg < open ? 1 : 2;
}

static void limit_by_kerb(const oracle *o, const sgp_edge *e, uint32_t segment, double along,
                          unsigned usable, fact *f) {
    if (!o->wish->kerb || usable != (SGP_ALONG | SGP_AGAINST) || f->metres < 0.0004)
        return;
    int side = side_at(o, o->parts->points + e->first_point, e->n_points, segment, along);
    if (side == 0 || f->metres < 0.0006) {
        f->sure = 0;
        return;
    }
    unsigned kerb = (side == 1) == (o->parts->drives_left == 1) ? SGP_ALONG : SGP_AGAINST;
    f->sure &= kerb;
    f->possible &= kerb;
}

static void limit_by_heading(const oracle *o, vector way, fact *f) {
    if (!o->wish->has_heading)
        return;
    unsigned sure = 0;
    unsigned possible = 0;
    for (unsigned direction = SGP_ALONG; direction <= SGP_AGAINST; direction++) {
        if (hypot(way.x, way.y) == 0)
            break;
        double bearing = 90 - atan2(way.y, way.x) * 180 / acos(-1);
        bearing += direction == SGP_AGAINST ? 180 : 0;
        double off = fmod(fabs(bearing - o->wish->heading_deg), 360);
        off = off > 180 ? 360 - off : off;
        if (off < o->wish->heading_within_deg - 1e-7)
            sure |= direction;
        if (off < o->wish->heading_within_deg + 1e-7)
            possible |= direction;
    }
    f->sure &= sure;
    f->possible &= possible;
}

static fact look_at(const oracle *o, const sgp_edge *e, uint32_t segment) {
    const sgp_graph_parts *p = o->parts;
    const int32_t *weight = p->weight + (size_t)o->wish->profile * p->n_arcs;
    unsigned usable = 0;
    if (e->forward_arc != SGP_NONE && weight[e->forward_arc] < SGP_INF)
        usable |= SGP_ALONG;
    if (e->backward_arc != SGP_NONE && weight[e->backward_arc] < SGP_INF)
        usable |= SGP_AGAINST;
    if (!(e->main_profiles & 1u << o->wish->profile) ||
        (o->wish->without_classes & 1u << e->road_class))
        usable = 0;
    vector a = from_point(o, p->points[e->first_point + segment]);
    vector b = from_point(o, p->points[e->first_point + segment + 1]);
    vector way = minus(b, a);
    double length = hypot(way.x, way.y);
    double along = length > 0 ? -(a.x * way.x + a.y * way.y) / (length * length) : 0;
    fact f = {.metres = along <= 0   ? hypot(a.x, a.y)
                        : along >= 1 ? hypot(b.x, b.y)
                                     : fabs(a.x * b.y - a.y * b.x) / length,
              .sure = usable,
              .possible = usable};
    if (f.metres > o->wish->radius_m + 1)
        f.sure = f.possible = 0;
    if (f.possible == 0)
        return f;
    limit_by_heading(o, way, &f);
    limit_by_kerb(o, e, segment, fmin(fmax(along, 0), 1), usable, &f);
    return f;
}

/* Metres to the edge at which it surely, and at which it possibly, fulfils the wish. */
static void look_at_edge(const oracle *o, const sgp_edge *e, double *sure, double *possible) {
    *sure = *possible = INFINITY;
    for (uint32_t i = 0; i + 1 < e->n_points; i++) {
        fact f = look_at(o, e, i);
        if (f.sure != 0)
            *sure = fmin(*sure, f.metres);
        if (f.possible != 0)
            *possible = fmin(*possible, f.metres);
    }
}

/* Does a segment, as near as the answer says, justify the answer's directions? */
static bool directions_hold(const oracle *o, const sgp_edge *e, const sgp_snap *snap) {
    bool limited = o->wish->has_heading || o->wish->kerb;
    for (uint32_t i = 0; i + 1 < e->n_points; i++) {
        fact f = look_at(o, e, i);
        unsigned told = snap->directions ? snap->directions : SGP_ALONG | SGP_AGAINST;
        if (fabs(f.metres - snap->on_foot_mm / 1000.0) > 0.0015 || f.possible == 0)
            continue;
        if (!limited ? snap->directions == 0
                     : (told & f.possible) == told && (f.sure & told) == f.sure)
            return true;
    }
    return false;
}

/* ---- comparing ------------------------------------------------------------------- */

static void check_answers(const oracle *o, const sgp_snap *snaps, size_t n, size_t capacity) {
    const sgp_graph_parts *p = o->parts;
    for (size_t i = 0; i < n; i++) {
        const sgp_snap *snap = &snaps[i];
        const sgp_edge *e = &p->edges[snap->edge];
        double metres = snap->on_foot_mm / 1000.0;
        assert_true(snap->offset_mm <= e->length_mm);
        assert_true(metres <= o->wish->radius_m + 0.001);
        assert_true(fabs(sgp_distance_m(o->point, snap->road) - metres) < 0.05 + metres * 1e-4);
        assert_true(directions_hold(o, e, snap));
        if (i > 0)
            assert_true(
                snaps[i - 1].on_foot_mm < snap->on_foot_mm ||
                (snaps[i - 1].on_foot_mm == snap->on_foot_mm && snaps[i - 1].edge < snap->edge));
        n_one_direction += snap->directions != 0;
    }
    n_answers += n;
    n_full += n == capacity;
    n_limited += o->wish->has_heading || o->wish->kerb;
    /* Nothing was overlooked, and every answer is as near as its edge comes. */
    double worst = n == capacity ? snaps[n - 1].on_foot_mm / 1000.0 : o->wish->radius_m;
    for (uint32_t e = 0; e < p->n_edges; e++) {
        double sure, possible;
        look_at_edge(o, &p->edges[e], &sure, &possible);
        const sgp_snap *answer = NULL;
        for (size_t i = 0; i < n; i++)
            answer = snaps[i].edge == e ? &snaps[i] : answer;
        if (answer) {
            assert_true(answer->on_foot_mm / 1000.0 > possible - 0.0015);
            assert_true(answer->on_foot_mm / 1000.0 < sure + 0.0015);
        } else {
            assert_true(sure > worst - 0.0015);
        }
    }
}

static void ask(const sgp_graph *graph, sgp_point point, const sgp_snap_wish *wish,
                size_t capacity) {
    const double degree_m = 6371008.8 * acos(-1) / 180;
    oracle o = {.parts = sgp_graph_get(graph),
                .point = point,
                .wish = wish,
                .lon_m = degree_m * cos(sgp_lat(point) * acos(-1) / 180),
                .lat_m = degree_m};
    sgp_snap snaps[MOST_ANSWERS];
    size_t n = 99;
    assert_int_equal(sgp_graph_snap_wish(graph, point, wish, snaps, capacity, &n), SGP_OK);
    assert_true(n <= capacity);
    check_answers(&o, snaps, n, capacity);
}

static sgp_snap_wish random_wish(uint64_t *random, uint32_t n_profiles) {
    sgp_snap_wish wish = {.radius_m = maker_below(random, 3) ? 2000 : 150.37,
                          .profile = maker_below(random, n_profiles)};
    if (maker_below(random, 3)) {
        wish.has_heading = true;
        wish.heading_deg = maker_below(random, 2) ? 45.0 * maker_below(random, 8)
                                                  : (int32_t)maker_below(random, 2000) - 1000;
        wish.heading_within_deg = maker_below(random, 8) ? maker_below(random, 90) : 180;
    }
    wish.kerb = maker_below(random, 2);
    if (!maker_below(random, 4))
        wish.without_classes = maker_below(random, 1u << SGP_ROAD_CLASSES);
    return wish;
}

/* ---- random graphs ----------------------------------------------------------------- */

/* On a coarse grid, so that places coincide and distances are often equal. */
static sgp_point random_point(uint64_t *random) {
    return (sgp_point){(int32_t)maker_below(random, 12) * 1000,
                       (int32_t)maker_below(random, 12) * 1000};
}

static sgp_graph *random_graph(uint64_t *random) {
    maker_begin(&maker);
    uint32_t n = 2 + maker_below(random, 8);
    for (uint32_t v = 0; v < n; v++) {
        sgp_point p = random_point(random);
        maker_vertex(&maker, p.lon_e7, p.lat_e7, v);
    }
    uint32_t n_edges = 1 + maker_below(random, 2 * n);
    for (uint32_t e = 0; e < n_edges; e++) {
        sgp_point between[40];
        uint32_t n_between = maker_below(random, 8) ? maker_below(random, 5) : 40;
        for (uint32_t i = 0; i < n_between; i++)
            between[i] = random_point(random);
        int32_t forward = maker_below(random, 4) ? 1000 : MAKER_NO_ARC;
        int32_t backward = maker_below(random, 3) ? 1000 : MAKER_NO_ARC;
        uint32_t number = maker_edge(&maker, maker_below(random, n), maker_below(random, n),
                                     forward, backward, between, n_between, 0, "", 0);
        sgp_edge *edge = &maker.edges[number];
        edge->road_class = (uint8_t)maker_below(random, SGP_ROAD_CLASSES);
        edge->main_profiles = (uint16_t)(maker_below(random, 3) ? 7 : maker_below(random, 8));
        edge->flags = edge->main_profiles & SGP_EDGE_MAIN;
    }
    sgp_graph_parts parts = *maker_finish(&maker);
    for (uint32_t i = 0; i < PROFILES * parts.n_arcs; i++)
        weights[i] = maker_below(random, 5) ? 1000 : SGP_INF;
    parts.n_profiles = PROFILES;
    parts.profiles = profiles;
    parts.weight = weights;
    parts.drives_left = (uint8_t)maker_below(random, 2);
    sgp_graph *graph = NULL;
    sgp_fault fault = {0};
    if (sgp_graph_write(path, &parts, NULL, &fault) != SGP_OK ||
        sgp_graph_open(path, &graph, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    return graph;
}

static void test_snap_random_graphs(void **state) {
    (void)state;
    for (uint64_t round = 1; round <= ROUNDS; round++) {
        uint64_t random = round * UINT64_C(0x9e3779b97f4a7c15);
        sgp_graph *graph = random_graph(&random);
        for (int i = 0; i < WISHES; i++) {
            sgp_point point = random_point(&random);
            if (maker_below(&random, 2)) { /* off the grid */
                point.lon_e7 += (int32_t)maker_below(&random, 1000) - 500;
                point.lat_e7 += (int32_t)maker_below(&random, 1000) - 500;
            }
            sgp_snap_wish wish = random_wish(&random, PROFILES);
            ask(graph, point, &wish, 1 + maker_below(&random, MOST_ANSWERS));
        }
        sgp_graph_close(graph);
    }
    assert_true(n_answers > (size_t)ROUNDS * WISHES);
    assert_true(n_full > (size_t)ROUNDS * WISHES / 10);
    assert_true(n_limited > (size_t)ROUNDS * WISHES / 2);
    assert_true(n_one_direction > n_answers / 4 && n_one_direction < n_answers * 3 / 4);
    assert_true(n_bends > (size_t)ROUNDS * WISHES);
}

/* ---- a city ------------------------------------------------------------------------- */

static void test_snap_porto(void **state) {
    (void)state;
    char extract[512];
    const char *data = getenv("SIGAP_DATA");
    snprintf(extract, sizeof extract, "%s/osm/porto_portugal.osm.pbf",
             data ? data : SIGAP_SOURCE_DIR "/../shared/data");
    if (access(extract, R_OK) != 0) {
        printf("skipped: %s is not there\n", extract);
        skip();
    }
    sgp_osm_graph *osm = NULL;
    sgp_graph *graph = NULL;
    sgp_fault fault = {0};
    const sgp_graph_making making = {.method = SGP_ORDER_METIS};
    if (sgp_osm_graph_read(extract, &(sgp_city_id){{1}}, "porto", NULL, NULL, &osm, &fault) !=
            SGP_OK ||
        sgp_graph_write(path, sgp_osm_graph_parts(osm), &making, &fault) != SGP_OK ||
        sgp_graph_open(path, &graph, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    sgp_osm_graph_destroy(osm);
    const sgp_graph_parts *p = sgp_graph_get(graph);
    uint64_t random = 119;
    for (int i = 0; i < PORTO_WISHES; i++) {
        /* A third exactly at crossings, where several roads are as near. */
        sgp_point point = p->vertex_point[maker_below(&random, p->n_vertices)];
        if (i % 3) {
            point.lon_e7 += (int32_t)maker_below(&random, 8000) - 4000;
            point.lat_e7 += (int32_t)maker_below(&random, 8000) - 4000;
        }
        sgp_snap_wish wish = random_wish(&random, p->n_profiles);
        ask(graph, point, &wish, 1 + maker_below(&random, MOST_ANSWERS));
    }
    sgp_graph_close(graph);
}

static int set_up(void **state) {
    (void)state;
    maker_folder(folder);
    snprintf(path, sizeof path, "%s/city.sgr", folder);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    unlink(path);
    return rmdir(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_snap_random_graphs),
        cmocka_unit_test(test_snap_porto),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
