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

/* One manoeuvre and what is driven after it, up to the next. */
typedef struct sgp_guide_step {
    sgp_manoeuvre manoeuvre;
    sgp_modifier modifier;                  /* departure and arrival: NONE, see sgp_guide_side */
    uint8_t exit;                           /* of a roundabout, counted from 1; 0 = none */
    uint16_t bearing_before, bearing_after; /* degrees, 0..359; 0 where there is none */
    const char *name; /* of the road driven after it (roundabout: of the road that it is left by;
                       * arrival: of the last road); borrowed from the graph */
    uint8_t road_class, flags;
    uint32_t first_point, n_points; /* into the route's points, 2 or more; the next step begins at
                                     * the last one; an arrival has 1, the route's last */
    int64_t duration_ms, length_mm; /* their sums are the journey's */
    uint32_t first_move, n_moves;   /* into the route's moves */
} sgp_guide_step;

/* Manoeuvres of a route that begins with a departure and ends with an arrival (duration,
 * length and moves 0); free(*steps). A crossing gets one only where a driver has to decide:
 * by the roads that really leave it, their classes and names, not by the angle alone.
 * Crossings expanded for turns look like any other. A name that changes on the way is a
 * manoeuvre too; a slip road, and the two halves of a turn around a median, are one.
 *
 * `weight` is [n_arcs] of the profile that drives (sgp_metric_weights), SGP_INF for what it
 * may not use; NULL = the stored weights of profile 0. SGP_E_ARGUMENT: the route is none, or
 * not of this graph; *steps and *n are then untouched. Some microseconds a crossing. */
sgp_err sgp_guide_make(const sgp_graph *graph, const int32_t *weight, const sgp_route *route,
                       sgp_guide_step **steps, size_t *n) SGP_MUST_USE;

/* On which side of the road the place lies when one passes it on `move`: LEFT, RIGHT, or
 * NONE where it lies on the road (within 5 m). */
sgp_modifier sgp_guide_side(const sgp_snap *place, uint32_t move);

/* One sentence, language "id" or "en" (anything else is "id"): "Belok kanan ke Jalan
 * Veteran". Always ends in '\0', cut at the end of a character; returns text. 256 bytes are
 * enough for names up to 150. */
char *sgp_guide_text(const sgp_guide_step *step, const char *language, char *text, size_t capacity);

#endif
