#include "core/shortfalls.h"

#include "core/needs.h"

/* When the candidate would be there; what a policy adds to its rank is no time. */
static int64_t arrival_ms(const sgp_candidate *candidate) {
    return candidate->total_ms - candidate->policy_ms;
}

static bool is_wanted(const sgp_need *need, const sgp_unit *unit) {
    return sgp_need_fits(need, unit) && (need->kinds >> sgp_kind_with_crew(unit) & 1u) != 0;
}

/* The first candidate of the wanted kinds that no other seat has: now, or when it is free. */
static int64_t best_wanted_ms(const sgp_world *world, const sgp_recommendation *made,
                              const sgp_need *need) {
    int64_t best_ms = -1;
    for (uint32_t i = 0; i < made->n_candidates; i++) {
        const sgp_candidate *candidate = &made->candidates[i];
        bool may_go = candidate->exclusion == SGP_EXCLUDED_NOT ||
                      candidate->exclusion == SGP_EXCLUDED_NOT_YET_FREE;
        if (!may_go || candidate->seat || !is_wanted(need, &world->units[candidate->unit].view))
            continue;
        if (best_ms < 0 || arrival_ms(candidate) < best_ms)
            best_ms = arrival_ms(candidate);
    }
    return best_ms;
}

static const sgp_candidate *taker_of(const sgp_recommendation *made, uint32_t seat) {
    for (uint32_t i = 0; i < made->n_candidates; i++)
        if (made->candidates[i].seat == seat && made->candidates[i].exclusion == SGP_EXCLUDED_NOT)
            return &made->candidates[i];
    return NULL;
}

static bool is_named(const sgp_recommendation *made, const sgp_need *need) {
    for (uint32_t i = 0; i < made->n_shortfalls; i++)
        if (made->shortfalls[i].kinds == need->kinds &&
            made->shortfalls[i].skills == need->skills &&
            made->shortfalls[i].within_ms == need->within_ms)
            return true;
    return false;
}

void sgp_shortfalls_find(const sgp_world *world, const sgp_incident_node *incident,
                         sgp_recommendation *made) {
    sgp_need needs[SGP_NEEDS_MAX];
    made->n_shortfalls = 0;
    if (!world->plan || sgp_incident_needs(world, incident, needs, 1) == 0)
        return; /* nobody has said what there should be, or it has all it needs; the list is for
                   whoever wants more */
    size_t n = sgp_incident_needs_or_one(world, incident, needs, SGP_NEEDS_MAX);
    for (uint32_t seat = 0; seat < n && made->n_shortfalls < SGP_SHORTFALLS_MAX; seat++) {
        const sgp_need *need = &needs[seat];
        const sgp_candidate *taker = taker_of(made, seat + 1);
        bool wanted = taker && is_wanted(need, &world->units[taker->unit].view);
        int64_t best_ms = wanted ? arrival_ms(taker) : best_wanted_ms(world, made, need);
        bool in_time = wanted && (need->within_ms == 0 || best_ms <= need->within_ms);
        if (in_time || need->if_possible || is_named(made, need))
            continue;
        made->shortfalls[made->n_shortfalls++] =
            (sgp_shortfall){.kinds = need->kinds,
                            .skills = need->skills,
                            .within_ms = need->within_ms,
                            .best_ms = best_ms,
                            .unit = taker && !wanted ? taker->unit + 1 : 0};
    }
}
