/* What all sub-commands share: where the engine is, who asks, in which language,
 * as words or as JSON; and the way results and faults reach the user.
 *
 * A sub-command's loop:
 *
 *     sgp_options options;
 *     sgp_options_init(&options, "units", help);
 *     while ((c = sgp_options_next(&options, argc, argv, own_options)) != -1)
 *         switch (c) { own cases; }
 *     if (options.ended) return options.exit_code;
 */
#ifndef SGP_APPS_OPTIONS_H
#define SGP_APPS_OPTIONS_H

#include <getopt.h>
#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include "apps/texts.h"
#include "serve/client.h"
#include "sigap/geo.h"

typedef struct sgp_options {
    const char *program; /* "units" */
    const char *help;
    void (*more_help)(void); /* what --help prints after `help`; NULL: nothing */
    const char *server;
    const char *ca_file;
    const char *token; /* NULL = no login (private socket only) */
    char token_text[256];
    bool json;
    sgp_language language;
    bool ended; /* nothing more to do: --help was printed or an option was wrong */
    int exit_code;
} sgp_options;

/* The part of --help that is the same everywhere. */
#define SGP_HELP_CONNECTION                                                                        \
    "CONNECTION\n"                                                                                 \
    "  --server TARGET    unix:PATH or tls:HOST:PORT (SIGAP_SERVER; default\n"                     \
    "                     unix:var/run/sigap.sock)\n"                                              \
    "  --ca FILE          certificate to trust with tls: (SIGAP_CA; default: the system's)\n"      \
    "  --token TOKEN      log in with this token (SIGAP_TOKEN). Not needed on the\n"               \
    "                     private unix socket\n"                                                   \
    "  --token-file FILE  read the token from the first line of FILE\n"                            \
    "  --json             print JSON\n"                                                            \
    "  --language id|en   language of the output (SIGAP_LANGUAGE; default id)\n"                   \
    "  --help             show this\n"                                                             \
    "\n"                                                                                           \
    "EXIT CODES\n"                                                                                 \
    "  0 done, 1 the answer is \"no\", 2 usage or input error, 3 environment (engine,\n"           \
    "  network, file)\n"

/* Defaults and environment. */
void sgp_options_init(sgp_options *options, const char *program, const char *help);

/* getopt_long over the shared options and `own` (ended by a zero row; vals from
 * 256 to 999, or 0 < val < 256 which are short options too). Shared ones
 * are handled inside; returns the val of an own option (argument in optarg), or
 * -1 at the end, with optind at the first operand and `ended` set where the
 * program must stop. At most 24 own options. */
int sgp_options_next(sgp_options *options, int argc, char **argv, const struct option *own);

/* Usage error: prints the sentence and where help is; returns 2. */
int sgp_usage(const sgp_options *options, const char *format, ...) SGP_PRINTF(2, 3);
/* Prints the fault; returns its exit code. */
int sgp_complain(const sgp_options *options, const sgp_fault *fault);

/* Is a text of the command line one that the engine can take? Otherwise the
 * sentence, naming `what` ("--note", "the place"), is printed and the options end with 2. */
bool sgp_option_text(sgp_options *options, const char *what, const char *text);

/* Connects and, with a token, logs in. `welcome` may be NULL. The fault tells what went wrong. */
sgp_err sgp_options_connect(const sgp_options *options, const char *token, sgp_client **client,
                            Sigap__V1__Frame **welcome, sgp_fault *fault) SGP_MUST_USE;

/* Connect, ask once, hang up. On failure the fault has been printed and the exit
 * code is returned; 0: *reply is the caller's and its body is `expected`. */
int sgp_options_ask(const sgp_options *options, Sigap__V1__Frame *request,
                    Sigap__V1__Frame__BodyCase expected, Sigap__V1__Frame **reply);

/* Reads whole non-negative numbers; false: not one, or larger than `largest`. A
 * leading '#' is allowed, since incidents are shown as #12. */
bool sgp_number_parse(const char *text, uint64_t largest, uint64_t *number);

/* "P1" or "1"; SGP_PRIORITY-like number 1..4, 0: neither. */
int sgp_priority_parse(const char *text);

/* Does the text look like "lon,lat" at all (two numbers and a comma)? Then it is one or an error.
 * Not so in the other forms that people paste, "-7.95, 112.61" or "112,61 -7,95": those are texts
 * that the engine reads. */
bool sgp_looks_like_point(const char *text);

/* Prints indented JSON and a newline, and drops the reference. Returns 0, or 3 out of memory. */
int sgp_print_json(json_t *json);
/* The same for a message. */
int sgp_print_message_json(const ProtobufCMessage *message);

/* Fresh request id into `bytes`, and `frame->id` pointing at it. */
void sgp_frame_set_id(Sigap__V1__Frame *frame, uint8_t bytes[16]);

#endif
