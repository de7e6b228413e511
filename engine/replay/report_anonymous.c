#include "replay/report_anonymous.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "replay/anonymous_details.h"
#include "replay/report_csv.h"
#include "replay/report_intervals.h"

static const sgp_rounding ladder[SGP_ANONYMOUS_RUNGS] = {
    {500, 1, 1},   {500, 3, 7},   {1000, 3, 7},  {1000, 3, 28},  {2000, 3, 28},
    {2000, 6, 28}, {4000, 6, 28}, {4000, 6, 91}, {8000, 24, 91}, {16000, 24, 91}};

const sgp_rounding *sgp_anonymous_ladder(void) {
    return ladder;
}

enum { PLACE_M = 100 };

/* A square of the fixed grid: rows of equal height, whose columns are as wide as they are high. */
typedef struct square {
    int32_t row, column;
} square;

/* What is equal within a class. */
typedef struct traits {
    square square;
    int32_t days, hours; /* numbers of the rounded days since 1970 and of the hours of a day */
    int32_t priority;
} traits;

typedef struct entry {
    traits traits;
    square place; /* of PLACE_M */
    uint32_t incident;
} entry;

/* A row as published; nothing else may decide where it stands in the file. */
typedef struct published {
    int32_t rung;
    traits traits;
    char complaint[SGP_CODE_BYTES];
    sgp_call_details details;
} published;

/* ---- rounding ------------------------------------------------------------- */

static int64_t height_e7(int32_t square_m) {
    return llround(square_m * 1e7 / 111195.0);
}

/* Columns widen towards the poles; a row keeps the width of its middle. */
static int64_t width_e7(int32_t square_m, int32_t row) {
    double middle = ((double)row + 0.5) * (double)height_e7(square_m) / 1e7 - 90;
    double narrow = cos(middle * M_PI / 180);
    return llround((double)height_e7(square_m) / (narrow < 0.01 ? 0.01 : narrow));
}

static square square_of(sgp_point point, int32_t square_m) {
    int32_t row = (int32_t)((point.lat_e7 + INT64_C(900000000)) / height_e7(square_m));
    return (square){row, (int32_t)((point.lon_e7 + INT64_C(1800000000)) / width_e7(square_m, row))};
}

static sgp_point middle_of(square s, int32_t square_m) {
    int64_t height = height_e7(square_m), width = width_e7(square_m, s.row);
    return (sgp_point){(int32_t)(s.column * width + width / 2 - INT64_C(1800000000)),
                       (int32_t)(s.row * height + height / 2 - INT64_C(900000000))};
}

/* Weeks begin on Monday: 1970-01-01 was a Thursday. */
static traits traits_of(const sgp_run *run, const sgp_run_incident *incident,
                        const sgp_rounding *rounding) {
    int64_t local_s = incident->answered_at_ms / 1000 + run->utc_offset_s;
    return (traits){.square = square_of(incident->point, rounding->square_m),
                    .days = (int32_t)((local_s / 86400 + 3) / rounding->days),
                    .hours = (int32_t)(local_s % 86400 / 3600 / rounding->hours),
                    .priority = (int32_t)incident->priority};
}

/* ---- classes -------------------------------------------------------------- */

/* Differences of numbers that are far smaller than int64 can hold. */
static int64_t compare_squares(square a, square b) {
    return a.row != b.row ? (int64_t)a.row - b.row : (int64_t)a.column - b.column;
}

static int64_t compare_traits(const traits *a, const traits *b) {
    int64_t order = compare_squares(a->square, b->square);
    if (order == 0)
        order = (int64_t)a->days - b->days;
    if (order == 0)
        order = (int64_t)a->hours - b->hours;
    return order != 0 ? order : (int64_t)a->priority - b->priority;
}

static int by_traits(const void *left, const void *right) {
    const entry *a = left, *b = right;
    int64_t order = compare_traits(&a->traits, &b->traits);
    if (order == 0)
        order = compare_squares(a->place, b->place);
    if (order == 0)
        order = (int64_t)a->incident - (int64_t)b->incident;
    return (order > 0) - (order < 0);
}

/* Entries stand by traits and then place. */
static uint32_t count_places(const entry *entries, uint32_t n) {
    uint32_t places = n > 0;
    for (uint32_t i = 1; i < n; i++)
        places += compare_squares(entries[i - 1].place, entries[i].place) != 0;
    return places;
}

typedef struct making {
    const sgp_run *run;
    sgp_anonymous_options options;
    sgp_anonymous_count *count;
    sgp_incident_view *views;
    entry *entries; /* those not published yet */
    uint32_t n;
    published *rows;
    uint32_t n_rows;
    sgp_told_call *told; /* room for one class */
} making;

static sgp_told_call call_of(const making *m, const entry *e, uint32_t nth) {
    const sgp_run_incident *incident = &m->run->incidents[e->incident];
    const sgp_incident_view *view = &m->views[e->incident];
    return (sgp_told_call){
        .place = (uint64_t)(uint32_t)e->place.row << 32 | (uint32_t)e->place.column,
        .complaint = incident->complaint,
        .exact = {.outcome =
                      incident->outcome == SGP_OUTCOME_NONE ? -1 : (int32_t)incident->outcome,
                  .transport =
                      view->leading_job == SGP_RUN_NONE ? -1 : view->carrying_job != SGP_RUN_NONE,
                  .response_ms = view->ms[SGP_INTERVAL_RESPONSE],
                  .scene_ms = view->ms[SGP_INTERVAL_SCENE],
                  .transport_ms = view->ms[SGP_INTERVAL_TRANSPORT]},
        .nth = nth};
}

static void publish(making *m, int rung, const entry *entries, uint32_t n) {
    for (uint32_t i = 0; i < n; i++)
        m->told[i] = call_of(m, &entries[i], i);
    bool tell_complaint = sgp_told_complaints(m->told, n, m->options.diverse);
    sgp_tell_details(m->told, n, m->options.k, tell_complaint ? m->options.diverse : 0);
    for (uint32_t i = 0; i < n; i++) {
        const sgp_told_call *told = &m->told[i];
        published *row = &m->rows[m->n_rows++];
        memset(row, 0, sizeof *row);
        row->rung = rung;
        row->traits = entries[told->nth].traits;
        if (tell_complaint)
            strcpy(row->complaint, told->complaint);
        m->count->n_complaints_withheld += !tell_complaint && told->complaint[0] != '\0';
        m->count->n_durations_told += told->told.round_ms > 0;
        row->details = told->told;
    }
    m->count->by_rung[rung] += n;
    m->count->n_published += n;
}

/* Publishes the classes of this rung that fulfil the guarantee and keeps the other entries. */
static void climb(making *m, int rung) {
    for (uint32_t i = 0; i < m->n; i++)
        m->entries[i].traits =
            traits_of(m->run, &m->run->incidents[m->entries[i].incident], &ladder[rung]);
    qsort(m->entries, m->n, sizeof *m->entries, by_traits);
    uint32_t kept = 0;
    for (uint32_t i = 0, end; i < m->n; i = end) {
        end = i + 1;
        while (end < m->n && compare_traits(&m->entries[i].traits, &m->entries[end].traits) == 0)
            end++;
        if (end - i >= m->options.k && count_places(m->entries + i, end - i) >= m->options.k) {
            publish(m, rung, m->entries + i, end - i);
        } else {
            memmove(m->entries + kept, m->entries + i, (end - i) * sizeof *m->entries);
            kept += end - i;
        }
    }
    m->n = kept;
}

/* ---- writing -------------------------------------------------------------- */

static int by_published(const void *left, const void *right) {
    const published *a = left, *b = right;
    int64_t order = a->rung - b->rung;
    if (order == 0)
        order = compare_traits(&a->traits, &b->traits);
    if (order == 0)
        order = strcmp(a->complaint, b->complaint);
    if (order == 0)
        order = sgp_details_compare(&a->details, &b->details);
    return (order > 0) - (order < 0);
}

static void put_seconds(FILE *out, int64_t ms) {
    putc(',', out);
    if (ms >= 0)
        fprintf(out, "%" PRId64, ms / 1000);
}

static void put_row(const making *m, const published *row, FILE *out) {
    const sgp_rounding *rounding = &ladder[row->rung];
    const sgp_call_details *details = &row->details;
    int64_t local_s = ((int64_t)row->traits.days * rounding->days - 3) * 86400 +
                      (int64_t)row->traits.hours * rounding->hours * 3600;
    int64_t at_ms = (local_s - m->run->utc_offset_s) * 1000;
    sgp_point point = middle_of(row->traits.square, rounding->square_m);
    char time[40];
    fprintf(out, "%s,%d,%d,%.4f,%.4f,%d,", sgp_local_time(at_ms, m->run->utc_offset_s, time),
            (int)rounding->days, (int)rounding->hours, sgp_lon(point), sgp_lat(point),
            (int)rounding->square_m);
    sgp_csv_text(row->complaint, out);
    fprintf(out, ",%s,%s,%s",
            row->traits.priority == SGP_PRIORITY_UNKNOWN
                ? ""
                : sgp_priority_str((sgp_priority)row->traits.priority),
            details->outcome < 0 ? "" : sgp_outcome_str((sgp_outcome)details->outcome),
            details->transport < 0 ? ""
            : details->transport   ? "yes"
                                   : "no");
    put_seconds(out, details->scene_ms);
    put_seconds(out, details->response_ms);
    put_seconds(out, details->transport_ms);
    put_seconds(out, details->round_ms > 0 ? details->round_ms : -1);
    putc('\n', out);
}

static sgp_err write_rows(making *m, FILE *out, sgp_fault *fault) {
    qsort(m->rows, m->n_rows, sizeof *m->rows, by_published);
    fputs("time,days,hours,lon,lat,square_m,complaint,priority,outcome,transport,scene_s,"
          "response_s,transport_s,round_s\n",
          out);
    for (uint32_t i = 0; i < m->n_rows; i++)
        put_row(m, &m->rows[i], out);
    if (fflush(out) != 0 || ferror(out))
        return sgp_fail(fault, SGP_E_IO, "the anonymous calls could not be written");
    return SGP_OK;
}

static void take_calls(making *m) {
    for (uint32_t i = 0; i < m->run->n_incidents; i++) {
        const sgp_run_incident *incident = &m->run->incidents[i];
        if (incident->transfer != SGP_RUN_NONE) {
            m->count->n_calls--; /* nobody called */
            continue;
        }
        if (!incident->has_point) {
            m->count->n_without_place++;
            continue;
        }
        m->entries[m->n++] = (entry){.place = square_of(incident->point, PLACE_M), .incident = i};
    }
}

sgp_err sgp_anonymous_calls(const sgp_run *run, const sgp_anonymous_options *options, FILE *out,
                            sgp_anonymous_count *count, sgp_fault *fault) {
    making m = {.run = run, .options = *options, .count = count};
    if (m.options.k == 0)
        m.options.k = 5;
    if (m.options.diverse == 0)
        m.options.diverse = m.options.k < 3 ? m.options.k : 3;
    if (m.options.k < 2 || m.options.k > SGP_ANONYMOUS_K_MAX)
        return sgp_fail(fault, SGP_E_RANGE, "k must be 2 to %d, not %u", SGP_ANONYMOUS_K_MAX,
                        (unsigned)m.options.k);
    if (m.options.diverse < 2 || m.options.diverse > m.options.k)
        return sgp_fail(fault, SGP_E_RANGE, "the number of complaints must be 2 to k, not %u",
                        (unsigned)m.options.diverse);
    *count = (sgp_anonymous_count){.n_calls = run->n_incidents};
    size_t room = (size_t)run->n_incidents + 1;
    m.views = malloc(room * sizeof *m.views);
    m.entries = malloc(room * sizeof *m.entries);
    m.rows = malloc(room * sizeof *m.rows);
    m.told = malloc(room * sizeof *m.told);
    sgp_err err;
    if (m.views == NULL || m.entries == NULL || m.rows == NULL || m.told == NULL) {
        err = sgp_fail(fault, SGP_E_MEMORY, "no memory for %u calls", (unsigned)run->n_incidents);
    } else {
        sgp_incident_views(run, m.views);
        take_calls(&m);
        for (int rung = 0; rung < SGP_ANONYMOUS_RUNGS; rung++)
            climb(&m, rung);
        count->n_left_out = m.n;
        err = write_rows(&m, out, fault);
    }
    free(m.views);
    free(m.entries);
    free(m.rows);
    free(m.told);
    return err;
}
