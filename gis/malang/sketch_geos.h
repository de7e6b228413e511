/* Boundaries with GEOS, shared by sketch_cells.c and sketch_districts.c. */
#ifndef SGP_SKETCH_GEOS_H
#define SGP_SKETCH_GEOS_H

#include <geos_c.h>

#include "gis/malang/sketch.h"

/* A polygon of `n` corners, not repeated at the end; the caller destroys it. */
GEOSGeometry *sgp_geos_polygon(GEOSContextHandle_t geos, const sgp_xy *ring, size_t n);
GEOSGeometry *sgp_geos_point(GEOSContextHandle_t geos, sgp_xy at);
/* A boundary relation of the polygons of `area`; the name must outlive the sheet. */
void sgp_sheet_boundary(GEOSContextHandle_t geos, sgp_sheet *sheet, const GEOSGeometry *area,
                        const char *name, const char *level);
/* A node place=`kind` with a name. */
void sgp_sheet_place(sgp_sheet *sheet, const char *kind, const char *name, sgp_xy at);

#endif
