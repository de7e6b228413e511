/* A growing list of rows of a run that are found by id; shared by the readers of this folder. */
#ifndef SGP_REPLAY_ID_ROWS_H
#define SGP_REPLAY_ID_ROWS_H

#include <stdlib.h>
#include <string.h>

#include "replay/outcome.h"

/* New ids are the greatest so far, so that a row nearly always goes to the end. */
typedef struct sgp_id_row {
    uint64_t id;
    uint32_t row;
} sgp_id_row;
typedef struct sgp_id_rows {
    sgp_id_row *rows;
    uint32_t n, capacity;
} sgp_id_rows;

static inline uint32_t sgp_id_rows_position(const sgp_id_rows *index, uint64_t id) {
    uint32_t low = 0, high = index->n;
    if (high > 0 && index->rows[high - 1].id < id)
        return high;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (index->rows[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* SGP_RUN_NONE: there is none. */
static inline uint32_t sgp_id_rows_find(const sgp_id_rows *index, uint64_t id) {
    uint32_t at = sgp_id_rows_position(index, id);
    return at < index->n && index->rows[at].id == id ? index->rows[at].row : SGP_RUN_NONE;
}

static inline sgp_err sgp_id_rows_add(sgp_id_rows *index, uint64_t id, uint32_t row) {
    if (index->n == index->capacity) {
        uint32_t capacity = index->capacity == 0 ? 256 : index->capacity * 2;
        sgp_id_row *rows = realloc(index->rows, capacity * sizeof *rows);
        if (rows == NULL)
            return SGP_E_MEMORY;
        index->rows = rows;
        index->capacity = capacity;
    }
    uint32_t at = sgp_id_rows_position(index, id);
    memmove(&index->rows[at + 1], &index->rows[at], (index->n - at) * sizeof *index->rows);
    index->rows[at] = (sgp_id_row){id, row};
    index->n++;
    return SGP_OK;
}

#endif
