/* What is told of rings and exchanges, in words. Functions with `out` return it. */
#ifndef SGP_APPS_RING_TOLD_H
#define SGP_APPS_RING_TOLD_H

#include <stdio.h>

#include "apps/texts.h"
#include "sigap/v1/ring.pb-c.h"

const char *sgp_ring_state_text(sgp_language language, int state);
const char *sgp_call_back_text(sgp_language language, int state);

/* Its number, or that it is withheld; "" where it has one that we may not hear. */
const char *sgp_ring_caller_text(sgp_language language, const Sigap__V1__Ring *ring);
/* How long it rang until now, or until it was answered or over. */
int64_t sgp_ring_waited_ms(const Sigap__V1__Ring *ring, int64_t now_ms);
/* Missed, and nobody has settled that. */
bool sgp_ring_is_missed(const Sigap__V1__Ring *ring);
/* Rings, or is claimed and not connected. */
bool sgp_ring_waits(const Sigap__V1__Ring *ring);

/* One sentence about what has become of it since `old` (NULL: it is new); "" = nothing to tell. */
char *sgp_ring_news_text(sgp_language language, const Sigap__V1__Ring *old,
                         const Sigap__V1__Ring *now, int64_t now_ms, char *out, size_t capacity);
/* Why it is away; the engine's own words where that is none of the usual reasons. */
const char *sgp_away_reason(sgp_language language, const Sigap__V1__Exchange *exchange);
char *sgp_exchange_text(sgp_language language, const Sigap__V1__Exchange *exchange, char *out,
                        size_t capacity);
/* Mark, history and positions of a caller, one a line. */
void sgp_ring_detail_print(sgp_language language, const Sigap__V1__RingDetail *detail, FILE *out);
void sgp_ring_table_print(sgp_language language, const Sigap__V1__RingPage *page, FILE *out);
void sgp_ring_summary_print(sgp_language language, const Sigap__V1__RingPage *page, FILE *out);

#endif
