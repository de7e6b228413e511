#include "route/junction_spots.h"

#include <stdlib.h>
#include <string.h>

#include "route/line.h"

#define LOOK_AHEAD_M 25.0

typedef struct spot_making {
    const sgp_graph_parts *parts;
    sgp_junction_spots *spots;
    uint32_t *same_name; /* [names_length] first offset of the same text */
    uint32_t *vertex_spot, *foot_spot;
    uint32_t *start, *end;    /* spots of each edge; SGP_NONE where it has no arc */
    sgp_junction_stub *stubs; /* in the order of making */
    uint32_t n_stubs;
    uint32_t ordinary_profiles; /* bit p: without a siren */
} spot_making;

/* ---- names of the same text -------------------------------------------------------- */

typedef struct name_entry {
    const char *text;
    uint32_t offset;
} name_entry;

static int compare_names(const void *left, const void *right) {
    const name_entry *a = left, *b = right;
    int order = strcmp(a->text, b->text);
    return order ? order : (a->offset > b->offset) - (a->offset < b->offset);
}

static sgp_err unite_names(spot_making *m) {
    const sgp_graph_parts *p = m->parts;
    m->same_name = malloc((size_t)p->names_length * sizeof *m->same_name);
    size_t n = 0;
    for (uint32_t i = 0; i < p->names_length; i++)
        n += p->names[i] == '\0';
    name_entry *entries = malloc((n + 1) * sizeof *entries);
    if (!m->same_name || !entries) {
        free(entries);
        return SGP_E_MEMORY;
    }
    n = 0;
    for (uint32_t at = 0; at < p->names_length; at += (uint32_t)strlen(p->names + at) + 1)
        entries[n++] = (name_entry){p->names + at, at};
    qsort(entries, n, sizeof *entries, compare_names);
    for (size_t i = 0, first = 0; i < n; i++) {
        if (strcmp(entries[i].text, entries[first].text) != 0)
            first = i;
        m->same_name[entries[i].offset] = entries[first].offset;
    }
    free(entries);
    return SGP_OK;
}

/* ---- spots ------------------------------------------------------------------------- */

typedef struct node_entry {
    int64_t node;
    uint32_t vertex;
} node_entry;

static int compare_nodes(const void *left, const void *right) {
    const node_entry *a = left, *b = right;
    if (a->node != b->node)
        return a->node < b->node ? -1 : 1;
    return (a->vertex > b->vertex) - (a->vertex < b->vertex);
}

/* One spot for all vertices of a node. */
static sgp_err number_vertices(spot_making *m) {
    const sgp_graph_parts *p = m->parts;
    node_entry *entries = malloc((size_t)p->n_vertices * sizeof *entries);
    if (!entries)
        return SGP_E_MEMORY;
    for (uint32_t v = 0; v < p->n_vertices; v++)
        entries[v] = (node_entry){p->vertex_node[v], v};
    qsort(entries, p->n_vertices, sizeof *entries, compare_nodes);
    uint32_t n = 0;
    for (uint32_t i = 0; i < p->n_vertices; i++) {
        uint32_t v = entries[i].vertex;
        if (i > 0 && entries[i].node == entries[i - 1].node &&
            sgp_point_equal(p->vertex_point[v], m->spots->point[n - 1])) {
            m->vertex_spot[v] = n - 1;
            continue;
        }
        m->spots->point[n] = p->vertex_point[v];
        m->vertex_spot[v] = n++;
    }
    m->spots->n_spots = n;
    free(entries);
    return SGP_OK;
}

/* The spots at which edges begin and end, read off their arcs. */
static void find_ends(spot_making *m) {
    const sgp_graph_parts *p = m->parts;
    memset(m->start, 0xff, (size_t)p->n_edges * sizeof *m->start);
    memset(m->end, 0xff, (size_t)p->n_edges * sizeof *m->end);
    for (uint32_t v = 0; v < p->n_vertices; v++) {
        for (uint32_t a = p->first_arc[v]; a < p->first_arc[v + 1]; a++) {
            if (p->arc_edge[a] == SGP_NONE)
                continue;
            uint32_t edge = p->arc_edge[a] >> 1;
            bool backward = p->arc_edge[a] & 1;
            (backward ? m->end : m->start)[edge] = m->vertex_spot[v];
            (backward ? m->start : m->end)[edge] = m->vertex_spot[p->arc_head[a]];
        }
    }
}

typedef enum door_place { DOOR_AT_START, DOOR_AT_END, DOOR_BETWEEN } door_place;

static door_place where(const sgp_graph_parts *p, const sgp_foot_door *door) {
    const sgp_edge *edge = &p->edges[door->edge];
    const sgp_point *points = p->points + edge->first_point;
    sgp_point here = p->foot_point[door->vertex];
    if (door->offset_mm == 0 && sgp_point_equal(points[0], here))
        return DOOR_AT_START;
    bool at_end =
        door->offset_mm == edge->length_mm && sgp_point_equal(points[edge->n_points - 1], here);
    return at_end ? DOOR_AT_END : DOOR_BETWEEN;
}

/* A vertex on foot at an edge's end is that spot; any other is a spot of its own. */
static void number_foot_vertices(spot_making *m) {
    const sgp_graph_parts *p = m->parts;
    for (uint32_t v = 0; v < p->n_foot_vertices; v++)
        m->foot_spot[v] = SGP_NONE;
    for (uint32_t d = 0; d < p->n_foot_doors; d++) {
        const sgp_foot_door *door = &p->foot_doors[d];
        door_place place = where(p, door);
        if (place != DOOR_BETWEEN)
            m->foot_spot[door->vertex] = (place == DOOR_AT_START ? m->start : m->end)[door->edge];
    }
    for (uint32_t v = 0; v < p->n_foot_vertices; v++) {
        if (m->foot_spot[v] != SGP_NONE)
            continue;
        m->foot_spot[v] = m->spots->n_spots;
        m->spots->point[m->spots->n_spots++] = p->foot_point[v];
    }
}

/* ---- stubs ------------------------------------------------------------------------- */

/* The point `ahead_m` along a line of points[0], points[step], ..., or its last. */
static sgp_point ahead(const sgp_point *points, uint32_t n, int step, double ahead_m) {
    for (uint32_t i = 1; i < n; i++) {
        sgp_point a = points[(ptrdiff_t)(i - 1) * step], b = points[(ptrdiff_t)i * step];
        double length_m = sgp_distance_m(a, b);
        if (length_m >= ahead_m && length_m > 0)
            return sgp_point_between(a, b, ahead_m / length_m);
        ahead_m -= length_m;
    }
    return points[(ptrdiff_t)(n - 1) * step];
}

/* A direction counts as open where any vehicle without a siren may use it. */
static bool open_to_any(const spot_making *m, uint32_t arc) {
    const sgp_graph_parts *p = m->parts;
    for (uint32_t i = 0; arc != SGP_NONE && i < p->n_profiles; i++)
        if ((m->ordinary_profiles >> i & 1) && p->weight[(size_t)i * p->n_arcs + arc] < SGP_INF)
            return true;
    return false;
}

static bool driven_by_first(const sgp_graph_parts *p, uint32_t arc) {
    return arc != SGP_NONE && p->weight[arc] < SGP_INF;
}

static uint32_t edge_flags(const spot_making *m, const sgp_edge *edge) {
    bool minor = edge->road_class == SGP_ROAD_SERVICE || edge->road_class == SGP_ROAD_TRACK ||
                 edge->road_class == SGP_ROAD_CONNECTOR || (edge->flags & SGP_EDGE_LINK);
    uint32_t flags = edge->flags & SGP_EDGE_ROUNDABOUT ? SGP_STUB_ROUNDABOUT : 0;
    flags |= m->same_name[edge->name] != 0 || !minor ? SGP_STUB_ARM : 0;
    if (driven_by_first(m->parts, edge->forward_arc) ||
        driven_by_first(m->parts, edge->backward_arc))
        flags |= SGP_STUB_DRIVEN;
    return flags;
}

/* Both ways where nobody may drive at all: it is no one-way street. */
static uint32_t directions(const spot_making *m, const sgp_edge *edge, bool backward) {
    bool forth = open_to_any(m, edge->forward_arc), back = open_to_any(m, edge->backward_arc);
    if (forth == back)
        return SGP_STUB_LEAVES | SGP_STUB_ARRIVES;
    return forth != backward ? SGP_STUB_LEAVES : SGP_STUB_ARRIVES;
}

static void add_edge(spot_making *m, uint32_t number) {
    const sgp_edge *edge = &m->parts->edges[number];
    if (m->start[number] == SGP_NONE)
        return;
    const sgp_point *points = m->parts->points + edge->first_point;
    uint32_t flags = edge_flags(m, edge);
    sgp_junction_stub stub = {.name = m->same_name[edge->name],
                              .edge = number,
                              .length_mm = edge->length_mm,
                              .spot = m->start[number],
                              .other = m->end[number],
                              .towards = ahead(points, edge->n_points, 1, LOOK_AHEAD_M),
                              .flags = flags | directions(m, edge, false)};
    m->stubs[m->n_stubs++] = stub;
    stub.spot = m->end[number];
    stub.other = m->start[number];
    stub.towards = ahead(points + edge->n_points - 1, edge->n_points, -1, LOOK_AHEAD_M);
    stub.flags = flags | directions(m, edge, true);
    m->stubs[m->n_stubs++] = stub;
}

/* The edge that goes on to both sides of a spot on foot in its middle. */
static void add_door(spot_making *m, const sgp_foot_door *door) {
    const sgp_edge *edge = &m->parts->edges[door->edge];
    if (where(m->parts, door) != DOOR_BETWEEN || m->start[door->edge] == SGP_NONE)
        return;
    const sgp_point *points = m->parts->points + edge->first_point;
    double whole_m = sgp_line_metres(points, edge->n_points);
    double here_m = whole_m * door->offset_mm / edge->length_mm;
    double on_m = here_m + LOOK_AHEAD_M < whole_m ? here_m + LOOK_AHEAD_M : whole_m;
    double back_m = here_m > LOOK_AHEAD_M ? here_m - LOOK_AHEAD_M : 0;
    uint32_t flags = edge_flags(m, edge);
    m->stubs[m->n_stubs++] = (sgp_junction_stub){.spot = m->foot_spot[door->vertex],
                                                 .other = m->end[door->edge],
                                                 .name = m->same_name[edge->name],
                                                 .edge = door->edge,
                                                 .length_mm = edge->length_mm - door->offset_mm,
                                                 .towards = ahead(points, edge->n_points, 1, on_m),
                                                 .flags = flags | directions(m, edge, false)};
    m->stubs[m->n_stubs++] =
        (sgp_junction_stub){.spot = m->foot_spot[door->vertex],
                            .other = m->start[door->edge],
                            .name = m->same_name[edge->name],
                            .edge = door->edge,
                            .length_mm = door->offset_mm,
                            .towards = ahead(points, edge->n_points, 1, back_m),
                            .flags = flags | directions(m, edge, true)};
}

static void add_foot_arc(spot_making *m, uint32_t from, const sgp_foot_arc *arc) {
    const sgp_graph_parts *p = m->parts;
    if (m->same_name[arc->name] == 0)
        return;
    sgp_point line[2] = {p->foot_point[from], p->foot_point[arc->head]};
    double length_mm = 1000 * sgp_distance_m(line[0], line[1]);
    m->stubs[m->n_stubs++] = (sgp_junction_stub){
        .spot = m->foot_spot[from],
        .other = m->foot_spot[arc->head],
        .name = m->same_name[arc->name],
        .edge = SGP_NONE,
        .length_mm = length_mm < UINT32_MAX ? (uint32_t)length_mm : UINT32_MAX,
        .towards = ahead(line, 2, 1, LOOK_AHEAD_M),
        .flags = SGP_STUB_FOOT | SGP_STUB_ARM | SGP_STUB_LEAVES | SGP_STUB_ARRIVES};
}

static void add_stubs(spot_making *m) {
    const sgp_graph_parts *p = m->parts;
    for (uint32_t e = 0; e < p->n_edges; e++)
        add_edge(m, e);
    for (uint32_t d = 0; d < p->n_foot_doors; d++)
        add_door(m, &p->foot_doors[d]);
    for (uint32_t v = 0; v < p->n_foot_vertices; v++)
        for (uint32_t a = p->foot_first_arc[v]; a < p->foot_first_arc[v + 1]; a++)
            add_foot_arc(m, v, &p->foot_arcs[a]);
}

/* By spot, counting; within a spot as they were made. */
static sgp_err sort_stubs(spot_making *m) {
    sgp_junction_spots *spots = m->spots;
    spots->first_stub = calloc((size_t)spots->n_spots + 2, sizeof *spots->first_stub);
    spots->stubs = malloc(((size_t)m->n_stubs + 1) * sizeof *spots->stubs);
    if (!spots->first_stub || !spots->stubs)
        return SGP_E_MEMORY;
    uint32_t *next = spots->first_stub + 1; /* becomes first_stub once all are placed */
    for (uint32_t i = 0; i < m->n_stubs; i++)
        next[m->stubs[i].spot + 1]++;
    for (uint32_t s = 1; s < spots->n_spots; s++)
        next[s] += next[s - 1];
    for (uint32_t i = 0; i < m->n_stubs; i++)
        spots->stubs[next[m->stubs[i].spot]++] = m->stubs[i];
    return SGP_OK;
}

static sgp_err make(spot_making *m) {
    const sgp_graph_parts *p = m->parts;
    size_t n_spots = (size_t)p->n_vertices + p->n_foot_vertices;
    size_t n_stubs = 2 * ((size_t)p->n_edges + p->n_foot_doors) + p->n_foot_arcs;
    m->spots->point = malloc((n_spots + 1) * sizeof *m->spots->point);
    m->vertex_spot = malloc((size_t)p->n_vertices * sizeof *m->vertex_spot);
    m->foot_spot = malloc(((size_t)p->n_foot_vertices + 1) * sizeof *m->foot_spot);
    m->start = malloc(((size_t)p->n_edges + 1) * sizeof *m->start);
    m->end = malloc(((size_t)p->n_edges + 1) * sizeof *m->end);
    m->stubs = malloc((n_stubs + 1) * sizeof *m->stubs);
    if (!m->spots->point || !m->vertex_spot || !m->foot_spot || !m->start || !m->end || !m->stubs)
        return SGP_E_MEMORY;
    for (uint32_t i = 0; i < p->n_profiles; i++)
        m->ordinary_profiles |= p->profiles[i].lights ? 0 : 1u << i;
    if (m->ordinary_profiles == 0)
        m->ordinary_profiles = UINT32_MAX;
    sgp_err err = unite_names(m);
    if (err == SGP_OK)
        err = number_vertices(m);
    if (err != SGP_OK)
        return err;
    find_ends(m);
    number_foot_vertices(m); /* after the ends, which its doors lie at */
    add_stubs(m);
    return sort_stubs(m);
}

sgp_err sgp_junction_spots_make(const sgp_graph_parts *parts, sgp_junction_spots *spots) {
    *spots = (sgp_junction_spots){0};
    spot_making m = {.parts = parts, .spots = spots};
    sgp_err err = make(&m);
    free(m.same_name);
    free(m.vertex_spot);
    free(m.foot_spot);
    free(m.start);
    free(m.end);
    free(m.stubs);
    if (err != SGP_OK)
        sgp_junction_spots_free(spots);
    return err;
}

void sgp_junction_spots_free(sgp_junction_spots *spots) {
    free(spots->point);
    free(spots->stubs);
    free(spots->first_stub);
    *spots = (sgp_junction_spots){0};
}
