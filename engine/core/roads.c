#include "core/roads.h"

#include <string.h>

#include "core/proto_read.h"
#include "core/proto_write.h"

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

/* ---- parts of roads ------------------------------------------------------------------ */

bool sgp_put_road_parts(Sigap__V1__RoadClosure *message, const sgp_road_closure *closure) {
    bool ok = sgp_put_text(&message->street, closure->street) &&
              sgp_put_array((void **)&message->parts, closure->n_parts, sizeof(void *));
    for (uint32_t i = 0; i < closure->n_parts && ok; i++) {
        Sigap__V1__RoadPart *part = sgp_message_make(&sigap__v1__road_part__descriptor);
        message->parts[message->n_parts++] = part;
        if (!part)
            return false;
        if (closure->parts[i].b) {
            part->from_node = closure->parts[i].a;
            part->to_node = closure->parts[i].b;
        } else {
            part->way = closure->parts[i].a;
        }
    }
    return ok;
}

sgp_err sgp_read_road_parts(const Sigap__V1__RoadClosure *message, sgp_road_closure *closure,
                            sgp_fault *fault) {
    sgp_err err = sgp_read_text(message->street, closure->street, sizeof closure->street,
                                "the street", fault);
    if (!err && message->n_parts > SGP_CLOSURE_PARTS_MAX)
        err = sgp_fail(fault, SGP_E_TOO_LARGE,
                       "%zu parts of roads are more than the %d of one closure; close less at once",
                       message->n_parts, SGP_CLOSURE_PARTS_MAX);
    for (size_t i = 0; i < message->n_parts && !err; i++) {
        const Sigap__V1__RoadPart *part = message->parts[i];
        bool is_way = part->way > 0 && !part->from_node && !part->to_node;
        bool is_stretch = !part->way && part->from_node > 0 && part->to_node > 0;
        if (!is_way && !is_stretch)
            return sgp_fail(fault, SGP_E_ARGUMENT,
                            "part %zu of the closure names neither a way nor two nodes", i + 1);
        closure->parts[closure->n_parts++] = (sgp_road_part){
            .a = is_way ? part->way : part->from_node, .b = is_way ? 0 : part->to_node};
    }
    return err;
}

/* ---- closures ------------------------------------------------------------------------- */

sgp_err sgp_roads_closed(sgp_step *step) {
    sgp_world *world = step->world;
    sgp_road_closure closure = step->event->u.road_closed;
    if (world->n_closures == SGP_ROAD_CLOSURES_MAX)
        return sgp_fail(&step->fault, SGP_E_FULL, "%d road closures are known already; open some",
                        SGP_ROAD_CLOSURES_MAX);
    if (closure.until_ms && closure.until_ms <= step->event->at_ms)
        return sgp_fail(&step->fault, SGP_E_RANGE, "the closure ends before it is told");
    closure.id = step->event->seq;
    if (closure.way || closure.n_parts) {
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
