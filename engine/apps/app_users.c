/* Who may log in: users, user, login-code. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apps/apps.h"
#include "apps/decision.h"
#include "apps/print.h"
#include "apps/shift_told.h"
#include "base/clock.h"
#include "serve/proto_json.h"
#include "serve/roles.h"

/* ---- users ------------------------------------------------------------------------------ */

static const char users_help[] =
    "sigap users - who may log in\n"
    "\n"
    "USAGE\n"
    "  sigap users [--devices] [--json]\n"
    "\n"
    "DESCRIPTION\n"
    "  One line a user: role, unit or hospital, whether he is logged in now, and how many\n"
    "  devices have a token of their own. Users of the configuration (sigap.conf) change\n"
    "  only there; the others are added and changed with 'sigap user'.\n"
    "\n"
    "OPTIONS\n"
    "  --devices          also the devices, with the numbers that 'sigap user revoke' wants\n"
    "\n" SGP_HELP_CONNECTION;

static void user_row(const sgp_options *o, sgp_sheet *sheet, const Sigap__V1__User *user) {
    sgp_sheet_cell(sheet, SGP_BOLD, "%s", user->name);
    sgp_sheet_cell(sheet, SGP_PLAIN, "%s", sgp_role_str(user->role));
    sgp_sheet_cell(sheet, SGP_PLAIN, "%s",
                   *user->unit_code       ? user->unit_code
                   : *user->hospital_code ? user->hospital_code
                   : *user->agency        ? user->agency
                                          : "-");
    if (user->disabled)
        sgp_sheet_cell(sheet, SGP_RED, "%s: %s", sgp_text_get(o->language, SGP_TEXT_USER_DISABLED),
                       user->reason);
    else if (user->sessions > 0)
        sgp_sheet_cell(sheet, SGP_GREEN, "%s", sgp_text_get(o->language, SGP_TEXT_USER_HERE));
    else
        sgp_sheet_cell(sheet, SGP_DIM, "-");
    sgp_sheet_cell(sheet, SGP_PLAIN, "%zu", user->n_devices);
    if (user->configured)
        sgp_sheet_cell(sheet, SGP_DIM, "%s", sgp_text_get(o->language, SGP_TEXT_USER_CONFIGURED));
    else
        sgp_sheet_cell(sheet, SGP_PLAIN, "%s", user->changed_by);
    sgp_sheet_cell(sheet, SGP_PLAIN, "%" PRIu64, user->version);
}

static void device_notes(const sgp_options *o, sgp_sheet *sheet, const Sigap__V1__User *user) {
    char when[64], number[24], text[256];
    for (size_t i = 0; i < user->n_devices; i++) {
        snprintf(number, sizeof number, "%" PRIu64, user->devices[i]->id);
        sgp_sheet_note(sheet, SGP_DIM, "  %s",
                       sgp_text_fill(text, sizeof text, o->language, SGP_TEXT_USER_DEVICE, "number",
                                     number, "since",
                                     sgp_shift_time(user->devices[i]->since_at_ms, sgp_wall_ms(),
                                                    when, sizeof when),
                                     NULL));
    }
}

/* Page after page; the last reply's exit code. `row` is called for each user. */
static int for_each_user(const sgp_options *o, void (*row)(void *, const Sigap__V1__User *),
                         void *ctx) {
    char after[64] = "";
    int exit_code;
    do {
        Sigap__V1__ListUsers list = SIGAP__V1__LIST_USERS__INIT;
        Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT, *reply;
        list.after_name = after;
        request.body_case = SIGAP__V1__FRAME__BODY_LIST_USERS;
        request.list_users = &list;
        exit_code = sgp_options_ask(o, &request, SIGAP__V1__FRAME__BODY_USER_PAGE, &reply);
        if (exit_code != 0)
            return exit_code;
        for (size_t i = 0; i < reply->user_page->n_users; i++)
            row(ctx, reply->user_page->users[i]);
        snprintf(after, sizeof after, "%s", reply->user_page->next_after_name);
        sigap__v1__frame__free_unpacked(reply, NULL);
    } while (after[0] != '\0');
    return 0;
}

typedef struct user_list {
    const sgp_options *o;
    sgp_sheet *sheet;
    json_t *all;
    bool devices;
} user_list;

static void list_row(void *ctx, const Sigap__V1__User *user) {
    user_list *list = ctx;
    if (list->all != NULL) {
        json_array_append_new(list->all, sgp_message_to_json(&user->base));
        return;
    }
    user_row(list->o, list->sheet, user);
    if (list->devices)
        device_notes(list->o, list->sheet, user);
}

int app_users(int argc, char **argv) {
    static const struct option own[] = {{"devices", no_argument, NULL, 'd'}, {0}};
    sgp_options o;
    user_list list = {.o = &o};
    int c;
    sgp_options_init(&o, "users", users_help);
    while ((c = sgp_options_next(&o, argc, argv, own)) != -1)
        list.devices |= c == 'd';
    if (!sgp_decision_count(&o, argc - optind, 0, 0))
        return o.exit_code;
    const char *headers[] = {sgp_text_get(o.language, SGP_TEXT_COLUMN_USER),
                             sgp_text_get(o.language, SGP_TEXT_COLUMN_ROLE),
                             sgp_text_get(o.language, SGP_TEXT_COLUMN_SPEAKS_FOR),
                             sgp_text_get(o.language, SGP_TEXT_COLUMN_STATE),
                             sgp_text_get(o.language, SGP_TEXT_COLUMN_DEVICES),
                             sgp_text_get(o.language, SGP_TEXT_COLUMN_CHANGED_BY),
                             sgp_text_get(o.language, SGP_TEXT_COLUMN_VERSION)};
    sgp_fault fault = {0};
    if (o.json)
        list.all = json_array();
    else if (sgp_sheet_create(headers, sizeof headers / sizeof *headers, &list.sheet) != SGP_OK)
        return sgp_complain(&o, (sgp_fail(&fault, SGP_E_MEMORY, "no memory"), &fault));
    int exit_code = for_each_user(&o, list_row, &list);
    if (exit_code == 0 && o.json)
        return sgp_print_json(list.all);
    if (exit_code == 0)
        sgp_sheet_print(list.sheet, stdout);
    json_decref(list.all);
    sgp_sheet_destroy(list.sheet);
    return exit_code;
}

/* ---- user ------------------------------------------------------------------------------- */

static const char user_help[] =
    "sigap user - add, change or disable who may log in\n"
    "\n"
    "USAGE\n"
    "  sigap user add NAME --role ROLE [--unit UNIT] [--hospital CODE] [--agency CODE]\n"
    "                 [--at LON,LAT --radius METRES]\n"
    "  sigap user change NAME [the same options] [--seen VERSION]\n"
    "  sigap user disable NAME REASON...\n"
    "  sigap user enable NAME\n"
    "  sigap user revoke NAME | --device NUMBER\n"
    "  sigap user log-out\n"
    "\n"
    "DESCRIPTION\n"
    "  A user that is added logs in with a code ('sigap login-code NAME'); his device then\n"
    "  keeps a token until it logs out or is revoked. Whoever is disabled or revoked is out\n"
    "  at once. Everything is on disk before it is answered. Users of the configuration\n"
    "  are changed only there; their devices can be revoked here.\n"
    "\n"
    "  Roles: caller, call_taker, dispatcher, crew, hospital, planner, viewer, admin,\n"
    "  partner. A crew needs --unit, a hospital's user may have --hospital. --at and\n"
    "  --radius: where the user's callers usually are.\n"
    "\n"
    "OPTIONS\n"
    "  --seen VERSION     refuse if somebody has changed the user since this version\n"
    "\n" SGP_HELP_CONNECTION;

typedef struct user_search {
    const char *name;
    Sigap__V1__User *found; /* a copy on the heap */
} user_search;

static void search_row(void *ctx, const Sigap__V1__User *user) {
    user_search *search = ctx;
    if (search->found != NULL || strcmp(user->name, search->name) != 0)
        return;
    size_t length = sigap__v1__user__get_packed_size(user);
    uint8_t *bytes = malloc(length + 1);
    if (bytes == NULL)
        return;
    sigap__v1__user__pack(user, bytes);
    search->found = sigap__v1__user__unpack(NULL, length, bytes);
    free(bytes);
}

typedef struct user_ask {
    Sigap__V1__User user;
    Sigap__V1__Point point;
    bool role, unit, hospital, agency, has_point, has_radius, has_seen;
    uint64_t seen, device, radius;
} user_ask;

static int send_user(const sgp_options *o, Sigap__V1__User *user, sgp_text said) {
    Sigap__V1__SetUser set = SIGAP__V1__SET_USER__INIT;
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT;
    set.user = user;
    request.body_case = SIGAP__V1__FRAME__BODY_SET_USER;
    request.set_user = &set;
    return sgp_decision_do(o, &request,
                           &(sgp_sentence){.key = said, .unit = "", .changes = user->name});
}

/* Reads the user as he is and puts over him what was said. */
static int change_user(sgp_options *o, const char *name, const user_ask *said, const char *verb,
                       const char *reason) {
    user_search search = {.name = name};
    int exit_code = for_each_user(o, search_row, &search);
    if (exit_code != 0)
        return exit_code;
    if (search.found == NULL) {
        sgp_fault fault = {0};
        (void)sgp_fail(&fault, SGP_E_NOT_FOUND, "no user is called %s", name);
        return sgp_complain(o, &fault);
    }
    Sigap__V1__User made = *search.found;
    sgp_text done = SGP_TEXT_DONE_USER_CHANGED;
    if (said->role)
        made.role = said->user.role;
    if (said->unit || (said->role && made.role != SIGAP__V1__ROLE__CREW))
        made.unit_code = said->user.unit_code;
    if (said->hospital || (said->role && made.role != SIGAP__V1__ROLE__HOSPITAL))
        made.hospital_code = said->user.hospital_code;
    if (said->agency)
        made.agency = said->user.agency;
    if (said->has_point)
        made.point = said->user.point;
    if (said->has_radius)
        made.radius_m = said->user.radius_m;
    if (said->has_seen)
        made.version = said->seen;
    if (strcmp(verb, "disable") == 0) {
        made.disabled = true;
        made.reason = (char *)reason;
        done = SGP_TEXT_DONE_USER_DISABLED;
    } else if (strcmp(verb, "enable") == 0) {
        made.disabled = false;
        made.reason = (char *)"";
        done = SGP_TEXT_DONE_USER_ENABLED;
    }
    made.n_devices = 0;
    exit_code = send_user(o, &made, done);
    sigap__v1__user__free_unpacked(search.found, NULL);
    return exit_code;
}

static int revoke(sgp_options *o, const char *name, uint64_t device, sgp_text said) {
    Sigap__V1__RemoveDevices gone = SIGAP__V1__REMOVE_DEVICES__INIT;
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT;
    char number[24];
    snprintf(number, sizeof number, "%" PRIu64, device);
    gone.user = (char *)name;
    gone.device_id = device;
    request.body_case = SIGAP__V1__FRAME__BODY_REMOVE_DEVICES;
    request.remove_devices = &gone;
    return sgp_decision_do(
        o, &request,
        &(sgp_sentence){.key = said, .unit = "", .changes = *name != '\0' ? name : number});
}

/* false: end with o->exit_code. */
static bool read_option(sgp_options *o, int c, user_ask *ask) {
    sgp_fault fault = {0};
    sgp_point point;
    sgp_role role;
    switch (c) {
    case 'r':
        if (sgp_role_parse(optarg, &role) != SGP_OK) {
            o->exit_code = sgp_usage(o, "--role: '%s' is no role; see --help", optarg);
            return false;
        }
        ask->user.role = role;
        ask->role = true;
        return true;
    case 'u':
        ask->user.unit_code = optarg;
        ask->unit = true;
        return sgp_option_text(o, "--unit", optarg);
    case 'h':
        ask->user.hospital_code = optarg;
        ask->hospital = true;
        return sgp_option_text(o, "--hospital", optarg);
    case 'a':
        ask->user.agency = optarg;
        ask->agency = true;
        return sgp_option_text(o, "--agency", optarg);
    case 'p':
        if (sgp_point_parse(optarg, &point, &fault) != SGP_OK) {
            o->exit_code = sgp_complain(o, &fault);
            return false;
        }
        ask->point.lon = sgp_lon(point);
        ask->point.lat = sgp_lat(point);
        ask->user.point = &ask->point;
        ask->has_point = true;
        return true;
    case 'm':
        if (!sgp_number_parse(optarg, 100000, &ask->radius)) {
            o->exit_code =
                sgp_usage(o, "--radius is a number of metres up to 100,000, not '%s'", optarg);
            return false;
        }
        ask->user.radius_m = (int32_t)ask->radius;
        ask->has_radius = true;
        return true;
    case 's':
        ask->has_seen = sgp_number_parse(optarg, UINT64_MAX, &ask->seen);
        if (!ask->has_seen)
            o->exit_code = sgp_usage(o, "--seen is the number of a version, not '%s'", optarg);
        return ask->has_seen;
    default:
        return sgp_decision_number(o, optarg, "a device", &ask->device);
    }
}

int app_user(int argc, char **argv) {
    static const struct option own[] = {{"role", required_argument, NULL, 'r'},
                                        {"unit", required_argument, NULL, 'u'},
                                        {"hospital", required_argument, NULL, 'h'},
                                        {"agency", required_argument, NULL, 'a'},
                                        {"at", required_argument, NULL, 'p'},
                                        {"radius", required_argument, NULL, 'm'},
                                        {"seen", required_argument, NULL, 's'},
                                        {"device", required_argument, NULL, 'd'},
                                        {0}};
    sgp_options o;
    user_ask ask = {.user = SIGAP__V1__USER__INIT, .point = SIGAP__V1__POINT__INIT};
    char reason[96];
    int c;
    sgp_options_init(&o, "user", user_help);
    while ((c = sgp_options_next(&o, argc, argv, own)) != -1)
        if (!read_option(&o, c, &ask))
            return o.exit_code;
    if (!sgp_decision_count(&o, argc - optind, 1, 1000))
        return o.exit_code;
    const char *verb = argv[optind++];
    if (strcmp(verb, "log-out") == 0)
        return sgp_decision_count(&o, argc - optind, 0, 0)
                   ? revoke(&o, "", 0, SGP_TEXT_DONE_LOGGED_OUT)
                   : o.exit_code;
    if (strcmp(verb, "revoke") == 0 && ask.device != 0)
        return revoke(&o, "", ask.device, SGP_TEXT_DONE_REVOKED);
    if (optind >= argc)
        return sgp_usage(&o, "whose? the name is missing");
    const char *name = argv[optind++];
    if (!sgp_option_text(&o, "the name", name) ||
        !sgp_join_words(&o, argc, argv, optind, "the reason", reason, sizeof reason))
        return o.exit_code;
    if (strcmp(verb, "disable") == 0)
        return *reason != '\0' ? change_user(&o, name, &ask, verb, reason)
                               : sgp_usage(&o, "why is %s disabled? a reason is needed", name);
    if (*reason != '\0')
        return sgp_usage(&o, "'%s' is too much", reason);
    if (strcmp(verb, "revoke") == 0)
        return revoke(&o, name, 0, SGP_TEXT_DONE_REVOKED);
    if (strcmp(verb, "change") == 0 || strcmp(verb, "enable") == 0)
        return change_user(&o, name, &ask, verb, "");
    if (strcmp(verb, "add") != 0)
        return sgp_usage(
            &o, "add, change, disable, enable, revoke or log-out is expected, not '%s'", verb);
    if (!ask.role)
        return sgp_usage(&o, "which role? --role is missing");
    ask.user.name = (char *)name;
    return send_user(&o, &ask.user, SGP_TEXT_DONE_USER_ADDED);
}

/* ---- login-code --------------------------------------------------------------------------- */

static const char code_help[] =
    "sigap login-code - let somebody log in once, by eight digits\n"
    "\n"
    "USAGE\n"
    "  sigap login-code USER\n"
    "  sigap login-code --unit UNIT\n"
    "\n"
    "DESCRIPTION\n"
    "  Prints a code that is valid for ten minutes and once: on a page or telephone it is\n"
    "  given instead of a token, and that device then has a token of its own. A newer code\n"
    "  takes the place of the one before. A dispatcher may let crews, hospitals and\n"
    "  viewers in; an administrator everybody.\n"
    "\n"
    "OPTIONS\n"
    "  --unit UNIT        for who speaks for this unit\n"
    "\n" SGP_HELP_CONNECTION;

int app_login_code(int argc, char **argv) {
    static const struct option own[] = {{"unit", required_argument, NULL, 'u'}, {0}};
    sgp_options o;
    Sigap__V1__AskLoginCode asked = SIGAP__V1__ASK_LOGIN_CODE__INIT;
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT, *reply;
    int c;
    sgp_options_init(&o, "login-code", code_help);
    while ((c = sgp_options_next(&o, argc, argv, own)) != -1) {
        if (!sgp_option_text(&o, "--unit", optarg))
            return o.exit_code;
        asked.unit_code = optarg;
    }
    if (!sgp_decision_count(&o, argc - optind, 0, 1))
        return o.exit_code;
    if (optind < argc) {
        if (!sgp_option_text(&o, "the user", argv[optind]))
            return o.exit_code;
        asked.user = argv[optind];
    }
    if ((*asked.user == '\0') == (*asked.unit_code == '\0'))
        return sgp_usage(&o, "for whom? a user, or --unit");
    request.body_case = SIGAP__V1__FRAME__BODY_ASK_LOGIN_CODE;
    request.ask_login_code = &asked;
    int exit_code = sgp_options_ask(&o, &request, SIGAP__V1__FRAME__BODY_LOGIN_CODE, &reply);
    if (exit_code != 0)
        return exit_code;
    char spaced[16], until[16], text[256];
    const Sigap__V1__LoginCode *made = reply->login_code;
    snprintf(spaced, sizeof spaced, "%.4s %.4s", made->code, made->code + 4);
    if (o.json)
        exit_code = sgp_print_message_json(&made->base);
    else
        puts(sgp_text_fill(text, sizeof text, o.language, SGP_TEXT_LOGIN_CODE, "code", spaced,
                           "user", made->user, "until", sgp_clock_text(made->until_at_ms, until),
                           NULL));
    sigap__v1__frame__free_unpacked(reply, NULL);
    return exit_code;
}
