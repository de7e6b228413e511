#include "plans/handbook.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

sgp_handbook *sgp_handbook_create(void) {
    return calloc(1, sizeof(sgp_handbook));
}

static void free_text(sgp_handbook_text *text) {
    free(text->indonesian);
    free(text->english);
}

void sgp_handbook_destroy(sgp_handbook *handbook) {
    if (!handbook)
        return;
    for (int i = 0; i < SGP_COMPLAINTS_MAX; i++)
        free_text(&handbook->complaints[i]);
    for (int i = 0; i < SGP_QUESTIONS_MAX; i++)
        free_text(&handbook->questions[i]);
    for (int i = 0; i < SGP_ANSWERS_MAX; i++)
        free_text(&handbook->answers[i]);
    for (uint32_t i = 0; i < handbook->n_instructions; i++) {
        free_text(&handbook->instructions[i].title);
        for (uint32_t k = 0; k < handbook->instructions[i].n_steps; k++)
            free_text(&handbook->instructions[i].steps[k]);
    }
    free(handbook);
}

const char *sgp_handbook_text_in(const sgp_handbook_text *text, const char *language) {
    const char *first = text->indonesian, *second = text->english;
    if (strcmp(language, "en") == 0) {
        first = text->english;
        second = text->indonesian;
    }
    return first ? first : second ? second : "";
}

bool sgp_complaint_set_has(const sgp_complaint_set *set, uint32_t complaint) {
    return (set->bits[complaint / 8] >> (complaint % 8) & 1) != 0;
}

void sgp_complaint_set_add(sgp_complaint_set *set, uint32_t complaint) {
    set->bits[complaint / 8] |= (uint8_t)(1u << (complaint % 8));
}

/* ---- digests -------------------------------------------------------------- */

/* With its length, so that no two lists of texts run into the same bytes. */
static void add_text(crypto_generichash_state *state, const char *text) {
    uint8_t length[4];
    size_t n = text ? strlen(text) : 0;
    for (int i = 0; i < 4; i++)
        length[i] = (uint8_t)(n >> (8 * i));
    crypto_generichash_update(state, length, sizeof length);
    crypto_generichash_update(state, (const uint8_t *)(text ? text : ""), n);
}

static void add_both(crypto_generichash_state *state, const sgp_handbook_text *text) {
    add_text(state, text->indonesian);
    add_text(state, text->english);
}

void sgp_instruction_digest(sgp_instruction *instruction) {
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, SGP_SIGNATURE_BYTES);
    add_text(&state, instruction->code);
    add_both(&state, &instruction->title);
    for (uint32_t i = 0; i < instruction->n_steps; i++)
        add_both(&state, &instruction->steps[i]);
    crypto_generichash_final(&state, instruction->words, SGP_SIGNATURE_BYTES);
}

void sgp_handbook_digest(const sgp_handbook *handbook, const sgp_plan *plan,
                         uint8_t digest[SGP_HASH_BYTES]) {
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, SGP_HASH_BYTES);
    for (uint32_t i = 0; i < plan->n_complaints; i++)
        add_both(&state, &handbook->complaints[i]);
    for (uint32_t i = 0; i < plan->n_questions; i++) {
        add_both(&state, &handbook->questions[i]);
        crypto_generichash_update(&state, handbook->asked_for[i].bits,
                                  sizeof handbook->asked_for[i].bits);
    }
    for (uint32_t i = 0; i < plan->n_answers; i++)
        add_both(&state, &handbook->answers[i]);
    for (uint32_t i = 0; i < handbook->n_instructions; i++) {
        const sgp_instruction *instruction = &handbook->instructions[i];
        crypto_generichash_update(&state, instruction->words, sizeof instruction->words);
        crypto_generichash_update(&state, instruction->complaints.bits,
                                  sizeof instruction->complaints.bits);
        add_text(&state, instruction->signed_by);
        add_text(&state, instruction->signed_on);
        add_text(&state, instruction->is_draft ? "draft" : "signed");
    }
    crypto_generichash_final(&state, digest, SGP_HASH_BYTES);
}
