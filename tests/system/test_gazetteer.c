/* What callers say in Malang, against a made-up corner of it: two streets of one
 * name in two districts, a hospital with nicknames, house numbers, boundaries of
 * three levels. Needs no data but a private PostGIS; skipped where that is absent.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "gis/import.h"
#include "gis/placer.h"
#include "gis_city.h"
#include "route/osm_pbf_write.h"

static gis_city here;
static struct event_base *base;
static sgp_placer *placer;

/* ---- the map ------------------------------------------------------------------------ */

/* A grid of 0.001 degree (some 110 m) from 112.600, -7.990. Node id = 1000 + 100 y + x. */
static sgp_point at(int x, int y) {
    return (sgp_point){1126000000 + x * 10000, -79900000 + y * 10000};
}

static int64_t node_id(int x, int y) {
    return 1000 + 100 * y + x;
}

typedef struct tagged {
    int64_t id;
    int x, y;
    sgp_osm_tag tags[5];
    size_t n;
} tagged;

typedef struct line {
    int64_t id;
    int from_x, from_y, to_x, to_y; /* along a row or a column of the grid */
    sgp_osm_tag tags[3];
    size_t n;
} line;

typedef struct box {
    int64_t id;
    int west, south, east, north;
    sgp_osm_tag tags[5];
    size_t n;
} box;

#define HOUSE(number, road) {{"addr:housenumber", number}, {"addr:street", road}}, 2
#define ROAD(kind, called) {{"highway", kind}, {"name", called}}, 2
#define BOUNDARY(level, called)                                                                    \
    {{"boundary", "administrative"}, {"admin_level", level}, {"name", called}}, 3

static const tagged POINTS[] = {
    {1, 10, 31, HOUSE("1", "Jalan Veteran")},
    {2, 12, 31, HOUSE("5", "Jalan Veteran")},
    {3, 13, 31, HOUSE("5A", "Jl. Veteran")},
    {4, 14, 31, HOUSE("9-11", "Jalan Veteran")},
    {5, 5, 12, {{"amenity", "clinic"}, {"name", "Puskesmas Dinoyo"}}, 2},
    {6, 7, 12, {{"amenity", "school"}, {"name", "SMA Negeri 3 Malang"}}, 2},
    {7, 9, 12, {{"amenity", "school"}, {"name", "SMA Negeri 1 Malang"}}, 2},
    {8, 45, 12, {{"shop", "mall"}, {"name", "Malang Olympic Garden"}, {"short_name", "MOG"}}, 3},
    {9, 46, 40, {{"amenity", "place_of_worship"}, {"name", "Masjid Jami'"}}, 2},
    {10, 10, 40, HOUSE("3", "Perumahan Tanpa Jalan")},
    {11,
     30,
     45,
     {{"highway", "traffic_signals"}, {"junction", "yes"}, {"name", "Simpang Empat Kawi"}},
     3},
    {12, 40, 45, {{"natural", "beach"}, {"name", "Pantai Balekambang"}}, 2},
};

static const line ROADS[] = {
    {101, 0, 30, 30, 30, ROAD("primary", "Jalan Veteran")},
    {102, 30, 30, 55, 30, ROAD("primary", "Jalan Soekarno Hatta")},
    {103, 30, 10, 30, 30, ROAD("secondary", "Jalan Kawi")},
    {104, 30, 10, 55, 10, ROAD("residential", "Jalan Veteran")},
    {105, 0, 10, 30, 10, ROAD("residential", "Jl. 17 Agustus")},
    {106, 0, 10, 0, 18, ROAD("residential", "Gang 3")},
};

static const box BOXES[] = {
    {201, -2, 0, 58, 50, BOUNDARY("5", "Kota Malang")},
    {202, -2, 0, 58, 20, BOUNDARY("6", "Klojen")},
    {203, -2, 20, 58, 50, BOUNDARY("6", "Lowokwaru")},
    {204, -2, 20, 58, 50, BOUNDARY("7", "Ketawanggede")},
    {205, -2, 0, 28, 20, BOUNDARY("7", "Kauman")},
    {206, 28, 0, 58, 20, BOUNDARY("7", "Kasin")},
    {207,
     20,
     14,
     22,
     16,
     {{"amenity", "hospital"},
      {"name", "RSUD Dr. Saiful Anwar"},
      {"short_name", "RSSA"},
      {"alt_name", "Rumah Sakit Saiful Anwar;RS Celaket"}},
     4},
};
#define COUNT(list) (sizeof(list) / sizeof *(list))

static void must(sgp_err err, const sgp_fault *fault) {
    if (err != SGP_OK)
        fail_msg("%s", fault->text);
}

static void write_roads(sgp_osm_writer *writer, sgp_fault *fault) {
    for (size_t i = 0; i < COUNT(ROADS); i++) {
        const line *road = &ROADS[i];
        int64_t refs[64];
        size_t n = 0;
        int dx = road->to_x > road->from_x, dy = road->to_y > road->from_y;
        for (int x = road->from_x, y = road->from_y; x <= road->to_x && y <= road->to_y;
             x += dx, y += dy)
            refs[n++] = node_id(x, y);
        must(sgp_osm_writer_way(writer, road->id, refs, n, road->tags, road->n, fault), fault);
    }
}

static void write_map(const char *path) {
    sgp_fault fault = {SGP_OK, ""};
    sgp_osm_writer *writer = NULL;
    must(sgp_osm_writer_open(path, SGP_OSM_SKETCH_PROGRAM, NULL, NULL, &writer, &fault), &fault);
    for (size_t i = 0; i < COUNT(POINTS); i++)
        must(sgp_osm_writer_node(writer, POINTS[i].id, at(POINTS[i].x, POINTS[i].y), POINTS[i].tags,
                                 POINTS[i].n, &fault),
             &fault);
    for (int y = 0; y <= 50; y++)
        for (int x = -2; x <= 58; x++)
            must(sgp_osm_writer_node(writer, node_id(x, y), at(x, y), NULL, 0, &fault), &fault);
    write_roads(writer, &fault);
    for (size_t i = 0; i < COUNT(BOXES); i++) {
        const box *b = &BOXES[i];
        int64_t refs[] = {node_id(b->west, b->south), node_id(b->east, b->south),
                          node_id(b->east, b->north), node_id(b->west, b->north),
                          node_id(b->west, b->south)};
        must(sgp_osm_writer_way(writer, b->id, refs, 5, b->tags, b->n, &fault), &fault);
    }
    must(sgp_osm_writer_finish(writer, &fault), &fault);
    sgp_osm_writer_destroy(writer);
}

/* ---- asking --------------------------------------------------------------------------- */

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
    event_base_loopbreak(base);
}

static reply answer_of(sgp_err asked, reply *got) {
    assert_int_equal(asked, SGP_OK);
    while (got->n_answers == 0)
        assert_int_equal(event_base_dispatch(base), 0);
    assert_int_equal(got->err, SGP_OK);
    return *got;
}

static reply find(const char *text, const sgp_point *near) {
    reply got = {0};
    return answer_of(
        sgp_placer_find(placer, text, &(sgp_place_options){.near = near}, take, &got, NULL), &got);
}

static int begin(void **state) {
    (void)state;
    char extract[96], graphs[96];
    snprintf(extract, sizeof extract, "%s/corner.osm.pbf", here.folder);
    snprintf(graphs, sizeof graphs, "%s/graph", here.folder);
    write_map(extract);
    sgp_import_options options = {
        .extract = extract, .graph_dir = graphs, .conninfo = here.conninfo};
    sgp_import_result result;
    sgp_fault fault = {SGP_OK, ""};
    if (sgp_import(&options, &result, &fault) != SGP_OK) {
        fprintf(stderr, "%s\n", fault.text);
        return -1;
    }
    assert_true(result.is_sketch);
    assert_int_equal(result.addresses, 5);
    base = event_base_new();
    return sgp_placer_create(base, here.conninfo, &result.city, &placer, &fault) == SGP_OK ? 0 : -1;
}

static int end(void **state) {
    (void)state;
    sgp_placer_destroy(placer);
    event_base_free(base);
    return 0;
}

/* ---- what callers say -------------------------------------------------------------------- */

static void test_gazetteer_understands_callers(void **state) {
    (void)state;
    static const struct {
        const char *text;
        sgp_place_kind kind;
        const char *label, *kecamatan;
        int surest, least; /* bounds of the confidence */
    } ROWS[] = {
        /* The number is on the one in Ketawanggede, but there are two Veterans. */
        {"Jl. Veteran 5", SGP_PLACE_ADDRESS, "Jl. Veteran 5, Ketawanggede", "Lowokwaru", 599, 400},
        {"jalan veteran no. 5 a ketawanggede", SGP_PLACE_ADDRESS, "Jl. Veteran 5A, Ketawanggede",
         "Lowokwaru", 1000, 700},
        {"Jl. Veteran 10, Ketawanggede", SGP_PLACE_STREET,
         "Jl. Veteran 10 (dekat no. 9-11), Ketawanggede", "Lowokwaru", 850, 400},
        {"VETERAN KASIN", SGP_PLACE_STREET, "Jl. Veteran, Kasin", "Klojen", 1000, 700},
        {"Jl Veteran, Klojen", SGP_PLACE_STREET, "Jl. Veteran, Kasin", "Klojen", 1000, 700},
        /* Old and new spelling sound alike: hardly less sure than the name itself. */
        {"jl sukarno hatta", SGP_PLACE_STREET, "Jl. Soekarno Hatta, Ketawanggede", "Lowokwaru", 969,
         800},
        {"Jl. Soekarno-Hatta, Malang", SGP_PLACE_STREET, "Jl. Soekarno Hatta, Ketawanggede",
         "Lowokwaru", 1000, 800},
        {"jl 17 agustus", SGP_PLACE_STREET, "Jl. 17 Agustus, Kauman", "Klojen", 1000, 800},
        {"gg 3", SGP_PLACE_GANG, "Gang 3, Kauman", "Klojen", 1000, 600},
        {"RSSA", SGP_PLACE_FACILITY, "RSUD Dr. Saiful Anwar, Kauman", "Klojen", 1000, 900},
        {"rumah sakit saiful anwar", SGP_PLACE_FACILITY, "RSUD Dr. Saiful Anwar, Kauman", "Klojen",
         1000, 900},
        {"r.s. celaket", SGP_PLACE_FACILITY, "RSUD Dr. Saiful Anwar, Kauman", "Klojen", 1000, 700},
        /* The point of the street before it, which is why it is surer than the building was. */
        {"depan MOG", SGP_PLACE_RELATIVE, "depan Malang Olympic Garden, Jl. Veteran, Kasin",
         "Klojen", 940, 700},
        {"pkm dinoyo", SGP_PLACE_FACILITY, "Puskesmas Dinoyo, Kauman", "Klojen", 1000, 900},
        {"SMAN 3", SGP_PLACE_FACILITY, "SMA Negeri 3 Malang, Kauman", "Klojen", 1000, 500},
        {"mesjid jami", SGP_PLACE_FACILITY, "Masjid Jami', Ketawanggede", "Lowokwaru", 1000, 900},
        {"Kel. Kauman", SGP_PLACE_AREA, "Kauman, Klojen", "Klojen", 1000, 800},
        {"kecelakaan di depan MOG", SGP_PLACE_RELATIVE,
         "depan Malang Olympic Garden, Jl. Veteran, Kasin", "Klojen", 940, 700},
        {"saya di jalan kawi", SGP_PLACE_STREET, "Jl. Kawi, Ketawanggede", "Lowokwaru", 1000, 500},
        {"perempatan kawi", SGP_PLACE_JUNCTION, "Simpang Empat Kawi, Ketawanggede", "Lowokwaru",
         1000, 800},
        {"pantai balekambang", SGP_PLACE_FACILITY, "Pantai Balekambang, Ketawanggede", "Lowokwaru",
         1000, 900},
        {"perumahan tanpa jalan no 3", SGP_PLACE_ADDRESS, "Perumahan Tanpa Jalan 3, Ketawanggede",
         "Lowokwaru", 1000, 800},
    };
    int failures = 0;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        reply got = find(ROWS[i].text, NULL);
        if (got.n == 0)
            fail_msg("'%s': nothing found", ROWS[i].text);
        const sgp_place *best = &got.places[0];
        if (best->kind != ROWS[i].kind || strcmp(best->label, ROWS[i].label) != 0 ||
            strcmp(best->kecamatan, ROWS[i].kecamatan) != 0 ||
            best->confidence_permille > ROWS[i].surest ||
            best->confidence_permille < ROWS[i].least) {
            failures++;
            fprintf(stderr, "'%s' gave %s '%s' (%s) at %d\n", ROWS[i].text,
                    sgp_place_kind_str(best->kind), best->label, best->kecamatan,
                    best->confidence_permille);
        }
        if (strcmp(best->kabupaten, "Kota Malang") != 0)
            fail_msg("'%s': kabupaten '%s'", ROWS[i].text, best->kabupaten);
    }
    assert_int_equal(failures, 0);
}

static void test_gazetteer_keeps_homonyms(void **state) {
    (void)state;
    reply got = find("Jl. Veteran", NULL);
    assert_true(got.n >= 2);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(got.places[i].kind, SGP_PLACE_STREET);
        assert_true(got.places[i].confidence_permille < 600);
    }
    assert_string_not_equal(got.places[0].kelurahan, got.places[1].kelurahan);
    /* The nearer one first, whichever that is; still not sure. */
    for (int i = 0; i < 2; i++) {
        reply biased = find("Jl. Veteran", &got.places[i].point);
        assert_true(sgp_point_equal(biased.places[0].point, got.places[i].point));
        assert_true(biased.places[0].confidence_permille < 600);
    }
}

static void test_gazetteer_says_how_far_off_it_may_be(void **state) {
    (void)state;
    reply got = find("Jl. Veteran 5, Ketawanggede", NULL);
    assert_int_equal(got.places[0].uncertainty_m, 15);
    assert_true(sgp_distance_m(got.places[0].point, at(12, 31)) < 1);
    got = find("Jl. Veteran, Ketawanggede", NULL); /* 30 steps of 110 m */
    assert_in_range(got.places[0].uncertainty_m, 1500, 1800);
    got = find("RSSA", NULL); /* 220 m by 220 m */
    assert_in_range(got.places[0].uncertainty_m, 140, 170);
    assert_true(sgp_distance_m(got.places[0].point, at(21, 15)) < 60);
    got = find("Masjid Jami", NULL);
    assert_int_equal(got.places[0].uncertainty_m, 20);
}

static void test_gazetteer_reverse(void **state) {
    (void)state;
    reply got = {0};
    got = answer_of(sgp_placer_reverse(placer, at(12, 31), take, &got), &got);
    assert_int_equal(got.places[0].kind, SGP_PLACE_ADDRESS);
    assert_string_equal(got.places[0].label, "Jl. Veteran 5, Ketawanggede");
    assert_string_equal(got.places[0].kecamatan, "Lowokwaru");
    got = (reply){0};
    got = answer_of(sgp_placer_reverse(placer, at(29, 20), take, &got), &got);
    assert_int_equal(got.places[0].kind, SGP_PLACE_STREET);
    assert_non_null(strstr(got.places[0].label, "Jl. Kawi"));
    assert_in_range(got.places[0].uncertainty_m, 110, 140);
    got = (reply){0};
    got = answer_of(sgp_placer_reverse(placer, at(5, 45), take, &got), &got);
    assert_int_equal(got.n, 1);
    assert_int_equal(got.places[0].kind, SGP_PLACE_AREA);
    assert_string_equal(got.places[0].label, "Ketawanggede, Lowokwaru");
    /* The sea. */
    got = (reply){0};
    got = answer_of(sgp_placer_reverse(placer, (sgp_point){1126000000, -100000000}, take, &got),
                    &got);
    assert_int_equal(got.n, 0);
}

int main(void) {
    int code = gis_city_begin(&here);
    if (code != 0)
        return code;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gazetteer_understands_callers),
        cmocka_unit_test(test_gazetteer_keeps_homonyms),
        cmocka_unit_test(test_gazetteer_says_how_far_off_it_may_be),
        cmocka_unit_test(test_gazetteer_reverse),
    };
    code = cmocka_run_group_tests(tests, begin, end);
    gis_city_end(&here);
    return code;
}
