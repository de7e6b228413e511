/* The tables that the look-up reads, made of a made-up corner of Malang: what the import makes of
 * gangs, estates with blocks, RT and RW, kilometre posts, gates and entrances, junctions and
 * aliases. Needs no data but a private PostGIS; skipped where that is absent.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <libpq-fe.h>

#include "gis/import.h"
#include "gis_city.h"
#include "made_corner.h"

static gis_city here;
static PGconn *connection;

/* ---- asking ------------------------------------------------------------------------------ */

static char answer[2000];

/* The first value of the answer; '{' stands before lists. */
static const char *ask(const char *sql) {
    PGresult *result = PQexec(connection, sql);
    if (PQresultStatus(result) != PGRES_TUPLES_OK)
        fail_msg("%s: %s", sql, PQresultErrorMessage(result));
    snprintf(answer, sizeof answer, "%s",
             PQntuples(result) > 0 ? PQgetvalue(result, 0, 0) : "(nothing)");
    PQclear(result);
    return answer;
}

typedef struct expectation {
    const char *sql, *wanted;
} expectation;

static void check_all(const expectation *list, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (strcmp(ask(list[i].sql), list[i].wanted) != 0)
            fail_msg("%s\n  gives %s\n  not   %s", list[i].sql, answer, list[i].wanted);
}
#define CHECK(list) check_all(list, sizeof(list) / sizeof *(list))

static void import_city(const char *aliases) {
    char extract[96], graphs[96], sql[200], hex[33];
    snprintf(extract, sizeof extract, "%s/corner.osm.pbf", here.folder);
    snprintf(graphs, sizeof graphs, "%s/graph", here.folder);
    sgp_import_options options = {
        .extract = extract, .graph_dir = graphs, .conninfo = here.conninfo, .aliases = aliases};
    sgp_import_result result;
    sgp_fault fault = {SGP_OK, ""};
    made_corner_must(sgp_import(&options, &result, &fault), &fault);
    sgp_city_id_format(&result.city, hex);
    snprintf(sql, sizeof sql, "SELECT set_config('search_path', 'city_%s, public', false)", hex);
    ask(sql);
}

static int begin(void **state) {
    (void)state;
    char extract[96];
    snprintf(extract, sizeof extract, "%s/corner.osm.pbf", here.folder);
    made_corner_write(extract);
    connection = PQconnectdb(here.conninfo);
    assert_int_equal(PQstatus(connection), CONNECTION_OK);
    import_city(NULL);
    return 0;
}

static int end(void **state) {
    (void)state;
    PQfinish(connection);
    return 0;
}

/* What stands in `column` of the first name with this label and kind. */
#define NAME(column, kind, label)                                                                  \
    "SELECT " column " FROM name WHERE kind = '" kind "' AND label = '" label                      \
    "' ORDER BY id LIMIT 1"
/* Steps of the grid from its corner, to one decimal. */
#define GRID(point)                                                                                \
    "round(((ST_X(" point ") - 112.6) / 0.001)::numeric, 1) || ' ' || "                            \
    "round(((ST_Y(" point ") + 7.99) / 0.001)::numeric, 1)"
#define GRID_E7(lon, lat)                                                                          \
    "round(((" lon " / 1e7 - 112.6) / 0.001)::numeric, 1) || ' ' || "                              \
    "round(((" lat " / 1e7 + 7.99) / 0.001)::numeric, 1)"

/* ---- tests --------------------------------------------------------------------------------- */

static void test_city_tables_know_every_kind_of_name(void **state) {
    (void)state;
    static const expectation list[] = {
        {"SELECT string_agg(DISTINCT kind::text, '' ORDER BY kind::text) FROM name", "aefgjkrs"},
        {NAME("sort", "f", "RSUD Dr. Saiful Anwar"), "hospital"},
        {NAME("sort", "s", "Jl. Veteran"), "primary"},
        {NAME("sort", "a", "Sumbersari"), "kelurahan"},
        {NAME("sort", "a", "Krajan"), "hamlet"},
        {NAME("kelurahan", "a", "Krajan"), "Sumbersari"},
        {NAME("sort", "e", "Perumahan Araya"), "estate"},
        {NAME("label", "j", "Simpang Empat Gajayana"), "Simpang Empat Gajayana"},
        /* The important ones first. */
        {"SELECT count(*) FROM (SELECT rank < lag(rank) OVER (ORDER BY id) AS back FROM name) n "
         "WHERE back",
         "0"},
    };
    CHECK(list);
}

static void test_city_tables_tell_a_gang_by_its_street(void **state) {
    (void)state;
    static const expectation list[] = {
        {NAME("own", "g", "Gang 5"), "{gang,5}"},
        {NAME("context @> '{sumbersari,lowokwaru}'", "g", "Gang 5"), "t"},
        {"SELECT beside FROM street WHERE is_gang", "sumbersari"},
        {"SELECT count(*) FROM street WHERE is_gang", "1"},
    };
    CHECK(list);
}

static void test_city_tables_keep_blocks_of_estates_apart(void **state) {
    (void)state;
    static const expectation list[] = {
        {"SELECT count(*) FROM street WHERE words = 'blok a'", "2"},
        {"SELECT string_agg(a.name, ', ' ORDER BY a.name) FROM street s JOIN area a ON a.id = "
         "s.estate"
         " WHERE s.words = 'blok a'",
         "Griya Shanta, Perumahan Araya"},
        {"SELECT s.name || ' of ' || e.name FROM address a JOIN street s ON s.id = a.street"
         " JOIN area e ON e.id = s.estate WHERE a.block = 'c2' AND a.number = '7'",
         "Blok C2 of Perumahan Araya"},
        {"SELECT e.name FROM address a JOIN street s ON s.id = a.street JOIN area e ON e.id = "
         "s.estate"
         " WHERE a.block = 'a' AND a.number = '3'",
         "Griya Shanta"},
        {"SELECT e.name FROM address a JOIN street s ON s.id = a.street JOIN area e ON e.id = "
         "s.estate"
         " WHERE a.block = 'a' AND a.number_value = 5",
         "Perumahan Araya"},
        {"SELECT number || ' ' || number_value || ' ' || block FROM address WHERE number_shown = "
         "'5A'",
         "5a 5 "},
        {"SELECT count(*) FROM name WHERE kind = 's' AND own = '{blok,a}' AND context @> '{araya}'",
         "1"},
        /* No other street is made of the houses' estate. */
        {"SELECT count(*) FROM street WHERE class IS NULL", "0"},
    };
    CHECK(list);
}

static void test_city_tables_know_rt_and_rw(void **state) {
    (void)state;
    static const expectation list[] = {
        {NAME("own", "r", "RW 5"), "{rw,5}"},
        {NAME("own", "r", "RT 3 RW 5"), "{rt,3}"},
        {NAME("context @> '{rw,5,sumbersari}'", "r", "RT 3 RW 5"), "t"},
        {"SELECT rt || ' ' || rw FROM area WHERE name = 'RT 03'", "3 5"},
        {"SELECT rt || ' ' || rw FROM area WHERE name = 'RT 007 / RW 002'", "7 2"},
        {NAME("kelurahan || ', ' || kecamatan", "r", "RT 7 RW 2"), "Sumbersari, Lowokwaru"},
    };
    CHECK(list);
}

static void test_city_tables_stand_posts_at_their_road(void **state) {
    (void)state;
    static const expectation list[] = {
        {NAME("own", "k", "KM 12"), "{km,12}"},
        {NAME("context @> '{veteran}'", "k", "KM 12"), "t"},
        {"SELECT s.name FROM facility f JOIN street s ON s.id = f.front_street WHERE f.name = 'KM "
         "12.5'",
         "Jalan Sumbersari"},
        {"SELECT count(*) FROM facility WHERE kind = 'km_post'", "2"},
    };
    CHECK(list);
}

static void test_city_tables_know_what_a_place_faces(void **state) {
    (void)state;
    static const expectation list[] = {
        /* The gate of the ground, and before it the street. */
        {"SELECT " GRID("entrance") " FROM facility WHERE kind = 'hospital'", "15.0 11.0"},
        {"SELECT " GRID("front") " FROM facility WHERE kind = 'hospital'", "15.0 10.0"},
        {"SELECT s.name FROM facility f JOIN street s ON s.id = f.front_street WHERE f.kind = "
         "'hospital'",
         "Jalan Veteran"},
        {NAME("context @> '{veteran}'", "f", "RSUD Dr. Saiful Anwar"), "t"},
        {NAME(GRID_E7("west_e7", "south_e7") " || ' ' || " GRID_E7("east_e7", "north_e7"), "f",
              "RSUD Dr. Saiful Anwar"),
         "14.0 11.0 16.0 13.0"},
        {NAME(GRID_E7("entrance_lon_e7", "entrance_lat_e7") " || ' ' || " GRID_E7("front_lon_e7",
                                                                                  "front_lat_e7"),
              "f", "RSUD Dr. Saiful Anwar"),
         "15.0 11.0 15.0 10.0"},
        /* The door of the building looks at Sumbersari, though its corner is nearer to no other. */
        {"SELECT " GRID("entrance") " || ' ' || " GRID(
             "front") " FROM facility WHERE name = 'Masjid Al-Hidayah'",
         "9.5 12.5 10.0 12.5"},
        /* Its address says Veteran, though Gajayana is nearer. */
        {"SELECT s.name || ' ' || (f.entrance IS NULL) FROM facility f JOIN street s ON s.id = "
         "f.front_street"
         " WHERE f.name = 'Warung Bu Kris'",
         "Jalan Veteran true"},
        {"SELECT s.name FROM facility f JOIN street s ON s.id = f.front_street"
         " WHERE f.name = 'Musholla Nurul Iman'",
         "Gang 5"},
        /* An estate: its gate, and not one of its own streets. */
        {NAME(GRID_E7("entrance_lon_e7", "entrance_lat_e7"), "e", "Perumahan Araya"), "25.0 12.0"},
        {"SELECT s.estate IS NULL FROM name n JOIN street s ON s.id = n.front_street WHERE n.kind "
         "= 'e'"
         " AND n.label = 'Perumahan Araya'",
         "t"},
    };
    CHECK(list);
}

#define MEET(one, other)                                                                           \
    "SELECT arms || ' ' || is_roundabout || ' ' || " GRID(                                         \
        "j.point") " FROM junction j JOIN street a ON a.id = street_a JOIN street b ON b.id = "    \
                   "street_b"                                                                      \
                   " WHERE '" one "' IN (a.name, b.name) AND '" other "' IN (a.name, b.name)"

static void test_city_tables_know_where_streets_meet(void **state) {
    (void)state;
    static const expectation list[] = {
        {MEET("Jalan Veteran", "Jalan Sumbersari"), "3 false 10.0 10.0"},
        {MEET("Jalan Veteran", "Jalan Gajayana"), "4 false 20.0 10.0"},
        {MEET("Jalan Veteran", "Jalan Tugu"), "2 true 30.3 10.0"},
        {MEET("Jalan Veteran", "Jalan Majapahit"), "2 true 30.3 10.0"},
        {MEET("Jalan Sumbersari", "Jalan Gajayana"), "(nothing)"},
        {"SELECT count(*) FROM junction WHERE street_a >= street_b", "0"},
    };
    CHECK(list);
}

/* Whether `numbers` (big-endian, twice a name's number and 1 for its own word) tell of the name. */
#define TOLD(numbers, own, name)                                                                   \
    "(SELECT bool_or(substr(l.names, 4 * i + 1, 4) = int4send(2 * n.id + " own "))"                \
    "   FROM (" numbers ") l, name n, generate_series(0, length(l.names) / 4 - 1) i"               \
    "  WHERE n.label = '" name "')"
#define WORD(word) "SELECT names FROM word WHERE word = '" word "'"
#define SQUARE(x, y) "SELECT names FROM square WHERE (x, y) = (" x ", " y ")"

/* What the engine keeps in memory: which names have which words and touch which squares of 0.02
 * degree, and what each name is and where. */
static void test_city_tables_file_words_and_squares(void **state) {
    (void)state;
    static const expectation list[] = {
        {"SELECT " TOLD(WORD("saiful"), "1", "RSUD Dr. Saiful Anwar"), "t"},
        {"SELECT " TOLD(WORD("lowokwaru"), "0", "RSUD Dr. Saiful Anwar"), "t"},
        {"SELECT " TOLD(WORD("lowokwaru"), "1", "RSUD Dr. Saiful Anwar"), "f"},
        {"SELECT " TOLD(SQUARE("5630", "-399"), "0", "RSUD Dr. Saiful Anwar"), "t"},
        /* A long street lies in each square that it runs through. */
        {"SELECT " TOLD(SQUARE("5630", "-399"), "0", "Jl. Veteran"), "t"},
        {"SELECT " TOLD(SQUARE("5631", "-399"), "0", "Jl. Veteran"), "t"},
        {"SELECT bool_and(v.n = (SELECT count(*) FROM name n WHERE v.word = ANY (n.own || "
         "n.context)))"
         "  FROM word v",
         "t"},
        {"SELECT sum(length(names)) / 16 = (SELECT count(*) FROM name) FROM name_block", "t"},
        {"SELECT substr(b.names, 16 * (n.id - 1) + 1, 4) = int4send(ascii(n.kind::text))"
         "   AND substr(b.names, 16 * (n.id - 1) + 5, 4) = int4send(n.lon_e7)"
         "  FROM name_block b, name n WHERE b.block = 0 AND n.label = 'Jl. Veteran' LIMIT 1",
         "t"},
        {"SELECT count(*) FROM name n WHERE abs(own_weight - (SELECT sum(w.weight) FROM word w"
         " WHERE w.word = ANY (n.own))) > 0.001",
         "0"},
    };
    CHECK(list);
}

static void write_text(const char *path, const char *text) {
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

/* Editing the file and importing again is enough; a fault in it is told before anything. */
static void test_city_tables_take_aliases(void **state) {
    (void)state;
    char path[96];
    snprintf(path, sizeof path, "%s/aliases.conf", here.folder);
    assert_string_equal(ask("SELECT count(*) FROM name WHERE own = '{suhud}'"), "0");
    write_text(path,
               "aliases = ( { name = \"jl. veteran\"; also = [\"Suhud\", \"Jalan Betek\"]; },\n"
               "  { name = \"RSUD Dr. Saiful Anwar\"; also = [\"RSSA\"]; near = [112.6, -7.99]; km "
               "= 30; },\n"
               "  { name = \"RSUD Dr. Saiful Anwar\"; also = [\"Jauh\"]; near = [106.8, -6.2]; km "
               "= 30; } );\n");
    import_city(path);
    static const expectation list[] = {
        {"SELECT label FROM name WHERE own = '{suhud}'", "Jl. Veteran"},
        {"SELECT label FROM name WHERE own = '{betek}'", "Jl. Veteran"},
        /* Names of one thing are said together: each has the words of the others beside it. */
        {"SELECT context @> '{veteran,betek}' FROM name WHERE own = '{suhud}'", "t"},
        {"SELECT label FROM name WHERE own = '{rssa}'", "RSUD Dr. Saiful Anwar"},
        {"SELECT count(*) FROM name WHERE own = '{jauh}'", "0"},
    };
    CHECK(list);
}

int main(void) {
    int code = gis_city_begin(&here);
    if (code != 0)
        return code;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_city_tables_know_every_kind_of_name),
        cmocka_unit_test(test_city_tables_tell_a_gang_by_its_street),
        cmocka_unit_test(test_city_tables_keep_blocks_of_estates_apart),
        cmocka_unit_test(test_city_tables_know_rt_and_rw),
        cmocka_unit_test(test_city_tables_stand_posts_at_their_road),
        cmocka_unit_test(test_city_tables_know_what_a_place_faces),
        cmocka_unit_test(test_city_tables_know_where_streets_meet),
        cmocka_unit_test(test_city_tables_file_words_and_squares),
        cmocka_unit_test(test_city_tables_take_aliases),
    };
    code = cmocka_run_group_tests(tests, begin, end);
    gis_city_end(&here);
    return code;
}
