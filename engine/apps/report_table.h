/* A comparison's interval tables on a terminal, and as JSON. */
#ifndef SGP_APPS_REPORT_TABLE_H
#define SGP_APPS_REPORT_TABLE_H

#include <jansson.h>

#include "apps/texts.h"
#include "replay/report_comparison.h"

/* Response by the groups of a grouping, then of all incidents; a row a policy, with half-widths
 * where there are replications. SGP_E_MEMORY. */
sgp_err sgp_report_table_print(const sgp_comparison *comparison, sgp_grouping grouping,
                               sgp_language language, FILE *out) SGP_MUST_USE;

/* All measures of the groups of a grouping and of all: a new reference; NULL out of memory.
 * {"policies": [{"policy": ..., "replications": n, "groups": [{"group": "P1", "within": "",
 *   "incidents": {"mean": .., "half_width": .., "difference": .., "difference_half_width": ..},
 *   ...}]}]}; times in seconds; a key is left out where nothing is known. */
json_t *sgp_report_table_json(const sgp_comparison *comparison, sgp_grouping grouping);

#endif
