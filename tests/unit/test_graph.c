/* The road graph's file: what is written is read back; everything else is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "graph_maker.h"
#include "route/graph_format.h"
#include "sigap/router.h"

static graph_maker maker;
static char folder[64];
static char path[128];

/* Two crossings, three roads: a two-way one, a parallel one-way one, a loop. */
static const sgp_graph_parts *small_graph(void) {
    maker_begin(&maker);
    uint32_t a = maker_vertex(&maker, 1126300000, -79600000, 11);
    uint32_t b = maker_vertex(&maker, 1126400000, -79600000, 7);
    uint32_t c = maker_vertex(&maker, 1126400000, -79600000, 7);
    sgp_point bend = {1126350000, -79610000};
    maker_edge(&maker, a, b, 60000, 61000, NULL, 0, 0, "Jalan Ijen", SGP_EDGE_MAIN);
    maker_edge(&maker, a, c, 90000, MAKER_NO_ARC, &bend, 1, 0, "", SGP_EDGE_MAIN);
    maker_edge(&maker, a, a, 5, 0, &bend, 1, 0, "Gang I", 0);
    maker_connector(&maker, c, b, 3000);
    uint32_t door = maker_foot_vertex(&maker, 1126300000, -79600000);
    uint32_t home = maker_foot_vertex(&maker, 1126310000, -79601000);
    maker_named_foot_way(&maker, door, home, 80000, 80000, "Gang II");
    maker_foot_door(&maker, door, 0, 0);
    maker_finish(&maker);
    maker.parts.places = maker_places();
    return &maker.parts;
}

static uint8_t *read_file(const char *name, size_t *length) {
    FILE *file = fopen(name, "rb");
    assert_non_null(file);
    uint8_t *bytes = malloc(1 << 20);
    assert_non_null(bytes);
    *length = fread(bytes, 1, 1 << 20, file);
    fclose(file);
    return bytes;
}

static void write_file(const char *name, const uint8_t *bytes, size_t length) {
    FILE *file = fopen(name, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

/* Opens bytes as a file and returns the error; the fault must say something. */
static sgp_err open_bytes(const uint8_t *bytes, size_t length, sgp_fault *fault) {
    write_file(path, bytes, length);
    sgp_graph *graph = NULL;
    *fault = (sgp_fault){0};
    sgp_err err = sgp_graph_open(path, &graph, fault);
    if (err) {
        assert_null(graph);
        assert_int_equal(fault->code, err);
        assert_true(strlen(fault->text) > 10);
    } else {
        sgp_graph_close(graph);
    }
    return err;
}

/* Makes both checksums right again, as somebody with bad intentions would. */
static void sign(uint8_t *bytes, size_t length) {
    sgp_file_header header;
    memcpy(&header, bytes, sizeof header);
    crypto_generichash(header.body_hash, sizeof header.body_hash, bytes + SGP_GRAPH_HEADER_BYTES,
                       length - SGP_GRAPH_HEADER_BYTES, NULL, 0);
    memset(header.header_hash, 0, sizeof header.header_hash);
    memcpy(bytes, &header, sizeof header);
    crypto_generichash(header.header_hash, sizeof header.header_hash, bytes, SGP_GRAPH_HEADER_BYTES,
                       NULL, 0);
    memcpy(bytes, &header, sizeof header);
}

/* An arc as it is known whatever the numbers of vertices and arcs. */
typedef struct known_arc {
    int64_t tail_node, head_node;
    uint32_t edge;
    int32_t weight;
    int is_own;
} known_arc;

static int compare_known(const void *left, const void *right) {
    return memcmp(left, right, sizeof(known_arc));
}

static uint32_t list_arcs(const sgp_graph_parts *p, known_arc *list) {
    memset(list, 0, MAKER_ARCS * sizeof *list);
    for (uint32_t v = 0; v < p->n_vertices; v++)
        for (uint32_t a = p->first_arc[v]; a < p->first_arc[v + 1]; a++) {
            uint32_t e = p->arc_edge[a];
            list[a].tail_node = p->vertex_node[v];
            list[a].head_node = p->vertex_node[p->arc_head[a]];
            list[a].edge = e;
            list[a].weight = p->weight[a];
            list[a].is_own = e != SGP_NONE && (e & 1 ? p->edges[e >> 1].backward_arc
                                                     : p->edges[e >> 1].forward_arc) == a;
        }
    qsort(list, p->n_arcs, sizeof *list, compare_known);
    return p->n_arcs;
}

/* The same roads, vertices and arcs under other numbers. */
static void check_same_arcs(const sgp_graph_parts *in, const sgp_graph_parts *out) {
    static known_arc before[MAKER_ARCS], after[MAKER_ARCS];
    assert_int_equal(out->n_vertices, in->n_vertices);
    assert_int_equal(list_arcs(in, before), list_arcs(out, after));
    assert_memory_equal(before, after, in->n_arcs * sizeof *before);
    assert_int_equal(out->n_edges, in->n_edges);
    for (uint32_t e = 0; e < in->n_edges; e++) {
        sgp_edge edge = out->edges[e];
        assert_int_equal(edge.forward_arc == SGP_NONE, in->edges[e].forward_arc == SGP_NONE);
        assert_int_equal(edge.backward_arc == SGP_NONE, in->edges[e].backward_arc == SGP_NONE);
        edge.forward_arc = in->edges[e].forward_arc;
        edge.backward_arc = in->edges[e].backward_arc;
        assert_memory_equal(&edge, &in->edges[e], sizeof edge);
    }
    for (uint32_t v = 0; v < out->n_vertices; v++)
        for (uint32_t a = out->first_arc[v] + 1; a < out->first_arc[v + 1]; a++)
            assert_true(out->arc_head[a - 1] <= out->arc_head[a]);
}

static void test_graph_reads_back_what_was_written(void **state) {
    (void)state;
    sgp_fault fault = {0};
    const sgp_graph_parts *in = small_graph();
    assert_int_equal(sgp_graph_write(path, in, NULL, &fault), SGP_OK);
    sgp_graph *graph;
    assert_int_equal(sgp_graph_open(path, &graph, &fault), SGP_OK);
    const sgp_graph_parts *out = sgp_graph_get(graph);
    assert_string_equal(out->name, "testville");
    assert_memory_equal(&out->city, &in->city, sizeof in->city);
    char text[33];
    sgp_city_id_format(&out->city, text);
    assert_string_equal(text, "00112233445566778899aabbccddeeff");
    assert_int_equal(out->drives_left, 1);
    assert_int_equal(out->is_sketch, 0);
    assert_int_equal(out->created_ms, in->created_ms);
    assert_true(sgp_point_equal(out->south_west, in->south_west));
    assert_true(sgp_point_equal(out->north_east, in->north_east));
#define ASSERT_ARRAY(array, n)                                                                     \
    assert_memory_equal(out->array, in->array, (n) * sizeof in->array[0]);                         \
    assert_int_equal((uintptr_t)out->array % 64, 0)
    check_same_arcs(in, out);
    assert_int_equal(out->n_points, in->n_points);
    ASSERT_ARRAY(points, in->n_points);
    assert_int_equal(out->names_length, in->names_length);
    ASSERT_ARRAY(names, in->names_length);
    assert_string_equal(sgp_graph_edge_name(graph, 0), "Jalan Ijen");
    assert_string_equal(sgp_graph_edge_name(graph, 1), "");
    const uint32_t *vertices;
    assert_int_equal(sgp_graph_node_vertices(graph, 7, &vertices), 2);
    assert_int_equal(out->vertex_node[vertices[0]], 7);
    assert_int_equal(out->vertex_node[vertices[1]], 7);
    assert_true(vertices[0] < vertices[1]);
    assert_int_equal(sgp_graph_node_vertices(graph, 8, &vertices), 0);
    sgp_graph_close(graph);
    struct stat status;
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0644);
}

static void test_graph_same_parts_same_bytes(void **state) {
    (void)state;
    sgp_fault fault;
    size_t one, two;
    assert_int_equal(sgp_graph_write(path, small_graph(), NULL, &fault), SGP_OK);
    uint8_t *first = read_file(path, &one);
    assert_int_equal(sgp_graph_write(path, small_graph(), NULL, &fault), SGP_OK);
    uint8_t *second = read_file(path, &two);
    assert_int_equal(one, two);
    assert_memory_equal(first, second, one);
    free(first);
    free(second);
}

static void test_graph_every_flipped_byte_is_refused(void **state) {
    (void)state;
    sgp_fault fault;
    size_t length;
    assert_int_equal(sgp_graph_write(path, small_graph(), NULL, &fault), SGP_OK);
    uint8_t *bytes = read_file(path, &length);
    assert_int_equal(open_bytes(bytes, length, &fault), SGP_OK);
    for (size_t i = 0; i < length; i++) {
        for (int bit = 0; bit < 8; bit += 7) {
            bytes[i] ^= (uint8_t)(1 << bit);
            sgp_err err = open_bytes(bytes, length, &fault);
            bytes[i] ^= (uint8_t)(1 << bit);
            if (i < 8)
                assert_int_equal(err, SGP_E_FORMAT);
            else if (i < 16)
                assert_int_equal(err, SGP_E_VERSION);
            else
                assert_int_equal(err, SGP_E_CORRUPT);
        }
    }
    free(bytes);
}

static void test_graph_every_shorter_or_longer_file_is_refused(void **state) {
    (void)state;
    sgp_fault fault;
    size_t length;
    assert_int_equal(sgp_graph_write(path, small_graph(), NULL, &fault), SGP_OK);
    uint8_t *bytes = read_file(path, &length);
    for (size_t shorter = 0; shorter < length; shorter++) {
        assert_int_equal(open_bytes(bytes, shorter, &fault), SGP_E_CORRUPT);
        assert_non_null(strstr(fault.text, "truncated"));
    }
    bytes[length] = 0;
    assert_int_equal(open_bytes(bytes, length + 1, &fault), SGP_E_CORRUPT);
    free(bytes);
}

/* ---- places ------------------------------------------------------------------------ */

static void check_places(const sgp_graph_places *p) {
    assert_int_equal(p->n_places, 3);
    assert_string_equal(p->texts + p->places[0].label, "RSUD Dr. Saiful Anwar");
    assert_string_equal(p->texts + p->places[0].own, "rsud saiful anwar;rssa");
    assert_string_equal(p->texts + p->places[0].front_street, "jalan ijen");
    assert_string_equal(p->texts + p->places[1].sort, "kelurahan");
    assert_int_equal(p->places[2].kind, 's');
    static const struct {
        int32_t lon_e7, lat_e7;
        const char *kelurahan; /* NULL: none */
    } points[] = {
        {1126289999, -79608000, NULL},           {1126290000, -79608000, "Klojen"},
        {1126309999, -79605001, "Klojen"},       {1126310000, -79610000, "Oro-Oro Dowo"},
        {1126330000, -79608000, NULL},           {1126300000, -79603000, NULL},
        {1126300000, -79600000, "Oro-Oro Dowo"}, {1126300000, -79595001, "Oro-Oro Dowo"},
        {1126300000, -79595000, NULL},           {1126300000, -79610001, NULL},
    };
    for (size_t i = 0; i < sizeof points / sizeof *points; i++) {
        const sgp_graph_district *district =
            sgp_graph_district_at(p, (sgp_point){points[i].lon_e7, points[i].lat_e7});
        assert_int_equal(district == NULL, points[i].kelurahan == NULL);
        if (district)
            assert_string_equal(p->texts + district->kelurahan, points[i].kelurahan);
    }
}

static void test_graph_places_are_put_into_a_file(void **state) {
    (void)state;
    sgp_fault fault = {0};
    sgp_graph_parts parts = *small_graph();
    sgp_graph_places places = parts.places;
    parts.places = (sgp_graph_places){0};
    assert_int_equal(sgp_graph_write(path, &parts, NULL, &fault), SGP_OK);
    sgp_graph *graph;
    assert_int_equal(sgp_graph_open(path, &graph, &fault), SGP_OK);
    assert_int_equal(sgp_graph_get(graph)->places.n_places, 0);
    assert_null(sgp_graph_district_at(&sgp_graph_get(graph)->places, parts.south_west));
    assert_int_equal(sgp_graph_put_places(path, &places, &fault), SGP_OK);
    sgp_graph_close(graph); /* those who have it open keep the old one */
    size_t put_length, written_length;
    uint8_t *put = read_file(path, &put_length);
    parts.places = places;
    assert_int_equal(sgp_graph_write(path, &parts, NULL, &fault), SGP_OK);
    uint8_t *written = read_file(path, &written_length);
    assert_int_equal(put_length, written_length);
    assert_memory_equal(put, written, put_length);
    free(put);
    free(written);
    assert_int_equal(sgp_graph_open(path, &graph, &fault), SGP_OK);
    check_places(&sgp_graph_get(graph)->places);
    sgp_graph_close(graph);
}

/* Whatever is wrong with places is refused, and the file stays as it was. */
static void refuse(const sgp_graph_places *places, const char *words) {
    sgp_fault fault = {0};
    size_t before_length, after_length;
    uint8_t *before = read_file(path, &before_length);
    assert_int_equal(sgp_graph_put_places(path, places, &fault), SGP_E_ARGUMENT);
    if (!strstr(fault.text, words))
        fail_msg("'%s' does not say '%s'", fault.text, words);
    uint8_t *after = read_file(path, &after_length);
    assert_int_equal(before_length, after_length);
    assert_memory_equal(before, after, before_length);
    free(before);
    free(after);
}

static void test_graph_wrong_places_are_refused(void **state) {
    (void)state;
    sgp_fault fault = {0};
    assert_int_equal(sgp_graph_write(path, small_graph(), NULL, &fault), SGP_OK);
    const sgp_graph_places good = maker_places();
    sgp_graph_place place = good.places[0];
    sgp_graph_places bad = good;
    bad.texts_length--;
    refuse(&bad, "end with a zero");
    bad.texts_length = 0;
    refuse(&bad, "no texts");
    bad = good;
    bad.spans = NULL;
    refuse(&bad, "array");
    bad = good;
    bad.n_places = 1;
    bad.places = &place;
    place.kind = 'q';
    refuse(&bad, "known kind");
    place = good.places[0];
    place.label++;
    refuse(&bad, "a text");
    place = good.places[0];
    place.front.lat_e7 = 900000001;
    refuse(&bad, "on the earth");
    place = good.places[0];
    place.north_east = (sgp_point){place.south_west.lon_e7 - 1, place.south_west.lat_e7};
    refuse(&bad, "on the earth");
    bad = good;
    bad.row_e7 = 0;
    refuse(&bad, "rows");
    bad.row_e7 = UINT32_MAX;
    refuse(&bad, "rows");
    bad = good;
    bad.n_rows = 2;
    refuse(&bad, "all spans");
    static const uint32_t backward[] = {0, 3, 2, 5};
    bad = good;
    bad.first_span = backward;
    refuse(&bad, "row 1");
    bad = good;
    bad.n_districts = 1;
    refuse(&bad, "of no district");
}

static void test_graph_foreign_and_other_versions_are_refused(void **state) {
    (void)state;
    sgp_fault fault;
    const char *html = "<!DOCTYPE html><html><body>404 not found</body></html>";
    assert_int_equal(open_bytes((const uint8_t *)html, strlen(html), &fault), SGP_E_FORMAT);
    assert_non_null(strstr(fault.text, "it begins with '<!DOCTYPE html"));
    size_t length;
    assert_int_equal(sgp_graph_write(path, small_graph(), NULL, &fault), SGP_OK);
    uint8_t *bytes = read_file(path, &length);
    uint32_t version = SGP_GRAPH_VERSION + 1;
    memcpy(bytes + offsetof(sgp_file_header, version), &version, sizeof version);
    sign(bytes, length);
    assert_int_equal(open_bytes(bytes, length, &fault), SGP_E_VERSION);
    char ours[20];
    snprintf(ours, sizeof ours, "version %d", SGP_GRAPH_VERSION);
    assert_non_null(strstr(fault.text, ours));
    assert_non_null(strstr(fault.text, "sigap import"));
    version = 0;
    memcpy(bytes + offsetof(sgp_file_header, version), &version, sizeof version);
    sign(bytes, length);
    assert_int_equal(open_bytes(bytes, length, &fault), SGP_E_VERSION);
    version = SGP_GRAPH_VERSION;
    uint32_t other_order = 0x04030201;
    memcpy(bytes + offsetof(sgp_file_header, version), &version, sizeof version);
    memcpy(bytes + offsetof(sgp_file_header, byte_order), &other_order, sizeof other_order);
    sign(bytes, length);
    assert_int_equal(open_bytes(bytes, length, &fault), SGP_E_VERSION);
    free(bytes);
    sgp_graph *graph = NULL;
    assert_int_equal(sgp_graph_open("/nonexistent/city.sgr", &graph, &fault), SGP_E_IO);
    assert_non_null(strstr(fault.text, "/nonexistent/city.sgr"));
    assert_int_equal(sgp_graph_open(folder, &graph, &fault), SGP_E_IO);
    assert_null(graph);
}

/* Every 32-bit word of a small file set to values that lead astray, with right
 * checksums: refused, or opened and harmless. */
static void test_graph_signed_nonsense_is_harmless(void **state) {
    (void)state;
    sgp_fault fault;
    size_t length;
    assert_int_equal(sgp_graph_write(path, small_graph(), NULL, &fault), SGP_OK);
    uint8_t *bytes = read_file(path, &length);
    uint8_t *changed = malloc(length);
    assert_non_null(changed);
    static const uint32_t nonsense[] = {0, 1, 3, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff};
    int refused = 0;
    for (size_t i = offsetof(sgp_file_header, city); i + 4 <= length; i += 4) {
        for (size_t k = 0; k < sizeof nonsense / sizeof *nonsense; k++) {
            memcpy(changed, bytes, length);
            memcpy(changed + i, &nonsense[k], 4);
            sign(changed, length);
            write_file(path, changed, length);
            sgp_graph *graph = NULL;
            if (sgp_graph_open(path, &graph, &fault) != SGP_OK) {
                refused++;
                continue;
            }
            sgp_snap snaps[4];
            size_t n;
            sgp_point point = {1126351000, -79601000};
            assert_int_equal(sgp_graph_snap(graph, point, 1e7, snaps, 4, &n), SGP_OK);
            sgp_metric *metric = NULL;
            assert_int_equal(sgp_metric_create(graph, &metric), SGP_OK);
            sgp_metric_destroy(metric);
            sgp_graph_close(graph);
        }
    }
    assert_true(refused > 500);
    free(changed);
    free(bytes);
}

typedef struct bad_parts {
    const char *what;
    void (*spoil)(graph_maker *m);
} bad_parts;

static void spoil_head(graph_maker *m) {
    m->arc_head[0] = m->n_vertices;
}
static void spoil_order(graph_maker *m) {
    m->first_arc[1] = m->n_arcs + 1;
}
static void spoil_total(graph_maker *m) {
    m->first_arc[m->n_vertices]--;
}
static void spoil_weight(graph_maker *m) {
    m->weight[1] = -1;
}
static void spoil_weight_above(graph_maker *m) {
    m->weight[1] = SGP_INF + 1;
}
static void spoil_edge_points(graph_maker *m) {
    m->edges[1].first_point = m->n_points - 1;
}
static void spoil_edge_count(graph_maker *m) {
    m->edges[1].n_points = UINT32_MAX;
}
static void spoil_one_point(graph_maker *m) {
    m->edges[1].n_points = 1;
}
static void spoil_length(graph_maker *m) {
    m->edges[0].length_mm = 0;
}
static void spoil_name(graph_maker *m) {
    m->edges[0].name = m->names_length;
}
static void spoil_name_middle(graph_maker *m) {
    m->edges[0].name += 2;
}
static void spoil_names_end(graph_maker *m) {
    m->names[m->names_length - 1] = 'x';
}
static void spoil_class(graph_maker *m) {
    m->edges[0].road_class = SGP_ROAD_CLASSES;
}
static void spoil_edge_arc(graph_maker *m) {
    m->edges[0].backward_arc = m->edges[0].forward_arc;
}
static void spoil_arc_edge(graph_maker *m) {
    m->arc_edge[0] = 99u << 1;
}
static void spoil_bounds(graph_maker *m) {
    m->parts.north_east.lon_e7--;
}
static void spoil_earth(graph_maker *m) {
    m->vertex_point[0].lat_e7 = 900000001;
}
static void spoil_end(graph_maker *m) {
    m->points[0].lon_e7++;
}
static void spoil_city_name(graph_maker *m) {
    memset(m->parts.name, 'x', sizeof m->parts.name);
}
static void spoil_vertices(graph_maker *m) {
    m->parts.n_vertices = 0;
}

static void test_graph_write_refuses_bad_parts(void **state) {
    (void)state;
    static const bad_parts cases[] = {
        {"a head beyond the vertices", spoil_head},
        {"arcs out of order", spoil_order},
        {"arcs that do not add up", spoil_total},
        {"a negative weight", spoil_weight},
        {"a weight above SGP_INF", spoil_weight_above},
        {"points beyond the end", spoil_edge_points},
        {"far too many points", spoil_edge_count},
        {"an edge of one point", spoil_one_point},
        {"no length", spoil_length},
        {"a name beyond the names", spoil_name},
        {"a name in the middle of another", spoil_name_middle},
        {"names without an end", spoil_names_end},
        {"an unknown road class", spoil_class},
        {"an edge that claims another's arc", spoil_edge_arc},
        {"an arc of no edge", spoil_arc_edge},
        {"a point outside the bounds", spoil_bounds},
        {"a vertex off the earth", spoil_earth},
        {"an edge that ends elsewhere", spoil_end},
        {"a city name without an end", spoil_city_name},
        {"no vertices", spoil_vertices},
    };
    unlink(path);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const sgp_graph_parts *parts = small_graph();
        cases[i].spoil(&maker);
        sgp_fault fault = {0};
        sgp_err err = sgp_graph_write(path, parts, NULL, &fault);
        if (err != SGP_E_ARGUMENT || strlen(fault.text) < 10)
            fail_msg("%s: error %d, '%s'", cases[i].what, err, fault.text);
        assert_int_not_equal(access(path, F_OK), 0);
    }
}

static void test_graph_replacing_keeps_the_opened_one(void **state) {
    (void)state;
    sgp_fault fault;
    assert_int_equal(sgp_graph_write(path, small_graph(), NULL, &fault), SGP_OK);
    sgp_graph *old;
    assert_int_equal(sgp_graph_open(path, &old, &fault), SGP_OK);
    small_graph();
    snprintf(maker.parts.name, sizeof maker.parts.name, "newtown");
    maker.parts.is_sketch = 1;
    assert_int_equal(sgp_graph_write(path, &maker.parts, NULL, &fault), SGP_OK);
    sgp_graph *new;
    assert_int_equal(sgp_graph_open(path, &new, &fault), SGP_OK);
    assert_string_equal(sgp_graph_get(old)->name, "testville");
    assert_string_equal(sgp_graph_get(new)->name, "newtown");
    assert_int_equal(sgp_graph_get(new)->is_sketch, 1);
    sgp_graph_close(old);
    sgp_graph_close(new);
    sgp_graph_close(NULL);
}

static void test_graph_failed_write_leaves_the_old_file(void **state) {
    (void)state;
    sgp_fault fault = {0};
    const sgp_graph_parts *parts = small_graph();
    assert_int_equal(sgp_graph_write("/nonexistent/city.sgr", parts, NULL, &fault), SGP_E_IO);
    assert_non_null(strstr(fault.text, "/nonexistent/city.sgr"));
    /* A folder in the way makes the rename fail: nothing may be left behind. */
    char taken[128];
    char inside[160];
    snprintf(taken, sizeof taken, "%s/taken", folder);
    snprintf(inside, sizeof inside, "%s/inside", taken);
    assert_int_equal(mkdir(taken, 0700), 0);
    assert_int_equal(mkdir(inside, 0700), 0);
    assert_int_equal(sgp_graph_write(taken, parts, NULL, &fault), SGP_E_IO);
    assert_int_equal(rmdir(inside), 0);
    assert_int_equal(rmdir(taken), 0);
    unlink(path);
    assert_int_equal(rmdir(folder), 0); /* only empty folders go */
    assert_int_equal(mkdir(folder, 0700), 0);
}

static int set_up(void **state) {
    (void)state;
    maker_folder(folder);
    snprintf(path, sizeof path, "%s/city.sgr", folder);
    return sodium_init() < 0;
}

static int tear_down(void **state) {
    (void)state;
    unlink(path);
    return rmdir(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_graph_reads_back_what_was_written),
        cmocka_unit_test(test_graph_same_parts_same_bytes),
        cmocka_unit_test(test_graph_every_flipped_byte_is_refused),
        cmocka_unit_test(test_graph_every_shorter_or_longer_file_is_refused),
        cmocka_unit_test(test_graph_places_are_put_into_a_file),
        cmocka_unit_test(test_graph_wrong_places_are_refused),
        cmocka_unit_test(test_graph_foreign_and_other_versions_are_refused),
        cmocka_unit_test(test_graph_signed_nonsense_is_harmless),
        cmocka_unit_test(test_graph_write_refuses_bad_parts),
        cmocka_unit_test(test_graph_replacing_keeps_the_opened_one),
        cmocka_unit_test(test_graph_failed_write_leaves_the_old_file),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
