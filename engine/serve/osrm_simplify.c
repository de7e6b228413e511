#include "serve/osrm_simplify.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#define PI 3.14159265358979323846
#define WIDTH 2048.0
#define HEIGHT 1280.0
#define TILE 256.0
#define SHOWS 2.0 /* pixels */
#define MERCATOR_END 85.0511

enum { ZOOM_MIN = 1, ZOOM_MAX = 18 };

typedef struct pixel {
    double x, y;
} pixel;

static pixel pixel_of(sgp_point point, int zoom) {
    double size = TILE * (double)(1 << zoom);
    double lat = fmax(-MERCATOR_END, fmin(MERCATOR_END, sgp_lat(point)));
    return (pixel){(sgp_lon(point) + 180) / 360 * size,
                   size / 2 - size / (2 * PI) * log(tan(PI / 4 + lat * PI / 360))};
}

int sgp_osrm_zoom(sgp_point south_west, sgp_point north_east) {
    pixel low = pixel_of(south_west, ZOOM_MAX), high = pixel_of(north_east, ZOOM_MAX);
    double times = fmax(fabs(high.x - low.x) / WIDTH, fabs(high.y - low.y) / HEIGHT);
    double zoom = times <= 1 ? ZOOM_MAX : floor(ZOOM_MAX - log2(times));
    return zoom < ZOOM_MIN ? ZOOM_MIN : (int)zoom;
}

/* Square of the distance of c from the stretch a-b. */
static double square_off(pixel a, pixel b, pixel c) {
    double dx = b.x - a.x, dy = b.y - a.y;
    double square = dx * dx + dy * dy;
    double along = square > 0 ? ((c.x - a.x) * dx + (c.y - a.y) * dy) / square : 0;
    along = along < 0 ? 0 : along > 1 ? 1 : along;
    double x = a.x + along * dx - c.x, y = a.y + along * dy - c.y;
    return x * x + y * y;
}

typedef struct stretch {
    size_t first, last;
} stretch;

/* Marks the points that stay between those that do; `stack` has room for n. */
static void mark(const pixel *pixels, size_t n, stretch *stack, uint8_t *stays) {
    size_t depth = 0;
    stays[0] = stays[n - 1] = 1;
    stack[depth++] = (stretch){0, n - 1};
    while (depth > 0) {
        stretch s = stack[--depth];
        size_t furthest = s.first;
        double most = SHOWS * SHOWS;
        for (size_t i = s.first + 1; i < s.last; i++) {
            double off = square_off(pixels[s.first], pixels[s.last], pixels[i]);
            if (off >= most) {
                most = off;
                furthest = i;
            }
        }
        if (furthest == s.first)
            continue;
        stays[furthest] = 1;
        stack[depth++] = (stretch){s.first, furthest};
        stack[depth++] = (stretch){furthest, s.last};
    }
}

static size_t keep_distinct(sgp_point *points, pixel *pixels, size_t n) {
    size_t kept = 1;
    for (size_t i = 1; i < n; i++) {
        double x = pixels[i].x - pixels[kept - 1].x, y = pixels[i].y - pixels[kept - 1].y;
        if (i + 1 < n && x * x + y * y < 1)
            continue;
        points[kept] = points[i];
        pixels[kept++] = pixels[i];
    }
    return kept;
}

sgp_err sgp_osrm_simplify(sgp_point *points, size_t *n) {
    if (*n < 3)
        return SGP_OK;
    pixel *pixels = malloc(*n * sizeof *pixels);
    stretch *stack = malloc(*n * sizeof *stack);
    uint8_t *stays = calloc(*n, 1);
    if (pixels && stack && stays) {
        sgp_point low = points[0], high = points[0];
        for (size_t i = 1; i < *n; i++) {
            low.lon_e7 = points[i].lon_e7 < low.lon_e7 ? points[i].lon_e7 : low.lon_e7;
            low.lat_e7 = points[i].lat_e7 < low.lat_e7 ? points[i].lat_e7 : low.lat_e7;
            high.lon_e7 = points[i].lon_e7 > high.lon_e7 ? points[i].lon_e7 : high.lon_e7;
            high.lat_e7 = points[i].lat_e7 > high.lat_e7 ? points[i].lat_e7 : high.lat_e7;
        }
        int zoom = sgp_osrm_zoom(low, high);
        for (size_t i = 0; i < *n; i++)
            pixels[i] = pixel_of(points[i], zoom);
        size_t distinct = keep_distinct(points, pixels, *n);
        mark(pixels, distinct, stack, stays);
        *n = 0;
        for (size_t i = 0; i < distinct; i++)
            if (stays[i])
                points[(*n)++] = points[i];
    }
    sgp_err err = pixels && stack && stays ? SGP_OK : SGP_E_MEMORY;
    free(pixels);
    free(stack);
    free(stays);
    return err;
}
