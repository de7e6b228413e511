/* Any bytes as words, the first half of the lines known and the rest said: readings are in
 * bounds and in order, and a known word is read as itself. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "gis/place_query.h"
#include "gis/vocabulary.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LINES = 64, ROOM = 96 };

static void check(int holds) {
    if (!holds)
        abort();
}

static size_t cut_lines(char *text, const char *lines[LINES]) {
    size_t n = 0;
    for (char *at = strtok(text, "\n"); at && n < LINES; at = strtok(NULL, "\n"))
        lines[n++] = at;
    return n;
}

static void check_readings(const sgp_vocabulary *vocabulary, const char *const *said, size_t n) {
    sgp_reading readings[ROOM];
    size_t n_readings = sgp_vocabulary_read(vocabulary, said, n, readings, ROOM);
    check(n_readings <= ROOM);
    for (size_t i = 0; i < n_readings; i++) {
        const sgp_reading *now = &readings[i];
        check(now->first + now->n_said <= (int)n && now->n_said >= 1 && now->n_said <= 3);
        check(now->n_words >= 1 && now->n_words <= SGP_READING_WORDS);
        check(now->likeness > 0 && now->likeness <= 1);
        for (size_t word = 0; word < now->n_words; word++)
            check(now->words[word] < sgp_vocabulary_size(vocabulary));
        check(i == 0 || readings[i - 1].first < now->first ||
              (readings[i - 1].first == now->first && readings[i - 1].likeness >= now->likeness));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *text = size <= 4096 ? malloc(size + 1) : NULL;
    sgp_vocabulary *vocabulary;
    if (!text)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    const char *lines[LINES];
    size_t n = cut_lines(text, lines), n_known = n / 2;
    check(sgp_vocabulary_create(&vocabulary) == SGP_OK);
    for (size_t i = 0; i < n_known; i++) {
        size_t length = strlen(lines[i]);
        sgp_err err = sgp_vocabulary_add(vocabulary, lines[i], (int32_t)i);
        check(err == (length < SGP_WORD_BYTES ? SGP_OK : SGP_E_ARGUMENT));
    }
    bool done = false;
    while (!done)
        check(sgp_vocabulary_seal(vocabulary, 0, &done) == SGP_OK);
    check_readings(vocabulary, lines + n_known, n - n_known);
    for (size_t i = 0; i < n_known; i++) {
        sgp_reading first[SGP_READINGS_MAX];
        if (strlen(lines[i]) < SGP_WORD_BYTES) {
            check(sgp_vocabulary_read(vocabulary, &lines[i], 1, first, SGP_READINGS_MAX) >= 1);
            check(strcmp(sgp_vocabulary_word_at(vocabulary, first[0].words[0]).text, lines[i]) ==
                  0);
        }
        uint32_t ids[8];
        check(sgp_vocabulary_complete(vocabulary, lines[i], ids, 8) <= 8);
    }
    sgp_vocabulary_destroy(vocabulary);
    free(text);
    return 0;
}
