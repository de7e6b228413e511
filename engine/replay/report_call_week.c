#include "replay/report_call_week.h"

#include <math.h>
#include <stdio.h>

#include "replay/report_map.h"

enum { DAYS = SGP_WEEK_DAYS, HOURS = SGP_DAY_HOURS };

/* Over all replications together. */
static uint64_t count(const sgp_page *page, sgp_outcome outcome, int day, int hour) {
    const sgp_compared_policy *first = &page->comparison->policies[0];
    uint64_t n = 0;
    for (uint32_t r = 0; r < first->n_runs; r++)
        n += sgp_call_week_count(&first->runs[r].week, outcome, day, hour);
    return n;
}

static uint64_t count_all(const sgp_page *page, bool only_false, int day, int hour) {
    const sgp_compared_policy *first = &page->comparison->policies[0];
    uint64_t n = 0;
    for (uint32_t r = 0; r < first->n_runs; r++)
        n += sgp_call_week_all(&first->runs[r].week, only_false, day, hour);
    return n;
}

/* The share of false calls, replication by replication. */
static sgp_estimate false_share(const sgp_page *page, int day, int hour) {
    const sgp_compared_policy *first = &page->comparison->policies[0];
    double shares[SGP_REPLICATIONS_MAX];
    for (uint32_t r = 0; r < first->n_runs; r++) {
        const sgp_call_week *week = &first->runs[r].week;
        uint64_t all = sgp_call_week_all(week, false, day, hour);
        shares[r] =
            all ? (double)sgp_call_week_all(week, true, day, hour) / (double)all : (double)NAN;
    }
    return sgp_estimate_of(shares, first->n_runs);
}

/* ---- tables ----------------------------------------------------------------- */

static sgp_report_text name_of(sgp_outcome outcome) {
    return outcome == SGP_OUTCOME_REAL ? SGP_SAY_OUTCOME_REAL
                                       : (sgp_report_text)(SGP_SAY_OUTCOME_NONE + outcome);
}

static void put_heads(const sgp_page *page, sgp_report_text first) {
    sgp_put_tags(page, "<div class=\"scroll\"><table>\n<thead><tr><th>");
    sgp_put_say(page, first);
    sgp_put_tags(page, "</th><th class=\"n\">");
    sgp_put_say(page, SGP_SAY_CALLS);
    for (int i = 0; i < SGP_CALL_SORTS; i++) {
        if (!count(page, sgp_call_sorts[i], DAYS, HOURS))
            continue;
        sgp_put_tags(page, "</th><th class=\"n\">");
        sgp_put_say(page, name_of(sgp_call_sorts[i]));
    }
    sgp_put_tags(page, "</th><th class=\"n\">");
    sgp_put_say(page, SGP_SAY_FALSE_CALLS);
    sgp_put_tags(page, "</th></tr></thead><tbody>\n");
}

static void put_row(const sgp_page *page, const char *name, int day, int hour) {
    uint64_t all = count_all(page, false, day, hour);
    uint32_t n_runs = page->comparison->policies[0].n_runs;
    char text[32];
    sgp_put_tags(page, "<tr><th>");
    sgp_put(page, name);
    sgp_put_tags(page, "</th><td class=\"n\">%s</td>",
                 sgp_decimal_text(page, (double)all / n_runs, n_runs > 1, text));
    for (int i = 0; i < SGP_CALL_SORTS; i++) {
        if (!count(page, sgp_call_sorts[i], DAYS, HOURS))
            continue;
        double share = 100.0 * (double)count(page, sgp_call_sorts[i], day, hour) / (double)all;
        sgp_put_tags(page, "<td class=\"n\">%s&nbsp;%%</td>",
                     sgp_decimal_text(page, all ? share : (double)NAN, 1, text));
    }
    sgp_put_tags(page, "<td class=\"n\">");
    sgp_put_estimate(page, false_share(page, day, hour), SGP_FORM_PERCENT, false);
    sgp_put_tags(page, "</td></tr>\n");
}

static void close_table(const sgp_page *page) {
    put_row(page, sgp_say(page, SGP_SAY_ALL), DAYS, HOURS);
    sgp_put_tags(page, "</tbody></table></div>\n");
}

void sgp_table_call_days(const sgp_page *page) {
    put_heads(page, SGP_SAY_DAY);
    for (int day = 0; day < DAYS; day++)
        put_row(page, sgp_say(page, (sgp_report_text)(SGP_SAY_MONDAY + day)), day, HOURS);
    close_table(page);
}

void sgp_table_call_hours(const sgp_page *page) {
    put_heads(page, SGP_SAY_HOUR);
    for (int hour = 0; hour < HOURS; hour++) {
        char name[16];
        snprintf(name, sizeof name, "%02d:00", hour);
        put_row(page, name, DAYS, hour);
    }
    close_table(page);
}

/* ---- the week as a map ------------------------------------------------------ */

/* Classes of the share of false calls: up to so many permille each, the last has the rest. */
enum { CLASSES = 7 };
static const int class_permille[CLASSES] = {50, 100, 150, 200, 300, 500, 1000};

static int class_of(uint64_t false_calls, uint64_t all) {
    int class = 0;
    while (class < CLASSES - 1 && false_calls * 1000 > all * (uint64_t)class_permille[class])
        class ++;
    return class;
}

/* Different calls: where all replications have the same ones, more of them tell no more. */
static bool is_few(const sgp_page *page, uint64_t all) {
    const sgp_compared_policy *first = &page->comparison->policies[0];
    bool same = first->runs[0].source != SGP_RUN_DRAWN_CALLS;
    return all < (uint64_t)SGP_MAP_FEW * (same ? first->n_runs : 1);
}

static void put_hour(const sgp_page *page, int day, int hour, double left, double top, double width,
                     double height) {
    uint64_t all = count_all(page, false, day, hour);
    uint64_t false_calls = count_all(page, true, day, hour);
    char class[8] = "few", text[32];
    if (!is_few(page, all))
        snprintf(class, sizeof class, "q%d", class_of(false_calls, all));
    sgp_put_tags(page,
                 "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\">"
                 "<title>",
                 class, left, top, width - 1, height - 1);
    sgp_put_say(page, (sgp_report_text)(SGP_SAY_MONDAY + day));
    sgp_put_tags(page, " %02d:00", hour);
    if (!is_few(page, all))
        sgp_put_tags(page, ": %s %%",
                     sgp_decimal_text(page, 100.0 * (double)false_calls / (double)all, 0, text));
    sgp_put_tags(page, "</title></rect>\n");
}

static void put_legend(const sgp_page *page) {
    sgp_put_tags(page, "<p class=\"legend\">");
    for (int i = 0; i < CLASSES; i++)
        sgp_put_tags(page, "<span><i class=\"q%d\"></i>%d–%d&nbsp;%%</span> ", i,
                     i ? class_permille[i - 1] / 10 : 0, class_permille[i] / 10);
    sgp_put_tags(page, "<span><i class=\"few\"></i>");
    sgp_put_say(page, SGP_SAY_FEW_CALLS);
    sgp_put_tags(page, "</span></p>\n");
}

void sgp_plot_call_week(const sgp_page *page) {
    const double left = 100, top = 8, width = 32, height = 24;
    sgp_put_tags(page,
                 "<div class=\"scroll\"><svg class=\"plot\" viewBox=\"0 0 880 %g\" "
                 "role=\"img\"><title>",
                 top + DAYS * height + 28);
    sgp_put_say(page, SGP_SAY_FALSE_CALLS_PLOT);
    sgp_put_tags(page, "</title>\n");
    for (int day = 0; day < DAYS; day++) {
        sgp_put_tags(page, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\">", left - 8,
                     top + (day + 0.68) * height);
        sgp_put_say(page, (sgp_report_text)(SGP_SAY_MONDAY + day));
        sgp_put_tags(page, "</text>\n");
        for (int hour = 0; hour < HOURS; hour++)
            put_hour(page, day, hour, left + hour * width, top + day * height, width, height);
    }
    for (int hour = 0; hour < HOURS; hour++)
        sgp_put_tags(page, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">%02d</text>\n",
                     left + (hour + 0.5) * width, top + DAYS * height + 18, hour);
    sgp_put_tags(page, "</svg></div>\n");
    put_legend(page);
}
