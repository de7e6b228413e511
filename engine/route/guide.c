/* From moves to manoeuvres.
 *
 * Two passes. The first walks the crossings and asks of each: does a driver have to
 * decide here? The second joins what a driver does in one go: slip roads, turns around
 * a median, names that come a few metres late.
 *
 * The names of manoeuvres and the bounds of angles follow what OSRM documents (straight
 * up to 20 degrees, slight to 40, a turn to 120, sharp beyond); the decisions are ours. */
#include "sigap/guide.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "route/crossing.h"
#include "route/graph_format.h"
#include "route/trace.h"

#define STRAIGHT_DEG 20.0
#define SLIGHT_DEG 40.0
#define TURN_DEG 120.0
#define FORK_DEG 50.0      /* both roads of a fork lie within this of straight on */
#define BEND_DEG 60.0      /* a road may bend by so much and still be said to go on */
#define DISTINCT_DEG 35.0  /* what is so much further from straight is no rival */
#define SIDEWAYS_DEG 45.0  /* an end of the road has nothing nearer to straight on */
#define AROUND_DEG 150.0   /* two turns to one side that add up to turning back */
#define SLIP_MM 120000     /* the longest slip road that is one with its turn */
#define MEDIAN_MM 40000    /* the widest gap in a median */
#define LATE_NAME_MM 40000 /* a name that comes so soon is that of the turn before */

typedef struct guiding {
    const sgp_graph *graph;
    const sgp_graph_parts *parts;
    const int32_t *weight;
    const sgp_route *route;
    sgp_trace trace;
    size_t first, end; /* moves with a length: those at the very ends may have none */
    sgp_guide_step *steps;
    size_t n;
    sgp_guide_step *roundabout; /* the step that entered the one driven now; NULL = not in one */
    bool in_roundabout;
    uint8_t exits; /* passed in it */
} guiding;

/* A crossing and the move through it. */
typedef struct decision {
    sgp_crossing crossing;
    const sgp_edge *in, *out;
    uint32_t in_move, out_move;
    double before, after, turn; /* bearings, and the turn between; right positive */
    const char *name;           /* of the road as the driver knows it */
    const char *new_name;       /* of the next one, "" = none */
    bool same_name;
} decision;

static const sgp_edge *edge_of(const guiding *g, size_t move) {
    return &g->parts->edges[g->route->moves[move] >> 1];
}

static const char *name_of(const guiding *g, const sgp_edge *edge) {
    return g->parts->names + edge->name;
}

static bool is_ramp(const sgp_edge *edge) {
    return (edge->flags & SGP_EDGE_LINK) && edge->road_class <= SGP_ROAD_TRUNK;
}

static bool is_highway(const sgp_edge *edge) {
    return !(edge->flags & SGP_EDGE_LINK) && edge->road_class <= SGP_ROAD_TRUNK;
}

static sgp_modifier modifier_of(double turn) {
    double size = fabs(turn);
    if (size <= STRAIGHT_DEG)
        return SGP_MODIFIER_STRAIGHT;
    if (size <= SLIGHT_DEG)
        return turn < 0 ? SGP_MODIFIER_SLIGHT_LEFT : SGP_MODIFIER_SLIGHT_RIGHT;
    if (size <= TURN_DEG)
        return turn < 0 ? SGP_MODIFIER_LEFT : SGP_MODIFIER_RIGHT;
    return turn < 0 ? SGP_MODIFIER_SHARP_LEFT : SGP_MODIFIER_SHARP_RIGHT;
}

static uint16_t whole_degrees(double degrees) {
    return (uint16_t)((int)lround(degrees) % 360);
}

/* ---- the rivals of the road that is taken --------------------------------- */

/* The other roads that one may drive into here; the one by which one came is none. */
static bool is_choice(const decision *d, size_t i) {
    const sgp_crossing_road *road = &d->crossing.roads[i];
    return road->entry && (int)i != d->crossing.out && road->move != (d->in_move ^ 1);
}

static double turn_to(const decision *d, size_t i) {
    return sgp_turn_between(d->before, d->crossing.roads[i].bearing);
}

static const sgp_edge *choice_edge(const guiding *g, const decision *d, size_t i) {
    return &g->parts->edges[d->crossing.roads[i].move >> 1];
}

/* Classes with ramps and slip roads below the roads that they serve; less is more. */
static int rank_of(const sgp_edge *edge) {
    return edge->road_class + (edge->flags & SGP_EDGE_LINK ? 2 : 0);
}

/* False for a road that nobody would take for the way on: far off straight, or much
 * lesser than the one that is taken. */
static bool is_rival(const guiding *g, const decision *d, size_t i) {
    const sgp_edge *other = choice_edge(g, d, i);
    double size = fabs(d->turn), other_size = fabs(turn_to(d, i));
    int lesser = rank_of(other) - rank_of(d->out);
    bool takes_name = d->name[0] != '\0' && strcmp(name_of(g, other), d->name) == 0;
    if (!d->same_name && other_size <= BEND_DEG && (takes_name || lesser <= -2))
        return true;
    if (size <= SIDEWAYS_DEG && other_size >= size + DISTINCT_DEG)
        return false;
    bool is_lesser = lesser >= 2 || (lesser >= 1 && d->same_name && !takes_name);
    return !(size <= BEND_DEG && is_lesser);
}

static size_t count_choices(const decision *d) {
    size_t n = 0;
    for (size_t i = 0; i < d->crossing.n_roads; i++)
        n += is_choice(d, i);
    return n;
}

/* The road simply goes on. */
static bool goes_on(const guiding *g, const decision *d) {
    for (size_t i = 0; i < d->crossing.n_roads; i++)
        if (is_choice(d, i) && is_rival(g, d, i))
            return false;
    return fabs(d->turn) <= BEND_DEG || count_choices(d) == 0;
}

/* Which way the taken road lies from the rivals ahead, where they part like the tines of
 * a fork; NONE where this is no fork. */
static sgp_modifier fork_side(const guiding *g, const decision *d, bool any_class) {
    bool left = false, right = false;
    if (fabs(d->turn) > FORK_DEG)
        return SGP_MODIFIER_NONE;
    for (size_t i = 0; i < d->crossing.n_roads; i++) {
        if (!is_choice(d, i) || fabs(turn_to(d, i)) > FORK_DEG)
            continue;
        if (!any_class && abs(rank_of(choice_edge(g, d, i)) - rank_of(d->out)) > 1)
            continue;
        *(turn_to(d, i) < d->turn ? &left : &right) = true;
    }
    if (left && right)
        return SGP_MODIFIER_STRAIGHT;
    return left ? SGP_MODIFIER_SLIGHT_RIGHT : right ? SGP_MODIFIER_SLIGHT_LEFT : SGP_MODIFIER_NONE;
}

/* Nothing goes straight on; one road to the left, one to the right. */
static bool is_end_of_road(const decision *d) {
    if (fabs(d->turn) < SIDEWAYS_DEG || fabs(d->turn) > AROUND_DEG || count_choices(d) != 1)
        return false;
    for (size_t i = 0; i < d->crossing.n_roads; i++) {
        double other = turn_to(d, i);
        if (is_choice(d, i) && ((other < 0) == (d->turn < 0) || fabs(other) < SIDEWAYS_DEG ||
                                fabs(other) > AROUND_DEG))
            return false;
    }
    return true;
}

/* From a ramp onto a highway that comes from elsewhere: towards the side from which it
 * comes; NONE where nothing is merged with. */
static sgp_modifier merge_side(const guiding *g, const decision *d) {
    if (!is_ramp(d->in) || !is_highway(d->out) || fabs(d->turn) > BEND_DEG)
        return SGP_MODIFIER_NONE;
    for (size_t i = 0; i < d->crossing.n_roads; i++) {
        const sgp_crossing_road *road = &d->crossing.roads[i];
        if ((int)i == d->crossing.in || (int)i == d->crossing.out || !road->arrives ||
            !is_highway(choice_edge(g, d, i)))
            continue;
        /* Seen backwards, clockwise is left. */
        double apart = sgp_turn_between(d->before + 180, road->bearing);
        return apart > 0 ? SGP_MODIFIER_SLIGHT_LEFT : SGP_MODIFIER_SLIGHT_RIGHT;
    }
    return SGP_MODIFIER_NONE;
}

/* ---- deciding ----------------------------------------------------------------- */

static void set(sgp_guide_step *step, sgp_manoeuvre manoeuvre, sgp_modifier modifier) {
    step->manoeuvre = manoeuvre;
    step->modifier = modifier;
}

static bool is_news(const char *new_name, const char *name) {
    return new_name[0] != '\0' && strcmp(new_name, name) != 0;
}

static bool decide_ramp(const guiding *g, const decision *d, sgp_guide_step *step) {
    sgp_modifier side = merge_side(g, d);
    if (side != SGP_MODIFIER_NONE) {
        set(step, SGP_MANOEUVRE_MERGE, side);
        return true;
    }
    if (!is_ramp(d->out) || is_ramp(d->in) || count_choices(d) == 0)
        return false;
    side = fork_side(g, d, true);
    if (side == SGP_MODIFIER_NONE || fabs(d->turn) > SLIGHT_DEG)
        side = modifier_of(d->turn);
    set(step,
        d->in->road_class == SGP_ROAD_MOTORWAY ? SGP_MANOEUVRE_OFF_RAMP : SGP_MANOEUVRE_ON_RAMP,
        side);
    return true;
}

/* Ordinary traffic drives here, and nobody against it; what sirens allow makes no difference
 * to what a road looks like. */
static bool is_one_way(const guiding *g, uint32_t move) {
    const sgp_edge *edge = &g->parts->edges[move >> 1];
    uint32_t against = move & 1 ? edge->forward_arc : edge->backward_arc;
    return against == SGP_NONE || g->parts->weight[against] >= SGP_INF;
}

/* From one carriageway straight into the other of the same road, where both meet in a point. */
static bool is_around_median(const guiding *g, const decision *d) {
    return d->same_name && fabs(d->turn) > TURN_DEG && count_choices(d) > 0 &&
           is_one_way(g, d->in_move) && is_one_way(g, d->out_move);
}

/* Fills manoeuvre and modifier; false: nothing to say here. */
static bool decide(const guiding *g, const decision *d, sgp_guide_step *step) {
    if (d->out_move == (d->in_move ^ 1) || is_around_median(g, d)) {
        set(step, SGP_MANOEUVRE_CONTINUE, SGP_MODIFIER_UTURN);
        return true;
    }
    if (decide_ramp(g, d, step))
        return true;
    if (goes_on(g, d)) {
        /* A sharp bend may prove the second half of a turn; see join. */
        set(step, SGP_MANOEUVRE_NEW_NAME, modifier_of(d->turn));
        return is_news(d->new_name, d->name) || fabs(d->turn) > SIDEWAYS_DEG;
    }
    sgp_modifier side = fork_side(g, d, false);
    if (side != SGP_MODIFIER_NONE)
        set(step, SGP_MANOEUVRE_FORK, side);
    else if (d->same_name)
        set(step, SGP_MANOEUVRE_CONTINUE, modifier_of(d->turn));
    else if (is_end_of_road(d))
        set(step, SGP_MANOEUVRE_END_OF_ROAD, modifier_of(d->turn));
    else
        set(step, SGP_MANOEUVRE_TURN, modifier_of(d->turn));
    return true;
}

static decision look_at(const guiding *g, size_t move) {
    decision d = {
        .in = edge_of(g, move - 1),
        .out = edge_of(g, move),
        .in_move = g->route->moves[move - 1],
        .out_move = g->route->moves[move],
        .name = g->steps[g->n - 1].name,
    };
    sgp_crossing_look(g->graph, g->weight, d.in_move, d.out_move, &d.crossing);
    d.before = d.crossing.in >= 0 ? (d.crossing.roads[d.crossing.in].bearing + 180) % 360 : 0;
    d.after = d.crossing.out >= 0 ? d.crossing.roads[d.crossing.out].bearing : 0;
    d.turn = sgp_turn_between(d.before, d.after);
    d.new_name = name_of(g, d.out);
    d.same_name = d.new_name[0] != '\0' && strcmp(d.new_name, d.name) == 0;
    return d;
}

static sgp_guide_step *add_step(guiding *g, size_t move, const decision *d) {
    sgp_guide_step *step = &g->steps[g->n++];
    *step = (sgp_guide_step){
        .name = name_of(g, edge_of(g, move)),
        .road_class = edge_of(g, move)->road_class,
        .flags = edge_of(g, move)->flags,
        .first_point = g->trace.first_point[move],
        .first_move = (uint32_t)move,
    };
    if (d) {
        step->bearing_before = whole_degrees(d->before);
        step->bearing_after = whole_degrees(d->after);
    }
    return step;
}

/* ---- roundabouts ----------------------------------------------------------------- */

static void count_exits(guiding *g, const decision *d) {
    for (size_t i = 0; i < d->crossing.n_roads; i++)
        if (is_choice(d, i) && !(choice_edge(g, d, i)->flags & SGP_EDGE_ROUNDABOUT) &&
            g->exits < UINT8_MAX)
            g->exits++;
}

static void leave_roundabout(guiding *g, size_t move, const decision *d) {
    if (g->exits < UINT8_MAX)
        g->exits++;
    sgp_guide_step *step = add_step(g, move, d);
    set(step, SGP_MANOEUVRE_EXIT_ROUNDABOUT, modifier_of(d->turn));
    step->exit = g->exits;
    if (g->roundabout) {
        g->roundabout->exit = g->exits;
        g->roundabout->name = step->name;
    }
    g->in_roundabout = false;
    g->roundabout = NULL;
}

/* True: the crossing lies on a roundabout, and everything is said about it. */
static bool pass_roundabout(guiding *g, size_t move, const decision *d) {
    bool was_in = g->in_roundabout;
    bool is_in = d->out->flags & SGP_EDGE_ROUNDABOUT;
    if (!was_in && !is_in)
        return false;
    if (was_in && is_in) {
        count_exits(g, d);
    } else if (was_in) {
        leave_roundabout(g, move, d);
    } else {
        g->in_roundabout = true;
        g->exits = 0;
        g->roundabout = add_step(g, move, d);
        set(g->roundabout, SGP_MANOEUVRE_ROUNDABOUT, modifier_of(d->turn));
    }
    return true;
}

/* ---- the two passes ----------------------------------------------------------- */

static void make_raw(guiding *g) {
    sgp_guide_step *start = add_step(g, g->first, NULL);
    const sgp_route *r = g->route;
    set(start, SGP_MANOEUVRE_DEPART, SGP_MODIFIER_NONE);
    start->bearing_after =
        whole_degrees(sgp_line_bearing(r->points, g->trace.first_point[g->first + 1] + 1, 1));
    g->in_roundabout = edge_of(g, g->first)->flags & SGP_EDGE_ROUNDABOUT;
    for (size_t m = g->first + 1; m < g->end; m++) {
        decision d = look_at(g, m);
        if (pass_roundabout(g, m, &d))
            continue;
        sgp_guide_step made;
        if (!decide(g, &d, &made))
            continue;
        sgp_guide_step *step = add_step(g, m, &d);
        set(step, made.manoeuvre, made.modifier);
        if (made.manoeuvre == SGP_MANOEUVRE_NEW_NAME && step->name[0] == '\0')
            step->name = d.name; /* a name that ends is no news */
    }
}

/* Lengths of the parts of edges that are driven, so that all add up to the route's. */
static int64_t *measure_moves(const guiding *g) {
    const sgp_route *r = g->route;
    int64_t *mm = calloc(r->n_moves, sizeof *mm);
    int64_t left_mm = r->length_mm;
    if (!mm)
        return NULL;
    for (size_t m = 1; m + 1 < r->n_moves; m++)
        left_mm -= mm[m] = edge_of(g, m)->length_mm;
    left_mm = left_mm > 0 ? left_mm : 0;
    if (r->n_moves > 1) {
        uint32_t points = g->trace.first_point[1] + 1;
        double drawn_m = sgp_line_metres(r->points, points);
        mm[0] = llround(drawn_m * 1000);
        mm[0] = mm[0] < left_mm ? mm[0] : left_mm;
    }
    mm[r->n_moves - 1] = left_mm - mm[0];
    return mm;
}

static void measure(guiding *g, const int64_t *move_mm) {
    for (size_t i = 0; i < g->n; i++) {
        sgp_guide_step *step = &g->steps[i];
        uint32_t next = i + 1 < g->n ? g->steps[i + 1].first_move : (uint32_t)g->end;
        uint32_t last =
            i + 1 < g->n ? g->steps[i + 1].first_point : (uint32_t)g->route->n_points - 1;
        step->n_moves = next - step->first_move;
        step->n_points = last - step->first_point + 1;
        step->duration_ms = g->route->at_ms[last] - g->route->at_ms[step->first_point];
        step->length_mm = 0;
        for (uint32_t m = step->first_move; m < next; m++)
            step->length_mm += move_mm[m];
    }
}

static void drop_step(guiding *g, size_t i) {
    memmove(&g->steps[i], &g->steps[i + 1], (g->n - i - 1) * sizeof *g->steps);
    g->n--;
}

static bool is_turn(const sgp_guide_step *step) {
    return step->manoeuvre == SGP_MANOEUVRE_TURN || step->manoeuvre == SGP_MANOEUVRE_CONTINUE ||
           step->manoeuvre == SGP_MANOEUVRE_END_OF_ROAD || step->manoeuvre == SGP_MANOEUVRE_FORK;
}

static int side_of(sgp_modifier modifier) {
    if (modifier >= SGP_MODIFIER_SHARP_RIGHT && modifier <= SGP_MODIFIER_SLIGHT_RIGHT)
        return 1;
    return modifier >= SGP_MODIFIER_SLIGHT_LEFT ? -1 : 0;
}

/* How step i and the one after it are driven as one; false where they are not. */
static bool join_turns(const guiding *g, size_t i, sgp_guide_step *a, const sgp_guide_step *b) {
    double turn = sgp_turn_between(a->bearing_before, b->bearing_after);
    const char *before = g->steps[i - 1].name;
    int side = side_of(a->modifier);
    if (!is_turn(a) || !(is_turn(b) || b->manoeuvre == SGP_MANOEUVRE_NEW_NAME) || side == 0 ||
        b->modifier == SGP_MODIFIER_UTURN)
        return false;
    bool around = a->length_mm <= MEDIAN_MM && side == side_of(b->modifier) &&
                  fabs(turn) >= AROUND_DEG && before[0] != '\0' && strcmp(before, b->name) == 0;
    bool slip = (a->flags & SGP_EDGE_LINK) && a->road_class > SGP_ROAD_TRUNK &&
                !(b->flags & SGP_EDGE_LINK) && a->name[0] == '\0' && a->length_mm <= SLIP_MM &&
                fabs(turn) > SLIGHT_DEG && (turn > 0) == (side > 0);
    if (around)
        set(a, SGP_MANOEUVRE_CONTINUE, SGP_MODIFIER_UTURN);
    else if (slip)
        set(a, SGP_MANOEUVRE_TURN, modifier_of(turn));
    else
        return false;
    a->bearing_after = b->bearing_after;
    a->road_class = b->road_class;
    a->flags = b->flags;
    return true;
}

/* The name of a road that comes a few metres after the turn into it. */
static bool join_name(guiding *g, size_t i, const sgp_guide_step *a, const sgp_guide_step *b) {
    if (a->name[0] != '\0' || b->manoeuvre != SGP_MANOEUVRE_NEW_NAME ||
        a->length_mm > LATE_NAME_MM ||
        !(is_turn(a) || a->manoeuvre == SGP_MANOEUVRE_EXIT_ROUNDABOUT))
        return false;
    if (g->steps[i - 1].manoeuvre == SGP_MANOEUVRE_ROUNDABOUT)
        g->steps[i - 1].name = b->name;
    return true;
}

static void swallow_next(guiding *g, size_t i) {
    g->steps[i].length_mm += g->steps[i + 1].length_mm;
    drop_step(g, i + 1);
}

static void join_all(guiding *g) {
    for (size_t i = 1; i + 1 < g->n;) {
        sgp_guide_step *a = &g->steps[i];
        const sgp_guide_step *b = &g->steps[i + 1];
        if (join_turns(g, i, a, b) || join_name(g, i, a, b)) {
            a->name = b->name;
            swallow_next(g, i);
        } else {
            i++;
        }
    }
    for (size_t i = 0; i + 1 < g->n;) {
        const sgp_guide_step *next = &g->steps[i + 1];
        if (next->manoeuvre == SGP_MANOEUVRE_NEW_NAME && !is_news(next->name, g->steps[i].name))
            swallow_next(g, i); /* only a bend */
        else
            i++;
    }
}

static void add_arrival(guiding *g) {
    const sgp_route *r = g->route;
    const sgp_guide_step *before = &g->steps[g->n - 1];
    uint32_t from = g->trace.first_point[g->end - 1];
    sgp_guide_step *step = &g->steps[g->n];
    *step = (sgp_guide_step){
        .manoeuvre = SGP_MANOEUVRE_ARRIVE,
        .name = before->name,
        .road_class = before->road_class,
        .flags = before->flags,
        .first_point = (uint32_t)r->n_points - 1,
        .n_points = 1,
        .first_move = (uint32_t)g->end,
        .bearing_before = whole_degrees(
            fmod(sgp_line_bearing(r->points + r->n_points - 1, r->n_points - from, -1) + 180, 360)),
    };
    g->n++;
}

/* Moves that only stand for a place at the very end of its edge are no part of the way. */
static void trim(guiding *g) {
    const sgp_route *r = g->route;
    const uint32_t *first = g->trace.first_point;
    g->end = r->n_moves;
    while (g->first + 1 < g->end && first[g->first + 1] == 0)
        g->first++;
    if (g->end > g->first + 1 && first[g->end - 1] + 2 == r->n_points &&
        sgp_point_equal(r->points[r->n_points - 2], r->points[r->n_points - 1]))
        g->end--;
}

sgp_err sgp_guide_make(const sgp_graph *graph, const int32_t *weight, const sgp_route *route,
                       sgp_guide_step **steps, size_t *n) {
    guiding g = {.graph = graph, .parts = sgp_graph_get(graph), .route = route};
    g.weight = weight ? weight : g.parts->weight;
    sgp_err err = sgp_trace_make(graph, route, &g.trace);
    if (err)
        return err;
    g.steps = calloc(route->n_moves + 2, sizeof *g.steps);
    int64_t *move_mm = measure_moves(&g);
    if (g.steps && move_mm) {
        trim(&g);
        make_raw(&g);
        measure(&g, move_mm);
        join_all(&g);
        measure(&g, move_mm);
        add_arrival(&g);
        *steps = g.steps;
        *n = g.n;
    } else {
        free(g.steps);
        err = SGP_E_MEMORY;
    }
    free(move_mm);
    sgp_trace_free(&g.trace);
    return err;
}

sgp_modifier sgp_guide_side(const sgp_snap *place, uint32_t move) {
    enum { LEFT = 1, ON_ROAD_MM = 5000 };
    if (place->side == 0 || place->on_foot_mm <= ON_ROAD_MM)
        return SGP_MODIFIER_NONE;
    return (place->side == LEFT) == !(move & 1) ? SGP_MODIFIER_LEFT : SGP_MODIFIER_RIGHT;
}
