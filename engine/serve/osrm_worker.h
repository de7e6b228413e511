/* The thread on which answers of the OSRM-compatible service are made.
 *
 * A request may ask for hundreds of routes with every crossing on them. The loop that
 * orders ambulances must not wait for that, so it only passes the URL on and sends what
 * comes back:
 *
 *   loop ── jobs, at most SGP_OSRM_WAITING ──► worker: holds the newest metric, answers
 *     ▲                                            │
 *     └────────────── answers, eventfd ────────────┘
 *
 * One worker for each city in service; it goes before its city does. Everything here is
 * called on the loop; `done` is too.
 */
#ifndef SGP_SERVE_OSRM_WORKER_H
#define SGP_SERVE_OSRM_WORKER_H

#include <event2/event.h>

#include "serve/live_roads.h"
#include "serve/osrm.h"

enum { SGP_OSRM_WAITING = 64 };

typedef struct sgp_osrm_worker sgp_osrm_worker;

/* An answer: the JSON text, to be freed, NULL when there was no memory or the worker ended
 * before it came to the job (status 503); and how long it took to make. */
typedef void (*sgp_osrm_done)(void *job, int status, char *text, int64_t us);

/* Roads and settings must outlive it. SGP_E_MEMORY, SGP_E_IO. */
sgp_err sgp_osrm_worker_create(struct event_base *base, sgp_live_roads *roads,
                               const sgp_osrm_settings *settings, sgp_osrm_done done,
                               sgp_osrm_worker **worker) SGP_MUST_USE;
/* Gives the answer in work up, which takes some milliseconds or, once it is being written out,
 * up to a second; tells `done` that nothing comes. NULL is harmless. */
void sgp_osrm_worker_destroy(sgp_osrm_worker *worker);

/* `done` will be told about `job`, once, never from within this call. The URL is copied.
 * SGP_E_FULL: too many wait; SGP_E_MEMORY. `job` then stays the caller's. */
sgp_err sgp_osrm_worker_ask(sgp_osrm_worker *worker, const char *uri, void *job) SGP_MUST_USE;

#endif
