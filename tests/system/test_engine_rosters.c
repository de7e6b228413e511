/* Rosters on a running sigapd: who is planned is read from files with their mistakes told by line,
 * crews sign on by code, nobody is on two units, whoever does not come is missed once, and all of
 * it outlives kill -9 and comes back from a snapshot. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/clock.h"
#include "engine_ask.h"
#include "sigap/plan.h"

enum { HOUR_MS = 3600 * 1000 };

static void write_file(const char *name, const char *text) {
    char path[128];
    snprintf(path, sizeof path, "%s/%s", child.folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

/* "2026-03-01 07:00" in UTC, with its offset of none: the test's zone is UTC. */
static void date_of(int64_t wall_ms, char out[32]) {
    time_t seconds = (time_t)(wall_ms / 1000);
    struct tm parts;
    strftime(out, 32, "%Y-%m-%d %H:%M", gmtime_r(&seconds, &parts));
}

/* A-01 all day and every day, A-02 since an hour ago, A-03 tomorrow. */
static void write_shifts(const char *crew_of_a03) {
    char text[512], from[32], until[32], later[32], last[32];
    int64_t now_ms = sgp_wall_ms();
    date_of(now_ms - HOUR_MS, from);
    date_of(now_ms + 6 * HOUR_MS, until);
    date_of(now_ms + 24 * HOUR_MS, later);
    date_of(now_ms + 32 * HOUR_MS, last);
    snprintf(text, sizeof text,
             "unit,from,until,crew\n"
             "A-01,00:00,00:00,PRM-1 SPR-1\n"
             "A-02,%s,%s,PRM-2\n"
             "A-03,%s,%s,%s\n",
             from, until, later, last, crew_of_a03);
    write_file("shifts.csv", text);
}

static int start(void **state) {
    (void)state;
    char more[512];
    memset(&child, 0, sizeof child);
    child_prepare(&child, "");
    write_file("crew.csv", "code,skills\n"
                           "PRM-1,advanced_life_support defibrillator\n"
                           "PRM-2,advanced_life_support\n"
                           "SPR-1,\n"
                           "SPR-2,\n");
    write_shifts("SPR-2");
    snprintf(more, sizeof more,
             "roads = { time_zone = \"UTC\"; };\n"
             "roster = { crew = \"%s/crew.csv\"; shifts = \"%s/shifts.csv\"; };\n"
             "rules = { shift_absent_min = 10; shift_end_min = 20; };\n",
             child.folder, child.folder);
    child_configure(&child, more);
    child_start(&child, SIGAPD);
    return 0;
}

static int stop(void **state) {
    (void)state;
    child_clean(&child);
    return 0;
}

static const char *sign_on(sgp_client *client, const char *unit, const char *member,
                           uint64_t version, sgp_err wanted) {
    char *crew[] = {(char *)member};
    Sigap__V1__SignOnCrew sign = SIGAP__V1__SIGN_ON_CREW__INIT;
    sign.unit_code = (char *)unit;
    sign.crew = crew;
    sign.n_crew = 1;
    sign.version = version;
    frame_t request = request_of(SIGAP__V1__FRAME__BODY_SIGN_ON_CREW, &sign);
    if (wanted != SGP_OK)
        return ask_wrong(client, &request, wanted);
    free_frame(ask(client, &request));
    return "";
}

/* What ListShifts says of the unit; the frame is the caller's. */
static frame_t *row_of(sgp_client *client, const char *unit, Sigap__V1__ShiftPage__Row **row) {
    Sigap__V1__ListShifts list = SIGAP__V1__LIST_SHIFTS__INIT;
    list.unit_code = (char *)unit;
    frame_t request = request_of(SIGAP__V1__FRAME__BODY_LIST_SHIFTS, &list);
    frame_t *reply = ask(client, &request);
    assert_int_equal(reply->body_case, SIGAP__V1__FRAME__BODY_SHIFT_PAGE);
    assert_int_equal(reply->shift_page->n_rows, 1);
    *row = reply->shift_page->rows[0];
    return reply;
}

static void is_planned(sgp_client *client, const char *unit, const char *member, bool manned) {
    Sigap__V1__ShiftPage__Row *row;
    frame_t *reply = row_of(client, unit, &row);
    if (member == NULL) {
        assert_null(row->planned);
    } else {
        assert_non_null(row->planned);
        assert_string_equal(row->planned->crew[0], member);
    }
    assert_int_equal(row->manned, manned);
    free_frame(reply);
}

static void is_on(sgp_client *client, const char *unit, const char *member, bool has_end) {
    Sigap__V1__ShiftPage__Row *row;
    frame_t *reply = row_of(client, unit, &row);
    assert_true(row->on_duty);
    assert_non_null(row->signed_on);
    assert_int_equal(row->signed_on->n_crew, 1);
    assert_string_equal(row->signed_on->crew[0]->code, member);
    assert_int_equal(row->signed_on->until_at_ms != 0, has_end);
    free_frame(reply);
}

/* The alarm comes by itself; however slow the machine, it comes. */
static void wait_absent(sgp_client *client, const char *unit) {
    for (int i = 0; i < 3000; i++) {
        Sigap__V1__ShiftPage__Row *row;
        frame_t *reply = row_of(client, unit, &row);
        bool is_absent = row->signed_on != NULL && row->signed_on->absent_until_at_ms != 0;
        free_frame(reply);
        if (is_absent)
            return;
        struct timespec wait = {0, 20000000};
        nanosleep(&wait, NULL);
    }
    fail_msg("nobody missed the crew of %s", unit);
}

static unsigned alarms(const char *unit) {
    char line[1024];
    unsigned n = 0;
    FILE *log = fopen(child.log, "r");
    assert_non_null(log);
    while (fgets(line, sizeof line, log) != NULL)
        n += strstr(line, "crew_is_absent") != NULL && strstr(line, unit) != NULL;
    fclose(log);
    return n;
}

static void again(int number, sgp_client **desk, sgp_client **crew) {
    sgp_client_close(*desk);
    sgp_client_close(*crew);
    (void)child_stop(&child, number);
    child_start(&child, SIGAPD);
    *desk = connect_as(child.dispatcher);
    *crew = connect_as(child.crew[0]);
}

static void test_rosters_sign_on(void **state) {
    (void)state;
    sgp_client *desk = connect_as(child.dispatcher), *crew = connect_as(child.crew[0]);
    is_planned(desk, "A-01", "PRM-1", false);
    is_planned(desk, "A-03", NULL, false);
    wait_absent(desk, "A-02");
    assert_int_equal(alarms("A-02"), 1);

    assert_non_null(strstr(sign_on(crew, "", "TUKANG", 0, SGP_E_NOT_FOUND), "TUKANG"));
    (void)sign_on(crew, "A-02", "PRM-2", 0, SGP_E_PERMISSION);
    (void)sign_on(crew, "", "PRM-1", 0, SGP_OK);
    is_on(desk, "A-01", "PRM-1", true);
    is_planned(crew, "A-01", "PRM-1", true);
    assert_non_null(strstr(sign_on(desk, "A-02", "PRM-1", 0, SGP_E_STATE), "A-01"));
    assert_non_null(strstr(sign_on(desk, "A-01", "SPR-1", 1, SGP_E_STATE), "read it again"));
    (void)sign_on(desk, "A-03", "SPR-2", 0, SGP_OK);
    is_on(desk, "A-03", "SPR-2", false);

    for (int number = SIGKILL; number; number = number == SIGKILL ? SIGTERM : 0) {
        again(number, &desk, &crew);
        is_on(desk, "A-01", "PRM-1", true);
        is_on(desk, "A-03", "SPR-2", false);
        wait_absent(desk, "A-02");
        assert_int_equal(alarms(""), 0); /* it was told before */
    }

    /* The advanced ambulance without a paramedic is a basic one. */
    Sigap__V1__ShiftPage__Row *row;
    frame_t *reply = row_of(desk, "A-03", &row);
    assert_int_equal(row->kind, SIGAP__V1__UNIT_KIND__AMBULANCE_ADVANCED);
    assert_int_equal(row->signed_on->works_as, SIGAP__V1__UNIT_KIND__AMBULANCE_BASIC);
    free_frame(reply);
    (void)sign_on(desk, "A-03", "PRM-2", 0, SGP_OK);
    reply = row_of(desk, "A-03", &row);
    assert_int_equal(row->signed_on->works_as, 0);
    free_frame(reply);
    sgp_client_close(desk);
    sgp_client_close(crew);
}

static const char *set_shift(sgp_client *client, uint64_t *id, uint64_t version, const char *member,
                             sgp_err wanted) {
    char *crew[] = {(char *)member};
    Sigap__V1__PlannedShift shift = SIGAP__V1__PLANNED_SHIFT__INIT;
    shift.id = *id;
    shift.version = version;
    shift.unit_code = (char *)"A-03";
    shift.from_at_ms = sgp_wall_ms() - HOUR_MS;
    shift.until_at_ms = sgp_wall_ms() + HOUR_MS;
    shift.crew = crew;
    shift.n_crew = 1;
    frame_t request = request_of(SIGAP__V1__FRAME__BODY_SET_SHIFT, &shift);
    if (wanted != SGP_OK)
        return ask_wrong(client, &request, wanted);
    frame_t *reply = ask(client, &request);
    *id = reply->done->closure_id;
    free_frame(reply);
    return "";
}

static void test_rosters_shifts_by_hand(void **state) {
    (void)state;
    sgp_client *desk = connect_as(child.dispatcher), *crew = connect_as(child.crew[0]);
    uint64_t id = 0;
    (void)set_shift(crew, &id, 0, "SPR-1", SGP_E_PERMISSION);
    (void)set_shift(desk, &id, 0, "TUKANG", SGP_E_NOT_FOUND);
    (void)set_shift(desk, &id, 0, "SPR-1", SGP_OK);
    assert_true(id != 0);
    is_planned(desk, "A-03", "SPR-1", false);
    (void)set_shift(desk, &id, 0, "PRM-2", SGP_OK);
    assert_non_null(strstr(set_shift(desk, &id, id, "SPR-2", SGP_E_STATE), "dispatcher"));
    again(SIGKILL, &desk, &crew);
    is_planned(desk, "A-03", "PRM-2", false);
    Sigap__V1__RemoveShift gone = SIGAP__V1__REMOVE_SHIFT__INIT;
    gone.id = id;
    frame_t request = request_of(SIGAP__V1__FRAME__BODY_REMOVE_SHIFT, &gone);
    free_frame(ask(desk, &request));
    is_planned(desk, "A-03", NULL, false);
    frame_t twice = request_of(SIGAP__V1__FRAME__BODY_REMOVE_SHIFT, &gone);
    (void)ask_wrong(desk, &twice, SGP_E_NOT_FOUND);
    sgp_client_close(desk);
    sgp_client_close(crew);
}

static void test_rosters_reload(void **state) {
    (void)state;
    sgp_client *admin = connect_as(NULL), *desk = connect_as(child.dispatcher);
    Sigap__V1__Reload reload = SIGAP__V1__RELOAD__INIT;
    write_shifts("TUKANG");
    frame_t request = request_of(SIGAP__V1__FRAME__BODY_RELOAD, &reload);
    const char *wrong = ask_wrong(admin, &request, SGP_E_CONFIG);
    assert_non_null(strstr(wrong, "shifts.csv:4: TUKANG is not in"));
    is_planned(desk, "A-01", "PRM-1", false);
    write_file("shifts.csv",
               "unit,from,until,crew\nA-01,00:00,12:00,SPR-2\nA-01,12:00,00:00,SPR-2\n");
    frame_t right = request_of(SIGAP__V1__FRAME__BODY_RELOAD, &reload);
    free_frame(ask(admin, &right));
    is_planned(desk, "A-01", "SPR-2", false);
    is_planned(desk, "A-02", NULL, false);
    sgp_client_close(admin);
    sgp_client_close(desk);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_rosters_sign_on, start, stop),
        cmocka_unit_test_setup_teardown(test_rosters_shifts_by_hand, start, stop),
        cmocka_unit_test_setup_teardown(test_rosters_reload, start, stop)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
