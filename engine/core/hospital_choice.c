#include "core/hospital_choice.h"

#include <stdlib.h>

#include "core/policy.h"

/* Where nobody told of beds, so many patients of one large incident are taken for granted. */
enum { BEDS_UNTOLD = 2 };

static sgp_start start_of(const sgp_world *world, const sgp_assignment *assignment) {
    const sgp_unit *unit = &world->units[assignment->unit].view;
    const sgp_incident *incident = &sgp_world_find_incident(world, assignment->incident)->view;
    bool unit_is_known =
        unit->has_position && unit->position_at_ms >= assignment->at_ms[SGP_ASSIGNMENT_ORDERED];
    sgp_start from = sgp_policy_start(unit, incident->priority);
    from.point = unit_is_known || !incident->has_place ? unit->position : incident->place.point;
    return from;
}

/* How many patients are on their way to each hospital, or wait there. */
static void count_inbound(const sgp_world *world, int32_t *inbound) {
    for (uint32_t i = 0; i < world->n_units; i++) {
        sgp_id id = world->units[i].view.assignment;
        if (!id)
            continue;
        const sgp_assignment *on = &sgp_world_find_assignment(world, id)->view;
        if ((on->state == SGP_ASSIGNMENT_TRANSPORTING || on->state == SGP_ASSIGNMENT_AT_HOSPITAL) &&
            on->hospital >= 0)
            inbound[on->hospital]++;
    }
}

static bool has_bed(const sgp_world *world, const int32_t *inbound, uint32_t hospital) {
    int32_t beds = world->hospitals[hospital].view.beds;
    return inbound[hospital] < (beds ? beds : BEDS_UNTOLD);
}

/* inbound == NULL: beds do not matter. */
static int32_t nearest(const sgp_world *world, const int64_t *ms, const int32_t *inbound) {
    int32_t best = -1;
    for (uint32_t i = 0; i < world->n_hospitals; i++)
        if (ms[i] >= 0 && (best < 0 || ms[i] < ms[best]) &&
            (!inbound || has_bed(world, inbound, i)))
            best = (int32_t)i;
    return best;
}

static int32_t choose(const sgp_world *world, const sgp_assignment *assignment, const int64_t *ms,
                      int32_t *inbound) {
    int32_t best = -1;
    if (sgp_world_find_incident(world, assignment->incident)->view.mass_casualty) {
        count_inbound(world, inbound);
        best = nearest(world, ms, inbound);
    }
    return best < 0 ? nearest(world, ms, NULL) : best;
}

sgp_err sgp_hospital_choose(sgp_step *step, const sgp_assignment *assignment, int32_t *hospital) {
    sgp_world *world = step->world;
    *hospital = -1;
    uint32_t n = world->n_hospitals;
    if (n == 0)
        return SGP_OK;
    sgp_start from = start_of(world, assignment);
    sgp_point *to = malloc(n * sizeof *to);
    int64_t *ms = malloc(n * sizeof *ms);
    int32_t *inbound = calloc(n, sizeof *inbound);
    sgp_err err = to && ms && inbound ? SGP_OK : SGP_E_MEMORY;
    if (!err) {
        for (uint32_t i = 0; i < n; i++)
            to[i] = world->hospitals[i].view.point;
        err = step->times->one_to_many(step->times->ctx, &from, to, n, ms);
        if (!err)
            *hospital = choose(world, assignment, ms, inbound);
        if (err != SGP_E_MEMORY && err != SGP_E_CORRUPT)
            err = SGP_OK;
    }
    free(to);
    free(ms);
    free(inbound);
    return err;
}
