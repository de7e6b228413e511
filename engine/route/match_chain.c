/* Choices, steps and the likeliest chain: Viterbi's algorithm (Viterbi 1967), and the
 * forward-backward algorithm for how sure it is (Rabiner 1989). */
#include <math.h>
#include <stdlib.h>

#include "route/line.h"
#include "route/match_model.h"
#include "route/matcher.h"

static bool reserve(void **array, size_t *capacity, size_t wanted, size_t bytes) {
    if (wanted <= *capacity)
        return true;
    size_t more = *capacity ? 2 * *capacity : 1024;
    if (more < wanted)
        more = wanted;
    void *grown = realloc(*array, more * bytes);
    if (!grown)
        return false;
    *array = grown;
    *capacity = more;
    return true;
}

static double radius_of(const sgp_matcher *m, const sgp_track_point *point) {
    if (m->options.radius_m > 0)
        return m->options.radius_m;
    double radius = fmax(SGP_MATCH_RADIUS_M, SGP_MATCH_RADIUS * sgp_match_accuracy_m(point));
    return fmin(radius, SGP_MATCH_RADIUS_MOST_M);
}

/* ---- choices --------------------------------------------------------------------- */

/* Heading of the edge's forward direction where a snap lies on it. */
static double bearing_at(const sgp_graph_parts *parts, const sgp_snap *snap) {
    const sgp_edge *edge = &parts->edges[snap->edge];
    const sgp_point *points = parts->points + edge->first_point;
    sgp_plane plane = sgp_plane_around(snap->road);
    double nearest = INFINITY, bearing = 0;
    for (uint32_t i = 0; i + 1 < edge->n_points; i++) {
        double distance = sgp_foot_on(&plane, points[i], points[i + 1]).distance_m;
        if (distance >= nearest || sgp_point_equal(points[i], points[i + 1]))
            continue;
        double ax, ay, bx, by;
        sgp_to_plane(&plane, points[i], &ax, &ay);
        sgp_to_plane(&plane, points[i + 1], &bx, &by);
        nearest = distance;
        bearing = atan2(bx - ax, by - ay) * 180 / 3.14159265358979323846;
    }
    return bearing;
}

static void add_choices(sgp_matcher *m, const sgp_track_point *at, const sgp_snap *snap) {
    const sgp_graph_parts *parts = m->search.parts;
    double cost = sgp_match_place_cost(snap->on_foot_mm / 1000.0, sgp_match_accuracy_m(at));
    bool headed = at->heading_deg >= 0;
    double bearing = headed ? bearing_at(parts, snap) : 0;
    for (uint32_t backward = 0; backward < 2; backward++) {
        uint32_t move = snap->edge << 1 | backward;
        if (sgp_match_own_arc(&m->search, move) == SGP_NONE)
            continue;
        uint32_t length = parts->edges[snap->edge].length_mm;
        sgp_match_choice *choice = &m->choices[m->n_choices++];
        *choice = (sgp_match_choice){
            .snap = *snap,
            .move = move,
            .driven_mm = backward ? length - snap->offset_mm : snap->offset_mm,
            .place_cost = cost,
        };
        choice->snap.directions = backward ? SGP_AGAINST : SGP_ALONG;
        if (headed)
            choice->place_cost +=
                sgp_match_heading_cost(at->heading_deg - bearing - 180.0 * backward);
        choice->cost = choice->place_cost;
        choice->forward = -choice->place_cost;
    }
}

sgp_err sgp_match_add_layer(sgp_matcher *matcher, size_t point, uint32_t *found) {
    const sgp_track_point *at = &matcher->track[point];
    sgp_snap snaps[SGP_MATCH_EDGES];
    size_t n = 0;
    sgp_snap_wish wish = {.radius_m = radius_of(matcher, at), .profile = matcher->options.profile};
    sgp_err err = sgp_graph_snap_wish(matcher->graph, at->point, &wish, snaps, SGP_MATCH_EDGES, &n);
    if (err)
        return err;
    if (!reserve((void **)&matcher->choices, &matcher->choice_capacity,
                 matcher->n_choices + SGP_MATCH_CHOICES, sizeof *matcher->choices) ||
        !reserve((void **)&matcher->layers, &matcher->layer_capacity, matcher->n_layers + 1,
                 sizeof *matcher->layers))
        return SGP_E_MEMORY;
    size_t first = matcher->n_choices;
    for (size_t i = 0; i < n; i++)
        add_choices(matcher, at, &snaps[i]);
    *found = (uint32_t)(matcher->n_choices - first);
    matcher->layers[matcher->n_layers++] =
        (sgp_match_layer){.point = point, .first_choice = first, .n_choices = *found};
    return SGP_OK;
}

/* ---- steps ------------------------------------------------------------------------- */

/* What all steps between two layers share. */
typedef struct step {
    const sgp_match_layer *from, *to;
    const sgp_match_choice *sources, *targets;
    double straight_m, reach_m, back_m;
} step;

static step step_between(const sgp_matcher *m, const sgp_match_layer *from,
                         const sgp_match_layer *to) {
    const sgp_track_point *a = &m->track[from->point];
    const sgp_track_point *b = &m->track[to->point];
    double straight = sgp_distance_m(a->point, b->point);
    return (step){
        .from = from,
        .to = to,
        .sources = &m->choices[from->first_choice],
        .targets = &m->choices[to->first_choice],
        .straight_m = straight,
        .reach_m =
            sgp_match_reach_m(straight, b->at_ms - a->at_ms, radius_of(m, a) + radius_of(m, b)),
        .back_m = sgp_match_back_m(a, b),
    };
}

/* Cost where both lie on one stretch driven one way; INFINITY where a way around is needed. */
static double direct_cost(const step *s, const sgp_match_choice *a, const sgp_match_choice *b) {
    double way_m = ((double)b->driven_mm - a->driven_mm) / 1000;
    if (a->move != b->move || way_m < -s->back_m || way_m > s->reach_m)
        return INFINITY;
    return sgp_match_step_cost(way_m, s->straight_m);
}

static double cost_of_way(const step *s, const sgp_match_choice *from, uint64_t rest,
                          const sgp_way *way) {
    if (way->key == SGP_NO_WAY)
        return INFINITY;
    double way_m = ((double)sgp_way_mm(rest) + sgp_way_mm(way->key)) / 1000;
    int u_turns = (way->first == (from->move ^ 1)) + way->turns_last;
    return way_m > s->reach_m
               ? INFINITY
               : sgp_match_step_cost(way_m, s->straight_m) + u_turns * SGP_MATCH_U_TURN;
}

static uint32_t reach_mm(const step *s) {
    double mm = s->reach_m * 1000;
    return mm < UINT32_MAX ? (uint32_t)mm : UINT32_MAX;
}

uint32_t sgp_match_reach_mm(const sgp_matcher *matcher, size_t layer) {
    step s = step_between(matcher, &matcher->layers[layer], &matcher->layers[layer + 1]);
    return reach_mm(&s);
}

/* What is left of a choice's stretch, and the vertex where it ends. */
static uint64_t rest_of(const sgp_match_search *search, const sgp_match_choice *c,
                        uint32_t *vertex) {
    uint32_t arc = sgp_match_own_arc(search, c->move);
    *vertex = search->parts->arc_head[arc];
    return sgp_match_part(search, arc, search->arc_mm[arc] - c->driven_mm);
}

/* Ways from one vertex to every target; sources that end there share them. */
typedef struct ways {
    uint32_t vertex;
    sgp_way to[SGP_MATCH_CHOICES];
} ways;

static const ways *ways_from(sgp_matcher *m, const step *s, uint32_t vertex, ways *known,
                             uint32_t *n_known) {
    for (uint32_t i = 0; i < *n_known; i++)
        if (known[i].vertex == vertex)
            return &known[i];
    ways *made = &known[(*n_known)++];
    made->vertex = vertex;
    sgp_match_search_run(&m->search, vertex, reach_mm(s));
    for (uint32_t j = 0; j < s->to->n_choices; j++)
        made->to[j] = sgp_match_search_to(&m->search, s->targets[j].move, s->targets[j].driven_mm);
    return made;
}

static void make_steps(sgp_matcher *m, const step *s, double *costs) {
    ways known[SGP_MATCH_CHOICES];
    uint32_t n_known = 0;
    sgp_match_search_begin(&m->search);
    for (uint32_t j = 0; j < s->to->n_choices; j++)
        sgp_match_search_want(&m->search, s->targets[j].move);
    for (uint32_t i = 0; i < s->from->n_choices; i++, costs += s->to->n_choices) {
        uint32_t vertex;
        uint64_t rest = rest_of(&m->search, &s->sources[i], &vertex);
        bool dead = isinf(s->sources[i].cost) || sgp_way_mm(rest) / 1000.0 > s->reach_m;
        const ways *w = dead ? NULL : ways_from(m, s, vertex, known, &n_known);
        for (uint32_t j = 0; j < s->to->n_choices; j++) {
            costs[j] = isinf(s->sources[i].cost) ? INFINITY
                                                 : direct_cost(s, &s->sources[i], &s->targets[j]);
            if (isinf(costs[j]) && w)
                costs[j] = cost_of_way(s, &s->sources[i], rest, &w->to[j]);
        }
    }
}

/* log(exp(a) + exp(b)) */
static double add_logs(double a, double b) {
    double most = fmax(a, b);
    return isinf(most) ? most : most + log1p(exp(-fabs(a - b)));
}

static bool extend(sgp_matcher *m, const step *s, const double *costs) {
    bool alive = false;
    uint32_t n = s->to->n_choices;
    for (uint32_t j = 0; j < n; j++) {
        sgp_match_choice *to = &m->choices[s->to->first_choice + j];
        to->cost = INFINITY;
        to->forward = -INFINITY;
        for (uint32_t i = 0; i < s->from->n_choices; i++) {
            const sgp_match_choice *from = &s->sources[i];
            double cost = from->cost + costs[i * n + j];
            if (isinf(cost))
                continue;
            to->forward = add_logs(to->forward, from->forward - costs[i * n + j]);
            if (cost < to->cost) {
                to->cost = cost;
                to->before = i;
            }
        }
        to->cost += to->place_cost;
        to->forward -= to->place_cost;
        alive |= !isinf(to->cost);
    }
    return alive;
}

sgp_err sgp_match_connect(sgp_matcher *matcher, bool *alive) {
    sgp_match_layer *to = &matcher->layers[matcher->n_layers - 1];
    step s = step_between(matcher, to - 1, to);
    size_t n = (size_t)s.from->n_choices * s.to->n_choices;
    if (!reserve((void **)&matcher->steps, &matcher->step_capacity, matcher->n_steps + n,
                 sizeof *matcher->steps))
        return SGP_E_MEMORY;
    to->first_step = matcher->n_steps;
    make_steps(matcher, &s, matcher->steps + to->first_step);
    *alive = extend(matcher, &s, matcher->steps + to->first_step);
    if (*alive)
        matcher->n_steps += n;
    return SGP_OK;
}

/* ---- the likeliest chain ------------------------------------------------------------ */

/* Logarithms of the likelihood of what follows each choice of layer `l`. */
static void step_back(const sgp_matcher *m, size_t l, const double *after, double *here) {
    const sgp_match_layer *from = &m->layers[l], *to = from + 1;
    for (uint32_t i = 0; i < from->n_choices; i++) {
        here[i] = -INFINITY;
        for (uint32_t j = 0; j < to->n_choices; j++) {
            double cost = m->steps[to->first_step + i * to->n_choices + j] +
                          m->choices[to->first_choice + j].place_cost;
            if (!isinf(cost) && !isinf(after[j]))
                here[i] = add_logs(here[i], after[j] - cost);
        }
    }
}

void sgp_match_choose(sgp_matcher *matcher) {
    sgp_match_layer *last = &matcher->layers[matcher->n_layers - 1];
    const sgp_match_choice *choices = &matcher->choices[last->first_choice];
    double whole = -INFINITY;
    last->chosen = 0;
    for (uint32_t j = 0; j < last->n_choices; j++) {
        whole = add_logs(whole, choices[j].forward);
        if (choices[j].cost < choices[last->chosen].cost)
            last->chosen = j;
    }
    double backward[2][SGP_MATCH_CHOICES] = {{0}};
    for (size_t l = matcher->n_layers; l-- > 0;) {
        sgp_match_layer *layer = &matcher->layers[l];
        choices = &matcher->choices[layer->first_choice];
        if (l + 1 < matcher->n_layers) {
            const sgp_match_layer *next = layer + 1;
            layer->chosen = matcher->choices[next->first_choice + next->chosen].before;
            step_back(matcher, l, backward[(l + 1) & 1], backward[l & 1]);
        } else {
            for (uint32_t j = 0; j < layer->n_choices; j++)
                backward[l & 1][j] = 0;
        }
        layer->posterior =
            exp(choices[layer->chosen].forward + backward[l & 1][layer->chosen] - whole);
    }
}
