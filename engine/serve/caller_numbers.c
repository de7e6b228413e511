#include "serve/caller_numbers.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { HASH_BYTES = 16 };

typedef struct known_call {
    uint8_t hash[HASH_BYTES];
    sgp_id call; /* 0 = empty */
} known_call;

typedef struct held_fix {
    uint8_t hash[HASH_BYTES];
    int64_t since_ms;
    sgp_phone_fix fix;
} held_fix;

struct sgp_caller_numbers {
    uint8_t key[crypto_generichash_KEYBYTES];
    int64_t held_ms;
    known_call calls[SGP_NUMBERS_KEPT]; /* a ring; `next_call` is the oldest */
    size_t next_call;
    held_fix held[SGP_FIXES_HELD]; /* oldest first */
    size_t n_held;
    uint64_t dropped;
};

/* ---- numbers --------------------------------------------------------------------- */

bool sgp_number_normalise(const char *number, char *digits) {
    static const char COUNTRY[] = "62";
    char said[32];
    size_t n = 0;
    bool international = false;
    for (const char *at = number; *at; at++) {
        if (*at >= '0' && *at <= '9') {
            if (n + 1 >= sizeof said)
                return false;
            said[n++] = *at;
        } else if (*at == '+' && n == 0) {
            international = true;
        } else if (!strchr(" -.()/", *at)) {
            return false;
        }
    }
    said[n] = '\0';
    const char *rest = said;
    const char *country = "";
    if (!international && said[0] == '0' && said[1] == '0') {
        rest += 2;
    } else if (!international && said[0] == '0') {
        rest += 1;
        country = COUNTRY;
    } else if (!international && said[0] == '8') {
        country = COUNTRY; /* a mobile number as gateways cut it: "812…" */
    }
    size_t length = strlen(country) + strlen(rest);
    if (length < SGP_NUMBER_DIGITS_MIN || length > SGP_NUMBER_DIGITS_MAX)
        return false;
    memcpy(digits, country, strlen(country));
    memcpy(digits + strlen(country), rest, strlen(rest) + 1);
    sodium_memzero(said, sizeof said);
    return true;
}

bool sgp_number_token(const uint8_t key[SGP_NUMBER_KEY_BYTES], const char *number,
                      uint8_t token[SGP_CALLER_TOKEN_BYTES]) {
    char digits[SGP_NUMBER_DIGITS_MAX + 1];
    if (!sgp_number_normalise(number, digits))
        return false;
    crypto_generichash(token, SGP_CALLER_TOKEN_BYTES, (const uint8_t *)digits, strlen(digits), key,
                       SGP_NUMBER_KEY_BYTES);
    sodium_memzero(digits, sizeof digits);
    return true;
}

static bool hash_number(const sgp_caller_numbers *numbers, const char *number,
                        uint8_t hash[HASH_BYTES]) {
    char digits[SGP_NUMBER_DIGITS_MAX + 1];
    if (!sgp_number_normalise(number, digits))
        return false;
    crypto_generichash(hash, HASH_BYTES, (const uint8_t *)digits, strlen(digits), numbers->key,
                       sizeof numbers->key);
    sodium_memzero(digits, sizeof digits);
    return true;
}

/* ---- life -------------------------------------------------------------------------- */

sgp_caller_numbers *sgp_caller_numbers_create(int64_t held_ms) {
    sgp_caller_numbers *numbers = calloc(1, sizeof *numbers);
    if (numbers != NULL) {
        numbers->held_ms = held_ms;
        randombytes_buf(numbers->key, sizeof numbers->key);
    }
    return numbers;
}

void sgp_caller_numbers_destroy(sgp_caller_numbers *numbers) {
    if (numbers != NULL)
        sodium_memzero(numbers, sizeof *numbers);
    free(numbers);
}

/* ---- calls --------------------------------------------------------------------------- */

void sgp_caller_numbers_add(sgp_caller_numbers *numbers, const char *number, sgp_id call) {
    known_call *place = &numbers->calls[numbers->next_call];
    if (!hash_number(numbers, number, place->hash))
        return;
    place->call = call;
    numbers->next_call = (numbers->next_call + 1) % SGP_NUMBERS_KEPT;
}

sgp_id sgp_caller_numbers_find(const sgp_caller_numbers *numbers, const char *number, size_t nth) {
    uint8_t hash[HASH_BYTES];
    if (!hash_number(numbers, number, hash))
        return 0;
    for (size_t i = 1; i <= SGP_NUMBERS_KEPT; i++) {
        size_t at = (numbers->next_call + SGP_NUMBERS_KEPT - i) % SGP_NUMBERS_KEPT;
        const known_call *known = &numbers->calls[at];
        if (known->call == 0)
            break;
        if (memcmp(known->hash, hash, HASH_BYTES) == 0 && nth-- == 0)
            return known->call;
    }
    return 0;
}

/* ---- positions that wait --------------------------------------------------------------- */

static void remove_held(sgp_caller_numbers *numbers, size_t at) {
    numbers->n_held--;
    memmove(&numbers->held[at], &numbers->held[at + 1],
            (numbers->n_held - at) * sizeof numbers->held[0]);
    sodium_memzero(&numbers->held[numbers->n_held], sizeof numbers->held[0]);
}

static void forget_old(sgp_caller_numbers *numbers, int64_t now_ms) {
    while (numbers->n_held > 0 && now_ms - numbers->held[0].since_ms > numbers->held_ms)
        remove_held(numbers, 0);
}

sgp_err sgp_caller_numbers_hold(sgp_caller_numbers *numbers, const char *number,
                                const sgp_phone_fix *fix, int64_t now_ms) {
    held_fix made = {.since_ms = now_ms, .fix = *fix};
    if (!hash_number(numbers, number, made.hash))
        return SGP_E_ARGUMENT;
    forget_old(numbers, now_ms);
    size_t same = 0, oldest_same = 0;
    for (size_t i = numbers->n_held; i-- > 0;)
        if (memcmp(numbers->held[i].hash, made.hash, HASH_BYTES) == 0) {
            same++;
            oldest_same = i;
        }
    if (same == SGP_FIXES_OF_NUMBER) {
        remove_held(numbers, oldest_same);
    } else if (numbers->n_held == SGP_FIXES_HELD) {
        remove_held(numbers, 0);
        numbers->dropped++;
    }
    numbers->held[numbers->n_held++] = made;
    return SGP_OK;
}

size_t sgp_caller_numbers_take(sgp_caller_numbers *numbers, const char *number, int64_t now_ms,
                               sgp_phone_fix *fixes) {
    uint8_t hash[HASH_BYTES];
    size_t n = 0;
    forget_old(numbers, now_ms);
    if (!hash_number(numbers, number, hash))
        return 0;
    for (size_t i = 0; i < numbers->n_held;) {
        if (memcmp(numbers->held[i].hash, hash, HASH_BYTES) != 0) {
            i++;
            continue;
        }
        fixes[n++] = numbers->held[i].fix;
        remove_held(numbers, i);
    }
    return n;
}

size_t sgp_caller_numbers_peek(const sgp_caller_numbers *numbers, const char *number,
                               int64_t now_ms, sgp_phone_fix *fixes) {
    uint8_t hash[HASH_BYTES];
    size_t n = 0;
    if (!hash_number(numbers, number, hash))
        return 0;
    for (size_t i = 0; i < numbers->n_held; i++)
        if (memcmp(numbers->held[i].hash, hash, HASH_BYTES) == 0 &&
            now_ms - numbers->held[i].since_ms <= numbers->held_ms)
            fixes[n++] = numbers->held[i].fix;
    return n;
}

void sgp_caller_numbers_tick(sgp_caller_numbers *numbers, int64_t now_ms) {
    forget_old(numbers, now_ms);
}

size_t sgp_caller_numbers_held(const sgp_caller_numbers *numbers, uint64_t *dropped) {
    *dropped = numbers->dropped;
    return numbers->n_held;
}
