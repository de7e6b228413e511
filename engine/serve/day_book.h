/* The figures of today and yesterday, kept while things happen.
 *
 * Each of the two days is a run of engine/replay (outcome.h), fed with what every event changed
 * (run_reader.h) and summarised when somebody asks (report_summary.h): names and rules are those of
 * the replay report, because the code is. It needs no database.
 *
 * A restart begins with what the world still holds: all open incidents and the SGP_CLOSED_KEPT that
 * were closed last. Where that is less than the day, `whole_from_ms` says from when on it is all.
 * At midnight of the city's clock today becomes yesterday. A day takes SGP_DAY_INCIDENTS_MAX
 * incidents and stands still then, which `until_ms` shows.
 *
 * Not thread-safe. Cost: a binary search for each thing that changes; a summary is n log n. */
#ifndef SGP_SERVE_DAY_BOOK_H
#define SGP_SERVE_DAY_BOOK_H

#include "replay/report_summary.h"
#include "serve/city_time.h"
#include "sigap/core.h"
#include "sigap/v1/dispatch.pb-c.h"

enum { SGP_DAY_INCIDENTS_MAX = 65536 };

typedef struct sgp_day_book sgp_day_book;

/* `clock` is borrowed. The world as it is becomes the beginning. SGP_E_MEMORY. */
sgp_err sgp_day_book_create(const sgp_city_time *clock, const sgp_world *world, int64_t now_ms,
                            sgp_day_book **book) SGP_MUST_USE;
void sgp_day_book_destroy(sgp_day_book *book);

/* What an event changed; begins a new day first where it is time. Whatever fails ends the day's
 * figures there, and they say so. */
void sgp_day_book_take(sgp_day_book *book, const sgp_world *world, const Sigap__V1__Update *changes,
                       int64_t at_ms);

/* Of today (0) or yesterday (1). SGP_E_NOT_FOUND: no such day is kept; SGP_E_MEMORY,
 * SGP_E_MISMATCH. `whole_from_ms` as above. */
sgp_err sgp_day_book_summary(sgp_day_book *book, const sgp_world *world, uint32_t days_ago,
                             int64_t now_ms, sgp_summary *summary, int64_t *whole_from_ms,
                             sgp_fault *fault) SGP_MUST_USE;

/* When the local day of `at_ms` began. */
int64_t sgp_midnight_ms(const sgp_city_time *clock, int64_t at_ms);

#endif
