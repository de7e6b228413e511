/* scripts.conf and instructions.conf: what call-takers ask, and what they tell callers. */
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "plans/plan_parts.h"

/* ---- questions -------------------------------------------------------------- */

static void read_answer(sgp_conf *conf, const sgp_setting *entry, sgp_loaded_plan *loaded,
                        sgp_script_question *question) {
    sgp_plan *plan = loaded->plan;
    sgp_script_answer *answer = &plan->answers[plan->n_answers];
    sgp_conf_check_keys(conf, entry, " code id en weight at_least becomes ");
    sgp_conf_code(conf, entry, "code", answer->code);
    for (uint32_t i = 0; i < question->n_answers && !conf->err; i++)
        if (strcmp(plan->answers[question->first_answer + i].code, answer->code) == 0)
            sgp_conf_mistake(conf, entry, "the answer \"%s\" is there twice", answer->code);
    answer->weight =
        (int32_t)sgp_conf_number(conf, entry, "weight", false, -SGP_WEIGHT_MAX, SGP_WEIGHT_MAX, 0);
    answer->at_least = sgp_conf_priority(conf, entry, "at_least", false);
    const char *becomes = sgp_conf_text(conf, entry, "becomes", false, SGP_CODE_BYTES);
    if (becomes) {
        const sgp_complaint *complaint = sgp_plan_complaint(plan, becomes);
        if (!complaint)
            sgp_conf_mistake(conf, sgp_conf_child(entry, "becomes"),
                             "there is no complaint \"%s\" in complaints.conf", becomes);
        else
            answer->becomes = 1 + (uint32_t)(complaint - plan->complaints);
    }
    sgp_conf_handbook_text(conf, entry, "id", "en", &loaded->handbook->answers[plan->n_answers]);
    plan->n_answers++;
    question->n_answers++;
}

static void read_question(sgp_conf *conf, const sgp_setting *entry, sgp_loaded_plan *loaded,
                          uint32_t number) {
    sgp_plan *plan = loaded->plan;
    sgp_script_question *question = &plan->questions[number];
    size_t n;
    sgp_conf_check_keys(conf, entry, " code id en complaints answers ");
    sgp_conf_code(conf, entry, "code", question->code);
    if (!conf->err && sgp_plan_question(plan, question->code))
        sgp_conf_mistake(conf, entry, "the question \"%s\" is there twice", question->code);
    sgp_conf_handbook_text(conf, entry, "id", "en", &loaded->handbook->questions[number]);
    if (!sgp_conf_complaints(conf, entry, "complaints", plan, &loaded->handbook->asked_for[number]))
        for (uint32_t c = 0; c < plan->n_complaints; c++)
            sgp_complaint_set_add(&loaded->handbook->asked_for[number], c);
    question->first_answer = plan->n_answers;
    const sgp_setting *list =
        sgp_conf_groups(conf, entry, "answers", SGP_ANSWERS_MAX - plan->n_answers, &n);
    if (!conf->err && n == 0)
        sgp_conf_mistake(conf, entry, "the question \"%s\" has no answers", question->code);
    for (size_t i = 0; i < n && !conf->err; i++)
        read_answer(conf, config_setting_get_elem(list, (unsigned)i), loaded, question);
    plan->n_questions = number + 1;
}

void sgp_read_scripts(sgp_conf *conf, sgp_loaded_plan *loaded) {
    size_t n;
    const sgp_setting *root = config_root_setting(&conf->config);
    sgp_conf_check_keys(conf, root, " questions ");
    const sgp_setting *list = sgp_conf_groups(conf, root, "questions", SGP_QUESTIONS_MAX, &n);
    for (size_t i = 0; i < n && !conf->err; i++)
        read_question(conf, config_setting_get_elem(list, (unsigned)i), loaded, (uint32_t)i);
}

/* ---- instructions ------------------------------------------------------------ */

/* A signature stands for exactly the words that were signed; on other words it says nothing, and
 * they are a draft. */
static void read_signature(sgp_conf *conf, const sgp_setting *entry, sgp_instruction *instruction) {
    const sgp_setting *group = sgp_conf_child(entry, "signature");
    instruction->is_draft = true;
    if (!group)
        return;
    sgp_conf_check_keys(conf, group, " by on words ");
    sgp_conf_plain(conf, group, "by", true, instruction->signed_by, sizeof instruction->signed_by);
    sgp_conf_plain(conf, group, "on", true, instruction->signed_on, sizeof instruction->signed_on);
    const char *words = sgp_conf_text(conf, group, "words", true, 2 * SGP_SIGNATURE_BYTES + 1);
    uint8_t bytes[SGP_SIGNATURE_BYTES];
    size_t length = 0;
    if (!words)
        return;
    if (sodium_hex2bin(bytes, sizeof bytes, words, strlen(words), NULL, &length, NULL) != 0 ||
        length != sizeof bytes || strlen(words) != 2 * sizeof bytes)
        sgp_conf_mistake(conf, sgp_conf_child(group, "words"),
                         "words must be the %d hex digits that sigap guide shows for the text",
                         2 * SGP_SIGNATURE_BYTES);
    else
        instruction->is_draft = memcmp(bytes, instruction->words, sizeof bytes) != 0;
}

static void read_steps(sgp_conf *conf, const sgp_setting *entry, sgp_instruction *instruction) {
    size_t n;
    const sgp_setting *list = sgp_conf_groups(conf, entry, "steps", SGP_STEPS_MAX, &n);
    if (!conf->err && n == 0)
        sgp_conf_mistake(conf, entry, "the instruction \"%s\" has no steps", instruction->code);
    for (size_t i = 0; i < n && !conf->err; i++) {
        const sgp_setting *step = config_setting_get_elem(list, (unsigned)i);
        sgp_conf_check_keys(conf, step, " id en ");
        sgp_conf_handbook_text(conf, step, "id", "en", &instruction->steps[i]);
        instruction->n_steps = (uint32_t)i + 1;
    }
}

void sgp_read_instructions(sgp_conf *conf, sgp_loaded_plan *loaded) {
    sgp_handbook *handbook = loaded->handbook;
    size_t n;
    const sgp_setting *root = config_root_setting(&conf->config);
    sgp_conf_check_keys(conf, root, " instructions ");
    const sgp_setting *list = sgp_conf_groups(conf, root, "instructions", SGP_INSTRUCTIONS_MAX, &n);
    for (size_t i = 0; i < n && !conf->err; i++) {
        const sgp_setting *entry = config_setting_get_elem(list, (unsigned)i);
        sgp_instruction *instruction = &handbook->instructions[i];
        handbook->n_instructions = (uint32_t)i + 1;
        sgp_conf_check_keys(conf, entry, " code complaints title_id title_en steps signature ");
        sgp_conf_code(conf, entry, "code", instruction->code);
        for (size_t k = 0; k < i && !conf->err; k++)
            if (strcmp(handbook->instructions[k].code, instruction->code) == 0)
                sgp_conf_mistake(conf, entry, "the instruction \"%s\" is there twice",
                                 instruction->code);
        sgp_conf_handbook_text(conf, entry, "title_id", "title_en", &instruction->title);
        if (!sgp_conf_complaints(conf, entry, "complaints", loaded->plan, &instruction->complaints))
            sgp_conf_mistake(conf, entry, "the key \"complaints\" is missing");
        read_steps(conf, entry, instruction);
        sgp_instruction_digest(instruction);
        read_signature(conf, entry, instruction);
    }
}
