/* One position in the words of Traccar, whichever way it comes (TRACKER.md): what a Traccar server
 * forwards as JSON, what the Traccar Client app sends as JSON (9.0 and newer), or the OsmAnd
 * protocol's parameters, which older ones and OsmAnd send. Read by jansson and libevent; pure.
 */
#ifndef SGP_SERVE_TRACKER_H
#define SGP_SERVE_TRACKER_H

#include <stddef.h>

#include "sigap/error.h"
#include "sigap/fix.h"

enum { SGP_TRACKER_ID_BYTES = 64, SGP_TRACKER_BODY_MAX = 16 * 1024 };

typedef struct sgp_tracker_word {
    char id[SGP_TRACKER_ID_BYTES]; /* as the device is called there */
    bool valid;                    /* false: it has no fix at present; `fix` says nothing */
    sgp_fix fix;                   /* at_ms 0: not told */
} sgp_tracker_word;

/* JSON of either kind. SGP_E_FORMAT, SGP_E_RANGE: the fault names what is wrong. */
sgp_err sgp_tracker_read_json(const char *text, size_t length, sgp_tracker_word *word,
                              sgp_fault *fault) SGP_MUST_USE;
/* "id=7&lat=-7.96&lon=112.63&timestamp=...", of a query or a form. */
sgp_err sgp_tracker_read_form(const char *text, sgp_tracker_word *word,
                              sgp_fault *fault) SGP_MUST_USE;
/* A stream of its own for each tracker; never 0. */
uint32_t sgp_tracker_stream(const char *id);

#endif
