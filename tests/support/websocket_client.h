/* A WebSocket client of the engine on a libevent loop, for tests and benchmarks: many of them fit
 * into one thread. Frames go out and come in as binary messages, or as text where `json` is set.
 * The callbacks may close the client; after on_closed it is closed already and must be freed. */
#ifndef SGP_TEST_WEBSOCKET_CLIENT_H
#define SGP_TEST_WEBSOCKET_CLIENT_H

#include <event2/event.h>
#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sigap/v1/frame.pb-c.h"

typedef struct websocket_client websocket_client;

typedef struct websocket_calls {
    void (*opened)(websocket_client *client, void *ctx);
    void (*frame)(websocket_client *client, const Sigap__V1__Frame *frame, void *ctx);
    /* `code`: of the other side's goodbye; 0: there was none; an HTTP status below 1000: it was not
     * let in. */
    void (*closed)(websocket_client *client, int code, void *ctx);
} websocket_calls;

/* `tls` NULL: in the clear. `path` usually "/v1/socket". NULL: no memory. */
websocket_client *websocket_open(struct event_base *base, const char *host, uint16_t port,
                                 SSL_CTX *tls, const char *path, const websocket_calls *calls,
                                 void *ctx);
/* Sends a frame with the next seq, which it returns; 0: it is closed. */
uint64_t websocket_send(websocket_client *client, const Sigap__V1__Frame *frame);
/* Sends bytes as they are, as a message of this opcode. */
void websocket_send_bytes(websocket_client *client, uint8_t opcode, const void *bytes,
                          size_t length);
void websocket_set_json(websocket_client *client, bool json);
/* Reads nothing any more, or again: a slow reader. */
void websocket_pause(websocket_client *client, bool paused);
/* Bytes of messages sent and heard so far, WebSocket's own included, TLS's not. */
void websocket_bytes(const websocket_client *client, uint64_t *out, uint64_t *in);
/* Its socket, to ask the kernel about. */
int websocket_fd(const websocket_client *client);
/* Without a goodbye. NULL is harmless. */
void websocket_free(websocket_client *client);

#endif
