#include "apps/texts.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "sigap/core.h"

static const char *const table[SGP_TEXTS_N][2] = {
#define SGP_TEXT_ROW(key, indonesian, english) {indonesian, english},
    SGP_TEXTS(SGP_TEXT_ROW)
#undef SGP_TEXT_ROW
};

bool sgp_language_parse(const char *name, sgp_language *language) {
    if (name == NULL || strlen(name) < 2 || (name[2] != '\0' && name[2] != '_' && name[2] != '-'))
        return false;
    if (strncmp(name, "id", 2) == 0) {
        *language = SGP_INDONESIAN;
        return true;
    }
    if (strncmp(name, "en", 2) == 0) {
        *language = SGP_ENGLISH;
        return true;
    }
    return false;
}

const char *sgp_text_get(sgp_language language, sgp_text key) {
    return table[key][language == SGP_ENGLISH];
}

/* Never leaves half a character at the cut. */
static size_t append(char *out, size_t capacity, size_t length, const char *text, size_t n) {
    if (length + 1 >= capacity)
        return length;
    size_t room = capacity - 1 - length;
    if (n > room) {
        n = room;
        while (n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80)
            n--;
    }
    memcpy(out + length, text, n);
    return length + n;
}

static char *fill(char *out, size_t capacity, const char *pattern, va_list gaps) {
    size_t length = 0;
    for (const char *p = pattern; *p != '\0';) {
        const char *end = *p == '{' ? strchr(p, '}') : NULL;
        if (end == NULL) {
            size_t n = *p == '{' ? 1 : strcspn(p, "{");
            length = append(out, capacity, length, p, n);
            p += n;
            continue;
        }
        va_list copy;
        va_copy(copy, gaps);
        for (const char *name; (name = va_arg(copy, const char *)) != NULL;) {
            const char *value = va_arg(copy, const char *);
            if (strlen(name) == (size_t)(end - p - 1) && strncmp(name, p + 1, strlen(name)) == 0) {
                length = append(out, capacity, length, value, strlen(value));
                break;
            }
        }
        va_end(copy);
        p = end + 1;
    }
    if (capacity > 0)
        out[length] = '\0';
    return out;
}

char *sgp_pattern_fill(char *out, size_t capacity, const char *pattern, ...) {
    va_list gaps;
    va_start(gaps, pattern);
    fill(out, capacity, pattern, gaps);
    va_end(gaps);
    return out;
}

char *sgp_text_fill(char *out, size_t capacity, sgp_language language, sgp_text key, ...) {
    va_list gaps;
    va_start(gaps, key);
    fill(out, capacity, sgp_text_get(language, key), gaps);
    va_end(gaps);
    return out;
}

const char *sgp_complaint_text(sgp_language language, const char *code) {
    if (code[0] == '\0')
        return sgp_text_get(language, SGP_TEXT_COMPLAINT_UNKNOWN);
    return sgp_complaint_name(code, language == SGP_ENGLISH ? "en" : "id");
}

/* Keys of one wire enum follow each other in the table. */
static const char *numbered(sgp_language language, sgp_text first, sgp_text last, int number) {
    if (number < 0 || number > (int)(last - first))
        return "?";
    return sgp_text_get(language, (sgp_text)((int)first + number));
}

const char *sgp_priority_text(sgp_language language, int priority) {
    static const char *const names[] = {"P?", "P1", "P2", "P3", "P4"};
    (void)language;
    return priority >= 0 && priority <= 4 ? names[priority] : "?";
}

const char *sgp_unit_status_text(sgp_language language, int status) {
    return numbered(language, SGP_TEXT_STATUS_UNKNOWN, SGP_TEXT_STATUS_AT_HOSPITAL, status);
}

const char *sgp_unit_kind_text(sgp_language language, int kind) {
    return numbered(language, SGP_TEXT_KIND_UNKNOWN, SGP_TEXT_KIND_RESCUE, kind);
}

const char *sgp_incident_state_text(sgp_language language, int state) {
    return numbered(language, SGP_TEXT_INCIDENT_UNKNOWN, SGP_TEXT_INCIDENT_CLOSED, state);
}

const char *sgp_assignment_state_text(sgp_language language, int state) {
    return numbered(language, SGP_TEXT_ASSIGNMENT_UNKNOWN, SGP_TEXT_ASSIGNMENT_STOOD_DOWN, state);
}

const char *sgp_place_kind_text(sgp_language language, int kind) {
    return numbered(language, SGP_TEXT_PLACE_UNKNOWN, SGP_TEXT_PLACE_PHONE, kind);
}

const char *sgp_precision_text(sgp_language language, int precision) {
    return numbered(language, SGP_TEXT_PRECISION_UNKNOWN, SGP_TEXT_PRECISION_WHOLE, precision);
}

const char *sgp_word_role_text(sgp_language language, int role) {
    return numbered(language, SGP_TEXT_WORD_NAME, SGP_TEXT_WORD_LEFT_OVER, role);
}

const char *sgp_phrase_role_text(sgp_language language, int role) {
    return numbered(language, SGP_TEXT_PHRASE_TARGET, SGP_TEXT_PHRASE_LANDMARK, role);
}

const char *sgp_wanted_text(sgp_language language, int wanted) {
    return numbered(language, SGP_TEXT_WANTED_ANY, SGP_TEXT_WANTED_KM_POST, wanted);
}

const char *sgp_relation_text(sgp_language language, int relation) {
    return numbered(language, SGP_TEXT_RELATION_NONE, SGP_TEXT_RELATION_INTO, relation);
}

const char *sgp_outcome_text(sgp_language language, int outcome) {
    return numbered(language, SGP_TEXT_OUTCOME_NONE, SGP_TEXT_OUTCOME_REAL, outcome);
}

const char *sgp_transfer_state_text(sgp_language language, int state) {
    return numbered(language, SGP_TEXT_TRANSFER_UNKNOWN, SGP_TEXT_TRANSFER_CANCELLED, state);
}

const char *sgp_transfer_conflict_text(sgp_language language, int conflict) {
    return numbered(language, SGP_TEXT_CONFLICT_OFF_DUTY, SGP_TEXT_CONFLICT_LATE, conflict);
}

char *sgp_duration_text(sgp_language language, int64_t ms, char *out, size_t capacity) {
    char hours[24], minutes[24], seconds[24];
    if (ms < 0) {
        snprintf(out, capacity, "%s", sgp_text_get(language, SGP_TEXT_UNREACHABLE));
        return out;
    }
    if (ms < 20000) {
        /* Short intervals need their tenths: an accelerated demo lives below a second. */
        int64_t tenths = (ms + 50) / 100;
        snprintf(seconds, sizeof seconds, "%" PRId64 "%s%" PRId64, tenths / 10,
                 sgp_text_get(language, SGP_TEXT_DECIMAL_POINT), tenths % 10);
        return sgp_text_fill(out, capacity, language, SGP_TEXT_SECONDS, "seconds", seconds, NULL);
    }
    int64_t total = (ms + 500) / 1000;
    if (total < 60) {
        snprintf(seconds, sizeof seconds, "%" PRId64, total);
        return sgp_text_fill(out, capacity, language, SGP_TEXT_SECONDS, "seconds", seconds, NULL);
    }
    if (total < 3600) {
        snprintf(minutes, sizeof minutes, "%" PRId64, total / 60);
        snprintf(seconds, sizeof seconds, "%02" PRId64, total % 60);
        return sgp_text_fill(out, capacity, language, SGP_TEXT_MINUTES, "minutes", minutes,
                             "seconds", seconds, NULL);
    }
    total = (total + 30) / 60;
    snprintf(hours, sizeof hours, "%" PRId64, total / 60);
    snprintf(minutes, sizeof minutes, "%02" PRId64, total % 60);
    return sgp_text_fill(out, capacity, language, SGP_TEXT_HOURS, "hours", hours, "minutes",
                         minutes, NULL);
}
