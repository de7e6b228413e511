#include "serve/live_roads.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"

/* What is kept for one profile of the graph. */
typedef struct served {
    sgp_live_metric *live;    /* the worker's; NULL = not served */
    const sgp_metric *metric; /* held while taken > 0 */
    sgp_query *query;
    unsigned taken;
} served;

struct sgp_live_roads {
    const sgp_graph *graph;
    bool lights[SGP_PRIORITIES];
    uint32_t profile[SGP_UNIT_KINDS]; /* of the graph */
    uint32_t with_lights[SGP_UNIT_KINDS];
    bool in_use[SGP_PROFILES_MAX];
    served profiles[SGP_PROFILES_MAX];
    sgp_road_worker *worker;
    sgp_road_picture *picture;
};

/* ---- which profile ------------------------------------------------------- */

void sgp_road_settings_default(sgp_road_settings *settings) {
    static const struct {
        sgp_unit_kind kind;
        const char *profile, *with_lights;
    } rows[] = {
        {SGP_UNIT_AMBULANCE_BASIC, "ambulance", "ambulance_lights"},
        {SGP_UNIT_AMBULANCE_ADVANCED, "ambulance", "ambulance_lights"},
        {SGP_UNIT_MOTORBIKE, "motorbike", ""},
        {SGP_UNIT_COMMAND_CAR, "ambulance", "ambulance_lights"},
        {SGP_UNIT_FIRE_ENGINE, "fire_engine", ""},
        {SGP_UNIT_RESCUE, "fire_engine", ""},
    };
    memset(settings, 0, sizeof *settings);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        snprintf(settings->profile[rows[i].kind], SGP_PROFILE_BYTES, "%s", rows[i].profile);
        snprintf(settings->with_lights[rows[i].kind], SGP_PROFILE_BYTES, "%s", rows[i].with_lights);
    }
    settings->lights[SGP_P1] = settings->lights[SGP_P2] = true;
    settings->time = (sgp_city_time){.zone = "Asia/Jakarta", .offset_s = {7 * 3600}};
}

void sgp_road_settings_free(sgp_road_settings *settings) {
    free(settings->week);
    free(settings->learned_folder);
    settings->week = NULL;
    settings->learned_folder = NULL;
}

/* The profile of that name, profile 0 where the graph has none; from now on served. */
static uint32_t use_profile(sgp_live_roads *roads, const char *name) {
    uint32_t profile = sgp_graph_profile(sgp_graph_get(roads->graph), name);
    if (profile == SGP_NONE)
        profile = 0;
    roads->in_use[profile] = true;
    return profile;
}

/* Once for each name that the graph does not know. */
static void tell_missing(const sgp_graph *graph, const sgp_road_settings *settings) {
    const sgp_graph_parts *parts = sgp_graph_get(graph);
    const char *names[2 * SGP_UNIT_KINDS + SGP_PROFILES_MAX];
    size_t n = 0;
    for (int kind = 1; kind < SGP_UNIT_KINDS; kind++) {
        names[n++] = settings->profile[kind];
        names[n++] = settings->with_lights[kind];
    }
    for (size_t i = 0; i < settings->n_also; i++)
        names[n++] = settings->also[i];
    for (size_t i = 0; i < n; i++) {
        bool told = names[i][0] == '\0' || sgp_graph_profile(parts, names[i]) != SGP_NONE;
        for (size_t k = 0; k < i && !told; k++)
            told = strcmp(names[k], names[i]) == 0;
        if (!told)
            sgp_log(SGP_LOG_WARN, "profile_missing", "profile=%s instead=%s", SGP_Q(names[i]),
                    SGP_Q(parts->profiles[0].name));
    }
}

static void choose_profiles(sgp_live_roads *roads, const sgp_road_settings *settings) {
    roads->in_use[0] = true;
    memcpy(roads->lights, settings->lights, sizeof roads->lights);
    for (int kind = 1; kind < SGP_UNIT_KINDS; kind++) {
        const char *lights = settings->with_lights[kind];
        roads->profile[kind] = use_profile(roads, settings->profile[kind]);
        roads->with_lights[kind] = *lights ? use_profile(roads, lights) : roads->profile[kind];
    }
    for (size_t i = 0; i < settings->n_also; i++)
        (void)use_profile(roads, settings->also[i]);
}

uint32_t sgp_live_roads_drive(const sgp_live_roads *roads, sgp_unit_kind kind,
                              sgp_priority priority) {
    assert(kind > 0 && kind < SGP_UNIT_KINDS && (unsigned)priority < SGP_PRIORITIES);
    return roads->lights[priority] ? roads->with_lights[kind] : roads->profile[kind];
}

bool sgp_live_roads_serves(const sgp_live_roads *roads, uint32_t profile) {
    return profile < SGP_PROFILES_MAX && roads->profiles[profile].live != NULL;
}

const sgp_graph *sgp_live_roads_graph(const sgp_live_roads *roads) {
    return roads->graph;
}

/* ---- taking and releasing ------------------------------------------------ */

static uint32_t serving(const sgp_live_roads *roads, uint32_t profile) {
    return sgp_live_roads_serves(roads, profile) ? profile : 0;
}

sgp_query *sgp_live_roads_take(sgp_live_roads *roads, uint32_t profile) {
    served *s = &roads->profiles[serving(roads, profile)];
    if (s->taken++ == 0) {
        s->metric = sgp_live_metric_hold(s->live);
        sgp_query_use(s->query, s->metric);
    }
    return s->query;
}

void sgp_live_roads_release(sgp_live_roads *roads, uint32_t profile) {
    served *s = &roads->profiles[serving(roads, profile)];
    assert(s->taken > 0);
    if (--s->taken == 0) {
        sgp_live_metric_release(s->live, s->metric);
        s->metric = NULL;
    }
}

/* A profile that is out already shows what it showed. */
void sgp_live_roads_hold(sgp_live_roads *roads) {
    const sgp_metric *metrics[SGP_PROFILES_MAX];
    sgp_road_worker_hold(roads->worker, metrics);
    for (uint32_t p = 0; p < SGP_PROFILES_MAX; p++) {
        served *s = &roads->profiles[p];
        if (metrics[p] == NULL)
            continue;
        if (s->taken++ > 0) {
            sgp_live_metric_release(s->live, metrics[p]);
            continue;
        }
        s->metric = metrics[p];
        sgp_query_use(s->query, s->metric);
    }
}

void sgp_live_roads_let_go(sgp_live_roads *roads) {
    for (uint32_t p = 0; p < SGP_PROFILES_MAX; p++)
        if (roads->profiles[p].live != NULL)
            sgp_live_roads_release(roads, p);
}

sgp_live_metric *sgp_live_roads_live(const sgp_live_roads *roads, uint32_t profile) {
    return profile < SGP_PROFILES_MAX ? roads->profiles[profile].live : NULL;
}

const sgp_metric *sgp_live_roads_metric(const sgp_live_roads *roads, uint32_t profile) {
    const served *s = &roads->profiles[serving(roads, profile)];
    assert(s->taken > 0);
    return s->metric;
}

/* ---- life ---------------------------------------------------------------- */

static sgp_err make_queries(sgp_live_roads *roads) {
    sgp_err err = SGP_OK;
    for (uint32_t p = 0; p < SGP_PROFILES_MAX && err == SGP_OK; p++) {
        served *s = &roads->profiles[p];
        sgp_live_metric *live = sgp_road_worker_metric(roads->worker, p);
        if (live == NULL)
            continue;
        const sgp_metric *metric = sgp_live_metric_hold(live);
        err = sgp_query_create(metric, &s->query);
        sgp_live_metric_release(live, metric);
        s->live = live;
    }
    return err;
}

sgp_err sgp_live_roads_create(const sgp_graph *graph, const sgp_road_settings *settings,
                              sgp_live_roads **out, sgp_fault *fault) {
    sgp_live_roads *roads = calloc(1, sizeof *roads);
    if (roads == NULL)
        return sgp_fail(fault, SGP_E_MEMORY, "no memory for the roads");
    roads->graph = graph;
    tell_missing(graph, settings);
    choose_profiles(roads, settings);
    sgp_road_worker_options options = {.graph = graph,
                                       .time = &settings->time,
                                       .week = settings->week,
                                       .learned_folder = settings->learned_folder,
                                       .now_ms = settings->now_ms};
    memcpy(options.serves, roads->in_use, sizeof options.serves);
    sgp_err err = sgp_road_worker_create(&options, &roads->worker, fault);
    if (err == SGP_OK)
        err = make_queries(roads);
    if (err == SGP_OK)
        err = sgp_road_picture_create(graph, &roads->picture);
    if (err != SGP_OK) {
        sgp_live_roads_destroy(roads);
        return err;
    }
    *out = roads;
    return SGP_OK;
}

void sgp_live_roads_destroy(sgp_live_roads *roads) {
    if (roads == NULL)
        return;
    for (uint32_t p = 0; p < SGP_PROFILES_MAX; p++) {
        assert(roads->profiles[p].taken == 0);
        sgp_query_destroy(roads->profiles[p].query);
    }
    sgp_road_worker_destroy(roads->worker);
    sgp_road_picture_destroy(roads->picture);
    free(roads);
}

/* ---- what is told of the roads ------------------------------------------- */

static void give_factors(sgp_live_roads *roads) {
    uint16_t *factor;
    if (sgp_road_picture_factors(roads->picture, &factor) == SGP_OK)
        (void)sgp_road_worker_give(roads->worker, factor);
    else
        sgp_log(SGP_LOG_ERROR, "out_of_memory", "where=roads effect=%s",
                SGP_Q("the roads stay as they were"));
}

sgp_err sgp_live_roads_page(sgp_live_roads *roads, const char *actor,
                            const Sigap__V1__TrafficPicture *page, sgp_picture_taken *taken,
                            sgp_fault *fault) {
    sgp_err err =
        sgp_road_picture_take(roads->picture, actor, sgp_monotonic_us(), page, taken, fault);
    if (err == SGP_OK && taken->complete && !taken->repeated)
        give_factors(roads);
    return err;
}

void sgp_live_roads_close(sgp_live_roads *roads, const sgp_world *world) {
    bool changed = false;
    if (sgp_road_picture_close(roads->picture, world, &changed) != SGP_OK)
        sgp_log(SGP_LOG_ERROR, "out_of_memory", "where=closures");
    if (changed)
        give_factors(roads);
}

const sgp_road_picture *sgp_live_roads_picture(const sgp_live_roads *roads) {
    return roads->picture;
}

bool sgp_live_roads_facts(const sgp_live_roads *roads, uint32_t profile, uint64_t version,
                          sgp_road_facts *facts) {
    return sgp_road_worker_facts(roads->worker, profile, version, facts);
}

void sgp_live_roads_teach(sgp_live_roads *roads, uint32_t profile, sgp_track_point *track,
                          size_t n) {
    sgp_road_worker_teach(roads->worker, serving(roads, profile), track, n);
}

void sgp_live_roads_read_learned(sgp_live_roads *roads) {
    sgp_road_worker_read_learned(roads->worker);
}

bool sgp_live_roads_lessons(const sgp_live_roads *roads, sgp_teach_count *count) {
    return sgp_road_worker_lessons(roads->worker, count);
}

void sgp_live_roads_settle(sgp_live_roads *roads) {
    sgp_road_worker_wait(roads->worker, sgp_road_worker_look(roads->worker));
}
