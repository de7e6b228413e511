/* The files that a report is written to, the same for `sigap report` and `sigap replay`: each run
 * is added as soon as it is there and may be freed then; the end writes what needs all of them.
 *
 *     sgp_report_files files = {.html = "year.html", .csv_folder = "year"};
 *     for each run: sgp_report_files_add(&files, &run, &fault)
 *     sgp_report_files_finish(&files, &fault); ... files.comparison ...
 *     sgp_report_files_free(&files);
 */
#ifndef SGP_APPS_REPORT_FILES_H
#define SGP_APPS_REPORT_FILES_H

#include <stdio.h>

#include "apps/texts.h"
#include "base/new_file.h"
#include "replay/report_anonymous.h"
#include "replay/report_comparison.h"
#include "sigap/graph.h"

typedef struct sgp_report_files {
    const char *html;       /* file; NULL = none */
    const char *csv_folder; /* made where absent: calls, jobs, candidates, tables, outcomes .csv */
    const char *anonymous;  /* file; the first run of the first policy alone */
    sgp_anonymous_options anonymity;
    sgp_language language;
    const sgp_graph_parts *map; /* for the page's maps; NULL = none */

    sgp_comparison comparison;
    sgp_anonymous_count anonymous_count; /* what the anonymous file holds */
    bool anonymous_written;
    sgp_new_file calls, jobs, candidates; /* open while runs come */
} sgp_report_files;

/* The options that both commands have, as entries of their getopt tables; sgp_report_files_option
 * takes them in. The numbers are above those that commands use themselves. */
enum { SGP_OPTION_HTML = 512, SGP_OPTION_CSV, SGP_OPTION_ANONYMOUS, SGP_OPTION_ANONYMOUS_K };
#define SGP_OPTIONS_REPORT_FILES                                                                   \
    {"html", required_argument, NULL, SGP_OPTION_HTML},                                            \
        {"csv", required_argument, NULL, SGP_OPTION_CSV},                                          \
        {"anonymous", required_argument, NULL, SGP_OPTION_ANONYMOUS}, {                            \
        "anonymous-k", required_argument, NULL, SGP_OPTION_ANONYMOUS_K                             \
    }

/* What --help says of the options that both commands have. */
#define SGP_HELP_REPORT_FILES                                                                      \
    "  --html FILE        one page with tables, plots and maps that opens offline\n"               \
    "  --csv FOLDER       calls.csv, jobs.csv, candidates.csv, tables.csv and outcomes.csv:\n"     \
    "                     exact places and times, for planners of the service alone\n"             \
    "  --anonymous FILE   calls to hand on: time and place rounded until each call is\n"           \
    "                     like others at other places; see --anonymous-k\n"                        \
    "  --anonymous-k N    like at least N - 1 others (2 to 1000, default 5)\n"

/* False: it is none of these. A wrong value is SGP_E_ARGUMENT with a sentence in `fault`, and
 * `*err`. `value` is borrowed. */
bool sgp_report_files_option(sgp_report_files *files, int option, const char *value, sgp_err *err,
                             sgp_fault *fault);

/* Writes the run's rows and keeps its summary. */
sgp_err sgp_report_files_add(sgp_report_files *files, const sgp_run *run,
                             sgp_fault *fault) SGP_MUST_USE;
/* Writes tables.csv, outcomes.csv and the page, gives all files their names (whoever is interrupted before leaves
 * older files of these names as they were), closes everything, and says on standard error what the
 * anonymous file holds and what had to be left out of it. */
sgp_err sgp_report_files_finish(sgp_report_files *files, sgp_fault *fault) SGP_MUST_USE;
void sgp_report_files_free(sgp_report_files *files);

#endif
