/* What if: past or made-up calls, played through the very core that runs live.
 *
 *      calls ── ring ──┐                            ┌── order ──> crews: answer, turn out, drive,
 *      crews' reports ─┼──> sgp_core_step ── effects┤             treat, carry, hand over, return
 *      timers ─────────┘        ^   ^               └── recommended, changed ──> sgp_run
 *                               │   └ exact road times of the hour (week_roads.h)
 *                        dispatchers, where a click is needed
 *
 * Here are only the people: callers, crews and dispatchers, as a discrete-event shell. Who goes
 * where is decided by the core and by nothing else. What history does not tell is drawn
 * (dice.h) for each call and purpose, so that all policies meet the same chance. Equal plans give
 * equal runs on every machine.
 *
 * Transfers between hospitals are asked for when the list says so, and served when the core finds
 * them due; they take part in everything but response (report_intervals.h).
 *
 * Simplifications, all on the side of the people: a crew drives as long as the road time that it
 * was told with the order, however the hour changes on the way, times the drawn factor; positions
 * are reported when somebody could decide by them, and then exactly where the road time says that
 * the vehicle is; the hours that a crew may work (crew_h) bind nobody, and with a roster whoever
 * is planned comes in time, to the station, and goes as soon as it has no job: the next crew of a
 * unit that is still on one waits for it; nobody asks a neighbour for a unit that is lent only when
 * asked. A crew that cannot carry (a motorbike) asks for an ambulance as soon as it sees that the
 * patient needs one, and stays with him until that leaves with him, at most two hours. A crew that
 * is sent to wait elsewhere sets off at once, and stays there until its next job or the next move.
 *
 * Not thread-safe; one thread each run. Memory: the run, and the world with its open incidents.
 */
#ifndef SGP_REPLAY_WHATIF_H
#define SGP_REPLAY_WHATIF_H

#include "replay/call_list.h"
#include "replay/dice.h"
#include "replay/outcome.h"
#include "replay/week_roads.h"

/* How people are, where history does not tell. */
typedef struct sgp_habits {
    sgp_duration locate;  /* answer -> the place is known */
    sgp_duration click;   /* recommended -> a dispatcher orders, for priorities that wait for it */
    sgp_duration answer;  /* order -> accepted */
    sgp_duration turnout; /* accepted -> en route, at a station; 0 elsewhere */
    sgp_duration scene, offload, tidy;
    sgp_duration look;          /* on scene where nobody is found */
    sgp_duration travel_factor; /* in thousandths of the road time told: 1000 = as told */
    int32_t transport_permille;
    int32_t decline_permille, silent_permille; /* of orders: declined, not answered at all */
    /* Of calls without an outcome of their own; what is left over of 1000 is SERVED. */
    int32_t outcome_permille[SGP_OUTCOMES];
} sgp_habits;
/* ASSUMPTIONS of ours, not measurements; a scenario brings its own. */
void sgp_habits_default(sgp_habits *habits);

typedef struct sgp_whatif {
    const sgp_graph *graph;
    sgp_week_roads *roads;       /* of that graph; stations and hospitals become known to it */
    sgp_clocks clocks;           /* with the policies */
    const struct sgp_plan *plan; /* response plans, see plan.h; NULL = none */
    const sgp_unit *units;       /* as UNIT_REGISTERED wants them */
    size_t n_units;
    /* Who is there when (roster.h): units that it plans are there in their shifts only, the others
     * all the time; NULL = all of them all the time. */
    const struct sgp_roster *roster;
    bool crews_can; /* what a unit can do follows from the people of its shift */
    const sgp_hospital *hospitals;
    size_t n_hospitals;
    const sgp_call_list *calls;
    sgp_habits habits;
    uint64_t seed;
    int32_t utc_offset_s;
    int64_t from_ms, until_ms; /* what the run covers; 0 = from the first call to the last */
    /* What coverage counts, for policies that ask for it (coverage_map.h): zones and how much is
     * called from each, as it was known beforehand. At most SGP_MAP_ZONES_MAX; 0 = the graph's
     * zones by their streets (zones.h). */
    const sgp_point *zones;
    const int64_t *zone_weight;
    size_t n_zones;
    /* And its figures, as coverage_map.h has them; !given = the usual ones. */
    struct {
        bool given;
        int32_t target_ms; /* 0 = that of a P1 */
        int32_t busy_permille, ms_per_permille, most_ms;
    } coverage;
    /* By this rule move-ups are advised (core/move_advice.h), and each is followed; NULL: nobody
     * moves. No move is longer than move_max_ms. */
    const struct sgp_advice_rules *follow_moves;
    int64_t move_max_ms;
    uint32_t candidates_kept; /* of each recommendation that was followed, best first */
    /* Called with each event that was taken, as a journal would keep it (core_proto.h); NULL:
     * nobody is. Costs the encoding. A non-zero return stops the run and is returned. */
    /* Called with how long the core took for each event, its road times included; NULL: nobody is.
     */
    void (*timed)(void *ctx, sgp_event_kind kind, int64_t ns);
    void *timed_ctx;
    sgp_err (*record)(void *ctx, const sgp_event *event, const uint8_t *bytes, size_t length);
    void *record_ctx;
} sgp_whatif;

typedef struct sgp_whatif_count {
    uint64_t events, refused, orders, recommendations;
    uint64_t positions; /* events that are position reports */
    uint64_t left_open; /* incidents that nobody could serve */
} sgp_whatif_count;

/* Plays all calls to their end and adds what became of them to `run`, which must hold no calls
 * (units and places of an earlier run of the same fleet may stay). `run->policy`, `scenario`,
 * `seed` and `replication` are the caller's; the rest is filled in. SGP_E_MEMORY; SGP_E_MISMATCH:
 * the core refused what a crew did, which is a bug and named. */
sgp_err sgp_whatif_play(const sgp_whatif *whatif, sgp_run *run, sgp_whatif_count *count,
                        sgp_fault *fault) SGP_MUST_USE;

#endif
