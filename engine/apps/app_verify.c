/* sigap verify: does PostgreSQL hold what the journal says? */
#include "apps/apps.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include <jansson.h>

#include "journal/projection.h"

static const char help[] =
    "NAME\n"
    "    sigap verify - compare the database with the journal\n"
    "\n"
    "SYNOPSIS\n"
    "    sigap verify --journal FILE --database CONNINFO [--json]\n"
    "\n"
    "DESCRIPTION\n"
    "    Reads the whole journal, checks every event against the chain of checksums,\n"
    "    works out every row that PostgreSQL should hold, and compares. Nothing is\n"
    "    changed, and the engine may go on meanwhile.\n"
    "\n"
    "OPTIONS\n"
    "    -j, --journal FILE       the engine's journal (SIGAP_JOURNAL)\n"
    "    -d, --database CONNINFO  where PostgreSQL is, e.g. 'host=/run/pg dbname=sigap'\n"
    "                             (SIGAP_DATABASE)\n"
    "        --json               print JSON\n"
    "    -h, --help               print this text\n"
    "\n"
    "EXIT STATUS\n"
    "    0 equal   1 they differ, or the database is behind   2 usage or a damaged or\n"
    "    foreign journal   3 a file or the database failed\n";

static int print_json(const sgp_projection_difference *d, bool equal) {
    json_t *json = json_pack("{s:b, s:I, s:I, s:I, s:I, s:I, s:I, s:s}", "equal", equal, "rows",
                             (json_int_t)d->rows, "differing", (json_int_t)d->differing, "missing",
                             (json_int_t)d->missing, "extra", (json_int_t)d->extra, "journal_seq",
                             (json_int_t)d->journal_seq, "cursor_seq", (json_int_t)d->cursor_seq,
                             "first", d->first);
    if (!json || json_dumpf(json, stdout, JSON_INDENT(2)) != 0) {
        json_decref(json);
        fprintf(stderr, "sigap verify: cannot print JSON\n");
        return 3;
    }
    putchar('\n');
    json_decref(json);
    return equal ? 0 : 1;
}

static int print_words(const sgp_projection_difference *d, bool equal) {
    printf("journal: %" PRIu64 " events, every checksum fits\n", d->journal_seq);
    if (d->cursor_seq < d->journal_seq)
        printf("database: %" PRIu64 " events behind (at event %" PRIu64 ")\n",
               d->journal_seq - d->cursor_seq, d->cursor_seq);
    else if (d->cursor_seq > d->journal_seq)
        printf("database: ahead of the journal (at event %" PRIu64 ")\n", d->cursor_seq);
    else
        printf("database: at event %" PRIu64 "\n", d->cursor_seq);
    printf("rows: %" PRIu64 " in the journal, %" PRIu64 " differing, %" PRIu64 " missing, %" PRIu64
           " too many\n",
           d->rows, d->differing, d->missing, d->extra);
    if (*d->first)
        printf("first difference: %s\n", d->first);
    puts(equal ? "equal" : "NOT equal");
    return equal ? 0 : 1;
}

int app_verify(int argc, char **argv) {
    static const struct option own[] = {{"journal", required_argument, NULL, 'j'},
                                        {"database", required_argument, NULL, 'd'},
                                        {"json", no_argument, NULL, 'J'},
                                        {"help", no_argument, NULL, 'h'},
                                        {NULL, 0, NULL, 0}};
    const char *journal = getenv("SIGAP_JOURNAL"), *database = getenv("SIGAP_DATABASE");
    bool json = false;
    int option;
    optind = 1;
    while ((option = getopt_long(argc, argv, "j:d:h", own, NULL)) != -1) {
        switch (option) {
        case 'j':
            journal = optarg;
            break;
        case 'd':
            database = optarg;
            break;
        case 'J':
            json = true;
            break;
        case 'h':
            fputs(help, stdout);
            return 0;
        default:
            fprintf(stderr, "sigap verify: see sigap verify --help\n");
            return 2;
        }
    }
    if (optind != argc || !journal || !database) {
        fprintf(stderr, "sigap verify: needs --journal FILE and --database CONNINFO;"
                        " see sigap verify --help\n");
        return 2;
    }
    sgp_projection_difference difference;
    sgp_fault fault = {0};
    sgp_err err = sgp_projection_verify(journal, database, &difference, &fault);
    if (err) {
        fprintf(stderr, "sigap verify: %s\n", fault.text);
        return sgp_err_exit_code(err);
    }
    bool equal = !difference.differing && !difference.missing && !difference.extra &&
                 difference.cursor_seq == difference.journal_seq;
    return json ? print_json(&difference, equal) : print_words(&difference, equal);
}
