/* The words that callers and maps write in many ways, and what each can mean: sorted tables, and
 * how a word is found in them. Private to the place_*.c sources.
 *
 * The tables lie in lexicon_names.c and lexicon_speech.c. Nothing else of the code knows a
 * spelling: a new abbreviation is a line there and nothing more (and SGP_IMPORT_VERSION, where
 * names of the map are spelt by it).
 */
#ifndef SGP_GIS_PLACE_LEXICON_H
#define SGP_GIS_PLACE_LEXICON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gis/place_query.h"

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

extern const sgp_lexeme SGP_LEXICON_NAMES[], SGP_LEXICON_MARKERS[], SGP_LEXICON_RELATIONS[],
    SGP_LEXICON_FILLERS[], SGP_LEXICON_COUNTS[];
extern const size_t SGP_LEXICON_NAMES_N, SGP_LEXICON_MARKERS_N, SGP_LEXICON_RELATIONS_N,
    SGP_LEXICON_FILLERS_N, SGP_LEXICON_COUNTS_N;

enum { SGP_LEXEME_TOKENS = 5 }; /* most in one line */

/* The line of the tables for what is written, NULL if there is none. *goes_on (may be NULL): there
 * are lines of more tokens that begin with it. */
const sgp_lexeme *sgp_place_lexeme(const char *written, bool *goes_on);
/* The tables themselves, for tests: the i-th of them, NULL beyond the last. */
const sgp_lexeme *sgp_place_lexicon(size_t i, size_t *n);

#endif
