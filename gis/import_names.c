/* The names of a filled schema, as they go into the graph file for the time when the database
 * is away. What is searched then is what the database would search, but for house numbers. */
#include "gis/import_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "route/osm_strings.h"

typedef struct names_reading {
    PGconn *connection;
    const sgp_graph_parts *parts;
    sgp_fault *fault;
    sgp_osm_strings texts;
    sgp_buffer places;    /* sgp_graph_place */
    sgp_buffer districts; /* sgp_graph_district */
    sgp_buffer spans;     /* sgp_district_span */
    uint32_t *first_span;
    uint32_t n_rows;
    int32_t south_e7;
} names_reading;

static sgp_err fail_memory(names_reading *r) {
    return sgp_fail(r->fault, SGP_E_MEMORY, "no memory left while reading names for the graph");
}

static sgp_err ask(names_reading *r, const char *sql, PGresult **result) {
    *result = PQexec(r->connection, sql);
    if (PQresultStatus(*result) == PGRES_TUPLES_OK)
        return SGP_OK;
    sgp_err err =
        sgp_database_fail(r->connection, *result, "reading names for the graph", r->fault);
    PQclear(*result);
    return err;
}

static sgp_err look_into(names_reading *r, const char *schema) {
    const char *values[] = {schema};
    PGresult *result = PQexecParams(
        r->connection,
        "SELECT set_config('search_path', $1 || ', ' || " SGP_EXTENSION_SCHEMAS_SQL ", false)", 1,
        NULL, values, NULL, NULL, 0);
    sgp_err err = SGP_OK;
    if (PQresultStatus(result) != PGRES_TUPLES_OK)
        err = sgp_database_fail(r->connection, result, "reading names for the graph", r->fault);
    PQclear(result);
    return err;
}

/* The offset of a column's text; a text is kept once. */
static sgp_err text_of(names_reading *r, const PGresult *rows, int row, int column, uint32_t *at) {
    uint32_t number;
    sgp_err err = sgp_osm_strings_add(&r->texts, PQgetvalue(rows, row, column), &number);
    if (err != SGP_OK)
        return sgp_fail(r->fault, err, "the names do not fit into the graph");
    *at = sgp_osm_strings_offset(&r->texts, number);
    return SGP_OK;
}

static int32_t whole(const PGresult *rows, int row, int column) {
    long value = strtol(PQgetvalue(rows, row, column), NULL, 10);
    return value < INT32_MIN ? INT32_MIN : value > INT32_MAX ? INT32_MAX : (int32_t)value;
}

static sgp_point point_of(const PGresult *rows, int row, int column) {
    return (sgp_point){whole(rows, row, column), whole(rows, row, column + 1)};
}

/* ---- places ------------------------------------------------------------------------ */

/* Columns of the query below. */
enum {
    AT_KIND,
    AT_RANK,
    AT_REACH,
    AT_HAS_FRONT,
    AT_POINT,
    AT_FRONT = AT_POINT + 2,
    AT_ENTRANCE = AT_FRONT + 2,
    AT_SOUTH_WEST = AT_ENTRANCE + 2,
    AT_NORTH_EAST = AT_SOUTH_WEST + 2,
    AT_LABEL = AT_NORTH_EAST + 2,
    AT_OWN,
    AT_CONTEXT,
    AT_SORT,
    AT_FRONT_STREET,
    AT_KELURAHAN,
    AT_KECAMATAN,
    AT_KABUPATEN
};

#define E7(coordinate) "round((" coordinate ") * 1e7)::bigint"
/* One row for each thing, with all of its names; important ones first. */
static const char places_sql[] =
    "SELECT n.kind, n.rank, n.reach_m, (n.front_lon_e7 IS NOT NULL)::int, n.lon_e7, n.lat_e7,"
    "       coalesce(n.front_lon_e7, n.lon_e7), coalesce(n.front_lat_e7, n.lat_e7),"
    "       coalesce(n.entrance_lon_e7, n.lon_e7), coalesce(n.entrance_lat_e7, n.lat_e7),"
    "       coalesce(n.west_e7, n.lon_e7), coalesce(n.south_e7, n.lat_e7),"
    "       coalesce(n.east_e7, n.lon_e7), coalesce(n.north_e7, n.lat_e7), n.label, o.own,"
    "       array_to_string(n.context, ' '), coalesce(n.sort, ''), coalesce(s.words, ''),"
    "       n.kelurahan, n.kecamatan, n.kabupaten"
    "  FROM (SELECT DISTINCT ON (kind, thing) * FROM name ORDER BY kind, thing, id) n"
    "  JOIN (SELECT kind, thing, string_agg(array_to_string(own, ' '), ';' ORDER BY id) AS own"
    "          FROM name GROUP BY kind, thing) o USING (kind, thing)"
    "  LEFT JOIN street s ON s.id = n.front_street ORDER BY n.rank, n.id";

static sgp_err read_place(names_reading *r, const PGresult *rows, int row) {
    sgp_graph_place place = {
        .kind = (uint8_t)*PQgetvalue(rows, row, AT_KIND),
        .rank = (int16_t)whole(rows, row, AT_RANK),
        .reach_m = whole(rows, row, AT_REACH),
        .has_front = whole(rows, row, AT_HAS_FRONT) != 0,
        .point = point_of(rows, row, AT_POINT),
        .front = point_of(rows, row, AT_FRONT),
        .entrance = point_of(rows, row, AT_ENTRANCE),
        .south_west = point_of(rows, row, AT_SOUTH_WEST),
        .north_east = point_of(rows, row, AT_NORTH_EAST),
    };
    uint32_t *const texts[] = {&place.label,     &place.own,          &place.context,
                               &place.sort,      &place.front_street, &place.kelurahan,
                               &place.kecamatan, &place.kabupaten};
    sgp_err err = SGP_OK;
    for (int i = 0; i < (int)(sizeof texts / sizeof *texts) && err == SGP_OK; i++)
        err = text_of(r, rows, row, AT_LABEL + i, texts[i]);
    if (err == SGP_OK && sgp_buffer_append(&r->places, &place, sizeof place) != SGP_OK)
        err = fail_memory(r);
    return err;
}

static sgp_err read_places(names_reading *r) {
    PGresult *rows;
    sgp_err err = ask(r, places_sql, &rows);
    if (err != SGP_OK)
        return err;
    for (int i = 0; i < PQntuples(rows) && err == SGP_OK; i++)
        err = read_place(r, rows, i);
    PQclear(rows);
    return err;
}

/* ---- districts --------------------------------------------------------------------- */

enum {
    ROW_E7 = 5000, /* 55 m: a point at a border is at most half of it away from its district */
    ROWS_MAX = 4096,
    LEVELS = 3,
    ROW_SPANS_MAX = 4096 /* pieces of all levels along one parallel */
};

/* Where an area lies along the parallel of a row. */
typedef struct stretch {
    int32_t from_e7, to_e7;
    uint32_t name; /* offset */
    int level;     /* 0 kelurahan, 1 kecamatan, 2 kabupaten */
} stretch;

/* $1 south and $2 height of a row in degrees, $3 rows, $4 west, $5 east. */
static const char districts_sql[] =
    "SELECT r.nth, array_position(ARRAY['kelurahan', 'kecamatan', 'kabupaten'], p.kind) - 1,"
    " a.name, " E7("ST_XMin(d.geom)") ", " E7(
        "ST_XMax(d.geom)") " FROM (SELECT nth, ST_SetSRID(ST_MakeLine(ST_MakePoint($4, lat), "
                           "ST_MakePoint($5, lat)), 4326)"
                           " AS line FROM (SELECT nth, $1 + (nth + 0.5) * $2 AS lat FROM "
                           "generate_series(0, $3 - 1) nth)"
                           " parallels) r JOIN area_piece p ON p.geom && r.line JOIN area a ON "
                           "a.id = p.area"
                           " CROSS JOIN LATERAL ST_Dump(ST_Intersection(p.geom, r.line)) d"
                           " WHERE ST_Dimension(d.geom) = 1 ORDER BY 1, 4, 2, 3";

static sgp_err ask_districts(names_reading *r, int64_t row_e7, PGresult **rows) {
    char value[5][24];
    snprintf(value[0], sizeof value[0], "%.7f", r->south_e7 / 1e7);
    snprintf(value[1], sizeof value[1], "%.7f", (double)row_e7 / 1e7);
    snprintf(value[2], sizeof value[2], "%u", r->n_rows);
    snprintf(value[3], sizeof value[3], "%.7f", sgp_lon(r->parts->south_west) - 0.01);
    snprintf(value[4], sizeof value[4], "%.7f", sgp_lon(r->parts->north_east) + 0.01);
    const char *values[] = {value[0], value[1], value[2], value[3], value[4]};
    static const Oid types[] = {701, 701, 23, 701, 701}; /* float8, int4 */
    *rows = PQexecParams(r->connection, districts_sql, 5, types, values, NULL, NULL, 0);
    if (PQresultStatus(*rows) == PGRES_TUPLES_OK)
        return SGP_OK;
    sgp_err err =
        sgp_database_fail(r->connection, *rows, "reading districts for the graph", r->fault);
    PQclear(*rows);
    return err;
}

/* The number of this district, kept once; a city has some hundreds. */
static sgp_err number_district(names_reading *r, sgp_graph_district district, uint32_t *number) {
    const sgp_graph_district *known = (const void *)r->districts.data;
    uint32_t n = (uint32_t)(r->districts.length / sizeof *known);
    for (*number = 0; *number < n; ++*number)
        if (memcmp(&known[*number], &district, sizeof district) == 0)
            return SGP_OK;
    return sgp_buffer_append(&r->districts, &district, sizeof district) == SGP_OK ? SGP_OK
                                                                                  : fail_memory(r);
}

/* Of a level the area over a place; of overlapping ones the first by name, as district() has it. */
static uint32_t area_over(const names_reading *r, const stretch *stretches, size_t n, int level,
                          int32_t lon_e7) {
    const char *texts = (const char *)r->texts.bytes.data;
    uint32_t best = 0;
    for (size_t i = 0; i < n; i++)
        if (stretches[i].level == level && stretches[i].from_e7 <= lon_e7 &&
            lon_e7 < stretches[i].to_e7 &&
            (best == 0 || strcmp(texts + stretches[i].name, texts + best) < 0))
            best = stretches[i].name;
    return best;
}

static int compare_numbers(const void *left, const void *right) {
    int32_t a = *(const int32_t *)left, b = *(const int32_t *)right;
    return (a > b) - (a < b);
}

/* The spans of one row: a new one wherever a stretch begins or ends and the district changes. */
static sgp_err lay_row(names_reading *r, const stretch *stretches, size_t n) {
    int32_t *cuts = malloc((2 * n + 1) * sizeof *cuts);
    if (!cuts)
        return fail_memory(r);
    for (size_t i = 0; i < n; i++) {
        cuts[2 * i] = stretches[i].from_e7;
        cuts[2 * i + 1] = stretches[i].to_e7;
    }
    qsort(cuts, 2 * n, sizeof *cuts, compare_numbers);
    sgp_err err = SGP_OK;
    uint32_t before = SGP_NONE;
    for (size_t i = 0; i < 2 * n && err == SGP_OK; i++) {
        if (i + 1 < 2 * n && cuts[i] == cuts[i + 1])
            continue;
        sgp_graph_district district = {area_over(r, stretches, n, 0, cuts[i]),
                                       area_over(r, stretches, n, 1, cuts[i]),
                                       area_over(r, stretches, n, 2, cuts[i])};
        sgp_district_span span = {cuts[i], SGP_NONE};
        if (district.kelurahan || district.kecamatan || district.kabupaten)
            err = number_district(r, district, &span.district);
        if (err == SGP_OK && span.district != before &&
            sgp_buffer_append(&r->spans, &span, sizeof span) != SGP_OK)
            err = fail_memory(r);
        before = span.district;
    }
    free(cuts);
    return err;
}

static sgp_err lay_rows(names_reading *r, const PGresult *rows) {
    static const size_t BYTES = ROW_SPANS_MAX * sizeof(stretch);
    stretch *stretches = malloc(BYTES);
    sgp_err err = stretches ? SGP_OK : fail_memory(r);
    int at = 0, n_rows = err == SGP_OK ? PQntuples(rows) : 0;
    for (uint32_t row = 0; row < r->n_rows && err == SGP_OK; row++) {
        size_t n = 0;
        for (; at < n_rows && whole(rows, at, 0) == (int32_t)row && err == SGP_OK; at++) {
            stretch one = {.from_e7 = whole(rows, at, 3),
                           .to_e7 = whole(rows, at, 4),
                           .level = whole(rows, at, 1)};
            err = text_of(r, rows, at, 2, &one.name);
            if (one.from_e7 < one.to_e7 && n < ROW_SPANS_MAX)
                stretches[n++] = one;
        }
        if (err == SGP_OK)
            err = lay_row(r, stretches, n);
        r->first_span[row + 1] = (uint32_t)(r->spans.length / sizeof(sgp_district_span));
    }
    free(stretches);
    return err;
}

static sgp_err read_districts(names_reading *r, uint32_t *row_e7) {
    int64_t height_e7 =
        (int64_t)r->parts->north_east.lat_e7 - r->parts->south_west.lat_e7 + 2 * ROW_E7;
    int64_t wanted_e7 = height_e7 / ROWS_MAX + 1 > ROW_E7 ? height_e7 / ROWS_MAX + 1 : ROW_E7;
    r->south_e7 = r->parts->south_west.lat_e7 - ROW_E7;
    r->n_rows = (uint32_t)(height_e7 / wanted_e7 + 1);
    r->first_span = calloc((size_t)r->n_rows + 1, sizeof *r->first_span);
    if (!r->first_span)
        return fail_memory(r);
    PGresult *rows;
    sgp_err err = ask_districts(r, wanted_e7, &rows);
    if (err != SGP_OK)
        return err;
    err = lay_rows(r, rows);
    PQclear(rows);
    *row_e7 = (uint32_t)wanted_e7;
    return err;
}

/* ---- into the file ----------------------------------------------------------------- */

static sgp_err read_all(names_reading *r, const char *schema, const char *graph_path) {
    uint32_t row_e7 = 0;
    sgp_err err = look_into(r, schema);
    if (err == SGP_OK)
        err = read_places(r);
    if (err == SGP_OK)
        err = read_districts(r, &row_e7);
    if (err != SGP_OK)
        return err;
    sgp_graph_places places = {
        .n_places = (uint32_t)(r->places.length / sizeof(sgp_graph_place)),
        .places = (const void *)r->places.data,
        .texts_length = (uint32_t)r->texts.bytes.length,
        .texts = (const char *)r->texts.bytes.data,
        .n_districts = (uint32_t)(r->districts.length / sizeof(sgp_graph_district)),
        .districts = (const void *)r->districts.data,
        .south_e7 = r->south_e7,
        .row_e7 = row_e7,
        .n_rows = r->n_rows,
        .first_span = r->first_span,
        .n_spans = (uint32_t)(r->spans.length / sizeof(sgp_district_span)),
        .spans = (const void *)r->spans.data,
    };
    return sgp_graph_put_places(graph_path, &places, r->fault);
}

sgp_err sgp_import_names(PGconn *connection, const char *schema, const sgp_graph_parts *parts,
                         const char *graph_path, sgp_fault *fault) {
    names_reading r = {.connection = connection, .parts = parts, .fault = fault};
    if (sgp_osm_strings_init(&r.texts) != SGP_OK)
        return fail_memory(&r);
    sgp_err err = read_all(&r, schema, graph_path);
    sgp_osm_strings_deinit(&r.texts);
    sgp_buffer_free(&r.places);
    sgp_buffer_free(&r.districts);
    sgp_buffer_free(&r.spans);
    free(r.first_span);
    return err;
}
