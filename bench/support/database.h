/* The database of a benchmark: the one that is named, or a private PostGIS that lives
 * as long as the program. */
#ifndef BENCH_SUPPORT_DATABASE_H
#define BENCH_SUPPORT_DATABASE_H

#include "sigap/graph.h"

/* `conninfo` NULL: SIGAP_DATABASE, and without that a private cluster in a folder of its own
 * under /tmp, stopped and removed at exit. Ends the program where there is none: with 77 where
 * PostgreSQL or PostGIS is not installed, with 3 where it did not start. Call once. */
const char *bench_database(const char *conninfo);
/* Takes a city that the benchmark has imported out of the database again. */
void bench_database_forget(const char *conninfo, const sgp_city_id *city);

#endif
