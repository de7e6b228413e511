/* What the files of siting share: the question with its zones joined, its first answer, and the
 * programme. Private to siting*.c and their test. */
#ifndef SGP_REPLAY_SITING_PARTS_H
#define SGP_REPLAY_SITING_PARTS_H

#include "replay/siting.h"

typedef struct sgp_siting_task {
    const sgp_siting_ask *ask;
    sgp_coverage_model model; /* of the joined zones; owned */
    int64_t *weight, *ms;
    uint32_t n_sites;
    uint32_t units_max; /* at one site */
    uint32_t units;     /* to be placed */
    int64_t total_weight;
} sgp_siting_task;

/* siting_task.c: checks, joins; frees. */
sgp_err sgp_siting_task_make(const sgp_siting_ask *ask, sgp_siting_task *task,
                             sgp_fault *fault) SGP_MUST_USE;
void sgp_siting_task_free(sgp_siting_task *task);

/* siting_first.c: a good answer, units[n_sites]. SGP_E_NOT_FOUND: P_MEDIAN, none that reaches all
 * zones was found; `units` then holds one that reaches most. */
sgp_err sgp_siting_first(const sgp_siting_task *task, uint32_t *units) SGP_MUST_USE;

/* What is known of a site in every answer that is better than the one at hand. */
typedef enum sgp_site_fate { SGP_SITE_UNSETTLED, SGP_SITE_OPENED, SGP_SITE_CLOSED } sgp_site_fate;

/* siting_bound.c, P_MEDIAN: no answer is less than *bound; fates[n_sites] of those that are better
 * than units[n_sites], an answer that is itself improved where that comes by the way. Takes half of
 * the time limit at most. */
sgp_err sgp_siting_bound(const sgp_siting_task *task, uint32_t *units, double *bound,
                         sgp_site_fate *fates) SGP_MUST_USE;

/* siting_mip.c: improves units[n_sites] (`has_first`: they are an answer) to the best. */
sgp_err sgp_siting_mip(const sgp_siting_task *task, bool has_first, uint32_t *units,
                       sgp_siting *answer, sgp_fault *fault) SGP_MUST_USE;

/* Of units[n_sites]; -1 = P_MEDIAN, and a zone has no way. */
int64_t sgp_siting_task_value(const sgp_siting_task *task, const uint32_t *units);

#endif
