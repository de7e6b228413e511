/* Administration of a running sigapd: users, login codes and devices, units, stations and
 * hospitals, and closures by street. What was changed outlives kill -9, the configuration does not
 * change it back, and whose access was withdrawn is out at once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/clock.h"
#include "engine_ask.h"

/* The private socket is an administrator. */
static int start(void **state) {
    (void)state;
    memset(&child, 0, sizeof child);
    child_prepare(&child, "");
    child_configure(&child, "");
    child_start(&child, SIGAPD);
    return 0;
}

static void restart_hard(void) {
    (void)child_stop(&child, SIGKILL);
    child_start(&child, SIGAPD);
}

/* ---- asking ----------------------------------------------------------------------- */

static Sigap__V1__User user_of(const char *name, Sigap__V1__Role role) {
    Sigap__V1__User user = SIGAP__V1__USER__INIT;
    user.name = (char *)name;
    user.role = role;
    return user;
}

static uint64_t set_user(sgp_client *client, Sigap__V1__User *user) {
    Sigap__V1__SetUser set = SIGAP__V1__SET_USER__INIT;
    set.user = user;
    frame_t *reply = ASK(client, SET_USER, &set, DONE);
    uint64_t version = reply->done->closure_id;
    free_frame(reply);
    return version;
}

static const char *set_user_refused(sgp_client *client, Sigap__V1__User *user, sgp_err wanted) {
    Sigap__V1__SetUser set = SIGAP__V1__SET_USER__INIT;
    set.user = user;
    return ASK_REFUSED(client, SET_USER, &set, wanted);
}

/* The user of that name, in `page`, which is to be freed. */
static const Sigap__V1__User *find_user(sgp_client *client, const char *name, frame_t **page) {
    Sigap__V1__ListUsers list = SIGAP__V1__LIST_USERS__INIT;
    *page = ASK(client, LIST_USERS, &list, USER_PAGE);
    for (size_t i = 0; i < (*page)->user_page->n_users; i++)
        if (strcmp((*page)->user_page->users[i]->name, name) == 0)
            return (*page)->user_page->users[i];
    return NULL;
}

static void code_for(sgp_client *client, const char *user, const char *unit, char code[16]) {
    Sigap__V1__AskLoginCode asked = SIGAP__V1__ASK_LOGIN_CODE__INIT;
    asked.user = (char *)user;
    asked.unit_code = (char *)unit;
    frame_t *reply = ASK(client, ASK_LOGIN_CODE, &asked, LOGIN_CODE);
    assert_int_equal(strlen(reply->login_code->code), 8);
    assert_true(reply->login_code->until_at_ms > sgp_wall_ms() + 500000);
    strcpy(code, reply->login_code->code);
    free_frame(reply);
}

/* A new session that logs in by the code; the token of its device. NULL: refused so. */
static sgp_client *come_by_code(const char *code, char token[SGP_TOKEN_TEXT], sgp_err wanted) {
    sgp_client *client = connect_as(NULL);
    Sigap__V1__Login login = SIGAP__V1__LOGIN__INIT;
    login.code = (char *)code;
    login.client = (char *)"test";
    if (wanted != SGP_OK) {
        ASK_REFUSED(client, LOGIN, &login, wanted);
        sgp_client_close(client);
        return NULL;
    }
    frame_t *reply = ASK(client, LOGIN, &login, WELCOME);
    assert_int_equal(strlen(reply->welcome->token), SGP_TOKEN_TEXT - 1);
    strcpy(token, reply->welcome->token);
    free_frame(reply);
    return client;
}

/* The session ends, with a sentence why. */
static void expect_sent_away(sgp_client *client) {
    frame_t *frame = NULL;
    sgp_fault fault = {0};
    sgp_err err = sgp_client_next_frame(client, 20000, &frame, &fault);
    while (err == SGP_OK && frame != NULL && frame->body_case != SIGAP__V1__FRAME__BODY_ERROR) {
        free_frame(frame);
        frame = NULL;
        err = sgp_client_next_frame(client, 20000, &frame, &fault);
    }
    if (err == SGP_OK) {
        assert_non_null(frame);
        assert_string_equal(frame->error->code, "UNAUTHENTICATED");
        free_frame(frame);
        frame = NULL;
        err = sgp_client_next_frame(client, 20000, &frame, &fault);
    }
    assert_int_not_equal(err, SGP_OK);
    free_frame(frame);
    sgp_client_close(client);
}

static bool is_known(const char *token) {
    sgp_client *client = connect_as(NULL);
    sgp_fault fault = {0};
    sgp_err err = sgp_client_login(client, token, "test", NULL, &fault);
    sgp_client_close(client);
    return err == SGP_OK;
}

/* ---- users and codes ----------------------------------------------------------------- */

static void test_engine_admin_code_lets_in_once(void **state) {
    (void)state;
    char code[16], token[SGP_TOKEN_TEXT], second[SGP_TOKEN_TEXT];
    sgp_client *admin = connect_as(NULL), *desk = connect_as(child.dispatcher);
    Sigap__V1__User rina = user_of("rina", SIGAP__V1__ROLE__CALL_TAKER);
    set_user(admin, &rina);
    code_for(admin, "rina", "", code);
    sgp_client *first = come_by_code(code, token, SGP_OK);
    come_by_code(code, second, SGP_E_UNAUTHENTICATED);
    Sigap__V1__ListIncidents list = SIGAP__V1__LIST_INCIDENTS__INIT;
    free_frame(ASK(first, LIST_INCIDENTS, &list, INCIDENT_PAGE));
    assert_true(is_known(token));
    /* A crew of the configuration, by its unit and by a dispatcher, written with a blank. */
    code_for(desk, "", "A-02", code);
    char spaced[24];
    snprintf(spaced, sizeof spaced, "%.4s %s", code, code + 4);
    sgp_client *crew = come_by_code(spaced, second, SGP_OK);
    Sigap__V1__SetDuty duty = SIGAP__V1__SET_DUTY__INIT;
    duty.on_duty = true;
    free_frame(ASK(crew, SET_DUTY, &duty, DONE));
    /* A newer code takes the place of the one before. */
    char newer[16];
    code_for(admin, "rina", "", code);
    code_for(admin, "rina", "", newer);
    come_by_code(code, second, SGP_E_UNAUTHENTICATED);
    /* Killed hard, device, user and open code are still there. */
    sgp_client_close(first);
    sgp_client_close(crew);
    sgp_client_close(admin);
    sgp_client_close(desk);
    restart_hard();
    assert_true(is_known(token));
    first = come_by_code(newer, second, SGP_OK);
    assert_true(is_known(second));
    /* It logs out: its own device alone, and the session ends. */
    Sigap__V1__RemoveDevices out = SIGAP__V1__REMOVE_DEVICES__INIT;
    free_frame(ASK(first, REMOVE_DEVICES, &out, DONE));
    expect_sent_away(first);
    assert_false(is_known(second));
    assert_true(is_known(token));
    /* The token of the configuration has nothing to log out. */
    desk = connect_as(child.dispatcher);
    ASK_REFUSED_WITH(desk, REMOVE_DEVICES, &out, SGP_E_STATE, "configuration");
    sgp_client_close(desk);
}

static void test_engine_admin_withdrawn_access_ends_at_once(void **state) {
    (void)state;
    char code[16], token[SGP_TOKEN_TEXT];
    sgp_client *admin = connect_as(NULL);
    Sigap__V1__User budi = user_of("budi", SIGAP__V1__ROLE__DISPATCHER);
    budi.version = set_user(admin, &budi);
    code_for(admin, "budi", "", code);
    sgp_client *session = come_by_code(code, token, SGP_OK);
    frame_t *page;
    const Sigap__V1__User *seen = find_user(admin, "budi", &page);
    assert_non_null(seen);
    assert_int_equal(seen->n_devices, 1);
    assert_int_equal(seen->devices[0]->token_hash.len, 0);
    assert_int_equal(seen->sessions, 1);
    /* Another role: the session must come back with it. */
    free_frame(page);
    budi.role = SIGAP__V1__ROLE__VIEWER;
    budi.version = set_user(admin, &budi);
    expect_sent_away(session);
    session = connect_as(token);
    Sigap__V1__ListUsers list = SIGAP__V1__LIST_USERS__INIT;
    ASK_REFUSED(session, LIST_USERS, &list, SGP_E_PERMISSION);
    /* The device is revoked. */
    seen = find_user(admin, "budi", &page);
    Sigap__V1__RemoveDevices gone = SIGAP__V1__REMOVE_DEVICES__INIT;
    gone.device_id = seen->devices[0]->id;
    free_frame(page);
    ASK_REFUSED(session, REMOVE_DEVICES, &gone, SGP_E_PERMISSION);
    free_frame(ASK(admin, REMOVE_DEVICES, &gone, DONE));
    expect_sent_away(session);
    assert_false(is_known(token));
    ASK_REFUSED(admin, REMOVE_DEVICES, &gone, SGP_E_NOT_FOUND);
    /* The user is disabled: session, device and open code are gone. */
    code_for(admin, "budi", "", code);
    session = come_by_code(code, token, SGP_OK);
    code_for(admin, "budi", "", code);
    budi.disabled = true;
    assert_non_null(strstr(set_user_refused(admin, &budi, SGP_E_ARGUMENT), "reason"));
    budi.reason = (char *)"pindah tugas";
    budi.version = set_user(admin, &budi);
    expect_sent_away(session);
    assert_false(is_known(token));
    come_by_code(code, token, SGP_E_UNAUTHENTICATED);
    Sigap__V1__AskLoginCode asked = SIGAP__V1__ASK_LOGIN_CODE__INIT;
    asked.user = (char *)"budi";
    ASK_REFUSED_WITH(admin, ASK_LOGIN_CODE, &asked, SGP_E_STATE, "disabled");
    sgp_client_close(admin);
    restart_hard();
    admin = connect_as(NULL);
    seen = find_user(admin, "budi", &page);
    assert_true(seen != NULL && seen->disabled && strcmp(seen->reason, "pindah tugas") == 0);
    free_frame(page);
    sgp_client_close(admin);
}

static void test_engine_admin_users_are_checked(void **state) {
    (void)state;
    sgp_client *admin = connect_as(NULL), *desk = connect_as(child.dispatcher);
    Sigap__V1__User wrong = user_of("viewer", SIGAP__V1__ROLE__ADMIN);
    assert_non_null(strstr(set_user_refused(admin, &wrong, SGP_E_STATE), "configuration"));
    wrong = user_of("dua kata", SIGAP__V1__ROLE__VIEWER);
    set_user_refused(admin, &wrong, SGP_E_FORMAT);
    wrong = user_of("local", SIGAP__V1__ROLE__VIEWER);
    set_user_refused(admin, &wrong, SGP_E_ARGUMENT);
    wrong = user_of("kru", SIGAP__V1__ROLE__CREW);
    assert_non_null(strstr(set_user_refused(admin, &wrong, SGP_E_ARGUMENT), "unit"));
    wrong.unit_code = (char *)"Z-99";
    assert_non_null(strstr(set_user_refused(admin, &wrong, SGP_E_NOT_FOUND), "Z-99"));
    wrong = user_of("igd", SIGAP__V1__ROLE__HOSPITAL);
    wrong.hospital_code = (char *)"RS9";
    assert_non_null(strstr(set_user_refused(admin, &wrong, SGP_E_NOT_FOUND), "RS9"));
    wrong = user_of("x", SIGAP__V1__ROLE__ROLE_UNKNOWN);
    set_user_refused(admin, &wrong, SGP_E_RANGE);
    wrong = user_of("x", (Sigap__V1__Role)77);
    set_user_refused(admin, &wrong, SGP_E_RANGE);
    set_user_refused(admin, NULL, SGP_E_ARGUMENT);
    wrong = user_of("x", SIGAP__V1__ROLE__VIEWER);
    set_user_refused(desk, &wrong, SGP_E_PERMISSION);
    wrong.version = 12;
    set_user_refused(admin, &wrong, SGP_E_NOT_FOUND);
    /* A dispatcher lets no administrator in, nor a colleague. */
    Sigap__V1__User chief = user_of("kepala", SIGAP__V1__ROLE__ADMIN);
    chief.version = set_user(admin, &chief);
    Sigap__V1__AskLoginCode asked = SIGAP__V1__ASK_LOGIN_CODE__INIT;
    asked.user = (char *)"kepala";
    ASK_REFUSED(desk, ASK_LOGIN_CODE, &asked, SGP_E_PERMISSION);
    asked.user = (char *)"dispatcher";
    ASK_REFUSED(desk, ASK_LOGIN_CODE, &asked, SGP_E_PERMISSION);
    asked.user = (char *)"nobody";
    ASK_REFUSED(desk, ASK_LOGIN_CODE, &asked, SGP_E_NOT_FOUND);
    asked.user = (char *)"";
    ASK_REFUSED(desk, ASK_LOGIN_CODE, &asked, SGP_E_ARGUMENT);
    asked.unit_code = (char *)"Z-99";
    ASK_REFUSED(desk, ASK_LOGIN_CODE, &asked, SGP_E_NOT_FOUND);
    /* Two administrators: the second has read what is no longer so. */
    Sigap__V1__User first = chief, second = chief;
    first.role = SIGAP__V1__ROLE__PLANNER;
    second.role = SIGAP__V1__ROLE__VIEWER;
    set_user(admin, &first);
    assert_non_null(strstr(set_user_refused(admin, &second, SGP_E_STATE), "meanwhile"));
    second.version = 0;
    assert_non_null(strstr(set_user_refused(admin, &second, SGP_E_STATE), "already"));
    sgp_client_close(admin);
    sgp_client_close(desk);
}

static void test_engine_admin_codes_are_not_guessed(void **state) {
    (void)state;
    char code[16], token[SGP_TOKEN_TEXT];
    sgp_client *admin = connect_as(NULL);
    come_by_code("1234", token, SGP_E_FORMAT);
    come_by_code("1234567a", token, SGP_E_FORMAT);
    restart_hard(); /* wrong codes of the tests before are forgotten */
    sgp_client_close(admin);
    admin = connect_as(NULL);
    code_for(admin, "", "A-03", code);
    for (int i = 0; i < 5; i++) {
        char guess[16];
        snprintf(guess, sizeof guess, "%08u",
                 (unsigned)(strtoul(code, NULL, 10) + 1 + i) % 100000000);
        come_by_code(guess, token, SGP_E_UNAUTHENTICATED);
    }
    /* From here on the right one is not heard either, or it would tell itself. */
    come_by_code(code, token, SGP_E_FULL);
    sgp_client_close(admin);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_engine_admin_code_lets_in_once, start, child_over),
        cmocka_unit_test_setup_teardown(test_engine_admin_withdrawn_access_ends_at_once, start,
                                        child_over),
        cmocka_unit_test_setup_teardown(test_engine_admin_users_are_checked, start, child_over),
        cmocka_unit_test_setup_teardown(test_engine_admin_codes_are_not_guessed, start, child_over),
    };
    return cmocka_run_group_tests_name("test_engine_admin", tests, NULL, NULL);
}
