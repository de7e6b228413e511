/* One crew on the wire: drives a crew_driver against the engine over a
 * connection that mends itself, and a fleet of them, a thread each.
 *
 * A request that was sent and not answered is repeated over the new connection
 * with the same id, so that a crew's word counts once however often the engine
 * dies. The `tell` function is called from the crews' threads.
 */
#ifndef SGP_APPS_CREW_SESSION_H
#define SGP_APPS_CREW_SESSION_H

#include <stdatomic.h>

#include "apps/crew_driver.h"
#include "apps/options.h"

enum { SGP_FLEET_CREWS_MAX = 64 };

typedef enum sgp_crew_news {
    SGP_CREW_NEWS_CONNECTED, /* first or again */
    SGP_CREW_NEWS_LOST,      /* detail: why */
    SGP_CREW_NEWS_ORDER,     /* detail: what and where */
    SGP_CREW_NEWS_WITHDRAWN, /* detail: reason */
    SGP_CREW_NEWS_PHASE,     /* driver->phase is new */
    SGP_CREW_NEWS_DECLINED,  /* detail: reason */
    SGP_CREW_NEWS_REFUSED,   /* detail: the engine's sentence */
    SGP_CREW_NEWS_STEP,      /* detail: what the driver does next, one of the way's steps */
    SGP_CREW_NEWS_HOSPITAL,  /* detail: where its patient goes */
    SGP_CREW_NEWS_NOTE       /* detail: what is to be known of the place, or of its shift */
} sgp_crew_news;

typedef struct sgp_crew_job {
    sgp_crew_options crew;
    const char *token;
    const sgp_options *connection;
    bool once;                             /* end after one incident, back at the station */
    const char *people[SGP_CREW_PER_UNIT]; /* codes of the crew; none = it signs on unnamed */
    size_t n_people;
    void (*tell)(void *ctx, const sgp_crew_driver *driver, sgp_crew_news news, const char *detail);
    void *ctx; /* of tell */
} sgp_crew_job;

/* Runs until *stop, or with `once` until it is home again. Errors are those that
 * trying again does not mend (wrong token, wrong address) and, before the first
 * login, an engine that is not there. */
sgp_err sgp_crew_run(const sgp_crew_job *job, const atomic_bool *stop,
                     sgp_fault *fault) SGP_MUST_USE;

/* Line "UNIT TOKEN" each; empty lines and # comments are skipped. */
typedef struct sgp_crew_tokens {
    struct {
        char unit[SGP_CODE_BYTES];
        char token[256];
    } crews[SGP_FLEET_CREWS_MAX];
    size_t n;
} sgp_crew_tokens;
sgp_err sgp_crew_tokens_read(const char *path, sgp_crew_tokens *tokens,
                             sgp_fault *fault) SGP_MUST_USE;

/* Crews on threads of their own. Jobs are copied; what they point to must live
 * until the fleet was stopped. */
typedef struct sgp_fleet sgp_fleet;
sgp_err sgp_fleet_start(const sgp_crew_job *jobs, size_t n, sgp_fleet **fleet,
                        sgp_fault *fault) SGP_MUST_USE;
/* How many crews still run. */
size_t sgp_fleet_running(sgp_fleet *fleet);
/* Ends all and frees; the first fault of a crew, if any, becomes the result. NULL is harmless. */
sgp_err sgp_fleet_stop(sgp_fleet *fleet, sgp_fault *fault) SGP_MUST_USE;

#endif
