/* The map's tiles as sigapd serves them, held to plain SQL over the imported tables; look-ups that
 * do not wait for tiles; and a database that goes and comes back.
 *
 * Skipped where PostgreSQL, osm2pgsql or the extract is absent. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <libpq-fe.h>
#include <math.h>
#include <zlib.h>

#include "tls_child.h"

#include "engine_ask.h"
#include "gis/import.h"
#include "gis/tile_source.h"
#include "gis_city.h"
#include "http_ask.h"
#include "map/vector_tile.pb-c.h"

/* The harbour of Monaco. */
#define LON 7.4246
#define LAT 43.7350

static gis_city here;
static char monaco[512];
static PGconn *database;
static char city_tag[48];

/* ---- the engine on a city of its own ------------------------------------------------------- */

static int import_city(void) {
    char graphs[96];
    snprintf(graphs, sizeof graphs, "%s/graph", here.folder);
    sgp_import_options options = {
        .extract = monaco, .name = "monaco", .graph_dir = graphs, .conninfo = here.conninfo};
    sgp_import_result result;
    sgp_fault fault = {0};
    if (sgp_import(&options, &result, &fault) != SGP_OK) {
        fprintf(stderr, "%s\n", fault.text);
        return -1;
    }
    sgp_city_id_format(&result.city, city_tag);
    return 0;
}

static PGconn *connect_database(void) {
    PGconn *made = PQconnectdb(here.conninfo);
    char sql[160];
    snprintf(sql, sizeof sql, "SET search_path = city_%s, public", city_tag);
    PGresult *result = PQexec(made, sql);
    assert_int_equal(PQresultStatus(result), PGRES_COMMAND_OK);
    PQclear(result);
    return made;
}

static void configure(void) {
    FILE *out = fopen(child.config, "w");
    assert_non_null(out);
    fprintf(out, "city = { graph = \"%s/graph/monaco.sgr\"; database = \"%s\"; };\n", here.folder,
            here.conninfo);
    fprintf(out, "listen = { socket = \"%s/s\"; http = { port = %d; }; };\n", child.folder,
            child.http_port);
    fprintf(out, "journal = { path = \"%s/journal\"; key_file = \"%s/key\"; };\n", child.folder,
            child.folder);
    assert_int_equal(fclose(out), 0);
}

static int start(void **state) {
    (void)state;
    if (import_city() != 0)
        return -1;
    database = connect_database();
    memset(&child, 0, sizeof child);
    child.http_port = free_port();
    child_prepare(&child, "");
    configure();
    child_start(&child, SIGAPD);
    return 0;
}

static int stop(void **state) {
    (void)state;
    int status = child_stop(&child, SIGTERM);
    child_clean(&child);
    PQfinish(database);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : 1;
}

static sgp_tile tile_at(double lon, double lat, uint32_t z) {
    double n = (double)((uint32_t)1 << z);
    return (sgp_tile){z, (uint32_t)((lon + 180) / 360 * n),
                      (uint32_t)((1 - asinh(tan(lat * M_PI / 180)) / M_PI) / 2 * n)};
}

static void path_of(const sgp_tile *tile, char path[64]) {
    snprintf(path, 64, "/tiles/%u/%u/%u.mvt", tile->z, tile->x, tile->y);
}

static http_told get_tile(const sgp_tile *tile, const char *headers) {
    char path[64];
    path_of(tile, path);
    return http_ask(child.http_port, "GET", path, headers);
}

/* Of the engine's own numbers. */
static double metric(const char *name) {
    http_told told = http_ask(child.http_port, "GET", "/metrics", "");
    char line[80];
    snprintf(line, sizeof line, "\n%s ", name);
    const char *at = strstr(told.body, line);
    assert_non_null(at);
    double value = strtod(at + strlen(line), NULL);
    http_free(&told);
    return value;
}

static void nap(void) {
    struct timespec wait = {0, 20000000};
    nanosleep(&wait, NULL);
}

/* ---- reading tiles -------------------------------------------------------------------------- */

static VectorTile__Tile *unpack(const http_told *told) {
    assert_int_equal(told->status, 200);
    assert_string_equal(http_header(told, "Content-Encoding"), "gzip");
    static uint8_t plain[8 << 20];
    z_stream stream = {.next_in = (uint8_t *)told->body,
                       .avail_in = (uInt)told->length,
                       .next_out = plain,
                       .avail_out = sizeof plain};
    assert_int_equal(inflateInit2(&stream, 16 + MAX_WBITS), Z_OK);
    assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
    VectorTile__Tile *tile = vector_tile__tile__unpack(NULL, stream.total_out, plain);
    inflateEnd(&stream);
    assert_non_null(tile);
    return tile;
}

static const VectorTile__Layer *layer_of(const VectorTile__Tile *tile, const char *name) {
    for (size_t i = 0; i < tile->n_layers; i++)
        if (strcmp(tile->layers[i]->name, name) == 0) {
            assert_int_equal(tile->layers[i]->version, 2);
            assert_int_equal(tile->layers[i]->extent, 4096);
            return tile->layers[i];
        }
    return NULL;
}

/* "" where the feature has no such text. */
static const char *text_of(const VectorTile__Layer *layer, const VectorTile__Feature *feature,
                           const char *key) {
    for (size_t i = 0; i + 1 < feature->n_tags; i += 2) {
        assert_true(feature->tags[i] < layer->n_keys && feature->tags[i + 1] < layer->n_values);
        if (strcmp(layer->keys[feature->tags[i]], key) == 0)
            return layer->values[feature->tags[i + 1]]->string_value;
    }
    return "";
}

/* Walks the commands; sums the lengths of lines, checks that nothing lies beyond the margin, and
 * tells the first point. */
static double walk(const VectorTile__Feature *feature, double first[2]) {
    int64_t x = 0, y = 0;
    double length = 0;
    bool begun = false;
    for (size_t i = 0; i < feature->n_geometry;) {
        uint32_t command = feature->geometry[i] & 7, count = feature->geometry[i] >> 3;
        i++;
        if (command == 7)
            continue;
        assert_true(command == 1 || command == 2);
        for (uint32_t k = 0; k < count; k++, i += 2) {
            assert_true(i + 1 < feature->n_geometry);
            uint32_t dx = feature->geometry[i], dy = feature->geometry[i + 1];
            int64_t east = (int64_t)(dx >> 1) ^ -(int64_t)(dx & 1);
            int64_t south = (int64_t)(dy >> 1) ^ -(int64_t)(dy & 1);
            x += east;
            y += south;
            assert_true(x >= -257 && x <= 4096 + 257 && y >= -257 && y <= 4096 + 257);
            if (command == 2)
                length += sqrt((double)(east * east + south * south));
            if (!begun) {
                first[0] = (double)x;
                first[1] = (double)y;
            }
            begun = true;
        }
    }
    assert_true(begun);
    return length;
}

/* ---- plain SQL --------------------------------------------------------------------------------
 */

/* The tile as WKT polygon, `by` of its width larger on every side. */
static void box_of(const sgp_tile *tile, double by, char text[200]) {
    double box[4];
    sgp_tile_box(tile, box);
    double w = (box[2] - box[0]) * by, h = (box[3] - box[1]) * by;
    snprintf(text, 200, "ST_MakeEnvelope(%.9f, %.9f, %.9f, %.9f, 4326)", box[0] - w, box[1] - h,
             box[2] + w, box[3] + h);
}

/* `sql` with %s where the box goes. */
static PGresult *select_in(const sgp_tile *tile, double by, const char *sql) {
    char box[200], whole[1200];
    box_of(tile, by, box);
    const char *at = strstr(sql, "%s");
    assert_non_null(at);
    snprintf(whole, sizeof whole, "%.*s%s%s", (int)(at - sql), sql, box, at + 2);
    PGresult *result = PQexec(database, whole);
    if (PQresultStatus(result) != PGRES_TUPLES_OK)
        fail_msg("%s", PQerrorMessage(database));
    return result;
}

static bool layer_has(const VectorTile__Layer *layer, const char *key, const char *other,
                      const char *said) {
    char text[512];
    for (size_t i = 0; layer != NULL && i < layer->n_features; i++) {
        snprintf(text, sizeof text, "%s|%s", text_of(layer, layer->features[i], key),
                 other != NULL ? text_of(layer, layer->features[i], other) : "");
        if (strcmp(text, said) == 0)
            return true;
    }
    return false;
}

static bool result_has(const PGresult *result, const char *said) {
    for (int i = 0; i < PQntuples(result); i++)
        if (strcmp(PQgetvalue(result, i, 0), said) == 0)
            return true;
    return false;
}

/* What surely lies in the tile is in the layer, and what is in the layer lies in or near the tile.
 * Both are told as "key|other". Returns how many surely do. */
static int hold_layer(const VectorTile__Tile *tile, const sgp_tile *at, const char *name,
                      const char *key, const char *other, const char *sql) {
    const VectorTile__Layer *layer = layer_of(tile, name);
    PGresult *inside = select_in(at, -0.01, sql), *around = select_in(at, 0.07, sql);
    for (int i = 0; i < PQntuples(inside); i++)
        if (!layer_has(layer, key, other, PQgetvalue(inside, i, 0)))
            fail_msg("%s of %u/%u/%u has no \"%s\"", name, at->z, at->x, at->y,
                     PQgetvalue(inside, i, 0));
    for (size_t i = 0; layer != NULL && i < layer->n_features; i++) {
        char text[512];
        snprintf(text, sizeof text, "%s|%s", text_of(layer, layer->features[i], key),
                 other != NULL ? text_of(layer, layer->features[i], other) : "");
        if (!result_has(around, text))
            fail_msg("%s of %u/%u/%u has \"%s\", which is not there", name, at->z, at->x, at->y,
                     text);
    }
    int n = PQntuples(inside);
    PQclear(inside);
    PQclear(around);
    return n;
}

/* All that is drawn of roads, in metres of the plane, against the lines cut out by PostGIS. */
static void hold_road_lengths(const VectorTile__Tile *tile, const sgp_tile *at) {
    const VectorTile__Layer *layer = layer_of(tile, "road");
    double drawn = 0, first[2];
    for (size_t i = 0; layer != NULL && i < layer->n_features; i++)
        drawn += walk(layer->features[i], first);
    drawn *= 40075016.68557849 / ((uint32_t)1 << at->z) / 4096;
    PGresult *result =
        select_in(at, 0.0625,
                  "SELECT coalesce(sum(ST_Length(ST_Transform(ST_Intersection(geom, b), 3857))), 0)"
                  " FROM road, (SELECT %s AS b) box WHERE ST_Intersects(geom, b)");
    double there = strtod(PQgetvalue(result, 0, 0), NULL);
    PQclear(result);
    if (fabs(drawn - there) > 0.01 * there + 1)
        fail_msg("%u/%u/%u: %.1f m of roads are drawn, and %.1f m are there", at->z, at->x, at->y,
                 drawn, there);
}

/* Points of the tile against the rows of that kind and name, to a unit of the tile. */
static void hold_points(const VectorTile__Tile *tile, const sgp_tile *at) {
    const VectorTile__Layer *layer = layer_of(tile, "poi");
    double n = (double)((uint32_t)1 << at->z);
    for (size_t i = 0; layer != NULL && i < layer->n_features; i++) {
        double pixel[2];
        (void)walk(layer->features[i], pixel);
        char lon[32], lat[32];
        snprintf(lon, sizeof lon, "%.9f", (at->x + pixel[0] / 4096) / n * 360 - 180);
        snprintf(lat, sizeof lat, "%.9f",
                 atan(sinh(M_PI * (1 - 2 * (at->y + pixel[1] / 4096) / n))) * 180 / M_PI);
        const char *values[] = {text_of(layer, layer->features[i], "kind"),
                                text_of(layer, layer->features[i], "name"), lon, lat};
        PGresult *result = PQexecParams(
            database,
            "SELECT min(ST_Distance(point::geography, ST_SetSRID(ST_MakePoint($3::float8,"
            " $4::float8), 4326)::geography)) FROM facility WHERE kind = $1 AND name = $2",
            4, NULL, values, NULL, NULL, 0);
        assert_int_equal(PQresultStatus(result), PGRES_TUPLES_OK);
        assert_false(PQgetisnull(result, 0, 0));
        assert_true(strtod(PQgetvalue(result, 0, 0), NULL) < 40075017 / n / 4096 + 0.1);
        PQclear(result);
    }
}

static const char ROADS_SQL[] = "SELECT DISTINCT class || '|' || coalesce(name, '') FROM road"
                                " WHERE ST_Intersects(geom, %s)";
static const char POI_SQL[] =
    "SELECT DISTINCT kind || '|' || name FROM facility WHERE ST_Intersects(point, %s)";
static const char NUMBERS_SQL[] =
    "SELECT DISTINCT number_shown || '|' FROM address WHERE ST_Intersects(point, %s)";
static const char WATER_SQL[] =
    "SELECT DISTINCT kind || '|' || coalesce(name, '') FROM water WHERE ST_Intersects(geom, %s)";

static void test_tiles_hold_what_is_there(void **state) {
    (void)state;
    int roads = 0, places = 0, numbers = 0;
    sgp_tile middle = tile_at(LON, LAT, 17);
    for (uint32_t i = 0; i < 9; i++) {
        sgp_tile at = {17, middle.x - 3 + 3 * (i % 3), middle.y - 3 + 3 * (i / 3)};
        http_told told = get_tile(&at, "");
        if (told.status == 204) { /* the sea: nothing may be there */
            PGresult *result =
                select_in(&at, -0.01, "SELECT 1 FROM road WHERE ST_Intersects(geom, %s)");
            assert_int_equal(PQntuples(result), 0);
            PQclear(result);
            http_free(&told);
            continue;
        }
        VectorTile__Tile *tile = unpack(&told);
        roads += hold_layer(tile, &at, "road", "class", "name", ROADS_SQL);
        places += hold_layer(tile, &at, "poi", "kind", "name", POI_SQL);
        numbers += hold_layer(tile, &at, "number", "number", NULL, NUMBERS_SQL);
        (void)hold_layer(tile, &at, "water", "kind", "name", WATER_SQL);
        hold_road_lengths(tile, &at);
        hold_points(tile, &at);
        vector_tile__tile__free_unpacked(tile, NULL);
        http_free(&told);
    }
    /* The test is about something. */
    assert_true(roads > 30 && places > 10 && numbers > 0);
}

static void test_far_away_only_the_large_is_drawn(void **state) {
    (void)state;
    sgp_tile at = tile_at(LON, LAT, 10);
    http_told told = get_tile(&at, "");
    VectorTile__Tile *tile = unpack(&told);
    const VectorTile__Layer *roads = layer_of(tile, "road");
    assert_non_null(roads);
    for (size_t i = 0; i < roads->n_features; i++)
        assert_string_not_equal(text_of(roads, roads->features[i], "class"), "residential");
    assert_null(layer_of(tile, "building"));
    assert_null(layer_of(tile, "number"));
    assert_null(layer_of(tile, "poi"));
    vector_tile__tile__free_unpacked(tile, NULL);
    http_free(&told);
}

static void check_status(const char *method, const char *path, int status, const char *words) {
    http_told told = http_ask(child.http_port, method, path, "");
    if (told.status != status || strstr(told.body, words) == NULL)
        fail_msg("%s %s: %d %s", method, path, told.status, told.body);
    http_free(&told);
}

static void test_addresses_that_are_none(void **state) {
    (void)state;
    check_status("GET", "/tiles/18/0/0.mvt", 400, "zoom 18");
    check_status("GET", "/tiles/4/16/0.mvt", 400, "column 16");
    check_status("GET", "/tiles/4/0/16.mvt", 400, "row 16");
    check_status("GET", "/tiles/4/0/0.png", 400, "/tiles/ZOOM/COLUMN/ROW.mvt");
    check_status("GET", "/tiles/", 400, "/tiles/ZOOM/COLUMN/ROW.mvt");
    check_status("GET", "/tiles/4/..%2f/0.mvt", 400, "");
    check_status("POST", "/tiles/4/0/0.mvt", 405, "");
    check_status("GET", "/tiles/12/0/0.mvt", 204, ""); /* beyond the city */

    sgp_tile at = tile_at(LON, LAT, 14);
    http_told told = get_tile(&at, "");
    assert_string_equal(http_header(&told, "Content-Type"), "application/vnd.mapbox-vector-tile");
    assert_non_null(strstr(http_header(&told, "ETag"), city_tag)); /* a new import, a new map */
    char known[600];
    snprintf(known, sizeof known, "If-None-Match: %s\r\n", http_header(&told, "ETag"));
    http_told again = get_tile(&at, known);
    assert_int_equal(again.status, 304);
    assert_int_equal(again.length, 0);
    http_free(&again);
    http_free(&told);
}

/* ---- look-ups come first ------------------------------------------------------------------------
 */

static void find_place(sgp_client *client, const char *text) {
    Sigap__V1__FindPlace find = SIGAP__V1__FIND_PLACE__INIT;
    find.text = (char *)text;
    frame_t *answer = ASK(client, FIND_PLACE, &find, PLACE_ANSWER);
    assert_true(answer->place_answer->n_candidates > 0);
    free_frame(answer);
}

static void run_sql(PGconn *connection, const char *sql) {
    PGresult *result = PQexec(connection, sql);
    assert_int_equal(PQresultStatus(result), PGRES_COMMAND_OK);
    PQclear(result);
}

/* While the table of roads is held by another, no tile gets on; who looks up a place is answered
 * all the same. Afterwards each tile is made once, however many asked for it. */
static void test_look_ups_do_not_wait_for_tiles(void **state) {
    enum { TILES = 20, ASKERS = 3 };
    (void)state;
    int wires[TILES][ASKERS], answered = 0;
    sgp_client *dispatcher = connect_as(NULL);
    find_place(dispatcher, "Boulevard des Moulins");
    sgp_tile middle = tile_at(LON, LAT, 16);
    double made_before = metric("sigap_tile_seconds_count");
    PGconn *other = connect_database();
    run_sql(other, "BEGIN");
    run_sql(other, "LOCK TABLE road IN ACCESS EXCLUSIVE MODE");
    for (uint32_t i = 0; i < TILES; i++)
        for (int k = 0; k < ASKERS; k++) {
            char path[64];
            sgp_tile at = {16, middle.x - 2 + i % 5, middle.y - 2 + i / 5};
            path_of(&at, path);
            wires[i][k] = http_connect(child.http_port);
            http_send(wires[i][k], "GET", path, "");
        }
    find_place(dispatcher, "Rue Grimaldi");
    assert_true(metric("sigap_tile_seconds_count") == made_before);
    run_sql(other, "ROLLBACK");
    PQfinish(other);
    for (int i = 0; i < TILES; i++)
        for (int k = 0; k < ASKERS; k++) {
            http_told told = http_hear(wires[i][k]);
            /* On a machine that took longer than the database waits, some are refused. */
            assert_true(told.status == 200 || told.status == 204 || told.status == 503);
            answered += told.status != 503;
            http_free(&told);
        }
    double made = metric("sigap_tile_seconds_count") - made_before;
    assert_true(made <= TILES && made * ASKERS >= answered);
    assert_true(answered > 0);
    sgp_client_close(dispatcher);
}

/* Who gave up is not worked for. */
static void test_tiles_that_nobody_waits_for(void **state) {
    enum { TILES = 30 };
    (void)state;
    sgp_tile middle = tile_at(LON, LAT, 15);
    double made_before = metric("sigap_tile_seconds_count");
    PGconn *other = connect_database();
    run_sql(other, "BEGIN");
    run_sql(other, "LOCK TABLE road IN ACCESS EXCLUSIVE MODE");
    for (uint32_t i = 0; i < TILES; i++) {
        char path[64];
        sgp_tile at = {15, middle.x - 2 + i % 5, middle.y - 3 + i / 5};
        path_of(&at, path);
        int wire = http_connect(child.http_port);
        http_send(wire, "GET", path, "");
        close(wire);
    }
    run_sql(other, "ROLLBACK");
    PQfinish(other);
    /* One was on its way; another asked now comes after all of them. */
    sgp_tile last = {15, middle.x, middle.y + 3};
    for (http_told told = get_tile(&last, "");; told = get_tile(&last, "")) {
        bool done = told.status != 503;
        http_free(&told);
        if (done)
            break;
        nap();
    }
    assert_true(metric("sigap_tile_seconds_count") - made_before < TILES);
}

/* ---- the database goes and comes back
 * ------------------------------------------------------------- */

static void test_what_was_made_is_kept(void **state) {
    (void)state;
    char ignored[256];
    sgp_tile kept = tile_at(LON, LAT, 13), other = {13, kept.x - 1, kept.y};
    http_told first = get_tile(&kept, "");
    assert_int_equal(first.status, 200);
    PQfinish(database);
    assert_int_equal(gis_shell("stop", here.cluster, ignored, sizeof ignored), 0);
    http_told again = get_tile(&kept, "");
    assert_int_equal(again.status, 200);
    assert_int_equal(again.length, first.length);
    assert_memory_equal(again.body, first.body, first.length);
    http_told away = get_tile(&other, "");
    assert_int_equal(away.status, 503);
    assert_string_equal(http_header(&away, "Cache-Control"), "no-store");
    assert_string_not_equal(http_header(&away, "Retry-After"), "");
    assert_int_equal(gis_shell("start", here.cluster, here.conninfo, sizeof here.conninfo), 0);
    int status = 503;
    for (int i = 0; i < 3000 && status == 503; i++) {
        http_told told = get_tile(&other, "");
        status = told.status;
        http_free(&told);
        nap();
    }
    assert_true(status == 200 || status == 204);
    http_free(&away);
    http_free(&again);
    http_free(&first);
    database = connect_database();
}

int main(void) {
    if (!gis_extract("osrm_monaco.osm.pbf", monaco)) {
        fprintf(stderr, "skipped: SIGAP_DATA has no osm/osrm_monaco.osm.pbf\n");
        return GIS_SKIPPED;
    }
    int code = gis_city_begin(&here);
    if (code != 0)
        return code;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tiles_hold_what_is_there),
        cmocka_unit_test(test_far_away_only_the_large_is_drawn),
        cmocka_unit_test(test_addresses_that_are_none),
        cmocka_unit_test(test_look_ups_do_not_wait_for_tiles),
        cmocka_unit_test(test_tiles_that_nobody_waits_for),
        cmocka_unit_test(test_what_was_made_is_kept),
    };
    int failed = cmocka_run_group_tests(tests, start, stop);
    gis_city_end(&here);
    return failed;
}
