/* What the engine answered about the chosen incident, beside what the board has: earlier calls,
 * premise notes, its log, the questions of its complaint, what the city would have left, the way of
 * its unit. All of it is thrown away when another incident is chosen; the questions only when the
 * complaint is another.
 *
 * Plain data: console_asks.c fills it, screens read it. Not thread-safe.
 */
#ifndef SGP_CONSOLE_DOSSIER_H
#define SGP_CONSOLE_DOSSIER_H

#include <stdbool.h>

#include "sigap/v1/frame.pb-c.h"

typedef struct sgp_dossier {
    uint64_t incident;        /* that this is about; 0: nothing */
    Sigap__V1__Frame *detail; /* IncidentDetail; NULL: not told yet, here and below */
    Sigap__V1__Frame *log;    /* Log */
    Sigap__V1__Frame *guide;  /* Guide */
    Sigap__V1__Frame *left;   /* CoverageLeft; of the city, so it stays when another is chosen */
    Sigap__V1__Frame *route;  /* Route of its unit */
    uint32_t route_unit;      /* whose */
} sgp_dossier;                /* zero-initialise */

/* It is about this incident from now on. */
void sgp_dossier_open(sgp_dossier *dossier, uint64_t incident);
void sgp_dossier_free(sgp_dossier *dossier);
/* Puts the frame in its place; ownership passes. What is about something else is freed. */
void sgp_dossier_take(sgp_dossier *dossier, Sigap__V1__Frame *frame);

/* NULL: not known. Borrowed until the next answer. */
const Sigap__V1__History *sgp_dossier_history(const sgp_dossier *dossier);
const Sigap__V1__Guide *sgp_dossier_guide(const sgp_dossier *dossier, const char *complaint);
const Sigap__V1__Log *sgp_dossier_log(const sgp_dossier *dossier);
/* What goes with this unit of the city's expected coverage; -1 = not known. */
int sgp_dossier_loss_ppm(const sgp_dossier *dossier, const char *unit);

#endif
