/* `sigap import --graph-only`: a road graph without a database. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gis/import.h"
#include "osm_maker.h"

static char folder[64] = "/tmp/sigap-import-XXXXXX";
static char extract[96], graph_path[96];

static int set_up(void **state) {
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(extract, sizeof extract, "%s/town.osm.pbf", folder);
    snprintf(graph_path, sizeof graph_path, "%s/town.sgr", folder);
    osm_maker m = osm_maker_open(extract, "test");
    osm_node(&m, 1, 0, 0, "");
    osm_node(&m, 2, 100, 0, "");
    osm_node(&m, 3, 100, 100, "");
    osm_way(&m, 10, "1 2 3 1", "highway=residential");
    osm_maker_close(&m);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    unlink(extract);
    unlink(graph_path);
    return rmdir(folder); /* fails where a half-made file was left behind */
}

static sgp_import_options options(void) {
    return (sgp_import_options){.extract = extract, .graph_dir = folder, .graph_only = true};
}

/* Wants to stop as soon as a phase of this name is told. */
static int stop_at(void *ctx, const char *phase, uint64_t done, uint64_t total) {
    (void)done;
    (void)total;
    return strcmp(phase, ctx) == 0;
}

static void test_import_alone_stops_while_ordering(void **state) {
    (void)state;
    static char ordering[] = "ordering vertices", contracting[] = "contracting";
    sgp_import_result result;
    sgp_fault fault;
    sgp_import_options asked = options();
    assert_int_equal(sgp_import(&asked, &result, &fault), SGP_OK);
    struct stat before, after;
    assert_int_equal(stat(graph_path, &before), 0);
    asked.force = true;
    char *const phases[] = {ordering, contracting};
    for (size_t i = 0; i < 2; i++) {
        asked.progress = (sgp_progress){stop_at, phases[i]};
        assert_int_equal(sgp_import(&asked, &result, &fault), SGP_E_TIMEOUT);
        assert_non_null(strstr(fault.text, phases[i]));
        assert_int_equal(stat(graph_path, &after), 0);
        assert_true(before.st_ino == after.st_ino); /* the former file, not another */
    }
}

static void test_import_alone_orders_as_asked(void **state) {
    (void)state;
    sgp_import_result result;
    sgp_fault fault;
    sgp_import_options asked = options();
    asked.force = true;
    asked.order = SGP_ORDER_METIS;
    asked.threads = 1;
    assert_int_equal(sgp_import(&asked, &result, &fault), SGP_OK);
    assert_int_equal(result.edges, 2);
}

static void test_import_alone_misses_a_folder_of_profiles(void **state) {
    (void)state;
    char style[128];
    sgp_import_result result;
    sgp_fault fault;
    sgp_import_options asked = options();
    asked.style = style;
    snprintf(style, sizeof style, "%s/absent/osm2pgsql.lua", folder);
    assert_int_equal(sgp_import(&asked, &result, &fault), SGP_E_IO);
    assert_non_null(strstr(fault.text, "/absent"));
    snprintf(style, sizeof style, "%s/osm2pgsql.lua", extract);
    assert_int_equal(sgp_import(&asked, &result, &fault), SGP_E_IO);
    snprintf(style, sizeof style, "%s/osm2pgsql.lua", folder); /* there, without profiles */
    assert_int_equal(sgp_import(&asked, &result, &fault), SGP_OK);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_import_alone_stops_while_ordering),
        cmocka_unit_test(test_import_alone_orders_as_asked),
        cmocka_unit_test(test_import_alone_misses_a_folder_of_profiles),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
