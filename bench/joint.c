/* bench-joint: how long joint assignment takes, and whether it is right on large cases.
 *
 *   bench-joint [--cases 1000] [--glpk 20] [--json FILE]
 *
 * 50 needs x 1,000 units from a fixed seed, `cases` of each kind; each matrix is written just
 * before it is solved, as the dispatch core does. Times are CPU time of the thread. Then `glpk`
 * of 60 x 1,000 are solved by GLPK's simplex as well; a different sum or number of rows served
 * is a mismatch, and the program exits with 1.
 */
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef SIGAP_GLPK
#include <glpk.h>
#endif

#include "base/random.h"
#include "sigap/assign.h"
#include "support/sheet.h"

enum { NEEDS = 50, GLPK_NEEDS = 60, UNITS = 1000, STATIONS = 40, CITY_M = 20000 };

static _Noreturn void stop(const char *why) {
    fprintf(stderr, "bench-joint: %s\n", why);
    exit(3);
}

/* ---- costs --------------------------------------------------------------------- */

typedef enum costs_kind {
    UNIFORM,   /* each pair for itself */
    CLUSTERED, /* units at stations side by side, needs in a few parts of the city */
    CROWDED,   /* clustered, and all needs within 300 m: many patients at one place */
    SPARSE,    /* clustered, and two pairs of three are forbidden */
    KINDS
} costs_kind;

static const char *const KIND_NAMES[] = {"uniform", "clustered", "crowded", "sparse"};
static const char *const KIND_TEXTS[] = {
    "each pair drawn for itself", "units at 40 stations, needs in 5 parts of the city",
    "all needs within 300 m of each other", "clustered, two pairs of three forbidden"};

typedef struct spot {
    double x, y; /* metres */
} spot;

static spot draw_near(uint64_t *random, spot middle, double width) {
    double share_x = (double)sgp_random_below(random, 1000000) / 1e6;
    double share_y = (double)sgp_random_below(random, 1000000) / 1e6;
    return (spot){middle.x + (share_x - 0.5) * width, middle.y + (share_y - 0.5) * width};
}

static void draw_uniform(uint64_t *random, uint32_t n_rows, int64_t *cost) {
    for (size_t k = 0; k < (size_t)n_rows * UNITS; k++)
        cost[k] = (int64_t)sgp_random_below(random, 3600000);
}

/* Half of the units stand at their station and are exactly as far as the others there; the
 * other half are on the way. 30 km/h as the crow flies. */
static void draw_city(uint64_t *random, costs_kind kind, uint32_t n_rows, int64_t *cost) {
    static const spot MIDDLE = {0, 0};
    spot stations[STATIONS], parts[5], units[UNITS];
    for (int i = 0; i < STATIONS; i++)
        stations[i] = draw_near(random, MIDDLE, CITY_M);
    for (int i = 0; i < 5; i++)
        parts[i] = draw_near(random, MIDDLE, CITY_M);
    for (int j = 0; j < UNITS; j++) {
        spot home = stations[sgp_random_below(random, STATIONS)];
        units[j] = sgp_random_below(random, 2) ? home : draw_near(random, home, 4000);
    }
    for (uint32_t i = 0; i < n_rows; i++) {
        spot need = kind == CROWDED ? draw_near(random, parts[0], 300)
                                    : draw_near(random, parts[sgp_random_below(random, 5)], 2000);
        for (int j = 0; j < UNITS; j++) {
            double metres = hypot(need.x - units[j].x, need.y - units[j].y);
            bool forbidden = kind == SPARSE && sgp_random_below(random, 3) > 0;
            cost[(size_t)i * UNITS + (size_t)j] =
                forbidden ? SGP_ASSIGN_FORBIDDEN : 60000 + (int64_t)(metres * 120);
        }
    }
}

static void draw(uint64_t *random, costs_kind kind, uint32_t n_rows, int64_t *cost) {
    if (kind == UNIFORM)
        draw_uniform(random, n_rows, cost);
    else
        draw_city(random, kind, n_rows, cost);
}

/* ---- measuring ------------------------------------------------------------------- */

typedef struct bench {
    bench_sheet sheet;
    int64_t *cost;
    void *memory;
    size_t bytes;
} bench;

static int64_t solve(bench *b, uint32_t n_rows, uint32_t *column) {
    sgp_assign_costs costs = {b->cost, n_rows, UNITS, UNITS};
    int64_t total;
    if (sgp_assign(&costs, b->memory, b->bytes, column, &total) != SGP_OK)
        stop("a case was refused");
    return total;
}

static void time_kind(bench *b, costs_kind kind, size_t cases) {
    uint64_t random = 2024 + (uint64_t)kind;
    bench_samples samples = {0};
    uint32_t column[NEEDS];
    for (size_t i = 0; i < cases; i++) {
        draw(&random, kind, NEEDS, b->cost);
        int64_t began_ns = bench_cpu_ns();
        int64_t total = solve(b, NEEDS, column);
        bench_add(&samples, bench_cpu_ns() - began_ns);
        bench_hash(&b->sheet, &total, sizeof total);
        bench_hash(&b->sheet, column, sizeof column);
    }
    char key[40];
    snprintf(key, sizeof key, "joint_50x1000_%s_us", KIND_NAMES[kind]);
    bench_put(&b->sheet, key, bench_median_ns(&samples) / 1e3, "50 x 1,000, median: %s",
              KIND_TEXTS[kind]);
    snprintf(key, sizeof key, "joint_50x1000_%s_p99_us", KIND_NAMES[kind]);
    bench_put(&b->sheet, key, bench_share_ns(&samples, 0.99) / 1e3, "the same, p99");
    bench_forget(&samples);
}

#ifdef SIGAP_GLPK
typedef struct second_answer {
    int served;
    int64_t total;
} second_answer;

/* At most one unit for a need and one need for a unit, each served need worth more than all
 * costs together. */
static second_answer solve_by_glpk(const int64_t *cost, uint32_t n_rows) {
    const double WORTH = 1e7;
    glp_prob *problem = glp_create_prob();
    glp_set_obj_dir(problem, GLP_MIN);
    glp_add_rows(problem, (int)n_rows + UNITS);
    for (int i = 1; i <= (int)n_rows + UNITS; i++)
        glp_set_row_bnds(problem, i, GLP_UP, 0, 1);
    for (uint32_t i = 0; i < n_rows; i++)
        for (int j = 0; j < UNITS; j++) {
            int64_t pair = cost[(size_t)i * UNITS + (size_t)j];
            if (pair == SGP_ASSIGN_FORBIDDEN)
                continue;
            int variable = glp_add_cols(problem, 1);
            int rows[] = {0, (int)i + 1, (int)n_rows + 1 + j};
            double ones[] = {0, 1, 1};
            glp_set_col_bnds(problem, variable, GLP_LO, 0, 0);
            glp_set_obj_coef(problem, variable, (double)pair - WORTH);
            glp_set_mat_col(problem, variable, 2, rows, ones);
        }
    glp_smcp how;
    glp_init_smcp(&how);
    how.msg_lev = GLP_MSG_OFF;
    if (glp_simplex(problem, &how) != 0 || glp_get_status(problem) != GLP_OPT)
        stop("GLPK has no answer");
    double served = 0;
    for (int k = 1; k <= glp_get_num_cols(problem); k++)
        served += glp_get_col_prim(problem, k);
    second_answer answer = {(int)lround(served),
                            llround(glp_get_obj_val(problem) + WORTH * round(served))};
    glp_delete_prob(problem);
    return answer;
}

static int compare_with_glpk(bench *b, size_t cases) {
    uint64_t random = 77;
    int mismatches = 0;
    bench_samples theirs = {0}, ours = {0};
    for (size_t i = 0; i < cases; i++) {
        uint32_t column[GLPK_NEEDS];
        draw(&random, (costs_kind)(i % KINDS), GLPK_NEEDS, b->cost);
        int64_t began_ns = bench_cpu_ns();
        int64_t total = solve(b, GLPK_NEEDS, column);
        bench_add(&ours, bench_cpu_ns() - began_ns);
        int served = 0;
        for (int k = 0; k < GLPK_NEEDS; k++)
            served += column[k] != SGP_ASSIGN_NOBODY;
        began_ns = bench_cpu_ns();
        second_answer second = solve_by_glpk(b->cost, GLPK_NEEDS);
        bench_add(&theirs, bench_cpu_ns() - began_ns);
        if (second.served != served || second.total != total) {
            fprintf(stderr, "case %zu (%s): %d rows for %lld, by GLPK %d for %lld\n", i,
                    KIND_NAMES[i % KINDS], served, (long long)total, second.served,
                    (long long)second.total);
            mismatches++;
        }
    }
    bench_put(&b->sheet, "glpk_cases", (double)cases, "60 x 1,000 compared with GLPK");
    bench_put(&b->sheet, "joint_60x1000_us", bench_median_ns(&ours) / 1e3, "60 x 1,000, median");
    bench_put(&b->sheet, "glpk_60x1000_us", bench_median_ns(&theirs) / 1e3,
              "rival: GLPK's simplex on the same, building it included");
    bench_put(&b->sheet, "mismatches", mismatches, "answers that differ from GLPK's");
    bench_forget(&theirs);
    bench_forget(&ours);
    return mismatches;
}
#else
static int compare_with_glpk(bench *b, size_t cases) {
    (void)b;
    if (cases > 0)
        printf("built without GLPK (libglpk-dev): nothing is compared with it\n");
    return 0;
}
#endif

int main(int argc, char **argv) {
    static const struct option OPTIONS[] = {{"cases", required_argument, NULL, 'c'},
                                            {"glpk", required_argument, NULL, 'g'},
                                            {"json", required_argument, NULL, 'j'},
                                            {NULL, 0, NULL, 0}};
    size_t cases = 1000, glpk_cases = 20;
    const char *json = NULL;
    for (int option; (option = getopt_long(argc, argv, "", OPTIONS, NULL)) != -1;) {
        if (option == 'c')
            cases = strtoul(optarg, NULL, 10);
        else if (option == 'g')
            glpk_cases = strtoul(optarg, NULL, 10);
        else if (option == 'j')
            json = optarg;
        else
            return 2;
    }
    static bench b;
    b.bytes = sgp_assign_bytes(GLPK_NEEDS, UNITS);
    b.memory = malloc(b.bytes);
    b.cost = malloc(sizeof *b.cost * GLPK_NEEDS * UNITS);
    if (!b.memory || !b.cost)
        stop("no memory left");
    snprintf(b.sheet.data, sizeof b.sheet.data, "joint");
    snprintf(b.sheet.title, sizeof b.sheet.title, "joint assignment, %zu cases of each kind",
             cases);
    for (int kind = 0; kind < KINDS; kind++)
        time_kind(&b, (costs_kind)kind, cases);
    int mismatches = compare_with_glpk(&b, glpk_cases);
    bench_print(&b.sheet, stdout);
    FILE *out = json ? fopen(json, "w") : NULL;
    if (json && (!out || !bench_write_json(&b.sheet, out)))
        stop("the figures could not be written");
    if (out)
        fclose(out);
    free(b.memory);
    free(b.cost);
    return mismatches ? 1 : 0;
}
