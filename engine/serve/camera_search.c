/* Finding cameras: near a point, and along a way. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "route/line.h"
#include "serve/camera_set.h"

enum { FACES_WITHIN_DEG = 60, TOUCHING_M = 5 };

/* Degrees clockwise from north in which b lies from a. */
static double bearing_deg(sgp_point a, sgp_point b) {
    sgp_plane plane = sgp_plane_around(a);
    double x, y;
    sgp_to_plane(&plane, b, &x, &y);
    double degrees = atan2(x, y) * 180 / M_PI;
    return degrees < 0 ? degrees + 360 : degrees;
}

static bool faces(const sgp_camera *camera, sgp_point point, double distance_m) {
    if (camera->heading_deg < 0)
        return false;
    if (distance_m < TOUCHING_M) /* under it: whichever way it looks */
        return true;
    double off = fabs(bearing_deg(camera->point, point) - camera->heading_deg);
    return fmin(off, 360 - off) <= FACES_WITHIN_DEG;
}

/* ---- near a point ------------------------------------------------------------------- */

typedef struct near_search {
    const sgp_camera_set *set;
    sgp_point point;
    double within_m;
    sgp_camera_found *found; /* [set->n] */
    size_t n;
} near_search;

static double on_near(void *ctx, uint32_t number) {
    near_search *s = ctx;
    const sgp_camera *camera = &s->set->cameras[number];
    double distance_m = sgp_distance_m(s->point, camera->point);
    if (distance_m <= s->within_m)
        s->found[s->n++] = (sgp_camera_found){.camera = number,
                                              .distance_m = distance_m,
                                              .faces_it = faces(camera, s->point, distance_m)};
    return s->within_m;
}

/* 0 looks at it, 1 looks around, 2 looks away. Carried in along_m while sorting, which a point
 * does not use. */
static int by_view_then_distance(const void *left, const void *right) {
    const sgp_camera_found *a = left, *b = right;
    if (a->along_m != b->along_m)
        return a->along_m < b->along_m ? -1 : 1;
    if (a->distance_m != b->distance_m)
        return a->distance_m < b->distance_m ? -1 : 1;
    return a->camera < b->camera ? -1 : a->camera > b->camera; /* they lie by id */
}

size_t sgp_camera_set_near(const sgp_camera_set *set, sgp_point point, double within_m,
                           sgp_camera_found *found, size_t most, sgp_err *err) {
    *err = SGP_OK;
    if (set->n == 0)
        return 0;
    near_search s = {.set = set, .point = point, .within_m = within_m};
    s.found = calloc(set->n, sizeof *s.found);
    if (s.found == NULL) {
        *err = SGP_E_MEMORY;
        return 0;
    }
    sgp_point_grid_visit(&set->grid, point, within_m, on_near, &s);
    for (size_t i = 0; i < s.n; i++) {
        bool around = set->cameras[s.found[i].camera].heading_deg < 0;
        s.found[i].along_m = s.found[i].faces_it ? 0 : around ? 1 : 2;
    }
    if (s.n > 0)
        qsort(s.found, s.n, sizeof *s.found, by_view_then_distance);
    size_t n = s.n < most ? s.n : most;
    for (size_t i = 0; i < n; i++) {
        found[i] = s.found[i];
        found[i].along_m = 0;
    }
    free(s.found);
    return n;
}

/* ---- along a way -------------------------------------------------------------------- */

typedef struct along_search {
    const sgp_camera_set *set;
    sgp_point from, to;       /* of the piece that is looked along */
    double before_m, piece_m; /* of the way up to it, and its own */
    double reach_m;           /* of the visit */
    double within_m;
    sgp_camera_found *best; /* [set->n], distance_m infinite: none yet */
} along_search;

static double on_along(void *ctx, uint32_t number) {
    along_search *s = ctx;
    sgp_plane plane = sgp_plane_around(s->set->cameras[number].point);
    sgp_foot foot = sgp_foot_on(&plane, s->from, s->to);
    sgp_camera_found *best = &s->best[number];
    if (foot.distance_m <= s->within_m && foot.distance_m < best->distance_m) {
        best->distance_m = foot.distance_m;
        best->along_m = s->before_m + foot.along * s->piece_m;
    }
    return s->reach_m;
}

/* Looks along one piece: in steps no longer than the reach, so that few cells are visited in
 * vain. Each camera is held to the whole piece, however often it is visited. */
static void look_along(along_search *s) {
    double step_m = fmax(4 * s->within_m, 100);
    int n = (int)ceil(s->piece_m / step_m);
    n = n < 1 ? 1 : n;
    /* Half a step to either side of each middle; the rest for the rounding of points. */
    s->reach_m = s->within_m + s->piece_m / n / 2 + 1;
    for (int i = 0; i < n; i++)
        sgp_point_grid_visit(&s->set->grid, sgp_point_between(s->from, s->to, (i + 0.5) / n),
                             s->reach_m, on_along, s);
}

static int by_passing(const void *left, const void *right) {
    const sgp_camera_found *a = left, *b = right;
    if (a->along_m != b->along_m)
        return a->along_m < b->along_m ? -1 : 1;
    return a->camera < b->camera ? -1 : a->camera > b->camera;
}

size_t sgp_camera_set_along(const sgp_camera_set *set, const sgp_point *way, size_t n_points,
                            double within_m, sgp_camera_found *found, size_t most, sgp_err *err) {
    *err = SGP_OK;
    if (n_points > SGP_CAMERA_WAY_POINTS_MAX ||
        (n_points > 0 && sgp_line_metres(way, (uint32_t)n_points) > SGP_CAMERA_WAY_MAX_M)) {
        *err = SGP_E_TOO_LARGE;
        return 0;
    }
    if (set->n == 0 || n_points < 2)
        return 0;
    along_search s = {.set = set, .within_m = within_m};
    s.best = calloc(set->n, sizeof *s.best);
    if (s.best == NULL) {
        *err = SGP_E_MEMORY;
        return 0;
    }
    for (uint32_t i = 0; i < set->n; i++)
        s.best[i] = (sgp_camera_found){.camera = i, .distance_m = INFINITY};
    for (size_t i = 1; i < n_points; i++) {
        s.from = way[i - 1];
        s.to = way[i];
        s.piece_m = sgp_distance_m(s.from, s.to);
        look_along(&s);
        s.before_m += s.piece_m;
    }
    size_t n = 0;
    for (uint32_t i = 0; i < set->n; i++)
        if (isfinite(s.best[i].distance_m))
            s.best[n++] = s.best[i];
    if (n > 0)
        qsort(s.best, n, sizeof *s.best, by_passing);
    n = n < most ? n : most;
    memcpy(found, s.best, n * sizeof *found);
    free(s.best);
    return n;
}
