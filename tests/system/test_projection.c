/* PostgreSQL follows the journal: each event once, in order, however often
 * either side dies. Runs on a PostgreSQL of its own (skipped where there is none). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <libpq-fe.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "journal/journal.h"
#include "journal/projection.h"
#include "journal_samples.h"

enum { KILLS = 8, WAIT_S = 60 };

static char dir[] = "/tmp/sgp-proj.XXXXXX";
static char conninfo[256], journal_path[64], key_path[64];

/* Runs tests/support/postgres.sh and returns its exit code. */
static int postgres(const char *action) {
    char command[512], line[256] = "";
    snprintf(command, sizeof command, "%s/tests/support/postgres.sh %s %s/pg", SIGAP_SOURCE_DIR,
             action, dir);
    FILE *pipe = popen(command, "r");
    if (!pipe)
        return 3;
    if (fgets(line, sizeof line, pipe)) {
        line[strcspn(line, "\n")] = '\0';
        snprintf(conninfo, sizeof conninfo, "%s", line);
    }
    int status = pclose(pipe);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 3;
}

static void sql(const char *text, char *answer, size_t size) {
    PGconn *connection = PQconnectdb(conninfo);
    PGresult *result = PQexec(connection, text);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        fail_msg("%s: %s", text, PQresultErrorMessage(result));
    if (answer)
        snprintf(answer, size, "%s", PQntuples(result) ? PQgetvalue(result, 0, 0) : "");
    PQclear(result);
    PQfinish(connection);
}

static sgp_journal *open_journal(void) {
    sgp_journal_options options = {.path = journal_path, .key_file = key_path, .commit = "test"};
    sgp_journal *journal = NULL;
    sgp_fault fault;
    if (sgp_journal_open(&options, &journal, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    return journal;
}

static void append(sgp_journal *journal, uint64_t n) {
    sgp_buffer record = {0};
    for (uint64_t i = 0; i < n; i++) {
        uint64_t seq = sgp_journal_last_seq(journal) + 1;
        sgp_personal personal = {.caller_name = "Nama Contoh", .narrative = "kata"};
        bool rings = sample_call(seq, &personal.call, &personal.incident);
        sample_record(seq, &record);
        sgp_err err;
        while ((err = sgp_journal_append(journal, seq, (int64_t)seq, record.data, record.length,
                                         rings ? &personal : NULL)) == SGP_E_FULL)
            sgp_journal_flush(journal);
        assert_int_equal(err, SGP_OK);
        if (seq % 10 == 0)
            sgp_journal_submit(journal);
    }
    sgp_buffer_free(&record);
}

static sgp_projection *start(void) {
    sgp_projection *projection = NULL;
    sgp_fault fault;
    if (sgp_projection_start(journal_path, conninfo, &projection, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    return projection;
}

static void pause_ms(long ms) {
    struct timespec pause = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&pause, NULL);
}

static void wait_for(sgp_projection *projection, uint64_t seq) {
    sgp_projection_wake(projection, seq);
    int64_t until_us = sgp_monotonic_us() + WAIT_S * INT64_C(1000000);
    bool away = true;
    while (sgp_projection_seq(projection, &away) != seq || away) {
        if (sgp_monotonic_us() > until_us)
            fail_msg("PostgreSQL stays at event %llu",
                     (unsigned long long)sgp_projection_seq(projection, NULL));
        pause_ms(5);
    }
}

static sgp_projection_difference verify(sgp_err expected) {
    sgp_projection_difference difference;
    sgp_fault fault = {0};
    sgp_err err = sgp_projection_verify(journal_path, conninfo, &difference, &fault);
    if (err != expected)
        fail_msg("%s: %s", sgp_err_str(err), fault.text);
    return difference;
}

static void expect_equal(void) {
    sgp_projection_difference d = verify(SGP_OK);
    if (d.differing || d.missing || d.extra || d.journal_seq != d.cursor_seq)
        fail_msg("differing %llu missing %llu extra %llu journal %llu cursor %llu: %s",
                 (unsigned long long)d.differing, (unsigned long long)d.missing,
                 (unsigned long long)d.extra, (unsigned long long)d.journal_seq,
                 (unsigned long long)d.cursor_seq, d.first);
    assert_true(d.rows > 0);
}

static void test_projection_follows(void **state) {
    (void)state;
    sgp_journal *journal = open_journal();
    append(journal, 300);
    sgp_projection *projection = start();
    sgp_journal_flush(journal);
    wait_for(projection, 300);
    expect_equal();
    append(journal, 5);
    sgp_journal_flush(journal);
    wait_for(projection, 305);
    expect_equal();
    char answer[64];
    sql("SELECT count(*) FROM sigap.unit WHERE ST_X(position) BETWEEN 112 AND 113", answer,
        sizeof answer);
    assert_true(atoi(answer) > 0);
    sql("SELECT count(*) FROM sigap.assignment_interval", answer, sizeof answer);
    assert_true(atoi(answer) > 0);
    sgp_projection_stop(projection, 5000);
    sgp_journal_close(journal);
}

static void test_projection_passes_erasures_on(void **state) {
    (void)state;
    char before[64], after[64];
    const char *count = "SELECT count(*) FROM sigap.personal WHERE incident_id = 2 AND"
                        " sealed IS NOT NULL";
    sql(count, before, sizeof before);
    assert_true(atoi(before) > 0);
    sgp_journal *journal = open_journal();
    sgp_projection *projection = start();
    assert_int_equal(sgp_journal_erase(journal, 2), SGP_OK);
    sgp_projection_wake(projection, sgp_journal_durable_seq(journal));
    sgp_projection_stop(projection, 30000);
    sql(count, after, sizeof after);
    assert_int_equal(atoi(after), 0);
    sgp_journal_close(journal);
    expect_equal();
}

static void test_projection_outlives_a_stopped_server(void **state) {
    (void)state;
    sgp_journal *journal = open_journal();
    uint64_t before = sgp_journal_last_seq(journal);
    sgp_projection *projection = start();
    append(journal, 50);
    sgp_journal_flush(journal);
    wait_for(projection, before + 50);
    assert_int_equal(postgres("stop"), 0);
    append(journal, 150);
    sgp_journal_flush(journal);
    sgp_projection_wake(projection, sgp_journal_durable_seq(journal));
    bool away = false;
    for (int i = 0; i < WAIT_S * 100 && !away; i++) {
        sgp_projection_seq(projection, &away);
        pause_ms(10);
    }
    assert_true(away);
    assert_int_equal(sgp_projection_seq(projection, NULL), before + 50);
    verify(SGP_E_DATABASE);
    /* Stopping does not wait for a server that is away. */
    sgp_projection *second = start();
    sgp_projection_stop(second, 300);
    assert_int_equal(postgres("start"), 0);
    wait_for(projection, before + 200);
    sgp_projection_stop(projection, 5000);
    sgp_journal_close(journal);
    expect_equal();
}

/* Notes each move of the cursor, to see afterwards that none was made twice. */
static const char watch_cursor[] =
    "CREATE TABLE IF NOT EXISTS moves(n serial, was bigint, became bigint);"
    "CREATE OR REPLACE FUNCTION note_move() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    " INSERT INTO moves(was, became) VALUES(old.event_seq, new.event_seq); RETURN new; END $$;"
    "CREATE OR REPLACE TRIGGER note_move AFTER UPDATE ON sigap.projection_cursor"
    " FOR EACH ROW EXECUTE FUNCTION note_move();";

static void test_projection_survives_kills(void **state) {
    (void)state;
    sql(watch_cursor, NULL, 0);
    srand(20261122);
    uint64_t newest = 0;
    for (int round = 0; round < KILLS; round++) {
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            sgp_journal *journal = open_journal();
            sgp_projection *projection = start();
            for (;;) {
                append(journal, 20);
                sgp_journal_flush(journal);
                sgp_projection_wake(projection, sgp_journal_durable_seq(journal));
                pause_ms(1);
            }
        }
        pause_ms(60 + rand() % 200);
        if (round == KILLS / 2)
            assert_int_equal(postgres("stop"), 0);
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        if (round == KILLS / 2)
            assert_int_equal(postgres("start"), 0);
    }
    sgp_journal *journal = open_journal();
    newest = sgp_journal_durable_seq(journal);
    sgp_projection *projection = start();
    wait_for(projection, newest);
    sgp_projection_stop(projection, 5000);
    sgp_journal_close(journal);
    expect_equal();
    char answer[64];
    sql("SELECT count(*) FROM (SELECT was, lag(became) OVER (ORDER BY n) AS before FROM moves) m"
        " WHERE was <> before",
        answer, sizeof answer);
    assert_string_equal(answer, "0");
    sql("SELECT count(*) FROM moves", answer, sizeof answer);
    assert_true(atoi(answer) >= KILLS / 2);
    print_message("kills %d, events %llu, cursor moves %s, none twice\n", KILLS,
                  (unsigned long long)newest, answer);
}

static void test_projection_verify_finds_differences(void **state) {
    (void)state;
    sql("UPDATE sigap.incident SET complaint = 'lain' WHERE id = 1;"
        "DELETE FROM sigap.candidate WHERE recommendation_id = 2 AND rank = 3;"
        "INSERT INTO sigap.hospital VALUES(99, 'X', 'X', NULL, 0, 0)",
        NULL, 0);
    sgp_projection_difference d = verify(SGP_OK);
    assert_int_equal(d.differing, 1);
    assert_int_equal(d.missing, 1);
    assert_int_equal(d.extra, 1);
    assert_non_null(strstr(d.first, "table"));
}

static void test_projection_starts_over_when_ahead(void **state) {
    (void)state;
    sql("UPDATE sigap.projection_cursor SET event_seq = 1000000000", NULL, 0);
    sgp_journal *journal = open_journal();
    sgp_projection *projection = start();
    wait_for(projection, sgp_journal_durable_seq(journal));
    sgp_projection_stop(projection, 5000);
    sgp_journal_close(journal);
    expect_equal(); /* and what the case before spoiled is whole again */
}

static void test_projection_replaces_another_journal(void **state) {
    (void)state;
    char first[64];
    strcpy(first, journal_path);
    snprintf(journal_path, sizeof journal_path, "%s/second", dir);
    sgp_journal *journal = open_journal();
    append(journal, 12);
    sgp_journal_flush(journal);
    verify(SGP_E_MISMATCH);
    sgp_projection *projection = start();
    wait_for(projection, 12);
    sgp_projection_stop(projection, 5000);
    sgp_journal_close(journal);
    expect_equal();
    strcpy(journal_path, first);
    verify(SGP_E_MISMATCH);
}

static int remove_all(void **state) {
    (void)state;
    char command[64];
    postgres("stop");
    snprintf(command, sizeof command, "rm -rf '%s'", dir);
    return system(command);
}

int main(void) {
    if (!mkdtemp(dir))
        return 1;
    chmod(dir, 0755);
    snprintf(journal_path, sizeof journal_path, "%s/journal", dir);
    snprintf(key_path, sizeof key_path, "%s/key", dir);
    int started = postgres("start");
    if (started != 0) {
        remove_all(NULL);
        return started == 77 ? 77 : 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_projection_follows),
        cmocka_unit_test(test_projection_passes_erasures_on),
        cmocka_unit_test(test_projection_outlives_a_stopped_server),
        cmocka_unit_test(test_projection_survives_kills),
        cmocka_unit_test(test_projection_verify_finds_differences),
        cmocka_unit_test(test_projection_starts_over_when_ahead),
        cmocka_unit_test(test_projection_replaces_another_journal),
    };
    return cmocka_run_group_tests(tests, NULL, remove_all);
}
