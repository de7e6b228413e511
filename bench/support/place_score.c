#include "support/place_score.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static void add_miss(bench_score *score, double miss_m) {
    if (score->n_miss == score->room_miss) {
        score->room_miss = score->room_miss ? score->room_miss * 2 : 64;
        score->miss_m = realloc(score->miss_m, score->room_miss * sizeof *score->miss_m);
        if (!score->miss_m)
            abort();
    }
    score->miss_m[score->n_miss++] = miss_m;
}

static bench_score *kind_of(bench_scores *scores, const char *kind) {
    for (size_t i = 0; i < scores->n_kinds; i++)
        if (strcmp(scores->kinds[i].kind, kind) == 0)
            return &scores->kinds[i];
    if (scores->n_kinds == BENCH_SCORE_KINDS - 1)
        kind = "others";
    if (scores->n_kinds == BENCH_SCORE_KINDS)
        return &scores->kinds[BENCH_SCORE_KINDS - 1];
    bench_score *made = &scores->kinds[scores->n_kinds++];
    snprintf(made->kind, sizeof made->kind, "%.31s", kind);
    return made;
}

bool bench_score_take(bench_scores *scores, const bench_place_row *row,
                      const bench_place_answer *answer) {
    bool first = false, third = false, hit;
    double miss = HUGE_VAL;
    size_t most = row->limit > 3 ? (size_t)row->limit : 3;
    for (size_t i = 0; i < answer->n && i < most; i++) {
        double away = bench_place_miss_m(row, answer->places[i].point, &hit);
        miss = i == 0 ? away : miss;
        first = first || (i == 0 && hit);
        third = third || hit;
    }
    bench_score *both[] = {&scores->all, kind_of(scores, row->kind)};
    for (size_t i = 0; i < 2; i++) {
        bench_score *score = both[i];
        score->rows++;
        score->hit3 += third;
        score->unanswered += answer->n == 0;
        bench_add(&score->times, answer->ns);
        if (row->limit == 1) {
            score->first_rows++;
            score->hit1 += first;
            add_miss(score, miss);
        }
    }
    return row->limit == 1 ? first : third;
}

double bench_score_hit1(const bench_score *score) {
    return score->first_rows ? (double)score->hit1 / (double)score->first_rows : NAN;
}

double bench_score_hit3(const bench_score *score) {
    return score->rows ? (double)score->hit3 / (double)score->rows : NAN;
}

static int by_size(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/* The smallest distance that this share of the rows keeps within. */
static double share_m(bench_score *score, double share) {
    if (score->n_miss == 0)
        return NAN;
    qsort(score->miss_m, score->n_miss, sizeof *score->miss_m, by_size);
    size_t at = (size_t)ceil(share * (double)score->n_miss);
    return score->miss_m[at > 0 ? at - 1 : 0];
}

static void print_share(double share, FILE *out) {
    if (isnan(share))
        fprintf(out, "%8s", "-");
    else
        fprintf(out, "%7.1f%%", 100.0 * share);
}

static void print_metres(double metres, FILE *out) {
    if (isnan(metres))
        fprintf(out, "%10s", "-");
    else if (isinf(metres))
        fprintf(out, "%10s", "none");
    else
        fprintf(out, "%10.0f", metres);
}

static void print_score(bench_score *score, FILE *out) {
    fprintf(out, "  %-18s %5zu", score->kind, score->rows);
    print_share(bench_score_hit1(score), out);
    print_share(bench_score_hit3(score), out);
    print_metres(share_m(score, 0.5), out);
    print_metres(share_m(score, 0.95), out);
    fprintf(out, "%9zu%11.0f%10.0f\n", score->unanswered, bench_median_ns(&score->times) / 1e3,
            bench_share_ns(&score->times, 0.99) / 1e3);
}

static int by_kind(const void *left, const void *right) {
    return strcmp(((const bench_score *)left)->kind, ((const bench_score *)right)->kind);
}

void bench_score_print(bench_scores *scores, const char *name, FILE *out) {
    fprintf(out, "\n%s\n  %-18s %5s%8s%8s%10s%10s%9s%11s%10s\n", name, "kind", "rows", "hit@1",
            "hit@3", "median m", "p95 m", "no answer", "median us", "p99 us");
    qsort(scores->kinds, scores->n_kinds, sizeof *scores->kinds, by_kind);
    for (size_t i = 0; i < scores->n_kinds; i++)
        print_score(&scores->kinds[i], out);
    snprintf(scores->all.kind, sizeof scores->all.kind, "all");
    print_score(&scores->all, out);
}

static bool put(json_t *object, const char *kind, const char *key, double value) {
    char name[96];
    snprintf(name, sizeof name, "%s%s%s", kind, *kind ? "_" : "", key);
    bool whole = isfinite(value) && value == floor(value) && fabs(value) < 1e15;
    return json_object_set_new(object, name,
                               !isfinite(value) ? json_null()
                               : whole          ? json_integer((json_int_t)value)
                                                : json_real(value)) == 0;
}

static bool put_score(json_t *object, const char *kind, bench_score *score) {
    return put(object, kind, "rows", (double)score->rows) &&
           put(object, kind, "hit1", bench_score_hit1(score)) &&
           put(object, kind, "hit3", bench_score_hit3(score)) &&
           put(object, kind, "median_m", share_m(score, 0.5)) &&
           put(object, kind, "p95_m", share_m(score, 0.95)) &&
           put(object, kind, "lookup_median_us", bench_median_ns(&score->times) / 1e3) &&
           put(object, kind, "lookup_p99_us", bench_share_ns(&score->times, 0.99) / 1e3);
}

bool bench_score_write_json(bench_scores *scores, const char *name, FILE *out) {
    json_t *object = json_pack("{s:s}", "data", name);
    bool good = object && put_score(object, "", &scores->all);
    for (size_t i = 0; good && i < scores->n_kinds; i++)
        good = put_score(object, scores->kinds[i].kind, &scores->kinds[i]);
    good = good && json_dumpf(object, out, JSON_COMPACT | JSON_REAL_PRECISION(6)) == 0 &&
           fputc('\n', out) != EOF;
    json_decref(object);
    return good;
}

static void forget(bench_score *score) {
    free(score->miss_m);
    bench_forget(&score->times);
}

void bench_score_free(bench_scores *scores) {
    forget(&scores->all);
    for (size_t i = 0; i < scores->n_kinds; i++)
        forget(&scores->kinds[i]);
    *scores = (bench_scores){0};
}
