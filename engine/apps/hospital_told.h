/* Hospitals in words: what they can do, how they are, who is on the way, and which fits a patient.
 *
 * Texts go into the caller's memory, cut to its capacity. Not thread-safe with one sheet. */
#ifndef SGP_APPS_HOSPITAL_TOLD_H
#define SGP_APPS_HOSPITAL_TOLD_H

#include "apps/print.h"
#include "apps/texts.h"
#include "sigap/v1/hospital.pb-c.h"

/* "trauma, stroke"; "-" for none. Returns `out`. */
char *sgp_abilities_text(sgp_language language, uint32_t abilities, char *out, size_t capacity);
/* "trauma,STROKE" or "none"; false: a word is none, which `wrong` then is (borrowed from `text`'s
 * copy `left`). */
bool sgp_abilities_parse(const char *text, uint32_t *abilities, char left[256], const char **wrong);
const char *sgp_diversion_text(sgp_language language, int diversion);
const char *sgp_unfit_text(sgp_language language, int unfit);
const char *sgp_colour_of_triage_text(sgp_language language, int colour);

/* Tables, which the caller prints and destroys. */
sgp_err sgp_hospital_sheet(sgp_language language, Sigap__V1__Hospital *const *hospitals, size_t n,
                           int64_t now_ms, sgp_sheet **sheet) SGP_MUST_USE;
sgp_err sgp_inbound_sheet(sgp_language language, const Sigap__V1__InboundPage *page, int64_t now_ms,
                          sgp_sheet **sheet) SGP_MUST_USE;
sgp_err sgp_hospital_advice_sheet(sgp_language language, const Sigap__V1__HospitalAdvice *advice,
                                  sgp_sheet **sheet) SGP_MUST_USE;

#endif
