/* A small response plan for tests: resuscitation (an advanced ambulance, a basic one instead when
 * none is there in 10 minutes; a motorbike with it if possible; two more from alarm level 2),
 * a crash (ambulance and fire engine), and everything else by hand. */
#ifndef SGP_TESTS_PLAN_MAKER_H
#define SGP_TESTS_PLAN_MAKER_H

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "sigap/plan.h"

enum {
    PLAN_BASIC = 1 << SGP_UNIT_AMBULANCE_BASIC,
    PLAN_ADVANCED = 1 << SGP_UNIT_AMBULANCE_ADVANCED,
    PLAN_BIKE = 1 << SGP_UNIT_MOTORBIKE,
    PLAN_FIRE = 1 << SGP_UNIT_FIRE_ENGINE
};

static inline void plan_add_complaint(sgp_plan *plan, const char *code, const char *nemsis,
                                      sgp_priority priority, uint32_t response) {
    sgp_complaint *complaint = &plan->complaints[plan->n_complaints++];
    snprintf(complaint->code, sizeof complaint->code, "%s", code);
    snprintf(complaint->nemsis, sizeof complaint->nemsis, "%s", nemsis);
    complaint->priority = priority;
    for (int p = 1; p < SGP_PRIORITIES; p++)
        complaint->response[p] = response;
}

static inline sgp_plan *plan_make(void) {
    sgp_plan *plan = sgp_plan_create();
    assert(plan);
    strcpy(plan->name, "test");
    plan_add_complaint(plan, "cardiac_arrest", "2301019", SGP_P1, 1);
    plan_add_complaint(plan, "fever", "2301061", SGP_P4, 0);
    plan_add_complaint(plan, "sick_person", "2301061", SGP_P3, 0);
    plan_add_complaint(plan, "traffic_accident", "2301069", SGP_P2, 2);
    plan_add_complaint(plan, "unconscious", "2301077", SGP_P1, 1);

    plan->complaints[3].needs = 1u << SGP_ABILITY_TRAUMA;
    plan->complaints[3].wishes = 1u << SGP_ABILITY_SURGERY;

    static const sgp_seat seats[] = {
        {.kinds = PLAN_ADVANCED, .instead = PLAN_BASIC, .within_ms = 600000, .alarm = 1},
        {.kinds = PLAN_BIKE, .alarm = 1, .with = 1, .if_possible = true},
        {.kinds = PLAN_ADVANCED | PLAN_BASIC, .alarm = 2},
        {.kinds = PLAN_ADVANCED | PLAN_BASIC, .alarm = 2},
        {.kinds = PLAN_ADVANCED | PLAN_BASIC, .alarm = 1},
        {.kinds = PLAN_FIRE, .alarm = 1, .skills = 1u << SGP_SKILL_EXTRICATION}};
    plan->n_seats = sizeof seats / sizeof *seats;
    memcpy(plan->seats, seats, sizeof seats);
    plan->n_responses = 2;
    plan->responses[0] = (sgp_response){.code = "resuscitation", .first_seat = 0, .n_seats = 4};
    plan->responses[1] = (sgp_response){.code = "crash", .first_seat = 4, .n_seats = 2};

    plan->n_agencies = 2;
    plan->agencies[0] = (sgp_agency){"DAMKAR", "Pemadam Kebakaran", 60000};
    plan->agencies[1] = (sgp_agency){"POLRESTA", "Polresta", 120000};
    plan->responses[1].n_alerts = 2;
    plan->responses[1].alerts[0].agency = 1;
    plan->responses[1].alerts[0].alarm = 1;
    plan->responses[1].alerts[1].alarm = 2;

    plan->n_questions = 2;
    plan->questions[0] = (sgp_script_question){"conscious", 0, 2};
    plan->questions[1] = (sgp_script_question){"breathing", 2, 3};
    plan->n_answers = 5;
    plan->answers[0] = (sgp_script_answer){"yes", -10, 0, 0};
    plan->answers[1] = (sgp_script_answer){"no", 10, SGP_P1, 5};
    plan->answers[2] = (sgp_script_answer){"yes", 0, 0, 0};
    plan->answers[3] = (sgp_script_answer){"hard", 10, 0, 0};
    plan->answers[4] = (sgp_script_answer){"no", 0, SGP_P1, 1};
    plan->n_targets = 1;
    plan->targets[0] = (sgp_target){"malang", SGP_MOMENT_ANSWER, SGP_MOMENT_ON_SCENE, 2, 900000, 0};
    return plan;
}

#endif
