/* What happened to each call, as tables for spreadsheets: RFC 4180, UTF-8, a decimal point, one
 * line of column names. Columns end in their unit; an empty cell means "not known" or "it never
 * came to that". Times are local with their offset (2026-03-14T07:05:00.000+07:00); intervals are
 * seconds to the millisecond; a unit is named by its index in the run and by its code.
 *
 * calls       one row an incident, in order of answering. Its columns id, time, lon, lat,
 *             complaint, priority, scene_s, transport and outcome are those that call_list.h
 *             reads, so the file is the input of another replay. calls_real, calls_prank, ...
 *             are how many of its calls turned out to be that, each judged by itself where it was.
 *             Of a transfer, time is when it was asked for, answered_at when it fell due.
 * jobs        one row an assignment, in order of ordering.
 * candidates  one row a candidate of the recommendation that the first order of an incident
 *             followed: what each unit would have taken, or why it could not go. Only where the
 *             run kept them.
 * tables      one row a number of the interval tables, with half-width, and the paired
 *             difference from the first policy; what was reached of each target of the plan; and
 *             coverage by hour and kelurahan, where it was looked at.
 * outcomes    what calls turned out to be (report_calls.h), by day of the week and hour of the
 *             local day: mean number over replications, and share of all calls of that time. An
 *             empty day or hour means all of them.
 *
 * These hold exact places and times: they are for the planners of the service alone. What is
 * handed on is made by report_anonymous.h.
 *
 * `header` writes the line of names first; runs of many policies go one behind the other.
 * SGP_E_IO: writing failed. Thread-safe on different files.
 */
#ifndef SGP_REPLAY_REPORT_CSV_H
#define SGP_REPLAY_REPORT_CSV_H

#include <stdio.h>

#include "replay/outcome.h"
#include "replay/report_comparison.h"

/* The run has been checked. SGP_E_MEMORY too. */
sgp_err sgp_csv_calls(const sgp_run *run, bool header, FILE *out) SGP_MUST_USE;
sgp_err sgp_csv_jobs(const sgp_run *run, bool header, FILE *out) SGP_MUST_USE;
sgp_err sgp_csv_candidates(const sgp_run *run, bool header, FILE *out) SGP_MUST_USE;
sgp_err sgp_csv_tables(const sgp_comparison *comparison, FILE *out) SGP_MUST_USE;
sgp_err sgp_csv_outcomes(const sgp_comparison *comparison, FILE *out) SGP_MUST_USE;

/* One text cell, quoted as needed; for other writers of CSV. */
void sgp_csv_text(const char *text, FILE *out);
/* "2026-03-14T07:05:00.000+07:00" into text[40]; "" for 0. Returns `text`. */
char *sgp_local_time(int64_t at_ms, int32_t utc_offset_s, char text[40]);

#endif
