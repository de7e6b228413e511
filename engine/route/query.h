/* What a query owns: scratch memory for everything that it can be asked. */
#ifndef SGP_ROUTE_QUERY_H
#define SGP_ROUTE_QUERY_H

#include "route/ends.h"
#include "route/fleet.h"
#include "route/label.h"
#include "route/sweep.h"
#include "route/way.h"

/* One way of arriving at, or leaving, one of many places. */
typedef struct sgp_query_end {
    uint32_t place; /* which of the many */
    int32_t ms;
} sgp_query_end;

struct sgp_query {
    const sgp_metric *metric;
    sgp_label leaving, arriving;
    sgp_sweep sweep;
    sgp_fleet fleet; /* columns of a table */
    sgp_way way;
    sgp_query_end *ends; /* [end_capacity] of many places, and their vertices in the keys */
    uint64_t *keys, *key_scratch;
    int32_t *end_ms; /* [end_capacity] from or to the vertex of keys[i] */
    size_t n_ends, end_capacity;
    int32_t *ms; /* [ms_capacity] times to many places, without penalties */
    size_t ms_capacity;
    uint32_t *edges; /* [edge_capacity] on which the targets of a table lie */
    size_t edge_capacity;
};

/* The label of one stop, into query->leaving or query->arriving. */
sgp_err sgp_query_label(sgp_query *query, const sgp_stop *stop, sgp_label_side side) SGP_MUST_USE;

/* Room for n times in query->ms. */
sgp_err sgp_query_reserve_ms(sgp_query *query, size_t n) SGP_MUST_USE;

#endif
