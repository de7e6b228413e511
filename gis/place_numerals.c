/* Numbers as callers say and write them: "5a", "dua belas", "telulas", "V", "12,5" behind km. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gis/place_speller.h"

/* Leading digits; -1 where they are too many for any number of a place. */
static int32_t value_of(const char *text) {
    return strspn(text, "0123456789") > 6 ? -1 : (int32_t)strtol(text, NULL, 10);
}

/* The value of a number word that may stand here; 0 < *value otherwise untouched. */
static bool read_count(sgp_speller *s, size_t at, bool due, int32_t *value) {
    if (at >= s->n || s->tokens[at].is_number)
        return false;
    const sgp_lexeme *lexeme = sgp_speller_lexeme(s, at);
    if (!lexeme ||
        !(lexeme->sense == SGP_SENSE_COUNT || (due && lexeme->sense == SGP_SENSE_COUNT_IN_CONTEXT)))
        return false;
    *value = lexeme->value;
    return true;
}

/* "lima", "dua belas", "seratus dua puluh tiga"; after a marker also "satu dua" = 12. */
bool sgp_add_count(sgp_speller *s) {
    int32_t value, whole = 0, below = 0;
    bool due = sgp_speller_number_is_due(s);
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
    sgp_speller_add(s, n, text, of_name ? SGP_SENSE_ROMAN : SGP_SENSE_NUMBER, whole + below);
    return true;
}

int32_t sgp_roman_value(const char *word) {
    static const char *const NUMERALS[] = {"i",    "ii",  "iii",  "iv",    "v",   "vi",   "vii",
                                           "viii", "ix",  "x",    "xi",    "xii", "xiii", "xiv",
                                           "xv",   "xvi", "xvii", "xviii", "xix", "xx"};
    for (size_t i = 0; i < sizeof NUMERALS / sizeof *NUMERALS; i++)
        if (strcmp(NUMERALS[i], word) == 0)
            return (int32_t)i + 1;
    return 0;
}

/* "Gang V", "Kawi II"; a single letter only after a marker or behind a name. */
bool sgp_add_roman(sgp_speller *s) {
    const sgp_token *now = &s->tokens[s->at];
    const sgp_spelt *last = sgp_speller_last(s);
    int32_t value = now->is_number ? 0 : sgp_roman_value(now->text);
    if (value == 0 || !last)
        return false;
    const sgp_token *next = s->at + 1 < s->n ? now + 1 : NULL;
    if (now->text[1] == '\0' && !sgp_speller_number_is_due(s)) {
        bool behind_name = last->sense <= SGP_SENSE_SCHOOL && strlen(last->text) > 2 &&
                           !(now->gap & SGP_GAP_BREAK);
        bool is_initial = next && (next->gap & SGP_GAP_DOT);
        bool is_times = now->text[0] == 'x' && next && !next->is_number;
        if (!behind_name || is_initial || is_times)
            return false;
    }
    char text[SGP_NUMBER_BYTES];
    (void)snprintf(text, sizeof text, "%d", (int)value);
    sgp_speller_add(s, 1, text, sgp_speller_number_is_due(s) ? SGP_SENSE_NUMBER : SGP_SENSE_ROMAN,
                    value);
    return true;
}

static bool is_postal(const sgp_speller *s) {
    const sgp_token *now = &s->tokens[s->at];
    size_t digits = strlen(now->text);
    if (sgp_speller_number_is_due(s) && digits < 6)
        return false;
    return digits >= 5 || (digits == 4 && now->text[0] == '0');
}

/* Digits; after "km" a decimal comma or the plus of a milestone gives the metres. */
void sgp_add_digits(sgp_speller *s) {
    const sgp_token *now = &s->tokens[s->at];
    const char *digits = now->text + strspn(now->text, "0");
    if (*digits == '\0')
        digits = "0";
    int32_t value = value_of(digits);
    if (is_postal(s)) {
        sgp_speller_add(s, 1, now->text, SGP_SENSE_POSTAL, value);
        return;
    }
    /* Portugal's "4000-123" */
    if (strlen(now->text) == 4 && s->at + 1 < s->n && now[1].is_number &&
        now[1].gap == SGP_GAP_HYPHEN && strlen(now[1].text) == 3) {
        sgp_speller_add(s, 1, now->text, SGP_SENSE_POSTAL, value);
        sgp_speller_add(s, 1, s->tokens[s->at].text, SGP_SENSE_POSTAL, 0);
        return;
    }
    const sgp_spelt *before = s->n_words > 1 ? &s->words[s->n_words - 2] : NULL;
    bool is_metres =
        sgp_speller_last_is(s, SGP_SENSE_NUMBER) && before && before->sense == SGP_SENSE_KM &&
        strlen(now->text) <= 3 &&
        (now->gap == SGP_GAP_COMMA || now->gap == SGP_GAP_DOT || now->gap == SGP_GAP_JOIN);
    if (is_metres) {
        char text[SGP_NUMBER_BYTES];
        if (now->gap != SGP_GAP_JOIN)
            for (size_t length = strlen(now->text); length < 3; length++)
                value *= 10;
        (void)snprintf(text, sizeof text, "%03d", (int)value);
        sgp_spelt *word = sgp_speller_add(s, 1, text, SGP_SENSE_NUMBER, value);
        if (word)
            word->gap = SGP_GAP_SPACE;
        return;
    }
    sgp_speller_add(s, 1, digits, SGP_SENSE_NUMBER, value);
}

/* "5 bis Rue Plati": between a house and the next one in French; else a bus. */
bool sgp_add_bis(sgp_speller *s) {
    static const char *const WAYS[] = {"rue",  "avenue", "av",      "boulevard", "bd", "place",
                                       "quai", "chemin", "impasse", "allee",     NULL};
    const sgp_token *now = &s->tokens[s->at];
    sgp_spelt *last = s->n_words > 0 ? &s->words[s->n_words - 1] : NULL;
    if (!last || last->sense != SGP_SENSE_NUMBER || strlen(last->text) > 4 ||
        !(strcmp(now->text, "bis") == 0 || strcmp(now->text, "ter") == 0))
        return false;
    bool is_french = s->at + 1 < s->n && sgp_is_one_of(now[1].text, WAYS);
    for (size_t i = 0; i < s->n_words && !is_french; i++)
        is_french = sgp_is_one_of(s->words[i].text, WAYS);
    if (!is_french)
        return false;
    strcat(last->text, now->text);
    last->to = now->to;
    s->at++;
    return true;
}

/* The number plate of a vehicle, "N 1234 AB", says nothing of the place. */
bool sgp_add_plate(sgp_speller *s) {
    const sgp_token *now = &s->tokens[s->at];
    const sgp_spelt *last = sgp_speller_last(s);
    if (s->at + 2 >= s->n || now->is_number || strlen(now->text) > 2 || !now[1].is_number ||
        strlen(now[1].text) < 3 || strlen(now[1].text) > 4 || now[2].is_number ||
        strlen(now[2].text) > 3 || sgp_speller_lexeme(s, s->at + 2) ||
        ((now[1].gap | now[2].gap) & ~(SGP_GAP_SPACE | SGP_GAP_HYPHEN)) != 0 ||
        (last && last->sense < SGP_SENSE_AND))
        return false;
    for (int i = 0; i < 3; i++)
        sgp_speller_add(s, 1, s->tokens[s->at].text, SGP_SENSE_POSTAL, 0);
    return true;
}

/* "10 B", "gang 2 a": the letter belongs to the number before it. */
bool sgp_add_letter_of_number(sgp_speller *s) {
    const sgp_token *now = &s->tokens[s->at];
    sgp_spelt *last = s->n_words > 0 ? &s->words[s->n_words - 1] : NULL;
    const sgp_spelt *before = s->n_words > 1 ? last - 1 : NULL;
    if (!last || last->sense != SGP_SENSE_NUMBER || !sgp_is_letter_alone(now) ||
        (now->gap & ~(SGP_GAP_SPACE | SGP_GAP_HYPHEN | SGP_GAP_DOT)) != 0 ||
        strspn(last->text, "0123456789") != strlen(last->text) || strlen(last->text) > 4)
        return false;
    const sgp_token *next = s->at + 1 < s->n ? now + 1 : NULL;
    if (next && (sgp_is_letter_alone(next) || (sgp_token_touches(next) && !sgp_token_touches(now))))
        return false;
    bool after_marker =
        before && (before->sense == SGP_SENSE_NO || before->sense == SGP_SENSE_GANG);
    if (now->text[0] == 'm' && !after_marker)
        return false; /* "100 m dari" */
    bool part_ends = !next || (next->gap & SGP_GAP_BREAK) || next->is_number;
    if (!part_ends && next) {
        const sgp_lexeme *lexeme = sgp_speller_lexeme(s, s->at + 1);
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

/* "c2", "5a": a single letter and digits that touch. */
bool sgp_add_joined_number(sgp_speller *s) {
    const sgp_token *now = &s->tokens[s->at];
    const sgp_token *next = s->at + 1 < s->n ? now + 1 : NULL;
    bool touches = next && sgp_token_touches(next);
    bool third = s->at + 2 < s->n && sgp_token_touches(now + 2);
    char text[2 * SGP_WORD_BYTES];
    bool is_metres = touches && next->text[0] == 'm' && !sgp_speller_number_is_due(s);
    if (now->is_number && touches && !third && !is_metres &&
        (sgp_is_letter_alone(next) || strcmp(next->text, "bis") == 0 ||
         strcmp(next->text, "ter") == 0)) {
        const char *digits = now->text + strspn(now->text, "0");
        (void)snprintf(text, sizeof text, "%s%s", *digits ? digits : "0", next->text);
        if (strlen(text) < SGP_NUMBER_BYTES)
            return sgp_speller_add(s, 2, text, SGP_SENSE_NUMBER, value_of(text)) || true;
    }
    if (sgp_is_letter_alone(now) && touches && strlen(next->text) <= 4 &&
        !(s->at > 0 && sgp_token_touches(now))) {
        (void)snprintf(text, sizeof text, "%s%s", now->text, next->text);
        return sgp_speller_add(s, 2, text, SGP_SENSE_BLOCK_NUMBER, value_of(next->text)) || true;
    }
    /* "alun2" */
    static const char *const DOUBLED[] = {"alun", "oro",    "lumba", "api",  "kupu",
                                          "kura", "undaan", "warna", "ubur", NULL};
    if (!now->is_number && touches && strcmp(next->text, "2") == 0 && !third &&
        sgp_is_one_of(now->text, DOUBLED)) {
        sgp_speller_add(s, 1, now->text, SGP_SENSE_PLAIN, 0);
        const char *word = s->tokens[s->at - 1].text;
        sgp_speller_add(s, 1, word, SGP_SENSE_PLAIN, 0);
        return true;
    }
    return false;
}

/* Letters and digits in turn that are no words: a Plus Code, a number plate. One word. */
bool sgp_add_code(sgp_speller *s) {
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
            (!token->is_number && length > 1 && sgp_speller_lexeme(s, s->at + n)))
            return false;
        memcpy(text + used, token->text, length + 1);
        used += length;
    }
    if (n < 3 || longest > (n > 3 ? 4 : 2) || sgp_fused_prefix(text) > 0)
        return false;
    sgp_speller_add(s, n, text, SGP_SENSE_PLAIN, 0);
    return true;
}
