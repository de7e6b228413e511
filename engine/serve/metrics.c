#include <event2/buffer.h>

#include "base/clock.h"
#include "serve/engine_parts.h"
#include "serve/wall_parts.h"

static void write_head(struct evbuffer *out, const char *name, const char *type, const char *help) {
    evbuffer_add_printf(out, "# HELP sigap_%s %s\n# TYPE sigap_%s %s\n", name, help, name, type);
}

static void write_number(struct evbuffer *out, const char *name, const char *type, const char *help,
                         uint64_t value) {
    write_head(out, name, type, help);
    evbuffer_add_printf(out, "sigap_%s %llu\n", name, (unsigned long long)value);
}

static void write_measure(struct evbuffer *out, const char *name, const char *help,
                          const sgp_measure *measure) {
    write_head(out, name, "summary", help);
    evbuffer_add_printf(out, "sigap_%s_sum %.6f\nsigap_%s_count %llu\n", name,
                        (double)measure->sum_us / 1e6, name, (unsigned long long)measure->count);
    char gauge[64];
    snprintf(gauge, sizeof gauge, "%s_max", name);
    write_head(out, gauge, "gauge", "The longest since the start.");
    evbuffer_add_printf(out, "sigap_%s %.6f\n", gauge, (double)measure->max_us / 1e6);
    snprintf(gauge, sizeof gauge, "%s_last", name);
    write_head(out, gauge, "gauge", "The last one.");
    evbuffer_add_printf(out, "sigap_%s %.6f\n", gauge, (double)measure->last_us / 1e6);
}

static void write_incidents(const sgp_engine *engine, struct evbuffer *out) {
    uint64_t counts[SGP_INCIDENT_STATES] = {0};
    for (sgp_id id = sgp_world_next_incident(engine->world, 0); id != 0;
         id = sgp_world_next_incident(engine->world, id))
        counts[sgp_world_incident(engine->world, id)->state]++;
    write_head(out, "open_incidents", "gauge", "Open incidents by state.");
    for (int state = SGP_INCIDENT_LOCATING; state < SGP_INCIDENT_CLOSED; state++)
        evbuffer_add_printf(out, "sigap_open_incidents{state=\"%s\"} %llu\n",
                            sgp_incident_state_str((sgp_incident_state)state),
                            (unsigned long long)counts[state]);
}

static void write_units(const sgp_engine *engine, struct evbuffer *out) {
    uint64_t counts[SGP_UNIT_STATUSES] = {0};
    for (uint32_t i = 0; i < sgp_world_units(engine->world); i++)
        counts[sgp_world_unit_status(engine->world, i)]++;
    write_head(out, "units", "gauge", "Units by status.");
    for (int status = SGP_UNIT_OFF_DUTY; status < SGP_UNIT_STATUSES; status++)
        evbuffer_add_printf(out, "sigap_units{status=\"%s\"} %llu\n",
                            sgp_unit_status_str((sgp_unit_status)status),
                            (unsigned long long)counts[status]);
}

static void write_of_profile(struct evbuffer *out, const char *name, const sgp_graph_parts *parts,
                             uint32_t profile, double value) {
    evbuffer_add_printf(out, "sigap_%s{profile=\"%s\"} %.6f\n", name, parts->profiles[profile].name,
                        value);
}

/* The names of profiles come from a configuration file and are letters and underscores. */
static void write_roads(const sgp_engine *engine, struct evbuffer *out) {
    static const struct {
        const char *name, *type, *help;
    } rows[] = {
        {"road_metric_age_seconds", "gauge", "Since the road times of the profile were swapped."},
        {"road_metric_version", "gauge", "Grows with every metric of the process."},
        {"road_metric_customize_seconds", "gauge", "Making the metric in service."},
        {"road_metric_changed_arcs", "gauge", "Arcs that differed from the metric before."},
        {"road_metric_swaps_total", "counter", "Metrics that came into service."},
    };
    const sgp_city *city = engine->city;
    const sgp_graph_parts *parts = sgp_graph_get(city->graph);
    int64_t now_us = sgp_monotonic_us();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        write_head(out, rows[i].name, rows[i].type, rows[i].help);
        for (uint32_t p = 0; p < parts->n_profiles; p++) {
            sgp_road_facts facts;
            if (!sgp_live_roads_facts(city->roads, p, 0, &facts))
                continue;
            const double values[] = {(double)(now_us - facts.swapped_at_us) / 1e6,
                                     (double)facts.version, (double)facts.customize_us / 1e6,
                                     facts.changed, (double)facts.swaps};
            write_of_profile(out, rows[i].name, parts, p, values[i]);
        }
    }
    sgp_label_count labels = sgp_live_times_labels(city->live);
    write_head(out, "labels", "gauge", "Units' labels: usable as they are, or to be remade.");
    evbuffer_add_printf(out,
                        "sigap_labels{state=\"fresh\"} %llu\nsigap_labels{state=\"stale\"} %llu\n",
                        (unsigned long long)labels.fresh, (unsigned long long)labels.stale);
    write_number(out, "labels_made_total", "counter", "Labels made since the graph was opened.",
                 labels.made);
    write_number(out, "road_closures", "gauge", "Closures that are known, in force or to come.",
                 sgp_world_road_closures(engine->world));
}

/* Nothing where nothing is learned. */
static void write_lessons(const sgp_engine *engine, struct evbuffer *out) {
    sgp_teach_count count;
    if (engine->tracks == NULL || !sgp_live_roads_lessons(engine->city->roads, &count))
        return;
    sgp_unit_tracks_count gathered = sgp_unit_tracks_counts(engine->tracks);
    write_number(out, "learned_drives_matched_total", "counter",
                 "Drives of units that were found on the roads.", count.lessons.matched);
    write_number(out, "learned_drives_unmatched_total", "counter",
                 "Drives that fitted nowhere on the roads.", count.lessons.unmatched);
    write_number(out, "learned_drives_dropped_total", "counter",
                 "Drives that found no room to wait for the matcher.", count.dropped);
    write_number(out, "learned_drives_waiting", "gauge", "Drives that wait for the matcher.",
                 count.waiting);
    write_number(out, "learned_positions", "gauge", "Positions of drives under way.",
                 gathered.points);
    write_number(out, "learned_positions_dropped_total", "counter",
                 "Positions beyond the bounds, or of drives that a switch of the city cut off.",
                 gathered.dropped_points);
    write_number(out, "learned_lessons_total", "counter", "Roads driven over and learned from.",
                 count.lessons.taught);
    write_number(out, "learned_lessons_refused_total", "counter",
                 "Roads driven over in a time that cannot be.", count.lessons.refused);
    write_number(out, "learned_roads", "gauge",
                 "Directions of roads of which something is known, over all profiles.",
                 count.lessons.roads);
}

static void write_phones(const sgp_engine *engine, struct evbuffer *out) {
    uint64_t dropped;
    size_t waiting = sgp_caller_numbers_held(engine->numbers, &dropped);
    write_number(out, "phone_positions_matched_total", "counter",
                 "Positions of callers' phones that found their call by number.",
                 engine->measures.phones_matched);
    write_number(out, "phone_positions_held_total", "counter", "Those that had to wait for it.",
                 engine->measures.phones_held);
    write_number(out, "phone_positions_dropped_total", "counter",
                 "Those that had to go for lack of room before their call came.", dropped);
    write_number(out, "phone_positions_waiting", "gauge", "Those that wait now.", waiting);
}

static void write_devices(const sgp_engine *engine, struct evbuffer *out) {
    size_t waiting;
    uint64_t repeats;
    sgp_order_repeats_count(engine, &waiting, &repeats);
    write_number(out, "orders_unreceived", "gauge",
                 "Orders and withdrawals that crews' devices do not have yet.", waiting);
    write_number(out, "orders_repeated_total", "counter", "Orders that were told again.", repeats);
    write_number(out, "orders_refused_total", "counter",
                 "Orders that devices refused for an old epoch.", engine->measures.orders_refused);
    write_number(out, "tracker_words_without_fix_total", "counter",
                 "Words of trackers that had no position.", engine->measures.trackers_without_fix);
    evbuffer_add_printf(out, "# HELP sigap_positions_total Positions in batches, by verdict.\n"
                             "# TYPE sigap_positions_total counter\n");
    for (int i = 0; i < SGP_FIX_VERDICTS; i++)
        evbuffer_add_printf(out, "sigap_positions_total{verdict=\"%s\"} %llu\n",
                            sgp_fix_verdict_str((sgp_fix_verdict)i),
                            (unsigned long long)engine->measures.fixes[i]);
}

void sgp_metrics_write(const sgp_engine *engine, struct evbuffer *out) {
    bool away;
    uint64_t projected =
        engine->projection != NULL ? sgp_projection_seq(engine->projection, &away) : 0;
    write_number(out, "events_total", "counter", "Events stepped since the start.",
                 engine->measures.events);
    write_number(out, "events_refused_total", "counter", "Events that the core refused.",
                 engine->measures.refused);
    write_number(out, "requests_total", "counter", "Frames heard since the start.",
                 engine->measures.requests);
    write_number(out, "requests_denied_total", "counter", "Requests and logins denied.",
                 engine->measures.denied);
    write_number(out, "bad_frames_total", "counter", "Frames that could not be read.",
                 engine->measures.bad_frames);
    write_number(out, "event_seq", "gauge", "Newest event.", sgp_world_seq(engine->world));
    write_number(out, "durable_seq", "gauge", "Newest event on disk.", engine->durable_seq);
    write_number(out, "projected_seq", "gauge", "Newest event in PostgreSQL.", projected);
    write_number(out, "database_away", "gauge", "1 while PostgreSQL is away.",
                 sgp_engine_database_away(engine));
    write_number(out, "sessions", "gauge", "Connections.", engine->n_sessions);
    write_number(out, "watchers", "gauge", "Connections that watch.", engine->n_watchers);
    size_t waiting = 0;
    for (size_t slot = 0; slot < engine->sessions_top; slot++)
        if (engine->sessions[slot] != NULL)
            waiting += sgp_backlog_waiting(engine->sessions[slot]);
    write_number(out, "backlog_bytes", "gauge", "What sessions have not taken yet.", waiting);
    write_number(out, "map_updates_dropped_total", "counter",
                 "Moves of units that slow readers were told later, together.",
                 engine->measures.map_updates_dropped);
    write_number(out, "slow_readers_total", "counter",
                 "Sessions cut off because they did not read.", engine->measures.cut_off);
    write_number(out, "crews_resumed_total", "counter",
                 "Crews that came back and heard what they had missed.", engine->measures.resumed);
    write_number(out, "crews_looked_afresh_total", "counter",
                 "Crews that came back after too long.", engine->measures.looked_afresh);
    if (engine->wall != NULL)
        write_number(out, "past_bytes", "gauge",
                     "Memory of the moments that the wall can go back to.",
                     sgp_past_bytes(engine->wall->past));
    write_number(out, "inputs_waiting", "gauge", "Events waiting for the core.", engine->n_inputs);
    write_incidents(engine, out);
    write_units(engine, out);
    write_roads(engine, out);
    write_lessons(engine, out);
    write_measure(out, "decide_seconds", "Steps that made a recommendation.",
                  &engine->measures.decide);
    write_measure(out, "sync_seconds", "Writing and syncing one batch of the journal.",
                  &engine->measures.sync);
    write_measure(out, "turn_seconds", "Turns of the loop.", &engine->measures.turn);
    write_measure(out, "place_seconds", "Questions for places, from asking to the answer.",
                  &engine->measures.place);
    write_phones(engine, out);
    write_number(out, "tiles_kept", "counter", "Tiles of the map answered from memory.",
                 engine->measures.tiles_kept);
    write_measure(out, "tile_seconds", "Tiles of the map, from asking the database to packed.",
                  &engine->measures.tile);
    write_devices(engine, out);
    write_measure(out, "osrm_seconds", "Answers of the OSRM-compatible service.",
                  &engine->measures.osrm);
}
