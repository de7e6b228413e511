/* More for an incident: backup, mutual aid, mass casualty. */
#include <stdio.h>
#include <string.h>

#include "apps/apps.h"
#include "apps/decision.h"
#include "sigap/core.h"

/* ---- backup ------------------------------------------------------------------------ */

static const char backup_help[] =
    "sigap backup - ask for more units of certain kinds\n"
    "\n"
    "USAGE\n"
    "  sigap backup INCIDENT KIND[,KIND...] [--units N] [--reason TEXT]\n"
    "\n"
    "DESCRIPTION\n"
    "  Seats beyond the incident's plan, each for a unit of any of the kinds:\n"
    "  ambulance_basic, ambulance_advanced, motorbike, command_car, fire_engine,\n"
    "  rescue. The best are ordered at once. A crew asks for the incident that it is\n"
    "  on.\n"
    "\n"
    "OPTIONS\n"
    "  --units N          how many (default 1)\n"
    "  --reason TEXT      why\n"
    "\n" SGP_HELP_CONNECTION;

int app_backup(int argc, char **argv) {
    static const struct option own[] = {
        {"units", required_argument, NULL, 'u'}, {"reason", required_argument, NULL, 'r'}, {0}};
    sgp_options o;
    sgp_options_init(&o, "backup", backup_help);
    Sigap__V1__AskBackup ask = SIGAP__V1__ASK_BACKUP__INIT;
    uint64_t units = 1;
    int c;
    while ((c = sgp_options_next(&o, argc, argv, own)) != -1) {
        if (c == 'r') {
            ask.reason = optarg;
            if (!sgp_option_text(&o, "--reason", optarg))
                return o.exit_code;
        } else if (!sgp_number_parse(optarg, SGP_BACKUP_MAX, &units) || units == 0) {
            return sgp_usage(&o, "--units is a number from 1 to %d, not '%s'", SGP_BACKUP_MAX,
                             optarg);
        }
    }
    Sigap__V1__UnitKind kinds[SGP_UNIT_KINDS];
    if (!sgp_decision_count(&o, argc - optind, 2, 2) ||
        !sgp_decision_number(&o, argv[optind], "an incident", &ask.incident_id) ||
        !sgp_decision_kinds(&o, argv[optind + 1], kinds, &ask.n_kinds))
        return o.exit_code;
    ask.kinds = kinds;
    ask.units = (uint32_t)units;
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT;
    request.body_case = SIGAP__V1__FRAME__BODY_ASK_BACKUP;
    request.ask_backup = &ask;
    char changes[64];
    snprintf(changes, sizeof changes, "%u", ask.units);
    return sgp_decision_do(
        &o, &request, &(sgp_sentence){.key = SGP_TEXT_DONE_BACKUP, .unit = "", .changes = changes});
}

/* ---- mutual aid ---------------------------------------------------------------------- */

static const char aid_help[] =
    "sigap aid - ask the neighbours for an incident\n"
    "\n"
    "USAGE\n"
    "  sigap aid INCIDENT [--end]\n"
    "\n"
    "DESCRIPTION\n"
    "  Units whose owner wants to be asked (lending = \"when_asked\") may go to the\n"
    "  incident from now on; with --end no longer. Who is on the way goes on.\n"
    "\n"
    "OPTIONS\n"
    "  --end              the incident needs no neighbours any more\n"
    "\n" SGP_HELP_CONNECTION;

int app_aid(int argc, char **argv) {
    static const struct option own[] = {{"end", no_argument, NULL, 'e'}, {0}};
    sgp_options o;
    sgp_options_init(&o, "aid", aid_help);
    Sigap__V1__AskAid ask = SIGAP__V1__ASK_AID__INIT;
    while (sgp_options_next(&o, argc, argv, own) != -1)
        ask.ended = true;
    if (!sgp_decision_count(&o, argc - optind, 1, 1) ||
        !sgp_decision_number(&o, argv[optind], "an incident", &ask.incident_id))
        return o.exit_code;
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT;
    request.body_case = SIGAP__V1__FRAME__BODY_ASK_AID;
    request.ask_aid = &ask;
    return sgp_decision_do(
        &o, &request,
        &(sgp_sentence){.key = ask.ended ? SGP_TEXT_DONE_AID_ENDED : SGP_TEXT_DONE_AID,
                        .unit = ""});
}

/* ---- mass casualty ------------------------------------------------------------------- */

static const char mass_help[] =
    "sigap mass - many patients at one place\n"
    "\n"
    "USAGE\n"
    "  sigap mass INCIDENT [--patients N] [--staging LON,LAT]\n"
    "  sigap mass INCIDENT --end\n"
    "\n"
    "DESCRIPTION\n"
    "  Makes the incident P1 with a seat for each patient and one for a command car.\n"
    "  Units go to the staging point, patients are spread over hospitals by beds, and\n"
    "  some units stay for other calls (rules.mass_reserve). Again with other numbers,\n"
    "  it changes them.\n"
    "\n"
    "OPTIONS\n"
    "  --patients N       how many, estimated\n"
    "  --staging LON,LAT  where units go first\n"
    "  --end              it is an ordinary incident again; orders that nobody has\n"
    "                     accepted and nobody needs are withdrawn\n"
    "\n" SGP_HELP_CONNECTION;

int app_mass(int argc, char **argv) {
    static const struct option own[] = {{"patients", required_argument, NULL, 'p'},
                                        {"staging", required_argument, NULL, 's'},
                                        {"end", no_argument, NULL, 'e'},
                                        {0}};
    sgp_options o;
    sgp_options_init(&o, "mass", mass_help);
    Sigap__V1__DeclareMassCasualty mass = SIGAP__V1__DECLARE_MASS_CASUALTY__INIT;
    Sigap__V1__Point staging = SIGAP__V1__POINT__INIT;
    uint64_t patients = 0;
    int c;
    while ((c = sgp_options_next(&o, argc, argv, own)) != -1) {
        sgp_fault fault = {0};
        sgp_point point;
        if (c == 'e') {
            mass.ended = true;
        } else if (c == 'p') {
            if (!sgp_number_parse(optarg, SGP_PATIENTS_MAX, &patients) || patients == 0)
                return sgp_usage(&o, "--patients is a number from 1 to %d, not '%s'",
                                 SGP_PATIENTS_MAX, optarg);
        } else if (sgp_point_parse(optarg, &point, &fault) != SGP_OK) {
            return sgp_complain(&o, &fault);
        } else {
            staging.lon = sgp_lon(point);
            staging.lat = sgp_lat(point);
            mass.staging = &staging;
        }
    }
    if (!sgp_decision_count(&o, argc - optind, 1, 1) ||
        !sgp_decision_number(&o, argv[optind], "an incident", &mass.incident_id))
        return o.exit_code;
    if (mass.ended && (patients != 0 || mass.staging != NULL))
        return sgp_usage(&o, "--end stands alone");
    mass.patients = (uint32_t)patients;
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT;
    request.body_case = SIGAP__V1__FRAME__BODY_DECLARE_MASS_CASUALTY;
    request.declare_mass_casualty = &mass;
    return sgp_decision_do(
        &o, &request,
        &(sgp_sentence){.key = mass.ended ? SGP_TEXT_DONE_MASS_ENDED : SGP_TEXT_DONE_MASS,
                        .unit = ""});
}
