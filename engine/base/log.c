#include "base/log.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"

enum { LINE_MAX_BYTES = 2048, QUOTE_MAX_BYTES = 400, QUOTE_SLOTS = 8 };

static atomic_int lowest_level = SGP_LOG_INFO;

void sgp_log_set_level(sgp_log_level level) {
    atomic_store(&lowest_level, (int)level);
}

void sgp_log(sgp_log_level level, const char *event, const char *fields, ...) {
    static const char *const names[] = {"debug", "info", "warn", "error"};
    if ((int)level < atomic_load(&lowest_level))
        return;
    char line[LINE_MAX_BYTES];
    char stamp[25];
    sgp_wall_format(sgp_wall_ms(), stamp);
    int used = snprintf(line, sizeof line, "time=%s level=%s event=%s%s", stamp, names[level],
                        event, *fields ? " " : "");
    va_list args;
    va_start(args, fields);
    int more = vsnprintf(line + used, sizeof line - (size_t)used, fields, args);
    va_end(args);
    size_t length = (size_t)used + (more > 0 ? (size_t)more : 0);
    if (length > sizeof line - 2)
        length = sizeof line - 2;
    line[length] = '\n';
    /* One write a line, so that lines of several threads do not mix. */
    ssize_t written = write(STDERR_FILENO, line, length + 1);
    (void)written;
}

const char *sgp_log_quote(const char *text) {
    static _Thread_local char slots[QUOTE_SLOTS][2 * QUOTE_MAX_BYTES + 3];
    static _Thread_local unsigned next;
    char *out = slots[next++ % QUOTE_SLOTS];
    char *end = out;
    *end++ = '"';
    for (size_t i = 0; text && text[i] && i < QUOTE_MAX_BYTES; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c == '"' || c == '\\')
            *end++ = '\\';
        *end++ = c < 0x20 || c == 0x7f ? ' ' : (char)c;
    }
    *end++ = '"';
    *end = '\0';
    return out;
}
