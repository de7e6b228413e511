#include "gis/place_grammar.h"

#include <string.h>

#include "gis/place_phrases.h"

/* "SD Negeri Tlogomas 2" */
static bool has_school(const sgp_parser *p, const sgp_query_phrase *phrase) {
    for (size_t i = 0; i < phrase->n_words; i++)
        if (sgp_sense_at(p, phrase->words[i]) == SGP_SENSE_SCHOOL)
            return true;
    return false;
}

static size_t read_number(sgp_parser *p, size_t i) {
    sgp_sense next = sgp_sense_at(p, i + 1);
    bool last = i + 1 >= p->n;
    if (!last && (next == SGP_SENSE_METRE ||
                  (next == SGP_SENSE_KM && sgp_sense_at(p, i + 2) != SGP_SENSE_NUMBER))) {
        sgp_pass_word(p, i, SGP_WORD_FILLER);
        sgp_pass_word(p, i + 1, SGP_WORD_FILLER);
        p->distance = true;
        return i + 2;
    }
    sgp_sense before = i > 0 ? sgp_sense_at(p, i - 1) : SGP_SENSE_FILLER;
    bool counts = !last && (next == SGP_SENSE_COUNTED || next == SGP_SENSE_CLOCK);
    bool of_time = before == SGP_SENSE_NUMBER && p->query->words[i - 1].role == SGP_WORD_FILLER &&
                   (p->words[i].gap & (SGP_GAP_DOT | SGP_GAP_OTHER | SGP_GAP_HYPHEN)) != 0;
    bool is_time = !last && next == SGP_SENSE_NUMBER && sgp_sense_at(p, i + 2) == SGP_SENSE_CLOCK &&
                   i + 2 < p->n && (p->words[i + 1].gap & (SGP_GAP_DOT | SGP_GAP_OTHER)) != 0;
    if (counts || of_time || is_time || before == SGP_SENSE_CLOCK) {
        sgp_pass_word(p, i, SGP_WORD_FILLER);
        if (counts)
            sgp_pass_word(p, i + 1, SGP_WORD_FILLER);
        return counts ? i + 2 : i + 1;
    }
    static const char *const LINES[] = {"110", "112", "113", "115", "118", "119"};
    for (size_t k = 0; k < sizeof LINES / sizeof *LINES; k++)
        if (before >= SGP_SENSE_AND && strcmp(p->words[i].text, LINES[k]) == 0) {
            sgp_pass_word(p, i, SGP_WORD_FILLER); /* "halo 112" */
            return i + 1;
        }
    /* "candi 3d/10" */
    bool of_street = !last && next == SGP_SENSE_NUMBER && p->words[i + 1].gap == SGP_GAP_SLASH &&
                     p->words[i].text[strlen(p->words[i].text) - 1] >= 'a';
    bool of_school = (before == SGP_SENSE_SCHOOL && i > 0) || of_street;
    of_school |=
        i > 1 && before == SGP_SENSE_OPTIONAL && sgp_sense_at(p, i - 2) == SGP_SENSE_SCHOOL;
    if (of_school)
        return sgp_read_plain_name(p, i);
    sgp_query_phrase *phrase = sgp_current_phrase(p);
    /* "SPBU 54.651.01" is a name, "jl veteran 5, sawojajar 2" one house. */
    bool of_code = (p->words[i].gap == SGP_GAP_DOT && before == SGP_SENSE_NUMBER && i > 0) ||
                   (!last && next == SGP_SENSE_NUMBER && p->words[i + 1].gap == SGP_GAP_DOT);
    of_code |= p->words[i].gap == SGP_GAP_HYPHEN && i > 0 && p->words[i - 1].text[1] == '\0';
    if (of_code || (i > 0 && strcmp(p->words[i - 1].text, "kampus") == 0))
        return sgp_read_plain_name(p, i);
    bool is_later = p->number_word != SGP_PARSER_NONE && p->parts > p->number_part;
    bool of_landmark = phrase->role != SGP_PHRASE_TARGET && !sgp_wants_street(phrase->wanted);
    sgp_put_word(p, i, SGP_WORD_NUMBER, true);
    bool is_name = of_landmark || has_school(p, phrase);
    if (is_name || is_later || p->query->number_is_certain) {
        p->query->words[i].role = SGP_WORD_NAME;
        p->query->words[i].optional = !is_name;
    } else
        p->number_word = (int)i, p->number_part = p->parts;
    return sgp_skip_range(p, i + 1);
}

static size_t read_name(sgp_parser *p, size_t i) {
    sgp_sense sense = sgp_sense_at(p, i);
    if (p->towards && !sgp_breaks_before(p, i)) {
        sgp_pass_word(p, i, SGP_WORD_LEFT_OVER);
        return i + 1;
    }
    p->towards = false;
    if (p->distance && p->relation == SGP_RELATION_NONE && i > 0 &&
        sgp_sense_at(p, i - 1) == SGP_SENSE_FROM)
        p->relation = SGP_RELATION_NEAR;
    p->distance = false;
    if (i > 0 && sgp_breaks_before(p, i)) {
        p->district = false;
        const sgp_query_phrase *phrase = sgp_phrase_at(p, p->now);
        bool is_thing = sense == SGP_SENSE_FACILITY || sense == SGP_SENSE_SCHOOL;
        if (phrase && phrase->role == SGP_PHRASE_LANDMARK && phrase->n_words > 0 &&
            p->relation == SGP_RELATION_NONE && (p->target != SGP_PARSER_NONE || is_thing))
            p->now = p->target;
    }
    /* The province at the end of an address. */
    if (i > 0 && strcmp(p->words[i].text, "jawa") == 0 &&
        sgp_sense_at(p, i + 1) == SGP_SENSE_COMPASS && i + 1 < p->n &&
        (i + 2 == p->n || sgp_breaks_before(p, i + 2) || sgp_sense_at(p, i + 2) >= SGP_SENSE_AND)) {
        sgp_pass_word(p, i, SGP_WORD_FILLER);
        sgp_pass_word(p, i + 1, SGP_WORD_FILLER);
        return i + 2;
    }
    bool of_hall = i > 0 && strcmp(p->words[i - 1].text, "balai") == 0 && !sgp_breaks_before(p, i);
    if (strcmp(p->words[i].text, "daerah") == 0 && !sgp_is_behind_name(p, i)) {
        sgp_pass_word(p, i, SGP_WORD_FILLER); /* the region of, not a hospital's "Umum Daerah" */
        return i + 1;
    }
    if (sense == SGP_SENSE_FACILITY || sense == SGP_SENSE_SCHOOL)
        sgp_want(p, sgp_current_phrase(p), SGP_WANTED_FACILITY);
    else if (sense == SGP_SENSE_ESTATE_NAME)
        sgp_want(p, sgp_current_phrase(p), SGP_WANTED_ESTATE);
    bool is_loose = sense == SGP_SENSE_OPTIONAL || (sense == SGP_SENSE_CITY && !of_hall) ||
                    sense == SGP_SENSE_VILLAGE;
    return is_loose ? sgp_read_loose_name(p, i) : sgp_read_plain_name(p, i);
}

static size_t read_filler(sgp_parser *p, size_t i) {
    sgp_sense sense = sgp_sense_at(p, i);
    bool behind_name = sgp_is_behind_name(p, i);
    bool may_be_named =
        sense == SGP_SENSE_WEAK || sense == SGP_SENSE_METRE || sense == SGP_SENSE_COUNTED;
    if (may_be_named && behind_name && p->relation == SGP_RELATION_NONE &&
        (p->words[i].value == 0 || sgp_name_follows(p, i))) {
        sgp_put_word(p, i, SGP_WORD_FILLER, false); /* "sedap malam": of use where a name has it */
        return i + 1;
    }
    sgp_pass_word(p, i, SGP_WORD_FILLER);
    return i + 1;
}

static size_t read_word(sgp_parser *p, size_t i) {
    if (sgp_is_block_and_number(p, i)) {
        sgp_leave_landmark(p);
        return sgp_read_number_of_block(p, sgp_take_block(p, i));
    }
    switch (sgp_sense_at(p, i)) {
    case SGP_SENSE_STREET:
        return sgp_read_street(p, i);
    case SGP_SENSE_GANG:
        return sgp_read_gang(p, i);
    case SGP_SENSE_ESTATE:
        if (i + 1 == p->n)
            return sgp_read_loose_name(p, i);
        sgp_leave_landmark(p);
        p->district = false;
        if (sgp_current_phrase(p)->wanted == SGP_WANTED_AREA)
            sgp_current_phrase(p)->wanted = SGP_WANTED_ESTATE;
        sgp_want(p, sgp_current_phrase(p), SGP_WANTED_ESTATE);
        sgp_mark_word(p, i, SGP_WORD_MARKER);
        return i + 1;
    case SGP_SENSE_BLOCK:
        return sgp_read_block(p, i);
    case SGP_SENSE_AREA:
        return sgp_read_area(p, i);
    case SGP_SENSE_RT:
    case SGP_SENSE_RW:
        return sgp_read_rt_rw(p, i);
    case SGP_SENSE_NO:
    case SGP_SENSE_PLOT:
        return sgp_read_number_marker(p, i);
    case SGP_SENSE_KM:
        return sgp_read_km(p, i);
    case SGP_SENSE_RELATION:
        return sgp_read_relation(p, i);
    case SGP_SENSE_COMPASS:
        return sgp_read_compass(p, i);
    case SGP_SENSE_JUNCTION:
    case SGP_SENSE_SIMPANG:
    case SGP_SENSE_ROUNDABOUT:
        return sgp_read_junction(p, i);
    case SGP_SENSE_CORNER:
        return sgp_read_corner(p, i);
    case SGP_SENSE_AND:
        return sgp_read_and(p, i);
    case SGP_SENSE_MEET:
        return sgp_read_meet(p, i);
    case SGP_SENSE_NUMBER:
        return read_number(p, i);
    case SGP_SENSE_BLOCK_NUMBER:
        return sgp_read_block_number(p, i);
    case SGP_SENSE_FROM:
    case SGP_SENSE_AT:
    case SGP_SENSE_POSTAL:
    case SGP_SENSE_FILLER:
    case SGP_SENSE_WEAK:
    case SGP_SENSE_COUNTED:
    case SGP_SENSE_METRE:
    case SGP_SENSE_CLOCK:
        return read_filler(p, i);
    default:
        return read_name(p, i);
    }
}

/* A text with nothing but small words may still be a name: "Tengah", "Timur". */
static void keep_something(sgp_parser *p) {
    for (size_t i = 0; i < p->query->n_phrases; i++)
        if (p->query->phrases[i].n_words > 0)
            return;
    for (size_t i = 0; i < p->n; i++) {
        sgp_sense sense = sgp_sense_at(p, i);
        bool is_name = sense == SGP_SENSE_RELATION || sense == SGP_SENSE_COMPASS ||
                       sense == SGP_SENSE_POSTAL ||
                       (sense == SGP_SENSE_WEAK && p->words[i].value == 0);
        if (!is_name)
            return;
    }
    for (size_t i = 0; i < p->n; i++)
        sgp_put_word(p, i, SGP_WORD_NAME, false);
}

/* A phrase that nothing is looked up in is none ("no 5" alone). */
static void drop_empty_phrases(sgp_place_query *q) {
    size_t kept = 0;
    uint8_t place[SGP_QUERY_PHRASES_MAX];
    for (size_t i = 0; i < q->n_phrases; i++) {
        place[i] = q->phrases[i].n_words > 0 ? (uint8_t)kept : SGP_NO_PHRASE;
        if (q->phrases[i].n_words > 0)
            q->phrases[kept++] = q->phrases[i];
    }
    q->n_phrases = kept;
    for (size_t i = 0; i < q->n_words; i++)
        if (q->words[i].phrase != SGP_NO_PHRASE)
            q->words[i].phrase = place[q->words[i].phrase];
}

void sgp_place_parse_words(const sgp_spelt *words, size_t n, sgp_place_query *query) {
    sgp_parser p = {.words = words,
                    .n = n,
                    .query = query,
                    .now = SGP_PARSER_NONE,
                    .target = SGP_PARSER_NONE,
                    .relation_word = SGP_PARSER_NONE,
                    .number_word = SGP_PARSER_NONE};
    memset(query, 0, sizeof *query);
    query->number_value = query->gang = query->rt = query->rw = query->km_m = -1;
    query->n_words = n;
    for (size_t i = 0; i < n; i++) {
        memcpy(query->words[i].text, words[i].text, sizeof words[i].text);
        query->words[i].from = words[i].from;
        query->words[i].to = words[i].to;
        query->words[i].phrase = SGP_NO_PHRASE;
        query->words[i].role = SGP_WORD_LEFT_OVER;
    }
    for (size_t i = 0; i < n;) {
        if (i > 0 && sgp_breaks_before(&p, i) && p.relation != SGP_RELATION_NONE &&
            p.relation_word == (int)i - 1)
            sgp_relate_backwards(&p);
        p.parts += sgp_breaks_before(&p, i);
        sgp_read_gap(&p, i);
        i = read_word(&p, i);
    }
    sgp_relate_backwards(&p);
    keep_something(&p);
    if (p.number_word != SGP_PARSER_NONE)
        sgp_take_number(&p, (size_t)p.number_word, false);
    sgp_relax_rt_rw(&p);
    drop_empty_phrases(query);
}
