/* OpenStreetMap's hours: the part of the opening_hours syntax that roads, gates and
 * restrictions are tagged with.
 *
 *     24/7    Mo-Fr 07:00-09:00,15:00-17:00    Mo,We 22:00-05:00; Sa off    06:00-18:00
 *
 * Rules follow one another after ';' (a later one replaces what earlier ones said of its
 * days) or ',' (it adds). Days are lists and ranges of Mo .. Su; times run from HH:MM to
 * HH:MM, over midnight where the end is not later than the beginning, up to 48:00. "off"
 * and "closed" take away. Public and school holidays (PH, SH) are skipped and told:
 * the graph knows weeks, not years.
 *
 * Everything else (months, dates, sunset, weights, comments) is not read, by reason:
 * half of a condition would be a wrong one.
 *
 * A conditional tag holds clauses "value @ (hours)", separated by ';'; the last one
 * that holds at a minute counts.
 *
 * Pure, allocates nothing, bounded by the length of the text. Thread-safe.
 */
#ifndef SGP_ROUTE_OSM_HOURS_H
#define SGP_ROUTE_OSM_HOURS_H

#include <stdbool.h>
#include <stddef.h>

#include "sigap/graph.h"

/* Why hours could not be read. */
#define SGP_OSM_HOURS(X)                                                                           \
    X(READ, "read")                                                                                \
    X(DATES, "dates")        /* months, weeks, days of the month */                                \
    X(SUN, "sun")            /* sunrise, sunset, dawn, dusk */                                     \
    X(OTHER, "not_by_hours") /* weight, occupants, wet, ... */                                     \
    X(MALFORMED, "malformed")
typedef enum sgp_osm_hours {
#define SGP_OSM_HOURS_ENUM(name, text) SGP_OSM_HOURS_##name,
    SGP_OSM_HOURS(SGP_OSM_HOURS_ENUM)
#undef SGP_OSM_HOURS_ENUM
        SGP_OSM_HOURS_REASONS
} sgp_osm_hours;
const char *sgp_osm_hours_str(sgp_osm_hours reason);

/* 1 for each minute of the local week that the text names; minute 0 is Monday 00:00. */
typedef struct sgp_osm_week {
    uint8_t minutes[SGP_WEEK_MINUTES];
} sgp_osm_week;

/* Reads text[length] into `week`, which is undefined unless READ is returned.
 * `holidays` is set where PH or SH was skipped; never cleared. */
sgp_osm_hours sgp_osm_hours_read(const char *text, size_t length, sgp_osm_week *week,
                                 bool *holidays);

/* The next clause of a conditional value at `*text`, which moves on: its value as
 * value[length], its hours into `week`. False at the end; `*reason` tells what became of
 * the hours of a clause that was there. */
bool sgp_osm_clause_next(const char **text, const char **value, size_t *length, sgp_osm_week *week,
                         bool *holidays, sgp_osm_hours *reason);

/* The minutes that are set, as spans; spans[capacity]. Returns their number, or
 * capacity + 1 where they do not fit. */
size_t sgp_osm_week_spans(const sgp_osm_week *week, sgp_week_span *spans, size_t capacity);

#endif
