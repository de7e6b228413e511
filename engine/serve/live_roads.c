#include "serve/live_roads.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

/* What is kept for one profile of the graph. */
typedef struct served {
    bool in_use;
    sgp_metric *metric;
    sgp_query *query;
    unsigned taken;
} served;

struct sgp_live_roads {
    const sgp_graph *graph;
    bool lights[SGP_PRIORITIES];
    uint32_t profile[SGP_UNIT_KINDS]; /* of the graph */
    uint32_t with_lights[SGP_UNIT_KINDS];
    uint32_t n_profiles;
    served profiles[SGP_PROFILES_MAX];
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
}

/* The profile of that name, profile 0 where the graph has none; from now on served. */
static uint32_t use_profile(sgp_live_roads *roads, const char *name) {
    uint32_t profile = sgp_graph_profile(sgp_graph_get(roads->graph), name);
    if (profile == SGP_NONE) {
        sgp_log(SGP_LOG_WARN, "profile_missing", "profile=%s instead=%s", SGP_Q(name),
                SGP_Q(sgp_graph_get(roads->graph)->profiles[0].name));
        profile = 0;
    }
    roads->profiles[profile].in_use = true;
    return profile;
}

static void choose_profiles(sgp_live_roads *roads, const sgp_road_settings *settings) {
    roads->profiles[0].in_use = true;
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
    return profile < roads->n_profiles && roads->profiles[profile].in_use;
}

const sgp_graph *sgp_live_roads_graph(const sgp_live_roads *roads) {
    return roads->graph;
}

/* ---- life ---------------------------------------------------------------- */

sgp_err sgp_live_roads_create(const sgp_graph *graph, const sgp_road_settings *settings,
                              sgp_live_roads **out) {
    sgp_live_roads *roads = calloc(1, sizeof *roads);
    if (roads == NULL)
        return SGP_E_MEMORY;
    roads->graph = graph;
    roads->n_profiles = sgp_graph_get(graph)->n_profiles;
    choose_profiles(roads, settings);
    sgp_err err = SGP_OK;
    for (uint32_t p = 0; p < roads->n_profiles && err == SGP_OK; p++) {
        served *s = &roads->profiles[p];
        if (!s->in_use)
            continue;
        err = sgp_metric_create(graph, &s->metric);
        if (err == SGP_OK)
            err = sgp_query_create(s->metric, &s->query);
    }
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
    for (uint32_t p = 0; p < roads->n_profiles; p++) {
        assert(roads->profiles[p].taken == 0);
        sgp_query_destroy(roads->profiles[p].query);
        sgp_metric_destroy(roads->profiles[p].metric);
    }
    free(roads);
}

/* ---- taking and releasing ------------------------------------------------ */

static uint32_t serving(const sgp_live_roads *roads, uint32_t profile) {
    return sgp_live_roads_serves(roads, profile) ? profile : 0;
}

sgp_query *sgp_live_roads_take(sgp_live_roads *roads, uint32_t profile) {
    served *s = &roads->profiles[serving(roads, profile)];
    s->taken++;
    return s->query;
}

void sgp_live_roads_release(sgp_live_roads *roads, uint32_t profile) {
    served *s = &roads->profiles[serving(roads, profile)];
    assert(s->taken > 0);
    s->taken--;
}

const sgp_metric *sgp_live_roads_metric(const sgp_live_roads *roads, uint32_t profile) {
    return roads->profiles[serving(roads, profile)].metric;
}

uint64_t sgp_live_roads_version(const sgp_live_roads *roads, uint32_t profile) {
    if (!sgp_live_roads_serves(roads, profile))
        return 0;
    return 1;
}
