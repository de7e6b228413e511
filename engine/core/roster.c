/* A roster as data: when shifts come, checking that it is whole, its digest; and who is planned in
 * a world. */
#include "sigap/roster.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "core/world.h"

static const int64_t day_ms = 24 * 3600 * 1000;

sgp_roster *sgp_roster_create(uint32_t n_members, uint32_t n_shifts) {
    size_t bytes =
        sizeof(sgp_roster) + n_members * sizeof(sgp_crew_member) + n_shifts * sizeof(sgp_shift);
    sgp_roster *roster = calloc(1, bytes);
    if (!roster)
        return NULL;
    roster->n_members = n_members;
    roster->n_shifts = n_shifts;
    /* The shifts first: they are aligned as the roster is, and members need less. */
    roster->shifts = (sgp_shift *)(roster + 1);
    roster->members = (sgp_crew_member *)(roster->shifts + n_shifts);
    return roster;
}
_Static_assert(_Alignof(sgp_shift) <= _Alignof(sgp_roster) &&
                   _Alignof(sgp_crew_member) <= _Alignof(sgp_shift) &&
                   sizeof(sgp_roster) % _Alignof(sgp_shift) == 0,
               "one block holds all");

/* ---- is it whole ------------------------------------------------------------ */

static sgp_err check_code(const char *what, const char *code, sgp_fault *fault) {
    if (!memchr(code, '\0', SGP_CODE_BYTES))
        return sgp_fail(fault, SGP_E_TOO_LARGE, "%s is longer than %d bytes", what,
                        SGP_CODE_BYTES - 1);
    if (code[0] == '\0')
        return sgp_fail(fault, SGP_E_ARGUMENT, "%s is missing", what);
    return sgp_text_is_plain(code)
               ? SGP_OK
               : sgp_fail(fault, SGP_E_FORMAT,
                          "%s is not plain UTF-8 text without control characters", what);
}

static sgp_err check_crew(const sgp_shift *shift, bool by_hand, sgp_fault *fault) {
    if (shift->n_members > SGP_CREW_PER_UNIT || (shift->n_members == 0 && !by_hand))
        return sgp_fail(fault, SGP_E_RANGE, "a shift of %s has %u people, not 1..%d", shift->unit,
                        shift->n_members, SGP_CREW_PER_UNIT);
    sgp_err err = SGP_OK;
    for (uint32_t i = 0; i < shift->n_members && !err; i++) {
        err = check_code("the code of one of a crew", shift->members[i], fault);
        for (uint32_t k = 0; k < i && !err; k++)
            if (strcmp(shift->members[k], shift->members[i]) == 0)
                err = sgp_fail(fault, SGP_E_ARGUMENT, "a shift of %s has %s twice", shift->unit,
                               shift->members[i]);
    }
    return err;
}

sgp_err sgp_shift_check(const sgp_shift *shift, bool by_hand, sgp_fault *fault) {
    sgp_err err = check_code("the unit's code", shift->unit, fault);
    if (!err)
        err = check_crew(shift, by_hand, fault);
    if (err)
        return err;
    int64_t most_ms = SGP_SHIFT_HOURS_MAX * (day_ms / 24);
    if (shift->every_days == 1)
        most_ms = day_ms;
    if (shift->from_ms < 0 || shift->until_ms > INT64_MAX / 4 || shift->until_ms <= shift->from_ms)
        return sgp_fail(fault, SGP_E_RANGE, "a shift of %s ends before it begins", shift->unit);
    if (shift->until_ms - shift->from_ms > most_ms)
        return sgp_fail(fault, SGP_E_RANGE, "a shift of %s is longer than %lld hours", shift->unit,
                        (long long)(most_ms / (day_ms / 24)));
    if ((shift->every_days != 0 && shift->every_days != 1 && shift->every_days != 7) ||
        (by_hand && shift->every_days))
        return sgp_fail(fault, SGP_E_RANGE, "a shift of %s comes every %u days, not %s",
                        shift->unit, shift->every_days, by_hand ? "once" : "once, every 1 or 7");
    return SGP_OK;
}

static sgp_err check_members(const sgp_roster *roster, sgp_fault *fault) {
    sgp_err err = SGP_OK;
    for (uint32_t i = 0; i < roster->n_members && !err; i++) {
        const sgp_crew_member *member = &roster->members[i];
        err = check_code("the code of one of the roster", member->code, fault);
        if (!err && member->skills > SGP_SKILLS_ALL)
            err = sgp_fail(fault, SGP_E_RANGE, "the skills of %s are none", member->code);
        if (!err && i && strcmp(roster->members[i - 1].code, member->code) >= 0)
            err = sgp_fail(fault, SGP_E_ARGUMENT,
                           "%s stands twice in the roster, or in a wrong place", member->code);
    }
    return err;
}

/* By unit, then by time. */
static bool stand_in_order(const sgp_shift *a, const sgp_shift *b) {
    int order = strcmp(a->unit, b->unit);
    return order < 0 || (order == 0 && a->from_ms <= b->from_ms);
}

sgp_err sgp_roster_check(const sgp_roster *roster, sgp_fault *fault) {
    if (!memchr(roster->name, '\0', sizeof roster->name) || !sgp_text_is_plain(roster->name))
        return sgp_fail(fault, SGP_E_FORMAT, "the name of the roster is not plain text");
    if (roster->n_members > SGP_ROSTER_MEMBERS_MAX || roster->n_shifts > SGP_ROSTER_SHIFTS_MAX)
        return sgp_fail(fault, SGP_E_TOO_LARGE,
                        "a roster of %u people and %u shifts; at most %d and %d are read",
                        roster->n_members, roster->n_shifts, SGP_ROSTER_MEMBERS_MAX,
                        SGP_ROSTER_SHIFTS_MAX);
    sgp_err err = check_members(roster, fault);
    for (uint32_t i = 0; i < roster->n_shifts && !err; i++) {
        const sgp_shift *shift = &roster->shifts[i];
        err = sgp_shift_check(shift, false, fault);
        if (!err && (shift->id || shift->version || shift->actor[0]))
            err = sgp_fail(fault, SGP_E_ARGUMENT, "a shift of the roster was set by a person");
        if (!err && i && !stand_in_order(shift - 1, shift))
            err = sgp_fail(fault, SGP_E_ARGUMENT, "a shift of %s stands in a wrong place",
                           shift->unit);
        for (uint32_t k = 0; k < shift->n_members && !err; k++)
            if (!sgp_roster_member(roster, shift->members[k]))
                err = sgp_fail(fault, SGP_E_NOT_FOUND,
                               "%s has a shift and is not among the people of the roster",
                               shift->members[k]);
    }
    return err;
}

/* ---- the digest -------------------------------------------------------------- */

static void number(crypto_generichash_state *state, uint64_t value) {
    uint8_t bytes[8];
    for (int i = 0; i < 8; i++)
        bytes[i] = (uint8_t)(value >> (8 * i));
    crypto_generichash_update(state, bytes, sizeof bytes);
}

static void text(crypto_generichash_state *state, const char *value) {
    number(state, strlen(value));
    crypto_generichash_update(state, (const uint8_t *)value, strlen(value));
}

void sgp_roster_digest(const sgp_roster *roster, uint8_t digest[SGP_HASH_BYTES]) {
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, SGP_HASH_BYTES);
    text(&state, roster->name);
    number(&state, roster->n_members);
    for (uint32_t i = 0; i < roster->n_members; i++) {
        text(&state, roster->members[i].code);
        number(&state, roster->members[i].skills);
    }
    number(&state, roster->n_shifts);
    for (uint32_t i = 0; i < roster->n_shifts; i++) {
        const sgp_shift *shift = &roster->shifts[i];
        text(&state, shift->unit);
        number(&state, (uint64_t)shift->from_ms);
        number(&state, (uint64_t)shift->until_ms);
        number(&state, shift->every_days);
        number(&state, shift->n_members);
        for (uint32_t k = 0; k < shift->n_members; k++)
            text(&state, shift->members[k]);
    }
    crypto_generichash_final(&state, digest, SGP_HASH_BYTES);
}

/* ---- looking things up ------------------------------------------------------- */

const sgp_crew_member *sgp_roster_member(const sgp_roster *roster, const char *code) {
    uint32_t low = 0, high = roster->n_members;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = strcmp(roster->members[middle].code, code);
        if (order == 0)
            return &roster->members[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

bool sgp_shift_has(const sgp_shift *shift, const char *member) {
    for (uint32_t i = 0; i < shift->n_members; i++)
        if (strcmp(shift->members[i], member) == 0)
            return true;
    return false;
}

bool sgp_shift_turn(const sgp_shift *shift, int64_t at_ms, sgp_turn *turn) {
    if (at_ms < shift->from_ms)
        return false;
    int64_t period_ms = shift->every_days * day_ms;
    int64_t later_ms = period_ms ? (at_ms - shift->from_ms) / period_ms * period_ms : 0;
    *turn = (sgp_turn){shift, shift->from_ms + later_ms, shift->until_ms + later_ms};
    return true;
}

/* The first turn that begins after `at_ms`. */
static bool turn_after(const sgp_shift *shift, int64_t at_ms, sgp_turn *turn) {
    if (at_ms < shift->from_ms) {
        *turn = (sgp_turn){shift, shift->from_ms, shift->until_ms};
        return true;
    }
    if (!shift->every_days || !sgp_shift_turn(shift, at_ms, turn))
        return false;
    turn->from_ms += shift->every_days * day_ms;
    turn->until_ms += shift->every_days * day_ms;
    return true;
}

const sgp_roster *sgp_world_roster(const sgp_world *world) {
    return world->roster;
}

uint32_t sgp_world_shifts(const sgp_world *world) {
    return world->n_shifts;
}

const sgp_shift *sgp_world_shift(const sgp_world *world, uint32_t nth) {
    return nth < world->n_shifts ? &world->shifts[nth] : NULL;
}

/* The shifts of one unit in the roster: from the returned place on, as long as it is theirs. */
static uint32_t first_of(const sgp_roster *roster, const char *unit) {
    uint32_t low = 0, high = roster ? roster->n_shifts : 0;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (strcmp(roster->shifts[middle].unit, unit) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_of(const sgp_roster *roster, uint32_t i, const char *unit) {
    return roster && i < roster->n_shifts && strcmp(roster->shifts[i].unit, unit) == 0;
}

/* Keeps the turn that covers the time and began last; of equals the one that comes later in its
 * list. */
static void take_later(const sgp_shift *shift, int64_t at_ms, sgp_turn *best) {
    sgp_turn turn;
    if (sgp_shift_turn(shift, at_ms, &turn) && turn.until_ms > at_ms &&
        (!best->shift || turn.from_ms >= best->from_ms))
        *best = turn;
}

bool sgp_roster_plans(const sgp_roster *roster, const char *unit) {
    return is_of(roster, first_of(roster, unit), unit);
}

bool sgp_roster_turn_at(const sgp_roster *roster, const char *unit, int64_t at_ms, sgp_turn *turn) {
    *turn = (sgp_turn){NULL};
    for (uint32_t i = first_of(roster, unit); is_of(roster, i, unit); i++)
        take_later(&roster->shifts[i], at_ms, turn);
    return turn->shift != NULL;
}

/* What another shift, set by a person, hid at first begins when that one is over. */
static void cut_hidden(const sgp_world *world, int64_t at_ms, sgp_turn *turn) {
    for (uint32_t i = 0; i < world->n_shifts; i++) {
        const sgp_shift *other = &world->shifts[i];
        bool hides = turn->shift->id == 0 || other->from_ms >= turn->from_ms;
        if (other != turn->shift && hides && strcmp(other->unit, turn->shift->unit) == 0 &&
            other->until_ms <= at_ms && other->until_ms > turn->from_ms)
            turn->from_ms = other->until_ms;
    }
}

bool sgp_world_turn_at(const sgp_world *world, const char *unit, int64_t at_ms, sgp_turn *turn) {
    *turn = (sgp_turn){NULL};
    for (uint32_t i = 0; i < world->n_shifts; i++)
        if (strcmp(world->shifts[i].unit, unit) == 0)
            take_later(&world->shifts[i], at_ms, turn);
    if (!turn->shift)
        (void)sgp_roster_turn_at(world->roster, unit, at_ms, turn);
    if (turn->shift)
        cut_hidden(world, at_ms, turn);
    return turn->shift && turn->shift->n_members > 0;
}

static void take_sooner(const sgp_shift *shift, int64_t at_ms, sgp_turn *best) {
    sgp_turn turn;
    if (turn_after(shift, at_ms, &turn) && (!best->shift || turn.from_ms < best->from_ms))
        *best = turn;
}

bool sgp_roster_turn_after(const sgp_roster *roster, const char *unit, int64_t at_ms,
                           sgp_turn *turn) {
    *turn = (sgp_turn){NULL};
    for (uint32_t i = first_of(roster, unit); is_of(roster, i, unit); i++)
        take_sooner(&roster->shifts[i], at_ms, turn);
    return turn->shift != NULL;
}

/* The next moment at which another turn may begin. */
static int64_t next_moment(const sgp_world *world, const char *unit, int64_t at_ms) {
    sgp_turn planned;
    int64_t next_ms = INT64_MAX;
    if (sgp_roster_turn_after(world->roster, unit, at_ms, &planned))
        next_ms = planned.from_ms;
    for (uint32_t i = 0; i < world->n_shifts; i++) {
        const sgp_shift *shift = &world->shifts[i];
        if (strcmp(shift->unit, unit) != 0)
            continue;
        if (shift->from_ms > at_ms && shift->from_ms < next_ms)
            next_ms = shift->from_ms;
        if (shift->until_ms > at_ms && shift->until_ms < next_ms)
            next_ms = shift->until_ms;
    }
    return next_ms;
}

bool sgp_world_turn_after(const sgp_world *world, const char *unit, int64_t at_ms, sgp_turn *turn) {
    enum { TRIES = 64 }; /* moments at which none begins, one after the other */
    for (int i = 0; i < TRIES; i++) {
        at_ms = next_moment(world, unit, at_ms);
        if (at_ms == INT64_MAX)
            return false;
        if (sgp_world_turn_at(world, unit, at_ms, turn) && turn->from_ms == at_ms)
            return true;
    }
    return false;
}

bool sgp_unit_is_manned(const sgp_unit *unit, const sgp_turn *turn) {
    if (!unit->on_duty)
        return false;
    if (unit->crew.n_members == 0 ||
        unit->signed_on_at_ms >= turn->from_ms - SGP_EARLY_MIN * INT64_C(60000))
        return true;
    for (uint32_t i = 0; i < unit->crew.n_members; i++)
        if (sgp_shift_has(turn->shift, unit->crew.members[i].code))
            return true;
    return false;
}
