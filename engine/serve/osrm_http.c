/* Who may ask the OSRM-compatible service, and where its answers are made: on the loop, in
 * one go, on the road times that the engine decides by. Reads only; what it shows is the
 * road network, nothing of the world, so no answer waits for the journal. */
#include <event2/buffer.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "serve/engine_parts.h"
#include "serve/osrm.h"

/* ---- the query -------------------------------------------------------------------- */

/* Roads without some classes are a metric of their own, made for whoever asks first on a
 * picture of the roads and kept until somebody asks for another. */
struct sgp_osrm_excluded {
    uint64_t version; /* of the metric that it was made of */
    uint32_t profile, without_classes;
    sgp_metric *metric;
    sgp_query *query;
};

void sgp_osrm_excluded_destroy(struct sgp_osrm_excluded *excluded) {
    if (excluded == NULL)
        return;
    sgp_query_destroy(excluded->query);
    sgp_metric_destroy(excluded->metric);
    free(excluded);
}

static sgp_err exclude(struct sgp_osrm_excluded *e, const sgp_metric *metric) {
    const sgp_graph *graph = sgp_metric_graph(metric);
    const sgp_graph_parts *p = sgp_graph_get(graph);
    int32_t *weight = malloc((size_t)p->n_arcs * sizeof *weight);
    if (weight == NULL)
        return SGP_E_MEMORY;
    memcpy(weight, sgp_metric_weights(metric), p->n_arcs * sizeof *weight);
    for (uint32_t a = 0; a < p->n_arcs; a++)
        if (p->arc_edge[a] != SGP_NONE &&
            e->without_classes >> p->edges[p->arc_edge[a] >> 1].road_class & 1)
            weight[a] = SGP_INF;
    sgp_err err = sgp_metric_customize(graph, weight, 1, &e->metric);
    if (err == SGP_OK)
        err = sgp_query_create(e->metric, &e->query);
    free(weight);
    return err;
}

static sgp_query *excluded_query(sgp_engine *engine, uint32_t profile, uint32_t without_classes) {
    const sgp_metric *metric = sgp_live_roads_metric(engine->city->roads, profile);
    uint64_t version = sgp_metric_version(metric);
    struct sgp_osrm_excluded *kept = engine->osrm_excluded;
    if (kept != NULL && kept->version == version && kept->profile == profile &&
        kept->without_classes == without_classes)
        return kept->query;
    sgp_osrm_excluded_destroy(kept);
    engine->osrm_excluded = NULL;
    struct sgp_osrm_excluded *made = calloc(1, sizeof *made);
    if (made == NULL)
        return NULL;
    *made = (struct sgp_osrm_excluded){version, profile, without_classes, NULL, NULL};
    if (exclude(made, metric) != SGP_OK) {
        sgp_osrm_excluded_destroy(made);
        return NULL;
    }
    engine->osrm_excluded = made;
    return made->query;
}

/* The one place where this service meets the engine's road times. */
static sgp_query *osrm_take(void *ctx, uint32_t profile, uint32_t without_classes) {
    sgp_engine *engine = ctx;
    if (!sgp_live_roads_serves(engine->city->roads, profile))
        return NULL;
    sgp_query *query = sgp_live_roads_take(engine->city->roads, profile);
    if (without_classes == 0)
        return query;
    query = excluded_query(engine, profile, without_classes);
    if (query == NULL)
        sgp_live_roads_release(engine->city->roads, profile);
    return query;
}

static void osrm_release(void *ctx, uint32_t profile, uint32_t without_classes) {
    (void)without_classes;
    sgp_engine *engine = ctx;
    sgp_live_roads_release(engine->city->roads, profile);
}

/* ---- HTTP ----------------------------------------------------------------------------- */

static void reply(sgp_engine *engine, struct evhttp_request *request, int status, char *text) {
    struct evbuffer *body = text != NULL ? evbuffer_new() : NULL;
    if (body == NULL) {
        free(text);
        evhttp_send_error(request, 503, "Out of memory");
        return;
    }
    evbuffer_add(body, text, strlen(text));
    free(text);
    struct evkeyvalq *headers = evhttp_request_get_output_headers(request);
    evhttp_add_header(headers, "Content-Type", "application/json; charset=UTF-8");
    evhttp_add_header(headers, "Cache-Control", "no-store");
    evhttp_add_header(headers, "X-Content-Type-Options", "nosniff");
    /* A map on any page may ask what everybody may ask. */
    if (engine->settings->osrm.open)
        evhttp_add_header(headers, "Access-Control-Allow-Origin", "*");
    evhttp_send_reply(request, status, status == 200 ? "OK" : "Refused", body);
    evbuffer_free(body);
}

static void refuse(sgp_engine *engine, struct evhttp_request *request, int status, sgp_err err,
                   const char *why) {
    sgp_osrm_error error;
    sgp_osrm_fail(&error, sgp_err_str(err), "%s", why);
    engine->measures.denied++;
    sgp_log(SGP_LOG_WARN, "http_denied", "code=%s", error.code);
    reply(engine, request, status, sgp_osrm_error_text(&error));
}

static int64_t monotonic_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

bool sgp_osrm_http(sgp_engine *engine, struct evhttp_request *request, const sgp_user *user) {
    const char *uri = evhttp_request_get_uri(request);
    if (uri == NULL || !sgp_osrm_url_is(uri))
        return false;
    const sgp_osrm_settings *settings = &engine->settings->osrm;
    enum evhttp_cmd_type command = evhttp_request_get_command(request);
    if (command != EVHTTP_REQ_GET && command != EVHTTP_REQ_HEAD) {
        evhttp_send_error(request, 405, "Use GET");
    } else if (!settings->open && user == NULL) {
        refuse(engine, request, 401, SGP_E_UNAUTHENTICATED, "give Authorization: Bearer TOKEN");
    } else if (!settings->open && !sgp_role_may(user->role, SIGAP__V1__FRAME__BODY_ROUTE_QUERY)) {
        refuse(engine, request, 403, SGP_E_PERMISSION, sgp_err_message(SGP_E_PERMISSION));
    } else {
        sgp_osrm_city city = {engine->city->graph, settings, osrm_take, osrm_release, engine};
        int64_t begin_us = monotonic_us();
        int status = 500;
        char *text = sgp_osrm_answer(&city, uri, &status);
        sgp_measure_add(&engine->measures.osrm, monotonic_us() - begin_us);
        reply(engine, request, status, text);
    }
    return true;
}
