/* Manoeuvres: what a driver does at each step of a route, and how it is said.
 *
 * Types and modifiers are those of OSRM's HTTP API, so that its clients understand them.
 * Texts come from one checked table in Indonesian and English. Pure; thread-safe.
 */
#ifndef SIGAP_GUIDE_H
#define SIGAP_GUIDE_H

#include "sigap/router.h"

typedef enum sgp_manoeuvre {
    SGP_MANOEUVRE_DEPART,
    SGP_MANOEUVRE_TURN,
    SGP_MANOEUVRE_CONTINUE,
    SGP_MANOEUVRE_NEW_NAME,
    SGP_MANOEUVRE_MERGE,
    SGP_MANOEUVRE_ON_RAMP,
    SGP_MANOEUVRE_OFF_RAMP,
    SGP_MANOEUVRE_FORK,
    SGP_MANOEUVRE_END_OF_ROAD,
    SGP_MANOEUVRE_ROUNDABOUT,
    SGP_MANOEUVRE_EXIT_ROUNDABOUT,
    SGP_MANOEUVRE_ARRIVE,
    SGP_MANOEUVRES
} sgp_manoeuvre;
const char *sgp_manoeuvre_str(sgp_manoeuvre manoeuvre); /* "end of road" */

typedef enum sgp_modifier {
    SGP_MODIFIER_NONE,
    SGP_MODIFIER_UTURN,
    SGP_MODIFIER_SHARP_RIGHT,
    SGP_MODIFIER_RIGHT,
    SGP_MODIFIER_SLIGHT_RIGHT,
    SGP_MODIFIER_STRAIGHT,
    SGP_MODIFIER_SLIGHT_LEFT,
    SGP_MODIFIER_LEFT,
    SGP_MODIFIER_SHARP_LEFT,
    SGP_MODIFIERS
} sgp_modifier;
const char *sgp_modifier_str(sgp_modifier modifier); /* "sharp right"; "" for none */

/* One manoeuvre and what is driven after it. */
typedef struct sgp_guide_step {
    sgp_manoeuvre manoeuvre;
    sgp_modifier modifier;
    uint8_t exit;                           /* of a roundabout, counted from 1; 0 = none */
    uint16_t bearing_before, bearing_after; /* degrees, 0..359 */
    const char *name; /* of the road driven after it; borrowed from the graph */
    uint8_t road_class, flags;
    uint32_t first_point, n_points; /* into the route's points; an arrival has one point twice... */
    int64_t duration_ms, length_mm;
    uint32_t first_move, n_moves; /* into the route's moves */
} sgp_guide_step;

/* Steps of the route with an arrival at the end (duration and length 0); free(*steps). */
sgp_err sgp_guide_make(const sgp_graph *graph, const sgp_route *route, sgp_guide_step **steps,
                       size_t *n) SGP_MUST_USE;

/* One sentence, language "id" or "en"; always ends in '\0'; returns text. */
char *sgp_guide_text(const sgp_guide_step *step, const char *language, char *text, size_t capacity);

#endif
