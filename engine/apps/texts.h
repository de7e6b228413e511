/* Everything that dispatchers and crews read, in Indonesian and English, in one
 * table (texts_table.h), so that no sentence exists in one language only.
 *
 * Texts are whole phrases with named gaps: "{unit} dikirim, {travel}". They are
 * filled by name, since word order differs between languages. Help texts of
 * commands are documents and are English. Pure; thread-safe.
 */
#ifndef SGP_APPS_TEXTS_H
#define SGP_APPS_TEXTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum sgp_language { SGP_INDONESIAN, SGP_ENGLISH } sgp_language;

#include "apps/texts_table.h"

typedef enum sgp_text {
#define SGP_TEXT_ENUM(key, indonesian, english) SGP_TEXT_##key,
    SGP_TEXTS(SGP_TEXT_ENUM)
#undef SGP_TEXT_ENUM
        SGP_TEXTS_N
} sgp_text;

/* "id" or "en" (also "id_ID.UTF-8" and the like); false: neither. */
bool sgp_language_parse(const char *name, sgp_language *language);

/* The text of a key, borrowed for ever. */
const char *sgp_text_get(sgp_language language, sgp_text key);

/* Fills the gaps of a text: pairs of (const char *name, const char *value), then
 * NULL. A gap that is not named stays empty. Cut to `capacity` at the end of a
 * character. Returns `out`. */
char *sgp_text_fill(char *out, size_t capacity, sgp_language language, sgp_text key, ...);

/* The same for any pattern; what the above is made of, and what tests use. */
char *sgp_pattern_fill(char *out, size_t capacity, const char *pattern, ...);

/* A complaint code in words (sgp_complaint_name); also for an empty code. Borrowed
 * for ever, or `code` itself where nobody knows it. */
const char *sgp_complaint_text(sgp_language language, const char *code);

/* Names of wire enums, by number; "?" for other numbers. */
const char *sgp_priority_text(sgp_language language, int priority); /* "P1" */
const char *sgp_unit_status_text(sgp_language language, int status);
const char *sgp_unit_kind_text(sgp_language language, int kind);
const char *sgp_incident_state_text(sgp_language language, int state);
const char *sgp_assignment_state_text(sgp_language language, int state);
const char *sgp_place_kind_text(sgp_language language, int kind);
const char *sgp_precision_text(sgp_language language, int precision);
const char *sgp_word_role_text(sgp_language language, int role);
const char *sgp_phrase_role_text(sgp_language language, int role);
const char *sgp_wanted_text(sgp_language language, int wanted);
const char *sgp_relation_text(sgp_language language, int relation);
const char *sgp_outcome_text(sgp_language language, int outcome);
const char *sgp_transfer_state_text(sgp_language language, int state);
const char *sgp_transfer_conflict_text(sgp_language language, int conflict);

/* "3 mnt 20 dtk", "12,4 dtk" under 20 s, "1 jam 05 mnt"; "tak terjangkau" below 0. Returns `out`.
 */
char *sgp_duration_text(sgp_language language, int64_t ms, char *out, size_t capacity);

#endif
