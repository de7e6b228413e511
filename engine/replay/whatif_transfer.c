/* Transfers between hospitals in a what-if, and whose incident is whose: a call opens one at once,
 * a transfer when the core finds that it is due. */
#include <string.h>

#include "replay/whatif_parts.h"

sgp_err sgp_play_ask_transfer(sgp_play *play, uint32_t index) {
    const sgp_call_list *list = play->plan->calls;
    const sgp_past_call *past = &list->calls[index];
    const sgp_past_transfer *transfer = sgp_past_transfer_of(list, past);
    /* It may be due at once, and is adopted within the step. */
    play->asked[play->n_asked++] = index;
    sgp_err err = sgp_play_cover(play);
    if (!err)
        err = sgp_play_report_positions(play, past->priority);
    if (err)
        return err;
    sgp_event *event = sgp_play_event(play, SGP_EVENT_TRANSFER_ASKED);
    memcpy(event->u.transfer_asked.from, transfer->from, sizeof transfer->from);
    memcpy(event->u.transfer_asked.to, transfer->to, sizeof transfer->to);
    event->u.transfer_asked.pick_up_at_ms = transfer->pick_up_at_ms;
    event->u.transfer_asked.priority = past->priority;
    memcpy(event->u.transfer_asked.complaint, past->complaint, sizeof past->complaint);
    event->u.transfer_asked.seat = transfer->seat;
    return sgp_play_step(play, NULL);
}

/* The hospitals of a run are those of the world, in their order. */
static sgp_err note_transfer(sgp_play *play, uint32_t row, const sgp_transfer *transfer) {
    sgp_run_transfer *made;
    sgp_err err = sgp_run_add_transfer(play->run, &made);
    if (err)
        return err;
    *made = (sgp_run_transfer){.from = transfer->from,
                               .to = transfer->to,
                               .asked_at_ms = transfer->asked_at_ms,
                               .pick_up_at_ms = transfer->pick_up_at_ms,
                               .seat = transfer->seat};
    play->run->incidents[row].transfer = play->run->n_transfers - 1;
    play->run->incidents[row].n_calls = 0;
    return SGP_OK;
}

static sgp_err adopt(sgp_play *play, const sgp_incident *incident) {
    uint32_t row = (uint32_t)(incident->id - 1);
    const sgp_transfer *transfer = sgp_world_transfer(play->world, incident->transfer);
    uint32_t index = transfer ? play->asked[transfer->id - 1] : play->ringing;
    sgp_played_call *call = &play->calls[row];
    call->past = &play->plan->calls->calls[index];
    call->outcome = transfer ? SGP_OUTCOME_SERVED : sgp_play_outcome(play, call->past);
    sgp_err err = sgp_play_note_call(play, row);
    return err || !transfer ? err : note_transfer(play, row, transfer);
}

sgp_err sgp_play_adopt(sgp_play *play) {
    sgp_err err = SGP_OK;
    for (size_t i = 0; i < play->effects.n && !err; i++) {
        const sgp_effect *effect = &play->effects.items[i];
        if (effect->kind == SGP_EFFECT_CHANGED && effect->u.changed.thing == SGP_THING_INCIDENT &&
            effect->u.changed.id == (sgp_id)play->run->n_incidents + 1)
            err = adopt(play, sgp_world_incident(play->world, effect->u.changed.id));
    }
    return err;
}
