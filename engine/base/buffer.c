#include "base/buffer.h"

#include <stdlib.h>
#include <string.h>

sgp_err sgp_buffer_reserve(sgp_buffer *buffer, size_t more) {
    if (more > SIZE_MAX / 4 - buffer->length)
        return SGP_E_MEMORY;
    size_t need = buffer->length + more;
    if (need <= buffer->capacity)
        return SGP_OK;
    size_t capacity = buffer->capacity ? buffer->capacity : 256;
    while (capacity < need)
        capacity *= 2;
    uint8_t *data = realloc(buffer->data, capacity);
    if (!data)
        return SGP_E_MEMORY;
    buffer->data = data;
    buffer->capacity = capacity;
    return SGP_OK;
}

sgp_err sgp_buffer_append(sgp_buffer *buffer, const void *bytes, size_t length) {
    sgp_err err = sgp_buffer_reserve(buffer, length);
    if (err)
        return err;
    if (length)
        memcpy(buffer->data + buffer->length, bytes, length);
    buffer->length += length;
    return SGP_OK;
}

void sgp_buffer_clear(sgp_buffer *buffer) {
    buffer->length = 0;
}

void sgp_buffer_free(sgp_buffer *buffer) {
    free(buffer->data);
    *buffer = (sgp_buffer){0};
}
