/* From a match to learned times. The time between two matched positions is shared out over the
 * stretches between them by their stored weights; what falls on one road in one go is
 * taught as one drive over it, so that waiting at a crossing counts for the road on which
 * it was waited. */
#include <stdlib.h>

#include "route/learned_table.h"
#include "sigap/matcher.h"

/* A vehicle that stands longer has stopped for something else than traffic. */
enum { LONGEST_WAIT_MS = 180000 };

typedef struct lesson {
    const sgp_graph_parts *parts;
    const sgp_match *match;
    sgp_learned *learned;
    int32_t (*minute_of_week)(void *ctx, int64_t at_ms);
    void *ctx;
    size_t move;         /* the number of the one being driven */
    uint32_t driven_mm;  /* how far along it */
    uint32_t first_mm;   /* from where on */
    int64_t entered_ms;  /* wall time */
    int64_t took_ms;     /* on it so far */
    int64_t standing_ms; /* and since it moved last: counts only once it moves on */
} lesson;

static uint32_t length_of(const lesson *l, size_t move) {
    return l->parts->edges[l->match->moves[move] >> 1].length_mm;
}

static void teach_move(lesson *l) {
    if (l->driven_mm > l->first_mm)
        sgp_learned_add(l->learned, l->match->moves[l->move],
                        l->minute_of_week(l->ctx, l->entered_ms), l->driven_mm - l->first_mm,
                        l->took_ms);
}

static void enter(lesson *l, size_t move, uint32_t driven_mm, int64_t at_ms) {
    l->move = move;
    l->first_mm = l->driven_mm = driven_mm;
    l->entered_ms = at_ms;
    l->took_ms = 0;
}

/* Stored time from `from_mm` to `to_mm` of a move, in thousandths of a millisecond. */
static int64_t stored_us(const lesson *l, size_t move, uint32_t from_mm, uint32_t to_mm) {
    int64_t weight = sgp_learned_weight(l->learned, l->match->moves[move]);
    uint32_t mm = to_mm > from_mm ? to_mm - from_mm : 0;
    return (int64_t)((double)weight * 1000 * mm / length_of(l, move));
}

static void wait(lesson *l, int64_t ms) {
    l->standing_ms += ms;
}

/* From where the vehicle is to `to_mm` along move number `to`, in `ms`. */
static void drive(lesson *l, size_t to, uint32_t to_mm, int64_t begun_ms, int64_t ms) {
    int64_t all = 0, done = 0;
    for (size_t move = l->move; move <= to; move++)
        all += stored_us(l, move, move == l->move ? l->driven_mm : 0,
                         move == to ? to_mm : length_of(l, move));
    if (all == 0) {
        wait(l, ms);
        return;
    }
    if (l->standing_ms <= LONGEST_WAIT_MS) {
        l->took_ms += l->standing_ms;
    } else { /* it parked here: two drives */
        teach_move(l);
        enter(l, l->move, l->driven_mm, begun_ms);
    }
    l->standing_ms = 0;
    int64_t passed_ms = 0;
    for (;;) {
        uint32_t end_mm = l->move == to ? to_mm : length_of(l, l->move);
        done += stored_us(l, l->move, l->driven_mm, end_mm);
        int64_t at_ms = (int64_t)((double)ms * ((double)done / (double)all));
        l->took_ms += at_ms - passed_ms;
        passed_ms = at_ms;
        l->driven_mm = end_mm;
        if (l->move == to)
            return;
        teach_move(l);
        enter(l, l->move + 1, 0, begun_ms + passed_ms);
    }
}

/* How far along its move a matched point lies. */
static uint32_t driven_at(const lesson *l, const sgp_matched_point *point) {
    return l->match->moves[point->first_move] & 1
               ? length_of(l, point->first_move) - point->snap.offset_mm
               : point->snap.offset_mm;
}

static void teach_piece(lesson *l, const sgp_track_point *track, const sgp_matched_piece *piece) {
    int64_t at_ms = track[piece->first_point].at_ms;
    const sgp_matched_point *points = l->match->points;
    enter(l, piece->first_move, driven_at(l, &points[piece->first_point]), at_ms);
    l->standing_ms = INT64_MAX / 2; /* nobody knows how long it stood here before */
    for (size_t i = piece->first_point + 1; i <= piece->last_point; i++) {
        if (!points[i].matched)
            continue;
        uint32_t to_mm = driven_at(l, &points[i]);
        int64_t ms = track[i].at_ms - at_ms;
        if (points[i].first_move == l->move && to_mm <= l->driven_mm)
            wait(l, ms);
        else
            drive(l, points[i].first_move, to_mm, at_ms, ms);
        at_ms = track[i].at_ms;
    }
    teach_move(l);
}

void sgp_match_teach(const sgp_graph *graph, const sgp_track_point *track, const sgp_match *match,
                     int32_t (*minute_of_week)(void *ctx, int64_t at_ms), void *ctx,
                     struct sgp_learned *learned) {
    lesson l = {
        .parts = sgp_graph_get(graph),
        .match = match,
        .learned = learned,
        .minute_of_week = minute_of_week,
        .ctx = ctx,
    };
    for (size_t p = 0; p < match->n_pieces; p++)
        teach_piece(&l, track, &match->pieces[p]);
}
