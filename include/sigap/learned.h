/* Travel times learned from the units' own tracks.
 *
 * A matched track (matcher.h) says how long each stretch of road really took. The
 * ratio to the stored weight is gathered by edge, direction and hour of the week (four
 * bins a day, working days and week-ends apart), smoothed towards the road class's mean while there
 * are few drives, and bounded. Switched on by deployment; off, nothing is
 * stored. It holds no unit, no person and no time of a single drive.
 *
 * Kept in a file of its own (SQLite), so that it outlives imports of the same area: edges are
 * named by OSM way and end nodes there, not by number. Not thread-safe while changing.
 */
#ifndef SIGAP_LEARNED_H
#define SIGAP_LEARNED_H

#include "sigap/graph.h"

typedef struct sgp_learned sgp_learned;

enum { SGP_LEARNED_BINS = 8 };
/* The bin of a minute of the week. */
int sgp_learned_bin(int32_t minute_of_week);

/* Empty, for `graph`, profile `profile`. */
sgp_err sgp_learned_create(const sgp_graph *graph, uint32_t profile,
                           sgp_learned **learned) SGP_MUST_USE;
void sgp_learned_destroy(sgp_learned *learned);

/* A drive over `part_mm` of the edge in one direction took `ms`. Absurd ratios are dropped and
 * counted. */
void sgp_learned_add(sgp_learned *learned, uint32_t move, int32_t minute_of_week, uint32_t part_mm,
                     int64_t ms);
/* Permille of the stored time; 1000 where nothing is known. */
uint16_t sgp_learned_factor(const sgp_learned *learned, uint32_t move, int bin);

/* Adds what the file holds; unknown roads are left out and counted in *unknown. A file that is
 * not there is empty. SGP_E_IO, SGP_E_CORRUPT. */
sgp_err sgp_learned_load(sgp_learned *learned, const char *path, uint64_t *unknown,
                         sgp_fault *fault) SGP_MUST_USE;
/* Replaces the file's content in one transaction. */
sgp_err sgp_learned_save(const sgp_learned *learned, const char *path,
                         sgp_fault *fault) SGP_MUST_USE;

#endif
