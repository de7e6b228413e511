/* Where streets meet, on small drawings that one can count by eye, and on random towns against
 * a slow search over the drawing itself. */
#include <math.h>
#include <unistd.h>

#include "base/random.h"
#include "osm_maker.h"
#include "route/junctions.h"
#include "route/osm_graph.h"

static char folder[] = "/tmp/sigap-junctions-XXXXXX";
static char path[64];
static const sgp_city_id city = {{9, 1}};

static osm_maker draw(void) {
    return osm_maker_open(path, "test");
}

typedef struct found {
    sgp_osm_graph *graph;
    const sgp_graph_parts *parts;
    sgp_junctions junctions;
} found;

static found look(osm_maker *maker) {
    osm_maker_close(maker);
    found f;
    sgp_fault fault = {0};
    if (sgp_osm_graph_read(path, &city, "kota", NULL, NULL, &f.graph, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    f.parts = sgp_osm_graph_parts(f.graph);
    assert_int_equal(sgp_junctions_find(f.parts, &f.junctions), SGP_OK);
    return f;
}

static void done(found *f) {
    sgp_junctions_free(&f->junctions);
    sgp_osm_graph_destroy(f->graph);
}

static void names_of(const found *f, const sgp_junction *junction, char *text, size_t size) {
    text[0] = '\0';
    for (uint32_t i = 0; i < junction->n_names; i++)
        snprintf(text + strlen(text), size - strlen(text), "%s%s", i ? "/" : "",
                 f->parts->names + f->junctions.names[junction->first_name + i]);
}

/* Exactly one junction has these names ("A/B"), with so many arms, there. */
static void expect(const found *f, const char *names, sgp_junction_kind kind, int arms,
                   double east_m, double north_m) {
    const sgp_junction *the = NULL;
    char text[600];
    for (size_t i = 0; i < f->junctions.n; i++) {
        names_of(f, &f->junctions.items[i], text, sizeof text);
        if (strcmp(text, names) != 0)
            continue;
        assert_null(the);
        the = &f->junctions.items[i];
    }
    if (!the)
        fail_msg("nothing has the names %s", names);
    assert_int_equal(the->kind, kind);
    assert_int_equal(the->arms, arms);
    assert_true(sgp_distance_m(the->point, osm_place(east_m, north_m)) < 2);
}

static void test_junctions_plain(void **state) {
    (void)state;
    osm_maker m = draw();
    osm_node(&m, 1, 0, 0, "");
    osm_node(&m, 2, -200, 0, "");
    osm_node(&m, 3, 200, 0, "");
    osm_node(&m, 4, 0, 200, "");
    osm_node(&m, 5, 0, -200, "");
    osm_node(&m, 6, 100, 0, "");
    osm_node(&m, 7, 100, 100, "");
    osm_node(&m, 8, 150, 0, "");
    osm_node(&m, 9, 150, -50, "");
    osm_node(&m, 10, 300, 50, "");
    osm_way(&m, 20, "2 1 6 8 3", "highway=primary name=Veteran");
    osm_way(&m, 21, "4 1 5", "highway=secondary name=Sumbersari");
    osm_way(&m, 22, "6 7", "highway=residential");            /* a road without a name */
    osm_way(&m, 23, "8 9", "highway=service");                /* a driveway is no arm */
    osm_way(&m, 24, "3 10", "highway=primary name=Soekarno"); /* the street's name changes */
    found f = look(&m);
    expect(&f, "Sumbersari/Veteran", SGP_JUNCTION_CROSSING, 4, 0, 0);
    expect(&f, "Veteran", SGP_JUNCTION_CROSSING, 3, 100, 0);
    expect(&f, "Soekarno/Veteran", SGP_JUNCTION_CROSSING, 2, 200, 0);
    assert_int_equal(f.junctions.n, 3);
    done(&f);
}

static void test_junctions_expanded(void **state) {
    (void)state;
    /* Signals and a ban make many vertices of node 1. */
    osm_maker m = draw();
    osm_node(&m, 1, 0, 0, "highway=traffic_signals");
    osm_node(&m, 2, -200, 0, "");
    osm_node(&m, 3, 200, 0, "");
    osm_node(&m, 4, 0, 200, "");
    osm_way(&m, 20, "2 1", "highway=primary name=Ijen");
    osm_way(&m, 21, "1 3", "highway=primary name=Ijen");
    osm_way(&m, 22, "4 1", "highway=primary name=Semeru");
    osm_relation(&m, 30, "from:w20 via:n1 to:w22", "type=restriction restriction=no_left_turn");
    found f = look(&m);
    assert_true(f.parts->n_vertices > 4);
    expect(&f, "Ijen/Semeru", SGP_JUNCTION_CROSSING, 3, 0, 0);
    assert_int_equal(f.junctions.n, 1);
    done(&f);
}

/* Two carriageways 20 m apart, `first` and `first` + 4 their nodes from west to east. */
static void draw_dual(osm_maker *m, int first, const char *name) {
    char nodes[60], tags[100];
    for (int i = 0; i < 8; i++)
        osm_node(m, first + i, -200 + 400 * (i % 4) / 3.0, i < 4 ? -10 : 10, "");
    snprintf(tags, sizeof tags, "highway=primary oneway=yes name=%s", name);
    snprintf(nodes, sizeof nodes, "%d %d 1 %d %d", first, first + 1, first + 2, first + 3);
    osm_way(m, first, nodes, tags);
    snprintf(nodes, sizeof nodes, "%d %d 2 %d %d", first + 7, first + 6, first + 5, first + 4);
    osm_way(m, first + 1, nodes, tags);
}

static void test_junctions_dual(void **state) {
    (void)state;
    osm_maker m = draw();
    osm_node(&m, 1, 0, -10, "");
    osm_node(&m, 2, 0, 10, "");
    osm_node(&m, 3, 0, -200, "");
    osm_node(&m, 4, 0, 200, "");
    draw_dual(&m, 10, "Sudirman");
    osm_way(&m, 20, "3 1 2 4", "highway=secondary name=Thamrin");
    osm_way(&m, 21, "11 15", "highway=service"); /* a gap for turning round */
    osm_way(&m, 22, "12 16", "highway=primary_link name=Sudirman");
    found f = look(&m);
    expect(&f, "Sudirman/Thamrin", SGP_JUNCTION_CROSSING, 4, 0, 0);
    assert_int_equal(f.junctions.n, 1); /* turning round is no junction */
    done(&f);
}

static void test_junctions_dual_with_other_names(void **state) {
    (void)state;
    /* The crossing street changes its name between the carriageways, over a piece without one. */
    osm_maker m = draw();
    osm_node(&m, 1, 0, -10, "");
    osm_node(&m, 2, 0, 10, "");
    osm_node(&m, 3, 0, -200, "");
    osm_node(&m, 4, 0, 200, "");
    draw_dual(&m, 10, "Sudirman");
    osm_way(&m, 20, "3 1", "highway=secondary name=Thamrin");
    osm_way(&m, 21, "1 2", "highway=secondary");
    osm_way(&m, 22, "2 4", "highway=secondary name=Kartini");
    found f = look(&m);
    expect(&f, "Kartini/Sudirman/Thamrin", SGP_JUNCTION_CROSSING, 4, 0, 0);
    assert_int_equal(f.junctions.n, 1);
    done(&f);
}

static void test_junctions_two_duals(void **state) {
    (void)state;
    osm_maker m = draw();
    static const double east_m[4] = {-100, 0, 30, 100};
    for (int i = 0; i < 8; i++)
        osm_node(&m, 10 + i, east_m[i % 4], i < 4 ? -12 : 13, "");
    osm_node(&m, 20, 0, -150, "");
    osm_node(&m, 21, 30, -150, "");
    osm_node(&m, 22, 0, 150, "");
    osm_node(&m, 23, 30, 150, "");
    osm_way(&m, 30, "10 11 12 13", "highway=primary oneway=yes name=Barat");
    osm_way(&m, 31, "17 16 15 14", "highway=primary oneway=yes name=Barat");
    osm_way(&m, 32, "22 15 11 20", "highway=primary oneway=yes name=Utara");
    osm_way(&m, 33, "21 12 16 23", "highway=primary oneway=yes name=Utara");
    found f = look(&m);
    expect(&f, "Barat/Utara", SGP_JUNCTION_CROSSING, 4, 15, 0.5);
    assert_int_equal(f.junctions.n, 1);
    done(&f);
}

static void test_junctions_along_a_carriageway(void **state) {
    (void)state;
    /* Two side streets 30 m apart on one carriageway are two junctions. */
    osm_maker m = draw();
    for (int i = 0; i < 4; i++)
        osm_node(&m, 1 + i, i == 3 ? 200 : 30 * i, 0, "");
    osm_node(&m, 6, 30, 100, "");
    osm_node(&m, 7, 60, 100, "");
    osm_way(&m, 20, "1 2 3 4", "highway=primary oneway=yes name=Sudirman");
    osm_way(&m, 21, "2 6", "highway=residential name=Mawar");
    osm_way(&m, 22, "3 7", "highway=residential name=Melati");
    found f = look(&m);
    expect(&f, "Mawar/Sudirman", SGP_JUNCTION_CROSSING, 3, 30, 0);
    expect(&f, "Melati/Sudirman", SGP_JUNCTION_CROSSING, 3, 60, 0);
    assert_int_equal(f.junctions.n, 2);
    done(&f);
}

static void test_junctions_roundabout(void **state) {
    (void)state;
    /* A ring of eight; roads come in two lanes to the east and west, plain to the north. */
    osm_maker m = draw();
    for (int i = 0; i < 8; i++)
        osm_node(&m, 1 + i, 30 * cos(i * 3.14159265 / 4), 30 * sin(i * 3.14159265 / 4), "");
    osm_node(&m, 10, 80, 0, "");
    osm_node(&m, 11, 300, 0, "");
    osm_node(&m, 12, -80, 0, "");
    osm_node(&m, 13, -300, 0, "");
    osm_node(&m, 14, 0, 300, "");
    osm_way(&m, 20, "1 2 3 4 5 6 7 8 1", "highway=primary junction=roundabout oneway=yes");
    osm_way(&m, 21, "8 10", "highway=primary oneway=yes name=Timur");
    osm_way(&m, 22, "10 2", "highway=primary oneway=yes name=Timur");
    osm_way(&m, 23, "10 11", "highway=primary name=Timur");
    osm_way(&m, 24, "4 12", "highway=primary oneway=yes name=Barat");
    osm_way(&m, 25, "12 6", "highway=primary oneway=yes name=Barat");
    osm_way(&m, 26, "12 13", "highway=primary name=Barat");
    osm_way(&m, 27, "3 14", "highway=secondary name=Utara");
    found f = look(&m);
    expect(&f, "Barat/Timur/Utara", SGP_JUNCTION_ROUNDABOUT, 3, 0, 0);
    for (size_t i = 0; i < f.junctions.n; i++) /* where the lanes part is no junction of streets */
        assert_true(f.junctions.items[i].n_names == 1 || f.junctions.items[i].n_names == 3);
    done(&f);
}

static void test_junctions_mouths(void **state) {
    (void)state;
    osm_maker m = draw();
    for (int i = 0; i < 5; i++)
        osm_node(&m, 1 + i, 100 * i, 0, "");
    osm_node(&m, 10, 100, 80, "");
    osm_node(&m, 11, 100, 160, "");
    osm_node(&m, 12, 200, 80, "");
    osm_node(&m, 13, 300, 80, "");
    osm_node(&m, 14, 250, 160, "");
    osm_way(&m, 20, "1 2 3 4 5", "highway=residential name=Veteran");
    /* Motorbikes drive this one; it is in the roads and in the ways on foot. */
    osm_way(&m, 21, "2 10 11", "highway=path motorcycle=yes motorcar=no width=1.5 name=Gang~1");
    /* Only people: the street's node there is no vertex of the roads. */
    osm_way(&m, 22, "3 12", "highway=footway name=Gang~2");
    osm_way(&m, 23, "4 13", "highway=footway"); /* without a name it is nothing to meet at */
    osm_way(&m, 24, "11 12 14", "highway=steps name=Tangga");
    found f = look(&m);
    expect(&f, "Gang 1/Veteran", SGP_JUNCTION_MOUTH, 3, 100, 0);
    expect(&f, "Gang 2/Veteran", SGP_JUNCTION_MOUTH, 3, 200, 0);
    expect(&f, "Gang 1/Tangga", SGP_JUNCTION_CROSSING, 2, 100, 160);
    expect(&f, "Gang 2/Tangga", SGP_JUNCTION_CROSSING, 3, 200, 80);
    assert_int_equal(f.junctions.n, 4);
    done(&f);
}

/* ---- random towns ------------------------------------------------------------------ */

enum { NODES = 60, WAYS = 90, TOWN_NAMES = 6, TOWNS = 60 };

typedef struct town {
    double east[NODES], north[NODES];
    int from[WAYS], to[WAYS], name[WAYS]; /* name -1: none */
    int group[NODES];
} town;

static void draw_town(town *t, uint64_t *random) {
    osm_maker m = draw();
    char nodes[40], tags[80];
    for (int i = 0; i < NODES; i++) {
        t->east[i] = (double)sgp_random_below(random, 3000) / 10;
        t->north[i] = (double)sgp_random_below(random, 3000) / 10;
        osm_node(&m, 1 + i, t->east[i], t->north[i], "");
    }
    for (int w = 0; w < WAYS; w++) {
        t->from[w] = (int)sgp_random_below(random, NODES);
        do
            t->to[w] = (int)sgp_random_below(random, NODES);
        while (t->to[w] == t->from[w]);
        t->name[w] = (int)sgp_random_below(random, TOWN_NAMES + 1) - 1;
        snprintf(nodes, sizeof nodes, "%d %d", 1 + t->from[w], 1 + t->to[w]);
        snprintf(tags, sizeof tags, "highway=residential");
        if (t->name[w] >= 0)
            snprintf(tags + strlen(tags), 60, " name=%c", 'A' + t->name[w]);
        osm_way(&m, 1000 + w, nodes, tags);
    }
    osm_maker_close(&m);
}

static int names_at(const town *t, int node) {
    int names = 0;
    for (int w = 0; w < WAYS; w++)
        if (t->name[w] >= 0 && (t->from[w] == node || t->to[w] == node))
            names |= 1 << t->name[w];
    return names;
}

static double metres(const town *t, int a, int b) {
    return sgp_distance_m(osm_place(t->east[a], t->north[a]), osm_place(t->east[b], t->north[b]));
}

/* Joins by the definition until nothing changes any more. */
static void group_nodes(town *t) {
    for (int i = 0; i < NODES; i++)
        t->group[i] = i;
    for (bool changed = true; changed;) {
        changed = false;
        for (int a = 0; a < NODES; a++)
            for (int b = 0; b < NODES; b++)
                if (t->group[a] < t->group[b] &&
                    __builtin_popcount((unsigned)(names_at(t, a) & names_at(t, b))) >= 2 &&
                    metres(t, a, b) <= SGP_JUNCTION_SAME_M) {
                    t->group[b] = t->group[a];
                    changed = true;
                }
    }
}

static void check_group(const town *t, int group, const found *f, size_t *n_expected) {
    double east = 0, north = 0;
    int n = 0, names = 0, arms = 0;
    for (int i = 0; i < NODES; i++) {
        if (t->group[i] != group)
            continue;
        east += t->east[i];
        north += t->north[i];
        names |= names_at(t, i);
        n++;
    }
    for (int w = 0; w < WAYS; w++) {
        bool inside = t->group[t->from[w]] == t->group[t->to[w]] &&
                      metres(t, t->from[w], t->to[w]) <= 3 * SGP_JUNCTION_SAME_M;
        arms += (t->group[t->from[w]] == group && !inside);
        arms += (t->group[t->to[w]] == group && !inside);
    }
    int n_names = __builtin_popcount((unsigned)names);
    if (n == 0 || n_names == 0 || (n_names < 2 && arms < 3))
        return;
    ++*n_expected;
    sgp_point middle = osm_place(east / n, north / n);
    int matches = 0;
    for (size_t i = 0; i < f->junctions.n; i++) {
        const sgp_junction *junction = &f->junctions.items[i];
        int has = 0;
        for (uint32_t k = 0; k < junction->n_names; k++)
            has |= 1 << (f->parts->names[f->junctions.names[junction->first_name + k]] - 'A');
        matches += has == names && junction->arms == arms &&
                   junction->kind == SGP_JUNCTION_CROSSING &&
                   sgp_distance_m(junction->point, middle) < 0.05;
    }
    assert_int_equal(matches, 1);
}

static void test_junctions_random_towns(void **state) {
    (void)state;
    uint64_t random = 20261122;
    size_t all = 0, joined = 0;
    for (int i = 0; i < TOWNS; i++) {
        town t;
        draw_town(&t, &random);
        found f;
        sgp_fault fault = {0};
        assert_int_equal(sgp_osm_graph_read(path, &city, "kota", NULL, NULL, &f.graph, &fault),
                         SGP_OK);
        f.parts = sgp_osm_graph_parts(f.graph);
        assert_int_equal(sgp_junctions_find(f.parts, &f.junctions), SGP_OK);
        group_nodes(&t);
        size_t n_expected = 0;
        for (int g = 0; g < NODES; g++)
            check_group(&t, g, &f, &n_expected);
        for (int g = 0; g < NODES; g++)
            joined += t.group[g] != g;
        assert_int_equal(f.junctions.n, n_expected);
        all += n_expected;
        done(&f);
    }
    assert_true(all > 1000 && joined > 100); /* the towns do try what is tested */
}

static int make_folder(void **state) {
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/town.osm.pbf", folder);
    return 0;
}

static int drop_folder(void **state) {
    (void)state;
    remove(path);
    return rmdir(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_junctions_plain),
        cmocka_unit_test(test_junctions_expanded),
        cmocka_unit_test(test_junctions_dual),
        cmocka_unit_test(test_junctions_dual_with_other_names),
        cmocka_unit_test(test_junctions_two_duals),
        cmocka_unit_test(test_junctions_along_a_carriageway),
        cmocka_unit_test(test_junctions_roundabout),
        cmocka_unit_test(test_junctions_mouths),
        cmocka_unit_test(test_junctions_random_towns),
    };
    return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
