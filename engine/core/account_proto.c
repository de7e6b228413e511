/* Accounts, login codes and devices as messages and back: events and snapshots. */
#include <string.h>

#include "core/accounts.h"
#include "core/event_check.h"
#include "core/place.h"
#include "core/proto_read.h"
#include "core/proto_write.h"
#include "core/text.h"

enum { CODE_VALID_MAX_MS = 3600 * 1000, DISTRICT_MAX_M = 100000 };

/* ---- checking ------------------------------------------------------------------------ */

static sgp_err text_in(const char *field, const char *text, size_t bytes, bool needed,
                       sgp_fault *fault) {
    if (!memchr(text, '\0', bytes))
        return sgp_fail(fault, SGP_E_TOO_LARGE, "%s is longer than %zu bytes", field, bytes - 1);
    if (!sgp_text_is_plain(text))
        return sgp_fail(fault, SGP_E_FORMAT,
                        "%s is not plain UTF-8 text without control characters", field);
    if (needed && !text[0])
        return sgp_fail(fault, SGP_E_ARGUMENT, "%s is missing", field);
    return SGP_OK;
}

static sgp_err account_in(const sgp_account *account, sgp_fault *fault) {
    sgp_err err = text_in("the user's name", account->name, sizeof account->name, true, fault);
    if (!err)
        err = sgp_read_number(account->role, 1, SGP_ROLES - 1, "the role", fault);
    if (!err)
        err = text_in("the unit's code", account->unit, sizeof account->unit, false, fault);
    if (!err)
        err = text_in("the agency", account->agency, sizeof account->agency, false, fault);
    if (!err)
        err = text_in("the hospital's code", account->hospital, sizeof account->hospital, false,
                      fault);
    if (!err)
        err = sgp_read_number(account->radius_m, 0, DISTRICT_MAX_M,
                              "the radius of the district in metres", fault);
    if (!err && !sgp_point_is_valid(account->point))
        err = sgp_fail(fault, SGP_E_RANGE,
                       "the middle of the district is outside -180..180, -90..90 degrees");
    if (!err)
        err = text_in("the reason", account->reason, sizeof account->reason, account->disabled,
                      fault);
    if (!err)
        err = text_in("who changed it", account->actor, sizeof account->actor, false, fault);
    return err;
}

static sgp_err code_in(const sgp_login_code *code, sgp_fault *fault) {
    sgp_err err = text_in("the user's name", code->user, sizeof code->user, true, fault);
    return err ? err
               : sgp_read_number(code->until_ms, 1, INT64_MAX / 4, "the end of a login code",
                                 fault);
}

sgp_err sgp_account_event_check(const sgp_event *event, sgp_fault *fault) {
    sgp_err err;
    switch (event->kind) {
    case SGP_EVENT_USER_SET:
        return account_in(&event->u.account, fault);
    case SGP_EVENT_LOGIN_CODE_MADE:
        err = code_in(&event->u.login_code, fault);
        return err ? err
                   : sgp_read_number(event->u.login_code.until_ms, 1,
                                     event->at_ms + CODE_VALID_MAX_MS, "the end of a login code",
                                     fault);
    case SGP_EVENT_DEVICE_ADDED:
        return text_in("the user's name", event->u.device_added.user, SGP_CODE_BYTES, true, fault);
    default:
        err =
            text_in("the user's name", event->u.devices_removed.user, SGP_CODE_BYTES, false, fault);
        if (!err && !event->u.devices_removed.device == !event->u.devices_removed.user[0])
            err = sgp_fail(fault, SGP_E_ARGUMENT, "name a device or a user, one of them");
        return err;
    }
}

/* ---- things --------------------------------------------------------------------------- */

static bool put_account(Sigap__V1__User *message, const sgp_account *account) {
    message->role = (Sigap__V1__Role)account->role;
    message->radius_m = account->radius_m;
    message->disabled = account->disabled;
    message->version = account->version;
    message->changed_at_ms = account->at_ms;
    return sgp_put_text(&message->name, account->name) &&
           sgp_put_text(&message->unit_code, account->unit) &&
           sgp_put_text(&message->agency, account->agency) &&
           sgp_put_text(&message->hospital_code, account->hospital) &&
           sgp_put_text(&message->reason, account->reason) &&
           sgp_put_text(&message->changed_by, account->actor) &&
           (!account->radius_m || sgp_put_point(&message->point, account->point));
}

Sigap__V1__User *sgp_account_to_proto(const sgp_account *account) {
    Sigap__V1__User *message = sgp_message_make(&sigap__v1__user__descriptor);
    return message ? sgp_message_or_null(message, put_account(message, account)) : NULL;
}

sgp_err sgp_account_from_proto(const Sigap__V1__User *message, sgp_account *account,
                               sgp_fault *fault) {
    *account = (sgp_account){.role = (uint32_t)message->role,
                             .radius_m = message->radius_m,
                             .disabled = message->disabled,
                             .at_ms = message->changed_at_ms,
                             .version = message->version};
    sgp_err err =
        sgp_read_text(message->name, account->name, sizeof account->name, "the user's name", fault);
    if (!err)
        err = sgp_read_text(message->unit_code, account->unit, sizeof account->unit,
                            "the unit's code", fault);
    if (!err)
        err = sgp_read_text(message->agency, account->agency, sizeof account->agency, "the agency",
                            fault);
    if (!err)
        err = sgp_read_text(message->hospital_code, account->hospital, sizeof account->hospital,
                            "the hospital's code", fault);
    if (!err)
        err = sgp_read_text(message->reason, account->reason, sizeof account->reason, "the reason",
                            fault);
    if (!err)
        err = sgp_read_text(message->changed_by, account->actor, sizeof account->actor,
                            "who changed it", fault);
    if (!err && message->radius_m)
        err = sgp_read_point(message->point, &account->point, "the middle of the district", fault);
    return err ? err : account_in(account, fault);
}

static sgp_err read_hash(const ProtobufCBinaryData *bytes, uint8_t hash[SGP_HASH_BYTES],
                         const char *what, sgp_fault *fault) {
    if (bytes->len != SGP_HASH_BYTES)
        return sgp_fail(fault, SGP_E_FORMAT, "%s has %zu bytes, not %d", what, bytes->len,
                        SGP_HASH_BYTES);
    memcpy(hash, bytes->data, SGP_HASH_BYTES);
    return SGP_OK;
}

static Sigap__V1__LoginCodeMade *code_to_proto(const sgp_login_code *code) {
    Sigap__V1__LoginCodeMade *message = sgp_message_make(&sigap__v1__login_code_made__descriptor);
    if (!message)
        return NULL;
    message->until_at_ms = code->until_ms;
    return sgp_message_or_null(message,
                               sgp_put_text(&message->user, code->user) &&
                                   sgp_put_bytes(&message->code_hash, code->hash, SGP_HASH_BYTES));
}

static sgp_err code_from_proto(const Sigap__V1__LoginCodeMade *message, sgp_login_code *code,
                               sgp_fault *fault) {
    *code = (sgp_login_code){.until_ms = message->until_at_ms};
    sgp_err err =
        sgp_read_text(message->user, code->user, sizeof code->user, "the user's name", fault);
    return err ? err : read_hash(&message->code_hash, code->hash, "the hash of a code", fault);
}

static bool put_device(Sigap__V1__Device *message, const sgp_device *device) {
    message->id = device->id;
    message->since_at_ms = device->at_ms;
    return sgp_put_text(&message->user, device->user) &&
           sgp_put_bytes(&message->token_hash, device->token, SGP_HASH_BYTES);
}

static sgp_err read_device(const Sigap__V1__Device *message, sgp_device *device, sgp_fault *fault) {
    *device = (sgp_device){.id = message->id, .at_ms = message->since_at_ms};
    sgp_err err =
        sgp_read_text(message->user, device->user, sizeof device->user, "the user's name", fault);
    if (!err)
        err = text_in("the user's name", device->user, sizeof device->user, true, fault);
    return err ? err : read_hash(&message->token_hash, device->token, "the hash of a token", fault);
}

/* ---- events --------------------------------------------------------------------------- */

static bool put_added(Sigap__V1__Event *message, const sgp_event *event) {
    Sigap__V1__DeviceAdded *body = sgp_message_make(&sigap__v1__device_added__descriptor);
    message->body_case = SIGAP__V1__EVENT__BODY_DEVICE_ADDED;
    message->device_added = body;
    return body && sgp_put_text(&body->user, event->u.device_added.user) &&
           sgp_put_bytes(&body->code_hash, event->u.device_added.code, SGP_HASH_BYTES) &&
           sgp_put_bytes(&body->token_hash, event->u.device_added.token, SGP_HASH_BYTES);
}

static bool put_removed(Sigap__V1__Event *message, const sgp_event *event) {
    Sigap__V1__RemoveDevices *body = sgp_message_make(&sigap__v1__remove_devices__descriptor);
    message->body_case = SIGAP__V1__EVENT__BODY_DEVICES_REMOVED;
    message->devices_removed = body;
    if (!body)
        return false;
    body->device_id = event->u.devices_removed.device;
    return sgp_put_text(&body->user, event->u.devices_removed.user);
}

bool sgp_put_account_event(Sigap__V1__Event *message, const sgp_event *event) {
    switch (event->kind) {
    case SGP_EVENT_USER_SET:
        message->body_case = SIGAP__V1__EVENT__BODY_USER_SET;
        return (message->user_set = sgp_account_to_proto(&event->u.account)) != NULL;
    case SGP_EVENT_LOGIN_CODE_MADE:
        message->body_case = SIGAP__V1__EVENT__BODY_LOGIN_CODE_MADE;
        return (message->login_code_made = code_to_proto(&event->u.login_code)) != NULL;
    case SGP_EVENT_DEVICE_ADDED:
        return put_added(message, event);
    default:
        return put_removed(message, event);
    }
}

sgp_err sgp_read_account_event(const Sigap__V1__Event *message, sgp_event *event,
                               sgp_fault *fault) {
    sgp_err err;
    switch (message->body_case) {
    case SIGAP__V1__EVENT__BODY_USER_SET:
        event->kind = SGP_EVENT_USER_SET;
        return sgp_account_from_proto(message->user_set, &event->u.account, fault);
    case SIGAP__V1__EVENT__BODY_LOGIN_CODE_MADE:
        event->kind = SGP_EVENT_LOGIN_CODE_MADE;
        return code_from_proto(message->login_code_made, &event->u.login_code, fault);
    case SIGAP__V1__EVENT__BODY_DEVICE_ADDED:
        event->kind = SGP_EVENT_DEVICE_ADDED;
        err = sgp_read_text(message->device_added->user, event->u.device_added.user, SGP_CODE_BYTES,
                            "the user's name", fault);
        if (!err)
            err = read_hash(&message->device_added->code_hash, event->u.device_added.code,
                            "the hash of a code", fault);
        return err ? err
                   : read_hash(&message->device_added->token_hash, event->u.device_added.token,
                               "the hash of a token", fault);
    default:
        event->kind = SGP_EVENT_DEVICES_REMOVED;
        event->u.devices_removed.device = message->devices_removed->device_id;
        return sgp_read_text(message->devices_removed->user, event->u.devices_removed.user,
                             SGP_CODE_BYTES, "the user's name", fault);
    }
}

/* ---- snapshots -------------------------------------------------------------------------- */

bool sgp_accounts_save(const sgp_world *world, Sigap__V1__Snapshot *snapshot) {
    bool ok =
        sgp_put_array((void **)&snapshot->users, world->n_accounts, sizeof(void *)) &&
        sgp_put_array((void **)&snapshot->login_codes, world->n_login_codes, sizeof(void *)) &&
        sgp_put_array((void **)&snapshot->devices, world->n_devices, sizeof(void *));
    for (uint32_t i = 0; i < world->n_accounts && ok; i++)
        ok = (snapshot->users[snapshot->n_users++] = sgp_account_to_proto(&world->accounts[i]));
    for (uint32_t i = 0; i < world->n_login_codes && ok; i++)
        ok = (snapshot->login_codes[snapshot->n_login_codes++] =
                  code_to_proto(&world->login_codes[i]));
    for (uint32_t i = 0; i < world->n_devices && ok; i++) {
        Sigap__V1__Device *message = sgp_message_make(&sigap__v1__device__descriptor);
        snapshot->devices[snapshot->n_devices++] = message;
        ok = message && put_device(message, &world->devices[i]);
    }
    return ok;
}

#define DAMAGED(...) sgp_fail(fault, SGP_E_CORRUPT, "the snapshot is damaged: " __VA_ARGS__)

static sgp_err load_users(const Sigap__V1__Snapshot *snapshot, sgp_world *world, sgp_fault *fault) {
    sgp_err err = sgp_read_number((int64_t)snapshot->n_users, 0, SGP_ACCOUNTS_MAX,
                                  "the number of users", fault);
    for (size_t i = 0; i < snapshot->n_users && !err; i++) {
        sgp_account account;
        err = sgp_account_from_proto(snapshot->users[i], &account, fault);
        if (!err && ((i && strcmp(account.name, world->accounts[i - 1].name) <= 0) ||
                     account.version == 0 || account.version > world->seq))
            err = DAMAGED("user %s stands in a wrong place", account.name);
        if (!err && account.role == SGP_ROLE_CREW && !sgp_world_find_unit(world, account.unit))
            err = DAMAGED("user %s has an unknown unit", account.name);
        if (!err)
            err = SGP_ROOM_U32(world->accounts, world->n_accounts, world->accounts_capacity);
        if (!err)
            world->accounts[world->n_accounts++] = account;
    }
    return err;
}

static sgp_err load_codes(const Sigap__V1__Snapshot *snapshot, sgp_world *world, sgp_fault *fault) {
    sgp_err err = sgp_read_number((int64_t)snapshot->n_login_codes, 0, SGP_LOGIN_CODES_MAX,
                                  "the number of login codes", fault);
    for (size_t i = 0; i < snapshot->n_login_codes && !err; i++) {
        sgp_login_code *code = &world->login_codes[i];
        err = code_from_proto(snapshot->login_codes[i], code, fault);
        if (!err)
            err = code_in(code, fault);
        world->n_login_codes += !err;
    }
    return err;
}

sgp_err sgp_accounts_load(const Sigap__V1__Snapshot *snapshot, sgp_world *world, sgp_fault *fault) {
    sgp_id last = 0;
    sgp_err err = load_users(snapshot, world, fault);
    if (!err)
        err = load_codes(snapshot, world, fault);
    if (!err)
        err = sgp_read_number((int64_t)snapshot->n_devices, 0, SGP_DEVICES_MAX,
                              "the number of devices", fault);
    for (size_t i = 0; i < snapshot->n_devices && !err; i++) {
        sgp_device device;
        err = read_device(snapshot->devices[i], &device, fault);
        if (!err && (device.id <= last || device.id > world->seq))
            err = DAMAGED("a device has a wrong number");
        if (!err)
            err = SGP_ROOM_U32(world->devices, world->n_devices, world->devices_capacity);
        if (!err)
            world->devices[world->n_devices++] = device;
        last = device.id;
    }
    return err;
}
