/* Shifts of a what-if: who is there when.
 *
 * A unit that the roster plans is on duty in its turns. At the end of one its crew signs off, or is
 * replaced by the next one, as soon as it has no job; a vehicle whose crew comes starts from its
 * station. Somebody who is still elsewhere signs on when he is free of that. */
#include <stdlib.h>
#include <string.h>

#include "replay/whatif_parts.h"
#include "sigap/roster.h"

static sgp_err set_duty(sgp_play *play, uint32_t unit, bool on_duty) {
    sgp_event *event = sgp_play_event(play, SGP_EVENT_UNIT_DUTY);
    memcpy(event->u.duty.unit, play->plan->units[unit].code, sizeof event->u.duty.unit);
    event->u.duty.on_duty = on_duty;
    return sgp_play_step(play, NULL);
}

/* When its turn ends or the next one begins. */
static int64_t change_ms(const sgp_play *play, uint32_t unit) {
    const char *code = play->plan->units[unit].code;
    sgp_turn turn;
    int64_t at_ms = INT64_MAX;
    if (sgp_roster_turn_after(play->plan->roster, code, play->now_ms, &turn))
        at_ms = turn.from_ms;
    if (sgp_roster_turn_at(play->plan->roster, code, play->now_ms, &turn) && turn.until_ms < at_ms)
        at_ms = turn.until_ms;
    return at_ms;
}

/* Notes whose turn is another one now, and when that happens next. */
static void look(sgp_play *play) {
    play->shift_ms = INT64_MAX;
    for (uint32_t i = 0; i < play->plan->n_units; i++) {
        sgp_played_crew *crew = &play->crews[i];
        sgp_turn turn;
        if (!crew->is_planned)
            continue;
        bool is_there =
            sgp_roster_turn_at(play->plan->roster, play->plan->units[i].code, play->now_ms, &turn);
        if (crew->shift_from_ms != (is_there ? turn.from_ms : 0))
            crew->is_due = play->some_due = true;
        int64_t at_ms = change_ms(play, i);
        if (at_ms < play->shift_ms)
            play->shift_ms = at_ms;
    }
}

static sgp_err note_away(sgp_play *play, uint32_t unit, int64_t until_ms) {
    sgp_played_crew *crew = &play->crews[unit];
    sgp_run_away *away;
    if (crew->away_since_ms == 0 || crew->away_since_ms >= until_ms)
        return SGP_OK;
    sgp_err err = sgp_run_add_away(play->run, &away);
    if (!err)
        *away = (sgp_run_away){unit, crew->away_since_ms, until_ms};
    return err;
}

static sgp_err leave(sgp_play *play, uint32_t unit) {
    sgp_played_crew *crew = &play->crews[unit];
    crew->is_due = false;
    crew->shift_from_ms = 0;
    if (!sgp_world_unit(play->world, unit)->on_duty)
        return SGP_OK;
    sgp_play_crew_park(play, unit);
    crew->away_since_ms = play->now_ms;
    play->fleet_changed = true;
    return set_duty(play, unit, false);
}

/* A vehicle that was parked elsewhere by what the core knows is at its station. */
static sgp_err tell_station(sgp_play *play, uint32_t unit) {
    if (sgp_world_unit(play->world, unit)->at_station || play->crews[unit].assignment)
        return SGP_OK;
    sgp_event *event = sgp_play_event(play, SGP_EVENT_UNIT_POSITION);
    memcpy(event->u.position.unit, play->plan->units[unit].code, sizeof event->u.position.unit);
    event->u.position.point = play->plan->units[unit].station_point;
    event->u.position.measured_at_ms = play->now_ms;
    return sgp_play_step(play, NULL);
}

static sgp_err come(sgp_play *play, uint32_t unit, const sgp_turn *turn) {
    sgp_played_crew *crew = &play->crews[unit];
    bool was_there = sgp_world_unit(play->world, unit)->on_duty;
    /* Whoever waits may be served now. */
    sgp_err answer = SGP_OK, err = sgp_play_cover(play);
    if (!err)
        err = sgp_play_report_positions(play, SGP_P1);
    if (!err && !was_there) {
        sgp_play_crew_park(play, unit);
        /* Before it can be sent: the core must not think that it is elsewhere. */
        err = tell_station(play, unit);
    }
    if (err)
        return err;
    sgp_event *event = sgp_play_event(play, SGP_EVENT_CREW_SIGNED_ON);
    memcpy(event->u.signed_on.unit, play->plan->units[unit].code, SGP_CODE_BYTES);
    event->u.signed_on.n_members = turn->shift->n_members;
    memcpy(event->u.signed_on.members, turn->shift->members, sizeof turn->shift->members);
    event->u.signed_on.until_ms = turn->until_ms;
    err = sgp_play_step(play, &answer);
    if (err || answer) /* somebody is still on another unit */
        return err;
    crew->is_due = false;
    crew->shift_from_ms = turn->from_ms;
    err = note_away(play, unit, play->now_ms);
    crew->away_since_ms = 0;
    return err;
}

static sgp_err follow(sgp_play *play, uint32_t unit) {
    sgp_turn turn;
    if (sgp_world_unit(play->world, unit)->assignment || play->crews[unit].assignment)
        return SGP_OK; /* afterwards */
    bool is_there =
        sgp_roster_turn_at(play->plan->roster, play->plan->units[unit].code, play->now_ms, &turn);
    return is_there ? come(play, unit, &turn) : leave(play, unit);
}

sgp_err sgp_play_change_shifts(sgp_play *play) {
    sgp_err err = SGP_OK;
    if (play->shift_ms <= play->now_ms)
        look(play);
    /* Who goes first makes room for who comes. */
    for (int coming = 0; coming < 2 && !err; coming++)
        for (uint32_t i = 0; i < play->plan->n_units && !err; i++) {
            sgp_turn turn;
            if (play->crews[i].is_due &&
                sgp_roster_turn_at(play->plan->roster, play->plan->units[i].code, play->now_ms,
                                   &turn) == (coming == 1))
                err = follow(play, i);
        }
    play->some_due = false;
    for (uint32_t i = 0; i < play->plan->n_units; i++)
        play->some_due = play->some_due || play->crews[i].is_due;
    return err;
}

sgp_err sgp_play_begin_shifts(sgp_play *play) {
    const sgp_whatif *plan = play->plan;
    sgp_err err = SGP_OK;
    play->shift_ms = INT64_MAX;
    if (plan->roster && plan->crews_can) {
        sgp_event *event = sgp_play_event(play, SGP_EVENT_ROSTER_LOADED);
        event->u.roster.roster = plan->roster;
        err = sgp_play_step(play, NULL);
    }
    for (uint32_t i = 0; i < plan->n_units && !err; i++) {
        play->crews[i].is_planned =
            plan->roster && sgp_roster_plans(plan->roster, plan->units[i].code);
        play->crews[i].away_since_ms = play->crews[i].is_planned ? play->now_ms : 0;
        if (!play->crews[i].is_planned)
            err = set_duty(play, i, true);
    }
    if (!err && plan->roster) {
        play->shift_ms = play->now_ms;
        err = sgp_play_change_shifts(play);
    }
    return err;
}

static int by_beginning(const void *left, const void *right) {
    const sgp_run_away *a = left, *b = right;
    if (a->from_ms != b->from_ms)
        return a->from_ms < b->from_ms ? -1 : 1;
    return a->unit < b->unit ? -1 : a->unit > b->unit;
}

sgp_err sgp_play_end_shifts(sgp_play *play) {
    sgp_run *run = play->run;
    sgp_err err = SGP_OK;
    for (uint32_t i = 0; i < play->plan->n_units && !err; i++)
        err = note_away(play, i, run->until_ms);
    if (!err && run->n_away > 1)
        qsort(run->away, run->n_away, sizeof *run->away, by_beginning);
    for (uint32_t i = 0; i < run->n_away && !err; i++) {
        const sgp_run_away *away = &run->away[i];
        int64_t from_ms = away->from_ms > run->from_ms ? away->from_ms : run->from_ms;
        int64_t until_ms = away->until_ms < run->until_ms ? away->until_ms : run->until_ms;
        if (until_ms > from_ms)
            run->units[away->unit].duty_ms -= until_ms - from_ms;
    }
    return err;
}
