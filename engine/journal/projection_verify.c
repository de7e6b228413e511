#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "journal/journal_reader.h"
#include "journal/projection.h"
#include "journal/projection_tables.h"

/* A row is remembered by its digest: the whole history of a city need not fit
 * into memory to be compared. */
typedef struct comparison {
    sgp_row_map journal_rows; /* value: digest */
    sgp_row_map later;        /* personal rows replaced after the cursor: not comparable yet */
    sgp_buffer work;
    uint64_t cursor_seq;
    sgp_table table; /* being compared */
    sgp_projection_difference *difference;
} comparison;

static void digest_row(const uint8_t *row, size_t length, uint64_t digest[2]) {
    crypto_generichash((unsigned char *)digest, 2 * sizeof *digest, row, length, NULL, 0);
}

static sgp_err journal_row(void *ctx, sgp_table table, sgp_row_key key, const uint8_t *row,
                           size_t length) {
    comparison *c = ctx;
    uint64_t digest[2];
    digest_row(row, length, digest);
    return sgp_row_map_put(&c->journal_rows, table, key, digest);
}

static sgp_err journal_list(void *ctx, sgp_table table, uint64_t owner, uint64_t n) {
    comparison *c = ctx;
    sgp_row_map_cut_list(&c->journal_rows, table, owner, n);
    return SGP_OK;
}

static sgp_err take_record(void *ctx, uint64_t seq, const uint8_t *record, size_t length) {
    comparison *c = ctx;
    sgp_row_sink sink = {c, journal_row, journal_list};
    /* Events after the cursor are read for their checksums alone. */
    return seq > c->cursor_seq ? SGP_OK : sgp_record_rows(seq, record, length, &c->work, &sink);
}

static sgp_err take_personal(void *ctx, uint64_t seq, uint64_t call, uint64_t incident,
                             const uint8_t *sealed, size_t length) {
    comparison *c = ctx;
    sgp_row_sink sink = {c, journal_row, journal_list};
    if (seq > c->cursor_seq)
        return sgp_row_map_put(&c->later, SGP_TABLE_PERSONAL, (sgp_row_key){call, 0},
                               (uint64_t[2]){0, 0});
    return sgp_personal_row(seq, call, incident, sealed, length, &c->work, &sink);
}

static void note_first(comparison *c, sgp_table table, sgp_row_key key, const char *what) {
    if (*c->difference->first)
        return;
    const sgp_table_form *form = sgp_table_form_of(table);
    char rank[32] = "";
    if (form->n_keys == 2)
        snprintf(rank, sizeof rank, ", rank %" PRIu64, key.second);
    snprintf(c->difference->first, sizeof c->difference->first,
             "table %s: the row of %s %" PRIu64 "%s %s", form->name, form->columns[0].name,
             key.first, rank, what);
}

static sgp_err compare_row(void *ctx, const PGresult *result) {
    comparison *c = ctx;
    const sgp_table_form *form = sgp_table_form_of(c->table);
    sgp_buffer_clear(&c->work);
    for (int i = 0; i < form->n_columns; i++) {
        sgp_err err =
            sgp_row_append(&c->work, PQgetisnull(result, 0, i) ? NULL : PQgetvalue(result, 0, i));
        if (err)
            return err;
    }
    sgp_row_key key = {(uint64_t)strtoll(PQgetvalue(result, 0, 0), NULL, 10), 0};
    if (form->n_keys == 2)
        key.second = (uint64_t)strtoll(PQgetvalue(result, 0, 1), NULL, 10);
    uint64_t digest[2];
    digest_row(c->work.data, c->work.length, digest);
    sgp_row_entry *entry = sgp_row_map_find(&c->journal_rows, c->table, key);
    if (!entry || entry->gone) {
        if (!sgp_row_map_find(&c->later, c->table, key)) {
            c->difference->extra++;
            note_first(c, c->table, key, "is not in the journal");
        }
        return SGP_OK;
    }
    entry->marked = true;
    if (memcmp(entry->value, digest, sizeof digest) != 0) {
        c->difference->differing++;
        note_first(c, c->table, key, "differs from the journal's");
    }
    return SGP_OK;
}

static sgp_err compare_table(comparison *c, sgp_db *db, sgp_fault *fault) {
    const sgp_table_form *form = sgp_table_form_of(c->table);
    char sql[1024];
    int used = snprintf(sql, sizeof sql, "SELECT ");
    for (int i = 0; i < form->n_columns; i++)
        used += snprintf(sql + used, sizeof sql - (size_t)used, "%s\"%s\"", i ? ", " : "",
                         form->columns[i].name);
    snprintf(sql + used, sizeof sql - (size_t)used, " FROM sigap.\"%s\"", form->name);
    return sgp_db_each_row(db, sql, compare_row, c, fault);
}

static sgp_err compare(comparison *c, sgp_journal_reader *reader, sgp_db *db, sgp_fault *fault) {
    sgp_projection_difference *difference = c->difference;
    sgp_cursor cursor = {0};
    bool found = false;
    /* PostgreSQL is looked at first: the journal can only be further by then. */
    sgp_err err = sgp_db_run(db, NULL, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", 0, NULL,
                             NULL, fault);
    if (!err)
        err = sgp_cursor_read(db, sgp_journal_reader_id(reader), &cursor, &found, fault);
    if (!err && !found)
        err = sgp_fail(fault, SGP_E_MISMATCH, "PostgreSQL holds no rows of this journal");
    if (!err)
        err = sgp_journal_reader_begin(reader, fault);
    if (!err)
        err = sgp_journal_reader_last(reader, &difference->journal_seq, NULL, NULL, fault);
    c->cursor_seq = difference->cursor_seq = cursor.event_seq;
    if (!err)
        err = sgp_journal_reader_events(reader, 0, difference->journal_seq, take_record, c, fault);
    if (!err)
        err = sgp_journal_reader_personal(reader, 0, difference->journal_seq, take_personal, c,
                                          fault);
    sgp_journal_reader_end(reader);
    for (int table = 0; !err && table < SGP_TABLES; table++) {
        c->table = (sgp_table)table;
        err = compare_table(c, db, fault);
    }
    for (size_t i = 0; !err && i < c->journal_rows.n; i++) {
        const sgp_row_entry *entry = &c->journal_rows.entries[i];
        if (entry->gone)
            continue;
        difference->rows++;
        if (!entry->marked) {
            difference->missing++;
            note_first(c, (sgp_table)entry->table, entry->key, "is missing");
        }
    }
    return err;
}

sgp_err sgp_projection_verify(const char *journal_path, const char *conninfo,
                              sgp_projection_difference *difference, sgp_fault *fault) {
    memset(difference, 0, sizeof *difference);
    if (sodium_init() < 0)
        return sgp_fail(fault, SGP_E_CRYPTO, "libsodium does not start");
    comparison c = {.difference = difference};
    sgp_journal_reader *reader = NULL;
    sgp_db *db = NULL;
    sgp_fault local = {0};
    sgp_err err = sgp_journal_reader_open(journal_path, NULL, &reader, &local);
    if (!err)
        err = sgp_db_connect(conninfo, NULL, &db, &local);
    if (!err)
        err = compare(&c, reader, db, &local);
    if (err)
        sgp_fail(fault, err, "%s", *local.text ? local.text : sgp_err_message(err));
    sgp_db_close(db);
    sgp_journal_reader_close(reader);
    sgp_row_map_free(&c.journal_rows);
    sgp_row_map_free(&c.later);
    sgp_buffer_free(&c.work);
    return err;
}
