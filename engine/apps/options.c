#include "apps/options.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ids.h"
#include "core/text.h"
#include "gis/placer_position.h"
#include "serve/proto_json.h"

enum {
    OPTION_SERVER = 1000,
    OPTION_CA,
    OPTION_TOKEN,
    OPTION_TOKEN_FILE,
    OPTION_JSON,
    OPTION_LANGUAGE,
    OPTION_HELP
};
enum { OWN_OPTIONS_MAX = 24 };

static const struct option shared[] = {
    {"server", required_argument, NULL, OPTION_SERVER},
    {"ca", required_argument, NULL, OPTION_CA},
    {"token", required_argument, NULL, OPTION_TOKEN},
    {"token-file", required_argument, NULL, OPTION_TOKEN_FILE},
    {"json", no_argument, NULL, OPTION_JSON},
    {"language", required_argument, NULL, OPTION_LANGUAGE},
    {"help", no_argument, NULL, OPTION_HELP},
};
enum { N_SHARED = sizeof shared / sizeof shared[0] };

static const char *environment(const char *name, const char *otherwise) {
    const char *value = getenv(name);
    return value != NULL && value[0] != '\0' ? value : otherwise;
}

void sgp_options_init(sgp_options *options, const char *program, const char *help) {
    memset(options, 0, sizeof *options);
    options->program = program;
    options->help = help;
    options->server = environment("SIGAP_SERVER", "unix:var/run/sigap.sock");
    options->ca_file = environment("SIGAP_CA", NULL);
    options->token = environment("SIGAP_TOKEN", NULL);
    /* A language that we do not speak falls back to Indonesian; only --language insists. */
    if (!sgp_language_parse(environment("SIGAP_LANGUAGE", "id"), &options->language))
        options->language = SGP_INDONESIAN;
}

static void end_with(sgp_options *options, int exit_code) {
    options->ended = true;
    options->exit_code = exit_code;
}

static void read_token_file(sgp_options *options, const char *path) {
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        fprintf(stderr, "sigap %s: cannot read the token file %s: %s\n", options->program, path,
                strerror(errno));
        end_with(options, 3);
        return;
    }
    if (fgets(options->token_text, sizeof options->token_text, file) == NULL)
        options->token_text[0] = '\0';
    fclose(file);
    options->token_text[strcspn(options->token_text, " \t\r\n")] = '\0';
    options->token = options->token_text;
    if (options->token_text[0] == '\0')
        end_with(options, sgp_usage(options, "the token file %s is empty", path));
}

/* A shared option; false: not one. */
static bool take(sgp_options *options, int c) {
    switch (c) {
    case OPTION_SERVER:
        options->server = optarg;
        return true;
    case OPTION_CA:
        options->ca_file = optarg;
        return true;
    case OPTION_TOKEN:
        options->token = optarg;
        return true;
    case OPTION_TOKEN_FILE:
        read_token_file(options, optarg);
        return true;
    case OPTION_JSON:
        options->json = true;
        return true;
    case OPTION_LANGUAGE:
        if (!sgp_language_parse(optarg, &options->language))
            end_with(options, sgp_usage(options, "no language '%s'; there are id and en", optarg));
        return true;
    case OPTION_HELP:
        fputs(options->help, stdout);
        if (options->more_help != NULL)
            options->more_help();
        end_with(options, 0);
        return true;
    case '?':
    case ':':
        /* getopt has printed what is wrong. */
        fprintf(stderr, "`sigap %s --help` shows what there is\n", options->program);
        end_with(options, 2);
        return true;
    default:
        return false;
    }
}

int sgp_options_next(sgp_options *options, int argc, char **argv, const struct option *own) {
    struct option all[OWN_OPTIONS_MAX + N_SHARED + 1];
    char letters[2 * OWN_OPTIONS_MAX + 2] = "h";
    size_t n = 0, n_letters = 1;
    for (; own != NULL && own[n].name != NULL && n < OWN_OPTIONS_MAX; n++) {
        all[n] = own[n];
        if (own[n].val > 0 && own[n].val < 256) {
            letters[n_letters++] = (char)own[n].val;
            if (own[n].has_arg == required_argument)
                letters[n_letters++] = ':';
        }
    }
    letters[n_letters] = '\0';
    memcpy(all + n, shared, sizeof shared);
    memset(&all[n + N_SHARED], 0, sizeof all[0]);
    for (;;) {
        if (options->ended)
            return -1;
        int c = getopt_long(argc, argv, letters, all, NULL);
        if (c == -1)
            return -1;
        if (c == 'h')
            c = OPTION_HELP;
        if (!take(options, c))
            return c;
    }
}

int sgp_usage(const sgp_options *options, const char *format, ...) {
    fprintf(stderr, "sigap %s: ", options->program);
    va_list arguments;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fprintf(stderr, "\n`sigap %s --help` shows what there is\n", options->program);
    return 2;
}

bool sgp_option_text(sgp_options *options, const char *what, const char *text) {
    if (sgp_text_is_plain(text))
        return true;
    end_with(options, sgp_usage(options,
                                "the text of %s is not UTF-8, or has control characters such as "
                                "a line break",
                                what));
    return false;
}

int sgp_complain(const sgp_options *options, const sgp_fault *fault) {
    fprintf(stderr, "sigap %s: %s\n", options->program,
            fault->text[0] ? fault->text : sgp_err_message(fault->code));
    return sgp_err_exit_code(fault->code);
}

sgp_err sgp_options_connect(const sgp_options *options, const char *token, sgp_client **client,
                            Sigap__V1__Frame **welcome, sgp_fault *fault) {
    sgp_client_options how = {.target = options->server, .ca_file = options->ca_file};
    sgp_client *opened = NULL;
    sgp_err err = sgp_client_open(&how, &opened, fault);
    if (err != SGP_OK)
        return err;
    if (token != NULL) {
        char program[64];
        snprintf(program, sizeof program, "sigap-%s/%s", options->program, SIGAP_VERSION);
        err = sgp_client_login(opened, token, program, welcome, fault);
        if (err != SGP_OK) {
            sgp_client_close(opened);
            return err;
        }
    }
    *client = opened;
    return SGP_OK;
}

int sgp_options_ask(const sgp_options *options, Sigap__V1__Frame *request,
                    Sigap__V1__Frame__BodyCase expected, Sigap__V1__Frame **reply) {
    sgp_fault fault = {0};
    sgp_client *client = NULL;
    Sigap__V1__Frame *answer = NULL;
    sgp_err err = sgp_options_connect(options, options->token, &client, NULL, &fault);
    if (err == SGP_OK)
        err = sgp_client_request(client, request, 0, &answer, &fault);
    sgp_client_close(client);
    if (err == SGP_OK && answer->body_case != expected) {
        sigap__v1__frame__free_unpacked(answer, NULL);
        err = sgp_fail(&fault, SGP_E_FORMAT,
                       "the engine answered with something else than was asked for");
    }
    if (err != SGP_OK)
        return sgp_complain(options, &fault);
    *reply = answer;
    return 0;
}

bool sgp_number_parse(const char *text, uint64_t largest, uint64_t *number) {
    if (text[0] == '#')
        text++;
    if (!isdigit((unsigned char)text[0]))
        return false;
    char *end;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    if (errno != 0 || *end != '\0' || value > largest)
        return false;
    *number = value;
    return true;
}

int sgp_priority_parse(const char *text) {
    if ((text[0] == 'P' || text[0] == 'p') && text[1] != '\0')
        text++;
    return text[0] >= '1' && text[0] <= '4' && text[1] == '\0' ? text[0] - '0' : 0;
}

bool sgp_looks_like_point(const char *text) {
    bool comma = false, digit = false;
    for (const char *p = text; *p != '\0'; p++) {
        if (*p == ',')
            comma = true;
        else if (isdigit((unsigned char)*p))
            digit = true;
        else if (strchr("+-. \t", *p) == NULL)
            return false;
    }
    sgp_point point;
    sgp_position position;
    sgp_fault fault;
    /* As people paste it (the latitude first, decimal commas) it is the engine's to read. */
    return comma && digit &&
           (sgp_point_parse(text, &point, &fault) == SGP_OK || !sgp_position_find(text, &position));
}

int sgp_print_json(json_t *json) {
    if (json == NULL ||
        json_dumpf(json, stdout, JSON_INDENT(2) | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(15)) !=
            0) {
        json_decref(json);
        fputs("sigap: no memory to write JSON\n", stderr);
        return 3;
    }
    fputc('\n', stdout);
    json_decref(json);
    return 0;
}

int sgp_print_message_json(const ProtobufCMessage *message) {
    return sgp_print_json(sgp_message_to_json(message));
}

void sgp_frame_set_id(Sigap__V1__Frame *frame, uint8_t bytes[16]) {
    sgp_uuid id = sgp_uuid_make();
    memcpy(bytes, id.bytes, 16);
    frame->id.data = bytes;
    frame->id.len = 16;
}
