/* What exchanges.c and handsets.c share: one telephone exchange, and how it is asked. Private. */
#ifndef SGP_SERVE_EXCHANGE_PARTS_H
#define SGP_SERVE_EXCHANGE_PARTS_H

#include "serve/ari_client.h"
#include "serve/engine_parts.h"

typedef struct sgp_handset sgp_handset;

struct sgp_exchange {
    sgp_engine *engine;
    const sgp_exchange_settings *settings;
    sgp_ari_client *client;
    bool away;
    int64_t since_ms;
    Sigap__V1__AwayReason reason;
    char fault[160];
    uint64_t seq_at_up;   /* rings up to this event must be in the exchange's list */
    struct event *settle; /* asks for that list again, where it did not come */
    sgp_handset *handsets;
    size_t n_handsets, handsets_capacity;
};

/* What the exchange says of a channel, as an event; `recording` may be NULL. */
void sgp_exchange_tell(sgp_exchange *exchange, const char *channel, sgp_ring_news news,
                       const char *recording);
void sgp_exchange_request(sgp_exchange *exchange, enum evhttp_cmd_type method, const char *path,
                          sgp_ari_answer answer, uint64_t tag);
/* "/channels/ID" and what follows; an id may hold anything plain. */
void sgp_exchange_request_of(sgp_exchange *exchange, enum evhttp_cmd_type method,
                             const char *channel, const char *what, sgp_ari_answer answer,
                             uint64_t tag);
/* Connects the caller to the exchange itself; the ring is answered when that is done. */
void sgp_exchange_connect(sgp_exchange *exchange, const sgp_ring *ring);

/* ---- handsets.c ---------------------------------------------------------------- */

bool sgp_is_handset(const char *channel);
/* The telephone of whoever has the ring, or NULL: there is none, the room connects callers itself.
 */
const char *sgp_handset_of(const sgp_exchange *exchange, const sgp_ring *ring);
/* Rings that telephone, or connects it where it is off the hook already. */
void sgp_handset_call(sgp_exchange *exchange, const sgp_ring *ring, const char *telephone);
/* The ring's bridge, whose recording it is; 0 = none of ours. */
sgp_id sgp_bridge_ring(const char *bridge);
/* What the exchange says of a channel that is a handset. */
void sgp_handset_event(sgp_exchange *exchange, const sgp_ari_event *event);
/* The ring is over, or rings for everybody again: its handset is put down. */
void sgp_handset_drop(sgp_exchange *exchange, sgp_id ring);
/* A channel of the exchange's list, after the line came up. */
void sgp_handset_found(sgp_exchange *exchange, const sgp_ari_channel *channel);
/* A handset that was not in that list is gone. */
void sgp_handset_settle(sgp_exchange *exchange, const sgp_ring *ring);
/* None counts as there until the exchange's list says so. */
void sgp_handsets_forget(sgp_exchange *exchange);

#endif
