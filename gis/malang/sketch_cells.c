/* Boundaries: Voronoi cells (GEOS) round the centres of kelurahan and desa, cut
 * to the outline of their kota or kabupaten; a kecamatan is the union of its
 * cells. OSM in Indonesia: admin_level 5 kota and kabupaten, 6 kecamatan, 7
 * kelurahan and desa. */
#include <geos_c.h>
#include <stdlib.h>
#include <string.h>

#include "gis/malang/sketch_geos.h"

GEOSGeometry *sgp_geos_polygon(GEOSContextHandle_t geos, const sgp_xy *ring, size_t n) {
    GEOSCoordSequence *points = GEOSCoordSeq_create_r(geos, (unsigned)n + 1, 2);
    for (size_t i = 0; i <= n; i++) {
        sgp_xy at = ring[i % n];
        (void)GEOSCoordSeq_setXY_r(geos, points, (unsigned)i, at.x, at.y);
    }
    return GEOSGeom_createPolygon_r(geos, GEOSGeom_createLinearRing_r(geos, points), NULL, 0);
}

static void draw_ring(GEOSContextHandle_t geos, sgp_sheet *sheet, const GEOSGeometry *ring,
                      const char *role, const char *level) {
    const GEOSCoordSequence *points = GEOSGeom_getCoordSeq_r(geos, ring);
    unsigned n = 0;
    (void)GEOSCoordSeq_getSize_r(geos, points, &n);
    uint32_t refs[1900];
    size_t used = 0;
    for (unsigned i = 0; i + 1 < n && used + 1 < 1900; i++) {
        sgp_xy at = {0.0, 0.0};
        (void)GEOSCoordSeq_getXY_r(geos, points, i, &at.x, &at.y);
        refs[used++] = sgp_sheet_node_add(sheet, at);
    }
    refs[used++] = refs[0];
    uint32_t way = sgp_sheet_way_add(sheet, refs, used);
    sgp_sheet_way_tag(sheet, "boundary", "administrative");
    sgp_sheet_way_tag(sheet, "admin_level", level);
    sgp_sheet_member(sheet, SGP_OSM_WAY, way, role);
}

void sgp_sheet_boundary(GEOSContextHandle_t geos, sgp_sheet *sheet, const GEOSGeometry *area,
                        const char *name, const char *level) {
    (void)sgp_sheet_relation_add(sheet);
    sgp_sheet_relation_tag(sheet, "type", "boundary");
    sgp_sheet_relation_tag(sheet, "boundary", "administrative");
    sgp_sheet_relation_tag(sheet, "admin_level", level);
    sgp_sheet_relation_tag(sheet, "name", name);
    int parts = GEOSGetNumGeometries_r(geos, area);
    for (int p = 0; p < parts; p++) {
        const GEOSGeometry *part = GEOSGetGeometryN_r(geos, area, p);
        if (GEOSGeomTypeId_r(geos, part) != GEOS_POLYGON)
            continue;
        draw_ring(geos, sheet, GEOSGetExteriorRing_r(geos, part), "outer", level);
        for (int h = 0; h < GEOSGetNumInteriorRings_r(geos, part); h++)
            draw_ring(geos, sheet, GEOSGetInteriorRingN_r(geos, part, h), "inner", level);
    }
}

/* Keeps the outer ring of the largest part for the streets. */
static void keep_ring(GEOSContextHandle_t geos, sgp_sketch_village *village,
                      const GEOSGeometry *cell) {
    const GEOSGeometry *largest = NULL;
    double most = 0.0;
    for (int p = 0; p < GEOSGetNumGeometries_r(geos, cell); p++) {
        const GEOSGeometry *part = GEOSGetGeometryN_r(geos, cell, p);
        double area = 0.0;
        if (GEOSGeomTypeId_r(geos, part) == GEOS_POLYGON && GEOSArea_r(geos, part, &area) == 1 &&
            area > most) {
            most = area;
            largest = part;
        }
    }
    if (largest == NULL)
        return;
    const GEOSCoordSequence *points =
        GEOSGeom_getCoordSeq_r(geos, GEOSGetExteriorRing_r(geos, largest));
    unsigned n = 0;
    (void)GEOSCoordSeq_getSize_r(geos, points, &n);
    free(village->cell);
    village->cell = sgp_sketch_memory(NULL, n, sizeof *village->cell);
    village->n_cell = n;
    for (unsigned i = 0; i < n; i++)
        (void)GEOSCoordSeq_getXY_r(geos, points, i, &village->cell[i].x, &village->cell[i].y);
}

GEOSGeometry *sgp_geos_point(GEOSContextHandle_t geos, sgp_xy at) {
    return GEOSGeom_createPointFromXY_r(geos, at.x, at.y);
}

/* cells[i] of every village in `of`, cut to its outline; caller destroys. */
static sgp_err cut_cells(GEOSContextHandle_t geos, const sgp_sketch_data *data, const char *of,
                         const GEOSGeometry *outline, GEOSGeometry **cells, sgp_fault *fault) {
    GEOSGeometry **points = sgp_sketch_memory(NULL, data->n_villages + 1, sizeof(GEOSGeometry *));
    unsigned n = 0;
    for (size_t i = 0; i < data->n_villages; i++)
        if (strcmp(data->kecamatan[data->villages[i].kecamatan].of, of) == 0)
            points[n++] = sgp_geos_point(geos, data->villages[i].at);
    GEOSGeometry *all = GEOSGeom_createCollection_r(geos, GEOS_MULTIPOINT, points, n);
    free(points);
    GEOSGeometry *diagram = GEOSVoronoiDiagram_r(geos, all, outline, 0.0, 0);
    GEOSGeom_destroy_r(geos, all);
    if (diagram == NULL)
        return sgp_fail(fault, SGP_E_ARGUMENT, "the centres of %s give no cells", of);
    for (size_t i = 0; i < data->n_villages; i++) {
        if (strcmp(data->kecamatan[data->villages[i].kecamatan].of, of) != 0)
            continue;
        GEOSGeometry *centre = sgp_geos_point(geos, data->villages[i].at);
        for (int c = 0; c < GEOSGetNumGeometries_r(geos, diagram); c++) {
            const GEOSGeometry *cell = GEOSGetGeometryN_r(geos, diagram, c);
            if (GEOSContains_r(geos, cell, centre) == 1) {
                cells[i] = GEOSIntersection_r(geos, cell, outline);
                break;
            }
        }
        GEOSGeom_destroy_r(geos, centre);
    }
    GEOSGeom_destroy_r(geos, diagram);
    return SGP_OK;
}

void sgp_sheet_place(sgp_sheet *sheet, const char *kind, const char *name, sgp_xy at) {
    (void)sgp_sheet_node_add(sheet, at);
    sgp_sheet_node_tag(sheet, "place", kind);
    sgp_sheet_node_tag(sheet, "name", name);
}

static sgp_err draw_kecamatan(GEOSContextHandle_t geos, sgp_sketch_data *data, size_t index,
                              GEOSGeometry **cells, sgp_sheet *sheet, sgp_fault *fault) {
    const sgp_sketch_kecamatan *kecamatan = &data->kecamatan[index];
    GEOSGeometry *sum = NULL;
    for (size_t v = kecamatan->first_village; v < kecamatan->first_village + kecamatan->n_villages;
         v++) {
        sgp_sketch_village *village = &data->villages[v];
        if (cells[v] == NULL || GEOSisEmpty_r(geos, cells[v]) == 1)
            return sgp_fail(fault, SGP_E_CONFIG, "%s has no area: is it inside %s?", village->name,
                            kecamatan->of);
        keep_ring(geos, village, cells[v]);
        bool inner = strcmp(kecamatan->kind, "place") != 0;
        bool town = v == kecamatan->first_village && !inner;
        sgp_sheet_place(sheet,
                        town                                            ? "town"
                        : inner && strcmp(kecamatan->kind, "desa") != 0 ? "suburb"
                                                                        : "village",
                        village->name, village->at);
        if (inner)
            sgp_sheet_boundary(geos, sheet, cells[v], village->name, "7");
        GEOSGeometry *more =
            sum == NULL ? GEOSGeom_clone_r(geos, cells[v]) : GEOSUnion_r(geos, sum, cells[v]);
        GEOSGeom_destroy_r(geos, sum);
        sum = more;
    }
    sgp_sheet_boundary(geos, sheet, sum, kecamatan->name, "6");
    GEOSGeom_destroy_r(geos, sum);
    return SGP_OK;
}

sgp_err sgp_sketch_cells(sgp_sketch_data *data, sgp_sheet *sheet, sgp_fault *fault) {
    GEOSContextHandle_t geos = GEOS_init_r();
    GEOSGeometry **cells = sgp_sketch_memory(NULL, data->n_villages + 1, sizeof(GEOSGeometry *));
    memset(cells, 0, (data->n_villages + 1) * sizeof(GEOSGeometry *));
    GEOSGeometry **outlines = sgp_sketch_memory(NULL, data->n_outlines + 1, sizeof(GEOSGeometry *));
    sgp_err err = SGP_OK;
    for (size_t i = 0; i < data->n_outlines; i++) {
        outlines[i] = sgp_geos_polygon(geos, data->outlines[i].at, data->outlines[i].n);
        /* The later outlines surround the earlier ones, which are not theirs. */
        for (size_t k = 0; k < i; k++) {
            GEOSGeometry *rest = GEOSDifference_r(geos, outlines[i], outlines[k]);
            GEOSGeom_destroy_r(geos, outlines[i]);
            outlines[i] = rest;
        }
    }
    for (size_t i = 0; i < data->n_outlines && err == SGP_OK; i++) {
        if (outlines[i] == NULL) {
            err = sgp_fail(fault, SGP_E_CONFIG, "the outline of %s crosses itself",
                           data->outlines[i].name);
            break;
        }
        sgp_sheet_boundary(geos, sheet, outlines[i], data->outlines[i].name, "5");
        err = cut_cells(geos, data, data->outlines[i].name, outlines[i], cells, fault);
    }
    sgp_sheet_place(sheet, "city", "Malang", sgp_xy_from_degrees(112.6307, -7.9825));
    sgp_sheet_place(sheet, "city", "Batu", sgp_xy_from_degrees(112.5263, -7.8712));
    for (size_t i = 0; i < data->n_kecamatan && err == SGP_OK; i++)
        err = draw_kecamatan(geos, data, i, cells, sheet, fault);
    for (size_t i = 0; i < data->n_villages; i++)
        GEOSGeom_destroy_r(geos, cells[i]);
    for (size_t i = 0; i < data->n_outlines; i++)
        GEOSGeom_destroy_r(geos, outlines[i]);
    free(cells);
    free(outlines);
    GEOS_finish_r(geos);
    return err;
}
