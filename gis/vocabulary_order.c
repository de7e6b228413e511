#include <stdlib.h>
#include <string.h>

#include "gis/vocabulary_parts.h"

enum {
    PIECE = 256, /* entries handled in one step */
    COMPLETIONS_MAX = 32,
    FIRST_ERROR = 3, /* letters before are as typed */
    LAST_ERROR = 11,
    LETTERS = 26,
    /* With one error: at each place a letter too many, two turned about, one replaced, one
     * missing. Taking the best of a span leaves two. */
    ERRORS_MAX = (LAST_ERROR - FIRST_ERROR + 1) * (2 + 2 * LETTERS),
    SPANS_MAX = ERRORS_MAX + 2 * COMPLETIONS_MAX
};

/* ---- making an order --------------------------------------------------------------- */

static const char *letters_of(const sgp_vocabulary *vocabulary, const word_order *order,
                              uint32_t word) {
    const word_letters *letters = vocabulary->words[word];
    return order->by_sound ? sound_in(letters) : letters->text;
}

static uint64_t head_of(const char *letters) {
    uint64_t head = 0;
    size_t i = 0;
    for (; i < 8 && letters[i]; i++)
        head = head << 8 | (unsigned char)letters[i];
    return head << 8 * (8 - i);
}

static bool goes_before(const sgp_vocabulary *vocabulary, const word_order *order,
                        const order_entry *a, const order_entry *b) {
    if (a->head != b->head)
        return a->head < b->head;
    int compared =
        strcmp(letters_of(vocabulary, order, a->word), letters_of(vocabulary, order, b->word));
    return compared < 0 || (compared == 0 && a->word < b->word);
}

static sgp_err begin_order(const sgp_vocabulary *vocabulary, word_order *order) {
    order->leaves = 1;
    while (order->leaves < vocabulary->n)
        order->leaves *= 2;
    order->entries = malloc((vocabulary->n + 1) * sizeof *order->entries);
    order->spare = malloc((vocabulary->n + 1) * sizeof *order->spare);
    order->best = malloc(2 * order->leaves * sizeof *order->best);
    if (!order->entries || !order->spare || !order->best) {
        sgp_order_free(order);
        return SGP_E_MEMORY;
    }
    order->filled = 0;
    order->width = 1;
    order->low = order->left = 0;
    order->right = vocabulary->n < 1 ? vocabulary->n : 1;
    order->unbuilt = 2 * order->leaves;
    return SGP_OK;
}

static void fill_piece(const sgp_vocabulary *vocabulary, word_order *order) {
    for (size_t i = 0; i < PIECE && order->filled < vocabulary->n; i++) {
        uint32_t word = (uint32_t)order->filled++;
        order->entries[word] = (order_entry){head_of(letters_of(vocabulary, order, word)), word};
    }
}

static size_t least_of(size_t a, size_t b) {
    return a < b ? a : b;
}

static void merge_piece(const sgp_vocabulary *vocabulary, word_order *order) {
    size_t n = vocabulary->n;
    for (size_t i = 0; i < PIECE && order->width < n; i++) {
        size_t middle = least_of(order->low + order->width, n);
        size_t end = least_of(order->low + 2 * order->width, n);
        if (order->left < middle || order->right < end) {
            bool left = order->right == end ||
                        (order->left < middle &&
                         !goes_before(vocabulary, order, &order->entries[order->right],
                                      &order->entries[order->left]));
            size_t to = order->left + order->right - middle;
            order->spare[to] = order->entries[left ? order->left++ : order->right++];
            continue;
        }
        order->low = end;
        if (order->low == n) {
            order_entry *merged = order->spare;
            order->spare = order->entries;
            order->entries = merged;
            order->width *= 2;
            order->low = 0;
        }
        order->left = order->low;
        order->right = least_of(order->low + order->width, n);
    }
}

/* The better of two entries: of more names, then the word added first. */
static uint32_t better(const sgp_vocabulary *vocabulary, const word_order *order, uint32_t a,
                       uint32_t b) {
    if (b >= vocabulary->n)
        return a;
    uint32_t word_a = order->entries[a].word, word_b = order->entries[b].word;
    int32_t count_a = vocabulary->counts[word_a], count_b = vocabulary->counts[word_b];
    return count_a > count_b || (count_a == count_b && word_a < word_b) ? a : b;
}

static void build_piece(const sgp_vocabulary *vocabulary, word_order *order) {
    for (size_t i = 0; i < PIECE && order->unbuilt > 1; i++) {
        size_t node = --order->unbuilt;
        if (node >= order->leaves)
            order->best[node] = (uint32_t)(node - order->leaves);
        else
            order->best[node] =
                better(vocabulary, order, order->best[2 * node], order->best[2 * node + 1]);
    }
}

sgp_err sgp_order_step(const sgp_vocabulary *vocabulary, word_order *order, bool *done) {
    *done = false;
    if (!order->entries)
        return begin_order(vocabulary, order);
    if (order->filled < vocabulary->n)
        fill_piece(vocabulary, order);
    else if (order->width < vocabulary->n)
        merge_piece(vocabulary, order);
    else
        build_piece(vocabulary, order);
    if (order->filled == vocabulary->n && order->width >= vocabulary->n && order->unbuilt <= 1) {
        free(order->spare);
        order->spare = NULL;
        *done = true;
    }
    return SGP_OK;
}

void sgp_order_free(word_order *order) {
    free(order->entries);
    free(order->spare);
    free(order->best);
    order->entries = order->spare = NULL;
    order->best = NULL;
}

/* ---- words that begin so ------------------------------------------------------------- */

typedef struct span {
    size_t from, to;
} span;

/* Whether an entry lies before all that begin with `prefix` (after: behind them all). */
static bool is_left_of(const sgp_vocabulary *vocabulary, const word_order *order, size_t entry,
                       const char *prefix, size_t length, bool after) {
    uint64_t mask = length >= 8 ? ~UINT64_C(0) : ~(~UINT64_C(0) >> 8 * length);
    uint64_t head = order->entries[entry].head & mask, wanted = head_of(prefix) & mask;
    if (head != wanted)
        return head < wanted;
    int compared = length <= 8 ? 0
                               : strncmp(letters_of(vocabulary, order, order->entries[entry].word),
                                         prefix, length);
    return compared < 0 || (compared == 0 && after);
}

static size_t first_not_left_of(const sgp_vocabulary *vocabulary, const word_order *order,
                                span within, const char *prefix, size_t length, bool after) {
    while (within.from < within.to) {
        size_t middle = within.from + (within.to - within.from) / 2;
        if (is_left_of(vocabulary, order, middle, prefix, length, after))
            within.from = middle + 1;
        else
            within.to = middle;
    }
    return within.from;
}

static span with_prefix(const sgp_vocabulary *vocabulary, const word_order *order, span within,
                        const char *prefix, size_t length) {
    span found;
    found.from = first_not_left_of(vocabulary, order, within, prefix, length, false);
    found.to =
        first_not_left_of(vocabulary, order, (span){found.from, within.to}, prefix, length, true);
    return found;
}

/* The best entry of a span that is not empty. */
static uint32_t best_in(const sgp_vocabulary *vocabulary, const word_order *order, span within) {
    uint32_t best = (uint32_t)within.from;
    size_t low = within.from + order->leaves, high = within.to + order->leaves;
    for (; low < high; low /= 2, high /= 2) {
        if (low & 1)
            best = better(vocabulary, order, best, order->best[low++]);
        if (high & 1)
            best = better(vocabulary, order, best, order->best[--high]);
    }
    return best;
}

typedef struct completion {
    const sgp_vocabulary *vocabulary;
    uint32_t *ids;
    size_t n, capacity;
} completion;

static void add_completion(completion *found, uint32_t word) {
    for (size_t i = 0; i < found->n; i++)
        if (found->ids[i] == word)
            return;
    if (found->n < found->capacity)
        found->ids[found->n++] = word;
}

/* Spans that do not overlap; those of prefixes lie either apart or one within the other. */
typedef struct span_list {
    size_t n;
    span spans[SPANS_MAX];
    uint32_t bests[SPANS_MAX];
} span_list;

static void add_span(span_list *list, span added) {
    size_t kept = 0;
    if (added.from >= added.to)
        return;
    for (size_t i = 0; i < list->n; i++)
        if (list->spans[i].from <= added.from && added.to <= list->spans[i].to)
            return;
    for (size_t i = 0; i < list->n; i++)
        if (list->spans[i].from < added.from || added.to < list->spans[i].to)
            list->spans[kept++] = list->spans[i];
    list->n = kept;
    if (list->n < ERRORS_MAX)
        list->spans[list->n++] = added;
}

/* Adds the best words of the spans, best first, until the room is used up. */
static void add_best(completion *found, const word_order *order, span_list *list) {
    const sgp_vocabulary *vocabulary = found->vocabulary;
    for (size_t i = 0; i < list->n; i++)
        list->bests[i] = best_in(vocabulary, order, list->spans[i]);
    while (list->n > 0 && found->n < found->capacity) {
        size_t top = 0;
        for (size_t i = 1; i < list->n; i++)
            if (better(vocabulary, order, list->bests[top], list->bests[i]) == list->bests[i])
                top = i;
        uint32_t entry = list->bests[top];
        span cut = list->spans[top];
        add_completion(found, order->entries[entry].word);
        /* What is left of the span lies on both sides of the entry. */
        list->n--;
        list->spans[top] = list->spans[list->n];
        list->bests[top] = list->bests[list->n];
        span rest[2] = {{cut.from, entry}, {(size_t)entry + 1, cut.to}};
        for (size_t side = 0; side < 2; side++)
            if (rest[side].from < rest[side].to && list->n < SPANS_MAX) {
                list->spans[list->n] = rest[side];
                list->bests[list->n++] = best_in(vocabulary, order, rest[side]);
            }
    }
}

/* Spans of words that begin with prefix[0..at), then with `middle`, then with the rest of the
 * prefix from `rest` on. */
static void add_changed(const sgp_vocabulary *vocabulary, span within, const char *prefix,
                        size_t at, const char *middle, size_t rest, span_list *list) {
    char changed[SGP_WORD_BYTES + 4];
    size_t middle_length = strlen(middle), rest_length = strlen(prefix + rest);
    memcpy(changed, prefix, at);
    memcpy(changed + at, middle, middle_length);
    memcpy(changed + at + middle_length, prefix + rest, rest_length + 1);
    add_span(list, with_prefix(vocabulary, &vocabulary->by_text, within, changed,
                               at + middle_length + rest_length));
}

static void add_with_error(const sgp_vocabulary *vocabulary, const char *prefix, size_t length,
                           span_list *list) {
    span all = {0, vocabulary->n};
    for (size_t at = FIRST_ERROR; at <= LAST_ERROR && at < length; at++) {
        span within = with_prefix(vocabulary, &vocabulary->by_text, all, prefix, at);
        if (within.from == within.to)
            return;
        add_changed(vocabulary, within, prefix, at, "", at + 1, list);
        if (at + 1 < length) {
            char turned[3] = {prefix[at + 1], prefix[at], '\0'};
            add_changed(vocabulary, within, prefix, at, turned, at + 2, list);
        }
        for (char letter[2] = "a"; letter[0] <= 'z'; letter[0]++) {
            add_changed(vocabulary, within, prefix, at, letter, at + 1, list);
            add_changed(vocabulary, within, prefix, at, letter, at, list);
        }
    }
}

size_t sgp_vocabulary_complete(const sgp_vocabulary *vocabulary, const char *prefix, uint32_t *ids,
                               size_t capacity) {
    size_t length = strnlen(prefix, SGP_WORD_BYTES);
    if (vocabulary->stage != SEAL_DONE || length < FIRST_ERROR || length >= SGP_WORD_BYTES)
        return 0;
    completion found = {vocabulary, ids, 0, least_of(capacity, COMPLETIONS_MAX)};
    span_list list = {.n = 0};
    span all = {0, vocabulary->n};
    add_span(&list, with_prefix(vocabulary, &vocabulary->by_text, all, prefix, length));
    add_best(&found, &vocabulary->by_text, &list);
    if (strpbrk(prefix, "0123456789"))
        return found.n;
    /* How a y sounds is known only with the letter behind it. */
    char sound[SGP_WORD_BYTES];
    size_t sound_length =
        sgp_word_sound(prefix, length - (prefix[length - 1] == 'y' ? 1 : 0), sound);
    list.n = 0;
    if (sound_length >= 2)
        add_span(&list, with_prefix(vocabulary, &vocabulary->by_sound, all, sound, sound_length));
    add_best(&found, &vocabulary->by_sound, &list);
    list.n = 0;
    if (found.n < found.capacity)
        add_with_error(vocabulary, prefix, length, &list);
    add_best(&found, &vocabulary->by_text, &list);
    return found.n;
}
