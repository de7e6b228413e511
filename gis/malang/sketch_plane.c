/* Metres, randomness and memory of the sketch. */
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>

#include "base/random.h"
#include "gis/malang/sketch.h"

#define ORIGIN_LON 112.63
#define ORIGIN_LAT (-7.98)
#define METRES_PER_LON 110241.0 /* 111,320 m times the cosine of the latitude */
#define METRES_PER_LAT 110600.0

sgp_xy sgp_xy_from_degrees(double lon, double lat) {
    return (sgp_xy){(lon - ORIGIN_LON) * METRES_PER_LON, (lat - ORIGIN_LAT) * METRES_PER_LAT};
}

sgp_point sgp_xy_point(sgp_xy at) {
    double lon = ORIGIN_LON + at.x / METRES_PER_LON;
    double lat = ORIGIN_LAT + at.y / METRES_PER_LAT;
    return (sgp_point){(int32_t)llround(lon * 1e7), (int32_t)llround(lat * 1e7)};
}

double sgp_xy_distance(sgp_xy a, sgp_xy b) {
    return sqrt((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y));
}

sgp_xy sgp_xy_between(sgp_xy a, sgp_xy b, double fraction) {
    return (sgp_xy){a.x + (b.x - a.x) * fraction, a.y + (b.y - a.y) * fraction};
}

double sgp_xy_project(sgp_xy p, sgp_xy a, sgp_xy b) {
    double dx = b.x - a.x, dy = b.y - a.y;
    double square = dx * dx + dy * dy;
    if (square < 1e-9)
        return 0.0;
    double fraction = ((p.x - a.x) * dx + (p.y - a.y) * dy) / square;
    return fraction < 0.0 ? 0.0 : fraction > 1.0 ? 1.0 : fraction;
}

bool sgp_xy_cross(sgp_xy a, sgp_xy b, sgp_xy c, sgp_xy d, double *fraction) {
    double rx = b.x - a.x, ry = b.y - a.y, sx = d.x - c.x, sy = d.y - c.y;
    double turn = rx * sy - ry * sx;
    if (fabs(turn) < 1e-9)
        return false;
    double t = ((c.x - a.x) * sy - (c.y - a.y) * sx) / turn;
    double u = ((c.x - a.x) * ry - (c.y - a.y) * rx) / turn;
    if (t <= 0.0 || t >= 1.0 || u <= 0.0 || u >= 1.0)
        return false;
    *fraction = t;
    return true;
}

bool sgp_xy_inside(sgp_xy p, const sgp_xy *ring, size_t n) {
    bool inside = false;
    for (size_t i = 0, j = n - 1; i < n; j = i++)
        if ((ring[i].y > p.y) != (ring[j].y > p.y) &&
            p.x < (ring[j].x - ring[i].x) * (p.y - ring[i].y) / (ring[j].y - ring[i].y) + ring[i].x)
            inside = !inside;
    return inside;
}

static uint64_t dice_next(sgp_dice *dice) {
    return sgp_random_next(&dice->state);
}

sgp_dice sgp_dice_of(uint64_t seed, uint64_t stream) {
    sgp_dice dice = {seed};
    dice.state = dice_next(&dice) ^ (stream * 0xd1342543de82ef95u);
    (void)dice_next(&dice);
    return dice;
}

double sgp_dice_unit(sgp_dice *dice) {
    return (double)(dice_next(dice) >> 11) * 0x1.0p-53;
}

double sgp_dice_range(sgp_dice *dice, double low, double high) {
    return low + (high - low) * sgp_dice_unit(dice);
}

uint32_t sgp_dice_below(sgp_dice *dice, uint32_t n) {
    return (uint32_t)(sgp_dice_unit(dice) * (double)n);
}

void *sgp_sketch_memory(void *old, size_t count, size_t size) {
    void *memory = realloc(old, count * size);
    if (memory == NULL) {
        fprintf(stderr, "sigap-sketch: no memory left\n");
        exit(3);
    }
    return memory;
}

char *sgp_sketch_text(const char *format, ...) {
    char *text = NULL;
    va_list arguments;
    va_start(arguments, format);
    int length = vasprintf(&text, format, arguments);
    va_end(arguments);
    if (length < 0) {
        fprintf(stderr, "sigap-sketch: no memory left\n");
        exit(3);
    }
    return text;
}
