/* The gazetteer for the time when the database is away: the names of a road graph, in memory.
 *
 * It answers as the database's does (gazetteer.h), from streets and junctions that it reads off
 * the graph and from the places that the import put into the graph's file. What it cannot know:
 * house numbers (SGP_ASK_NUMBER has no rows, SGP_ASK_AROUND has streets only) and the exact shape
 * of a landmark (its box stands for it). A graph made without a database has no places: then only
 * streets, gangs and junctions are found. Things' ids are this gazetteer's own.
 *
 * Measured, one thread of a shared machine: the sketch of Malang Raya (24,500 named things) is
 * built in 0.5 to 0.7 s of CPU time and holds 18.5 MB; Porto (8,300) 0.45 s and 9.5 MB; a benchmark
 * graph without names 1 ms and nothing. A whole look-up takes 0.1 ms, one in a hundred 3 ms or
 * more (junctions said without "and" between the streets, which asks for many names).
 *
 * It is built by a thread of its own, so that no loop is held; until it is ready, vocabulary is
 * NULL and asks are refused with SGP_E_STATE. Answers come before ask returns. Thread rule: create,
 * ask and destroy from one thread.
 */
#ifndef SGP_GIS_GAZETTEER_GRAPH_H
#define SGP_GIS_GAZETTEER_GRAPH_H

#include "gis/gazetteer.h"
#include "sigap/graph.h"

typedef struct sgp_gazetteer_graph sgp_gazetteer_graph;

/* Begins to build. The graph must outlive it. SGP_E_MEMORY. */
sgp_err sgp_gazetteer_graph_create(const sgp_graph *graph, sgp_gazetteer_graph **made) SGP_MUST_USE;
/* Gives up building if need be, which takes some milliseconds at most. */
void sgp_gazetteer_graph_destroy(sgp_gazetteer_graph *made);
/* Waits until it is built, or cannot be (SGP_E_MEMORY, SGP_E_FULL). For tests and commands. */
sgp_err sgp_gazetteer_graph_wait(sgp_gazetteer_graph *made) SGP_MUST_USE;
/* True until it is built or cannot be. */
bool sgp_gazetteer_graph_is_building(const sgp_gazetteer_graph *made);
/* Its interface, borrowed until it is destroyed. */
const sgp_gazetteer *sgp_gazetteer_graph_get(const sgp_gazetteer_graph *made);
/* Bytes that it holds and time that building took; 0 until it is ready. */
void sgp_gazetteer_graph_cost(const sgp_gazetteer_graph *made, size_t *bytes, int64_t *build_us);

#endif
