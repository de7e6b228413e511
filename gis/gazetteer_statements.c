#include "gis/gazetteer_parts.h"
#include "gis/import_parts.h"

/* The server gives up a little before we do, so that the connection survives. Plans are
 * made once: planning costs as much as searching. No table is ever worth scanning. */
const char SGP_GAZETTEER_SET_UP[] =
    "SELECT c.name, c.west_e7, c.south_e7, c.east_e7, c.north_e7,"
    " set_config('search_path', quote_ident(c.schema) || ', ' || " SGP_EXTENSION_SCHEMAS_SQL
    ", false), set_config('statement_timeout', '1800', false), set_config('jit', 'off', false),"
    " set_config('application_name', 'sigap gazetteer', false),"
    " set_config('client_encoding', 'UTF8', false), set_config('enable_seqscan', 'off', false),"
    " set_config('max_parallel_workers_per_gather', '0', false),"
    " set_config('plan_cache_mode', 'force_generic_plan', false)"
    " FROM sigap.city c JOIN pg_namespace s ON s.nspname = c.schema WHERE c.id = $1";

/* $1 $2 a point: the nearest house number and the nearest street. */
static const char AROUND_SQL[] =
    "WITH here AS (SELECT ST_SetSRID(ST_MakePoint($1::float8, $2::float8), 4326) AS p)"
    "SELECT s.name, a.number_shown, a.point,"
    "       round(ST_DistanceSphere(a.point, (SELECT p FROM here)))::int"
    "  FROM (SELECT * FROM address ORDER BY point <-> (SELECT p FROM here) LIMIT 1) a"
    "  JOIN street s ON s.id = a.street"
    " UNION ALL "
    "SELECT s.name, '', ST_ClosestPoint(s.geom, (SELECT p FROM here)),"
    "       round(ST_DistanceSphere(ST_ClosestPoint(s.geom, (SELECT p FROM here)),"
    "                               (SELECT p FROM here)))::int"
    "  FROM (SELECT * FROM street ORDER BY geom <-> (SELECT p FROM here) LIMIT 1) s";

/* What the engine keeps in memory, in pages: $1 (and $2) where the page before ended, and
 * last how many rows. */
static const char NAME_BLOCKS_SQL[] =
    "SELECT block, names FROM name_block WHERE block > $1::int ORDER BY block LIMIT $2::int";
static const char SQUARES_SQL[] = "SELECT x, y, names FROM square WHERE (x, y) > ($1::int, $2::int)"
                                  " ORDER BY x, y LIMIT $3::int";
static const char WORDS_SQL[] = "SELECT word, n, names FROM word WHERE word > $1"
                                " ORDER BY word LIMIT $2::int";

static const char NAMES_SQL[] =
    "SELECT id, kind, thing, label, array_to_string(own, ' '), array_to_string(context, ' '), sort,"
    "       reach_m, rank::int, lon_e7, lat_e7, kelurahan, kecamatan, kabupaten, front_street,"
    "       front_name, front_lon_e7, front_lat_e7, entrance_lon_e7, entrance_lat_e7, west_e7,"
    "       south_e7, east_e7, north_e7"
    "  FROM name WHERE id > $1::int ORDER BY id LIMIT $2::int";

/* The ground: what streets, facilities and areas cover, where streets meet, which numbers they
 * have, and the borders of districts with the places that stand for them (district() of
 * import.sql). */
static const char STREETS_SQL[] =
    "SELECT id, name, geom FROM street WHERE id > $1::int ORDER BY id LIMIT $2::int";
static const char FACILITIES_SQL[] =
    "SELECT id, geom FROM facility WHERE id > $1::int ORDER BY id LIMIT $2::int";
/* A post belongs to all streets that it stands at: at a corner the nearest may be the lesser. */
static const char POSTS_SQL[] =
    "SELECT f.id, round(substr(f.name, 4)::numeric * 1000)::int, s.id, f.point"
    "  FROM (SELECT id, name, front_street, point FROM facility"
    "         WHERE id > $1::int AND kind = 'km_post'"
    "           AND name ~ '^KM [0-9]{1,4}([.][0-9]{1,3})?$' ORDER BY id LIMIT $2::int) f"
    " CROSS JOIN LATERAL (SELECT f.front_street AS id UNION"
    "                     SELECT id FROM street WHERE ST_DWithin(geom, f.point, 0.0003)) s"
    " ORDER BY f.id, s.id";
static const char AREAS_SQL[] =
    "SELECT id, coalesce(geom, point) FROM area WHERE id > $1::int ORDER BY id LIMIT $2::int";
static const char JUNCTIONS_SQL[] =
    "SELECT id, street_a, coalesce(street_b, 0), arms::int, is_roundabout::int, point"
    "  FROM junction WHERE id > $1::int ORDER BY id LIMIT $2::int";
static const char BORDERS_SQL[] =
    "SELECT a.id, CASE a.kind WHEN 'kelurahan' THEN 0 WHEN 'kecamatan' THEN 1 ELSE 2 END, a.name,"
    "       x.geom"
    "  FROM (SELECT id, kind, name FROM area"
    "         WHERE id > $1::int AND kind IN ('kelurahan', 'kecamatan', 'kabupaten')"
    "         ORDER BY id LIMIT $2::int) a"
    "  LEFT JOIN area_piece x ON x.area = a.id ORDER BY a.id";
static const char PLACES_SQL[] =
    "SELECT id, CASE WHEN place IN ('suburb', 'quarter', 'neighbourhood', 'village', 'borough')"
    "                THEN 0 WHEN place = 'hamlet' THEN 1 ELSE 2 END, name, point"
    "  FROM area WHERE id > $1::int AND kind = 'place'"
    "   AND place IN ('suburb', 'quarter', 'neighbourhood', 'village', 'borough', 'hamlet',"
    "                 'city', 'town', 'municipality')"
    " ORDER BY id LIMIT $2::int";
static const char HOUSES_SQL[] =
    "SELECT street, number_value, id, number, block, number_shown, point FROM address"
    " WHERE (street, number_value, id) > ($1::int, $2::int, $3::int) AND number_value IS NOT NULL"
    " ORDER BY street, number_value, id LIMIT $4::int";

const sgp_pool_statement SGP_GAZETTEER_STATEMENTS[SGP_GAZETTEER_STATEMENTS_N] = {
    [SGP_STATEMENT_NAME_BLOCKS] = {"name_blocks", NAME_BLOCKS_SQL, 2, {"-1", "1"}},
    [SGP_STATEMENT_SQUARES] = {"squares", SQUARES_SQL, 3, {"0", "0", "1"}},
    [SGP_STATEMENT_WORDS] = {"words", WORDS_SQL, 2, {"", "1"}},
    [SGP_STATEMENT_NAMES] = {"names", NAMES_SQL, 2, {"0", "1"}},
    [SGP_STATEMENT_STREETS] = {"streets", STREETS_SQL, 2, {"0", "1"}},
    [SGP_STATEMENT_FACILITIES] = {"facilities", FACILITIES_SQL, 2, {"0", "1"}},
    [SGP_STATEMENT_POSTS] = {"posts", POSTS_SQL, 2, {"0", "1"}},
    [SGP_STATEMENT_AREAS] = {"areas", AREAS_SQL, 2, {"0", "1"}},
    [SGP_STATEMENT_JUNCTION_ROWS] = {"junctions", JUNCTIONS_SQL, 2, {"0", "1"}},
    [SGP_STATEMENT_BORDERS] = {"borders", BORDERS_SQL, 2, {"0", "1"}},
    [SGP_STATEMENT_PLACES] = {"places", PLACES_SQL, 2, {"0", "1"}},
    [SGP_STATEMENT_HOUSES] = {"houses", HOUSES_SQL, 4, {"0", "0", "0", "1"}},
    [SGP_STATEMENT_AROUND] = {"around", AROUND_SQL, 2, {"0", "0"}},
};
