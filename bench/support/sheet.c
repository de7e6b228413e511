#include "support/sheet.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <jansson.h>

static _Noreturn void give_up(const char *why) {
    fprintf(stderr, "benchmark: %s\n", why);
    exit(3);
}

void bench_put(bench_sheet *sheet, const char *key, double value, const char *what, ...) {
    if (sheet->n_rows == BENCH_SHEET_ROWS)
        give_up("more figures than the sheet holds");
    bench_row *row = &sheet->rows[sheet->n_rows++];
    snprintf(row->key, sizeof row->key, "%s", key);
    row->value = value;
    va_list list;
    va_start(list, what);
    vsnprintf(row->what, sizeof row->what, what, list);
    va_end(list);
}

/* FNV-1a (Fowler, Noll & Vo 1991): tells runs apart, guards nothing. */
void bench_hash(bench_sheet *sheet, const void *bytes, size_t length) {
    uint64_t hash = sheet->hash ? sheet->hash : UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ ((const uint8_t *)bytes)[i]) * UINT64_C(0x100000001b3);
    sheet->hash = hash;
}

void bench_print(const bench_sheet *sheet, FILE *out) {
    fprintf(out, "\n%s: %s\n\n", sheet->data, sheet->title);
    for (size_t i = 0; i < sheet->n_rows; i++) {
        const bench_row *row = &sheet->rows[i];
        fprintf(out, "  %-26s %14.*f   %s\n", row->key, row->value >= 1000 ? 0 : 3, row->value,
                row->what);
    }
    fprintf(out, "  %-26s %14s   of all results: %016llx\n", "hash", "",
            (unsigned long long)sheet->hash);
    fflush(out);
}

bool bench_write_json(const bench_sheet *sheet, FILE *out) {
    char hash[17];
    snprintf(hash, sizeof hash, "%016llx", (unsigned long long)sheet->hash);
    json_t *object = json_pack("{s:s, s:s}", "graph", sheet->data, "hash", hash);
    if (!object)
        return false;
    for (size_t i = 0; i < sheet->n_rows; i++) {
        double value = sheet->rows[i].value;
        bool whole = value == (double)(json_int_t)value;
        if (json_object_set_new(object, sheet->rows[i].key,
                                whole ? json_integer((json_int_t)value) : json_real(value)) != 0)
            return false;
    }
    bool good = json_dumpf(object, out, JSON_COMPACT | JSON_REAL_PRECISION(9)) == 0 &&
                fputc('\n', out) != EOF;
    json_decref(object);
    return good;
}

static int64_t clock_ns(clockid_t which) {
    struct timespec now;
    clock_gettime(which, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int64_t bench_cpu_ns(void) {
    return clock_ns(CLOCK_THREAD_CPUTIME_ID);
}

int64_t bench_wall_ns(void) {
    return clock_ns(CLOCK_MONOTONIC);
}

void bench_add(bench_samples *samples, int64_t ns) {
    if (samples->n == samples->capacity) {
        samples->capacity = samples->capacity ? 2 * samples->capacity : 64;
        samples->ns = realloc(samples->ns, samples->capacity * sizeof *samples->ns);
        if (!samples->ns)
            give_up("no memory for samples");
    }
    samples->ns[samples->n++] = ns;
}

static int compare(const void *left, const void *right) {
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

double bench_share_ns(bench_samples *samples, double share) {
    if (samples->n == 0)
        return 0;
    qsort(samples->ns, samples->n, sizeof *samples->ns, compare);
    size_t place = (size_t)((double)samples->n * share);
    return (double)samples->ns[place < samples->n ? place : samples->n - 1];
}

double bench_median_ns(bench_samples *samples) {
    return bench_share_ns(samples, 0.5);
}

void bench_forget(bench_samples *samples) {
    free(samples->ns);
    *samples = (bench_samples){0};
}
