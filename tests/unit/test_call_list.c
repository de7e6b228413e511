/* Past calls from CSV: what is understood, and what is said of what is not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "replay/call_list.h"
#include "replay/dice.h"

enum { JAKARTA_S = 7 * 3600 };

static sgp_err parse(const char *text, sgp_call_list *list, sgp_fault *fault) {
    *fault = (sgp_fault){0};
    return sgp_call_list_parse("calls.csv", text, strlen(text), JAKARTA_S, list, fault);
}

static void test_call_list_reads_rows_in_order_of_time(void **state) {
    (void)state;
    sgp_call_list list = {0};
    sgp_fault fault;
    assert_int_equal(parse("\xef\xbb\xbflat,lon,time,priority,note,scene_s,transport,outcome,id\r\n"
                           "-7.97,112.63,2026-03-14 07:05:00,P2,\"a, b\",90.5,ya,,77\r\n"
                           "\r\n"
                           "-7.98,112.64,2026-03-14T07:04:59+07:00,,x,,,prank,\r\n",
                           &list, &fault),
                     SGP_OK);
    assert_int_equal(list.n, 2);
    assert_int_equal(list.calls[0].at_ms, INT64_C(1773446699000));
    assert_int_equal(list.calls[0].outcome, SGP_OUTCOME_PRANK);
    assert_int_equal(list.calls[0].scene_ms, -1);
    assert_int_equal(list.calls[0].transport, -1);
    assert_int_equal(list.calls[1].at_ms, INT64_C(1773446700000));
    assert_int_equal(list.calls[1].key, 77);
    assert_int_equal(list.calls[1].priority, SGP_P2);
    assert_int_equal(list.calls[1].scene_ms, 90500);
    assert_int_equal(list.calls[1].transport, 1);
    assert_int_equal(list.calls[1].point.lon_e7, 1126300000);
    assert_int_equal(list.calls[1].point.lat_e7, -79700000);
    sgp_call_list_free(&list);
}

static void test_call_list_knows_what_is_told_roughly(void **state) {
    (void)state;
    sgp_call_list list = {0};
    sgp_fault fault;
    assert_int_equal(parse("time,days,hours,lon,lat,square_m\n"
                           "2026-03-09 06:00:00,7,3,112.6,-7.9,500\n"
                           "2026-03-09 07:00:00,,,112.6,-7.9,\n",
                           &list, &fault),
                     SGP_OK);
    assert_int_equal(list.calls[0].rough.days, 7);
    assert_int_equal(list.calls[0].rough.hours, 3);
    assert_int_equal(list.calls[0].rough.square_m, 500);
    assert_int_equal(list.calls[1].rough.days + list.calls[1].rough.hours, 0);
    sgp_call_list_free(&list);
}

static void test_call_list_reads_transfers(void **state) {
    (void)state;
    sgp_call_list list = {0};
    sgp_fault fault = {0};
    assert_int_equal(parse("kind,time,lon,lat,from,to,pick_up,needs\n"
                           "Transfer,2026-03-14 09:00:00,,,RSSA,RKZ,2026-03-14 11:00:00,"
                           "motorbike AMBULANCE_ADVANCED ventilator\n"
                           "call,2026-03-14 08:00:00,112.6,-7.9,,,,\n"
                           ",2026-03-14 08:30:00,112.6,-7.9,,,,\n"
                           "transfer,2026-03-14 10:00:00,,,RKZ,RSSA,,\n",
                           &list, &fault),
                     SGP_OK);
    assert_int_equal(list.n, 4);
    assert_int_equal(list.n_transfers, 2);
    assert_null(sgp_past_transfer_of(&list, &list.calls[0]));
    assert_null(sgp_past_transfer_of(&list, &list.calls[1]));
    const sgp_past_transfer *planned = sgp_past_transfer_of(&list, &list.calls[2]);
    const sgp_past_transfer *at_once = sgp_past_transfer_of(&list, &list.calls[3]);
    assert_string_equal(planned->from, "RSSA");
    assert_int_equal(planned->pick_up_at_ms, list.calls[2].at_ms + 7200000);
    assert_int_equal(planned->seat.kinds,
                     1u << SGP_UNIT_MOTORBIKE | 1u << SGP_UNIT_AMBULANCE_ADVANCED);
    assert_int_equal(planned->seat.skills, 1u << SGP_SKILL_VENTILATOR);
    assert_string_equal(at_once->to, "RSSA");
    assert_int_equal(at_once->pick_up_at_ms | at_once->seat.kinds | at_once->seat.skills, 0);
    sgp_hospital hospitals[] = {{.code = "RSSA", .point = {1126000000, -79000000}},
                                {.code = "RKZ", .point = {1127000000, -79000000}}};
    assert_int_equal(sgp_call_list_find_hospitals(&list, hospitals, 2, &fault), SGP_OK);
    assert_int_equal(list.calls[2].point.lon_e7, 1126000000);
    assert_int_equal(list.calls[3].point.lon_e7, 1127000000);
    assert_int_equal(sgp_call_list_find_hospitals(&list, hospitals, 1, &fault), SGP_E_NOT_FOUND);
    assert_non_null(strstr(fault.text, "RKZ"));
    sgp_call_list_drop_transfers(&list);
    assert_int_equal(list.n, 2);
    sgp_call_list_free(&list);
}

static void test_call_list_says_what_is_wrong(void **state) {
    (void)state;
    static const struct {
        const char *text, *said;
    } rows[] = {
        {"time,lon,lat,kind,from,to\n2026-01-01 00:00,,,transfer,A,\n", "column to: it is empty"},
        {"time,lon,lat,kind,from,to\n2026-01-01 00:00,,,transfer,A,A\n", "is there already"},
        {"time,lon,lat,kind\n2026-01-01 00:00,1,1,taxi\n", "neither call nor transfer"},
        {"time,lon,lat,kind\n2026-01-01 00:00,,,call\n", "column lon: it is empty"},
        {"time,lon,lat,kind,from,to,pick_up\n2026-01-02 00:00,,,transfer,A,B,2026-01-01 00:00\n",
         "before it was asked for"},
        {"time,lon,lat,kind,from,to,pick_up\n2026-01-02 00:00,,,transfer,A,B,2028-01-01 00:00\n",
         "more than a year"},
        {"time,lon,lat,kind,from,to,needs\n2026-01-02 00:00,,,transfer,A,B,TAXI\n", "column needs"},
        {"time,lon,lat,kind,from,to\n2026-01-02 00:00,,,transfer,ABCDEFGHIJKLMNOPQRSTUVWXYZ,B\n",
         "longer than a code"},
        {"", "calls.csv: the file is empty"},
        {"time,lon\n", "column lat: the first line does not name it"},
        {"time,lon,lat,time\n", "column time: this column is there twice"},
        {"time,lon,lat\nyesterday,112,-7\n", "row 2, column time: not a time"},
        {"time,lon,lat\n2026-01-01 00:00:00,112.6,-97\n", "row 2, column lat: not a latitude"},
        {"time,lon,lat\n2026-01-01 00:00:00,,-7.9\n", "row 2, column lon: it is empty"},
        {"time,lon,lat\n2026-01-01 00:00:00,1e400,-7.9\n", "row 2, column lon: not a longitude"},
        {"time,lon,lat,priority\n2026-01-01 00:00:00,112,-7,P9\n", "column priority: not one of"},
        {"time,lon,lat,scene_s\n2026-01-01 00:00:00,112,-7,-1\n", "column scene_s: not seconds"},
        {"time,lon,lat,transport\n2026-01-01 00:00:00,112,-7,maybe\n", "neither yes nor no"},
        {"time,lon,lat,outcome\n2026-01-01 00:00:00,112,-7,odd\n", "not an outcome"},
        {"time,lon,lat,id\n2026-01-01 00:00:00,112,-7,-3\n", "column id: not a whole number"},
        {"time,lon,lat,hours\n2026-01-01 00:00:00,112,-7,25\n",
         "column hours: not a whole number from 1 to 24: \"25\""},
        {"time,lon,lat,days\n2026-01-01 00:00:00,112,-7,0\n", "column days: not a whole number"},
        {"time,lon,lat\n\"2026-01-01 00:00:00,112,-7\n", "quotation"},
        {"time,lon,lat\n2026-01-01 00:00:00,112,-7,\"a\"b\n", "row 2"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sgp_call_list list = {0};
        sgp_fault fault;
        if (parse(rows[i].text, &list, &fault) == SGP_OK)
            fail_msg("row %zu was taken", i);
        if (!strstr(fault.text, rows[i].said))
            fail_msg("row %zu: \"%s\" does not say \"%s\"", i, fault.text, rows[i].said);
        sgp_call_list_free(&list);
    }
}

static void test_dice_do_not_depend_on_order(void **state) {
    (void)state;
    uint64_t once = sgp_draw(1, 2, SGP_DRAW_SCENE, 0);
    (void)sgp_draw(1, 2, SGP_DRAW_TURNOUT, 0);
    assert_true(sgp_draw(1, 2, SGP_DRAW_SCENE, 0) == once);
    assert_true(sgp_draw(2, 2, SGP_DRAW_SCENE, 0) != once);
    assert_true(sgp_draw(1, 3, SGP_DRAW_SCENE, 0) != once);
    assert_true(sgp_draw(1, 2, SGP_DRAW_SCENE, 1) != once);
}

/* Draws come back to the quantiles that they were drawn from. */
static void test_dice_follow_their_quantiles(void **state) {
    (void)state;
    enum { DRAWS = 100000 };
    static int32_t drawn[DRAWS];
    const sgp_duration told = {{10, 2000, 4000, 9000, 20000, 90000, 100000}};
    for (int i = 0; i < DRAWS; i++)
        drawn[i] = sgp_duration_draw(&told, sgp_draw(5, (uint64_t)i, SGP_DRAW_SCENE, 0));
    sgp_duration fitted = {{0}};
    sgp_duration_fit(&fitted, drawn, DRAWS);
    for (int q = 1; q < SGP_QUANTILES - 1; q++)
        assert_in_range(fitted.ms[q], told.ms[q] * 96 / 100, told.ms[q] * 104 / 100);
    assert_true(fitted.ms[0] >= told.ms[0] && fitted.ms[SGP_QUANTILES - 1] <= told.ms[6]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_call_list_reads_rows_in_order_of_time),
        cmocka_unit_test(test_call_list_knows_what_is_told_roughly),
        cmocka_unit_test(test_call_list_reads_transfers),
        cmocka_unit_test(test_call_list_says_what_is_wrong),
        cmocka_unit_test(test_dice_do_not_depend_on_order),
        cmocka_unit_test(test_dice_follow_their_quantiles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
