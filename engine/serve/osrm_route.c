/* /route: the fastest way over all coordinates, and others that are worth a look. */
#include <stdlib.h>

#include "serve/osrm_legs.h"

enum { DIRECTIONS = 2 };
static const uint8_t directions[DIRECTIONS] = {SGP_ALONG, SGP_AGAINST};

/* ---- going straight on at waypoints -------------------------------------------------- *
 *
 * A vehicle that passes a waypoint leaves it in the direction in which it came. So each
 * waypoint between has two states, and the best row of states is found leg by leg:
 *
 *     start ──► along ──► along ──► end
 *          ╲          ╳             ╱
 *           ──► against ─► against ─
 *
 * Where no way at all goes on straight (a dead end without room to turn), one may turn. */

typedef struct straight {
    int64_t ms[DIRECTIONS]; /* to here, arriving in that direction; SGP_UNREACHABLE */
    uint8_t from[DIRECTIONS];
} straight;

static uint8_t allowed(const sgp_snap *snap) {
    return snap->directions ? snap->directions : SGP_ALONG | SGP_AGAINST;
}

static int64_t leg_ms(sgp_osrm_work *work, sgp_snap from, uint8_t leaving, sgp_snap to,
                      uint8_t arriving) {
    int64_t ms = SGP_UNREACHABLE;
    from.directions = allowed(&from) & leaving;
    to.directions = allowed(&to) & arriving;
    if (from.directions == 0 || to.directions == 0)
        return SGP_UNREACHABLE;
    sgp_source source = {.from = from};
    return sgp_query_one_to_one(work->query, &source, &to, &ms) == SGP_OK ? ms : SGP_UNREACHABLE;
}

static void extend(sgp_osrm_work *work, size_t i, const straight *before, straight *here) {
    for (int to = 0; to < DIRECTIONS; to++) {
        here->ms[to] = SGP_UNREACHABLE;
        for (int from = 0; from < DIRECTIONS; from++) {
            if (before->ms[from] == SGP_UNREACHABLE)
                continue;
            int64_t ms =
                leg_ms(work, work->snaps[i - 1], directions[from], work->snaps[i], directions[to]);
            if (ms != SGP_UNREACHABLE &&
                (here->ms[to] == SGP_UNREACHABLE || before->ms[from] + ms < here->ms[to])) {
                here->ms[to] = before->ms[from] + ms;
                here->from[to] = (uint8_t)from;
            }
        }
    }
}

static int better(const straight *s) {
    return s->ms[0] == SGP_UNREACHABLE || (s->ms[1] != SGP_UNREACHABLE && s->ms[1] < s->ms[0]) ? 1
                                                                                               : 0;
}

/* Limits the directions at the waypoints between. Where no straight way leads on, the best
 * arrival so far is kept and the next leg may leave as it likes. */
static bool go_straight(sgp_osrm_work *work) {
    size_t n = work->request->n_coordinates;
    straight *states = calloc(n, sizeof *states);
    bool *turns = calloc(n, sizeof *turns);
    if (!states || !turns) {
        free(states);
        free(turns);
        return sgp_osrm_fail(work->error, "InternalError", "No memory left");
    }
    for (size_t i = 1; i < n; i++) {
        extend(work, i, &states[i - 1], &states[i]);
        if (states[i].ms[0] != SGP_UNREACHABLE || states[i].ms[1] != SGP_UNREACHABLE)
            continue;
        int best = better(&states[i - 1]);
        straight free_to_turn = {{states[i - 1].ms[best], states[i - 1].ms[best]},
                                 {(uint8_t)best, (uint8_t)best}};
        turns[i - 1] = true;
        extend(work, i, &free_to_turn, &states[i]);
    }
    int at = better(&states[n - 1]);
    for (size_t i = n - 1; i > 0; i--) {
        at = states[i].from[at];
        if (i - 1 > 0 && !turns[i - 1])
            work->snaps[i - 1].directions = allowed(&work->snaps[i - 1]) & directions[at];
        else if (turns[i - 1])
            at = better(&states[i - 1]);
    }
    free(states);
    free(turns);
    return true;
}

/* ---- ways ----------------------------------------------------------------------------------- */

static bool make_room(const sgp_osrm_work *work, sgp_osrm_way *way, size_t n_parts) {
    way->parts = calloc(n_parts, sizeof *way->parts);
    way->legs = calloc(n_parts, sizeof *way->legs);
    return way->parts && way->legs ? true
                                   : sgp_osrm_fail(work->error, "InternalError", "No memory left");
}

static bool no_route(const sgp_osrm_work *work) {
    return sgp_osrm_fail(work->error, "NoRoute", "Impossible route between points");
}

/* Parts become legs at the coordinates that are waypoints. */
static void cut_into_legs(const sgp_osrm_request *request, sgp_osrm_way *way) {
    const sgp_osrm_indices *stops = &request->waypoints;
    way->n_legs = stops->all ? way->n_parts : stops->n - 1;
    for (size_t i = 0; i < way->n_legs; i++) {
        way->legs[i].first_part = stops->all ? i : stops->at[i];
        way->legs[i].n_parts = stops->all ? 1 : stops->at[i + 1] - stops->at[i];
    }
}

static bool find_way(sgp_osrm_work *work, sgp_osrm_way *way) {
    const sgp_osrm_request *request = work->request;
    size_t n = request->n_coordinates;
    if (request->continue_straight && n > 2 && !go_straight(work))
        return false;
    if (!make_room(work, way, n - 1))
        return false;
    for (size_t i = 0; i + 1 < n; i++) {
        sgp_osrm_part *part = &way->parts[i];
        sgp_source source = {.from = work->snaps[i]};
        part->to = work->snaps[i + 1];
        sgp_err err = sgp_query_route(work->query, &source, &part->to, &part->route);
        if (err)
            return sgp_osrm_fail(work->error, "InternalError", "%s", sgp_err_message(err));
        way->n_parts++;
        if (part->route.duration_ms == SGP_UNREACHABLE)
            return no_route(work);
    }
    cut_into_legs(request, way);
    return true;
}

static json_t *tell_way(const sgp_osrm_work *work, sgp_osrm_way *way, json_t *routes) {
    json_t *route = sgp_osrm_route_object(work, way);
    if (route)
        json_array_append_new(routes, route);
    return route;
}

/* The best way and others, between two coordinates. */
static bool tell_alternatives(sgp_osrm_work *work, uint32_t most, json_t *routes) {
    sgp_route *found = calloc(most + 1, sizeof *found);
    size_t n = 0;
    bool good = found != NULL;
    sgp_source source = {.from = work->snaps[0]};
    sgp_err err =
        good ? sgp_query_alternatives(work->query, &source, &work->snaps[1], found, most + 1, &n)
             : SGP_E_MEMORY;
    sgp_osrm_asked_all(work);
    if (err)
        good = sgp_osrm_fail(work->error, "InternalError", "%s", sgp_err_message(err));
    else if (n == 0)
        good = no_route(work);
    for (size_t i = 0; i < n; i++) {
        sgp_osrm_way way = {0};
        good = good && make_room(work, &way, 1);
        if (good) {
            way.n_parts = 1;
            way.parts[0] = (sgp_osrm_part){.route = found[i], .to = work->snaps[1]};
            cut_into_legs(work->request, &way);
            good = tell_way(work, &way, routes) != NULL;
        } else {
            sgp_route_free(&found[i]);
        }
        sgp_osrm_way_free(&way);
    }
    free(found);
    return good;
}

static bool tell_routes(sgp_osrm_work *work, json_t *routes) {
    uint32_t most = work->request->alternatives;
    if (most > 0 && work->request->n_coordinates == 2)
        return tell_alternatives(work, most, routes);
    sgp_osrm_way way = {0};
    bool good = find_way(work, &way);
    sgp_osrm_asked_all(work);
    good = good && tell_way(work, &way, routes) != NULL;
    sgp_osrm_way_free(&way);
    return good;
}

static json_t *waypoints(const sgp_osrm_work *work) {
    const sgp_osrm_indices *stops = &work->request->waypoints;
    size_t n = stops->all ? work->request->n_coordinates : stops->n;
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++) {
        size_t at = stops->all ? i : stops->at[i];
        json_array_append_new(list, sgp_osrm_waypoint(work, at, &work->snaps[at]));
    }
    return list;
}

static bool fits(const sgp_osrm_work *work) {
    const sgp_osrm_settings *settings = work->city->settings;
    if (work->request->n_coordinates > settings->max_route_size)
        return sgp_osrm_fail(work->error, "TooBig",
                             "Number of entries %zu is higher than current maximum (%u)",
                             work->request->n_coordinates, settings->max_route_size);
    if (work->request->alternatives > settings->max_alternatives)
        return sgp_osrm_fail(work->error, "TooBig",
                             "Requested number of alternatives is higher than current maximum (%u)",
                             settings->max_alternatives);
    return true;
}

json_t *sgp_osrm_route(sgp_osrm_work *work) {
    if (!fits(work) || !sgp_osrm_places_find(work))
        return NULL;
    json_t *routes = json_array();
    if (!tell_routes(work, routes)) {
        json_decref(routes);
        return NULL;
    }
    json_t *answer = json_object();
    json_object_set_new(answer, "routes", routes);
    if (!work->request->skip_waypoints)
        json_object_set_new(answer, "waypoints", waypoints(work));
    return answer;
}
