#include "apps/call_told.h"

#include <inttypes.h>

char *sgp_alike_text(sgp_language language, const Sigap__V1__Alike *alike, uint64_t call, char *out,
                     size_t capacity) {
    static const sgp_text likenesses[] = {SGP_TEXT_LIKE_NOT_SAID, SGP_TEXT_LIKE_SAME,
                                          SGP_TEXT_LIKE_FAMILY, SGP_TEXT_LIKE_NOT_SAID,
                                          SGP_TEXT_LIKE_OTHER};
    char other[24], metres[16], own[24], time[64];
    unsigned like = (unsigned)alike->likeness;
    snprintf(other, sizeof other, "%" PRIu64, alike->incident_id);
    snprintf(metres, sizeof metres, "%d", alike->distance_m);
    snprintf(own, sizeof own, "%" PRIu64, call);
    return sgp_text_fill(
        out, capacity, language, SGP_TEXT_ALIKE, "other", other, "metres", metres, "time",
        sgp_duration_text(language, alike->apart_ms, time, sizeof time), "why",
        sgp_text_get(language,
                     likenesses[like < sizeof likenesses / sizeof *likenesses ? like : 0]),
        "call", own, NULL);
}

void sgp_alike_print(sgp_language language, const Sigap__V1__Incident *incident, uint64_t call,
                     const char *lead, FILE *out) {
    char text[512];
    for (size_t i = 0; i < incident->n_alike; i++)
        if (!incident->alike[i]->dismissed)
            fprintf(out, "%s%s\n", lead,
                    sgp_alike_text(language, incident->alike[i], call, text, sizeof text));
}
