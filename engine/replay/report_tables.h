/* Tables of a report. Private to the report's pages. */
#ifndef SGP_REPLAY_REPORT_TABLES_H
#define SGP_REPLAY_REPORT_TABLES_H

#include "replay/report_page.h"

/* Policies as columns, measures as rows, with paired differences from the first. */
void sgp_table_comparison(const sgp_page *page);
/* In words: where each policy does better and where worse than the first. */
void sgp_table_verdicts(const sgp_page *page);
/* Every target of the plan, what is asked and what was reached. */
void sgp_table_targets(const sgp_page *page);
/* How free units covered the city by hour of the day, and by kelurahan: share of the time within
 * the target, mean minutes of the nearest, share of the time without anybody. */
void sgp_table_coverage_hours(const sgp_page *page);
void sgp_table_coverage_areas(const sgp_page *page);
/* How many calls were reached earlier or later than under the first policy. */
void sgp_table_calls(const sgp_page *page);

/* Every interval of all incidents under one policy. */
void sgp_table_intervals(const sgp_page *page, uint32_t policy);
/* Response by the groups of a grouping, one table for all policies. Kelurahan with few incidents
 * show their number alone. SGP_E_MEMORY. */
sgp_err sgp_table_groups(const sgp_page *page, sgp_grouping grouping,
                         sgp_report_text heading) SGP_MUST_USE;

/* Units with their use under one policy, mean of its replications. */
void sgp_table_units(const sgp_page *page, uint32_t policy);
/* Patients by hospital; outcomes; what became of orders: policies as columns. */
void sgp_table_hospitals(const sgp_page *page);
/* The way there and the handover by hospital. SGP_E_MEMORY. */
sgp_err sgp_table_handovers(const sgp_page *page) SGP_MUST_USE;
/* Transfers by the hospital they are from: how late, the way, the handover. SGP_E_MEMORY. */
sgp_err sgp_table_transfers(const sgp_page *page) SGP_MUST_USE;
void sgp_table_outcomes(const sgp_page *page);

#endif
