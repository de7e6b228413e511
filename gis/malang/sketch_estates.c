/* Housing estates, as developers lay them out: a ground beside a main road, one street in from
 * the gate, and block streets across it.
 *
 *        ┌──────────┊──────────┐
 *        │ C1 ──────┊────── C2 │        rows, letters counted from the gate;
 *        │ B1 ──────┊────── B2 │        with `halves` each side is a block of its own
 *        │ A1 ──────┊────── A2 │
 *        └──────────┊──────────┘
 *       ════════════╧═══════════════    the main road, or a local street before it
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "gis/malang/sketch.h"

#define ROW_M 48.0      /* from one row to the next */
#define MARGIN_M 14.0   /* from the ground's edge to the end of a row */
#define CLEAR_M 26.0    /* the ground keeps that far from main roads */
#define SMALLEST_M 90.0 /* a side shorter than this is no estate */
#define GATE_REACH_M 260.0

static bool is_main(const sgp_net *net, uint32_t segment, const void *ctx) {
    (void)ctx;
    const sgp_street *street = &net->streets[net->segments[segment].street];
    return street->kind == SGP_STREET_MAIN && street->layer == 0 && !street->ring &&
           strcmp(street->road_class, "motorway_link") != 0;
}

static sgp_xy on_ground(const sgp_sketch_estate *estate, double along, double in) {
    return (sgp_xy){estate->at.x + estate->along.x * along + estate->in.x * in,
                    estate->at.y + estate->along.y * along + estate->in.y * in};
}

static bool crosses(sgp_xy a, sgp_xy b, const sgp_sketch_line *lines, size_t n) {
    double fraction = 0.0;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 1; k < lines[i].n; k++)
            if (sgp_xy_cross(a, b, lines[i].at[k - 1], lines[i].at[k], &fraction))
                return true;
    return false;
}

/* Nothing stands on the ground yet: no road, river, railway, park or other estate. */
static bool has_room(const sgp_net *net, const sgp_sketch_data *data,
                     const sgp_sketch_estate *estate) {
    double length = estate->length_m / 2.0, depth = estate->depth_m / 2.0;
    for (double in = -depth; in <= depth; in += 15.0) {
        sgp_xy west = on_ground(estate, -length, in), east = on_ground(estate, length, in);
        if (crosses(west, east, data->rivers, data->n_rivers) ||
            crosses(west, east, data->railways, data->n_railways))
            return false;
        for (double along = -length; along <= length; along += 15.0) {
            sgp_xy at = on_ground(estate, along, in);
            if (sgp_net_nearest(net, at, CLEAR_M, NULL, NULL).segment != SGP_NO_INDEX)
                return false;
            for (size_t i = 0; i < data->n_parks; i++)
                if (sgp_xy_inside(at, data->parks[i].at, data->parks[i].n))
                    return false;
            for (const sgp_sketch_estate *other = data->estates; other < estate; other++)
                if (other->placed && sgp_xy_inside(at, other->ring, 4))
                    return false;
        }
    }
    return true;
}

static void place(const sgp_net *net, const sgp_sketch_data *data, sgp_sketch_estate *estate) {
    sgp_net_hit hit = sgp_net_nearest(net, estate->at, 1800.0, is_main, NULL);
    if (hit.segment == SGP_NO_INDEX)
        return;
    const sgp_segment *segment = &net->segments[hit.segment];
    sgp_xy foot =
        sgp_xy_between(sgp_net_at(net, segment->a), sgp_net_at(net, segment->b), hit.fraction);
    double away = fmax(sgp_xy_distance(foot, estate->at), 1.0);
    estate->in = (sgp_xy){(estate->at.x - foot.x) / away, (estate->at.y - foot.y) / away};
    estate->along = (sgp_xy){estate->in.y, -estate->in.x};
    sgp_xy wanted = estate->at;
    double length = estate->length_m, depth = estate->depth_m;
    for (double scale = 1.0; length * scale >= SMALLEST_M && depth * scale >= SMALLEST_M;
         scale *= 0.9) {
        estate->length_m = length * scale;
        estate->depth_m = depth * scale;
        /* Pushed off its main road as far as it needs, and sideways until it fits. */
        double push = fmax(0.0, estate->depth_m / 2.0 + CLEAR_M + 4.0 - away);
        for (int step = 0; step < 9; step++) {
            double side = (double)((step + 1) / 2) * (step % 2 == 0 ? 40.0 : -40.0);
            estate->at = (sgp_xy){wanted.x + estate->in.x * push + estate->along.x * side,
                                  wanted.y + estate->in.y * push + estate->along.y * side};
            if (!has_room(net, data, estate))
                continue;
            double half = estate->length_m / 2.0, deep = estate->depth_m / 2.0;
            estate->ring[0] = on_ground(estate, -half, -deep);
            estate->ring[1] = on_ground(estate, half, -deep);
            estate->ring[2] = on_ground(estate, half, deep);
            estate->ring[3] = on_ground(estate, -half, deep);
            estate->placed = true;
            return;
        }
    }
}

void sgp_net_estates_place(const sgp_net *net, sgp_sketch_data *data) {
    for (size_t i = 0; i < data->n_estates; i++) {
        place(net, data, &data->estates[i]);
        if (!data->estates[i].placed)
            fprintf(stderr, "sigap-sketch: %s has no room\n", data->estates[i].name);
    }
}

/* ---- streets ---------------------------------------------------------------- */

/* The road that a ray from `from` meets first within `reach_m`: a node there, or none. */
static uint32_t met_road(sgp_net *net, sgp_xy from, sgp_xy direction, double reach_m,
                         uint32_t but) {
    sgp_xy to = {from.x + direction.x * reach_m, from.y + direction.y * reach_m};
    size_t n = 0;
    sgp_net_hit hit = sgp_net_crossing(net, from, to, but, &n);
    if (hit.segment == SGP_NO_INDEX)
        return SGP_NO_INDEX;
    const sgp_street *met = &net->streets[net->segments[hit.segment].street];
    if (met->layer != 0 || strcmp(met->road_class, "motorway_link") == 0)
        return SGP_NO_INDEX;
    return sgp_net_split(net, hit.segment, hit.fraction, 9.0);
}

static uint32_t add_street(sgp_net *net, size_t estate, const char *name, const char *block) {
    return sgp_net_street_add(net, (sgp_street){.name = name,
                                                .road_class = "residential",
                                                .kind = SGP_STREET_LOCAL,
                                                .village = SGP_NO_INDEX,
                                                .estate = (uint32_t)estate + 1,
                                                .block = block});
}

/* From the street's end on to `along`, in pieces of some 40 m. */
static uint32_t draw_row(sgp_net *net, const sgp_sketch_estate *estate, uint32_t street,
                         uint32_t from, double start, double end, double in) {
    int pieces = (int)ceil(fabs(end - start) / 40.0);
    for (int i = 1; i <= pieces; i++) {
        uint32_t next = sgp_net_node_add(
            net, on_ground(estate, start + (end - start) * (double)i / (double)pieces, in));
        sgp_net_extend(net, street, from, next);
        from = next;
    }
    return from;
}

static void draw_block(sgp_net *net, const sgp_sketch_estate *estate, size_t index,
                       uint32_t crossing, int row, double in) {
    double end = estate->length_m / 2.0 - MARGIN_M;
    char letter = (char)('A' + row);
    for (int half = 0; half < (estate->halves ? 2 : 1); half++) {
        const char *block = estate->halves
                                ? sgp_net_name(net, sgp_sketch_text("%c%d", letter, half + 1))
                                : sgp_net_name(net, sgp_sketch_text("%c", letter));
        const char *name = sgp_net_name(net, sgp_sketch_text("%s %s", estate->streets, block));
        uint32_t street = add_street(net, index, name, block);
        if (estate->halves) {
            (void)draw_row(net, estate, street, crossing, 0.0, half == 0 ? -end : end, in);
        } else {
            uint32_t from = sgp_net_node_add(net, on_ground(estate, -end, in));
            double pieces = ceil(end / 40.0);
            uint32_t last = from;
            for (double i = 1.0; i < pieces; i += 1.0) {
                uint32_t next =
                    sgp_net_node_add(net, on_ground(estate, -end + end * i / pieces, in));
                sgp_net_extend(net, street, last, next);
                last = next;
            }
            sgp_net_extend(net, street, last, crossing);
            (void)draw_row(net, estate, street, crossing, 0.0, end, in);
        }
    }
}

static void draw_estate(sgp_net *net, const sgp_sketch_estate *estate, size_t index) {
    int rows = (int)((estate->depth_m - 2.0 * MARGIN_M) / ROW_M) + 1;
    rows = rows > 26 ? 26 : rows;
    double first = -(double)(rows - 1) * ROW_M / 2.0;
    uint32_t *crossing = sgp_sketch_memory(NULL, (size_t)rows, sizeof *crossing);
    for (int row = 0; row < rows; row++)
        crossing[row] = sgp_net_node_add(net, on_ground(estate, 0.0, first + row * ROW_M));
    sgp_xy out = {-estate->in.x, -estate->in.y};
    uint32_t road = met_road(net, sgp_net_at(net, crossing[0]), out, GATE_REACH_M, SGP_NO_INDEX);
    uint32_t spine = add_street(net, index, estate->spine, NULL);
    if (road != SGP_NO_INDEX)
        sgp_net_extend(net, spine, road, crossing[0]);
    for (int row = 1; row < rows; row++)
        sgp_net_extend(net, spine, crossing[row - 1], crossing[row]);
    /* Many have a way out at the back. */
    uint32_t back =
        met_road(net, sgp_net_at(net, crossing[rows - 1]), estate->in, 150.0, crossing[rows - 1]);
    if (back != SGP_NO_INDEX)
        sgp_net_extend(net, spine, crossing[rows - 1], back);
    for (int row = 0; row < rows; row++)
        draw_block(net, estate, index, crossing[row], row, first + row * ROW_M);
    free(crossing);
}

void sgp_net_estates_draw(sgp_net *net, const sgp_sketch_data *data) {
    for (size_t i = 0; i < data->n_estates; i++)
        if (data->estates[i].placed)
            draw_estate(net, &data->estates[i], i);
}
