#include "route/dimacs.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "route/dimacs_edges.h"
#include "route/dimacs_lines.h"
#include "route/osm_components.h"
#include "route/osm_network.h"
#include "route/osm_roads.h"

enum {
    E7_PER_UNIT = 10,        /* millionths of a degree */
    SHORTEST_LINE = 8,       /* "a 1 1 1\n" */
    MOST_COMPRESSION = 1032, /* of deflate; Gailly & Adler, zlib's technical details */
    LINES_BETWEEN_TELLS = 4096
};

struct sgp_dimacs_graph {
    sgp_graph_parts parts; /* its arrays are the ones below */
    sgp_point *vertex_point;
    int64_t *vertex_node;
    uint32_t *first_arc, *arc_head, *arc_edge;
    int32_t *weight;
    sgp_buffer edges, points;
};

/* What is read at one time. */
typedef struct reading {
    sgp_dimacs_graph *graph;
    sgp_dimacs_lines lines;
    sgp_osm_meter meter;
    uint32_t *tail, *head; /* [n_arcs], in the file's order */
    int32_t *weight;
    sgp_fault *fault;
} reading;

static sgp_err fail_memory(sgp_fault *fault) {
    return sgp_fail(fault, SGP_E_MEMORY, "no memory left to read the graph");
}

/* ---- one line ---------------------------------------------------------------------- */

/* Reads a whole number from low to high at *text and moves on behind it. */
static bool take_number(char **text, long long low, long long high, long long *number) {
    char *end;
    if (**text != ' ' && **text != '\t')
        return false;
    errno = 0;
    *number = strtoll(*text, &end, 10);
    if (end == *text || errno != 0 || *number < low || *number > high)
        return false;
    *text = end;
    return true;
}

static bool take_word(char **text, const char *word) {
    char *from = *text + strspn(*text, " \t");
    size_t length = strlen(word);
    if (strncmp(from, word, length) != 0 || (from[length] != ' ' && from[length] != '\t'))
        return false;
    *text = from + length;
    return true;
}

static bool is_at_end(const char *text) {
    return text[strspn(text, " \t")] == '\0';
}

/* The next line, telling the progress now and then. */
static sgp_err next(reading *r) {
    sgp_err err = sgp_dimacs_lines_next(&r->lines, r->fault);
    if (err == SGP_OK && r->lines.number % LINES_BETWEEN_TELLS == 0)
        err = sgp_osm_meter_tell(&r->meter, sgp_dimacs_lines_position(&r->lines),
                                 r->lines.file_bytes, r->fault);
    return err;
}

/* A header's count must fit into the file, so that no small file asks for much memory. */
static sgp_err check_count(const reading *r, long long count, const char *what) {
    if (r->lines.file_bytes > 0 &&
        (uint64_t)count / MOST_COMPRESSION > r->lines.file_bytes / SHORTEST_LINE + 1)
        return sgp_fail(r->fault, SGP_E_FORMAT,
                        "%.120s, line %llu: announces %lld %s, but the file is too small for them",
                        r->lines.path, (unsigned long long)r->lines.number, count, what);
    return SGP_OK;
}

/* ---- coordinates -------------------------------------------------------------------- */

static sgp_err read_coords_header(reading *r, uint32_t *n_vertices) {
    sgp_err err = next(r);
    if (err != SGP_OK)
        return err;
    if (!r->lines.text)
        return sgp_fail(r->fault, SGP_E_FORMAT, "%.120s holds no coordinates", r->lines.path);
    char *text = r->lines.text;
    long long n;
    if (!take_word(&text, "p") || !take_word(&text, "aux") || !take_word(&text, "sp") ||
        !take_word(&text, "co") || !take_number(&text, 1, INT32_MAX, &n) || !is_at_end(text))
        return sgp_dimacs_lines_refuse(
            &r->lines, "the first line should be 'p aux sp co NODES', as in a .co file", r->fault);
    *n_vertices = (uint32_t)n;
    return check_count(r, n, "nodes");
}

static sgp_err read_coords_line(reading *r, uint32_t n_vertices) {
    char *text = r->lines.text;
    long long node, lon, lat;
    if (!take_word(&text, "v") || !take_number(&text, 1, n_vertices, &node) ||
        !take_number(&text, -180000000, 180000000, &lon) ||
        !take_number(&text, -90000000, 90000000, &lat) || !is_at_end(text))
        return sgp_dimacs_lines_refuse(
            &r->lines, "should be 'v NODE LONGITUDE LATITUDE' in 1e-6 degrees", r->fault);
    if (r->graph->vertex_node[node - 1] != 0)
        return sgp_dimacs_lines_refuse(
            &r->lines, "gives a node its place a second time; a new node", r->fault);
    r->graph->vertex_node[node - 1] = node;
    r->graph->vertex_point[node - 1] =
        (sgp_point){(int32_t)lon * E7_PER_UNIT, (int32_t)lat * E7_PER_UNIT};
    return SGP_OK;
}

static sgp_err read_coords(reading *r) {
    uint32_t n_vertices = 0;
    sgp_err err = read_coords_header(r, &n_vertices);
    if (err != SGP_OK)
        return err;
    r->graph->vertex_point = malloc((size_t)n_vertices * sizeof *r->graph->vertex_point);
    r->graph->vertex_node = calloc(n_vertices, sizeof *r->graph->vertex_node);
    if (!r->graph->vertex_point || !r->graph->vertex_node)
        return fail_memory(r->fault);
    uint32_t n_read = 0;
    for (err = next(r); err == SGP_OK && r->lines.text; err = err == SGP_OK ? next(r) : err) {
        err = read_coords_line(r, n_vertices);
        n_read++;
    }
    if (err == SGP_OK && n_read != n_vertices)
        err = sgp_fail(r->fault, SGP_E_FORMAT,
                       "%.120s ends at line %llu with the coordinates of %u of %u nodes",
                       r->lines.path, (unsigned long long)r->lines.number, n_read, n_vertices);
    r->graph->parts.n_vertices = n_vertices;
    return err;
}

/* ---- arcs -------------------------------------------------------------------------- */

static sgp_err read_graph_header(reading *r, uint32_t *n_arcs) {
    sgp_err err = next(r);
    if (err != SGP_OK)
        return err;
    if (!r->lines.text)
        return sgp_fail(r->fault, SGP_E_FORMAT, "%.120s holds no graph", r->lines.path);
    char *text = r->lines.text;
    long long n, m;
    if (!take_word(&text, "p") || !take_word(&text, "sp") ||
        !take_number(&text, 1, INT32_MAX, &n) || !take_number(&text, 0, INT32_MAX, &m) ||
        !is_at_end(text))
        return sgp_dimacs_lines_refuse(
            &r->lines, "the first line should be 'p sp NODES ARCS', as in a .gr file", r->fault);
    if (n != r->graph->parts.n_vertices)
        return sgp_fail(r->fault, SGP_E_MISMATCH,
                        "the coordinates are of %u nodes, but %.120s has %lld",
                        r->graph->parts.n_vertices, r->lines.path, n);
    *n_arcs = (uint32_t)m;
    return check_count(r, m, "arcs");
}

static sgp_err read_arc(reading *r, uint32_t n_arcs, uint32_t number) {
    char *text = r->lines.text;
    long long tail, head, weight, n = r->graph->parts.n_vertices;
    if (!take_word(&text, "a") || !take_number(&text, 1, n, &tail) ||
        !take_number(&text, 1, n, &head) || !take_number(&text, 0, SGP_INF - 1, &weight) ||
        !is_at_end(text))
        return sgp_dimacs_lines_refuse(
            &r->lines, "should be 'a TAIL HEAD WEIGHT' with existing nodes and 0 <= weight < 2^30",
            r->fault);
    if (number == n_arcs)
        return sgp_fail(r->fault, SGP_E_FORMAT,
                        "%.120s, line %llu: more than the %u arcs announced", r->lines.path,
                        (unsigned long long)r->lines.number, n_arcs);
    r->tail[number] = (uint32_t)tail - 1;
    r->head[number] = (uint32_t)head - 1;
    r->weight[number] = (int32_t)weight;
    return SGP_OK;
}

static sgp_err read_arcs(reading *r) {
    uint32_t n_arcs = 0;
    sgp_err err = read_graph_header(r, &n_arcs);
    if (err != SGP_OK)
        return err;
    r->tail = malloc(((size_t)n_arcs + 1) * sizeof *r->tail);
    r->head = malloc(((size_t)n_arcs + 1) * sizeof *r->head);
    r->weight = malloc(((size_t)n_arcs + 1) * sizeof *r->weight);
    if (!r->tail || !r->head || !r->weight)
        return fail_memory(r->fault);
    uint32_t n_read = 0;
    for (err = next(r); err == SGP_OK && r->lines.text; err = err == SGP_OK ? next(r) : err)
        err = read_arc(r, n_arcs, n_read++);
    if (err == SGP_OK && n_read != n_arcs)
        err = sgp_fail(r->fault, SGP_E_FORMAT, "%.120s ends at line %llu with %u of %u arcs",
                       r->lines.path, (unsigned long long)r->lines.number, n_read, n_arcs);
    r->graph->parts.n_arcs = n_arcs;
    return err;
}

/* ---- the parts --------------------------------------------------------------------- */

/* Arcs in rows by their tail, in a row as the file has them. */
static sgp_err lay_out_arcs(reading *r) {
    sgp_dimacs_graph *graph = r->graph;
    uint32_t n = graph->parts.n_vertices, n_arcs = graph->parts.n_arcs;
    graph->first_arc = calloc((size_t)n + 1, sizeof *graph->first_arc);
    graph->arc_head = malloc(((size_t)n_arcs + 1) * sizeof *graph->arc_head);
    graph->arc_edge = malloc(((size_t)n_arcs + 1) * sizeof *graph->arc_edge);
    graph->weight = malloc(((size_t)n_arcs + 1) * sizeof *graph->weight);
    if (!graph->first_arc || !graph->arc_head || !graph->arc_edge || !graph->weight)
        return fail_memory(r->fault);
    for (uint32_t a = 0; a < n_arcs; a++)
        graph->first_arc[r->tail[a]]++;
    for (uint32_t v = 1; v <= n; v++)
        graph->first_arc[v] += graph->first_arc[v - 1];
    for (uint32_t a = n_arcs; a-- > 0;) {
        uint32_t place = --graph->first_arc[r->tail[a]];
        graph->arc_head[place] = r->head[a];
        graph->weight[place] = r->weight[a];
    }
    return SGP_OK;
}

static sgp_err mark_main(sgp_dimacs_graph *graph, sgp_fault *fault) {
    uint8_t *in_largest = malloc((size_t)graph->parts.n_vertices + 1);
    if (!in_largest || sgp_osm_largest_component(graph->parts.n_vertices, graph->first_arc,
                                                 graph->arc_head, NULL, in_largest) != SGP_OK) {
        free(in_largest);
        return fail_memory(fault);
    }
    sgp_edge *edges = (sgp_edge *)(void *)graph->edges.data;
    for (uint32_t v = 0; v < graph->parts.n_vertices; v++) {
        for (uint32_t a = graph->first_arc[v]; a < graph->first_arc[v + 1]; a++) {
            if (in_largest[v] && in_largest[graph->arc_head[a]]) {
                edges[graph->arc_edge[a] >> 1].flags |= SGP_EDGE_MAIN;
                edges[graph->arc_edge[a] >> 1].main_profiles |= 1;
            }
        }
    }
    free(in_largest);
    return SGP_OK;
}

static void find_bounds(sgp_graph_parts *parts) {
    parts->south_west = parts->north_east = parts->vertex_point[0];
    for (uint32_t v = 1; v < parts->n_vertices; v++) {
        sgp_point p = parts->vertex_point[v];
        if (p.lon_e7 < parts->south_west.lon_e7)
            parts->south_west.lon_e7 = p.lon_e7;
        if (p.lat_e7 < parts->south_west.lat_e7)
            parts->south_west.lat_e7 = p.lat_e7;
        if (p.lon_e7 > parts->north_east.lon_e7)
            parts->north_east.lon_e7 = p.lon_e7;
        if (p.lat_e7 > parts->north_east.lat_e7)
            parts->north_east.lat_e7 = p.lat_e7;
    }
}

static void describe(sgp_dimacs_graph *graph, const char *name) {
    static const sgp_profile weight = {.name = "weight", .native_unit = 1};
    sgp_graph_parts *parts = &graph->parts;
    strncpy(parts->name, name, sizeof parts->name - 1);
    parts->created_ms = sgp_wall_ms();
    parts->vertex_point = graph->vertex_point;
    parts->vertex_node = graph->vertex_node;
    parts->first_arc = graph->first_arc;
    parts->arc_head = graph->arc_head;
    parts->arc_edge = graph->arc_edge;
    parts->n_profiles = 1;
    parts->profiles = &weight;
    parts->weight = graph->weight;
    parts->n_edges = (uint32_t)(graph->edges.length / sizeof(sgp_edge));
    parts->edges = (const sgp_edge *)(const void *)graph->edges.data;
    parts->n_points = (uint32_t)(graph->points.length / sizeof(sgp_point));
    parts->points = (const sgp_point *)(const void *)graph->points.data;
    parts->names_length = 1;
    parts->names = "";
    find_bounds(parts);
    sgp_point middle = {
        (int32_t)(((int64_t)parts->south_west.lon_e7 + parts->north_east.lon_e7) / 2),
        (int32_t)(((int64_t)parts->south_west.lat_e7 + parts->north_east.lat_e7) / 2)};
    parts->drives_left = sgp_osm_drives_left(middle);
}

static sgp_err build(reading *r, const char *name) {
    sgp_dimacs_graph *graph = r->graph;
    r->meter.phase = "pairing the arcs";
    sgp_err err = sgp_osm_meter_tell(&r->meter, 0, 1, r->fault);
    if (err == SGP_OK)
        err = lay_out_arcs(r);
    sgp_dimacs_arcs arcs = {graph->parts.n_vertices, graph->parts.n_arcs, graph->first_arc,
                            graph->arc_head,         graph->weight,       graph->vertex_point};
    if (err == SGP_OK)
        err =
            sgp_dimacs_make_edges(&arcs, graph->arc_edge, &graph->edges, &graph->points, r->fault);
    if (err == SGP_OK)
        err = mark_main(graph, r->fault);
    if (err == SGP_OK)
        err = sgp_osm_meter_tell(&r->meter, 1, 1, r->fault);
    if (err == SGP_OK)
        describe(graph, name);
    return err;
}

/* ---- both files --------------------------------------------------------------------- */

static sgp_err read_file(reading *r, const char *path, const char *phase,
                         sgp_err (*read)(reading *), crypto_generichash_state *both) {
    r->meter.phase = phase;
    sgp_err err = sgp_dimacs_lines_open(&r->lines, path, r->fault);
    if (err != SGP_OK)
        return err;
    err = read(r);
    if (err == SGP_OK)
        err = sgp_osm_meter_tell(&r->meter, r->lines.file_bytes, r->lines.file_bytes, r->fault);
    uint8_t hash[crypto_generichash_BYTES];
    crypto_generichash_final(&r->lines.hash, hash, sizeof hash);
    crypto_generichash_update(both, hash, sizeof hash);
    sgp_dimacs_lines_close(&r->lines);
    return err;
}

sgp_err sgp_dimacs_read(const char *graph_path, const char *coords_path, const char *name,
                        const sgp_progress *progress, sgp_dimacs_graph **graph, sgp_fault *fault) {
    if (sodium_init() < 0)
        return sgp_fail(fault, SGP_E_CRYPTO, "libsodium could not be started");
    reading r = {
        .graph = calloc(1, sizeof *r.graph), .meter = {.progress = progress}, .fault = fault};
    if (!r.graph)
        return fail_memory(fault);
    crypto_generichash_state both;
    crypto_generichash_init(&both, NULL, 0, sizeof r.graph->parts.city.bytes);
    sgp_err err = read_file(&r, coords_path, "reading coordinates", read_coords, &both);
    if (err == SGP_OK)
        err = read_file(&r, graph_path, "reading arcs", read_arcs, &both);
    crypto_generichash_final(&both, r.graph->parts.city.bytes, sizeof r.graph->parts.city.bytes);
    if (err == SGP_OK)
        err = build(&r, name);
    free(r.tail);
    free(r.head);
    free(r.weight);
    if (err != SGP_OK) {
        sgp_dimacs_destroy(r.graph);
        return err;
    }
    *graph = r.graph;
    return SGP_OK;
}

const sgp_graph_parts *sgp_dimacs_parts(const sgp_dimacs_graph *graph) {
    return &graph->parts;
}

void sgp_dimacs_destroy(sgp_dimacs_graph *graph) {
    if (!graph)
        return;
    free(graph->vertex_point);
    free(graph->vertex_node);
    free(graph->first_arc);
    free(graph->arc_head);
    free(graph->arc_edge);
    free(graph->weight);
    sgp_buffer_free(&graph->edges);
    sgp_buffer_free(&graph->points);
    free(graph);
}
