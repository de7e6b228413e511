/* Response plans: what a control room has decided beforehand.
 *
 * A plan says for each complaint and priority which vehicles are wanted (its seats), from which
 * alarm level on, which agencies hear of it, how answers to the call-taker's questions move the
 * priority, and by which clocks the service measures itself. It is configuration (engine/plans
 * reads it from files) that comes into the core as one event, PLANNED, so that a replay decides
 * by the plan that stood at the time. Texts for people (names, questions, instructions) are not
 * here: the core sees codes.
 *
 *   complaint + priority --> response --> seats of alarm levels 1 .. the incident's
 *                                    `--> agencies to alert
 *
 * A plan is one block without pointers: copying it is one assignment. Unused bytes are zero.
 * Whoever makes one calls sgp_plan_check before handing it on; the core refuses one that fails.
 * Nothing here allocates but sgp_plan_create. Thread-safe as long as nobody writes.
 */
#ifndef SIGAP_PLAN_H
#define SIGAP_PLAN_H

#include "sigap/core.h"

/* Bounds. */
enum {
    SGP_COMPLAINTS_MAX = 256,
    SGP_RESPONSES_MAX = 128,
    SGP_SEATS_MAX = 1024,        /* of all responses together */
    SGP_SEATS_PER_RESPONSE = 32, /* at all alarm levels together */
    SGP_ALERTS_PER_RESPONSE = 8, /* agencies, at all alarm levels together */
    SGP_ALARMS = 4,              /* alarm levels 1 .. 4 */
    SGP_AGENCIES_MAX = 64,
    SGP_QUESTIONS_MAX = 256,
    SGP_ANSWERS_MAX = 1024, /* of all questions together */
    SGP_TARGETS_MAX = 32,
    SGP_WEIGHT_PER_LEVEL = 10, /* so much weight of answers moves the priority by one level */
    SGP_WEIGHT_MAX = 100
};
_Static_assert((int)SGP_SEATS_PER_RESPONSE <= (int)SGP_UNITS_PER_INCIDENT_MAX,
               "every seat of a response fits an incident");

/* What a crew and its vehicle can do beyond their kind. A set of them is a mask of 1u << skill. */
typedef enum sgp_skill {
    SGP_SKILL_ADVANCED_LIFE_SUPPORT,
    SGP_SKILL_DEFIBRILLATOR,
    SGP_SKILL_VENTILATOR,
    SGP_SKILL_NEONATAL,
    SGP_SKILL_PAEDIATRIC,
    SGP_SKILL_OBSTETRIC,
    SGP_SKILL_PSYCHIATRIC,
    SGP_SKILL_BARIATRIC,
    SGP_SKILL_ISOLATION,
    SGP_SKILL_NARROW_WAYS, /* gets into a gang */
    SGP_SKILL_EXTRICATION,
    SGP_SKILL_WATER_RESCUE,
    SGP_SKILL_HEIGHT_RESCUE,
    SGP_SKILL_HAZARDOUS, /* chemicals, gas */
    SGP_SKILL_MASS_CASUALTY,
    SGP_SKILLS
} sgp_skill;
const char *sgp_skill_str(sgp_skill skill); /* "NARROW_WAYS"; "UNKNOWN" for other numbers */

enum {
    SGP_KINDS_ALL = (1 << SGP_UNIT_KINDS) - 2,
    SGP_KINDS_TREAT =
        1 << SGP_UNIT_AMBULANCE_BASIC | 1 << SGP_UNIT_AMBULANCE_ADVANCED | 1 << SGP_UNIT_MOTORBIKE,
    SGP_SKILLS_ALL = (1 << SGP_SKILLS) - 1
};

/* One vehicle that a response wants. */
typedef struct sgp_seat {
    uint32_t kinds;    /* mask of 1u << sgp_unit_kind: any of these; never 0 */
    uint32_t instead;  /* kinds that serve where none of `kinds` can be there within_ms; 0 = none */
    uint32_t skills;   /* all of these, of either */
    int32_t within_ms; /* order -> on scene; later is a shortfall; 0 = no limit */
    uint32_t alarm;    /* wanted from this alarm level on, 1 .. SGP_ALARMS */
    uint32_t with;     /* goes along with that seat of the same response, 1 + its index, which
                        * stands before it; 0 = by itself */
    bool if_possible;  /* nobody waits for it, and nobody asks for it once somebody is there */
} sgp_seat;

typedef struct sgp_response {
    char code[SGP_CODE_BYTES];
    uint32_t first_seat, n_seats; /* most important first, alarm levels ascending */
    uint32_t n_alerts;
    struct {
        uint32_t agency; /* index */
        uint32_t alarm;  /* from this alarm level on */
    } alerts[SGP_ALERTS_PER_RESPONSE];
} sgp_response;

typedef struct sgp_complaint {
    char code[SGP_CODE_BYTES];         /* readable, unique; complaints stand in its order */
    char nemsis[SGP_CODE_BYTES];       /* eDispatch.01; several readable codes may share one */
    sgp_priority priority;             /* until somebody triages */
    uint32_t response[SGP_PRIORITIES]; /* 1 + index, by priority; 0 = none: any one unit that
                                        * treats patients; [UNKNOWN] is unused */
    uint32_t needs, wishes; /* abilities of the hospital that its patients go to (hospital.h),
                             * until their crew tells more */
} sgp_complaint;

/* Another service that can be called to an incident. */
typedef struct sgp_agency {
    char code[SGP_CODE_BYTES]; /* "DAMKAR" */
    char name[SGP_NAME_BYTES];
    int32_t answer_ms; /* an alert not acknowledged in this time is overdue */
} sgp_agency;

/* An answer to a question of the call-taker's script. */
typedef struct sgp_script_answer {
    char code[SGP_CODE_BYTES];
    int32_t weight;        /* above 0 more urgent: see SGP_WEIGHT_PER_LEVEL */
    sgp_priority at_least; /* this urgent whatever else was answered; UNKNOWN = says nothing */
    uint32_t becomes;      /* 1 + index of the complaint that it really is; 0 = unchanged */
} sgp_script_answer;

typedef struct sgp_script_question {
    char code[SGP_CODE_BYTES];
    uint32_t first_answer, n_answers;
} sgp_script_question;

/* End points of intervals, as in DESIGN.md, section 2. */
typedef enum sgp_moment {
    SGP_MOMENT_RING = 1,
    SGP_MOMENT_ANSWER,
    SGP_MOMENT_PLACE,
    SGP_MOMENT_ORDER,
    SGP_MOMENT_EN_ROUTE,
    SGP_MOMENT_ON_SCENE,
    SGP_MOMENT_LEAVING,
    SGP_MOMENT_HOSPITAL,
    SGP_MOMENT_FREE,
    SGP_MOMENTS
} sgp_moment;
const char *sgp_moment_str(sgp_moment moment); /* "ON_SCENE" */

/* By what a service measures itself: this share of cases within this time, or this mean. */
typedef struct sgp_target {
    char code[SGP_CODE_BYTES]; /* of its preset: "uk_arp" */
    sgp_moment from, to;
    uint32_t priorities; /* mask of 1u << sgp_priority */
    int32_t within_ms;
    int32_t share_permille; /* 900 = nine of ten; 0 = `within_ms` is the mean */
} sgp_target;

typedef struct sgp_plan {
    char name[SGP_NAME_BYTES];     /* as its makers call it: "Kota Malang 2026" */
    uint8_t texts[SGP_HASH_BYTES]; /* digest of the texts for people that belong to it */
    uint32_t n_complaints, n_responses, n_seats, n_agencies, n_questions, n_answers, n_targets;
    sgp_complaint complaints[SGP_COMPLAINTS_MAX];
    sgp_response responses[SGP_RESPONSES_MAX];
    sgp_seat seats[SGP_SEATS_MAX];
    sgp_agency agencies[SGP_AGENCIES_MAX];
    sgp_script_question questions[SGP_QUESTIONS_MAX];
    sgp_script_answer answers[SGP_ANSWERS_MAX];
    sgp_target targets[SGP_TARGETS_MAX];
} sgp_plan;

/* A zeroed plan on the heap, NULL: no memory. Free with free(). */
sgp_plan *sgp_plan_create(void);

/* Whether every number, text, order and reference is in range; the fault names the first that is
 * not. Cost: one walk. SGP_E_ARGUMENT, SGP_E_RANGE, SGP_E_FORMAT, SGP_E_TOO_LARGE. */
sgp_err sgp_plan_check(const sgp_plan *plan, sgp_fault *fault) SGP_MUST_USE;

/* A digest (BLAKE2b-256) of everything that the plan says; equal plans have equal ones. */
void sgp_plan_digest(const sgp_plan *plan, uint8_t digest[SGP_HASH_BYTES]);

/* By readable or NEMSIS code; NULL where there is none, or no plan. Binary search by readable
 * code, a walk by NEMSIS code (of several the first). */
const sgp_complaint *sgp_plan_complaint(const sgp_plan *plan, const char *code);
/* NULL: the plan has none for it, or there is no plan. */
const sgp_response *sgp_plan_response(const sgp_plan *plan, const char *complaint,
                                      sgp_priority priority);
/* Default priority of a complaint: the plan's, and sgp_complaint_priority for a code that the
 * plan does not know. */
sgp_priority sgp_plan_priority(const sgp_plan *plan, const char *complaint);
const sgp_agency *sgp_plan_agency(const sgp_plan *plan, const char *code);
const sgp_script_question *sgp_plan_question(const sgp_plan *plan, const char *code);
const sgp_script_answer *sgp_plan_answer(const sgp_plan *plan, const char *question,
                                         const char *answer);

/* The plan that the world decides by; NULL: none, every incident gets one unit that treats
 * patients. Borrowed until the next step. */
const sgp_plan *sgp_world_plan(const sgp_world *world);

#endif
