#include "support/place_million.h"

#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "gis/import.h"
#include "support/cities.h"
#include "support/database.h"
#include "support/place_asker.h"
#include "support/place_province.h"

/* Names that one copy of the sketch gives, so that enough copies are made. */
enum { NAMES_A_COPY = 25000, LOOK_UPS = 4000, TYPED = 300 };

typedef struct tally {
    bench_samples times;
    size_t answered, places, failed;
    int64_t cpu_ns; /* of this thread */
} tally;

static void take(void *ctx, const bench_place_row *row, const bench_place_answer *answer) {
    tally *t = ctx;
    (void)row;
    bench_add(&t->times, answer->ns);
    t->answered += answer->n > 0;
    t->places += answer->n;
    t->failed += answer->err != SGP_OK && answer->err != SGP_E_ARGUMENT;
}

static void must(sgp_err err, const sgp_fault *fault) {
    if (err == SGP_OK)
        return;
    fprintf(stderr, "bench-place: %s\n", fault->text);
    exit(3);
}

/* The import takes minutes: which phase began when. */
typedef struct phases {
    int64_t begun_ns;
    char last[64];
} phases;

static int tell_phase(void *ctx, const char *phase, uint64_t done, uint64_t total) {
    phases *p = ctx;
    (void)done;
    (void)total;
    if (strcmp(p->last, phase) != 0)
        fprintf(stderr, "%7.1f s  %s\n", (double)(bench_wall_ns() - p->begun_ns) / 1e9, phase);
    snprintf(p->last, sizeof p->last, "%s", phase);
    return 0;
}

static char *text_in(const bench_province *province, size_t copy, const char *text) {
    char said[1000];
    bench_province_text(province, copy, text, said, sizeof said);
    return strdup(said);
}

/* The rows as they are said in towns of the province; coarse positions and points mean nothing. */
static void add_look_ups(const bench_province *province, size_t copies, uint64_t *random,
                         const bench_place_rows *rows, bench_place_rows *asked) {
    asked->list = calloc(LOOK_UPS, sizeof *asked->list);
    for (size_t i = 0; asked->list && i < LOOK_UPS; i++) {
        const bench_place_row *row = &rows->list[sgp_random_below(random, rows->n)];
        size_t copy = sgp_random_below(random, copies);
        bench_place_row *made = &asked->list[asked->n++];
        made->limit = 1;
        made->query = text_in(province, copy, row->query);
        made->n_earlier = row->n_earlier;
        for (size_t k = 0; k < row->n_earlier; k++)
            made->earlier[k] = text_in(province, copy, row->earlier[k]);
    }
}

/* "jalan kaw", "jalan kawi" ...: every key from the third letter on. */
static void add_typed(const bench_province *province, size_t copies, uint64_t *random,
                      const bench_place_rows *rows, bench_place_rows *typed) {
    typed->list = calloc((size_t)TYPED * 48, sizeof *typed->list);
    for (size_t i = 0; typed->list && i < TYPED;) {
        const bench_place_row *row = &rows->list[sgp_random_below(random, rows->n)];
        if (strcmp(row->garble, "clean") != 0)
            continue;
        char *whole = text_in(province, sgp_random_below(random, copies), row->query);
        size_t length = strlen(whole);
        for (size_t n = 3; n <= length && n < 48; n++) {
            if ((whole[n] & 0xC0) == 0x80)
                continue; /* not within a letter */
            bench_place_row *made = &typed->list[typed->n++];
            made->limit = 1;
            made->query = strndup(whole, n);
        }
        free(whole);
        i++;
    }
}

static void report(tally *look_ups, tally *typed, const sgp_import_result *city, size_t in_flight,
                   FILE *json) {
    bench_sheet sheet = {0};
    snprintf(sheet.data, sizeof sheet.data, "rows");
    snprintf(sheet.title, sizeof sheet.title,
             "a made-up province: %llu names, %llu house numbers, %llu places, %llu areas",
             (unsigned long long)city->names, (unsigned long long)city->addresses,
             (unsigned long long)city->places, (unsigned long long)city->areas);
    bench_put(&sheet, "names", (double)city->names, "names in the gazetteer");
    bench_put(&sheet, "import_s", (double)(city->graph_ms + city->database_ms) / 1e3,
              "import, graph and database, s");
    bench_put(&sheet, "lookup_median_us", bench_median_ns(&look_ups->times) / 1e3,
              "look-up, median of %zu with %zu in flight, us", look_ups->times.n, in_flight);
    bench_put(&sheet, "lookup_p99_us", bench_share_ns(&look_ups->times, 0.99) / 1e3,
              "look-up, 99th percentile, us");
    bench_put(&sheet, "lookup_engine_cpu_us",
              (double)look_ups->cpu_ns / 1e3 / (double)look_ups->times.n,
              "processor time of the engine's thread for one, mean, us");
    bench_put(&sheet, "complete_median_us", bench_median_ns(&typed->times) / 1e3,
              "autocomplete, median of %zu keys, one after the other, us", typed->times.n);
    bench_put(&sheet, "complete_p99_us", bench_share_ns(&typed->times, 0.99) / 1e3,
              "autocomplete, 99th percentile, us");
    bench_put(&sheet, "answered_percent",
              100.0 * (double)look_ups->answered / (double)look_ups->times.n,
              "look-ups with at least one place, %%");
    bench_put(&sheet, "failed", (double)(look_ups->failed + typed->failed),
              "look-ups that failed or ran out of time");
    bench_print(&sheet, stdout);
    if (json && !bench_write_json(&sheet, json))
        exit(3);
}

void bench_million(const bench_million_options *o, const bench_place_rows *rows, FILE *json) {
    sgp_fault fault = {SGP_OK, ""};
    bench_province *province = NULL;
    char extract[512];
    size_t copies = (o->names + NAMES_A_COPY - 1) / NAMES_A_COPY;
    snprintf(extract, sizeof extract, "%s/province.osm.pbf", bench_folder());
    must(bench_province_create(o->sketch, o->more, o->seed, &province, &fault), &fault);
    must(bench_province_write(province, copies, extract, &fault), &fault);
    fprintf(stderr, "bench-place: %zu towns are written; the import takes minutes\n", copies);
    phases told = {.begun_ns = bench_wall_ns()};
    sgp_import_options options = {.extract = extract,
                                  .progress = {.report = tell_phase, .ctx = &told},
                                  .graph_dir = bench_folder(),
                                  .conninfo = o->conninfo,
                                  .memory_mb = 1024,
                                  .threads = 2};
    sgp_import_result city;
    must(sgp_import(&options, &city, &fault), &fault);
    bench_asker *asker = bench_asker_create(o->conninfo, &city.city, city.graph_path);
    bench_place_rows asked = {0}, keys = {0};
    uint64_t random = o->seed;
    add_look_ups(province, copies, &random, rows, &asked);
    add_typed(province, copies, &random, rows, &keys);
    tell_phase(&told, "asking", 0, 0);
    tally warm = {0}, look_ups = {0}, typed = {0};
    bench_asking asking = {.in_flight = o->in_flight, .answered = take, .ctx = &warm};
    bench_asker_ask(asker, asked.list, asked.n / 4, &asking); /* the database's pages are read */
    asking.ctx = &look_ups;
    look_ups.cpu_ns = -bench_cpu_ns();
    bench_asker_ask(asker, asked.list, asked.n, &asking);
    look_ups.cpu_ns += bench_cpu_ns();
    bench_asking typing = {.in_flight = 1, .complete = true, .answered = take, .ctx = &typed};
    bench_asker_ask(asker, keys.list, keys.n, &typing);
    report(&look_ups, &typed, &city, o->in_flight, json);
    bench_asker_destroy(asker);
    if (!o->keep && !city.already_there)
        bench_database_forget(o->conninfo, &city.city);
    bench_forget(&warm.times);
    bench_forget(&look_ups.times);
    bench_forget(&typed.times);
    bench_place_rows_free(&asked);
    bench_place_rows_free(&keys);
    bench_province_destroy(province);
}
