/* What journal.c (the loop's thread) and journal_writer.c (the writer's) share.
 *
 *   loop:    append, append ... submit            append ... submit
 *                    open batch  |  swap             |
 *   writer:                      write, sync  -> durable, eventfd, checkpoint
 *
 * The loop fills `open`; submit swaps the two batches. The writer reads the
 * batch it was given and changes nothing in it; the loop clears it when it
 * takes it back, so the loop may look into both at any time.
 */
#ifndef SGP_JOURNAL_INTERNAL_H
#define SGP_JOURNAL_INTERNAL_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/buffer.h"
#include "journal/journal.h"
#include "journal/journal_file.h"
#include "journal/journal_reader.h"

enum {
    BATCH_BYTES_DEFAULT = 16 << 20,
    KEYS_CACHED = 4096,  /* incident keys in clear on the loop's thread; a power of two */
    ERASE_WAIT_MS = 500, /* for readers of the log that an erasure empties */
    CHECKPOINT_FRAMES_DEFAULT = 1000,
    TRUNCATE_FACTOR = 64, /* so many times that: a reader kept the log growing, wait for it */
};

/* What is no incident and has a key of its own is numbered from here on: 2^60. */
#define KEYS_OF_OTHERS_FROM UINT64_C(1152921504606846976)

typedef enum item_kind { ITEM_EVENT, ITEM_PERSONAL, ITEM_KEY, ITEM_SNAPSHOT } item_kind;

typedef struct journal_item {
    item_kind kind;
    uint64_t seq;
    int64_t at_ms;
    uint64_t call, incident;
    size_t offset, length; /* in the batch's bytes */
} journal_item;

typedef struct journal_batch {
    sgp_buffer bytes;
    journal_item *items;
    size_t n, capacity;
    size_t counted_bytes; /* against batch_bytes_max */
    uint64_t last_seq;    /* 0 = no events in it */
    uint32_t records;
} journal_batch;

typedef struct cached_key {
    uint64_t incident; /* 0 = empty */
    uint8_t key[SGP_KEY_BYTES];
} cached_key;

typedef enum statement_name {
    STATEMENT_BEGIN,
    STATEMENT_COMMIT,
    STATEMENT_EVENT,
    STATEMENT_PERSONAL,
    STATEMENT_KEY,
    STATEMENT_SNAPSHOT,
    STATEMENT_SNAPSHOT_DROP,
    STATEMENT_ERASE_KEY,
    STATEMENT_ERASE_PERSONAL,
    STATEMENT_ERASURE,
    STATEMENTS
} statement_name;

struct sgp_journal {
    char *path;
    int lock_fd, event_fd;
    uint8_t id[SGP_JOURNAL_ID_BYTES];

    /* The loop's. */
    sgp_journal_reader *reader;
    uint8_t master_key[SGP_KEY_BYTES];
    cached_key *keys; /* [KEYS_CACHED] by incident modulo */
    size_t batch_bytes_max;
    uint64_t last_seq;
    uint64_t epoch;
    uint64_t highest_incident; /* with personal fields; any above has no key yet */
    journal_batch batches[2];
    journal_batch *open;

    /* Between both, under mutex. */
    pthread_mutex_t mutex;
    pthread_cond_t work, done;
    journal_batch *writing;  /* NULL = the writer is idle */
    uint64_t erase_incident; /* 0 = none wanted */
    bool erase_found;
    bool stop;
    _Atomic uint64_t durable_seq;
    _Atomic int64_t last_write_us;
    _Atomic uint32_t last_records;

    /* The writer's; the loop's before the thread starts. */
    bool thread_started;
    pthread_t thread;
    sqlite3 *db;
    sqlite3_stmt *statements[STATEMENTS];
    uint8_t chain[SGP_CHAIN_BYTES];
    int log_frames; /* of the write-ahead log after the last commit */
    bool truncate_wanted;
    int checkpoint_frames;
};

/* Prepares the statements and starts the thread. */
sgp_err sgp_journal_writer_start(sgp_journal *journal, sgp_fault *fault) SGP_MUST_USE;
/* Ends the thread after what it was given. */
void sgp_journal_writer_stop(sgp_journal *journal);

#endif
