#include "replay/coverage_history.h"

#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include "replay/report_intervals.h"

enum { HOUR_MS = 3600000 };

typedef struct table {
    uint64_t version;
    int32_t *ms; /* [n_stations * n_zones]; -1 = no way */
} table;

struct sgp_cover_tables {
    sgp_week_roads *roads;
    const sgp_zones *zones;
    int64_t turnout_ms;
    uint32_t n_stations;
    table *tables;
    size_t n, capacity;
};

sgp_cover_tables *sgp_cover_tables_create(sgp_week_roads *roads, const sgp_zones *zones,
                                          int64_t turnout_ms) {
    sgp_cover_tables *t = calloc(1, sizeof *t);
    if (t)
        *t = (sgp_cover_tables){.roads = roads, .zones = zones, .turnout_ms = turnout_ms};
    return t;
}

void sgp_cover_tables_destroy(sgp_cover_tables *t) {
    if (!t)
        return;
    for (size_t i = 0; i < t->n; i++)
        free(t->tables[i].ms);
    free(t->tables);
    free(t);
}

/* ---- times ------------------------------------------------------------------ */

static sgp_err fill(sgp_cover_tables *t, const sgp_run *run, int32_t *ms) {
    sgp_times times = sgp_week_roads_oracle(t->roads);
    sgp_start *from = calloc(run->n_stations + 1, sizeof *from);
    int64_t *row = malloc((run->n_stations + 1) * sizeof *row);
    sgp_err err = from && row ? SGP_OK : SGP_E_MEMORY;
    for (uint32_t s = 0; s < run->n_stations && !err; s++)
        from[s] = (sgp_start){.point = run->stations[s].point,
                              .penalty_ms = t->turnout_ms,
                              .kind = SGP_UNIT_AMBULANCE_BASIC,
                              .priority = SGP_P1};
    for (uint32_t z = 0; z < t->zones->n_zones && !err; z++) {
        err = times.many_to_one(times.ctx, from, run->n_stations, t->zones->zones[z].point, row);
        for (uint32_t s = 0; s < run->n_stations && !err; s++)
            ms[s * t->zones->n_zones + z] = row[s] < INT32_MAX ? (int32_t)row[s] : -1;
    }
    free(from);
    free(row);
    return err;
}

static sgp_err table_at(sgp_cover_tables *t, const sgp_run *run, int64_t at_ms,
                        const int32_t **ms) {
    sgp_week_roads_at(t->roads, at_ms);
    uint64_t version = sgp_week_roads_version(t->roads, SGP_UNIT_AMBULANCE_BASIC, SGP_P1);
    if (version == 0)
        return SGP_E_MEMORY;
    for (size_t i = 0; i < t->n; i++)
        if (t->tables[i].version == version) {
            *ms = t->tables[i].ms;
            return SGP_OK;
        }
    if (t->n == t->capacity) {
        size_t capacity = t->capacity ? 2 * t->capacity : 16;
        table *more = realloc(t->tables, capacity * sizeof *more);
        if (!more)
            return SGP_E_MEMORY;
        t->tables = more;
        t->capacity = capacity;
    }
    int32_t *made = malloc(((size_t)run->n_stations * t->zones->n_zones + 1) * sizeof *made);
    sgp_err err = made ? fill(t, run, made) : SGP_E_MEMORY;
    if (err) {
        free(made);
        return err;
    }
    t->tables[t->n++] = (table){version, made};
    *ms = made;
    return SGP_OK;
}

/* ---- samples ---------------------------------------------------------------- */

/* Sums over samples, weighted; shares come of them at the end. */
typedef struct sums {
    double all, within, reached, ms, none;
} sums;

typedef struct seeing {
    const sgp_run *run;
    sgp_cover_tables *tables;
    int64_t *busy_until_ms; /* [n_units] */
    bool *is_free;          /* [n_stations] */
    sums *areas;            /* [n_areas] */
    sums hours[24], all;
    uint32_t next_job, next_away;
    int64_t *away_until_ms; /* [n_units] */
} seeing;

static bool carries(sgp_unit_kind kind) {
    return kind == SGP_UNIT_AMBULANCE_BASIC || kind == SGP_UNIT_AMBULANCE_ADVANCED;
}

/* Jobs stand in order of ordering, so each is looked at once. */
static void find_free(seeing *s, int64_t at_ms) {
    const sgp_run *run = s->run;
    while (s->next_job < run->n_jobs &&
           run->jobs[s->next_job].at_ms[SGP_ASSIGNMENT_ORDERED] <= at_ms) {
        const sgp_run_job *job = &run->jobs[s->next_job++];
        int64_t free_ms = sgp_job_free_ms(run, job);
        if (free_ms > s->busy_until_ms[job->unit])
            s->busy_until_ms[job->unit] = free_ms;
    }
    for (; s->next_away < run->n_away && run->away[s->next_away].from_ms <= at_ms; s->next_away++)
        s->away_until_ms[run->away[s->next_away].unit] = run->away[s->next_away].until_ms;
    memset(s->is_free, 0, run->n_stations * sizeof *s->is_free);
    for (uint32_t u = 0; u < run->n_units; u++)
        if (carries(run->units[u].kind) && run->units[u].station != SGP_RUN_NONE &&
            s->busy_until_ms[u] <= at_ms && s->away_until_ms[u] <= at_ms)
            s->is_free[run->units[u].station] = true;
}

static void add(sums *to, double weight, int64_t ms, int64_t target_ms) {
    to->all += weight;
    if (ms < 0) {
        to->none += weight;
        return;
    }
    to->reached += weight;
    to->ms += weight * (double)ms;
    if (ms <= target_ms)
        to->within += weight;
}

static void see(seeing *s, int64_t at_ms, const int32_t *ms) {
    const sgp_zones *zones = s->tables->zones;
    int64_t target_ms = s->run->target_ms[SGP_P1];
    sums *hour = &s->hours[sgp_local_hour(s->run, at_ms)];
    find_free(s, at_ms);
    for (uint32_t z = 0; z < zones->n_zones; z++) {
        int64_t nearest_ms = -1;
        if (zones->zones[z].weight == 0)
            continue;
        for (uint32_t i = 0; i < s->run->n_stations; i++) {
            int64_t from_ms = s->is_free[i] ? ms[i * zones->n_zones + z] : -1;
            if (from_ms >= 0 && (nearest_ms < 0 || from_ms < nearest_ms))
                nearest_ms = from_ms;
        }
        double weight = (double)zones->zones[z].weight;
        add(&s->areas[zones->zones[z].area], weight, nearest_ms, target_ms);
        add(hour, weight, nearest_ms, target_ms);
        add(&s->all, weight, nearest_ms, target_ms);
    }
}

static sgp_covered covered_of(const sums *s) {
    sgp_covered covered = {.known = s->all > 0};
    if (!covered.known)
        return covered;
    covered.within = s->within / s->all;
    covered.none = s->none / s->all;
    covered.mean_ms = s->reached > 0 ? s->ms / s->reached : -1;
    return covered;
}

static sgp_err tell(const seeing *s, sgp_run *run) {
    const sgp_zones *zones = s->tables->zones;
    sgp_run_coverage *coverage = calloc(1, sizeof *coverage);
    if (!coverage)
        return SGP_E_MEMORY;
    coverage->areas = calloc(zones->n_areas + 1, sizeof *coverage->areas);
    if (!coverage->areas) {
        free(coverage);
        return SGP_E_MEMORY;
    }
    for (uint32_t a = 0; a < zones->n_areas; a++) {
        sgp_covered covered = covered_of(&s->areas[a]);
        if (!covered.known)
            continue;
        sgp_covered_area *area = &coverage->areas[coverage->n_areas++];
        area->covered = covered;
        snprintf(area->district.kelurahan, sizeof area->district.kelurahan, "%s",
                 zones->areas[a].kelurahan);
        snprintf(area->district.kecamatan, sizeof area->district.kecamatan, "%s",
                 zones->areas[a].kecamatan);
        snprintf(area->district.kabupaten, sizeof area->district.kabupaten, "%s",
                 zones->areas[a].kabupaten);
    }
    for (int h = 0; h < 24; h++)
        coverage->hours[h] = covered_of(&s->hours[h]);
    coverage->all = covered_of(&s->all);
    sgp_run_coverage_free(run->coverage);
    run->coverage = coverage;
    return SGP_OK;
}

sgp_err sgp_run_cover(sgp_run *run, sgp_cover_tables *tables, sgp_fault *fault) {
    seeing s = {.run = run, .tables = tables};
    s.busy_until_ms = calloc(run->n_units + 1, sizeof *s.busy_until_ms);
    s.away_until_ms = calloc(run->n_units + 1, sizeof *s.away_until_ms);
    s.is_free = calloc(run->n_stations + 1, sizeof *s.is_free);
    s.areas = calloc(tables->zones->n_areas + 1, sizeof *s.areas);
    sgp_err err =
        s.busy_until_ms && s.away_until_ms && s.is_free && s.areas ? SGP_OK : SGP_E_MEMORY;
    int64_t first_ms = (run->from_ms / HOUR_MS) * HOUR_MS + HOUR_MS / 2;
    for (int64_t at_ms = first_ms < run->from_ms ? first_ms + HOUR_MS : first_ms;
         at_ms < run->until_ms && !err; at_ms += HOUR_MS) {
        const int32_t *ms;
        err = table_at(tables, run, at_ms, &ms);
        if (!err)
            see(&s, at_ms, ms);
    }
    if (!err)
        err = tell(&s, run);
    free(s.busy_until_ms);
    free(s.away_until_ms);
    free(s.is_free);
    free(s.areas);
    return err ? sgp_fail(fault, err, "coverage cannot be reckoned: %s", sgp_err_message(err))
               : SGP_OK;
}
