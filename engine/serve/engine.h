/* sigapd: one libevent loop around the pure core.
 *
 *   sessions, HTTP, placer, clock  -- only queue inputs
 *        |
 *        v            one loop turn (engine.c)
 *   take a batch -> step the core -> append to the journal -> submit
 *        |                                                     |
 *   journal says durable  <------------- one sync -------------+
 *        v
 *   speak: answers, orders, updates, place look-ups
 *
 * Nobody hears of anything before it is on disk: whatever goes out is queued
 * with the number of the newest event that it may show, and leaves when that
 * event is durable. That holds for plain reads too.
 *
 * Thread rule: everything on the thread that runs the loop.
 */
#ifndef SGP_SERVE_ENGINE_H
#define SGP_SERVE_ENGINE_H

#include "serve/settings.h"
#include "sigap/error.h"

typedef struct sgp_engine sgp_engine;

/* Opens the city, recovers the world from the journal, connects and listens.
 * `settings` stays the caller's and must outlive the engine. SIGPIPE must be
 * ignored. On error nothing is left open and the fault says what to do. */
sgp_err sgp_engine_create(const sgp_settings *settings, sgp_engine **engine,
                          sgp_fault *fault) SGP_MUST_USE;

/* Serves until SIGTERM or SIGINT, then shuts down in order: no new sessions, what
 * was taken is done and told, a snapshot is kept, the database may catch up for
 * two seconds. */
void sgp_engine_run(sgp_engine *engine);

/* NULL is harmless. */
void sgp_engine_destroy(sgp_engine *engine);

#endif
