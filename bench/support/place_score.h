/* How right a geocoder was, by kind of place: shares of rows answered within their metres, how far
 * off the first answers were, and how long they took. */
#ifndef BENCH_SUPPORT_PLACE_SCORE_H
#define BENCH_SUPPORT_PLACE_SCORE_H

#include <stdint.h>
#include <stdio.h>

#include "sigap/core.h"
#include "support/place_rows.h"
#include "support/sheet.h"

enum { BENCH_SCORE_KINDS = 48 };

typedef struct bench_place_answer {
    sgp_err err;
    size_t n;
    sgp_place places[SGP_PLACES_MAX];
    int64_t ns; /* from asking to the answer */
    bool from_graph;
    char heard[320];               /* how the text was understood, for people */
    char why[SGP_PLACES_MAX][160]; /* what the words did for each place */
} bench_place_answer;

typedef struct bench_score {
    char kind[BENCH_PLACE_WORD];
    size_t rows, first_rows; /* rows; those that can be judged by the first answer */
    size_t hit1, hit3, unanswered;
    double *miss_m; /* of the first answer; none = infinitely far */
    size_t n_miss, room_miss;
    bench_samples times;
} bench_score;

typedef struct bench_scores {
    bench_score all;
    bench_score kinds[BENCH_SCORE_KINDS];
    size_t n_kinds;
} bench_scores;

/* Takes one answer; true when it was a hit (the first for most rows, within the row's limit for
 * the others). */
bool bench_score_take(bench_scores *scores, const bench_place_row *row,
                      const bench_place_answer *answer);
void bench_score_print(bench_scores *scores, const char *name, FILE *out);
/* One flat object: hit1, hit3, median_m, p95_m, lookup_median_us, lookup_p99_us of all rows, then
 * the same with "KIND_" before; null: not within any distance. False: could not be written. */
bool bench_score_write_json(bench_scores *scores, const char *name, FILE *out);
void bench_score_free(bench_scores *scores);

double bench_score_hit1(const bench_score *score); /* 0..1 */
double bench_score_hit3(const bench_score *score);

#endif
