#include "replay/report_summary.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *sgp_grouping_str(sgp_grouping grouping) {
    static const char *const names[SGP_GROUPINGS] = {
        "all", "priority", "hour", "station", "kecamatan", "kelurahan", "hospital", "transfer"};
    return grouping >= 0 && grouping < SGP_GROUPINGS ? names[grouping] : "unknown";
}

bool sgp_kind_treats(sgp_unit_kind kind) {
    return kind == SGP_UNIT_AMBULANCE_BASIC || kind == SGP_UNIT_AMBULANCE_ADVANCED ||
           kind == SGP_UNIT_MOTORBIKE;
}

/* ---- groups --------------------------------------------------------------- */

/* One incident's time of one interval. */
typedef struct timed {
    int64_t ms;
    uint32_t incident;
} timed;

/* Which group each incident is in, of one grouping, and the groups' rows. */
typedef struct division {
    uint32_t n_groups;
    uint32_t *group_of; /* [n_incidents] */
    uint32_t *begin;    /* [n_groups + 1], work space of filling */
    sgp_group *groups;  /* [n_groups] of the summary, some may stay empty */
} division;

typedef struct making {
    const sgp_run *run;
    sgp_incident_view *views; /* [n_incidents] */
    uint32_t *kecamatan_of;   /* [n_districts] */
    uint32_t *first_of;       /* [n_kecamatan] a district of it */
    uint32_t n_kecamatan;
    timed *times;  /* [n_incidents], work space */
    int64_t *list; /* [n_incidents], work space */
    division divisions[SGP_GROUPINGS];
} making;

static void name_group(const making *m, sgp_grouping grouping, uint32_t number, sgp_group *group) {
    const sgp_run *run = m->run;
    group->grouping = grouping;
    switch (grouping) {
    case SGP_GROUP_PRIORITY:
        snprintf(group->name, sizeof group->name, "%s",
                 number == 0 ? "" : sgp_priority_str((sgp_priority)number));
        break;
    case SGP_GROUP_HOUR:
        snprintf(group->name, sizeof group->name, "%02u", (unsigned)number);
        break;
    case SGP_GROUP_STATION:
        if (number < run->n_stations)
            memcpy(group->name, run->stations[number].name, sizeof group->name);
        break;
    case SGP_GROUP_KECAMATAN:
        if (number < m->n_kecamatan) {
            const sgp_run_district *district = &run->districts[m->first_of[number]];
            memcpy(group->name, district->kecamatan, sizeof group->name);
            memcpy(group->within, district->kabupaten, sizeof group->within);
        }
        break;
    case SGP_GROUP_KELURAHAN:
        if (number < run->n_districts) {
            memcpy(group->name, run->districts[number].kelurahan, sizeof group->name);
            memcpy(group->within, run->districts[number].kecamatan, sizeof group->within);
        }
        break;
    case SGP_GROUP_HOSPITAL:
    case SGP_GROUP_TRANSFER:
        if (number < run->n_hospitals)
            memcpy(group->name, run->hospitals[number].name, sizeof group->name);
        break;
    default:
        break;
    }
}

static uint32_t count_groups(const making *m, sgp_grouping grouping) {
    switch (grouping) {
    case SGP_GROUP_PRIORITY:
        return SGP_PRIORITIES;
    case SGP_GROUP_HOUR:
        return 24;
    case SGP_GROUP_STATION:
        return m->run->n_stations + 1; /* the last: none */
    case SGP_GROUP_KECAMATAN:
        return m->n_kecamatan + 1;
    case SGP_GROUP_KELURAHAN:
        return m->run->n_districts + 1;
    case SGP_GROUP_HOSPITAL:
        return m->run->n_hospitals + 1; /* the last: nobody was carried */
    case SGP_GROUP_TRANSFER:
        return m->run->n_hospitals;
    default:
        return 1;
    }
}

static uint32_t station_of(const making *m, const sgp_incident_view *view) {
    uint32_t job = view->leading_job != SGP_RUN_NONE ? view->leading_job : view->first_job;
    if (job == SGP_RUN_NONE)
        return m->run->n_stations;
    uint32_t station = m->run->units[m->run->jobs[job].unit].station;
    return station != SGP_RUN_NONE ? station : m->run->n_stations;
}

static uint32_t hospital_of(const making *m, const sgp_incident_view *view) {
    uint32_t hospital = view->carrying_job != SGP_RUN_NONE
                            ? m->run->jobs[view->carrying_job].hospital
                            : SGP_RUN_NONE;
    return hospital != SGP_RUN_NONE ? hospital : m->run->n_hospitals;
}

/* SGP_RUN_NONE: it is in no group of this grouping. */
static uint32_t number_of(const making *m, sgp_grouping grouping, uint32_t i) {
    const sgp_run_incident *incident = &m->run->incidents[i];
    bool is_transfer = incident->transfer != SGP_RUN_NONE;
    if (is_transfer ? grouping < SGP_GROUP_HOSPITAL : grouping == SGP_GROUP_TRANSFER)
        return SGP_RUN_NONE;
    bool placed = incident->district != SGP_RUN_NONE;
    switch (grouping) {
    case SGP_GROUP_PRIORITY:
        return (uint32_t)incident->priority;
    case SGP_GROUP_HOUR:
        return (uint32_t)sgp_local_hour(m->run, incident->answered_at_ms);
    case SGP_GROUP_STATION:
        return station_of(m, &m->views[i]);
    case SGP_GROUP_KECAMATAN:
        return placed ? m->kecamatan_of[incident->district] : m->n_kecamatan;
    case SGP_GROUP_KELURAHAN:
        return placed ? incident->district : m->run->n_districts;
    case SGP_GROUP_HOSPITAL:
        return hospital_of(m, &m->views[i]);
    case SGP_GROUP_TRANSFER:
        return m->run->transfers[incident->transfer].from;
    default:
        return 0;
    }
}

/* Kecamatan are the districts without their kelurahan; a city has few hundred of these. */
static void find_kecamatan(making *m) {
    const sgp_run *run = m->run;
    for (uint32_t d = 0; d < run->n_districts; d++) {
        uint32_t k = 0;
        while (
            k < m->n_kecamatan &&
            (strcmp(run->districts[m->first_of[k]].kecamatan, run->districts[d].kecamatan) != 0 ||
             strcmp(run->districts[m->first_of[k]].kabupaten, run->districts[d].kabupaten) != 0))
            k++;
        if (k == m->n_kecamatan)
            m->first_of[m->n_kecamatan++] = d;
        m->kecamatan_of[d] = k;
    }
}

static void divide(making *m, sgp_grouping grouping) {
    division *d = &m->divisions[grouping];
    for (uint32_t g = 0; g < d->n_groups; g++)
        name_group(m, grouping, g, &d->groups[g]);
    for (uint32_t i = 0; i < m->run->n_incidents; i++) {
        const sgp_incident_view *view = &m->views[i];
        d->group_of[i] = number_of(m, grouping, i);
        if (d->group_of[i] == SGP_RUN_NONE)
            continue;
        sgp_group *group = &d->groups[d->group_of[i]];
        group->n_incidents++;
        group->n_reached += view->leading_job != SGP_RUN_NONE;
        group->n_counted += view->in_time != SGP_IN_TIME_NOT_COUNTED;
        group->n_in_time += view->in_time == SGP_IN_TIME;
    }
}

static int by_time(const void *left, const void *right) {
    const timed *a = left, *b = right;
    if (a->ms != b->ms)
        return a->ms < b->ms ? -1 : 1;
    return a->incident < b->incident ? -1 : a->incident > b->incident;
}

/* All groups of all groupings at once: the times are sorted once and dealt out in that order, so
 * that each group's list is ascending already. */
static void fill_interval(making *m, sgp_interval interval) {
    uint32_t n = 0;
    for (uint32_t i = 0; i < m->run->n_incidents; i++) {
        if (m->views[i].ms[interval] >= 0)
            m->times[n++] = (timed){m->views[i].ms[interval], i};
    }
    qsort(m->times, n, sizeof *m->times, by_time);
    for (int k = 0; k < SGP_GROUPINGS; k++) {
        division *d = &m->divisions[k];
        memset(d->begin, 0, (d->n_groups + 1) * sizeof *d->begin);
        for (uint32_t i = 0; i < n; i++)
            if (d->group_of[m->times[i].incident] != SGP_RUN_NONE)
                d->begin[d->group_of[m->times[i].incident] + 1]++;
        for (uint32_t g = 0; g < d->n_groups; g++)
            d->begin[g + 1] += d->begin[g];
        for (uint32_t i = 0; i < n; i++)
            if (d->group_of[m->times[i].incident] != SGP_RUN_NONE)
                m->list[d->begin[d->group_of[m->times[i].incident]]++] = m->times[i].ms;
        /* begin[g] has become the end of group g. */
        for (uint32_t g = 0; g < d->n_groups; g++) {
            uint32_t from = g == 0 ? 0 : d->begin[g - 1];
            d->groups[g].spread[interval] =
                sgp_spread_of_sorted(m->list + from, d->begin[g] - from);
        }
    }
}

int sgp_group_order(const sgp_group *a, const sgp_group *b) {
    if (a->grouping != b->grouping)
        return a->grouping < b->grouping ? -1 : 1;
    bool unnamed_a = a->name[0] == '\0', unnamed_b = b->name[0] == '\0';
    if (unnamed_a != unnamed_b)
        return unnamed_a ? 1 : -1;
    int order = strcmp(a->within, b->within);
    return order != 0 ? order : strcmp(a->name, b->name);
}

static int by_reading_order(const void *left, const void *right) {
    return sgp_group_order(left, right);
}

/* Empty groups are left out. */
static void tidy_groups(sgp_summary *summary) {
    uint32_t kept = 0;
    for (uint32_t g = 0; g < summary->n_groups; g++) {
        if (summary->groups[g].n_incidents > 0 || summary->groups[g].grouping == SGP_GROUP_ALL)
            summary->groups[kept++] = summary->groups[g];
    }
    summary->n_groups = kept;
    qsort(summary->groups, kept, sizeof *summary->groups, by_reading_order);
}

static sgp_err make_groups(making *m, sgp_summary *summary) {
    uint32_t n = m->run->n_incidents, n_groups = 0;
    for (int k = 0; k < SGP_GROUPINGS; k++) {
        division *d = &m->divisions[k];
        d->n_groups = count_groups(m, (sgp_grouping)k);
        d->group_of = malloc((n + 1) * sizeof *d->group_of);
        d->begin = malloc((d->n_groups + 1) * sizeof *d->begin);
        if (d->group_of == NULL || d->begin == NULL)
            return SGP_E_MEMORY;
        n_groups += d->n_groups;
    }
    summary->groups = calloc(n_groups, sizeof *summary->groups);
    if (summary->groups == NULL)
        return SGP_E_MEMORY;
    for (int k = 0; k < SGP_GROUPINGS; k++) {
        m->divisions[k].groups = summary->groups + summary->n_groups;
        summary->n_groups += m->divisions[k].n_groups;
        divide(m, (sgp_grouping)k);
    }
    for (int interval = 0; interval < SGP_INTERVALS; interval++)
        fill_interval(m, (sgp_interval)interval);
    tidy_groups(summary);
    return SGP_OK;
}

/* ---- units and calls ------------------------------------------------------ */

static int by_code(const void *left, const void *right) {
    return strcmp(((const sgp_unit_use *)left)->code, ((const sgp_unit_use *)right)->code);
}

static void count_job(const sgp_run *run, const sgp_run_job *job, sgp_summary *summary) {
    summary->n_jobs++;
    summary->n_declined += job->ended == SGP_ASSIGNMENT_DECLINED;
    summary->n_timed_out += job->ended == SGP_ASSIGNMENT_TIMED_OUT;
    summary->n_diverted += job->ended == SGP_ASSIGNMENT_DIVERTED;
    summary->n_stood_down += job->ended == SGP_ASSIGNMENT_STOOD_DOWN;
    if (job->hospital != SGP_RUN_NONE && job->at_ms[SGP_ASSIGNMENT_AT_HOSPITAL] > 0)
        summary->carried_to[job->hospital]++;
    if (job->ended == SGP_ASSIGNMENT_DECLINED || job->ended == SGP_ASSIGNMENT_TIMED_OUT)
        return;
    sgp_unit_use *use = &summary->units[job->unit];
    use->n_jobs++;
    use->busy_ms += sgp_job_free_ms(run, job) - job->at_ms[SGP_ASSIGNMENT_ORDERED];
}

static sgp_err make_units(const sgp_run *run, sgp_summary *summary) {
    summary->units = calloc(run->n_units + 1, sizeof *summary->units);
    summary->stations = malloc((run->n_stations + 1) * sizeof *summary->stations);
    summary->hospitals = malloc((run->n_hospitals + 1) * sizeof *summary->hospitals);
    summary->carried_to = calloc(run->n_hospitals + 1, sizeof *summary->carried_to);
    if (summary->units == NULL || summary->stations == NULL || summary->hospitals == NULL ||
        summary->carried_to == NULL)
        return SGP_E_MEMORY;
    summary->n_units = run->n_units;
    summary->n_stations = run->n_stations;
    summary->n_hospitals = run->n_hospitals;
    for (uint32_t i = 0; i < run->n_stations; i++)
        summary->stations[i] = run->stations[i];
    for (uint32_t i = 0; i < run->n_hospitals; i++)
        summary->hospitals[i] = run->hospitals[i];
    for (uint32_t i = 0; i < run->n_units; i++) {
        const sgp_run_unit *unit = &run->units[i];
        sgp_unit_use *use = &summary->units[i];
        memcpy(use->code, unit->code, sizeof use->code);
        if (unit->station != SGP_RUN_NONE)
            memcpy(use->station, run->stations[unit->station].name, sizeof use->station);
        use->kind = unit->kind;
        use->duty_ms = unit->duty_ms;
        use->moves = unit->moves;
        use->moving_ms = unit->moving_ms;
    }
    for (uint32_t j = 0; j < run->n_jobs; j++)
        count_job(run, &run->jobs[j], summary);
    qsort(summary->units, summary->n_units, sizeof *summary->units, by_code);
    return SGP_OK;
}

static int by_key(const void *left, const void *right) {
    const timed *a = left, *b = right;
    return a->ms != b->ms ? ((uint64_t)a->ms < (uint64_t)b->ms ? -1 : 1)
                          : (a->incident < b->incident ? -1 : a->incident > b->incident);
}

static sgp_err make_responses(making *m, sgp_summary *summary) {
    uint32_t n = m->run->n_incidents;
    summary->responses = malloc((n + 1) * sizeof *summary->responses);
    if (summary->responses == NULL)
        return SGP_E_MEMORY;
    summary->n_responses = n;
    for (uint32_t i = 0; i < n; i++)
        m->times[i] = (timed){(int64_t)m->run->incidents[i].key, i};
    qsort(m->times, n, sizeof *m->times, by_key);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t row = m->times[i].incident;
        summary->responses[i] =
            (sgp_call_response){.key = m->run->incidents[row].key,
                                .response_ms = m->views[row].ms[SGP_INTERVAL_RESPONSE],
                                .priority = (uint8_t)m->run->incidents[row].priority,
                                .in_time = (uint8_t)m->views[row].in_time};
    }
    return SGP_OK;
}

static void copy_head(const sgp_run *run, sgp_summary *summary) {
    memcpy(summary->policy, run->policy, sizeof summary->policy);
    summary->source = run->source;
    memcpy(summary->scenario, run->scenario, sizeof summary->scenario);
    memcpy(summary->city, run->city, sizeof summary->city);
    summary->is_sketch = run->is_sketch;
    summary->replication = run->replication;
    summary->seed = run->seed;
    summary->from_ms = run->from_ms;
    summary->until_ms = run->until_ms;
    summary->utc_offset_s = run->utc_offset_s;
    memcpy(summary->target_ms, run->target_ms, sizeof summary->target_ms);
    for (uint32_t i = 0; i < run->n_incidents; i++)
        if (run->incidents[i].transfer == SGP_RUN_NONE)
            summary->outcomes[run->incidents[i].outcome]++;
}

static sgp_err make_targets(const making *m, sgp_summary *summary) {
    const sgp_run *run = m->run;
    summary->n_targets = run->n_targets;
    memcpy(summary->targets, run->targets, sizeof summary->targets);
    sgp_target_tallies(run, m->views, summary->tallies);
    summary->coverage = sgp_run_coverage_copy(run->coverage);
    return run->coverage != NULL && summary->coverage == NULL ? SGP_E_MEMORY : SGP_OK;
}

static sgp_err make_all(making *m, sgp_summary *summary) {
    const sgp_run *run = m->run;
    m->views = malloc((run->n_incidents + 1) * sizeof *m->views);
    m->kecamatan_of = malloc((run->n_districts + 1) * sizeof *m->kecamatan_of);
    m->first_of = malloc((run->n_districts + 1) * sizeof *m->first_of);
    m->times = malloc((run->n_incidents + 1) * sizeof *m->times);
    m->list = malloc((run->n_incidents + 1) * sizeof *m->list);
    if (m->views == NULL || m->kecamatan_of == NULL || m->first_of == NULL || m->times == NULL ||
        m->list == NULL)
        return SGP_E_MEMORY;
    sgp_incident_views(run, m->views);
    find_kecamatan(m);
    copy_head(run, summary);
    sgp_err err = make_groups(m, summary);
    if (err == SGP_OK)
        err = make_units(run, summary);
    if (err == SGP_OK)
        err = make_responses(m, summary);
    if (err == SGP_OK)
        err = sgp_call_week_make(run, &summary->week);
    return err == SGP_OK ? make_targets(m, summary) : err;
}

sgp_err sgp_summary_make(const sgp_run *run, sgp_summary *summary, sgp_fault *fault) {
    *summary = (sgp_summary){0};
    sgp_err err = sgp_run_check(run, fault);
    if (err != SGP_OK)
        return err;
    making m = {.run = run};
    err = make_all(&m, summary);
    free(m.views);
    free(m.kecamatan_of);
    free(m.first_of);
    free(m.times);
    free(m.list);
    for (int k = 0; k < SGP_GROUPINGS; k++) {
        free(m.divisions[k].group_of);
        free(m.divisions[k].begin);
    }
    if (err != SGP_OK) {
        sgp_summary_free(summary);
        return sgp_fail(fault, err, "no memory to summarise %u incidents",
                        (unsigned)run->n_incidents);
    }
    return SGP_OK;
}

void sgp_summary_free(sgp_summary *summary) {
    free(summary->groups);
    free(summary->units);
    free(summary->stations);
    free(summary->hospitals);
    free(summary->carried_to);
    free(summary->responses);
    sgp_run_coverage_free(summary->coverage);
    *summary = (sgp_summary){0};
}

const sgp_group *sgp_summary_group(const sgp_summary *summary, sgp_grouping grouping,
                                   const char *name, const char *within) {
    sgp_group wanted = {.grouping = grouping};
    snprintf(wanted.name, sizeof wanted.name, "%s", name);
    snprintf(wanted.within, sizeof wanted.within, "%s", within);
    return bsearch(&wanted, summary->groups, summary->n_groups, sizeof wanted, by_reading_order);
}

double sgp_summary_use(const sgp_summary *summary, const char *station) {
    int64_t duty_ms = 0, busy_ms = 0;
    for (uint32_t i = 0; i < summary->n_units; i++) {
        const sgp_unit_use *use = &summary->units[i];
        if (!sgp_kind_treats(use->kind) || (station != NULL && strcmp(use->station, station) != 0))
            continue;
        duty_ms += use->duty_ms;
        busy_ms += use->busy_ms;
    }
    return duty_ms > 0 ? (double)busy_ms / (double)duty_ms : NAN;
}
