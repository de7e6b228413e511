/* What a crew does: a state machine from signing on to being back at the
 * station, free of clocks, sockets and threads.
 *
 *   sign on -> free -> deciding -> turning out -> to the scene -> on scene
 *        -> to the hospital -> at the hospital -> tidying -> returning -> free
 *
 * The session (crew_session.h) asks `next` what to do, does it, and tells what
 * came of it. Every request stays the next deed until it was answered, so that a
 * session can repeat it over a new connection with the same id. All delays are
 * simulated time, divided by the speed; `now_us` is any clock that never goes
 * back. Nothing is random but by the seed. Not thread-safe: one thread each.
 */
#ifndef SGP_APPS_CREW_DRIVER_H
#define SGP_APPS_CREW_DRIVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sigap/core.h"

enum { SGP_CREW_SPEED_MAX = 200, SGP_CREW_REPORT_EVERY_MS = 5000 /* simulated */ };

typedef enum sgp_crew_phase {
    SGP_CREW_OFF_DUTY,
    SGP_CREW_FREE,
    SGP_CREW_DECIDING,    /* heard an order, answers soon */
    SGP_CREW_TURNING_OUT, /* accepted, getting into the vehicle */
    SGP_CREW_TO_SCENE,
    SGP_CREW_ON_SCENE,
    SGP_CREW_TO_HOSPITAL,
    SGP_CREW_AT_HOSPITAL,
    SGP_CREW_TIDYING, /* handed over, not yet free */
    SGP_CREW_RETURNING
} sgp_crew_phase;

typedef struct sgp_crew_options {
    char unit[SGP_CODE_BYTES];
    double speed; /* 1..SGP_CREW_SPEED_MAX */
    bool decline_first;
    char decline_reason[SGP_NAME_BYTES];
    bool no_transport;        /* every patient is treated on the spot */
    int32_t treated_permille; /* how many of 1000 are, otherwise */
    uint64_t seed;
} sgp_crew_options;

typedef enum sgp_crew_deed {
    SGP_CREW_WAIT,    /* until at_us, or an order comes */
    SGP_CREW_SIGN_ON, /* SetDuty */
    SGP_CREW_ANSWER,  /* AnswerOrder: assignment, accept, reason */
    SGP_CREW_ADVANCE, /* AdvanceAssignment: assignment, state, hospital */
    SGP_CREW_REPORT,  /* ReportPosition: point */
    SGP_CREW_ROUTE,   /* ask for the way from `point` to `to`; answer by sgp_crew_take_route */
    SGP_CREW_HOSPITAL /* choose a hospital near `point`; answer by sgp_crew_take_hospital */
} sgp_crew_deed;

typedef struct sgp_crew_action {
    sgp_crew_deed deed;
    int64_t at_us; /* of WAIT; INT64_MAX: nothing but an order ends it */
    sgp_id assignment;
    bool accept;
    sgp_assignment_state state;
    char hospital[SGP_CODE_BYTES];
    char reason[SGP_NAME_BYTES];
    sgp_point point, to;
} sgp_crew_action;

typedef struct sgp_crew_order {
    sgp_id assignment, incident;
    sgp_assignment_state state; /* how far it has come */
    bool has_place;
    sgp_point place;
} sgp_crew_order;

/* A way with the time of passing each point. */
typedef struct sgp_crew_leg {
    sgp_point *points;
    int64_t *at_ms; /* ascending from 0 */
    size_t n;
} sgp_crew_leg;

typedef struct sgp_crew_driver {
    sgp_crew_options options;
    sgp_crew_phase phase;
    uint64_t random;
    bool signed_on, declined_once;
    bool has_station, has_position;
    sgp_point station, position;
    sgp_crew_order order; /* assignment 0: none */
    int64_t until_us;     /* of the present delay */
    bool treated;         /* on the spot: no transport */
    bool has_hospital;
    char hospital[SGP_CODE_BYTES];
    sgp_point hospital_point;
    bool has_leg;
    sgp_crew_leg leg;
    int64_t leg_from_us, report_at_us;
} sgp_crew_driver;

void sgp_crew_init(sgp_crew_driver *driver, const sgp_crew_options *options);
void sgp_crew_deinit(sgp_crew_driver *driver);

/* Where the unit stands, told at login; has_position false: the station. */
void sgp_crew_place(sgp_crew_driver *driver, sgp_point station, bool has_position,
                    sgp_point position);

/* Waits from now on at this place: where it is sent to, or its station again. */
void sgp_crew_wait_at(sgp_crew_driver *driver, int64_t now_us, sgp_point place);

/* The next deed at now_us. Pure but for moving the vehicle along its leg: asked
 * again without an answer, the same deed comes. */
void sgp_crew_next(sgp_crew_driver *driver, int64_t now_us, sgp_crew_action *action);
/* The engine did it. */
void sgp_crew_done(sgp_crew_driver *driver, int64_t now_us, const sgp_crew_action *action);
/* The engine refused: the order is gone or goes another way. */
void sgp_crew_refused(sgp_crew_driver *driver, int64_t now_us, const sgp_crew_action *action);

/* An order was pushed: a new one, a changed place, or after a new connection
 * what the engine knows, which may be further than this crew remembers. */
void sgp_crew_hear_order(sgp_crew_driver *driver, int64_t now_us, const sgp_crew_order *order);
/* The order is off; true: it was this crew's. */
bool sgp_crew_hear_withdrawal(sgp_crew_driver *driver, int64_t now_us, sgp_id assignment);

/* The way that was asked for. Arrays are copied. n < 2: there is none by road; the
 * crew then goes straight, at a walking driver's 30 km/h. Where the way to a scene ends the
 * vehicle stays; the crew is there walk_ms later. */
sgp_err sgp_crew_take_route(sgp_crew_driver *driver, int64_t now_us, const sgp_point *points,
                            const int64_t *at_ms, size_t n, int64_t walk_ms) SGP_MUST_USE;
/* code "": there is no hospital; the patient is treated on the spot. */
void sgp_crew_take_hospital(sgp_crew_driver *driver, const char *code, sgp_point point);

/* The patient goes there now: before it leaves, or turned round on the way. true: that is news. */
bool sgp_crew_hear_destination(sgp_crew_driver *driver, sgp_id assignment, const char *code,
                               sgp_point point);

/* Position on a leg after elapsed_ms. */
sgp_point sgp_crew_leg_position(const sgp_crew_leg *leg, int64_t elapsed_ms);

#endif
