/* Orders to a crew's telephone over a line that breaks at random: a real engine, a proxy over
 * loopback that cuts in the middle of bytes, stops, half-opens, a telephone that dies and comes
 * back with its queue, and an engine that is killed. Meanwhile a dispatcher orders and stands down.
 * In the end the journal is stepped again: every order was acted on once, every withdrawal seen
 * once, everything the crew said is there once. Then a day of positions, from a valley.
 *
 *     test_crew_breaks [BREAKS [SEED]]     40 breaks, unless more are wanted
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/random.h"
#include "breaking_proxy.h"
#include "core/core_proto.h"
#include "crew_device.h"
#include "journal/journal.h"
#include "journal/journal_reader.h"
#include "serve/client.h"
#include "tls_child.h"

enum { BREAKS_USUAL = 40, PATIENCE_MS = 240000, DAY = 17280, STEP_MS = 5000 };

static int breaks_wanted = BREAKS_USUAL;
static uint64_t seed;
static engine_child engine;
static breaking_proxy proxy;
static phone crew;

static void turns(int64_t ms) {
    for (int64_t until = phone_ms() + ms; phone_ms() < until;)
        phone_turn(&crew);
}

/* ---- the dispatcher -------------------------------------------------------------------------- */

static sgp_client *desk;

static void desk_open(void) {
    sgp_fault fault = {0};
    sgp_client_close(desk);
    if (sgp_client_connect(engine.target, &desk, &fault) != SGP_OK ||
        sgp_client_login(desk, engine.dispatcher, "desk", NULL, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
}

static Sigap__V1__Frame *desk_ask(Sigap__V1__Frame__BodyCase body, void *message, sgp_err wanted) {
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT, *reply = NULL;
    sgp_fault fault = {0};
    request.body_case = body;
    request.ping = message;
    sgp_err err = sgp_client_request(desk, &request, 0, &reply, &fault);
    if (err != SGP_OK && err != wanted)
        fail_msg("%s", fault.text);
    return reply;
}
#define DESK(BODY, message) desk_ask(SIGAP__V1__FRAME__BODY_##BODY, message, SGP_OK)

static uint64_t assignments[PHONE_ASSIGNMENTS], n_assignments;
static bool stood_down[PHONE_ASSIGNMENTS];

/* What unit A-01 is on, 0 = nothing. */
static uint64_t on_what(void) {
    Sigap__V1__ListUnits list = SIGAP__V1__LIST_UNITS__INIT;
    Sigap__V1__Frame *reply = DESK(LIST_UNITS, &list);
    uint64_t on = 0;
    for (size_t i = 0; i < reply->unit_page->n_units; i++)
        if (strcmp(reply->unit_page->units[i]->code, "A-01") == 0)
            on = reply->unit_page->units[i]->assignment_id;
    sigap__v1__frame__free_unpacked(reply, NULL);
    return on;
}

static void desk_orders(void) {
    Sigap__V1__Point point = SIGAP__V1__POINT__INIT;
    Sigap__V1__ReportCall call = SIGAP__V1__REPORT_CALL__INIT;
    point.lon = 112.640;
    point.lat = -7.965;
    call.point = &point;
    call.priority = SIGAP__V1__PRIORITY__P4;
    Sigap__V1__Frame *reply = DESK(REPORT_CALL, &call);
    Sigap__V1__OrderUnit order = SIGAP__V1__ORDER_UNIT__INIT;
    order.incident_id = reply->done->incident_id;
    order.unit_code = (char *)(uintptr_t) "A-01";
    sigap__v1__frame__free_unpacked(reply, NULL);
    reply = DESK(ORDER_UNIT, &order);
    assert_true(n_assignments < PHONE_ASSIGNMENTS && reply->done->assignment_id > 0 &&
                reply->done->assignment_id < PHONE_ASSIGNMENTS);
    assignments[n_assignments++] = reply->done->assignment_id;
    sigap__v1__frame__free_unpacked(reply, NULL);
}

/* Where the crew was faster there is nothing to stand down. */
static void desk_stands_down(uint64_t assignment) {
    Sigap__V1__StandDown stand_down = SIGAP__V1__STAND_DOWN__INIT;
    stand_down.assignment_id = assignment;
    stand_down.reason = (char *)(uintptr_t) "salah sangka";
    Sigap__V1__Frame *reply = desk_ask(SIGAP__V1__FRAME__BODY_STAND_DOWN, &stand_down, SGP_E_STATE);
    if (reply == NULL)
        return;
    stood_down[assignment] = true;
    sigap__v1__frame__free_unpacked(reply, NULL);
}

static void desk_does_something(uint64_t *random) {
    uint64_t on = on_what();
    if (on == 0)
        desk_orders();
    else if (sgp_random_below(random, 10) == 0)
        desk_stands_down(on);
}

/* ---- breaks ------------------------------------------------------------------------------------
 */

typedef struct tally {
    int cuts, torn, stops, late, deaf, deaths, kills;
} tally;

static void one_break(uint64_t *random, tally *t) {
    switch (sgp_random_below(random, 16)) {
    case 0:
    case 1:
    case 2:
        t->cuts++;
        atomic_store(&proxy.mode, PROXY_CUT);
        break;
    case 3:
    case 4:
    case 5:
    case 6:
    case 7: /* in the middle of a frame, of whichever it will be */
        t->torn++;
        atomic_store(&proxy.cut_after, 1 + (int)sgp_random_below(random, 1500));
        break;
    case 8:
    case 9:
        t->stops++;
        atomic_store(&proxy.mode, PROXY_STOP);
        break;
    case 10:
    case 11:
        t->late++;
        atomic_store(&proxy.mode, PROXY_STOP);
        break;
    case 12:
    case 13:
        t->deaf++;
        atomic_store(&proxy.mode, PROXY_DEAF);
        break;
    case 14:
        t->deaths++;
        phone_die(&crew);
        phone_start(&crew);
        break;
    default:
        t->kills++;
        child_stop(&engine, SIGKILL);
        turns((int64_t)sgp_random_below(random, 100));
        child_start(&engine, SIGAP_BINARY_DIR "/bin/sigapd");
        desk_open();
    }
    bool lost = sgp_random_below(random, 2) == 0;
    if (sgp_random_below(random, 2) == 0)
        desk_does_something(random);
    if (sgp_random_below(random, 2) == 0)
        phone_step(&crew);
    turns((int64_t)sgp_random_below(random, 200));
    if (atomic_load(&proxy.mode) == PROXY_STOP && lost) {
        atomic_store(&proxy.mode, PROXY_CUT);
        turns(20);
    }
    atomic_store(&proxy.mode, PROXY_PASS);
}

/* Until the crew has said all and the engine has heard all. */
static void drain(void) {
    for (int64_t until = phone_ms() + PATIENCE_MS;; phone_turn(&crew)) {
        sgp_device_waiting waits = sgp_device_waits(crew.device);
        if (!phone_step(&crew) && waits.words == 0 && waits.fixes == 0)
            return;
        if (phone_ms() > until)
            fail_msg("%llu words and %llu positions still wait (seed %llu)",
                     (unsigned long long)waits.words, (unsigned long long)waits.fixes,
                     (unsigned long long)seed);
    }
}

/* ---- what became of it: the journal, stepped again
 * ------------------------------------------------ */

typedef struct tale {
    sgp_world *world;
    sgp_effects effects;
    uint32_t answered[PHONE_ASSIGNMENTS];
    uint32_t advanced[PHONE_ASSIGNMENTS][SGP_ASSIGNMENT_STATES];
    uint64_t words;
    uint8_t *kept; /* by number of a position */
    uint64_t n_kept, twice;
} tale;

static void note_positions(tale *t, const sgp_event *event) {
    for (size_t i = 0; i < t->effects.n; i++) {
        const sgp_effect *effect = &t->effects.items[i];
        for (uint32_t k = 0; effect->kind == SGP_EFFECT_TRACK && k < event->u.track.n; k++) {
            uint64_t number = event->u.track.first + k;
            if (!(effect->u.track.kept[k / 8] >> k % 8 & 1) || number > DAY)
                continue;
            t->twice += t->kept[number]++ != 0;
            t->n_kept++;
        }
    }
}

static sgp_err visit(void *ctx, uint64_t seq, const uint8_t *bytes, size_t length) {
    tale *t = ctx;
    (void)seq;
    Sigap__V1__JournalRecord *record = sigap__v1__journal_record__unpack(NULL, length, bytes);
    sgp_event event;
    sgp_fault fault = {0};
    if (record == NULL || sgp_event_from_proto(record->event, &event, &fault) != SGP_OK)
        return SGP_E_CORRUPT;
    static Sigap__V1__RecordedTimes none = SIGAP__V1__RECORDED_TIMES__INIT;
    sgp_times_player player = {.times = record->times != NULL ? record->times : &none};
    sgp_times times = sgp_times_playing(&player);
    sgp_effects_clear(&t->effects);
    sgp_err err = sgp_core_step(t->world, &event, &times, &t->effects);
    if (event.kind == SGP_EVENT_ORDER_ANSWERED && event.u.answered.device_at_ms) {
        t->answered[event.u.answered.assignment]++;
        t->words++;
    } else if (event.kind == SGP_EVENT_ASSIGNMENT_ADVANCED && event.u.advanced.device_at_ms) {
        t->advanced[event.u.advanced.assignment][event.u.advanced.state]++;
        t->words++;
    } else if (event.kind == SGP_EVENT_TRACK_TOLD) {
        note_positions(t, &event);
    }
    sgp_event_clear(&event);
    sigap__v1__journal_record__free_unpacked(record, NULL);
    return err == SGP_E_MEMORY || err == SGP_E_CORRUPT ? err : SGP_OK;
}

/* The engine must be down. */
static void read_journal(tale *t) {
    char path[128];
    sgp_journal_reader *reader = NULL;
    sgp_fault fault = {0};
    uint64_t last = 0;
    *t = (tale){.kept = calloc(DAY + 1, 1)};
    snprintf(path, sizeof path, "%s/journal", engine.folder);
    assert_non_null(t->kept);
    assert_int_equal(sgp_world_create(&t->world), SGP_OK);
    if (sgp_journal_reader_open(path, NULL, &reader, &fault) != SGP_OK ||
        sgp_journal_reader_last(reader, &last, NULL, NULL, &fault) != SGP_OK ||
        sgp_journal_reader_events(reader, 0, last, visit, t, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    sgp_journal_reader_close(reader);
}

static void forget_tale(tale *t) {
    sgp_effects_free(&t->effects);
    sgp_world_destroy(t->world);
    free(t->kept);
}

static void check_assignment(const tale *t, uint64_t id) {
    const sgp_assignment *a = sgp_world_assignment(t->world, id);
    unsigned long long number = id, with = seed;
    if (crew.orders[id] > 1 || crew.withdrawals[id] > 1)
        fail_msg("assignment %llu was acted on %u times, withdrawn %u times (seed %llu)", number,
                 crew.orders[id], crew.withdrawals[id], with);
    if (!stood_down[id] && crew.orders[id] != 1)
        fail_msg("the order of assignment %llu was lost (seed %llu)", number, with);
    if (stood_down[id] && crew.withdrawals[id] != 1)
        fail_msg("the withdrawal of assignment %llu was lost (seed %llu)", number, with);
    if (a != NULL && !stood_down[id] && a->state != SGP_ASSIGNMENT_CLOSED)
        fail_msg("assignment %llu is %s (seed %llu)", number, sgp_assignment_state_str(a->state),
                 with);
    if (a != NULL && sgp_assignment_is_unheard(a))
        fail_msg("assignment %llu is still told (seed %llu)", number, with);
    if (t->answered[id] != crew.orders[id])
        fail_msg("the answer to %llu is there %u times (seed %llu)", number, t->answered[id], with);
    for (int state = 1; state < SGP_ASSIGNMENT_STATES; state++)
        if (t->advanced[id][state] > 1 ||
            (!stood_down[id] && t->advanced[id][state] != (state == SGP_ASSIGNMENT_EN_ROUTE ||
                                                           state == SGP_ASSIGNMENT_ON_SCENE ||
                                                           state == SGP_ASSIGNMENT_CLOSED)))
            fail_msg("%s of assignment %llu is there %u times (seed %llu)",
                     sgp_assignment_state_str((sgp_assignment_state)state), number,
                     t->advanced[id][state], with);
}

/* Everything that was told has been acknowledged, also what is told of no order any more. */
static void wait_until_heard(void) {
    for (int64_t until = phone_ms() + PATIENCE_MS; phone_ms() < until;) {
        bool all = on_what() == 0;
        for (uint64_t i = 0; i < n_assignments && all; i++)
            all = stood_down[assignments[i]] ? crew.withdrawals[assignments[i]] > 0
                                             : crew.orders[assignments[i]] > 0;
        turns(100);
        drain();
        if (all)
            return;
    }
    fail_msg("something that was told never arrived (seed %llu)", (unsigned long long)seed);
}

static void test_crew_survives_breaks(void **state) {
    (void)state;
    uint64_t random = seed;
    tally b = {0};
    Sigap__V1__SetDuty duty = SIGAP__V1__SET_DUTY__INIT;
    duty.on_duty = true;
    duty.unit_code = (char *)(uintptr_t) "A-01";
    desk_open();
    sigap__v1__frame__free_unpacked(DESK(SET_DUTY, &duty), NULL);
    turns(200);
    for (int i = 0; i < breaks_wanted; i++) {
        desk_does_something(&random);
        turns((int64_t)sgp_random_below(&random, 150));
        if (sgp_random_below(&random, 3) != 0)
            phone_step(&crew);
        one_break(&random, &b);
    }
    atomic_store(&proxy.cut_after, 0);
    wait_until_heard();
    assert_int_equal(crew.refused_epochs, 0);
    sgp_client_close(desk);
    desk = NULL;
    child_stop(&engine, SIGTERM);
    tale t;
    read_journal(&t);
    uint64_t withdrawn = 0, unseen = 0;
    for (uint64_t i = 0; i < n_assignments; i++) {
        check_assignment(&t, assignments[i]);
        withdrawn += stood_down[assignments[i]];
        unseen += crew.orders[assignments[i]] == 0;
    }
    if (t.words != crew.said)
        fail_msg("%llu words were said and %llu arrived (seed %llu)", (unsigned long long)crew.said,
                 (unsigned long long)t.words, (unsigned long long)seed);
    printf("seed %llu: %d breaks: %d cut, %d torn in the middle, %d stopped, %d stopped and late, "
           "%d deaf, %d telephones died, %d engines killed; %d lines.\n"
           "%llu orders (%llu withdrawn, %llu of these before they were seen): lost 0, doubled 0; "
           "told again %llu times. %llu words of the crew: each there once; %llu refused%s%s.\n",
           (unsigned long long)seed, breaks_wanted, b.cuts, b.torn, b.stops, b.late, b.deaf,
           b.deaths, b.kills, crew.lines, (unsigned long long)n_assignments,
           (unsigned long long)withdrawn, (unsigned long long)unseen,
           (unsigned long long)crew.repeats, (unsigned long long)crew.said,
           (unsigned long long)crew.errors, crew.errors > 0 ? ": " : "", crew.last_error);
    forget_tale(&t);
    child_start(&engine, SIGAP_BINARY_DIR "/bin/sigapd");
}

/* ---- a day in a valley --------------------------------------------------------------------------
 */

static void keep_day(int64_t now_ms) {
    static sgp_fix fixes[DAY];
    sgp_fault fault = {0};
    for (int i = 0; i < DAY; i++) {
        int round = i % 400 < 200 ? i % 400 : 400 - i % 400; /* there and back */
        fixes[i] = (sgp_fix){.point = {1126300000 + 3000 * round, -79700000 + 1000 * round},
                             .at_ms = now_ms - (int64_t)(DAY - 1 - i) * STEP_MS,
                             .accuracy_m = 5 + i % 7,
                             .speed_kmh = (int16_t)(20 + i % 10),
                             .heading_deg = 72};
    }
    phone_fail_if(sgp_device_was_at(crew.device, fixes, DAY, &fault), &fault);
}

static void test_crew_day_of_positions(void **state) {
    (void)state;
    uint64_t random = seed + 1;
    crew.offline = true;
    turns(20);
    keep_day(sgp_wall_ms());
    crew.offline = false;
    for (int i = 0; i < 12; i++) {
        turns((int64_t)sgp_random_below(&random, 60));
        if (i == 6) {
            child_stop(&engine, SIGKILL);
            child_start(&engine, SIGAP_BINARY_DIR "/bin/sigapd");
        }
        atomic_store(&proxy.cut_after, 1 + (int)sgp_random_below(&random, 4000));
    }
    atomic_store(&proxy.cut_after, 0);
    drain();
    child_stop(&engine, SIGTERM);
    tale t;
    read_journal(&t);
    if (t.n_kept != DAY || t.twice != 0)
        fail_msg("%llu of %d positions are there, %llu of them twice (seed %llu)",
                 (unsigned long long)t.n_kept, DAY, (unsigned long long)t.twice,
                 (unsigned long long)seed);
    const sgp_unit *unit = sgp_world_unit_by_code(t.world, "A-01");
    assert_true(unit->has_position);
    printf(
        "%d positions of a day without a line: each there once; the device was told of %llu, and "
        "of %llu that had come before\n",
        DAY, (unsigned long long)crew.accepted, (unsigned long long)crew.duplicate);
    forget_tale(&t);
}

int main(int argc, char **argv) {
    if (argc > 1)
        breaks_wanted = atoi(argv[1]);
    seed = argc > 2 ? strtoull(argv[2], NULL, 10) : (uint64_t)sgp_wall_ms();
    signal(SIGPIPE, SIG_IGN);
    engine.http_port = free_port();
    child_prepare(&engine, "clocks = { accept_s = [ 3600, 3600, 3600, 3600 ]; };\n"
                           "devices = { order_repeat_s = 1; order_repeat_most_s = 2; };\n");
    child_start(&engine, SIGAP_BINARY_DIR "/bin/sigapd");
    if (!proxy_start(&proxy, engine.http_port))
        return 1;
    crew.base = event_base_new();
    crew.port = (uint16_t)proxy.port;
    crew.token = engine.crew[0];
    snprintf(crew.path, sizeof crew.path, "%s/phone", engine.folder);
    phone_start(&crew);
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_crew_survives_breaks),
                                       cmocka_unit_test(test_crew_day_of_positions)};
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    phone_die(&crew);
    event_base_free(crew.base);
    proxy_end(&proxy);
    child_clean(&engine);
    return failed;
}
