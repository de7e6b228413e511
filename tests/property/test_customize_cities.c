/* Customization of whole cities, slot by slot: Porto with its turns, New York as the 9th
 * DIMACS challenge has it. Skipped where the data is not there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "graph_maker.h"
#include "customize_checks.h"
#include "route/dimacs.h"
#include "route/osm_graph.h"

static char folder[64];
static char path[128];

static const char *data(const char *name, char file[256]) {
    const char *root = getenv("SIGAP_DATA");
    snprintf(file, 256, "%s/%s", root ? root : "", name);
    return root && access(file, R_OK) == 0 ? file : NULL;
}

static sgp_graph *write_and_open(const sgp_graph_parts *parts) {
    sgp_graph *graph = NULL;
    sgp_fault fault = {0};
    sgp_graph_making quick = {.method = SGP_ORDER_METIS};
    if (sgp_graph_write(path, parts, &quick, &fault) != SGP_OK ||
        sgp_graph_open(path, &graph, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    return graph;
}

/* Bytes of a vertex that each part of the file takes, as the memory budget counts them. */
static void print_budget(const char *name, const sgp_graph *graph) {
    static const char *const names[] = {
#define SGP_SECTION_NAME(section, type) #section,
        SGP_GRAPH_SECTIONS(SGP_SECTION_NAME)
#undef SGP_SECTION_NAME
    };
    const sgp_file_header *header = graph->mapping;
    double n = graph->parts.n_vertices;
    for (uint32_t s = 0; s < header->n_sections; s++)
        if (header->sections[s].count > 0)
            printf("%-12s %-18s %7.2f bytes a vertex\n", name, names[s],
                   (double)header->sections[s].count * header->sections[s].element_bytes / n);
    size_t made = (graph->parts.n_arcs / SGP_TAIL_STEP + 1) * sizeof(uint32_t) +
                  graph->n_copies * sizeof(sgp_arc_copy) +
                  graph->hierarchy.n_fronts * sizeof(size_t) +
                  graph->plan->n_tasks * sizeof(sgp_customize_task);
    double metric = (double)graph->hierarchy.n_weights * sizeof(int32_t);
    printf("%-12s %-18s %7.2f\n%-12s %-18s %7.2f\n%-12s %-18s %7.2f\n%-12s %-18s %7.2f\n", name,
           "(file)", (double)header->file_bytes / n, name, "(made at opening)", (double)made / n,
           name, "(one metric)", metric / n, name, "(together)",
           ((double)header->file_bytes + (double)made + metric) / n);
}

static void check_city(const char *name, sgp_graph *graph, int changes) {
    print_budget(name, graph);
    const sgp_graph_parts *p = sgp_graph_get(graph);
    for (uint32_t i = 0; i < p->n_profiles; i++)
        customize_check_all(graph, p->weight + (size_t)i * p->n_arcs, i);
    customize_check_changes(graph, 1, changes, 30);
    sgp_graph_close(graph);
}

static void test_customize_porto(void **state) {
    (void)state;
    char file[256];
    if (!data("osm/porto_portugal.osm.pbf", file))
        skip();
    sgp_city_id id = {{1}};
    sgp_osm_graph *osm = NULL;
    sgp_fault fault = {0};
    if (sgp_osm_graph_read(file, &id, "porto", NULL, NULL, &osm, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    sgp_graph *graph = write_and_open(sgp_osm_graph_parts(osm));
    sgp_osm_graph_destroy(osm);
    check_city("porto", graph, 200);
}

static void test_customize_new_york(void **state) {
    (void)state;
    char arcs[256], coords[256];
    if (!data("graphs/USA-road-t.NY.gr.gz", arcs) || !data("graphs/USA-road-d.NY.co.gz", coords))
        skip();
    sgp_dimacs_graph *dimacs = NULL;
    sgp_fault fault = {0};
    if (sgp_dimacs_read(arcs, coords, "NY", NULL, &dimacs, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    sgp_graph *graph = write_and_open(sgp_dimacs_parts(dimacs));
    sgp_dimacs_destroy(dimacs);
    check_city("new york", graph, 60);
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
        cmocka_unit_test(test_customize_porto),
        cmocka_unit_test(test_customize_new_york),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
