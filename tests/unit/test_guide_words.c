/* What drivers are told, held to the road itself: left and right are those of the turn, exits of
 * roundabouts are counted as one drives past them (clockwise: one keeps left), and each language
 * has its own words only. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "guide_drawing.h"

static const char *const languages[] = {"id", "en"};

/* ---- words --------------------------------------------------------------------- */

/* Every word that a sentence may have, written here by hand and apart from the table of sentences:
 * a word of the other language, or a slip of the pen, stands in neither list. */
static const char *const vocabulary[] = {
    " agak ambil arah balik barat belok berangkat bergabung bundaran dari daya di ikuti jalan "
    "kanan ke"
    " keluar kiri laut lewat lurus masuk percabangan putar sebelah selatan serong tajam tengah "
    "tenggara"
    " terus tetap tiba timur tujuan ujung utara ",
    " a and arrived at bear continue destination east end enter exit follow fork go have head is "
    "keep"
    " leave left make merge middle north northeast northwest of on onto ramp right road roundabout"
    " sharp slight slightly south southeast southwest stay straight take the to turn u west you ",
};

/* Letters in a row; numbers and what ends them ("2nd") are no words. */
static bool next_word(const char **at, char *word, size_t capacity) {
    const char *p = *at;
    for (;;) {
        while (*p != '\0' && !isalnum((unsigned char)*p))
            p++;
        if (!isdigit((unsigned char)*p))
            break;
        while (isalnum((unsigned char)*p))
            p++;
    }
    size_t n = 0;
    for (; isalpha((unsigned char)*p); p++)
        if (n + 1 < capacity)
            word[n++] = (char)tolower((unsigned char)*p);
    word[n] = '\0';
    *at = p;
    return n > 0;
}

static bool knows(int language, const char *word) {
    char wanted[40];
    snprintf(wanted, sizeof wanted, " %s ", word);
    return strstr(vocabulary[language], wanted) != NULL;
}

static void check_words(const char *sentence, int language, unsigned *seen) {
    char word[32];
    for (const char *at = sentence; next_word(&at, word, sizeof word);) {
        if (!knows(language, word))
            fail_msg("'%s' is no word of %s: %s", word, languages[language], sentence);
        if (knows(!language, word))
            fail_msg("'%s' is a word of both languages", word);
        (*seen)++;
    }
}

static void test_guide_words_are_of_one_language(void **state) {
    (void)state;
    unsigned seen[2] = {0, 0};
    for (int manoeuvre = 0; manoeuvre < SGP_MANOEUVRES; manoeuvre++)
        for (int modifier = 0; modifier < SGP_MODIFIERS; modifier++)
            for (int exit = 0; exit < 30; exit += exit < 4 ? 1 : 7)
                for (int bearing = 0; bearing < 360; bearing += 45)
                    for (int named = 0; named < 2; named++)
                        for (int language = 0; language < 2; language++) {
                            char text[256];
                            sgp_guide_step step = {.manoeuvre = manoeuvre,
                                                   .modifier = modifier,
                                                   .exit = (uint8_t)exit,
                                                   .bearing_after = (uint16_t)bearing,
                                                   .name = named ? "77" : ""};
                            sgp_guide_text(&step, languages[language], text, sizeof text);
                            assert_true(strlen(text) >= 4);
                            check_words(text, language, &seen[language]);
                        }
    assert_true(seen[0] > 10000 && seen[1] > 10000);
}

/* ---- turns ----------------------------------------------------------------------- */

enum { NO_SIDE, LEFT_SIDE, RIGHT_SIDE, BOTH_SIDES };

static int side_told(const char *sentence, int language) {
    static const char *const names[2][2] = {{"kiri", "kanan"}, {"left", "right"}};
    char word[32];
    int side = NO_SIDE;
    for (const char *at = sentence; next_word(&at, word, sizeof word);)
        for (int i = 0; i < 2; i++)
            if (strcmp(word, names[language][i]) == 0)
                side |= i + 1;
    return side;
}

/* The only manoeuvre between departure and arrival; false: there is none. */
static bool only_turn(sgp_snap from, sgp_snap to, sgp_guide_step *turn, char told[2][256]) {
    sgp_source source = {.from = from};
    sgp_route route;
    assert_int_equal(sgp_query_route(query, &source, &to, &route), SGP_OK);
    assert_true(route.duration_ms != SGP_UNREACHABLE);
    sgp_guide_step *steps = NULL;
    size_t n = 0;
    assert_int_equal(sgp_guide_make(graph, sgp_graph_get(graph)->weight, &route, &steps, &n),
                     SGP_OK);
    assert_true(n == 2 || n == 3);
    if (n == 3) {
        *turn = steps[1];
        for (int i = 0; i < 2; i++)
            sgp_guide_text(turn, languages[i], told[i], 256);
    }
    free(steps);
    sgp_route_free(&route);
    return n == 3;
}

/* What else leaves the crossing. */
enum { NOTHING_ELSE, ON_THE_OTHER_SIDE, STRAIGHT_ON, CROSSINGS };

/* One comes from `heading` (degrees from north) to a crossing and leaves it `turn` degrees to the
 * right. */
static void check_turn(int heading, int turn, int crossing) {
    const double degree = M_PI / 180;
    draw_begin();
    uint32_t middle = at(0, 0);
    int go = heading + turn;
    int other = crossing == STRAIGHT_ON ? heading : heading + (turn > 0 ? -70 : 70);
    int e_in = (int)lround(-200 * sin(heading * degree));
    int n_in = (int)lround(-200 * cos(heading * degree));
    int e_out = (int)lround(200 * sin(go * degree)), n_out = (int)lround(200 * cos(go * degree));
    street(at(e_in, n_in), middle, "Jalan Asal");
    street(middle, at(e_out, n_out), "Jalan Tujuan");
    if (crossing != NOTHING_ELSE)
        street(middle,
               at((int)lround(200 * sin(other * degree)), (int)lround(200 * cos(other * degree))),
               "Jalan Lain");
    draw_end();
    sgp_guide_step step;
    char told[2][256];
    bool is_told = only_turn(place(e_in * 3 / 4, n_in * 3 / 4), place(e_out * 3 / 4, n_out * 3 / 4),
                             &step, told);
    assert_true(is_told); /* the name changes, so something is always told */
    int measured = (step.bearing_after - step.bearing_before + 540) % 360 - 180;
    if (abs(measured - turn) > 3)
        fail_msg("a turn of %d degrees is measured as %d", turn, measured);
    int wanted = turn > 0 ? RIGHT_SIDE : LEFT_SIDE;
    for (int i = 0; i < 2; i++) {
        int side = side_told(told[i], i);
        /* Almost straight on, and all the way back, nobody needs a side. */
        bool may_be_none = abs(turn) <= 20 || abs(turn) >= 170;
        if (side != wanted && !(may_be_none && side == NO_SIDE))
            fail_msg("%d degrees from heading %d: '%s'", turn, heading, told[i]);
    }
    assert_int_equal(side_told(told[0], 0), side_told(told[1], 1));
    wipe();
}

static void test_guide_words_match_the_turn(void **state) {
    (void)state;
    for (int heading = 0; heading < 360; heading += 75)
        for (int turn = 10; turn <= 160; turn += 10)
            for (int crossing = 0; crossing < CROSSINGS; crossing++) {
                check_turn(heading, turn, crossing);
                check_turn(heading, -turn, crossing);
            }
}

/* ---- roundabouts ------------------------------------------------------------------- */

static void check_roundabout(int arms, int first_bearing) {
    enum { MOST = 7 };
    const double degree = M_PI / 180;
    static const char *const names[MOST] = {"Jalan Nol",   "Jalan Satu", "Jalan Dua", "Jalan Tiga",
                                            "Jalan Empat", "Jalan Lima", "Jalan Enam"};
    uint32_t ring[MOST];
    int e[MOST], n[MOST];
    draw_begin();
    for (int i = 0; i < arms; i++) {
        double bearing = (first_bearing + i * 360.0 / arms) * degree; /* clockwise */
        ring[i] = at((int)lround(40 * sin(bearing)), (int)lround(40 * cos(bearing)));
        e[i] = (int)lround(240 * sin(bearing));
        n[i] = (int)lround(240 * cos(bearing));
    }
    for (int i = 0; i < arms; i++) {
        road(ring[i], ring[(i + 1) % arms], ONE_WAY, "Bundaran", SGP_ROAD_TERTIARY,
             SGP_EDGE_ROUNDABOUT);
        street(ring[i], at(e[i], n[i]), names[i]);
    }
    draw_end();
    for (int from = 0; from < arms; from++)
        for (int to = 0; to < arms; to++) {
            if (to == from)
                continue;
            unsigned exits = (unsigned)((to - from + arms) % arms);
            sgp_source source = {.from = place(e[from] * 3 / 4, n[from] * 3 / 4)};
            sgp_snap there = place(e[to] * 3 / 4, n[to] * 3 / 4);
            sgp_route route;
            assert_int_equal(sgp_query_route(query, &source, &there, &route), SGP_OK);
            sgp_guide_step *steps = NULL;
            size_t n_steps = 0, found = 0;
            assert_int_equal(
                sgp_guide_make(graph, sgp_graph_get(graph)->weight, &route, &steps, &n_steps),
                SGP_OK);
            for (size_t i = 0; i < n_steps; i++) {
                if (steps[i].manoeuvre != SGP_MANOEUVRE_ROUNDABOUT)
                    continue;
                found++;
                char text[256], wanted[2][96];
                static const char *const nth[] = {"", "1st", "2nd", "3rd", "4th", "5th", "6th"};
                snprintf(wanted[0], sizeof wanted[0], "jalan keluar ke-%u ke %s", exits, names[to]);
                snprintf(wanted[1], sizeof wanted[1], "the %s exit onto %s", nth[exits], names[to]);
                for (int k = 0; k < 2; k++)
                    if (!strstr(sgp_guide_text(&steps[i], languages[k], text, sizeof text),
                                wanted[k]))
                        fail_msg("%d arms, from %d to %d: '%s'", arms, from, to, text);
            }
            assert_int_equal(found, 1);
            free(steps);
            sgp_route_free(&route);
        }
    wipe();
}

static void test_guide_words_count_exits(void **state) {
    (void)state;
    for (int arms = 3; arms <= 7; arms++)
        for (int bearing = 0; bearing < 360; bearing += 50)
            check_roundabout(arms, bearing);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_guide_words_are_of_one_language),
        cmocka_unit_test(test_guide_words_match_the_turn),
        cmocka_unit_test(test_guide_words_count_exits),
    };
    return cmocka_run_group_tests(tests, drawing_begin, drawing_end);
}
