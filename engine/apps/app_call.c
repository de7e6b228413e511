/* `sigap call`: report a call and see what the engine makes of it. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "apps/apps.h"
#include "apps/call_told.h"
#include "apps/narrator.h"
#include "apps/options.h"
#include "apps/place_table.h"
#include "base/clock.h"
#include "serve/proto_json.h"
#include "sigap/core.h"

static const char help[] =
    "sigap call - report a call and see who is sent\n"
    "\n"
    "USAGE\n"
    "  sigap call --at TEXT|LON,LAT --complaint CODE [OPTIONS]\n"
    "\n"
    "DESCRIPTION\n"
    "  Reports a call as a call-taker or a telephone exchange would, and prints the\n"
    "  incident's number, where the engine placed it with the other candidates, and\n"
    "  who was sent and why, with the next best unit. It looks on until a unit was\n"
    "  ordered or a person must settle the place, or for 10 seconds; the call itself is\n"
    "  on disk as soon as its number is printed. Where the incident may be the same as\n"
    "  a running one, it says so and how to link the two.\n"
    "\n"
    "OPTIONS\n"
    "  --at PLACE         the caller's words, or coordinates\n"
    "  --point LON,LAT    coordinates beside the words\n"
    "  --within METRES    how far off the coordinates may be (default 0). From 150 m on\n"
    "                     words are looked up near them instead\n"
    "  --complaint CODE   a short code of the list below, or its NEMSIS code; any\n"
    "                     other word needs --priority\n"
    "  --priority P1..P4  instead of the complaint's own\n"
    "  --caller NUMBER    the caller's number (sealed, never logged)\n"
    "  --name NAME        the caller's name (sealed)\n"
    "  --note TEXT        what the caller said (sealed)\n"
    "  --channel NAME     112, console or partner (default console)\n"
    "  --incident N       another call about this incident\n"
    "  --ring N           it came by this ring, which you have taken or called back: the\n"
    "                     number goes with it\n"
    "  --wait             follow the incident until it is closed\n"
    "  --no-look          print the number only, do not look on\n"
    "\n" SGP_HELP_CONNECTION "  1 also where nobody was ordered in time\n"
    "\n"
    "EXAMPLES\n"
    "  sigap call --at 'Jl. Veteran 5' --complaint chest_pain\n"
    "  sigap call --at 112.6146,-7.9563 --complaint traffic_accident --wait\n"
    "  sigap call --at 'dekat masjid' --point 112.61,-7.95 --within 800 --complaint fall\n";

enum { LOOK_MS = 10000 };

static void print_complaints(void) {
    const char *code, *nemsis;
    puts("\nCOMPLAINTS (code, NEMSIS code, own priority, name)");
    for (uint32_t i = 0; (code = sgp_complaint_code(i, &nemsis)) != NULL; i++)
        printf("  %-17s  %s  P%d  %s\n", code, nemsis, (int)sgp_complaint_priority(code),
               sgp_complaint_name(code, "id"));
}

static const struct option own_options[] = {
    {"at", required_argument, NULL, 'a'},       {"point", required_argument, NULL, 'P'},
    {"within", required_argument, NULL, 'W'},   {"complaint", required_argument, NULL, 'c'},
    {"priority", required_argument, NULL, 'p'}, {"caller", required_argument, NULL, 'n'},
    {"name", required_argument, NULL, 'N'},     {"note", required_argument, NULL, 't'},
    {"channel", required_argument, NULL, 'C'},  {"incident", required_argument, NULL, 'i'},
    {"ring", required_argument, NULL, 'r'},     {"wait", no_argument, NULL, 'w'},
    {"no-look", no_argument, NULL, 'q'},        {0}};

/* What is known of the call's incident; all replies are the caller's. */
static sgp_err get_incident(sgp_client *client, uint64_t id, Sigap__V1__Frame **reply,
                            sgp_fault *fault) {
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT;
    Sigap__V1__GetIncident ask = SIGAP__V1__GET_INCIDENT__INIT;
    ask.incident_id = id;
    request.body_case = SIGAP__V1__FRAME__BODY_GET_INCIDENT;
    request.get_incident = &ask;
    sgp_err err = sgp_client_request(client, &request, 0, reply, fault);
    if (err == SGP_OK && ((*reply)->body_case != SIGAP__V1__FRAME__BODY_INCIDENT_DETAIL ||
                          (*reply)->incident_detail->incident == NULL)) {
        sigap__v1__frame__free_unpacked(*reply, NULL);
        err = sgp_fail(fault, SGP_E_FORMAT, "the engine did not tell the incident");
    }
    return err;
}

static const Sigap__V1__Assignment *ordered_unit(const Sigap__V1__IncidentDetail *detail) {
    for (size_t i = detail->n_assignments; i-- > 0;)
        if (detail->assignments[i]->state >= SIGAP__V1__ASSIGNMENT_STATE__ORDERED &&
            detail->assignments[i]->state <= SIGAP__V1__ASSIGNMENT_STATE__CLOSED)
            return detail->assignments[i];
    return NULL;
}

static const Sigap__V1__Call *own_call(const Sigap__V1__IncidentDetail *detail, uint64_t id) {
    for (size_t i = 0; i < detail->n_calls; i++)
        if (detail->calls[i]->id == id)
            return detail->calls[i];
    return NULL;
}

/* Anything more to wait for? */
static bool settled(const Sigap__V1__IncidentDetail *detail, uint64_t call) {
    const Sigap__V1__Call *own = own_call(detail, call);
    if (detail->incident->state == SIGAP__V1__INCIDENT_STATE__INCIDENT_CLOSED ||
        ordered_unit(detail) != NULL)
        return true;
    /* Candidates wait for a person, at once: nothing more comes by itself. */
    return own != NULL && !detail->incident->place_confirmed &&
           (!own->looking_up || own->provisional);
}

static void print_place(const sgp_options *o, const Sigap__V1__Place *place) {
    char text[640], name[256], uncertainty[16], confidence[16], access[256];
    snprintf(uncertainty, sizeof uncertainty, "%d", place->uncertainty_m);
    snprintf(confidence, sizeof confidence, "%d", (place->confidence_permille + 5) / 10);
    puts(sgp_text_fill(text, sizeof text, o->language, SGP_TEXT_CALL_PLACED, "place",
                       sgp_place_text(place, name, sizeof name), "kind",
                       sgp_place_kind_text(o->language, (int)place->kind), "uncertainty",
                       uncertainty, "confidence", confidence, NULL));
    if (sgp_place_access_text(o->language, place, access, sizeof access)[0] != '\0')
        printf("  %s\n", access);
}

/* What the caller said stands beside what was made of it, where we may hear it. */
static void print_words(const sgp_options *o, const Sigap__V1__IncidentDetail *detail,
                        uint64_t call) {
    char words[1024], text[1200];
    for (size_t i = 0; i < detail->n_callers; i++) {
        if (detail->callers[i]->call_id != call)
            continue;
        if (sgp_words_text(detail->callers[i], words, sizeof words)[0] != '\0')
            puts(sgp_text_fill(text, sizeof text, o->language, SGP_TEXT_CALL_WORDS, "words", words,
                               NULL));
    }
}

static void print_detail(const sgp_options *o, const Sigap__V1__IncidentDetail *detail,
                         uint64_t call) {
    char text[1024], name[256];
    const Sigap__V1__Call *own = own_call(detail, call);
    const Sigap__V1__Place *place = detail->incident->place;
    print_words(o, detail, call);
    if (place != NULL)
        print_place(o, place);
    else if (own != NULL && own->looking_up)
        puts(sgp_text_get(o->language, SGP_TEXT_CALL_LOCATING));
    else if (own == NULL || own->n_places == 0)
        puts(sgp_text_get(o->language, SGP_TEXT_PLACE_NONE));
    if (own != NULL && own->provisional)
        puts(sgp_text_get(o->language, SGP_TEXT_CALL_PROVISIONAL));
    bool heading = false;
    for (size_t i = 0; own != NULL && i < own->n_places; i++) {
        const Sigap__V1__Place *other = own->places[i];
        if (place != NULL && other->point != NULL && place->point != NULL &&
            other->point->lon == place->point->lon && other->point->lat == place->point->lat)
            continue;
        if (!heading)
            puts(sgp_text_get(o->language, SGP_TEXT_CALL_OTHERS));
        heading = true;
        printf("  %zu) %s (%s, ±%d m, %d%%)\n", i + 1, sgp_place_text(other, name, sizeof name),
               sgp_place_kind_text(o->language, (int)other->kind), other->uncertainty_m,
               (other->confidence_permille + 5) / 10);
    }
    sgp_alike_print(o->language, detail->incident, call, 3, "! ", stdout);
    sgp_warnings_print(o->language, detail->incident, detail->calls, detail->n_calls, stdout);
    if (detail->history != NULL)
        sgp_history_print(o->language, detail->history, 100, stdout);
    const Sigap__V1__Assignment *assignment = ordered_unit(detail);
    if (assignment != NULL) {
        const Sigap__V1__Recommendation *followed =
            detail->recommendation != NULL &&
                    detail->recommendation->id == assignment->recommendation_id
                ? detail->recommendation
                : NULL;
        puts(sgp_order_text(o->language, assignment, followed, text, sizeof text));
        return;
    }
    bool unsure = !detail->incident->place_confirmed && own != NULL && own->n_places > 0;
    if (unsure)
        puts(sgp_text_get(o->language, SGP_TEXT_CALL_PLACE_UNSURE));
    puts(sgp_text_get(o->language, SGP_TEXT_CALL_NO_ORDER));
    const Sigap__V1__Recommendation *recommendation = detail->recommendation;
    if (recommendation != NULL && recommendation->n_candidates > 0 &&
        recommendation->candidates[0]->exclusion == SIGAP__V1__EXCLUSION__NOT_EXCLUDED) {
        char travel[64];
        sgp_duration_text(o->language, recommendation->candidates[0]->travel_ms, travel,
                          sizeof travel);
        puts(sgp_text_fill(text, sizeof text, o->language, SGP_TEXT_RECOMMENDED, "unit",
                           recommendation->candidates[0]->unit_code, "travel", travel, NULL));
    }
    if (place != NULL && !unsure)
        puts(sgp_text_get(o->language, SGP_TEXT_CALL_WAITS_DISPATCHER));
}

/* Looks on until a unit was ordered, or the time is over; then tells. The
 * engine's pushes of Watch wake it, so that it asks only after changes. */
static int look_on(const sgp_options *o, sgp_client *client, const Sigap__V1__Done *done,
                   int64_t look_ms, bool until_closed) {
    sgp_fault fault = {0};
    Sigap__V1__Frame watch_request = SIGAP__V1__FRAME__INIT;
    Sigap__V1__Watch watch = SIGAP__V1__WATCH__INIT;
    watch_request.body_case = SIGAP__V1__FRAME__BODY_WATCH;
    watch_request.watch = &watch;
    uint64_t seq;
    sgp_err err = sgp_client_send(client, &watch_request, &seq, &fault);
    sgp_narrator narrator;
    sgp_narrator_init(&narrator, o->language, o->json ? NULL : stdout);
    narrator.duty = narrator.headline = false;
    /* The present state first, silently: what the summary says is not said twice. */
    narrator.only_incident = done->incident_id;
    narrator.out = NULL;
    while (err == SGP_OK && !narrator.caught_up) {
        Sigap__V1__Frame *frame = NULL;
        err = sgp_client_next_frame(client, look_ms, &frame, &fault);
        if (err != SGP_OK)
            break;
        if (frame->body_case == SIGAP__V1__FRAME__BODY_UPDATE)
            err = sgp_narrator_take(&narrator, frame->update);
        else if (frame->body_case == SIGAP__V1__FRAME__BODY_ERROR)
            err =
                sgp_fail(&fault, sgp_err_from_str(frame->error->code), "%s", frame->error->message);
        sigap__v1__frame__free_unpacked(frame, NULL);
    }
    bool told = false;
    int exit_code = 1;
    int64_t end_us = sgp_monotonic_us() + look_ms * 1000;
    while (err == SGP_OK) {
        Sigap__V1__Frame *reply = NULL, *push = NULL;
        if (!told) {
            err = get_incident(client, done->incident_id, &reply, &fault);
            if (err != SGP_OK)
                break;
            bool late = sgp_monotonic_us() >= end_us;
            if (settled(reply->incident_detail, done->call_id) || late) {
                exit_code = ordered_unit(reply->incident_detail) != NULL ? 0 : 1;
                told = true;
                if (o->json && !until_closed)
                    sgp_print_message_json(&reply->incident_detail->base);
                else if (!o->json)
                    print_detail(o, reply->incident_detail, done->call_id);
            }
            sigap__v1__frame__free_unpacked(reply, NULL);
        }
        if (told && !until_closed)
            break;
        int64_t left_ms = told ? -1 : (end_us - sgp_monotonic_us()) / 1000 + 1;
        err = sgp_client_next_push(client,
                                   told            ? -1
                                   : left_ms > 500 ? 500
                                   : left_ms > 0   ? left_ms
                                                   : 0,
                                   &push, &fault);
        if (err == SGP_E_TIMEOUT)
            err = SGP_OK;
        if (err != SGP_OK || push == NULL)
            continue;
        bool closed = false;
        if (push->body_case == SIGAP__V1__FRAME__BODY_UPDATE) {
            for (size_t i = 0; i < push->update->n_incidents; i++)
                closed |=
                    push->update->incidents[i]->id == done->incident_id &&
                    push->update->incidents[i]->state == SIGAP__V1__INCIDENT_STATE__INCIDENT_CLOSED;
            narrator.out = told && !o->json ? stdout : NULL;
            err = sgp_narrator_take(&narrator, push->update);
        }
        sigap__v1__frame__free_unpacked(push, NULL);
        if (closed && told) {
            exit_code = 0;
            if (o->json && get_incident(client, done->incident_id, &reply, &fault) == SGP_OK) {
                sgp_print_message_json(&reply->incident_detail->base);
                sigap__v1__frame__free_unpacked(reply, NULL);
            }
            break;
        }
    }
    sgp_narrator_deinit(&narrator);
    if (err != SGP_OK) {
        fault.code = err;
        exit_code = sgp_complain(o, &fault);
    }
    return exit_code;
}

int app_call(int argc, char **argv) {
    sgp_options o;
    sgp_options_init(&o, "call", help);
    o.more_help = print_complaints;
    sgp_fault fault = {0};
    Sigap__V1__ReportCall report = SIGAP__V1__REPORT_CALL__INIT;
    Sigap__V1__Point point = SIGAP__V1__POINT__INIT;
    report.channel = (char *)"console";
    bool until_closed = false, look = true;
    uint64_t within = 0;
    int c;
    while ((c = sgp_options_next(&o, argc, argv, own_options)) != -1) {
        sgp_point parsed;
        for (size_t i = 0; own_options[i].name != NULL; i++) {
            char what[32];
            snprintf(what, sizeof what, "--%s", own_options[i].name);
            if (own_options[i].val == c && own_options[i].has_arg == required_argument &&
                !sgp_option_text(&o, what, optarg))
                return o.exit_code;
        }
        switch (c) {
        case 'a':
            if (!sgp_looks_like_point(optarg)) {
                report.place_text = optarg;
                break;
            }
            /* Coordinates. */
            /* fall through */
        case 'P':
            if (sgp_point_parse(optarg, &parsed, &fault) != SGP_OK)
                return sgp_complain(&o, &fault);
            point.lon = sgp_lon(parsed);
            point.lat = sgp_lat(parsed);
            report.point = &point;
            break;
        case 'W':
            if (!sgp_number_parse(optarg, 100000, &within))
                return sgp_usage(&o, "--within is a number of metres up to 100,000, not '%s'",
                                 optarg);
            report.uncertainty_m = (int32_t)within;
            break;
        case 'c':
            report.complaint = optarg;
            break;
        case 'p':
            report.priority = (Sigap__V1__Priority)sgp_priority_parse(optarg);
            if (report.priority == SIGAP__V1__PRIORITY__PRIORITY_UNKNOWN)
                return sgp_usage(&o, "--priority is P1, P2, P3 or P4, not '%s'", optarg);
            break;
        case 'n':
            report.caller_number = optarg;
            break;
        case 'N':
            report.caller_name = optarg;
            break;
        case 't':
            report.narrative = optarg;
            break;
        case 'C':
            report.channel = optarg;
            break;
        case 'i':
            if (!sgp_number_parse(optarg, UINT64_MAX, &report.incident_id) ||
                report.incident_id == 0)
                return sgp_usage(&o, "'%s' is not an incident's number", optarg);
            break;
        case 'r':
            if (!sgp_number_parse(optarg, UINT64_MAX, &report.ring_id) || report.ring_id == 0)
                return sgp_usage(&o, "'%s' is not the number of a ring", optarg);
            break;
        case 'w':
            until_closed = true;
            break;
        case 'q':
            look = false;
            break;
        }
    }
    if (o.ended)
        return o.exit_code;
    if (optind < argc)
        return sgp_usage(&o, "'%s' stands alone; a place of several words needs quotes",
                         argv[optind]);
    if (report.point == NULL && report.place_text[0] == '\0' && report.incident_id == 0 &&
        report.ring_id == 0)
        return sgp_usage(&o, "where is it? --at is missing");
    if (report.complaint[0] == '\0' && report.incident_id == 0)
        return sgp_usage(&o, "what is it? --complaint is missing");
    /* A misspelt code would pass as P2; "chestpain" must not lose its P1. */
    if (report.complaint[0] != '\0' && report.priority == SIGAP__V1__PRIORITY__PRIORITY_UNKNOWN &&
        sgp_complaint_name(report.complaint, "id") == report.complaint)
        return sgp_usage(&o,
                         "there is no complaint '%s'; `sigap call --help` lists the codes, and "
                         "any other word needs --priority",
                         report.complaint);

    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT, *reply = NULL;
    request.body_case = SIGAP__V1__FRAME__BODY_REPORT_CALL;
    request.report_call = &report;
    sgp_client *client = NULL;
    sgp_err err = sgp_options_connect(&o, o.token, &client, NULL, &fault);
    if (err == SGP_OK)
        err = sgp_client_request(client, &request, 0, &reply, &fault);
    if (err == SGP_OK && reply->body_case != SIGAP__V1__FRAME__BODY_DONE)
        err = sgp_fail(&fault, SGP_E_FORMAT, "the engine did not say that the call is taken");
    int exit_code;
    if (err != SGP_OK) {
        exit_code = sgp_complain(&o, &fault);
    } else if (!look) {
        if (o.json)
            exit_code = sgp_print_message_json(&reply->done->base);
        else
            exit_code = printf("%" PRIu64 " %" PRIu64 "\n", reply->done->call_id,
                               reply->done->incident_id) > 0
                            ? 0
                            : 3;
    } else {
        if (!o.json) {
            char text[256], call[24], incident[24];
            snprintf(call, sizeof call, "%" PRIu64, reply->done->call_id);
            snprintf(incident, sizeof incident, "%" PRIu64, reply->done->incident_id);
            puts(sgp_text_fill(text, sizeof text, o.language, SGP_TEXT_CALL_TAKEN, "call", call,
                               "incident", incident, NULL));
            fflush(stdout);
        }
        exit_code = look_on(&o, client, reply->done, LOOK_MS, until_closed);
    }
    if (reply != NULL)
        sigap__v1__frame__free_unpacked(reply, NULL);
    sgp_client_close(client);
    return exit_code;
}
