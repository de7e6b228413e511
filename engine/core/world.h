/* The world from inside: what core.h shows, and what the core keeps beside it.
 *
 * Private to engine/core and its tests. Things live in nodes; tables hold nodes
 * sorted by id, so that a walk in id order is a walk along an array and nothing
 * ever depends on addresses or hash order. `touched` is the number of the step
 * that last changed the node: it makes one CHANGED effect and one new version
 * for each thing and event, and is not part of the world's state.
 */
#ifndef SGP_CORE_WORLD_H
#define SGP_CORE_WORLD_H

#include "core/replies.h"
#include "sigap/core.h"
#include "sigap/coverage_map.h"
#include "sigap/plan.h"
#include "sigap/roster.h"

struct sgp_assignment_node;

typedef struct sgp_unit_node {
    sgp_unit view;
    struct sgp_assignment_node *on; /* view.assignment, NULL = free; derived */
    sgp_id pencilled;               /* the transfer that it is kept for next, 0 = none; derived */
    sgp_fix_stream streams[SGP_STREAMS_PER_UNIT]; /* of the devices that tell where it is */
    uint64_t touched;
} sgp_unit_node;

typedef struct sgp_hospital_node {
    sgp_hospital view;
    int64_t *taken_at_ms; /* [view.n_taken], ascending: when our patients took beds */
    uint32_t taken_capacity;
    uint64_t touched;
} sgp_hospital_node;

/* A caller's phone may tell where it is: once within a time, then its holder again for a while. */
typedef struct sgp_locate {
    uint8_t token[SGP_HASH_BYTES];  /* zero = nobody asked */
    uint8_t holder[SGP_HASH_BYTES]; /* zero = not used yet */
    int64_t until_ms;               /* for the first position, or for the last one */
    int32_t updates_ms;
} sgp_locate;

typedef struct sgp_call_node {
    sgp_call view;
    bool phone_placed; /* the incident's place is the phone's position, and no person chose it */
    sgp_locate locate;
    sgp_message *messages; /* [n_messages], oldest first */
    uint32_t n_messages, messages_capacity;
    uint8_t number[SGP_CALLER_TOKEN_BYTES]; /* token, zero = none */
    uint64_t touched;
} sgp_call_node;

/* What callers and people say of an incident, without the answers to questions (script.h). */
typedef struct sgp_said {
    sgp_priority priority;
    char complaint[SGP_CODE_BYTES];
    bool priority_by_hand, complaint_by_hand;
} sgp_said;

typedef struct sgp_incident_node {
    sgp_incident view;
    sgp_said said;
    uint32_t answers_capacity, alerts_capacity; /* of the view's lists */
    sgp_id *calls;                              /* [view.n_calls], ascending */
    uint32_t calls_capacity;
    uint32_t *refused; /* units that declined or let time out, ascending; not asked again */
    uint32_t n_refused, refused_capacity;
    bool wish;    /* a dispatcher's order was refused: the next free unit goes */
    bool by_hand; /* a dispatcher stood a unit down: nothing is ordered without a click */
    bool trusted; /* a person acted for it, whoever called */
    sgp_log_entry *log;
    uint32_t n_log, log_capacity;
    bool log_closed;                        /* its closing stands in the log */
    uint8_t number[SGP_CALLER_TOKEN_BYTES]; /* of its first call; derived */
    uint64_t touched;
    uint64_t recommended; /* step of the last recommendation; not state */
} sgp_incident_node;

typedef struct sgp_assignment_node {
    sgp_assignment view;
    int64_t answer_by_ms; /* while ORDERED */
    uint64_t touched;
} sgp_assignment_node;

typedef struct sgp_transfer_node {
    sgp_transfer view;
    uint64_t touched;
} sgp_transfer_node;

typedef struct sgp_ring_node {
    sgp_ring view;
    uint64_t touched;
} sgp_ring_node;

/* Nodes by ascending id. Removal shifts: cheap at the sizes that the bounds allow. */
typedef struct sgp_id_table {
    sgp_id *ids;
    void **nodes;
    size_t n, capacity;
} sgp_id_table;

void *sgp_id_table_find(const sgp_id_table *table, sgp_id id);
/* The position of the first id greater than `after`; table->n at the end. */
size_t sgp_id_table_after(const sgp_id_table *table, sgp_id after);
/* `id` must be greater than every id in the table. */
sgp_err sgp_id_table_append(sgp_id_table *table, sgp_id id, void *node) SGP_MUST_USE;
void sgp_id_table_remove(sgp_id_table *table, sgp_id id);

/* Codes of units or hospitals in alphabetical order, for look-up. */
typedef struct sgp_code_index {
    uint32_t *order;
    uint32_t n, capacity;
} sgp_code_index;

/* Something that an event changed, to be told once at the end of the step. */
typedef struct sgp_changed_thing {
    sgp_world_thing thing;
    sgp_id id;
} sgp_changed_thing;

/* An incident that must be looked at at the end of the step. */
typedef struct sgp_attention {
    sgp_id incident;
    bool may_order;
} sgp_attention;

/* Memory that a recommendation uses and the next one uses again; never state. Each array has
 * room for every unit. */
typedef struct sgp_scratch {
    sgp_candidate *all;
    sgp_start *from;
    int64_t *answer_ms;
    uint32_t *row;
    uint8_t *may_sit;
    uint32_t capacity;
} sgp_scratch;

struct sgp_world {
    /* State: what the snapshot keeps and the digest covers. */
    uint64_t seq;
    int64_t now_ms;
    sgp_clocks clocks;
    uint8_t city[16]; /* of the last GRAPH_SWITCHED */
    uint64_t metric;
    sgp_id next_call, next_incident, next_assignment, next_recommendation;
    sgp_unit_node *units;
    uint32_t n_units, units_capacity;
    sgp_hospital_node *hospitals;
    uint32_t n_hospitals, hospitals_capacity;
    sgp_id_table calls, incidents, assignments;
    sgp_id *closed; /* closed incidents, in order of closing */
    size_t n_closed, closed_capacity;
    sgp_replies replies;
    sgp_road_closure *closures; /* by ascending id */
    uint32_t n_closures, closures_capacity;
    sgp_metric_mark metrics[SGP_METRICS_MAX];
    uint32_t n_metrics;
    sgp_plan *plan; /* NULL: none */
    uint8_t plan_digest[SGP_HASH_BYTES];
    sgp_coverage_map *coverage; /* NULL: none */
    sgp_id_table transfers;
    sgp_id next_transfer;
    sgp_number **numbers; /* by token */
    uint32_t n_numbers, numbers_capacity;
    int64_t numbers_swept_ms;
    sgp_premise *premises; /* by ascending id */
    uint32_t n_premises, premises_capacity;
    sgp_id_table rings;
    sgp_roster *roster; /* NULL: none */
    uint8_t roster_digest[SGP_HASH_BYTES];
    sgp_shift *shifts; /* that people set, by ascending id */
    uint32_t n_shifts, shifts_capacity;
    sgp_handover handovers[SGP_HANDOVERS_KEPT]; /* oldest first */
    uint32_t n_handovers;
    sgp_account *accounts; /* by name */
    uint32_t n_accounts, accounts_capacity;
    sgp_device *devices; /* by ascending id */
    uint32_t n_devices, devices_capacity;
    sgp_login_code login_codes[SGP_LOGIN_CODES_MAX]; /* in order of making */
    uint32_t n_login_codes;

    /* Derived from the state. */
    sgp_code_index units_by_code, hospitals_by_code;
    uint32_t open_calls, open_incidents;
    sgp_incident_node **open; /* [open_incidents], by ascending id */
    size_t open_capacity;
    sgp_assignment_node **orders; /* those that wait for an answer, in no order */
    size_t n_orders, orders_capacity;
    int64_t next_timer_ms;
    int64_t alert_due_ms;     /* when the first alert of an open incident falls due */
    int64_t hospital_due_ms;  /* when the first bed, diversion or waiting unit falls due */
    int64_t transfer_look_ms; /* when the first planned transfer is looked at */
    uint32_t n_transfers_over;
    int64_t welfare_due_ms; /* when the first crew is asked, or distress is told again */
    int64_t ring_due_ms;    /* when the first claim of a ring ends, or a ring is forgotten */
    int64_t roster_due_ms;  /* when the first shift might be missed, or begins */

    /* Only within one step; kept to reuse the memory. */
    uint64_t step;        /* number of the step, for `touched` */
    sgp_id first_of_step; /* assignments from this id on are of this step */
    sgp_changed_thing *changed;
    size_t n_changed, changed_capacity;
    sgp_attention *attention;
    size_t n_attention, attention_capacity;
    uint32_t *freed; /* units that became available */
    size_t n_freed, freed_capacity;
    sgp_scratch *scratch; /* what looks at a world may use it too, so it stands apart */
};

/* Makes room for one more item in a growing array. */
#define SGP_ROOM(array, n, capacity) sgp_room((void **)&(array), (n), &(capacity), sizeof *(array))
#define SGP_ROOM_U32(array, n, capacity)                                                           \
    sgp_room_u32((void **)&(array), (n), &(capacity), sizeof *(array))
sgp_err sgp_room(void **array, size_t n, size_t *capacity, size_t item_bytes) SGP_MUST_USE;
sgp_err sgp_room_u32(void **array, uint32_t n, uint32_t *capacity, size_t item_bytes) SGP_MUST_USE;

/* NULL when there is no such thing. */
sgp_unit_node *sgp_world_find_unit(const sgp_world *world, const char *code);
sgp_hospital_node *sgp_world_find_hospital(const sgp_world *world, const char *code);
sgp_call_node *sgp_world_find_call(const sgp_world *world, sgp_id id);
sgp_incident_node *sgp_world_find_incident(const sgp_world *world, sgp_id id);
sgp_assignment_node *sgp_world_find_assignment(const sgp_world *world, sgp_id id);
sgp_transfer_node *sgp_world_find_transfer(const sgp_world *world, sgp_id id);
sgp_ring_node *sgp_world_find_ring(const sgp_world *world, sgp_id id);

/* New things, added to their tables; NULL: out of memory. The code of a unit or
 * hospital must be new. Ids must be greater than those in the table. */
sgp_unit_node *sgp_world_add_unit(sgp_world *world, const char *code);
sgp_hospital_node *sgp_world_add_hospital(sgp_world *world, const char *code);
sgp_call_node *sgp_world_add_call(sgp_world *world, sgp_id id);
sgp_incident_node *sgp_world_add_incident(sgp_world *world, sgp_id id);
sgp_assignment_node *sgp_world_add_assignment(sgp_world *world, sgp_id id);
sgp_transfer_node *sgp_world_add_transfer(sgp_world *world, sgp_id id);
sgp_ring_node *sgp_world_add_ring(sgp_world *world, sgp_id id);

/* Calls of an incident, kept ascending; both keep n_calls and first_call right. */
sgp_err sgp_incident_add_call(sgp_incident_node *incident, sgp_id call) SGP_MUST_USE;
void sgp_incident_remove_call(sgp_incident_node *incident, sgp_id call);
/* Units that refused this incident. */
sgp_err sgp_incident_add_refused(sgp_incident_node *incident, uint32_t unit) SGP_MUST_USE;
void sgp_incident_remove_refused(sgp_incident_node *incident, uint32_t unit);
bool sgp_incident_has_refused(const sgp_incident_node *incident, uint32_t unit);

/* Replaces the candidates of a call (copies). */
sgp_err sgp_call_set_places(sgp_call_node *call, const sgp_place *places, int32_t n) SGP_MUST_USE;

/* Replaces what its phone told (copies). */
sgp_err sgp_call_set_phone(sgp_call_node *call, const sgp_phone_fix *fix) SGP_MUST_USE;

bool sgp_assignment_is_open(const sgp_assignment *assignment);
/* On scene or later was entered at some time. */
bool sgp_assignment_reached_scene(const sgp_assignment *assignment);

/* Gives the scratch room for every unit. */
sgp_err sgp_world_scratch(const sgp_world *world, sgp_scratch **scratch) SGP_MUST_USE;

/* Keep the list of open incidents right. The new one must have the greatest id. */
sgp_err sgp_world_note_open(sgp_world *world, sgp_incident_node *incident) SGP_MUST_USE;
void sgp_world_note_closed(sgp_world *world, const sgp_incident_node *incident);
/* Keep the list of orders that wait for an answer right. */
sgp_err sgp_world_note_order(sgp_world *world, sgp_assignment_node *assignment) SGP_MUST_USE;
void sgp_world_note_answer(sgp_world *world, const sgp_assignment_node *assignment);

/* Removes one assignment from the table and from its incident's list. */
void sgp_world_forget_assignment(sgp_world *world, sgp_id id);
/* Forgets the oldest closed incidents over SGP_CLOSED_KEPT, with their calls and
 * assignments, except those with open assignments or changed in this step. */
void sgp_world_forget_closed(sgp_world *world);
/* Appends; `closure->id` must be greater than those there. */
sgp_err sgp_world_add_closure(sgp_world *world, const sgp_road_closure *closure) SGP_MUST_USE;
/* NULL: unknown profile. */
sgp_metric_mark *sgp_world_find_mark(sgp_world *world, const char *profile);
/* Recomputes next_timer_ms. */
void sgp_world_find_timer(sgp_world *world);

#endif
