/* `sigap console`: the dispatcher's screen. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apps/apps.h"
#include "apps/options.h"
#include "base/clock.h"
#include "console/console.h"
#include "console/terminal.h"

static const char help[] =
    "sigap console - the dispatcher's screen\n"
    "\n"
    "USAGE\n"
    "  sigap console [--graph FILE] [--state DIR] [--no-colour] [--no-bell]\n"
    "\n"
    "DESCRIPTION\n"
    "  A full-screen terminal, from 80x24 up: who waits and how long, all incidents and\n"
    "  units, the chosen incident with place, caller's words and recommendation, a form\n"
    "  for calls, and a command line for every action. F1 shows keys and commands.\n"
    "\n"
    "  When the line to the engine breaks, the console says so, keeps what is typed,\n"
    "  connects again by itself, and sends again what was not answered, with the same\n"
    "  ids, so that nothing is lost and nothing is done twice. Until it is answered a\n"
    "  request lies in a file of the state folder, readable for its owner only.\n"
    "\n"
    "OPTIONS\n"
    "  --graph FILE       the city's road graph, whose roads the map (F7) shows\n"
    "  --state DIR        where unanswered requests are kept (SIGAP_STATE; default\n"
    "                     $XDG_STATE_HOME/sigap or ~/.local/state/sigap)\n"
    "  --no-colour        as on a terminal without colours (also: NO_COLOR is set)\n"
    "  --no-bell          no sound for new P1 calls, overdue targets and a lost line\n"
    "\n" SGP_HELP_CONNECTION;

enum { OPTION_GRAPH = 256, OPTION_STATE, OPTION_NO_COLOUR, OPTION_NO_BELL };
static const struct option own_options[] = {{"graph", required_argument, NULL, OPTION_GRAPH},
                                            {"state", required_argument, NULL, OPTION_STATE},
                                            {"no-colour", no_argument, NULL, OPTION_NO_COLOUR},
                                            {"no-bell", no_argument, NULL, OPTION_NO_BELL},
                                            {0}};

enum { TURN_MS = 500, BYTES_A_TURN = 512 };

typedef struct desk {
    sgp_options o;
    const char *state, *graph_path;
    sgp_graph *graph;
    bool colour, bell;
    sgp_pending pending;
    sgp_link *link;
    sgp_console *console;
    sgp_canvas canvas;
    sgp_keys keys;
} desk;

static sgp_err send_request(void *context, const Sigap__V1__Frame *request, uint64_t token) {
    return sgp_link_send(((desk *)context)->link, request, token);
}

/* Unanswered requests of before, or none where nothing can be kept; that is said, not fatal. */
static void open_pending(desk *d) {
    char folder[900];
    sgp_fault fault = {0};
    sgp_pending_init(&d->pending);
    const char *state = d->state;
    if (state == NULL && sgp_pending_folder(folder, sizeof folder))
        state = folder;
    if (state == NULL)
        fprintf(stderr, "sigap console: no state folder (HOME is not set): what is unanswered "
                        "when the console ends is lost\n");
    else if (sgp_pending_open(&d->pending, state, d->o.server, &fault) != SGP_OK)
        fprintf(stderr, "sigap console: %s: what is unanswered when the console ends is lost\n",
                fault.text);
}

static int64_t steady_ms(void) {
    return sgp_monotonic_us() / 1000;
}

/* false: the terminal is gone. */
static bool take_keys(desk *d) {
    uint8_t bytes[BYTES_A_TURN];
    sgp_key key;
    ssize_t n = sgp_terminal_read(bytes, sizeof bytes);
    for (ssize_t i = 0; i < n; i++)
        if (sgp_keys_take(&d->keys, bytes[i], &key))
            sgp_console_key(d->console, &key);
    if (n > 0)
        sgp_keys_mark(&d->keys, steady_ms());
    return n >= 0;
}

static sgp_err take_news(desk *d) {
    sgp_link_news news;
    sgp_err err = SGP_OK;
    while (err == SGP_OK && sgp_link_take(d->link, &news))
        err = sgp_console_news(d->console, &news);
    return err;
}

static sgp_err draw(desk *d, bool all) {
    int rows, columns;
    sgp_terminal_size(&rows, &columns);
    if (rows != d->canvas.rows || columns != d->canvas.columns) {
        sgp_err err = sgp_canvas_resize(&d->canvas, rows, columns);
        if (err != SGP_OK)
            return err;
        all = true;
    }
    sgp_console_draw(d->console, &d->canvas);
    sgp_terminal_put(&d->canvas, all);
    return SGP_OK;
}

static sgp_err loop(desk *d) {
    sgp_err err = SGP_OK;
    while (err == SGP_OK && !sgp_console_ended(d->console) && !sgp_terminal_ended()) {
        sgp_console_tick(d->console, sgp_wall_ms());
        unsigned bells = sgp_console_bells(d->console);
        if (bells > 0 && d->bell)
            sgp_terminal_bell();
        bool all = sgp_terminal_resized();
        all |= sgp_console_repaints(d->console);
        err = draw(d, all);
        if (err != SGP_OK)
            break;
        /* A lone ESC is the Escape key only when nothing follows it for a while: news of the engine
         * that wakes us before is no reason to take the letters of an arrow for words. */
        int left_ms = sgp_keys_left_ms(&d->keys, steady_ms());
        bool keys = sgp_terminal_wait(sgp_link_fd(d->link), left_ms >= 0 ? left_ms : TURN_MS);
        sgp_key key;
        if (keys && !take_keys(d))
            break;
        if (!keys && sgp_keys_left_ms(&d->keys, steady_ms()) == 0 && sgp_keys_pause(&d->keys, &key))
            sgp_console_key(d->console, &key);
        err = take_news(d);
    }
    return err;
}

static int run(desk *d) {
    sgp_fault fault = {0};
    sgp_link_options line = {.target = d->o.server,
                             .ca_file = d->o.ca_file,
                             .token = d->o.token,
                             .program = "sigap-console/" SIGAP_VERSION};
    sgp_console_host host = {.context = d, .send = send_request};
    open_pending(d);
    sgp_err err = sgp_console_create(d->o.language, &host, &d->pending, &d->console);
    if (err == SGP_OK && d->graph_path != NULL)
        err = sgp_graph_open(d->graph_path, &d->graph, &fault);
    if (err == SGP_OK) {
        sgp_console_set_graph(d->console, d->graph);
        err = sgp_terminal_open(d->colour, &fault);
    }
    if (err == SGP_OK)
        err = sgp_link_create(&line, &d->link, &fault);
    if (err == SGP_OK)
        err = loop(d);
    if (d->console != NULL)
        sgp_console_tick(d->console, sgp_wall_ms()); /* the last letter is kept, too */
    sgp_terminal_close();
    sgp_link_destroy(d->link);
    sgp_console_destroy(d->console);
    sgp_graph_close(d->graph);
    if (d->pending.n > 0)
        fprintf(stderr,
                "sigap console: %zu requests are not answered yet; they are kept in %s and "
                "go out with the next console\n",
                d->pending.n, d->pending.path);
    sgp_pending_close(&d->pending);
    sgp_canvas_free(&d->canvas);
    if (err == SGP_OK)
        return 0;
    fault.code = err;
    return sgp_complain(&d->o, &fault);
}

int app_console(int argc, char **argv) {
    desk d = {.colour = getenv("NO_COLOR") == NULL, .bell = true};
    sgp_options_init(&d.o, "console", help);
    int c;
    while ((c = sgp_options_next(&d.o, argc, argv, own_options)) != -1) {
        if (c == OPTION_GRAPH)
            d.graph_path = optarg;
        else if (c == OPTION_STATE)
            d.state = optarg;
        else if (c == OPTION_NO_COLOUR)
            d.colour = false;
        else
            d.bell = false;
    }
    if (d.o.ended)
        return d.o.exit_code;
    if (optind < argc)
        return sgp_usage(&d.o, "no operands are expected, not '%s'", argv[optind]);
    if (d.o.json)
        return sgp_usage(&d.o, "a screen cannot be printed as JSON; `sigap watch --json` can");
    sgp_canvas_locale();
    return run(&d);
}
