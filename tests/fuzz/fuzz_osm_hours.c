/* Whatever a tag holds, reading its hours stays within bounds and gives proper spans. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "route/osm_hours.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(int held) {
    if (!held)
        abort();
}

static void check_week(const sgp_osm_week *week) {
    static sgp_week_span spans[SGP_WEEK_MINUTES];
    size_t n = sgp_osm_week_spans(week, spans, SGP_WEEK_MINUTES);
    must(n <= SGP_WEEK_MINUTES);
    for (size_t i = 0; i < n; i++)
        must(spans[i].from_minute < spans[i].to_minute && spans[i].to_minute <= SGP_WEEK_MINUTES &&
             (i == 0 || spans[i - 1].to_minute < spans[i].from_minute));
}

static void try_text(const uint8_t *data, size_t size);

/* The bytes as they are, and as words of the syntax, which bytes seldom form. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char *const words[] = {"Mo", "Su",    "We",    "-",  ",",   ";",     " ", "off",
                                        "PH", "07:00", "22:30", "24", "/",   "24:00", "@", "(",
                                        ")",  "no",    "24/7",  ":",  "Nov", "48:00", "9", "AND"};
    static char text[8 * 4096];
    size_t length = 0;
    for (size_t i = 0; i < size && i < 4096; i++) {
        const char *word = words[data[i] % (sizeof words / sizeof *words)];
        memcpy(text + length, word, strlen(word));
        length += strlen(word);
    }
    try_text(data, size);
    try_text((const uint8_t *)text, length);
    return 0;
}

static void try_text(const uint8_t *data, size_t size) {
    static sgp_osm_week week;
    bool holidays = false;
    /* Exactly so many bytes, so that a step beyond is seen. */
    char *text = malloc(size + 1);
    must(text != NULL);
    if (size > 0)
        memcpy(text, data, size);
    char *exact = malloc(size ? size : 1);
    must(exact != NULL);
    memcpy(exact, text, size);
    if (sgp_osm_hours_read(exact, size, &week, &holidays) == SGP_OSM_HOURS_READ)
        check_week(&week);
    free(exact);
    text[size] = '\0';
    const char *at = text, *value;
    size_t length;
    sgp_osm_hours reason;
    while (sgp_osm_clause_next(&at, &value, &length, &week, &holidays, &reason)) {
        must(value >= text && value + length <= text + size);
        if (reason == SGP_OSM_HOURS_READ)
            check_week(&week);
    }
    free(text);
}
