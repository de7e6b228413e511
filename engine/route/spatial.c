#include "route/spatial.h"

#include <assert.h>
#include <stdlib.h>

void sgp_spatial_shape(sgp_spatial *spatial, uint32_t n_items) {
    spatial->n_items = n_items;
    spatial->n_boxes = 0;
    spatial->n_levels = 0;
    uint32_t count = n_items;
    while (count > 0) {
        assert(spatial->n_levels < SGP_SPATIAL_LEVELS);
        spatial->level_first[spatial->n_levels] = spatial->n_boxes;
        spatial->level_count[spatial->n_levels] = count;
        spatial->n_levels++;
        spatial->n_boxes += count;
        if (count == 1)
            break;
        count = (count - 1) / SGP_SPATIAL_FANOUT + 1;
    }
}

/* Position of cell (x, y) on a Hilbert curve through 65536 x 65536 cells
 * (Hilbert 1891): each level picks one of four quadrants, then turns the frame
 * so that the curve inside it begins and ends where its neighbours do. */
static uint32_t hilbert_position(uint32_t x, uint32_t y) {
    uint32_t position = 0;
    for (uint32_t half = 1u << 15; half > 0; half >>= 1) {
        uint32_t right = (x & half) ? 1 : 0;
        uint32_t upper = (y & half) ? 1 : 0;
        position = position << 2 | (right ? 3 - upper : upper);
        if (!upper) {
            if (right) {
                x = ~x;
                y = ~y;
            }
            uint32_t swap = x;
            x = y;
            y = swap;
        }
    }
    return position;
}

static uint32_t cell_of(int32_t low, int32_t high, int64_t twice_middle, uint32_t cells) {
    int64_t span = 2 * ((int64_t)high - low) + 1;
    return (uint32_t)((twice_middle - 2 * (int64_t)low) * (int64_t)cells / span);
}

static uint32_t curve_position(const sgp_box *box, const sgp_box *bounds) {
    int64_t lon = (int64_t)box->low.lon_e7 + box->high.lon_e7;
    int64_t lat = (int64_t)box->low.lat_e7 + box->high.lat_e7;
    return hilbert_position(cell_of(bounds->low.lon_e7, bounds->high.lon_e7, lon, 65536),
                            cell_of(bounds->low.lat_e7, bounds->high.lat_e7, lat, 65536));
}

static int compare_placed(const void *left, const void *right) {
    const sgp_placed_item *a = left;
    const sgp_placed_item *b = right;
    if (a->curve != b->curve)
        return a->curve < b->curve ? -1 : 1;
    if (a->item.edge != b->item.edge)
        return a->item.edge < b->item.edge ? -1 : 1;
    return (a->item.first_segment > b->item.first_segment) -
           (a->item.first_segment < b->item.first_segment);
}

static void place_edge(const sgp_graph_parts *parts, uint32_t edge, sgp_placed_item *placed,
                       uint64_t *n) {
    const sgp_edge *e = &parts->edges[edge];
    const sgp_point *points = parts->points + e->first_point;
    for (uint32_t first = 0; first + 1 < e->n_points; first += SGP_SPATIAL_RUN) {
        uint32_t run = sgp_spatial_run(e, first);
        sgp_placed_item *p = &placed[(*n)++];
        p->item = (sgp_spatial_item){.edge = edge, .first_segment = first};
        p->box = (sgp_box){points[first], points[first]};
        for (uint32_t i = 1; i <= run; i++)
            sgp_box_include(&p->box, points[first + i]);
    }
}

static void build_levels(sgp_spatial *spatial, sgp_box *boxes) {
    for (uint32_t level = 1; level < spatial->n_levels; level++) {
        const sgp_box *below = boxes + spatial->level_first[level - 1];
        uint32_t n_below = spatial->level_count[level - 1];
        sgp_box *here = boxes + spatial->level_first[level];
        for (uint32_t i = 0; i < n_below; i++) {
            sgp_box *parent = &here[i / SGP_SPATIAL_FANOUT];
            if (i % SGP_SPATIAL_FANOUT == 0)
                *parent = below[i];
            sgp_box_include(parent, below[i].low);
            sgp_box_include(parent, below[i].high);
        }
    }
}

sgp_err sgp_spatial_pack(sgp_placed_item *placed, uint64_t n, const sgp_box *bounds,
                         sgp_spatial *spatial) {
    *spatial = (sgp_spatial){0};
    if (n > UINT32_MAX / 2)
        return SGP_E_TOO_LARGE;
    sgp_spatial_shape(spatial, (uint32_t)n);
    if (n == 0)
        return SGP_OK;
    sgp_spatial_item *items = malloc(n * sizeof *items);
    sgp_box *boxes = malloc((size_t)spatial->n_boxes * sizeof *boxes);
    if (!items || !boxes) {
        free(items);
        free(boxes);
        *spatial = (sgp_spatial){0};
        return SGP_E_MEMORY;
    }
    for (uint64_t i = 0; i < n; i++)
        placed[i].curve = curve_position(&placed[i].box, bounds);
    qsort(placed, n, sizeof *placed, compare_placed);
    for (uint64_t i = 0; i < n; i++) {
        items[i] = placed[i].item;
        boxes[i] = placed[i].box;
    }
    build_levels(spatial, boxes);
    spatial->items = items;
    spatial->boxes = boxes;
    return SGP_OK;
}

sgp_err sgp_spatial_build(const sgp_graph_parts *parts, sgp_spatial *spatial) {
    *spatial = (sgp_spatial){0};
    uint64_t n = 0;
    for (uint32_t e = 0; e < parts->n_edges; e++)
        if (parts->edges[e].main_profiles != 0)
            n += (parts->edges[e].n_points - 2) / SGP_SPATIAL_RUN + 1;
    if (n > UINT32_MAX / 2)
        return SGP_E_TOO_LARGE;
    sgp_placed_item *placed = malloc((n + 1) * sizeof *placed);
    if (!placed)
        return SGP_E_MEMORY;
    uint64_t filled = 0;
    for (uint32_t e = 0; e < parts->n_edges; e++)
        if (parts->edges[e].main_profiles != 0)
            place_edge(parts, e, placed, &filled);
    assert(filled == n);
    const sgp_box bounds = {parts->south_west, parts->north_east};
    sgp_err err = sgp_spatial_pack(placed, n, &bounds, spatial);
    free(placed);
    return err;
}

void sgp_spatial_free(sgp_spatial *spatial) {
    free((void *)spatial->items);
    free((void *)spatial->boxes);
    *spatial = (sgp_spatial){0};
}

/* A box of the tree that is still to be looked into. */
typedef struct waiting_box {
    double distance_m;
    uint32_t level, index;
} waiting_box;

static double box_distance_m(const sgp_plane *plane, const sgp_box *box) {
    double x_low, y_low, x_high, y_high;
    sgp_to_plane(plane, box->low, &x_low, &y_low);
    sgp_to_plane(plane, box->high, &x_high, &y_high);
    double x = x_low > 0 ? x_low : x_high < 0 ? -x_high : 0;
    double y = y_low > 0 ? y_low : y_high < 0 ? -y_high : 0;
    return sqrt(x * x + y * y);
}

/* The horizon as a box, a little too large, to pass over what lies clearly outside. */
typedef struct window {
    int64_t west, east, south, north;
} window;

static window window_around(const sgp_plane *plane, double horizon_m) {
    const double most = 4e9; /* further than any coordinate */
    double lon = horizon_m / plane->lon_scale * 1.000001 + 2;
    double lat = horizon_m / plane->lat_scale * 1.000001 + 2;
    int64_t wide = (int64_t)(lon < most ? lon : most), high = (int64_t)(lat < most ? lat : most);
    return (window){plane->middle.lon_e7 - wide, plane->middle.lon_e7 + wide,
                    plane->middle.lat_e7 - high, plane->middle.lat_e7 + high};
}

static bool is_outside(const window *near, const sgp_box *box) {
    return box->low.lon_e7 > near->east || box->high.lon_e7 < near->west ||
           box->low.lat_e7 > near->north || box->high.lat_e7 < near->south;
}

void sgp_spatial_search(const sgp_spatial *spatial, const sgp_plane *plane, double horizon_m,
                        sgp_spatial_look look, void *context) {
    if (spatial->n_items == 0)
        return;
    waiting_box stack[SGP_SPATIAL_LEVELS * SGP_SPATIAL_FANOUT + 1];
    size_t depth = 0;
    window near = window_around(plane, horizon_m);
    stack[depth++] = (waiting_box){0, spatial->n_levels - 1, 0};
    while (depth > 0) {
        waiting_box box = stack[--depth];
        if (box.distance_m > horizon_m)
            continue;
        if (box.level == 0) {
            double left_m = look(context, &spatial->items[box.index]);
            if (left_m != horizon_m)
                near = window_around(plane, left_m);
            horizon_m = left_m;
            continue;
        }
        uint32_t level = box.level - 1;
        uint32_t end = (box.index + 1) * SGP_SPATIAL_FANOUT;
        if (end > spatial->level_count[level])
            end = spatial->level_count[level];
        size_t bottom = depth;
        for (uint32_t i = box.index * SGP_SPATIAL_FANOUT; i < end; i++) {
            const sgp_box *child = &spatial->boxes[spatial->level_first[level] + i];
            if (is_outside(&near, child))
                continue;
            waiting_box waiting = {box_distance_m(plane, child), level, i};
            if (waiting.distance_m > horizon_m)
                continue;
            assert(depth < sizeof stack / sizeof *stack);
            size_t place = depth++;
            for (; place > bottom && stack[place - 1].distance_m < waiting.distance_m; place--)
                stack[place] = stack[place - 1];
            stack[place] = waiting; /* the nearest lies on top */
        }
    }
}
