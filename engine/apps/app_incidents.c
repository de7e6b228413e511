/* `sigap incidents`: incidents with their units and interval clocks. */
#include <inttypes.h>
#include <stdio.h>

#include "apps/apps.h"
#include "apps/incident_table.h"
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
    "  scene, transport and handover. With a number: that incident alone, whether\n"
    "  open or closed; with --json also its calls and its last recommendation, and\n"
    "  what the caller said where the role may hear it.\n"
    "\n"
    "OPTIONS\n"
    "  --all              closed incidents too, as far back as the engine remembers\n"
    "\n" SGP_HELP_CONNECTION "  1 also where there is no open incident\n";

enum { OPTION_ALL = 256 };
static const struct option own_options[] = {{"all", no_argument, NULL, OPTION_ALL}, {0}};

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
    } else {
        puts(sgp_text_get(o.language, SGP_TEXT_NO_INCIDENTS));
    }
    sgp_incident_list_free(&list);
    return exit_code;
}
