#include "apps/import_dimacs.h"

#include <errno.h>
#include <inttypes.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jansson.h>

#include "base/clock.h"
#include "route/dimacs.h"

bool import_dimacs_read_order(const char *text, sgp_order_method *method) {
    *method = strcmp(text, "metis") == 0 ? SGP_ORDER_METIS : SGP_ORDER_INERTIAL_FLOW;
    return *method == SGP_ORDER_METIS || strcmp(text, "inertial-flow") == 0;
}

bool import_dimacs_read_threads(const char *text, unsigned *threads) {
    char *end;
    unsigned long number = strtoul(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end || number < 1 || number > 256)
        return false;
    *threads = (unsigned)number;
    return true;
}

/* The file's name without folders and ending. */
static void name_of(const char *path, char *name, size_t capacity) {
    const char *slash = strrchr(path, '/');
    snprintf(name, capacity, "%s", slash ? slash + 1 : path);
    char *ending = strrchr(name, '.');
    if (ending && ending != name && strcmp(ending, ".sgr") == 0)
        *ending = '\0';
}

typedef struct result {
    char city[33];
    uint32_t vertices, arcs, edges;
    int64_t read_ms, make_ms;
    long long file_bytes;
    long peak_memory_kb;
} result;

static int print_json(const import_dimacs *asked, const result *r) {
    json_t *json = json_pack(
        "{s:s, s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "city", r->city, "graph", asked->output,
        "vertices", (json_int_t)r->vertices, "arcs", (json_int_t)r->arcs, "edges",
        (json_int_t)r->edges, "read_ms", (json_int_t)r->read_ms, "make_ms", (json_int_t)r->make_ms,
        "file_bytes", (json_int_t)r->file_bytes, "peak_memory_kb", (json_int_t)r->peak_memory_kb);
    if (!json || json_dumpf(json, stdout, JSON_INDENT(2)) != 0) {
        fputs("sigap import: the result could not be printed\n", stderr);
        json_decref(json);
        return 3;
    }
    putchar('\n');
    json_decref(json);
    return 0;
}

static void print_summary(const import_dimacs *asked, const result *r) {
    printf("%s\n  city      %s\n", asked->output, r->city);
    printf("  graph     %" PRIu32 " vertices, %" PRIu32 " arcs, %" PRIu32 " edges, %.1f MB\n",
           r->vertices, r->arcs, r->edges, (double)r->file_bytes / 1e6);
    printf("  time      reading %.1f s, ordering and writing %.1f s\n", (double)r->read_ms / 1000,
           (double)r->make_ms / 1000);
    printf("  memory    at most %.0f MB\n", (double)r->peak_memory_kb / 1024);
}

/* Looks where the graph will go before much work is done for it. */
static sgp_err check_output(const char *path, sgp_fault *fault) {
    char copy[PATH_MAX];
    struct stat status;
    if (snprintf(copy, sizeof copy, "%s", path) >= (int)sizeof copy)
        return sgp_fail(fault, SGP_E_ARGUMENT, "the file name '%.80s...' is too long", path);
    int error = 0;
    if (path[0] == '\0')
        error = ENOENT;
    else if (stat(path, &status) == 0 && S_ISDIR(status.st_mode))
        error = EISDIR;
    else if (access(dirname(copy), W_OK | X_OK) != 0)
        error = errno;
    return error ? sgp_fail(fault, SGP_E_IO, "cannot write '%.150s': %s", path, strerror(error))
                 : SGP_OK;
}

static sgp_err make(const import_dimacs *asked, result *r, sgp_fault *fault) {
    char name[64];
    name_of(asked->output, name, sizeof name);
    int64_t begun_us = sgp_monotonic_us();
    sgp_dimacs_graph *graph;
    sgp_err err = check_output(asked->output, fault);
    if (err == SGP_OK)
        err = sgp_dimacs_read(asked->graph, asked->coords, asked->name ? asked->name : name,
                              asked->making.progress, &graph, fault);
    if (err != SGP_OK)
        return err;
    int64_t read_us = sgp_monotonic_us();
    const sgp_graph_parts *parts = sgp_dimacs_parts(graph);
    err = sgp_graph_write(asked->output, parts, &asked->making, fault);
    sgp_city_id_format(&parts->city, r->city);
    r->vertices = parts->n_vertices;
    r->arcs = parts->n_arcs;
    r->edges = parts->n_edges;
    r->read_ms = (read_us - begun_us) / 1000;
    r->make_ms = (sgp_monotonic_us() - read_us) / 1000;
    sgp_dimacs_destroy(graph);
    return err;
}

int import_dimacs_run(const import_dimacs *asked, bool clears) {
    result r = {.city = ""};
    sgp_fault fault = {SGP_OK, ""};
    sgp_err err = make(asked, &r, &fault);
    if (clears)
        fputs("\r\033[K", stderr);
    if (err != SGP_OK) {
        fprintf(stderr, "sigap import: %s\n", fault.text[0] ? fault.text : sgp_err_message(err));
        return sgp_err_exit_code(err);
    }
    struct stat status;
    if (stat(asked->output, &status) == 0)
        r.file_bytes = status.st_size;
    struct rusage usage;
    if (getrusage(RUSAGE_SELF, &usage) == 0)
        r.peak_memory_kb = usage.ru_maxrss;
    if (asked->json)
        return print_json(asked, &r);
    print_summary(asked, &r);
    return 0;
}
