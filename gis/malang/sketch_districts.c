/* Below the kelurahan: RW and some RT of the city (Voronoi cells again), and the dusun of the
 * desa as named places. OSM in Indonesia: admin_level 8 RW, 9 RT. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "gis/malang/sketch_geos.h"

#define MOST_PARTS 9
#define RT_CHANCE 0.35 /* of an RW to have its RT on the map: mappers seldom know them */

/* `n` points inside the polygon, far from one another as dice go, from north to south. */
static size_t scatter(GEOSContextHandle_t geos, const GEOSGeometry *area, size_t n, sgp_dice *dice,
                      sgp_xy *at) {
    double west = 0.0, east = 0.0, south = 0.0, north = 0.0;
    if (GEOSGeom_getXMin_r(geos, area, &west) == 0 || GEOSGeom_getXMax_r(geos, area, &east) == 0 ||
        GEOSGeom_getYMin_r(geos, area, &south) == 0 || GEOSGeom_getYMax_r(geos, area, &north) == 0)
        return 0;
    size_t found = 0;
    double apart = 0.6 * sqrt((east - west) * (north - south) / (double)n);
    for (int tries = 0; tries < 400 && found < n; tries++, apart *= 0.99) {
        sgp_xy p = {sgp_dice_range(dice, west, east), sgp_dice_range(dice, south, north)};
        bool wanted = true;
        for (size_t i = 0; i < found; i++)
            wanted = wanted && sgp_xy_distance(at[i], p) >= apart;
        GEOSGeometry *point = sgp_geos_point(geos, p);
        if (wanted && GEOSContains_r(geos, area, point) == 1)
            at[found++] = p;
        GEOSGeom_destroy_r(geos, point);
    }
    for (size_t i = 1; i < found; i++)
        for (size_t k = i; k > 0 && at[k].y > at[k - 1].y; k--) {
            sgp_xy swap = at[k];
            at[k] = at[k - 1];
            at[k - 1] = swap;
        }
    return found;
}

/* cells[i] round points[i], cut to the area; the caller destroys them. NULL = none. */
static void divide(GEOSContextHandle_t geos, const GEOSGeometry *area, const sgp_xy *at, size_t n,
                   GEOSGeometry **cells) {
    GEOSGeometry *points[MOST_PARTS];
    for (size_t i = 0; i < n; i++) {
        points[i] = sgp_geos_point(geos, at[i]);
        cells[i] = NULL;
    }
    GEOSGeometry *all = GEOSGeom_createCollection_r(geos, GEOS_MULTIPOINT, points, (unsigned)n);
    GEOSGeometry *diagram = GEOSVoronoiDiagram_r(geos, all, area, 0.0, 0);
    GEOSGeom_destroy_r(geos, all);
    for (int c = 0; diagram != NULL && c < GEOSGetNumGeometries_r(geos, diagram); c++) {
        const GEOSGeometry *cell = GEOSGetGeometryN_r(geos, diagram, c);
        for (size_t i = 0; i < n; i++) {
            GEOSGeometry *centre = sgp_geos_point(geos, at[i]);
            if (cells[i] == NULL && GEOSContains_r(geos, cell, centre) == 1)
                cells[i] = GEOSIntersection_r(geos, cell, area);
            GEOSGeom_destroy_r(geos, centre);
        }
    }
    GEOSGeom_destroy_r(geos, diagram);
}

static void draw_parts(GEOSContextHandle_t geos, const GEOSGeometry *area, bool rt, sgp_dice *dice,
                       sgp_sheet *sheet, sgp_sketch_counts *counts) {
    sgp_xy at[MOST_PARTS];
    GEOSGeometry *cells[MOST_PARTS];
    size_t n = scatter(geos, area, rt ? 3 + sgp_dice_below(dice, 4) : 4 + sgp_dice_below(dice, 6),
                       dice, at);
    if (n < 2)
        return;
    divide(geos, area, at, n, cells);
    for (size_t i = 0; i < n; i++) {
        if (cells[i] == NULL || GEOSisEmpty_r(geos, cells[i]) == 1) {
            GEOSGeom_destroy_r(geos, cells[i]);
            continue;
        }
        const char *name =
            sgp_sheet_text(sheet, sgp_sketch_text("%s %02zu", rt ? "RT" : "RW", i + 1));
        sgp_sheet_boundary(geos, sheet, cells[i], name, rt ? "9" : "8");
        counts->rw += !rt;
        counts->rt += rt;
        if (!rt && sgp_dice_unit(dice) < RT_CHANCE)
            draw_parts(geos, cells[i], true, dice, sheet, counts);
        GEOSGeom_destroy_r(geos, cells[i]);
    }
}

/* Two to four dusun round the middle of a desa; nearly every desa calls one of them Krajan. */
static void draw_hamlets(const sgp_sketch_data *data, const sgp_sketch_village *village,
                         sgp_dice *dice, sgp_sheet *sheet, sgp_sketch_counts *counts) {
    size_t wanted = 2 + sgp_dice_below(dice, 3);
    uint32_t name = sgp_dice_below(dice, (uint32_t)data->n_hamlets);
    double turn = sgp_dice_range(dice, 0.0, 6.28);
    for (size_t i = 0; i < wanted; i++) {
        double angle = turn + 6.28 * (double)i / (double)wanted;
        double away = sgp_dice_range(dice, 260.0, 620.0);
        sgp_xy at = {village->at.x + away * cos(angle), village->at.y + away * sin(angle)};
        uint32_t step = 1 + sgp_dice_below(dice, 4);
        if (village->n_cell < 3 || !sgp_xy_inside(at, village->cell, village->n_cell))
            continue;
        /* The first name of the list is Krajan. */
        size_t which = i == 0 ? 0 : 1 + (name += step) % (data->n_hamlets - 1);
        sgp_sheet_place(sheet, "hamlet", data->hamlets[which], at);
        counts->hamlets++;
    }
}

void sgp_sketch_districts(const sgp_sketch_data *data, sgp_sheet *sheet, uint64_t seed,
                          sgp_sketch_counts *counts) {
    GEOSContextHandle_t geos = GEOS_init_r();
    for (size_t i = 0; i < data->n_villages; i++) {
        const sgp_sketch_village *village = &data->villages[i];
        const sgp_sketch_kecamatan *kecamatan = &data->kecamatan[village->kecamatan];
        sgp_dice dice = sgp_dice_of(seed, 700000 + i);
        if (strcmp(kecamatan->of, "Kota Malang") != 0) {
            draw_hamlets(data, village, &dice, sheet, counts);
            continue;
        }
        if (village->n_cell < 4)
            continue;
        GEOSGeometry *area = sgp_geos_polygon(geos, village->cell, village->n_cell - 1);
        draw_parts(geos, area, false, &dice, sheet, counts);
        GEOSGeom_destroy_r(geos, area);
    }
    GEOS_finish_r(geos);
}
