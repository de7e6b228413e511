/* From the words that were said of names to the vocabulary, and back to the names. */
#include "gis/graph_names.h"

#include <stdlib.h>
#include <string.h>

enum { SEAL_US = 50000 }; /* between looks at whether to stop */

typedef struct indexing {
    sgp_graph_names *names;
    sgp_buffer *said;
    const atomic_bool *stop;
    int32_t *count; /* [texts] names that have a word */
} indexing;

static int compare_said(const void *left, const void *right) {
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    /* By word, the own one before the same word of the context. */
    if (a >> 1 != b >> 1)
        return a >> 1 < b >> 1 ? -1 : 1;
    return (int)(b & 1) - (int)(a & 1);
}

/* Each word of a name once; counts the names that have it. */
static void count_words(indexing *x, sgp_graph_name *row) {
    uint32_t *said = (uint32_t *)(void *)x->said->data + row->first_word;
    qsort(said, row->n_words, sizeof *said, compare_said);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < row->n_words; i++)
        if (kept == 0 || said[kept - 1] >> 1 != said[i] >> 1) {
            said[kept++] = said[i];
            x->count[said[i] >> 1]++;
        }
    row->n_words = kept;
}

static sgp_err make_vocabulary(indexing *x) {
    sgp_graph_names *n = x->names;
    x->count = calloc((size_t)n->texts.count + 1, sizeof *x->count);
    if (!x->count)
        return SGP_E_MEMORY;
    sgp_graph_name *names = (void *)n->names.data;
    for (uint32_t i = 0; i < sgp_names_count(n); i++)
        count_words(x, &names[i]);
    sgp_err err = sgp_vocabulary_create(&n->vocabulary);
    for (uint32_t w = 0; w < n->texts.count && err == SGP_OK; w++)
        if (x->count[w] > 0)
            err = sgp_vocabulary_add(n->vocabulary, sgp_names_text(n, w), x->count[w]);
    for (bool done = false; !done && err == SGP_OK;)
        err = atomic_load(x->stop) ? SGP_E_TIMEOUT
                                   : sgp_vocabulary_seal(n->vocabulary, SEAL_US, &done);
    return err;
}

static int compare_name_words(const void *left, const void *right) {
    const sgp_name_word *a = left, *b = right;
    return (a->word > b->word) - (a->word < b->word);
}

/* From numbers of texts to ids of the vocabulary, whose weights are those of the words. */
static sgp_err weigh_name(indexing *x, sgp_graph_name *row, const uint32_t *id) {
    const uint32_t *said = (const uint32_t *)(const void *)x->said->data + row->first_word;
    sgp_graph_names *n = x->names;
    row->first_word = (uint32_t)(n->name_words.length / sizeof(sgp_name_word));
    if (sgp_buffer_reserve(&n->name_words, row->n_words * sizeof(sgp_name_word)) != SGP_OK)
        return SGP_E_MEMORY;
    sgp_name_word *words = (sgp_name_word *)(void *)n->name_words.data + row->first_word;
    for (uint32_t i = 0; i < row->n_words; i++) {
        words[i] = (sgp_name_word){.word = id[said[i] >> 1] & 0x7fffffff, .is_own = said[i] & 1};
        if (words[i].is_own)
            row->own_weight += sgp_vocabulary_word_at(n->vocabulary, words[i].word).weight;
    }
    n->name_words.length += row->n_words * sizeof *words;
    qsort(words, row->n_words, sizeof *words, compare_name_words);
    return SGP_OK;
}

static sgp_err list_names_of_words(sgp_graph_names *n) {
    size_t n_words = sgp_vocabulary_size(n->vocabulary);
    size_t n_links = n->name_words.length / sizeof(sgp_name_word);
    const sgp_name_word *words = (const void *)n->name_words.data;
    n->word_first = calloc(n_words + 2, sizeof *n->word_first);
    n->word_names = malloc((n_links + 1) * sizeof *n->word_names);
    if (!n->word_first || !n->word_names)
        return SGP_E_MEMORY;
    uint32_t *next = n->word_first + 1;
    for (size_t i = 0; i < n_links; i++)
        next[words[i].word + 1]++;
    for (size_t w = 1; w <= n_words; w++)
        next[w] += next[w - 1];
    for (uint32_t i = 0; i < sgp_names_count(n); i++) {
        const sgp_graph_name *row = &sgp_names_all(n)[i];
        for (uint32_t k = row->first_word; k < row->first_word + row->n_words; k++)
            n->word_names[next[words[k].word]++] = i;
    }
    return SGP_OK;
}

typedef struct spelt {
    const char *text;
    uint32_t id;
} spelt;

static int compare_spelt(const void *left, const void *right) {
    return strcmp(((const spelt *)left)->text, ((const spelt *)right)->text);
}

static sgp_err order_by_text(sgp_graph_names *n) {
    size_t n_words = sgp_vocabulary_size(n->vocabulary);
    n->by_text = malloc((n_words + 1) * sizeof *n->by_text);
    spelt *words = malloc((n_words + 1) * sizeof *words);
    if (n->by_text && words) {
        for (uint32_t w = 0; w < n_words; w++)
            words[w] = (spelt){sgp_vocabulary_word_at(n->vocabulary, w).text, w};
        qsort(words, n_words, sizeof *words, compare_spelt);
        for (size_t w = 0; w < n_words; w++)
            n->by_text[w] = words[w].id;
    }
    free(words);
    return n->by_text ? SGP_OK : SGP_E_MEMORY;
}

static sgp_err index_all(indexing *x) {
    sgp_graph_names *n = x->names;
    sgp_err err = make_vocabulary(x);
    uint32_t *id = err == SGP_OK ? calloc((size_t)n->texts.count + 1, sizeof *id) : NULL;
    if (err == SGP_OK && !id)
        err = SGP_E_MEMORY;
    for (uint32_t w = 0; w < n->texts.count && err == SGP_OK; w++)
        if (x->count[w] > 0 && !sgp_vocabulary_find(n->vocabulary, sgp_names_text(n, w), &id[w]))
            err = SGP_E_STATE; /* it was added a moment ago */
    for (uint32_t i = 0; i < sgp_names_count(n) && err == SGP_OK; i++)
        err = weigh_name(x, (sgp_graph_name *)(void *)n->names.data + i, id);
    free(id);
    if (err == SGP_OK)
        err = list_names_of_words(n);
    return err == SGP_OK ? order_by_text(n) : err;
}

sgp_err sgp_graph_names_index(sgp_graph_names *names, sgp_buffer *said, const atomic_bool *stop) {
    indexing x = {names, said, stop, NULL};
    sgp_err err = index_all(&x);
    free(x.count);
    return err;
}

size_t sgp_graph_names_bytes(const sgp_graph_names *n) {
    const sgp_buffer *const buffers[] = {
        &n->texts.bytes,        &n->texts.offsets,    &n->streets.pieces, &n->streets.streets,
        &n->streets.foot_lines, &n->junction_streets, &n->names,          &n->name_words};
    size_t bytes = (size_t)n->texts.n_slots * sizeof(uint32_t) +
                   ((size_t)n->streets.n_words + 2) * sizeof(uint32_t) +
                   n->junctions.n * sizeof *n->junctions.items +
                   n->junctions.n_names * sizeof *n->junctions.names +
                   (n->junctions.n + 1 + sgp_streets_count(&n->streets) + 2) * sizeof(uint32_t) +
                   n->junction_streets.length + n->name_words.length / sizeof(sgp_name_word) * 4;
    for (size_t i = 0; i < sizeof buffers / sizeof *buffers; i++)
        bytes += buffers[i]->capacity;
    size_t n_words = n->vocabulary ? sgp_vocabulary_size(n->vocabulary) : 0;
    return bytes + 2 * n_words * sizeof(uint32_t) +
           (n->vocabulary ? sgp_vocabulary_bytes(n->vocabulary) : 0);
}
