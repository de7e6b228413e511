/* GET /tiles/{zoom}/{column}/{row}.mvt: the city's map as vector tiles.
 *
 *   asked ──► kept in memory? ──yes──────────────────────────────► answered
 *               │ no
 *               ▼
 *             waits, with all who ask for the same tile ──► PostGIS, one at a time
 *                                                             │
 *             answered ◄── kept ◄── packed, when nothing else waits
 *
 * The map shows streets, houses and places of OpenStreetMap and nothing of the world, so whoever
 * reaches the address may have it: the public wall has no login. What it may cost is bounded: one
 * connection of its own with one question at a time, a queue, and memory for what was made. A
 * tile that nobody waits for any more is not asked for. */
#include <event2/buffer.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/clock.h"
#include "gis/tile_source.h"
#include "serve/engine_parts.h"
#include "serve/tile_cache.h"

enum {
    JOBS_MAX = 256,     /* tiles that wait */
    WAITERS_MAX = 2048, /* requests that wait for them */
    LAST_PRIORITY = 2,
    CONNECT_PATIENCE_TICKS = 6 /* seconds for a connection that is not there yet */
};

typedef struct waiter {
    struct waiter *next;
    struct evhttp_request *request; /* NULL: who asked has gone */
} waiter;

typedef struct tile_job {
    struct tile_job *next;
    sgp_tile tile;
    waiter *waiters;
    uint8_t *bytes; /* not packed yet */
    size_t length;
    int64_t asked_us;
} tile_job;

typedef struct sgp_tile_desk {
    sgp_engine *engine;
    sgp_tile_source *source; /* NULL: without a database */
    sgp_tile_cache *cache;
    tile_job *waiting, **waiting_end; /* for the database, oldest first */
    tile_job *asked;                  /* NULL: none is on its way */
    tile_job *made, **made_end;       /* to be packed */
    size_t n_jobs, n_waiters;
    int ticks; /* seconds that the oldest waits for a connection */
    struct event *pack;
    char tag[64];
} sgp_tile_desk;

static void pump(sgp_tile_desk *desk);

/* ---- answers ----------------------------------------------------------------- */

static void add_headers(struct evhttp_request *request, const sgp_tile_desk *desk) {
    struct evkeyvalq *headers = evhttp_request_get_output_headers(request);
    evhttp_add_header(headers, "X-Content-Type-Options", "nosniff");
    if (desk == NULL) {
        evhttp_add_header(headers, "Cache-Control", "no-store");
        return;
    }
    /* A new import is another tag. */
    evhttp_add_header(headers, "Cache-Control", "public, max-age=3600");
    evhttp_add_header(headers, "ETag", desk->tag);
}

static void send_fault(struct evhttp_request *request, int status, const char *why) {
    struct evbuffer *body = evbuffer_new();
    if (body == NULL) {
        evhttp_send_error(request, 503, "Out of memory");
        return;
    }
    evbuffer_add_printf(body, "%s\n", why);
    add_headers(request, NULL);
    struct evkeyvalq *headers = evhttp_request_get_output_headers(request);
    evhttp_add_header(headers, "Content-Type", "text/plain; charset=utf-8");
    if (status == 503)
        evhttp_add_header(headers, "Retry-After", "5");
    sgp_http_reply(request, status, status == 503 ? "Unavailable" : "Refused", body);
    evbuffer_free(body);
}

/* `bytes` are packed; a client that cannot unpack them is not served by a tile at all. */
static void send_tile(struct evhttp_request *request, const sgp_tile_desk *desk,
                      const uint8_t *bytes, size_t length) {
    add_headers(request, desk);
    if (length == 0) {
        evhttp_send_reply(request, 204, "No Content", NULL);
        return;
    }
    struct evbuffer *body = evbuffer_new();
    if (body == NULL || evbuffer_add(body, bytes, length) != 0) {
        if (body != NULL)
            evbuffer_free(body);
        evhttp_send_error(request, 503, "Out of memory");
        return;
    }
    struct evkeyvalq *headers = evhttp_request_get_output_headers(request);
    evhttp_add_header(headers, "Content-Type", "application/vnd.mapbox-vector-tile");
    evhttp_add_header(headers, "Content-Encoding", "gzip");
    sgp_http_reply(request, 200, "OK", body);
    evbuffer_free(body);
}

/* ---- those who wait ------------------------------------------------------------- */

static void on_closed(struct evhttp_connection *connection, void *ctx) {
    (void)connection;
    waiter *w = ctx;
    w->request = NULL;
}

/* libevent does not read from a connection whose request is still to be answered, so it does not
 * notice that the other side has closed; the kernel knows. */
static bool is_still_there(struct evhttp_request *request) {
    struct evhttp_connection *connection = evhttp_request_get_connection(request);
    struct pollfd wire = {.fd = bufferevent_getfd(evhttp_connection_get_bufferevent(connection)),
                          .events = POLLRDHUP};
    return poll(&wire, 1, 0) <= 0 || (wire.revents & (POLLRDHUP | POLLHUP | POLLERR)) == 0;
}

static bool is_waited_for(const tile_job *job) {
    for (const waiter *w = job->waiters; w != NULL; w = w->next)
        if (w->request != NULL && is_still_there(w->request))
            return true;
    return false;
}

static bool wait_for(sgp_tile_desk *desk, tile_job *job, struct evhttp_request *request) {
    waiter *w = desk->n_waiters < WAITERS_MAX ? calloc(1, sizeof *w) : NULL;
    if (w == NULL)
        return false;
    w->request = request;
    w->next = job->waiters;
    job->waiters = w;
    desk->n_waiters++;
    evhttp_connection_set_closecb(evhttp_request_get_connection(request), on_closed, w);
    return true;
}

/* Answers all who wait for the job, and ends it. `why` NULL: with these packed bytes. */
static void end_job(sgp_tile_desk *desk, tile_job *job, const uint8_t *bytes, size_t length,
                    const char *why) {
    while (job->waiters != NULL) {
        waiter *w = job->waiters;
        job->waiters = w->next;
        desk->n_waiters--;
        struct evhttp_request *request = w->request;
        free(w);
        if (request == NULL)
            continue;
        evhttp_connection_set_closecb(evhttp_request_get_connection(request), NULL, NULL);
        if (why != NULL)
            send_fault(request, 503, why);
        else
            send_tile(request, desk, bytes, length);
    }
    desk->n_jobs--;
    free(job->bytes);
    free(job);
}

static tile_job *take_first(tile_job **list, tile_job ***end) {
    tile_job *job = *list;
    *list = job->next;
    if (*list == NULL)
        *end = list;
    job->next = NULL;
    return job;
}

static void put_last(tile_job *job, tile_job ***end) {
    **end = job;
    *end = &job->next;
}

static tile_job *find_in(tile_job *list, const sgp_tile *tile) {
    while (list != NULL && memcmp(&list->tile, tile, sizeof *tile) != 0)
        list = list->next;
    return list;
}

static tile_job *find_job(sgp_tile_desk *desk, const sgp_tile *tile) {
    tile_job *job = find_in(desk->asked, tile);
    if (job == NULL)
        job = find_in(desk->made, tile);
    return job != NULL ? job : find_in(desk->waiting, tile);
}

/* ---- from the database, and packed ------------------------------------------------ */

/* Packs one tile; a hundred kilobytes take some milliseconds, so everything else goes first. */
static void on_pack(evutil_socket_t fd, short what, void *ctx) {
    (void)fd;
    (void)what;
    sgp_tile_desk *desk = ctx;
    if (desk->made == NULL)
        return;
    tile_job *job = take_first(&desk->made, &desk->made_end);
    size_t length = 0;
    uint8_t *packed = job->length > 0
                          ? sgp_page_gzip(job->bytes, job->length, Z_DEFAULT_COMPRESSION, &length)
                          : NULL;
    if (job->length > 0 && packed == NULL) {
        end_job(desk, job, NULL, 0, "no memory for the tile");
    } else {
        sgp_measure_add(&desk->engine->measures.tile, sgp_monotonic_us() - job->asked_us);
        const sgp_tile tile = job->tile;
        end_job(desk, job, packed, length, NULL);
        sgp_tile_cache_put(desk->cache, &tile, packed, length);
    }
    if (desk->made != NULL)
        event_active(desk->pack, EV_TIMEOUT, 0);
    pump(desk);
}

static void on_tile(void *ctx, sgp_err err, const uint8_t *bytes, size_t length) {
    sgp_tile_desk *desk = ctx;
    tile_job *job = desk->asked;
    desk->asked = NULL;
    if (err == SGP_OK && length > 0) {
        job->bytes = malloc(length);
        if (job->bytes != NULL)
            memcpy(job->bytes, bytes, length);
        else
            err = SGP_E_MEMORY;
    }
    if (err != SGP_OK) {
        end_job(desk, job, NULL, 0,
                err == SGP_E_TIMEOUT ? "the tile took the database too long"
                                     : "the database is away, and the tile is not kept");
    } else {
        job->length = length;
        put_last(job, &desk->made_end);
        event_active(desk->pack, EV_TIMEOUT, 0);
    }
    pump(desk);
}

/* The next tile that somebody waits for is asked for. While some are still to be packed there is
 * no hurry. */
static void pump(sgp_tile_desk *desk) {
    enum { MADE_AHEAD = 2 };
    size_t made = 0;
    for (const tile_job *job = desk->made; job != NULL && made < MADE_AHEAD; job = job->next)
        made++;
    while (desk->waiting != NULL && desk->asked == NULL && desk->source != NULL &&
           made < MADE_AHEAD && sgp_tile_source_ready(desk->source)) {
        tile_job *job = take_first(&desk->waiting, &desk->waiting_end);
        if (!is_waited_for(job)) {
            end_job(desk, job, NULL, 0, "");
            continue;
        }
        desk->asked = job;
        desk->ticks = 0;
        if (sgp_tile_source_ask(desk->source, &job->tile, on_tile, desk) != SGP_OK) {
            desk->asked = NULL;
            end_job(desk, job, NULL, 0, "the database is away, and the tile is not kept");
        }
    }
}

static void refuse_waiting(sgp_tile_desk *desk, const char *why) {
    while (desk->waiting != NULL)
        end_job(desk, take_first(&desk->waiting, &desk->waiting_end), NULL, 0, why);
}

static void on_source(void *ctx) {
    pump(ctx);
}

void sgp_tiles_tick(sgp_engine *engine) {
    sgp_tile_desk *desk = engine->tiles;
    if (desk == NULL)
        return;
    pump(desk);
    if (desk->waiting == NULL || desk->asked != NULL) {
        desk->ticks = 0;
        return;
    }
    bool away = desk->source == NULL || sgp_tile_source_away(desk->source);
    if (away || ++desk->ticks > CONNECT_PATIENCE_TICKS) {
        desk->ticks = 0;
        refuse_waiting(desk, "the database is away, and the tile is not kept");
    }
}

/* ---- life ------------------------------------------------------------------------- */

static sgp_tile_desk *create(sgp_engine *engine) {
    const sgp_graph_parts *city = sgp_graph_get(engine->city->graph);
    sgp_tile_desk *desk = calloc(1, sizeof *desk);
    if (desk == NULL)
        return NULL;
    desk->engine = engine;
    desk->waiting_end = &desk->waiting;
    desk->made_end = &desk->made;
    desk->cache = sgp_tile_cache_create((size_t)engine->settings->tile_cache_bytes);
    desk->pack = event_new(engine->base, -1, 0, on_pack, desk);
    char id[33];
    sgp_city_id_format(&city->city, id);
    snprintf(desk->tag, sizeof desk->tag, "\"%s-%d\"", id, SGP_TILE_EDITION);
    engine->tiles = desk;
    if (desk->cache == NULL || desk->pack == NULL ||
        event_priority_set(desk->pack, LAST_PRIORITY) != 0) {
        sgp_tiles_stop(engine);
        return NULL;
    }
    sgp_fault fault = {0};
    if (engine->settings->database[0] != '\0' &&
        sgp_tile_source_create(engine->base, engine->settings->database, &city->city, on_source,
                               desk, &desk->source, &fault) != SGP_OK)
        sgp_log(SGP_LOG_ERROR, "no_tiles", "reason=%s", SGP_Q(fault.text));
    return desk;
}

void sgp_tiles_stop(sgp_engine *engine) {
    sgp_tile_desk *desk = engine->tiles;
    if (desk == NULL)
        return;
    sgp_tile_source *source = desk->source;
    desk->source = NULL; /* nothing new is asked */
    sgp_tile_source_destroy(source);
    refuse_waiting(desk, "the map changes");
    while (desk->made != NULL)
        end_job(desk, take_first(&desk->made, &desk->made_end), NULL, 0, "the map changes");
    sgp_tile_cache_destroy(desk->cache);
    if (desk->pack != NULL)
        event_free(desk->pack);
    free(desk);
    engine->tiles = NULL;
}

/* ---- HTTP ------------------------------------------------------------------------- */

static void queue_up(sgp_tile_desk *desk, struct evhttp_request *request, const sgp_tile *tile) {
    tile_job *job = find_job(desk, tile);
    if (job == NULL) {
        if (desk->source == NULL || sgp_tile_source_away(desk->source)) {
            send_fault(request, 503, "the database is away, and the tile is not kept");
            return;
        }
        job = desk->n_jobs < JOBS_MAX ? calloc(1, sizeof *job) : NULL;
        if (job == NULL) {
            send_fault(request, 503, "too many tiles are waiting");
            return;
        }
        job->tile = *tile;
        job->asked_us = sgp_monotonic_us();
        desk->n_jobs++;
        put_last(job, &desk->waiting_end);
    }
    if (!wait_for(desk, job, request))
        send_fault(request, 503, "too many tiles are waiting");
    pump(desk);
}

static void answer(sgp_engine *engine, struct evhttp_request *request, const sgp_tile *tile) {
    const sgp_graph_parts *city = sgp_graph_get(engine->city->graph);
    sgp_tile_desk *desk = engine->tiles != NULL ? engine->tiles : create(engine);
    if (desk == NULL) {
        send_fault(request, 503, "no memory for tiles");
        return;
    }
    struct evkeyvalq *asked = evhttp_request_get_input_headers(request);
    const char *known = evhttp_find_header(asked, "If-None-Match");
    const uint8_t *bytes = NULL;
    size_t length = 0;
    if (known != NULL && strstr(known, desk->tag) != NULL) {
        add_headers(request, desk);
        evhttp_send_reply(request, 304, "Not Modified", NULL);
    } else if (!sgp_tile_meets(tile, city->south_west, city->north_east)) {
        send_tile(request, desk, NULL, 0);
    } else if (sgp_tile_cache_get(desk->cache, tile, &bytes, &length)) {
        engine->measures.tiles_kept++;
        send_tile(request, desk, bytes, length);
    } else {
        queue_up(desk, request, tile);
    }
}

bool sgp_tiles_http(sgp_engine *engine, struct evhttp_request *request) {
    static const char folder[] = "/tiles/";
    const struct evhttp_uri *uri = evhttp_request_get_evhttp_uri(request);
    const char *path = uri != NULL ? evhttp_uri_get_path(uri) : NULL;
    if (path == NULL || strncmp(path, folder, sizeof folder - 1) != 0)
        return false;
    sgp_fault fault = {0};
    sgp_tile tile;
    enum evhttp_cmd_type command = evhttp_request_get_command(request);
    if (command != EVHTTP_REQ_GET && command != EVHTTP_REQ_HEAD)
        send_fault(request, 405, "use GET");
    else if (sgp_tile_parse(path + sizeof folder - 1, &tile, &fault) != SGP_OK)
        send_fault(request, 400, fault.text);
    else
        answer(engine, request, &tile);
    return true;
}
