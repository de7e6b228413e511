#include "gis/shapes.h"

#include <math.h>
#include <stdlib.h>

#include "base/buffer.h"
#include "gis/trim.h"
#include "route/line.h"

/* Numbers of rows are given out one after the other: far larger ones are none. */
enum { GAP_MAX = 16 * 1024 * 1024, POINTS_MAX = 1 << 30 };

typedef enum sort { SORT_STREETS, SORT_FACILITIES, SORT_AREAS, SORTS } sort;

typedef struct things {
    sgp_buffer first; /* uint32_t for each id from 0: where its parts begin */
    uint32_t end;     /* where those of the last one end */
} things;

struct sgp_shapes {
    things things[SORTS];
    sort now;         /* being added */
    sgp_buffer parts; /* uint32_t: 4 * its first point + kind; sealed, one more for the end */
    sgp_buffer points;
    bool sealed;
};

sgp_err sgp_shapes_create(sgp_shapes **shapes) {
    *shapes = calloc(1, sizeof **shapes);
    return *shapes ? SGP_OK : SGP_E_MEMORY;
}

void sgp_shapes_destroy(sgp_shapes *shapes) {
    if (!shapes)
        return;
    for (size_t i = 0; i < SORTS; i++)
        sgp_buffer_free(&shapes->things[i].first);
    sgp_buffer_free(&shapes->parts);
    sgp_buffer_free(&shapes->points);
    free(shapes);
}

size_t sgp_shapes_bytes(const sgp_shapes *shapes) {
    size_t bytes = sizeof *shapes + shapes->parts.capacity + shapes->points.capacity;
    for (size_t i = 0; i < SORTS; i++)
        bytes += shapes->things[i].first.capacity;
    return bytes;
}

static sort sort_of(sgp_thing_kind kind) {
    switch (kind) {
    case SGP_THING_STREET:
    case SGP_THING_GANG:
        return SORT_STREETS;
    case SGP_THING_FACILITY:
    case SGP_THING_JUNCTION:
    case SGP_THING_KM_POST:
        return SORT_FACILITIES;
    case SGP_THING_AREA:
    case SGP_THING_ESTATE:
    case SGP_THING_RT_RW:
        break;
    }
    return SORT_AREAS;
}

/* ---- adding --------------------------------------------------------------------------- */

static uint32_t length_of(const sgp_buffer *buffer, size_t element_bytes) {
    return (uint32_t)(buffer->length / element_bytes);
}

sgp_err sgp_shapes_add(sgp_shapes *shapes, sgp_thing thing) {
    things *all = &shapes->things[sort_of(thing.kind)];
    const uint32_t begin = length_of(&shapes->parts, sizeof(uint32_t));
    uint32_t known = length_of(&all->first, sizeof begin);
    /* Of the sort before another no more may come, or its last one would have the others' parts. */
    if (thing.id < 0 || (uint32_t)thing.id < known || (uint32_t)thing.id - known > GAP_MAX ||
        (known > 0 && all->end != begin))
        return SGP_E_CORRUPT;
    sgp_err err = SGP_OK;
    for (; known <= (uint32_t)thing.id && err == SGP_OK; known++)
        err = sgp_buffer_append(&all->first, &begin, sizeof begin);
    shapes->now = sort_of(thing.kind);
    all->end = begin;
    return err;
}

sgp_err sgp_shapes_add_part(sgp_shapes *shapes, sgp_part_kind kind, const sgp_corner *corners,
                            size_t n) {
    size_t first = length_of(&shapes->points, sizeof(sgp_point));
    if (n == 0 || length_of(&shapes->things[shapes->now].first, sizeof(uint32_t)) == 0)
        return SGP_E_CORRUPT;
    if (first + n > POINTS_MAX)
        return SGP_E_FULL;
    const uint32_t part = (uint32_t)(4 * first) + (uint32_t)kind;
    sgp_err err = sgp_buffer_append(&shapes->parts, &part, sizeof part);
    for (size_t i = 0; i < n && err == SGP_OK; i++) {
        sgp_point point;
        err = sgp_point_from_degrees(corners[i].lon, corners[i].lat, &point);
        if (err == SGP_OK)
            err = sgp_buffer_append(&shapes->points, &point, sizeof point);
    }
    shapes->things[shapes->now].end = length_of(&shapes->parts, sizeof part);
    return err == SGP_E_RANGE ? SGP_E_CORRUPT : err;
}

sgp_err sgp_shapes_seal(sgp_shapes *shapes) {
    const uint32_t end = 4 * length_of(&shapes->points, sizeof(sgp_point));
    sgp_err err = sgp_buffer_append(&shapes->parts, &end, sizeof end);
    shapes->sealed = err == SGP_OK;
    for (size_t i = 0; i < SORTS; i++)
        sgp_trim(&shapes->things[i].first);
    sgp_trim(&shapes->parts);
    sgp_trim(&shapes->points);
    return err;
}

/* ---- parts ------------------------------------------------------------------------------ */

typedef struct part {
    sgp_part_kind kind;
    const sgp_point *points;
    uint32_t n;
} part;

/* The numbers of a thing's parts, from .. to. */
typedef struct part_range {
    uint32_t from, to;
} part_range;

static part_range parts_of(const sgp_shapes *shapes, sgp_thing thing) {
    const things *all = &shapes->things[sort_of(thing.kind)];
    const uint32_t *first = (const uint32_t *)(const void *)all->first.data;
    uint32_t known = length_of(&all->first, sizeof *first);
    if (!shapes->sealed || thing.id < 0 || (uint32_t)thing.id >= known)
        return (part_range){0, 0};
    return (part_range){first[thing.id],
                        (uint32_t)thing.id + 1 < known ? first[thing.id + 1] : all->end};
}

static part part_at(const sgp_shapes *shapes, uint32_t number) {
    const uint32_t *parts = (const uint32_t *)(const void *)shapes->parts.data;
    uint32_t first = parts[number] / 4;
    return (part){(sgp_part_kind)(parts[number] % 4),
                  (const sgp_point *)(const void *)shapes->points.data + first,
                  parts[number + 1] / 4 - first};
}

/* ---- on the plane -------------------------------------------------------------------------- */

typedef struct spot {
    double x, y;
} spot;

static spot spot_of(const sgp_plane *plane, sgp_point point) {
    spot s;
    sgp_to_plane(plane, point, &s.x, &s.y);
    return s;
}

static sgp_point point_of(const sgp_plane *plane, spot s) {
    return (sgp_point){(int32_t)lround(plane->middle.lon_e7 + s.x / plane->lon_scale),
                       (int32_t)lround(plane->middle.lat_e7 + s.y / plane->lat_scale)};
}

static double square_between(spot a, spot b) {
    return (a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y);
}

/* How far along a .. b (0 .. 1) it is nearest to p. */
static double foot_along(spot a, spot b, spot p) {
    double dx = b.x - a.x, dy = b.y - a.y, square = dx * dx + dy * dy;
    double along = square > 0 ? ((p.x - a.x) * dx + (p.y - a.y) * dy) / square : 0;
    return along < 0 ? 0 : along > 1 ? 1 : along;
}

static spot spot_along(spot a, spot b, double along) {
    return (spot){a.x + along * (b.x - a.x), a.y + along * (b.y - a.y)};
}

/* The best so far: where on the street, and the square of how far from the thing. */
typedef struct best {
    double square;
    spot at;
} best;

static void offer(best *now, spot at, double square) {
    if (square < now->square)
        *now = (best){square, at};
}

/* Whether a .. b crosses c .. d, and where along a .. b. */
static bool crosses(spot a, spot b, spot c, spot d, double *along) {
    double rx = b.x - a.x, ry = b.y - a.y, sx = d.x - c.x, sy = d.y - c.y;
    double turn = rx * sy - ry * sx;
    if (turn == 0)
        return false; /* side by side: an end is as near as any point */
    double t = ((c.x - a.x) * sy - (c.y - a.y) * sx) / turn;
    double u = ((c.x - a.x) * ry - (c.y - a.y) * rx) / turn;
    *along = t;
    return t >= 0 && t <= 1 && u >= 0 && u <= 1;
}

static void meet(best *now, spot a, spot b, spot c, spot d) {
    double along;
    if (crosses(a, b, c, d, &along)) {
        offer(now, spot_along(a, b, along), 0);
        return;
    }
    offer(now, a, square_between(a, spot_along(c, d, foot_along(c, d, a))));
    offer(now, b, square_between(b, spot_along(c, d, foot_along(c, d, b))));
    spot by_c = spot_along(a, b, foot_along(a, b, c)), by_d = spot_along(a, b, foot_along(a, b, d));
    offer(now, by_c, square_between(by_c, c));
    offer(now, by_d, square_between(by_d, d));
}

/* ---- where a street is nearest ------------------------------------------------------------- */

static bool is_inside(part ring, sgp_point p) {
    bool inside = false;
    for (uint32_t i = 1; i < ring.n; i++) {
        sgp_point a = ring.points[i - 1], b = ring.points[i];
        if ((a.lat_e7 > p.lat_e7) == (b.lat_e7 > p.lat_e7))
            continue;
        double side = ((double)b.lon_e7 - a.lon_e7) * ((double)p.lat_e7 - a.lat_e7) -
                      ((double)p.lon_e7 - a.lon_e7) * ((double)b.lat_e7 - a.lat_e7);
        inside ^= (side > 0) == (b.lat_e7 > a.lat_e7);
    }
    return inside;
}

/* A box in the plane, in which a thing lies. */
typedef struct box {
    double west, south, east, north;
} box;

static box box_around(const sgp_shapes *shapes, part_range range, const sgp_plane *plane) {
    box b = {INFINITY, INFINITY, -INFINITY, -INFINITY};
    for (uint32_t i = range.from; i < range.to; i++) {
        part one = part_at(shapes, i);
        for (uint32_t k = 0; k < one.n; k++) {
            spot s = spot_of(plane, one.points[k]);
            b = (box){fmin(b.west, s.x), fmin(b.south, s.y), fmax(b.east, s.x), fmax(b.north, s.y)};
        }
    }
    return b;
}

/* Whether the stretch a .. b can be nearer to what is in the box than `square`. */
static bool may_be_nearer(spot a, spot b, const box *within, double square) {
    double x = fmax(fmax(within->west - fmax(a.x, b.x), fmin(a.x, b.x) - within->east), 0);
    double y = fmax(fmax(within->south - fmax(a.y, b.y), fmin(a.y, b.y) - within->north), 0);
    return x * x + y * y < square;
}

/* A line, or a point as a line without length, against another. */
static void meet_line(best *now, const sgp_plane *plane, part line, part other, const box *around) {
    spot a = spot_of(plane, line.points[0]);
    for (uint32_t i = line.n > 1; i < line.n && now->square > 0; i++) {
        spot b = spot_of(plane, line.points[i]);
        if (may_be_nearer(a, b, around, now->square)) {
            spot c = spot_of(plane, other.points[0]);
            for (uint32_t k = other.n > 1; k < other.n && now->square > 0; k++) {
                spot d = spot_of(plane, other.points[k]);
                meet(now, a, b, c, d);
                c = d;
            }
        }
        a = b;
    }
}

/* Against the outline number `outline` and the holes after it: a line that begins within begins at
 * the polygon. */
static void meet_polygon(const sgp_shapes *shapes, best *now, const sgp_plane *plane, part line,
                         part_range range, uint32_t outline, const box *around) {
    part ring = part_at(shapes, outline);
    if (!is_inside(ring, line.points[0])) {
        meet_line(now, plane, line, ring, around);
        return;
    }
    bool in_hole = false;
    for (uint32_t i = outline + 1; i < range.to && part_at(shapes, i).kind == SGP_PART_HOLE; i++) {
        meet_line(now, plane, line, part_at(shapes, i), around);
        in_hole |= is_inside(part_at(shapes, i), line.points[0]);
    }
    if (!in_hole)
        offer(now, spot_of(plane, line.points[0]), 0);
}

bool sgp_shapes_nearest(const sgp_shapes *shapes, sgp_thing street, sgp_thing thing,
                        double radius_m, sgp_point *point, double *away_m) {
    part_range lines = parts_of(shapes, street), others = parts_of(shapes, thing);
    if (lines.from == lines.to || others.from == others.to)
        return false;
    sgp_plane plane = sgp_plane_around(part_at(shapes, others.from).points[0]);
    const box around = box_around(shapes, others, &plane);
    /* A little beyond, so that what is at radius_m is still nearer. */
    best now = {(radius_m + 1) * (radius_m + 1), {0, 0}};
    const double beyond = now.square;
    for (uint32_t i = lines.from; i < lines.to && now.square > 0; i++)
        for (uint32_t k = others.from; k < others.to && now.square > 0; k++) {
            part other = part_at(shapes, k);
            if (other.kind == SGP_PART_OUTLINE)
                meet_polygon(shapes, &now, &plane, part_at(shapes, i), others, k, &around);
            else if (other.kind != SGP_PART_HOLE)
                meet_line(&now, &plane, part_at(shapes, i), other, &around);
        }
    *point = point_of(&plane, now.at);
    *away_m = sqrt(now.square);
    return now.square < beyond && *away_m <= radius_m;
}

sgp_err sgp_shapes_nearest_on(const sgp_shapes *shapes, const sgp_gazetteer_ask *ask,
                              sgp_buffer *rows) {
    sgp_err err = SGP_OK;
    for (size_t i = 0; i < ask->n_things[0]; i++)
        for (size_t k = 0; k < ask->n_things[1] && err == SGP_OK; k++) {
            sgp_nearest_row row = {.first = (uint8_t)i, .second = (uint8_t)k};
            double away_m;
            if (!sgp_shapes_nearest(shapes, ask->things[0][i], ask->things[1][k], ask->radius_m,
                                    &row.point, &away_m))
                continue;
            row.away_m = (int32_t)lround(away_m);
            err = sgp_buffer_append(rows, &row, sizeof row);
        }
    return err;
}

/* ---- along a street ---------------------------------------------------------------------- */

/* How far along a line its nearest point to p is, in metres, and how far away that is. */
static double locate(part line, const sgp_plane *plane, sgp_point p, double *away_m) {
    double before = 0, found = 0, nearest = INFINITY;
    spot at = spot_of(plane, p), a = spot_of(plane, line.points[0]);
    for (uint32_t i = 1; i < line.n; i++) {
        spot b = spot_of(plane, line.points[i]);
        double length = sqrt(square_between(a, b)), along = foot_along(a, b, at);
        double square = square_between(at, spot_along(a, b, along));
        if (square < nearest) {
            nearest = square;
            found = before + along * length;
        }
        before += length;
        a = b;
    }
    *away_m = sqrt(nearest);
    return found;
}

static spot spot_after(part line, const sgp_plane *plane, double metres) {
    spot a = spot_of(plane, line.points[0]);
    for (uint32_t i = 1; i < line.n; i++) {
        spot b = spot_of(plane, line.points[i]);
        double length = sqrt(square_between(a, b));
        if (metres <= length)
            return length > 0 ? spot_along(a, b, fmax(metres, 0) / length) : a;
        metres -= length;
        a = b;
    }
    return a;
}

bool sgp_shapes_between(const sgp_shapes *shapes, int32_t street, sgp_point from, sgp_point to,
                        double share, sgp_point *point) {
    part_range range = parts_of(shapes, (sgp_thing){SGP_THING_STREET, street});
    sgp_plane plane = sgp_plane_around(from);
    double nearest_m = INFINITY;
    for (uint32_t i = range.from; i < range.to; i++) {
        part line = part_at(shapes, i);
        double from_m, to_m;
        if (line.kind != SGP_PART_LINE || line.n < 2)
            continue;
        double low = locate(line, &plane, from, &from_m), high = locate(line, &plane, to, &to_m);
        if (from_m + to_m >= nearest_m)
            continue;
        nearest_m = from_m + to_m;
        *point = point_of(&plane, spot_after(line, &plane, low + (high - low) * share));
    }
    return nearest_m < INFINITY;
}
