#include "journal/projection_tables.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "projection_sql.h"

enum { ROWS_PER_STATEMENT = 4096 };

/* Any two projections into one database agree on this number, and only they. */
#define TABLES_LOCK "SELECT pg_advisory_xact_lock(1397182513)"

/* ---- a batch of rows --------------------------------------------------------- */

void sgp_row_batch_clear(sgp_row_batch *batch) {
    sgp_row_map_clear(&batch->rows);
    sgp_row_map_clear(&batch->lists);
    sgp_buffer_clear(&batch->bytes);
    batch->n_erasures = 0;
}

void sgp_row_batch_free(sgp_row_batch *batch) {
    sgp_row_map_free(&batch->rows);
    sgp_row_map_free(&batch->lists);
    sgp_buffer_free(&batch->bytes);
    free(batch->erasures);
    *batch = (sgp_row_batch){0};
}

static sgp_err batch_row(void *ctx, sgp_table table, sgp_row_key key, const uint8_t *row,
                         size_t length) {
    sgp_row_batch *batch = ctx;
    uint64_t value[2] = {batch->bytes.length, length};
    sgp_err err = sgp_buffer_append(&batch->bytes, row, length);
    return err ? err : sgp_row_map_put(&batch->rows, table, key, value);
}

static sgp_err batch_list(void *ctx, sgp_table table, uint64_t owner, uint64_t n) {
    sgp_row_batch *batch = ctx;
    sgp_row_map_cut_list(&batch->rows, table, owner, n);
    return sgp_row_map_put(&batch->lists, table, (sgp_row_key){owner, 0}, (uint64_t[2]){0, 0});
}

sgp_row_sink sgp_row_batch_sink(sgp_row_batch *batch) {
    return (sgp_row_sink){.ctx = batch, .row = batch_row, .list = batch_list};
}

sgp_err sgp_row_batch_erase(sgp_row_batch *batch, sgp_erasure erasure) {
    if (batch->n_erasures == batch->erasures_capacity) {
        size_t capacity = batch->erasures_capacity ? 2 * batch->erasures_capacity : 16;
        sgp_erasure *erasures = realloc(batch->erasures, capacity * sizeof *erasures);
        if (!erasures)
            return SGP_E_MEMORY;
        batch->erasures = erasures;
        batch->erasures_capacity = capacity;
    }
    batch->erasures[batch->n_erasures++] = erasure;
    return SGP_OK;
}

/* ---- text for PostgreSQL ------------------------------------------------------- */

/* An sgp_buffer that is text; the first failure sticks. */
typedef struct text_builder {
    sgp_buffer bytes;
    sgp_err err;
} text_builder;

static void text_add(text_builder *text, const char *more) {
    if (!text->err)
        text->err = sgp_buffer_append(&text->bytes, more, strlen(more));
}

static const char *text_end(text_builder *text) {
    if (!text->err)
        text->err = sgp_buffer_append(&text->bytes, "", 1);
    return text->err ? "" : (const char *)text->bytes.data;
}

/* One element of an array in PostgreSQL's text form. */
static void array_add(text_builder *text, const char *element) {
    text_add(text, text->bytes.length ? "," : "{");
    if (!element) {
        text_add(text, "NULL");
        return;
    }
    text_add(text, "\"");
    for (size_t plain; *element; element += plain) {
        plain = strcspn(element, "\"\\");
        if (!text->err)
            text->err = sgp_buffer_append(&text->bytes, element, plain);
        if (element[plain]) {
            text_add(text, "\\");
            if (!text->err)
                text->err = sgp_buffer_append(&text->bytes, element + plain, 1);
            plain++;
        }
    }
    text_add(text, "\"");
}

static void number_add(text_builder *text, uint64_t number) {
    char digits[24];
    snprintf(digits, sizeof digits, "%" PRId64, (int64_t)number);
    array_add(text, digits);
}

static const char *array_end(text_builder *text) {
    text_add(text, text->bytes.length ? "}" : "{}");
    return text_end(text);
}

/* INSERT of many rows, each parameter one column as an array of texts. */
static void upsert_text(text_builder *sql, const sgp_table_form *form) {
    char piece[160];
    snprintf(piece, sizeof piece, "INSERT INTO sigap.\"%s\" (", form->name);
    text_add(sql, piece);
    for (int i = 0; i < form->n_columns; i++) {
        snprintf(piece, sizeof piece, "%s\"%s\"", i ? ", " : "", form->columns[i].name);
        text_add(sql, piece);
    }
    text_add(sql, ") SELECT ");
    for (int i = 0; i < form->n_columns; i++) {
        snprintf(piece, sizeof piece, "%sc%d::%s", i ? ", " : "", i, form->columns[i].type);
        text_add(sql, piece);
    }
    text_add(sql, " FROM unnest(");
    for (int i = 0; i < form->n_columns; i++) {
        snprintf(piece, sizeof piece, "%s$%d::text[]", i ? ", " : "", i + 1);
        text_add(sql, piece);
    }
    text_add(sql, ") AS r(");
    for (int i = 0; i < form->n_columns; i++) {
        snprintf(piece, sizeof piece, "%sc%d", i ? ", " : "", i);
        text_add(sql, piece);
    }
    text_add(sql, ") ON CONFLICT (");
    for (int i = 0; i < form->n_keys; i++) {
        snprintf(piece, sizeof piece, "%s\"%s\"", i ? ", " : "", form->columns[i].name);
        text_add(sql, piece);
    }
    text_add(sql, ") DO UPDATE SET ");
    for (int i = form->n_keys; i < form->n_columns; i++) {
        snprintf(piece, sizeof piece, "%s\"%s\" = EXCLUDED.\"%s\"", i > form->n_keys ? ", " : "",
                 form->columns[i].name, form->columns[i].name);
        text_add(sql, piece);
    }
}

/* ---- writing -------------------------------------------------------------------- */

static sgp_err send_rows(sgp_db *db, const sgp_table_form *form, text_builder *columns,
                         sgp_fault *fault) {
    text_builder sql = {0};
    const char *parameters[SGP_COLUMNS_MAX];
    upsert_text(&sql, form);
    const char *statement = text_end(&sql);
    sgp_err err = sql.err;
    for (int i = 0; i < form->n_columns; i++) {
        parameters[i] = array_end(&columns[i]);
        if (!err)
            err = columns[i].err;
    }
    if (!err)
        err = sgp_db_run(db, form->name, statement, form->n_columns, parameters, NULL, fault);
    sgp_buffer_free(&sql.bytes);
    for (int i = 0; i < form->n_columns; i++)
        sgp_buffer_clear(&columns[i].bytes);
    return err;
}

static sgp_err write_table(sgp_db *db, sgp_table table, const sgp_row_batch *batch,
                           sgp_fault *fault) {
    const sgp_table_form *form = sgp_table_form_of(table);
    text_builder columns[SGP_COLUMNS_MAX] = {0};
    size_t waiting = 0;
    sgp_err err = SGP_OK;
    for (size_t i = 0; !err && i < batch->rows.n; i++) {
        const sgp_row_entry *entry = &batch->rows.entries[i];
        if (entry->table != (uint32_t)table || entry->gone)
            continue;
        const uint8_t *at = batch->bytes.data + entry->value[0];
        for (int column = 0; column < form->n_columns; column++)
            array_add(&columns[column], sgp_row_next(&at));
        if (++waiting == ROWS_PER_STATEMENT) {
            err = send_rows(db, form, columns, fault);
            waiting = 0;
        }
    }
    if (!err && waiting)
        err = send_rows(db, form, columns, fault);
    for (int column = 0; column < form->n_columns; column++)
        sgp_buffer_free(&columns[column].bytes);
    return err;
}

/* Lists are replaced whole: their old rows go before the new ones come. */
static sgp_err drop_lists(sgp_db *db, sgp_table table, const sgp_row_batch *batch,
                          sgp_fault *fault) {
    const sgp_table_form *form = sgp_table_form_of(table);
    text_builder owners = {0};
    for (size_t i = 0; i < batch->lists.n; i++)
        if (batch->lists.entries[i].table == (uint32_t)table)
            number_add(&owners, batch->lists.entries[i].key.first);
    sgp_err err = SGP_OK;
    if (owners.bytes.length) {
        char sql[160];
        snprintf(sql, sizeof sql, "DELETE FROM sigap.\"%s\" WHERE \"%s\" = ANY($1::bigint[])",
                 form->name, form->columns[0].name);
        const char *parameter = array_end(&owners);
        err = owners.err;
        if (!err)
            err = sgp_db_run(db, NULL, sql, 1, &parameter, NULL, fault);
    }
    sgp_buffer_free(&owners.bytes);
    return err;
}

static sgp_err write_erasures(sgp_db *db, const sgp_row_batch *batch, sgp_fault *fault) {
    if (!batch->n_erasures)
        return SGP_OK;
    text_builder incidents = {0}, seqs = {0};
    for (size_t i = 0; i < batch->n_erasures; i++) {
        number_add(&incidents, batch->erasures[i].incident);
        number_add(&seqs, batch->erasures[i].seq);
    }
    const char *parameters[2] = {array_end(&incidents), array_end(&seqs)};
    sgp_err err = incidents.err ? incidents.err : seqs.err;
    if (!err)
        err = sgp_db_run(db, "erase",
                         "UPDATE sigap.personal p SET sealed = NULL FROM"
                         " unnest($1::bigint[], $2::bigint[]) AS e(incident_id, seq)"
                         " WHERE p.incident_id = e.incident_id AND p.seq <= e.seq"
                         " AND p.sealed IS NOT NULL",
                         2, parameters, NULL, fault);
    sgp_buffer_free(&incidents.bytes);
    sgp_buffer_free(&seqs.bytes);
    return err;
}

static sgp_err move_cursor(sgp_db *db, const char *journal, const sgp_cursor *before,
                           const sgp_cursor *after, sgp_fault *fault) {
    char numbers[4][24];
    snprintf(numbers[0], sizeof numbers[0], "%" PRIu64, before->event_seq);
    snprintf(numbers[1], sizeof numbers[1], "%" PRIu64, before->erasure_number);
    snprintf(numbers[2], sizeof numbers[2], "%" PRIu64, after->event_seq);
    snprintf(numbers[3], sizeof numbers[3], "%" PRIu64, after->erasure_number);
    const char *parameters[5] = {journal, numbers[0], numbers[1], numbers[2], numbers[3]};
    PGresult *result = NULL;
    sgp_err err = sgp_db_run(db, "cursor",
                             "UPDATE sigap.projection_cursor SET event_seq = $4,"
                             " erasure_number = $5, updated_at = now()"
                             " WHERE journal_id = decode($1, 'hex') AND event_seq = $2"
                             " AND erasure_number = $3",
                             5, parameters, &result, fault);
    if (!err && strcmp(PQcmdTuples(result), "1") != 0)
        err = sgp_fail(fault, SGP_E_STATE, "another engine moved PostgreSQL's cursor");
    PQclear(result);
    return err;
}

static void journal_hex(const uint8_t id[SGP_JOURNAL_ID_BYTES],
                        char hex[2 * SGP_JOURNAL_ID_BYTES + 1]) {
    sodium_bin2hex(hex, 2 * SGP_JOURNAL_ID_BYTES + 1, id, SGP_JOURNAL_ID_BYTES);
}

sgp_err sgp_tables_write(sgp_db *db, const uint8_t journal_id[SGP_JOURNAL_ID_BYTES],
                         const sgp_cursor *before, const sgp_cursor *after,
                         const sgp_row_batch *batch, sgp_fault *fault) {
    char journal[2 * SGP_JOURNAL_ID_BYTES + 1];
    journal_hex(journal_id, journal);
    sgp_err err = sgp_db_run(db, NULL, "BEGIN", 0, NULL, NULL, fault);
    /* First, because it locks the row: two engines wait for each other here, and
     * the later one finds that the cursor has moved. */
    if (!err)
        err = move_cursor(db, journal, before, after, fault);
    for (int table = 0; !err && table < SGP_TABLES; table++) {
        if (sgp_table_form_of((sgp_table)table)->n_keys == 2)
            err = drop_lists(db, (sgp_table)table, batch, fault);
        if (!err)
            err = write_table(db, (sgp_table)table, batch, fault);
    }
    if (!err)
        err = write_erasures(db, batch, fault);
    if (!err)
        err = sgp_db_run(db, NULL, "COMMIT", 0, NULL, NULL, fault);
    return err;
}

/* ---- schema and cursor ------------------------------------------------------------ */

typedef enum tables_state { TABLES_ABSENT, TABLES_FOREIGN, TABLES_OURS } tables_state;

static sgp_err look_at_tables(sgp_db *db, const char *journal, tables_state *state,
                              sgp_cursor *cursor, sgp_fault *fault) {
    PGresult *result = NULL;
    *state = TABLES_ABSENT;
    sgp_err err = sgp_db_run(db, NULL, "SELECT to_regclass('sigap.projection_cursor') IS NOT NULL",
                             0, NULL, &result, fault);
    bool there = !err && PQgetvalue(result, 0, 0)[0] == 't';
    PQclear(result);
    if (err || !there)
        return err;
    result = NULL;
    err = sgp_db_run(db, NULL,
                     "SELECT schema_version, encode(journal_id, 'hex'), event_seq, erasure_number"
                     " FROM sigap.projection_cursor",
                     0, NULL, &result, fault);
    if (!err && PQntuples(result) == 1 &&
        atoi(PQgetvalue(result, 0, 0)) == SGP_PROJECTION_VERSION) {
        *state = strcmp(PQgetvalue(result, 0, 1), journal) == 0 ? TABLES_OURS : TABLES_FOREIGN;
        cursor->event_seq = strtoull(PQgetvalue(result, 0, 2), NULL, 10);
        cursor->erasure_number = strtoull(PQgetvalue(result, 0, 3), NULL, 10);
    }
    PQclear(result);
    return err;
}

sgp_err sgp_cursor_read(sgp_db *db, const uint8_t journal_id[SGP_JOURNAL_ID_BYTES],
                        sgp_cursor *cursor, bool *found, sgp_fault *fault) {
    char journal[2 * SGP_JOURNAL_ID_BYTES + 1];
    tables_state state;
    journal_hex(journal_id, journal);
    sgp_err err = look_at_tables(db, journal, &state, cursor, fault);
    *found = !err && state == TABLES_OURS;
    return err;
}

static sgp_err start_over(sgp_db *db, const char *journal, tables_state state, sgp_fault *fault) {
    sgp_err err = sgp_db_run(db, NULL,
                             state == TABLES_ABSENT
                                 ? projection_sql
                                 : "TRUNCATE sigap.unit, sigap.hospital, sigap.call,"
                                   " sigap.call_place, sigap.incident, sigap.assignment,"
                                   " sigap.recommendation, sigap.candidate, sigap.personal,"
                                   " sigap.projection_cursor",
                             0, NULL, NULL, fault);
    if (err)
        return err;
    char version[16];
    snprintf(version, sizeof version, "%d", SGP_PROJECTION_VERSION);
    const char *parameters[2] = {version, journal};
    sgp_log(SGP_LOG_INFO, "projection_started_over", "reason=%s",
            state == TABLES_ABSENT    ? "no_tables_of_this_version"
            : state == TABLES_FOREIGN ? "another_journal"
                                      : "ahead_of_journal");
    return sgp_db_run(db, NULL,
                      "INSERT INTO sigap.projection_cursor(schema_version, journal_id, event_seq,"
                      " erasure_number) VALUES($1, decode($2, 'hex'), 0, 0)",
                      2, parameters, NULL, fault);
}

sgp_err sgp_tables_prepare(sgp_db *db, const uint8_t journal_id[SGP_JOURNAL_ID_BYTES],
                           uint64_t last_seq, sgp_cursor *cursor, sgp_fault *fault) {
    char journal[2 * SGP_JOURNAL_ID_BYTES + 1];
    tables_state state = TABLES_ABSENT;
    journal_hex(journal_id, journal);
    sgp_err err = sgp_db_run(db, NULL, "BEGIN", 0, NULL, NULL, fault);
    if (!err)
        err = sgp_db_run(db, NULL, TABLES_LOCK, 0, NULL, NULL, fault);
    if (!err)
        err = look_at_tables(db, journal, &state, cursor, fault);
    /* A cursor ahead of its own journal: the journal was put back from a copy. */
    if (!err && (state != TABLES_OURS || cursor->event_seq > last_seq)) {
        err = start_over(db, journal, state, fault);
        *cursor = (sgp_cursor){0};
    }
    if (!err)
        err = sgp_db_run(db, NULL, "COMMIT", 0, NULL, NULL, fault);
    return err;
}
