/* Travel times learned from the units' own tracks.
 *
 * A matched track (matcher.h) says how long each stretch of road really took. What drives
 * took and what the stored weights say that they should have taken is gathered by edge,
 * direction and time of the week, smoothed towards the mean of the road class while there
 * are few drives, and bounded (500 to 3000 permille). Roads that nobody drove yet take the mean
 * of their class too: otherwise the roads that the fleet knows would look slower than
 * those it does not, only because they are known. Switched on by deployment; off, nothing is
 * stored. It holds no unit, no person and no time of a single drive.
 *
 * Bins: night 21-06, morning 06-09, day 09-15, evening 15-21; Monday to Friday and the
 * week-end apart, by the calendar day.
 *
 * Kept in a file of its own (SQLite), so that it outlives imports of the same area: edges are
 * named by OSM way and end nodes there, not by number. Method and constants:
 * engine/route/learned_table.h. Not thread-safe while changing.
 */
#ifndef SIGAP_LEARNED_H
#define SIGAP_LEARNED_H

#include "sigap/graph.h"

typedef struct sgp_learned sgp_learned;

enum { SGP_LEARNED_BINS = 8 };
/* The bin of a minute of the week: 0..3 from Monday to Friday, 4..7 at the week-end. */
int sgp_learned_bin(int32_t minute_of_week);

/* Empty, for `graph` (which must outlive it), profile `profile`. SGP_E_ARGUMENT: no such
 * profile. Memory: 4 bytes for each direction of an edge, touched where something was learned,
 * and 200 bytes for each direction that was driven. */
sgp_err sgp_learned_create(const sgp_graph *graph, uint32_t profile,
                           sgp_learned **learned) SGP_MUST_USE;
void sgp_learned_destroy(sgp_learned *learned);

/* A drive over `part_mm` of the edge in one direction took `ms`. `move` is edge << 1 | backward.
 * Absurd ratios (under a fifth of the stored time or over ten times it), parts longer than the
 * edge, no time at all and minutes out of the week are dropped and counted. O(1). */
void sgp_learned_add(sgp_learned *learned, uint32_t move, int32_t minute_of_week, uint32_t part_mm,
                     int64_t ms);
/* Permille of the stored time; 1000 where nothing is known. */
uint16_t sgp_learned_factor(const sgp_learned *learned, uint32_t move, int bin);

typedef struct sgp_learned_count {
    uint64_t drives;  /* taken in by sgp_learned_add */
    uint64_t dropped; /* refused by it */
    uint32_t moves;   /* directions of edges of which something is known */
} sgp_learned_count;
sgp_learned_count sgp_learned_counts(const sgp_learned *learned);

/* Adds what the file holds; unknown roads are left out and counted in *unknown. A file that is
 * not there is empty. SGP_E_IO, SGP_E_CORRUPT, SGP_E_FORMAT (not such a file), SGP_E_VERSION,
 * SGP_E_MISMATCH (another profile's), SGP_E_MEMORY; on an error nothing was added. */
sgp_err sgp_learned_load(sgp_learned *learned, const char *path, uint64_t *unknown,
                         sgp_fault *fault) SGP_MUST_USE;
/* Replaces the file's content in one transaction: readers see the old content or the new one.
 * Errors as above; the file is then as it was. */
sgp_err sgp_learned_save(const sgp_learned *learned, const char *path,
                         sgp_fault *fault) SGP_MUST_USE;

#endif
