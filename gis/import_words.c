/* Names, house numbers and aliases of the map, spelt by the very code that reads callers' texts,
 * so that both sides of the search meet. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gis/import_parts.h"
#include "gis/place_query.h"

enum { NAME_WORDS_BYTES = 512 };

static sgp_err create(PGconn *connection, const char *sql, const char *doing, sgp_fault *fault) {
    return sgp_import_run(connection, sql, doing, 0, 0, NULL, fault);
}

/* Asks, spells each row into another table, forgets the answer. */
typedef void (*spell_row)(const PGresult *rows, int row, sgp_table_copy *copy);
static sgp_err spell(PGconn *connection, const char *sql, const char *into, spell_row one,
                     sgp_fault *fault) {
    static const char DOING[] = "reading names";
    PGresult *rows = PQexec(connection, sql);
    sgp_err err = SGP_OK;
    if (PQresultStatus(rows) != PGRES_TUPLES_OK) {
        err = sgp_database_fail(connection, rows, DOING, fault);
    } else {
        sgp_table_copy copy;
        sgp_table_copy_begin(&copy, connection, into, DOING, fault);
        for (int row = 0; row < PQntuples(rows); row++)
            one(rows, row, &copy);
        err = sgp_table_copy_finish(&copy);
    }
    PQclear(rows);
    return err;
}

static void spell_name(const PGresult *rows, int row, sgp_table_copy *copy) {
    char words[NAME_WORDS_BYTES];
    const char *name = PQgetvalue(rows, row, 0);
    if (sgp_place_name_words(name, words, sizeof words) == 0)
        return;
    sgp_table_copy_text(copy, name);
    sgp_table_copy_text(copy, words);
    sgp_table_copy_end_row(copy);
}

/* "C2/7" and addr:block "C2" with "7" are the same house. */
static void spell_number(const PGresult *rows, int row, sgp_table_copy *copy) {
    char number[SGP_NUMBER_BYTES], block[SGP_NUMBER_BYTES], said[128];
    const char *plain = PQgetvalue(rows, row, 0), *said_block = PQgetvalue(rows, row, 1);
    bool joined =
        *said_block && snprintf(said, sizeof said, "%s/%s", said_block, plain) < (int)sizeof said;
    int32_t value = sgp_place_number(joined ? said : plain, number, block);
    sgp_table_copy_text(copy, plain);
    sgp_table_copy_text(copy, said_block);
    sgp_table_copy_text(copy, number);
    sgp_table_copy_number(copy, value);
    sgp_table_copy_text(copy, block);
    sgp_table_copy_end_row(copy);
}

sgp_err sgp_import_words(PGconn *connection, sgp_fault *fault) {
    sgp_err err = create(connection,
                         "CREATE TABLE raw_text (text text NOT NULL, words text NOT NULL);"
                         "CREATE TABLE raw_number (said text NOT NULL, block_said text NOT NULL,"
                         " number text NOT NULL, value int NOT NULL, block text NOT NULL)",
                         "reading names", fault);
    if (err == SGP_OK)
        err = spell(
            connection,
            "SELECT name FROM road WHERE name IS NOT NULL UNION SELECT street FROM raw_address"
            " UNION SELECT name FROM raw_facility UNION SELECT name FROM raw_area"
            " UNION SELECT street FROM raw_facility WHERE street IS NOT NULL"
            " UNION SELECT name FROM raw_alias UNION SELECT alias FROM raw_alias UNION"
            " SELECT btrim(regexp_split_to_table(aliases, ';')) FROM (SELECT aliases FROM road"
            " UNION ALL SELECT aliases FROM raw_facility UNION ALL SELECT aliases FROM raw_area) a",
            "raw_text (text, words)", spell_name, fault);
    if (err == SGP_OK)
        err = spell(connection, "SELECT DISTINCT number, coalesce(block, '') FROM raw_address",
                    "raw_number (said, block_said, number, value, block)", spell_number, fault);
    return err;
}

sgp_err sgp_import_aliases(PGconn *connection, const sgp_aliases *aliases, sgp_fault *fault) {
    sgp_err err = create(connection,
                         "CREATE TABLE raw_alias (name text NOT NULL, alias text NOT NULL,"
                         " lon float8, lat float8, km float8)",
                         "reading aliases", fault);
    if (err != SGP_OK)
        return err;
    sgp_table_copy copy;
    sgp_table_copy_begin(&copy, connection, "raw_alias (name, alias, lon, lat, km)",
                         "reading aliases", fault);
    for (size_t i = 0; aliases && i < sgp_aliases_count(aliases); i++) {
        sgp_alias alias = sgp_aliases_at(aliases, i);
        sgp_table_copy_text(&copy, alias.name);
        sgp_table_copy_text(&copy, alias.also);
        for (int k = 0; k < 3; k++) {
            if (alias.is_near)
                sgp_table_copy_number(&copy, k == 0 ? alias.lon : k == 1 ? alias.lat : alias.km);
            else
                sgp_table_copy_text(&copy, NULL);
        }
        sgp_table_copy_end_row(&copy);
    }
    return sgp_table_copy_finish(&copy);
}
