/* Calls that are told roughly, put somewhere within what is told of them.
 *
 * An anonymous export says of a call: in these three hours, on one of these seven days, in this
 * square of 500 m (report_anonymous.h). Played as they are written, all calls of a class would come
 * at one instant from one point, which no city has ever seen. So each is put on one of its days, at
 * one second of its hours and beside a road of its square, by a stream of chance of its own
 * (dice.h): another seed, another day; the same for every policy.
 *
 * What is lost in the rounding is not brought back: where the calls of a class really lay close
 * together in time (an accident that ten people saw), they no longer do.
 */
#ifndef SGP_REPLAY_CALL_SPREAD_H
#define SGP_REPLAY_CALL_SPREAD_H

#include "replay/call_list.h"
#include "sigap/graph.h"

/* Is any call of the list told roughly? Linear. */
bool sgp_call_list_is_rough(const sgp_call_list *list);

/* Adds every call of `told` to `list`, those told roughly put exactly somewhere, and sorts. Without
 * a graph (NULL) places are anywhere in their square. SGP_E_MEMORY, SGP_E_FULL. */
sgp_err sgp_call_list_spread(const sgp_call_list *told, const sgp_graph *graph, uint64_t seed,
                             sgp_call_list *list) SGP_MUST_USE;

/* A point beside the nearest road to `point`, as houses lie, or on a main road itself; `point`
 * where there is no such road within 2 km. */
sgp_point sgp_point_beside_road(const sgp_graph *graph, sgp_point point, bool on_roads,
                                uint64_t *random);

#endif
