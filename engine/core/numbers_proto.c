#include "core/numbers_proto.h"

#include <string.h>

#include "core/numbers.h"
#include "core/proto_read.h"
#include "core/proto_write.h"

static bool save_number(Sigap__V1__CallerNumber **field, const sgp_number *number) {
    Sigap__V1__CallerNumber *message = sgp_message_make(&sigap__v1__caller_number__descriptor);
    *field = message;
    if (!message)
        return false;
    message->marked_at_ms = number->marked_at_ms;
    message->marked_until_ms = number->marked_until_ms;
    message->lifted_at_ms = number->lifted_at_ms;
    if (!sgp_put_bytes(&message->token, number->token, SGP_CALLER_TOKEN_BYTES) ||
        !sgp_put_text(&message->marked_by, number->marked_by) ||
        !sgp_put_array((void **)&message->calls, number->n_calls, sizeof(void *)))
        return false;
    for (uint32_t i = 0; i < number->n_calls; i++) {
        Sigap__V1__CallerNumber__Earlier *row =
            sgp_message_make(&sigap__v1__caller_number__earlier__descriptor);
        if (!row)
            return false;
        message->calls[message->n_calls++] = row;
        row->call_id = number->calls[i].call;
        row->incident_id = number->calls[i].incident;
        row->at_ms = number->calls[i].at_ms;
        row->outcome = (Sigap__V1__Outcome)number->calls[i].outcome;
    }
    return true;
}

bool sgp_numbers_save(const sgp_world *world, Sigap__V1__Snapshot *snapshot) {
    bool ok = sgp_put_array((void **)&snapshot->numbers, world->n_numbers, sizeof(void *));
    snapshot->numbers_swept_at_ms = world->numbers_swept_ms;
    for (uint32_t i = 0; i < world->n_numbers && ok; i++)
        ok = save_number(&snapshot->numbers[snapshot->n_numbers++], world->numbers[i]);
    return ok;
}

static sgp_err load_number(const Sigap__V1__CallerNumber *message, sgp_world *world,
                           sgp_fault *fault) {
    uint8_t token[SGP_CALLER_TOKEN_BYTES];
    sgp_err err = sgp_read_number_token(&message->token, token, fault);
    const sgp_number *before = world->n_numbers ? world->numbers[world->n_numbers - 1] : NULL;
    if (!err && (sgp_number_is_none(token) ||
                 (before && memcmp(before->token, token, SGP_CALLER_TOKEN_BYTES) >= 0)))
        err = sgp_fail(fault, SGP_E_CORRUPT,
                       "the snapshot is damaged: a number stands in a wrong place");
    if (!err)
        err = sgp_read_number((int64_t)message->n_calls, 0, SGP_NUMBER_CALLS,
                              "the number of calls of a telephone", fault);
    if (err)
        return err;
    sgp_number *number = sgp_numbers_add(world, token);
    if (!number)
        return SGP_E_MEMORY;
    number->marked_at_ms = message->marked_at_ms;
    number->marked_until_ms = message->marked_until_ms;
    number->lifted_at_ms = message->lifted_at_ms;
    err = sgp_read_text(message->marked_by, number->marked_by, sizeof number->marked_by,
                        "who marked a number", fault);
    for (size_t i = 0; i < message->n_calls && !err; i++) {
        const Sigap__V1__CallerNumber__Earlier *row = message->calls[i];
        err = sgp_read_number(row->outcome, 0, SGP_OUTCOMES - 1, "the outcome of a call", fault);
        number->calls[number->n_calls++] = (sgp_number_call){.call = row->call_id,
                                                             .incident = row->incident_id,
                                                             .at_ms = row->at_ms,
                                                             .outcome = (sgp_outcome)row->outcome};
    }
    return err;
}

sgp_err sgp_numbers_load(const Sigap__V1__Snapshot *snapshot, sgp_world *world, sgp_fault *fault) {
    sgp_err err = sgp_read_number((int64_t)snapshot->n_numbers, 0, SGP_CALLER_NUMBERS_MAX,
                                  "how many numbers are remembered", fault);
    world->numbers_swept_ms = snapshot->numbers_swept_at_ms;
    for (size_t i = 0; i < snapshot->n_numbers && !err; i++)
        err = load_number(snapshot->numbers[i], world, fault);
    for (size_t i = 0; i < world->incidents.n && !err; i++)
        sgp_incident_find_number(world, world->incidents.nodes[i]);
    return err;
}
