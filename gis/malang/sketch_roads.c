/* Streets onto the sheet: two carriageways where there is a median, gaps in it,
 * signals and turn restrictions.
 *
 *          a ──►── l1 ──►── l2 ──►── b       At junctions of main roads (a, b) the
 *         full     ┊ gap    │       full     carriageways meet; in between, local
 *          a ──◄── r1 ──◄── r2 ──◄── b       streets reach only their own side.
 *
 * Indonesia drives on the left, so the carriageway towards b is the left one.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "gis/malang/sketch.h"

#define HALF_MEDIAN_M 5.0
#define GAP_EVERY_M 380.0

typedef struct plan_node {
    uint32_t sheet;       /* the sheet's node, SGP_NO_INDEX until used */
    uint32_t left, right; /* the two sides of a median here, or SGP_NO_INDEX */
    sgp_xy ahead;         /* direction of the road with the median */
    uint16_t main_roads;  /* main streets that pass or end here */
    uint16_t locals;
    bool main_end;
} plan_node;

/* A way that arrives at or leaves a junction of main roads. */
typedef struct road_arm {
    uint32_t node; /* of the net */
    uint32_t way, street;
    sgp_xy away; /* unit vector from the junction along the way */
    bool in, out;
} road_arm;

typedef struct road_plan {
    const sgp_net *net;
    const sgp_sketch_data *data;
    sgp_sheet *sheet;
    sgp_sketch_counts *counts;
    plan_node *nodes;
    road_arm *arms;
    size_t n_arms, room_arms;
    uint32_t *list; /* the present street's nodes */
    size_t n_list, room_list;
} road_plan;

static void list_street(road_plan *plan, uint32_t street) {
    plan->n_list = 0;
    for (uint32_t s = plan->net->streets[street].first; s != SGP_NO_INDEX;
         s = plan->net->segments[s].after) {
        uint32_t ends[2] = {sgp_net_root(plan->net, plan->net->segments[s].a),
                            sgp_net_root(plan->net, plan->net->segments[s].b)};
        for (int e = 0; e < 2; e++) {
            if (plan->n_list > 0 && plan->list[plan->n_list - 1] == ends[e])
                continue;
            SGP_SKETCH_ROOM(plan->list, plan->n_list, plan->room_list);
            plan->list[plan->n_list++] = ends[e];
        }
    }
}

static uint32_t sheet_node(road_plan *plan, uint32_t node) {
    plan_node *mark = &plan->nodes[node];
    if (mark->sheet == SGP_NO_INDEX) {
        mark->sheet = sgp_sheet_node_add(plan->sheet, plan->net->nodes[node].at);
        if (plan->net->nodes[node].mark == SGP_NODE_GATE)
            sgp_sheet_node_tag(plan->sheet, "barrier", "gate");
        if (plan->net->nodes[node].mark == SGP_NODE_DOOR)
            sgp_sheet_node_tag(plan->sheet, "entrance", "main");
        plan->counts->entrances += plan->net->nodes[node].mark != SGP_NODE_PLAIN;
    }
    return mark->sheet;
}

static void tag_way(road_plan *plan, const sgp_street *street, uint32_t way, bool oneway,
                    bool keep) {
    sgp_sheet *sheet = plan->sheet;
    sgp_sheet_way_tag(sheet, "highway", street->road_class);
    sgp_sheet_way_tag(sheet, "name", street->name);
    sgp_sheet_way_tag(sheet, "alt_name", street->alt);
    if (street->ring)
        sgp_sheet_way_tag(sheet, "junction", "roundabout");
    if (street->layer > 0) {
        sgp_sheet_way_tag(sheet, "layer", "1");
        sgp_sheet_way_tag(sheet, "toll", "yes");
    }
    if (street->kind == SGP_STREET_GANG) {
        sgp_sheet_way_tag(sheet, "width", "1.5");
        sgp_sheet_way_tag(sheet, "motorcar", "no");
        if (strcmp(street->road_class, "path") == 0)
            sgp_sheet_way_tag(sheet, "motorcycle", "yes");
    }
    if (street->kind == SGP_STREET_DRIVE)
        sgp_sheet_way_tag(sheet, "service", "driveway");
    if (street->kind == SGP_STREET_MAIN && !oneway && strcmp(street->road_class, "tertiary") != 0)
        sgp_sheet_way_tag(sheet, "lanes", "2");
    sheet->ways[way].road = true;
    sheet->ways[way].drivable = street->kind != SGP_STREET_GANG;
    sheet->ways[way].oneway = oneway;
    sheet->ways[way].keep_oneway = keep;
    if (street->kind == SGP_STREET_GANG)
        plan->counts->gangs++;
    else
        plan->counts->roads++;
}

static sgp_xy sheet_direction(const road_plan *plan, uint32_t from, uint32_t to) {
    sgp_point a = plan->sheet->nodes[from].point, b = plan->sheet->nodes[to].point;
    double x = (double)(b.lon_e7 - a.lon_e7), y = (double)(b.lat_e7 - a.lat_e7);
    double length = sqrt(x * x + y * y);
    return length > 0.0 ? (sgp_xy){x / length, y / length} : (sgp_xy){1.0, 0.0};
}

static void add_arm(road_plan *plan, uint32_t node, uint32_t way, uint32_t street, bool at_start) {
    const sgp_sheet_way *w = &plan->sheet->ways[way];
    const uint32_t *refs = &plan->sheet->refs[w->first_ref];
    uint32_t here = at_start ? refs[0] : refs[w->n_refs - 1];
    uint32_t next = at_start ? refs[1] : refs[w->n_refs - 2];
    SGP_SKETCH_ROOM(plan->arms, plan->n_arms, plan->room_arms);
    plan->arms[plan->n_arms++] = (road_arm){node,
                                            way,
                                            street,
                                            sheet_direction(plan, here, next),
                                            !at_start || !w->oneway,
                                            at_start || !w->oneway};
}

/* A way along nodes [from..to] of the list; `side` picks copies: 0 none, 1 left, 2 right. */
static uint32_t way_along(road_plan *plan, uint32_t street, size_t from, size_t to, int side) {
    uint32_t refs[2000];
    size_t n = 0;
    bool back = side == 2;
    for (size_t k = 0; k <= to - from && n < 2000; k++) {
        uint32_t node = plan->list[back ? to - k : from + k];
        const plan_node *mark = &plan->nodes[node];
        bool inner = k != 0 && k != to - from;
        uint32_t ref = side != 0 && inner && mark->left != SGP_NO_INDEX
                           ? (side == 1 ? mark->left : mark->right)
                           : sheet_node(plan, node);
        refs[n++] = ref;
    }
    const sgp_street *s = &plan->net->streets[street];
    uint32_t way = sgp_sheet_way_add(plan->sheet, refs, n);
    tag_way(plan, s, way, side != 0 || s->oneway, side != 0 || s->ring);
    uint32_t start = plan->list[back ? to : from], end = plan->list[back ? from : to];
    if (plan->nodes[start].main_roads > 1)
        add_arm(plan, start, way, street, true);
    if (plan->nodes[end].main_roads > 1)
        add_arm(plan, end, way, street, false);
    return way;
}

static bool is_full(const road_plan *plan, size_t k) {
    const plan_node *mark = &plan->nodes[plan->list[k]];
    return k == 0 || k + 1 == plan->n_list || mark->main_roads > 1;
}

/* The two sides of the median at each inner node of [from..to]. */
static void open_median(road_plan *plan, size_t from, size_t to) {
    for (size_t k = from + 1; k < to; k++) {
        plan_node *mark = &plan->nodes[plan->list[k]];
        sgp_xy a = plan->net->nodes[plan->list[k - 1]].at,
               b = plan->net->nodes[plan->list[k + 1]].at;
        sgp_xy at = plan->net->nodes[plan->list[k]].at;
        double length = sgp_xy_distance(a, b);
        mark->ahead = (sgp_xy){(b.x - a.x) / length, (b.y - a.y) / length};
        sgp_xy left = {-mark->ahead.y * HALF_MEDIAN_M, mark->ahead.x * HALF_MEDIAN_M};
        mark->left = sgp_sheet_node_add(plan->sheet, (sgp_xy){at.x + left.x, at.y + left.y});
        mark->right = sgp_sheet_node_add(plan->sheet, (sgp_xy){at.x - left.x, at.y - left.y});
    }
}

/* Gaps in the median for U-turns, away from junctions and side streets. */
static void cut_gaps(road_plan *plan, uint32_t street, size_t from, size_t to) {
    const sgp_street *s = &plan->net->streets[street];
    double since = GAP_EVERY_M * 0.5;
    if (strcmp(s->road_class, "motorway") == 0)
        return;
    for (size_t k = from + 1; k < to; k++) {
        since += sgp_xy_distance(plan->net->nodes[plan->list[k - 1]].at,
                                 plan->net->nodes[plan->list[k]].at);
        const plan_node *mark = &plan->nodes[plan->list[k]];
        if (since < GAP_EVERY_M || mark->locals > 0)
            continue;
        uint32_t refs[2] = {mark->left, mark->right};
        uint32_t way = sgp_sheet_way_add(plan->sheet, refs, 2);
        sgp_sheet_way_tag(plan->sheet, "highway",
                          strcmp(s->road_class, "primary") == 0 ? "primary_link"
                                                                : "secondary_link");
        plan->sheet->ways[way].road = plan->sheet->ways[way].drivable = true;
        plan->counts->gaps++;
        since = 0.0;
    }
}

static void forbid(road_plan *plan, const char *kind, uint32_t from, uint32_t via, uint32_t to) {
    (void)sgp_sheet_relation_add(plan->sheet);
    sgp_sheet_relation_tag(plan->sheet, "type", "restriction");
    sgp_sheet_relation_tag(plan->sheet, "restriction", kind);
    sgp_sheet_member(plan->sheet, SGP_OSM_WAY, from, "from");
    sgp_sheet_member(plan->sheet, SGP_OSM_NODE, plan->nodes[via].sheet, "via");
    sgp_sheet_member(plan->sheet, SGP_OSM_WAY, to, "to");
    plan->counts->restrictions++;
}

static void draw_main(road_plan *plan, uint32_t street) {
    const sgp_street *s = &plan->net->streets[street];
    list_street(plan, street);
    if (plan->n_list < 2)
        return;
    for (size_t from = 0, to = 1; to < plan->n_list; to++) {
        if (!is_full(plan, to))
            continue;
        if (s->dual && to - from > 1) {
            open_median(plan, from, to);
            uint32_t left = way_along(plan, street, from, to, 1);
            uint32_t right = way_along(plan, street, from, to, 2);
            cut_gaps(plan, street, from, to);
            /* At a crossing with signals one does not turn round through the crossing. */
            if (plan->nodes[plan->list[to]].main_roads > 2)
                forbid(plan, "no_u_turn", left, plan->list[to], right);
            if (plan->nodes[plan->list[from]].main_roads > 2)
                forbid(plan, "no_u_turn", right, plan->list[from], left);
        } else {
            (void)way_along(plan, street, from, to, 0);
        }
        from = to;
    }
}

/* Which copy a local street reaches, coming from `other`. */
static uint32_t side_node(road_plan *plan, uint32_t node, uint32_t other) {
    const plan_node *mark = &plan->nodes[node];
    if (mark->left == SGP_NO_INDEX)
        return sheet_node(plan, node);
    sgp_xy at = plan->net->nodes[node].at, from = plan->net->nodes[other].at;
    double side = mark->ahead.x * (from.y - at.y) - mark->ahead.y * (from.x - at.x);
    return side > 0.0 ? mark->left : mark->right;
}

static void draw_local(road_plan *plan, uint32_t street) {
    const sgp_street *s = &plan->net->streets[street];
    list_street(plan, street);
    uint32_t refs[2000];
    size_t n = 0;
    for (size_t k = 0; k + 1 < plan->n_list && n < 1998; k++) {
        uint32_t start = side_node(plan, plan->list[k], plan->list[k + 1]);
        uint32_t end = side_node(plan, plan->list[k + 1], plan->list[k]);
        if (n > 0 && refs[n - 1] != start) {
            /* The median keeps this street from crossing. */
            tag_way(plan, s, sgp_sheet_way_add(plan->sheet, refs, n), s->oneway, false);
            n = 0;
        }
        if (n == 0)
            refs[n++] = start;
        refs[n++] = end;
    }
    if (n > 1)
        tag_way(plan, s, sgp_sheet_way_add(plan->sheet, refs, n), s->oneway, false);
}

static void count_roads(road_plan *plan) {
    for (uint32_t i = 0; i < plan->net->n_streets; i++) {
        const sgp_street *street = &plan->net->streets[i];
        if (street->dropped)
            continue;
        list_street(plan, i);
        for (size_t k = 0; k < plan->n_list; k++) {
            if (street->ring && k + 1 == plan->n_list)
                break;
            plan_node *mark = &plan->nodes[plan->list[k]];
            if (street->kind == SGP_STREET_MAIN)
                mark->main_roads++;
            else
                mark->locals++;
        }
    }
}

/* ---- junctions ------------------------------------------------------------- */

static bool arm_named(const road_plan *plan, const road_arm *arm, const char *name) {
    return strcmp(plan->net->streets[arm->street].name, name) == 0;
}

static double turn_deg(const road_arm *from, const road_arm *to) {
    /* Arriving means going against `away`. */
    double x = -from->away.x, y = -from->away.y;
    return atan2(x * to->away.y - y * to->away.x, x * to->away.x + y * to->away.y) * 180.0 / M_PI;
}

static double wanted_deg(const char *kind) {
    if (strstr(kind, "right") != NULL)
        return -90.0;
    if (strstr(kind, "left") != NULL)
        return 90.0;
    return strstr(kind, "u_turn") != NULL ? 180.0 : 0.0;
}

static bool forbid_turn(road_plan *plan, uint32_t node, const sgp_sketch_turn *turn) {
    const road_arm *best_from = NULL, *best_to = NULL;
    double best = 62.0;
    for (size_t i = 0; i < plan->n_arms; i++) {
        const road_arm *from = &plan->arms[i];
        if (from->node != node || !from->in || !arm_named(plan, from, turn->from))
            continue;
        for (size_t k = 0; k < plan->n_arms; k++) {
            const road_arm *to = &plan->arms[k];
            if (to->node != node || !to->out || to->way == from->way ||
                !arm_named(plan, to, turn->to))
                continue;
            double off = fabs(turn_deg(from, to) - wanted_deg(turn->kind));
            off = off > 180.0 ? 360.0 - off : off;
            if (off < best) {
                best = off;
                best_from = from;
                best_to = to;
            }
        }
    }
    if (best_from == NULL)
        return false;
    forbid(plan, turn->kind, best_from->way, node, best_to->way);
    return true;
}

static void put_signal(road_plan *plan, uint32_t node, const char *name) {
    sgp_sheet_node *sheet = &plan->sheet->nodes[plan->nodes[node].sheet];
    if (sheet->n_tags != 0)
        return;
    sheet->first_tag = (uint32_t)plan->sheet->n_tags;
    const sgp_osm_tag tags[3] = {
        {"highway", "traffic_signals"}, {"junction", "yes"}, {"name", name}};
    for (int i = 0; i < (name != NULL ? 3 : 1); i++) {
        SGP_SKETCH_ROOM(plan->sheet->tags, plan->sheet->n_tags, plan->sheet->room_tags);
        plan->sheet->tags[plan->sheet->n_tags++] = tags[i];
        sheet->n_tags++;
    }
    plan->counts->signals++;
}

static void draw_junctions(road_plan *plan) {
    for (size_t j = 0; j < plan->data->n_junctions; j++) {
        const sgp_sketch_junction *junction = &plan->data->junctions[j];
        uint32_t found = SGP_NO_INDEX;
        for (size_t i = 0; i < plan->n_arms && found == SGP_NO_INDEX; i++)
            for (size_t k = 0; k < plan->n_arms; k++)
                if (plan->arms[i].node == plan->arms[k].node &&
                    arm_named(plan, &plan->arms[i], junction->roads[0]) &&
                    arm_named(plan, &plan->arms[k], junction->roads[1])) {
                    found = plan->arms[i].node;
                    break;
                }
        if (found == SGP_NO_INDEX) {
            fprintf(stderr, "sigap-sketch: %s: its two roads do not meet\n", junction->name);
            plan->counts->missing_turns++;
            continue;
        }
        put_signal(plan, found, junction->name);
        for (size_t t = 0; t < junction->n_forbid; t++)
            if (!forbid_turn(plan, found, &junction->forbid[t])) {
                fprintf(stderr, "sigap-sketch: %s: no such turn from %s into %s\n", junction->name,
                        junction->forbid[t].from, junction->forbid[t].to);
                plan->counts->missing_turns++;
            }
    }
    /* Other crossings of big roads have signals too, without a name. */
    for (size_t i = 0; i < plan->n_arms; i++) {
        const road_arm *arm = &plan->arms[i];
        const char *road_class = plan->net->streets[arm->street].road_class;
        if (plan->nodes[arm->node].main_roads > 2 && !plan->net->streets[arm->street].ring &&
            (strcmp(road_class, "primary") == 0 || strcmp(road_class, "secondary") == 0))
            put_signal(plan, arm->node, NULL);
    }
}

void sgp_sketch_roads(const sgp_net *net, const sgp_sketch_data *data, sgp_sheet *sheet,
                      sgp_sketch_counts *counts) {
    road_plan plan = {.net = net, .data = data, .sheet = sheet, .counts = counts};
    plan.nodes = sgp_sketch_memory(NULL, net->n_nodes + 1, sizeof *plan.nodes);
    for (size_t i = 0; i < net->n_nodes; i++)
        plan.nodes[i] =
            (plan_node){.sheet = SGP_NO_INDEX, .left = SGP_NO_INDEX, .right = SGP_NO_INDEX};
    count_roads(&plan);
    for (uint32_t i = 0; i < net->n_streets; i++)
        if (!net->streets[i].dropped && net->streets[i].kind == SGP_STREET_MAIN)
            draw_main(&plan, i);
    for (uint32_t i = 0; i < net->n_streets; i++)
        if (!net->streets[i].dropped && net->streets[i].kind != SGP_STREET_MAIN)
            draw_local(&plan, i);
    draw_junctions(&plan);
    free(plan.nodes);
    free(plan.arms);
    free(plan.list);
}
