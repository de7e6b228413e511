/* What an option's text is taken for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "apps/options.h"

static void test_points_and_texts(void **state) {
    (void)state;
    /* A point as the engine writes it, and what nobody can read: an error is told at once. */
    assert_true(sgp_looks_like_point("112.6146,-7.9563"));
    assert_true(sgp_looks_like_point(" 112.6146, -7.9563 "));
    assert_true(sgp_looks_like_point("112.6,-97.5"));
    /* As maps on telephones copy it, and with decimal commas: the engine reads these. */
    assert_false(sgp_looks_like_point("-7.9563, 112.6146"));
    assert_false(sgp_looks_like_point("-7.9563,112.6146"));
    assert_false(sgp_looks_like_point("112,6146 -7,9563"));
    assert_false(sgp_looks_like_point("Jl. Veteran 5, 7"));
    assert_false(sgp_looks_like_point(""));
    assert_false(sgp_looks_like_point(", ."));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_points_and_texts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
