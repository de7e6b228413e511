/* What the gazetteer answers from memory about numbers, junctions, nearest points and districts is
 * what PostGIS answers to the obvious question. On random questions about a city that is drawn at
 * random (streets of few names that cross, houses with blocks, grounds with holes, borders with
 * gaps) and about Monaco where it is present. Skipped where PostGIS is absent.
 *
 *   test_gazetteer_ground SEED     another city and other questions
 */
#include <math.h>

#include <libpq-fe.h>

#include "base/clock.h"
#include "base/random.h"
#include "gis/gazetteer_database.h"
#include "gis/import.h"
#include "gis_city.h"
#include "osm_maker.h"
#include "sigap/graph.h"

enum { SIDE = 12, STREETS = 60, HOUSES = 260, GROUNDS = 40, QUESTIONS = 250, TEXT = 8000 };

static gis_city here;
static uint64_t random_state;
static PGconn *connection;
static struct event_base *base;
static sgp_gazetteer gazetteer;

static int below(int n) {
    return (int)sgp_random_below(&random_state, (uint64_t)n);
}

/* ---- a city at random ------------------------------------------------------------------ */

/* A grid of corners, shaken; node 1 + SIDE * row + column. */
static int corner(int column, int row) {
    return 1 + SIDE * row + column;
}

/* A walk over the grid, straight on more often than not. */
static void draw_street(osm_maker *m, int64_t id) {
    char nodes[400] = "", tags[120];
    int column = below(SIDE), row = below(SIDE), across = below(2), n = 3 + below(7);
    for (int i = 0; i < n && column < SIDE && row < SIDE; i++) {
        size_t used = strlen(nodes);
        snprintf(nodes + used, sizeof nodes - used, "%d ", corner(column, row));
        across = below(4) == 0 ? !across : across;
        column += across;
        row += !across;
    }
    if (!strchr(strchr(nodes, ' ') + 1, ' '))
        return; /* one node is no street */
    snprintf(tags, sizeof tags, "highway=%s name=%s~%d%s", below(3) ? "residential" : "footway",
             below(3) ? "Jalan~Mawar" : "Gang~Melati", below(9),
             below(12) == 0 ? " junction=roundabout" : "");
    osm_way(m, id, nodes, tags);
}

static int64_t draw_houses(osm_maker *m, int64_t id) {
    char tags[160];
    for (int i = 0; i < HOUSES; i++) {
        const char *block = below(3) ? "" : below(2) ? " addr:block=A" : " addr:block=B2";
        snprintf(tags, sizeof tags, "addr:housenumber=%d%s addr:street=%s~%d%s", 1 + below(40),
                 below(4) ? "" : "b", below(3) ? "Jalan~Mawar" : "Gang~Melati", below(9), block);
        osm_node(m, id++, below(SIDE * 150), below(SIDE * 150), tags);
    }
    for (int i = 0; i < 30; i++) {
        snprintf(tags, sizeof tags, "highway=milestone distance=%d.%d", below(12), 5 * below(2));
        osm_node(m, id++, below(SIDE * 150), below(SIDE * 150), tags);
    }
    for (int i = 0; i < 14; i++) {
        static const char *const kinds[] = {"village", "hamlet", "suburb", "town"};
        snprintf(tags, sizeof tags, "place=%s name=Dusun~%d", kinds[below(4)], i);
        osm_node(m, id++, below(SIDE * 300), below(SIDE * 300), tags);
    }
    return id;
}

/* Corners of a box and of a hole in it; some things are points. */
static int64_t draw_grounds(osm_maker *m, int64_t id, int64_t corners[GROUNDS]) {
    for (int i = 0; i < GROUNDS; i++) {
        double x = below(SIDE * 150), y = below(SIDE * 150), size = 20 + below(200);
        corners[i] = id;
        for (int ring = 0; ring < 2; ring++, x += size / 3, y += size / 3, size /= 3)
            for (int c = 0; c < 4; c++)
                osm_node(m, id++, x + (c == 1 || c == 2 ? size : 0), y + (c > 1 ? size : 0), "");
    }
    return id;
}

static void draw_borders(osm_maker *m) {
    /* Kelurahan are bands of the grid, but the last rows are in none. */
    for (int i = 0; i < 5; i++) {
        char members[60], tags[160];
        snprintf(members, sizeof members, "outer:w%d", 5000 + i);
        snprintf(tags, sizeof tags,
                 "type=boundary boundary=administrative admin_level=%d name=%s~%d", i == 4 ? 6 : 7,
                 i == 4 ? "Kecamatan" : "Kelurahan", 9 - i);
        osm_relation(m, 9500 + i, members, tags);
    }
}

static void draw_border_ways(osm_maker *m) {
    for (int i = 0; i < 5; i++) {
        char nodes[500] = "";
        int from = i == 4 ? 0 : 2 * i, to = i == 4 ? 6 : 2 * i + 2;
        for (int k = 0; k < 2 * SIDE + 1; k++) {
            size_t used = strlen(nodes);
            int node = k < SIDE       ? corner(k, from)
                       : k < 2 * SIDE ? corner(2 * SIDE - 1 - k, to)
                                      : corner(0, from);
            snprintf(nodes + used, sizeof nodes - used, "%d ", node);
        }
        osm_way(m, 5000 + i, nodes, "");
    }
}

static void draw_city(const char *path) {
    static int64_t corners[GROUNDS];
    char nodes[120], tags[160];
    osm_maker m = osm_maker_open(path, "test");
    for (int i = 0; i < SIDE * SIDE; i++)
        osm_node(&m, 1 + i, i % SIDE * 150 + below(70), i / SIDE * 150 + below(70), "");
    int64_t id = draw_houses(&m, SIDE * SIDE + 1);
    draw_grounds(&m, id, corners);
    for (int i = 0; i < STREETS; i++)
        draw_street(&m, 1000 + i);
    for (int i = 0; i < GROUNDS; i++)
        for (int ring = 0; ring < 2; ring++) {
            int first = (int)corners[i] + 4 * ring;
            snprintf(nodes, sizeof nodes, "%d %d %d %d %d", first, first + 1, first + 2, first + 3,
                     first);
            snprintf(tags, sizeof tags, "amenity=school name=SD~Negeri~%d", i);
            osm_way(&m, 2000 + 2 * i + ring, nodes, ring == 0 && i % 2 ? tags : "");
        }
    draw_border_ways(&m);
    for (int i = 0; i < GROUNDS; i += 2) {
        snprintf(nodes, sizeof nodes, "outer:w%d inner:w%d", 2000 + 2 * i, 2001 + 2 * i);
        snprintf(tags, sizeof tags, "type=multipolygon amenity=hospital name=Rumah~Sakit~%d", i);
        osm_relation(&m, 9000 + i, nodes, tags);
    }
    draw_borders(&m);
    osm_maker_close(&m);
}

/* ---- asking both -------------------------------------------------------------------------- */

static PGresult *query(const char *sql) {
    PGresult *rows = PQexec(connection, sql);
    if (PQresultStatus(rows) != PGRES_TUPLES_OK && PQresultStatus(rows) != PGRES_COMMAND_OK)
        fail_msg("%s\n%s", PQresultErrorMessage(rows), sql);
    return rows;
}

static double number(const PGresult *rows, int row, int column) {
    return strtod(PQgetvalue(rows, row, column), NULL);
}

static void check_point(sgp_point point, const PGresult *rows, int row, int column,
                        double within_m) {
    sgp_point wanted;
    assert_int_equal(
        sgp_point_from_degrees(number(rows, row, column), number(rows, row, column + 1), &wanted),
        SGP_OK);
    double away_m = sgp_distance_m(point, wanted);
    if (away_m > within_m)
        fail_msg("%.7f,%.7f is %.2f m from %.7f,%.7f", sgp_lon(point), sgp_lat(point), away_m,
                 sgp_lon(wanted), sgp_lat(wanted));
}

typedef void (*check)(const sgp_gazetteer_ask *ask, const sgp_gazetteer_answer *answer);

typedef struct asked {
    const sgp_gazetteer_ask *ask;
    check check;
    bool came;
} asked;

static void on_answer(void *ctx, sgp_err err, const sgp_gazetteer_answer *answers, size_t n) {
    asked *a = ctx;
    assert_int_equal(err, SGP_OK);
    assert_int_equal(n, 1);
    a->came = true;
    a->check(a->ask, &answers[0]);
}

static void ask_both(const sgp_gazetteer_ask *ask, check how) {
    asked a = {ask, how, false};
    assert_int_equal(gazetteer.ask(gazetteer.self, ask, 1, on_answer, &a, NULL), SGP_OK);
    assert_true(a.came);
}

static void put_ids(const sgp_gazetteer_ask *ask, size_t side, char *text) {
    size_t used = (size_t)sprintf(text, "'{");
    for (size_t i = 0; i < ask->n_things[side]; i++)
        used +=
            (size_t)sprintf(text + used, "%s%d", i > 0 ? "," : "", (int)ask->things[side][i].id);
    sprintf(text + used, "}'::int[]");
}

static void put_kinds(const sgp_gazetteer_ask *ask, size_t side, char *text) {
    size_t used = (size_t)sprintf(text, "'{");
    for (size_t i = 0; i < ask->n_things[side]; i++)
        used +=
            (size_t)sprintf(text + used, "%s%c", i > 0 ? "," : "", (char)ask->things[side][i].kind);
    sprintf(text + used, "}'::text[]");
}

/* ---- questions at random ------------------------------------------------------------------- */

static int32_t streets, facilities, areas;
static sgp_point south_west, north_east;

static int32_t count_of(const char *table) {
    char sql[80];
    snprintf(sql, sizeof sql, "SELECT coalesce(max(id), 0) FROM %s", table);
    PGresult *rows = query(sql);
    int32_t n = (int32_t)number(rows, 0, 0);
    PQclear(rows);
    return n;
}

static sgp_point some_point(void) {
    return (sgp_point){south_west.lon_e7 + below(north_east.lon_e7 - south_west.lon_e7 + 1),
                       south_west.lat_e7 + below(north_east.lat_e7 - south_west.lat_e7 + 1)};
}

static sgp_thing some_thing(void) {
    int kind = below(4);
    if (kind == 0 && areas > 0)
        return (sgp_thing){SGP_THING_AREA, 1 + below(areas)};
    if (kind < 3 && facilities > 0)
        return (sgp_thing){SGP_THING_FACILITY, 1 + below(facilities)};
    return (sgp_thing){SGP_THING_STREET, 1 + below(streets)};
}

static void put_streets(sgp_gazetteer_ask *ask, size_t side, size_t n) {
    for (size_t i = 0; i < n; i++)
        ask->things[side][i] =
            (sgp_thing){below(3) ? SGP_THING_STREET : SGP_THING_GANG, 1 + below(streets)};
    ask->n_things[side] = n;
}

/* ---- numbers ----------------------------------------------------------------------------------
 */

/* Of the houses of one street that count. */
#define COUNTING                                                                                   \
    "(SELECT a.* FROM address a WHERE a.street = x.street AND (a.block = '%s' OR NOT EXISTS"       \
    " (SELECT FROM address b WHERE b.street = x.street AND b.block = '%s'))) a"
static const char NUMBER_SQL[] =
    "SELECT x.street, coalesce(e.number_shown, n.number_shown, ''), e.id IS NOT NULL,"
    " coalesce(abs(coalesce(e.number_value, n.number_value) - v), 0),"
    " ST_X(coalesce(e.point, n.point)), ST_Y(coalesce(e.point, n.point)), low.number_value,"
    " high.number_value, b.lon, b.lat,"
    " coalesce(ST_DistanceSphere(low.point, high.point),"
    "   (SELECT max(ST_DistanceSphere(a.point, e.point)) FROM " COUNTING
    "     WHERE a.number_value = v AND a.number = s), 0), b.is_simple"
    " FROM unnest(%s) WITH ORDINALITY x(street, nth) CROSS JOIN (SELECT %d AS v, '%s' AS s) q"
    " LEFT JOIN LATERAL (SELECT a.* FROM " COUNTING
    "   WHERE number_value = v AND number = s ORDER BY id LIMIT 1) e ON true"
    " LEFT JOIN LATERAL (SELECT a.* FROM " COUNTING
    "   WHERE number_value < v AND number_value %% 2 = v %% 2"
    "   ORDER BY number_value DESC, id LIMIT 1) low ON e.id IS NULL"
    " LEFT JOIN LATERAL (SELECT a.* FROM " COUNTING
    "   WHERE number_value > v AND number_value %% 2 = v %% 2"
    "   ORDER BY number_value, id LIMIT 1) high ON e.id IS NULL"
    " LEFT JOIN LATERAL (SELECT a.* FROM (SELECT DISTINCT ON (number_value) a.* FROM " COUNTING
    "   WHERE number_value IS NOT NULL ORDER BY number_value, id) a"
    "   ORDER BY abs(number_value - v), id LIMIT 1) n ON e.id IS NULL"
    /* On a plane where a degree of longitude is as long as one of latitude; of pieces that are
       equally near any may be taken. */
    " LEFT JOIN LATERAL (SELECT array_agg(ST_X(at) / k) AS lon, array_agg(ST_Y(at)) AS lat,"
    "     bool_and(ST_IsSimple(piece)) AS is_simple FROM ("
    "   SELECT k, piece, away, min(away) OVER () AS least, ST_LineInterpolatePoint(piece,"
    "     ST_LineLocatePoint(piece, lo) + (ST_LineLocatePoint(piece, hi)"
    "       - ST_LineLocatePoint(piece, lo)) * (v - low.number_value)"
    "       / (high.number_value - low.number_value)::float8) AS at"
    "   FROM (SELECT k, lo, hi, l.geom AS piece, ST_Distance(l.geom, lo)"
    "           + ST_Distance(l.geom, hi) AS away"
    "     FROM (SELECT cos(radians(ST_Y(low.point))) AS k) k, street s,"
    "     LATERAL (SELECT ST_Scale(low.point, k, 1) AS lo, ST_Scale(high.point, k, 1) AS hi) f,"
    "     LATERAL ST_Dump(ST_Scale(s.geom, k, 1)) l"
    "     WHERE s.id = x.street AND ST_Dimension(l.geom) = 1) pieces) all_pieces"
    "   WHERE away < least + 1e-9) b ON low.id IS NOT NULL AND high.id IS NOT NULL"
    " ORDER BY x.nth";

/* The point is one of those in two arrays "{1.5,2.5}". */
static void check_one_of(sgp_point point, const char *lons, const char *lats) {
    double nearest_m = INFINITY;
    while (*lons != '}' && *lats != '}') {
        char *lon_end, *lat_end;
        sgp_point one;
        double lon = strtod(lons + 1, &lon_end), lat = strtod(lats + 1, &lat_end);
        assert_int_equal(sgp_point_from_degrees(lon, lat, &one), SGP_OK);
        nearest_m = fmin(nearest_m, sgp_distance_m(one, point));
        lons = lon_end;
        lats = lat_end;
    }
    assert_true(nearest_m <= 0.1);
}

static size_t n_between, n_between_posts;

static void check_numbers(const sgp_gazetteer_ask *ask, const sgp_gazetteer_answer *answer) {
    static char sql[TEXT], ids[400];
    const char *block = ask->block;
    put_ids(ask, 0, ids);
    snprintf(sql, sizeof sql, NUMBER_SQL, block, block, ids, (int)ask->number_value, ask->number,
             block, block, block, block, block, block, block, block);
    PGresult *rows = query(sql);
    assert_int_equal(PQntuples(rows), answer->n);
    for (int i = 0; i < PQntuples(rows); i++) {
        const sgp_number_row *row = &answer->numbers[i];
        assert_int_equal(row->street, number(rows, i, 0));
        assert_string_equal(row->shown, PQgetvalue(rows, i, 1));
        assert_int_equal(row->is_exact, *PQgetvalue(rows, i, 2) == 't');
        assert_int_equal(row->gap, number(rows, i, 3));
        if (row->shown[0] != '\0')
            check_point(row->point, rows, i, 4, 0.02);
        assert_int_equal(row->is_between, !PQgetisnull(rows, i, 8));
        assert_true(fabs(row->span_m - number(rows, i, 10)) <= 1);
        if (!row->is_between)
            continue;
        assert_int_equal(row->low, number(rows, i, 6));
        assert_int_equal(row->high, number(rows, i, 7));
        /* A line that runs back on itself has a house beside it twice. */
        if (*PQgetvalue(rows, i, 11) != 't')
            continue;
        n_between++;
        check_one_of(row->between, PQgetvalue(rows, i, 8), PQgetvalue(rows, i, 9));
    }
    PQclear(rows);
}

static void ask_numbers(void) {
    static const char *const blocks[] = {"", "", "a", "b2", "z"};
    for (int i = 0; i < QUESTIONS; i++) {
        sgp_gazetteer_ask ask = {.question = SGP_ASK_NUMBER, .number_value = below(42)};
        snprintf(ask.number, sizeof ask.number, "%d%s", (int)ask.number_value, below(4) ? "" : "b");
        snprintf(ask.block, sizeof ask.block, "%s", blocks[below(5)]);
        put_streets(&ask, 0, 1 + (size_t)below(SGP_ASK_THINGS_MAX));
        ask_both(&ask, check_numbers);
    }
    assert_true(n_between > 0);
}

/* ---- kilometre posts ----------------------------------------------------------------------- */

static const char POSTS_SQL[] =
    "WITH post AS (SELECT s.id AS street, round(substr(f.name, 4)::numeric * 1000)::int AS m,"
    "   f.point, ST_X(f.point) AS lon, ST_Y(f.point) AS lat FROM facility f, street s"
    "   WHERE f.kind = 'km_post' AND (s.id = f.front_street OR ST_Distance(s.geom, f.point) <= "
    "0.0003))"
    " SELECT coalesce(n.m, -1), n.lon, n.lat, low.m, high.m"
    " FROM unnest(%s) WITH ORDINALITY x(street, nth) CROSS JOIN (SELECT %d AS v) q"
    " LEFT JOIN LATERAL (SELECT * FROM post WHERE street = x.street AND m < v"
    "   ORDER BY m DESC, lon DESC, lat DESC LIMIT 1) low ON true"
    " LEFT JOIN LATERAL (SELECT * FROM post WHERE street = x.street AND m >= v"
    "   ORDER BY m, lon, lat LIMIT 1) high ON true"
    " LEFT JOIN LATERAL (SELECT * FROM (VALUES (low.m, low.lon, low.lat),"
    "   (high.m, high.lon, high.lat)) n(m, lon, lat) WHERE m IS NOT NULL"
    "   ORDER BY abs(m - v), m LIMIT 1) n ON true ORDER BY x.nth";

static void check_posts(const sgp_gazetteer_ask *ask, const sgp_gazetteer_answer *answer) {
    static char sql[TEXT], ids[400];
    put_ids(ask, 0, ids);
    snprintf(sql, sizeof sql, POSTS_SQL, ids, (int)ask->number_value);
    PGresult *rows = query(sql);
    assert_int_equal(PQntuples(rows), answer->n);
    for (int i = 0; i < PQntuples(rows); i++) {
        const sgp_number_row *row = &answer->numbers[i];
        int nearest = (int)number(rows, i, 0);
        bool both = !PQgetisnull(rows, i, 3) && !PQgetisnull(rows, i, 4);
        assert_int_equal(row->shown[0] != '\0', nearest >= 0);
        assert_int_equal(row->is_exact, nearest == ask->number_value);
        if (nearest < 0)
            continue;
        assert_int_equal(row->gap, abs(nearest - ask->number_value));
        check_point(row->point, rows, i, 1, 0.02);
        assert_int_equal(row->is_between, both && !row->is_exact);
        if (!row->is_between)
            continue;
        n_between_posts++;
        assert_int_equal(row->low, number(rows, i, 3));
        assert_int_equal(row->high, number(rows, i, 4));
    }
    PQclear(rows);
}

static void ask_posts(void) {
    for (int i = 0; i < QUESTIONS; i++) {
        sgp_gazetteer_ask ask = {.question = SGP_ASK_KM_POSTS, .number_value = 250 * below(50)};
        put_streets(&ask, 0, 1 + (size_t)below(SGP_ASK_THINGS_MAX));
        ask_both(&ask, check_posts);
    }
}

/* ---- junctions ---------------------------------------------------------------------------------
 */

static void check_junction_rows(const PGresult *rows, const sgp_gazetteer_answer *answer) {
    assert_int_equal(PQntuples(rows), answer->n);
    for (int i = 0; i < PQntuples(rows); i++) {
        const sgp_junction_row *row = &answer->junctions[i];
        assert_int_equal(row->street_a, number(rows, i, 0));
        assert_int_equal(row->street_b, number(rows, i, 1));
        assert_string_equal(row->name_a, PQgetvalue(rows, i, 2));
        assert_string_equal(row->name_b, PQgetvalue(rows, i, 3));
        check_point(row->point, rows, i, 4, 0.02);
        assert_int_equal(row->arms, number(rows, i, 6));
        assert_int_equal(row->is_roundabout, *PQgetvalue(rows, i, 7) == 't');
        assert_true(fabs(row->away_m - number(rows, i, 8)) <= 1);
    }
}

static void check_between(const sgp_gazetteer_ask *ask, const sgp_gazetteer_answer *answer) {
    static char sql[TEXT], ids[2][400];
    put_ids(ask, 0, ids[0]);
    put_ids(ask, 1, ids[1]);
    snprintf(sql, sizeof sql,
             "SELECT j.a, j.b, a.name, b.name, ST_X(j.point), ST_Y(j.point), arms, is_roundabout, 0"
             " FROM (SELECT id, street_a AS a, street_b AS b, point, arms, is_roundabout"
             "         FROM junction UNION SELECT id, street_b, street_a, point, arms,"
             "         is_roundabout FROM junction) j"
             " JOIN street a ON a.id = j.a JOIN street b ON b.id = j.b"
             " WHERE j.a = ANY (%s) AND j.b = ANY (%s)"
             " ORDER BY array_position(%s, j.a), array_position(%s, j.b), j.id LIMIT %d",
             ids[0], ids[1], ids[0], ids[1], ask->limit ? (int)ask->limit : SGP_NAME_ROWS_MAX);
    PGresult *rows = query(sql);
    check_junction_rows(rows, answer);
    PQclear(rows);
}

static void check_near(const sgp_gazetteer_ask *ask, const sgp_gazetteer_answer *answer) {
    static char sql[TEXT], ids[400], points[900];
    size_t used = 0;
    bool of_streets = ask->n_things[0] > 0 && ask->n_points == 1;
    put_ids(ask, 0, ids);
    for (size_t i = 0; i < ask->n_points; i++)
        used +=
            (size_t)snprintf(points + used, sizeof points - used, "%s(%.7f, %.7f)",
                             i > 0 ? ", " : "", sgp_lon(ask->points[i]), sgp_lat(ask->points[i]));
    snprintf(sql, sizeof sql,
             "SELECT j.street_a, coalesce(j.street_b, 0), a.name, coalesce(b.name, ''),"
             " ST_X(j.point), ST_Y(j.point), j.arms, j.is_roundabout, away"
             " FROM (SELECT j.*, (SELECT min(ST_DistanceSphere(j.point,"
             "         ST_SetSRID(ST_MakePoint(x, y), 4326))) FROM (VALUES %s) p(x, y)) AS away"
             "         FROM junction j) j"
             " JOIN street a ON a.id = j.street_a LEFT JOIN street b ON b.id = j.street_b"
             " WHERE away <= %d AND arms >= %d AND (%s OR street_a = ANY (%s)"
             "   OR street_b = ANY (%s)) ORDER BY away, j.id LIMIT %d",
             points, (int)ask->radius_m, ask->arms, of_streets ? "false" : "true", ids, ids,
             ask->limit ? (int)ask->limit : SGP_NAME_ROWS_MAX);
    PGresult *rows = query(sql);
    check_junction_rows(rows, answer);
    PQclear(rows);
}

static void ask_junctions(void) {
    for (int i = 0; i < QUESTIONS; i++) {
        sgp_gazetteer_ask ask = {.question = SGP_ASK_JUNCTIONS, .limit = below(3) ? 0 : 5};
        put_streets(&ask, 0, (size_t)below(SGP_ASK_THINGS_MAX + 1));
        put_streets(&ask, 1, (size_t)below(SGP_ASK_THINGS_MAX + 1));
        ask_both(&ask, check_between);
        ask = (sgp_gazetteer_ask){.question = SGP_ASK_JUNCTIONS_NEAR,
                                  .limit = 1 + below(50),
                                  .radius_m = 1 + below(3000),
                                  .arms = (uint8_t)below(5),
                                  .n_points = 1 + (size_t)(below(3) ? 0 : below(6))};
        for (size_t p = 0; p < ask.n_points; p++)
            ask.points[p] = some_point();
        put_streets(&ask, 0, below(2) ? 0 : 1 + (size_t)below(4));
        ask_both(&ask, check_near);
    }
}

/* ---- nearest points
 * ------------------------------------------------------------------------------ */

#define SHAPE(kind, id)                                                                            \
    "CASE WHEN " kind " IN ('s', 'g') THEN (SELECT geom FROM street WHERE id = " id ")"            \
    " WHEN " kind " = 'f' THEN (SELECT geom FROM facility WHERE id = " id ")"                      \
    " ELSE (SELECT coalesce(geom, point) FROM area WHERE id = " id ") END"

/* How far each street is from each thing, and of the answer's points how far they are from both. */
static void check_nearest(const sgp_gazetteer_ask *ask, const sgp_gazetteer_answer *answer) {
    static char sql[TEXT], ids[2][400], kinds[2][400], told[4000];
    for (size_t side = 0; side < 2; side++) {
        put_ids(ask, side, ids[side]);
        put_kinds(ask, side, kinds[side]);
    }
    size_t used = (size_t)sprintf(told, "(-1, -1, 0.0, 0.0)");
    for (size_t i = 0; i < answer->n && used + 80 < sizeof told; i++)
        used += (size_t)sprintf(told + used, ", (%d, %d, %.7f, %.7f)", answer->nearest[i].first,
                                answer->nearest[i].second, sgp_lon(answer->nearest[i].point),
                                sgp_lat(answer->nearest[i].point));
    snprintf(
        sql, sizeof sql,
        "SELECT x.nth - 1, y.nth - 1, ST_Distance(a, b) * m, ST_Distance(a, p) * m,"
        "       ST_Distance(b, p) * m"
        " FROM unnest(%s, %s) WITH ORDINALITY x(kind, id, nth)"
        " CROSS JOIN unnest(%s, %s) WITH ORDINALITY y(kind, id, nth)"
        " CROSS JOIN LATERAL (SELECT " SHAPE("x.kind", "x.id") " AS ga, " SHAPE(
            "y.kind",
            "y.id") " AS gb) g"
                    " CROSS JOIN LATERAL (SELECT cos(radians(ST_YMin(gb))) AS k, 111195.08 AS m) k"
                    " LEFT JOIN (VALUES %s) t(i, k, lon, lat) ON t.i = x.nth - 1 AND t.k = y.nth - "
                    "1"
                    " CROSS JOIN LATERAL (SELECT ST_Scale(ga, k.k, 1) AS a, ST_Scale(gb, k.k, 1) "
                    "AS b,"
                    "   ST_SetSRID(ST_MakePoint(lon * k.k, lat), 4326) AS p) s"
                    " WHERE ga IS NOT NULL AND gb IS NOT NULL ORDER BY x.nth, y.nth",
        kinds[0], ids[0], kinds[1], ids[1], told);
    PGresult *rows = query(sql);
    size_t at = 0;
    for (int i = 0; i < PQntuples(rows); i++) {
        double away_m = number(rows, i, 2);
        bool is_told = at < answer->n && answer->nearest[at].first == number(rows, i, 0) &&
                       answer->nearest[at].second == number(rows, i, 1);
        if (is_told) {
            assert_true(away_m <= ask->radius_m + 1);
            assert_true(fabs(answer->nearest[at].away_m - away_m) <= 1);
            assert_true(number(rows, i, 3) <= 0.1); /* it is on the street */
            assert_true(fabs(number(rows, i, 4) - away_m) <= 0.5);
            at++;
        } else {
            assert_true(away_m >= ask->radius_m - 1);
        }
    }
    assert_int_equal(at, answer->n);
    PQclear(rows);
}

static void ask_nearest(void) {
    for (int i = 0; i < QUESTIONS; i++) {
        sgp_gazetteer_ask ask = {.question = SGP_ASK_NEAREST_ON, .radius_m = 50 + below(700)};
        put_streets(&ask, 0, (size_t)below(6));
        ask.n_things[1] = (size_t)below(6);
        for (size_t k = 0; k < ask.n_things[1]; k++)
            ask.things[1][k] = some_thing();
        ask_both(&ask, check_nearest);
    }
}

/* ---- districts ---------------------------------------------------------------------------------
 */

static void check_districts(const sgp_gazetteer_ask *ask, const sgp_gazetteer_answer *answer) {
    assert_int_equal(answer->n, ask->n_points);
    for (size_t i = 0; i < ask->n_points; i++) {
        char sql[200];
        snprintf(sql, sizeof sql,
                 "SELECT * FROM district(ST_SetSRID(ST_MakePoint(%.7f, %.7f), 4326))",
                 sgp_lon(ask->points[i]), sgp_lat(ask->points[i]));
        PGresult *rows = query(sql);
        assert_string_equal(answer->districts[i].kelurahan, PQgetvalue(rows, 0, 0));
        assert_string_equal(answer->districts[i].kecamatan, PQgetvalue(rows, 0, 1));
        assert_string_equal(answer->districts[i].kabupaten, PQgetvalue(rows, 0, 2));
        PQclear(rows);
    }
}

/* Half of the points are corners of borders, which are within. */
static void ask_districts(void) {
    PGresult *corners = query("SELECT ST_X(d.geom), ST_Y(d.geom) FROM area,"
                              " ST_DumpPoints(geom) d WHERE kind IN ('kelurahan', 'kecamatan',"
                              " 'kabupaten') LIMIT 3000");
    for (int i = 0; i < QUESTIONS; i++) {
        sgp_gazetteer_ask ask = {.question = SGP_ASK_DISTRICTS, .n_points = (size_t)below(5)};
        for (size_t k = 0; k < ask.n_points; k++) {
            ask.points[k] = some_point();
            if (below(2) && PQntuples(corners) > 0) {
                int row = below(PQntuples(corners));
                assert_int_equal(sgp_point_from_degrees(number(corners, row, 0),
                                                        number(corners, row, 1), &ask.points[k]),
                                 SGP_OK);
            }
        }
        ask_both(&ask, check_districts);
    }
    PQclear(corners);
}

/* ---- cities ------------------------------------------------------------------------------------
 */

static sgp_gazetteer_database *open_gazetteer(const sgp_city_id *city) {
    sgp_gazetteer_database *database;
    sgp_fault fault = {0};
    int64_t until_us = sgp_monotonic_us() + 120 * INT64_C(1000000);
    if (sgp_gazetteer_database_create(base, here.conninfo, city, NULL, NULL, &database, &fault) !=
        SGP_OK)
        fail_msg("%s", fault.text);
    while (sgp_gazetteer_database_state(database) != SGP_GAZETTEER_READY &&
           sgp_monotonic_us() < until_us)
        event_base_loop(base, EVLOOP_ONCE);
    if (sgp_gazetteer_database_state(database) != SGP_GAZETTEER_READY)
        fail_msg("not ready: %s", sgp_gazetteer_database_fault(database));
    gazetteer = sgp_gazetteer_database_interface(database);
    return database;
}

static void import_and_check(const char *extract) {
    sgp_import_result result;
    sgp_fault fault = {0};
    const sgp_import_options options = {
        .extract = extract, .graph_dir = here.folder, .conninfo = here.conninfo};
    if (sgp_import(&options, &result, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    char hex[33], sql[120];
    sgp_city_id_format(&result.city, hex);
    connection = PQconnectdb(here.conninfo);
    assert_int_equal(PQstatus(connection), CONNECTION_OK);
    snprintf(sql, sizeof sql, "SET search_path = city_%s, public, postgis", hex);
    PQclear(query(sql));
    streets = count_of("street");
    facilities = count_of("facility");
    areas = count_of("area");
    sgp_gazetteer_database *database = open_gazetteer(&result.city);
    assert_true(sgp_gazetteer_database_bounds(database, &south_west, &north_east));
    printf("%s: %d streets, %d facilities, %d areas, %d junctions, %d houses\n", extract,
           (int)streets, (int)facilities, (int)areas, (int)count_of("junction"),
           (int)count_of("address"));
    ask_numbers();
    ask_posts();
    ask_junctions();
    ask_nearest();
    ask_districts();
    sgp_gazetteer_database_destroy(database);
    PQfinish(connection);
}

static void test_ground_of_a_drawn_city(void **state) {
    (void)state;
    char path[96];
    snprintf(path, sizeof path, "%s/drawn.osm.pbf", here.folder);
    draw_city(path);
    import_and_check(path);
    assert_true(n_between_posts > 0);
}

static void test_ground_of_monaco(void **state) {
    (void)state;
    char path[512];
    if (!gis_extract("osrm_monaco.osm.pbf", path))
        skip();
    import_and_check(path);
}

int main(int argc, char **argv) {
    random_state = argc > 1 ? strtoull(argv[1], NULL, 10) : 112;
    int code = gis_city_begin(&here);
    if (code != 0)
        return code;
    base = event_base_new();
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_ground_of_a_drawn_city),
                                       cmocka_unit_test(test_ground_of_monaco)};
    code = cmocka_run_group_tests(tests, NULL, NULL);
    event_base_free(base);
    gis_city_end(&here);
    return code;
}
