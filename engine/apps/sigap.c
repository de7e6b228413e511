/* `sigap`: every program of the project but the engine itself, as sub-commands. */
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "apps/apps.h"
#include "base/version.h"

typedef struct command {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *summary; /* NULL: `name` is a heading */
} command;

static const command commands[] = {
    {"Calls and places", NULL, NULL},
    {"call", app_call, "report a call and see who is sent"},
    {"rings", app_rings, "telephones that ring, missed ones, answer times"},
    {"take", app_take, "take a ringing telephone, and make a call of it"},
    {"call-back", app_call_back, "call back who hung up before anybody answered"},
    {"place", app_place, "find a place as a call-taker would"},
    {"guide", app_guide, "what to ask and to tell callers, by complaint"},
    {"history", app_history, "earlier calls from the same number and at the same place"},
    {"nuisance", app_nuisance, "numbers that are marked because of pranks"},
    {"premise", app_premise, "what whoever goes to a place should know of it"},
    {"What is going on", NULL, NULL},
    {"console", app_console, "the dispatcher's full-screen terminal"},
    {"desk", app_desk, "who is at work, what waits, and what is in whose hands"},
    {"watch", app_watch, "live stream of everything that happens"},
    {"incidents", app_incidents, "incidents with their units and intervals"},
    {"log", app_log, "all that happened to an incident, with its notes"},
    {"units", app_units, "units with status and position"},
    {"transfers", app_transfers, "patients to be taken from hospital to hospital"},
    {"hospitals", app_hospitals, "hospitals with beds and diversions, and who is on the way"},
    {"coverage", app_coverage, "minutes to every kelurahan, and moves that would help"},
    {"cameras", app_cameras, "street cameras near an incident or along a unit's way"},
    {"status", app_status,
     "enter what a crew says over the radio; without a unit: is the engine well, and which city "
     "does it serve"},
    {"A dispatcher's decisions", NULL, NULL},
    {"order", app_order, "send a unit to an incident"},
    {"stand-down", app_stand_down, "call a unit off"},
    {"backup", app_backup, "ask for more units of certain kinds"},
    {"aid", app_aid, "ask the neighbours for an incident"},
    {"mass", app_mass, "many patients at one place"},
    {"hospital", app_hospital, "what a hospital tells, and where a patient goes"},
    {"patient", app_patient, "what a unit's patient needs, as its crew sees it"},
    {"move-up", app_move_up, "let a free unit wait where it covers the city better"},
    {"close", app_close, "end an incident that needs nobody any more"},
    {"note", app_note, "write something down in the log of an incident"},
    {"text", app_text, "words with a caller's own page"},
    {"prank", app_prank, "end incidents, or judge calls: it was a prank"},
    {"silent", app_silent, "the same: nobody spoke"},
    {"ghost", app_ghost, "the same: a telephone called by itself"},
    {"abandoned", app_abandoned, "the same: the caller hung up"},
    {"information", app_information, "the same: the caller only asked something"},
    {"real", app_real, "somebody has confirmed an incident or a call"},
    {"locate", app_locate, "settle where an incident is"},
    {"narrow", app_narrow, "add what a caller says about where"},
    {"phone", app_phone, "where a caller's phone is: report it, or ask the phone"},
    {"triage", app_triage, "change priority, complaint or number of units"},
    {"answer", app_answer, "note what a caller answers to a question of the script"},
    {"alert", app_alert, "call another service to an incident, or note its answer"},
    {"sign-on", app_sign_on, "who is on a unit, by codes, and until when"},
    {"sign-off", app_sign_off, "a crew goes home"},
    {"shifts", app_shifts, "who is on, until when, and who comes next"},
    {"shift", app_shift, "plan one shift by hand"},
    {"distress", app_distress, "a crew calls for help for itself, or is safe again"},
    {"transfer", app_transfer, "take a patient from hospital to hospital, now or later"},
    {"link", app_link, "say that a call belongs to another incident"},
    {"duty", app_duty, "sign a unit on or off"},
    {"Crews and demonstrations", NULL, NULL},
    {"crew", app_crew, "be the crew of a unit, or of a whole fleet"},
    {"demo", app_demo, "play a quarter of an hour of calls"},
    {"ring", app_ring, "play a telephone exchange"},
    {"fleet", app_fleet, "make up stations and units for a city"},
    {"Administration", NULL, NULL},
    {"users", app_users, "who may log in"},
    {"user", app_user, "add, change or disable who may log in; revoke his devices"},
    {"login-code", app_login_code, "eight digits to log in once"},
    {"set", app_set, "what a unit, station or hospital is, while the engine runs"},
    {"service", app_service, "take a unit out of service, or bring it back"},
    {"The city", NULL, NULL},
    {"import", app_import, "OpenStreetMap extract to database and road graph"},
    {"switch", app_switch, "let the engine open the newest import"},
    {"reload", app_reload, "let the engine read its plans, clocks and cameras anew"},
    {"traffic", app_traffic, "how the roads are now: slow, closed, open again"},
    {"route", app_route, "one route: time, metres, geometry, instructions"},
    {"table", app_table, "matrix of travel times"},
    {"match", app_match, "the roads that a track drove along"},
    {"area", app_area, "what can be reached within some minutes, as GeoJSON"},
    {"verify", app_verify, "compare the database with the journal"},
    {"Planning", NULL, NULL},
    {"report", app_report, "what really happened: intervals, tables, calls to hand on"},
    {"replay", app_replay, "play calls again: another policy, fleet or roads"},
    {"stations", app_stations, "where stations should be, by optimisation"},
};
enum { N_COMMANDS = sizeof commands / sizeof commands[0] };

static void print_help(FILE *out) {
    fputs("sigap - 112 emergency dispatch and 119 ambulance routing\n\n"
          "USAGE\n"
          "  sigap COMMAND [OPTIONS]\n"
          "  sigap COMMAND --help\n"
          "  sigap --version\n",
          out);
    for (int i = 0; i < N_COMMANDS; i++) {
        if (commands[i].summary == NULL)
            fprintf(out, "\n%s\n", commands[i].name);
        else
            fprintf(out, "  %-12s %s\n", commands[i].name, commands[i].summary);
    }
    fputs("\nENVIRONMENT\n"
          "  SIGAP_SERVER    where the engine listens: unix:PATH or tls:HOST:PORT\n"
          "                  (default unix:var/run/sigap.sock)\n"
          "  SIGAP_TOKEN     token to log in with\n"
          "  SIGAP_CA        certificate file to trust for tls:\n"
          "  SIGAP_LANGUAGE  id (default) or en\n"
          "  NO_COLOR        set: never colour the output\n"
          "\n"
          "EXIT CODES\n"
          "  0 done, 1 the answer is \"no\", 2 usage or input error, 3 environment\n"
          "  (engine, database, file, network)\n",
          out);
}

int main(int argc, char **argv) {
    /* Only character widths follow the user's locale: numbers stay as machines
     * read them, with a decimal point. */
    setlocale(LC_CTYPE, "");
    signal(SIGPIPE, SIG_IGN);
    if (argc < 2) {
        print_help(stderr);
        return 2;
    }
    const char *name = argv[1];
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0) {
        print_help(stdout);
        return 0;
    }
    if (strcmp(name, "--version") == 0) {
        printf("sigap %s (%s)\n", sgp_version(), sgp_commit());
        return 0;
    }
    if (strcmp(name, "help") == 0) {
        if (argc < 3) {
            print_help(stdout);
            return 0;
        }
        /* `sigap help call` is `sigap call --help`. */
        name = argv[2];
        argv[1] = argv[2];
        argv[2] = (char[]){"--help"};
    }
    for (int i = 0; i < N_COMMANDS; i++) {
        if (commands[i].run != NULL && strcmp(commands[i].name, name) == 0) {
            /* getopt names the program by it: "sigap call: unrecognized option". */
            char program[64];
            snprintf(program, sizeof program, "sigap %s", name);
            argv[1] = program;
            return commands[i].run(argc - 1, argv + 1);
        }
    }
    fprintf(stderr, "sigap: there is no command '%s'; `sigap --help` lists them\n", name);
    return 2;
}
