#include "route/osm_network.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "route/osm_pbf_write.h"

enum { PROGRESS_EVERY_US = 100 * 1000, REFS_MAX = INT32_MAX };

/* What the two passes carry around. */
typedef struct network_reading {
    sgp_osm_network *network;
    sgp_buffer refs;    /* int64_t, OSM ids, until the nodes are numbered */
    uint32_t next_node; /* where the next node of a sorted extract is expected */
    sgp_osm_meter meter;
    sgp_fault *fault;
} network_reading;

static sgp_err fail_memory(sgp_fault *fault) {
    return sgp_fail(fault, SGP_E_MEMORY,
                    "no memory left for the road network; a smaller extract is needed");
}

sgp_err sgp_osm_meter_tell(sgp_osm_meter *meter, uint64_t done, uint64_t total, sgp_fault *fault) {
    if (!meter->progress || !meter->progress->report)
        return SGP_OK;
    int64_t now_us = sgp_monotonic_us();
    if (done != total && now_us - meter->told_us < PROGRESS_EVERY_US)
        return SGP_OK;
    meter->told_us = now_us;
    if (meter->progress->report(meter->progress->ctx, meter->phase, done, total) != 0)
        return sgp_fail(fault, SGP_E_TIMEOUT, "the import was cancelled while %s", meter->phase);
    return SGP_OK;
}

static sgp_err on_progress(void *ctx, uint64_t done, uint64_t total) {
    network_reading *reading = ctx;
    return sgp_osm_meter_tell(&reading->meter, done, total, reading->fault);
}

/* ---- first pass: ways and restrictions ---- */

static sgp_err on_header(void *ctx, const sgp_osm_header *header) {
    network_reading *reading = ctx;
    reading->network->is_sketch = strcmp(header->writing_program, SGP_OSM_SKETCH_PROGRAM) == 0;
    return SGP_OK;
}

/* ---- hours ---- */

enum { SPANS_MAX = 512 };

sgp_err sgp_osm_network_hours(sgp_osm_network *network, const sgp_osm_week *week,
                              uint16_t *number) {
    sgp_week_span spans[SPANS_MAX];
    size_t n = sgp_osm_week_spans(week, spans, SPANS_MAX);
    *number = 0;
    if (n == 0)
        return SGP_OK;
    const sgp_osm_hours_row *rows = SGP_OSM_LIST(const sgp_osm_hours_row, network->hours);
    const sgp_week_span *kept = SGP_OSM_LIST(const sgp_week_span, network->spans);
    size_t n_rows = SGP_OSM_COUNT(sgp_osm_hours_row, network->hours);
    for (size_t i = 0; i < n_rows; i++) {
        if (rows[i].n_spans == n &&
            memcmp(kept + rows[i].first_span, spans, n * sizeof *spans) == 0) {
            *number = (uint16_t)(i + 1);
            return SGP_OK;
        }
    }
    if (n > SPANS_MAX || n_rows >= UINT16_MAX)
        return SGP_E_FULL;
    sgp_osm_hours_row row = {(uint32_t)SGP_OSM_COUNT(sgp_week_span, network->spans), (uint32_t)n};
    if (sgp_buffer_append(&network->spans, spans, n * sizeof *spans) != SGP_OK ||
        sgp_buffer_append(&network->hours, &row, sizeof row) != SGP_OK)
        return SGP_E_MEMORY;
    *number = (uint16_t)(n_rows + 1);
    return SGP_OK;
}

static sgp_err number_hours(network_reading *reading, const sgp_osm_week *week, uint16_t *number) {
    sgp_err err = sgp_osm_network_hours(reading->network, week, number);
    if (err == SGP_E_FULL)
        return sgp_fail(reading->fault, SGP_E_TOO_LARGE,
                        "the extract has more than 65,535 different hours");
    return err == SGP_OK ? SGP_OK : fail_memory(reading->fault);
}

/* Counts an element's hours once, as the first vehicle reads them. */
static void count_hours(sgp_osm_network *network, const sgp_osm_closing *closing, bool any) {
    if (any)
        network->hours_read[SGP_OSM_HOURS_READ]++;
    if (closing->unread != SGP_OSM_HOURS_READ)
        network->hours_read[closing->unread]++;
    network->holidays += closing->holidays;
}

/* Reads what the way is to each vehicle into `drives`; `*n` of them drive it. */
static sgp_err read_drives(network_reading *reading, sgp_osm_tags tags, const sgp_osm_road *road,
                           sgp_osm_drive *drives, uint32_t *n) {
    const sgp_osm_network *network = reading->network;
    sgp_osm_closing closing = {.holidays = false};
    bool by_hours = sgp_osm_has_hours(tags);
    sgp_err err = SGP_OK;
    *n = 0;
    for (uint32_t p = 0; err == SGP_OK && p < network->n_vehicles; p++) {
        if (by_hours)
            memset(&closing, 0, sizeof closing);
        drives[p] = sgp_osm_drive_read(tags, road, &network->profiles->vehicles[p], &closing);
        *n += drives[p].forward_km_h || drives[p].backward_km_h;
        if (!by_hours)
            continue;
        if (drives[p].forward_km_h)
            err = number_hours(reading, &closing.forward, &drives[p].forward_closed);
        if (err == SGP_OK && drives[p].backward_km_h)
            err = number_hours(reading, &closing.backward, &drives[p].backward_closed);
        if (p == 0)
            count_hours(reading->network, &closing,
                        drives[p].forward_closed || drives[p].backward_closed);
    }
    return err;
}

/* A road is private when it is so for the first vehicle that drives it. */
static uint8_t flags_of(const sgp_osm_road *road, const sgp_osm_drive *drives, uint32_t n) {
    uint32_t p = 0;
    while (p + 1 < n && !drives[p].forward_km_h && !drives[p].backward_km_h)
        p++;
    return (uint8_t)((road->link ? SGP_EDGE_LINK : 0) |
                     (road->roundabout ? SGP_EDGE_ROUNDABOUT : 0) |
                     (drives[p].is_private ? SGP_EDGE_RESTRICTED : 0));
}

/* Appends the nodes of a way, consecutive equal ones once; fewer than two are none. */
static sgp_err keep_refs(network_reading *reading, const int64_t *refs, size_t n_refs,
                         uint32_t *first_ref, uint32_t *n_kept) {
    size_t before = reading->refs.length, first = SGP_OSM_COUNT(int64_t, reading->refs);
    *n_kept = 0;
    if (n_refs > REFS_MAX - first)
        return sgp_fail(reading->fault, SGP_E_TOO_LARGE,
                        "the extract has more than 2,147,483,647 road nodes");
    if (sgp_buffer_reserve(&reading->refs, n_refs * sizeof *refs) != SGP_OK)
        return fail_memory(reading->fault);
    int64_t *kept = SGP_OSM_LIST(int64_t, reading->refs) + first;
    for (size_t i = 0; i < n_refs; i++) {
        if (*n_kept == 0 || kept[*n_kept - 1] != refs[i])
            kept[(*n_kept)++] = refs[i];
    }
    if (*n_kept < 2)
        *n_kept = 0;
    *first_ref = (uint32_t)first;
    reading->refs.length = before + *n_kept * sizeof *refs;
    return SGP_OK;
}

static sgp_err keep_road(network_reading *reading, const sgp_osm_road *road,
                         const sgp_osm_drive *drives, sgp_osm_way way) {
    sgp_osm_network *network = reading->network;
    way.road_class = (uint8_t)road->road_class;
    way.flags = flags_of(road, drives, network->n_vehicles);
    if (sgp_osm_strings_add(&network->names, road->name, &way.name) != SGP_OK ||
        sgp_buffer_append(&network->ways, &way, sizeof way) != SGP_OK ||
        sgp_buffer_append(&network->drives, drives, network->n_vehicles * sizeof *drives) != SGP_OK)
        return fail_memory(reading->fault);
    network->counts.car_ways++;
    return SGP_OK;
}

static sgp_err keep_foot_way(network_reading *reading, const sgp_osm_way *way, uint32_t m_h,
                             sgp_osm_tags tags) {
    sgp_osm_network *network = reading->network;
    sgp_osm_foot_way foot_way = {way->first_ref, way->n_refs, m_h, 0};
    const char *name = sgp_osm_tag_value(tags, "name");
    if (sgp_osm_strings_add(&network->names, name ? name : "", &foot_way.name) != SGP_OK ||
        sgp_buffer_append(&network->foot_ways, &foot_way, sizeof foot_way) != SGP_OK)
        return fail_memory(reading->fault);
    network->counts.foot_ways++;
    return SGP_OK;
}

static sgp_err on_way(void *ctx, int64_t id, const int64_t *refs, size_t n_refs,
                      sgp_osm_tags tags) {
    network_reading *reading = ctx;
    sgp_osm_network *network = reading->network;
    network->counts.ways++;
    if (n_refs < 2 || tags.count == 0)
        return SGP_OK;
    sgp_osm_road road;
    sgp_osm_drive drives[SGP_PROFILES_MAX];
    uint32_t n_drive = 0;
    sgp_err err = SGP_OK;
    if (sgp_osm_road_read(tags, &road))
        err = read_drives(reading, tags, &road, drives, &n_drive);
    if (err != SGP_OK)
        return err;
    uint32_t m_h = network->profiles->has_foot && n_drive < network->n_vehicles
                       ? sgp_osm_walk_m_h(tags, &network->profiles->foot)
                       : 0;
    if (n_drive == 0 && m_h == 0)
        return SGP_OK;
    sgp_osm_way way = {.id = id};
    err = keep_refs(reading, refs, n_refs, &way.first_ref, &way.n_refs);
    if (err == SGP_OK && way.n_refs > 0 && n_drive > 0)
        err = keep_road(reading, &road, drives, way);
    if (err == SGP_OK && way.n_refs > 0 && m_h > 0)
        err = keep_foot_way(reading, &way, m_h, tags);
    return err;
}

static void ignore(sgp_osm_network *network, sgp_osm_ignored reason) {
    network->ignored[reason]++;
    network->counts.restrictions_ignored++;
}

/* Every `from` is paired with every `to`; what a crossing has of them is a handful. */
enum { MEMBERS_MAX = 128 };

static sgp_err keep_rule(network_reading *reading, sgp_osm_rule rule, const sgp_osm_member *members,
                         size_t n_members) {
    sgp_osm_network *network = reading->network;
    if (n_members > MEMBERS_MAX) {
        ignore(network, SGP_OSM_IGNORED_MALFORMED);
        return SGP_OK;
    }
    rule.first_member = (uint32_t)SGP_OSM_COUNT(sgp_osm_rule_member, network->rule_members);
    for (size_t i = 0; i < n_members; i++) {
        sgp_osm_rule_member member = {.id = members[i].id,
                                      .is_node = members[i].kind == SGP_OSM_NODE};
        if (strcmp(members[i].role, "from") == 0)
            member.role = SGP_OSM_FROM;
        else if (strcmp(members[i].role, "via") == 0)
            member.role = SGP_OSM_VIA;
        else if (strcmp(members[i].role, "to") == 0)
            member.role = SGP_OSM_TO;
        else
            continue; /* location_hint and the like do not change the rule. */
        if (members[i].kind == SGP_OSM_RELATION)
            continue;
        if (sgp_buffer_append(&network->rule_members, &member, sizeof member) != SGP_OK)
            return fail_memory(reading->fault);
        rule.n_members++;
    }
    if (sgp_buffer_append(&network->rules, &rule, sizeof rule) != SGP_OK)
        return fail_memory(reading->fault);
    return SGP_OK;
}

enum { CLAUSES_MAX = 8 };

/* Restrictions that hold at some hours: for the vehicles that no restriction binds at
 * all hours, one rule for each clause. */
static sgp_err keep_rules_by_hours(network_reading *reading, int64_t id,
                                   const sgp_osm_member *members, size_t n_members,
                                   sgp_osm_tags tags, uint32_t bound, uint32_t *n_kept) {
    sgp_osm_network *network = reading->network;
    sgp_osm_rule rules[CLAUSES_MAX];
    sgp_osm_closing closing = {.holidays = false};
    sgp_err err = SGP_OK;
    if (!sgp_osm_has_hours(tags))
        return SGP_OK;
    for (uint32_t p = 0; err == SGP_OK && p < network->n_vehicles; p++) {
        const sgp_vehicle *vehicle = &network->profiles->vehicles[p];
        if ((bound >> p & 1) || sgp_osm_turn_read(tags, vehicle) != SGP_OSM_TURN_CONDITIONAL)
            continue;
        const char *at = NULL;
        sgp_osm_hours reason;
        for (sgp_osm_turn turn;
             err == SGP_OK &&
             (turn = sgp_osm_turn_clause(tags, vehicle, &at, &closing.forward, &closing.holidays,
                                         &reason)) != SGP_OSM_TURN_NONE;) {
            sgp_osm_rule rule = {.relation = id,
                                 .no = (uint32_t)(turn == SGP_OSM_TURN_NO) << p,
                                 .only = (uint32_t)(turn == SGP_OSM_TURN_ONLY) << p};
            if (turn == SGP_OSM_TURN_UNKNOWN)
                closing.unread = reason;
            else
                err = number_hours(reading, &closing.forward, &rule.hours);
            uint32_t i = 0;
            while (i < *n_kept && rules[i].hours != rule.hours)
                i++;
            if (err != SGP_OK || rule.hours == 0 || i == CLAUSES_MAX)
                continue;
            rules[i] = i == *n_kept ? rule : rules[i];
            rules[i].no |= rule.no;
            rules[i].only |= rule.only;
            *n_kept += i == *n_kept;
        }
    }
    count_hours(network, &closing, *n_kept > 0);
    for (uint32_t i = 0; err == SGP_OK && i < *n_kept; i++)
        err = keep_rule(reading, rules[i], members, n_members);
    return err;
}

static sgp_err on_relation(void *ctx, int64_t id, const sgp_osm_member *members, size_t n_members,
                           sgp_osm_tags tags) {
    network_reading *reading = ctx;
    sgp_osm_network *network = reading->network;
    network->counts.relations++;
    sgp_osm_rule rule = {.relation = id, .no = 0, .only = 0};
    sgp_osm_turn why = SGP_OSM_TURN_NONE; /* nobody is bound: as the first vehicle sees it */
    for (uint32_t p = 0; p < network->n_vehicles; p++) {
        sgp_osm_turn turn = sgp_osm_turn_read(tags, &network->profiles->vehicles[p]);
        rule.no |= (uint32_t)(turn == SGP_OSM_TURN_NO) << p;
        rule.only |= (uint32_t)(turn == SGP_OSM_TURN_ONLY) << p;
        why = p == 0 ? turn : why;
    }
    uint32_t n_kept = 0;
    sgp_err err =
        keep_rules_by_hours(reading, id, members, n_members, tags, rule.no | rule.only, &n_kept);
    if (err == SGP_OK && (rule.no | rule.only))
        err = keep_rule(reading, rule, members, n_members);
    if (err != SGP_OK || n_kept > 0 || (rule.no | rule.only))
        return err;
    if (why == SGP_OSM_TURN_EXEMPT)
        ignore(network, SGP_OSM_IGNORED_EXEMPT);
    else if (why == SGP_OSM_TURN_CONDITIONAL)
        ignore(network, SGP_OSM_IGNORED_CONDITIONAL);
    else if (why == SGP_OSM_TURN_OTHER_VEHICLES)
        ignore(network, SGP_OSM_IGNORED_OTHER_VEHICLES);
    else if (why == SGP_OSM_TURN_UNKNOWN)
        ignore(network, SGP_OSM_IGNORED_MALFORMED);
    return SGP_OK;
}

/* ---- between the passes: numbering the nodes ---- */

static int compare_ids(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

uint32_t sgp_osm_network_node(const sgp_osm_network *network, int64_t id) {
    uint32_t low = 0, high = network->n_nodes;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (network->node_ids[middle] < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < network->n_nodes && network->node_ids[low] == id ? low : SGP_NONE;
}

static sgp_err number_nodes(network_reading *reading) {
    sgp_osm_network *network = reading->network;
    const int64_t *refs = SGP_OSM_LIST(int64_t, reading->refs);
    size_t n_refs = SGP_OSM_COUNT(int64_t, reading->refs);
    int64_t *ids = malloc(n_refs * sizeof *ids);
    network->refs = malloc(n_refs * sizeof *network->refs);
    if (!ids || !network->refs) {
        free(ids);
        return fail_memory(reading->fault);
    }
    memcpy(ids, refs, n_refs * sizeof *ids);
    qsort(ids, n_refs, sizeof *ids, compare_ids);
    uint32_t n_nodes = 0;
    for (size_t i = 0; i < n_refs; i++) {
        if (i == 0 || ids[i] != ids[n_nodes - 1])
            ids[n_nodes++] = ids[i];
    }
    int64_t *shrunk = realloc(ids, n_nodes * sizeof *ids);
    network->node_ids = shrunk ? shrunk : ids;
    network->n_nodes = n_nodes;
    network->n_refs = (uint32_t)n_refs;
    for (size_t i = 0; i < n_refs; i++)
        network->refs[i] = sgp_osm_network_node(network, refs[i]);
    sgp_buffer_free(&reading->refs);
    network->node_points = calloc(n_nodes, sizeof *network->node_points);
    network->node_flags = calloc(n_nodes, sizeof *network->node_flags);
    network->node_spot = calloc(n_nodes, sizeof *network->node_spot);
    if (!network->node_points || !network->node_flags || !network->node_spot)
        return fail_memory(reading->fault);
    return SGP_OK;
}

/* ---- second pass: nodes ---- */

/* What a node is to all vehicles together, as flags. */
static uint16_t flags_at(const sgp_osm_network *network, sgp_osm_tags tags,
                         const sgp_osm_spot *spots) {
    uint32_t n_blocked = 0, n = network->n_vehicles;
    uint16_t flags = 0;
    for (uint32_t p = 0; p < n; p++) {
        n_blocked += spots[p].blocks;
        flags |= spots[p].gate ? SGP_OSM_NODE_GATE : 0;
        flags |= spots[p].closed ? SGP_OSM_NODE_HOURS : 0;
    }
    if (n_blocked > 0)
        flags |= n_blocked == n ? SGP_OSM_NODE_BLOCKS : SGP_OSM_NODE_SORTS;
    if (network->profiles->has_foot && sgp_osm_stops_walking(tags, &network->profiles->foot))
        flags |= SGP_OSM_NODE_NO_FEET;
    const char *highway = sgp_osm_tag_value(tags, "highway");
    if (highway && strcmp(highway, "traffic_signals") == 0)
        flags |= SGP_OSM_NODE_SIGNALS;
    return flags;
}

/* Notes what stands at a node, if it is of any meaning to any vehicle. */
static sgp_err keep_spot(network_reading *reading, uint32_t node, sgp_osm_tags tags) {
    sgp_osm_network *network = reading->network;
    sgp_osm_spot spots[SGP_PROFILES_MAX];
    sgp_osm_closing closing = {.holidays = false};
    bool any = false, by_hours = sgp_osm_has_hours(tags);
    sgp_err err = SGP_OK;
    for (uint32_t p = 0; err == SGP_OK && p < network->n_vehicles; p++) {
        if (by_hours)
            memset(&closing, 0, sizeof closing);
        spots[p] = sgp_osm_spot_read(tags, &network->profiles->vehicles[p], &closing);
        if (by_hours && !spots[p].blocks)
            err = number_hours(reading, &closing.forward, &spots[p].closed);
        if (by_hours && p == 0)
            count_hours(network, &closing, spots[p].closed);
        any = any || spots[p].blocks || spots[p].closed || spots[p].forward_ms ||
              spots[p].backward_ms;
    }
    network->node_flags[node] |= err == SGP_OK ? flags_at(network, tags, spots) : 0;
    if (err != SGP_OK || !any)
        return err;
    if (sgp_buffer_append(&network->spots, spots, network->n_vehicles * sizeof *spots) != SGP_OK)
        return fail_memory(reading->fault);
    network->node_spot[node] =
        (uint32_t)(SGP_OSM_COUNT(sgp_osm_spot, network->spots) / network->n_vehicles);
    return SGP_OK;
}

static sgp_err on_node(void *ctx, int64_t id, sgp_point point, sgp_osm_tags tags) {
    network_reading *reading = ctx;
    sgp_osm_network *network = reading->network;
    network->counts.nodes++;
    /* In a sorted extract the wanted node is the next one or not wanted at all. */
    uint32_t next = reading->next_node;
    bool sorted = next == 0 || network->node_ids[next - 1] < id;
    if (sorted && next < network->n_nodes && id < network->node_ids[next])
        return SGP_OK;
    uint32_t node = sorted && next < network->n_nodes && network->node_ids[next] == id
                        ? next
                        : sgp_osm_network_node(network, id);
    if (node == SGP_NONE)
        return SGP_OK;
    reading->next_node = node + 1;
    network->node_points[node] = point;
    network->node_flags[node] |= SGP_OSM_NODE_PRESENT;
    return tags.count == 0 ? SGP_OK : keep_spot(reading, node, tags);
}

/* ---- the whole ---- */

/* The side of the middle of everything that was read. */
static bool drives_left(const sgp_osm_network *network) {
    if (network->profiles->side != SGP_SIDE_BY_PLACE)
        return network->profiles->side == SGP_SIDE_LEFT;
    int64_t west = INT32_MAX, east = INT32_MIN, south = INT32_MAX, north = INT32_MIN;
    for (uint32_t i = 0; i < network->n_nodes; i++) {
        sgp_point at = network->node_points[i];
        if (!(network->node_flags[i] & SGP_OSM_NODE_PRESENT))
            continue;
        west = at.lon_e7 < west ? at.lon_e7 : west;
        east = at.lon_e7 > east ? at.lon_e7 : east;
        south = at.lat_e7 < south ? at.lat_e7 : south;
        north = at.lat_e7 > north ? at.lat_e7 : north;
    }
    return sgp_osm_drives_left(
        (sgp_point){(int32_t)((west + east) / 2), (int32_t)((south + north) / 2)});
}

static sgp_err read_passes(network_reading *reading, sgp_osm_file *file, const char *path) {
    sgp_osm_network *network = reading->network;
    reading->meter.phase = "reading roads";
    sgp_osm_visitor roads = {reading, on_header, NULL, on_way, on_relation, on_progress};
    sgp_err err = sgp_osm_file_read(file, &roads, reading->fault);
    if (err != SGP_OK)
        return err;
    if (network->counts.car_ways == 0)
        return sgp_fail(reading->fault, SGP_E_NOT_FOUND, "%.150s holds no road that cars may drive",
                        path);
    err = number_nodes(reading);
    if (err != SGP_OK)
        return err;
    reading->meter.phase = "reading nodes";
    sgp_osm_visitor nodes = {reading, NULL, on_node, NULL, NULL, on_progress};
    err = sgp_osm_file_read(file, &nodes, reading->fault);
    if (err != SGP_OK)
        return err;
    for (uint32_t i = 0; i < network->n_nodes; i++)
        network->counts.missing_nodes += !(network->node_flags[i] & SGP_OSM_NODE_PRESENT);
    network->drives_left = drives_left(network);
    return SGP_OK;
}

sgp_err sgp_osm_network_read(sgp_osm_network *network, const char *path,
                             const sgp_profiles *profiles, const sgp_progress *progress,
                             sgp_fault *fault) {
    *network = (sgp_osm_network){.profiles = profiles, .n_vehicles = profiles->n_vehicles};
    network_reading reading = {.network = network, .meter.progress = progress, .fault = fault};
    sgp_osm_file *file;
    sgp_err err = sgp_osm_file_open(path, &file, fault);
    if (err != SGP_OK)
        return err;
    if (sgp_osm_strings_init(&network->names) != SGP_OK)
        err = fail_memory(fault);
    if (err == SGP_OK)
        err = read_passes(&reading, file, path);
    sgp_buffer_free(&reading.refs);
    sgp_osm_file_close(file);
    return err;
}

void sgp_osm_network_deinit(sgp_osm_network *network) {
    sgp_buffer_free(&network->ways);
    sgp_buffer_free(&network->drives);
    sgp_buffer_free(&network->hours);
    sgp_buffer_free(&network->spans);
    sgp_buffer_free(&network->foot_ways);
    sgp_buffer_free(&network->spots);
    sgp_buffer_free(&network->rules);
    sgp_buffer_free(&network->rule_members);
    sgp_osm_strings_deinit(&network->names);
    free(network->refs);
    free(network->node_ids);
    free(network->node_points);
    free(network->node_flags);
    free(network->node_spot);
    *network = (sgp_osm_network){0};
}

const sgp_osm_drive *sgp_osm_network_drives(const sgp_osm_network *network,
                                            const sgp_osm_way *way) {
    size_t number = (size_t)(way - SGP_OSM_LIST(const sgp_osm_way, network->ways));
    return SGP_OSM_LIST(const sgp_osm_drive, network->drives) + number * network->n_vehicles;
}

const sgp_osm_spot *sgp_osm_network_spots(const sgp_osm_network *network, uint32_t node) {
    uint32_t spot = network->node_spot[node];
    return spot == 0 ? NULL
                     : SGP_OSM_LIST(const sgp_osm_spot, network->spots) +
                           (size_t)(spot - 1) * network->n_vehicles;
}

const sgp_osm_way *sgp_osm_network_way_at(const sgp_osm_network *network, uint32_t p) {
    const sgp_osm_way *ways = SGP_OSM_LIST(const sgp_osm_way, network->ways);
    size_t low = 0, high = SGP_OSM_COUNT(sgp_osm_way, network->ways);
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (ways[middle].first_ref <= p)
            low = middle;
        else
            high = middle;
    }
    return &ways[low];
}

bool sgp_osm_network_is_segment(const sgp_osm_network *network, const sgp_osm_way *way,
                                uint32_t p) {
    return p + 1 < way->first_ref + way->n_refs &&
           (network->node_flags[network->refs[p]] & network->node_flags[network->refs[p + 1]] &
            SGP_OSM_NODE_PRESENT);
}
