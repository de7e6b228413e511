#include "apps/asked_graph.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NEAREST_ROAD_M 1000.0
#define ANYWHERE_M 2000000.0

/* SGP_E_NOT_FOUND names the profiles that there are. */
static sgp_err choose_profile(sgp_asked_graph *opened, const char *name, sgp_fault *fault) {
    const sgp_graph_parts *parts = sgp_graph_get(opened->graph);
    opened->profile = name ? sgp_graph_profile(parts, name) : 0;
    if (opened->profile != SGP_NONE)
        return SGP_OK;
    char known[160] = "";
    for (uint32_t i = 0; i < parts->n_profiles; i++) {
        size_t length = strlen(known);
        snprintf(known + length, sizeof known - length, "%s%s", i > 0 ? ", " : "",
                 parts->profiles[i].name);
    }
    return sgp_fail(fault, SGP_E_NOT_FOUND, "%s has no profile '%.40s'; it has %s", parts->name,
                    name, known);
}

static sgp_err make_metric(sgp_asked_graph *opened) {
    const sgp_graph_parts *parts = sgp_graph_get(opened->graph);
    const int32_t *weight = parts->weight + (size_t)opened->profile * parts->n_arcs;
    sgp_err err = sgp_metric_customize(opened->graph, weight, 0, &opened->metric);
    return err ? err : sgp_query_create(opened->metric, &opened->query);
}

int sgp_asked_graph_open_for(const char *command, const char *path, const char *profile,
                             sgp_asked_graph *opened) {
    *opened = (sgp_asked_graph){0};
    sgp_fault fault = {0};
    sgp_err err = sgp_graph_open(path, &opened->graph, &fault);
    if (!err)
        err = choose_profile(opened, profile, &fault);
    if (err) {
        fprintf(stderr, "sigap %s: %s\n", command, fault.text);
        sgp_asked_graph_close(opened);
        return sgp_err_exit_code(err);
    }
    err = make_metric(opened);
    if (err) {
        fprintf(stderr, "sigap %s: %s for the graph '%s'\n", command, sgp_err_message(err), path);
        sgp_asked_graph_close(opened);
        return 3;
    }
    return 0;
}

void sgp_asked_graph_close(sgp_asked_graph *opened) {
    sgp_query_destroy(opened->query);
    sgp_metric_destroy(opened->metric);
    sgp_graph_close(opened->graph);
    *opened = (sgp_asked_graph){0};
}

bool sgp_asked_graph_in_units(const sgp_asked_graph *opened) {
    return sgp_graph_get(opened->graph)->profiles[opened->profile].native_unit;
}

const char *sgp_asked_graph_sketch_note(const sgp_asked_graph *opened) {
    return sgp_graph_get(opened->graph)->is_sketch ? " (a drawn sketch, not a survey)" : "";
}

char **sgp_arguments(int argc, char **argv) {
    char **copy = calloc((size_t)argc + 1, sizeof *copy);
    for (int i = 0; copy && i < argc; i++) {
        bool negative = argv[i][0] == '-' && (isdigit((unsigned char)argv[i][1]) ||
                                              (argv[i][1] == '.' && argv[i][2] != '\0'));
        size_t length = strlen(argv[i]) + 1;
        copy[i] = malloc(length + 1);
        if (!copy[i]) {
            sgp_arguments_free(argc, copy);
            return NULL;
        }
        if (negative)
            copy[i][0] = ' ';
        memcpy(copy[i] + negative, argv[i], length);
    }
    return copy;
}

void sgp_arguments_free(int argc, char **argv) {
    for (int i = 0; argv && i < argc; i++)
        free(argv[i]);
    free(argv);
}

static bool in_bounds(const sgp_graph_parts *parts, sgp_point p) {
    return p.lon_e7 >= parts->south_west.lon_e7 && p.lon_e7 <= parts->north_east.lon_e7 &&
           p.lat_e7 >= parts->south_west.lat_e7 && p.lat_e7 <= parts->north_east.lat_e7;
}

/* " Are lon and lat swapped? ..." where that would explain it. */
static void swapped_hint(const sgp_graph_parts *parts, double lon, double lat, char hint[96]) {
    sgp_point swapped;
    hint[0] = '\0';
    if (sgp_point_from_degrees(lat, lon, &swapped) == SGP_OK && in_bounds(parts, swapped))
        snprintf(hint, 96, "; are lon and lat swapped? %.5f,%.5f lies in the city", lat, lon);
}

/* Text such as "-7.98,112.63" is no point at all, because no latitude is 112;
 * it may still be one the other way round. */
static sgp_err explain_no_point(const sgp_graph_parts *parts, const char *text, sgp_err err,
                                sgp_fault *fault) {
    double lon, lat;
    char hint[96] = "";
    if (err == SGP_E_RANGE && sscanf(text, "%lf ,%lf", &lon, &lat) == 2)
        swapped_hint(parts, lon, lat, hint);
    if (hint[0])
        return sgp_fail(fault, err, "'%.60s': the latitude is over 90%s", text, hint);
    return err;
}

sgp_err sgp_asked_graph_snap(const sgp_asked_graph *opened, const char *text, sgp_snap *snap,
                             sgp_fault *fault) {
    const sgp_graph_parts *parts = sgp_graph_get(opened->graph);
    text += strspn(text, " ");
    sgp_point point;
    sgp_err err = sgp_point_parse(text, &point, fault);
    if (err)
        return explain_no_point(parts, text, err, fault);
    size_t n = 0;
    sgp_snap_wish wish = {.radius_m = NEAREST_ROAD_M, .profile = opened->profile};
    err = sgp_graph_snap_wish(opened->graph, point, &wish, snap, 1, &n);
    if (err || n > 0)
        return err ? sgp_fail(fault, err, "'%.60s': %s", text, sgp_err_message(err)) : SGP_OK;
    char hint[96];
    swapped_hint(parts, sgp_lon(point), sgp_lat(point), hint);
    wish.radius_m = ANYWHERE_M;
    err = sgp_graph_snap_wish(opened->graph, point, &wish, snap, 1, &n);
    /* Beyond what snapping looks at, the middle of the city is near enough to tell. */
    sgp_point middle = {
        (int32_t)(((int64_t)parts->south_west.lon_e7 + parts->north_east.lon_e7) / 2),
        (int32_t)(((int64_t)parts->south_west.lat_e7 + parts->north_east.lat_e7) / 2)};
    if (err || n == 0)
        return sgp_fail(fault, SGP_E_NOT_FOUND,
                        "'%.60s' is %.0f km from %s, and no road is near from which '%s' gets to "
                        "others and back%s",
                        text, sgp_distance_m(point, middle) / 1000, parts->name,
                        parts->profiles[opened->profile].name, hint);
    return sgp_fail(fault, SGP_E_NOT_FOUND,
                    "'%.60s' is %.1f km from the nearest road of %s, further than 1 km%s", text,
                    snap->on_foot_mm / 1e6, parts->name, hint);
}

sgp_err sgp_node_parse(const char *text, int64_t *node, sgp_fault *fault) {
    char *end;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (end == text || end[strspn(end, " \t\r\n")] != '\0' || errno == ERANGE)
        return sgp_fail(fault, SGP_E_FORMAT, "'%.60s' is not a node number", text);
    *node = value;
    return SGP_OK;
}
