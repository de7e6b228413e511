#include "replay/week_roads.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "replay/week_metrics.h"

enum {
    KEPT = 4096, /* snaps and stands of places that are not known; a power of two */
    KEPT_WAYS = 65536
};
#define SNAP_RADIUS_M 2000.0
#define NEAR_M 40.0

typedef struct kept_snap {
    sgp_point point;
    uint32_t profile;
    bool used, found;
    sgp_snap snap;
} kept_snap;

typedef struct kept_stands {
    sgp_point place;
    uint32_t profile;
    bool used;
    size_t n;
    sgp_stand stands[SGP_STANDS_MAX];
} kept_stands;

typedef struct known_place {
    sgp_point point;
    kept_snap snap[SGP_PROFILES_MAX];
} known_place;

/* A way between known places under one metric. */
typedef struct kept_way {
    uint64_t metric; /* 0 = empty */
    uint32_t from, to;
    sgp_point *points;
    int64_t *at_ms;
    size_t n;
} kept_way;

struct sgp_week_roads {
    sgp_week_metrics *metrics;
    const sgp_graph *graph;
    uint32_t profile[SGP_UNIT_KINDS][2]; /* without and with lights */
    bool lights[SGP_PRIORITIES];
    sgp_walker *walker;
    known_place *known;
    uint32_t n_known, known_capacity;
    uint32_t *known_at; /* open addressing: index + 1 */
    uint32_t known_mask;
    kept_snap *snaps;    /* [KEPT] */
    kept_stands *stands; /* [KEPT] */
    kept_way *ways;      /* [KEPT_WAYS], made when first asked */
    sgp_route route;     /* of a way that is not kept */
    sgp_week_roads_count count;
    /* Scratch of one question. */
    sgp_source *sources;
    sgp_snap *targets;
    int64_t *answers, *walk_ms, *label_ms;
    uint32_t *origin, *slot;
    size_t capacity, label_capacity;
    /* Times from the last start to all known places, without its penalty. */
    sgp_point last_start;
    uint64_t last_metric; /* 0 = none */
    int64_t *place_ms;    /* [label_capacity] */
};

/* ---- life ------------------------------------------------------------------ */

static uint32_t profile_named(const sgp_graph *graph, const char *name) {
    uint32_t profile = sgp_graph_profile(sgp_graph_get(graph), name);
    return profile == SGP_NONE ? 0 : profile;
}

sgp_err sgp_week_roads_create(const sgp_graph *graph, const sgp_week_roads_options *options,
                              sgp_week_roads **out, sgp_fault *fault) {
    sgp_week_roads *roads = calloc(1, sizeof *roads);
    if (!roads)
        return sgp_fail(fault, SGP_E_MEMORY, "no memory for the roads of the week");
    roads->graph = graph;
    memcpy(roads->lights, options->lights, sizeof roads->lights);
    for (int kind = 0; kind < SGP_UNIT_KINDS; kind++) {
        const char *lit = options->with_lights[kind];
        roads->profile[kind][0] = profile_named(graph, options->profile[kind]);
        roads->profile[kind][1] = lit[0] ? profile_named(graph, lit) : roads->profile[kind][0];
    }
    roads->snaps = calloc(KEPT, sizeof *roads->snaps);
    roads->stands = calloc(KEPT, sizeof *roads->stands);
    sgp_err err = roads->snaps && roads->stands ? SGP_OK : SGP_E_MEMORY;
    if (!err)
        err = sgp_walker_create(graph, &roads->walker);
    if (!err)
        err = sgp_week_metrics_create(graph, options, &roads->metrics, fault);
    else
        (void)sgp_fail(fault, err, "no memory for the roads of the week");
    if (err) {
        sgp_week_roads_destroy(roads);
        return err;
    }
    *out = roads;
    return SGP_OK;
}

void sgp_week_roads_destroy(sgp_week_roads *roads) {
    if (!roads)
        return;
    for (size_t i = 0; roads->ways && i < KEPT_WAYS; i++) {
        free(roads->ways[i].points);
        free(roads->ways[i].at_ms);
    }
    sgp_route_free(&roads->route);
    sgp_week_metrics_destroy(roads->metrics);
    sgp_walker_destroy(roads->walker);
    free(roads->known);
    free(roads->known_at);
    free(roads->snaps);
    free(roads->stands);
    free(roads->ways);
    free(roads->sources);
    free(roads->targets);
    free(roads->answers);
    free(roads->walk_ms);
    free(roads->label_ms);
    free(roads->place_ms);
    free(roads->origin);
    free(roads->slot);
    free(roads);
}

void sgp_week_roads_at(sgp_week_roads *roads, int64_t now_ms) {
    sgp_week_metrics_at(roads->metrics, now_ms);
}

sgp_week_roads_count sgp_week_roads_counted(const sgp_week_roads *roads) {
    sgp_week_roads_count count = roads->count;
    sgp_week_metrics_counted(roads->metrics, &count.metrics, &count.metrics_us);
    return count;
}

static uint32_t drives_as(const sgp_week_roads *roads, const sgp_start *from) {
    return roads->profile[from->kind][roads->lights[from->priority]];
}

uint64_t sgp_week_roads_version(sgp_week_roads *roads, sgp_unit_kind kind, sgp_priority priority) {
    sgp_hour_metric *hour;
    const sgp_start from = {.kind = kind, .priority = priority};
    if (sgp_week_metrics_get(roads->metrics, drives_as(roads, &from), &hour) != SGP_OK)
        return 0;
    return sgp_metric_version(hour->metric);
}

/* ---- known places ---------------------------------------------------------- */

/* Spread over 64 bits; the top ones are the best. */
static uint64_t hash_of(uint32_t profile, sgp_point point) {
    uint64_t mixed =
        ((uint64_t)(uint32_t)point.lon_e7 << 32 | (uint32_t)point.lat_e7) ^ (uint64_t)profile << 24;
    return mixed * UINT64_C(0x9e3779b97f4a7c15);
}

static uint32_t known_place_at(const sgp_week_roads *roads, sgp_point point) {
    if (!roads->n_known)
        return SGP_NONE;
    for (uint32_t at = (uint32_t)(hash_of(0, point) >> 32) & roads->known_mask;;
         at = (at + 1) & roads->known_mask) {
        uint32_t place = roads->known_at[at];
        if (place == 0)
            return SGP_NONE;
        if (sgp_point_equal(roads->known[place - 1].point, point))
            return place - 1;
    }
}

static void enter_known(sgp_week_roads *roads, uint32_t place) {
    uint32_t at = (uint32_t)(hash_of(0, roads->known[place].point) >> 32) & roads->known_mask;
    while (roads->known_at[at])
        at = (at + 1) & roads->known_mask;
    roads->known_at[at] = place + 1;
}

sgp_err sgp_week_roads_know(sgp_week_roads *roads, sgp_point point) {
    if (known_place_at(roads, point) != SGP_NONE)
        return SGP_OK;
    if (roads->n_known == roads->known_capacity) {
        uint32_t capacity = roads->known_capacity ? 2 * roads->known_capacity : 64;
        known_place *known = realloc(roads->known, capacity * sizeof *known);
        if (!known)
            return SGP_E_MEMORY;
        roads->known = known;
        uint32_t *known_at = calloc(4 * (size_t)capacity, sizeof *known_at);
        if (!known_at)
            return SGP_E_MEMORY;
        free(roads->known_at);
        roads->known_at = known_at;
        roads->known_mask = 4 * capacity - 1;
        roads->known_capacity = capacity;
        for (uint32_t i = 0; i < roads->n_known; i++)
            enter_known(roads, i);
    }
    roads->known[roads->n_known] = (known_place){.point = point};
    enter_known(roads, roads->n_known++);
    return SGP_OK;
}

/* ---- from points to roads -------------------------------------------------- */

/* Most points lie on or beside a road, and what is nearest within a little is nearest of all. */
static void find_snap(const sgp_week_roads *roads, uint32_t profile, sgp_point point,
                      kept_snap *kept) {
    static const double radii_m[] = {NEAR_M, SNAP_RADIUS_M};
    *kept = (kept_snap){.point = point, .profile = profile, .used = true};
    for (int i = 0; i < 2 && !kept->found; i++) {
        size_t n = 0;
        sgp_snap_wish wish = {.radius_m = radii_m[i], .profile = profile};
        kept->found =
            sgp_graph_snap_wish(roads->graph, point, &wish, &kept->snap, 1, &n) == SGP_OK && n > 0;
    }
}

/* `known`: the place's number, SGP_NONE = none. */
static const kept_snap *snap_of(sgp_week_roads *roads, uint32_t profile, sgp_point point,
                                uint32_t known) {
    kept_snap *kept = known != SGP_NONE ? &roads->known[known].snap[profile]
                                        : &roads->snaps[hash_of(profile, point) >> 40 & (KEPT - 1)];
    if (!kept->used || kept->profile != profile || !sgp_point_equal(kept->point, point))
        find_snap(roads, profile, point, kept);
    return kept;
}

static const sgp_stand *stands_of(sgp_week_roads *roads, uint32_t profile, sgp_point place,
                                  size_t *n) {
    kept_stands *kept = &roads->stands[hash_of(profile, place) >> 40 & (KEPT - 1)];
    if (!kept->used || kept->profile != profile || !sgp_point_equal(kept->place, place)) {
        sgp_walk_options options = sgp_walk_defaults;
        options.profile = profile;
        options.radius_m = SNAP_RADIUS_M;
        kept->place = place;
        kept->profile = profile;
        kept->used = true;
        if (sgp_walker_stands(roads->walker, place, &options, kept->stands, &kept->n) != SGP_OK)
            kept->n = 0;
    }
    *n = kept->n;
    return kept->stands;
}

/* ---- questions ------------------------------------------------------------- */

#define GROW(array, n) grow((void **)&(array), (n) * sizeof *(array))
static bool grow(void **array, size_t bytes) {
    void *wider = realloc(*array, bytes);
    if (wider)
        *array = wider;
    return wider != NULL;
}

static sgp_err make_room(sgp_week_roads *roads, size_t n) {
    if (n > roads->capacity) {
        size_t wide = 2 * n;
        if (!GROW(roads->sources, wide) || !GROW(roads->targets, wide) ||
            !GROW(roads->answers, wide) || !GROW(roads->walk_ms, wide) ||
            !GROW(roads->origin, wide) || !GROW(roads->slot, wide))
            return SGP_E_MEMORY;
        roads->capacity = wide;
    }
    if (roads->n_known > roads->label_capacity) {
        if (!GROW(roads->label_ms, roads->n_known) || !GROW(roads->place_ms, roads->n_known))
            return SGP_E_MEMORY;
        roads->label_capacity = roads->n_known;
    }
    return SGP_OK;
}

static void take_least(int64_t *least, int64_t ms) {
    if (ms >= 0 && (*least < 0 || ms < *least))
        *least = ms;
}

/* The labels of the known places under this metric. */
static sgp_err labels_of(sgp_week_roads *roads, sgp_hour_metric *hour, uint32_t profile) {
    if (hour->labels && hour->n_labels == roads->n_known)
        return SGP_OK;
    sgp_labels_destroy(hour->labels);
    hour->labels = NULL;
    sgp_err err = sgp_labels_create(roads->graph, roads->n_known, &hour->labels);
    hour->n_labels = roads->n_known;
    for (uint32_t i = 0; i < roads->n_known && !err; i++) {
        const kept_snap *snap = snap_of(roads, profile, roads->known[i].point, i);
        sgp_source source = {.from = snap->snap};
        if (snap->found)
            err = sgp_labels_set(hour->labels, i, &source);
    }
    return err;
}

/* Rows of one profile: known places into slot/origin from the front, the others as sources from
 * the back of nothing else. */
static void sort_rows(sgp_week_roads *roads, uint32_t profile, const sgp_start *from, size_t n,
                      size_t *n_known, size_t *n_moving) {
    *n_known = *n_moving = 0;
    for (size_t i = 0; i < n; i++) {
        if (drives_as(roads, &from[i]) != profile)
            continue;
        uint32_t known = known_place_at(roads, from[i].point);
        if (known != SGP_NONE) {
            roads->slot[i] = known;
            (*n_known)++;
            continue;
        }
        roads->slot[i] = SGP_NONE;
        const kept_snap *snap = snap_of(roads, profile, from[i].point, SGP_NONE);
        if (!snap->found)
            continue;
        roads->sources[*n_moving] =
            (sgp_source){.from = snap->snap, .penalty_ms = from[i].penalty_ms};
        roads->origin[(*n_moving)++] = (uint32_t)i;
    }
}

/* The starts that are no known places, to all stands at once. */
static sgp_err ask_moving(sgp_week_roads *roads, sgp_query *query, const sgp_stand *stands,
                          size_t n_stands, size_t n_moving, int64_t *ms) {
    sgp_snap targets[SGP_STANDS_MAX];
    for (size_t s = 0; s < n_stands; s++)
        targets[s] = stands[s].snap;
    sgp_err err =
        sgp_query_matrix(query, roads->sources, n_moving, targets, n_stands, roads->answers);
    for (size_t k = 0; k < n_moving && !err; k++)
        for (size_t s = 0; s < n_stands; s++) {
            int64_t drive_ms = roads->answers[k * n_stands + s];
            if (drive_ms >= 0)
                take_least(&ms[roads->origin[k]], drive_ms + stands[s].walk_ms);
        }
    return err;
}

static sgp_err ask_profile(sgp_week_roads *roads, uint32_t profile, const sgp_start *from, size_t n,
                           sgp_point to, int64_t *ms) {
    size_t n_stands, n_known, n_moving;
    sgp_hour_metric *hour;
    sgp_err err = sgp_week_metrics_get(roads->metrics, profile, &hour);
    if (err)
        return err;
    const sgp_stand *stands = stands_of(roads, profile, to, &n_stands);
    sort_rows(roads, profile, from, n, &n_known, &n_moving);
    roads->count.moving_rows += n_moving;
    if (n_known)
        err = labels_of(roads, hour, profile);
    sgp_query *query = sgp_week_metrics_query(roads->metrics, hour);
    for (size_t s = 0; s < n_stands && n_known && !err; s++) {
        err = sgp_labels_to(hour->labels, query, &stands[s].snap, roads->label_ms);
        for (size_t i = 0; i < n && !err; i++) {
            if (drives_as(roads, &from[i]) != profile || roads->slot[i] == SGP_NONE)
                continue;
            int64_t drive_ms = roads->label_ms[roads->slot[i]];
            if (drive_ms >= 0)
                take_least(&ms[i], drive_ms + from[i].penalty_ms + stands[s].walk_ms);
        }
    }
    return err || n_moving == 0 || n_stands == 0
               ? err
               : ask_moving(roads, query, stands, n_stands, n_moving, ms);
}

static sgp_err many_to_one(void *ctx, const sgp_start *from, size_t n, sgp_point to, int64_t *ms) {
    sgp_week_roads *roads = ctx;
    sgp_err err = make_room(roads, n * SGP_STANDS_MAX);
    uint32_t profiles = 0;
    for (size_t i = 0; i < n; i++) {
        profiles |= 1u << drives_as(roads, &from[i]);
        ms[i] = SGP_UNREACHABLE;
    }
    roads->count.questions++;
    roads->count.rows += n;
    for (uint32_t p = 0; p < SGP_PROFILES_MAX && !err; p++)
        if (profiles & 1u << p)
            err = ask_profile(roads, p, from, n, to, ms);
    return err;
}

/* Where vehicles stand for the known places, kept under this metric. */
static sgp_err targets_of(sgp_week_roads *roads, sgp_hour_metric *hour, uint32_t profile) {
    if (hour->targets && hour->n_target_places == roads->n_known)
        return SGP_OK;
    sgp_targets_destroy(hour->targets);
    hour->targets = NULL;
    size_t most = (size_t)roads->n_known * SGP_STANDS_MAX, n = 0;
    sgp_snap *snaps = malloc(most * sizeof *snaps);
    if (!snaps || !GROW(hour->target_place, most) || !GROW(hour->target_walk_ms, most)) {
        free(snaps);
        return SGP_E_MEMORY;
    }
    for (uint32_t i = 0; i < roads->n_known; i++) {
        size_t n_stands;
        const sgp_stand *stands = stands_of(roads, profile, roads->known[i].point, &n_stands);
        for (size_t s = 0; s < n_stands; s++, n++) {
            snaps[n] = stands[s].snap;
            hour->target_place[n] = i;
            hour->target_walk_ms[n] = stands[s].walk_ms;
        }
    }
    hour->n_targets = (uint32_t)n;
    hour->n_target_places = roads->n_known;
    sgp_err err = sgp_targets_create(roads->graph, snaps, n, &hour->targets);
    free(snaps);
    return err;
}

/* roads->place_ms from this point to all known places. */
static sgp_err ask_places(sgp_week_roads *roads, uint32_t profile, sgp_point from) {
    sgp_hour_metric *hour;
    sgp_err err = sgp_week_metrics_get(roads->metrics, profile, &hour);
    if (!err)
        err = targets_of(roads, hour, profile);
    if (!err)
        err = make_room(roads, hour->n_targets);
    if (err)
        return err;
    uint64_t version = sgp_metric_version(hour->metric);
    if (roads->last_metric == version && sgp_point_equal(roads->last_start, from))
        return SGP_OK;
    roads->last_metric = 0;
    for (uint32_t i = 0; i < roads->n_known; i++)
        roads->place_ms[i] = SGP_UNREACHABLE;
    const kept_snap *snap = snap_of(roads, profile, from, known_place_at(roads, from));
    sgp_source source = {.from = snap->snap};
    if (snap->found)
        err = sgp_targets_from(hour->targets, sgp_week_metrics_query(roads->metrics, hour), &source,
                               roads->answers);
    for (uint32_t k = 0; snap->found && k < hour->n_targets && !err; k++)
        if (roads->answers[k] >= 0)
            take_least(&roads->place_ms[hour->target_place[k]],
                       roads->answers[k] + hour->target_walk_ms[k]);
    if (err)
        return err;
    roads->last_metric = version;
    roads->last_start = from;
    return SGP_OK;
}

static int64_t with_penalty(int64_t ms, const sgp_start *from) {
    return ms < 0 ? ms : ms + from->penalty_ms;
}

/* Adds the stands of a place that is not known to the targets of a question. */
static sgp_err add_target(sgp_week_roads *roads, uint32_t profile, sgp_point to, size_t place,
                          size_t *asked) {
    sgp_err err = make_room(roads, *asked + SGP_STANDS_MAX);
    size_t n;
    const sgp_stand *stands = stands_of(roads, profile, to, &n);
    for (size_t s = 0; s < n && !err; s++, (*asked)++) {
        roads->targets[*asked] = stands[s].snap;
        roads->walk_ms[*asked] = stands[s].walk_ms;
        roads->origin[*asked] = (uint32_t)place;
    }
    return err;
}

static sgp_err ask_targets(sgp_week_roads *roads, uint32_t profile, const sgp_start *from,
                           size_t asked, int64_t *ms) {
    sgp_hour_metric *hour;
    sgp_err err = sgp_week_metrics_get(roads->metrics, profile, &hour);
    const kept_snap *snap =
        snap_of(roads, profile, from->point, known_place_at(roads, from->point));
    if (err || !snap->found)
        return err;
    sgp_source source = {.from = snap->snap, .penalty_ms = from->penalty_ms};
    err = sgp_query_one_to_many(sgp_week_metrics_query(roads->metrics, hour), &source,
                                roads->targets, asked, roads->answers);
    for (size_t k = 0; k < asked && !err; k++)
        if (roads->answers[k] >= 0)
            take_least(&ms[roads->origin[k]], roads->answers[k] + roads->walk_ms[k]);
    return err;
}

static sgp_err one_to_many(void *ctx, const sgp_start *from, const sgp_point *to, size_t n,
                           int64_t *ms) {
    sgp_week_roads *roads = ctx;
    uint32_t profile = drives_as(roads, from);
    size_t asked = 0;
    sgp_err err = SGP_OK;
    roads->count.questions++;
    roads->count.rows += n;
    for (size_t i = 0; i < n && !err; i++) {
        uint32_t place = known_place_at(roads, to[i]);
        ms[i] = SGP_UNREACHABLE;
        if (place == SGP_NONE) {
            err = add_target(roads, profile, to[i], i, &asked);
            continue;
        }
        err = ask_places(roads, profile, from->point);
        if (!err)
            ms[i] = with_penalty(roads->place_ms[place], from);
    }
    return err || asked == 0 ? err : ask_targets(roads, profile, from, asked, ms);
}

sgp_times sgp_week_roads_oracle(sgp_week_roads *roads) {
    return (sgp_times){roads, many_to_one, one_to_many};
}

/* ---- single journeys ------------------------------------------------------- */

static sgp_err between_of(sgp_week_roads *roads, sgp_hour_metric *hour) {
    if (hour->between && hour->n_between == roads->n_known)
        return SGP_OK;
    size_t n = (size_t)roads->n_known * roads->n_known;
    int32_t *between = malloc(n * sizeof *between);
    if (!between)
        return SGP_E_MEMORY;
    for (size_t i = 0; i < n; i++)
        between[i] = SGP_TIME_NOT_ASKED;
    free(hour->between);
    hour->between = between;
    hour->n_between = roads->n_known;
    return SGP_OK;
}

sgp_err sgp_week_roads_journey(sgp_week_roads *roads, const sgp_start *from, sgp_point to,
                               int64_t *ms) {
    uint32_t start = known_place_at(roads, from->point), end = known_place_at(roads, to);
    if (start == SGP_NONE || end == SGP_NONE)
        return one_to_many(roads, from, &to, 1, ms);
    sgp_hour_metric *hour;
    sgp_err err = sgp_week_metrics_get(roads->metrics, drives_as(roads, from), &hour);
    if (!err)
        err = between_of(roads, hour);
    if (err)
        return err;
    int32_t *kept = &hour->between[(size_t)start * roads->n_known + end];
    if (*kept == SGP_TIME_NOT_ASKED) {
        sgp_start plain = *from;
        plain.penalty_ms = 0;
        err = one_to_many(roads, &plain, &to, 1, ms);
        if (err)
            return err;
        *kept = (int32_t)*ms; /* below 12 days, see router.h */
    }
    *ms = *kept < 0 ? *kept : *kept + from->penalty_ms;
    return SGP_OK;
}

static sgp_err draw_way(sgp_week_roads *roads, const sgp_start *from, sgp_point to) {
    uint32_t profile = drives_as(roads, from);
    sgp_hour_metric *hour;
    sgp_err err = sgp_week_metrics_get(roads->metrics, profile, &hour);
    sgp_route_free(&roads->route);
    if (err)
        return err;
    const kept_snap *snap =
        snap_of(roads, profile, from->point, known_place_at(roads, from->point));
    size_t n, which = 0;
    const sgp_stand *stands = stands_of(roads, profile, to, &n);
    if (!snap->found || n == 0)
        return SGP_OK;
    sgp_query *query = sgp_week_metrics_query(roads->metrics, hour);
    sgp_source source = {.from = snap->snap};
    sgp_snap targets[SGP_STANDS_MAX];
    int64_t drive_ms[SGP_STANDS_MAX];
    for (size_t s = 0; s < n; s++)
        targets[s] = stands[s].snap;
    err = sgp_query_one_to_many(query, &source, targets, n, drive_ms);
    if (err || sgp_stands_least(stands, n, drive_ms, &which) == SGP_UNREACHABLE)
        return err;
    roads->count.routes++;
    return sgp_query_route(query, &source, &targets[which], &roads->route);
}

sgp_err sgp_week_roads_way(sgp_week_roads *roads, const sgp_start *from, sgp_point to,
                           sgp_way_driven *way) {
    uint32_t start = known_place_at(roads, from->point), end = known_place_at(roads, to);
    kept_way *kept = NULL;
    if (start != SGP_NONE && end != SGP_NONE) {
        sgp_hour_metric *hour;
        sgp_err err = sgp_week_metrics_get(roads->metrics, drives_as(roads, from), &hour);
        if (!err && !roads->ways && !(roads->ways = calloc(KEPT_WAYS, sizeof *roads->ways)))
            err = SGP_E_MEMORY;
        if (err)
            return err;
        uint64_t version = sgp_metric_version(hour->metric);
        uint64_t mixed =
            (version << 32 ^ (uint64_t)start << 16 ^ end) * UINT64_C(0x9e3779b97f4a7c15);
        kept = &roads->ways[mixed >> 40 & (KEPT_WAYS - 1)];
        if (kept->metric == version && kept->from == start && kept->to == end) {
            *way = (sgp_way_driven){kept->points, kept->at_ms, kept->n};
            return SGP_OK;
        }
        kept->metric = version;
        kept->from = start;
        kept->to = end;
    }
    sgp_err err = draw_way(roads, from, to);
    if (kept) {
        free(kept->points);
        free(kept->at_ms);
        kept->points = roads->route.points;
        kept->at_ms = roads->route.at_ms;
        kept->n = roads->route.n_points;
        roads->route.points = NULL;
        roads->route.at_ms = NULL;
        if (err)
            kept->metric = kept->n = 0;
        *way = (sgp_way_driven){kept->points, kept->at_ms, kept->n};
    } else {
        *way = (sgp_way_driven){roads->route.points, roads->route.at_ms, roads->route.n_points};
    }
    return err;
}

sgp_point sgp_way_point(const sgp_way_driven *way, int64_t elapsed_ms) {
    size_t low = 0, high = way->n; /* the first point that is passed later */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (way->at_ms[middle] <= elapsed_ms)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0)
        return way->points[0];
    if (low == way->n)
        return way->points[way->n - 1];
    sgp_point a = way->points[low - 1], b = way->points[low];
    int64_t whole = way->at_ms[low] - way->at_ms[low - 1];
    int64_t part = elapsed_ms - way->at_ms[low - 1];
    return (sgp_point){(int32_t)(a.lon_e7 + (int64_t)(b.lon_e7 - a.lon_e7) * part / whole),
                       (int32_t)(a.lat_e7 + (int64_t)(b.lat_e7 - a.lat_e7) * part / whole)};
}
