/* Rosters from CSV files (libcsv).
 *
 * crew.csv: who there is, by code, and what each can do. No names: a column that is not known is a
 * mistake.
 *
 *   code,skills
 *   PRM-014,advanced_life_support defibrillator
 *   SPR-003,
 *
 * shifts.csv: who is on which unit, from when to when, in the city's time.
 *
 *   unit,from,until,crew
 *   PSC-01,07:00,15:00,PRM-014 SPR-003              every day
 *   PSC-02,sat 19:00,07:00,PRM-020 SPR-007          every Saturday night; sab in Indonesian
 *   PSC-03,2026-03-01 07:00,2026-03-01 15:00,PRM-021 SPR-008
 *
 * Lines that are empty or begin with # are passed over. Every mistake is told as "file:line:
 * sentence"; so are two shifts of one unit, or of one person, at the same time. Nothing is half
 * loaded. Reading allocates; no global state, so any thread may load. Cost: grows with the square
 * of the number of shifts, a tenth of a second for the most that there can be.
 */
#ifndef SGP_PLANS_ROSTER_FILE_H
#define SGP_PLANS_ROSTER_FILE_H

#include "sigap/roster.h"

typedef struct sgp_roster_source {
    const char *shifts, *crew; /* paths; crew NULL: the column crew may be absent, and everybody can
                                * do everything (planners ask about vehicles, not people) */
    int64_t now_ms;            /* for shifts that come again: by which offset from UTC */
    const void *ctx;           /* of the two below */
    int32_t (*offset_s)(const void *ctx, int64_t wall_ms); /* of the city's time from UTC */
    bool (*is_unit)(const void *ctx, const char *code);    /* NULL: any code is a unit's */
} sgp_roster_source;

/* SGP_E_IO, SGP_E_CONFIG, SGP_E_MEMORY. free() the roster. */
sgp_err sgp_roster_read(const sgp_roster_source *source, sgp_roster **roster,
                        sgp_fault *fault) SGP_MUST_USE;
/* The same from texts; the paths are their names. `crew_text` NULL as above. */
sgp_err sgp_roster_parse(const sgp_roster_source *source, const char *shifts_text,
                         const char *crew_text, sgp_roster **roster, sgp_fault *fault) SGP_MUST_USE;

#endif
