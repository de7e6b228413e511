/* What the files of the gazetteer in PostGIS share; private to gazetteer_*.c.
 *
 *   gazetteer_statements.c  all SQL that a look-up asks
 *   gazetteer_asks.c        from an ask to a statement with its parameters
 *   gazetteer_text.c        growing texts for parameters
 *   gazetteer_load.c        what is kept in memory: vocabulary, name_index.h, name_rows.h
 *   gazetteer_rows.c        from a statement's rows to the ask's answer
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
    SGP_STATEMENT_NUMBER,
    SGP_STATEMENT_JUNCTIONS,
    SGP_STATEMENT_JUNCTIONS_NEAR,
    SGP_STATEMENT_JUNCTIONS_OF, /* streets, near a point */
    SGP_STATEMENT_NEAREST_ON,
    SGP_STATEMENT_DISTRICTS,
    SGP_STATEMENT_AROUND,
    SGP_GAZETTEER_STATEMENTS_N
};
extern const sgp_pool_statement SGP_GAZETTEER_STATEMENTS[SGP_GAZETTEER_STATEMENTS_N];
/* Session settings, schema, name and bounds of the city whose id is $1. */
extern const char SGP_GAZETTEER_SET_UP[];
enum { SGP_SET_UP_NAME, SGP_SET_UP_WEST, SGP_SET_UP_SOUTH, SGP_SET_UP_EAST, SGP_SET_UP_NORTH };

/* A binary int4; 0 where it is none. */
int32_t sgp_result_number(const PGresult *rows, int row, int column);

/* ---- text of parameters ----------------------------------------------------------- */

/* A growing text; '\0'-terminated once something was put. */
typedef struct sgp_text {
    char *bytes; /* NULL = nothing yet; free() it */
    size_t length, capacity;
    bool failed; /* no memory left: the text is of no use */
} sgp_text;

void sgp_text_put(sgp_text *text, const char *more);
void sgp_text_format(sgp_text *text, const char *format, ...) SGP_PRINTF(2, 3);
/* ---- asks and rows ------------------------------------------------------------------ */

/* A statement's parameters, which live here. */
typedef struct sgp_ask_call {
    sgp_pool_call call;
    sgp_text texts[SGP_POOL_PARAMETERS_MAX];
} sgp_ask_call;

/* False: no statement is needed, the answer is empty. Not for asks about names. To be freed in
 * any case; no memory shows in sgp_ask_call_failed. */
bool sgp_ask_call_make(const sgp_gazetteer_ask *ask, sgp_ask_call *made);
bool sgp_ask_call_failed(const sgp_ask_call *made);
void sgp_ask_call_free(sgp_ask_call *made);

static inline bool sgp_asks_names(sgp_gazetteer_question question) {
    return question == SGP_ASK_NAMES || question == SGP_ASK_NAMES_NEAR ||
           question == SGP_ASK_COMPLETE;
}

enum { SGP_ROW_WORDS_MAX = 1024 }; /* of one name, with its context */

/* A row of SGP_STATEMENT_NAMES: it points into `rows` and into `words`. False: it has other
 * columns. */
bool sgp_name_row_read(const PGresult *rows, int row, const sgp_vocabulary *vocabulary,
                       uint32_t words[SGP_ROW_WORDS_MAX], uint32_t *number, sgp_name_row *name);

/* The answer to an ask that is not about names; it points into `rows` and into *memory, which the
 * caller frees. SGP_E_MEMORY. */
sgp_err sgp_rows_read(const sgp_gazetteer_ask *ask, const PGresult *rows,
                      sgp_gazetteer_answer *answer, void **memory) SGP_MUST_USE;

#endif
