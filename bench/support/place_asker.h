/* Puts rows to the placer as the engine does: on one event loop, so many at a time. */
#ifndef BENCH_SUPPORT_PLACE_ASKER_H
#define BENCH_SUPPORT_PLACE_ASKER_H

#include "gis/placer.h"
#include "support/place_score.h"

typedef struct bench_asker bench_asker;

/* The city's placer with its graph, ready: connected, its words read. `graph_path` NULL = none.
 * Ends the program where it does not become ready within a minute. */
bench_asker *bench_asker_create(const char *conninfo, const sgp_city_id *city,
                                const char *graph_path);
void bench_asker_destroy(bench_asker *asker);

typedef struct bench_asking {
    size_t in_flight; /* asked before the first of them is answered; 0 = 1 */
    bool complete;    /* the last word is still being typed */
    bool explain;     /* fill in heard and why */
    /* Called for each row as it is answered; the answer is borrowed. */
    void (*answered)(void *ctx, const bench_place_row *row, const bench_place_answer *answer);
    void *ctx;
} bench_asking;
void bench_asker_ask(bench_asker *asker, const bench_place_row *rows, size_t n,
                     const bench_asking *asking);

#endif
