/* Times as people say them on a command line, in this machine's time zone. Pure but for the time
 * zone; thread-safe. */
#ifndef SGP_APPS_CLOCK_OPTION_H
#define SGP_APPS_CLOCK_OPTION_H

#include <stdbool.h>
#include <stdint.h>

/* "14:30" is the next half past two, or with `past` the last one; "+90" is 90 minutes from now
 * ("-5", with `past`, five minutes ago); "2026-03-01 14:30" (or with a T) is that. false: none of
 * these. */
bool sgp_clock_parse(const char *text, int64_t now_ms, bool past, int64_t *wall_ms);

#endif
