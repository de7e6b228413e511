/* `sigap place`: what a call-taker gets when typing where it is. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apps/apps.h"
#include "apps/options.h"
#include "apps/place_table.h"
#include "apps/print.h"
#include "core/text.h"
#include "serve/proto_json.h"

static const char help[] =
    "sigap place - find a place as a call-taker would\n"
    "\n"
    "USAGE\n"
    "  sigap place [OPTIONS] TEXT...\n"
    "  sigap place [OPTIONS] LON,LAT\n"
    "  sigap place [OPTIONS]\n"
    "  sigap place [OPTIONS] <FILE\n"
    "\n"
    "DESCRIPTION\n"
    "  Looks up what a caller says: a street with or without number, a gang, a housing\n"
    "  estate with block and number, RT/RW, a junction of two streets, a landmark and\n"
    "  where from it (depan, belakang, sebelah, seberang, lor, kidul ...), a hospital,\n"
    "  school or market by name or abbreviation, a kelurahan, a kilometre post, a Plus\n"
    "  Code, or coordinates in any usual form. Words need no quotes.\n"
    "\n"
    "  All candidates are printed, best first: kind, readable address, kelurahan,\n"
    "  kecamatan and kabupaten, the radius within which it may truly be, how the point\n"
    "  came about, how sure the engine is, and where a vehicle enters with the metres\n"
    "  left to walk. Names that exist in several districts are all shown. What was not\n"
    "  understood is told below. LON,LAT alone tells the nearest address instead.\n"
    "\n"
    "  Precision (ketepatan):\n"
    "    tepat          exact: the very thing that was named\n"
    "    antara nomor   between numbers: between two known house numbers or posts\n"
    "    terdekat       nearest known: the nearest known house number or part\n"
    "    titik tengah   middle of it: the middle of a street, a kelurahan, an estate\n"
    "\n"
    "  Without TEXT, on a terminal, it asks for one after the other: each line narrows\n"
    "  what the lines before it named (one that finds nothing is forgotten), an empty line\n"
    "  starts anew, ? explains the last answer, Ctrl-D ends. Without TEXT and not on a\n"
    "  terminal, every line of the input is a question of its own; with --json each gets\n"
    "  one line of JSON, {} for an empty line.\n"
    "\n"
    "OPTIONS\n"
    "  --earlier TEXT     what was said before; repeat it for several texts, oldest\n"
    "                     first: TEXT narrows what they named. At most 16, and 1,000\n"
    "                     bytes together with TEXT\n"
    "  --near LON,LAT     prefer candidates near this point (default: the jurisdiction\n"
    "                     that the engine's configuration names)\n"
    "  --radius METRES    how far off that point may be, 1 to 100,000 (default 2,000)\n"
    "  --limit N          at most N candidates, 1 to 10 (default 10)\n"
    "  --complete         the last word is not finished: how could it go on? From the\n"
    "                     third letter\n"
    "  --explain          draw under each word of TEXT what it was taken for and what it\n"
    "                     did for each of the five best candidates; with --json the same\n"
    "                     as `understood` and `reasons`\n"
    "\n" SGP_HELP_CONNECTION "  1 also where nothing was found, for one line of many too\n"
    "\n"
    "EXAMPLES\n"
    "  sigap place Jl. Veteran 5\n"
    "  sigap place --explain jln sukarno hata depan politeknik\n"
    "  sigap place --earlier 'gang 5 sumbersari' dekat masjid\n"
    "  sigap place --near 112.61,-7.95 --radius 800 --complete jalan vet\n"
    "  sigap place 112.6146,-7.9563\n"
    "  sigap place --json <calls.txt | jq -c '.candidates[0].label'\n";

enum {
    OPTION_NEAR = 256,
    OPTION_LIMIT,
    OPTION_EARLIER,
    OPTION_RADIUS,
    OPTION_COMPLETE,
    OPTION_EXPLAIN
};
static const struct option own_options[] = {{"near", required_argument, NULL, OPTION_NEAR},
                                            {"limit", required_argument, NULL, OPTION_LIMIT},
                                            {"earlier", required_argument, NULL, OPTION_EARLIER},
                                            {"radius", required_argument, NULL, OPTION_RADIUS},
                                            {"complete", no_argument, NULL, OPTION_COMPLETE},
                                            {"explain", no_argument, NULL, OPTION_EXPLAIN},
                                            {0}};

enum { EARLIER_MAX = 16, TEXT_MAX = 1000 };

typedef struct asking {
    sgp_options o;
    Sigap__V1__FindPlace find; /* what all questions share */
    Sigap__V1__Point near;
    char *earlier[EARLIER_MAX];
    bool explain;
    sgp_client *client;
} asking;

/* ---- one question -------------------------------------------------------------------- */

/* The exit code of a fault; *reply is the caller's where it is 0. */
static int ask(asking *a, const char *text, Sigap__V1__Frame **reply, sgp_fault *fault) {
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT;
    Sigap__V1__ReversePlace reverse = SIGAP__V1__REVERSE_PLACE__INIT;
    Sigap__V1__Point point = SIGAP__V1__POINT__INIT;
    sgp_err err = SGP_OK;
    sgp_point parsed;
    /* Numbers that are pasted the other way round do not look so; they are a text to the engine. */
    if (sgp_looks_like_point(text) && a->find.n_earlier == 0) {
        err = sgp_point_parse(text, &parsed, fault);
        if (err == SGP_OK) {
            point.lon = sgp_lon(parsed);
            point.lat = sgp_lat(parsed);
        }
        reverse.point = &point;
        request.body_case = SIGAP__V1__FRAME__BODY_REVERSE_PLACE;
        request.reverse_place = &reverse;
    } else {
        a->find.text = (char *)text;
        request.body_case = SIGAP__V1__FRAME__BODY_FIND_PLACE;
        request.find_place = &a->find;
    }
    if (err == SGP_OK && a->client == NULL)
        err = sgp_options_connect(&a->o, a->o.token, &a->client, NULL, fault);
    if (err == SGP_OK)
        err = sgp_client_request(a->client, &request, 0, reply, fault);
    if (err == SGP_OK && (*reply)->body_case != SIGAP__V1__FRAME__BODY_PLACE_ANSWER) {
        sigap__v1__frame__free_unpacked(*reply, NULL);
        err = sgp_fail(fault, SGP_E_FORMAT, "the engine did not answer with places");
    }
    fault->code = err;
    return err == SGP_OK ? 0 : sgp_err_exit_code(err);
}

static void print_answer(const asking *a, const Sigap__V1__PlaceAnswer *answer, bool explain) {
    sgp_language language = a->o.language;
    if (answer->n_candidates > 0)
        sgp_place_table_print(answer->candidates, answer->n_candidates, language, stdout);
    else if (!answer->database_away || answer->from_graph)
        puts(sgp_text_get(language, SGP_TEXT_NOTHING_FOUND));
    if (answer->from_graph)
        puts(sgp_text_get(language, SGP_TEXT_FROM_GRAPH));
    if (explain) {
        putchar('\n');
        sgp_place_explain_print(answer, language, stdout);
    }
    sgp_place_left_over_print(answer, language, stdout);
    fflush(stdout);
    if (answer->database_away && answer->n_candidates == 0 && !answer->from_graph)
        fprintf(stderr, "sigap place: %s\n", sgp_text_get(language, SGP_TEXT_DATABASE_AWAY));
}

static int exit_code_of(const Sigap__V1__PlaceAnswer *answer) {
    if (answer->n_candidates > 0)
        return 0;
    return answer->database_away ? 3 : 1;
}

static int ask_once(asking *a, const char *text) {
    sgp_fault fault = {0};
    Sigap__V1__Frame *reply = NULL;
    if (ask(a, text, &reply, &fault) != 0)
        return sgp_complain(&a->o, &fault);
    int exit_code = exit_code_of(reply->place_answer);
    if (a->o.json) {
        int printed = sgp_print_message_json(&reply->place_answer->base);
        exit_code = printed != 0 ? printed : exit_code;
    } else {
        print_answer(a, reply->place_answer, a->explain);
    }
    sigap__v1__frame__free_unpacked(reply, NULL);
    return exit_code;
}

/* ---- lines ----------------------------------------------------------------------------- */

static bool is_blank(const char *text) {
    return text[strspn(text, " \t\r\n")] == '\0';
}

/* Without the line's end. False where the engine could not take it; the fault says why. */
static bool take_line(char *line, sgp_fault *fault) {
    line[strcspn(line, "\r\n")] = '\0';
    for (char *c = line; *c != '\0'; c++)
        if (*c == '\t')
            *c = ' ';
    if (strlen(line) > TEXT_MAX)
        sgp_fail(fault, SGP_E_ARGUMENT, "the text is longer than %d bytes", TEXT_MAX);
    else if (!sgp_text_is_plain(line))
        sgp_fail(fault, SGP_E_ARGUMENT, "the text is not UTF-8, or has control characters");
    else
        return true;
    return false;
}

static void print_json_line(json_t *json) {
    char *text =
        json == NULL
            ? NULL
            : json_dumps(json, JSON_COMPACT | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(15));
    puts(text == NULL ? "{}" : text);
    free(text);
    json_decref(json);
}

/* A connection that is gone ends everything; anything else is told of its line. */
static bool ends_everything(sgp_err err) {
    return err == SGP_E_NETWORK || err == SGP_E_TIMEOUT || err == SGP_E_IO ||
           err == SGP_E_UNAUTHENTICATED || err == SGP_E_PERMISSION || err == SGP_E_MEMORY;
}

/* The exit code of one line of a script; *ended: nothing more can be asked. */
static int answer_line(asking *a, char *line, bool *ended) {
    sgp_fault fault = {0};
    Sigap__V1__Frame *reply = NULL;
    bool asks = take_line(line, &fault) && !is_blank(line);
    int exit_code = fault.code != SGP_OK ? 2 : 0;
    if (asks)
        exit_code = ask(a, line, &reply, &fault);
    if (reply != NULL) {
        exit_code = exit_code_of(reply->place_answer);
        if (a->o.json)
            print_json_line(sgp_message_to_json(&reply->place_answer->base));
        else
            printf("» %s\n", line);
        if (!a->o.json)
            print_answer(a, reply->place_answer, a->explain);
        sigap__v1__frame__free_unpacked(reply, NULL);
    } else if (fault.code != SGP_OK) {
        exit_code = sgp_complain(&a->o, &fault);
        *ended = ends_everything(fault.code);
        if (a->o.json && !*ended)
            print_json_line(json_pack("{s:{s:s,s:s}}", "error", "code", sgp_err_str(fault.code),
                                      "message", fault.text));
    } else if (a->o.json) {
        puts("{}");
    }
    return exit_code;
}

static int answer_lines(asking *a) {
    char *line = NULL;
    size_t capacity = 0, n = 0;
    int worst = 0;
    bool ended = false;
    while (!ended && getline(&line, &capacity, stdin) >= 0) {
        int exit_code = answer_line(a, line, &ended);
        worst = exit_code > worst ? exit_code : worst;
        n++;
    }
    free(line);
    return n == 0 ? sgp_usage(&a->o, "which place? Give a text or lon,lat") : worst;
}

/* ---- a conversation ---------------------------------------------------------------------- */

static void forget_oldest(asking *a) {
    free(a->earlier[0]);
    a->find.n_earlier--;
    memmove(a->earlier, a->earlier + 1, a->find.n_earlier * sizeof a->earlier[0]);
}

/* The line joins the conversation; the oldest texts make room for it. */
static void remember(asking *a, const char *text) {
    size_t bytes = strlen(text) + 1;
    for (size_t i = 0; i < a->find.n_earlier; i++)
        bytes += strlen(a->earlier[i]) + 1;
    while (a->find.n_earlier > 0 && (a->find.n_earlier == EARLIER_MAX || bytes > TEXT_MAX / 2)) {
        bytes -= strlen(a->earlier[0]) + 1;
        forget_oldest(a);
    }
    char *copy = strdup(text);
    if (copy != NULL)
        a->earlier[a->find.n_earlier++] = copy;
}

static int converse(asking *a) {
    sgp_language language = a->o.language;
    char *line = NULL;
    size_t capacity = 0;
    int exit_code = 0;
    Sigap__V1__Frame *last = NULL;
    puts(sgp_text_get(language, SGP_TEXT_PLACE_INTRO));
    for (;;) {
        fputs(sgp_text_get(language, a->find.n_earlier > 0 ? SGP_TEXT_PLACE_PROMPT_MORE
                                                           : SGP_TEXT_PLACE_PROMPT),
              stdout);
        fflush(stdout);
        if (getline(&line, &capacity, stdin) < 0)
            break;
        sgp_fault fault = {0};
        Sigap__V1__Frame *reply = NULL;
        if (!take_line(line, &fault)) {
            sgp_complain(&a->o, &fault);
        } else if (is_blank(line)) {
            while (a->find.n_earlier > 0)
                forget_oldest(a);
        } else if (strcmp(line, "?") == 0) {
            if (last != NULL)
                sgp_place_explain_print(last->place_answer, language, stdout);
        } else if (ask(a, line, &reply, &fault) != 0) {
            exit_code = sgp_complain(&a->o, &fault);
            if (ends_everything(fault.code))
                break;
        } else {
            print_answer(a, reply->place_answer, a->explain);
            if (last != NULL)
                sigap__v1__frame__free_unpacked(last, NULL);
            last = reply;
            exit_code = exit_code_of(reply->place_answer);
            /* What finds nothing can be said in other words instead. */
            if (exit_code == 0)
                remember(a, line);
        }
    }
    putchar('\n');
    if (last != NULL)
        sigap__v1__frame__free_unpacked(last, NULL);
    free(line);
    return exit_code;
}

/* ---- the command ------------------------------------------------------------------------- */

/* False: end with o.exit_code. */
static bool take_options(asking *a, int argc, char **argv) {
    sgp_options *o = &a->o;
    sgp_fault fault = {0};
    sgp_point point;
    uint64_t number;
    int c;
    while ((c = sgp_options_next(o, argc, argv, own_options)) != -1) {
        int failed = 0;
        switch (c) {
        case OPTION_NEAR:
            if (sgp_point_parse(optarg, &point, &fault) != SGP_OK)
                failed = sgp_complain(o, &fault);
            a->near.lon = sgp_lon(point);
            a->near.lat = sgp_lat(point);
            a->find.near = &a->near;
            break;
        case OPTION_RADIUS:
            if (!sgp_number_parse(optarg, 100000, &number) || number == 0)
                failed = sgp_usage(o, "--radius is a number of metres from 1 to 100,000, not '%s'",
                                   optarg);
            else
                a->find.near_radius_m = (int32_t)number;
            break;
        case OPTION_LIMIT:
            if (!sgp_number_parse(optarg, 10, &number) || number == 0)
                failed = sgp_usage(o, "--limit is a number from 1 to 10, not '%s'", optarg);
            else
                a->find.limit = (uint32_t)number;
            break;
        case OPTION_EARLIER:
            if (!sgp_option_text(o, "--earlier", optarg))
                failed = o->exit_code;
            else if (a->find.n_earlier == EARLIER_MAX)
                failed = sgp_usage(o, "there are more than %d earlier texts", EARLIER_MAX);
            else if ((a->earlier[a->find.n_earlier] = strdup(optarg)) != NULL)
                a->find.n_earlier++;
            break;
        case OPTION_COMPLETE:
            a->find.complete = true;
            break;
        case OPTION_EXPLAIN:
            a->explain = true;
            break;
        }
        if (failed != 0) {
            o->ended = true;
            o->exit_code = failed;
        }
    }
    if (!o->ended && a->find.near == NULL && a->find.near_radius_m > 0) {
        o->exit_code = sgp_usage(o, "--radius needs --near");
        o->ended = true;
    }
    return !o->ended;
}

static int join_operands(const sgp_options *o, int argc, char **argv, char text[TEXT_MAX + 1]) {
    size_t length = 0;
    text[0] = '\0';
    for (int i = optind; i < argc; i++) {
        if (length + strlen(argv[i]) + 1 > TEXT_MAX)
            return sgp_usage(o, "the text is longer than %d bytes", TEXT_MAX);
        length += (size_t)snprintf(text + length, TEXT_MAX + 1 - length, "%s%s",
                                   i == optind ? "" : " ", argv[i]);
    }
    return 0;
}

int app_place(int argc, char **argv) {
    asking a = {.find = SIGAP__V1__FIND_PLACE__INIT, .near = SIGAP__V1__POINT__INIT};
    char text[TEXT_MAX + 1];
    sgp_options_init(&a.o, "place", help);
    a.find.earlier = a.earlier;
    int exit_code = 0;
    if (!take_options(&a, argc, argv))
        exit_code = a.o.exit_code;
    else if (optind < argc)
        exit_code = join_operands(&a.o, argc, argv, text);
    bool asks = exit_code == 0 && !a.o.ended;
    /* Left-over words are told without --explain too. */
    a.find.explain = a.explain || !a.o.json;
    if (asks && optind < argc)
        exit_code = sgp_option_text(&a.o, "the place", text) ? ask_once(&a, text) : a.o.exit_code;
    else if (asks && isatty(STDIN_FILENO))
        exit_code = converse(&a);
    else if (asks)
        exit_code = answer_lines(&a);
    sgp_client_close(a.client);
    for (size_t i = 0; i < a.find.n_earlier; i++)
        free(a.earlier[i]);
    return exit_code;
}
