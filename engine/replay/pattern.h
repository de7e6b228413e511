/* A pattern of calls: how often, when in the week, where, and for what; and calls drawn from it.
 *
 * A scenario is a pattern with what happens besides: surges at one place and time, roads that are
 * slow or closed, habits of its own. Written in libconfig (scenarios/README.md), every mistake told
 * as file:line: sentence.
 *
 *     second by second:  chance = calls a day x weight of the hour x demand
 *         kind    by its weight and its own curve over the day
 *         place   a circle by its weight, a point in it, the nearest road that suits the kind
 *
 * Each second has a stream of chance of its own, so twice the demand has all the calls of the
 * single one and others besides, and a surge adds calls without moving any. Whole numbers but for
 * the projection of a circle; the same graph and seed give the same calls.
 *
 * Plain data; thread-safe once read.
 */
#ifndef SGP_REPLAY_PATTERN_H
#define SGP_REPLAY_PATTERN_H

#include "replay/call_list.h"
#include "replay/whatif.h"

enum {
    SGP_PATTERN_KINDS_MAX = 96,
    SGP_PATTERN_PLACES_MAX = 2048,
    SGP_PATTERN_SURGES_MAX = 32,
    SGP_PATTERN_DAYS_MAX = 3660,
    SGP_PATTERN_MEASURED = 30 /* fewer durations or outcomes say nothing of how people are */
};

typedef struct sgp_call_kind {
    char complaint[SGP_CODE_BYTES];
    sgp_priority priority;     /* UNKNOWN: by the complaint */
    int32_t weight;            /* relative */
    uint16_t day_permille[24]; /* by hour of the day, of the weight */
    bool on_roads;             /* happens on main roads rather than in homes */
} sgp_call_kind;

typedef struct sgp_call_place {
    char name[SGP_NAME_BYTES];
    sgp_point point;
    int32_t radius_m, weight;
} sgp_call_place;

/* More calls at one place for a while. */
typedef struct sgp_call_surge {
    sgp_call_place place; /* weight unused */
    int64_t from_ms, until_ms;
    int32_t calls_milli; /* expected, in thousandths */
    uint32_t kind;       /* the only one; SGP_NONE = as everywhere */
} sgp_call_surge;

typedef struct sgp_pattern {
    char title[2][SGP_LABEL_BYTES]; /* Indonesian, English */
    int64_t from_ms;
    int32_t days, utc_offset_s;
    int32_t calls_per_day_milli;            /* in thousandths */
    uint16_t hour_permille[SGP_WEEK_HOURS]; /* of the mean hour; local week from Monday */
    sgp_call_kind kinds[SGP_PATTERN_KINDS_MAX];
    uint32_t n_kinds;
    sgp_call_place *places; /* [n_places] owned */
    uint32_t n_places;
    sgp_call_surge surges[SGP_PATTERN_SURGES_MAX];
    uint32_t n_surges;
    sgp_road_spell spells[SGP_ROAD_SPELLS_MAX];
    uint32_t n_spells;
    sgp_habits habits; /* defaults where the file says nothing */
} sgp_pattern;

/* SGP_E_IO, SGP_E_CONFIG, SGP_E_MEMORY; `pattern` is then empty. */
sgp_err sgp_pattern_read(const char *path, sgp_pattern *pattern, sgp_fault *fault) SGP_MUST_USE;
void sgp_pattern_free(sgp_pattern *pattern);

/* Draws calls and adds them to `list`, sorted. `demand_permille` 1000 = as the pattern says. Places
 * that are more than 2 km from any road stay where they were drawn. SGP_E_MEMORY, SGP_E_FULL. */
sgp_err sgp_pattern_draw(const sgp_pattern *pattern, const sgp_graph *graph, uint64_t seed,
                         int32_t demand_permille, sgp_call_list *list) SGP_MUST_USE;

/* What past calls say of hours, kinds and places (squares of `cell_m`), and where at least
 * SGP_PATTERN_MEASURED of them tell it, of outcomes, of the time on scene, and of how many are
 * carried; on top of `pattern`, whose span, titles, surges, roads and other habits stay. Calls that
 * are told roughly are to be spread first. SGP_E_ARGUMENT: there are no calls; SGP_E_MEMORY,
 * SGP_E_FULL: more squares or complaints than a pattern holds. */
sgp_err sgp_pattern_fit(const sgp_call_list *calls, int32_t cell_m, sgp_pattern *pattern,
                        sgp_fault *fault) SGP_MUST_USE;
/* Writes it so that sgp_pattern_read reads the same. SGP_E_IO. */
sgp_err sgp_pattern_write(const sgp_pattern *pattern, const char *path,
                          sgp_fault *fault) SGP_MUST_USE;

#endif
