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
    /* Another role: what was let in for the old one is not let in for the new one. */
    free_frame(page);
    char unused[16];
    code_for(admin, "budi", "", unused);
    budi.role = SIGAP__V1__ROLE__VIEWER;
    budi.version = set_user(admin, &budi);
    expect_sent_away(session);
    assert_false(is_known(token));
    come_by_code(unused, token, SGP_E_UNAUTHENTICATED);
    code_for(admin, "budi", "", code);
    session = come_by_code(code, token, SGP_OK);
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

/* ---- units, stations, hospitals -------------------------------------------------------- */

/* A copy of the unit as it is now; the caller frees the page. */
static Sigap__V1__Unit unit_of(sgp_client *client, const char *code, frame_t **page) {
    Sigap__V1__ListUnits list = SIGAP__V1__LIST_UNITS__INIT;
    *page = ASK(client, LIST_UNITS, &list, UNIT_PAGE);
    for (size_t i = 0; i < (*page)->unit_page->n_units; i++)
        if (strcmp((*page)->unit_page->units[i]->code, code) == 0)
            return *(*page)->unit_page->units[i];
    fail_msg("no unit %s", code);
    return (Sigap__V1__Unit)SIGAP__V1__UNIT__INIT;
}

static Sigap__V1__SetFleet set_of_unit(Sigap__V1__Unit *unit, uint64_t version) {
    Sigap__V1__SetFleet set = SIGAP__V1__SET_FLEET__INIT;
    set.what_case = SIGAP__V1__SET_FLEET__WHAT_UNIT;
    set.unit = unit;
    set.version = version;
    return set;
}

static uint64_t do_fleet(sgp_client *client, Sigap__V1__SetFleet *set) {
    frame_t *reply = ASK(client, SET_FLEET, set, DONE);
    uint64_t version = reply->done->closure_id;
    free_frame(reply);
    return version;
}

static Sigap__V1__SetService service_of(Sigap__V1__UnitService *service, const char *code, bool out,
                                        const char *reason) {
    Sigap__V1__SetService set = SIGAP__V1__SET_SERVICE__INIT;
    sigap__v1__unit_service__init(service);
    service->unit_code = (char *)code;
    service->out = out;
    service->reason = (char *)reason;
    set.service = service;
    return set;
}

static void sign_on(sgp_client *client, const char *code) {
    Sigap__V1__SetDuty duty = SIGAP__V1__SET_DUTY__INIT;
    duty.unit_code = (char *)code;
    duty.on_duty = true;
    free_frame(ASK(client, SET_DUTY, &duty, DONE));
}

static uint64_t call_at(sgp_client *client, double lon, double lat) {
    Sigap__V1__ReportCall call = SIGAP__V1__REPORT_CALL__INIT;
    Sigap__V1__Point point = SIGAP__V1__POINT__INIT;
    point.lon = lon;
    point.lat = lat;
    call.point = &point;
    call.complaint = (char *)"fall";
    call.priority = SIGAP__V1__PRIORITY__P3;
    frame_t *reply = ASK(client, REPORT_CALL, &call, DONE);
    uint64_t incident = reply->done->incident_id;
    free_frame(reply);
    return incident;
}

/* How long the unit would drive; -1: it cannot be had. */
static int64_t travel_ms(sgp_client *client, uint64_t incident, const char *code) {
    frame_t *page;
    uint32_t number = unit_of(client, code, &page).number;
    free_frame(page);
    Sigap__V1__AskRecommendation asked = SIGAP__V1__ASK_RECOMMENDATION__INIT;
    asked.incident_id = incident;
    frame_t *reply = ASK(client, ASK_RECOMMENDATION, &asked, RECOMMENDATION);
    int64_t ms = -1;
    for (size_t i = 0; i < reply->recommendation->n_candidates; i++) {
        const Sigap__V1__Candidate *candidate = reply->recommendation->candidates[i];
        if (candidate->unit_number == number)
            ms = candidate->travel_ms;
    }
    free_frame(reply);
    return ms;
}

static void test_engine_admin_changes_units(void **state) {
    (void)state;
    frame_t *page;
    sgp_client *admin = connect_as(NULL), *desk = connect_as(child.dispatcher);
    Sigap__V1__Unit unit = SIGAP__V1__UNIT__INIT;
    Sigap__V1__Point point = SIGAP__V1__POINT__INIT;
    point.lon = 112.635;
    point.lat = -7.965;
    unit.code = (char *)"Z-01";
    unit.name = (char *)"Baru";
    unit.agency = (char *)"PMI";
    unit.station = (char *)"Pos Tiga";
    unit.station_point = &point;
    unit.kind = SIGAP__V1__UNIT_KIND__AMBULANCE_BASIC;
    Sigap__V1__SetFleet set = set_of_unit(&unit, 0);
    ASK_REFUSED(desk, SET_FLEET, &set, SGP_E_PERMISSION);
    uint64_t version = do_fleet(admin, &set);
    ASK_REFUSED_WITH(admin, SET_FLEET, &set, SGP_E_STATE, "already");
    set.version = version + 7;
    ASK_REFUSED_WITH(admin, SET_FLEET, &set, SGP_E_STATE, "meanwhile by local");
    unit.code = (char *)"Z-02";
    ASK_REFUSED(admin, SET_FLEET, &set, SGP_E_NOT_FOUND);
    unit.code = (char *)"";
    ASK_REFUSED(admin, SET_FLEET, &set, SGP_E_ARGUMENT);
    unit.code = (char *)"Z-01";
    point.lon = 12;
    ASK_REFUSED(admin, SET_FLEET, &set, SGP_E_RANGE);
    point.lon = 112.635;
    unit.kind = (Sigap__V1__UnitKind)44;
    ASK_REFUSED(admin, SET_FLEET, &set, SGP_E_RANGE);
    unit.kind = SIGAP__V1__UNIT_KIND__AMBULANCE_BASIC;
    /* It can be sent at once. */
    sign_on(desk, "Z-01");
    uint64_t incident = call_at(desk, 112.635, -7.965);
    assert_int_equal(travel_ms(desk, incident, "Z-01") >= 0, 1);
    Sigap__V1__OrderUnit order = SIGAP__V1__ORDER_UNIT__INIT;
    order.incident_id = incident;
    order.unit_code = (char *)"Z-01";
    frame_t *ordered = ASK(desk, ORDER_UNIT, &order, DONE);
    /* On a job it neither goes out of service nor becomes a fire engine. */
    Sigap__V1__UnitService service;
    Sigap__V1__SetService out = service_of(&service, "Z-01", true, "mogok");
    ASK_REFUSED_WITH(desk, SET_SERVICE, &out, SGP_E_STATE, "incident");
    unit.kind = SIGAP__V1__UNIT_KIND__FIRE_ENGINE;
    set.version = version;
    ASK_REFUSED_WITH(admin, SET_FLEET, &set, SGP_E_STATE, "on a job");
    unit.kind = SIGAP__V1__UNIT_KIND__AMBULANCE_BASIC;
    Sigap__V1__StandDown down = SIGAP__V1__STAND_DOWN__INIT;
    down.assignment_id = ordered->done->assignment_id;
    free_frame(ASK(desk, STAND_DOWN, &down, DONE));
    free_frame(ordered);
    /* Out of service with a reason, and back. */
    service.reason = (char *)"";
    ASK_REFUSED_WITH(desk, SET_SERVICE, &out, SGP_E_ARGUMENT, "reason");
    service.reason = (char *)"mogok";
    free_frame(ASK(desk, SET_SERVICE, &out, DONE));
    Sigap__V1__SetDuty duty = SIGAP__V1__SET_DUTY__INIT;
    duty.unit_code = (char *)"Z-01";
    duty.on_duty = true;
    ASK_REFUSED_WITH(desk, SET_DUTY, &duty, SGP_E_STATE, "mogok");
    Sigap__V1__Unit seen = unit_of(desk, "Z-01", &page);
    assert_true(seen.out_of_service && !seen.on_duty);
    assert_string_equal(seen.service_reason, "mogok");
    free_frame(page);
    out = service_of(&service, "Z-01", false, "");
    free_frame(ASK(desk, SET_SERVICE, &out, DONE));
    ASK_REFUSED_WITH(desk, SET_SERVICE, &out, SGP_E_STATE, "in service");
    sign_on(desk, "Z-01");
    sgp_client_close(admin);
    sgp_client_close(desk);
}

static void test_engine_admin_stands_before_the_configuration(void **state) {
    (void)state;
    frame_t *page;
    sgp_client *admin = connect_as(NULL);
    Sigap__V1__Unit unit = unit_of(admin, "A-02", &page);
    uint64_t read = unit.entry_version;
    assert_string_equal(unit.entry_by, "");
    char *configured = strdup(unit.name);
    unit.name = (char *)"Diganti";
    Sigap__V1__SetFleet set = set_of_unit(&unit, read);
    uint64_t version = do_fleet(admin, &set);
    /* Another administrator read it before that. */
    ASK_REFUSED_WITH(admin, SET_FLEET, &set, SGP_E_STATE, "meanwhile");
    free_frame(page);
    /* The station moves with both of its units; nobody else moves. */
    Sigap__V1__StationMove move = SIGAP__V1__STATION_MOVE__INIT;
    Sigap__V1__Point point = SIGAP__V1__POINT__INIT;
    Sigap__V1__SetFleet station = SIGAP__V1__SET_FLEET__INIT;
    station.what_case = SIGAP__V1__SET_FLEET__WHAT_STATION;
    station.station = &move;
    move.name = (char *)"Pos Dua";
    move.new_name = (char *)"Pos Dua Baru";
    move.point = &point;
    point.lon = 112.6400;
    point.lat = -7.9550;
    station.version = version - 1;
    ASK_REFUSED_WITH(admin, SET_FLEET, &station, SGP_E_STATE, "meanwhile");
    station.version = version;
    version = do_fleet(admin, &station);
    move.name = (char *)"Pos Dua Baru";
    move.new_name = (char *)"Pos Satu";
    station.version = version;
    ASK_REFUSED_WITH(admin, SET_FLEET, &station, SGP_E_STATE, "already");
    move.name = (char *)"Pos Hantu";
    move.new_name = (char *)"";
    ASK_REFUSED(admin, SET_FLEET, &station, SGP_E_NOT_FOUND);
    /* A hospital is added, and the one of the configuration changed. */
    Sigap__V1__Hospital hospital = SIGAP__V1__HOSPITAL__INIT;
    Sigap__V1__SetFleet beds = SIGAP__V1__SET_FLEET__INIT;
    beds.what_case = SIGAP__V1__SET_FLEET__WHAT_HOSPITAL;
    beds.hospital = &hospital;
    hospital.code = (char *)"RS7";
    hospital.name = (char *)"RS Tujuh";
    hospital.beds = 7;
    hospital.point = &point;
    do_fleet(admin, &beds);
    hospital.code = (char *)"RS1";
    ASK_REFUSED_WITH(admin, SET_FLEET, &beds, SGP_E_STATE, "already");
    Sigap__V1__ListHospitals none = SIGAP__V1__LIST_HOSPITALS__INIT;
    frame_t *hospitals = ASK(admin, LIST_HOSPITALS, &none, HOSPITAL_PAGE);
    assert_int_equal(hospitals->hospital_page->n_hospitals, 2);
    beds.version = hospitals->hospital_page->hospitals[0]->entry_version;
    free_frame(hospitals);
    do_fleet(admin, &beds);
    sign_on(admin, "A-03");
    sgp_client_close(admin);
    /* The configuration still says the old name, place and beds; it does not undo them. */
    restart_hard();
    admin = connect_as(NULL);
    unit = unit_of(admin, "A-02", &page);
    assert_string_equal(unit.name, "Diganti");
    assert_string_equal(unit.station, "Pos Dua Baru");
    assert_string_equal(unit.entry_by, "local");
    free_frame(page);
    unit = unit_of(admin, "A-03", &page);
    assert_string_equal(unit.station, "Pos Dua Baru");
    assert_true(unit.station_point->lon < 112.641 && unit.on_duty);
    free_frame(page);
    unit = unit_of(admin, "A-01", &page);
    assert_string_equal(unit.entry_by, "");
    free_frame(page);
    hospitals = ASK(admin, LIST_HOSPITALS, &none, HOSPITAL_PAGE);
    assert_int_equal(hospitals->hospital_page->n_hospitals, 2);
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(hospitals->hospital_page->hospitals[i]->beds, 7);
    free_frame(hospitals);
    /* Given back, it is at once what the configuration says. */
    unit = unit_of(admin, "A-02", &page);
    set = set_of_unit(&unit, unit.entry_version);
    set.given_back = true;
    do_fleet(admin, &set);
    free_frame(page);
    for (int tries = 0; tries < 2000; tries++) {
        unit = unit_of(admin, "A-02", &page);
        bool done = strcmp(unit.name, configured) == 0 && strcmp(unit.station, "Pos Dua") == 0;
        bool by_hand = unit.entry_by[0] != '\0';
        free_frame(page);
        assert_false(by_hand);
        if (done)
            break;
        if (tries == 1999)
            fail_msg("A-02 was not given back");
        struct timespec wait = {0, 5000000};
        nanosleep(&wait, NULL);
    }
    free(configured);
    sgp_client_close(admin);
}

/* ---- closures ---------------------------------------------------------------------------- */

/* Until the unit's way to the incident is longer than `ms`, or no longer so. */
static void wait_for_travel(sgp_client *desk, uint64_t incident, int64_t ms, bool longer) {
    for (int tries = 0; tries < 4000; tries++) {
        int64_t now = travel_ms(desk, incident, "A-01");
        if (longer ? now > ms : now == ms)
            return;
        struct timespec wait = {0, 5000000};
        nanosleep(&wait, NULL);
    }
    fail_msg("the way of A-01 did not change");
}

static void test_engine_admin_closes_what_was_drawn(void **state) {
    (void)state;
    sgp_client *desk = connect_as(child.dispatcher);
    sign_on(desk, "A-01");
    uint64_t incident = call_at(desk, 112.645, -7.970);
    int64_t before = travel_ms(desk, incident, "A-01");
    assert_true(before > 0);
    Sigap__V1__FindStretch find = SIGAP__V1__FIND_STRETCH__INIT;
    Sigap__V1__Point from = SIGAP__V1__POINT__INIT, to = from, *drawn[] = {&from, &to};
    from.lon = 112.632;
    to.lon = 112.643;
    from.lat = to.lat = -7.9701;
    find.points = drawn;
    find.n_points = 1;
    ASK_REFUSED(desk, FIND_STRETCH, &find, SGP_E_ARGUMENT);
    find.n_points = 2;
    find.street = (char *)"Jalan Timur";
    ASK_REFUSED(desk, FIND_STRETCH, &find, SGP_E_ARGUMENT);
    find.street = (char *)"";
    frame_t *found = ASK(desk, FIND_STRETCH, &find, STRETCHES);
    assert_int_equal(found->stretches->n_stretches, 1);
    const Sigap__V1__Stretch *stretch = found->stretches->stretches[0];
    assert_string_equal(stretch->street, "Jalan Timur");
    assert_int_equal(stretch->n_roads, 3);
    assert_true(stretch->length_m > 1500 && stretch->length_m < 1800);
    Sigap__V1__CloseRoad close = SIGAP__V1__CLOSE_ROAD__INIT;
    Sigap__V1__RoadClosure closure = SIGAP__V1__ROAD_CLOSURE__INIT;
    closure.parts = stretch->parts;
    closure.n_parts = stretch->n_parts;
    closure.street = stretch->street;
    closure.reason = (char *)"pasar malam";
    close.closure = &closure;
    closure.way = 3;
    ASK_REFUSED(desk, CLOSE_ROAD, &close, SGP_E_ARGUMENT);
    closure.way = 0;
    frame_t *reply = ASK(desk, CLOSE_ROAD, &close, DONE);
    uint64_t number = reply->done->closure_id;
    free_frame(reply);
    free_frame(found);
    wait_for_travel(desk, incident, before, true);
    sgp_client_close(desk);
    /* It outlives kill -9. */
    restart_hard();
    desk = connect_as(child.dispatcher);
    Sigap__V1__ListRoadClosures list = SIGAP__V1__LIST_ROAD_CLOSURES__INIT;
    frame_t *page = ASK(desk, LIST_ROAD_CLOSURES, &list, ROAD_CLOSURE_PAGE);
    assert_int_equal(page->road_closure_page->n_closures, 1);
    const Sigap__V1__RoadClosure *kept = page->road_closure_page->closures[0];
    assert_string_equal(kept->street, "Jalan Timur");
    assert_string_equal(kept->closed_by, "dispatcher");
    assert_int_equal(kept->n_parts, 3);
    assert_int_equal(kept->n_line % 2, 0);
    assert_true(kept->n_line >= 6);
    free_frame(page);
    wait_for_travel(desk, incident, before, true);
    Sigap__V1__GetStatus get = SIGAP__V1__GET_STATUS__INIT;
    frame_t *status = ASK(desk, GET_STATUS, &get, STATUS);
    assert_int_equal(status->status->closures_in_force, 1);
    assert_int_equal(status->status->picture_age_ms, -1);
    free_frame(status);
    Sigap__V1__OpenRoad open = SIGAP__V1__OPEN_ROAD__INIT;
    open.closure_id = number;
    free_frame(ASK(desk, OPEN_ROAD, &open, DONE));
    wait_for_travel(desk, incident, before, false);
    /* By name: four streets are called so, the nearest first; only one is within one street. */
    find.n_points = 0;
    find.street = (char *)"jl timur";
    Sigap__V1__Point near = SIGAP__V1__POINT__INIT;
    near.lon = 112.640;
    near.lat = -7.9551;
    find.near = &near;
    found = ASK(desk, FIND_STRETCH, &find, STRETCHES);
    assert_int_equal(found->stretches->n_stretches, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(found->stretches->stretches[i]->n_roads, 3);
        if (i > 0)
            assert_true(found->stretches->stretches[i]->away_m >
                        found->stretches->stretches[i - 1]->away_m);
    }
    free_frame(found);
    find.street = (char *)"Jalan Semeru";
    ASK_REFUSED_WITH(desk, FIND_STRETCH, &find, SGP_E_NOT_FOUND, "Jalan Semeru");
    find.street = (char *)"Jalan Timur";
    find.from = (char *)"Jalan Utara";
    ASK_REFUSED(desk, FIND_STRETCH, &find, SGP_E_ARGUMENT);
    sgp_client_close(desk);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_engine_admin_code_lets_in_once, start, child_over),
        cmocka_unit_test_setup_teardown(test_engine_admin_withdrawn_access_ends_at_once, start,
                                        child_over),
        cmocka_unit_test_setup_teardown(test_engine_admin_users_are_checked, start, child_over),
        cmocka_unit_test_setup_teardown(test_engine_admin_codes_are_not_guessed, start, child_over),
        cmocka_unit_test_setup_teardown(test_engine_admin_changes_units, start, child_over),
        cmocka_unit_test_setup_teardown(test_engine_admin_stands_before_the_configuration, start,
                                        child_over),
        cmocka_unit_test_setup_teardown(test_engine_admin_closes_what_was_drawn, start, child_over),
    };
    return cmocka_run_group_tests_name("test_engine_admin", tests, NULL, NULL);
}
