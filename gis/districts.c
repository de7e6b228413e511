#include "gis/districts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "gis/pieces.h"
#include "gis/point_grid.h"
#include "gis/trim.h"

#define NEAR_M 2500.0
#define TOWN_M 20000.0
#define METRES_PER_DEGREE 111195.0

typedef struct border {
    uint32_t first_ring, n_rings;
    uint32_t name; /* of the pieces */
    uint32_t level;
    double west, south, east, north;
} border;

typedef struct ring {
    uint32_t first, n; /* corners; the last is the first again */
} ring;

typedef struct place {
    sgp_point point;
    uint32_t name;
} place;

typedef struct places {
    sgp_buffer list; /* place */
    sgp_point_grid grid;
} places;

struct sgp_districts {
    sgp_pieces names;
    sgp_buffer borders, rings, corners;
    places places[SGP_DISTRICT_PLACES];
    /* Squares that borders are filed by. */
    double west, south, square;
    int32_t columns, rows;
    uint32_t *first,
        *touching; /* [columns * rows + 1] into numbers of borders; NULL = not sealed */
    size_t n_touching;
};

sgp_err sgp_districts_create(sgp_districts **districts) {
    *districts = calloc(1, sizeof **districts);
    return *districts ? SGP_OK : SGP_E_MEMORY;
}

void sgp_districts_destroy(sgp_districts *districts) {
    if (!districts)
        return;
    sgp_pieces_free(&districts->names);
    sgp_buffer_free(&districts->borders);
    sgp_buffer_free(&districts->rings);
    sgp_buffer_free(&districts->corners);
    for (size_t i = 0; i < SGP_DISTRICT_PLACES; i++) {
        sgp_buffer_free(&districts->places[i].list);
        sgp_point_grid_free(&districts->places[i].grid);
    }
    free(districts->first);
    free(districts->touching);
    free(districts);
}

size_t sgp_districts_bytes(const sgp_districts *districts) {
    size_t bytes = sizeof *districts + sgp_pieces_size(&districts->names) +
                   districts->borders.capacity + districts->rings.capacity +
                   districts->corners.capacity + districts->n_touching * sizeof(uint32_t) +
                   (size_t)districts->columns * (size_t)districts->rows * sizeof(uint32_t);
    for (size_t i = 0; i < SGP_DISTRICT_PLACES; i++)
        bytes +=
            districts->places[i].list.capacity + sgp_point_grid_bytes(&districts->places[i].grid);
    return bytes;
}

static const border *borders_of(const sgp_districts *districts) {
    return (const void *)districts->borders.data;
}

static size_t border_count(const sgp_districts *districts) {
    return districts->borders.length / sizeof(border);
}

static const place *place_at(const places *all, uint32_t number) {
    return (const place *)(const void *)all->list.data + number;
}

/* ---- adding ------------------------------------------------------------------------- */

sgp_err sgp_districts_add_border(sgp_districts *districts, sgp_district_level level,
                                 const char *name) {
    border added = {.first_ring = (uint32_t)(districts->rings.length / sizeof(ring)),
                    .level = level,
                    .west = INFINITY,
                    .south = INFINITY,
                    .east = -INFINITY,
                    .north = -INFINITY};
    if (border_count(districts) >= INT32_MAX)
        return SGP_E_FULL;
    sgp_err err = sgp_pieces_add(&districts->names, name, strlen(name), &added.name);
    return err == SGP_OK ? sgp_buffer_append(&districts->borders, &added, sizeof added) : err;
}

sgp_err sgp_districts_add_ring(sgp_districts *districts, const sgp_corner *corners, size_t n) {
    const ring added = {(uint32_t)(districts->corners.length / sizeof *corners), (uint32_t)n};
    if (border_count(districts) == 0 || n < 4 || corners[0].lon != corners[n - 1].lon ||
        corners[0].lat != corners[n - 1].lat)
        return SGP_E_CORRUPT;
    if (districts->corners.length / sizeof *corners + n > INT32_MAX)
        return SGP_E_FULL;
    border *of = (border *)(void *)districts->borders.data + border_count(districts) - 1;
    for (size_t i = 0; i < n; i++) {
        of->west = fmin(of->west, corners[i].lon);
        of->south = fmin(of->south, corners[i].lat);
        of->east = fmax(of->east, corners[i].lon);
        of->north = fmax(of->north, corners[i].lat);
    }
    of->n_rings++;
    sgp_err err = sgp_buffer_append(&districts->corners, corners, n * sizeof *corners);
    return err == SGP_OK ? sgp_buffer_append(&districts->rings, &added, sizeof added) : err;
}

sgp_err sgp_districts_add_place(sgp_districts *districts, sgp_district_place kind, const char *name,
                                sgp_point point) {
    place added = {.point = point};
    sgp_buffer *list = &districts->places[kind].list;
    if (list->length / sizeof added >= INT32_MAX)
        return SGP_E_FULL;
    sgp_err err = sgp_pieces_add(&districts->names, name, strlen(name), &added.name);
    return err == SGP_OK ? sgp_buffer_append(list, &added, sizeof added) : err;
}

/* ---- filing --------------------------------------------------------------------------- */

/* About as many squares as borders. */
static void lay_squares(sgp_districts *districts) {
    double west = 180, south = 90, east = -180, north = -90;
    size_t n = border_count(districts);
    for (size_t i = 0; i < n; i++) {
        const border *b = borders_of(districts) + i;
        if (b->n_rings == 0)
            continue;
        west = fmin(west, b->west);
        south = fmin(south, b->south);
        east = fmax(east, b->east);
        north = fmax(north, b->north);
    }
    double width = fmax(east - west, 1e-7), height = fmax(north - south, 1e-7);
    districts->square = fmax(sqrt(width * height / (double)n), fmax(width, height) / (double)n);
    districts->west = west;
    districts->south = south;
    districts->columns = (int32_t)(width / districts->square) + 1;
    districts->rows = (int32_t)(height / districts->square) + 1;
}

static int32_t part_of(double degrees, double from, double square, int32_t parts) {
    double part = floor((degrees - from) / square);
    return part < 0 ? 0 : part >= parts ? parts - 1 : (int32_t)part;
}

/* Counts the borders of each square, or, where `touching` is there, files them backwards. */
static void file_borders(sgp_districts *districts) {
    for (size_t i = border_count(districts); i-- > 0;) {
        const border *b = borders_of(districts) + i;
        if (b->n_rings == 0)
            continue;
        int32_t west = part_of(b->west, districts->west, districts->square, districts->columns);
        int32_t east = part_of(b->east, districts->west, districts->square, districts->columns);
        int32_t south = part_of(b->south, districts->south, districts->square, districts->rows);
        int32_t north = part_of(b->north, districts->south, districts->square, districts->rows);
        for (int32_t y = south; y <= north; y++)
            for (int32_t x = west; x <= east; x++) {
                uint32_t *first =
                    &districts->first[(size_t)y * (size_t)districts->columns + (size_t)x];
                if (districts->touching)
                    districts->touching[--*first] = (uint32_t)i;
                else
                    ++*first;
            }
    }
}

static sgp_err seal_borders(sgp_districts *districts) {
    if (districts->rings.length == 0)
        return SGP_OK;
    lay_squares(districts);
    size_t squares = (size_t)districts->columns * (size_t)districts->rows;
    districts->first = calloc(squares + 1, sizeof *districts->first);
    if (!districts->first)
        return SGP_E_MEMORY;
    file_borders(districts);
    for (size_t i = 1; i <= squares; i++)
        districts->first[i] += districts->first[i - 1];
    districts->n_touching = districts->first[squares];
    districts->touching = malloc(districts->n_touching * sizeof *districts->touching);
    if (!districts->touching)
        return SGP_E_MEMORY;
    file_borders(districts);
    return SGP_OK;
}

static sgp_point point_of(const void *all, uint32_t number) {
    return place_at(all, number)->point;
}

sgp_err sgp_districts_seal(sgp_districts *districts) {
    sgp_pieces_seal(&districts->names);
    sgp_trim(&districts->borders);
    sgp_trim(&districts->rings);
    sgp_trim(&districts->corners);
    sgp_err err = seal_borders(districts);
    for (size_t i = 0; i < SGP_DISTRICT_PLACES && err == SGP_OK; i++) {
        places *all = &districts->places[i];
        bool done = false;
        sgp_point_grid_begin(&all->grid, all, point_of,
                             (uint32_t)(all->list.length / sizeof(place)));
        while (err == SGP_OK && !done)
            err = sgp_point_grid_fill(&all->grid, INT32_MAX, &done);
    }
    return err;
}

/* ---- asking -------------------------------------------------------------------------------- */

/* On which side of the line from a to b the point lies: above 0 left, below right, 0 on it. */
static double side_of(sgp_corner a, sgp_corner b, sgp_corner p) {
    return (b.lon - a.lon) * (p.lat - a.lat) - (p.lon - a.lon) * (b.lat - a.lat);
}

static bool is_between(double x, double a, double b) {
    return x >= fmin(a, b) && x <= fmax(a, b);
}

/* The border itself is within. */
static bool is_within(const sgp_districts *districts, const border *b, sgp_corner p) {
    const ring *rings = (const ring *)(const void *)districts->rings.data + b->first_ring;
    bool within = false;
    for (uint32_t r = 0; r < b->n_rings; r++) {
        const sgp_corner *corners =
            (const sgp_corner *)(const void *)districts->corners.data + rings[r].first;
        for (uint32_t i = 1; i < rings[r].n; i++) {
            sgp_corner from = corners[i - 1], to = corners[i];
            bool passes = (from.lat > p.lat) != (to.lat > p.lat);
            if (!passes && !is_between(p.lat, from.lat, to.lat))
                continue;
            double side = side_of(from, to, p);
            if (side == 0 && is_between(p.lon, from.lon, to.lon))
                return true;
            if (passes && (side > 0) == (to.lat > from.lat))
                within = !within;
        }
    }
    return within;
}

typedef struct nearest_place {
    const places *all;
    sgp_point middle;
    double best; /* square of its distance in units of 1e-7 degree */
    const place *found;
} nearest_place;

static double look_at(void *ctx, uint32_t number) {
    nearest_place *nearest = ctx;
    const place *one = place_at(nearest->all, number);
    double lon = (double)one->point.lon_e7 - nearest->middle.lon_e7;
    double lat = (double)one->point.lat_e7 - nearest->middle.lat_e7;
    if (lon * lon + lat * lat < nearest->best) {
        nearest->best = lon * lon + lat * lat;
        nearest->found = one;
    }
    return sqrt(nearest->best) / 1e7 * METRES_PER_DEGREE;
}

/* The nearest in degrees, as the database's index has it, where it is within limit_m. */
static const char *place_near(const sgp_districts *districts, sgp_district_place kind,
                              sgp_point point, double limit_m) {
    const places *all = &districts->places[kind];
    /* A degree of longitude may be far shorter than one of latitude. */
    double reach =
        limit_m / METRES_PER_DEGREE / fmax(cos(sgp_lat(point) * 0.017453292519943295), 0.01) * 1e7 +
        1;
    nearest_place nearest = {.all = all, .middle = point, .best = reach * reach};
    sgp_point_grid_visit(&all->grid, point, reach / 1e7 * METRES_PER_DEGREE, look_at, &nearest);
    if (!nearest.found || sgp_distance_m(nearest.found->point, point) >= limit_m)
        return NULL;
    return sgp_pieces_text(&districts->names, nearest.found->name);
}

static void look_inside(const sgp_districts *districts, sgp_point point,
                        const char *inside[SGP_DISTRICT_LEVELS]) {
    sgp_corner p = {sgp_lon(point), sgp_lat(point)};
    if (!districts->touching)
        return;
    int32_t x = part_of(p.lon, districts->west, districts->square, districts->columns);
    int32_t y = part_of(p.lat, districts->south, districts->square, districts->rows);
    const uint32_t *first = districts->first + (size_t)y * (size_t)districts->columns + (size_t)x;
    for (uint32_t i = first[0]; i < first[1]; i++) {
        const border *b = borders_of(districts) + districts->touching[i];
        if (p.lon < b->west || p.lon > b->east || p.lat < b->south || p.lat > b->north ||
            !is_within(districts, b, p))
            continue;
        const char *name = sgp_pieces_text(&districts->names, b->name);
        if (!inside[b->level] || strcmp(name, inside[b->level]) < 0)
            inside[b->level] = name;
    }
}

static const char *text_or_none(const char *text) {
    return text ? text : "";
}

sgp_district_row sgp_districts_at(const sgp_districts *districts, sgp_point point) {
    const char *inside[SGP_DISTRICT_LEVELS] = {NULL, NULL, NULL};
    look_inside(districts, point, inside);
    bool in_any = inside[SGP_DISTRICT_KELURAHAN] || inside[SGP_DISTRICT_KECAMATAN] ||
                  inside[SGP_DISTRICT_KABUPATEN];
    const char *kelurahan = inside[SGP_DISTRICT_KELURAHAN];
    if (!kelurahan)
        kelurahan = place_near(districts, SGP_PLACE_OF_QUARTER, point, NEAR_M);
    if (!kelurahan)
        kelurahan = place_near(districts, SGP_PLACE_OF_HAMLET, point, NEAR_M);
    const char *kabupaten = inside[SGP_DISTRICT_KABUPATEN];
    if (!in_any)
        kabupaten = place_near(districts, SGP_PLACE_OF_TOWN, point, TOWN_M);
    return (sgp_district_row){text_or_none(kelurahan), text_or_none(inside[SGP_DISTRICT_KECAMATAN]),
                              text_or_none(kabupaten)};
}
