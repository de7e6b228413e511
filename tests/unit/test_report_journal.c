/* A life in the core, written into a journal as the engine does, and the run that is read from it
 * held to what the world itself showed at the time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/random.h"
#include "core_check.h"
#include "journal/journal.h"
#include "replay/report_csv.h"
#include "replay/report_journal.h"

enum { UNITS = 6, STEPS = 3000, MOST = 6000 };

typedef struct life {
    char dir[64], path[96], key[96];
    sgp_world *world;
    core_oracle oracle;
    sgp_times inner;
    sgp_times_recorder recorder;
    sgp_effects effects;
    sgp_buffer bytes;
    sgp_journal *journal;
    uint64_t random, seq;
    int64_t now_ms, first_ms;
    /* What the world showed, last state of each. */
    sgp_incident incidents[MOST];
    sgp_assignment assignments[MOST];
    sgp_call calls[MOST];
    uint32_t may_go[MOST];    /* of the recommendation with this id */
    uint32_t best_unit[MOST]; /* and its best unit */
    int64_t duty_ms[UNITS];
    uint64_t n_declined;
} life;

static uint32_t below(life *l, uint32_t bound) {
    return (uint32_t)sgp_random_below(&l->random, bound);
}

static void note(life *l) {
    for (sgp_id id = 0; (id = sgp_world_next_incident(l->world, id));)
        l->incidents[id] = *sgp_world_incident(l->world, id);
    for (sgp_id id = 0; (id = sgp_world_next_call(l->world, id));)
        l->calls[id] = *sgp_world_call(l->world, id);
    for (sgp_id id = 0; (id = sgp_world_next_assignment(l->world, id));)
        l->assignments[id] = *sgp_world_assignment(l->world, id);
    for (size_t i = 0; i < l->effects.n; i++) {
        const sgp_effect *effect = &l->effects.items[i];
        if (effect->kind != SGP_EFFECT_RECOMMENDED)
            continue;
        const sgp_recommendation *made = &effect->u.recommended;
        assert_true(made->id < MOST);
        for (uint32_t c = 0; c < made->n_candidates; c++)
            l->may_go[made->id] += made->candidates[c].exclusion == SGP_EXCLUDED_NOT;
        l->best_unit[made->id] = made->candidates[0].unit;
    }
}

static void step(life *l, sgp_event *event) {
    event->seq = l->seq + 1;
    for (uint32_t u = 0; u < sgp_world_units(l->world); u++) {
        if (sgp_world_unit(l->world, u)->on_duty)
            l->duty_ms[u] += l->now_ms - sgp_world_now_ms(l->world);
    }
    event->at_ms = l->now_ms;
    sgp_times_recorder_clear(&l->recorder);
    sgp_times times = sgp_times_recording(&l->recorder);
    sgp_effects_clear(&l->effects);
    (void)!sgp_core_step(l->world, event, &times, &l->effects);
    if (sgp_world_seq(l->world) != event->seq)
        fail_msg("an event of the test is refused");
    l->seq++;
    note(l);
    Sigap__V1__RecordedTimes recorded = SIGAP__V1__RECORDED_TIMES__INIT;
    sgp_times_recorder_to_proto(&l->recorder, &recorded);
    sgp_buffer_clear(&l->bytes);
    assert_int_equal(sgp_record_encode(l->world, event, &recorded, &l->effects, &l->bytes), SGP_OK);
    assert_int_equal(sgp_journal_append(l->journal, event->seq, event->at_ms, l->bytes.data,
                                        l->bytes.length, NULL),
                     SGP_OK);
    sgp_journal_submit(l->journal);
}

static void begin_life(life *l) {
    strcpy(l->dir, "/tmp/sgp-report-XXXXXX");
    assert_non_null(mkdtemp(l->dir));
    snprintf(l->path, sizeof l->path, "%s/j.sqlite", l->dir);
    snprintf(l->key, sizeof l->key, "%s/j.key", l->dir);
    sgp_journal_options options = {.path = l->path, .key_file = l->key, .commit = "test"};
    sgp_fault fault;
    assert_int_equal(sgp_journal_open(&options, &l->journal, &fault), SGP_OK);
    assert_int_equal(sgp_world_create(&l->world), SGP_OK);
    l->inner = core_times(&l->oracle);
    l->recorder.inner = &l->inner;
    l->now_ms = l->first_ms = INT64_C(1767200400000);
    sgp_event event = {.kind = SGP_EVENT_CONFIGURED};
    sgp_clocks_default(&event.u.configured);
    event.u.configured.target_ms[SGP_P1] = 123000;
    event.u.configured.order_without_click[SGP_P2] = true;
    step(l, &event);
    event = (sgp_event){.kind = SGP_EVENT_HOSPITAL_REGISTERED};
    strcpy(event.u.hospital_registered.hospital.code, "RSSA");
    strcpy(event.u.hospital_registered.hospital.name, "RSUD Saiful Anwar");
    event.u.hospital_registered.hospital.point = core_point(500, 500);
    step(l, &event);
    for (int u = 0; u < UNITS; u++) {
        event = (sgp_event){.kind = SGP_EVENT_UNIT_REGISTERED};
        sgp_unit *unit = &event.u.unit_registered.unit;
        snprintf(unit->code, sizeof unit->code, "A-%d", u);
        snprintf(unit->station, sizeof unit->station, "Pos %d", u % 2);
        unit->station_point = core_point(u % 2 * 1000, 0);
        unit->kind = SGP_UNIT_AMBULANCE_BASIC;
        step(l, &event);
    }
}

static void call_event(life *l, sgp_event *event) {
    event->kind = SGP_EVENT_CALL_RECEIVED;
    event->u.call.has_point = true;
    event->u.call.priority = (sgp_priority)(1 + below(l, 2));
    strcpy(event->u.call.complaint, "chest_pain");
    event->u.call.place = (sgp_place){
        .kind = SGP_PLACE_COORDINATES,
        .point = core_point((int32_t)below(l, 4000) - 2000, (int32_t)below(l, 4000) - 2000),
        .confidence_permille = 1000};
    snprintf(event->u.call.place.kelurahan, SGP_NAME_BYTES, "Kelurahan %u", below(l, 4));
    strcpy(event->u.call.place.kecamatan, "Klojen");
    strcpy(event->u.call.place.kabupaten, "Kota Malang");
}

/* What a crew does next; false: nothing, it is free. */
static bool crew_event(life *l, const sgp_unit *unit, sgp_event *event) {
    const sgp_assignment *job = sgp_world_assignment(l->world, unit->assignment);
    if (job == NULL)
        return false;
    if (job->state == SGP_ASSIGNMENT_ORDERED) {
        event->kind = SGP_EVENT_ORDER_ANSWERED;
        event->u.answered.assignment = job->id;
        event->u.answered.accepted = below(l, 6) != 0;
        l->n_declined += !event->u.answered.accepted;
    } else if (below(l, 25) == 0) {
        event->kind = SGP_EVENT_ASSIGNMENT_STOOD_DOWN;
        event->u.stood_down.assignment = job->id;
    } else {
        event->kind = SGP_EVENT_ASSIGNMENT_ADVANCED;
        event->u.advanced.assignment = job->id;
        event->u.advanced.state = (sgp_assignment_state)(job->state + 1);
        if (job->state == SGP_ASSIGNMENT_ON_SCENE && below(l, 4) == 0)
            event->u.advanced.state = SGP_ASSIGNMENT_CLOSED;
    }
    return true;
}

/* What a call was, whatever its incident becomes. */
static void judge(life *l, sgp_id call) {
    sgp_event event = {.kind = SGP_EVENT_CALL_JUDGED};
    event.u.judged.call = call;
    event.u.judged.outcome = call % 2 ? SGP_OUTCOME_PRANK : SGP_OUTCOME_REAL;
    step(l, &event);
}

static void live(life *l) {
    for (int i = 0; i < STEPS; i++) {
        l->now_ms += 1 + below(l, 8000);
        sgp_event event = {0};
        const sgp_unit *unit = sgp_world_unit(l->world, below(l, UNITS));
        if (sgp_world_next_timer_ms(l->world) <= l->now_ms) {
            event.kind = SGP_EVENT_TIMER;
        } else if (i < UNITS || (below(l, 60) == 0 && unit->assignment == 0)) {
            unit = i < UNITS ? sgp_world_unit(l->world, (uint32_t)i) : unit;
            event.kind = SGP_EVENT_UNIT_DUTY;
            strcpy(event.u.duty.unit, unit->code);
            event.u.duty.on_duty = !unit->on_duty;
        } else if (below(l, 15) == 0 && i < STEPS - 200) {
            call_event(l, &event);
        } else if (!crew_event(l, unit, &event)) {
            continue;
        }
        step(l, &event);
        sgp_id call = l->effects.items[l->effects.n - 1].u.reply.call;
        if (event.kind == SGP_EVENT_CALL_RECEIVED && call % 3 == 0)
            judge(l, call);
    }
}

static void end_life(life *l) {
    sgp_journal_close(l->journal);
    sgp_world_destroy(l->world);
    sgp_effects_free(&l->effects);
    sgp_times_recorder_free(&l->recorder);
    sgp_buffer_free(&l->bytes);
    char command[128];
    snprintf(command, sizeof command, "rm -r '%s'", l->dir);
    assert_int_equal(system(command), 0);
    free(l);
}

static void check_job(const life *l, const sgp_run *run, const sgp_run_job *job, sgp_id id) {
    const sgp_assignment *shown = &l->assignments[id];
    assert_int_equal(job->unit, shown->unit);
    assert_int_equal(job->ended, shown->state);
    assert_int_equal(job->told_ms, shown->travel_ms);
    assert_int_equal(run->incidents[job->incident].id, shown->incident);
    assert_memory_equal(job->at_ms, shown->at_ms, sizeof job->at_ms);
    if (shown->hospital >= 0)
        assert_string_equal(run->hospitals[job->hospital].code, "RSSA");
    else
        assert_int_equal(job->hospital, SGP_RUN_NONE);
    if (shown->recommendation && l->best_unit[shown->recommendation] == shown->unit)
        assert_int_equal(job->rank, 0);
    else
        assert_true(job->rank > 0);
}

static void check_incident(const life *l, const sgp_run *run, const sgp_run_incident *row) {
    const sgp_incident *shown = &l->incidents[row->id];
    assert_int_equal(shown->id, row->id);
    assert_int_equal(row->answered_at_ms, shown->opened_at_ms);
    assert_int_equal(row->placed_at_ms, shown->placed_at_ms);
    assert_int_equal(row->closed_at_ms, shown->closed_at_ms);
    assert_int_equal(row->priority, shown->priority);
    assert_int_equal(row->outcome, shown->outcome);
    assert_true(sgp_point_equal(row->point, shown->place.point));
    assert_string_equal(run->districts[row->district].kelurahan, shown->place.kelurahan);
    if (shown->n_assignments == 0)
        return;
    const sgp_assignment *first = &l->assignments[shown->assignments[0]];
    assert_int_equal(row->n_may_go, l->may_go[first->recommendation]);
    assert_int_equal(row->n_candidates, UNITS);
    assert_int_equal(run->candidates[row->first_candidate].unit,
                     l->best_unit[first->recommendation]);
    assert_string_equal(row->policy, "closest");
}

static life *lived(uint64_t seed) {
    life *l = calloc(1, sizeof *l);
    l->random = seed;
    begin_life(l);
    live(l);
    sgp_journal_flush(l->journal);
    return l;
}

/* Each call by itself, in any order. */
static void check_calls(const life *l, const sgp_run *run) {
    uint32_t n = 0, judged = 0;
    for (sgp_id id = 1; id < MOST; id++) {
        if (l->calls[id].id == 0)
            continue;
        uint32_t row = 0;
        while (row < run->n_calls &&
               (run->incidents[run->calls[row].incident].id != l->calls[id].incident ||
                run->calls[row].at_ms != l->calls[id].received_at_ms))
            row++;
        assert_true(row < run->n_calls);
        assert_int_equal(run->calls[row].outcome, l->calls[id].outcome);
        judged += l->calls[id].outcome != SGP_OUTCOME_NONE;
        n++;
    }
    assert_int_equal(run->n_calls, n);
    assert_true(judged > 10 && judged < n);
}

static void test_report_journal_is_what_the_world_showed(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        life *l = lived(seed);
        sgp_run run = {0};
        sgp_fault fault = {0};
        if (sgp_run_from_journal(l->path, &(sgp_journal_span){.utc_offset_s = 25200}, &run,
                                 &fault) != SGP_OK ||
            sgp_run_check(&run, &fault) != SGP_OK)
            fail_msg("%s", fault.text);
        assert_int_equal(run.target_ms[SGP_P1], 123000);
        assert_int_equal(run.until_ms, sgp_world_now_ms(l->world));
        uint32_t n_incidents = 0, n_jobs = 0;
        for (sgp_id id = 1; id < MOST; id++)
            n_incidents += l->incidents[id].id != 0;
        if (n_incidents < 50 || l->n_declined < 5)
            fail_msg("%u incidents and %u declined are too few to test with", (unsigned)n_incidents,
                     (unsigned)l->n_declined);
        assert_int_equal(run.n_incidents, n_incidents);
        check_calls(l, &run);
        for (uint32_t i = 0; i < run.n_incidents; i++)
            check_incident(l, &run, &run.incidents[i]);
        for (sgp_id id = 1; id < MOST; id++) {
            if (l->assignments[id].id == 0)
                continue;
            uint32_t j = 0; /* a unit is ordered once at a time */
            while (j < run.n_jobs && (run.jobs[j].unit != l->assignments[id].unit ||
                                      run.jobs[j].at_ms[SGP_ASSIGNMENT_ORDERED] !=
                                          l->assignments[id].at_ms[SGP_ASSIGNMENT_ORDERED]))
                j++;
            assert_true(j < run.n_jobs);
            check_job(l, &run, &run.jobs[j], id);
            n_jobs++;
        }
        assert_int_equal(run.n_jobs, n_jobs);
        for (uint32_t u = 0; u < UNITS; u++) {
            assert_int_equal(run.units[u].duty_ms, l->duty_ms[u]);
            assert_string_equal(run.stations[run.units[u].station].name, u % 2 ? "Pos 1" : "Pos 0");
        }
        sgp_run_free(&run);
        end_life(l);
    }
}

static void test_report_journal_spans(void **state) {
    (void)state;
    life *l = lived(9);
    sgp_run all = {0}, part = {0};
    sgp_fault fault = {0};
    assert_int_equal(sgp_run_from_journal(l->path, &(sgp_journal_span){0}, &all, &fault), SGP_OK);
    int64_t middle_ms = all.incidents[all.n_incidents / 2].answered_at_ms;
    uint32_t n = 0;
    int64_t duty_ms[UNITS] = {0};
    sgp_journal_span spans[] = {{.until_ms = middle_ms, .without_candidates = true},
                                {.from_ms = middle_ms}};
    for (int i = 0; i < 2; i++) {
        assert_int_equal(sgp_run_from_journal(l->path, &spans[i], &part, &fault), SGP_OK);
        assert_int_equal(sgp_run_check(&part, &fault), SGP_OK);
        assert_true(part.n_incidents > 0 && (part.n_candidates == 0) == (i == 0));
        n += part.n_incidents;
        for (uint32_t u = 0; u < UNITS; u++)
            duty_ms[u] += part.units[u].duty_ms;
        sgp_run_free(&part);
    }
    assert_int_equal(n, all.n_incidents);
    for (uint32_t u = 0; u < UNITS; u++)
        assert_int_equal(duty_ms[u], all.units[u].duty_ms);
    assert_int_equal(sgp_run_from_journal(l->path,
                                          &(sgp_journal_span){.from_ms = 20, .until_ms = 10}, &part,
                                          &fault),
                     SGP_E_RANGE);
    assert_int_equal(sgp_run_from_journal("/nonexistent/j", &(sgp_journal_span){0}, &part, &fault),
                     SGP_E_NOT_FOUND);
    sgp_run_free(&all);
    end_life(l);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_report_journal_is_what_the_world_showed),
        cmocka_unit_test(test_report_journal_spans),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
