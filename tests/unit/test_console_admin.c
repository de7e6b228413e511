/* Administration on the console: its pages in both languages and at both ends of the sizes, users
 * and codes, a street that is closed only after a look at what it is, and one that is drawn. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "console_desk.h"

#define CTRL_O "\017"

static uint64_t token_of(Sigap__V1__Frame__BodyCase body) {
    const town_sent *last = town_last(&sent, body);
    assert_non_null(last);
    return last->token;
}

static void tell_users(void) {
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    Sigap__V1__UserPage page = SIGAP__V1__USER_PAGE__INIT;
    Sigap__V1__User rina = SIGAP__V1__USER__INIT, dewi = SIGAP__V1__USER__INIT,
                    *list[] = {&dewi, &rina};
    rina.name = (char *)"rina";
    rina.role = SIGAP__V1__ROLE__CALL_TAKER;
    rina.version = 41;
    rina.changed_by = (char *)"local";
    dewi.name = (char *)"dewi";
    dewi.role = SIGAP__V1__ROLE__DISPATCHER;
    dewi.configured = true;
    dewi.sessions = 1;
    page.users = list;
    page.n_users = 2;
    frame.body_case = SIGAP__V1__FRAME__BODY_USER_PAGE;
    frame.user_page = &page;
    hear(town_news(&frame, token_of(SIGAP__V1__FRAME__BODY_LIST_USERS)));
}

static void tell_stretches(uint64_t token) {
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    Sigap__V1__Stretches told = SIGAP__V1__STRETCHES__INIT;
    Sigap__V1__Stretch near = SIGAP__V1__STRETCH__INIT, far, *list[] = {&near, &far};
    Sigap__V1__RoadPart part = SIGAP__V1__ROAD_PART__INIT, *parts[] = {&part};
    part.way = 77;
    near.street = (char *)"Jalan Semeru";
    near.area = (char *)"Kauman, Klojen";
    near.length_m = 412;
    near.n_roads = 5;
    near.parts = parts;
    near.n_parts = 1;
    far = near;
    far.area = (char *)"Sisir, Batu";
    far.length_m = 99;
    told.stretches = list;
    told.n_stretches = 2;
    frame.body_case = SIGAP__V1__FRAME__BODY_STRETCHES;
    frame.stretches = &told;
    hear(town_news(&frame, token));
}

static void test_admin_pages_in_every_size(void **state) {
    (void)state;
    static const char *const titles[2][7] = {
        {"[unit]", "[kru]", "[pos]", "[rs]", "[pengguna]", "[rencana]", "[penutupan]"},
        {"[units]", "[crews]", "[stations]", "[hospitals]", "[users]", "[plans]", "[closures]"}};
    for (int language = 0; language < 2; language++) {
        begin_up(language == 0 ? SGP_INDONESIAN : SGP_ENGLISH);
        for (int page = 0; page < 7; page++) {
            type(CTRL_O);
            shows(screen(24, 80), titles[language][page]);
            shows(screen(60, 200), titles[language][page]);
            (void)screen(1, 1);
            (void)screen(8, 20);
            if (page == 4) {
                tell_users();
                shows(screen(24, 80), "call_taker");
                shows(screen(60, 200), "sigap.conf");
            }
        }
        type(CTRL_O); /* and round */
        shows(screen(24, 80), titles[language][0]);
        end();
    }
}

static void test_admin_users_and_codes(void **state) {
    (void)state;
    begin_up(SGP_INDONESIAN);
    type("kelola pengguna\r");
    /* Nobody changes whom the console has not read. */
    type("pengguna rina viewer\r");
    assert_null(town_last(&sent, SIGAP__V1__FRAME__BODY_SET_USER));
    tell_users();
    type("\r");
    const town_sent *set = town_last(&sent, SIGAP__V1__FRAME__BODY_SET_USER);
    assert_non_null(set);
    assert_int_equal(set->frame->set_user->user->version, 41);
    assert_int_equal(set->frame->set_user->user->role, SIGAP__V1__ROLE__VIEWER);
    type("pengguna rina - cuti panjang\r");
    set = town_last(&sent, SIGAP__V1__FRAME__BODY_SET_USER);
    assert_true(set->frame->set_user->user->disabled);
    assert_string_equal(set->frame->set_user->user->reason, "cuti panjang");
    type("pengguna baru kaisar\r");
    shows(screen(24, 80), "kaisar");
    type("\025kode rina\r"); /* Ctrl-U */
    const town_sent *asked = town_last(&sent, SIGAP__V1__FRAME__BODY_ASK_LOGIN_CODE);
    assert_string_equal(asked->frame->ask_login_code->user, "rina");
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    Sigap__V1__LoginCode code = SIGAP__V1__LOGIN_CODE__INIT;
    code.code = (char *)"12345678";
    code.user = (char *)"rina";
    code.until_at_ms = now_ms + 600000;
    frame.body_case = SIGAP__V1__FRAME__BODY_LOGIN_CODE;
    frame.login_code = &code;
    hear(town_news(&frame, asked->token));
    shows(screen(24, 80), "1234 5678");
    wait_ms(600001);
    hides(screen(24, 80), "1234 5678");
    end();
}

static void test_admin_plans_shifts(void **state) {
    (void)state;
    begin_up(SGP_INDONESIAN);
    int64_t now = TOWN_MS;
    type("giliran psc1 +60 +480 kru-01, kru-02\r");
    const town_sent *set = town_last(&sent, SIGAP__V1__FRAME__BODY_SET_SHIFT);
    assert_non_null(set);
    const Sigap__V1__PlannedShift *shift = set->frame->set_shift;
    assert_string_equal(shift->unit_code, "PSC-01");
    assert_true(shift->from_at_ms >= now + 3600000 && shift->from_at_ms < now + 3660000);
    assert_int_equal(shift->until_at_ms - shift->from_at_ms, 480 * 60000); /* from its beginning */
    assert_int_equal(shift->n_crew, 2);
    assert_string_equal(shift->crew[1], "kru-02");
    type("giliran psc1 +60 +480 kosong\r");
    set = town_last(&sent, SIGAP__V1__FRAME__BODY_SET_SHIFT);
    assert_int_equal(set->frame->set_shift->n_crew, 0);
    type("giliran - 12\r");
    const town_sent *removed = town_last(&sent, SIGAP__V1__FRAME__BODY_REMOVE_SHIFT);
    assert_non_null(removed);
    assert_int_equal(removed->frame->remove_shift->id, 12);
    /* What is wrong stays on the line, with the reason. */
    const town_sent *last = town_last(&sent, SIGAP__V1__FRAME__BODY_SET_SHIFT);
    static const char *const wrong[][2] = {{"giliran psc1 nanti +480 a", "nanti"},
                                           {"giliran psc1 +60", "sampai jam berapa"},
                                           {"giliran psc1 +60 +480", "kode kru"},
                                           {"giliran psc1 +1 +2 a,b,c,d,e,f,g,h,i", "delapan"},
                                           {"giliran -", "nomor"}};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        type(wrong[i][0]);
        type("\r");
        shows(screen(24, 80), wrong[i][1]);
        type("\025"); /* Ctrl-U */
    }
    assert_ptr_equal(town_last(&sent, SIGAP__V1__FRAME__BODY_SET_SHIFT), last);
    end();
}

static void test_admin_closes_a_street_when_sure(void **state) {
    (void)state;
    begin_up(SGP_INDONESIAN);
    type("tutup Jalan Semeru antara \"Jalan Ijen\" dan Jalan Kawi sampai 18:00 alasan pasar dan "
         "bazar\r");
    const town_sent *find = town_last(&sent, SIGAP__V1__FRAME__BODY_FIND_STRETCH);
    assert_non_null(find);
    assert_string_equal(find->frame->find_stretch->street, "Jalan Semeru");
    assert_string_equal(find->frame->find_stretch->from, "Jalan Ijen");
    assert_string_equal(find->frame->find_stretch->to, "Jalan Kawi");
    tell_stretches(find->token);
    shows(screen(24, 80), "1 Jalan Semeru (Kauman, Klojen): 412 m, 5 ruas");
    shows(screen(24, 80), "2 Jalan Semeru (Sisir, Batu): 99 m");
    shows(screen(60, 200), "412 m, 5 ruas");
    assert_null(town_last(&sent, SIGAP__V1__FRAME__BODY_CLOSE_ROAD));
    type("\033"); /* no */
    assert_null(town_last(&sent, SIGAP__V1__FRAME__BODY_CLOSE_ROAD));
    type("\020\r"); /* the line again, Ctrl-P */
    tell_stretches(town_last(&sent, SIGAP__V1__FRAME__BODY_FIND_STRETCH)->token);
    type("\r");
    const town_sent *close = town_last(&sent, SIGAP__V1__FRAME__BODY_CLOSE_ROAD);
    assert_non_null(close);
    const Sigap__V1__RoadClosure *closure = close->frame->close_road->closure;
    assert_string_equal(closure->reason, "pasar dan bazar");
    assert_string_equal(closure->street, "Jalan Semeru");
    assert_int_equal(closure->n_parts, 1);
    assert_true(closure->until_at_ms > TOWN_MS);
    /* With the same word an incident is closed. */
    type("tutup iseng\r");
    assert_non_null(town_last(&sent, SIGAP__V1__FRAME__BODY_CLOSE_INCIDENT));
    end();
}

static void test_admin_draws_what_is_closed(void **state) {
    (void)state;
    begin_up(SGP_INDONESIAN);
    type("gambar alasan galian\r");
    (void)screen(24, 80); /* the map is placed */
    type("\r");           /* nothing is drawn yet */
    assert_null(town_last(&sent, SIGAP__V1__FRAME__BODY_FIND_STRETCH));
    type(" \033[C\033[C\033[C ");
    shows(screen(24, 80), "╳");
    type("\r");
    const town_sent *find = town_last(&sent, SIGAP__V1__FRAME__BODY_FIND_STRETCH);
    assert_non_null(find);
    assert_int_equal(find->frame->find_stretch->n_points, 2);
    assert_true(find->frame->find_stretch->points[1]->lon >
                find->frame->find_stretch->points[0]->lon);
    tell_stretches(find->token);
    type("\r");
    assert_non_null(town_last(&sent, SIGAP__V1__FRAME__BODY_CLOSE_ROAD));
    town_forget(&sent);
    type("o\r"); /* a circle of 30 m around the cross */
    const town_sent *close = town_last(&sent, SIGAP__V1__FRAME__BODY_CLOSE_ROAD);
    assert_non_null(close);
    assert_int_equal(close->frame->close_road->closure->radius_m, 30);
    type("\033");
    hides(screen(24, 80), "╳");
    end();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_admin_pages_in_every_size),
        cmocka_unit_test(test_admin_users_and_codes),
        cmocka_unit_test(test_admin_plans_shifts),
        cmocka_unit_test(test_admin_closes_a_street_when_sure),
        cmocka_unit_test(test_admin_draws_what_is_closed),
    };
    sgp_canvas_locale();
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    sgp_canvas_free(&canvas);
    return failed;
}
