#include "gis/wkb.h"

#include <geos_c.h>
#include <math.h>
#include <stdlib.h>

enum { DEPTH_MAX = 4 }; /* of collections within collections */

struct sgp_wkb_reader {
    GEOSContextHandle_t geos;
    GEOSWKBReader *wkb;
    sgp_corner *corners; /* of the present part */
    size_t capacity;
};

sgp_err sgp_wkb_reader_create(sgp_wkb_reader **reader) {
    sgp_wkb_reader *made = calloc(1, sizeof *made);
    if (!made)
        return SGP_E_MEMORY;
    made->geos = GEOS_init_r();
    made->wkb = made->geos ? GEOSWKBReader_create_r(made->geos) : NULL;
    if (!made->wkb) {
        sgp_wkb_reader_destroy(made);
        return SGP_E_MEMORY;
    }
    *reader = made;
    return SGP_OK;
}

void sgp_wkb_reader_destroy(sgp_wkb_reader *reader) {
    if (!reader)
        return;
    if (reader->wkb)
        GEOSWKBReader_destroy_r(reader->geos, reader->wkb);
    if (reader->geos)
        GEOS_finish_r(reader->geos);
    free(reader->corners);
    free(reader);
}

/* What one reading carries along. */
typedef struct reading {
    sgp_wkb_reader *reader;
    sgp_wkb_part part;
    void *ctx;
} reading;

static bool are_on_earth(const sgp_corner *corners, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (!(fabs(corners[i].lon) <= 180 &&
              fabs(corners[i].lat) <= 90)) /* nor what is no number */
            return false;
    return true;
}

static sgp_err tell_part(const reading *r, const GEOSGeometry *line, sgp_part_kind kind) {
    sgp_wkb_reader *reader = r->reader;
    unsigned int n = 0;
    const GEOSCoordSequence *sequence = GEOSGeom_getCoordSeq_r(reader->geos, line);
    if (!sequence || !GEOSCoordSeq_getSize_r(reader->geos, sequence, &n))
        return SGP_E_MEMORY;
    if (n == 0)
        return SGP_OK;
    if (n > reader->capacity) {
        sgp_corner *larger = realloc(reader->corners, 2 * (size_t)n * sizeof *larger);
        if (!larger)
            return SGP_E_MEMORY;
        reader->corners = larger;
        reader->capacity = 2 * (size_t)n;
    }
    if (!GEOSCoordSeq_copyToBuffer_r(reader->geos, sequence, &reader->corners[0].lon, 0, 0))
        return SGP_E_MEMORY;
    if (!are_on_earth(reader->corners, n))
        return SGP_E_CORRUPT;
    return r->part(r->ctx, kind, reader->corners, n);
}

static sgp_err tell_polygon(const reading *r, const GEOSGeometry *polygon) {
    GEOSContextHandle_t geos = r->reader->geos;
    const GEOSGeometry *outline = GEOSGetExteriorRing_r(geos, polygon);
    int holes = GEOSGetNumInteriorRings_r(geos, polygon);
    sgp_err err = outline && holes >= 0 ? tell_part(r, outline, SGP_PART_OUTLINE) : SGP_E_MEMORY;
    for (int i = 0; i < holes && err == SGP_OK; i++) {
        const GEOSGeometry *hole = GEOSGetInteriorRingN_r(geos, polygon, i);
        err = hole ? tell_part(r, hole, SGP_PART_HOLE) : SGP_E_MEMORY;
    }
    return err;
}

static sgp_err tell_shape(const reading *r, const GEOSGeometry *shape, int depth) {
    GEOSContextHandle_t geos = r->reader->geos;
    sgp_err err = SGP_OK;
    if (GEOSisEmpty_r(geos, shape))
        return SGP_OK;
    switch (GEOSGeomTypeId_r(geos, shape)) {
    case GEOS_POINT:
        return tell_part(r, shape, SGP_PART_POINT);
    case GEOS_LINESTRING:
    case GEOS_LINEARRING:
        return tell_part(r, shape, SGP_PART_LINE);
    case GEOS_POLYGON:
        return tell_polygon(r, shape);
    default:
        break;
    }
    for (int i = 0; i < GEOSGetNumGeometries_r(geos, shape) && err == SGP_OK; i++) {
        const GEOSGeometry *one = GEOSGetGeometryN_r(geos, shape, i);
        err = one && depth < DEPTH_MAX ? tell_shape(r, one, depth + 1) : SGP_E_CORRUPT;
    }
    return err;
}

sgp_err sgp_wkb_read(sgp_wkb_reader *reader, const void *bytes, size_t n, sgp_wkb_part part,
                     void *ctx) {
    const reading r = {reader, part, ctx};
    GEOSGeometry *shape = GEOSWKBReader_read_r(reader->geos, reader->wkb, bytes, n);
    if (!shape)
        return SGP_E_CORRUPT;
    sgp_err err = tell_shape(&r, shape, 0);
    GEOSGeom_destroy_r(reader->geos, shape);
    return err;
}
