/* What everybody is shown: squares instead of places, counts instead of things, no group that is
 * too small. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "serve/public_picture.h"

static sgp_graph_parts city(void) {
    sgp_graph_parts parts = {.is_sketch = true};
    strcpy(parts.name, "Malang");
    return parts;
}

static Sigap__V1__PastIncident incident_at(int32_t lon_e6, int32_t lat_e6, uint32_t *unit) {
    Sigap__V1__PastIncident incident = SIGAP__V1__PAST_INCIDENT__INIT;
    incident.id = 4711;
    incident.lon_e6 = lon_e6;
    incident.lat_e6 = lat_e6;
    incident.complaint = (char *)"cardiac_arrest";
    incident.label = (char *)"Jalan Rahasia 12";
    incident.unit_numbers = unit;
    incident.n_unit_numbers = unit != NULL;
    return incident;
}

static void test_public_picture_knows_squares(void **state) {
    (void)state;
    sgp_past_unit units[] = {
        {true, 112630123, -7970456, SGP_UNIT_AVAILABLE, 1},
        {true, 112631999, -7971111, SGP_UNIT_ON_SCENE, 1},
        {true, 112699999, -7900001, SGP_UNIT_EN_ROUTE, 1},
        {true, 112630123, -7970456, SGP_UNIT_OFF_DUTY, 1},
        {true, 0, 0, SGP_UNIT_AVAILABLE, 0}, /* nobody knows where */
        {false, 0, 0, 0, 0},
    };
    uint32_t second = 2, third = 3;
    Sigap__V1__PastIncident rows[] = {
        incident_at(112630001, -7970001, &second), incident_at(112630777, -7970777, &third),
        incident_at(112500001, -7500001, NULL), incident_at(0, 0, NULL)};
    Sigap__V1__PastIncident *list[] = {&rows[0], &rows[1], &rows[2], &rows[3]};
    sgp_past_moment moment = {
        .at_ms = 99, .units = units, .n_units = 6, .incidents = list, .n_incidents = 4};
    sgp_graph_parts parts = city();
    Sigap__V1__PublicPicture *picture = sgp_public_picture_make(&moment, &parts);
    assert_non_null(picture);
    assert_int_equal(picture->at_ms, 99);
    assert_true(picture->city_is_sketch);
    assert_int_equal(picture->n_units, 2);
    assert_int_equal(picture->units[0]->free, 1);
    assert_int_equal(picture->units[0]->busy, 1);
    assert_true(picture->units[0]->point->lon == 112.63);
    assert_true(picture->units[0]->point->lat == -7.97);
    assert_int_equal(picture->units[1]->busy, 1);
    assert_int_equal(picture->n_areas, 2);
    assert_int_equal(picture->areas[0]->attended, 1);
    assert_int_equal(picture->areas[0]->waiting, 1);
    assert_string_equal(picture->areas[0]->kelurahan, "");
    assert_int_equal(picture->areas[1]->waiting, 1);
    assert_null(picture->figures);
    sigap__v1__public_picture__free_unpacked(picture, NULL);
}

static sgp_group group_of(sgp_grouping grouping, const char *name, uint32_t n) {
    sgp_group group = {.grouping = grouping, .n_incidents = n, .n_counted = n, .n_in_time = n / 2};
    snprintf(group.name, sizeof group.name, "%s", name);
    group.spread[SGP_INTERVAL_RESPONSE] = (sgp_spread){.n = n, .p50_ms = 300000, .p90_ms = 600000};
    return group;
}

static const Sigap__V1__PublicGroup *find(const Sigap__V1__PublicFigures *figures,
                                          const char *name) {
    for (size_t i = 0; i < figures->n_groups; i++)
        if (strcmp(figures->groups[i]->name, name) == 0)
            return figures->groups[i];
    return NULL;
}

static void test_public_figures_hide_the_small(void **state) {
    (void)state;
    sgp_group groups[] = {
        group_of(SGP_GROUP_ALL, "", 50),
        group_of(SGP_GROUP_PRIORITY, "P1", 4),
        group_of(SGP_GROUP_PRIORITY, "P2", 40),
        group_of(SGP_GROUP_PRIORITY, "P3", 6),
        group_of(SGP_GROUP_KECAMATAN, "Klojen", 25),
        group_of(SGP_GROUP_KECAMATAN, "Sukun", 19),
        group_of(SGP_GROUP_KECAMATAN, "Dau", 3),
        group_of(SGP_GROUP_KECAMATAN, "Lawang", 3),
        group_of(SGP_GROUP_STATION, "Pos 1", 50),
        group_of(SGP_GROUP_HOSPITAL, "RSSA", 50),
    };
    sgp_summary summary = {.groups = groups,
                           .n_groups = sizeof groups / sizeof groups[0],
                           .from_ms = 1,
                           .until_ms = 2};
    summary.week.n[SGP_OUTCOME_REAL][2][7] = 4;
    summary.week.n[SGP_OUTCOME_REAL][2][8] = 9;
    summary.week.n[SGP_OUTCOME_PRANK][2][8] = 3;
    Sigap__V1__PublicFigures *figures = sgp_public_figures_make(&summary);
    assert_non_null(figures);
    assert_non_null(find(figures, "all"));
    assert_null(find(figures, "P1"));
    assert_null(find(figures, "P3")); /* all less P2 less P3 would tell P1 */
    assert_non_null(find(figures, "P2"));
    assert_null(find(figures, "Dau"));
    assert_null(find(figures, "Lawang"));
    assert_null(find(figures, "Pos 1"));
    assert_null(find(figures, "RSSA"));
    assert_int_equal(find(figures, "Klojen")->response_p90_ms, 600000);
    assert_int_equal(find(figures, "Sukun")->response_p90_ms, -1);
    assert_int_equal(find(figures, "Sukun")->response_median_ms, 300000);
    assert_int_equal(figures->calls, 16);
    assert_int_equal(figures->false_calls, 0);
    assert_int_equal(figures->calls_by_hour[7], 0);
    assert_int_equal(figures->calls_by_hour[8], 12);
    sigap__v1__public_figures__free_unpacked(figures, NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_public_picture_knows_squares),
        cmocka_unit_test(test_public_figures_hide_the_small),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
