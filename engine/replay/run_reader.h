/* A run that grows with what happens: each event's changes, as the journal keeps them and watchers
 * hear them, make or change rows of incidents, jobs, calls, units, hospitals and transfers.
 *
 * The reader of journals (report_journal.h) feeds it one record after the other; the engine feeds
 * it each event as it happens, so that the figures of the day on the wall are the report's own. The
 * newest state of a thing is what became of it; feeding a state twice changes nothing. Only
 * incidents answered within the span are taken, each with all that follows.
 *
 * The run is borrowed and must outlive the reader, which it may not be freed under. Not thread-safe
 * on one reader. Cost: a binary search for each thing that changed. */
#ifndef SGP_REPLAY_RUN_READER_H
#define SGP_REPLAY_RUN_READER_H

#include "replay/outcome.h"
#include "replay/report_journal.h"
#include "sigap/v1/dispatch.pb-c.h"
#include "sigap/v1/journal.pb-c.h"

typedef struct sgp_run_reader sgp_run_reader;

/* `run` must be empty. SGP_E_MEMORY. */
sgp_err sgp_run_reader_create(const sgp_journal_span *span, sgp_run *run,
                              sgp_run_reader **reader) SGP_MUST_USE;
/* NULL is harmless. The run stays the caller's. */
void sgp_run_reader_destroy(sgp_run_reader *reader);

/* What an event changed. SGP_E_CORRUPT: a unit or hospital with a number out of range;
 * SGP_E_MEMORY. The run may have taken a part of it then. */
sgp_err sgp_run_reader_changes(sgp_run_reader *reader, const Sigap__V1__Update *changes,
                               int64_t at_ms) SGP_MUST_USE;
/* Targets, from events that set them; others are passed over. */
void sgp_run_reader_event(sgp_run_reader *reader, const Sigap__V1__Event *event);
/* The recommendation that a row of run->jobs followed; 0 = none. */
uint64_t sgp_run_reader_followed(const sgp_run_reader *reader, uint32_t job);
/* Sets what the run covers, and counts the duty of units that are on duty still up to there. May be
 * called again later, with a later end. */
void sgp_run_reader_finish(sgp_run_reader *reader, int64_t first_ms, int64_t last_ms);

#endif
