/* Who has which incident in hand, as the user of this console is concerned: what is taken from him,
 * handed to him, or done by another to what he has, is told to him once and loudly.
 *
 * Also who decided what, as the engine tells of a conflict, in the reader's language. */
#ifndef SGP_CONSOLE_HANDS_H
#define SGP_CONSOLE_HANDS_H

#include "console/model.h"

/* Whom the engine knows us as. */
const char *sgp_model_me(const sgp_model *model);
bool sgp_incident_is_mine(const sgp_model *model, const Sigap__V1__Incident *incident);
bool sgp_incident_is_anothers(const sgp_model *model, const Sigap__V1__Incident *incident);
/* "SAYA 02:10", "budi 02:10"; "" = nobody has it. */
char *sgp_hand_text(const sgp_model *model, const Sigap__V1__Incident *incident, char *out,
                    size_t capacity);

/* Before the board takes the update: notes for the user what it means for what he has. */
void sgp_hands_look(sgp_model *model, const Sigap__V1__Update *update);

/* "mengirim PSC-01": what is done by an event, after the name of who did it. */
char *sgp_did_text(sgp_language language, const Sigap__V1__Conflict *did, char *out,
                   size_t capacity);
/* "budi mengirim PSC-01 00:04 lalu". */
char *sgp_conflict_text(sgp_language language, const Sigap__V1__Conflict *conflict, int64_t now_ms,
                        char *out, size_t capacity);

/* The incident that a request is about; 0: none, or not known. */
uint64_t sgp_frame_incident(const sgp_board *board, const Sigap__V1__Frame *frame);

#endif
