/* `sigap premise`: what whoever goes to a place should know of it. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "apps/apps.h"
#include "apps/call_told.h"
#include "apps/decision.h"
#include "base/clock.h"
#include "serve/proto_json.h"

static const char help[] =
    "sigap premise - what whoever goes to a place should know of it\n"
    "\n"
    "USAGE\n"
    "  sigap premise add --at LON,LAT|--incident N [OPTIONS] TEXT...\n"
    "  sigap premise edit ID [--at LON,LAT|--incident N] [OPTIONS] [TEXT...]\n"
    "  sigap premise list\n"
    "  sigap premise remove ID\n"
    "\n"
    "DESCRIPTION\n"
    "  Hazards, gate codes, how to reach a known patient. Whoever is ordered to an\n"
    "  incident within the radius reads it with the order, and who is on the way hears\n"
    "  it when it is added, changed or removed. The words are sealed under a key of their\n"
    "  own, which is destroyed when the note is removed.\n"
    "\n"
    "OPTIONS\n"
    "  --at LON,LAT       where; --incident N: where that incident is\n"
    "  --radius METRES    1 to 2,000 (default 50)\n"
    "  --kind KIND        hazard, access, patient or other (the default)\n"
    "  --label TEXT       also for every place with exactly this address or name\n"
    "  --days N           until then; without it, until it is removed\n"
    "\n" SGP_HELP_CONNECTION "  1 also where there is no note\n"
    "\n"
    "EXAMPLES\n"
    "  sigap premise add --at 112.63,-7.97 --kind hazard anjing galak, masuk lewat samping\n"
    "  sigap premise add --incident 12 --kind access --days 30 kode gerbang di pos satpam\n";

static int list_premises(const sgp_options *o) {
    Sigap__V1__ListPremises list = SIGAP__V1__LIST_PREMISES__INIT;
    size_t n = 0;
    int exit_code = 0;
    json_t *all = o->json ? json_array() : NULL;
    do {
        Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT, *reply;
        request.body_case = SIGAP__V1__FRAME__BODY_LIST_PREMISES;
        request.list_premises = &list;
        exit_code = sgp_options_ask(o, &request, SIGAP__V1__FRAME__BODY_PREMISE_PAGE, &reply);
        if (exit_code != 0)
            break;
        for (size_t i = 0; i < reply->premise_page->n_premises; i++, n++) {
            if (o->json)
                json_array_append_new(all,
                                      sgp_message_to_json(&reply->premise_page->premises[i]->base));
            else
                sgp_premise_print(o->language, reply->premise_page->premises[i], stdout);
        }
        list.after_id = reply->premise_page->next_after_id;
        sigap__v1__frame__free_unpacked(reply, NULL);
    } while (list.after_id != 0);
    if (exit_code == 0 && o->json)
        exit_code = sgp_print_json(all);
    else
        json_decref(all);
    if (exit_code == 0 && n == 0) {
        if (!o->json)
            puts(sgp_text_get(o->language, SGP_TEXT_PREMISE_NONE));
        exit_code = 1;
    }
    return exit_code;
}

static int remove_premise(sgp_options *o, const char *number) {
    Sigap__V1__RemovePremise gone = SIGAP__V1__REMOVE_PREMISE__INIT;
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT;
    if (!sgp_decision_number(o, number, "a premise note", &gone.id))
        return o->exit_code;
    request.body_case = SIGAP__V1__FRAME__BODY_REMOVE_PREMISE;
    request.remove_premise = &gone;
    return sgp_decision_do(
        o, &request,
        &(sgp_sentence){.key = SGP_TEXT_DONE_PREMISE_GONE, .unit = "", .changes = number});
}

static Sigap__V1__PremiseKind kind_of(const char *word) {
    static const char *const words[] = {"", "hazard", "access", "patient", "other"};
    for (int i = 1; i < 5; i++)
        if (strcmp(word, words[i]) == 0)
            return (Sigap__V1__PremiseKind)i;
    return SIGAP__V1__PREMISE_KIND__PREMISE_KIND_UNKNOWN;
}

int app_premise(int argc, char **argv) {
    static const struct option own[] = {{"at", required_argument, NULL, 'a'},
                                        {"incident", required_argument, NULL, 'i'},
                                        {"radius", required_argument, NULL, 'r'},
                                        {"kind", required_argument, NULL, 'k'},
                                        {"label", required_argument, NULL, 'L'},
                                        {"days", required_argument, NULL, 'd'},
                                        {0}};
    sgp_options o;
    sgp_options_init(&o, "premise", help);
    Sigap__V1__SetPremise set = SIGAP__V1__SET_PREMISE__INIT;
    Sigap__V1__Point point = SIGAP__V1__POINT__INIT;
    uint64_t number;
    int c;
    while ((c = sgp_options_next(&o, argc, argv, own)) != -1) {
        sgp_fault fault = {0};
        sgp_point parsed;
        if (c == 'a') {
            if (sgp_point_parse(optarg, &parsed, &fault) != SGP_OK)
                return sgp_complain(&o, &fault);
            point.lon = sgp_lon(parsed);
            point.lat = sgp_lat(parsed);
            set.point = &point;
        } else if (c == 'i' && !sgp_decision_number(&o, optarg, "an incident", &set.incident_id)) {
            return o.exit_code;
        } else if (c == 'r') {
            if (!sgp_number_parse(optarg, 2000, &number) || number == 0)
                return sgp_usage(&o, "--radius is a number of metres from 1 to 2,000, not '%s'",
                                 optarg);
            set.radius_m = (int32_t)number;
        } else if (c == 'k' && (set.kind = kind_of(optarg)) == 0) {
            return sgp_usage(&o, "--kind is hazard, access, patient or other, not '%s'", optarg);
        } else if (c == 'L') {
            if (!sgp_option_text(&o, "--label", optarg))
                return o.exit_code;
            set.label = optarg;
        } else if (c == 'd') {
            if (!sgp_number_parse(optarg, 3650, &number) || number == 0)
                return sgp_usage(&o, "--days is a number from 1 to 3,650, not '%s'", optarg);
            set.until_at_ms = sgp_wall_ms() + (int64_t)number * 86400000;
        }
    }
    if (!sgp_decision_count(&o, argc - optind, 1, 1000))
        return o.exit_code;
    const char *verb = argv[optind++];
    if (strcmp(verb, "list") == 0)
        return sgp_decision_count(&o, argc - optind, 0, 0) ? list_premises(&o) : o.exit_code;
    if (strcmp(verb, "remove") == 0)
        return sgp_decision_count(&o, argc - optind, 1, 1) ? remove_premise(&o, argv[optind])
                                                           : o.exit_code;
    bool edits = strcmp(verb, "edit") == 0;
    if (!edits && strcmp(verb, "add") != 0)
        return sgp_usage(&o, "add, edit, list or remove is expected, not '%s'", verb);
    if (edits && !sgp_decision_count(&o, argc - optind, 1, 1000))
        return o.exit_code;
    if (edits && !sgp_decision_number(&o, argv[optind++], "a premise note", &set.id))
        return o.exit_code;
    char text[2001];
    if (!sgp_join_words(&o, argc, argv, optind, "the note", text, sizeof text))
        return o.exit_code;
    if (!edits && text[0] == '\0')
        return sgp_usage(&o, "what should whoever goes there know?");
    if (!edits && set.point == NULL && set.incident_id == 0)
        return sgp_usage(&o, "where is it? --at or --incident is missing");
    set.text = text;
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT, *reply;
    request.body_case = SIGAP__V1__FRAME__BODY_SET_PREMISE;
    request.set_premise = &set;
    int exit_code = sgp_options_ask(&o, &request, SIGAP__V1__FRAME__BODY_DONE, &reply);
    if (exit_code != 0)
        return exit_code;
    char id[24], said[256];
    snprintf(id, sizeof id, "%" PRIu64, reply->done->closure_id);
    if (o.json)
        exit_code = sgp_print_message_json(&reply->done->base);
    else
        puts(sgp_text_fill(said, sizeof said, o.language, SGP_TEXT_DONE_PREMISE, "changes", id,
                           NULL));
    sigap__v1__frame__free_unpacked(reply, NULL);
    return exit_code;
}
