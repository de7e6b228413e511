/* Turn restrictions, one-way roads and barriers as they bind each vehicle, held against a search
 * that knows nothing of edges, folding or expanded crossings: it drives segment by segment,
 * remembers the last few, and before each move asks every restriction, in the words of its
 * definition, whether the move is allowed.
 *
 * Seeded towns of a few streets get every kind of restriction (no and only, via
 * a node, one way, two ways; several overlapping; for everybody, with exceptions, for
 * some vehicles, at some hours), and from every edge of the graph the time to every
 * other must be the same in both, for every vehicle of the shipped profiles.
 */
#include <unistd.h>

#include "base/random.h"
#include "osm_checks.h"
#include "osm_maker.h"
#include "route/osm_graph.h"
#include "sigap/router.h"

enum {
    TOWNS = 400,
    ROUTED_TOWNS = 60, /* of those with copied arcs */
    COLUMNS = 4,
    ROWS = 3,
    NODES = COLUMNS * ROWS,
    WAYS_MAX = 40,
    WAY_NODES_MAX = 4,
    RULES_MAX = 6,
    MEMORY = 4, /* segments remembered; the longest ban is from + 3 segments of via + to */
    VIA_SEGMENTS_MAX = 3,
    STATES_MAX = 60000
};
#define FAR (1e18)

typedef struct town_way {
    int nodes[WAY_NODES_MAX]; /* 0 .. NODES - 1; OSM id is one more */
    int n;
    bool oneway;
    int name;
} town_way;

typedef struct town_rule {
    bool only;
    int from, to; /* ways */
    int via_node; /* -1: via ways */
    int via[2], n_via;
    int via_nodes[VIA_SEGMENTS_MAX + 1], n_via_nodes; /* in driving order */
    int who;                                          /* row of whom[] */
} town_rule;

typedef struct town {
    double east_m[NODES], north_m[NODES];
    bool blocked[NODES];
    town_way ways[WAYS_MAX];
    int n_ways;
    town_rule rules[RULES_MAX];
    int n_rules;
} town;

/* A directed segment: from node i to node i + 1 of a way, or back. */
typedef struct segment {
    int8_t way, from, to; /* from, to: nodes */
} segment;

static char folder[] = "/tmp/sigap-turns-XXXXXX";
static char path[64];

/* Whom a restriction binds, by tags and by the vehicles' numbers. */
enum { AMBULANCE, LIGHTS, MOTORBIKE, FIRE_ENGINE, VEHICLES };
static const struct {
    const char *key, *more; /* after the key, after the value */
    unsigned vehicles;
    bool by_hours; /* Monday to Friday from 7 to 9 */
} whom[] = {
    {"", "", 1 << AMBULANCE | 1 << LIGHTS | 1 << MOTORBIKE | 1 << FIRE_ENGINE, false},
    {"", " except=emergency", 1 << MOTORBIKE, false},
    {"", " except=bus;motorcycle", 1 << AMBULANCE | 1 << LIGHTS | 1 << FIRE_ENGINE, false},
    {":motorcycle", "", 1 << MOTORBIKE, false},
    {":motorcar", "", 1 << AMBULANCE | 1 << LIGHTS, false},
    {":conditional", "@(Mo-Fr~07:00-09:00)",
     1 << AMBULANCE | 1 << LIGHTS | 1 << MOTORBIKE | 1 << FIRE_ENGINE, true},
};

/* With whose eyes the law is read, and when. */
enum { MONDAY_8 = 480, MONDAY_12 = 720 };
typedef struct law_view {
    int profile;
    int minute;
    const sgp_vehicle *vehicle;
} law_view;
static law_view now;

static uint64_t random_state;
static int below(int bound) {
    return (int)sgp_random_below(&random_state, (uint64_t)bound);
}

/* ---- making towns ---- */

static void make_ways(town *t) {
    bool used[NODES][NODES] = {{false}};
    for (int tries = 0; tries < 120 && t->n_ways < WAYS_MAX; tries++) {
        town_way way = {.n = 1, .oneway = below(4) == 0, .name = below(2)};
        way.nodes[0] = below(NODES);
        int length = 2 + below(WAY_NODES_MAX - 1);
        while (way.n < length) {
            int at = way.nodes[way.n - 1];
            static const int steps[4][2] = {{1, 0}, {-1, 0}, {0, 1}, {0, -1}};
            int s = below(4);
            int column = at % COLUMNS + steps[s][0], row = at / COLUMNS + steps[s][1];
            if (column < 0 || row < 0 || column >= COLUMNS || row >= ROWS)
                break;
            int next = row * COLUMNS + column;
            bool seen = used[at][next];
            for (int i = 0; i < way.n; i++)
                seen = seen || way.nodes[i] == next;
            if (seen)
                break;
            way.nodes[way.n++] = next;
        }
        if (way.n < 2)
            continue;
        for (int i = 0; i + 1 < way.n; i++)
            used[way.nodes[i]][way.nodes[i + 1]] = used[way.nodes[i + 1]][way.nodes[i]] = true;
        t->ways[t->n_ways++] = way;
    }
}

static bool has_node(const town_way *way, int node) {
    for (int i = 0; i < way->n; i++) {
        if (way->nodes[i] == node)
            return true;
    }
    return false;
}

static bool ends_at(const town_way *way, int node) {
    return way->nodes[0] == node || way->nodes[way->n - 1] == node;
}

static int other_end(const town_way *way, int node) {
    return way->nodes[0] == node ? way->nodes[way->n - 1] : way->nodes[0];
}

/* A way other than those in `not`, that ends at `node`; -1 when none was found. */
static int pick_way(const town *t, int node, int not_a, int not_b) {
    for (int tries = 0; tries < 30; tries++) {
        int way = below(t->n_ways);
        if (way != not_a && way != not_b && ends_at(&t->ways[way], node))
            return way;
    }
    return -1;
}

static bool make_node_rule(const town *t, town_rule *rule) {
    rule->via_node = below(NODES);
    rule->from = pick_way(t, rule->via_node, -1, -1);
    rule->to = pick_way(t, rule->via_node, -1, -1);
    return rule->from >= 0 && rule->to >= 0;
}

static bool make_way_rule(const town *t, town_rule *rule) {
    rule->via_node = -1;
    int start = below(NODES), at = start;
    rule->n_via = 1 + below(2);
    rule->via_nodes[rule->n_via_nodes++] = start;
    for (int v = 0; v < rule->n_via; v++) {
        rule->via[v] = pick_way(t, at, v > 0 ? rule->via[0] : -1, -1);
        if (rule->via[v] < 0)
            return false;
        const town_way *way = &t->ways[rule->via[v]];
        bool along = way->nodes[0] == at;
        for (int i = 1; i < way->n; i++) {
            if (rule->n_via_nodes > VIA_SEGMENTS_MAX)
                return false;
            rule->via_nodes[rule->n_via_nodes++] = way->nodes[along ? i : way->n - 1 - i];
        }
        at = other_end(way, at);
    }
    int not_b = rule->n_via > 1 ? rule->via[1] : -1;
    rule->from = pick_way(t, start, rule->via[0], not_b);
    rule->to = pick_way(t, at, rule->via[0], not_b);
    if (at == start || rule->from < 0 || rule->to < 0)
        return false;
    /* Read from the other end the restriction must make no sense, or it has two meanings. */
    int first_other = other_end(&t->ways[rule->via[0]], start);
    if (rule->n_via == 1)
        return !(has_node(&t->ways[rule->from], at) && has_node(&t->ways[rule->to], start));
    return !has_node(&t->ways[rule->via[1]], start) && !has_node(&t->ways[rule->from], first_other);
}

static void make_town(town *t, uint64_t seed) {
    random_state = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
    *t = (town){.n_ways = 0};
    for (int i = 0; i < NODES; i++) {
        t->east_m[i] = i % COLUMNS * 300 + below(200);
        t->north_m[i] = i / COLUMNS * 300 + below(200);
        t->blocked[i] = below(30) == 0;
    }
    make_ways(t);
    int wanted = 1 + below(RULES_MAX);
    for (int tries = 0; t->n_ways > 0 && tries < 100 && t->n_rules < wanted; tries++) {
        town_rule rule = {.only = below(3) == 0,
                          .who = below(2) ? 0 : below((int)(sizeof whom / sizeof *whom))};
        if (below(2) ? make_node_rule(t, &rule) : make_way_rule(t, &rule))
            t->rules[t->n_rules++] = rule;
    }
}

static void write_town(const town *t) {
    osm_maker m = osm_maker_open(path, "test");
    for (int i = 0; i < NODES; i++)
        osm_node(&m, i + 1, t->east_m[i], t->north_m[i], t->blocked[i] ? "barrier=block" : "");
    for (int w = 0; w < t->n_ways; w++) {
        char nodes[100] = "", tags[100];
        for (int i = 0; i < t->ways[w].n; i++)
            snprintf(nodes + strlen(nodes), sizeof nodes - strlen(nodes), "%d ",
                     t->ways[w].nodes[i] + 1);
        snprintf(tags, sizeof tags, "highway=residential name=%c oneway=%s", 'A' + t->ways[w].name,
                 t->ways[w].oneway ? "yes" : "no");
        osm_way(&m, 100 + w, nodes, tags);
    }
    for (int r = 0; r < t->n_rules; r++) {
        const town_rule *rule = &t->rules[r];
        char members[200], tags[100];
        int used = snprintf(members, sizeof members, "from:w%d ", 100 + rule->from);
        if (rule->via_node >= 0)
            used += snprintf(members + used, sizeof members - (size_t)used, "via:n%d ",
                             rule->via_node + 1);
        for (int v = 0; v < rule->n_via; v++)
            used += snprintf(members + used, sizeof members - (size_t)used, "via:w%d ",
                             100 + rule->via[v]);
        snprintf(members + used, sizeof members - (size_t)used, "to:w%d", 100 + rule->to);
        snprintf(tags, sizeof tags, "type=restriction restriction%s=%s%s", whom[rule->who].key,
                 rule->only ? "only_straight_on" : "no_left_turn", whom[rule->who].more);
        osm_relation(&m, 1000 + r, members, tags);
    }
    osm_maker_close(&m);
}

/* ---- the law ---- */

static bool may_drive_lawfully(const town *t, int way, int from, int to) {
    const town_way *w = &t->ways[way];
    for (int i = 0; i + 1 < w->n; i++) {
        if (w->nodes[i] == from && w->nodes[i + 1] == to)
            return true;
        if (w->nodes[i] == to && w->nodes[i + 1] == from)
            return !w->oneway;
    }
    return false;
}

/* With lights and siren also against a one-way road. */
static bool may_drive(const town *t, int way, int from, int to) {
    return may_drive_lawfully(t, way, from, to) ||
           (now.vehicle->against_percent > 0 && may_drive_lawfully(t, way, to, from));
}

/* Whether the way can be driven lawfully away from `node`, its end. */
static bool may_leave_by(const town *t, int way, int node) {
    const town_way *w = &t->ways[way];
    return may_drive_lawfully(t, way, node, w->nodes[0] == node ? w->nodes[1] : w->nodes[w->n - 2]);
}

static bool is_lawful(const town *t, segment s) {
    return may_drive_lawfully(t, s.way, s.from, s.to);
}

/* Whether the last segments of the drive, all lawful, are the rule's from and via. */
static bool came_along(const town *t, const town_rule *rule, const segment *drive, int n) {
    if (rule->via_node >= 0)
        return drive[n - 1].way == rule->from && drive[n - 1].to == rule->via_node &&
               is_lawful(t, drive[n - 1]);
    int n_segments = rule->n_via_nodes - 1;
    if (n < n_segments + 1)
        return false;
    const segment *via = drive + n - n_segments;
    for (int i = 0; i < n_segments; i++) {
        bool on_via = via[i].way == rule->via[0] || (rule->n_via > 1 && via[i].way == rule->via[1]);
        if (!on_via || !is_lawful(t, via[i]) || via[i].from != rule->via_nodes[i] ||
            via[i].to != rule->via_nodes[i + 1])
            return false;
    }
    return via[-1].way == rule->from && via[-1].to == rule->via_nodes[0] && is_lawful(t, via[-1]);
}

/* How many segments of the rule's via ways have been driven after `from`, -1 for none of it. */
static int driven_of_via(const town *t, const town_rule *rule, const segment *drive, int n) {
    for (int k = rule->n_via_nodes - 2; k >= 1 && rule->via_node < 0; k--) {
        town_rule part = *rule;
        part.n_via_nodes = k + 1;
        if (came_along(t, &part, drive, n))
            return k;
    }
    return -1;
}

/* Whether the rule's drive exists at all; one that does not binds nobody. */
static bool can_be_driven(const town *t, const town_rule *rule) {
    if (!may_leave_by(t, rule->to, rule->via_nodes[rule->n_via_nodes - 1]))
        return false;
    for (int i = 0; i + 1 < rule->n_via_nodes; i++) {
        bool drivable = false;
        for (int v = 0; v < rule->n_via; v++)
            drivable = drivable || may_drive_lawfully(t, rule->via[v], rule->via_nodes[i],
                                                      rule->via_nodes[i + 1]);
        if (!drivable)
            return false;
    }
    return true;
}

/* An only_* restriction binds from the first segment of its via ways on. */
static bool leaves_via(const town *t, const town_rule *rule, const segment *drive, int n,
                       segment next) {
    int k = rule->only ? driven_of_via(t, rule, drive, n) : -1;
    return k >= 1 && next.to != rule->via_nodes[k + 1] && can_be_driven(t, rule);
}

static bool binds(const town_rule *rule) {
    if (whom[rule->who].by_hours && (now.minute < MONDAY_8 - 60 || now.minute >= MONDAY_8 + 60 ||
                                     !now.vehicle->obeys_restrictions))
        return false; /* lights never pay for what holds at some hours only */
    return whom[rule->who].vehicles >> now.profile & 1;
}

static bool breaks(const town *t, const town_rule *rule, const segment *drive, int n,
                   segment next) {
    if (leaves_via(t, rule, drive, n, next))
        return true;
    if (!came_along(t, rule, drive, n))
        return false;
    /* Turning back is turning back, lawful or not. */
    bool leads_on =
        may_leave_by(t, rule->to, next.from) ||
        (rule->via_node >= 0 && rule->from == rule->to && now.vehicle->against_percent > 0);
    return leads_on && (next.way == rule->to) != rule->only;
}

/* What going on by `next` costs, FAR where it is forbidden. */
static double turn_cost_ms(const town *t, const segment *drive, int n, segment next) {
    bool turns_back = next.way == drive[n - 1].way && next.to == drive[n - 1].from;
    if (t->blocked[next.from] && now.profile != MOTORBIKE)
        return turns_back ? 0 : FAR;
    for (int r = 0; r < t->n_rules; r++) {
        if (binds(&t->rules[r]) && breaks(t, &t->rules[r], drive, n, next))
            return now.vehicle->obeys_restrictions ? FAR : now.vehicle->restriction_ms;
    }
    return 0;
}

/* Turning back in the middle of a road, at a node that is no crossing, is not
 * a move of the graph: edges are driven from end to end. */
static bool is_crossing(const town *t, const int64_t *vertices, size_t n_vertices, int node) {
    (void)t;
    for (size_t i = 0; i < n_vertices; i++) {
        if (vertices[i] == node + 1)
            return true;
    }
    return false;
}

/* ---- the two searches ---- */

typedef struct drive_state {
    segment drive[MEMORY];
    int n;
    double ms;
    bool queued;
} drive_state;

static drive_state states[STATES_MAX];
static int n_states;
static int queue[STATES_MAX * 4], queue_head, queue_tail;
static int buckets[1 << 16], chain[STATES_MAX];

static unsigned hash_drive(const segment *drive, int n) {
    unsigned hash = 2166136261u;
    for (int i = 0; i < n; i++)
        hash =
            (hash ^ (unsigned)(drive[i].way * 1000 + drive[i].from * 30 + drive[i].to)) * 16777619u;
    return (hash ^ hash >> 16) & 0xffff;
}

static void reach(const segment *drive, int n, double ms) {
    if (n > MEMORY) {
        drive += n - MEMORY;
        n = MEMORY;
    }
    unsigned bucket = hash_drive(drive, n);
    int s = buckets[bucket] - 1;
    while (s >= 0 &&
           !(states[s].n == n && memcmp(states[s].drive, drive, (size_t)n * sizeof *drive) == 0))
        s = chain[s] - 1;
    if (s < 0) {
        assert_true(n_states < STATES_MAX);
        s = n_states++;
        states[s] = (drive_state){.n = n, .ms = FAR};
        memcpy(states[s].drive, drive, (size_t)n * sizeof *drive);
        chain[s] = buckets[bucket];
        buckets[bucket] = s + 1;
    }
    if (ms >= states[s].ms)
        return;
    states[s].ms = ms;
    if (!states[s].queued) {
        assert_true(queue_tail < STATES_MAX * 4);
        queue[queue_tail++] = s;
        states[s].queued = true;
    }
}

static double segment_ms(const town *t, segment s) {
    double mm = 1000 * sgp_distance_m(osm_place(t->east_m[s.from], t->north_m[s.from]),
                                      osm_place(t->east_m[s.to], t->north_m[s.to]));
    uint32_t km_h = now.vehicle->road_km_h[SGP_ROAD_RESIDENTIAL];
    return mm * 3.6 / (is_lawful(t, s) ? km_h : km_h * now.vehicle->against_percent / 100);
}

/* Looking out before each stretch that is driven against a one-way road. */
static double entry_ms(const town *t, const int64_t *vertices, size_t n_vertices, segment s) {
    return !is_lawful(t, s) && is_crossing(t, vertices, n_vertices, s.from)
               ? now.vehicle->against_ms
               : 0;
}

/* best[from][to] of each way's segment: the least time at which its end is reached, having
 * begun with `first` (which counts). */
static void search_law(const town *t, const int64_t *vertices, size_t n_vertices, segment first,
                       double best[WAYS_MAX][NODES][NODES]) {
    for (int w = 0; w < t->n_ways; w++) {
        for (int i = 0; i < NODES * NODES; i++)
            best[w][i / NODES][i % NODES] = FAR;
    }
    n_states = queue_head = queue_tail = 0;
    memset(buckets, 0, sizeof buckets);
    reach(&first, 1, segment_ms(t, first));
    while (queue_head < queue_tail) {
        drive_state s = states[queue[queue_head]];
        states[queue[queue_head++]].queued = false;
        segment last = s.drive[s.n - 1];
        if (s.ms < best[last.way][last.from][last.to])
            best[last.way][last.from][last.to] = s.ms;
        for (int w = 0; w < t->n_ways; w++) {
            for (int i = 0; i < t->ways[w].n; i++) {
                for (int side = -1; side <= 1; side += 2) {
                    if (t->ways[w].nodes[i] != last.to || i + side < 0 || i + side >= t->ways[w].n)
                        continue;
                    segment next = {(int8_t)w, last.to, (int8_t)t->ways[w].nodes[i + side]};
                    bool turns_back = next.way == last.way && next.to == last.from;
                    double cost_ms = turn_cost_ms(t, s.drive, s.n, next);
                    if (!may_drive(t, w, next.from, next.to) || cost_ms >= FAR ||
                        (turns_back && !is_crossing(t, vertices, n_vertices, last.to)))
                        continue;
                    segment drive[MEMORY + 1];
                    memcpy(drive, s.drive, (size_t)s.n * sizeof *drive);
                    drive[s.n] = next;
                    reach(drive, s.n + 1,
                          s.ms + cost_ms + segment_ms(t, next) +
                              entry_ms(t, vertices, n_vertices, next));
                }
            }
        }
    }
}

/* What an arc costs now; SGP_INF while a condition holds. */
static int32_t weight_now(const sgp_graph_parts *p, uint32_t arc) {
    for (uint32_t c = 0; c < p->n_conditions; c++) {
        const sgp_condition *condition = &p->conditions[c];
        if (condition->arc != arc || !(condition->profiles >> now.profile & 1))
            continue;
        for (uint32_t i = condition->first_span; i < condition->first_span + condition->n_spans;
             i++) {
            if (p->spans[i].from_minute <= now.minute && now.minute < p->spans[i].to_minute)
                return SGP_INF;
        }
    }
    return p->weight[(size_t)now.profile * p->n_arcs + arc];
}

/* Plain Bellman-Ford from a vertex; ms[n_vertices]. */
static void search_graph(const sgp_graph_parts *p, uint32_t start, int64_t *ms) {
    for (uint32_t v = 0; v < p->n_vertices; v++)
        ms[v] = INT64_MAX;
    ms[start] = 0;
    for (bool changed = true; changed;) {
        changed = false;
        for (uint32_t v = 0; v < p->n_vertices; v++) {
            for (uint32_t a = p->first_arc[v]; ms[v] != INT64_MAX && a < p->first_arc[v + 1]; a++) {
                int32_t weight = weight_now(p, a);
                int64_t there = ms[v] + weight;
                if (weight < SGP_INF && there < ms[p->arc_head[a]]) {
                    ms[p->arc_head[a]] = there;
                    changed = true;
                }
            }
        }
    }
}

/* ---- holding them against each other ---- */

static int node_at(const town *t, sgp_point point) {
    for (int i = 0; i < NODES; i++) {
        if (sgp_point_equal(osm_place(t->east_m[i], t->north_m[i]), point))
            return i;
    }
    fail();
    return -1;
}

/* The segment between two neighbouring nodes; no two ways share one. */
static segment segment_between(const town *t, int from, int to) {
    for (int w = 0; w < t->n_ways; w++) {
        for (int i = 0; i + 1 < t->ways[w].n; i++) {
            int a = t->ways[w].nodes[i], b = t->ways[w].nodes[i + 1];
            if ((a == from && b == to) || (a == to && b == from))
                return (segment){(int8_t)w, (int8_t)from, (int8_t)to};
        }
    }
    fail();
    return (segment){0, 0, 0};
}

/* The first or last segment of an edge as driven. */
static segment end_segment(const town *t, const sgp_graph_parts *p, uint32_t move, bool last) {
    const sgp_edge *e = &p->edges[move >> 1];
    bool backward = move & 1;
    uint32_t k = e->first_point + (last != backward ? e->n_points - 2 : 0);
    int a = node_at(t, p->points[k]), b = node_at(t, p->points[k + 1]);
    return backward ? segment_between(t, b, a) : segment_between(t, a, b);
}

/* SGP_NONE where the vehicle does not make the move. */
static uint32_t own_arc(const sgp_graph_parts *p, uint32_t move) {
    uint32_t arc = move & 1 ? p->edges[move >> 1].backward_arc : p->edges[move >> 1].forward_arc;
    return arc != SGP_NONE && weight_now(p, arc) < SGP_INF ? arc : SGP_NONE;
}

/* Also notes the law's times, from the end of `move` to that of each target, in
 * law_ms[2 * n_edges]; FAR where there is no way. */
static void compare_from(const town *t, uint64_t seed, const sgp_graph_parts *p, uint32_t move,
                         double *law_ms) {
    static double law[WAYS_MAX][NODES][NODES];
    int64_t *ms = malloc(p->n_vertices * sizeof *ms);
    uint32_t start = own_arc(p, move);
    segment first = end_segment(t, p, move, true);
    search_graph(p, p->arc_head[start], ms);
    search_law(t, p->vertex_node, p->n_vertices, first, law);
    for (uint32_t target = 0; target < 2 * p->n_edges; target++) {
        if (target == move || own_arc(p, target) == SGP_NONE)
            continue;
        /* Of the edge's own arc and its copies, the one that is reached first. */
        int64_t got = INT64_MAX;
        for (uint32_t v = 0; v < p->n_vertices; v++) {
            for (uint32_t a = p->first_arc[v]; a < p->first_arc[v + 1]; a++) {
                if (p->arc_edge[a] == target && ms[v] != INT64_MAX &&
                    ms[v] + weight_now(p, a) < got)
                    got = ms[v] + weight_now(p, a);
            }
        }
        segment last = end_segment(t, p, target, true);
        double expected = law[last.way][last.from][last.to];
        if (expected < FAR)
            expected -= segment_ms(t, first);
        law_ms[target] = expected;
        bool same = expected >= FAR ? got == INT64_MAX
                                    : got != INT64_MAX && (double)got > expected - 20 &&
                                          (double)got < expected + 20;
        if (!same)
            fail_msg(
                "town %llu, vehicle %d at %d: from w%d %d-%d to w%d %d-%d: graph %lld, law %.0f ms",
                (unsigned long long)seed, now.profile, now.minute, first.way + 100, first.from + 1,
                first.to + 1, last.way + 100, last.from + 1, last.to + 1, (long long)got, expected);
    }
    free(ms);
}

/* ---- the router on the same towns ---- */

/* What the law says from a third of one edge to a third of another. */
static double law_between(const sgp_graph_parts *p, const double *law_ms, uint32_t from,
                          uint32_t to) {
    double best = FAR;
    for (uint32_t a = from << 1; a <= (from << 1 | 1); a++) {
        for (uint32_t b = to << 1; b <= (to << 1 | 1); b++) {
            if (own_arc(p, a) == SGP_NONE || own_arc(p, b) == SGP_NONE)
                continue;
            double between = law_ms[(size_t)a * 2 * p->n_edges + b];
            double rest = p->weight[own_arc(p, a)] * (a & 1 ? 1 : 2) / 3.0;
            double not_driven = p->weight[own_arc(p, b)] * (b & 1 ? 1 : 2) / 3.0;
            if (between < FAR && between + rest - not_driven < best)
                best = between + rest - not_driven;
        }
    }
    return best;
}

/* Arriving over copies, too, the router says what the law says. */
static void compare_router(uint64_t seed, const sgp_graph_parts *p, const double *law_ms) {
    char file[80];
    snprintf(file, sizeof file, "%s/town.sgr", folder);
    sgp_graph *graph = NULL;
    sgp_metric *metric = NULL;
    sgp_query *query = NULL;
    sgp_fault fault = {0};
    if (sgp_graph_write(file, p, NULL, &fault) != SGP_OK ||
        sgp_graph_open(file, &graph, &fault) != SGP_OK)
        fail_msg("%s", fault.text);
    unlink(file);
    assert_int_equal(sgp_metric_create(graph, &metric), SGP_OK);
    assert_int_equal(sgp_query_create(metric, &query), SGP_OK);
    sgp_snap *thirds = calloc(p->n_edges, sizeof *thirds);
    int64_t *ms = calloc(p->n_edges, sizeof *ms);
    assert_true(thirds && ms);
    for (uint32_t e = 0; e < p->n_edges; e++)
        thirds[e] = (sgp_snap){.edge = e, .offset_mm = p->edges[e].length_mm / 3};
    for (uint32_t from = 0; from < p->n_edges; from++) {
        sgp_source source = {.from = thirds[from]};
        assert_int_equal(sgp_query_one_to_many(query, &source, thirds, p->n_edges, ms), SGP_OK);
        for (uint32_t to = 0; to < p->n_edges; to++) {
            double expected = law_between(p, law_ms, from, to);
            if (to == from)
                continue;
            if (expected >= FAR
                    ? ms[to] != SGP_UNREACHABLE
                    : !((double)ms[to] > expected - 25 && (double)ms[to] < expected + 25))
                fail_msg("town %llu: from edge %u to %u: router %lld, law %.0f ms",
                         (unsigned long long)seed, from, to, (long long)ms[to], expected);
        }
    }
    free(thirds);
    free(ms);
    sgp_query_destroy(query);
    sgp_metric_destroy(metric);
    sgp_graph_close(graph);
}

typedef struct tally {
    uint64_t used, ignored, copies, pairs, by_hours;
    int routed;
} tally;

/* One town with the eyes of one vehicle at one minute. */
static void compare_town(const town *t, uint64_t seed, const sgp_graph_parts *p, bool route,
                         tally *sum) {
    uint32_t n_own = 0, n_arcs = 0;
    for (uint32_t a = 0; a < p->n_arcs; a++)
        n_arcs += p->arc_edge[a] != SGP_NONE && weight_now(p, a) < SGP_INF;
    size_t n_moves = 2 * (size_t)p->n_edges;
    double *law_ms = malloc(n_moves * n_moves * sizeof *law_ms);
    assert_non_null(law_ms);
    for (size_t i = 0; i < n_moves * n_moves; i++)
        law_ms[i] = FAR;
    for (uint32_t move = 0; move < n_moves; move++) {
        if (own_arc(p, move) == SGP_NONE)
            continue;
        n_own++;
        compare_from(t, seed, p, move, law_ms + move * n_moves);
    }
    if (route && n_arcs > n_own && sum->routed < ROUTED_TOWNS) {
        compare_router(seed, p, law_ms);
        sum->routed++;
    }
    free(law_ms);
    sum->copies += n_arcs - n_own;
    sum->pairs += (uint64_t)n_own * (n_own - 1);
}

/* The router knows the first vehicle and no hours; the others are looked at in turn. */
static void compare_views(const town *t, uint64_t seed, const sgp_profiles *profiles,
                          const sgp_graph_parts *p, tally *sum) {
    now = (law_view){AMBULANCE, MONDAY_12, &profiles->vehicles[AMBULANCE]};
    compare_town(t, seed, p, p->n_conditions == 0, sum);
    int profile = (int)(seed % VEHICLES);
    now = (law_view){profile, seed / VEHICLES % 2 ? MONDAY_12 : MONDAY_8,
                     &profiles->vehicles[profile]};
    if (p->n_conditions > 0)
        now.minute = MONDAY_8;
    compare_town(t, seed, p, false, sum);
}

static void test_osm_turns_as_the_law_says(void **state) {
    (void)state;
    tally sum = {.routed = 0};
    sgp_profiles *profiles = NULL;
    assert_int_equal(sgp_profiles_read(NULL, &profiles, NULL), SGP_OK);
    assert_int_equal(profiles->n_vehicles, VEHICLES);
    profiles->turns = SGP_TURNS_RESTRICTIONS;
    for (uint64_t seed = 1; seed <= TOWNS; seed++) {
        town t;
        make_town(&t, seed);
        if (t.n_ways == 0)
            continue;
        write_town(&t);
        sgp_osm_graph *graph;
        sgp_fault fault = {0};
        const sgp_city_id city = {{1}};
        if (sgp_osm_graph_read(path, &city, "town", profiles, NULL, &graph, &fault) != SGP_OK)
            fail_msg("%s", fault.text);
        const sgp_graph_parts *p = sgp_osm_graph_parts(graph);
        osm_check_graph(p);
        compare_views(&t, seed, profiles, p, &sum);
        sum.used += sgp_osm_graph_counts(graph)->restrictions;
        sum.ignored += sgp_osm_graph_counts(graph)->restrictions_ignored;
        sum.by_hours += p->n_conditions > 0;
        sgp_osm_graph_destroy(graph);
    }
    sgp_profiles_destroy(profiles);
    printf("%d towns, %llu restrictions used, %llu not, %llu towns by hours, %llu copied arcs, "
           "%llu pairs equal\n",
           TOWNS, (unsigned long long)sum.used, (unsigned long long)sum.ignored,
           (unsigned long long)sum.by_hours, (unsigned long long)sum.copies,
           (unsigned long long)sum.pairs);
    /* The test would prove little if its restrictions were mostly left out. */
    assert_true(sum.used > TOWNS && sum.used > sum.ignored && sum.copies > TOWNS / 4 &&
                sum.routed == ROUTED_TOWNS && sum.by_hours > TOWNS / 10);
}

static int make_folder(void **state) {
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/town.osm.pbf", folder);
    return 0;
}

static int remove_folder(void **state) {
    (void)state;
    unlink(path);
    return rmdir(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_osm_turns_as_the_law_says)};
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
