#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "gis/gazetteer_parts.h"

/* ---- binary values ------------------------------------------------------------------
 *
 * Integers are big-endian, text is as it is (libpq adds the '\0'), points are EWKB as
 * PostGIS sends them: one byte for the order, a word of type and flags, the SRID where the
 * flag says so, two doubles. A value of another shape than expected reads as 0 or absent.
 */

static const char *text_at(const PGresult *rows, int row, int column) {
    return PQgetisnull(rows, row, column) ? "" : PQgetvalue(rows, row, column);
}

static bool is_there(const PGresult *rows, int row, int column) {
    return !PQgetisnull(rows, row, column);
}

int32_t sgp_result_number(const PGresult *rows, int row, int column) {
    if (PQgetlength(rows, row, column) != 4)
        return 0;
    const unsigned char *b = (const unsigned char *)PQgetvalue(rows, row, column);
    return (int32_t)((uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3]);
}

static uint64_t bytes_from(const unsigned char *from, size_t n, bool little) {
    uint64_t value = 0;
    for (size_t i = 0; i < n; i++)
        value = value << 8 | from[little ? n - 1 - i : i];
    return value;
}

static double double_from(const unsigned char *from, bool little) {
    uint64_t bits = bytes_from(from, 8, little);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

bool sgp_result_point(const PGresult *rows, int row, int column, sgp_point *point) {
    enum { POINT = 1, HAS_SRID = 0x20000000 };
    int length = PQgetlength(rows, row, column);
    if (PQgetisnull(rows, row, column) || length < 21)
        return false;
    const unsigned char *b = (const unsigned char *)PQgetvalue(rows, row, column);
    bool little = b[0] == 1;
    uint32_t type = (uint32_t)bytes_from(b + 1, 4, little);
    size_t at = 5 + (type & HAS_SRID ? 4 : 0);
    if ((type & 0xff) != POINT || (size_t)length < at + 16)
        return false;
    return sgp_point_from_degrees(double_from(b + at, little), double_from(b + at + 8, little),
                                  point) == SGP_OK;
}

/* ---- rows ---------------------------------------------------------------------------- */

enum name_column {
    NAME_NUMBER,
    NAME_KIND,
    NAME_THING,
    NAME_LABEL,
    NAME_OWN,
    NAME_CONTEXT,
    NAME_SORT,
    NAME_REACH,
    NAME_RANK,
    NAME_POINT, /* points are two columns, longitude and latitude */
    NAME_KELURAHAN = NAME_POINT + 2,
    NAME_KECAMATAN,
    NAME_KABUPATEN,
    NAME_FRONT_STREET,
    NAME_FRONT_NAME,
    NAME_FRONT,
    NAME_ENTRANCE = NAME_FRONT + 2,
    NAME_SOUTH_WEST = NAME_ENTRANCE + 2,
    NAME_NORTH_EAST = NAME_SOUTH_WEST + 2,
    NAME_COLUMNS = NAME_NORTH_EAST + 2
};

static bool point_of(const PGresult *rows, int row, int column, sgp_point *point) {
    if (PQgetisnull(rows, row, column) || PQgetisnull(rows, row, column + 1))
        return false;
    *point =
        (sgp_point){sgp_result_number(rows, row, column), sgp_result_number(rows, row, column + 1)};
    return true;
}

/* Words as ids; into room[capacity], of which they take what they need. */
static const uint32_t *words_at(const PGresult *rows, int row, int column,
                                const sgp_vocabulary *vocabulary, uint32_t *room, size_t capacity,
                                uint16_t *n) {
    *n = (uint16_t)sgp_vocabulary_words(vocabulary, text_at(rows, row, column), room, capacity);
    return room;
}

static float weight_of(const uint32_t *words, size_t n, const sgp_vocabulary *vocabulary) {
    float sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += sgp_vocabulary_word_at(vocabulary, words[i] & ~SGP_NUMERAL).weight;
    return sum;
}

bool sgp_name_row_read(const PGresult *rows, int row, const sgp_vocabulary *vocabulary,
                       uint32_t words[SGP_ROW_WORDS_MAX], uint32_t *number, sgp_name_row *name) {
    if (PQnfields(rows) != NAME_COLUMNS)
        return false;
    memset(name, 0, sizeof *name);
    *number = (uint32_t)sgp_result_number(rows, row, NAME_NUMBER);
    name->thing.kind = (sgp_thing_kind)text_at(rows, row, NAME_KIND)[0];
    name->thing.id = sgp_result_number(rows, row, NAME_THING);
    name->label = text_at(rows, row, NAME_LABEL);
    name->own = words_at(rows, row, NAME_OWN, vocabulary, words, SGP_ROW_WORDS_MAX, &name->n_own);
    name->context = words_at(rows, row, NAME_CONTEXT, vocabulary, words + name->n_own,
                             SGP_ROW_WORDS_MAX - name->n_own, &name->n_context);
    name->sort = text_at(rows, row, NAME_SORT);
    name->own_weight = weight_of(name->own, name->n_own, vocabulary);
    name->reach_m = sgp_result_number(rows, row, NAME_REACH);
    name->rank = sgp_result_number(rows, row, NAME_RANK);
    point_of(rows, row, NAME_POINT, &name->point);
    name->kelurahan = text_at(rows, row, NAME_KELURAHAN);
    name->kecamatan = text_at(rows, row, NAME_KECAMATAN);
    name->kabupaten = text_at(rows, row, NAME_KABUPATEN);
    name->front_street = sgp_result_number(rows, row, NAME_FRONT_STREET);
    name->front_name =
        is_there(rows, row, NAME_FRONT_NAME) ? text_at(rows, row, NAME_FRONT_NAME) : NULL;
    name->has_front = point_of(rows, row, NAME_FRONT, &name->front);
    if (!point_of(rows, row, NAME_ENTRANCE, &name->entrance))
        name->entrance = name->point;
    if (!point_of(rows, row, NAME_SOUTH_WEST, &name->south_west) ||
        !point_of(rows, row, NAME_NORTH_EAST, &name->north_east))
        name->south_west = name->north_east = name->point;
    return true;
}

static void read_around(const PGresult *rows, int row, sgp_around_row *around) {
    around->kind = SGP_THING_STREET;
    around->street = text_at(rows, row, 0);
    around->number = text_at(rows, row, 1);
    sgp_result_point(rows, row, 2, &around->point);
    around->away_m = sgp_result_number(rows, row, 3);
}

sgp_err sgp_rows_read(const PGresult *rows, sgp_gazetteer_answer *answer, void **memory) {
    enum { COLUMNS = 4 };
    memset(answer, 0, sizeof *answer);
    *memory = NULL;
    if (!rows || PQntuples(rows) == 0 || PQnfields(rows) < COLUMNS)
        return SGP_OK;
    size_t n = (size_t)PQntuples(rows);
    sgp_around_row *around = calloc(n, sizeof *around);
    if (!around)
        return SGP_E_MEMORY;
    for (size_t row = 0; row < n; row++)
        read_around(rows, (int)row, &around[row]);
    *memory = around;
    *answer = (sgp_gazetteer_answer){.around = around, .n = n};
    return SGP_OK;
}
