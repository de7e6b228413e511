/* What the files of the gazetteer in PostGIS share; private to gazetteer_*.c.
 *
 *   gazetteer_statements.c  all SQL that a look-up asks
 *   gazetteer_asks.c        from an ask to a statement with its parameters
 *   gazetteer_words.c       from readings of words to what the full-text index is asked
 *   gazetteer_rows.c        from a statement's rows to the ask's answer
 *   gazetteer_database.c    connecting, loading words, rounds of asks
 */
#ifndef SGP_GIS_GAZETTEER_PARTS_H
#define SGP_GIS_GAZETTEER_PARTS_H

#include "gis/database_pool.h"
#include "gis/gazetteer.h"

/* Indices into SGP_GAZETTEER_STATEMENTS. */
enum sgp_gazetteer_statement {
    SGP_STATEMENT_WORDS,     /* a page of the vocabulary */
    SGP_STATEMENT_NAMES_ALL, /* names with all words: what most look-ups need */
    SGP_STATEMENT_NAMES,     /* and all that may have to be tried besides */
    SGP_STATEMENT_NAMES_NEAR,
    SGP_STATEMENT_NUMBER,
    SGP_STATEMENT_JUNCTIONS,
    SGP_STATEMENT_JUNCTIONS_NEAR,
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
/* As an element of an array literal, or as a lexeme of a tsquery behind `mark`. */
void sgp_text_put_element(sgp_text *text, const char *element);
void sgp_text_put_lexeme(sgp_text *text, const char *mark, const char *lexeme);

/* ---- words ------------------------------------------------------------------------- */

/* How often a word is one of the name's own words, by its number in the vocabulary. */
typedef struct sgp_own_counts {
    const int32_t *counts;
    size_t n;
} sgp_own_counts;

/* What the full-text index is asked, in the order of preference: names with all that was
 * required, with all but one, with the rarest. "" = do not ask. */
typedef struct sgp_names_query {
    bool is_rare;           /* few names have all words: the index finds them at once */
    sgp_text all, all_near; /* … in the neighbourhood */
    sgp_text index, rows;   /* all, in two parts: what the index is asked; what else must hold */
    sgp_text most, rarest;
    sgp_text own;      /* array: one of these must be of the name itself */
    sgp_text frequent; /* array: keys of the table `frequent` that answer as well */
} sgp_names_query;

/* False: no word of the ask is known. The texts are to be freed in any case. */
bool sgp_names_query_make(const sgp_gazetteer_ask *ask, const sgp_vocabulary *vocabulary,
                          sgp_own_counts own, sgp_names_query *query);
void sgp_names_query_free(sgp_names_query *query);

/* ---- asks and rows ------------------------------------------------------------------ */

/* A statement's parameters, which live here. */
typedef struct sgp_ask_call {
    sgp_pool_call call;
    sgp_text texts[SGP_POOL_PARAMETERS_MAX];
} sgp_ask_call;

typedef enum sgp_ask_need {
    SGP_ASK_NEEDS_NOTHING,  /* its answer is empty */
    SGP_ASK_NEEDS_FIRST,    /* one statement */
    SGP_ASK_MAY_NEED_SECOND /* where `first` has no rows, `second` is asked */
} sgp_ask_need;

/* Both calls are to be freed in any case. No memory shows in sgp_ask_call_failed. */
sgp_ask_need sgp_ask_call_make(const sgp_gazetteer_ask *ask, const sgp_vocabulary *vocabulary,
                               sgp_own_counts own, sgp_ask_call *first, sgp_ask_call *second);
bool sgp_ask_call_failed(const sgp_ask_call *made);
void sgp_ask_call_free(sgp_ask_call *made);

/* The answer points into `rows` and into *memory, which the caller frees. SGP_E_MEMORY. */
sgp_err sgp_rows_read(const sgp_gazetteer_ask *ask, const PGresult *rows,
                      const sgp_vocabulary *vocabulary, sgp_gazetteer_answer *answer,
                      void **memory) SGP_MUST_USE;

#endif
