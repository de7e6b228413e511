/* What units, stations and hospitals are, changed while the engine runs: set, service. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apps/apps.h"
#include "apps/decision.h"
#include "apps/fleet_edit.h"

/* ---- set ----------------------------------------------------------------------------------- */

static const char set_help[] =
    "sigap set - say what a unit, station or hospital is, while the engine runs\n"
    "\n"
    "USAGE\n"
    "  sigap set unit CODE KEY=VALUE...\n"
    "  sigap set station NAME KEY=VALUE...\n"
    "  sigap set hospital CODE KEY=VALUE...\n"
    "  sigap set unit|hospital CODE --give-back\n"
    "\n"
    "DESCRIPTION\n"
    "  A code that is not known yet is a new unit or hospital. What is not said stays as it\n"
    "  is. In force at once, kept across restarts, and standing before the configuration\n"
    "  until it is given back: --give-back makes it again what sigap.conf says. A station\n"
    "  moves with all its units; it comes into being with its first unit. What is on a job\n"
    "  does not become another kind of unit. A unit is never removed, since the records of\n"
    "  its jobs name it: take it out of service ('sigap service').\n"
    "\n"
    "KEYS (Indonesian or English)\n"
    "  nama=  name=       its name; of a station the new one\n"
    "  titik= at=         LON,LAT where it stands\n"
    "  jenis= kind=       unit: ambulance, advanced, motorbike, command, fire, rescue\n"
    "  pos=   station=    unit: its station; the point of a known one need not be said\n"
    "  instansi= agency=  unit: whose it is\n"
    "  daerah= district=  unit: its kabupaten or kota\n"
    "  mampu= skills=     unit: skills, hospital: abilities, with commas; - for none\n"
    "  bed=   beds=       hospital: emergency beds\n"
    "\n"
    "OPTIONS\n"
    "  --seen VERSION     refuse if somebody has changed it since this version\n"
    "\n" SGP_HELP_CONNECTION "\n"
    "EXAMPLES\n"
    "  sigap set unit PSC-09 jenis=ambulans pos='PSC 119 Kota Malang' nama='Ambulans 9'\n"
    "  sigap set station 'Pos Dua' titik=112.64,-7.955\n"
    "  sigap set hospital RSBARU nama='RS Baru' titik=112.62,-7.96 bed=8 mampu=trauma\n";

/* All units, on the heap, until there are no more pages. */
typedef struct unit_list {
    Sigap__V1__Frame **pages;
    size_t n_pages;
    Sigap__V1__Unit **units;
    size_t n;
} unit_list;

static void free_units(unit_list *list) {
    for (size_t i = 0; i < list->n_pages; i++)
        sigap__v1__frame__free_unpacked(list->pages[i], NULL);
    free(list->pages);
    free(list->units);
}

static int read_units(const sgp_options *o, unit_list *list) {
    Sigap__V1__ListUnits ask = SIGAP__V1__LIST_UNITS__INIT;
    do {
        Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT, *reply;
        request.body_case = SIGAP__V1__FRAME__BODY_LIST_UNITS;
        request.list_units = &ask;
        int exit_code = sgp_options_ask(o, &request, SIGAP__V1__FRAME__BODY_UNIT_PAGE, &reply);
        if (exit_code != 0)
            return exit_code;
        size_t n = list->n + reply->unit_page->n_units;
        Sigap__V1__Frame **pages = realloc(list->pages, (list->n_pages + 1) * sizeof *list->pages);
        Sigap__V1__Unit **units = realloc(list->units, (n + 1) * sizeof *list->units);
        list->pages = pages != NULL ? pages : list->pages;
        list->units = units != NULL ? units : list->units;
        if (pages == NULL || units == NULL) {
            sigap__v1__frame__free_unpacked(reply, NULL);
            return 3;
        }
        list->pages[list->n_pages++] = reply;
        for (size_t i = 0; i < reply->unit_page->n_units; i++)
            list->units[list->n++] = reply->unit_page->units[i];
        ask.after_number = reply->unit_page->next_after_number;
    } while (ask.after_number != 0);
    return 0;
}

static int send_edit(const sgp_options *o, sgp_fleet_edit *edit) {
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT;
    request.body_case = SIGAP__V1__FRAME__BODY_SET_FLEET;
    request.set_fleet = &edit->set;
    return sgp_decision_do(o, &request,
                           &(sgp_sentence){.key = edit->set.given_back ? SGP_TEXT_DONE_GIVEN_BACK
                                                                       : SGP_TEXT_DONE_ENTRY,
                                           .unit = "",
                                           .changes = edit->code});
}

typedef struct set_ask {
    const char *what, *code, *words;
    bool give_back, has_seen;
    uint64_t seen;
} set_ask;

/* What remains is the same for all three. */
static int finish(const sgp_options *o, const set_ask *ask, sgp_fleet_edit *edit, bool is_known,
                  const unit_list *units) {
    sgp_fault fault = {0};
    sgp_err err = SGP_OK;
    if (ask->give_back && !is_known)
        err = sgp_fail(&fault, SGP_E_NOT_FOUND, "no %s is called %s", ask->what, ask->code);
    edit->set.given_back = ask->give_back;
    if (err == SGP_OK && !ask->give_back)
        err = sgp_fleet_edit_take(edit, ask->words, units->units, units->n, &fault);
    if (err != SGP_OK)
        return sgp_complain(o, &fault);
    if (ask->has_seen)
        edit->set.version = ask->seen;
    return send_edit(o, edit);
}

static int set_unit(const sgp_options *o, const set_ask *ask) {
    unit_list list = {0};
    sgp_fleet_edit edit;
    const Sigap__V1__Unit *known = NULL;
    int exit_code = read_units(o, &list);
    for (size_t i = 0; i < list.n; i++)
        if (strcmp(list.units[i]->code, ask->code) == 0)
            known = list.units[i];
    sgp_fleet_edit_unit(&edit, known, ask->code);
    if (exit_code == 0)
        exit_code = finish(o, ask, &edit, known != NULL, &list);
    free_units(&list);
    return exit_code;
}

static int set_station(const sgp_options *o, const set_ask *ask) {
    unit_list list = {0};
    sgp_fleet_edit edit;
    uint64_t version = 0;
    int exit_code = read_units(o, &list);
    for (size_t i = 0; i < list.n; i++)
        if (strcmp(list.units[i]->station, ask->code) == 0 &&
            list.units[i]->entry_version > version)
            version = list.units[i]->entry_version;
    sgp_fleet_edit_station(&edit, ask->code, version);
    if (exit_code == 0)
        exit_code = finish(o, ask, &edit, true, &list);
    free_units(&list);
    return exit_code;
}

static int set_hospital(const sgp_options *o, const set_ask *ask) {
    Sigap__V1__ListHospitals list = SIGAP__V1__LIST_HOSPITALS__INIT;
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT, *reply;
    request.body_case = SIGAP__V1__FRAME__BODY_LIST_HOSPITALS;
    request.list_hospitals = &list;
    int exit_code = sgp_options_ask(o, &request, SIGAP__V1__FRAME__BODY_HOSPITAL_PAGE, &reply);
    if (exit_code != 0)
        return exit_code;
    sgp_fleet_edit edit;
    unit_list none = {0};
    const Sigap__V1__Hospital *known = NULL;
    for (size_t i = 0; i < reply->hospital_page->n_hospitals; i++)
        if (strcmp(reply->hospital_page->hospitals[i]->code, ask->code) == 0)
            known = reply->hospital_page->hospitals[i];
    sgp_fleet_edit_hospital(&edit, known, ask->code);
    exit_code = finish(o, ask, &edit, known != NULL, &none);
    sigap__v1__frame__free_unpacked(reply, NULL);
    return exit_code;
}

int app_set(int argc, char **argv) {
    static const struct option own[] = {
        {"give-back", no_argument, NULL, 'g'}, {"seen", required_argument, NULL, 's'}, {0}};
    sgp_options o;
    set_ask ask = {.give_back = false};
    char words[1024];
    int c;
    sgp_options_init(&o, "set", set_help);
    while ((c = sgp_options_next(&o, argc, argv, own)) != -1) {
        ask.give_back |= c == 'g';
        if (c == 's' && !(ask.has_seen = sgp_number_parse(optarg, UINT64_MAX, &ask.seen)))
            return sgp_usage(&o, "--seen is the number of a version, not '%s'", optarg);
    }
    if (!sgp_decision_count(&o, argc - optind, 2, 1000))
        return o.exit_code;
    ask.what = argv[optind];
    ask.code = argv[optind + 1];
    if (!sgp_option_text(&o, "the code", ask.code) ||
        !sgp_join_words(&o, argc, argv, optind + 2, "what is said", words, sizeof words))
        return o.exit_code;
    ask.words = words;
    if (strcmp(ask.what, "unit") == 0)
        return set_unit(&o, &ask);
    if (strcmp(ask.what, "hospital") == 0)
        return set_hospital(&o, &ask);
    if (strcmp(ask.what, "station") == 0)
        return ask.give_back ? sgp_usage(&o, "a station is given back with its units")
                             : set_station(&o, &ask);
    return sgp_usage(&o, "unit, station or hospital is expected, not '%s'", ask.what);
}

/* ---- service ------------------------------------------------------------------------------- */

static const char service_help[] =
    "sigap service - take a unit out of service, or bring it back\n"
    "\n"
    "USAGE\n"
    "  sigap service UNIT --out REASON...\n"
    "  sigap service UNIT --back\n"
    "\n"
    "DESCRIPTION\n"
    "  A unit that is out of service is off duty, and nobody can sign on to it until it is\n"
    "  back. Not in the middle of a job.\n"
    "\n" SGP_HELP_CONNECTION;

int app_service(int argc, char **argv) {
    static const struct option own[] = {
        {"out", no_argument, NULL, 'o'}, {"back", no_argument, NULL, 'b'}, {0}};
    sgp_options o;
    Sigap__V1__UnitService service = SIGAP__V1__UNIT_SERVICE__INIT;
    Sigap__V1__SetService set = SIGAP__V1__SET_SERVICE__INIT;
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT;
    bool out = false, back = false;
    char reason[96];
    int c;
    sgp_options_init(&o, "service", service_help);
    while ((c = sgp_options_next(&o, argc, argv, own)) != -1) {
        out |= c == 'o';
        back |= c == 'b';
    }
    if (!sgp_decision_count(&o, argc - optind, 1, 1000) ||
        !sgp_option_text(&o, "the unit", argv[optind]) ||
        !sgp_join_words(&o, argc, argv, optind + 1, "the reason", reason, sizeof reason))
        return o.exit_code;
    if (out == back)
        return sgp_usage(&o, "--out or --back, one of them");
    if (out && *reason == '\0')
        return sgp_usage(&o, "why is it out of service? a reason is needed");
    service.unit_code = argv[optind];
    service.out = out;
    service.reason = reason;
    set.service = &service;
    request.body_case = SIGAP__V1__FRAME__BODY_SET_SERVICE;
    request.set_service = &set;
    return sgp_decision_do(
        &o, &request,
        &(sgp_sentence){.key = out ? SGP_TEXT_DONE_OUT_OF_SERVICE : SGP_TEXT_DONE_IN_SERVICE,
                        .unit = argv[optind],
                        .changes = reason});
}
