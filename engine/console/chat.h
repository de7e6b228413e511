/* Words of callers' pages in the console: what was heard last, what nobody has read yet, and what
 * `text` and `read` send. The words of an incident stand in its dossier (from its log); at the top
 * stands the call that has waited longest for somebody to read it. Not thread-safe. */
#ifndef SGP_CONSOLE_CHAT_H
#define SGP_CONSOLE_CHAT_H

#include "console/model.h"

enum { SGP_QUICK_ANSWERS = 6 };

/* An update came, and is about to be taken: its words are remembered for the top of the screen. */
void sgp_chat_hear(sgp_model *model, const Sigap__V1__Update *update);
/* Counts what is unread; a bell for each new word. */
void sgp_chat_look(sgp_model *model);

/* The call of the incident whose page has words, the one with unread ones first; NULL: none. */
const Sigap__V1__Call *sgp_chat_call(const sgp_model *model, uint64_t incident);
/* The newest word of all calls of the incident, to see whether its log is old; 0: none. */
uint64_t sgp_chat_newest(const sgp_model *model, uint64_t incident);
/* What waits to be read, for the top of the screen; false: nothing. */
bool sgp_chat_text(const sgp_model *model, char *out, size_t capacity);
/* The nth quick answer, from 1 on. */
const char *sgp_quick_answer(sgp_language language, unsigned nth);

#endif
