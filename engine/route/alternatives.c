/* Routes that a driver would call different. */
#include "sigap/router.h"

sgp_err sgp_query_alternatives(sgp_query *query, const sgp_source *source, const sgp_snap *target,
                               sgp_route *routes, size_t capacity, size_t *n) {
    if (capacity == 0) {
        *n = 0;
        return SGP_OK;
    }
    sgp_err err = sgp_query_route(query, source, target, &routes[0]);
    if (!err)
        *n = routes[0].duration_ms != SGP_UNREACHABLE;
    return err;
}
