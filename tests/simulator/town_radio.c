#include "town_radio.h"

#include "base/random.h"
#include "town_people.h"

uint32_t town_radio_below(sim_town *town, uint32_t bound) {
    return (uint32_t)sgp_random_below(&town->radio_random, bound);
}

static uint32_t below(sim_town *town, uint32_t bound) {
    return town_radio_below(town, bound);
}

static void by_dispatcher(sim_town *town, sgp_event *event) {
    static const char *const names[] = {"D1", "D2", "D3"};
    town_request(town, event, names[below(town, 3)]);
}

/* One that is on a job where there is one, or one that is not. */
static const sgp_unit *some_unit(sim_town *town, const sim_shell *shell, bool on_a_job) {
    const sgp_unit *unit = NULL;
    for (int tries = 0; tries < 6; tries++) {
        unit = sgp_world_unit(shell->world, below(town, sgp_world_units(shell->world)));
        if ((unit->assignment != 0) == on_a_job)
            break;
    }
    return unit;
}

/* ---- states ---------------------------------------------------------------------------- */

/* Mostly now or a little late; too late and ahead of the clock, too. */
static int64_t said_ms(sim_town *town) {
    uint32_t dice = below(town, 20);
    return dice < 8    ? 0
           : dice < 17 ? town->now_ms - below(town, 120000)
           : dice < 18 ? town->now_ms - below(town, 5 * 3600 * 1000)
                       : town->now_ms + below(town, 120000);
}

static bool enters_state(sim_town *town, const sim_shell *shell, sgp_event *event) {
    sgp_id id = some_unit(town, shell, true)->assignment;
    const sgp_assignment *on = sgp_world_assignment(shell->world, id);
    if (!on)
        return false;
    if (on->state == SGP_ASSIGNMENT_ORDERED && below(town, 8)) {
        event->kind = SGP_EVENT_ORDER_ANSWERED;
        event->u.answered.assignment = id;
        event->u.answered.accepted = below(town, 10) != 0;
        event->u.answered.said_at_ms = said_ms(town);
        event->u.answered.for_crew = true;
    } else {
        event->kind = SGP_EVENT_ASSIGNMENT_ADVANCED;
        event->u.advanced.assignment = id;
        event->u.advanced.state = on->state < SGP_ASSIGNMENT_ACCEPTED
                                      ? SGP_ASSIGNMENT_EN_ROUTE
                                      : on->state + 1 + (below(town, 10) == 0);
        if (event->u.advanced.state > SGP_ASSIGNMENT_CLOSED)
            event->u.advanced.state = SGP_ASSIGNMENT_CLOSED;
        event->u.advanced.said_at_ms = said_ms(town);
        event->u.advanced.for_crew = true;
    }
    by_dispatcher(town, event);
    return true;
}

void town_tells_late(sim_town *town, sgp_event *event) {
    if (!town->by_radio || below(town, 8))
        return;
    if (event->kind == SGP_EVENT_ORDER_ANSWERED)
        event->u.answered.said_at_ms = said_ms(town);
    else if (event->kind == SGP_EVENT_ASSIGNMENT_ADVANCED)
        event->u.advanced.said_at_ms = said_ms(town);
}

/* ---- crews in danger ------------------------------------------------------------------- */

static void clear(sim_town *town, const sgp_unit *unit, sgp_event *event) {
    event->kind = SGP_EVENT_DISTRESS;
    strcpy(event->u.distress.unit, unit->code);
    event->u.distress.cleared = true;
    strcpy(event->u.distress.reason, "sudah aman");
    by_dispatcher(town, event);
}

static const sgp_unit *in_distress(const sim_shell *shell) {
    for (uint32_t i = 0; i < sgp_world_units(shell->world); i++)
        if (sgp_world_unit(shell->world, i)->distress_at_ms)
            return sgp_world_unit(shell->world, i);
    return NULL;
}

static void distress(sim_town *town, const sim_shell *shell, bool cleared, sgp_event *event) {
    const sgp_unit *unit = some_unit(town, shell, below(town, 2));
    if (cleared) {
        clear(town, in_distress(shell) && below(town, 8) ? in_distress(shell) : unit, event);
        return;
    }
    event->kind = SGP_EVENT_DISTRESS;
    strcpy(event->u.distress.unit, unit->code);
    town_request(town, event, unit->code);
}

bool town_clears_distress(sim_town *town, const sim_shell *shell, sgp_event *event) {
    if (!in_distress(shell))
        return false;
    clear(town, in_distress(shell), event);
    return true;
}

static void all_is_well(sim_town *town, const sim_shell *shell, sgp_event *event) {
    const sgp_unit *unit = some_unit(town, shell, true);
    for (uint32_t i = 0; i < sgp_world_units(shell->world); i++) {
        const sgp_unit *one = sgp_world_unit(shell->world, i);
        if (one->assignment &&
            sgp_world_assignment(shell->world, one->assignment)->state == SGP_ASSIGNMENT_ON_SCENE &&
            below(town, 3))
            unit = one;
    }
    event->kind = SGP_EVENT_WELFARE_ANSWERED;
    event->u.welfare.assignment = unit->assignment ? unit->assignment : 1 + (sgp_id)below(town, 40);
    town_request(town, event, unit->code);
}

void town_sets_welfare(sim_town *town, sgp_rules *rules) {
    if (!town->by_radio)
        return;
    for (int i = 0; i < SGP_PRIORITIES; i++)
        rules->welfare_ms[i] = (int32_t)below(town, 10) * 60000;
    rules->welfare_alone_ms = (int32_t)below(town, 4) * 60000;
    rules->welfare_danger_ms = (int32_t)below(town, 4) * 60000;
    rules->welfare_again_ms = (int32_t)below(town, 3) * 60000;
}

/* ---- where units wait ------------------------------------------------------------------ */

void town_hears_move_up(sim_town *town, const sim_shell *shell, uint32_t unit) {
    sim_crew *crew = &town->crews[unit];
    if (crew->no_radio_until_ms > town->now_ms)
        return;
    const sgp_post *post = &sgp_world_unit(shell->world, unit)->post;
    crew->move_up = sgp_post_is_on(post) ? post->id : 0;
    crew->waits_there = false;
}

static void sent_to_wait(sim_town *town, const sim_shell *shell, sgp_event *event) {
    event->kind = SGP_EVENT_MOVE_UP_ORDERED;
    strcpy(event->u.move_up.unit, some_unit(town, shell, false)->code);
    strcpy(event->u.move_up.name, "Simpang Balapan");
    event->u.move_up.point =
        core_point((int32_t)below(town, 20000) - 10000, (int32_t)below(town, 20000) - 10000);
    event->u.move_up.gain_ppm = (int32_t)below(town, 1000);
    event->u.move_up.again = below(town, 2);
    by_dispatcher(town, event);
}

static void answer_post(sim_town *town, sim_crew *crew, sgp_event *event) {
    event->kind = SGP_EVENT_MOVE_UP_ANSWERED;
    strcpy(event->u.move_up_answer.unit, crew->code);
    event->u.move_up_answer.id = crew->move_up + (below(town, 20) == 0);
    event->u.move_up_answer.accepted = below(town, 6) != 0;
    crew->waits_there = event->u.move_up_answer.accepted;
    if (!crew->waits_there) {
        strcpy(event->u.move_up_answer.reason, "awak sedang makan");
        crew->move_up = 0;
    }
}

/* A crew that was sent to wait elsewhere says whether it goes, or tells from there. */
static bool waits(sim_town *town, const sim_shell *shell, sgp_event *event) {
    uint32_t first = below(town, town->n_units);
    for (uint32_t i = 0; i < town->n_units; i++) {
        uint32_t nth = (first + i) % town->n_units;
        sim_crew *crew = &town->crews[nth];
        if (!crew->move_up)
            continue;
        if (!crew->waits_there) {
            answer_post(town, crew, event);
        } else if (crew->order || below(town, 4) == 0) {
            crew->move_up = 0; /* it drives off again */
            return false;
        } else {
            event->kind = SGP_EVENT_UNIT_POSITION;
            strcpy(event->u.position.unit, crew->code);
            crew->point = sgp_world_unit(shell->world, nth)->post.point;
            event->u.position.point = crew->point;
            event->u.position.measured_at_ms = town->now_ms;
        }
        town_request(town, event, crew->code);
        return true;
    }
    return false;
}

static void need_not_wait(sim_town *town, const sim_shell *shell, sgp_event *event) {
    const sgp_unit *unit = some_unit(town, shell, false);
    for (uint32_t i = 0; i < sgp_world_units(shell->world); i++)
        if (sgp_post_is_on(&sgp_world_unit(shell->world, i)->post) && below(town, 2))
            unit = sgp_world_unit(shell->world, i);
    event->kind = SGP_EVENT_MOVE_UP_ENDED;
    strcpy(event->u.move_up_end.unit, unit->code);
    strcpy(event->u.move_up_end.reason, "tidak perlu lagi");
    by_dispatcher(town, event);
}

/* ---- numbers --------------------------------------------------------------------------- */

void town_calls_from(sim_town *town, sgp_event *event) {
    if (town->by_radio && below(town, 3))
        event->u.call.number[0] = (uint8_t)(1 + below(town, 4));
}

static void about_a_number(sim_town *town, const sim_shell *shell, sgp_event *event) {
    static const sgp_outcome outcomes[] = {SGP_OUTCOME_PRANK, SGP_OUTCOME_SILENT, SGP_OUTCOME_GHOST,
                                           SGP_OUTCOME_INFORMATION, SGP_OUTCOME_REAL};
    sgp_id call = 1 + below(town, (uint32_t)shell->ledger->n_calls + 1);
    if (below(town, 2)) {
        event->kind = SGP_EVENT_CALL_JUDGED;
        event->u.judged.call = call;
        event->u.judged.outcome = outcomes[below(town, 5)];
    } else {
        event->kind = SGP_EVENT_NUMBER_MARKED;
        event->u.marked.call = call;
        event->u.marked.lifted = below(town, 3) == 0;
        event->u.marked.hours = event->u.marked.lifted ? 0 : (int32_t)below(town, 3);
    }
    by_dispatcher(town, event);
}

/* ---- all of it ------------------------------------------------------------------------- */

bool town_radio_speaks(sim_town *town, const sim_shell *shell, sgp_event *event) {
    if (!town->by_radio || below(town, 100) >= 18)
        return false;
    uint32_t dice = below(town, 100);
    if (dice < 34)
        return enters_state(town, shell, event);
    if (dice < 40)
        distress(town, shell, false, event);
    else if (dice < 52)
        distress(town, shell, true, event);
    else if (dice < 62)
        all_is_well(town, shell, event);
    else if (dice < 74)
        sent_to_wait(town, shell, event);
    else if (dice < 86)
        return waits(town, shell, event);
    else if (dice < 91)
        need_not_wait(town, shell, event);
    else
        about_a_number(town, shell, event);
    return true;
}
