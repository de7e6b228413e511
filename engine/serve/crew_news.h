/* What crews were told lately, so that a telephone whose line broke hears what it missed.
 *
 * Every frame that is pushed to a unit's crew is kept, whether somebody heard it or not, by its
 * number `told`, which grows from each to the next. Whoever comes back says which was the last that
 * it heard and is told the later ones, in order and once; or it was away for longer than is kept,
 * and must look afresh. Kept for SGP_NEWS_MS and SGP_NEWS_BYTES_MAX over all units; the oldest go
 * first. Nothing is on disk: after a restart everybody looks afresh, which loses nothing, since
 * orders are state of the world. What goes is overwritten, for orders may hold words about a house.
 *
 * Not thread-safe. Keeping takes constant time but for what is dropped; resuming walks the unit's.
 */
#ifndef SGP_SERVE_CREW_NEWS_H
#define SGP_SERVE_CREW_NEWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sigap/error.h"

enum {
    SGP_NEWS_MS = 30 * 60 * 1000,
    SGP_NEWS_BYTES_MAX = 16 << 20, /* of all units together */
    SGP_NEWS_RESUME_MAX = 64       /* who missed more looks afresh */
};

typedef struct sgp_crew_news sgp_crew_news;

/* `told`: nothing up to that number is known here. */
sgp_err sgp_crew_news_create(uint32_t n_units, uint64_t told, sgp_crew_news **news) SGP_MUST_USE;
void sgp_crew_news_destroy(sgp_crew_news *news);

/* Copies. `told` is greater than any before. Without memory all is forgotten, which is safe. */
void sgp_crew_news_keep(sgp_crew_news *news, uint32_t unit, uint64_t told, int64_t now_ms,
                        const uint8_t *bytes, size_t length);
/* Drops what is too old. */
void sgp_crew_news_age(sgp_crew_news *news, int64_t now_ms);
/* Nothing up to that number is known any more, of any unit. */
void sgp_crew_news_forget(sgp_crew_news *news, uint64_t told);

/* May a crew that heard everything up to `heard` be told the rest from here? */
bool sgp_crew_news_can_resume(const sgp_crew_news *news, uint32_t unit, uint64_t heard);
/* The unit's first one after `told`, borrowed until the next call that changes something; its
 * number into `told`. NULL: there is none. */
const uint8_t *sgp_crew_news_next(const sgp_crew_news *news, uint32_t unit, uint64_t *told,
                                  size_t *length);
size_t sgp_crew_news_bytes(const sgp_crew_news *news);

#endif
