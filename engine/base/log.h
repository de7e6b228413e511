/* Structured log: one line of logfmt on standard error per event, e.g.
 *
 *   time=2026-11-22T03:15:34.120Z level=info event=order_sent unit=A-03 incident=12
 *
 * Never a caller's or patient's data: pass ids, not texts that people typed.
 * Values with spaces or quotes are quoted and escaped. Thread-safe.
 */
#ifndef SGP_BASE_LOG_H
#define SGP_BASE_LOG_H
#include "sigap/error.h"

typedef enum sgp_log_level {
    SGP_LOG_DEBUG,
    SGP_LOG_INFO,
    SGP_LOG_WARN,
    SGP_LOG_ERROR
} sgp_log_level;

/* Lines below `level` are dropped; SGP_LOG_INFO at start. */
void sgp_log_set_level(sgp_log_level level);

/* `event` is snake_case. Then pairs of (const char *key, const char *format, one argument...)
 * are clumsy in C, so the fields are one printf format of key=value pairs; use
 * SGP_Q(text) with %s for a value that may need quotes. */
void sgp_log(sgp_log_level level, const char *event, const char *fields, ...) SGP_PRINTF(3, 4);

/* Quotes `text` for a logfmt value; the result is borrowed until the eighth next
 * call on this thread. Control characters become spaces; cut at 400 bytes. */
const char *sgp_log_quote(const char *text);
#define SGP_Q(text) sgp_log_quote(text)
#endif
