#include "gis/gazetteer_load.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

/* Rows of a page: a few milliseconds, so that the loop is never held long. */
static const int PAGE[SGP_LOAD_STAGES] = {32, 400, 400, 250};
/* The names refer to the words. */
enum { STAGE_BLOCKS, STAGE_SQUARES, STAGE_WORDS, STAGE_NAMES };
_Static_assert((int)STAGE_NAMES + 1 == (int)SGP_LOAD_STAGES, "the names come last");

sgp_err sgp_gazetteer_memory_begin(sgp_gazetteer_memory *memory) {
    *memory = (sgp_gazetteer_memory){.last_block = -1, .last_x = INT_MIN, .last_y = INT_MIN};
    sgp_err err = sgp_vocabulary_create(&memory->vocabulary);
    if (err == SGP_OK)
        err = sgp_name_index_create(&memory->index);
    return err == SGP_OK ? sgp_name_rows_create(&memory->rows) : err;
}

void sgp_gazetteer_memory_free(sgp_gazetteer_memory *memory) {
    sgp_vocabulary_destroy(memory->vocabulary);
    sgp_name_index_destroy(memory->index);
    sgp_name_rows_destroy(memory->rows);
    *memory = (sgp_gazetteer_memory){0};
}

static const char *put_number(sgp_gazetteer_memory *memory, size_t which, int number) {
    snprintf(memory->numbers[which], sizeof memory->numbers[which], "%d", number);
    return memory->numbers[which];
}

bool sgp_gazetteer_memory_call(sgp_gazetteer_memory *memory, sgp_pool_call *call) {
    if (memory->stage == SGP_LOAD_STAGES)
        return false;
    const char *rows = put_number(memory, 2, PAGE[memory->stage]);
    if (memory->stage == STAGE_BLOCKS)
        *call = (sgp_pool_call){SGP_STATEMENT_NAME_BLOCKS,
                                {put_number(memory, 0, memory->last_block), rows}};
    else if (memory->stage == STAGE_SQUARES)
        *call = (sgp_pool_call){
            SGP_STATEMENT_SQUARES,
            {put_number(memory, 0, memory->last_x), put_number(memory, 1, memory->last_y), rows}};
    else if (memory->stage == STAGE_WORDS)
        *call = (sgp_pool_call){SGP_STATEMENT_WORDS, {memory->last_word, rows}};
    else
        *call =
            (sgp_pool_call){SGP_STATEMENT_NAMES,
                            {put_number(memory, 0, (int)sgp_name_rows_count(memory->rows)), rows}};
    return true;
}

static sgp_err take_block(sgp_gazetteer_memory *memory, const PGresult *page, int row) {
    int32_t block = sgp_result_number(page, row, 0);
    if (block != memory->last_block + 1)
        return SGP_E_CORRUPT;
    memory->last_block = block;
    return sgp_name_index_add_names(memory->index, PQgetvalue(page, row, 1),
                                    (size_t)PQgetlength(page, row, 1));
}

static sgp_err take_square(sgp_gazetteer_memory *memory, const PGresult *page, int row) {
    memory->last_x = sgp_result_number(page, row, 0);
    memory->last_y = sgp_result_number(page, row, 1);
    return sgp_name_index_add_square(memory->index, memory->last_x, memory->last_y,
                                     PQgetvalue(page, row, 2), (size_t)PQgetlength(page, row, 2));
}

static sgp_err take_word(sgp_gazetteer_memory *memory, const PGresult *page, int row) {
    const char *word = PQgetvalue(page, row, 0);
    snprintf(memory->last_word, sizeof memory->last_word, "%.*s", (int)sizeof memory->last_word - 1,
             word);
    size_t before = sgp_vocabulary_size(memory->vocabulary);
    sgp_err err = sgp_vocabulary_add(memory->vocabulary, word, sgp_result_number(page, row, 1));
    /* A word of more bytes than a caller's can have is never said. */
    if (err == SGP_E_ARGUMENT || err == SGP_E_FULL)
        return SGP_OK;
    if (err == SGP_OK && sgp_vocabulary_size(memory->vocabulary) > before)
        err = sgp_name_index_add_word(memory->index, PQgetvalue(page, row, 2),
                                      (size_t)PQgetlength(page, row, 2));
    return err;
}

static sgp_err take_name(sgp_gazetteer_memory *memory, const PGresult *page, int row) {
    uint32_t words[SGP_ROW_WORDS_MAX], number;
    sgp_name_row name;
    if (!sgp_name_row_read(page, row, memory->vocabulary, words, &number, &name) ||
        number != sgp_name_rows_count(memory->rows) + 1)
        return SGP_E_CORRUPT;
    return sgp_name_rows_add(memory->rows, &name);
}

static sgp_err finish(sgp_gazetteer_memory *memory) {
    sgp_name_rows_seal(memory->rows);
    return sgp_name_rows_count(memory->rows) == sgp_name_index_names(memory->index)
               ? sgp_name_index_seal(memory->index)
               : SGP_E_CORRUPT;
}

sgp_err sgp_gazetteer_memory_take(sgp_gazetteer_memory *memory, const PGresult *page) {
    static sgp_err (*const TAKE[])(sgp_gazetteer_memory *, const PGresult *,
                                   int) = {[STAGE_BLOCKS] = take_block,
                                           [STAGE_SQUARES] = take_square,
                                           [STAGE_WORDS] = take_word,
                                           [STAGE_NAMES] = take_name};
    int rows = PQntuples(page);
    sgp_err err = SGP_OK;
    for (int row = 0; row < rows && err == SGP_OK; row++)
        err = TAKE[memory->stage](memory, page, row);
    if (err != SGP_OK || rows == PAGE[memory->stage])
        return err;
    memory->stage++;
    if (memory->stage == STAGE_NAMES)
        return sgp_name_rows_expect(memory->rows, sgp_name_index_names(memory->index));
    return memory->stage == SGP_LOAD_STAGES ? finish(memory) : SGP_OK;
}
