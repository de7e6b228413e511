#include "replay/report_tables.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "replay/report_map.h"

static void open_table(const sgp_page *page) {
    sgp_put_tags(page, "<div class=\"scroll\"><table>\n");
}

static void close_table(const sgp_page *page) {
    sgp_put_tags(page, "</tbody></table></div>\n");
}

/* A row of column heads: the first text, then a column a policy. */
static void put_policy_heads(const sgp_page *page, sgp_report_text first) {
    sgp_put_tags(page, "<thead><tr><th>");
    sgp_put_say(page, first);
    sgp_put_tags(page, "</th>");
    for (uint32_t p = 0; p < page->comparison->n_policies; p++) {
        sgp_put_tags(page, "<th class=\"n\">");
        sgp_put(page, page->comparison->policies[p].policy);
        sgp_put_tags(page, "</th>");
    }
    sgp_put_tags(page, "</tr></thead><tbody>\n");
}

/* ---- comparison ----------------------------------------------------------- */

typedef struct compared {
    sgp_grouping grouping;
    const char *name;
    sgp_measure measure;
    sgp_number_form form;
    int better; /* -1: less is better, 1: more is better, 0: neither */
    sgp_report_text says;
} compared;

#define COMPARED_OF(grouping, name)                                                                \
    {grouping, name, SGP_MEASURE_MEAN, SGP_FORM_MINUTES, -1, SGP_SAY_RESPONSE_MEAN},               \
        {grouping, name, SGP_MEASURE_P90, SGP_FORM_MINUTES, -1, SGP_SAY_RESPONSE_NINETY}, {        \
        grouping, name, SGP_MEASURE_IN_TIME, SGP_FORM_PERCENT, 1, SGP_SAY_SHARE_IN_TIME            \
    }

static const compared compared_rows[] = {
    COMPARED_OF(SGP_GROUP_PRIORITY, "P1"),
    COMPARED_OF(SGP_GROUP_PRIORITY, "P2"),
    COMPARED_OF(SGP_GROUP_PRIORITY, "P3"),
    COMPARED_OF(SGP_GROUP_PRIORITY, "P4"),
    COMPARED_OF(SGP_GROUP_ALL, ""),
    {SGP_GROUP_ALL, "", SGP_MEASURE_REACHED, SGP_FORM_COUNT, 1, SGP_SAY_REACHED},
    {SGP_GROUP_ALL, "", SGP_MEASURE_USE, SGP_FORM_PERCENT, 0, SGP_SAY_USE},
    {SGP_GROUP_ALL, "", SGP_MEASURE_DIVERTED, SGP_FORM_COUNT, 0, SGP_SAY_DIVERSIONS},
    {SGP_GROUP_ALL, "", SGP_MEASURE_MOVES, SGP_FORM_COUNT, 0, SGP_SAY_MOVES},
};
enum { COMPARED_ROWS = sizeof compared_rows / sizeof compared_rows[0] };

static sgp_cell cell_of(const compared *row) {
    return (sgp_cell){.measure = row->measure,
                      .interval = SGP_INTERVAL_RESPONSE,
                      .grouping = row->grouping,
                      .name = row->name};
}

/* Is the difference surely not zero? 1: better, -1: worse, 0: cannot be told, or neither. */
static int verdict(const compared *row, sgp_estimate difference) {
    if (difference.n < 2 || isnan(difference.half_width) ||
        fabs(difference.mean) <= difference.half_width)
        return 0;
    return difference.mean > 0 ? row->better : -row->better;
}

static void put_row_name(const sgp_page *page, const compared *row) {
    if (row->name[0] != '\0')
        sgp_put_tags(page, "<b>%s</b> ", row->name);
    sgp_put_say(page, row->says);
}

static void put_difference(const sgp_page *page, const compared *row, sgp_estimate difference) {
    int judged = verdict(row, difference);
    if (difference.n == 0)
        return;
    if (difference.mean == 0 && !(difference.half_width > 0)) {
        sgp_put_tags(page, "<br><small>=</small>");
        return;
    }
    bool unsure = isnan(difference.half_width) || fabs(difference.mean) <= difference.half_width;
    sgp_put_tags(page, "<br><small class=\"%s\">%s ",
                 judged > 0   ? "better"
                 : judged < 0 ? "worse"
                              : "equal",
                 judged > 0   ? "✓"
                 : judged < 0 ? "✗"
                 : unsure     ? "≈"
                              : "·");
    sgp_put_estimate(page, difference, row->form, true);
    sgp_put_tags(page, "</small>");
}

void sgp_table_comparison(const sgp_page *page) {
    const sgp_comparison *c = page->comparison;
    open_table(page);
    put_policy_heads(page, SGP_SAY_MEASURE);
    for (int r = 0; r < COMPARED_ROWS; r++) {
        const compared *row = &compared_rows[r];
        sgp_cell cell = cell_of(row);
        bool first_of_group = r > 0 && strcmp(row->name, compared_rows[r - 1].name) != 0;
        sgp_put_tags(page, "<tr%s><th>", first_of_group ? " class=\"first\"" : "");
        put_row_name(page, row);
        sgp_put_tags(page, "</th>");
        for (uint32_t p = 0; p < c->n_policies; p++) {
            sgp_put_tags(page, "<td class=\"n\">");
            sgp_put_estimate(page, sgp_comparison_estimate(c, p, &cell), row->form, false);
            if (p > 0)
                put_difference(page, row, sgp_comparison_difference(c, p, 0, &cell));
            sgp_put_tags(page, "</td>");
        }
        sgp_put_tags(page, "</tr>\n");
    }
    close_table(page);
}

/* Lists the measures whose verdict is `wanted`. */
static void put_verdicts(const sgp_page *page, uint32_t policy, int wanted) {
    bool any = false;
    sgp_put_tags(page, "<b class=\"%s\">", wanted > 0 ? "better" : "worse");
    sgp_put_say(page, wanted > 0 ? SGP_SAY_BETTER : SGP_SAY_WORSE);
    sgp_put_tags(page, "</b>: ");
    for (int r = 0; r < COMPARED_ROWS; r++) {
        sgp_cell cell = cell_of(&compared_rows[r]);
        sgp_estimate d = sgp_comparison_difference(page->comparison, policy, 0, &cell);
        /* Means mostly repeat what the percentiles say. */
        if (compared_rows[r].better == 0 || compared_rows[r].measure == SGP_MEASURE_MEAN ||
            verdict(&compared_rows[r], d) != wanted)
            continue;
        sgp_put_tags(page, any ? "; " : "");
        put_row_name(page, &compared_rows[r]);
        sgp_put_tags(page, " (");
        sgp_put_estimate(page, d, compared_rows[r].form, true);
        sgp_put_tags(page, ")");
        any = true;
    }
    if (!any)
        sgp_put_say(page, SGP_SAY_NOTHING);
    sgp_put_tags(page, ". ");
}

void sgp_table_verdicts(const sgp_page *page) {
    const sgp_comparison *c = page->comparison;
    sgp_put_tags(page, "<ul class=\"verdicts\">\n");
    for (uint32_t p = 1; p < c->n_policies; p++) {
        sgp_put_tags(page, "<li><code>");
        sgp_put(page, c->policies[p].policy);
        sgp_put_tags(page, "</code> ");
        sgp_put_say(page, SGP_SAY_AGAINST);
        sgp_put_tags(page, " <code>");
        sgp_put(page, c->policies[0].policy);
        sgp_put_tags(page, "</code>. ");
        put_verdicts(page, p, 1);
        put_verdicts(page, p, -1);
        sgp_put_tags(page, "</li>\n");
    }
    sgp_put_tags(page, "</ul>\n");
}

/* ---- targets -------------------------------------------------------------- */

static void put_target_name(const sgp_page *page, const sgp_target *target) {
    char minutes[32], share[32];
    sgp_put_say(page, (sgp_report_text)(SGP_SAY_MOMENT_RING + target->from - SGP_MOMENT_RING));
    sgp_put_tags(page, " → ");
    sgp_put_say(page, (sgp_report_text)(SGP_SAY_MOMENT_RING + target->to - SGP_MOMENT_RING));
    sgp_put_tags(page, " <b>");
    for (int p = SGP_P1; p < SGP_PRIORITIES; p++)
        if (target->priorities >> p & 1)
            sgp_put_tags(page, "%s ", sgp_priority_str((sgp_priority)p));
    sgp_put_tags(page, "</b><br><small>");
    sgp_put(page, target->code);
    sgp_put_tags(page, ": ≤ %s, ", sgp_minutes_text(target->within_ms, minutes));
    if (target->share_permille)
        sgp_put_tags(page, "≥ %s&nbsp;%%",
                     sgp_decimal_text(page, target->share_permille / 10.0,
                                      target->share_permille % 10 ? 1 : 0, share));
    else
        sgp_put_say(page, SGP_SAY_ON_AVERAGE);
    sgp_put_tags(page, "</small>");
}

void sgp_table_targets(const sgp_page *page) {
    const sgp_comparison *c = page->comparison;
    const sgp_summary *first = &c->policies[0].runs[0];
    open_table(page);
    put_policy_heads(page, SGP_SAY_SERVICE_TARGET);
    for (uint32_t t = 0; t < first->n_targets; t++) {
        const sgp_target *target = &first->targets[t];
        sgp_cell cell = {.measure = SGP_MEASURE_TARGET, .target = t};
        compared row = {.form = target->share_permille ? SGP_FORM_PERCENT : SGP_FORM_MINUTES,
                        .better = target->share_permille ? 1 : -1};
        sgp_put_tags(page, "<tr><th class=\"asked\">");
        put_target_name(page, target);
        sgp_put_tags(page, "</th>");
        for (uint32_t p = 0; p < c->n_policies; p++) {
            sgp_estimate reached = sgp_comparison_estimate(c, p, &cell);
            bool met = reached.n && sgp_target_is_met(target, reached.mean);
            sgp_put_tags(page, "<td class=\"n\">");
            sgp_put_estimate(page, reached, row.form, false);
            if (reached.n)
                sgp_put_tags(page, " <b class=\"%s\" title=\"%s\">%s</b>", met ? "better" : "worse",
                             sgp_say(page, met ? SGP_SAY_TARGET_MET : SGP_SAY_TARGET_MISSED),
                             met ? "✓" : "✗");
            if (p > 0)
                put_difference(page, &row, sgp_comparison_difference(c, p, 0, &cell));
            sgp_put_tags(page, "</td>");
        }
        sgp_put_tags(page, "</tr>\n");
    }
    close_table(page);
}

/* ---- coverage ------------------------------------------------------------- */

static const compared covered_rows[] = {
    {SGP_GROUP_ALL, "", SGP_MEASURE_COVERED, SGP_FORM_PERCENT, 1, SGP_SAY_COVERED},
    {SGP_GROUP_ALL, "", SGP_MEASURE_NEAREST, SGP_FORM_MINUTES, -1, SGP_SAY_NEAREST},
    {SGP_GROUP_ALL, "", SGP_MEASURE_UNCOVERED, SGP_FORM_PERCENT, -1, SGP_SAY_UNCOVERED},
};

/* Where somebody was free at any time, the last column would hold zeros alone. */
static int covered_columns(const sgp_comparison *c) {
    for (uint32_t p = 0; p < c->n_policies; p++)
        for (uint32_t r = 0; r < c->policies[p].n_runs; r++)
            if (c->policies[p].runs[r].coverage && c->policies[p].runs[r].coverage->all.none > 0)
                return 3;
    return 2;
}

/* A column for each policy and measure; differences only where there is room, in the row of all. */
static void put_covered(const sgp_page *page, sgp_cell cell, bool differences) {
    const sgp_comparison *c = page->comparison;
    int columns = covered_columns(c);
    for (uint32_t p = 0; p < c->n_policies; p++)
        for (int m = 0; m < columns; m++) {
            cell.measure = covered_rows[m].measure;
            sgp_put_tags(page, "<td class=\"n\">");
            sgp_put_estimate(page, sgp_comparison_estimate(c, p, &cell), covered_rows[m].form,
                             false);
            if (differences && p > 0)
                put_difference(page, &covered_rows[m], sgp_comparison_difference(c, p, 0, &cell));
            sgp_put_tags(page, "</td>");
        }
}

static void put_covered_heads(const sgp_page *page, sgp_report_text first) {
    const sgp_comparison *c = page->comparison;
    int columns = covered_columns(c);
    sgp_put_tags(page, "<thead>");
    if (c->n_policies > 1) {
        sgp_put_tags(page, "<tr><th></th>");
        for (uint32_t p = 0; p < c->n_policies; p++) {
            sgp_put_tags(page, "<th class=\"n\" colspan=\"%d\">", columns);
            sgp_put(page, c->policies[p].policy);
            sgp_put_tags(page, "</th>");
        }
        sgp_put_tags(page, "</tr>");
    }
    sgp_put_tags(page, "<tr><th>");
    sgp_put_say(page, first);
    sgp_put_tags(page, "</th>");
    for (uint32_t p = 0; p < c->n_policies; p++)
        for (int m = 0; m < columns; m++) {
            sgp_put_tags(page, "<th class=\"n\">");
            sgp_put_say(page, covered_rows[m].says);
            sgp_put_tags(page, "</th>");
        }
    sgp_put_tags(page, "</tr></thead><tbody>\n");
}

void sgp_table_coverage_hours(const sgp_page *page) {
    open_table(page);
    put_covered_heads(page, SGP_SAY_HOUR);
    for (int h = -1; h < 24; h++) {
        char name[16];
        snprintf(name, sizeof name, "%02d", h);
        sgp_put_tags(page, "<tr%s><th>", h == 0 ? " class=\"first\"" : "");
        sgp_put(page, h < 0 ? sgp_say(page, SGP_SAY_ALL) : name);
        sgp_put_tags(page, "</th>");
        put_covered(page,
                    (sgp_cell){.grouping = h < 0 ? SGP_GROUP_ALL : SGP_GROUP_HOUR,
                               .name = h < 0 ? NULL : name},
                    h < 0);
        sgp_put_tags(page, "</tr>\n");
    }
    close_table(page);
}

void sgp_table_coverage_areas(const sgp_page *page) {
    const sgp_run_coverage *coverage = page->comparison->policies[0].runs[0].coverage;
    open_table(page);
    put_covered_heads(page, SGP_SAY_KELURAHAN);
    for (uint32_t a = 0; a < coverage->n_areas; a++) {
        const sgp_run_district *district = &coverage->areas[a].district;
        sgp_group_name name;
        memcpy(name.name, district->kelurahan, sizeof name.name);
        memcpy(name.within, district->kecamatan, sizeof name.within);
        sgp_put_tags(page, "<tr><th>");
        sgp_put_group(page, SGP_GROUP_KELURAHAN, &name);
        sgp_put_tags(page, "</th>");
        put_covered(
            page,
            (sgp_cell){.grouping = SGP_GROUP_KELURAHAN, .name = name.name, .within = name.within},
            false);
        sgp_put_tags(page, "</tr>\n");
    }
    close_table(page);
}

/* ---- call by call --------------------------------------------------------- */

static void put_pairs(const sgp_page *page, uint32_t policy, sgp_priority priority) {
    sgp_call_pairs pairs = sgp_comparison_calls(page->comparison, policy, 0, priority);
    const uint64_t counts[] = {pairs.earlier, pairs.later, pairs.equal, pairs.reached_only,
                               pairs.missed_only};
    if (pairs.n == 0)
        return;
    sgp_put_tags(page, "<tr><th>");
    sgp_put(page, page->comparison->policies[policy].policy);
    sgp_put_tags(page, "</th><td>");
    sgp_put(page, priority == SGP_PRIORITY_UNKNOWN ? sgp_say(page, SGP_SAY_ALL)
                                                   : sgp_priority_str(priority));
    sgp_put_tags(page, "</td><td class=\"n\">%llu</td>", (unsigned long long)pairs.n);
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        char text[32];
        sgp_put_tags(page, "<td class=\"n\">%s&nbsp;%%</td>",
                     sgp_decimal_text(page, 100.0 * (double)counts[i] / (double)pairs.n, 1, text));
    }
    char text[32];
    sgp_put_tags(page, "<td class=\"n\">%s</td></tr>\n",
                 sgp_signed_minutes_text(pairs.mean_ms, text));
}

void sgp_table_calls(const sgp_page *page) {
    static const sgp_report_text heads[] = {
        SGP_SAY_PRIORITY, SGP_SAY_CALLS_BOTH,   SGP_SAY_EARLIER,     SGP_SAY_LATER,
        SGP_SAY_EQUAL,    SGP_SAY_REACHED_ONLY, SGP_SAY_MISSED_ONLY, SGP_SAY_MEAN_DIFFERENCE};
    open_table(page);
    sgp_put_tags(page, "<thead><tr><th>");
    sgp_put_say(page, SGP_SAY_POLICIES);
    sgp_put_tags(page, "</th>");
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
        sgp_put_tags(page, i == 0 ? "<th>" : "<th class=\"n\">");
        sgp_put_say(page, heads[i]);
        sgp_put_tags(page, "</th>");
    }
    sgp_put_tags(page, "</tr></thead><tbody>\n");
    for (uint32_t p = 1; p < page->comparison->n_policies; p++) {
        for (int priority = SGP_P1; priority < SGP_PRIORITIES; priority++)
            put_pairs(page, p, (sgp_priority)priority);
        put_pairs(page, p, SGP_PRIORITY_UNKNOWN);
    }
    close_table(page);
}

/* ---- intervals and groups ------------------------------------------------- */

static void put_heads(const sgp_page *page, sgp_report_text first, bool with_counts) {
    sgp_put_tags(page, "<thead><tr><th>");
    sgp_put_say(page, first);
    sgp_put_tags(page, "</th>");
    if (with_counts) {
        sgp_put_tags(page, "<th></th><th class=\"n\">");
        sgp_put_say(page, SGP_SAY_INCIDENTS);
        sgp_put_tags(page, "</th><th class=\"n\">");
        sgp_put_say(page, SGP_SAY_REACHED);
        sgp_put_tags(page, "</th>");
    }
    sgp_put_tags(page, "<th class=\"n\">P50</th><th class=\"n\">P90</th><th class=\"n\">P95</th>"
                       "<th class=\"n\">");
    sgp_put_say(page, SGP_SAY_MEAN);
    sgp_put_tags(page, "</th>");
    if (with_counts) {
        sgp_put_tags(page, "<th class=\"n\">");
        sgp_put_say(page, SGP_SAY_SHARE_IN_TIME);
        sgp_put_tags(page, "</th>");
    }
    sgp_put_tags(page, "</tr></thead><tbody>\n");
}

static void put_measure(const sgp_page *page, uint32_t policy, sgp_cell *cell, sgp_measure measure,
                        sgp_number_form form) {
    cell->measure = measure;
    sgp_put_tags(page, "<td class=\"n\">");
    sgp_put_estimate(page, sgp_comparison_estimate(page->comparison, policy, cell), form, false);
    sgp_put_tags(page, "</td>");
}

static const sgp_measure spread_measures[] = {SGP_MEASURE_P50, SGP_MEASURE_P90, SGP_MEASURE_P95,
                                              SGP_MEASURE_MEAN};

void sgp_table_intervals(const sgp_page *page, uint32_t policy) {
    open_table(page);
    put_heads(page, SGP_SAY_INTERVAL, false);
    for (int i = 0; i < SGP_INTERVAL_LATE; i++) { /* transfers have a table of their own */
        sgp_put_tags(page, "<tr><th>");
        sgp_put_say(page, (sgp_report_text)(SGP_SAY_INTERVAL_ANSWER + i));
        sgp_put_tags(page, "</th>");
        sgp_cell cell = {.interval = (sgp_interval)i, .grouping = SGP_GROUP_ALL};
        for (size_t m = 0; m < sizeof spread_measures / sizeof spread_measures[0]; m++)
            put_measure(page, policy, &cell, spread_measures[m], SGP_FORM_MINUTES);
        sgp_put_tags(page, "</tr>\n");
    }
    close_table(page);
}

static void put_group_row(const sgp_page *page, uint32_t policy, sgp_grouping grouping,
                          const sgp_group_name *name) {
    const sgp_comparison *c = page->comparison;
    sgp_cell cell = {.measure = SGP_MEASURE_INCIDENTS,
                     .interval = SGP_INTERVAL_RESPONSE,
                     .grouping = grouping,
                     .name = name->name,
                     .within = name->within};
    sgp_estimate incidents = sgp_comparison_estimate(c, policy, &cell);
    sgp_put_tags(page, "<tr%s><th>", policy == 0 && c->n_policies > 1 ? " class=\"first\"" : "");
    if (policy == 0)
        sgp_put_group(page, grouping, name);
    sgp_put_tags(page, "</th><td>");
    if (c->n_policies > 1)
        sgp_put(page, c->policies[policy].policy);
    sgp_put_tags(page, "</td>");
    if (grouping == SGP_GROUP_KELURAHAN && incidents.mean * incidents.n < SGP_MAP_FEW) {
        sgp_put_tags(page, "<td class=\"n\" colspan=\"7\">&lt; %d</td></tr>\n", SGP_MAP_FEW);
        return;
    }
    put_measure(page, policy, &cell, SGP_MEASURE_INCIDENTS, SGP_FORM_COUNT);
    put_measure(page, policy, &cell, SGP_MEASURE_REACHED, SGP_FORM_COUNT);
    for (size_t m = 0; m < sizeof spread_measures / sizeof spread_measures[0]; m++)
        put_measure(page, policy, &cell, spread_measures[m], SGP_FORM_MINUTES);
    put_measure(page, policy, &cell, SGP_MEASURE_IN_TIME, SGP_FORM_PERCENT);
    sgp_put_tags(page, "</tr>\n");
}

sgp_err sgp_table_groups(const sgp_page *page, sgp_grouping grouping, sgp_report_text heading) {
    sgp_group_name *names;
    uint32_t n;
    sgp_err err = sgp_comparison_groups(page->comparison, grouping, &names, &n);
    if (err != SGP_OK)
        return err;
    open_table(page);
    put_heads(page, heading, true);
    for (uint32_t g = 0; g < n; g++) {
        for (uint32_t p = 0; p < page->comparison->n_policies; p++)
            put_group_row(page, p, grouping, &names[g]);
    }
    close_table(page);
    free(names);
    return SGP_OK;
}

/* ---- units, hospitals, outcomes ------------------------------------------- */

static void put_unit(const sgp_page *page, const sgp_compared_policy *column,
                     const sgp_unit_use *unit) {
    double jobs = 0, busy = 0, duty = 0;
    for (uint32_t r = 0; r < column->n_runs; r++) {
        for (uint32_t u = 0; u < column->runs[r].n_units; u++) {
            const sgp_unit_use *other = &column->runs[r].units[u];
            if (strcmp(other->code, unit->code) != 0)
                continue;
            jobs += other->n_jobs;
            busy += (double)other->busy_ms;
            duty += (double)other->duty_ms;
        }
    }
    char text[32], wide[32];
    double share = duty > 0 ? busy / duty : NAN;
    sgp_put_tags(page, "<tr><th>");
    sgp_put(page, unit->code);
    sgp_put_tags(page, "</th><td>");
    sgp_put(page, unit->station);
    sgp_put_tags(page, "</td><td class=\"n\">%s</td>",
                 sgp_decimal_text(page, jobs / column->n_runs, column->n_runs > 1, text));
    snprintf(wide, sizeof wide, "%.1f", isnan(share) ? 0 : fmin(share, 1) * 100);
    sgp_put_tags(page,
                 "<td class=\"n\">%s&nbsp;%%</td><td class=\"wide\"><svg class=\"use\" "
                 "viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\" aria-hidden=\"true\">"
                 "<rect class=\"rest\" width=\"100\" height=\"8\"/>"
                 "<rect class=\"bar\" width=\"%s\" height=\"8\"/></svg></td></tr>\n",
                 sgp_decimal_text(page, share * 100, 1, text), wide);
}

void sgp_table_units(const sgp_page *page, uint32_t policy) {
    static const sgp_report_text heads[] = {SGP_SAY_UNIT, SGP_SAY_STATION, SGP_SAY_JOBS,
                                            SGP_SAY_BUSY};
    const sgp_compared_policy *column = &page->comparison->policies[policy];
    open_table(page);
    sgp_put_tags(page, "<thead><tr>");
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
        sgp_put_tags(page, i < 2 ? "<th>" : "<th class=\"n\">");
        sgp_put_say(page, heads[i]);
        sgp_put_tags(page, "</th>");
    }
    sgp_put_tags(page, "<th></th></tr></thead><tbody>\n");
    for (uint32_t u = 0; u < column->runs[0].n_units; u++) {
        if (column->runs[0].units[u].duty_ms > 0 || column->runs[0].units[u].n_jobs > 0)
            put_unit(page, column, &column->runs[0].units[u]);
    }
    close_table(page);
}

/* A row of counts, one a policy: the mean over its replications of the number at `offset`. */
static double mean_of(const sgp_compared_policy *column,
                      double (*count)(const sgp_summary *, uint32_t), uint32_t which) {
    double sum = 0;
    for (uint32_t r = 0; r < column->n_runs; r++)
        sum += count(&column->runs[r], which);
    return sum / column->n_runs;
}

static void put_counts(const sgp_page *page, const char *name,
                       double (*count)(const sgp_summary *, uint32_t), uint32_t which) {
    const sgp_comparison *c = page->comparison;
    bool any = false;
    for (uint32_t p = 0; p < c->n_policies; p++)
        any = any || mean_of(&c->policies[p], count, which) > 0;
    if (!any)
        return;
    sgp_put_tags(page, "<tr><th>");
    sgp_put(page, name);
    sgp_put_tags(page, "</th>");
    for (uint32_t p = 0; p < c->n_policies; p++) {
        char text[32];
        sgp_put_tags(page, "<td class=\"n\">%s</td>",
                     sgp_decimal_text(page, mean_of(&c->policies[p], count, which),
                                      c->policies[p].n_runs > 1, text));
    }
    sgp_put_tags(page, "</tr>\n");
}

static double count_carried(const sgp_summary *run, uint32_t which) {
    return which < run->n_hospitals ? run->carried_to[which] : 0;
}

static double count_outcome(const sgp_summary *run, uint32_t which) {
    return run->outcomes[which];
}

static double count_orders(const sgp_summary *run, uint32_t which) {
    const uint32_t counts[] = {run->n_jobs, run->n_declined, run->n_timed_out, run->n_diverted,
                               run->n_stood_down};
    return counts[which];
}

void sgp_table_hospitals(const sgp_page *page) {
    const sgp_summary *first = &page->comparison->policies[0].runs[0];
    open_table(page);
    put_policy_heads(page, SGP_SAY_HOSPITAL);
    for (uint32_t h = 0; h < first->n_hospitals; h++)
        put_counts(page, first->hospitals[h].name, count_carried, h);
    close_table(page);
}

/* Percentiles of some intervals, by a grouping, one row a group and policy. */
static void put_times(const sgp_page *page, uint32_t policy, sgp_grouping grouping,
                      const sgp_group_name *name, const sgp_interval *intervals, size_t n) {
    sgp_cell cell = {.grouping = grouping, .name = name->name, .within = name->within};
    const sgp_comparison *c = page->comparison;
    sgp_put_tags(page, "<tr%s><th>", policy == 0 && c->n_policies > 1 ? " class=\"first\"" : "");
    if (policy == 0)
        sgp_put(page, name->name);
    sgp_put_tags(page, "</th><td>");
    if (c->n_policies > 1)
        sgp_put(page, c->policies[policy].policy);
    sgp_put_tags(page, "</td>");
    put_measure(page, policy, &cell, SGP_MEASURE_INCIDENTS, SGP_FORM_COUNT);
    for (size_t i = 0; i < 2 * n; i++) {
        cell.interval = intervals[i / 2];
        put_measure(page, policy, &cell, i % 2 ? SGP_MEASURE_P90 : SGP_MEASURE_P50,
                    SGP_FORM_MINUTES);
    }
    sgp_put_tags(page, "</tr>\n");
}

static sgp_err table_of_times(const sgp_page *page, sgp_grouping grouping,
                              const sgp_interval *intervals, size_t n_intervals) {
    sgp_group_name *names;
    uint32_t n;
    sgp_err err = sgp_comparison_groups(page->comparison, grouping, &names, &n);
    if (err != SGP_OK)
        return err;
    open_table(page);
    sgp_put_tags(page, "<thead><tr><th>");
    sgp_put_say(page, SGP_SAY_HOSPITAL);
    sgp_put_tags(page, "</th><th></th><th class=\"n\">");
    sgp_put_say(page, SGP_SAY_INCIDENTS);
    for (size_t i = 0; i < 2 * n_intervals; i++) {
        sgp_put_tags(page, "</th><th class=\"n\">%s ", i % 2 ? "P90" : "P50");
        sgp_put_say(page, (sgp_report_text)(SGP_SAY_INTERVAL_ANSWER + intervals[i / 2]));
    }
    sgp_put_tags(page, "</th></tr></thead><tbody>\n");
    for (uint32_t h = 0; h < n; h++)
        for (uint32_t p = 0; names[h].name[0] && p < page->comparison->n_policies; p++)
            put_times(page, p, grouping, &names[h], intervals, n_intervals);
    close_table(page);
    free(names);
    return SGP_OK;
}

sgp_err sgp_table_handovers(const sgp_page *page) {
    static const sgp_interval shown[] = {SGP_INTERVAL_TRANSPORT, SGP_INTERVAL_HANDOVER};
    return table_of_times(page, SGP_GROUP_HOSPITAL, shown, 2);
}

sgp_err sgp_table_transfers(const sgp_page *page) {
    static const sgp_interval shown[] = {SGP_INTERVAL_LATE, SGP_INTERVAL_TRANSPORT,
                                         SGP_INTERVAL_HANDOVER};
    return table_of_times(page, SGP_GROUP_TRANSFER, shown, 3);
}

void sgp_table_outcomes(const sgp_page *page) {
    static const sgp_report_text orders[] = {SGP_SAY_ORDERS, SGP_SAY_DECLINED, SGP_SAY_TIMED_OUT,
                                             SGP_SAY_DIVERTED, SGP_SAY_STOOD_DOWN};
    open_table(page);
    put_policy_heads(page, SGP_SAY_OUTCOME);
    for (uint32_t o = 0; o < SGP_OUTCOME_REAL; o++) /* which calls have, not incidents */
        put_counts(page,
                   o <= SGP_OUTCOME_ABANDONED
                       ? sgp_say(page, (sgp_report_text)(SGP_SAY_OUTCOME_NONE + o))
                       : sgp_outcome_str((sgp_outcome)o),
                   count_outcome, o);
    for (uint32_t i = 0; i < sizeof orders / sizeof orders[0]; i++)
        put_counts(page, sgp_say(page, orders[i]), count_orders, i);
    close_table(page);
}
