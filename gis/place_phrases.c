#include "gis/place_phrases.h"

sgp_query_phrase *sgp_phrase_at(sgp_parser *p, int i) {
    return i == SGP_PARSER_NONE ? NULL : &p->query->phrases[i];
}

sgp_sense sgp_sense_at(const sgp_parser *p, size_t i) {
    return i < p->n ? (sgp_sense)p->words[i].sense : SGP_SENSE_FILLER;
}

bool sgp_breaks_before(const sgp_parser *p, size_t i) {
    return i >= p->n || (p->words[i].gap & SGP_GAP_BREAK) != 0;
}

bool sgp_may_be_name(sgp_sense sense) {
    switch (sense) {
    case SGP_SENSE_PLAIN:
    case SGP_SENSE_OPTIONAL:
    case SGP_SENSE_FACILITY:
    case SGP_SENSE_SCHOOL:
    case SGP_SENSE_STREET:
    case SGP_SENSE_GANG:
    case SGP_SENSE_ESTATE:
    case SGP_SENSE_ESTATE_NAME:
    case SGP_SENSE_BLOCK:
    case SGP_SENSE_AREA:
    case SGP_SENSE_CITY:
    case SGP_SENSE_VILLAGE:
    case SGP_SENSE_RT:
    case SGP_SENSE_RW:
    case SGP_SENSE_BLOCK_NUMBER:
    case SGP_SENSE_SIMPANG:
    case SGP_SENSE_JUNCTION:
    case SGP_SENSE_ROUNDABOUT:
    case SGP_SENSE_CORNER:
        return true;
    default:
        return false;
    }
}

bool sgp_is_behind_name(const sgp_parser *p, size_t i) {
    if (i == 0 || sgp_breaks_before(p, i))
        return false;
    sgp_sense sense = sgp_sense_at(p, i - 1);
    return p->query->words[i - 1].role == SGP_WORD_NAME ||
           (p->query->words[i - 1].phrase != SGP_NO_PHRASE &&
            (sense == SGP_SENSE_OPTIONAL || sense == SGP_SENSE_CITY || sense == SGP_SENSE_VILLAGE));
}

bool sgp_name_follows(const sgp_parser *p, size_t i) {
    return i + 1 < p->n && sgp_may_be_name(sgp_sense_at(p, i + 1));
}

bool sgp_wants_street(sgp_wanted wanted) {
    return wanted == SGP_WANTED_STREET || wanted == SGP_WANTED_GANG;
}

/* Where there is no room for another phrase, the last one goes on. */
static void open_phrase(sgp_parser *p, sgp_phrase_role role, sgp_relation relation) {
    sgp_place_query *q = p->query;
    p->district = false;
    if (q->n_phrases == SGP_QUERY_PHRASES_MAX) {
        p->now = SGP_QUERY_PHRASES_MAX - 1;
        return;
    }
    q->phrases[q->n_phrases] = (sgp_query_phrase){.role = role, .relation = relation};
    p->now = (int)q->n_phrases++;
    if (role == SGP_PHRASE_TARGET)
        p->target = p->now;
}

/* The phrase that the next word goes into; a waiting relation or junction opens its own. */
sgp_query_phrase *sgp_current_phrase(sgp_parser *p) {
    if (p->relation != SGP_RELATION_NONE)
        open_phrase(p, SGP_PHRASE_LANDMARK, p->relation);
    else if (p->crossing)
        open_phrase(p, SGP_PHRASE_CROSSING, SGP_RELATION_NONE);
    else if (p->now == SGP_PARSER_NONE)
        open_phrase(p, SGP_PHRASE_TARGET, SGP_RELATION_NONE);
    p->relation = SGP_RELATION_NONE;
    p->crossing = false;
    return sgp_phrase_at(p, p->now);
}

/* The first word decides ("kidul" of "kidul pasar" is none). */
void sgp_want(const sgp_parser *p, sgp_query_phrase *phrase, sgp_wanted wanted) {
    size_t n = phrase->n_words;
    if (n > 0 && p->query->words[phrase->words[0]].role == SGP_WORD_RELATION)
        n--;
    if (phrase->wanted == SGP_WANTED_ANY && n == 0)
        phrase->wanted = wanted;
}

/* The word is looked up as part of the current phrase. */
void sgp_put_word(sgp_parser *p, size_t i, sgp_word_role role, bool optional) {
    sgp_query_phrase *phrase = sgp_current_phrase(p);
    sgp_query_word *word = &p->query->words[i];
    word->role = role;
    p->towards = false;
    if (phrase->n_words == SGP_PHRASE_WORDS_MAX) {
        word->role = SGP_WORD_LEFT_OVER;
        return;
    }
    word->phrase = (uint8_t)p->now;
    word->optional = optional;
    word->is_district = p->district && role == SGP_WORD_NAME;
    phrase->words[phrase->n_words++] = (uint8_t)i;
}

/* The word says what others are, and is not looked up itself. */
void sgp_mark_word(sgp_parser *p, size_t i, sgp_word_role role) {
    (void)sgp_current_phrase(p);
    p->query->words[i].role = role;
    p->query->words[i].phrase = (uint8_t)p->now;
}

void sgp_pass_word(sgp_parser *p, size_t i, sgp_word_role role) {
    p->query->words[i].role = role;
}

/* Streets, gangs, blocks and districts after a landmark are the thing's, not the landmark's. */
void sgp_leave_landmark(sgp_parser *p) {
    const sgp_query_phrase *phrase = sgp_phrase_at(p, p->now);
    if (!phrase || p->relation != SGP_RELATION_NONE || p->crossing ||
        phrase->role != SGP_PHRASE_LANDMARK || phrase->n_words == 0)
        return;
    p->now = p->target;
    p->district = false;
}

size_t sgp_read_plain_name(sgp_parser *p, size_t i) {
    sgp_put_word(p, i, SGP_WORD_NAME, false);
    return i + 1;
}

/* A word that names may have and callers may leave out. */
size_t sgp_read_loose_name(sgp_parser *p, size_t i) {
    sgp_put_word(p, i, SGP_WORD_MARKER, false);
    return i + 1;
}
