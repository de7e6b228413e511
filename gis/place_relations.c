/* Relations (in front of, north of, between), junctions, and the small words that part streets. */
#include <string.h>

#include "gis/place_phrases.h"

static void relate(sgp_parser *p, size_t i, sgp_relation relation) {
    bool is_vague = p->relation == SGP_RELATION_NONE || p->relation == SGP_RELATION_NEAR ||
                    (p->relation == SGP_RELATION_BESIDE && relation >= SGP_RELATION_NORTH &&
                     relation <= SGP_RELATION_WEST);
    if (is_vague)
        p->relation = relation;
    p->relation_word = (int)i;
    p->distance = p->district = p->towards = false;
    sgp_pass_word(p, i, SGP_WORD_RELATION);
}

static size_t read_suffix(sgp_parser *p, size_t i) {
    while (i < p->n && sgp_sense_at(p, i) == SGP_SENSE_SUFFIX && !sgp_breaks_before(p, i)) {
        sgp_pass_word(p, i, SGP_WORD_RELATION);
        i++;
    }
    return i;
}

/* A relation that nothing follows speaks of what went before: "RSSA sebelahnya". */
void sgp_relate_backwards(sgp_parser *p) {
    sgp_query_phrase *phrase = sgp_phrase_at(p, p->now);
    sgp_relation relation = p->relation;
    p->relation = SGP_RELATION_NONE;
    if (relation == SGP_RELATION_NONE)
        return;
    if (!phrase || phrase->role != SGP_PHRASE_TARGET || sgp_wants_street(phrase->wanted) ||
        phrase->n_words == 0) {
        if (p->relation_word != SGP_PARSER_NONE)
            sgp_pass_word(p, (size_t)p->relation_word, SGP_WORD_LEFT_OVER);
        return;
    }
    phrase->role = SGP_PHRASE_LANDMARK;
    phrase->relation = relation;
    p->target = SGP_PARSER_NONE;
}

/* "jl soekarno hatta arah dinoyo", "dari arah batu sebelum terminal": only a heading, where there
 * is something else to find. Behind it a compass word is one too. */
static bool is_heading(const sgp_parser *p, size_t i) {
    static const char *const WORDS[] = {"arah", "arahe", "menuju", "jurusan"};
    bool leads = false;
    for (size_t k = 0; k < sizeof WORDS / sizeof *WORDS; k++)
        leads |= strcmp(p->words[i].text, WORDS[k]) == 0;
    if (!leads || sgp_sense_at(p, i + 1) == SGP_SENSE_COMPASS)
        return false;
    for (size_t k = i + 1; k < p->n; k++)
        if (p->words[k].sense == SGP_SENSE_RELATION)
            return true;
    return p->now != SGP_PARSER_NONE;
}

size_t sgp_read_relation(sgp_parser *p, size_t i) {
    sgp_relation relation = (sgp_relation)p->words[i].value;
    if (relation == SGP_RELATION_INTO) {
        sgp_pass_word(p, i, SGP_WORD_RELATION);
        i++;
        if (sgp_sense_at(p, i) == SGP_SENSE_FROM && i < p->n) {
            relate(p, i - 1, SGP_RELATION_INTO);
            sgp_pass_word(p, i, SGP_WORD_FILLER);
            i++;
        } else if (p->now != SGP_PARSER_NONE && i < p->n && sgp_sense_at(p, i) != SGP_SENSE_GANG &&
                   p->query->phrases[p->now].role == SGP_PHRASE_TARGET &&
                   sgp_wants_street(p->query->phrases[p->now].wanted)) {
            /* "jl raya tlogomas masuk perum X": the street is where one turns off. */
            p->query->phrases[p->now].role = SGP_PHRASE_LANDMARK;
            p->query->phrases[p->now].relation = SGP_RELATION_INTO;
            p->now = p->target = SGP_PARSER_NONE;
        }
        return i;
    }
    if (is_heading(p, i)) {
        sgp_pass_word(p, i, SGP_WORD_RELATION);
        p->towards = true;
        return i + 1;
    }
    relate(p, i, relation);
    return read_suffix(p, i + 1);
}

static bool is_fused_compass(const char *word) {
    size_t length = strlen(word);
    return strcmp(word, "elor") == 0 || strcmp(word, "lore") == 0 ||
           (length > 4 && (strcmp(word + length - 2, "ne") == 0 ||
                           strcmp(word + length - 3, "nya") == 0 || word[length - 1] == 'e'));
}

/* "kali brantas bawah jembatan" */
static bool is_under_bridge(const sgp_parser *p, size_t i) {
    return p->words[i].value == SGP_RELATION_NEAR && i + 1 < p->n &&
           (strcmp(p->words[i + 1].text, "jembatan") == 0 ||
            strcmp(p->words[i + 1].text, "flyover") == 0);
}

/* A compass word is a relation only before a name, and not behind one: "Merdeka Utara" is a
 * name, "utara alun-alun" is not. */
size_t sgp_read_compass(sgp_parser *p, size_t i) {
    sgp_sense before =
        i > 0 && !sgp_breaks_before(p, i) ? sgp_sense_at(p, i - 1) : SGP_SENSE_FILLER;
    bool behind_name = sgp_is_behind_name(p, i);
    bool has_suffix = is_fused_compass(p->words[i].text) ||
                      (sgp_sense_at(p, i + 1) == SGP_SENSE_SUFFIX && !sgp_breaks_before(p, i + 1));
    bool of_relation = before == SGP_SENSE_RELATION || before == SGP_SENSE_COMPASS ||
                       before == SGP_SENSE_CORNER || before == SGP_SENSE_SUFFIX;
    of_relation = of_relation && !behind_name;
    if (behind_name && !has_suffix && !is_under_bridge(p, i))
        return sgp_read_plain_name(p, i);
    size_t next = i + 1;
    while (next < p->n &&
           (sgp_sense_at(p, next) == SGP_SENSE_SUFFIX || sgp_sense_at(p, next) == SGP_SENSE_FROM ||
            sgp_sense_at(p, next) == SGP_SENSE_COMPASS))
        next++;
    bool leads = next < p->n && sgp_may_be_name(sgp_sense_at(p, next));
    if (before == SGP_SENSE_RELATION && p->relation == SGP_RELATION_NEAR && !leads) {
        /* "Jl. Veteran arah timur": which way it drives. */
        sgp_pass_word(p, i, SGP_WORD_FILLER);
        if (p->relation_word != SGP_PARSER_NONE)
            sgp_pass_word(p, (size_t)p->relation_word, SGP_WORD_FILLER);
        p->relation = SGP_RELATION_NONE;
        return i + 1;
    }
    if (!leads && !of_relation && !has_suffix && before != SGP_SENSE_AT)
        return sgp_read_plain_name(p, i);
    bool in_doubt =
        !of_relation && !has_suffix && leads && sgp_sense_at(p, i + 1) != SGP_SENSE_COMPASS;
    bool second = before == SGP_SENSE_COMPASS && p->relation != SGP_RELATION_NONE;
    if (second)
        sgp_pass_word(p, i, SGP_WORD_RELATION); /* "pojok lor wetan" */
    else
        relate(p, i, (sgp_relation)p->words[i].value);
    size_t end = read_suffix(p, i + 1);
    if (in_doubt && !second) {
        (void)sgp_current_phrase(p);
        sgp_put_word(p, i, SGP_WORD_RELATION, false);
    }
    return end;
}

static void begin_junction(sgp_parser *p) {
    sgp_query_phrase *phrase = sgp_phrase_at(p, p->now);
    p->district = false;
    p->query->is_junction = true;
    if (phrase && phrase->role == SGP_PHRASE_TARGET && sgp_wants_street(phrase->wanted) &&
        p->relation == SGP_RELATION_NONE) {
        phrase->role = SGP_PHRASE_CROSSING;
        p->target = SGP_PARSER_NONE;
    }
    p->crossing = true;
}

size_t sgp_read_junction(sgp_parser *p, size_t i) {
    const sgp_spelt *word = &p->words[i];
    size_t next = i + 1;
    while (sgp_sense_at(p, next) == SGP_SENSE_JUNCTION_REST ||
           sgp_sense_at(p, next) == SGP_SENSE_SUFFIX)
        next++;
    sgp_query_phrase *phrase = sgp_phrase_at(p, p->now);
    if (word->sense == SGP_SENSE_SIMPANG && sgp_is_behind_name(p, i) && phrase &&
        phrase->wanted == SGP_WANTED_FACILITY) {
        sgp_put_word(p, i, SGP_WORD_JUNCTION, false); /* "SPBU Simpang Raden Intan" */
        return i + 1;
    }
    /* With a thing of its own before it, or a relation, the junction is a landmark. */
    bool is_landmark =
        p->relation == SGP_RELATION_BETWEEN ||
        (p->relation != SGP_RELATION_NONE && p->target != SGP_PARSER_NONE) ||
        (p->relation == SGP_RELATION_NONE && phrase && phrase->role == SGP_PHRASE_TARGET &&
         phrase->n_words > 0 && !sgp_wants_street(phrase->wanted) &&
         phrase->wanted != SGP_WANTED_AREA && phrase->wanted != SGP_WANTED_RT_RW && next < p->n);
    if (is_landmark) {
        if (p->relation == SGP_RELATION_NONE)
            p->relation = SGP_RELATION_NEAR;
        sgp_current_phrase(p)->wanted = SGP_WANTED_JUNCTION;
        for (; i < next; i++)
            sgp_put_word(p, i, SGP_WORD_JUNCTION, false);
        return next;
    }
    p->relation = SGP_RELATION_NONE;
    begin_junction(p);
    if (word->sense == SGP_SENSE_JUNCTION && word->value > 0)
        p->query->junction_arms = (uint8_t)word->value;
    p->query->is_roundabout |= word->sense == SGP_SENSE_ROUNDABOUT;
    for (; i < next; i++)
        sgp_pass_word(p, i, SGP_WORD_JUNCTION);
    return next;
}

/* "pojok jl A dan jl B" is a junction, "pojok lor alun-alun" and "pojok pasar" are not. */
size_t sgp_read_corner(sgp_parser *p, size_t i) {
    if (i + 1 == p->n && sgp_is_behind_name(p, i)) {
        sgp_put_word(p, i, SGP_WORD_JUNCTION, false); /* "Kopi Pojok" */
        return i + 1;
    }
    size_t next = read_suffix(p, i + 1);
    sgp_sense after = sgp_sense_at(p, next);
    if (after == SGP_SENSE_COMPASS || after == SGP_SENSE_FACILITY || after == SGP_SENSE_SCHOOL ||
        next >= p->n) {
        relate(p, i, SGP_RELATION_BESIDE);
        return next;
    }
    return sgp_read_junction(p, i);
}

/* "dan", "sama", "x": what it joins. */
size_t sgp_read_and(sgp_parser *p, size_t i) {
    const sgp_query_phrase *phrase = sgp_phrase_at(p, p->now);
    bool waiting = p->relation != SGP_RELATION_NONE || p->crossing;
    sgp_pass_word(p, i, SGP_WORD_FILLER);
    if (!phrase || phrase->n_words == 0 || waiting || i + 1 >= p->n)
        return i + 1;
    if (phrase->role == SGP_PHRASE_LANDMARK && phrase->relation == SGP_RELATION_BETWEEN)
        p->relation = SGP_RELATION_BETWEEN;
    else if (phrase->role == SGP_PHRASE_CROSSING && sgp_name_follows(p, i))
        p->crossing = true;
    else if (sgp_is_behind_name(p, i) && sgp_name_follows(p, i) &&
             sgp_sense_at(p, i + 1) != SGP_SENSE_STREET)
        sgp_put_word(p, i, SGP_WORD_FILLER, false);
    return i + 1;
}

/* "jl borobudur ketemu a yani" */
size_t sgp_read_meet(sgp_parser *p, size_t i) {
    sgp_query_phrase *phrase = sgp_phrase_at(p, p->now);
    if (!phrase || phrase->n_words == 0 || phrase->role == SGP_PHRASE_LANDMARK ||
        p->relation != SGP_RELATION_NONE || p->crossing || !sgp_name_follows(p, i)) {
        sgp_pass_word(p, i, SGP_WORD_FILLER);
        return i + 1;
    }
    phrase->role = SGP_PHRASE_CROSSING;
    p->target = SGP_PARSER_NONE;
    p->query->is_junction = p->crossing = true;
    sgp_pass_word(p, i, SGP_WORD_JUNCTION);
    return i + 1;
}

/* A sign between the streets of a junction or between two landmarks. */
void sgp_read_gap(sgp_parser *p, size_t i) {
    const sgp_query_phrase *phrase = sgp_phrase_at(p, p->now);
    if (i == 0 || !phrase || phrase->n_words == 0 || p->crossing ||
        p->relation != SGP_RELATION_NONE || !sgp_may_be_name(sgp_sense_at(p, i)))
        return;
    uint8_t gap = p->words[i].gap;
    /* A hyphen without spaces joins: "Oro-oro Dowo", "rond-point". */
    bool separates = (gap & (SGP_GAP_JOIN | SGP_GAP_SLASH)) != 0 ||
                     (gap & (SGP_GAP_HYPHEN | SGP_GAP_SPACE)) == (SGP_GAP_HYPHEN | SGP_GAP_SPACE);
    if (!separates)
        return;
    if (phrase->role == SGP_PHRASE_CROSSING)
        p->crossing = true;
    else if (phrase->role == SGP_PHRASE_LANDMARK && phrase->relation == SGP_RELATION_BETWEEN)
        p->relation = SGP_RELATION_BETWEEN;
}
