/* The dispatch core: a pure state machine from call to handover.
 *
 *   sgp_core_step(world, event, times, effects)
 *
 * reads no clock, file, socket, environment or global; event->at_ms is the only
 * time it knows. The same events with the same answers of `times` give the same
 * world and the same effects on every machine. Live service, recovery, replay
 * and what-if are shells around this one function (DESIGN.md, section 1).
 *
 * State lives on the assignment (one unit on one incident):
 *
 *   proposed -> ordered -> accepted -> en route -> on scene -> transporting
 *            -> at hospital -> handed over -> closed
 *   exits: declined, timed out, diverted, stood down
 *
 * Policy (who goes) is policy.c, apart from mechanics (what happens next), step.c.
 *
 * Persons are not here: a caller's number, name and words stay with the shell,
 * which keeps them sealed by call id. The core sees ids, places and codes.
 *
 * Bounds stand below; at a bound an event is refused with SGP_E_FULL and the
 * world is unchanged. A world is not thread-safe; it owns all its memory.
 */
#ifndef SIGAP_CORE_H
#define SIGAP_CORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sigap/error.h"
#include "sigap/fix.h"
#include "sigap/geo.h"
#include "sigap/hospital.h"

/* Bounds. */
enum {
    SGP_UNITS_MAX = 8192,
    SGP_HOSPITALS_MAX = 512,
    SGP_OPEN_CALLS_MAX = 65536,
    SGP_OPEN_INCIDENTS_MAX = 16384,
    SGP_CLOSED_KEPT = 1024,     /* closed incidents kept in memory for boards */
    SGP_PLACES_MAX = 10,        /* candidates of one place look-up */
    SGP_CALL_TEXTS_MAX = 16,    /* how often a caller's words about the place are taken down */
    SGP_REQUESTS_KEPT = 131072, /* request ids whose answers are remembered */
    SGP_UNITS_PER_INCIDENT_MAX = 64,
    SGP_ANSWERS_PER_INCIDENT_MAX = 32, /* to the call-taker's questions */
    SGP_ALERTS_PER_INCIDENT_MAX = 16,  /* agencies */
    SGP_SHORTFALLS_MAX = 8,            /* that one recommendation names */
    SGP_BACKUP_MAX = 16, /* seats of one incident that were asked for beyond its plan */
    SGP_PATIENTS_MAX = 10000,
    SGP_EDITION = 3,       /* of the rules, the newest */
    SGP_SERVES_ALL = 0x1e, /* bits 1u << SGP_P1 .. SGP_P4 */
    SGP_CODE_BYTES = 24,   /* codes of units, hospitals, complaints, with the '\0' */
    SGP_NAME_BYTES = 96,
    SGP_LABEL_BYTES = 160,
    SGP_ROAD_CLOSURES_MAX = 1024,
    SGP_ROAD_RADIUS_MAX_M = 5000, /* of a closure around a point */
    SGP_METRICS_MAX = 16,
    SGP_HASH_BYTES = 32,    /* of tokens and of who holds them */
    SGP_PROFILE_BYTES = 32, /* a profile's name */
    SGP_NOTES_MAX = 200,    /* that people write of one incident */
    SGP_LOG_MAX = 300,      /* entries of its log, notes among them */
    SGP_MESSAGES_MAX = 200, /* of the words between a call's page and the control room */
    SGP_PREMISES_MAX = 4096,
    SGP_PREMISE_RADIUS_MAX_M = 2000,
    SGP_ALIKE_MAX = 8,              /* incidents that one may be the same as */
    SGP_TRANSFERS_MAX = 1024,       /* between hospitals, planned or under way */
    SGP_TRANSFERS_KEPT = 256,       /* that are over, kept for boards */
    SGP_CALLER_NUMBERS_MAX = 16384, /* telephone numbers of which calls are remembered */
    SGP_NUMBER_CALLS = 8,           /* the latest calls of each */
    SGP_CALLER_TOKEN_BYTES = 16,    /* of a number's token */
    SGP_RINGS_MAX = 4096,           /* telephones that ring, are talked to, or are kept */
    SGP_CHANNEL_BYTES = 80,         /* an exchange's name of a channel */
    SGP_BACK_CLAIM_MS = 900000,     /* so long nobody else may call the same one back */
    SGP_CREW_PER_UNIT = 8,          /* people of one crew (roster.h) */
    SGP_HANDOVERS_KEPT = 32,        /* of desks, the latest */
    SGP_ACCOUNTS_MAX = 8192,        /* users that people set */
    SGP_DEVICES_MAX = 16384,        /* with tokens of their own */
    SGP_DEVICES_PER_USER = 8,       /* one more takes the place of the oldest */
    SGP_LOGIN_CODES_MAX = 64,       /* open at a time */
    SGP_ROLES = 10,                 /* numbers of roles are the wire's (admin.proto) */
    SGP_ROLE_CREW = 4,
    SGP_ROLE_HOSPITAL = 5,
    SGP_CLOSURE_PARTS_MAX = 160,    /* of one road closure */
    SGP_STREAMS_PER_UNIT = 4        /* devices that tell of one unit's positions; the latest */
};

typedef uint64_t sgp_id; /* of calls, incidents, assignments, recommendations; 0 = none */

/* ---- words -------------------------------------------------------------- */

typedef enum sgp_priority { /* 0 = not yet known */
                            SGP_PRIORITY_UNKNOWN,
                            SGP_P1, /* red: life at risk now */
                            SGP_P2, /* yellow: urgent */
                            SGP_P3, /* green: can wait a little */
                            SGP_P4, /* white: no hurry */
                            SGP_PRIORITIES
} sgp_priority;

typedef enum sgp_unit_kind {
    SGP_UNIT_AMBULANCE_BASIC = 1,
    SGP_UNIT_AMBULANCE_ADVANCED,
    SGP_UNIT_MOTORBIKE,
    SGP_UNIT_COMMAND_CAR,
    SGP_UNIT_FIRE_ENGINE,
    SGP_UNIT_RESCUE,
    SGP_UNIT_KINDS
} sgp_unit_kind;

typedef enum sgp_incident_state {
    SGP_INCIDENT_LOCATING = 1, /* no confirmed place yet */
    SGP_INCIDENT_WAITING,      /* placed; nobody is on it */
    SGP_INCIDENT_ASSIGNED,     /* at least one open assignment */
    SGP_INCIDENT_CLOSED,
    SGP_INCIDENT_STATES
} sgp_incident_state;

typedef enum sgp_assignment_state {
    SGP_ASSIGNMENT_PROPOSED = 1,
    SGP_ASSIGNMENT_ORDERED,
    SGP_ASSIGNMENT_ACCEPTED,
    SGP_ASSIGNMENT_EN_ROUTE,
    SGP_ASSIGNMENT_ON_SCENE,
    SGP_ASSIGNMENT_TRANSPORTING,
    SGP_ASSIGNMENT_AT_HOSPITAL,
    SGP_ASSIGNMENT_HANDED_OVER,
    SGP_ASSIGNMENT_CLOSED,
    SGP_ASSIGNMENT_DECLINED,
    SGP_ASSIGNMENT_TIMED_OUT,
    SGP_ASSIGNMENT_DIVERTED,
    SGP_ASSIGNMENT_STOOD_DOWN,
    SGP_ASSIGNMENT_STATES
} sgp_assignment_state;

/* Shown status of a unit; derived from duty and its open assignment. */
typedef enum sgp_unit_status {
    SGP_UNIT_OFF_DUTY = 1,
    SGP_UNIT_AVAILABLE,
    SGP_UNIT_ORDERED, /* ordered or accepted, not yet moving */
    SGP_UNIT_EN_ROUTE,
    SGP_UNIT_ON_SCENE,
    SGP_UNIT_TRANSPORTING,
    SGP_UNIT_AT_HOSPITAL, /* at hospital or handed over, not yet free */
    SGP_UNIT_STATUSES
} sgp_unit_status;

typedef enum sgp_place_kind {
    SGP_PLACE_COORDINATES = 1, /* given as numbers */
    SGP_PLACE_ADDRESS,         /* street and house number */
    SGP_PLACE_STREET,
    SGP_PLACE_JUNCTION,
    SGP_PLACE_FACILITY, /* hospital, school, market, ... */
    SGP_PLACE_AREA,     /* kelurahan, kecamatan, dusun, ... */
    SGP_PLACE_GANG,     /* a gang off a street */
    SGP_PLACE_ESTATE,   /* a housing estate, or a block or house in it */
    SGP_PLACE_RT_RW,    /* a neighbourhood by its numbers */
    SGP_PLACE_RELATIVE, /* in front of, behind, between ... landmarks */
    SGP_PLACE_KM_POST,
    SGP_PLACE_PLUS_CODE,
    SGP_PLACE_PHONE, /* what the caller's phone said of itself */
    SGP_PLACE_KINDS
} sgp_place_kind;

/* How the point of a place came about. */
typedef enum sgp_precision {
    SGP_PRECISION_UNKNOWN,
    SGP_PRECISION_EXACT,        /* the very thing that was named */
    SGP_PRECISION_INTERPOLATED, /* between two known house numbers or posts */
    SGP_PRECISION_NEAREST,      /* the nearest known house number or part */
    SGP_PRECISION_WHOLE,        /* the middle of something large: a street, a kelurahan */
    SGP_PRECISIONS
} sgp_precision;

/* How a telephone found out where it is. */
typedef enum sgp_phone_method {
    SGP_PHONE_METHOD_UNKNOWN,
    SGP_PHONE_GNSS,
    SGP_PHONE_WIFI,
    SGP_PHONE_CELL,
    SGP_PHONE_FUSED, /* from several of them */
    SGP_PHONE_METHODS
} sgp_phone_method;

typedef enum sgp_outcome { /* how an incident ended */
                           SGP_OUTCOME_NONE,
                           SGP_OUTCOME_SERVED,    /* all units handed over or released on scene */
                           SGP_OUTCOME_CANCELLED, /* not needed any more */
                           SGP_OUTCOME_DUPLICATE,
                           SGP_OUTCOME_PRANK,
                           SGP_OUTCOME_SILENT,
                           SGP_OUTCOME_GHOST,
                           SGP_OUTCOME_INFORMATION,
                           SGP_OUTCOME_ABANDONED, /* hung up before anybody could say anything */
                           SGP_OUTCOME_REAL,      /* of a call only: there was something */
                           SGP_OUTCOMES
} sgp_outcome;

/* Why a unit is not recommended. */
typedef enum sgp_exclusion {
    SGP_EXCLUDED_NOT, /* it may go */
    SGP_EXCLUDED_OFF_DUTY,
    SGP_EXCLUDED_BUSY,
    SGP_EXCLUDED_WRONG_KIND,
    SGP_EXCLUDED_NO_POSITION,
    SGP_EXCLUDED_STALE_POSITION,
    SGP_EXCLUDED_UNREACHABLE,
    SGP_EXCLUDED_DECLINED,       /* declined or let time out on this incident */
    SGP_EXCLUDED_ALREADY_ON,     /* is on this incident */
    SGP_EXCLUDED_NOT_YET_FREE,   /* will be soon: its total says when it would be there */
    SGP_EXCLUDED_NOT_DIVERTIBLE, /* on its way to something less urgent, which must keep it */
    SGP_EXCLUDED_SKILLS,         /* right kind, but its crew lacks a skill that is needed */
    SGP_EXCLUDED_AGENCY,         /* its owner does not serve this priority, or wants to be asked */
    SGP_EXCLUDED_NEIGHBOUR,      /* of another district, and a unit of the own is there in time */
    SGP_EXCLUDED_CREW_HOURS,     /* its crew has been on duty too long */
    SGP_EXCLUDED_TOO_WIDE,       /* would have to stop too far away, and another would not */
    SGP_EXCLUDED_NEEDED_ELSEWHERE, /* joint: could go, and is worth more at another incident */
    SGP_EXCLUDED_PENCILLED_IN, /* for a transfer that is due soon; keeps it from P3 and P4 alone */
    SGP_EXCLUDED_DISTRESS,     /* its crew has called for help for itself */
    SGP_EXCLUDED_CREW_SKILLS,  /* the vehicle would do, but who is on it lacks a skill */
    SGP_EXCLUDED_SHIFT_ENDS,   /* its crew's shift ends soon, and another fits; P3 and P4 alone */
    SGP_EXCLUDED_SHIFT_OVER,   /* its crew's shift is over; see rules.shift_end_ms */
    SGP_EXCLUSIONS
} sgp_exclusion;

/* How the units for an incident are chosen; by priority, see sgp_clocks. */
typedef enum sgp_policy {
    SGP_POLICY_CLOSEST,                /* who is there first */
    SGP_POLICY_CLOSEST_WITH_DIVERSION, /* also units on their way to something less urgent */
    SGP_POLICY_JOINT,                  /* all that waits is solved together */
    SGP_POLICY_COVERAGE_AWARE,         /* what is left behind counts too */
    SGP_POLICIES
} sgp_policy;

/* When a unit works outside its own district. */
typedef enum sgp_lending {
    SGP_LENT_FREELY,     /* like any other */
    SGP_LENT_AFTER_OWN,  /* where no unit of the district itself would be there in time */
    SGP_LENT_WHEN_ASKED, /* for incidents for which a dispatcher has asked for mutual aid */
    SGP_LENDINGS
} sgp_lending;

/* How far a place may be off, by what it is; see sgp_rules. */
typedef enum sgp_vagueness {
    SGP_VAGUE_SPOT, /* coordinates, an address, a junction, a facility */
    SGP_VAGUE_LINE, /* a street or a gang without a number */
    SGP_VAGUE_AREA, /* a kelurahan, an estate, an RT/RW */
    SGP_VAGUE_PHONE,
    SGP_VAGUENESSES
} sgp_vagueness;

/* How two complaints go together. */
typedef enum sgp_likeness {
    SGP_LIKE_SAME = 1, /* the same complaint */
    SGP_LIKE_FAMILY,   /* what two callers may well say of one thing: an accident, an injury */
    SGP_LIKE_UNKNOWN,  /* one of them says nothing */
    SGP_LIKE_OTHER,    /* another matter, at the very place */
    SGP_LIKENESSES
} sgp_likeness;

/* Upper-case wire names without prefix ("EN_ROUTE"); "UNKNOWN" for other numbers. */
const char *sgp_priority_str(sgp_priority priority); /* "P1" */
const char *sgp_unit_kind_str(sgp_unit_kind kind);
const char *sgp_incident_state_str(sgp_incident_state state);
const char *sgp_assignment_state_str(sgp_assignment_state state);
const char *sgp_unit_status_str(sgp_unit_status status);
const char *sgp_place_kind_str(sgp_place_kind kind);
const char *sgp_precision_str(sgp_precision precision);
const char *sgp_phone_method_str(sgp_phone_method method);
const char *sgp_outcome_str(sgp_outcome outcome);
const char *sgp_exclusion_str(sgp_exclusion exclusion);
const char *sgp_likeness_str(sgp_likeness likeness);
const char *sgp_lending_str(sgp_lending lending); /* as configuration writes it: "after_own" */
const char *sgp_policy_str(sgp_policy policy);    /* as configuration writes it: "closest" */

typedef enum sgp_transfer_state {
    SGP_TRANSFER_PLANNED = 1, /* nobody's job yet */
    SGP_TRANSFER_DUE,         /* its incident is open */
    SGP_TRANSFER_DONE,        /* the patient was taken */
    SGP_TRANSFER_UNDONE,      /* its incident ended and nobody took the patient */
    SGP_TRANSFER_CANCELLED,   /* before it was due */
    SGP_TRANSFER_STATES
} sgp_transfer_state;
const char *sgp_transfer_state_str(sgp_transfer_state state);

typedef enum sgp_ring_state {
    SGP_RING_RINGING = 1, /* for everybody */
    SGP_RING_CLAIMED,     /* somebody takes it; the exchange has not connected it yet */
    SGP_RING_ANSWERED,
    SGP_RING_HELD,
    SGP_RING_ENDED,     /* after it was answered */
    SGP_RING_ABANDONED, /* before anybody answered */
    SGP_RING_STATES
} sgp_ring_state;
const char *sgp_ring_state_str(sgp_ring_state state);

/* What an exchange says of a channel. */
typedef enum sgp_ring_news {
    SGP_NEWS_ANSWERED = 1,
    SGP_NEWS_HELD,
    SGP_NEWS_RESUMED,
    SGP_NEWS_ENDED,
    SGP_NEWS_LOST, /* it was gone when the exchange came back */
    SGP_NEWS_RECORDED,
    SGP_RING_NEWS
} sgp_ring_news;

/* How far calling back one that was missed has come. */
typedef enum sgp_call_back {
    SGP_CALL_BACK_NONE,
    SGP_CALL_BACK_CLAIMED, /* somebody is doing it */
    SGP_CALL_BACK_REACHED,
    SGP_CALL_BACK_NO_ANSWER,  /* to be tried again */
    SGP_CALL_BACK_NOT_NEEDED, /* a person says so */
    SGP_CALL_BACK_RANG_AGAIN, /* the same number rang again and was answered */
    SGP_CALL_BACKS
} sgp_call_back;
const char *sgp_call_back_str(sgp_call_back state);

/* ---- things -------------------------------------------------------------- */

typedef struct sgp_place {
    sgp_place_kind kind;
    sgp_point point;
    int32_t uncertainty_m;       /* radius */
    int32_t confidence_permille; /* 0..1000 */
    char label[SGP_LABEL_BYTES]; /* readable address */
    char kelurahan[SGP_NAME_BYTES];
    char kecamatan[SGP_NAME_BYTES];
    char kabupaten[SGP_NAME_BYTES];
    sgp_precision precision;
    bool from_graph; /* found while the database was away: by the names of the road graph */
    /* Where a vehicle stands for it (the gate, the gang's mouth), and how far people
     * walk from there; only where has_access. */
    bool has_access;
    sgp_point access;
    int32_t access_walk_m;
    char access_street[SGP_NAME_BYTES]; /* the road there; "" = it has no name */
} sgp_place;

/* What a caller's phone told of itself. */
typedef struct sgp_phone_fix {
    sgp_place place; /* SGP_PLACE_PHONE; uncertainty_m is the radius, at least 1 */
    int64_t measured_at_ms;
    sgp_phone_method method;
} sgp_phone_fix;

/* Who may be taken from where, and who may go at all. All zero: only free units go, wherever they
 * are from, and every unit fills any seat; that is how journals of before these rules read.
 * sgp_rules_default has what a control room starts with. */
typedef struct sgp_rules {
    /* A unit fills only a seat that asks for its kind and skills. */
    bool seats_by_kind;
    /* A unit that carries a patient becomes free at a hospital only, and every hospital that one
     * arrives at is written down: the nearest where the crew names none. */
    bool patients_first;
    /* Diversion, for policies that divert: the unit must be there so much sooner than a free one;
     * one that reaches its own scene within `keep` goes on; an incident loses a unit at most so
     * often. */
    int32_t divert_gain_ms, divert_keep_ms, divert_times;
    /* How long it usually takes from arriving at a hospital to handing over, and from there to
     * being free; both 0: units at hospitals are merely busy. */
    int32_t handover_ms, clear_ms;
    /* The greatest age of a position by shown status; 0 = position_max_age_ms. */
    int32_t position_age_ms[SGP_UNIT_STATUSES];
    /* A crew that has been on duty longer is not sent any more; 0 = no limit. */
    int32_t crew_ms[SGP_PRIORITIES];
    /* A unit lent after the district's own goes when none of those is there within this time. */
    int32_t aid_after_ms[SGP_PRIORITIES];
    /* On foot from where a car must stop: how fast, and how far at most while a unit that gets
     * nearer can go; 0 = does not matter. */
    int32_t walk_cm_s, walk_max_m;
    /* Re-triage: orders that nobody has accepted yet and that are no longer needed are withdrawn.
     */
    bool withdraw_surplus;
    /* So many units that treat patients stay for other calls when a mass-casualty incident is
     * served without a click. */
    int32_t mass_reserve;
    /* Joint: an order that nobody has answered yet moves when all together gain more than this; 0 =
     * never. A second at an incident of a priority counts so often, 0 = once. */
    int32_t joint_gain_ms, joint_weight[SGP_PRIORITIES];
    /* Duplicates: an incident is offered as the same as a running one whose latest call is at most
     * so old (0 = nothing is offered) and whose place is at most alike_m away, beyond what each of
     * the two places may be off: its own radius, at most alike_reach_m of its kind. */
    int32_t alike_ms, alike_m, alike_reach_m[SGP_VAGUENESSES];
    /* An order that a person gave is taken by the engine only for an incident as urgent as this or
     * more; UNKNOWN: for any that is more urgent than its own. Whoever watches is told loudly. */
    sgp_priority by_hand_for;
    /* Which mends of decisions hold (edition.h). No setting: a journal keeps the one that it was
     * decided by; 0 = from before they were counted. */
    int32_t edition;
    /* Hospitals (hospital.h): chosen by need, with beds counted; a wish that is lacking counts
     * like so much driving; from which age on a count is stale, and after which stay a bed comes
     * back by itself, 0 = never. */
    bool hospital_by_need;
    int32_t hospital_wish_ms, beds_stale_ms, bed_stay_ms;
    /* A unit that waits at a hospital so long raises the alarm, and again every so often until its
     * patient is handed over; 0 = never, once. */
    int32_t offload_ms, offload_again_ms;
    /* Transfers: a unit is to be there so much before the time; and who is pencilled in for one
     * that is due within `keep` stays for it, but for P1 and P2. */
    int32_t transfer_margin_ms, transfer_keep_ms;
    /* Calls get an outcome of their own when their incident closes or they are linked. */
    bool judge_calls;
    /* Telephone numbers, by token: how long their calls are remembered (0 = not at all), and how
     * many pranks, silent and ghost calls within how long mark one for how long (0 = none). */
    int32_t number_keep_h, nuisance_count, nuisance_window_h, nuisance_mark_h;
    /* Welfare: a crew on scene is asked after so long whether all is well, by priority; sooner one
     * that is alone on a motorbike, or where people may be violent (the complaint); 0 = never. As
     * long as nobody answers the alarm is raised every so often; 0 = once. */
    int32_t welfare_ms[SGP_PRIORITIES], welfare_alone_ms, welfare_danger_ms, welfare_again_ms;
    /* Telephones: who claims a ring has so long until it is answered (0 = for ever); how long a
     * ring is kept when it is over (0 = as long as there is room); and, shown only, within which
     * time how many of a thousand should be answered. */
    int32_t ring_claim_ms, ring_keep_h, ring_target_ms, ring_target_permille;
    /* Shifts (roster.h): so long after the beginning of one for which nobody signed on the alarm
     * is raised, once; 0 = never. And a crew whose shift ends within `end` is kept from P3 and P4
     * while another fits; one whose shift is over is not sent there at all, and to P1 and P2 only
     * where nobody else is there within the response target; 0 = the end does not matter. */
    int32_t shift_absent_ms, shift_end_ms;
} sgp_rules;

typedef struct sgp_clocks { /* configuration of the core; defaults by sgp_clocks_default */
    int32_t accept_ms[SGP_PRIORITIES]; /* an order not answered in this time is timed out */
    int32_t
        target_ms[SGP_PRIORITIES]; /* response target, answer -> on scene; shown, not enforced */
    int32_t turnout_ms[SGP_UNIT_KINDS]; /* order -> en route, at the station */
    int32_t position_max_age_ms;        /* of a moving or free unit away from its station */
    int32_t confident_permille;         /* a place below this needs a dispatcher's choice */
    int32_t phone_place_m; /* a phone's position with a greater radius places no call by itself */
    bool order_without_click[SGP_PRIORITIES]; /* order the best unit at once */
    bool reorder_after_refusal;        /* declined or timed out: order the next one at once */
    sgp_policy policy[SGP_PRIORITIES]; /* who is chosen for what */
    sgp_rules rules;
} sgp_clocks;

/* How far a move-up has come: a unit that is free is sent to wait elsewhere. */
typedef enum sgp_post_state {
    SGP_POST_NONE,
    SGP_POST_ORDERED,
    SGP_POST_ACCEPTED, /* on its way */
    SGP_POST_THERE,
    SGP_POST_DECLINED,
    SGP_POST_STATES
} sgp_post_state;
const char *sgp_post_state_str(sgp_post_state state); /* "THERE" */

/* Where it is sent to wait. All but state and reason are zero in state NONE. */
typedef struct sgp_post {
    sgp_post_state state;
    sgp_id id; /* the event that ordered it */
    sgp_point point;
    int64_t ordered_at_ms, there_at_ms; /* 0 = not yet */
    int32_t gain_ppm;          /* of the city's expected coverage, as was advised; 0 = not known */
    char name[SGP_NAME_BYTES]; /* of the station or place */
    char reason[SGP_NAME_BYTES]; /* of declining, or of its end */
} sgp_post;

/* One of a crew, by code; names are nowhere in the core. */
typedef struct sgp_crew_member {
    char code[SGP_CODE_BYTES]; /* "PRM-014" */
    uint32_t skills;           /* mask of 1u << sgp_skill */
} sgp_crew_member;

/* Who is on a unit, and how its shift goes. All zero: nobody signed on by name. */
typedef struct sgp_signed_on {
    uint32_t n_members;
    sgp_crew_member members[SGP_CREW_PER_UNIT];
    bool until_told;         /* the end was said, and is not the planned one */
    int64_t absence_from_ms; /* beginning of the last shift that was looked at for its crew */
    int64_t absent_until_ms; /* nobody has come for the shift that ends then; 0 = somebody has */
    uint64_t version;        /* the event that last signed somebody on or off */
} sgp_signed_on;

/* Who last said what a unit or hospital is. */
typedef struct sgp_entry {
    uint64_t version;           /* the event */
    int64_t at_ms;              /* of by_hand */
    bool by_hand;               /* a person, while the engine ran: the configuration waits */
    char actor[SGP_CODE_BYTES]; /* with by_hand */
} sgp_entry;
/* Of what was told to a crew last about one matter. All zero: nothing, or before edition 3. */
typedef struct sgp_receipt {
    uint64_t told_seq;      /* the event that told it */
    uint64_t heard_seq;     /* up to here the device has it */
    int64_t received_at_ms; /* when the first of it was received; 0 = not yet */
    uint64_t refused_epoch; /* the higher one that the device had heard; 0 = it did not refuse */
} sgp_receipt;

typedef struct sgp_unit {
    /* What every decision asks of every unit comes first, on a cache line or two. */
    uint32_t index; /* 0 .. n_units-1, for ever */
    sgp_unit_kind kind;
    bool on_duty;
    bool has_position;
    bool at_station; /* signed on or came back, has not moved since */
    sgp_lending lending;
    uint32_t serves;         /* bit 1u << sgp_priority: only these; 0 = all */
    uint32_t skills;         /* mask of 1u << sgp_skill (plan.h), with the crew that is on it */
    sgp_unit_kind works_as;  /* 0 = as its kind; else with a crew that cannot do all of that */
    int64_t shift_until_ms;  /* when its crew's shift ends, 0 = not known */
    sgp_id assignment;       /* the open one, 0 = free */
    int64_t position_at_ms;  /* when it was there */
    int64_t signed_on_at_ms; /* 0 = off duty, or not known */
    sgp_point position;      /* last known; the station's when it signed on there */
    sgp_point station_point;
    char code[SGP_CODE_BYTES]; /* unique, as spoken on the radio: "PSC-01" */
    /* Ownership. Its district is a kabupaten or kota as places name it; "" = at home everywhere. */
    char district[SGP_NAME_BYTES];
    char name[SGP_NAME_BYTES];
    char agency[SGP_NAME_BYTES];
    char station[SGP_NAME_BYTES];
    sgp_post post;
    /* Its crew called for help for itself, and no dispatcher has cleared it yet; 0 = not. It gets
     * no job meanwhile, and the alarm is raised again and again. */
    int64_t distress_at_ms, distress_due_ms;
    uint32_t vehicle_skills;  /* as it was registered, whoever is on it */
    sgp_receipt post_receipt; /* of its move-up */
    sgp_signed_on crew;
    sgp_entry entry;
    int64_t out_of_service_at_ms; /* nobody may sign on; 0 = in service */
    char service_reason[SGP_NAME_BYTES];
    uint64_t version; /* grows with every change */
} sgp_unit;

/* How far what was told to a crew has come on its way to the crew's device. */
typedef enum sgp_order_receipt {
    SGP_RECEIPT_NONE, /* nothing is on its way */
    SGP_RECEIPT_WAITING,
    SGP_RECEIPT_RECEIVED, /* the device has it, whatever the crew says */
    SGP_RECEIPT_REFUSED,  /* the device has heard of an engine with a higher epoch */
    SGP_RECEIPTS
} sgp_order_receipt;
sgp_order_receipt sgp_receipt_state(const struct sgp_receipt *receipt);
const char *sgp_order_receipt_str(sgp_order_receipt receipt); /* "WAITING" */

/* Whether it is sent somewhere: on its way there, or there. */
bool sgp_post_is_on(const sgp_post *post);
/* Where it stands while it is at_station: its station, or the place that it was sent to. */
sgp_point sgp_unit_base(const sgp_unit *unit);

typedef struct sgp_hospital {
    uint32_t index;
    char code[SGP_CODE_BYTES];
    char name[SGP_NAME_BYTES];
    sgp_point point;
    int32_t beds;       /* emergency beds; 0 = not told */
    uint32_t abilities; /* mask of 1u << sgp_ability */
    sgp_hospital_told told;
    uint32_t n_taken; /* beds that our patients have taken since the last count */
    sgp_entry entry;
    uint64_t version; /* grows with every change */
} sgp_hospital;
_Static_assert((int)SGP_HOSPITAL_WORD_BYTES == (int)SGP_CODE_BYTES &&
                   (int)SGP_HOSPITAL_REASON_BYTES == (int)SGP_NAME_BYTES,
               "hospital.h knows how long codes and names are");

/* Why a call's number is marked; all zero: it is not. */
typedef struct sgp_nuisance {
    uint32_t calls; /* pranks, silent and ghost calls that are remembered of it */
    int64_t first_ms, last_ms;
    int64_t until_ms; /* when the mark expires */
    bool by_hand;
} sgp_nuisance;

/* One of the remembered calls of a number. */
typedef struct sgp_number_call {
    sgp_id call, incident;
    int64_t at_ms;
    sgp_outcome outcome;
} sgp_number_call;

/* A telephone number, known by its token only. */
typedef struct sgp_number {
    uint8_t token[SGP_CALLER_TOKEN_BYTES];
    uint32_t n_calls;
    sgp_number_call calls[SGP_NUMBER_CALLS]; /* oldest first */
    int64_t marked_at_ms, marked_until_ms;   /* 0 = never, or lifted */
    int64_t lifted_at_ms;                    /* what was before does not mark it again */
    char marked_by[SGP_CODE_BYTES];          /* "" = by the rules */
} sgp_number;

/* A telephone that rings: from the exchange to a call, or to the list of the missed. */
typedef struct sgp_ring {
    sgp_id id; /* the event by which it came */
    sgp_ring_state state;
    char exchange[SGP_CODE_BYTES];          /* as the configuration calls it */
    char line[SGP_CODE_BYTES];              /* that was dialled */
    char channel[SGP_CHANNEL_BYTES];        /* the exchange's name for it, unique there */
    uint8_t number[SGP_CALLER_TOKEN_BYTES]; /* token, zero = none */
    sgp_nuisance nuisance;                  /* when it came */
    int64_t rang_at_ms, claimed_at_ms, answered_at_ms, held_at_ms, ended_at_ms; /* 0 = not */
    int64_t claim_until_ms;          /* while CLAIMED; 0 = for ever */
    char claimed_by[SGP_CODE_BYTES]; /* stays when it is answered */
    bool lost;                       /* ended while the exchange was away */
    sgp_id call;                     /* that it became, 0 = none */
    char recording[SGP_NAME_BYTES];  /* the exchange's name of it, "" = none */
    sgp_call_back back;              /* of one that was missed */
    char back_by[SGP_CODE_BYTES];
    int64_t back_claimed_at_ms, back_at_ms;
    uint32_t back_tries; /* without an answer */
    uint64_t version;
} sgp_ring;
/* It rings, or somebody is there. */
bool sgp_ring_is_open(const sgp_ring *ring);
/* It was missed, and nobody has settled that. */
bool sgp_ring_wants_call_back(const sgp_ring *ring);

/* What a button of the caller's page says without words. */
typedef enum sgp_caller_sign {
    SGP_SIGN_NONE = 0,
    SGP_SIGN_SAFE,
    SGP_SIGN_CANNOT_SPEAK,
    SGP_SIGN_WORSE,
    SGP_SIGNS
} sgp_caller_sign;

/* Words between the caller's own page and the control room, without the words: the shell keeps
 * them, sealed. */
typedef struct sgp_message {
    uint64_t seq; /* of the event */
    int64_t at_ms;
    sgp_id incident; /* of the call then */
    bool by_caller;
    sgp_caller_sign sign;
    char actor[SGP_CODE_BYTES];
} sgp_message;

typedef struct sgp_chat {
    int64_t opened_at_ms; /* the page was opened first, 0 = not yet */
    uint32_t messages;    /* that are remembered */
    uint32_t unread;      /* of the caller's, in the control room */
    uint64_t last_seq;    /* of the newest, 0 = none */
    int64_t last_at_ms;
    uint64_t read_seq; /* read in the control room up to here */
    sgp_caller_sign last_sign;
} sgp_chat;

typedef struct sgp_call {
    sgp_id id;
    sgp_id incident;
    int64_t received_at_ms;
    int64_t placed_at_ms;         /* 0 = not yet */
    char channel[SGP_CODE_BYTES]; /* "112", "console", "partner" */
    char complaint[SGP_CODE_BYTES];
    sgp_priority priority;
    int32_t n_places;  /* candidates of the look-up, best first */
    sgp_place *places; /* [n_places]; owned by the world */
    bool looking_up;   /* a place was asked for and has not been answered */
    bool provisional;  /* the places come from the road graph's names; it is still looked up */
    uint32_t n_texts;  /* caller's words about the place; the shell keeps them */
    bool has_near;     /* where the call itself says it is, perhaps coarsely */
    sgp_point near;
    int32_t near_m;       /* its radius */
    sgp_phone_fix *phone; /* the best that its phone told, NULL = nothing; owned by the world */
    sgp_outcome outcome;  /* of the call itself, NONE = not judged yet */
    bool has_number;      /* a token of it is known */
    sgp_nuisance nuisance;
    sgp_id ring; /* that it came by, 0 = none */
    char recording[SGP_NAME_BYTES];
    sgp_chat chat;
    uint64_t version;
} sgp_call;

/* A seat that a crew on scene or a dispatcher asked for. */
typedef struct sgp_backup {
    uint32_t kinds;  /* bit 1u << sgp_unit_kind: any of these, never 0 */
    uint32_t skills; /* all of these */
} sgp_backup;

/* How far an agency's alert has come. */
typedef enum sgp_alert_state {
    SGP_ALERT_GIVEN = 1,
    SGP_ALERT_ACKNOWLEDGED,
    SGP_ALERT_DECLINED,
    SGP_ALERT_OVERDUE, /* not acknowledged in the agency's time */
    SGP_ALERT_STATES
} sgp_alert_state;
const char *sgp_alert_state_str(sgp_alert_state state);

/* Another service called to an incident. */
typedef struct sgp_alert {
    char agency[SGP_CODE_BYTES];
    sgp_alert_state state;
    int64_t alerted_at_ms;
    int64_t answer_by_ms;        /* while GIVEN */
    int64_t answered_at_ms;      /* 0 = not yet */
    char reason[SGP_NAME_BYTES]; /* of alerting, later of the answer */
} sgp_alert;

/* An answer to a question of the call-taker's script (plan.h). */
typedef struct sgp_answered {
    char question[SGP_CODE_BYTES];
    char answer[SGP_CODE_BYTES];
    int64_t at_ms;
} sgp_answered;

/* An older open incident that this one may be the same as, and why. */
typedef struct sgp_alike {
    sgp_id incident;
    int32_t distance_m; /* between the two places; -1 = one of them has none */
    int64_t apart_ms;   /* from its latest call then to the opening of this one */
    sgp_likeness likeness;
    bool same_number; /* its first call came from the same telephone; the place does not matter */
    bool dismissed;   /* a person said that it is another one */
} sgp_alike;

typedef struct sgp_incident {
    sgp_id id;
    sgp_incident_state state;
    sgp_priority priority;
    char complaint[SGP_CODE_BYTES];
    bool has_place;
    bool place_confirmed; /* chosen by a person, given as coordinates, or confident */
    sgp_place place;
    int64_t opened_at_ms;
    int64_t placed_at_ms;      /* first place */
    int64_t first_order_at_ms; /* 0 = not yet */
    int64_t first_on_scene_at_ms;
    int64_t closed_at_ms;
    sgp_outcome outcome;
    uint32_t n_calls;
    sgp_id first_call;
    uint32_t n_assignments; /* all, ended ones too */
    sgp_id assignments[SGP_UNITS_PER_INCIDENT_MAX];
    sgp_id last_recommendation;
    uint32_t units_wanted; /* how many units should be on it; at first what its plan says, or 1 */
    /* Seats of its response that a stand-down took away: bit 1u << place; and which response that
     * was, 1 + its number in the plan. */
    uint32_t seats_dropped, seats_dropped_of;
    uint32_t alarm;    /* alarm level, from 1 on */
    uint32_t diverted; /* how often a unit was taken from it for something more urgent */
    bool aid_asked;    /* units of neighbours that want to be asked may go */
    uint32_t n_backup; /* seats that people asked for beyond the plan */
    sgp_backup backup[SGP_BACKUP_MAX];
    bool mass_casualty;
    uint32_t patients; /* estimated, with mass_casualty */
    bool has_staging;  /* units go there first, and are called on from there */
    sgp_place staging;
    uint32_t n_answers;
    sgp_answered *answers; /* in order of first answering; owned by the world */
    uint32_t n_alerts;
    sgp_alert *alerts; /* in order of first alerting; owned by the world */
    uint32_t n_alike;
    sgp_alike alike[SGP_ALIKE_MAX]; /* the likeliest first, dismissed ones last */
    /* Of a transfer between hospitals; it has no call, and no plan says who goes. */
    sgp_id transfer;          /* 0 = it is none; one that is long over is forgotten before this */
    uint32_t destination;     /* 1 + index of the hospital that is fixed, 0 = none is */
    sgp_backup transfer_seat; /* who may take the patient */
    bool suspect;             /* only marked numbers told of it, and nobody has confirmed it */
    uint32_t n_notes;         /* in its log */
    /* Who has it in hand at a desk, "" = nobody; what anybody does about it goes all the same. */
    char taken_by[SGP_CODE_BYTES];
    int64_t taken_at_ms; /* 0 = nobody has */
    uint64_t version;
} sgp_incident;

/* Somebody left a desk and gave all that was in hand there to another, or back to everybody. The
 * shell keeps the words of it. */
typedef struct sgp_handover {
    sgp_id id; /* the event */
    int64_t at_ms;
    char from[SGP_CODE_BYTES], to[SGP_CODE_BYTES]; /* to "" = whoever takes it */
    bool gone;                                     /* nobody said so: the line was lost too long */
    uint32_t incidents, rings;                     /* how many went over */
} sgp_handover;

/* A patient to be taken from one hospital to another (rujukan). As long as it is planned it is no
 * incident and no unit's job: whoever is pencilled in stays free. It falls due when it is time to
 * leave for it, and opens an incident then. Two of them are there and back (`outward`). */
typedef struct sgp_transfer {
    sgp_id id;
    sgp_transfer_state state;
    uint32_t from, to;     /* indices of hospitals */
    int64_t pick_up_at_ms; /* when the patient is ready; never 0 */
    sgp_priority priority; /* of the incident that it opens */
    char complaint[SGP_CODE_BYTES];
    sgp_backup seat;                  /* which unit: any of these kinds, all of these skills */
    uint32_t unit;                    /* 1 + index of who is pencilled in, 0 = nobody */
    sgp_id outward;                   /* the way back of that one; 0 = it is none */
    sgp_id incident;                  /* once it was due */
    int64_t asked_at_ms, ended_at_ms; /* 0 = not yet */
    int64_t lead_ms;             /* turnout, way to the patient and margin, as estimated last */
    int64_t ride_ms;             /* from hospital to hospital; -1 = not known */
    int64_t look_at_ms;          /* while PLANNED: estimated anew then, and due if it is time */
    char reason[SGP_NAME_BYTES]; /* of cancelling */
    uint64_t version;
} sgp_transfer;

/* What speaks against a planned or due transfer as things stand; bits 1u << of these. */
typedef enum sgp_transfer_conflict {
    SGP_CONFLICT_OFF_DUTY, /* who is pencilled in is off duty, and it is due within the hour */
    SGP_CONFLICT_BUSY,     /* ... is on a job, and it is due within the hour */
    SGP_CONFLICT_OVERLAP,  /* ... is pencilled in for another one at the same time */
    SGP_CONFLICT_UNFIT,    /* ... lacks the kind or the skills */
    SGP_CONFLICT_LATE,     /* nobody is there and the time is past */
    SGP_CONFLICTS
} sgp_transfer_conflict;
const char *sgp_transfer_conflict_str(sgp_transfer_conflict conflict); /* "OFF_DUTY" */

/* What a premise note warns of, or helps with. */
typedef enum sgp_premise_kind {
    SGP_PREMISE_HAZARD = 1,
    SGP_PREMISE_ACCESS,  /* gate codes, keys, the right entrance */
    SGP_PREMISE_PATIENT, /* how to reach somebody who is known */
    SGP_PREMISE_OTHER,
    SGP_PREMISE_KINDS
} sgp_premise_kind;

/* What whoever goes to a place should know of it; the shell keeps the words. */
typedef struct sgp_premise {
    sgp_id id; /* the event that set it first */
    sgp_premise_kind kind;
    sgp_point point;
    int32_t radius_m;
    char label[SGP_LABEL_BYTES]; /* also for every place with this label; "" = none */
    int64_t until_ms;            /* 0 = until it is removed */
    uint64_t version;            /* the event that set it last */
    char actor[SGP_CODE_BYTES];  /* who did */
} sgp_premise;

typedef struct sgp_assignment {
    sgp_id id;
    sgp_id incident;
    uint32_t unit;
    sgp_assignment_state state;
    sgp_id recommendation;                /* that it followed, 0 = none */
    int64_t travel_ms;                    /* told when ordered; SGP_UNREACHABLE unknown */
    bool by_dispatcher;                   /* false: ordered without a click */
    uint32_t by_radio;                    /* bit 1u << state: entered for the crew by another */
    int64_t welfare_due_ms;               /* the crew is asked then, 0 = not */
    uint32_t welfare_alarms;              /* raised since it answered last */
    int32_t hospital;                     /* index, -1 = none */
    char reason[SGP_NAME_BYTES];          /* of declining, standing down */
    int64_t at_ms[SGP_ASSIGNMENT_STATES]; /* time of entering each state, 0 = never */
    /* Its patient and where he goes. */
    bool needs_told; /* by the crew, instead of what the complaint says */
    uint32_t needs;  /* abilities */
    sgp_colour_of_triage colour;
    int32_t proposed;        /* index of the hospital advised last, -1 = none */
    bool hospital_named;     /* a person chose the hospital */
    uint32_t offload_alarms; /* how often its wait at the hospital raised the alarm */
    int64_t offload_due_ms;  /* the next alarm, 0 = none */
    int64_t seen_at_ms;      /* a hospital said that it knows of the patient, 0 = none has */
    uint32_t seen_by;        /* 1 + its index */
    sgp_receipt receipt;
    /* Of states that the crew's device told: its clock then, and when it came, 0 = it did not.
     * at_ms is the device's time by the engine's clock where that can be, else the arrival. */
    int64_t device_at_ms[SGP_ASSIGNMENT_STATES], arrived_at_ms[SGP_ASSIGNMENT_STATES];
    uint32_t late; /* bit 1u << state: it came when the state was passed by; nothing was undone */
    uint64_t version;
} sgp_assignment;
/* Something was told of it, or of a unit's move-up, that the device does not have yet: it is told
 * again and again. */
bool sgp_assignment_is_unheard(const sgp_assignment *assignment);
bool sgp_post_is_unheard(const sgp_unit *unit);

typedef struct sgp_candidate {
    uint32_t unit;
    int64_t travel_ms; /* -1 unreachable or not asked */
    int64_t turnout_ms;
    int64_t wait_ms;   /* until it can leave what it is doing */
    int64_t walk_ms;   /* on foot from where it must stop */
    int64_t policy_ms; /* what the policy adds, or takes off */
    int64_t total_ms;  /* cost that ranks: the sum of these; -1 when excluded, but where it is not
                        * yet free or needed elsewhere */
    sgp_id from;       /* the incident that it would be taken from, 0 = it is free */
    uint32_t seat;     /* which open seat it is recommended for, from 1; 0 = an alternative */
    int64_t position_age_ms;
    sgp_exclusion exclusion;
} sgp_candidate;

/* A seat that nobody of the wanted kinds can take in time. */
typedef struct sgp_shortfall {
    uint32_t kinds;    /* wanted: mask of 1u << sgp_unit_kind */
    uint32_t skills;   /* mask of 1u << sgp_skill */
    int32_t within_ms; /* 0 = at any time */
    int64_t best_ms;   /* when the first of them could be there, -1 = none can */
    uint32_t unit;     /* 1 + index of the unit of another kind that goes instead, 0 = none */
} sgp_shortfall;

/* All units: those that may go by (total_ms, unit index), those that will soon be free likewise,
 * then the excluded by unit index. Stored whole, with what was done about it. */
typedef struct sgp_recommendation {
    sgp_id id;
    sgp_id incident;
    int64_t at_ms;
    char policy[SGP_CODE_BYTES]; /* "closest" */
    uint32_t n_candidates;
    sgp_candidate *candidates;
    uint32_t n_shortfalls;
    sgp_shortfall shortfalls[SGP_SHORTFALLS_MAX];
} sgp_recommendation;

/* A whole way (b = 0), or what lies between two neighbouring junctions, by their OSM nodes. */
typedef struct sgp_road_part {
    int64_t a, b;
} sgp_road_part;

/* Roads that nobody may drive for a while: an OSM way, all within a radius of a point, or parts.
 * The core keeps them because they must survive a restart and expire; what they mean on a
 * graph is the shell's business. */
typedef struct sgp_road_closure {
    sgp_id id;   /* the event that closed it */
    int64_t way; /* 0 = by point */
    sgp_point point;
    int32_t radius_m;
    int64_t from_ms;  /* in force from here */
    int64_t until_ms; /* to here; 0 = until it is opened */
    bool in_force;
    char reason[SGP_NAME_BYTES];
    char actor[SGP_CODE_BYTES];  /* who closed it */
    char street[SGP_NAME_BYTES]; /* what people call it, "" = nothing */
    uint32_t n_parts;            /* above 0: these, and neither way nor point */
    sgp_road_part parts[SGP_CLOSURE_PARTS_MAX];
} sgp_road_closure;

/* A user that people set, beside those of the configuration. What a role may do is the shell's. */
typedef struct sgp_account {
    char name[SGP_CODE_BYTES];
    uint32_t role;                 /* 1 .. SGP_ROLES - 1 */
    char unit[SGP_CODE_BYTES];     /* of a crew; "" otherwise */
    char agency[SGP_CODE_BYTES];   /* "" = none */
    char hospital[SGP_CODE_BYTES]; /* "" = none */
    sgp_point point;               /* the middle of the district */
    int32_t radius_m;              /* 0 = nowhere in particular */
    bool disabled;
    char reason[SGP_NAME_BYTES]; /* of disabling */
    int64_t at_ms;               /* of the last change */
    char actor[SGP_CODE_BYTES];  /* who made it */
    uint64_t version;            /* the event */
} sgp_account;

/* A device that logged in by a code. Its user is an account or stands in the configuration. */
typedef struct sgp_device {
    sgp_id id; /* the event that added it */
    char user[SGP_CODE_BYTES];
    uint8_t token[SGP_HASH_BYTES]; /* hash */
    int64_t at_ms;
} sgp_device;

typedef struct sgp_login_code {
    char user[SGP_CODE_BYTES];
    uint8_t hash[SGP_HASH_BYTES]; /* keyed by the shell: eight digits alone are soon guessed */
    int64_t until_ms;
} sgp_login_code;

typedef enum sgp_fleet_what {
    SGP_FLEET_UNIT = 1,
    SGP_FLEET_HOSPITAL,
    SGP_FLEET_STATION,
    SGP_FLEET_SERVICE
} sgp_fleet_what;

/* What an administrator changes of units, stations and hospitals. */
typedef struct sgp_fleet_change {
    sgp_fleet_what what;
    uint64_t version; /* of the entry as it was read; 0 = a new one, with SERVICE whatever */
    bool given_back;  /* of a unit or hospital: the configuration says again what it is */
    union {
        sgp_unit unit; /* as UNIT_REGISTERED wants it */
        sgp_hospital hospital;
        struct {
            char name[SGP_NAME_BYTES], new_name[SGP_NAME_BYTES]; /* "" = unchanged */
            bool has_point;
            sgp_point point;
        } station;
        struct {
            char unit[SGP_CODE_BYTES];
            bool out;
            char reason[SGP_NAME_BYTES]; /* of taking it out; never empty then */
        } service;
    } u;
} sgp_fleet_change;

/* Which weights the shell's answers come from, by profile: a digest, for replay and audit. */
typedef struct sgp_metric_mark {
    char profile[SGP_PROFILE_BYTES];
    uint8_t weights[16];
} sgp_metric_mark;

/* ---- events -------------------------------------------------------------- */

typedef enum sgp_event_kind {
    SGP_EVENT_CONFIGURED = 1,      /* clocks */
    SGP_EVENT_UNIT_REGISTERED,     /* new or changed unit, by code */
    SGP_EVENT_HOSPITAL_REGISTERED, /* new or changed hospital, by code */
    SGP_EVENT_UNIT_DUTY,
    SGP_EVENT_UNIT_POSITION,
    SGP_EVENT_CALL_RECEIVED,
    SGP_EVENT_CALL_PLACED,      /* the placer's answer */
    SGP_EVENT_PLACE_CHOSEN,     /* a person's choice for the incident */
    SGP_EVENT_CALL_LINKED,      /* the call belongs to another incident */
    SGP_EVENT_INCIDENT_TRIAGED, /* priority, complaint, units wanted */
    SGP_EVENT_RECOMMENDATION_ASKED,
    SGP_EVENT_UNIT_ORDERED, /* by a dispatcher */
    SGP_EVENT_ORDER_ANSWERED,
    SGP_EVENT_ASSIGNMENT_ADVANCED,
    SGP_EVENT_ASSIGNMENT_STOOD_DOWN,
    SGP_EVENT_INCIDENT_CLOSED,
    SGP_EVENT_TIMER,
    SGP_EVENT_GRAPH_SWITCHED, /* another city file; what is waiting is looked at anew */
    SGP_EVENT_METRIC_SWAPPED, /* from here on a profile's times come from these weights */
    SGP_EVENT_ROAD_CLOSED,
    SGP_EVENT_ROAD_OPENED,
    SGP_EVENT_CALL_NARROWED,     /* the caller said more about where; it is looked up anew */
    SGP_EVENT_PHONE_POSITION,    /* the caller's phone told where it is */
    SGP_EVENT_LOCATE_ASKED,      /* the caller's phone may tell where it is, with this token */
    SGP_EVENT_PLANNED,           /* from here on this plan decides */
    SGP_EVENT_BACKUP_ASKED,      /* more units of certain kinds for the incident */
    SGP_EVENT_AID_ASKED,         /* neighbours' units may go to the incident, or no longer */
    SGP_EVENT_MASS_CASUALTY,     /* many patients: staging, several hospitals; or no longer */
    SGP_EVENT_COVERAGE_SET,      /* from here on this is how stations cover the city */
    SGP_EVENT_QUESTION_ANSWERED, /* of the call-taker's script */
    SGP_EVENT_AGENCY_ALERTED,    /* by a dispatcher */
    SGP_EVENT_AGENCY_ANSWERED,
    SGP_EVENT_ALIKE_DISMISSED,  /* the call is not about that incident */
    SGP_EVENT_HOSPITAL_TOLD,    /* beds, whom it diverts: by the hospital or for it */
    SGP_EVENT_PATIENT_TOLD,     /* what a unit's patient needs, by its crew */
    SGP_EVENT_HOSPITAL_ASKED,   /* which hospital for this unit's patient? */
    SGP_EVENT_HOSPITAL_CHOSEN,  /* by a person, for a unit's patient */
    SGP_EVENT_TRANSFER_ASKED,   /* a patient to another hospital, now or at some time */
    SGP_EVENT_TRANSFER_CHANGED, /* another time, or who is pencilled in */
    SGP_EVENT_TRANSFER_CANCELLED,
    SGP_EVENT_CALL_JUDGED,     /* what a call was, apart from its incident */
    SGP_EVENT_NUMBER_MARKED,   /* the number of a call is a nuisance, or no longer */
    SGP_EVENT_MOVE_UP_ORDERED, /* a free unit is sent to wait elsewhere */
    SGP_EVENT_MOVE_UP_ANSWERED,
    SGP_EVENT_MOVE_UP_ENDED,    /* and need not any more */
    SGP_EVENT_DISTRESS,         /* a crew calls for help for itself; or a dispatcher clears it */
    SGP_EVENT_WELFARE_ANSWERED, /* all is well with the crew */
    SGP_EVENT_NOTE_ADDED,       /* words for the log of an incident, which the shell keeps */
    SGP_EVENT_PREMISE_SET,      /* what is to be known of a place, new or changed */
    SGP_EVENT_PREMISE_REMOVED,
    SGP_EVENT_RING_CAME,      /* a telephone rings */
    SGP_EVENT_RING_TOLD,      /* what the exchange says of it */
    SGP_EVENT_RING_TAKEN,     /* somebody claims it, or gives it back */
    SGP_EVENT_RING_CALL_BACK, /* of one that was missed */
    SGP_EVENT_ROSTER_LOADED,  /* from here on these shifts are planned */
    SGP_EVENT_CREW_SIGNED_ON, /* these people are on the unit, or stay longer */
    SGP_EVENT_SHIFT_SET,      /* one shift planned or changed by a person */
    SGP_EVENT_SHIFT_REMOVED,
    SGP_EVENT_CALLER_CAME,      /* a phone opened its call's page */
    SGP_EVENT_MESSAGE_SAID,     /* by the page, or to it; the shell keeps the words */
    SGP_EVENT_MESSAGES_READ,    /* in the control room */
    SGP_EVENT_INBOUND_SEEN,     /* its hospital knows of a patient */
    SGP_EVENT_INCIDENT_TAKEN,   /* somebody has it in hand now, or no longer */
    SGP_EVENT_DESK_HANDED_OVER, /* all that somebody has in hand goes to another, or to nobody */
    SGP_EVENT_USER_SET,        /* a user added, changed or disabled by a person */
    SGP_EVENT_LOGIN_CODE_MADE, /* for one login of a user */
    SGP_EVENT_DEVICE_ADDED,    /* that login: the code is used up */
    SGP_EVENT_DEVICES_REMOVED, /* logged out, or revoked */
    SGP_EVENT_FLEET_SET,       /* units, stations and hospitals, by a person */
    SGP_EVENT_ORDER_RECEIVED, /* a crew's device has what was told, or refuses it */
    SGP_EVENT_TRACK_TOLD,     /* positions of a unit, by a device that numbers them */
    SGP_EVENT_KINDS
} sgp_event_kind;
const char *sgp_event_kind_str(sgp_event_kind kind);

typedef struct sgp_event {
    sgp_event_kind kind;
    uint64_t seq;           /* the journal's number; grows by one */
    uint64_t parent;        /* seq of the event that caused this one, 0 = none */
    int64_t at_ms;          /* UTC epoch; never less than the event before (the shell sees to it) */
    uint8_t request_id[16]; /* zero: not a request */
    char actor[SGP_CODE_BYTES]; /* who asked: user name or unit code; "" = the engine */
    union {
        sgp_clocks configured;
        struct { /* index, on_duty, positions, assignment and version are ignored */
            sgp_unit unit;
        } unit_registered;
        struct {
            sgp_hospital hospital;
        } hospital_registered;
        struct {
            char unit[SGP_CODE_BYTES];
            bool on_duty;
        } duty;
        struct {
            char unit[SGP_CODE_BYTES];
            sgp_point point;
            int64_t measured_at_ms;
        } position;
        struct {
            char channel[SGP_CODE_BYTES];
            char complaint[SGP_CODE_BYTES];
            sgp_priority
                priority; /* UNKNOWN: by the complaint's default, see sgp_complaint_priority */
            bool has_point;
            sgp_place place; /* when has_point */
            /* The shell holds a text to look up under the call's id. A point that is less sure
             * than clocks.confident_permille is then only where to look, and the place until
             * something is found. */
            bool has_text;
            sgp_id incident;                        /* join this one; 0 = a new incident */
            uint8_t number[SGP_CALLER_TOKEN_BYTES]; /* keyed token of the caller's, zero = none */
            sgp_id ring;                            /* that it came by, 0 = none */
        } call;
        struct {
            char exchange[SGP_CODE_BYTES];
            char line[SGP_CODE_BYTES];
            char channel[SGP_CHANNEL_BYTES];
            uint8_t number[SGP_CALLER_TOKEN_BYTES]; /* as above */
        } ring_came;
        struct {
            char exchange[SGP_CODE_BYTES];
            char channel[SGP_CHANNEL_BYTES];
            sgp_ring_news news;
            char recording[SGP_NAME_BYTES]; /* with RECORDED */
        } ring_told;
        struct {
            sgp_id ring;
            bool give_back;
        } ring_taken;
        struct {
            sgp_id ring;
            sgp_call_back outcome; /* CLAIMED, REACHED, NO_ANSWER, NOT_NEEDED */
        } ring_back;
        struct {
            sgp_id call;
            bool away; /* the placer could not look it up; a person must place it */
            /* Found by the road graph's names while the database is away: the places are
             * shown but confirm nothing, and the look-up goes on. */
            bool provisional;
            int32_t n_places;
            sgp_place places[SGP_PLACES_MAX];
        } placed;
        struct {
            sgp_id incident;
            sgp_place place;
        } chosen;
        struct {
            sgp_id call;
            sgp_id incident;
        } linked;
        struct {
            sgp_id call;
            sgp_id incident;
        } dismissed;
        struct {
            sgp_id incident;
        } noted;
        /* id 0 = a new one; version: of the note as it was read, 0 = any; actor is ignored */
        sgp_premise premise;
        struct {
            sgp_id call;
            sgp_outcome outcome; /* any but SERVED and CANCELLED, which incidents have */
        } judged;
        struct {
            sgp_id call;
            bool lifted;
            int32_t hours; /* 0 = as the rules say */
        } marked;
        struct {
            sgp_id call;
        } narrowed;
        struct {
            sgp_id call;
            sgp_phone_fix fix; /* its confidence is ignored */
            /* By a token of LOCATE_ASKED; else the shell has matched the caller's number. */
            bool by_token;
            uint8_t token[SGP_HASH_BYTES];  /* hash of it */
            uint8_t holder[SGP_HASH_BYTES]; /* hash of what the phone made up for itself */
        } phone;
        struct {
            sgp_id call;
            uint8_t token[SGP_HASH_BYTES];
            int32_t valid_ms;   /* until the first position */
            int32_t updates_ms; /* from the first to the last position, by the same holder */
        } locate;
        struct {
            sgp_id incident;
            sgp_priority priority;          /* UNKNOWN = unchanged */
            char complaint[SGP_CODE_BYTES]; /* "" = unchanged */
            uint32_t units_wanted;          /* 0 = unchanged; else instead of what the plan says */
            uint32_t alarm;                 /* alarm level, 1 .. SGP_ALARMS; 0 = unchanged */
        } triaged;
        struct {
            sgp_id incident;
        } asked;
        struct {
            sgp_id incident;
            char unit[SGP_CODE_BYTES]; /* "" = best of a fresh recommendation */
            bool divert; /* take it from the incident that it is on, before its scene or when its
                          * patient is handed over */
        } ordered;
        struct {
            sgp_id assignment;
            bool accepted;
            char reason[SGP_NAME_BYTES];
            int64_t said_at_ms; /* when it was so, in the past; 0 = now */
            bool for_crew;      /* another entered it for the crew */
            /* By the clock of the crew's device, which keeps what it has to say: then it is never
             * refused for its time, nor where somebody was faster. 0 = not by one. */
            int64_t device_at_ms;
        } answered;
        struct {
            sgp_id assignment;
            sgp_assignment_state state; /* EN_ROUTE .. CLOSED, forward only; steps may be skipped */
            char hospital[SGP_CODE_BYTES]; /* with TRANSPORTING; "" = nearest by road */
            int64_t said_at_ms;            /* as above */
            bool for_crew;
            int64_t device_at_ms;
        } advanced;
        struct {
            sgp_id assignment;
            char reason[SGP_NAME_BYTES];
        } stood_down;
        struct {
            sgp_id incident;
            uint32_t units; /* how many */
            sgp_backup seat;
            char reason[SGP_NAME_BYTES];
        } backup;
        struct {
            sgp_id incident;
            bool asked;
        } aid;
        struct {
            sgp_id incident;
            bool ended;
            uint32_t patients; /* 0 = unchanged */
            bool has_staging;  /* else the staging point is unchanged */
            sgp_place staging;
        } mass;
        struct {
            sgp_id incident;
            sgp_outcome outcome;
        } closed;
        struct {
            uint8_t city[16];
            uint64_t metric;
        } switched;
        sgp_metric_mark swapped;
        sgp_road_closure road_closed; /* id, in_force and actor are ignored */
        struct { /* borrowed; of an event that sgp_event_from_proto made: sgp_event_clear frees it
                  */
            const struct sgp_plan *plan; /* see plan.h */
        } planned;
        struct {
            sgp_id incident;
            char question[SGP_CODE_BYTES];
            char answer[SGP_CODE_BYTES]; /* "" = taken back */
        } question;
        struct {
            sgp_id incident;
            char agency[SGP_CODE_BYTES];
            char reason[SGP_NAME_BYTES];
        } alerted;
        struct {
            sgp_id incident;
            char agency[SGP_CODE_BYTES];
            bool accepted;
            char reason[SGP_NAME_BYTES];
        } agency_answered;
        struct {                                /* borrowed, as the plan is */
            const struct sgp_coverage_map *map; /* see coverage_map.h */
        } coverage;
        struct { /* what is not told stays as it is */
            char hospital[SGP_CODE_BYTES];
            uint64_t version; /* refused where it is another by now; 0 = whatever */
            bool has_beds;
            int32_t beds;     /* free now */
            int32_t released; /* beds that have become free, without a new count */
            bool has_diversion;
            sgp_diversion diversion;
            uint32_t diverts; /* with SOME */
            int64_t until_ms; /* 0 = until it is told anew */
            char reason[SGP_NAME_BYTES];
        } hospital_told;
        struct {
            sgp_id assignment;
            bool has_needs;
            uint32_t needs;
            sgp_colour_of_triage colour; /* UNKNOWN = unchanged */
        } patient;
        struct {
            sgp_id assignment;
            char hospital[SGP_CODE_BYTES]; /* of HOSPITAL_CHOSEN */
        } hospital_choice;
        struct {
            char unit[SGP_CODE_BYTES];
            char name[SGP_NAME_BYTES]; /* of the station or place */
            sgp_point point;
            int32_t gain_ppm; /* as was advised, 0 = not known */
            bool again;       /* also where it is sent somewhere already */
        } move_up;
        struct {
            char unit[SGP_CODE_BYTES];
            sgp_id id;
            bool accepted;
            char reason[SGP_NAME_BYTES];
        } move_up_answer;
        struct {
            char unit[SGP_CODE_BYTES];
            char reason[SGP_NAME_BYTES];
        } move_up_end;
        struct { /* this closure, or every one of that way */
            sgp_id closure;
            int64_t way;
        } road_opened;
        struct {
            char from[SGP_CODE_BYTES], to[SGP_CODE_BYTES]; /* hospitals */
            int64_t pick_up_at_ms;                         /* 0 = at once */
            int64_t return_at_ms;                          /* and back from there; 0 = not */
            sgp_priority priority;                         /* UNKNOWN: by the complaint's default */
            char complaint[SGP_CODE_BYTES];                /* "" = "transfer" */
            sgp_backup seat;                               /* no kinds = any ambulance */
            char unit[SGP_CODE_BYTES];                     /* to pencil in; "" = nobody */
        } transfer_asked;
        struct {
            sgp_id transfer;
            uint64_t version;          /* that the asker has seen; 0 = whichever */
            int64_t pick_up_at_ms;     /* 0 = unchanged */
            bool other_unit;           /* else unchanged */
            char unit[SGP_CODE_BYTES]; /* with other_unit; "" = nobody any more */
        } transfer_changed;
        struct {
            char unit[SGP_CODE_BYTES];
            bool cleared;
            char reason[SGP_NAME_BYTES]; /* of clearing it; never empty then */
        } distress;
        struct {
            sgp_id assignment;
        } welfare;
        struct {
            sgp_id transfer;
            uint64_t version; /* as above */
            char reason[SGP_NAME_BYTES];
        } transfer_cancelled;
        struct { /* borrowed, as the plan is */
            const struct sgp_roster *roster;
        } roster;
        struct {
            char unit[SGP_CODE_BYTES];
            uint32_t n_members; /* 0 = who is on it stays on */
            char members[SGP_CREW_PER_UNIT][SGP_CODE_BYTES];
            int64_t until_ms; /* 0 = as planned */
            uint64_t version; /* of the sign-on as it was read; 0 = whatever */
        } signed_on;
        const struct sgp_shift *shift; /* of SHIFT_SET; borrowed, as the plan is */
        struct {
            sgp_id assignment;         /* 0: the move-up of `unit` */
            char unit[SGP_CODE_BYTES]; /* whose device it is */
            uint64_t told_seq, epoch;  /* as it came */
            bool refused;              /* the device has heard seen_epoch, which is higher */
            uint64_t seen_epoch;
            int64_t device_at_ms;
        } received;
        struct {
            char unit[SGP_CODE_BYTES];
            uint32_t stream;      /* of the device; never 0 */
            uint64_t first;       /* number of fixes[0]; from 1 */
            uint32_t n;           /* 1 .. SGP_TRACK_FIXES_MAX */
            const sgp_fix *fixes; /* borrowed, as the plan is */
        } track;
        struct {
            sgp_id id;
            uint64_t version; /* 0 = whatever */
        } shift_removed;
        struct {
            sgp_id call;
            uint8_t token[SGP_HASH_BYTES]; /* hashes, as with PHONE_POSITION */
            uint8_t holder[SGP_HASH_BYTES];
        } came;
        struct {
            sgp_id call;
            bool by_caller; /* then with its page's token and holder */
            uint8_t token[SGP_HASH_BYTES];
            uint8_t holder[SGP_HASH_BYTES];
            sgp_caller_sign sign; /* of the caller */
        } message;
        struct {
            sgp_id call;
            uint64_t seq; /* of the last message that was read */
        } messages_read;
        struct {
            sgp_id assignment;
            char hospital[SGP_CODE_BYTES];
        } seen;
        struct { /* by the actor */
            sgp_id incident;
            bool release;
            bool take_over; /* also from another */
        } taken;
        struct {
            char from[SGP_CODE_BYTES], to[SGP_CODE_BYTES]; /* to "" = nobody */
            bool gone;
        } handed_over;
        sgp_account account; /* of USER_SET; version: as it was read, 0 = new; at, actor ignored */
        sgp_login_code login_code;
        struct {
            char user[SGP_CODE_BYTES];
            uint8_t code[SGP_HASH_BYTES], token[SGP_HASH_BYTES];
        } device_added;
        struct { /* this one, or all of the user's */
            sgp_id device;
            char user[SGP_CODE_BYTES];
        } devices_removed;
        sgp_fleet_change fleet;
    } u;
} sgp_event;

/* ---- times --------------------------------------------------------------- */

/* A vehicle about to leave. What it is and how urgent its journey is decide how it may
 * drive: the shell maps (kind, priority) to a profile of the graph, so the core knows no
 * profile. `unit` lets an oracle keep what it knows of the unit's place; the times of
 * another unit of the same kind at the same point are the same. */
typedef struct sgp_start {
    sgp_point point;
    int64_t penalty_ms; /* that passes before it leaves */
    uint32_t unit;      /* index */
    sgp_unit_kind kind;
    sgp_priority priority; /* of the incident that it drives for, never UNKNOWN */
} sgp_start;

/* Read-only oracle of road travel times; -1 = unreachable. The shell records
 * what it answers beside the event, so that recovery and exact replay answer
 * the same again whatever the graph has become. */
typedef struct sgp_times {
    void *ctx;
    /* ms[i] = from[i].penalty_ms + travel from from[i] to `to` */
    sgp_err (*many_to_one)(void *ctx, const sgp_start *from, size_t n, sgp_point to, int64_t *ms);
    sgp_err (*one_to_many)(void *ctx, const sgp_start *from, const sgp_point *to, size_t n,
                           int64_t *ms);
} sgp_times;

/* ---- effects ------------------------------------------------------------- */

typedef enum sgp_effect_kind {
    SGP_EFFECT_REPLY = 1,   /* answer to the request of this event */
    SGP_EFFECT_CHANGED,     /* a thing has a new state: tell watchers, project it */
    SGP_EFFECT_RECOMMENDED, /* a recommendation was made: store it, tell watchers */
    SGP_EFFECT_ORDER,       /* tell the unit's crew to go */
    SGP_EFFECT_WITHDRAW,    /* tell the unit's crew that the order is off */
    SGP_EFFECT_FIND_PLACE,  /* look up the call's text; answer with CALL_PLACED */
    SGP_EFFECT_ALERT,       /* tell the agency of its alert, or that it is overdue */
    SGP_EFFECT_HOSPITALS,   /* hospitals were ranked for a patient: store it, tell watchers, crew */
    SGP_EFFECT_DESTINATION, /* tell the unit's crew which hospital it goes to */
    SGP_EFFECT_OFFLOAD,     /* a unit has waited too long at its hospital: tell watchers */
    SGP_EFFECT_MOVE_UP,     /* tell the unit's crew where to wait, or that it need not */
    SGP_EFFECT_ALARM,       /* a crew may be in danger: tell watchers, loudly; ask the crew */
    SGP_EFFECT_RING_ANSWER, /* have the exchange connect the ring */
    SGP_EFFECT_RING_GONE,   /* the ring is forgotten: destroy what is kept of its caller */
    SGP_EFFECT_TRACK        /* what became of positions: tell their device, keep the good ones */
} sgp_effect_kind;

typedef enum sgp_world_thing {
    SGP_THING_UNIT = 1, /* id = index + 1 */
    SGP_THING_HOSPITAL, /* id = index + 1 */
    SGP_THING_CALL,
    SGP_THING_INCIDENT,
    SGP_THING_ASSIGNMENT,
    SGP_THING_TRANSFER,
    SGP_THING_RING,
    SGP_THINGS
} sgp_world_thing;

/* The answer to a request, remembered by request id. */
typedef struct sgp_reply {
    sgp_err err;
    char message[128]; /* when err */
    sgp_id call, incident, assignment, recommendation, closure, transfer;
    char actor[SGP_CODE_BYTES]; /* who asked; filled where it is remembered */
} sgp_reply;

typedef struct sgp_effect {
    sgp_effect_kind kind;
    union {
        sgp_reply reply;
        struct {
            sgp_world_thing thing;
            sgp_id id;
        } changed; /* at most one for each thing and event, after the last change */
        sgp_recommendation recommended; /* candidates owned by the effects */
        struct {
            sgp_id assignment;
        } order, withdraw;
        struct {
            sgp_id call;
        } find_place;
        struct {
            sgp_id incident;
            char agency[SGP_CODE_BYTES];
        } alert;
        sgp_hospital_advice hospitals; /* options owned by the effects */
        struct {
            sgp_id assignment;
        } destination, offload;
        struct {
            uint32_t unit; /* index */
        } move_up;
        struct {
            uint32_t unit;
            sgp_id assignment; /* whose crew does not answer; 0 = it is in distress */
            bool absent;       /* or nobody has come for its shift */
        } alarm;
        struct {
            sgp_id ring;
        } ring;
        struct {
            uint32_t unit;
            uint64_t up_to; /* the device may forget everything up to this number */
            bool moved;     /* the newest good one moved the unit */
            uint32_t counts[SGP_FIX_VERDICTS];
            uint8_t kept[SGP_TRACK_FIXES_MAX / 8 + 1]; /* bit 1u << i % 8 of byte i / 8 */
        } track;
    } u;
} sgp_effect;

/* A list that the caller owns and reuses: zero-initialise, clear between steps, free at the end. */
typedef struct sgp_effects {
    sgp_effect *items;
    size_t n;
    size_t capacity;
} sgp_effects;
void sgp_effects_clear(sgp_effects *effects);
void sgp_effects_free(sgp_effects *effects);

/* ---- the world ----------------------------------------------------------- */

typedef struct sgp_world sgp_world;

void sgp_clocks_default(sgp_clocks *clocks); /* with no rules */
void sgp_rules_default(sgp_rules *rules);
sgp_err sgp_world_create(sgp_world **world) SGP_MUST_USE;
void sgp_world_destroy(sgp_world *world);

/* Applies one event and appends its consequences to `effects`.
 * An event that is illegal now changes nothing but, where it carries a request
 * id, is remembered with its error; it returns that error and appends the
 * REPLY that says so (SGP_E_STATE, SGP_E_NOT_FOUND, SGP_E_RANGE, SGP_E_FULL).
 * An event that makes no sense at all (a field out of range, a seq or time that
 * does not follow) is refused likewise but not remembered. So: the event belongs
 * into the journal exactly when sgp_world_seq(world) == event->seq afterwards.
 * A request that was answered before gets the same REPLY and its error again and
 * changes nothing, not even seq; the same id from another actor is refused
 * (SGP_E_STATE), or that actor would take another's answer for its own.
 * The last effect is always the one REPLY; CHANGED stand before it by thing and id.
 * SGP_E_MEMORY, and SGP_E_CORRUPT when recorded times do not fit the event: the
 * world must be thrown away and recovered. Any other error of `times` counts as
 * "cannot be reached". `times` must not be NULL. */
sgp_err sgp_core_step(sgp_world *world, const sgp_event *event, const sgp_times *times,
                      sgp_effects *effects) SGP_MUST_USE;

/* Was this request of `actor` answered before? Copies the answer. */
bool sgp_world_reply(const sgp_world *world, const uint8_t request_id[16], const char *actor,
                     sgp_reply *reply);

/* The earliest time at which a TIMER event is due, or INT64_MAX. A TIMER event
 * fires everything due at its at_ms. */
int64_t sgp_world_next_timer_ms(const sgp_world *world);

/* The call whose phone may tell where it is with this token (its hash), 0 = none. Whether it
 * still may is the step's to judge. Walks all calls. */
sgp_id sgp_world_call_by_token(const sgp_world *world, const uint8_t token[SGP_HASH_BYTES]);

/* Views, borrowed until the next step. NULL or 0 where there is no such thing. */
const sgp_clocks *sgp_world_clocks(const sgp_world *world);
uint32_t sgp_world_units(const sgp_world *world);
const sgp_unit *sgp_world_unit(const sgp_world *world, uint32_t index);
const sgp_unit *sgp_world_unit_by_code(const sgp_world *world, const char *code);
sgp_unit_status sgp_world_unit_status(const sgp_world *world, uint32_t index);
uint32_t sgp_world_hospitals(const sgp_world *world);
const sgp_hospital *sgp_world_hospital(const sgp_world *world, uint32_t index);
const sgp_hospital *sgp_world_hospital_by_code(const sgp_world *world, const char *code);
/* Beds that are free by what is known, 0 at least; -1 = nobody told, or a stale count. */
int32_t sgp_world_free_beds(const sgp_world *world, uint32_t hospital);
/* The count is there and too old to decide by. */
bool sgp_world_beds_are_stale(const sgp_world *world, uint32_t hospital);
const sgp_call *sgp_world_call(const sgp_world *world, sgp_id id);
const sgp_incident *sgp_world_incident(const sgp_world *world, sgp_id id);
const sgp_assignment *sgp_world_assignment(const sgp_world *world, sgp_id id);
/* Index of the hospital that a unit's patient is for: where he is being brought or waits, or a
 * person's choice for him, or on scene the one that was advised; -1 = none. */
int32_t sgp_assignment_destination(const sgp_assignment *assignment);
/* One entry of an incident's log: a note, something that was done, or (as ASSIGNMENT_ADVANCED) a
 * state that an assignment entered. */
typedef struct sgp_log_entry {
    uint64_t seq; /* of the event */
    int64_t at_ms;
    char actor[SGP_CODE_BYTES]; /* "" = the engine */
    sgp_event_kind event;
    sgp_id subject;             /* the call or assignment, 0 = none */
    uint32_t unit;              /* 1 + index of an assignment's unit */
    uint32_t number;            /* its state; or the outcome, or the priority, that was said; or of
                                 * INCIDENT_TAKEN 1: it was released */
    char other[SGP_CODE_BYTES]; /* from whom it was taken over, or who was handed it */
    uint64_t version;           /* of the incident after it; 0 = not known */
} sgp_log_entry;
/* The words of a call's page that are remembered, oldest first; borrowed until the next step. */
uint32_t sgp_world_messages(const sgp_world *world, sgp_id call, const sgp_message **messages);
/* Whether a link was given for the call's page. */
bool sgp_world_has_link(const sgp_world *world, sgp_id call);
/* How many entries, oldest first; borrowed until the next step. */
uint32_t sgp_world_log(const sgp_world *world, sgp_id incident, const sgp_log_entry **entries);

/* The latest hand-overs of desks, oldest first; NULL past the last. */
uint32_t sgp_world_handovers(const sgp_world *world);
const sgp_handover *sgp_world_handover(const sgp_world *world, uint32_t nth);
/* The one that a further one makes the world forget; 0 = none. */
sgp_id sgp_world_handover_next_gone(const sgp_world *world);

/* Premise notes by ascending id, expired ones among them; and whether one speaks of the place of
 * that incident now. */
uint32_t sgp_world_premises(const sgp_world *world);
const sgp_premise *sgp_world_premise(const sgp_world *world, uint32_t nth);
const sgp_premise *sgp_world_premise_by_id(const sgp_world *world, sgp_id id);
bool sgp_premise_concerns(const sgp_premise *premise, const sgp_incident *incident, int64_t now_ms);

/* What is remembered of the call's number; NULL: nothing. And all of them, in order of tokens. */
const sgp_number *sgp_world_number_of(const sgp_world *world, sgp_id call);
const sgp_number *sgp_world_number_by_token(const sgp_world *world,
                                            const uint8_t token[SGP_CALLER_TOKEN_BYTES]);
uint32_t sgp_world_numbers(const sgp_world *world);
const sgp_number *sgp_world_number(const sgp_world *world, uint32_t nth);
/* Abilities that the hospital of its patient must have: by the crew's word, or by the complaint. */
uint32_t sgp_world_needs(const sgp_world *world, const sgp_assignment *assignment);
/* Closures by ascending id, those that are not yet in force too; and the metric marks in order
 * of first appearing. */
uint32_t sgp_world_road_closures(const sgp_world *world);
const sgp_road_closure *sgp_world_road_closure(const sgp_world *world, uint32_t nth);
const sgp_metric_mark *sgp_world_metric_mark(const sgp_world *world, const char *profile);
/* Users that people set, by name; devices by id; and the codes that were not used yet, expired
 * ones among them. */
uint32_t sgp_world_accounts(const sgp_world *world);
const sgp_account *sgp_world_account(const sgp_world *world, uint32_t nth);
const sgp_account *sgp_world_account_by_name(const sgp_world *world, const char *name);
uint32_t sgp_world_devices(const sgp_world *world);
const sgp_device *sgp_world_device(const sgp_world *world, uint32_t nth);
const sgp_device *sgp_world_device_by_id(const sgp_world *world, sgp_id id);
uint32_t sgp_world_login_codes(const sgp_world *world);
const sgp_login_code *sgp_world_login_code(const sgp_world *world, uint32_t nth);
const sgp_transfer *sgp_world_transfer(const sgp_world *world, sgp_id id);
/* What speaks against it at `now_ms`: bits 1u << sgp_transfer_conflict. Walks all transfers. */
uint32_t sgp_transfer_conflicts(const sgp_world *world, const sgp_transfer *transfer,
                                int64_t now_ms);
/* Walk in id order: the smallest id greater than `after` (0 = first), 0 at the end. */
sgp_id sgp_world_next_transfer(const sgp_world *world, sgp_id after);
sgp_id sgp_world_next_incident(const sgp_world *world, sgp_id after);
const sgp_ring *sgp_world_ring(const sgp_world *world, sgp_id id);
sgp_id sgp_world_next_ring(const sgp_world *world, sgp_id after);
/* The ring of an exchange's channel, 0 = none. Walks all. */
sgp_id sgp_world_ring_of(const sgp_world *world, const char *exchange, const char *channel);
sgp_id sgp_world_next_call(const sgp_world *world, sgp_id after);
sgp_id sgp_world_next_assignment(const sgp_world *world, sgp_id after);
/* The same walk over the calls of one incident. */
sgp_id sgp_world_next_call_of(const sgp_world *world, sgp_id incident, sgp_id after);
uint64_t sgp_world_seq(const sgp_world *world);   /* of the last event stepped */
int64_t sgp_world_now_ms(const sgp_world *world); /* at_ms of the last event */

/* Default priority of a complaint code (NEMSIS eDispatch.01, or our short codes
 * such as "cardiac_arrest"); SGP_P2 for an unknown code. */
sgp_priority sgp_complaint_priority(const char *code);

/* What a person reads for a complaint code, in "id" (Indonesian) or "en" (any
 * other language word gives Indonesian); the code itself when it is unknown.
 * Borrowed for ever, or as long as `code`. */
const char *sgp_complaint_name(const char *code, const char *language);
/* Whether crews may meet violence there. */
bool sgp_complaint_is_dangerous(const char *code);
/* The nth readable code and its NEMSIS code, for lists and help; NULL at the end. */
const char *sgp_complaint_code(uint32_t nth, const char **nemsis);

/* What several callers may say of one thing, as a mask; two complaints that share a bit may be of
 * the same incident. 0: nothing is known of it. */
uint32_t sgp_complaint_families(const char *code);

/* A digest (BLAKE2b-256) of the whole world, for "equal worlds" in tests and replay. */
void sgp_world_digest(const sgp_world *world, uint8_t digest[32]);

#endif
