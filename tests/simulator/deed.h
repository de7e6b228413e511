/* What happens in a simulated day, one deed after another. A list of deeds can be played again
 * without whoever drew them, whole or with some left out: that is how a failure is made short. */
#ifndef SGP_SIMULATOR_DEED_H
#define SGP_SIMULATOR_DEED_H

#include "core_check.h"

typedef enum sim_deed_kind {
    SIM_EVENT,    /* somebody tells the engine something */
    SIM_WRITTEN,  /* the disk has finished what it was given, and is given what came since */
    SIM_SNAPSHOT, /* the engine keeps a snapshot */
    SIM_CRASH,    /* the engine dies; what the disk had not finished is kept or lost */
    SIM_ROADS,    /* road times fail, or nobody gets across a wall, or all is well */
    SIM_CLOCK     /* somebody sets the machine's clock */
} sim_deed_kind;

typedef struct sim_deed {
    sim_deed_kind kind;
    int64_t pass_ms; /* that pass before it */
    sgp_event event; /* seq, at_ms: the shell's; a plan is borrowed for the whole life */
    bool keep;       /* SIM_CRASH: the disk had written the batch under way */
    bool fails;      /* SIM_ROADS */
    bool has_wall;   /* SIM_ROADS */
    int32_t wall_m;  /* SIM_ROADS */
    int64_t set_ms;  /* SIM_CLOCK: by so much */
    bool evening;    /* nothing new begins any more */
} sim_deed;

typedef struct sim_deeds {
    sim_deed *items;
    size_t n, capacity;
} sim_deeds;

sim_deed *sim_deeds_add(sim_deeds *deeds);
void sim_deeds_free(sim_deeds *deeds);
/* One line for a person. */
void sim_deed_print(const sim_deed *deed, size_t nth, FILE *out);

#endif
