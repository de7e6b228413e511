/* Accounts: users that people add while the engine runs, codes for logging in once, and devices
 * that got a token of their own for one.
 *
 * The core keeps them because they must survive a restart and because a code must be used once
 * only, whoever dies when; what a role may do, what a code looks like and how fast anybody may
 * guess is the shell's. Codes and tokens are hashes here. A user of a code or device may also
 * stand in the configuration, which the core does not know.
 *
 * Bounds: SGP_ACCOUNTS_MAX (a disabled user stays, so that the name is not given to another),
 * SGP_DEVICES_MAX, SGP_DEVICES_PER_USER, SGP_LOGIN_CODES_MAX. Private to engine/core.
 */
#ifndef SGP_CORE_ACCOUNTS_H
#define SGP_CORE_ACCOUNTS_H

#include "core/core_proto.h"
#include "core/mechanics.h"

/* The handlers. */
sgp_err sgp_user_set(sgp_step *step) SGP_MUST_USE;
sgp_err sgp_login_code_made(sgp_step *step) SGP_MUST_USE;
sgp_err sgp_device_added(sgp_step *step) SGP_MUST_USE;
sgp_err sgp_devices_removed(sgp_step *step) SGP_MUST_USE;

/* Their events, checked and as messages; false: memory ran out. */
sgp_err sgp_account_event_check(const sgp_event *event, sgp_fault *fault) SGP_MUST_USE;
bool sgp_put_account_event(Sigap__V1__Event *message, const sgp_event *event);
sgp_err sgp_read_account_event(const Sigap__V1__Event *message, sgp_event *event,
                               sgp_fault *fault) SGP_MUST_USE;

bool sgp_accounts_save(const sgp_world *world, Sigap__V1__Snapshot *snapshot);
sgp_err sgp_accounts_load(const Sigap__V1__Snapshot *snapshot, sgp_world *world,
                          sgp_fault *fault) SGP_MUST_USE;

#endif
