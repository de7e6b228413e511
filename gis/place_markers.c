/* Markers and what they say: streets, gangs, estates and blocks, house numbers, districts, RT and
 * RW, milestones. */
#include <stdlib.h>
#include <string.h>

#include "gis/place_phrases.h"

size_t sgp_read_street(sgp_parser *p, size_t i) {
    if (i + 1 == p->n || (sgp_breaks_before(p, i + 1) && !sgp_may_be_name(sgp_sense_at(p, i + 1))))
        return sgp_read_loose_name(p, i);
    const sgp_query_phrase *before = sgp_phrase_at(p, p->now);
    if (!before || before->wanted != SGP_WANTED_GANG) /* "depan gang 5 jl sumbersari" */
        sgp_leave_landmark(p);
    p->district = p->towards = false;
    sgp_query_phrase *phrase = sgp_phrase_at(p, p->now);
    bool waiting = p->relation != SGP_RELATION_NONE || p->crossing;
    /* "jl veteran jl sumbersari": two streets are a junction. */
    if (phrase && !waiting && phrase->n_words > 0 &&
        (phrase->role == SGP_PHRASE_CROSSING ||
         (phrase->role == SGP_PHRASE_TARGET && phrase->wanted == SGP_WANTED_STREET))) {
        phrase->role = SGP_PHRASE_CROSSING;
        if (p->target == p->now)
            p->target = SGP_PARSER_NONE;
        p->query->is_junction = true;
        p->crossing = true;
    }
    phrase = sgp_current_phrase(p);
    if (phrase->wanted == SGP_WANTED_AREA || phrase->wanted == SGP_WANTED_RT_RW)
        phrase->wanted = SGP_WANTED_STREET;
    sgp_want(p, phrase, SGP_WANTED_STREET);
    sgp_mark_word(p, i, SGP_WORD_MARKER);
    i++;
    /* Whatever follows is a name here: "Jalan Simpang Borobudur", "Jalan Belakang RSU",
     * "Jl. 17 Agustus". */
    switch (sgp_sense_at(p, i)) {
    case SGP_SENSE_RELATION:
        if (p->words[i].value == SGP_RELATION_IN_FRONT || p->words[i].value == SGP_RELATION_NEAR ||
            p->words[i].value == SGP_RELATION_ACROSS)
            return i;
        return sgp_read_plain_name(p, i);
    case SGP_SENSE_NUMBER:
    case SGP_SENSE_COMPASS:
    case SGP_SENSE_SIMPANG:
    case SGP_SENSE_CORNER:
    case SGP_SENSE_ROUNDABOUT:
    case SGP_SENSE_SUFFIX:
    case SGP_SENSE_METRE:
    case SGP_SENSE_WEAK:
    case SGP_SENSE_FACILITY:
    case SGP_SENSE_SCHOOL:
    case SGP_SENSE_ESTATE_NAME:
    case SGP_SENSE_VILLAGE:
    case SGP_SENSE_CITY:
    case SGP_SENSE_COUNTED:
        if (i < p->n)
            return sgp_read_plain_name(p, i);
        return i;
    default:
        return i;
    }
}

void sgp_take_number(sgp_parser *p, size_t i, bool certain) {
    sgp_place_query *q = p->query;
    char block[SGP_NUMBER_BYTES];
    q->number_value = sgp_place_number(p->words[i].text, q->number, block);
    q->number_is_certain = certain;
    if (certain)
        p->number_word = SGP_PARSER_NONE;
}

size_t sgp_read_gang(sgp_parser *p, size_t i) {
    sgp_leave_landmark(p);
    p->district = false;
    sgp_query_phrase *phrase = sgp_phrase_at(p, p->now);
    if (phrase && phrase->role == SGP_PHRASE_CROSSING && phrase->n_words > 0 &&
        p->relation == SGP_RELATION_NONE)
        p->crossing = true;
    phrase = sgp_current_phrase(p);
    if (phrase->wanted != SGP_WANTED_FACILITY)
        phrase->wanted = SGP_WANTED_GANG;
    sgp_put_word(p, i, SGP_WORD_MARKER, false);
    i++;
    if (sgp_sense_at(p, i) == SGP_SENSE_NO && sgp_sense_at(p, i + 1) == SGP_SENSE_NUMBER)
        sgp_mark_word(p, i++, SGP_WORD_MARKER); /* "gang nomor 5" */
    if (i < p->n && sgp_sense_at(p, i) == SGP_SENSE_NUMBER) {
        if (p->query->gang < 0)
            p->query->gang = p->words[i].value;
        sgp_put_word(p, i, SGP_WORD_NUMBER, false);
        i++;
        if (i < p->n && sgp_sense_at(p, i) == SGP_SENSE_NUMBER &&
            p->words[i].gap == SGP_GAP_SLASH) {
            sgp_mark_word(p, i, SGP_WORD_NUMBER); /* "gang 3/12" */
            sgp_take_number(p, i++, true);
        }
    }
    return i;
}

/* The rest of "12-14", "12/14". */
size_t sgp_skip_range(sgp_parser *p, size_t i) {
    while (i < p->n && sgp_sense_at(p, i) == SGP_SENSE_NUMBER &&
           (p->words[i].gap == SGP_GAP_HYPHEN || p->words[i].gap == SGP_GAP_SLASH)) {
        sgp_mark_word(p, i, SGP_WORD_NUMBER);
        i++;
    }
    return i;
}

static bool is_joined_number(const sgp_parser *p, size_t i) {
    return i < p->n && sgp_sense_at(p, i) == SGP_SENSE_NUMBER &&
           (p->words[i].gap == SGP_GAP_HYPHEN || p->words[i].gap == SGP_GAP_SLASH);
}

static bool is_marked_number(const sgp_parser *p, size_t i) {
    return i + 1 < p->n && sgp_sense_at(p, i) == SGP_SENSE_NO &&
           sgp_sense_at(p, i + 1) == SGP_SENSE_NUMBER;
}

/* The block's name; a number written apart is part of it where another one follows: "C 5 no 12",
 * "C 5/12". */
size_t sgp_take_block(sgp_parser *p, size_t i) {
    char *text = p->query->words[i].text;
    sgp_put_word(p, i, SGP_WORD_NUMBER, false);
    size_t next = i + 1;
    bool letters = strlen(text) <= 2 && text[0] >= 'a';
    if (letters && next < p->n && sgp_sense_at(p, next) == SGP_SENSE_NUMBER &&
        strlen(p->words[next].text) <= 4 &&
        (is_joined_number(p, next + 1) || is_marked_number(p, next + 1))) {
        strcat(text, p->words[next].text);
        sgp_mark_word(p, next++, SGP_WORD_NUMBER);
    }
    if (p->query->block[0] == '\0' && strlen(text) < SGP_NUMBER_BYTES)
        memcpy(p->query->block, text, strlen(text) + 1);
    return next;
}

/* "c2/7", "c2 7": the number behind a block. */
size_t sgp_read_number_of_block(sgp_parser *p, size_t i) {
    if (i >= p->n || sgp_sense_at(p, i) != SGP_SENSE_NUMBER || (p->words[i].gap & SGP_GAP_BREAK))
        return i;
    bool certain = is_joined_number(p, i) || sgp_sense_at(p, i - 1) == SGP_SENSE_BLOCK_NUMBER;
    sgp_take_number(p, i, certain);
    sgp_mark_word(p, i, SGP_WORD_NUMBER);
    return sgp_skip_range(p, i + 1);
}

size_t sgp_read_block(sgp_parser *p, size_t i) {
    sgp_leave_landmark(p);
    p->district = false;
    sgp_want(p, sgp_current_phrase(p), SGP_WANTED_ESTATE);
    sgp_put_word(p, i, SGP_WORD_MARKER, false);
    i++;
    if (i >= p->n)
        return i;
    const sgp_spelt *id = &p->words[i];
    bool letters = strlen(id->text) <= 2 && id->sense != SGP_SENSE_NUMBER &&
                   id->sense != SGP_SENSE_NO && id->sense != SGP_SENSE_RT &&
                   id->sense != SGP_SENSE_RW && id->sense != SGP_SENSE_KM;
    if (!letters && id->sense != SGP_SENSE_NUMBER && id->sense != SGP_SENSE_BLOCK_NUMBER)
        return i;
    return sgp_read_number_of_block(p, sgp_take_block(p, i));
}

/* "C-12", "e/10": a block and a number, whatever else the letter may mean. */
bool sgp_is_block_and_number(const sgp_parser *p, size_t i) {
    const sgp_spelt *word = &p->words[i], *next = word + 1;
    if (p->now != SGP_PARSER_NONE && p->query->phrases[p->now].wanted == SGP_WANTED_FACILITY &&
        sgp_is_behind_name(p, i))
        return false; /* "Apotek K-24" */
    bool of_estate = p->now != SGP_PARSER_NONE && sgp_is_behind_name(p, i) &&
                     p->query->phrases[p->now].wanted == SGP_WANTED_ESTATE;
    return i + 1 < p->n && word->text[1] == '\0' && word->text[0] >= 'a' &&
           next->sense == SGP_SENSE_NUMBER &&
           (next->gap == SGP_GAP_HYPHEN || next->gap == SGP_GAP_SLASH ||
            (of_estate && next->gap == SGP_GAP_SPACE)); /* "griya shanta p 415" */
}

size_t sgp_read_block_number(sgp_parser *p, size_t i) {
    const sgp_query_phrase *phrase = sgp_phrase_at(p, p->now);
    bool of_estate = phrase && phrase->wanted == SGP_WANTED_ESTATE;
    bool of_facility = phrase && phrase->wanted == SGP_WANTED_FACILITY && sgp_is_behind_name(p, i);
    bool numbered =
        i + 1 < p->n && sgp_sense_at(p, i + 1) == SGP_SENSE_NUMBER && !sgp_breaks_before(p, i + 1);
    if ((!numbered && !is_marked_number(p, i + 1) && !of_estate) || of_facility)
        return sgp_read_plain_name(p, i);
    sgp_leave_landmark(p);
    return sgp_read_number_of_block(p, sgp_take_block(p, i));
}

size_t sgp_read_number_marker(sgp_parser *p, size_t i) {
    if (i + 1 < p->n && sgp_sense_at(p, i + 1) == SGP_SENSE_NUMBER) {
        sgp_leave_landmark(p);
        sgp_mark_word(p, i, SGP_WORD_MARKER);
        sgp_mark_word(p, i + 1, SGP_WORD_NUMBER);
        sgp_take_number(p, i + 1, true);
        return sgp_skip_range(p, i + 2);
    }
    if (i + 1 < p->n && sgp_sense_at(p, i + 1) == SGP_SENSE_BLOCK_NUMBER) {
        sgp_leave_landmark(p);
        sgp_mark_word(p, i, SGP_WORD_MARKER);
        if (is_joined_number(p, i + 2))
            return sgp_read_number_of_block(p, sgp_take_block(p, i + 1));
        sgp_mark_word(p, i + 1, SGP_WORD_NUMBER);
        sgp_take_number(p, i + 1, true);
        return i + 2;
    }
    sgp_pass_word(p, i, SGP_WORD_FILLER);
    return i + 1;
}

size_t sgp_read_area(sgp_parser *p, size_t i) {
    sgp_sense before = i > 0 ? sgp_sense_at(p, i - 1) : SGP_SENSE_FILLER;
    bool of_office = before == SGP_SENSE_FACILITY && !sgp_breaks_before(p, i);
    if (of_office || i + 1 == p->n)
        return of_office ? sgp_read_plain_name(p, i) : sgp_read_loose_name(p, i);
    if (p->relation != SGP_RELATION_NONE) {
        /* "depan kelurahan Kauman": its office. */
        sgp_want(p, sgp_current_phrase(p), SGP_WANTED_FACILITY);
        return sgp_read_loose_name(p, i);
    }
    if (p->target != SGP_PARSER_NONE)
        sgp_leave_landmark(p);
    sgp_want(p, sgp_current_phrase(p), SGP_WANTED_AREA);
    if (sgp_is_behind_name(p, i) && strcmp(p->words[i].text, "kabupaten") == 0)
        sgp_put_word(p, i, SGP_WORD_MARKER, false); /* "Pendopo Agung Kabupaten Malang" */
    else
        sgp_mark_word(p, i, SGP_WORD_MARKER);
    p->district = true;
    return i + 1;
}

/* "rt 3" or "rw 5"; relax_rt_rw says later whether the number may be missing. */
static size_t read_rt_rw_number(sgp_parser *p, size_t marker, size_t i, bool is_rt) {
    int32_t *value = is_rt ? &p->query->rt : &p->query->rw;
    if (marker != SIZE_MAX)
        sgp_put_word(p, marker, SGP_WORD_MARKER, false);
    if (i < p->n && sgp_sense_at(p, i) == SGP_SENSE_NUMBER) {
        *value = p->words[i].value;
        sgp_put_word(p, i, SGP_WORD_NUMBER, false);
        p->rt_rw_words |= UINT64_C(1) << i;
        i++;
    }
    return i;
}

/* "RT 3 RW 5", "RT/RW 3/5", "RT 03/05": the numbers may come after both markers. */
size_t sgp_read_rt_rw(sgp_parser *p, size_t i) {
    bool is_rt = sgp_sense_at(p, i) == SGP_SENSE_RT;
    /* "Balai RW 04", "pos kamling RW 3": the number names the house. */
    static const char *const HOUSES[] = {"balai",    "kamling", "pos",         "gardu",
                                         "posyandu", "kantor",  "sekretariat", "lapangan"};
    for (size_t k = 0; i > 0 && k < sizeof HOUSES / sizeof *HOUSES; k++)
        if (sgp_is_behind_name(p, i) && strcmp(p->words[i - 1].text, HOUSES[k]) == 0 &&
            sgp_sense_at(p, i + 1) == SGP_SENSE_NUMBER && i + 1 < p->n) {
            sgp_put_word(p, i, SGP_WORD_MARKER, false);
            sgp_put_word(p, i + 1, SGP_WORD_NAME, false);
            return i + 2;
        }
    sgp_sense other = is_rt ? SGP_SENSE_RW : SGP_SENSE_RT;
    sgp_leave_landmark(p);
    p->district = false;
    sgp_query_phrase *phrase = sgp_current_phrase(p);
    if (phrase->wanted == SGP_WANTED_AREA)
        phrase->wanted = SGP_WANTED_RT_RW;
    sgp_want(p, phrase, SGP_WANTED_RT_RW);
    if (i + 2 < p->n && sgp_sense_at(p, i + 1) == other &&
        sgp_sense_at(p, i + 2) == SGP_SENSE_NUMBER) {
        sgp_put_word(p, i, SGP_WORD_MARKER, false);
        sgp_put_word(p, i + 1, SGP_WORD_MARKER, false);
        bool both = sgp_sense_at(p, i + 3) == SGP_SENSE_NUMBER && i + 3 < p->n;
        size_t next = read_rt_rw_number(p, SIZE_MAX, i + 2, both ? is_rt : !is_rt);
        return both ? read_rt_rw_number(p, SIZE_MAX, next, !is_rt) : next;
    }
    i = read_rt_rw_number(p, i, i + 1, is_rt);
    if (i < p->n && sgp_sense_at(p, i) == SGP_SENSE_NUMBER && p->words[i].gap == SGP_GAP_SLASH)
        i = read_rt_rw_number(p, SIZE_MAX, i, !is_rt);
    return i;
}

/* Of a street or a facility the RT says no more than where; of a kelurahan it is what is meant. */
void sgp_relax_rt_rw(sgp_parser *p) {
    for (size_t i = 0; i < p->n; i++) {
        sgp_query_word *word = &p->query->words[i];
        if ((p->rt_rw_words >> i & 1) != 0 && word->role == SGP_WORD_NUMBER)
            word->optional = p->query->phrases[word->phrase].wanted != SGP_WANTED_RT_RW;
    }
}

size_t sgp_read_km(sgp_parser *p, size_t i) {
    if (i + 1 >= p->n || sgp_sense_at(p, i + 1) != SGP_SENSE_NUMBER) {
        sgp_pass_word(p, i, SGP_WORD_FILLER);
        return i + 1;
    }
    sgp_leave_landmark(p);
    p->district = false;
    sgp_query_phrase *phrase = sgp_current_phrase(p);
    phrase->wanted = SGP_WANTED_KM_POST;
    sgp_put_word(p, i, SGP_WORD_MARKER, false);
    sgp_put_word(p, i + 1, SGP_WORD_NUMBER, false);
    int32_t km = p->words[i + 1].value;
    p->query->km_m = km >= 0 && km < 10000 ? km * 1000 : -1;
    i += 2;
    if (i < p->n && sgp_sense_at(p, i) == SGP_SENSE_NUMBER && strlen(p->words[i].text) == 3 &&
        p->query->km_m >= 0) {
        p->query->km_m += p->words[i].value;
        sgp_put_word(p, i, SGP_WORD_NUMBER, true);
        i++;
    }
    return i;
}
