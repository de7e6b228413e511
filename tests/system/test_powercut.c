/* The power fails at any moment: whatever the journal said was durable is there
 * afterwards, whole and in order; nothing is there by half; what was erased
 * stays erased.
 *
 * Journals live through seeded power cuts and kills, one after the other, in the
 * midst of being made, of batches, snapshots, erasures, checkpoints and closing.
 * SIGAP_POWERCUTS: how many cuts (1000); SIGAP_POWERCUT_SEED: another seed;
 * SIGAP_POWERCUT_NO_SYNC=1 takes the syncs out, which this test must notice.
 */
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/random.h"
#include "journal/journal.h"
#include "journal/journal_reader.h"
#include "powercut_vfs.h"

enum {
    CUTS_PER_JOURNAL = 25,
    EVENTS_MAX = 4096,
    RECORD_BYTES_MAX = 6000,
    INCIDENTS_MAX = 512,
    STEPS_PER_LIFE = 12
};

typedef enum truth { UNKNOWN, KEPT, ERASED } truth;

/* What must be true of the journal after any cut. */
typedef struct expectation {
    uint64_t appended;                /* newest event handed over */
    uint64_t acknowledged;            /* newest event said to be durable */
    uint32_t attempt[EVENTS_MAX + 1]; /* events lost to a cut come again with other bytes */
    bool ends_batch[EVENTS_MAX + 1];  /* a recovered journal ends at one of these */
    bool has_snapshot[EVENTS_MAX + 1];
    uint64_t call_incident[EVENTS_MAX + 1]; /* of the call that came with an event, 0 = none */
    uint64_t incidents;
    truth incident[INCIDENTS_MAX + 1];
} expectation;

typedef struct trial {
    uint64_t random;
    expectation expected;
    uint32_t attempts;
    bool no_sync;
    char dir[32], path[64], key[64];
    sgp_journal *journal;
    /* totals */
    uint64_t cuts, acknowledged, lost, faults;
    /* of one recovery */
    uint64_t recovered, snapshot_seq;
    bool halves;
} trial;

static uint64_t draw(trial *t, uint64_t below) {
    return sgp_random_below(&t->random, below);
}

/* The bytes of an event (or, with salt 1, a snapshot), from its number and attempt alone. */
static size_t content(uint64_t seq, uint32_t attempt, uint32_t salt, uint8_t *bytes) {
    uint64_t state = seq * 1000003 + attempt * 7919u + salt;
    uint64_t n = (state * UINT64_C(2862933555777941757) >> 33) % 8;
    size_t length = n == 0   ? RECORD_BYTES_MAX - (size_t)(seq % 1000)
                    : n == 1 ? 0
                             : 20 + (size_t)(seq * 37 % 400);
    for (size_t i = 0; i < length; i++) {
        state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        bytes[i] = (uint8_t)(state >> 56);
    }
    return length;
}

static void complain(trial *t, const char *what, uint64_t seq) {
    t->faults++;
    fprintf(stderr,
            "cut %" PRIu64 ": %s %" PRIu64 " (acknowledged %" PRIu64 ", recovered %" PRIu64 ")\n",
            t->cuts, what, seq, t->expected.acknowledged, t->recovered);
}

static bool same(trial *t, uint64_t seq, uint32_t salt, const uint8_t *bytes, size_t length) {
    static uint8_t wanted[RECORD_BYTES_MAX];
    return seq <= t->expected.appended &&
           content(seq, t->expected.attempt[seq], salt, wanted) == length &&
           (length == 0 || memcmp(wanted, bytes, length) == 0);
}

static sgp_err see_snapshot(void *ctx, uint64_t seq, const uint8_t *bytes, size_t length) {
    trial *t = ctx;
    t->snapshot_seq = seq;
    if (seq && (!t->expected.has_snapshot[seq] || !same(t, seq, 1, bytes, length)))
        complain(t, "a wrong snapshot after event", seq);
    return SGP_OK;
}

static sgp_err see_event(void *ctx, uint64_t seq, const uint8_t *record, size_t length) {
    trial *t = ctx;
    if (seq > t->expected.appended || !same(t, seq, 0, record, length))
        complain(t, "wrong bytes in event", seq);
    t->recovered = seq;
    return SGP_OK;
}

static void check_persons(trial *t) {
    for (uint64_t seq = 1; seq <= t->recovered; seq++) {
        uint64_t incident = t->expected.call_incident[seq];
        if (!incident)
            continue;
        sgp_personal_copy copy = {0};
        char wanted[32];
        bool erased = false;
        snprintf(wanted, sizeof wanted, "kata %" PRIu64, seq);
        sgp_err err = sgp_journal_personal(t->journal, seq, &copy, &erased);
        truth known = t->expected.incident[incident];
        if (err == SGP_OK && strcmp(copy.narrative, wanted) != 0)
            complain(t, "wrong words of call", seq);
        if (known == KEPT && err != SGP_OK)
            complain(t, "lost words of call", seq);
        if (known == ERASED && (err != SGP_E_NOT_FOUND || !erased))
            complain(t, "erased words came back of call", seq);
        /* The cut came while it was being erased: now it is settled, unless the next cut has
         * already come, in the midst of recovering; what is seen then may be lost with it. */
        if (known == UNKNOWN && !powercut_happened())
            t->expected.incident[incident] = err == SGP_OK ? KEPT : ERASED;
        sgp_personal_free(&copy);
    }
}

/* Opens after a cut and holds what is there against what must be. */
static bool recover(trial *t) {
    sgp_journal_options options = {.path = t->path,
                                   .key_file = t->key,
                                   .commit = "test",
                                   .vfs = POWERCUT_VFS,
                                   .checkpoint_frames = 20,
                                   .never_sync = t->no_sync};
    sgp_fault fault = {0};
    sgp_journal_reader *reader = NULL;
    expectation *expected = &t->expected;
    t->recovered = t->snapshot_seq = 0;
    sgp_err err = sgp_journal_open(&options, &t->journal, &fault);
    if (!err)
        err = sgp_journal_recover(t->journal, see_snapshot, see_event, t, &fault);
    /* Recovery reads from the newest snapshot on; here every event is looked at. */
    if (!err)
        err = sgp_journal_reader_open(t->path, POWERCUT_VFS, &reader, &fault);
    if (!err)
        err = sgp_journal_reader_events(reader, 0, UINT64_MAX, see_event, t, &fault);
    sgp_journal_reader_close(reader);
    if (err) {
        fprintf(stderr, "%s\n", fault.text);
        complain(t, "the journal does not open after event", expected->acknowledged);
        t->lost += expected->acknowledged;
        return false;
    }
    if (t->recovered < expected->acknowledged) {
        complain(t, "acknowledged events are lost up to", expected->acknowledged);
        t->lost += expected->acknowledged - t->recovered;
    }
    if (t->recovered && !expected->ends_batch[t->recovered])
        complain(t, "half a batch ends with event", t->recovered);
    uint64_t snapshot = 0;
    for (uint64_t seq = 1; seq <= t->recovered; seq++)
        if (expected->has_snapshot[seq])
            snapshot = seq;
    if (t->snapshot_seq != snapshot)
        complain(t, "not the newest snapshot: that after event", t->snapshot_seq);
    check_persons(t);
    /* What was recovered has been acted upon: it must never be lost from here on. */
    expected->appended = t->recovered;
    if (!powercut_happened() && t->recovered > expected->acknowledged)
        expected->acknowledged = t->recovered;
    return t->faults == 0;
}

static void append_batch(trial *t) {
    static uint8_t bytes[RECORD_BYTES_MAX];
    expectation *expected = &t->expected;
    uint64_t n = 1 + draw(t, 8);
    for (uint64_t i = 0; i < n && expected->appended < EVENTS_MAX; i++) {
        uint64_t seq = ++expected->appended;
        expected->attempt[seq] = ++t->attempts;
        expected->ends_batch[seq] = false;
        expected->has_snapshot[seq] = false;
        expected->call_incident[seq] = 0;
        char words[32];
        snprintf(words, sizeof words, "kata %" PRIu64, seq);
        sgp_personal personal = {.call = seq, .narrative = words};
        bool rings = draw(t, 3) == 0 && expected->incidents < INCIDENTS_MAX;
        if (rings) {
            /* Mostly a new incident, sometimes the newest again. */
            if (expected->incidents == 0 || draw(t, 3) ||
                expected->incident[expected->incidents] != KEPT)
                expected->incident[++expected->incidents] = KEPT;
            personal.incident = expected->call_incident[seq] = expected->incidents;
        }
        size_t length = content(seq, expected->attempt[seq], 0, bytes);
        sgp_err err = sgp_journal_append(t->journal, seq, (int64_t)seq * 10, bytes, length,
                                         rings ? &personal : NULL);
        assert(!err);
    }
    uint64_t last = expected->appended;
    expected->ends_batch[last] = true;
    if (last && draw(t, 6) == 0 && !expected->has_snapshot[last]) {
        sgp_err err = sgp_journal_snapshot(t->journal, last, bytes,
                                           content(last, expected->attempt[last], 1, bytes));
        assert(!err);
        expected->has_snapshot[last] = true;
    }
}

static void note_acknowledged(trial *t) {
    uint64_t durable = sgp_journal_durable_seq(t->journal);
    if (!powercut_happened()) /* The answer came before the cut, so it counts. */
        t->expected.acknowledged = durable;
}

static void erase_one(trial *t) {
    expectation *expected = &t->expected;
    if (!expected->incidents)
        return;
    uint64_t incident = 1 + draw(t, expected->incidents);
    if (expected->incident[incident] != KEPT)
        return;
    bool before = !powercut_happened();
    sgp_err err = sgp_journal_erase(t->journal, incident);
    assert(!err || err == SGP_E_NOT_FOUND);
    if (before)
        expected->incident[incident] = powercut_happened() ? UNKNOWN : ERASED;
    note_acknowledged(t);
}

static void work(trial *t) {
    uint64_t steps = draw(t, STEPS_PER_LIFE);
    for (uint64_t i = 0; i < steps && !powercut_happened(); i++) {
        append_batch(t);
        sgp_journal_submit(t->journal);
        if (draw(t, 2)) /* A second batch fills while the first is being written. */
            append_batch(t);
        for (int look = 0; look < 100; look++) /* also in the midst of writing */
            note_acknowledged(t);
        sgp_journal_flush(t->journal);
        note_acknowledged(t);
        if (draw(t, 5) == 0)
            erase_one(t);
    }
}

/* One journal from its making through all its cuts. */
static void live(trial *t, uint64_t cuts_wanted) {
    memset(&t->expected, 0, sizeof t->expected);
    for (int i = 0; i < CUTS_PER_JOURNAL && t->cuts < cuts_wanted; i++) {
        if (draw(t, 3))
            powercut_arm(1 + draw(t, i == 0 ? 40 : 150));
        else /* with everything written and nothing synced */
            powercut_arm_at_sync(1 + draw(t, 12));
        t->journal = NULL;
        bool good = recover(t);
        if (good)
            work(t);
        if (draw(t, 2)) /* while it is idle; otherwise perhaps while it is closing */
            powercut_now();
        if (t->expected.appended > EVENTS_MAX - 16 * STEPS_PER_LIFE)
            i = CUTS_PER_JOURNAL;
        sgp_journal_close(t->journal);
        t->cuts++;
        powercut_reboot(draw(t, 4) ? POWERCUT_POWER : POWERCUT_KILL, t->random);
        if (!good)
            break;
    }
    /* Once more without a cut, so that the last reboot is looked at as well. */
    t->journal = NULL;
    if (!t->faults)
        recover(t);
    sgp_journal_close(t->journal);
    t->acknowledged += t->expected.acknowledged;
    powercut_forget();
    static const char *const endings[] = {"", "-wal", "-shm", "-journal"};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        char path[80];
        snprintf(path, sizeof path, "%s%s", t->path, endings[i]);
        unlink(path);
    }
    unlink(t->key);
}

static uint64_t setting(const char *name, uint64_t otherwise) {
    const char *text = getenv(name);
    return text && *text ? strtoull(text, NULL, 10) : otherwise;
}

int main(void) {
    static trial t;
    t.no_sync = setting("SIGAP_POWERCUT_NO_SYNC", 0) != 0;
    t.random = setting("SIGAP_POWERCUT_SEED", 112119);
    uint64_t seed = t.random, wanted = setting("SIGAP_POWERCUTS", 1000);
    /* In memory where there is such a place: what is on disk, this test decides itself. */
    strcpy(t.dir,
           access("/dev/shm", W_OK) == 0 ? "/dev/shm/sgp-cut.XXXXXX" : "/tmp/sgp-cut.XXXXXX");
    if (!powercut_register() || !mkdtemp(t.dir)) {
        fprintf(stderr, "cannot prepare the test\n");
        return 2;
    }
    snprintf(t.path, sizeof t.path, "%s/j", t.dir);
    snprintf(t.key, sizeof t.key, "%s/key", t.dir);
    while (t.cuts < wanted && !t.faults)
        live(&t, wanted);
    char lock[80];
    snprintf(lock, sizeof lock, "%s.lock", t.path);
    unlink(lock);
    rmdir(t.dir);
    printf("cuts %" PRIu64 ", acknowledged events %" PRIu64 ", lost %" PRIu64 "%s (seed %" PRIu64
           ")\n",
           t.cuts, t.acknowledged, t.lost, t.no_sync ? ", without syncs" : "", seed);
    return t.faults ? 1 : 0;
}
