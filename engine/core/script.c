#include "core/script.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/planned.h"

void sgp_script_said(sgp_incident_node *incident, sgp_priority priority, const char *complaint,
                     bool by_hand) {
    if (priority) {
        incident->said.priority = priority;
        incident->said.priority_by_hand = incident->said.priority_by_hand || by_hand;
    }
    if (complaint[0]) {
        snprintf(incident->said.complaint, sizeof incident->said.complaint, "%s", complaint);
        incident->said.complaint_by_hand = incident->said.complaint_by_hand || by_hand;
    }
}

/* ---- what the answers come to --------------------------------------------- */

typedef struct verdict {
    int32_t weight;
    sgp_priority at_least; /* UNKNOWN = nothing */
    uint32_t becomes;      /* 1 + index, 0 = nothing */
} verdict;

/* In the order of the plan's questions, whatever the order of answering. */
static verdict sum_up(const sgp_plan *plan, const sgp_incident *incident) {
    verdict sum = {0, SGP_PRIORITY_UNKNOWN, 0};
    uint32_t last = 0;
    for (uint32_t i = 0; i < incident->n_answers; i++) {
        const sgp_answered *said = &incident->answers[i];
        const sgp_script_question *question = sgp_plan_question(plan, said->question);
        const sgp_script_answer *answer = sgp_plan_answer(plan, said->question, said->answer);
        if (!answer)
            continue;
        uint32_t number = 1 + (uint32_t)(question - plan->questions);
        sum.weight += answer->weight;
        if (answer->at_least && (!sum.at_least || answer->at_least < sum.at_least))
            sum.at_least = answer->at_least;
        if (answer->becomes && number > last) {
            sum.becomes = answer->becomes;
            last = number;
        }
    }
    return sum;
}

static sgp_priority moved(const sgp_incident_node *incident, sgp_priority from,
                          const verdict *sum) {
    int level = (int)from - sum->weight / SGP_WEIGHT_PER_LEVEL; /* towards zero */
    if (sum->at_least && level > (int)sum->at_least)
        level = (int)sum->at_least;
    if (incident->said.priority_by_hand && level > (int)from)
        level = (int)from;
    return level < SGP_P1 ? SGP_P1 : level > SGP_P4 ? SGP_P4 : (sgp_priority)level;
}

/* The incident as the answers make it. */
static sgp_err apply(sgp_step *step, sgp_incident_node *incident) {
    const sgp_plan *plan = step->world->plan;
    sgp_incident *view = &incident->view;
    verdict sum = sum_up(plan, view);
    const char *complaint = incident->said.complaint;
    sgp_priority from = incident->said.priority;
    if (sum.becomes && !incident->said.complaint_by_hand) {
        const sgp_complaint *really = &plan->complaints[sum.becomes - 1];
        complaint = really->code;
        if (!incident->said.priority_by_hand && really->priority < from)
            from = really->priority;
    }
    sgp_priority priority = moved(incident, from, &sum);
    bool raised = priority < view->priority, other = priority != view->priority;
    const sgp_response *response = sgp_planned_response(step->world, incident);
    uint32_t seats_before = sgp_planned_seats(step->world, incident);
    uint32_t wanted_before = view->units_wanted;
    other = other || strcmp(complaint, view->complaint) != 0;
    view->priority = priority;
    if (complaint != view->complaint)
        snprintf(view->complaint, sizeof view->complaint, "%s", complaint);
    sgp_planned_follow(step->world, incident, seats_before);
    sgp_err err = SGP_OK;
    if (raised || view->units_wanted > wanted_before) {
        incident->by_hand = false;
        if (view->place_confirmed)
            err = sgp_need_attention(step, view->id, true);
    } else if (other) {
        err = sgp_incident_withdraw_surplus(step, incident);
        if (!err)
            err = sgp_planned_look_again(step, incident, response);
    }
    return !err && other ? sgp_incident_tell_crews(step, incident) : err;
}

/* ---- the event -------------------------------------------------------------- */

static sgp_answered *answer_to(sgp_incident *incident, const char *question) {
    for (uint32_t i = 0; i < incident->n_answers; i++)
        if (strcmp(incident->answers[i].question, question) == 0)
            return &incident->answers[i];
    return NULL;
}

static sgp_err keep(sgp_step *step, sgp_incident_node *incident, const char *question,
                    const char *answer) {
    sgp_incident *view = &incident->view;
    sgp_answered *known = answer_to(view, question);
    if (answer[0] == '\0') {
        size_t after = (size_t)(&view->answers[view->n_answers] - known) - 1;
        memmove(known, known + 1, after * sizeof *known);
        view->n_answers--;
        return SGP_OK;
    }
    if (!known) {
        sgp_err err = SGP_ROOM_U32(view->answers, view->n_answers, incident->answers_capacity);
        if (err)
            return err;
        known = &view->answers[view->n_answers++];
        *known = (sgp_answered){.question = ""};
        snprintf(known->question, sizeof known->question, "%s", question);
    }
    snprintf(known->answer, sizeof known->answer, "%s", answer);
    known->at_ms = step->event->at_ms;
    return SGP_OK;
}

sgp_err sgp_question_answered(sgp_step *step) {
    const char *question = step->event->u.question.question;
    const char *answer = step->event->u.question.answer;
    const sgp_plan *plan = step->world->plan;
    sgp_incident_node *incident;
    sgp_err err = sgp_need_open_incident(step, step->event->u.question.incident, &incident);
    if (err)
        return err;
    bool known = answer_to(&incident->view, question) != NULL;
    if (answer[0] ? !sgp_plan_question(plan, question) : !known)
        return sgp_fail(&step->fault, SGP_E_NOT_FOUND,
                        answer[0] ? "the plan has no question %s" : "%s has not been answered",
                        question);
    if (answer[0] && !sgp_plan_answer(plan, question, answer))
        return sgp_fail(&step->fault, SGP_E_NOT_FOUND, "the question %s has no answer %s", question,
                        answer);
    if (!known && incident->view.n_answers == SGP_ANSWERS_PER_INCIDENT_MAX)
        return sgp_fail(&step->fault, SGP_E_FULL, "%d questions about incident %llu are answered",
                        SGP_ANSWERS_PER_INCIDENT_MAX, (unsigned long long)incident->view.id);
    err = keep(step, incident, question, answer);
    if (!err)
        err = sgp_touch_incident(step, incident);
    return err ? err : apply(step, incident);
}
