#include "gis/facilities.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gis/import_parts.h"

/* $1 seed, $2 rows, $3 kind; the search path leads to the city. */
static const char FACILITIES_SQL[] =
    "SELECT name, round(ST_X(point) * 1e7)::int, round(ST_Y(point) * 1e7)::int, radius_m,"
    " kelurahan, kecamatan, kabupaten FROM facility WHERE $3 = 'any' OR kind = $3"
    " ORDER BY md5(id::text || ':' || $1), id LIMIT $2::int";
static const char STREETS_SQL[] =
    "SELECT regexp_replace(name, '^Jalan ', 'Jl. '), round(ST_X(point) * 1e7)::int,"
    " round(ST_Y(point) * 1e7)::int, length_m / 2, kelurahan, kecamatan, kabupaten"
    " FROM street WHERE class IS NOT NULL AND length_m >= 50 AND $3 <> ''"
    " ORDER BY md5(id::text || ':' || $1), id LIMIT $2::int";
static const char ADDRESSES_SQL[] =
    "SELECT regexp_replace(s.name, '^Jalan ', 'Jl. ') || ' ' || a.number_shown,"
    " round(ST_X(a.point) * 1e7)::int, round(ST_Y(a.point) * 1e7)::int, 15,"
    " s.kelurahan, s.kecamatan, s.kabupaten"
    " FROM address a JOIN street s ON s.id = a.street WHERE $3 <> ''"
    " ORDER BY md5(a.id::text || ':' || $1), a.id LIMIT $2::int";

static void copy_column(char *to, size_t capacity, const PGresult *rows, int row, int column) {
    snprintf(to, capacity, "%s", PQgetvalue(rows, row, column));
}

static void take_row(const PGresult *rows, int row, sgp_place_kind kind, sgp_place *place) {
    memset(place, 0, sizeof *place);
    place->kind = kind;
    place->confidence_permille = 1000;
    copy_column(place->label, sizeof place->label, rows, row, 0);
    place->point.lon_e7 = (int32_t)strtol(PQgetvalue(rows, row, 1), NULL, 10);
    place->point.lat_e7 = (int32_t)strtol(PQgetvalue(rows, row, 2), NULL, 10);
    place->uncertainty_m = (int32_t)strtol(PQgetvalue(rows, row, 3), NULL, 10);
    copy_column(place->kelurahan, sizeof place->kelurahan, rows, row, 4);
    copy_column(place->kecamatan, sizeof place->kecamatan, rows, row, 5);
    copy_column(place->kabupaten, sizeof place->kabupaten, rows, row, 6);
}

static sgp_err enter_schema(PGconn *connection, const char *schema, sgp_fault *fault) {
    const char *values[] = {schema};
    PGresult *result = PQexecParams(
        connection,
        "SELECT set_config('search_path', quote_ident($1) || ', ' || " SGP_EXTENSION_SCHEMAS_SQL
        ", false)",
        1, NULL, values, NULL, NULL, 0);
    sgp_err err = PQresultStatus(result) == PGRES_TUPLES_OK
                      ? SGP_OK
                      : sgp_database_fail(connection, result, "opening the city", fault);
    PQclear(result);
    return err;
}

static sgp_err sample(const char *conninfo, const sgp_city_id *city, const char *sql,
                      const char *kind, sgp_place_kind place_kind, uint64_t seed, sgp_place *places,
                      size_t capacity, size_t *n, sgp_fault *fault) {
    PGconn *connection = PQconnectdb(conninfo);
    sgp_city_row row;
    sgp_err err =
        PQstatus(connection) == CONNECTION_OK
            ? SGP_OK
            : sgp_database_fail(connection, NULL, "cannot connect to the database", fault);
    if (err == SGP_OK)
        err = sgp_city_find(connection, city, &row, fault);
    if (err == SGP_OK)
        err = enter_schema(connection, row.schema, fault);
    if (err == SGP_OK) {
        char seed_text[24], rows_text[24];
        snprintf(seed_text, sizeof seed_text, "%" PRIu64, seed);
        snprintf(rows_text, sizeof rows_text, "%zu", capacity < 1000000 ? capacity : 1000000);
        const char *values[] = {seed_text, rows_text, kind};
        PGresult *rows = PQexecParams(connection, sql, 3, NULL, values, NULL, NULL, 0);
        if (PQresultStatus(rows) != PGRES_TUPLES_OK) {
            err = sgp_database_fail(connection, rows, "reading places", fault);
        } else {
            *n = (size_t)PQntuples(rows);
            for (size_t i = 0; i < *n; i++)
                take_row(rows, (int)i, place_kind, &places[i]);
        }
        PQclear(rows);
    }
    PQfinish(connection);
    return err;
}

sgp_err sgp_facilities_read(const char *conninfo, const sgp_city_id *city, const char *kind,
                            uint64_t seed, sgp_place *places, size_t capacity, size_t *n,
                            sgp_fault *fault) {
    return sample(conninfo, city, FACILITIES_SQL, kind, SGP_PLACE_FACILITY, seed, places, capacity,
                  n, fault);
}

sgp_err sgp_streets_sample(const char *conninfo, const sgp_city_id *city, uint64_t seed,
                           sgp_place *places, size_t capacity, size_t *n, sgp_fault *fault) {
    return sample(conninfo, city, STREETS_SQL, "street", SGP_PLACE_STREET, seed, places, capacity,
                  n, fault);
}

sgp_err sgp_addresses_sample(const char *conninfo, const sgp_city_id *city, uint64_t seed,
                             sgp_place *places, size_t capacity, size_t *n, sgp_fault *fault) {
    return sample(conninfo, city, ADDRESSES_SQL, "address", SGP_PLACE_ADDRESS, seed, places,
                  capacity, n, fault);
}
