/* `sigap narrow`: the caller says more about where. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "apps/apps.h"
#include "apps/narrator.h"
#include "apps/options.h"
#include "apps/place_table.h"
#include "serve/proto_json.h"

static const char help[] =
    "sigap narrow - add what a caller says about where\n"
    "\n"
    "USAGE\n"
    "  sigap narrow CALL TEXT...\n"
    "\n"
    "DESCRIPTION\n"
    "  Keeps TEXT beside what the caller of CALL said before, looks the place up anew\n"
    "  with all of it, and prints the candidates that replace the former ones (`sigap\n"
    "  locate INCIDENT --choice N` settles on one). Words of earlier calls of the same\n"
    "  incident are heard too. Nothing that was said is ever rewritten; at most 16 texts\n"
    "  a call are kept, sealed like everything that callers say. Words need no quotes.\n"
    "\n" SGP_HELP_CONNECTION "  1 also where nothing was found\n"
    "\n"
    "EXAMPLES\n"
    "  sigap narrow 12 dekat masjid\n"
    "  sigap narrow 12 gang 5 sumbersari\n";

enum { TEXT_MAX = 1000, LOOK_MS = 5000, LOOK_EVERY_MS = 50 };

static const Sigap__V1__Call *find_call(const Sigap__V1__IncidentDetail *detail, uint64_t id) {
    for (size_t i = 0; i < detail->n_calls; i++)
        if (detail->calls[i]->id == id)
            return detail->calls[i];
    return NULL;
}

/* Asks until the call has its answer, provisional or not, or the time is over. */
static sgp_err look(sgp_client *client, uint64_t incident, uint64_t call, Sigap__V1__Frame **reply,
                    sgp_fault *fault) {
    for (int waited_ms = 0;; waited_ms += LOOK_EVERY_MS) {
        Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT;
        Sigap__V1__GetIncident ask = SIGAP__V1__GET_INCIDENT__INIT;
        ask.incident_id = incident;
        request.body_case = SIGAP__V1__FRAME__BODY_GET_INCIDENT;
        request.get_incident = &ask;
        sgp_err err = sgp_client_request(client, &request, 0, reply, fault);
        if (err != SGP_OK)
            return err;
        if ((*reply)->body_case != SIGAP__V1__FRAME__BODY_INCIDENT_DETAIL)
            break;
        const Sigap__V1__Call *own = find_call((*reply)->incident_detail, call);
        if (own != NULL && (!own->looking_up || own->provisional || waited_ms >= LOOK_MS))
            return SGP_OK;
        if (own == NULL)
            break;
        sigap__v1__frame__free_unpacked(*reply, NULL);
        struct timespec pause = {0, LOOK_EVERY_MS * 1000000};
        nanosleep(&pause, NULL);
    }
    sigap__v1__frame__free_unpacked(*reply, NULL);
    return sgp_fail(fault, SGP_E_FORMAT, "the engine did not tell the call");
}

/* A place that is settled moves by a dispatcher's hand only. */
static void print_kept(const sgp_options *o, const Sigap__V1__Incident *incident,
                       const Sigap__V1__Place *best) {
    char text[640], place[256], number[24];
    bool same = incident->place->point != NULL && best->point != NULL &&
                incident->place->point->lon == best->point->lon &&
                incident->place->point->lat == best->point->lat;
    if (same)
        return;
    snprintf(number, sizeof number, "%" PRIu64, incident->id);
    puts(sgp_text_fill(text, sizeof text, o->language, SGP_TEXT_NARROW_KEEPS, "incident", number,
                       "place", sgp_place_text(incident->place, place, sizeof place), NULL));
}

static int print_found(const sgp_options *o, const Sigap__V1__IncidentDetail *detail,
                       uint64_t call) {
    const Sigap__V1__Call *own = find_call(detail, call);
    if (o->json)
        sgp_print_message_json(&own->base);
    else if (own->n_places > 0)
        sgp_place_table_print(own->places, own->n_places, o->language, stdout);
    if (!o->json && own->provisional)
        puts(sgp_text_get(o->language, SGP_TEXT_CALL_PROVISIONAL));
    else if (!o->json && own->looking_up)
        puts(sgp_text_get(o->language, SGP_TEXT_CALL_LOCATING));
    else if (!o->json && own->n_places == 0)
        puts(sgp_text_get(o->language, SGP_TEXT_NOTHING_FOUND));
    if (!o->json && detail->incident->place_confirmed && own->n_places > 0)
        print_kept(o, detail->incident, own->places[0]);
    return own->n_places > 0 ? 0 : 1;
}

static int narrow(const sgp_options *o, Sigap__V1__NarrowPlace *more) {
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT, *done = NULL, *reply = NULL;
    request.body_case = SIGAP__V1__FRAME__BODY_NARROW_PLACE;
    request.narrow_place = more;
    sgp_fault fault = {0};
    sgp_client *client = NULL;
    sgp_err err = sgp_options_connect(o, o->token, &client, NULL, &fault);
    if (err == SGP_OK)
        err = sgp_client_request(client, &request, 0, &done, &fault);
    if (err == SGP_OK && done->body_case != SIGAP__V1__FRAME__BODY_DONE)
        err = sgp_fail(&fault, SGP_E_FORMAT, "the engine did not say that the words are kept");
    if (err == SGP_OK)
        err = look(client, done->done->incident_id, more->call_id, &reply, &fault);
    sgp_client_close(client);
    if (done != NULL)
        sigap__v1__frame__free_unpacked(done, NULL);
    if (err != SGP_OK)
        return sgp_complain(o, &fault);
    int exit_code = print_found(o, reply->incident_detail, more->call_id);
    sigap__v1__frame__free_unpacked(reply, NULL);
    return exit_code;
}

int app_narrow(int argc, char **argv) {
    sgp_options o;
    sgp_options_init(&o, "narrow", help);
    while (sgp_options_next(&o, argc, argv, NULL) != -1) {
    }
    if (o.ended)
        return o.exit_code;
    Sigap__V1__NarrowPlace more = SIGAP__V1__NARROW_PLACE__INIT;
    if (argc - optind < 2)
        return sgp_usage(&o, "a call's number and the caller's words are expected");
    if (!sgp_number_parse(argv[optind], UINT64_MAX, &more.call_id) || more.call_id == 0)
        return sgp_usage(&o, "'%s' is not the number of a call", argv[optind]);
    char text[TEXT_MAX + 1] = "";
    size_t length = 0;
    for (int i = optind + 1; i < argc; i++) {
        if (length + strlen(argv[i]) + 1 > TEXT_MAX)
            return sgp_usage(&o, "the text is longer than %d bytes", TEXT_MAX);
        length += (size_t)snprintf(text + length, sizeof text - length, "%s%s",
                                   i == optind + 1 ? "" : " ", argv[i]);
    }
    if (!sgp_option_text(&o, "the place", text))
        return o.exit_code;
    more.text = text;
    return narrow(&o, &more);
}
