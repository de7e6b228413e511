/* sigap table: travel times between many places at once. */
#include "apps/asked_graph.h"
#include "apps/apps.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

enum { MOST_PLACES = 100000, MOST_CELLS = 100000000, LONGEST_LINE = 256 };

static const char help[] =
    "NAME\n"
    "    sigap table - exact travel times from many places to many places\n"
    "\n"
    "SYNOPSIS\n"
    "    sigap table --graph FILE.sgr --sources FILE --targets FILE [--profile NAME]\n"
    "                [--node] [--json]\n"
    "\n"
    "DESCRIPTION\n"
    "    Prints the time of the fastest way of a vehicle from every source to every\n"
    "    target: a line for each source, a column for each target, separated by tabs, in\n"
    "    seconds; '-' where there is no way.\n"
    "\n"
    "    The files hold one place on a line, 'lon,lat' in decimal degrees (WGS 84,\n"
    "    longitude first). Empty lines and lines that begin with '#' are skipped. '-' is\n"
    "    standard input. Each place is taken to the nearest road from which the rest of\n"
    "    the city can be reached; a place more than 1 km from any road is an error.\n"
    "\n"
    "OPTIONS\n"
    "    -g, --graph FILE     the road graph, made by 'sigap import'\n"
    "    -s, --sources FILE   the places to start from, at most 100000\n"
    "    -t, --targets FILE   the places to go to, at most 100000\n"
    "    -p, --profile NAME   the vehicle, by its name in the graph (default: its first one)\n"
    "    -n, --node           the files hold node numbers as in the imported file, and\n"
    "                         times are whole numbers in the graph's own unit\n"
    "                         (milliseconds for OSM extracts)\n"
    "    -j, --json           print {\"durations\": [[seconds, ...], ...]}, with --node\n"
    "                         {\"weights\": [[units, ...], ...]}; null where there is no way\n"
    "    Weights that are not times (DIMACS graphs) are always told in the graph's unit.\n"
    "    -h, --help           print this text\n"
    "\n"
    "EXIT STATUS\n"
    "    0 done   2 usage or input error   3 a file failed\n"
    "\n"
    "EXAMPLE\n"
    "    sigap table --graph var/graph/malang.sgr --sources stations --targets hospitals\n";

typedef struct options {
    const char *graph, *sources, *targets, *profile;
    bool node;
    bool json;
} options;

/* The places of one file: snaps, or nodes with --node. */
typedef struct places {
    sgp_snap *snaps;
    int64_t *nodes;
    size_t n;
    size_t capacity;
} places;

static void places_free(places *p) {
    free(p->snaps);
    free(p->nodes);
    *p = (places){0};
}

static int usage_error(const char *what) {
    fprintf(stderr, "sigap table: %s\nTry 'sigap table --help'.\n", what);
    return 2;
}

static int read_options(int argc, char **argv, options *o, bool *done) {
    static const struct option known[] = {
        {"graph", required_argument, NULL, 'g'},   {"sources", required_argument, NULL, 's'},
        {"targets", required_argument, NULL, 't'}, {"profile", required_argument, NULL, 'p'},
        {"node", no_argument, NULL, 'n'},          {"json", no_argument, NULL, 'j'},
        {"help", no_argument, NULL, 'h'},          {NULL, 0, NULL, 0},
    };
    *o = (options){0};
    *done = true;
    optind = 0; /* scan anew: the program around has used getopt already */
    for (int c; (c = getopt_long(argc, argv, "g:s:t:p:njh", known, NULL)) != -1;) {
        switch (c) {
        case 'g':
            o->graph = optarg;
            break;
        case 's':
            o->sources = optarg;
            break;
        case 't':
            o->targets = optarg;
            break;
        case 'p':
            o->profile = optarg;
            break;
        case 'n':
            o->node = true;
            break;
        case 'j':
            o->json = true;
            break;
        case 'h':
            fputs(help, stdout);
            return 0;
        default:
            fputs("Try 'sigap table --help'.\n", stderr);
            return 2;
        }
    }
    if (!o->graph)
        return usage_error("--graph FILE.sgr is missing");
    if (!o->sources || !o->targets)
        return usage_error("--sources FILE and --targets FILE are both needed");
    if (strcmp(o->sources, "-") == 0 && strcmp(o->targets, "-") == 0)
        return usage_error("only one of --sources and --targets can be standard input");
    if (optind < argc)
        return usage_error("places are read from files, not from the command line");
    *done = false;
    return 0;
}

static sgp_err places_reserve(places *p) {
    if (p->n < p->capacity)
        return SGP_OK;
    size_t capacity = p->capacity ? 2 * p->capacity : 64;
    sgp_snap *snaps = realloc(p->snaps, capacity * sizeof *snaps);
    if (!snaps)
        return SGP_E_MEMORY;
    p->snaps = snaps;
    int64_t *nodes = realloc(p->nodes, capacity * sizeof *nodes);
    if (!nodes)
        return SGP_E_MEMORY;
    p->nodes = nodes;
    p->capacity = capacity;
    return SGP_OK;
}

static sgp_err add_place(const sgp_asked_graph *opened, const options *o, const char *text,
                         places *p, sgp_fault *fault) {
    if (p->n == MOST_PLACES)
        return sgp_fail(fault, SGP_E_TOO_LARGE, "more than %d places", MOST_PLACES);
    sgp_err err = places_reserve(p);
    if (err)
        return sgp_fail(fault, err, "%s", sgp_err_message(err));
    if (o->node)
        err = sgp_node_parse(text, &p->nodes[p->n], fault);
    else
        err = sgp_asked_graph_snap(opened, text, &p->snaps[p->n], fault);
    if (!err)
        p->n++;
    return err;
}

/* Reads one file of places; returns the exit code, 0 when read. */
static int read_places(const sgp_asked_graph *opened, const options *o, const char *path,
                       places *p) {
    bool standard = strcmp(path, "-") == 0;
    FILE *file = standard ? stdin : fopen(path, "r");
    if (!file) {
        fprintf(stderr, "sigap table: cannot open '%s': %s\n", path, strerror(errno));
        return 3;
    }
    sgp_err err = SGP_OK;
    sgp_fault fault = {0};
    char line[LONGEST_LINE];
    size_t number = 0;
    while (!err && fgets(line, sizeof line, file)) {
        number++;
        size_t length = strlen(line);
        if (length == sizeof line - 1 && line[length - 1] != '\n') {
            err = sgp_fail(&fault, SGP_E_FORMAT, "the line is too long for a place");
            break;
        }
        line[strcspn(line, "\r\n")] = '\0';
        const char *text = line + strspn(line, " \t");
        if (*text != '\0' && *text != '#')
            err = add_place(opened, o, text, p, &fault);
    }
    bool failed = ferror(file);
    if (!standard)
        fclose(file);
    if (err) {
        fprintf(stderr, "sigap table: %s, line %zu: %s\n", path, number, fault.text);
        return sgp_err_exit_code(err);
    }
    if (failed) {
        fprintf(stderr, "sigap table: reading '%s' failed\n", path);
        return 3;
    }
    if (p->n == 0) {
        fprintf(stderr, "sigap table: '%s' holds no place\n", path);
        return 2;
    }
    return 0;
}

static sgp_err fill(const sgp_asked_graph *opened, const options *o, const places *from,
                    const places *to, int64_t *times, sgp_fault *fault) {
    if (o->node)
        return sgp_query_matrix_nodes(opened->query, from->nodes, from->n, to->nodes, to->n, times,
                                      fault);
    sgp_source *sources = calloc(from->n, sizeof *sources);
    if (!sources)
        return SGP_E_MEMORY;
    for (size_t i = 0; i < from->n; i++)
        sources[i].from = from->snaps[i];
    sgp_err err = sgp_query_matrix(opened->query, sources, from->n, to->snaps, to->n, times);
    free(sources);
    return err;
}

static json_t *json_cell(bool in_units, int64_t time) {
    if (time == SGP_UNREACHABLE)
        return json_null();
    return in_units ? json_integer(time) : json_real((double)time / 1000);
}

/* Row by row, so that a large table does not stand in memory twice. */
static void print_json(bool in_units, const int64_t *times, size_t n_from, size_t n_to) {
    printf("{\"%s\": [", in_units ? "weights" : "durations");
    for (size_t s = 0; s < n_from; s++) {
        json_t *row = json_array();
        for (size_t t = 0; t < n_to; t++)
            json_array_append_new(row, json_cell(in_units, times[s * n_to + t]));
        fputs(s > 0 ? ",\n" : "", stdout);
        json_dumpf(row, stdout, JSON_COMPACT | JSON_REAL_PRECISION(15));
        json_decref(row);
    }
    puts("]}");
}

static void print_text(bool in_units, const int64_t *times, size_t n_from, size_t n_to) {
    for (size_t s = 0; s < n_from; s++)
        for (size_t t = 0; t < n_to; t++) {
            int64_t time = times[s * n_to + t];
            char end = t + 1 < n_to ? '\t' : '\n';
            if (time == SGP_UNREACHABLE)
                printf("-%c", end);
            else if (in_units)
                printf("%" PRId64 "%c", time, end);
            else
                printf("%" PRId64 ".%03" PRId64 "%c", time / 1000, time % 1000, end);
        }
}

static int ask(const sgp_asked_graph *opened, const options *o, const places *from,
               const places *to) {
    if (from->n > MOST_CELLS / to->n) {
        fprintf(stderr, "sigap table: %zu x %zu places make a table of more than %d times\n",
                from->n, to->n, MOST_CELLS);
        return 2;
    }
    int64_t *times = malloc(from->n * to->n * sizeof *times);
    sgp_fault fault = {0};
    sgp_err err = times ? fill(opened, o, from, to, times, &fault) : SGP_E_MEMORY;
    if (err) {
        fprintf(stderr, "sigap table: %s\n", fault.text[0] ? fault.text : sgp_err_message(err));
        free(times);
        return sgp_err_exit_code(err);
    }
    bool in_units = o->node || sgp_asked_graph_in_units(opened);
    if (o->json)
        print_json(in_units, times, from->n, to->n);
    else
        print_text(in_units, times, from->n, to->n);
    free(times);
    return 0;
}

static int open_and_ask(const options *o) {
    sgp_asked_graph opened;
    int code = sgp_asked_graph_open_for("table", o->graph, o->profile, &opened);
    if (code != 0)
        return code;
    const sgp_graph_parts *parts = sgp_graph_get(opened.graph);
    if (parts->is_sketch)
        fprintf(stderr, "sigap table: note: %s%s\n", parts->name,
                sgp_asked_graph_sketch_note(&opened));
    places from = {0};
    places to = {0};
    code = read_places(&opened, o, o->sources, &from);
    if (code == 0)
        code = read_places(&opened, o, o->targets, &to);
    if (code == 0)
        code = ask(&opened, o, &from, &to);
    places_free(&from);
    places_free(&to);
    sgp_asked_graph_close(&opened);
    return code;
}

int app_table(int argc, char **argv) {
    options o;
    bool done;
    int code = read_options(argc, argv, &o, &done);
    return done ? code : open_and_ask(&o);
}
