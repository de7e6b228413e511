#include "gis/graph_streets.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gis/place_query.h"
#include "route/line.h"

#define SAME_STREET_M 150.0
#define METRES_A_DEGREE 111195.0
enum { WORDS_BYTES = 512, STOP_STEP = 1024 };

typedef struct street_making {
    const sgp_graph_parts *parts;
    sgp_graph_streets *made;
    const atomic_bool *stop;
    uint32_t *words_of; /* [names_length] number of the words of a name; SGP_NONE = not looked at */
    uint32_t *name_of;  /* and of its text */
    uint32_t *group;    /* [n_pieces] union-find */
} street_making;

static sgp_street_piece *pieces_of(const sgp_graph_streets *s) {
    return (void *)s->pieces.data;
}

static uint32_t count_pieces(const sgp_graph_streets *s) {
    return (uint32_t)(s->pieces.length / sizeof(sgp_street_piece));
}

/* ---- pieces ------------------------------------------------------------------------ */

static sgp_err look_at_name(street_making *m, uint32_t name) {
    if (m->words_of[name] != SGP_NONE)
        return SGP_OK;
    const char *text = m->parts->names + name;
    char words[WORDS_BYTES];
    words[0] = '\0';
    sgp_place_name_words(text, words, sizeof words);
    sgp_err err = sgp_osm_strings_add(m->made->texts, words, &m->words_of[name]);
    return err ? err : sgp_osm_strings_add(m->made->texts, text, &m->name_of[name]);
}

static sgp_err add_piece(street_making *m, sgp_street_piece piece) {
    piece.south_west = piece.north_east = piece.points[0];
    for (uint32_t i = 1; i < piece.n_points; i++) {
        sgp_point p = piece.points[i];
        sgp_point *low = &piece.south_west, *high = &piece.north_east;
        low->lon_e7 = p.lon_e7 < low->lon_e7 ? p.lon_e7 : low->lon_e7;
        low->lat_e7 = p.lat_e7 < low->lat_e7 ? p.lat_e7 : low->lat_e7;
        high->lon_e7 = p.lon_e7 > high->lon_e7 ? p.lon_e7 : high->lon_e7;
        high->lat_e7 = p.lat_e7 > high->lat_e7 ? p.lat_e7 : high->lat_e7;
    }
    return sgp_buffer_append(&m->made->pieces, &piece, sizeof piece);
}

/* A line of the map under this name; one without words is no street. */
static sgp_err add_line(street_making *m, uint32_t name, const sgp_point *points, uint32_t n_points,
                        uint8_t road_class) {
    sgp_err err = look_at_name(m, name);
    if (err != SGP_OK || m->words_of[name] == 0)
        return err;
    return add_piece(m, (sgp_street_piece){.points = points,
                                           .n_points = n_points,
                                           .words = m->words_of[name],
                                           .name = m->name_of[name],
                                           .place = SGP_NONE,
                                           .road_class = road_class});
}

static sgp_err add_roads(street_making *m) {
    const sgp_graph_parts *p = m->parts;
    sgp_err err = SGP_OK;
    for (uint32_t e = 0; e < p->n_edges && err == SGP_OK; e++)
        if (p->edges[e].name != 0)
            err = add_line(m, p->edges[e].name, p->points + p->edges[e].first_point,
                           p->edges[e].n_points, p->edges[e].road_class);
    return err;
}

/* Each stretch on foot once; its lines are kept here because the graph has their ends only. */
static sgp_err add_foot_ways(street_making *m) {
    const sgp_graph_parts *p = m->parts;
    size_t n = 0;
    for (uint32_t a = 0; a < p->n_foot_arcs; a++)
        n += p->foot_arcs[a].name != 0;
    sgp_err err = sgp_buffer_reserve(&m->made->foot_lines, (2 * n + 2) * sizeof(sgp_point));
    sgp_point *lines = (void *)m->made->foot_lines.data;
    size_t at = 0;
    for (uint32_t v = 0; v < p->n_foot_vertices && err == SGP_OK; v++)
        for (uint32_t a = p->foot_first_arc[v]; a < p->foot_first_arc[v + 1] && !err; a++) {
            const sgp_foot_arc *arc = &p->foot_arcs[a];
            if (arc->name == 0 || arc->head < v)
                continue;
            lines[at] = p->foot_point[v];
            lines[at + 1] = p->foot_point[arc->head];
            err = add_line(m, arc->name, lines + at, 2, SGP_ROAD_SERVICE);
            at += 2;
        }
    return err;
}

/* The place's first name is the street's own. */
static sgp_err add_street_places(street_making *m) {
    const sgp_graph_places *places = &m->parts->places;
    sgp_err err = SGP_OK;
    for (uint32_t i = 0; i < places->n_places && err == SGP_OK; i++) {
        const sgp_graph_place *place = &places->places[i];
        char words[WORDS_BYTES];
        if (place->kind != 's' && place->kind != 'g')
            continue;
        snprintf(words, sizeof words, "%s", places->texts + place->own);
        words[strcspn(words, ";")] = '\0';
        sgp_street_piece piece = {
            .points = &place->point, .n_points = 1, .place = i, .road_class = SGP_ROAD_CLASSES};
        err = sgp_osm_strings_add(m->made->texts, words, &piece.words);
        if (err == SGP_OK)
            err = sgp_osm_strings_add(m->made->texts, places->texts + place->label, &piece.name);
        if (err == SGP_OK && piece.words != 0)
            err = add_piece(m, piece);
    }
    return err;
}

/* ---- which pieces are one street --------------------------------------------------- */

static int compare_pieces(const void *left, const void *right) {
    const sgp_street_piece *a = left, *b = right;
    if (a->words != b->words)
        return a->words < b->words ? -1 : 1;
    if (a->south_west.lat_e7 != b->south_west.lat_e7)
        return a->south_west.lat_e7 < b->south_west.lat_e7 ? -1 : 1;
    if (a->south_west.lon_e7 != b->south_west.lon_e7)
        return a->south_west.lon_e7 < b->south_west.lon_e7 ? -1 : 1;
    return (a->points > b->points) - (a->points < b->points);
}

static uint32_t root_of(uint32_t *group, uint32_t piece) {
    while (group[piece] != piece) {
        group[piece] = group[group[piece]];
        piece = group[piece];
    }
    return piece;
}

/* How far a box is from a point at least, in metres. */
static double away_from_box(const sgp_plane *plane, sgp_point low, sgp_point high) {
    double west, south, east, north;
    sgp_to_plane(plane, low, &west, &south);
    sgp_to_plane(plane, high, &east, &north);
    double x = west > 0 ? west : east < 0 ? -east : 0;
    double y = south > 0 ? south : north < 0 ? -north : 0;
    return sqrt(x * x + y * y);
}

/* Where a piece comes nearest to the plane's middle. */
static double nearest_on_piece(const sgp_plane *plane, const sgp_street_piece *piece,
                               double limit_m, sgp_point *on) {
    double nearest = limit_m;
    for (uint32_t i = 0; i < piece->n_points; i++) {
        sgp_point a = piece->points[i], b = piece->points[i + 1 < piece->n_points ? i + 1 : i];
        sgp_foot foot = sgp_foot_on(plane, a, b);
        if (foot.distance_m < nearest) {
            nearest = foot.distance_m;
            *on = sgp_point_between(a, b, foot.along);
        }
    }
    return nearest;
}

/* Lines that do not cross are nearest to each other at a point of one of them; lines of one street
 * that cross without meeting are near at a point too, or so long apart that they are two. */
static bool are_near(const sgp_street_piece *one, const sgp_street_piece *other) {
    const sgp_street_piece *both[2] = {one, other};
    sgp_point on;
    for (int k = 0; k < 2; k++)
        for (uint32_t i = 0; i < both[k]->n_points; i++) {
            sgp_plane plane = sgp_plane_around(both[k]->points[i]);
            if (away_from_box(&plane, both[1 - k]->south_west, both[1 - k]->north_east) <=
                    SAME_STREET_M &&
                nearest_on_piece(&plane, both[1 - k], 2 * SAME_STREET_M, &on) <= SAME_STREET_M)
                return true;
        }
    return false;
}

static bool boxes_are_near(const sgp_street_piece *one, const sgp_street_piece *other) {
    double reach_e7 = SAME_STREET_M / METRES_A_DEGREE * 1e7 /
                      fmax(0.01, cos(sgp_lat(one->south_west) * 3.14159265 / 180));
    return (double)other->south_west.lon_e7 - one->north_east.lon_e7 <= reach_e7 &&
           (double)one->south_west.lon_e7 - other->north_east.lon_e7 <= reach_e7;
}

static sgp_err join_pieces(street_making *m) {
    const sgp_street_piece *pieces = pieces_of(m->made);
    uint32_t n = count_pieces(m->made);
    double reach_e7 = SAME_STREET_M / METRES_A_DEGREE * 1e7 + 1;
    m->group = malloc(((size_t)n + 1) * sizeof *m->group);
    if (!m->group)
        return SGP_E_MEMORY;
    for (uint32_t i = 0; i < n; i++)
        m->group[i] = i;
    for (uint32_t i = 0; i < n; i++) {
        if (i % STOP_STEP == 0 && atomic_load(m->stop))
            return SGP_E_TIMEOUT;
        /* Pieces stand by their southern ends: what begins too far north ends the search. */
        for (uint32_t k = i + 1;
             k < n && pieces[k].words == pieces[i].words &&
             (double)pieces[k].south_west.lat_e7 - pieces[i].north_east.lat_e7 <= reach_e7;
             k++) {
            uint32_t a = root_of(m->group, i), b = root_of(m->group, k);
            if (a != b && boxes_are_near(&pieces[i], &pieces[k]) &&
                are_near(&pieces[i], &pieces[k]))
                m->group[a < b ? b : a] = a < b ? a : b;
        }
    }
    return SGP_OK;
}

/* Puts the pieces of each street side by side. */
static sgp_err gather_pieces(street_making *m) {
    uint32_t n = count_pieces(m->made);
    sgp_street_piece *pieces = pieces_of(m->made);
    uint32_t *count = calloc((size_t)n + 1, sizeof *count);
    sgp_street_piece *sorted = malloc(((size_t)n + 1) * sizeof *sorted);
    sgp_err err = count && sorted ? SGP_OK : SGP_E_MEMORY;
    for (uint32_t i = 0; i < n && err == SGP_OK; i++)
        count[root_of(m->group, i) + 1]++;
    for (uint32_t i = 0; i < n && err == SGP_OK; i++) {
        sgp_graph_street street = {
            .first_piece = count[i], .n_pieces = count[i + 1], .words = pieces[i].words};
        if (street.n_pieces > 0)
            err = sgp_buffer_append(&m->made->streets, &street, sizeof street);
        count[i + 1] += count[i];
    }
    for (uint32_t i = 0; i < n && err == SGP_OK; i++)
        sorted[count[root_of(m->group, i)]++] = pieces[i];
    if (err == SGP_OK && n > 0)
        memcpy(pieces, sorted, (size_t)n * sizeof *sorted);
    free(count);
    free(sorted);
    return err;
}

/* ---- what a street is -------------------------------------------------------------- */

typedef struct measure {
    double whole_m, lon_e7, lat_e7; /* the middle's, times metres */
    double longest_m;
} measure;

static void measure_piece(sgp_graph_street *street, const sgp_street_piece *piece, measure *all) {
    double piece_m = 0;
    for (uint32_t i = 1; i < piece->n_points; i++) {
        sgp_point a = piece->points[i - 1], b = piece->points[i];
        double length_m = sgp_distance_m(a, b);
        all->lon_e7 += length_m * ((double)a.lon_e7 + b.lon_e7) / 2;
        all->lat_e7 += length_m * ((double)a.lat_e7 + b.lat_e7) / 2;
        piece_m += length_m;
    }
    all->whole_m += piece_m;
    if (street->name == 0 || piece_m > all->longest_m) {
        all->longest_m = piece_m;
        street->name = piece->name;
        street->road_class = piece->road_class;
    }
    sgp_point *low = &street->south_west, *high = &street->north_east;
    low->lon_e7 = fmin(low->lon_e7, piece->south_west.lon_e7);
    low->lat_e7 = fmin(low->lat_e7, piece->south_west.lat_e7);
    high->lon_e7 = fmax(high->lon_e7, piece->north_east.lon_e7);
    high->lat_e7 = fmax(high->lat_e7, piece->north_east.lat_e7);
}

static void measure_street(const sgp_graph_streets *s, uint32_t number) {
    sgp_graph_street *street = (sgp_graph_street *)(void *)s->streets.data + number;
    const sgp_street_piece *pieces = sgp_streets_pieces(s) + street->first_piece;
    measure all = {0};
    street->south_west = pieces[0].south_west;
    street->north_east = pieces[0].north_east;
    for (uint32_t i = 0; i < street->n_pieces; i++)
        measure_piece(street, &pieces[i], &all);
    street->length_m = all.whole_m < 1 ? 1 : (int32_t)fmin(all.whole_m + 0.5, 1e9);
    street->point = pieces[0].points[0];
    if (all.whole_m > 0) {
        sgp_point middle = {(int32_t)lround(all.lon_e7 / all.whole_m),
                            (int32_t)lround(all.lat_e7 / all.whole_m)};
        sgp_street_nearest(s, number, middle, INFINITY, &street->point);
    }
}

static sgp_err index_by_words(sgp_graph_streets *s) {
    s->n_words = s->texts->count;
    s->first = calloc((size_t)s->n_words + 2, sizeof *s->first);
    if (!s->first)
        return SGP_E_MEMORY;
    for (uint32_t i = 0; i < sgp_streets_count(s); i++)
        s->first[sgp_streets_all(s)[i].words + 1]++;
    for (uint32_t w = 0; w <= s->n_words; w++)
        s->first[w + 1] += s->first[w];
    return SGP_OK;
}

static sgp_err make(street_making *m) {
    size_t bytes = (size_t)m->parts->names_length * sizeof *m->words_of;
    m->words_of = malloc(bytes);
    m->name_of = malloc(bytes);
    if (!m->words_of || !m->name_of)
        return SGP_E_MEMORY;
    memset(m->words_of, 0xff, bytes);
    sgp_err err = add_roads(m);
    if (err == SGP_OK)
        err = add_foot_ways(m);
    if (err == SGP_OK)
        err = add_street_places(m);
    if (err == SGP_OK && count_pieces(m->made) > 0)
        qsort(pieces_of(m->made), count_pieces(m->made), sizeof(sgp_street_piece), compare_pieces);
    if (err == SGP_OK)
        err = join_pieces(m);
    if (err == SGP_OK)
        err = gather_pieces(m);
    for (uint32_t i = 0; i < sgp_streets_count(m->made) && err == SGP_OK; i++)
        measure_street(m->made, i);
    return err == SGP_OK ? index_by_words(m->made) : err;
}

sgp_err sgp_graph_streets_make(const sgp_graph_parts *parts, sgp_osm_strings *texts,
                               const atomic_bool *stop, sgp_graph_streets *streets) {
    *streets = (sgp_graph_streets){.texts = texts};
    street_making m = {.parts = parts, .made = streets, .stop = stop};
    sgp_err err = make(&m);
    free(m.words_of);
    free(m.name_of);
    free(m.group);
    return err;
}

void sgp_graph_streets_deinit(sgp_graph_streets *streets) {
    sgp_buffer_free(&streets->pieces);
    sgp_buffer_free(&streets->streets);
    sgp_buffer_free(&streets->foot_lines);
    free(streets->first);
    *streets = (sgp_graph_streets){0};
}

double sgp_street_nearest(const sgp_graph_streets *streets, uint32_t number, sgp_point point,
                          double limit_m, sgp_point *on) {
    const sgp_graph_street *street = &sgp_streets_all(streets)[number];
    const sgp_street_piece *pieces = sgp_streets_pieces(streets) + street->first_piece;
    sgp_plane plane = sgp_plane_around(point);
    for (uint32_t i = 0; i < street->n_pieces; i++)
        if (away_from_box(&plane, pieces[i].south_west, pieces[i].north_east) < limit_m)
            limit_m = nearest_on_piece(&plane, &pieces[i], limit_m, on);
    return limit_m;
}

uint32_t sgp_streets_nearest_of(const sgp_graph_streets *streets, uint32_t words, sgp_point point,
                                double limit_m) {
    uint32_t best = SGP_NONE;
    if (words >= streets->n_words)
        return best;
    sgp_plane plane = sgp_plane_around(point);
    for (uint32_t i = streets->first[words]; i < streets->first[words + 1]; i++) {
        const sgp_graph_street *street = &sgp_streets_all(streets)[i];
        sgp_point on;
        if (away_from_box(&plane, street->south_west, street->north_east) >= limit_m)
            continue;
        double away = sgp_street_nearest(streets, i, point, limit_m, &on);
        if (away < limit_m) {
            limit_m = away;
            best = i;
        }
    }
    return best;
}
