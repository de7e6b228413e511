/* Import of real extracts into a private PostGIS: what comes out, what is
 * refused, that the former city stays in service, and that our topology is the
 * one that osm2pgsql --slim reads.
 *
 * Skipped where PostgreSQL, osm2pgsql or the extracts are absent.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <inttypes.h>
#include <libpq-fe.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "gis/facilities.h"
#include "gis/import.h"
#include "gis_city.h"
#include "route/osm_pbf.h"

static gis_city here;
static char monaco[512], liechtenstein[512];

static sgp_import_options options_for(const char *extract, const char *name) {
    static char graphs[96];
    snprintf(graphs, sizeof graphs, "%s/graph", here.folder);
    return (sgp_import_options){
        .extract = extract, .name = name, .graph_dir = graphs, .conninfo = here.conninfo};
}

static PGresult *ask(PGconn *connection, const char *sql) {
    PGresult *result = PQexec(connection, sql);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK && status != PGRES_COPY_IN)
        fail_msg("%s", PQresultErrorMessage(result));
    return result;
}

static int64_t ask_number(const char *sql) {
    PGconn *connection = PQconnectdb(here.conninfo);
    assert_int_equal(PQstatus(connection), CONNECTION_OK);
    PGresult *result = ask(connection, sql);
    assert_int_equal(PQntuples(result), 1);
    int64_t number = strtoll(PQgetvalue(result, 0, 0), NULL, 10);
    PQclear(result);
    PQfinish(connection);
    return number;
}

static void import_or_fail(const sgp_import_options *options, sgp_import_result *result) {
    sgp_fault fault = {SGP_OK, ""};
    if (sgp_import(options, result, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
}

/* The city that `name`.sgr and the database hold together. */
static void assert_in_service(const sgp_import_result *city) {
    sgp_fault fault = {SGP_OK, ""};
    sgp_graph *graph = NULL;
    assert_int_equal(sgp_graph_open(city->graph_path, &graph, &fault), SGP_OK);
    assert_memory_equal(&sgp_graph_get(graph)->city, &city->city, sizeof city->city);
    assert_int_equal(sgp_city_check(here.conninfo, sgp_graph_get(graph), &fault), SGP_OK);
    sgp_graph_close(graph);
}

static void test_import_makes_a_pair(void **state) {
    (void)state;
    sgp_import_options options = options_for(monaco, "monaco");
    sgp_import_result result;
    import_or_fail(&options, &result);
    assert_false(result.already_there);
    assert_true(result.vertices > 500 && result.names > 800 && result.addresses > 50);
    assert_true(result.places > 300 && result.areas > 10);
    assert_true(result.peak_memory_kb > 0 && result.child_peak_memory_kb > 0);
    assert_in_service(&result);
    assert_int_equal(
        ask_number("SELECT count(*) FROM pg_namespace WHERE nspname = 'sigap_staging'"), 0);

    /* The same file again finds its work done. */
    int64_t begun_us = sgp_monotonic_us();
    import_or_fail(&options, &result);
    assert_true(result.already_there);
    assert_true(sgp_monotonic_us() - begun_us < 1000000);

    /* Every street's point lies on the street. */
    PGconn *connection = PQconnectdb(here.conninfo);
    char sql[400], hex[33];
    sgp_city_id_format(&result.city, hex);
    snprintf(sql, sizeof sql,
             "SELECT count(*) FROM city_%s.street WHERE public.ST_Distance(geom, point) > 1e-7",
             hex);
    PQfinish(connection);
    assert_int_equal(ask_number(sql), 0);

    /* The districts that all streets got at once are those that each would get alone. */
    snprintf(sql, sizeof sql,
             "SET search_path = city_%s, public; SELECT count(*) FROM street s, district(s.point) d"
             " WHERE (s.kelurahan, s.kecamatan, s.kabupaten)"
             " IS DISTINCT FROM (d.kelurahan, d.kecamatan, d.kabupaten)",
             hex);
    assert_int_equal(ask_number(sql), 0);

    /* Fronts are on their street, entrances within reach of the footprint; streets meet where both
     * are. */
    snprintf(sql, sizeof sql,
             "SET search_path = city_%s, public; SELECT count(*) FROM facility f"
             " LEFT JOIN street s ON s.id = f.front_street"
             " WHERE ST_Distance(s.geom, f.front) > 1e-7 OR ST_Distance(f.geom, f.entrance) > 2e-4",
             hex);
    assert_int_equal(ask_number(sql), 0);
    snprintf(sql, sizeof sql,
             "SET search_path = city_%s, public; SELECT count(*) FROM junction j"
             " JOIN street s ON s.id IN (j.street_a, j.street_b)"
             " WHERE ST_Distance(s.geom, j.point) > 1.1e-3",
             hex);
    assert_int_equal(ask_number(sql), 0);
    snprintf(sql, sizeof sql, "SELECT count(*) FROM city_%s.junction", hex);
    assert_true(ask_number(sql) > 300);
    snprintf(sql, sizeof sql, "SELECT count(*) FROM city_%s.facility WHERE entrance IS NOT NULL",
             hex);
    assert_true(ask_number(sql) > 5);
}

static void test_import_samples_places(void **state) {
    (void)state;
    sgp_import_options options = options_for(monaco, "monaco");
    sgp_import_result result;
    import_or_fail(&options, &result);
    sgp_place first[50], second[50];
    size_t n = 0, again = 0;
    sgp_fault fault;
    assert_int_equal(
        sgp_facilities_read(here.conninfo, &result.city, "hospital", 1, first, 50, &n, &fault),
        SGP_OK);
    assert_true(n >= 1);
    assert_int_equal(sgp_streets_sample(here.conninfo, &result.city, 7, first, 50, &n, &fault),
                     SGP_OK);
    assert_int_equal(sgp_streets_sample(here.conninfo, &result.city, 7, second, 50, &again, &fault),
                     SGP_OK);
    assert_int_equal(n, 50);
    assert_int_equal(again, 50);
    for (size_t i = 0; i < n; i++)
        assert_string_equal(first[i].label, second[i].label);
    assert_int_equal(sgp_addresses_sample(here.conninfo, &result.city, 7, first, 50, &n, &fault),
                     SGP_OK);
    assert_true(n > 10);
    sgp_city_id nobody = {{1, 2, 3}};
    assert_int_equal(sgp_streets_sample(here.conninfo, &nobody, 7, first, 50, &n, &fault),
                     SGP_E_NOT_FOUND);
}

/* ---- what is refused -------------------------------------------------------------- */

static void write_file(const char *path, const void *bytes, size_t length) {
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

/* Nothing that is refused may touch what is there: neither graph nor database. */
static void assert_refused(const char *path, sgp_err expected) {
    sgp_import_options options = options_for(monaco, "monaco");
    sgp_import_result former, result;
    import_or_fail(&options, &former);
    int64_t cities = ask_number("SELECT count(*) FROM sigap.city");
    options.extract = path;
    sgp_fault fault = {SGP_OK, ""};
    sgp_err err = sgp_import(&options, &result, &fault);
    if (err != expected)
        fail_msg("%s: expected %s, got %s (%s)", path, sgp_err_str(expected), sgp_err_str(err),
                 fault.text);
    assert_true(strlen(fault.text) > 10);
    assert_int_equal(ask_number("SELECT count(*) FROM sigap.city"), cities);
    assert_in_service(&former);
}

static void test_import_refuses_what_is_no_extract(void **state) {
    (void)state;
    char path[128];
    struct stat whole;
    assert_int_equal(stat(monaco, &whole), 0);
    size_t size = (size_t)whole.st_size;
    char *bytes = malloc(size);
    FILE *file = fopen(monaco, "rb");
    assert_non_null(file);
    assert_int_equal(fread(bytes, 1, size, file), size);
    fclose(file);
    snprintf(path, sizeof path, "%s/broken.osm.pbf", here.folder);

    write_file(path, bytes, size / 2);
    assert_refused(path, SGP_E_CORRUPT);
    write_file(path, bytes, size - 1);
    assert_refused(path, SGP_E_CORRUPT);
    free(bytes);
    static const char HTML[] = "<!DOCTYPE html><html><body>Not Found</body></html>";
    write_file(path, HTML, sizeof HTML - 1);
    assert_refused(path, SGP_E_FORMAT);
    write_file(path, "", 0);
    assert_refused(path, SGP_E_FORMAT);
    assert_refused("/no/such/file.osm.pbf", SGP_E_IO);
}

static void test_import_city_check_names_both(void **state) {
    (void)state;
    sgp_graph_parts stranger = {.name = "atlantis", .city = {{0xab, 0xcd}}};
    sgp_fault fault = {SGP_OK, ""};
    assert_int_equal(sgp_city_check(here.conninfo, &stranger, &fault), SGP_E_MISMATCH);
    assert_non_null(strstr(fault.text, "atlantis"));
    assert_non_null(strstr(fault.text, "monaco"));
    assert_int_equal(sgp_city_check("host=/nonexistent-sgp dbname=x", &stranger, &fault),
                     SGP_E_DATABASE);
}

/* ---- failing half-way ---------------------------------------------------------------- */

static int stop_in_phase(void *ctx, const char *phase, uint64_t done, uint64_t total) {
    (void)done;
    (void)total;
    return strcmp(phase, ctx) == 0;
}

static void test_import_leaves_the_former_city_in_service(void **state) {
    (void)state;
    sgp_import_options options = options_for(monaco, "monaco");
    sgp_import_result former, result;
    import_or_fail(&options, &former);
    sgp_fault fault = {SGP_OK, ""};

    /* Ctrl-C while osm2pgsql runs, and later while the database works. */
    options.extract = liechtenstein;
    static const char *const PHASES[] = {"osm2pgsql", "streets", "search"};
    for (size_t i = 0; i < sizeof PHASES / sizeof *PHASES; i++) {
        options.progress = (sgp_progress){stop_in_phase, (void *)(uintptr_t)PHASES[i]};
        assert_int_equal(sgp_import(&options, &result, &fault), SGP_E_TIMEOUT);
        assert_in_service(&former);
        assert_int_equal(
            ask_number("SELECT count(*) FROM pg_namespace WHERE nspname = 'sigap_staging'"), 0);
    }
    options.progress = (sgp_progress){NULL, NULL};

    /* A style that osm2pgsql refuses, SQL that the database refuses. */
    char profile[96], style[128], sql[128];
    snprintf(profile, sizeof profile, "%s/profile", here.folder);
    snprintf(style, sizeof style, "%s/osm2pgsql.lua", profile);
    snprintf(sql, sizeof sql, "%s/import.sql", profile);
    assert_int_equal(mkdir(profile, 0755), 0);
    static const char BAD_STYLE[] = "this is not Lua";
    static const char BAD_SQL[] = "\n-- phase: streets\nSELECT no_such_function();\n";
    write_file(style, BAD_STYLE, sizeof BAD_STYLE - 1);
    write_file(sql, BAD_SQL, sizeof BAD_SQL - 1);
    options.style = style;
    assert_int_equal(sgp_import(&options, &result, &fault), SGP_E_DATABASE);
    assert_non_null(strstr(fault.text, "osm2pgsql"));
    assert_in_service(&former);

    char command[400];
    snprintf(command, sizeof command, "cp %s/gis/osm2pgsql.lua %s", SIGAP_SOURCE_DIR, style);
    assert_int_equal(system(command), 0);
    assert_int_equal(sgp_import(&options, &result, &fault), SGP_E_DATABASE);
    assert_non_null(strstr(fault.text, "no_such_function"));
    assert_in_service(&former);
    assert_int_equal(access(former.graph_path, R_OK), 0);
}

static void test_import_keeps_the_city_before(void **state) {
    (void)state;
    sgp_import_options options = options_for(monaco, "town");
    sgp_import_result monaco_city, second, third;
    options.force = true;
    import_or_fail(&options, &monaco_city);
    options.extract = liechtenstein;
    import_or_fail(&options, &second);
    assert_in_service(&second);
    /* A running engine may still be reading the one before. */
    assert_int_equal(ask_number("SELECT count(*) FROM sigap.city_use WHERE name = 'town'"), 2);
    char third_path[512];
    if (!gis_extract("bayfront_singapore.osm.pbf", third_path))
        return;
    options.extract = third_path;
    import_or_fail(&options, &third);
    assert_in_service(&third);
    assert_int_equal(ask_number("SELECT count(*) FROM sigap.city_use WHERE name = 'town'"), 2);
    /* Monaco is no longer needed as "town", but it still is as "monaco". */
    options.extract = monaco;
    options.name = "monaco";
    options.force = false;
    import_or_fail(&options, &monaco_city);
    assert_in_service(&monaco_city);
    assert_int_equal(ask_number("SELECT count(*) FROM sigap.city"), 3);
    assert_int_equal(ask_number("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'city\\_%'"),
                     ask_number("SELECT count(*) FROM sigap.city"));
}

/* ---- topology -------------------------------------------------------------------------- */

enum { BARRIERS_MAX = 20000 };

typedef struct slim {
    PGconn *connection;
    uint64_t ways, nodes_compared;
    int64_t barriers[BARRIERS_MAX];
    uint32_t n_barriers;
} slim;

/* A gate in the middle of a road is a vertex too. */
static sgp_err take_barrier(void *ctx, int64_t id, sgp_point point, sgp_osm_tags tags) {
    slim *s = ctx;
    (void)point;
    if (sgp_osm_tag_value(tags, "barrier")) {
        assert_true(s->n_barriers < BARRIERS_MAX);
        s->barriers[s->n_barriers++] = id;
    }
    return SGP_OK;
}

/* osm2pgsql's node list of a way equals ours, and so do the nodes' points. */
static sgp_err compare_way(void *ctx, int64_t id, const int64_t *refs, size_t n_refs,
                           sgp_osm_tags tags) {
    slim *s = ctx;
    if (!sgp_osm_tag_value(tags, "highway"))
        return SGP_OK;
    char way[32];
    snprintf(way, sizeof way, "%" PRId64, id);
    const char *values[] = {way};
    PGresult *row = PQexecPrepared(s->connection, "way", 1, values, NULL, NULL, 0);
    if (PQresultStatus(row) != PGRES_TUPLES_OK || PQntuples(row) != 1)
        fail_msg("osm2pgsql has no way %s: %s", way, PQresultErrorMessage(row));
    const char *at = PQgetvalue(row, 0, 0) + 1;
    for (size_t i = 0; i < n_refs; i++) {
        char *end;
        assert_true(strtoll(at, &end, 10) == refs[i]);
        at = end + 1;
        s->nodes_compared++;
    }
    assert_int_equal(*at, '\0');
    PQclear(row);
    s->ways++;
    return SGP_OK;
}

static int compare_ids(const void *a, const void *b) {
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

/* COPYs one number a row into a fresh temporary table. */
static void copy_numbers(PGconn *connection, const char *table, uint32_t n,
                         int64_t (*number)(const void *, uint32_t), const void *of) {
    char sql[200], line[32];
    snprintf(sql, sizeof sql,
             "DROP TABLE IF EXISTS %s; CREATE TEMP TABLE %s (id bigint); COPY %s FROM STDIN", table,
             table, table);
    PQclear(ask(connection, sql));
    for (uint32_t i = 0; i < n; i++) {
        int length = snprintf(line, sizeof line, "%" PRId64 "\n", number(of, i));
        assert_int_equal(PQputCopyData(connection, line, length), 1);
    }
    assert_int_equal(PQputCopyEnd(connection, NULL), 1);
    for (PGresult *rest; (rest = PQgetResult(connection));)
        PQclear(rest);
}

static int64_t way_of_edge(const void *parts, uint32_t edge) {
    return ((const sgp_graph_parts *)parts)->edges[edge].way;
}

static int64_t barrier_node(const void *s, uint32_t i) {
    return ((const slim *)s)->barriers[i];
}

static int64_t node_of_vertex(const void *parts, uint32_t vertex) {
    return ((const sgp_graph_parts *)parts)->vertex_node[vertex];
}

static void assert_none(PGconn *connection, const char *what, const char *sql) {
    PGresult *count = ask(connection, sql);
    if (strcmp(PQgetvalue(count, 0, 0), "0") != 0)
        fail_msg("%s: %s", what, PQgetvalue(count, 0, 0));
    PQclear(count);
}

/* Junctions as --slim's tables have them, against the graph's vertices. The graph
 * folds chains of two or more ways and names only the first way of each, so the
 * ways that it names may be fewer than it kept, never more; hence two inclusions. */
static void compare_junctions(PGconn *connection, const sgp_graph_parts *parts) {
    copy_numbers(connection, "edge_way", parts->n_edges, way_of_edge, parts);
    copy_numbers(connection, "vertex", parts->n_vertices, node_of_vertex, parts);
    assert_none(connection, "ways that --slim does not have",
                "SELECT count(*) FROM edge_way e LEFT JOIN planet_osm_ways w USING (id) WHERE w.id "
                "IS NULL");
    assert_none(
        connection, "nodes with three neighbours on kept ways that are no vertices",
        "WITH pair AS (SELECT u.node AS a, lead(u.node) OVER (PARTITION BY w.id ORDER BY u.nth) AS "
        "b"
        "  FROM planet_osm_ways w, unnest(w.nodes) WITH ORDINALITY AS u(node, nth)"
        "  WHERE w.id IN (SELECT id FROM edge_way)), "
        "neighbour AS (SELECT a AS node, b AS other FROM pair WHERE b <> a UNION SELECT b, a FROM "
        "pair"
        "  WHERE b <> a) "
        "SELECT count(*) FROM (SELECT node FROM neighbour GROUP BY node HAVING count(*) > 2) j"
        " WHERE node NOT IN (SELECT id FROM vertex)");
    /* A road that meets itself is a loop, which the graph cuts in its middle. */
    assert_none(
        connection, "vertices in the middle of one way, without a barrier or a loop",
        "WITH used AS (SELECT u.node, u.nth IN (1, cardinality(w.nodes)) AS ends,"
        "    cardinality(w.nodes) > (SELECT count(DISTINCT x) FROM unnest(w.nodes) x) AS loops"
        "  FROM planet_osm_ways w, unnest(w.nodes) WITH ORDINALITY AS u(node, nth)"
        "  WHERE 'highway' = ANY (w.tags))"
        ", fine AS (SELECT node FROM used GROUP BY node HAVING bool_or(ends OR loops) OR count(*) "
        "> 1"
        "  UNION SELECT id FROM barrier)"
        "SELECT count(DISTINCT v.id) FROM vertex v LEFT JOIN fine f ON f.node = v.id WHERE f.node "
        "IS NULL");
}

/* Every vertex of the graph stands where --slim has that node. */
static void compare_points(PGconn *connection, const sgp_graph_parts *parts) {
    PGresult *nodes = ask(connection, "SELECT id, lon, lat FROM planet_osm_nodes ORDER BY id");
    int n = PQntuples(nodes);
    int64_t *ids = malloc((size_t)n * sizeof *ids);
    assert_non_null(ids);
    for (int i = 0; i < n; i++)
        ids[i] = strtoll(PQgetvalue(nodes, i, 0), NULL, 10);
    for (uint32_t v = 0; v < parts->n_vertices; v++) {
        int64_t *found = bsearch(&parts->vertex_node[v], ids, (size_t)n, sizeof *ids, compare_ids);
        assert_non_null(found);
        int row = (int)(found - ids);
        assert_int_equal(strtol(PQgetvalue(nodes, row, 1), NULL, 10),
                         parts->vertex_point[v].lon_e7);
        assert_int_equal(strtol(PQgetvalue(nodes, row, 2), NULL, 10),
                         parts->vertex_point[v].lat_e7);
    }
    free(ids);
    PQclear(nodes);
}

static void compare_graph(const slim *s, const char *extract) {
    sgp_osm_graph *graph = NULL;
    sgp_fault fault = {SGP_OK, ""};
    sgp_city_id id = {{0}};
    if (sgp_osm_graph_read(extract, &id, "test", NULL, NULL, &graph, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    const sgp_graph_parts *parts = sgp_osm_graph_parts(graph);
    compare_points(s->connection, parts);
    copy_numbers(s->connection, "barrier", s->n_barriers, barrier_node, s);
    compare_junctions(s->connection, parts);
    printf("%" PRIu32 " vertices are junctions there\n", parts->n_vertices);
    sgp_osm_graph_destroy(graph);
}

static void compare_topology(const char *extract) {
    char command[1200];
    char pairs[256];
    /* conninfo is "host=… user=… dbname=…": exactly what osm2pgsql takes with -d. */
    snprintf(pairs, sizeof pairs, "%s", here.conninfo);
    snprintf(command, sizeof command,
             "osm2pgsql --slim -O null -C 64 --number-processes=1 -d '%s' '%s' >%s/slim.log 2>&1",
             pairs, extract, here.folder);
    assert_int_equal(system(command), 0);
    slim *s = calloc(1, sizeof *s);
    assert_non_null(s);
    s->connection = PQconnectdb(here.conninfo);
    assert_int_equal(PQstatus(s->connection), CONNECTION_OK);
    PGresult *prepared = PQprepare(
        s->connection, "way", "SELECT nodes FROM planet_osm_ways WHERE id = $1::bigint", 0, NULL);
    assert_int_equal(PQresultStatus(prepared), PGRES_COMMAND_OK);
    PQclear(prepared);
    sgp_osm_file *file = NULL;
    sgp_fault fault = {SGP_OK, ""};
    assert_int_equal(sgp_osm_file_open(extract, &file, &fault), SGP_OK);
    sgp_osm_visitor visitor = {.ctx = s, .node = take_barrier, .way = compare_way};
    if (sgp_osm_file_read(file, &visitor, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    sgp_osm_file_close(file);
    assert_true(s->ways > 1000);
    printf("%" PRIu64 " roads with %" PRIu64 " nodes are equal to osm2pgsql --slim\n", s->ways,
           s->nodes_compared);
    compare_graph(s, extract);
    PQfinish(s->connection);
    free(s);
}

static void test_import_topology_equals_slim(void **state) {
    (void)state;
    compare_topology(monaco);
    compare_topology(liechtenstein);
}

int main(void) {
    if (!gis_extract("osrm_monaco.osm.pbf", monaco) ||
        !gis_extract("liechtenstein-2013-08-03.osm.pbf", liechtenstein)) {
        fprintf(stderr, "skipped: the extracts are not under SIGAP_DATA\n");
        return GIS_SKIPPED;
    }
    int code = gis_city_begin(&here);
    if (code != 0)
        return code;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_import_makes_a_pair),
        cmocka_unit_test(test_import_samples_places),
        cmocka_unit_test(test_import_refuses_what_is_no_extract),
        cmocka_unit_test(test_import_city_check_names_both),
        cmocka_unit_test(test_import_leaves_the_former_city_in_service),
        cmocka_unit_test(test_import_keeps_the_city_before),
        cmocka_unit_test(test_import_topology_equals_slim),
    };
    code = cmocka_run_group_tests(tests, NULL, NULL);
    gis_city_end(&here);
    return code;
}
