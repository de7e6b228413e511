#include "core/joint_parts.h"

#include <stdlib.h>

static void release(sgp_joint *j) {
    for (size_t i = 0; i < j->n_parties; i++)
        free(j->parties[i].all);
    free(j->parties);
    free(j->rows);
    free(j->moves);
    free(j->barred);
    free(j->goes_to);
}

sgp_err sgp_joint_serve(sgp_step *step, sgp_joint_asker *askers, size_t n) {
    sgp_joint j = {.step = step, .world = step->world};
    uint32_t n_units = step->world->n_units;
    j.moves = calloc(n_units + 1, sizeof *j.moves);
    j.barred = calloc(n_units + 1, sizeof *j.barred);
    j.goes_to = calloc(n_units + 1, sizeof *j.goes_to);
    sgp_err err = j.moves && j.barred && j.goes_to ? sgp_joint_gather(&j, askers, n) : SGP_E_MEMORY;
    if (!err)
        err = sgp_joint_list_rows(&j);
    if (!err)
        err = sgp_joint_solve(&j);
    if (!err)
        err = sgp_joint_act(&j);
    release(&j);
    return err;
}
