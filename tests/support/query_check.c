#include "query_check.h"

#include <stdlib.h>
#include <string.h>

static bool is_plain(const char *word) {
    for (; *word; word++) {
        unsigned char c = (unsigned char)*word;
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c >= 0x80))
            return false;
    }
    return true;
}

static bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* Every letter and digit is of one word, and the words come in order. */
static const char *words_fault(const char *text, const sgp_place_query *q) {
    size_t length = strlen(text), at = 0;
    for (size_t i = 0; i < q->n_words; i++) {
        const sgp_query_word *word = &q->words[i];
        if (word->text[0] == '\0' || strnlen(word->text, SGP_WORD_BYTES) == SGP_WORD_BYTES)
            return "a word is empty or has no end";
        if (!is_plain(word->text))
            return "a word has signs or capitals";
        if (word->from >= word->to || word->from < at || word->to > length)
            return "words do not come in order";
        for (; at < word->from; at++)
            if (q->n_cut == 0 && is_letter_or_digit(text[at]))
                return "a letter is of no word";
        at = word->to;
        if ((int)word->role < 0 || word->role > SGP_WORD_LEFT_OVER)
            return "a role is out of range";
        if (word->phrase != SGP_NO_PHRASE && word->phrase >= q->n_phrases)
            return "a word is of a phrase that is not there";
        if (word->optional && word->role != SGP_WORD_NUMBER && word->role != SGP_WORD_NAME)
            return "a word that is no name and no number is optional";
    }
    for (; at < length; at++)
        if (q->n_cut == 0 && is_letter_or_digit(text[at]))
            return "the last letters are of no word";
    return NULL;
}

static const char *phrases_fault(const sgp_place_query *q) {
    for (size_t i = 0; i < q->n_phrases; i++) {
        const sgp_query_phrase *phrase = &q->phrases[i];
        if ((int)phrase->role < 0 || phrase->role > SGP_PHRASE_LANDMARK ||
            (int)phrase->wanted < 0 || phrase->wanted > SGP_WANTED_KM_POST ||
            (int)phrase->relation < 0 || phrase->relation > SGP_RELATION_INTO)
            return "a phrase is out of range";
        if (phrase->n_words == 0 || phrase->n_words > SGP_PHRASE_WORDS_MAX)
            return "a phrase has no words, or too many";
        if ((phrase->role == SGP_PHRASE_LANDMARK) != (phrase->relation != SGP_RELATION_NONE))
            return "a landmark without a relation, or a relation without a landmark";
        for (size_t j = 0; j < phrase->n_words; j++) {
            if (phrase->words[j] >= q->n_words || q->words[phrase->words[j]].phrase != i)
                return "a phrase lists a word that is not its own";
            if (j > 0 && phrase->words[j] <= phrase->words[j - 1])
                return "a phrase lists its words out of order";
        }
    }
    return NULL;
}

static const char *numbers_fault(const sgp_place_query *q) {
    if (strnlen(q->number, SGP_NUMBER_BYTES) == SGP_NUMBER_BYTES ||
        strnlen(q->block, SGP_NUMBER_BYTES) == SGP_NUMBER_BYTES || !is_plain(q->number) ||
        !is_plain(q->block))
        return "a number is not plain";
    if (q->number[0] == '\0' && (q->number_is_certain || q->number_value != -1))
        return "no number, but a value";
    if (q->number_value < -1 || q->number_value > 999999 || q->gang < -1 || q->rt < -1 ||
        q->rw < -1 || q->km_m < -1 || q->junction_arms > 6)
        return "a number is out of range";
    if (!q->is_junction && (q->is_roundabout || q->junction_arms > 0))
        return "arms of no junction";
    return NULL;
}

const char *sgp_query_fault(const char *text, const sgp_place_query *q) {
    if (q->n_words > SGP_QUERY_WORDS_MAX || q->n_phrases > SGP_QUERY_PHRASES_MAX)
        return "more words or phrases than there is room for";
    const char *fault = words_fault(text, q);
    if (!fault)
        fault = phrases_fault(q);
    return fault ? fault : numbers_fault(q);
}

const char *sgp_name_fault(const char *text) {
    char words[512], again[512];
    size_t n = sgp_place_name_words(text, words, sizeof words);
    if ((n == 0) != (words[0] == '\0'))
        return "a count of words that are not there";
    for (const char *at = words; *at; at++)
        if (*at == ' ' && (at == words || at[1] == ' ' || at[1] == '\0'))
            return "spaces that part nothing";
    if (n > 30 || strlen(words) > 400)
        return NULL; /* what was cut may read otherwise without its neighbours */
    /* Commas and hyphens are gone after the first time, and what they parted may be one word then
     * ("i. i" -> "ii" -> "2"), and a letter or number may change sides word by word ("x u222 x u222 s"
     * takes six turns); it must come to rest. */
    for (int i = 0; i < 12; i++) {
        (void)sgp_place_name_words(words, again, sizeof again);
        if (strcmp(words, again) == 0)
            return NULL;
        memcpy(words, again, sizeof words);
    }
    return "a name's words are not their own words";
}
