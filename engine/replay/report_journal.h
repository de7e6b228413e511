/* What really happened, from the journal of a live engine, as a run like any other.
 *
 * Each record of the journal tells the new state of everything that its event changed; the newest
 * state of each incident, assignment and unit is what became of it. The core is not asked: this
 * is what was recorded, not what would be decided now. Personal data is not read.
 *
 * With a span, only incidents answered within it are there, each with all that followed. A job
 * that began before the span is not, so that the units' use is told a little too low at its edge.
 *
 * Reads beside a running engine, twice over the journal (the second time for the candidates of
 * the recommendations that were followed). Memory: the incidents, assignments and candidates of
 * the asked time.
 */
#ifndef SGP_REPLAY_REPORT_JOURNAL_H
#define SGP_REPLAY_REPORT_JOURNAL_H

#include "replay/outcome.h"

typedef struct sgp_journal_span {
    int64_t from_ms;         /* incidents answered from here; 0 = the first event */
    int64_t until_ms;        /* to here; 0 = the last event */
    int32_t utc_offset_s;    /* of the city's clocks */
    bool without_candidates; /* leave them out: a journal of a year holds millions */
} sgp_journal_span;

/* Fills `run`, which must be empty: policy "live", replication 0, keys are incident ids. Targets
 * are those configured last. SGP_E_NOT_FOUND: no such file; SGP_E_CORRUPT and others of
 * sgp_journal_reader_open; SGP_E_RANGE: the span ends before it begins; SGP_E_MEMORY. On error
 * the run is empty. */
sgp_err sgp_run_from_journal(const char *path, const sgp_journal_span *span, sgp_run *run,
                             sgp_fault *fault) SGP_MUST_USE;

#endif
