#include "core/roads.h"

#include <string.h>

sgp_err sgp_roads_metric_swapped(sgp_step *step) {
    sgp_world *world = step->world;
    const sgp_metric_mark *told = &step->event->u.swapped;
    sgp_metric_mark *mark = sgp_world_find_mark(world, told->profile);
    if (!mark) {
        if (world->n_metrics == SGP_METRICS_MAX)
            return sgp_fail(&step->fault, SGP_E_FULL, "there are already %d profiles",
                            SGP_METRICS_MAX);
        mark = &world->metrics[world->n_metrics++];
    }
    *mark = *told;
    return SGP_OK;
}

sgp_err sgp_roads_closed(sgp_step *step) {
    sgp_world *world = step->world;
    sgp_road_closure closure = step->event->u.road_closed;
    if (world->n_closures == SGP_ROAD_CLOSURES_MAX)
        return sgp_fail(&step->fault, SGP_E_FULL, "%d road closures are known already; open some",
                        SGP_ROAD_CLOSURES_MAX);
    if (closure.until_ms && closure.until_ms <= step->event->at_ms)
        return sgp_fail(&step->fault, SGP_E_RANGE, "the closure ends before it is told");
    closure.id = step->event->seq;
    if (closure.way) {
        closure.point = (sgp_point){0, 0};
        closure.radius_m = 0;
    }
    if (!closure.from_ms)
        closure.from_ms = step->event->at_ms;
    closure.in_force = closure.from_ms <= step->event->at_ms;
    memcpy(closure.actor, step->event->actor, sizeof closure.actor);
    step->reply.closure = closure.id;
    return sgp_world_add_closure(world, &closure);
}

sgp_err sgp_roads_opened(sgp_step *step) {
    sgp_world *world = step->world;
    sgp_id id = step->event->u.road_opened.closure;
    int64_t way = step->event->u.road_opened.way;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < world->n_closures; i++) {
        const sgp_road_closure *closure = &world->closures[i];
        if (id ? closure->id != id : closure->way != way)
            world->closures[kept++] = *closure;
        else
            step->reply.closure = closure->id;
    }
    if (kept == world->n_closures)
        return id ? sgp_fail(&step->fault, SGP_E_NOT_FOUND, "there is no road closure %llu",
                             (unsigned long long)id)
                  : sgp_fail(&step->fault, SGP_E_NOT_FOUND, "way %lld is not closed",
                             (long long)way);
    world->n_closures = kept;
    return SGP_OK;
}

void sgp_roads_timer(sgp_step *step) {
    sgp_world *world = step->world;
    int64_t now_ms = step->event->at_ms;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < world->n_closures; i++) {
        sgp_road_closure *closure = &world->closures[i];
        if (closure->until_ms && closure->until_ms <= now_ms)
            continue;
        closure->in_force = closure->in_force || closure->from_ms <= now_ms;
        world->closures[kept++] = *closure;
    }
    world->n_closures = kept;
}
