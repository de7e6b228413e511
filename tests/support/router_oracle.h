/* Every kind of question to the router, held to Dijkstra's algorithm on one graph. */
#ifndef SGP_TEST_ROUTER_ORACLE_H
#define SGP_TEST_ROUTER_ORACLE_H

#include "dijkstra.h"

/* Random questions from `n_sources` places, each about `n_targets` places and all vertices;
 * *pairs counts what was compared. Fails the test at the first difference. */
void router_oracle_check(const sgp_metric *metric, sgp_query *query, uint32_t n_sources,
                         uint32_t n_targets, uint64_t *random, size_t *pairs);

/* Routes and alternatives between n random pairs of places. *others counts the alternatives. */
void router_oracle_routes(const sgp_metric *metric, sgp_query *query, uint32_t n, uint64_t *random,
                          size_t *others);

#endif
