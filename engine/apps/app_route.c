/* sigap route: one route, for a person to read or as JSON. */
#include "apps/apps.h"
#include "apps/asked_graph.h"
#include "apps/route_told.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char help[] =
    "NAME\n"
    "    sigap route - the fastest way from one place to another\n"
    "\n"
    "SYNOPSIS\n"
    "    sigap route --graph FILE.sgr [--profile NAME] [--alternatives N] [--json] FROM TO\n"
    "    sigap route --graph FILE.sgr --node [--profile NAME] [--json] FROM TO\n"
    "\n"
    "DESCRIPTION\n"
    "    Prints the exact fastest way of a vehicle: its time, its length, and what the\n"
    "    driver has to do in order, each with the time and the metres to the next.\n"
    "\n"
    "    FROM and TO are 'lon,lat' in decimal degrees (WGS 84, longitude first), for\n"
    "    example 112.6326,-7.9666. Each is taken to the nearest road from which the rest\n"
    "    of the city can be reached; a place more than 1 km from any road is an error.\n"
    "\n"
    "OPTIONS\n"
    "    -g, --graph FILE   the road graph, made by 'sigap import'\n"
    "    -p, --profile NAME the vehicle, by its name in the graph (default: its first one)\n"
    "    -a, --alternatives N  up to N other ways that a driver would call different\n"
    "    -n, --node         FROM and TO are node numbers as in the imported file (OSM\n"
    "                       nodes where roads meet); the time is then called weight and\n"
    "                       is in the graph's own unit (milliseconds for OSM extracts)\n"
    "    -j, --json         print one JSON object:\n"
    "                         graph, sketch, duration_s (null: no way), length_m,\n"
    "                         from and to (asked place's distance to its road),\n"
    "                         geometry (a GeoJSON LineString), at_s (time at each of its\n"
    "                         points), steps: manoeuvre and modifier (as in OSRM's API),\n"
    "                         exit of a roundabout, instruction (in --language), name,\n"
    "                         road_class, duration_s, length_m, bearing_before,\n"
    "                         bearing_after, first_point and n_points in the geometry;\n"
    "                         alternatives, each with duration_s, length_m, geometry,\n"
    "                         at_s and steps, when asked for\n"
    "                       with --node, or where the graph's weights are not times (DIMACS\n"
    "                       graphs): weight, at and the steps' weight, whole numbers in the\n"
    "                       graph's unit, instead of the times in seconds\n"
    "    --language id|en   language of the text (SIGAP_LANGUAGE; default id)\n"
    "    -h, --help         print this text\n"
    "\n"
    "EXIT STATUS\n"
    "    0 there is a way   1 there is none   2 usage or input error   3 the file failed\n"
    "\n"
    "EXAMPLE\n"
    "    sigap route --graph var/graph/malang.sgr 112.6326,-7.9666 112.6153,-7.9553\n";

enum { ALTERNATIVES_MAX = 8 };

typedef struct options {
    const char *graph, *profile;
    uint32_t alternatives;
    bool node;
    bool json;
    sgp_language language;
    const char *from, *to;
} options;

static int usage_error(const char *what) {
    fprintf(stderr, "sigap route: %s\nTry 'sigap route --help'.\n", what);
    return 2;
}

static bool read_alternatives(const char *text, uint32_t *n) {
    char *end;
    long value = strtol(text, &end, 10);
    *n = (uint32_t)value;
    return end != text && *end == '\0' && value >= 0 && value <= ALTERNATIVES_MAX;
}

/* 0 and *done = false: go on. */
static int read_options(int argc, char **argv, options *o, bool *done) {
    static const struct option known[] = {
        {"graph", required_argument, NULL, 'g'},
        {"node", no_argument, NULL, 'n'},
        {"json", no_argument, NULL, 'j'},
        {"help", no_argument, NULL, 'h'},
        {"language", required_argument, NULL, 'l'},
        {"profile", required_argument, NULL, 'p'},
        {"alternatives", required_argument, NULL, 'a'},
        {NULL, 0, NULL, 0},
    };
    *o = (options){.language = SGP_INDONESIAN};
    const char *language = getenv("SIGAP_LANGUAGE");
    if (language && !sgp_language_parse(language, &o->language))
        o->language = SGP_INDONESIAN; /* only --language insists */
    *done = true;
    optind = 0; /* scan anew: the program around has used getopt already */
    for (int c; (c = getopt_long(argc, argv, "g:p:a:njh", known, NULL)) != -1;) {
        switch (c) {
        case 'g':
            o->graph = optarg;
            break;
        case 'p':
            o->profile = optarg;
            break;
        case 'a':
            if (!read_alternatives(optarg, &o->alternatives))
                return usage_error("--alternatives is a number from 0 to 8");
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
    if (o->node && o->alternatives > 0)
        return usage_error("--alternatives are for places, not for --node");
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
                         const sgp_snap *to, size_t n_to, sgp_journey *j) {
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

static sgp_err find_node_ends(const sgp_asked_graph *opened, const options *o, sgp_journey *j,
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

static sgp_err find_routes(const sgp_asked_graph *opened, const options *o, sgp_journey *j) {
    sgp_source source = {.from = j->from};
    if (o->alternatives > 0)
        return sgp_query_alternatives(opened->query, &source, &j->to, j->routes,
                                      o->alternatives + 1, &j->n_routes);
    sgp_err err = sgp_query_route(opened->query, &source, &j->to, &j->routes[0]);
    j->n_routes = !err && j->routes[0].duration_ms != SGP_UNREACHABLE ? 1 : 0;
    return err;
}

static int ask(const sgp_asked_graph *opened, const options *o) {
    sgp_route routes[ALTERNATIVES_MAX + 1] = {{0}};
    sgp_journey j = {.routes = routes};
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
    if (!err && !none)
        err = find_routes(opened, o, &j);
    if (!err) {
        sgp_telling how = {.graph = opened->graph,
                           .weight = sgp_metric_weights(opened->metric),
                           .language = o->language,
                           .in_units = o->node || sgp_asked_graph_in_units(opened),
                           .by_node = o->node,
                           .with_alternatives = o->alternatives > 0,
                           .from = o->from,
                           .to = o->to};
        err = o->json ? sgp_journey_print_json(&how, &j) : sgp_journey_print(&how, &j);
    }
    for (size_t i = 0; i < j.n_routes; i++)
        sgp_route_free(&routes[i]);
    if (err) {
        fprintf(stderr, "sigap route: %s\n", fault.text[0] ? fault.text : sgp_err_message(err));
        return sgp_err_exit_code(err);
    }
    return j.n_routes == 0 ? 1 : 0;
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
        code = sgp_asked_graph_open_for("route", o.graph, o.profile, &opened);
        if (code == 0) {
            code = ask(&opened, &o);
            sgp_asked_graph_close(&opened);
        }
    }
    sgp_arguments_free(argc, arguments);
    return code;
}
