/* A gazetteer of very many names, as large as a province's, and how long look-ups take there. */
#ifndef BENCH_SUPPORT_PLACE_MILLION_H
#define BENCH_SUPPORT_PLACE_MILLION_H

#include <stddef.h>
#include <stdio.h>

void bench_million(const char *conninfo, size_t names, const char *seed, size_t in_flight,
                   FILE *json);

#endif
