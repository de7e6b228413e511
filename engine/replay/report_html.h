/* The report that planners read, share and print: one HTML file that loads nothing from anywhere,
 * in Indonesian or English, light or dark as the reader's screen is.
 *
 * It tells, for one history or for policies side by side: what was compared and over which time;
 * the measures that count, with half-widths and paired differences, and in words where a policy
 * does better and where worse; how response is distributed, by hour, station and district; maps
 * by kelurahan; how busy units were; and how all this was counted. It has no script at all, and
 * its own content security policy forbids it to fetch anything.
 *
 * It holds no exact place or time of any incident.
 */
#ifndef SGP_REPLAY_REPORT_HTML_H
#define SGP_REPLAY_REPORT_HTML_H

#include <stdio.h>

#include "replay/report_comparison.h"
#include "sigap/graph.h"

typedef struct sgp_html_options {
    const char *language;       /* "en"; anything else, NULL too: Indonesian */
    const sgp_graph_parts *map; /* NULL = without maps; borrowed */
    int64_t made_at_ms;         /* printed as the day of making */
    const char *made_by;        /* "sigap 0.1.0 (commit)" */
} sgp_html_options;

/* SGP_E_ARGUMENT: nothing to report; SGP_E_MEMORY; SGP_E_IO: writing failed. */
sgp_err sgp_report_html(const sgp_comparison *comparison, const sgp_html_options *options,
                        FILE *out, sgp_fault *fault) SGP_MUST_USE;

#endif
