#include "serve/coverage_survey.h"

#include <stdlib.h>
#include <string.h>

struct sgp_surveyor {
    const sgp_live_roads *roads;
    sgp_zones zones;
    int64_t *weight; /* [n_zones] */
    struct {
        sgp_query *query; /* NULL: not asked yet */
        sgp_snap *zones;  /* [n_zones] */
        bool *found;      /* [n_zones] a road of the profile is near */
    } profiles[SGP_PROFILES_MAX];
};

static const double snap_radius_m = 2000;

/* ---- life -------------------------------------------------------------------- */

sgp_err sgp_surveyor_create(const sgp_live_roads *roads, sgp_surveyor **out, sgp_fault *fault) {
    sgp_surveyor *s = calloc(1, sizeof *s);
    if (s == NULL)
        return sgp_fail(fault, SGP_E_MEMORY, "no memory for the coverage");
    s->roads = roads;
    const sgp_graph_parts *parts = sgp_graph_get(sgp_live_roads_graph(roads));
    sgp_err err = sgp_zones_make(parts, 0, SGP_MAP_ZONES_MAX, &s->zones, fault);
    if (err == SGP_OK) {
        s->weight = calloc(s->zones.n_zones, sizeof *s->weight);
        if (s->weight == NULL)
            err = sgp_fail(fault, SGP_E_MEMORY, "no memory for the coverage");
    }
    for (uint32_t z = 0; err == SGP_OK && z < s->zones.n_zones; z++)
        s->weight[z] = s->zones.zones[z].weight;
    if (err != SGP_OK) {
        sgp_surveyor_destroy(s);
        return err;
    }
    *out = s;
    return SGP_OK;
}

void sgp_surveyor_destroy(sgp_surveyor *s) {
    if (s == NULL)
        return;
    for (int p = 0; p < SGP_PROFILES_MAX; p++) {
        sgp_query_destroy(s->profiles[p].query);
        free(s->profiles[p].zones);
        free(s->profiles[p].found);
    }
    sgp_zones_free(&s->zones);
    free(s->weight);
    free(s);
}

const sgp_zones *sgp_surveyor_zones(const sgp_surveyor *s) {
    return &s->zones;
}

void sgp_survey_free(sgp_survey *survey) {
    free(survey->areas);
    free(survey->map);
    *survey = (sgp_survey){0};
}

/* ---- road times -------------------------------------------------------------- */

static bool snap(const sgp_surveyor *s, uint32_t profile, sgp_point point, sgp_snap *found) {
    size_t n = 0;
    sgp_snap_wish wish = {.radius_m = snap_radius_m, .profile = profile};
    return sgp_graph_snap_wish(sgp_live_roads_graph(s->roads), point, &wish, found, 1, &n) ==
               SGP_OK &&
           n > 0;
}

/* The profile's zones on its roads, once. */
static sgp_err know_profile(sgp_surveyor *s, uint32_t profile, const sgp_metric *metric) {
    uint32_t n = s->zones.n_zones;
    if (s->profiles[profile].query != NULL) {
        sgp_query_use(s->profiles[profile].query, metric);
        return SGP_OK;
    }
    if (s->profiles[profile].zones == NULL)
        s->profiles[profile].zones = calloc(n, sizeof(sgp_snap));
    if (s->profiles[profile].found == NULL)
        s->profiles[profile].found = calloc(n, sizeof(bool));
    if (s->profiles[profile].zones == NULL || s->profiles[profile].found == NULL)
        return SGP_E_MEMORY;
    for (uint32_t z = 0; z < n; z++)
        s->profiles[profile].found[z] =
            snap(s, profile, s->zones.zones[z].point, &s->profiles[profile].zones[z]);
    return sgp_query_create(metric, &s->profiles[profile].query);
}

/* Starts and targets of one matrix, and where each belongs. */
typedef struct matrix {
    sgp_source *sources;
    sgp_snap *targets;
    size_t *row, *column;
    int64_t *ms;
} matrix;

static void matrix_free(matrix *m) {
    free(m->sources);
    free(m->targets);
    free(m->row);
    free(m->column);
    free(m->ms);
}

static bool matrix_make(matrix *m, size_t rows, size_t columns) {
    m->sources = calloc(rows + 1, sizeof *m->sources);
    m->targets = calloc(columns + 1, sizeof *m->targets);
    m->row = calloc(rows + 1, sizeof *m->row);
    m->column = calloc(columns + 1, sizeof *m->column);
    m->ms = calloc(rows * columns + 1, sizeof *m->ms);
    return m->sources && m->targets && m->row && m->column && m->ms;
}

/* ms[row * n_columns + column] of the starts that drive as `profile`; others stay as they are.
 * To the zones where `to` is NULL. */
static sgp_err ask_profile(sgp_surveyor *s, uint32_t profile, const sgp_start *from,
                           const uint32_t *drives, size_t n, const sgp_point *to, size_t n_columns,
                           int64_t *ms, uint64_t *version) {
    matrix m = {0};
    sgp_live_metric *live = sgp_live_roads_live(s->roads, profile);
    const sgp_metric *metric = live != NULL ? sgp_live_metric_hold(live) : NULL;
    if (metric == NULL)
        return SGP_E_NOT_FOUND;
    *version = sgp_metric_version(metric);
    sgp_err err = matrix_make(&m, n, n_columns) ? know_profile(s, profile, metric) : SGP_E_MEMORY;
    size_t rows = 0, columns = 0;
    for (size_t i = 0; i < n && err == SGP_OK; i++)
        if (drives[i] == profile && snap(s, profile, from[i].point, &m.sources[rows].from)) {
            m.sources[rows].penalty_ms = from[i].penalty_ms;
            m.row[rows++] = i;
        }
    for (size_t k = 0; k < n_columns && err == SGP_OK; k++) {
        bool found = to == NULL ? s->profiles[profile].found[k]
                                : snap(s, profile, to[k], &m.targets[columns]);
        if (found && to == NULL)
            m.targets[columns] = s->profiles[profile].zones[k];
        if (found)
            m.column[columns++] = k;
    }
    if (err == SGP_OK && rows > 0 && columns > 0)
        err =
            sgp_query_matrix(s->profiles[profile].query, m.sources, rows, m.targets, columns, m.ms);
    for (size_t i = 0; i < rows && err == SGP_OK; i++)
        for (size_t k = 0; k < columns; k++)
            ms[m.row[i] * n_columns + m.column[k]] = m.ms[i * columns + k];
    matrix_free(&m);
    sgp_live_metric_release(live, metric);
    return err;
}

/* All starts, each on its profile; -1 where there is no way. */
static sgp_err ask_all(sgp_surveyor *s, const sgp_start *from, const uint32_t *drives, size_t n,
                       const sgp_point *to, size_t n_columns, int64_t *ms) {
    uint32_t profiles = 0;
    sgp_err err = SGP_OK;
    uint64_t version;
    for (size_t i = 0; i < n * n_columns; i++)
        ms[i] = SGP_UNREACHABLE;
    for (size_t i = 0; i < n; i++)
        profiles |= 1u << drives[i];
    for (uint32_t p = 0; p < SGP_PROFILES_MAX && err == SGP_OK; p++)
        if ((profiles & 1u << p) != 0)
            err = ask_profile(s, p, from, drives, n, to, n_columns, ms, &version);
    return err;
}

/* ---- the map of minutes -------------------------------------------------------- */

/* Times of every unit from where it is to every zone, [n_units * n_zones]. */
static sgp_err times_of_units(sgp_surveyor *s, const sgp_survey_ask *ask, int64_t *ms) {
    sgp_start *from = calloc(ask->n_units + 1, sizeof *from);
    uint32_t *drives = calloc(ask->n_units + 1, sizeof *drives);
    sgp_err err = from && drives ? SGP_OK : SGP_E_MEMORY;
    for (size_t i = 0; i < ask->n_units && err == SGP_OK; i++) {
        from[i].point = ask->units[i].point;
        from[i].penalty_ms = ask->units[i].turnout_ms;
        drives[i] = ask->drive_p1[ask->units[i].kind];
    }
    if (err == SGP_OK)
        err = ask_all(s, from, drives, ask->n_units, NULL, s->zones.n_zones, ms);
    free(from);
    free(drives);
    return err;
}

static uint32_t nearest_unit(const sgp_survey_ask *ask, const int64_t *ms, uint32_t n_zones,
                             uint32_t zone, int64_t *least) {
    uint32_t nearest = SGP_NONE;
    *least = SGP_UNREACHABLE;
    for (size_t i = 0; i < ask->n_units; i++) {
        int64_t there = ms[i * n_zones + zone];
        if (there >= 0 && (*least < 0 || there < *least)) {
            *least = there;
            nearest = (uint32_t)i;
        }
    }
    return nearest;
}

static void survey_area(const sgp_surveyor *s, const sgp_survey_ask *ask, const int64_t *ms,
                        int64_t target_ms, sgp_survey_area *area, int64_t *within) {
    const sgp_zone_area *known = &s->zones.areas[area->area];
    int64_t heaviest = -1, reached = 0, here = 0;
    double sum = 0;
    area->nearest = SGP_NONE;
    for (uint32_t z = known->first_zone; z < known->first_zone + known->n_zones; z++) {
        const sgp_zone *zone = &s->zones.zones[z];
        int64_t least;
        uint32_t nearest = nearest_unit(ask, ms, s->zones.n_zones, z, &least);
        if (zone->weight > heaviest) {
            heaviest = zone->weight;
            area->point = zone->point;
            area->nearest = nearest;
        }
        if (least < 0) {
            area->worst_ms = SGP_UNREACHABLE;
            continue;
        }
        if (area->worst_ms >= 0 && least > area->worst_ms)
            area->worst_ms = least;
        reached += zone->weight;
        sum += (double)zone->weight * (double)least;
        here += least <= target_ms ? zone->weight : 0;
    }
    area->mean_ms = reached > 0 ? (int64_t)(sum / (double)reached) : SGP_UNREACHABLE;
    area->within_ppm =
        known->weight > 0 ? (int32_t)((double)here * 1e6 / (double)known->weight) : 0;
    *within += here;
}

static sgp_err survey_areas(sgp_surveyor *s, const sgp_survey_ask *ask, sgp_survey *survey) {
    int64_t *ms = calloc(ask->n_units * s->zones.n_zones + 1, sizeof *ms), within = 0;
    survey->areas = calloc(s->zones.n_areas, sizeof *survey->areas);
    sgp_err err = ms && survey->areas ? times_of_units(s, ask, ms) : SGP_E_MEMORY;
    for (uint32_t a = 0; a < s->zones.n_areas && err == SGP_OK; a++) {
        survey->areas[a].area = a;
        survey_area(s, ask, ms, survey->target_ms, &survey->areas[a], &within);
    }
    survey->n_areas = err == SGP_OK ? s->zones.n_areas : 0;
    survey->reached_ppm = (int32_t)((double)within * 1e6 / (double)s->zones.weight);
    free(ms);
    return err;
}

/* ---- where they wait ----------------------------------------------------------- */

/* Posts: the stations as an ambulance leaves them, then one for each unit of another kind at the
 * station where it waits. */
typedef struct posts {
    sgp_start *from;
    uint32_t *drives;
    uint32_t *at; /* [n_units] post of each unit */
    bool *stays;  /* [n_units] */
    int64_t *ms;  /* [n * n_zones] */
    size_t n;
} posts;

static void posts_free(posts *p) {
    free(p->from);
    free(p->drives);
    free(p->at);
    free(p->stays);
    free(p->ms);
}

static sgp_err posts_make(posts *p, sgp_surveyor *s, const sgp_survey_ask *ask) {
    size_t most = ask->n_stations + ask->n_units;
    p->from = calloc(most + 1, sizeof *p->from);
    p->drives = calloc(most + 1, sizeof *p->drives);
    p->at = calloc(ask->n_units + 1, sizeof *p->at);
    p->stays = calloc(ask->n_units + 1, sizeof *p->stays);
    if (!p->from || !p->drives || !p->at || !p->stays)
        return SGP_E_MEMORY;
    for (p->n = 0; p->n < ask->n_stations; p->n++) {
        p->from[p->n].point = ask->stations[p->n].point;
        p->from[p->n].penalty_ms = ask->turnout_ms;
        p->drives[p->n] = ask->drive_p1[SGP_UNIT_AMBULANCE_BASIC];
    }
    for (size_t i = 0; i < ask->n_units; i++) {
        const sgp_survey_unit *unit = &ask->units[i];
        p->stays[i] = !sgp_is_ambulance(unit->kind);
        p->at[i] = unit->station;
        if (!p->stays[i])
            continue;
        p->at[i] = (uint32_t)p->n;
        p->from[p->n].point = ask->stations[unit->station].point;
        p->from[p->n].penalty_ms = unit->waiting_turnout_ms;
        p->drives[p->n++] = ask->drive_p1[unit->kind];
    }
    p->ms = calloc(p->n * s->zones.n_zones + 1, sizeof *p->ms);
    return p->ms ? ask_all(s, p->from, p->drives, p->n, NULL, s->zones.n_zones, p->ms)
                 : SGP_E_MEMORY;
}

/* Driving times of every unit to every station, [n_units * n_stations]. */
static sgp_err times_of_moves(sgp_surveyor *s, const sgp_survey_ask *ask, int64_t *ms) {
    sgp_start *from = calloc(ask->n_units + 1, sizeof *from);
    uint32_t *drives = calloc(ask->n_units + 1, sizeof *drives);
    sgp_point *to = calloc(ask->n_stations + 1, sizeof *to);
    sgp_err err = from && drives && to ? SGP_OK : SGP_E_MEMORY;
    for (size_t i = 0; i < ask->n_units && err == SGP_OK; i++) {
        from[i].point = ask->units[i].point;
        drives[i] = ask->drive_p4[ask->units[i].kind];
    }
    for (size_t i = 0; i < ask->n_stations && err == SGP_OK; i++)
        to[i] = ask->stations[i].point;
    if (err == SGP_OK)
        err = ask_all(s, from, drives, ask->n_units, to, ask->n_stations, ms);
    free(from);
    free(drives);
    free(to);
    return err;
}

/* Everything that both kinds of advice are about. */
typedef struct moving {
    sgp_move_up_ask ask;
    int64_t *drive_ms;
    uint32_t *to, *units;
    sgp_point *points, *waits;
} moving;

static void moving_free(moving *m) {
    free(m->drive_ms);
    free(m->to);
    free(m->units);
    free(m->points);
    free(m->waits);
}

static sgp_err moving_make(moving *m, sgp_surveyor *s, const sgp_survey_ask *ask, const posts *p) {
    m->drive_ms = calloc(ask->n_units * ask->n_stations + 1, sizeof *m->drive_ms);
    m->to = calloc(ask->n_stations + 1, sizeof *m->to);
    m->units = calloc(ask->n_units + 1, sizeof *m->units);
    m->points = calloc(ask->n_stations + 1, sizeof *m->points);
    m->waits = calloc(ask->n_units + 1, sizeof *m->waits);
    if (!m->drive_ms || !m->to || !m->units || !m->points || !m->waits)
        return SGP_E_MEMORY;
    for (uint32_t i = 0; i < ask->n_stations; i++) {
        m->to[i] = i;
        m->points[i] = ask->stations[i].point;
    }
    for (size_t i = 0; i < ask->n_units; i++) {
        m->units[i] = ask->units[i].index;
        m->waits[i] = m->points[ask->units[i].station];
    }
    m->ask = (sgp_move_up_ask){.n_units = ask->n_units,
                               .at = p->at,
                               .stays = p->stays,
                               .n_to = ask->n_stations,
                               .to = m->to,
                               .drive_ms = m->drive_ms,
                               .drive_max_ms = ask->settings.drive_max_ms};
    return times_of_moves(s, ask, m->drive_ms);
}

/* What is told unasked. Leaves the coverage as it is. */
static sgp_err look(const sgp_survey_ask *ask, const moving *m, sgp_coverage *coverage) {
    sgp_advice_look seen = {.now_ms = ask->now_ms,
                            .units = m->units,
                            .moving = m->ask,
                            .points = m->points,
                            .waits = m->waits,
                            .busy = ask->busy,
                            .n_busy = ask->n_busy};
    return ask->advice != NULL
               ? sgp_move_advice_take(ask->advice, &ask->settings.advice, coverage, &seen)
               : SGP_OK;
}

static sgp_err advise(sgp_surveyor *s, const sgp_survey_ask *ask, const posts *p,
                      sgp_coverage *coverage, sgp_survey *survey) {
    moving m = {0};
    sgp_err err = moving_make(&m, s, ask, p);
    if (err == SGP_OK)
        err = look(ask, &m, coverage);
    /* A millionth of the city's weight, as the sums have it. */
    int64_t ppm = coverage->total_weight * (SGP_COVERAGE_ONE / 1000000);
    m.ask.least_gain = ask->settings.least_gain_ppm * ppm + 1;
    if (err == SGP_OK)
        err =
            sgp_coverage_move_up(coverage, &m.ask, survey->moves, ask->moves_max, &survey->n_moves);
    moving_free(&m);
    return err;
}

/* The stations' rows as the core wants them. */
static sgp_err make_map(const sgp_surveyor *s, const sgp_survey_ask *ask, const posts *p,
                        sgp_survey *survey, sgp_fault *fault) {
    sgp_coverage_map *map = sgp_coverage_map_create();
    if (map == NULL)
        return SGP_E_MEMORY;
    survey->map = map;
    map->busy_permille = ask->settings.busy_permille;
    map->ms_per_permille = ask->settings.ms_per_permille;
    map->most_ms = ask->settings.most_ms;
    map->n_zones = s->zones.n_zones;
    int shift = 0;
    while (s->zones.weight >> shift > UINT32_MAX)
        shift++;
    for (uint32_t z = 0; z < map->n_zones; z++)
        map->weight[z] = (uint32_t)(s->weight[z] >> shift);
    for (size_t i = 0; i < ask->n_stations && i < SGP_MAP_STATIONS_MAX; i++) {
        sgp_map_station *station = &map->stations[map->n_stations++];
        station->point = ask->stations[i].point;
        for (uint32_t z = 0; z < map->n_zones; z++) {
            int64_t ms = p->ms[i * map->n_zones + z];
            if (ms >= 0 && ms <= survey->target_ms)
                station->reach[z / 64] |= UINT64_C(1) << z % 64;
        }
    }
    return sgp_coverage_map_check(map, fault);
}

static sgp_err survey_posts(sgp_surveyor *s, const sgp_survey_ask *ask, sgp_survey *survey,
                            sgp_fault *fault) {
    posts p = {0};
    sgp_coverage coverage = {0};
    sgp_err err = posts_make(&p, s, ask);
    sgp_coverage_model model = {s->zones.n_zones,  (uint32_t)p.n,
                                s->weight,         p.ms,
                                survey->target_ms, ask->settings.busy_permille};
    if (err == SGP_OK)
        err = sgp_coverage_init(&coverage, &model, fault);
    if (err == SGP_OK) {
        for (size_t i = 0; i < ask->n_units; i++)
            sgp_coverage_count(&coverage, p.at[i]);
        survey->expected_ppm = sgp_coverage_ppm(&coverage, sgp_coverage_value(&coverage));
        err = advise(s, ask, &p, &coverage, survey);
        survey->moved_ppm = sgp_coverage_ppm(&coverage, sgp_coverage_value(&coverage));
    }
    if (err == SGP_OK && ask->wants_map)
        err = make_map(s, ask, &p, survey, fault);
    sgp_coverage_deinit(&coverage);
    posts_free(&p);
    return err;
}

sgp_err sgp_survey_make(sgp_surveyor *s, const sgp_survey_ask *ask, sgp_survey *survey,
                        sgp_fault *fault) {
    *survey = (sgp_survey){.target_ms = ask->settings.target_ms};
    sgp_live_metric *live = sgp_live_roads_live(s->roads, ask->drive_p1[SGP_UNIT_AMBULANCE_BASIC]);
    if (live != NULL) { /* before anything is asked: what comes later is looked at again */
        const sgp_metric *metric = sgp_live_metric_hold(live);
        survey->version = sgp_metric_version(metric);
        sgp_live_metric_release(live, metric);
    }
    sgp_err err = survey_areas(s, ask, survey);
    if (err == SGP_OK)
        err = survey_posts(s, ask, survey, fault);
    if (err != SGP_OK) {
        if (fault != NULL && fault->code != err)
            (void)sgp_fail(fault, err, "the coverage cannot be reckoned: %s", sgp_err_message(err));
        sgp_survey_free(survey);
    }
    return err;
}
