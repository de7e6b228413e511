/* What reports write: CSV that says of each call what the run holds and that a replay reads, and a
 * page that is whole, fetches nothing and takes no text for a tag. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>
#include <csv.h>

#include "replay/call_list.h"
#include "replay/report_csv.h"
#include "replay/report_html.h"
#include "run_maker.h"

/* ---- reading CSV back ----------------------------------------------------- */

enum { COLUMNS_MAX = 64 };
typedef struct sheet {
    char *text;
    size_t length, n_columns, n_rows; /* without the heading */
    char **cells;                     /* [(n_rows + 1) * n_columns] */
    size_t n_cells, capacity, in_row;
} sheet;

static void take_cell(void *bytes, size_t length, void *ctx) {
    sheet *s = ctx;
    if (s->n_cells == s->capacity) {
        s->capacity = s->capacity == 0 ? 4096 : s->capacity * 2;
        s->cells = realloc(s->cells, s->capacity * sizeof *s->cells);
    }
    s->cells[s->n_cells++] = strndup(bytes ? bytes : "", length);
    s->in_row++;
}

static void take_row(int end, void *ctx) {
    (void)end;
    sheet *s = ctx;
    if (s->n_columns == 0)
        s->n_columns = s->in_row;
    else
        s->n_rows++;
    assert_int_equal(s->in_row, s->n_columns); /* every row has every column */
    s->in_row = 0;
}

static void read_sheet(sheet *s) {
    struct csv_parser parser;
    assert_int_equal(csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI), 0);
    assert_int_equal(csv_parse(&parser, s->text, s->length, take_cell, take_row, s), s->length);
    csv_fini(&parser, take_cell, take_row, s);
    csv_free(&parser);
}

static const char *get(const sheet *s, size_t row, const char *column) {
    for (size_t c = 0; c < s->n_columns; c++) {
        if (strcmp(s->cells[c], column) == 0)
            return s->cells[(row + 1) * s->n_columns + c];
    }
    fail_msg("there is no column %s", column);
    return NULL;
}

static void forget(sheet *s) {
    for (size_t i = 0; i < s->n_cells; i++)
        free(s->cells[i]);
    free(s->cells);
    free(s->text);
}

static void expect_seconds(const char *text, int64_t ms) {
    if (ms < 0)
        assert_string_equal(text, "");
    else
        assert_int_equal(llround(strtod(text, NULL) * 1000), ms);
}

static void expect_time(const char *text, int64_t at_ms) {
    int64_t read_ms = 0;
    if (at_ms == 0)
        assert_string_equal(text, "");
    else
        assert_true(sgp_time_parse(text, 0, &read_ms) && read_ms == at_ms);
}

static sgp_run named_run(void) {
    sgp_run run;
    make_run(&run,
             &(run_made){.seed = 8, .n_incidents = 400, .policy = "closest", .transfers = true});
    /* Names as people write them. */
    strcpy(run.stations[0].name, "PSC 119, \"Panji Suroso\"");
    strcpy(run.districts[0].kelurahan, "Kota Lama\nutara");
    for (uint32_t i = 0; i < run.n_incidents; i += 5) {
        run.incidents[i].first_candidate = run.n_candidates;
        run.incidents[i].n_candidates = 2;
        for (uint32_t c = 0; c < 2; c++) {
            sgp_run_candidate *candidate;
            assert_int_equal(sgp_run_add_candidate(&run, &candidate), SGP_OK);
            *candidate = (sgp_run_candidate){.unit = i % 40,
                                             .exclusion = c ? SGP_EXCLUDED_BUSY : SGP_EXCLUDED_NOT,
                                             .travel_ms = c ? -1 : 61234,
                                             .turnout_ms = 60000,
                                             .total_ms = c ? -1 : 121234};
        }
    }
    sgp_fault fault = {0};
    if (sgp_run_check(&run, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    return run;
}

static void test_csv_calls_say_what_the_run_holds(void **state) {
    (void)state;
    sgp_run run = named_run();
    sgp_incident_view *views = malloc(run.n_incidents * sizeof *views);
    sgp_incident_views(&run, views);
    sheet s = {0};
    FILE *out = open_memstream(&s.text, &s.length);
    assert_int_equal(sgp_csv_calls(&run, true, out), SGP_OK);
    fclose(out);
    read_sheet(&s);
    assert_int_equal(s.n_rows, run.n_incidents);
    for (uint32_t i = 0; i < run.n_incidents; i++) {
        const sgp_run_incident *row = &run.incidents[i];
        assert_int_equal(strtoull(get(&s, i, "id"), NULL, 10), row->key);
        bool is_transfer = row->transfer != SGP_RUN_NONE;
        const sgp_run_transfer *transfer = &run.transfers[is_transfer ? row->transfer : 0];
        expect_time(get(&s, i, "time"), is_transfer ? transfer->asked_at_ms : row->rang_at_ms);
        assert_string_equal(get(&s, i, "kind"), is_transfer ? "transfer" : "call");
        assert_string_equal(get(&s, i, "from"),
                            is_transfer ? run.hospitals[transfer->from].code : "");
        expect_time(get(&s, i, "pick_up"), is_transfer ? transfer->pick_up_at_ms : 0);
        expect_time(get(&s, i, "answered_at"), row->answered_at_ms);
        expect_time(get(&s, i, "closed_at"), row->closed_at_ms);
        expect_seconds(get(&s, i, "response_s"), views[i].ms[SGP_INTERVAL_RESPONSE]);
        expect_seconds(get(&s, i, "travel_s"), views[i].ms[SGP_INTERVAL_TRAVEL]);
        expect_seconds(get(&s, i, "handover_s"), views[i].ms[SGP_INTERVAL_HANDOVER]);
        assert_string_equal(get(&s, i, "in_time"), views[i].in_time == SGP_IN_TIME    ? "yes"
                                                   : views[i].in_time == SGP_TOO_LATE ? "no"
                                                                                      : "");
        if (row->district != SGP_RUN_NONE)
            assert_string_equal(get(&s, i, "kelurahan"), run.districts[row->district].kelurahan);
        bool three = i % 7 == 0 && !is_transfer,
             prank = row->outcome == SGP_OUTCOME_PRANK; /* see made_calls */
        bool real = row->outcome == SGP_OUTCOME_SERVED;
        int of_incident = is_transfer ? 0 : three ? 2 : 1;
        assert_int_equal(atoi(get(&s, i, "calls_prank")), three + prank * of_incident);
        assert_int_equal(atoi(get(&s, i, "calls_real")), real * of_incident);
        if (views[i].leading_job == SGP_RUN_NONE)
            continue;
        const sgp_run_job *job = &run.jobs[views[i].leading_job];
        assert_int_equal(atoi(get(&s, i, "unit_index")), job->unit);
        assert_string_equal(get(&s, i, "unit"), run.units[job->unit].code);
        expect_time(get(&s, i, "on_scene_at"), job->at_ms[SGP_ASSIGNMENT_ON_SCENE]);
        if (run.units[job->unit].station != SGP_RUN_NONE)
            assert_string_equal(get(&s, i, "station"),
                                run.stations[run.units[job->unit].station].name);
    }
    /* The same file is the input of a replay. */
    sgp_call_list list = {0};
    sgp_fault fault = {0};
    if (sgp_call_list_parse("calls.csv", s.text, s.length, 0, &list, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    assert_int_equal(list.n, run.n_incidents);
    for (size_t c = 0; c < list.n; c++) {
        uint32_t i = 0;
        while (run.incidents[i].key != list.calls[c].key)
            i++;
        const sgp_past_transfer *past = sgp_past_transfer_of(&list, &list.calls[c]);
        assert_int_equal(past != NULL, run.incidents[i].transfer != SGP_RUN_NONE);
        if (past) {
            const sgp_run_transfer *transfer = &run.transfers[run.incidents[i].transfer];
            assert_int_equal(list.calls[c].at_ms, transfer->asked_at_ms);
            assert_string_equal(past->from, run.hospitals[transfer->from].code);
            assert_string_equal(past->to, run.hospitals[transfer->to].code);
            assert_int_equal(past->pick_up_at_ms, transfer->pick_up_at_ms);
            assert_memory_equal(&past->seat, &transfer->seat, sizeof past->seat);
            continue;
        }
        assert_int_equal(list.calls[c].at_ms, run.incidents[i].rang_at_ms);
        assert_true(sgp_point_equal(list.calls[c].point, run.incidents[i].point));
        assert_int_equal(list.calls[c].priority, run.incidents[i].priority);
        assert_int_equal(list.calls[c].outcome, run.incidents[i].outcome);
        assert_string_equal(list.calls[c].complaint, run.incidents[i].complaint);
        int64_t scene_ms = views[i].ms[SGP_INTERVAL_SCENE];
        assert_int_equal(list.calls[c].scene_ms, scene_ms);
    }
    sgp_call_list_free(&list);
    forget(&s);
    free(views);
    sgp_run_free(&run);
}

static void test_csv_jobs_and_candidates(void **state) {
    (void)state;
    sgp_run run = named_run();
    sheet jobs = {0}, candidates = {0};
    FILE *out = open_memstream(&jobs.text, &jobs.length);
    assert_int_equal(sgp_csv_jobs(&run, true, out), SGP_OK);
    assert_int_equal(sgp_csv_jobs(&run, false, out), SGP_OK); /* one run behind another */
    fclose(out);
    read_sheet(&jobs);
    assert_int_equal(jobs.n_rows, 2 * run.n_jobs);
    for (uint32_t j = 0; j < run.n_jobs; j++) {
        const sgp_run_job *job = &run.jobs[j];
        assert_string_equal(get(&jobs, j, "ended"), sgp_assignment_state_str(job->ended));
        expect_time(get(&jobs, j, "ordered_at"), job->at_ms[SGP_ASSIGNMENT_ORDERED]);
        expect_time(get(&jobs, j, "ended_at"), job->at_ms[job->ended]);
        assert_int_equal(atoi(get(&jobs, j, "incident")), run.incidents[job->incident].id);
    }
    out = open_memstream(&candidates.text, &candidates.length);
    assert_int_equal(sgp_csv_candidates(&run, true, out), SGP_OK);
    fclose(out);
    read_sheet(&candidates);
    assert_int_equal(candidates.n_rows, run.n_candidates);
    expect_seconds(get(&candidates, 0, "travel_s"), 61234);
    expect_seconds(get(&candidates, 0, "total_s"), 121234);
    assert_string_equal(get(&candidates, 0, "excluded_because"), "");
    assert_string_equal(get(&candidates, 1, "excluded_because"), "BUSY");
    assert_string_equal(get(&candidates, 1, "travel_s"), "");
    forget(&jobs);
    forget(&candidates);
    sgp_run_free(&run);
}

static void add_runs(sgp_comparison *comparison, const char *policy, int32_t skill, uint32_t n,
                     const sgp_graph_parts *map) {
    for (uint32_t r = 0; r < n; r++) {
        sgp_run run;
        make_run(
            &run,
            &(run_made){
                .seed = r, .n_incidents = 300, .replication = r, .skill = skill, .policy = policy});
        run.until_ms = run.from_ms + INT64_C(86400000) * 20;
        strcpy(run.stations[1].name, "<script>alert(\"1\")</script> & co");
        strcpy(run.scenario, "a < b");
        for (uint32_t d = 0; map != NULL && d < map->places.n_districts; d++) {
            const sgp_graph_district *district = &map->places.districts[d];
            strcpy(run.districts[d].kelurahan, map->places.texts + district->kelurahan);
            strcpy(run.districts[d].kecamatan, map->places.texts + district->kecamatan);
        }
        sgp_fault fault = {0};
        if (sgp_comparison_add_run(comparison, &run, &fault) != SGP_OK)
            fail_msg("%s", fault.text);
        sgp_run_free(&run);
    }
}

static void test_csv_tables_say_what_the_comparison_holds(void **state) {
    (void)state;
    sgp_comparison comparison = {0};
    add_runs(&comparison, "closest", 0, 3, NULL);
    add_runs(&comparison, "joint", 20, 3, NULL);
    sheet s = {0};
    FILE *out = open_memstream(&s.text, &s.length);
    assert_int_equal(sgp_csv_tables(&comparison, out), SGP_OK);
    fclose(out);
    read_sheet(&s);
    sgp_cell cell = {.measure = SGP_MEASURE_P90,
                     .interval = SGP_INTERVAL_RESPONSE,
                     .grouping = SGP_GROUP_PRIORITY,
                     .name = "P1"};
    sgp_estimate own = sgp_comparison_estimate(&comparison, 1, &cell);
    sgp_estimate difference = sgp_comparison_difference(&comparison, 1, 0, &cell);
    bool found = false;
    for (size_t row = 0; row < s.n_rows; row++) {
        if (strcmp(get(&s, row, "policy"), "joint") != 0 ||
            strcmp(get(&s, row, "group"), "P1") != 0 ||
            strcmp(get(&s, row, "interval"), "response") != 0 ||
            strcmp(get(&s, row, "measure"), "p90_s") != 0)
            continue;
        found = true;
        assert_int_equal(atoi(get(&s, row, "replications")), 3);
        assert_true(fabs(strtod(get(&s, row, "value"), NULL) - own.mean / 1000) < 0.01);
        assert_true(fabs(strtod(get(&s, row, "half_width"), NULL) - own.half_width / 1000) < 0.01);
        assert_true(fabs(strtod(get(&s, row, "difference_from_first_policy"), NULL) -
                         difference.mean / 1000) < 0.01);
    }
    assert_true(found);
    forget(&s);
    sgp_comparison_free(&comparison);
}

/* By the calendar of the C library, one call after the other. */
static void count_call(uint64_t (*of)[7][24], int64_t at_ms, sgp_outcome outcome) {
    time_t seconds = (time_t)(at_ms / 1000 + 25200);
    struct tm tm;
    gmtime_r(&seconds, &tm);
    if (outcome == SGP_OUTCOME_SERVED)
        outcome = SGP_OUTCOME_REAL;
    of[outcome][(tm.tm_wday + 6) % 7][tm.tm_hour]++;
}

static uint64_t counted(uint64_t (*of)[7][24], int outcome, int day, int hour) {
    uint64_t n = 0;
    for (int o = 0; o < SGP_OUTCOMES; o++)
        for (int d = 0; d < 7; d++)
            for (int h = 0; h < 24; h++)
                if ((outcome < 0 || outcome == o) && (day < 0 || day == d) &&
                    (hour < 0 || hour == h))
                    n += of[o][d][h];
    return n;
}

static int day_named(const char *name) {
    static const char *const days[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                       "Friday", "Saturday", "Sunday"};
    for (int day = 0; day < 7; day++)
        if (strcmp(days[day], name) == 0)
            return day;
    assert_string_equal(name, "");
    return -1;
}

static int outcome_named(const char *name) {
    for (int o = SGP_OUTCOME_NONE + 1; o < SGP_OUTCOMES; o++)
        if (strcmp(sgp_outcome_str((sgp_outcome)o), name) == 0)
            return o;
    assert_string_equal(name, "OPEN");
    return SGP_OUTCOME_NONE;
}

static void test_csv_outcomes_count_calls(void **state) {
    (void)state;
    static uint64_t of[SGP_OUTCOMES][7][24];
    memset(of, 0, sizeof of);
    sgp_comparison comparison = {0};
    for (uint32_t r = 0; r < 2; r++) {
        sgp_run run;
        make_run(
            &run,
            &(run_made){.seed = 8 + r, .replication = r, .n_incidents = 900, .policy = "closest"});
        run.until_ms = run.from_ms + INT64_C(3000000000);
        for (uint32_t i = 0; i < run.n_incidents; i++) {
            const sgp_run_incident *row = &run.incidents[i];
            count_call(of, row->answered_at_ms, row->outcome);
            if (i % 7 == 0) { /* as made_calls has them */
                count_call(of, row->answered_at_ms, SGP_OUTCOME_PRANK);
                count_call(of, row->answered_at_ms + 3600000, row->outcome);
            }
        }
        sgp_fault fault = {0};
        if (sgp_comparison_add_run(&comparison, &run, &fault) != SGP_OK)
            fail_msg("%s", fault.text);
        sgp_run_free(&run);
    }
    sheet s = {0};
    FILE *out = open_memstream(&s.text, &s.length);
    assert_int_equal(sgp_csv_outcomes(&comparison, out), SGP_OK);
    fclose(out);
    read_sheet(&s);
    assert_int_equal(s.n_rows, 8 * 25 * (SGP_OUTCOMES - 1));
    for (size_t row = 0; row < s.n_rows; row++) {
        int day = day_named(get(&s, row, "day"));
        int outcome = outcome_named(get(&s, row, "outcome"));
        const char *hour_text = get(&s, row, "local_hour");
        int hour = *hour_text ? atoi(hour_text) : -1;
        uint64_t calls = counted(of, outcome, day, hour), all = counted(of, -1, day, hour);
        assert_true(fabs(strtod(get(&s, row, "calls"), NULL) - (double)calls / 2) < 1e-3);
        if (all == 0)
            assert_string_equal(get(&s, row, "share"), "");
        else
            assert_true(fabs(strtod(get(&s, row, "share"), NULL) - (double)calls / (double)all) <
                        1e-5);
    }
    forget(&s);
    sgp_comparison_free(&comparison);
}

/* ---- the page ------------------------------------------------------------- */

static bool is_void(const char *name) {
    return strcmp(name, "meta") == 0 || strcmp(name, "br") == 0 || strcmp(name, "!DOCTYPE") == 0;
}

/* Every tag is closed, in order. The page's own style is no markup. */
static void expect_whole(const char *page) {
    char open[64][32];
    int depth = 0;
    for (const char *at = page; (at = strchr(at, '<')) != NULL; at++) {
        char name[32];
        bool closes = at[1] == '/';
        if (sscanf(at + 1 + closes, "%31[!A-Za-z0-9]", name) != 1)
            fail_msg("'<' begins no tag: %.60s", at);
        const char *end = strchr(at, '>');
        assert_non_null(end);
        if (closes) {
            if (depth == 0 || strcmp(open[depth - 1], name) != 0)
                fail_msg("</%s> closes <%s>: %.80s", name, depth > 0 ? open[depth - 1] : "", at);
            depth--;
        } else if (!is_void(name) && end[-1] != '/') {
            assert_true(depth < 64);
            strcpy(open[depth++], name);
        }
    }
    assert_int_equal(depth, 0);
}

static char *make_page(const sgp_comparison *comparison, const char *language,
                       const sgp_graph_parts *map) {
    char *text;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    sgp_html_options options = {
        .language = language, .map = map, .made_at_ms = INT64_C(1767300000000), .made_by = "sigap"};
    sgp_fault fault = {0};
    if (sgp_report_html(comparison, &options, out, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    fclose(out);
    return text;
}

static void expect_offline(const char *page) {
    static const char *const fetching[] = {
        "http:",   "https:", "//",   " src=",   "url(",    "@import",
        "<script", "<link",  "<img", "<iframe", "<object", "xlink"};
    for (size_t i = 0; i < sizeof fetching / sizeof fetching[0]; i++) {
        const char *found = strstr(page, fetching[i]);
        if (found != NULL)
            fail_msg("the page has '%s': %.60s", fetching[i], found);
    }
    assert_non_null(strstr(page, "default-src 'none'; style-src 'unsafe-inline'"));
    /* References stay within the page. */
    for (const char *at = page; (at = strstr(at, "href=\"")) != NULL; at++)
        assert_int_equal(at[6], '#');
}

static void expect_no_nonsense(const char *page) {
    static const char *const nonsense[] = {">nan",  "\"nan", "-nan", "nan.",  "NaN",
                                           "inf\"", "-inf",  "%!",   "(null)"};
    for (size_t i = 0; i < sizeof nonsense / sizeof nonsense[0]; i++) {
        const char *found = strstr(page, nonsense[i]);
        if (found != NULL)
            fail_msg("the page has '%s': %.60s", nonsense[i], found);
    }
}

static void test_page_is_whole_and_offline(void **state) {
    (void)state;
    for (uint32_t n_policies = 1; n_policies <= 4; n_policies += 3) {
        for (uint32_t replications = 1; replications <= 3; replications += 2) {
            sgp_comparison comparison = {0};
            static const char *const names[] = {"closest", "joint", "a<b", "x & y"};
            for (uint32_t p = 0; p < n_policies; p++)
                add_runs(&comparison, names[p], (int32_t)p * 10, replications, NULL);
            char *page = make_page(&comparison, n_policies == 1 ? "en" : "id", NULL);
            expect_whole(page);
            expect_offline(page);
            expect_no_nonsense(page);
            assert_non_null(
                strstr(page, "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; co"));
            assert_non_null(
                strstr(page, n_policies == 1 ? "<html lang=\"en\">" : "<html lang=\"id\">"));
            assert_true((strstr(page, "a&lt;b") != NULL) == (n_policies == 4));
            assert_true((strstr(page, "±") != NULL)); /* the explanation at least */
            assert_true((strstr(page, "&nbsp;±&nbsp;") != NULL) == (replications > 1));
            free(page);
            sgp_comparison_free(&comparison);
        }
    }
    sgp_fault fault = {0};
    sgp_comparison empty = {0};
    assert_int_equal(sgp_report_html(&empty, &(sgp_html_options){0}, stdout, &fault),
                     SGP_E_ARGUMENT);
}

/* A square town of four kelurahan in two rows; the last has few incidents. */
static void make_town(sgp_graph_parts *town) {
    static const char texts[] = "\0Utara\0Selatan\0Sunyi\0Klojen";
    static const sgp_graph_district districts[] = {{1, 21, 0}, {7, 21, 0}, {15, 21, 0}};
    static const uint32_t first_span[] = {0, 2, 4};
    static const sgp_district_span spans[] = {
        {1126000000, 1}, {1126400000, 2}, {1126000000, 0}, {1126800000, UINT32_MAX}};
    static const sgp_point points[] = {
        {1126000000, -79900000}, {1126400000, -79600000}, {1126800000, -79300000}};
    static const sgp_edge edges[] = {{.n_points = 3, .road_class = SGP_ROAD_PRIMARY}};
    *town = (sgp_graph_parts){.name = "town",
                              .south_west = {1126000000, -79900000},
                              .north_east = {1126800000, -79100000},
                              .n_edges = 1,
                              .edges = edges,
                              .n_points = 3,
                              .points = points,
                              .places = {.texts_length = sizeof texts,
                                         .texts = texts,
                                         .n_districts = 3,
                                         .districts = districts,
                                         .south_e7 = -79900000,
                                         .row_e7 = 400000,
                                         .n_rows = 2,
                                         .first_span = first_span,
                                         .n_spans = 4,
                                         .spans = spans}};
}

static void test_page_maps_show_kelurahan_alone(void **state) {
    (void)state;
    sgp_graph_parts town;
    make_town(&town);
    sgp_comparison comparison = {0};
    add_runs(&comparison, "closest", 0, 2, &town);
    add_runs(&comparison, "joint", 40, 2, &town);
    char *page = make_page(&comparison, "id", &town);
    expect_whole(page);
    expect_offline(page);
    expect_no_nonsense(page);
    assert_non_null(strstr(page, "<path id=\"k95-1\" d=\"M"));
    assert_non_null(strstr(page, "<title>Utara, Klojen: "));
    assert_non_null(strstr(page, "<title>Selatan, Klojen: "));
    /* No incident's point is anywhere, in degrees or in the map's units: the only points are the
     * corners of districts, the road, and the marks of stations and hospitals. */
    assert_null(strstr(page, "112.6"));
    assert_null(strstr(page, "cx=\"nan"));
    free(page);
    /* A district that nobody called from leaves the page without maps. */
    sgp_comparison_free(&comparison);
    add_runs(&comparison, "closest", 0, 1, NULL);
    page = make_page(&comparison, "id", &town);
    assert_null(strstr(page, "class=\"map\""));
    free(page);
    sgp_comparison_free(&comparison);
}

static void test_writing_that_fails_is_told(void **state) {
    (void)state;
    sgp_run run = named_run();
    sgp_comparison comparison = {0};
    sgp_fault fault = {0};
    assert_int_equal(sgp_comparison_add_run(&comparison, &run, &fault), SGP_OK);
    FILE *out = fopen("/dev/full", "w");
    assert_int_equal(sgp_csv_calls(&run, true, out), SGP_E_IO);
    fclose(out);
    out = fopen("/dev/full", "w");
    assert_int_equal(sgp_csv_tables(&comparison, out), SGP_E_IO);
    fclose(out);
    out = fopen("/dev/full", "w");
    assert_int_equal(sgp_report_html(&comparison, &(sgp_html_options){0}, out, &fault), SGP_E_IO);
    fclose(out);
    sgp_comparison_free(&comparison);
    sgp_run_free(&run);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_csv_calls_say_what_the_run_holds),
        cmocka_unit_test(test_csv_jobs_and_candidates),
        cmocka_unit_test(test_csv_tables_say_what_the_comparison_holds),
        cmocka_unit_test(test_csv_outcomes_count_calls),
        cmocka_unit_test(test_page_is_whole_and_offline),
        cmocka_unit_test(test_page_maps_show_kelurahan_alone),
        cmocka_unit_test(test_writing_that_fails_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
