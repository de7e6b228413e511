/* A what-if in a small town: everybody is served, equal plans give equal runs, and the same call
 * meets the same chance whatever fleet serves it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/move_advice.h"
#include "road_town.h"
#include "replay/whatif.h"
#include "sigap/roster.h"

enum { UNITS = 12, HOSPITALS = 2, CALLS = 400 };
static const int64_t begun_ms = INT64_C(1767571200000); /* Monday 2026-01-05 00:00 UTC */

typedef struct town {
    road_town drawn;
    sgp_week_roads *roads;
    sgp_unit units[UNITS];
    sgp_hospital hospitals[HOSPITALS];
    sgp_call_list calls;
    sgp_whatif plan;
} town;

static int make(void **state) {
    town *t = calloc(1, sizeof *t);
    assert_non_null(t);
    town_draw(&t->drawn);
    sgp_week_roads_options options = {.lights[SGP_P1] = true};
    for (int k = 0; k < SGP_UNIT_KINDS; k++) {
        strcpy(options.profile[k], "ambulance");
        strcpy(options.with_lights[k], "ambulance_lights");
    }
    sgp_fault fault = {0};
    if (sgp_week_roads_create(t->drawn.graph, &options, &t->roads, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    for (uint32_t i = 0; i < UNITS; i++) {
        sgp_unit *unit = &t->units[i];
        unit->kind = SGP_UNIT_AMBULANCE_BASIC;
        snprintf(unit->code, sizeof unit->code, "U-%02u", i);
        snprintf(unit->station, sizeof unit->station, "S-%u", i / 2);
        unit->station_point = cross((int32_t)(i / 2 * 3 % 8), (int32_t)(i / 2));
    }
    for (uint32_t i = 0; i < HOSPITALS; i++) {
        snprintf(t->hospitals[i].code, sizeof t->hospitals[i].code, "H-%u", i);
        t->hospitals[i].point = cross(7 * (int32_t)i, 3);
    }
    for (uint32_t i = 0; i < CALLS; i++) {
        sgp_past_call call = {.key = i + 1,
                              .at_ms = begun_ms + i * INT64_C(300000),
                              .point = town_somewhere(&t->drawn),
                              .priority = (sgp_priority)(1 + i % 4),
                              .scene_ms = -1,
                              .transport = -1};
        assert_int_equal(sgp_call_list_add(&t->calls, &call), SGP_OK);
    }
    t->plan = (sgp_whatif){.graph = t->drawn.graph,
                           .roads = t->roads,
                           .units = t->units,
                           .n_units = UNITS,
                           .hospitals = t->hospitals,
                           .n_hospitals = HOSPITALS,
                           .calls = &t->calls,
                           .seed = 7,
                           .candidates_kept = 3};
    sgp_clocks_default(&t->plan.clocks);
    sgp_habits_default(&t->plan.habits);
    *state = t;
    return 0;
}

static int drop(void **state) {
    town *t = *state;
    sgp_call_list_free(&t->calls);
    sgp_week_roads_destroy(t->roads);
    town_drop(&t->drawn);
    free(t);
    return 0;
}

static void play(const sgp_whatif *plan, sgp_run *run, sgp_whatif_count *count) {
    sgp_fault fault = {0};
    *run = (sgp_run){0};
    if (sgp_whatif_play(plan, run, count, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    if (sgp_run_check(run, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
}

static void test_whatif_serves_everybody(void **state) {
    town *t = *state;
    sgp_run run;
    sgp_whatif_count count;
    play(&t->plan, &run, &count);
    assert_int_equal(run.n_incidents, CALLS);
    assert_int_equal(count.left_open, 0);
    assert_int_equal(run.n_jobs, CALLS);
    assert_int_equal(count.refused, 0);
    uint32_t carried = 0;
    for (uint32_t i = 0; i < CALLS; i++) {
        const sgp_run_job *job = &run.jobs[i];
        const sgp_run_incident *incident = &run.incidents[job->incident];
        assert_int_equal(incident->outcome, SGP_OUTCOME_SERVED);
        assert_int_equal(job->ended, SGP_ASSIGNMENT_CLOSED);
        assert_int_equal(job->rank, 0);
        assert_int_equal(incident->n_candidates, 3);
        assert_int_equal(run.candidates[incident->first_candidate].unit, job->unit);
        /* The drive takes what the crew was told. */
        assert_int_equal(job->at_ms[SGP_ASSIGNMENT_ON_SCENE] - job->at_ms[SGP_ASSIGNMENT_EN_ROUTE],
                         job->told_ms);
        assert_int_equal(job->by_dispatcher, incident->priority != SGP_P1);
        carried += job->hospital != SGP_RUN_NONE;
    }
    assert_in_range(carried, CALLS / 2, CALLS * 9 / 10);
    sgp_run_free(&run);
}

static void test_whatif_is_equal_for_equal_plans(void **state) {
    town *t = *state;
    sgp_run first, second;
    sgp_whatif_count count;
    t->plan.habits.decline_permille = 60;
    t->plan.habits.silent_permille = 40;
    t->plan.habits.outcome_permille[SGP_OUTCOME_PRANK] = 50;
    t->plan.habits.outcome_permille[SGP_OUTCOME_GHOST] = 50;
    play(&t->plan, &first, &count);
    assert_int_equal(count.left_open, 0);
    assert_true(first.n_jobs > CALLS);
    play(&t->plan, &second, &count);
    assert_int_equal(first.n_jobs, second.n_jobs);
    assert_memory_equal(first.jobs, second.jobs, first.n_jobs * sizeof *first.jobs);
    assert_memory_equal(first.incidents, second.incidents, CALLS * sizeof *first.incidents);
    uint32_t pranks = 0;
    for (uint32_t i = 0; i < CALLS; i++)
        pranks += first.incidents[i].outcome == SGP_OUTCOME_PRANK;
    assert_in_range(pranks, 5, 60);
    sgp_run_free(&first);
    t->plan.seed++;
    play(&t->plan, &first, &count);
    assert_memory_not_equal(first.incidents, second.incidents, CALLS * sizeof *first.incidents);
    sgp_run_free(&first);
    sgp_run_free(&second);
}

static int64_t scene_ms(const sgp_run *run, uint32_t job) {
    const int64_t *at_ms = run->jobs[job].at_ms;
    int64_t left_ms = at_ms[SGP_ASSIGNMENT_TRANSPORTING] ? at_ms[SGP_ASSIGNMENT_TRANSPORTING]
                                                         : at_ms[SGP_ASSIGNMENT_CLOSED];
    return left_ms - at_ms[SGP_ASSIGNMENT_ON_SCENE];
}

/* Half the fleet, the same patients. */
static void test_whatif_has_common_random_numbers(void **state) {
    town *t = *state;
    sgp_run whole, half;
    sgp_whatif_count count;
    play(&t->plan, &whole, &count);
    t->plan.n_units = UNITS / 2;
    play(&t->plan, &half, &count);
    assert_int_equal(count.left_open, 0);
    int64_t *of_call = calloc(CALLS, sizeof *of_call);
    int64_t whole_ms = 0, half_ms = 0;
    for (uint32_t j = 0; j < whole.n_jobs; j++) {
        of_call[whole.jobs[j].incident] = scene_ms(&whole, j);
        whole_ms += whole.jobs[j].at_ms[SGP_ASSIGNMENT_ON_SCENE] -
                    whole.incidents[whole.jobs[j].incident].answered_at_ms;
    }
    for (uint32_t j = 0; j < half.n_jobs; j++) {
        assert_int_equal(scene_ms(&half, j), of_call[half.jobs[j].incident]);
        half_ms += half.jobs[j].at_ms[SGP_ASSIGNMENT_ON_SCENE] -
                   half.incidents[half.jobs[j].incident].answered_at_ms;
    }
    assert_true(half_ms > whole_ms);
    free(of_call);
    sgp_run_free(&whole);
    sgp_run_free(&half);
}

/* However many crews are ordered before one comes, the patient is as he was. Crews sign on once, so
 * the hours that they may work bind nobody. */
static void test_whatif_orders_do_not_change_the_patient(void **state) {
    town *t = *state;
    sgp_run obeyed, declined;
    sgp_whatif_count count;
    play(&t->plan, &obeyed, &count);
    t->plan.habits.decline_permille = 300;
    for (int p = 0; p < SGP_PRIORITIES; p++)
        t->plan.clocks.rules.crew_ms[p] = 3600000;
    play(&t->plan, &declined, &count);
    assert_int_equal(count.left_open, 0);
    assert_true(declined.n_jobs > CALLS);
    int64_t of_call[CALLS];
    for (uint32_t j = 0; j < obeyed.n_jobs; j++)
        of_call[obeyed.jobs[j].incident] = scene_ms(&obeyed, j);
    for (uint32_t j = 0; j < declined.n_jobs; j++)
        if (declined.jobs[j].at_ms[SGP_ASSIGNMENT_ON_SCENE])
            assert_int_equal(scene_ms(&declined, j), of_call[declined.jobs[j].incident]);
    sgp_run_free(&obeyed);
    sgp_run_free(&declined);
}

/* The town lies in Kota Malang; ambulances of Kota Batu that are lent when somebody asks stay away.
 */
static void test_whatif_goes_by_districts(void **state) {
    town *t = *state;
    sgp_graph_parts parts = *sgp_graph_get(t->drawn.graph);
    static const char texts[] = "\0Klojen\0Kota Malang";
    static const sgp_graph_district districts[] = {{1, 1, 8}};
    static const uint32_t first_span[] = {0, 2};
    static const sgp_district_span spans[] = {{1120000000, 0}, {1130000000, SGP_NONE}};
    parts.places = (sgp_graph_places){.texts_length = sizeof texts,
                                      .texts = texts,
                                      .n_districts = 1,
                                      .districts = districts,
                                      .south_e7 = -80000000,
                                      .row_e7 = 1000000,
                                      .n_rows = 1,
                                      .first_span = first_span,
                                      .n_spans = 2,
                                      .spans = spans};
    char path[120];
    sgp_graph *graph;
    sgp_fault fault = {0};
    snprintf(path, sizeof path, "%s/district.sgr", t->drawn.folder);
    if (sgp_graph_write(path, &parts, NULL, &fault) != SGP_OK ||
        sgp_graph_open(path, &graph, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    unlink(path);
    t->plan.graph = graph; /* the same roads */
    for (uint32_t i = 0; i < UNITS; i++) {
        strcpy(t->units[i].district, i % 2 ? "Kota Batu" : "Kota Malang");
        t->units[i].lending = SGP_LENT_WHEN_ASKED;
    }
    sgp_run run;
    sgp_whatif_count count;
    play(&t->plan, &run, &count);
    assert_int_equal(count.left_open, 0);
    for (uint32_t j = 0; j < run.n_jobs; j++)
        assert_int_equal(run.jobs[j].unit % 2, 0);
    sgp_run_free(&run);
    sgp_graph_close(graph);
}

/* Every other unit is a motorbike, there are no plans, and every patient is carried: whoever cannot
 * carry asks for an ambulance and stays until it leaves with the patient. */
static void test_whatif_motorbikes_carry_nobody(void **state) {
    town *t = *state;
    sgp_rules_default(&t->plan.clocks.rules);
    for (int p = 0; p < SGP_PRIORITIES; p++)
        t->plan.clocks.order_without_click[p] = true;
    for (uint32_t i = 0; i < UNITS; i += 2)
        t->units[i].kind = SGP_UNIT_MOTORBIKE;
    for (uint32_t i = 0; i < CALLS; i++) {
        t->calls.calls[i].at_ms = begun_ms + i * INT64_C(900000);
        t->calls.calls[i].transport = 1;
    }
    sgp_run run;
    sgp_whatif_count count;
    play(&t->plan, &run, &count);
    assert_int_equal(count.left_open, 0);
    uint32_t by_bike = 0;
    int64_t taken_ms[CALLS] = {0};
    for (uint32_t j = 0; j < run.n_jobs; j++) {
        const sgp_run_job *job = &run.jobs[j];
        if (job->at_ms[SGP_ASSIGNMENT_TRANSPORTING] == 0)
            continue;
        assert_int_equal(job->unit % 2, 1);
        assert_int_equal(taken_ms[job->incident], 0);
        taken_ms[job->incident] = job->at_ms[SGP_ASSIGNMENT_TRANSPORTING];
    }
    for (uint32_t i = 0; i < CALLS; i++)
        assert_true(taken_ms[i] != 0);
    for (uint32_t j = 0; j < run.n_jobs; j++) {
        const sgp_run_job *job = &run.jobs[j];
        if (job->unit % 2 == 1 || job->at_ms[SGP_ASSIGNMENT_ON_SCENE] == 0)
            continue;
        by_bike++;
        assert_true(job->at_ms[SGP_ASSIGNMENT_CLOSED] >= taken_ms[job->incident]);
    }
    assert_in_range(by_bike, 50, CALLS);
    sgp_run_free(&run);
}

/* Where nothing in the fleet carries, nobody waits for what cannot come. */
static void test_whatif_motorbikes_alone_go_on(void **state) {
    town *t = *state;
    sgp_rules_default(&t->plan.clocks.rules);
    for (uint32_t i = 0; i < UNITS; i++)
        t->units[i].kind = SGP_UNIT_MOTORBIKE;
    sgp_run run;
    sgp_whatif_count count;
    play(&t->plan, &run, &count);
    assert_int_equal(count.left_open, 0);
    for (uint32_t j = 0; j < run.n_jobs; j++)
        assert_int_equal(run.jobs[j].hospital, SGP_RUN_NONE);
    sgp_run_free(&run);
}

enum { BY_DAY = 8, DAY_MS = 86400000, HOUR_MS = 3600000 };

/* The first eight units are there from 6 to 18 o'clock only. */
static sgp_roster *day_shifts(const town *t, uint32_t n) {
    sgp_roster *roster = sgp_roster_create(n, n);
    assert_non_null(roster);
    for (uint32_t i = 0; i < n; i++) {
        sgp_shift *shift = &roster->shifts[i];
        strcpy(roster->members[i].code, t->units[i].code);
        strcpy(shift->unit, t->units[i].code);
        strcpy(shift->members[0], t->units[i].code);
        shift->n_members = shift->every_days = 1;
        shift->from_ms = 6 * HOUR_MS;
        shift->until_ms = 18 * HOUR_MS;
    }
    assert_int_equal(sgp_roster_check(roster, NULL), SGP_OK);
    return roster;
}

static bool is_day(int64_t at_ms) {
    return at_ms % DAY_MS >= 6 * HOUR_MS && at_ms % DAY_MS < 18 * HOUR_MS;
}

/* Mean road time at night, and by whom. */
static double mean_at_night_ms(const sgp_run *run, uint32_t *by_planned) {
    double sum = 0;
    uint32_t n = 0;
    for (uint32_t j = 0; j < run->n_jobs; j++) {
        int64_t ordered_ms = run->jobs[j].at_ms[SGP_ASSIGNMENT_ORDERED];
        if (is_day(ordered_ms))
            continue;
        n++;
        sum += (double)run->jobs[j].told_ms;
        *by_planned += run->jobs[j].unit < BY_DAY;
    }
    assert_true(n > 50);
    return sum / n;
}

/* Whoever finishes a job when his shift is over may be sent on at once to somebody urgent who
 * waits, and to nobody else. */
static uint32_t n_after_their_shift(const sgp_run *run) {
    uint32_t n = 0;
    for (uint32_t j = 0; j < run->n_jobs; j++) {
        const sgp_run_job *job = &run->jobs[j];
        int64_t ordered_ms = job->at_ms[SGP_ASSIGNMENT_ORDERED];
        bool has_just_finished = false;
        if (job->unit >= BY_DAY || is_day(ordered_ms))
            continue;
        for (uint32_t k = 0; k < j; k++)
            has_just_finished =
                has_just_finished || (run->jobs[k].unit == job->unit &&
                                      run->jobs[k].at_ms[SGP_ASSIGNMENT_CLOSED] == ordered_ms);
        assert_true(has_just_finished);
        assert_true(run->incidents[job->incident].priority <= SGP_P2);
        n++;
    }
    return n;
}

static void test_whatif_units_out_of_their_shift_are_not_there(void **state) {
    town *t = *state;
    sgp_run all, shifts;
    sgp_whatif_count count;
    uint32_t by_planned = 0;
    sgp_rules_default(&t->plan.clocks.rules);
    for (int p = 0; p < SGP_PRIORITIES; p++)
        t->plan.clocks.order_without_click[p] = true;
    for (uint32_t i = 0; i < CALLS; i++)
        t->calls.calls[i].at_ms = begun_ms + i * INT64_C(900000);
    play(&t->plan, &all, &count);
    sgp_roster *nobody = day_shifts(t, 0), *by_day = day_shifts(t, BY_DAY);
    t->plan.roster = nobody; /* that plans nobody changes nothing */
    play(&t->plan, &shifts, &count);
    assert_int_equal(all.n_jobs, shifts.n_jobs);
    assert_memory_equal(all.jobs, shifts.jobs, all.n_jobs * sizeof *all.jobs);
    sgp_run_free(&shifts);

    t->plan.roster = by_day;
    t->plan.from_ms = begun_ms;
    t->plan.until_ms = begun_ms + DAY_MS;
    play(&t->plan, &shifts, &count);
    assert_int_equal(count.left_open, 0);
    double before_ms = mean_at_night_ms(&all, &by_planned);
    assert_true(by_planned > 20);
    by_planned = 0;
    assert_true(mean_at_night_ms(&shifts, &by_planned) > before_ms);
    assert_true(by_planned <= n_after_their_shift(&shifts));
    assert_true(shifts.n_away > 0);
    for (uint32_t i = 0; i < shifts.n_away; i++)
        assert_true(shifts.away[i].unit < BY_DAY &&
                    shifts.away[i].until_ms > shifts.away[i].from_ms);
    for (uint32_t i = 0; i < UNITS; i++) /* on a job past the end, a crew is there longer */
        assert_in_range(shifts.units[i].duty_ms, i < BY_DAY ? 12 * HOUR_MS : DAY_MS,
                        i < BY_DAY ? 14 * HOUR_MS : DAY_MS);
    sgp_run_free(&all);
    sgp_run_free(&shifts);
    free(nobody);
    free(by_day);
}

/* The motorbike came first, the ambulance carried: the patient is one who is carried. */
static void test_calls_of_a_run_know_who_was_carried(void **state) {
    (void)state;
    sgp_run run = {0};
    sgp_run_incident *incident;
    assert_int_equal(sgp_run_add_incident(&run, &incident), SGP_OK);
    incident->key = incident->id = 1;
    incident->has_point = true;
    incident->answered_at_ms = begun_ms;
    for (uint32_t i = 0; i < 2; i++) {
        sgp_run_job *job;
        assert_int_equal(sgp_run_add_job(&run, &job), SGP_OK);
        job->incident = 0;
        job->unit = i;
        job->ended = SGP_ASSIGNMENT_CLOSED;
        job->at_ms[SGP_ASSIGNMENT_ON_SCENE] = begun_ms + (i ? 400000 : 300000);
        job->at_ms[SGP_ASSIGNMENT_TRANSPORTING] = i ? begun_ms + 1000000 : 0;
        job->at_ms[SGP_ASSIGNMENT_CLOSED] = begun_ms + (i ? 3000000 : 500000);
    }
    sgp_call_list list = {0};
    assert_int_equal(sgp_call_list_from_run(&run, &list), SGP_OK);
    assert_int_equal(list.n, 1);
    assert_int_equal(list.calls[0].transport, 1);
    assert_int_equal(list.calls[0].scene_ms, 600000);
    sgp_call_list_free(&list);
    sgp_run_free(&run);
}

/* Transfers among the calls: each is asked for when it was, falls due in time for its pick-up, and
 * is driven from hospital to hospital by a unit of its seat; and who uses units for them is busier.
 */
static void test_whatif_plays_transfers(void **state) {
    town *t = *state;
    enum { TRANSFERS = 24 };
    sgp_run without, run;
    sgp_whatif_count count;
    for (uint32_t i = 0; i < UNITS; i += 3)
        t->units[i].kind = SGP_UNIT_AMBULANCE_ADVANCED;
    play(&t->plan, &without, &count);
    for (uint32_t i = 0; i < TRANSFERS; i++) {
        sgp_past_call call = {.key = 10000 + i,
                              .at_ms = begun_ms + i * INT64_C(4000000) + 77000,
                              .scene_ms = 600000,
                              .transport = 1,
                              .outcome = SGP_OUTCOME_SERVED};
        sgp_past_transfer transfer = {.pick_up_at_ms = i % 3 ? call.at_ms + i * 600000 : 0};
        snprintf(transfer.from, sizeof transfer.from, "H-%u", i % 2);
        snprintf(transfer.to, sizeof transfer.to, "H-%u", (i + 1) % 2);
        if (i % 4 == 0)
            transfer.seat.kinds = 1u << SGP_UNIT_AMBULANCE_ADVANCED;
        assert_int_equal(sgp_call_list_add_transfer(&t->calls, &call, &transfer), SGP_OK);
    }
    sgp_call_list_sort(&t->calls);
    sgp_fault fault = {0};
    assert_int_equal(sgp_call_list_find_hospitals(&t->calls, t->hospitals, HOSPITALS, &fault),
                     SGP_OK);
    play(&t->plan, &run, &count);
    assert_int_equal(run.n_incidents, CALLS + TRANSFERS);
    assert_int_equal(run.n_transfers, TRANSFERS);
    assert_int_equal(count.left_open + count.refused, 0);
    uint32_t seen = 0, in_time = 0, planned = 0;
    for (uint32_t j = 0; j < run.n_jobs; j++) {
        const sgp_run_job *job = &run.jobs[j];
        const sgp_run_incident *incident = &run.incidents[job->incident];
        if (incident->transfer == SGP_RUN_NONE || job->ended != SGP_ASSIGNMENT_CLOSED)
            continue;
        uint32_t i = (uint32_t)(incident->key - 10000);
        const sgp_run_transfer *transfer = &run.transfers[incident->transfer];
        assert_int_equal(transfer->asked_at_ms, begun_ms + i * INT64_C(4000000) + 77000);
        assert_int_equal(transfer->from, i % 2);
        assert_int_equal(job->hospital, (i + 1) % 2);
        assert_true(i % 4 || t->units[job->unit].kind == SGP_UNIT_AMBULANCE_ADVANCED);
        assert_true(incident->answered_at_ms >= transfer->asked_at_ms);
        assert_int_equal(
            job->at_ms[SGP_ASSIGNMENT_TRANSPORTING] - job->at_ms[SGP_ASSIGNMENT_ON_SCENE], 600000);
        assert_true(sgp_point_equal(incident->point, t->hospitals[i % 2].point));
        planned += i % 3 != 0 && i > 4;
        in_time += i % 3 != 0 && i > 4 &&
                   job->at_ms[SGP_ASSIGNMENT_ON_SCENE] <= transfer->pick_up_at_ms + 300000;
        seen++;
    }
    assert_int_equal(seen, TRANSFERS);
    if (in_time * 10 < planned * 8)
        fail_msg("%u of %u planned transfers were in time", (unsigned)in_time, (unsigned)planned);
    int64_t busy_ms[2] = {0};
    for (int r = 0; r < 2; r++) {
        const sgp_run *of = r ? &run : &without;
        for (uint32_t j = 0; j < of->n_jobs; j++)
            busy_ms[r] +=
                of->jobs[j].at_ms[of->jobs[j].ended] - of->jobs[j].at_ms[SGP_ASSIGNMENT_ORDERED];
    }
    assert_true(busy_ms[1] > busy_ms[0] + TRANSFERS * INT64_C(600000));
    sgp_run_free(&without);
    sgp_run_free(&run);
}

/* Advice followed: crews are sent to wait elsewhere, nobody is lost on the way, equal plans give
 * equal runs, and without calls that take units away nobody moves. */
static void test_whatif_follows_moves(void **state) {
    town *t = *state;
    sgp_run plain, first, second;
    sgp_whatif_count count;
    sgp_advice_rules rules;
    sgp_advice_rules_default(&rules);
    rules.fall_ppm = rules.gain_ppm = 2000;
    t->plan.clocks.target_ms[SGP_P1] = 240000;
    t->calls.n = 240; /* three every quarter of an hour keep some of them busy */
    for (size_t i = 0; i < t->calls.n; i++)
        t->calls.calls[i].at_ms = begun_ms + (int64_t)i * 300000;
    play(&t->plan, &plain, &count);
    t->plan.follow_moves = &rules;
    t->plan.move_max_ms = 1200000;
    play(&t->plan, &first, &count);
    assert_int_equal(count.left_open, 0);
    assert_int_equal(first.n_incidents, t->calls.n);
    play(&t->plan, &second, &count);
    uint32_t moves = 0;
    for (uint32_t i = 0; i < UNITS; i++) {
        const sgp_run_unit *unit = &first.units[i];
        assert_int_equal(plain.units[i].moves, 0);
        assert_int_equal(unit->moves, second.units[i].moves);
        assert_int_equal(unit->moving_ms, second.units[i].moving_ms);
        assert_true(unit->moves > 0 || unit->moving_ms == 0);
        assert_true(unit->moving_ms <= unit->moves * INT64_C(1200000));
        moves += unit->moves;
    }
    assert_true(moves > 5);
    assert_int_equal(first.n_jobs, second.n_jobs);
    assert_memory_equal(first.jobs, second.jobs, first.n_jobs * sizeof *first.jobs);
    /* With all free nothing has fallen. */
    sgp_run_free(&second);
    t->calls.n = 0;
    play(&t->plan, &second, &count);
    for (uint32_t i = 0; i < UNITS; i++)
        assert_int_equal(second.units[i].moves, 0);
    sgp_run_free(&plain);
    sgp_run_free(&first);
    sgp_run_free(&second);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_whatif_serves_everybody, make, drop),
        cmocka_unit_test_setup_teardown(test_whatif_is_equal_for_equal_plans, make, drop),
        cmocka_unit_test_setup_teardown(test_whatif_has_common_random_numbers, make, drop),
        cmocka_unit_test_setup_teardown(test_whatif_orders_do_not_change_the_patient, make, drop),
        cmocka_unit_test_setup_teardown(test_whatif_goes_by_districts, make, drop),
        cmocka_unit_test_setup_teardown(test_whatif_motorbikes_carry_nobody, make, drop),
        cmocka_unit_test_setup_teardown(test_whatif_motorbikes_alone_go_on, make, drop),
        cmocka_unit_test_setup_teardown(test_whatif_units_out_of_their_shift_are_not_there, make,
                                        drop),
        cmocka_unit_test(test_calls_of_a_run_know_who_was_carried),
        cmocka_unit_test_setup_teardown(test_whatif_plays_transfers, make, drop),
        cmocka_unit_test_setup_teardown(test_whatif_follows_moves, make, drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
