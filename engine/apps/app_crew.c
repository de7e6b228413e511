/* `sigap crew`: the crew of one unit, or of a whole fleet. */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "apps/apps.h"
#include "apps/crew_session.h"
#include "apps/print.h"
#include "base/clock.h"

static const char help[] =
    "sigap crew - be the crew of a unit, or of a whole fleet\n"
    "\n"
    "USAGE\n"
    "  sigap crew --unit CODE --token TOKEN [OPTIONS]\n"
    "  sigap crew --fleet FILE [OPTIONS]\n"
    "\n"
    "DESCRIPTION\n"
    "  Logs in, signs the unit on, waits for orders, accepts after a believable delay,\n"
    "  drives the real route reporting its position every 5 seconds, stays on scene,\n"
    "  brings the patient to the hospital that is advised or chosen, hands over and\n"
    "  returns to its station. With --speed all of that is simulated time, N times\n"
    "  faster than the clock; the engine's own clocks stay real.\n"
    "  When the engine goes away it connects again and repeats what was not answered,\n"
    "  with the same request id. Ctrl-C ends it; the unit stays on duty.\n"
    "\n"
    "OPTIONS\n"
    "  --unit CODE        the unit, as in the fleet file\n"
    "  --fleet FILE       many crews: one line \"UNIT TOKEN\" each, at most 64\n"
    "  --speed N          1 to 200 times real time (default 1)\n"
    "  --once             end after one incident, back at the station\n"
    "  --decline-first    decline the first order\n"
    "  --no-transport     treat every patient on the spot\n"
    "  --crew CODE,...    with --unit: these people sign on (see sigap sign-on); their\n"
    "                     shift is told\n"
    "  --seed N           of the delays (default 1)\n"
    "\n" SGP_HELP_CONNECTION;

enum {
    OPTION_UNIT = 256,
    OPTION_FLEET,
    OPTION_SPEED,
    OPTION_ONCE,
    OPTION_DECLINE,
    OPTION_NO_TRANSPORT,
    OPTION_SEED,
    OPTION_CREW
};
static const struct option own_options[] = {
    {"unit", required_argument, NULL, OPTION_UNIT},
    {"fleet", required_argument, NULL, OPTION_FLEET},
    {"speed", required_argument, NULL, OPTION_SPEED},
    {"once", no_argument, NULL, OPTION_ONCE},
    {"decline-first", no_argument, NULL, OPTION_DECLINE},
    {"no-transport", no_argument, NULL, OPTION_NO_TRANSPORT},
    {"seed", required_argument, NULL, OPTION_SEED},
    {"crew", required_argument, NULL, OPTION_CREW},
    {0}};

static volatile sig_atomic_t asked_to_stop;

static void on_signal(int number) {
    (void)number;
    asked_to_stop = 1;
}

static const char *phase_word(sgp_language language, sgp_crew_phase phase) {
    switch (phase) {
    case SGP_CREW_FREE:
        return sgp_unit_status_text(language, SIGAP__V1__UNIT_STATUS__UNIT_AVAILABLE);
    case SGP_CREW_TURNING_OUT:
        return sgp_assignment_state_text(language, SGP_ASSIGNMENT_ACCEPTED);
    case SGP_CREW_TO_SCENE:
        return sgp_assignment_state_text(language, SGP_ASSIGNMENT_EN_ROUTE);
    case SGP_CREW_ON_SCENE:
        return sgp_assignment_state_text(language, SGP_ASSIGNMENT_ON_SCENE);
    case SGP_CREW_TO_HOSPITAL:
        return sgp_assignment_state_text(language, SGP_ASSIGNMENT_TRANSPORTING);
    case SGP_CREW_AT_HOSPITAL:
        return sgp_assignment_state_text(language, SGP_ASSIGNMENT_AT_HOSPITAL);
    case SGP_CREW_TIDYING:
        return sgp_assignment_state_text(language, SGP_ASSIGNMENT_HANDED_OVER);
    case SGP_CREW_RETURNING:
        return sgp_text_get(language, SGP_TEXT_CREW_RETURNING);
    case SGP_CREW_OFF_DUTY:
    case SGP_CREW_DECIDING:
        break;
    }
    return NULL;
}

static void print_json_line(const sgp_crew_driver *driver, sgp_crew_news news, const char *detail) {
    static const char *const kinds[] = {"connected", "lost",    "order", "withdrawn", "phase",
                                        "declined",  "refused", "step",  "hospital",  "note"};
    static const char *const phases[] = {"off_duty", "free",     "deciding",    "turning_out",
                                         "to_scene", "on_scene", "to_hospital", "at_hospital",
                                         "tidying",  "returning"};
    json_t *line = json_pack(
        "{s:s,s:s,s:s,s:I,s:I,s:I}", "unit", driver->options.unit, "news", kinds[news], "phase",
        phases[driver->phase], "at_ms", (json_int_t)sgp_wall_ms(), "assignment",
        (json_int_t)driver->order.assignment, "incident", (json_int_t)driver->order.incident);
    if (line == NULL)
        return;
    if (detail[0] != '\0')
        json_object_set_new(line, "detail", json_string(detail));
    char *text = json_dumps(line, JSON_COMPACT | JSON_PRESERVE_ORDER);
    if (text != NULL)
        puts(text);
    fflush(stdout);
    free(text);
    json_decref(line);
}

static void tell(void *ctx, const sgp_crew_driver *driver, sgp_crew_news news, const char *detail) {
    const sgp_options *o = ctx;
    if (o->json) {
        print_json_line(driver, news, detail);
        return;
    }
    const char *unit = driver->options.unit;
    char text[768], clock[16];
    switch (news) {
    case SGP_CREW_NEWS_CONNECTED:
        if (detail[0] == '\0')
            return;
        sgp_text_fill(text, sizeof text, o->language, SGP_TEXT_CREW_BACK, "unit", unit, NULL);
        break;
    case SGP_CREW_NEWS_LOST:
        sgp_text_fill(text, sizeof text, o->language, SGP_TEXT_CREW_LOST, "unit", unit, "reason",
                      detail, NULL);
        break;
    case SGP_CREW_NEWS_NOTE:
    case SGP_CREW_NEWS_ORDER:
        snprintf(text, sizeof text, "%s", detail);
        break;
    case SGP_CREW_NEWS_WITHDRAWN:
        sgp_text_fill(
            text, sizeof text, o->language, SGP_TEXT_CREW_WITHDRAWN, "unit", unit, "reason",
            detail[0] != '\0' ? detail : sgp_text_get(o->language, SGP_TEXT_NO_REASON), NULL);
        break;
    case SGP_CREW_NEWS_DECLINED:
        sgp_text_fill(text, sizeof text, o->language, SGP_TEXT_CREW_DECLINES, "unit", unit,
                      "reason", detail, NULL);
        break;
    case SGP_CREW_NEWS_REFUSED:
        sgp_text_fill(text, sizeof text, o->language, SGP_TEXT_CREW_REFUSED, "unit", unit, "reason",
                      detail, NULL);
        break;
    case SGP_CREW_NEWS_HOSPITAL:
    case SGP_CREW_NEWS_STEP:
        snprintf(text, sizeof text, "%s: %s", unit, detail);
        break;
    case SGP_CREW_NEWS_PHASE:
        if (phase_word(o->language, driver->phase) == NULL)
            return;
        sgp_text_fill(text, sizeof text, o->language, SGP_TEXT_CREW_STATE, "unit", unit, "state",
                      phase_word(o->language, driver->phase), NULL);
        break;
    }
    printf("%s  %s\n", sgp_clock_text(sgp_wall_ms(), clock), text);
    fflush(stdout);
}

int app_crew(int argc, char **argv) {
    sgp_options o;
    sgp_options_init(&o, "crew", help);
    sgp_crew_job job = {.crew = {.speed = 1, .seed = 1}, .connection = &o, .tell = tell, .ctx = &o};
    const char *fleet_file = NULL;
    int c;
    while ((c = sgp_options_next(&o, argc, argv, own_options)) != -1) {
        uint64_t number;
        switch (c) {
        case OPTION_UNIT:
            if (strlen(optarg) >= sizeof job.crew.unit)
                return sgp_usage(&o, "the unit's code is longer than %zu bytes",
                                 sizeof job.crew.unit - 1);
            strcpy(job.crew.unit, optarg);
            break;
        case OPTION_FLEET:
            fleet_file = optarg;
            break;
        case OPTION_SPEED:
            if (!sgp_number_parse(optarg, SGP_CREW_SPEED_MAX, &number) || number == 0)
                return sgp_usage(&o, "--speed is a number from 1 to %d, not '%s'",
                                 SGP_CREW_SPEED_MAX, optarg);
            job.crew.speed = (double)number;
            break;
        case OPTION_ONCE:
            job.once = true;
            break;
        case OPTION_DECLINE:
            job.crew.decline_first = true;
            break;
        case OPTION_NO_TRANSPORT:
            job.crew.no_transport = true;
            break;
        case OPTION_CREW:
            job.n_people = 0;
            for (char *word; (word = strtok(job.n_people ? NULL : optarg, ", +;")) != NULL;) {
                if (job.n_people == SGP_CREW_PER_UNIT)
                    return sgp_usage(&o, "a crew has at most %d people", SGP_CREW_PER_UNIT);
                job.people[job.n_people++] = word;
            }
            if (job.n_people == 0)
                return sgp_usage(&o, "--crew names nobody");
            break;
        case OPTION_SEED:
            if (!sgp_number_parse(optarg, UINT64_MAX, &job.crew.seed))
                return sgp_usage(&o, "--seed is a number, not '%s'", optarg);
            break;
        }
    }
    if (o.ended)
        return o.exit_code;
    if (optind < argc)
        return sgp_usage(&o, "no operands are expected, not '%s'", argv[optind]);
    if ((fleet_file == NULL) == (job.crew.unit[0] == '\0'))
        return sgp_usage(&o, "either --unit or --fleet is expected");
    if (fleet_file != NULL && job.n_people > 0)
        return sgp_usage(&o, "--crew goes with --unit");
    if (fleet_file == NULL && o.token == NULL)
        return sgp_usage(&o, "a crew logs in: --token, --token-file or SIGAP_TOKEN is missing");
    snprintf(job.crew.decline_reason, sizeof job.crew.decline_reason, "%s",
             sgp_text_get(o.language, SGP_TEXT_DECLINE_DEFAULT));

    sgp_fault fault = {0};
    sgp_crew_tokens tokens = {.n = 1};
    if (fleet_file != NULL) {
        if (sgp_crew_tokens_read(fleet_file, &tokens, &fault) != SGP_OK)
            return sgp_complain(&o, &fault);
    }
    sgp_crew_job jobs[SGP_FLEET_CREWS_MAX];
    for (size_t i = 0; i < tokens.n; i++) {
        jobs[i] = job;
        jobs[i].token = o.token;
        if (fleet_file != NULL) {
            strcpy(jobs[i].crew.unit, tokens.crews[i].unit);
            jobs[i].token = tokens.crews[i].token;
        }
    }
    struct sigaction action = {.sa_handler = on_signal};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sgp_fleet *fleet = NULL;
    if (sgp_fleet_start(jobs, tokens.n, &fleet, &fault) != SGP_OK)
        return sgp_complain(&o, &fault);
    while (!asked_to_stop && sgp_fleet_running(fleet) > 0) {
        struct timespec slice = {0, 100000000};
        nanosleep(&slice, NULL);
    }
    if (sgp_fleet_stop(fleet, &fault) != SGP_OK)
        return sgp_complain(&o, &fault);
    return 0;
}
