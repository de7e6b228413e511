/* Journal records for tests: a small made-up town whose events touch every table. */
#ifndef SGP_TEST_JOURNAL_SAMPLES_H
#define SGP_TEST_JOURNAL_SAMPLES_H

#include <stdbool.h>

#include "base/buffer.h"

/* Puts the record of event `seq` into `out` (cleared first): the same seq gives the same bytes. */
void sample_record(uint64_t seq, sgp_buffer *out);
/* Does event `seq` bring a call, and then which call and incident? */
bool sample_call(uint64_t seq, uint64_t *call, uint64_t *incident);

#endif
