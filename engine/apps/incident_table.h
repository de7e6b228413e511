/* A table of incidents with their units and all intervals: `sigap incidents`,
 * and the end of the demo. */
#ifndef SGP_APPS_INCIDENT_TABLE_H
#define SGP_APPS_INCIDENT_TABLE_H

#include "apps/options.h"
#include "apps/print.h"

/* All incidents (closed ones too where asked) into growing arrays; free with
 * sgp_incident_list_free. Pages are fetched until the end. */
typedef struct sgp_incident_list {
    Sigap__V1__Incident **incidents; /* owned, by id */
    size_t n_incidents, incidents_capacity;
    Sigap__V1__Assignment **assignments; /* owned */
    size_t n_assignments, assignments_capacity;
} sgp_incident_list; /* zero-initialise */

sgp_err sgp_incident_list_fetch(sgp_client *client, bool include_closed, uint64_t after_id,
                                sgp_incident_list *list, sgp_fault *fault) SGP_MUST_USE;
void sgp_incident_list_free(sgp_incident_list *list);

/* `state` with what is wrong there: a crew that does not answer, a handover that is overdue. Says
 * whether anything is; else `out` is `state` alone. */
bool sgp_assignment_alarm_text(sgp_language language, const Sigap__V1__Assignment *assignment,
                               const char *state, char *out, size_t capacity);

/* One row for each assignment, one for an incident without. On a narrow terminal
 * intervals are left out from the right, and a last line names them. */
void sgp_incident_table_print(const sgp_incident_list *list, sgp_language language, FILE *out);

#endif
