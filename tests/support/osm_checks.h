/* What must hold of every graph that the import makes, whatever the extract. */
#ifndef SGP_TESTS_OSM_CHECKS_H
#define SGP_TESTS_OSM_CHECKS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "route/osm_graph.h"

static inline void osm_check_own_arc(const sgp_graph_parts *p, uint32_t edge, uint32_t arc,
                                     bool backward, const uint32_t *arc_tail) {
    const sgp_edge *e = &p->edges[edge];
    if (arc == SGP_NONE)
        return;
    assert_true(arc < p->n_arcs);
    assert_int_equal(p->arc_edge[arc], edge << 1 | (backward ? 1 : 0));
    sgp_point first = p->points[e->first_point], last = p->points[e->first_point + e->n_points - 1];
    assert_true(sgp_point_equal(p->vertex_point[arc_tail[arc]], backward ? last : first));
    assert_true(sgp_point_equal(p->vertex_point[p->arc_head[arc]], backward ? first : last));
}

/* An edge belongs to a main part only of who may use it, and flag and bit 0 are one. */
static inline void osm_check_main(const sgp_graph_parts *p, const sgp_edge *e) {
    assert_int_equal(e->main_profiles & 1, e->flags & SGP_EDGE_MAIN);
    for (uint32_t i = 0; i < p->n_profiles; i++) {
        const int32_t *weight = p->weight + (size_t)i * p->n_arcs;
        bool used = (e->forward_arc != SGP_NONE && weight[e->forward_arc] < SGP_INF) ||
                    (e->backward_arc != SGP_NONE && weight[e->backward_arc] < SGP_INF);
        assert_true(used || !(e->main_profiles >> i & 1));
    }
    assert_int_equal(e->main_profiles >> p->n_profiles, 0);
}

/* The point at `offset_mm` of an edge is where a door stands, to the centimetre. */
static inline void osm_check_door(const sgp_graph_parts *p, const sgp_foot_door *door) {
    assert_true(door->vertex < p->n_foot_vertices && door->edge < p->n_edges);
    const sgp_edge *e = &p->edges[door->edge];
    assert_true(door->offset_mm <= e->length_mm);
    double at_mm = 0, nearest_mm = 1e18;
    for (uint32_t k = e->first_point; k < e->first_point + e->n_points; k++) {
        if (k > e->first_point)
            at_mm += 1000 * sgp_distance_m(p->points[k - 1], p->points[k]);
        double off_mm = at_mm > door->offset_mm ? at_mm - door->offset_mm : door->offset_mm - at_mm;
        if (sgp_point_equal(p->points[k], p->foot_point[door->vertex]) && off_mm < nearest_mm)
            nearest_mm = off_mm;
    }
    assert_true(nearest_mm < 10);
}

/* Each way on foot goes both ways and takes as long. */
static inline void osm_check_foot(const sgp_graph_parts *p) {
    for (uint32_t v = 0; v < p->n_foot_vertices; v++) {
        for (uint32_t a = p->foot_first_arc[v]; a < p->foot_first_arc[v + 1]; a++) {
            const sgp_foot_arc *arc = &p->foot_arcs[a];
            bool back = false;
            for (uint32_t b = p->foot_first_arc[arc->head]; b < p->foot_first_arc[arc->head + 1];
                 b++)
                back = back || (p->foot_arcs[b].head == v && p->foot_arcs[b].ms == arc->ms);
            assert_true(arc->head != v && arc->ms > 0 && back);
        }
    }
    for (uint32_t d = 0; d < p->n_foot_doors; d++) {
        osm_check_door(p, &p->foot_doors[d]);
        assert_true(d == 0 || p->foot_doors[d - 1].vertex < p->foot_doors[d].vertex ||
                    (p->foot_doors[d - 1].vertex == p->foot_doors[d].vertex &&
                     p->foot_doors[d - 1].edge < p->foot_doors[d].edge));
    }
}

static inline void osm_check_graph(const sgp_graph_parts *p) {
    assert_int_equal(p->first_arc[0], 0);
    assert_int_equal(p->first_arc[p->n_vertices], p->n_arcs);
    uint32_t *arc_tail = malloc((p->n_arcs + 1) * sizeof *arc_tail);
    for (uint32_t v = 0; v < p->n_vertices; v++) {
        assert_true(p->first_arc[v] <= p->first_arc[v + 1]);
        for (uint32_t a = p->first_arc[v]; a < p->first_arc[v + 1]; a++)
            arc_tail[a] = v;
    }
    for (uint32_t a = 0; a < p->n_arcs; a++) {
        assert_true(p->arc_head[a] < p->n_vertices && p->arc_head[a] != arc_tail[a]);
        bool used = false;
        for (uint32_t i = 0; i < p->n_profiles; i++) {
            int32_t ms = p->weight[(size_t)i * p->n_arcs + a];
            assert_true(ms >= 0 && ms <= SGP_INF);
            used = used || ms < SGP_INF;
        }
        assert_true(used); /* an arc that nobody may use need not be there */
        if (p->arc_edge[a] == SGP_NONE) {
            assert_int_equal(p->vertex_node[arc_tail[a]], p->vertex_node[p->arc_head[a]]);
        } else {
            const sgp_edge *e = &p->edges[p->arc_edge[a] >> 1];
            uint32_t own = p->arc_edge[a] & 1 ? e->backward_arc : e->forward_arc;
            assert_true(own != SGP_NONE);
            for (size_t i = 0; i < p->n_profiles * (size_t)p->n_arcs; i += p->n_arcs)
                assert_true(p->weight[i + own] == p->weight[i + a] && p->weight[i + a] > 0);
            assert_int_equal(p->vertex_node[arc_tail[own]], p->vertex_node[arc_tail[a]]);
            assert_int_equal(p->vertex_node[p->arc_head[own]], p->vertex_node[p->arc_head[a]]);
        }
    }
    uint32_t points = 0;
    for (uint32_t i = 0; i < p->n_edges; i++) {
        const sgp_edge *e = &p->edges[i];
        assert_int_equal(e->first_point, points);
        assert_true(e->n_points >= 2 && e->length_mm >= 1);
        points += e->n_points;
        assert_true(e->name < p->names_length && e->road_class < SGP_ROAD_CLASSES);
        assert_true(e->forward_arc != SGP_NONE || e->backward_arc != SGP_NONE);
        osm_check_own_arc(p, i, e->forward_arc, false, arc_tail);
        osm_check_own_arc(p, i, e->backward_arc, true, arc_tail);
        osm_check_main(p, e);
        double length_mm = 0;
        for (uint32_t k = e->first_point; k + 1 < e->first_point + e->n_points; k++)
            length_mm += 1000 * sgp_distance_m(p->points[k], p->points[k + 1]);
        assert_true(length_mm < 1 ||
                    (length_mm > e->length_mm - 1.0 && length_mm < e->length_mm + 1.0));
    }
    assert_int_equal(points, p->n_points);
    assert_int_equal(p->n_point_nodes, p->n_points);
    osm_check_foot(p);
    assert_int_equal(p->names[0], '\0');
    assert_int_equal(p->names[p->names_length - 1], '\0');
    free(arc_tail);
}

#endif
