/* The journal: appending, recovery, what it refuses, and personal data. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "journal/journal.h"
#include "journal/journal_reader.h"

typedef struct fixture {
    char dir[32];
    char path[64], key[64];
    sgp_fault fault;
} fixture;

static int make_directory(void **state) {
    fixture *f = calloc(1, sizeof *f);
    strcpy(f->dir, "/tmp/sgp-journal.XXXXXX");
    if (!mkdtemp(f->dir))
        return -1;
    snprintf(f->path, sizeof f->path, "%s/j", f->dir);
    snprintf(f->key, sizeof f->key, "%s/key", f->dir);
    *state = f;
    return 0;
}

static int remove_directory(void **state) {
    fixture *f = *state;
    const char *endings[] = {"j", "j-wal", "j-shm", "j.lock", "key", "key2", "j-journal"};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        char path[64];
        snprintf(path, sizeof path, "%s/%s", f->dir, endings[i]);
        unlink(path);
    }
    rmdir(f->dir);
    free(f);
    return 0;
}

static sgp_err try_open(fixture *f, sgp_journal **journal) {
    sgp_journal_options options = {.path = f->path, .key_file = f->key, .commit = "test"};
    memset(&f->fault, 0, sizeof f->fault);
    return sgp_journal_open(&options, journal, &f->fault);
}

static sgp_journal *must_open(fixture *f) {
    sgp_journal *journal = NULL;
    if (try_open(f, &journal) != SGP_OK)
        fail_msg("%s", f->fault.text);
    return journal;
}

static void append(sgp_journal *journal, uint64_t seq, const sgp_personal *personal) {
    char record[64];
    int length = snprintf(record, sizeof record, "record %llu", (unsigned long long)seq);
    assert_int_equal(sgp_journal_append(journal, seq, 1000 + (int64_t)seq, (uint8_t *)record,
                                        (size_t)length, personal),
                     SGP_OK);
}

typedef struct seen {
    uint64_t snapshot_seq, first, last, stop_at;
    size_t snapshot_length;
} seen;

static sgp_err see_snapshot(void *ctx, uint64_t seq, const uint8_t *bytes, size_t length) {
    seen *s = ctx;
    (void)bytes;
    s->snapshot_seq = seq;
    s->snapshot_length = length;
    return SGP_OK;
}

static sgp_err see_event(void *ctx, uint64_t seq, const uint8_t *record, size_t length) {
    seen *s = ctx;
    char expected[64];
    if (s->stop_at == seq)
        return SGP_E_MISMATCH;
    int n = snprintf(expected, sizeof expected, "record %llu", (unsigned long long)seq);
    assert_int_equal(length, n);
    assert_memory_equal(record, expected, length);
    if (!s->first)
        s->first = seq;
    else
        assert_int_equal(seq, s->last + 1);
    s->last = seq;
    return SGP_OK;
}

static seen recover(sgp_journal *journal) {
    seen s = {0};
    sgp_fault fault = {0};
    if (sgp_journal_recover(journal, see_snapshot, see_event, &s, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    return s;
}

static void test_journal_keeps_events_in_order(void **state) {
    fixture *f = *state;
    sgp_journal *journal = must_open(f);
    seen none = recover(journal);
    assert_int_equal(none.last, 0);
    assert_int_equal(none.snapshot_length, 0);
    assert_false(sgp_journal_submit(journal));
    for (uint64_t seq = 1; seq <= 100; seq++) {
        append(journal, seq, NULL);
        if (seq % 7 == 0)
            sgp_journal_submit(journal);
    }
    assert_int_equal(sgp_journal_append(journal, 102, 0, (uint8_t *)"x", 1, NULL), SGP_E_STATE);
    assert_int_equal(sgp_journal_append(journal, 100, 0, (uint8_t *)"x", 1, NULL), SGP_E_STATE);
    sgp_journal_flush(journal);
    struct pollfd ready = {.fd = sgp_journal_fd(journal), .events = POLLIN};
    assert_int_equal(poll(&ready, 1, 5000), 1);
    assert_int_equal(sgp_journal_durable_seq(journal), 100);
    int64_t write_us = 0;
    uint32_t records = 0;
    sgp_journal_last_batch(journal, &write_us, &records);
    assert_true(write_us > 0 && records > 0);
    sgp_journal_close(journal);

    journal = must_open(f);
    assert_int_equal(sgp_journal_last_seq(journal), 100);
    assert_int_equal(sgp_journal_durable_seq(journal), 100);
    seen all = recover(journal);
    assert_int_equal(all.first, 1);
    assert_int_equal(all.last, 100);
    append(journal, 101, NULL);
    /* Closing writes what was never submitted. */
    sgp_journal_close(journal);
    journal = must_open(f);
    assert_int_equal(recover(journal).last, 101);
    seen stopped = {.stop_at = 50};
    assert_int_equal(sgp_journal_recover(journal, see_snapshot, see_event, &stopped, NULL),
                     SGP_E_MISMATCH);
    assert_int_equal(stopped.last, 49);
    sgp_journal_close(journal);
    struct stat status;
    assert_int_equal(stat(f->path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
}

static void test_journal_recovers_from_newest_snapshot(void **state) {
    fixture *f = *state;
    sgp_journal *journal = must_open(f);
    assert_int_equal(sgp_journal_snapshot(journal, 0, (uint8_t *)"w", 1), SGP_E_STATE);
    for (uint64_t seq = 1; seq <= 50; seq++) {
        append(journal, seq, NULL);
        if (seq % 10 == 0)
            assert_int_equal(sgp_journal_snapshot(journal, seq, (uint8_t *)"world", seq / 10),
                             SGP_OK);
    }
    append(journal, 51, NULL);
    assert_int_equal(sgp_journal_snapshot(journal, 50, (uint8_t *)"w", 1), SGP_E_STATE);
    sgp_journal_close(journal);
    journal = must_open(f);
    seen s = recover(journal);
    assert_int_equal(s.snapshot_seq, 50);
    assert_int_equal(s.snapshot_length, 5);
    assert_int_equal(s.first, 51);
    sgp_journal_close(journal);

    /* A damaged snapshot is passed over for the one before; there are two. */
    sqlite3 *db;
    assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
    assert_int_equal(
        sqlite3_exec(db, "UPDATE snapshot SET bytes = 'wrong' WHERE seq = 50", NULL, NULL, NULL),
        SQLITE_OK);
    sqlite3_close(db);
    journal = must_open(f);
    s = recover(journal);
    assert_int_equal(s.snapshot_seq, 40);
    assert_int_equal(s.first, 41);
    assert_int_equal(s.last, 51);
    sgp_journal_close(journal);
}

static void change(fixture *f, const char *sql) {
    sqlite3 *db;
    char *message = NULL;
    assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK)
        fail_msg("%s", message);
    sqlite3_close(db);
}

static void test_journal_names_the_damaged_event(void **state) {
    fixture *f = *state;
    static const struct {
        const char *damage, *named;
    } rows[] = {
        {"UPDATE event SET record = 'recorD 3' WHERE seq = 3", "event 3 "},
        {"UPDATE event SET at_ms = 5 WHERE seq = 4", "event 4 "},
        {"DELETE FROM event WHERE seq = 5", "event 5 "},
        {"UPDATE event SET chain = zeroblob(16) WHERE seq = 6", "event 6 "},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        sgp_journal *journal = must_open(f);
        for (uint64_t seq = 1; seq <= 9; seq++)
            append(journal, seq, NULL);
        sgp_journal_close(journal);
        change(f, rows[i].damage);
        journal = must_open(f);
        seen s = {0};
        assert_int_equal(sgp_journal_recover(journal, see_snapshot, see_event, &s, &f->fault),
                         SGP_E_CORRUPT);
        assert_non_null(strstr(f->fault.text, rows[i].named));
        sgp_journal_close(journal);
        unlink(f->path);
    }
}

static void test_journal_refuses_what_is_not_its_own(void **state) {
    fixture *f = *state;
    sgp_journal *journal = NULL;
    FILE *file = fopen(f->path, "w");
    for (int i = 0; i < 2000; i++)
        fputs("this is not a database\n", file);
    fclose(file);
    assert_int_equal(try_open(f, &journal), SGP_E_FORMAT);
    unlink(f->path);

    change(f, "CREATE TABLE theirs(x)");
    assert_int_equal(try_open(f, &journal), SGP_E_FORMAT);
    assert_non_null(strstr(f->fault.text, "another program"));
    unlink(f->path);

    sgp_journal_close(must_open(f));
    change(f, "PRAGMA user_version = 99");
    assert_int_equal(try_open(f, &journal), SGP_E_VERSION);
    assert_non_null(strstr(f->fault.text, "99"));
    change(f, "PRAGMA user_version = 1");

    assert_int_equal(chmod(f->key, 0640), 0);
    assert_int_equal(try_open(f, &journal), SGP_E_CRYPTO);
    assert_int_equal(chmod(f->key, 0600), 0);
    char away[80];
    snprintf(away, sizeof away, "%s2", f->key);
    assert_int_equal(rename(f->key, away), 0);
    assert_int_equal(try_open(f, &journal), SGP_E_CRYPTO);
    assert_non_null(strstr(f->fault.text, "missing"));
    file = fopen(f->key, "w");
    for (int i = 0; i < 32; i++)
        fputc('k', file);
    fclose(file);
    chmod(f->key, 0600);
    assert_int_equal(try_open(f, &journal), SGP_E_CRYPTO);
    assert_non_null(strstr(f->fault.text, "does not belong"));
    assert_int_equal(rename(away, f->key), 0);

    journal = must_open(f);
    sgp_journal *second = NULL;
    assert_int_equal(try_open(f, &second), SGP_E_STATE);
    assert_non_null(strstr(f->fault.text, "another process"));
    sgp_journal_close(journal);
    sgp_journal_close(must_open(f));
    sgp_journal_close(NULL);

    sgp_journal_options nowhere = {.path = "/nonexistent/dir/j", .key_file = f->key};
    assert_int_equal(sgp_journal_open(&nowhere, &journal, &f->fault), SGP_E_IO);
}

static void test_journal_bounds_the_open_batch(void **state) {
    fixture *f = *state;
    sgp_journal_options options = {
        .path = f->path, .key_file = f->key, .commit = "test", .batch_bytes_max = 1000};
    sgp_journal *journal = NULL;
    assert_int_equal(sgp_journal_open(&options, &journal, &f->fault), SGP_OK);
    uint8_t record[300] = {0};
    uint64_t seq = 0;
    while (sgp_journal_append(journal, seq + 1, 0, record, sizeof record, NULL) == SGP_OK)
        seq++;
    assert_int_equal(seq, 3);
    assert_int_equal(sgp_journal_append(journal, seq + 1, 0, record, sizeof record, NULL),
                     SGP_E_FULL);
    sgp_journal_flush(journal);
    assert_int_equal(sgp_journal_append(journal, seq + 1, 0, record, sizeof record, NULL), SGP_OK);
    sgp_journal_flush(journal);
    /* One record larger than a whole batch: it cannot be refused for ever. */
    static uint8_t large[5000];
    seq++;
    assert_int_equal(sgp_journal_append(journal, seq + 1, 0, record, sizeof record, NULL), SGP_OK);
    seq++;
    assert_int_equal(sgp_journal_append(journal, seq + 1, 0, large, sizeof large, NULL),
                     SGP_E_FULL);
    sgp_journal_flush(journal);
    assert_int_equal(sgp_journal_append(journal, seq + 1, 0, large, sizeof large, NULL), SGP_OK);
    assert_int_equal(sgp_journal_append(journal, seq + 2, 0, record, sizeof record, NULL),
                     SGP_E_FULL);
    sgp_journal_flush(journal);
    assert_int_equal(sgp_journal_durable_seq(journal), seq + 1);
    sgp_journal_close(journal);
}

static const sgp_personal person = {.call = 7,
                                    .incident = 3,
                                    .caller_number = "+62 000 0000",
                                    .caller_name = "Nama Contoh",
                                    .place_text = "depan contoh",
                                    .narrative = "kata-kata contoh"};

static void expect_person(sgp_journal *journal) {
    sgp_personal_copy copy = {0};
    bool erased = true;
    assert_int_equal(sgp_journal_personal(journal, 7, &copy, &erased), SGP_OK);
    assert_false(erased);
    assert_string_equal(copy.caller_number, person.caller_number);
    assert_string_equal(copy.caller_name, person.caller_name);
    assert_string_equal(copy.place_text, person.place_text);
    assert_string_equal(copy.narrative, person.narrative);
    sgp_personal_free(&copy);
}

/* What was said about the place afterwards is kept beside the first words, and comes back from
 * the batch and from the disk. */
static void test_journal_keeps_later_texts(void **state) {
    fixture *f = *state;
    sgp_journal *journal = must_open(f);
    sgp_personal said = person;
    append(journal, 1, &said);
    for (uint64_t i = 0; i < SGP_LATER_TEXTS_MAX; i++) {
        said.later_place_texts[said.n_later++] = i % 2 == 0 ? "dekat masjid" : "";
        append(journal, 2 + i, &said);
    }
    static const uint8_t record[] = "x";
    said.n_later++; /* one too many */
    assert_int_equal(
        sgp_journal_append(journal, 2 + SGP_LATER_TEXTS_MAX, 0, record, sizeof record, &said),
        SGP_E_ARGUMENT);
    for (int time = 0; time < 2; time++) {
        sgp_personal_copy copy = {0};
        bool erased = true;
        assert_int_equal(sgp_journal_personal(journal, 7, &copy, &erased), SGP_OK);
        assert_int_equal(copy.n_later, SGP_LATER_TEXTS_MAX);
        assert_string_equal(copy.place_text, person.place_text);
        assert_string_equal(copy.later_place_texts[0], "dekat masjid");
        assert_string_equal(copy.later_place_texts[SGP_LATER_TEXTS_MAX - 1], "");
        sgp_personal_free(&copy);
        sgp_journal_flush(journal);
    }
    sgp_journal_close(journal);
}

static size_t read_whole(const char *path, uint8_t **bytes) {
    FILE *file = fopen(path, "r");
    if (!file)
        return 0;
    fseek(file, 0, SEEK_END);
    size_t length = (size_t)ftell(file);
    rewind(file);
    *bytes = malloc(length + 1);
    assert_int_equal(fread(*bytes, 1, length, file), length);
    fclose(file);
    return length;
}

static bool on_disk(const fixture *f, const void *needle, size_t length) {
    bool found = false;
    const char *endings[] = {"", "-wal"};
    for (int i = 0; i < 2; i++) {
        char path[80];
        uint8_t *bytes = NULL;
        snprintf(path, sizeof path, "%s%s", f->path, endings[i]);
        size_t n = read_whole(path, &bytes);
        found = found || (bytes && memmem(bytes, n, needle, length));
        free(bytes);
    }
    return found;
}

static void test_journal_seals_and_erases_persons(void **state) {
    fixture *f = *state;
    sgp_journal *journal = must_open(f);
    sgp_personal_copy copy = {0};
    bool erased = true;
    assert_int_equal(sgp_journal_personal(journal, 7, &copy, &erased), SGP_E_NOT_FOUND);
    assert_false(erased);
    append(journal, 1, &person);
    expect_person(journal); /* not durable yet */
    sgp_journal_flush(journal);
    expect_person(journal);
    sgp_personal same_incident = person, other_incident = person;
    same_incident.call = 8;
    other_incident.call = 9;
    other_incident.incident = 4;
    append(journal, 2, &same_incident);
    append(journal, 3, &other_incident);
    sgp_personal nobody = {.call = 10, .incident = 4, .caller_name = ""};
    append(journal, 4, &nobody);
    sgp_journal_close(journal);

    journal = must_open(f);
    expect_person(journal);
    assert_int_equal(sgp_journal_personal(journal, 8, &copy, &erased), SGP_OK);
    sgp_personal_free(&copy);
    assert_int_equal(sgp_journal_personal(journal, 10, &copy, &erased), SGP_E_NOT_FOUND);
    assert_false(erased);
    assert_false(on_disk(f, "Nama Contoh", 11));

    sgp_journal_reader *reader = NULL;
    assert_int_equal(sgp_journal_reader_open(f->path, NULL, &reader, &f->fault), SGP_OK);
    const uint8_t *lent = NULL;
    uint8_t sealed[512], sealed_key[128];
    size_t sealed_length = 0, key_length = 0;
    uint64_t incident = 0;
    assert_int_equal(sgp_journal_reader_call(reader, 7, &incident, &lent, &sealed_length, NULL),
                     SGP_OK);
    assert_int_equal(incident, 3);
    memcpy(sealed, lent, sealed_length);
    assert_int_equal(sgp_journal_reader_key(reader, 3, &lent, &key_length, NULL), SGP_OK);
    memcpy(sealed_key, lent, key_length);
    sgp_journal_reader_close(reader);
    assert_true(on_disk(f, sealed, sealed_length));
    assert_true(on_disk(f, sealed_key, key_length));

    append(journal, 5, NULL); /* Erasing takes what was not yet submitted along. */
    assert_int_equal(sgp_journal_erase(journal, 3), SGP_OK);
    assert_int_equal(sgp_journal_durable_seq(journal), 5);
    assert_false(on_disk(f, sealed, sealed_length));
    assert_false(on_disk(f, sealed_key, key_length));
    assert_int_equal(sgp_journal_personal(journal, 7, &copy, &erased), SGP_E_NOT_FOUND);
    assert_true(erased);
    assert_int_equal(sgp_journal_erase(journal, 3), SGP_OK);
    assert_int_equal(sgp_journal_erase(journal, 99), SGP_E_NOT_FOUND);
    assert_int_equal(sgp_journal_personal(journal, 9, &copy, &erased), SGP_OK);
    sgp_personal_free(&copy);

    /* A new call on the erased incident gets a fresh key and opens nothing old. */
    sgp_personal later = person;
    later.call = 11;
    append(journal, 6, &later);
    sgp_journal_close(journal);
    journal = must_open(f);
    assert_int_equal(sgp_journal_personal(journal, 11, &copy, &erased), SGP_OK);
    sgp_personal_free(&copy);
    assert_int_equal(sgp_journal_personal(journal, 8, &copy, &erased), SGP_E_NOT_FOUND);
    assert_true(erased);
    assert_int_equal(recover(journal).last, 6);
    sgp_journal_close(journal);
}

/* More incidents than keys are cached, looked up again in any order. */
static void test_journal_finds_old_incident_keys(void **state) {
    fixture *f = *state;
    sgp_journal *journal = must_open(f);
    uint64_t seq = 0;
    for (uint64_t incident = 1; incident <= 5000; incident++) {
        sgp_personal one = {.call = incident, .incident = incident, .narrative = "satu"};
        append(journal, ++seq, &one);
        if (incident % 500 == 0)
            sgp_journal_submit(journal);
    }
    for (uint64_t incident = 1; incident <= 5000; incident += 37) {
        sgp_personal two = {.call = 5000 + incident, .incident = incident, .narrative = "dua"};
        append(journal, ++seq, &two);
    }
    sgp_journal_flush(journal);
    for (uint64_t incident = 1; incident <= 5000; incident += 37) {
        sgp_personal_copy copy = {0};
        bool erased;
        assert_int_equal(sgp_journal_personal(journal, incident, &copy, &erased), SGP_OK);
        assert_string_equal(copy.narrative, "satu");
        sgp_personal_free(&copy);
        assert_int_equal(sgp_journal_personal(journal, 5000 + incident, &copy, &erased), SGP_OK);
        assert_string_equal(copy.narrative, "dua");
        sgp_personal_free(&copy);
    }
    sgp_journal_close(journal);
}

int main(void) {
#define CASE(name) cmocka_unit_test_setup_teardown(name, make_directory, remove_directory)
    const struct CMUnitTest tests[] = {
        CASE(test_journal_keeps_events_in_order),
        CASE(test_journal_recovers_from_newest_snapshot),
        CASE(test_journal_names_the_damaged_event),
        CASE(test_journal_refuses_what_is_not_its_own),
        CASE(test_journal_bounds_the_open_batch),
        CASE(test_journal_keeps_later_texts),
        CASE(test_journal_seals_and_erases_persons),
        CASE(test_journal_finds_old_incident_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
