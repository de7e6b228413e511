/* Steps of a leg: the guide's manoeuvres with their geometry and every crossing on the way. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "route/crossing.h"
#include "serve/osrm_legs.h"

/* A step under construction; those of several parts may become one. */
typedef struct open_step {
    sgp_guide_step step;
    sgp_point location;
    sgp_point *points; /* [n_points] */
    size_t n_points;
    json_t *intersections;
} open_step;

typedef struct step_list {
    const sgp_osrm_work *work;
    open_step *steps;
    size_t n, capacity;
} step_list;

/* ---- crossings ------------------------------------------------------------------------- */

static json_t *classes_of(const sgp_edge *edge) {
    if (edge->road_class == SGP_ROAD_MOTORWAY)
        return json_pack("[s]", "motorway");
    return edge->road_class == SGP_ROAD_CONNECTOR ? json_pack("[s]", "ferry") : NULL;
}

static json_t *intersection(const sgp_osrm_work *work, const sgp_crossing *crossing, uint32_t out) {
    json_t *bearings = json_array(), *entry = json_array();
    for (size_t i = 0; i < crossing->n_roads; i++) {
        json_array_append_new(bearings, json_integer(crossing->roads[i].bearing));
        json_array_append_new(entry, json_boolean(crossing->roads[i].entry));
    }
    json_t *object = json_object();
    if (crossing->in >= 0)
        json_object_set_new(object, "in", json_integer(crossing->in));
    if (crossing->out >= 0)
        json_object_set_new(object, "out", json_integer(crossing->out));
    json_object_set_new(object, "entry", entry);
    json_object_set_new(object, "bearings", bearings);
    json_object_set_new(object, "location", sgp_osrm_location(crossing->point));
    json_t *classes = classes_of(&work->parts->edges[out >> 1]);
    if (classes)
        json_object_set_new(object, "classes", classes);
    return object;
}

/* Where one departs or arrives there is one road, and no choice. */
static json_t *end_of_way(sgp_point location, const char *which, uint16_t bearing) {
    return json_pack("{s:i,s:[b],s:[i],s:o}", which, 0, "entry", 1, "bearings", bearing, "location",
                     sgp_osrm_location(location));
}

/* Every crossing that the step's moves lead over; a bend between two roads is none. */
static void add_intersections(const sgp_osrm_work *work, const sgp_route *route, open_step *open) {
    const sgp_guide_step *step = &open->step;
    bool departs = step->manoeuvre == SGP_MANOEUVRE_DEPART;
    for (uint32_t m = step->first_move; m < step->first_move + step->n_moves; m++) {
        bool is_first = m == step->first_move;
        if (is_first && departs)
            continue;
        sgp_crossing crossing;
        sgp_crossing_look(work->city->graph, work->weight, route->moves[m - 1], route->moves[m],
                          &crossing);
        if (is_first || crossing.n_roads > 2)
            json_array_append_new(open->intersections,
                                  intersection(work, &crossing, route->moves[m]));
    }
}

/* ---- collecting ---------------------------------------------------------------------------- */

static bool add_points(open_step *open, const sgp_point *points, size_t n) {
    sgp_point *more = realloc(open->points, (open->n_points + n) * sizeof *more);
    if (!more)
        return false;
    open->points = more;
    /* Where two parts meet they share a point. */
    bool joins = open->n_points > 1 && sgp_point_equal(more[open->n_points - 1], points[0]);
    for (size_t i = joins ? 1 : 0; i < n; i++)
        more[open->n_points++] = points[i];
    return true;
}

static open_step *new_step(step_list *list) {
    if (list->n == list->capacity) {
        size_t capacity = list->capacity ? 2 * list->capacity : 32;
        open_step *more = realloc(list->steps, capacity * sizeof *more);
        if (!more)
            return NULL;
        list->steps = more;
        list->capacity = capacity;
    }
    open_step *open = &list->steps[list->n++];
    *open = (open_step){.intersections = json_array()};
    return open;
}

/* At a coordinate that is no waypoint the way goes on: what was departing there belongs to
 * the step before. */
static open_step *step_for(step_list *list, const sgp_guide_step *step, sgp_point location,
                           bool goes_on) {
    if (goes_on && list->n > 0) {
        open_step *open = &list->steps[list->n - 1];
        open->step.duration_ms += step->duration_ms;
        open->step.length_mm += step->length_mm;
        return open;
    }
    open_step *open = new_step(list);
    if (!open)
        return NULL;
    open->step = *step;
    open->location = location;
    if (step->manoeuvre == SGP_MANOEUVRE_DEPART)
        json_array_append_new(open->intersections,
                              end_of_way(location, "out", step->bearing_after));
    if (step->manoeuvre == SGP_MANOEUVRE_ARRIVE)
        json_array_append_new(
            open->intersections,
            end_of_way(location, "in", (uint16_t)((step->bearing_before + 180) % 360)));
    return open;
}

static bool collect_part(step_list *list, const sgp_osrm_part *part, bool is_first, bool is_last) {
    const sgp_route *r = &part->route;
    sgp_guide_step *steps = NULL;
    size_t n = 0;
    sgp_err err = sgp_guide_make(list->work->city->graph, list->work->weight, r, &steps, &n);
    if (err)
        return sgp_osrm_fail(list->work->error, "InternalError", "%s", sgp_err_message(err));
    bool good = true;
    for (size_t i = 0; good && i < n; i++) {
        if (steps[i].manoeuvre == SGP_MANOEUVRE_ARRIVE && !is_last)
            break;
        sgp_point location = r->points[steps[i].first_point];
        open_step *open = step_for(list, &steps[i], location, i == 0 && !is_first);
        good = open && add_points(open, r->points + steps[i].first_point, steps[i].n_points);
        if (!good)
            break;
        if (steps[i].manoeuvre == SGP_MANOEUVRE_ARRIVE) {
            open->step.modifier = sgp_guide_side(&part->to, r->moves[r->n_moves - 1]);
            good = add_points(open, &location, 1); /* a line has two points */
        } else {
            sgp_guide_step whole = open->step;
            open->step = steps[i];
            add_intersections(list->work, r, open);
            open->step = whole;
        }
    }
    free(steps);
    return good ? true : sgp_osrm_fail(list->work->error, "InternalError", "No memory left");
}

/* ---- telling
 * ------------------------------------------------------------------------------------- */

static json_t *manoeuvre_of(const open_step *open) {
    const sgp_guide_step *step = &open->step;
    json_t *object = json_object();
    json_object_set_new(object, "bearing_after", json_integer(step->bearing_after));
    json_object_set_new(object, "bearing_before", json_integer(step->bearing_before));
    json_object_set_new(object, "location", sgp_osrm_location(open->location));
    if (step->modifier != SGP_MODIFIER_NONE)
        json_object_set_new(object, "modifier", json_string(sgp_modifier_str(step->modifier)));
    json_object_set_new(object, "type", json_string(sgp_manoeuvre_str(step->manoeuvre)));
    if (step->exit)
        json_object_set_new(object, "exit", json_integer(step->exit));
    return object;
}

static json_t *step_object(const sgp_osrm_work *work, const open_step *open) {
    const sgp_guide_step *step = &open->step;
    double seconds = (double)step->duration_ms / 1000;
    json_t *object = json_object();
    json_object_set(object, "intersections", open->intersections);
    json_object_set_new(object, "driving_side",
                        json_string(work->parts->drives_left ? "left" : "right"));
    json_object_set_new(object, "geometry", sgp_osrm_line(work, open->points, open->n_points));
    json_object_set_new(object, "maneuver", manoeuvre_of(open));
    json_object_set_new(object, "name", sgp_osrm_text(step->name));
    json_object_set_new(object, "mode",
                        json_string(step->road_class == SGP_ROAD_CONNECTOR ? "ferry" : "driving"));
    json_object_set_new(object, "weight", json_real(seconds));
    json_object_set_new(object, "duration", json_real(seconds));
    json_object_set_new(object, "distance", json_real((double)step->length_mm / 1000));
    return object;
}

/* The two longest named stretches, in driving order. */
static void summarize(const step_list *list, char *summary, size_t capacity) {
    size_t best[2] = {SIZE_MAX, SIZE_MAX};
    for (size_t i = 0; i < list->n; i++) {
        const sgp_guide_step *step = &list->steps[i].step;
        if (step->name[0] == '\0' ||
            (best[0] != SIZE_MAX && strcmp(list->steps[best[0]].step.name, step->name) == 0))
            continue;
        if (best[0] == SIZE_MAX || step->length_mm > list->steps[best[0]].step.length_mm) {
            best[1] = best[0];
            best[0] = i;
        } else if (best[1] == SIZE_MAX || step->length_mm > list->steps[best[1]].step.length_mm) {
            best[1] = i;
        }
    }
    if (best[0] == SIZE_MAX)
        return;
    if (best[1] == SIZE_MAX) {
        snprintf(summary, capacity, "%s", list->steps[best[0]].step.name);
        return;
    }
    bool in_order = best[0] < best[1];
    snprintf(summary, capacity, "%s, %s", list->steps[best[in_order ? 0 : 1]].step.name,
             list->steps[best[in_order ? 1 : 0]].step.name);
}

json_t *sgp_osrm_steps(const sgp_osrm_work *work, const sgp_osrm_part *parts, size_t n_parts,
                       char *summary, size_t capacity) {
    step_list list = {.work = work};
    bool good = true;
    for (size_t i = 0; good && i < n_parts; i++)
        good =
            sgp_osrm_is_awaited(work) && collect_part(&list, &parts[i], i == 0, i + 1 == n_parts);
    json_t *steps = good ? json_array() : NULL;
    for (size_t i = 0; good && i < list.n; i++)
        json_array_append_new(steps, step_object(work, &list.steps[i]));
    if (good)
        summarize(&list, summary, capacity);
    for (size_t i = 0; i < list.n; i++) {
        json_decref(list.steps[i].intersections);
        free(list.steps[i].points);
    }
    free(list.steps);
    return steps;
}
