/* Whatever a caller types: words come out as UTF-8 letters and digits, bounded,
 * and taking a word apart again changes nothing. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "gis/place_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int holds) {
    if (!holds)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size > 4096)
        return 0;
    char *text = malloc(size + 1);
    if (!text)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    sgp_place_text parsed;
    if (sgp_place_text_parse(text, &parsed) == SGP_OK) {
        check(parsed.n_words <= SGP_PLACE_WORDS_MAX);
        check(strlen(parsed.number) < SGP_PLACE_NUMBER_BYTES);
        for (size_t i = 0; i < parsed.n_words; i++) {
            const char *word = parsed.words[i];
            check(*word != '\0' && strlen(word) < SGP_PLACE_WORD_BYTES);
            check(strpbrk(word, " '\"\\{},%_;") == NULL);
        }
    }
    char words[512], again[512];
    size_t n = sgp_place_text_name(text, words, sizeof words);
    check((n == 0) == (words[0] == '\0'));
    if (n > 0 && n < SGP_PLACE_WORDS_MAX && strlen(words) < 256) {
        sgp_place_text_name(words, again, sizeof again);
        sgp_place_text_name(again, words, sizeof words);
        check(strcmp(words, again) == 0);
    }
    char number[SGP_PLACE_NUMBER_BYTES];
    check(sgp_place_text_number(text, number) <= 999999);
    free(text);
    return 0;
}
