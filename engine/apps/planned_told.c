#include "apps/planned_told.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "sigap/plan.h"

/* "ambulance or motorbike" */
static void kinds_text(sgp_language language, uint32_t kinds, char *out, size_t capacity) {
    out[0] = '\0';
    for (int kind = 1; kind < SGP_UNIT_KINDS; kind++) {
        if (!(kinds >> kind & 1u))
            continue;
        size_t length = strlen(out);
        snprintf(out + length, capacity - length, "%s%s%s%s", length ? " " : "",
                 length ? sgp_text_get(language, SGP_TEXT_OR_WORD) : "", length ? " " : "",
                 sgp_unit_kind_text(language, kind));
    }
}

static void add_skills(uint32_t skills, char *out, size_t capacity) {
    for (int skill = 0; skill < SGP_SKILLS; skill++) {
        if (!(skills >> skill & 1u))
            continue;
        size_t length = strlen(out), from = length;
        snprintf(out + length, capacity - length, " +%s", sgp_skill_str((sgp_skill)skill));
        for (; out[from] != '\0'; from++)
            out[from] = (char)tolower((unsigned char)out[from]);
    }
}

char *sgp_shortfall_text(sgp_language language, const Sigap__V1__Shortfall *shortfall, char *out,
                         size_t capacity) {
    char kinds[256], within[64], more[160];
    kinds_text(language, shortfall->kinds, kinds, sizeof kinds);
    add_skills(shortfall->skills, kinds, sizeof kinds);
    sgp_duration_text(language, shortfall->within_ms, within, sizeof within);
    sgp_text_fill(out, capacity, language,
                  shortfall->within_ms > 0 ? SGP_TEXT_SHORT_WITHIN : SGP_TEXT_SHORT_EVER, "kinds",
                  kinds, "within", within, NULL);
    if (shortfall->best_ms >= 0) {
        char best[64];
        sgp_duration_text(language, shortfall->best_ms, best, sizeof best);
        sgp_text_fill(more, sizeof more, language, SGP_TEXT_SHORT_BEST, "best", best, NULL);
        snprintf(out + strlen(out), capacity - strlen(out), ", %s", more);
    }
    if (shortfall->instead_unit_code[0] != '\0') {
        sgp_text_fill(more, sizeof more, language, SGP_TEXT_SHORT_INSTEAD, "unit",
                      shortfall->instead_unit_code, NULL);
        snprintf(out + strlen(out), capacity - strlen(out), "; %s", more);
    }
    return out;
}

char *sgp_alert_text(sgp_language language, const Sigap__V1__Alert *alert, char *out,
                     size_t capacity) {
    int state = (int)alert->state;
    if (state < 0 || state >= SGP_ALERT_STATES)
        state = 0;
    snprintf(out, capacity, "%s: %s%s%s", alert->agency,
             sgp_text_get(language, (sgp_text)(SGP_TEXT_ALERT_UNKNOWN + state)),
             alert->reason[0] != '\0' ? ", " : "", alert->reason);
    return out;
}
