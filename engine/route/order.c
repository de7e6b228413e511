#include "route/order.h"

#include "route/order_metis.h"

static sgp_err tell(const sgp_graph_making *making, uint64_t done, uint64_t total,
                    sgp_fault *fault) {
    const sgp_progress *progress = making ? making->progress : NULL;
    if (progress && progress->report &&
        progress->report(progress->ctx, "ordering vertices", done, total))
        return sgp_fail(fault, SGP_E_TIMEOUT, "cancelled while ordering vertices");
    return SGP_OK;
}

sgp_err sgp_order_make(const sgp_order_graph *graph, const sgp_graph_making *making,
                       uint32_t *vertex_at, sgp_fault *fault) {
    sgp_err err = tell(making, 0, graph->n_vertices, fault);
    if (err == SGP_OK)
        err = sgp_order_by_metis(graph, vertex_at, fault);
    if (err == SGP_OK)
        err = tell(making, graph->n_vertices, graph->n_vertices, fault);
    return err;
}
