#include "serve/live_times.h"
#include "serve/open_roads.h"

#include <stdlib.h>
#include <string.h>

enum {
    KEPT = 16384,       /* snaps; a power of two */
    KEPT_STANDS = 1024, /* places that were driven to; a power of two */
    LEAST_BY_LABEL = 4, /* fewer starts are asked without the fleet's labels */
    FIRST_SLOTS = 64
};

/* A road in the unit's direction may be this much further away than the nearest one. */
static const int32_t heading_detour_mm = 30000;
static const double heading_within_deg = 60;

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

/* Where one unit's label of one profile begins. */
typedef struct slot {
    sgp_point point; /* that the snap was made for */
    sgp_snap snap;
    uint64_t question; /* the last one that asked for it */
    bool used, found;
} slot;

/* The fleet as one profile sees it. */
typedef struct fleet {
    sgp_labels *labels; /* NULL until a unit of this profile is known */
    slot *slots;        /* [capacity] by unit index */
    int64_t *ms;        /* [capacity] */
    size_t capacity;
    uint64_t version; /* of the metric of the last refresh */
} fleet;

struct sgp_live_times {
    sgp_live_roads *roads;
    kept_snap *kept;     /* [KEPT], by a hash of the point; a newer point takes the place */
    kept_stands *stands; /* [KEPT_STANDS], likewise */
    sgp_walker *walker;
    sgp_open_roads to_open,
        from_open; /* around a target, and around a start, behind closed roads */
    fleet fleets[SGP_PROFILES_MAX];
    uint64_t question, labels_made;
    /* Scratch of one question. */
    sgp_source *sources;
    sgp_snap *targets;
    int64_t *answers, *walk_ms;
    size_t *origin; /* which asked row each source or target stands for */
    size_t capacity;
};

/* ---- life ---------------------------------------------------------------- */

sgp_err sgp_live_times_create(sgp_live_roads *roads, sgp_live_times **out) {
    sgp_live_times *live = calloc(1, sizeof *live);
    if (live == NULL)
        return SGP_E_MEMORY;
    live->roads = roads;
    live->kept = calloc(KEPT, sizeof *live->kept);
    live->stands = calloc(KEPT_STANDS, sizeof *live->stands);
    sgp_err err = live->kept == NULL || live->stands == NULL
                      ? SGP_E_MEMORY
                      : sgp_walker_create(sgp_live_roads_graph(roads), &live->walker);
    if (err == SGP_OK)
        err = sgp_open_roads_init(&live->to_open);
    if (err == SGP_OK)
        err = sgp_open_roads_init(&live->from_open);
    if (err != SGP_OK) {
        sgp_live_times_destroy(live);
        return err;
    }
    *out = live;
    return SGP_OK;
}

static void fleet_free(fleet *f) {
    sgp_labels_destroy(f->labels);
    free(f->slots);
    free(f->ms);
    *f = (fleet){0};
}

void sgp_live_times_destroy(sgp_live_times *live) {
    if (live == NULL)
        return;
    for (size_t p = 0; p < SGP_PROFILES_MAX; p++)
        fleet_free(&live->fleets[p]);
    sgp_walker_destroy(live->walker);
    sgp_open_roads_deinit(&live->to_open);
    sgp_open_roads_deinit(&live->from_open);
    free(live->stands);
    free(live->kept);
    free(live->sources);
    free(live->targets);
    free(live->answers);
    free(live->walk_ms);
    free(live->origin);
    free(live);
}

/* ---- from points to roads ------------------------------------------------ */

static bool snap_plain(const sgp_live_times *live, uint32_t profile, sgp_point point,
                       sgp_snap *snap) {
    size_t n = 0;
    sgp_snap_wish wish = {.radius_m = SGP_SNAP_RADIUS_M, .profile = profile};
    const sgp_graph *graph = sgp_live_roads_graph(live->roads);
    return sgp_graph_snap_wish(graph, point, &wish, snap, 1, &n) == SGP_OK && n > 0;
}

/* Spread over 64 bits; the top ones are the best. */
static uint64_t hash_of(uint32_t profile, sgp_point point) {
    uint64_t mixed =
        ((uint64_t)(uint32_t)point.lon_e7 << 32 | (uint32_t)point.lat_e7) ^ (uint64_t)profile << 24;
    return mixed * UINT64_C(0x9e3779b97f4a7c15);
}

bool sgp_live_times_snap(sgp_live_times *live, uint32_t profile, sgp_point point, sgp_snap *snap) {
    kept_snap *kept = &live->kept[hash_of(profile, point) >> 50 & (KEPT - 1)];
    if (!kept->used || kept->profile != profile || !sgp_point_equal(kept->point, point)) {
        kept->point = point;
        kept->profile = profile;
        kept->used = true;
        kept->found = snap_plain(live, profile, point, &kept->snap);
    }
    if (kept->found)
        *snap = kept->snap;
    return kept->found;
}

const sgp_stand *sgp_live_times_stands(sgp_live_times *live, uint32_t profile, sgp_point place,
                                       size_t *n) {
    kept_stands *kept = &live->stands[hash_of(profile, place) >> 50 & (KEPT_STANDS - 1)];
    if (!kept->used || kept->profile != profile || !sgp_point_equal(kept->place, place)) {
        sgp_walk_options options = sgp_walk_defaults;
        options.profile = profile;
        options.radius_m = SGP_SNAP_RADIUS_M;
        *kept = (kept_stands){.place = place, .profile = profile, .used = true};
        if (sgp_walker_stands(live->walker, place, &options, kept->stands, &kept->n) != SGP_OK)
            kept->n = 0;
    }
    *n = kept->n;
    return kept->stands;
}

/* In the direction in which the unit drives, where that is about as near. */
static bool snap_driving(const sgp_live_times *live, uint32_t profile, sgp_point point,
                         double heading_deg, sgp_snap *snap) {
    sgp_snap ahead;
    size_t n = 0;
    sgp_snap_wish wish = {.radius_m = SGP_SNAP_RADIUS_M,
                          .profile = profile,
                          .has_heading = true,
                          .heading_deg = heading_deg,
                          .heading_within_deg = heading_within_deg};
    if (!snap_plain(live, profile, point, snap))
        return false;
    const sgp_graph *graph = sgp_live_roads_graph(live->roads);
    if (sgp_graph_snap_wish(graph, point, &wish, &ahead, 1, &n) == SGP_OK && n > 0 &&
        ahead.on_foot_mm <= snap->on_foot_mm + heading_detour_mm)
        *snap = ahead;
    return true;
}

/* ---- the fleet ----------------------------------------------------------- */

/* Room for slots 0 .. n-1. New labels begin empty, so all units are set anew. */
static sgp_err make_slots(sgp_live_times *live, fleet *f, size_t n) {
    if (n <= f->capacity)
        return SGP_OK;
    size_t capacity = f->capacity == 0 ? FIRST_SLOTS : f->capacity;
    while (capacity < n)
        capacity *= 2;
    fleet larger = {.capacity = capacity};
    sgp_err err = sgp_labels_create(sgp_live_roads_graph(live->roads), capacity, &larger.labels);
    larger.slots = calloc(capacity, sizeof *larger.slots);
    larger.ms = calloc(capacity, sizeof *larger.ms);
    if (err == SGP_OK && (larger.slots == NULL || larger.ms == NULL))
        err = SGP_E_MEMORY;
    if (err != SGP_OK) {
        fleet_free(&larger);
        return err;
    }
    fleet_free(f);
    *f = larger;
    return SGP_OK;
}

static void set_slot(fleet *f, uint32_t unit, sgp_point point, bool found, const sgp_snap *snap) {
    slot *s = &f->slots[unit];
    bool same = s->used && s->found && found && s->snap.edge == snap->edge &&
                s->snap.offset_mm == snap->offset_mm && s->snap.directions == snap->directions;
    s->used = true;
    s->point = point;
    s->found = found;
    if (same)
        return;
    sgp_labels_clear(f->labels, unit);
    if (!found)
        return;
    s->snap = *snap;
    sgp_source source = {.from = *snap};
    s->found = sgp_labels_set(f->labels, unit, &source) == SGP_OK;
}

void sgp_live_times_place(sgp_live_times *live, const sgp_unit *unit, sgp_point point,
                          double heading_deg) {
    uint32_t profiles[2] = {sgp_live_roads_drive(live->roads, unit->kind, SGP_P1),
                            sgp_live_roads_drive(live->roads, unit->kind, SGP_P4)};
    for (int i = 0; i < (profiles[0] == profiles[1] ? 1 : 2); i++) {
        fleet *f = &live->fleets[profiles[i]];
        sgp_snap snap = {0};
        if (make_slots(live, f, (size_t)unit->index + 1) != SGP_OK)
            return;
        /* Standing still tells nothing new, and must not undo a heading. */
        const slot *known = &f->slots[unit->index];
        if (heading_deg < 0 && known->used && sgp_point_equal(known->point, point))
            continue;
        bool found = heading_deg < 0 ? sgp_live_times_snap(live, profiles[i], point, &snap)
                                     : snap_driving(live, profiles[i], point, heading_deg, &snap);
        set_slot(f, unit->index, point, found, &snap);
    }
}

void sgp_live_times_forget(sgp_live_times *live, const sgp_unit *unit) {
    for (size_t p = 0; p < SGP_PROFILES_MAX; p++) {
        fleet *f = &live->fleets[p];
        if (unit->index >= f->capacity || !f->slots[unit->index].used)
            continue;
        sgp_labels_clear(f->labels, unit->index);
        f->slots[unit->index] = (slot){0};
    }
}

/* Makes the labels that are missing or of another metric. */
static void refresh(sgp_live_times *live, uint32_t profile, sgp_query *query) {
    fleet *f = &live->fleets[profile];
    live->labels_made += sgp_labels_refresh(f->labels, query);
    f->version = sgp_metric_version(sgp_live_roads_metric(live->roads, profile));
}

bool sgp_live_times_is_behind(const sgp_live_times *live) {
    for (uint32_t p = 0; p < SGP_PROFILES_MAX; p++)
        if (live->fleets[p].capacity > 0 && sgp_labels_missing(live->fleets[p].labels) > 0)
            return true;
    return false;
}

bool sgp_live_times_freshen(sgp_live_times *live, size_t most) {
    bool progress = false;
    for (uint32_t p = 0; p < SGP_PROFILES_MAX && most > 0; p++) {
        fleet *f = &live->fleets[p];
        if (f->capacity == 0)
            continue;
        sgp_query *query = sgp_live_roads_take(live->roads, p);
        size_t missing = sgp_labels_missing(f->labels);
        size_t made = sgp_labels_refresh_some(f->labels, query, most);
        progress = progress || made > 0 || sgp_labels_missing(f->labels) < missing;
        f->version = sgp_metric_version(sgp_live_roads_metric(live->roads, p));
        sgp_live_roads_release(live->roads, p);
        live->labels_made += made;
        most -= made;
    }
    /* Without memory there is none, and the next question will say so. */
    return progress && sgp_live_times_is_behind(live);
}

sgp_label_count sgp_live_times_labels(const sgp_live_times *live) {
    sgp_label_count count = {.made = live->labels_made};
    for (uint32_t p = 0; p < SGP_PROFILES_MAX; p++) {
        const fleet *f = &live->fleets[p];
        sgp_road_facts facts;
        bool newest = f->capacity > 0 && sgp_live_roads_facts(live->roads, p, 0, &facts) &&
                      f->version == facts.version;
        for (size_t i = 0; i < f->capacity; i++) {
            if (!f->slots[i].used || !f->slots[i].found)
                continue;
            if (newest && sgp_labels_has(f->labels, i))
                count.fresh++;
            else
                count.stale++;
        }
    }
    return count;
}

/* ---- the oracle ---------------------------------------------------------- */

static sgp_err make_room(sgp_live_times *live, size_t n) {
    if (n <= live->capacity)
        return SGP_OK;
    sgp_source *sources = realloc(live->sources, n * sizeof *sources);
    if (sources != NULL)
        live->sources = sources;
    sgp_snap *targets = realloc(live->targets, n * sizeof *targets);
    if (targets != NULL)
        live->targets = targets;
    int64_t *answers = realloc(live->answers, n * sizeof *answers);
    if (answers != NULL)
        live->answers = answers;
    int64_t *walk_ms = realloc(live->walk_ms, n * sizeof *walk_ms);
    if (walk_ms != NULL)
        live->walk_ms = walk_ms;
    size_t *origin = realloc(live->origin, n * sizeof *origin);
    if (origin != NULL)
        live->origin = origin;
    if (sources == NULL || targets == NULL || answers == NULL || walk_ms == NULL || origin == NULL)
        return SGP_E_MEMORY;
    live->capacity = n;
    return SGP_OK;
}

/* The unit's slot for this start; NULL where another start of the same question has taken it
 * for another point. */
static slot *slot_of(sgp_live_times *live, uint32_t profile, const sgp_start *from) {
    fleet *f = &live->fleets[profile];
    slot *s = &f->slots[from->unit];
    if (!s->used || !sgp_point_equal(s->point, from->point)) {
        if (s->used && s->question == live->question)
            return NULL;
        sgp_snap snap = {0};
        bool found = sgp_live_times_snap(live, profile, from->point, &snap);
        set_slot(f, from->unit, from->point, found, &snap);
    }
    s->question = live->question;
    return s;
}

static void take_least(int64_t *least, int64_t ms) {
    if (ms >= 0 && (*least < 0 || ms < *least))
        *least = ms;
}

/* Fills sources and origin with the starts of this profile that are on a road; returns how
 * many. *by_label: each of them has its unit's slot. */
static size_t gather(sgp_live_times *live, uint32_t profile, const sgp_start *from, size_t n,
                     bool *by_label) {
    size_t rows = 0;
    live->question++;
    *by_label = true;
    for (size_t i = 0; i < n; i++) {
        if (sgp_live_roads_drive(live->roads, from[i].kind, from[i].priority) != profile)
            continue;
        const slot *s = slot_of(live, profile, &from[i]);
        sgp_source source = {.penalty_ms = from[i].penalty_ms};
        bool found =
            s != NULL ? s->found : sgp_live_times_snap(live, profile, from[i].point, &source.from);
        if (!found)
            continue;
        if (s != NULL)
            source.from = s->snap;
        *by_label = *by_label && s != NULL;
        live->sources[rows] = source;
        live->origin[rows++] = i;
    }
    return rows;
}

/* The starts of one profile to one stand: ms[i] = the least of itself and this stand's. */
static sgp_err ask_stand(sgp_live_times *live, uint32_t profile, sgp_query *query, bool by_label,
                         const sgp_start *from, size_t rows, const sgp_stand *stand, int64_t *ms) {
    const fleet *f = &live->fleets[profile];
    sgp_err err =
        by_label ? sgp_labels_to(f->labels, query, &stand->snap, f->ms)
                 : sgp_query_many_to_one(query, live->sources, rows, &stand->snap, live->answers);
    for (size_t k = 0; k < rows && err == SGP_OK; k++) {
        const sgp_start *start = &from[live->origin[k]];
        int64_t drive_ms = by_label ? f->ms[start->unit] : live->answers[k];
        /* Labels are kept without penalty, since it changes while the unit stands still. */
        if (drive_ms >= 0)
            take_least(&ms[live->origin[k]],
                       drive_ms + (by_label ? start->penalty_ms : 0) + stand->walk_ms);
    }
    return err;
}

static sgp_err ask_profile(sgp_live_times *live, uint32_t profile, const sgp_start *from, size_t n,
                           sgp_point to, int64_t *ms) {
    size_t n_stands;
    bool by_label;
    const sgp_stand *stands = sgp_live_times_stands(live, profile, to, &n_stands);
    size_t rows = gather(live, profile, from, n, &by_label);
    if (rows == 0 || n_stands == 0)
        return SGP_OK;
    by_label = by_label && rows >= LEAST_BY_LABEL;
    sgp_query *query = sgp_live_roads_take(live->roads, profile);
    if (by_label)
        refresh(live, profile, query);
    sgp_err err = SGP_OK;
    for (size_t i = 0; i < n_stands && err == SGP_OK; i++)
        err = ask_stand(live, profile, query, by_label, from, rows, &stands[i], ms);
    sgp_live_roads_release(live->roads, profile);
    return err;
}

/* ---- behind closed roads ------------------------------------------------- */

enum { CLOSED_IN_STARTS = 64 }; /* starts of one question that are freed one by one */

/* From one start to the open roads around the target: over its own road, and where that leads
 * nowhere, from the open roads around the start. */
static sgp_err free_start(sgp_live_times *live, uint32_t profile, sgp_query *query,
                          const sgp_start *from, int64_t *ms) {
    const sgp_metric *metric = sgp_live_roads_metric(live->roads, profile);
    sgp_err err = SGP_OK;
    sgp_open_roads_find(&live->from_open, metric, profile, from->point, SGP_SNAP_RADIUS_M);
    for (size_t s = 0; s < live->from_open.n && err == SGP_OK; s++) {
        const sgp_stand *stand = &live->from_open.stands[s];
        sgp_source source = {stand->snap, from->penalty_ms + stand->walk_ms};
        sgp_snap targets[SGP_OPEN_ROADS];
        int64_t times[SGP_OPEN_ROADS];
        for (size_t t = 0; t < live->to_open.n; t++)
            targets[t] = live->to_open.stands[t].snap;
        err = sgp_query_one_to_many(query, &source, targets, live->to_open.n, times);
        for (size_t t = 0; t < live->to_open.n && err == SGP_OK; t++)
            if (times[t] >= 0)
                take_least(ms, times[t] + live->to_open.stands[t].walk_ms);
    }
    return err;
}

/* Starts that reach no stand of the target: over the open roads around it, then around them. */
static sgp_err ask_around(sgp_live_times *live, uint32_t profile, const sgp_start *from, size_t n,
                          sgp_point to, int64_t *ms) {
    size_t rows = 0, freed = 0;
    for (size_t i = 0; i < n; i++) {
        sgp_source *source = &live->sources[rows];
        if (ms[i] >= 0 ||
            sgp_live_roads_drive(live->roads, from[i].kind, from[i].priority) != profile ||
            !sgp_live_times_snap(live, profile, from[i].point, &source->from))
            continue;
        source->penalty_ms = from[i].penalty_ms;
        live->origin[rows++] = i;
    }
    if (rows == 0)
        return SGP_OK;
    sgp_query *query = sgp_live_roads_take(live->roads, profile);
    const sgp_metric *metric = sgp_live_roads_metric(live->roads, profile);
    sgp_err err = SGP_OK;
    sgp_open_roads_find(&live->to_open, metric, profile, to, SGP_SNAP_RADIUS_M);
    for (size_t t = 0; t < live->to_open.n && err == SGP_OK; t++) {
        const sgp_stand *stand = &live->to_open.stands[t];
        err = sgp_query_many_to_one(query, live->sources, rows, &stand->snap, live->answers);
        for (size_t k = 0; k < rows && err == SGP_OK; k++)
            if (live->answers[k] >= 0)
                take_least(&ms[live->origin[k]], live->answers[k] + stand->walk_ms);
    }
    for (size_t k = 0; k < rows && freed < CLOSED_IN_STARTS && err == SGP_OK; k++)
        if (ms[live->origin[k]] < 0) {
            err = free_start(live, profile, query, &from[live->origin[k]], &ms[live->origin[k]]);
            freed++;
        }
    sgp_live_roads_release(live->roads, profile);
    return err;
}

/* ---- what the core asks -------------------------------------------------- */

static sgp_err many_to_one(void *ctx, const sgp_start *from, size_t n, sgp_point to, int64_t *ms) {
    sgp_live_times *live = ctx;
    sgp_err err = make_room(live, n);
    uint32_t profiles = 0; /* bit p: somebody drives as p */
    for (size_t i = 0; i < n && err == SGP_OK; i++) {
        uint32_t profile = sgp_live_roads_drive(live->roads, from[i].kind, from[i].priority);
        profiles |= 1u << profile;
        err = make_slots(live, &live->fleets[profile], (size_t)from[i].unit + 1);
        ms[i] = SGP_UNREACHABLE;
    }
    for (uint32_t p = 0; p < SGP_PROFILES_MAX && err == SGP_OK; p++)
        if ((profiles & 1u << p) != 0) {
            err = ask_profile(live, p, from, n, to, ms);
            if (err == SGP_OK)
                err = ask_around(live, p, from, n, to, ms);
        }
    return err;
}

/* The stands of all targets in one list; origin says whose each is. Returns how many. */
static size_t gather_stands(sgp_live_times *live, uint32_t profile, const sgp_point *to, size_t n) {
    size_t asked = 0;
    for (size_t i = 0; i < n; i++) {
        size_t n_stands;
        const sgp_stand *stands = sgp_live_times_stands(live, profile, to[i], &n_stands);
        for (size_t k = 0; k < n_stands; k++) {
            live->targets[asked] = stands[k].snap;
            live->origin[asked] = i;
            live->walk_ms[asked++] = stands[k].walk_ms;
        }
    }
    return asked;
}

static sgp_err one_to_many(void *ctx, const sgp_start *from, const sgp_point *to, size_t n,
                           int64_t *ms) {
    sgp_live_times *live = ctx;
    sgp_err err = make_room(live, n * SGP_STANDS_MAX);
    if (err != SGP_OK)
        return err;
    uint32_t profile = sgp_live_roads_drive(live->roads, from->kind, from->priority);
    sgp_source source = {.penalty_ms = from->penalty_ms};
    for (size_t i = 0; i < n; i++)
        ms[i] = SGP_UNREACHABLE;
    if (!sgp_live_times_snap(live, profile, from->point, &source.from))
        return SGP_OK;
    size_t asked = gather_stands(live, profile, to, n);
    if (asked == 0)
        return SGP_OK;
    sgp_query *query = sgp_live_roads_take(live->roads, profile);
    err = sgp_query_one_to_many(query, &source, live->targets, asked, live->answers);
    sgp_live_roads_release(live->roads, profile);
    for (size_t k = 0; k < asked && err == SGP_OK; k++)
        if (live->answers[k] >= 0)
            take_least(&ms[live->origin[k]], live->answers[k] + live->walk_ms[k]);
    for (size_t i = 0; i < n && err == SGP_OK; i++)
        if (ms[i] < 0)
            err = ask_around(live, profile, from, 1, to[i], &ms[i]);
    return err;
}

sgp_times sgp_live_times_oracle(sgp_live_times *live) {
    return (sgp_times){live, many_to_one, one_to_many};
}
