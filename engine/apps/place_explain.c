/* How a text was understood, drawn under its words. */
#include <string.h>

#include "apps/place_table.h"
#include "apps/print.h"

enum { SHOWN_MAX = 5, LABEL_WIDTH = 28, WORDS_MAX = 64, CELL_BYTES = 200 };

/* The bytes of the text that the word came from; its own text where these make no sense. */
static void said(const Sigap__V1__PlaceUnderstood *understood, const Sigap__V1__PlaceWord *word,
                 char out[CELL_BYTES]) {
    size_t length = strlen(understood->text);
    if (word->from < word->to && word->to <= length)
        snprintf(out, CELL_BYTES, "%.*s", (int)(word->to - word->from),
                 understood->text + word->from);
    else
        snprintf(out, CELL_BYTES, "%s", word->text);
}

/* "patokan: di depan", "tujuan: jalan" */
static void part_text(sgp_language language, const Sigap__V1__PlaceUnderstood *understood,
                      const Sigap__V1__PlaceWord *word, char out[CELL_BYTES]) {
    out[0] = '\0';
    if (word->phrase == 0 || word->phrase > understood->n_phrases)
        return;
    const Sigap__V1__PlacePhrase *phrase = understood->phrases[word->phrase - 1];
    const char *detail = phrase->relation != SIGAP__V1__PLACE_RELATION__RELATION_NONE
                             ? sgp_relation_text(language, (int)phrase->relation)
                         : phrase->wanted != SIGAP__V1__PLACE_WANTED__WANTED_ANY
                             ? sgp_wanted_text(language, (int)phrase->wanted)
                             : "";
    snprintf(out, CELL_BYTES, "%s%s%s", sgp_phrase_role_text(language, (int)phrase->role),
             detail[0] != '\0' ? ": " : "", detail);
}

/* "soekarno +31%"; false: the word did nothing for the candidate. */
static bool share_text(const Sigap__V1__PlaceAnswer *answer, size_t nth, size_t nth_word,
                       char out[CELL_BYTES], sgp_colour *colour) {
    int32_t permille = 0;
    const char *read_as = "";
    bool any = false;
    for (size_t i = 0; nth < answer->n_reasons && i < answer->reasons[nth]->n_shares; i++) {
        const Sigap__V1__PlaceShare *share = answer->reasons[nth]->shares[i];
        if (share->word != nth_word)
            continue;
        any = true;
        permille += share->permille;
        if (share->read_as[0] != '\0')
            read_as = share->read_as;
    }
    bool same = strcmp(read_as, answer->understood->words[nth_word]->text) == 0;
    int percent = (permille + (permille < 0 ? -5 : 5)) / 10;
    snprintf(out, CELL_BYTES, "%s%s%+d%%", same ? "" : read_as,
             same || read_as[0] == '\0' ? "" : " ", percent);
    *colour = permille > 0 ? SGP_GREEN : permille < 0 ? SGP_RED : SGP_DIM;
    return any;
}

static sgp_colour role_colour(const Sigap__V1__PlaceWord *word) {
    return word->role == SIGAP__V1__WORD_ROLE__WORD_LEFT_OVER ? SGP_YELLOW
           : word->role == SIGAP__V1__WORD_ROLE__WORD_FILLER  ? SGP_DIM
                                                              : SGP_PLAIN;
}

/* Words first .. last - 1 as columns of one sheet; the candidates as its last rows. */
static sgp_sheet *make_piece(const Sigap__V1__PlaceAnswer *answer, sgp_language language,
                             size_t first, size_t last) {
    const Sigap__V1__PlaceUnderstood *understood = answer->understood;
    static const sgp_text rows[] = {SGP_TEXT_EXPLAIN_WRITTEN, SGP_TEXT_EXPLAIN_ROLE,
                                    SGP_TEXT_EXPLAIN_PART};
    char heads[WORDS_MAX][CELL_BYTES], cell[CELL_BYTES];
    const char *headers[WORDS_MAX + 1] = {sgp_text_get(language, SGP_TEXT_EXPLAIN_WORD)};
    for (size_t i = first; i < last; i++) {
        said(understood, understood->words[i], heads[i - first]);
        headers[1 + i - first] = heads[i - first];
    }
    sgp_sheet *sheet;
    if (sgp_sheet_create(headers, 1 + last - first, &sheet) != SGP_OK)
        return NULL;
    for (size_t row = 0; row < sizeof rows / sizeof rows[0]; row++) {
        sgp_sheet_cell(sheet, SGP_DIM, "%s", sgp_text_get(language, rows[row]));
        for (size_t i = first; i < last; i++) {
            const Sigap__V1__PlaceWord *word = understood->words[i];
            if (row == 0)
                snprintf(cell, sizeof cell, "%s",
                         strcmp(word->text, heads[i - first]) == 0 ? "" : word->text);
            else if (row == 1)
                snprintf(cell, sizeof cell, "%s", sgp_word_role_text(language, (int)word->role));
            else
                part_text(language, understood, word, cell);
            sgp_sheet_cell(sheet, role_colour(word), "%s", cell);
        }
    }
    for (size_t nth = 0; nth < answer->n_candidates && nth < SHOWN_MAX; nth++) {
        sgp_sheet_cell(sheet, SGP_BOLD, "%zu) %s", nth + 1, answer->candidates[nth]->label);
        for (size_t i = first; i < last; i++) {
            sgp_colour colour = SGP_DIM;
            bool any = share_text(answer, nth, i, cell, &colour);
            sgp_sheet_cell(sheet, colour, "%s", any ? cell : "·");
        }
    }
    sgp_sheet_limit(sheet, 0, LABEL_WIDTH);
    return sheet;
}

/* As many words as fit into a line, at least one. */
static size_t print_piece(const Sigap__V1__PlaceAnswer *answer, sgp_language language, size_t first,
                          FILE *out) {
    size_t line = sgp_line_width(out), n_words = answer->understood->n_words;
    size_t last = n_words - first > WORDS_MAX ? first + WORDS_MAX : n_words;
    for (;; last--) {
        sgp_sheet *sheet = make_piece(answer, language, first, last);
        if (sheet == NULL)
            return n_words;
        bool fits = line == 0 || last - first == 1 || sgp_sheet_width(sheet) <= line;
        if (fits)
            sgp_sheet_print(sheet, out);
        sgp_sheet_destroy(sheet);
        if (fits)
            return last;
    }
}

void sgp_place_explain_print(const Sigap__V1__PlaceAnswer *answer, sgp_language language,
                             FILE *out) {
    const Sigap__V1__PlaceUnderstood *understood = answer->understood;
    if (understood == NULL || understood->n_words == 0) {
        fprintf(out, "%s\n", sgp_text_get(language, SGP_TEXT_EXPLAIN_NOTHING));
        return;
    }
    for (size_t first = 0; first < understood->n_words;) {
        if (first > 0)
            fputc('\n', out);
        first = print_piece(answer, language, first, out);
    }
}

/* A name that did nothing for the best candidate: the answer may be to another question. */
static bool is_unused(const Sigap__V1__PlaceAnswer *answer, size_t nth) {
    Sigap__V1__WordRole role = answer->understood->words[nth]->role;
    if (answer->n_reasons == 0 || answer->reasons[0]->n_shares == 0 ||
        (role != SIGAP__V1__WORD_ROLE__WORD_NAME && role != SIGAP__V1__WORD_ROLE__WORD_NUMBER))
        return false;
    for (size_t i = 0; i < answer->reasons[0]->n_shares; i++)
        if (answer->reasons[0]->shares[i]->word == nth &&
            answer->reasons[0]->shares[i]->permille > 0)
            return false;
    return true;
}

static void print_words(const Sigap__V1__PlaceAnswer *answer, sgp_language language, bool unused,
                        FILE *out) {
    const Sigap__V1__PlaceUnderstood *understood = answer->understood;
    char words[512] = "", one[CELL_BYTES], text[640];
    size_t length = 0;
    for (size_t i = 0; i < understood->n_words && length + CELL_BYTES + 8 < sizeof words; i++) {
        bool left_over = understood->words[i]->role == SIGAP__V1__WORD_ROLE__WORD_LEFT_OVER;
        if (unused ? !is_unused(answer, i) : !left_over)
            continue;
        said(understood, understood->words[i], one);
        length += (size_t)snprintf(words + length, sizeof words - length, "%s“%s”",
                                   length > 0 ? " " : "", one);
    }
    if (length > 0)
        fprintf(out, "%s\n",
                sgp_text_fill(text, sizeof text, language,
                              unused ? SGP_TEXT_NOT_USED : SGP_TEXT_NOT_UNDERSTOOD, "words", words,
                              NULL));
}

void sgp_place_left_over_print(const Sigap__V1__PlaceAnswer *answer, sgp_language language,
                               FILE *out) {
    const Sigap__V1__PlaceUnderstood *understood = answer->understood;
    if (understood == NULL)
        return;
    print_words(answer, language, false, out);
    print_words(answer, language, true, out);
    char text[128], number[16];
    snprintf(number, sizeof number, "%u", understood->cut);
    if (understood->cut > 0)
        fprintf(
            out, "%s\n",
            sgp_text_fill(text, sizeof text, language, SGP_TEXT_WORDS_CUT, "words", number, NULL));
}
