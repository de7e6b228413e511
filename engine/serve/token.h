/* Login tokens: 32 random bytes as base64url text. The configuration keeps only
 * the BLAKE2b-256 of a token, so reading it lets nobody in. Thread-safe. */
#ifndef SGP_SERVE_TOKEN_H
#define SGP_SERVE_TOKEN_H

#include <stdint.h>

#include "sigap/error.h"

enum { SGP_TOKEN_TEXT = 44, SGP_TOKEN_HASH = 32, SGP_TOKEN_HASH_TEXT = 65 };

/* A fresh token and its hash in lower-case hex, both with their '\0'. */
void sgp_token_make(char token[SGP_TOKEN_TEXT], char hash_text[SGP_TOKEN_HASH_TEXT]);

/* The hash of any text, of whatever length. */
void sgp_token_hash(const char *token, uint8_t hash[SGP_TOKEN_HASH]);

/* Compares in constant time. */
int sgp_token_hash_equal(const uint8_t a[SGP_TOKEN_HASH], const uint8_t b[SGP_TOKEN_HASH]);

/* 64 hex digits -> hash, or SGP_E_FORMAT. */
sgp_err sgp_token_hash_parse(const char *text, uint8_t hash[SGP_TOKEN_HASH]) SGP_MUST_USE;

#endif
