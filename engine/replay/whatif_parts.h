/* The inside of a what-if run. Private to whatif*.c. */
#ifndef SGP_REPLAY_WHATIF_PARTS_H
#define SGP_REPLAY_WHATIF_PARTS_H

#include "core/core_proto.h"
#include "replay/whatif.h"

/* What the people do next. */
typedef enum sgp_act_kind {
    SGP_ACT_PLACED, /* of call `index`: its place is known */
    SGP_ACT_CLICK,  /* of incident row `index`: a dispatcher orders */
    SGP_ACT_CREW    /* of unit `index`: its present phase is over */
} sgp_act_kind;

typedef struct sgp_act {
    int64_t at_ms;
    uint64_t order; /* ties: first planned, first done */
    uint32_t kind, index, turn;
} sgp_act;

typedef enum sgp_crew_is {
    SGP_CREW_IS_FREE,
    SGP_CREW_IS_DECIDING,
    SGP_CREW_IS_TURNING_OUT,
    SGP_CREW_IS_TO_SCENE,
    SGP_CREW_IS_ON_SCENE,
    SGP_CREW_IS_TO_HOSPITAL,
    SGP_CREW_IS_AT_HOSPITAL,
    SGP_CREW_IS_TIDYING,
    SGP_CREW_IS_RETURNING /* to where it waits */
} sgp_crew_is;

/* A drive that has begun. */
typedef struct sgp_drive {
    sgp_start from;
    sgp_point to;
    int64_t left_ms;
    int64_t lasts_ms; /* as it really goes */
    int64_t told_ms;  /* road time */
} sgp_drive;

typedef struct sgp_played_crew {
    sgp_crew_is is;
    uint32_t turn;     /* acts of earlier turns are void */
    sgp_id assignment; /* 0 = none */
    uint32_t row;      /* of its incident */
    uint32_t nth;      /* assignment of that incident, for its streams of chance */
    bool silent, declines, from_station;
    bool stays;   /* done at the scene, until somebody comes who carries the patient */
    sgp_point at; /* where it stands, when it does not drive */
    sgp_drive drive;
    bool moves;   /* returns to a post that it is sent to, by move-up */
    bool has_way; /* of the drive; kept since it may be asked for again and again */
    size_t n_way, way_capacity;
    sgp_point *way_points;
    int64_t *way_at_ms;
    int64_t reported_at_ms;
    bool is_planned;       /* by the roster: it is there in its shifts only */
    bool is_due;           /* its shift has changed, and it has not followed yet */
    int64_t shift_from_ms; /* of the shift that is there, 0 = none */
    int64_t away_since_ms; /* 0 = it is there */
} sgp_played_crew;

/* What is kept of a call's incident while it runs; beside the row of the result. */
typedef struct sgp_played_call {
    const sgp_past_call *past;
    sgp_id call;         /* in the world */
    uint32_t orders;     /* so far */
    uint32_t arrived;    /* units that came to the scene, so far */
    uint32_t staying;    /* crews that wait there for one who carries */
    bool click_comes;    /* a dispatcher is about to order */
    bool waits, carried; /* carried: some unit takes the patient */
    sgp_outcome outcome;
} sgp_played_call;

typedef struct sgp_played_map {
    uint64_t version; /* of the roads */
    struct sgp_coverage_map *map;
    int64_t *weight, *ms; /* the same as coverage.h wants it; NULL = not asked for yet */
} sgp_played_map;

typedef struct sgp_play {
    const sgp_whatif *plan;
    sgp_run *run;
    sgp_whatif_count *count;
    sgp_fault *fault;
    sgp_world *world;
    sgp_times roads, times; /* the roads', and what the core is given */
    sgp_times_recorder recorder;
    sgp_buffer recorded;
    sgp_effects effects;
    sgp_event event; /* reused: only what a kind needs is written */
    uint64_t seq, n_acts_planned;
    int64_t now_ms;
    sgp_act *acts; /* a heap, earliest first */
    size_t n_acts, acts_capacity;
    sgp_played_crew *crews; /* [n_units] by index in the world */
    sgp_played_call *calls; /* [n calls]; row = incident id - 1, by opening */
    uint32_t ringing;       /* the call of the list that is just received */
    uint32_t *asked;        /* by transfer id - 1: its call of the list */
    size_t n_asked;
    uint32_t *job_of; /* by assignment id; row + 1 */
    size_t job_capacity;
    uint32_t *district_of; /* by the graph's district; row + 1 */
    uint32_t waiting;      /* incidents that have a place and no unit */
    sgp_played_map *maps;  /* how stations cover the city, by the roads of the hour */
    size_t n_maps, maps_capacity;
    uint64_t map_now;       /* version of the roads of the map in force */
    const sgp_point *zones; /* of coverage; NULL = not asked for yet */
    const int64_t *zone_weight;
    size_t n_zones;
    sgp_point *own_zones;
    int64_t *own_weight;
    struct sgp_move_advice *advice; /* NULL: nobody follows any */
    bool fleet_changed;             /* somebody has become busy or free since the last look */
    int64_t looked_at_ms;
    bool some_due;    /* some unit follows its shift when its job is over */
    int64_t shift_ms; /* when the next shift begins or ends; INT64_MAX = never */
    bool covers;      /* some policy asks for coverage, or advice does */
    bool diverts;     /* some policy looks at units on their way */
} sgp_play;

/* ---- whatif.c -------------------------------------------------------------- */

sgp_err sgp_play_plan(sgp_play *play, int64_t at_ms, sgp_act_kind kind, uint32_t index,
                      uint32_t turn) SGP_MUST_USE;
/* An event to fill in; then step it. The core's answer is `*answer` where it is an ordinary
 * refusal and `answer` is given; otherwise a refusal is a bug. */
sgp_event *sgp_play_event(sgp_play *play, sgp_event_kind kind);
sgp_err sgp_play_step(sgp_play *play, sgp_err *answer) SGP_MUST_USE;

/* ---- whatif_transfer.c ----------------------------------------------------- */

/* Somebody asks for the transfer that is call `index` of the list. */
sgp_err sgp_play_ask_transfer(sgp_play *play, uint32_t index) SGP_MUST_USE;
/* Incidents that have opened in this step get their rows: of the call that rings, or of transfers
 * that have fallen due. */
sgp_err sgp_play_adopt(sgp_play *play) SGP_MUST_USE;

/* ---- whatif_crew.c --------------------------------------------------------- */

sgp_err sgp_play_crew_ordered(sgp_play *play, sgp_id assignment) SGP_MUST_USE;
sgp_err sgp_play_crew_withdrawn(sgp_play *play, sgp_id assignment) SGP_MUST_USE;
/* Its present phase is over. */
sgp_err sgp_play_crew_next(sgp_play *play, uint32_t unit) SGP_MUST_USE;
/* All vehicles that may be chosen where they are now tell where that is: those on their way home,
 * and where the policy diverts, those on their way to something less urgent than `priority`, or
 * than whatever else waits. */
sgp_err sgp_play_report_positions(sgp_play *play, sgp_priority priority) SGP_MUST_USE;

/* Where its vehicle is now. */
sgp_err sgp_play_crew_where(sgp_play *play, uint32_t unit, sgp_point *point) SGP_MUST_USE;
/* Its vehicle stands at its station; whatever its crew had planned is void. */
void sgp_play_crew_park(sgp_play *play, uint32_t unit);
/* A crew that is free is sent to wait at a post, accepts and sets off at once. */
sgp_err sgp_play_crew_move(sgp_play *play, uint32_t unit, sgp_point to,
                           int32_t gain_ppm) SGP_MUST_USE;

/* ---- whatif_moves.c -------------------------------------------------------- */

/* Takes a look at the coverage where it may have changed, and follows what is told. */
sgp_err sgp_play_look_at_moves(sgp_play *play) SGP_MUST_USE;
/* ---- whatif_shifts.c ------------------------------------------------------- */

/* Units that no roster plans sign on; the others are not there yet. Sets shift_ms. */
sgp_err sgp_play_begin_shifts(sgp_play *play) SGP_MUST_USE;
/* Shifts that begin or end now; and those of units that have a job no longer. */
sgp_err sgp_play_change_shifts(sgp_play *play) SGP_MUST_USE;
/* Units that are away at the end of the run; what they were not there for is no duty. */
sgp_err sgp_play_end_shifts(sgp_play *play) SGP_MUST_USE;

/* ---- whatif_coverage.c ----------------------------------------------------- */

/* Brings the map of this hour's roads into the core, where that is another one. */
sgp_err sgp_play_cover(sgp_play *play) SGP_MUST_USE;
void sgp_play_free_maps(sgp_play *play);

/* ---- whatif_run.c ---------------------------------------------------------- */

sgp_err sgp_play_open_run(sgp_play *play) SGP_MUST_USE;
sgp_err sgp_play_note_call(sgp_play *play, uint32_t row) SGP_MUST_USE;
/* What a call turns out to be: told by history, or drawn. */
sgp_outcome sgp_play_outcome(const sgp_play *play, const sgp_past_call *past);
sgp_err sgp_play_note_order(sgp_play *play, const sgp_assignment *assignment) SGP_MUST_USE;
sgp_err sgp_play_note_changes(sgp_play *play) SGP_MUST_USE;
sgp_err sgp_play_close_run(sgp_play *play) SGP_MUST_USE;

#endif
