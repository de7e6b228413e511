/* What callers' and the map's words are: abbreviations and misspellings written out, initials and
 * numbers joined, and what each word can mean in a place. Private to the place_*.c sources.
 */
#ifndef SGP_GIS_PLACE_SPELLINGS_H
#define SGP_GIS_PLACE_SPELLINGS_H

#include "gis/place_words.h"

/* What a word can mean; the grammar decides whether it does. */
typedef enum sgp_sense {
    SGP_SENSE_PLAIN,
    SGP_SENSE_OPTIONAL, /* titles, ranks, "raya": part of a name that may be left out */
    SGP_SENSE_FACILITY, /* rs, pasar, masjid */
    SGP_SENSE_SCHOOL,   /* a facility whose number is its name */
    SGP_SENSE_STREET,
    SGP_SENSE_GANG,
    SGP_SENSE_ESTATE,      /* perumahan: left out of names */
    SGP_SENSE_ESTATE_NAME, /* villa, griya: part of the name */
    SGP_SENSE_BLOCK,
    SGP_SENSE_AREA,
    SGP_SENSE_CITY,
    SGP_SENSE_VILLAGE, /* kampung: an area's or a landmark's name */
    SGP_SENSE_RT,
    SGP_SENSE_RW,
    SGP_SENSE_NO,
    SGP_SENSE_PLOT, /* kavling */
    SGP_SENSE_KM,
    SGP_SENSE_RELATION, /* value: sgp_relation */
    SGP_SENSE_COMPASS,  /* value: sgp_relation; also a word of names */
    SGP_SENSE_SUFFIX,   /* -e, -nya written apart */
    SGP_SENSE_JUNCTION, /* value: arms, 0 = not said */
    SGP_SENSE_JUNCTION_REST,
    SGP_SENSE_SIMPANG, /* a junction, or the first word of a street's name */
    SGP_SENSE_CORNER,
    SGP_SENSE_ROUNDABOUT,
    SGP_SENSE_AND,
    SGP_SENSE_MEET, /* ketemu: the streets before and after it cross */
    SGP_SENSE_FROM,
    SGP_SENSE_AT,
    SGP_SENSE_FILLER,
    SGP_SENSE_WEAK,    /* a filler that names have too */
    SGP_SENSE_COUNTED, /* orang, motor: a number before it counts them */
    SGP_SENSE_METRE,
    SGP_SENSE_CLOCK,            /* jam, umur: the number after it is none of a place */
    SGP_SENSE_COUNT,            /* value: a number, or -10, -11, -100 for puluh, belas, ratus */
    SGP_SENSE_COUNT_IN_CONTEXT, /* the same, but a word of names elsewhere (songo, siji) */
    SGP_SENSE_NUMBER,           /* digits, perhaps with a letter: "5", "12a"; value: its digits */
    SGP_SENSE_ROMAN,            /* "II" behind a name: part of it; value: its number */
    SGP_SENSE_BLOCK_NUMBER,     /* "c2" */
    SGP_SENSE_POSTAL            /* a postal code or telephone number */
} sgp_sense;

/* One line of the tables. */
typedef struct sgp_lexeme {
    const char *written; /* tokens with single spaces between */
    const char *meant;   /* NULL = as written; several words with single spaces between */
    sgp_sense sense;
    int16_t value;
} sgp_lexeme;

enum { SGP_LEXEME_TOKENS = 5 };

/* The line of the tables for what is written, NULL if there is none. */
const sgp_lexeme *sgp_place_lexeme(const char *written);
/* The tables themselves, for tests: the i-th of them (NULL beyond the last), sorted by `written`.
 */
const sgp_lexeme *sgp_place_lexicon(size_t i, size_t *n);

typedef struct sgp_spelt {
    char text[SGP_WORD_BYTES];
    uint16_t from, to;
    uint8_t gap; /* before it, as of tokens */
    uint8_t sense;
    int32_t value;
} sgp_spelt;

/* Spells tokens[n] out into words[capacity]; `text` is what they were cut from. Returns how many
 * words there are; tokens that do not fit are counted in *n_cut. */
size_t sgp_place_spell(const char *text, sgp_token *tokens, size_t n, sgp_spelt *words,
                       size_t capacity, size_t *n_cut);

#endif
