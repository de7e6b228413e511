/* Plans from configuration files.
 *
 * A folder holds five files, each of which may be absent and is then the one that comes with Sigap
 * (engine/plans/defaults, which also says what every key means):
 *
 *   complaints.conf    complaints with their codes, names and default priorities
 *   plans.conf         seats, alarm levels, agencies; which complaint gets which response
 *   scripts.conf       the call-taker's questions, and what answers do to the priority
 *   instructions.conf  what callers are told until help is there
 *   clocks.conf        by which clocks the service measures itself
 *
 * Every mistake is told as "file:line: sentence"; an unknown key or code is a mistake. Nothing is
 * half loaded. Reading allocates; no global state, so any thread may load.
 */
#ifndef SGP_PLANS_PLAN_FILE_H
#define SGP_PLANS_PLAN_FILE_H

#include "plans/handbook.h"

typedef enum sgp_plan_part {
    SGP_PLAN_COMPLAINTS,
    SGP_PLAN_RESPONSES,
    SGP_PLAN_SCRIPTS,
    SGP_PLAN_INSTRUCTIONS,
    SGP_PLAN_CLOCKS,
    SGP_PLAN_PARTS
} sgp_plan_part;
const char *sgp_plan_part_file(sgp_plan_part part); /* "plans.conf" */
/* The file that comes with Sigap; for ever. */
const char *sgp_plan_part_default(sgp_plan_part part);

/* All files of a plan. */
typedef struct sgp_plan_files {
    char *name[SGP_PLAN_PARTS]; /* for sentences */
    char *text[SGP_PLAN_PARTS];
} sgp_plan_files;

typedef struct sgp_loaded_plan {
    sgp_plan *plan;
    sgp_handbook *handbook;
    /* Response targets by priority from the first preset that has them, for sgp_clocks.target_ms;
     * 0 = the configuration of the engine stands. */
    int32_t target_ms[SGP_PRIORITIES];
} sgp_loaded_plan;

/* `folder` NULL or "": the files that come with Sigap. The fault names file and line. */
sgp_err sgp_plan_load(const char *folder, sgp_loaded_plan *loaded, sgp_fault *fault) SGP_MUST_USE;
/* From texts; a NULL text is the default one. */
sgp_err sgp_plan_parse(const sgp_plan_files *files, sgp_loaded_plan *loaded,
                       sgp_fault *fault) SGP_MUST_USE;
/* Zeroed afterwards; harmless when repeated. */
void sgp_loaded_plan_clear(sgp_loaded_plan *loaded);

#endif
