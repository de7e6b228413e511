/* sigap move-up: send a free unit to wait where it covers the city better. */
#include <stdio.h>
#include <string.h>

#include "apps/apps.h"
#include "apps/decision.h"
#include "sigap/geo.h"

static const char help[] =
    "Usage: sigap move-up UNIT PLACE [--again]\n"
    "       sigap move-up UNIT --end [--reason TEXT]\n"
    "       sigap move-up UNIT --accepted N | --declined N [--reason TEXT]\n"
    "\n"
    "Sends a free unit to wait at PLACE: a station, by its name, or a point as lon,lat. It\n"
    "stays free, goes to who needs it from wherever it is, and is counted there by\n"
    "'sigap coverage', which advises such moves. Its crew hears it and answers; a job ends it.\n"
    "\n"
    "  --again            also where the unit is sent somewhere already\n"
    "  --end              it need not wait there any more\n"
    "  --accepted N       its crew says by radio that it goes; N: the move-up's number\n"
    "  --declined N       or that it does not\n"
    "  --reason TEXT      why\n"
    "\n" SGP_HELP_CONNECTION;

typedef struct wish {
    bool again, end;
    uint64_t accepted, declined;
    const char *reason;
} wish;

static bool read_wish(sgp_options *o, int argc, char **argv, wish *w) {
    static const struct option own[] = {
        {"again", no_argument, NULL, 'g'},          {"end", no_argument, NULL, 'e'},
        {"accepted", required_argument, NULL, 'y'}, {"declined", required_argument, NULL, 'n'},
        {"reason", required_argument, NULL, 'r'},   {0}};
    for (int c; (c = sgp_options_next(o, argc, argv, own)) != -1;) {
        if (c == 'g')
            w->again = true;
        else if (c == 'e')
            w->end = true;
        else if (c == 'r') {
            if (!sgp_option_text(o, "--reason", optarg))
                return false;
            w->reason = optarg;
        } else if (!sgp_decision_number(o, optarg, "a move-up",
                                        c == 'y' ? &w->accepted : &w->declined))
            return false;
    }
    return !o->ended;
}

int app_move_up(int argc, char **argv) {
    sgp_options o;
    sgp_options_init(&o, "move-up", help);
    wish w = {.reason = ""};
    if (!read_wish(&o, argc, argv, &w))
        return o.exit_code;
    bool sends = !w.end && !w.accepted && !w.declined;
    if (w.end + (w.accepted > 0) + (w.declined > 0) + w.again > 1)
        return sgp_usage(&o, "--again, --end, --accepted or --declined, not several");
    if (!sgp_decision_count(&o, argc - optind, sends ? 2 : 1, sends ? 2 : 1) ||
        !sgp_option_text(&o, "the unit", argv[optind]) ||
        (sends && !sgp_option_text(&o, "the place", argv[optind + 1])))
        return o.exit_code;
    Sigap__V1__OrderMoveUp order = SIGAP__V1__ORDER_MOVE_UP__INIT;
    Sigap__V1__EndMoveUp ended = SIGAP__V1__END_MOVE_UP__INIT;
    Sigap__V1__AnswerMoveUp answer = SIGAP__V1__ANSWER_MOVE_UP__INIT;
    Sigap__V1__Point point = SIGAP__V1__POINT__INIT;
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT;
    sgp_sentence said = {.unit = argv[optind], .changes = w.reason};
    order.unit_code = ended.unit_code = answer.unit_code = argv[optind];
    ended.reason = answer.reason = (char *)w.reason;
    if (sends) {
        sgp_point at;
        sgp_fault fault = {0};
        order.again = w.again;
        said.place = argv[optind + 1];
        if (sgp_point_parse(argv[optind + 1], &at, &fault) == SGP_OK) {
            point.lon = sgp_lon(at);
            point.lat = sgp_lat(at);
            order.point = &point;
        } else {
            order.station = argv[optind + 1];
        }
        request.body_case = SIGAP__V1__FRAME__BODY_ORDER_MOVE_UP;
        request.order_move_up = &order;
        said.key = SGP_TEXT_DONE_MOVE_UP;
    } else if (w.end) {
        request.body_case = SIGAP__V1__FRAME__BODY_END_MOVE_UP;
        request.end_move_up = &ended;
        said.key = SGP_TEXT_DONE_MOVE_UP_END;
    } else {
        answer.accept = w.accepted > 0;
        answer.move_up_id = answer.accept ? w.accepted : w.declined;
        request.body_case = SIGAP__V1__FRAME__BODY_ANSWER_MOVE_UP;
        request.answer_move_up = &answer;
        said.key = answer.accept ? SGP_TEXT_DONE_MOVE_UP_YES : SGP_TEXT_DONE_MOVE_UP_NO;
    }
    return sgp_decision_do(&o, &request, &said);
}
