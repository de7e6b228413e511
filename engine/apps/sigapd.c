/* sigapd: the engine. Everything it does is in engine/serve; here are its words
 * on the command line. */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "base/version.h"
#include "serve/engine.h"
#include "serve/engine_parts.h"
#include "serve/settings.h"
#include "serve/token.h"

static const char help[] =
    "sigapd: takes emergency calls, sends ambulances, keeps everything in its journal\n"
    "\n"
    "  sigapd --config FILE            serve until SIGTERM or SIGINT\n"
    "  sigapd --config FILE --check    read configuration and city, say what is wrong, end\n"
    "  sigapd --make-token USER ROLE [UNIT | HOSPITAL]\n"
    "                                  print a token (give it to the user) and, on the second\n"
    "                                  line, the entry for users in the configuration\n"
    "  sigapd --help | --version\n"
    "\n"
    "Roles: caller call_taker dispatcher crew hospital planner viewer admin partner\n"
    "A crew needs a UNIT, for example PSC-01; a hospital that tells of itself, its code.\n"
    "Exit: 0 done, 2 wrong usage or configuration, 3 files, database or network fail.\n";

static int usage(const char *text) {
    fprintf(stderr, "sigapd: %s\nTry: sigapd --help\n", text);
    return 2;
}

static int make_token(int argc, char **argv) {
    if (argc < 2 || argc > 3)
        return usage("--make-token wants USER ROLE [UNIT | HOSPITAL]");
    const char *user = argv[0], *unit = argc > 2 ? argv[2] : "";
    sgp_role role;
    if (sgp_role_parse(argv[1], &role) != SGP_OK)
        return usage("that is not a role");
    bool is_hospital = role == SIGAP__V1__ROLE__HOSPITAL;
    if (!is_hospital && (role == SIGAP__V1__ROLE__CREW) != (*unit != '\0'))
        return usage("a crew, and only a crew, has a unit");
    if (*user == '\0' || strlen(user) >= SGP_CODE_BYTES || strlen(unit) >= SGP_CODE_BYTES ||
        strpbrk(user, "\"\\\n") != NULL || strpbrk(unit, "\"\\\n") != NULL)
        return usage("user and unit have 1 to 23 bytes, without quotes and backslashes");
    char token[SGP_TOKEN_TEXT], hash[SGP_TOKEN_HASH_TEXT];
    sgp_token_make(token, hash);
    printf("%s\n{ name = \"%s\"; role = \"%s\"; token_hash = \"%s\";", token, user, argv[1], hash);
    if (*unit != '\0')
        printf(" %s = \"%s\";", is_hospital ? "hospital" : "unit", unit);
    printf(" }\n");
    return 0;
}

static int fail(const char *doing, sgp_err err, const sgp_fault *fault) {
    fprintf(stderr, "sigapd: %s\n", fault->text[0] != '\0' ? fault->text : sgp_err_message(err));
    sgp_log(SGP_LOG_ERROR, "cannot_start", "doing=%s code=%s reason=%s", doing, sgp_err_str(err),
            SGP_Q(fault->text));
    return sgp_err_exit_code(err);
}

static int check(const sgp_settings *settings) {
    sgp_fault fault = {0};
    sgp_city *city = NULL;
    SSL_CTX *tls = NULL;
    sgp_err err = sgp_city_open(settings, &city, &fault);
    if (err == SGP_OK && settings->certificate[0] != '\0')
        err = sgp_tls_create(settings, &tls, &fault);
    SSL_CTX_free(tls);
    sgp_loaded_plan plans = {.plan = NULL};
    if (err == SGP_OK)
        err = sgp_plans_load(settings, &plans, &fault);
    if (err == SGP_OK)
        err = sgp_rosters_check(settings, &fault);
    if (err == SGP_OK)
        err = sgp_cameras_check(settings, &fault);
    if (err != SGP_OK) {
        sgp_loaded_plan_clear(&plans);
        sgp_city_close(city);
        return fail("check", err, &fault);
    }
    sgp_loaded_plan_clear(&plans);
    const sgp_graph_parts *parts = sgp_graph_get(city->graph);
    printf("%s: good: city %s%s, %zu users, %zu units, %zu hospitals\n", settings->path,
           parts->name, parts->is_sketch ? " (a sketch)" : "", settings->n_users, settings->n_units,
           settings->n_hospitals);
    sgp_city_close(city);
    return 0;
}

/* Many systems start with 1,024, which is less than there may be sessions. */
static void raise_file_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= 16384)
        return;
    limit.rlim_cur = limit.rlim_max < 16384 ? limit.rlim_max : 16384;
    (void)setrlimit(RLIMIT_NOFILE, &limit);
}

static int serve(const sgp_settings *settings) {
    sgp_fault fault = {0};
    sgp_engine *engine = NULL;
    sgp_err err = sgp_engine_create(settings, &engine, &fault);
    if (err != SGP_OK)
        return fail("start", err, &fault);
    sgp_engine_run(engine);
    sgp_engine_destroy(engine);
    return 0;
}

int main(int argc, char **argv) {
    static const struct option options[] = {
        {"config", required_argument, NULL, 'c'}, {"check", no_argument, NULL, 'k'},
        {"make-token", no_argument, NULL, 't'},   {"help", no_argument, NULL, 'h'},
        {"version", no_argument, NULL, 'v'},      {NULL, 0, NULL, 0}};
    const char *config = NULL;
    bool only_check = false, token = false;
    for (int option; (option = getopt_long(argc, argv, "c:hv", options, NULL)) != -1;) {
        switch (option) {
        case 'c':
            config = optarg;
            break;
        case 'k':
            only_check = true;
            break;
        case 't':
            token = true;
            break;
        case 'h':
            fputs(help, stdout);
            return 0;
        case 'v':
            printf("sigapd %s (%s)\n", sgp_version(), sgp_commit());
            return 0;
        default:
            return usage("unknown option");
        }
    }
    if (token)
        return make_token(argc - optind, argv + optind);
    if (config == NULL)
        return usage("--config FILE is missing");
    if (optind < argc)
        return usage("too many arguments");
    /* A core file would hold the journal's key and what callers said. */
    (void)prctl(PR_SET_DUMPABLE, 0);
    signal(SIGPIPE, SIG_IGN); /* a client that goes away is an answer of write() */

    sgp_settings settings;
    sgp_fault fault = {0};
    sgp_err err = sgp_settings_load(config, &settings, &fault);
    if (err != SGP_OK) /* a configuration that cannot be read is a wrong input too */
        return fail("configuration", SGP_E_CONFIG, &fault);
    sgp_log_set_level(settings.log_level);
    raise_file_limit();
    int code = only_check ? check(&settings) : serve(&settings);
    sgp_settings_free(&settings);
    return code;
}
