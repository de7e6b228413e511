#include "serve/osrm.h"

#include <stdlib.h>
#include <string.h>

#include "serve/osrm_places.h"

enum { PRECISION = 12 }; /* digits of a number: a millimetre on the earth, and microseconds */

char *sgp_osrm_error_text(const sgp_osrm_error *error) {
    json_t *object =
        json_pack("{s:s,s:o}", "code", error->code, "message", sgp_osrm_text(error->message));
    char *text = object ? json_dumps(object, JSON_COMPACT) : NULL;
    json_decref(object);
    return text;
}

/* "driving" and "car" are what clients ask for that know of no ambulances. */
static uint32_t profile_of(const sgp_osrm_city *city, const char *name) {
    const sgp_graph_parts *parts = sgp_graph_get(city->graph);
    uint32_t profile = sgp_graph_profile(parts, name);
    if (profile != SGP_NONE || (strcmp(name, "driving") != 0 && strcmp(name, "car") != 0))
        return profile;
    profile = sgp_graph_profile(parts, city->settings->profile);
    return profile != SGP_NONE ? profile : 0;
}

bool sgp_osrm_is_awaited(const sgp_osrm_work *work) {
    if (!work->city->stopped || !work->city->stopped(work->city->ctx))
        return true;
    return sgp_osrm_fail(work->error, "InternalError", "Nobody waits for the answer");
}

void sgp_osrm_asked_all(sgp_osrm_work *work) {
    if (work->query)
        work->city->release(work->city->ctx, work->profile, work->request->without_classes);
    work->query = NULL;
}

static json_t *serve(sgp_osrm_work *work) {
    switch (work->request->service) {
    case SGP_OSRM_ROUTE:
        return sgp_osrm_route(work);
    case SGP_OSRM_TABLE:
        return sgp_osrm_table(work);
    case SGP_OSRM_NEAREST:
        return sgp_osrm_nearest(work);
    case SGP_OSRM_MATCH:
        return sgp_osrm_match(work);
    default:
        sgp_osrm_fail(work->error, "NotImplemented", "The service %s is not there",
                      sgp_osrm_service_str(work->request->service));
        return NULL;
    }
}

static json_t *answer(const sgp_osrm_city *city, const sgp_osrm_request *request,
                      sgp_osrm_error *error) {
    sgp_osrm_work work = {
        .city = city, .parts = sgp_graph_get(city->graph), .request = request, .error = error};
    work.profile = profile_of(city, request->profile);
    if (work.profile == SGP_NONE) {
        sgp_osrm_fail(error, "InvalidValue", "The city has no profile %s", request->profile);
        return NULL;
    }
    work.weight = work.parts->weight + (size_t)work.profile * work.parts->n_arcs;
    work.query = city->take(city->ctx, work.profile, request->without_classes);
    work.snaps = calloc(request->n_coordinates, sizeof *work.snaps);
    json_t *object = NULL;
    if (!work.query)
        sgp_osrm_fail(error, "InvalidValue", "The profile %s is not in service",
                      work.parts->profiles[work.profile].name);
    else if (!work.snaps)
        sgp_osrm_fail(error, "InternalError", "No memory left");
    else
        object = serve(&work);
    sgp_osrm_asked_all(&work);
    free(work.snaps);
    return object;
}

char *sgp_osrm_answer(const sgp_osrm_city *city, const char *uri, int *status) {
    sgp_osrm_request request;
    sgp_osrm_error error;
    json_t *object = NULL;
    if (sgp_osrm_url_parse(uri, &request, &error)) {
        object = answer(city, &request, &error);
        sgp_osrm_request_free(&request);
    }
    if (object) {
        json_object_set_new(object, "code", json_string("Ok"));
        char *text = json_dumps(object, JSON_COMPACT | JSON_REAL_PRECISION(PRECISION));
        json_decref(object);
        *status = 200;
        return text;
    }
    if (!error.code)
        sgp_osrm_fail(&error, "InternalError", "No memory left");
    *status = strcmp(error.code, "InternalError") == 0 ? 500 : 400;
    return sgp_osrm_error_text(&error);
}
