#include "replay/report_csv.h"

#include <csv.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "replay/call_list.h"

void sgp_csv_text(const char *text, FILE *out) {
    /* Plain words and numbers stay readable; libcsv quotes what needs it. */
    if (text[strcspn(text, "\",;\r\n\t ")] == '\0')
        fputs(text, out);
    else
        csv_fwrite(out, text, strlen(text));
}

char *sgp_local_time(int64_t at_ms, int32_t utc_offset_s, char text[40]) {
    text[0] = '\0';
    if (at_ms <= 0)
        return text;
    time_t seconds = (time_t)(at_ms / 1000 + utc_offset_s);
    struct tm tm;
    char day[24];
    int minutes = abs(utc_offset_s) / 60;
    gmtime_r(&seconds, &tm);
    strftime(day, sizeof day, "%Y-%m-%dT%H:%M:%S", &tm);
    snprintf(text, 40, "%s.%03d%c%02d:%02d", day, (int)(at_ms % 1000), utc_offset_s < 0 ? '-' : '+',
             minutes / 60 % 100, minutes % 60);
    return text;
}

/* A row is cells behind commas; the first cell of a row is written without. */
static void put_text(FILE *out, const char *text) {
    putc(',', out);
    sgp_csv_text(text, out);
}

static void put_count(FILE *out, uint64_t count) {
    fprintf(out, ",%" PRIu64, count);
}

static void put_seconds(FILE *out, int64_t ms) {
    putc(',', out);
    if (ms >= 0)
        fprintf(out, "%" PRId64 ".%03d", ms / 1000, (int)(ms % 1000));
}

static void put_time(FILE *out, const sgp_run *run, int64_t at_ms) {
    char text[40];
    putc(',', out);
    fputs(sgp_local_time(at_ms, run->utc_offset_s, text), out);
}

/* A point has whole units of 1e-7 degree, so seven decimals say it exactly. */
static void put_degrees(FILE *out, bool known, int32_t e7) {
    putc(',', out);
    if (known)
        fprintf(out, "%s%d.%07d", e7 < 0 ? "-" : "", abs(e7 / 10000000), abs(e7 % 10000000));
}

static void put_unit(FILE *out, const sgp_run *run, uint32_t unit) {
    if (unit == SGP_RUN_NONE) {
        fputs(",,,,", out);
        return;
    }
    const sgp_run_unit *row = &run->units[unit];
    put_count(out, unit);
    put_text(out, row->code);
    put_text(out, sgp_unit_kind_str(row->kind));
    put_text(out, row->station != SGP_RUN_NONE ? run->stations[row->station].name : "");
}

static void put_hospital(FILE *out, const sgp_run *run, uint32_t hospital) {
    put_text(out, hospital != SGP_RUN_NONE ? run->hospitals[hospital].name : "");
}

static sgp_err finish(FILE *out) {
    return fflush(out) == 0 && !ferror(out) ? SGP_OK : SGP_E_IO;
}

/* ---- calls ---------------------------------------------------------------- */

static const char call_columns[] =
    "id,policy,replication,incident,time,lon,lat,complaint,priority,outcome,scene_s,transport,"
    "kelurahan,kecamatan,kabupaten,local_hour,calls,units_wanted,units_ordered,"
    "unit_index,unit,unit_kind,station,candidate_rank,may_go,told_travel_s,by_dispatcher,"
    "decided_by,hospital,answered_at,placed_at,first_order_at,order_at,en_route_at,on_scene_at,"
    "leaving_at,at_hospital_at,free_at,closed_at,answer_s,locate_s,decide_s,turnout_s,travel_s,"
    "response_s,transport_s,handover_s,whole_s,target_s,in_time,calls_real,calls_duplicate,"
    "calls_information,calls_prank,calls_ghost,calls_silent,calls_abandoned,calls_cancelled,"
    "calls_open," /* as sgp_call_sorts */
    "kind,from,to,pick_up,needs,late_s\n";

static void put_place(FILE *out, const sgp_run *run, const sgp_run_incident *row) {
    const sgp_run_district *district =
        row->district != SGP_RUN_NONE ? &run->districts[row->district] : NULL;
    put_text(out, district != NULL ? district->kelurahan : "");
    put_text(out, district != NULL ? district->kecamatan : "");
    put_text(out, district != NULL ? district->kabupaten : "");
}

static void put_leading(FILE *out, const sgp_run *run, const sgp_run_incident *row,
                        const sgp_incident_view *view, const sgp_run_job *job) {
    put_unit(out, run, job != NULL ? job->unit : SGP_RUN_NONE);
    putc(',', out);
    if (job != NULL && job->rank != SGP_RUN_NONE)
        fprintf(out, "%" PRIu32, job->rank);
    put_count(out, row->n_may_go);
    put_seconds(out, job != NULL ? job->told_ms : -1);
    put_text(out, job == NULL ? "" : job->by_dispatcher ? "yes" : "no");
    put_text(out, row->policy);
    put_hospital(out, run,
                 view->carrying_job != SGP_RUN_NONE ? run->jobs[view->carrying_job].hospital
                                                    : SGP_RUN_NONE);
}

static void put_clock(FILE *out, const sgp_run *run, const sgp_run_incident *row,
                      const sgp_incident_view *view, const sgp_run_job *job) {
    static const int states[] = {SGP_ASSIGNMENT_ORDERED, SGP_ASSIGNMENT_EN_ROUTE,
                                 SGP_ASSIGNMENT_ON_SCENE};
    const sgp_run_job *carrying =
        view->carrying_job != SGP_RUN_NONE ? &run->jobs[view->carrying_job] : NULL;
    put_time(out, run, row->answered_at_ms);
    put_time(out, run, row->placed_at_ms);
    put_time(out, run,
             view->first_job != SGP_RUN_NONE
                 ? run->jobs[view->first_job].at_ms[SGP_ASSIGNMENT_ORDERED]
                 : 0);
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++)
        put_time(out, run, job != NULL ? job->at_ms[states[i]] : 0);
    put_time(out, run, carrying != NULL ? carrying->at_ms[SGP_ASSIGNMENT_TRANSPORTING] : 0);
    put_time(out, run, carrying != NULL ? carrying->at_ms[SGP_ASSIGNMENT_AT_HOSPITAL] : 0);
    put_time(out, run,
             job != NULL && job->ended >= SGP_ASSIGNMENT_CLOSED ? job->at_ms[job->ended] : 0);
    put_time(out, run, row->closed_at_ms);
}

/* As a list of calls reads it: when somebody asked. */
static int64_t asked_ms(const sgp_run *run, const sgp_run_incident *row) {
    if (row->transfer != SGP_RUN_NONE)
        return run->transfers[row->transfer].asked_at_ms;
    return row->rang_at_ms > 0 ? row->rang_at_ms : row->answered_at_ms;
}

static void put_transfer(FILE *out, const sgp_run *run, const sgp_run_incident *row,
                         const sgp_incident_view *view) {
    char seat[SGP_SEAT_BYTES];
    if (row->transfer == SGP_RUN_NONE) {
        fputs(",call,,,,,", out);
        return;
    }
    const sgp_run_transfer *transfer = &run->transfers[row->transfer];
    put_text(out, "transfer");
    put_text(out, run->hospitals[transfer->from].code);
    put_text(out, run->hospitals[transfer->to].code);
    put_time(out, run, transfer->pick_up_at_ms);
    put_text(out, sgp_seat_text(&transfer->seat, seat));
    put_seconds(out, view->ms[SGP_INTERVAL_LATE]);
}

static void put_call(FILE *out, const sgp_run *run, const sgp_run_incident *row,
                     const sgp_incident_view *view, const uint32_t calls[SGP_OUTCOMES]) {
    uint32_t leading = view->leading_job != SGP_RUN_NONE ? view->leading_job : view->first_job;
    const sgp_run_job *job = leading != SGP_RUN_NONE ? &run->jobs[leading] : NULL;
    fprintf(out, "%" PRIu64, row->key);
    put_text(out, run->policy);
    put_count(out, run->replication);
    put_count(out, row->id);
    put_time(out, run, asked_ms(run, row));
    put_degrees(out, row->has_point, row->point.lon_e7);
    put_degrees(out, row->has_point, row->point.lat_e7);
    put_text(out, row->complaint);
    put_text(out, row->priority != SGP_PRIORITY_UNKNOWN ? sgp_priority_str(row->priority) : "");
    put_text(out, row->outcome != SGP_OUTCOME_NONE ? sgp_outcome_str(row->outcome) : "");
    put_seconds(out, view->ms[SGP_INTERVAL_SCENE]);
    put_text(out, view->leading_job == SGP_RUN_NONE    ? ""
                  : view->carrying_job != SGP_RUN_NONE ? "yes"
                                                       : "no");
    put_place(out, run, row);
    put_count(out, (uint64_t)sgp_local_hour(run, row->answered_at_ms));
    put_count(out, row->n_calls);
    put_count(out, row->units_wanted);
    put_count(out, view->n_jobs);
    put_leading(out, run, row, view, job);
    put_clock(out, run, row, view, job);
    static const sgp_interval intervals[] = {
        SGP_INTERVAL_ANSWER,    SGP_INTERVAL_LOCATE,   SGP_INTERVAL_DECIDE,
        SGP_INTERVAL_TURNOUT,   SGP_INTERVAL_TRAVEL,   SGP_INTERVAL_RESPONSE,
        SGP_INTERVAL_TRANSPORT, SGP_INTERVAL_HANDOVER, SGP_INTERVAL_WHOLE};
    for (size_t i = 0; i < sizeof intervals / sizeof intervals[0]; i++)
        put_seconds(out, view->ms[intervals[i]]);
    int64_t target_ms = run->target_ms[row->priority];
    put_seconds(out, target_ms > 0 ? target_ms : -1);
    put_text(out, view->in_time == SGP_IN_TIME_NOT_COUNTED ? ""
                  : view->in_time == SGP_IN_TIME           ? "yes"
                                                           : "no");
    for (int i = 0; i < SGP_CALL_SORTS; i++)
        put_count(out, calls[sgp_call_sorts[i]]);
    put_transfer(out, run, row, view);
    putc('\n', out);
}

sgp_err sgp_csv_calls(const sgp_run *run, bool header, FILE *out) {
    sgp_incident_view *views = malloc((run->n_incidents + 1) * sizeof *views);
    uint32_t(*calls)[SGP_OUTCOMES] = malloc((run->n_incidents + 1) * sizeof *calls);
    sgp_err err = views != NULL && calls != NULL ? SGP_OK : SGP_E_MEMORY;
    if (err == SGP_OK) {
        sgp_incident_views(run, views);
        sgp_calls_of_incidents(run, calls);
    }
    if (header && err == SGP_OK)
        fputs(call_columns, out);
    for (uint32_t i = 0; i < run->n_incidents && err == SGP_OK; i++)
        put_call(out, run, &run->incidents[i], &views[i], calls[i]);
    free(views);
    free(calls);
    return err == SGP_OK ? finish(out) : err;
}

/* ---- jobs and candidates -------------------------------------------------- */

sgp_err sgp_csv_jobs(const sgp_run *run, bool header, FILE *out) {
    if (header)
        fputs("id,policy,replication,incident,unit_index,unit,unit_kind,station,candidate_rank,"
              "by_dispatcher,ended,hospital,told_travel_s,ordered_at,accepted_at,en_route_at,"
              "on_scene_at,leaving_at,at_hospital_at,handed_over_at,ended_at,busy_s\n",
              out);
    for (uint32_t j = 0; j < run->n_jobs; j++) {
        const sgp_run_job *job = &run->jobs[j];
        const sgp_run_incident *incident = &run->incidents[job->incident];
        bool over = job->ended >= SGP_ASSIGNMENT_CLOSED;
        fprintf(out, "%" PRIu64, incident->key);
        put_text(out, run->policy);
        put_count(out, run->replication);
        put_count(out, incident->id);
        put_unit(out, run, job->unit);
        putc(',', out);
        if (job->rank != SGP_RUN_NONE)
            fprintf(out, "%" PRIu32, job->rank);
        put_text(out, job->by_dispatcher ? "yes" : "no");
        put_text(out, sgp_assignment_state_str(job->ended));
        put_hospital(out, run, job->hospital);
        put_seconds(out, job->told_ms);
        for (int state = SGP_ASSIGNMENT_ORDERED; state <= SGP_ASSIGNMENT_HANDED_OVER; state++)
            put_time(out, run, job->at_ms[state]);
        put_time(out, run, over ? job->at_ms[job->ended] : 0);
        put_seconds(out, sgp_job_free_ms(run, job) - job->at_ms[SGP_ASSIGNMENT_ORDERED]);
        putc('\n', out);
    }
    return finish(out);
}

sgp_err sgp_csv_candidates(const sgp_run *run, bool header, FILE *out) {
    if (header)
        fputs("id,policy,replication,incident,candidate_rank,unit_index,unit,unit_kind,station,"
              "travel_s,turnout_s,total_s,excluded_because\n",
              out);
    for (uint32_t i = 0; i < run->n_incidents; i++) {
        const sgp_run_incident *incident = &run->incidents[i];
        for (uint32_t c = 0; c < incident->n_candidates; c++) {
            const sgp_run_candidate *row = &run->candidates[incident->first_candidate + c];
            bool may_go = row->exclusion == SGP_EXCLUDED_NOT;
            fprintf(out, "%" PRIu64, incident->key);
            put_text(out, run->policy);
            put_count(out, run->replication);
            put_count(out, incident->id);
            putc(',', out);
            if (may_go)
                fprintf(out, "%" PRIu32, c);
            put_unit(out, run, row->unit);
            put_seconds(out, row->travel_ms);
            put_seconds(out, may_go ? row->turnout_ms : -1);
            put_seconds(out, row->total_ms);
            put_text(out, may_go ? "" : sgp_exclusion_str(row->exclusion));
            putc('\n', out);
        }
    }
    return finish(out);
}

/* ---- tables --------------------------------------------------------------- */

typedef struct table_measure {
    sgp_measure measure;
    const char *name;
    double divide; /* milliseconds to seconds */
    bool of_interval;
} table_measure;

static const table_measure table_measures[] = {{SGP_MEASURE_INCIDENTS, "incidents", 1, false},
                                               {SGP_MEASURE_REACHED, "reached", 1, false},
                                               {SGP_MEASURE_IN_TIME, "in_time_share", 1, false},
                                               {SGP_MEASURE_USE, "busy_share", 1, false},
                                               {SGP_MEASURE_DIVERTED, "diverted_jobs", 1, false},
                                               {SGP_MEASURE_MOVES, "move_ups", 1, false},
                                               {SGP_MEASURE_MEAN, "mean_s", 1000, true},
                                               {SGP_MEASURE_P50, "p50_s", 1000, true},
                                               {SGP_MEASURE_P90, "p90_s", 1000, true},
                                               {SGP_MEASURE_P95, "p95_s", 1000, true}};

static void put_number(FILE *out, double number) {
    putc(',', out);
    if (!isnan(number))
        fprintf(out, "%.6g", number);
}

static void put_cell(const sgp_comparison *comparison, uint32_t policy, const table_measure *m,
                     const sgp_cell *cell, FILE *out) {
    sgp_estimate own = sgp_comparison_estimate(comparison, policy, cell);
    if (own.n == 0)
        return;
    fputs(comparison->policies[policy].policy, out);
    put_text(out, sgp_grouping_str(cell->grouping));
    put_text(out, cell->within);
    put_text(out, cell->name);
    put_text(out, m->of_interval ? sgp_interval_str(cell->interval) : "");
    put_text(out, m->name);
    put_count(out, own.n);
    put_number(out, own.mean / m->divide);
    put_number(out, own.half_width / m->divide);
    if (policy > 0) {
        sgp_estimate difference = sgp_comparison_difference(comparison, policy, 0, cell);
        put_count(out, difference.n);
        put_number(out, difference.n > 0 ? difference.mean / m->divide : NAN);
        put_number(out, difference.half_width / m->divide);
    } else {
        fputs(",,,", out);
    }
    putc('\n', out);
}

static void put_group(const sgp_comparison *comparison, uint32_t policy, sgp_grouping grouping,
                      const sgp_group_name *group, FILE *out) {
    for (size_t m = 0; m < sizeof table_measures / sizeof table_measures[0]; m++) {
        const table_measure *measure = &table_measures[m];
        sgp_cell cell = {.measure = measure->measure,
                         .grouping = grouping,
                         .name = group->name,
                         .within = group->within};
        for (int i = 0; i < (measure->of_interval ? SGP_INTERVALS : 1); i++) {
            cell.interval = (sgp_interval)i;
            put_cell(comparison, policy, measure, &cell, out);
        }
    }
}

/* "answer-on_scene P1 P2 within 900 s", and the like. */
static void name_target(const sgp_target *target, char name[SGP_LABEL_BYTES]) {
    char priorities[32] = "";
    for (int p = SGP_P1; p < SGP_PRIORITIES; p++)
        if (target->priorities >> p & 1)
            snprintf(priorities + strlen(priorities), sizeof priorities - strlen(priorities), " %s",
                     sgp_priority_str((sgp_priority)p));
    snprintf(name, SGP_LABEL_BYTES, "%s-%s%s within %g s", sgp_moment_str(target->from),
             sgp_moment_str(target->to), priorities, target->within_ms / 1000.0);
}

static void put_targets(const sgp_comparison *comparison, FILE *out) {
    static const table_measure share = {SGP_MEASURE_TARGET, "target_share", 1, false},
                               mean = {SGP_MEASURE_TARGET, "target_mean_s", 1000, false};
    const sgp_summary *first = &comparison->policies[0].runs[0];
    for (uint32_t t = 0; t < first->n_targets; t++) {
        char name[SGP_LABEL_BYTES];
        name_target(&first->targets[t], name);
        for (uint32_t p = 0; p < comparison->n_policies; p++) {
            sgp_cell cell = {
                .measure = SGP_MEASURE_TARGET, .target = t, .name = name, .within = ""};
            put_cell(comparison, p, first->targets[t].share_permille ? &share : &mean, &cell, out);
        }
    }
}

static void put_covered(const sgp_comparison *comparison, sgp_grouping grouping, const char *within,
                        const char *name, FILE *out) {
    static const table_measure measures[] = {{SGP_MEASURE_COVERED, "covered_share", 1, false},
                                             {SGP_MEASURE_UNCOVERED, "uncovered_share", 1, false},
                                             {SGP_MEASURE_NEAREST, "nearest_mean_s", 1000, false}};
    for (uint32_t p = 0; p < comparison->n_policies; p++)
        for (size_t m = 0; m < sizeof measures / sizeof measures[0]; m++) {
            sgp_cell cell = {.measure = measures[m].measure,
                             .grouping = grouping,
                             .name = name,
                             .within = within};
            put_cell(comparison, p, &measures[m], &cell, out);
        }
}

static void put_coverage(const sgp_comparison *comparison, FILE *out) {
    const sgp_run_coverage *coverage = comparison->policies[0].runs[0].coverage;
    if (coverage == NULL)
        return;
    put_covered(comparison, SGP_GROUP_ALL, "", "", out);
    for (int h = 0; h < 24; h++) {
        char name[16];
        snprintf(name, sizeof name, "%02d", h);
        put_covered(comparison, SGP_GROUP_HOUR, "", name, out);
    }
    for (uint32_t a = 0; a < coverage->n_areas; a++)
        put_covered(comparison, SGP_GROUP_KELURAHAN, coverage->areas[a].district.kecamatan,
                    coverage->areas[a].district.kelurahan, out);
}

/* ---- outcomes of calls ------------------------------------------------------ */

/* The mean over the replications of a policy, and of the share of all calls of that time. */
static void put_outcome(const sgp_compared_policy *policy, sgp_outcome outcome, int day, int hour,
                        FILE *out) {
    static const char *const days[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                       "Friday", "Saturday", "Sunday",    ""};
    double calls = 0, all = 0;
    for (uint32_t r = 0; r < policy->n_runs; r++) {
        calls += (double)sgp_call_week_count(&policy->runs[r].week, outcome, day, hour);
        all += (double)sgp_call_week_all(&policy->runs[r].week, false, day, hour);
    }
    sgp_csv_text(policy->policy, out);
    put_text(out, days[day]);
    putc(',', out);
    if (hour < SGP_DAY_HOURS)
        fprintf(out, "%02d", hour);
    put_text(out, outcome == SGP_OUTCOME_NONE ? "OPEN" : sgp_outcome_str(outcome));
    put_count(out, policy->n_runs);
    put_number(out, calls / policy->n_runs);
    put_number(out, all > 0 ? calls / all : NAN);
    putc('\n', out);
}

sgp_err sgp_csv_outcomes(const sgp_comparison *comparison, FILE *out) {
    fputs("policy,day,local_hour,outcome,replications,calls,share\n", out);
    for (uint32_t p = 0; p < comparison->n_policies; p++)
        for (int day = 0; day <= SGP_WEEK_DAYS; day++)
            for (int hour = 0; hour <= SGP_DAY_HOURS; hour++)
                for (int i = 0; i < SGP_CALL_SORTS; i++)
                    put_outcome(&comparison->policies[p], sgp_call_sorts[i], day, hour, out);
    return finish(out);
}

sgp_err sgp_csv_tables(const sgp_comparison *comparison, FILE *out) {
    fputs("policy,grouping,within,group,interval,measure,replications,value,half_width,pairs,"
          "difference_from_first_policy,difference_half_width\n",
          out);
    for (int grouping = 0; grouping < SGP_GROUPINGS; grouping++) {
        sgp_group_name *names;
        uint32_t n;
        sgp_err err = sgp_comparison_groups(comparison, (sgp_grouping)grouping, &names, &n);
        if (err != SGP_OK)
            return err;
        for (uint32_t g = 0; g < n; g++) {
            for (uint32_t p = 0; p < comparison->n_policies; p++)
                put_group(comparison, p, (sgp_grouping)grouping, &names[g], out);
        }
        free(names);
    }
    put_targets(comparison, out);
    put_coverage(comparison, out);
    return finish(out);
}
