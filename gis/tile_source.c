#include "gis/tile_source.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gis/database_pool.h"
#include "gis/import_parts.h"

enum { PATIENCE_MS = 6000 };

/* One process of the server, no helpers of its own, and no table is ever worth scanning. The
 * server gives up a little before we do, so that the connection survives. */
static const char SET_UP_SQL[] =
    "SELECT c.name,"
    " set_config('search_path', quote_ident(c.schema) || ', ' || " SGP_EXTENSION_SCHEMAS_SQL
    ", false), set_config('statement_timeout', '5000', false), set_config('jit', 'off', false),"
    " set_config('application_name', 'sigap tiles', false),"
    " set_config('client_encoding', 'UTF8', false), set_config('enable_seqscan', 'off', false),"
    " set_config('max_parallel_workers_per_gather', '0', false),"
    " set_config('default_transaction_read_only', 'on', false),"
    " set_config('plan_cache_mode', 'force_generic_plan', false)"
    " FROM sigap.city c JOIN pg_namespace s ON s.nspname = c.schema WHERE c.id = $1";

/* Lines and outlines lose what is finer than half a pixel of a large screen (2 of 4096 units),
 * except at the last zoom, which maps enlarge. A shape reaches 256 units over the edge, so that
 * no outline is drawn along it. */
/* clang-format off */
#define SHAPE(of)                                                                                  \
    "ST_AsMVTGeom(ST_Simplify(ST_Transform(" of ", 3857), tolerance), env, 4096, 256, true) AS geom"
#define SPOT(of) "ST_AsMVTGeom(ST_Transform(" of ", 3857), env, 4096, 256, true) AS geom"
#define LAYER(name, rows)                                                                          \
    "(SELECT coalesce(ST_AsMVT(l, '" name "', 4096, 'geom'), '') FROM (" rows                      \
    ") l WHERE geom IS NOT NULL)"
#define HERE(column) column " && (SELECT box FROM t)"
#define WIDER_THAN(units) "ST_XMax(geom) - ST_XMin(geom) > unit_deg * " units

static const char TILE_SQL[] =
    "WITH t AS MATERIALIZED (SELECT $1::int AS z,"
    " ST_TileEnvelope($1::int, $2::int, $3::int) AS env,"
    " ST_Transform(ST_TileEnvelope($1::int, $2::int, $3::int, margin => 0.0625), 4326) AS box,"
    " 360.0 / (1 << $1::int) / 4096 AS unit_deg,"
    " CASE WHEN $1::int < 17 THEN 40075016.7 / (1 << $1::int) / 2048 ELSE 0 END AS tolerance)"
    " SELECT "
    LAYER("landuse",
        "SELECT kind, " SHAPE("geom") " FROM landuse, t"
        " WHERE z >= 10 AND " HERE("geom") " AND ST_Dimension(geom) = 2 AND " WIDER_THAN("24"))
    " || "
    LAYER("water",
        "SELECT kind, name, " SHAPE("geom") " FROM water, t"
        " WHERE " HERE("geom") " AND CASE kind WHEN 'area' THEN " WIDER_THAN("16")
        "       WHEN 'river' THEN z >= 9 WHEN 'canal' THEN z >= 12 ELSE z >= 14 END")
    " || "
    /* As lines: the outline of a cut polygon would be drawn along the tile's edge. */
    LAYER("boundary",
        "SELECT kind, name, " SHAPE("ST_ClipByBox2D(ST_Boundary(geom), (SELECT box FROM t))")
        "  FROM area, t WHERE " HERE("geom")
        "   AND z >= CASE kind WHEN 'kabupaten' THEN 6 WHEN 'kecamatan' THEN 10"
        "                      WHEN 'kelurahan' THEN 12 ELSE 99 END")
    " || "
    LAYER("building",
        "SELECT " SPOT("geom") " FROM building, t"
        " WHERE z >= 14 AND " HERE("geom") " AND ST_Dimension(geom) = 2"
        "   AND " WIDER_THAN("CASE z WHEN 14 THEN 20 WHEN 15 THEN 12 ELSE 0 END"))
    " || "
    /* The pieces of a street in one: less to send, and its name has room. A one-way street keeps
     * its direction. */
    LAYER("road",
        "SELECT class, name, ref, oneway, bridge, tunnel, " SHAPE("geom") " FROM t, ("
        "SELECT class, name, ref, nullif(is_oneway, false) AS oneway,"
        "       nullif(is_bridge, false) AS bridge, nullif(is_tunnel, false) AS tunnel,"
        "       ST_LineMerge(ST_Collect(geom), true) AS geom"
        "  FROM road WHERE " HERE("geom")
        "   AND $1::int >= CASE WHEN class IN ('motorway', 'trunk') THEN 5"
        "       WHEN class IN ('primary', 'motorway_link', 'trunk_link') THEN 8"
        "       WHEN class IN ('secondary', 'primary_link', 'rail') THEN 10"
        "       WHEN class IN ('tertiary', 'secondary_link') THEN 11"
        "       WHEN class IN ('unclassified', 'residential', 'tertiary_link', 'living_street')"
        "       THEN 13 ELSE 14 END"
        " GROUP BY 1, 2, 3, 4, 5, 6) r")
    " || "
    LAYER("place",
        "SELECT CASE WHEN kind = 'place' THEN place ELSE kind END AS kind, name, " SPOT("point")
        "  FROM area, t WHERE " HERE("point")
        "   AND z >= CASE WHEN kind = 'kabupaten' OR place IN ('city', 'municipality') THEN 5"
        "       WHEN place = 'town' THEN 9 WHEN kind = 'kecamatan' THEN 10"
        "       WHEN kind = 'kelurahan' OR place IN ('suburb', 'village', 'borough') THEN 12"
        "       WHEN kind IN ('place', 'estate') THEN 14 WHEN kind = 'rw' THEN 15"
        "       WHEN kind = 'rt' THEN 16 ELSE 99 END")
    " || "
    LAYER("poi",
        "SELECT kind, name, " SPOT("point") " FROM facility, t WHERE " HERE("point")
        "   AND z >= CASE WHEN kind = 'hospital' THEN 11"
        "       WHEN kind IN ('clinic', 'fire_station', 'police', 'ambulance_station') THEN 13"
        "       WHEN kind IN ('school', 'university', 'worship', 'market', 'mall', 'station',"
        "                     'office', 'junction', 'km_post') THEN 15 ELSE 16 END")
    " || "
    LAYER("number",
        "SELECT number_shown AS number, " SPOT("point") " FROM address, t"
        " WHERE z >= 17 AND " HERE("point"))
    " AS tile";
/* clang-format on */

static const sgp_pool_statement statements[] = {
    {.name = "tile", .sql = TILE_SQL, .n_parameters = 3, .warm_up = {"17", "0", "0"}},
};

struct sgp_tile_source {
    sgp_pool *pool;
    char city_id[33];
    char fault[120];
    sgp_tile_changed changed;
    void *changed_ctx;
    bool closing, asked;
    sgp_tile_done done;
    void *ctx;
};

/* ---- tiles ----------------------------------------------------------------- */

/* Digits up to `end`, which is stepped over. */
static bool take_number(const char **at, char end, uint32_t *number) {
    const char *from = *at;
    size_t n = strspn(from, "0123456789");
    if (n == 0 || n > 9 || from[n] != end)
        return false;
    *number = (uint32_t)strtoul(from, NULL, 10);
    *at = from + n + 1;
    return true;
}

sgp_err sgp_tile_parse(const char *text, sgp_tile *tile, sgp_fault *fault) {
    sgp_tile made;
    const char *at = text;
    if (!take_number(&at, '/', &made.z) || !take_number(&at, '/', &made.x) ||
        !take_number(&at, '.', &made.y) || strcmp(at, "mvt") != 0)
        return sgp_fail(fault, SGP_E_FORMAT,
                        "a tile is /tiles/ZOOM/COLUMN/ROW.mvt, in whole numbers");
    if (made.z > SGP_TILE_ZOOM_MAX)
        return sgp_fail(fault, SGP_E_RANGE, "zoom %u: tiles have zooms 0 to %d", made.z,
                        SGP_TILE_ZOOM_MAX);
    uint32_t n = (uint32_t)1 << made.z;
    if (made.x >= n || made.y >= n)
        return sgp_fail(fault, SGP_E_RANGE, "%s %u: zoom %u has columns and rows 0 to %u",
                        made.x >= n ? "column" : "row", made.x >= n ? made.x : made.y, made.z,
                        n - 1);
    *tile = made;
    return SGP_OK;
}

static double latitude_of(double row, double rows) {
    return atan(sinh(M_PI * (1 - 2 * row / rows))) * 180 / M_PI;
}

void sgp_tile_box(const sgp_tile *tile, double box[4]) {
    double n = (double)((uint32_t)1 << tile->z);
    box[0] = tile->x / n * 360 - 180;
    box[1] = latitude_of(tile->y + 1.0, n);
    box[2] = (tile->x + 1) / n * 360 - 180;
    box[3] = latitude_of(tile->y, n);
}

bool sgp_tile_meets(const sgp_tile *tile, sgp_point south_west, sgp_point north_east) {
    double box[4];
    sgp_tile_box(tile, box);
    return box[0] <= north_east.lon_e7 / 1e7 && box[2] >= south_west.lon_e7 / 1e7 &&
           box[1] <= north_east.lat_e7 / 1e7 && box[3] >= south_west.lat_e7 / 1e7;
}

/* ---- the connection ---------------------------------------------------------- */

static const char *on_set_up(void *ctx, const PGresult *result) {
    sgp_tile_source *source = ctx;
    if (PQntuples(result) > 0)
        return NULL;
    snprintf(source->fault, sizeof source->fault,
             "the database does not hold the city %s: import its extract", source->city_id);
    return source->fault;
}

static void on_changed(void *ctx) {
    sgp_tile_source *source = ctx;
    if (source->pool != NULL && !source->closing)
        source->changed(source->changed_ctx);
}

sgp_err sgp_tile_source_create(struct event_base *base, const char *conninfo,
                               const sgp_city_id *city, sgp_tile_changed changed, void *ctx,
                               sgp_tile_source **out, sgp_fault *fault) {
    sgp_tile_source *source = calloc(1, sizeof *source);
    if (source == NULL)
        return sgp_fail(fault, SGP_E_MEMORY, "no memory for the map's tiles");
    sgp_city_id_format(city, source->city_id);
    source->changed = changed;
    source->changed_ctx = ctx;
    const sgp_pool_spec spec = {.n_connections = 1,
                                .statements = statements,
                                .n_statements = sizeof statements / sizeof statements[0],
                                .set_up_sql = SET_UP_SQL,
                                .set_up_parameter = source->city_id,
                                .set_up = on_set_up,
                                .changed = on_changed,
                                .ctx = source,
                                .batch_ms = PATIENCE_MS,
                                .called = "tiles"};
    sgp_err err = sgp_pool_create(base, conninfo, &spec, &source->pool, fault);
    if (err != SGP_OK)
        free(source);
    else
        *out = source;
    return err;
}

void sgp_tile_source_destroy(sgp_tile_source *source) {
    if (source == NULL)
        return;
    source->closing = true;
    sgp_pool_destroy(source->pool);
    free(source);
}

bool sgp_tile_source_away(const sgp_tile_source *source) {
    return sgp_pool_resting(source->pool);
}

bool sgp_tile_source_ready(const sgp_tile_source *source) {
    return sgp_pool_ready(source->pool) > 0 && !source->asked;
}

static void on_tile(void *ctx, sgp_err err, PGresult **results, size_t n) {
    sgp_tile_source *source = ctx;
    source->asked = false;
    if (err == SGP_OK && (n != 1 || PQntuples(results[0]) != 1))
        err = SGP_E_DATABASE;
    if (err != SGP_OK)
        source->done(source->ctx, err, NULL, 0);
    else
        source->done(source->ctx, SGP_OK, (const uint8_t *)PQgetvalue(results[0], 0, 0),
                     (size_t)PQgetlength(results[0], 0, 0));
}

sgp_err sgp_tile_source_ask(sgp_tile_source *source, const sgp_tile *tile, sgp_tile_done done,
                            void *ctx) {
    if (source->asked)
        return SGP_E_STATE;
    char numbers[3][12];
    snprintf(numbers[0], sizeof numbers[0], "%u", tile->z);
    snprintf(numbers[1], sizeof numbers[1], "%u", tile->x);
    snprintf(numbers[2], sizeof numbers[2], "%u", tile->y);
    const sgp_pool_call call = {.statement = 0, .values = {numbers[0], numbers[1], numbers[2]}};
    source->done = done;
    source->ctx = ctx;
    source->asked = true;
    sgp_err err = sgp_pool_send(source->pool, &call, 1, on_tile, source);
    if (err != SGP_OK)
        source->asked = false;
    return err;
}
