/* A unit, hospital or station as it is, with what a person wants otherwise, said as "key=value":
 * what `sigap set` and the console's commands share.
 *
 *     set unit PSC-09 kind=ambulance station=Pos Dua at=112.63,-7.97
 *
 * A value goes up to the next word with a known key and "="; keys and kinds are known in both
 * languages. The edit holds all that its message points to, but for what it took from `known`,
 * which must live as long: do not copy it. Not thread-safe.
 */
#ifndef SGP_APPS_FLEET_EDIT_H
#define SGP_APPS_FLEET_EDIT_H

#include <stdbool.h>
#include <stddef.h>

#include "sigap/error.h"
#include "sigap/v1/fleet.pb-c.h"

enum { SGP_FLEET_TEXTS = 6 };

typedef struct sgp_fleet_edit {
    Sigap__V1__SetFleet set;
    Sigap__V1__Unit unit;
    Sigap__V1__Hospital hospital;
    Sigap__V1__StationMove station;
    Sigap__V1__Point point;
    const Sigap__V1__Point *here; /* what "at=here" means; NULL: nothing */
    char code[96], texts[SGP_FLEET_TEXTS][96];
    int n_texts;
} sgp_fleet_edit;

/* `known` NULL: a new one. */
void sgp_fleet_edit_unit(sgp_fleet_edit *edit, const Sigap__V1__Unit *known, const char *code);
void sgp_fleet_edit_hospital(sgp_fleet_edit *edit, const Sigap__V1__Hospital *known,
                             const char *code);
/* `version`: the greatest entry_version of its units. */
void sgp_fleet_edit_station(sgp_fleet_edit *edit, const char *name, uint64_t version);

/* Takes the words; the fault says which is wrong. `units`: for the point of a station that is
 * named. */
sgp_err sgp_fleet_edit_take(sgp_fleet_edit *edit, const char *words, Sigap__V1__Unit *const *units,
                            size_t n_units, sgp_fault *fault) SGP_MUST_USE;
/* Where the first "key=" of the text stands; its end where there is none. */
const char *sgp_fleet_first_key(const char *text);
/* The nth key of both languages, for completion; NULL: no more. */
const char *sgp_fleet_key(size_t nth, bool english);

#endif
