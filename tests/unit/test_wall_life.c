/* A random life in the core, over midnight: every kept moment is the world as it was, and the
 * figures of the day that were kept while it happened are those that the replay report makes of
 * the journal afterwards. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/random.h"
#include "core_check.h"
#include "journal/journal.h"
#include "replay/report_journal.h"
#include "serve/day_book.h"
#include "serve/past.h"

enum { UNITS = 7, STEPS = 4000, MOMENTS = 2000 };
/* 2026-01-01 15:00 UTC, two hours before midnight in Malang. */
#define FIRST_MS INT64_C(1767279600000)

/* What a moment must show. */
typedef struct truth {
    int64_t at_ms;
    sgp_past_unit units[UNITS];
    uint32_t n_incidents;
    struct {
        sgp_id id;
        uint32_t state, priority, n_units;
        int32_t lon_e6;
    } incidents[160];
} truth;

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
    int64_t now_ms;
    sgp_city_time clock;
    sgp_day_book *book;
    sgp_past *past;
    truth *truths;
    size_t n_truths;
    bool tells_book;
} life;

static uint32_t below(life *l, uint32_t bound) {
    return (uint32_t)sgp_random_below(&l->random, bound);
}

static void tell_book(life *l, const sgp_event *event) {
    if (!l->tells_book)
        return;
    Sigap__V1__Update *update = sgp_effects_to_update(l->world, event, &l->effects);
    assert_non_null(update);
    sgp_day_book_take(l->book, l->world, update, event->at_ms);
    protobuf_c_message_free_unpacked(&update->base, NULL);
}

static void step(life *l, sgp_event *event) {
    event->seq = l->seq + 1;
    event->at_ms = l->now_ms;
    sgp_times_recorder_clear(&l->recorder);
    sgp_times times = sgp_times_recording(&l->recorder);
    sgp_effects_clear(&l->effects);
    (void)!sgp_core_step(l->world, event, &times, &l->effects);
    if (sgp_world_seq(l->world) != event->seq)
        fail_msg("an event of the test is refused: %s", sgp_event_kind_str(event->kind));
    l->seq++;
    Sigap__V1__RecordedTimes recorded = SIGAP__V1__RECORDED_TIMES__INIT;
    sgp_times_recorder_to_proto(&l->recorder, &recorded);
    sgp_buffer_clear(&l->bytes);
    assert_int_equal(sgp_record_encode(l->world, event, &recorded, &l->effects, &l->bytes), SGP_OK);
    assert_int_equal(sgp_journal_append(l->journal, event->seq, event->at_ms, l->bytes.data,
                                        l->bytes.length, NULL),
                     SGP_OK);
    sgp_journal_submit(l->journal);
    tell_book(l, event);
}

static int32_t rounded(int32_t e7) {
    return (int32_t)((e7 + (e7 >= 0 ? 5 : -5)) / 10);
}

static void note_truth(life *l) {
    truth *t = &l->truths[l->n_truths++];
    *t = (truth){.at_ms = l->now_ms};
    for (uint32_t u = 0; u < UNITS; u++) {
        const sgp_unit *unit = sgp_world_unit(l->world, u);
        sgp_point point = unit->at_station ? unit->station_point : unit->position;
        t->units[u].status = (uint32_t)sgp_world_unit_status(l->world, u);
        if (!unit->at_station && !unit->has_position)
            continue;
        t->units[u].lon_e6 = rounded(point.lon_e7);
        t->units[u].lat_e6 = rounded(point.lat_e7);
        t->units[u].positioned_at_ms = unit->at_station ? l->now_ms : unit->position_at_ms;
    }
    for (sgp_id id = 0; (id = sgp_world_next_incident(l->world, id)) != 0;) {
        const sgp_incident *incident = sgp_world_incident(l->world, id);
        if (incident->state == SGP_INCIDENT_CLOSED)
            continue;
        assert_true(t->n_incidents < 160);
        uint32_t n = 0;
        for (uint32_t i = 0; i < incident->n_assignments; i++)
            n += sgp_world_assignment(l->world, incident->assignments[i])->state <
                 SGP_ASSIGNMENT_CLOSED;
        t->incidents[t->n_incidents].id = id;
        t->incidents[t->n_incidents].state = (uint32_t)incident->state;
        t->incidents[t->n_incidents].priority = (uint32_t)incident->priority;
        t->incidents[t->n_incidents].n_units = n;
        t->incidents[t->n_incidents++].lon_e6 = rounded(incident->place.point.lon_e7);
    }
}

/* A moment is kept exactly where the newest one becomes newer. */
static void keep_moment(life *l) {
    int64_t before_ms = sgp_past_until_ms(l->past);
    assert_int_equal(sgp_past_note(l->past, l->world, l->now_ms), SGP_OK);
    if (sgp_past_until_ms(l->past) != before_ms) {
        assert_true(l->n_truths < MOMENTS);
        assert_int_equal(sgp_past_until_ms(l->past), l->now_ms);
        note_truth(l);
    }
}

static void begin_life(life *l, int64_t keep_ms, size_t past_bytes) {
    memset(l, 0, sizeof *l);
    strcpy(l->dir, "/tmp/sgp-wall-XXXXXX");
    assert_non_null(mkdtemp(l->dir));
    snprintf(l->path, sizeof l->path, "%s/j.sqlite", l->dir);
    snprintf(l->key, sizeof l->key, "%s/j.key", l->dir);
    sgp_journal_options options = {.path = l->path, .key_file = l->key, .commit = "test"};
    sgp_fault fault;
    assert_int_equal(sgp_journal_open(&options, &l->journal, &fault), SGP_OK);
    assert_int_equal(sgp_world_create(&l->world), SGP_OK);
    assert_int_equal(sgp_city_time_load("Asia/Jakarta", &l->clock, &fault), SGP_OK);
    l->inner = core_times(&l->oracle);
    l->recorder.inner = &l->inner;
    l->random = 7;
    l->now_ms = FIRST_MS;
    l->truths = calloc(MOMENTS, sizeof *l->truths);
    assert_int_equal(sgp_past_create(10000, keep_ms, past_bytes, &l->past), SGP_OK);
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
    static const char *const kecamatan[] = {"Klojen", "Blimbing", "Sukun"};
    event->kind = SGP_EVENT_CALL_RECEIVED;
    event->u.call.has_point = true;
    event->u.call.priority = (sgp_priority)(1 + below(l, 2));
    strcpy(event->u.call.complaint, "chest_pain");
    event->u.call.place = (sgp_place){
        .kind = SGP_PLACE_COORDINATES,
        .point = core_point((int32_t)below(l, 4000) - 2000, (int32_t)below(l, 4000) - 2000),
        .confidence_permille = 1000};
    strcpy(event->u.call.place.label, "Jalan Coba 1");
    strcpy(event->u.call.place.kecamatan, kecamatan[below(l, 3)]);
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
    } else {
        event->kind = SGP_EVENT_ASSIGNMENT_ADVANCED;
        event->u.advanced.assignment = job->id;
        event->u.advanced.state = (sgp_assignment_state)(job->state + 1);
        if (job->state == SGP_ASSIGNMENT_ON_SCENE && below(l, 4) == 0)
            event->u.advanced.state = SGP_ASSIGNMENT_CLOSED;
    }
    return true;
}

/* An open incident that nobody is on turns out to be nothing. */
static bool close_event(life *l, sgp_event *event) {
    for (sgp_id id = 0; (id = sgp_world_next_incident(l->world, id)) != 0;) {
        if (sgp_world_incident(l->world, id)->state != SGP_INCIDENT_WAITING)
            continue;
        event->kind = SGP_EVENT_INCIDENT_CLOSED;
        event->u.closed.incident = id;
        event->u.closed.outcome = below(l, 2) ? SGP_OUTCOME_PRANK : SGP_OUTCOME_CANCELLED;
        return true;
    }
    return false;
}

static bool next_event(life *l, int i, sgp_event *event) {
    const sgp_unit *unit = sgp_world_unit(l->world, below(l, UNITS));
    bool begins = i < UNITS && !sgp_world_unit(l->world, (uint32_t)i)->on_duty;
    if (sgp_world_next_timer_ms(l->world) <= l->now_ms) {
        event->kind = SGP_EVENT_TIMER;
    } else if (begins || (below(l, 60) == 0 && unit->assignment == 0)) {
        unit = begins ? sgp_world_unit(l->world, (uint32_t)i) : unit;
        event->kind = SGP_EVENT_UNIT_DUTY;
        strcpy(event->u.duty.unit, unit->code);
        event->u.duty.on_duty = !unit->on_duty;
    } else if (below(l, 13) == 0) {
        call_event(l, event);
    } else if (below(l, 3) == 0 && unit->on_duty) {
        event->kind = SGP_EVENT_UNIT_POSITION;
        strcpy(event->u.position.unit, unit->code);
        event->u.position.measured_at_ms = l->now_ms - below(l, 3000);
        event->u.position.point =
            core_point((int32_t)below(l, 4000) - 2000, (int32_t)below(l, 4000) - 2000);
    } else if (below(l, 12) == 0) {
        return close_event(l, event);
    } else {
        return crew_event(l, unit, event);
    }
    return true;
}

static void live(life *l, int steps) {
    for (int i = 0; i < steps; i++) {
        l->now_ms += 1 + below(l, 4000);
        sgp_event event = {0};
        if (next_event(l, i, &event))
            step(l, &event);
        keep_moment(l);
    }
}

static void end_life(life *l) {
    sgp_journal_close(l->journal);
    sgp_day_book_destroy(l->book);
    sgp_past_destroy(l->past);
    sgp_world_destroy(l->world);
    sgp_effects_free(&l->effects);
    sgp_times_recorder_free(&l->recorder);
    sgp_buffer_free(&l->bytes);
    free(l->truths);
    char command[128];
    snprintf(command, sizeof command, "rm -r '%s'", l->dir);
    assert_int_equal(system(command), 0);
}

/* ---- moments --------------------------------------------------------------------- */

static void check_moment(const sgp_past *past, const truth *t) {
    sgp_past_moment moment;
    /* Also a while after it, as long as there is no newer one. */
    assert_int_equal(sgp_past_at(past, t->at_ms, &moment), SGP_OK);
    assert_int_equal(moment.at_ms, t->at_ms);
    assert_int_equal(moment.n_units, UNITS);
    for (uint32_t u = 0; u < UNITS; u++) {
        assert_int_equal(moment.units[u].status, t->units[u].status);
        assert_int_equal(moment.units[u].lon_e6, t->units[u].lon_e6);
        assert_int_equal(moment.units[u].lat_e6, t->units[u].lat_e6);
        int64_t late_ms = t->units[u].positioned_at_ms - moment.units[u].positioned_at_ms;
        assert_true(late_ms >= -1000 && late_ms < SGP_PAST_AGE_STEP_S * 1000 + 1000);
    }
    assert_int_equal(moment.n_incidents, t->n_incidents);
    for (uint32_t i = 0; i < t->n_incidents; i++) {
        assert_int_equal(moment.incidents[i]->id, t->incidents[i].id);
        assert_int_equal(moment.incidents[i]->state, t->incidents[i].state);
        assert_int_equal(moment.incidents[i]->priority, t->incidents[i].priority);
        assert_int_equal(moment.incidents[i]->n_unit_numbers, t->incidents[i].n_units);
        assert_int_equal(moment.incidents[i]->lon_e6, t->incidents[i].lon_e6);
        assert_string_equal(moment.incidents[i]->label, "Jalan Coba 1");
    }
    sgp_past_moment_clear(&moment);
}

static void test_past_is_the_world_as_it_was(void **state) {
    (void)state;
    life l;
    begin_life(&l, INT64_C(48) * 3600000, 64 << 20);
    live(&l, STEPS);
    size_t n_with_incidents = 0;
    assert_true(l.n_truths > 300);
    for (size_t i = 0; i < l.n_truths; i++) {
        check_moment(l.past, &l.truths[i]);
        n_with_incidents += l.truths[i].n_incidents > 0;
    }
    assert_true(n_with_incidents > 100);
    sgp_past_moment moment;
    assert_int_equal(sgp_past_at(l.past, l.truths[0].at_ms - 1, &moment), SGP_E_NOT_FOUND);
    /* Between two moments it is the earlier one. */
    assert_int_equal(sgp_past_at(l.past, l.truths[9].at_ms - 1, &moment), SGP_OK);
    assert_int_equal(moment.at_ms, l.truths[8].at_ms);
    sgp_past_moment_clear(&moment);
    end_life(&l);
}

/* Stretches follow each other without a hole, and each can be asked for by the one before. */
static void test_past_stretches_follow_each_other(void **state) {
    (void)state;
    life l;
    begin_life(&l, INT64_C(48) * 3600000, 64 << 20);
    live(&l, STEPS);
    size_t n = 0, stretches = 0;
    Sigap__V1__Past *kept = sgp_past_stretch(l.past, 0);
    assert_non_null(kept);
    assert_int_equal(kept->n_moments, 0);
    assert_int_equal(kept->kept_from_at_ms, l.truths[0].at_ms);
    sigap__v1__past__free_unpacked(kept, NULL);
    for (int64_t at_ms = 1; at_ms != 0; stretches++) {
        Sigap__V1__Past *past = sgp_past_stretch(l.past, at_ms);
        assert_non_null(past);
        assert_int_equal(past->kept_from_at_ms, l.truths[0].at_ms);
        assert_int_equal(past->kept_until_at_ms, l.truths[l.n_truths - 1].at_ms);
        for (size_t i = 0; i < past->n_moments; i++)
            assert_int_equal(past->moments[i]->at_ms, l.truths[n++].at_ms);
        assert_int_equal(past->moments[0]->n_unit_numbers, UNITS);
        at_ms = past->next_at_ms;
        sigap__v1__past__free_unpacked(past, NULL);
    }
    assert_int_equal(n, l.n_truths);
    assert_true(stretches > 5);
    end_life(&l);
}

static void test_past_forgets_the_oldest(void **state) {
    (void)state;
    life l;
    begin_life(&l, 30 * 60000, 64 << 20); /* half an hour */
    live(&l, STEPS);
    int64_t kept_ms = l.now_ms - sgp_past_from_ms(l.past);
    assert_true(kept_ms >= 30 * 60000 && kept_ms <= 30 * 60000 + 2 * SGP_PAST_STRETCH_MS);
    check_moment(l.past, &l.truths[l.n_truths - 1]);
    end_life(&l);
    enum { LITTLE = 20000 };
    begin_life(&l, INT64_C(48) * 3600000, LITTLE);
    live(&l, STEPS);
    assert_true(sgp_past_bytes(l.past) <= LITTLE);
    assert_true(sgp_past_from_ms(l.past) > FIRST_MS + 60000);
    check_moment(l.past, &l.truths[l.n_truths - 1]);
    end_life(&l);
}

/* ---- figures of the day ---------------------------------------------------------- */

static void check_spread(const sgp_spread *a, const sgp_spread *b) {
    assert_int_equal(a->n, b->n);
    if (a->n == 0)
        return;
    assert_int_equal(a->p50_ms, b->p50_ms);
    assert_int_equal(a->p90_ms, b->p90_ms);
    assert_int_equal(a->max_ms, b->max_ms);
    assert_true(a->mean_ms == b->mean_ms);
}

/* The day from the journal, by the report's own reader. */
static void check_day(life *l, uint32_t days_ago, uint32_t least) {
    sgp_fault fault = {0};
    sgp_summary kept, read;
    int64_t whole_from_ms;
    if (sgp_day_book_summary(l->book, l->world, days_ago, l->now_ms, &kept, &whole_from_ms,
                             &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    int64_t midnight_ms = sgp_midnight_ms(&l->clock, l->now_ms) - days_ago * INT64_C(86400000);
    assert_int_equal(kept.from_ms, midnight_ms);
    assert_int_equal(whole_from_ms, midnight_ms);
    sgp_journal_span span = {
        .from_ms = midnight_ms, .until_ms = midnight_ms + 86400000, .utc_offset_s = 25200};
    sgp_run run = {0};
    sgp_journal_flush(l->journal);
    assert_int_equal(sgp_run_from_journal(l->path, &span, &run, &fault), SGP_OK);
    run.until_ms = kept.until_ms;
    assert_int_equal(sgp_summary_make(&run, &read, &fault), SGP_OK);
    assert_int_equal(kept.n_groups, read.n_groups);
    for (uint32_t g = 0; g < kept.n_groups; g++) {
        const sgp_group *a = &kept.groups[g], *b = &read.groups[g];
        assert_int_equal(sgp_group_order(a, b), 0);
        assert_int_equal(a->n_incidents, b->n_incidents);
        assert_int_equal(a->n_reached, b->n_reached);
        assert_int_equal(a->n_counted, b->n_counted);
        assert_int_equal(a->n_in_time, b->n_in_time);
        for (int k = 0; k < SGP_INTERVALS; k++)
            check_spread(&a->spread[k], &b->spread[k]);
    }
    assert_true(kept.groups[0].n_incidents >= least);
    assert_memory_equal(&kept.week, &read.week, sizeof kept.week);
    assert_memory_equal(kept.outcomes, read.outcomes, sizeof kept.outcomes);
    sgp_summary_free(&kept);
    sgp_summary_free(&read);
    sgp_run_free(&run);
}

static void test_day_book_is_the_report(void **state) {
    (void)state;
    life l;
    begin_life(&l, INT64_C(48) * 3600000, 1 << 20);
    assert_int_equal(sgp_day_book_create(&l.clock, l.world, l.now_ms, &l.book), SGP_OK);
    l.tells_book = true;
    live(&l, 2500); /* more than an hour */
    check_day(&l, 0, 100);
    l.now_ms = sgp_midnight_ms(&l.clock, FIRST_MS) + 86400000 - 1800000;
    live(&l, 2500); /* over midnight */
    assert_true(l.now_ms > sgp_midnight_ms(&l.clock, FIRST_MS) + 86400000);
    check_day(&l, 0, 50);
    check_day(&l, 1, 100);
    /* After a restart, from what the world holds. */
    sgp_day_book_destroy(l.book);
    assert_int_equal(sgp_day_book_create(&l.clock, l.world, l.now_ms, &l.book), SGP_OK);
    check_day(&l, 0, 50);
    check_day(&l, 1, 100);
    live(&l, 500);
    check_day(&l, 0, 50);
    sgp_summary summary;
    sgp_fault fault;
    int64_t whole;
    assert_int_equal(sgp_day_book_summary(l.book, l.world, 2, l.now_ms, &summary, &whole, &fault),
                     SGP_E_NOT_FOUND);
    /* A day without anything. */
    l.now_ms += 3 * INT64_C(86400000);
    assert_int_equal(sgp_day_book_summary(l.book, l.world, 0, l.now_ms, &summary, &whole, &fault),
                     SGP_OK);
    assert_int_equal(summary.groups[0].n_incidents, 0);
    sgp_summary_free(&summary);
    end_life(&l);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_past_is_the_world_as_it_was),
        cmocka_unit_test(test_past_stretches_follow_each_other),
        cmocka_unit_test(test_past_forgets_the_oldest),
        cmocka_unit_test(test_day_book_is_the_report),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
