/* What the sub-commands that ask a road graph have in common: opening it, and
 * reading the places that people name on command lines and in files. Every
 * function that fails has already told the user why, on standard error. */
#ifndef SGP_APPS_ASKED_GRAPH_H
#define SGP_APPS_ASKED_GRAPH_H

#include <stdbool.h>

#include "sigap/router.h"

/* A graph, ready to be asked. */
typedef struct sgp_asked_graph {
    sgp_graph *graph;
    sgp_metric *metric;
    sgp_query *query;
    uint32_t profile;
} sgp_asked_graph;

/* Opens it for the profile of that name (NULL = profile 0). Returns the exit code, 0 when
 * open. */
int sgp_asked_graph_open_for(const char *command, const char *path, const char *profile,
                             sgp_asked_graph *opened);
void sgp_asked_graph_close(sgp_asked_graph *opened);

/* Whether the weights are the input file's own units, not milliseconds. */
bool sgp_asked_graph_in_units(const sgp_asked_graph *opened);

/* " (a drawn sketch, not a survey)" for a sketch, "" otherwise. */
const char *sgp_asked_graph_sketch_note(const sgp_asked_graph *opened);

/* getopt takes "-8.61,41.15" for options. This puts a space before every argument
 * that begins like a negative number, which the readers of points skip. Returns
 * a copy of argv to be freed with sgp_arguments_free. */
char **sgp_arguments(int argc, char **argv);
void sgp_arguments_free(int argc, char **argv);

/* "lon,lat" to the nearest road, at most 1 km away; further is an error that
 * names the distance and says so where swapping the two would land in the city. */
sgp_err sgp_asked_graph_snap(const sgp_asked_graph *opened, const char *text, sgp_snap *snap,
                             sgp_fault *fault);

/* A graph node number. */
sgp_err sgp_node_parse(const char *text, int64_t *node, sgp_fault *fault);

#endif
