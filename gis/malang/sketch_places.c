/* Places with a name: a point, a building that faces its road, or a ground with a building on it.
 * The name stands on the largest of them, as mappers do it. */
#include <string.h>

#include "gis/malang/sketch.h"

typedef void (*tagger)(sgp_sheet *, const char *, const char *);

static void tag_place(const sgp_sketch_place *place, sgp_sheet *sheet, tagger tag) {
    tag(sheet, "name", place->name);
    tag(sheet, "alt_name", place->alt);
    tag(sheet, "short_name", place->short_name);
    for (size_t i = 0; i < place->kind->n_tags; i++)
        tag(sheet, place->kind->tags[i].key, place->kind->tags[i].value);
    tag(sheet, "addr:street", place->street);
    tag(sheet, "addr:housenumber", place->number);
}

/* A building with its entrance in the middle of the wall towards the road. Places with a driveway
 * have theirs at its end already. */
static void draw_building(const sgp_sketch_place *place, sgp_sheet *sheet,
                          sgp_sketch_counts *counts) {
    double length = place->building_m, depth = place->building_m * 0.7;
    if (place->kind->drive) {
        sgp_sketch_square(sheet, place->at, place->along, length, depth);
        return;
    }
    sgp_xy u = {place->along.x * length / 2.0, place->along.y * length / 2.0};
    sgp_xy v = {place->front.x * depth / 2.0, place->front.y * depth / 2.0};
    sgp_xy at = place->at;
    const sgp_xy corners[5] = {{at.x + v.x, at.y + v.y},
                               {at.x + u.x + v.x, at.y + u.y + v.y},
                               {at.x + u.x - v.x, at.y + u.y - v.y},
                               {at.x - u.x - v.x, at.y - u.y - v.y},
                               {at.x - u.x + v.x, at.y - u.y + v.y}};
    uint32_t refs[6];
    for (size_t i = 0; i < 5; i++) {
        refs[i] = sgp_sheet_node_add(sheet, corners[i]);
        if (i == 0)
            sgp_sheet_node_tag(sheet, "entrance", "main");
    }
    refs[5] = refs[0];
    (void)sgp_sheet_way_add(sheet, refs, 6);
    counts->entrances++;
}

static const sgp_sketch_line *campus_of(const sgp_sketch_data *data,
                                        const sgp_sketch_place *place) {
    for (size_t i = 0; place->campus != NULL && i < data->n_parks; i++)
        if (strcmp(data->parks[i].name, place->campus) == 0)
            return &data->parks[i];
    return NULL;
}

static void draw_place(const sgp_sketch_data *data, const sgp_sketch_place *place, sgp_sheet *sheet,
                       sgp_sketch_counts *counts) {
    const sgp_sketch_line *campus = campus_of(data, place);
    bool ground = campus != NULL || place->ground_m[0] > 0.0;
    if (campus != NULL) {
        uint32_t refs[64];
        size_t n = 0;
        for (; n < campus->n && n < 63; n++)
            refs[n] = sgp_sheet_node_add(sheet, campus->at[n]);
        refs[n++] = refs[0];
        (void)sgp_sheet_way_add(sheet, refs, n);
    } else if (ground) {
        sgp_sketch_square(sheet, place->at, place->along, place->ground_m[0], place->ground_m[1]);
    }
    if (ground)
        tag_place(place, sheet, sgp_sheet_way_tag);
    if (place->building_m > 0.0) {
        draw_building(place, sheet, counts);
        sgp_sheet_way_tag(sheet, "building", "yes");
        if (!ground)
            tag_place(place, sheet, sgp_sheet_way_tag);
    } else if (!ground) {
        (void)sgp_sheet_node_add(sheet, place->at);
        tag_place(place, sheet, sgp_sheet_node_tag);
    }
}

void sgp_sketch_places_draw(const sgp_sketch_data *data, sgp_sheet *sheet,
                            sgp_sketch_counts *counts) {
    for (size_t i = 0; i < data->n_places; i++)
        draw_place(data, &data->places[i], sheet, counts);
}
