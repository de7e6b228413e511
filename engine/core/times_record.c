/* Recording what the times oracle answered, and answering the same again. */
#include <stdlib.h>
#include <string.h>

#include "core/core_proto.h"
#include "core/world.h"

static sgp_err record(sgp_times_recorder *recorder, sgp_err err, int64_t *ms, size_t n) {
    if (err == SGP_E_MEMORY || err == SGP_E_CORRUPT)
        return err;
    /* An oracle that failed is recorded as "cannot be reached", which is how the
     * core takes it, so that playing it back decides the same. */
    for (size_t i = 0; err && i < n; i++)
        ms[i] = -1;
    while (recorder->n_ms + n > recorder->ms_capacity) {
        err = sgp_room((void **)&recorder->ms, recorder->ms_capacity, &recorder->ms_capacity,
                       sizeof *recorder->ms);
        if (err)
            return err;
    }
    err = SGP_ROOM(recorder->lengths, recorder->n_lengths, recorder->lengths_capacity);
    if (err)
        return err;
    memcpy(recorder->ms + recorder->n_ms, ms, n * sizeof *ms);
    recorder->n_ms += n;
    recorder->lengths[recorder->n_lengths++] = (uint32_t)n;
    return SGP_OK;
}

static sgp_err record_many_to_one(void *ctx, const sgp_start *from, size_t n, sgp_point to,
                                  int64_t *ms) {
    sgp_times_recorder *recorder = ctx;
    const sgp_times *inner = recorder->inner;
    return record(recorder, inner->many_to_one(inner->ctx, from, n, to, ms), ms, n);
}

static sgp_err record_one_to_many(void *ctx, const sgp_start *from, const sgp_point *to, size_t n,
                                  int64_t *ms) {
    sgp_times_recorder *recorder = ctx;
    const sgp_times *inner = recorder->inner;
    return record(recorder, inner->one_to_many(inner->ctx, from, to, n, ms), ms, n);
}

sgp_times sgp_times_recording(sgp_times_recorder *recorder) {
    return (sgp_times){recorder, record_many_to_one, record_one_to_many};
}

void sgp_times_recorder_clear(sgp_times_recorder *recorder) {
    recorder->n_ms = 0;
    recorder->n_lengths = 0;
}

void sgp_times_recorder_free(sgp_times_recorder *recorder) {
    free(recorder->ms);
    free(recorder->lengths);
    *recorder = (sgp_times_recorder){.inner = recorder->inner};
}

void sgp_times_recorder_to_proto(const sgp_times_recorder *recorder,
                                 Sigap__V1__RecordedTimes *times) {
    sigap__v1__recorded_times__init(times);
    times->ms = recorder->ms;
    times->n_ms = recorder->n_ms;
    times->lengths = recorder->lengths;
    times->n_lengths = recorder->n_lengths;
}

static sgp_err play(sgp_times_player *player, size_t n, int64_t *ms) {
    const Sigap__V1__RecordedTimes *times = player->times;
    if (!times || player->at_length >= times->n_lengths || times->lengths[player->at_length] != n ||
        n > times->n_ms - player->at_ms)
        return SGP_E_CORRUPT;
    memcpy(ms, times->ms + player->at_ms, n * sizeof *ms);
    player->at_ms += n;
    player->at_length++;
    return SGP_OK;
}

static sgp_err play_many_to_one(void *ctx, const sgp_start *from, size_t n, sgp_point to,
                                int64_t *ms) {
    (void)from, (void)to;
    return play(ctx, n, ms);
}

static sgp_err play_one_to_many(void *ctx, const sgp_start *from, const sgp_point *to, size_t n,
                                int64_t *ms) {
    (void)from, (void)to;
    return play(ctx, n, ms);
}

sgp_times sgp_times_playing(sgp_times_player *player) {
    return (sgp_times){player, play_many_to_one, play_one_to_many};
}
