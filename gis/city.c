#include "gis/import_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void sgp_city_schema(const sgp_city_id *id, char schema[SGP_SCHEMA_BYTES]) {
    char hex[33];
    sgp_city_id_format(id, hex);
    snprintf(schema, SGP_SCHEMA_BYTES, "city_%s", hex);
}

static uint64_t number_of(const PGresult *result, int column) {
    return strtoull(PQgetvalue(result, 0, column), NULL, 10);
}

sgp_err sgp_city_find(PGconn *connection, const sgp_city_id *id, sgp_city_row *row,
                      sgp_fault *fault) {
    char hex[33];
    sgp_city_id_format(id, hex);
    const char *values[] = {hex};
    /* A schema that somebody dropped by hand is as good as none. */
    PGresult *result = PQexecParams(
        connection,
        "SELECT c.schema, c.names, c.addresses, c.facilities, c.areas FROM sigap.city c"
        " JOIN pg_namespace n ON n.nspname = c.schema WHERE c.id = $1",
        1, NULL, values, NULL, NULL, 0);
    sgp_err err = SGP_OK;
    if (PQresultStatus(result) != PGRES_TUPLES_OK)
        err = sgp_database_fail(connection, result, "looking for the city in the database", fault);
    else if (PQntuples(result) == 0)
        err = sgp_fail(fault, SGP_E_NOT_FOUND, "the database does not hold the city %s", hex);
    else {
        snprintf(row->schema, sizeof row->schema, "%s", PQgetvalue(result, 0, 0));
        row->names = number_of(result, 1);
        row->addresses = number_of(result, 2);
        row->places = number_of(result, 3);
        row->areas = number_of(result, 4);
    }
    PQclear(result);
    return err;
}

/* One statement with text parameters whose rows nobody looks at. */
static sgp_err run_with(PGconn *connection, const char *sql, int n, const char *const *values,
                        const char *doing, sgp_fault *fault) {
    PGresult *result = PQexecParams(connection, sql, n, NULL, values, NULL, NULL, 0);
    ExecStatusType status = PQresultStatus(result);
    sgp_err err = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK
                      ? SGP_OK
                      : sgp_database_fail(connection, result, doing, fault);
    PQclear(result);
    return err;
}

static sgp_err drop_unused(PGconn *connection, sgp_fault *fault) {
    PGresult *old =
        PQexec(connection, "SELECT id, quote_ident(schema) FROM sigap.city c WHERE NOT EXISTS"
                           " (SELECT FROM sigap.city_use u WHERE u.city = c.id)");
    sgp_err err = PQresultStatus(old) == PGRES_TUPLES_OK
                      ? SGP_OK
                      : sgp_database_fail(connection, old, "looking for older imports", fault);
    for (int i = 0; err == SGP_OK && i < PQntuples(old); i++) {
        char sql[120];
        snprintf(sql, sizeof sql, "DROP SCHEMA IF EXISTS %s CASCADE", PQgetvalue(old, i, 1));
        err = run_with(connection, sql, 0, NULL, "dropping an older import", fault);
        const char *id[] = {PQgetvalue(old, i, 0)};
        if (err == SGP_OK)
            err = run_with(connection, "DELETE FROM sigap.city WHERE id = $1", 1, id,
                           "dropping an older import", fault);
    }
    PQclear(old);
    return err;
}

static sgp_err use_and_drop(PGconn *connection, const sgp_city_id *id, const char *name,
                            sgp_fault *fault) {
    char hex[33];
    sgp_city_id_format(id, hex);
    const char *values[] = {name, hex};
    /* clock_timestamp, because now() is the same throughout a transaction. */
    sgp_err err = run_with(connection,
                           "INSERT INTO sigap.city_use VALUES ($1, $2, clock_timestamp())"
                           " ON CONFLICT (name, city) DO UPDATE SET since = excluded.since",
                           2, values, "noting the city's name", fault);
    if (err == SGP_OK)
        err = run_with(connection,
                       "DELETE FROM sigap.city_use u WHERE name = $1 AND (SELECT count(*) FROM"
                       " sigap.city_use v WHERE v.name = $1 AND v.since > u.since) >= 2",
                       1, values, "forgetting older imports", fault);
    return err == SGP_OK ? drop_unused(connection, fault) : err;
}

/* The end of a transaction: COMMIT, or ROLLBACK where something went wrong. */
static sgp_err finish(PGconn *connection, sgp_err err, sgp_fault *fault) {
    if (err == SGP_OK)
        err = run_with(connection, "COMMIT", 0, NULL, "registering the city", fault);
    if (err != SGP_OK) {
        sgp_err ignored = run_with(connection, "ROLLBACK", 0, NULL, "going back", NULL);
        (void)ignored;
    }
    return err;
}

sgp_err sgp_city_use(PGconn *connection, const sgp_city_id *id, const char *name,
                     sgp_fault *fault) {
    sgp_err err = run_with(connection, "BEGIN", 0, NULL, "registering the city", fault);
    return err == SGP_OK ? finish(connection, use_and_drop(connection, id, name, fault), fault)
                         : err;
}

static sgp_err swap_in(PGconn *connection, const sgp_graph_parts *graph, uint64_t extract_bytes,
                       const char *schema, sgp_fault *fault) {
    char hex[33], sql[160], bytes[24], box[4][16];
    sgp_city_id_format(&graph->city, hex);
    /* The same city imported again takes the place of its former self; engines that
     * read it wait for the moment that this takes. */
    snprintf(sql, sizeof sql, "DROP SCHEMA IF EXISTS %s CASCADE", schema);
    sgp_err err = run_with(connection, sql, 0, NULL, "replacing the former import", fault);
    snprintf(sql, sizeof sql, "ALTER SCHEMA " SGP_STAGING_SCHEMA " RENAME TO %s", schema);
    if (err == SGP_OK)
        err = run_with(connection, sql, 0, NULL, "putting the import in its place", fault);
    snprintf(bytes, sizeof bytes, "%llu", (unsigned long long)extract_bytes);
    snprintf(box[0], sizeof box[0], "%d", graph->south_west.lon_e7);
    snprintf(box[1], sizeof box[1], "%d", graph->south_west.lat_e7);
    snprintf(box[2], sizeof box[2], "%d", graph->north_east.lon_e7);
    snprintf(box[3], sizeof box[3], "%d", graph->north_east.lat_e7);
    const char *values[] = {hex,
                            schema,
                            graph->name,
                            graph->is_sketch ? "t" : "f",
                            SGP_IMPORT_VERSION,
                            bytes,
                            box[0],
                            box[1],
                            box[2],
                            box[3]};
    if (err == SGP_OK) {
        char counted[1600];
        snprintf(
            counted, sizeof counted,
            "INSERT INTO sigap.city (id, schema, name, is_sketch, import_version, extract_bytes,"
            " west_e7, south_e7, east_e7, north_e7, names, addresses, facilities, areas)"
            " SELECT $1, $2, $3, $4::boolean, $5, $6::bigint, $7::int, $8::int, $9::int, $10::int,"
            " (SELECT count(*) FROM %1$s.name), (SELECT count(*) FROM %1$s.address),"
            " (SELECT count(*) FROM %1$s.facility), (SELECT count(*) FROM %1$s.area)"
            " ON CONFLICT (id) DO UPDATE SET name = excluded.name, imported_at = now(),"
            " import_version = excluded.import_version, names = excluded.names,"
            " addresses = excluded.addresses, facilities = excluded.facilities,"
            " areas = excluded.areas",
            schema);
        err = run_with(connection, counted, 10, values, "registering the city", fault);
    }
    return err;
}

sgp_err sgp_city_register(PGconn *connection, const sgp_graph_parts *graph, uint64_t extract_bytes,
                          sgp_city_row *row, sgp_fault *fault) {
    char schema[SGP_SCHEMA_BYTES];
    sgp_city_schema(&graph->city, schema);
    sgp_err err = run_with(connection, "BEGIN", 0, NULL, "registering the city", fault);
    if (err != SGP_OK)
        return err;
    err = swap_in(connection, graph, extract_bytes, schema, fault);
    if (err == SGP_OK)
        err = use_and_drop(connection, &graph->city, graph->name, fault);
    err = finish(connection, err, fault);
    if (err != SGP_OK)
        return err;
    return sgp_city_find(connection, &graph->city, row, fault);
}

sgp_err sgp_city_check(const char *conninfo, const sgp_graph_parts *graph, sgp_fault *fault) {
    PGconn *connection = PQconnectdb(conninfo);
    sgp_err err;
    if (PQstatus(connection) != CONNECTION_OK) {
        err = sgp_database_fail(connection, NULL, "cannot connect to the database", fault);
        PQfinish(connection);
        return err;
    }
    char hex[33];
    sgp_city_id_format(&graph->city, hex);
    PGresult *there = PQexec(connection, "SELECT to_regclass('sigap.city') IS NOT NULL");
    bool has_registry =
        PQresultStatus(there) == PGRES_TUPLES_OK && PQgetvalue(there, 0, 0)[0] == 't';
    PQclear(there);
    sgp_city_row row;
    err = has_registry ? sgp_city_find(connection, &graph->city, &row, fault) : SGP_E_NOT_FOUND;
    if (err == SGP_E_NOT_FOUND) {
        PGresult *cities =
            has_registry ? PQexec(connection, "SELECT string_agg(name || ' ' || left(id, 8), ', '"
                                              " ORDER BY imported_at DESC) FROM sigap.city")
                         : NULL;
        const char *held = cities && PQntuples(cities) == 1 ? PQgetvalue(cities, 0, 0) : "";
        err =
            sgp_fail(fault, SGP_E_MISMATCH,
                     "the graph is of city %.40s (%.8s), but the database holds %.120s: import the "
                     "extract again",
                     graph->name, hex, *held ? held : "none");
        PQclear(cities);
    }
    PQfinish(connection);
    return err;
}
