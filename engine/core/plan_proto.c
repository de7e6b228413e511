/* A response plan as sigap.v1.Plan and back. */
#include <stdlib.h>
#include <string.h>

#include "core/proto_read.h"
#include "core/proto_write.h"
#include "sigap/plan.h"

/* ---- writing -------------------------------------------------------------- */

/* Makes the messages of a repeated field; evaluates to false when memory runs out. */
#define ROOM(field, n) sgp_put_array((void **)&(field), (n), sizeof(void *))
#define MAKE(field, n_field, type)                                                                 \
    ((field)[(n_field)++] = sgp_message_make(&sigap__v1__##type##__descriptor))

static bool put_complaints(Sigap__V1__Plan *message, const sgp_plan *plan) {
    bool ok = ROOM(message->complaints, plan->n_complaints);
    for (uint32_t i = 0; i < plan->n_complaints && ok; i++) {
        const sgp_complaint *complaint = &plan->complaints[i];
        Sigap__V1__PlannedComplaint *row =
            MAKE(message->complaints, message->n_complaints, planned_complaint);
        ok = row && sgp_put_text(&row->code, complaint->code) &&
             sgp_put_text(&row->nemsis, complaint->nemsis) &&
             sgp_put_array((void **)&row->responses, SGP_PRIORITIES, sizeof *row->responses);
        if (!ok)
            break;
        row->priority = (Sigap__V1__Priority)complaint->priority;
        row->needs = complaint->needs;
        row->wishes = complaint->wishes;
        for (int p = 0; p < SGP_PRIORITIES; p++)
            row->responses[row->n_responses++] = complaint->response[p];
    }
    return ok;
}

static bool put_seats(Sigap__V1__PlannedResponse *message, const sgp_plan *plan,
                      const sgp_response *response) {
    bool ok = ROOM(message->seats, response->n_seats);
    for (uint32_t i = 0; i < response->n_seats && ok; i++) {
        const sgp_seat *seat = &plan->seats[response->first_seat + i];
        Sigap__V1__PlannedSeat *row = MAKE(message->seats, message->n_seats, planned_seat);
        ok = row != NULL;
        if (!ok)
            break;
        row->kinds = seat->kinds;
        row->instead = seat->instead;
        row->skills = seat->skills;
        row->within_ms = seat->within_ms;
        row->alarm = seat->alarm;
        row->with = seat->with;
        row->if_possible = seat->if_possible;
    }
    return ok;
}

static bool put_responses(Sigap__V1__Plan *message, const sgp_plan *plan) {
    bool ok = ROOM(message->responses, plan->n_responses);
    for (uint32_t i = 0; i < plan->n_responses && ok; i++) {
        const sgp_response *response = &plan->responses[i];
        Sigap__V1__PlannedResponse *row =
            MAKE(message->responses, message->n_responses, planned_response);
        ok = row && sgp_put_text(&row->code, response->code) && put_seats(row, plan, response) &&
             ROOM(row->alerts, response->n_alerts);
        for (uint32_t k = 0; k < response->n_alerts && ok; k++) {
            Sigap__V1__PlannedAlert *alert = MAKE(row->alerts, row->n_alerts, planned_alert);
            ok = alert != NULL;
            if (!ok)
                break;
            alert->agency = response->alerts[k].agency;
            alert->alarm = response->alerts[k].alarm;
        }
    }
    return ok;
}

static bool put_agencies(Sigap__V1__Plan *message, const sgp_plan *plan) {
    bool ok = ROOM(message->agencies, plan->n_agencies);
    for (uint32_t i = 0; i < plan->n_agencies && ok; i++) {
        Sigap__V1__PlannedAgency *row =
            MAKE(message->agencies, message->n_agencies, planned_agency);
        ok = row && sgp_put_text(&row->code, plan->agencies[i].code) &&
             sgp_put_text(&row->name, plan->agencies[i].name);
        if (ok)
            row->answer_ms = plan->agencies[i].answer_ms;
    }
    return ok;
}

static bool put_questions(Sigap__V1__Plan *message, const sgp_plan *plan) {
    bool ok = ROOM(message->questions, plan->n_questions);
    for (uint32_t i = 0; i < plan->n_questions && ok; i++) {
        const sgp_script_question *question = &plan->questions[i];
        Sigap__V1__PlannedQuestion *row =
            MAKE(message->questions, message->n_questions, planned_question);
        ok = row && sgp_put_text(&row->code, question->code) &&
             ROOM(row->answers, question->n_answers);
        for (uint32_t k = 0; k < question->n_answers && ok; k++) {
            const sgp_script_answer *answer = &plan->answers[question->first_answer + k];
            Sigap__V1__PlannedAnswer *said = MAKE(row->answers, row->n_answers, planned_answer);
            ok = said && sgp_put_text(&said->code, answer->code);
            if (!ok)
                break;
            said->weight = answer->weight;
            said->at_least = (Sigap__V1__Priority)answer->at_least;
            said->becomes = answer->becomes;
        }
    }
    return ok;
}

static bool put_targets(Sigap__V1__Plan *message, const sgp_plan *plan) {
    bool ok = ROOM(message->targets, plan->n_targets);
    for (uint32_t i = 0; i < plan->n_targets && ok; i++) {
        const sgp_target *target = &plan->targets[i];
        Sigap__V1__PlannedTarget *row = MAKE(message->targets, message->n_targets, planned_target);
        ok = row && sgp_put_text(&row->code, target->code);
        if (!ok)
            break;
        row->from = target->from;
        row->to = target->to;
        row->priorities = target->priorities;
        row->within_ms = target->within_ms;
        row->share_permille = target->share_permille;
    }
    return ok;
}

Sigap__V1__Plan *sgp_plan_to_proto(const sgp_plan *plan) {
    Sigap__V1__Plan *message = sgp_message_make(&sigap__v1__plan__descriptor);
    bool ok = message && sgp_put_text(&message->name, plan->name) &&
              sgp_put_bytes(&message->texts, plan->texts, sizeof plan->texts) &&
              put_complaints(message, plan) && put_responses(message, plan) &&
              put_agencies(message, plan) && put_questions(message, plan) &&
              put_targets(message, plan);
    return message ? sgp_message_or_null(message, ok) : NULL;
}

/* ---- and back ------------------------------------------------------------- */

static sgp_err read_complaints(const Sigap__V1__Plan *message, sgp_plan *plan, sgp_fault *fault) {
    for (size_t i = 0; i < message->n_complaints; i++) {
        const Sigap__V1__PlannedComplaint *row = message->complaints[i];
        sgp_complaint *complaint = &plan->complaints[i];
        sgp_err err = sgp_read_text(row->code, complaint->code, sizeof complaint->code,
                                    "the code of a complaint", fault);
        if (!err)
            err = sgp_read_text(row->nemsis, complaint->nemsis, sizeof complaint->nemsis,
                                "the NEMSIS code of a complaint", fault);
        if (!err)
            err = sgp_read_number((int64_t)row->n_responses, 0, SGP_PRIORITIES,
                                  "the number of priorities", fault);
        if (err)
            return err;
        complaint->priority = (sgp_priority)row->priority;
        complaint->needs = row->needs;
        complaint->wishes = row->wishes;
        for (size_t p = 0; p < row->n_responses; p++)
            complaint->response[p] = row->responses[p];
    }
    plan->n_complaints = (uint32_t)message->n_complaints;
    return SGP_OK;
}

static sgp_err read_response(const Sigap__V1__PlannedResponse *row, sgp_plan *plan,
                             sgp_response *response, sgp_fault *fault) {
    sgp_err err = sgp_read_text(row->code, response->code, sizeof response->code,
                                "the code of a response", fault);
    if (!err)
        err = sgp_read_number((int64_t)row->n_seats, 0, SGP_SEATS_PER_RESPONSE,
                              "the number of seats of a response", fault);
    if (!err)
        err = sgp_read_number((int64_t)row->n_seats, 0, (int64_t)SGP_SEATS_MAX - plan->n_seats,
                              "the number of seats", fault);
    if (!err)
        err = sgp_read_number((int64_t)row->n_alerts, 0, SGP_ALERTS_PER_RESPONSE,
                              "the number of alerts of a response", fault);
    if (err)
        return err;
    response->first_seat = plan->n_seats;
    response->n_seats = (uint32_t)row->n_seats;
    for (size_t i = 0; i < row->n_seats; i++) {
        const Sigap__V1__PlannedSeat *seat = row->seats[i];
        plan->seats[plan->n_seats++] = (sgp_seat){.kinds = seat->kinds,
                                                  .instead = seat->instead,
                                                  .skills = seat->skills,
                                                  .within_ms = seat->within_ms,
                                                  .alarm = seat->alarm,
                                                  .with = seat->with,
                                                  .if_possible = seat->if_possible};
    }
    response->n_alerts = (uint32_t)row->n_alerts;
    for (size_t i = 0; i < row->n_alerts; i++) {
        response->alerts[i].agency = row->alerts[i]->agency;
        response->alerts[i].alarm = row->alerts[i]->alarm;
    }
    return SGP_OK;
}

static sgp_err read_question(const Sigap__V1__PlannedQuestion *row, sgp_plan *plan,
                             sgp_script_question *question, sgp_fault *fault) {
    sgp_err err = sgp_read_text(row->code, question->code, sizeof question->code,
                                "the code of a question", fault);
    if (!err)
        err =
            sgp_read_number((int64_t)row->n_answers, 0, (int64_t)SGP_ANSWERS_MAX - plan->n_answers,
                            "the number of answers", fault);
    question->first_answer = plan->n_answers;
    for (size_t i = 0; i < row->n_answers && !err; i++) {
        sgp_script_answer *answer = &plan->answers[plan->n_answers++];
        question->n_answers++;
        answer->weight = row->answers[i]->weight;
        answer->at_least = (sgp_priority)row->answers[i]->at_least;
        answer->becomes = row->answers[i]->becomes;
        err = sgp_read_text(row->answers[i]->code, answer->code, sizeof answer->code,
                            "the code of an answer", fault);
    }
    return err;
}

static sgp_err read_targets(const Sigap__V1__Plan *message, sgp_plan *plan, sgp_fault *fault) {
    sgp_err err = SGP_OK;
    for (size_t i = 0; i < message->n_targets && !err; i++) {
        const Sigap__V1__PlannedTarget *row = message->targets[i];
        sgp_target *target = &plan->targets[plan->n_targets++];
        err = sgp_read_text(row->code, target->code, sizeof target->code, "the code of a target",
                            fault);
        if (!err)
            err =
                sgp_read_number(row->from, 1, SGP_MOMENTS - 1, "the beginning of a target", fault);
        if (!err)
            err = sgp_read_number(row->to, 1, SGP_MOMENTS - 1, "the end of a target", fault);
        target->from = (sgp_moment)row->from;
        target->to = (sgp_moment)row->to;
        target->priorities = row->priorities;
        target->within_ms = row->within_ms;
        target->share_permille = row->share_permille;
    }
    return err;
}

static sgp_err read_all(const Sigap__V1__Plan *message, sgp_plan *plan, sgp_fault *fault) {
    const struct {
        size_t n;
        int64_t most;
        const char *what;
    } counts[] = {{message->n_complaints, SGP_COMPLAINTS_MAX, "the number of complaints"},
                  {message->n_responses, SGP_RESPONSES_MAX, "the number of responses"},
                  {message->n_agencies, SGP_AGENCIES_MAX, "the number of agencies"},
                  {message->n_questions, SGP_QUESTIONS_MAX, "the number of questions"},
                  {message->n_targets, SGP_TARGETS_MAX, "the number of targets"}};
    sgp_err err = SGP_OK;
    for (size_t i = 0; i < sizeof counts / sizeof *counts && !err; i++)
        err = sgp_read_number((int64_t)counts[i].n, 0, counts[i].most, counts[i].what, fault);
    if (!err)
        err = sgp_read_text(message->name, plan->name, sizeof plan->name, "the name of the plan",
                            fault);
    if (!err && message->texts.len != sizeof plan->texts)
        err = sgp_fail(fault, SGP_E_FORMAT, "the digest of texts has %zu bytes, not %zu",
                       message->texts.len, sizeof plan->texts);
    if (err)
        return err;
    memcpy(plan->texts, message->texts.data, sizeof plan->texts);
    err = read_complaints(message, plan, fault);
    for (size_t i = 0; i < message->n_responses && !err; i++)
        err = read_response(message->responses[i], plan, &plan->responses[plan->n_responses++],
                            fault);
    for (size_t i = 0; i < message->n_agencies && !err; i++) {
        sgp_agency *agency = &plan->agencies[plan->n_agencies++];
        agency->answer_ms = message->agencies[i]->answer_ms;
        err = sgp_read_text(message->agencies[i]->code, agency->code, sizeof agency->code,
                            "the code of an agency", fault);
        if (!err)
            err = sgp_read_text(message->agencies[i]->name, agency->name, sizeof agency->name,
                                "the name of an agency", fault);
    }
    for (size_t i = 0; i < message->n_questions && !err; i++)
        err = read_question(message->questions[i], plan, &plan->questions[plan->n_questions++],
                            fault);
    return err ? err : read_targets(message, plan, fault);
}

sgp_err sgp_plan_from_proto(const Sigap__V1__Plan *message, sgp_plan **out, sgp_fault *fault) {
    sgp_plan *plan = sgp_plan_create();
    if (!plan)
        return sgp_fail(fault, SGP_E_MEMORY, "no memory for the plan");
    sgp_err err = read_all(message, plan, fault);
    if (!err)
        err = sgp_plan_check(plan, fault);
    if (err) {
        free(plan);
        return err;
    }
    *out = plan;
    return SGP_OK;
}
