#include "serve/token.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

void sgp_token_hash(const char *token, uint8_t hash[SGP_TOKEN_HASH]) {
    crypto_generichash(hash, SGP_TOKEN_HASH, (const uint8_t *)token, strlen(token), NULL, 0);
}

void sgp_token_make(char token[SGP_TOKEN_TEXT], char hash_text[SGP_TOKEN_HASH_TEXT]) {
    uint8_t bytes[32], hash[SGP_TOKEN_HASH];
    int ready = sodium_init();
    assert(ready >= 0);
    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2base64(token, SGP_TOKEN_TEXT, bytes, sizeof bytes,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sgp_token_hash(token, hash);
    sodium_bin2hex(hash_text, SGP_TOKEN_HASH_TEXT, hash, sizeof hash);
    sodium_memzero(bytes, sizeof bytes);
}

int sgp_token_hash_equal(const uint8_t a[SGP_TOKEN_HASH], const uint8_t b[SGP_TOKEN_HASH]) {
    return sodium_memcmp(a, b, SGP_TOKEN_HASH) == 0;
}

sgp_err sgp_token_hash_parse(const char *text, uint8_t hash[SGP_TOKEN_HASH]) {
    uint8_t bytes[SGP_TOKEN_HASH];
    size_t n = 0;
    const char *end = NULL;
    if (strlen(text) != 2 * SGP_TOKEN_HASH ||
        sodium_hex2bin(bytes, sizeof bytes, text, strlen(text), NULL, &n, &end) != 0 ||
        n != SGP_TOKEN_HASH || *end != '\0')
        return SGP_E_FORMAT;
    memcpy(hash, bytes, sizeof bytes);
    return SGP_OK;
}
