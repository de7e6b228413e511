/* sigap import: from an OpenStreetMap extract to a city that Sigap can serve. */
#include "apps.h"

#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "apps/import_dimacs.h"
#include "base/clock.h"
#include "gis/import.h"

static const char help[] =
    "NAME\n"
    "    sigap import - make a city of an OpenStreetMap extract\n"
    "\n"
    "SYNOPSIS\n"
    "    sigap import [OPTION]... FILE.osm.pbf\n"
    "    sigap import --dimacs FILE.gr[.gz] --coords FILE.co[.gz] -o FILE.sgr [OPTION]...\n"
    "\n"
    "DESCRIPTION\n"
    "    Writes the road graph NAME.sgr and fills PostGIS with names, house numbers,\n"
    "    places, boundaries and what maps are drawn from. Both carry one city id. What\n"
    "    fails, or is stopped with Ctrl-C, leaves the former city in service; the same\n"
    "    file again finds its work done.\n"
    "\n"
    "    The second form makes a road graph alone of a benchmark graph of the 9th DIMACS\n"
    "    challenge. 'sigap table --node' and 'sigap route --node' know its vertices by the\n"
    "    file's numbers and answer in the file's own unit. Its name is that of FILE.sgr.\n"
    "\n"
    "OPTIONS\n"
    "    -n, --name NAME         name of the city (default: the file's name)\n"
    "    -o, --graph-dir DIR     where NAME.sgr goes (default: var/graph)\n"
    "    -d, --database CONNINFO PostgreSQL with PostGIS (default: SIGAP_DATABASE, then the\n"
    "                            first line of the file var/database)\n"
    "    -g, --graph-only        no PostGIS\n"
    "    -f, --force             import again what is already there\n"
    "    -m, --memory MB         cache of osm2pgsql (default: 512)\n"
    "    -p, --profile-dir DIR   osm2pgsql.lua and import.sql of your own, and\n"
    "                            profiles.conf, aliases.conf (otherwise the built-in one)\n"
    "    -A, --aliases FILE      further names of streets and places, instead of aliases.conf\n"
    "                            beside osm2pgsql.lua\n"
    "    -T, --turns WHERE       at which crossings turns are told apart, instead of what\n"
    "                            profiles.conf says: nowhere (not even restrictions),\n"
    "                            restrictions, major or everywhere (with costs)\n"
    "    -D, --dimacs FILE       a DIMACS graph, may be compressed with gzip\n"
    "    -C, --coords FILE       its coordinates, which the order and snapping need\n"
    "    -o, --output FILE.sgr   with --dimacs: the graph file to write\n"
    "    -O, --order METHOD      how the graph is ordered: inertial-flow (default, best\n"
    "                            queries) or metis (quicker and coarser)\n"
    "    -t, --threads N         threads to order with, 1 to 256 (default: as many as the\n"
    "                            machine has)\n"
    "    -j, --json              print one JSON object\n"
    "    -h, --help              print this text\n"
    "\n"
    "EXIT STATUS\n"
    "    0 done   2 usage or input error   3 database, file or another program failed\n"
    "\n"
    "EXAMPLE\n"
    "    sigap import --name porto porto_portugal.osm.pbf\n"
    "    sigap import --dimacs NY.gr.gz --coords NY.co.gz -o ny.sgr\n";

typedef struct options {
    sgp_import_options import;
    import_dimacs dimacs; /* .graph is NULL for an extract */
    const char *output;   /* --graph-dir or --output */
    const char *profile_dir;
    bool json;
} options;

/* ---- progress ------------------------------------------------------------------- */

static volatile sig_atomic_t stopped;

static void on_signal(int number) {
    (void)number;
    stopped = 1;
}

typedef struct teller {
    bool terminal;
    char phase[48]; /* the last one told */
    int64_t begun_us;
} teller;

/* A terminal shows one line that changes, a file one line a phase. */
static int tell(void *ctx, const char *phase, uint64_t done, uint64_t total) {
    teller *to = ctx;
    bool is_new = strncmp(to->phase, phase, sizeof to->phase - 1) != 0;
    if (is_new)
        snprintf(to->phase, sizeof to->phase, "%s", phase);
    double elapsed_s = (double)(sgp_monotonic_us() - to->begun_us) / 1e6;
    if (to->terminal) {
        fprintf(stderr, "\r\033[K%6.1f s  %s", elapsed_s, phase);
        if (total > 0)
            fprintf(stderr, "  %3.0f %%", 100.0 * (double)done / (double)total);
        fflush(stderr);
    } else if (is_new) {
        fprintf(stderr, "%6.1f s  %s\n", elapsed_s, phase);
    }
    return stopped;
}

/* ---- options --------------------------------------------------------------------- */

/* Points into `line`, or NULL. */
static const char *first_line_of(const char *path, char *line, size_t capacity) {
    FILE *file = fopen(path, "r");
    if (!file)
        return NULL;
    bool found = fgets(line, (int)capacity, file) != NULL;
    fclose(file);
    if (!found)
        return NULL;
    line[strcspn(line, "\r\n")] = '\0';
    return *line ? line : NULL;
}

/* Exit code, or -1 to go on. `operand` may be NULL. */
static int check_dimacs(options *chosen, const char *operand) {
    const char *why = NULL;
    if (!chosen->dimacs.graph)
        why = "--coords goes with --dimacs FILE.gr";
    else if (!chosen->dimacs.coords)
        why = "--dimacs needs --coords FILE.co too: without coordinates the graph can neither be "
              "ordered well nor asked by places";
    else if (!chosen->output)
        why = "--dimacs needs -o FILE.sgr, the file to write";
    else if (operand)
        why = "either an extract or --dimacs, not both";
    else if (chosen->import.conninfo || chosen->import.graph_only || chosen->import.force ||
             chosen->import.memory_mb > 0 || chosen->profile_dir || chosen->import.aliases ||
             chosen->import.turns)
        why = "--dimacs makes a graph alone; --database, --graph-only, --force, --memory, "
              "--profile-dir, --aliases and --turns do not go with it";
    if (why) {
        fprintf(stderr, "sigap import: %s\n", why);
        return 2;
    }
    chosen->dimacs.output = chosen->output;
    chosen->dimacs.name = chosen->import.name;
    chosen->dimacs.json = chosen->json;
    return -1;
}

/* Exit code, or -1 to go on. */
static int read_options(int argc, char **argv, options *chosen) {
    static const struct option long_options[] = {
        {"name", required_argument, NULL, 'n'},
        {"graph-dir", required_argument, NULL, 'o'},
        {"output", required_argument, NULL, 'o'},
        {"dimacs", required_argument, NULL, 'D'},
        {"coords", required_argument, NULL, 'C'},
        {"order", required_argument, NULL, 'O'},
        {"threads", required_argument, NULL, 't'},
        {"database", required_argument, NULL, 'd'},
        {"graph-only", no_argument, NULL, 'g'},
        {"force", no_argument, NULL, 'f'},
        {"memory", required_argument, NULL, 'm'},
        {"profile-dir", required_argument, NULL, 'p'},
        {"aliases", required_argument, NULL, 'A'},
        {"turns", required_argument, NULL, 'T'},
        {"json", no_argument, NULL, 'j'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    optind = 1;
    for (int c;
         (c = getopt_long(argc, argv, "n:o:D:C:O:t:d:gfm:p:A:T:jh", long_options, NULL)) != -1;) {
        switch (c) {
        case 'n':
            chosen->import.name = optarg;
            break;
        case 'o':
            chosen->output = optarg;
            break;
        case 'D':
            chosen->dimacs.graph = optarg;
            break;
        case 'C':
            chosen->dimacs.coords = optarg;
            break;
        case 'O':
            if (!import_dimacs_read_order(optarg, &chosen->dimacs.making.method)) {
                fprintf(stderr, "sigap import: --order takes inertial-flow or metis, not '%s'\n",
                        optarg);
                return 2;
            }
            break;
        case 't':
            if (!import_dimacs_read_threads(optarg, &chosen->dimacs.making.threads)) {
                fprintf(stderr, "sigap import: --threads takes a number from 1 to 256, not '%s'\n",
                        optarg);
                return 2;
            }
            break;
        case 'd':
            chosen->import.conninfo = optarg;
            break;
        case 'g':
            chosen->import.graph_only = true;
            break;
        case 'f':
            chosen->import.force = true;
            break;
        case 'm': {
            char *end;
            long megabytes = strtol(optarg, &end, 10);
            if (*end || end == optarg || megabytes < 1 || megabytes > 1000000) {
                fprintf(stderr,
                        "sigap import: --memory takes megabytes from 1 to 1000000, not '%s'\n",
                        optarg);
                return 2;
            }
            chosen->import.memory_mb = (int)megabytes;
            break;
        }
        case 'p':
            chosen->profile_dir = optarg;
            break;
        case 'A':
            chosen->import.aliases = optarg;
            break;
        case 'T':
            chosen->import.turns = optarg;
            break;
        case 'j':
            chosen->json = true;
            break;
        case 'h':
            fputs(help, stdout);
            return 0;
        default:
            fputs("sigap import: 'sigap import --help' lists the options\n", stderr);
            return 2;
        }
    }
    if (chosen->dimacs.graph || chosen->dimacs.coords)
        return check_dimacs(chosen, argv[optind]);
    if (chosen->output)
        chosen->import.graph_dir = chosen->output;
    chosen->import.order = chosen->dimacs.making.method;
    chosen->import.threads = chosen->dimacs.making.threads;
    if (optind + 1 != argc) {
        fputs(optind == argc ? "sigap import: name the extract (FILE.osm.pbf)\n"
                             : "sigap import: one extract at a time\n",
              stderr);
        return 2;
    }
    chosen->import.extract = argv[optind];
    return -1;
}

/* ---- result ---------------------------------------------------------------------- */

static int print_json(const sgp_import_result *r) {
    char city[33];
    sgp_city_id_format(&r->city, city);
    json_t *json = json_pack(
        "{s:s, s:s, s:b, s:b, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I,"
        " s:I, s:I}",
        "city", city, "graph", r->graph_path, "already_there", r->already_there, "sketch",
        r->is_sketch, "nodes", (json_int_t)r->counts.nodes, "ways", (json_int_t)r->counts.ways,
        "relations", (json_int_t)r->counts.relations, "car_ways", (json_int_t)r->counts.car_ways,
        "restrictions", (json_int_t)r->counts.restrictions, "vertices", (json_int_t)r->vertices,
        "arcs", (json_int_t)r->arcs, "edges", (json_int_t)r->edges, "names", (json_int_t)r->names,
        "addresses", (json_int_t)r->addresses, "places", (json_int_t)r->places, "areas",
        (json_int_t)r->areas, "graph_ms", (json_int_t)r->graph_ms, "database_ms",
        (json_int_t)r->database_ms, "peak_memory_kb", (json_int_t)r->peak_memory_kb,
        "osm2pgsql_peak_memory_kb", (json_int_t)r->child_peak_memory_kb);
    if (!json || json_dumpf(json, stdout, JSON_INDENT(2)) != 0) {
        fputs("sigap import: the result could not be printed\n", stderr);
        json_decref(json);
        return 3;
    }
    putchar('\n');
    json_decref(json);
    return 0;
}

static void print_summary(const sgp_import_result *r, bool graph_only, double elapsed_s) {
    char city[33];
    sgp_city_id_format(&r->city, city);
    printf("%s%s\n  city      %s\n", r->graph_path,
           r->is_sketch ? "  (a drawn sketch, not a survey)" : "", city);
    printf("  graph     %" PRIu32 " vertices, %" PRIu32 " arcs, %" PRIu32 " edges\n", r->vertices,
           r->arcs, r->edges);
    if (r->counts.ways > 0)
        printf("  extract   %" PRIu64 " nodes, %" PRIu64 " ways (%" PRIu64 " for cars), %" PRIu64
               " turn restrictions\n",
               r->counts.nodes, r->counts.ways, r->counts.car_ways, r->counts.restrictions);
    if (!graph_only)
        printf("  database  %" PRIu64 " names, %" PRIu64 " house numbers, %" PRIu64
               " places, %" PRIu64 " areas\n",
               r->names, r->addresses, r->places, r->areas);
    if (r->already_there) {
        printf("  already there; nothing to do (--force does it again), %.1f s\n", elapsed_s);
        return;
    }
    printf("  time      graph %.1f s, database %.1f s, all %.1f s\n", (double)r->graph_ms / 1000,
           (double)r->database_ms / 1000, elapsed_s);
    printf("  memory    at most %.0f MB", (double)r->peak_memory_kb / 1024);
    if (r->child_peak_memory_kb > 0)
        printf(", osm2pgsql %.0f MB", (double)r->child_peak_memory_kb / 1024);
    putchar('\n');
}

int app_import(int argc, char **argv) {
    teller to = {.terminal = isatty(STDERR_FILENO) == 1, .begun_us = sgp_monotonic_us()};
    options chosen = {.import = {.graph_dir = "var/graph", .progress = {tell, &to}}};
    int code = read_options(argc, argv, &chosen);
    if (code >= 0)
        return code;
    struct sigaction stop = {.sa_handler = on_signal};
    sigaction(SIGINT, &stop, NULL);
    sigaction(SIGTERM, &stop, NULL);
    if (chosen.dimacs.graph) {
        chosen.dimacs.making.progress = &chosen.import.progress;
        return import_dimacs_run(&chosen.dimacs, to.terminal);
    }
    char line[1024], style[512];
    if (!chosen.import.conninfo)
        chosen.import.conninfo = getenv("SIGAP_DATABASE");
    if (!chosen.import.conninfo || !*chosen.import.conninfo)
        chosen.import.conninfo = first_line_of("var/database", line, sizeof line);
    if (!chosen.import.conninfo && !chosen.import.graph_only) {
        fputs("sigap import: no database: set SIGAP_DATABASE or --database, start the demo's with\n"
              "./run demo, or make the graph alone with --graph-only\n",
              stderr);
        return 3;
    }
    if (chosen.profile_dir) {
        snprintf(style, sizeof style, "%s/osm2pgsql.lua", chosen.profile_dir);
        chosen.import.style = style;
    }
    sgp_import_result result;
    sgp_fault fault = {SGP_OK, ""};
    sgp_err err = sgp_import(&chosen.import, &result, &fault);
    if (to.terminal)
        fputs("\r\033[K", stderr);
    if (err != SGP_OK) {
        fprintf(stderr, "sigap import: %s\n", fault.text[0] ? fault.text : sgp_err_message(err));
        return sgp_err_exit_code(err);
    }
    if (chosen.json)
        return print_json(&result);
    print_summary(&result, chosen.import.graph_only,
                  (double)(sgp_monotonic_us() - to.begun_us) / 1e6);
    return 0;
}
