/* Sentences about hospitals for who watches: diversions, patients whom nobody fits, units that
 * wait too long, patients who go elsewhere. Each is false where there is no news. Pure. */
#ifndef SGP_APPS_HOSPITAL_NEWS_H
#define SGP_APPS_HOSPITAL_NEWS_H

#include "apps/texts.h"
#include "sigap/v1/common.pb-c.h"
#include "sigap/v1/hospital.pb-c.h"

/* old NULL: nothing was known of it. */
bool sgp_diversion_news(sgp_language language, const Sigap__V1__Hospital *old,
                        const Sigap__V1__Hospital *now, char *out, size_t capacity);
/* `hospital`: its name. */
bool sgp_offload_news(sgp_language language, const Sigap__V1__Assignment *old,
                      const Sigap__V1__Assignment *now, const char *hospital, int64_t at_ms,
                      char *out, size_t capacity);
bool sgp_destination_news(sgp_language language, const Sigap__V1__Assignment *old,
                          const Sigap__V1__Assignment *now, const char *hospital, char *out,
                          size_t capacity);
bool sgp_unfit_news(sgp_language language, const Sigap__V1__HospitalAdvice *advice, char *out,
                    size_t capacity);

#endif
