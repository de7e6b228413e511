/* `sigap watch`: the live stream. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apps/apps.h"
#include "apps/narrator.h"
#include "apps/stream.h"
#include "serve/proto_json.h"

static const char help[] =
    "sigap watch - live stream of everything that happens\n"
    "\n"
    "USAGE\n"
    "  sigap watch [--no-duty] [--until-closed INCIDENT] [--json]\n"
    "\n"
    "DESCRIPTION\n"
    "  One line an event, in local time: calls coming in and being placed, who is\n"
    "  sent and why, with travel time and the next best unit, and each step of the\n"
    "  crews with the interval that it ends. The first line names the city; a map\n"
    "  that was only drawn calls itself a sketch. When the engine goes away, watch\n"
    "  says so, connects again by itself and tells what changed meanwhile.\n"
    "  Ctrl-C ends it.\n"
    "\n"
    "OPTIONS\n"
    "  --no-duty               do not tell units signing on and off\n"
    "  --until-closed INCIDENT end with exit code 0 when this incident is closed\n"
    "  --json                  one JSON object a line: the engine's updates as they are\n"
    "\n" SGP_HELP_CONNECTION;

enum { OPTION_NO_DUTY = 256, OPTION_UNTIL_CLOSED };
static const struct option own_options[] = {
    {"no-duty", no_argument, NULL, OPTION_NO_DUTY},
    {"until-closed", required_argument, NULL, OPTION_UNTIL_CLOSED},
    {0}};

static bool closes(const Sigap__V1__Update *update, uint64_t incident) {
    for (size_t i = 0; i < update->n_incidents; i++)
        if (update->incidents[i]->id == incident &&
            update->incidents[i]->state == SIGAP__V1__INCIDENT_STATE__INCIDENT_CLOSED)
            return true;
    return false;
}

static bool print_line(const Sigap__V1__Update *update) {
    char *text = sgp_message_to_json_text(&update->base);
    bool printed = text != NULL && puts(text) >= 0 && fflush(stdout) == 0;
    free(text);
    return printed;
}

int app_watch(int argc, char **argv) {
    sgp_options o;
    sgp_options_init(&o, "watch", help);
    bool duty = true;
    uint64_t until = 0;
    int c;
    while ((c = sgp_options_next(&o, argc, argv, own_options)) != -1) {
        if (c == OPTION_NO_DUTY)
            duty = false;
        else if (!sgp_number_parse(optarg, UINT64_MAX, &until) || until == 0)
            return sgp_usage(&o, "'%s' is not an incident's number", optarg);
    }
    if (o.ended)
        return o.exit_code;
    if (optind < argc)
        return sgp_usage(&o, "no operands are expected, not '%s'", argv[optind]);

    sgp_stream stream;
    sgp_stream_init(&stream, &o);
    sgp_narrator narrator;
    sgp_narrator_init(&narrator, o.language, o.json ? NULL : stdout);
    narrator.duty = duty;
    sgp_err err = SGP_OK;
    bool ended = false;
    while (err == SGP_OK && !ended) {
        sgp_stream_news news;
        Sigap__V1__Frame *frame = NULL;
        err = sgp_stream_next(&stream, -1, &news, &frame);
        if (err != SGP_OK)
            break;
        switch (news) {
        case SGP_STREAM_CONNECTED:
            sgp_narrator_connected(&narrator, &stream.status);
            break;
        case SGP_STREAM_LOST:
            sgp_narrator_lost(&narrator, stream.fault.text);
            break;
        case SGP_STREAM_UPDATE:
            ended = (until != 0 && closes(frame->update, until)) ||
                    (o.json && !print_line(frame->update));
            err = sgp_narrator_take(&narrator, frame->update);
            break;
        case SGP_STREAM_NOTHING:
            break;
        }
        if (frame != NULL)
            sigap__v1__frame__free_unpacked(frame, NULL);
        if (!o.json && ferror(stdout))
            ended = true;
    }
    int exit_code = 0;
    if (err != SGP_OK) {
        stream.fault.code = err;
        exit_code = sgp_complain(&o, &stream.fault);
    }
    sgp_narrator_deinit(&narrator);
    sgp_stream_deinit(&stream);
    return exit_code;
}
