/* What must hold of a graph, said once, for writing and for opening alike. */
#include "route/graph_format.h"

#include <string.h>

typedef struct check {
    const sgp_graph_parts *parts;
    sgp_err code;
    sgp_fault *fault;
} check;

static sgp_err check_arrays(const check *c) {
    const sgp_graph_parts *p = c->parts;
    if (p->n_vertices == 0)
        return sgp_fail(c->fault, c->code, "the road graph has no vertices");
    if (p->n_vertices >= SGP_NONE - 1 || p->n_arcs >= SGP_NONE - 1 || p->n_edges >= SGP_NONE / 2)
        return sgp_fail(c->fault, c->code, "the road graph has more parts than 32 bits can count");
    if (!p->vertex_point || !p->vertex_node || !p->first_arc ||
        (p->n_arcs && (!p->arc_head || !p->arc_edge || !p->weight)) || (p->n_edges && !p->edges) ||
        (p->n_points && !p->points))
        return sgp_fail(c->fault, c->code, "an array of the road graph is missing");
    if (p->names_length == 0 || !p->names || p->names[0] != '\0' ||
        p->names[p->names_length - 1] != '\0')
        return sgp_fail(c->fault, c->code, "the names do not begin and end with a zero byte");
    if (memchr(p->name, '\0', sizeof p->name) == NULL)
        return sgp_fail(c->fault, c->code, "the city's name has no end");
    if (p->n_profiles == 0 || p->n_profiles > SGP_PROFILES_MAX || !p->profiles)
        return sgp_fail(c->fault, c->code, "the road graph has %u profiles, not 1 to %d",
                        p->n_profiles, SGP_PROFILES_MAX);
    if ((p->n_point_nodes != 0 && p->n_point_nodes != p->n_points) ||
        (p->n_point_nodes && !p->point_node) || (p->n_conditions && !p->conditions) ||
        (p->n_spans && !p->spans) || (p->n_foot_doors && !p->foot_doors) ||
        (p->n_foot_arcs && !p->foot_arcs) ||
        (p->n_foot_vertices && (!p->foot_point || !p->foot_first_arc)))
        return sgp_fail(c->fault, c->code, "an array of the road graph is missing or too short");
    for (uint32_t i = 0; i < p->n_profiles; i++)
        if (memchr(p->profiles[i].name, '\0', sizeof p->profiles[i].name) == NULL ||
            p->profiles[i].name[0] == '\0' || p->profiles[i].lights > 1 ||
            p->profiles[i].native_unit > 1)
            return sgp_fail(c->fault, c->code, "profile %u has no proper name or mark", i);
    if (p->is_sketch > 1 || p->drives_left > 1)
        return sgp_fail(c->fault, c->code, "a yes-or-no field holds neither");
    return SGP_OK;
}

static bool point_on_earth(sgp_point p) {
    return p.lon_e7 >= -1800000000 && p.lon_e7 <= 1800000000 && p.lat_e7 >= -900000000 &&
           p.lat_e7 <= 900000000;
}

static sgp_err check_points(const check *c) {
    const sgp_graph_parts *p = c->parts;
    if (!point_on_earth(p->south_west) || !point_on_earth(p->north_east) ||
        p->south_west.lon_e7 > p->north_east.lon_e7 || p->south_west.lat_e7 > p->north_east.lat_e7)
        return sgp_fail(c->fault, c->code, "the bounds are not a box on the earth");
    for (uint32_t i = 0; i < p->n_points; i++) {
        sgp_point q = p->points[i];
        if (q.lon_e7 < p->south_west.lon_e7 || q.lon_e7 > p->north_east.lon_e7 ||
            q.lat_e7 < p->south_west.lat_e7 || q.lat_e7 > p->north_east.lat_e7)
            return sgp_fail(c->fault, c->code, "point %u lies outside the graph's bounds", i);
    }
    for (uint32_t v = 0; v < p->n_vertices; v++)
        if (!point_on_earth(p->vertex_point[v]))
            return sgp_fail(c->fault, c->code, "vertex %u is not on the earth", v);
    return SGP_OK;
}

/* Does a name begin there? */
static bool is_name(const sgp_graph_parts *p, uint32_t offset) {
    return offset < p->names_length && (offset == 0 || p->names[offset - 1] == '\0');
}

static sgp_err check_edges(const check *c) {
    const sgp_graph_parts *p = c->parts;
    for (uint32_t e = 0; e < p->n_edges; e++) {
        const sgp_edge *edge = &p->edges[e];
        if (edge->n_points < 2 || edge->n_points > p->n_points ||
            edge->first_point > p->n_points - edge->n_points)
            return sgp_fail(c->fault, c->code, "edge %u has points that do not exist", e);
        if (edge->length_mm == 0)
            return sgp_fail(c->fault, c->code, "edge %u has no length", e);
        if (!is_name(p, edge->name))
            return sgp_fail(c->fault, c->code, "edge %u has a name that does not exist", e);
        if (edge->road_class >= SGP_ROAD_CLASSES)
            return sgp_fail(c->fault, c->code, "edge %u has the unknown road class %u", e,
                            edge->road_class);
        if (edge->main_profiles >> p->n_profiles != 0 ||
            (edge->main_profiles & 1) != (edge->flags & SGP_EDGE_MAIN))
            return sgp_fail(c->fault, c->code, "edge %u belongs to profiles that do not exist", e);
        if ((edge->forward_arc != SGP_NONE &&
             (edge->forward_arc >= p->n_arcs || p->arc_edge[edge->forward_arc] != e << 1)) ||
            (edge->backward_arc != SGP_NONE &&
             (edge->backward_arc >= p->n_arcs || p->arc_edge[edge->backward_arc] != (e << 1 | 1))))
            return sgp_fail(c->fault, c->code, "edge %u and its arcs do not agree", e);
    }
    return SGP_OK;
}

/* Arc `a` from `tail`; the edges have been checked already. */
static sgp_err check_arc(const check *c, uint32_t tail, uint32_t a) {
    const sgp_graph_parts *p = c->parts;
    if (p->arc_head[a] >= p->n_vertices)
        return sgp_fail(c->fault, c->code, "arc %u leads to a vertex that does not exist", a);
    for (uint32_t i = 0; i < p->n_profiles; i++) {
        int32_t weight = p->weight[(size_t)i * p->n_arcs + a];
        if (weight < 0 || weight > SGP_INF)
            return sgp_fail(c->fault, c->code, "arc %u has the weight %d, outside 0..%d", a, weight,
                            SGP_INF);
    }
    if (p->arc_edge[a] == SGP_NONE)
        return SGP_OK;
    uint32_t e = p->arc_edge[a] >> 1;
    bool backward = p->arc_edge[a] & 1;
    /* Copies of an arc exist only beside the edge's own. */
    if (e >= p->n_edges ||
        (backward ? p->edges[e].backward_arc : p->edges[e].forward_arc) == SGP_NONE)
        return sgp_fail(c->fault, c->code, "arc %u and its edge do not agree", a);
    const sgp_edge *edge = &p->edges[e];
    sgp_point first = p->points[edge->first_point];
    sgp_point last = p->points[edge->first_point + edge->n_points - 1];
    if (!sgp_point_equal(backward ? last : first, p->vertex_point[tail]) ||
        !sgp_point_equal(backward ? first : last, p->vertex_point[p->arc_head[a]]))
        return sgp_fail(c->fault, c->code, "arc %u does not end where edge %u does", a, e);
    return SGP_OK;
}

static sgp_err check_arcs(const check *c) {
    const sgp_graph_parts *p = c->parts;
    if (p->first_arc[0] != 0 || p->first_arc[p->n_vertices] != p->n_arcs)
        return sgp_fail(c->fault, c->code, "the vertices' arcs are not all arcs");
    for (uint32_t v = 0; v < p->n_vertices; v++) {
        if (p->first_arc[v] > p->first_arc[v + 1] || p->first_arc[v + 1] > p->n_arcs)
            return sgp_fail(c->fault, c->code, "the arcs of vertex %u are out of order", v);
        for (uint32_t a = p->first_arc[v]; a < p->first_arc[v + 1]; a++) {
            sgp_err err = check_arc(c, v, a);
            if (err)
                return err;
        }
    }
    return SGP_OK;
}

static sgp_err check_conditions(const check *c) {
    const sgp_graph_parts *p = c->parts;
    for (uint32_t i = 0; i < p->n_spans; i++)
        if (p->spans[i].from_minute >= p->spans[i].to_minute ||
            p->spans[i].to_minute > SGP_WEEK_MINUTES)
            return sgp_fail(c->fault, c->code, "span %u is no part of a week", i);
    for (uint32_t i = 0; i < p->n_conditions; i++) {
        const sgp_condition *condition = &p->conditions[i];
        if (condition->arc >= p->n_arcs || condition->n_spans > p->n_spans ||
            condition->first_span > p->n_spans - condition->n_spans ||
            condition->profiles >> p->n_profiles != 0 ||
            (i > 0 && p->conditions[i - 1].arc > condition->arc))
            return sgp_fail(c->fault, c->code, "condition %u is not of this graph", i);
    }
    return SGP_OK;
}

static sgp_err check_foot(const check *c) {
    const sgp_graph_parts *p = c->parts;
    if (p->n_foot_vertices == 0)
        return p->n_foot_arcs || p->n_foot_doors
                   ? sgp_fail(c->fault, c->code, "ways on foot lead from nowhere")
                   : SGP_OK;
    if (p->foot_first_arc[0] != 0 || p->foot_first_arc[p->n_foot_vertices] != p->n_foot_arcs)
        return sgp_fail(c->fault, c->code, "the foot vertices' arcs are not all arcs");
    for (uint32_t v = 0; v < p->n_foot_vertices; v++) {
        if (p->foot_first_arc[v] > p->foot_first_arc[v + 1])
            return sgp_fail(c->fault, c->code, "the arcs of foot vertex %u are out of order", v);
        if (!point_on_earth(p->foot_point[v]))
            return sgp_fail(c->fault, c->code, "foot vertex %u is not on the earth", v);
    }
    for (uint32_t a = 0; a < p->n_foot_arcs; a++)
        if (p->foot_arcs[a].head >= p->n_foot_vertices || p->foot_arcs[a].ms < 0 ||
            p->foot_arcs[a].ms > SGP_INF)
            return sgp_fail(c->fault, c->code, "foot arc %u is not of this graph", a);
    for (uint32_t a = 0; a < p->n_foot_arcs; a++)
        if (!is_name(p, p->foot_arcs[a].name))
            return sgp_fail(c->fault, c->code, "foot arc %u has a name that does not exist", a);
    for (uint32_t d = 0; d < p->n_foot_doors; d++) {
        const sgp_foot_door *door = &p->foot_doors[d];
        if (door->vertex >= p->n_foot_vertices || door->edge >= p->n_edges ||
            door->offset_mm > p->edges[door->edge].length_mm ||
            (d > 0 && p->foot_doors[d - 1].vertex > door->vertex))
            return sgp_fail(c->fault, c->code, "foot door %u is not of this graph", d);
    }
    return SGP_OK;
}

sgp_err sgp_graph_check(const sgp_graph_parts *parts, sgp_err code, sgp_fault *fault) {
    check c = {parts, code, fault};
    sgp_err err = check_arrays(&c);
    if (!err)
        err = check_points(&c);
    if (!err)
        err = check_edges(&c); /* must precede the arcs, which follow edges to their points */
    if (!err)
        err = check_arcs(&c);
    if (!err)
        err = check_conditions(&c);
    if (!err)
        err = check_foot(&c);
    if (!err)
        err = sgp_graph_places_check(&parts->places, code, fault);
    return err;
}
