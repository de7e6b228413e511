#include "apps/report_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "apps/print.h"

/* "7:32", with "±0:04" where there is a half-width; "-" for nothing. */
static const char *minutes_text(sgp_estimate estimate, char *out, size_t capacity) {
    if (estimate.n == 0)
        return "-";
    long long s = llround(estimate.mean / 1000);
    int used = s >= 3600
                   ? snprintf(out, capacity, "%lld:%02lld:%02lld", s / 3600, s / 60 % 60, s % 60)
                   : snprintf(out, capacity, "%lld:%02lld", s / 60, s % 60);
    if (!isnan(estimate.half_width)) {
        long long half = llround(estimate.half_width / 1000);
        snprintf(out + used, capacity - (size_t)used, " ±%lld:%02lld", half / 60, half % 60);
    }
    return out;
}

static const char *share_text(sgp_estimate estimate, sgp_language language, char *out,
                              size_t capacity) {
    if (estimate.n == 0)
        return "-";
    int used = snprintf(out, capacity, "%.1f", estimate.mean * 100);
    if (!isnan(estimate.half_width))
        used += snprintf(out + used, capacity - (size_t)used, " ±%.1f", estimate.half_width * 100);
    for (char *c = out; language == SGP_INDONESIAN && *c != '\0'; c++)
        *c = *c == '.' ? ',' : *c;
    snprintf(out + used, capacity - (size_t)used, " %%");
    return out;
}

static const char *group_text(sgp_grouping grouping, const sgp_group_name *name,
                              sgp_language language, char *out, size_t capacity) {
    if (grouping == SGP_GROUP_ALL)
        return sgp_text_get(language, SGP_TEXT_REPORT_ALL);
    if (name->name[0] == '\0')
        return sgp_text_get(language, SGP_TEXT_REPORT_NOT_KNOWN);
    if (grouping == SGP_GROUP_HOUR)
        snprintf(out, capacity, "%s:00", name->name);
    else if (grouping == SGP_GROUP_KELURAHAN && name->within[0] != '\0')
        snprintf(out, capacity, "%s, %s", name->name, name->within);
    else
        snprintf(out, capacity, "%s", name->name);
    return out;
}

static void add_row(const sgp_comparison *c, uint32_t policy, sgp_grouping grouping,
                    const sgp_group_name *name, sgp_language language, sgp_sheet *sheet) {
    static const sgp_measure measures[] = {SGP_MEASURE_P50, SGP_MEASURE_P90, SGP_MEASURE_P95,
                                           SGP_MEASURE_MEAN};
    char text[256];
    sgp_cell cell = {.measure = SGP_MEASURE_INCIDENTS,
                     .interval =
                         grouping == SGP_GROUP_TRANSFER ? SGP_INTERVAL_LATE : SGP_INTERVAL_RESPONSE,
                     .grouping = grouping,
                     .name = name->name,
                     .within = name->within};
    sgp_sheet_cell(sheet, SGP_BOLD, "%s",
                   policy == 0 ? group_text(grouping, name, language, text, sizeof text) : "");
    if (c->n_policies > 1)
        sgp_sheet_cell(sheet, SGP_PLAIN, "%s", c->policies[policy].policy);
    sgp_sheet_cell(sheet, SGP_PLAIN, "%.0f", sgp_comparison_estimate(c, policy, &cell).mean);
    cell.measure = SGP_MEASURE_REACHED;
    sgp_sheet_cell(sheet, SGP_PLAIN, "%.0f", sgp_comparison_estimate(c, policy, &cell).mean);
    for (size_t m = 0; m < sizeof measures / sizeof measures[0]; m++) {
        cell.measure = measures[m];
        sgp_sheet_cell(sheet, SGP_PLAIN, "%s",
                       minutes_text(sgp_comparison_estimate(c, policy, &cell), text, sizeof text));
    }
    cell.measure = SGP_MEASURE_IN_TIME;
    sgp_sheet_cell(
        sheet, SGP_PLAIN, "%s",
        share_text(sgp_comparison_estimate(c, policy, &cell), language, text, sizeof text));
}

static sgp_err make_sheet(const sgp_comparison *c, sgp_grouping grouping, sgp_language language,
                          sgp_sheet **sheet) {
    static const sgp_text first[SGP_GROUPINGS] = {[SGP_GROUP_ALL] = SGP_TEXT_REPORT_ALL,
                                                  [SGP_GROUP_PRIORITY] = SGP_TEXT_REPORT_PRIORITY,
                                                  [SGP_GROUP_HOUR] = SGP_TEXT_REPORT_HOUR,
                                                  [SGP_GROUP_STATION] = SGP_TEXT_COLUMN_STATION,
                                                  [SGP_GROUP_KECAMATAN] = SGP_TEXT_REPORT_KECAMATAN,
                                                  [SGP_GROUP_KELURAHAN] = SGP_TEXT_REPORT_KELURAHAN,
                                                  [SGP_GROUP_HOSPITAL] = SGP_TEXT_COLUMN_HOSPITAL,
                                                  [SGP_GROUP_TRANSFER] = SGP_TEXT_COLUMN_HOSPITAL};
    const char *headers[9];
    size_t n = 0;
    headers[n++] = sgp_text_get(language, first[grouping]);
    if (c->n_policies > 1)
        headers[n++] = sgp_text_get(language, SGP_TEXT_REPORT_POLICY);
    headers[n++] = sgp_text_get(language, SGP_TEXT_REPORT_INCIDENTS);
    headers[n++] = sgp_text_get(language, SGP_TEXT_REPORT_REACHED);
    headers[n++] = ">P50";
    headers[n++] = ">P90";
    headers[n++] = ">P95";
    headers[n++] = sgp_text_get(language, SGP_TEXT_REPORT_MEAN);
    headers[n++] = sgp_text_get(language, SGP_TEXT_REPORT_IN_TIME);
    return sgp_sheet_create(headers, n, sheet);
}

sgp_err sgp_report_table_print(const sgp_comparison *comparison, sgp_grouping grouping,
                               sgp_language language, FILE *out) {
    sgp_sheet *sheet = NULL;
    sgp_group_name *names = NULL;
    uint32_t n = 0;
    sgp_err err = make_sheet(comparison, grouping, language, &sheet);
    if (err == SGP_OK)
        err = sgp_comparison_groups(comparison, grouping, &names, &n);
    for (uint32_t g = 0; err == SGP_OK && grouping != SGP_GROUP_ALL && g < n; g++) {
        for (uint32_t p = 0; p < comparison->n_policies; p++)
            add_row(comparison, p, grouping, &names[g], language, sheet);
    }
    sgp_group_name all = {0};
    for (uint32_t p = 0; err == SGP_OK && p < comparison->n_policies; p++)
        add_row(comparison, p, SGP_GROUP_ALL, &all, language, sheet);
    if (err == SGP_OK)
        sgp_sheet_print(sheet, out);
    free(names);
    sgp_sheet_destroy(sheet);
    return err;
}

/* ---- JSON ----------------------------------------------------------------- */

static void put_number(json_t *object, const char *key, double number, double divide) {
    if (!isnan(number))
        json_object_set_new(object, key, json_real(number / divide));
}

static void put_measure(json_t *object, const char *key, const sgp_comparison *c, uint32_t policy,
                        const sgp_cell *cell, double divide) {
    sgp_estimate own = sgp_comparison_estimate(c, policy, cell);
    if (own.n == 0)
        return;
    json_t *measure = json_object();
    put_number(measure, "mean", own.mean, divide);
    put_number(measure, "half_width", own.half_width, divide);
    if (policy > 0) {
        sgp_estimate difference = sgp_comparison_difference(c, policy, 0, cell);
        put_number(measure, "difference", difference.n > 0 ? difference.mean : NAN, divide);
        put_number(measure, "difference_half_width", difference.half_width, divide);
    }
    json_object_set_new(object, key, measure);
}

static json_t *group_json(const sgp_comparison *c, uint32_t policy, sgp_grouping grouping,
                          const sgp_group_name *name) {
    static const struct {
        sgp_measure measure;
        const char *key;
    } plain[] = {{SGP_MEASURE_INCIDENTS, "incidents"},   {SGP_MEASURE_REACHED, "reached"},
                 {SGP_MEASURE_IN_TIME, "in_time_share"}, {SGP_MEASURE_USE, "busy_share"},
                 {SGP_MEASURE_DIVERTED, "diverted"},     {SGP_MEASURE_MOVES, "move_ups"}},
      timed[] = {{SGP_MEASURE_MEAN, "mean_s"},
                 {SGP_MEASURE_P50, "p50_s"},
                 {SGP_MEASURE_P90, "p90_s"},
                 {SGP_MEASURE_P95, "p95_s"}};
    json_t *group = json_pack("{s:s, s:s, s:s}", "grouping", sgp_grouping_str(grouping), "within",
                              name->within, "group", name->name);
    sgp_cell cell = {.grouping = grouping, .name = name->name, .within = name->within};
    for (size_t m = 0; m < sizeof plain / sizeof plain[0]; m++) {
        cell.measure = plain[m].measure;
        put_measure(group, plain[m].key, c, policy, &cell, 1);
    }
    for (int i = 0; i < SGP_INTERVALS; i++) {
        json_t *interval = json_object();
        cell.interval = (sgp_interval)i;
        for (size_t m = 0; m < sizeof timed / sizeof timed[0]; m++) {
            cell.measure = timed[m].measure;
            put_measure(interval, timed[m].key, c, policy, &cell, 1000);
        }
        json_object_set_new(group, sgp_interval_str(cell.interval), interval);
    }
    return group;
}

json_t *sgp_report_table_json(const sgp_comparison *comparison, sgp_grouping grouping) {
    sgp_group_name *names = NULL, all = {0};
    uint32_t n = 0;
    if (sgp_comparison_groups(comparison, grouping, &names, &n) != SGP_OK)
        return NULL;
    json_t *policies = json_array();
    for (uint32_t p = 0; p < comparison->n_policies; p++) {
        json_t *groups = json_array();
        for (uint32_t g = 0; grouping != SGP_GROUP_ALL && g < n; g++)
            json_array_append_new(groups, group_json(comparison, p, grouping, &names[g]));
        json_array_append_new(groups, group_json(comparison, p, SGP_GROUP_ALL, &all));
        json_array_append_new(policies,
                              json_pack("{s:s, s:i, s:o}", "policy", comparison->policies[p].policy,
                                        "replications", (int)comparison->policies[p].n_runs,
                                        "groups", groups));
    }
    free(names);
    return json_pack("{s:o}", "policies", policies);
}
