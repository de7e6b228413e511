/* What crews' devices tell: positions judged one by one, batches on the wire, orders until they are
 * received, and words that come late. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "core/position_batch.h"
#include "core/proto_write.h"
#include "core_check.h"

static const int64_t now = 1700000000000;

/* ---- judging ---------------------------------------------------------------------------- */

typedef struct judged {
    const char *what;
    uint64_t number;
    int32_t east_m;
    int64_t at_ms; /* after now */
    int32_t accuracy_m;
    sgp_fix_verdict verdict;
} judged;

static void judge_all(const judged *rows, size_t n) {
    sgp_fix_stream stream = {.stream = 1};
    for (size_t i = 0; i < n; i++) {
        sgp_fix fix = {.point = core_point(rows[i].east_m, 0),
                       .at_ms = now + rows[i].at_ms,
                       .accuracy_m = rows[i].accuracy_m};
        sgp_fix_verdict verdict = sgp_fix_judge(&stream, rows[i].number, &fix, now);
        if (verdict != rows[i].verdict)
            fail_msg("%s: %s, not %s", rows[i].what, sgp_fix_verdict_str(verdict),
                     sgp_fix_verdict_str(rows[i].verdict));
        assert_true(fix.at_ms <= now || !sgp_fix_is_kept(verdict));
    }
}

static void test_device_judges_positions(void **state) {
    (void)state;
    static const judged rows[] = {
        {"a week and a second ago", 1, 0, -(7LL * 86400 + 1) * 1000, 5, SGP_FIX_ANCIENT},
        {"the first of the day, from the valley", 2, 0, -8 * 3600000, 5, SGP_FIX_LATE},
        {"its number again", 2, 10, -8 * 3600000 + 5000, 5, SGP_FIX_DUPLICATE},
        {"a lower number", 1, 10, -8 * 3600000 + 5000, 5, SGP_FIX_DUPLICATE},
        {"the same time under a new number", 3, 0, -8 * 3600000, 5, SGP_FIX_OUT_OF_ORDER},
        {"before the last one", 4, 0, -8 * 3600000 - 1, 5, SGP_FIX_OUT_OF_ORDER},
        {"60 m in 5 s", 5, 60, -8 * 3600000 + 5000, 5, SGP_FIX_LATE},
        {"2 km in 5 s", 6, 2060, -8 * 3600000 + 10000, 5, SGP_FIX_JUMP},
        {"and back, where it was", 7, 120, -8 * 3600000 + 15000, 5, SGP_FIX_LATE},
        {"a radius of 201 m", 8, 180, -8 * 3600000 + 20000, 201, SGP_FIX_INACCURATE},
        {"a radius of 200 m", 9, 180, -8 * 3600000 + 25000, 200, SGP_FIX_LATE},
        {"40 km in eight hours", 10, 40000, -121000, 5, SGP_FIX_LATE},
        {"two minutes old", 11, 40010, -120000, 5, SGP_FIX_GOOD},
        {"now", 12, 40020, 0, 5, SGP_FIX_GOOD},
        {"five seconds ahead", 13, 40020, 5000, 5, SGP_FIX_GOOD},
        {"more than five seconds ahead", 14, 40030, 5001, 5, SGP_FIX_FUTURE}};
    judge_all(rows, sizeof rows / sizeof *rows);
}

/* The first of all may be the wrong one: three that agree on another place are right. */
static void test_device_believes_what_agrees(void **state) {
    (void)state;
    static const judged rows[] = {{"wrong", 1, 90000, -50000, 5, SGP_FIX_GOOD},
                                  {"right", 2, 0, -45000, 5, SGP_FIX_JUMP},
                                  {"right again", 3, 40, -40000, 5, SGP_FIX_JUMP},
                                  {"the third", 4, 80, -35000, 5, SGP_FIX_GOOD},
                                  {"one that strays", 5, 30000, -30000, 5, SGP_FIX_JUMP},
                                  {"another that strays", 6, 60000, -25000, 5, SGP_FIX_JUMP},
                                  {"and a third", 7, 90000, -20000, 5, SGP_FIX_JUMP},
                                  {"none of them agrees", 8, 160, -15000, 5, SGP_FIX_GOOD}};
    judge_all(rows, sizeof rows / sizeof *rows);
}

/* ---- batches ------------------------------------------------------------------------------ */

static void test_device_batches_are_exact_and_small(void **state) {
    (void)state;
    enum { N = SGP_TRACK_FIXES_MAX };
    sgp_fix fixes[N], read[N];
    uint64_t random = 7;
    sgp_point at = {1126300000, -79800000};
    for (int i = 0; i < N; i++) {
        /* A drive through a town: to 50 km/h, every five seconds, give or take 40 ms. */
        at.lon_e7 += (int32_t)(sgp_random_below(&random, 120)) * 100 - 6000;
        at.lat_e7 += (int32_t)(sgp_random_below(&random, 100)) * 100 - 4000;
        fixes[i] = (sgp_fix){.point = at,
                             .at_ms = now + 5000 * i + (int64_t)sgp_random_below(&random, 40),
                             .accuracy_m = 4 + (int32_t)sgp_random_below(&random, 20),
                             .speed_kmh = (int16_t)sgp_random_below(&random, 60),
                             .heading_deg = (int16_t)(3 * sgp_random_below(&random, 120))};
    }
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    Sigap__V1__PositionBatch *batch = sgp_message_make(&sigap__v1__position_batch__descriptor);
    assert_non_null(batch);
    batch->stream = 123456789;
    batch->first = 17001;
    assert_true(sgp_batch_put(batch, fixes, N));
    frame.body_case = SIGAP__V1__FRAME__BODY_POSITION_BATCH;
    frame.position_batch = batch;
    size_t bytes = sigap__v1__frame__get_packed_size(&frame);
    uint32_t n;
    assert_int_equal(sgp_batch_read(batch, read, &n, NULL), SGP_OK);
    assert_int_equal(n, N);
    assert_memory_equal(read, fixes, sizeof fixes);
    printf("%d positions in %zu bytes: %.2f each\n", N, bytes, (double)bytes / N);
    assert_true(bytes < 7 * N);
    sgp_message_free(batch);
}

static void test_device_refuses_bad_batches(void **state) {
    (void)state;
    int32_t two[] = {1, 1}, one[] = {0};
    int32_t far[] = {18000001, 0}, many[SGP_TRACK_FIXES_MAX + 1] = {0};
    uint32_t radius[] = {100001, 0}, heading[] = {121, 0};
    const struct {
        const char *sentence;
        Sigap__V1__PositionBatch batch;
    } rows[] = {
#define BATCH(s, ...)                                                                              \
    {.base = PROTOBUF_C_MESSAGE_INIT(&sigap__v1__position_batch__descriptor),                      \
     .stream = s,                                                                                  \
     .first = 1,                                                                                   \
     __VA_ARGS__}
        {"no positions", BATCH(1, .n_lat = 2, .lat = two)},
        {"lat has 1 entries for 2", BATCH(1, .n_lon = 2, .lon = two, .n_lat = 1, .lat = two)},
        {"late_ms has 2 entries for 2",
         BATCH(1, .n_lon = 2, .lon = two, .n_lat = 2, .lat = two, .n_late_ms = 2, .late_ms = two)},
        {"count from 1", BATCH(0, .n_lon = 2, .lon = two, .n_lat = 2, .lat = two)},
        {"first_at_ms",
         BATCH(1, .n_lon = 2, .lon = two, .n_lat = 2, .lat = two, .first_at_ms = -1)},
        {"position 1 of the batch is not on the earth",
         BATCH(1, .n_lon = 2, .lon = far, .n_lat = 2, .lat = two)},
        {"position 2 of the batch is too far from the one before it",
         BATCH(1, .n_lon = 2, .lon = two, .n_lat = 2, .lat = two, .step_ms = 1u << 31,
               .n_late_ms = 1, .late_ms = one)},
        {"position 1 of the batch is too large",
         BATCH(1, .n_lon = 2, .lon = two, .n_lat = 2, .lat = two, .n_accuracy_m = 2,
               .accuracy_m = radius)},
        {"position 1 of the batch is too large",
         BATCH(1, .n_lon = 2, .lon = two, .n_lat = 2, .lat = two, .n_heading = 2,
               .heading = heading)},
        {"at most 500 fit", BATCH(1, .n_lon = SGP_TRACK_FIXES_MAX + 1, .lon = many,
                                  .n_lat = SGP_TRACK_FIXES_MAX + 1, .lat = many)}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        sgp_fix fixes[SGP_TRACK_FIXES_MAX];
        uint32_t n;
        sgp_fault fault = {0};
        Sigap__V1__PositionBatch batch = rows[i].batch;
        assert_int_not_equal(sgp_batch_read(&batch, fixes, &n, &fault), SGP_OK);
        if (strstr(fault.text, rows[i].sentence) == NULL)
            fail_msg("'%s' does not say '%s'", fault.text, rows[i].sentence);
    }
}

/* ---- the core ------------------------------------------------------------------------------- */

typedef struct fixture {
    sgp_world *world;
    core_oracle oracle;
    sgp_effects effects;
    sgp_id order;
} fixture;

static sgp_err step(fixture *made, sgp_event *event) {
    event->seq = sgp_world_seq(made->world) + 1;
    if (!event->at_ms)
        event->at_ms = sgp_world_now_ms(made->world) + 1000;
    sgp_times times = core_times(&made->oracle);
    sgp_effects_clear(&made->effects);
    sgp_err err = sgp_core_step(made->world, event, &times, &made->effects);
    const char *wrong = core_check_effects(made->world, &made->effects);
    if (!wrong)
        wrong = core_check_world(made->world);
    if (wrong)
        fail_msg("%s", wrong);
    return err;
}

static void take(fixture *made, sgp_event event) {
    if (step(made, &event) != SGP_OK)
        fail_msg("%s: %s", sgp_event_kind_str(event.kind),
                 made->effects.items[made->effects.n - 1].u.reply.message);
}

/* One unit that has an order; edition as given. */
static void begin(fixture *made, int32_t edition) {
    *made = (fixture){0};
    assert_int_equal(sgp_world_create(&made->world), SGP_OK);
    sgp_event event = {.kind = SGP_EVENT_CONFIGURED, .at_ms = now};
    sgp_clocks_default(&event.u.configured);
    sgp_rules_default(&event.u.configured.rules);
    event.u.configured.rules.edition = edition;
    take(made, event);
    event = (sgp_event){.kind = SGP_EVENT_UNIT_REGISTERED};
    event.u.unit_registered.unit = (sgp_unit){
        .code = "PSC-01", .kind = SGP_UNIT_AMBULANCE_BASIC, .station_point = core_point(0, 0)};
    take(made, event);
    take(made, (sgp_event){.kind = SGP_EVENT_UNIT_DUTY, .u.duty = {"PSC-01", true}});
    event = (sgp_event){.kind = SGP_EVENT_CALL_RECEIVED,
                        .u.call = {.priority = SGP_P3, .has_point = true}};
    event.u.call.place.point = core_point(2000, 0);
    take(made, event);
    take(made, (sgp_event){.kind = SGP_EVENT_UNIT_ORDERED, .u.ordered = {1, "PSC-01", false}});
    made->order = made->effects.items[made->effects.n - 1].u.reply.assignment;
}

static void end(fixture *made) {
    sgp_world_destroy(made->world);
    sgp_effects_free(&made->effects);
}

static const sgp_assignment *order_of(const fixture *made) {
    return sgp_world_assignment(made->world, made->order);
}

static sgp_event received(const fixture *made, uint64_t told_seq) {
    return (sgp_event){.kind = SGP_EVENT_ORDER_RECEIVED,
                       .u.received = {made->order, "PSC-01", told_seq, 5, false, 0, now}};
}

static void test_device_has_an_order(void **state) {
    (void)state;
    fixture made;
    begin(&made, SGP_EDITION);
    uint64_t told = order_of(&made)->receipt.told_seq;
    assert_true(told > 0 && sgp_assignment_is_unheard(order_of(&made)));
    assert_int_equal(sgp_receipt_state(&order_of(&made)->receipt), SGP_RECEIPT_WAITING);
    sgp_event ahead = received(&made, told + 1);
    assert_int_equal(step(&made, &ahead), SGP_E_RANGE);
    take(&made, received(&made, told));
    assert_int_equal(sgp_receipt_state(&order_of(&made)->receipt), SGP_RECEIPT_RECEIVED);
    assert_int_equal(order_of(&made)->receipt.received_at_ms, sgp_world_now_ms(made.world));
    assert_false(sgp_assignment_is_unheard(order_of(&made)));
    assert_int_equal(order_of(&made)->state, SGP_ASSIGNMENT_ORDERED);
    /* Another place is another word, and a withdrawal one more. */
    sgp_event moved = {.kind = SGP_EVENT_PLACE_CHOSEN, .u.chosen = {.incident = 1}};
    moved.u.chosen.place.point = core_point(3000, 0);
    take(&made, moved);
    assert_true(sgp_assignment_is_unheard(order_of(&made)));
    sgp_event again = received(&made, told); /* late, of the first */
    take(&made, again);
    assert_true(sgp_assignment_is_unheard(order_of(&made)));
    take(&made, (sgp_event){.kind = SGP_EVENT_ASSIGNMENT_STOOD_DOWN,
                            .u.stood_down = {made.order, "batal"}});
    assert_true(sgp_assignment_is_unheard(order_of(&made)));
    sgp_event refused = received(&made, order_of(&made)->receipt.told_seq);
    refused.u.received.refused = true;
    refused.u.received.seen_epoch = 9;
    take(&made, refused);
    assert_int_equal(sgp_receipt_state(&order_of(&made)->receipt), SGP_RECEIPT_REFUSED);
    take(&made, received(&made, order_of(&made)->receipt.told_seq));
    assert_false(sgp_assignment_is_unheard(order_of(&made)));
    end(&made);
}

static void test_device_of_an_older_edition(void **state) {
    (void)state;
    fixture made;
    begin(&made, 2);
    assert_int_equal(order_of(&made)->receipt.told_seq, 0);
    assert_int_equal(sgp_receipt_state(&order_of(&made)->receipt), SGP_RECEIPT_NONE);
    assert_false(sgp_assignment_is_unheard(order_of(&made)));
    end(&made);
}

static sgp_event advanced(const fixture *made, sgp_assignment_state state, int64_t said_at_ms,
                          int64_t device_at_ms) {
    sgp_event event = {.kind = SGP_EVENT_ASSIGNMENT_ADVANCED,
                       .u.advanced = {.assignment = made->order,
                                      .state = state,
                                      .said_at_ms = said_at_ms,
                                      .device_at_ms = device_at_ms,
                                      .for_crew = device_at_ms == 0}};
    return event;
}

static void test_device_tells_afterwards(void **state) {
    (void)state;
    fixture made;
    begin(&made, SGP_EDITION);
    int64_t ordered = order_of(&made)->at_ms[SGP_ASSIGNMENT_ORDERED];
    /* Accepted a minute after the order, told an hour later by a clock that is a year ahead. */
    sgp_event event = {.kind = SGP_EVENT_ORDER_ANSWERED,
                       .at_ms = ordered + 3600000,
                       .u.answered = {.assignment = made.order,
                                      .accepted = true,
                                      .said_at_ms = ordered + 60000,
                                      .device_at_ms = ordered + 365 * 86400000LL}};
    take(&made, event);
    const sgp_assignment *on = order_of(&made);
    assert_int_equal(on->at_ms[SGP_ASSIGNMENT_ACCEPTED], ordered + 60000);
    assert_int_equal(on->device_at_ms[SGP_ASSIGNMENT_ACCEPTED], ordered + 365 * 86400000LL);
    assert_int_equal(on->arrived_at_ms[SGP_ASSIGNMENT_ACCEPTED], ordered + 3600000);
    /* On its way before it accepted: that cannot be, so the arrival counts. */
    event = advanced(&made, SGP_ASSIGNMENT_EN_ROUTE, ordered + 59000, ordered);
    event.at_ms = ordered + 3601000;
    take(&made, event);
    on = order_of(&made);
    assert_int_equal(on->at_ms[SGP_ASSIGNMENT_EN_ROUTE], ordered + 3601000);
    /* Somebody enters by radio that it is transporting; the device tells of the scene later. */
    event = advanced(&made, SGP_ASSIGNMENT_TRANSPORTING, 0, 0);
    event.at_ms = ordered + 3700000;
    take(&made, event);
    event = advanced(&made, SGP_ASSIGNMENT_ON_SCENE, ordered + 3650000, ordered + 3650000);
    event.at_ms = ordered + 3800000;
    take(&made, event);
    on = order_of(&made);
    assert_int_equal(on->state, SGP_ASSIGNMENT_TRANSPORTING);
    assert_int_equal(on->at_ms[SGP_ASSIGNMENT_TRANSPORTING], ordered + 3700000);
    assert_int_equal(on->at_ms[SGP_ASSIGNMENT_ON_SCENE], ordered + 3650000);
    assert_int_equal(on->late, 1u << SGP_ASSIGNMENT_ON_SCENE);
    /* And says itself when it left: what was entered stands. */
    event = advanced(&made, SGP_ASSIGNMENT_TRANSPORTING, ordered + 3690000, ordered + 3690000);
    event.at_ms = ordered + 3800001;
    take(&made, event);
    on = order_of(&made);
    assert_int_equal(on->at_ms[SGP_ASSIGNMENT_TRANSPORTING], ordered + 3700000);
    assert_int_equal(on->device_at_ms[SGP_ASSIGNMENT_TRANSPORTING], ordered + 3690000);
    end(&made);
}

static void test_device_accepts_what_has_timed_out(void **state) {
    (void)state;
    fixture made;
    begin(&made, SGP_EDITION);
    int64_t ordered = order_of(&made)->at_ms[SGP_ASSIGNMENT_ORDERED];
    sgp_event timer = {.kind = SGP_EVENT_TIMER, .at_ms = ordered + 600000};
    take(&made, timer);
    assert_int_equal(order_of(&made)->state, SGP_ASSIGNMENT_TIMED_OUT);
    sgp_event event = {.kind = SGP_EVENT_ORDER_ANSWERED,
                       .u.answered = {.assignment = made.order,
                                      .accepted = true,
                                      .said_at_ms = ordered + 1000,
                                      .device_at_ms = ordered + 1000}};
    take(&made, event);
    const sgp_assignment *on = order_of(&made);
    assert_int_equal(on->state, SGP_ASSIGNMENT_TIMED_OUT);
    assert_int_equal(on->at_ms[SGP_ASSIGNMENT_ACCEPTED], 0);
    assert_int_equal(on->device_at_ms[SGP_ASSIGNMENT_ACCEPTED], ordered + 1000);
    assert_int_equal(on->late, 1u << SGP_ASSIGNMENT_ACCEPTED);
    end(&made);
}

static void test_device_moves_its_unit(void **state) {
    (void)state;
    fixture made;
    begin(&made, SGP_EDITION);
    int64_t at = sgp_world_now_ms(made.world) + 600000;
    sgp_fix fixes[4] = {
        {.point = core_point(100, 0), .at_ms = at - 300000, .speed_kmh = -1, .heading_deg = -1},
        {.point = core_point(900, 0), .at_ms = at - 20000, .speed_kmh = -1, .heading_deg = -1},
        {.point = core_point(90000, 0), .at_ms = at - 10000, .speed_kmh = -1, .heading_deg = -1},
        {.point = core_point(1000, 0), .at_ms = at - 5000, .speed_kmh = -1, .heading_deg = -1}};
    sgp_event event = {
        .kind = SGP_EVENT_TRACK_TOLD, .at_ms = at, .u.track = {"PSC-01", 7, 1, 4, fixes}};
    take(&made, event);
    const sgp_effect *told = &made.effects.items[0];
    assert_int_equal(told->kind, SGP_EFFECT_TRACK);
    assert_int_equal(told->u.track.up_to, 4);
    assert_true(told->u.track.moved);
    assert_int_equal(told->u.track.counts[SGP_FIX_LATE], 1);
    assert_int_equal(told->u.track.counts[SGP_FIX_GOOD], 2);
    assert_int_equal(told->u.track.counts[SGP_FIX_JUMP], 1);
    assert_int_equal(told->u.track.kept[0], 0xb);
    const sgp_unit *unit = sgp_world_unit_by_code(made.world, "PSC-01");
    assert_true(sgp_point_equal(unit->position, core_point(1000, 0)));
    assert_int_equal(unit->position_at_ms, at - 5000);
    /* The same again changes nothing. */
    event.seq = 0;
    event.at_ms = 0;
    uint64_t version = unit->version;
    take(&made, event);
    assert_int_equal(made.effects.items[0].u.track.counts[SGP_FIX_DUPLICATE], 4);
    assert_false(made.effects.items[0].u.track.moved);
    assert_int_equal(sgp_world_unit_by_code(made.world, "PSC-01")->version, version);
    end(&made);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_device_judges_positions),
                                       cmocka_unit_test(test_device_believes_what_agrees),
                                       cmocka_unit_test(test_device_batches_are_exact_and_small),
                                       cmocka_unit_test(test_device_refuses_bad_batches),
                                       cmocka_unit_test(test_device_has_an_order),
                                       cmocka_unit_test(test_device_of_an_older_edition),
                                       cmocka_unit_test(test_device_tells_afterwards),
                                       cmocka_unit_test(test_device_accepts_what_has_timed_out),
                                       cmocka_unit_test(test_device_moves_its_unit)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
