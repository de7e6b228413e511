/* Whatever a caller types: what holds of every query holds, capitals say nothing, and the words of
 * a name are their own words. The texts of a conversation are parted by the byte 0x1e. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gis/place_query.h"
#include "query_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const char *fault, const char *text) {
    if (!fault)
        return;
    (void)fprintf(stderr, "%s: %s\n", fault, text);
    abort();
}

static void raise_letters(char *text) {
    for (; *text; text++)
        if (*text >= 'a' && *text <= 'z')
            *text = (char)(*text - 32);
}

static bool are_alike(const sgp_place_query *a, const sgp_place_query *b) {
    if (a->n_words != b->n_words || a->n_phrases != b->n_phrases ||
        strcmp(a->number, b->number) != 0 || strcmp(a->block, b->block) != 0)
        return false;
    for (size_t i = 0; i < a->n_words; i++)
        if (strcmp(a->words[i].text, b->words[i].text) != 0 ||
            a->words[i].role != b->words[i].role || a->words[i].phrase != b->words[i].phrase)
            return false;
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size > 4096)
        return 0;
    char *text = malloc(size + 1), *joined = malloc(size + 1);
    if (!text || !joined)
        abort();
    memcpy(text, data, size);
    text[size] = '\0';
    memcpy(joined, text, size + 1);

    const char *texts[4];
    size_t n = 0;
    for (char *at = text, *end = at; at && n < 4; at = end) {
        end = n < 3 ? strchr(at, 0x1e) : NULL;
        if (end) {
            joined[end - text] = '\n';
            *end++ = '\0';
        }
        texts[n++] = at;
    }
    sgp_place_query query, again;
    if (sgp_place_query_parse(texts[n - 1], texts, n - 1, &query) == SGP_OK) {
        check(sgp_query_fault(joined, &query), joined);
        if (n == 1) {
            raise_letters(text);
            if (sgp_place_query_parse(text, NULL, 0, &again) != SGP_OK ||
                !are_alike(&query, &again))
                check("capitals make a difference", joined);
        }
    }
    check(sgp_name_fault(texts[0]), texts[0]);
    char number[SGP_NUMBER_BYTES], block[SGP_NUMBER_BYTES];
    int32_t value = sgp_place_number(texts[0], number, block);
    if (value < -1 || value > 999999 || strlen(number) >= sizeof number ||
        strlen(block) >= sizeof block || (block[0] != '\0' && number[0] == '\0'))
        check("a house number out of range", texts[0]);
    free(text);
    free(joined);
    return 0;
}
