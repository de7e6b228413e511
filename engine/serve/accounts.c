/* Who may log in: users of the configuration and those that people add, codes for logging in once,
 * and devices with tokens of their own.
 *
 * A code has eight digits, is valid for ten minutes and is used once. What keeps it from being
 * guessed is the rate: of one address GUESSES_OF_ADDRESS wrong codes a minute are heard, of all
 * together GUESSES. With SGP_LOGIN_CODES_MAX codes open at once and everybody guessing as fast as
 * that, somebody gets in once in 5,200 times ten minutes (30 * 10 * 64 of 10^8); with the three or
 * four codes of a change of shift once in 100,000. When the bound is reached logging in by code
 * waits for a minute, right codes too, or they would tell themselves; tokens are not concerned. An
 * address is an IPv4 address or the /64 of an IPv6 one; all behind one proxy share theirs. */
#include <netinet/in.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "serve/engine_parts.h"

enum {
    GUESSES_OF_ADDRESS = 5,
    CODE_DIGITS = 8,
    CODE_SPACE = 100000000,
    CODE_MS = 600000,
    USERS_PAGE = 100
};

static const int64_t minute_us = 60 * INT64_C(1000000);

/* ---- who is it ------------------------------------------------------------------------ */

static const sgp_user *configured_user(const sgp_engine *engine, const char *name) {
    for (size_t i = 0; i < engine->settings->n_users; i++)
        if (strcmp(engine->settings->users[i].name, name) == 0)
            return &engine->settings->users[i];
    return NULL;
}

/* As he is now; the configuration comes first. */
static bool find_user(const sgp_engine *engine, const char *name, sgp_user *user) {
    const sgp_user *configured = configured_user(engine, name);
    if (configured != NULL) {
        *user = *configured;
        return true;
    }
    const sgp_account *account = sgp_world_account_by_name(engine->world, name);
    if (account == NULL || account->disabled)
        return false;
    *user = (sgp_user){.role = (sgp_role)account->role};
    memcpy(user->name, account->name, sizeof user->name);
    memcpy(user->unit, account->unit, sizeof user->unit);
    memcpy(user->agency, account->agency, sizeof user->agency);
    memcpy(user->hospital, account->hospital, sizeof user->hospital);
    user->jurisdiction = account->radius_m > 0
                             ? (sgp_jurisdiction){account->point, account->radius_m}
                             : engine->settings->jurisdiction;
    return true;
}

bool sgp_engine_user(const sgp_engine *engine, const char *token, sgp_user *user) {
    const sgp_user *configured = sgp_settings_user(engine->settings, token);
    if (configured != NULL) {
        *user = *configured;
        return true;
    }
    uint8_t hash[SGP_TOKEN_HASH];
    sgp_token_hash(token, hash);
    const sgp_device *found = NULL;
    for (uint32_t i = 0; i < sgp_world_devices(engine->world); i++)
        if (sgp_token_hash_equal(hash, sgp_world_device(engine->world, i)->token))
            found = sgp_world_device(engine->world, i);
    if (found == NULL || !find_user(engine, found->user, user))
        return false;
    user->device = found->id;
    return true;
}

/* ---- guessing ----------------------------------------------------------------------------- */

static void address_of(const sgp_session *session, uint8_t address[16]) {
    struct sockaddr_storage peer = {0};
    socklen_t length = sizeof peer;
    memset(address, 0, 16);
    if (session->wire == NULL ||
        getpeername(bufferevent_getfd(session->wire), (struct sockaddr *)&peer, &length) != 0)
        return;
    if (peer.ss_family == AF_INET) {
        address[0] = 4;
        memcpy(address + 1, &((const struct sockaddr_in *)&peer)->sin_addr, 4);
    } else if (peer.ss_family == AF_INET6) {
        address[0] = 6;
        memcpy(address + 1, &((const struct sockaddr_in6 *)&peer)->sin6_addr, 8);
    }
}

static bool may_guess(const sgp_engine *engine, const uint8_t address[16]) {
    int64_t since = sgp_monotonic_us() - minute_us;
    uint32_t all = 0, of_address = 0;
    for (int i = 0; i < SGP_GUESSES; i++) {
        bool is_recent = engine->guesses[i].at_us != 0 && engine->guesses[i].at_us > since;
        all += is_recent;
        of_address += is_recent && memcmp(engine->guesses[i].address, address, 16) == 0;
    }
    return all < SGP_GUESSES && of_address < GUESSES_OF_ADDRESS;
}

static void note_guess(sgp_engine *engine, const uint8_t address[16]) {
    engine->guesses[engine->next_guess].at_us = sgp_monotonic_us();
    memcpy(engine->guesses[engine->next_guess].address, address, 16);
    engine->next_guess = (engine->next_guess + 1) % SGP_GUESSES;
}

/* Keyed, so that nobody finds the eight digits in a copy of the journal. */
static void hash_code(const sgp_engine *engine, const char *code, uint8_t hash[SGP_HASH_BYTES]) {
    crypto_generichash(hash, SGP_HASH_BYTES, (const uint8_t *)code, strlen(code), engine->code_key,
                       sizeof engine->code_key);
}

/* Looks at all of them, whichever it is. */
static const sgp_login_code *find_code(sgp_engine *engine, const uint8_t hash[SGP_HASH_BYTES]) {
    const sgp_login_code *found = NULL;
    for (uint32_t i = 0; i < sgp_world_login_codes(engine->world); i++) {
        const sgp_login_code *code = sgp_world_login_code(engine->world, i);
        bool same = sgp_token_hash_equal(hash, code->hash) != 0;
        if (same && code->until_ms > sgp_engine_now_ms(engine))
            found = code;
    }
    return found;
}

/* ---- logging in by a code ------------------------------------------------------------------- */

/* The code as people write it down: blanks and dashes do not matter. */
static bool read_code(const char *said, char code[CODE_DIGITS + 1]) {
    size_t n = 0;
    for (; *said != '\0'; said++) {
        if (*said == ' ' || *said == '-')
            continue;
        if (n == CODE_DIGITS || *said < '0' || *said > '9')
            return false;
        code[n++] = *said;
    }
    code[n] = '\0';
    return n == CODE_DIGITS;
}

sgp_err sgp_login_by_code(sgp_session *session, const Sigap__V1__Frame *frame, sgp_fault *fault) {
    sgp_engine *engine = session->engine;
    char code[CODE_DIGITS + 1];
    uint8_t address[16], hash[SGP_HASH_BYTES];
    if (session->comes_by_code)
        return sgp_fail(fault, SGP_E_STATE, "a login is under way");
    if (frame->login->token[0] != '\0')
        return sgp_fail(fault, SGP_E_ARGUMENT, "give a token or a code, one of them");
    if (!read_code(frame->login->code, code))
        return sgp_fail(fault, SGP_E_FORMAT, "a login code has eight digits");
    address_of(session, address);
    if (!may_guess(engine, address))
        return sgp_fail(fault, SGP_E_FULL, "too many wrong login codes were tried; wait a minute");
    hash_code(engine, code, hash);
    const sgp_login_code *found = find_code(engine, hash);
    sgp_user user;
    if (found == NULL || !find_user(engine, found->user, &user)) {
        note_guess(engine, address);
        return sgp_fail(fault, SGP_E_UNAUTHENTICATED,
                        "the login code is unknown, was used or has expired");
    }
    sgp_input *input = sgp_input_create(SGP_EVENT_DEVICE_ADDED);
    if (input == NULL)
        return sgp_fail(fault, SGP_E_MEMORY, "no memory for the request");
    char hash_text[SGP_TOKEN_HASH_TEXT];
    sgp_event *event = &input->event;
    sgp_token_make(input->secret, hash_text);
    sgp_token_hash(input->secret, event->u.device_added.token);
    memcpy(event->u.device_added.user, found->user, sizeof found->user);
    memcpy(event->u.device_added.code, hash, sizeof hash);
    memcpy(event->actor, found->user, sizeof found->user);
    snprintf(input->client, sizeof input->client, "%s", frame->login->client);
    input->heard = frame->login->heard;
    input->resumes = frame->login->resumes;
    input->session = session->id;
    input->reply_to = frame->seq;
    session->comes_by_code = true;
    sgp_inbox_put(engine, input);
    return SGP_OK;
}

/* The device is added: whoever came by the code is in, as soon as that is on disk. */
static void let_in(sgp_engine *engine, const sgp_input *input, const sgp_reply *reply) {
    sgp_session *session = sgp_session_find(engine, input->session);
    if (session == NULL)
        return;
    session->comes_by_code = false;
    sgp_user user;
    if (reply->err != SGP_OK || !find_user(engine, input->event.u.device_added.user, &user)) {
        sgp_outbox_error(engine, session->id, input->reply_to,
                         reply->err != SGP_OK ? reply->err : SGP_E_UNAUTHENTICATED,
                         reply->err != SGP_OK ? reply->message : "the user is gone");
        return;
    }
    user.device = reply->closure;
    Sigap__V1__Login login = SIGAP__V1__LOGIN__INIT;
    login.client = (char *)input->client;
    login.heard = input->heard;
    login.resumes = input->resumes;
    sgp_session_enter(session, &user, input->reply_to, &login, input->secret);
}

/* ---- requests ------------------------------------------------------------------------------- */

static sgp_err check_name(const sgp_engine *engine, const char *name, sgp_fault *fault) {
    static const char *const taken[] = {"local", "aml-form"};
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
        if (strcmp(name, taken[i]) == 0)
            return sgp_fail(fault, SGP_E_ARGUMENT, "%s is a name of the engine's own", name);
    if (configured_user(engine, name) != NULL)
        return sgp_fail(fault, SGP_E_STATE,
                        "user %s stands in the configuration and is changed only there", name);
    size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                 "._-");
    if (length == 0 || name[length] != '\0' || length >= SGP_CODE_BYTES)
        return sgp_fail(fault, SGP_E_FORMAT,
                        "a user's name has 1 to %d letters, digits, dots, dashes or underscores",
                        SGP_CODE_BYTES - 1);
    return SGP_OK;
}

sgp_err sgp_user_event(sgp_session *session, const Sigap__V1__SetUser *asked, sgp_event *event,
                       sgp_fault *fault) {
    if (asked->user == NULL)
        return sgp_fail(fault, SGP_E_ARGUMENT, "the user is missing");
    event->kind = SGP_EVENT_USER_SET;
    sgp_err err = sgp_account_from_proto(asked->user, &event->u.account, fault);
    if (err == SGP_OK)
        err = check_name(session->engine, event->u.account.name, fault);
    if (err == SGP_OK && event->u.account.radius_m > 0)
        err = sgp_point_check(session->engine, asked->user->point->lon, asked->user->point->lat,
                              &event->u.account.point, fault);
    return err;
}

/* Who speaks for the unit: the one that is not disabled; several are named. */
static sgp_err find_crew(const sgp_engine *engine, const char *unit, char name[SGP_CODE_BYTES],
                         sgp_fault *fault) {
    char names[160] = "";
    uint32_t n = 0;
    for (size_t i = 0; i < engine->settings->n_users; i++)
        if (strcmp(engine->settings->users[i].unit, unit) == 0) {
            memcpy(name, engine->settings->users[i].name, SGP_CODE_BYTES);
            size_t used = strlen(names);
            snprintf(names + used, sizeof names - used, "%s%s", n++ ? ", " : "", name);
        }
    for (uint32_t i = 0; i < sgp_world_accounts(engine->world); i++) {
        const sgp_account *account = sgp_world_account(engine->world, i);
        if (account->disabled || strcmp(account->unit, unit) != 0 ||
            configured_user(engine, account->name) != NULL)
            continue;
        memcpy(name, account->name, SGP_CODE_BYTES);
        size_t used = strlen(names);
        snprintf(names + used, sizeof names - used, "%s%s", n++ ? ", " : "", name);
    }
    if (n == 0)
        return sgp_fail(fault, SGP_E_NOT_FOUND, "no user speaks for a unit %s; add one", unit);
    if (n > 1)
        return sgp_fail(fault, SGP_E_ARGUMENT, "several users speak for %s: name one of %s", unit,
                        names);
    return SGP_OK;
}

static bool dispatcher_may_let_in(sgp_role role) {
    return role == SIGAP__V1__ROLE__CREW || role == SIGAP__V1__ROLE__HOSPITAL ||
           role == SIGAP__V1__ROLE__VIEWER;
}

sgp_err sgp_login_code_event(sgp_session *session, const Sigap__V1__AskLoginCode *asked,
                             sgp_input *input, sgp_fault *fault) {
    sgp_engine *engine = session->engine;
    sgp_login_code *code = &input->event.u.login_code;
    input->event.kind = SGP_EVENT_LOGIN_CODE_MADE;
    if ((asked->user[0] == '\0') == (asked->unit_code[0] == '\0'))
        return sgp_fail(fault, SGP_E_ARGUMENT, "name a user or a unit, one of them");
    sgp_err err = SGP_OK;
    if (asked->user[0] == '\0')
        err = find_crew(engine, asked->unit_code, code->user, fault);
    else if (strlen(asked->user) < sizeof code->user)
        strcpy(code->user, asked->user);
    if (err != SGP_OK)
        return err;
    sgp_user user;
    if (!find_user(engine, code->user, &user)) {
        bool disabled = sgp_world_account_by_name(engine->world, code->user) != NULL;
        return sgp_fail(fault, disabled ? SGP_E_STATE : SGP_E_NOT_FOUND,
                        disabled ? "user %s is disabled" : "no user is called %s", asked->user);
    }
    /* Else a dispatcher could make himself an administrator. */
    if (session->role != SIGAP__V1__ROLE__ADMIN && !dispatcher_may_let_in(user.role))
        return sgp_fail(fault, SGP_E_PERMISSION,
                        "%s has the role %s: only an administrator may let one in", user.name,
                        sgp_role_str(user.role));
    do { /* as good as never twice */
        snprintf(input->secret, sizeof input->secret, "%0*u", CODE_DIGITS,
                 (unsigned)randombytes_uniform(CODE_SPACE));
        hash_code(engine, input->secret, code->hash);
    } while (find_code(engine, code->hash) != NULL);
    code->until_ms = sgp_engine_now_ms(engine) + CODE_MS;
    return SGP_OK;
}

static void tell_code(sgp_engine *engine, const sgp_input *input) {
    Sigap__V1__LoginCode answer = SIGAP__V1__LOGIN_CODE__INIT;
    answer.code = (char *)input->secret;
    answer.user = (char *)input->event.u.login_code.user;
    answer.until_at_ms = input->event.u.login_code.until_ms;
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.body_case = SIGAP__V1__FRAME__BODY_LOGIN_CODE;
    frame.login_code = &answer;
    sgp_outbox_answer(engine, input->session, input->reply_to, &frame);
    sgp_log(SGP_LOG_INFO, "login_code", "user=%s actor=%s", SGP_Q(answer.user),
            SGP_Q(input->event.actor));
}

sgp_err sgp_devices_event(sgp_session *session, const Sigap__V1__RemoveDevices *asked,
                          sgp_event *event, sgp_fault *fault) {
    event->kind = SGP_EVENT_DEVICES_REMOVED;
    if (asked->user[0] == '\0' && asked->device_id == 0) {
        event->u.devices_removed.device = session->device;
        return session->device != 0
                   ? SGP_OK
                   : sgp_fail(fault, SGP_E_STATE,
                              "this token is of the configuration and stays; nothing to log out");
    }
    if (session->role != SIGAP__V1__ROLE__ADMIN)
        return sgp_fail(fault, SGP_E_PERMISSION, "the role %s may log out its own device only",
                        sgp_role_str(session->role));
    if (strlen(asked->user) >= sizeof event->u.devices_removed.user)
        return sgp_fail(fault, SGP_E_NOT_FOUND, "no user is called %s", asked->user);
    strcpy(event->u.devices_removed.user, asked->user);
    event->u.devices_removed.device = asked->device_id;
    return SGP_OK;
}

bool sgp_accounts_answer(sgp_engine *engine, const sgp_input *input, const sgp_reply *reply) {
    if (input->event.kind == SGP_EVENT_DEVICE_ADDED) {
        let_in(engine, input, reply);
        return true;
    }
    if (input->event.kind != SGP_EVENT_LOGIN_CODE_MADE || reply->err != SGP_OK)
        return false;
    tell_code(engine, input);
    return true;
}

/* ---- what has changed ends sessions -----------------------------------------------------------
 */

/* Whether the session is still what its user and device are. */
static bool still_holds(const sgp_engine *engine, const sgp_session *session) {
    sgp_user user;
    if (session->device != 0 && sgp_world_device_by_id(engine->world, session->device) == NULL)
        return false;
    if (!find_user(engine, session->user, &user))
        return false;
    const char *unit = session->is_crew ? sgp_world_unit(engine->world, session->unit)->code : "";
    return user.role == session->role && strcmp(user.unit, unit) == 0 &&
           strcmp(user.hospital, session->hospital) == 0 &&
           strcmp(user.agency, session->agency) == 0;
}

void sgp_accounts_follow(sgp_engine *engine, const sgp_event *event, const sgp_input *input) {
    if (event->kind != SGP_EVENT_USER_SET && event->kind != SGP_EVENT_DEVICE_ADDED &&
        event->kind != SGP_EVENT_DEVICES_REMOVED)
        return;
    for (size_t slot = 0; slot < engine->sessions_top; slot++) {
        sgp_session *session = engine->sessions[slot];
        /* Only who came by a device can have lost anything: the configuration does not change. */
        if (session == NULL || session->dead || session->closing || session->device == 0 ||
            session->kind == SGP_SESSION_HTTP || still_holds(engine, session))
            continue;
        if (input != NULL && input->session == session->id) {
            session->lingers = true; /* the answer to its own log-out is on its way */
        } else {
            sgp_session_error(session, 0, SGP_E_UNAUTHENTICATED,
                              "your access was withdrawn or changed; log in again");
        }
        sgp_session_close(session, "access_withdrawn");
    }
}

/* ---- the list ---------------------------------------------------------------------------------
 */

static void need(bool ok) {
    if (ok)
        return;
    sgp_log(SGP_LOG_ERROR, "out_of_memory", "where=users");
    abort();
}

static Sigap__V1__User *message_of(const sgp_engine *engine, const char *name) {
    const sgp_user *configured = configured_user(engine, name);
    sgp_account account = {0};
    if (configured != NULL) {
        account.role = (uint32_t)configured->role;
        memcpy(account.name, configured->name, sizeof account.name);
        memcpy(account.unit, configured->unit, sizeof account.unit);
        memcpy(account.agency, configured->agency, sizeof account.agency);
        memcpy(account.hospital, configured->hospital, sizeof account.hospital);
        account.point = configured->jurisdiction.point;
        account.radius_m = configured->jurisdiction.radius_m;
    } else {
        account = *sgp_world_account_by_name(engine->world, name);
    }
    Sigap__V1__User *message = sgp_account_to_proto(&account);
    need(message != NULL);
    message->configured = configured != NULL;
    return message;
}

static void add_devices(const sgp_engine *engine, Sigap__V1__User *message) {
    message->devices = calloc(SGP_DEVICES_PER_USER, sizeof *message->devices);
    need(message->devices != NULL);
    for (uint32_t i = 0; i < sgp_world_devices(engine->world); i++) {
        const sgp_device *device = sgp_world_device(engine->world, i);
        if (strcmp(device->user, message->name) != 0 || message->n_devices == SGP_DEVICES_PER_USER)
            continue;
        Sigap__V1__Device *told = malloc(sizeof *told);
        need(told != NULL);
        sigap__v1__device__init(told);
        told->id = device->id;
        told->since_at_ms = device->at_ms;
        message->devices[message->n_devices++] = told;
    }
    for (uint32_t i = 0; i < sgp_world_login_codes(engine->world); i++) {
        const sgp_login_code *code = sgp_world_login_code(engine->world, i);
        if (strcmp(code->user, message->name) == 0 &&
            code->until_ms > sgp_world_now_ms(engine->world))
            message->code_until_at_ms = code->until_ms;
    }
    for (size_t slot = 0; slot < engine->sessions_top; slot++) {
        const sgp_session *session = engine->sessions[slot];
        message->sessions += session != NULL && session->logged_in && !session->dead &&
                             session->kind != SGP_SESSION_HTTP &&
                             strcmp(session->user, message->name) == 0;
    }
}

/* The first name after `after`, of both kinds of users; NULL at the end. */
static const char *next_name(const sgp_engine *engine, const char *after) {
    const char *next = NULL;
    for (size_t i = 0; i < engine->settings->n_users; i++) {
        const char *name = engine->settings->users[i].name;
        if (strcmp(name, after) > 0 && (next == NULL || strcmp(name, next) < 0))
            next = name;
    }
    for (uint32_t i = 0; i < sgp_world_accounts(engine->world); i++) {
        const char *name = sgp_world_account(engine->world, i)->name;
        if (strcmp(name, after) > 0 && (next == NULL || strcmp(name, next) < 0))
            next = name;
    }
    return next;
}

void sgp_answer_users(sgp_session *session, uint64_t reply_to, const Sigap__V1__ListUsers *asked) {
    const sgp_engine *engine = session->engine;
    Sigap__V1__User *users[USERS_PAGE];
    Sigap__V1__UserPage page = SIGAP__V1__USER_PAGE__INIT;
    size_t limit = asked->limit == 0 || asked->limit > USERS_PAGE ? USERS_PAGE : asked->limit;
    page.users = users;
    const char *name = next_name(engine, asked->after_name);
    for (; name != NULL && page.n_users < limit; name = next_name(engine, name)) {
        users[page.n_users] = message_of(engine, name);
        add_devices(engine, users[page.n_users++]);
    }
    if (name != NULL)
        page.next_after_name = users[page.n_users - 1]->name;
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.body_case = SIGAP__V1__FRAME__BODY_USER_PAGE;
    frame.user_page = &page;
    sgp_outbox_answer(session->engine, session->id, reply_to, &frame);
    for (size_t i = 0; i < page.n_users; i++)
        sigap__v1__user__free_unpacked(users[i], NULL);
}
