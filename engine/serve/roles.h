/* Who may say what: one table over the bodies of a Frame.
 *
 * Everything that a client may send stands in the table with the roles that are
 * heard; a body that is not in it is an answer or unknown, and never heard.
 * Whose unit a crew may speak for is checked in requests.c. Thread-safe.
 */
#ifndef SGP_SERVE_ROLES_H
#define SGP_SERVE_ROLES_H

#include <stdbool.h>

#include "sigap/error.h"
#include "sigap/v1/admin.pb-c.h"
#include "sigap/v1/frame.pb-c.h"

typedef Sigap__V1__Role sgp_role;

/* Lower-case name as in the configuration ("call_taker"). "unknown" for others. */
const char *sgp_role_str(sgp_role role);
/* SGP_E_FORMAT for a name that is none. */
sgp_err sgp_role_parse(const char *name, sgp_role *role) SGP_MUST_USE;

/* May a client send this body at all? */
bool sgp_body_is_request(Sigap__V1__Frame__BodyCase body);
/* May this role? ROLE_UNKNOWN (nobody has logged in) may only log in and ping. */
bool sgp_role_may(sgp_role role, Sigap__V1__Frame__BodyCase body);
/* "ReportCall"; "unknown message" for a body that is not a request. */
const char *sgp_body_str(Sigap__V1__Frame__BodyCase body);
/* May this role hear what callers said? */
bool sgp_role_hears_callers(sgp_role role);

#endif
