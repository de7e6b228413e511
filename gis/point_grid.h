/* Which points are around a place: points of the map filed by the cell of a grid that they lie in.
 *
 * The grid spans the points and has about as many cells as there are points, at most a million; a
 * search walks it ring by ring around its middle and ends when nothing in the next ring can be
 * near enough.
 *
 * Filling takes 0.1 s for a million points, so it is done in slices, for a loop that must not be
 * held. The points stay with whoever has them: they are asked for by number.
 *
 * Memory: 4 bytes for each point and each cell. Filled, any number of threads search it.
 */
#ifndef SGP_GIS_POINT_GRID_H
#define SGP_GIS_POINT_GRID_H

#include <stddef.h>

#include "sigap/geo.h"

/* The point of a number, 0 .. n - 1; the same each time. */
typedef sgp_point (*sgp_point_at)(const void *points, uint32_t number);

typedef struct sgp_point_grid {
    const void *points; /* borrowed */
    sgp_point_at at;
    uint32_t n;
    sgp_point south_west, north_east; /* of all points */
    int32_t cell_e7, columns, rows;
    uint32_t *first;  /* owned: [columns * rows + 1] into numbers */
    uint32_t *number; /* owned: [n], cell by cell, ascending */
    int step;         /* of filling */
    uint32_t next;
} sgp_point_grid; /* zero-initialise */

/* So many points will be filed. Before the grid is filled nothing is found. */
void sgp_point_grid_begin(sgp_point_grid *grid, const void *points, sgp_point_at at, uint32_t n);
/* Goes on for about so long; *done: it is filled. SGP_E_MEMORY: to be called again, or
 * freed. */
sgp_err sgp_point_grid_fill(sgp_point_grid *grid, int64_t budget_us, bool *done) SGP_MUST_USE;
void sgp_point_grid_free(sgp_point_grid *grid); /* and zeroes it */
size_t sgp_point_grid_bytes(const sgp_point_grid *grid);

/* Told of each point that may be near enough, the nearer cells first. Answers how far, in metres,
 * is near enough from now on. */
typedef double (*sgp_point_visit)(void *ctx, uint32_t number);

/* All points within limit_m are told, and others; fewer once the visitor wants less. */
void sgp_point_grid_visit(const sgp_point_grid *grid, sgp_point middle, double limit_m,
                          sgp_point_visit visit, void *ctx);

#endif
