/* A gazetteer of very many names, as large as a province's, and how long look-ups take there.
 *
 * The province (place_province.h) goes through the import that every city goes through, so that
 * tables, indices, vocabulary and graph are the ones of the engine. What is asked: the rows of
 * tests/places over Malang, as they are said in towns drawn by the seed, so that garbled words
 * are among them; and each letter of names as somebody types them.
 */
#ifndef BENCH_SUPPORT_PLACE_MILLION_H
#define BENCH_SUPPORT_PLACE_MILLION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "support/place_rows.h"

typedef struct bench_million_options {
    const char *conninfo, *sketch; /* the sketch's extract */
    const char *more;              /* an extract whose names are mixed in; NULL = none */
    size_t names;                  /* at least so many, roughly */
    uint64_t seed;
    size_t in_flight;
    bool keep; /* the city stays in the database */
} bench_million_options;

/* Prints, and writes one flat object to `json` (NULL = none). Ends the program on failure. */
void bench_million(const bench_million_options *options, const bench_place_rows *rows, FILE *json);

#endif
