/* Plots of a report, as inline SVG that takes its colours from the page's style. Each has a title
 * for those who cannot see it, and tells policies apart by dashes as well as by colour.
 * Private to the report's pages. */
#ifndef SGP_REPLAY_REPORT_PLOT_H
#define SGP_REPLAY_REPORT_PLOT_H

#include "replay/report_page.h"

/* Share of the incidents of a priority (UNKNOWN: of all) reached within so many minutes, a line a
 * policy, with the target of that priority. SGP_E_MEMORY. */
sgp_err sgp_plot_distribution(const sgp_page *page, sgp_priority priority) SGP_MUST_USE;
/* Incidents an hour as bars (of the first policy), P90 of response as lines. */
void sgp_plot_hours(const sgp_page *page);
/* Paired differences of response from the first policy, with their intervals. */
void sgp_plot_differences(const sgp_page *page);
/* The names of the policies with their colours and dashes. */
void sgp_plot_legend(const sgp_page *page);

/* The greatest of 1, 2, 5, 10, 15, 30 s, 1, 2, 5, ... that cuts `range_ms` into at most `most`
 * steps; for axes and classes of maps. */
int64_t sgp_nice_step_ms(double range_ms, int most);

#endif
