#include "apps/stream.h"

#include <string.h>
#include <time.h>

#include "base/clock.h"

enum { FIRST_DELAY_US = 250000, LONGEST_DELAY_US = 5000000 };

void sgp_stream_init(sgp_stream *stream, const sgp_options *options) {
    memset(stream, 0, sizeof *stream);
    stream->options = options;
    stream->delay_us = FIRST_DELAY_US;
}

static void hang_up(sgp_stream *stream) {
    sgp_client_close(stream->client);
    stream->client = NULL;
}

void sgp_stream_deinit(sgp_stream *stream) {
    hang_up(stream);
    if (stream->status_frame != NULL)
        sigap__v1__frame__free_unpacked(stream->status_frame, NULL);
    stream->status_frame = NULL;
}

static sgp_err start_watching(sgp_stream *stream) {
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT;
    Sigap__V1__GetStatus get_status = SIGAP__V1__GET_STATUS__INIT;
    request.body_case = SIGAP__V1__FRAME__BODY_GET_STATUS;
    request.get_status = &get_status;
    Sigap__V1__Frame *reply = NULL;
    sgp_err err = sgp_client_request(stream->client, &request, 0, &reply, &stream->fault);
    if (err != SGP_OK)
        return err;
    if (reply->body_case != SIGAP__V1__FRAME__BODY_STATUS) {
        sigap__v1__frame__free_unpacked(reply, NULL);
        return sgp_fail(&stream->fault, SGP_E_FORMAT, "the engine did not tell its status");
    }
    if (stream->status_frame != NULL)
        sigap__v1__frame__free_unpacked(stream->status_frame, NULL);
    stream->status_frame = reply;
    stream->status = *reply->status;

    Sigap__V1__Frame watch_request = SIGAP__V1__FRAME__INIT;
    Sigap__V1__Watch watch = SIGAP__V1__WATCH__INIT;
    watch_request.body_case = SIGAP__V1__FRAME__BODY_WATCH;
    watch_request.watch = &watch;
    uint64_t seq;
    return sgp_client_send(stream->client, &watch_request, &seq, &stream->fault);
}

/* Faults that trying again does not mend. */
static bool hopeless(sgp_err err) {
    return err == SGP_E_UNAUTHENTICATED || err == SGP_E_PERMISSION || err == SGP_E_ARGUMENT;
}

static void sleep_us(int64_t us) {
    struct timespec pause = {us / 1000000, us % 1000000 * 1000};
    nanosleep(&pause, NULL);
}

static sgp_err connect_once(sgp_stream *stream) {
    sgp_err err = sgp_options_connect(stream->options, stream->options->token, &stream->client,
                                      NULL, &stream->fault);
    if (err == SGP_OK)
        err = start_watching(stream);
    if (err != SGP_OK)
        hang_up(stream);
    return err;
}

sgp_err sgp_stream_next(sgp_stream *stream, int64_t timeout_ms, sgp_stream_news *news,
                        Sigap__V1__Frame **frame) {
    int64_t end_us = timeout_ms < 0 ? INT64_MAX : sgp_monotonic_us() + timeout_ms * 1000;
    *news = SGP_STREAM_NOTHING;
    while (stream->client == NULL) {
        int64_t now_us = sgp_monotonic_us();
        if (stream->try_at_us > now_us) {
            if (now_us >= end_us)
                return SGP_OK;
            int64_t until_us = stream->try_at_us < end_us ? stream->try_at_us : end_us;
            sleep_us(until_us - now_us);
            continue;
        }
        sgp_err err = connect_once(stream);
        if (err == SGP_OK) {
            stream->ever_connected = true;
            stream->delay_us = FIRST_DELAY_US;
            *news = SGP_STREAM_CONNECTED;
            return SGP_OK;
        }
        if (hopeless(err) || !stream->ever_connected)
            return err;
        stream->try_at_us = sgp_monotonic_us() + stream->delay_us;
        stream->delay_us =
            stream->delay_us * 2 > LONGEST_DELAY_US ? LONGEST_DELAY_US : stream->delay_us * 2;
    }
    for (;;) {
        int64_t now_us = sgp_monotonic_us();
        int64_t wait_ms = end_us == INT64_MAX ? -1
                          : end_us <= now_us  ? 0
                                              : (end_us - now_us + 999) / 1000;
        Sigap__V1__Frame *next = NULL;
        sgp_err err = sgp_client_next_frame(stream->client, wait_ms, &next, &stream->fault);
        if (err == SGP_E_TIMEOUT)
            return SGP_OK;
        if (err != SGP_OK) {
            hang_up(stream);
            stream->try_at_us = 0;
            *news = SGP_STREAM_LOST;
            return err == SGP_E_MEMORY ? err : SGP_OK;
        }
        if (next->body_case == SIGAP__V1__FRAME__BODY_UPDATE) {
            *frame = next;
            *news = SGP_STREAM_UPDATE;
            return SGP_OK;
        }
        if (next->body_case == SIGAP__V1__FRAME__BODY_ERROR) {
            err = sgp_err_from_str(next->error->code);
            if (err == SGP_OK)
                err = SGP_E_NETWORK;
            sgp_fail(&stream->fault, err, "%s", next->error->message);
            sigap__v1__frame__free_unpacked(next, NULL);
            if (hopeless(err))
                return err;
            hang_up(stream);
            stream->try_at_us = sgp_monotonic_us() + FIRST_DELAY_US;
            *news = SGP_STREAM_LOST;
            return SGP_OK;
        }
        sigap__v1__frame__free_unpacked(next, NULL);
    }
}
