/* Which call belongs to a telephone, and what a telephone told before it called.
 *
 * A position that comes by itself (AML) names its telephone by number; the call may come
 * before or after it. Numbers are brought into one form (Indonesia's country code where none
 * is said), hashed under a key that is made at the start and never leaves the process, and
 * forgotten: the table holds hashes only.
 *
 *   position, its call is there      -> the newest call of that number
 *   position, no call yet            -> held, at most `held_ms`
 *   call                             -> gets what is held for its number, oldest first
 *
 * Both sides are rings: at the bound the oldest goes, and is counted. Finding walks the ring
 * of calls, newest first (16,384 hashes, some 50 microseconds). Not thread-safe; reads no clock.
 */
#ifndef SGP_SERVE_CALLER_NUMBERS_H
#define SGP_SERVE_CALLER_NUMBERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sigap/core.h"

enum {
    SGP_NUMBERS_KEPT = 16384,   /* calls whose number is remembered */
    SGP_FIXES_HELD = 1024,      /* positions that wait for their call */
    SGP_FIXES_OF_NUMBER = 4,    /* of them from one number, the newest */
    SGP_NUMBER_DIGITS_MAX = 15, /* E.164 */
    SGP_NUMBER_DIGITS_MIN = 6
};

/* "+62 812-0000-0001", "62812…", "0812…", "0062812…", "812…" -> "6281200000001", into
 * digits[SGP_NUMBER_DIGITS_MAX + 1]. A number of another country keeps its code. False: no
 * number that a call could come from (too short, too long, letters in it). */
bool sgp_number_normalise(const char *number, char *digits) SGP_MUST_USE;

/* The token by which the core knows a number: a keyed hash of its normal form. False: it is none.
 */
enum { SGP_NUMBER_KEY_BYTES = 32 };
bool sgp_number_token(const uint8_t key[SGP_NUMBER_KEY_BYTES], const char *number,
                      uint8_t token[SGP_CALLER_TOKEN_BYTES]) SGP_MUST_USE;

typedef struct sgp_caller_numbers sgp_caller_numbers;

/* NULL: no memory. libsodium must be ready. */
sgp_caller_numbers *sgp_caller_numbers_create(int64_t held_ms);
/* NULL is harmless. */
void sgp_caller_numbers_destroy(sgp_caller_numbers *numbers);

/* Remembers whose call it is. A number that is none is passed over. */
void sgp_caller_numbers_add(sgp_caller_numbers *numbers, const char *number, sgp_id call);

/* The nth newest call of that number, 0 = there are no more. */
sgp_id sgp_caller_numbers_find(const sgp_caller_numbers *numbers, const char *number, size_t nth);

/* Holds a position until its call comes. SGP_E_ARGUMENT: not a number. */
sgp_err sgp_caller_numbers_hold(sgp_caller_numbers *numbers, const char *number,
                                const sgp_phone_fix *fix, int64_t now_ms) SGP_MUST_USE;

/* Takes out what is held for that number, oldest first, and what is too old for anybody.
 * Returns how many there are in fixes[SGP_FIXES_OF_NUMBER]. */
size_t sgp_caller_numbers_take(sgp_caller_numbers *numbers, const char *number, int64_t now_ms,
                               sgp_phone_fix *fixes);

/* The same, and leaves them where they are. */
size_t sgp_caller_numbers_peek(const sgp_caller_numbers *numbers, const char *number,
                               int64_t now_ms, sgp_phone_fix *fixes);

/* Forgets what is too old; to be called now and then. */
void sgp_caller_numbers_tick(sgp_caller_numbers *numbers, int64_t now_ms);

/* How many wait now, and how many went because there was no room. */
size_t sgp_caller_numbers_held(const sgp_caller_numbers *numbers, uint64_t *dropped);

#endif
