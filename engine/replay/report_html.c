#include "replay/report_html.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "replay/report_call_week.h"
#include "replay/report_map.h"
#include "replay/report_plot.h"
#include "replay/report_tables.h"

/* report_page.css as a C string, made by the build. */
#include "report_page_css.h"

static void heading(const sgp_page *page, sgp_report_text text) {
    sgp_put_tags(page, "<h2>");
    sgp_put_say(page, text);
    sgp_put_tags(page, "</h2>\n");
}

static void paragraph(const sgp_page *page, sgp_report_text text) {
    sgp_put_tags(page, "<p>");
    sgp_put_say(page, text);
    sgp_put_tags(page, "</p>\n");
}

static void fact(const sgp_page *page, sgp_report_text name) {
    sgp_put_tags(page, "</dd><dt>");
    sgp_put_say(page, name);
    sgp_put_tags(page, "</dt><dd>");
}

/* The day and minute of local time. */
static char *local_minute(int64_t at_ms, int32_t utc_offset_s, char text[40]) {
    time_t seconds = (time_t)(at_ms / 1000 + utc_offset_s);
    struct tm tm;
    gmtime_r(&seconds, &tm);
    strftime(text, 40, "%Y-%m-%d %H:%M", &tm);
    return text;
}

static void put_head(const sgp_page *page, const sgp_html_options *options) {
    const sgp_summary *first = &page->comparison->policies[0].runs[0];
    char from[40], until[40];
    sgp_put_tags(page,
                 "<!DOCTYPE html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\">\n"
                 "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                 "style-src 'unsafe-inline'\">\n<meta name=\"viewport\" "
                 "content=\"width=device-width,initial-scale=1\">\n<meta name=\"color-scheme\" "
                 "content=\"light dark\">\n<title>",
                 sgp_say(page, SGP_SAY_LANGUAGE));
    sgp_put_say(page, SGP_SAY_TITLE);
    sgp_put_tags(page, "</title>\n<style>\n%s</style></head><body>\n<header><h1>", report_page_css);
    sgp_put_say(page, SGP_SAY_TITLE);
    sgp_put_tags(page, "</h1>\n");
    if (first->is_sketch) {
        sgp_put_tags(page, "<p class=\"warning\">");
        sgp_put_say(page, SGP_SAY_SKETCH);
        sgp_put_tags(page, "</p>\n");
    }
    sgp_put_tags(page, "<dl><dt>");
    sgp_put_say(page, SGP_SAY_PERIOD);
    sgp_put_tags(page, "</dt><dd>%s – %s", local_minute(first->from_ms, first->utc_offset_s, from),
                 local_minute(first->until_ms, first->utc_offset_s, until));
    if (first->city[0] != '\0') {
        fact(page, SGP_SAY_CITY);
        sgp_put(page, first->city);
    }
    fact(page, SGP_SAY_SCENARIO);
    if (first->scenario[0] != '\0')
        sgp_put(page, first->scenario);
    else
        sgp_put_say(page, first->source == SGP_RUN_REAL ? SGP_SAY_HISTORY : SGP_SAY_PAST_CALLS);
    fact(page, SGP_SAY_POLICIES);
    for (uint32_t p = 0; p < page->comparison->n_policies; p++) {
        sgp_put_tags(page, "%s<code>", p > 0 ? " " : "");
        sgp_put(page, page->comparison->policies[p].policy);
        sgp_put_tags(page, "</code>");
    }
    fact(page, SGP_SAY_REPLICATIONS);
    sgp_put_tags(page, "%u", (unsigned)page->comparison->policies[0].n_runs);
    fact(page, SGP_SAY_MADE);
    sgp_put_tags(page, "%s, ", local_minute(options->made_at_ms, first->utc_offset_s, from));
    sgp_put(page, options->made_by != NULL ? options->made_by : "sigap");
    sgp_put_tags(page, "</dd></dl></header>\n<main>\n");
}

static void card(const sgp_page *page, sgp_report_text name, const char *of, sgp_measure measure,
                 sgp_number_form form) {
    sgp_cell cell = {.measure = measure,
                     .interval = SGP_INTERVAL_RESPONSE,
                     .grouping = of[0] != '\0' ? SGP_GROUP_PRIORITY : SGP_GROUP_ALL,
                     .name = of};
    sgp_put_tags(page, "<div class=\"card\"><span>");
    sgp_put_say(page, name);
    sgp_put_tags(page, " %s</span><strong>", of);
    sgp_put_estimate(page, sgp_comparison_estimate(page->comparison, 0, &cell), form, false);
    sgp_put_tags(page, "</strong></div>\n");
}

static void put_glance(const sgp_page *page) {
    sgp_put_tags(page, "<section><h2>");
    sgp_put_say(page, SGP_SAY_AT_A_GLANCE);
    if (page->comparison->n_policies > 1) {
        sgp_put_tags(page, ": <code>");
        sgp_put(page, page->comparison->policies[0].policy);
        sgp_put_tags(page, "</code>");
    }
    sgp_put_tags(page, "</h2>\n<div class=\"cards\">\n");
    card(page, SGP_SAY_INCIDENTS, "", SGP_MEASURE_INCIDENTS, SGP_FORM_COUNT);
    card(page, SGP_SAY_RESPONSE_P90, "P1", SGP_MEASURE_P90, SGP_FORM_MINUTES);
    card(page, SGP_SAY_IN_TIME, "P1", SGP_MEASURE_IN_TIME, SGP_FORM_PERCENT);
    card(page, SGP_SAY_RESPONSE_P90, "", SGP_MEASURE_P90, SGP_FORM_MINUTES);
    card(page, SGP_SAY_IN_TIME, "", SGP_MEASURE_IN_TIME, SGP_FORM_PERCENT);
    card(page, SGP_SAY_USE, "", SGP_MEASURE_USE, SGP_FORM_PERCENT);
    sgp_put_tags(page, "</div></section>\n");
}

static void put_comparison(const sgp_page *page) {
    if (page->comparison->n_policies < 2)
        return;
    sgp_put_tags(page, "<section>");
    heading(page, SGP_SAY_COMPARISON);
    sgp_table_verdicts(page);
    sgp_plot_legend(page);
    sgp_put_tags(page, "<h3>");
    sgp_put_say(page, SGP_SAY_DIFFERENCE_PLOT);
    sgp_put_tags(page, "</h3><div class=\"scroll\">\n");
    sgp_plot_differences(page);
    sgp_put_tags(page, "</div>\n");
    paragraph(page, SGP_SAY_COMPARISON_HOW);
    sgp_table_comparison(page);
    sgp_put_tags(page, "<h3>");
    sgp_put_say(page, SGP_SAY_CALL_BY_CALL);
    sgp_put_tags(page, "</h3>\n");
    sgp_table_calls(page);
    sgp_put_tags(page, "</section>\n");
}

static sgp_err put_distribution(const sgp_page *page) {
    sgp_put_tags(page, "<section>");
    heading(page, SGP_SAY_DISTRIBUTION);
    sgp_put_tags(page, "<p class=\"note\">");
    sgp_put_say(page, SGP_SAY_OF_REACHED);
    sgp_put_tags(page, "</p>\n");
    if (page->comparison->n_policies > 1)
        sgp_plot_legend(page);
    sgp_put_tags(page, "<div class=\"pair\"><figure><figcaption>P1</figcaption>\n");
    sgp_err err = sgp_plot_distribution(page, SGP_P1);
    sgp_put_tags(page, "</figure><figure><figcaption>");
    sgp_put_say(page, SGP_SAY_ALL_PRIORITIES);
    sgp_put_tags(page, "</figcaption>\n");
    if (err == SGP_OK)
        err = sgp_plot_distribution(page, SGP_PRIORITY_UNKNOWN);
    sgp_put_tags(page, "</figure></div></section>\n");
    return err;
}

static void put_intervals(const sgp_page *page) {
    sgp_put_tags(page, "<section>");
    heading(page, SGP_SAY_INTERVALS);
    for (uint32_t p = 0; p < page->comparison->n_policies; p++) {
        if (page->comparison->n_policies > 1) {
            sgp_put_tags(page, "<details%s><summary><code>", p == 0 ? " open" : "");
            sgp_put(page, page->comparison->policies[p].policy);
            sgp_put_tags(page, "</code></summary>\n");
        }
        sgp_table_intervals(page, p);
        sgp_put_tags(page, page->comparison->n_policies > 1 ? "</details>\n" : "");
    }
    sgp_put_tags(page, "</section>\n");
}

static void put_targets(const sgp_page *page) {
    if (page->comparison->policies[0].runs[0].n_targets == 0)
        return;
    sgp_put_tags(page, "<section>");
    heading(page, SGP_SAY_TARGETS);
    paragraph(page, SGP_SAY_TARGETS_HOW);
    sgp_table_targets(page);
    sgp_put_tags(page, "</section>\n");
}

static void put_coverage(const sgp_page *page) {
    if (page->comparison->policies[0].runs[0].coverage == NULL)
        return;
    sgp_put_tags(page, "<section>");
    heading(page, SGP_SAY_COVERAGE);
    paragraph(page, SGP_SAY_COVERAGE_HOW);
    sgp_table_coverage_hours(page);
    sgp_put_tags(page, "<details><summary>");
    sgp_put_say(page, SGP_SAY_COVERAGE_AREAS);
    sgp_put_tags(page, "</summary>\n");
    sgp_table_coverage_areas(page);
    sgp_put_tags(page, "</details></section>\n");
}

/* A section of one grouping; long ones are folded. */
static sgp_err put_grouping(const sgp_page *page, sgp_grouping grouping, sgp_report_text title,
                            sgp_report_text column, bool folded) {
    sgp_put_tags(page, "<section>");
    heading(page, title);
    if (grouping == SGP_GROUP_HOUR) {
        sgp_put_tags(page, "<p class=\"note\">");
        sgp_put_say(page, SGP_SAY_CALLS_BY_HOUR);
        sgp_put_tags(page, "</p>\n");
        if (page->comparison->n_policies > 1)
            sgp_plot_legend(page);
        sgp_put_tags(page, "<div class=\"scroll\">\n");
        sgp_plot_hours(page);
        sgp_put_tags(page, "</div>\n");
    }
    if (folded) {
        sgp_put_tags(page, "<details><summary>");
        sgp_put_say(page, SGP_SAY_SHOW_TABLE);
        sgp_put_tags(page, "</summary>\n");
    }
    sgp_err err = sgp_table_groups(page, grouping, column);
    sgp_put_tags(page, folded ? "</details></section>\n" : "</section>\n");
    return err;
}

static sgp_err put_maps(const sgp_page *page) {
    if (!sgp_map_possible(page))
        return SGP_OK;
    sgp_put_tags(page, "<section>");
    heading(page, SGP_SAY_MAPS);
    sgp_put_tags(page, "<p class=\"note\">");
    sgp_put_say(page, SGP_SAY_MAP_PRIVACY);
    sgp_put_tags(page, " ● ");
    sgp_put_say(page, SGP_SAY_STATIONS);
    sgp_put_tags(page, " · + ");
    sgp_put_say(page, SGP_SAY_HOSPITALS);
    sgp_put_tags(page, "</p>\n");
    /* The whole service area beside its core, where most incidents and stations crowd. */
    static const int percents[] = {95, 60};
    sgp_map *maps[2] = {NULL, NULL};
    sgp_err err = SGP_OK;
    for (int i = 0; i < 2 && err == SGP_OK; i++)
        err = sgp_map_begin(page, percents[i], &maps[i]);
    sgp_put_tags(page, "<div class=\"maps\">\n");
    for (uint32_t p = 0; p < page->comparison->n_policies && err == SGP_OK; p++) {
        for (int i = 0; i < 2; i++)
            p == 0 ? sgp_map_response(maps[i], p) : sgp_map_difference(maps[i], p);
    }
    sgp_map_end(maps[0]);
    sgp_map_end(maps[1]);
    sgp_put_tags(page, "</div></section>\n");
    return err;
}

static void put_units(const sgp_page *page) {
    sgp_put_tags(page, "<section>");
    heading(page, SGP_SAY_UNITS);
    for (uint32_t p = 0; p < page->comparison->n_policies; p++) {
        sgp_put_tags(page, "<details%s><summary>%s<code>",
                     page->comparison->n_policies == 1 ? " open" : "", "");
        sgp_put(page, page->comparison->policies[p].policy);
        sgp_put_tags(page, "</code></summary>\n");
        sgp_table_units(page, p);
        sgp_put_tags(page, "</details>\n");
    }
    sgp_put_tags(page, "</section>\n<section>");
    heading(page, SGP_SAY_OUTCOMES);
    /* Beside each other where few policies leave room. */
    sgp_put_tags(page,
                 page->comparison->n_policies < 3 ? "<div class=\"pair\"><div>\n" : "<div><div>\n");
    sgp_table_outcomes(page);
    sgp_put_tags(page, "</div><div>\n");
    sgp_table_hospitals(page);
    sgp_put_tags(page, "</div></div></section>\n");
}

static void put_call_outcomes(const sgp_page *page) {
    sgp_put_tags(page, "<section>");
    heading(page, SGP_SAY_CALL_OUTCOMES);
    paragraph(page, SGP_SAY_CALL_OUTCOMES_HOW);
    sgp_put_tags(page, "<p class=\"note\">");
    sgp_put_say(page, SGP_SAY_FALSE_CALLS_PLOT);
    sgp_put_tags(page, "</p>\n");
    sgp_plot_call_week(page);
    sgp_table_call_days(page);
    sgp_put_tags(page, "<details><summary>");
    sgp_put_say(page, SGP_SAY_BY_HOUR);
    sgp_put_tags(page, "</summary>\n");
    sgp_table_call_hours(page);
    sgp_put_tags(page, "</details></section>\n");
}

static sgp_err put_handovers(const sgp_page *page) {
    if (page->comparison->policies[0].runs[0].n_hospitals == 0)
        return SGP_OK;
    sgp_put_tags(page, "<section>");
    heading(page, SGP_SAY_HANDOVERS);
    sgp_put_tags(page, "<details><summary>");
    sgp_put_say(page, SGP_SAY_SHOW_TABLE);
    sgp_put_tags(page, "</summary>\n");
    sgp_err err = sgp_table_handovers(page);
    sgp_put_tags(page, "</details></section>\n");
    return err;
}

static sgp_err put_transfers(const sgp_page *page) {
    sgp_group_name *names;
    uint32_t n;
    sgp_err err = sgp_comparison_groups(page->comparison, SGP_GROUP_TRANSFER, &names, &n);
    if (err != SGP_OK)
        return err;
    free(names);
    if (n == 0)
        return SGP_OK;
    sgp_put_tags(page, "<section>");
    heading(page, SGP_SAY_TRANSFERS);
    paragraph(page, SGP_SAY_TRANSFERS_HOW);
    err = sgp_table_transfers(page);
    sgp_put_tags(page, "</section>\n");
    return err;
}

static void put_reading(const sgp_page *page) {
    static const sgp_report_text texts[] = {SGP_SAY_READ_RESPONSE, SGP_SAY_READ_PERCENTILE,
                                            SGP_SAY_READ_IN_TIME,  SGP_SAY_READ_HALF_WIDTH,
                                            SGP_SAY_READ_STATION,  SGP_SAY_OFFLINE};
    sgp_put_tags(page, "<section>");
    heading(page, SGP_SAY_HOW_TO_READ);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        paragraph(page, texts[i]);
    if (page->comparison->policies[0].runs[0].source == SGP_RUN_PAST_CALLS)
        paragraph(page, SGP_SAY_READ_PAST_CALLS);
    sgp_put_tags(page, "</section>\n</main></body></html>\n");
}

static sgp_err put_all(const sgp_page *page, const sgp_html_options *options) {
    static const struct {
        sgp_grouping grouping;
        sgp_report_text title, column;
        bool folded;
    } groupings[] = {
        {SGP_GROUP_PRIORITY, SGP_SAY_BY_PRIORITY, SGP_SAY_PRIORITY, false},
        {SGP_GROUP_HOUR, SGP_SAY_BY_HOUR, SGP_SAY_HOUR, true},
        {SGP_GROUP_STATION, SGP_SAY_BY_STATION, SGP_SAY_STATION, true},
        {SGP_GROUP_KECAMATAN, SGP_SAY_BY_KECAMATAN, SGP_SAY_KECAMATAN, true},
        {SGP_GROUP_KELURAHAN, SGP_SAY_BY_KELURAHAN, SGP_SAY_KELURAHAN, true},
    };
    put_head(page, options);
    put_glance(page);
    put_comparison(page);
    sgp_err err = put_distribution(page);
    put_targets(page);
    put_intervals(page);
    put_coverage(page);
    if (err == SGP_OK)
        err = put_maps(page);
    for (size_t i = 0; i < sizeof groupings / sizeof groupings[0] && err == SGP_OK; i++)
        err = put_grouping(page, groupings[i].grouping, groupings[i].title, groupings[i].column,
                           groupings[i].folded);
    put_units(page);
    put_call_outcomes(page);
    if (err == SGP_OK)
        err = put_handovers(page);
    if (err == SGP_OK)
        err = put_transfers(page);
    put_reading(page);
    return err;
}

sgp_err sgp_report_html(const sgp_comparison *comparison, const sgp_html_options *options,
                        FILE *out, sgp_fault *fault) {
    if (comparison->n_policies == 0)
        return sgp_fail(fault, SGP_E_ARGUMENT, "there is no run to report");
    sgp_page page = {.out = out,
                     .english = options->language != NULL && strcmp(options->language, "en") == 0,
                     .comparison = comparison,
                     .map = options->map};
    sgp_err err = put_all(&page, options);
    if (err != SGP_OK)
        return sgp_fail(fault, err, "no memory for the report");
    if (fflush(out) != 0 || ferror(out))
        return sgp_fail(fault, SGP_E_IO, "the report could not be written");
    return SGP_OK;
}
