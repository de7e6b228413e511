/* The line to one telephone exchange: its events over a WebSocket, what it is told over HTTP.
 *
 * We are the application that the exchange's dialplan hands its calls to. The client connects to
 * URL/events, asks again and again with growing pauses while that fails (half a second to fifteen),
 * and notices a line that is open and dead: after 5 s of silence it asks for a sign of life, after
 * 15 s it gives the line up. Requests go over a connection of their own, one after the other, each
 * answered within 10 s or failed.
 *
 * libevent speaks HTTP (and resolves names, off the loop), wslay the WebSocket's frames, jansson
 * reads (ari.h). One thread, the loop's. The password never leaves this file but to the exchange.
 */
#ifndef SGP_SERVE_ARI_CLIENT_H
#define SGP_SERVE_ARI_CLIENT_H

#include <event2/event.h>
#include <event2/http.h>

#include "serve/ari.h"
#include "serve/settings.h"
#include "sigap/v1/ring.pb-c.h"

typedef struct sgp_ari_client sgp_ari_client;

typedef struct sgp_ari_calls {
    /* Events come from here on; what happened before must be asked for. */
    void (*up)(void *ctx);
    /* It is away, or still away; the client goes on trying. `why` is borrowed. */
    void (*down)(void *ctx, Sigap__V1__AwayReason reason, const char *why);
    void (*event)(void *ctx, const sgp_ari_event *event);
} sgp_ari_calls;

/* Begins to connect. `settings` and `base` must outlive the client. */
sgp_err sgp_ari_client_create(struct event_base *base, const sgp_exchange_settings *settings,
                              const sgp_ari_calls *calls, void *ctx, sgp_ari_client **client,
                              sgp_fault *fault) SGP_MUST_USE;
/* Answers to requests do not come any more. NULL is harmless. */
void sgp_ari_client_destroy(sgp_ari_client *client);

/* `status` 0: no answer came. `body` is borrowed and need not end in '\0'. */
typedef void (*sgp_ari_answer)(void *ctx, uint64_t tag, int status, const char *body,
                               size_t length);
/* Sends a request; `path` follows the configured URL ("/channels"), with its parts escaped.
 * `answer` comes later, or never where it is NULL. False: no memory. */
bool sgp_ari_client_ask(sgp_ari_client *client, enum evhttp_cmd_type method, const char *path,
                        sgp_ari_answer answer, uint64_t tag) SGP_MUST_USE;

#endif
