#include "apps/station_table.h"

#include <inttypes.h>
#include <stdlib.h>

#include "apps/options.h"
#include "apps/print.h"

enum { NAME_BYTES = 160 };

/* What some stations are worth by every measure. */
typedef struct worth {
    uint32_t units, stations;
    double within, expected; /* shares of the weight */
    double mean_min;         /* below 0: nobody is reached */
    double worst_min;        /* below 0: a zone has no way */
} worth;

static worth measure(const sgp_siting_ask *ask, uint32_t *units) {
    worth w = {0};
    sgp_siting_ask question = *ask;
    sgp_siting value = {.units = units};
    int64_t total = 0;
    for (uint32_t z = 0; z < ask->model->n_zones; z++)
        total += ask->model->weight[z];
    for (uint32_t j = 0; j < ask->model->n_posts; j++) {
        w.units += units[j];
        w.stations += units[j] > 0;
    }
    question.question = SGP_SITING_MCLP;
    if (sgp_siting_value(&question, &value) == SGP_OK)
        w.within = (double)value.value / (double)total;
    question.question = SGP_SITING_MEXCLP;
    if (sgp_siting_value(&question, &value) == SGP_OK)
        w.expected = (double)value.value / (double)SGP_COVERAGE_ONE / (double)total;
    w.mean_min = value.mean_ms / 60000;
    w.worst_min = (double)value.worst_ms / 60000;
    return w;
}

/* The question about the stations of one file: a unit for each line. */
static sgp_err ask_of(const sgp_station_plans *plans, const sgp_station_plan *plan,
                      sgp_coverage_model *model, sgp_siting_ask *ask, uint32_t **units) {
    *model = plans->model;
    model->n_posts = (uint32_t)plan->n;
    model->ms = plans->ms + plan->first * model->n_zones;
    *ask = plans->ask;
    ask->model = model;
    *units = calloc(plan->n + 1, sizeof **units);
    if (!*units)
        return SGP_E_MEMORY;
    for (size_t i = 0; i < plan->n; i++)
        (*units)[i] = 1;
    return SGP_OK;
}

sgp_err sgp_station_plans_compare(sgp_station_plans *plans, sgp_fault *fault) {
    sgp_err err = SGP_OK;
    for (size_t i = 0; i < plans->n_compared && !err; i++) {
        sgp_station_plan *plan = &plans->compared[i];
        sgp_coverage_model model;
        sgp_siting_ask ask;
        err = ask_of(plans, plan, &model, &ask, &plan->worth.units);
        if (!err)
            err = sgp_siting_value(&ask, &plan->worth);
    }
    return err ? sgp_fail(fault, err, "no memory for the comparison") : SGP_OK;
}

void sgp_station_plans_free(sgp_station_plans *plans) {
    for (size_t i = 0; i < plans->n_compared; i++)
        sgp_siting_free(&plans->compared[i].worth);
    sgp_place_list_free(&plans->sites);
    sgp_zones_free(&plans->zones);
    sgp_siting_free(&plans->answer);
    free(plans->weight);
    free(plans->ms);
    *plans = (sgp_station_plans){0};
}

/* ---- what each station serves -------------------------------------------------- */

typedef struct served {
    int64_t weight; /* of the zones that it is nearest to */
    double mean_min;
} served;

/* served[n_sites] of the chosen stations; ties go to the first. */
static void share_out(const sgp_station_plans *plans, served *to) {
    const sgp_coverage_model *m = &plans->model;
    for (uint32_t z = 0; z < m->n_zones; z++) {
        uint32_t nearest = m->n_posts;
        int64_t least = -1;
        for (uint32_t j = 0; j < m->n_posts; j++) {
            int64_t ms = m->ms[(size_t)j * m->n_zones + z];
            if (plans->answer.units[j] && ms >= 0 && (least < 0 || ms < least)) {
                nearest = j;
                least = ms;
            }
        }
        if (nearest == m->n_posts)
            continue;
        to[nearest].weight += m->weight[z];
        to[nearest].mean_min += (double)m->weight[z] * (double)least / 60000;
    }
    for (uint32_t j = 0; j < m->n_posts; j++)
        to[j].mean_min = to[j].weight ? to[j].mean_min / (double)to[j].weight : 0;
}

/* ---- for people ---------------------------------------------------------------- */

static sgp_err print_stations(const sgp_station_plans *plans, sgp_language language,
                              const served *shares) {
    const char *headers[] = {sgp_text_get(language, SGP_TEXT_COLUMN_STATION),
                             sgp_text_get(language, SGP_TEXT_COLUMN_POINT),
                             sgp_text_get(language, SGP_TEXT_COLUMN_UNITS),
                             sgp_text_get(language, SGP_TEXT_COLUMN_NEAREST_SHARE),
                             sgp_text_get(language, SGP_TEXT_COLUMN_MEAN_MINUTES)};
    sgp_sheet *sheet = NULL;
    sgp_err err = sgp_sheet_create(headers, 5, &sheet);
    for (size_t j = 0; j < plans->n_sites && !err; j++) {
        if (!plans->answer.units[j])
            continue;
        const sgp_listed_place *site = &plans->sites.places[j];
        char name[NAME_BYTES];
        sgp_plain_text(site->rest[0] ? site->rest : "-", name, sizeof name);
        sgp_sheet_cell(sheet, j < plans->n_keep ? SGP_PLAIN : SGP_BOLD, "%s%s", name,
                       j < plans->n_keep ? sgp_text_get(language, SGP_TEXT_STATION_STAYS) : "");
        sgp_sheet_cell(sheet, SGP_DIM, "%.6f,%.6f", sgp_lon(site->point), sgp_lat(site->point));
        sgp_sheet_cell(sheet, SGP_PLAIN, "%u", plans->answer.units[j]);
        sgp_sheet_cell(sheet, SGP_PLAIN, "%.1f %%",
                       100.0 * (double)shares[j].weight / (double)plans->zones.weight);
        sgp_sheet_cell(sheet, SGP_PLAIN, "%.1f", shares[j].mean_min);
    }
    if (!err)
        sgp_sheet_print(sheet, stdout);
    sgp_sheet_destroy(sheet);
    return err;
}

static void add_minutes(sgp_sheet *sheet, double minutes) {
    if (minutes < 0)
        sgp_sheet_cell(sheet, SGP_RED, "-");
    else
        sgp_sheet_cell(sheet, SGP_PLAIN, "%.2f", minutes);
}

static void add_worth(sgp_sheet *sheet, const char *name, const worth *w) {
    sgp_sheet_cell(sheet, SGP_BOLD, "%s", name);
    sgp_sheet_cell(sheet, SGP_PLAIN, "%u", w->units);
    sgp_sheet_cell(sheet, SGP_PLAIN, "%.2f %%", w->within * 100);
    sgp_sheet_cell(sheet, SGP_PLAIN, "%.2f %%", w->expected * 100);
    add_minutes(sheet, w->mean_min);
    add_minutes(sheet, w->worst_min);
}

static sgp_err print_worths(const sgp_station_plans *plans, sgp_language language) {
    char minutes[24], within[96], busy[24], expected[96];
    snprintf(minutes, sizeof minutes, "%g", (double)plans->model.target_ms / 60000);
    snprintf(busy, sizeof busy, "%g", plans->model.busy_permille / 10.0);
    sgp_text_fill(within, sizeof within, language, SGP_TEXT_COLUMN_WITHIN, "minutes", minutes,
                  NULL);
    sgp_text_fill(expected, sizeof expected, language, SGP_TEXT_COLUMN_EXPECTED, "busy", busy,
                  NULL);
    const char *headers[] = {sgp_text_get(language, SGP_TEXT_COLUMN_PLAN),
                             sgp_text_get(language, SGP_TEXT_COLUMN_UNITS),
                             within,
                             expected,
                             sgp_text_get(language, SGP_TEXT_COLUMN_MEAN_MINUTES),
                             sgp_text_get(language, SGP_TEXT_COLUMN_WORST_MINUTES)};
    sgp_sheet *sheet = NULL;
    sgp_err err = sgp_sheet_create(headers, 6, &sheet);
    if (!err) {
        worth w = measure(&plans->ask, plans->answer.units);
        add_worth(sheet, sgp_text_get(language, SGP_TEXT_PLAN_CHOSEN), &w);
    }
    for (size_t i = 0; i < plans->n_compared && !err; i++) {
        sgp_coverage_model model;
        sgp_siting_ask ask;
        uint32_t *units = NULL;
        char name[NAME_BYTES];
        err = ask_of(plans, &plans->compared[i], &model, &ask, &units);
        if (!err) {
            worth w = measure(&ask, units);
            add_worth(sheet, sgp_plain_text(plans->compared[i].file, name, sizeof name), &w);
        }
        free(units);
    }
    if (!err)
        sgp_sheet_print(sheet, stdout);
    sgp_sheet_destroy(sheet);
    return err;
}

static void print_proof(const sgp_station_plans *plans, sgp_language language) {
    const sgp_siting *answer = &plans->answer;
    char text[512], gap[24], seconds[24], zones[24], cell[24];
    snprintf(gap, sizeof gap, "%.3f", answer->gap * 100);
    snprintf(seconds, sizeof seconds, "%.1f", (double)answer->solver_ms / 1000);
    snprintf(zones, sizeof zones, "%u", plans->zones.n_zones);
    snprintf(cell, sizeof cell, "%.0f", plans->zones.cell_m);
    puts(sgp_text_fill(text, sizeof text, language,
                       answer->is_best && answer->gap == 0 ? SGP_TEXT_STATIONS_BEST
                                                           : SGP_TEXT_STATIONS_GAP,
                       "gap", gap, "seconds", seconds, NULL));
    puts(sgp_text_fill(text, sizeof text, language,
                       plans->by_calls ? SGP_TEXT_STATIONS_BY_CALLS : SGP_TEXT_STATIONS_BY_STREETS,
                       "zones", zones, "cell", cell, NULL));
    if (plans->parts->is_sketch)
        puts(sgp_text_get(language, SGP_TEXT_STATIONS_SKETCH));
}

int sgp_station_plans_print(const sgp_station_plans *plans, sgp_language language) {
    served *shares = calloc(plans->n_sites, sizeof *shares);
    sgp_err err = shares ? SGP_OK : SGP_E_MEMORY;
    if (!err) {
        share_out(plans, shares);
        err = print_stations(plans, language, shares);
        putchar('\n');
    }
    if (!err)
        err = print_worths(plans, language);
    free(shares);
    if (err) {
        fprintf(stderr, "sigap stations: %s\n", sgp_err_message(err));
        return sgp_err_exit_code(err);
    }
    putchar('\n');
    print_proof(plans, language);
    return 0;
}

/* ---- JSON ---------------------------------------------------------------------- */

static json_t *worth_json(const worth *w) {
    json_t *json = json_pack("{s:I, s:I, s:f, s:f}", "units", (json_int_t)w->units, "stations",
                             (json_int_t)w->stations, "within_share", w->within, "expected_share",
                             w->expected);
    json_object_set_new(json, "mean_minutes",
                        w->mean_min < 0 ? json_null() : json_real(w->mean_min));
    json_object_set_new(json, "worst_minutes",
                        w->worst_min < 0 ? json_null() : json_real(w->worst_min));
    return json;
}

static json_t *stations_json(const sgp_station_plans *plans, const served *shares) {
    json_t *list = json_array();
    for (size_t j = 0; j < plans->n_sites; j++) {
        const sgp_listed_place *site = &plans->sites.places[j];
        if (plans->answer.units[j])
            json_array_append_new(
                list,
                json_pack("{s:s, s:f, s:f, s:I, s:b, s:f, s:f}", "name", site->rest, "lon",
                          sgp_lon(site->point), "lat", sgp_lat(site->point), "units",
                          (json_int_t)plans->answer.units[j], "stays", j < plans->n_keep,
                          "nearest_share", (double)shares[j].weight / (double)plans->zones.weight,
                          "mean_minutes", shares[j].mean_min));
    }
    return list;
}

static json_t *compared_json(const sgp_station_plans *plans) {
    json_t *list = json_array();
    for (size_t i = 0; i < plans->n_compared; i++) {
        sgp_coverage_model model;
        sgp_siting_ask ask;
        uint32_t *units = NULL;
        if (ask_of(plans, &plans->compared[i], &model, &ask, &units) == SGP_OK) {
            worth w = measure(&ask, units);
            json_t *json = worth_json(&w);
            json_object_set_new(json, "file", json_string(plans->compared[i].file));
            json_array_append_new(list, json);
        }
        free(units);
    }
    return list;
}

int sgp_station_plans_json(const sgp_station_plans *plans) {
    const sgp_siting *answer = &plans->answer;
    served *shares = calloc(plans->n_sites, sizeof *shares);
    if (!shares)
        return 3;
    share_out(plans, shares);
    worth w = measure(&plans->ask, plans->answer.units);
    json_t *json = json_pack(
        "{s:s, s:s, s:b, s:f, s:f, s:s, s:I, s:I, s:b, s:b, s:f, s:I, s:o, s:o, s:o}", "question",
        sgp_siting_question_str(plans->ask.question), "city", plans->parts->name, "sketch",
        plans->parts->is_sketch != 0, "minutes", (double)plans->model.target_ms / 60000, "busy",
        plans->model.busy_permille / 1000.0, "weights", plans->by_calls ? "calls" : "streets",
        "zones", (json_int_t)plans->zones.n_zones, "zones_joined", (json_int_t)answer->n_joined,
        "best", answer->is_best, "stopped", answer->is_stopped, "gap", answer->gap, "solver_ms",
        (json_int_t)answer->solver_ms, "chosen", worth_json(&w), "stations",
        stations_json(plans, shares), "compared", compared_json(plans));
    free(shares);
    return sgp_print_json(json);
}
