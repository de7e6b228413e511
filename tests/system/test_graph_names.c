/* What the import puts into the graph file for the time when the database is away is what the
 * database holds: every name, and the district of every point, which may differ only within half
 * a row of a border. On a made-up city, and on real extracts where they are present. Skipped where
 * PostgreSQL or osm2pgsql is absent.
 *
 *   test_graph_names CONNINFO CITY.sgr     measures a city that was imported
 */
#include <unistd.h>

#include <libpq-fe.h>

#include "base/random.h"
#include "gis/import.h"
#include "gis_city.h"
#include "osm_maker.h"
#include "sigap/graph.h"

enum { POINTS = 4000 };

static gis_city here;

static PGresult *ask(PGconn *connection, const char *sql) {
    PGresult *result = PQexec(connection, sql);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
        fail_msg("%s", PQresultErrorMessage(result));
    return result;
}

/* ---- names ------------------------------------------------------------------------- */

static bool text_is(const sgp_graph_places *p, uint32_t offset, const PGresult *rows, int row,
                    int column) {
    return strcmp(p->texts + offset, PQgetvalue(rows, row, column)) == 0;
}

/* Thing by thing in the order of the file. */
static void check_names(PGconn *connection, const sgp_graph_places *p) {
    PGresult *rows =
        ask(connection,
            "SELECT kind, min(label), string_agg(array_to_string(own, ' '), ';' ORDER BY id),"
            " min(kelurahan), min(kabupaten), min(lon_e7),"
            " min(reach_m), min(sort), bool_or(front_lon_e7 IS NOT NULL)::int"
            " FROM name GROUP BY kind, thing ORDER BY min(rank), min(id)");
    assert_int_equal(PQntuples(rows), p->n_places);
    assert_true(p->n_places > 0);
    for (uint32_t i = 0; i < p->n_places; i++) {
        const sgp_graph_place *place = &p->places[i];
        int row = (int)i;
        assert_int_equal(place->kind, *PQgetvalue(rows, row, 0));
        assert_true(text_is(p, place->label, rows, row, 1));
        assert_true(text_is(p, place->own, rows, row, 2));
        assert_true(text_is(p, place->kelurahan, rows, row, 3));
        assert_true(text_is(p, place->kabupaten, rows, row, 4));
        assert_int_equal(place->point.lon_e7, strtol(PQgetvalue(rows, row, 5), NULL, 10));
        assert_int_equal(place->reach_m, strtol(PQgetvalue(rows, row, 6), NULL, 10));
        assert_true(text_is(p, place->sort, rows, row, 7));
        assert_int_equal(place->has_front, strtol(PQgetvalue(rows, row, 8), NULL, 10));
    }
    PQclear(rows);
}

/* ---- districts --------------------------------------------------------------------- */

/* Of what the boundaries tell: where they tell nothing, district() takes the nearest place. */
static const char district_sql[] =
    "SELECT coalesce(min(a.name) FILTER (WHERE p.kind = 'kelurahan'), ''),"
    " coalesce(min(a.name) FILTER (WHERE p.kind = 'kecamatan'), ''),"
    " coalesce(min(a.name) FILTER (WHERE p.kind = 'kabupaten'), ''),"
    " coalesce((SELECT min(ST_Distance(ST_Boundary(b.geom)::geography, q.g::geography)) FROM area b"
    "   WHERE b.geom IS NOT NULL AND b.kind IN ('kelurahan', 'kecamatan', 'kabupaten')"
    "   AND ST_DWithin(ST_Boundary(b.geom), q.g, 0.001)), 1e9)"
    " FROM (SELECT ST_SetSRID(ST_MakePoint($1, $2), 4326) AS g) q"
    " LEFT JOIN area_piece p ON ST_Intersects(p.geom, q.g) LEFT JOIN area a ON a.id = p.area"
    " GROUP BY q.g";

static bool same(const sgp_graph_places *p, sgp_point point, const PGresult *rows) {
    const sgp_graph_district *district = sgp_graph_district_at(p, point);
    static const sgp_graph_district none = {0};
    district = district ? district : &none;
    return text_is(p, district->kelurahan, rows, 0, 0) &&
           text_is(p, district->kecamatan, rows, 0, 1) &&
           text_is(p, district->kabupaten, rows, 0, 2);
}

/* Points anywhere in the city: how many differ, and that each of them is at a border. */
static void check_districts(PGconn *connection, const sgp_graph_parts *parts, const char *name) {
    uint64_t random = 20261122;
    int differ = 0, known = 0;
    double furthest_m = 0, half_row_m = parts->places.row_e7 / 2.0 * 0.0111319;
    for (int i = 0; i < POINTS; i++) {
        uint32_t wide = (uint32_t)(parts->north_east.lon_e7 - parts->south_west.lon_e7);
        uint32_t high = (uint32_t)(parts->north_east.lat_e7 - parts->south_west.lat_e7);
        sgp_point point = {parts->south_west.lon_e7 + (int32_t)sgp_random_below(&random, wide + 1),
                           parts->south_west.lat_e7 + (int32_t)sgp_random_below(&random, high + 1)};
        char lon[24], lat[24];
        snprintf(lon, sizeof lon, "%.7f", sgp_lon(point));
        snprintf(lat, sizeof lat, "%.7f", sgp_lat(point));
        const char *values[] = {lon, lat};
        static const Oid types[] = {701, 701};
        PGresult *rows = PQexecParams(connection, district_sql, 2, types, values, NULL, NULL, 0);
        if (PQresultStatus(rows) != PGRES_TUPLES_OK)
            fail_msg("%s", PQresultErrorMessage(rows));
        double border_m = strtod(PQgetvalue(rows, 0, 3), NULL);
        known += *PQgetvalue(rows, 0, 0) != '\0';
        if (!same(&parts->places, point, rows)) {
            differ++;
            furthest_m = border_m > furthest_m ? border_m : furthest_m;
        }
        PQclear(rows);
    }
    printf("%s: %u names, %u districts in %u rows of %u spans; of %d points %d lie in a kelurahan, "
           "%d differ from the database, all within %.0f m of a border\n",
           name, parts->places.n_places, parts->places.n_districts, parts->places.n_rows,
           parts->places.n_spans, POINTS, known, differ, furthest_m);
    assert_true(furthest_m < half_row_m + 1);
}

static void check_city(const char *conninfo, const char *graph_path) {
    sgp_graph *graph;
    sgp_fault fault = {0};
    if (sgp_graph_open(graph_path, &graph, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    const sgp_graph_parts *parts = sgp_graph_get(graph);
    char hex[33], sql[120];
    sgp_city_id_format(&parts->city, hex);
    PGconn *connection = PQconnectdb(conninfo);
    assert_int_equal(PQstatus(connection), CONNECTION_OK);
    snprintf(sql, sizeof sql, "SET search_path = city_%s, public", hex);
    PQclear(ask(connection, sql));
    check_names(connection, &parts->places);
    check_districts(connection, parts, parts->name);
    PQfinish(connection);
    sgp_graph_close(graph);
}

/* ---- cities ------------------------------------------------------------------------ */

/* Four kelurahan around a bend, in one kecamatan; the east is in none. */
static void draw_city(const char *path) {
    osm_maker m = osm_maker_open(path, "test");
    static const double corner[][2] = {{0, 0},       {1500, 200},  {3000, -100},
                                       {100, 1600},  {1700, 1300}, {2900, 1500},
                                       {-100, 3000}, {1400, 3100}, {3100, 2900}};
    for (int i = 0; i < 9; i++)
        osm_node(&m, 1 + i, corner[i][0], corner[i][1], "");
    for (int i = 0; i < 5; i++)
        osm_node(&m, 20 + i, 100 + 950 * i, 800, "");
    osm_node(&m, 25, 100, 100, "");
    osm_node(&m, 26, 2900, 2900, "");
    osm_node(&m, 30, 700, 750, "amenity=hospital name=RSUD~Kota");
    osm_node(&m, 31, 2000, 2000, "amenity=place_of_worship religion=muslim name=Masjid~Nur");
    osm_node(&m, 32, 3800, 900, "place=village name=Desa~Timur");
    osm_way(&m, 100, "1 2 5 4 1", "name=west");
    osm_way(&m, 101, "2 3 6 5 2", "name=east");
    osm_way(&m, 102, "4 5 8 7 4", "name=north");
    osm_way(&m, 103, "5 6 9 8 5", "name=corner");
    osm_way(&m, 104, "1 2 3 6 9 8 7 4 1", "name=around");
    osm_way(&m, 110, "20 21 22 23 24", "highway=primary name=Jalan~Ijen alt_name=Bulevar");
    osm_way(&m, 111, "25 21 26", "highway=residential name=Gang~5");
    static const char *const names[] = {"Klojen", "Oro-Oro~Dowo", "Gading", "Bareng"};
    char members[40], tags[120];
    for (int i = 0; i < 4; i++) {
        snprintf(members, sizeof members, "outer:w%d", 100 + i);
        snprintf(tags, sizeof tags, "type=boundary boundary=administrative admin_level=7 name=%s",
                 names[i]);
        osm_relation(&m, 200 + i, members, tags);
    }
    osm_relation(&m, 204, "outer:w104",
                 "type=boundary boundary=administrative admin_level=6 name=Klojen~Raya");
    osm_maker_close(&m);
}

static void import_and_check(const char *extract, const char *name) {
    sgp_import_result result;
    sgp_fault fault = {0};
    const sgp_import_options options = {
        .extract = extract, .name = name, .graph_dir = here.folder, .conninfo = here.conninfo};
    if (sgp_import(&options, &result, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    check_city(here.conninfo, result.graph_path);
    /* Without its names a graph is not the one that goes with the database. */
    sgp_import_options alone = options;
    alone.graph_only = alone.force = true;
    assert_int_equal(sgp_import(&alone, &result, &fault), SGP_OK);
    sgp_graph *graph;
    assert_int_equal(sgp_graph_open(result.graph_path, &graph, &fault), SGP_OK);
    assert_int_equal(sgp_graph_get(graph)->places.n_places, 0);
    sgp_graph_close(graph);
    assert_int_equal(sgp_import(&options, &result, &fault), SGP_OK);
    assert_false(result.already_there);
    check_city(here.conninfo, result.graph_path);
    assert_int_equal(sgp_import(&options, &result, &fault), SGP_OK);
    assert_true(result.already_there);
}

static void test_graph_names_made_up(void **state) {
    (void)state;
    char path[96];
    snprintf(path, sizeof path, "%s/kota.osm.pbf", here.folder);
    draw_city(path);
    import_and_check(path, "kota");
}

static void test_graph_names_extracts(void **state) {
    (void)state;
    static const char *const files[] = {"osrm_monaco.osm.pbf"};
    char path[512];
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (gis_extract(files[i], path))
            import_and_check(path, "real");
}

int main(int argc, char **argv) {
    if (argc == 3) {
        check_city(argv[1], argv[2]);
        return 0;
    }
    int code = gis_city_begin(&here);
    if (code != 0)
        return code;
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_graph_names_made_up),
                                       cmocka_unit_test(test_graph_names_extracts)};
    code = cmocka_run_group_tests(tests, NULL, NULL);
    gis_city_end(&here);
    return code;
}
