/* Feeds PostgreSQL from the journal.
 *
 * A thread with its own SQLite read connection and its own libpq connection
 * reads durable records after the cursor and writes the rows that each record's
 * `changes` describe, and the cursor, in one PostgreSQL transaction: each event
 * exactly once, in order, however often either side dies. While PostgreSQL is
 * away it retries with back-off and nothing else in the engine changes.
 *
 * Tables (schema sigap, engine/journal/projection.sql): unit, hospital, call,
 * incident, assignment, recommendation, candidate, personal (sealed bytes),
 * projection_cursor. The projection is keyed by the journal's random id, so that
 * a fresh journal does not mix with an old one's rows: other rows are replaced.
 */
#ifndef SGP_PROJECTION_H
#define SGP_PROJECTION_H

#include <stdbool.h>
#include <stdint.h>

#include "sigap/error.h"

typedef struct sgp_projection sgp_projection;

sgp_err sgp_projection_start(const char *journal_path, const char *conninfo,
                             sgp_projection **projection, sgp_fault *fault) SGP_MUST_USE;
/* Tells the thread that events up to `durable_seq` are on disk. Never blocks. */
void sgp_projection_wake(sgp_projection *projection, uint64_t durable_seq);
/* Newest event in PostgreSQL, and whether the database is away. Thread-safe. */
uint64_t sgp_projection_seq(const sgp_projection *projection, bool *away);
/* Tries to catch up for at most `wait_ms`, then ends the thread. */
void sgp_projection_stop(sgp_projection *projection, int64_t wait_ms);

/* Compares the tables with the journal: replays all `changes` in memory and
 * counts rows that differ, are missing or are too many. For `sigap verify`. */
typedef struct sgp_projection_difference {
    uint64_t rows, differing, missing, extra;
    uint64_t journal_seq, cursor_seq;
    char first[256]; /* a sentence about the first difference, "" = none */
} sgp_projection_difference;
sgp_err sgp_projection_verify(const char *journal_path, const char *conninfo,
                              sgp_projection_difference *difference, sgp_fault *fault) SGP_MUST_USE;

#endif
