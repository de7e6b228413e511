#include "core/accounts.h"

#include <string.h>

/* ---- views ------------------------------------------------------------------------ */

uint32_t sgp_world_accounts(const sgp_world *world) {
    return world->n_accounts;
}

const sgp_account *sgp_world_account(const sgp_world *world, uint32_t nth) {
    return nth < world->n_accounts ? &world->accounts[nth] : NULL;
}

/* Where the name stands, or would. */
static uint32_t place_of(const sgp_world *world, const char *name) {
    uint32_t low = 0, high = world->n_accounts;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (strcmp(world->accounts[middle].name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const sgp_account *sgp_world_account_by_name(const sgp_world *world, const char *name) {
    uint32_t at = place_of(world, name);
    return at < world->n_accounts && strcmp(world->accounts[at].name, name) == 0
               ? &world->accounts[at]
               : NULL;
}

uint32_t sgp_world_devices(const sgp_world *world) {
    return world->n_devices;
}

const sgp_device *sgp_world_device(const sgp_world *world, uint32_t nth) {
    return nth < world->n_devices ? &world->devices[nth] : NULL;
}

static uint32_t device_place(const sgp_world *world, sgp_id id) {
    uint32_t low = 0, high = world->n_devices;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (world->devices[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const sgp_device *sgp_world_device_by_id(const sgp_world *world, sgp_id id) {
    uint32_t at = device_place(world, id);
    return at < world->n_devices && world->devices[at].id == id ? &world->devices[at] : NULL;
}

uint32_t sgp_world_login_codes(const sgp_world *world) {
    return world->n_login_codes;
}

const sgp_login_code *sgp_world_login_code(const sgp_world *world, uint32_t nth) {
    return nth < world->n_login_codes ? &world->login_codes[nth] : NULL;
}

/* ---- taking out --------------------------------------------------------------------- */

static void take_out_device(sgp_world *world, uint32_t at) {
    world->n_devices--;
    memmove(world->devices + at, world->devices + at + 1,
            (world->n_devices - at) * sizeof *world->devices);
}

static void take_out_devices(sgp_world *world, const char *user) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < world->n_devices; i++)
        if (strcmp(world->devices[i].user, user) != 0)
            world->devices[kept++] = world->devices[i];
    world->n_devices = kept;
}

/* Those that have expired, and the user's. */
static void take_out_codes(sgp_world *world, const char *user, int64_t now_ms) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < world->n_login_codes; i++) {
        const sgp_login_code *code = &world->login_codes[i];
        if (strcmp(code->user, user) != 0 && code->until_ms > now_ms)
            world->login_codes[kept++] = *code;
    }
    world->n_login_codes = kept;
}

static bool has_any(const sgp_world *world, const char *user) {
    for (uint32_t i = 0; i < world->n_devices; i++)
        if (strcmp(world->devices[i].user, user) == 0)
            return true;
    for (uint32_t i = 0; i < world->n_login_codes; i++)
        if (strcmp(world->login_codes[i].user, user) == 0)
            return true;
    return false;
}

/* ---- users -------------------------------------------------------------------------- */

/* What the account refers to is there, and goes with its role. */
static sgp_err check_references(sgp_step *step, const sgp_account *told) {
    const sgp_world *world = step->world;
    bool is_crew = told->role == SGP_ROLE_CREW, is_hospital = told->role == SGP_ROLE_HOSPITAL;
    if (is_crew && !told->unit[0])
        return sgp_fail(&step->fault, SGP_E_ARGUMENT,
                        "the role crew needs a unit: whose crew is %s?", told->name);
    if (!is_crew && told->unit[0])
        return sgp_fail(&step->fault, SGP_E_ARGUMENT, "only the role crew has a unit");
    if (told->unit[0] && !sgp_world_find_unit(world, told->unit))
        return sgp_fail(&step->fault, SGP_E_NOT_FOUND, "no unit is called %s", told->unit);
    if (!is_hospital && told->hospital[0])
        return sgp_fail(&step->fault, SGP_E_ARGUMENT, "only the role hospital has a hospital");
    if (told->hospital[0] && !sgp_world_find_hospital(world, told->hospital))
        return sgp_fail(&step->fault, SGP_E_NOT_FOUND, "no hospital is called %s", told->hospital);
    return SGP_OK;
}

sgp_err sgp_user_set(sgp_step *step) {
    sgp_world *world = step->world;
    const sgp_account *told = &step->event->u.account;
    const sgp_account *known = sgp_world_account_by_name(world, told->name);
    if (!known && told->version)
        return sgp_fail(&step->fault, SGP_E_NOT_FOUND, "no user is called %s", told->name);
    if (known && !told->version)
        return sgp_fail(&step->fault, SGP_E_STATE,
                        "a user is called %s already; read it and change that one", told->name);
    if (known && told->version != known->version)
        return sgp_fail(&step->fault, SGP_E_STATE,
                        "user %s was changed meanwhile by %s; read it again", told->name,
                        known->actor[0] ? known->actor : "the engine");
    if (told->disabled && strcmp(told->name, step->event->actor) == 0)
        return sgp_fail(&step->fault, SGP_E_STATE, "nobody disables himself");
    sgp_err err = check_references(step, told);
    if (err)
        return err;
    uint32_t at = place_of(world, told->name);
    if (!known) {
        if (world->n_accounts == SGP_ACCOUNTS_MAX)
            return sgp_fail(&step->fault, SGP_E_FULL, "there are already %d users",
                            SGP_ACCOUNTS_MAX);
        err = SGP_ROOM_U32(world->accounts, world->n_accounts, world->accounts_capacity);
        if (err)
            return err;
        memmove(world->accounts + at + 1, world->accounts + at,
                (world->n_accounts - at) * sizeof *world->accounts);
        world->n_accounts++;
    }
    sgp_account *account = &world->accounts[at];
    /* A device or a code was let in for what the user was then, perhaps by one who may not let in
     * what he is now. */
    bool another =
        known && (account->role != told->role || strcmp(account->unit, told->unit) != 0 ||
                  strcmp(account->hospital, told->hospital) != 0 ||
                  strcmp(account->agency, told->agency) != 0);
    *account = *told;
    account->version = step->event->seq;
    account->at_ms = step->event->at_ms;
    memcpy(account->actor, step->event->actor, sizeof account->actor);
    if (account->disabled || another) {
        take_out_devices(world, account->name);
        take_out_codes(world, account->name, step->event->at_ms);
    }
    step->reply.closure = account->version;
    return SGP_OK;
}

/* ---- codes and devices ---------------------------------------------------------------- */

static sgp_err check_enabled(sgp_step *step, const char *user) {
    const sgp_account *account = sgp_world_account_by_name(step->world, user);
    return account && account->disabled
               ? sgp_fail(&step->fault, SGP_E_STATE, "user %s is disabled", user)
               : SGP_OK;
}

sgp_err sgp_login_code_made(sgp_step *step) {
    sgp_world *world = step->world;
    const sgp_login_code *told = &step->event->u.login_code;
    int64_t now_ms = step->event->at_ms;
    if (told->until_ms <= now_ms)
        return sgp_fail(&step->fault, SGP_E_RANGE, "the login code would have expired already");
    sgp_err err = check_enabled(step, told->user);
    if (err)
        return err;
    uint32_t stay = 0;
    for (uint32_t i = 0; i < world->n_login_codes; i++)
        stay += world->login_codes[i].until_ms > now_ms &&
                strcmp(world->login_codes[i].user, told->user) != 0;
    if (stay == SGP_LOGIN_CODES_MAX)
        return sgp_fail(&step->fault, SGP_E_FULL,
                        "%d login codes are open; wait until one is used or has expired",
                        SGP_LOGIN_CODES_MAX);
    take_out_codes(world, told->user, now_ms);
    world->login_codes[world->n_login_codes++] = *told;
    return SGP_OK;
}

/* Makes room for one more device of that user; the oldest goes. */
static sgp_err make_room(sgp_step *step, const char *user) {
    sgp_world *world = step->world;
    uint32_t n = 0, oldest = 0;
    for (uint32_t i = world->n_devices; i-- > 0;)
        if (strcmp(world->devices[i].user, user) == 0) {
            n++;
            oldest = i;
        }
    if (n < SGP_DEVICES_PER_USER && world->n_devices == SGP_DEVICES_MAX)
        return sgp_fail(&step->fault, SGP_E_FULL, "there are already %d devices; revoke some",
                        SGP_DEVICES_MAX);
    sgp_err err = SGP_ROOM_U32(world->devices, world->n_devices, world->devices_capacity);
    if (!err && n >= SGP_DEVICES_PER_USER)
        take_out_device(world, oldest);
    return err;
}

sgp_err sgp_device_added(sgp_step *step) {
    sgp_world *world = step->world;
    const char *user = step->event->u.device_added.user;
    uint32_t at = 0;
    /* The shell found it, in constant time; this only sees to it that it is used once. */
    while (at < world->n_login_codes &&
           (strcmp(world->login_codes[at].user, user) != 0 ||
            memcmp(world->login_codes[at].hash, step->event->u.device_added.code, SGP_HASH_BYTES) !=
                0))
        at++;
    if (at == world->n_login_codes || world->login_codes[at].until_ms <= step->event->at_ms)
        return sgp_fail(&step->fault, SGP_E_UNAUTHENTICATED,
                        "the login code is unknown, was used or has expired");
    sgp_err err = check_enabled(step, user);
    if (!err)
        err = make_room(step, user);
    if (err)
        return err;
    take_out_codes(world, user, step->event->at_ms);
    sgp_device *device = &world->devices[world->n_devices++];
    *device = (sgp_device){.id = step->event->seq, .at_ms = step->event->at_ms};
    memcpy(device->user, user, sizeof device->user);
    memcpy(device->token, step->event->u.device_added.token, sizeof device->token);
    step->reply.closure = device->id;
    return SGP_OK;
}

sgp_err sgp_devices_removed(sgp_step *step) {
    sgp_world *world = step->world;
    sgp_id id = step->event->u.devices_removed.device;
    const char *user = step->event->u.devices_removed.user;
    if (id) {
        uint32_t at = device_place(world, id);
        if (at == world->n_devices || world->devices[at].id != id)
            return sgp_fail(&step->fault, SGP_E_NOT_FOUND, "there is no device %llu",
                            (unsigned long long)id);
        take_out_device(world, at);
        step->reply.closure = id;
        return SGP_OK;
    }
    if (!has_any(world, user))
        return sgp_fail(&step->fault, SGP_E_NOT_FOUND, "%s has no devices and no login code", user);
    take_out_devices(world, user);
    take_out_codes(world, user, step->event->at_ms);
    return SGP_OK;
}
