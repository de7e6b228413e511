/* Placing a call: from text or a point to ranked candidates, against PostGIS.
 *
 * Non-blocking libpq on the caller's libevent loop. Connects by itself,
 * reconnects with back-off, and answers `away` at once while the database is
 * away (coordinates are placed even then). Nothing but parameters reaches SQL. Thread rule: loop
 * thread only.
 */
#ifndef SGP_GIS_PLACER_H
#define SGP_GIS_PLACER_H

#include <event2/event.h>
#include <stdbool.h>

#include "sigap/core.h"
#include "sigap/graph.h"

typedef struct sgp_placer sgp_placer;

/* The city's id chooses the PostGIS schema; a database without it counts as away
 * (the fault of the last try is told by sgp_placer_fault). */
sgp_err sgp_placer_create(struct event_base *base, const char *conninfo, const sgp_city_id *city,
                          sgp_placer **placer, sgp_fault *fault) SGP_MUST_USE;
/* The city's bounds, from its graph: with them coordinates typed as text are placed even
 * when no connection has ever been made. */
void sgp_placer_set_bounds(sgp_placer *placer, sgp_point south_west, sgp_point north_east);
/* Outstanding look-ups are answered with SGP_E_DATABASE first; asking from within
 * those answers gets SGP_E_STATE. Must not be called from within an answer. */
void sgp_placer_destroy(sgp_placer *placer);
bool sgp_placer_away(const sgp_placer *placer);
const char *sgp_placer_fault(const sgp_placer *placer); /* "" = none */

/* The answer: err SGP_OK with n (0 = nothing found) places best first, borrowed
 * during the call; SGP_E_DATABASE = away; SGP_E_TIMEOUT; SGP_E_FULL = too many waiting. */
typedef void (*sgp_placer_answer)(void *ctx, sgp_err err, const sgp_place *places, size_t n);

/* Text as a caller says it: "Jl. Veteran 5", "RSSA", "Puskesmas Dinoyo", "-7.98,112.63" (either
 * order is recognised when only one lies in the city; with the database away they are
 * placed all the same, without street and district). `near` may be NULL. The
 * answer comes from the loop, never from within this call. SGP_E_ARGUMENT: empty text or over 1,000
 * bytes. */
sgp_err sgp_placer_find(sgp_placer *placer, const char *text, const sgp_point *near, size_t limit,
                        sgp_placer_answer answer, void *ctx) SGP_MUST_USE;
/* Nearest address (within 60 m) and street (within 500 m), nearest first, at their own
 * points, uncertainty_m telling how far off they are, each with kelurahan, kecamatan
 * and kabupaten of the asked point; the area alone where neither is near. */
sgp_err sgp_placer_reverse(sgp_placer *placer, sgp_point point, sgp_placer_answer answer,
                           void *ctx) SGP_MUST_USE;

#endif
