#include "journal/journal.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/clock.h"
#include "journal/journal_internal.h"
#include "sigap/v1/dispatch.pb-c.h"

static_assert((KEYS_CACHED & (KEYS_CACHED - 1)) == 0, "the cache is indexed by low bits");

static const uint8_t key_check_text[16] = "sigap journal 1";
enum { KEY_CHECK_BYTES = sizeof key_check_text + SGP_SEAL_EXTRA_BYTES };

/* ---- open and close -------------------------------------------------------- */

/* A lock file of our own, because any close of the SQLite file itself would
 * drop SQLite's POSIX locks, and readers must be able to come and go. The kernel
 * lets the lock go with the process, however it ends. */
static sgp_err take_lock(sgp_journal *journal, sgp_fault *fault) {
    char path[PATH_MAX];
    if (snprintf(path, sizeof path, "%s.lock", journal->path) >= (int)sizeof path)
        return sgp_fail(fault, SGP_E_ARGUMENT, "the journal's path is too long");
    journal->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (journal->lock_fd < 0)
        return sgp_fail(fault, SGP_E_IO, "cannot make the lock file %s: %s", path, strerror(errno));
    if (flock(journal->lock_fd, LOCK_EX | LOCK_NB) != 0) {
        char owner[32] = "";
        ssize_t got = pread(journal->lock_fd, owner, sizeof owner - 1, 0);
        owner[got > 0 ? strcspn(owner, "\n") : 0] = '\0';
        return sgp_fail(fault, SGP_E_STATE, "the journal %s is open in another process (%s)",
                        journal->path, *owner ? owner : "unknown");
    }
    char self[32];
    int length = snprintf(self, sizeof self, "pid %ld\n", (long)getpid());
    if (ftruncate(journal->lock_fd, 0) != 0 ||
        pwrite(journal->lock_fd, self, (size_t)length, 0) != length)
        return sgp_fail(fault, SGP_E_IO, "cannot write the lock file %s: %s", path,
                        strerror(errno));
    return SGP_OK;
}

static sgp_err load_key(sgp_journal *journal, const char *key_file, bool fresh, sgp_fault *fault) {
    sgp_err err = sgp_key_file_read(key_file, journal->master_key, fault);
    if (err != SGP_E_NOT_FOUND)
        return err;
    if (fresh)
        return sgp_key_file_make(key_file, journal->master_key, fault);
    return sgp_fail(fault, SGP_E_CRYPTO, "the key file %s of the journal %s is missing", key_file,
                    journal->path);
}

static sgp_err make_or_check(sgp_journal *journal, const sgp_journal_options *options, bool fresh,
                             sgp_fault *fault) {
    uint8_t check[KEY_CHECK_BYTES], opened[sizeof key_check_text];
    sgp_seal_label label = {.purpose = SGP_SEAL_KEY_CHECK};
    sgp_err err;
    if (fresh) {
        randombytes_buf(journal->id, sizeof journal->id);
        memcpy(label.journal_id, journal->id, sizeof journal->id);
        sgp_seal(journal->master_key, &label, key_check_text, sizeof key_check_text, check);
        err = sgp_journal_file_create(journal->db, journal->path, journal->id,
                                      options->commit ? options->commit : "", check, sizeof check,
                                      fault);
        /* SQLite syncs the directory when it first syncs the log; this says so again
         * for the file itself, whatever the vfs does. */
        return err ? err : sgp_directory_sync(journal->path, fault);
    }
    err = sgp_journal_file_meta(journal->db, journal->path, "journal_id", journal->id,
                                sizeof journal->id, fault);
    if (!err)
        err = sgp_journal_file_meta(journal->db, journal->path, "key_check", check, sizeof check,
                                    fault);
    if (err)
        return err;
    memcpy(label.journal_id, journal->id, sizeof journal->id);
    if (sgp_unseal(journal->master_key, &label, check, sizeof check, opened) != SGP_OK)
        return sgp_fail(fault, SGP_E_CRYPTO, "the key file %s does not belong to the journal %s",
                        options->key_file, journal->path);
    return SGP_OK;
}

/* A process that was killed may have written frames that it never synced. They
 * are read back now and acted upon, so they must be on disk first: one commit of
 * our own syncs the whole log. It also tells later when the engine was started, and
 * counts the epoch on: by the clock, so that a journal that was brought back from a backup is not
 * behind, and by one at least, so that a clock that was set back does not matter. */
static sgp_err settle(sgp_journal *journal, sgp_fault *fault) {
    char sql[512], now[25];
    int64_t now_ms = sgp_wall_ms();
    sgp_wall_format(now_ms, now);
    snprintf(sql, sizeof sql,
             "BEGIN;"
             "INSERT OR REPLACE INTO meta(name, value) VALUES('opened', CAST('%s' AS BLOB));"
             "INSERT OR REPLACE INTO meta(name, value) SELECT 'epoch',"
             " max(coalesce((SELECT value FROM meta WHERE name = 'epoch'), 0) + 1, %" PRId64 ");"
             "COMMIT",
             now, now_ms / 1000);
    sqlite3_stmt *statement = NULL;
    sgp_err err = SGP_OK;
    if (sqlite3_exec(journal->db, sql, NULL, NULL, NULL) != SQLITE_OK ||
        sqlite3_prepare_v2(journal->db, "SELECT value FROM meta WHERE name = 'epoch'", -1,
                           &statement, NULL) != SQLITE_OK ||
        sqlite3_step(statement) != SQLITE_ROW)
        err = sgp_journal_file_fault(journal->db, journal->path, "write", fault);
    else
        journal->epoch = (uint64_t)sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return err;
}

uint64_t sgp_journal_epoch(const sgp_journal *journal) {
    return journal->epoch;
}

static sgp_err highest_incident(sgp_journal *journal, sgp_fault *fault) {
    sqlite3_stmt *statement = NULL;
    sgp_err err = SGP_OK;
    if (sqlite3_prepare_v2(journal->db,
                           "SELECT max(coalesce((SELECT max(incident) FROM personal"
                           "  WHERE incident < 1152921504606846976), 0),"
                           " coalesce((SELECT max(incident) FROM incident_key"
                           "  WHERE incident < 1152921504606846976), 0))",
                           -1, &statement, NULL) != SQLITE_OK ||
        sqlite3_step(statement) != SQLITE_ROW)
        err = sgp_journal_file_fault(journal->db, journal->path, "read", fault);
    else
        journal->highest_incident = (uint64_t)sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return err;
}

static sgp_err open_file(sgp_journal *journal, const sgp_journal_options *options,
                         sgp_fault *fault) {
    bool fresh = false;
    sgp_err err = sgp_journal_file_open(journal->path, options->vfs, true, &journal->db, fault);
    if (!err)
        err = sgp_journal_file_check(journal->db, journal->path, &fresh, fault);
    if (!err)
        err = load_key(journal, options->key_file, fresh, fault);
    if (err)
        return err;
    /* The mode is set only now, so that another program's file stays as it was. */
    const char *settings = options->never_sync
                               ? "PRAGMA synchronous=OFF; PRAGMA secure_delete=ON;"
                               : "PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;";
    if (sqlite3_exec(journal->db, settings, NULL, NULL, NULL) != SQLITE_OK ||
        sqlite3_exec(journal->db, "PRAGMA journal_mode=WAL", NULL, NULL, NULL) != SQLITE_OK)
        return sgp_journal_file_fault(journal->db, journal->path, "open", fault);
    err = make_or_check(journal, options, fresh, fault);
    if (!err)
        err = settle(journal, fault);
    if (!err)
        err = highest_incident(journal, fault);
    return err;
}

sgp_err sgp_journal_open(const sgp_journal_options *options, sgp_journal **out, sgp_fault *fault) {
    if (!options->path || !*options->path || !options->key_file || !*options->key_file)
        return sgp_fail(fault, SGP_E_ARGUMENT, "the journal needs a path and a key file");
    if (sodium_init() < 0)
        return sgp_fail(fault, SGP_E_CRYPTO, "libsodium does not start");
    sgp_journal *journal = calloc(1, sizeof *journal);
    if (!journal)
        return sgp_fail(fault, SGP_E_MEMORY, "no memory for the journal");
    journal->lock_fd = journal->event_fd = -1;
    pthread_mutex_init(&journal->mutex, NULL);
    pthread_cond_init(&journal->work, NULL);
    pthread_cond_init(&journal->done, NULL);
    journal->open = &journal->batches[0];
    journal->batch_bytes_max =
        options->batch_bytes_max ? options->batch_bytes_max : BATCH_BYTES_DEFAULT;
    journal->checkpoint_frames =
        options->checkpoint_frames > 0 ? options->checkpoint_frames : CHECKPOINT_FRAMES_DEFAULT;
    journal->path = strdup(options->path);
    journal->keys = calloc(KEYS_CACHED, sizeof *journal->keys);
    journal->event_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    sgp_err err = SGP_OK;
    if (!journal->path || !journal->keys || journal->event_fd < 0)
        err = sgp_fail(fault, SGP_E_MEMORY, "no memory for the journal");
    if (!err)
        err = take_lock(journal, fault);
    if (!err)
        err = open_file(journal, options, fault);
    if (!err)
        err = sgp_journal_reader_open(journal->path, options->vfs, &journal->reader, fault);
    if (!err)
        err = sgp_journal_reader_last(journal->reader, &journal->last_seq, NULL, journal->chain,
                                      fault);
    if (!err) {
        atomic_store(&journal->durable_seq, journal->last_seq);
        err = sgp_journal_writer_start(journal, fault);
    }
    if (err) {
        sgp_journal_close(journal);
        return err;
    }
    *out = journal;
    return SGP_OK;
}

void sgp_journal_close(sgp_journal *journal) {
    if (!journal)
        return;
    if (journal->thread_started)
        sgp_journal_flush(journal);
    sgp_journal_writer_stop(journal);
    sgp_journal_reader_close(journal->reader);
    sqlite3_close(journal->db);
    for (int i = 0; i < 2; i++) {
        sgp_buffer_free(&journal->batches[i].bytes);
        free(journal->batches[i].items);
    }
    if (journal->keys)
        sodium_memzero(journal->keys, KEYS_CACHED * sizeof *journal->keys);
    free(journal->keys);
    if (journal->event_fd >= 0)
        close(journal->event_fd);
    if (journal->lock_fd >= 0)
        close(journal->lock_fd);
    pthread_cond_destroy(&journal->done);
    pthread_cond_destroy(&journal->work);
    pthread_mutex_destroy(&journal->mutex);
    free(journal->path);
    sodium_memzero(journal, sizeof *journal);
    free(journal);
}

sgp_err sgp_journal_recover(sgp_journal *journal,
                            sgp_err (*snapshot)(void *ctx, uint64_t seq, const uint8_t *bytes,
                                                size_t length),
                            sgp_journal_visit visit, void *ctx, sgp_fault *fault) {
    uint64_t seq = 0;
    sgp_err err = sgp_journal_reader_snapshot(journal->reader, snapshot, ctx, &seq, fault);
    if (err)
        return err;
    return sgp_journal_reader_events(journal->reader, seq, journal->last_seq, visit, ctx, fault);
}

/* ---- appending --------------------------------------------------------------- */

static void batch_clear(journal_batch *batch, size_t keep_bytes) {
    if (batch->bytes.capacity > keep_bytes)
        sgp_buffer_free(&batch->bytes); /* A large snapshot went through it. */
    sgp_buffer_clear(&batch->bytes);
    batch->n = 0;
    batch->counted_bytes = 0;
    batch->last_seq = 0;
    batch->records = 0;
}

static journal_batch *other_batch(const sgp_journal *journal) {
    return (journal_batch *)&journal->batches[journal->open == &journal->batches[0]];
}

static sgp_err batch_add(journal_batch *batch, journal_item item, const uint8_t *bytes,
                         size_t length) {
    if (batch->n == batch->capacity) {
        size_t capacity = batch->capacity ? 2 * batch->capacity : 64;
        journal_item *items = realloc(batch->items, capacity * sizeof *items);
        if (!items)
            return SGP_E_MEMORY;
        batch->items = items;
        batch->capacity = capacity;
    }
    item.offset = batch->bytes.length;
    item.length = length;
    sgp_err err = sgp_buffer_append(&batch->bytes, bytes, length);
    if (!err)
        batch->items[batch->n++] = item;
    return err;
}

static const journal_item *batch_find(const journal_batch *batch, item_kind kind, uint64_t call,
                                      uint64_t incident) {
    for (size_t i = batch->n; i-- > 0;) {
        const journal_item *item = &batch->items[i];
        if (item->kind == kind &&
            (kind == ITEM_KEY ? item->incident == incident : item->call == call))
            return item;
    }
    return NULL;
}

static sgp_seal_label label_of(const sgp_journal *journal, sgp_seal_purpose purpose, uint64_t call,
                               uint64_t incident) {
    sgp_seal_label label = {.purpose = purpose, .call = call, .incident = incident};
    memcpy(label.journal_id, journal->id, sizeof label.journal_id);
    return label;
}

static cached_key *cache_slot(const sgp_journal *journal, uint64_t incident) {
    return &journal->keys[incident & (KEYS_CACHED - 1)];
}

/* The key of an incident, from the cache, the batches or the file. SGP_E_NOT_FOUND:
 * it has none. */
static sgp_err find_key(sgp_journal *journal, uint64_t incident, uint8_t key[SGP_KEY_BYTES]) {
    if (incident > journal->highest_incident && incident < KEYS_OF_OTHERS_FROM)
        return SGP_E_NOT_FOUND;
    cached_key *slot = cache_slot(journal, incident);
    if (slot->incident == incident) {
        memcpy(key, slot->key, SGP_KEY_BYTES);
        return SGP_OK;
    }
    const uint8_t *sealed = NULL;
    size_t length = 0;
    sgp_err err = SGP_OK;
    const journal_batch *batch = journal->open;
    const journal_item *item = batch_find(batch, ITEM_KEY, 0, incident);
    if (!item) {
        batch = other_batch(journal);
        item = batch_find(batch, ITEM_KEY, 0, incident);
    }
    if (item) {
        sealed = batch->bytes.data + item->offset;
        length = item->length;
    } else {
        err = sgp_journal_reader_key(journal->reader, incident, &sealed, &length, NULL);
    }
    if (err)
        return err;
    if (length != SGP_KEY_BYTES + SGP_SEAL_EXTRA_BYTES)
        return SGP_E_CRYPTO;
    sgp_seal_label label = label_of(journal, SGP_SEAL_INCIDENT_KEY, 0, incident);
    err = sgp_unseal(journal->master_key, &label, sealed, length, key);
    if (!err) {
        slot->incident = incident;
        memcpy(slot->key, key, SGP_KEY_BYTES);
    }
    return err;
}

static sgp_err make_key(sgp_journal *journal, uint64_t incident, uint8_t key[SGP_KEY_BYTES]) {
    uint8_t sealed[SGP_KEY_BYTES + SGP_SEAL_EXTRA_BYTES];
    randombytes_buf(key, SGP_KEY_BYTES);
    sgp_seal_label label = label_of(journal, SGP_SEAL_INCIDENT_KEY, 0, incident);
    sgp_seal(journal->master_key, &label, key, SGP_KEY_BYTES, sealed);
    return batch_add(journal->open, (journal_item){.kind = ITEM_KEY, .incident = incident}, sealed,
                     sizeof sealed);
}

static char *text_or_empty(const char *text) {
    return (char *)(text ? text : "");
}

static bool has_personal(const sgp_personal *personal) {
    return personal &&
           (*text_or_empty(personal->caller_number) || *text_or_empty(personal->caller_name) ||
            *text_or_empty(personal->place_text) || *text_or_empty(personal->narrative) ||
            personal->n_later > 0);
}

/* The texts as a message, so that a later version can add to them. */
static sgp_err seal_personal(sgp_journal *journal, uint64_t seq, const sgp_personal *personal,
                             const uint8_t key[SGP_KEY_BYTES]) {
    Sigap__V1__CallerDetail detail = SIGAP__V1__CALLER_DETAIL__INIT;
    detail.call_id = personal->call;
    detail.caller_number = text_or_empty(personal->caller_number);
    detail.caller_name = text_or_empty(personal->caller_name);
    detail.place_text = text_or_empty(personal->place_text);
    detail.narrative = text_or_empty(personal->narrative);
    detail.later_place_texts = (char **)(uintptr_t)personal->later_place_texts;
    detail.n_later_place_texts = personal->n_later;
    size_t length = sigap__v1__caller_detail__get_packed_size(&detail);
    uint8_t *plain = malloc(2 * length + SGP_SEAL_EXTRA_BYTES);
    if (!plain)
        return SGP_E_MEMORY;
    uint8_t *sealed = plain + length;
    sigap__v1__caller_detail__pack(&detail, plain);
    sgp_seal_label label = label_of(journal, SGP_SEAL_PERSONAL, personal->call, personal->incident);
    sgp_seal(key, &label, plain, length, sealed);
    sgp_err err = batch_add(journal->open,
                            (journal_item){.kind = ITEM_PERSONAL,
                                           .seq = seq,
                                           .call = personal->call,
                                           .incident = personal->incident},
                            sealed, length + SGP_SEAL_EXTRA_BYTES);
    sodium_memzero(plain, length);
    free(plain);
    return err;
}

uint64_t sgp_journal_last_seq(const sgp_journal *journal) {
    return journal->last_seq;
}

sgp_err sgp_journal_append(sgp_journal *journal, uint64_t seq, int64_t at_ms, const uint8_t *record,
                           size_t length, const sgp_personal *personal) {
    journal_batch *batch = journal->open;
    if (seq != journal->last_seq + 1 || seq > INT64_MAX)
        return SGP_E_STATE;
    if (has_personal(personal) &&
        (personal->call == 0 || personal->incident == 0 || personal->call > INT64_MAX ||
         personal->incident > INT64_MAX || personal->n_later > SGP_LATER_TEXTS_MAX))
        return SGP_E_ARGUMENT;
    size_t bytes_before = batch->bytes.length, items_before = batch->n;
    uint8_t key[SGP_KEY_BYTES];
    bool key_made = false;
    sgp_err err = batch_add(batch, (journal_item){.kind = ITEM_EVENT, .seq = seq, .at_ms = at_ms},
                            record, length);
    if (!err && has_personal(personal)) {
        err = find_key(journal, personal->incident, key);
        if (err == SGP_E_NOT_FOUND) {
            key_made = true;
            err = make_key(journal, personal->incident, key);
        }
        if (!err)
            err = seal_personal(journal, seq, personal, key);
    }
    size_t added = batch->bytes.length - bytes_before;
    /* An event that alone is larger than a batch must be written all the same: it
     * happened, and after a restart it would only happen again. */
    if (!err && batch->counted_bytes > 0 && batch->counted_bytes + added > journal->batch_bytes_max)
        err = SGP_E_FULL;
    if (err) {
        batch->bytes.length = bytes_before;
        batch->n = items_before;
    } else {
        batch->counted_bytes += added;
        batch->last_seq = journal->last_seq = seq;
        batch->records++;
        if (key_made) {
            cached_key *slot = cache_slot(journal, personal->incident);
            slot->incident = personal->incident;
            memcpy(slot->key, key, sizeof key);
            if (personal->incident > journal->highest_incident &&
                personal->incident < KEYS_OF_OTHERS_FROM)
                journal->highest_incident = personal->incident;
        }
    }
    sodium_memzero(key, sizeof key);
    return err;
}

sgp_err sgp_journal_snapshot(sgp_journal *journal, uint64_t seq, const uint8_t *bytes,
                             size_t length) {
    if (seq != journal->last_seq || seq == 0)
        return SGP_E_STATE;
    return batch_add(journal->open, (journal_item){.kind = ITEM_SNAPSHOT, .seq = seq}, bytes,
                     length);
}

bool sgp_journal_submit(sgp_journal *journal) {
    if (journal->open->n == 0)
        return false;
    pthread_mutex_lock(&journal->mutex);
    bool idle = journal->writing == NULL;
    if (idle) {
        journal_batch *full = journal->open;
        journal->open = other_batch(journal);
        batch_clear(journal->open, 2 * journal->batch_bytes_max);
        journal->writing = full;
        pthread_cond_signal(&journal->work);
    }
    pthread_mutex_unlock(&journal->mutex);
    return idle;
}

int sgp_journal_fd(const sgp_journal *journal) {
    return journal->event_fd;
}

uint64_t sgp_journal_durable_seq(sgp_journal *journal) {
    uint64_t announced;
    ssize_t drained = read(journal->event_fd, &announced, sizeof announced);
    (void)drained; /* Nothing to drain is no error. */
    return atomic_load(&journal->durable_seq);
}

static void wait_for_writer(sgp_journal *journal) {
    pthread_mutex_lock(&journal->mutex);
    while (journal->writing || journal->erase_incident)
        pthread_cond_wait(&journal->done, &journal->mutex);
    pthread_mutex_unlock(&journal->mutex);
}

void sgp_journal_flush(sgp_journal *journal) {
    do {
        wait_for_writer(journal);
    } while (sgp_journal_submit(journal));
}

void sgp_journal_last_batch(const sgp_journal *journal, int64_t *write_us, uint32_t *records) {
    *write_us = atomic_load(&journal->last_write_us);
    *records = atomic_load(&journal->last_records);
}

/* ---- personal data ------------------------------------------------------------- */

/* All texts into one allocation; those of the message are wiped. */
static sgp_err copy_texts(const Sigap__V1__CallerDetail *detail, sgp_personal_copy *copy) {
    char *texts[4 + SGP_LATER_TEXTS_MAX] = {detail->caller_number, detail->caller_name,
                                            detail->place_text, detail->narrative};
    char **places[4 + SGP_LATER_TEXTS_MAX] = {&copy->caller_number, &copy->caller_name,
                                              &copy->place_text, &copy->narrative};
    size_t n = 4, total = 0;
    for (size_t i = 0; i < detail->n_later_place_texts && i < SGP_LATER_TEXTS_MAX; i++, n++) {
        texts[n] = detail->later_place_texts[i];
        places[n] = &copy->later_place_texts[i];
    }
    for (size_t i = 0; i < n; i++)
        total += strlen(texts[i]) + 1;
    char *end = malloc(total);
    if (end)
        copy->n_later = n - 4;
    for (size_t i = 0; end && i < n; i++) {
        *places[i] = end;
        end = stpcpy(end, texts[i]) + 1;
    }
    for (size_t i = 0; i < n; i++)
        sodium_memzero(texts[i], strlen(texts[i]));
    return end ? SGP_OK : SGP_E_MEMORY;
}

static sgp_err copy_personal(sgp_journal *journal, uint64_t call, uint64_t incident,
                             const uint8_t *sealed, size_t length, sgp_personal_copy *copy,
                             bool *erased) {
    uint8_t key[SGP_KEY_BYTES];
    if (length < SGP_SEAL_EXTRA_BYTES)
        return SGP_E_CRYPTO;
    size_t plain_length = length - SGP_SEAL_EXTRA_BYTES;
    /* find_key may reuse the reader's lent bytes, so the sealed text is copied first. */
    uint8_t *work = malloc(length + plain_length + 1);
    if (!work)
        return SGP_E_MEMORY;
    uint8_t *plain = work + length;
    memcpy(work, sealed, length);
    sgp_err err = find_key(journal, incident, key);
    if (err == SGP_E_NOT_FOUND)
        *erased = true;
    if (!err) {
        sgp_seal_label label = label_of(journal, SGP_SEAL_PERSONAL, call, incident);
        err = sgp_unseal(key, &label, work, length, plain);
    }
    if (!err) {
        Sigap__V1__CallerDetail *detail =
            sigap__v1__caller_detail__unpack(NULL, plain_length, plain);
        if (!detail) {
            err = SGP_E_CORRUPT;
        } else {
            err = copy_texts(detail, copy);
            sigap__v1__caller_detail__free_unpacked(detail, NULL);
        }
    }
    sodium_memzero(plain, plain_length);
    sodium_memzero(key, sizeof key);
    free(work);
    return err;
}

sgp_err sgp_journal_personal(sgp_journal *journal, uint64_t call, sgp_personal_copy *copy,
                             bool *erased) {
    const journal_batch *batch = journal->open;
    const journal_item *item = batch_find(batch, ITEM_PERSONAL, call, 0);
    *erased = false;
    if (!item) {
        batch = other_batch(journal);
        item = batch_find(batch, ITEM_PERSONAL, call, 0);
    }
    if (item)
        return copy_personal(journal, call, item->incident, batch->bytes.data + item->offset,
                             item->length, copy, erased);
    uint64_t incident = 0;
    const uint8_t *sealed = NULL;
    size_t length = 0;
    sgp_err err = sgp_journal_reader_call(journal->reader, call, &incident, &sealed, &length, NULL);
    if (err)
        return err;
    if (length == 0) {
        *erased = true;
        return SGP_E_NOT_FOUND;
    }
    return copy_personal(journal, call, incident, sealed, length, copy, erased);
}

void sgp_personal_free(sgp_personal_copy *copy) {
    if (copy->caller_number) {
        char *texts[4] = {copy->caller_number, copy->caller_name, copy->place_text,
                          copy->narrative};
        for (int i = 0; i < 4; i++)
            sodium_memzero(texts[i], strlen(texts[i]));
        for (size_t i = 0; i < copy->n_later; i++)
            sodium_memzero(copy->later_place_texts[i], strlen(copy->later_place_texts[i]));
        free(copy->caller_number); /* All of them live in this allocation. */
    }
    *copy = (sgp_personal_copy){0};
}

sgp_err sgp_journal_erase(sgp_journal *journal, uint64_t incident) {
    if (incident == 0)
        return SGP_E_NOT_FOUND;
    sgp_journal_flush(journal);
    cached_key *slot = cache_slot(journal, incident);
    if (slot->incident == incident)
        sodium_memzero(slot, sizeof *slot);
    /* The batches still hold what was sealed; everything in them is on disk now. */
    batch_clear(journal->open, 0);
    batch_clear(other_batch(journal), 0);
    pthread_mutex_lock(&journal->mutex);
    journal->erase_incident = incident;
    pthread_cond_signal(&journal->work);
    pthread_mutex_unlock(&journal->mutex);
    wait_for_writer(journal);
    return journal->erase_found ? SGP_OK : SGP_E_NOT_FOUND;
}

void sgp_journal_derive_key(const sgp_journal *journal, const char *purpose, uint8_t key[32]) {
    static_assert(SGP_KEY_BYTES == 32, "a derived key is as long as the master key");
    crypto_generichash_state state;
    crypto_generichash_init(&state, journal->master_key, sizeof journal->master_key, 32);
    crypto_generichash_update(&state, (const uint8_t *)purpose, strlen(purpose) + 1);
    crypto_generichash_update(&state, journal->id, sizeof journal->id);
    crypto_generichash_final(&state, key, 32);
}
