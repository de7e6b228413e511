/* What the files of the gazetteer in PostGIS share; private to gazetteer_*.c.
 *
 *   gazetteer_statements.c  all SQL
 *   gazetteer_asks.c        from an ask to a statement with its parameters
 *   gazetteer_load.c        what is kept in memory: vocabulary, name_index.h, name_rows.h
 *   gazetteer_ground.c      the rest of it: shapes.h, crossings.h, districts.h, houses.h,
 *                           km_posts.h
 *   gazetteer_rows.c        from a statement's rows to names and to the ask's answer
 *   gazetteer_database.c    connecting, loading words, rounds of asks
 */
#ifndef SGP_GIS_GAZETTEER_PARTS_H
#define SGP_GIS_GAZETTEER_PARTS_H

#include "gis/database_pool.h"
#include "gis/gazetteer.h"

/* Indices into SGP_GAZETTEER_STATEMENTS. */
enum sgp_gazetteer_statement {
    SGP_STATEMENT_NAME_BLOCKS, /* pages of what is kept in memory */
    SGP_STATEMENT_SQUARES,
    SGP_STATEMENT_WORDS,
    SGP_STATEMENT_NAMES,
    SGP_STATEMENT_STREETS,
    SGP_STATEMENT_FACILITIES,
    SGP_STATEMENT_POSTS,
    SGP_STATEMENT_AREAS,
    SGP_STATEMENT_JUNCTION_ROWS,
    SGP_STATEMENT_BORDERS,
    SGP_STATEMENT_PLACES,
    SGP_STATEMENT_HOUSES,
    SGP_STATEMENT_AROUND, /* the only one of a look-up */
    SGP_GAZETTEER_STATEMENTS_N
};
extern const sgp_pool_statement SGP_GAZETTEER_STATEMENTS[SGP_GAZETTEER_STATEMENTS_N];
/* Session settings, schema, name and bounds of the city whose id is $1. */
extern const char SGP_GAZETTEER_SET_UP[];
enum { SGP_SET_UP_NAME, SGP_SET_UP_WEST, SGP_SET_UP_SOUTH, SGP_SET_UP_EAST, SGP_SET_UP_NORTH };

/* A binary int4; 0 where it is none. */
int32_t sgp_result_number(const PGresult *rows, int row, int column);
/* A point as PostGIS sends it; false where it is none. */
bool sgp_result_point(const PGresult *rows, int row, int column, sgp_point *point);

/* ---- asks and rows ------------------------------------------------------------------ */

/* A statement with its parameters, which live here. */
typedef struct sgp_ask_call {
    sgp_pool_call call;
    char texts[2][16];
} sgp_ask_call;

/* False: the server is not needed for the ask. */
bool sgp_ask_call_make(const sgp_gazetteer_ask *ask, sgp_ask_call *made);

static inline bool sgp_asks_names(sgp_gazetteer_question question) {
    return question == SGP_ASK_NAMES || question == SGP_ASK_NAMES_NEAR ||
           question == SGP_ASK_COMPLETE;
}
static inline bool sgp_asks_server(sgp_gazetteer_question question) {
    return question == SGP_ASK_AROUND;
}

enum { SGP_ROW_WORDS_MAX = 1024 }; /* of one name, with its context */

/* A row of SGP_STATEMENT_NAMES: it points into `rows` and into `words`. False: it has other
 * columns. */
bool sgp_name_row_read(const PGresult *rows, int row, const sgp_vocabulary *vocabulary,
                       uint32_t words[SGP_ROW_WORDS_MAX], uint32_t *number, sgp_name_row *name);

/* The answer to AROUND; it points into `rows` and into *memory, which the caller frees.
 * SGP_E_MEMORY. */
sgp_err sgp_rows_read(const PGresult *rows, sgp_gazetteer_answer *answer,
                      void **memory) SGP_MUST_USE;

#endif
