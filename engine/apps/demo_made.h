/* A scenario for the demo made of the places of any imported city: what callers
 * may say there comes from the database, the crew that declines from the board. */
#ifndef SGP_APPS_DEMO_MADE_H
#define SGP_APPS_DEMO_MADE_H

#include "apps/board.h"
#include "apps/crew_session.h"
#include "apps/scenario.h"

typedef struct sgp_demo_city {
    const char *graph_path; /* names the city */
    const char *conninfo;
    const sgp_options *connection; /* to the engine, which tells how far places are */
    const sgp_board *board;        /* with the units and their stations */
    const sgp_crew_tokens *crews;
    uint64_t seed;
    sgp_language language;
} sgp_demo_city;

/* Blocking. Equal cities and seeds give equal scenarios. SGP_E_NOT_FOUND: there is
 * no named place; otherwise errors of graph and database. */
sgp_err sgp_demo_generate(const sgp_demo_city *city, sgp_scenario *scenario,
                          sgp_fault *fault) SGP_MUST_USE;

#endif
