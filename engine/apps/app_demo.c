/* `sigap demo`: a quarter of an hour of calls, with crews and a dispatcher. */
#include <inttypes.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "apps/apps.h"
#include "apps/crew_session.h"
#include "apps/demo_desk.h"
#include "apps/demo_made.h"
#include "apps/incident_table.h"
#include "apps/stream.h"
#include "base/clock.h"
#include "serve/proto_json.h"

static const char help[] =
    "sigap demo - play a quarter of an hour of calls\n"
    "\n"
    "USAGE\n"
    "  sigap demo --tokens DIR --scenario FILE [OPTIONS]\n"
    "  sigap demo --tokens DIR --generate --graph X.sgr --database CONNINFO [OPTIONS]\n"
    "\n"
    "DESCRIPTION\n"
    "  Against a running engine: signs on the crews, lets calls come in as the\n"
    "  scenario tells, and plays the dispatcher, who orders the recommended unit\n"
    "  after 10 to 20 seconds where the engine does not order by itself, and asks the\n"
    "  caller which candidate is meant where a place is not certain. Prints who is\n"
    "  sent, why, with what travel time and what the next best would have been, and\n"
    "  at the end a table of all incidents with all intervals.\n"
    "\n"
    "  Calls, the dispatcher and the crews are played --speed times faster than the\n"
    "  clock. The engine is not: travel times that it tells are true road times, and\n"
    "  the intervals that it measures are real time, shown as measured.\n"
    "\n"
    "OPTIONS\n"
    "  --scenario FILE    readable scenario, e.g. gis/malang/quarter-hour.demo\n"
    "  --generate         make a scenario from places of the database, for any city\n"
    "  --graph FILE       with --generate: the road graph of the city\n"
    "  --database STRING  with --generate: libpq connection string\n"
    "  --tokens PATH      directory with the files crews (UNIT TOKEN a line) and\n"
    "                     dispatcher, or the crews file itself (default var/tokens)\n"
    "  --speed N          1 to 200 (default 30: a quarter of an hour of calls in half\n"
    "                     a minute, and all followed to their end in about one more)\n"
    "  --once             end after the quarter of an hour; without it, random calls\n"
    "                     go on until Ctrl-C\n"
    "  --seed N           of delays and random calls (default 112)\n"
    "\n" SGP_HELP_CONNECTION
    "  with --once: 0 only if at least 12 incidents were followed to their end and\n"
    "  none is left open, otherwise 1 and a sentence what is missing\n";

enum {
    OPTION_SCENARIO = 256,
    OPTION_GENERATE,
    OPTION_GRAPH,
    OPTION_DATABASE,
    OPTION_TOKENS,
    OPTION_SPEED,
    OPTION_ONCE,
    OPTION_SEED
};
static const struct option own_options[] = {{"scenario", required_argument, NULL, OPTION_SCENARIO},
                                            {"generate", no_argument, NULL, OPTION_GENERATE},
                                            {"graph", required_argument, NULL, OPTION_GRAPH},
                                            {"database", required_argument, NULL, OPTION_DATABASE},
                                            {"tokens", required_argument, NULL, OPTION_TOKENS},
                                            {"speed", required_argument, NULL, OPTION_SPEED},
                                            {"once", no_argument, NULL, OPTION_ONCE},
                                            {"seed", required_argument, NULL, OPTION_SEED},
                                            {0}};

enum {
    INCIDENTS_WANTED = 12,
    SIGN_ON_US = 20000000,          /* real time for all crews to sign on */
    TAIL_SIMULATED_MS = 90 * 60000, /* how long after the last call incidents may take */
    TAIL_REAL_US = 60000000,
    TREATED_PERMILLE = 150
};

typedef struct demo {
    sgp_options o;
    const char *scenario_path, *graph_path, *conninfo, *tokens_path;
    bool generate, once;
    double speed;
    uint64_t seed;
    sgp_scenario *scenario;
    sgp_crew_tokens *tokens;
    sgp_stream stream;
    sgp_narrator narrator;
    sgp_fleet *fleet;
    sgp_desk *desk;
} demo;

static volatile sig_atomic_t asked_to_stop;

static void on_signal(int number) {
    (void)number;
    asked_to_stop = 1;
}

/* ---- preparing ---------------------------------------------------------------------- */

/* Tokens of the crews and, where there is one, of the dispatcher. */
static sgp_err read_tokens(demo *d, sgp_fault *fault) {
    char path[1024];
    struct stat status;
    bool directory = stat(d->tokens_path, &status) == 0 && S_ISDIR(status.st_mode);
    snprintf(path, sizeof path, "%s%s", d->tokens_path, directory ? "/crews" : "");
    sgp_err err = sgp_crew_tokens_read(path, d->tokens, fault);
    if (err != SGP_OK || !directory || d->o.token != NULL)
        return err;
    snprintf(path, sizeof path, "%s/dispatcher", d->tokens_path);
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return SGP_OK; /* the private socket needs none */
    if (fgets(d->o.token_text, sizeof d->o.token_text, file) != NULL) {
        d->o.token_text[strcspn(d->o.token_text, " \t\r\n")] = '\0';
        d->o.token = d->o.token_text[0] != '\0' ? d->o.token_text : NULL;
    }
    fclose(file);
    return SGP_OK;
}

/* Follows the stream for at most timeout_ms. */
static sgp_err follow(demo *d, int64_t timeout_ms) {
    sgp_stream_news news;
    Sigap__V1__Frame *frame = NULL;
    sgp_err err = sgp_stream_next(&d->stream, timeout_ms, &news, &frame);
    if (err != SGP_OK)
        return err;
    if (news == SGP_STREAM_CONNECTED)
        sgp_narrator_connected(&d->narrator, &d->stream.status);
    else if (news == SGP_STREAM_LOST)
        sgp_narrator_lost(&d->narrator, d->stream.fault.text);
    else if (news == SGP_STREAM_UPDATE)
        err = sgp_narrator_take(&d->narrator, frame->update);
    if (frame != NULL)
        sigap__v1__frame__free_unpacked(frame, NULL);
    return err;
}

static sgp_err start_crews(demo *d, sgp_fault *fault) {
    sgp_crew_job jobs[SGP_FLEET_CREWS_MAX];
    for (size_t i = 0; i < d->tokens->n; i++) {
        jobs[i] = (sgp_crew_job){
            .crew = {.speed = d->speed, .seed = d->seed, .treated_permille = TREATED_PERMILLE},
            .token = d->tokens->crews[i].token,
            .connection = &d->o};
        strcpy(jobs[i].crew.unit, d->tokens->crews[i].unit);
        for (size_t k = 0; k < d->scenario->n_declines; k++) {
            if (strcmp(d->scenario->declines[k].unit, jobs[i].crew.unit) != 0)
                continue;
            jobs[i].crew.decline_first = true;
            strcpy(jobs[i].crew.decline_reason, d->scenario->declines[k].reason);
        }
    }
    return sgp_fleet_start(jobs, d->tokens->n, &d->fleet, fault);
}

static bool all_signed_on(const demo *d) {
    for (size_t i = 0; i < d->tokens->n; i++) {
        const Sigap__V1__Unit *unit =
            sgp_board_unit_by_code(&d->narrator.board, d->tokens->crews[i].unit);
        if (unit == NULL || !unit->on_duty)
            return false;
    }
    return true;
}

static void print_header(const demo *d) {
    if (d->narrator.out == NULL)
        return;
    sgp_language language = d->o.language;
    char calls[16], minutes[24], crews[16], seed[24], speed[16], text[512];
    snprintf(calls, sizeof calls, "%zu", sgp_scenario_calls(d->scenario));
    snprintf(minutes, sizeof minutes, "%lld",
             (long long)((sgp_scenario_end_ms(d->scenario) + 59999) / 60000));
    snprintf(crews, sizeof crews, "%zu", d->tokens->n);
    snprintf(seed, sizeof seed, "%" PRIu64, d->seed);
    snprintf(speed, sizeof speed, "%.0f", d->speed);
    bool colours = d->narrator.colours;
    printf("\n%s%s%s\n", sgp_colour_code(colours, SGP_BOLD),
           sgp_text_fill(text, sizeof text, language, SGP_TEXT_DEMO_HEADER, "title",
                         d->scenario->title, "calls", calls, "minutes", minutes, "crews", crews,
                         "seed", seed, NULL),
           sgp_colour_code(colours, SGP_PLAIN));
    if (d->narrator.city_is_sketch)
        printf("%s%s%s\n", sgp_colour_code(colours, SGP_YELLOW),
               sgp_text_get(language, SGP_TEXT_DEMO_SKETCH), sgp_colour_code(colours, SGP_PLAIN));
    puts(sgp_text_fill(text, sizeof text, language, SGP_TEXT_DEMO_CLOCK_1, "speed", speed, NULL));
    puts(sgp_text_fill(text, sizeof text, language, SGP_TEXT_DEMO_CLOCK_2, "speed", speed, NULL));
    putchar('\n');
    fflush(stdout);
}

/* ---- closing ------------------------------------------------------------------------- */

typedef struct summary {
    unsigned followed, cancelled, linked, open, orders, declined;
    uint64_t first_open;
    int64_t median_response_ms; /* -1: none */
} summary;

static int by_value(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Was the patient seen, and the unit released again? */
static bool followed_to_end(const sgp_incident_list *list, const Sigap__V1__Incident *incident) {
    if (incident->state != SIGAP__V1__INCIDENT_STATE__INCIDENT_CLOSED ||
        incident->outcome != SIGAP__V1__OUTCOME__SERVED)
        return false;
    for (size_t i = 0; i < list->n_assignments; i++)
        if (list->assignments[i]->incident_id == incident->id &&
            list->assignments[i]->state == SIGAP__V1__ASSIGNMENT_STATE__CLOSED &&
            sgp_assignment_at(list->assignments[i], SIGAP__V1__ASSIGNMENT_STATE__ON_SCENE) > 0)
            return true;
    return false;
}

static void sum_up(const sgp_incident_list *list, summary *s) {
    *s = (summary){.median_response_ms = -1};
    int64_t *responses = calloc(list->n_assignments + 1, sizeof *responses);
    size_t n_responses = 0;
    for (size_t i = 0; i < list->n_incidents; i++) {
        const Sigap__V1__Incident *incident = list->incidents[i];
        bool open = incident->state != SIGAP__V1__INCIDENT_STATE__INCIDENT_CLOSED;
        if (open && s->open++ == 0)
            s->first_open = incident->id;
        s->followed += followed_to_end(list, incident);
        s->cancelled += incident->outcome == SIGAP__V1__OUTCOME__CANCELLED;
        s->linked += incident->calls > 1 ? incident->calls - 1 : 0;
        if (responses != NULL && incident->first_on_scene_at_ms > 0)
            responses[n_responses++] = incident->first_on_scene_at_ms - incident->opened_at_ms;
    }
    for (size_t i = 0; i < list->n_assignments; i++) {
        s->orders++;
        s->declined += list->assignments[i]->state == SIGAP__V1__ASSIGNMENT_STATE__DECLINED;
    }
    if (n_responses > 0) {
        qsort(responses, n_responses, sizeof responses[0], by_value);
        s->median_response_ms = responses[n_responses / 2];
    }
    free(responses);
}

static int print_json_summary(const demo *d, const sgp_incident_list *list, const summary *s) {
    json_t *incidents = json_array(), *assignments = json_array();
    for (size_t i = 0; i < list->n_incidents; i++)
        json_array_append_new(incidents, sgp_message_to_json(&list->incidents[i]->base));
    for (size_t i = 0; i < list->n_assignments; i++)
        json_array_append_new(assignments, sgp_message_to_json(&list->assignments[i]->base));
    return sgp_print_json(json_pack(
        "{s:s,s:b,s:f,s:i,s:i,s:i,s:i,s:i,s:i,s:I,s:o,s:o}", "city", d->narrator.city,
        "city_is_sketch", d->narrator.city_is_sketch, "speed", d->speed, "followed",
        (int)s->followed, "cancelled", (int)s->cancelled, "linked_calls", (int)s->linked, "open",
        (int)s->open, "orders", (int)s->orders, "declined", (int)s->declined, "median_response_ms",
        (json_int_t)s->median_response_ms, "incidents", incidents, "assignments", assignments));
}

static void print_summary(const demo *d, const sgp_incident_list *list, const summary *s) {
    sgp_language language = d->o.language;
    char text[768], numbers[6][16], median[64], city[64], speed[16];
    unsigned values[6] = {s->followed, s->cancelled, s->linked, s->open, s->orders, s->declined};
    for (int i = 0; i < 6; i++)
        snprintf(numbers[i], sizeof numbers[i], "%u", values[i]);
    snprintf(speed, sizeof speed, "%.0f", d->speed);
    printf("\n%s\n",
           sgp_text_fill(text, sizeof text, language, SGP_TEXT_DEMO_TABLE, "speed", speed, NULL));
    sgp_incident_table_print(list, language, stdout);
    sgp_duration_text(language, s->median_response_ms, median, sizeof median);
    sgp_duration_text(
        language,
        s->median_response_ms < 0 ? -1 : (int64_t)llround((double)s->median_response_ms * d->speed),
        city, sizeof city);
    printf("\n%s\n", sgp_text_fill(text, sizeof text, language, SGP_TEXT_DEMO_SUM, "followed",
                                   numbers[0], "cancelled", numbers[1], "linked", numbers[2],
                                   "open", numbers[3], "orders", numbers[4], "declined", numbers[5],
                                   "median", s->median_response_ms < 0 ? "-" : median, "city",
                                   s->median_response_ms < 0 ? "-" : city, NULL));
}

/* What is missing goes to standard error; returns the exit code. */
static int judge(const demo *d, const summary *s) {
    char text[256], a[24], b[24];
    if (s->open > 0) {
        snprintf(a, sizeof a, "%u", s->open);
        snprintf(b, sizeof b, "%" PRIu64, s->first_open);
        fprintf(stderr, "%s\n",
                sgp_text_fill(text, sizeof text, d->o.language, SGP_TEXT_DEMO_MISSING_OPEN, "open",
                              a, "incident", b, NULL));
        return 1;
    }
    if (s->followed < INCIDENTS_WANTED) {
        snprintf(a, sizeof a, "%u", s->followed);
        snprintf(b, sizeof b, "%d", INCIDENTS_WANTED);
        fprintf(stderr, "%s\n",
                sgp_text_fill(text, sizeof text, d->o.language, SGP_TEXT_DEMO_MISSING_FEW,
                              "followed", a, "wanted", b, NULL));
        return 1;
    }
    return 0;
}

/* Keeps the incidents that this demo reported: the engine also remembers earlier
 * ones, and others may use it at the same time. */
static void keep_own(const demo *d, sgp_incident_list *list) {
    size_t n_calls, kept = 0, kept_assignments = 0;
    const sgp_desk_call *calls = sgp_desk_calls(d->desk, &n_calls);
    for (size_t i = 0; i < list->n_incidents; i++) {
        bool own = false;
        for (size_t k = 0; k < n_calls && !own; k++)
            own = calls[k].incident == list->incidents[i]->id;
        if (own)
            list->incidents[kept++] = list->incidents[i];
        else
            sigap__v1__incident__free_unpacked(list->incidents[i], NULL);
    }
    list->n_incidents = kept;
    for (size_t i = 0; i < list->n_assignments; i++) {
        bool own = false;
        for (size_t k = 0; k < kept && !own; k++)
            own = list->incidents[k]->id == list->assignments[i]->incident_id;
        if (own)
            list->assignments[kept_assignments++] = list->assignments[i];
        else
            sigap__v1__assignment__free_unpacked(list->assignments[i], NULL);
    }
    list->n_assignments = kept_assignments;
}

/* The first incident that this demo reported; earlier ones need not be fetched. */
static uint64_t first_own(const demo *d) {
    size_t n;
    const sgp_desk_call *calls = sgp_desk_calls(d->desk, &n);
    uint64_t first = n > 0 ? calls[0].incident : 1;
    for (size_t i = 1; i < n; i++)
        if (calls[i].incident < first)
            first = calls[i].incident;
    return first;
}

/* The engine's own record decides, not what was seen on the way. */
static int close_demo(demo *d, sgp_fault *fault) {
    sgp_client *client = NULL;
    sgp_incident_list list = {0};
    sgp_err err = SGP_OK;
    for (int tries = 0; tries < 100; tries++) {
        err = sgp_options_connect(&d->o, d->o.token, &client, NULL, fault);
        if (err == SGP_OK)
            err = sgp_incident_list_fetch(client, true, first_own(d) - 1, &list, fault);
        sgp_client_close(client);
        client = NULL;
        if (err != SGP_E_NETWORK && err != SGP_E_TIMEOUT)
            break;
        sgp_incident_list_free(&list);
        struct timespec pause = {0, 200000000};
        nanosleep(&pause, NULL);
    }
    if (err != SGP_OK)
        return sgp_complain(&d->o, fault);
    keep_own(d, &list);
    summary s;
    sum_up(&list, &s);
    int exit_code = 0;
    if (d->o.json)
        exit_code = print_json_summary(d, &list, &s);
    else
        print_summary(d, &list, &s);
    fflush(stdout);
    if (exit_code == 0 && d->once)
        exit_code = judge(d, &s);
    sgp_incident_list_free(&list);
    return exit_code;
}

/* ---- playing -------------------------------------------------------------------------- */

static sgp_err sign_on(demo *d, sgp_fault *fault) {
    sgp_err err = SGP_OK;
    while (err == SGP_OK && !d->narrator.caught_up && !asked_to_stop)
        err = follow(d, 200);
    if (err != SGP_OK) {
        *fault = d->stream.fault;
        return err;
    }
    if (d->generate) {
        sgp_demo_city city = {.graph_path = d->graph_path,
                              .conninfo = d->conninfo,
                              .connection = &d->o,
                              .board = &d->narrator.board,
                              .crews = d->tokens,
                              .seed = d->seed,
                              .language = d->o.language};
        err = sgp_demo_generate(&city, d->scenario, fault);
    }
    if (err == SGP_OK)
        err = start_crews(d, fault);
    int64_t end_us = sgp_monotonic_us() + SIGN_ON_US;
    while (err == SGP_OK && !asked_to_stop && !all_signed_on(d) && sgp_monotonic_us() < end_us) {
        err = follow(d, 100);
        if (err != SGP_OK)
            *fault = d->stream.fault;
        if (sgp_fleet_running(d->fleet) < d->tokens->n) {
            /* A crew that cannot even log in would leave the demo half manned. */
            err = sgp_fleet_stop(d->fleet, fault);
            d->fleet = NULL;
            if (err == SGP_OK)
                err = sgp_fail(fault, SGP_E_STATE, "a crew left before the demo began");
        }
    }
    return err;
}

static sgp_err play(demo *d, sgp_fault *fault) {
    sgp_desk_options how = {.connection = &d->o,
                            .narrator = &d->narrator,
                            .scenario = d->scenario,
                            .speed = d->speed,
                            .seed = d->seed};
    sgp_err err = sgp_desk_create(&how, &d->desk);
    if (err != SGP_OK)
        return sgp_fail(fault, err, "no memory for the dispatcher");
    int64_t start_us = sgp_monotonic_us();
    int64_t tail_us = (int64_t)((double)TAIL_SIMULATED_MS * 1000.0 / d->speed) + TAIL_REAL_US;
    int64_t end_us = start_us +
                     (int64_t)((double)sgp_scenario_end_ms(d->scenario) * 1000.0 / d->speed) +
                     tail_us;
    bool random = false;
    sgp_desk_start(d->desk, start_us, false);
    while (!asked_to_stop) {
        /* A simulated second, within bounds, is fine enough for the script. */
        int64_t slice_ms = (int64_t)(1000.0 / d->speed);
        err = follow(d, slice_ms < 10 ? 10 : slice_ms > 100 ? 100 : slice_ms);
        if (err != SGP_OK) {
            *fault = d->stream.fault;
            return err;
        }
        int64_t now_us = sgp_monotonic_us();
        err = sgp_desk_turn(d->desk, now_us, fault);
        if (err != SGP_OK)
            return err;
        if (!sgp_desk_script_done(d->desk) || sgp_desk_any_open(d->desk)) {
            if (d->once && now_us > end_us)
                break;
            continue;
        }
        if (d->once)
            break;
        if (!random) {
            random = true;
            sgp_narrator_say(&d->narrator, sgp_wall_ms(), NULL, false,
                             sgp_text_get(d->o.language, SGP_TEXT_DEMO_RANDOM));
            sgp_desk_start(d->desk, now_us, true);
        }
    }
    return SGP_OK;
}

static int run(demo *d) {
    sgp_fault fault = {0};
    sgp_err err = read_tokens(d, &fault);
    if (err == SGP_OK && !d->generate)
        err = sgp_scenario_read(d->scenario_path, d->scenario, &fault);
    if (err != SGP_OK)
        return sgp_complain(&d->o, &fault);
    sgp_stream_init(&d->stream, &d->o);
    sgp_narrator_init(&d->narrator, d->o.language, d->o.json ? NULL : stdout);
    d->narrator.duty = d->narrator.calls = false; /* the desk tells what callers say */
    err = sign_on(d, &fault);
    if (err == SGP_OK && !asked_to_stop) {
        print_header(d);
        err = play(d, &fault);
    }
    int exit_code = 0;
    if (err != SGP_OK) {
        fault.code = err;
        exit_code = sgp_complain(&d->o, &fault);
    } else if (d->desk != NULL) {
        exit_code = close_demo(d, &fault);
    }
    sgp_err fleet_err = sgp_fleet_stop(d->fleet, &fault);
    if (fleet_err != SGP_OK && exit_code == 0)
        exit_code = sgp_complain(&d->o, &fault);
    sgp_desk_destroy(d->desk);
    sgp_narrator_deinit(&d->narrator);
    sgp_stream_deinit(&d->stream);
    return exit_code;
}

int app_demo(int argc, char **argv) {
    demo d = {.tokens_path = "var/tokens", .speed = 30, .seed = 112};
    sgp_options_init(&d.o, "demo", help);
    int c;
    while ((c = sgp_options_next(&d.o, argc, argv, own_options)) != -1) {
        uint64_t number;
        switch (c) {
        case OPTION_SCENARIO:
            d.scenario_path = optarg;
            break;
        case OPTION_GENERATE:
            d.generate = true;
            break;
        case OPTION_GRAPH:
            d.graph_path = optarg;
            break;
        case OPTION_DATABASE:
            d.conninfo = optarg;
            break;
        case OPTION_TOKENS:
            d.tokens_path = optarg;
            break;
        case OPTION_SPEED:
            if (!sgp_number_parse(optarg, SGP_CREW_SPEED_MAX, &number) || number == 0)
                return sgp_usage(&d.o, "--speed is a number from 1 to %d, not '%s'",
                                 SGP_CREW_SPEED_MAX, optarg);
            d.speed = (double)number;
            break;
        case OPTION_ONCE:
            d.once = true;
            break;
        case OPTION_SEED:
            if (!sgp_number_parse(optarg, UINT64_MAX, &d.seed))
                return sgp_usage(&d.o, "--seed is a number, not '%s'", optarg);
            break;
        }
    }
    if (d.o.ended)
        return d.o.exit_code;
    if (optind < argc)
        return sgp_usage(&d.o, "no operands are expected, not '%s'", argv[optind]);
    if (d.generate == (d.scenario_path != NULL))
        return sgp_usage(&d.o, "either --scenario or --generate is expected");
    if (d.generate && (d.graph_path == NULL || d.conninfo == NULL))
        return sgp_usage(&d.o, "--generate needs --graph and --database");
    struct sigaction action = {.sa_handler = on_signal};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    d.scenario = calloc(1, sizeof *d.scenario);
    d.tokens = calloc(1, sizeof *d.tokens);
    int exit_code = 3;
    if (d.scenario != NULL && d.tokens != NULL)
        exit_code = run(&d);
    free(d.scenario);
    free(d.tokens);
    return exit_code;
}
