/* A sheet of figures: what one benchmark measured on one data set.
 *
 * Printed as a table for people and written as one flat JSON object a line for
 * programs; keys end in their unit. Fixed bounds; stops the program where they
 * are passed, since that is a mistake in the benchmark.
 */
#ifndef BENCH_SUPPORT_SHEET_H
#define BENCH_SUPPORT_SHEET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { BENCH_SHEET_ROWS = 128 };

typedef struct bench_row {
    char key[40];
    double value;
    char what[120]; /* a sentence for the table */
} bench_row;

typedef struct bench_sheet {
    char data[64];   /* name of the data set */
    char title[200]; /* its size */
    bench_row rows[BENCH_SHEET_ROWS];
    size_t n_rows;
    uint64_t hash; /* of all results, so that two runs can be told equal */
} bench_sheet;

/* `what` as printf. */
void bench_put(bench_sheet *sheet, const char *key, double value, const char *what, ...)
    __attribute__((format(printf, 4, 5)));
/* Takes results into the hash. */
void bench_hash(bench_sheet *sheet, const void *bytes, size_t length);
void bench_print(const bench_sheet *sheet, FILE *out);
/* False: could not be written. */
bool bench_write_json(const bench_sheet *sheet, FILE *out);

/* ---- clocks ------------------------------------------------------------------ */

int64_t bench_cpu_ns(void);  /* of this thread */
int64_t bench_wall_ns(void); /* monotonic */

/* Samples of one figure; the median is what gets reported. */
typedef struct bench_samples {
    int64_t *ns;
    size_t n, capacity;
} bench_samples;
void bench_add(bench_samples *samples, int64_t ns);
double bench_median_ns(bench_samples *samples);              /* sorts; 0 where there is none */
double bench_share_ns(bench_samples *samples, double share); /* 0.99: the 99th percentile */
void bench_forget(bench_samples *samples);                   /* empties, frees */

#endif
