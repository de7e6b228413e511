/* The placer against a private PostGIS with a real city in it: streets, house
 * numbers, facilities, points, nonsense, and a database that goes and comes back.
 *
 * Skipped where PostgreSQL, osm2pgsql or the extract is absent.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "gis/facilities.h"
#include "gis/import.h"
#include "gis/placer.h"
#include "gis_city.h"

static gis_city here;
static char monaco[512];
static sgp_city_id city;
static struct event_base *base;
static sgp_placer *placer;

typedef struct reply {
    int n_answers;
    sgp_err err;
    size_t n;
    sgp_place places[SGP_PLACES_MAX];
} reply;

static void take(void *ctx, sgp_err err, const sgp_place_found *found) {
    reply *to = ctx;
    to->n_answers++;
    to->err = err;
    to->n = found->n;
    for (size_t i = 0; i < found->n; i++)
        to->places[i] = found->places[i];
}

static void turn_until(const int *count, int wanted, int most_ms) {
    int64_t end_us = sgp_monotonic_us() + (int64_t)most_ms * 1000;
    while (*count < wanted && sgp_monotonic_us() < end_us) {
        struct timeval soon = {0, 20000};
        event_base_loopexit(base, &soon);
        event_base_dispatch(base);
    }
}

static void wait_for_placer(bool away, int most_ms) {
    int64_t end_us = sgp_monotonic_us() + (int64_t)most_ms * 1000;
    while (sgp_placer_away(placer) != away && sgp_monotonic_us() < end_us) {
        struct timeval soon = {0, 20000};
        event_base_loopexit(base, &soon);
        event_base_dispatch(base);
    }
    if (sgp_placer_away(placer) != away)
        fail_msg("the placer is %s: %s", away ? "there" : "away", sgp_placer_fault(placer));
}

static reply find_near(const char *text, const sgp_point *near) {
    reply got = {0};
    assert_int_equal(
        sgp_placer_find(placer, text, &(sgp_place_options){.near = near}, take, &got, NULL),
        SGP_OK);
    assert_int_equal(got.n_answers, 0); /* never from within the call */
    turn_until(&got.n_answers, 1, 5000);
    assert_int_equal(got.n_answers, 1);
    return got;
}

static reply find(const char *text) {
    reply got = find_near(text, NULL);
    assert_int_equal(got.err, SGP_OK);
    for (size_t i = 0; i < got.n; i++) {
        const sgp_place *p = &got.places[i];
        assert_true(p->confidence_permille >= 0 && p->confidence_permille <= 1000);
        assert_true(p->uncertainty_m > 0);
        assert_true(p->label[0] != '\0');
    }
    return got;
}

static int begin(void **state) {
    (void)state;
    char graphs[96];
    snprintf(graphs, sizeof graphs, "%s/graph", here.folder);
    sgp_import_options options = {
        .extract = monaco, .name = "monaco", .graph_dir = graphs, .conninfo = here.conninfo};
    sgp_import_result result;
    sgp_fault fault = {SGP_OK, ""};
    if (sgp_import(&options, &result, &fault) != SGP_OK) {
        fprintf(stderr, "%s\n", fault.text);
        return -1;
    }
    city = result.city;
    base = event_base_new();
    if (sgp_placer_create(base, here.conninfo, &city, &placer, &fault) != SGP_OK)
        return -1;
    wait_for_placer(false, 10000);
    return 0;
}

static int end(void **state) {
    (void)state;
    sgp_placer_destroy(placer);
    event_base_free(base);
    return 0;
}

static void test_placer_finds_streets(void **state) {
    (void)state;
    reply got = find("Avenue Princesse Grace");
    assert_true(got.n >= 1);
    assert_int_equal(got.places[0].kind, SGP_PLACE_STREET);
    assert_non_null(strstr(got.places[0].label, "Princesse Grace"));
    assert_true(got.places[0].confidence_permille > 400);
    /* Letters without their accents, and any case. */
    got = find("BOULEVARD DES MOULINS");
    assert_non_null(strstr(got.places[0].label, "oulevard des Moulins"));
    got = find("rue grimaldi");
    assert_non_null(strstr(got.places[0].label, "Rue Grimaldi"));
}

static void test_placer_finds_misspelt_words(void **state) {
    (void)state;
    reply got = find("rue grimaldy");
    assert_true(got.n >= 1);
    assert_non_null(strstr(got.places[0].label, "Grimaldi"));
    got = find("boulevard des mouliins");
    assert_true(got.n >= 1);
    assert_non_null(strstr(got.places[0].label, "Moulins"));
    reply exact = find("boulevard des moulins");
    assert_true(got.places[0].confidence_permille < exact.places[0].confidence_permille);
}

/* Whatever address the extract has, the caller's way of saying it finds it. */
static void test_placer_finds_addresses(void **state) {
    (void)state;
    sgp_place asked[40];
    size_t n = 0;
    sgp_fault fault;
    assert_int_equal(sgp_addresses_sample(here.conninfo, &city, 3, asked, 40, &n, &fault), SGP_OK);
    assert_true(n > 10);
    size_t found = 0;
    for (size_t i = 0; i < n; i++) {
        reply got = find(asked[i].label);
        for (size_t k = 0; k < got.n && k < 3; k++)
            if (got.places[k].kind == SGP_PLACE_ADDRESS && got.places[k].uncertainty_m == 15 &&
                sgp_distance_m(got.places[k].point, asked[i].point) < 60) {
                found++;
                break;
            }
    }
    printf("%zu of %zu addresses found\n", found, n);
    assert_true(found * 10 >= n * 9);

    /* A number that is not there: the street, and honestly so. */
    reply got = find("Rue Grimaldi no 99999");
    assert_true(got.n >= 1);
    assert_int_equal(got.places[0].kind, SGP_PLACE_STREET);
    assert_true(got.places[0].uncertainty_m > 15);
}

static void test_placer_finds_facilities(void **state) {
    (void)state;
    sgp_place asked[60];
    size_t n = 0;
    sgp_fault fault;
    assert_int_equal(sgp_facilities_read(here.conninfo, &city, "any", 3, asked, 60, &n, &fault),
                     SGP_OK);
    size_t found = 0;
    for (size_t i = 0; i < n; i++) {
        reply got = find(asked[i].label);
        for (size_t k = 0; k < got.n && k < 5; k++)
            if (sgp_distance_m(got.places[k].point, asked[i].point) < 100) {
                found++;
                break;
            }
    }
    printf("%zu of %zu facilities found\n", found, n);
    assert_true(found * 10 >= n * 9);
    reply at = find("Casino de Monte-Carlo");
    assert_true(at.n >= 1);
    reply before = find("di depan Casino de Monte-Carlo");
    assert_true(before.n >= 1);
    /* Formerly the building's own point; now that of the street before it. */
    assert_int_equal(before.places[0].kind, SGP_PLACE_RELATIVE);
    assert_true(sgp_distance_m(at.places[0].point, before.places[0].point) <
                at.places[0].uncertainty_m + 100);
    assert_true(before.places[0].uncertainty_m >= 30);
    assert_true(before.places[0].confidence_permille < at.places[0].confidence_permille);
}

static void test_placer_takes_points_in_either_order(void **state) {
    (void)state;
    static const char *const TEXTS[] = {"7.4246,43.7384", "43.7384, 7.4246", "7.4246 43.7384"};
    for (size_t i = 0; i < 3; i++) {
        reply got = find(TEXTS[i]);
        assert_int_equal(got.n, 1);
        assert_int_equal(got.places[0].kind, SGP_PLACE_COORDINATES);
        assert_int_equal(got.places[0].point.lon_e7, 74246000);
        assert_int_equal(got.places[0].point.lat_e7, 437384000);
        assert_true(got.places[0].confidence_permille == 1000);
    }
    assert_int_equal(find("112.63,-7.98").n, 0); /* another city */
    assert_int_equal(find("400.0,900.0").n, 0);
}

static void test_placer_reverse_names_the_place(void **state) {
    (void)state;
    reply got = {0};
    sgp_point point = {74246000, 437384000};
    assert_int_equal(sgp_placer_reverse(placer, point, take, &got), SGP_OK);
    turn_until(&got.n_answers, 1, 5000);
    assert_int_equal(got.err, SGP_OK);
    assert_true(got.n >= 1);
    assert_true(got.places[0].label[0] && got.places[0].kelurahan[0]);
    assert_true(sgp_distance_m(point, got.places[0].point) < 500);
}

static void test_placer_nearness_counts(void **state) {
    (void)state;
    reply got = find("Rue");
    assert_true(got.n >= 2);
    sgp_point near = got.places[got.n - 1].point;
    reply biased = find_near("Rue", &near);
    assert_true(sgp_distance_m(biased.places[0].point, near) <=
                sgp_distance_m(got.places[0].point, near));
    /* The same name in many places is never sure. */
    assert_true(got.places[0].confidence_permille < 600);
}

/* A position that was told before says where to look for what is said now. */
static void test_placer_hears_earlier_positions(void **state) {
    (void)state;
    reply got = find("Rue");
    assert_true(got.n >= 2);
    sgp_point near = got.places[got.n - 1].point;
    char position[64];
    snprintf(position, sizeof position, "%.6f, %.6f", sgp_lat(near), sgp_lon(near));
    const char *const earlier[] = {position};
    reply biased = find_near("Rue", &near), later = {0};
    sgp_place_options options = {.earlier = earlier, .n_earlier = 1};
    assert_int_equal(sgp_placer_find(placer, "Rue", &options, take, &later, NULL), SGP_OK);
    turn_until(&later.n_answers, 1, 5000);
    assert_int_equal(later.err, SGP_OK);
    assert_true(later.n >= 1);
    assert_true(sgp_distance_m(later.places[0].point, near) <=
                sgp_distance_m(biased.places[0].point, near));
}

static void test_placer_survives_nonsense(void **state) {
    (void)state;
    static const char *const TEXTS[] = {
        "'; DROP TABLE name; --",
        "%",
        "_",
        "100%",
        "\\",
        "\\'",
        "\"",
        "{}",
        "{\"a\",NULL}",
        "$1",
        "NULL",
        "& | ! ( ) : * <->",
        "a:*",
        "!!!",
        "zzzzqqqq xxxx",
        "\xff\xfe\xfd",
        "\xc3(",
        "caf\xc3\xa9 \xed\xa0\x80",
        "\xe2\x80\x8b",
        "\xf0\x9f\x9a\x91",
        "\xc2\xbd",
        "\xef\xac\x81",
        "a",
        "1",
        "no 5",
        "Jl.",
        "17",
        "nan,inf",
        "1e308 1e308",
        "0x10,0x10",
        "-,-",
    };
    for (size_t i = 0; i < sizeof TEXTS / sizeof *TEXTS; i++)
        find(TEXTS[i]);
    char longest[1001];
    for (int i = 0; i < 1000; i++)
        longest[i] = "rue abc\xc3\xa9 \xff% '"[i % 15];
    longest[1000] = '\0';
    find(longest);
    memset(longest, 'x', 1000);
    find(longest);
    /* The table is still there. */
    assert_true(find("rue grimaldi").n >= 1);
    reply unasked = {0};
    assert_int_equal(
        sgp_placer_find(placer, "", &(sgp_place_options){.limit = 5}, take, &unasked, NULL),
        SGP_E_ARGUMENT);
    assert_int_equal(
        sgp_placer_find(placer, "  ", &(sgp_place_options){.limit = 5}, take, &unasked, NULL),
        SGP_E_ARGUMENT);
    assert_int_equal(unasked.n_answers, 0);
    assert_true(find("rue").n > 0);
}

static void test_placer_bounds_what_waits(void **state) {
    (void)state;
    enum { ASKED = 200 };
    static reply got[ASKED];
    memset(got, 0, sizeof got);
    for (int i = 0; i < ASKED; i++)
        assert_int_equal(sgp_placer_find(placer, "rue grimaldi", &(sgp_place_options){.limit = 3},
                                         take, &got[i], NULL),
                         SGP_OK);
    int full = 0, fine = 0;
    for (int i = 0; i < ASKED; i++) {
        turn_until(&got[i].n_answers, 1, 5000);
        assert_int_equal(got[i].n_answers, 1);
        full += got[i].err == SGP_E_FULL;
        fine += got[i].err == SGP_OK && got[i].n >= 1 && got[i].n <= 3;
    }
    assert_int_equal(fine, 64);
    assert_int_equal(full, ASKED - 64);
}

static void test_placer_is_away_and_comes_back(void **state) {
    (void)state;
    char line[256];
    reply outstanding = {0};
    assert_int_equal(sgp_placer_find(placer, "rue grimaldi", &(sgp_place_options){.limit = 3}, take,
                                     &outstanding, NULL),
                     SGP_OK);
    assert_int_equal(gis_shell("stop", here.cluster, line, sizeof line), 0);
    turn_until(&outstanding.n_answers, 1, 5000);
    assert_int_equal(outstanding.n_answers, 1);
    wait_for_placer(true, 5000);
    assert_true(sgp_placer_fault(placer)[0] != '\0');
    int64_t begun_us = sgp_monotonic_us();
    reply got = find_near("rue grimaldi", NULL);
    assert_int_equal(got.err, SGP_E_DATABASE);
    assert_true(sgp_monotonic_us() - begun_us < 1000000);
    /* Coordinates need no database, in either order; nowhere is still nowhere. */
    got = find("7.42, 43.74");
    assert_int_equal(got.n, 1);
    assert_int_equal(got.places[0].kind, SGP_PLACE_COORDINATES);
    assert_int_equal(got.places[0].point.lon_e7, 74200000);
    assert_string_equal(got.places[0].label, "7.42000, 43.74000");
    assert_int_equal(find("43.74 7.42").places[0].point.lon_e7, 74200000);
    assert_int_equal(find("112.63,-7.98").n, 0);
    assert_int_equal(gis_shell("start", here.cluster, line, sizeof line), 0);
    wait_for_placer(false, 15000);
    assert_string_equal(sgp_placer_fault(placer), "");
    assert_true(find("rue grimaldi").n >= 1);
}

static void test_placer_without_its_city_is_away(void **state) {
    (void)state;
    sgp_city_id nobody = {{9, 9}};
    sgp_placer *lonely = NULL;
    sgp_fault fault;
    assert_int_equal(sgp_placer_create(base, here.conninfo, &nobody, &lonely, &fault), SGP_OK);
    reply got = {0};
    assert_int_equal(
        sgp_placer_find(lonely, "rue", &(sgp_place_options){.limit = 3}, take, &got, NULL), SGP_OK);
    turn_until(&got.n_answers, 1, 5000);
    assert_int_equal(got.err, SGP_E_DATABASE);
    assert_true(sgp_placer_away(lonely));
    assert_non_null(strstr(sgp_placer_fault(lonely), "does not hold the city"));
    /* It has never seen the city's bounds, so it cannot tell which number is which. */
    assert_int_equal(
        sgp_placer_find(lonely, "7.42,43.74", &(sgp_place_options){.limit = 3}, take, &got, NULL),
        SGP_OK);
    turn_until(&got.n_answers, 2, 5000);
    assert_int_equal(got.err, SGP_E_DATABASE);
    sgp_placer_set_bounds(lonely, (sgp_point){74000000, 437000000},
                          (sgp_point){74500000, 437600000});
    assert_int_equal(
        sgp_placer_find(lonely, "7.42,43.74", &(sgp_place_options){.limit = 3}, take, &got, NULL),
        SGP_OK);
    turn_until(&got.n_answers, 3, 5000);
    assert_int_equal(got.err, SGP_OK);
    assert_int_equal(got.n, 1);
    /* What is outstanding is answered on the way out. */
    got = (reply){0};
    assert_int_equal(
        sgp_placer_find(lonely, "rue", &(sgp_place_options){.limit = 3}, take, &got, NULL), SGP_OK);
    sgp_placer_destroy(lonely);
    assert_int_equal(got.n_answers, 1);
    assert_int_equal(got.err, SGP_E_DATABASE);
    assert_int_equal(sgp_placer_create(base, "no such=setting", &city, &lonely, &fault),
                     SGP_E_CONFIG);
}

int main(void) {
    if (!gis_extract("osrm_monaco.osm.pbf", monaco)) {
        fprintf(stderr, "skipped: the extract is not under SIGAP_DATA\n");
        return GIS_SKIPPED;
    }
    int code = gis_city_begin(&here);
    if (code != 0)
        return code;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_placer_finds_streets),
        cmocka_unit_test(test_placer_finds_misspelt_words),
        cmocka_unit_test(test_placer_finds_addresses),
        cmocka_unit_test(test_placer_finds_facilities),
        cmocka_unit_test(test_placer_takes_points_in_either_order),
        cmocka_unit_test(test_placer_reverse_names_the_place),
        cmocka_unit_test(test_placer_nearness_counts),
        cmocka_unit_test(test_placer_hears_earlier_positions),
        cmocka_unit_test(test_placer_survives_nonsense),
        cmocka_unit_test(test_placer_bounds_what_waits),
        cmocka_unit_test(test_placer_is_away_and_comes_back),
        cmocka_unit_test(test_placer_without_its_city_is_away),
    };
    code = cmocka_run_group_tests(tests, begin, end);
    gis_city_end(&here);
    return code;
}
