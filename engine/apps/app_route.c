/* sigap route: one route, for a person to read or as JSON. */
#include "apps/asked_graph.h"
#include "apps/apps.h"
#include "apps/texts.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

static const char help[] =
    "NAME\n"
    "    sigap route - the fastest way from one place to another\n"
    "\n"
    "SYNOPSIS\n"
    "    sigap route --graph FILE.sgr [--json] FROM TO\n"
    "    sigap route --graph FILE.sgr --node [--json] FROM TO\n"
    "\n"
    "DESCRIPTION\n"
    "    Prints the exact fastest way for an ambulance: its time, its length and the\n"
    "    streets in order, each with the time at which it is entered.\n"
    "\n"
    "    FROM and TO are 'lon,lat' in decimal degrees (WGS 84, longitude first), for\n"
    "    example 112.6326,-7.9666. Each is taken to the nearest road from which the rest\n"
    "    of the city can be reached; a place more than 1 km from any road is an error.\n"
    "\n"
    "OPTIONS\n"
    "    -g, --graph FILE   the road graph, made by 'sigap import'\n"
    "    -n, --node         FROM and TO are node numbers as in the imported file (OSM\n"
    "                       nodes where roads meet); the time is then called weight and\n"
    "                       is in the graph's own unit (milliseconds for OSM extracts)\n"
    "    -j, --json         print one JSON object:\n"
    "                         graph, sketch, duration_s (null: no way), length_m,\n"
    "                         from and to (asked place's distance to its road),\n"
    "                         geometry (a GeoJSON LineString), at_s (time at each of its\n"
    "                         points), steps (name, road_class, duration_s, length_m,\n"
    "                         turn_deg: change of heading, left negative; first_point and\n"
    "                         n_points in the geometry)\n"
    "                       with --node: weight, at and the steps' weight, whole numbers in\n"
    "                       the graph's unit, instead of the times in seconds\n"
    "    --language id|en   language of the text (SIGAP_LANGUAGE; default id)\n"
    "    -h, --help         print this text\n"
    "\n"
    "EXIT STATUS\n"
    "    0 there is a way   1 there is none   2 usage or input error   3 the file failed\n"
    "\n"
    "EXAMPLE\n"
    "    sigap route --graph var/graph/malang.sgr 112.6326,-7.9666 112.6153,-7.9553\n";

typedef struct options {
    const char *graph;
    bool node;
    bool json;
    sgp_language language;
    const char *from, *to;
} options;

/* What was found, and what it took to ask. */
typedef struct journey {
    sgp_snap from, to;
    sgp_route route;
} journey;

static int usage_error(const char *what) {
    fprintf(stderr, "sigap route: %s\nTry 'sigap route --help'.\n", what);
    return 2;
}

/* 0 and *done = false: go on. */
static int read_options(int argc, char **argv, options *o, bool *done) {
    static const struct option known[] = {
        {"graph", required_argument, NULL, 'g'},    {"node", no_argument, NULL, 'n'},
        {"json", no_argument, NULL, 'j'},           {"help", no_argument, NULL, 'h'},
        {"language", required_argument, NULL, 'l'}, {NULL, 0, NULL, 0},
    };
    *o = (options){.language = SGP_INDONESIAN};
    const char *language = getenv("SIGAP_LANGUAGE");
    if (language && !sgp_language_parse(language, &o->language))
        o->language = SGP_INDONESIAN; /* only --language insists */
    *done = true;
    optind = 0; /* scan anew: the program around has used getopt already */
    for (int c; (c = getopt_long(argc, argv, "g:njh", known, NULL)) != -1;) {
        switch (c) {
        case 'g':
            o->graph = optarg;
            break;
        case 'n':
            o->node = true;
            break;
        case 'j':
            o->json = true;
            break;
        case 'l':
            if (!sgp_language_parse(optarg, &o->language))
                return usage_error("--language is id or en");
            break;
        case 'h':
            fputs(help, stdout);
            return 0;
        default:
            fputs("Try 'sigap route --help'.\n", stderr);
            return 2;
        }
    }
    if (!o->graph)
        return usage_error("--graph FILE.sgr is missing");
    if (argc - optind != 2)
        return usage_error("exactly two places are needed, FROM and TO");
    o->from = argv[optind] + strspn(argv[optind], " ");
    o->to = argv[optind + 1] + strspn(argv[optind + 1], " ");
    *done = false;
    return 0;
}

/* The ends of the roads that begin (leaving) or end at a node, as places; NULL
 * and *n = 0 where there are none. Starting on each of them in turn is the same
 * as starting at the node. */
static sgp_snap *node_places(const sgp_graph_parts *p, int64_t node, bool leaving, size_t *n) {
    sgp_snap *places = NULL;
    size_t capacity = 0;
    *n = 0;
    for (uint32_t v = 0; v < p->n_vertices; v++) {
        for (uint32_t a = p->first_arc[v]; a < p->first_arc[v + 1]; a++) {
            uint32_t end = leaving ? v : p->arc_head[a];
            if (p->arc_edge[a] == SGP_NONE || p->vertex_node[end] != node)
                continue;
            if (*n == capacity) {
                capacity = capacity ? 2 * capacity : 16;
                sgp_snap *more = realloc(places, capacity * sizeof *places);
                if (!more) {
                    free(places);
                    *n = 0;
                    return NULL;
                }
                places = more;
            }
            uint32_t edge = p->arc_edge[a] >> 1;
            bool at_last_point = (p->arc_edge[a] & 1) == (leaving ? 1 : 0);
            places[(*n)++] = (sgp_snap){
                .edge = edge,
                .offset_mm = at_last_point ? p->edges[edge].length_mm : 0,
                .road = p->vertex_point[end],
            };
        }
    }
    return places;
}

/* Of all ways of leaving and arriving, the pair with the least time. */
static sgp_err best_pair(const sgp_asked_graph *opened, const sgp_snap *from, size_t n_from,
                         const sgp_snap *to, size_t n_to, journey *j) {
    sgp_source *sources = calloc(n_from, sizeof *sources);
    int64_t *ms = calloc(n_from * n_to, sizeof *ms);
    sgp_err err = sources && ms ? SGP_OK : SGP_E_MEMORY;
    for (size_t i = 0; !err && i < n_from; i++)
        sources[i].from = from[i];
    if (!err)
        err = sgp_query_matrix(opened->query, sources, n_from, to, n_to, ms);
    size_t best = 0;
    for (size_t i = 1; !err && i < n_from * n_to; i++)
        if (ms[i] != SGP_UNREACHABLE && (ms[best] == SGP_UNREACHABLE || ms[i] < ms[best]))
            best = i;
    if (!err) {
        j->from = from[best / n_to];
        j->to = to[best % n_to];
    }
    free(sources);
    free(ms);
    return err;
}

static sgp_err find_node_ends(const sgp_asked_graph *opened, const options *o, journey *j,
                              bool *none, sgp_fault *fault) {
    const sgp_graph_parts *p = sgp_graph_get(opened->graph);
    int64_t from, to, time;
    sgp_err err = sgp_node_parse(o->from, &from, fault);
    if (!err)
        err = sgp_node_parse(o->to, &to, fault);
    if (!err) /* names a node that the graph does not have */
        err = sgp_query_matrix_nodes(opened->query, &from, 1, &to, 1, &time, fault);
    if (err)
        return err;
    *none = time == SGP_UNREACHABLE;
    if (*none)
        return SGP_OK;
    size_t n_from, n_to;
    sgp_snap *sources = node_places(p, from, true, &n_from);
    sgp_snap *targets = from == to ? NULL : node_places(p, to, false, &n_to);
    if (from == to && sources)
        j->from = j->to = sources[0];
    else if (!sources || !targets)
        err = sgp_fail(fault, SGP_E_NOT_FOUND, "no road begins at node %s", o->from);
    else
        err = best_pair(opened, sources, n_from, targets, n_to, j);
    free(sources);
    free(targets);
    return err;
}

static sgp_text turn_text(const sgp_step *step) {
    int turn = step->turn_deg;
    int size = abs(turn);
    if (step->flags & SGP_EDGE_ROUNDABOUT)
        return SGP_TEXT_ROUTE_ROUNDABOUT;
    if (size < 25)
        return SGP_TEXT_ROUTE_STRAIGHT_ON;
    if (size > 165)
        return SGP_TEXT_ROUTE_TURN_BACK;
    if (size < 55)
        return turn < 0 ? SGP_TEXT_ROUTE_KEEP_LEFT : SGP_TEXT_ROUTE_KEEP_RIGHT;
    if (size > 125)
        return turn < 0 ? SGP_TEXT_ROUTE_SHARP_LEFT : SGP_TEXT_ROUTE_SHARP_RIGHT;
    return turn < 0 ? SGP_TEXT_ROUTE_TURN_LEFT : SGP_TEXT_ROUTE_TURN_RIGHT;
}

static void print_steps(const options *o, const sgp_route *r) {
    if (r->n_steps == 0)
        return;
    printf("\n%8s  %8s  %-12s  %s\n",
           sgp_text_get(o->language,
                        o->node ? SGP_TEXT_ROUTE_COLUMN_WEIGHT : SGP_TEXT_ROUTE_COLUMN_AFTER),
           sgp_text_get(o->language, SGP_TEXT_ROUTE_COLUMN_METRES), "",
           sgp_text_get(o->language, SGP_TEXT_ROUTE_COLUMN_STREET));
    for (size_t i = 0; i < r->n_steps; i++) {
        const sgp_step *step = &r->steps[i];
        int64_t at_ms = r->at_ms[step->first_point];
        if (o->node)
            printf("%8" PRId64, at_ms);
        else
            printf("%5" PRId64 ":%02" PRId64, at_ms / 60000, at_ms / 1000 % 60);
        printf("  %8.0f  %-12s  %s\n", step->length_mm / 1000.0,
               sgp_text_get(o->language, i == 0 ? SGP_TEXT_ROUTE_START : turn_text(step)),
               step->name[0] ? step->name : sgp_text_get(o->language, SGP_TEXT_ROUTE_NO_NAME));
    }
}

static void print_text(const sgp_asked_graph *opened, const options *o, const journey *j,
                       bool none) {
    const sgp_graph_parts *p = sgp_graph_get(opened->graph);
    const sgp_route *r = &j->route;
    char line[512], travel[64], number[32], other[32];
    if (p->is_sketch)
        puts(sgp_text_get(o->language, SGP_TEXT_ROUTE_SKETCH_NOTE));
    if (none) {
        puts(sgp_text_fill(line, sizeof line, o->language, SGP_TEXT_ROUTE_NONE, "from", o->from,
                           "to", o->to, "city", p->name, NULL));
        return;
    }
    snprintf(number, sizeof number, "%" PRId64, r->duration_ms);
    if (o->node)
        sgp_text_fill(travel, sizeof travel, o->language, SGP_TEXT_ROUTE_WEIGHT, "weight", number,
                      NULL);
    else
        sgp_duration_text(o->language, r->duration_ms, travel, sizeof travel);
    snprintf(number, sizeof number, "%.0f", r->length_mm / 1000.0);
    puts(sgp_text_fill(line, sizeof line, o->language, SGP_TEXT_ROUTE_SUMMARY, "travel", travel,
                       "metres", number, "city", p->name, NULL));
    snprintf(number, sizeof number, "%.0f", j->from.on_foot_mm / 1000.0);
    snprintf(other, sizeof other, "%.0f", j->to.on_foot_mm / 1000.0);
    if (!o->node)
        puts(sgp_text_fill(line, sizeof line, o->language, SGP_TEXT_ROUTE_ENDS, "from", number,
                           "to", other, NULL));
    print_steps(o, r);
}

/* Seconds, or the graph's own whole units with --node. */
static json_t *json_time(const options *o, int64_t ms) {
    return o->node ? json_integer(ms) : json_real((double)ms / 1000);
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

static json_t *json_steps(const options *o, const sgp_route *r) {
    json_t *steps = json_array();
    for (size_t i = 0; i < r->n_steps; i++) {
        const sgp_step *step = &r->steps[i];
        json_array_append_new(
            steps,
            json_pack("{s:o,s:s,s:o,s:f,s:i,s:b,s:I,s:I}", "name", json_name(step->name),
                      "road_class", sgp_road_class_str(step->road_class),
                      o->node ? "weight" : "duration_s", json_time(o, step->duration_ms),
                      "length_m", step->length_mm / 1000.0, "turn_deg", step->turn_deg,
                      "roundabout", (step->flags & SGP_EDGE_ROUNDABOUT) != 0, "first_point",
                      (json_int_t)step->first_point, "n_points", (json_int_t)step->n_points));
    }
    return steps;
}

static void print_json(const sgp_asked_graph *opened, const options *o, const journey *j,
                       bool none) {
    const sgp_graph_parts *p = sgp_graph_get(opened->graph);
    const sgp_route *r = &j->route;
    json_t *root = json_pack("{s:o,s:b}", "graph", json_name(p->name), "sketch", p->is_sketch);
    json_object_set_new(root, o->node ? "weight" : "duration_s",
                        none ? json_null() : json_time(o, r->duration_ms));
    if (!none) {
        json_t *line = json_array();
        json_t *times = json_array();
        for (size_t i = 0; i < r->n_points; i++) {
            json_array_append_new(line,
                                  json_pack("[f,f]", sgp_lon(r->points[i]), sgp_lat(r->points[i])));
            json_array_append_new(times, json_time(o, r->at_ms[i]));
        }
        json_object_set_new(root, "length_m", json_real(r->length_mm / 1000.0));
        json_object_set_new(root, "from", json_end(opened->graph, &j->from));
        json_object_set_new(root, "to", json_end(opened->graph, &j->to));
        json_object_set_new(root, "geometry",
                            json_pack("{s:s,s:o}", "type", "LineString", "coordinates", line));
        json_object_set_new(root, o->node ? "at" : "at_s", times);
        json_object_set_new(root, "steps", json_steps(o, r));
    }
    json_dumpf(root, stdout, JSON_COMPACT | JSON_REAL_PRECISION(12));
    putchar('\n');
    json_decref(root);
}

static int ask(const sgp_asked_graph *opened, const options *o) {
    journey j = {0};
    sgp_fault fault = {0};
    sgp_err err;
    bool none = false;
    if (o->node) {
        err = find_node_ends(opened, o, &j, &none, &fault);
    } else {
        err = sgp_asked_graph_snap(opened, o->from, &j.from, &fault);
        if (!err)
            err = sgp_asked_graph_snap(opened, o->to, &j.to, &fault);
    }
    if (!err && !none) {
        sgp_source source = {.from = j.from};
        err = sgp_query_route(opened->query, &source, &j.to, &j.route);
        none = j.route.duration_ms == SGP_UNREACHABLE;
    }
    if (err) {
        fprintf(stderr, "sigap route: %s\n", fault.text[0] ? fault.text : sgp_err_message(err));
        return sgp_err_exit_code(err);
    }
    if (o->json)
        print_json(opened, o, &j, none);
    else
        print_text(opened, o, &j, none);
    sgp_route_free(&j.route);
    return none ? 1 : 0;
}

int app_route(int argc, char **argv) {
    char **arguments = sgp_arguments(argc, argv);
    if (!arguments) {
        fputs("sigap route: no memory\n", stderr);
        return 3;
    }
    /* getopt moves arguments around, and sgp_arguments_free does not mind the order. */
    options o;
    bool done;
    int code = read_options(argc, arguments, &o, &done);
    if (!done) {
        sgp_asked_graph opened;
        code = sgp_asked_graph_open("route", o.graph, &opened);
        if (code == 0) {
            code = ask(&opened, &o);
            sgp_asked_graph_close(&opened);
        }
    }
    sgp_arguments_free(argc, arguments);
    return code;
}
