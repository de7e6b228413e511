/* Real extracts import into graphs that hold together. Skipped where the data
 * are absent (SIGAP_DATA). */
#include <stdio.h>
#include <unistd.h>

#include "osm_checks.h"
#include "route/osm_graph.h"

enum { SKIPPED = 77 };

static const struct {
    const char *name;
    uint64_t nodes, ways; /* as published beside the files */
    bool left;
    double least_main; /* share of the edges: a whole city hangs together, a clipping less */
} extracts[] = {
    {"bayfront_singapore", 2843, 468, true, 0.2},
    {"jakarta-2012", 60404, 18574, true, 0.9},
    {"liechtenstein-2013-08-03", 65733, 7121, false, 0.9},
    {"oslo-east", 85249, 14893, false, 0.9},
    {"osrm_monaco", 180118, 27377, false, 0.9},
    {"porto_portugal", 347944, 51458, false, 0.9},
};

static const char *folder;

static const char *path_of(const char *name) {
    static char path[500];
    snprintf(path, sizeof path, "%s/osm/%s.osm.pbf", folder, name);
    return path;
}

static void test_osm_extracts_import(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof extracts / sizeof *extracts; i++) {
        const char *path = path_of(extracts[i].name);
        if (access(path, R_OK) != 0)
            continue;
        sgp_osm_graph *graph;
        sgp_fault fault = {0};
        const sgp_city_id city = {{1}};
        if (sgp_osm_graph_read(path, &city, extracts[i].name, NULL, NULL, &graph, &fault) != SGP_OK)
            fail_msg("%s", fault.text);
        const sgp_graph_parts *p = sgp_osm_graph_parts(graph);
        const sgp_osm_counts *counts = sgp_osm_graph_counts(graph);
        osm_check_graph(p);
        assert_int_equal(counts->nodes, extracts[i].nodes);
        assert_int_equal(counts->ways, extracts[i].ways);
        assert_int_equal(p->drives_left, extracts[i].left);
        assert_int_equal(counts->missing_nodes, 0);
        uint32_t n_main = 0;
        for (uint32_t e = 0; e < p->n_edges; e++)
            n_main += p->edges[e].flags & SGP_EDGE_MAIN;
        assert_true(n_main >= extracts[i].least_main * p->n_edges);
        printf("%-26s %6llu car ways %6u vertices %6u arcs %6u edges %5.1f %% main "
               "%3llu restrictions used %2llu not %3llu crossings expanded "
               "%6u foot vertices %6u doors\n",
               extracts[i].name, (unsigned long long)counts->car_ways, p->n_vertices, p->n_arcs,
               p->n_edges, 100.0 * n_main / p->n_edges, (unsigned long long)counts->restrictions,
               (unsigned long long)counts->restrictions_ignored,
               (unsigned long long)counts->expanded, p->n_foot_vertices, p->n_foot_doors);
        sgp_osm_graph_destroy(graph);
    }
}

int main(void) {
    folder = getenv("SIGAP_DATA");
    if (!folder)
        folder = SIGAP_SOURCE_DIR "/../shared/data";
    bool any = false;
    for (size_t i = 0; i < sizeof extracts / sizeof *extracts; i++)
        any = any || access(path_of(extracts[i].name), R_OK) == 0;
    if (!any) {
        printf("no extracts under %s/osm: skipped\n", folder);
        return SKIPPED;
    }
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_osm_extracts_import)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
