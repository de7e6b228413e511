/* A recorded day through the core again: equal as it stands, and one flipped bit is found and
 * named, whether the journal's own checksums would tell it or not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "base/version.h"
#include "journal/journal.h"
#include "road_town.h"
#include "replay/exact.h"
#include "replay/message_difference.h"
#include "replay/whatif.h"
#include "sigap/v1/journal.pb-c.h"

enum { UNITS = 6, CALLS = 60, EVENTS_MAX = 2000 };
static const int64_t begun_ms = INT64_C(1767571200000);

typedef struct kept_record {
    uint8_t *bytes;
    size_t length;
    int64_t at_ms;
} kept_record;

typedef struct town {
    road_town drawn;
    sgp_week_roads *roads;
    kept_record records[EVENTS_MAX]; /* by seq */
    uint64_t n;
    char path[128], key[128];
} town;

static sgp_err keep(void *ctx, const sgp_event *event, const uint8_t *bytes, size_t length) {
    town *t = ctx;
    assert_true(event->seq == t->n + 1 && event->seq < EVENTS_MAX);
    t->n = event->seq;
    t->records[t->n] = (kept_record){malloc(length), length, event->at_ms};
    assert_non_null(t->records[t->n].bytes);
    memcpy(t->records[t->n].bytes, bytes, length);
    return SGP_OK;
}

static void play_a_day(town *t) {
    sgp_unit units[UNITS] = {0};
    sgp_hospital hospital = {.code = "H-1", .point = cross(7, 3)};
    sgp_call_list calls = {0};
    for (int i = 0; i < UNITS; i++) {
        units[i].kind = SGP_UNIT_AMBULANCE_BASIC;
        snprintf(units[i].code, sizeof units[i].code, "U-%d", i);
        units[i].station_point = cross(i, i);
    }
    for (uint32_t i = 0; i < CALLS; i++) {
        sgp_past_call call = {.key = i + 1,
                              .at_ms = begun_ms + i * INT64_C(600000),
                              .point = town_somewhere(&t->drawn),
                              .priority = (sgp_priority)(1 + i % 4),
                              .scene_ms = -1,
                              .transport = -1};
        assert_int_equal(sgp_call_list_add(&calls, &call), SGP_OK);
    }
    sgp_whatif plan = {.graph = t->drawn.graph,
                       .roads = t->roads,
                       .units = units,
                       .n_units = UNITS,
                       .hospitals = &hospital,
                       .n_hospitals = 1,
                       .calls = &calls,
                       .seed = 3,
                       .record = keep,
                       .record_ctx = t};
    sgp_clocks_default(&plan.clocks);
    sgp_habits_default(&plan.habits);
    plan.habits.decline_permille = 50;
    sgp_run run = {0};
    sgp_whatif_count count;
    sgp_fault fault = {0};
    if (sgp_whatif_play(&plan, &run, &count, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    sgp_run_free(&run);
    sgp_call_list_free(&calls);
}

static int make(void **state) {
    town *t = calloc(1, sizeof *t);
    assert_non_null(t);
    town_draw(&t->drawn);
    sgp_week_roads_options options = {0};
    for (int k = 0; k < SGP_UNIT_KINDS; k++)
        strcpy(options.profile[k], "ambulance");
    sgp_fault fault = {0};
    if (sgp_week_roads_create(t->drawn.graph, &options, &t->roads, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    play_a_day(t);
    snprintf(t->path, sizeof t->path, "%s/journal.sqlite", t->drawn.folder);
    snprintf(t->key, sizeof t->key, "%s/journal.key", t->drawn.folder);
    *state = t;
    return 0;
}

static void remove_journal(const town *t) {
    static const char *const ends[] = {"", "-wal", "-shm"};
    for (int i = 0; i < 3; i++) {
        char path[160];
        snprintf(path, sizeof path, "%s%s", t->path, ends[i]);
        remove(path);
    }
    remove(t->key);
}

static int drop(void **state) {
    town *t = *state;
    remove_journal(t);
    for (uint64_t i = 1; i <= t->n; i++)
        free(t->records[i].bytes);
    sgp_week_roads_destroy(t->roads);
    town_drop(&t->drawn);
    free(t);
    return 0;
}

/* A journal of all records, its chain of checksums in order. */
static void write_journal_as(const town *t, const char *commit) {
    remove_journal(t);
    sgp_journal_options options = {.path = t->path, .key_file = t->key, .commit = commit};
    sgp_journal *journal = NULL;
    sgp_fault fault = {0};
    if (sgp_journal_open(&options, &journal, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    for (uint64_t seq = 1; seq <= t->n; seq++)
        assert_int_equal(sgp_journal_append(journal, seq, t->records[seq].at_ms,
                                            t->records[seq].bytes, t->records[seq].length, NULL),
                         SGP_OK);
    sgp_journal_flush(journal);
    sgp_journal_close(journal);
}

static void write_journal(const town *t) {
    write_journal_as(t, sgp_commit());
}

static void test_exact_replay_is_equal(void **state) {
    town *t = *state;
    write_journal(t);
    sgp_exact exact;
    sgp_fault fault = {0};
    if (sgp_exact_replay(t->path, NULL, NULL, &exact, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    assert_int_equal(exact.events, t->n);
    assert_int_equal(exact.with_digest, t->n);
    assert_int_equal(exact.differs_at, 0);
    assert_true(t->n > CALLS * 8);
}

static Sigap__V1__JournalRecord *unpack(const town *t, uint64_t seq) {
    Sigap__V1__JournalRecord *record =
        sigap__v1__journal_record__unpack(NULL, t->records[seq].length, t->records[seq].bytes);
    assert_non_null(record);
    return record;
}

static void put_back(town *t, uint64_t seq, Sigap__V1__JournalRecord *record) {
    size_t length = sigap__v1__journal_record__get_packed_size(record);
    uint8_t *bytes = malloc(length);
    assert_non_null(bytes);
    sigap__v1__journal_record__pack(record, bytes);
    free(t->records[seq].bytes);
    t->records[seq].bytes = bytes;
    t->records[seq].length = length;
    sigap__v1__journal_record__free_unpacked(record, NULL);
}

static void expect_difference(town *t, uint64_t seq, const char *named) {
    write_journal(t);
    sgp_exact exact;
    sgp_fault fault = {0};
    assert_int_equal(sgp_exact_replay(t->path, NULL, NULL, &exact, &fault), SGP_E_MISMATCH);
    if (exact.differs_at != seq || !strstr(exact.difference, named))
        fail_msg("event %llu, expected %llu: %s", (unsigned long long)exact.differs_at,
                 (unsigned long long)seq, exact.difference);
    assert_int_equal(exact.events, seq - 1);
    assert_non_null(strstr(fault.text, exact.kind));
}

/* Somebody who can mend the checksums changes one bit of what happened. */
static void test_exact_replay_names_one_flipped_bit(void **state) {
    town *t = *state;
    bool place = false, position = false, times = false, actor = false;
    for (uint64_t seq = t->n / 2; seq <= t->n; seq++) {
        Sigap__V1__JournalRecord *record = unpack(t, seq);
        kept_record before = t->records[seq];
        Sigap__V1__Event *event = record->event;
        const char *named = NULL;
        if (!times && record->times && record->times->n_ms > 2) {
            record->times->ms[1] ^= 1;
            named = "recommendations[0].candidates";
            times = true;
        } else if (!place && event->body_case == SIGAP__V1__EVENT__BODY_CALL_PLACED) {
            event->call_placed->places[0]->uncertainty_m ^= 1;
            named = "calls[0].places[0].uncertainty_m: recorded 10, now 11";
            place = true;
        } else if (!position && event->body_case == SIGAP__V1__EVENT__BODY_UNIT_POSITION) {
            named = "units[0].position_at_ms"; /* a later time would be cut to now */
            event->unit_position->measured_at_ms &= ~INT64_C(1);
            position = event->unit_position->measured_at_ms != record->event->at_ms;
            named = position ? named : NULL;
        } else if (!actor && position && place) {
            event->parent ^= 1; /* decides nothing, and is still not what was stepped */
            named = "not those that were stepped";
            actor = true;
        }
        if (!named) {
            sigap__v1__journal_record__free_unpacked(record, NULL);
            continue;
        }
        uint8_t *bytes = before.bytes;
        t->records[seq].bytes = NULL;
        put_back(t, seq, record);
        expect_difference(t, seq, named);
        free(t->records[seq].bytes);
        t->records[seq] = before;
        t->records[seq].bytes = bytes;
    }
    assert_true(place && position && times && actor);
}

/* Effects that change no thing (an order's wording, a reply) stand in the digest. */
static void test_exact_replay_compares_all_effects(void **state) {
    town *t = *state;
    uint64_t seq = t->n / 3;
    Sigap__V1__JournalRecord *record = unpack(t, seq);
    record->effects.data[5] ^= 0x10;
    put_back(t, seq, record);
    expect_difference(t, seq, "other orders");
}

/* Who wrote before there were alarm levels wrote none, and meant the first. */
static void test_exact_replay_reads_what_was_before_alarms(void **state) {
    town *t = *state;
    for (uint64_t seq = 1; seq <= t->n; seq++) {
        Sigap__V1__JournalRecord *record = unpack(t, seq);
        for (size_t i = 0; record->changes && i < record->changes->n_incidents; i++)
            record->changes->incidents[i]->alarm = 0;
        put_back(t, seq, record);
    }
    write_journal(t);
    sgp_exact exact;
    sgp_fault fault = {0};
    if (sgp_exact_replay(t->path, NULL, NULL, &exact, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    assert_int_equal(exact.events, t->n);
    /* Another level is a difference still. */
    for (uint64_t seq = 1; seq <= t->n; seq++) {
        Sigap__V1__JournalRecord *record = unpack(t, seq);
        bool has = record->changes && record->changes->n_incidents > 0;
        if (has)
            record->changes->incidents[0]->alarm = 2;
        put_back(t, seq, record);
        if (!has)
            continue;
        expect_difference(t, seq, "incidents[0].alarm: recorded 2, now 1");
        return;
    }
    fail_msg("no incident changed");
}

/* Takes what changed incidents tell of their number of calls out of the records. */
static void forget_calls(town *t, uint64_t from, uint64_t until) {
    for (uint64_t seq = from; seq <= until; seq++) {
        Sigap__V1__JournalRecord *record = unpack(t, seq);
        for (size_t i = 0; record->changes && i < record->changes->n_incidents; i++)
            record->changes->incidents[i]->calls = 0;
        put_back(t, seq, record);
    }
}

/* What an older program did not record is passed over and named; what it once did is compared. */
static void test_exact_replay_reads_what_older_programs_wrote(void **state) {
    town *t = *state;
    forget_calls(t, 1, t->n / 2);
    write_journal_as(t, "older");
    sgp_exact exact;
    sgp_fault fault = {0};
    if (sgp_exact_replay(t->path, NULL, NULL, &exact, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    assert_int_equal(exact.events, t->n);
    assert_string_equal(exact.later, "Incident.calls");
    /* A program of this commit would have recorded it. */
    write_journal(t);
    assert_int_equal(sgp_exact_replay(t->path, NULL, NULL, &exact, &fault), SGP_E_MISMATCH);
    assert_non_null(strstr(exact.difference, "incidents[0].calls: recorded 0, now 1"));
    assert_string_equal(exact.later, "");
    /* And an older one would not have stopped in the middle. */
    forget_calls(t, t->n - 20, t->n);
    write_journal_as(t, "older");
    assert_int_equal(sgp_exact_replay(t->path, NULL, NULL, &exact, &fault), SGP_E_MISMATCH);
    assert_non_null(strstr(exact.difference, "calls: recorded 0, now 1"));
    assert_true(exact.differs_at >= t->n - 20);
}

/* A bit that falls over on the disk. */
static void test_exact_replay_names_a_bit_of_the_file(void **state) {
    town *t = *state;
    write_journal(t);
    sqlite3 *db;
    assert_int_equal(sqlite3_open(t->path, &db), SQLITE_OK);
    uint64_t seq = t->n / 2;
    uint8_t *bytes = malloc(t->records[seq].length);
    assert_non_null(bytes);
    memcpy(bytes, t->records[seq].bytes, t->records[seq].length);
    bytes[t->records[seq].length / 3] ^= 4;
    sqlite3_stmt *statement;
    assert_int_equal(
        sqlite3_prepare_v2(db, "UPDATE event SET record = ? WHERE seq = ?", -1, &statement, NULL),
        SQLITE_OK);
    sqlite3_bind_blob(statement, 1, bytes, (int)t->records[seq].length, SQLITE_STATIC);
    sqlite3_bind_int64(statement, 2, (sqlite3_int64)seq);
    assert_int_equal(sqlite3_step(statement), SQLITE_DONE);
    sqlite3_finalize(statement);
    sqlite3_close(db);
    free(bytes);
    sgp_exact exact;
    sgp_fault fault = {0};
    char number[24];
    snprintf(number, sizeof number, "%llu", (unsigned long long)seq);
    assert_int_equal(sgp_exact_replay(t->path, NULL, NULL, &exact, &fault), SGP_E_CORRUPT);
    assert_int_equal(exact.differs_at, seq);
    assert_non_null(strstr(fault.text, number));
}

static void test_exact_replay_wants_a_journal(void **state) {
    town *t = *state;
    sgp_exact exact;
    sgp_fault fault = {0};
    assert_int_equal(sgp_exact_replay("/nowhere/journal", NULL, NULL, &exact, &fault),
                     SGP_E_NOT_FOUND);
    assert_int_equal(sgp_exact_replay(t->drawn.path, NULL, NULL, &exact, &fault), SGP_E_FORMAT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_exact_replay_is_equal, make, drop),
        cmocka_unit_test_setup_teardown(test_exact_replay_names_one_flipped_bit, make, drop),
        cmocka_unit_test_setup_teardown(test_exact_replay_compares_all_effects, make, drop),
        cmocka_unit_test_setup_teardown(test_exact_replay_reads_what_was_before_alarms, make, drop),
        cmocka_unit_test_setup_teardown(test_exact_replay_reads_what_older_programs_wrote, make,
                                        drop),
        cmocka_unit_test_setup_teardown(test_exact_replay_names_a_bit_of_the_file, make, drop),
        cmocka_unit_test_setup_teardown(test_exact_replay_wants_a_journal, make, drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
