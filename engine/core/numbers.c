#include "core/numbers.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { HOUR_MS = 3600 * 1000 };

/* ---- the table -------------------------------------------------------------- */

static uint32_t position_of(const sgp_world *world, const uint8_t token[SGP_CALLER_TOKEN_BYTES],
                            bool *found) {
    uint32_t low = 0, high = world->n_numbers;
    *found = false;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = memcmp(world->numbers[middle]->token, token, SGP_CALLER_TOKEN_BYTES);
        *found = *found || order == 0;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

sgp_number *sgp_numbers_find(const sgp_world *world, const uint8_t token[SGP_CALLER_TOKEN_BYTES]) {
    bool found;
    uint32_t at = position_of(world, token, &found);
    return found ? world->numbers[at] : NULL;
}

sgp_number *sgp_numbers_add(sgp_world *world, const uint8_t token[SGP_CALLER_TOKEN_BYTES]) {
    bool found;
    uint32_t at = position_of(world, token, &found);
    if (found || SGP_ROOM_U32(world->numbers, world->n_numbers, world->numbers_capacity) != SGP_OK)
        return NULL;
    sgp_number *made = calloc(1, sizeof *made);
    if (!made)
        return NULL;
    memcpy(made->token, token, SGP_CALLER_TOKEN_BYTES);
    memmove(world->numbers + at + 1, world->numbers + at,
            (world->n_numbers - at) * sizeof *world->numbers);
    world->numbers[at] = made;
    world->n_numbers++;
    return made;
}

static void take_out(sgp_world *world, uint32_t at) {
    free(world->numbers[at]);
    world->n_numbers--;
    memmove(world->numbers + at, world->numbers + at + 1,
            (world->n_numbers - at) * sizeof *world->numbers);
}

void sgp_numbers_free(sgp_world *world) {
    for (uint32_t i = 0; i < world->n_numbers; i++)
        free(world->numbers[i]);
    free(world->numbers);
}

const sgp_number *sgp_world_number_of(const sgp_world *world, sgp_id call) {
    const sgp_call_node *node = sgp_world_find_call(world, call);
    return node ? sgp_numbers_find(world, node->number) : NULL;
}

const sgp_number *sgp_world_number_by_token(const sgp_world *world,
                                            const uint8_t token[SGP_CALLER_TOKEN_BYTES]) {
    return sgp_numbers_find(world, token);
}

uint32_t sgp_world_numbers(const sgp_world *world) {
    return world->n_numbers;
}

const sgp_number *sgp_world_number(const sgp_world *world, uint32_t nth) {
    return nth < world->n_numbers ? world->numbers[nth] : NULL;
}

static int64_t last_heard_ms(const sgp_number *number) {
    return number->n_calls ? number->calls[number->n_calls - 1].at_ms : 0;
}

/* Forgets what is too old, once an hour. */
static void sweep(sgp_world *world, int64_t now_ms) {
    if (now_ms - world->numbers_swept_ms < HOUR_MS)
        return;
    world->numbers_swept_ms = now_ms;
    int64_t keep_ms = (int64_t)world->clocks.rules.number_keep_h * HOUR_MS;
    for (uint32_t i = world->n_numbers; i-- > 0;)
        if (now_ms - last_heard_ms(world->numbers[i]) > keep_ms &&
            world->numbers[i]->marked_until_ms <= now_ms)
            take_out(world, i);
}

/* The one that was silent longest, one without a mark before any with one. */
static void make_room(sgp_world *world, int64_t now_ms) {
    uint32_t oldest = 0;
    if (world->n_numbers < SGP_CALLER_NUMBERS_MAX)
        return;
    for (uint32_t i = 1; i < world->n_numbers; i++) {
        const sgp_number *a = world->numbers[i], *b = world->numbers[oldest];
        bool a_marked = a->marked_until_ms > now_ms, b_marked = b->marked_until_ms > now_ms;
        if (a_marked != b_marked ? b_marked : last_heard_ms(a) < last_heard_ms(b))
            oldest = i;
    }
    take_out(world, oldest);
}

/* ---- marks -------------------------------------------------------------------- */

static bool is_nuisance(sgp_outcome outcome) {
    return outcome == SGP_OUTCOME_PRANK || outcome == SGP_OUTCOME_SILENT ||
           outcome == SGP_OUTCOME_GHOST;
}

/* What is to be known of a number that is marked; all zero: it is not. */
static sgp_nuisance nuisance_of(const sgp_number *number, int64_t now_ms) {
    sgp_nuisance told = {0};
    if (!number || number->marked_until_ms <= now_ms)
        return told;
    told.until_ms = number->marked_until_ms;
    told.by_hand = number->marked_by[0] != '\0';
    for (uint32_t i = 0; i < number->n_calls; i++) {
        if (!is_nuisance(number->calls[i].outcome))
            continue;
        if (told.calls++ == 0)
            told.first_ms = number->calls[i].at_ms;
        told.last_ms = number->calls[i].at_ms;
    }
    return told;
}

sgp_nuisance sgp_number_nuisance(const sgp_world *world,
                                 const uint8_t token[SGP_CALLER_TOKEN_BYTES], int64_t now_ms) {
    return nuisance_of(sgp_numbers_find(world, token), now_ms);
}

static bool are_equal(const sgp_nuisance *a, const sgp_nuisance *b) {
    return a->calls == b->calls && a->first_ms == b->first_ms && a->last_ms == b->last_ms &&
           a->until_ms == b->until_ms && a->by_hand == b->by_hand;
}

/* Only numbers that are marked tell of it, and nobody has confirmed it. */
static sgp_err find_suspicion(sgp_step *step, sgp_incident_node *incident) {
    bool suspect = !incident->trusted && incident->view.n_calls > 0;
    for (uint32_t i = 0; i < incident->view.n_calls && suspect; i++)
        suspect = sgp_world_find_call(step->world, incident->calls[i])->view.nuisance.until_ms != 0;
    if (incident->view.suspect == suspect)
        return SGP_OK;
    incident->view.suspect = suspect;
    return sgp_touch_incident(step, incident);
}

sgp_err sgp_incident_trust(sgp_step *step, sgp_incident_node *incident) {
    incident->trusted = true;
    return find_suspicion(step, incident);
}

/* Calls of open incidents show how their number is now. */
static sgp_err tell_calls(sgp_step *step, const sgp_number *number) {
    sgp_nuisance told = nuisance_of(number, step->event->at_ms);
    sgp_err err = SGP_OK;
    for (uint32_t i = 0; i < number->n_calls && !err; i++) {
        sgp_call_node *call = sgp_world_find_call(step->world, number->calls[i].call);
        if (!call)
            continue;
        sgp_incident_node *incident = sgp_world_find_incident(step->world, call->view.incident);
        if (incident->view.state == SGP_INCIDENT_CLOSED || are_equal(&call->view.nuisance, &told))
            continue;
        call->view.nuisance = told;
        err = sgp_touch_call(step, call);
        if (!err)
            err = find_suspicion(step, incident);
    }
    return err;
}

/* Marks it when so many nuisance calls came within the window since the last word of a person; a
 * mark that was made so goes when an outcome was put right. */
static sgp_err judge_number(sgp_step *step, sgp_number *number) {
    const sgp_rules *rules = &step->world->clocks.rules;
    int64_t now_ms = step->event->at_ms;
    int64_t from_ms = now_ms - (int64_t)rules->nuisance_window_h * HOUR_MS;
    bool is_marked = number->marked_until_ms > now_ms;
    int32_t n = 0;
    if (rules->nuisance_count == 0 || (is_marked && number->marked_by[0]))
        return SGP_OK;
    for (uint32_t i = 0; i < number->n_calls; i++)
        n += is_nuisance(number->calls[i].outcome) && number->calls[i].at_ms >= from_ms &&
             number->calls[i].at_ms > number->lifted_at_ms;
    if (n >= rules->nuisance_count) {
        number->marked_at_ms = now_ms;
        number->marked_until_ms = now_ms + (int64_t)rules->nuisance_mark_h * HOUR_MS;
        number->marked_by[0] = '\0';
    } else if (is_marked && n == rules->nuisance_count - 1) {
        /* One of the calls that marked it was none after all. */
        number->marked_until_ms = 0;
    }
    return tell_calls(step, number);
}

sgp_err sgp_number_marked(sgp_step *step) {
    const sgp_event *event = step->event;
    sgp_number *number = NULL;
    sgp_call_node *call = sgp_world_find_call(step->world, event->u.marked.call);
    if (!call)
        return sgp_fail(&step->fault, SGP_E_NOT_FOUND, "there is no call %llu",
                        (unsigned long long)event->u.marked.call);
    step->reply.call = call->view.id;
    step->reply.incident = call->view.incident;
    number = sgp_numbers_find(step->world, call->number);
    if (!number)
        return sgp_fail(&step->fault, SGP_E_STATE, "of call %llu no number is known",
                        (unsigned long long)call->view.id);
    if (event->u.marked.lifted) {
        number->marked_until_ms = 0;
        number->lifted_at_ms = event->at_ms;
        number->marked_by[0] = '\0';
    } else {
        int64_t hours = event->u.marked.hours ? event->u.marked.hours
                                              : step->world->clocks.rules.nuisance_mark_h;
        number->marked_at_ms = event->at_ms;
        number->marked_until_ms = event->at_ms + hours * HOUR_MS;
        memcpy(number->marked_by, event->actor, sizeof number->marked_by);
    }
    return tell_calls(step, number);
}

/* ---- calls ---------------------------------------------------------------------- */

void sgp_incident_find_number(const sgp_world *world, sgp_incident_node *incident) {
    const sgp_call_node *first = sgp_world_find_call(world, incident->view.first_call);
    if (first)
        memcpy(incident->number, first->number, SGP_CALLER_TOKEN_BYTES);
    else
        memset(incident->number, 0, SGP_CALLER_TOKEN_BYTES);
}

sgp_err sgp_numbers_call(sgp_step *step, sgp_call_node *call, sgp_incident_node *incident) {
    sgp_world *world = step->world;
    const uint8_t *token = step->event->u.call.number;
    int64_t now_ms = step->event->at_ms;
    if (world->clocks.rules.number_keep_h == 0 || sodium_is_zero(token, SGP_CALLER_TOKEN_BYTES))
        return find_suspicion(step, incident);
    sweep(world, now_ms);
    sgp_number *number = sgp_numbers_find(world, token);
    if (!number) {
        make_room(world, now_ms);
        number = sgp_numbers_add(world, token);
    }
    if (!number)
        return SGP_E_MEMORY;
    if (number->n_calls == SGP_NUMBER_CALLS) {
        number->n_calls--;
        memmove(number->calls, number->calls + 1, number->n_calls * sizeof *number->calls);
    }
    number->calls[number->n_calls++] =
        (sgp_number_call){.call = call->view.id, .incident = incident->view.id, .at_ms = now_ms};
    memcpy(call->number, token, SGP_CALLER_TOKEN_BYTES);
    call->view.has_number = true;
    call->view.nuisance = nuisance_of(number, now_ms);
    sgp_incident_find_number(world, incident);
    return find_suspicion(step, incident);
}

static sgp_err judge_call(sgp_step *step, sgp_call_node *call, sgp_outcome outcome) {
    if (call->view.outcome == outcome)
        return SGP_OK;
    call->view.outcome = outcome;
    sgp_err err = sgp_touch_call(step, call);
    sgp_number *number = sgp_numbers_find(step->world, call->number);
    bool known = false;
    for (uint32_t i = 0; number && i < number->n_calls; i++)
        if (number->calls[i].call == call->view.id) {
            number->calls[i].outcome = outcome;
            known = true;
        }
    return err || !known ? err : judge_number(step, number);
}

sgp_err sgp_numbers_linked(sgp_step *step, sgp_call_node *call, sgp_incident_node *from,
                           sgp_incident_node *to) {
    sgp_number *number = sgp_numbers_find(step->world, call->number);
    for (uint32_t i = 0; number && i < number->n_calls; i++)
        if (number->calls[i].call == call->view.id)
            number->calls[i].incident = to->view.id;
    sgp_incident_find_number(step->world, from);
    sgp_incident_find_number(step->world, to);
    sgp_err err = find_suspicion(step, from);
    if (!err)
        err = find_suspicion(step, to);
    if (!err && step->world->clocks.rules.judge_calls && call->view.outcome == SGP_OUTCOME_NONE)
        err = judge_call(step, call, SGP_OUTCOME_DUPLICATE);
    return err;
}

sgp_err sgp_numbers_closing(sgp_step *step, const sgp_incident_node *incident) {
    sgp_outcome outcome = incident->view.outcome;
    sgp_err err = SGP_OK;
    if (outcome == SGP_OUTCOME_SERVED || outcome == SGP_OUTCOME_CANCELLED)
        outcome = SGP_OUTCOME_REAL;
    for (uint32_t i = 0;
         step->world->clocks.rules.judge_calls && i < incident->view.n_calls && !err; i++) {
        sgp_call_node *call = sgp_world_find_call(step->world, incident->calls[i]);
        if (call->view.outcome == SGP_OUTCOME_NONE)
            err = judge_call(step, call, outcome);
    }
    return err;
}

sgp_err sgp_call_judged(sgp_step *step) {
    sgp_outcome outcome = step->event->u.judged.outcome;
    sgp_call_node *call = sgp_world_find_call(step->world, step->event->u.judged.call);
    if (!call)
        return sgp_fail(&step->fault, SGP_E_NOT_FOUND, "there is no call %llu",
                        (unsigned long long)step->event->u.judged.call);
    sgp_incident_node *incident = sgp_world_find_incident(step->world, call->view.incident);
    step->reply.call = call->view.id;
    step->reply.incident = incident->view.id;
    sgp_err err = judge_call(step, call, outcome);
    if (!err && outcome == SGP_OUTCOME_REAL && incident->view.state != SGP_INCIDENT_CLOSED)
        err = sgp_incident_trust(step, incident);
    return err;
}
