/* What becomes of a place's name between a caller's mouth and a call-taker's keyboard.
 *
 * A text is a row of words of which each has a part to play, so that a slip can be put where such
 * slips happen: typing errors into names, Javanese into relations, abbreviations into markers.
 * Seeded: the same random state gives the same slips.
 */
#ifndef TESTS_PLACE_GARBLE_H
#define TESTS_PLACE_GARBLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum said_part {
    SAID_MARKER,   /* Jalan, Gang, Perumahan, Kelurahan */
    SAID_NAME,     /* what is looked for */
    SAID_NUMBER,   /* 5, C2 */
    SAID_RELATION, /* depan, sebelah, antara, dan */
    SAID_DISTRICT, /* a name that says where */
    SAID_SIGN      /* "," or "/": stands at the word before */
} said_part;

enum { SAID_WORDS = 40, SAID_BYTES = 48, SAID_TEXT = 400 };

typedef struct said {
    struct {
        char text[SAID_BYTES];
        said_part part;
    } words[SAID_WORDS];
    size_t n;
    char before[96], after[96]; /* chatter */
} said;

typedef enum garble {
    GARBLE_CLEAN,
    GARBLE_TYPING,       /* one slip of the finger */
    GARBLE_TYPING_TWICE, /* two */
    GARBLE_HEARING,      /* written as it sounds */
    GARBLE_DIALECT,      /* Javanese words, a spoken as o */
    GARBLE_ABBREVIATION,
    GARBLE_MISSING, /* markers left out */
    GARBLE_JOINED,  /* two words run together */
    GARBLE_TORN,    /* one word in two */
    GARBLE_CHATTER, /* what is said around it */
    GARBLES
} garble;

const char *garble_str(garble g);

/* Adds the words of `text`; "," is a sign. Words beyond the bounds are left out. */
void said_add(said *s, said_part part, const char *text);
/* "Jalan" and "Gang" of a street's name become markers, the number after Gang a number. */
void said_street(said *s, const char *name);
void said_text(const said *s, char text[SAID_TEXT]);
/* False: this text has nothing that could be garbled so; it may then be half changed. */
bool said_garble(said *s, garble g, uint64_t *random);

/* Letters that differ: insertions, deletions, changes, and neighbours swapped (optimal
 * string alignment). */
size_t letters_apart(const char *a, const char *b);

#endif
