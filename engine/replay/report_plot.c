#include "replay/report_plot.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A drawing area within an SVG: data at 0..x_most, 0..y_most. */
typedef struct frame {
    double left, top, width, height; /* of the inner area */
    double x_least, x_most, y_most;
} frame;

static double x_of(const frame *f, double value) {
    return f->left + (value - f->x_least) / (f->x_most - f->x_least) * f->width;
}

static double y_of(const frame *f, double value) {
    return f->top + f->height - value / f->y_most * f->height;
}

int64_t sgp_nice_step_ms(double range_ms, int most) {
    static const int64_t steps_s[] = {1,   2,   5,   10,   15,   30,   60,    120,
                                      300, 600, 900, 1800, 3600, 7200, 21600, 86400};
    size_t n = sizeof steps_s / sizeof steps_s[0];
    for (size_t i = 0; i < n; i++) {
        if (range_ms <= (double)steps_s[i] * 1000 * most)
            return steps_s[i] * 1000;
    }
    return steps_s[n - 1] * 1000;
}

static void open_svg(const sgp_page *page, double width, double height, sgp_report_text title) {
    sgp_put_tags(page, "<svg class=\"plot\" viewBox=\"0 0 %g %g\" role=\"img\"><title>", width,
                 height);
    sgp_put_say(page, title);
    sgp_put_tags(page, "</title>\n");
}

static void put_line(const sgp_page *page, const char *class, double x1, double y1, double x2,
                     double y2) {
    sgp_put_tags(page, "<path class=\"%s\" d=\"M%.1f %.1fL%.1f %.1f\"/>\n", class, x1, y1, x2, y2);
}

static void put_label(const sgp_page *page, const char *anchor, double x, double y,
                      const char *text) {
    sgp_put_tags(page, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">", x, y, anchor);
    sgp_put(page, text);
    sgp_put_tags(page, "</text>\n");
}

void sgp_plot_legend(const sgp_page *page) {
    const sgp_comparison *c = page->comparison;
    sgp_put_tags(page, "<p class=\"legend\">");
    for (uint32_t p = 0; p < c->n_policies; p++) {
        sgp_put_tags(page,
                     "<span><svg viewBox=\"0 0 34 10\" aria-hidden=\"true\"><path class=\"line "
                     "s%u\" d=\"M1 5H33\"/></svg>",
                     (unsigned)p);
        sgp_put(page, c->policies[p].policy);
        sgp_put_tags(page, "</span> ");
    }
    sgp_put_tags(page, "</p>\n");
}

/* ---- distribution --------------------------------------------------------- */

static int ascending(const void *left, const void *right) {
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return a < b ? -1 : a > b;
}

/* Responses of all replications of a policy, ascending; NULL out of memory. */
static int64_t *collect(const sgp_compared_policy *policy, sgp_priority priority, size_t *n) {
    size_t most = 0;
    for (uint32_t r = 0; r < policy->n_runs; r++)
        most += policy->runs[r].n_responses;
    int64_t *ms = malloc((most + 1) * sizeof *ms);
    *n = 0;
    if (ms == NULL)
        return NULL;
    for (uint32_t r = 0; r < policy->n_runs; r++) {
        const sgp_summary *run = &policy->runs[r];
        for (uint32_t i = 0; i < run->n_responses; i++) {
            const sgp_call_response *response = &run->responses[i];
            if (response->response_ms >= 0 &&
                (priority == SGP_PRIORITY_UNKNOWN || response->priority == (uint8_t)priority))
                ms[(*n)++] = response->response_ms;
        }
    }
    qsort(ms, *n, sizeof *ms, ascending);
    return ms;
}

static void put_curve(const sgp_page *page, const frame *f, uint32_t policy, const int64_t *ms,
                      size_t n) {
    enum { STEPS = 160 };
    size_t at = 0;
    if (n == 0)
        return;
    sgp_put_tags(page, "<path class=\"line s%u\" d=\"", (unsigned)policy);
    for (int i = 0; i <= STEPS; i++) {
        double x_ms = f->x_most * i / STEPS;
        while (at < n && (double)ms[at] <= x_ms)
            at++;
        sgp_put_tags(page, "%c%.1f %.1f", i == 0 ? 'M' : 'L', x_of(f, x_ms),
                     y_of(f, (double)at / (double)n));
    }
    sgp_put_tags(page, "\"><title>");
    sgp_put(page, page->comparison->policies[policy].policy);
    sgp_put_tags(page, "</title></path>\n");
}

static void put_distribution_axes(const sgp_page *page, const frame *f, int64_t step_ms,
                                  int64_t target_ms) {
    char text[48];
    for (int percent = 0; percent <= 100; percent += 10) {
        double y = y_of(f, percent / 100.0);
        put_line(page, percent == 90 ? "ninety" : "grid", f->left, y, f->left + f->width, y);
        if (percent % 20 == 10 && percent != 90)
            continue;
        snprintf(text, sizeof text, "%d %%", percent);
        put_label(page, "end", f->left - 6, y + 4, text);
    }
    for (int64_t ms = 0; ms <= (int64_t)f->x_most; ms += step_ms) {
        if (step_ms < 60000)
            sgp_minutes_text((double)ms, text);
        else
            snprintf(text, sizeof text, "%g", (double)ms / 60000);
        put_label(page, "middle", x_of(f, (double)ms), f->top + f->height + 18, text);
    }
    if (step_ms >= 60000)
        put_label(page, "end", f->left + f->width, f->top + f->height + 34,
                  sgp_say(page, SGP_SAY_MINUTES));
    if (target_ms > 0 && (double)target_ms < f->x_most) {
        double x = x_of(f, (double)target_ms);
        put_line(page, "target", x, f->top, x, f->top + f->height);
        char minutes[32];
        sgp_minutes_text((double)target_ms, minutes);
        snprintf(text, sizeof text, "%s %s", sgp_say(page, SGP_SAY_TARGET), minutes);
        put_label(page, "start", x + 5, f->top + f->height - 8, text);
    }
}

sgp_err sgp_plot_distribution(const sgp_page *page, sgp_priority priority) {
    const sgp_comparison *c = page->comparison;
    int64_t *lists[SGP_COMPARED_POLICIES_MAX] = {0}, most_ms = 60000;
    size_t n[SGP_COMPARED_POLICIES_MAX];
    sgp_err err = SGP_OK;
    for (uint32_t p = 0; p < c->n_policies && err == SGP_OK; p++) {
        lists[p] = collect(&c->policies[p], priority, &n[p]);
        if (lists[p] == NULL)
            err = SGP_E_MEMORY;
        else if (n[p] > 0 && sgp_percentile(lists[p], n[p], 980) > most_ms)
            most_ms = sgp_percentile(lists[p], n[p], 980);
    }
    if (err == SGP_OK) {
        int64_t step_ms = sgp_nice_step_ms((double)most_ms, 8);
        frame f = {46, 8, 380, 230, 0, (double)((most_ms + step_ms - 1) / step_ms * step_ms), 1};
        open_svg(page, 440, 280, SGP_SAY_DISTRIBUTION);
        int64_t target_ms =
            priority != SGP_PRIORITY_UNKNOWN ? c->policies[0].runs[0].target_ms[priority] : 0;
        put_distribution_axes(page, &f, step_ms, target_ms);
        for (uint32_t p = 0; p < c->n_policies; p++)
            put_curve(page, &f, p, lists[p], n[p]);
        sgp_put_tags(page, "</svg>\n");
    }
    for (uint32_t p = 0; p < c->n_policies; p++)
        free(lists[p]);
    return err;
}

/* ---- hours ---------------------------------------------------------------- */

static sgp_estimate of_hour(const sgp_page *page, uint32_t policy, int hour, sgp_measure measure) {
    char name[8];
    snprintf(name, sizeof name, "%02d", hour % 100);
    sgp_cell cell = {.measure = measure,
                     .interval = SGP_INTERVAL_RESPONSE,
                     .grouping = SGP_GROUP_HOUR,
                     .name = name};
    return sgp_comparison_estimate(page->comparison, policy, &cell);
}

static void put_hour_line(const sgp_page *page, const frame *f, uint32_t policy) {
    bool drawing = false;
    sgp_put_tags(page, "<path class=\"line s%u\" d=\"", (unsigned)policy);
    for (int hour = 0; hour < 24; hour++) {
        sgp_estimate p90 = of_hour(page, policy, hour, SGP_MEASURE_P90);
        if (p90.n > 0)
            /* h0: an hour between hours without calls is a dot. */
            sgp_put_tags(page, "%c%.1f %.1fh0", drawing ? 'L' : 'M', x_of(f, hour + 0.5),
                         y_of(f, p90.mean));
        drawing = p90.n > 0;
    }
    sgp_put_tags(page, "\"/>\n");
}

void sgp_plot_hours(const sgp_page *page) {
    frame calls = {50, 10, 800, 200, 0, 24, 1}, times = {50, 10, 800, 200, 0, 24, 60000};
    for (int hour = 0; hour < 24; hour++) {
        calls.y_most = fmax(calls.y_most, of_hour(page, 0, hour, SGP_MEASURE_INCIDENTS).mean);
        for (uint32_t p = 0; p < page->comparison->n_policies; p++)
            times.y_most = fmax(times.y_most, of_hour(page, p, hour, SGP_MEASURE_P90).mean);
    }
    int64_t step_ms = sgp_nice_step_ms(times.y_most, 5);
    times.y_most = ceil(times.y_most / (double)step_ms) * (double)step_ms;
    open_svg(page, 900, 250, SGP_SAY_CALLS_BY_HOUR);
    char text[48];
    for (double ms = 0; ms <= times.y_most; ms += (double)step_ms) {
        put_line(page, "grid", 50, y_of(&times, ms), 850, y_of(&times, ms));
        put_label(page, "end", 44, y_of(&times, ms) + 4, sgp_minutes_text(ms, text));
    }
    for (int hour = 0; hour < 24; hour++) {
        double mean = of_hour(page, 0, hour, SGP_MEASURE_INCIDENTS).mean;
        double top = y_of(&calls, mean * 0.98), left = x_of(&calls, hour + 0.12);
        char count[32];
        sgp_put_tags(page,
                     "<rect class=\"bar\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\">"
                     "<title>%02d:00 %s</title></rect>\n",
                     left, top, x_of(&calls, hour + 0.88) - left, y_of(&calls, 0) - top, hour,
                     sgp_decimal_text(page, mean, 1, count));
        snprintf(text, sizeof text, "%02d", hour);
        put_label(page, "middle", x_of(&calls, hour + 0.5), 228, text);
    }
    char most[32];
    put_label(page, "start", 856, 18, sgp_decimal_text(page, calls.y_most, 0, most));
    for (uint32_t p = 0; p < page->comparison->n_policies; p++)
        put_hour_line(page, &times, p);
    sgp_put_tags(page, "</svg>\n");
}

/* ---- differences ---------------------------------------------------------- */

static const struct {
    sgp_grouping grouping;
    const char *name;
    sgp_measure measure;
} difference_rows[] = {
    {SGP_GROUP_PRIORITY, "P1", SGP_MEASURE_MEAN}, {SGP_GROUP_PRIORITY, "P1", SGP_MEASURE_P90},
    {SGP_GROUP_PRIORITY, "P2", SGP_MEASURE_P90},  {SGP_GROUP_PRIORITY, "P3", SGP_MEASURE_P90},
    {SGP_GROUP_PRIORITY, "P4", SGP_MEASURE_P90},  {SGP_GROUP_ALL, "", SGP_MEASURE_MEAN},
    {SGP_GROUP_ALL, "", SGP_MEASURE_P90}};
enum { DIFFERENCE_ROWS = sizeof difference_rows / sizeof difference_rows[0] };

static sgp_estimate difference_of(const sgp_page *page, uint32_t policy, int row) {
    sgp_cell cell = {.measure = difference_rows[row].measure,
                     .interval = SGP_INTERVAL_RESPONSE,
                     .grouping = difference_rows[row].grouping,
                     .name = difference_rows[row].name};
    return sgp_comparison_difference(page->comparison, policy, 0, &cell);
}

static void put_difference(const sgp_page *page, const frame *f, uint32_t policy, double y,
                           sgp_estimate d) {
    if (d.n == 0)
        return;
    double half = isnan(d.half_width) ? 0 : d.half_width;
    sgp_put_tags(page, "<path class=\"whisker s%u\" d=\"M%.1f %.1fH%.1fm0 -4v8M%.1f %.1fv8\"/>",
                 (unsigned)policy, x_of(f, d.mean - half), y, x_of(f, d.mean + half),
                 x_of(f, d.mean - half), y - 4);
    char mean[32], width[32];
    sgp_put_tags(page, "<circle class=\"dot s%u\" cx=\"%.1f\" cy=\"%.1f\" r=\"5\"><title>",
                 (unsigned)policy, x_of(f, d.mean), y);
    sgp_put(page, page->comparison->policies[policy].policy);
    sgp_put_tags(page, " %s ± %s</title></circle>\n", sgp_signed_minutes_text(d.mean, mean),
                 sgp_minutes_text(d.half_width, width));
}

void sgp_plot_differences(const sgp_page *page) {
    uint32_t n = page->comparison->n_policies;
    double most_ms = 1000;
    for (int row = 0; row < DIFFERENCE_ROWS; row++) {
        for (uint32_t p = 1; p < n; p++) {
            sgp_estimate d = difference_of(page, p, row);
            if (d.n > 0)
                most_ms = fmax(most_ms, fabs(d.mean) + (isnan(d.half_width) ? 0 : d.half_width));
        }
    }
    int64_t step_ms = sgp_nice_step_ms(most_ms, 4);
    most_ms = ceil(most_ms / (double)step_ms) * (double)step_ms;
    double row_height = 14.0 * (n - 1) + 16, height = row_height * DIFFERENCE_ROWS;
    frame f = {170, 26, 690, height, -most_ms, most_ms, 1};
    open_svg(page, 900, height + 60, SGP_SAY_DIFFERENCE_PLOT);
    put_label(page, "start", 170, 16, sgp_say(page, SGP_SAY_FASTER));
    put_label(page, "end", 860, 16, sgp_say(page, SGP_SAY_SLOWER));
    for (double ms = -most_ms; ms <= most_ms + 1; ms += (double)step_ms) {
        char text[32];
        put_line(page, fabs(ms) < 1 ? "zero" : "grid", x_of(&f, ms), 24, x_of(&f, ms), 26 + height);
        put_label(page, "middle", x_of(&f, ms), height + 46, sgp_signed_minutes_text(ms, text));
    }
    for (int row = 0; row < DIFFERENCE_ROWS; row++) {
        double y = 26 + row_height * row + 15;
        char text[96];
        const char *name = difference_rows[row].name;
        bool mean = difference_rows[row].measure == SGP_MEASURE_MEAN;
        snprintf(text, sizeof text, "%s %s", *name != '\0' ? name : sgp_say(page, SGP_SAY_ALL),
                 sgp_say(page, mean ? SGP_SAY_RESPONSE_MEAN : SGP_SAY_RESPONSE_NINETY));
        put_label(page, "end", 160, y + 4 + 7.0 * (n - 2), text);
        for (uint32_t p = 1; p < n; p++)
            put_difference(page, &f, p, y + 14.0 * (p - 1), difference_of(page, p, row));
    }
    sgp_put_tags(page, "</svg>\n");
}
