/* The order of a recommendation, held to a plain sort: few and many candidates, ties, times of
 * every size, and negative ones, which a policy that takes off may bring. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/random.h"
#include "core/ranking.h"

enum { MOST = 700, ROUNDS = 300 };

static int part_of(const sgp_candidate *candidate) {
    return candidate->exclusion == SGP_EXCLUDED_NOT            ? 0
           : candidate->exclusion == SGP_EXCLUDED_NOT_YET_FREE ? 1
                                                               : 2;
}

static int compare(const void *left, const void *right) {
    const sgp_candidate *a = left, *b = right;
    if (part_of(a) != part_of(b))
        return part_of(a) - part_of(b);
    if (part_of(a) < 2 && a->total_ms != b->total_ms)
        return a->total_ms < b->total_ms ? -1 : 1;
    return a->unit < b->unit ? -1 : 1;
}

static void test_ranking_equals_a_plain_sort(void **state) {
    (void)state;
    static const int64_t SPANS[] = {1, 5, 300, 4000000, INT64_C(1) << 40};
    static sgp_candidate all[MOST], ranked[MOST];
    uint64_t random = 5;
    for (int round = 0; round < ROUNDS; round++) {
        uint32_t n = (uint32_t)sgp_random_below(&random, round % 3 ? 60 : MOST), n_may_go, may = 0;
        int64_t span = SPANS[sgp_random_below(&random, 5)];
        for (uint32_t i = 0; i < n; i++) {
            uint64_t kind = sgp_random_below(&random, 10);
            all[i] = (sgp_candidate){.unit = i,
                                     .total_ms = (int64_t)sgp_random_below(&random, (uint64_t)span),
                                     .exclusion = kind < 6   ? SGP_EXCLUDED_NOT
                                                  : kind < 8 ? SGP_EXCLUDED_NOT_YET_FREE
                                                             : SGP_EXCLUDED_BUSY};
            if (round % 5 == 0)
                all[i].total_ms -= span / 2;
            may += kind < 6;
        }
        assert_int_equal(sgp_candidates_rank(all, n, ranked, &n_may_go), SGP_OK);
        assert_int_equal(n_may_go, may);
        qsort(all, n, sizeof *all, compare);
        for (uint32_t i = 0; i < n; i++)
            assert_int_equal(ranked[i].unit, all[i].unit);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_ranking_equals_a_plain_sort)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
