#include "apps/shift_told.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { MINUTE_MS = 60000, SOON_MS = 60 * MINUTE_MS, DAY_MS = 24 * 60 * MINUTE_MS };

char *sgp_shift_time(int64_t wall_ms, int64_t now_ms, char *out, size_t capacity) {
    time_t seconds = (time_t)(wall_ms / 1000), now = (time_t)(now_ms / 1000);
    struct tm parts, today;
    snprintf(out, capacity, "-");
    if (wall_ms <= 0 || localtime_r(&seconds, &parts) == NULL || localtime_r(&now, &today) == NULL)
        return out;
    bool same = parts.tm_yday == today.tm_yday && parts.tm_year == today.tm_year;
    strftime(out, capacity, same ? "%H:%M" : "%d-%m %H:%M", &parts);
    return out;
}

char *sgp_crew_text(Sigap__V1__CrewMember *const *crew, size_t n, char *out, size_t capacity) {
    out[0] = '\0';
    for (size_t i = 0; i < n; i++)
        snprintf(out + strlen(out), capacity - strlen(out), "%s%s", i > 0 ? ", " : "",
                 crew[i]->code);
    return out;
}

char *sgp_shift_text(sgp_language language, const Sigap__V1__PlannedShift *shift, int64_t now_ms,
                     char *out, size_t capacity) {
    char from[32], until[32];
    snprintf(out, capacity, "%s–%s", sgp_shift_time(shift->from_at_ms, now_ms, from, sizeof from),
             sgp_shift_time(shift->until_at_ms,
                            shift->until_at_ms - shift->from_at_ms < DAY_MS ? shift->until_at_ms
                                                                            : now_ms,
                            until, sizeof until));
    for (size_t i = 0; i < shift->n_crew; i++)
        snprintf(out + strlen(out), capacity - strlen(out), "%s %s", i > 0 ? "," : "",
                 shift->crew[i]);
    if (shift->n_crew == 0)
        snprintf(out + strlen(out), capacity - strlen(out), " %s",
                 sgp_text_get(language, SGP_TEXT_SHIFT_NOBODY));
    if (shift->id != 0)
        snprintf(out + strlen(out), capacity - strlen(out), " (%" PRIu64 ")", shift->id);
    return out;
}

/* Whole minutes: nobody plans by seconds. */
static char *minutes_text(sgp_language language, int64_t ms, char *out, size_t capacity) {
    char number[16];
    if (ms >= 60 * MINUTE_MS)
        return sgp_duration_text(language, ms, out, capacity);
    snprintf(number, sizeof number, "%d", (int)(ms / MINUTE_MS));
    return sgp_text_fill(out, capacity, language, SGP_TEXT_SHIFT_MINUTES, "n", number, NULL);
}

char *sgp_shift_left_text(sgp_language language, int64_t until_ms, int64_t now_ms, char *out,
                          size_t capacity) {
    char duration[64];
    out[0] = '\0';
    if (until_ms == 0 || until_ms - now_ms > SOON_MS)
        return out;
    bool is_over = until_ms <= now_ms;
    minutes_text(language, is_over ? now_ms - until_ms : until_ms - now_ms, duration,
                 sizeof duration);
    return sgp_text_fill(out, capacity, language,
                         is_over ? SGP_TEXT_SHIFT_OVER : SGP_TEXT_SHIFT_ENDS, "duration", duration,
                         NULL);
}

bool sgp_shift_end_text(sgp_language language, const Sigap__V1__Unit *unit, int64_t now_ms,
                        char *out, size_t capacity) {
    const Sigap__V1__SignedOn *on = unit->signed_on;
    out[0] = '\0';
    if (on == NULL)
        return false;
    if (on->absent_until_at_ms > now_ms) {
        char since[32];
        sgp_shift_time(on->absence_from_at_ms, now_ms, since, sizeof since);
        sgp_text_fill(out, capacity, language, SGP_TEXT_SHIFT_ABSENT, "time", since, NULL);
        return true;
    }
    sgp_shift_left_text(language, on->until_at_ms, now_ms, out, capacity);
    return on->until_at_ms != 0 && on->until_at_ms <= now_ms;
}

/* How late they signed on, 0 = in time. */
static int64_t late_ms(const Sigap__V1__ShiftPage *page, const Sigap__V1__ShiftPage__Row *row) {
    int64_t apart_ms = row->signed_on_at_ms - row->planned->from_at_ms;
    return row->manned && page->absent_ms > 0 && apart_ms > page->absent_ms ? apart_ms : 0;
}

char *sgp_own_shift_text(sgp_language language, const Sigap__V1__ShiftPage *page,
                         const Sigap__V1__ShiftPage__Row *row, char *out, size_t capacity) {
    const Sigap__V1__SignedOn *on = row->signed_on;
    char crew[256] = "", until[32] = "", next[384];
    out[0] = '\0';
    if (on != NULL && on->n_crew > 0) {
        sgp_crew_text(on->crew, on->n_crew, crew, sizeof crew);
        sgp_shift_time(on->until_at_ms, page->at_ms, until, sizeof until);
        sgp_text_fill(out, capacity, language, SGP_TEXT_SHIFT_OWN, "unit", row->unit_code, "crew",
                      crew, "time", until, NULL);
    }
    if (row->next == NULL)
        return out;
    size_t length = strlen(out);
    sgp_shift_text(language, row->next, page->at_ms, next, sizeof next);
    sgp_text_fill(out + length, capacity - length, language,
                  length > 0 ? SGP_TEXT_SHIFT_THEN : SGP_TEXT_SHIFT_NEXT, "unit", row->unit_code,
                  "changes", next, NULL);
    return out;
}

bool sgp_shift_remark(sgp_language language, const Sigap__V1__ShiftPage *page,
                      const Sigap__V1__ShiftPage__Row *row, char *out, size_t capacity) {
    char time[32], duration[64];
    int64_t now_ms = page->at_ms;
    int64_t until_ms = row->signed_on != NULL ? row->signed_on->until_at_ms : 0;
    bool is_over = until_ms != 0 && until_ms <= now_ms;
    out[0] = '\0';
    if (!page->is_now)
        return false;
    if (is_over)
        sgp_text_fill(out, capacity, language, SGP_TEXT_SHIFT_OVER, "duration",
                      minutes_text(language, now_ms - until_ms, duration, sizeof duration), NULL);
    if (row->planned == NULL)
        return is_over;
    size_t length = strlen(out);
    if (!row->manned && now_ms >= row->planned->from_at_ms + page->absent_ms) {
        sgp_shift_time(row->planned->from_at_ms, now_ms, time, sizeof time);
        snprintf(out + length, capacity - length, "%s", length > 0 ? ", " : "");
        length = strlen(out);
        sgp_text_fill(out + length, capacity - length, language, SGP_TEXT_SHIFT_ABSENT, "time",
                      time, NULL);
        return true;
    }
    if (!row->manned && !is_over)
        snprintf(out, capacity, "%s", sgp_text_get(language, SGP_TEXT_SHIFT_EXPECTED));
    else if (!is_over && late_ms(page, row) > 0)
        sgp_text_fill(out, capacity, language, SGP_TEXT_SHIFT_LATE, "duration",
                      minutes_text(language, late_ms(page, row), duration, sizeof duration), NULL);
    return is_over;
}
