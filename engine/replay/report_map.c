#include "replay/report_map.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "replay/report_plot.h"

/* The drawing is WIDTH units wide, five for a pixel of a wide screen, so that whole numbers do. */
enum { WIDTH = 3000, SKIP = 9, CLASSES_MAX = 7 };

struct sgp_map {
    const sgp_page *page;
    const sgp_graph_parts *graph;
    int64_t west_e7, south_e7, east_e7, north_e7;
    double x_scale, y_scale; /* units for 1e-7 degree */
    int32_t height;
    int percent; /* of the incidents in the frame; also tells the ids of two frames apart */
    bool *shown; /* [n_districts] lies in the frame and has a shape */
};

/* ---- what is known of a district ------------------------------------------ */

static const char *text_of(const sgp_graph_places *places, uint32_t offset) {
    return places->texts + offset;
}

static sgp_cell cell_of(const sgp_graph_parts *graph, uint32_t district, sgp_measure measure) {
    const sgp_graph_places *places = &graph->places;
    return (sgp_cell){.measure = measure,
                      .interval = SGP_INTERVAL_RESPONSE,
                      .grouping = SGP_GROUP_KELURAHAN,
                      .name = text_of(places, places->districts[district].kelurahan),
                      .within = text_of(places, places->districts[district].kecamatan)};
}

static double incidents_in(const sgp_page *page, uint32_t policy, uint32_t district) {
    sgp_cell cell = cell_of(page->map, district, SGP_MEASURE_INCIDENTS);
    sgp_estimate estimate = sgp_comparison_estimate(page->comparison, policy, &cell);
    return estimate.mean * estimate.n;
}

/* What a map shows of a district; n 0 where too little is known. */
static sgp_estimate value_of(const sgp_map *map, uint32_t policy, uint32_t district,
                             bool difference) {
    const sgp_comparison *comparison = map->page->comparison;
    sgp_cell cell = cell_of(map->graph, district, SGP_MEASURE_P90);
    if (incidents_in(map->page, policy, district) < SGP_MAP_FEW)
        return (sgp_estimate){.half_width = NAN};
    return difference ? sgp_comparison_difference(comparison, policy, 0, &cell)
                      : sgp_comparison_estimate(comparison, policy, &cell);
}

bool sgp_map_possible(const sgp_page *page) {
    for (uint32_t d = 0; page->map != NULL && d < page->map->places.n_districts; d++) {
        if (incidents_in(page, 0, d) >= SGP_MAP_FEW)
            return true;
    }
    return false;
}

/* ---- the frame ------------------------------------------------------------ */

typedef void (*span_visit)(sgp_map *map, uint32_t district, int64_t row, int64_t from_e7,
                           int64_t to_e7, void *ctx);

static void each_span(sgp_map *map, span_visit visit, void *ctx) {
    const sgp_graph_places *places = &map->graph->places;
    for (uint32_t row = 0; row < places->n_rows; row++) {
        uint32_t end = places->first_span[row + 1];
        for (uint32_t s = places->first_span[row]; s < end; s++) {
            const sgp_district_span *span = &places->spans[s];
            int64_t to_e7 = s + 1 < end ? span[1].from_lon_e7 : map->graph->north_east.lon_e7;
            if (span->district < places->n_districts && to_e7 > span->from_lon_e7)
                visit(map, span->district, row, span->from_lon_e7, to_e7, ctx);
        }
    }
}

static void include(sgp_map *map, int64_t lon_e7, int64_t lat_e7) {
    map->west_e7 = lon_e7 < map->west_e7 ? lon_e7 : map->west_e7;
    map->east_e7 = lon_e7 > map->east_e7 ? lon_e7 : map->east_e7;
    map->south_e7 = lat_e7 < map->south_e7 ? lat_e7 : map->south_e7;
    map->north_e7 = lat_e7 > map->north_e7 ? lat_e7 : map->north_e7;
}

static void include_span(sgp_map *map, uint32_t district, int64_t row, int64_t from_e7,
                         int64_t to_e7, void *ctx) {
    const bool *framed = ctx;
    if (!framed[district])
        return;
    const sgp_graph_places *places = &map->graph->places;
    int64_t south_e7 = places->south_e7 + row * (int64_t)places->row_e7;
    include(map, from_e7, south_e7);
    include(map, to_e7, south_e7 + places->row_e7);
}

static void set_scale(sgp_map *map) {
    int64_t margin_e7 = (map->east_e7 - map->west_e7 + map->north_e7 - map->south_e7) / 60 + 10000;
    map->west_e7 -= margin_e7;
    map->east_e7 += margin_e7;
    map->south_e7 -= margin_e7;
    map->north_e7 += margin_e7;
    double middle = (double)(map->south_e7 + map->north_e7) / 2e7 * M_PI / 180;
    map->x_scale = WIDTH / (double)(map->east_e7 - map->west_e7);
    map->y_scale = map->x_scale / cos(middle);
    map->height = (int32_t)((double)(map->north_e7 - map->south_e7) * map->y_scale);
}

static int32_t x_of(const sgp_map *map, int64_t lon_e7) {
    return (int32_t)lround((double)(lon_e7 - map->west_e7) * map->x_scale);
}

static int32_t y_of(const sgp_map *map, int64_t lat_e7) {
    return (int32_t)lround((double)(map->north_e7 - lat_e7) * map->y_scale);
}

/* ---- shapes --------------------------------------------------------------- */

typedef struct box {
    uint32_t district;
    int32_t x1, x2, y1, y2;
} box;
typedef struct box_list {
    box *boxes;
    size_t n, capacity;
    bool failed;
} box_list;

static void add_box(sgp_map *map, uint32_t district, int64_t row, int64_t from_e7, int64_t to_e7,
                    void *ctx) {
    box_list *list = ctx;
    const sgp_graph_places *places = &map->graph->places;
    int64_t south_e7 = places->south_e7 + row * (int64_t)places->row_e7;
    box b = {district, x_of(map, from_e7), x_of(map, to_e7), y_of(map, south_e7 + places->row_e7),
             y_of(map, south_e7)};
    b.x1 = b.x1 < 0 ? 0 : b.x1;
    b.x2 = b.x2 > WIDTH ? WIDTH : b.x2;
    if (list->failed || b.x2 <= b.x1 || b.y2 <= 0 || b.y1 >= map->height)
        return;
    if (list->n == list->capacity) {
        list->capacity = list->capacity == 0 ? 1024 : list->capacity * 2;
        box *more = realloc(list->boxes, list->capacity * sizeof *more);
        list->failed = more == NULL;
        if (list->failed)
            return;
        list->boxes = more;
    }
    list->boxes[list->n++] = b;
}

static int by_district(const void *left, const void *right) {
    const box *a = left, *b = right;
    if (a->district != b->district)
        return a->district < b->district ? -1 : 1;
    return a->y1 != b->y1 ? (a->y1 > b->y1 ? -1 : 1) : (a->x1 > b->x1) - (a->x1 < b->x1);
}

/* Each kelurahan is one path of its boxes; its id is k and the district's number. */
static sgp_err put_districts(sgp_map *map) {
    box_list list = {0};
    each_span(map, add_box, &list);
    if (!list.failed) {
        qsort(list.boxes, list.n, sizeof *list.boxes, by_district);
        for (size_t i = 0; i < list.n; i++) {
            const box *b = &list.boxes[i];
            if (i == 0 || b[-1].district != b->district)
                sgp_put_tags(map->page, "<path id=\"k%d-%u\" d=\"", map->percent,
                             (unsigned)b->district);
            sgp_put_tags(map->page, "M%d %dH%dV%dH%dz", (int)b->x1, (int)b->y1, (int)b->x2,
                         (int)b->y2, (int)b->x1);
            if (i + 1 == list.n || b[1].district != b->district)
                sgp_put_tags(map->page, "\"/>\n");
            map->shown[b->district] = true;
        }
    }
    free(list.boxes);
    return list.failed ? SGP_E_MEMORY : SGP_OK;
}

static void put_edge(const sgp_map *map, const sgp_edge *edge) {
    const sgp_point *points = map->graph->points + edge->first_point;
    bool inside = false;
    for (uint32_t i = 0; i < edge->n_points && !inside; i++)
        inside = points[i].lon_e7 > map->west_e7 && points[i].lon_e7 < map->east_e7 &&
                 points[i].lat_e7 > map->south_e7 && points[i].lat_e7 < map->north_e7;
    if (!inside)
        return;
    int32_t x = x_of(map, points[0].lon_e7), y = y_of(map, points[0].lat_e7);
    sgp_put_tags(map->page, "M%d %dl", (int)x, (int)y);
    for (uint32_t i = 1; i < edge->n_points; i++) {
        int32_t dx = x_of(map, points[i].lon_e7) - x, dy = y_of(map, points[i].lat_e7) - y;
        if (i + 1 < edge->n_points && dx * dx + dy * dy < SKIP * SKIP)
            continue;
        sgp_put_tags(map->page, "%d %d ", (int)dx, (int)dy);
        x += dx;
        y += dy;
    }
}

static void put_roads(const sgp_map *map) {
    /* Minor roads only where they can be told apart: within some 30 km. */
    int least = map->east_e7 - map->west_e7 < 2700000 ? SGP_ROAD_TERTIARY : SGP_ROAD_SECONDARY;
    sgp_put_tags(map->page, "<path id=\"roads%d\" d=\"", map->percent);
    for (uint32_t e = 0; e < map->graph->n_edges; e++) {
        if (map->graph->edges[e].road_class <= least)
            put_edge(map, &map->graph->edges[e]);
    }
    sgp_put_tags(map->page, "\"/>\n");
}

typedef struct counted {
    double incidents;
    double area; /* e7 squared; only to be compared */
    uint32_t district;
} counted;

/* By incidents for each area, so that the city comes before its mountains. */
static int densest_first(const void *left, const void *right) {
    const counted *a = left, *b = right;
    double x = a->incidents * b->area, y = b->incidents * a->area;
    if (x != y)
        return x > y ? -1 : 1;
    return (a->district > b->district) - (a->district < b->district);
}

static void add_area(sgp_map *map, uint32_t district, int64_t row, int64_t from_e7, int64_t to_e7,
                     void *ctx) {
    counted *counts = ctx;
    (void)row;
    counts[district].area += (double)(to_e7 - from_e7) * map->graph->places.row_e7;
}

static bool same_names(const sgp_graph_places *places, uint32_t a, uint32_t b) {
    return strcmp(text_of(places, places->districts[a].kelurahan),
                  text_of(places, places->districts[b].kelurahan)) == 0 &&
           strcmp(text_of(places, places->districts[a].kecamatan),
                  text_of(places, places->districts[b].kecamatan)) == 0;
}

/* Where boundaries of kelurahan and kabupaten do not meet, slivers have the names of a large
 * neighbour, and would pass for the densest of all: the largest of equal names has the incidents.
 */
static void pass_over_slivers(const sgp_map *map, counted *counts) {
    const sgp_graph_places *places = &map->graph->places;
    for (uint32_t a = 0; a < places->n_districts; a++) {
        for (uint32_t b = 0; b < places->n_districts && counts[a].incidents > 0; b++) {
            if (counts[b].area > counts[a].area && same_names(places, a, b))
                counts[a].incidents = 0;
        }
    }
}

static void choose_framed(sgp_map *map, counted *counts, bool *framed) {
    uint32_t n = map->graph->places.n_districts;
    double all = 0, held = 0;
    for (uint32_t d = 0; d < n; d++)
        counts[d] = (counted){.incidents = incidents_in(map->page, 0, d), .district = d};
    each_span(map, add_area, counts);
    pass_over_slivers(map, counts);
    for (uint32_t d = 0; d < n; d++)
        all += counts[d].incidents;
    qsort(counts, n, sizeof *counts, densest_first);
    for (uint32_t i = 0; i < n && held * 100 < all * map->percent; i++) {
        held += counts[i].incidents;
        framed[counts[i].district] = true;
    }
}

static sgp_err find_frame(sgp_map *map) {
    uint32_t n = map->graph->places.n_districts;
    bool *framed = calloc(n + 1, 1);
    counted *counts = malloc((n + 1) * sizeof *counts);
    map->shown = calloc(n + 1, 1);
    sgp_err err = SGP_E_MEMORY;
    if (framed != NULL && counts != NULL && map->shown != NULL) {
        map->west_e7 = map->south_e7 = INT64_MAX;
        map->east_e7 = map->north_e7 = INT64_MIN;
        choose_framed(map, counts, framed);
        each_span(map, include_span, framed);
        set_scale(map);
        err = SGP_OK;
    }
    free(framed);
    free(counts);
    return err;
}

sgp_err sgp_map_begin(const sgp_page *page, int percent, sgp_map **made) {
    sgp_map *map = calloc(1, sizeof *map);
    if (map == NULL)
        return SGP_E_MEMORY;
    map->page = page;
    map->graph = page->map;
    map->percent = percent;
    sgp_err err = find_frame(map);
    if (err == SGP_OK) {
        sgp_put_tags(page, "<svg class=\"shapes\" aria-hidden=\"true\"><defs>\n");
        err = put_districts(map);
        put_roads(map);
        sgp_put_tags(page, "</defs></svg>\n");
    }
    if (err != SGP_OK) {
        sgp_map_end(map);
        return err;
    }
    *made = map;
    return SGP_OK;
}

void sgp_map_end(sgp_map *map) {
    if (map == NULL)
        return;
    free(map->shown);
    free(map);
}

/* ---- one map -------------------------------------------------------------- */

/* Classes of colour: from `least` in steps; differences have their zero in the middle class. */
typedef struct classes {
    double least, step;
    int n;
    char letter; /* q: from good to bad; d: better, equal, worse */
} classes;

/* A difference that may as well be none. Of one replication it cannot be told: it is shown. */
static bool is_unsure(sgp_estimate difference) {
    return fabs(difference.mean) <= difference.half_width;
}

/* All maps of differences have the same classes, so that policies can be compared by eye. */
static classes find_classes(const sgp_map *map, bool difference) {
    double least = INFINITY, most = -INFINITY;
    uint32_t first = difference ? 1 : 0;
    uint32_t end = difference ? map->page->comparison->n_policies : 1;
    for (uint32_t p = first; p < end; p++) {
        for (uint32_t d = 0; d < map->graph->places.n_districts; d++) {
            if (!map->shown[d])
                continue;
            sgp_estimate value = value_of(map, p, d, difference);
            if (value.n == 0 || (difference && is_unsure(value)))
                continue;
            least = fmin(least, value.mean);
            most = fmax(most, value.mean);
        }
    }
    if (least > most)
        least = most = 0;
    if (difference) {
        double step = (double)sgp_nice_step_ms(2 * fmax(fabs(least), fabs(most)) + 1, CLASSES_MAX);
        return (classes){-step * CLASSES_MAX / 2, step, CLASSES_MAX, 'd'};
    }
    double step = (double)sgp_nice_step_ms(most - least + 1, CLASSES_MAX - 1);
    return (classes){floor(least / step) * step, step, CLASSES_MAX, 'q'};
}

static int class_of(const classes *c, double value) {
    int class = (int)floor((value - c->least) / c->step);
    return class < 0 ? 0 : class >= c->n ? c->n - 1 : class;
}

static void put_legend(const sgp_map *map, const classes *c, const bool *used) {
    sgp_put_tags(map->page, "<p class=\"legend\">");
    for (int k = 0; k < c->n; k++) {
        char from[32], to[32];
        double low = c->least + c->step * k;
        if (!used[k])
            continue;
        sgp_put_tags(map->page, "<span><i class=\"%c%d\"></i>", c->letter, k);
        if (c->letter == 'd')
            sgp_put_tags(map->page, "%s … %s", sgp_signed_minutes_text(low, from),
                         sgp_signed_minutes_text(low + c->step, to));
        else
            sgp_put_tags(map->page, "%s–%s", sgp_minutes_text(low, from),
                         sgp_minutes_text(low + c->step, to));
        sgp_put_tags(map->page, "</span> ");
    }
    if (c->letter == 'd') {
        sgp_put_tags(map->page, "<span><i class=\"unsure\"></i>");
        sgp_put_say(map->page, SGP_SAY_MAP_UNSURE);
        sgp_put_tags(map->page, "</span> ");
    }
    sgp_put_tags(map->page, "<span><i class=\"few\"></i>");
    sgp_put_say(map->page, SGP_SAY_MAP_FEW);
    sgp_put_tags(map->page, "</span></p>\n");
}

static void put_marks(const sgp_map *map, const sgp_summary *run) {
    for (uint32_t i = 0; i < run->n_hospitals; i++) {
        int x = x_of(map, run->hospitals[i].point.lon_e7);
        int y = y_of(map, run->hospitals[i].point.lat_e7);
        if (x < 0 || x > WIDTH || y < 0 || y > map->height)
            continue;
        sgp_put_tags(map->page, "<path class=\"hospital\" d=\"M%d %dv56m-28 -28h56\"><title>", x,
                     y - 28);
        sgp_put(map->page, run->hospitals[i].name);
        sgp_put_tags(map->page, "</title></path>\n");
    }
    for (uint32_t i = 0; i < run->n_stations; i++) {
        int x = x_of(map, run->stations[i].point.lon_e7);
        int y = y_of(map, run->stations[i].point.lat_e7);
        if (x < 0 || x > WIDTH || y < 0 || y > map->height)
            continue;
        sgp_put_tags(map->page, "<circle class=\"station\" cx=\"%d\" cy=\"%d\" r=\"24\"><title>", x,
                     y);
        sgp_put(map->page, run->stations[i].name);
        sgp_put_tags(map->page, "</title></circle>\n");
    }
}

static void put_district(const sgp_map *map, const classes *c, uint32_t district,
                         sgp_estimate value, bool *used) {
    const sgp_graph_places *places = &map->graph->places;
    char class[8] = "few";
    if (value.n > 0 && c->letter == 'd' && is_unsure(value)) {
        snprintf(class, sizeof class, "unsure");
    } else if (value.n > 0) {
        int k = class_of(c, value.mean);
        used[k] = true;
        snprintf(class, sizeof class, "%c%d", c->letter, k);
    }
    sgp_put_tags(map->page, "<use href=\"#k%d-%u\" class=\"%s\"><title>", map->percent,
                 (unsigned)district, class);
    const char *kelurahan = text_of(places, places->districts[district].kelurahan);
    sgp_put(map->page, kelurahan);
    sgp_put(map->page, *kelurahan != '\0' ? ", " : "");
    sgp_put(map->page, text_of(places, places->districts[district].kecamatan));
    sgp_put_tags(map->page, ": ");
    sgp_put_estimate(map->page, value, SGP_FORM_MINUTES, c->letter == 'd');
    sgp_put_tags(map->page, "</title></use>\n");
}

static void put_map(const sgp_map *map, uint32_t policy, bool difference) {
    const sgp_page *page = map->page;
    const sgp_graph_places *places = &map->graph->places;
    classes c = find_classes(map, difference);
    bool used[CLASSES_MAX] = {false};
    sgp_report_text title = difference ? SGP_SAY_MAP_DIFFERENCE : SGP_SAY_MAP_BASE;
    sgp_put_tags(page, "<figure><figcaption>");
    sgp_put_say(page, title);
    sgp_put_tags(page, ": <b>");
    sgp_put(page, page->comparison->policies[policy].policy);
    if (difference) {
        sgp_put_tags(page, " − ");
        sgp_put(page, page->comparison->policies[0].policy);
    }
    sgp_put_tags(page, "</b> <small>");
    sgp_put_say(page, SGP_SAY_MAP_WHERE);
    sgp_put_tags(page, "&nbsp;%d&nbsp;%%</small></figcaption>", map->percent);
    sgp_put_tags(page,
                 "<svg class=\"map\" viewBox=\"0 0 %d %d\" role=\"img\">"
                 "<title>",
                 WIDTH, (int)map->height);
    sgp_put_say(page, title);
    sgp_put_tags(page, "</title>\n");
    for (uint32_t d = 0; d < places->n_districts; d++) {
        if (!map->shown[d])
            continue;
        put_district(map, &c, d, value_of(map, policy, d, difference), used);
    }
    sgp_put_tags(page, "<use href=\"#roads%d\" class=\"road\"/>\n", map->percent);
    put_marks(map, &page->comparison->policies[policy].runs[0]);
    sgp_put_tags(page, "</svg>\n");
    put_legend(map, &c, used);
    sgp_put_tags(page, "</figure>\n");
}

void sgp_map_response(const sgp_map *map, uint32_t policy) {
    put_map(map, policy, false);
}

void sgp_map_difference(const sgp_map *map, uint32_t policy) {
    put_map(map, policy, true);
}
