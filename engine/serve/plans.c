/* Plans in service: loading them at the start and again while running, and what call-takers read
 * of them.
 *
 * The world decides by its own copy, which came with the event PLANNED; what is kept here is the
 * same plan with its texts. Without `plans` in the configuration the texts that come with Sigap are
 * there to read, and the world has no plan. */
#include <stdlib.h>
#include <string.h>

#include "serve/engine_parts.h"

/* ---- loading --------------------------------------------------------------- */

/* "" = no plan, "default" = the files that come with Sigap, otherwise a folder. */
static bool is_planned(const sgp_settings *settings) {
    return settings->plans[0] != '\0';
}

sgp_err sgp_plans_load(const sgp_settings *settings, sgp_loaded_plan *plans, sgp_fault *fault) {
    bool from_folder = is_planned(settings) && strcmp(settings->plans, "default") != 0;
    return sgp_plan_load(from_folder ? settings->plans : NULL, plans, fault);
}

sgp_err sgp_plans_start(sgp_engine *engine, sgp_fault *fault) {
    return sgp_plans_load(engine->settings, &engine->plans, fault);
}

/* A preset's response targets stand in front of those of the configuration. */
static void set_targets(const sgp_settings *settings, const sgp_loaded_plan *plans,
                        sgp_clocks *clocks) {
    if (!is_planned(settings))
        return;
    for (int p = SGP_P1; p < SGP_PRIORITIES; p++)
        if (plans->target_ms[p] > 0)
            clocks->target_ms[p] = plans->target_ms[p];
    clocks->target_ms[SGP_PRIORITY_UNKNOWN] = clocks->target_ms[SGP_P2];
}

void sgp_plans_clocks(const sgp_engine *engine, sgp_clocks *clocks) {
    *clocks = engine->settings->clocks;
    set_targets(engine->settings, &engine->plans, clocks);
}

/* Does the world decide by this plan? */
static bool is_in_force(const sgp_engine *engine, const sgp_plan *plan) {
    const sgp_plan *known = sgp_world_plan(engine->world);
    uint8_t before[SGP_HASH_BYTES], now[SGP_HASH_BYTES];
    if (known == NULL)
        return false;
    sgp_plan_digest(known, before);
    sgp_plan_digest(plan, now);
    return memcmp(before, now, sizeof now) == 0;
}

sgp_input *sgp_plans_input(const sgp_engine *engine) {
    if (!is_planned(engine->settings) || is_in_force(engine, engine->plans.plan))
        return NULL;
    sgp_input *input = sgp_input_create(SGP_EVENT_PLANNED);
    if (input == NULL)
        abort();
    input->event.u.planned.plan = engine->plans.plan; /* outlives the inbox of the start */
    return input;
}

/* The roster anew, beside whatever else is reloaded. */
static sgp_err reload_roster(sgp_session *session, sgp_input **roster, sgp_fault *fault) {
    sgp_err err = sgp_rosters_input(session->engine, roster, fault);
    if (err == SGP_OK && *roster != NULL)
        memcpy((*roster)->event.actor, session->user, sizeof(*roster)->event.actor);
    return err;
}

static sgp_err reload_plans(sgp_session *session, sgp_input *input, sgp_fault *fault) {
    sgp_engine *engine = session->engine;
    input->plans = calloc(1, sizeof *input->plans);
    sgp_clocks clocks = engine->settings->clocks;
    sgp_err err = input->plans != NULL ? sgp_plans_load(engine->settings, input->plans, fault)
                                       : sgp_fail(fault, SGP_E_MEMORY, "no memory for the plan");
    if (err == SGP_OK)
        err = sgp_settings_load_clocks(engine->settings->path, &clocks, fault);
    if (err != SGP_OK)
        return err;
    input->event.kind = SGP_EVENT_PLANNED;
    input->event.u.planned.plan = input->plans->plan;
    /* The clocks of the configuration, and the targets of the plan, in the same moment. */
    set_targets(engine->settings, input->plans, &clocks);
    sgp_input *configured = sgp_input_create(SGP_EVENT_CONFIGURED);
    if (configured == NULL)
        return sgp_fail(fault, SGP_E_MEMORY, "no memory for the clocks");
    configured->event.u.configured = clocks;
    memcpy(configured->event.actor, session->user, sizeof configured->event.actor);
    sgp_inbox_put(engine, configured);
    return SGP_OK;
}

sgp_err sgp_plans_reload_event(sgp_session *session, sgp_input *input, sgp_fault *fault) {
    sgp_engine *engine = session->engine;
    bool has_roster = engine->settings->roster_shifts[0] != '\0';
    bool has_cameras = engine->settings->cameras[0] != '\0';
    if (!is_planned(engine->settings) && !has_roster && !has_cameras)
        return sgp_fail(fault, SGP_E_STATE,
                        "no plans are configured; name their folder as plans in %s",
                        engine->settings->path);
    sgp_input *roster = NULL;
    sgp_err err = sgp_cameras_read(engine, fault);
    if (err == SGP_OK)
        err = reload_roster(session, &roster, fault);
    if (err == SGP_OK && is_planned(engine->settings))
        err = reload_plans(session, input, fault);
    if (err != SGP_OK) {
        sgp_input_destroy(roster);
        return err;
    }
    if (roster != NULL)
        sgp_inbox_put(engine, roster);
    /* Without plans the answer is that of an event that changes nothing: the clocks as they are. */
    if (!is_planned(engine->settings)) {
        input->event.kind = SGP_EVENT_CONFIGURED;
        input->event.u.configured = *sgp_world_clocks(engine->world);
    }
    return SGP_OK;
}

void sgp_plans_follow(sgp_engine *engine, sgp_input *input) {
    if (!is_in_force(engine, input->plans->plan))
        return; /* it was refused */
    const sgp_plan *known = sgp_world_plan(engine->world);
    sgp_loaded_plan_clear(&engine->plans);
    engine->plans = *input->plans;
    *input->plans = (sgp_loaded_plan){.plan = NULL};
    sgp_log(SGP_LOG_INFO, "planned", "name=%s complaints=%u responses=%u questions=%u",
            SGP_Q(known->name), known->n_complaints, known->n_responses, known->n_questions);
}

void sgp_input_forget_plans(sgp_input *input) {
    if (input->plans != NULL)
        sgp_loaded_plan_clear(input->plans);
    free(input->plans);
}

/* ---- reading ---------------------------------------------------------------- */

static void give(sgp_session *session, uint64_t reply_to, Sigap__V1__Frame *frame,
                 Sigap__V1__Frame__BodyCase body) {
    frame->body_case = body;
    sgp_outbox_answer(session->engine, session->id, reply_to, frame);
}

void sgp_answer_complaints(sgp_session *session, uint64_t reply_to,
                           const Sigap__V1__ListComplaints *asked) {
    const sgp_loaded_plan *plans = &session->engine->plans;
    Sigap__V1__ComplaintName names[SGP_COMPLAINTS_MAX], *list[SGP_COMPLAINTS_MAX];
    Sigap__V1__ComplaintPage page = SIGAP__V1__COMPLAINT_PAGE__INIT;
    page.complaints = list;
    for (uint32_t i = 0; i < plans->plan->n_complaints; i++) {
        const sgp_complaint *complaint = &plans->plan->complaints[i];
        names[i] = (Sigap__V1__ComplaintName)SIGAP__V1__COMPLAINT_NAME__INIT;
        names[i].code = (char *)complaint->code;
        names[i].nemsis = (char *)complaint->nemsis;
        names[i].priority = (Sigap__V1__Priority)complaint->priority;
        names[i].name =
            (char *)sgp_handbook_text_in(&plans->handbook->complaints[i], asked->language);
        list[page.n_complaints++] = &names[i];
    }
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.complaint_page = &page;
    give(session, reply_to, &frame, SIGAP__V1__FRAME__BODY_COMPLAINT_PAGE);
}

/* The messages of one guide, borrowed from the plan and its texts. */
typedef struct guide_room {
    Sigap__V1__GuideQuestion questions[SGP_QUESTIONS_MAX], *question_list[SGP_QUESTIONS_MAX];
    Sigap__V1__GuideAnswer answers[SGP_ANSWERS_MAX], *answer_list[SGP_ANSWERS_MAX];
    Sigap__V1__GuideInstruction instructions[SGP_INSTRUCTIONS_MAX],
        *instruction_list[SGP_INSTRUCTIONS_MAX];
    char *steps[SGP_INSTRUCTIONS_MAX][SGP_STEPS_MAX];
    char words[SGP_INSTRUCTIONS_MAX][2 * SGP_SIGNATURE_BYTES + 1];
} guide_room;

static void add_questions(const sgp_loaded_plan *plans, uint32_t complaint, const char *language,
                          guide_room *room, Sigap__V1__Guide *guide) {
    guide->questions = room->question_list;
    for (uint32_t i = 0; i < plans->plan->n_questions; i++) {
        const sgp_script_question *question = &plans->plan->questions[i];
        if (!sgp_complaint_set_has(&plans->handbook->asked_for[i], complaint))
            continue;
        Sigap__V1__GuideQuestion *message = &room->questions[i];
        sigap__v1__guide_question__init(message);
        message->code = (char *)question->code;
        message->text = (char *)sgp_handbook_text_in(&plans->handbook->questions[i], language);
        message->answers = &room->answer_list[question->first_answer];
        for (uint32_t k = 0; k < question->n_answers; k++) {
            uint32_t number = question->first_answer + k;
            const sgp_script_answer *answer = &plans->plan->answers[number];
            Sigap__V1__GuideAnswer *said = &room->answers[number];
            sigap__v1__guide_answer__init(said);
            said->code = (char *)answer->code;
            said->text = (char *)sgp_handbook_text_in(&plans->handbook->answers[number], language);
            said->weight = answer->weight;
            said->at_least = (Sigap__V1__Priority)answer->at_least;
            if (answer->becomes)
                said->becomes = (char *)plans->plan->complaints[answer->becomes - 1].code;
            message->answers[message->n_answers++] = said;
        }
        guide->questions[guide->n_questions++] = message;
    }
}

static void add_instructions(const sgp_handbook *texts, uint32_t complaint, const char *language,
                             guide_room *room, Sigap__V1__Guide *guide) {
    guide->instructions = room->instruction_list;
    for (uint32_t i = 0; i < texts->n_instructions; i++) {
        const sgp_instruction *instruction = &texts->instructions[i];
        if (!sgp_complaint_set_has(&instruction->complaints, complaint))
            continue;
        Sigap__V1__GuideInstruction *message = &room->instructions[i];
        sigap__v1__guide_instruction__init(message);
        message->code = (char *)instruction->code;
        message->title = (char *)sgp_handbook_text_in(&instruction->title, language);
        message->steps = room->steps[i];
        for (uint32_t k = 0; k < instruction->n_steps; k++)
            message->steps[message->n_steps++] =
                (char *)sgp_handbook_text_in(&instruction->steps[k], language);
        message->draft = instruction->is_draft;
        message->signed_by = (char *)instruction->signed_by;
        message->signed_on = (char *)instruction->signed_on;
        for (int k = 0; k < SGP_SIGNATURE_BYTES; k++)
            snprintf(room->words[i] + 2 * k, 3, "%02x", instruction->words[k]);
        message->words = room->words[i];
        guide->instructions[guide->n_instructions++] = message;
    }
}

void sgp_answer_guide(sgp_session *session, uint64_t reply_to, const Sigap__V1__GetGuide *asked) {
    sgp_engine *engine = session->engine;
    const sgp_loaded_plan *plans = &engine->plans;
    const char *named = asked->complaint;
    if (session->is_page) { /* its own, whatever it asks for */
        const sgp_call *call = sgp_world_call(engine->world, session->phone_call);
        named = call != NULL ? sgp_world_incident(engine->world, call->incident)->complaint : "";
    }
    const sgp_complaint *complaint = sgp_plan_complaint(plans->plan, named);
    guide_room *room = complaint != NULL ? calloc(1, sizeof *room) : NULL;
    if (room == NULL) {
        sgp_fault fault;
        sgp_err err = complaint != NULL
                          ? sgp_fail(&fault, SGP_E_MEMORY, "no memory for the guide")
                          : sgp_fail(&fault, SGP_E_NOT_FOUND, "there is no complaint %.40s", named);
        sgp_outbox_error(engine, session->id, reply_to, err, fault.text);
        return;
    }
    uint32_t index = (uint32_t)(complaint - plans->plan->complaints);
    Sigap__V1__Guide guide = SIGAP__V1__GUIDE__INIT;
    guide.complaint = (char *)complaint->code;
    guide.nemsis = (char *)complaint->nemsis;
    guide.name = (char *)sgp_handbook_text_in(&plans->handbook->complaints[index], asked->language);
    guide.priority = (Sigap__V1__Priority)complaint->priority;
    if (!session->is_page)
        add_questions(plans, index, asked->language, room, &guide);
    add_instructions(plans->handbook, index, asked->language, room, &guide);
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.guide = &guide;
    give(session, reply_to, &frame, SIGAP__V1__FRAME__BODY_GUIDE);
    free(room);
}
