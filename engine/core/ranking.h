/* Ranking: the order in which a recommendation lists its candidates.
 *
 * Who may go by total_ms, then who will soon be free by total_ms, then the rest;
 * ties, and the rest, by unit index. Private to engine/core.
 */
#ifndef SGP_CORE_RANKING_H
#define SGP_CORE_RANKING_H

#include "sigap/core.h"

/* Writes all[n], which are by unit, to ranked[n] in that order; *n_may_go of them may go. Costs a
 * few passes over 16 bytes for each and one copy: a sort of whole candidates by comparing took two
 * thirds of a decision among 1,000 units. SGP_E_MEMORY only. */
sgp_err sgp_candidates_rank(const sgp_candidate *all, uint32_t n, sgp_candidate *ranked,
                            uint32_t *n_may_go) SGP_MUST_USE;

#endif
