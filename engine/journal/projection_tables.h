/* The projection's statements on one PostgreSQL connection: schema, cursor, rows. */
#ifndef SGP_PROJECTION_TABLES_H
#define SGP_PROJECTION_TABLES_H

#include "journal/projection_db.h"
#include "journal/projection_map.h"
#include "journal/sealed.h"

enum { SGP_PROJECTION_VERSION = 2 }; /* of projection.sql: tables of another one are made anew */

typedef struct sgp_cursor {
    uint64_t event_seq;
    uint64_t erasure_number;
} sgp_cursor;

/* Personal fields of `incident` that came with events up to `seq` go. */
typedef struct sgp_erasure {
    uint64_t incident, seq;
} sgp_erasure;

/* The rows of some records: the latest of each, waiting to be written. */
typedef struct sgp_row_batch {
    sgp_row_map rows;  /* value: offset and length in bytes */
    sgp_row_map lists; /* owners whose list is replaced */
    sgp_buffer bytes;
    sgp_erasure *erasures;
    size_t n_erasures, erasures_capacity;
} sgp_row_batch; /* zero-initialise */

void sgp_row_batch_clear(sgp_row_batch *batch);
void sgp_row_batch_free(sgp_row_batch *batch);
sgp_row_sink sgp_row_batch_sink(sgp_row_batch *batch);
sgp_err sgp_row_batch_erase(sgp_row_batch *batch, sgp_erasure erasure) SGP_MUST_USE;

/* Reads the cursor; *found is false when PostgreSQL has no tables of this
 * version, or rows of another journal. */
sgp_err sgp_cursor_read(sgp_db *db, const uint8_t journal_id[SGP_JOURNAL_ID_BYTES],
                        sgp_cursor *cursor, bool *found, sgp_fault *fault) SGP_MUST_USE;

/* Makes the tables where they are absent or of another version, empties them
 * where they are another journal's or ahead of this one's `last_seq`, and reads
 * the cursor. */
sgp_err sgp_tables_prepare(sgp_db *db, const uint8_t journal_id[SGP_JOURNAL_ID_BYTES],
                           uint64_t last_seq, sgp_cursor *cursor, sgp_fault *fault) SGP_MUST_USE;

/* One transaction: moves the cursor from `before` to `after` and writes the
 * rows. SGP_E_STATE: the cursor was not at `before`; nothing is written. */
sgp_err sgp_tables_write(sgp_db *db, const uint8_t journal_id[SGP_JOURNAL_ID_BYTES],
                         const sgp_cursor *before, const sgp_cursor *after,
                         const sgp_row_batch *batch, sgp_fault *fault) SGP_MUST_USE;

#endif
