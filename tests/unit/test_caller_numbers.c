/* Telephones and their calls: one form for numbers, the newest call, positions that wait. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "serve/caller_numbers.h"

enum { HELD_MS = 30 * 60 * 1000 };

static int prepare(void **state) {
    *state = sgp_caller_numbers_create(HELD_MS);
    return *state == NULL;
}

static int clean(void **state) {
    sgp_caller_numbers_destroy(*state);
    return 0;
}

static sgp_phone_fix fix_of(int32_t radius_m) {
    return (sgp_phone_fix){.place = {.kind = SGP_PLACE_PHONE, .uncertainty_m = radius_m}};
}

static void test_caller_numbers_have_one_form(void **state) {
    (void)state;
    static const struct {
        const char *said, *digits; /* NULL: none */
    } ROWS[] = {
        {"+6281200000001", "6281200000001"},
        {"6281200000001", "6281200000001"},
        {"081200000001", "6281200000001"},
        {"81200000001", "6281200000001"},
        {"006281200000001", "6281200000001"},
        {"+62 812-0000-0001", "6281200000001"},
        {"(0341) 000.001", "62341000001"},
        {"+447477000001", "447477000001"},
        {"00447477000001", "447477000001"},
        {"112", NULL},
        {"", NULL},
        {"+", NULL},
        {"0", NULL},
        {"anonymous", NULL},
        {"sip:0812", NULL},
        {"+62812000000000000", NULL},
        {"08120000000000000000000000000000000000", NULL},
        {"0812+0000001", NULL},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        char digits[SGP_NUMBER_DIGITS_MAX + 1];
        bool is_number = sgp_number_normalise(ROWS[i].said, digits);
        if (is_number != (ROWS[i].digits != NULL) ||
            (is_number && strcmp(digits, ROWS[i].digits) != 0))
            fail_msg("\"%s\": %s", ROWS[i].said, is_number ? digits : "none");
    }
}

static void test_caller_numbers_find_the_newest_call(void **state) {
    sgp_caller_numbers *numbers = *state;
    sgp_caller_numbers_add(numbers, "081200000001", 7);
    sgp_caller_numbers_add(numbers, "081200000002", 8);
    sgp_caller_numbers_add(numbers, "+6281200000001", 9);
    sgp_caller_numbers_add(numbers, "no number", 10);
    assert_int_equal(sgp_caller_numbers_find(numbers, "6281200000001", 0), 9);
    assert_int_equal(sgp_caller_numbers_find(numbers, "6281200000001", 1), 7);
    assert_int_equal(sgp_caller_numbers_find(numbers, "6281200000001", 2), 0);
    assert_int_equal(sgp_caller_numbers_find(numbers, "81200000002", 0), 8);
    assert_int_equal(sgp_caller_numbers_find(numbers, "081200000003", 0), 0);
    assert_int_equal(sgp_caller_numbers_find(numbers, "no number", 0), 0);

    /* At the bound the oldest goes. */
    for (int i = 0; i < SGP_NUMBERS_KEPT - 1; i++)
        sgp_caller_numbers_add(numbers, "081200000002", (sgp_id)(100 + i));
    assert_int_equal(sgp_caller_numbers_find(numbers, "081200000001", 0), 9);
    sgp_caller_numbers_add(numbers, "081200000002", 1);
    assert_int_equal(sgp_caller_numbers_find(numbers, "081200000001", 0), 0);
}

static void test_caller_numbers_hold_positions(void **state) {
    sgp_caller_numbers *numbers = *state;
    sgp_phone_fix fixes[SGP_FIXES_OF_NUMBER], fix = fix_of(1);
    uint64_t dropped;
    for (int32_t i = 1; i <= SGP_FIXES_OF_NUMBER + 2; i++) {
        fix = fix_of(i);
        assert_int_equal(sgp_caller_numbers_hold(numbers, "081200000001", &fix, i), SGP_OK);
    }
    fix = fix_of(50);
    assert_int_equal(sgp_caller_numbers_hold(numbers, "081200000002", &fix, 50), SGP_OK);
    assert_int_equal(sgp_caller_numbers_hold(numbers, "112", &fix, 50), SGP_E_ARGUMENT);

    /* The newest of one number, oldest first, and each only once. */
    assert_int_equal(sgp_caller_numbers_take(numbers, "+6281200000001", 60, fixes),
                     SGP_FIXES_OF_NUMBER);
    for (int32_t i = 0; i < SGP_FIXES_OF_NUMBER; i++)
        assert_int_equal(fixes[i].place.uncertainty_m, 3 + i);
    assert_int_equal(sgp_caller_numbers_take(numbers, "+6281200000001", 60, fixes), 0);
    assert_int_equal(sgp_caller_numbers_held(numbers, &dropped), 1);

    /* After half an hour it is nobody's any more. */
    assert_int_equal(sgp_caller_numbers_take(numbers, "081200000003", 50 + HELD_MS, fixes), 0);
    assert_int_equal(sgp_caller_numbers_held(numbers, &dropped), 1);
    assert_int_equal(sgp_caller_numbers_take(numbers, "081200000002", 51 + HELD_MS, fixes), 0);
    assert_int_equal(sgp_caller_numbers_held(numbers, &dropped), 0);
    assert_int_equal(dropped, 0);
}

static void test_caller_numbers_are_bounded(void **state) {
    sgp_caller_numbers *numbers = *state;
    sgp_phone_fix fixes[SGP_FIXES_OF_NUMBER], fix = fix_of(1);
    char number[32];
    uint64_t dropped;
    for (int i = 0; i < SGP_FIXES_HELD + 10; i++) {
        snprintf(number, sizeof number, "+62812%07d", i);
        assert_int_equal(sgp_caller_numbers_hold(numbers, number, &fix, 1), SGP_OK);
    }
    assert_int_equal(sgp_caller_numbers_held(numbers, &dropped), SGP_FIXES_HELD);
    assert_int_equal(dropped, 10);
    assert_int_equal(sgp_caller_numbers_take(numbers, "+628120000009", 1, fixes), 0);
    assert_int_equal(sgp_caller_numbers_take(numbers, "+628120000010", 1, fixes), 1);
    assert_int_equal(sgp_caller_numbers_take(numbers, number, 1, fixes), 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_caller_numbers_have_one_form),
        cmocka_unit_test_setup_teardown(test_caller_numbers_find_the_newest_call, prepare, clean),
        cmocka_unit_test_setup_teardown(test_caller_numbers_hold_positions, prepare, clean),
        cmocka_unit_test_setup_teardown(test_caller_numbers_are_bounded, prepare, clean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
