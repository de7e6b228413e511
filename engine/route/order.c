#include "route/order.h"

#include "route/order_dissect.h"
#include "route/order_metis.h"
#include "route/osm_network.h"

/* The progress of one ordering. */
typedef struct telling {
    sgp_osm_meter meter;
    uint64_t before, total; /* vertices placed before the dissection; all of them */
    sgp_fault *fault;
} telling;

static bool tell(void *ctx, uint64_t done) {
    telling *t = ctx;
    return sgp_osm_meter_tell(&t->meter, t->before + done, t->total, t->fault) == SGP_OK;
}

static sgp_err order_by_inertial_flow(const sgp_order_graph *graph, unsigned threads,
                                      uint32_t *vertex_at, telling *t) {
    sgp_order_core core;
    sgp_err err = sgp_order_shrink(graph, vertex_at, &core);
    t->before = graph->n_vertices - core.n_vertices;
    if (err == SGP_OK)
        err = sgp_order_dissect(&core, threads, vertex_at + t->before, tell, t);
    if (err == SGP_E_MEMORY)
        err = sgp_fail(t->fault, err, "no memory left to order %u vertices", graph->n_vertices);
    sgp_order_core_deinit(&core);
    return err;
}

sgp_err sgp_order_make(const sgp_order_graph *graph, const sgp_graph_making *making,
                       uint32_t *vertex_at, sgp_fault *fault) {
    telling t = {.meter = {making ? making->progress : NULL, "ordering vertices", 0},
                 .total = graph->n_vertices,
                 .fault = fault};
    sgp_err err = sgp_osm_meter_tell(&t.meter, 0, t.total, fault);
    if (err == SGP_OK && making && making->method == SGP_ORDER_METIS)
        err = sgp_order_by_metis(graph, vertex_at, fault);
    else if (err == SGP_OK)
        err = order_by_inertial_flow(graph, making ? making->threads : 0, vertex_at, &t);
    return err == SGP_OK ? sgp_osm_meter_tell(&t.meter, t.total, t.total, fault) : err;
}
