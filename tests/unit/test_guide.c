/* Manoeuvres on crossings drawn by hand, and every sentence of both languages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "guide_drawing.h"
#include "route/crossing.h"
#include "route/trace.h"
#include "sigap/guide.h"

/* The manoeuvres of a journey as one text: "depart; turn left Jalan B; arrive". */
static const char *journey(sgp_snap from, sgp_snap to) {
    static char text[1024];
    sgp_source source = {.from = from};
    sgp_route route;
    assert_int_equal(sgp_query_route(query, &source, &to, &route), SGP_OK);
    assert_true(route.duration_ms != SGP_UNREACHABLE);
    sgp_guide_step *steps = NULL;
    size_t n = 0, length = 0;
    assert_int_equal(sgp_guide_make(graph, sgp_graph_get(graph)->weight, &route, &steps, &n),
                     SGP_OK);
    int64_t ms = 0, mm = 0;
    uint32_t next_move = steps[0].first_move;
    text[0] = '\0';
    for (size_t i = 0; i < n; i++) {
        const sgp_guide_step *s = &steps[i];
        ms += s->duration_ms;
        mm += s->length_mm;
        assert_int_equal(s->first_move, next_move);
        next_move += s->n_moves;
        assert_int_equal(s->first_point,
                         i == 0 ? 0 : steps[i - 1].first_point + steps[i - 1].n_points - 1);
        length += (size_t)snprintf(text + length, sizeof text - length, "%s%s", i ? "; " : "",
                                   sgp_manoeuvre_str(s->manoeuvre));
        if (s->modifier)
            length += (size_t)snprintf(text + length, sizeof text - length, " %s",
                                       sgp_modifier_str(s->modifier));
        if (s->exit)
            length += (size_t)snprintf(text + length, sizeof text - length, " %u", s->exit);
        if (s->manoeuvre != SGP_MANOEUVRE_DEPART && s->manoeuvre != SGP_MANOEUVRE_ARRIVE)
            length += (size_t)snprintf(text + length, sizeof text - length, " %s",
                                       s->name[0] ? s->name : "-");
    }
    assert_true(ms == route.duration_ms && mm == route.length_mm);
    assert_int_equal(steps[n - 1].first_point, route.n_points - 1);
    free(steps);
    sgp_route_free(&route);
    return text;
}

#define DRIVE(e1, n1, e2, n2, expected)                                                            \
    assert_string_equal(journey(place(e1, n1), place(e2, n2)), expected)

static void test_guide_at_a_crossroads(void **state) {
    (void)state;
    draw_begin();
    uint32_t c = at(0, 0), w = at(-200, 0), e = at(200, 0), n = at(0, 200), s = at(0, -200);
    street(w, c, "Jalan Barat");
    street(c, e, "Jalan Barat");
    street(n, c, "Jalan Utara");
    street(c, s, "Jalan Selatan");
    draw_end();
    DRIVE(-100, 0, 100, 0, "depart; arrive"); /* the road simply goes on */
    DRIVE(-100, 0, 0, 100, "depart; turn left Jalan Utara; arrive");
    DRIVE(-100, 0, 0, -100, "depart; turn right Jalan Selatan; arrive");
    DRIVE(0, 100, 0, -100, "depart; new name straight Jalan Selatan; arrive");
    DRIVE(-100, 0, -100, 0, "depart; arrive"); /* a journey of nothing */
    DRIVE(-200, 0, 200, 0, "depart; arrive");  /* from a road's very end to another's */
    DRIVE(-100, 0, 0, 0, "depart; arrive");    /* the place lies on the crossing */
    wipe();
}

/* The same crossing, expanded as turns demand, and one turn forbidden. */
static void test_guide_at_an_expanded_crossing(void **state) {
    (void)state;
    draw_begin();
    enum { ARMS = 4 };
    static const char *const names[ARMS] = {"Jalan Barat", "Jalan Barat", "Jalan Utara",
                                            "Jalan Selatan"};
    uint32_t far[ARMS] = {at(-200, 0), at(200, 0), at(0, 200), at(0, -200)};
    uint32_t in[ARMS], out[ARMS];
    for (int i = 0; i < ARMS; i++) {
        in[i] = maker_vertex(&maker, 0, 0, 5000);
        out[i] = maker_vertex(&maker, 0, 0, 5000);
        uint32_t edge = maker_edge(&maker, far[i], in[i], 20000, MAKER_NO_ARC, NULL, 0, 0, names[i],
                                   SGP_EDGE_MAIN);
        maker_add_arc(&maker, out[i], far[i], edge << 1 | 1, 20000);
    }
    for (int i = 0; i < ARMS; i++)
        for (int k = 0; k < ARMS; k++)
            if (i != k && !(i == 0 && k == 2))
                maker_connector(&maker, in[i], out[k], 3000);
    /* Turning at the far end of Jalan Selatan is what makes the forbidden turn possible. */
    draw_end();
    DRIVE(-100, 0, 100, 0, "depart; arrive");
    DRIVE(-100, 0, 0, -100, "depart; turn right Jalan Selatan; arrive");
    DRIVE(100, 0, 0, 100, "depart; turn right Jalan Utara; arrive");
    const char *text = journey(place(-100, 0), place(0, 100));
    assert_non_null(strstr(text, "continue uturn"));
    assert_null(strstr(text, "turn left"));

    sgp_snap west = place(-100, 0), south = place(0, -100);
    sgp_crossing crossing;
    sgp_crossing_look(graph, sgp_graph_get(graph)->weight, west.edge << 1, south.edge << 1 | 1,
                      &crossing);
    assert_int_equal(crossing.n_roads, 4);
    static const int bearings[] = {0, 90, 180, 270};
    static const bool entries[] = {false, true, true, false};
    for (int i = 0; i < 4; i++) {
        assert_int_equal(crossing.roads[i].bearing, bearings[i]);
        assert_int_equal(crossing.roads[i].entry, entries[i]);
    }
    assert_int_equal(crossing.in, 3);
    assert_int_equal(crossing.out, 2);
    wipe();
}

static void test_guide_at_the_end_of_a_road(void **state) {
    (void)state;
    draw_begin();
    uint32_t c = at(0, 0), w = at(-200, 0), e = at(200, 0), s = at(0, -200);
    street(s, c, "Gang Satu");
    street(w, c, "Jalan Raya");
    street(c, e, "Jalan Raya");
    draw_end();
    DRIVE(0, -100, 100, 0, "depart; end of road right Jalan Raya; arrive");
    DRIVE(0, -100, -100, 0, "depart; end of road left Jalan Raya; arrive");
    DRIVE(-100, 0, 0, -100, "depart; turn right Gang Satu; arrive");
    DRIVE(-100, 0, 100, 0, "depart; arrive");
    wipe();
}

static void test_guide_where_a_road_bends(void **state) {
    (void)state;
    draw_begin();
    uint32_t a = at(-200, 0), b = at(0, 0), c = at(0, 200), d = at(200, 200), e = at(400, 200);
    street(a, b, "Jalan Satu");
    street(b, c, "Jalan Satu"); /* a right angle, but nothing to decide */
    street(c, d, "Jalan Dua");
    street(d, e, ""); /* a name that ends is no news */
    draw_end();
    DRIVE(-100, 0, 0, 100, "depart; arrive");
    DRIVE(0, 100, 100, 200, "depart; new name right Jalan Dua; arrive");
    DRIVE(100, 200, 300, 200, "depart; arrive");
    DRIVE(300, 200, 100, 200, "depart; new name straight Jalan Dua; arrive");
    wipe();

    /* The main road bends; a driveway goes straight on. */
    draw_begin();
    a = at(-200, 0), b = at(0, 0), c = at(150, 130), d = at(200, 0);
    road(a, b, BOTH_WAYS, "Jalan Raya", SGP_ROAD_SECONDARY, 0);
    road(b, c, BOTH_WAYS, "Jalan Raya", SGP_ROAD_SECONDARY, 0);
    road(b, d, BOTH_WAYS, "", SGP_ROAD_SERVICE, 0);
    draw_end();
    DRIVE(-100, 0, 75, 65, "depart; arrive");
    DRIVE(-100, 0, 100, 0, "depart; turn straight -; arrive");
    wipe();

    /* The named road turns off at a crossing of equals. */
    draw_begin();
    a = at(-200, 0), b = at(0, 0), c = at(0, 200), d = at(200, 0);
    street(a, b, "Jalan Raya");
    street(b, c, "Jalan Raya");
    street(b, d, "Jalan Lain");
    draw_end();
    DRIVE(-100, 0, 0, 100, "depart; continue left Jalan Raya; arrive");
    DRIVE(-100, 0, 100, 0, "depart; new name straight Jalan Lain; arrive");
    wipe();
}

static void test_guide_at_a_fork(void **state) {
    (void)state;
    draw_begin();
    uint32_t s = at(0, -200), c = at(0, 0), l = at(-100, 200), r = at(100, 200);
    street(s, c, "Jalan Batang");
    street(c, l, "Jalan Kiri");
    street(c, r, "Jalan Kanan");
    draw_end();
    DRIVE(0, -100, -50, 100, "depart; fork slight left Jalan Kiri; arrive");
    DRIVE(0, -100, 50, 100, "depart; fork slight right Jalan Kanan; arrive");
    DRIVE(-50, 100, 0, -100, "depart; new name slight right Jalan Batang; arrive");
    wipe();
}

/* A ring driven clockwise, as where one keeps left, with four arms. */
static void test_guide_counts_exits(void **state) {
    (void)state;
    draw_begin();
    uint32_t w = at(-30, 0), n = at(0, 30), e = at(30, 0), s = at(0, -30);
    uint32_t ring[4] = {w, n, e, s};
    for (int i = 0; i < 4; i++)
        road(ring[i], ring[(i + 1) % 4], ONE_WAY, "Bundaran", SGP_ROAD_TERTIARY,
             SGP_EDGE_ROUNDABOUT);
    street(w, at(-200, 0), "Jalan Barat");
    street(n, at(0, 200), "Jalan Utara");
    street(e, at(200, 0), "Jalan Timur");
    street(s, at(0, -200), "Jalan Selatan");
    draw_end();
    const char *first = journey(place(-100, 0), place(0, 100));
    assert_non_null(strstr(first, "1 Jalan Utara; exit roundabout"));
    assert_non_null(strstr(first, "depart; roundabout left"));
    const char *second = journey(place(-100, 0), place(100, 0));
    assert_non_null(strstr(second, "2 Jalan Timur; exit roundabout"));
    const char *third = journey(place(-100, 0), place(0, -100));
    assert_non_null(strstr(third, "3 Jalan Selatan; exit roundabout"));
    const char *inside = journey(place(-100, 0), place(15, 15));
    assert_non_null(strstr(inside, "depart; roundabout"));
    assert_non_null(strstr(inside, "Bundaran; arrive"));
    const char *from_inside = journey(place(-15, 15), place(100, 0));
    assert_non_null(strstr(from_inside, "depart; exit roundabout"));
    wipe();
}

static void test_guide_on_ramps(void **state) {
    (void)state;
    draw_begin();
    uint32_t a = at(-600, 0), b = at(-300, 0), c = at(300, 0), d = at(600, 0);
    uint32_t x = at(0, -100), y = at(0, -300);
    road(a, b, ONE_WAY, "Tol", SGP_ROAD_MOTORWAY, 0);
    road(b, c, ONE_WAY, "Tol", SGP_ROAD_MOTORWAY, 0);
    road(c, d, ONE_WAY, "Tol", SGP_ROAD_MOTORWAY, 0);
    road(b, x, ONE_WAY, "", SGP_ROAD_MOTORWAY, SGP_EDGE_LINK);
    road(x, c, ONE_WAY, "", SGP_ROAD_MOTORWAY, SGP_EDGE_LINK);
    street(x, y, "Jalan Desa");
    street(x, at(-200, -300), "Jalan Ladang");
    draw_end();
    DRIVE(-450, 0, 450, 0, "depart; arrive");
    DRIVE(-450, 0, 0, -200, "depart; off ramp slight right -; turn right Jalan Desa; arrive");
    const char *up = journey(place(0, -200), place(450, 0));
    assert_non_null(strstr(up, "on ramp"));
    assert_non_null(strstr(up, "merge slight left Tol"));
    wipe();
}

static void test_guide_turns_back(void **state) {
    (void)state;
    draw_begin();
    uint32_t a = at(0, 0), b = at(200, 0);
    street(a, b, "Gang Buntu");
    draw_end();
    sgp_snap from = place(150, 0), to = place(50, 0);
    from.directions = SGP_ALONG;
    assert_string_equal(journey(from, to), "depart; continue uturn Gang Buntu; arrive");
    wipe();

    /* Two carriageways and a gap in the median: one manoeuvre, not two turns. */
    draw_begin();
    uint32_t w1 = at(-300, 0), m1 = at(0, 0), e1 = at(300, 0);
    uint32_t w2 = at(-300, 15), m2 = at(0, 15), e2 = at(300, 15);
    road(w1, m1, ONE_WAY, "Jalan Ijen", SGP_ROAD_PRIMARY, 0);
    road(m1, e1, ONE_WAY, "Jalan Ijen", SGP_ROAD_PRIMARY, 0);
    road(e2, m2, ONE_WAY, "Jalan Ijen", SGP_ROAD_PRIMARY, 0);
    road(m2, w2, ONE_WAY, "Jalan Ijen", SGP_ROAD_PRIMARY, 0);
    road(m1, m2, ONE_WAY, "", SGP_ROAD_PRIMARY, SGP_EDGE_LINK);
    road(w2, w1, ONE_WAY, "Jalan Ujung", SGP_ROAD_PRIMARY, 0);
    road(e1, e2, ONE_WAY, "Jalan Ujung", SGP_ROAD_PRIMARY, 0);
    draw_end();
    DRIVE(-150, 0, -150, 15, "depart; continue uturn Jalan Ijen; arrive");
    wipe();

    /* Two carriageways that meet in one point, where the road goes on undivided. */
    draw_begin();
    uint32_t south = at(-300, -12), north = at(-300, 12), meet = at(0, 0), east = at(300, 0);
    road(south, meet, ONE_WAY, "Jalan Parman", SGP_ROAD_PRIMARY, 0);
    road(meet, north, ONE_WAY, "Jalan Parman", SGP_ROAD_PRIMARY, 0);
    road(north, south, ONE_WAY, "Jalan Ujung", SGP_ROAD_PRIMARY, 0);
    road(meet, east, BOTH_WAYS, "Jalan Parman", SGP_ROAD_PRIMARY, 0);
    draw_end();
    DRIVE(-150, -6, -150, 6, "depart; continue uturn Jalan Parman; arrive");
    DRIVE(-150, -6, 150, 0, "depart; arrive");
    DRIVE(150, 0, -150, 6, "depart; arrive");
    wipe();

    /* A hairpin with a lane that goes on: no U-turn, the road is two-way. */
    draw_begin();
    uint32_t low = at(-300, -40), bend = at(0, 0), high = at(-300, 40), lane = at(200, 5);
    street(low, bend, "Jalan Kelok");
    street(bend, high, "Jalan Kelok");
    street(bend, lane, "Gang Lurus");
    draw_end();
    DRIVE(-150, -20, -150, 20, "depart; continue sharp left Jalan Kelok; arrive");
    wipe();
}

static void test_guide_joins_what_is_driven_as_one(void **state) {
    (void)state;
    /* A slip road to the left before the crossing. */
    draw_begin();
    uint32_t w = at(-300, 0), p = at(-50, 0), c = at(0, 0), e = at(300, 0);
    uint32_t n = at(0, 300), q = at(0, 50), s = at(0, -300);
    street(w, p, "Jalan Barat");
    street(p, c, "Jalan Barat");
    street(c, e, "Jalan Barat");
    street(c, q, "Jalan Utara");
    street(q, n, "Jalan Utara");
    street(c, s, "Jalan Utara");
    road(p, q, ONE_WAY, "", SGP_ROAD_RESIDENTIAL, SGP_EDGE_LINK);
    draw_end();
    DRIVE(-200, 0, 0, 200, "depart; turn left Jalan Utara; arrive");
    wipe();

    /* The name comes after the first metres. */
    draw_begin();
    w = at(-300, 0), c = at(0, 0), e = at(300, 0), q = at(0, 20), n = at(0, 300);
    street(w, c, "Jalan Barat");
    street(c, e, "Jalan Barat");
    street(c, q, "");
    street(q, n, "Jalan Utara");
    draw_end();
    DRIVE(-200, 0, 0, 200, "depart; turn left Jalan Utara; arrive");
    wipe();
}

/* Points and moves belong together however the roads wind. */
static void test_trace_follows_winding_roads(void **state) {
    (void)state;
    draw_begin();
    uint32_t a = at(0, 0), b = at(100, 0), c = at(100, 100);
    sgp_point bends[] = {{20 * M, 5 * M}, {40 * M, -5 * M}, {60 * M, 5 * M}};
    maker_edge(&maker, a, b, 10000, 10000, bends, 3, 0, "Satu", SGP_EDGE_MAIN);
    maker_edge(&maker, c, b, 10000, 10000, NULL, 0, 0, "Dua", SGP_EDGE_MAIN);
    draw_end();
    sgp_source source = {.from = place(30, 0)};
    sgp_snap to = place(100, 50);
    sgp_route route;
    sgp_trace trace;
    assert_int_equal(sgp_query_route(query, &source, &to, &route), SGP_OK);
    assert_int_equal(sgp_trace_make(graph, &route, &trace), SGP_OK);
    const sgp_graph_parts *p = sgp_graph_get(graph);
    assert_int_equal(trace.first_point[1], 3); /* two bends, then the corner */
    assert_int_equal(trace.first_point[2], route.n_points - 1);
    for (size_t i = 1; i + 1 < route.n_points; i++)
        assert_true(sgp_point_equal(p->points[trace.graph_point[i]], route.points[i]));
    assert_int_equal(p->points[trace.graph_point[0]].lon_e7, 20 * M);
    assert_int_equal(p->points[trace.graph_point[route.n_points - 1]].lat_e7, 100 * M);
    sgp_trace_free(&trace);

    /* Points that are not the moves' are refused. */
    route.points[1].lat_e7++;
    sgp_guide_step *steps = NULL;
    size_t n = 0;
    assert_int_equal(sgp_guide_make(graph, NULL, &route, &steps, &n), SGP_E_ARGUMENT);
    route.moves[0] = UINT32_MAX;
    assert_int_equal(sgp_guide_make(graph, NULL, &route, &steps, &n), SGP_E_ARGUMENT);
    assert_null(steps);
    sgp_route_free(&route);
    assert_int_equal(sgp_guide_make(graph, NULL, &route, &steps, &n), SGP_E_ARGUMENT);
    wipe();
}

static void test_guide_tells_the_side(void **state) {
    (void)state;
    sgp_snap snap = {.side = 1, .on_foot_mm = 20000};
    assert_int_equal(sgp_guide_side(&snap, 8), SGP_MODIFIER_LEFT);
    assert_int_equal(sgp_guide_side(&snap, 9), SGP_MODIFIER_RIGHT);
    snap.side = 2;
    assert_int_equal(sgp_guide_side(&snap, 8), SGP_MODIFIER_RIGHT);
    snap.on_foot_mm = 3000;
    assert_int_equal(sgp_guide_side(&snap, 8), SGP_MODIFIER_NONE);
}

/* ---- sentences ----------------------------------------------------------------- */

static bool has_word(const char *text, const char *word) {
    for (const char *at_word = text; (at_word = strstr(at_word, word)); at_word++)
        if ((at_word == text || !isalpha((unsigned char)at_word[-1])) &&
            !isalpha((unsigned char)at_word[strlen(word)]))
            return true;
    return false;
}

static bool says_side(sgp_manoeuvre m) {
    return m != SGP_MANOEUVRE_DEPART && m != SGP_MANOEUVRE_ROUNDABOUT &&
           m != SGP_MANOEUVRE_EXIT_ROUNDABOUT && m != SGP_MANOEUVRE_ARRIVE;
}

static void check_sentence(const sgp_guide_step *step, const char *language, const char *text) {
    const char *right = language[0] == 'e' ? "right" : "kanan";
    const char *left = language[0] == 'e' ? "left" : "kiri";
    sgp_modifier m = step->modifier;
    if (strlen(text) < 4 || strpbrk(text, "[]{}") || strstr(text, "  ") ||
        !isupper((unsigned char)text[0]) || isspace((unsigned char)text[strlen(text) - 1]))
        fail_msg("%d/%d %s: '%s'", step->manoeuvre, m, language, text);
    bool names_road = step->manoeuvre != SGP_MANOEUVRE_ARRIVE && step->name[0] != '\0';
    assert_int_equal(strstr(text, "Jalan Veteran") != NULL, names_road);
    if (!says_side(step->manoeuvre))
        return;
    bool to_right = m >= SGP_MODIFIER_SHARP_RIGHT && m <= SGP_MODIFIER_SLIGHT_RIGHT;
    bool to_left = m >= SGP_MODIFIER_SLIGHT_LEFT;
    /* Merging and ramps have words for the sides that they can have. */
    if (has_word(text, right) != to_right || has_word(text, left) != to_left)
        fail_msg("%d/%d %s: '%s'", step->manoeuvre, m, language, text);
}

static void test_guide_has_every_sentence(void **state) {
    (void)state;
    static const char *const languages[] = {"id", "en"};
    char text[256], other[256];
    for (int manoeuvre = 0; manoeuvre < SGP_MANOEUVRES; manoeuvre++) {
        assert_true(strlen(sgp_manoeuvre_str(manoeuvre)) > 3);
        for (int modifier = 0; modifier < SGP_MODIFIERS; modifier++) {
            for (int named = 0; named < 2; named++) {
                for (int exit = 0; exit < 3; exit++) {
                    sgp_guide_step step = {.manoeuvre = manoeuvre,
                                           .modifier = modifier,
                                           .name = named ? "Jalan Veteran" : "",
                                           .exit = (uint8_t)exit};
                    for (int i = 0; i < 2; i++)
                        check_sentence(&step, languages[i],
                                       sgp_guide_text(&step, languages[i], text, sizeof text));
                    sgp_guide_text(&step, "id", other, sizeof other);
                    assert_string_not_equal(text, other);
                }
            }
        }
    }
}

static void test_guide_says_what_drivers_expect(void **state) {
    (void)state;
    static const struct {
        sgp_guide_step step;
        const char *id, *en;
    } cases[] = {
        {{.manoeuvre = SGP_MANOEUVRE_TURN, .modifier = SGP_MODIFIER_RIGHT, .name = "Jalan Veteran"},
         "Belok kanan ke Jalan Veteran",
         "Turn right onto Jalan Veteran"},
        {{.manoeuvre = SGP_MANOEUVRE_ROUNDABOUT, .exit = 2, .name = "Jalan Ijen"},
         "Di bundaran, ambil jalan keluar ke-2 ke Jalan Ijen",
         "At the roundabout take the 2nd exit onto Jalan Ijen"},
        {{.manoeuvre = SGP_MANOEUVRE_ROUNDABOUT, .exit = 12, .name = ""},
         "Di bundaran, ambil jalan keluar ke-12",
         "At the roundabout take the 12th exit"},
        {{.manoeuvre = SGP_MANOEUVRE_ROUNDABOUT, .exit = 21, .name = ""},
         "Di bundaran, ambil jalan keluar ke-21",
         "At the roundabout take the 21st exit"},
        {{.manoeuvre = SGP_MANOEUVRE_CONTINUE, .modifier = SGP_MODIFIER_UTURN, .name = ""},
         "Putar balik",
         "Make a U-turn"},
        {{.manoeuvre = SGP_MANOEUVRE_DEPART, .bearing_after = 222, .name = "Jalan Ijen"},
         "Berangkat ke arah barat daya di Jalan Ijen",
         "Head southwest on Jalan Ijen"},
        {{.manoeuvre = SGP_MANOEUVRE_DEPART, .bearing_after = 359, .name = ""},
         "Berangkat ke arah utara",
         "Head north"},
        {{.manoeuvre = SGP_MANOEUVRE_ARRIVE, .modifier = SGP_MODIFIER_LEFT, .name = "x"},
         "Tiba di tujuan, di sebelah kiri",
         "You have arrived; the destination is on the left"},
    };
    char text[256];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_string_equal(sgp_guide_text(&cases[i].step, "id", text, sizeof text), cases[i].id);
        assert_string_equal(sgp_guide_text(&cases[i].step, "en", text, sizeof text), cases[i].en);
    }
    /* Cut at the end of a character, whatever the room. */
    sgp_guide_step step = {
        .manoeuvre = SGP_MANOEUVRE_TURN, .modifier = SGP_MODIFIER_RIGHT, .name = "Caf\xc3\xa9"};
    for (size_t room = 1; room < 30; room++) {
        memset(text, 'x', sizeof text);
        sgp_guide_text(&step, "id", text, room);
        size_t length = strlen(text);
        assert_true(length < room && (length == 0 || (unsigned char)text[length - 1] != 0xc3));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_guide_at_a_crossroads),
        cmocka_unit_test(test_guide_at_an_expanded_crossing),
        cmocka_unit_test(test_guide_at_the_end_of_a_road),
        cmocka_unit_test(test_guide_where_a_road_bends),
        cmocka_unit_test(test_guide_at_a_fork),
        cmocka_unit_test(test_guide_counts_exits),
        cmocka_unit_test(test_guide_on_ramps),
        cmocka_unit_test(test_guide_turns_back),
        cmocka_unit_test(test_guide_joins_what_is_driven_as_one),
        cmocka_unit_test(test_trace_follows_winding_roads),
        cmocka_unit_test(test_guide_tells_the_side),
        cmocka_unit_test(test_guide_has_every_sentence),
        cmocka_unit_test(test_guide_says_what_drivers_expect),
    };
    return cmocka_run_group_tests(tests, drawing_begin, drawing_end);
}
