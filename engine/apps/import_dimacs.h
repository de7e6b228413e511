/* sigap import --dimacs: a benchmark graph becomes a road graph file. */
#ifndef SGP_APPS_IMPORT_DIMACS_H
#define SGP_APPS_IMPORT_DIMACS_H

#include <stdbool.h>

#include "sigap/graph.h"

typedef struct import_dimacs {
    const char *graph, *coords; /* what to read */
    const char *output;         /* what to write */
    const char *name;           /* NULL = from `output` */
    sgp_graph_making making;
    bool json;
} import_dimacs;

/* What --order and --threads say; false for anything else. */
bool import_dimacs_read_order(const char *text, sgp_order_method *method);
bool import_dimacs_read_threads(const char *text, unsigned *threads);

/* Does it, prints the result and returns the exit code. `clears` ends a line of progress. */
int import_dimacs_run(const import_dimacs *asked, bool clears);

#endif
