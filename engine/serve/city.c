/* The graph file in service, and switching to a newer import.
 *
 * Opening and checking a new pair takes a second or two, so it happens on a
 * thread of its own; its answer comes back through an eventfd as a
 * GRAPH_SWITCHED event, and only the loop turn puts the new city into service.
 * Whatever fails before leaves the old pair as it is. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "gis/import.h"
#include "serve/engine_parts.h"

sgp_err sgp_city_open(const sgp_settings *settings, sgp_city **out, sgp_fault *fault) {
    sgp_city *city = calloc(1, sizeof *city);
    if (city == NULL)
        return sgp_fail(fault, SGP_E_MEMORY, "no memory for the city");
    sgp_err err = sgp_graph_open(settings->graph, &city->graph, fault);
    if (err == SGP_OK) {
        err = sgp_live_roads_create(city->graph, &settings->roads, &city->roads, fault);
        if (err == SGP_OK && sgp_live_times_create(city->roads, &city->live) != SGP_OK)
            err = sgp_fail(fault, SGP_E_MEMORY, "no memory for the travel times");
    }
    if (err != SGP_OK) {
        sgp_city_close(city);
        return err;
    }
    *out = city;
    return SGP_OK;
}

void sgp_city_close(sgp_city *city) {
    if (city == NULL)
        return;
    sgp_live_times_destroy(city->live);
    sgp_live_roads_destroy(city->roads);
    sgp_graph_close(city->graph);
    free(city);
}

void sgp_city_tell_placer(sgp_engine *engine) {
    const sgp_graph_parts *parts = sgp_graph_get(engine->city->graph);
    sgp_placer_set_bounds(engine->placer, parts->south_west, parts->north_east);
    sgp_err err = sgp_placer_set_graph(engine->placer, engine->city->graph);
    if (err != SGP_OK)
        sgp_log(SGP_LOG_ERROR, "placer_without_graph", "reason=%s", sgp_err_str(err));
}

void sgp_city_enter(sgp_engine *engine, sgp_city *city) {
    const sgp_graph_parts *parts = sgp_graph_get(city->graph);
    sgp_city *before = engine->city;
    engine->city = city;
    if (engine->placer != NULL) {
        /* Outstanding look-ups are answered "away" and asked again by the tick. */
        sgp_placer_destroy(engine->placer);
        engine->placer = NULL;
        sgp_fault fault = {0};
        if (sgp_placer_create(engine->base, engine->settings->database, &parts->city,
                              &engine->placer, &fault) != SGP_OK)
            sgp_log(SGP_LOG_ERROR, "placer_failed", "reason=%s", SGP_Q(fault.text));
        else
            sgp_city_tell_placer(engine);
    }
    sgp_osrm_stop(engine);
    sgp_tiles_stop(engine);
    sgp_coverage_stop(engine);
    sgp_city_close(before);
    if (engine->tracks != NULL) { /* profiles have other numbers now */
        sgp_unit_tracks_clear(engine->tracks);
        sgp_live_roads_read_learned(city->roads);
    }
    sgp_log(SGP_LOG_INFO, "city_switched", "city=%s sketch=%d", SGP_Q(parts->name),
            parts->is_sketch);
}

/* ---- switching ----------------------------------------------------------- */

typedef struct city_switch {
    sgp_engine *engine;
    pthread_t thread;
    int done_fd;
    struct event *done;
    uint64_t session, reply_to;
    uint8_t request_id[16];
    char actor[SGP_CODE_BYTES];
    /* Written by the thread before it signals. */
    sgp_city *city;
    sgp_err err;
    sgp_fault fault;
} city_switch;

static void *open_pair(void *ctx) {
    city_switch *s = ctx;
    const sgp_settings *settings = s->engine->settings;
    s->err = sgp_city_open(settings, &s->city, &s->fault);
    if (s->err == SGP_OK && settings->database[0] != '\0')
        s->err = sgp_city_check(settings->database, sgp_graph_get(s->city->graph), &s->fault);
    uint64_t one = 1;
    if (write(s->done_fd, &one, sizeof one) != (ssize_t)sizeof one)
        abort(); /* an eventfd with room always takes it */
    return NULL;
}

static void end_switch(city_switch *s) {
    pthread_join(s->thread, NULL);
    s->engine->city_switch = NULL;
    event_free(s->done);
    close(s->done_fd);
    sgp_city_close(s->city);
    free(s);
}

static void on_opened(evutil_socket_t fd, short what, void *ctx) {
    (void)what;
    city_switch *s = ctx;
    uint64_t told; /* reading it is what orders the thread's writes before our reads */
    if (read(fd, &told, sizeof told) < 0)
        return;
    sgp_engine *engine = s->engine;
    sgp_input *input = s->err == SGP_OK ? sgp_input_create(SGP_EVENT_GRAPH_SWITCHED) : NULL;
    if (input == NULL) {
        sgp_log(SGP_LOG_WARN, "city_kept", "reason=%s", SGP_Q(s->fault.text));
        sgp_outbox_error(engine, s->session, s->reply_to, s->err != SGP_OK ? s->err : SGP_E_MEMORY,
                         s->fault.text);
    } else {
        memcpy(input->event.u.switched.city, sgp_graph_get(s->city->graph)->city.bytes, 16);
        memcpy(input->event.request_id, s->request_id, sizeof s->request_id);
        memcpy(input->event.actor, s->actor, sizeof s->actor);
        input->session = s->session;
        input->reply_to = s->reply_to;
        input->city = s->city;
        s->city = NULL;
        sgp_inbox_put(engine, input);
    }
    end_switch(s);
}

void sgp_city_switch(sgp_session *session, uint64_t reply_to, const uint8_t id[16]) {
    sgp_engine *engine = session->engine;
    if (engine->city_switch != NULL) {
        sgp_outbox_error(engine, session->id, reply_to, SGP_E_STATE,
                         "another switch of the city is on its way");
        return;
    }
    city_switch *s = calloc(1, sizeof *s);
    if (s == NULL) {
        sgp_outbox_error(engine, session->id, reply_to, SGP_E_MEMORY, NULL);
        return;
    }
    s->engine = engine;
    s->session = session->id;
    s->reply_to = reply_to;
    memcpy(s->request_id, id, sizeof s->request_id);
    memcpy(s->actor, session->user, sizeof s->actor);
    s->done_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    s->done = s->done_fd >= 0 ? event_new(engine->base, s->done_fd, EV_READ, on_opened, s) : NULL;
    if (s->done == NULL || event_add(s->done, NULL) != 0 ||
        pthread_create(&s->thread, NULL, open_pair, s) != 0) {
        if (s->done != NULL)
            event_free(s->done);
        if (s->done_fd >= 0)
            close(s->done_fd);
        free(s);
        sgp_outbox_error(engine, session->id, reply_to, SGP_E_IO, "no thread for opening the city");
        return;
    }
    engine->city_switch = s;
}

void sgp_city_switch_cancel(sgp_engine *engine) {
    if (engine->city_switch != NULL)
        end_switch(engine->city_switch);
}
