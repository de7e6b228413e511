/* Shifts in words: who, from when to when, and what is wrong with it. Pure but for this machine's
 * time zone; thread-safe. */
#ifndef SGP_APPS_SHIFT_TOLD_H
#define SGP_APPS_SHIFT_TOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "apps/texts.h"
#include "sigap/v1/frame.pb-c.h"

/* "14:30", with the day where it is not that of `now_ms`; "-" for 0. Returns `out`. */
char *sgp_shift_time(int64_t wall_ms, int64_t now_ms, char *out, size_t capacity);
/* "PRM-014, SPR-003". Returns `out`. */
char *sgp_crew_text(Sigap__V1__CrewMember *const *crew, size_t n, char *out, size_t capacity);
/* "07:00–15:00 PRM-014, SPR-003 (12)". Returns `out`. */
char *sgp_shift_text(sgp_language language, const Sigap__V1__PlannedShift *shift, int64_t now_ms,
                     char *out, size_t capacity);
/* "kru selesai 12 mnt lagi", "lembur 5 mnt"; "" where no end is known or it is more than an hour
 * away. Returns `out`. */
char *sgp_shift_left_text(sgp_language language, int64_t until_ms, int64_t now_ms, char *out,
                          size_t capacity);
/* The same of a unit, or that nobody has come for its shift. Whether somebody should look at it. */
bool sgp_shift_end_text(sgp_language language, const Sigap__V1__Unit *unit, int64_t now_ms,
                        char *out, size_t capacity);
/* "PSC-01: PRM-014, SPR-003, sampai 15:00; berikutnya 15:00–23:00 PRM-020"; "" where nothing is
 * known. Returns `out`. */
char *sgp_own_shift_text(sgp_language language, const Sigap__V1__ShiftPage *page,
                         const Sigap__V1__ShiftPage__Row *row, char *out, size_t capacity);
/* "lembur 12 mnt", "tidak hadir sejak 07:00"; whether somebody should look at it. */
bool sgp_shift_remark(sgp_language language, const Sigap__V1__ShiftPage *page,
                      const Sigap__V1__ShiftPage__Row *row, char *out, size_t capacity);

#endif
