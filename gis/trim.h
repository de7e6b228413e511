/* Gives back the room that a buffer which grew holds beyond its length: what is kept for as long as
 * a city is open should take no more than it needs. */
#ifndef SGP_GIS_TRIM_H
#define SGP_GIS_TRIM_H

#include <stdlib.h>

#include "base/buffer.h"

static inline void sgp_trim(sgp_buffer *buffer) {
    uint8_t *shorter = buffer->length > 0 ? realloc(buffer->data, buffer->length) : NULL;
    if (!shorter)
        return; /* it stays as it is */
    buffer->data = shorter;
    buffer->capacity = buffer->length;
}

#endif
