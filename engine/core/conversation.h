/* A call's own page and the words between it and the control room. Private to engine/core.
 *
 * A page is opened with the token of LOCATE_ASKED by a holder that the phone made up: the first
 * holder binds it. Whoever holds it may open it again (each time and each position or word moves
 * the end on) until the incident closes, and may speak as long as the incident is open, even when
 * the time for opening is over: an open conversation is never cut off by a clock. The words stand
 * in the shell, sealed under the incident's key; here is only that there are some, and whose they
 * are.
 *
 * Bound: the last SGP_MESSAGES_MAX of a call are remembered; older ones stay in the journal alone.
 * Words decide nothing. */
#ifndef SGP_CORE_CONVERSATION_H
#define SGP_CORE_CONVERSATION_H

#include "core/core_proto.h"
#include "core/mechanics.h"

/* Handlers of CALLER_CAME, MESSAGE_SAID and MESSAGES_READ. */
sgp_err sgp_caller_came(sgp_step *step) SGP_MUST_USE;
sgp_err sgp_message_said(sgp_step *step) SGP_MUST_USE;
sgp_err sgp_messages_read(sgp_step *step) SGP_MUST_USE;

/* Its page is in use: the time in which it may be opened again begins anew. */
void sgp_page_goes_on(sgp_call_node *call, int64_t now_ms);

/* The summary, as a call shows it; absent where there is nothing. false: memory ran out. */
bool sgp_put_chat(Sigap__V1__Chat **field, const sgp_chat *chat);
sgp_err sgp_read_chat(const Sigap__V1__Chat *message, sgp_chat *chat,
                      sgp_fault *fault) SGP_MUST_USE;
/* The messages, as a snapshot keeps them. */
bool sgp_save_said(const sgp_call_node *call, Sigap__V1__CallMemory *message);
sgp_err sgp_load_said(const Sigap__V1__CallMemory *message, sgp_call_node *call,
                      sgp_fault *fault) SGP_MUST_USE;

#endif
