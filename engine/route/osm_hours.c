#include "route/osm_hours.h"

#include <string.h>

enum { DAYS = 7, DAY_MINUTES = 1440, DAY_REACH = 2 * DAY_MINUTES, EVERY_DAY = 0x7f };

/* What each day of the week opens, up to the end of the day after. */
typedef struct days {
    uint8_t minutes[DAYS][DAY_REACH];
} days;

typedef struct scanner {
    const char *at, *end;
} scanner;

const char *sgp_osm_hours_str(sgp_osm_hours reason) {
    static const char *const names[] = {
#define SGP_OSM_HOURS_NAME(name, text) text,
        SGP_OSM_HOURS(SGP_OSM_HOURS_NAME)
#undef SGP_OSM_HOURS_NAME
    };
    return names[reason];
}

static void skip_spaces(scanner *s) {
    while (s->at < s->end && (*s->at == ' ' || *s->at == '\t'))
        s->at++;
}

static bool take(scanner *s, const char *word) {
    size_t length = strlen(word);
    if ((size_t)(s->end - s->at) < length || memcmp(s->at, word, length) != 0)
        return false;
    s->at += length;
    return true;
}

static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* A whole word: no letter follows. */
static bool take_word(scanner *s, const char *word) {
    scanner before = *s;
    if (take(s, word) && (s->at == s->end || !is_letter(*s->at)))
        return true;
    *s = before;
    return false;
}

/* ---- days ---- */

/* 0 .. 6, 7 for a holiday, -1 for no day. */
static int take_day(scanner *s) {
    static const char *const names[] = {"Mo", "Tu", "We", "Th", "Fr", "Sa", "Su", "PH", "SH"};
    for (int i = 0; i < 9; i++) {
        if (take_word(s, names[i]))
            return i < DAYS ? i : DAYS;
    }
    return -1;
}

/* A range of days or one, as bits; 0 for holidays, -1 for something else. */
static int take_days(scanner *s, bool *holidays) {
    int first = take_day(s);
    if (first < 0)
        return -1;
    if (first == DAYS) {
        *holidays = true;
        return 0;
    }
    scanner before = *s;
    skip_spaces(s);
    int last = first;
    if (take(s, "-")) {
        skip_spaces(s);
        last = take_day(s);
        if (last < 0 || last == DAYS)
            return -1;
    } else {
        *s = before;
    }
    int bits = 1 << last;
    for (int day = first; day != last; day = (day + 1) % DAYS)
        bits |= 1 << day;
    return bits;
}

/* ---- times ---- */

/* Minutes from midnight, up to 48:00; -1 for something else. */
static int take_time(scanner *s) {
    int hour = 0, minute = 0, digits = 0;
    for (; s->at < s->end && *s->at >= '0' && *s->at <= '9' && digits < 2; digits++)
        hour = hour * 10 + (*s->at++ - '0');
    if (digits == 0 || s->end - s->at < 3 || *s->at != ':')
        return -1;
    s->at++;
    for (digits = 0; digits < 2; digits++, s->at++) {
        if (*s->at < '0' || *s->at > '9')
            return -1;
        minute = minute * 10 + (*s->at - '0');
    }
    int time = hour * 60 + minute;
    return minute < 60 && time <= DAY_REACH ? time : -1;
}

/* Sets or clears from .. to on each of the days. */
static void mark(days *week, int day_bits, int from, int to, uint8_t value) {
    for (int day = 0; day < DAYS; day++) {
        if (day_bits >> day & 1)
            memset(week->minutes[day] + from, value, (size_t)(to - from));
    }
}

static bool take_span(scanner *s, int *from, int *to) {
    *from = take_time(s);
    skip_spaces(s);
    if (*from < 0 || *from >= DAY_MINUTES || !take(s, "-"))
        return false;
    skip_spaces(s);
    *to = take_time(s);
    if (*to < 0)
        return false;
    if (*to <= *from)
        *to += DAY_MINUTES;
    return *to <= DAY_REACH;
}

/* ---- rules ---- */

/* Why the rest of a text is none of ours. */
static sgp_osm_hours reason_of(const scanner *s) {
    static const char *const dates[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",  "Jul",
                                        "Aug", "Sep", "Oct", "Nov", "Dec", "week", "easter"};
    static const char *const sun[] = {"sunrise", "sunset", "dawn", "dusk", "(sun"};
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++) {
        scanner here = *s;
        if (take(&here, dates[i]))
            return SGP_OSM_HOURS_DATES;
    }
    for (size_t i = 0; i < sizeof sun / sizeof *sun; i++) {
        scanner here = *s;
        if (take(&here, sun[i]))
            return SGP_OSM_HOURS_SUN;
    }
    scanner rest = *s;
    if (take_word(&rest, "AND"))
        return SGP_OSM_HOURS_OTHER;
    while (rest.at < rest.end && is_letter(*rest.at))
        rest.at++;
    skip_spaces(&rest);
    bool compares = rest.at < rest.end && strchr("<>=", *rest.at);
    return compares ? SGP_OSM_HOURS_OTHER : SGP_OSM_HOURS_MALFORMED;
}

enum { SPANS_MAX = 16 };

/* What one rule says. */
typedef struct rule {
    int day_bits;
    bool only_holidays;
    int from[SPANS_MAX], to[SPANS_MAX];
    int n_spans;
    bool off;
} rule;

static sgp_osm_hours take_rule_days(scanner *s, rule *r, bool *holidays) {
    bool any = false, holiday = false;
    for (;;) {
        const char *begin = s->at;
        int bits = take_days(s, &holiday);
        if (bits < 0 && (any || s->at != begin))
            return reason_of(s);
        if (bits < 0)
            break;
        any = true;
        r->day_bits |= bits;
        scanner before = *s;
        skip_spaces(s);
        if (!take(s, ",")) {
            *s = before;
            break;
        }
        skip_spaces(s);
    }
    *holidays = *holidays || holiday;
    r->only_holidays = any && r->day_bits == 0;
    if (!any)
        r->day_bits = EVERY_DAY;
    return SGP_OSM_HOURS_READ;
}

/* Spans, as long as a comma is followed by another one and not by a day. */
static sgp_osm_hours take_rule_spans(scanner *s, rule *r) {
    while (s->at < s->end && *s->at >= '0' && *s->at <= '9') {
        if (r->n_spans == SPANS_MAX || !take_span(s, &r->from[r->n_spans], &r->to[r->n_spans]))
            return reason_of(s);
        r->n_spans++;
        scanner before = *s;
        skip_spaces(s);
        bool comma = take(s, ",");
        skip_spaces(s);
        if (!comma || s->at == s->end || *s->at < '0' || *s->at > '9') {
            *s = before;
            return SGP_OSM_HOURS_READ;
        }
    }
    return SGP_OSM_HOURS_READ;
}

/* One rule: [days] [times] [off]. */
static sgp_osm_hours take_rule(scanner *s, rule *r, bool *holidays) {
    *r = (rule){.day_bits = 0};
    const char *begin = s->at;
    if (take(s, "24/7")) {
        r->day_bits = EVERY_DAY;
    } else {
        sgp_osm_hours reason = take_rule_days(s, r, holidays);
        skip_spaces(s);
        if (reason == SGP_OSM_HOURS_READ)
            reason = take_rule_spans(s, r);
        if (reason != SGP_OSM_HOURS_READ)
            return reason;
    }
    skip_spaces(s);
    r->off = take_word(s, "off") || take_word(s, "closed");
    if (!r->off)
        (void)take_word(s, "open");
    return s->at == begin ? reason_of(s) : SGP_OSM_HOURS_READ;
}

static void apply_rule(days *week, const rule *r, bool replaces) {
    if (r->only_holidays)
        return;
    if (replaces && !(r->off && r->n_spans > 0))
        mark(week, r->day_bits, 0, DAY_REACH, 0);
    if (r->n_spans == 0)
        mark(week, r->day_bits, 0, DAY_MINUTES, !r->off);
    for (int i = 0; i < r->n_spans; i++)
        mark(week, r->day_bits, r->from[i], r->to[i], !r->off);
}

sgp_osm_hours sgp_osm_hours_read(const char *text, size_t length, sgp_osm_week *week,
                                 bool *holidays) {
    days open = {{{0}}};
    scanner s = {text, text + length};
    bool replaces = true, any = false;
    skip_spaces(&s);
    while (s.at < s.end) {
        rule r;
        sgp_osm_hours reason = take_rule(&s, &r, holidays);
        if (reason != SGP_OSM_HOURS_READ)
            return reason;
        apply_rule(&open, &r, replaces);
        any = true;
        skip_spaces(&s);
        if (s.at == s.end)
            break;
        replaces = *s.at == ';';
        if (!take(&s, ";") && !take(&s, ","))
            return reason_of(&s);
        skip_spaces(&s);
    }
    if (!any)
        return SGP_OSM_HOURS_MALFORMED;
    memset(week, 0, sizeof *week);
    for (int day = 0; day < DAYS; day++) {
        for (int minute = 0; minute < DAY_REACH; minute++)
            week->minutes[(day * DAY_MINUTES + minute) % SGP_WEEK_MINUTES] |=
                open.minutes[day][minute];
    }
    return SGP_OSM_HOURS_READ;
}

/* ---- conditional values ---- */

/* The end of the clause that begins at `text`: a ';' outside of parentheses, or the end. */
static const char *clause_end(const char *text) {
    int depth = 0;
    for (; *text; text++) {
        depth += (*text == '(') - (*text == ')');
        if (*text == ';' && depth <= 0)
            break;
    }
    return text;
}

static void trim(const char **begin, const char **end) {
    while (*begin < *end && **begin == ' ')
        (*begin)++;
    while (*begin < *end && (*end)[-1] == ' ')
        (*end)--;
}

bool sgp_osm_clause_next(const char **text, const char **value, size_t *length, sgp_osm_week *week,
                         bool *holidays, sgp_osm_hours *reason) {
    *text += strspn(*text, " ;");
    if (!**text)
        return false;
    const char *begin = *text, *end = clause_end(begin);
    *text = end;
    const char *at = memchr(begin, '@', (size_t)(end - begin));
    *reason = SGP_OSM_HOURS_MALFORMED;
    *value = begin;
    *length = 0;
    if (!at)
        return true;
    const char *value_end = at, *hours = at + 1;
    trim(&begin, &value_end);
    *value = begin;
    *length = (size_t)(value_end - begin);
    trim(&hours, &end);
    if (hours < end && *hours == '(' && end[-1] == ')' && end - hours >= 2) {
        hours++;
        end--;
    }
    *reason = sgp_osm_hours_read(hours, (size_t)(end - hours), week, holidays);
    return true;
}

size_t sgp_osm_week_spans(const sgp_osm_week *week, sgp_week_span *spans, size_t capacity) {
    size_t n = 0;
    for (uint32_t minute = 0; minute < SGP_WEEK_MINUTES; minute++) {
        if (!week->minutes[minute])
            continue;
        uint32_t to = minute;
        while (to < SGP_WEEK_MINUTES && week->minutes[to])
            to++;
        if (n == capacity)
            return capacity + 1;
        spans[n++] = (sgp_week_span){(uint16_t)minute, (uint16_t)to};
        minute = to;
    }
    return n;
}
