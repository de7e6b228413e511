/* What a query owns; shared by query.c and route.c. */
#ifndef SGP_ROUTE_QUERY_H
#define SGP_ROUTE_QUERY_H

#include "route/search.h"

struct sgp_query {
    const sgp_metric *metric;
    sgp_search search;
};

#endif
