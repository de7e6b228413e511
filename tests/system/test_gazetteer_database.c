/* The gazetteer in PostGIS against a made-up corner of Malang: each question's answer, many rounds
 * at a time, rounds that are dropped, and a database that goes and comes back. Skipped where
 * PostGIS is absent.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <libpq-fe.h>

#include "base/clock.h"
#include "gis/gazetteer_database.h"
#include "gis/import.h"
#include "gis_city.h"
#include "made_corner.h"

static gis_city here;
static struct event_base *base;
static sgp_gazetteer_database *database;
static sgp_gazetteer gazetteer;
static sgp_city_id city;

/* ---- asking ------------------------------------------------------------------------- */

/* What came of a round, written down in words because rows live only in the answer. */
typedef struct heard {
    bool came;
    sgp_err err;
    size_t n; /* answers */
    char text[8000];
} heard;

static void put(heard *h, const char *format, ...) {
    va_list list;
    size_t used = strlen(h->text);
    va_start(list, format);
    vsnprintf(h->text + used, sizeof h->text - used, format, list);
    va_end(list);
}

static void put_grid(heard *h, sgp_point p) {
    put(h, " %.1f,%.1f", (sgp_lon(p) - 112.6) / 0.001, (sgp_lat(p) + 7.99) / 0.001);
}

static void hear_answer(heard *h, const sgp_gazetteer_answer *answer) {
    for (size_t i = 0; i < answer->n; i++) {
        if (answer->names)
            put(h, "%c %s (%s)", (char)answer->names[i].thing.kind, answer->names[i].label,
                answer->names[i].kelurahan);
        if (answer->numbers) {
            const sgp_number_row *row = &answer->numbers[i];
            put(h, "%s%s gap %d", row->is_exact ? "=" : "~", row->shown, (int)row->gap);
            put_grid(h, row->point);
            if (row->is_between) {
                put(h, " between %d %d %d m", (int)row->low, (int)row->high, (int)row->span_m);
                put_grid(h, row->between);
            }
        }
        if (answer->junctions) {
            const sgp_junction_row *row = &answer->junctions[i];
            put(h, "%s x %s %d%s %d m", row->name_a, row->name_b, row->arms,
                row->is_roundabout ? " round" : "", (int)row->away_m);
            put_grid(h, row->point);
        }
        if (answer->nearest) {
            put(h, "%d on %d %d m", answer->nearest[i].second, answer->nearest[i].first,
                (int)answer->nearest[i].away_m);
            put_grid(h, answer->nearest[i].point);
        }
        if (answer->districts)
            put(h, "%s %s %s", answer->districts[i].kelurahan, answer->districts[i].kecamatan,
                answer->districts[i].kabupaten);
        if (answer->around)
            put(h, "%s %s %d m", answer->around[i].street, answer->around[i].number,
                (int)answer->around[i].away_m);
        put(h, "; ");
    }
    put(h, "| ");
}

static void on_answer(void *ctx, sgp_err err, const sgp_gazetteer_answer *answers, size_t n) {
    heard *h = ctx;
    assert_false(h->came);
    h->came = true;
    h->err = err;
    h->n = n;
    for (size_t i = 0; i < n; i++)
        hear_answer(h, &answers[i]);
}

static void run_until(const bool *came) {
    int64_t until_us = sgp_monotonic_us() + 20 * 1000000;
    while (!*came && sgp_monotonic_us() < until_us)
        event_base_loop(base, EVLOOP_ONCE);
    assert_true(*came);
}

static heard ask_all(const sgp_gazetteer_ask *asks, size_t n) {
    heard h = {.came = false};
    assert_int_equal(gazetteer.ask(gazetteer.self, asks, n, on_answer, &h, NULL), SGP_OK);
    bool from_memory = true;
    for (size_t i = 0; i < n; i++)
        from_memory &= asks[i].question != SGP_ASK_AROUND;
    /* The server answers from the loop. */
    assert_int_equal(h.came, from_memory);
    run_until(&h.came);
    assert_int_equal(h.err, SGP_OK);
    assert_int_equal(h.n, n);
    return h;
}

static sgp_reading readings[SGP_ASK_READINGS_MAX];

/* Asks for names with all words of `text`; the last one is unfinished when completing. */
static sgp_gazetteer_ask names_ask(sgp_gazetteer_question question, char *text) {
    static const char *words[16];
    size_t n = 0;
    for (char *at = strtok(text, " "); at; at = strtok(NULL, " "))
        words[n++] = at;
    sgp_gazetteer_ask ask = {.question = question, .limit = SGP_NAME_ROWS_MAX};
    if (question == SGP_ASK_COMPLETE)
        ask.unfinished = words[--n];
    ask.readings = readings;
    ask.n_readings = sgp_vocabulary_read(gazetteer.vocabulary(gazetteer.self), words, n, readings,
                                         SGP_ASK_READINGS_MAX);
    ask.required = (UINT32_C(1) << n) - 1;
    return ask;
}

static heard ask_names(sgp_gazetteer_question question, const char *text) {
    char copy[200];
    snprintf(copy, sizeof copy, "%s", text);
    sgp_gazetteer_ask ask = names_ask(question, copy);
    return ask_all(&ask, 1);
}

static void check_has(const heard *h, const char *wanted) {
    if (!strstr(h->text, wanted))
        fail_msg("«%s» is not in «%s»", wanted, h->text);
}

static sgp_point at(double x, double y) {
    return (sgp_point){1126000000 + (int32_t)(x * 10000), -79900000 + (int32_t)(y * 10000)};
}

/* The thing of that label, asked of the database by the test itself. */
static sgp_thing thing_of(const char *label) {
    PGconn *connection = PQconnectdb(here.conninfo);
    char sql[300], hex[33];
    sgp_city_id_format(&city, hex);
    snprintf(sql, sizeof sql, "SELECT kind, thing FROM city_%s.name WHERE label = $1 ORDER BY id",
             hex);
    PGresult *result = PQexecParams(connection, sql, 1, NULL, &label, NULL, NULL, 0);
    assert_true(PQntuples(result) > 0);
    sgp_thing thing = {(sgp_thing_kind)PQgetvalue(result, 0, 0)[0],
                       (int32_t)strtol(PQgetvalue(result, 0, 1), NULL, 10)};
    PQclear(result);
    PQfinish(connection);
    return thing;
}

/* ---- life --------------------------------------------------------------------------- */

static void import_city(void) {
    char extract[96], graphs[96];
    snprintf(extract, sizeof extract, "%s/corner.osm.pbf", here.folder);
    snprintf(graphs, sizeof graphs, "%s/graph", here.folder);
    made_corner_write(extract);
    sgp_import_options options = {
        .extract = extract, .graph_dir = graphs, .conninfo = here.conninfo};
    sgp_import_result result;
    sgp_fault fault = {SGP_OK, ""};
    made_corner_must(sgp_import(&options, &result, &fault), &fault);
    city = result.city;
}

static size_t n_changes;
static sgp_gazetteer_state last_state;

static void on_changed(void *ctx, sgp_gazetteer_state state) {
    (void)ctx;
    n_changes++;
    assert_true(state != last_state || n_changes == 1);
    last_state = state;
}

static void wait_for(sgp_gazetteer_state state) {
    int64_t until_us = sgp_monotonic_us() + 30 * 1000000;
    while (sgp_gazetteer_database_state(database) != state && sgp_monotonic_us() < until_us)
        event_base_loop(base, EVLOOP_ONCE);
    if (sgp_gazetteer_database_state(database) != state)
        fail_msg("the gazetteer did not become %d: %s", state,
                 sgp_gazetteer_database_fault(database));
}

static int begin(void **state) {
    (void)state;
    sgp_fault fault = {SGP_OK, ""};
    import_city();
    base = event_base_new();
    made_corner_must(sgp_gazetteer_database_create(base, here.conninfo, &city, on_changed, NULL,
                                                   &database, &fault),
                     &fault);
    gazetteer = sgp_gazetteer_database_interface(database);
    /* Nothing is known yet, and nothing is asked. */
    sgp_gazetteer_ask ask = {.question = SGP_ASK_AROUND, .n_points = 1};
    assert_null(gazetteer.vocabulary(gazetteer.self));
    assert_int_equal(gazetteer.ask(gazetteer.self, &ask, 1, on_answer, NULL, NULL), SGP_E_DATABASE);
    wait_for(SGP_GAZETTEER_READY);
    assert_int_equal(last_state, SGP_GAZETTEER_READY);
    assert_string_equal(sgp_gazetteer_database_fault(database), "");
    return 0;
}

static int end(void **state) {
    (void)state;
    sgp_gazetteer_database_destroy(database);
    event_base_free(base);
    return 0;
}

/* ---- tests ---------------------------------------------------------------------------- */

static void test_gazetteer_finds_names_by_garbled_words(void **state) {
    (void)state;
    heard h = ask_names(SGP_ASK_NAMES, "veteran");
    check_has(&h, "s Jl. Veteran (Sumbersari)");
    h = ask_names(SGP_ASK_NAMES, "feteran sumbesari");
    check_has(&h, "s Jl. Veteran (Sumbersari)");
    h = ask_names(SGP_ASK_NAMES, "gang 5 sumbersari");
    check_has(&h, "g Gang 5 (Sumbersari)");
    h = ask_names(SGP_ASK_NAMES, "blok c2 araya");
    check_has(&h, "Blok C2");
    /* A single word must be the name's own: nothing that merely lies in Lowokwaru. */
    h = ask_names(SGP_ASK_NAMES, "lowokwaru");
    assert_string_equal(h.text, "a Lowokwaru (); | ");
}

static void test_gazetteer_gives_way_where_no_name_has_all(void **state) {
    (void)state;
    /* No name has these three; Jalan Gajayana and Jalan Majapahit have one each. */
    heard h = ask_names(SGP_ASK_NAMES, "gajayana majapahit");
    check_has(&h, "s Jl. Gajayana");
    check_has(&h, "s Jl. Majapahit");
    h = ask_names(SGP_ASK_NAMES, "gajayana sumbersari krajan");
    check_has(&h, "s Jl. Gajayana");
    h = ask_names(SGP_ASK_NAMES, "qwxyzq");
    assert_string_equal(h.text, "| ");
    h = ask_names(SGP_ASK_NAMES, "veteran qwxyzq");
    check_has(&h, "s Jl. Veteran");
}

static void test_gazetteer_keeps_to_kinds_and_neighbourhood(void **state) {
    (void)state;
    char text[] = "gajayana", again[] = "gajayana";
    sgp_gazetteer_ask ask = names_ask(SGP_ASK_NAMES, text);
    ask.kinds = "j";
    heard h = ask_all(&ask, 1);
    assert_string_equal(h.text, "j Simpang Empat Gajayana (Sumbersari); | ");
    ask = names_ask(SGP_ASK_NAMES_NEAR, again);
    ask.points[0] = at(20, 10.5);
    ask.points[1] = at(55, 45);
    ask.n_points = 2;
    ask.radius_m = 100;
    h = ask_all(&ask, 1);
    check_has(&h, "j Simpang Empat Gajayana");
    ask.points[0] = at(50, 45);
    h = ask_all(&ask, 1);
    assert_string_equal(h.text, "| ");
    /* A neighbourhood of very many squares is asked for by distance alone. */
    ask.points[0] = at(20, 10);
    ask.radius_m = 90000;
    h = ask_all(&ask, 1);
    check_has(&h, "s Jl. Gajayana");
}

static void test_gazetteer_completes(void **state) {
    (void)state;
    heard h = ask_names(SGP_ASK_COMPLETE, "vet");
    check_has(&h, "s Jl. Veteran");
    h = ask_names(SGP_ASK_COMPLETE, "saiful anw");
    check_has(&h, "f RSUD Dr. Saiful Anwar");
    h = ask_names(SGP_ASK_COMPLETE, "saiful');--");
    assert_string_equal(h.text, "| ");
}

static void test_gazetteer_knows_numbers(void **state) {
    (void)state;
    sgp_gazetteer_ask ask = {.question = SGP_ASK_NUMBER, .number = "5a", .number_value = 5};
    ask.things[0][0] = thing_of("Jl. Veteran");
    ask.things[0][1] = thing_of("Jl. Gajayana");
    ask.things[0][2] = thing_of("Jl. Majapahit");
    ask.n_things[0] = 3;
    heard h = ask_all(&ask, 1);
    assert_string_equal(h.text, "=5A gap 0 3.0,10.1; ~2 gap 3 19.9,6.1 between 1 9 890 m 20.0,10.0;"
                                " ~ gap 0 -112600.0,7990.0; | ");
    ask = (sgp_gazetteer_ask){.question = SGP_ASK_NUMBER, .number = "7", .number_value = 7};
    snprintf(ask.block, sizeof ask.block, "c2");
    ask.things[0][0] = thing_of("Blok C2");
    ask.n_things[0] = 1;
    h = ask_all(&ask, 1);
    check_has(&h, "=");
}

/* KM 12 stands at 5, KM 12.5 at Jalan Sumbersari. */
static void test_gazetteer_knows_kilometres(void **state) {
    (void)state;
    sgp_gazetteer_ask ask = {.question = SGP_ASK_KM_POSTS, .number_value = 12300};
    ask.things[0][0] = thing_of("Jl. Veteran");
    ask.things[0][1] = thing_of("Jl. Majapahit");
    ask.n_things[0] = 2;
    heard h = ask_all(&ask, 1);
    assert_string_equal(h.text, "~12 gap 300 5.0,10.1; ~ gap 0 -112600.0,7990.0; | ");
    ask.number_value = 12000;
    ask.n_things[0] = 1;
    h = ask_all(&ask, 1);
    assert_string_equal(h.text, "=12 gap 0 5.0,10.1; | ");
    ask.things[0][0] = thing_of("Jl. Sumbersari");
    ask.number_value = 11000;
    h = ask_all(&ask, 1);
    assert_string_equal(h.text, "~12,5 gap 1500 10.1,12.0; | ");
}

static void test_gazetteer_knows_junctions(void **state) {
    (void)state;
    sgp_gazetteer_ask ask = {.question = SGP_ASK_JUNCTIONS};
    ask.things[0][0] = thing_of("Jl. Gajayana");
    ask.things[1][0] = thing_of("Jl. Veteran");
    ask.n_things[0] = ask.n_things[1] = 1;
    heard h = ask_all(&ask, 1);
    assert_string_equal(h.text, "Jalan Gajayana x Jalan Veteran 4 0 m 20.0,10.0; | ");
    ask = (sgp_gazetteer_ask){.question = SGP_ASK_JUNCTIONS_NEAR, .radius_m = 300, .arms = 4};
    ask.points[0] = at(21, 10);
    ask.n_points = 1;
    h = ask_all(&ask, 1);
    check_has(&h, "110 m 20.0,10.0; ");
}

static void test_gazetteer_knows_what_is_near(void **state) {
    (void)state;
    sgp_gazetteer_ask asks[3] = {{.question = SGP_ASK_NEAREST_ON, .radius_m = 500},
                                 {.question = SGP_ASK_DISTRICTS, .n_points = 2},
                                 {.question = SGP_ASK_AROUND, .n_points = 1}};
    asks[0].things[0][0] = thing_of("Jl. Veteran");
    asks[0].things[0][1] = thing_of("Jl. Majapahit");
    asks[0].things[1][0] = thing_of("RSUD Dr. Saiful Anwar");
    asks[0].n_things[0] = 2;
    asks[0].n_things[1] = 1;
    asks[1].points[0] = at(10, 10);
    asks[1].points[1] = at(400, 10);
    asks[2].points[0] = at(20.1, 6);
    heard h = ask_all(asks, 3);
    check_has(&h, "0 on 0 111 m 1");
    check_has(&h, "Sumbersari Lowokwaru Kota Malang; ");
    check_has(&h, "Jalan Gajayana 1 0 m; Jalan Gajayana  11 m; | ");
    assert_null(strstr(h.text, "on 1"));
}

static void test_gazetteer_answers_many_rounds(void **state) {
    (void)state;
    enum { ROUNDS = 64 };
    static heard all[ROUNDS];
    uint64_t tickets[ROUNDS];
    memset(all, 0, sizeof all);
    for (size_t i = 0; i < ROUNDS; i++) {
        char text[] = "veteran";
        sgp_gazetteer_ask asks[2] = {names_ask(SGP_ASK_NAMES, text),
                                     {.question = SGP_ASK_AROUND, .n_points = 1}};
        assert_int_equal(gazetteer.ask(gazetteer.self, asks, 2, on_answer, &all[i], &tickets[i]),
                         SGP_OK);
        assert_false(all[i].came);
    }
    sgp_gazetteer_ask one = {.question = SGP_ASK_AROUND, .n_points = 1};
    assert_int_equal(gazetteer.ask(gazetteer.self, &one, 1, on_answer, NULL, NULL), SGP_E_FULL);
    assert_int_equal(gazetteer.ask(gazetteer.self, &one, 0, on_answer, NULL, NULL), SGP_E_ARGUMENT);
    gazetteer.drop(gazetteer.self, tickets[7]);
    gazetteer.drop(gazetteer.self, 999999);
    for (size_t i = 0; i < ROUNDS; i++)
        if (i != 7) {
            run_until(&all[i].came);
            check_has(&all[i], "s Jl. Veteran");
        }
    assert_false(all[7].came);
}

static void test_gazetteer_goes_and_comes_back(void **state) {
    (void)state;
    char line[256];
    heard h = {.came = false};
    const sgp_vocabulary *before = gazetteer.vocabulary(gazetteer.self);
    sgp_gazetteer_ask ask = {.question = SGP_ASK_AROUND, .n_points = 1};
    assert_int_equal(gazetteer.ask(gazetteer.self, &ask, 1, on_answer, &h, NULL), SGP_OK);
    assert_int_equal(gis_shell("stop", here.cluster, line, sizeof line), 0);
    run_until(&h.came);
    wait_for(SGP_GAZETTEER_AWAY);
    assert_true(sgp_gazetteer_database_fault(database)[0] != '\0');
    assert_int_equal(gazetteer.ask(gazetteer.self, &ask, 1, on_answer, &h, NULL), SGP_E_DATABASE);
    assert_int_equal(gis_shell("start", here.cluster, line, sizeof line), 0);
    wait_for(SGP_GAZETTEER_READY);
    /* The words of a city do not change: they stay. */
    assert_ptr_equal(gazetteer.vocabulary(gazetteer.self), before);
    h = ask_names(SGP_ASK_NAMES, "veteran");
    check_has(&h, "s Jl. Veteran");
}

static void test_gazetteer_ends_with_answers_owed(void **state) {
    (void)state;
    sgp_fault fault = {SGP_OK, ""};
    sgp_gazetteer_ask asks[2] = {{.question = SGP_ASK_AROUND, .n_points = 1},
                                 {.question = SGP_ASK_AROUND}};
    heard one = {.came = false}, empty = {.came = false};
    assert_int_equal(gazetteer.ask(gazetteer.self, &asks[0], 1, on_answer, &one, NULL), SGP_OK);
    assert_int_equal(gazetteer.ask(gazetteer.self, &asks[1], 1, on_answer, &empty, NULL), SGP_OK);
    assert_true(empty.came && empty.err == SGP_OK); /* the server need not be asked */
    sgp_gazetteer_database_destroy(database);
    assert_true(one.came && one.err == SGP_E_DATABASE);
    /* A city that the database does not hold. */
    sgp_city_id other = city;
    other.bytes[0] ^= 1;
    made_corner_must(
        sgp_gazetteer_database_create(base, here.conninfo, &other, NULL, NULL, &database, &fault),
        &fault);
    wait_for(SGP_GAZETTEER_AWAY);
    assert_non_null(strstr(sgp_gazetteer_database_fault(database), "does not hold the city"));
    assert_int_equal(sgp_gazetteer_database_create(base, "host = 'nowhere", &city, NULL, NULL,
                                                   &(sgp_gazetteer_database *){NULL}, &fault),
                     SGP_E_CONFIG);
}

int main(void) {
    int code = gis_city_begin(&here);
    if (code != 0)
        return code;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gazetteer_finds_names_by_garbled_words),
        cmocka_unit_test(test_gazetteer_gives_way_where_no_name_has_all),
        cmocka_unit_test(test_gazetteer_keeps_to_kinds_and_neighbourhood),
        cmocka_unit_test(test_gazetteer_completes),
        cmocka_unit_test(test_gazetteer_knows_numbers),
        cmocka_unit_test(test_gazetteer_knows_kilometres),
        cmocka_unit_test(test_gazetteer_knows_junctions),
        cmocka_unit_test(test_gazetteer_knows_what_is_near),
        cmocka_unit_test(test_gazetteer_answers_many_rounds),
        cmocka_unit_test(test_gazetteer_goes_and_comes_back),
        cmocka_unit_test(test_gazetteer_ends_with_answers_owed),
    };
    code = cmocka_run_group_tests(tests, begin, end);
    gis_city_end(&here);
    return code;
}
