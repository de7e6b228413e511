#include "gis/place_spellings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gis/place_speller.h"

bool sgp_is_letter_alone(const sgp_token *token) {
    return !token->is_number && token->text[0] >= 'a' && token->text[0] <= 'z' &&
           token->text[1] == '\0';
}

bool sgp_is_one_of(const char *word, const char *const *list) {
    for (; *list; list++)
        if (strcmp(*list, word) == 0)
            return true;
    return false;
}

/* Words that callers write together with the next one ("jlveteran", "depanmatos") and with which
 * no name of the region begins. Returns their length. */
size_t sgp_fused_prefix(const char *word) {
    static const struct {
        const char *prefix;
        size_t least; /* letters that must follow */
    } PREFIXES[] = {{"jalan", 4},      {"jln", 3},       {"jl", 4},        {"gg", 4},
                    {"sdn", 4},        {"smpn", 4},      {"sman", 4},      {"smkn", 4},
                    {"didepan", 3},    {"depan", 3},     {"didekat", 3},   {"dekat", 3},
                    {"belakang", 3},   {"seberang", 3},  {"sebelah", 3},   {"samping", 3},
                    {"ngarepe", 3},    {"mburine", 3},   {"jejere", 3},    {"perumahan", 4},
                    {"kelurahan", 4},  {"kecamatan", 4}, {"kabupaten", 4}, {"puskesmas", 4},
                    {"perempatan", 4}, {"prapatan", 4},  {"pertigaan", 4}, {"bundaran", 4}};
    static const char *const ENDINGS[] = {"nya", "ane", "ipun", "anne", NULL};
    for (size_t i = 0; i < sizeof PREFIXES / sizeof *PREFIXES; i++) {
        size_t length = strlen(PREFIXES[i].prefix);
        if (strncmp(word, PREFIXES[i].prefix, length) == 0 &&
            strlen(word + length) >= PREFIXES[i].least && !sgp_is_one_of(word + length, ENDINGS))
            return length;
    }
    return 0;
}

static void split_token(sgp_token *tokens, size_t i, size_t letters) {
    tokens[i + 1] = tokens[i];
    tokens[i].text[letters] = '\0';
    tokens[i].to = (uint16_t)(tokens[i].from + letters);
    memmove(tokens[i + 1].text, tokens[i + 1].text + letters, sizeof tokens[i + 1].text - letters);
    tokens[i + 1].from = tokens[i].to;
    tokens[i + 1].gap = 0;
}

static size_t split_fused(sgp_token *tokens, size_t n) {
    for (size_t i = 0; i < n; i++) {
        size_t letters = tokens[i].is_number ? 0 : sgp_fused_prefix(tokens[i].text);
        if (letters > 0 && sgp_fused_prefix(tokens[i].text + letters) > 0)
            continue; /* no words at all */
        /* Only where each letter is one byte of the text. */
        if (letters == 0 || n == SGP_TOKENS_MAX || sgp_place_lexeme(tokens[i].text, NULL) ||
            tokens[i].to - tokens[i].from != (int)strlen(tokens[i].text))
            continue;
        memmove(tokens + i + 2, tokens + i + 1, (n - i - 1) * sizeof *tokens);
        split_token(tokens, i, letters);
        n++;
        i++;
    }
    return n;
}

/* The line of the tables for the i-th token alone. */
const sgp_lexeme *sgp_speller_lexeme(sgp_speller *s, size_t i) {
    for (; s->n_known <= i; s->n_known++)
        s->lexemes[s->n_known] =
            sgp_place_lexeme(s->tokens[s->n_known].text, &s->goes_on[s->n_known]);
    return s->lexemes[i];
}

const sgp_spelt *sgp_speller_last(const sgp_speller *s) {
    return s->n_words > 0 ? &s->words[s->n_words - 1] : NULL;
}

bool sgp_speller_last_is(const sgp_speller *s, sgp_sense sense) {
    const sgp_spelt *last = sgp_speller_last(s);
    return last && last->sense == sense;
}

/* Where a number is meant, in words or in Roman numerals. */
bool sgp_speller_number_is_due(const sgp_speller *s) {
    const sgp_spelt *last = sgp_speller_last(s);
    if (!last)
        return false;
    switch ((sgp_sense)last->sense) {
    case SGP_SENSE_GANG:
    case SGP_SENSE_BLOCK:
    case SGP_SENSE_RT:
    case SGP_SENSE_RW:
    case SGP_SENSE_NO:
    case SGP_SENSE_PLOT:
    case SGP_SENSE_KM:
    case SGP_SENSE_SCHOOL:
        return true;
    default:
        return false;
    }
}

sgp_spelt *sgp_speller_add(sgp_speller *s, size_t tokens, const char *text, sgp_sense sense,
                           int32_t value) {
    const sgp_token *first = &s->tokens[s->at], *last = first + tokens - 1;
    s->at += tokens;
    if (s->n_words == s->capacity) {
        s->n_cut += tokens;
        return NULL;
    }
    sgp_spelt *word = &s->words[s->n_words++];
    memset(word, 0, sizeof *word);
    memcpy(word->text, text, strlen(text) + 1);
    word->from = first->from;
    word->to = last->to;
    word->gap = first->gap;
    word->sense = (uint8_t)sense;
    word->value = value;
    return word;
}

static sgp_sense sense_of_rest(const sgp_lexeme *lexeme, const char *word) {
    if (lexeme->sense == SGP_SENSE_JUNCTION)
        return SGP_SENSE_JUNCTION_REST;
    static const char *const DROPPED[] = {"negeri", "umum", "daerah", NULL};
    return sgp_is_one_of(word, DROPPED) ? SGP_SENSE_OPTIONAL : SGP_SENSE_PLAIN;
}

static bool begins_character(char byte) {
    return ((unsigned char)byte & 0xc0) != 0x80;
}

/* One written form that stands for several words: each gets a share of its bytes. */
static bool add_meaning(sgp_speller *s, size_t tokens, const sgp_lexeme *lexeme,
                        const char *written) {
    const char *meant = lexeme->meant ? lexeme->meant : written;
    size_t n = 1;
    for (const char *at = meant; *at; at++)
        n += *at == ' ';
    const sgp_token *first = &s->tokens[s->at], *last = first + tokens - 1;
    size_t from = first->from;
    if (!lexeme->meant && n > 1)
        return false; /* cannot be: the tables give a meaning to lines of several tokens */
    size_t characters = 0;
    for (size_t i = from; i < last->to; i++)
        characters += begins_character(s->text[i]);
    if (characters < n)
        return false; /* too few to share out */
    uint8_t gap = first->gap;
    if (s->n_words + n > s->capacity) {
        s->at += tokens;
        s->n_cut += tokens;
        return true;
    }
    size_t at_token = s->at;
    for (size_t i = 0; i < n; i++) {
        size_t length = strcspn(meant, " ");
        char text[SGP_WORD_BYTES];
        (void)snprintf(text, sizeof text, "%.*s", (int)length, meant);
        s->at = at_token;
        sgp_spelt *word = sgp_speller_add(
            s, tokens, text, i == 0 ? lexeme->sense : sense_of_rest(lexeme, text), lexeme->value);
        size_t end = from;
        for (size_t left = characters * (i + 1) / n - characters * i / n; end < last->to; end++)
            if (begins_character(s->text[end]) && left-- == 0)
                break;
        word->from = (uint16_t)from;
        word->to = (uint16_t)end;
        word->gap = i == 0 ? gap : 0;
        from = end;
        meant += length + (meant[length] == ' ');
    }
    return true;
}

/* "W.R. Supratman", "M T Haryono", "R.S.U.D.": single letters are one word. Where they make a title
 * the word ends ("K.H. A. Dahlan"). */
static bool add_initials(sgp_speller *s) {
    char text[SGP_NUMBER_BYTES] = "";
    size_t n = 0;
    if (sgp_speller_last_is(s, SGP_SENSE_GANG) || sgp_speller_last_is(s, SGP_SENSE_BLOCK) ||
        sgp_speller_last_is(s, SGP_SENSE_NO) || sgp_speller_last_is(s, SGP_SENSE_NUMBER))
        return false;
    while (s->at + n < s->n && n < 6 && sgp_is_letter_alone(&s->tokens[s->at + n])) {
        const sgp_token *token = &s->tokens[s->at + n];
        if (n > 0 && (token->gap & ~(SGP_GAP_SPACE | SGP_GAP_DOT)) != 0)
            break;
        /* The letter before a number is a block's. */
        if (n > 0 && s->at + n + 1 < s->n && token[1].is_number && sgp_token_touches(token + 1))
            break;
        text[n++] = token->text[0];
        static const char *const TITLES[] = {"kh", "hj", "dr", "ir", NULL};
        if (sgp_is_one_of(text, TITLES))
            break;
    }
    if (n < 2)
        return false;
    int32_t roman = sgp_speller_last(s) ? sgp_roman_value(text) : 0;
    if (roman > 0) {
        (void)snprintf(text, sizeof text, "%d", (int)roman);
        sgp_speller_add(s, n, text, SGP_SENSE_ROMAN, roman);
        return true;
    }
    const sgp_lexeme *lexeme = sgp_place_lexeme(text, NULL);
    if (lexeme && add_meaning(s, n, lexeme, text))
        return true;
    sgp_speller_add(s, n, text, SGP_SENSE_PLAIN, 0);
    return true;
}

/* "er es es a", "em o ge": letters by their names, three at least. */
static bool add_letters_by_name(sgp_speller *s) {
    static const char *const NAMES[26] = {"a",  "be", "ce", "de", "e",  "ef",  "ge", "ha", "i",
                                          "je", "ka", "el", "em", "en", "o",   "pe", "ki", "er",
                                          "es", "te", "u",  "ve", "we", "eks", "ye", "zet"};
    char text[8] = "";
    size_t n = 0, named = 0;
    for (; s->at + n < s->n && n < 6; n++) {
        const sgp_token *token = &s->tokens[s->at + n];
        size_t letter = 0;
        while (letter < 26 && strcmp(NAMES[letter], token->text) != 0)
            letter++;
        if (letter == 26 || (n > 0 && token->gap != SGP_GAP_SPACE))
            break;
        text[n] = (char)('a' + letter);
        named += token->text[1] != '\0';
    }
    if (n < 3 || named < 2 || (text[0] == 'r' && (text[1] == 't' || text[1] == 'w')))
        return false;
    const sgp_lexeme *lexeme = sgp_place_lexeme(text, NULL);
    if (!lexeme || !add_meaning(s, n, lexeme, text))
        sgp_speller_add(s, n, text, SGP_SENSE_PLAIN, 0);
    return true;
}

/* "SMA N 3", "SMA Negeri 3": callers say "SMA 3" as well. */
static bool add_negeri(sgp_speller *s) {
    const char *text = s->tokens[s->at].text;
    if (!sgp_speller_last_is(s, SGP_SENSE_SCHOOL) ||
        !(strcmp(text, "n") == 0 || strcmp(text, "negeri") == 0 || strcmp(text, "negri") == 0))
        return false;
    sgp_speller_add(s, 1, "negeri", SGP_SENSE_OPTIONAL, 0);
    return true;
}

/* Words that say what others are, by which all depends, with one slip of the finger: two letters
 * swapped, one doubled or lost. (No name of the region is so near to them.) */
static bool is_slip_of(const char *word, const char *meant) {
    if (word[0] != meant[0])
        return false;
    size_t n = strlen(word), of_meant = strlen(meant), i = 0;
    while (i < n && word[i] == meant[i])
        i++;
    if (n == of_meant)
        return i + 1 < n && word[i] == meant[i + 1] && word[i + 1] == meant[i] &&
               strcmp(word + i + 2, meant + i + 2) == 0;
    if (n == of_meant + 1)
        return word[i] == word[i - 1] && strcmp(word + i + 1, meant + i) == 0;
    return n + 1 == of_meant && of_meant >= 7 && strcmp(word + i, meant + i + 1) == 0;
}

static bool add_slip(sgp_speller *s) {
    static const char *const MEANT[] = {
        "jalan",      "depan",     "dekat",    "gang",      "nomor",     "belakang",  "sebelah",
        "seberang",   "samping",   "antara",   "masuk",     "ngarep",    "mburine",   "jejere",
        "perempatan", "prapatan",  "simpang",  "pertigaan", "bundaran",  "kelurahan", "kecamatan",
        "kabupaten",  "perumahan", "kompleks", "kilometer", "kavling",   "masjid",    "musholla",
        "puskesmas",  "pertelon",  "bangjo",   "pojok",     "indomaret", "alfamart",  "terminal",
        "stasiun",    "kampung",   "seberang"};
    const char *text = s->tokens[s->at].text;
    size_t length = strlen(text);
    if (s->tokens[s->at].is_number || length < 4 || length > 11)
        return false;
    for (size_t i = 0; i < sizeof MEANT / sizeof *MEANT; i++)
        if (is_slip_of(text, MEANT[i])) {
            const sgp_lexeme *lexeme = sgp_place_lexeme(MEANT[i], NULL);
            return lexeme && add_meaning(s, 1, lexeme, MEANT[i]);
        }
    return false;
}

/* A line of several tokens, written as it is without the spaces. */
static void add_closed_up(sgp_speller *s, size_t tokens, const sgp_lexeme *lexeme) {
    char joined[SGP_WORD_BYTES] = "";
    size_t length = 0;
    for (const char *at = lexeme->written; *at && length + 1 < sizeof joined; at++)
        if (*at != ' ')
            joined[length++] = *at;
    sgp_speller_add(s, tokens, joined, lexeme->sense, lexeme->value);
}

/* The longest line that the next tokens are. */
static bool add_lexeme(sgp_speller *s) {
    char written[SGP_LEXEME_TOKENS * (SGP_WORD_BYTES + 1)];
    const sgp_lexeme *found = sgp_speller_lexeme(s, s->at);
    bool goes_on = s->goes_on[s->at];
    size_t tokens = 1, used = strlen(s->tokens[s->at].text);
    memcpy(written, s->tokens[s->at].text, used + 1);
    for (size_t n = 1; goes_on && n < SGP_LEXEME_TOKENS && s->at + n < s->n; n++) {
        const sgp_token *token = &s->tokens[s->at + n];
        size_t length = strlen(token->text);
        if ((token->gap & (SGP_GAP_BREAK | SGP_GAP_JOIN | SGP_GAP_SLASH)) != 0)
            break;
        written[used++] = ' ';
        memcpy(written + used, token->text, length + 1);
        used += length;
        const sgp_lexeme *longer = sgp_place_lexeme(written, &goes_on);
        if (longer) {
            found = longer;
            tokens = n + 1;
        }
    }
    if (!found || found->sense == SGP_SENSE_COUNT || found->sense == SGP_SENSE_COUNT_IN_CONTEXT)
        return false;
    if (tokens > 1 && !found->meant) {
        add_closed_up(s, tokens, found);
        return true;
    }
    if (add_meaning(s, tokens, found, found->written))
        return true;
    found = sgp_speller_lexeme(s, s->at);
    return tokens > 1 && found && add_meaning(s, 1, found, found->written);
}

size_t sgp_place_spell(const char *text, sgp_token *tokens, size_t n, sgp_spelt *words,
                       size_t capacity, size_t *n_cut) {
    sgp_speller s = {.text = text, .tokens = tokens, .words = words, .capacity = capacity};
    s.n = split_fused(tokens, n);
    while (s.at < s.n) {
        if (sgp_add_letter_of_number(&s) || sgp_add_bis(&s) || sgp_add_plate(&s) ||
            add_negeri(&s) || add_letters_by_name(&s) || sgp_add_code(&s) ||
            sgp_add_joined_number(&s) || add_initials(&s) || sgp_add_roman(&s) || add_lexeme(&s) ||
            sgp_add_count(&s) || add_slip(&s))
            continue;
        if (s.tokens[s.at].is_number)
            sgp_add_digits(&s);
        else
            sgp_speller_add(&s, 1, s.tokens[s.at].text, SGP_SENSE_PLAIN, 0);
    }
    *n_cut += s.n_cut;
    return s.n_words;
}
