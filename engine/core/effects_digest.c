/* A digest of what a step told the shell, kept in its journal record: what a replay must tell too.
 */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "core/core_proto.h"
#include "core/edition.h"

typedef crypto_generichash_state hash;

static void take(hash *state, const void *bytes, size_t length) {
    crypto_generichash_update(state, bytes, length);
}

static void take_number(hash *state, uint64_t number) {
    uint8_t bytes[8];
    for (int i = 0; i < 8; i++)
        bytes[i] = (uint8_t)(number >> 8 * i);
    take(state, bytes, sizeof bytes);
}

static void take_text(hash *state, const char *text) {
    take_number(state, strlen(text));
    take(state, text, strlen(text));
}

static void take_reply(hash *state, const sgp_reply *reply) {
    take_number(state, (uint64_t)reply->err);
    take_text(state, reply->message);
    take_text(state, reply->actor);
    take_number(state, reply->call);
    take_number(state, reply->incident);
    take_number(state, reply->assignment);
    take_number(state, reply->recommendation);
    take_number(state, reply->closure);
    if (reply->transfer) /* digests of before had no such number */
        take_number(state, reply->transfer);
}

void sgp_effects_digest(const sgp_world *world, const sgp_effects *effects,
                        uint8_t digest[SGP_RECORD_DIGEST_BYTES]) {
    hash state;
    crypto_generichash_init(&state, NULL, 0, SGP_RECORD_DIGEST_BYTES);
    for (size_t i = 0; i < effects->n; i++) {
        const sgp_effect *effect = &effects->items[i];
        take_number(&state, (uint64_t)effect->kind);
        switch (effect->kind) {
        case SGP_EFFECT_REPLY:
            take_reply(&state, &effect->u.reply);
            break;
        case SGP_EFFECT_CHANGED: /* what it has become stands in the record's changes */
            take_number(&state, (uint64_t)effect->u.changed.thing);
            take_number(&state, effect->u.changed.id);
            break;
        case SGP_EFFECT_RECOMMENDED: /* whole in the record's changes */
            take_number(&state, effect->u.recommended.id);
            break;
        case SGP_EFFECT_ORDER:
            take_number(&state, effect->u.order.assignment);
            break;
        case SGP_EFFECT_WITHDRAW:
            take_number(&state, effect->u.withdraw.assignment);
            break;
        case SGP_EFFECT_FIND_PLACE:
            take_number(&state, effect->u.find_place.call);
            break;
        case SGP_EFFECT_ALERT:
            if (sgp_edition_holds(world, 2)) { /* digests of before had its kind alone */
                take_number(&state, effect->u.alert.incident);
                take_text(&state, effect->u.alert.agency);
            }
            break;
        case SGP_EFFECT_HOSPITALS: /* whole in the record's changes */
            take_number(&state, effect->u.hospitals.assignment);
            break;
        case SGP_EFFECT_DESTINATION:
            take_number(&state, effect->u.destination.assignment);
            break;
        case SGP_EFFECT_ALARM:
            take_number(&state, effect->u.alarm.unit);
            take_number(&state, effect->u.alarm.assignment);
            if (effect->u.alarm.absent) /* there was no such alarm in journals of before */
                take_number(&state, 1);
            break;
        case SGP_EFFECT_OFFLOAD:
            take_number(&state, effect->u.offload.assignment);
            break;
        case SGP_EFFECT_MOVE_UP:
            take_number(&state, effect->u.move_up.unit);
            break;
        case SGP_EFFECT_TRACK:
            take_number(&state, effect->u.track.unit);
            take_number(&state, effect->u.track.up_to);
            take_number(&state, effect->u.track.moved);
            for (int k = 0; k < SGP_FIX_VERDICTS; k++)
                take_number(&state, effect->u.track.counts[k]);
            take(&state, effect->u.track.kept, sizeof effect->u.track.kept);
            break;
        case SGP_EFFECT_RING_ANSWER:
        case SGP_EFFECT_RING_GONE:
            take_number(&state, effect->u.ring.ring);
            break;
        default:
            break;
        }
    }
    crypto_generichash_final(&state, digest, SGP_RECORD_DIGEST_BYTES);
}

/* The length stands before the bytes, so that nothing moves from one message to the next. */
static sgp_err take_message(hash *state, const ProtobufCMessage *message) {
    size_t length = message ? protobuf_c_message_get_packed_size(message) : 0;
    uint8_t *bytes = malloc(length + 1);
    if (!bytes)
        return SGP_E_MEMORY;
    if (message)
        protobuf_c_message_pack(message, bytes);
    take_number(state, length);
    take(state, bytes, length);
    free(bytes);
    return SGP_OK;
}

sgp_err sgp_input_digest(const Sigap__V1__Event *event, const Sigap__V1__RecordedTimes *times,
                         uint8_t digest[SGP_RECORD_DIGEST_BYTES]) {
    hash state;
    crypto_generichash_init(&state, NULL, 0, SGP_RECORD_DIGEST_BYTES);
    sgp_err err = take_message(&state, &event->base);
    if (!err)
        err = take_message(&state, times ? &times->base : NULL);
    crypto_generichash_final(&state, digest, SGP_RECORD_DIGEST_BYTES);
    return err;
}
