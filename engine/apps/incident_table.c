#include "apps/incident_table.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "apps/board.h"
#include "apps/narrator.h"

/* Appends to an owned array of pointers. */
static bool append(void ***array, size_t *n, size_t *capacity, void *item) {
    if (*n == *capacity) {
        size_t larger = *capacity == 0 ? 64 : *capacity * 2;
        void **grown = realloc(*array, larger * sizeof *grown);
        if (grown == NULL)
            return false;
        *array = grown;
        *capacity = larger;
    }
    (*array)[(*n)++] = item;
    return true;
}

sgp_err sgp_incident_list_fetch(sgp_client *client, bool include_closed, uint64_t after_id,
                                sgp_incident_list *list, sgp_fault *fault) {
    for (uint64_t after = after_id;;) {
        Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT;
        Sigap__V1__ListIncidents ask = SIGAP__V1__LIST_INCIDENTS__INIT;
        ask.include_closed = include_closed;
        ask.after_id = after;
        request.body_case = SIGAP__V1__FRAME__BODY_LIST_INCIDENTS;
        request.list_incidents = &ask;
        Sigap__V1__Frame *reply = NULL;
        sgp_err err = sgp_client_request(client, &request, 0, &reply, fault);
        if (err != SGP_OK)
            return err;
        if (reply->body_case != SIGAP__V1__FRAME__BODY_INCIDENT_PAGE) {
            sigap__v1__frame__free_unpacked(reply, NULL);
            return sgp_fail(fault, SGP_E_FORMAT, "the engine did not answer with incidents");
        }
        Sigap__V1__IncidentPage *page = reply->incident_page;
        bool stored = true;
        for (size_t i = 0; i < page->n_incidents && stored; i++) {
            stored = append((void ***)&list->incidents, &list->n_incidents,
                            &list->incidents_capacity, page->incidents[i]);
            if (stored)
                page->incidents[i] = NULL;
        }
        for (size_t i = 0; i < page->n_assignments && stored; i++) {
            stored = append((void ***)&list->assignments, &list->n_assignments,
                            &list->assignments_capacity, page->assignments[i]);
            if (stored)
                page->assignments[i] = NULL;
        }
        uint64_t next = page->next_after_id;
        sigap__v1__frame__free_unpacked(reply, NULL);
        if (!stored)
            return sgp_fail(fault, SGP_E_MEMORY, "no memory for the list of incidents");
        if (next <= after)
            return SGP_OK;
        after = next;
    }
}

void sgp_incident_list_free(sgp_incident_list *list) {
    for (size_t i = 0; i < list->n_incidents; i++)
        sigap__v1__incident__free_unpacked(list->incidents[i], NULL);
    for (size_t i = 0; i < list->n_assignments; i++)
        sigap__v1__assignment__free_unpacked(list->assignments[i], NULL);
    free(list->incidents);
    free(list->assignments);
    *list = (sgp_incident_list){0};
}

bool sgp_assignment_alarm_text(sgp_language language, const Sigap__V1__Assignment *assignment,
                               const char *state, char *out, size_t capacity) {
    bool silent = assignment->welfare_alarms > 0 &&
                  assignment->state == SIGAP__V1__ASSIGNMENT_STATE__ON_SCENE;
    bool waits = assignment->offload_alarms > 0 &&
                 assignment->state == SIGAP__V1__ASSIGNMENT_STATE__AT_HOSPITAL;
    char number[24];
    snprintf(out, capacity, "%s", state);
    if (!silent && !waits)
        return false;
    snprintf(number, sizeof number, "%" PRIu32,
             silent ? assignment->welfare_alarms : assignment->offload_alarms);
    sgp_text_fill(out, capacity, language,
                  silent ? SGP_TEXT_STATUS_UNANSWERED : SGP_TEXT_STATUS_OFFLOAD, "state", state,
                  "n", number, NULL);
    return true;
}

static void interval_cell(sgp_sheet *sheet, sgp_language language, int64_t ms) {
    char text[64];
    if (ms < 0)
        sgp_sheet_cell(sheet, SGP_DIM, "-");
    else
        sgp_sheet_cell(sheet, SGP_PLAIN, "%s", sgp_duration_text(language, ms, text, sizeof text));
}

static void add_row(sgp_sheet *sheet, sgp_language language, const Sigap__V1__Incident *incident,
                    const Sigap__V1__Assignment *assignment, bool first) {
    char text[256];
    sgp_intervals intervals;
    sgp_intervals_of(incident, assignment, &intervals);
    if (first) {
        sgp_sheet_cell(sheet, SGP_BOLD, "#%" PRIu64, incident->id);
        sgp_sheet_cell(sheet, sgp_priority_colour((int)incident->priority), "%s",
                       sgp_priority_text(language, (int)incident->priority));
        char clock[16];
        sgp_sheet_cell(sheet, SGP_PLAIN, "%s", sgp_clock_text(incident->opened_at_ms, clock));
        sgp_sheet_cell(sheet, SGP_PLAIN, "%s", sgp_complaint_text(language, incident->complaint));
        bool to = incident->destination_code[0] != '\0';
        sgp_sheet_cell(sheet, SGP_PLAIN, "%s%s%s",
                       sgp_place_text(incident->place, text, sizeof text), to ? " → " : "",
                       incident->destination_code);
        bool closed = incident->state == SIGAP__V1__INCIDENT_STATE__INCIDENT_CLOSED;
        /* A place that is only probable waits for a person, not for the engine. */
        bool choose = incident->state == SIGAP__V1__INCIDENT_STATE__INCIDENT_LOCATING &&
                      incident->place != NULL;
        sgp_sheet_cell(sheet, closed ? SGP_DIM : SGP_YELLOW, "%s",
                       closed   ? sgp_outcome_text(language, (int)incident->outcome)
                       : choose ? sgp_text_get(language, SGP_TEXT_CON_CHOOSE_PLACE)
                                : sgp_incident_state_text(language, (int)incident->state));
    } else {
        for (int i = 0; i < 6; i++)
            sgp_sheet_cell(sheet, SGP_PLAIN, "%s", "");
    }
    if (assignment == NULL) {
        sgp_sheet_cell(sheet, SGP_DIM, "-");
        sgp_sheet_cell(sheet, SGP_DIM, "-");
    } else {
        sgp_sheet_cell(sheet, SGP_BOLD, "%s", assignment->unit_code);
        bool wrong = sgp_assignment_alarm_text(
            language, assignment, sgp_assignment_state_text(language, (int)assignment->state), text,
            sizeof text);
        sgp_sheet_cell(sheet, wrong ? SGP_RED : SGP_PLAIN, "%s", text);
    }
    interval_cell(sheet, language, first ? intervals.locate_ms : -1);
    interval_cell(sheet, language, intervals.decide_ms);
    interval_cell(sheet, language, intervals.turnout_ms);
    interval_cell(sheet, language, intervals.travel_ms);
    interval_cell(sheet, language, intervals.response_ms);
    interval_cell(sheet, language, intervals.scene_ms);
    interval_cell(sheet, language, intervals.transport_ms);
    interval_cell(sheet, language, intervals.handover_ms);
}

/* The fixed columns before the intervals. */
enum { COLUMN_COMPLAINT = 3, COLUMN_PLACE = 4, N_FIXED = 8 };
/* What is still readable of a place and of a complaint. */
enum { PLACE_SHORT = 24, PLACE_LEAST = 8, COMPLAINT_LEAST = 10 };

/* Gives a column as much as the line still has, but at least `least`. */
static void shrink(sgp_sheet *sheet, size_t column, size_t least, size_t most, size_t line) {
    sgp_sheet_limit(sheet, column, least);
    size_t width = sgp_sheet_width(sheet), room = width < line ? line - width : 0;
    sgp_sheet_limit(sheet, column, room < most - least ? least + room : most);
}

/* Makes the table fit into a line: first the place is shortened, then intervals are
 * left out from the right, then place and complaint are cut to the least. Returns the
 * number of intervals that stay. */
static size_t fit(sgp_sheet *sheet, size_t n_intervals, size_t line) {
    if (line == 0 || sgp_sheet_width(sheet) <= line)
        return n_intervals;
    sgp_sheet_limit(sheet, COLUMN_PLACE, PLACE_SHORT);
    while (n_intervals > 0 && sgp_sheet_width(sheet) > line)
        sgp_sheet_limit(sheet, N_FIXED + --n_intervals, 0);
    shrink(sheet, COLUMN_PLACE, PLACE_LEAST, 256, line);
    if (sgp_sheet_width(sheet) > line)
        shrink(sheet, COLUMN_COMPLAINT, COMPLAINT_LEAST, 256, line);
    return n_intervals;
}

void sgp_incident_table_print(const sgp_incident_list *list, sgp_language language, FILE *out) {
    static const sgp_text intervals[] = {SGP_TEXT_COLUMN_LOCATE,    SGP_TEXT_COLUMN_DECIDE,
                                         SGP_TEXT_COLUMN_TURNOUT,   SGP_TEXT_COLUMN_TRAVEL,
                                         SGP_TEXT_COLUMN_RESPONSE,  SGP_TEXT_COLUMN_SCENE,
                                         SGP_TEXT_COLUMN_TRANSPORT, SGP_TEXT_COLUMN_HANDOVER};
    enum { N_INTERVALS = sizeof intervals / sizeof intervals[0] };
    char right[N_INTERVALS][48];
    const char *headers[N_FIXED + N_INTERVALS] = {">#",
                                                  sgp_text_get(language, SGP_TEXT_COLUMN_PRIORITY),
                                                  sgp_text_get(language, SGP_TEXT_COLUMN_OPENED),
                                                  sgp_text_get(language, SGP_TEXT_COLUMN_COMPLAINT),
                                                  sgp_text_get(language, SGP_TEXT_COLUMN_PLACE),
                                                  sgp_text_get(language, SGP_TEXT_COLUMN_OUTCOME),
                                                  sgp_text_get(language, SGP_TEXT_COLUMN_UNIT),
                                                  sgp_text_get(language, SGP_TEXT_COLUMN_STATE)};
    for (int i = 0; i < N_INTERVALS; i++) {
        snprintf(right[i], sizeof right[i], ">%s", sgp_text_get(language, intervals[i]));
        headers[N_FIXED + i] = right[i];
    }
    sgp_sheet *sheet;
    if (sgp_sheet_create(headers, N_FIXED + N_INTERVALS, &sheet) != SGP_OK)
        return;
    for (size_t i = 0; i < list->n_incidents; i++) {
        bool first = true;
        for (size_t a = 0; a < list->n_assignments; a++) {
            if (list->assignments[a]->incident_id != list->incidents[i]->id)
                continue;
            add_row(sheet, language, list->incidents[i], list->assignments[a], first);
            first = false;
        }
        if (first)
            add_row(sheet, language, list->incidents[i], NULL, true);
    }
    size_t shown = fit(sheet, N_INTERVALS, sgp_line_width(out));
    sgp_sheet_print(sheet, out);
    if (shown < N_INTERVALS) {
        char names[256] = "", text[512];
        for (size_t i = shown, length = 0; i < N_INTERVALS; i++, length = strlen(names))
            snprintf(names + length, sizeof names - length, "%s%s", i == shown ? "" : ", ",
                     right[i] + 1);
        fprintf(out, "%s\n",
                sgp_text_fill(text, sizeof text, language, SGP_TEXT_COLUMNS_LEFT_OUT, "columns",
                              names, NULL));
    }
    sgp_sheet_destroy(sheet);
}
