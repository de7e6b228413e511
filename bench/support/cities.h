/* The data sets of the benchmarks, made into graphs with the very commands that a
 * user would give: `sigap import` beside the benchmark's own program.
 *
 * New York comes from the 9th DIMACS challenge and Porto from an extract, both found under
 * SIGAP_DATA (default ../shared/data); the sketch of Malang is drawn anew. */
#ifndef BENCH_SUPPORT_CITIES_H
#define BENCH_SUPPORT_CITIES_H

#include <stdbool.h>

typedef struct bench_city {
    char name[32];
    char graph[512];  /* NAME.sgr */
    char source[512]; /* the extract, or the DIMACS arcs */
    double import_s;  /* wall time of the import command */
} bench_city;

/* A private folder under TMPDIR that is removed at exit, also on Ctrl-C. Call once. */
const char *bench_folder(void);

/* `name`: "ny", "porto", "sketch", or the path of an .sgr file (import_s is then 0). `options` are
 * handed to `sigap import` ("" = none). False: its data is not there, which is said on stderr; a
 * failed import ends the program. */
bool bench_city_make(const char *name, const char *options, bench_city *city);

#endif
