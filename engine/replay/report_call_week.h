/* What calls turned out to be, in the report: tables by day and by hour, and the week as a map of
 * 7 days by 24 hours. Of the first policy: the calls are the same under every other.
 * Private to the report's pages.
 */
#ifndef SGP_REPLAY_REPORT_CALL_WEEK_H
#define SGP_REPLAY_REPORT_CALL_WEEK_H

#include "replay/report_page.h"

/* Rows are the days, or the hours; then all. Columns: calls, the share of each outcome, and of
 * false calls together, with its half-width on the last row. */
void sgp_table_call_days(const sgp_page *page);
void sgp_table_call_hours(const sgp_page *page);
/* The share of false calls in each hour of the week. Hours with few calls are left blank. */
void sgp_plot_call_week(const sgp_page *page);

#endif
