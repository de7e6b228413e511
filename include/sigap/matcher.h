/* Map matching: which roads a track of positions drove along.
 *
 * A hidden Markov model (Newson & Krumm 2009): each position has candidate places
 * near it, one for each direction of a road, likelier the nearer and the better their heading
 * fits; between two positions a drive is likelier the less the length of its fastest way
 * (stored weights of the profile, turns and their costs included) differs from the straight
 * line. The likeliest chain is found by Viterbi's algorithm; a track breaks into pieces where no
 * chain leads on. The model with all its constants: engine/route/match_model.h.
 *
 * A track is a fact: neither hours nor closures count, only what the profile may drive at
 * all. Not thread-safe: one matcher for each thread.
 */
#ifndef SIGAP_MATCHER_H
#define SIGAP_MATCHER_H

#include "sigap/router.h"

typedef struct sgp_track_point {
    sgp_point point;
    int64_t at_ms;      /* rising along the track */
    double accuracy_m;  /* standard deviation east and north; 0 = the matcher's own (5 m) */
    double heading_deg; /* negative = unknown; say it only while moving */
} sgp_track_point;

typedef struct sgp_match_options {
    uint32_t profile;
    double radius_m; /* 0 = by accuracy: 4 standard deviations, at least 50 m, at most 500 m */
    int64_t gap_ms;  /* a longer silence breaks the track; 0 = 60 s; negative = never */
    bool tidy;       /* drop points that stand still: nearer to the last one kept than twice the
                        accuracy + 5 m. They are not matched. The first and last point stay. */
} sgp_match_options;

typedef struct sgp_matched_point {
    bool matched;
    sgp_snap snap;      /* with the one direction driven */
    uint32_t piece;     /* number of the piece of track */
    size_t first_move;  /* into moves: the one that the point lies on */
    uint32_t n_choices; /* candidates that there were */
} sgp_matched_point;

typedef struct sgp_matched_piece {
    size_t first_point, last_point; /* of the track */
    size_t first_move, n_moves;
    double confidence; /* 0..1: the mean over its points of how likely, given the whole piece, the
                          vehicle was on the road and in the direction that was chosen
                          (forward-backward). It compares the graph's roads with one another; that a
                          road is missing from the graph it cannot tell. */
} sgp_matched_piece;

typedef struct sgp_match {
    sgp_matched_point *points; /* [n_points] as in the track */
    size_t n_points;
    uint32_t *moves; /* [n_moves] edge << 1 | backward, as driven, those between the points too;
                        piece after piece */
    size_t n_moves;
    sgp_matched_piece *pieces; /* [n_pieces] */
    size_t n_pieces;
} sgp_match;

typedef struct sgp_matcher sgp_matcher;
/* `query` may be NULL: steps are so short that the matcher's own bounded search is quicker than
 * the hierarchy. About 30 bytes a vertex and 16 an arc. */
sgp_err sgp_matcher_create(const sgp_graph *graph, sgp_query *query,
                           sgp_matcher **matcher) SGP_MUST_USE;
void sgp_matcher_destroy(sgp_matcher *matcher);

/* SGP_E_ARGUMENT: fewer than 2 points, more than 10,000, times that do not rise, numbers that make
 * no sense, or no such profile. A track that matches nowhere is SGP_OK with no piece. A piece has
 * at least two matched points; points that lie astray (up to three in a row, where the chain goes
 * on beyond them) are left out of it. Free with sgp_match_free. */
sgp_err sgp_matcher_match(sgp_matcher *matcher, const sgp_track_point *track, size_t n,
                          const sgp_match_options *options, sgp_match *match) SGP_MUST_USE;
void sgp_match_free(sgp_match *match);

/* Teaches `learned` (of the same graph) what a match has shown: the time between two matched
 * points, shared out over the stretches driven in proportion to their stored weights, and taught as
 * one drive over each road. Waiting counts for the road where it was waited, up to 3 minutes;
 * longer, and before the first and after the last movement of a piece, it is a stop and counts for
 * nothing. The time of turns counts for the roads beside them. `minute_of_week` gives the local
 * minute of the week, 0 .. 10079. */
struct sgp_learned;
void sgp_match_teach(const sgp_graph *graph, const sgp_track_point *track, const sgp_match *match,
                     int32_t (*minute_of_week)(void *ctx, int64_t at_ms), void *ctx,
                     struct sgp_learned *learned);

#endif
