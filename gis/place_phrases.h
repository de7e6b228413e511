/* A text being parsed: its words, the query made of it so far, and what waits for the next word.
 * Private to place_phrases.c, place_markers.c, place_relations.c and place_grammar.c.
 *
 * Words are read from left to right, each by the reader of its sense; a reader takes the i-th word
 * (and what belongs to it) and returns the index of the next one. A phrase is opened by the first
 * word that goes into it: a relation or a junction word only says what kind it will be.
 */
#ifndef SGP_GIS_PLACE_PHRASES_H
#define SGP_GIS_PLACE_PHRASES_H

#include "gis/place_spellings.h"

enum { SGP_PARSER_NONE = -1 };

typedef struct sgp_parser {
    const sgp_spelt *words;
    size_t n;
    sgp_place_query *query;
    int now;    /* the phrase that words go into, SGP_PARSER_NONE = the next word opens one */
    int target; /* the phrase of the thing itself, SGP_PARSER_NONE = none yet */
    sgp_relation relation;  /* said, and waiting for its landmark */
    int relation_word;      /* where it was said */
    bool crossing;          /* a junction word waits for its first street */
    bool district;          /* after a Kel. or the like */
    bool distance;          /* "100 meter" was said */
    bool towards;           /* "arah X": X is where the road leads, not where it is */
    uint64_t rt_rw_words;   /* bit i: word i is the number of an RT or RW */
    int number_word;        /* the best guess of a house number without "no", SGP_PARSER_NONE */
    int parts, number_part; /* between commas: how many so far, and that of number_word */
} sgp_parser;

/* ---- phrases and words (place_phrases.c) ---- */

/* NULL for SGP_PARSER_NONE. */
sgp_query_phrase *sgp_phrase_at(sgp_parser *p, int i);
/* FILLER beyond the last word; a comma stands beyond it too. */
sgp_sense sgp_sense_at(const sgp_parser *p, size_t i);
bool sgp_breaks_before(const sgp_parser *p, size_t i);
bool sgp_may_be_name(sgp_sense sense);
/* Whether the i-th word directly follows one that was read as a name, or is followed by one that
 * may be. */
bool sgp_is_behind_name(const sgp_parser *p, size_t i);
bool sgp_name_follows(const sgp_parser *p, size_t i);
bool sgp_wants_street(sgp_wanted wanted);
/* The phrase that words go into; opens it where a relation or junction waits. Never NULL. */
sgp_query_phrase *sgp_current_phrase(sgp_parser *p);
void sgp_want(const sgp_parser *p, sgp_query_phrase *phrase, sgp_wanted wanted);
/* The i-th word is looked up with the current phrase; is of it, but not looked up; is of none. */
void sgp_put_word(sgp_parser *p, size_t i, sgp_word_role role, bool optional);
void sgp_mark_word(sgp_parser *p, size_t i, sgp_word_role role);
void sgp_pass_word(sgp_parser *p, size_t i, sgp_word_role role);
/* Goes back to the target from a landmark that has its name. */
void sgp_leave_landmark(sgp_parser *p);
/* Reads a name's word; one that names may have and callers may leave out. */
size_t sgp_read_plain_name(sgp_parser *p, size_t i);
size_t sgp_read_loose_name(sgp_parser *p, size_t i);

/* ---- what markers say (place_markers.c) ---- */

size_t sgp_read_street(sgp_parser *p, size_t i);
void sgp_take_number(sgp_parser *p, size_t i, bool certain);
size_t sgp_read_gang(sgp_parser *p, size_t i);
size_t sgp_skip_range(sgp_parser *p, size_t i);
size_t sgp_take_block(sgp_parser *p, size_t i);
size_t sgp_read_number_of_block(sgp_parser *p, size_t i);
size_t sgp_read_block(sgp_parser *p, size_t i);
bool sgp_is_block_and_number(const sgp_parser *p, size_t i);
size_t sgp_read_block_number(sgp_parser *p, size_t i);
size_t sgp_read_number_marker(sgp_parser *p, size_t i);
size_t sgp_read_area(sgp_parser *p, size_t i);
size_t sgp_read_rt_rw(sgp_parser *p, size_t i);
void sgp_relax_rt_rw(sgp_parser *p);
size_t sgp_read_km(sgp_parser *p, size_t i);

/* ---- relations and junctions (place_relations.c) ---- */

void sgp_relate_backwards(sgp_parser *p);
size_t sgp_read_relation(sgp_parser *p, size_t i);
size_t sgp_read_compass(sgp_parser *p, size_t i);
size_t sgp_read_junction(sgp_parser *p, size_t i);
size_t sgp_read_corner(sgp_parser *p, size_t i);
size_t sgp_read_and(sgp_parser *p, size_t i);
size_t sgp_read_meet(sgp_parser *p, size_t i);
void sgp_read_gap(sgp_parser *p, size_t i);

#endif
