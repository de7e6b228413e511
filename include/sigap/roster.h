/* Rosters: which people are on which unit from when to when, and what they can do.
 *
 * A roster is configuration (engine/plans reads it from files) that comes into the core as one
 * event, ROSTER_LOADED, as a plan does; single shifts are planned by people on top of it
 * (SHIFT_SET) and stand before it. Neither puts anybody on a unit: a crew signs on itself
 * (CREW_SIGNED_ON). People are codes here ("PRM-014"), never names.
 *
 *   planned shift --(its time comes)--> somebody signs on, or the alarm is raised
 *   signed on ----> skills and end of shift of the unit -----> gates.h, candidates.h
 *
 * What a unit can do with its crew. Where a roster is loaded and the crew is known by name:
 *   - of the vehicle alone: defibrillator, bariatric, isolation, narrow ways, mass casualty;
 *   - of the people alone: paediatric, obstetric, psychiatric;
 *   - of both together: advanced life support, ventilator, neonatal, extrication, rescue from water
 *     and heights, hazardous;
 *   - an advanced ambulance without anybody for advanced life support is a basic one.
 * Without a roster, and where nobody signed on by name, a unit can do what it was registered with.
 *
 * Shifts of a file may come again every day or every week, by the UTC day: where clocks are put
 * forward and back they move by that hour until the roster is loaded again.
 */
#ifndef SIGAP_ROSTER_H
#define SIGAP_ROSTER_H

#include "sigap/core.h"

/* Bounds. */
enum {
    SGP_ROSTER_MEMBERS_MAX = 4096,
    SGP_ROSTER_SHIFTS_MAX = 4096,
    SGP_SHIFTS_BY_HAND_MAX = 512,
    SGP_SHIFT_HOURS_MAX = 48, /* of one that comes once; of others until it comes again */
    SGP_EARLY_MIN = 60        /* who signs on so long before a shift is there for it */
};

typedef struct sgp_shift {
    sgp_id id; /* the event that a person set it by first; 0 = of the file */
    char unit[SGP_CODE_BYTES];
    int64_t from_ms, until_ms; /* the first time */
    uint32_t every_days;       /* and again: 0 = never, 1 or 7 */
    uint32_t n_members;        /* 0, by a person only: the unit is not manned then */
    char members[SGP_CREW_PER_UNIT][SGP_CODE_BYTES];
    uint64_t version;           /* the event that set it last; 0 = of the file */
    char actor[SGP_CODE_BYTES]; /* who did */
} sgp_shift;

/* One block on the heap with what it points to. */
typedef struct sgp_roster {
    char name[SGP_NAME_BYTES];
    uint32_t n_members, n_shifts;
    sgp_crew_member *members; /* by code */
    sgp_shift *shifts;        /* by unit, then by from_ms */
} sgp_roster;

/* With room for so many of each, all zero; NULL: no memory. free() it. */
sgp_roster *sgp_roster_create(uint32_t n_members, uint32_t n_shifts);
/* SGP_E_*: the sentence says what is wrong with it. */
sgp_err sgp_roster_check(const sgp_roster *roster, sgp_fault *fault) SGP_MUST_USE;
/* Of a shift alone; `by_hand`: set by a person. */
sgp_err sgp_shift_check(const sgp_shift *shift, bool by_hand, sgp_fault *fault) SGP_MUST_USE;
void sgp_roster_digest(const sgp_roster *roster, uint8_t digest[SGP_HASH_BYTES]);
/* NULL: nobody has this code. */
const sgp_crew_member *sgp_roster_member(const sgp_roster *roster, const char *code);
bool sgp_shift_has(const sgp_shift *shift, const char *member);

/* One time that a shift comes. */
typedef struct sgp_turn {
    const sgp_shift *shift; /* borrowed */
    int64_t from_ms, until_ms;
} sgp_turn;
/* The last time that it begins at or before `at_ms`; false: it does not. */
bool sgp_shift_turn(const sgp_shift *shift, int64_t at_ms, sgp_turn *turn);

/* Who is planned for the unit then, by the roster alone; and the first turn that begins later. */
bool sgp_roster_turn_at(const sgp_roster *roster, const char *unit, int64_t at_ms, sgp_turn *turn);
bool sgp_roster_turn_after(const sgp_roster *roster, const char *unit, int64_t at_ms,
                           sgp_turn *turn);
/* Whether the roster plans the unit at any time. */
bool sgp_roster_plans(const sgp_roster *roster, const char *unit);

/* Views, borrowed until the next step. NULL: no roster was loaded. */
const sgp_roster *sgp_world_roster(const sgp_world *world);
/* Those that people set, by ascending id. */
uint32_t sgp_world_shifts(const sgp_world *world);
const sgp_shift *sgp_world_shift(const sgp_world *world, uint32_t nth);
/* Who is planned for the unit at that time; what a person set stands before the file, and what that
 * hid at first begins when it is over. */
bool sgp_world_turn_at(const sgp_world *world, const char *unit, int64_t at_ms, sgp_turn *turn);
/* The first turn that begins later than that. */
bool sgp_world_turn_after(const sgp_world *world, const char *unit, int64_t at_ms, sgp_turn *turn);
/* Whether somebody has signed on for that turn. */
bool sgp_unit_is_manned(const sgp_unit *unit, const sgp_turn *turn);

#endif
