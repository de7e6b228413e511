/* Who acts in a simulated day, from one seed: callers, crews with their phones, three dispatchers
 * who contradict each other, agencies, callers' phones, the placer behind a database that is slow
 * or away, whoever closes roads, and fate.
 *
 * Crews know only what they were told: an order that the radio lost is not driven until the crew
 * logs in again. People err on purpose: states skipped or sent back, ids of things long gone,
 * positions late, wrong or from the future, the same request twice, or by somebody else.
 *
 * In the evening nothing new begins, everybody answers, and each incident must come to its end.
 */
#ifndef SGP_SIMULATOR_TOWN_H
#define SGP_SIMULATOR_TOWN_H

#include "shell.h"

enum { TOWN_UNITS = 16, TOWN_HOSPITALS = 4, TOWN_PLANS = 6, TOWN_SENT = 24 };

typedef struct sim_crew {
    char code[SGP_CODE_BYTES];
    sgp_id order;            /* that it has heard of; 0 = none */
    sgp_assignment_state is; /* what it thinks */
    int64_t next_ms;         /* when it does the next thing */
    int64_t no_radio_until_ms;
    int64_t gone_until_ms; /* does nothing at all */
    sgp_id move_up;        /* that it has heard of; 0 = none */
    bool waits_there;      /* it has accepted that */
    bool must_log_in;
    sgp_point point;
} sim_crew;

typedef struct sim_town {
    uint64_t random;
    uint64_t radio_random; /* of what only towns with much radio do; the others live as ever */
    bool by_radio;         /* this is one: states by radio, distress, move-ups, marked numbers */
    uint64_t seed;
    size_t day_deeds; /* until the evening */
    size_t done;
    int64_t now_ms;
    bool evening;
    bool chaotic; /* more of what makes no sense */
    sim_crew crews[TOWN_UNITS];
    uint32_t n_units;
    sgp_plan *plans[TOWN_PLANS];
    bool planned; /* lives with plans */
    struct {
        sgp_id call;
        int64_t due_ms;
    } lookups[64]; /* that the placer has */
    uint32_t n_lookups;
    int64_t database_back_ms;
    sgp_event sent[TOWN_SENT]; /* requests that may come again */
    uint32_t n_sent;
    uint64_t next_request;
    uint32_t setup; /* how far the town is registered */
    uint32_t evening_round, quiet;
    uint64_t closed_by_hand;
} sim_town;

void town_init(sim_town *town, uint64_t seed, size_t day_deeds);
void town_free(sim_town *town);
/* What was told since the last deed. */
void town_hear(sim_town *town, const sim_shell *shell);
/* The next deed; false: the day is over. */
bool town_next(sim_town *town, const sim_shell *shell, sim_deed *deed);

#endif
