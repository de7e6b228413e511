#include "route/osm_turns.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

/* Ways by OSM id. */
typedef struct way_entry {
    int64_t id;
    uint32_t way;
} way_entry;

typedef struct turn_finding {
    sgp_osm_network *network;
    const sgp_osm_folded *folded;
    sgp_osm_bans *bans;
    uint32_t vehicle;        /* whose bans are being found */
    uint32_t hours;          /* of the rule */
    way_entry *ways;         /* ascending by id */
    uint32_t *first_leaving; /* [n_nodes + 1] into leaving */
    uint32_t *leaving;       /* moves by the node they leave */
    sgp_buffer drive;        /* uint32_t: the ban in the making */
    sgp_fault *fault;
} turn_finding;

/* What came of a restriction, or of one pair of its members. */
typedef enum outcome { USED = SGP_OSM_IGNORED_REASONS, OUT_OF_MEMORY } outcome;

static sgp_err fail_memory(sgp_fault *fault) {
    return sgp_fail(fault, SGP_E_MEMORY,
                    "no memory left for turn restrictions; a smaller extract is needed");
}

/* ---- look-up ---- */

static int compare_entries(const void *a, const void *b) {
    const way_entry *x = a, *y = b;
    if (x->id != y->id)
        return (x->id > y->id) - (x->id < y->id);
    return (x->way > y->way) - (x->way < y->way);
}

static way_entry *index_ways(const sgp_osm_network *network) {
    const sgp_osm_way *ways = SGP_OSM_LIST(const sgp_osm_way, network->ways);
    size_t n = SGP_OSM_COUNT(sgp_osm_way, network->ways);
    way_entry *entries = malloc((n + 1) * sizeof *entries);
    for (size_t i = 0; entries && i < n; i++)
        entries[i] = (way_entry){ways[i].id, (uint32_t)i};
    if (entries)
        qsort(entries, n, sizeof *entries, compare_entries);
    return entries;
}

/* The drivable way with this id, or NULL. */
static const sgp_osm_way *find_way(const sgp_osm_network *network, const way_entry *entries,
                                   int64_t id) {
    size_t n = SGP_OSM_COUNT(sgp_osm_way, network->ways);
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (entries[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == n || entries[low].id != id)
        return NULL;
    return &SGP_OSM_LIST(const sgp_osm_way, network->ways)[entries[low].way];
}

static const sgp_osm_rule_member *members_of(const sgp_osm_network *network,
                                             const sgp_osm_rule *rule) {
    /* A list without entries has no address to count from. */
    return rule->n_members == 0 ? NULL
                                : SGP_OSM_LIST(const sgp_osm_rule_member, network->rule_members) +
                                      rule->first_member;
}

static void force(sgp_osm_network *network, uint32_t node) {
    if (node != SGP_NONE)
        network->node_flags[node] |= SGP_OSM_NODE_FORCED;
}

sgp_err sgp_osm_turns_force_vertices(sgp_osm_network *network, sgp_fault *fault) {
    way_entry *entries = index_ways(network);
    if (!entries)
        return fail_memory(fault);
    const sgp_osm_rule *rules = SGP_OSM_LIST(const sgp_osm_rule, network->rules);
    for (size_t i = 0; i < SGP_OSM_COUNT(sgp_osm_rule, network->rules); i++) {
        const sgp_osm_rule_member *members = members_of(network, &rules[i]);
        for (uint32_t m = 0; m < rules[i].n_members; m++) {
            if (members[m].role != SGP_OSM_VIA)
                continue;
            if (members[m].is_node) {
                force(network, sgp_osm_network_node(network, members[m].id));
                continue;
            }
            const sgp_osm_way *way = find_way(network, entries, members[m].id);
            if (way) {
                force(network, network->refs[way->first_ref]);
                force(network, network->refs[way->first_ref + way->n_refs - 1]);
            }
        }
    }
    free(entries);
    return SGP_OK;
}

static bool drives(const turn_finding *f, uint32_t move) {
    return sgp_osm_move_times(f->network, f->folded, move)[f->vehicle] != SGP_INF;
}

/* A restriction is read as if nobody drove against a one-way road. */
static bool drives_lawfully(const turn_finding *f, uint32_t move) {
    return drives(f, move) &&
           !(SGP_OSM_LIST(const uint32_t, f->folded->against)[move] >> f->vehicle & 1);
}

/* All moves by the node they leave (compressed rows). */
static sgp_err index_moves(turn_finding *f) {
    uint32_t n_moves = (uint32_t)(2 * SGP_OSM_COUNT(sgp_edge, f->folded->edges));
    f->first_leaving = calloc((size_t)f->network->n_nodes + 1, sizeof *f->first_leaving);
    f->leaving = malloc(((size_t)n_moves + 1) * sizeof *f->leaving);
    if (!f->first_leaving || !f->leaving)
        return fail_memory(f->fault);
    for (uint32_t move = 0; move < n_moves; move++) {
        if (sgp_osm_move_exists(f->network, f->folded, move))
            f->first_leaving[sgp_osm_move_tail(f->folded, move)]++;
    }
    for (uint32_t i = 1; i <= f->network->n_nodes; i++)
        f->first_leaving[i] += f->first_leaving[i - 1];
    for (uint32_t move = n_moves; move-- > 0;) {
        if (sgp_osm_move_exists(f->network, f->folded, move))
            f->leaving[--f->first_leaving[sgp_osm_move_tail(f->folded, move)]] = move;
    }
    return SGP_OK;
}

/* ---- moves of a way at a node ---- */

enum { TOUCHES_MAX = 8 };

/* Where a way touches a node: its moves that arrive there, or that leave it. */
typedef struct touches {
    uint32_t moves[TOUCHES_MAX];
    uint32_t n;
    bool touching; /* the way has the node, driven or not */
} touches;

static void add_touch(const turn_finding *f, touches *found, uint32_t p, bool along) {
    uint32_t edge = f->folded->segment_edge[p];
    if (edge == SGP_NONE)
        return;
    uint32_t move = along ? edge : edge ^ 1;
    if (!drives_lawfully(f, move))
        return;
    for (uint32_t i = 0; i < found->n; i++) {
        if (found->moves[i] == move)
            return;
    }
    if (found->n < TOUCHES_MAX)
        found->moves[found->n++] = move;
}

static touches touches_of(const turn_finding *f, const sgp_osm_way *way, uint32_t node,
                          bool arriving) {
    touches found = {.n = 0};
    uint32_t last = way->first_ref + way->n_refs - 1;
    for (uint32_t p = way->first_ref; p <= last; p++) {
        if (f->network->refs[p] != node)
            continue;
        found.touching = true;
        if (p > way->first_ref)
            add_touch(f, &found, p - 1, arriving);
        if (p < last)
            add_touch(f, &found, p, !arriving);
    }
    return found;
}

/* USED when exactly one move was found. */
static outcome judge(const touches *found) {
    if (!found->touching)
        return (outcome)SGP_OSM_IGNORED_NOT_CONNECTED;
    if (found->n == 0)
        return (outcome)SGP_OSM_IGNORED_NOT_DRIVEN;
    return found->n == 1 ? USED : (outcome)SGP_OSM_IGNORED_AMBIGUOUS;
}

/* ---- bans ---- */

/* Adds f->drive followed by `last` as one ban. */
static outcome add_ban(turn_finding *f, uint32_t last) {
    sgp_osm_ban ban = {(uint32_t)SGP_OSM_COUNT(uint32_t, f->drive) + 1, UINT32_C(1) << f->vehicle,
                       f->hours};
    if (sgp_buffer_append(&f->bans->moves, f->drive.data, f->drive.length) != SGP_OK ||
        sgp_buffer_append(&f->bans->moves, &last, sizeof last) != SGP_OK ||
        sgp_buffer_append(&f->bans->list, &ban, sizeof ban) != SGP_OK)
        return OUT_OF_MEMORY;
    return USED;
}

/* Bans going on from f->drive by `to` (no), or by anything else (only). */
static outcome ban_after_drive(turn_finding *f, bool only, uint32_t to) {
    if (!only)
        return add_ban(f, to);
    uint32_t node = sgp_osm_move_tail(f->folded, to);
    outcome result = USED;
    for (uint32_t i = f->first_leaving[node]; i < f->first_leaving[node + 1]; i++) {
        if (f->leaving[i] != to && drives(f, f->leaving[i]) && result == USED)
            result = add_ban(f, f->leaving[i]);
    }
    return result;
}

static bool drive_on(turn_finding *f, uint32_t move) {
    return sgp_buffer_append(&f->drive, &move, sizeof move) == SGP_OK;
}

/* Bans leaving the via ways of an only_* restriction before their end: of the whole
 * drive, each beginning that is on them already, going on by anything but its next move. */
static outcome ban_leaving_via(turn_finding *f) {
    size_t whole = f->drive.length;
    size_t n_moves = SGP_OSM_COUNT(uint32_t, f->drive);
    outcome result = USED;
    for (size_t n = 2; n < n_moves && result == USED; n++) {
        f->drive.length = n * sizeof(uint32_t);
        result = ban_after_drive(f, true, SGP_OSM_LIST(const uint32_t, f->drive)[n]);
    }
    f->drive.length = whole;
    return result;
}

/* no_u_turn or only_u_turn on one way: each of its sides at the node by itself. */
static outcome ban_turning_back(turn_finding *f, bool only, const touches *from) {
    outcome result = from->touching ? (outcome)SGP_OSM_IGNORED_NOT_DRIVEN
                                    : (outcome)SGP_OSM_IGNORED_NOT_CONNECTED;
    for (uint32_t i = 0; i < from->n; i++) {
        uint32_t back = from->moves[i] ^ 1;
        if (!drives(f, back))
            continue;
        sgp_buffer_clear(&f->drive);
        if (!drive_on(f, from->moves[i]))
            return OUT_OF_MEMORY;
        result = ban_after_drive(f, only, back);
        if (result == OUT_OF_MEMORY)
            return result;
    }
    return result;
}

static outcome ban_at_node(turn_finding *f, bool only, const sgp_osm_way *from, uint32_t node,
                           const sgp_osm_way *to) {
    touches arriving = touches_of(f, from, node, true);
    if (from == to)
        return ban_turning_back(f, only, &arriving);
    touches leaving = touches_of(f, to, node, false);
    outcome result = judge(&arriving);
    if (result == USED)
        result = judge(&leaving);
    if (result != USED)
        return result;
    sgp_buffer_clear(&f->drive);
    if (!drive_on(f, arriving.moves[0]))
        return OUT_OF_MEMORY;
    return ban_after_drive(f, only, leaving.moves[0]);
}

/* Appends the moves along a via way that begins at `*node`; `*node` becomes its other end. */
static outcome drive_along(turn_finding *f, const sgp_osm_way *way, uint32_t *node) {
    const uint32_t *refs = f->network->refs + way->first_ref;
    uint32_t last = way->n_refs - 1;
    if (refs[0] == refs[last])
        return (outcome)SGP_OSM_IGNORED_AMBIGUOUS;
    if (*node != refs[0] && *node != refs[last])
        return (outcome)SGP_OSM_IGNORED_NOT_CONNECTED;
    bool along = *node == refs[0];
    uint32_t previous = SGP_NONE;
    for (uint32_t i = 0; i < last; i++) {
        uint32_t edge = f->folded->segment_edge[way->first_ref + (along ? i : last - 1 - i)];
        uint32_t move = along ? edge : edge ^ 1;
        if (edge == SGP_NONE || !drives_lawfully(f, move))
            return (outcome)SGP_OSM_IGNORED_NOT_DRIVEN;
        if (move != previous && !drive_on(f, move))
            return OUT_OF_MEMORY;
        previous = move;
    }
    *node = along ? refs[last] : refs[0];
    return USED;
}

/* Tries the via ways beginning at `node`; f->drive and `*to_move` are set when they fit. */
static outcome drive_via(turn_finding *f, const sgp_osm_rule *rule, const sgp_osm_way *from,
                         const sgp_osm_way *to, uint32_t node, uint32_t *to_move) {
    touches arriving = touches_of(f, from, node, true);
    outcome result = judge(&arriving);
    if (result != USED)
        return result;
    sgp_buffer_clear(&f->drive);
    if (!drive_on(f, arriving.moves[0]))
        return OUT_OF_MEMORY;
    const sgp_osm_rule_member *members = members_of(f->network, rule);
    for (uint32_t m = 0; result == USED && m < rule->n_members; m++) {
        if (members[m].role != SGP_OSM_VIA)
            continue;
        const sgp_osm_way *way = find_way(f->network, f->ways, members[m].id);
        result = way ? drive_along(f, way, &node) : (outcome)SGP_OSM_IGNORED_NOT_DRIVEN;
    }
    if (result != USED)
        return result;
    touches leaving = touches_of(f, to, node, false);
    *to_move = leaving.moves[0];
    return judge(&leaving);
}

static outcome ban_along_ways(turn_finding *f, const sgp_osm_rule *rule, bool only,
                              const sgp_osm_way *from, const sgp_osm_way *first_via,
                              const sgp_osm_way *to) {
    uint32_t ends[2] = {f->network->refs[first_via->first_ref],
                        f->network->refs[first_via->first_ref + first_via->n_refs - 1]};
    outcome results[2];
    uint32_t to_move;
    for (int i = 0; i < 2; i++) {
        results[i] = drive_via(f, rule, from, to, ends[i], &to_move);
        if (results[i] == OUT_OF_MEMORY)
            return OUT_OF_MEMORY;
    }
    if (results[0] == USED && results[1] == USED)
        return (outcome)SGP_OSM_IGNORED_AMBIGUOUS;
    int fits = results[0] == USED ? 0 : 1;
    if (results[fits] != USED) /* The reason of the end that at least touches says more. */
        return results[results[0] == (outcome)SGP_OSM_IGNORED_NOT_CONNECTED ? 1 : 0];
    outcome again = drive_via(f, rule, from, to, ends[fits], &to_move);
    if (again == USED && only)
        again = ban_leaving_via(f);
    return again == USED ? ban_after_drive(f, only, to_move) : again;
}

/* One `from` and one `to` of a restriction. */
static outcome ban_pair(turn_finding *f, const sgp_osm_rule *rule,
                        const sgp_osm_rule_member *from_member,
                        const sgp_osm_rule_member *via_member,
                        const sgp_osm_rule_member *to_member) {
    const sgp_osm_way *from = find_way(f->network, f->ways, from_member->id);
    const sgp_osm_way *to = find_way(f->network, f->ways, to_member->id);
    bool only = rule->only >> f->vehicle & 1;
    if (!from || !to)
        return (outcome)SGP_OSM_IGNORED_NOT_DRIVEN;
    if (!via_member->is_node) {
        const sgp_osm_way *via = find_way(f->network, f->ways, via_member->id);
        return via ? ban_along_ways(f, rule, only, from, via, to)
                   : (outcome)SGP_OSM_IGNORED_NOT_DRIVEN;
    }
    uint32_t node = sgp_osm_network_node(f->network, via_member->id);
    return node == SGP_NONE ? (outcome)SGP_OSM_IGNORED_NOT_CONNECTED
                            : ban_at_node(f, only, from, node, to);
}

/* The rule as it binds f->vehicle. */
static outcome apply_to_vehicle(turn_finding *f, const sgp_osm_rule *rule) {
    const sgp_osm_rule_member *members = members_of(f->network, rule);
    const sgp_osm_rule_member *via = NULL;
    uint32_t n_via_nodes = 0, n_via_ways = 0;
    for (uint32_t m = 0; m < rule->n_members; m++) {
        if (members[m].role == SGP_OSM_VIA) {
            via = via ? via : &members[m];
            n_via_nodes += members[m].is_node;
            n_via_ways += !members[m].is_node;
        } else if (members[m].is_node) {
            return (outcome)SGP_OSM_IGNORED_MALFORMED;
        }
    }
    if (!via || n_via_nodes > 1 || (n_via_nodes == 1 && n_via_ways > 0))
        return (outcome)SGP_OSM_IGNORED_MALFORMED;
    outcome result = (outcome)SGP_OSM_IGNORED_MALFORMED;
    for (uint32_t a = 0; a < rule->n_members; a++) {
        for (uint32_t b = 0; members[a].role == SGP_OSM_FROM && b < rule->n_members; b++) {
            if (members[b].role != SGP_OSM_TO)
                continue;
            outcome pair = ban_pair(f, rule, &members[a], via, &members[b]);
            if (pair == OUT_OF_MEMORY)
                return pair;
            result = result == USED ? USED : pair;
        }
    }
    return result;
}

/* USED when it binds anybody; otherwise why it does not bind the first one meant. */
static outcome apply_rule(turn_finding *f, const sgp_osm_rule *rule) {
    outcome result = USED;
    bool first = true;
    f->hours = rule->hours;
    for (f->vehicle = 0; f->vehicle < f->network->n_vehicles; f->vehicle++) {
        if (!((rule->no | rule->only) >> f->vehicle & 1))
            continue;
        outcome own = apply_to_vehicle(f, rule);
        if (own == OUT_OF_MEMORY)
            return own;
        result = first || own == USED ? own : result;
        first = false;
    }
    return result;
}

static void log_ignored(const sgp_osm_network *network) {
    char fields[300];
    size_t used = 0;
    static const char *const names[] = {
#define SGP_OSM_IGNORED_NAME(name, text) text,
        SGP_OSM_IGNORED(SGP_OSM_IGNORED_NAME)
#undef SGP_OSM_IGNORED_NAME
    };
    fields[0] = '\0';
    for (int i = 0; i < SGP_OSM_IGNORED_REASONS; i++)
        used += (size_t)snprintf(fields + used, sizeof fields - used, " %s=%llu", names[i],
                                 (unsigned long long)network->ignored[i]);
    sgp_log(SGP_LOG_INFO, "turn_restrictions_read", "used=%llu ignored=%llu%s",
            (unsigned long long)network->counts.restrictions,
            (unsigned long long)network->counts.restrictions_ignored, fields);
}

sgp_err sgp_osm_turns_find_bans(sgp_osm_network *network, const sgp_osm_folded *folded,
                                sgp_osm_bans *bans, sgp_fault *fault) {
    *bans = (sgp_osm_bans){0};
    turn_finding f = {.network = network, .folded = folded, .bans = bans, .fault = fault};
    f.ways = index_ways(network);
    sgp_err err = f.ways ? index_moves(&f) : fail_memory(fault);
    const sgp_osm_rule *rules = SGP_OSM_LIST(const sgp_osm_rule, network->rules);
    for (size_t i = 0; err == SGP_OK && i < SGP_OSM_COUNT(sgp_osm_rule, network->rules); i++) {
        outcome result = apply_rule(&f, &rules[i]);
        if (result == OUT_OF_MEMORY) {
            err = fail_memory(fault);
        } else if (result == USED) {
            network->counts.restrictions++;
        } else {
            network->ignored[result]++;
            network->counts.restrictions_ignored++;
        }
    }
    if (err == SGP_OK)
        log_ignored(network);
    free(f.ways);
    free(f.first_leaving);
    free(f.leaving);
    sgp_buffer_free(&f.drive);
    return err;
}

void sgp_osm_bans_deinit(sgp_osm_bans *bans) {
    sgp_buffer_free(&bans->moves);
    sgp_buffer_free(&bans->list);
    *bans = (sgp_osm_bans){0};
}
