/* `sigap report`: what really happened, from the journal, as planners and auditors want it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apps/apps.h"
#include "apps/options.h"
#include "apps/report_files.h"
#include "apps/report_table.h"
#include "replay/call_list.h"
#include "replay/report_journal.h"
#include "serve/city_time.h"

static const char help[] =
    "sigap report - what really happened: intervals, tables, and calls to hand on\n"
    "\n"
    "USAGE\n"
    "  sigap report --journal FILE [--from TIME] [--until TIME] [--by GROUPING]\n"
    "               [--html FILE] [--csv FOLDER] [--anonymous FILE] [OPTIONS]\n"
    "\n"
    "DESCRIPTION\n"
    "  Reads the engine's journal, which may go on meanwhile, and tells of every\n"
    "  incident answered in the time asked for: how long each interval took (P50, P90,\n"
    "  P95), how many were reached within their target, by what. The same tables as\n"
    "  those of a replay. No personal data is read.\n"
    "\n"
    "  Response is answer to first unit on scene. P90 is the smallest time that at\n"
    "  least 90 % do not exceed. Within target: of all that were reached, or waited\n"
    "  longer than the target in vain.\n"
    "\n"
    "OPTIONS\n"
    "  -j, --journal FILE the engine's journal (SIGAP_JOURNAL)\n"
    "  --from TIME        incidents answered from here, local time:\n"
    "                     2026-03-14 or '2026-03-14 07:05' (default: the beginning)\n"
    "  --until TIME       to here (default: now)\n"
    "  --zone NAME        of local time (default Asia/Jakarta)\n"
    "  --by GROUPING      all, priority, hour, station, kecamatan, kelurahan or\n"
    "                     hospital, transfer (default priority)\n"
    "  -g, --graph FILE   the city's road graph, for the page's maps\n" SGP_HELP_REPORT_FILES
    "  --json             print the tables as JSON, all intervals, times in seconds\n"
    "  --language id|en   language of the output and the page (SIGAP_LANGUAGE; default\n"
    "                     id)\n"
    "  --help             show this\n"
    "\n"
    "EXIT CODES\n"
    "  0 done, 1 no incident in that time, 2 usage or input error, 3 environment\n";

enum { OPTION_FROM = 256, OPTION_UNTIL, OPTION_ZONE, OPTION_BY };
static const struct option own_options[] = {{"journal", required_argument, NULL, 'j'},
                                            {"from", required_argument, NULL, OPTION_FROM},
                                            {"until", required_argument, NULL, OPTION_UNTIL},
                                            {"zone", required_argument, NULL, OPTION_ZONE},
                                            {"by", required_argument, NULL, OPTION_BY},
                                            {"graph", required_argument, NULL, 'g'},
                                            SGP_OPTIONS_REPORT_FILES,
                                            {0}};

typedef struct asked {
    sgp_options o;
    const char *journal, *graph_path, *zone, *from, *until;
    sgp_grouping grouping;
    sgp_report_files files;
    sgp_graph *graph;
    sgp_run run;
} asked;

static bool parse_grouping(const char *name, sgp_grouping *grouping) {
    for (int k = 0; k < SGP_GROUPINGS; k++) {
        if (strcmp(name, sgp_grouping_str((sgp_grouping)k)) == 0) {
            *grouping = (sgp_grouping)k;
            return true;
        }
    }
    return false;
}

static int take_option(asked *a, int option) {
    sgp_fault fault = {0};
    sgp_err err = SGP_OK;
    if (sgp_report_files_option(&a->files, option, optarg, &err, &fault))
        return err ? sgp_usage(&a->o, "%s", fault.text) : 0;
    switch (option) {
    case 'j':
        a->journal = optarg;
        break;
    case 'g':
        a->graph_path = optarg;
        break;
    case OPTION_FROM:
        a->from = optarg;
        break;
    case OPTION_UNTIL:
        a->until = optarg;
        break;
    case OPTION_ZONE:
        a->zone = optarg;
        break;
    case OPTION_BY:
        if (!parse_grouping(optarg, &a->grouping))
            return sgp_usage(&a->o,
                             "--by wants all, priority, hour, station, kecamatan, kelurahan, "
                             "hospital or transfer, not '%s'",
                             optarg);
        break;
    }
    return 0;
}

/* A day alone is its beginning. */
static bool parse_time(const char *text, int32_t utc_offset_s, int64_t *at_ms) {
    char with_clock[64];
    if (sgp_time_parse(text, utc_offset_s, at_ms))
        return true;
    return snprintf(with_clock, sizeof with_clock, "%s 00:00", text) < (int)sizeof with_clock &&
           sgp_time_parse(with_clock, utc_offset_s, at_ms);
}

static sgp_err read_span(const asked *a, sgp_journal_span *span, sgp_fault *fault) {
    sgp_city_time zone;
    sgp_err err = sgp_city_time_load(a->zone, &zone, fault);
    if (err != SGP_OK)
        return err;
    *span = (sgp_journal_span){.utc_offset_s = zone.offset_s[zone.n_changes],
                               .without_candidates = a->files.csv_folder == NULL};
    if (a->from != NULL && !parse_time(a->from, span->utc_offset_s, &span->from_ms))
        return sgp_fail(fault, SGP_E_FORMAT, "--from wants a time such as 2026-03-14, not '%s'",
                        a->from);
    if (a->until != NULL && !parse_time(a->until, span->utc_offset_s, &span->until_ms))
        return sgp_fail(fault, SGP_E_FORMAT, "--until wants a time such as 2026-03-14, not '%s'",
                        a->until);
    return SGP_OK;
}

static sgp_err make_report(asked *a, sgp_fault *fault) {
    sgp_journal_span span;
    sgp_err err = read_span(a, &span, fault);
    if (err == SGP_OK && a->graph_path != NULL)
        err = sgp_graph_open(a->graph_path, &a->graph, fault);
    if (err == SGP_OK)
        err = sgp_run_from_journal(a->journal, &span, &a->run, fault);
    if (err != SGP_OK)
        return err;
    if (a->graph != NULL) {
        const sgp_graph_parts *parts = sgp_graph_get(a->graph);
        a->files.map = parts;
        a->run.is_sketch = parts->is_sketch;
        snprintf(a->run.city, sizeof a->run.city, "%s", parts->name);
    }
    a->files.language = a->o.language;
    if (a->run.n_incidents == 0)
        return SGP_OK;
    err = sgp_report_files_add(&a->files, &a->run, fault);
    return err != SGP_OK ? err : sgp_report_files_finish(&a->files, fault);
}

static int print_tables(asked *a) {
    if (a->run.n_incidents == 0) {
        if (a->o.json)
            return sgp_print_json(json_pack("{s:[]}", "policies")) != 0 ? 3 : 1;
        puts(sgp_text_get(a->o.language, SGP_TEXT_NOTHING_FOUND));
        return 1;
    }
    if (a->o.json)
        return sgp_print_json(sgp_report_table_json(&a->files.comparison, a->grouping));
    sgp_err err = sgp_report_table_print(&a->files.comparison, a->grouping, a->o.language, stdout);
    if (err == SGP_OK)
        return 0;
    sgp_fault fault = {0};
    (void)sgp_fail(&fault, err, "no memory for the table");
    return sgp_complain(&a->o, &fault);
}

int app_report(int argc, char **argv) {
    asked a = {
        .journal = getenv("SIGAP_JOURNAL"), .zone = "Asia/Jakarta", .grouping = SGP_GROUP_PRIORITY};
    sgp_options_init(&a.o, "report", help);
    for (int c; (c = sgp_options_next(&a.o, argc, argv, own_options)) != -1;) {
        int wrong = take_option(&a, c);
        if (wrong != 0)
            return wrong;
    }
    if (a.o.ended)
        return a.o.exit_code;
    if (optind < argc)
        return sgp_usage(&a.o, "no operands are expected, not '%s'", argv[optind]);
    if (a.journal == NULL)
        return sgp_usage(&a.o, "--journal FILE is missing");
    sgp_fault fault = {0};
    int exit_code;
    sgp_err err = make_report(&a, &fault);
    if (err != SGP_OK) {
        fault.code = err;
        exit_code = sgp_complain(&a.o, &fault);
    } else {
        exit_code = print_tables(&a);
    }
    sgp_report_files_free(&a.files);
    sgp_run_free(&a.run);
    sgp_graph_close(a.graph);
    return exit_code;
}
