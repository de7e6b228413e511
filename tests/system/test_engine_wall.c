/* sigapd and the wall: figures of the day are those of the report over the same journal, also
 * after a kill; moments are what units and incidents were; what everybody may see has no field
 * that was not looked at, and none of what must not be told; reports are for planners. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "replay/report_journal.h"
#include "replay/report_summary.h"
#include "tls_child.h"

#include "engine_ask.h"

#define SECRET_LABEL "Gang Rahasia Nomor Tujuh"
#define SECRET_NUMBER "+6281200000001"
#define SECRET_NAME "Penelepon Rahasia"

/* ---- something happens ------------------------------------------------------------ */

static void sign_on(sgp_client *client, const char *unit) {
    Sigap__V1__SetDuty duty = SIGAP__V1__SET_DUTY__INIT;
    duty.on_duty = true;
    duty.unit_code = (char *)(uintptr_t)unit;
    free_frame(ASK(client, SET_DUTY, &duty, DONE));
}

static uint64_t report_call(sgp_client *client, const char *complaint, double lon) {
    Sigap__V1__Point point = SIGAP__V1__POINT__INIT;
    point.lon = lon;
    point.lat = -7.9612345;
    Sigap__V1__ReportCall call = SIGAP__V1__REPORT_CALL__INIT;
    call.point = &point;
    call.complaint = (char *)(uintptr_t)complaint;
    call.place_text = (char *)SECRET_LABEL;
    call.caller_number = (char *)SECRET_NUMBER;
    call.caller_name = (char *)SECRET_NAME;
    frame_t *done = ASK(client, REPORT_CALL, &call, DONE);
    uint64_t incident = done->done->incident_id;
    free_frame(done);
    return incident;
}

static void drive(sgp_client *client, uint64_t incident, const char *unit) {
    Sigap__V1__OrderUnit order = SIGAP__V1__ORDER_UNIT__INIT;
    order.incident_id = incident;
    order.unit_code = (char *)(uintptr_t)unit;
    frame_t *done = ASK(client, ORDER_UNIT, &order, DONE);
    uint64_t assignment = done->done->assignment_id;
    free_frame(done);
    Sigap__V1__AnswerOrder answer = SIGAP__V1__ANSWER_ORDER__INIT;
    answer.assignment_id = assignment;
    answer.accept = true;
    free_frame(ASK(client, ANSWER_ORDER, &answer, DONE));
    const Sigap__V1__AssignmentState states[] = {SIGAP__V1__ASSIGNMENT_STATE__EN_ROUTE,
                                                 SIGAP__V1__ASSIGNMENT_STATE__ON_SCENE};
    for (size_t i = 0; i < 2; i++) {
        Sigap__V1__AdvanceAssignment advance = SIGAP__V1__ADVANCE_ASSIGNMENT__INIT;
        advance.assignment_id = assignment;
        advance.state = states[i];
        free_frame(ASK(client, ADVANCE_ASSIGNMENT, &advance, DONE));
    }
}

static void close_as(sgp_client *client, uint64_t incident, Sigap__V1__Outcome outcome) {
    Sigap__V1__CloseIncident closing = SIGAP__V1__CLOSE_INCIDENT__INIT;
    closing.incident_id = incident;
    closing.outcome = outcome;
    free_frame(ASK(client, CLOSE_INCIDENT, &closing, DONE));
}

static int64_t now_ms(sgp_client *client) {
    Sigap__V1__Ping ping = SIGAP__V1__PING__INIT;
    frame_t *pong = ASK(client, PING, &ping, PONG);
    int64_t now = pong->pong->now_ms;
    free_frame(pong);
    return now;
}

static void pause_briefly(void) {
    struct timespec pause = {0, 100000000};
    nanosleep(&pause, NULL);
}

static void some_life(void) {
    sgp_client *desk = connect_as(NULL);
    sign_on(desk, "A-01");
    sign_on(desk, "A-02");
    sign_on(desk, "A-03");
    drive(desk, report_call(desk, "fall", 112.6311111), "A-01");
    close_as(desk, report_call(desk, "fall", 112.6322222), SIGAP__V1__OUTCOME__PRANK);
    close_as(desk, report_call(desk, "fall", 112.6333333), SIGAP__V1__OUTCOME__CANCELLED);
    (void)report_call(desk, "fall", 112.6344444); /* waits */
    sgp_client_close(desk);
}

/* ---- figures ---------------------------------------------------------------------- */

/* Reckoned after `since`. */
static frame_t *figures_after(sgp_client *client, uint32_t days_ago, int64_t since) {
    for (int i = 0; i < 600; i++) {
        Sigap__V1__AskFigures asked = SIGAP__V1__ASK_FIGURES__INIT;
        asked.days_ago = days_ago;
        frame_t *reply = ASK(client, ASK_FIGURES, &asked, FIGURES);
        if (days_ago > 0 || reply->figures->until_at_ms >= since)
            return reply;
        free_frame(reply);
        pause_briefly();
    }
    fail_msg("figures are not reckoned anew");
    return NULL;
}

static const Sigap__V1__GroupFigures *group_like(const Sigap__V1__Figures *figures,
                                                 const sgp_group *group) {
    for (size_t i = 0; i < figures->n_groups; i++)
        if (strcmp(figures->groups[i]->grouping, sgp_grouping_str(group->grouping)) == 0 &&
            strcmp(figures->groups[i]->name, group->name) == 0 &&
            strcmp(figures->groups[i]->within, group->within) == 0)
            return figures->groups[i];
    return NULL;
}

static void check_intervals(const Sigap__V1__GroupFigures *told, const sgp_group *group) {
    size_t n = 0;
    for (int k = 0; k < SGP_INTERVALS; k++) {
        if (group->spread[k].n == 0)
            continue;
        assert_true(n < told->n_intervals);
        const Sigap__V1__IntervalFigures *row = told->intervals[n++];
        assert_string_equal(row->interval, sgp_interval_str((sgp_interval)k));
        assert_int_equal(row->n, group->spread[k].n);
        assert_int_equal(row->median_ms, group->spread[k].p50_ms);
        assert_int_equal(row->p90_ms, group->spread[k].p90_ms);
        assert_int_equal(row->most_ms, group->spread[k].max_ms);
    }
    assert_int_equal(n, told->n_intervals);
}

/* Against the report's own reader of the journal. How many incidents it was. */
static uint32_t check_figures(const Sigap__V1__Figures *figures) {
    char path[96];
    snprintf(path, sizeof path, "%s/journal", child.folder);
    sgp_journal_span span = {.from_ms = figures->from_at_ms,
                             .until_ms = figures->from_at_ms + 86400000,
                             .utc_offset_s = figures->utc_offset_s};
    sgp_run run = {0};
    sgp_summary summary;
    sgp_fault fault = {0};
    if (sgp_run_from_journal(path, &span, &run, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    run.until_ms = figures->until_at_ms;
    if (sgp_summary_make(&run, &summary, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    size_t shown = 0;
    for (uint32_t g = 0; g < summary.n_groups; g++) {
        const sgp_group *group = &summary.groups[g];
        if (group->grouping == SGP_GROUP_KELURAHAN || group->grouping == SGP_GROUP_TRANSFER)
            continue;
        const Sigap__V1__GroupFigures *told = group_like(figures, group);
        assert_non_null(told);
        shown++;
        assert_int_equal(told->incidents, group->n_incidents);
        assert_int_equal(told->reached, group->n_reached);
        assert_int_equal(told->counted, group->n_counted);
        assert_int_equal(told->in_time, group->n_in_time);
        check_intervals(told, group);
    }
    assert_int_equal(figures->n_groups, shown);
    assert_int_equal(figures->false_calls,
                     sgp_call_week_all(&summary.week, true, SGP_WEEK_DAYS, SGP_DAY_HOURS));
    uint32_t n = summary.groups[0].n_incidents;
    sgp_summary_free(&summary);
    sgp_run_free(&run);
    return n;
}

static void check_both_days(sgp_client *client, uint32_t wanted, uint32_t wanted_false) {
    int64_t since = now_ms(client);
    uint32_t n = 0, untrue = 0;
    for (uint32_t day = 0; day < 2; day++) { /* in case it is midnight in Malang */
        frame_t *reply = figures_after(client, day, since);
        n += check_figures(reply->figures);
        untrue += reply->figures->false_calls;
        assert_int_equal(reply->figures->utc_offset_s, 25200);
        assert_int_equal((reply->figures->from_at_ms + 25200000) % 86400000, 0);
        free_frame(reply);
    }
    assert_int_equal(n, wanted);
    assert_int_equal(untrue, wanted_false);
}

static void test_engine_figures_are_the_reports(void **state) {
    (void)state;
    some_life();
    sgp_client *viewer = connect_as(child.viewer);
    check_both_days(viewer, 4, 1);
    sgp_client_close(viewer);
    (void)child_stop(&child, SIGKILL);
    child_start(&child, SIGAPD);
    viewer = connect_as(child.viewer);
    check_both_days(viewer, 4, 1);
    sgp_client *desk = connect_as(NULL);
    close_as(desk, report_call(desk, "fall", 112.6355555), SIGAP__V1__OUTCOME__SILENT);
    check_both_days(viewer, 5, 2);
    Sigap__V1__AskFigures asked = SIGAP__V1__ASK_FIGURES__INIT;
    asked.days_ago = 2;
    ASK_REFUSED_WITH(viewer, ASK_FIGURES, &asked, SGP_E_RANGE, "yesterday");
    sgp_client_close(desk);
    sgp_client_close(viewer);
    sgp_client *crew = connect_as(child.crew[0]);
    (void)ASK_REFUSED(crew, ASK_FIGURES, &asked, SGP_E_PERMISSION);
    sgp_client_close(crew);
}

/* ---- the past ---------------------------------------------------------------------- */

typedef struct seen {
    int64_t lon_e6, lat_e6;
    uint32_t status;
} seen;

static int64_t rounded(double degrees) {
    return (int64_t)(degrees * 1e6 + (degrees >= 0 ? 0.5 : -0.5));
}

/* The newest moment that was kept at or after `since`, put together. */
static frame_t *past_after(sgp_client *client, int64_t since) {
    for (int i = 0; i < 900; i++) {
        Sigap__V1__AskPast asked = SIGAP__V1__ASK_PAST__INIT;
        asked.at_ms = INT64_MAX;
        frame_t *reply = ASK(client, ASK_PAST, &asked, PAST);
        if (reply->past->kept_until_at_ms >= since)
            return reply;
        free_frame(reply);
        pause_briefly();
    }
    fail_msg("no moment is kept");
    return NULL;
}

static void put_together(const Sigap__V1__Past *past, seen units[8], bool open[64]) {
    for (size_t m = 0; m < past->n_moments; m++) {
        const Sigap__V1__Moment *moment = past->moments[m];
        for (size_t i = 0; i < moment->n_unit_numbers; i++) {
            assert_in_range(moment->unit_numbers[i], 1, 7);
            seen *unit = &units[moment->unit_numbers[i]];
            unit->lon_e6 += moment->lon_e6[i];
            unit->lat_e6 += moment->lat_e6[i];
            unit->status = moment->statuses[i];
        }
        for (size_t i = 0; i < moment->n_incidents; i++)
            open[moment->incidents[i]->id] = true;
        for (size_t i = 0; i < moment->n_ended; i++)
            open[moment->ended[i]] = false;
    }
}

static void test_engine_keeps_moments(void **state) {
    (void)state;
    sgp_client *desk = connect_as(NULL);
    uint64_t incident = report_call(desk, "fall", 112.6366666);
    Sigap__V1__Point point = SIGAP__V1__POINT__INIT;
    point.lon = 112.6412345;
    point.lat = -7.9654321;
    Sigap__V1__ReportPosition report = SIGAP__V1__REPORT_POSITION__INIT;
    report.point = &point;
    report.unit_code = (char *)"A-01";
    free_frame(ASK(desk, REPORT_POSITION, &report, DONE));
    frame_t *reply = past_after(desk, now_ms(desk) + 1);
    seen units[8] = {{0}};
    bool open[64] = {false};
    put_together(reply->past, units, open);
    free_frame(reply);
    Sigap__V1__ListUnits list = SIGAP__V1__LIST_UNITS__INIT;
    reply = ASK(desk, LIST_UNITS, &list, UNIT_PAGE);
    for (size_t i = 0; i < reply->unit_page->n_units; i++) {
        const Sigap__V1__Unit *unit = reply->unit_page->units[i];
        const Sigap__V1__Point *at = unit->at_station ? unit->station_point : unit->position;
        assert_int_equal(units[unit->number].status, unit->status);
        assert_true(llabs(units[unit->number].lon_e6 - rounded(at->lon)) <= 1);
        assert_true(llabs(units[unit->number].lat_e6 - rounded(at->lat)) <= 1);
    }
    free_frame(reply);
    assert_true(open[incident]);
    close_as(desk, incident, SIGAP__V1__OUTCOME__CANCELLED);
    reply = past_after(desk, now_ms(desk) + 1);
    memset(units, 0, sizeof units);
    memset(open, 0, sizeof open);
    put_together(reply->past, units, open);
    assert_false(open[incident]);
    free_frame(reply);
    sgp_client_close(desk);
}

/* ---- what everybody may see -------------------------------------------------------- */

/* Each field that the public is sent, looked at by a person. One that is not here fails the test:
 * think first of who could be told by it, then add it. */
static const char *const public_fields[] = {"at_ms",
                                            "delay_ms",
                                            "city",
                                            "city_is_sketch",
                                            "areas",
                                            "areas.kelurahan",
                                            "areas.kecamatan",
                                            "areas.kabupaten",
                                            "areas.point",
                                            "areas.point.lon",
                                            "areas.point.lat",
                                            "areas.waiting",
                                            "areas.attended",
                                            "units",
                                            "units.point",
                                            "units.point.lon",
                                            "units.point.lat",
                                            "units.free",
                                            "units.busy",
                                            "figures",
                                            "figures.from_at_ms",
                                            "figures.until_at_ms",
                                            "figures.groups",
                                            "figures.groups.name",
                                            "figures.groups.grouping",
                                            "figures.groups.incidents",
                                            "figures.groups.counted",
                                            "figures.groups.in_time",
                                            "figures.groups.response_median_ms",
                                            "figures.groups.response_p90_ms",
                                            "figures.calls",
                                            "figures.false_calls",
                                            "figures.calls_by_hour"};
enum { N_PUBLIC_FIELDS = sizeof public_fields / sizeof public_fields[0] };

static size_t walk_fields(const ProtobufCMessageDescriptor *message, const char *above) {
    size_t n = 0;
    for (unsigned i = 0; i < message->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &message->fields[i];
        char path[256];
        snprintf(path, sizeof path, "%s%s%s", above, *above != '\0' ? "." : "", field->name);
        bool known = false;
        for (size_t k = 0; k < N_PUBLIC_FIELDS && !known; k++)
            known = strcmp(public_fields[k], path) == 0;
        if (!known)
            fail_msg("the public is sent %s.%s, which nobody has looked at", message->name,
                     field->name);
        n++;
        if (field->type == PROTOBUF_C_TYPE_MESSAGE)
            n += walk_fields(field->descriptor, path);
    }
    return n;
}

static void test_public_fields_were_looked_at(void **state) {
    (void)state;
    assert_int_equal(walk_fields(&sigap__v1__public_picture__descriptor, ""), N_PUBLIC_FIELDS);
}

/* The status; the whole answer with its headers in `answer`. */
static int get(const char *path, const char *accept, char *answer, size_t capacity,
               size_t *length) {
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)child.http_port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    char request[512];
    int n = snprintf(request, sizeof request,
                     "GET %s HTTP/1.1\r\nHost: x\r\nAccept: %s\r\nConnection: close\r\n\r\n", path,
                     accept);
    assert_int_equal(send(fd, request, (size_t)n, MSG_NOSIGNAL), n);
    *length = 0;
    for (ssize_t got; *length < capacity - 1 &&
                      (got = recv(fd, answer + *length, capacity - 1 - *length, 0)) > 0;)
        *length += (size_t)got;
    answer[*length] = '\0';
    close(fd);
    int status = 0;
    (void)sscanf(answer, "HTTP/1.1 %d", &status);
    return status;
}

/* On the grid of squares: their middles are odd hundredths of a degree. */
static void assert_coarse(const Sigap__V1__Point *point) {
    assert_int_equal(llabs(rounded(point->lon)) % 20000, 10000);
    assert_int_equal(llabs(rounded(point->lat)) % 20000, 10000);
}

static char answer[1 << 20];

static void test_engine_shows_the_public_little(void **state) {
    (void)state;
    size_t length;
    sgp_client *desk = connect_as(NULL);
    int64_t since = now_ms(desk);
    Sigap__V1__PublicPicture *picture = NULL;
    for (int i = 0; i < 900 && picture == NULL; i++) {
        int status = get("/v1/public", "application/x-protobuf", answer, sizeof answer, &length);
        assert_true(status == 200 || status == 503);
        char *body = strstr(answer, "\r\n\r\n");
        assert_non_null(body);
        if (status == 200)
            picture = sigap__v1__public_picture__unpack(NULL, length - (size_t)(body + 4 - answer),
                                                        (uint8_t *)body + 4);
        /* With what happened before, figures too. */
        if (picture != NULL && (picture->at_ms < since || picture->figures == NULL)) {
            sigap__v1__public_picture__free_unpacked(picture, NULL);
            picture = NULL;
        }
        if (picture == NULL)
            pause_briefly();
    }
    assert_non_null(picture);
    assert_true(picture->n_units > 0 && picture->n_areas > 0);
    for (size_t i = 0; i < picture->n_units; i++)
        assert_coarse(picture->units[i]->point);
    for (size_t i = 0; i < picture->n_areas; i++)
        assert_coarse(picture->areas[i]->point); /* this city knows no kelurahan */
    for (size_t i = 0; i < picture->figures->n_groups; i++)
        assert_true(picture->figures->groups[i]->incidents >= 5);
    sigap__v1__public_picture__free_unpacked(picture, NULL);
    assert_int_equal(get("/v1/public", "application/json", answer, sizeof answer, &length), 200);
    assert_non_null(strstr(answer, "\"units\""));
    const char *const secrets[] = {"Rahasia", "62812",     "A-01",    "A-02", "PSC",
                                   "Pos ",    "RS1",       "RS Satu", "fall", "incident_id",
                                   "7.9612",  "112.63222", "112.6412"};
    for (size_t i = 0; i < sizeof secrets / sizeof secrets[0]; i++)
        if (strstr(answer, secrets[i]) != NULL)
            fail_msg("the public is told \"%s\": %s", secrets[i], answer);
    sgp_client_close(desk);
}

/* ---- districts and reports ------------------------------------------------------------ */

static void write_file(const char *name, const char *text) {
    char path[192];
    snprintf(path, sizeof path, "%s/reports/%s", child.folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void test_engine_opens_reports_for_planners(void **state) {
    (void)state;
    write_file("closest.html", "<!DOCTYPE html><title>closest</title>");
    write_file("joint.html", "<!DOCTYPE html><title>joint</title>");
    write_file("notes.txt", "not a report");
    write_file(".hidden.html", "not a report");
    char link[192];
    snprintf(link, sizeof link, "%s/reports/key.html", child.folder);
    assert_int_equal(symlink("../key", link), 0);
    sgp_client *admin = connect_as(NULL); /* the private socket is the admin's */
    Sigap__V1__ListReports list = SIGAP__V1__LIST_REPORTS__INIT;
    frame_t *reply = ASK(admin, LIST_REPORTS, &list, REPORT_PAGE);
    assert_int_equal(reply->report_page->n_reports, 2);
    free_frame(reply);
    Sigap__V1__OpenReport open = SIGAP__V1__OPEN_REPORT__INIT;
    const char *const wrong[] = {"notes.txt",    "../key", "key.html",
                                 ".hidden.html", "",       "../reports/joint.html",
                                 "absent.html"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        open.name = (char *)(uintptr_t)wrong[i];
        (void)ASK_REFUSED(admin, OPEN_REPORT, &open, SGP_E_NOT_FOUND);
    }
    open.name = (char *)"joint.html";
    reply = ASK(admin, OPEN_REPORT, &open, REPORT_OPENED);
    size_t length;
    assert_int_equal(get(reply->report_opened->path, "*/*", answer, sizeof answer, &length), 200);
    assert_non_null(strstr(answer, "<title>joint</title>"));
    assert_non_null(strstr(answer, "Content-Security-Policy: default-src 'none'"));
    assert_non_null(strstr(answer, "sandbox"));
    reply->report_opened->path[strlen(reply->report_opened->path) - 1] ^= 1;
    assert_int_equal(get(reply->report_opened->path, "*/*", answer, sizeof answer, &length), 404);
    assert_int_equal(get("/v1/report/", "*/*", answer, sizeof answer, &length), 404);
    free_frame(reply);
    sgp_client_close(admin);
    sgp_client *other = connect_as(child.dispatcher);
    (void)ASK_REFUSED(other, LIST_REPORTS, &list, SGP_E_PERMISSION);
    (void)ASK_REFUSED(other, OPEN_REPORT, &open, SGP_E_PERMISSION);
    Sigap__V1__AskDistricts districts = SIGAP__V1__ASK_DISTRICTS__INIT;
    reply = ASK(other, ASK_DISTRICTS, &districts, DISTRICTS);
    assert_int_equal(reply->districts->n_districts, 0);
    free_frame(reply);
    sgp_client_close(other);
}

static void test_engine_is_closed_to_the_public_unless_told(void **state) {
    (void)state;
    size_t length;
    (void)child_stop(&child, SIGTERM);
    child_configure(&child, "wall = { public = { open = true; delay_min = 15; }; };");
    child_start(&child, SIGAPD);
    assert_int_equal(get("/v1/public", "*/*", answer, sizeof answer, &length), 503);
    (void)child_stop(&child, SIGTERM);
    child_configure(&child, "");
    child_start(&child, SIGAPD);
    assert_int_equal(get("/v1/public", "*/*", answer, sizeof answer, &length), 404);
}

int main(void) {
    child.http_port = free_port();
    child_prepare(&child, "");
    char reports[128], more[256];
    snprintf(reports, sizeof reports, "%s/reports", child.folder);
    assert_int_equal(mkdir(reports, 0700), 0);
    snprintf(
        more, sizeof more,
        "wall = { past_every_s = 1; public = { open = true; delay_min = 0; }; reports = \"%s\"; };",
        reports);
    child_configure(&child, more);
    child_start(&child, SIGAPD);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_engine_figures_are_the_reports),
        cmocka_unit_test(test_engine_keeps_moments),
        cmocka_unit_test(test_public_fields_were_looked_at),
        cmocka_unit_test(test_engine_shows_the_public_little),
        cmocka_unit_test(test_engine_opens_reports_for_planners),
        cmocka_unit_test(test_engine_is_closed_to_the_public_unless_told),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    child_clean(&child);
    return failed;
}
