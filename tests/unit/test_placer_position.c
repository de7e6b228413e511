/* What a position that was pasted as text comes to, without any gazetteer; and what is made of
 * the names around it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "gis/placer_position.h"

static sgp_position find(const char *text) {
    sgp_position position;
    assert_true(sgp_position_find(text, &position));
    assert_int_equal(position.n_points, 1);
    return position;
}

static void test_placer_position_of_phones(void **state) {
    (void)state;
    sgp_position told = find("A\"ML=1;lt=-7.95710;lg=112.61460;rd=20;top=20260101120000;lc=90;pm=G;"
                             "si=510101234567890;ei=123456789012345;mcc=510;mnc=10;ml=128");
    assert_int_equal(told.kind, SGP_PLACE_PHONE);
    assert_int_equal(told.radius_m, 20);
    /* A cell that says nothing of its size is no point. */
    sgp_position untold =
        find("A\"ML=1;lt=-7.95710;lg=112.61460;rd=N;top=20260101120000;lc=90;pm=C;"
             "si=510101234567890;ei=123456789012345;mcc=510;mnc=10;ml=127");
    assert_int_equal(untold.kind, SGP_PLACE_PHONE);
    assert_true(untold.radius_m >= 2000);
}

/* Numbers on the map may be anything: a label never ends within a character. */
static void test_placer_position_keeps_characters_whole(void **state) {
    (void)state;
    const sgp_point here = {1126146000, -79571000};
    const sgp_around_row house = {.kind = SGP_THING_STREET,
                                  .street = "Jalan Veteran",
                                  .number = "1234567890123456789\u00e9\u00e9\u00e9\u00e9",
                                  .point = here,
                                  .away_m = 3};
    const sgp_gazetteer_answer around = {.around = &house, .n = 1};
    sgp_place places[2];
    assert_int_equal(sgp_reverse_places(here, NULL, &around, places), 1);
    assert_non_null(strstr(places[0].label, "Jl. Veteran 1234567890123456789"));
    for (const unsigned char *c = (const unsigned char *)places[0].label; *c; c++)
        if (*c >= 0xc0)
            assert_true((c[1] & 0xc0) == 0x80);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_placer_position_of_phones),
        cmocka_unit_test(test_placer_position_keeps_characters_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
