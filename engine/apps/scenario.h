/* A scenario for the demo: what callers say and when, in a text that a person
 * writes and reads. One step a line; '#' starts a comment:
 *
 *   title   Seperempat jam di Malang
 *   decline PKM-14 "ban kempes"
 *   00:05 call A at "depan Puskesmas Dinoyo" complaint traffic_accident near 112.61,-7.94
 *   00:15 answer A trapped yes
 *   00:20 call B at "Jl. MT Haryono 13" complaint traffic_accident note "dua motor"
 *   00:27 link B A
 *   04:00 cancel C "sudah dibawa keluarga"
 *
 * Times are minutes:seconds of simulated time, ascending. `call` takes a name and
 * pairs: at TEXT, point LON,LAT (the exchange knows it), near LON,LAT (what a
 * dispatcher learns by ringing back), complaint CODE, priority P1..P4, note TEXT,
 * same NAME (reported as a further call of that incident). `link` joins a call to
 * another's incident, `answer` is what the
 * caller says to a question of the script (codes of scripts.conf), `cancel` stands down and closes.
 * `decline` tells a crew to refuse its first order.
 */
#ifndef SGP_APPS_SCENARIO_H
#define SGP_APPS_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "apps/texts.h"
#include "sigap/core.h"

enum {
    SGP_SCENARIO_STEPS_MAX = 256,
    SGP_SCENARIO_DECLINES_MAX = 16,
    SGP_SCENARIO_TEXT_BYTES = 200
};

typedef enum sgp_scenario_kind {
    SGP_SCENARIO_CALL = 1,
    SGP_SCENARIO_LINK,
    SGP_SCENARIO_CANCEL,
    SGP_SCENARIO_ANSWER
} sgp_scenario_kind;

typedef struct sgp_scenario_step {
    sgp_scenario_kind kind;
    int64_t at_ms;
    char name[16];  /* of the call */
    char other[16]; /* link: whose incident; call: `same` */
    char at[SGP_SCENARIO_TEXT_BYTES];
    bool has_point, has_near;
    sgp_point point, near;
    char complaint[SGP_CODE_BYTES];
    int priority; /* 0 = by the complaint */
    char question[SGP_CODE_BYTES];
    char text[SGP_SCENARIO_TEXT_BYTES]; /* call: note; cancel: reason; answer: its code */
} sgp_scenario_step;

typedef struct sgp_scenario {
    char title[SGP_SCENARIO_TEXT_BYTES];
    size_t n_steps;
    sgp_scenario_step steps[SGP_SCENARIO_STEPS_MAX];
    size_t n_declines;
    struct {
        char unit[SGP_CODE_BYTES];
        char reason[SGP_NAME_BYTES];
    } declines[SGP_SCENARIO_DECLINES_MAX];
} sgp_scenario;

/* The fault names file, line and what is wrong. SGP_E_IO, SGP_E_FORMAT, SGP_E_FULL. */
sgp_err sgp_scenario_read(const char *path, sgp_scenario *scenario, sgp_fault *fault) SGP_MUST_USE;
/* From text in memory; `name` stands for the file in faults. */
sgp_err sgp_scenario_parse(const char *name, const char *text, size_t length,
                           sgp_scenario *scenario, sgp_fault *fault) SGP_MUST_USE;

/* A quarter of an hour made of the given places of any city: addresses, streets
 * and facilities by text, some by coordinates, several at once, two calls for one
 * accident, one cancelled; equal seeds give equal scenarios. `station` and
 * `unit` (may be NULL): the crew that declines, by a call at its door.
 * At least one place is needed: SGP_E_NOT_FOUND. */
sgp_err sgp_scenario_generate(const sgp_place *places, size_t n_places, const char *unit,
                              const sgp_point *station, const char *city, uint64_t seed,
                              sgp_language language, sgp_scenario *scenario,
                              sgp_fault *fault) SGP_MUST_USE;

/* How many steps are calls; the time of the last step. */
size_t sgp_scenario_calls(const sgp_scenario *scenario);
int64_t sgp_scenario_end_ms(const sgp_scenario *scenario);

#endif
