/* `sigap desk`: who is at work and what waits, and what is in whose hands. */
#include <stdio.h>
#include <string.h>

#include "apps/apps.h"
#include "apps/decision.h"
#include "console/screen.h"

static const char help[] =
    "sigap desk - who is at work, what waits, and what is in whose hands\n"
    "\n"
    "USAGE\n"
    "  sigap desk\n"
    "  sigap desk --hold N [--over] | --release N\n"
    "  sigap desk --hand-over [--to USER] [--note TEXT] [--from USER]\n"
    "\n"
    "DESCRIPTION\n"
    "  Without options the supervisor's view: what waits and since when, who is at a desk\n"
    "  and on what, answer and decide times against their targets, calls of the last hour,\n"
    "  free units. The same in the console: F12.\n"
    "\n"
    "  Whoever has an incident in hand is shown on every console; it forbids nobody to\n"
    "  act. What somebody has stays his for a while when his line is lost (desk.grace_s).\n"
    "\n"
    "OPTIONS\n"
    "  --hold N           take incident N in hand\n"
    "  --over             also from another, who sees it\n"
    "  --release N        it is in nobody's hands any more\n"
    "  --hand-over        all that you have goes to another, or back to everybody\n"
    "  --to USER          who takes over\n"
    "  --note TEXT        for who takes over (sealed)\n"
    "  --from USER        instead of you; of dispatchers, for one who has gone\n"
    "\n" SGP_HELP_CONNECTION;

static int show(const sgp_options *o, const Sigap__V1__DeskReport *report) {
    enum { ROWS = 200, COLUMNS = 100 };
    sgp_model model;
    sgp_canvas canvas = {0};
    char text[4 * COLUMNS + 1];
    sgp_canvas_locale();
    if (sgp_model_init(&model, o->language) != SGP_OK)
        return 3;
    if (sgp_canvas_resize(&canvas, ROWS, COLUMNS) != SGP_OK) {
        sgp_model_deinit(&model);
        return 3;
    }
    sgp_canvas_clear(&canvas);
    model.now_ms = report->at_ms;
    model.line = SGP_LINE_UP;
    model.report = (Sigap__V1__DeskReport *)(uintptr_t)report; /* given back below */
    int rows = sgp_screen_supervisor(&canvas, (sgp_area){0, 0, ROWS, COLUMNS}, &model, 0);
    for (int row = 1; row <= rows && row < ROWS; row++)
        puts(sgp_canvas_row(&canvas, row, text, sizeof text));
    model.report = NULL;
    sgp_canvas_free(&canvas);
    sgp_model_deinit(&model);
    return 0;
}

static int tell(const sgp_options *o) {
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT, *reply = NULL;
    Sigap__V1__WatchDesk ask = SIGAP__V1__WATCH_DESK__INIT;
    sgp_fault fault = {0};
    sgp_client *client = NULL;
    ask.ended = true; /* once is enough */
    request.body_case = SIGAP__V1__FRAME__BODY_WATCH_DESK;
    request.watch_desk = &ask;
    sgp_err err = sgp_options_connect(o, o->token, &client, NULL, &fault);
    if (err == SGP_OK)
        err = sgp_client_request(client, &request, 0, &reply, &fault);
    if (err == SGP_OK && reply->body_case != SIGAP__V1__FRAME__BODY_DESK_REPORT)
        err = sgp_fail(&fault, SGP_E_FORMAT, "the engine did not tell who is at work");
    sgp_client_close(client);
    int exit_code = err != SGP_OK ? sgp_complain(o, &fault)
                    : o->json     ? sgp_print_message_json(&reply->desk_report->base)
                                  : show(o, reply->desk_report);
    if (reply != NULL)
        sigap__v1__frame__free_unpacked(reply, NULL);
    return exit_code;
}

static int hand_over(const sgp_options *o, Sigap__V1__HandOver *over) {
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT;
    request.body_case = SIGAP__V1__FRAME__BODY_HAND_OVER;
    request.hand_over = over;
    return sgp_decision_do(
        o, &request,
        &(sgp_sentence){.key = SGP_TEXT_DONE_HANDED_OVER,
                        .unit = "",
                        .place = over->to[0] != '\0'
                                     ? over->to
                                     : sgp_text_get(o->language, SGP_TEXT_HAND_QUEUE)});
}

static int hold(const sgp_options *o, Sigap__V1__TakeIncident *take) {
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT;
    request.body_case = SIGAP__V1__FRAME__BODY_TAKE_INCIDENT;
    request.take_incident = take;
    return sgp_decision_do(
        o, &request,
        &(sgp_sentence){.key = take->release ? SGP_TEXT_DONE_RELEASED : SGP_TEXT_DONE_HELD,
                        .unit = ""});
}

int app_desk(int argc, char **argv) {
    enum { HOLD = 256, OVER, RELEASE, HAND_OVER, TO, NOTE, FROM };
    static const struct option own[] = {
        {"hold", required_argument, NULL, HOLD},       {"over", no_argument, NULL, OVER},
        {"release", required_argument, NULL, RELEASE}, {"hand-over", no_argument, NULL, HAND_OVER},
        {"to", required_argument, NULL, TO},           {"note", required_argument, NULL, NOTE},
        {"from", required_argument, NULL, FROM},       {0}};
    sgp_options o;
    sgp_options_init(&o, "desk", help);
    Sigap__V1__TakeIncident take = SIGAP__V1__TAKE_INCIDENT__INIT;
    Sigap__V1__HandOver over = SIGAP__V1__HAND_OVER__INIT;
    bool hands_over = false;
    int c, n = 0;
    while ((c = sgp_options_next(&o, argc, argv, own)) != -1) {
        if (c == HOLD || c == RELEASE) {
            n++;
            take.release = c == RELEASE;
            if (!sgp_decision_number(&o, optarg, "an incident", &take.incident_id))
                return o.exit_code;
        } else if (c == OVER) {
            take.take_over = true;
        } else if (c == HAND_OVER) {
            n++;
            hands_over = true;
        } else {
            char **field = c == TO ? &over.to : c == NOTE ? &over.note : &over.from;
            if (!sgp_option_text(&o, "the text", optarg))
                return o.exit_code;
            *field = optarg;
        }
    }
    if (!sgp_decision_count(&o, argc - optind, 0, 0))
        return o.exit_code;
    if (n > 1)
        return sgp_usage(&o, "one of --hold, --release and --hand-over");
    if (!hands_over && (over.to[0] != '\0' || over.note[0] != '\0' || over.from[0] != '\0'))
        return sgp_usage(&o, "--to, --note and --from go with --hand-over");
    if (take.take_over && (take.incident_id == 0 || take.release))
        return sgp_usage(&o, "--over goes with --hold");
    return hands_over ? hand_over(&o, &over) : take.incident_id != 0 ? hold(&o, &take) : tell(&o);
}
