/* Local streets: in each village a bent grid, turned to lie along the nearest
 * main road, that ends on the main roads it meets. Streets are runs along the
 * grid's lines; each gets a name from the village's themes. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "gis/malang/sketch.h"

#define HALF 48           /* grid lines on either side of the centre, at most */
#define CLEAR_MAIN_M 24.0 /* grid points keep that far from main roads */
#define REACH_M 1900.0    /* a cell is filled that far from its centre */
#define LONGEST_RUN 6     /* blocks that share one name */

typedef struct village_grid {
    sgp_net *net;
    const sgp_sketch_data *data;
    const sgp_sketch_village *village;
    uint32_t index;
    sgp_dice dice;
    sgp_xy along, across; /* unit vectors of the two kinds of lines */
    double step_along, step_across;
    double phase[4];
    uint32_t *node;   /* [(2 HALF + 1)^2] the net's node, or SGP_NO_INDEX until used */
    bool *free_point; /* may a street run through it? */
    uint32_t next_name;
    uint32_t *order; /* shuffled names of all themes */
    const sgp_sketch_theme **theme_of;
    size_t n_order;
} village_grid;

static size_t slot(int i, int j) {
    return (size_t)(i + HALF) * (2 * HALF + 1) + (size_t)(j + HALF);
}

/* Where the grid's point lies; fractions between points bend the same way. */
static sgp_xy grid_at(const village_grid *grid, double i, double j) {
    double u = i * grid->step_along, v = j * grid->step_across;
    double du = 14.0 * sin(v / 95.0 + grid->phase[0]) + 9.0 * sin(u / 140.0 + grid->phase[1]);
    double dv = 13.0 * sin(u / 120.0 + grid->phase[2]) + 7.0 * sin(v / 70.0 + grid->phase[3]);
    u += du;
    v += dv;
    return (sgp_xy){grid->village->at.x + grid->along.x * u + grid->across.x * v,
                    grid->village->at.y + grid->along.y * u + grid->across.y * v};
}

static bool crosses_lines(sgp_xy a, sgp_xy b, const sgp_sketch_line *lines, size_t n) {
    double fraction = 0.0;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 1; k < lines[i].n; k++)
            if (sgp_xy_cross(a, b, lines[i].at[k - 1], lines[i].at[k], &fraction))
                return true;
    return false;
}

static bool point_is_free(const village_grid *grid, sgp_xy at) {
    const sgp_sketch_village *village = grid->village;
    double reach = village->radius_m > 0.0 ? village->radius_m : REACH_M;
    if (sgp_xy_distance(at, village->at) > reach || village->n_cell < 3 ||
        !sgp_xy_inside(at, village->cell, village->n_cell))
        return false;
    for (size_t i = 0; i < grid->data->n_parks; i++)
        if (sgp_xy_inside(at, grid->data->parks[i].at, grid->data->parks[i].n))
            return false;
    for (size_t i = 0; i < grid->data->n_places; i++) {
        const sgp_sketch_place *place = &grid->data->places[i];
        if (place->ground_m[0] > 0.0 &&
            sgp_xy_distance(at, place->at) < 0.6 * fmax(place->ground_m[0], place->ground_m[1]))
            return false;
    }
    for (size_t i = 0; i < grid->data->n_estates; i++)
        if (grid->data->estates[i].placed && sgp_xy_inside(at, grid->data->estates[i].ring, 4))
            return false;
    return sgp_net_nearest(grid->net, at, CLEAR_MAIN_M, NULL, NULL).segment == SGP_NO_INDEX;
}

static bool is_main(const sgp_net *net, uint32_t segment, const void *ctx) {
    (void)ctx;
    const sgp_street *street = &net->streets[net->segments[segment].street];
    return street->kind == SGP_STREET_MAIN && street->layer == 0;
}

static void turn_grid(village_grid *grid) {
    grid->along = (sgp_xy){1.0, 0.0};
    sgp_net_hit hit = sgp_net_nearest(grid->net, grid->village->at, 1200.0, is_main, NULL);
    if (hit.segment != SGP_NO_INDEX) {
        sgp_xy a = sgp_net_at(grid->net, grid->net->segments[hit.segment].a);
        sgp_xy b = sgp_net_at(grid->net, grid->net->segments[hit.segment].b);
        double length = sgp_xy_distance(a, b);
        if (length > 1.0)
            grid->along = (sgp_xy){(b.x - a.x) / length, (b.y - a.y) / length};
    }
    grid->across = (sgp_xy){-grid->along.y, grid->along.x};
}

/* ---- names ---------------------------------------------------------------- */

static void gather_names(village_grid *grid) {
    const sgp_sketch_data *data = grid->data;
    size_t room_order = 0, room_theme = 0, n_theme = 0;
    for (size_t t = 0; t < data->n_themes; t++) {
        const char *found = strstr(grid->village->themes, data->themes[t].key);
        size_t length = strlen(data->themes[t].key);
        if (found == NULL || (found[length] != '\0' && found[length] != ',') ||
            (found != grid->village->themes && found[-1] != ','))
            continue;
        for (uint32_t k = 0; k < data->themes[t].n_names; k++) {
            SGP_SKETCH_ROOM(grid->order, grid->n_order, room_order);
            SGP_SKETCH_ROOM(grid->theme_of, n_theme, room_theme);
            grid->theme_of[n_theme++] = &data->themes[t];
            grid->order[grid->n_order++] = k;
        }
    }
    for (size_t i = grid->n_order; i > 1; i--) {
        size_t k = sgp_dice_below(&grid->dice, (uint32_t)i);
        uint32_t name = grid->order[i - 1];
        const sgp_sketch_theme *theme = grid->theme_of[i - 1];
        grid->order[i - 1] = grid->order[k];
        grid->theme_of[i - 1] = grid->theme_of[k];
        grid->order[k] = name;
        grid->theme_of[k] = theme;
    }
}

static const char *next_name(village_grid *grid) {
    if (grid->n_order == 0)
        return "";
    size_t which = grid->next_name % grid->n_order;
    size_t round = grid->next_name / grid->n_order;
    grid->next_name++;
    const sgp_sketch_theme *theme = grid->theme_of[which];
    const char *gap = theme->before[0] != '\0' ? " " : "";
    const char *name = theme->names[grid->order[which]];
    if (round == 0)
        return sgp_net_name(grid->net, sgp_sketch_text("Jalan %s%s%s", theme->before, gap, name));
    const char *again = grid->data->again[(round - 1) % grid->data->n_again];
    return sgp_net_name(grid->net,
                        sgp_sketch_text("Jalan %s%s%s %s", theme->before, gap, name, again));
}

/* ---- drawing --------------------------------------------------------------- */

/* A street being drawn: begun when its first block is. */
typedef struct street_run {
    uint32_t street;
    int blocks;
} street_run;

static void extend_run(village_grid *grid, street_run *run, uint32_t from, uint32_t to) {
    if (run->street == SGP_NO_INDEX) {
        bool oneway = sgp_dice_unit(&grid->dice) < 0.05 && grid->village->radius_m <= 0.0;
        run->street = sgp_net_street_add(grid->net, (sgp_street){.name = next_name(grid),
                                                                 .road_class = "residential",
                                                                 .kind = SGP_STREET_LOCAL,
                                                                 .oneway = oneway,
                                                                 .village = grid->index});
        run->blocks = 0;
    }
    sgp_net_extend(grid->net, run->street, from, to);
}

static uint32_t node_of(village_grid *grid, int i, int j) {
    uint32_t *node = &grid->node[slot(i, j)];
    if (*node == SGP_NO_INDEX)
        *node = sgp_net_node_add(grid->net, grid_at(grid, (double)i, (double)j));
    return *node;
}

/* Rivers and the railway are crossed on main roads, seldom elsewhere. */
static bool barred(village_grid *grid, sgp_xy a, sgp_xy b) {
    if (crosses_lines(a, b, grid->data->rivers, grid->data->n_rivers))
        return sgp_dice_unit(&grid->dice) > 0.04;
    if (crosses_lines(a, b, grid->data->railways, grid->data->n_railways))
        return sgp_dice_unit(&grid->dice) > 0.12;
    return false;
}

/* One block from a grid point to the next, or to the main road between; false ends the street. */
static bool draw_block(village_grid *grid, street_run *run, int i, int j, int di, int dj) {
    bool here = grid->free_point[slot(i, j)], there = grid->free_point[slot(i + di, j + dj)];
    if (!here && !there)
        return false;
    sgp_xy a = grid_at(grid, i, j), b = grid_at(grid, i + di, j + dj);
    if (barred(grid, a, b))
        return false;
    size_t n = 0;
    sgp_net_hit hit = {SGP_NO_INDEX, 0.0, 0.0};
    if (here && there) {
        hit = sgp_net_crossing(grid->net, a, b, SGP_NO_INDEX, &n);
        if (n > 1)
            return false;
    } else {
        /* One end is too near a road or outside: go on to the road if it is close. */
        sgp_xy from = here ? a : b, to = here ? b : a;
        to = sgp_xy_between(from, to, 1.35);
        hit = sgp_net_crossing(grid->net, from, to, SGP_NO_INDEX, &n);
        if (n == 0)
            return false;
    }
    uint32_t crossing = SGP_NO_INDEX;
    if (hit.segment != SGP_NO_INDEX) {
        const sgp_street *met = &grid->net->streets[grid->net->segments[hit.segment].street];
        if (met->layer != 0 || strcmp(met->road_class, "motorway_link") == 0)
            return false;
        crossing = sgp_net_split(grid->net, hit.segment, hit.fraction, 9.0);
    }
    if (here && there && crossing == SGP_NO_INDEX) {
        uint32_t middle = sgp_net_node_add(grid->net, grid_at(grid, i + di * 0.5, j + dj * 0.5));
        extend_run(grid, run, node_of(grid, i, j), middle);
        extend_run(grid, run, middle, node_of(grid, i + di, j + dj));
    } else {
        if (here)
            extend_run(grid, run, node_of(grid, i, j), crossing);
        if (there)
            extend_run(grid, run, crossing, node_of(grid, i + di, j + dj));
    }
    run->blocks++;
    return there;
}

static void draw_line(village_grid *grid, int line, bool is_across, double keep) {
    street_run run = {SGP_NO_INDEX, 0};
    for (int k = -HALF; k < HALF; k++) {
        int i = is_across ? line : k, j = is_across ? k : line;
        bool wanted = sgp_dice_unit(&grid->dice) < keep;
        bool goes_on = wanted && draw_block(grid, &run, i, j, is_across ? 0 : 1, is_across ? 1 : 0);
        if (!goes_on || run.blocks >= LONGEST_RUN)
            run = (street_run){SGP_NO_INDEX, 0};
    }
}

static void fill_village(sgp_net *net, const sgp_sketch_data *data, uint32_t index, uint64_t seed) {
    size_t n = (size_t)(2 * HALF + 1) * (2 * HALF + 1);
    village_grid grid = {.net = net,
                         .data = data,
                         .village = &data->villages[index],
                         .index = index,
                         .dice = sgp_dice_of(seed, 200000 + index)};
    bool in_city = grid.village->radius_m <= 0.0;
    turn_grid(&grid);
    gather_names(&grid);
    grid.step_along = sgp_dice_range(&grid.dice, in_city ? 105.0 : 125.0, in_city ? 140.0 : 165.0);
    grid.step_across = sgp_dice_range(&grid.dice, in_city ? 60.0 : 82.0, in_city ? 76.0 : 105.0);
    for (int i = 0; i < 4; i++)
        grid.phase[i] = sgp_dice_range(&grid.dice, 0.0, 6.28);
    grid.node = sgp_sketch_memory(NULL, n, sizeof *grid.node);
    grid.free_point = sgp_sketch_memory(NULL, n, sizeof *grid.free_point);
    for (int i = -HALF; i <= HALF; i++)
        for (int j = -HALF; j <= HALF; j++) {
            grid.node[slot(i, j)] = SGP_NO_INDEX;
            grid.free_point[slot(i, j)] = point_is_free(&grid, grid_at(&grid, i, j));
        }
    for (int j = -HALF; j <= HALF; j++)
        draw_line(&grid, j, false, 0.93);
    for (int i = -HALF; i <= HALF; i++)
        draw_line(&grid, i, true, 0.72);
    free(grid.node);
    free(grid.free_point);
    free(grid.order);
    free(grid.theme_of);
}

void sgp_net_fill(sgp_net *net, const sgp_sketch_data *data, uint64_t seed) {
    for (uint32_t i = 0; i < data->n_villages; i++)
        fill_village(net, data, i, seed);
}
