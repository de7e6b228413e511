/* Street cameras of a city: read from a file, found near a point and along a way.
 *
 * CSV (a spreadsheet's), columns in any order, those in brackets may be left out:
 *
 *   id,name,lon,lat,[heading],[url],[owner]
 *   CAM-01,Simpang Kayutangan arah utara,112.63019,-7.98155,0,rtsp://cctv.example/01,Dishub
 *
 * or GeoJSON: a FeatureCollection of Points whose properties are called the same (id may be the
 * feature's own); other properties are passed over. heading is clockwise from north, 0 to 359,
 * absent for a camera that looks around. url is http, https or rtsp, without a password in it:
 * whoever is shown the camera reads it. Every mistake is told with its place ("file:line: column
 * 5 (heading) …", "file: features[3] properties.url …"); a file has at most 1 MiB, and nothing is
 * half loaded.
 *
 * Cameras are reference data like stations: no event is made of them and no decision asks for
 * them. A set never changes; it may be read by any thread.
 */
#ifndef SGP_SERVE_CAMERA_SET_H
#define SGP_SERVE_CAMERA_SET_H

#include "gis/point_grid.h"
#include "sigap/core.h"

enum {
    SGP_CAMERAS_MAX = 4096,
    SGP_CAMERA_URL_BYTES = 256,
    SGP_CAMERA_WITHIN_MAX_M = 20000, /* of a point */
    SGP_CAMERA_BESIDE_MAX_M = 500,   /* of a way */
    SGP_CAMERA_WAY_POINTS_MAX = 16384,
    SGP_CAMERA_WAY_MAX_M = 500000
};

typedef struct sgp_camera {
    char id[SGP_CODE_BYTES];
    char name[SGP_NAME_BYTES];
    char owner[SGP_NAME_BYTES];
    char url[SGP_CAMERA_URL_BYTES]; /* "" = none */
    sgp_point point;
    int32_t heading_deg; /* -1 = looks around, or not known */
} sgp_camera;

typedef struct sgp_camera_set {
    sgp_camera *cameras; /* [n], by id */
    uint32_t n;
    sgp_point_grid grid; /* their points */
} sgp_camera_set;        /* zero-initialise; not to be moved once read */

/* By the file's ending: .csv, or .json and .geojson. SGP_E_CONFIG: a mistake in it. SGP_E_IO,
 * SGP_E_TOO_LARGE, SGP_E_FULL, SGP_E_MEMORY. On error `set` is empty. */
sgp_err sgp_camera_set_read(const char *path, sgp_camera_set *set, sgp_fault *fault) SGP_MUST_USE;
/* The same of a text with its '\0'; `name` for faults, and for the ending. */
sgp_err sgp_camera_set_parse(const char *name, const char *text, sgp_camera_set *set,
                             sgp_fault *fault) SGP_MUST_USE;
void sgp_camera_set_free(sgp_camera_set *set);

typedef struct sgp_camera_found {
    uint32_t camera;   /* index */
    double distance_m; /* from the point, or from the way */
    double along_m;    /* of the way, until the camera is passed; 0 for a point */
    bool faces_it;     /* the point lies within 60 degrees of where the camera looks */
} sgp_camera_found;

/* Cameras within so many metres of the point: first those that look at it, then those that look
 * around, then those that look away; among these the nearest first, then by id. Writes at most
 * `most` of them (the first in that order) and returns how many. SGP_E_MEMORY by 0 and *err. */
size_t sgp_camera_set_near(const sgp_camera_set *set, sgp_point point, double within_m,
                           sgp_camera_found *found, size_t most, sgp_err *err);

/* Cameras within so many metres of the way, in the order in which it first comes nearest to them,
 * then by id. SGP_E_TOO_LARGE: the way is longer than SGP_CAMERA_WAY_MAX_M or has too many
 * points. */
size_t sgp_camera_set_along(const sgp_camera_set *set, const sgp_point *way, size_t n_points,
                            double within_m, sgp_camera_found *found, size_t most, sgp_err *err);

#endif
