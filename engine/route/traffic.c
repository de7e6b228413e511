#include "sigap/traffic.h"

#include <string.h>

#include "route/learned_table.h"

#define ONE UINT64_C(1000000000) /* three factors of 1000 */
enum { WEIGHT_MOST = SGP_INF / 4 };

/* Everything of a picture that depends on the road class alone. */
typedef struct class_factors {
    uint64_t week[SGP_ROAD_CLASSES];       /* of the hour; 1000 = none */
    uint32_t week_mean[SGP_ROAD_CLASSES];  /* over the hours of the bin */
    uint32_t class_mean[SGP_ROAD_CLASSES]; /* learned */
    uint64_t whole[SGP_ROAD_CLASSES];      /* week x learned where nobody drove, x 1000 */
} class_factors;

void sgp_week_table_plain(sgp_week_table *table) {
    for (int c = 0; c < SGP_ROAD_CLASSES; c++)
        for (int hour = 0; hour < SGP_WEEK_HOURS; hour++)
            table->permille[c][hour] = 1000;
}

static bool in_bounds(uint16_t factor) {
    return factor >= SGP_FACTOR_LEAST && factor <= SGP_FACTOR_MOST;
}

static uint32_t mean_over_bin(const uint16_t *permille, int bin) {
    uint32_t sum = 0, hours = 0;
    for (int hour = 0; hour < SGP_WEEK_HOURS; hour++)
        if (sgp_learned_bin(hour * 60) == bin) {
            sum += permille[hour];
            hours++;
        }
    return (sum + hours / 2) / hours;
}

/* What the tracks say over what the table says. */
static uint64_t learned_over_week(uint32_t learned, uint32_t week_mean) {
    uint32_t factor = (learned * 1000 + week_mean / 2) / week_mean;
    return factor < SGP_FACTOR_LEAST  ? SGP_FACTOR_LEAST
           : factor > SGP_FACTOR_MOST ? SGP_FACTOR_MOST
                                      : factor;
}

static sgp_err check_week(const sgp_week_table *week, sgp_fault *fault) {
    for (int c = 0; c < SGP_ROAD_CLASSES; c++)
        for (int hour = 0; hour < SGP_WEEK_HOURS; hour++)
            if (!in_bounds(week->permille[c][hour]))
                return sgp_fail(fault, SGP_E_RANGE,
                                "the week's factor of %s roads in hour %d is %u permille, it must "
                                "be from %d to %d",
                                sgp_road_class_str((sgp_road_class)c), hour,
                                week->permille[c][hour], SGP_FACTOR_LEAST, SGP_FACTOR_MOST);
    return SGP_OK;
}

static void factors_by_class(const sgp_picture *p, int bin, class_factors *f) {
    for (uint32_t c = 0; c < SGP_ROAD_CLASSES; c++) {
        f->week[c] = f->week_mean[c] = f->class_mean[c] = 1000;
        uint64_t learned = 1000;
        if (bin >= 0 && p->week) {
            f->week[c] = p->week->permille[c][p->minute_of_week / 60];
            f->week_mean[c] = mean_over_bin(p->week->permille[c], bin);
        }
        if (bin >= 0 && p->learned) {
            f->class_mean[c] = sgp_learned_class_mean(p->learned, c, bin, f->week_mean[c]);
            uint32_t mean = f->class_mean[c] < SGP_LEARNED_LEAST  ? SGP_LEARNED_LEAST
                            : f->class_mean[c] > SGP_LEARNED_MOST ? SGP_LEARNED_MOST
                                                                  : f->class_mean[c];
            learned = learned_over_week(mean, f->week_mean[c]);
        }
        f->whole[c] = f->week[c] * learned * 1000;
    }
}

/* The rule of traffic.h. A product that leaves 63 bits is over the bound by far: 2^63 / 10^9 is
 * more than 2^33. */
static inline int32_t scaled(int32_t stored, uint64_t factor) {
    if (factor == ONE || stored >= SGP_INF)
        return stored;
    if ((uint64_t)(stored >> 8) * factor >> 55)
        return WEIGHT_MOST;
    uint64_t weight = ((uint64_t)stored * factor + ONE / 2) / ONE;
    return weight < 1 ? 1 : weight > WEIGHT_MOST ? WEIGHT_MOST : (int32_t)weight;
}

static sgp_err check_factors(const uint16_t *factor, size_t n, sgp_fault *fault) {
    unsigned bad = 0;
    for (size_t i = 0; i < n; i++) /* without a branch, so that it runs at the speed of memory */
        bad |= (factor[i] != 0) &
               ((uint16_t)(factor[i] - SGP_FACTOR_LEAST) > SGP_FACTOR_MOST - SGP_FACTOR_LEAST);
    for (size_t i = 0; bad && i < n; i++)
        if (factor[i] != 0 && !in_bounds(factor[i]))
            return sgp_fail(fault, SGP_E_RANGE,
                            "the factor of edge %zu %s is %u permille, it must be 0 (closed) or "
                            "from %d to %d",
                            i >> 1, i & 1 ? "backward" : "forward", factor[i], SGP_FACTOR_LEAST,
                            SGP_FACTOR_MOST);
    return SGP_OK;
}

/* One arc after the other; where an arc's edge lies in memory is the cost. */
static void fill(const sgp_graph_parts *parts, const sgp_picture *p, int bin,
                 const class_factors *f, const int32_t *stored, int32_t *weight) {
    const sgp_learned *learned = bin >= 0 ? p->learned : NULL;
    for (uint32_t a = 0; a < parts->n_arcs; a++) {
        uint32_t move = parts->arc_edge[a];
        if (move == SGP_NONE) {
            weight[a] = stored[a];
            continue;
        }
        uint8_t c = parts->edges[move >> 1].road_class;
        uint64_t factor = f->whole[c];
        if (learned && learned->row_of[move] > 0)
            factor = f->week[c] * 1000 *
                     learned_over_week(sgp_learned_over(learned, move, bin, f->class_mean[c]),
                                       f->week_mean[c]);
        if (p->factor) {
            if (p->factor[move] == 0) {
                weight[a] = SGP_INF;
                continue;
            }
            factor = factor / 1000 * p->factor[move];
        }
        weight[a] = scaled(stored[a], factor);
    }
}

static bool holds(const sgp_graph_parts *parts, const sgp_condition *condition, int32_t minute) {
    for (uint32_t i = 0; i < condition->n_spans; i++) {
        const sgp_week_span *span = &parts->spans[condition->first_span + i];
        if (minute >= span->from_minute && minute < span->to_minute)
            return true;
    }
    return false;
}

sgp_err sgp_weights_make(const sgp_graph *graph, const sgp_picture *picture, int32_t *weight,
                         sgp_fault *fault) {
    const sgp_graph_parts *parts = sgp_graph_get(graph);
    if (picture->profile >= parts->n_profiles)
        return sgp_fail(fault, SGP_E_ARGUMENT, "the graph has no profile %u, only %u",
                        picture->profile, parts->n_profiles);
    if (picture->minute_of_week >= SGP_WEEK_MINUTES)
        return sgp_fail(fault, SGP_E_ARGUMENT, "%d is no minute of a week",
                        picture->minute_of_week);
    if (picture->learned && picture->learned->graph != graph)
        return sgp_fail(fault, SGP_E_ARGUMENT, "the learned times are of another graph");
    int bin = picture->minute_of_week < 0 ? -1 : sgp_learned_bin(picture->minute_of_week);
    sgp_err err = SGP_OK;
    if (picture->week)
        err = check_week(picture->week, fault);
    if (!err && picture->factor)
        err = check_factors(picture->factor, 2 * (size_t)parts->n_edges, fault);
    if (err)
        return err;
    const int32_t *stored = parts->weight + (size_t)picture->profile * parts->n_arcs;
    bool timed = bin >= 0 && (picture->week || picture->learned);
    if (timed || picture->factor) {
        class_factors by_class;
        factors_by_class(picture, bin, &by_class);
        fill(parts, picture, bin, &by_class, stored, weight);
    } else {
        memcpy(weight, stored, parts->n_arcs * sizeof *weight);
    }
    for (uint32_t i = 0; bin >= 0 && i < parts->n_conditions; i++)
        if (parts->conditions[i].profiles >> picture->profile & 1 &&
            holds(parts, &parts->conditions[i], picture->minute_of_week))
            weight[parts->conditions[i].arc] = SGP_INF;
    return SGP_OK;
}

/* ---- when the weights change next ------------------------------------------ */

/* `minute` of the week as the first time after `now` that it comes. */
static int32_t coming(int32_t minute, int32_t now) {
    minute %= SGP_WEEK_MINUTES;
    return minute > now ? minute : minute + SGP_WEEK_MINUTES;
}

/* Whether the condition is another just before `minute` than from it on: spans that touch, as
 * those of a night that goes over Sunday's midnight do, change nothing where they touch. */
static bool changes_at(const sgp_graph_parts *parts, const sgp_condition *c, int32_t minute) {
    minute %= SGP_WEEK_MINUTES;
    int32_t before = minute > 0 ? minute - 1 : SGP_WEEK_MINUTES - 1;
    return holds(parts, c, before) != holds(parts, c, minute);
}

int32_t sgp_weights_next_change(const sgp_graph *graph, const sgp_picture *picture) {
    const sgp_graph_parts *parts = sgp_graph_get(graph);
    int32_t now = picture->minute_of_week;
    int32_t next = now + SGP_WEEK_MINUTES;
    if (now < 0 || now >= SGP_WEEK_MINUTES)
        return next;
    if (picture->week)
        next = (now / 60 + 1) * 60;
    for (int32_t hour = (now / 60 + 1) * 60; picture->learned && hour < next; hour += 60)
        if (sgp_learned_bin(hour % SGP_WEEK_MINUTES) !=
            sgp_learned_bin((hour - 1) % SGP_WEEK_MINUTES))
            next = hour;
    for (uint32_t i = 0; i < parts->n_conditions; i++) {
        const sgp_condition *c = &parts->conditions[i];
        for (uint32_t s = 0; c->profiles >> picture->profile & 1 && s < c->n_spans; s++) {
            const sgp_week_span *span = &parts->spans[c->first_span + s];
            int32_t from = coming(span->from_minute, now);
            int32_t to = coming(span->to_minute, now);
            if (from < next && changes_at(parts, c, from))
                next = from;
            if (to < next && changes_at(parts, c, to))
                next = to;
        }
    }
    return next;
}
