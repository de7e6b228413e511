/* A growing run of bytes, for encoders. Not thread-safe. */
#ifndef SGP_BASE_BUFFER_H
#define SGP_BASE_BUFFER_H
#include <stddef.h>
#include <stdint.h>
#include "sigap/error.h"

typedef struct sgp_buffer {
    uint8_t *data;
    size_t length;
    size_t capacity;
} sgp_buffer; /* zero-initialise */

/* Makes room for `more` bytes beyond length. SGP_E_MEMORY: unchanged. */
sgp_err sgp_buffer_reserve(sgp_buffer *buffer, size_t more) SGP_MUST_USE;
sgp_err sgp_buffer_append(sgp_buffer *buffer, const void *bytes, size_t length) SGP_MUST_USE;
/* Keeps the capacity. */
void sgp_buffer_clear(sgp_buffer *buffer);
void sgp_buffer_free(sgp_buffer *buffer);
#endif
