#include "gis/place_lexicon.h"

#include <string.h>

enum { TABLES_N = 5 };

const sgp_lexeme *sgp_place_lexicon(size_t i, size_t *n) {
    const struct {
        const sgp_lexeme *lines;
        size_t n;
    } tables[TABLES_N] = {{SGP_LEXICON_NAMES, SGP_LEXICON_NAMES_N},
                          {SGP_LEXICON_MARKERS, SGP_LEXICON_MARKERS_N},
                          {SGP_LEXICON_RELATIONS, SGP_LEXICON_RELATIONS_N},
                          {SGP_LEXICON_FILLERS, SGP_LEXICON_FILLERS_N},
                          {SGP_LEXICON_COUNTS, SGP_LEXICON_COUNTS_N}};
    if (i >= TABLES_N)
        return NULL;
    *n = tables[i].n;
    return tables[i].lines;
}

const sgp_lexeme *sgp_place_lexeme(const char *written, bool *goes_on) {
    size_t length = strlen(written);
    const sgp_lexeme *found = NULL;
    if (goes_on)
        *goes_on = false;
    for (size_t i = 0; i < TABLES_N; i++) {
        size_t n;
        const sgp_lexeme *lines = sgp_place_lexicon(i, &n);
        size_t low = 0, high = n;
        while (low < high) {
            size_t middle = low + (high - low) / 2;
            if (strcmp(lines[middle].written, written) < 0)
                low = middle + 1;
            else
                high = middle;
        }
        if (low < n && strcmp(lines[low].written, written) == 0) {
            if (!found)
                found = &lines[low];
            low++;
        }
        /* A space sorts before all letters: what goes on stands right behind. */
        if (goes_on && low < n && strncmp(lines[low].written, written, length) == 0 &&
            lines[low].written[length] == ' ')
            *goes_on = true;
    }
    return found;
}
