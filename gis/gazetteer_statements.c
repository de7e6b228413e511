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

/* $1 streets, $2 number, $3 its value, $4 block. One row a street, in the order asked. The
 * nearest known number; and those of the same side (parity) below and above, with the point
 * between them along the street. Houses of another block do not count where the street has
 * that block. Of several houses with that number the first, and how far the others are. */
static const char NUMBER_SQL[] =
    "SELECT x.street, coalesce(e.number_shown, nearest.number_shown, ''), e.id IS NOT NULL,"
    "       abs(coalesce(e.number_value, nearest.number_value) - $3::int),"
    "       coalesce(e.point, nearest.point), low.number_value, high.number_value, between_m.point,"
    "       round(coalesce(ST_DistanceSphere(low.point, high.point), twin.away))::int"
    "  FROM unnest($1::int[]) WITH ORDINALITY x(street, nth)"
    " CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM address a WHERE a.street = x.street"
    "                                      AND a.block = $4) AS known) b"
    "  LEFT JOIN LATERAL (SELECT a.* FROM address a WHERE a.street = x.street"
    "      AND a.number_value = $3::int AND a.number = $2 AND (a.block = $4 OR NOT b.known)"
    "    ORDER BY a.id LIMIT 1) e ON true"
    "  LEFT JOIN LATERAL (SELECT max(ST_DistanceSphere(a.point, e.point)) AS away FROM address a"
    "    WHERE a.street = x.street AND a.number_value = $3::int AND a.number = $2"
    "      AND (a.block = $4 OR NOT b.known)) twin ON e.id IS NOT NULL"
    "  LEFT JOIN LATERAL (SELECT a.* FROM address a WHERE a.street = x.street"
    "      AND a.number_value < $3::int AND a.number_value % 2 = $3::int % 2"
    "      AND (a.block = $4 OR NOT b.known)"
    "    ORDER BY a.number_value DESC LIMIT 1) low ON e.id IS NULL"
    "  LEFT JOIN LATERAL (SELECT a.* FROM address a WHERE a.street = x.street"
    "      AND a.number_value > $3::int AND a.number_value % 2 = $3::int % 2"
    "      AND (a.block = $4 OR NOT b.known)"
    "    ORDER BY a.number_value LIMIT 1) high ON e.id IS NULL"
    "  LEFT JOIN LATERAL (SELECT * FROM ("
    "      (SELECT a.* FROM address a WHERE a.street = x.street AND a.number_value <= $3::int"
    "          AND (a.block = $4 OR NOT b.known) ORDER BY a.number_value DESC LIMIT 1)"
    "      UNION ALL"
    "      (SELECT a.* FROM address a WHERE a.street = x.street AND a.number_value > $3::int"
    "          AND (a.block = $4 OR NOT b.known) ORDER BY a.number_value LIMIT 1)) a"
    "    ORDER BY abs(a.number_value - $3::int), a.id LIMIT 1) nearest ON e.id IS NULL"
    "  LEFT JOIN LATERAL (SELECT ST_LineInterpolatePoint(l.geom,"
    "        ST_LineLocatePoint(l.geom, low.point) + (ST_LineLocatePoint(l.geom, high.point)"
    "          - ST_LineLocatePoint(l.geom, low.point)) * ($3::int - low.number_value)"
    "          / (high.number_value - low.number_value)::float8) AS point"
    "      FROM street s CROSS JOIN LATERAL ST_Dump(s.geom) l"
    "     WHERE s.id = x.street AND ST_Dimension(l.geom) = 1"
    "     ORDER BY ST_Distance(l.geom, low.point) + ST_Distance(l.geom, high.point) LIMIT 1"
    "    ) between_m ON low.id IS NOT NULL AND high.id IS NOT NULL"
    " ORDER BY x.nth";

/* $1 $2 streets. The first is of $1. */
static const char JUNCTIONS_SQL[] =
    "SELECT j.a, j.b, a.name, b.name, j.point, j.arms::int, j.is_roundabout, 0"
    "  FROM (SELECT id, street_a AS a, street_b AS b, point, arms, is_roundabout FROM junction"
    "         WHERE street_a = ANY ($1::int[]) AND street_b = ANY ($2::int[])"
    "        UNION"
    "        SELECT id, street_b, street_a, point, arms, is_roundabout FROM junction"
    "         WHERE street_b = ANY ($1::int[]) AND street_a = ANY ($2::int[])) j"
    "  JOIN street a ON a.id = j.a JOIN street b ON b.id = j.b"
    " ORDER BY array_position($1::int[], j.a), array_position($2::int[], j.b), j.id LIMIT $3::int";

/* $1 $2 points, $3 metres, $4 arms at least, $5 rows. The index tells the nearest in degrees, of
 * which those nearest in metres are kept: a degree of longitude is shorter than one of latitude. */
static const char JUNCTIONS_NEAR_SQL[] =
    "SELECT j.street_a, coalesce(j.street_b, 0), a.name, coalesce(b.name, ''), j.point,"
    "       j.arms::int, j.is_roundabout, round(j.away)::int"
    "  FROM (SELECT j.id, j.street_a, j.street_b, j.point, j.arms, j.is_roundabout,"
    "               min(ST_DistanceSphere(j.point, p.point)) AS away"
    "          FROM (SELECT ST_SetSRID(ST_MakePoint(lon, lat), 4326) AS point"
    "                  FROM unnest($1::float8[], $2::float8[]) x(lon, lat)) p"
    "         CROSS JOIN LATERAL (SELECT * FROM junction WHERE arms >= $4::int"
    "                              ORDER BY point <-> p.point LIMIT 2 * $5::int) j"
    "         GROUP BY j.id, j.street_a, j.street_b, j.point, j.arms, j.is_roundabout"
    "        HAVING min(ST_DistanceSphere(j.point, p.point)) <= $3::float8"
    "         ORDER BY away, j.id LIMIT $5::int) j"
    "  JOIN street a ON a.id = j.street_a LEFT JOIN street b ON b.id = j.street_b"
    " ORDER BY j.away, j.id";

/* $1 $2 a point, $3 metres, $4 arms at least, $5 rows, $6 streets: their junctions. */
static const char JUNCTIONS_OF_SQL[] =
    "SELECT j.street_a, coalesce(j.street_b, 0), a.name, coalesce(b.name, ''), j.point,"
    "       j.arms::int, j.is_roundabout, round(j.away)::int"
    "  FROM (SELECT j.*, ST_DistanceSphere(j.point, p.point) AS away"
    "          FROM (SELECT ST_SetSRID(ST_MakePoint($1::float8, $2::float8), 4326) AS point) p,"
    "               (SELECT * FROM junction WHERE street_a = ANY ($6::int[])"
    "                UNION"
    "                SELECT * FROM junction WHERE street_b = ANY ($6::int[])) j"
    "         WHERE j.arms >= $4::int AND ST_DistanceSphere(j.point, p.point) <= $3::float8"
    "         ORDER BY away, j.id LIMIT $5::int) j"
    "  JOIN street a ON a.id = j.street_a LEFT JOIN street b ON b.id = j.street_b"
    " ORDER BY j.away, j.id";

/* What a thing covers: $1 letters, $2 ids; $3 $4 the others; $5 metres. */
#define SHAPES(letters, ids)                                                                       \
    "(SELECT x.nth, CASE WHEN x.kind IN ('s', 'g') THEN"                                           \
    "                 (SELECT geom FROM street WHERE id = x.id)"                                   \
    "               WHEN x.kind IN ('f', 'j', 'k') THEN"                                           \
    "                 (SELECT geom FROM facility WHERE id = x.id)"                                 \
    "               ELSE (SELECT coalesce(geom, point) FROM area WHERE id = x.id) END AS shape"    \
    "   FROM unnest(" letters "::text[], " ids "::int[]) WITH ORDINALITY x(kind, id, nth))"
static const char NEAREST_ON_SQL[] =
    "SELECT (a.nth - 1)::int, (b.nth - 1)::int, c.point,"
    "       round(ST_DistanceSphere(c.point, ST_ClosestPoint(b.shape, c.point)))::int"
    "  FROM " SHAPES("$1", "$2") " a JOIN " SHAPES(
        "$3",
        "$4") " b"
              "    ON a.shape && ST_Expand(b.shape, $5::float8 / 111195"
              "                            / greatest(cos(radians(ST_YMin(b.shape))), 0.1))"
              " CROSS JOIN LATERAL (SELECT ST_ClosestPoint(a.shape, b.shape) AS point) c"
              " WHERE ST_DistanceSphere(c.point, ST_ClosestPoint(b.shape, c.point)) <= $5::float8"
              " ORDER BY 1, 2";

/* The name of the nearest such place within so many metres, asked for where nothing is known. */
#define NEAREST_PLACE(unless, places, metres)                                                      \
    "(SELECT n.name FROM (SELECT a.name, a.point FROM area a"                                      \
    "         WHERE " unless " IS NULL AND a.kind = 'place' AND a.place IN (" places ")"           \
    "         ORDER BY a.point <-> q.point LIMIT 1) n"                                             \
    "   WHERE ST_DistanceSphere(n.point, q.point) < " metres ")"
/* $1 $2 points. The function district() of import.sql for several points, several times as
 * quick. */
static const char DISTRICTS_SQL[] =
    "SELECT coalesce(i.kelurahan, v.name, h.name, ''), coalesce(i.kecamatan, ''),"
    "       coalesce(i.kabupaten, c.name, '')"
    "  FROM (SELECT nth, ST_SetSRID(ST_MakePoint(lon, lat), 4326) AS point"
    "          FROM unnest($1::float8[], $2::float8[]) WITH ORDINALITY p(lon, lat, nth)) q"
    "  LEFT JOIN LATERAL (SELECT min(x.name) FILTER (WHERE x.kind = 'kelurahan') AS kelurahan,"
    "                            min(x.name) FILTER (WHERE x.kind = 'kecamatan') AS kecamatan,"
    "                            min(x.name) FILTER (WHERE x.kind = 'kabupaten') AS kabupaten,"
    "                            min(x.name) AS some"
    "               FROM area_piece x WHERE ST_Intersects(x.geom, q.point)) i ON true"
    "  LEFT JOIN LATERAL " NEAREST_PLACE(
        "i.kelurahan", "'suburb', 'quarter', 'neighbourhood', 'village', 'borough'",
        "2500") " v ON true"
                "  LEFT JOIN LATERAL " NEAREST_PLACE("coalesce(i.kelurahan, v.name)", "'hamlet'",
                                                     "2500") " h ON true"
                                                             "  LEFT JOIN LATERAL " NEAREST_PLACE(
                                                                 "i.some",
                                                                 "'city', 'town', 'municipality'",
                                                                 "20000") " c ON true"
                                                                          " ORDER BY q.nth";

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

const sgp_pool_statement SGP_GAZETTEER_STATEMENTS[SGP_GAZETTEER_STATEMENTS_N] = {
    [SGP_STATEMENT_NAME_BLOCKS] = {"name_blocks", NAME_BLOCKS_SQL, 2, {"-1", "1"}},
    [SGP_STATEMENT_SQUARES] = {"squares", SQUARES_SQL, 3, {"0", "0", "1"}},
    [SGP_STATEMENT_WORDS] = {"words", WORDS_SQL, 2, {"", "1"}},
    [SGP_STATEMENT_NAMES] = {"names", NAMES_SQL, 2, {"0", "1"}},
    [SGP_STATEMENT_NUMBER] = {"number", NUMBER_SQL, 4, {"{1}", "5", "5", ""}},
    [SGP_STATEMENT_JUNCTIONS] = {"junctions", JUNCTIONS_SQL, 3, {"{1}", "{2}", "5"}},
    [SGP_STATEMENT_JUNCTIONS_NEAR] = {"junctions_near",
                                      JUNCTIONS_NEAR_SQL,
                                      5,
                                      {"{0}", "{0}", "100", "3", "5"}},
    [SGP_STATEMENT_JUNCTIONS_OF] = {"junctions_of",
                                    JUNCTIONS_OF_SQL,
                                    6,
                                    {"0", "0", "100", "3", "5", "{1}"}},
    [SGP_STATEMENT_NEAREST_ON] = {"nearest_on",
                                  NEAREST_ON_SQL,
                                  5,
                                  {"{s}", "{1}", "{f}", "{1}", "100"}},
    [SGP_STATEMENT_DISTRICTS] = {"districts", DISTRICTS_SQL, 2, {"{0}", "{0}"}},
    [SGP_STATEMENT_AROUND] = {"around", AROUND_SQL, 2, {"0", "0"}},
};
