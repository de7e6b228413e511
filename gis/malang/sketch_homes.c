/* What stands along the streets: places with names, houses with numbers (odd on
 * the left, even on the right, growing along the street), rivers and parks. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "gis/malang/sketch.h"

/* House numbers as texts that outlive the sheet. */
#define LAST_NUMBER 999
static const char *number_text(int number) {
    static char texts[LAST_NUMBER + 1][12];
    if (texts[number][0] == '\0')
        (void)snprintf(texts[number], sizeof texts[number], "%d", number);
    return texts[number];
}

void sgp_sketch_square(sgp_sheet *sheet, sgp_xy at, sgp_xy along, double length, double depth) {
    sgp_xy u = {along.x * length / 2.0, along.y * length / 2.0};
    sgp_xy v = {-along.y * depth / 2.0, along.x * depth / 2.0};
    uint32_t refs[5] = {sgp_sheet_node_add(sheet, (sgp_xy){at.x - u.x - v.x, at.y - u.y - v.y}),
                        sgp_sheet_node_add(sheet, (sgp_xy){at.x + u.x - v.x, at.y + u.y - v.y}),
                        sgp_sheet_node_add(sheet, (sgp_xy){at.x + u.x + v.x, at.y + u.y + v.y}),
                        sgp_sheet_node_add(sheet, (sgp_xy){at.x - u.x + v.x, at.y - u.y + v.y}), 0};
    refs[4] = refs[0];
    (void)sgp_sheet_way_add(sheet, refs, 5);
}

typedef struct street_plan {
    double first_m, lot_m; /* where numbers begin, and the width of a lot */
    double chance, building_chance;
    double offset_m; /* from the middle of the road to the front */
} street_plan;

static street_plan plan_for(const sgp_net *net, const sgp_sketch_data *data,
                            const sgp_street *street) {
    bool city = street->village != SGP_NO_INDEX && data->villages[street->village].radius_m <= 0.0;
    switch (street->kind) {
    case SGP_STREET_MAIN: {
        sgp_xy at = sgp_net_at(net, net->segments[street->first].a);
        bool inner = sqrt(at.x * at.x + at.y * at.y) < 8500.0;
        return (street_plan){10.0, 12.0, inner ? 0.30 : 0.02, 0.5, street->dual ? 15.0 : 9.0};
    }
    case SGP_STREET_GANG:
        return (street_plan){6.0, 8.0, city ? 0.16 : 0.06, 0.4, 2.5};
    case SGP_STREET_LOCAL:
        return (street_plan){9.0, 10.0, city ? 0.11 : 0.05, 0.45, 6.0};
    default:
        return (street_plan){0};
    }
}

/* A house of its own, or only its number at the gate. */
static void draw_house(const sgp_net *net, const sgp_street *street, const street_plan *plan,
                       sgp_xy front, sgp_xy along, double side, int number, sgp_dice *dice,
                       sgp_sheet *sheet, sgp_sketch_counts *counts) {
    double depth = sgp_dice_range(dice, 8.0, 13.0),
           width = plan->lot_m * sgp_dice_range(dice, 0.7, 0.95);
    sgp_xy in = {-along.y * side, along.x * side};
    double back = plan->offset_m + depth / 2.0 + 1.0;
    bool building = sgp_dice_unit(dice) < plan->building_chance;
    if (building) {
        sgp_xy at = {front.x + in.x * back, front.y + in.y * back};
        if (sgp_net_nearest(net, at, depth / 2.0 + 1.5, NULL, NULL).segment != SGP_NO_INDEX)
            return;
        sgp_sketch_square(sheet, at, along, width, depth);
        sgp_sheet_way_tag(sheet, "building",
                          street->kind == SGP_STREET_MAIN ? "commercial" : "house");
        sgp_sheet_way_tag(sheet, "addr:street", street->name);
        sgp_sheet_way_tag(sheet, "addr:housenumber", number_text(number));
        counts->buildings++;
    } else {
        sgp_xy at = {front.x + in.x * (plan->offset_m + 1.0),
                     front.y + in.y * (plan->offset_m + 1.0)};
        (void)sgp_sheet_node_add(sheet, at);
        sgp_sheet_node_tag(sheet, "addr:street", street->name);
        sgp_sheet_node_tag(sheet, "addr:housenumber", number_text(number));
    }
    counts->addresses++;
}

/* The two ways in which houses of an estate bear their block on OpenStreetMap in Indonesia:
 * "C2/7" on the block's street, or addr:place, addr:block and a plain number. */
static void draw_estate_house(const sgp_sketch_estate *estate, const sgp_street *street,
                              sgp_xy front, sgp_xy along, double side, int number, sgp_dice *dice,
                              sgp_sheet *sheet, sgp_sketch_counts *counts) {
    double depth = sgp_dice_range(dice, 8.0, 11.0);
    double back = 5.0 + depth / 2.0;
    sgp_xy at = {front.x - along.y * side * back, front.y + along.x * side * back};
    bool building = sgp_dice_unit(dice) < 0.7;
    void (*tag)(sgp_sheet *, const char *, const char *) = sgp_sheet_node_tag;
    if (building) {
        sgp_sketch_square(sheet, at, along, 7.5, depth);
        tag = sgp_sheet_way_tag;
        tag(sheet, "building", "house");
        counts->buildings++;
    } else {
        (void)sgp_sheet_node_add(sheet, at);
    }
    if (estate->by_place) {
        tag(sheet, "addr:place", estate->name);
        tag(sheet, "addr:block", street->block);
        tag(sheet, "addr:housenumber", number_text(number));
    } else {
        tag(sheet, "addr:street", street->name);
        tag(sheet, "addr:housenumber",
            sgp_sheet_text(sheet, sgp_sketch_text("%s/%d", street->block, number)));
    }
    counts->addresses++;
    counts->estate_houses++;
}

static void draw_block_homes(const sgp_net *net, const sgp_sketch_data *data, uint32_t index,
                             uint64_t seed, sgp_sheet *sheet, sgp_sketch_counts *counts) {
    const sgp_street *street = &net->streets[index];
    const sgp_sketch_estate *estate = &data->estates[street->estate - 1];
    if (street->dropped || street->block == NULL)
        return;
    sgp_dice dice = sgp_dice_of(seed, 900000 + index);
    double passed = 0.0, next = 8.0, lot = 9.0;
    int number = 0;
    for (uint32_t s = street->first; s != SGP_NO_INDEX; s = net->segments[s].after) {
        sgp_xy a = sgp_net_at(net, net->segments[s].a), b = sgp_net_at(net, net->segments[s].b);
        double length = sgp_xy_distance(a, b);
        sgp_xy along = {(b.x - a.x) / length, (b.y - a.y) / length};
        for (; next < passed + length - 4.0; next += lot)
            for (int side = 0; side < 2; side++) {
                sgp_xy front = sgp_xy_between(a, b, (next - passed) / length);
                /* Not every house is mapped. */
                if (++number <= LAST_NUMBER && sgp_dice_unit(&dice) < 0.6)
                    draw_estate_house(estate, street, front, along, side == 0 ? 1.0 : -1.0, number,
                                      &dice, sheet, counts);
            }
        passed += length;
    }
}

static void draw_ground(const sgp_sketch_estate *estate, sgp_sheet *sheet) {
    uint32_t refs[5];
    for (size_t i = 0; i < 4; i++)
        refs[i] = sgp_sheet_node_add(sheet, estate->ring[i]);
    refs[4] = refs[0];
    (void)sgp_sheet_way_add(sheet, refs, 5);
    sgp_sheet_way_tag(sheet, "landuse", "residential");
    sgp_sheet_way_tag(sheet, "name", estate->name);
    sgp_sheet_way_tag(sheet, "alt_name", estate->alt);
}

static void draw_street_homes(const sgp_net *net, const sgp_sketch_data *data, uint32_t index,
                              uint64_t seed, sgp_sheet *sheet, sgp_sketch_counts *counts) {
    const sgp_street *street = &net->streets[index];
    if (street->dropped || street->name[0] == '\0' || street->layer != 0 || street->ring ||
        street->first == SGP_NO_INDEX)
        return;
    street_plan plan = plan_for(net, data, street);
    if (plan.chance <= 0.0)
        return;
    sgp_dice dice = sgp_dice_of(seed, 900000 + index);
    double passed = 0.0, next = plan.first_m;
    for (uint32_t s = street->first; s != SGP_NO_INDEX; s = net->segments[s].after) {
        sgp_xy a = sgp_net_at(net, net->segments[s].a), b = sgp_net_at(net, net->segments[s].b);
        double length = sgp_xy_distance(a, b);
        if (length < 1.0)
            continue;
        sgp_xy along = {(b.x - a.x) / length, (b.y - a.y) / length};
        for (; next < passed + length; next += plan.lot_m) {
            int lot = (int)(next / plan.lot_m);
            if (2 * lot + 2 > LAST_NUMBER)
                return;
            sgp_xy front = sgp_xy_between(a, b, (next - passed) / length);
            if (sgp_dice_unit(&dice) < plan.chance)
                draw_house(net, street, &plan, front, along, 1.0, 2 * lot + 1, &dice, sheet,
                           counts);
            if (sgp_dice_unit(&dice) < plan.chance)
                draw_house(net, street, &plan, front, along, -1.0, 2 * lot + 2, &dice, sheet,
                           counts);
        }
        passed += length;
    }
}

static void draw_line(const sgp_sketch_line *line, bool closed, sgp_sheet *sheet) {
    uint32_t refs[256];
    size_t n = 0;
    for (; n < line->n && n < 254; n++)
        refs[n] = sgp_sheet_node_add(sheet, line->at[n]);
    if (closed)
        refs[n++] = refs[0];
    (void)sgp_sheet_way_add(sheet, refs, n);
    sgp_sheet_way_tag(sheet, "name", line->name);
}

void sgp_sketch_homes(const sgp_net *net, const sgp_sketch_data *data, sgp_sheet *sheet,
                      uint64_t seed, sgp_sketch_counts *counts) {
    for (size_t i = 0; i < data->n_rivers; i++) {
        draw_line(&data->rivers[i], false, sheet);
        sgp_sheet_way_tag(sheet, "waterway", "river");
    }
    for (size_t i = 0; i < data->n_railways; i++) {
        draw_line(&data->railways[i], false, sheet);
        sgp_sheet_way_tag(sheet, "railway", "rail");
    }
    for (size_t i = 0; i < data->n_parks; i++) {
        if (strncmp(data->parks[i].name, "Kampus", 6) == 0)
            continue; /* the ground of its university */
        draw_line(&data->parks[i], true, sheet);
        sgp_sheet_way_tag(sheet, "landuse", "recreation_ground");
    }
    sgp_sketch_places_draw(data, sheet, counts);
    for (size_t i = 0; i < data->n_estates; i++)
        if (data->estates[i].placed) {
            draw_ground(&data->estates[i], sheet);
            counts->estates++;
        }
    for (uint32_t i = 0; i < net->n_streets; i++)
        if (net->streets[i].estate != 0)
            draw_block_homes(net, data, i, seed, sheet, counts);
        else
            draw_street_homes(net, data, i, seed, sheet, counts);
}
