/* Road graphs in the text format of the 9th DIMACS Implementation Challenge
 * (Demetrescu, Goldberg & Johnson 2009, "The Shortest Path Problem"), the common
 * ground on which routing programs are compared.
 *
 *   F.gr   p sp NODES ARCS          F.co   p aux sp co NODES
 *          a TAIL HEAD WEIGHT              v NODE LONGITUDE LATITUDE
 *
 * Nodes are numbered from 1; coordinates are millionths of a degree; lines that
 * begin with c are comments. Either file may be gzip-compressed.
 *
 * The graph is taken as it is: nodes become vertices and keep their numbers in
 * vertex_node, weights stay in the file's own unit, parallel arcs and self loops
 * stay. An edge pairs an arc with one of the opposite direction where there is one
 * (dimacs_edges.h); its geometry is the straight line. The one profile is "weight".
 * The city id follows from the contents of both files.
 *
 * Every number is checked and every refusal names file and line. Memory is bounded
 * by the files: what a header announces must fit into the bytes that are there.
 */
#ifndef SGP_ROUTE_DIMACS_H
#define SGP_ROUTE_DIMACS_H

#include "sigap/graph.h"

/* Parts in memory that own their arrays. */
typedef struct sgp_dimacs_graph sgp_dimacs_graph;

/* `name` is cut to fit. SGP_E_IO, SGP_E_CORRUPT (damaged compression), SGP_E_FORMAT (a
 * malformed line), SGP_E_MISMATCH (the files belong to different graphs), SGP_E_RANGE,
 * SGP_E_MEMORY, SGP_E_TIMEOUT when `progress` (may be NULL) cancels. */
sgp_err sgp_dimacs_read(const char *graph_path, const char *coords_path, const char *name,
                        const sgp_progress *progress, sgp_dimacs_graph **graph,
                        sgp_fault *fault) SGP_MUST_USE;
const sgp_graph_parts *sgp_dimacs_parts(const sgp_dimacs_graph *graph);
void sgp_dimacs_destroy(sgp_dimacs_graph *graph);

#endif
