/* A dispatcher's decision: one request, and one line about what was done.
 *
 * What the sub-commands of app_order.c and app_reinforce.c share. Not thread-safe:
 * getopt is not. */
#ifndef SGP_DECISION_H
#define SGP_DECISION_H

#include <getopt.h>

#include "apps/narrator.h"
#include "apps/options.h"

/* What is said when it is done, and the words for its gaps; numbers of incident and
 * assignment come from the engine's answer. */
typedef struct sgp_sentence {
    sgp_text key;
    const char *unit; /* NULL: the assignment's, asked for where the sentence names it */
    const char *call, *outcome, *place, *changes;
} sgp_sentence;

/* Sends the request and says what was done; the exit code. */
int sgp_decision_do(const sgp_options *o, Sigap__V1__Frame *request, const sgp_sentence *said);

/* Whether so many operands are right; reads options first. false: end with o->exit_code. */
bool sgp_decision_count(sgp_options *o, int n, int least, int most);
bool sgp_decision_operands(sgp_options *o, int argc, char **argv, int least, int most);
/* "rescue,fire_engine", appended to kinds[SGP_UNIT_KINDS]; "narrow_ways,...". */
bool sgp_decision_kinds(sgp_options *o, const char *text, Sigap__V1__UnitKind *kinds, size_t *n);
bool sgp_decision_skills(sgp_options *o, const char *text, uint32_t *skills);
/* A number from 1 on; false: end with o->exit_code. */
bool sgp_decision_number(sgp_options *o, const char *text, const char *what, uint64_t *value);

/* The operands from `first` on as one text; false: end with o->exit_code. */
bool sgp_join_words(sgp_options *o, int argc, char **argv, int first, const char *what, char *text,
                    size_t capacity);

#endif
