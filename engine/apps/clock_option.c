#include "apps/clock_option.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MINUTE_MS = 60000, FURTHEST_MIN = 366 * 24 * 60 };

static bool parse_minutes(const char *text, int64_t now_ms, int64_t *wall_ms) {
    char *end;
    long minutes = strtol(text + 1, &end, 10);
    if (text[1] < '0' || text[1] > '9' || *end != '\0' || minutes > FURTHEST_MIN)
        return false;
    *wall_ms = now_ms + (text[0] == '-' ? -minutes : minutes) * (int64_t)MINUTE_MS;
    return true;
}

static bool finish(struct tm *parts, int64_t *wall_ms) {
    parts->tm_isdst = -1;
    time_t seconds = mktime(parts);
    *wall_ms = (int64_t)seconds * 1000;
    return seconds != (time_t)-1;
}

static bool parse_date(const char *text, int64_t *wall_ms) {
    struct tm parts = {0};
    int used = 0;
    char between;
    if (sscanf(text, "%4d-%2d-%2d%c%2d:%2d%n", &parts.tm_year, &parts.tm_mon, &parts.tm_mday,
               &between, &parts.tm_hour, &parts.tm_min, &used) != 6 ||
        text[used] != '\0' || (between != ' ' && between != 'T'))
        return false;
    if (parts.tm_year < 1971 || parts.tm_mon < 1 || parts.tm_mon > 12 || parts.tm_mday < 1 ||
        parts.tm_mday > 31 || parts.tm_hour > 23 || parts.tm_min > 59 || parts.tm_hour < 0 ||
        parts.tm_min < 0)
        return false;
    parts.tm_year -= 1900;
    parts.tm_mon -= 1;
    int day = parts.tm_mday;
    return finish(&parts, wall_ms) && parts.tm_mday == day; /* not the 31st of April */
}

static bool parse_clock(const char *text, int64_t now_ms, bool past, int64_t *wall_ms) {
    int hour, minute, used = 0;
    if (sscanf(text, "%2d:%2d%n", &hour, &minute, &used) != 2 || text[used] != '\0' ||
        text[0] < '0' || text[0] > '9' || hour > 23 || minute < 0 || minute > 59)
        return false;
    time_t now = (time_t)(now_ms / 1000);
    struct tm parts;
    if (localtime_r(&now, &parts) == NULL)
        return false;
    parts.tm_hour = hour;
    parts.tm_min = minute;
    parts.tm_sec = 0;
    struct tm other = parts;
    if (!finish(&parts, wall_ms))
        return false;
    if (past ? *wall_ms <= now_ms : *wall_ms > now_ms)
        return true;
    other.tm_mday += past ? -1 : 1;
    return finish(&other, wall_ms);
}

bool sgp_clock_parse(const char *text, int64_t now_ms, bool past, int64_t *wall_ms) {
    if (text[0] == '+' || (past && text[0] == '-'))
        return parse_minutes(text, now_ms, wall_ms);
    return parse_clock(text, now_ms, past, wall_ms) || parse_date(text, wall_ms);
}
