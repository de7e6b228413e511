#include "apps/hospital_news.h"

#include <stdio.h>
#include <string.h>

#include "apps/hospital_told.h"

bool sgp_diversion_news(sgp_language language, const Sigap__V1__Hospital *old,
                        const Sigap__V1__Hospital *now, char *out, size_t capacity) {
    if (old == NULL || (old->diversion == now->diversion && old->diverts == now->diverts))
        return false;
    char changes[512], abilities[256], reason[128];
    snprintf(changes, sizeof changes, "%s", sgp_diversion_text(language, (int)now->diversion));
    if (now->diverts)
        snprintf(changes + strlen(changes), sizeof changes - strlen(changes), ": %s",
                 sgp_abilities_text(language, now->diverts, abilities, sizeof abilities));
    if (now->diversion && now->diverted_reason[0] != '\0')
        snprintf(changes + strlen(changes), sizeof changes - strlen(changes), " (%s)",
                 sgp_plain_text(now->diverted_reason, reason, sizeof reason));
    sgp_text_fill(out, capacity, language, SGP_TEXT_WATCH_DIVERSION, "place", now->name, "changes",
                  changes, NULL);
    return true;
}

bool sgp_offload_news(sgp_language language, const Sigap__V1__Assignment *old,
                      const Sigap__V1__Assignment *now, const char *hospital, int64_t at_ms,
                      char *out, size_t capacity) {
    if (now->offload_alarms <= (old != NULL ? old->offload_alarms : 0) ||
        now->state != SIGAP__V1__ASSIGNMENT_STATE__AT_HOSPITAL)
        return false;
    int64_t since_ms = at_ms;
    for (size_t i = 0; i < now->n_stamps; i++)
        if (now->stamps[i]->state == now->state)
            since_ms = now->stamps[i]->at_ms;
    char time[64];
    sgp_text_fill(
        out, capacity, language, SGP_TEXT_WATCH_OFFLOAD, "unit", now->unit_code, "place", hospital,
        "time",
        sgp_duration_text(language, at_ms > since_ms ? at_ms - since_ms : 0, time, sizeof time),
        NULL);
    return true;
}

bool sgp_destination_news(sgp_language language, const Sigap__V1__Assignment *old,
                          const Sigap__V1__Assignment *now, const char *hospital, char *out,
                          size_t capacity) {
    if (old == NULL || old->state != now->state ||
        strcmp(old->hospital_code, now->hospital_code) == 0)
        return false;
    sgp_text_fill(out, capacity, language, SGP_TEXT_WATCH_DESTINATION, "unit", now->unit_code,
                  "place", hospital, NULL);
    return true;
}

bool sgp_unfit_news(sgp_language language, const Sigap__V1__HospitalAdvice *advice, char *out,
                    size_t capacity) {
    if (advice->n_options == 0 || advice->options[0]->unfit == SIGAP__V1__UNFIT__UNFIT_NOT)
        return false;
    char needs[256];
    sgp_text_fill(out, capacity, language, SGP_TEXT_WATCH_UNFIT, "unit", advice->unit_code, "needs",
                  sgp_abilities_text(language, advice->needs, needs, sizeof needs), "place",
                  advice->options[0]->hospital_code, "reason",
                  sgp_unfit_text(language, (int)advice->options[0]->unfit), NULL);
    return true;
}
