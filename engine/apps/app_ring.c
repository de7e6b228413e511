/* A telephone exchange's events, for tests and demonstrations. */
#include <event2/event.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apps/apps.h"
#include "apps/options.h"
#include "apps/played_exchange.h"

static const char help[] =
    "sigap ring - play a telephone exchange for the engine to connect to\n"
    "\n"
    "USAGE\n"
    "  sigap ring [NUMBER] [--line LINE] [--behaviour TEXT] [--count N] [OPTIONS]\n"
    "  sigap ring --storm FILE.csv [OPTIONS]\n"
    "\n"
    "DESCRIPTION\n"
    "  Listens on a loopback port in the shape of Asterisk's REST Interface, as the\n"
    "  exchange that `exchanges` of sigap.conf names, and plays calls that come in: one,\n"
    "  or those of a file with the lines\n"
    "\n"
    "    at_s,number,line,behaviour\n"
    "    0,+62800000001,112,abandon 30 talk 60\n"
    "    2.5,+62800000002,119,abandon 8\n"
    "    4,,112,talk 40 hold 10 5\n"
    "\n"
    "  A caller hangs up after `abandon` seconds unless answered before, and after `talk`\n"
    "  seconds of talking; `hold 10 5` puts him on hold 10 seconds after he was answered,\n"
    "  for 5. Without a number it is withheld. Use made-up numbers only.\n"
    "\n"
    "  A call that comes while the engine is not connected waits until it is, and hangs up\n"
    "  when its patience ends. The command ends when the last call is over, and tells how\n"
    "  many were answered and abandoned.\n"
    "\n"
    "OPTIONS\n"
    "  --storm FILE       the calls of this file\n"
    "  --line LINE        that is dialled (default 112)\n"
    "  --behaviour TEXT   of the one caller (default \"abandon 120 talk 60\")\n"
    "  --count N          so many of them, a second apart (default 1)\n"
    "  --port N           to listen on (default 8088; 0 = any, which is printed)\n"
    "  --user NAME        that the engine logs in with (default sigap)\n"
    "  --password-file F  the password is the first line of F (default: sigap)\n"
    "  --speed X          play so many times as fast\n"
    "  --when-heard       begin the play when the engine has connected, not at once\n"
    "  --stay             go on listening when all calls are over\n"
    "  --json             the count at the end as JSON\n"
    "  --language id|en   is taken and changes nothing\n"
    "  --help             show this\n"
    "\n"
    "EXIT CODES\n"
    "  0 done, 2 usage or input error, 3 environment (port, file)\n";

enum { STORM = 256, LINE, BEHAVIOUR, COUNT, PORT, USER, PASSWORD, SPEED, WHEN_HEARD, STAY };
static const struct option own[] = {{"storm", required_argument, NULL, STORM},
                                    {"line", required_argument, NULL, LINE},
                                    {"behaviour", required_argument, NULL, BEHAVIOUR},
                                    {"count", required_argument, NULL, COUNT},
                                    {"port", required_argument, NULL, PORT},
                                    {"user", required_argument, NULL, USER},
                                    {"password-file", required_argument, NULL, PASSWORD},
                                    {"speed", required_argument, NULL, SPEED},
                                    {"when-heard", no_argument, NULL, WHEN_HEARD},
                                    {"stay", no_argument, NULL, STAY},
                                    {0}};

typedef struct play {
    sgp_options o;
    sgp_played_options options;
    const char *storm, *line, *behaviour;
    uint64_t count;
    bool stay;
    char password[80];
    struct event_base *base;
    sgp_played_exchange *exchange;
} play;

static sgp_err read_password(play *p, const char *path, sgp_fault *fault) {
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return sgp_fail(fault, SGP_E_IO, "%s: %m", path);
    bool good = fgets(p->password, sizeof p->password, file) != NULL;
    fclose(file);
    p->password[strcspn(p->password, "\r\n")] = '\0';
    return good ? SGP_OK : sgp_fail(fault, SGP_E_FORMAT, "%s is empty", path);
}

/* False: ends with o.exit_code. */
static bool read_options(play *p, int argc, char **argv) {
    sgp_fault fault = {.text = ""};
    uint64_t number;
    char *end;
    int c;
    while ((c = sgp_options_next(&p->o, argc, argv, own)) != -1) {
        bool good = true;
        if (c == STORM)
            p->storm = optarg;
        else if (c == LINE)
            p->line = optarg;
        else if (c == BEHAVIOUR)
            p->behaviour = optarg;
        else if (c == COUNT)
            good = sgp_number_parse(optarg, SGP_PLAYED_CALLS_MAX, &p->count) && p->count > 0;
        else if (c == PORT && (good = sgp_number_parse(optarg, 65535, &number)))
            p->options.port = (uint16_t)number;
        else if (c == USER)
            p->options.user = optarg;
        else if (c == PASSWORD && read_password(p, optarg, &fault) != SGP_OK)
            p->o.exit_code = sgp_complain(&p->o, &fault);
        else if (c == SPEED) {
            p->options.speed = strtod(optarg, &end);
            good = *end == '\0' && p->options.speed > 0 && p->options.speed <= 1000;
        } else if (c == WHEN_HEARD)
            p->options.when_heard = true;
        else if (c == STAY)
            p->stay = true;
        if (!good)
            p->o.exit_code = sgp_usage(&p->o, "'%s' is no number that goes there", optarg);
        if (p->o.exit_code != 0)
            return false;
    }
    if (!p->o.ended && argc - optind > (p->storm != NULL ? 0 : 1)) {
        p->o.exit_code = sgp_usage(&p->o, "'%s' is one word too many", argv[argc - 1]);
        return false;
    }
    return !p->o.ended;
}

static sgp_err make_calls(const play *p, const char *number, sgp_played_call **calls, size_t *n,
                          sgp_fault *fault) {
    if (p->storm != NULL)
        return sgp_played_calls_read(p->storm, calls, n, fault);
    sgp_played_call one = {.at_ms = 0};
    sgp_err err = sgp_played_behaviour(p->behaviour, &one, fault);
    if (err == SGP_OK &&
        (strlen(number) >= sizeof one.number || strlen(p->line) >= sizeof one.line))
        err = sgp_fail(fault, SGP_E_ARGUMENT, "the number or the line is too long");
    if (err != SGP_OK)
        return err;
    strcpy(one.number, number);
    strcpy(one.line, p->line);
    *n = (size_t)p->count;
    *calls = calloc(*n, sizeof **calls);
    if (*calls == NULL)
        return sgp_fail(fault, SGP_E_MEMORY, "no memory for the calls");
    for (size_t i = 0; i < *n; i++) {
        (*calls)[i] = one;
        (*calls)[i].at_ms = (int64_t)i * 1000;
    }
    return SGP_OK;
}

static void on_look(evutil_socket_t fd, short what, void *ctx) {
    (void)fd;
    (void)what;
    play *p = ctx;
    if (!p->stay && sgp_played_exchange_is_over(p->exchange))
        event_base_loopexit(p->base, NULL);
}

static void on_signal(evutil_socket_t fd, short what, void *ctx) {
    (void)fd;
    (void)what;
    event_base_loopbreak(((play *)ctx)->base);
}

static int tell_end(const play *p) {
    sgp_played_count count = sgp_played_exchange_count(p->exchange);
    if (p->o.json)
        return sgp_print_json(json_pack("{s:I,s:I,s:I,s:I}", "came", (json_int_t)count.came,
                                        "handed_over", (json_int_t)count.handed_over, "answered",
                                        (json_int_t)count.answered, "abandoned",
                                        (json_int_t)count.abandoned));
    printf("%zu calls came, %zu reached the engine, %zu were answered, %zu abandoned\n", count.came,
           count.handed_over, count.answered, count.abandoned);
    return 0;
}

static int run(play *p, const sgp_played_call *calls, size_t n) {
    sgp_fault fault = {.text = ""};
    struct timeval often = {0, 100000};
    p->base = event_base_new();
    sgp_err err = p->base == NULL ? sgp_fail(&fault, SGP_E_MEMORY, "no memory")
                                  : sgp_played_exchange_create(p->base, &p->options, calls, n,
                                                               &p->exchange, &fault);
    if (err != SGP_OK) {
        if (p->base != NULL)
            event_base_free(p->base);
        return sgp_complain(&p->o, &fault);
    }
    struct event *look = event_new(p->base, -1, EV_PERSIST, on_look, p);
    struct event *term = evsignal_new(p->base, SIGTERM, on_signal, p);
    struct event *interrupt = evsignal_new(p->base, SIGINT, on_signal, p);
    int exit_code = 3;
    if (look != NULL && term != NULL && interrupt != NULL) {
        event_add(look, &often);
        event_add(term, NULL);
        event_add(interrupt, NULL);
        if (!p->o.json)
            printf("http://127.0.0.1:%d/ari\n", (int)sgp_played_exchange_port(p->exchange));
        fflush(stdout);
        event_base_dispatch(p->base);
        exit_code = tell_end(p);
    }
    struct event *all[] = {look, term, interrupt};
    for (size_t i = 0; i < 3; i++)
        if (all[i] != NULL)
            event_free(all[i]);
    sgp_played_exchange_destroy(p->exchange);
    event_base_free(p->base);
    return exit_code;
}

int app_ring(int argc, char **argv) {
    play p = {.line = "112", .behaviour = "abandon 120 talk 60", .count = 1};
    sgp_fault fault = {.text = ""};
    sgp_played_call *calls = NULL;
    size_t n = 0;
    sgp_options_init(&p.o, "ring", help);
    strcpy(p.password, "sigap");
    p.options = (sgp_played_options){.port = 8088, .path = "/ari", .user = "sigap", .speed = 1};
    if (!read_options(&p, argc, argv))
        return p.o.exit_code;
    p.options.password = p.password;
    p.options.told = p.o.json ? NULL : stdout;
    if (make_calls(&p, optind < argc ? argv[optind] : "", &calls, &n, &fault) != SGP_OK)
        return sgp_complain(&p.o, &fault);
    int exit_code = run(&p, calls, n);
    free(calls);
    return exit_code;
}
