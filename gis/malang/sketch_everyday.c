/* What stands in every quarter: mosques, schools, shops. Each is put at a street of its
 * kelurahan with nothing but houses in its way, so that callers have landmarks to name. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "gis/malang/sketch.h"

#define TRIES 60

/* The segments of one village by the kind of their street. */
typedef struct village_streets {
    uint32_t *segments;
    size_t n, room;
} village_streets;

/* A drawn thing's circle: the next keeps off it. */
typedef struct taken_circle {
    sgp_xy at;
    double radius_m;
} taken_circle;

typedef struct everyday {
    const sgp_net *net;
    const sgp_sketch_data *data;
    sgp_sheet *sheet;
    sgp_sketch_counts *counts;
    village_streets (*streets)[3]; /* [n_villages]: main, local, gang */
    taken_circle *taken;
    size_t n_taken, room_taken;
    size_t first_taken; /* of the present village */
    sgp_dice dice;
} everyday;

static size_t sort_of(sgp_street_kind kind) {
    return kind == SGP_STREET_MAIN ? 0 : kind == SGP_STREET_LOCAL ? 1 : 2;
}

static bool stands_apart(const sgp_street *street) {
    return street->dropped || street->layer != 0 || street->ring || street->name[0] == '\0' ||
           street->kind == SGP_STREET_DRIVE || street->estate != 0 ||
           strcmp(street->road_class, "motorway_link") == 0;
}

static void list_segments(everyday *all) {
    const sgp_net *net = all->net;
    for (uint32_t s = 0; s < net->n_segments; s++) {
        const sgp_street *street = &net->streets[net->segments[s].street];
        sgp_xy a = sgp_net_at(net, net->segments[s].a), b = sgp_net_at(net, net->segments[s].b);
        if (stands_apart(street) || sgp_xy_distance(a, b) < 14.0)
            continue;
        sgp_xy middle = sgp_xy_between(a, b, 0.5);
        for (size_t v = 0; v < all->data->n_villages; v++) {
            const sgp_sketch_village *village = &all->data->villages[v];
            bool inside = street->village != SGP_NO_INDEX
                              ? street->village == v
                              : sgp_xy_distance(middle, village->at) < 1500.0 &&
                                    village->n_cell >= 3 &&
                                    sgp_xy_inside(middle, village->cell, village->n_cell);
            if (!inside)
                continue;
            village_streets *list = &all->streets[v][sort_of(street->kind)];
            SGP_SKETCH_ROOM(list->segments, list->n, list->room);
            list->segments[list->n++] = s;
            break;
        }
    }
}

static bool is_taken(const everyday *all, sgp_xy at, double radius_m) {
    for (size_t i = 0; i < all->data->n_places; i++) {
        const sgp_sketch_place *place = &all->data->places[i];
        if (sgp_xy_distance(at, place->at) < radius_m + 0.6 * place->building_m + 4.0)
            return true;
    }
    for (size_t i = 0; i < all->data->n_estates; i++)
        if (all->data->estates[i].placed && sgp_xy_inside(at, all->data->estates[i].ring, 4))
            return true;
    for (size_t i = all->first_taken; i < all->n_taken; i++)
        if (sgp_xy_distance(at, all->taken[i].at) < radius_m + all->taken[i].radius_m + 3.0)
            return true;
    return false;
}

/* A free spot beside a street of the kind; false where none was found. */
static bool find_spot(everyday *all, size_t village, const sgp_sketch_everyday *kind, sgp_xy *at,
                      sgp_xy *along, const sgp_street **street) {
    static const char *const sorts[3] = {"main", "local", "gang"};
    size_t sort = 1;
    for (size_t i = 0; i < 3; i++)
        if (strcmp(kind->on, sorts[i]) == 0)
            sort = i;
    if (all->streets[village][sort].n == 0)
        sort = 1;
    const village_streets *list = &all->streets[village][sort];
    for (int tries = 0; tries < TRIES && list->n > 0; tries++) {
        uint32_t s = list->segments[sgp_dice_below(&all->dice, (uint32_t)list->n)];
        const sgp_net *net = all->net;
        *street = &net->streets[net->segments[s].street];
        sgp_xy a = sgp_net_at(net, net->segments[s].a), b = sgp_net_at(net, net->segments[s].b);
        double length = sgp_xy_distance(a, b);
        *along = (sgp_xy){(b.x - a.x) / length, (b.y - a.y) / length};
        double side = sgp_dice_unit(&all->dice) < 0.5 ? 1.0 : -1.0;
        double half = kind->depth_m / 2.0;
        double away = ((*street)->dual ? 16.0 : sort == 0 ? 10.0 : sort == 1 ? 7.0 : 3.5) + half;
        sgp_xy front = sgp_xy_between(a, b, sgp_dice_range(&all->dice, 0.15, 0.85));
        *at = (sgp_xy){front.x - along->y * side * away, front.y + along->x * side * away};
        double radius = fmax(kind->length_m, kind->depth_m) / 2.0;
        if (!is_taken(all, *at, radius) &&
            sgp_net_nearest(net, *at, fmin(radius + 2.0, away - 1.0), NULL, NULL).segment ==
                SGP_NO_INDEX)
            return true;
    }
    return false;
}

/* The pattern with its %-letters filled in, kept by the sheet; NULL for a NULL pattern. */
static const char *fill_in(everyday *all, const char *pattern, const char *drawn, size_t village,
                           const char *street, size_t nth, size_t number, size_t rw) {
    if (pattern == NULL)
        return NULL;
    char text[256];
    size_t n = 0;
    for (const char *at = pattern; *at != '\0' && n + 1 < sizeof text; at++) {
        if (*at != '%' || at[1] == '\0') {
            text[n++] = *at;
            continue;
        }
        size_t room = sizeof text - n;
        int wrote = 0;
        switch (*++at) {
        case 'k':
            wrote = snprintf(text + n, room, "%s", all->data->villages[village].name);
            break;
        case 's':
            wrote = snprintf(text + n, room, "%s",
                             strncmp(street, "Jalan ", 6) == 0 ? street + 6 : street);
            break;
        case 'i':
            wrote = snprintf(text + n, room, "%zu", nth);
            break;
        case 'd':
            wrote = snprintf(text + n, room, "%zu", number);
            break;
        case 'r':
            wrote = snprintf(text + n, room, "%02zu", rw);
            break;
        case 'n': {
            const char *inner = fill_in(all, drawn, "", village, street, nth, number, rw);
            wrote = snprintf(text + n, room, "%s", inner != NULL ? inner : "");
            break;
        }
        default:
            break;
        }
        n += wrote > 0 ? ((size_t)wrote < room ? (size_t)wrote : room - 1) : 0;
    }
    text[n] = '\0';
    return sgp_sheet_text(all->sheet, sgp_sketch_text("%s", text));
}

static void draw_thing(everyday *all, const sgp_sketch_everyday *kind, const char *name,
                       const char *alt, sgp_xy at, sgp_xy along, const char *street) {
    sgp_sheet *sheet = all->sheet;
    bool building = kind->length_m > 0.0;
    void (*tag)(sgp_sheet *, const char *, const char *) =
        building ? sgp_sheet_way_tag : sgp_sheet_node_tag;
    if (building) {
        sgp_sketch_square(sheet, at, along, kind->length_m, kind->depth_m);
        bool ground =
            strcmp(kind->tags[0].key, "landuse") == 0 || strcmp(kind->tags[0].key, "leisure") == 0;
        sgp_sheet_way_tag(sheet, "building", ground ? NULL : "yes");
    } else {
        (void)sgp_sheet_node_add(sheet, at);
    }
    tag(sheet, "name", name);
    tag(sheet, "alt_name", alt);
    for (size_t i = 0; i < kind->n_tags; i++)
        tag(sheet, kind->tags[i].key, kind->tags[i].value);
    /* About half of them have their street on the map. */
    if (sgp_dice_unit(&all->dice) < 0.5)
        tag(sheet, "addr:street", street);
    all->counts->facilities++;
}

static void draw_kind(everyday *all, sgp_sketch_everyday *kind, size_t village, bool city) {
    bool here = strcmp(kind->in, "all") == 0 || strcmp(kind->in, city ? "city" : "desa") == 0;
    uint32_t spread = (uint32_t)(kind->most - kind->least + 1);
    size_t wanted = (size_t)kind->least + sgp_dice_below(&all->dice, spread);
    uint32_t first = kind->n_names > 0 ? sgp_dice_below(&all->dice, (uint32_t)kind->n_names) : 0;
    for (size_t i = 0; here && i < wanted; i++) {
        sgp_xy at, along;
        const sgp_street *street = NULL;
        if (!find_spot(all, village, kind, &at, &along, &street))
            continue;
        const char *drawn = kind->n_names > 0 ? kind->names[(first + i) % kind->n_names] : "";
        size_t number = ++kind->drawn, rw = 1 + sgp_dice_below(&all->dice, 4);
        const char *name =
            fill_in(all, kind->name, drawn, village, street->name, i + 1, number, rw);
        const char *alt = fill_in(all, kind->alt, drawn, village, street->name, i + 1, number, rw);
        SGP_SKETCH_ROOM(all->taken, all->n_taken, all->room_taken);
        all->taken[all->n_taken++] = (taken_circle){at, fmax(kind->length_m, kind->depth_m) / 2.0};
        draw_thing(all, kind, name, alt, at, along, street->name);
    }
}

void sgp_sketch_everyday_draw(const sgp_net *net, sgp_sketch_data *data, sgp_sheet *sheet,
                              uint64_t seed, sgp_sketch_counts *counts) {
    everyday all = {.net = net, .data = data, .sheet = sheet, .counts = counts};
    all.streets = calloc(data->n_villages + 1, sizeof *all.streets);
    if (all.streets == NULL)
        return;
    list_segments(&all);
    for (size_t v = 0; v < data->n_villages; v++) {
        bool city = strcmp(data->kecamatan[data->villages[v].kecamatan].of, "Kota Malang") == 0;
        all.dice = sgp_dice_of(seed, 800000 + v);
        all.first_taken = all.n_taken;
        for (size_t k = 0; k < data->n_everyday; k++)
            draw_kind(&all, &data->everyday[k], v, city);
        for (size_t i = 0; i < 3; i++)
            free(all.streets[v][i].segments);
    }
    free(all.streets);
    free(all.taken);
}
