/* Any bytes as a journal record: the projection either makes whole rows of them
 * or refuses them. The bytes are tried as they are, and as a list of changes
 * (place, new byte) to a proper record, which gets further in. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "journal/projection_rows.h"
#include "journal_samples.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static sgp_err check_row(void *ctx, sgp_table table, sgp_row_key key, const uint8_t *row,
                         size_t length) {
    const uint8_t *at = row;
    const sgp_table_form *form = sgp_table_form_of(table);
    (void)ctx;
    (void)key;
    for (int i = 0; i < form->n_columns; i++) {
        const char *text = sgp_row_next(&at);
        assert(at <= row + length);
        if (text && strcmp(form->columns[i].type, "bigint") == 0)
            assert(strspn(text, "-0123456789") == strlen(text));
    }
    assert(at == row + length);
    return SGP_OK;
}

static sgp_err check_list(void *ctx, sgp_table table, uint64_t owner, uint64_t n) {
    (void)ctx;
    (void)owner;
    (void)n;
    assert(sgp_table_form_of(table)->n_keys == 2);
    return SGP_OK;
}

static void change_sample(const uint8_t *data, size_t size, sgp_buffer *sample) {
    sample_record(size ? data[0] : 1, sample);
    for (size_t i = 1; i + 2 < size && sample->length; i += 3)
        sample->data[(data[i] * 256u + data[i + 1]) % sample->length] = data[i + 2];
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const sgp_row_sink sink = {.row = check_row, .list = check_list};
    sgp_buffer work = {0}, sample = {0};
    sgp_err err = sgp_record_rows(1, data, size, &work, &sink);
    assert(!err || err == SGP_E_CORRUPT);
    change_sample(data, size, &sample);
    err = sgp_record_rows(1, sample.data, sample.length, &work, &sink);
    assert(!err || err == SGP_E_CORRUPT);
    err = sgp_personal_row(1, 2, 3, data, size, &work, &sink);
    assert(!err);
    sgp_buffer_free(&work);
    sgp_buffer_free(&sample);
    return 0;
}
