/* One look at how the free units cover the city: minutes to every kelurahan, expected coverage,
 * and which moves would help most (sigap/coverage.h), over the roads as they are now.
 *
 *     loop: who is free, where        surveyor, any thread: zones, road times, sums
 *            │                             ▲
 *            └── sgp_survey_ask ───────────┘ ──> sgp_survey: plain data
 *
 * Two questions are kept apart. The map of minutes goes by where units are at this moment. The
 * advice goes by where they will wait: a free unit that is not at a station is on its way home,
 * as DMEXCLP counts it, unless it stands at another station. Moved are ambulances; a motorbike
 * counts where it is and stays.
 *
 * Zones are sgp_zones_make's, counted by metres of street. Everything that drives here drives as
 * for a P1, turnout included where it stands at a station; moves drive as for a P4.
 *
 * A surveyor is used by one thread at a time; the live roads that it reads may be replaced
 * meanwhile. It holds one metric at a time, for some milliseconds.
 */
#ifndef SGP_SERVE_COVERAGE_SURVEY_H
#define SGP_SERVE_COVERAGE_SURVEY_H

#include "core/move_advice.h"
#include "serve/live_roads.h"
#include "sigap/coverage_map.h"
#include "sigap/zones.h"

enum { SGP_SURVEY_MOVES_MAX = 20, SGP_SURVEY_MOVES_USUAL = 5 };

/* The configuration's group `coverage`. */
typedef struct sgp_coverage_settings {
    int32_t target_ms; /* within which a zone is covered; 0 = the target of a P1 */
    int32_t busy_permille;
    int32_t ms_per_permille, most_ms; /* of coverage_aware, see coverage_map.h */
    int32_t drive_max_ms;             /* longer moves are not advised */
    int32_t least_gain_ppm;           /* moves that add less are not advised */
    sgp_advice_rules advice;          /* when moves are told unasked */
    int32_t look_ms;                  /* between two looks for that */
} sgp_coverage_settings;
void sgp_coverage_settings_default(sgp_coverage_settings *settings);

typedef struct sgp_survey_unit {
    uint32_t index;
    char code[SGP_CODE_BYTES];
    sgp_unit_kind kind;
    sgp_point point;            /* where it is */
    uint32_t station;           /* where it waits or goes back to, into ask->stations */
    int64_t turnout_ms;         /* before it moves from where it is now */
    int64_t waiting_turnout_ms; /* and once it waits at its station */
} sgp_survey_unit;

typedef struct sgp_survey_station {
    sgp_point point;
    char name[SGP_NAME_BYTES];
} sgp_survey_station;

typedef struct sgp_survey_ask {
    sgp_survey_unit *units; /* free and able to treat; owned */
    size_t n_units;
    uint32_t n_stale;             /* free ones whose position is too old to count */
    sgp_survey_station *stations; /* ascending by (lon, lat), each once; owned */
    size_t n_stations;
    sgp_coverage_settings settings;
    uint32_t *busy; /* [n_busy] stations of ambulances on duty that are not free; owned */
    size_t n_busy;
    sgp_move_advice *advice; /* takes a look too; NULL = it does not. Borrowed */
    int64_t now_ms;          /* of the world */
    size_t moves_max;
    uint32_t drive_p1[SGP_UNIT_KINDS], drive_p4[SGP_UNIT_KINDS]; /* profiles */
    int64_t turnout_ms;                                          /* of an ambulance at a station */
    bool wants_map;                                              /* for the core */
} sgp_survey_ask;
void sgp_survey_ask_free(sgp_survey_ask *ask);
bool sgp_is_ambulance(sgp_unit_kind kind); /* what is moved, and what comes back to a station */

/* Who is free, and the stations of the whole fleet; moves_max 0 = the usual number. SGP_E_MEMORY.
 */
sgp_err sgp_survey_ask_make(const sgp_world *world, const sgp_live_roads *roads,
                            const sgp_coverage_settings *settings, size_t moves_max,
                            sgp_survey_ask *ask) SGP_MUST_USE;

typedef struct sgp_survey_area {
    uint32_t area;      /* of the zones */
    sgp_point point;    /* of its heaviest zone */
    int64_t mean_ms;    /* over its weight, nearest unit; -1 = no zone is reached */
    int64_t worst_ms;   /* of its zones; -1 = one is not reached */
    int32_t within_ppm; /* of its weight, within the target */
    uint32_t nearest;   /* unit of its heaviest zone, into ask->units; SGP_NONE = none */
} sgp_survey_area;

typedef struct sgp_survey {
    sgp_survey_area *areas; /* [n_areas] as zones.h orders them */
    uint32_t n_areas;
    int32_t reached_ppm;             /* of the city, by somebody, as they are now */
    int32_t expected_ppm, moved_ppm; /* where they wait: expected coverage, and after the moves */
    int64_t target_ms;
    sgp_move_up moves[SGP_SURVEY_MOVES_MAX]; /* unit into ask->units, to into ask->stations */
    size_t n_moves;
    sgp_coverage_map *map; /* where it was wanted; owned */
    uint64_t version;      /* of the metric that ambulances drove by */
} sgp_survey;
void sgp_survey_free(sgp_survey *survey);

typedef struct sgp_surveyor sgp_surveyor;
/* Makes the zones; `roads` must outlive it. Errors of sgp_zones_make. */
sgp_err sgp_surveyor_create(const sgp_live_roads *roads, sgp_surveyor **surveyor,
                            sgp_fault *fault) SGP_MUST_USE;
void sgp_surveyor_destroy(sgp_surveyor *surveyor);
const sgp_zones *sgp_surveyor_zones(const sgp_surveyor *surveyor);

/* Cost: (units + stations) x zones road times by matrix, and the moves; on the sketch of Malang
 * (993 zones, 40 stations) 13 ms for 48 units and 40 ms for 1,000. SGP_E_MEMORY, and errors of the
 * router. */
sgp_err sgp_survey_make(sgp_surveyor *surveyor, const sgp_survey_ask *ask, sgp_survey *survey,
                        sgp_fault *fault) SGP_MUST_USE;

#endif
