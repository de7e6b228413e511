/* The sketch of Malang Raya, read back from the extract it writes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <libconfig.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gis/malang/sketch.h"
#include "route/osm_graph.h"
#include "route/osm_pbf.h"

#define DATA SIGAP_SOURCE_DIR "/gis/malang/data"
#define MOST_NODES 600000
#define MOST_BOUNDARIES 4096

/* What a reader needs to know of the city: ids of the sketch count from 1. */
typedef struct read_back {
    sgp_point *points;   /* [MOST_NODES] by id */
    uint8_t *on_road;    /* 1 on any highway, 2 on a drivable one, 4 reached, 8 reaches back */
    uint32_t *from, *to; /* drivable arcs */
    size_t n_arcs, room_arcs;
    char names[MOST_BOUNDARIES][64]; /* of boundaries */
    char levels[MOST_BOUNDARIES];
    size_t n_names;
    size_t posts, hamlets, estates, block_ways, slash_numbers, block_numbers;
    size_t gates, doors, worship, convenience;
    double brawijaya_m; /* across its ground */
    int64_t care[512];  /* first nodes of hospitals and clinics */
    char care_names[512][64];
    size_t n_care, restrictions, signals, gangs, addresses;
    sgp_sketch_data *data;
    bool *drawn; /* [data->n_roads] was a way of this name seen? */
} read_back;

static const char *value_of(sgp_osm_tags tags, const char *key) {
    for (size_t i = 0; i < tags.count; i++)
        if (strcmp(tags.list[i].key, key) == 0)
            return tags.list[i].value;
    return "";
}

static void count_address(read_back *city, sgp_osm_tags tags) {
    const char *number = value_of(tags, "addr:housenumber");
    city->addresses += number[0] != '\0';
    city->slash_numbers += strchr(number, '/') != NULL;
    city->block_numbers += value_of(tags, "addr:block")[0] != '\0';
}

static void count_kinds(read_back *city, sgp_osm_tags tags) {
    city->worship += strcmp(value_of(tags, "amenity"), "place_of_worship") == 0;
    city->convenience += strcmp(value_of(tags, "shop"), "convenience") == 0;
}

static sgp_err see_node(void *ctx, int64_t id, sgp_point point, sgp_osm_tags tags) {
    read_back *city = ctx;
    assert_true(id > 0 && id < MOST_NODES);
    city->points[id] = point;
    city->signals += strcmp(value_of(tags, "highway"), "traffic_signals") == 0;
    count_address(city, tags);
    bool post = strcmp(value_of(tags, "highway"), "milestone") == 0;
    city->posts += post;
    /* A post without its distance is one that nobody can be sent to. */
    assert_true(!post || value_of(tags, "distance")[0] != '\0');
    city->hamlets += strcmp(value_of(tags, "place"), "hamlet") == 0;
    city->gates += strcmp(value_of(tags, "barrier"), "gate") == 0;
    city->doors += strcmp(value_of(tags, "entrance"), "main") == 0;
    count_kinds(city, tags);
    return SGP_OK;
}

static void add_arc(read_back *city, int64_t from, int64_t to) {
    if (city->n_arcs == city->room_arcs) {
        city->room_arcs = city->room_arcs != 0 ? city->room_arcs * 2 : 4096;
        city->from = realloc(city->from, city->room_arcs * sizeof *city->from);
        city->to = realloc(city->to, city->room_arcs * sizeof *city->to);
        assert_non_null(city->from);
        assert_non_null(city->to);
    }
    city->from[city->n_arcs] = (uint32_t)from;
    city->to[city->n_arcs++] = (uint32_t)to;
}

static sgp_err see_way(void *ctx, int64_t id, const int64_t *refs, size_t n, sgp_osm_tags tags) {
    read_back *city = ctx;
    (void)id;
    const char *highway = value_of(tags, "highway"), *amenity = value_of(tags, "amenity");
    bool gang = strcmp(highway, "footway") == 0 || strcmp(highway, "path") == 0;
    city->gangs += gang;
    count_address(city, tags);
    count_kinds(city, tags);
    if (strcmp(value_of(tags, "name"), "Universitas Brawijaya") == 0)
        for (size_t i = 0; i < n; i++)
            city->brawijaya_m = fmax(city->brawijaya_m,
                                     sgp_distance_m(city->points[refs[0]], city->points[refs[i]]));
    city->estates += strcmp(value_of(tags, "landuse"), "residential") == 0;
    city->block_ways += highway[0] != '\0' && strstr(value_of(tags, "name"), "Blok ") != NULL;
    bool oneway = strcmp(value_of(tags, "oneway"), "yes") == 0;
    for (size_t i = 0; highway[0] != '\0' && i < city->data->n_roads; i++)
        if (strcmp(city->data->roads[i].line.name, value_of(tags, "name")) == 0)
            city->drawn[i] = true;
    for (size_t i = 0; highway[0] != '\0' && i < n; i++) {
        city->on_road[refs[i]] |= gang ? 1 : 3;
        if (i > 0 && !gang) {
            add_arc(city, refs[i - 1], refs[i]);
            if (!oneway)
                add_arc(city, refs[i], refs[i - 1]);
        }
    }
    if (strcmp(amenity, "hospital") == 0 || strcmp(amenity, "clinic") == 0) {
        (void)snprintf(city->care_names[city->n_care], 64, "%s", value_of(tags, "name"));
        city->care[city->n_care++] = refs[0];
    }
    return SGP_OK;
}

static sgp_err see_relation(void *ctx, int64_t id, const sgp_osm_member *members, size_t n,
                            sgp_osm_tags tags) {
    read_back *city = ctx;
    (void)id;
    (void)members;
    assert_true(n > 0);
    if (strcmp(value_of(tags, "type"), "restriction") == 0) {
        city->restrictions++;
        assert_int_equal(n, 3);
    } else {
        assert_true(city->n_names < MOST_BOUNDARIES);
        (void)snprintf(city->names[city->n_names], 64, "%s", value_of(tags, "name"));
        city->levels[city->n_names++] = value_of(tags, "admin_level")[0];
    }
    return SGP_OK;
}

static char extract[64];
static sgp_sketch_counts counts;
static read_back *seen;

static void make(const char *path, uint64_t seed, sgp_sketch_counts *made) {
    sgp_fault fault = {0};
    if (sgp_sketch_make(DATA, seed, path, made, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
}

static int read_city(void **state) {
    (void)state;
    (void)snprintf(extract, sizeof extract, "/tmp/test-sketch-%d.osm.pbf", (int)getpid());
    make(extract, 1, &counts);
    seen = calloc(1, sizeof *seen);
    seen->points = calloc(MOST_NODES, sizeof *seen->points);
    seen->on_road = calloc(MOST_NODES, 1);
    sgp_osm_file *file = NULL;
    sgp_fault fault = {0};
    assert_int_equal(sgp_sketch_data_read(DATA, &seen->data, &fault), SGP_OK);
    seen->drawn = calloc(seen->data->n_roads, sizeof *seen->drawn);
    assert_int_equal(sgp_osm_file_open(extract, &file, &fault), SGP_OK);
    sgp_osm_visitor visitor = {
        .ctx = seen, .node = see_node, .way = see_way, .relation = see_relation};
    if (sgp_osm_file_read(file, &visitor, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    sgp_osm_file_close(file);
    return 0;
}

static int forget_city(void **state) {
    (void)state;
    (void)unlink(extract);
    free(seen->points);
    free(seen->on_road);
    free(seen->from);
    free(seen->to);
    free(seen->drawn);
    sgp_sketch_data_destroy(seen->data);
    free(seen);
    return 0;
}

static void test_sketch_is_of_city_size(void **state) {
    (void)state;
    size_t nodes = 0;
    for (size_t i = 0; i < MOST_NODES; i++)
        nodes += seen->on_road[i] & 1;
    assert_int_equal(nodes, counts.road_nodes);
    assert_true(nodes >= 40000);
    assert_true(seen->gangs > 3000);
    assert_true(seen->addresses > 20000);
    assert_true(seen->restrictions >= 24);
    assert_true(seen->signals >= 30);
    assert_true(counts.gaps > 10);
    assert_int_equal(counts.missing_turns, 0);
}

static void reach(bool backward, uint8_t mark) {
    uint32_t *from = backward ? seen->to : seen->from, *to = backward ? seen->from : seen->to;
    uint32_t *first = calloc(MOST_NODES + 2, sizeof *first),
             *list = calloc(seen->n_arcs + 1, sizeof *list);
    uint32_t *queue = calloc(MOST_NODES, sizeof *queue);
    for (size_t i = 0; i < seen->n_arcs; i++)
        first[from[i] + 2]++;
    for (size_t i = 2; i < MOST_NODES + 2; i++)
        first[i] += first[i - 1];
    for (size_t i = 0; i < seen->n_arcs; i++)
        list[first[from[i] + 1]++] = to[i];
    size_t head = 0, tail = 0;
    queue[tail++] = seen->from[0];
    seen->on_road[seen->from[0]] |= mark;
    while (head < tail) {
        uint32_t node = queue[head++];
        for (uint32_t i = first[node]; i < first[node + 1]; i++)
            if ((seen->on_road[list[i]] & mark) == 0) {
                seen->on_road[list[i]] |= mark;
                queue[tail++] = list[i];
            }
    }
    free(first);
    free(list);
    free(queue);
}

static void test_sketch_roads_are_one_network(void **state) {
    (void)state;
    reach(false, 4);
    reach(true, 8);
    size_t drivable = 0, lost = 0;
    for (size_t i = 0; i < MOST_NODES; i++) {
        drivable += (seen->on_road[i] & 2) != 0;
        lost += (seen->on_road[i] & 2) != 0 && (seen->on_road[i] & 12) != 12;
    }
    print_message("%zu drivable nodes, %zu cut off\n", drivable, lost);
    assert_int_equal(lost, 0);
    assert_int_equal(lost, counts.trapped);
}

static void test_sketch_draws_every_main_road(void **state) {
    (void)state;
    for (size_t i = 0; i < seen->data->n_roads; i++)
        if (!seen->drawn[i])
            fail_msg("%s is not in the extract", seen->data->roads[i].line.name);
}

/* The very import of a real extract: one network, also with its turn restrictions. */
static void test_sketch_makes_one_road_graph(void **state) {
    (void)state;
    sgp_osm_graph *graph = NULL;
    sgp_city_id city = {{1}};
    sgp_fault fault = {0};
    if (sgp_osm_graph_read(extract, &city, "malang", NULL, NULL, &graph, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    const sgp_graph_parts *parts = sgp_osm_graph_parts(graph);
    const sgp_osm_counts *read = sgp_osm_graph_counts(graph);
    for (uint32_t p = 0; p < parts->n_profiles; p++) {
        const int32_t *weight = parts->weight + (size_t)p * parts->n_arcs;
        size_t driven = 0, in_main = 0;
        for (uint32_t i = 0; i < parts->n_edges; i++) {
            const sgp_edge *e = &parts->edges[i];
            driven += (e->forward_arc != SGP_NONE && weight[e->forward_arc] < SGP_INF) ||
                      (e->backward_arc != SGP_NONE && weight[e->backward_arc] < SGP_INF);
            in_main += e->main_profiles >> p & 1;
        }
        print_message("%s: %zu of %u edges driven, %zu in the main network\n",
                      parts->profiles[p].name, driven, parts->n_edges, in_main);
        assert_int_equal(in_main, driven);
    }
    assert_int_equal(read->restrictions, counts.restrictions);
    assert_int_equal(read->restrictions_ignored, 0);
    assert_int_equal(read->missing_nodes, 0);
    assert_int_equal(parts->is_sketch, 1);
    assert_int_equal(parts->drives_left, 1);
    sgp_osm_graph_destroy(graph);
}

static size_t count_level(char level) {
    size_t n = 0;
    for (size_t i = 0; i < seen->n_names; i++)
        n += seen->levels[i] == level;
    return n;
}

static void test_sketch_has_every_kecamatan_and_kelurahan(void **state) {
    (void)state;
    assert_int_equal(count_level('5'), 3);
    assert_int_equal(count_level('6'), 5 + 3 + 33);
    assert_int_equal(count_level('7'), 57 + 24);
    static const char *const some[] = {
        "Klojen",      "Kedungkandang", "Bumiaji",      "Kepanjen",  "Sumbermanjing Wetan",
        "Ampelgading", "Kasembon",      "Balearjosari", "Tasikmadu", "Oro-oro Dowo"};
    for (size_t i = 0; i < sizeof some / sizeof *some; i++) {
        bool found = false;
        for (size_t k = 0; k < seen->n_names; k++)
            found = found || strcmp(seen->names[k], some[i]) == 0;
        if (!found)
            fail_msg("no boundary of %s", some[i]);
    }
}

static void test_sketch_has_what_callers_name(void **state) {
    (void)state;
    assert_int_equal(seen->estates, seen->data->n_estates); /* each found room */
    assert_int_equal(seen->estates, counts.estates);
    assert_true(seen->estates >= 15);
    assert_true(seen->block_ways >= 3 * seen->estates);
    assert_true(seen->slash_numbers > 300 && seen->block_numbers > 300);
    assert_int_equal(seen->slash_numbers + seen->block_numbers, counts.estate_houses);
    assert_true(count_level('8') >= 57 * 4 && count_level('9') >= 200);
    assert_int_equal(count_level('8'), counts.rw);
    assert_true(seen->hamlets >= 300);
    assert_true(seen->posts >= 60);
    assert_true(seen->gates >= 15 && seen->doors >= 150);
    assert_int_equal(seen->gates + seen->doors, counts.entrances);
    assert_true(seen->worship >= 250 && seen->convenience >= 150);
    assert_true(seen->brawijaya_m > 500.0); /* a campus, not a point */
}

static void test_sketch_care_is_near_a_road(void **state) {
    (void)state;
    assert_true(seen->n_care >= 29 + 16);
    for (size_t c = 0; c < seen->n_care; c++) {
        double best = INFINITY;
        for (size_t i = 1; i < MOST_NODES; i++)
            if ((seen->on_road[i] & 2) != 0)
                best = fmin(best, sgp_distance_m(seen->points[seen->care[c]], seen->points[i]));
        if (best > 150.0)
            fail_msg("%s is %.0f m from the nearest point of a drivable road", seen->care_names[c],
                     best);
    }
}

static void compare_files(const char *one, const char *other, bool equal) {
    FILE *a = fopen(one, "rb"), *b = fopen(other, "rb");
    assert_non_null(a);
    assert_non_null(b);
    bool same = true;
    char left[65536], right[65536];
    for (size_t n = 1; n > 0 && same;) {
        n = fread(left, 1, sizeof left, a);
        same = fread(right, 1, sizeof right, b) == n && memcmp(left, right, n) == 0;
    }
    (void)fclose(a);
    (void)fclose(b);
    assert_int_equal(same, equal);
}

static void test_sketch_same_seed_same_bytes(void **state) {
    (void)state;
    char other[80];
    sgp_sketch_counts again;
    (void)snprintf(other, sizeof other, "%s.again", extract);
    make(other, 1, &again);
    compare_files(extract, other, true);
    make(other, 2, &again);
    compare_files(extract, other, false);
    assert_int_equal(again.trapped, 0);
    (void)unlink(other);
}

static void test_sketch_fleet_stands_at_its_places(void **state) {
    (void)state;
    char path[80];
    (void)snprintf(path, sizeof path, "%s.conf", extract);
    sgp_sketch_data *data = NULL;
    sgp_fault fault = {0};
    assert_int_equal(sgp_sketch_data_read(DATA, &data, &fault), SGP_OK);
    if (sgp_sketch_fleet_write(data, DATA, path, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    config_t file;
    config_init(&file);
    assert_int_equal(config_read_file(&file, path), CONFIG_TRUE);
    assert_true(config_setting_length(config_lookup(&file, "units")) >= 24);
    assert_true(config_setting_length(config_lookup(&file, "stations")) >= 18);
    config_setting_t *hospitals = config_lookup(&file, "hospitals");
    assert_true(config_setting_length(hospitals) >= 10);
    for (int i = 0; i < config_setting_length(hospitals); i++) {
        config_setting_t *hospital = config_setting_get_elem(hospitals, (unsigned)i);
        const char *name = NULL;
        double lon = 0.0, lat = 0.0;
        assert_int_equal(config_setting_lookup_string(hospital, "name", &name), CONFIG_TRUE);
        assert_int_equal(config_setting_lookup_float(hospital, "lon", &lon), CONFIG_TRUE);
        assert_int_equal(config_setting_lookup_float(hospital, "lat", &lat), CONFIG_TRUE);
        assert_true(lon > 112.2 && lon < 113.0 && lat > -8.5 && lat < -7.7);
    }
    config_destroy(&file);
    sgp_sketch_data_destroy(data);
    (void)unlink(path);
}

static void test_sketch_names_a_missing_folder(void **state) {
    (void)state;
    sgp_sketch_counts none;
    sgp_fault fault = {0};
    assert_int_equal(sgp_sketch_make("/nowhere", 1, "/tmp/never.osm.pbf", &none, &fault), SGP_E_IO);
    assert_non_null(strstr(fault.text, "/nowhere/roads_city.conf"));
}

static void write_points(const char *path, const char *text) {
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void test_sketch_check_measures_distances(void **state) {
    (void)state;
    char path[80];
    (void)snprintf(path, sizeof path, "%s.csv", extract);
    /* The first point lies on Jalan Ijen's end, the second 0.01 degrees (1,106 m) north of it. */
    write_points(path, "name,street,district,lat,lon,is_intersection\n"
                       "Jl. Besar Ijen Arah Utara,\"a, b\",Klojen,-7.9629,112.6261,1\n"
                       "Jl. Ijen,x,y,-7.9529,112.6261,1\n"
                       "Jl. Nowhere,x,y,-7.9529,112.6261,1\n");
    sgp_sketch_data *data = NULL;
    sgp_fault fault = {0};
    assert_int_equal(sgp_sketch_data_read(DATA, &data, &fault), SGP_OK);
    FILE *out = fopen("/dev/null", "w");
    double median_m = 0.0;
    assert_int_equal(sgp_sketch_check(data, path, out, &median_m, &fault), SGP_OK);
    assert_true(fabs(median_m - 553.0) < 3.0);
    (void)fclose(out);
    sgp_sketch_data_destroy(data);
    (void)unlink(path);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sketch_is_of_city_size),
        cmocka_unit_test(test_sketch_roads_are_one_network),
        cmocka_unit_test(test_sketch_draws_every_main_road),
        cmocka_unit_test(test_sketch_makes_one_road_graph),
        cmocka_unit_test(test_sketch_has_every_kecamatan_and_kelurahan),
        cmocka_unit_test(test_sketch_has_what_callers_name),
        cmocka_unit_test(test_sketch_care_is_near_a_road),
        cmocka_unit_test(test_sketch_same_seed_same_bytes),
        cmocka_unit_test(test_sketch_fleet_stands_at_its_places),
        cmocka_unit_test(test_sketch_names_a_missing_folder),
        cmocka_unit_test(test_sketch_check_measures_distances),
    };
    return cmocka_run_group_tests(tests, read_city, forget_city);
}
