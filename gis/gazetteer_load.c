#include "gis/gazetteer_load.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

/* Rows of a page: a few milliseconds, so that the loop is never held long. */
enum stage {
    STAGE_BLOCKS,
    STAGE_SQUARES,
    STAGE_WORDS,
    STAGE_NAMES, /* refer to the words */
    STAGE_STREETS,
    STAGE_FACILITIES,
    STAGE_POSTS,
    STAGE_AREAS,
    STAGE_JUNCTIONS, /* refer to the streets */
    STAGE_BORDERS,
    STAGE_PLACES,
    STAGE_HOUSES,
    STAGES
};
_Static_assert((int)STAGES == (int)SGP_LOAD_STAGES, "all stages are known");

/* Of the borders it is areas that are counted, and of the posts posts, each of which may have
 * several rows. */
static const struct {
    int page;
    enum sgp_gazetteer_statement statement;
    sgp_ground_take take; /* NULL = it is about names */
} STAGE[STAGES] = {
    [STAGE_BLOCKS] = {32, SGP_STATEMENT_NAME_BLOCKS, NULL},
    [STAGE_SQUARES] = {400, SGP_STATEMENT_SQUARES, NULL},
    [STAGE_WORDS] = {400, SGP_STATEMENT_WORDS, NULL},
    [STAGE_NAMES] = {250, SGP_STATEMENT_NAMES, NULL},
    [STAGE_STREETS] = {500, SGP_STATEMENT_STREETS, sgp_ground_take_street},
    [STAGE_FACILITIES] = {500, SGP_STATEMENT_FACILITIES, sgp_ground_take_facility},
    [STAGE_POSTS] = {100, SGP_STATEMENT_POSTS, sgp_ground_take_post},
    [STAGE_AREAS] = {50, SGP_STATEMENT_AREAS, sgp_ground_take_area},
    [STAGE_JUNCTIONS] = {1000, SGP_STATEMENT_JUNCTION_ROWS, sgp_ground_take_junction},
    [STAGE_BORDERS] = {200, SGP_STATEMENT_BORDERS, sgp_ground_take_border},
    [STAGE_PLACES] = {500, SGP_STATEMENT_PLACES, sgp_ground_take_place},
    [STAGE_HOUSES] = {800, SGP_STATEMENT_HOUSES, sgp_ground_take_house},
};

sgp_err sgp_gazetteer_memory_begin(sgp_gazetteer_memory *memory) {
    *memory = (sgp_gazetteer_memory){.last_block = -1, .last_x = INT_MIN, .last_y = INT_MIN};
    sgp_err err = sgp_vocabulary_create(&memory->vocabulary);
    if (err == SGP_OK)
        err = sgp_name_index_create(&memory->index);
    if (err == SGP_OK)
        err = sgp_name_rows_create(&memory->rows);
    return err == SGP_OK ? sgp_ground_begin(&memory->ground) : err;
}

void sgp_gazetteer_memory_free(sgp_gazetteer_memory *memory) {
    sgp_vocabulary_destroy(memory->vocabulary);
    sgp_name_index_destroy(memory->index);
    sgp_name_rows_destroy(memory->rows);
    sgp_ground_free(&memory->ground);
    *memory = (sgp_gazetteer_memory){0};
}

static const char *put_number(sgp_gazetteer_memory *memory, size_t which, int number) {
    snprintf(memory->numbers[which], sizeof memory->numbers[which], "%d", number);
    return memory->numbers[which];
}

bool sgp_gazetteer_memory_call(sgp_gazetteer_memory *memory, sgp_pool_call *call) {
    if (memory->stage == SGP_LOAD_STAGES)
        return false;
    const char *rows = put_number(memory, 3, STAGE[memory->stage].page);
    int32_t street, value, id;
    *call = (sgp_pool_call){.statement = STAGE[memory->stage].statement, .values = {NULL, rows}};
    switch ((enum stage)memory->stage) {
    case STAGE_BLOCKS:
        call->values[0] = put_number(memory, 0, memory->last_block);
        break;
    case STAGE_SQUARES:
        call->values[0] = put_number(memory, 0, memory->last_x);
        call->values[1] = put_number(memory, 1, memory->last_y);
        call->values[2] = rows;
        break;
    case STAGE_WORDS:
        call->values[0] = memory->last_word;
        break;
    case STAGE_NAMES:
        call->values[0] = put_number(memory, 0, (int)sgp_name_rows_count(memory->rows));
        break;
    case STAGE_HOUSES:
        sgp_houses_last(memory->ground.houses, &street, &value, &id);
        call->values[0] = put_number(memory, 0, street);
        call->values[1] = put_number(memory, 1, value);
        call->values[2] = put_number(memory, 2, id);
        call->values[3] = rows;
        break;
    default:
        call->values[0] = put_number(memory, 0, memory->last_id);
    }
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

static sgp_err take_row(sgp_gazetteer_memory *memory, const PGresult *page, int row) {
    static sgp_err (*const TAKE[])(sgp_gazetteer_memory *, const PGresult *,
                                   int) = {[STAGE_BLOCKS] = take_block,
                                           [STAGE_SQUARES] = take_square,
                                           [STAGE_WORDS] = take_word,
                                           [STAGE_NAMES] = take_name};
    sgp_ground_take take = STAGE[memory->stage].take;
    return take ? take(&memory->ground, page, row, &memory->last_id)
                : TAKE[memory->stage](memory, page, row);
}

static sgp_err finish_names(sgp_gazetteer_memory *memory) {
    sgp_name_rows_seal(memory->rows);
    return sgp_name_rows_count(memory->rows) == sgp_name_index_names(memory->index)
               ? sgp_name_index_seal(memory->index)
               : SGP_E_CORRUPT;
}

/* A table was read wholly. */
static sgp_err finish_stage(sgp_gazetteer_memory *memory) {
    memory->last_id = 0;
    memory->stage++;
    if (memory->stage == STAGE_NAMES)
        return sgp_name_rows_expect(memory->rows, sgp_name_index_names(memory->index));
    if (memory->stage == STAGE_NAMES + 1)
        return finish_names(memory);
    return memory->stage == SGP_LOAD_STAGES ? sgp_ground_finish(&memory->ground) : SGP_OK;
}

sgp_err sgp_gazetteer_memory_take(sgp_gazetteer_memory *memory, const PGresult *page) {
    int rows = PQntuples(page);
    sgp_err err = SGP_OK;
    for (int row = 0; row < rows && err == SGP_OK; row++)
        err = take_row(memory, page, row);
    if (err != SGP_OK || rows >= STAGE[memory->stage].page)
        return err;
    return finish_stage(memory);
}

sgp_err sgp_gazetteer_memory_seal(sgp_gazetteer_memory *memory, int64_t budget_us, bool *done) {
    bool words_done = false;
    *done = false;
    sgp_err err = sgp_vocabulary_seal(memory->vocabulary, budget_us, &words_done);
    if (err != SGP_OK || !words_done)
        return err;
    return sgp_crossings_seal(memory->ground.crossings, budget_us, done);
}
