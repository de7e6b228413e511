/* sigap area: what can be reached within a time, as words or as GeoJSON. */
#include "apps/asked_graph.h"
#include "apps/apps.h"
#include "apps/texts.h"
#include "sigap/area.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <geos_c.h>
#include <jansson.h>

static const char help[] =
    "NAME\n"
    "    sigap area - what can be reached from a place within some minutes\n"
    "\n"
    "SYNOPSIS\n"
    "    sigap area --graph FILE.sgr FROM --minutes M[,M...] [--profile NAME] [--json]\n"
    "\n"
    "DESCRIPTION\n"
    "    Follows every road from FROM for as long as each time lasts, the last metres\n"
    "    included, and draws an area around what was driven: 50 m to each side, holes\n"
    "    under one hectare filled, the outline simplified to 10 m. The area of a longer\n"
    "    time holds that of a shorter one.\n"
    "\n"
    "    FROM is 'lon,lat' in decimal degrees (WGS 84, longitude first). It is taken to\n"
    "    the nearest road from which the rest of the city can be reached; a place more\n"
    "    than 1 km from any road is an error.\n"
    "\n"
    "OPTIONS\n"
    "    -g, --graph FILE    the road graph, made by 'sigap import'\n"
    "    -m, --minutes LIST  up to 32 times in minutes, ascending, with commas between;\n"
    "                        fractions are allowed, 1440 is the most\n"
    "    -p, --profile NAME  whose times count; the graph's first profile where not given.\n"
    "                        A wrong name lists those that the graph has\n"
    "    -j, --json          print a GeoJSON FeatureCollection: one MultiPolygon for each\n"
    "                        time, with the properties minutes and square_km; besides,\n"
    "                        graph, sketch and profile\n"
    "    --language id|en    language of the text (SIGAP_LANGUAGE; default id)\n"
    "    -h, --help          print this text\n"
    "\n"
    "EXIT STATUS\n"
    "    0 done   2 usage or input error   3 the file failed\n"
    "\n"
    "EXAMPLE\n"
    "    sigap area --graph var/graph/malang.sgr 112.6326,-7.9666 --minutes 5,10,15 --json\n";

typedef struct options {
    const char *graph;
    const char *profile;
    const char *from;
    int64_t limit_ms[SGP_AREA_LIMITS_MAX];
    size_t n;
    bool json;
    sgp_language language;
} options;

static int usage_error(const char *what) {
    fprintf(stderr, "sigap area: %s\nTry 'sigap area --help'.\n", what);
    return 2;
}

/* "5,10,15" into limits; false: something else. */
static bool read_minutes(const char *text, options *o) {
    o->n = 0;
    for (;;) {
        char *end;
        double minutes = strtod(text, &end);
        if (end == text || !(minutes > 0 && minutes <= 1440) || o->n == SGP_AREA_LIMITS_MAX)
            return false;
        int64_t ms = (int64_t)(minutes * 60000 + 0.5);
        if (o->n > 0 && ms <= o->limit_ms[o->n - 1])
            return false;
        o->limit_ms[o->n++] = ms;
        if (*end == '\0')
            return true;
        if (*end != ',')
            return false;
        text = end + 1;
    }
}

/* 0 and *done = false: go on. */
static int read_options(int argc, char **argv, options *o, bool *done) {
    static const struct option known[] = {
        {"graph", required_argument, NULL, 'g'},
        {"minutes", required_argument, NULL, 'm'},
        {"profile", required_argument, NULL, 'p'},
        {"json", no_argument, NULL, 'j'},
        {"help", no_argument, NULL, 'h'},
        {"language", required_argument, NULL, 'l'},
        {NULL, 0, NULL, 0},
    };
    *o = (options){.language = SGP_INDONESIAN};
    const char *language = getenv("SIGAP_LANGUAGE");
    if (language && !sgp_language_parse(language, &o->language))
        o->language = SGP_INDONESIAN; /* only --language insists */
    *done = true;
    optind = 0; /* scan anew: the program around has used getopt already */
    for (int c; (c = getopt_long(argc, argv, "g:m:p:jh", known, NULL)) != -1;) {
        switch (c) {
        case 'g':
            o->graph = optarg;
            break;
        case 'm':
            if (!read_minutes(optarg, o))
                return usage_error("--minutes takes up to 32 ascending numbers of minutes, over 0 "
                                   "and at most 1440, with commas between");
            break;
        case 'p':
            o->profile = optarg;
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
            fputs("Try 'sigap area --help'.\n", stderr);
            return 2;
        }
    }
    if (!o->graph)
        return usage_error("--graph FILE.sgr is missing");
    if (o->n == 0)
        return usage_error("--minutes is missing");
    if (argc - optind != 1)
        return usage_error("exactly one place, FROM, is needed");
    o->from = argv[optind];
    *done = false;
    return 0;
}

static json_t *json_text(const char *text) {
    json_t *string = json_string(text);
    return string ? string : json_string("?"); /* the file's text is no UTF-8 */
}

/* NULL: no memory. */
static json_t *geometry_of(const sgp_area_shape *shape) {
    json_t *geometry = NULL;
    GEOSContextHandle_t geos = GEOS_init_r();
    if (!geos)
        return NULL;
    GEOSWKBReader *reader = GEOSWKBReader_create_r(geos);
    GEOSGeoJSONWriter *writer = GEOSGeoJSONWriter_create_r(geos);
    GEOSGeometry *area =
        reader ? GEOSWKBReader_read_r(geos, reader, shape->wkb, shape->wkb_length) : NULL;
    char *text = area && writer ? GEOSGeoJSONWriter_writeGeometry_r(geos, writer, area, -1) : NULL;
    if (text) {
        geometry = json_loads(text, 0, NULL);
        GEOSFree_r(geos, text);
    }
    if (area)
        GEOSGeom_destroy_r(geos, area);
    if (writer)
        GEOSGeoJSONWriter_destroy_r(geos, writer);
    if (reader)
        GEOSWKBReader_destroy_r(geos, reader);
    GEOS_finish_r(geos);
    return geometry;
}

static int print_json(const sgp_graph_parts *p, const options *o, uint32_t profile,
                      const sgp_area_shape *shapes) {
    json_t *features = json_array();
    for (size_t i = 0; i < o->n; i++)
        json_array_append_new(
            features, json_pack("{s:s,s:{s:f,s:f},s:o}", "type", "Feature", "properties", "minutes",
                                (double)o->limit_ms[i] / 60000, "square_km",
                                shapes[i].square_m2 / 1e6, "geometry", geometry_of(&shapes[i])));
    json_t *root = json_pack("{s:s,s:o,s:b,s:o,s:o}", "type", "FeatureCollection", "graph",
                             json_text(p->name), "sketch", p->is_sketch, "profile",
                             json_text(p->profiles[profile].name), "features", features);
    if (!root || json_array_size(features) != o->n) {
        json_decref(root);
        fputs("sigap area: no memory\n", stderr);
        return 3;
    }
    json_dumpf(root, stdout, JSON_COMPACT | JSON_REAL_PRECISION(10));
    putchar('\n');
    json_decref(root);
    return 0;
}

static void print_text(const sgp_graph_parts *p, const options *o, uint32_t profile,
                       const sgp_area_shape *shapes) {
    if (p->is_sketch)
        puts(sgp_text_get(o->language, SGP_TEXT_ROUTE_SKETCH_NOTE));
    for (size_t i = 0; i < o->n; i++) {
        char minutes[32], square_km[32], line[256];
        snprintf(minutes, sizeof minutes, "%g", (double)o->limit_ms[i] / 60000);
        snprintf(square_km, sizeof square_km, "%.3f", shapes[i].square_m2 / 1e6);
        puts(sgp_text_fill(line, sizeof line, o->language, SGP_TEXT_AREA_LINE, "minutes", minutes,
                           "square_km", square_km, "city", p->name, "profile",
                           p->profiles[profile].name, NULL));
    }
}

static sgp_err draw(const sgp_asked_graph *opened, const options *o, sgp_area_shape *shapes,
                    sgp_fault *fault) {
    sgp_source source = {.penalty_ms = 0};
    if (sgp_asked_graph_in_units(opened))
        return sgp_fail(fault, SGP_E_ARGUMENT, "the weights of '%s' are not times",
                        sgp_graph_get(opened->graph)->profiles[opened->profile].name);
    sgp_err err = sgp_asked_graph_snap(opened, o->from, &source.from, fault);
    return err ? err
               : sgp_query_areas(opened->query, &source, o->limit_ms, o->n, NULL, shapes, fault);
}

static int ask(const sgp_asked_graph *opened, const options *o) {
    const sgp_graph_parts *p = sgp_graph_get(opened->graph);
    sgp_area_shape shapes[SGP_AREA_LIMITS_MAX];
    sgp_fault fault = {0};
    sgp_err err = draw(opened, o, shapes, &fault);
    if (err) {
        fprintf(stderr, "sigap area: %s\n", fault.text[0] ? fault.text : sgp_err_message(err));
        return sgp_err_exit_code(err);
    }
    int code = 0;
    if (o->json)
        code = print_json(p, o, opened->profile, shapes);
    else
        print_text(p, o, opened->profile, shapes);
    sgp_area_free(shapes, o->n);
    return code;
}

int app_area(int argc, char **argv) {
    char **arguments = sgp_arguments(argc, argv);
    if (!arguments) {
        fputs("sigap area: no memory\n", stderr);
        return 3;
    }
    options o;
    bool done;
    int code = read_options(argc, arguments, &o, &done);
    if (!done) {
        sgp_asked_graph opened;
        code = sgp_asked_graph_open_for("area", o.graph, o.profile, &opened);
        if (code == 0) {
            code = ask(&opened, &o);
            sgp_asked_graph_close(&opened);
        }
    }
    sgp_arguments_free(argc, arguments);
    return code;
}
