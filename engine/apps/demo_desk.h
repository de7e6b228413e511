/* The demo's dispatcher and its callers: plays a scenario's calls, chooses places
 * where the engine was not sure, orders the recommended unit after a believable
 * while, links, cancels, and closes what nobody can place.
 *
 * It sees what every dispatcher sees, the board that the live stream keeps, and
 * speaks over a connection of its own; a request that was not answered is
 * repeated with the same id over a new connection. Simulated time is real time
 * times the speed. One thread.
 */
#ifndef SGP_APPS_DEMO_DESK_H
#define SGP_APPS_DEMO_DESK_H

#include "apps/narrator.h"
#include "apps/options.h"
#include "apps/scenario.h"

typedef struct sgp_desk sgp_desk;

/* What was reported, by name of the scenario's call. */
typedef struct sgp_desk_call {
    char name[16];
    uint64_t call, incident;
} sgp_desk_call;

typedef struct sgp_desk_options {
    const sgp_options *connection;
    sgp_narrator *narrator;       /* its board, and where lines are said */
    const sgp_scenario *scenario; /* borrowed until destroyed */
    double speed;
    uint64_t seed;
} sgp_desk_options;

sgp_err sgp_desk_create(const sgp_desk_options *options, sgp_desk **desk) SGP_MUST_USE;
void sgp_desk_destroy(sgp_desk *desk);

/* Starts the scenario's clock at now_us; again for another round, with random
 * calls taken from the scenario instead of its script where `random` is true. */
void sgp_desk_start(sgp_desk *desk, int64_t now_us, bool random);

/* Does what is due. Errors: SGP_E_UNAUTHENTICATED and the like, which end the
 * demo; a lost connection is none. */
sgp_err sgp_desk_turn(sgp_desk *desk, int64_t now_us, sgp_fault *fault) SGP_MUST_USE;

/* Has every step of the script been played? */
bool sgp_desk_script_done(const sgp_desk *desk);
/* Is any incident that this desk reported still open on the board? */
bool sgp_desk_any_open(const sgp_desk *desk);
/* Borrowed; grows with each call. */
const sgp_desk_call *sgp_desk_calls(const sgp_desk *desk, size_t *n);

#endif
