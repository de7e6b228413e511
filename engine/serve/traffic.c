/* Live traffic in: pictures page by page, and roads that are closed.
 *
 * A picture is not the world's: it changes times, not what has happened, so its pages are
 * taken at once and are no events. What the times come from is: before the first step that
 * sees a new metric, METRIC_SWAPPED says which weights decide from there on. Closures are
 * events like any other, because they must survive a restart and end by themselves. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "serve/engine_parts.h"

/* ---- pictures ------------------------------------------------------------ */

void sgp_traffic_page(sgp_session *session, uint64_t reply_to,
                      const Sigap__V1__TrafficPicture *page) {
    sgp_engine *engine = session->engine;
    sgp_fault fault = {0};
    sgp_picture_taken taken;
    sgp_err err = sgp_live_roads_page(engine->city->roads, session->user, page, &taken, &fault);
    if (err != SGP_OK) {
        sgp_outbox_error(engine, session->id, reply_to, err, fault.text);
        return;
    }
    if (taken.complete && !taken.repeated)
        sgp_log(SGP_LOG_INFO, "traffic_picture", "actor=%s pages=%u roads=%llu unknown=%llu",
                SGP_Q(session->user), taken.pages, (unsigned long long)taken.roads,
                (unsigned long long)taken.unknown);
    Sigap__V1__TrafficTaken answer = SIGAP__V1__TRAFFIC_TAKEN__INIT;
    answer.pages = taken.pages;
    answer.roads = taken.roads;
    answer.unknown = taken.unknown;
    answer.complete = taken.complete;
    answer.repeated_request = taken.repeated;
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.body_case = SIGAP__V1__FRAME__BODY_TRAFFIC_TAKEN;
    frame.traffic_taken = &answer;
    sgp_outbox_answer(engine, session->id, reply_to, &frame);
}

/* ---- closures ------------------------------------------------------------ */

sgp_err sgp_traffic_close_event(sgp_session *session, const Sigap__V1__CloseRoad *asked,
                                sgp_event *event, sgp_fault *fault) {
    const sgp_engine *engine = session->engine;
    const char *city = sgp_graph_get(engine->city->graph)->name;
    sgp_road_closure *closure = &event->u.road_closed;
    event->kind = SGP_EVENT_ROAD_CLOSED;
    if (asked->closure == NULL)
        return sgp_fail(fault, SGP_E_ARGUMENT, "the closure is missing");
    sgp_err err = sgp_road_closure_from_proto(asked->closure, closure, fault);
    bool by_point = closure->way == 0 && closure->n_parts == 0;
    if (err == SGP_OK && by_point)
        err = sgp_point_check(engine, sgp_lon(closure->point), sgp_lat(closure->point),
                              &closure->point, fault);
    if (err == SGP_OK && by_point &&
        (closure->radius_m < 1 || closure->radius_m > SGP_ROAD_RADIUS_MAX_M))
        err = sgp_fail(fault, SGP_E_RANGE, "radius_m %d is not between 1 and %d", closure->radius_m,
                       SGP_ROAD_RADIUS_MAX_M);
    if (err != SGP_OK ||
        sgp_road_picture_count(sgp_live_roads_picture(engine->city->roads), closure) > 0)
        return err;
    if (closure->n_parts != 0)
        return sgp_fail(fault, SGP_E_NOT_FOUND, "%s has none of these parts of roads", city);
    if (closure->way != 0)
        return sgp_fail(fault, SGP_E_NOT_FOUND, "no road of %s is way %lld", city,
                        (long long)closure->way);
    return sgp_fail(fault, SGP_E_NOT_FOUND, "no road of %s lies within %d m of that point", city,
                    closure->radius_m);
}

sgp_err sgp_traffic_open_event(const Sigap__V1__OpenRoad *asked, sgp_event *event,
                               sgp_fault *fault) {
    event->kind = SGP_EVENT_ROAD_OPENED;
    event->u.road_opened.closure = asked->closure_id;
    event->u.road_opened.way = asked->way;
    if ((asked->closure_id != 0) == (asked->way != 0))
        return sgp_fail(fault, SGP_E_ARGUMENT, "give closure_id or way, one of them");
    return SGP_OK;
}

void sgp_status_roads(const sgp_engine *engine, Sigap__V1__Status *status) {
    int64_t at_us;
    uint64_t roads;
    const char *actor;
    status->picture_age_ms = -1;
    if (sgp_road_picture_now(sgp_live_roads_picture(engine->city->roads), &at_us, &roads, &actor)) {
        status->picture_age_ms = (sgp_monotonic_us() - at_us) / 1000;
        status->picture_roads = roads;
        status->picture_by = (char *)actor;
    }
    for (uint32_t i = 0; i < sgp_world_road_closures(engine->world); i++)
        status->closures_in_force += sgp_world_road_closure(engine->world, i)->in_force;
}

void sgp_traffic_follow(sgp_engine *engine) {
    sgp_live_roads_close(engine->city->roads, engine->world);
}

/* Its roads, and where they are. */
static void add_line(const sgp_engine *engine, const sgp_road_closure *closure,
                     Sigap__V1__RoadClosure *message) {
    enum { LINE = 40 };
    Sigap__V1__Point room[LINE], *list[LINE];
    uint32_t *edges = NULL;
    uint32_t n =
        sgp_road_picture_edges(sgp_live_roads_picture(engine->city->roads), closure, &edges);
    size_t points =
        sgp_line_of_edges(sgp_graph_get(engine->city->graph), edges, n, room, list, LINE);
    message->n_roads = n;
    message->line = points > 0 ? calloc(points, sizeof *message->line) : NULL;
    for (size_t i = 0; message->line != NULL && i < points; i++) {
        Sigap__V1__Point *point = malloc(sizeof *point);
        if (point == NULL)
            break;
        *point = room[i];
        message->line[message->n_line++] = point;
    }
    free(edges);
}

void sgp_answer_closures(sgp_session *session, uint64_t reply_to,
                         const Sigap__V1__ListRoadClosures *asked) {
    const sgp_world *world = session->engine->world;
    Sigap__V1__RoadClosure *closures[20];
    Sigap__V1__RoadClosurePage page = SIGAP__V1__ROAD_CLOSURE_PAGE__INIT;
    /* With where it is and its parts one may have 5 KiB. */
    size_t limit = asked->limit == 0 || asked->limit > 20 ? 20 : asked->limit;
    page.closures = closures;
    for (uint32_t i = 0; i < sgp_world_road_closures(world); i++) {
        const sgp_road_closure *closure = sgp_world_road_closure(world, i);
        if (closure->id <= asked->after_id)
            continue;
        if (page.n_closures == limit) {
            page.next_after_id = closures[limit - 1]->id;
            break;
        }
        closures[page.n_closures] = sgp_road_closure_to_proto(closure);
        if (closures[page.n_closures] == NULL) {
            sgp_log(SGP_LOG_ERROR, "out_of_memory", "where=closures");
            abort();
        }
        add_line(session->engine, closure, closures[page.n_closures]);
        page.n_closures++;
    }
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.body_case = SIGAP__V1__FRAME__BODY_ROAD_CLOSURE_PAGE;
    frame.road_closure_page = &page;
    sgp_outbox_answer(session->engine, session->id, reply_to, &frame);
    for (size_t i = 0; i < page.n_closures; i++)
        protobuf_c_message_free_unpacked(&closures[i]->base, NULL);
}
