/* A response plan: looking things up, checking that it is whole, its digest. */
#include "sigap/plan.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "core/world.h"

sgp_plan *sgp_plan_create(void) {
    return calloc(1, sizeof(sgp_plan));
}

const sgp_plan *sgp_world_plan(const sgp_world *world) {
    return world->plan;
}

/* ---- words ---------------------------------------------------------------- */

const char *sgp_skill_str(sgp_skill skill) {
    static const char *const words[SGP_SKILLS] = {[SGP_SKILL_ADVANCED_LIFE_SUPPORT] =
                                                      "ADVANCED_LIFE_SUPPORT",
                                                  [SGP_SKILL_DEFIBRILLATOR] = "DEFIBRILLATOR",
                                                  [SGP_SKILL_VENTILATOR] = "VENTILATOR",
                                                  [SGP_SKILL_NEONATAL] = "NEONATAL",
                                                  [SGP_SKILL_PAEDIATRIC] = "PAEDIATRIC",
                                                  [SGP_SKILL_OBSTETRIC] = "OBSTETRIC",
                                                  [SGP_SKILL_PSYCHIATRIC] = "PSYCHIATRIC",
                                                  [SGP_SKILL_BARIATRIC] = "BARIATRIC",
                                                  [SGP_SKILL_ISOLATION] = "ISOLATION",
                                                  [SGP_SKILL_NARROW_WAYS] = "NARROW_WAYS",
                                                  [SGP_SKILL_EXTRICATION] = "EXTRICATION",
                                                  [SGP_SKILL_WATER_RESCUE] = "WATER_RESCUE",
                                                  [SGP_SKILL_HEIGHT_RESCUE] = "HEIGHT_RESCUE",
                                                  [SGP_SKILL_HAZARDOUS] = "HAZARDOUS",
                                                  [SGP_SKILL_MASS_CASUALTY] = "MASS_CASUALTY"};
    return (unsigned)skill < SGP_SKILLS ? words[skill] : "UNKNOWN";
}

const char *sgp_moment_str(sgp_moment moment) {
    static const char *const words[SGP_MOMENTS] = {
        [SGP_MOMENT_RING] = "RING",         [SGP_MOMENT_ANSWER] = "ANSWER",
        [SGP_MOMENT_PLACE] = "PLACE",       [SGP_MOMENT_ORDER] = "ORDER",
        [SGP_MOMENT_EN_ROUTE] = "EN_ROUTE", [SGP_MOMENT_ON_SCENE] = "ON_SCENE",
        [SGP_MOMENT_LEAVING] = "LEAVING",   [SGP_MOMENT_HOSPITAL] = "HOSPITAL",
        [SGP_MOMENT_FREE] = "FREE"};
    return (unsigned)moment < SGP_MOMENTS && words[moment] ? words[moment] : "UNKNOWN";
}

/* ---- looking up ----------------------------------------------------------- */

const sgp_complaint *sgp_plan_complaint(const sgp_plan *plan, const char *code) {
    if (!plan || code[0] == '\0')
        return NULL;
    uint32_t low = 0, high = plan->n_complaints;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        int order = strcmp(plan->complaints[middle].code, code);
        if (order == 0)
            return &plan->complaints[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (uint32_t i = 0; i < plan->n_complaints; i++)
        if (strcmp(plan->complaints[i].nemsis, code) == 0)
            return &plan->complaints[i];
    return NULL;
}

const sgp_response *sgp_plan_response(const sgp_plan *plan, const char *complaint,
                                      sgp_priority priority) {
    const sgp_complaint *found = sgp_plan_complaint(plan, complaint);
    /* What nobody has named yet is answered as what is meant by "other". */
    if (!found)
        found = sgp_plan_complaint(plan, "other");
    if (!found || (unsigned)priority >= SGP_PRIORITIES || !found->response[priority])
        return NULL;
    return &plan->responses[found->response[priority] - 1];
}

sgp_priority sgp_plan_priority(const sgp_plan *plan, const char *complaint) {
    const sgp_complaint *found = sgp_plan_complaint(plan, complaint);
    return found ? found->priority : sgp_complaint_priority(complaint);
}

const sgp_agency *sgp_plan_agency(const sgp_plan *plan, const char *code) {
    for (uint32_t i = 0; plan && i < plan->n_agencies; i++)
        if (strcmp(plan->agencies[i].code, code) == 0)
            return &plan->agencies[i];
    return NULL;
}

const sgp_script_question *sgp_plan_question(const sgp_plan *plan, const char *code) {
    for (uint32_t i = 0; plan && i < plan->n_questions; i++)
        if (strcmp(plan->questions[i].code, code) == 0)
            return &plan->questions[i];
    return NULL;
}

const sgp_script_answer *sgp_plan_answer(const sgp_plan *plan, const char *question,
                                         const char *answer) {
    const sgp_script_question *asked = sgp_plan_question(plan, question);
    for (uint32_t i = 0; asked && i < asked->n_answers; i++)
        if (strcmp(plan->answers[asked->first_answer + i].code, answer) == 0)
            return &plan->answers[asked->first_answer + i];
    return NULL;
}

/* ---- checking ------------------------------------------------------------- */

/* A sentence is made at the first fault; later checks keep it. */
typedef struct check {
    sgp_err err;
    sgp_fault *fault;
    const char *of; /* the code of what is being looked at */
} check;

static void number_in(check *at, const char *what, int64_t value, int64_t low, int64_t high) {
    if (!at->err && (value < low || value > high))
        at->err = sgp_fail(at->fault, SGP_E_RANGE, "%s of \"%s\" is %lld, outside %lld..%lld", what,
                           at->of, (long long)value, (long long)low, (long long)high);
}

static void text_in(check *at, const char *what, const char *text, size_t bytes) {
    if (at->err)
        return;
    if (!memchr(text, '\0', bytes))
        at->err =
            sgp_fail(at->fault, SGP_E_TOO_LARGE, "%s is longer than %zu bytes", what, bytes - 1);
    else if (!sgp_text_is_plain(text))
        at->err = sgp_fail(at->fault, SGP_E_FORMAT,
                           "%s is not plain UTF-8 text without control characters", what);
}

static void code_in(check *at, const char *what, const char *code) {
    at->of = "";
    text_in(at, what, code, SGP_CODE_BYTES);
    if (!at->err && code[0] == '\0')
        at->err = sgp_fail(at->fault, SGP_E_ARGUMENT, "%s is missing", what);
    if (!at->err)
        at->of = code;
}

static void complaints_in(check *at, const sgp_plan *plan) {
    for (uint32_t i = 0; i < plan->n_complaints && !at->err; i++) {
        const sgp_complaint *complaint = &plan->complaints[i];
        code_in(at, "the code of a complaint", complaint->code);
        text_in(at, "the NEMSIS code of a complaint", complaint->nemsis, SGP_CODE_BYTES);
        number_in(at, "the priority", complaint->priority, SGP_P1, SGP_PRIORITIES - 1);
        for (int p = 0; p < SGP_PRIORITIES; p++)
            number_in(at, "the response", complaint->response[p], 0, p ? plan->n_responses : 0);
        number_in(at, "the abilities that are needed", complaint->needs, 0, SGP_ABILITIES_ALL);
        number_in(at, "the abilities that would be good", complaint->wishes, 0, SGP_ABILITIES_ALL);
        if (!at->err && i && strcmp(plan->complaints[i - 1].code, complaint->code) >= 0)
            at->err =
                sgp_fail(at->fault, SGP_E_ARGUMENT,
                         "the complaint \"%s\" is there twice or out of order", complaint->code);
    }
}

static void seats_in(check *at, const sgp_plan *plan, const sgp_response *response) {
    uint32_t alarm = 1;
    for (uint32_t i = 0; i < response->n_seats && !at->err; i++) {
        const sgp_seat *seat = &plan->seats[response->first_seat + i];
        number_in(at, "the kinds of a seat", seat->kinds, 1, SGP_KINDS_ALL);
        number_in(at, "the kinds instead of a seat", seat->instead, 0, SGP_KINDS_ALL);
        number_in(at, "the skills of a seat", seat->skills, 0, SGP_SKILLS_ALL);
        number_in(at, "the time of a seat in ms", seat->within_ms, 0, 24 * 3600 * 1000);
        number_in(at, "the alarm level of a seat", seat->alarm, alarm, SGP_ALARMS);
        number_in(at, "the seat that a seat goes along with", seat->with, 0, i);
        if (!at->err && ((seat->kinds | seat->instead) & 1))
            at->err = sgp_fail(at->fault, SGP_E_RANGE, "a seat of \"%s\" wants an unknown kind",
                               response->code);
        alarm = seat->alarm;
    }
}

static void responses_in(check *at, const sgp_plan *plan) {
    uint32_t seats = 0;
    for (uint32_t i = 0; i < plan->n_responses && !at->err; i++) {
        const sgp_response *response = &plan->responses[i];
        code_in(at, "the code of a response", response->code);
        number_in(at, "the number of seats", response->n_seats, 0, SGP_SEATS_PER_RESPONSE);
        number_in(at, "the first seat", response->first_seat, seats, seats);
        number_in(at, "the number of alerts", response->n_alerts, 0, SGP_ALERTS_PER_RESPONSE);
        if (at->err)
            return;
        seats += response->n_seats;
        number_in(at, "the number of seats so far", seats, 0, plan->n_seats);
        if (!at->err)
            seats_in(at, plan, response);
        for (uint32_t k = 0; k < response->n_alerts; k++) {
            number_in(at, "an agency to alert", response->alerts[k].agency, 0,
                      (int64_t)plan->n_agencies - 1);
            number_in(at, "the alarm level of an alert", response->alerts[k].alarm, 1, SGP_ALARMS);
        }
    }
    at->of = "the plan";
    number_in(at, "the number of seats", plan->n_seats, seats, seats);
}

static void agencies_in(check *at, const sgp_plan *plan) {
    for (uint32_t i = 0; i < plan->n_agencies && !at->err; i++) {
        const sgp_agency *agency = &plan->agencies[i];
        code_in(at, "the code of an agency", agency->code);
        text_in(at, "the name of an agency", agency->name, sizeof agency->name);
        number_in(at, "the time to answer in ms", agency->answer_ms, 1, 24 * 3600 * 1000);
        if (!at->err && sgp_plan_agency(plan, agency->code) != agency)
            at->err = sgp_fail(at->fault, SGP_E_ARGUMENT, "the agency \"%s\" is there twice",
                               agency->code);
    }
}

static void questions_in(check *at, const sgp_plan *plan) {
    uint32_t answers = 0;
    for (uint32_t i = 0; i < plan->n_questions && !at->err; i++) {
        const sgp_script_question *question = &plan->questions[i];
        code_in(at, "the code of a question", question->code);
        number_in(at, "the first answer", question->first_answer, answers, answers);
        number_in(at, "the number of answers", question->n_answers, 1,
                  (int64_t)plan->n_answers - answers);
        if (at->err)
            return;
        answers += question->n_answers;
        if (sgp_plan_question(plan, question->code) != question)
            at->err = sgp_fail(at->fault, SGP_E_ARGUMENT, "the question \"%s\" is there twice",
                               question->code);
        for (uint32_t k = 0; k < question->n_answers && !at->err; k++) {
            const sgp_script_answer *answer = &plan->answers[question->first_answer + k];
            code_in(at, "the code of an answer", answer->code);
            number_in(at, "the weight", answer->weight, -SGP_WEIGHT_MAX, SGP_WEIGHT_MAX);
            number_in(at, "the least priority", answer->at_least, 0, SGP_PRIORITIES - 1);
            number_in(at, "the complaint that it becomes", answer->becomes, 0, plan->n_complaints);
            if (!at->err && sgp_plan_answer(plan, question->code, answer->code) != answer)
                at->err = sgp_fail(at->fault, SGP_E_ARGUMENT,
                                   "the answer \"%s\" to \"%s\" is there twice", answer->code,
                                   question->code);
        }
    }
    at->of = "the plan";
    number_in(at, "the number of answers", plan->n_answers, answers, answers);
}

static void targets_in(check *at, const sgp_plan *plan) {
    for (uint32_t i = 0; i < plan->n_targets && !at->err; i++) {
        const sgp_target *target = &plan->targets[i];
        code_in(at, "the code of a target", target->code);
        number_in(at, "the beginning", target->from, SGP_MOMENT_RING, SGP_MOMENTS - 2);
        number_in(at, "the end", target->to, (int64_t)target->from + 1, SGP_MOMENTS - 1);
        number_in(at, "the priorities", target->priorities, 1, (1 << SGP_PRIORITIES) - 1);
        number_in(at, "the time in ms", target->within_ms, 1, 24 * 3600 * 1000);
        number_in(at, "the share in permille", target->share_permille, 0, 1000);
    }
}

sgp_err sgp_plan_check(const sgp_plan *plan, sgp_fault *fault) {
    if (!plan)
        return sgp_fail(fault, SGP_E_ARGUMENT, "the plan is missing");
    check at = {SGP_OK, fault, "the plan"};
    number_in(&at, "the number of complaints", plan->n_complaints, 0, SGP_COMPLAINTS_MAX);
    number_in(&at, "the number of responses", plan->n_responses, 0, SGP_RESPONSES_MAX);
    number_in(&at, "the number of seats", plan->n_seats, 0, SGP_SEATS_MAX);
    number_in(&at, "the number of agencies", plan->n_agencies, 0, SGP_AGENCIES_MAX);
    number_in(&at, "the number of questions", plan->n_questions, 0, SGP_QUESTIONS_MAX);
    number_in(&at, "the number of answers", plan->n_answers, 0, SGP_ANSWERS_MAX);
    number_in(&at, "the number of targets", plan->n_targets, 0, SGP_TARGETS_MAX);
    text_in(&at, "the name of the plan", plan->name, sizeof plan->name);
    if (at.err)
        return at.err;
    complaints_in(&at, plan);
    if (!at.err)
        responses_in(&at, plan);
    if (!at.err)
        agencies_in(&at, plan);
    if (!at.err)
        questions_in(&at, plan);
    if (!at.err)
        targets_in(&at, plan);
    return at.err;
}

/* ---- the digest ----------------------------------------------------------- */

typedef crypto_generichash_state hash;

static void number(hash *state, int64_t value) {
    uint8_t bytes[8];
    for (int i = 0; i < 8; i++)
        bytes[i] = (uint8_t)((uint64_t)value >> (8 * i));
    crypto_generichash_update(state, bytes, sizeof bytes);
}

static void text(hash *state, const char *value) {
    size_t length = strlen(value);
    number(state, (int64_t)length);
    crypto_generichash_update(state, (const uint8_t *)value, length);
}

static void hash_responses(hash *state, const sgp_plan *plan) {
    number(state, plan->n_responses);
    for (uint32_t i = 0; i < plan->n_responses; i++) {
        const sgp_response *response = &plan->responses[i];
        text(state, response->code);
        number(state, response->n_seats);
        number(state, response->n_alerts);
        for (uint32_t k = 0; k < response->n_alerts; k++) {
            number(state, response->alerts[k].agency);
            number(state, response->alerts[k].alarm);
        }
    }
    for (uint32_t i = 0; i < plan->n_seats; i++) {
        const sgp_seat *seat = &plan->seats[i];
        number(state, seat->kinds);
        number(state, seat->instead);
        number(state, seat->skills);
        number(state, seat->within_ms);
        number(state, seat->alarm);
        number(state, seat->with);
        number(state, seat->if_possible);
    }
}

static void hash_questions(hash *state, const sgp_plan *plan) {
    number(state, plan->n_questions);
    for (uint32_t i = 0; i < plan->n_questions; i++) {
        text(state, plan->questions[i].code);
        number(state, plan->questions[i].n_answers);
    }
    for (uint32_t i = 0; i < plan->n_answers; i++) {
        text(state, plan->answers[i].code);
        number(state, plan->answers[i].weight);
        number(state, plan->answers[i].at_least);
        number(state, plan->answers[i].becomes);
    }
}

void sgp_plan_digest(const sgp_plan *plan, uint8_t digest[SGP_HASH_BYTES]) {
    hash state;
    crypto_generichash_init(&state, NULL, 0, SGP_HASH_BYTES);
    text(&state, plan->name);
    crypto_generichash_update(&state, plan->texts, sizeof plan->texts);
    number(&state, plan->n_complaints);
    for (uint32_t i = 0; i < plan->n_complaints; i++) {
        text(&state, plan->complaints[i].code);
        text(&state, plan->complaints[i].nemsis);
        number(&state, plan->complaints[i].priority);
        for (int p = 0; p < SGP_PRIORITIES; p++)
            number(&state, plan->complaints[i].response[p]);
        number(&state, plan->complaints[i].needs);
        number(&state, plan->complaints[i].wishes);
    }
    hash_responses(&state, plan);
    number(&state, plan->n_agencies);
    for (uint32_t i = 0; i < plan->n_agencies; i++) {
        text(&state, plan->agencies[i].code);
        text(&state, plan->agencies[i].name);
        number(&state, plan->agencies[i].answer_ms);
    }
    hash_questions(&state, plan);
    number(&state, plan->n_targets);
    for (uint32_t i = 0; i < plan->n_targets; i++) {
        const sgp_target *target = &plan->targets[i];
        text(&state, target->code);
        number(&state, target->from);
        number(&state, target->to);
        number(&state, target->priorities);
        number(&state, target->within_ms);
        number(&state, target->share_permille);
    }
    crypto_generichash_final(&state, digest, SGP_HASH_BYTES);
}
