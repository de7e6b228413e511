/* sigapd with street cameras: near a point and an incident, along a unit's way, for whom, and after
 * a reload with and without a mistake. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine_ask.h"

static char folder[64], file[96];

/* The streets are a grid: row by row 0.005 degrees apart from 112.630,-7.970. */
static const char cameras[] = "id,name,lon,lat,heading,url,owner\n"
                              "C-END,at the end of the row,112.6440,-7.9701,90,,\n"
                              "C-MID,half way,112.6375,-7.9699,270,rtsp://cctv.example/2,Dishub\n"
                              "C-NEW,at the beginning,112.6310,-7.9701,,,\n"
                              "C-FAR,of another street,112.6400,-7.9600,0,,\n"
                              "C-WEST,behind it,112.6285,-7.9700,90,,\n";

static void write_cameras(const char *text) {
    FILE *out = fopen(file, "w");
    assert_non_null(out);
    fputs(text, out);
    assert_int_equal(fclose(out), 0);
}

static int start(void **state) {
    (void)state;
    char more[160];
    maker_folder(folder);
    snprintf(file, sizeof file, "%s/cameras.csv", folder);
    write_cameras(cameras);
    memset(&child, 0, sizeof child);
    snprintf(more, sizeof more, "cameras = \"%s\";", file);
    child_prepare(&child, more);
    child_start(&child, SIGAPD);
    return 0;
}

static int stop(void **state) {
    (void)state;
    int status = child_stop(&child, SIGTERM);
    child_clean(&child);
    unlink(file);
    rmdir(folder);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : 1;
}

/* The ids in the order of the answer, "A B C". */
static const char *found(sgp_client *client, Sigap__V1__FindCameras *asked) {
    static char ids[256];
    frame_t *page = ASK(client, FIND_CAMERAS, asked, CAMERA_PAGE);
    ids[0] = '\0';
    for (size_t i = 0; i < page->camera_page->n_cameras; i++)
        snprintf(ids + strlen(ids), sizeof ids - strlen(ids), "%s%s", i > 0 ? " " : "",
                 page->camera_page->cameras[i]->camera->id);
    free_frame(page);
    return ids;
}

static uint64_t report(sgp_client *dispatcher, double lon, double lat) {
    Sigap__V1__Point point = SIGAP__V1__POINT__INIT;
    point.lon = lon;
    point.lat = lat;
    Sigap__V1__ReportCall call = SIGAP__V1__REPORT_CALL__INIT;
    call.point = &point;
    call.complaint = (char *)"chest_pain";
    call.priority = SIGAP__V1__PRIORITY__P3;
    frame_t *reply = ASK(dispatcher, REPORT_CALL, &call, DONE);
    uint64_t incident = reply->done->incident_id;
    free_frame(reply);
    return incident;
}

static void test_cameras_near_a_point(void **state) {
    (void)state;
    sgp_client *viewer = connect_as(child.viewer);
    Sigap__V1__Point point = SIGAP__V1__POINT__INIT;
    point.lon = 112.630;
    point.lat = -7.970;
    Sigap__V1__FindCameras asked = SIGAP__V1__FIND_CAMERAS__INIT;
    asked.where_case = SIGAP__V1__FIND_CAMERAS__WHERE_POINT;
    asked.point = &point;
    /* Those that look at it come first, then those that look around, then those that look away. */
    assert_string_equal(found(viewer, &asked), "C-WEST C-MID C-NEW");
    asked.within_m = 200;
    assert_string_equal(found(viewer, &asked), "C-WEST C-NEW");
    asked.within_m = 5000;
    asked.limit = 2;
    assert_string_equal(found(viewer, &asked), "C-WEST C-MID");
    asked.within_m = 20001;
    ASK_REFUSED_WITH(viewer, FIND_CAMERAS, &asked, SGP_E_RANGE, "at most 20000");
    asked.within_m = 0;
    point.lat = 91;
    (void)ASK_REFUSED(viewer, FIND_CAMERAS, &asked, SGP_E_RANGE);

    /* What is told of one. */
    Sigap__V1__CameraCursor cursor = SIGAP__V1__CAMERA_CURSOR__INIT;
    asked = (Sigap__V1__FindCameras)SIGAP__V1__FIND_CAMERAS__INIT;
    asked.where_case = SIGAP__V1__FIND_CAMERAS__WHERE_ALL;
    asked.all = &cursor;
    cursor.after = (char *)"C-FAR";
    asked.limit = 1;
    frame_t *page = ASK(viewer, FIND_CAMERAS, &asked, CAMERA_PAGE);
    const Sigap__V1__Camera *one = page->camera_page->cameras[0]->camera;
    assert_string_equal(one->id, "C-MID");
    assert_string_equal(one->url, "rtsp://cctv.example/2");
    assert_string_equal(one->owner, "Dishub");
    assert_int_equal(one->looks_case, SIGAP__V1__CAMERA__LOOKS_HEADING_DEG);
    assert_int_equal(one->heading_deg, 270);
    assert_true(page->camera_page->more);
    assert_int_equal(page->camera_page->known, 5);
    free_frame(page);
    asked = (Sigap__V1__FindCameras)SIGAP__V1__FIND_CAMERAS__INIT;
    assert_string_equal(found(viewer, &asked), "C-END C-FAR C-MID C-NEW C-WEST");
    sgp_client_close(viewer);
}

static void test_cameras_of_an_incident_and_of_a_unit(void **state) {
    (void)state;
    sgp_client *dispatcher = connect_as(child.dispatcher);
    uint64_t incident = report(dispatcher, 112.645, -7.970);
    Sigap__V1__FindCameras asked = SIGAP__V1__FIND_CAMERAS__INIT;
    asked.where_case = SIGAP__V1__FIND_CAMERAS__WHERE_INCIDENT_ID;
    asked.incident_id = incident;
    assert_string_equal(found(dispatcher, &asked), "C-END C-MID");
    asked.incident_id = incident + 1000;
    (void)ASK_REFUSED(dispatcher, FIND_CAMERAS, &asked, SGP_E_NOT_FOUND);

    asked.where_case = SIGAP__V1__FIND_CAMERAS__WHERE_UNIT;
    asked.unit = (char *)"A-99";
    (void)ASK_REFUSED(dispatcher, FIND_CAMERAS, &asked, SGP_E_NOT_FOUND);
    Sigap__V1__SetDuty duty = SIGAP__V1__SET_DUTY__INIT;
    duty.on_duty = 1;
    duty.unit_code = (char *)"A-01";
    free_frame(ASK(dispatcher, SET_DUTY, &duty, DONE));
    asked.unit = (char *)"A-01";
    ASK_REFUSED_WITH(dispatcher, FIND_CAMERAS, &asked, SGP_E_STATE, "not on its way");
    Sigap__V1__OrderUnit order = SIGAP__V1__ORDER_UNIT__INIT;
    order.incident_id = incident;
    order.unit_code = (char *)"A-01";
    free_frame(ASK(dispatcher, ORDER_UNIT, &order, DONE));
    assert_string_equal(found(dispatcher, &asked), "C-NEW C-MID C-END");
    asked.limit = 2;
    assert_string_equal(found(dispatcher, &asked), "C-NEW C-MID");
    asked.limit = 0;

    /* The same for a way of the client's own, backwards. */
    Sigap__V1__Point ends[2] = {SIGAP__V1__POINT__INIT, SIGAP__V1__POINT__INIT};
    Sigap__V1__Point *points[2] = {&ends[0], &ends[1]};
    ends[0].lon = 112.645;
    ends[1].lon = 112.630;
    ends[0].lat = ends[1].lat = -7.970;
    Sigap__V1__CameraWay way = SIGAP__V1__CAMERA_WAY__INIT;
    way.points = points;
    way.n_points = 2;
    asked.where_case = SIGAP__V1__FIND_CAMERAS__WHERE_WAY;
    asked.way = &way;
    assert_string_equal(found(dispatcher, &asked), "C-END C-MID C-NEW");
    asked.within_m = 11;
    assert_string_equal(found(dispatcher, &asked), "");
    asked.within_m = 501;
    ASK_REFUSED_WITH(dispatcher, FIND_CAMERAS, &asked, SGP_E_RANGE, "at most 500");
    asked.within_m = 0;
    way.n_points = 1;
    (void)ASK_REFUSED(dispatcher, FIND_CAMERAS, &asked, SGP_E_RANGE);
    way.n_points = 2;
    ends[1].lon = 12;
    (void)ASK_REFUSED(dispatcher, FIND_CAMERAS, &asked, SGP_E_TOO_LARGE);
    sgp_client_close(dispatcher);
}

/* The streams show people: for the control room alone. */
static void test_cameras_for_whom(void **state) {
    (void)state;
    const char *const others[] = {child.crew[0], child.caller, child.partner, child.hospital};
    Sigap__V1__FindCameras asked = SIGAP__V1__FIND_CAMERAS__INIT;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        sgp_client *client = connect_as(others[i]);
        (void)ASK_REFUSED(client, FIND_CAMERAS, &asked, SGP_E_PERMISSION);
        sgp_client_close(client);
    }
}

static void test_cameras_are_read_again(void **state) {
    (void)state;
    sgp_client *admin = connect_as(NULL);
    Sigap__V1__Reload reload = SIGAP__V1__RELOAD__INIT;
    Sigap__V1__FindCameras asked = SIGAP__V1__FIND_CAMERAS__INIT;
    write_cameras("id,name,lon,lat,url\nX,X,112.63,-7.97,javascript:alert(1)\n");
    ASK_REFUSED_WITH(admin, RELOAD, &reload, SGP_E_CONFIG, "cameras.csv:2: column 5 (url)");
    assert_string_equal(found(admin, &asked), "C-END C-FAR C-MID C-NEW C-WEST");
    write_cameras("id,name,lon,lat\nX,X,112.63,-7.97\n");
    free_frame(ASK(admin, RELOAD, &reload, DONE));
    assert_string_equal(found(admin, &asked), "X");
    sgp_client_close(admin);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cameras_near_a_point),
        cmocka_unit_test(test_cameras_of_an_incident_and_of_a_unit),
        cmocka_unit_test(test_cameras_for_whom),
        cmocka_unit_test(test_cameras_are_read_again),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
