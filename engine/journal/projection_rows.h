/* From journal records to table rows: what the projection writes and verify compares.
 *
 * Each thing in a record's `changes` becomes one row, a list inside it (a call's
 * places, a recommendation's candidates) rows of its own. A row is encoded as its
 * columns in order: byte 0 for NULL, or byte 1 and PostgreSQL's text form of the
 * value and '\0'. The text form is the very one that PostgreSQL prints, so rows of
 * both sides can be compared byte by byte. Pure; thread-safe.
 */
#ifndef SGP_PROJECTION_ROWS_H
#define SGP_PROJECTION_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "sigap/error.h"

typedef enum sgp_table {
    SGP_TABLE_UNIT,
    SGP_TABLE_HOSPITAL,
    SGP_TABLE_CALL,
    SGP_TABLE_CALL_PLACE,
    SGP_TABLE_INCIDENT,
    SGP_TABLE_ASSIGNMENT,
    SGP_TABLE_RECOMMENDATION,
    SGP_TABLE_CANDIDATE,
    SGP_TABLE_PERSONAL,
    SGP_TABLES
} sgp_table;

enum { SGP_COLUMNS_MAX = 48 };

typedef struct sgp_column {
    const char *name;
    const char *type; /* PostgreSQL's */
} sgp_column;

typedef struct sgp_table_form {
    const char *name; /* in schema sigap */
    int n_keys;       /* leading columns: 1, or 2 = the owner's key and the rank in its list */
    int n_columns;
    sgp_column columns[SGP_COLUMNS_MAX];
} sgp_table_form;

const sgp_table_form *sgp_table_form_of(sgp_table table);

typedef struct sgp_row_key {
    uint64_t first;
    uint64_t second; /* rank in a list, 0 otherwise */
} sgp_row_key;

typedef struct sgp_row_sink {
    void *ctx;
    /* `row` is borrowed during the call. A non-zero return stops and is returned. */
    sgp_err (*row)(void *ctx, sgp_table table, sgp_row_key key, const uint8_t *row, size_t length);
    /* The list of this owner has `n` rows now: any further ones are gone. Comes before its rows. */
    sgp_err (*list)(void *ctx, sgp_table table, uint64_t owner, uint64_t n);
} sgp_row_sink;

/* Takes the bytes of one sigap.v1.JournalRecord apart. SGP_E_CORRUPT: they are
 * none; SGP_E_MEMORY. `work` is reused between calls. */
sgp_err sgp_record_rows(uint64_t seq, const uint8_t *record, size_t length, sgp_buffer *work,
                        const sgp_row_sink *sink) SGP_MUST_USE;

/* The row of a call's sealed personal fields; sealed NULL = erased. */
sgp_err sgp_personal_row(uint64_t seq, uint64_t call, uint64_t incident, const uint8_t *sealed,
                         size_t length, sgp_buffer *work, const sgp_row_sink *sink) SGP_MUST_USE;

/* Appends one column; NULL text = NULL. */
sgp_err sgp_row_append(sgp_buffer *row, const char *text) SGP_MUST_USE;
/* Steps through the columns of a row: the text or NULL, borrowed from the row. */
const char *sgp_row_next(const uint8_t **at);

#endif
