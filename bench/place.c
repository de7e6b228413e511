/* bench-place: how often the geocoder is right, how far off it is, and how long it takes.
 *
 * Cities are imported into a PostGIS as a user would import them, and the rows of tests/places
 * are put to the placer on an event loop, as in the engine. What counts as right is in
 * tests/places/README.md.
 */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gis/import.h"
#include "support/cities.h"
#include "support/database.h"
#include "support/place_asker.h"
#include "support/place_million.h"

static const char HELP[] =
    "Asks the geocoder rows whose answers are known.\n"
    "\n"
    "  bench-place [OPTIONS] [SET ...]\n"
    "\n"
    "Sets: malang, jakarta, porto, monaco, oslo (tests/places/*.csv), typing (street names of\n"
    "Jakarta with one or two random typing errors, drawn by --seed). Without any: all whose\n"
    "extract is under SIGAP_DATA. Prints hit@1, hit@3, median and 95th percentile of the error in\n"
    "metres, and the time of a look-up, by kind of place.\n"
    "\n"
    "  --cases FILE.csv       this file's rows instead, asked of the sketch or of --extract\n"
    "  --extract FILE.osm.pbf the city to ask\n"
    "  --hidden SEED          the hidden half, drawn by the seed (the commit's hash): totals only\n"
    "  --show-hidden          its misses too, with --misses\n"
    "  --misses N             the first N rows that were not right, with what was answered\n"
    "  --in-flight N          look-ups on their way at once (8)\n"
    "  --rounds N             ask all rows so many times: steadier times (1)\n"
    "  --rows N               a gazetteer of N made-up names; measures time there\n"
    "  --seed TEXT            of the made-up names and of the set typing (112)\n"
    "  --database CONNINFO    a PostGIS; otherwise SIGAP_DATABASE, or a private one\n"
    "  --keep                 leave what was imported in the database\n"
    "  --json FILE            one flat object for each set\n"
    "  --at-least-hit1 PERCENT, --at-least-hit3 PERCENT   exit 1 where a set has less\n";

typedef struct wishes {
    const char *cases, *extract, *hidden, *database, *json, *seed;
    bool show_hidden, keep;
    size_t misses, in_flight, rounds, rows;
    double least_hit1, least_hit3;
} wishes;

typedef struct asking_set {
    const wishes *wishes;
    bench_scores scores;
    size_t told;
    bool secret;
} asking_set;

static FILE *json;
static bool below;

static const char *data_folder(void) {
    const char *data = getenv("SIGAP_DATA");
    return data && *data ? data : "../shared/data";
}

/* ---- one row ------------------------------------------------------------------------ */

static void tell_miss(const bench_place_row *row, const bench_place_answer *answer) {
    printf("\n  \"%s\"%s%s\n    %s, %s, line %zu: %.5f,%.5f within %.0f m\n    heard %s\n",
           row->query, row->n_earlier > 0 ? " after " : "",
           row->n_earlier > 0 ? row->earlier[0] : "", row->kind, row->garble, row->line,
           sgp_lat(row->expected[0]), sgp_lon(row->expected[0]), row->tolerance_m[0],
           answer->heard);
    if (answer->n == 0)
        printf("    no answer: %s\n", sgp_err_message(answer->err));
    for (size_t i = 0; i < answer->n && i < 4; i++) {
        bool hit;
        double away = bench_place_miss_m(row, answer->places[i].point, &hit);
        printf("    %zu. %-44s %-9s %4d  %7.0f m%s  [%s]\n", i + 1, answer->places[i].label,
               sgp_place_kind_str(answer->places[i].kind), answer->places[i].confidence_permille,
               away, hit ? " hit" : "", answer->why[i]);
    }
}

static void answered(void *ctx, const bench_place_row *row, const bench_place_answer *answer) {
    asking_set *set = ctx;
    if (bench_score_take(&set->scores, row, answer) || set->secret)
        return;
    if (set->told < set->wishes->misses) {
        if (set->told++ == 0)
            printf("\nMisses\n");
        tell_miss(row, answer);
    }
}

/* ---- cities ---------------------------------------------------------------------------- */

static void run(const char *command) {
    if (system(command) == 0)
        return;
    fprintf(stderr, "bench-place: this failed: %s\n", command);
    exit(3);
}

/* A program that lies beside this one. */
static const char *beside(const char *program) {
    static char path[600];
    char self[512];
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    self[length > 0 ? length : 0] = '\0';
    char *slash = strrchr(self, '/');
    snprintf(path, sizeof path, "%.*s/%s", slash ? (int)(slash - self) : 0, self, program);
    return path;
}

static void draw_sketch(char path[512]) {
    char command[1300];
    snprintf(path, 512, "%s/sketch.osm.pbf", bench_folder());
    if (access(path, R_OK) == 0)
        return;
    snprintf(command, sizeof command, "'%s' '%s' >/dev/null", beside("sigap-sketch"), path);
    run(command);
}

typedef struct opened_city {
    bench_asker *asker;
    sgp_import_result result;
} opened_city;

static opened_city open_city(const char *conninfo, const char *extract) {
    opened_city city;
    sgp_fault fault = {SGP_OK, ""};
    sgp_import_options options = {
        .extract = extract, .graph_dir = bench_folder(), .conninfo = conninfo};
    if (sgp_import(&options, &city.result, &fault) != SGP_OK) {
        fprintf(stderr, "bench-place: %s: %s\n", extract, fault.text);
        exit(3);
    }
    city.asker = bench_asker_create(conninfo, &city.result.city, city.result.graph_path);
    return city;
}

/* What this program brought into the database, it takes out again. */
static void close_city(const char *conninfo, const opened_city *city, const wishes *w) {
    bench_asker_destroy(city->asker);
    if (!w->keep && !city->result.already_there)
        bench_database_forget(conninfo, &city->result.city);
}

/* ---- sets ---------------------------------------------------------------------------------- */

static void ask_rows(bench_asker *asker, const bench_place_rows *rows, const char *name,
                     const wishes *w, bool secret) {
    asking_set set = {.wishes = w, .secret = secret && !w->show_hidden};
    bench_asking asking = {.in_flight = w->in_flight,
                           .explain = w->misses > 0 && !set.secret,
                           .answered = answered,
                           .ctx = &set};
    for (size_t i = 0; i < w->rounds; i++)
        bench_asker_ask(asker, rows->list, rows->n, &asking);
    bench_score_print(&set.scores, name, stdout);
    if (json && !bench_score_write_json(&set.scores, name, json)) {
        fprintf(stderr, "bench-place: %s cannot be written\n", w->json);
        exit(3);
    }
    if (100 * bench_score_hit1(&set.scores.all) < w->least_hit1 ||
        100 * bench_score_hit3(&set.scores.all) < w->least_hit3) {
        fprintf(stderr, "bench-place: %s is below what is asked for\n", name);
        below = true;
    }
    bench_score_free(&set.scores);
}

static void read_rows(const char *path, bench_place_rows *rows) {
    sgp_fault fault = {SGP_OK, ""};
    if (bench_place_rows_read(path, rows, &fault) != SGP_OK) {
        fprintf(stderr, "bench-place: %s\n", fault.text);
        exit(fault.code == SGP_E_IO ? 3 : 2);
    }
}

/* Rows that place_cases draws now. */
static void draw_rows(const char *options, const char *extract, bench_place_rows *rows) {
    char path[512], command[2400];
    snprintf(path, sizeof path, "%s/drawn.csv", bench_folder());
    snprintf(command, sizeof command, "'%s' %s -o '%s' '%s'", beside("place_cases"), options, path,
             extract);
    run(command);
    read_rows(path, rows);
}

static bool plain_seed(const char *seed) {
    return *seed && strspn(seed, "0123456789abcdefABCDEF") == strlen(seed);
}

static void ask_hidden(const char *conninfo, const wishes *w) {
    char extract[512], options[1200], names[512], name[96];
    bench_place_rows rows = {0};
    draw_sketch(extract);
    snprintf(names, sizeof names, "%s/malang/cctv_points.csv", data_folder());
    bool real = access(names, R_OK) == 0;
    if (!real)
        fprintf(stderr, "bench-place: no villages and cameras under %s: left out\n", data_folder());
    snprintf(options, sizeof options, "--hidden --seed %s %s%s%s", w->hidden,
             real ? "--data '" : "", real ? data_folder() : "", real ? "'" : "");
    draw_rows(options, extract, &rows);
    opened_city city = open_city(conninfo, extract);
    snprintf(name, sizeof name, "hidden %.64s", w->hidden);
    ask_rows(city.asker, &rows, name, w, true);
    close_city(conninfo, &city, w);
    bench_place_rows_free(&rows);
}

static void read_committed(const char *name, bench_place_rows *rows) {
    char path[512];
    snprintf(path, sizeof path, "%s/tests/places/%s.csv", SIGAP_SOURCE_DIR, name);
    read_rows(path, rows);
}

static void ask_million(const char *conninfo, const wishes *w) {
    char sketch[512], jakarta[512];
    bench_place_rows rows = {0};
    draw_sketch(sketch);
    snprintf(jakarta, sizeof jakarta, "%s/osm/jakarta-2012.osm.pbf", data_folder());
    read_committed("malang_said", &rows);
    read_committed("malang_drawn", &rows);
    bench_million_options options = {.conninfo = conninfo,
                                     .sketch = sketch,
                                     .more = access(jakarta, R_OK) == 0 ? jakarta : NULL,
                                     .names = w->rows,
                                     .seed = strtoull(w->seed, NULL, 16),
                                     .in_flight = w->in_flight,
                                     .keep = w->keep};
    bench_million(&options, &rows, json);
    bench_place_rows_free(&rows);
}

typedef struct known_set {
    const char *name, *extract; /* NULL: the sketch */
    const char *files[3];
    const char *drawn; /* options of place_cases */
} known_set;

static const known_set SETS[] = {
    {"malang", NULL, {"malang_said", "malang_drawn", "malang_km"}, NULL},
    {"jakarta", "jakarta-2012", {"jakarta"}, NULL},
    {"typing", "jakarta-2012", {NULL}, "--set typing"},
    {"porto", "porto_portugal", {"porto"}, NULL},
    {"monaco", "osrm_monaco", {"monaco"}, NULL},
    {"oslo", "oslo-east", {"oslo"}, NULL},
};

static void ask_known(const char *conninfo, const known_set *set, const wishes *w) {
    char extract[512], options[200];
    bench_place_rows rows = {0};
    if (set->extract)
        snprintf(extract, sizeof extract, "%s/osm/%s.osm.pbf", data_folder(), set->extract);
    else
        draw_sketch(extract);
    if (access(extract, R_OK) != 0) {
        fprintf(stderr, "bench-place: %s is not there: %s is left out\n", extract, set->name);
        return;
    }
    for (size_t i = 0; i < 3 && set->files[i]; i++)
        read_committed(set->files[i], &rows);
    if (set->drawn) {
        snprintf(options, sizeof options, "%s --seed %s", set->drawn, w->seed);
        draw_rows(options, extract, &rows);
    }
    opened_city city = open_city(conninfo, extract);
    ask_rows(city.asker, &rows, set->name, w, false);
    close_city(conninfo, &city, w);
    bench_place_rows_free(&rows);
}

static void ask_file(const char *conninfo, const wishes *w) {
    char sketch[512];
    bench_place_rows rows = {0};
    read_rows(w->cases, &rows);
    if (!w->extract)
        draw_sketch(sketch);
    opened_city city = open_city(conninfo, w->extract ? w->extract : sketch);
    ask_rows(city.asker, &rows, w->cases, w, false);
    close_city(conninfo, &city, w);
    bench_place_rows_free(&rows);
}

static int ask_sets(const char *conninfo, const wishes *w, char **names, int n) {
    enum { ALL = sizeof SETS / sizeof *SETS };
    for (int i = 0; i < n; i++) {
        bool known = false;
        for (size_t k = 0; k < ALL; k++)
            known = known || strcmp(names[i], SETS[k].name) == 0;
        if (!known) {
            fprintf(stderr, "bench-place: there is no set '%s'; see --help\n", names[i]);
            return 2;
        }
    }
    for (size_t k = 0; k < ALL; k++) {
        bool wanted = n == 0;
        for (int i = 0; i < n; i++)
            wanted = wanted || strcmp(names[i], SETS[k].name) == 0;
        if (wanted)
            ask_known(conninfo, &SETS[k], w);
    }
    return 0;
}

/* ---- options --------------------------------------------------------------------------------- */

static bool count(const char *text, size_t least, size_t *value) {
    char *end;
    unsigned long long n = strtoull(text, &end, 10);
    *value = (size_t)n;
    return *text >= '0' && *text <= '9' && *end == '\0' && n >= least && n <= 100000000;
}

static bool percent(const char *text, double *value) {
    char *end;
    *value = strtod(text, &end);
    return end != text && *end == '\0' && *value >= 0 && *value <= 100;
}

static const struct option LONG[] = {{"cases", required_argument, NULL, 'c'},
                                     {"extract", required_argument, NULL, 'e'},
                                     {"hidden", required_argument, NULL, 'h'},
                                     {"show-hidden", no_argument, NULL, 'H'},
                                     {"misses", required_argument, NULL, 'm'},
                                     {"in-flight", required_argument, NULL, 'f'},
                                     {"rounds", required_argument, NULL, 'o'},
                                     {"rows", required_argument, NULL, 'r'},
                                     {"seed", required_argument, NULL, 's'},
                                     {"database", required_argument, NULL, 'd'},
                                     {"json", required_argument, NULL, 'j'},
                                     {"at-least-hit1", required_argument, NULL, '1'},
                                     {"at-least-hit3", required_argument, NULL, '3'},
                                     {"help", no_argument, NULL, '?'},
                                     {"keep", no_argument, NULL, 'k'},
                                     {NULL, 0, NULL, 0}};

/* False: the option is wrong. */
static bool take_option(int option, wishes *w) {
    switch (option) {
    case 'c':
        w->cases = optarg;
        return true;
    case 'e':
        w->extract = optarg;
        return true;
    case 'h':
        w->hidden = optarg;
        return plain_seed(optarg);
    case 'H':
        w->show_hidden = true;
        return true;
    case 'k':
        w->keep = true;
        return true;
    case 'm':
        return count(optarg, 0, &w->misses);
    case 'f':
        return count(optarg, 1, &w->in_flight) && w->in_flight <= 64;
    case 'o':
        return count(optarg, 1, &w->rounds);
    case 'r':
        return count(optarg, 1000, &w->rows);
    case 's':
        w->seed = optarg;
        return plain_seed(optarg);
    case 'd':
        w->database = optarg;
        return true;
    case 'j':
        w->json = optarg;
        return true;
    case '1':
        return percent(optarg, &w->least_hit1);
    case '3':
        return percent(optarg, &w->least_hit3);
    default:
        return false;
    }
}

int main(int argc, char **argv) {
    wishes w = {.seed = "112", .in_flight = 8, .rounds = 1};
    for (int option; (option = getopt_long(argc, argv, "", LONG, NULL)) != -1;) {
        if (option == '?' && optopt == 0 && strcmp(argv[optind - 1], "--help") == 0) {
            fputs(HELP, stdout);
            return 0;
        }
        if (!take_option(option, &w)) {
            fprintf(stderr, "bench-place: %s makes no sense; see --help\n", argv[optind - 1]);
            return 2;
        }
    }
    setlinebuf(stdout);
    if (w.json && !(json = fopen(w.json, "w"))) {
        perror(w.json);
        return 3;
    }
    bench_folder(); /* before the database, so that it is removed after it has stopped */
    const char *conninfo = bench_database(w.database);
    int code = 0;
    if (w.rows > 0)
        ask_million(conninfo, &w);
    else if (w.hidden)
        ask_hidden(conninfo, &w);
    else if (w.cases)
        ask_file(conninfo, &w);
    else
        code = ask_sets(conninfo, &w, argv + optind, argc - optind);
    if (json && fclose(json) != 0)
        code = 3;
    return code != 0 ? code : below ? 1 : 0;
}
