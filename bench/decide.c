/* bench-decide: what one decision takes, from a placed call to an order, and where the time goes.
 *
 *   bench-decide [--units 1000] [--calls 500] [--json FILE] [ny | porto | sketch | FILE.sgr]...
 *
 * The core and the engine's own oracle of live roads in one process, without sockets or journal:
 * units stand at road points, each call comes with a point and priority 1, is ordered without a
 * click and closed again. What is timed is sgp_core_step of that call as the engine makes it,
 * with all travel times asked and recorded, in CPU time of the thread. Once while no unit moves,
 * and twice while a tenth of them has moved since the last call: with their labels made anew
 * between the positions and the call, as the engine's loop does where nothing else waits (the
 * labels' own time is told apart), and with the call so close behind that they are made within the
 * decision.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "core/core_proto.h"
#include "core/policy.h"
#include "serve/live_times.h"
#include "support/cities.h"
#include "support/sheet.h"

enum { OTHERS_MAX = 20 };

static _Noreturn void stop(const char *what, const char *why) {
    fprintf(stderr, "bench-decide: %s: %s\n", what, why);
    exit(3);
}

static void must(sgp_err err, const char *what) {
    if (err != SGP_OK)
        stop(what, sgp_err_message(err));
}

/* ---- the little engine ------------------------------------------------------------ */

typedef struct bench {
    bench_sheet sheet;
    sgp_graph *graph;
    sgp_road_settings settings;
    sgp_live_roads *roads;
    sgp_live_times *live;
    sgp_times inner;   /* of live */
    int64_t asking_ns; /* within it, since it was last set to 0 */
    sgp_times_recorder recorder;
    sgp_world *world;
    sgp_effects effects;
    sgp_buffer record;
    int64_t *known_ms; /* by unit, of the last question; what `playing` answers */
    uint64_t random;
    uint32_t n_units;
    size_t n_calls;
} bench;

static sgp_err ask_timed(void *ctx, const sgp_start *from, size_t n, sgp_point to, int64_t *ms) {
    bench *b = ctx;
    int64_t began_ns = bench_cpu_ns();
    sgp_err err = b->inner.many_to_one(b->inner.ctx, from, n, to, ms);
    b->asking_ns += bench_cpu_ns() - began_ns;
    for (size_t i = 0; i < n && n > 1; i++)
        b->known_ms[from[i].unit] = ms[i];
    return err;
}

static sgp_err ask_known(void *ctx, const sgp_start *from, size_t n, sgp_point to, int64_t *ms) {
    (void)to;
    const bench *b = ctx;
    for (size_t i = 0; i < n; i++)
        ms[i] = b->known_ms[from[i].unit];
    return SGP_OK;
}

static sgp_err ask_never(void *ctx, const sgp_start *from, const sgp_point *to, size_t n,
                         int64_t *ms) {
    (void)ctx, (void)from, (void)to;
    for (size_t i = 0; i < n; i++)
        ms[i] = SGP_UNREACHABLE;
    return SGP_OK;
}

/* Steps one event as the engine does; what the step took is returned. */
static int64_t step(bench *b, sgp_event *event) {
    sgp_times timed = {b, ask_timed, ask_never};
    event->seq = sgp_world_seq(b->world) + 1;
    event->at_ms = sgp_world_now_ms(b->world) + 1;
    sgp_live_roads_hold(b->roads);
    sgp_effects_clear(&b->effects);
    sgp_times_recorder_clear(&b->recorder);
    b->recorder.inner = &timed;
    sgp_times recording = sgp_times_recording(&b->recorder);
    b->asking_ns = 0;
    int64_t began_ns = bench_cpu_ns();
    sgp_err err = sgp_core_step(b->world, event, &recording, &b->effects);
    int64_t took_ns = bench_cpu_ns() - began_ns;
    sgp_live_roads_let_go(b->roads);
    must(err, sgp_event_kind_str(event->kind));
    return took_ns;
}

static sgp_point road_point(bench *b) {
    const sgp_graph_parts *parts = sgp_graph_get(b->graph);
    for (;;) {
        const sgp_edge *edge = &parts->edges[sgp_random_below(&b->random, parts->n_edges)];
        if (edge->flags & SGP_EDGE_MAIN)
            return parts->points[edge->first_point];
    }
}

static void report_position(bench *b, const sgp_unit *unit) {
    sgp_event event = {.kind = SGP_EVENT_UNIT_POSITION};
    memcpy(event.u.position.unit, unit->code, sizeof event.u.position.unit);
    event.u.position.point = road_point(b);
    event.u.position.measured_at_ms = sgp_world_now_ms(b->world) + 1;
    step(b, &event);
    sgp_live_times_place(b->live, unit, unit->position, -1);
}

static void sign_on(bench *b, uint32_t number) {
    sgp_event event = {.kind = SGP_EVENT_UNIT_REGISTERED};
    sgp_unit *unit = &event.u.unit_registered.unit;
    unit->kind = number % 4 ? SGP_UNIT_AMBULANCE_BASIC : SGP_UNIT_AMBULANCE_ADVANCED;
    snprintf(unit->code, sizeof unit->code, "A%04u", number);
    unit->station_point = road_point(b);
    step(b, &event);
    sgp_event duty = {.kind = SGP_EVENT_UNIT_DUTY};
    snprintf(duty.u.duty.unit, sizeof duty.u.duty.unit, "A%04u", number);
    duty.u.duty.on_duty = true;
    step(b, &duty);
    const sgp_unit *known = sgp_world_unit(b->world, number);
    sgp_live_times_place(b->live, known, known->position, -1);
}

static void set_up(bench *b, const char *graph) {
    sgp_fault fault = {0};
    if (sgp_graph_open(graph, &b->graph, &fault) != SGP_OK)
        stop(graph, fault.text);
    sgp_road_settings_default(&b->settings);
    if (sgp_live_roads_create(b->graph, &b->settings, &b->roads, &fault) != SGP_OK)
        stop(graph, fault.text);
    must(sgp_live_times_create(b->roads, &b->live), "travel times");
    b->inner = sgp_live_times_oracle(b->live);
    must(sgp_world_create(&b->world), "the world");
    b->known_ms = calloc(b->n_units, sizeof *b->known_ms);
    if (!b->known_ms)
        stop("preparing", "no memory left");
    b->random = 112;
    for (uint32_t i = 0; i < b->n_units; i++)
        sign_on(b, i);
}

static void tear_down(bench *b) {
    sgp_world_destroy(b->world);
    sgp_live_times_destroy(b->live);
    sgp_live_roads_destroy(b->roads);
    sgp_road_settings_free(&b->settings);
    sgp_graph_close(b->graph);
    sgp_effects_free(&b->effects);
    sgp_times_recorder_free(&b->recorder);
    sgp_buffer_free(&b->record);
    free(b->known_ms);
}

static void choose_policy(bench *b, sgp_policy policy) {
    sgp_event event = {.kind = SGP_EVENT_CONFIGURED};
    sgp_clocks_default(&event.u.configured);
    sgp_rules_default(&event.u.configured.rules);
    event.u.configured.policy[SGP_P1] = policy;
    step(b, &event);
}

/* ---- decisions ---------------------------------------------------------------------- */

typedef struct parts {
    bench_samples whole, asking, core, ranking, encoding, freshening;
} parts;

static void forget(parts *took) {
    bench_forget(&took->whole), bench_forget(&took->asking), bench_forget(&took->ranking);
    bench_forget(&took->core), bench_forget(&took->encoding), bench_forget(&took->freshening);
}

/* Candidates and ranking of the same incident once more, with the times at hand. */
static int64_t time_ranking(bench *b, sgp_id incident) {
    sgp_times known = {b, ask_known, ask_never};
    sgp_recommendation recommendation;
    int64_t began_ns = bench_cpu_ns();
    must(sgp_policy_recommend(b->world, sgp_world_find_incident(b->world, incident),
                              sgp_world_now_ms(b->world), &known, &recommendation),
         "ranking");
    int64_t took_ns = bench_cpu_ns() - began_ns;
    free(recommendation.candidates);
    return took_ns;
}

static int64_t time_encoding(bench *b, const sgp_event *event) {
    Sigap__V1__RecordedTimes times = SIGAP__V1__RECORDED_TIMES__INIT;
    int64_t began_ns = bench_cpu_ns();
    sgp_times_recorder_to_proto(&b->recorder, &times);
    sgp_buffer_clear(&b->record);
    must(sgp_record_encode(b->world, event, &times, &b->effects, &b->record), "encoding");
    return bench_cpu_ns() - began_ns;
}

static sgp_event draw_call(bench *b) {
    sgp_event call = {.kind = SGP_EVENT_CALL_RECEIVED};
    call.u.call.priority = SGP_P1;
    call.u.call.has_point = true;
    call.u.call.place.kind = SGP_PLACE_COORDINATES;
    call.u.call.place.point = road_point(b);
    call.u.call.place.confidence_permille = 1000;
    snprintf(call.u.call.channel, sizeof call.u.call.channel, "112");
    return call;
}

static void close_incident(bench *b, sgp_id incident) {
    sgp_event closed = {.kind = SGP_EVENT_INCIDENT_CLOSED};
    closed.u.closed.incident = incident;
    closed.u.closed.outcome = SGP_OUTCOME_CANCELLED;
    step(b, &closed);
}

static void decide(bench *b, parts *took) {
    sgp_event call = draw_call(b);
    int64_t whole_ns = step(b, &call), asking_ns = b->asking_ns;
    const sgp_reply *reply = &b->effects.items[b->effects.n - 1].u.reply;
    const sgp_assignment *ordered = sgp_world_assignment(b->world, reply->assignment);
    if (!ordered)
        stop("a decision", "nobody was ordered");
    bench_hash(&b->sheet, &ordered->unit, sizeof ordered->unit);
    bench_hash(&b->sheet, &ordered->travel_ms, sizeof ordered->travel_ms);
    sgp_id incident = reply->incident;
    int64_t ranking_ns = time_ranking(b, incident);
    int64_t encoding_ns = time_encoding(b, &call);
    bench_add(&took->whole, whole_ns);
    bench_add(&took->asking, asking_ns);
    bench_add(&took->ranking, ranking_ns);
    bench_add(&took->core, whole_ns - asking_ns);
    bench_add(&took->encoding, encoding_ns);
    close_incident(b, incident);
}

/* Joint: the decision while `others` orders wait for their crews' answers and may move. */
static void time_jointly(bench *b, int others, const char *key) {
    bench_samples whole = {0}, asking = {0};
    sgp_id open[OTHERS_MAX];
    for (int i = 0; i < others; i++) {
        sgp_event call = draw_call(b);
        step(b, &call);
        open[i] = b->effects.items[b->effects.n - 1].u.reply.incident;
    }
    for (size_t i = 0; i < b->n_calls; i++) {
        sgp_event call = draw_call(b);
        bench_add(&whole, step(b, &call));
        bench_add(&asking, b->asking_ns);
        close_incident(b, b->effects.items[b->effects.n - 1].u.reply.incident);
    }
    for (int i = 0; i < others; i++)
        close_incident(b, open[i]);
    char name[40];
    snprintf(name, sizeof name, "%s_us", key);
    bench_put(&b->sheet, name, bench_median_ns(&whole) / 1e3,
              "policy joint, %d orders not answered yet, median", others);
    snprintf(name, sizeof name, "%s_times_us", key);
    bench_put(&b->sheet, name, bench_median_ns(&asking) / 1e3, "  of it: travel times");
    bench_forget(&whole);
    bench_forget(&asking);
}

static void put_median(bench *b, const char *key, const char *suffix, bench_samples *samples,
                       const char *what) {
    char name[40];
    snprintf(name, sizeof name, "%s%s_us", key, suffix);
    bench_put(&b->sheet, name, bench_median_ns(samples) / 1e3, "%s, median", what);
}

/* What the engine's idle turns do. */
static void freshen(bench *b, parts *took) {
    int64_t began_ns = bench_cpu_ns();
    while (sgp_live_times_freshen(b->live, 64)) {
    }
    bench_add(&took->freshening, bench_cpu_ns() - began_ns);
}

static void time_decisions(bench *b, uint32_t moved, bool idle, const char *suffix,
                           const char *what) {
    parts took = {0};
    for (size_t i = 0; i < b->n_calls + 5; i++) {
        for (uint32_t k = 0; k < moved; k++)
            report_position(
                b, sgp_world_unit(b->world, (uint32_t)sgp_random_below(&b->random, b->n_units)));
        if (idle)
            freshen(b, &took);
        decide(b, &took);
        if (i + 1 == 5) /* the first ones make everybody's label and grow the arrays */
            forget(&took);
    }
    put_median(b, "decide", suffix, &took.whole, what);
    char p99[40];
    snprintf(p99, sizeof p99, "decide%s_p99_us", suffix);
    bench_put(&b->sheet, p99, bench_share_ns(&took.whole, 0.99) / 1e3, "the same, p99");
    put_median(b, "times", suffix, &took.asking, "  of it: travel times of all units");
    put_median(b, "core", suffix, &took.core, "  of it: the core, all but travel times");
    put_median(b, "ranking", suffix, &took.ranking,
               "of the core: gates, candidates, ranking, done once more");
    put_median(b, "encode", suffix, &took.encoding, "after it: the journal's record as bytes");
    if (idle)
        put_median(b, "freshen", suffix, &took.freshening, "before it: labels of who has moved");
    forget(&took);
}

static void measure(const char *name, uint32_t n_units, size_t n_calls, FILE *json) {
    bench_city city;
    if (!bench_city_make(name, "", &city))
        return;
    static bench b;
    b = (bench){.n_units = n_units, .n_calls = n_calls};
    snprintf(b.sheet.data, sizeof b.sheet.data, "%s", city.name);
    set_up(&b, city.graph);
    snprintf(b.sheet.title, sizeof b.sheet.title,
             "call placed -> order decided, %u units, %zu calls, CPU time", n_units, n_calls);
    bench_put(&b.sheet, "units", n_units, "units, all free");
    time_decisions(&b, 0, false, "", "one decision, no unit has moved");
    time_decisions(&b, n_units / 10, true, "_moved",
                   "one decision, a tenth of the units has moved");
    time_decisions(&b, n_units / 10, false, "_moved_at_once",
                   "the same, the call right behind the positions");
    choose_policy(&b, SGP_POLICY_JOINT);
    time_jointly(&b, 0, "decide_joint");
    time_jointly(&b, 3, "decide_joint_3_more");
    time_jointly(&b, OTHERS_MAX, "decide_joint_20_more");
    bench_print(&b.sheet, stdout);
    if (json && !bench_write_json(&b.sheet, json))
        stop("the JSON file", "cannot be written");
    tear_down(&b);
}

int main(int argc, char **argv) {
    static const struct option OPTIONS[] = {{"units", required_argument, NULL, 'u'},
                                            {"calls", required_argument, NULL, 'c'},
                                            {"json", required_argument, NULL, 'j'},
                                            {NULL, 0, NULL, 0}};
    unsigned long units = 1000, calls = 500;
    const char *json = NULL;
    for (int option; (option = getopt_long(argc, argv, "", OPTIONS, NULL)) != -1;) {
        if (option == 'u')
            units = strtoul(optarg, NULL, 10);
        else if (option == 'c')
            calls = strtoul(optarg, NULL, 10);
        else if (option == 'j')
            json = optarg;
        else
            return 2;
    }
    if (units < 1 || units > SGP_UNITS_MAX || calls < 1) {
        fprintf(stderr, "bench-decide: 1 to %d units, 1 or more calls\n", SGP_UNITS_MAX);
        return 2;
    }
    FILE *out = json ? fopen(json, "w") : NULL;
    if (json && !out)
        stop(json, "cannot be written");
    if (optind == argc)
        measure("sketch", (uint32_t)units, calls, out);
    for (int i = optind; i < argc; i++)
        measure(argv[i], (uint32_t)units, calls, out);
    if (out)
        fclose(out);
    return 0;
}
