/* What the readers of the five files share. Private to engine/plans. */
#ifndef SGP_PLANS_PLAN_PARTS_H
#define SGP_PLANS_PLAN_PARTS_H

#include "base/conf.h"
#include "plans/plan_file.h"

/* One for each file; `conf` is at the file that the function reads. The complaints come first,
 * since the others name them, the responses second. Each leaves its mistake in conf->err. */
void sgp_read_complaints(sgp_conf *conf, sgp_loaded_plan *loaded);
void sgp_read_responses(sgp_conf *conf, sgp_loaded_plan *loaded);
void sgp_read_scripts(sgp_conf *conf, sgp_loaded_plan *loaded);
void sgp_read_instructions(sgp_conf *conf, sgp_loaded_plan *loaded);
void sgp_read_clocks_file(sgp_conf *conf, sgp_loaded_plan *loaded);

/* The keys id and en of a group as a text for people; both are required. */
void sgp_conf_handbook_text(sgp_conf *conf, const sgp_setting *group, const char *indonesian,
                            const char *english, sgp_handbook_text *text);
/* As sgp_conf_copy, and the text must be plain UTF-8. */
void sgp_conf_plain(sgp_conf *conf, const sgp_setting *group, const char *key, bool required,
                    char *out, size_t capacity);
/* A plain code of at least one character, at most SGP_CODE_BYTES - 1. */
void sgp_conf_code(sgp_conf *conf, const sgp_setting *group, const char *key,
                   char code[SGP_CODE_BYTES]);
/* "P1" to "P4"; UNKNOWN where it is absent and may be. */
sgp_priority sgp_conf_priority(sgp_conf *conf, const sgp_setting *group, const char *key,
                               bool required);
/* A mask of 1u << priority; `otherwise` where it is absent. */
uint32_t sgp_conf_priorities(sgp_conf *conf, const sgp_setting *group, const char *key,
                             uint32_t otherwise);
/* Masks of kinds of unit and of skills; 0 where absent. */
uint32_t sgp_conf_kinds(sgp_conf *conf, const sgp_setting *group, const char *key);
uint32_t sgp_conf_skills(sgp_conf *conf, const sgp_setting *group, const char *key);
/* A mask of abilities of a hospital; 0 where absent. */
uint32_t sgp_conf_abilities(sgp_conf *conf, const sgp_setting *group, const char *key);
/* The complaints that the list names, by either code; false where it is absent. */
bool sgp_conf_complaints(sgp_conf *conf, const sgp_setting *group, const char *key,
                         const sgp_plan *plan, sgp_complaint_set *set);

#endif
