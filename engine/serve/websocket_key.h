/* The handshake's proof that both sides mean a WebSocket (RFC 6455, section 4.2.2). No state. */
#ifndef SGP_SERVE_WEBSOCKET_KEY_H
#define SGP_SERVE_WEBSOCKET_KEY_H

#include <stdbool.h>

enum { SGP_WEBSOCKET_KEY_BYTES = 25, SGP_WEBSOCKET_ACCEPT_BYTES = 29 }; /* with the '\0' */

/* A fresh key of a client. libsodium must be ready. */
void sgp_websocket_key(char key[SGP_WEBSOCKET_KEY_BYTES]);
/* What the server answers to it; false: that is no key (NULL is none). */
bool sgp_websocket_accept(const char *key, char accept[SGP_WEBSOCKET_ACCEPT_BYTES]);

#endif
