#include "apps/advice_told.h"

#include <stdio.h>

#include "apps/print.h"

const char *sgp_advice_told(sgp_language language, const Sigap__V1__MoveUpAdvice *advice,
                            char *text, size_t capacity) {
    static const sgp_text ends[] = {
        [SIGAP__V1__ADVICE_END__ADVICE_FOLLOWED] = SGP_TEXT_ADVICE_FOLLOWED,
        [SIGAP__V1__ADVICE_END__ADVICE_TAKEN] = SGP_TEXT_ADVICE_TAKEN,
        [SIGAP__V1__ADVICE_END__ADVICE_NOT_WORTH_IT] = SGP_TEXT_ADVICE_NOT_WORTH_IT,
        [SIGAP__V1__ADVICE_END__ADVICE_LAPSED] = SGP_TEXT_ADVICE_LAPSED};
    const Sigap__V1__MoveUp *move = advice->move;
    char minutes[24], gain[24], expected[24], full[24];
    if (move == NULL)
        return NULL;
    if (advice->end != SIGAP__V1__ADVICE_END__ADVICE_STANDS) {
        bool known = (size_t)advice->end < sizeof ends / sizeof ends[0];
        return sgp_text_fill(
            text, capacity, language, SGP_TEXT_WATCH_ADVICE_OVER, "unit", move->unit_code, "to",
            move->to_station, "reason",
            sgp_text_get(language, known ? ends[advice->end] : SGP_TEXT_ADVICE_NOT_WORTH_IT), NULL);
    }
    snprintf(minutes, sizeof minutes, "%.0f", (double)move->drive_ms / 60000);
    snprintf(gain, sizeof gain, "%.1f", move->gain_ppm / 1e4);
    snprintf(expected, sizeof expected, "%.1f", advice->expected_ppm / 1e4);
    snprintf(full, sizeof full, "%.1f", advice->full_ppm / 1e4);
    return sgp_text_fill(text, capacity, language, SGP_TEXT_WATCH_ADVICE, "expected", expected,
                         "full", full, "unit", move->unit_code, "from", move->from_station, "to",
                         move->to_station, "minutes", move->drive_ms < 0 ? "?" : minutes, "gain",
                         gain, NULL);
}
