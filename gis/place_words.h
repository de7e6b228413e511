/* The tokens of a text: runs of letters or of digits in lower case, accents folded, each with
 * where it came from and what stood before it. Private to the place_*.c sources.
 *
 * Letters of the Latin blocks are folded by a table, so that names of the map and callers'
 * words meet without the database's unaccent: "São João" and "sao joao" are the same tokens.
 * Letters of other scripts stay as they are. Bytes that are no UTF-8, controls, signs and
 * pictures separate tokens or vanish.
 */
#ifndef SGP_GIS_PLACE_WORDS_H
#define SGP_GIS_PLACE_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gis/place_query.h"

/* What stood between a token and the one before it, as a set. Empty: they touch ("gg5"). */
enum {
    SGP_GAP_SPACE = 1,
    SGP_GAP_DOT = 2,
    SGP_GAP_HYPHEN = 4,
    SGP_GAP_SLASH = 8,
    SGP_GAP_COMMA = 16, /* comma, semicolon, brackets: a new part begins */
    SGP_GAP_LINE = 32,
    SGP_GAP_JOIN = 64, /* & + x between two names */
    SGP_GAP_OTHER = 128,
    SGP_GAP_BREAK = SGP_GAP_COMMA | SGP_GAP_LINE
};

typedef struct sgp_token {
    char text[SGP_WORD_BYTES];
    uint16_t from, to; /* bytes of the text */
    uint8_t gap;       /* before it */
    bool is_number;    /* digits only, else letters only */
} sgp_token;

enum { SGP_TOKENS_MAX = 96 };

/* Cuts text[length] into tokens[capacity]; returns how many there are in the text, which may be
 * more than capacity. */
size_t sgp_place_tokens(const char *text, size_t length, sgp_token *tokens, size_t capacity);

/* Whether the two tokens touch, with nothing between them. */
static inline bool sgp_token_touches(const sgp_token *token) {
    return token->gap == 0;
}

#endif
