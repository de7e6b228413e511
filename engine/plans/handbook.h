/* The handbook: what people read. Names of complaints, the call-taker's questions with their
 * answers, and what to tell the caller until help is there, each in Indonesian and English.
 *
 * The core never sees these texts; it knows their codes. Things stand in the order of the plan that
 * was loaded with them: complaint, question and answer have the plan's indices.
 *
 * An instruction is a draft until a medical director has signed exactly its words: the signature in
 * the configuration holds a digest of them, and a changed word makes it a draft again.
 *
 * Thread-safe as long as nobody writes; the texts live as long as the handbook.
 */
#ifndef SGP_PLANS_HANDBOOK_H
#define SGP_PLANS_HANDBOOK_H

#include "sigap/plan.h"

enum {
    SGP_INSTRUCTIONS_MAX = 128,
    SGP_STEPS_MAX = 24,            /* of one instruction */
    SGP_HANDBOOK_TEXT_BYTES = 512, /* of one text in one language, with the '\0' */
    SGP_SIGNATURE_BYTES = 16
};

/* NULL: no such text. */
typedef struct sgp_handbook_text {
    char *indonesian, *english;
} sgp_handbook_text;

typedef struct sgp_complaint_set {
    uint8_t bits[SGP_COMPLAINTS_MAX / 8];
} sgp_complaint_set;

typedef struct sgp_instruction {
    char code[SGP_CODE_BYTES];
    sgp_handbook_text title;
    sgp_complaint_set complaints;
    uint32_t n_steps;
    sgp_handbook_text steps[SGP_STEPS_MAX];
    uint8_t words[SGP_SIGNATURE_BYTES]; /* digest of code, title and steps: what is signed */
    char signed_by[SGP_NAME_BYTES], signed_on[SGP_CODE_BYTES];
    bool is_draft; /* not signed, or its words have changed since */
} sgp_instruction;

typedef struct sgp_handbook {
    sgp_handbook_text complaints[SGP_COMPLAINTS_MAX];
    sgp_handbook_text questions[SGP_QUESTIONS_MAX];
    sgp_complaint_set asked_for[SGP_QUESTIONS_MAX];
    sgp_handbook_text answers[SGP_ANSWERS_MAX];
    uint32_t n_instructions;
    sgp_instruction instructions[SGP_INSTRUCTIONS_MAX];
} sgp_handbook;

/* NULL: no memory. */
sgp_handbook *sgp_handbook_create(void);
/* NULL is harmless. */
void sgp_handbook_destroy(sgp_handbook *handbook);

/* In "en", or in Indonesian for any other language word; the other language where one is missing,
 * "" where both are. */
const char *sgp_handbook_text_in(const sgp_handbook_text *text, const char *language);

bool sgp_complaint_set_has(const sgp_complaint_set *set, uint32_t complaint);
void sgp_complaint_set_add(sgp_complaint_set *set, uint32_t complaint);

/* Fills `words` of the instruction. */
void sgp_instruction_digest(sgp_instruction *instruction);
/* A digest of all texts and signatures. */
void sgp_handbook_digest(const sgp_handbook *handbook, const sgp_plan *plan,
                         uint8_t digest[SGP_HASH_BYTES]);

#endif
