/* Kilometre posts beside the long roads: highway=milestone with its distance. */
#include <math.h>
#include <string.h>

#include "gis/malang/sketch.h"

#define ASIDE_M 8.0

static void draw_post(const sgp_street *street, sgp_xy at, int km, sgp_sheet *sheet) {
    const char *number = sgp_sheet_text(sheet, sgp_sketch_text("%d", km));
    (void)sgp_sheet_node_add(sheet, at);
    sgp_sheet_node_tag(sheet, "highway", "milestone");
    sgp_sheet_node_tag(sheet, "distance", number);
    sgp_sheet_node_tag(sheet, "name", sgp_sheet_text(sheet, sgp_sketch_text("KM %d", km)));
    /* The posts of the toll road say so; others count along the road that they stand at. */
    sgp_sheet_node_tag(sheet, "operator", street->layer > 0 ? "Jasa Marga" : NULL);
}

static double draw_along(const sgp_net *net, const sgp_street *street, double km, sgp_sheet *sheet,
                         sgp_sketch_counts *counts) {
    for (uint32_t s = street->first; s != SGP_NO_INDEX; s = net->segments[s].after) {
        sgp_xy a = sgp_net_at(net, net->segments[s].a), b = sgp_net_at(net, net->segments[s].b);
        double length = sgp_xy_distance(a, b);
        if (length < 0.1)
            continue;
        sgp_xy left = {-(b.y - a.y) / length * ASIDE_M, (b.x - a.x) / length * ASIDE_M};
        double after = km + length / 1000.0;
        for (double next = floor(km) + 1.0; next <= after; next += 1.0) {
            sgp_xy at = sgp_xy_between(a, b, (next - km) * 1000.0 / length);
            draw_post(street, (sgp_xy){at.x + left.x, at.y + left.y}, (int)next, sheet);
            counts->posts++;
        }
        km = after;
    }
    return km;
}

void sgp_sketch_posts_draw(const sgp_net *net, const sgp_sketch_data *data, sgp_sheet *sheet,
                           sgp_sketch_counts *counts) {
    for (size_t i = 0; i < data->n_posts; i++) {
        double km = data->posts[i].first_km;
        bool found = false;
        for (size_t k = 0; k < net->n_streets; k++)
            if (net->streets[k].kind == SGP_STREET_MAIN &&
                strcmp(net->streets[k].name, data->posts[i].road) == 0) {
                km = draw_along(net, &net->streets[k], km, sheet, counts);
                found = true;
            }
        if (!found)
            fprintf(stderr, "sigap-sketch: no road '%s' for kilometre posts\n",
                    data->posts[i].road);
    }
}
