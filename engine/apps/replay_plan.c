#include "apps/replay_plan.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "apps/replay_exact.h"
#include "base/clock.h"
#include "base/new_file.h"
#include "replay/call_spread.h"
#include "replay/report_journal.h"
#include "sigap/coverage_map.h"
#include "sigap/router.h"

enum {
    CANDIDATES_KEPT = 5,
    FIT_CELL_M = 250,
    FIT_CELL_MOST_M = 16000,
    STATION_REACH_M = 1000, /* a station is at most so far from a road */
    FAR_M = 100000
};

void sgp_replay_plan_init(sgp_replay_plan *plan) {
    *plan = (sgp_replay_plan){.seed = 112, .replications = 1, .demand_permille = 1000};
}

void sgp_replay_plan_free(sgp_replay_plan *plan) {
    for (int i = 0; i < 2; i++) {
        sgp_cover_tables_destroy(plan->cover[i]);
        sgp_week_roads_destroy(plan->roads[i]);
    }
    sgp_zones_free(&plan->cover_zones);
    sgp_graph_close(plan->graph);
    sgp_call_list_free(&plan->told);
    sgp_call_list_free(&plan->calls);
    sgp_pattern_free(&plan->pattern);
    sgp_settings_free(&plan->settings);
    sgp_loaded_plan_clear(&plan->plans);
    free(plan->week);
    free(plan->units);
    free(plan->roster[0]);
    free(plan->roster[1]);
    free(plan->zones);
    free(plan->zone_weight);
    *plan = (sgp_replay_plan){0};
}

/* ---- options ---------------------------------------------------------------- */

sgp_err sgp_replay_plan_policy(sgp_replay_plan *plan, const char *name, sgp_fault *fault) {
    for (int p = 0; p < SGP_POLICIES; p++) {
        if (strcmp(name, sgp_policy_str((sgp_policy)p)) != 0)
            continue;
        for (uint32_t i = 0; i < plan->n_policies; i++)
            if (plan->policies[i] == (sgp_policy)p)
                return sgp_fail(fault, SGP_E_ARGUMENT, "the policy %s is asked for twice", name);
        plan->policies[plan->n_policies++] = (sgp_policy)p;
        return SGP_OK;
    }
    return sgp_fail(fault, SGP_E_ARGUMENT, "there is no policy \"%s\"", name);
}

sgp_err sgp_replay_plan_move(sgp_replay_plan *plan, const char *text, sgp_fault *fault) {
    const char *equals = strchr(text, '=');
    size_t length = equals ? (size_t)(equals - text) : 0;
    if (length == 0 || length >= SGP_NAME_BYTES || plan->n_moves == SGP_REPLAY_CHANGES_MAX)
        return sgp_fail(fault, SGP_E_ARGUMENT,
                        "--move wants STATION=LON,LAT at most %d times, not \"%s\"",
                        SGP_REPLAY_CHANGES_MAX, text);
    sgp_station_move *move = &plan->moves[plan->n_moves];
    memcpy(move->station, text, length);
    move->station[length] = '\0';
    sgp_err err = sgp_point_parse(equals + 1, &move->point, fault);
    plan->n_moves += err == SGP_OK;
    return err;
}

sgp_err sgp_replay_plan_without(sgp_replay_plan *plan, const char *unit, sgp_fault *fault) {
    if (strlen(unit) >= SGP_CODE_BYTES || plan->n_without == SGP_REPLAY_CHANGES_MAX)
        return sgp_fail(fault, SGP_E_ARGUMENT,
                        "--without wants a unit's code, at most %d times, not \"%s\"",
                        SGP_REPLAY_CHANGES_MAX, unit);
    strcpy(plan->without[plan->n_without++], unit);
    return SGP_OK;
}

sgp_err sgp_replay_plan_close(sgp_replay_plan *plan, const char *text, sgp_fault *fault) {
    char copy[80];
    snprintf(copy, sizeof copy, "%s", text);
    char *comma = strrchr(copy, ','), *end = NULL;
    double radius_m = comma ? strtod(comma + 1, &end) : 0;
    if (!comma || comma == strchr(copy, ',') || end == comma + 1 || *end ||
        !(radius_m >= 1 && radius_m <= SGP_ROAD_RADIUS_MAX_M) ||
        plan->n_closed == SGP_REPLAY_CHANGES_MAX)
        return sgp_fail(fault, SGP_E_ARGUMENT,
                        "--close wants LON,LAT,METRES with 1 to %d metres, not \"%s\"",
                        SGP_ROAD_RADIUS_MAX_M, text);
    *comma = '\0';
    sgp_road_spell *spell = &plan->closed[plan->n_closed];
    *spell =
        (sgp_road_spell){.radius_m = (int32_t)radius_m, .from_ms = 1, .until_ms = INT64_MAX / 2};
    sgp_err err = sgp_point_parse(copy, &spell->point, fault);
    plan->n_closed += err == SGP_OK;
    return err;
}

static bool is_changed(const sgp_replay_plan *plan) {
    return plan->n_moves || plan->n_without || plan->n_closed || plan->shifts_path;
}

/* ---- calls ------------------------------------------------------------------ */

static int32_t utc_offset_s(const sgp_replay_plan *plan) {
    const sgp_city_time *time = &plan->settings.roads.time;
    return plan->config ? time->offset_s[time->n_changes] : 7 * 3600;
}

static bool is_scenario(const char *path) {
    size_t length = strlen(path);
    return length > 5 && strcmp(path + length - 5, ".conf") == 0;
}

sgp_err sgp_past_calls_read(const char *path, int32_t utc_offset_s, sgp_call_list *calls,
                            sgp_fault *fault) {
    if (!sgp_is_journal(path))
        return sgp_call_list_read(path, utc_offset_s, calls, fault);
    sgp_journal_span span = {.utc_offset_s = utc_offset_s, .without_candidates = true};
    sgp_run run = {0};
    sgp_err err = sgp_run_from_journal(path, &span, &run, fault);
    if (!err)
        err = sgp_call_list_from_run(&run, calls);
    sgp_run_free(&run);
    return err;
}

static sgp_err read_calls(sgp_replay_plan *plan, sgp_fault *fault) {
    sgp_err err = sgp_past_calls_read(plan->input, utc_offset_s(plan), &plan->told, fault);
    if (!err && plan->told.n == 0)
        err = sgp_fail(fault, SGP_E_ARGUMENT, "%s: there is no call in it", plan->input);
    return err;
}

static sgp_err draw_calls(sgp_replay_plan *plan, uint32_t replication, sgp_fault *fault) {
    /* History is the same each time, but for what it tells roughly; only the chance is another. */
    if (!plan->has_pattern && (replication == 0 || sgp_call_list_is_rough(&plan->told))) {
        sgp_call_list_clear(&plan->calls);
        sgp_err err =
            sgp_call_list_spread(&plan->told, plan->graph, plan->seed + replication, &plan->calls);
        return err ? sgp_fail(fault, err, "%s: %s", plan->input, sgp_err_message(err)) : SGP_OK;
    }
    if (!plan->has_pattern)
        return SGP_OK;
    sgp_call_list_clear(&plan->calls);
    sgp_err err = sgp_pattern_draw(&plan->pattern, plan->graph, plan->seed + replication,
                                   plan->demand_permille, &plan->calls);
    if (!err && plan->calls.n == 0)
        return sgp_fail(fault, SGP_E_ARGUMENT, "%s: no call at all came about", plan->input);
    return err ? sgp_fail(fault, err, "%s: %s", plan->input, sgp_err_message(err)) : SGP_OK;
}

/* All that a list of calls knows, so that it is the same list when it is read. */
static void write_call(const sgp_call_list *list, const sgp_past_call *call, FILE *file) {
    const sgp_past_transfer *transfer = sgp_past_transfer_of(list, call);
    char at[25], pick_up[25] = "", seat[SGP_SEAT_BYTES];
    sgp_wall_format(call->at_ms, at);
    fprintf(file, "%llu,%s,%.7f,%.7f,%s,%s,", (unsigned long long)call->key, at,
            sgp_lon(call->point), sgp_lat(call->point), call->complaint,
            call->priority ? sgp_priority_str(call->priority) : "");
    if (call->scene_ms >= 0)
        fprintf(file, "%.3f", call->scene_ms / 1000.0);
    fprintf(file, ",%s,%s,",
            call->transport < 0 ? ""
            : call->transport   ? "yes"
                                : "no",
            call->outcome ? sgp_outcome_str((sgp_outcome)call->outcome) : "");
    if (transfer && transfer->pick_up_at_ms)
        sgp_wall_format(transfer->pick_up_at_ms, pick_up);
    if (transfer)
        fprintf(file, "transfer,%s,%s,%s,%s\n", transfer->from, transfer->to, pick_up,
                sgp_seat_text(&transfer->seat, seat));
    else
        fputs("call,,,,\n", file);
}

static sgp_err write_calls(const sgp_replay_plan *plan, sgp_fault *fault) {
    sgp_new_file file; /* they may be a journal's */
    sgp_err err = sgp_new_file_open(&file, plan->calls_path, SGP_NEW_FILE_PRIVATE, fault);
    if (err)
        return err;
    fputs("id,time,lon,lat,complaint,priority,scene_s,transport,outcome,"
          "kind,from,to,pick_up,needs\n",
          file.stream);
    for (size_t i = 0; i < plan->calls.n; i++)
        write_call(&plan->calls, &plan->calls.calls[i], file.stream);
    return sgp_new_file_keep(&file, fault);
}

/* ---- opening ---------------------------------------------------------------- */

static sgp_err open_roads(sgp_replay_plan *plan, bool changed, sgp_fault *fault) {
    const sgp_road_settings *roads = &plan->settings.roads;
    sgp_road_spell spells[SGP_ROAD_SPELLS_MAX];
    size_t n = 0;
    for (uint32_t i = 0; i < plan->pattern.n_spells; i++)
        spells[n++] = plan->pattern.spells[i];
    for (uint32_t i = 0; changed && i < plan->n_closed; i++) {
        if (n == SGP_ROAD_SPELLS_MAX)
            return sgp_fail(fault, SGP_E_FULL, "there are more than %d changes of roads",
                            SGP_ROAD_SPELLS_MAX);
        spells[n++] = plan->closed[i];
    }
    sgp_week_roads_options options = {.week = plan->week ? plan->week : roads->week,
                                      .utc_offset_s = utc_offset_s(plan),
                                      .changes = spells,
                                      .n_changes = n};
    memcpy(options.profile, roads->profile, sizeof options.profile);
    memcpy(options.with_lights, roads->with_lights, sizeof options.with_lights);
    memcpy(options.lights, roads->lights, sizeof options.lights);
    return sgp_week_roads_create(plan->graph, &options, &plan->roads[changed], fault);
}

/* A point in another town is a slip of the pen, and would be answered with "no difference". */
static sgp_err check_point(const sgp_replay_plan *plan, const char *option, sgp_point point,
                           int32_t reach_m, sgp_fault *fault) {
    sgp_snap snap;
    size_t n = 0;
    sgp_snap_wish wish = {.radius_m = FAR_M};
    sgp_err err = sgp_graph_snap_wish(plan->graph, point, &wish, &snap, 1, &n);
    if (err)
        return sgp_fail(fault, err, "%s: %s", option, sgp_err_message(err));
    double away_m = n ? sgp_distance_m(point, snap.road) : 0;
    if (n && away_m <= reach_m)
        return SGP_OK;
    char away[48];
    snprintf(away, sizeof away, n ? "the nearest is %.1f km away" : "none within %.0f km",
             n ? away_m / 1000 : FAR_M / 1000.0);
    return sgp_fail(fault, SGP_E_RANGE,
                    "%s: there is no road of this city within %d m of %.6f,%.6f; %s", option,
                    reach_m, sgp_lon(point), sgp_lat(point), away);
}

static sgp_err check_points(const sgp_replay_plan *plan, sgp_fault *fault) {
    sgp_err err = SGP_OK;
    for (uint32_t i = 0; i < plan->n_moves && !err; i++)
        err = check_point(plan, "--move", plan->moves[i].point, STATION_REACH_M, fault);
    for (uint32_t i = 0; i < plan->n_closed && !err; i++)
        err = check_point(plan, "--close", plan->closed[i].point, plan->closed[i].radius_m, fault);
    return err;
}

static int32_t offset_s(const void *ctx, int64_t wall_ms) {
    (void)wall_ms;
    return utc_offset_s(ctx);
}

static bool is_unit(const void *ctx, const char *code) {
    const sgp_replay_plan *plan = ctx;
    for (size_t i = 0; i < plan->settings.n_units; i++)
        if (strcmp(plan->settings.units[i].code, code) == 0)
            return true;
    return false;
}

/* The roster of the configuration, and the shifts that are asked about: vehicles alone. */
static sgp_err read_rosters(sgp_replay_plan *plan, sgp_fault *fault) {
    const sgp_settings *s = &plan->settings;
    sgp_roster_source source = {.shifts = s->roster_shifts,
                                .crew = s->roster_crew,
                                .now_ms = plan->has_pattern ? plan->pattern.from_ms
                                          : plan->told.n    ? plan->told.calls[0].at_ms
                                                            : 0,
                                .ctx = plan,
                                .offset_s = offset_s,
                                .is_unit = is_unit};
    sgp_err err = s->roster_shifts && s->roster_shifts[0]
                      ? sgp_roster_read(&source, &plan->roster[0], fault)
                      : SGP_OK;
    source.shifts = plan->shifts_path;
    source.crew = NULL;
    if (!err && plan->shifts_path)
        err = sgp_roster_read(&source, &plan->roster[1], fault);
    return err;
}

static sgp_err change_fleet(sgp_replay_plan *plan, sgp_fault *fault) {
    plan->units = malloc((plan->settings.n_units + 1) * sizeof *plan->units);
    if (!plan->units)
        return sgp_fail(fault, SGP_E_MEMORY, "no memory for the fleet");
    bool without[SGP_REPLAY_CHANGES_MAX] = {0}, moved[SGP_REPLAY_CHANGES_MAX] = {0};
    for (size_t i = 0; i < plan->settings.n_units; i++) {
        sgp_unit unit = plan->settings.units[i];
        bool stays = true;
        for (uint32_t k = 0; k < plan->n_without; k++)
            if (strcasecmp(unit.code, plan->without[k]) == 0) {
                without[k] = true;
                stays = false;
            }
        for (uint32_t k = 0; k < plan->n_moves; k++)
            if (strcasecmp(unit.station, plan->moves[k].station) == 0) {
                moved[k] = true;
                unit.station_point = plan->moves[k].point;
            }
        if (stays)
            plan->units[plan->n_units++] = unit;
    }
    for (uint32_t k = 0; k < plan->n_without; k++)
        if (!without[k])
            return sgp_fail(fault, SGP_E_NOT_FOUND, "no unit is called %s", plan->without[k]);
    for (uint32_t k = 0; k < plan->n_moves; k++)
        if (!moved[k])
            return sgp_fail(fault, SGP_E_NOT_FOUND, "no unit stands at a station called %s",
                            plan->moves[k].station);
    return SGP_OK;
}

/* Zones of coverage: the places of a pattern. Those of past calls would be known too late. */
static sgp_err find_zones(sgp_replay_plan *plan, sgp_fault *fault) {
    uint32_t n = plan->pattern.n_places;
    if (n == 0 || n > SGP_MAP_ZONES_MAX)
        return SGP_OK;
    plan->zones = calloc(n, sizeof *plan->zones);
    plan->zone_weight = calloc(n, sizeof *plan->zone_weight);
    if (!plan->zones || !plan->zone_weight)
        return sgp_fail(fault, SGP_E_MEMORY, "no memory for zones");
    for (uint32_t i = 0; i < n; i++) {
        plan->zones[i] = plan->pattern.places[i].point;
        plan->zone_weight[i] = plan->pattern.places[i].weight;
    }
    plan->n_zones = n;
    return SGP_OK;
}

/* Response plans and the targets that come with them, as the engine takes them. */
static sgp_err open_plans(sgp_replay_plan *plan, sgp_fault *fault) {
    const char *folder = plan->settings.plans;
    if (folder[0] == '\0')
        return SGP_OK;
    sgp_err err =
        sgp_plan_load(strcmp(folder, "default") == 0 ? NULL : folder, &plan->plans, fault);
    for (int p = SGP_P1; p < SGP_PRIORITIES && !err; p++)
        if (plan->plans.target_ms[p] > 0)
            plan->settings.clocks.target_ms[p] = plan->plans.target_ms[p];
    return err;
}

sgp_err sgp_replay_plan_open(sgp_replay_plan *plan, sgp_fault *fault) {
    sgp_err err = sgp_settings_load(plan->config, &plan->settings, fault);
    if (!err)
        err = open_plans(plan, fault);
    if (!err)
        err = sgp_graph_open(plan->graph_path ? plan->graph_path : plan->settings.graph,
                             &plan->graph, fault);
    if (!err && plan->week_path) {
        plan->week = malloc(sizeof *plan->week);
        err = plan->week ? sgp_week_table_load(plan->week_path, plan->week, fault) : SGP_E_MEMORY;
    }
    plan->has_pattern = is_scenario(plan->input);
    if (!err)
        err = plan->has_pattern ? sgp_pattern_read(plan->input, &plan->pattern, fault)
                                : read_calls(plan, fault);
    if (!err)
        err = sgp_call_list_find_hospitals(&plan->told, plan->settings.hospitals,
                                           plan->settings.n_hospitals, fault);
    if (!err && !plan->has_pattern && plan->demand_permille != 1000)
        err = sgp_fail(fault, SGP_E_ARGUMENT,
                       "--demand is for scenarios; fit a pattern of these calls with --fit first");
    if (!err && is_changed(plan))
        err = check_points(plan, fault);
    if (!err && is_changed(plan))
        err = change_fleet(plan, fault);
    if (!err)
        err = read_rosters(plan, fault);
    for (int changed = 0; changed < 1 + is_changed(plan) && !err; changed++)
        err = open_roads(plan, changed, fault);
    if (!err)
        err = find_zones(plan, fault);
    return err;
}

/* ---- playing ---------------------------------------------------------------- */

/* How a policy is played once more. */
typedef enum variant { AS_IT_IS, MOVES_FOLLOWED, CHANGED, VARIANTS } variant;

static bool is_wanted(const sgp_replay_plan *plan, variant v) {
    return v == AS_IT_IS || (v == MOVES_FOLLOWED ? plan->follow_moves : is_changed(plan));
}

static void set_policy(const sgp_replay_plan *plan, uint32_t nth, sgp_whatif *whatif, sgp_run *run,
                       variant v) {
    const char *name = plan->n_policies ? sgp_policy_str(plan->policies[nth]) : "configured";
    for (int p = 0; p < SGP_PRIORITIES; p++) {
        if (plan->n_policies)
            whatif->clocks.policy[p] = plan->policies[nth];
        /* Coverage is for who can wait. */
        if (whatif->clocks.policy[p] == SGP_POLICY_COVERAGE_AWARE && p <= SGP_P2)
            whatif->clocks.policy[p] = SGP_POLICY_CLOSEST;
        if (!plan->clicks)
            whatif->clocks.order_without_click[p] = true;
    }
    /* The longest name, without its last letters, leaves room for the mark. */
    static const char *const marks[VARIANTS] = {"", " + moves", " changed"};
    snprintf(run->policy, sizeof run->policy, "%.*s%s",
             v == AS_IT_IS ? SGP_CODE_BYTES - 1 : SGP_CODE_BYTES - 10, name, marks[v]);
    if (v == MOVES_FOLLOWED) {
        whatif->follow_moves = &plan->settings.coverage.advice;
        whatif->move_max_ms = plan->settings.coverage.drive_max_ms;
    }
}

static sgp_err play_one(sgp_replay_plan *plan, uint32_t replication, uint32_t policy, variant v,
                        sgp_replay_taker take, void *ctx, sgp_fault *fault) {
    const sgp_settings *s = &plan->settings;
    bool changed = v == CHANGED;
    const sgp_roster *roster = plan->roster[changed && plan->roster[1]];
    sgp_whatif whatif = {.graph = plan->graph,
                         .roads = plan->roads[changed],
                         .clocks = s->clocks,
                         .plan = plan->plans.plan,
                         .units = changed ? plan->units : s->units,
                         .n_units = changed ? plan->n_units : s->n_units,
                         .roster = roster,
                         .crews_can = roster && roster == plan->roster[0],
                         .hospitals = s->hospitals,
                         .n_hospitals = s->n_hospitals,
                         .calls = &plan->calls,
                         .seed = plan->seed + replication,
                         .utc_offset_s = utc_offset_s(plan),
                         .zones = plan->zones,
                         .zone_weight = plan->zone_weight,
                         .n_zones = plan->n_zones,
                         .coverage = {true, s->coverage.target_ms, s->coverage.busy_permille,
                                      s->coverage.ms_per_permille, s->coverage.most_ms},
                         .candidates_kept = CANDIDATES_KEPT};
    sgp_run run = {.replication = replication,
                   .seed = whatif.seed,
                   .source = plan->has_pattern ? SGP_RUN_DRAWN_CALLS : SGP_RUN_PAST_CALLS};
    sgp_habits_default(&whatif.habits);
    if (plan->has_pattern) {
        whatif.habits = plan->pattern.habits;
        whatif.from_ms = plan->pattern.from_ms;
        whatif.until_ms = whatif.from_ms + plan->pattern.days * INT64_C(86400000);
        snprintf(run.scenario, sizeof run.scenario, "%.*s", SGP_NAME_BYTES - 1,
                 plan->pattern.title[plan->english]);
    }
    set_policy(plan, policy, &whatif, &run, v);
    sgp_whatif_count count;
    int64_t begun_us = sgp_monotonic_us();
    sgp_err err = sgp_whatif_play(&whatif, &run, &count, fault);
    double seconds = (double)(sgp_monotonic_us() - begun_us) / 1e6;
    if (!err)
        err = sgp_run_check(&run, fault);
    if (!err && plan->covers)
        err = sgp_run_cover(&run, plan->cover[changed], fault);
    if (!err)
        err = take(ctx, &run, &count, seconds, fault);
    sgp_run_free(&run);
    return err;
}

/* Zones weigh what is called from them: by the pattern, or by the past calls of the first
 * replication. */
static sgp_err open_coverage(sgp_replay_plan *plan, sgp_fault *fault) {
    const sgp_graph_parts *parts = sgp_graph_get(plan->graph);
    size_t n = plan->has_pattern ? plan->n_zones : plan->calls.n;
    sgp_point *points = calloc(n + 1, sizeof *points);
    sgp_err err = points ? sgp_zones_make(parts, 0, 0, &plan->cover_zones, fault)
                         : sgp_fail(fault, SGP_E_MEMORY, "no memory for zones");
    for (size_t i = 0; i < n && points; i++)
        points[i] = plan->has_pattern ? plan->zones[i] : plan->calls.calls[i].point;
    if (!err && n)
        sgp_zones_weigh(&plan->cover_zones, parts, points,
                        plan->has_pattern ? plan->zone_weight : NULL, n);
    free(points);
    for (int i = 0; i < 1 + is_changed(plan) && !err; i++) {
        plan->cover[i] =
            sgp_cover_tables_create(plan->roads[i], &plan->cover_zones,
                                    plan->settings.clocks.turnout_ms[SGP_UNIT_AMBULANCE_BASIC]);
        if (!plan->cover[i])
            err = sgp_fail(fault, SGP_E_MEMORY, "no memory for coverage");
    }
    return err;
}

sgp_err sgp_replay_plan_play(sgp_replay_plan *plan, sgp_replay_taker take, void *ctx,
                             sgp_fault *fault) {
    sgp_err err = SGP_OK;
    uint32_t policies = plan->n_policies ? plan->n_policies : 1;
    for (uint32_t r = 0; r < plan->replications && !err; r++) {
        err = draw_calls(plan, r, fault);
        if (!err && r == 0 && plan->calls_path)
            err = write_calls(plan, fault);
        if (!err && r == 0 && plan->covers)
            err = open_coverage(plan, fault);
        for (uint32_t p = 0; p < policies && !err; p++)
            for (int v = AS_IT_IS; v < VARIANTS && !err; v++)
                if (is_wanted(plan, (variant)v))
                    err = play_one(plan, r, p, (variant)v, take, ctx, fault);
    }
    return err;
}

sgp_err sgp_replay_plan_fit(sgp_replay_plan *plan, const char *path, sgp_fault *fault) {
    sgp_err err = SGP_OK;
    if (plan->config)
        err = sgp_settings_load(plan->config, &plan->settings, fault);
    if (!err)
        err = read_calls(plan, fault);
    if (!err)
        err = sgp_call_list_spread(&plan->told, NULL, plan->seed, &plan->calls);
    sgp_call_list_drop_transfers(&plan->calls); /* nobody calls for them */
    if (!err && plan->calls.n == 0)
        err = sgp_fail(fault, SGP_E_ARGUMENT, "%s: there is no call in it", plan->input);
    if (err)
        return err;
    sgp_pattern *p = &plan->pattern;
    sgp_habits_default(&p->habits);
    p->utc_offset_s = utc_offset_s(plan);
    int32_t cell_m = FIT_CELL_M;
    do {
        err = sgp_pattern_fit(&plan->calls, cell_m, p, fault);
    } while (err == SGP_E_FULL && (cell_m *= 2) <= FIT_CELL_MOST_M);
    if (err)
        return err;
    int64_t first_s = plan->calls.calls[0].at_ms / 1000 + p->utc_offset_s;
    int64_t last_s = plan->calls.calls[plan->calls.n - 1].at_ms / 1000 + p->utc_offset_s;
    p->from_ms = (first_s / 86400 * 86400 - p->utc_offset_s) * 1000;
    p->days = (int32_t)(last_s / 86400 - first_s / 86400 + 1);
    return sgp_pattern_write(p, path, fault);
}
