/* What a plan leaves open, in words: shortfalls and alerts of an incident. */
#ifndef SGP_APPS_PLANNED_TOLD_H
#define SGP_APPS_PLANNED_TOLD_H

#include "apps/texts.h"
#include "sigap/v1/common.pb-c.h"

/* "no advanced ambulance within 20 min, the first in 27 min; A-01 instead". Returns `out`. */
char *sgp_shortfall_text(sgp_language language, const Sigap__V1__Shortfall *shortfall, char *out,
                         size_t capacity);
/* "DAMKAR: acknowledged"; with its reason where it has one. Returns `out`. */
char *sgp_alert_text(sgp_language language, const Sigap__V1__Alert *alert, char *out,
                     size_t capacity);

#endif
