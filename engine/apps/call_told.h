/* What is told of calls beside place and units, in words: which incidents one may be the same as,
 * and why. Returns `out` everywhere. */
#ifndef SGP_APPS_CALL_TOLD_H
#define SGP_APPS_CALL_TOLD_H

#include <stdio.h>

#include "apps/texts.h"
#include "sigap/v1/caller.pb-c.h"
#include "sigap/v1/calls.pb-c.h"
#include "sigap/v1/common.pb-c.h"

/* "perhaps the same as #7: 120 m away, 4 min after its last call, same complaint; sigap link 15 7".
 * `call` is the one that would be linked. */
char *sgp_alike_text(sgp_language language, const Sigap__V1__Alike *alike, uint64_t call, char *out,
                     size_t capacity);

/* The best offers that nobody has dismissed, at most so many, one a line, each after `lead`; the
 * last one says how many there are beyond. */
void sgp_alike_print(sgp_language language, const Sigap__V1__Incident *incident, uint64_t call,
                     size_t most, const char *lead, FILE *out);

/* "call 12: 3 pranks ... came from this number"; "" where it is not marked. */
char *sgp_nuisance_text(sgp_language language, const Sigap__V1__Call *call, char *out,
                        size_t capacity);

/* Why the incident's calls are to be taken with care, and that it waits for that; one a line. */
void sgp_warnings_print(sgp_language language, const Sigap__V1__Incident *incident,
                        Sigap__V1__Call *const *calls, size_t n_calls, FILE *out);

/* Earlier calls of the number, and incidents at the place within so many metres. */
void sgp_history_print(sgp_language language, const Sigap__V1__History *history, int within_m,
                       FILE *out);

/* One entry of a log, one line. */
void sgp_log_entry_print(sgp_language language, const Sigap__V1__LogEntry *entry, FILE *out);
/* "note by dewi: the family waits at the gate". */
/* What a caller's page says: the button that was touched, and the words; safe for a terminal. */
char *sgp_caller_words(sgp_language language, int sign, const char *text, bool erased, char *out,
                       size_t capacity);
/* Of an entry MESSAGE_SAID of a log: who says what to whom. */
char *sgp_log_words(sgp_language language, const Sigap__V1__LogEntry *entry, char *out,
                    size_t capacity);
/* "call 12, the caller writes: …" */
char *sgp_caller_news(sgp_language language, const Sigap__V1__CallerMessage *said, char *out,
                      size_t capacity);
char *sgp_note_text(sgp_language language, const Sigap__V1__Note *note, char *out, size_t capacity);
/* "premise note 12 (hazard): a fierce dog". */
char *sgp_premise_text(sgp_language language, const Sigap__V1__Premise *premise, char *out,
                       size_t capacity);
/* One premise note in a list, one line. */
void sgp_premise_print(sgp_language language, const Sigap__V1__Premise *premise, FILE *out);

/* One marked number, one line. */
void sgp_marked_print(sgp_language language, const Sigap__V1__MarkedNumber *number, FILE *out);

#endif
