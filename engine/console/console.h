/* The console: keys, news of the line and the time go in; a canvas, requests and bells come out.
 *
 *     keys ─┐                       ┌─► canvas     (sgp_console_draw)
 *     news ─┼─► sgp_console ────────┼─► requests   (host.send)
 *     time ─┘   model, command      └─► bells, quit
 *               line, call form
 *
 * It knows neither terminal nor socket, so all of it is tested with made keys and made updates.
 * Letters go to the command line, keys with names (F1, arrows, Enter) act at once; what is typed
 * stays when the line breaks. Not thread-safe.
 */
#ifndef SGP_CONSOLE_CONSOLE_H
#define SGP_CONSOLE_CONSOLE_H

#include "console/canvas.h"
#include "console/keys.h"
#include "console/link.h"
#include "console/pending.h"

#include "apps/texts.h"
#include "sigap/graph.h"

typedef struct sgp_console sgp_console;

typedef struct sgp_console_host {
    void *context;
    /* As sgp_link_send. */
    sgp_err (*send)(void *context, const Sigap__V1__Frame *request, uint64_t token);
} sgp_console_host;

/* `pending` stays the caller's and must outlive the console. SGP_E_MEMORY. */
sgp_err sgp_console_create(sgp_language language, const sgp_console_host *host,
                           sgp_pending *pending, sgp_console **console) SGP_MUST_USE;
/* Roads for the map; borrowed until the console is destroyed. NULL: none. */
void sgp_console_set_graph(sgp_console *console, const sgp_graph *graph);
void sgp_console_destroy(sgp_console *console);

void sgp_console_key(sgp_console *console, const sgp_key *key);
/* News of the line; a frame in it passes to the console. SGP_E_MEMORY. */
sgp_err sgp_console_news(sgp_console *console, sgp_link_news *news) SGP_MUST_USE;
/* To be called at least once a second, and after keys and news. */
void sgp_console_tick(sgp_console *console, int64_t now_ms);

void sgp_console_draw(sgp_console *console, sgp_canvas *canvas);

/* How many bells since the last asking. */
unsigned sgp_console_bells(sgp_console *console);
/* Did the user ask to leave? */
bool sgp_console_ended(const sgp_console *console);
/* Ctrl-L: paint everything anew. Told once. */
bool sgp_console_repaints(sgp_console *console);

#endif
