/* Where streets of a road graph meet, come near to something, or lie around a point.
 *
 * Rows are appended to a buffer and borrow texts of the names. SGP_E_MEMORY. Thread-safe.
 */
#ifndef SGP_GIS_GRAPH_AROUND_H
#define SGP_GIS_GRAPH_AROUND_H

#include "gis/graph_names.h"

/* Junctions of any of things[0] with any of things[1]: sgp_junction_row. */
sgp_err sgp_graph_junctions(const sgp_graph_names *names, const sgp_gazetteer_ask *ask,
                            sgp_buffer *rows) SGP_MUST_USE;
/* Junctions near the points, nearest first: sgp_junction_row; of two names the greater roads'. */
sgp_err sgp_graph_junctions_near(const sgp_graph_names *names, const sgp_gazetteer_ask *ask,
                                 sgp_buffer *rows) SGP_MUST_USE;
/* sgp_nearest_row */
sgp_err sgp_graph_nearest_on(const sgp_graph_names *names, const sgp_gazetteer_ask *ask,
                             sgp_buffer *rows) SGP_MUST_USE;
/* sgp_district_row */
sgp_err sgp_graph_districts(const sgp_graph_names *names, const sgp_gazetteer_ask *ask,
                            sgp_buffer *rows) SGP_MUST_USE;
/* The nearest street within 500 m: sgp_around_row. */
sgp_err sgp_graph_around(const sgp_graph_names *names, const sgp_gazetteer_ask *ask,
                         sgp_buffer *rows) SGP_MUST_USE;

#endif
