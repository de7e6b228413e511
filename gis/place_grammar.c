#include "gis/place_grammar.h"

#include <stdlib.h>
#include <string.h>

enum { NONE = -1 };

typedef struct parser {
    const sgp_spelt *words;
    size_t n;
    sgp_place_query *query;
    int now;                /* the phrase that words go into, NONE = the next word opens one */
    int target;             /* the phrase of the thing itself, NONE = none yet */
    sgp_relation relation;  /* said, and waiting for its landmark */
    int relation_word;      /* where it was said */
    bool crossing;          /* a junction word waits for its first street */
    bool district;          /* after a Kel. or the like */
    bool distance;          /* "100 meter" was said */
    uint64_t rt_rw_words;   /* bit i: word i is the number of an RT or RW */
    int number_word;        /* the best guess of a house number without "no", NONE */
    int parts, number_part; /* between commas: how many so far, and that of number_word */
} parser;

/* ---- phrases ------------------------------------------------------------------------ */

static sgp_query_phrase *phrase_at(parser *p, int i) {
    return i == NONE ? NULL : &p->query->phrases[i];
}

static sgp_sense sense_at(const parser *p, size_t i) {
    return i < p->n ? (sgp_sense)p->words[i].sense : SGP_SENSE_FILLER;
}

static bool breaks_before(const parser *p, size_t i) {
    return i >= p->n || (p->words[i].gap & SGP_GAP_BREAK) != 0;
}

static bool may_be_name(sgp_sense sense) {
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

static bool is_behind_name(const parser *p, size_t i) {
    if (i == 0 || breaks_before(p, i))
        return false;
    sgp_sense sense = sense_at(p, i - 1);
    return p->query->words[i - 1].role == SGP_WORD_NAME ||
           (p->query->words[i - 1].phrase != SGP_NO_PHRASE &&
            (sense == SGP_SENSE_OPTIONAL || sense == SGP_SENSE_CITY || sense == SGP_SENSE_VILLAGE));
}

static bool name_follows(const parser *p, size_t i) {
    return i + 1 < p->n && may_be_name(sense_at(p, i + 1));
}

static bool is_street(sgp_wanted wanted) {
    return wanted == SGP_WANTED_STREET || wanted == SGP_WANTED_GANG;
}

static int open_phrase(parser *p, sgp_phrase_role role, sgp_wanted wanted) {
    sgp_place_query *q = p->query;
    p->district = false;
    if (q->n_phrases == SGP_QUERY_PHRASES_MAX)
        return p->now;
    q->phrases[q->n_phrases] = (sgp_query_phrase){.role = role, .wanted = wanted};
    p->now = (int)q->n_phrases++;
    if (role == SGP_PHRASE_TARGET)
        p->target = p->now;
    return p->now;
}

/* The phrase that the next word goes into; a waiting relation or junction opens its own. */
static sgp_query_phrase *current(parser *p) {
    if (p->relation != SGP_RELATION_NONE) {
        int i = open_phrase(p, SGP_PHRASE_LANDMARK, SGP_WANTED_ANY);
        p->query->phrases[i].relation = p->relation;
        p->relation = SGP_RELATION_NONE;
    } else if (p->crossing) {
        open_phrase(p, SGP_PHRASE_CROSSING, SGP_WANTED_ANY);
    } else if (p->now == NONE) {
        open_phrase(p, SGP_PHRASE_TARGET, SGP_WANTED_ANY);
    }
    p->crossing = false;
    return phrase_at(p, p->now);
}

/* The first word decides ("kidul" of "kidul pasar" is none). */
static void want(const parser *p, sgp_query_phrase *phrase, sgp_wanted wanted) {
    size_t n = phrase->n_words;
    if (n > 0 && p->query->words[phrase->words[0]].role == SGP_WORD_RELATION)
        n--;
    if (phrase->wanted == SGP_WANTED_ANY && n == 0)
        phrase->wanted = wanted;
}

/* The word is looked up as part of the current phrase. */
static void put(parser *p, size_t i, sgp_word_role role, bool optional) {
    sgp_query_phrase *phrase = current(p);
    sgp_query_word *word = &p->query->words[i];
    word->role = role;
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
static void mark(parser *p, size_t i, sgp_word_role role) {
    (void)current(p);
    p->query->words[i].role = role;
    p->query->words[i].phrase = (uint8_t)p->now;
}

static void pass(parser *p, size_t i, sgp_word_role role) {
    p->query->words[i].role = role;
}

/* Streets, gangs, blocks and districts after a landmark are the thing's, not the landmark's. */
static void leave_landmark(parser *p) {
    const sgp_query_phrase *phrase = phrase_at(p, p->now);
    if (!phrase || p->relation != SGP_RELATION_NONE || p->crossing ||
        phrase->role != SGP_PHRASE_LANDMARK || phrase->n_words == 0)
        return;
    p->now = p->target;
    p->district = false;
}

/* ---- markers
 * ------------------------------------------------------------------------------------- */

static size_t read_plain_name(parser *p, size_t i) {
    put(p, i, SGP_WORD_NAME, false);
    return i + 1;
}

/* A word that names may have and callers may leave out. */
static size_t read_loose_name(parser *p, size_t i) {
    put(p, i, SGP_WORD_MARKER, false);
    return i + 1;
}

static size_t read_street(parser *p, size_t i) {
    if (i + 1 == p->n || (breaks_before(p, i + 1) && !may_be_name(sense_at(p, i + 1))))
        return read_loose_name(p, i);
    leave_landmark(p);
    p->district = false;
    sgp_query_phrase *phrase = phrase_at(p, p->now);
    bool waiting = p->relation != SGP_RELATION_NONE || p->crossing;
    /* "jl veteran jl sumbersari": two streets are a junction. */
    if (phrase && !waiting && phrase->n_words > 0 &&
        (phrase->role == SGP_PHRASE_CROSSING ||
         (phrase->role == SGP_PHRASE_TARGET && phrase->wanted == SGP_WANTED_STREET))) {
        phrase->role = SGP_PHRASE_CROSSING;
        if (p->target == p->now)
            p->target = NONE;
        p->query->is_junction = true;
        p->crossing = true;
    }
    phrase = current(p);
    if (phrase->wanted == SGP_WANTED_AREA || phrase->wanted == SGP_WANTED_RT_RW)
        phrase->wanted = SGP_WANTED_STREET;
    want(p, phrase, SGP_WANTED_STREET);
    mark(p, i, SGP_WORD_MARKER);
    i++;
    /* Whatever follows is a name here: "Jalan Simpang Borobudur", "Jalan Belakang RSU",
     * "Jl. 17 Agustus". */
    switch (sense_at(p, i)) {
    case SGP_SENSE_RELATION:
        if (p->words[i].value == SGP_RELATION_IN_FRONT || p->words[i].value == SGP_RELATION_NEAR ||
            p->words[i].value == SGP_RELATION_ACROSS)
            return i;
        return read_plain_name(p, i);
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
            return read_plain_name(p, i);
        return i;
    default:
        return i;
    }
}

static void take_number(parser *p, size_t i, bool certain) {
    sgp_place_query *q = p->query;
    char block[SGP_NUMBER_BYTES];
    q->number_value = sgp_place_number(p->words[i].text, q->number, block);
    q->number_is_certain = certain;
    if (certain)
        p->number_word = NONE;
}

static size_t read_gang(parser *p, size_t i) {
    leave_landmark(p);
    p->district = false;
    sgp_query_phrase *phrase = phrase_at(p, p->now);
    if (phrase && phrase->role == SGP_PHRASE_CROSSING && phrase->n_words > 0 &&
        p->relation == SGP_RELATION_NONE)
        p->crossing = true;
    phrase = current(p);
    if (phrase->wanted != SGP_WANTED_FACILITY)
        phrase->wanted = SGP_WANTED_GANG;
    put(p, i, SGP_WORD_MARKER, false);
    i++;
    if (sense_at(p, i) == SGP_SENSE_NO && sense_at(p, i + 1) == SGP_SENSE_NUMBER)
        mark(p, i++, SGP_WORD_MARKER); /* "gang nomor 5" */
    if (i < p->n && sense_at(p, i) == SGP_SENSE_NUMBER) {
        if (p->query->gang < 0)
            p->query->gang = p->words[i].value;
        put(p, i, SGP_WORD_NUMBER, false);
        i++;
        if (i < p->n && sense_at(p, i) == SGP_SENSE_NUMBER && p->words[i].gap == SGP_GAP_SLASH) {
            mark(p, i, SGP_WORD_NUMBER); /* "gang 3/12" */
            take_number(p, i++, true);
        }
    }
    return i;
}

/* The rest of "12-14", "12/14". */
static size_t skip_range(parser *p, size_t i) {
    while (i < p->n && sense_at(p, i) == SGP_SENSE_NUMBER &&
           (p->words[i].gap == SGP_GAP_HYPHEN || p->words[i].gap == SGP_GAP_SLASH)) {
        mark(p, i, SGP_WORD_NUMBER);
        i++;
    }
    return i;
}

static bool is_joined_number(const parser *p, size_t i) {
    return i < p->n && sense_at(p, i) == SGP_SENSE_NUMBER &&
           (p->words[i].gap == SGP_GAP_HYPHEN || p->words[i].gap == SGP_GAP_SLASH);
}

static bool is_marked_number(const parser *p, size_t i) {
    return i + 1 < p->n && sense_at(p, i) == SGP_SENSE_NO && sense_at(p, i + 1) == SGP_SENSE_NUMBER;
}

/* The block's name; a number written apart is part of it where another one follows: "C 5 no 12",
 * "C 5/12". */
static size_t take_block(parser *p, size_t i) {
    char *text = p->query->words[i].text;
    put(p, i, SGP_WORD_NUMBER, false);
    size_t next = i + 1;
    bool letters = strlen(text) <= 2 && text[0] >= 'a';
    if (letters && next < p->n && sense_at(p, next) == SGP_SENSE_NUMBER &&
        strlen(p->words[next].text) <= 4 &&
        (is_joined_number(p, next + 1) || is_marked_number(p, next + 1))) {
        strcat(text, p->words[next].text);
        mark(p, next++, SGP_WORD_NUMBER);
    }
    if (p->query->block[0] == '\0' && strlen(text) < SGP_NUMBER_BYTES)
        memcpy(p->query->block, text, strlen(text) + 1);
    return next;
}

/* "c2/7", "c2 7": the number behind a block. */
static size_t read_number_of_block(parser *p, size_t i) {
    if (i >= p->n || sense_at(p, i) != SGP_SENSE_NUMBER || (p->words[i].gap & SGP_GAP_BREAK))
        return i;
    bool certain = is_joined_number(p, i) || sense_at(p, i - 1) == SGP_SENSE_BLOCK_NUMBER;
    take_number(p, i, certain);
    mark(p, i, SGP_WORD_NUMBER);
    return skip_range(p, i + 1);
}

static size_t read_block(parser *p, size_t i) {
    leave_landmark(p);
    p->district = false;
    want(p, current(p), SGP_WANTED_ESTATE);
    put(p, i, SGP_WORD_MARKER, false);
    i++;
    if (i >= p->n)
        return i;
    const sgp_spelt *id = &p->words[i];
    bool letters = strlen(id->text) <= 2 && id->sense != SGP_SENSE_NUMBER &&
                   id->sense != SGP_SENSE_NO && id->sense != SGP_SENSE_RT &&
                   id->sense != SGP_SENSE_RW && id->sense != SGP_SENSE_KM;
    if (!letters && id->sense != SGP_SENSE_NUMBER && id->sense != SGP_SENSE_BLOCK_NUMBER)
        return i;
    return read_number_of_block(p, take_block(p, i));
}

static size_t read_number_marker(parser *p, size_t i) {
    if (i + 1 < p->n && sense_at(p, i + 1) == SGP_SENSE_NUMBER) {
        leave_landmark(p);
        mark(p, i, SGP_WORD_MARKER);
        mark(p, i + 1, SGP_WORD_NUMBER);
        take_number(p, i + 1, true);
        return skip_range(p, i + 2);
    }
    if (i + 1 < p->n && sense_at(p, i + 1) == SGP_SENSE_BLOCK_NUMBER) {
        leave_landmark(p);
        mark(p, i, SGP_WORD_MARKER);
        if (is_joined_number(p, i + 2))
            return read_number_of_block(p, take_block(p, i + 1));
        mark(p, i + 1, SGP_WORD_NUMBER);
        take_number(p, i + 1, true);
        return i + 2;
    }
    pass(p, i, SGP_WORD_FILLER);
    return i + 1;
}

static size_t read_area(parser *p, size_t i) {
    sgp_sense before = i > 0 ? sense_at(p, i - 1) : SGP_SENSE_FILLER;
    bool of_office = before == SGP_SENSE_FACILITY && !breaks_before(p, i);
    if (of_office || i + 1 == p->n)
        return of_office ? read_plain_name(p, i) : read_loose_name(p, i);
    if (p->relation != SGP_RELATION_NONE) {
        /* "depan kelurahan Kauman": its office. */
        want(p, current(p), SGP_WANTED_FACILITY);
        return read_loose_name(p, i);
    }
    if (p->target != NONE)
        leave_landmark(p);
    want(p, current(p), SGP_WANTED_AREA);
    if (is_behind_name(p, i) && strcmp(p->words[i].text, "kabupaten") == 0)
        put(p, i, SGP_WORD_MARKER, false); /* "Pendopo Agung Kabupaten Malang" */
    else
        mark(p, i, SGP_WORD_MARKER);
    p->district = true;
    return i + 1;
}

/* "rt 3" or "rw 5"; relax_rt_rw says later whether the number may be missing. */
static size_t read_rt_rw_number(parser *p, size_t marker, size_t i, bool is_rt) {
    int32_t *value = is_rt ? &p->query->rt : &p->query->rw;
    if (marker != SIZE_MAX)
        put(p, marker, SGP_WORD_MARKER, false);
    if (i < p->n && sense_at(p, i) == SGP_SENSE_NUMBER) {
        *value = p->words[i].value;
        put(p, i, SGP_WORD_NUMBER, false);
        p->rt_rw_words |= UINT64_C(1) << i;
        i++;
    }
    return i;
}

/* "RT 3 RW 5", "RT/RW 3/5", "RT 03/05": the numbers may come after both markers. */
static size_t read_rt_rw(parser *p, size_t i) {
    bool is_rt = sense_at(p, i) == SGP_SENSE_RT;
    /* "Balai RW 04", "pos kamling RW 3": the number names the house. */
    static const char *const HOUSES[] = {"balai",    "kamling", "pos",         "gardu",
                                         "posyandu", "kantor",  "sekretariat", "lapangan"};
    for (size_t k = 0; i > 0 && k < sizeof HOUSES / sizeof *HOUSES; k++)
        if (is_behind_name(p, i) && strcmp(p->words[i - 1].text, HOUSES[k]) == 0 &&
            sense_at(p, i + 1) == SGP_SENSE_NUMBER && i + 1 < p->n) {
            put(p, i, SGP_WORD_MARKER, false);
            put(p, i + 1, SGP_WORD_NAME, false);
            return i + 2;
        }
    sgp_sense other = is_rt ? SGP_SENSE_RW : SGP_SENSE_RT;
    leave_landmark(p);
    p->district = false;
    sgp_query_phrase *phrase = current(p);
    if (phrase->wanted == SGP_WANTED_AREA)
        phrase->wanted = SGP_WANTED_RT_RW;
    want(p, phrase, SGP_WANTED_RT_RW);
    if (i + 2 < p->n && sense_at(p, i + 1) == other && sense_at(p, i + 2) == SGP_SENSE_NUMBER) {
        put(p, i, SGP_WORD_MARKER, false);
        put(p, i + 1, SGP_WORD_MARKER, false);
        bool both = sense_at(p, i + 3) == SGP_SENSE_NUMBER && i + 3 < p->n;
        size_t next = read_rt_rw_number(p, SIZE_MAX, i + 2, both ? is_rt : !is_rt);
        return both ? read_rt_rw_number(p, SIZE_MAX, next, !is_rt) : next;
    }
    i = read_rt_rw_number(p, i, i + 1, is_rt);
    if (i < p->n && sense_at(p, i) == SGP_SENSE_NUMBER && p->words[i].gap == SGP_GAP_SLASH)
        i = read_rt_rw_number(p, SIZE_MAX, i, !is_rt);
    return i;
}

static size_t read_km(parser *p, size_t i) {
    if (i + 1 >= p->n || sense_at(p, i + 1) != SGP_SENSE_NUMBER) {
        pass(p, i, SGP_WORD_FILLER);
        return i + 1;
    }
    leave_landmark(p);
    p->district = false;
    sgp_query_phrase *phrase = current(p);
    phrase->wanted = SGP_WANTED_KM_POST;
    put(p, i, SGP_WORD_MARKER, false);
    put(p, i + 1, SGP_WORD_NUMBER, false);
    int32_t km = p->words[i + 1].value;
    p->query->km_m = km >= 0 && km < 10000 ? km * 1000 : -1;
    i += 2;
    if (i < p->n && sense_at(p, i) == SGP_SENSE_NUMBER && strlen(p->words[i].text) == 3 &&
        p->query->km_m >= 0) {
        p->query->km_m += p->words[i].value;
        put(p, i, SGP_WORD_NUMBER, true);
        i++;
    }
    return i;
}

/* ---- relations and junctions
 * ----------------------------------------------------------------------- */

static void relate(parser *p, size_t i, sgp_relation relation) {
    bool is_vague = p->relation == SGP_RELATION_NONE || p->relation == SGP_RELATION_NEAR ||
                    (p->relation == SGP_RELATION_BESIDE && relation >= SGP_RELATION_NORTH &&
                     relation <= SGP_RELATION_WEST);
    if (is_vague)
        p->relation = relation;
    p->relation_word = (int)i;
    p->distance = false;
    p->district = false;
    pass(p, i, SGP_WORD_RELATION);
}

static size_t read_suffix(parser *p, size_t i) {
    while (i < p->n && sense_at(p, i) == SGP_SENSE_SUFFIX && !breaks_before(p, i)) {
        pass(p, i, SGP_WORD_RELATION);
        i++;
    }
    return i;
}

/* A relation that nothing follows speaks of what went before: "RSSA sebelahnya". */
static void relate_backwards(parser *p) {
    sgp_query_phrase *phrase = phrase_at(p, p->now);
    sgp_relation relation = p->relation;
    p->relation = SGP_RELATION_NONE;
    if (relation == SGP_RELATION_NONE)
        return;
    if (!phrase || phrase->role != SGP_PHRASE_TARGET || is_street(phrase->wanted) ||
        phrase->n_words == 0) {
        if (p->relation_word != NONE)
            pass(p, (size_t)p->relation_word, SGP_WORD_LEFT_OVER);
        return;
    }
    phrase->role = SGP_PHRASE_LANDMARK;
    phrase->relation = relation;
    p->target = NONE;
}

static size_t read_relation(parser *p, size_t i) {
    sgp_relation relation = (sgp_relation)p->words[i].value;
    if (relation == SGP_RELATION_INTO) {
        pass(p, i, SGP_WORD_RELATION);
        i++;
        if (sense_at(p, i) == SGP_SENSE_FROM && i < p->n) {
            relate(p, i - 1, SGP_RELATION_INTO);
            pass(p, i, SGP_WORD_FILLER);
            i++;
        } else if (p->now != NONE && i < p->n && sense_at(p, i) != SGP_SENSE_GANG &&
                   p->query->phrases[p->now].role == SGP_PHRASE_TARGET &&
                   is_street(p->query->phrases[p->now].wanted)) {
            /* "jl raya tlogomas masuk perum X": the street is where one turns off. */
            p->query->phrases[p->now].role = SGP_PHRASE_LANDMARK;
            p->query->phrases[p->now].relation = SGP_RELATION_INTO;
            p->now = p->target = NONE;
        }
        return i;
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

/* A compass word is a relation only before a name, and not behind one: "Merdeka Utara" is a
 * name, "utara alun-alun" is not. */
static size_t read_compass(parser *p, size_t i) {
    sgp_sense before = i > 0 && !breaks_before(p, i) ? sense_at(p, i - 1) : SGP_SENSE_FILLER;
    bool behind_name = is_behind_name(p, i);
    bool has_suffix = is_fused_compass(p->words[i].text) ||
                      (sense_at(p, i + 1) == SGP_SENSE_SUFFIX && !breaks_before(p, i + 1));
    bool of_relation = before == SGP_SENSE_RELATION || before == SGP_SENSE_COMPASS ||
                       before == SGP_SENSE_CORNER || before == SGP_SENSE_SUFFIX;
    of_relation = of_relation && !behind_name;
    if (behind_name && !has_suffix)
        return read_plain_name(p, i);
    size_t next = i + 1;
    while (next < p->n &&
           (sense_at(p, next) == SGP_SENSE_SUFFIX || sense_at(p, next) == SGP_SENSE_FROM ||
            sense_at(p, next) == SGP_SENSE_COMPASS))
        next++;
    bool leads = next < p->n && may_be_name(sense_at(p, next));
    if (before == SGP_SENSE_RELATION && p->relation == SGP_RELATION_NEAR && !leads) {
        /* "Jl. Veteran arah timur": which way it drives. */
        pass(p, i, SGP_WORD_FILLER);
        if (p->relation_word != NONE)
            pass(p, (size_t)p->relation_word, SGP_WORD_FILLER);
        p->relation = SGP_RELATION_NONE;
        return i + 1;
    }
    if (!leads && !of_relation && !has_suffix && before != SGP_SENSE_AT)
        return read_plain_name(p, i);
    bool in_doubt = !of_relation && !has_suffix && leads;
    bool second = before == SGP_SENSE_COMPASS && p->relation != SGP_RELATION_NONE;
    if (second)
        pass(p, i, SGP_WORD_RELATION); /* "pojok lor wetan" */
    else
        relate(p, i, (sgp_relation)p->words[i].value);
    size_t end = read_suffix(p, i + 1);
    if (in_doubt && !second) {
        (void)current(p);
        put(p, i, SGP_WORD_RELATION, false);
    }
    return end;
}

static void begin_junction(parser *p) {
    sgp_query_phrase *phrase = phrase_at(p, p->now);
    p->district = false;
    p->query->is_junction = true;
    if (phrase && phrase->role == SGP_PHRASE_TARGET && is_street(phrase->wanted) &&
        p->relation == SGP_RELATION_NONE) {
        phrase->role = SGP_PHRASE_CROSSING;
        p->target = NONE;
    }
    p->crossing = true;
}

static size_t read_junction(parser *p, size_t i) {
    const sgp_spelt *word = &p->words[i];
    size_t next = i + 1;
    while (sense_at(p, next) == SGP_SENSE_JUNCTION_REST || sense_at(p, next) == SGP_SENSE_SUFFIX)
        next++;
    sgp_query_phrase *phrase = phrase_at(p, p->now);
    if (word->sense == SGP_SENSE_SIMPANG && is_behind_name(p, i) && phrase &&
        phrase->wanted == SGP_WANTED_FACILITY) {
        put(p, i, SGP_WORD_JUNCTION, false); /* "SPBU Simpang Raden Intan" */
        return i + 1;
    }
    /* With a thing of its own before it, or a relation, the junction is a landmark. */
    bool is_landmark =
        p->relation == SGP_RELATION_BETWEEN ||
        (p->relation != SGP_RELATION_NONE && p->target != NONE) ||
        (p->relation == SGP_RELATION_NONE && phrase && phrase->role == SGP_PHRASE_TARGET &&
         phrase->n_words > 0 && !is_street(phrase->wanted) && phrase->wanted != SGP_WANTED_AREA &&
         phrase->wanted != SGP_WANTED_RT_RW && next < p->n);
    if (is_landmark) {
        if (p->relation == SGP_RELATION_NONE)
            p->relation = SGP_RELATION_NEAR;
        current(p)->wanted = SGP_WANTED_JUNCTION;
        for (; i < next; i++)
            put(p, i, SGP_WORD_JUNCTION, false);
        return next;
    }
    p->relation = SGP_RELATION_NONE;
    begin_junction(p);
    if (word->sense == SGP_SENSE_JUNCTION && word->value > 0)
        p->query->junction_arms = (uint8_t)word->value;
    p->query->is_roundabout |= word->sense == SGP_SENSE_ROUNDABOUT;
    for (; i < next; i++)
        pass(p, i, SGP_WORD_JUNCTION);
    return next;
}

/* "pojok jl A dan jl B" is a junction, "pojok lor alun-alun" and "pojok pasar" are not. */
static size_t read_corner(parser *p, size_t i) {
    if (i + 1 == p->n && is_behind_name(p, i)) {
        put(p, i, SGP_WORD_JUNCTION, false); /* "Kopi Pojok" */
        return i + 1;
    }
    size_t next = read_suffix(p, i + 1);
    sgp_sense after = sense_at(p, next);
    if (after == SGP_SENSE_COMPASS || after == SGP_SENSE_FACILITY || after == SGP_SENSE_SCHOOL ||
        next >= p->n) {
        relate(p, i, SGP_RELATION_BESIDE);
        return next;
    }
    return read_junction(p, i);
}

/* "dan", "sama", "x": what it joins. */
static size_t read_and(parser *p, size_t i) {
    const sgp_query_phrase *phrase = phrase_at(p, p->now);
    bool waiting = p->relation != SGP_RELATION_NONE || p->crossing;
    pass(p, i, SGP_WORD_FILLER);
    if (!phrase || phrase->n_words == 0 || waiting || i + 1 >= p->n)
        return i + 1;
    if (phrase->role == SGP_PHRASE_LANDMARK && phrase->relation == SGP_RELATION_BETWEEN)
        p->relation = SGP_RELATION_BETWEEN;
    else if (phrase->role == SGP_PHRASE_CROSSING && name_follows(p, i))
        p->crossing = true;
    else if (is_behind_name(p, i) && name_follows(p, i) && sense_at(p, i + 1) != SGP_SENSE_STREET)
        put(p, i, SGP_WORD_FILLER, false);
    return i + 1;
}

/* "jl borobudur ketemu a yani" */
static size_t read_meet(parser *p, size_t i) {
    sgp_query_phrase *phrase = phrase_at(p, p->now);
    if (!phrase || phrase->n_words == 0 || phrase->role == SGP_PHRASE_LANDMARK ||
        p->relation != SGP_RELATION_NONE || p->crossing || !name_follows(p, i)) {
        pass(p, i, SGP_WORD_FILLER);
        return i + 1;
    }
    phrase->role = SGP_PHRASE_CROSSING;
    p->target = NONE;
    p->query->is_junction = p->crossing = true;
    pass(p, i, SGP_WORD_JUNCTION);
    return i + 1;
}

/* A sign between the streets of a junction or between two landmarks. */
static void read_gap(parser *p, size_t i) {
    const sgp_query_phrase *phrase = phrase_at(p, p->now);
    if (i == 0 || !phrase || phrase->n_words == 0 || p->crossing ||
        p->relation != SGP_RELATION_NONE || !may_be_name(sense_at(p, i)))
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

/* ---- numbers and names
 * -------------------------------------------------------------------------------- */

/* "SD Negeri Tlogomas 2" */
static bool has_school(const parser *p, const sgp_query_phrase *phrase) {
    for (size_t i = 0; i < phrase->n_words; i++)
        if (sense_at(p, phrase->words[i]) == SGP_SENSE_SCHOOL)
            return true;
    return false;
}

static size_t read_number(parser *p, size_t i) {
    sgp_sense next = sense_at(p, i + 1);
    bool last = i + 1 >= p->n;
    if (!last && (next == SGP_SENSE_METRE ||
                  (next == SGP_SENSE_KM && sense_at(p, i + 2) != SGP_SENSE_NUMBER))) {
        pass(p, i, SGP_WORD_FILLER);
        pass(p, i + 1, SGP_WORD_FILLER);
        p->distance = true;
        return i + 2;
    }
    sgp_sense before = i > 0 ? sense_at(p, i - 1) : SGP_SENSE_FILLER;
    bool counts = !last && (next == SGP_SENSE_COUNTED || next == SGP_SENSE_CLOCK);
    bool of_time = before == SGP_SENSE_NUMBER && p->query->words[i - 1].role == SGP_WORD_FILLER &&
                   (p->words[i].gap & (SGP_GAP_DOT | SGP_GAP_OTHER | SGP_GAP_HYPHEN)) != 0;
    bool is_time = !last && next == SGP_SENSE_NUMBER && sense_at(p, i + 2) == SGP_SENSE_CLOCK &&
                   i + 2 < p->n && (p->words[i + 1].gap & (SGP_GAP_DOT | SGP_GAP_OTHER)) != 0;
    if (counts || of_time || is_time || before == SGP_SENSE_CLOCK) {
        pass(p, i, SGP_WORD_FILLER);
        if (counts)
            pass(p, i + 1, SGP_WORD_FILLER);
        return counts ? i + 2 : i + 1;
    }
    static const char *const LINES[] = {"110", "112", "113", "115", "118", "119"};
    for (size_t k = 0; k < sizeof LINES / sizeof *LINES; k++)
        if (before >= SGP_SENSE_AND && strcmp(p->words[i].text, LINES[k]) == 0) {
            pass(p, i, SGP_WORD_FILLER); /* "halo 112" */
            return i + 1;
        }
    bool of_school = before == SGP_SENSE_SCHOOL && i > 0;
    of_school |= i > 1 && before == SGP_SENSE_OPTIONAL && sense_at(p, i - 2) == SGP_SENSE_SCHOOL;
    if (of_school)
        return read_plain_name(p, i);
    sgp_query_phrase *phrase = current(p);
    /* "SPBU 54.651.01" is a name, "jl veteran 5, sawojajar 2" one house. */
    bool of_code = (p->words[i].gap == SGP_GAP_DOT && before == SGP_SENSE_NUMBER && i > 0) ||
                   (!last && next == SGP_SENSE_NUMBER && p->words[i + 1].gap == SGP_GAP_DOT);
    of_code |= p->words[i].gap == SGP_GAP_HYPHEN && i > 0 && p->words[i - 1].text[1] == '\0';
    if (of_code || (i > 0 && strcmp(p->words[i - 1].text, "kampus") == 0))
        return read_plain_name(p, i);
    bool is_later = p->number_word != NONE && p->parts > p->number_part;
    bool of_landmark = phrase->role != SGP_PHRASE_TARGET && !is_street(phrase->wanted);
    put(p, i, SGP_WORD_NUMBER, true);
    bool is_name = of_landmark || has_school(p, phrase);
    if (is_name || is_later || p->query->number_is_certain) {
        p->query->words[i].role = SGP_WORD_NAME;
        p->query->words[i].optional = !is_name;
    } else
        p->number_word = (int)i, p->number_part = p->parts;
    return skip_range(p, i + 1);
}

static size_t read_block_number(parser *p, size_t i) {
    const sgp_query_phrase *phrase = phrase_at(p, p->now);
    bool of_estate = phrase && phrase->wanted == SGP_WANTED_ESTATE;
    bool of_facility = phrase && phrase->wanted == SGP_WANTED_FACILITY && is_behind_name(p, i);
    bool numbered =
        i + 1 < p->n && sense_at(p, i + 1) == SGP_SENSE_NUMBER && !breaks_before(p, i + 1);
    if ((!numbered && !is_marked_number(p, i + 1) && !of_estate) || of_facility)
        return read_plain_name(p, i);
    leave_landmark(p);
    return read_number_of_block(p, take_block(p, i));
}

static size_t read_name(parser *p, size_t i) {
    sgp_sense sense = sense_at(p, i);
    if (p->distance && p->relation == SGP_RELATION_NONE && i > 0 &&
        sense_at(p, i - 1) == SGP_SENSE_FROM)
        p->relation = SGP_RELATION_NEAR;
    p->distance = false;
    if (i > 0 && breaks_before(p, i)) {
        p->district = false;
        const sgp_query_phrase *phrase = phrase_at(p, p->now);
        bool is_thing = sense == SGP_SENSE_FACILITY || sense == SGP_SENSE_SCHOOL;
        if (phrase && phrase->role == SGP_PHRASE_LANDMARK && phrase->n_words > 0 &&
            p->relation == SGP_RELATION_NONE && (p->target != NONE || is_thing))
            p->now = p->target;
    }
    /* The province at the end of an address. */
    if (i > 0 && strcmp(p->words[i].text, "jawa") == 0 && sense_at(p, i + 1) == SGP_SENSE_COMPASS &&
        i + 1 < p->n &&
        (i + 2 == p->n || breaks_before(p, i + 2) || sense_at(p, i + 2) >= SGP_SENSE_AND)) {
        pass(p, i, SGP_WORD_FILLER);
        pass(p, i + 1, SGP_WORD_FILLER);
        return i + 2;
    }
    bool of_hall = i > 0 && strcmp(p->words[i - 1].text, "balai") == 0 && !breaks_before(p, i);
    if (strcmp(p->words[i].text, "daerah") == 0 && !is_behind_name(p, i)) {
        pass(p, i, SGP_WORD_FILLER); /* the region of, not a hospital's "Umum Daerah" */
        return i + 1;
    }
    if (sense == SGP_SENSE_FACILITY || sense == SGP_SENSE_SCHOOL)
        want(p, current(p), SGP_WANTED_FACILITY);
    else if (sense == SGP_SENSE_ESTATE_NAME)
        want(p, current(p), SGP_WANTED_ESTATE);
    bool is_loose = sense == SGP_SENSE_OPTIONAL || (sense == SGP_SENSE_CITY && !of_hall) ||
                    sense == SGP_SENSE_VILLAGE;
    return is_loose ? read_loose_name(p, i) : read_plain_name(p, i);
}

static size_t read_filler(parser *p, size_t i) {
    sgp_sense sense = sense_at(p, i);
    bool behind_name = is_behind_name(p, i);
    bool may_be_named =
        sense == SGP_SENSE_WEAK || sense == SGP_SENSE_METRE || sense == SGP_SENSE_COUNTED;
    if (may_be_named && behind_name && p->relation == SGP_RELATION_NONE &&
        (p->words[i].value == 0 || name_follows(p, i))) {
        put(p, i, SGP_WORD_FILLER, false); /* "sedap malam": of use where a name has it */
        return i + 1;
    }
    pass(p, i, SGP_WORD_FILLER);
    return i + 1;
}

/* "C-12", "e/10": a block and a number, whatever else the letter may mean. */
static bool is_block_and_number(const parser *p, size_t i) {
    const sgp_spelt *word = &p->words[i], *next = word + 1;
    if (p->now != NONE && p->query->phrases[p->now].wanted == SGP_WANTED_FACILITY &&
        is_behind_name(p, i))
        return false; /* "Apotek K-24" */
    return i + 1 < p->n && word->text[1] == '\0' && word->text[0] >= 'a' &&
           next->sense == SGP_SENSE_NUMBER &&
           (next->gap == SGP_GAP_HYPHEN || next->gap == SGP_GAP_SLASH);
}

static size_t read_word(parser *p, size_t i) {
    if (is_block_and_number(p, i)) {
        leave_landmark(p);
        return read_number_of_block(p, take_block(p, i));
    }
    switch (sense_at(p, i)) {
    case SGP_SENSE_STREET:
        return read_street(p, i);
    case SGP_SENSE_GANG:
        return read_gang(p, i);
    case SGP_SENSE_ESTATE:
        if (i + 1 == p->n)
            return read_loose_name(p, i);
        leave_landmark(p);
        p->district = false;
        if (current(p)->wanted == SGP_WANTED_AREA)
            current(p)->wanted = SGP_WANTED_ESTATE;
        want(p, current(p), SGP_WANTED_ESTATE);
        mark(p, i, SGP_WORD_MARKER);
        return i + 1;
    case SGP_SENSE_BLOCK:
        return read_block(p, i);
    case SGP_SENSE_AREA:
        return read_area(p, i);
    case SGP_SENSE_RT:
    case SGP_SENSE_RW:
        return read_rt_rw(p, i);
    case SGP_SENSE_NO:
    case SGP_SENSE_PLOT:
        return read_number_marker(p, i);
    case SGP_SENSE_KM:
        return read_km(p, i);
    case SGP_SENSE_RELATION:
        return read_relation(p, i);
    case SGP_SENSE_COMPASS:
        return read_compass(p, i);
    case SGP_SENSE_JUNCTION:
    case SGP_SENSE_SIMPANG:
    case SGP_SENSE_ROUNDABOUT:
        return read_junction(p, i);
    case SGP_SENSE_CORNER:
        return read_corner(p, i);
    case SGP_SENSE_AND:
        return read_and(p, i);
    case SGP_SENSE_MEET:
        return read_meet(p, i);
    case SGP_SENSE_NUMBER:
        return read_number(p, i);
    case SGP_SENSE_BLOCK_NUMBER:
        return read_block_number(p, i);
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
static void keep_something(parser *p) {
    for (size_t i = 0; i < p->query->n_phrases; i++)
        if (p->query->phrases[i].n_words > 0)
            return;
    for (size_t i = 0; i < p->n; i++) {
        sgp_sense sense = sense_at(p, i);
        bool is_name = sense == SGP_SENSE_RELATION || sense == SGP_SENSE_COMPASS ||
                       sense == SGP_SENSE_POSTAL ||
                       (sense == SGP_SENSE_WEAK && p->words[i].value == 0);
        if (!is_name)
            return;
    }
    for (size_t i = 0; i < p->n; i++)
        put(p, i, SGP_WORD_NAME, false);
}

/* Of a street or a facility the RT says no more than where; of a kelurahan it is what is meant. */
static void relax_rt_rw(parser *p) {
    for (size_t i = 0; i < p->n; i++) {
        sgp_query_word *word = &p->query->words[i];
        if ((p->rt_rw_words >> i & 1) != 0 && word->role == SGP_WORD_NUMBER)
            word->optional = p->query->phrases[word->phrase].wanted != SGP_WANTED_RT_RW;
    }
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
    parser p = {.words = words,
                .n = n,
                .query = query,
                .now = NONE,
                .target = NONE,
                .relation_word = NONE,
                .number_word = NONE};
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
        if (i > 0 && breaks_before(&p, i) && p.relation != SGP_RELATION_NONE &&
            p.relation_word == (int)i - 1)
            relate_backwards(&p);
        p.parts += breaks_before(&p, i);
        read_gap(&p, i);
        i = read_word(&p, i);
    }
    relate_backwards(&p);
    keep_something(&p);
    if (p.number_word != NONE)
        take_number(&p, (size_t)p.number_word, false);
    relax_rt_rw(&p);
    drop_empty_phrases(query);
}
