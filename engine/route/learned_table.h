/* What has been learned, in memory: rows for the moves that were driven, and totals by
 * road class. Private to learned.c, learned_file.c and traffic.c.
 *
 *   row_of[move] --> rows[r], cells[bin][r]     move = edge << 1 | backward
 *
 * A cell holds the time that drives took and the millimetres that they covered, not their
 * ratio to the stored weight, so that what a file has kept stays true when a later import
 * stores other weights. With w the stored weight of the move and l its length,
 *
 *   expected = w x driven / l        (what the stored weight says for these drives)
 *   mean of a class and bin = (sum of took x 1000 + C x prior) / (sum of expected + C)
 *   factor of a move and bin = (took x 1000 + K w x mean of its class) / (expected + K w)
 *
 * each rounded half up: the mean of a ratio shrunk towards a prior that counts as much as
 * C ms of driving or K whole drives would (empirical Bayes, Efron & Morris 1975, on ratios
 * of sums, so that a long stretch weighs more than a short one and waiting at one end of it
 * is balanced by none at the other). Factors are bounded by LEAST and MOST.
 *
 * Roads change: when a cell has SGP_LEARNED_MEMORY whole drives, it is halved, so that it
 * remembers the last hundred or two and newer drives count more.
 */
#ifndef SGP_ROUTE_LEARNED_TABLE_H
#define SGP_ROUTE_LEARNED_TABLE_H

#include "sigap/learned.h"

enum {
    SGP_LEARNED_LEAST = 500, /* permille: bounds of a factor */
    SGP_LEARNED_MOST = 3000,
    SGP_LEARNED_FASTEST = 200, /* permille: a drive beyond these teaches nothing */
    SGP_LEARNED_SLOWEST = 10000,
    SGP_LEARNED_PRIOR_DRIVES = 5,      /* K */
    SGP_LEARNED_PRIOR_CLASS = 1800000, /* C: half an hour of driving */
    SGP_LEARNED_MEMORY = 200           /* whole drives in a cell */
};

typedef struct sgp_learned_cell {
    int64_t took_ms;
    int64_t driven_mm;
    int64_t expected_ms; /* follows from driven_mm; kept, since making weights asks for it */
} sgp_learned_cell;

typedef struct sgp_learned_row {
    uint32_t move;
    int32_t weight; /* stored */
} sgp_learned_row;

typedef struct sgp_learned_total {
    int64_t took_ms, expected_ms; /* sums over the cells of a class and bin */
} sgp_learned_total;

struct sgp_learned {
    const sgp_graph *graph;
    uint32_t profile;
    uint32_t *row_of; /* [2 * n_edges] number of the row + 1, 0 = none; pages that nobody wrote to
                         take no memory */
    sgp_learned_row *rows;                     /* [n_rows] */
    sgp_learned_cell *cells[SGP_LEARNED_BINS]; /* [n_rows] each: weights are made of one bin */
    uint32_t n_rows, capacity;
    sgp_learned_total totals[SGP_ROAD_CLASSES][SGP_LEARNED_BINS];
    uint64_t n_drives, n_dropped;
};

/* Stored weight of a move under the table's profile; 0 where it teaches nothing (closed, or
 * takes no time). */
int32_t sgp_learned_weight(const sgp_learned *learned, uint32_t move);

/* Room for `more` moves, so that adding cells of so many cannot fail. SGP_E_MEMORY. */
sgp_err sgp_learned_reserve(sgp_learned *learned, size_t more) SGP_MUST_USE;

/* Adds a sum of drives to a cell. SGP_E_MEMORY; then nothing changed. */
sgp_err sgp_learned_add_cell(sgp_learned *learned, uint32_t move, int bin, int64_t took_ms,
                             int64_t driven_mm) SGP_MUST_USE;

/* Mean of the class in the bin, permille of the stored time; `prior` where little is known. */
uint32_t sgp_learned_class_mean(const sgp_learned *learned, uint32_t road_class, int bin,
                                uint32_t prior);
/* The move's own factor given its class's mean; the mean itself where it was never driven.
 * Bounded. */
uint16_t sgp_learned_over(const sgp_learned *learned, uint32_t move, int bin, uint32_t mean);

#endif
