/* What a user could install instead from Debian: pgRouting and Routino, timed on the
 * same data in the same run, where they are installed. */
#ifndef BENCH_SUPPORT_RIVALS_H
#define BENCH_SUPPORT_RIVALS_H

#include "sigap/graph.h"
#include "support/sheet.h"

/* pgr_dijkstraCost over the arcs of profile 0, in a temporary table of the database at
 * `conninfo` (the extension pgrouting must be available there and may be created):
 * one pair, 100 -> 1 and 1,000 -> 1. The answers are compared with `expected` (one for each
 * source, SGP_INF = no way), and the number that differ is returned; -1: could not be run,
 * which is said on stderr. */
int bench_pgrouting(bench_sheet *sheet, const char *conninfo, const sgp_graph_parts *parts,
                    const uint32_t *sources, size_t n_sources, uint32_t target,
                    const int32_t *expected);

/* Routino's own database of an extract, and its router as a process for each of `n` pairs of
 * points (Routino answers one pair a process). Its speeds are its own, so only
 * times are taken. False: not installed, or it failed, which is said. */
bool bench_routino(bench_sheet *sheet, const char *extract, const char *folder,
                   const sgp_point *points, size_t n);

#endif
