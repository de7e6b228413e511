#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gis/gazetteer_parts.h"

static void put_bytes(sgp_text *text, const char *more, size_t length) {
    if (text->length + length + 1 > text->capacity) {
        size_t capacity = 2 * (text->length + length + 1) + 64;
        char *bytes = text->failed ? NULL : realloc(text->bytes, capacity);
        if (!bytes) {
            text->failed = true;
            return;
        }
        text->bytes = bytes;
        text->capacity = capacity;
    }
    memcpy(text->bytes + text->length, more, length);
    text->length += length;
    text->bytes[text->length] = '\0';
}

void sgp_text_put(sgp_text *text, const char *more) {
    put_bytes(text, more, strlen(more));
}

void sgp_text_format(sgp_text *text, const char *format, ...) {
    char line[128];
    va_list list;
    va_start(list, format);
    int length = vsnprintf(line, sizeof line, format, list);
    va_end(list);
    if (length < 0 || (size_t)length >= sizeof line)
        text->failed = true;
    else
        put_bytes(text, line, (size_t)length);
}
