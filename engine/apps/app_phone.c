/* `sigap phone`: what a caller's phone tells of where it is, and the token that lets it. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "apps/apps.h"
#include "apps/options.h"
#include "apps/print.h"
#include "sigap/core.h"

static const char help[] =
    "sigap phone - where a caller's phone is: report it, or ask the phone\n"
    "\n"
    "USAGE\n"
    "  sigap phone CALL\n"
    "  sigap phone --number NUMBER --at LON,LAT [--radius METRES] [--method WORD]\n"
    "  sigap phone --number NUMBER --sms TEXT | --hex DIGITS\n"
    "\n"
    "DESCRIPTION\n"
    "  With CALL, prints a one-time token for the phone of that call's caller: with it\n"
    "  the phone tells the engine where it is, once within the time told and then again\n"
    "  for a while. Only its hash is kept; a token given for the call before is void.\n"
    "  Where the configuration has pages.address, it is the link of the caller's own page\n"
    "  (help on the way, first aid, words with the control room) that is printed: send it\n"
    "  to the caller. The first phone that opens it keeps it.\n"
    "\n"
    "  With --number, reports what a phone told, as a partner or a text message gateway\n"
    "  does: a point, or its Advanced Mobile Location message (ETSI TS 103 625) as text or\n"
    "  as the hexadecimal digits of a data message. It belongs to the newest open call of\n"
    "  that number, now or soon. It never moves a place that a person confirmed.\n"
    "\n"
    "OPTIONS\n"
    "  --number NUMBER  of the telephone: +62..., 62... or 0... (never kept, never logged)\n"
    "  --at LON,LAT     where it is\n"
    "  --radius METRES  of the circle that it lies in (left out: not known)\n"
    "  --method WORD    gnss, wifi, cell or fused\n"
    "  --sms TEXT       the message: A\"ML=1;lt=...\n"
    "  --hex DIGITS     the data message\n"
    "\n" SGP_HELP_CONNECTION
    "  1 where no call of that number is open yet, or the message has no position\n"
    "\n"
    "EXAMPLES\n"
    "  sigap phone 12\n"
    "  sigap phone --number 081200000001 --at 112.6146,-7.9563 --radius 20 --method gnss\n";

static const struct option own_options[] = {{"number", required_argument, NULL, 'n'},
                                            {"at", required_argument, NULL, 'a'},
                                            {"radius", required_argument, NULL, 'r'},
                                            {"method", required_argument, NULL, 'm'},
                                            {"sms", required_argument, NULL, 's'},
                                            {"hex", required_argument, NULL, 'x'},
                                            {0}};

static int ask_token(const sgp_options *o, uint64_t call) {
    Sigap__V1__LocateCall ask = SIGAP__V1__LOCATE_CALL__INIT;
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT, *reply;
    ask.call_id = call;
    request.body_case = SIGAP__V1__FRAME__BODY_LOCATE_CALL;
    request.locate_call = &ask;
    int exit_code = sgp_options_ask(o, &request, SIGAP__V1__FRAME__BODY_LOCATE_TOKEN, &reply);
    if (exit_code != 0)
        return exit_code;
    if (o->json) {
        exit_code = sgp_print_message_json(&reply->locate_token->base);
    } else {
        char text[512], number[24], clock[16];
        snprintf(number, sizeof number, "%" PRIu64, call);
        bool linked = reply->locate_token->link[0] != '\0';
        puts(linked ? reply->locate_token->link : reply->locate_token->token);
        puts(sgp_text_fill(text, sizeof text, o->language,
                           linked ? SGP_TEXT_PHONE_LINK : SGP_TEXT_PHONE_TOKEN, "call", number,
                           "time", sgp_clock_text(reply->locate_token->valid_until_ms, clock),
                           NULL));
    }
    sigap__v1__frame__free_unpacked(reply, NULL);
    return exit_code;
}

static int report(const sgp_options *o, Sigap__V1__ReportPhonePosition *told) {
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT, *reply;
    request.body_case = SIGAP__V1__FRAME__BODY_REPORT_PHONE_POSITION;
    request.report_phone_position = told;
    int exit_code = sgp_options_ask(o, &request, SIGAP__V1__FRAME__BODY_DONE, &reply);
    if (exit_code != 0)
        return exit_code;
    bool has_call = reply->done->call_id != 0;
    if (o->json) {
        exit_code = sgp_print_message_json(&reply->done->base);
    } else {
        char text[512], call[24], incident[24];
        snprintf(call, sizeof call, "%" PRIu64, reply->done->call_id);
        snprintf(incident, sizeof incident, "%" PRIu64, reply->done->incident_id);
        puts(sgp_text_fill(text, sizeof text, o->language,
                           has_call ? SGP_TEXT_PHONE_TAKEN : SGP_TEXT_PHONE_HELD, "call", call,
                           "incident", incident, NULL));
    }
    sigap__v1__frame__free_unpacked(reply, NULL);
    return exit_code != 0 ? exit_code : has_call ? 0 : 1;
}

static bool parse_method(const char *text, Sigap__V1__PhoneMethod *method) {
    for (int i = SGP_PHONE_GNSS; i < SGP_PHONE_METHODS; i++)
        if (strcasecmp(text, sgp_phone_method_str((sgp_phone_method)i)) == 0) {
            *method = (Sigap__V1__PhoneMethod)i;
            return true;
        }
    return false;
}

/* What the options say; `point` and `where` are filled for it. */
typedef struct phone_options {
    Sigap__V1__ReportPhonePosition told;
    Sigap__V1__PhonePoint phone;
    Sigap__V1__Point point;
    int n_messages;
} phone_options;

/* 0, or the exit code of a wrong value. */
static int take_option(sgp_options *o, phone_options *p, int option) {
    sgp_fault fault = {0};
    sgp_point where;
    uint64_t metres;
    switch (option) {
    case 'n':
        p->told.number = optarg;
        return sgp_option_text(o, "--number", optarg) ? 0 : 2;
    case 'a':
        if (sgp_point_parse(optarg, &where, &fault) != SGP_OK)
            return sgp_complain(o, &fault);
        p->point.lon = sgp_lon(where);
        p->point.lat = sgp_lat(where);
        p->phone.point = &p->point;
        p->told.message_case = SIGAP__V1__REPORT_PHONE_POSITION__MESSAGE_POINT;
        p->told.point = &p->phone;
        p->n_messages++;
        return 0;
    case 'r':
        if (!sgp_number_parse(optarg, 100000, &metres))
            return sgp_usage(o, "--radius '%s' is not between 0 and 100,000", optarg);
        p->phone.radius_m = (int32_t)metres;
        return 0;
    case 'm':
        return parse_method(optarg, &p->phone.method)
                   ? 0
                   : sgp_usage(o, "--method '%s' is not gnss, wifi, cell or fused", optarg);
    case 's':
        p->told.message_case = SIGAP__V1__REPORT_PHONE_POSITION__MESSAGE_SMS_TEXT;
        p->told.sms_text = optarg;
        p->n_messages++;
        return sgp_option_text(o, "--sms", optarg) ? 0 : 2;
    default:
        p->told.message_case = SIGAP__V1__REPORT_PHONE_POSITION__MESSAGE_SMS_HEX;
        p->told.sms_hex = optarg;
        p->n_messages++;
        return sgp_option_text(o, "--hex", optarg) ? 0 : 2;
    }
}

int app_phone(int argc, char **argv) {
    sgp_options o;
    phone_options p = {.told = SIGAP__V1__REPORT_PHONE_POSITION__INIT,
                       .phone = SIGAP__V1__PHONE_POINT__INIT,
                       .point = SIGAP__V1__POINT__INIT};
    sgp_options_init(&o, "phone", help);
    for (int option; (option = sgp_options_next(&o, argc, argv, own_options)) != -1;) {
        int exit_code = take_option(&o, &p, option);
        if (exit_code != 0)
            return exit_code;
    }
    if (o.ended)
        return o.exit_code;
    uint64_t call = 0;
    if (argc - optind > 1 || (argc - optind == 1) == (p.n_messages > 0) || p.n_messages > 1)
        return sgp_usage(&o, "a call's number, or one of --at, --sms and --hex is expected");
    if (p.n_messages > 0 && *p.told.number == '\0')
        return sgp_usage(&o, "--number is missing");
    if (p.n_messages > 0)
        return report(&o, &p.told);
    if (!sgp_number_parse(argv[optind], UINT64_MAX, &call) || call == 0)
        return sgp_usage(&o, "'%s' is not the number of a call", argv[optind]);
    return ask_token(&o, call);
}
