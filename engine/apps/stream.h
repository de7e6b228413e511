/* The engine's live updates, with a connection that mends itself.
 *
 * Connects, logs in, asks to watch, and hands out what comes. When the engine
 * goes away it tries again, first after 0.25 s, then ever less often up to every
 * 5 s. One thread each.
 */
#ifndef SGP_APPS_STREAM_H
#define SGP_APPS_STREAM_H

#include "apps/options.h"

typedef enum sgp_stream_news {
    SGP_STREAM_NOTHING,   /* the time is over */
    SGP_STREAM_CONNECTED, /* a snapshot follows; `welcome` is fresh */
    SGP_STREAM_LOST,      /* the fault says why; it goes on trying */
    SGP_STREAM_UPDATE     /* *frame holds an Update */
} sgp_stream_news;

typedef struct sgp_stream {
    const sgp_options *options;
    sgp_client *client;
    Sigap__V1__Status status; /* of the engine after connecting; texts borrowed from status_frame */
    Sigap__V1__Frame *status_frame;
    int64_t try_at_us, delay_us;
    bool ever_connected;
    sgp_fault fault;
} sgp_stream;

void sgp_stream_init(sgp_stream *stream, const sgp_options *options);
void sgp_stream_deinit(sgp_stream *stream);

/* Waits at most timeout_ms (-1 = for ever) for the next news. A frame that comes
 * with SGP_STREAM_UPDATE is the caller's. Errors end it for good: a wrong token,
 * a wrong address, or an engine that could never be reached (where
 * ever_connected is false). */
sgp_err sgp_stream_next(sgp_stream *stream, int64_t timeout_ms, sgp_stream_news *news,
                        Sigap__V1__Frame **frame) SGP_MUST_USE;

#endif
