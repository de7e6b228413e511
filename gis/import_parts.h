/* The parts of an import, private to gis/: the database's side, the child that
 * fills it, and the registry of cities. */
#ifndef SGP_GIS_IMPORT_PARTS_H
#define SGP_GIS_IMPORT_PARTS_H

#include <libpq-fe.h>

#include "base/buffer.h"
#include "gis/aliases.h"
#include "gis/import.h"

/* Changes whenever an import of the same file would come out otherwise; it is
 * part of the city id. */
#define SGP_IMPORT_VERSION "sigap-import-13"
#define SGP_STAGING_SCHEMA "sigap_staging"
/* An SQL expression: the schemas of the extensions, wherever an administrator has
 * put them, as a list for the search path. */
#define SGP_EXTENSION_SCHEMAS_SQL                                                                  \
    "(SELECT string_agg(DISTINCT quote_ident(n.nspname), ', ')"                                    \
    " FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace"                           \
    " WHERE e.extname IN ('postgis', 'unaccent'))"
enum { SGP_SCHEMA_BYTES = 40 };

/* Calls the reporter, if there is one. SGP_E_TIMEOUT: cancelled. */
sgp_err sgp_import_report(const sgp_progress *progress, const char *phase, uint64_t done,
                          uint64_t total, sgp_fault *fault) SGP_MUST_USE;

/* ---- database (import_database.c) ------------------------------------------ */

/* Connects, makes the missing extensions and the registry, and takes the lock
 * that lets one import run at a time. SGP_E_DATABASE; SGP_E_STATE: another import
 * holds the lock. The connection is the caller's to PQfinish, which lets go. */
sgp_err sgp_import_connect(const char *conninfo, PGconn **connection,
                           sgp_fault *fault) SGP_MUST_USE;

/* Runs statements that return nothing we look at, reporting `phase` and able to
 * be cancelled while the server works. */
sgp_err sgp_import_run(PGconn *connection, const char *sql, const char *phase, uint64_t done,
                       uint64_t total, const sgp_progress *progress, sgp_fault *fault) SGP_MUST_USE;

/* An empty staging schema, first in the search path. */
sgp_err sgp_staging_begin(PGconn *connection, sgp_fault *fault) SGP_MUST_USE;
/* Forgets it. Faults are of no interest here: the next import drops it too. */
void sgp_staging_drop(PGconn *connection);
/* Aliases, words of all names, junctions of the graph, then the phases of import.sql (a path). */
sgp_err sgp_staging_finish(PGconn *connection, const char *sql_path, const sgp_aliases *aliases,
                           const sgp_graph_parts *graph, const sgp_progress *progress,
                           sgp_fault *fault) SGP_MUST_USE;

/* ---- rows from memory (import_copy.c) --------------------------------------- */

/* COPY ... FROM STDIN in text format, in pieces. Once it failed, what follows does nothing and
 * ends with that error. */
typedef struct sgp_table_copy {
    PGconn *connection;
    sgp_buffer lines;
    const char *doing; /* for faults; the caller keeps it */
    bool started, in_line;
    sgp_err err;
    sgp_fault *fault;
} sgp_table_copy;
/* `into`: "raw_text (text, words)". */
void sgp_table_copy_begin(sgp_table_copy *copy, PGconn *connection, const char *into,
                          const char *doing, sgp_fault *fault);
/* The next value of the row; NULL is NULL. */
void sgp_table_copy_text(sgp_table_copy *copy, const char *value);
void sgp_table_copy_number(sgp_table_copy *copy, double value);
void sgp_table_copy_end_row(sgp_table_copy *copy);
sgp_err sgp_table_copy_finish(sgp_table_copy *copy) SGP_MUST_USE;

/* ---- what the phases need beforehand ------------------------------------------ */

/* raw_text and raw_number, spelt by the code that reads callers' texts. Needs raw_alias.
 * (import_words.c) */
sgp_err sgp_import_words(PGconn *connection, sgp_fault *fault) SGP_MUST_USE;
/* raw_alias. (import_words.c) */
sgp_err sgp_import_aliases(PGconn *connection, const sgp_aliases *aliases,
                           sgp_fault *fault) SGP_MUST_USE;
/* raw_junction: where streets meet, of the graph that goes with this city. (import_junctions.c) */
sgp_err sgp_import_junctions(PGconn *connection, const sgp_graph_parts *graph,
                             sgp_fault *fault) SGP_MUST_USE;

/* ---- what the graph takes from the database (import_names.c) ------------------- */

/* Puts the names and districts of a filled schema into the graph file that goes with it. Leaves
 * the connection looking into that schema. Errors of the database and of sgp_graph_put_places. */
sgp_err sgp_import_names(PGconn *connection, const char *schema, const sgp_graph_parts *parts,
                         const char *graph_path, sgp_fault *fault) SGP_MUST_USE;

/* ---- osm2pgsql (import_child.c) --------------------------------------------- */

typedef struct sgp_import_child {
    const char *extract, *style, *conninfo;
    int memory_mb;
    uint64_t elements; /* in the extract, for the progress */
    const sgp_progress *progress;
} sgp_import_child;

/* Runs osm2pgsql into the staging schema and waits. SGP_E_IO: not installed or
 * killed; SGP_E_DATABASE: it failed, with its own last words; SGP_E_TIMEOUT:
 * cancelled (the child is gone when this returns). */
sgp_err sgp_import_child_run(const sgp_import_child *child, int64_t *peak_memory_kb,
                             sgp_fault *fault) SGP_MUST_USE;

/* ---- registry (city.c) -------------------------------------------------------- */

typedef struct sgp_city_row {
    char schema[SGP_SCHEMA_BYTES];
    uint64_t names, addresses, places, areas;
} sgp_city_row;

/* "city_" and the id in hex. */
void sgp_city_schema(const sgp_city_id *id, char schema[SGP_SCHEMA_BYTES]);
/* SGP_E_NOT_FOUND: no such city, or its schema is gone. */
sgp_err sgp_city_find(PGconn *connection, const sgp_city_id *id, sgp_city_row *row,
                      sgp_fault *fault) SGP_MUST_USE;
/* Renames the staging schema to the city's and registers it, used under the graph's name. */
sgp_err sgp_city_register(PGconn *connection, const sgp_graph_parts *graph, uint64_t extract_bytes,
                          sgp_city_row *row, sgp_fault *fault) SGP_MUST_USE;
/* Notes that `name` now means this city, and drops the cities that no name needs:
 * each keeps its newest and the one before, which a running engine may be reading. */
sgp_err sgp_city_use(PGconn *connection, const sgp_city_id *id, const char *name,
                     sgp_fault *fault) SGP_MUST_USE;

/* Fault text of a failed result or connection on one line, without "ERROR:". */
sgp_err sgp_database_fail(PGconn *connection, const PGresult *result, const char *doing,
                          sgp_fault *fault);

#endif
