#include "gis/point_grid.h"

#include <math.h>
#include <stdlib.h>

#include "base/clock.h"

#define METRES_PER_E7 0.0111194
enum { CELLS_MAX = 1 << 20, CELL_LEAST_E7 = 10000, BETWEEN_LOOKS = 4096 };

enum step { STEP_BOUNDS, STEP_COUNT, STEP_FILE, STEP_DONE };

void sgp_point_grid_begin(sgp_point_grid *grid, const void *points, sgp_point_at at, uint32_t n) {
    *grid = (sgp_point_grid){.points = points, .at = at, .n = n};
    grid->south_west = (sgp_point){INT32_MAX, INT32_MAX};
    grid->north_east = (sgp_point){INT32_MIN, INT32_MIN};
}

void sgp_point_grid_free(sgp_point_grid *grid) {
    free(grid->first);
    free(grid->number);
    *grid = (sgp_point_grid){0};
}

size_t sgp_point_grid_bytes(const sgp_point_grid *grid) {
    size_t cells = grid->first ? (size_t)grid->columns * (size_t)grid->rows + 1 : 0;
    return (cells + (grid->number ? grid->n : 0)) * sizeof(uint32_t);
}

/* ---- filling ----------------------------------------------------------------------- */

static int32_t parts_of(int32_t low, int32_t high, int32_t cell_e7) {
    return (int32_t)(((int64_t)high - low) / cell_e7) + 1;
}

static void widen(sgp_point_grid *grid, sgp_point p) {
    sgp_point *low = &grid->south_west, *high = &grid->north_east;
    low->lon_e7 = p.lon_e7 < low->lon_e7 ? p.lon_e7 : low->lon_e7;
    low->lat_e7 = p.lat_e7 < low->lat_e7 ? p.lat_e7 : low->lat_e7;
    high->lon_e7 = p.lon_e7 > high->lon_e7 ? p.lon_e7 : high->lon_e7;
    high->lat_e7 = p.lat_e7 > high->lat_e7 ? p.lat_e7 : high->lat_e7;
}

/* As many cells as points, not smaller than a hundred metres and not too many. */
static sgp_err make_cells(sgp_point_grid *grid) {
    double width = (double)grid->north_east.lon_e7 - grid->south_west.lon_e7 + 1;
    double height = (double)grid->north_east.lat_e7 - grid->south_west.lat_e7 + 1;
    double cells = grid->n < CELLS_MAX / 2 ? grid->n : CELLS_MAX / 2;
    /* Of a long narrow city the longer side alone may not have more than all of them. */
    double cell = fmax(sqrt(width * height / cells), fmax(width, height) / cells);
    grid->cell_e7 = cell < CELL_LEAST_E7 ? CELL_LEAST_E7
                    : cell > INT32_MAX   ? INT32_MAX
                                         : (int32_t)ceil(cell);
    grid->columns = parts_of(grid->south_west.lon_e7, grid->north_east.lon_e7, grid->cell_e7);
    grid->rows = parts_of(grid->south_west.lat_e7, grid->north_east.lat_e7, grid->cell_e7);
    grid->first = calloc((size_t)grid->columns * (size_t)grid->rows + 1, sizeof *grid->first);
    grid->number = malloc(grid->n * sizeof *grid->number);
    if (grid->first && grid->number)
        return SGP_OK;
    free(grid->first);
    free(grid->number);
    grid->first = grid->number = NULL;
    return SGP_E_MEMORY;
}

static size_t cell_of(const sgp_point_grid *grid, sgp_point p) {
    int64_t column = ((int64_t)p.lon_e7 - grid->south_west.lon_e7) / grid->cell_e7;
    int64_t row = ((int64_t)p.lat_e7 - grid->south_west.lat_e7) / grid->cell_e7;
    return (size_t)(row * grid->columns + column);
}

/* From how many each cell has to where each ends; filing then goes backwards to the beginnings. */
static void sum_up(sgp_point_grid *grid) {
    size_t cells = (size_t)grid->columns * (size_t)grid->rows;
    for (size_t i = 1; i <= cells; i++)
        grid->first[i] += grid->first[i - 1];
}

/* One point of the present step. */
static void take_point(sgp_point_grid *grid) {
    if (grid->step == STEP_BOUNDS)
        widen(grid, grid->at(grid->points, grid->next));
    else if (grid->step == STEP_COUNT)
        grid->first[cell_of(grid, grid->at(grid->points, grid->next))]++;
    else {
        /* The last first, so that a cell's numbers ascend. */
        uint32_t number = grid->n - 1 - grid->next;
        grid->number[--grid->first[cell_of(grid, grid->at(grid->points, number))]] = number;
    }
    grid->next++;
}

static sgp_err go_on(sgp_point_grid *grid) {
    if (grid->step == STEP_BOUNDS) {
        sgp_err err = make_cells(grid);
        if (err != SGP_OK)
            return err;
    } else if (grid->step == STEP_COUNT) {
        sum_up(grid);
    }
    grid->step++;
    grid->next = 0;
    return SGP_OK;
}

sgp_err sgp_point_grid_fill(sgp_point_grid *grid, int64_t budget_us, bool *done) {
    int64_t until_us = sgp_monotonic_us() + budget_us;
    sgp_err err = SGP_OK;
    if (grid->n == 0)
        grid->step = STEP_DONE;
    while (err == SGP_OK && grid->step != STEP_DONE) {
        if (grid->next == grid->n) {
            err = go_on(grid);
            continue;
        }
        take_point(grid);
        if (grid->next % BETWEEN_LOOKS == 0 && sgp_monotonic_us() >= until_us)
            break;
    }
    *done = err == SGP_OK && grid->step == STEP_DONE;
    return err;
}

/* ---- searching ---------------------------------------------------------------------- */

typedef struct walk {
    const sgp_point_grid *grid;
    int64_t column, row; /* of the middle, which may lie outside */
    double limit_m;
    sgp_point_visit visit;
    void *ctx;
} walk;

static int64_t floor_divide(int64_t a, int64_t b) {
    return a >= 0 ? a / b : -((-a + b - 1) / b);
}

static void visit_cells(walk *w, int64_t row, int64_t from, int64_t to) {
    const sgp_point_grid *grid = w->grid;
    if (row < 0 || row >= grid->rows)
        return;
    from = from < 0 ? 0 : from;
    to = to >= grid->columns ? grid->columns - 1 : to;
    if (from > to)
        return;
    size_t first = (size_t)(row * grid->columns + from), last = (size_t)(row * grid->columns + to);
    for (uint32_t i = grid->first[first]; i < grid->first[last + 1]; i++)
        w->limit_m = w->visit(w->ctx, grid->number[i]);
}

static void visit_ring(walk *w, int64_t ring) {
    visit_cells(w, w->row - ring, w->column - ring, w->column + ring);
    for (int64_t row = w->row - ring + 1; row < w->row + ring; row++) {
        visit_cells(w, row, w->column - ring, w->column - ring);
        visit_cells(w, row, w->column + ring, w->column + ring);
    }
    if (ring > 0)
        visit_cells(w, w->row + ring, w->column - ring, w->column + ring);
}

static int64_t most(int64_t a, int64_t b) {
    return a > b ? a : b;
}

/* How near the middle a column's width can be seen, at most: degrees of longitude are the shorter
 * the nearer the pole. */
static double shrink_within(sgp_point middle, double limit_m) {
    double lat = fabs(sgp_lat(middle)) + limit_m / METRES_PER_E7 / 1e7;
    return lat < 89 ? cos(lat * 0.017453292519943295) * 0.99 : 0;
}

void sgp_point_grid_visit(const sgp_point_grid *grid, sgp_point middle, double limit_m,
                          sgp_point_visit visit, void *ctx) {
    if (grid->step != STEP_DONE || grid->n == 0)
        return;
    walk w = {.grid = grid, .limit_m = limit_m, .visit = visit, .ctx = ctx};
    w.column = floor_divide((int64_t)middle.lon_e7 - grid->south_west.lon_e7, grid->cell_e7);
    w.row = floor_divide((int64_t)middle.lat_e7 - grid->south_west.lat_e7, grid->cell_e7);
    double ring_m = grid->cell_e7 * METRES_PER_E7 * shrink_within(middle, limit_m);
    /* The first ring that touches the grid, and the last. */
    int64_t ring =
        most(most(-w.column, w.column - grid->columns + 1), most(-w.row, w.row - grid->rows + 1));
    int64_t end =
        most(most(w.column, grid->columns - 1 - w.column), most(w.row, grid->rows - 1 - w.row));
    for (ring = most(ring, 0); ring <= end && (double)(ring - 1) * ring_m <= w.limit_m; ring++)
        visit_ring(&w, ring);
}
