#include "gis/graph_around.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "route/line.h"

#define AROUND_M 500.0
#define E7_PER_METRE_AT_MOST 91.0 /* of latitude */
enum { JUNCTION_ROWS_MAX = 120, APPROACHES = 12 };

/* ---- things ------------------------------------------------------------------------ */

static bool is_street(const sgp_graph_names *n, sgp_thing thing, uint32_t *street) {
    if ((thing.kind != SGP_THING_STREET && thing.kind != SGP_THING_GANG) || thing.id <= 0 ||
        (uint32_t)thing.id > sgp_streets_count(&n->streets))
        return false;
    *street = (uint32_t)thing.id - 1;
    return true;
}

static const sgp_graph_place *place_of(const sgp_graph_names *n, sgp_thing thing) {
    uint32_t street;
    if (is_street(n, thing, &street) || thing.id <= 0 ||
        (uint32_t)thing.id > n->parts->places.n_places)
        return NULL;
    return &n->parts->places.places[thing.id - 1];
}

static const char *name_of(const sgp_graph_names *n, uint32_t street) {
    return sgp_names_text(n, sgp_streets_all(&n->streets)[street].name);
}

static sgp_point into_box(sgp_point p, const sgp_graph_place *place) {
    sgp_point low = place->south_west, high = place->north_east;
    p.lon_e7 = p.lon_e7 < low.lon_e7 ? low.lon_e7 : p.lon_e7 > high.lon_e7 ? high.lon_e7 : p.lon_e7;
    p.lat_e7 = p.lat_e7 < low.lat_e7 ? low.lat_e7 : p.lat_e7 > high.lat_e7 ? high.lat_e7 : p.lat_e7;
    return p;
}

double sgp_name_away(const sgp_graph_names *n, const sgp_graph_name *name, sgp_point point,
                     double limit_m) {
    uint32_t street;
    sgp_point on;
    if (is_street(n, name->thing, &street))
        return sgp_street_nearest(&n->streets, street, point, limit_m, &on);
    const sgp_graph_place *place = place_of(n, name->thing);
    return fmin(limit_m, sgp_distance_m(point, into_box(point, place)));
}

/* ---- junctions --------------------------------------------------------------------- */

static const uint32_t *streets_at(const sgp_graph_names *n, uint32_t junction, uint32_t *count) {
    *count = n->junction_first[junction + 1] - n->junction_first[junction];
    return (const uint32_t *)(const void *)n->junction_streets.data + n->junction_first[junction];
}

static sgp_err add_row(const sgp_graph_names *n, uint32_t number, uint32_t a, uint32_t b,
                       double away_m, sgp_buffer *rows) {
    const sgp_junction *junction = &n->junctions.items[number];
    sgp_junction_row row = {
        .street_a = a == SGP_NONE ? 0 : (int32_t)a + 1,
        .street_b = b == SGP_NONE ? 0 : (int32_t)b + 1,
        .name_a = a == SGP_NONE ? "" : name_of(n, a),
        .name_b = b == SGP_NONE ? "" : name_of(n, b),
        .point = junction->point,
        .arms = junction->arms,
        .is_roundabout = junction->kind == SGP_JUNCTION_ROUNDABOUT,
        .away_m = (int32_t)lround(away_m),
    };
    return sgp_buffer_append(rows, &row, sizeof row);
}

static size_t rows_of_junctions(const sgp_buffer *rows) {
    return rows->length / sizeof(sgp_junction_row);
}

sgp_err sgp_graph_junctions(const sgp_graph_names *n, const sgp_gazetteer_ask *ask,
                            sgp_buffer *rows) {
    sgp_err err = SGP_OK;
    for (size_t i = 0; i < ask->n_things[0]; i++) {
        uint32_t a, b, count;
        if (!is_street(n, ask->things[0][i], &a))
            continue;
        for (uint32_t j = n->street_first[a]; j < n->street_first[a + 1]; j++) {
            const uint32_t *met = streets_at(n, n->street_junctions[j], &count);
            for (size_t k = 0; k < ask->n_things[1]; k++)
                for (uint32_t s = 0; s < count && is_street(n, ask->things[1][k], &b); s++)
                    if (met[s] == b && a != b && rows_of_junctions(rows) < JUNCTION_ROWS_MAX &&
                        err == SGP_OK)
                        err = add_row(n, n->street_junctions[j], a, b, 0, rows);
        }
    }
    return err;
}

static int compare_rows(const void *left, const void *right) {
    const sgp_junction_row *a = left, *b = right;
    if (a->away_m != b->away_m)
        return a->away_m < b->away_m ? -1 : 1;
    if (a->street_a != b->street_a)
        return a->street_a < b->street_a ? -1 : 1;
    return (a->street_b > b->street_b) - (a->street_b < b->street_b);
}

/* Infinite where it is beyond the ask's radius, which latitudes alone tell of most. */
static double nearest_point_m(const sgp_gazetteer_ask *ask, sgp_point point) {
    double nearest = INFINITY, reach_e7 = ask->radius_m * E7_PER_METRE_AT_MOST;
    for (size_t i = 0; i < ask->n_points && i < SGP_ASK_POINTS_MAX; i++)
        if (fabs((double)ask->points[i].lat_e7 - point.lat_e7) <= reach_e7)
            nearest = fmin(nearest, sgp_distance_m(ask->points[i], point));
    return nearest;
}

sgp_err sgp_graph_junctions_near(const sgp_graph_names *n, const sgp_gazetteer_ask *ask,
                                 sgp_buffer *rows) {
    sgp_err err = SGP_OK;
    size_t first = rows->length;
    for (uint32_t j = 0; j < n->junctions.n && err == SGP_OK; j++) {
        uint32_t count;
        if (n->junctions.items[j].arms < ask->arms)
            continue;
        double away_m = nearest_point_m(ask, n->junctions.items[j].point);
        if (away_m > ask->radius_m)
            continue;
        const uint32_t *met = streets_at(n, j, &count);
        err = add_row(n, j, count > 0 ? met[0] : SGP_NONE, count > 1 ? met[1] : SGP_NONE, away_m,
                      rows);
    }
    size_t count = (rows->length - first) / sizeof(sgp_junction_row);
    if (count > 0)
        qsort(rows->data + first, count, sizeof(sgp_junction_row), compare_rows);
    size_t limit =
        ask->limit > 0 && ask->limit < JUNCTION_ROWS_MAX ? (size_t)ask->limit : JUNCTION_ROWS_MAX;
    if (count > limit)
        rows->length = first + limit * sizeof(sgp_junction_row);
    return err;
}

/* ---- the point of a street before something ---------------------------------------- */

/* From the street to the box and back again: between convex shapes that comes to the nearest
 * points (Cheney & Goldstein 1959), and of a street it is good piece by piece. */
static double nearest_to_place(const sgp_graph_names *n, uint32_t street,
                               const sgp_graph_place *place, double limit_m, sgp_point *on) {
    sgp_point target = place->point;
    /* The box may reach far beyond the middle: the first look is as wide as it. */
    double reach_m = limit_m + sgp_distance_m(place->south_west, place->north_east);
    double away_m = sgp_street_nearest(&n->streets, street, target, reach_m, on);
    if (away_m >= reach_m)
        return limit_m;
    for (int i = 0; i < APPROACHES; i++) {
        sgp_point before = target;
        target = into_box(*on, place);
        away_m = sgp_street_nearest(&n->streets, street, target, reach_m, on);
        if (sgp_point_equal(before, target))
            break;
    }
    return away_m;
}

/* Of two streets: the point of the first that is nearest to a point of the second. */
static double nearest_to_street(const sgp_graph_names *n, uint32_t street, uint32_t other,
                                double limit_m, sgp_point *on) {
    const sgp_graph_street *to = &sgp_streets_all(&n->streets)[other];
    const sgp_street_piece *pieces = sgp_streets_pieces(&n->streets) + to->first_piece;
    for (uint32_t i = 0; i < to->n_pieces; i++)
        for (uint32_t k = 0; k < pieces[i].n_points; k++)
            limit_m = sgp_street_nearest(&n->streets, street, pieces[i].points[k], limit_m, on);
    return limit_m;
}

static bool nearest_on(const sgp_graph_names *n, sgp_thing first, sgp_thing second, double radius_m,
                       sgp_nearest_row *row) {
    uint32_t street, other;
    const sgp_graph_place *place = place_of(n, second);
    double away_m, limit_m = radius_m + 0.5;
    if (!is_street(n, first, &street)) {
        const sgp_graph_place *from = place_of(n, first);
        if (!from || !place)
            return false;
        row->point = from->point;
        away_m = sgp_distance_m(from->point, into_box(from->point, place));
    } else if (place) {
        away_m = nearest_to_place(n, street, place, limit_m, &row->point);
    } else if (is_street(n, second, &other)) {
        away_m = nearest_to_street(n, street, other, limit_m, &row->point);
    } else {
        return false;
    }
    row->away_m = (int32_t)lround(away_m);
    return away_m <= radius_m;
}

sgp_err sgp_graph_nearest_on(const sgp_graph_names *n, const sgp_gazetteer_ask *ask,
                             sgp_buffer *rows) {
    sgp_err err = SGP_OK;
    for (size_t i = 0; i < ask->n_things[0]; i++)
        for (size_t k = 0; k < ask->n_things[1] && err == SGP_OK; k++) {
            sgp_nearest_row row = {.first = (uint8_t)i, .second = (uint8_t)k};
            if (nearest_on(n, ask->things[0][i], ask->things[1][k], ask->radius_m, &row))
                err = sgp_buffer_append(rows, &row, sizeof row);
        }
    return err;
}

/* ---- districts, and what is around -------------------------------------------------- */

sgp_err sgp_graph_districts(const sgp_graph_names *n, const sgp_gazetteer_ask *ask,
                            sgp_buffer *rows) {
    const char *texts = n->parts->places.texts_length ? n->parts->places.texts : "";
    sgp_err err = SGP_OK;
    for (size_t i = 0; i < ask->n_points && err == SGP_OK; i++) {
        sgp_graph_district district = sgp_names_district(n, ask->points[i]);
        sgp_district_row row = {texts + district.kelurahan, texts + district.kecamatan,
                                texts + district.kabupaten};
        err = sgp_buffer_append(rows, &row, sizeof row);
    }
    return err;
}

sgp_err sgp_graph_around(const sgp_graph_names *n, const sgp_gazetteer_ask *ask, sgp_buffer *rows) {
    double nearest_m = AROUND_M;
    uint32_t street = SGP_NONE;
    sgp_around_row row = {.kind = SGP_THING_STREET, .number = ""};
    for (uint32_t i = 0; i < sgp_streets_count(&n->streets) && ask->n_points > 0; i++) {
        double away_m = sgp_street_nearest(&n->streets, i, ask->points[0], nearest_m, &row.point);
        if (away_m < nearest_m) {
            nearest_m = away_m;
            street = i;
        }
    }
    if (street == SGP_NONE)
        return SGP_OK;
    row.street = name_of(n, street);
    row.away_m = (int32_t)lround(nearest_m);
    return sgp_buffer_append(rows, &row, sizeof row);
}
