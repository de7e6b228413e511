/* A small blocking client of the engine, for the command-line programs and the
 * tests: connect, log in, ask, and receive what the engine pushes.
 *
 * Targets: "unix:/path/to/sigap.sock" (or a bare path with a '/') and
 * "tls:host:port" ("tls:[::1]:1190" for IPv6). Over TLS the engine's certificate
 * must chain to `ca_file` (a self-signed certificate is its own CA) and name the
 * host; without a ca_file the system's CAs are used.
 *
 * Frames that the client hands out are the caller's; free them with
 * sigap__v1__frame__free_unpacked(frame, NULL). SIGPIPE must be ignored by the
 * program. Not thread-safe: one client for each thread.
 */
#ifndef SGP_SERVE_CLIENT_H
#define SGP_SERVE_CLIENT_H

#include <stdbool.h>
#include <stdint.h>

#include "sigap/error.h"
#include "sigap/v1/frame.pb-c.h"

typedef struct sgp_client sgp_client;

typedef struct sgp_client_options {
    const char *target;
    const char *ca_file; /* PEM; NULL = the system's. Only for tls: */
    int64_t timeout_ms;  /* of connecting, and of login and requests given 0; 0 = 10,000 */
} sgp_client_options;

/* SGP_E_ARGUMENT: the target makes no sense; SGP_E_NETWORK: nobody answers
 * there (the fault names the target and the reason); SGP_E_TIMEOUT. */
sgp_err sgp_client_open(const sgp_client_options *options, sgp_client **client,
                        sgp_fault *fault) SGP_MUST_USE;

/* sgp_client_open with the system's CAs and the usual timeout, or with the CA
 * file that the environment variable SIGAP_CA names. */
sgp_err sgp_client_connect(const char *target, sgp_client **client, sgp_fault *fault) SGP_MUST_USE;

/* Closes and frees; NULL is harmless. */
void sgp_client_close(sgp_client *client);

/* Logs in. `program` is a name and version for the engine's log. *welcome (NULL
 * allowed) becomes the caller's. SGP_E_UNAUTHENTICATED: the token is unknown. On
 * the private unix socket login is not required, except for crews. */
sgp_err sgp_client_login(sgp_client *client, const char *token, const char *program,
                         Sigap__V1__Frame **welcome, sgp_fault *fault) SGP_MUST_USE;

/* Sends `request` and waits for its answer; pushed frames that arrive meanwhile
 * are kept for sgp_client_next_push. seq is filled in. Where the request changes
 * state and has no id, a fresh UUIDv7 is used and is not left in `request`; to
 * repeat a request safely over a new connection, set the id yourself. `request`
 * stays the caller's. timeout_ms 0 = the client's.
 * An Error answer becomes its sgp_err with the engine's sentence in `fault`;
 * *reply is untouched then. SGP_E_NETWORK: the connection broke and the client
 * can only be closed. SGP_E_TIMEOUT: no answer yet; a later one is thrown away. */
sgp_err sgp_client_request(sgp_client *client, Sigap__V1__Frame *request, int64_t timeout_ms,
                           Sigap__V1__Frame **reply, sgp_fault *fault) SGP_MUST_USE;

/* The two halves of sgp_client_request, for programs with many requests on the
 * way: send writes at once and tells the seq to look for in reply_to; next_frame
 * hands out the next frame of any kind (Error frames too, as they are). */
sgp_err sgp_client_send(sgp_client *client, Sigap__V1__Frame *request, uint64_t *seq,
                        sgp_fault *fault) SGP_MUST_USE;
sgp_err sgp_client_next_frame(sgp_client *client, int64_t timeout_ms, Sigap__V1__Frame **frame,
                              sgp_fault *fault) SGP_MUST_USE;

/* The next pushed frame (Order, OrderWithdrawn, Update, Error of a closing
 * session). timeout_ms 0 = only what is here already, -1 = for ever.
 * SGP_E_TIMEOUT: none came; SGP_E_NETWORK: the connection is closed. Pushes kept
 * while a request was waiting come first; at most 65,536 are kept, then SGP_E_FULL. */
sgp_err sgp_client_next_push(sgp_client *client, int64_t timeout_ms, Sigap__V1__Frame **frame,
                             sgp_fault *fault) SGP_MUST_USE;

/* For poll(). Frames may already wait inside the client: call next_push with 0
 * until it says SGP_E_TIMEOUT before polling. */
int sgp_client_fd(const sgp_client *client);

/* Does this body change the world, and so need an id? Shared with the engine. */
bool sgp_frame_changes_state(Sigap__V1__Frame__BodyCase body);

#endif
