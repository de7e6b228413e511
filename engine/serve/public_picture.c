#include "serve/public_picture.h"

#include <stdlib.h>
#include <string.h>

/* What is counted in one kelurahan or square. */
typedef struct spot {
    const sgp_graph_district *district; /* NULL: a square */
    sgp_point middle;
    uint32_t a, b; /* waiting and attended, or free and busy */
} spot;

typedef struct spots {
    spot *items;
    size_t n, capacity;
} spots;

/* ---- where --------------------------------------------------------------------- */

static int32_t square_of(int32_t e7) {
    int32_t below = e7 / SGP_PUBLIC_SQUARE_E7 - (e7 % SGP_PUBLIC_SQUARE_E7 < 0);
    return below * SGP_PUBLIC_SQUARE_E7 + SGP_PUBLIC_SQUARE_E7 / 2;
}

static sgp_point square_middle(sgp_point point) {
    return (sgp_point){.lon_e7 = square_of(point.lon_e7), .lat_e7 = square_of(point.lat_e7)};
}

/* One district may be told in several rows of the graph's list. */
static bool is_same(const sgp_graph_places *places, const sgp_graph_district *a,
                    const sgp_graph_district *b) {
    return a == b || (a != NULL && b != NULL &&
                      strcmp(places->texts + a->kelurahan, places->texts + b->kelurahan) == 0 &&
                      strcmp(places->texts + a->kecamatan, places->texts + b->kecamatan) == 0 &&
                      strcmp(places->texts + a->kabupaten, places->texts + b->kabupaten) == 0);
}

/* Middle of a district, over the rows of the graph's map of districts. */
static sgp_point district_middle(const sgp_graph_places *places,
                                 const sgp_graph_district *district) {
    double lon = 0, lat = 0, weight = 0;
    for (uint32_t row = 0; row < places->n_rows; row++)
        for (uint32_t s = places->first_span[row]; s + 1 < places->first_span[row + 1]; s++) {
            if (places->spans[s].district >= places->n_districts ||
                !is_same(places, &places->districts[places->spans[s].district], district))
                continue;
            double from = places->spans[s].from_lon_e7, to = places->spans[s + 1].from_lon_e7;
            lon += (from + to) / 2 * (to - from);
            lat += (places->south_e7 + ((double)row + 0.5) * places->row_e7) * (to - from);
            weight += to - from;
        }
    if (weight <= 0)
        return (sgp_point){0, 0};
    return (sgp_point){.lon_e7 = (int32_t)(lon / weight), .lat_e7 = (int32_t)(lat / weight)};
}

/* The kelurahan with that name, whichever of its districts' rows this is. NULL: none is known. */
static const sgp_graph_district *kelurahan_at(const sgp_graph_places *places, sgp_point point) {
    if (places->texts_length == 0)
        return NULL;
    const sgp_graph_district *found = sgp_graph_district_at(places, point);
    return found != NULL && places->texts[found->kelurahan] != '\0' ? found : NULL;
}

/* One more in the spot; false: no memory. */
static bool count(const sgp_graph_places *places, spots *list, const sgp_graph_district *district,
                  sgp_point middle, bool second) {
    for (size_t i = 0; i < list->n; i++) {
        spot *at = &list->items[i];
        if (is_same(places, at->district, district) &&
            (district != NULL || sgp_point_equal(at->middle, middle))) {
            at->a += !second;
            at->b += second;
            return true;
        }
    }
    if (list->n == list->capacity) {
        size_t capacity = list->capacity == 0 ? 32 : 2 * list->capacity;
        spot *more = realloc(list->items, capacity * sizeof *more);
        if (more == NULL)
            return false;
        list->items = more;
        list->capacity = capacity;
    }
    list->items[list->n++] =
        (spot){.district = district, .middle = middle, .a = !second, .b = second};
    return true;
}

/* ---- the picture ------------------------------------------------------------------ */

static bool is_there(uint32_t status) {
    return status == SGP_UNIT_ON_SCENE || status == SGP_UNIT_TRANSPORTING ||
           status == SGP_UNIT_AT_HOSPITAL;
}

static bool is_attended(const sgp_past_moment *moment, const Sigap__V1__PastIncident *incident) {
    for (size_t i = 0; i < incident->n_unit_numbers; i++) {
        uint32_t index = incident->unit_numbers[i] - 1;
        if (index < moment->n_units && is_there(moment->units[index].status))
            return true;
    }
    return false;
}

static bool count_incidents(const sgp_past_moment *moment, const sgp_graph_places *places,
                            spots *list) {
    for (size_t i = 0; i < moment->n_incidents; i++) {
        const Sigap__V1__PastIncident *incident = moment->incidents[i];
        if (incident->lon_e6 == 0 && incident->lat_e6 == 0)
            continue;
        sgp_point point = {.lon_e7 = incident->lon_e6 * 10, .lat_e7 = incident->lat_e6 * 10};
        const sgp_graph_district *district = kelurahan_at(places, point);
        if (!count(places, list, district, square_middle(point), is_attended(moment, incident)))
            return false;
    }
    return true;
}

static bool count_units(const sgp_past_moment *moment, spots *list) {
    for (uint32_t i = 0; i < moment->n_units; i++) {
        const sgp_past_unit *unit = &moment->units[i];
        if (!unit->known || unit->positioned_at_ms == 0 || unit->status == SGP_UNIT_OFF_DUTY)
            continue;
        sgp_point point = {.lon_e7 = unit->lon_e6 * 10, .lat_e7 = unit->lat_e6 * 10};
        if (!count(NULL, list, NULL, square_middle(point), unit->status != SGP_UNIT_AVAILABLE))
            return false;
    }
    return true;
}

static int by_square(const void *left, const void *right) {
    const spot *a = left, *b = right;
    if (a->middle.lat_e7 != b->middle.lat_e7)
        return a->middle.lat_e7 < b->middle.lat_e7 ? -1 : 1;
    return (a->middle.lon_e7 > b->middle.lon_e7) - (a->middle.lon_e7 < b->middle.lon_e7);
}

/* Districts in the order of the graph's file, which is by name; squares last. The order of
 * incidents must not show. */
static int by_district(const void *left, const void *right) {
    const spot *a = left, *b = right;
    if ((a->district == NULL) != (b->district == NULL))
        return a->district == NULL ? 1 : -1;
    if (a->district != b->district)
        return a->district < b->district ? -1 : 1;
    return by_square(left, right);
}

static Sigap__V1__Point *new_point(sgp_point point) {
    Sigap__V1__Point *made = malloc(sizeof *made);
    if (made == NULL)
        return NULL;
    sigap__v1__point__init(made);
    made->lon = sgp_lon(point);
    made->lat = sgp_lat(point);
    return made;
}

static Sigap__V1__PublicArea *new_area(const sgp_graph_places *places, const spot *from) {
    Sigap__V1__PublicArea *area = malloc(sizeof *area);
    if (area == NULL)
        return NULL;
    sigap__v1__public_area__init(area);
    area->waiting = from->a;
    area->attended = from->b;
    sgp_point middle = from->middle;
    if (from->district != NULL) {
        area->kelurahan = strdup(places->texts + from->district->kelurahan);
        area->kecamatan = strdup(places->texts + from->district->kecamatan);
        area->kabupaten = strdup(places->texts + from->district->kabupaten);
        middle = district_middle(places, from->district);
    }
    area->point = new_point(middle);
    if (area->point == NULL || area->kelurahan == NULL || area->kecamatan == NULL ||
        area->kabupaten == NULL) {
        protobuf_c_message_free_unpacked(&area->base, NULL);
        return NULL;
    }
    return area;
}

static bool fill_areas(Sigap__V1__PublicPicture *picture, const sgp_graph_places *places,
                       spots *list) {
    if (list->n > 0)
        qsort(list->items, list->n, sizeof *list->items, by_district);
    picture->areas = calloc(list->n + 1, sizeof(Sigap__V1__PublicArea *));
    for (size_t i = 0; picture->areas != NULL && i < list->n; i++) {
        picture->areas[i] = new_area(places, &list->items[i]);
        if (picture->areas[i] == NULL)
            return false;
        picture->n_areas++;
    }
    return picture->areas != NULL;
}

static bool fill_units(Sigap__V1__PublicPicture *picture, spots *list) {
    if (list->n > 0)
        qsort(list->items, list->n, sizeof *list->items, by_square);
    picture->units = calloc(list->n + 1, sizeof(Sigap__V1__PublicUnits *));
    for (size_t i = 0; picture->units != NULL && i < list->n; i++) {
        Sigap__V1__PublicUnits *units = malloc(sizeof *units);
        if (units == NULL)
            return false;
        sigap__v1__public_units__init(units);
        picture->units[picture->n_units++] = units;
        units->free = list->items[i].a;
        units->busy = list->items[i].b;
        units->point = new_point(list->items[i].middle);
        if (units->point == NULL)
            return false;
    }
    return picture->units != NULL;
}

Sigap__V1__PublicPicture *sgp_public_picture_make(const sgp_past_moment *moment,
                                                  const sgp_graph_parts *city) {
    Sigap__V1__PublicPicture *picture = malloc(sizeof *picture);
    if (picture == NULL)
        return NULL;
    sigap__v1__public_picture__init(picture);
    picture->at_ms = moment->at_ms;
    picture->city_is_sketch = city->is_sketch;
    picture->city = strdup(city->name);
    spots incidents = {0}, units = {0};
    bool good = picture->city != NULL && count_incidents(moment, &city->places, &incidents) &&
                count_units(moment, &units) && fill_areas(picture, &city->places, &incidents) &&
                fill_units(picture, &units);
    free(incidents.items);
    free(units.items);
    if (good)
        return picture;
    sigap__v1__public_picture__free_unpacked(picture, NULL);
    return NULL;
}

/* ---- figures ----------------------------------------------------------------------- */

static bool is_shown(sgp_grouping grouping) {
    return grouping == SGP_GROUP_ALL || grouping == SGP_GROUP_PRIORITY ||
           grouping == SGP_GROUP_KECAMATAN;
}

/* hidden[n_groups]: those that are too small, and of a grouping with one such the next smallest. */
static void hide_small(const sgp_summary *summary, bool *hidden) {
    for (int k = 0; k < SGP_GROUPINGS; k++) {
        uint32_t n_hidden = 0, smallest = UINT32_MAX;
        for (uint32_t g = 0; g < summary->n_groups; g++) {
            const sgp_group *group = &summary->groups[g];
            if ((int)group->grouping != k)
                continue;
            hidden[g] = group->n_incidents < SGP_PUBLIC_LEAST;
            n_hidden += hidden[g];
            if (!hidden[g] && (smallest == UINT32_MAX ||
                               group->n_incidents < summary->groups[smallest].n_incidents))
                smallest = g;
        }
        if (n_hidden == 1 && smallest != UINT32_MAX && k != SGP_GROUP_ALL)
            hidden[smallest] = true;
    }
}

static Sigap__V1__PublicGroup *new_group(const sgp_group *from) {
    Sigap__V1__PublicGroup *group = malloc(sizeof *group);
    if (group == NULL)
        return NULL;
    const sgp_spread *response = &from->spread[SGP_INTERVAL_RESPONSE];
    sigap__v1__public_group__init(group);
    group->grouping = strdup(sgp_grouping_str(from->grouping));
    group->name = strdup(from->grouping == SGP_GROUP_ALL ? "all" : from->name);
    group->incidents = from->n_incidents;
    bool judged = from->n_counted >= SGP_PUBLIC_LEAST;
    group->counted = judged ? from->n_counted : 0;
    group->in_time = judged ? from->n_in_time : 0;
    group->response_median_ms = response->n >= SGP_PUBLIC_LEAST ? response->p50_ms : -1;
    group->response_p90_ms = response->n >= SGP_PUBLIC_P90_LEAST ? response->p90_ms : -1;
    if (group->grouping == NULL || group->name == NULL) {
        protobuf_c_message_free_unpacked(&group->base, NULL);
        return NULL;
    }
    return group;
}

static bool fill_groups(Sigap__V1__PublicFigures *figures, const sgp_summary *summary,
                        const bool *hidden) {
    figures->groups = calloc(summary->n_groups + 1, sizeof(Sigap__V1__PublicGroup *));
    for (uint32_t g = 0; figures->groups != NULL && g < summary->n_groups; g++) {
        if (hidden[g] || !is_shown(summary->groups[g].grouping))
            continue;
        figures->groups[figures->n_groups] = new_group(&summary->groups[g]);
        if (figures->groups[figures->n_groups] == NULL)
            return false;
        figures->n_groups++;
    }
    return figures->groups != NULL;
}

static bool fill_calls(Sigap__V1__PublicFigures *figures, const sgp_summary *summary) {
    const sgp_call_week *week = &summary->week;
    uint64_t all = sgp_call_week_all(week, false, SGP_WEEK_DAYS, SGP_DAY_HOURS);
    uint64_t untrue = sgp_call_week_all(week, true, SGP_WEEK_DAYS, SGP_DAY_HOURS);
    figures->calls = all >= SGP_PUBLIC_LEAST ? (uint32_t)all : 0;
    figures->false_calls = untrue >= SGP_PUBLIC_LEAST ? (uint32_t)untrue : 0;
    figures->calls_by_hour = calloc(SGP_DAY_HOURS, sizeof *figures->calls_by_hour);
    if (figures->calls_by_hour == NULL)
        return false;
    figures->n_calls_by_hour = SGP_DAY_HOURS;
    for (int hour = 0; hour < SGP_DAY_HOURS; hour++) {
        uint64_t n = sgp_call_week_all(week, false, SGP_WEEK_DAYS, hour);
        figures->calls_by_hour[hour] = n >= SGP_PUBLIC_LEAST ? (uint32_t)n : 0;
    }
    return true;
}

Sigap__V1__PublicFigures *sgp_public_figures_make(const sgp_summary *summary) {
    Sigap__V1__PublicFigures *figures = malloc(sizeof *figures);
    bool *hidden = calloc(summary->n_groups + 1, sizeof *hidden);
    if (figures != NULL)
        sigap__v1__public_figures__init(figures);
    bool good = figures != NULL && hidden != NULL;
    if (good) {
        figures->from_at_ms = summary->from_ms;
        figures->until_at_ms = summary->until_ms;
        hide_small(summary, hidden);
        good = fill_groups(figures, summary, hidden) && fill_calls(figures, summary);
    }
    free(hidden);
    if (good)
        return figures;
    if (figures != NULL)
        sigap__v1__public_figures__free_unpacked(figures, NULL);
    return NULL;
}
