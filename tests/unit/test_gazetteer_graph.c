/* Names, junctions and districts from the road graph alone: a small town that one can look over,
 * and random questions over larger ones against slow searches. */
#include <math.h>
#include <unistd.h>

#include "base/random.h"
#include "gis/gazetteer_graph.h"
#include "gis/graph_names.h"
#include "gis/place_query.h"
#include "gis/placer.h"
#include "osm_maker.h"
#include "route/osm_graph.h"

static char folder[] = "/tmp/sigap-names-XXXXXX";
static char extract[80], path[80];

/* ---- a town ------------------------------------------------------------------------ */

static const char texts[] =
    "\0RSUD Saiful Anwar\0rsud saiful anwar;rssa\0ijen klojen\0hospital\0ijen\0Klojen\0Lowokwaru\0"
    "Malang\0klojen\0kelurahan\0veteran;jalan pahlawan\0Jl. Veteran\0Masjid Nur\0masjid "
    "nur\0worship\0";
static uint32_t text(const char *wanted) {
    for (size_t at = 0; at < sizeof texts; at += strlen(texts + at) + 1)
        if (strcmp(texts + at, wanted) == 0)
            return (uint32_t)at;
    fail_msg("no text '%s'", wanted);
    return 0;
}

static sgp_graph_place place_at(uint8_t kind, double east_m, double north_m, const char *label,
                                const char *own, const char *sort) {
    return (sgp_graph_place){.kind = kind,
                             .point = osm_place(east_m, north_m),
                             .front = osm_place(east_m, north_m),
                             .entrance = osm_place(east_m, north_m),
                             .south_west = osm_place(east_m - 20, north_m - 20),
                             .north_east = osm_place(east_m + 20, north_m + 20),
                             .label = text(label),
                             .own = text(own),
                             .sort = text(sort),
                             .kelurahan = text("Klojen"),
                             .kabupaten = text("Malang"),
                             .reach_m = 30,
                             .rank = 3};
}

/* Klojen lies west of 500 m, Lowokwaru east of it. */
static void put_places(void) {
    sgp_graph_place places[] = {
        place_at('f', 100, 60, "RSUD Saiful Anwar", "rsud saiful anwar;rssa", "hospital"),
        place_at('a', 0, 0, "Klojen", "klojen", "kelurahan"),
        place_at('s', 300, 500, "Jl. Veteran", "veteran;jalan pahlawan", ""),
        place_at('f', 900, 530, "Masjid Nur", "masjid nur", "worship"),
        place_at('f', 150, 480, "Masjid Nur", "masjid nur", "worship"),
    };
    places[0].has_front = 1;
    places[0].front = osm_place(100, 0);
    places[0].front_street = text("ijen");
    places[0].context = text("ijen klojen");
    const sgp_graph_district districts[] = {{text("Klojen"), 0, text("Malang")},
                                            {text("Lowokwaru"), 0, text("Malang")}};
    const sgp_district_span spans[] = {{osm_place(-1000, 0).lon_e7, 0},
                                       {osm_place(500, 0).lon_e7, 1},
                                       {osm_place(2000, 0).lon_e7, SGP_NONE}};
    const uint32_t first_span[] = {0, 3};
    const sgp_graph_places all = {.n_places = sizeof places / sizeof *places,
                                  .places = places,
                                  .texts_length = sizeof texts,
                                  .texts = texts,
                                  .n_districts = 2,
                                  .districts = districts,
                                  .south_e7 = osm_place(0, -500).lat_e7,
                                  .row_e7 = 300000,
                                  .n_rows = 1,
                                  .first_span = first_span,
                                  .n_spans = 3,
                                  .spans = spans};
    sgp_fault fault = {0};
    if (sgp_graph_put_places(path, &all, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
}

static void draw_town(void) {
    osm_maker m = osm_maker_open(extract, "test");
    for (int i = 0; i <= 10; i++)
        osm_node(&m, 1 + i, 100 * i, 0, "");
    for (int i = 0; i <= 10; i++)
        osm_node(&m, 21 + i, 100 * i, 500, "");
    osm_node(&m, 41, 200, 250, "");
    osm_node(&m, 42, 700, 80, "");
    osm_node(&m, 43, 700, 160, "");
    osm_node(&m, 44, 300, 580, "");
    osm_node(&m, 45, 5000, 0, "");
    osm_node(&m, 46, 5000, 300, "");
    osm_way(&m, 100, "1 2 3 4 5 6 7 8 9 10 11", "highway=primary name=Jalan~Ijen");
    osm_way(&m, 101, "21 22 23 24 25 26 27 28 29 30 31", "highway=residential name=Jalan~Veteran");
    osm_way(&m, 102, "3 41 23", "highway=residential name=Jl.~Semeru");
    osm_way(&m, 103, "8 42 43", "highway=path motorcycle=yes motorcar=no name=Gang~5");
    osm_way(&m, 104, "24 44", "highway=footway name=Gang~5");
    osm_way(&m, 105, "45 46", "highway=residential name=Jalan~Veteran"); /* another one */
    osm_way(&m, 106, "11 45", "highway=secondary");
    osm_maker_close(&m);
}

static sgp_graph *import(const char *from) {
    sgp_osm_graph *made;
    sgp_graph *graph;
    sgp_fault fault = {0};
    const sgp_city_id city = {{3}};
    const sgp_graph_making making = {.method = SGP_ORDER_METIS, .threads = 1};
    if (sgp_osm_graph_read(from, &city, "kota", NULL, NULL, &made, &fault) != SGP_OK ||
        sgp_graph_write(path, sgp_osm_graph_parts(made), &making, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    sgp_osm_graph_destroy(made);
    if (from == extract)
        put_places();
    if (sgp_graph_open(path, &graph, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    return graph;
}

/* ---- asking ------------------------------------------------------------------------ */

static sgp_graph *graph;
static sgp_gazetteer_graph *made;
static const sgp_gazetteer *gazetteer;

static void begin(const char *from) {
    graph = import(from);
    assert_int_equal(sgp_gazetteer_graph_create(graph, &made), SGP_OK);
    assert_int_equal(sgp_gazetteer_graph_wait(made), SGP_OK);
    gazetteer = sgp_gazetteer_graph_get(made);
    assert_non_null(gazetteer->vocabulary(gazetteer->self));
}

static void end(void) {
    sgp_gazetteer_graph_destroy(made);
    sgp_graph_close(graph);
    remove(path);
}

enum { WORDS = 8, ROWS = SGP_NAME_ROWS_MAX };

typedef struct asked {
    sgp_name_row names[ROWS]; /* texts stay, they are the gazetteer's */
    sgp_junction_row junctions[ROWS];
    sgp_nearest_row nearest[64];
    sgp_district_row districts[16];
    sgp_around_row around;
    size_t n;
} asked;

static void take(void *ctx, sgp_err err, const sgp_gazetteer_answer *answers, size_t n) {
    asked *a = ctx;
    assert_int_equal(err, SGP_OK);
    assert_int_equal(n, 1);
    a->n = answers->n;
    if (answers->names)
        memcpy(a->names, answers->names, a->n * sizeof *a->names);
    if (answers->junctions)
        memcpy(a->junctions, answers->junctions, a->n * sizeof *a->junctions);
    if (answers->nearest)
        memcpy(a->nearest, answers->nearest, a->n * sizeof *a->nearest);
    if (answers->districts)
        memcpy(a->districts, answers->districts, a->n * sizeof *a->districts);
    if (answers->around && a->n)
        a->around = *answers->around;
}

/* Words of a name as a text with spaces between. */
static const char *words_of(const uint32_t *words, size_t n) {
    static char text[4096];
    const sgp_vocabulary *vocabulary = gazetteer->vocabulary(gazetteer->self);
    size_t length = 0;
    text[0] = '\0';
    for (size_t i = 0; i < n; i++) {
        const char *word = sgp_vocabulary_word_at(vocabulary, words[i] & ~SGP_NUMERAL).text;
        assert_int_equal((words[i] & SGP_NUMERAL) != 0, *word >= '0' && *word <= '9');
        length +=
            (size_t)snprintf(text + length, sizeof text - length, "%s%s", i > 0 ? " " : "", word);
    }
    return text;
}

static const char *own_of(const sgp_name_row *row) {
    return words_of(row->own, row->n_own);
}

static void ask(const sgp_gazetteer_ask *wish, asked *answer) {
    answer->n = SIZE_MAX;
    assert_int_equal(gazetteer->ask(gazetteer->self, wish, 1, take, answer, NULL), SGP_OK);
    assert_int_not_equal(answer->n, SIZE_MAX); /* it came before ask returned */
}

/* Asks for names by words as they stand; a word that is not known has no reading. */
static void ask_names(sgp_gazetteer_ask wish, const char *phrase, asked *answer) {
    static sgp_reading readings[WORDS];
    char words[256];
    snprintf(words, sizeof words, "%s", phrase);
    uint8_t n = 0;
    for (char *word = strtok(words, " "); word; word = strtok(NULL, " "), n++) {
        uint32_t id;
        assert_true(n < WORDS);
        wish.required |= 1u << n;
        if (sgp_vocabulary_find(gazetteer->vocabulary(gazetteer->self), word, &id))
            readings[wish.n_readings++] = (sgp_reading){n, 1, 1, {id}, 1};
    }
    wish.readings = readings;
    if (wish.limit == 0)
        wish.limit = ROWS;
    ask(&wish, answer);
}

static sgp_thing thing_of(const char *phrase, const char *kinds) {
    asked a;
    ask_names((sgp_gazetteer_ask){.kinds = kinds}, phrase, &a);
    assert_true(a.n > 0);
    return a.names[0].thing;
}

static double off_m(sgp_point point, double east_m, double north_m) {
    return sgp_distance_m(point, osm_place(east_m, north_m));
}

static void test_gazetteer_graph_finds_names(void **state) {
    (void)state;
    begin(extract);
    asked a;
    ask_names((sgp_gazetteer_ask){.kinds = "sf"}, "veteran", &a);
    assert_int_equal(a.n, 2); /* two streets of that name, 4 km apart */
    assert_string_equal(a.names[0].label, "Jl. Veteran");
    assert_int_equal(a.names[0].thing.kind, SGP_THING_STREET);
    assert_string_equal(a.names[0].sort, "residential");
    ask_names((sgp_gazetteer_ask){0}, "veteran lowokwaru", &a); /* the street runs into it */
    assert_int_equal(a.n, 1);
    assert_true(off_m(a.names[0].point, 500, 500) < 1);
    assert_int_equal(a.names[0].reach_m, 500);
    ask_names((sgp_gazetteer_ask){0}, "jalan pahlawan", &a); /* its other name */
    assert_int_equal(a.n, 1);
    assert_string_equal(a.names[0].label, "Jl. Veteran");
    assert_string_equal(own_of(&a.names[0]), "jalan pahlawan");
    ask_names((sgp_gazetteer_ask){0}, "rssa", &a);
    assert_int_equal(a.n, 1);
    assert_int_equal(a.names[0].thing.kind, SGP_THING_FACILITY);
    assert_string_equal(a.names[0].label, "RSUD Saiful Anwar");
    assert_true(a.names[0].has_front && off_m(a.names[0].front, 100, 0) < 1);
    assert_int_equal(a.names[0].front_street, thing_of("ijen", "s").id);
    assert_string_equal(a.names[0].kelurahan, "Klojen");
    assert_string_equal(a.names[0].kecamatan, "");
    end();
}

static void test_gazetteer_graph_gangs_by_their_street(void **state) {
    (void)state;
    begin(extract);
    asked a;
    ask_names((sgp_gazetteer_ask){.kinds = "g"}, "gang 5", &a);
    assert_int_equal(a.n, 2);
    ask_names((sgp_gazetteer_ask){.kinds = "g"}, "gang 5 ijen", &a);
    assert_int_equal(a.n, 1);
    assert_true(off_m(a.names[0].point, 700, 80) < 2);
    ask_names((sgp_gazetteer_ask){.kinds = "g"}, "gang 5 veteran", &a); /* on foot only */
    assert_int_equal(a.n, 1);
    assert_true(off_m(a.names[0].point, 300, 540) < 2);
    /* What nothing has all of is answered by what has the most of it. */
    ask_names((sgp_gazetteer_ask){0}, "semeru gang", &a);
    assert_true(a.n == 3 && strcmp(own_of(&a.names[0]), "semeru") == 0);
    end();
}

static void test_gazetteer_graph_near_and_unfinished(void **state) {
    (void)state;
    begin(extract);
    asked a;
    sgp_gazetteer_ask near = {.question = SGP_ASK_NAMES_NEAR,
                              .n_points = 1,
                              .radius_m = 60,
                              .points = {osm_place(850, 500)}};
    ask_names(near, "masjid", &a);
    assert_int_equal(a.n, 1);
    assert_true(off_m(a.names[0].point, 900, 530) < 1);
    near.question = SGP_ASK_NAMES; /* preferred only */
    ask_names(near, "masjid", &a);
    assert_int_equal(a.n, 2);
    assert_true(off_m(a.names[0].point, 900, 530) < 1);
    near.points[0] = osm_place(100, 450);
    near.radius_m = 90;
    ask_names(near, "masjid", &a);
    assert_true(off_m(a.names[0].point, 150, 480) < 1);
    near.question = SGP_ASK_NAMES_NEAR; /* of a street its line counts */
    near.kinds = "s";
    ask_names(near, "", &a);
    assert_int_equal(a.n, 2); /* one street, two names */
    sgp_gazetteer_ask complete = {.question = SGP_ASK_COMPLETE, .unfinished = "vet"};
    ask_names(complete, "", &a);
    assert_true(a.n >= 2 && strcmp(own_of(&a.names[0]), "veteran") == 0);
    complete.unfinished = "an";
    ask_names(complete, "saiful", &a);
    assert_int_equal(a.n, 1);
    complete.unfinished = "xyz";
    ask_names(complete, "", &a);
    assert_int_equal(a.n, 0);
    end();
}

static void test_gazetteer_graph_junctions(void **state) {
    (void)state;
    begin(extract);
    asked a;
    sgp_gazetteer_ask wish = {.question = SGP_ASK_JUNCTIONS, .n_things = {1, 2}};
    wish.things[0][0] = thing_of("semeru", "s");
    wish.things[1][0] = thing_of("ijen", "s");
    wish.things[1][1] = thing_of("veteran lowokwaru", "s");
    ask(&wish, &a);
    assert_int_equal(a.n, 2);
    for (size_t i = 0; i < 2; i++) {
        bool ijen = a.junctions[i].street_b == wish.things[1][0].id;
        assert_int_equal(a.junctions[i].street_a, wish.things[0][0].id);
        assert_int_equal(a.junctions[i].arms, 3);
        assert_true(off_m(a.junctions[i].point, 200, ijen ? 0 : 500) < 1);
        assert_string_equal(a.junctions[i].name_a, "Jl. Semeru");
        assert_string_equal(a.junctions[i].name_b, ijen ? "Jalan Ijen" : "Jalan Veteran");
    }
    sgp_gazetteer_ask near = {.question = SGP_ASK_JUNCTIONS_NEAR,
                              .n_points = 1,
                              .points = {osm_place(250, 480)},
                              .radius_m = 600,
                              .limit = 10};
    ask(&near, &a);
    assert_int_equal(a.n, 3);
    assert_true(a.junctions[0].away_m <= a.junctions[1].away_m);
    assert_true(off_m(a.junctions[0].point, 200, 500) < 1 ||
                off_m(a.junctions[0].point, 300, 500) < 1);
    near.arms = 4;
    ask(&near, &a);
    assert_int_equal(a.n, 0);
    end();
}

static void test_gazetteer_graph_points(void **state) {
    (void)state;
    begin(extract);
    asked a;
    sgp_gazetteer_ask wish = {.question = SGP_ASK_NEAREST_ON, .n_things = {2, 1}, .radius_m = 100};
    wish.things[0][0] = thing_of("veteran lowokwaru", "s");
    wish.things[0][1] = thing_of("ijen", "s");
    wish.things[1][0] = thing_of("rssa", "f");
    ask(&wish, &a);
    assert_int_equal(a.n, 1);
    assert_int_equal(a.nearest[0].first, 1);
    assert_int_equal(a.nearest[0].away_m, 40); /* from its footprint, 20 m around */
    assert_true(off_m(a.nearest[0].point, 100, 0) <= 21);
    sgp_gazetteer_ask districts = {
        .question = SGP_ASK_DISTRICTS,
        .n_points = 3,
        .points = {osm_place(499, 0), osm_place(501, 0), osm_place(60000, 0)}};
    ask(&districts, &a);
    assert_int_equal(a.n, 3);
    assert_string_equal(a.districts[0].kelurahan, "Klojen");
    assert_string_equal(a.districts[1].kelurahan, "Lowokwaru");
    assert_string_equal(a.districts[1].kabupaten, "Malang");
    assert_string_equal(a.districts[2].kelurahan, "");
    sgp_gazetteer_ask around = {
        .question = SGP_ASK_AROUND, .n_points = 1, .points = {osm_place(640, 30)}};
    ask(&around, &a);
    assert_int_equal(a.n, 1);
    assert_string_equal(a.around.street, "Jalan Ijen");
    assert_true(a.around.away_m == 30 && off_m(a.around.point, 640, 0) < 1);
    sgp_gazetteer_ask number = {.question = SGP_ASK_NUMBER, .n_things = {1, 0}};
    number.things[0][0] = thing_of("ijen", "s");
    ask(&number, &a);
    assert_int_equal(a.n, 0);
    end();
}

static void test_gazetteer_graph_while_it_is_built(void **state) {
    (void)state;
    graph = import(extract);
    for (int i = 0; i < 20; i++) {
        assert_int_equal(sgp_gazetteer_graph_create(graph, &made), SGP_OK);
        gazetteer = sgp_gazetteer_graph_get(made);
        sgp_gazetteer_ask wish = {.question = SGP_ASK_NAMES};
        asked a;
        sgp_err err = gazetteer->ask(gazetteer->self, &wish, 1, take, &a, NULL);
        assert_true(err == SGP_E_STATE || err == SGP_OK);
        gazetteer->drop(gazetteer->self, 7);
        sgp_gazetteer_graph_destroy(made); /* built or not */
    }
    sgp_gazetteer_graph_destroy(NULL);
    sgp_graph_close(graph);
    remove(path);
}

/* ---- against slow searches ---------------------------------------------------------- */

static bool line_has(const char *line, const char *word) {
    size_t length = strlen(word);
    for (const char *at = line; (at = strstr(at, word)); at++)
        if ((at == line || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
            return true;
    return false;
}

/* How many names have all the words, by looking at the text of each. */
static size_t count_with(const sgp_graph_names *names, const char *const *words, size_t n_words) {
    size_t n = 0;
    for (uint32_t i = 0; i < sgp_names_count(names); i++) {
        const sgp_graph_name *row = &sgp_names_all(names)[i];
        bool all = true;
        for (size_t w = 0; w < n_words; w++)
            all = all && (line_has(sgp_names_text(names, row->own), words[w]) ||
                          line_has(sgp_names_text(names, row->context), words[w]));
        n += all;
    }
    return n;
}

static void check_names(const sgp_graph_names *names, uint64_t *random) {
    size_t found_many = 0;
    for (int i = 0; i < 300; i++) {
        /* Two words that some name has, or one of each of two names. */
        char phrase[200] = "";
        char words[2][100];
        const char *pair[2] = {words[0], words[1]};
        for (int w = 0; w < 2; w++) {
            uint32_t number = (uint32_t)sgp_random_below(random, sgp_names_count(names));
            if (w == 1 && i % 3)
                number = number % 7 ? number : 0;
            const sgp_graph_name *row = &sgp_names_all(names)[number];
            snprintf(words[w], sizeof words[w], "%s", sgp_names_text(names, row->own));
            char *space = strrchr(words[w], ' ');
            if (space && w == 0)
                *space = '\0', memmove(words[w], words[w], strlen(words[w]) + 1);
            space = strrchr(words[w], ' ');
            if (space)
                memmove(words[w], space + 1, strlen(space));
        }
        snprintf(phrase, sizeof phrase, "%s %s", words[0], words[1]);
        asked a;
        ask_names((sgp_gazetteer_ask){0}, phrase, &a);
        size_t expected = count_with(names, pair, 2);
        found_many += expected > 1;
        if (expected > 0)
            assert_int_equal(a.n, expected < ROWS ? expected : ROWS);
        for (size_t r = 0; r < a.n && expected > 0; r++)
            for (int w = 0; w < 2; w++)
                assert_true(line_has(own_of(&a.names[r]), words[w]) ||
                            line_has(words_of(a.names[r].context, a.names[r].n_context), words[w]));
    }
    assert_true(found_many > 10);
}

/* The nearest point of a street, by walking along all its lines in steps of a metre. */
static double walk_m(const sgp_graph_streets *streets, uint32_t street, sgp_point point) {
    const sgp_graph_street *s = &sgp_streets_all(streets)[street];
    double nearest = 1e9;
    for (uint32_t i = s->first_piece; i < s->first_piece + s->n_pieces; i++) {
        const sgp_street_piece *piece = &sgp_streets_pieces(streets)[i];
        for (uint32_t k = 0; k < piece->n_points; k++) {
            sgp_point a = piece->points[k], b = piece->points[k + 1 < piece->n_points ? k + 1 : k];
            int steps = (int)sgp_distance_m(a, b) + 1;
            for (int t = 0; t <= steps; t++) {
                sgp_point on = {a.lon_e7 + (int32_t)((int64_t)(b.lon_e7 - a.lon_e7) * t / steps),
                                a.lat_e7 + (int32_t)((int64_t)(b.lat_e7 - a.lat_e7) * t / steps)};
                nearest = fmin(nearest, sgp_distance_m(on, point));
            }
        }
    }
    return nearest;
}

static void check_streets(const sgp_graph_names *names, uint64_t *random) {
    const sgp_graph_streets *streets = &names->streets;
    uint32_t n = sgp_streets_count(streets);
    size_t apart = 0;
    for (int i = 0; i < 200; i++) {
        uint32_t a = (uint32_t)sgp_random_below(random, n);
        const sgp_graph_street *street = &sgp_streets_all(streets)[a];
        sgp_point point = street->point, on;
        point.lon_e7 += (int32_t)sgp_random_below(random, 60000) - 30000;
        double walked = walk_m(streets, a, point);
        double measured = sgp_street_nearest(streets, a, point, 1e6, &on);
        assert_true(fabs(walked - measured) < 1.0 + walked / 1000);
        assert_true(fabs(sgp_distance_m(on, point) - measured) < 0.1 + walked / 1000);
        /* Streets of the same words are not one street because they are apart. */
        for (uint32_t b = streets->first[street->words]; b < streets->first[street->words + 1];
             b++) {
            if (a == b)
                continue;
            const sgp_graph_street *other = &sgp_streets_all(streets)[b];
            for (uint32_t p = 0; p < other->n_pieces; p++) {
                const sgp_street_piece *piece =
                    &sgp_streets_pieces(streets)[other->first_piece + p];
                assert_true(walk_m(streets, a, piece->points[0]) > 148);
                apart++;
            }
        }
    }
    assert_true(apart > 20);
}

static void check_junctions(const sgp_graph_names *names, uint64_t *random) {
    for (int i = 0; i < 200; i++) {
        uint32_t j = (uint32_t)sgp_random_below(random, names->junctions.n);
        sgp_gazetteer_ask near = {.question = SGP_ASK_JUNCTIONS_NEAR,
                                  .n_points = 1,
                                  .points = {names->junctions.items[j].point},
                                  .radius_m = 150,
                                  .limit = ROWS};
        asked a;
        ask(&near, &a);
        size_t expected = 0;
        for (size_t k = 0; k < names->junctions.n; k++)
            expected +=
                sgp_distance_m(names->junctions.items[k].point, near.points[0]) <= near.radius_m;
        assert_int_equal(a.n, expected);
        if (a.n == 0 || a.junctions[0].street_a == 0 || a.junctions[0].street_b == 0)
            continue;
        assert_int_equal(a.junctions[0].away_m, 0);
        sgp_point where = a.junctions[0].point;
        sgp_gazetteer_ask both = {.question = SGP_ASK_JUNCTIONS, .n_things = {1, 1}};
        both.things[0][0] = (sgp_thing){SGP_THING_STREET, a.junctions[0].street_a};
        both.things[1][0] = (sgp_thing){SGP_THING_STREET, a.junctions[0].street_b};
        ask(&both, &a);
        bool there = false;
        for (size_t k = 0; k < a.n; k++)
            there = there || sgp_point_equal(a.junctions[k].point, where);
        assert_true(there);
    }
}

static void test_gazetteer_graph_extracts(void **state) {
    (void)state;
    static const char *const files[] = {"jakarta-2012", "osrm_monaco"};
    const char *data = getenv("SIGAP_DATA");
    uint64_t random = 20261122;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char file[500];
        snprintf(file, sizeof file, "%s/osm/%s.osm.pbf",
                 data ? data : SIGAP_SOURCE_DIR "/../shared/data", files[i]);
        if (access(file, R_OK) != 0)
            continue;
        begin(file);
        size_t bytes;
        int64_t build_us;
        sgp_gazetteer_graph_cost(made, &bytes, &build_us);
        static atomic_bool never;
        sgp_graph_names names;
        assert_int_equal(sgp_graph_names_make(sgp_graph_get(graph), &never, &names), SGP_OK);
        printf("%s: %u names, %u streets, %zu junctions, %zu words; %zu kB, made in %lld ms\n",
               files[i], sgp_names_count(&names), sgp_streets_count(&names.streets),
               names.junctions.n, sgp_vocabulary_size(names.vocabulary), bytes / 1024,
               (long long)build_us / 1000);
        check_names(&names, &random);
        check_streets(&names, &random);
        check_junctions(&names, &random);
        sgp_graph_names_deinit(&names);
        end();
    }
}

static int make_folder(void **state) {
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(extract, sizeof extract, "%s/town.osm.pbf", folder);
    snprintf(path, sizeof path, "%s/town.sgr", folder);
    draw_town();
    return 0;
}

static int drop_folder(void **state) {
    (void)state;
    remove(extract);
    return rmdir(folder);
}

/* ---- the placer over it ------------------------------------------------------------------ */

typedef struct heard {
    bool came, from_graph;
    sgp_err err;
    size_t n;
} heard;

static void hear(void *ctx, sgp_err err, const sgp_place_found *found) {
    heard *h = ctx;
    *h = (heard){true, err == SGP_OK && found->from_graph, err, err == SGP_OK ? found->n : 0};
}

/* Asked in the first moment, while the names are being made: the answer waits for them. */
static void test_gazetteer_graph_is_waited_for(void **state) {
    (void)state;
    struct event_base *base = event_base_new();
    sgp_placer *placer = NULL;
    sgp_fault fault = {0};
    const sgp_city_id city = {{3}};
    heard word = {.came = false}, unknown = {.came = false}, position = {.came = false};
    draw_town();
    graph = import(extract);
    assert_int_equal(sgp_placer_create(base, "", &city, &placer, &fault), SGP_OK);
    const sgp_graph_parts *parts = sgp_graph_get(graph);
    sgp_placer_set_bounds(placer, parts->south_west, parts->north_east);
    assert_int_equal(sgp_placer_set_graph(placer, graph), SGP_OK);
    char point[64];
    snprintf(point, sizeof point, "%.6f, %.6f", sgp_lon(parts->south_west),
             sgp_lat(parts->south_west));
    assert_int_equal(sgp_placer_find(placer, "jalan semeru", NULL, hear, &word, NULL), SGP_OK);
    assert_int_equal(sgp_placer_find(placer, "xyzzyq", NULL, hear, &unknown, NULL), SGP_OK);
    assert_int_equal(sgp_placer_find(placer, point, NULL, hear, &position, NULL), SGP_OK);
    while (!word.came || !unknown.came || !position.came)
        assert_int_equal(event_base_loop(base, EVLOOP_ONCE), 0);
    assert_int_equal(word.err, SGP_OK);
    assert_true(word.from_graph && word.n > 0);
    assert_true(unknown.err == SGP_OK && unknown.n == 0);
    assert_true(position.err == SGP_OK && position.n == 1);
    sgp_placer_destroy(placer);
    event_base_free(base);
    sgp_graph_close(graph);
    remove(path);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gazetteer_graph_finds_names),
        cmocka_unit_test(test_gazetteer_graph_gangs_by_their_street),
        cmocka_unit_test(test_gazetteer_graph_near_and_unfinished),
        cmocka_unit_test(test_gazetteer_graph_junctions),
        cmocka_unit_test(test_gazetteer_graph_points),
        cmocka_unit_test(test_gazetteer_graph_while_it_is_built),
        cmocka_unit_test(test_gazetteer_graph_is_waited_for),
        cmocka_unit_test(test_gazetteer_graph_extracts),
    };
    return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
