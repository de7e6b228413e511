/* Texts for fuzz targets whose decoders refuse almost every run of random bytes: an input
 * with an odd first byte is read as numbers of pieces of the decoder's own language, any
 * other as plain text. */
#ifndef SGP_TEST_FUZZ_FRAGMENTS_H
#define SGP_TEST_FUZZ_FRAGMENTS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* A text to free, NULL where memory is short. */
static inline char *fuzz_text(const uint8_t *data, size_t size, const char *const *fragments,
                              size_t n_fragments) {
    size_t length = 0, longest = 1;
    for (size_t i = 0; i < n_fragments; i++)
        longest = strlen(fragments[i]) > longest ? strlen(fragments[i]) : longest;
    char *text = malloc(size * longest + 1);
    if (!text)
        return NULL;
    bool pieces = size > 0 && data[0] % 2 == 1;
    for (size_t i = pieces ? 1 : 0; i < size; i++) {
        const char *piece = fragments[data[i] % n_fragments];
        if (pieces) {
            memcpy(text + length, piece, strlen(piece));
            length += strlen(piece);
        } else {
            text[length++] = (char)data[i];
        }
    }
    text[length] = '\0';
    return text;
}

#endif
