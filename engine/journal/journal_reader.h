/* Reading a journal that somebody else may be writing: recovery, the PostgreSQL
 * projection, verify and other tools.
 *
 * A reader has its own read-only SQLite connection, sees only what is committed
 * and never holds the writer up. Every event that it hands out was checked
 * against the chain of checksums. One reader belongs to one thread.
 *
 * Visits run inside one SQLite statement, which pins the write-ahead log while
 * it lasts: copy what you need and do slow things afterwards.
 */
#ifndef SGP_JOURNAL_READER_H
#define SGP_JOURNAL_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "journal/journal.h"
#include "journal/journal_file.h"

typedef struct sgp_journal_reader sgp_journal_reader;

/* SGP_E_NOT_FOUND: no such file; SGP_E_STATE: it was never finished making;
 * SGP_E_FORMAT, SGP_E_VERSION, SGP_E_CORRUPT, SGP_E_IO. */
sgp_err sgp_journal_reader_open(const char *path, const char *vfs, sgp_journal_reader **reader,
                                sgp_fault *fault) SGP_MUST_USE;
void sgp_journal_reader_close(sgp_journal_reader *reader);

/* The journal's random id; 16 bytes, borrowed until close. */
const uint8_t *sgp_journal_reader_id(const sgp_journal_reader *reader);

/* Was it made by a program of this commit? A newer one may have gone on with it since. */
bool sgp_journal_reader_made_by(sgp_journal_reader *reader, const char *commit);

/* Freezes what this reader sees between begin and end. */
sgp_err sgp_journal_reader_begin(sgp_journal_reader *reader, sgp_fault *fault) SGP_MUST_USE;
void sgp_journal_reader_end(sgp_journal_reader *reader);

/* Newest event, its time and its chain; 0, 0 and the journal's id when there is none.
 * `at_ms` and `chain` may be NULL. */
sgp_err sgp_journal_reader_last(sgp_journal_reader *reader, uint64_t *seq, int64_t *at_ms,
                                uint8_t chain[SGP_CHAIN_BYTES], sgp_fault *fault) SGP_MUST_USE;

/* Visits events after `after_seq` up to `upto_seq`, in order. SGP_E_CORRUPT
 * names the first event that is missing or does not fit the chain. A non-zero
 * return of `visit` stops and is returned. */
sgp_err sgp_journal_reader_events(sgp_journal_reader *reader, uint64_t after_seq, uint64_t upto_seq,
                                  sgp_journal_visit visit, void *ctx,
                                  sgp_fault *fault) SGP_MUST_USE;

/* Sealed personal fields that came with events after `after_seq` up to
 * `upto_seq`; sealed is NULL where they were erased. Ordered by event, then call. */
typedef sgp_err (*sgp_personal_visit)(void *ctx, uint64_t seq, uint64_t call, uint64_t incident,
                                      const uint8_t *sealed, size_t length);
sgp_err sgp_journal_reader_personal(sgp_journal_reader *reader, uint64_t after_seq,
                                    uint64_t upto_seq, sgp_personal_visit visit, void *ctx,
                                    sgp_fault *fault) SGP_MUST_USE;

/* Erasures after `after_number`: the personal fields of `incident` that came
 * with events up to `seq` are gone. */
typedef sgp_err (*sgp_erasure_visit)(void *ctx, uint64_t number, uint64_t incident, uint64_t seq);
sgp_err sgp_journal_reader_erasures(sgp_journal_reader *reader, uint64_t after_number,
                                    sgp_erasure_visit visit, void *ctx,
                                    sgp_fault *fault) SGP_MUST_USE;

/* One call's personal row. SGP_E_NOT_FOUND: none kept. *length 0: erased.
 * `sealed` is borrowed until the next call on this reader. */
sgp_err sgp_journal_reader_call(sgp_journal_reader *reader, uint64_t call, uint64_t *incident,
                                const uint8_t **sealed, size_t *length,
                                sgp_fault *fault) SGP_MUST_USE;
/* An incident's sealed key, the same way. SGP_E_NOT_FOUND: none, or erased. */
sgp_err sgp_journal_reader_key(sgp_journal_reader *reader, uint64_t incident,
                               const uint8_t **sealed, size_t *length,
                               sgp_fault *fault) SGP_MUST_USE;

/* Hands the newest snapshot that is whole to `visit` (length 0: none) and stores
 * the event it stands for; damaged ones are logged and passed over. */
sgp_err sgp_journal_reader_snapshot(sgp_journal_reader *reader, sgp_journal_visit visit, void *ctx,
                                    uint64_t *seq, sgp_fault *fault) SGP_MUST_USE;

#endif
