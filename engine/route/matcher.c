#include "route/matcher.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "route/match_model.h"

enum { GAP_MS = 60000 };
#define STILL_M 5.0 /* and twice the accuracy: nearer than that a vehicle stands still */

/* A match under construction. */
typedef struct writing {
    sgp_matcher *matcher;
    sgp_match *match;
    bool *still; /* [n_points] left out by `tidy` */
    size_t move_capacity, piece_capacity;
} writing;

sgp_err sgp_matcher_create(const sgp_graph *graph, sgp_query *query, sgp_matcher **matcher) {
    (void)query;
    sgp_matcher *m = calloc(1, sizeof *m);
    if (!m)
        return SGP_E_MEMORY;
    m->graph = graph;
    sgp_err err = sgp_match_search_init(&m->search, graph);
    if (err)
        free(m);
    else
        *matcher = m;
    return err;
}

void sgp_matcher_destroy(sgp_matcher *matcher) {
    if (!matcher)
        return;
    sgp_match_search_deinit(&matcher->search);
    free(matcher->choices);
    free(matcher->steps);
    free(matcher->layers);
    free(matcher);
}

void sgp_match_free(sgp_match *match) {
    free(match->points);
    free(match->moves);
    free(match->pieces);
    *match = (sgp_match){0};
}

/* ---- what is written ------------------------------------------------------------------ */

static sgp_err add_move(writing *w, uint32_t move) {
    if (w->match->n_moves == w->move_capacity) {
        size_t capacity = w->move_capacity ? 2 * w->move_capacity : 64;
        uint32_t *moves = realloc(w->match->moves, capacity * sizeof *moves);
        if (!moves)
            return SGP_E_MEMORY;
        w->match->moves = moves;
        w->move_capacity = capacity;
    }
    w->match->moves[w->match->n_moves++] = move;
    return SGP_OK;
}

static sgp_err add_piece(writing *w, sgp_matched_piece piece) {
    if (w->match->n_pieces == w->piece_capacity) {
        size_t capacity = w->piece_capacity ? 2 * w->piece_capacity : 8;
        sgp_matched_piece *pieces = realloc(w->match->pieces, capacity * sizeof *pieces);
        if (!pieces)
            return SGP_E_MEMORY;
        w->match->pieces = pieces;
        w->piece_capacity = capacity;
    }
    w->match->pieces[w->match->n_pieces++] = piece;
    return SGP_OK;
}

static const sgp_match_choice *chosen(const sgp_matcher *m, size_t layer) {
    const sgp_match_layer *l = &m->layers[layer];
    return &m->choices[l->first_choice + l->chosen];
}

/* Whether a step stays on one stretch; as the model's direct_cost has it. */
static bool stays(const sgp_matcher *m, size_t layer) {
    const sgp_match_choice *a = chosen(m, layer), *b = chosen(m, layer + 1);
    if (a->move != b->move)
        return false;
    const sgp_track_point *from = &m->track[m->layers[layer].point];
    const sgp_track_point *to = &m->track[m->layers[layer + 1].point];
    return (a->driven_mm - (double)b->driven_mm) / 1000 <= sgp_match_back_m(from, to);
}

/* The moves from a layer's chosen place, which is on the last move already, to the next one's. */
static sgp_err add_way(writing *w, size_t layer) {
    sgp_match_search *search = &w->matcher->search;
    const sgp_match_choice *a = chosen(w->matcher, layer), *b = chosen(w->matcher, layer + 1);
    if (stays(w->matcher, layer))
        return SGP_OK;
    uint32_t vertex = search->parts->arc_head[sgp_match_own_arc(search, a->move)];
    sgp_match_search_begin(search);
    sgp_match_search_want(search, b->move);
    sgp_match_search_run(search, vertex, sgp_match_reach_mm(w->matcher, layer));
    uint32_t move;
    sgp_way way = sgp_match_search_to(search, b->move, b->driven_mm);
    assert(way.key != SGP_NO_WAY); /* the chain has a way here */
    size_t first = w->match->n_moves;
    sgp_err err = add_move(w, b->move);
    for (vertex = search->arc_tail[way.arrival];
         !err && sgp_match_search_back(search, &vertex, &move);)
        err = add_move(w, move);
    uint32_t *moves = w->match->moves;
    for (size_t i = first, j = w->match->n_moves; !err && i + 1 < j; i++) {
        uint32_t swapped = moves[i];
        moves[i] = moves[--j];
        moves[j] = swapped;
    }
    return err;
}

/* Writes the chain through the layers as a piece. One place alone is no drive. */
static sgp_err finish_piece(writing *w) {
    sgp_matcher *m = w->matcher;
    if (m->n_layers < 2)
        return SGP_OK;
    sgp_match_choose(m);
    sgp_matched_piece piece = {
        .first_point = m->layers[0].point,
        .last_point = m->layers[m->n_layers - 1].point,
        .first_move = w->match->n_moves,
    };
    sgp_err err = add_move(w, chosen(m, 0)->move);
    for (size_t l = 0; !err && l < m->n_layers; l++) {
        sgp_matched_point *point = &w->match->points[m->layers[l].point];
        point->matched = true;
        point->snap = chosen(m, l)->snap;
        point->piece = (uint32_t)w->match->n_pieces;
        point->first_move = w->match->n_moves - 1;
        piece.confidence += m->layers[l].posterior / (double)m->n_layers;
        if (l + 1 < m->n_layers)
            err = add_way(w, l);
    }
    piece.confidence = fmin(piece.confidence, 1);
    piece.n_moves = w->match->n_moves - piece.first_move;
    return err ? err : add_piece(w, piece);
}

/* ---- along the track -------------------------------------------------------------------- */

static void forget_last_layer(sgp_matcher *m) {
    m->n_choices = m->layers[--m->n_layers].first_choice;
}

/* A layer for `point`, where there are choices. */
static sgp_err look_around(writing *w, size_t point, bool *found) {
    uint32_t n = 0;
    *found = false;
    if (w->still[point])
        return SGP_OK;
    sgp_err err = sgp_match_add_layer(w->matcher, point, &n);
    if (err)
        return err;
    w->match->points[point].n_choices = n;
    *found = n > 0;
    if (n == 0)
        forget_last_layer(w->matcher);
    return SGP_OK;
}

/* Adds the next position to the chain. Positions without a road near are passed over, and so
 * are a few to which no chain leads, where one leads on beyond them. *next: where the track goes
 * on. *extended false: the piece ends here. */
static sgp_err extend(writing *w, size_t *next, bool *extended) {
    sgp_matcher *m = w->matcher;
    int64_t last_ms = m->track[m->layers[m->n_layers - 1].point].at_ms;
    size_t astray = SIZE_MAX; /* the first to which no chain led */
    int n_astray = 0;
    *extended = false;
    for (size_t k = *next; k < m->n_points; k++) {
        if (m->options.gap_ms >= 0 && m->track[k].at_ms - last_ms > m->options.gap_ms)
            break;
        bool found = false;
        sgp_err err = look_around(w, k, &found);
        if (!err && found)
            err = sgp_match_connect(m, extended);
        if (err)
            return err;
        *next = k + 1;
        if (*extended)
            return SGP_OK;
        if (!found)
            continue;
        forget_last_layer(m);
        if (n_astray++ == 0)
            astray = k;
        if (n_astray > SGP_MATCH_SKIPPED)
            break;
    }
    if (astray != SIZE_MAX)
        *next = astray;
    return SGP_OK;
}

static sgp_err match_track(writing *w) {
    sgp_matcher *m = w->matcher;
    size_t next = 0;
    sgp_err err = SGP_OK;
    while (!err && next < m->n_points) {
        m->n_choices = m->n_steps = m->n_layers = 0;
        bool going = false;
        err = look_around(w, next++, &going);
        while (!err && going)
            err = extend(w, &next, &going);
        if (!err)
            err = finish_piece(w);
    }
    return err;
}

/* Positions that are no further from the last one kept than a standing vehicle's wander. */
static void find_still(writing *w) {
    const sgp_matcher *m = w->matcher;
    size_t kept = 0;
    for (size_t i = 1; i + 1 < m->n_points; i++) {
        double near = STILL_M + 2 * sgp_match_accuracy_m(&m->track[i]);
        if (sgp_distance_m(m->track[kept].point, m->track[i].point) < near)
            w->still[i] = true;
        else
            kept = i;
    }
}

static bool makes_sense(const sgp_matcher *m, const sgp_track_point *track, size_t n,
                        const sgp_match_options *options) {
    if (n < 2 || n > SGP_MATCH_POINTS || options->profile >= m->search.parts->n_profiles ||
        !(options->radius_m >= 0))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && track[i].at_ms <= track[i - 1].at_ms)
            return false;
        if (!(track[i].accuracy_m >= 0) || !isfinite(track[i].accuracy_m) ||
            !isfinite(track[i].heading_deg) || abs(track[i].point.lat_e7) > 900000000)
            return false;
    }
    return true;
}

sgp_err sgp_matcher_match(sgp_matcher *matcher, const sgp_track_point *track, size_t n,
                          const sgp_match_options *options, sgp_match *match) {
    if (!makes_sense(matcher, track, n, options))
        return SGP_E_ARGUMENT;
    sgp_match made = {.n_points = n};
    writing w = {.matcher = matcher, .match = &made};
    made.points = calloc(n, sizeof *made.points);
    w.still = calloc(n, sizeof *w.still);
    sgp_err err = made.points && w.still ? SGP_OK : SGP_E_MEMORY;
    if (!err) {
        matcher->track = track;
        matcher->n_points = n;
        matcher->options = *options;
        if (options->gap_ms == 0)
            matcher->options.gap_ms = GAP_MS;
        sgp_match_search_profile(&matcher->search, options->profile);
        if (options->tidy)
            find_still(&w);
        err = match_track(&w);
    }
    free(w.still);
    if (err)
        sgp_match_free(&made);
    else
        *match = made;
    return err;
}
