/* The world's storage and its views. */
#include "core/world.h"

#include "core/numbers.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* ---- growing arrays and tables -------------------------------------------- */

sgp_err sgp_room(void **array, size_t n, size_t *capacity, size_t item_bytes) {
    if (n < *capacity)
        return SGP_OK;
    size_t wider = *capacity ? *capacity * 2 : 16;
    void *grown = realloc(*array, wider * item_bytes);
    if (!grown)
        return SGP_E_MEMORY;
    *array = grown;
    *capacity = wider;
    return SGP_OK;
}

sgp_err sgp_room_u32(void **array, uint32_t n, uint32_t *capacity, size_t item_bytes) {
    size_t wide = *capacity;
    sgp_err err = sgp_room(array, n, &wide, item_bytes);
    *capacity = (uint32_t)wide;
    return err;
}

size_t sgp_id_table_after(const sgp_id_table *table, sgp_id after) {
    size_t low = 0, high = table->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (table->ids[middle] <= after)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static size_t table_position(const sgp_id_table *table, sgp_id id) {
    size_t at = id ? sgp_id_table_after(table, id - 1) : table->n;
    return at < table->n && table->ids[at] == id ? at : table->n;
}

void *sgp_id_table_find(const sgp_id_table *table, sgp_id id) {
    size_t at = table_position(table, id);
    return at < table->n ? table->nodes[at] : NULL;
}

sgp_err sgp_id_table_append(sgp_id_table *table, sgp_id id, void *node) {
    assert(table->n == 0 || table->ids[table->n - 1] < id);
    if (table->n == table->capacity) {
        size_t capacity = table->capacity ? table->capacity * 2 : 64;
        sgp_id *ids = realloc(table->ids, capacity * sizeof *ids);
        if (!ids)
            return SGP_E_MEMORY;
        table->ids = ids;
        void **nodes = realloc(table->nodes, capacity * sizeof *nodes);
        if (!nodes)
            return SGP_E_MEMORY;
        table->nodes = nodes;
        table->capacity = capacity;
    }
    table->ids[table->n] = id;
    table->nodes[table->n++] = node;
    return SGP_OK;
}

void sgp_id_table_remove(sgp_id_table *table, sgp_id id) {
    size_t at = table_position(table, id);
    assert(at < table->n);
    size_t rest = table->n - at - 1;
    memmove(table->ids + at, table->ids + at + 1, rest * sizeof *table->ids);
    memmove(table->nodes + at, table->nodes + at + 1, rest * sizeof *table->nodes);
    table->n--;
}

/* ---- codes ---------------------------------------------------------------- */

static const char *unit_code(const sgp_world *world, uint32_t index) {
    return world->units[index].view.code;
}

static const char *hospital_code(const sgp_world *world, uint32_t index) {
    return world->hospitals[index].view.code;
}

typedef const char *(*code_of)(const sgp_world *world, uint32_t index);

/* Where `code` stands or would stand in alphabetical order. */
static uint32_t code_position(const sgp_world *world, const sgp_code_index *index, code_of get,
                              const char *code, bool *found) {
    uint32_t low = 0, high = index->n;
    *found = false;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = strcmp(get(world, index->order[middle]), code);
        if (order == 0)
            *found = true;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void code_insert(const sgp_world *world, sgp_code_index *index, code_of get,
                        uint32_t thing) {
    bool found;
    uint32_t at = code_position(world, index, get, get(world, thing), &found);
    assert(!found && index->n < index->capacity);
    memmove(index->order + at + 1, index->order + at, (index->n - at) * sizeof *index->order);
    index->order[at] = thing;
    index->n++;
}

sgp_unit_node *sgp_world_find_unit(const sgp_world *world, const char *code) {
    bool found;
    uint32_t at = code_position(world, &world->units_by_code, unit_code, code, &found);
    return found ? &world->units[world->units_by_code.order[at]] : NULL;
}

sgp_hospital_node *sgp_world_find_hospital(const sgp_world *world, const char *code) {
    bool found;
    uint32_t at = code_position(world, &world->hospitals_by_code, hospital_code, code, &found);
    return found ? &world->hospitals[world->hospitals_by_code.order[at]] : NULL;
}

/* ---- adding --------------------------------------------------------------- */

sgp_unit_node *sgp_world_add_unit(sgp_world *world, const char *code) {
    sgp_code_index *index = &world->units_by_code;
    if (SGP_ROOM_U32(world->units, world->n_units, world->units_capacity) != SGP_OK ||
        SGP_ROOM_U32(index->order, index->n, index->capacity) != SGP_OK)
        return NULL;
    sgp_unit_node *node = &world->units[world->n_units];
    *node = (sgp_unit_node){.view = {.index = world->n_units}};
    assert(strlen(code) < sizeof node->view.code);
    strcpy(node->view.code, code);
    code_insert(world, index, unit_code, world->n_units++);
    return node;
}

sgp_hospital_node *sgp_world_add_hospital(sgp_world *world, const char *code) {
    sgp_code_index *index = &world->hospitals_by_code;
    if (SGP_ROOM_U32(world->hospitals, world->n_hospitals, world->hospitals_capacity) != SGP_OK ||
        SGP_ROOM_U32(index->order, index->n, index->capacity) != SGP_OK)
        return NULL;
    sgp_hospital_node *node = &world->hospitals[world->n_hospitals];
    *node = (sgp_hospital_node){.view = {.index = world->n_hospitals}};
    assert(strlen(code) < sizeof node->view.code);
    strcpy(node->view.code, code);
    code_insert(world, index, hospital_code, world->n_hospitals++);
    return node;
}

static void *add_node(sgp_id_table *table, sgp_id id, size_t bytes) {
    void *node = calloc(1, bytes);
    if (node && sgp_id_table_append(table, id, node) != SGP_OK) {
        free(node);
        return NULL;
    }
    return node;
}

sgp_call_node *sgp_world_add_call(sgp_world *world, sgp_id id) {
    sgp_call_node *node = add_node(&world->calls, id, sizeof *node);
    if (node)
        node->view.id = id;
    return node;
}

sgp_incident_node *sgp_world_add_incident(sgp_world *world, sgp_id id) {
    sgp_incident_node *node = add_node(&world->incidents, id, sizeof *node);
    if (node) {
        node->view.id = id;
        node->view.units_wanted = 1;
        node->view.alarm = 1;
    }
    return node;
}

sgp_assignment_node *sgp_world_add_assignment(sgp_world *world, sgp_id id) {
    sgp_assignment_node *node = add_node(&world->assignments, id, sizeof *node);
    if (node) {
        node->view.id = id;
        node->view.hospital = node->view.proposed = -1;
        node->view.travel_ms = -1;
    }
    return node;
}

sgp_transfer_node *sgp_world_add_transfer(sgp_world *world, sgp_id id) {
    sgp_transfer_node *node = add_node(&world->transfers, id, sizeof *node);
    if (node)
        node->view.id = id;
    return node;
}

sgp_ring_node *sgp_world_add_ring(sgp_world *world, sgp_id id) {
    sgp_ring_node *node = add_node(&world->rings, id, sizeof *node);
    if (node)
        node->view.id = id;
    return node;
}

sgp_err sgp_incident_add_call(sgp_incident_node *incident, sgp_id call) {
    uint32_t n = incident->view.n_calls;
    if (SGP_ROOM_U32(incident->calls, n, incident->calls_capacity) != SGP_OK)
        return SGP_E_MEMORY;
    uint32_t at = n;
    while (at > 0 && incident->calls[at - 1] > call)
        at--;
    memmove(incident->calls + at + 1, incident->calls + at, (n - at) * sizeof call);
    incident->calls[at] = call;
    incident->view.n_calls = n + 1;
    incident->view.first_call = incident->calls[0];
    return SGP_OK;
}

void sgp_incident_remove_call(sgp_incident_node *incident, sgp_id call) {
    uint32_t n = incident->view.n_calls, at = 0;
    while (at < n && incident->calls[at] != call)
        at++;
    assert(at < n);
    memmove(incident->calls + at, incident->calls + at + 1, (n - at - 1) * sizeof call);
    incident->view.n_calls = n - 1;
    incident->view.first_call = n > 1 ? incident->calls[0] : 0;
}

static uint32_t refused_position(const sgp_incident_node *incident, uint32_t unit) {
    uint32_t at = 0;
    while (at < incident->n_refused && incident->refused[at] < unit)
        at++;
    return at;
}

bool sgp_incident_has_refused(const sgp_incident_node *incident, uint32_t unit) {
    uint32_t at = refused_position(incident, unit);
    return at < incident->n_refused && incident->refused[at] == unit;
}

sgp_err sgp_incident_add_refused(sgp_incident_node *incident, uint32_t unit) {
    if (sgp_incident_has_refused(incident, unit))
        return SGP_OK;
    if (SGP_ROOM_U32(incident->refused, incident->n_refused, incident->refused_capacity) != SGP_OK)
        return SGP_E_MEMORY;
    uint32_t at = refused_position(incident, unit);
    memmove(incident->refused + at + 1, incident->refused + at,
            (incident->n_refused - at) * sizeof unit);
    incident->refused[at] = unit;
    incident->n_refused++;
    return SGP_OK;
}

void sgp_incident_remove_refused(sgp_incident_node *incident, uint32_t unit) {
    if (!sgp_incident_has_refused(incident, unit))
        return;
    uint32_t at = refused_position(incident, unit);
    incident->n_refused--;
    memmove(incident->refused + at, incident->refused + at + 1,
            (incident->n_refused - at) * sizeof unit);
}

sgp_err sgp_call_set_places(sgp_call_node *call, const sgp_place *places, int32_t n) {
    sgp_place *copy = NULL;
    if (n > 0) {
        copy = malloc((size_t)n * sizeof *copy);
        if (!copy)
            return SGP_E_MEMORY;
        memcpy(copy, places, (size_t)n * sizeof *copy);
    }
    free(call->view.places);
    call->view.places = copy;
    call->view.n_places = n;
    return SGP_OK;
}

sgp_err sgp_call_set_phone(sgp_call_node *call, const sgp_phone_fix *fix) {
    if (!call->view.phone && !(call->view.phone = malloc(sizeof *fix)))
        return SGP_E_MEMORY;
    *call->view.phone = *fix;
    return SGP_OK;
}

/* ---- forgetting ----------------------------------------------------------- */

static void call_free(sgp_call_node *node) {
    free(node->view.places);
    free(node->view.phone);
    free(node->messages);
    free(node);
}

static void incident_free(sgp_incident_node *node) {
    free(node->calls);
    free(node->refused);
    free(node->view.answers);
    free(node->view.alerts);
    free(node->log);
    free(node);
}

void sgp_world_forget_assignment(sgp_world *world, sgp_id id) {
    sgp_assignment_node *node = sgp_world_find_assignment(world, id);
    assert(node && !sgp_assignment_is_open(&node->view));
    sgp_incident_node *incident = sgp_world_find_incident(world, node->view.incident);
    uint32_t at = 0;
    while (incident->view.assignments[at] != id)
        at++;
    incident->view.n_assignments--;
    memmove(incident->view.assignments + at, incident->view.assignments + at + 1,
            (incident->view.n_assignments - at) * sizeof id);
    sgp_id_table_remove(&world->assignments, id);
    free(node);
}

static bool may_be_forgotten(const sgp_world *world, const sgp_incident_node *incident) {
    if (incident->touched == world->step)
        return false;
    for (uint32_t i = 0; i < incident->view.n_assignments; i++) {
        const sgp_assignment_node *node =
            sgp_world_find_assignment(world, incident->view.assignments[i]);
        if (sgp_assignment_is_open(&node->view) || node->touched == world->step)
            return false;
    }
    for (uint32_t i = 0; i < incident->view.n_calls; i++)
        if (sgp_world_find_call(world, incident->calls[i])->touched == world->step)
            return false;
    return true;
}

static void forget_incident(sgp_world *world, sgp_incident_node *incident) {
    while (incident->view.n_assignments)
        sgp_world_forget_assignment(world, incident->view.assignments[0]);
    for (uint32_t i = 0; i < incident->view.n_calls; i++) {
        sgp_call_node *call = sgp_world_find_call(world, incident->calls[i]);
        sgp_id_table_remove(&world->calls, incident->calls[i]);
        call_free(call);
    }
    sgp_id_table_remove(&world->incidents, incident->view.id);
    incident_free(incident);
}

void sgp_world_forget_closed(sgp_world *world) {
    for (size_t at = 0; world->n_closed > SGP_CLOSED_KEPT && at < world->n_closed;) {
        sgp_incident_node *incident = sgp_world_find_incident(world, world->closed[at]);
        if (!may_be_forgotten(world, incident)) {
            at++;
            continue;
        }
        forget_incident(world, incident);
        world->n_closed--;
        memmove(world->closed + at, world->closed + at + 1,
                (world->n_closed - at) * sizeof *world->closed);
    }
}

void sgp_world_find_timer(sgp_world *world) {
    world->next_timer_ms = INT64_MAX;
    for (size_t i = 0; i < world->n_orders; i++)
        if (world->orders[i]->answer_by_ms < world->next_timer_ms)
            world->next_timer_ms = world->orders[i]->answer_by_ms;
    if (world->alert_due_ms < world->next_timer_ms)
        world->next_timer_ms = world->alert_due_ms;
    if (world->hospital_due_ms < world->next_timer_ms)
        world->next_timer_ms = world->hospital_due_ms;
    if (world->welfare_due_ms < world->next_timer_ms)
        world->next_timer_ms = world->welfare_due_ms;
    if (world->ring_due_ms < world->next_timer_ms)
        world->next_timer_ms = world->ring_due_ms;
    if (world->roster_due_ms < world->next_timer_ms)
        world->next_timer_ms = world->roster_due_ms;
    if (world->transfer_look_ms < world->next_timer_ms)
        world->next_timer_ms = world->transfer_look_ms;
    for (uint32_t i = 0; i < world->n_closures; i++) {
        const sgp_road_closure *closure = &world->closures[i];
        int64_t due_ms = !closure->in_force  ? closure->from_ms
                         : closure->until_ms ? closure->until_ms
                                             : INT64_MAX;
        if (due_ms < world->next_timer_ms)
            world->next_timer_ms = due_ms;
    }
}

/* ---- scratch ---------------------------------------------------------------- */

static void scratch_clear(sgp_scratch *scratch) {
    free(scratch->all);
    free(scratch->from);
    free(scratch->answer_ms);
    free(scratch->row);
    free(scratch->may_sit);
    *scratch = (sgp_scratch){0};
}

sgp_err sgp_world_scratch(const sgp_world *world, sgp_scratch **scratch) {
    sgp_scratch *kept = world->scratch;
    uint32_t n = world->n_units;
    *scratch = kept;
    if (n <= kept->capacity)
        return SGP_OK;
    scratch_clear(kept);
    kept->all = malloc(n * sizeof *kept->all);
    kept->from = malloc(n * sizeof *kept->from);
    kept->answer_ms = malloc(n * sizeof *kept->answer_ms);
    kept->row = malloc(n * sizeof *kept->row);
    kept->may_sit = malloc(n * sizeof *kept->may_sit);
    if (!kept->all || !kept->from || !kept->answer_ms || !kept->row || !kept->may_sit)
        return SGP_E_MEMORY;
    kept->capacity = n;
    return SGP_OK;
}

/* ---- what is open ----------------------------------------------------------- */

sgp_err sgp_world_note_open(sgp_world *world, sgp_incident_node *incident) {
    sgp_err err = SGP_ROOM(world->open, world->open_incidents, world->open_capacity);
    if (!err)
        world->open[world->open_incidents++] = incident;
    return err;
}

void sgp_world_note_closed(sgp_world *world, const sgp_incident_node *incident) {
    size_t low = 0, high = world->open_incidents;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (world->open[middle]->view.id < incident->view.id)
            low = middle + 1;
        else
            high = middle;
    }
    assert(low < world->open_incidents && world->open[low] == incident);
    world->open_incidents--;
    memmove(world->open + low, world->open + low + 1,
            (world->open_incidents - low) * sizeof *world->open);
}

sgp_err sgp_world_note_order(sgp_world *world, sgp_assignment_node *assignment) {
    sgp_err err = SGP_ROOM(world->orders, world->n_orders, world->orders_capacity);
    if (!err)
        world->orders[world->n_orders++] = assignment;
    return err;
}

void sgp_world_note_answer(sgp_world *world, const sgp_assignment_node *assignment) {
    size_t at = 0;
    while (at < world->n_orders && world->orders[at] != assignment)
        at++;
    assert(at < world->n_orders);
    world->orders[at] = world->orders[--world->n_orders];
}

/* ---- roads ----------------------------------------------------------------- */

sgp_err sgp_world_add_closure(sgp_world *world, const sgp_road_closure *closure) {
    sgp_err err = SGP_ROOM_U32(world->closures, world->n_closures, world->closures_capacity);
    if (!err)
        world->closures[world->n_closures++] = *closure;
    return err;
}

sgp_metric_mark *sgp_world_find_mark(sgp_world *world, const char *profile) {
    for (uint32_t i = 0; i < world->n_metrics; i++)
        if (strcmp(world->metrics[i].profile, profile) == 0)
            return &world->metrics[i];
    return NULL;
}

/* ---- life ----------------------------------------------------------------- */

void sgp_clocks_default(sgp_clocks *clocks) {
    enum { SECOND = 1000, MINUTE = 60 * SECOND };
    *clocks = (sgp_clocks){
        .accept_ms = {60 * SECOND, 30 * SECOND, 45 * SECOND, 90 * SECOND, 180 * SECOND},
        .target_ms = {30 * MINUTE, 8 * MINUTE, 15 * MINUTE, 30 * MINUTE, 60 * MINUTE},
        .turnout_ms = {[SGP_UNIT_AMBULANCE_BASIC] = 60 * SECOND,
                       [SGP_UNIT_AMBULANCE_ADVANCED] = 60 * SECOND,
                       [SGP_UNIT_MOTORBIKE] = 40 * SECOND,
                       [SGP_UNIT_COMMAND_CAR] = 60 * SECOND,
                       [SGP_UNIT_FIRE_ENGINE] = 80 * SECOND,
                       [SGP_UNIT_RESCUE] = 80 * SECOND},
        .position_max_age_ms = 5 * MINUTE,
        .confident_permille = 850,
        .phone_place_m = 150,
        .order_without_click = {[SGP_P1] = true},
        .reorder_after_refusal = true,
    };
}

void sgp_rules_default(sgp_rules *rules) {
    enum { SECOND = 1000, MINUTE = 60 * SECOND };
    *rules = (sgp_rules){
        .seats_by_kind = true,
        .patients_first = true,
        .divert_gain_ms = 2 * MINUTE,
        .divert_keep_ms = MINUTE,
        .divert_times = 1,
        .handover_ms = 15 * MINUTE,
        .clear_ms = 5 * MINUTE,
        .position_age_ms = {[SGP_UNIT_EN_ROUTE] = 2 * MINUTE},
        .aid_after_ms = {15 * MINUTE, 8 * MINUTE, 15 * MINUTE, 30 * MINUTE, 60 * MINUTE},
        .walk_cm_s = 120,
        .walk_max_m = 300,
        .withdraw_surplus = true,
        .mass_reserve = 2,
        .joint_gain_ms = MINUTE,
        .joint_weight = {4, 8, 4, 2, 1},
        .judge_calls = true,
        .number_keep_h = 90 * 24,
        .nuisance_count = 3,
        .nuisance_window_h = 3 * 24,
        .nuisance_mark_h = 7 * 24,
        .alike_ms = 30 * MINUTE,
        .alike_m = 150,
        .alike_reach_m = {[SGP_VAGUE_SPOT] = 150,
                          [SGP_VAGUE_LINE] = 400,
                          [SGP_VAGUE_AREA] = 800,
                          [SGP_VAGUE_PHONE] = 600},
        .by_hand_for = SGP_P2,
        .edition = SGP_EDITION,
        .hospital_by_need = true,
        .hospital_wish_ms = 5 * MINUTE,
        .beds_stale_ms = 12 * 60 * MINUTE,
        .bed_stay_ms = 4 * 60 * MINUTE,
        .offload_ms = 30 * MINUTE,
        .offload_again_ms = 15 * MINUTE,
        .transfer_margin_ms = 5 * MINUTE,
        .transfer_keep_ms = 60 * MINUTE,
        .welfare_ms = {30 * MINUTE, 30 * MINUTE, 30 * MINUTE, 30 * MINUTE, 30 * MINUTE},
        .welfare_alone_ms = 15 * MINUTE,
        .welfare_danger_ms = 10 * MINUTE,
        .welfare_again_ms = 2 * MINUTE,
        .ring_claim_ms = MINUTE / 4,
        .ring_keep_h = 24,
        .ring_target_ms = MINUTE / 6,
        .ring_target_permille = 900,
        .shift_absent_ms = 10 * MINUTE,
        .shift_end_ms = 20 * MINUTE,
    };
}

sgp_err sgp_world_create(sgp_world **world) {
    sgp_world *made = calloc(1, sizeof *made);
    if (!made || !(made->scratch = calloc(1, sizeof *made->scratch))) {
        free(made);
        return SGP_E_MEMORY;
    }
    sgp_clocks_default(&made->clocks);
    made->next_call = made->next_incident = 1;
    made->next_assignment = made->next_recommendation = 1;
    made->next_transfer = 1;
    made->next_timer_ms = made->alert_due_ms = made->hospital_due_ms = INT64_MAX;
    made->transfer_look_ms = made->welfare_due_ms = made->ring_due_ms = INT64_MAX;
    made->roster_due_ms = INT64_MAX;
    *world = made;
    return SGP_OK;
}

void sgp_world_destroy(sgp_world *world) {
    if (!world)
        return;
    for (size_t i = 0; i < world->calls.n; i++)
        call_free(world->calls.nodes[i]);
    for (size_t i = 0; i < world->incidents.n; i++)
        incident_free(world->incidents.nodes[i]);
    for (size_t i = 0; i < world->assignments.n; i++)
        free(world->assignments.nodes[i]);
    for (size_t i = 0; i < world->transfers.n; i++)
        free(world->transfers.nodes[i]);
    for (size_t i = 0; i < world->rings.n; i++)
        free(world->rings.nodes[i]);
    sgp_id_table *tables[] = {&world->calls, &world->incidents, &world->assignments,
                              &world->transfers, &world->rings};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        free(tables[i]->ids);
        free(tables[i]->nodes);
    }
    free(world->units);
    for (uint32_t i = 0; i < world->n_hospitals; i++)
        free(world->hospitals[i].taken_at_ms);
    free(world->hospitals);
    free(world->units_by_code.order);
    free(world->hospitals_by_code.order);
    free(world->closed);
    free(world->closures);
    free(world->plan);
    free(world->coverage);
    sgp_numbers_free(world);
    free(world->premises);
    free(world->roster);
    free(world->shifts);
    free(world->accounts);
    free(world->devices);
    sgp_replies_free(&world->replies);
    free(world->changed);
    free(world->attention);
    free(world->freed);
    free(world->open);
    free(world->orders);
    scratch_clear(world->scratch);
    free(world->scratch);
    free(world);
}

/* ---- views ---------------------------------------------------------------- */

bool sgp_assignment_is_open(const sgp_assignment *assignment) {
    return assignment->state >= SGP_ASSIGNMENT_PROPOSED &&
           assignment->state <= SGP_ASSIGNMENT_HANDED_OVER;
}

bool sgp_assignment_reached_scene(const sgp_assignment *assignment) {
    for (int state = SGP_ASSIGNMENT_ON_SCENE; state <= SGP_ASSIGNMENT_CLOSED; state++)
        if (assignment->at_ms[state])
            return true;
    return false;
}

sgp_call_node *sgp_world_find_call(const sgp_world *world, sgp_id id) {
    return sgp_id_table_find(&world->calls, id);
}

sgp_incident_node *sgp_world_find_incident(const sgp_world *world, sgp_id id) {
    return sgp_id_table_find(&world->incidents, id);
}

sgp_assignment_node *sgp_world_find_assignment(const sgp_world *world, sgp_id id) {
    return sgp_id_table_find(&world->assignments, id);
}

bool sgp_world_reply(const sgp_world *world, const uint8_t request_id[16], const char *actor,
                     sgp_reply *reply) {
    return sgp_replies_find(&world->replies, request_id, reply) &&
           (reply->actor[0] == '\0' || strncmp(reply->actor, actor, sizeof reply->actor) == 0);
}

uint32_t sgp_world_road_closures(const sgp_world *world) {
    return world->n_closures;
}

const sgp_road_closure *sgp_world_road_closure(const sgp_world *world, uint32_t nth) {
    return nth < world->n_closures ? &world->closures[nth] : NULL;
}

const sgp_metric_mark *sgp_world_metric_mark(const sgp_world *world, const char *profile) {
    /* Looking changes nothing. */
    return sgp_world_find_mark((sgp_world *)(uintptr_t)world, profile);
}

int64_t sgp_world_next_timer_ms(const sgp_world *world) {
    return world->next_timer_ms;
}

const sgp_clocks *sgp_world_clocks(const sgp_world *world) {
    return &world->clocks;
}

uint32_t sgp_world_units(const sgp_world *world) {
    return world->n_units;
}

const sgp_unit *sgp_world_unit(const sgp_world *world, uint32_t index) {
    return index < world->n_units ? &world->units[index].view : NULL;
}

const sgp_unit *sgp_world_unit_by_code(const sgp_world *world, const char *code) {
    const sgp_unit_node *node = sgp_world_find_unit(world, code);
    return node ? &node->view : NULL;
}

sgp_unit_status sgp_world_unit_status(const sgp_world *world, uint32_t index) {
    if (index >= world->n_units)
        return 0;
    const sgp_unit *unit = &world->units[index].view;
    if (!unit->assignment)
        return unit->on_duty ? SGP_UNIT_AVAILABLE : SGP_UNIT_OFF_DUTY;
    switch (world->units[index].on->view.state) {
    case SGP_ASSIGNMENT_EN_ROUTE:
        return SGP_UNIT_EN_ROUTE;
    case SGP_ASSIGNMENT_ON_SCENE:
        return SGP_UNIT_ON_SCENE;
    case SGP_ASSIGNMENT_TRANSPORTING:
        return SGP_UNIT_TRANSPORTING;
    case SGP_ASSIGNMENT_AT_HOSPITAL:
    case SGP_ASSIGNMENT_HANDED_OVER:
        return SGP_UNIT_AT_HOSPITAL;
    default:
        return SGP_UNIT_ORDERED;
    }
}

uint32_t sgp_world_hospitals(const sgp_world *world) {
    return world->n_hospitals;
}

const sgp_hospital *sgp_world_hospital(const sgp_world *world, uint32_t index) {
    return index < world->n_hospitals ? &world->hospitals[index].view : NULL;
}

const sgp_hospital *sgp_world_hospital_by_code(const sgp_world *world, const char *code) {
    const sgp_hospital_node *node = sgp_world_find_hospital(world, code);
    return node ? &node->view : NULL;
}

const sgp_call *sgp_world_call(const sgp_world *world, sgp_id id) {
    const sgp_call_node *node = sgp_world_find_call(world, id);
    return node ? &node->view : NULL;
}

const sgp_incident *sgp_world_incident(const sgp_world *world, sgp_id id) {
    const sgp_incident_node *node = sgp_world_find_incident(world, id);
    return node ? &node->view : NULL;
}

const sgp_assignment *sgp_world_assignment(const sgp_world *world, sgp_id id) {
    const sgp_assignment_node *node = sgp_world_find_assignment(world, id);
    return node ? &node->view : NULL;
}

sgp_transfer_node *sgp_world_find_transfer(const sgp_world *world, sgp_id id) {
    return sgp_id_table_find(&world->transfers, id);
}

const sgp_transfer *sgp_world_transfer(const sgp_world *world, sgp_id id) {
    const sgp_transfer_node *node = sgp_world_find_transfer(world, id);
    return node ? &node->view : NULL;
}

sgp_ring_node *sgp_world_find_ring(const sgp_world *world, sgp_id id) {
    return sgp_id_table_find(&world->rings, id);
}

const sgp_ring *sgp_world_ring(const sgp_world *world, sgp_id id) {
    const sgp_ring_node *node = sgp_world_find_ring(world, id);
    return node ? &node->view : NULL;
}

static sgp_id next_id(const sgp_id_table *table, sgp_id after) {
    size_t at = sgp_id_table_after(table, after);
    return at < table->n ? table->ids[at] : 0;
}

sgp_id sgp_world_next_incident(const sgp_world *world, sgp_id after) {
    return next_id(&world->incidents, after);
}

sgp_id sgp_world_next_call(const sgp_world *world, sgp_id after) {
    return next_id(&world->calls, after);
}

sgp_id sgp_world_next_assignment(const sgp_world *world, sgp_id after) {
    return next_id(&world->assignments, after);
}

sgp_id sgp_world_next_ring(const sgp_world *world, sgp_id after) {
    return next_id(&world->rings, after);
}

sgp_id sgp_world_next_transfer(const sgp_world *world, sgp_id after) {
    return next_id(&world->transfers, after);
}

sgp_id sgp_world_next_call_of(const sgp_world *world, sgp_id incident, sgp_id after) {
    const sgp_incident_node *node = sgp_world_find_incident(world, incident);
    for (uint32_t i = 0; node && i < node->view.n_calls; i++)
        if (node->calls[i] > after)
            return node->calls[i];
    return 0;
}

sgp_id sgp_world_call_by_token(const sgp_world *world, const uint8_t token[SGP_HASH_BYTES]) {
    static const uint8_t none[SGP_HASH_BYTES];
    if (memcmp(token, none, sizeof none) == 0)
        return 0;
    for (size_t i = 0; i < world->calls.n; i++) {
        const sgp_call_node *call = world->calls.nodes[i];
        if (memcmp(call->locate.token, token, SGP_HASH_BYTES) == 0)
            return call->view.id;
    }
    return 0;
}

uint64_t sgp_world_seq(const sgp_world *world) {
    return world->seq;
}

int64_t sgp_world_now_ms(const sgp_world *world) {
    return world->now_ms;
}
