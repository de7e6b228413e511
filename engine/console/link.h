/* The console's line to the engine.
 *
 * A thread of its own connects, logs in, watches, and hands over what comes; so nothing that a
 * network can do (a name that nobody resolves, a half-open connection, a slow TLS handshake)
 * ever holds up the keyboard. The console polls one descriptor.
 *
 *     console thread                          link thread
 *     sgp_link_send ──► bounded queue ──eventfd──► client ──► engine
 *     sgp_link_take ◄── bounded queue ◄──eventfd── client ◄── engine
 *
 * The line is asked every second with a Ping; when nothing at all was heard for
 * SGP_LINK_SILENT_MS it counts as lost, so a half-open connection is noticed as well. It then
 * tries again by itself: after 0.25 s, ever less often up to every 2 s. What was sent and not
 * answered is the console's to send again, with the same id (pending.h).
 *
 * All functions are for one thread, the console's.
 */
#ifndef SGP_CONSOLE_LINK_H
#define SGP_CONSOLE_LINK_H

#include <stdbool.h>
#include <stdint.h>

#include "sigap/error.h"
#include "sigap/v1/frame.pb-c.h"

enum {
    SGP_LINK_PING_MS = 1000,
    SGP_LINK_SILENT_MS = 4000,
    SGP_LINK_CONNECT_MS = 4000,
    SGP_LINK_QUEUE_MAX = 4096 /* either way */
};

typedef struct sgp_link sgp_link;

typedef struct sgp_link_options {
    const char *target;  /* as in serve/client.h */
    const char *ca_file; /* NULL: the system's */
    const char *token;   /* NULL: no login, on the private socket */
    const char *program; /* for the engine's log */
} sgp_link_options;

typedef enum sgp_link_news_kind {
    SGP_LINK_UP,      /* logged in; `frame` is the Status; Updates follow from the first on */
    SGP_LINK_DOWN,    /* lost, or could not be reached: `reason`; it goes on trying */
    SGP_LINK_REFUSED, /* trying again is of no use (a wrong token or address): it has ended */
    SGP_LINK_FRAME    /* a pushed frame (token 0), or the answer to sgp_link_send */
} sgp_link_news_kind;

typedef struct sgp_link_news {
    sgp_link_news_kind kind;
    char reason[256];
    char user[64]; /* with UP, where there was a login */
    int role;      /* and its role */
    uint64_t token;
    Sigap__V1__Frame *frame; /* the caller's */
} sgp_link_news;

/* Copies the options; starts the thread. */
sgp_err sgp_link_create(const sgp_link_options *options, sgp_link **link,
                        sgp_fault *fault) SGP_MUST_USE;
/* Hangs up and waits for the thread; at most SGP_LINK_CONNECT_MS, or as long as the resolver
 * takes. NULL is harmless. */
void sgp_link_destroy(sgp_link *link);

/* Readable while there is news. */
int sgp_link_fd(const sgp_link *link);
/* The next news; false: none. */
bool sgp_link_take(sgp_link *link, sgp_link_news *news);

/* Sends a request (copied); its answer comes with `token` (not 0). What is sent while the line
 * is down is dropped. SGP_E_FULL, SGP_E_MEMORY, SGP_E_TOO_LARGE. */
sgp_err sgp_link_send(sgp_link *link, const Sigap__V1__Frame *request, uint64_t token) SGP_MUST_USE;

#endif
