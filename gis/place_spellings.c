#include "gis/place_spellings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- tokens that were written together ---------------------------------------------- */

static bool is_letter_alone(const sgp_token *token) {
    return !token->is_number && token->text[0] >= 'a' && token->text[0] <= 'z' &&
           token->text[1] == '\0';
}

static bool is_one_of(const char *word, const char *const *list) {
    for (; *list; list++)
        if (strcmp(*list, word) == 0)
            return true;
    return false;
}

/* Words that callers write together with the next one ("jlveteran", "depanmatos") and with which
 * no name of the region begins. Returns their length. */
static size_t fused_prefix(const char *word) {
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
            strlen(word + length) >= PREFIXES[i].least && !is_one_of(word + length, ENDINGS))
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
        size_t letters = tokens[i].is_number ? 0 : fused_prefix(tokens[i].text);
        if (letters > 0 && fused_prefix(tokens[i].text + letters) > 0)
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

/* ---- one word of several tokens
 * ------------------------------------------------------------------ */

typedef struct speller {
    const char *text;
    const sgp_token *tokens;
    size_t n, at; /* tokens, and the next of them */
    sgp_spelt *words;
    size_t capacity, n_words, n_cut;
    size_t n_known; /* tokens below have been looked up */
    const sgp_lexeme *lexemes[SGP_TOKENS_MAX];
    bool goes_on[SGP_TOKENS_MAX]; /* lines of several tokens begin with it */
} speller;

/* The line of the tables for the i-th token alone. */
static const sgp_lexeme *lexeme_of(speller *s, size_t i) {
    for (; s->n_known <= i; s->n_known++)
        s->lexemes[s->n_known] =
            sgp_place_lexeme(s->tokens[s->n_known].text, &s->goes_on[s->n_known]);
    return s->lexemes[i];
}

static const sgp_spelt *last_word(const speller *s) {
    return s->n_words > 0 ? &s->words[s->n_words - 1] : NULL;
}

static bool last_is(const speller *s, sgp_sense sense) {
    const sgp_spelt *last = last_word(s);
    return last && last->sense == sense;
}

/* Where a number is meant, in words or in Roman numerals. */
static bool number_is_due(const speller *s) {
    const sgp_spelt *last = last_word(s);
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

static sgp_spelt *add(speller *s, size_t tokens, const char *text, sgp_sense sense, int32_t value) {
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
    return is_one_of(word, DROPPED) ? SGP_SENSE_OPTIONAL : SGP_SENSE_PLAIN;
}

static bool begins_character(char byte) {
    return ((unsigned char)byte & 0xc0) != 0x80;
}

/* One written form that stands for several words: each gets a share of its bytes. */
static bool add_meaning(speller *s, size_t tokens, const sgp_lexeme *lexeme, const char *written) {
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
        sgp_spelt *word = add(s, tokens, text, i == 0 ? lexeme->sense : sense_of_rest(lexeme, text),
                              lexeme->value);
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

/* Letters and digits in turn that are no words: a Plus Code, a number plate. One word. */
static bool add_code(speller *s) {
    char text[SGP_WORD_BYTES] = "";
    size_t n = 0, used = 0, longest = 0;
    if (s->at > 0 && sgp_token_touches(&s->tokens[s->at]))
        return false;
    for (; s->at + n < s->n && (n == 0 || sgp_token_touches(&s->tokens[s->at + n])); n++) {
        const sgp_token *token = &s->tokens[s->at + n];
        size_t length = strlen(token->text);
        if (!token->is_number && length > longest)
            longest = length;
        if (used + length + 1 > sizeof text ||
            (!token->is_number && length > 1 && lexeme_of(s, s->at + n)))
            return false;
        memcpy(text + used, token->text, length + 1);
        used += length;
    }
    if (n < 3 || longest > (n > 3 ? 4 : 2) || fused_prefix(text) > 0)
        return false;
    add(s, n, text, SGP_SENSE_PLAIN, 0);
    return true;
}

/* "c2", "5a": a single letter and digits that touch. */
static bool add_joined_number(speller *s) {
    const sgp_token *now = &s->tokens[s->at];
    const sgp_token *next = s->at + 1 < s->n ? now + 1 : NULL;
    bool touches = next && sgp_token_touches(next);
    bool third = s->at + 2 < s->n && sgp_token_touches(now + 2);
    char text[2 * SGP_WORD_BYTES];
    bool is_metres = touches && next->text[0] == 'm' && !number_is_due(s);
    if (now->is_number && touches && !third && !is_metres &&
        (is_letter_alone(next) || strcmp(next->text, "bis") == 0 ||
         strcmp(next->text, "ter") == 0)) {
        const char *digits = now->text + strspn(now->text, "0");
        (void)snprintf(text, sizeof text, "%s%s", *digits ? digits : "0", next->text);
        if (strlen(text) < SGP_NUMBER_BYTES)
            return add(s, 2, text, SGP_SENSE_NUMBER, (int32_t)strtol(text, NULL, 10)) || true;
    }
    if (is_letter_alone(now) && touches && strlen(next->text) <= 4 &&
        !(s->at > 0 && sgp_token_touches(now))) {
        (void)snprintf(text, sizeof text, "%s%s", now->text, next->text);
        return add(s, 2, text, SGP_SENSE_BLOCK_NUMBER, (int32_t)strtol(next->text, NULL, 10)) ||
               true;
    }
    /* "alun2" */
    static const char *const DOUBLED[] = {"alun", "oro",    "lumba", "api",  "kupu",
                                          "kura", "undaan", "warna", "ubur", NULL};
    if (!now->is_number && touches && strcmp(next->text, "2") == 0 && !third &&
        is_one_of(now->text, DOUBLED)) {
        add(s, 1, now->text, SGP_SENSE_PLAIN, 0);
        const char *word = s->tokens[s->at - 1].text;
        add(s, 1, word, SGP_SENSE_PLAIN, 0);
        return true;
    }
    return false;
}

static int32_t roman_value(const char *word) {
    static const char *const NUMERALS[] = {"i",    "ii",  "iii",  "iv",    "v",   "vi",   "vii",
                                           "viii", "ix",  "x",    "xi",    "xii", "xiii", "xiv",
                                           "xv",   "xvi", "xvii", "xviii", "xix", "xx"};
    for (size_t i = 0; i < sizeof NUMERALS / sizeof *NUMERALS; i++)
        if (strcmp(NUMERALS[i], word) == 0)
            return (int32_t)i + 1;
    return 0;
}

/* ---- initials
 * -------------------------------------------------------------------------------------- */

/* "W.R. Supratman", "M T Haryono", "R.S.U.D.": single letters are one word. Where they make a title
 * the word ends ("K.H. A. Dahlan"). */
static bool add_initials(speller *s) {
    char text[SGP_NUMBER_BYTES] = "";
    size_t n = 0;
    if (last_is(s, SGP_SENSE_GANG) || last_is(s, SGP_SENSE_BLOCK) || last_is(s, SGP_SENSE_NO) ||
        last_is(s, SGP_SENSE_NUMBER))
        return false;
    while (s->at + n < s->n && n < 6 && is_letter_alone(&s->tokens[s->at + n])) {
        const sgp_token *token = &s->tokens[s->at + n];
        if (n > 0 && (token->gap & ~(SGP_GAP_SPACE | SGP_GAP_DOT)) != 0)
            break;
        /* The letter before a number is a block's. */
        if (n > 0 && s->at + n + 1 < s->n && token[1].is_number && sgp_token_touches(token + 1))
            break;
        text[n++] = token->text[0];
        static const char *const TITLES[] = {"kh", "hj", "dr", "ir", NULL};
        if (is_one_of(text, TITLES))
            break;
    }
    if (n < 2)
        return false;
    int32_t roman = last_word(s) ? roman_value(text) : 0;
    if (roman > 0) {
        (void)snprintf(text, sizeof text, "%d", (int)roman);
        add(s, n, text, SGP_SENSE_ROMAN, roman);
        return true;
    }
    const sgp_lexeme *lexeme = sgp_place_lexeme(text, NULL);
    if (lexeme && add_meaning(s, n, lexeme, text))
        return true;
    add(s, n, text, SGP_SENSE_PLAIN, 0);
    return true;
}

/* "er es es a", "em o ge": letters by their names, three at least. */
static bool add_letters_by_name(speller *s) {
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
        add(s, n, text, SGP_SENSE_PLAIN, 0);
    return true;
}

/* "SMA N 3", "SMA Negeri 3": callers say "SMA 3" as well. */
static bool add_negeri(speller *s) {
    const char *text = s->tokens[s->at].text;
    if (!last_is(s, SGP_SENSE_SCHOOL) ||
        !(strcmp(text, "n") == 0 || strcmp(text, "negeri") == 0 || strcmp(text, "negri") == 0))
        return false;
    add(s, 1, "negeri", SGP_SENSE_OPTIONAL, 0);
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

static bool add_slip(speller *s) {
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

/* ---- lines of the tables
 * ------------------------------------------------------------------------------ */

/* A line of several tokens, written as it is without the spaces. */
static void add_closed_up(speller *s, size_t tokens, const sgp_lexeme *lexeme) {
    char joined[SGP_WORD_BYTES] = "";
    size_t length = 0;
    for (const char *at = lexeme->written; *at && length + 1 < sizeof joined; at++)
        if (*at != ' ')
            joined[length++] = *at;
    add(s, tokens, joined, lexeme->sense, lexeme->value);
}

/* The longest line that the next tokens are. */
static bool add_lexeme(speller *s) {
    char written[SGP_LEXEME_TOKENS * (SGP_WORD_BYTES + 1)];
    const sgp_lexeme *found = lexeme_of(s, s->at);
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
    found = lexeme_of(s, s->at);
    return tokens > 1 && found && add_meaning(s, 1, found, found->written);
}

/* ---- numbers
 * -------------------------------------------------------------------------------------------- */

/* The value of a number word that may stand here; 0 < *value otherwise untouched. */
static bool read_count(speller *s, size_t at, bool due, int32_t *value) {
    if (at >= s->n || s->tokens[at].is_number)
        return false;
    const sgp_lexeme *lexeme = lexeme_of(s, at);
    if (!lexeme ||
        !(lexeme->sense == SGP_SENSE_COUNT || (due && lexeme->sense == SGP_SENSE_COUNT_IN_CONTEXT)))
        return false;
    *value = lexeme->value;
    return true;
}

/* "lima", "dua belas", "seratus dua puluh tiga"; after a marker also "satu dua" = 12. */
static bool add_count(speller *s) {
    int32_t value, whole = 0, below = 0;
    bool due = number_is_due(s);
    if (!read_count(s, s->at, due, &value) || value < 0)
        return false;
    size_t n = 0;
    bool unit_is_open = true; /* the next digit may still be added */
    while (n < 6 && read_count(s, s->at + n, due || n > 0, &value)) {
        if (n > 0 && (s->tokens[s->at + n].gap & SGP_GAP_BREAK))
            break;
        if (value == -100 && below > 0 && below < 10) {
            whole += below * 100;
            below = 0;
            unit_is_open = true;
        } else if (value == -10 && below > 0 && below < 10) {
            below *= 10;
            unit_is_open = true;
        } else if (value == -11 && below > 0 && below < 10) {
            below += 10;
            unit_is_open = false;
        } else if (n == 0 && value >= 0) {
            if (value >= 100)
                whole = value;
            else
                below = value;
            unit_is_open = value >= 20;
        } else if (value > 0 && value < 20 && unit_is_open && below % 10 == 0 &&
                   (value < 10 || below == 0)) {
            below += value;
            unit_is_open = below < 10; /* "seratus lima belas" goes on */
        } else if (value > 0 && value < 10 && unit_is_open == false && below < 10 && whole > 0) {
            break;
        } else if (due && value >= 0 && value < 10 && whole == 0 && below < 1000) {
            /* "dua puluh" after "satu" begins another number; "satu dua" is spelt out. */
            int32_t next;
            if (read_count(s, s->at + n + 1, true, &next) && next < 0)
                break;
            below = below * 10 + value;
            unit_is_open = false;
        } else {
            break;
        }
        n++;
    }
    if (n == 0)
        return false;
    char text[SGP_NUMBER_BYTES];
    (void)snprintf(text, sizeof text, "%d", (int)(whole + below));
    /* "Bukit Cemara Tujuh", "Melati dua" are names; a house number is said so only when large. */
    bool of_name = !due && whole + below <= 10 && s->n_words > 0;
    add(s, n, text, of_name ? SGP_SENSE_ROMAN : SGP_SENSE_NUMBER, whole + below);
    return true;
}

/* "Gang V", "Kawi II"; a single letter only after a marker or behind a name. */
static bool add_roman(speller *s) {
    const sgp_token *now = &s->tokens[s->at];
    const sgp_spelt *last = last_word(s);
    int32_t value = now->is_number ? 0 : roman_value(now->text);
    if (value == 0 || !last)
        return false;
    const sgp_token *next = s->at + 1 < s->n ? now + 1 : NULL;
    if (now->text[1] == '\0' && !number_is_due(s)) {
        bool behind_name = last->sense <= SGP_SENSE_SCHOOL && strlen(last->text) > 2 &&
                           !(now->gap & SGP_GAP_BREAK);
        bool is_initial = next && (next->gap & SGP_GAP_DOT);
        bool is_times = now->text[0] == 'x' && next && !next->is_number;
        if (!behind_name || is_initial || is_times)
            return false;
    }
    char text[SGP_NUMBER_BYTES];
    (void)snprintf(text, sizeof text, "%d", (int)value);
    add(s, 1, text, number_is_due(s) ? SGP_SENSE_NUMBER : SGP_SENSE_ROMAN, value);
    return true;
}

static bool is_postal(const speller *s) {
    const sgp_token *now = &s->tokens[s->at];
    size_t digits = strlen(now->text);
    if (number_is_due(s) && digits < 6)
        return false;
    return digits >= 5 || (digits == 4 && now->text[0] == '0');
}

/* Digits; after "km" a decimal comma or the plus of a milestone gives the metres. */
static void add_digits(speller *s) {
    const sgp_token *now = &s->tokens[s->at];
    const char *digits = now->text + strspn(now->text, "0");
    if (*digits == '\0')
        digits = "0";
    int32_t value = strlen(digits) > 6 ? -1 : (int32_t)strtol(digits, NULL, 10);
    if (is_postal(s)) {
        add(s, 1, now->text, SGP_SENSE_POSTAL, value);
        return;
    }
    /* Portugal's "4000-123" */
    if (strlen(now->text) == 4 && s->at + 1 < s->n && now[1].is_number &&
        now[1].gap == SGP_GAP_HYPHEN && strlen(now[1].text) == 3) {
        add(s, 1, now->text, SGP_SENSE_POSTAL, value);
        add(s, 1, s->tokens[s->at].text, SGP_SENSE_POSTAL, 0);
        return;
    }
    const sgp_spelt *before = s->n_words > 1 ? &s->words[s->n_words - 2] : NULL;
    bool is_metres =
        last_is(s, SGP_SENSE_NUMBER) && before && before->sense == SGP_SENSE_KM &&
        strlen(now->text) <= 3 &&
        (now->gap == SGP_GAP_COMMA || now->gap == SGP_GAP_DOT || now->gap == SGP_GAP_JOIN);
    if (is_metres) {
        char text[SGP_NUMBER_BYTES];
        if (now->gap != SGP_GAP_JOIN)
            for (size_t length = strlen(now->text); length < 3; length++)
                value *= 10;
        (void)snprintf(text, sizeof text, "%03d", (int)value);
        sgp_spelt *word = add(s, 1, text, SGP_SENSE_NUMBER, value);
        if (word)
            word->gap = SGP_GAP_SPACE;
        return;
    }
    add(s, 1, digits, SGP_SENSE_NUMBER, value);
}

/* "5 bis Rue Plati": between a house and the next one in French; else a bus. */
static bool add_bis(speller *s) {
    static const char *const WAYS[] = {"rue",  "avenue", "av",      "boulevard", "bd", "place",
                                       "quai", "chemin", "impasse", "allee",     NULL};
    const sgp_token *now = &s->tokens[s->at];
    sgp_spelt *last = s->n_words > 0 ? &s->words[s->n_words - 1] : NULL;
    if (!last || last->sense != SGP_SENSE_NUMBER || strlen(last->text) > 4 ||
        !(strcmp(now->text, "bis") == 0 || strcmp(now->text, "ter") == 0))
        return false;
    bool is_french = s->at + 1 < s->n && is_one_of(now[1].text, WAYS);
    for (size_t i = 0; i < s->n_words && !is_french; i++)
        is_french = is_one_of(s->words[i].text, WAYS);
    if (!is_french)
        return false;
    strcat(last->text, now->text);
    last->to = now->to;
    s->at++;
    return true;
}

/* The number plate of a vehicle, "N 1234 AB", says nothing of the place. */
static bool add_plate(speller *s) {
    const sgp_token *now = &s->tokens[s->at];
    const sgp_spelt *last = last_word(s);
    if (s->at + 2 >= s->n || now->is_number || strlen(now->text) > 2 || !now[1].is_number ||
        strlen(now[1].text) < 3 || strlen(now[1].text) > 4 || now[2].is_number ||
        strlen(now[2].text) > 3 || lexeme_of(s, s->at + 2) ||
        ((now[1].gap | now[2].gap) & ~(SGP_GAP_SPACE | SGP_GAP_HYPHEN)) != 0 ||
        (last && last->sense < SGP_SENSE_AND))
        return false;
    for (int i = 0; i < 3; i++)
        add(s, 1, s->tokens[s->at].text, SGP_SENSE_POSTAL, 0);
    return true;
}

/* "10 B", "gang 2 a": the letter belongs to the number before it. */
static bool add_letter_of_number(speller *s) {
    const sgp_token *now = &s->tokens[s->at];
    sgp_spelt *last = s->n_words > 0 ? &s->words[s->n_words - 1] : NULL;
    const sgp_spelt *before = s->n_words > 1 ? last - 1 : NULL;
    if (!last || last->sense != SGP_SENSE_NUMBER || !is_letter_alone(now) ||
        (now->gap & ~(SGP_GAP_SPACE | SGP_GAP_HYPHEN | SGP_GAP_DOT)) != 0 ||
        strspn(last->text, "0123456789") != strlen(last->text) || strlen(last->text) > 4)
        return false;
    const sgp_token *next = s->at + 1 < s->n ? now + 1 : NULL;
    if (next && (is_letter_alone(next) || (sgp_token_touches(next) && !sgp_token_touches(now))))
        return false;
    bool after_marker =
        before && (before->sense == SGP_SENSE_NO || before->sense == SGP_SENSE_GANG);
    if (now->text[0] == 'm' && !after_marker)
        return false; /* "100 m dari" */
    bool part_ends = !next || (next->gap & SGP_GAP_BREAK) || next->is_number;
    if (!part_ends && next) {
        const sgp_lexeme *lexeme = lexeme_of(s, s->at + 1);
        part_ends = lexeme && lexeme->sense >= SGP_SENSE_STREET;
    }
    bool is_initial = next && (next->gap & SGP_GAP_DOT) && !part_ends;
    if (is_initial || (!part_ends && !after_marker) || (now->text[0] == 'x' && !part_ends))
        return false;
    strcat(last->text, now->text);
    last->to = now->to;
    s->at++;
    return true;
}

size_t sgp_place_spell(const char *text, sgp_token *tokens, size_t n, sgp_spelt *words,
                       size_t capacity, size_t *n_cut) {
    speller s = {.text = text, .tokens = tokens, .words = words, .capacity = capacity};
    s.n = split_fused(tokens, n);
    while (s.at < s.n) {
        if (add_letter_of_number(&s) || add_bis(&s) || add_plate(&s) || add_negeri(&s) ||
            add_letters_by_name(&s) || add_code(&s) || add_joined_number(&s) || add_initials(&s) ||
            add_roman(&s) || add_lexeme(&s) || add_count(&s) || add_slip(&s))
            continue;
        if (s.tokens[s.at].is_number)
            add_digits(&s);
        else
            add(&s, 1, s.tokens[s.at].text, SGP_SENSE_PLAIN, 0);
    }
    *n_cut += s.n_cut;
    return s.n_words;
}
