/* What was asked of the engine and is not answered yet.
 *
 * Every change that a person asks for is written down here, with its id, before it is sent, and
 * struck out when its answer is there. The list lies in a small file, so that neither a lost
 * line nor a console that dies loses what was typed; sent again with the same id, nothing is
 * done twice.
 *
 *     keep ──► on disk ──► sent ──► answered ──► struck out
 *                           │ line lost, or the console died
 *                           └──► sent again after reconnecting
 *
 * The file is a run of frames as on the wire (serve/frame.h), mode 0600, in the user's state
 * folder: it may hold a caller's words for as long as the engine does not answer. A call that was
 * taken with a chosen place is two frames, ReportCall and a ChoosePlace without incident: it is
 * sent when the call's incident is known.
 *
 * A request that is older than SGP_PENDING_FRESH_MS when the line comes back is not sent by
 * itself, since the world has gone on; a person decides. Calls are always sent.
 *
 * A call that is still being typed is kept too, as a ReportCall without an id: a terminal that
 * hangs up takes nothing with it.
 *
 * One console at a time holds a file (flock); a second one takes the next. What a console left
 * that died is found by the next one that starts. Not thread-safe.
 */
#ifndef SGP_CONSOLE_PENDING_H
#define SGP_CONSOLE_PENDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sigap/error.h"
#include "sigap/v1/frame.pb-c.h"

enum { SGP_PENDING_MAX = 64, SGP_PENDING_FRESH_MS = 120000, SGP_PENDING_FILES = 32 };

typedef struct sgp_pending_item {
    uint64_t token; /* of this run, ascending, not 0 */
    int64_t made_at_ms;
    Sigap__V1__Frame *frame;
    Sigap__V1__Frame *then; /* ChoosePlace after the call; NULL: none */
    bool held;              /* waits for a person's word */
} sgp_pending_item;

typedef struct sgp_pending {
    sgp_pending_item items[SGP_PENDING_MAX]; /* oldest first */
    size_t n;
    Sigap__V1__Frame *draft; /* what is still being typed: a ConsoleDraft; NULL: nothing */
    bool unsynced;           /* a letter may not be on disk yet */
    uint64_t last_token;
    int fd; /* -1: kept in memory only */
    char path[1024];
} sgp_pending;

/* Kept in memory only; for tests, and where there is no state folder. */
void sgp_pending_init(sgp_pending *pending);

/* Opens the first file of `folder` (made if need be) for this engine that nobody holds, and
 * reads what is left in it; a broken end is left out. SGP_E_IO: the fault says which file;
 * it then is as after sgp_pending_init. */
sgp_err sgp_pending_open(sgp_pending *pending, const char *folder, const char *target,
                         sgp_fault *fault) SGP_MUST_USE;
/* The usual folder: SIGAP_STATE, or XDG_STATE_HOME/sigap, or ~/.local/state/sigap. false: none. */
bool sgp_pending_folder(char *out, size_t capacity);

/* Frees what is in memory; the file stays as it is. */
void sgp_pending_close(sgp_pending *pending);

/* Keeps a copy of both frames (then: NULL allowed), with a fresh id where `frame` has none, on
 * disk when it returns. *item is borrowed until the next call. SGP_E_FULL; SGP_E_IO: it is kept
 * in memory all the same, and *item is set. */
sgp_err sgp_pending_keep(sgp_pending *pending, const Sigap__V1__Frame *frame,
                         const Sigap__V1__Frame *then, sgp_pending_item **item,
                         sgp_fault *fault) SGP_MUST_USE;
/* NULL: answered already. */
sgp_pending_item *sgp_pending_find(sgp_pending *pending, uint64_t token);
void sgp_pending_strike(sgp_pending *pending, uint64_t token);

/* Keeps a copy of what is being typed; NULL: there is nothing any more. Written at once, so that
 * it outlives the console; synced by sgp_pending_sync, since it happens with every letter. */
void sgp_pending_draft(sgp_pending *pending, const Sigap__V1__ConsoleDraft *draft);
/* To be called about once a second: what was typed then outlives a power cut too. */
void sgp_pending_sync(sgp_pending *pending);

/* Reads frames from bytes, as the file has them; for the fuzzer too. */
void sgp_pending_read(sgp_pending *pending, const uint8_t *bytes, size_t length);

#endif
