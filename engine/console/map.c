#include "console/map.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "console/admin.h"

enum { DOTS_ACROSS = 2, DOTS_DOWN = 4 };
static const double metres_a_degree = 111195.0; /* of latitude, mean earth radius */
static const double closest_m = 0.5, furthest_m = 2000.0;

void sgp_map_free(sgp_map *map) {
    free(map->dots);
    free(map->way);
    free(map->shut);
    *map = (sgp_map){0};
}

/* ---- the view ------------------------------------------------------------------------------ */

static double shrink(const sgp_map *map) {
    return cos(map->lat * 3.14159265358979323846 / 180.0);
}

/* In dots from the left upper corner of a view of these cells. */
static void dot_of(const sgp_map *map, double lon, double lat, double *x, double *y) {
    *x = (lon - map->lon) * shrink(map) * metres_a_degree / map->metres +
         map->columns * DOTS_ACROSS / 2.0;
    *y = (map->lat - lat) * metres_a_degree / map->metres + map->rows * DOTS_DOWN / 2.0;
}

static void bound(sgp_map *map) {
    map->metres = fmin(fmax(map->metres, closest_m), furthest_m);
    map->lat = fmin(fmax(map->lat, -80.0), 80.0);
    map->lon = fmin(fmax(map->lon, -180.0), 180.0);
}

typedef struct bounds {
    double west, east, south, north;
    bool any;
} bounds;

static void widen(bounds *b, double lon, double lat) {
    b->west = b->any ? fmin(b->west, lon) : lon;
    b->east = b->any ? fmax(b->east, lon) : lon;
    b->south = b->any ? fmin(b->south, lat) : lat;
    b->north = b->any ? fmax(b->north, lat) : lat;
    b->any = true;
}

static void widen_by_things(bounds *b, const sgp_model *model) {
    const sgp_board *board = &model->narrator.board;
    for (size_t i = 0; i < board->units.n; i++) {
        const Sigap__V1__Unit *unit = (const Sigap__V1__Unit *)board->units.items[i].message;
        const Sigap__V1__Point *point =
            unit->position != NULL ? unit->position : unit->station_point;
        if (point != NULL)
            widen(b, point->lon, point->lat);
    }
    for (size_t i = 0; i < model->n_incidents; i++) {
        const Sigap__V1__Incident *incident = sgp_board_incident(board, model->incidents[i].id);
        if (incident != NULL && incident->place != NULL && incident->place->point != NULL)
            widen(b, incident->place->point->lon, incident->place->point->lat);
    }
}

void sgp_map_whole(sgp_map *map, const sgp_model *model, int rows, int columns) {
    bounds b = {0};
    widen_by_things(&b, model);
    if (!b.any && map->graph != NULL) {
        const sgp_graph_parts *parts = sgp_graph_get(map->graph);
        widen(&b, sgp_lon(parts->south_west), sgp_lat(parts->south_west));
        widen(&b, sgp_lon(parts->north_east), sgp_lat(parts->north_east));
    }
    if (!b.any || rows < 1 || columns < 1)
        return;
    map->lon = (b.west + b.east) / 2;
    map->lat = (b.south + b.north) / 2;
    double across_m = (b.east - b.west) * shrink(map) * metres_a_degree,
           down_m = (b.north - b.south) * metres_a_degree;
    map->metres = fmax(across_m / (columns * DOTS_ACROSS), down_m / (rows * DOTS_DOWN)) * 1.05;
    map->follows = false;
    bound(map);
}

void sgp_map_move(sgp_map *map, int right, int down) {
    if (map->metres <= 0)
        return;
    map->lon +=
        right * map->columns * DOTS_ACROSS / 4.0 * map->metres / (metres_a_degree * shrink(map));
    map->lat -= down * map->rows * DOTS_DOWN / 4.0 * map->metres / metres_a_degree;
    map->follows = false;
    bound(map);
}

void sgp_map_zoom(sgp_map *map, int by) {
    map->metres *= by > 0 ? 0.6 : 1 / 0.6;
    bound(map);
}

static const Sigap__V1__Point *chosen_point(const sgp_model *model) {
    const Sigap__V1__Incident *incident = sgp_model_incident(model);
    return incident != NULL && incident->place != NULL ? incident->place->point : NULL;
}

void sgp_map_follow(sgp_map *map, const sgp_model *model) {
    if (chosen_point(model) == NULL)
        return;
    map->follows = true;
    map->metres = 25; /* a unit that is minutes away is in sight, */
    /* and who is on the way from further off, too. */
    const sgp_board *board = &model->narrator.board;
    const Sigap__V1__Point *here = chosen_point(model);
    for (size_t i = 0; i < board->units.n; i++) {
        const Sigap__V1__Unit *unit = (const Sigap__V1__Unit *)board->units.items[i].message;
        if (unit->incident_id != model->incident || unit->position == NULL || map->rows < 1 ||
            map->columns < 1)
            continue;
        double across_m = fabs(unit->position->lon - here->lon) * shrink(map) * metres_a_degree,
               down_m = fabs(unit->position->lat - here->lat) * metres_a_degree;
        map->metres = fmax(map->metres, 2.2 * fmax(across_m / (map->columns * DOTS_ACROSS),
                                                   down_m / (map->rows * DOTS_DOWN)));
    }
    bound(map);
}

/* ---- roads ---------------------------------------------------------------------------------- */

static void set_dot(const sgp_map *map, uint8_t *dots, int x, int y) {
    /* Bits of U+2800: the first three rows left and right, then the fourth. */
    static const uint8_t bits[DOTS_DOWN][DOTS_ACROSS] = {{1, 8}, {2, 16}, {4, 32}, {64, 128}};
    if (x < 0 || y < 0 || x >= map->columns * DOTS_ACROSS || y >= map->rows * DOTS_DOWN)
        return;
    dots[(size_t)(y / DOTS_DOWN) * (size_t)map->columns + (size_t)(x / DOTS_ACROSS)] |=
        bits[y % DOTS_DOWN][x % DOTS_ACROSS];
}

/* Cuts the line to the view (Liang and Barsky 1984); false: all of it is outside. */
static bool clip(const sgp_map *map, double *x0, double *y0, double *x1, double *y1) {
    double dx = *x1 - *x0, dy = *y1 - *y0, from = 0, to = 1;
    double width = map->columns * DOTS_ACROSS - 1, height = map->rows * DOTS_DOWN - 1;
    const double p[4] = {-dx, dx, -dy, dy}, q[4] = {*x0, width - *x0, *y0, height - *y0};
    for (int i = 0; i < 4; i++) {
        if (p[i] == 0) {
            if (q[i] < 0)
                return false;
            continue;
        }
        double t = q[i] / p[i];
        if (p[i] < 0)
            from = fmax(from, t);
        else
            to = fmin(to, t);
    }
    if (from > to)
        return false;
    double ax = *x0, ay = *y0;
    *x0 = ax + from * dx;
    *y0 = ay + from * dy;
    *x1 = ax + to * dx;
    *y1 = ay + to * dy;
    return true;
}

static void draw_line(const sgp_map *map, uint8_t *dots, double x0, double y0, double x1,
                      double y1) {
    if (!clip(map, &x0, &y0, &x1, &y1))
        return;
    double steps = fmax(fabs(x1 - x0), fabs(y1 - y0));
    int n = (int)ceil(steps);
    for (int i = 0; i <= n; i++) {
        double t = n == 0 ? 0 : (double)i / n;
        set_dot(map, dots, (int)lround(x0 + t * (x1 - x0)), (int)lround(y0 + t * (y1 - y0)));
    }
}

/* The least of the roads that are worth a dot at this scale. */
static int least_road(double metres) {
    if (metres > 120)
        return SGP_ROAD_PRIMARY;
    if (metres > 50)
        return SGP_ROAD_SECONDARY;
    if (metres > 22)
        return SGP_ROAD_TERTIARY;
    if (metres > 10)
        return SGP_ROAD_UNCLASSIFIED;
    if (metres > 5)
        return SGP_ROAD_LIVING_STREET;
    return SGP_ROAD_CLASSES;
}

static void draw_roads(sgp_map *map) {
    const sgp_graph_parts *parts = sgp_graph_get(map->graph);
    int least = least_road(map->metres);
    for (uint32_t e = 0; e < parts->n_edges; e++) {
        const sgp_edge *edge = &parts->edges[e];
        if (edge->road_class > least)
            continue;
        const sgp_point *points = parts->points + edge->first_point;
        double x0, y0, x1, y1;
        dot_of(map, sgp_lon(points[0]), sgp_lat(points[0]), &x0, &y0);
        for (uint32_t i = 1; i < edge->n_points; i++, x0 = x1, y0 = y1) {
            dot_of(map, sgp_lon(points[i]), sgp_lat(points[i]), &x1, &y1);
            draw_line(map, map->dots, x0, y0, x1, y1);
        }
    }
}

/* Makes the roads of the view, unless they are made already. false: no memory. */
static bool make_roads(sgp_map *map, int rows, int columns) {
    bool same = map->dots != NULL && map->rows == rows && map->columns == columns &&
                map->drawn_lon == map->lon && map->drawn_lat == map->lat &&
                map->drawn_metres == map->metres;
    if (same)
        return true;
    uint8_t *dots = realloc(map->dots, (size_t)rows * (size_t)columns);
    if (dots == NULL)
        return false;
    map->dots = dots;
    map->rows = rows;
    map->columns = columns;
    map->drawn_lon = map->lon;
    map->drawn_lat = map->lat;
    map->drawn_metres = map->metres;
    memset(dots, 0, (size_t)rows * (size_t)columns);
    if (map->graph != NULL)
        draw_roads(map);
    return true;
}

static void put_dots(const sgp_map *map, const uint8_t *from, sgp_ink ink, sgp_canvas *canvas,
                     sgp_area area) {
    for (int row = 0; row < map->rows; row++)
        for (int column = 0; column < map->columns; column++) {
            unsigned dots = from[(size_t)row * (size_t)map->columns + (size_t)column];
            if (dots == 0)
                continue;
            const char text[4] = {(char)0xe2, (char)(0xa0 | (dots >> 6)),
                                  (char)(0x80 | (dots & 63)), '\0'};
            sgp_canvas_put(canvas, area.row + row, area.column + column, 1, ink, text);
        }
}

/* Over the roads, so that a cell of the way has no other dots. */
static void put_way(sgp_map *map, sgp_canvas *canvas, sgp_area area, const sgp_dossier *dossier) {
    const Sigap__V1__Route *route =
        dossier->route != NULL && dossier->route_unit != 0 ? dossier->route->route : NULL;
    size_t cells = (size_t)map->rows * (size_t)map->columns;
    uint8_t *way = route != NULL ? realloc(map->way, cells) : NULL;
    if (way == NULL)
        return;
    map->way = way;
    memset(way, 0, cells);
    double x0 = 0, y0 = 0, x1, y1;
    for (size_t i = 0; i < route->n_points; i++, x0 = x1, y0 = y1) {
        dot_of(map, route->points[i]->lon, route->points[i]->lat, &x1, &y1);
        /* Two dots wide: without colour it still stands out among the roads. */
        if (i > 0) {
            draw_line(map, way, x0, y0, x1, y1);
            draw_line(map, way, x0 + 1, y0, x1 + 1, y1);
            draw_line(map, way, x0, y0 + 1, x1, y1 + 1);
        }
    }
    put_dots(map, way, SGP_INK_YELLOW | SGP_INK_BOLD, canvas, area);
}

/* ---- things ------------------------------------------------------------------------------------
 */

/* A sign and a label beside it, as far as they are in the area. */
static void put_thing(const sgp_map *map, sgp_canvas *canvas, sgp_area area,
                      const Sigap__V1__Point *point, sgp_ink ink, const char *text) {
    double x, y;
    dot_of(map, point->lon, point->lat, &x, &y);
    if (!(x >= 0 && y >= 0 && x < map->columns * DOTS_ACROSS && y < map->rows * DOTS_DOWN))
        return;
    int row = (int)y / DOTS_DOWN, column = (int)x / DOTS_ACROSS;
    sgp_canvas_put(canvas, area.row + row, area.column + column, area.columns - column, ink, text);
}

static sgp_ink unit_ink(const Sigap__V1__Unit *unit) {
    if (unit->status == SIGAP__V1__UNIT_STATUS__UNIT_AVAILABLE)
        return SGP_INK_GREEN | SGP_INK_BOLD;
    return unit->incident_id != 0 ? SGP_INK_YELLOW | SGP_INK_BOLD : SGP_INK_CYAN;
}

static void put_units(const sgp_map *map, sgp_canvas *canvas, sgp_area area,
                      const sgp_model *model) {
    char text[64];
    for (size_t i = 0; i < model->n_units; i++) {
        const Sigap__V1__Unit *unit = sgp_board_unit(&model->narrator.board, model->units[i]);
        if (unit == NULL || !unit->on_duty)
            continue;
        const Sigap__V1__Point *point =
            unit->position != NULL && !unit->at_station ? unit->position : unit->station_point;
        if (point == NULL)
            point = unit->position;
        if (point == NULL)
            continue;
        bool on_chosen = unit->incident_id != 0 && unit->incident_id == model->incident;
        /* Names where there is room for them; always that of who goes to the chosen incident. */
        bool named = map->metres < 15 || on_chosen;
        snprintf(text, sizeof text, "%s%s%s",
                 unit->status == SIGAP__V1__UNIT_STATUS__UNIT_AVAILABLE ? "●" : "▲",
                 sgp_unit_position_stale(model, unit) ? "?" : "", named ? unit->code : "");
        put_thing(map, canvas, area, point, unit_ink(unit) | (on_chosen ? SGP_INK_REVERSE : 0),
                  text);
    }
}

static void put_incident(const sgp_map *map, sgp_canvas *canvas, sgp_area area,
                         const sgp_model *model, uint64_t id) {
    char text[64];
    const Sigap__V1__Incident *incident = sgp_board_incident(&model->narrator.board, id);
    bool chosen = id == model->incident;
    if (incident == NULL || incident->place == NULL || incident->place->point == NULL)
        return;
    snprintf(text, sizeof text, "%s%s#%" PRIu64, chosen ? "▶" : "✚",
             sgp_priority_text(model->language, (int)incident->priority), id);
    put_thing(map, canvas, area, incident->place->point,
              sgp_priority_ink((int)incident->priority) | (chosen ? SGP_INK_REVERSE : 0), text);
}

/* From the least to the most urgent, the chosen one last: what matters most lies on top. */
static void put_incidents(const sgp_map *map, sgp_canvas *canvas, sgp_area area,
                          const sgp_model *model) {
    for (size_t i = model->n_incidents; i-- > 0;)
        if (model->incidents[i].id != model->incident)
            put_incident(map, canvas, area, model, model->incidents[i].id);
    put_incident(map, canvas, area, model, model->incident);
}

/* ---- closed roads, and what is being drawn ------------------------------------------------------
 */

static void shut_line(const sgp_map *map, const Sigap__V1__Point *from,
                      const Sigap__V1__Point *to) {
    double x0, y0, x1, y1;
    dot_of(map, from->lon, from->lat, &x0, &y0);
    dot_of(map, to->lon, to->lat, &x1, &y1);
    /* Three dots wide: a closed road is seen without colour, too. */
    for (int by = -1; by <= 1; by++) {
        draw_line(map, map->shut, x0 + by, y0, x1 + by, y1);
        draw_line(map, map->shut, x0, y0 + by, x1, y1 + by);
    }
}

static void shut_circle(const sgp_map *map, double lon, double lat, double radius_m) {
    enum { CORNERS = 48 };
    double x, y, r = radius_m / map->metres, px = 0, py = 0;
    dot_of(map, lon, lat, &x, &y);
    for (int i = 0; i <= CORNERS; i++) {
        double angle = 2 * 3.14159265358979 * i / CORNERS;
        double cx = x + r * cos(angle), cy = y + r * sin(angle);
        if (i > 0)
            draw_line(map, map->shut, px, py, cx, cy);
        px = cx;
        py = cy;
    }
}

static bool begin_shut(sgp_map *map) {
    size_t cells = (size_t)map->rows * (size_t)map->columns;
    uint8_t *shut = realloc(map->shut, cells);
    if (shut == NULL)
        return false;
    map->shut = shut;
    memset(shut, 0, cells);
    return true;
}

static void put_closures(sgp_map *map, sgp_canvas *canvas, sgp_area area, const sgp_model *model) {
    const sgp_admin *admin = model->admin;
    const Sigap__V1__RoadClosure *closure;
    if (admin == NULL || !begin_shut(map))
        return;
    for (size_t i = 0; (closure = sgp_admin_closure(admin, i)) != NULL; i++) {
        if (!closure->in_force)
            continue;
        for (size_t k = 0; k + 1 < closure->n_line; k += 2)
            shut_line(map, closure->line[k], closure->line[k + 1]);
        if (closure->radius_m > 0 && closure->point != NULL)
            shut_circle(map, closure->point->lon, closure->point->lat, closure->radius_m);
    }
    put_dots(map, map->shut, SGP_INK_RED | SGP_INK_BOLD, canvas, area);
    for (size_t i = 0; (closure = sgp_admin_closure(admin, i)) != NULL; i++) {
        char text[32];
        const Sigap__V1__Point *at =
            closure->n_line > 0 ? closure->line[closure->n_line / 2] : closure->point;
        snprintf(text, sizeof text, "✖%" PRIu64, closure->id);
        if (at != NULL && closure->in_force)
            put_thing(map, canvas, area, at, SGP_INK_RED | SGP_INK_REVERSE, text);
    }
}

/* The stretch that is asked about, the points that were set, and the cross. */
static void put_drawing(sgp_map *map, sgp_canvas *canvas, sgp_area area, const sgp_model *model) {
    const sgp_admin *admin = model->admin;
    const Sigap__V1__Stretch *stretch = admin != NULL ? sgp_admin_stretch(admin) : NULL;
    char text[24];
    if (admin == NULL || (stretch == NULL && !map->cross) || !begin_shut(map))
        return;
    for (size_t k = 0; stretch != NULL && k + 1 < stretch->n_line; k += 2)
        shut_line(map, stretch->line[k], stretch->line[k + 1]);
    if (map->cross && admin->circle_m > 0)
        shut_circle(map, map->cross_lon, map->cross_lat, admin->circle_m);
    put_dots(map, map->shut, SGP_INK_YELLOW | SGP_INK_BOLD | SGP_INK_REVERSE, canvas, area);
    for (size_t i = 0; i < admin->n_drawn; i++) {
        snprintf(text, sizeof text, "%zu", i + 1);
        put_thing(map, canvas, area, &admin->drawn[i], SGP_INK_YELLOW | SGP_INK_REVERSE, text);
    }
    Sigap__V1__Point cross = SIGAP__V1__POINT__INIT;
    cross.lon = map->cross_lon;
    cross.lat = map->cross_lat;
    if (map->cross)
        put_thing(map, canvas, area, &cross, SGP_INK_BOLD | SGP_INK_REVERSE, "╳");
}

void sgp_map_cross(sgp_map *map, int right, int down) {
    double x, y;
    if (map->metres <= 0)
        return;
    map->cross_lon += right * DOTS_ACROSS * map->metres / (metres_a_degree * shrink(map));
    map->cross_lat -= down * DOTS_DOWN * map->metres / metres_a_degree;
    dot_of(map, map->cross_lon, map->cross_lat, &x, &y);
    if (x < 0 || y < 0 || x >= map->columns * DOTS_ACROSS || y >= map->rows * DOTS_DOWN) {
        map->lon = map->cross_lon;
        map->lat = map->cross_lat;
    }
}

void sgp_map_zoom_to_cross(sgp_map *map, int by) {
    map->lon = map->cross_lon;
    map->lat = map->cross_lat;
    sgp_map_zoom(map, by);
}

void sgp_map_draw(sgp_map *map, sgp_canvas *canvas, sgp_area area, const sgp_model *model,
                  const sgp_dossier *dossier) {
    char title[256], metres[32];
    sgp_area inner = {area.row + 1, area.column, area.rows - 1, area.columns};
    if (inner.rows < 1 || inner.columns < 1)
        return;
    if (map->metres <= 0)
        sgp_map_whole(map, model, inner.rows, inner.columns);
    const Sigap__V1__Point *point = chosen_point(model);
    if (map->follows && point != NULL) {
        map->lon = point->lon;
        map->lat = point->lat;
    }
    if (map->cross && isnan(map->cross_lon)) {
        map->cross_lon = map->lon;
        map->cross_lat = map->lat;
    }
    double across_m = inner.columns * DOTS_ACROSS * map->metres;
    snprintf(metres, sizeof metres, across_m >= 10000 ? "%.0f km" : "%.1f km", across_m / 1000);
    bool other = map->graph != NULL && model->city_id[0] != '\0';
    char id[33];
    if (other) {
        sgp_city_id_format(&sgp_graph_get(map->graph)->city, id);
        other = strcmp(id, model->city_id) != 0;
    }
    snprintf(title, sizeof title, "%s  ↔ %s%s%s",
             sgp_text_get(model->language, SGP_TEXT_CON_MAP_TITLE), metres,
             map->graph == NULL || other ? " · " : "",
             map->graph == NULL ? sgp_text_get(model->language, SGP_TEXT_CON_MAP_NO_ROADS)
             : other            ? sgp_text_get(model->language, SGP_TEXT_CON_MAP_OTHER)
                                : "");
    sgp_screen_title(canvas, area, title, true);
    if (map->metres <= 0 || !make_roads(map, inner.rows, inner.columns))
        return;
    put_dots(map, map->dots, SGP_INK_DIM, canvas, inner);
    put_closures(map, canvas, inner, model);
    put_way(map, canvas, inner, dossier);
    put_units(map, canvas, inner, model);
    put_incidents(map, canvas, inner, model);
    put_drawing(map, canvas, inner, model);
}
