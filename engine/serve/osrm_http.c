/* Who may ask the OSRM-compatible service, and how its answers get back to who asked.
 * Reads only; what it shows is the road network, nothing of the world, so no answer waits
 * for the journal. */
#include <event2/buffer.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <stdlib.h>
#include <string.h>

#include "serve/engine_parts.h"
#include "serve/osrm_worker.h"

/* A request that waits for the worker. */
typedef struct asked {
    sgp_engine *engine;
    struct evhttp_request *request; /* NULL: who asked has gone */
} asked;

static void free_text(const void *text, size_t length, void *ctx) {
    (void)length;
    (void)ctx;
    free((void *)text);
}

/* Takes `text`; NULL = no memory. */
static void reply(sgp_engine *engine, struct evhttp_request *request, int status, char *text) {
    struct evbuffer *body = text != NULL ? evbuffer_new() : NULL;
    if (body == NULL) {
        free(text);
        evhttp_send_error(request, 503, "Unavailable");
        return;
    }
    /* Megabytes are not copied on the loop. */
    if (evbuffer_add_reference(body, text, strlen(text), free_text, NULL) != 0)
        free(text);
    struct evkeyvalq *headers = evhttp_request_get_output_headers(request);
    evhttp_add_header(headers, "Content-Type", "application/json; charset=UTF-8");
    evhttp_add_header(headers, "Cache-Control", "no-store");
    evhttp_add_header(headers, "X-Content-Type-Options", "nosniff");
    /* A map on any page may ask what everybody may ask. */
    if (engine->settings->osrm.open)
        evhttp_add_header(headers, "Access-Control-Allow-Origin", "*");
    sgp_http_reply(request, status,
                   status == 200   ? "OK"
                   : status >= 500 ? "Unavailable"
                                   : "Refused",
                   body);
    evbuffer_free(body);
}

static void refuse(sgp_engine *engine, struct evhttp_request *request, int status, sgp_err err,
                   const char *why) {
    sgp_osrm_error error;
    sgp_osrm_fail(&error, sgp_err_str(err), "%s", why);
    if (status < 500) {
        engine->measures.denied++;
        sgp_log(SGP_LOG_WARN, "http_denied", "code=%s", error.code);
    }
    reply(engine, request, status, sgp_osrm_error_text(&error));
}

static void on_closed(struct evhttp_connection *connection, void *ctx) {
    (void)connection;
    asked *a = ctx;
    a->request = NULL;
}

static void on_answer(void *job, int status, char *text, int64_t us) {
    asked *a = job;
    if (text != NULL)
        sgp_measure_add(&a->engine->measures.osrm, us);
    if (a->request != NULL) {
        evhttp_connection_set_closecb(evhttp_request_get_connection(a->request), NULL, NULL);
        reply(a->engine, a->request, status, text);
    } else {
        free(text);
    }
    free(a);
}

static void pass_on(sgp_engine *engine, struct evhttp_request *request, const char *uri) {
    sgp_err err = SGP_OK;
    if (engine->osrm == NULL)
        err = sgp_osrm_worker_create(engine->base, engine->city->roads, &engine->settings->osrm,
                                     on_answer, &engine->osrm);
    asked *a = err == SGP_OK ? calloc(1, sizeof *a) : NULL;
    if (err == SGP_OK && a == NULL)
        err = SGP_E_MEMORY;
    if (err == SGP_OK) {
        *a = (asked){engine, request};
        err = sgp_osrm_worker_ask(engine->osrm, uri, a);
    }
    if (err != SGP_OK) {
        free(a);
        refuse(engine, request, 503, err,
               err == SGP_E_FULL ? "too many requests are waiting" : sgp_err_message(err));
        return;
    }
    evhttp_connection_set_closecb(evhttp_request_get_connection(request), on_closed, a);
}

bool sgp_osrm_http(sgp_engine *engine, struct evhttp_request *request, const sgp_user *user) {
    const char *uri = evhttp_request_get_uri(request);
    if (uri == NULL || !sgp_osrm_url_is(uri))
        return false;
    const sgp_osrm_settings *settings = &engine->settings->osrm;
    enum evhttp_cmd_type command = evhttp_request_get_command(request);
    if (command != EVHTTP_REQ_GET && command != EVHTTP_REQ_HEAD)
        evhttp_send_error(request, 405, "Use GET");
    else if (!settings->open && user == NULL)
        refuse(engine, request, 401, SGP_E_UNAUTHENTICATED, "give Authorization: Bearer TOKEN");
    else if (!settings->open && !sgp_role_may(user->role, SIGAP__V1__FRAME__BODY_ROUTE_QUERY))
        refuse(engine, request, 403, SGP_E_PERMISSION, sgp_err_message(SGP_E_PERMISSION));
    else
        pass_on(engine, request, uri);
    return true;
}

void sgp_osrm_stop(sgp_engine *engine) {
    sgp_osrm_worker_destroy(engine->osrm);
    engine->osrm = NULL;
}
