#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "serve/client.h"
#include "serve/roles.h"

/* Rows: message; columns: nobody, caller, call_taker, dispatcher, crew, hospital,
 * planner, viewer, admin, partner; last: does it change state and need an id. */
static const struct {
    Sigap__V1__Frame__BodyCase body;
    const char *may;
    bool changes;
} table[] = {
    {SIGAP__V1__FRAME__BODY_LOGIN, "1111111111", false},
    {SIGAP__V1__FRAME__BODY_PING, "1111111111", false},
    {SIGAP__V1__FRAME__BODY_GET_STATUS, "0111111111", false},
    {SIGAP__V1__FRAME__BODY_SWITCH_CITY, "0000000010", true},
    {SIGAP__V1__FRAME__BODY_REPORT_CALL, "0111000011", true},
    {SIGAP__V1__FRAME__BODY_FIND_PLACE, "0011111111", false},
    {SIGAP__V1__FRAME__BODY_REVERSE_PLACE, "0011111111", false},
    {SIGAP__V1__FRAME__BODY_CHOOSE_PLACE, "0011000010", true},
    {SIGAP__V1__FRAME__BODY_LINK_CALL, "0011000010", true},
    {SIGAP__V1__FRAME__BODY_NARROW_PLACE, "0011000010", true},
    {SIGAP__V1__FRAME__BODY_REPORT_PHONE_POSITION, "0011000011", true},
    {SIGAP__V1__FRAME__BODY_LOCATE_CALL, "0011000010", true},
    {SIGAP__V1__FRAME__BODY_SHARE_MY_POSITION, "0100000000", true},
    {SIGAP__V1__FRAME__BODY_TRIAGE, "0011000010", true},
    {SIGAP__V1__FRAME__BODY_ASK_RECOMMENDATION, "0001000010", true},
    {SIGAP__V1__FRAME__BODY_ORDER_UNIT, "0001000010", true},
    {SIGAP__V1__FRAME__BODY_STAND_DOWN, "0001000010", true},
    {SIGAP__V1__FRAME__BODY_ASK_BACKUP, "0001100010", true},
    {SIGAP__V1__FRAME__BODY_ASK_AID, "0001000010", true},
    {SIGAP__V1__FRAME__BODY_DECLARE_MASS_CASUALTY, "0001000010", true},
    {SIGAP__V1__FRAME__BODY_CLOSE_INCIDENT, "0001000010", true},
    {SIGAP__V1__FRAME__BODY_LIST_INCIDENTS, "0011011110", false},
    {SIGAP__V1__FRAME__BODY_LIST_UNITS, "0011011110", false},
    {SIGAP__V1__FRAME__BODY_LIST_HOSPITALS, "0011111110", false},
    {SIGAP__V1__FRAME__BODY_GET_INCIDENT, "0011011110", false},
    {SIGAP__V1__FRAME__BODY_WATCH, "0011011110", false},
    {SIGAP__V1__FRAME__BODY_SET_DUTY, "0001100010", true},
    {SIGAP__V1__FRAME__BODY_REPORT_POSITION, "0001100010", true},
    {SIGAP__V1__FRAME__BODY_ANSWER_ORDER, "0001100010", true},
    {SIGAP__V1__FRAME__BODY_ADVANCE_ASSIGNMENT, "0001100010", true},
    {SIGAP__V1__FRAME__BODY_ROUTE_QUERY, "0011111111", false},
    {SIGAP__V1__FRAME__BODY_TABLE_QUERY, "0011111111", false},
    {SIGAP__V1__FRAME__BODY_TRAFFIC_PICTURE, "0000000011", true},
    {SIGAP__V1__FRAME__BODY_CLOSE_ROAD, "0001000011", true},
    {SIGAP__V1__FRAME__BODY_OPEN_ROAD, "0001000011", true},
    {SIGAP__V1__FRAME__BODY_LIST_ROAD_CLOSURES, "0011111111", false},
    {SIGAP__V1__FRAME__BODY_RAISE_DISTRESS, "0001100010", true},
    {SIGAP__V1__FRAME__BODY_CLEAR_DISTRESS, "0001000010", true},
    {SIGAP__V1__FRAME__BODY_ANSWER_WELFARE, "0001100010", true},
    {SIGAP__V1__FRAME__BODY_WELFARE_CHECK, "0000000000", false},
    {SIGAP__V1__FRAME__BODY_SIGN_ON_CREW, "0001100010", true},
    {SIGAP__V1__FRAME__BODY_LIST_SHIFTS, "0011111110", false},
    {SIGAP__V1__FRAME__BODY_SHIFT_PAGE, "0000000000", false},
    {SIGAP__V1__FRAME__BODY_SET_SHIFT, "0001000010", true},
    {SIGAP__V1__FRAME__BODY_REMOVE_SHIFT, "0001000010", true},
    {SIGAP__V1__FRAME__BODY_ASK_TRANSFER, "0011000010", true},
    {SIGAP__V1__FRAME__BODY_CHANGE_TRANSFER, "0001000010", true},
    {SIGAP__V1__FRAME__BODY_CANCEL_TRANSFER, "0001000010", true},
    {SIGAP__V1__FRAME__BODY_LIST_TRANSFERS, "0011011110", false},
    {SIGAP__V1__FRAME__BODY_TRANSFER_PAGE, "0000000000", false},
    {SIGAP__V1__FRAME__BODY_TAKE_RING, "0011000010", true},
    {SIGAP__V1__FRAME__BODY_CALL_BACK, "0011000010", true},
    {SIGAP__V1__FRAME__BODY_LIST_RINGS, "0011011110", false},
    {SIGAP__V1__FRAME__BODY_RING_PAGE, "0000000000", false},
    {SIGAP__V1__FRAME__BODY_GET_RING, "0011000010", false},
    {SIGAP__V1__FRAME__BODY_RING_DETAIL, "0000000000", false},
    {SIGAP__V1__FRAME__BODY_TAKE_INCIDENT, "0011000010", true},
    {SIGAP__V1__FRAME__BODY_HAND_OVER, "0011000010", true},
    {SIGAP__V1__FRAME__BODY_LIST_DESK_HANDOVERS, "0011000010", false},
    {SIGAP__V1__FRAME__BODY_DESK_HANDOVER_PAGE, "0000000000", false},
    {SIGAP__V1__FRAME__BODY_TELL_DESK, "0011000010", false},
    {SIGAP__V1__FRAME__BODY_WATCH_DESK, "0001000010", false},
    {SIGAP__V1__FRAME__BODY_DESK_REPORT, "0000000000", false},
    /* Answers are never heard. */
    {SIGAP__V1__FRAME__BODY_LOCATE_TOKEN, "0000000000", false},
    {SIGAP__V1__FRAME__BODY_WELCOME, "0000000000", false},
    {SIGAP__V1__FRAME__BODY_DONE, "0000000000", false},
    {SIGAP__V1__FRAME__BODY_TRAFFIC_TAKEN, "0000000000", false},
    {SIGAP__V1__FRAME__BODY_ORDER, "0000000000", false},
    {SIGAP__V1__FRAME__BODY_UPDATE, "0000000000", false},
    {SIGAP__V1__FRAME__BODY__NOT_SET, "0000000000", false},
};

static void test_roles_table(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        bool anybody = false;
        for (int role = 0; role < 10; role++) {
            bool may = sgp_role_may((sgp_role)role, table[i].body);
            anybody |= may;
            if (may != (table[i].may[role] == '1'))
                fail_msg("%s by %s", sgp_body_str(table[i].body), sgp_role_str((sgp_role)role));
        }
        assert_int_equal(anybody, sgp_body_is_request(table[i].body));
        assert_int_equal(sgp_frame_changes_state(table[i].body), table[i].changes);
        assert_false(sgp_role_may((sgp_role)10, table[i].body));
        assert_false(sgp_role_may((sgp_role)-1, table[i].body));
    }
}

static void test_roles_names(void **state) {
    (void)state;
    for (int role = 1; role < 10; role++) {
        sgp_role back;
        assert_int_equal(sgp_role_parse(sgp_role_str((sgp_role)role), &back), SGP_OK);
        assert_int_equal(back, role);
    }
    sgp_role role;
    assert_int_equal(sgp_role_parse("unknown", &role), SGP_E_FORMAT);
    assert_int_equal(sgp_role_parse("", &role), SGP_E_FORMAT);
    assert_string_equal(sgp_role_str((sgp_role)77), "unknown");
}

static void test_roles_who_hears_callers(void **state) {
    (void)state;
    static const char hears[] = "0011000010";
    for (int role = 0; role < 10; role++)
        assert_int_equal(sgp_role_hears_callers((sgp_role)role), hears[role] == '1');
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_roles_table),
        cmocka_unit_test(test_roles_names),
        cmocka_unit_test(test_roles_who_hears_callers),
    };
    return cmocka_run_group_tests_name("roles", tests, NULL, NULL);
}
