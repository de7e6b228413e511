#include "town.h"

#include <assert.h>
#include <stdlib.h>

#include "base/random.h"
#include "plan_maker.h"
#include "town_people.h"
#include "town_radio.h"

uint32_t town_below(sim_town *town, uint32_t bound) {
    return (uint32_t)sgp_random_below(&town->random, bound);
}

bool town_chance(sim_town *town, uint32_t permille) {
    return town_below(town, 1000) < permille;
}

/* Plans that differ in what a reload may change. */
static void make_plans(sim_town *town) {
    for (uint32_t i = 0; i < TOWN_PLANS; i++) {
        sgp_plan *plan = town->plans[i] = plan_make();
        plan->seats[0].within_ms = (int32_t)town_below(town, 1200000);
        plan->seats[1].if_possible = town_below(town, 2);
        plan->seats[5].skills = town_below(town, 2) ? 1u << SGP_SKILL_EXTRICATION : 0;
        plan->answers[3].weight = (int32_t)town_below(town, 41) - 20;
        plan->agencies[0].answer_ms = 1 + (int32_t)town_below(town, 300000);
        if (i % 2) /* as if it had fewer seats */
            plan->responses[0].n_seats = 1 + town_below(town, 4);
    }
}

void town_init(sim_town *town, uint64_t seed, size_t day_deeds) {
    memset(town, 0, sizeof *town);
    town->random = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
    town->radio_random = seed * UINT64_C(0xd1342543de82ef95) + 7;
    town->by_radio = town_radio_below(town, 2);
    town->seed = seed;
    town->day_deeds = day_deeds;
    town->n_units = 6 + town_below(town, TOWN_UNITS - 5);
    town->planned = town_below(town, 2);
    town->chaotic = town_below(town, 3) == 0;
    town->next_request = 1;
    for (uint32_t i = 0; i < town->n_units; i++)
        snprintf(town->crews[i].code, SGP_CODE_BYTES, "A-%02u", i);
    make_plans(town);
}

void town_free(sim_town *town) {
    for (uint32_t i = 0; i < TOWN_PLANS; i++)
        free(town->plans[i]);
}

/* ---- hearing ---------------------------------------------------------------------- */

static void hear_order(sim_town *town, const sim_shell *shell, const sim_message *message) {
    sim_crew *crew = &town->crews[message->unit];
    if (crew->no_radio_until_ms > town->now_ms) {
        crew->must_log_in = true;
        return;
    }
    const sgp_assignment *on = sgp_world_assignment(shell->world, message->assignment);
    if (message->kind == SGP_EFFECT_WITHDRAW) {
        if (crew->order == message->assignment)
            crew->order = 0;
    } else if (crew->order != message->assignment && on->state <= SGP_ASSIGNMENT_HANDED_OVER) {
        crew->order = message->assignment;
        crew->is = on->state;
        crew->next_ms = town->now_ms + 1000 + town_below(town, 40000);
    }
}

static void hear_lookup(sim_town *town, sgp_id call) {
    uint32_t at = 0;
    while (at < town->n_lookups && town->lookups[at].call != call)
        at++;
    if (at == sizeof town->lookups / sizeof *town->lookups)
        at = town_below(town, at); /* asked again after a restart, or placed by a person */
    else if (at == town->n_lookups)
        town->n_lookups++;
    town->lookups[at].call = call;
    town->lookups[at].due_ms =
        town->now_ms + (town_chance(town, 100) ? town_below(town, 600000) : town_below(town, 3000));
}

void town_hear(sim_town *town, const sim_shell *shell) {
    town->now_ms = shell->clock.now_ms;
    for (size_t i = 0; i < shell->n_heard; i++) {
        const sim_message *message = &shell->heard[i];
        if (message->kind == SGP_EFFECT_ORDER || message->kind == SGP_EFFECT_WITHDRAW)
            hear_order(town, shell, message);
        else if (message->kind == SGP_EFFECT_MOVE_UP)
            town_hears_move_up(town, shell, message->unit);
        else if (message->kind == SGP_EFFECT_FIND_PLACE)
            hear_lookup(town, message->call);
    }
}

/* A crash cuts every connection; whoever logs in again hears what stands. */
static void cut_connections(sim_town *town) {
    town->n_lookups = 0;
    for (uint32_t i = 0; i < town->n_units; i++)
        town->crews[i].must_log_in = true;
}

/* ---- requests --------------------------------------------------------------------- */

void town_request(sim_town *town, sgp_event *event, const char *actor) {
    snprintf(event->actor, sizeof event->actor, "%s", actor);
    if (town_chance(town, 500))
        return;
    uint64_t id = town->next_request++;
    memcpy(event->request_id, &id, sizeof id);
    event->request_id[15] = 1;
    uint32_t at = town->n_sent < TOWN_SENT ? town->n_sent++ : town_below(town, TOWN_SENT);
    town->sent[at] = *event;
}

/* A double click, a client that tries again, or somebody else with the same id. */
static bool send_again(sim_town *town, sgp_event *event) {
    if (town->n_sent == 0)
        return false;
    *event = town->sent[town_below(town, town->n_sent)];
    if (town_chance(town, 150))
        strcpy(event->actor, "D9");
    return true;
}

/* ---- fate --------------------------------------------------------------------------- */

static bool draw_fate(sim_town *town, sim_deed *deed) {
    uint32_t dice = town_below(town, 1000);
    if (dice < 220) {
        deed->kind = SIM_WRITTEN;
    } else if (dice < 235) {
        deed->kind = SIM_SNAPSHOT;
    } else if (dice < 239) {
        deed->kind = SIM_CRASH;
        deed->keep = town_below(town, 2);
        cut_connections(town);
    } else if (dice < 247) {
        deed->kind = SIM_ROADS;
        deed->fails = town_chance(town, 200);
        deed->has_wall = town_chance(town, 300);
        deed->wall_m = (int32_t)town_below(town, 20000) - 10000;
    } else if (dice < 250) {
        deed->kind = SIM_CLOCK;
        deed->set_ms = town_chance(town, 500) ? -(int64_t)town_below(town, 3600000)
                                              : (int64_t)town_below(town, 120000);
    } else {
        return false;
    }
    return true;
}

static int64_t time_passes(sim_town *town) {
    return town_chance(town, 700) ? town_below(town, 4000) : town_below(town, 45000);
}

static bool draw_day(sim_town *town, const sim_shell *shell, sim_deed *deed) {
    deed->pass_ms = time_passes(town);
    if (draw_fate(town, deed))
        return true;
    deed->kind = SIM_EVENT;
    sgp_event *event = &deed->event;
    if (town_radio_speaks(town, shell, event))
        return true;
    uint32_t dice = town_below(town, 100);
    if (dice < 3 && send_again(town, event))
        return true;
    if (dice < 50 && town_crew_acts(town, shell, event)) {
        town_tells_late(town, event);
        return true;
    }
    if (dice < 60 && town_placer_answers(town, shell, event))
        return true;
    if (town->chaotic ? dice < 85 : dice < 64)
        town_chaos(town, shell, event);
    else if (dice < 78)
        town_caller_acts(town, shell, event);
    else
        town_dispatcher_acts(town, shell, event);
    return true;
}

static bool draw_setup(sim_town *town, sim_deed *deed) {
    deed->kind = SIM_EVENT;
    uint32_t at = town->setup++;
    if (at == 0) {
        town_configures(town, &deed->event);
    } else if (at <= TOWN_HOSPITALS) {
        town_registers_hospital(town, at - 1, &deed->event);
    } else if (at <= TOWN_HOSPITALS + town->n_units) {
        town_registers_unit(town, at - 1 - TOWN_HOSPITALS, &deed->event);
    } else if (at <= TOWN_HOSPITALS + 2 * town->n_units) {
        deed->event.kind = SGP_EVENT_UNIT_DUTY;
        strcpy(deed->event.u.duty.unit, town->crews[at - 1 - TOWN_HOSPITALS - town->n_units].code);
        deed->event.u.duty.on_duty = true;
    } else if (at == TOWN_HOSPITALS + 2 * town->n_units + 1 && town->planned) {
        deed->event.kind = SGP_EVENT_PLANNED;
        deed->event.u.planned.plan = town->plans[0];
    } else if (at <= TOWN_HOSPITALS + 2 * town->n_units + 3) {
        deed->kind = SIM_WRITTEN; /* the day begins with all of that on disk */
    } else {
        return false;
    }
    return true;
}

bool town_next(sim_town *town, const sim_shell *shell, sim_deed *deed) {
    town->done++;
    if (draw_setup(town, deed))
        return true;
    if (town->done < town->day_deeds)
        return draw_day(town, shell, deed);
    return town_evening(town, shell, deed);
}
