/* Where streets meet on real maps, held to the extract's own ways: whatever names meet at a node
 * of the extract meet at a junction, and a junction has no name that does not come by. Skipped
 * where the data are absent (SIGAP_DATA). */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "route/junctions.h"
#include "route/osm_graph.h"

enum { SKIPPED = 77 };

static const char *const extracts[] = {"bayfront_singapore", "jakarta-2012", "oslo-east",
                                       "osrm_monaco", "porto_portugal"};

static const char *path_of(const char *name) {
    static char path[500];
    const char *folder = getenv("SIGAP_DATA");
    snprintf(path, sizeof path, "%s/osm/%s.osm.pbf",
             folder ? folder : SIGAP_SOURCE_DIR "/../shared/data", name);
    return path;
}

/* ---- the extract's ways ------------------------------------------------------------ */

typedef struct way_name {
    int64_t way;
    uint32_t name;
} way_name;

typedef struct node_name { /* this name passes this node */
    int64_t node;
    uint32_t name;
} node_name;

typedef struct survey {
    way_name *ways;
    size_t n_ways;
    node_name *nodes;
    size_t n_nodes, capacity;
} survey;

static int compare_ways(const void *left, const void *right) {
    const way_name *a = left, *b = right;
    return (a->way > b->way) - (a->way < b->way);
}

static int compare_nodes(const void *left, const void *right) {
    const node_name *a = left, *b = right;
    if (a->node != b->node)
        return a->node < b->node ? -1 : 1;
    return (a->name > b->name) - (a->name < b->name);
}

static sgp_err visit(void *ctx, int64_t way, const int64_t *nodes, size_t n_nodes, uint8_t forth,
                     uint8_t back) {
    (void)forth, (void)back;
    survey *s = ctx;
    const way_name key = {.way = way};
    const way_name *named = bsearch(&key, s->ways, s->n_ways, sizeof key, compare_ways);
    if (!named || named->name == 0)
        return SGP_OK;
    for (size_t i = 0; i < n_nodes; i++) {
        if (s->n_nodes == s->capacity) {
            s->capacity = s->capacity * 2 + 1000;
            s->nodes = realloc(s->nodes, s->capacity * sizeof *s->nodes);
            assert_non_null(s->nodes);
        }
        s->nodes[s->n_nodes++] = (node_name){nodes[i], named->name};
    }
    return SGP_OK;
}

static survey look_at_ways(const char *path, const sgp_graph_parts *p) {
    survey s = {.ways = malloc((size_t)p->n_edges * sizeof *s.ways)};
    assert_non_null(s.ways);
    for (uint32_t e = 0; e < p->n_edges; e++)
        s.ways[s.n_ways++] = (way_name){p->edges[e].way, p->edges[e].name};
    qsort(s.ways, s.n_ways, sizeof *s.ways, compare_ways);
    sgp_fault fault = {0};
    assert_int_equal(sgp_osm_roads_each(path, visit, &s, &fault), SGP_OK);
    qsort(s.nodes, s.n_nodes, sizeof *s.nodes, compare_nodes);
    return s;
}

/* ---- both ways --------------------------------------------------------------------- */

static bool has_name(const sgp_junctions *j, const sgp_junction *junction, uint32_t name) {
    for (uint32_t i = 0; i < junction->n_names; i++)
        if (j->names[junction->first_name + i] == name)
            return true;
    return false;
}

static bool point_of_node(const sgp_graph_parts *p, int64_t node, sgp_point *point) {
    for (uint32_t v = 0; v < p->n_vertices; v++)
        if (p->vertex_node[v] == node) {
            *point = p->vertex_point[v];
            return true;
        }
    return false;
}

/* The nearest junction with both names. */
static double nearest_m(const sgp_junctions *j, sgp_point point, uint32_t a, uint32_t b,
                        const sgp_junction **which) {
    double nearest = 1e9;
    for (size_t i = 0; i < j->n; i++)
        if (has_name(j, &j->items[i], a) && has_name(j, &j->items[i], b) &&
            sgp_distance_m(j->items[i].point, point) < nearest) {
            nearest = sgp_distance_m(j->items[i].point, point);
            *which = &j->items[i];
        }
    return nearest;
}

/* What meets at nodes is found; every `step`th node is looked at. */
static size_t check_meetings(const survey *s, const sgp_graph_parts *p, const sgp_junctions *j,
                             size_t step, double *furthest_m, size_t *far) {
    size_t checked = 0, seen = 0;
    for (size_t i = 0; i + 1 < s->n_nodes; i++) {
        const node_name *a = &s->nodes[i], *b = &s->nodes[i + 1];
        sgp_point point;
        if (a->node != b->node || a->name == b->name || seen++ % step != 0)
            continue;
        assert_true(point_of_node(p, a->node, &point));
        const sgp_junction *junction = NULL;
        double away = nearest_m(j, point, a->name, b->name, &junction);
        /* Three mouths of a gang in a row, 40 m from each to the next, are one junction. */
        if (away > 2.5 * SGP_JUNCTION_SAME_M &&
            !(junction && junction->kind == SGP_JUNCTION_ROUNDABOUT && away < 200))
            fail_msg("'%s' and '%s' meet at node %lld, %.0f m from a junction", p->names + a->name,
                     p->names + b->name, (long long)a->node, away);
        *furthest_m = away > *furthest_m ? away : *furthest_m;
        *far += away > SGP_JUNCTION_SAME_M;
        checked++;
    }
    return checked;
}

/* How near a name comes to a point, on roads and on foot. */
static double name_comes_by_m(const sgp_graph_parts *p, const char *name, sgp_point point) {
    double nearest = 1e9;
    for (uint32_t e = 0; e < p->n_edges; e++) {
        const sgp_edge *edge = &p->edges[e];
        for (uint32_t k = 0; strcmp(p->names + edge->name, name) == 0 && k < edge->n_points; k++)
            nearest = fmin(nearest, sgp_distance_m(p->points[edge->first_point + k], point));
    }
    for (uint32_t v = 0; v < p->n_foot_vertices; v++)
        for (uint32_t a = p->foot_first_arc[v]; a < p->foot_first_arc[v + 1]; a++)
            if (strcmp(p->names + p->foot_arcs[a].name, name) == 0)
                nearest = fmin(nearest, sgp_distance_m(p->foot_point[v], point));
    return nearest;
}

/* No name is made up: each comes by within the junction's reach. */
static void check_names_come_by(const sgp_graph_parts *p, const sgp_junctions *j, size_t step) {
    for (size_t i = 0; i < j->n; i += step) {
        const sgp_junction *junction = &j->items[i];
        for (uint32_t n = 0; n < junction->n_names; n++) {
            const char *name = p->names + j->names[junction->first_name + n];
            double away = name_comes_by_m(p, name, junction->point);
            if (away > (junction->kind == SGP_JUNCTION_ROUNDABOUT ? 200 : 100))
                fail_msg("'%s' is %.0f m from its junction", name, away);
        }
    }
}

static void check_extract(const char *name) {
    sgp_osm_graph *graph;
    sgp_fault fault = {0};
    const sgp_city_id city = {{1}};
    if (sgp_osm_graph_read(path_of(name), &city, name, NULL, NULL, &graph, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    const sgp_graph_parts *p = sgp_osm_graph_parts(graph);
    struct timespec before, after;
    sgp_junctions j;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &before);
    assert_int_equal(sgp_junctions_find(p, &j), SGP_OK);
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &after);
    size_t kinds[3] = {0}, named_twice = 0, arms[6] = {0};
    for (size_t i = 0; i < j.n; i++) {
        kinds[j.items[i].kind]++;
        named_twice += j.items[i].n_names > 1;
        arms[j.items[i].arms < 5 ? j.items[i].arms : 5]++;
    }
    survey s = look_at_ways(path_of(name), p);
    double furthest_m = 0;
    size_t far = 0;
    size_t checked = check_meetings(&s, p, &j, 1 + s.n_nodes / 20000, &furthest_m, &far);
    check_names_come_by(p, &j, 1 + j.n / 100);
    printf("%-20s %6zu junctions, %6zu of two names or more; %4zu roundabouts, %5zu mouths; "
           "arms 2: %zu, 3: %zu, 4: %zu, more: %zu; %zu meetings checked, %zu over 40 m off, at "
           "most %.0f m; "
           "%.0f ms\n",
           name, j.n, named_twice, kinds[SGP_JUNCTION_ROUNDABOUT], kinds[SGP_JUNCTION_MOUTH],
           arms[2], arms[3], arms[4], arms[5], checked, far, furthest_m,
           (double)(after.tv_sec - before.tv_sec) * 1e3 +
               (double)(after.tv_nsec - before.tv_nsec) / 1e6);
    assert_true(checked > 0);
    free(s.ways);
    free(s.nodes);
    sgp_junctions_free(&j);
    sgp_osm_graph_destroy(graph);
}

static void test_junctions_extracts(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof extracts / sizeof *extracts; i++)
        if (access(path_of(extracts[i]), R_OK) == 0)
            check_extract(extracts[i]);
}

int main(void) {
    bool any = false;
    for (size_t i = 0; i < sizeof extracts / sizeof *extracts; i++)
        any = any || access(path_of(extracts[i]), R_OK) == 0;
    if (!any) {
        printf("no extracts: skipped\n");
        return SKIPPED;
    }
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_junctions_extracts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
