/* `sigap incidents`: incidents with their units and interval clocks. */
#include <inttypes.h>
#include <stdio.h>

#include "apps/apps.h"
#include "apps/call_told.h"
#include "apps/planned_told.h"
#include "apps/incident_table.h"
#include "apps/narrator.h"
#include "apps/place_table.h"
#include "serve/proto_json.h"

static const char help[] =
    "sigap incidents - incidents with their units and intervals\n"
    "\n"
    "USAGE\n"
    "  sigap incidents [--all] [--json]\n"
    "  sigap incidents INCIDENT [--json]\n"
    "\n"
    "DESCRIPTION\n"
    "  Without a number: all open incidents, one line for each unit on them, with\n"
    "  the intervals measured so far: locate (answer to place), decide (place to\n"
    "  order), turnout (order to en route), travel, response (answer to on scene),\n"
    "  scene, transport and handover. Below stands what may be the same as another\n"
    "  (`sigap link`). With a number: that incident alone, whether\n"
    "  open or closed, and below it each call with the caller's words about the place,\n"
    "  where the role may hear them, and the candidates that were found for them\n"
    "  (`sigap locate` takes their numbers); with --json also its last recommendation\n"
    "  and all that the caller said.\n"
    "\n"
    "OPTIONS\n"
    "  --all              closed incidents too, as far back as the engine remembers\n"
    "\n" SGP_HELP_CONNECTION "  1 also where there is no open incident\n";

enum { OPTION_ALL = 256 };
static const struct option own_options[] = {{"all", no_argument, NULL, OPTION_ALL}, {0}};

static const Sigap__V1__CallerDetail *caller_of(const Sigap__V1__IncidentDetail *detail,
                                                uint64_t call) {
    for (size_t i = 0; i < detail->n_callers; i++)
        if (detail->callers[i]->call_id == call)
            return detail->callers[i];
    return NULL;
}

/* The caller's words, and what was made of them. */
static void print_call(const sgp_options *o, const Sigap__V1__IncidentDetail *detail,
                       const Sigap__V1__Call *call) {
    char text[1400], words[1200], number[24], point[48], metres[16];
    snprintf(number, sizeof number, "%" PRIu64, call->id);
    printf("\n%s %s\n",
           sgp_text_fill(text, sizeof text, o->language, SGP_TEXT_CALL_CANDIDATES, "call", number,
                         NULL),
           sgp_words_text(caller_of(detail, call->id), words, sizeof words));
    if (call->near != NULL && call->near_radius_m > 0) {
        snprintf(point, sizeof point, "%.6f,%.6f", call->near->lon, call->near->lat);
        snprintf(metres, sizeof metres, "%d", call->near_radius_m);
        puts(sgp_text_fill(text, sizeof text, o->language, SGP_TEXT_CALL_NEAR, "point", point,
                           "uncertainty", metres, NULL));
    }
    if (call->provisional)
        puts(sgp_text_get(o->language, SGP_TEXT_CALL_PROVISIONAL));
    else if (call->looking_up)
        puts(sgp_text_get(o->language, SGP_TEXT_CALL_LOCATING));
    if (call->n_places > 0)
        sgp_place_table_print(call->places, call->n_places, o->language, stdout);
    else if (!call->looking_up)
        puts(sgp_text_get(o->language, SGP_TEXT_PLACE_NONE));
}

/* What the plan leaves open: alerts, and what cannot be had in time. */
static void print_plan(const sgp_options *o, const Sigap__V1__IncidentDetail *detail) {
    char text[512];
    const Sigap__V1__Recommendation *last = detail->recommendation;
    for (size_t i = 0; last != NULL && i < last->n_shortfalls; i++)
        printf("! %s\n", sgp_shortfall_text(o->language, last->shortfalls[i], text, sizeof text));
    for (size_t i = 0; i < detail->incident->n_alerts; i++)
        printf("%s\n", sgp_alert_text(o->language, detail->incident->alerts[i], text, sizeof text));
}

static int one_incident(const sgp_options *o, uint64_t id) {
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT;
    Sigap__V1__GetIncident ask = SIGAP__V1__GET_INCIDENT__INIT;
    ask.incident_id = id;
    request.body_case = SIGAP__V1__FRAME__BODY_GET_INCIDENT;
    request.get_incident = &ask;
    Sigap__V1__Frame *reply;
    int exit_code = sgp_options_ask(o, &request, SIGAP__V1__FRAME__BODY_INCIDENT_DETAIL, &reply);
    if (exit_code != 0)
        return exit_code;
    Sigap__V1__IncidentDetail *detail = reply->incident_detail;
    if (o->json) {
        exit_code = sgp_print_message_json(&detail->base);
    } else if (detail->incident != NULL) {
        /* Borrowed, so it must not be freed as a list. */
        sgp_incident_list list = {.incidents = &detail->incident,
                                  .n_incidents = 1,
                                  .assignments = detail->assignments,
                                  .n_assignments = detail->n_assignments};
        sgp_incident_table_print(&list, o->language, stdout);
        print_plan(o, detail);
        sgp_alike_print(o->language, detail->incident, detail->incident->first_call_id, 8, "! ",
                        stdout);
        sgp_warnings_print(o->language, detail->incident, detail->calls, detail->n_calls, stdout);
        for (size_t i = 0; i < detail->n_premises; i++) {
            char note[2300];
            printf("! %s\n", sgp_premise_text(o->language, detail->premises[i], note, sizeof note));
        }
        if (detail->history != NULL)
            sgp_history_print(o->language, detail->history, 100, stdout);
        for (size_t i = 0; i < detail->n_calls; i++)
            print_call(o, detail, detail->calls[i]);
    }
    sigap__v1__frame__free_unpacked(reply, NULL);
    return exit_code;
}

static int print_list_json(const sgp_incident_list *list) {
    json_t *incidents = json_array(), *assignments = json_array();
    for (size_t i = 0; i < list->n_incidents; i++)
        json_array_append_new(incidents, sgp_message_to_json(&list->incidents[i]->base));
    for (size_t i = 0; i < list->n_assignments; i++)
        json_array_append_new(assignments, sgp_message_to_json(&list->assignments[i]->base));
    return sgp_print_json(
        json_pack("{s:o,s:o}", "incidents", incidents, "assignments", assignments));
}

int app_incidents(int argc, char **argv) {
    sgp_options o;
    sgp_options_init(&o, "incidents", help);
    bool all = false;
    int c;
    while ((c = sgp_options_next(&o, argc, argv, own_options)) != -1)
        all = c == OPTION_ALL;
    if (o.ended)
        return o.exit_code;
    if (argc - optind > 1)
        return sgp_usage(&o, "one incident at a time, not also '%s'", argv[optind + 1]);
    if (optind < argc) {
        uint64_t id;
        if (!sgp_number_parse(argv[optind], UINT64_MAX, &id))
            return sgp_usage(&o, "'%s' is not an incident's number", argv[optind]);
        return one_incident(&o, id);
    }
    sgp_fault fault = {0};
    sgp_client *client = NULL;
    sgp_incident_list list = {0};
    sgp_err err = sgp_options_connect(&o, o.token, &client, NULL, &fault);
    if (err == SGP_OK)
        err = sgp_incident_list_fetch(client, all, 0, &list, &fault);
    sgp_client_close(client);
    int exit_code = list.n_incidents > 0 ? 0 : 1;
    if (err != SGP_OK) {
        exit_code = sgp_complain(&o, &fault);
    } else if (o.json) {
        int printed = print_list_json(&list);
        exit_code = printed != 0 ? printed : exit_code;
    } else if (list.n_incidents > 0) {
        sgp_incident_table_print(&list, o.language, stdout);
        for (size_t i = 0; i < list.n_incidents; i++) {
            char lead[32];
            snprintf(lead, sizeof lead, "! #%" PRIu64 " ", list.incidents[i]->id);
            if (list.incidents[i]->state != SIGAP__V1__INCIDENT_STATE__INCIDENT_CLOSED)
                sgp_alike_print(o.language, list.incidents[i], list.incidents[i]->first_call_id, 1,
                                lead, stdout);
            if (list.incidents[i]->suspect) {
                fputs(lead + 2, stdout);
                sgp_warnings_print(o.language, list.incidents[i], NULL, 0, stdout);
            }
        }
    } else {
        puts(sgp_text_get(o.language, SGP_TEXT_NO_INCIDENTS));
    }
    sgp_incident_list_free(&list);
    return exit_code;
}
