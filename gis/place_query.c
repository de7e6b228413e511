#include "gis/place_query.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "gis/place_grammar.h"

const char *sgp_word_role_str(sgp_word_role role) {
    static const char *const NAMES[] = {"NAME",     "MARKER", "NUMBER",   "RELATION",
                                        "JUNCTION", "FILLER", "LEFT_OVER"};
    return (size_t)role < sizeof NAMES / sizeof *NAMES ? NAMES[role] : "LEFT_OVER";
}

const char *sgp_relation_str(sgp_relation relation) {
    static const char *const NAMES[] = {"NONE",  "IN_FRONT", "BEHIND", "BESIDE", "ACROSS",  "NEAR",
                                        "NORTH", "EAST",     "SOUTH",  "WEST",   "BETWEEN", "INTO"};
    return (size_t)relation < sizeof NAMES / sizeof *NAMES ? NAMES[relation] : "NONE";
}

/* ---- one text ----------------------------------------------------------------------------------
 */

static size_t spell(const char *text, size_t length, sgp_spelt *words, size_t capacity,
                    size_t *n_cut) {
    sgp_token tokens[SGP_TOKENS_MAX];
    size_t n = sgp_place_tokens(text, length, tokens, SGP_TOKENS_MAX);
    *n_cut = n > SGP_TOKENS_MAX ? n - SGP_TOKENS_MAX : 0;
    if (n > SGP_TOKENS_MAX)
        n = SGP_TOKENS_MAX;
    return sgp_place_spell(text, tokens, n, words, capacity, n_cut);
}

static void parse_one(const char *text, size_t length, size_t offset, sgp_place_query *query) {
    sgp_spelt words[SGP_QUERY_WORDS_MAX];
    size_t n_cut;
    size_t n = spell(text, length, words, SGP_QUERY_WORDS_MAX, &n_cut);
    for (size_t i = 0; i < n; i++) {
        words[i].from = (uint16_t)(words[i].from + offset);
        words[i].to = (uint16_t)(words[i].to + offset);
    }
    sgp_place_parse_words(words, n, query);
    query->n_cut = n_cut;
}

/* ---- a conversation
 * ------------------------------------------------------------------------------ */

static void append_words(sgp_place_query *query, const sgp_place_query *newer) {
    for (size_t i = 0; i < newer->n_words; i++)
        query->words[query->n_words + i] = newer->words[i];
    query->n_words += newer->n_words;
}

/* Words of the older texts give way to those of the newer one. */
static void make_room(sgp_place_query *older, size_t wanted) {
    size_t keep = SGP_QUERY_WORDS_MAX - wanted;
    if (older->n_words <= keep)
        return;
    older->n_cut += older->n_words - keep;
    older->n_words = keep;
    for (size_t i = 0; i < older->n_phrases; i++) {
        sgp_query_phrase *phrase = &older->phrases[i];
        while (phrase->n_words > 0 && phrase->words[phrase->n_words - 1] >= keep)
            phrase->n_words--;
    }
}

/* Of two kinds the one that tells more of what is meant. */
static sgp_wanted finer(sgp_wanted a, sgp_wanted b) {
    static const sgp_wanted FROM_COARSE[] = {
        SGP_WANTED_ANY,    SGP_WANTED_AREA,    SGP_WANTED_RT_RW,
        SGP_WANTED_ESTATE, SGP_WANTED_STREET,  SGP_WANTED_FACILITY,
        SGP_WANTED_GANG,   SGP_WANTED_KM_POST, SGP_WANTED_JUNCTION};
    sgp_wanted found = a;
    for (size_t i = 0; i < sizeof FROM_COARSE / sizeof *FROM_COARSE; i++)
        if (FROM_COARSE[i] == a || FROM_COARSE[i] == b)
            found = FROM_COARSE[i];
    return found;
}

static bool has_name(const sgp_place_query *query, const sgp_query_phrase *phrase) {
    for (size_t i = 0; i < phrase->n_words; i++)
        if (query->words[phrase->words[i]].role == SGP_WORD_NAME)
            return true;
    return false;
}

static bool has_text(const sgp_place_query *query, const sgp_query_phrase *phrase,
                     const char *text) {
    for (size_t i = 0; i < phrase->n_words; i++)
        if (strcmp(query->words[phrase->words[i]].text, text) == 0)
            return true;
    return false;
}

/* "depan masjid", and then "masjid sabilillah": said again in full. */
static bool is_said_again(const sgp_place_query *query, const sgp_query_phrase *older,
                          const sgp_query_phrase *newer) {
    for (size_t i = 0; i < older->n_words; i++)
        if (!has_text(query, newer, query->words[older->words[i]].text))
            return false;
    return newer->role == SGP_PHRASE_TARGET || newer->role == older->role;
}

/* Whether two phrases of a target tell of one thing: "gang 5" and then "sumbersari". Two streets,
 * or two of another kind, are a correction: the newer one goes first. */
static bool are_one(const sgp_place_query *query, const sgp_query_phrase *older,
                    const sgp_query_phrase *newer, bool is_alone) {
    if (newer->role != SGP_PHRASE_TARGET || older->n_words + newer->n_words > SGP_PHRASE_WORDS_MAX)
        return false;
    bool is_vague = newer->wanted == SGP_WANTED_ANY || newer->wanted == SGP_WANTED_AREA;
    /* "depan masjid", "sumbersari": as if said in one breath. */
    if (older->role == SGP_PHRASE_LANDMARK)
        return is_vague && is_alone;
    if (older->role == SGP_PHRASE_CROSSING)
        return is_vague;
    return older->wanted != newer->wanted || is_vague || !has_name(query, newer);
}

static void add_in_order(sgp_query_phrase *phrase, const sgp_query_phrase *more) {
    for (size_t i = 0; i < more->n_words; i++) {
        size_t at = phrase->n_words++;
        for (; at > 0 && phrase->words[at - 1] > more->words[i]; at--)
            phrase->words[at] = phrase->words[at - 1];
        phrase->words[at] = more->words[i];
    }
}

/* Of a street the RT is no more than where; sgp_place_parse_words does the same in one text. */
static void relax_numbers(sgp_place_query *query, const sgp_query_phrase *phrase) {
    for (size_t i = 0; i < phrase->n_words; i++)
        if (query->words[phrase->words[i]].role == SGP_WORD_NUMBER)
            query->words[phrase->words[i]].optional = true;
}

/* Adds an older text's phrase behind the newer ones, or to the one of them that it tells of.
 * Returns its place, SGP_NO_PHRASE where there is no room. */
static uint8_t merge_phrase(sgp_place_query *merged, size_t n_newer, const sgp_query_phrase *phrase,
                            bool is_alone) {
    if (phrase->n_words == 0)
        return SGP_NO_PHRASE; /* all its words gave way to newer ones */
    for (size_t i = 0; i < n_newer; i++) {
        sgp_query_phrase *with = &merged->phrases[i];
        if (is_said_again(merged, phrase, with)) {
            with->role = phrase->role;
            with->relation = phrase->relation;
            with->wanted = finer(with->wanted, phrase->wanted);
            return (uint8_t)i;
        }
        if (!are_one(merged, phrase, with, is_alone))
            continue;
        sgp_wanted wanted = finer(with->wanted, phrase->wanted);
        if (wanted != SGP_WANTED_RT_RW && phrase->wanted == SGP_WANTED_RT_RW)
            relax_numbers(merged, phrase);
        if (wanted != SGP_WANTED_RT_RW && with->wanted == SGP_WANTED_RT_RW)
            relax_numbers(merged, with);
        with->wanted = wanted;
        with->role = phrase->role;
        with->relation = phrase->relation;
        add_in_order(with, phrase);
        return (uint8_t)i;
    }
    if (merged->n_phrases == SGP_QUERY_PHRASES_MAX)
        return SGP_NO_PHRASE;
    merged->phrases[merged->n_phrases] = *phrase;
    return (uint8_t)merged->n_phrases++;
}

static void merge(sgp_place_query *older, const sgp_place_query *newer) {
    make_room(older, newer->n_words);
    sgp_place_query merged = *newer;
    merged.n_words = 0;
    append_words(&merged, older);
    size_t offset = merged.n_words;
    append_words(&merged, newer);
    for (size_t i = 0; i < merged.n_phrases; i++)
        for (size_t j = 0; j < merged.phrases[i].n_words; j++)
            merged.phrases[i].words[j] = (uint8_t)(merged.phrases[i].words[j] + offset);

    uint8_t place[SGP_QUERY_PHRASES_MAX]; /* of the older phrases */
    for (size_t i = 0; i < older->n_phrases; i++)
        place[i] =
            merge_phrase(&merged, newer->n_phrases, &older->phrases[i], older->n_phrases == 1);
    for (size_t i = 0; i < offset; i++) {
        sgp_query_word *word = &merged.words[i];
        if (word->phrase == SGP_NO_PHRASE)
            continue;
        word->phrase = place[word->phrase];
        if (word->phrase == SGP_NO_PHRASE) {
            word->role = SGP_WORD_LEFT_OVER;
            word->optional = word->is_district = false;
        }
    }
    if (merged.number[0] == '\0') {
        memcpy(merged.number, older->number, sizeof merged.number);
        merged.number_value = older->number_value;
        merged.number_is_certain = older->number_is_certain;
    }
    if (merged.block[0] == '\0')
        memcpy(merged.block, older->block, sizeof merged.block);
    merged.gang = merged.gang < 0 ? older->gang : merged.gang;
    merged.rt = merged.rt < 0 ? older->rt : merged.rt;
    merged.rw = merged.rw < 0 ? older->rw : merged.rw;
    merged.km_m = merged.km_m < 0 ? older->km_m : merged.km_m;
    merged.is_junction |= older->is_junction;
    merged.is_roundabout |= older->is_roundabout;
    if (merged.junction_arms == 0)
        merged.junction_arms = older->junction_arms;
    merged.n_cut += older->n_cut;
    *older = merged;
}

static bool is_blank(const char *text) {
    return text[strspn(text, " \t\r\n")] == '\0';
}

sgp_err sgp_place_query_parse(const char *text, const char *const *earlier, size_t n_earlier,
                              sgp_place_query *query) {
    if (!text || is_blank(text))
        return SGP_E_ARGUMENT;
    size_t length = 0;
    for (size_t i = 0; i <= n_earlier; i++) {
        const char *one = i < n_earlier ? earlier[i] : text;
        length += strnlen(one, SGP_PLACE_TEXT_MAX + 1) + (i > 0);
        if (length > SGP_PLACE_TEXT_MAX)
            return SGP_E_ARGUMENT;
    }
    size_t offset = 0;
    for (size_t i = 0; i <= n_earlier; i++) {
        const char *one = i < n_earlier ? earlier[i] : text;
        sgp_place_query newer;
        size_t bytes = strlen(one);
        parse_one(one, bytes, offset, &newer);
        offset += bytes + 1;
        if (i == 0)
            *query = newer;
        else
            merge(query, &newer);
    }
    return SGP_OK;
}

/* ---- names on the map
 * ------------------------------------------------------------------------------ */

enum { NAME_BYTES_MAX = 2000 };

static bool is_dropped(const sgp_spelt *word) {
    return word->sense == SGP_SENSE_STREET || word->sense == SGP_SENSE_ESTATE ||
           word->sense == SGP_SENSE_AREA;
}

size_t sgp_place_name_words(const char *name, char *words, size_t capacity) {
    sgp_spelt spelt[SGP_QUERY_WORDS_MAX];
    size_t n_cut, first = 0, used = 0, n_words = 0;
    if (capacity == 0)
        return 0;
    words[0] = '\0';
    size_t n = spell(name, strnlen(name, NAME_BYTES_MAX), spelt, SGP_QUERY_WORDS_MAX, &n_cut);
    while (first < n && is_dropped(&spelt[first]))
        first++;
    /* A road that is just called "Jalan", or "Desa 5", keeps its word. */
    bool has_name = false;
    for (size_t i = first; i < n; i++)
        has_name |= spelt[i].sense != SGP_SENSE_NUMBER;
    if (!has_name && first > 0)
        first--;
    for (size_t i = first; i < n; i++) {
        size_t length = strlen(spelt[i].text);
        if (used + length + 2 > capacity)
            break;
        if (used > 0)
            words[used++] = ' ';
        memcpy(words + used, spelt[i].text, length + 1);
        used += length;
        n_words++;
    }
    return n_words;
}

/* ---- house numbers
 * ------------------------------------------------------------------------------------ */

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static char letter_or_digit(char c) {
    if (c >= 'A' && c <= 'Z')
        return (char)(c | 0x20);
    return (c >= 'a' && c <= 'z') || is_digit(c) ? c : '\0';
}

/* What may stand behind a space and still be of the number: "12 A", "5 bis". */
static bool is_suffix(const char *at) {
    size_t length = 0;
    while (letter_or_digit(at[length]) != '\0' && !is_digit(at[length]))
        length++;
    if (length == 0 || letter_or_digit(at[length]) != '\0')
        return false;
    return length == 1 ||
           (length == 3 && (strncasecmp(at, "bis", 3) == 0 || strncasecmp(at, "ter", 3) == 0));
}

/* One run of letters and digits of a number; a space may stand between digits and a letter.
 * Returns where it ends. */
static const char *read_run(const char *at, char *run) {
    size_t length = 0;
    run[0] = '\0';
    for (; *at; at++) {
        char c = letter_or_digit(*at);
        if (c == '\0') {
            bool goes_on =
                length > 0 && *at == ' ' && is_digit(run[length - 1]) && is_suffix(at + 1);
            if (length > 0 && !goes_on)
                break;
            continue;
        }
        if (length + 1 < SGP_NUMBER_BYTES) {
            if (c == '0' && (length == 0 || !is_digit(run[length - 1])) && is_digit(at[1]))
                continue;
            run[length++] = c;
            run[length] = '\0';
        }
    }
    return at;
}

static bool is_word(const char *run, const char *const *words) {
    for (; *words; words++)
        if (strcmp(*words, run) == 0)
            return true;
    return false;
}

int32_t sgp_place_number(const char *text, char *number, char *block) {
    static const char *const SAYS_BLOCK[] = {"blok", "blk", "block", "kav", "kavling", NULL};
    static const char *const SAYS_NUMBER[] = {"no", "nomor", "nomer", "nr", "nmr", NULL};
    char runs[3][SGP_NUMBER_BYTES];
    size_t n = 0;
    bool says_block = false, block_is_last = false;
    number[0] = block[0] = '\0';
    for (const char *at = text; n < 3;) {
        at = read_run(at, runs[n]);
        if (runs[n][0] == '\0')
            break;
        if (is_word(runs[n], SAYS_BLOCK)) {
            says_block = true;
            block_is_last = n == 1; /* "No. 7 Blok C2" */
        } else if (!is_word(runs[n], SAYS_NUMBER))
            n++;
    }
    if (n == 0)
        return -1;
    if (block_is_last && n == 2) {
        strcpy(block, runs[1]);
        strcpy(runs[1], runs[0]);
        strcpy(runs[0], block);
    }
    /* A block begins with a letter, and a number follows it. */
    size_t first = 0;
    bool is_block = n > 1 && (!is_digit(runs[0][0]) || says_block);
    if (is_block) {
        if (n > 2 && strspn(runs[0], "0123456789") == 0 && strlen(runs[0]) <= 2 &&
            is_digit(runs[1][0]) && strlen(runs[0]) + strlen(runs[1]) < SGP_NUMBER_BYTES) {
            strcpy(block, runs[0]); /* "C 2 / 7" */
            strcat(block, runs[1]);
            first = 2;
        } else {
            strcpy(block, runs[0]);
            first = 1;
        }
    }
    strcpy(number, runs[first]);
    const char *digits = number + strcspn(number, "0123456789");
    if (*digits == '\0')
        return -1;
    long value = strtol(digits, NULL, 10);
    return value > 999999 ? -1 : (int32_t)value;
}
