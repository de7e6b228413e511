/* From driven stretches of road to areas.
 *
 * One limit after the other, only what is new is drawn: the new stretches are put into
 * square cells, each cell's are widened by reach_m in one go (few lines, so that finding
 * their crossings is quick), and all cells and the area so far are united. GEOS unites in
 * the order of a spatial tree, so far apart pieces never meet. */
#include "sigap/area.h"

#include <geos_c.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "route/driven.h"
#include "route/line.h"

/* A cell's side in reach_m, and into how many corners a quarter circle is cut: with two,
 * the outline comes to within 92 % of reach_m everywhere. */
enum { CELL_REACHES = 2, QUADRANT_SEGMENTS = 2 };

const sgp_area_options sgp_area_defaults = {.reach_m = 50, .hole_m2 = 10000, .simplify_m = 10};

/* A line to be widened. */
typedef struct stretch {
    int32_t row, column; /* of its cell */
    size_t first;        /* into the drawing's numbers, x y x y ... */
    uint32_t n;          /* points */
} stretch;

typedef struct drawing {
    const sgp_graph_parts *parts;
    const sgp_area_options *options;
    sgp_plane plane;
    GEOSContextHandle_t geos;
    char geos_words[160];
    double *numbers;
    size_t n_numbers, numbers_capacity;
    stretch *stretches;
    size_t n_stretches, stretches_capacity;
    GEOSGeometry *raw;    /* what is reached within the limits so far */
    GEOSGeometry *shaped; /* the last shape that was given out */
} drawing;

/* ---- drawing stretches ------------------------------------------------------------ */

/* Room for `more` elements behind the first n. */
static bool grow(void **array, size_t *capacity, size_t n, size_t more, size_t element_bytes) {
    if (n + more <= *capacity)
        return true;
    size_t wanted = 2 * (n + more) + 64;
    void *larger = realloc(*array, wanted * element_bytes);
    if (!larger)
        return false;
    *array = larger;
    *capacity = wanted;
    return true;
}

static void draw_point(drawing *d, double x, double y) {
    stretch *s = &d->stretches[d->n_stretches];
    const double *last = d->numbers + d->n_numbers - 2;
    if (s->n > 0 && last[0] == x && last[1] == y)
        return;
    d->numbers[d->n_numbers++] = x;
    d->numbers[d->n_numbers++] = y;
    s->n++;
}

/* The piece of a segment between two shares of it. */
static void draw_piece(drawing *d, sgp_point a, sgp_point b, double from, double to) {
    double ax, ay, bx, by;
    sgp_to_plane(&d->plane, a, &ax, &ay);
    sgp_to_plane(&d->plane, b, &bx, &by);
    draw_point(d, ax + from * (bx - ax), ay + from * (by - ay));
    draw_point(d, ax + to * (bx - ax), ay + to * (by - ay));
}

/* A stretch as points: offsets count along the great-circle lengths, as everywhere. */
static sgp_err draw_stretch(void *context, uint32_t edge, uint32_t from_mm, uint32_t to_mm) {
    drawing *d = context;
    const sgp_edge *e = &d->parts->edges[edge];
    const sgp_point *points = d->parts->points + e->first_point;
    if (!grow((void **)&d->numbers, &d->numbers_capacity, d->n_numbers, 4 * (size_t)e->n_points,
              sizeof *d->numbers) ||
        !grow((void **)&d->stretches, &d->stretches_capacity, d->n_stretches, 1,
              sizeof *d->stretches))
        return SGP_E_MEMORY;
    stretch *s = &d->stretches[d->n_stretches];
    *s = (stretch){.first = d->n_numbers};
    double metres = sgp_line_metres(points, e->n_points);
    double from = metres * from_mm / e->length_mm;
    double to = metres * to_mm / e->length_mm;
    double before = 0;
    for (uint32_t i = 0; i + 1 < e->n_points; i++) {
        double length = sgp_distance_m(points[i], points[i + 1]);
        double enter = length > 0 ? (from - before) / length : 0;
        double leave = length > 0 ? (to - before) / length : 1;
        bool is_last = i + 2 == e->n_points;
        before += length;
        if ((enter > 1 && !is_last) || (leave < 0 && s->n > 0))
            continue;
        draw_piece(d, points[i], points[i + 1], fmin(fmax(enter, 0), 1), fmin(fmax(leave, 0), 1));
    }
    double cell_m = d->options->reach_m * CELL_REACHES;
    s->column = (int32_t)floor(d->numbers[s->first] / cell_m);
    s->row = (int32_t)floor(d->numbers[s->first + 1] / cell_m);
    d->n_stretches++;
    return SGP_OK;
}

static int compare_stretches(const void *left, const void *right) {
    const stretch *a = left;
    const stretch *b = right;
    if (a->row != b->row)
        return a->row < b->row ? -1 : 1;
    if (a->column != b->column)
        return a->column < b->column ? -1 : 1;
    return (a->first > b->first) - (a->first < b->first);
}

/* ---- GEOS --------------------------------------------------------------------------- */

static void keep_words(const char *message, void *context) {
    drawing *d = context;
    if (d->geos_words[0] == '\0')
        snprintf(d->geos_words, sizeof d->geos_words, "%s", message);
}

static GEOSGeometry *line_of(drawing *d, const stretch *s) {
    if (s->n < 2)
        return GEOSGeom_createPointFromXY_r(d->geos, d->numbers[s->first],
                                            d->numbers[s->first + 1]);
    GEOSCoordSequence *points =
        GEOSCoordSeq_copyFromBuffer_r(d->geos, d->numbers + s->first, s->n, 0, 0);
    return points ? GEOSGeom_createLineString_r(d->geos, points) : NULL;
}

/* Owns parts[n] from now on, also when it fails. */
static GEOSGeometry *collection_of(drawing *d, int type, GEOSGeometry **parts, size_t n) {
    bool whole = true;
    for (size_t i = 0; i < n; i++)
        whole &= parts[i] != NULL;
    if (whole)
        return GEOSGeom_createCollection_r(d->geos, type, parts, (unsigned)n);
    for (size_t i = 0; i < n; i++)
        if (parts[i])
            GEOSGeom_destroy_r(d->geos, parts[i]);
    return NULL;
}

/* A polygon without its small holes. */
static GEOSGeometry *fill_holes(drawing *d, const GEOSGeometry *polygon) {
    int n = GEOSGetNumInteriorRings_r(d->geos, polygon);
    GEOSGeometry **rings = malloc(((size_t)(n > 0 ? n : 0) + 1) * sizeof *rings);
    GEOSGeometry *shell =
        rings ? GEOSGeom_clone_r(d->geos, GEOSGetExteriorRing_r(d->geos, polygon)) : NULL;
    size_t kept = 0;
    bool whole = shell != NULL;
    for (int i = 0; i < n && whole; i++) {
        GEOSGeometry *ring = GEOSGeom_clone_r(d->geos, GEOSGetInteriorRingN_r(d->geos, polygon, i));
        GEOSGeometry *hole = ring ? GEOSGeom_createPolygon_r(d->geos, ring, NULL, 0) : NULL;
        double square_m2 = 0;
        whole = hole && GEOSArea_r(d->geos, hole, &square_m2);
        if (whole && square_m2 >= d->options->hole_m2)
            rings[kept++] = GEOSGeom_clone_r(d->geos, GEOSGetExteriorRing_r(d->geos, hole));
        if (hole)
            GEOSGeom_destroy_r(d->geos, hole);
        whole = whole && (kept == 0 || rings[kept - 1]);
    }
    GEOSGeometry *filled =
        whole ? GEOSGeom_createPolygon_r(d->geos, shell, rings, (unsigned)kept) : NULL;
    if (!whole && shell)
        GEOSGeom_destroy_r(d->geos, shell);
    for (size_t i = 0; i < kept && !whole; i++)
        if (rings[i])
            GEOSGeom_destroy_r(d->geos, rings[i]);
    free(rings);
    return filled;
}

/* All polygons of an area, filled, as one multi-polygon. */
static GEOSGeometry *fill_all(drawing *d, const GEOSGeometry *area) {
    int n = GEOSGetNumGeometries_r(d->geos, area);
    GEOSGeometry **polygons = malloc(((size_t)(n > 0 ? n : 0) + 1) * sizeof *polygons);
    if (!polygons)
        return NULL;
    size_t kept = 0;
    for (int i = 0; i < n; i++) {
        const GEOSGeometry *polygon = GEOSGetGeometryN_r(d->geos, area, i);
        if (!GEOSisEmpty_r(d->geos, polygon))
            polygons[kept++] = fill_holes(d, polygon);
    }
    GEOSGeometry *all = collection_of(d, GEOS_MULTIPOLYGON, polygons, kept);
    free(polygons);
    return all;
}

/* The stretches [first, end) of one cell, widened. Its small holes go at once: what would be
 * left of one when all is united is smaller still. */
static GEOSGeometry *widen(drawing *d, size_t first, size_t end) {
    GEOSGeometry **lines = malloc((end - first) * sizeof *lines);
    if (!lines)
        return NULL;
    for (size_t i = first; i < end; i++)
        lines[i - first] = line_of(d, &d->stretches[i]);
    GEOSGeometry *all = collection_of(d, GEOS_GEOMETRYCOLLECTION, lines, end - first);
    free(lines);
    if (!all)
        return NULL;
    GEOSGeometry *wide = GEOSBuffer_r(d->geos, all, d->options->reach_m, QUADRANT_SEGMENTS);
    GEOSGeom_destroy_r(d->geos, all);
    GEOSGeometry *filled = wide ? fill_all(d, wide) : NULL;
    if (wide)
        GEOSGeom_destroy_r(d->geos, wide);
    return filled;
}

/* Adds what was drawn to the raw area. */
static bool add_drawn(drawing *d) {
    if (d->n_stretches == 0)
        return true;
    qsort(d->stretches, d->n_stretches, sizeof *d->stretches, compare_stretches);
    GEOSGeometry **parts = malloc((d->n_stretches + 1) * sizeof *parts);
    if (!parts)
        return false;
    size_t n = 0;
    for (size_t first = 0, end; first < d->n_stretches; first = end) {
        const stretch *s = d->stretches;
        for (end = first + 1; end < d->n_stretches && s[end].row == s[first].row &&
                              s[end].column == s[first].column;)
            end++;
        parts[n++] = widen(d, first, end);
    }
    parts[n++] = d->raw;
    d->raw = NULL;
    GEOSGeometry *all = collection_of(d, GEOS_GEOMETRYCOLLECTION, parts, n);
    free(parts);
    if (!all)
        return false;
    d->raw = GEOSUnaryUnion_r(d->geos, all);
    GEOSGeom_destroy_r(d->geos, all);
    return d->raw != NULL;
}

/* The raw area made fit to be given out. United with the shape before, since two outlines
 * that are simplified apart may cross. */
static bool shape_area(drawing *d) {
    GEOSGeometry *filled = fill_all(d, d->raw);
    GEOSGeometry *simple =
        filled ? GEOSTopologyPreserveSimplify_r(d->geos, filled, d->options->simplify_m) : NULL;
    GEOSGeometry *united = simple && d->shaped ? GEOSUnion_r(d->geos, simple, d->shaped) : NULL;
    if (filled)
        GEOSGeom_destroy_r(d->geos, filled);
    if (!simple || (d->shaped && !united)) {
        if (simple)
            GEOSGeom_destroy_r(d->geos, simple);
        return false;
    }
    if (united) {
        GEOSGeom_destroy_r(d->geos, d->shaped);
        GEOSGeom_destroy_r(d->geos, simple);
        simple = united;
    }
    /* Uniting leaves holes between outlines that had none apart. */
    d->shaped = fill_all(d, simple);
    GEOSGeom_destroy_r(d->geos, simple);
    return d->shaped != NULL;
}

/* ---- giving out ---------------------------------------------------------------------- */

static int to_degrees(double *x, double *y, void *context) {
    const sgp_plane *plane = context;
    *x = (plane->middle.lon_e7 + *x / plane->lon_scale) / 1e7;
    *y = (plane->middle.lat_e7 + *y / plane->lat_scale) / 1e7;
    return 1;
}

static bool write_shape(drawing *d, sgp_area_shape *shape) {
    if (!GEOSArea_r(d->geos, d->shaped, &shape->square_m2))
        return false;
    GEOSGeometry *degrees = GEOSGeom_transformXY_r(d->geos, d->shaped, to_degrees, &d->plane);
    GEOSWKBWriter *writer = degrees ? GEOSWKBWriter_create_r(d->geos) : NULL;
    unsigned char *wkb =
        writer ? GEOSWKBWriter_write_r(d->geos, writer, degrees, &shape->wkb_length) : NULL;
    /* The caller frees by free(), GEOS by its own. */
    shape->wkb = wkb ? malloc(shape->wkb_length) : NULL;
    if (shape->wkb)
        memcpy(shape->wkb, wkb, shape->wkb_length);
    if (wkb)
        GEOSFree_r(d->geos, wkb);
    if (writer)
        GEOSWKBWriter_destroy_r(d->geos, writer);
    if (degrees)
        GEOSGeom_destroy_r(d->geos, degrees);
    return shape->wkb != NULL;
}

static sgp_err check(const int64_t *limit_ms, size_t n, const sgp_area_options *options,
                     sgp_fault *fault) {
    if (n > SGP_AREA_LIMITS_MAX)
        return sgp_fail(fault, SGP_E_TOO_LARGE, "%zu areas at once, more than %d", n,
                        SGP_AREA_LIMITS_MAX);
    for (size_t i = 0; i < n; i++)
        if (limit_ms[i] < 0 || (i > 0 && limit_ms[i] < limit_ms[i - 1]))
            return sgp_fail(fault, SGP_E_RANGE,
                            "the time limits of areas must ascend and not be negative");
    if (!(options->reach_m >= 1 && options->reach_m <= 5000))
        return sgp_fail(fault, SGP_E_ARGUMENT, "an area's reach of %g m is not between 1 and 5,000",
                        options->reach_m);
    if (!(options->hole_m2 >= 0) ||
        !(options->simplify_m >= 0 && options->simplify_m <= options->reach_m / 2))
        return sgp_fail(fault, SGP_E_ARGUMENT,
                        "an area's holes may not be negative, nor its simplification, nor that "
                        "more than half of its reach");
    return SGP_OK;
}

static sgp_err draw_areas(drawing *d, sgp_driven *driven, const int64_t *limit_ms, size_t n,
                          sgp_area_shape *shapes, sgp_fault *fault) {
    for (size_t i = 0; i < n; i++) {
        d->n_stretches = d->n_numbers = 0;
        sgp_err err = sgp_driven_grow(driven, limit_ms[i], draw_stretch, d);
        if (err)
            return sgp_fail(fault, err, "no memory for an area's roads");
        if (!add_drawn(d) || !shape_area(d) || !write_shape(d, &shapes[i])) {
            bool told = d->geos_words[0] != '\0' && !strstr(d->geos_words, "bad_alloc");
            return sgp_fail(fault, told ? SGP_E_STATE : SGP_E_MEMORY, "an area of %lld ms: %s",
                            (long long)limit_ms[i], told ? d->geos_words : "no memory");
        }
    }
    return SGP_OK;
}

sgp_err sgp_query_areas(sgp_query *query, const sgp_source *source, const int64_t *limit_ms,
                        size_t n, const sgp_area_options *options, sgp_area_shape *shapes,
                        sgp_fault *fault) {
    options = options ? options : &sgp_area_defaults;
    sgp_driven driven;
    sgp_area_shape made[SGP_AREA_LIMITS_MAX] = {{0}};
    sgp_err err = check(limit_ms, n, options, fault);
    if (err || n == 0)
        return err;
    err = sgp_driven_init(&driven, query, source, limit_ms[n - 1]);
    if (err)
        return sgp_fail(fault, err, "an area's source: %s", sgp_err_message(err));
    drawing d = {.parts = driven.parts,
                 .options = options,
                 .plane = sgp_plane_around(source->from.road),
                 .geos = GEOS_init_r()};
    err = SGP_E_MEMORY;
    if (d.geos) {
        GEOSContext_setErrorMessageHandler_r(d.geos, keep_words, &d);
        d.raw = GEOSGeom_createEmptyCollection_r(d.geos, GEOS_MULTIPOLYGON);
        if (d.raw)
            err = draw_areas(&d, &driven, limit_ms, n, made, fault);
        if (d.raw)
            GEOSGeom_destroy_r(d.geos, d.raw);
        if (d.shaped)
            GEOSGeom_destroy_r(d.geos, d.shaped);
        GEOS_finish_r(d.geos);
    }
    free(d.numbers);
    free(d.stretches);
    sgp_driven_deinit(&driven);
    if (err)
        sgp_area_free(made, n);
    else
        memcpy(shapes, made, n * sizeof *shapes);
    return err;
}

void sgp_area_free(sgp_area_shape *shapes, size_t n) {
    for (size_t i = 0; i < n; i++) {
        free(shapes[i].wkb);
        shapes[i] = (sgp_area_shape){0};
    }
}

bool sgp_area_contains(const sgp_area_shape *shape, sgp_point point) {
    GEOSContextHandle_t geos = GEOS_init_r();
    if (!geos)
        return false;
    GEOSWKBReader *reader = GEOSWKBReader_create_r(geos);
    GEOSGeometry *area =
        reader ? GEOSWKBReader_read_r(geos, reader, shape->wkb, shape->wkb_length) : NULL;
    GEOSGeometry *at = GEOSGeom_createPointFromXY_r(geos, sgp_lon(point), sgp_lat(point));
    bool contains = area && at && GEOSIntersects_r(geos, area, at) == 1;
    if (at)
        GEOSGeom_destroy_r(geos, at);
    if (area)
        GEOSGeom_destroy_r(geos, area);
    if (reader)
        GEOSWKBReader_destroy_r(geos, reader);
    GEOS_finish_r(geos);
    return contains;
}
