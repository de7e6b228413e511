/* What somebody who watches from outside writes down, and what must always hold of it.
 *
 * The ledger sees the events that go in, the effects that come out, what was told to the outside,
 * and the world's public views. It keeps its own copy of every view and its own facts (who
 * refused what, what a person chose, which order falls due when), and holds each step against
 * them. Nothing here asks the core's own rules: seats, duties and deadlines are worked out anew
 * from the words of the issue. The first broken invariant is kept with its name.
 */
#ifndef SGP_SIMULATOR_LEDGER_H
#define SGP_SIMULATOR_LEDGER_H

#include "deed.h"

/* name, sentence */
#define SIM_INVARIANTS(X)                                                                          \
    X(UNIT_ON_TWO_JOBS, "no unit is on two open assignments")                                      \
    X(TWO_UNITS_ON_ONE_SEAT, "whom the engine sends has a seat that nobody else fills")            \
    X(INCIDENT_FORGOTTEN, "an open incident is served, waits for a reason, or is in a hand")       \
    X(CALL_WITHOUT_OUTCOME, "every call ends in an outcome")                                       \
    X(CLOCK_BACKWARDS, "no clock goes backwards, and no stamp is from another time")               \
    X(TOLD_BEFORE_WRITTEN, "nothing is told before its event is on disk")                          \
    X(TOLD_AND_LOST, "what was told is still so after a crash")                                    \
    X(RECOVERY_DIFFERS, "recovery arrives where the engine was, with the same effects")            \
    X(ORDER_NEVER_ANSWERED, "an order is answered once, by its crew or its clock")                 \
    X(STATE_CHANGED_BY_NOBODY, "an assignment goes on only forward and only for a reason")         \
    X(PATIENT_LEFT_BEHIND, "a unit that carries a patient is not freed before the handover")       \
    X(HOSPITAL_NOT_RECORDED, "who arrives at a hospital arrives at a hospital")                    \
    X(BEDS_NEGATIVE, "beds are never fewer than none")                                             \
    X(BEDS_MISCOUNTED, "free beds are those told, less patients brought, plus those released")     \
    X(TRANSFER_FORGOTTEN, "a transfer is nobody's job before it is due, and then somebody's")      \
    X(TRANSFER_ROBBED, "who is kept for a transfer is not sent to what is not urgent")             \
    X(CREW_NOT_TOLD, "a crew hears of its order, of its changes and of its end")                   \
    X(REQUEST_DONE_TWICE, "a request that comes again changes nothing and hears the same")         \
    X(REFUSAL_CHANGED_SOMETHING, "what is refused changes nothing")                                \
    X(CHANGED_IN_SILENCE, "whatever changes is told as changed")                                   \
    X(CHOSEN_PLACE_MOVED, "a place that a person chose stays")                                     \
    X(DIVERTED_WITHOUT_NEED, "a unit is taken only for something more urgent, or by a person")     \
    X(ASKED_AFTER_REFUSAL, "a crew that refused is not sent again without a person")               \
    X(SENT_BLINDLY, "nobody is sent from a position that is too old or not known")                 \
    X(POSITION_WENT_BACK, "an older position does not replace a newer one")                        \
    X(DISTRESS_FORGOTTEN, "a call for help stands, and is told again, until somebody clears it")   \
    X(SENT_IN_DISTRESS, "nobody in distress is sent anywhere")                                     \
    X(CREW_NOT_ASKED, "a crew on scene is asked whether all is well")                              \
    X(MOVE_UP_LOST, "where a unit is sent to wait changes only for a reason")                      \
    X(RADIO_NOT_NOTED, "what another entered for a crew says so, with the time that was told")     \
    X(NUISANCE_BLOCKED, "a marked number warns, and its calls are taken all the same")             \
    X(ALERT_NEVER_ANSWERED, "an agency's alert is acknowledged, declined or overdue")              \
    X(CLOSURE_NEVER_ENDS, "a road closure ends when it says")                                      \
    X(BOUND_BROKEN, "the bounds hold")                                                             \
    X(WORLD_INCONSISTENT, "the things of the world fit each other")

typedef enum sim_invariant {
#define X(name, sentence) SIM_##name,
    SIM_INVARIANTS(X)
#undef X
        SIM_N_INVARIANTS
} sim_invariant;
const char *sim_invariant_name(sim_invariant which);
const char *sim_invariant_sentence(sim_invariant which);

/* A copy of a thing's view as of the last step, and a hash of all that the view leads to. */
typedef struct sim_thing {
    uint64_t hash;
    bool is_there, was_told; /* CHANGED since the hash was taken */
} sim_thing;

typedef struct sim_incident {
    sim_thing thing;
    sgp_incident_state state;
    sgp_outcome outcome;
    bool confirmed, in_hand; /* in_hand: a dispatcher stood a unit down since it was raised */
    sgp_priority priority;
    sgp_point point;
} sim_incident;

typedef struct sim_assignment {
    sim_thing thing;
    sgp_id incident;
    uint32_t unit;
    sgp_assignment_state state;
    int64_t at_ms[SGP_ASSIGNMENT_STATES];
    int64_t answer_by_ms; /* as the clocks were when it was ordered */
    uint32_t by_radio;
    /* On scene: when it came or was last heard or asked, and within which time it is to be asked;
     * 0 = not, or not known since a crash. */
    int64_t heard_ms, ask_within_ms;
} sim_assignment;

typedef struct sim_call {
    sim_thing thing;
    sgp_id incident;
} sim_call;

typedef struct sim_unit {
    sim_thing thing;
    sgp_id assignment;
    bool on_duty, at_station, has_position, in_distress;
    int64_t position_at_ms;
    int64_t alarm_at_ms; /* of its distress, the last one */
    sgp_post_state post;
    sgp_id post_id;
} sim_unit;

/* Something that happened and holds on; struck out again when its event is lost in a crash. */
typedef struct sim_fact {
    enum {
        SIM_FACT_CHOSEN,
        SIM_FACT_REFUSED,
        SIM_FACT_ASKED_ANEW,
        SIM_FACT_BEDS_TOLD, /* of hospital `unit`: so many are free */
        SIM_FACT_BEDS_RELEASED,
        SIM_FACT_BED_TAKEN
    } kind;
    int32_t beds;
    int64_t at_ms; /* with beds */
    uint64_t seq;
    sgp_id incident; /* 0 with ASKED_ANEW: every one, since the crew signed on */
    uint32_t unit;   /* UINT32_MAX with CHOSEN */
    sgp_point point;
} sim_fact;

/* A request that was answered. */
typedef struct sim_answered {
    uint64_t seq;
    uint8_t id[16];
    char actor[SGP_CODE_BYTES];
    sgp_reply reply;
} sim_answered;

/* What the outside was told; no crash takes it back. */
typedef struct sim_told {
    sgp_id assignment, incident;
    uint32_t unit;
} sim_told;

enum { SIM_UNITS = 64, SIM_TRANSFERS = 1024, SIM_HASHED_EVERY = 24, SIM_NUMBERS = 8 };

typedef struct sim_ledger {
    sim_invariant broken; /* SIM_N_INVARIANTS: none */
    char detail[480];
    uint64_t steps, checks;
    /* as of the last step */
    uint64_t seq;
    int64_t now_ms;
    uint8_t digest[32];
    sim_unit units[SIM_UNITS];
    sim_incident *incidents; /* [id] */
    sim_assignment *assignments;
    sim_call *calls;
    sgp_transfer_state transfers[SIM_TRANSFERS]; /* [id], the first ones */
    int64_t marked_until_ms[SIM_NUMBERS];        /* by hand, by the first byte of the token */
    sgp_id n_incidents, n_assignments, n_calls;  /* ids below these were seen */
    size_t incidents_capacity, assignments_capacity, calls_capacity;
    bool patients_first; /* before the step */
    /* facts and answers, by rising seq */
    sim_fact *facts;
    size_t n_facts, facts_capacity;
    sim_answered *answered;
    size_t n_answered, answered_capacity;
    sim_told *told;
    size_t n_told, told_capacity;
    /* before the present step */
    bool repeated;
    sim_answered before;
    sgp_place settled;
    sgp_id settled_incident;
} sim_ledger;

void sim_ledger_init(sim_ledger *ledger);
void sim_ledger_free(sim_ledger *ledger);

/* Around each step of the core. `roads_fail`: no road time can be had. */
void sim_ledger_before(sim_ledger *ledger, const sgp_world *world, const sgp_event *event);
void sim_ledger_after(sim_ledger *ledger, const sgp_world *world, const sgp_event *event,
                      sgp_err err, const sgp_effects *effects, const core_oracle *roads);
/* After the shell's turn, when everything due has been fired. */
void sim_ledger_turn(sim_ledger *ledger, const sgp_world *world, int64_t now_ms);
/* Something leaves the engine: of event `seq`, while the disk surely has `on_disk`. */
void sim_ledger_told(sim_ledger *ledger, uint64_t seq, uint64_t on_disk);
void sim_ledger_told_order(sim_ledger *ledger, const sgp_world *world, sgp_id assignment);
/* After a crash: the world is that of event `seq` again. */
void sim_ledger_recovered(sim_ledger *ledger, const sgp_world *world);
/* At the end of the day, when everybody has gone home. */
void sim_ledger_end(sim_ledger *ledger, const sgp_world *world);

void sim_break(sim_ledger *ledger, sim_invariant which, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
