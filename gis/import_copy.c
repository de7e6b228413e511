#include <math.h>
#include <stdio.h>
#include <string.h>

#include "gis/import_parts.h"

enum { PIECE_BYTES = 64 * 1024 };

static void append(sgp_table_copy *copy, const void *bytes, size_t length) {
    if (copy->err == SGP_OK && sgp_buffer_append(&copy->lines, bytes, length) != SGP_OK)
        copy->err = sgp_fail(copy->fault, SGP_E_MEMORY, "%s: no memory left", copy->doing);
}

static void send(sgp_table_copy *copy) {
    if (copy->err == SGP_OK && copy->lines.length > 0 &&
        PQputCopyData(copy->connection, (const char *)copy->lines.data, (int)copy->lines.length) !=
            1)
        copy->err = sgp_database_fail(copy->connection, NULL, copy->doing, copy->fault);
    sgp_buffer_clear(&copy->lines);
}

void sgp_table_copy_begin(sgp_table_copy *copy, PGconn *connection, const char *into,
                          const char *doing, sgp_fault *fault) {
    *copy = (sgp_table_copy){.connection = connection, .doing = doing, .fault = fault};
    char sql[200];
    snprintf(sql, sizeof sql, "COPY %.150s FROM STDIN", into);
    PGresult *result = PQexec(connection, sql);
    copy->started = PQresultStatus(result) == PGRES_COPY_IN;
    if (!copy->started)
        copy->err = sgp_database_fail(connection, result, doing, fault);
    PQclear(result);
}

void sgp_table_copy_text(sgp_table_copy *copy, const char *value) {
    if (copy->in_line)
        append(copy, "\t", 1);
    copy->in_line = true;
    if (!value) {
        append(copy, "\\N", 2);
        return;
    }
    while (*value) {
        size_t plain = strcspn(value, "\\\n\t\r");
        append(copy, value, plain);
        value += plain;
        if (*value) {
            char pair[2] = {'\\', *value == '\n'   ? 'n'
                                  : *value == '\t' ? 't'
                                  : *value == '\r' ? 'r'
                                                   : '\\'};
            append(copy, pair, 2);
            value++;
        }
    }
}

void sgp_table_copy_number(sgp_table_copy *copy, double value) {
    char text[40];
    snprintf(text, sizeof text, "%.10g", value);
    sgp_table_copy_text(copy, text);
}

void sgp_table_copy_end_row(sgp_table_copy *copy) {
    append(copy, "\n", 1);
    copy->in_line = false;
    if (copy->lines.length > PIECE_BYTES)
        send(copy);
}

sgp_err sgp_table_copy_finish(sgp_table_copy *copy) {
    send(copy);
    sgp_buffer_free(&copy->lines);
    if (!copy->started)
        return copy->err;
    PQputCopyEnd(copy->connection, copy->err == SGP_OK ? NULL : "given up");
    for (PGresult *result; (result = PQgetResult(copy->connection)); PQclear(result))
        if (copy->err == SGP_OK && PQresultStatus(result) != PGRES_COMMAND_OK)
            copy->err = sgp_database_fail(copy->connection, result, copy->doing, copy->fault);
    return copy->err;
}
