#include "apps/route_told.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <jansson.h>

#include "sigap/guide.h"

enum { SENTENCE_BYTES = 512 };

static const char *tongue(const sgp_telling *how) {
    return how->language == SGP_ENGLISH ? "en" : "id";
}

/* The manoeuvres of a route, with the side on which the destination lies. */
static sgp_err make_steps(const sgp_telling *how, const sgp_journey *j, const sgp_route *r,
                          sgp_guide_step **steps, size_t *n) {
    sgp_err err = sgp_guide_make(how->graph, how->weight, r, steps, n);
    if (!err && !how->by_node)
        (*steps)[*n - 1].modifier = sgp_guide_side(&j->to, r->moves[r->n_moves - 1]);
    return err;
}

/* ---- for a person --------------------------------------------------------------- */

static sgp_err print_steps(const sgp_telling *how, const sgp_journey *j, const sgp_route *r) {
    sgp_guide_step *steps = NULL;
    size_t n = 0;
    sgp_err err = make_steps(how, j, r, &steps, &n);
    if (err)
        return err;
    printf("\n%8s  %8s  %s\n",
           sgp_text_get(how->language,
                        how->in_units ? SGP_TEXT_ROUTE_COLUMN_WEIGHT : SGP_TEXT_ROUTE_COLUMN_AFTER),
           sgp_text_get(how->language, SGP_TEXT_ROUTE_COLUMN_METRES),
           sgp_text_get(how->language, SGP_TEXT_ROUTE_COLUMN_INSTRUCTION));
    for (size_t i = 0; i < n; i++) {
        char text[SENTENCE_BYTES];
        int64_t at_ms = r->at_ms[steps[i].first_point];
        if (how->in_units)
            printf("%8" PRId64, at_ms);
        else
            printf("%5" PRId64 ":%02" PRId64, at_ms / 60000, at_ms / 1000 % 60);
        printf("  %8.0f  %s\n", (double)steps[i].length_mm / 1000,
               sgp_guide_text(&steps[i], tongue(how), text, sizeof text));
    }
    free(steps);
    return SGP_OK;
}

/* The line above a route's steps; number 0 is the best one. */
static void print_summary(const sgp_telling *how, const sgp_route *r, size_t number) {
    char line[512], travel[64], text[32], metres[32];
    snprintf(text, sizeof text, "%" PRId64, r->duration_ms);
    if (how->in_units)
        sgp_text_fill(travel, sizeof travel, how->language, SGP_TEXT_ROUTE_WEIGHT, "weight", text,
                      NULL);
    else
        sgp_duration_text(how->language, r->duration_ms, travel, sizeof travel);
    snprintf(metres, sizeof metres, "%.0f", (double)r->length_mm / 1000);
    snprintf(text, sizeof text, "%zu", number + 1);
    puts(sgp_text_fill(line, sizeof line, how->language,
                       number == 0 ? SGP_TEXT_ROUTE_SUMMARY : SGP_TEXT_ROUTE_OTHER, "travel",
                       travel, "metres", metres, "number", text, "city",
                       sgp_graph_get(how->graph)->name, NULL));
}

sgp_err sgp_journey_print(const sgp_telling *how, const sgp_journey *j) {
    char line[512], from[32], to[32];
    if (sgp_graph_get(how->graph)->is_sketch)
        puts(sgp_text_get(how->language, SGP_TEXT_ROUTE_SKETCH_NOTE));
    if (j->n_routes == 0)
        puts(sgp_text_fill(line, sizeof line, how->language, SGP_TEXT_ROUTE_NONE, "from", how->from,
                           "to", how->to, "city", sgp_graph_get(how->graph)->name, NULL));
    for (size_t i = 0; i < j->n_routes; i++) {
        if (i > 0)
            putchar('\n');
        print_summary(how, &j->routes[i], i);
        snprintf(from, sizeof from, "%.0f", j->from.on_foot_mm / 1000.0);
        snprintf(to, sizeof to, "%.0f", j->to.on_foot_mm / 1000.0);
        if (!how->by_node && i == 0)
            puts(sgp_text_fill(line, sizeof line, how->language, SGP_TEXT_ROUTE_ENDS, "from", from,
                               "to", to, NULL));
        sgp_err err = print_steps(how, j, &j->routes[i]);
        if (err)
            return err;
    }
    return SGP_OK;
}

/* ---- JSON -------------------------------------------------------------------------- */

/* Seconds, or the graph's own whole units. */
static json_t *json_time(const sgp_telling *how, int64_t ms) {
    return how->in_units ? json_integer(ms) : json_real((double)ms / 1000);
}

/* A name that is not UTF-8 is shown as none; JSON could not carry it. */
static json_t *json_name(const char *name) {
    json_t *text = json_string(name);
    return text ? text : json_string("");
}

static json_t *json_end(const sgp_graph *graph, const sgp_snap *snap) {
    return json_pack("{s:[f,f],s:o,s:f}", "road", sgp_lon(snap->road), sgp_lat(snap->road), "name",
                     json_name(sgp_graph_edge_name(graph, snap->edge)), "on_foot_m",
                     snap->on_foot_mm / 1000.0);
}

static json_t *json_step(const sgp_telling *how, const sgp_guide_step *step) {
    char text[SENTENCE_BYTES];
    json_t *object =
        json_pack("{s:s,s:o,s:o,s:s,s:o,s:f,s:i,s:i,s:I,s:I}", "manoeuvre",
                  sgp_manoeuvre_str(step->manoeuvre), "instruction",
                  json_name(sgp_guide_text(step, tongue(how), text, sizeof text)), "name",
                  json_name(step->name), "road_class", sgp_road_class_str(step->road_class),
                  how->in_units ? "weight" : "duration_s", json_time(how, step->duration_ms),
                  "length_m", (double)step->length_mm / 1000, "bearing_before",
                  step->bearing_before, "bearing_after", step->bearing_after, "first_point",
                  (json_int_t)step->first_point, "n_points", (json_int_t)step->n_points);
    if (step->modifier != SGP_MODIFIER_NONE)
        json_object_set_new(object, "modifier", json_string(sgp_modifier_str(step->modifier)));
    if (step->exit)
        json_object_set_new(object, "exit", json_integer(step->exit));
    return object;
}

/* Adds to `object` what is told of every route. */
static sgp_err add_route(const sgp_telling *how, const sgp_journey *j, const sgp_route *r,
                         json_t *object) {
    sgp_guide_step *steps = NULL;
    size_t n = 0;
    sgp_err err = make_steps(how, j, r, &steps, &n);
    if (err)
        return err;
    json_t *line = json_array(), *times = json_array(), *told = json_array();
    for (size_t i = 0; i < r->n_points; i++) {
        json_array_append_new(line,
                              json_pack("[f,f]", sgp_lon(r->points[i]), sgp_lat(r->points[i])));
        json_array_append_new(times, json_time(how, r->at_ms[i]));
    }
    for (size_t i = 0; i < n; i++)
        json_array_append_new(told, json_step(how, &steps[i]));
    free(steps);
    json_object_set_new(object, how->in_units ? "weight" : "duration_s",
                        json_time(how, r->duration_ms));
    json_object_set_new(object, "length_m", json_real((double)r->length_mm / 1000));
    json_object_set_new(object, "geometry",
                        json_pack("{s:s,s:o}", "type", "LineString", "coordinates", line));
    json_object_set_new(object, how->in_units ? "at" : "at_s", times);
    json_object_set_new(object, "steps", told);
    return SGP_OK;
}

sgp_err sgp_journey_print_json(const sgp_telling *how, const sgp_journey *j) {
    const sgp_graph_parts *p = sgp_graph_get(how->graph);
    json_t *root = json_pack("{s:o,s:b}", "graph", json_name(p->name), "sketch", p->is_sketch);
    sgp_err err = SGP_OK;
    if (j->n_routes == 0) {
        json_object_set_new(root, how->in_units ? "weight" : "duration_s", json_null());
    } else {
        err = add_route(how, j, &j->routes[0], root);
        json_object_set_new(root, "from", json_end(how->graph, &j->from));
        json_object_set_new(root, "to", json_end(how->graph, &j->to));
    }
    if (how->with_alternatives) {
        json_t *others = json_array();
        for (size_t i = 1; !err && i < j->n_routes; i++) {
            json_t *other = json_object();
            err = add_route(how, j, &j->routes[i], other);
            json_array_append_new(others, other);
        }
        json_object_set_new(root, "alternatives", others);
    }
    if (!err) {
        json_dumpf(root, stdout, JSON_COMPACT | JSON_REAL_PRECISION(12));
        putchar('\n');
    }
    json_decref(root);
    return err;
}
