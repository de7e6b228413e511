/* What the loop knows of the roads beyond their stored times: the traffic picture in service,
 * the next one while its pages arrive, and which roads are closed.
 *
 * All of it is one array of factors, permille of the time by edge << 1 | backward (traffic.h),
 * in which a closed road is 0. A picture takes effect whole when its last page is there; until
 * then the one before stays. A page that was taken before is answered again and changes
 * nothing. Nothing here is kept across a restart: closures come from the world, and the next
 * picture is a minute away. Not thread-safe.
 */
#ifndef SGP_SERVE_ROAD_PICTURE_H
#define SGP_SERVE_ROAD_PICTURE_H

#include <stdbool.h>

#include "sigap/core.h"
#include "sigap/graph.h"
#include "sigap/traffic.h"
#include "sigap/v1/admin.pb-c.h"

enum {
    SGP_PICTURE_PAGES_MAX = 4096,
    SGP_PICTURE_PATIENCE_S = 60 /* after that another sender's picture may push this one aside */
};

typedef struct sgp_road_picture sgp_road_picture;

/* `graph` must outlive it. Sorts the roads by way and the crossings by node: a second for a
 * province. */
sgp_err sgp_road_picture_create(const sgp_graph *graph, sgp_road_picture **picture) SGP_MUST_USE;
void sgp_road_picture_destroy(sgp_road_picture *picture);

/* How far a picture has come; `complete` when its last page is there. */
typedef struct sgp_picture_taken {
    uint32_t pages;
    uint64_t roads, unknown;
    bool complete, repeated;
} sgp_picture_taken;

/* Takes one page from `actor`. On an error nothing of the page is taken and the fault says
 * which entry is wrong: SGP_E_ARGUMENT, SGP_E_RANGE, SGP_E_STATE (out of order, or another
 * sender's picture is on its way), SGP_E_FULL. */
sgp_err sgp_road_picture_take(sgp_road_picture *picture, const char *actor, int64_t now_us,
                              const Sigap__V1__TrafficPicture *page, sgp_picture_taken *taken,
                              sgp_fault *fault) SGP_MUST_USE;

/* How many roads of the graph such a closure closes. */
uint32_t sgp_road_picture_count(const sgp_road_picture *picture, const sgp_road_closure *closure);
/* The same roads, some of them perhaps twice, into a new array to free(); NULL: no memory. */
uint32_t sgp_road_picture_edges(const sgp_road_picture *picture, const sgp_road_closure *closure,
                                uint32_t **edges);
/* The picture in service: when its last page came (sgp_monotonic_us), how many roads it named and
 * whose it is (borrowed); false: there is none. */
bool sgp_road_picture_now(const sgp_road_picture *picture, int64_t *at_us, uint64_t *roads,
                          const char **actor);
/* From now on closes what is in force in the world; *changed: that is something else than
 * before. SGP_E_MEMORY. */
sgp_err sgp_road_picture_close(sgp_road_picture *picture, const sgp_world *world,
                               bool *changed) SGP_MUST_USE;

/* Picture and closures in one new array [2 * n_edges] to free(); NULL: nothing is known. */
sgp_err sgp_road_picture_factors(const sgp_road_picture *picture, uint16_t **factor) SGP_MUST_USE;

#endif
