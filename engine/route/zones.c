#include "sigap/zones.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A stretch of street. */
typedef struct sample {
    sgp_point middle;
    uint32_t area;
    int32_t row, column; /* of its cell */
    int32_t length_mm;
    bool is_reached; /* a vehicle can come here, and away */
} sample;

typedef struct making {
    const sgp_graph_parts *parts;
    const sgp_graph_places *places;
    sgp_zones *zones;
    sample *samples;
    size_t n, capacity;
    double shrink; /* metres east of a degree of longitude / of latitude, in the city's middle */
} making;

static const double metres_of_e7 = 0.0111195; /* along a meridian */

/* ---- areas ------------------------------------------------------------------- */

static const char *text_of(const sgp_graph_places *places, uint32_t offset) {
    return places->texts_length ? places->texts + offset : "";
}

/* Slivers at borders may lack the name of a larger district that the rest of theirs has. */
static bool is_part_of(const sgp_graph_district *part, const sgp_graph_district *whole) {
    if (part->kelurahan != whole->kelurahan || (!part->kelurahan && !part->kecamatan))
        return false;
    bool same = part->kecamatan == whole->kecamatan && part->kabupaten == whole->kabupaten;
    return !same && (!part->kecamatan || part->kecamatan == whole->kecamatan) &&
           (!part->kabupaten || part->kabupaten == whole->kabupaten);
}

/* Of each district the one that names it best. */
static uint32_t full_district(const sgp_graph_places *places, uint32_t district) {
    for (uint32_t i = 0; i < places->n_districts; i++)
        if (is_part_of(&places->districts[district], &places->districts[i]))
            return full_district(places, i);
    return district;
}

static int by_names(const void *left, const void *right) {
    const sgp_zone_area *a = left, *b = right;
    int order = strcmp(a->kabupaten, b->kabupaten);
    if (!order)
        order = strcmp(a->kecamatan, b->kecamatan);
    return order ? order : strcmp(a->kelurahan, b->kelurahan);
}

static uint32_t area_named(const sgp_zones *zones, const sgp_zone_area *name) {
    uint32_t low = 0, high = zones->n_areas;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (by_names(&zones->areas[middle], name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* One area for each name; those that turn out to have no street are dropped later. */
static sgp_err make_areas(making *m) {
    const sgp_graph_places *places = m->places;
    sgp_zones *zones = m->zones;
    uint32_t n = places->n_districts;
    zones->areas = calloc((size_t)n + 1, sizeof *zones->areas);
    zones->area_of_district = calloc((size_t)n + 1, sizeof *zones->area_of_district);
    sgp_zone_area *names = calloc((size_t)n + 1, sizeof *names);
    if (!zones->areas || !zones->area_of_district || !names) {
        free(names);
        return SGP_E_MEMORY;
    }
    for (uint32_t i = 0; i <= n; i++) {
        sgp_graph_district full =
            i < n ? places->districts[full_district(places, i)] : (sgp_graph_district){0};
        names[i] = (sgp_zone_area){.kelurahan = text_of(places, full.kelurahan),
                                   .kecamatan = text_of(places, full.kecamatan),
                                   .kabupaten = text_of(places, full.kabupaten)};
        zones->areas[i] = names[i];
    }
    qsort(zones->areas, (size_t)n + 1, sizeof *zones->areas, by_names);
    for (uint32_t i = 0; i <= n; i++)
        if (i == 0 || by_names(&zones->areas[zones->n_areas - 1], &zones->areas[i]) != 0)
            zones->areas[zones->n_areas++] = zones->areas[i];
    for (uint32_t i = 0; i <= n; i++)
        zones->area_of_district[i] = area_named(zones, &names[i]);
    free(names);
    return SGP_OK;
}

static uint32_t area_at(const making *m, sgp_point point) {
    const sgp_graph_district *inside = sgp_graph_district_at(m->places, point);
    size_t district = inside ? (size_t)(inside - m->places->districts) : m->places->n_districts;
    return m->zones->area_of_district[district];
}

/* ---- streets ----------------------------------------------------------------- */

static bool is_lived_on(const sgp_edge *edge) {
    return edge->road_class >= SGP_ROAD_PRIMARY && edge->road_class <= SGP_ROAD_LIVING_STREET &&
           (edge->flags & SGP_EDGE_LINK) == 0;
}

static sgp_err add_stretch(making *m, sgp_point a, sgp_point b, bool is_reached) {
    if (m->n == m->capacity) {
        size_t capacity = m->capacity ? 2 * m->capacity : 4096;
        sample *samples = realloc(m->samples, capacity * sizeof *samples);
        if (!samples)
            return SGP_E_MEMORY;
        m->samples = samples;
        m->capacity = capacity;
    }
    double mm = sgp_distance_m(a, b) * 1000 + 0.5;
    sgp_point middle = {(int32_t)(((int64_t)a.lon_e7 + b.lon_e7) / 2),
                        (int32_t)(((int64_t)a.lat_e7 + b.lat_e7) / 2)};
    m->samples[m->n++] = (sample){.middle = middle,
                                  .area = area_at(m, middle),
                                  .length_mm = mm < INT32_MAX ? (int32_t)mm : INT32_MAX,
                                  .is_reached = is_reached};
    return SGP_OK;
}

static sgp_err add_streets(making *m) {
    const sgp_graph_parts *parts = m->parts;
    sgp_err err = SGP_OK;
    for (uint32_t e = 0; e < parts->n_edges && !err; e++) {
        const sgp_edge *edge = &parts->edges[e];
        if (!is_lived_on(edge))
            continue;
        const sgp_point *points = parts->points + edge->first_point;
        for (uint32_t i = 1; i < edge->n_points && !err; i++)
            err = add_stretch(m, points[i - 1], points[i], (edge->flags & SGP_EDGE_MAIN) != 0);
    }
    for (uint32_t v = 0; v < parts->n_foot_vertices && !err; v++)
        for (uint32_t a = parts->foot_first_arc[v]; a < parts->foot_first_arc[v + 1] && !err; a++)
            if (v < parts->foot_arcs[a].head) /* each way on foot once */
                err = add_stretch(m, parts->foot_point[v],
                                  parts->foot_point[parts->foot_arcs[a].head], false);
    return err;
}

/* ---- cells ------------------------------------------------------------------- */

static int by_cell(const void *left, const void *right) {
    const sample *a = left, *b = right;
    if (a->area != b->area)
        return a->area < b->area ? -1 : 1;
    if (a->row != b->row)
        return a->row < b->row ? -1 : 1;
    return (a->column > b->column) - (a->column < b->column);
}

static int by_cell_then_place(const void *left, const void *right) {
    const sample *a = left, *b = right;
    int order = by_cell(a, b);
    if (order)
        return order;
    if (a->middle.lat_e7 != b->middle.lat_e7)
        return a->middle.lat_e7 < b->middle.lat_e7 ? -1 : 1;
    if (a->middle.lon_e7 != b->middle.lon_e7)
        return a->middle.lon_e7 < b->middle.lon_e7 ? -1 : 1;
    if (a->length_mm != b->length_mm)
        return a->length_mm < b->length_mm ? -1 : 1;
    return a->is_reached - b->is_reached;
}

static uint32_t count_cells(const making *m) {
    uint32_t n = 0;
    for (size_t i = 0; i < m->n; i++)
        n += i == 0 || by_cell(&m->samples[i - 1], &m->samples[i]) != 0;
    return n;
}

/* Sorts the stretches by cells of that size; returns how many cells there are. */
static uint32_t lay_cells(making *m, double cell_m) {
    for (size_t i = 0; i < m->n; i++) {
        sample *s = &m->samples[i];
        s->row = (int32_t)floor(((double)s->middle.lat_e7 - m->parts->south_west.lat_e7) *
                                metres_of_e7 / cell_m);
        s->column = (int32_t)floor(((double)s->middle.lon_e7 - m->parts->south_west.lon_e7) *
                                   metres_of_e7 * m->shrink / cell_m);
    }
    qsort(m->samples, m->n, sizeof *m->samples, by_cell_then_place);
    return count_cells(m);
}

static double square_m2(double shrink, sgp_point a, sgp_point b) {
    double east = ((double)a.lon_e7 - b.lon_e7) * metres_of_e7 * shrink;
    double north = ((double)a.lat_e7 - b.lat_e7) * metres_of_e7;
    return east * east + north * north;
}

/* The place on a road nearest to the middle of a cell's streets. False: no vehicle comes here. */
static bool find_point(const making *m, size_t first, size_t last, sgp_point *point) {
    double lon = 0, lat = 0, mm = 0;
    for (size_t i = first; i < last; i++) {
        const sample *s = &m->samples[i];
        double share = s->length_mm + 1.0; /* a stretch of nothing counts a little */
        lon += s->middle.lon_e7 * share;
        lat += s->middle.lat_e7 * share;
        mm += share;
    }
    sgp_point middle = {(int32_t)(lon / mm), (int32_t)(lat / mm)};
    double nearest = INFINITY;
    for (size_t i = first; i < last; i++) {
        double square = square_m2(m->shrink, m->samples[i].middle, middle);
        if (m->samples[i].is_reached && square < nearest) {
            nearest = square;
            *point = m->samples[i].middle;
        }
    }
    return nearest < INFINITY;
}

static uint32_t nearest_zone(const sgp_zones *zones, double shrink, uint32_t first, uint32_t last,
                             sgp_point point) {
    uint32_t best = first;
    double nearest = INFINITY;
    for (uint32_t z = first; z < last; z++) {
        double square = square_m2(shrink, zones->zones[z].point, point);
        if (square < nearest) {
            nearest = square;
            best = z;
        }
    }
    return best;
}

/* Makes the zones of all cells that a vehicle reaches; what the others hold comes after. */
static sgp_err make_zones(making *m, uint32_t n_cells) {
    sgp_zones *zones = m->zones;
    zones->zones = calloc(n_cells, sizeof *zones->zones);
    int64_t *mm = calloc(n_cells, sizeof *mm);
    if (!zones->zones || !mm) {
        free(mm);
        return SGP_E_MEMORY;
    }
    for (int pass = 0; pass < 2; pass++)
        for (size_t first = 0, last; first < m->n; first = last) {
            int64_t length_mm = 0;
            for (last = first; last < m->n && by_cell(&m->samples[first], &m->samples[last]) == 0;
                 last++)
                length_mm += m->samples[last].length_mm;
            sgp_point point;
            bool is_reached = find_point(m, first, last, &point);
            if (is_reached && pass == 0) {
                mm[zones->n_zones] = length_mm;
                zones->zones[zones->n_zones++] =
                    (sgp_zone){.point = point, .area = m->samples[first].area};
            } else if (!is_reached && pass == 1 && zones->n_zones > 0) {
                mm[nearest_zone(zones, m->shrink, 0, zones->n_zones, m->samples[first].middle)] +=
                    length_mm;
            }
        }
    for (uint32_t z = 0; z < zones->n_zones; z++)
        zones->zones[z].weight = mm[z] / 1000 + 1; /* never nothing */
    free(mm);
    return zones->n_zones ? SGP_OK : SGP_E_NOT_FOUND;
}

/* Drops areas without zones and tells each of its own. */
static void join_areas(sgp_zones *zones, uint32_t n_districts) {
    uint32_t kept = 0, zone = 0;
    for (uint32_t area = 0; area < zones->n_areas; area++) {
        uint32_t first = zone;
        while (zone < zones->n_zones && zones->zones[zone].area == area)
            zones->zones[zone++].area = kept;
        bool is_empty = zone == first;
        for (uint32_t d = 0; d <= n_districts; d++)
            if (zones->area_of_district[d] == area)
                zones->area_of_district[d] = is_empty ? SGP_NONE : kept;
        if (is_empty)
            continue;
        zones->areas[kept] = zones->areas[area];
        zones->areas[kept].first_zone = first;
        zones->areas[kept++].n_zones = zone - first;
    }
    zones->n_areas = kept;
}

static void add_up(sgp_zones *zones) {
    zones->weight = 0;
    for (uint32_t area = 0; area < zones->n_areas; area++)
        zones->areas[area].weight = 0;
    for (uint32_t z = 0; z < zones->n_zones; z++) {
        zones->areas[zones->zones[z].area].weight += zones->zones[z].weight;
        zones->weight += zones->zones[z].weight;
    }
}

static sgp_err make(making *m, double cell_m, uint32_t zones_max, sgp_fault *fault) {
    sgp_err err = make_areas(m);
    if (!err)
        err = add_streets(m);
    if (err)
        return sgp_fail(fault, err, "no memory for the zones");
    uint32_t n_cells = lay_cells(m, cell_m);
    while (n_cells > zones_max) {
        if (cell_m > 1e7) /* one cell for each area by now */
            return sgp_fail(fault, SGP_E_TOO_LARGE,
                            "%s has %u areas, and at most %u zones were asked for", m->parts->name,
                            n_cells, zones_max);
        cell_m *= 1.25;
        n_cells = lay_cells(m, cell_m);
    }
    if (n_cells)
        err = make_zones(m, n_cells);
    if (!n_cells || err == SGP_E_NOT_FOUND)
        return sgp_fail(fault, SGP_E_NOT_FOUND, "%s has no streets that people live on",
                        m->parts->name);
    if (err)
        return sgp_fail(fault, err, "no memory for the zones");
    m->zones->cell_m = cell_m;
    join_areas(m->zones, m->places->n_districts);
    add_up(m->zones);
    return SGP_OK;
}

static double shrink_of(const sgp_graph_parts *parts) {
    return cos((sgp_lat(parts->south_west) + sgp_lat(parts->north_east)) / 2 * 3.14159265358979 /
               180);
}

sgp_err sgp_zones_make(const sgp_graph_parts *parts, double cell_m, uint32_t zones_max,
                       sgp_zones *zones, sgp_fault *fault) {
    cell_m = cell_m == 0 ? SGP_ZONE_CELL_M : cell_m;
    zones_max = zones_max == 0 ? SGP_ZONES_USUAL_MAX : zones_max;
    if (!(cell_m >= 100 && cell_m <= 100000))
        return sgp_fail(fault, SGP_E_RANGE, "a cell of zones is 100 to 100,000 m, not %g", cell_m);
    if (zones_max > SGP_ZONES_MAX)
        return sgp_fail(fault, SGP_E_RANGE, "there are at most %d zones, not %u", SGP_ZONES_MAX,
                        zones_max);
    *zones = (sgp_zones){0};
    making m = {
        .parts = parts, .places = &parts->places, .zones = zones, .shrink = shrink_of(parts)};
    sgp_err err = make(&m, cell_m, zones_max, fault);
    free(m.samples);
    if (err)
        sgp_zones_free(zones);
    return err;
}

void sgp_zones_free(sgp_zones *zones) {
    free(zones->zones);
    free(zones->areas);
    free(zones->area_of_district);
    *zones = (sgp_zones){0};
}

/* ---- use --------------------------------------------------------------------- */

uint32_t sgp_zones_find(const sgp_zones *zones, const sgp_graph_parts *parts, sgp_point point) {
    const sgp_graph_places *places = &parts->places;
    const sgp_graph_district *inside = sgp_graph_district_at(places, point);
    size_t district = inside ? (size_t)(inside - places->districts) : places->n_districts;
    uint32_t area = zones->area_of_district[district];
    uint32_t first = 0, last = zones->n_zones;
    if (area != SGP_NONE) {
        first = zones->areas[area].first_zone;
        last = first + zones->areas[area].n_zones;
    }
    return nearest_zone(zones, shrink_of(parts), first, last, point);
}

void sgp_zones_weigh(sgp_zones *zones, const sgp_graph_parts *parts, const sgp_point *points,
                     const int64_t *weight, size_t n) {
    for (uint32_t z = 0; z < zones->n_zones; z++)
        zones->zones[z].weight = 0;
    for (size_t i = 0; i < n; i++)
        zones->zones[sgp_zones_find(zones, parts, points[i])].weight += weight ? weight[i] : 1;
    add_up(zones);
}

const char *sgp_zone_area_name(const sgp_zone_area *area) {
    return area->kelurahan[0]   ? area->kelurahan
           : area->kecamatan[0] ? area->kecamatan
                                : area->kabupaten;
}
