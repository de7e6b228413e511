/* A sync that fails ends the process at once, before anybody is told; what was
 * acknowledged until then is there when it starts again. */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "journal/journal.h"
#include "powercut_vfs.h"

enum { TRIALS = 20, EVENTS = 40 };

static char path[64], key[64];

static sgp_journal *open_journal(const char *vfs) {
    sgp_journal_options options = {
        .path = path, .key_file = key, .vfs = vfs, .checkpoint_frames = 10};
    sgp_journal *journal = NULL;
    sgp_fault fault;
    if (sgp_journal_open(&options, &journal, &fault) != SGP_OK) {
        fprintf(stderr, "%s\n", fault.text);
        exit(1);
    }
    return journal;
}

/* The child: appends until the armed sync fails, and says what was acknowledged. */
static void append_until_it_fails(uint64_t syncs, volatile uint64_t *acknowledged) {
    struct rlimit no_core = {0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
    sgp_journal *journal = open_journal(POWERCUT_VFS);
    powercut_fail_sync(syncs);
    for (uint64_t i = 0; i < EVENTS; i++) {
        sgp_err err = sgp_journal_append(journal, sgp_journal_last_seq(journal) + 1, 0,
                                         (const uint8_t *)"a record", 8, NULL);
        if (err)
            exit(1);
        sgp_journal_flush(journal);
        *acknowledged = sgp_journal_durable_seq(journal);
    }
    sgp_journal_close(journal);
    exit(0);
}

static sgp_err count_snapshot(void *ctx, uint64_t seq, const uint8_t *bytes, size_t length) {
    (void)ctx, (void)seq, (void)bytes, (void)length;
    return SGP_OK;
}

static sgp_err count_event(void *ctx, uint64_t seq, const uint8_t *record, size_t length) {
    (void)record, (void)length;
    *(uint64_t *)ctx = seq;
    return SGP_OK;
}

int main(void) {
    char dir[] = "/tmp/sgp-fail.XXXXXX";
    volatile uint64_t *acknowledged =
        mmap(NULL, sizeof *acknowledged, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (!powercut_register() || !mkdtemp(dir) || acknowledged == MAP_FAILED)
        return 2;
    snprintf(path, sizeof path, "%s/j", dir);
    snprintf(key, sizeof key, "%s/key", dir);
    sgp_journal_close(open_journal(NULL));
    int faults = 0, aborts = 0;
    for (uint64_t trial = 1; trial <= TRIALS && !faults; trial++) {
        pid_t child = fork();
        if (child == 0)
            append_until_it_fails(2 * trial, acknowledged);
        int status = 0;
        waitpid(child, &status, 0);
        if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGABRT) {
            fprintf(stderr, "trial %" PRIu64 ": the process went on (status %d)\n", trial, status);
            faults++;
        }
        aborts++;
        sgp_journal *journal = open_journal(NULL);
        uint64_t last = 0;
        sgp_fault fault = {0};
        if (sgp_journal_recover(journal, count_snapshot, count_event, &last, &fault) != SGP_OK ||
            last < *acknowledged) {
            fprintf(stderr, "trial %" PRIu64 ": %" PRIu64 " of %" PRIu64 " events: %s\n", trial,
                    last, *acknowledged, fault.text);
            faults++;
        }
        sgp_journal_close(journal);
    }
    char command[64];
    snprintf(command, sizeof command, "rm -rf '%s'", dir);
    if (system(command) != 0)
        faults++;
    printf("failed syncs %d, processes ended %d, faults %d\n", TRIALS, aborts, faults);
    return faults ? 1 : 0;
}
