#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "gis/vocabulary_parts.h"

enum {
    BLOCK_BYTES = 1 << 18,
    FIRST_WORDS = 1024,
    FIRST_SLOTS = 32, /* of a shard */
    PIECE_WORDS = 16, /* looked at between two looks at the clock */
    PIECE_BUCKETS = 8192,
    BUCKET_BITS_MIN = 10,
    BUCKET_BITS_MAX = 22
};

/* ---- words ------------------------------------------------------------------------ */

sgp_err sgp_vocabulary_create(sgp_vocabulary **vocabulary) {
    sgp_vocabulary *made = calloc(1, sizeof *made);
    if (!made)
        return SGP_E_MEMORY;
    made->by_sound.by_sound = true;
    *vocabulary = made;
    return SGP_OK;
}

void sgp_vocabulary_destroy(sgp_vocabulary *vocabulary) {
    if (!vocabulary)
        return;
    for (size_t i = 0; i < vocabulary->n_blocks; i++)
        free(vocabulary->blocks[i]);
    free(vocabulary->blocks);
    free(vocabulary->words);
    free(vocabulary->masks);
    free(vocabulary->counts);
    for (size_t i = 0; i < WORD_SHARDS; i++)
        free(vocabulary->shards[i].slots);
    free(vocabulary->index.ends);
    free(vocabulary->index.entries);
    sgp_order_free(&vocabulary->by_text);
    sgp_order_free(&vocabulary->by_sound);
    free(vocabulary);
}

/* FNV-1a, 64 bits, after Fowler, Noll and Vo; its high half is the better one. */
static uint64_t hash_word(const char *word, size_t length) {
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)word[i]) * UINT64_C(0x100000001b3);
    return hash ^ hash >> 29;
}

static word_shard *shard_of(sgp_vocabulary *vocabulary, uint64_t hash) {
    return &vocabulary->shards[hash % WORD_SHARDS];
}

/* The slot of a word, or the empty one where it would go. */
static uint64_t *slot_of(const sgp_vocabulary *vocabulary, const char *word, size_t length,
                         uint64_t hash) {
    const word_shard *shard = &vocabulary->shards[hash % WORD_SHARDS];
    for (size_t at = (size_t)(hash >> 32);; at++) {
        uint64_t *slot = &shard->slots[at & (shard->n_slots - 1)];
        if (*slot == 0)
            return slot;
        if (*slot >> 32 != hash >> 32)
            continue;
        const word_letters *known = vocabulary->words[(uint32_t)*slot - 1];
        if (known->length == length && memcmp(known->text, word, length) == 0)
            return slot;
    }
}

static bool grow_shard(word_shard *shard) {
    size_t n = shard->n_slots ? 2 * shard->n_slots : FIRST_SLOTS;
    uint64_t *slots = calloc(n, sizeof *slots);
    if (!slots)
        return false;
    for (size_t i = 0; i < shard->n_slots; i++) {
        if (shard->slots[i] == 0)
            continue;
        size_t at = (size_t)(shard->slots[i] >> 32);
        while (slots[at & (n - 1)] != 0)
            at++;
        slots[at & (n - 1)] = shard->slots[i];
    }
    free(shard->slots);
    shard->slots = slots;
    shard->n_slots = n;
    return true;
}

static bool grow_words(sgp_vocabulary *vocabulary) {
    size_t capacity = vocabulary->capacity ? 2 * vocabulary->capacity : FIRST_WORDS;
    word_letters **words = realloc(vocabulary->words, capacity * sizeof *words);
    if (!words)
        return false;
    vocabulary->words = words;
    word_masks *masks = realloc(vocabulary->masks, capacity * sizeof *masks);
    if (!masks)
        return false;
    vocabulary->masks = masks;
    int32_t *counts = realloc(vocabulary->counts, capacity * sizeof *counts);
    if (!counts)
        return false;
    vocabulary->counts = counts;
    vocabulary->capacity = capacity;
    return true;
}

static void *take_bytes(sgp_vocabulary *vocabulary, size_t bytes) {
    if (vocabulary->n_blocks == 0 || vocabulary->block_used + bytes > BLOCK_BYTES) {
        char **blocks = realloc(vocabulary->blocks, (vocabulary->n_blocks + 1) * sizeof *blocks);
        if (!blocks)
            return NULL;
        vocabulary->blocks = blocks;
        char *block = malloc(BLOCK_BYTES);
        if (!block)
            return NULL;
        blocks[vocabulary->n_blocks++] = block;
        vocabulary->block_used = 0;
    }
    void *taken = vocabulary->blocks[vocabulary->n_blocks - 1] + vocabulary->block_used;
    vocabulary->block_used += bytes;
    return taken;
}

static word_letters *copy_word(sgp_vocabulary *vocabulary, const char *word, size_t length) {
    char sound[SGP_WORD_BYTES];
    size_t sound_length = sgp_word_sound(word, length, sound);
    word_letters *copy = take_bytes(vocabulary, sizeof *copy + length + 1 + sound_length + 1);
    if (!copy)
        return NULL;
    copy->length = (uint8_t)length;
    copy->sound_length = (uint8_t)sound_length;
    copy->has_digit = strpbrk(word, "0123456789") != NULL;
    memcpy(copy->text, word, length + 1);
    memcpy(copy->text + length + 1, sound, sound_length + 1);
    return copy;
}

sgp_err sgp_vocabulary_add(sgp_vocabulary *vocabulary, const char *word, int32_t count) {
    size_t length = strnlen(word, SGP_WORD_BYTES);
    if (length == 0 || length >= SGP_WORD_BYTES || count < 0)
        return SGP_E_ARGUMENT;
    if (vocabulary->stage != SEAL_ADDING)
        return SGP_E_STATE;
    uint64_t hash = hash_word(word, length);
    word_shard *shard = shard_of(vocabulary, hash);
    if (2 * shard->n_used >= shard->n_slots && !grow_shard(shard))
        return SGP_E_MEMORY;
    uint64_t *slot = slot_of(vocabulary, word, length, hash);
    if (*slot != 0) {
        int32_t *sum = &vocabulary->counts[(uint32_t)*slot - 1];
        *sum = *sum > INT32_MAX - count ? INT32_MAX : *sum + count;
        return SGP_OK;
    }
    if (vocabulary->n == WORDS_MAX)
        return SGP_E_FULL;
    if (vocabulary->n == vocabulary->capacity && !grow_words(vocabulary))
        return SGP_E_MEMORY;
    word_letters *copy = copy_word(vocabulary, word, length);
    if (!copy)
        return SGP_E_MEMORY;
    vocabulary->words[vocabulary->n] = copy;
    vocabulary->masks[vocabulary->n] =
        (word_masks){sgp_letters_mask(copy->text, copy->length),
                     sgp_letters_mask(sound_in(copy), copy->sound_length)};
    vocabulary->counts[vocabulary->n] = count;
    *slot = hash >> 32 << 32 | ++vocabulary->n;
    shard->n_used++;
    return SGP_OK;
}

size_t sgp_vocabulary_size(const sgp_vocabulary *vocabulary) {
    return vocabulary->n;
}

size_t sgp_vocabulary_bytes(const sgp_vocabulary *vocabulary) {
    size_t n = vocabulary->n, bytes = sizeof *vocabulary;
    bytes += vocabulary->capacity *
             (sizeof *vocabulary->words + sizeof *vocabulary->masks + sizeof *vocabulary->counts);
    for (size_t i = 0; i < WORD_SHARDS; i++)
        bytes += vocabulary->shards[i].n_slots * sizeof *vocabulary->shards[i].slots;
    bytes += vocabulary->n_blocks * (size_t)BLOCK_BYTES;
    if (vocabulary->index.entries) {
        size_t n_buckets = (size_t)1 << vocabulary->index.bucket_bits;
        bytes += n_buckets * sizeof *vocabulary->index.ends;
        bytes += (size_t)vocabulary->index.ends[n_buckets - 1] * sizeof *vocabulary->index.entries;
    }
    if (vocabulary->stage == SEAL_DONE)
        bytes += 2 * (n * sizeof(order_entry) +
                      2 * vocabulary->by_text.leaves * sizeof *vocabulary->by_text.best);
    return bytes;
}

sgp_vocabulary_word sgp_vocabulary_word_at(const sgp_vocabulary *vocabulary, uint32_t id) {
    int32_t count = vocabulary->counts[id];
    return (sgp_vocabulary_word){.text = vocabulary->words[id]->text,
                                 .count = count,
                                 .weight = count > 1 ? 1 / (1 + logf((float)count)) : 1};
}

bool sgp_vocabulary_find(const sgp_vocabulary *vocabulary, const char *word, uint32_t *id) {
    size_t length = strnlen(word, SGP_WORD_BYTES);
    if (length == 0 || length >= SGP_WORD_BYTES)
        return false;
    return sgp_vocabulary_find_letters(vocabulary, word, length, id);
}

bool sgp_vocabulary_find_letters(const sgp_vocabulary *vocabulary, const char *word, size_t length,
                                 uint32_t *id) {
    uint64_t hash = hash_word(word, length);
    if (vocabulary->shards[hash % WORD_SHARDS].n_used == 0)
        return false;
    uint64_t slot = *slot_of(vocabulary, word, length, hash);
    if (slot == 0)
        return false;
    *id = (uint32_t)slot - 1;
    return true;
}

size_t sgp_vocabulary_words(const sgp_vocabulary *vocabulary, const char *text, uint32_t *ids,
                            size_t capacity) {
    size_t n = 0;
    for (const char *at = text; *at && n < capacity; at += strspn(at, " ")) {
        size_t length = strcspn(at, " ");
        uint32_t id;
        if (length > 0 && length < SGP_WORD_BYTES &&
            sgp_vocabulary_find_letters(vocabulary, at, length, &id))
            ids[n++] = *at >= '0' && *at <= '9' ? id | SGP_NUMERAL : id;
        at += length;
    }
    return n;
}

/* ---- sealing ------------------------------------------------------------------------ */

/* Where a word is filed, and under how many letters fewer. */
typedef struct word_places {
    uint64_t hashes[3 * SPELLINGS_MAX];
    uint8_t letters_fewer[3 * SPELLINGS_MAX];
    size_t n;
} word_places;

static void find_places(const word_letters *word, word_places *places) {
    char broad[SGP_WORD_BYTES];
    size_t broad_length = sgp_word_broad(sound_in(word), word->sound_length, broad);
    const struct {
        const char *letters;
        size_t length;
    } views[] = {[FILED_BY_TEXT] = {word->text, word->length},
                 [FILED_BY_SOUND] = {sound_in(word), word->sound_length},
                 [FILED_BY_BROAD] = {broad, broad_length}};
    places->n = 0;
    for (filed_by by = FILED_BY_TEXT; !word->has_digit && by <= FILED_BY_BROAD; by++)
        places->n += sgp_spellings(by, views[by].letters, views[by].length, sgp_filed_errors(by),
                                   places->hashes + places->n, places->letters_fewer + places->n);
}

static sgp_err begin_sealing(sgp_vocabulary *vocabulary) {
    word_index *index = &vocabulary->index;
    /* About four entries share a bucket; a word has about fifty. */
    index->bucket_bits = BUCKET_BITS_MIN;
    while (index->bucket_bits < BUCKET_BITS_MAX &&
           (size_t)1 << index->bucket_bits < 12 * vocabulary->n)
        index->bucket_bits++;
    index->ends = calloc((size_t)1 << index->bucket_bits, sizeof *index->ends);
    if (!index->ends)
        return SGP_E_MEMORY;
    vocabulary->stage = SEAL_COUNTING;
    vocabulary->at = 0;
    return SGP_OK;
}

/* First each bucket's entries are counted, then the counts become begins, then each entry
 * is put where its bucket's begin stands, which thereby becomes the bucket's end. */
static void count_or_file(sgp_vocabulary *vocabulary) {
    word_index *index = &vocabulary->index;
    word_places places;
    for (size_t i = 0; i < PIECE_WORDS && vocabulary->at < vocabulary->n; i++) {
        uint32_t word = (uint32_t)vocabulary->at++;
        find_places(vocabulary->words[word], &places);
        for (size_t h = 0; h < places.n; h++)
            __builtin_prefetch(&index->ends[bucket_of(index, places.hashes[h])], 1);
        for (size_t h = 0; h < places.n; h++) {
            uint32_t *end = &index->ends[bucket_of(index, places.hashes[h])];
            if (vocabulary->stage == SEAL_FILING)
                index->entries[*end] = entry_of(places.hashes[h], places.letters_fewer[h], word);
            (*end)++;
        }
    }
}

static sgp_err sum_counts(sgp_vocabulary *vocabulary, bool *done) {
    word_index *index = &vocabulary->index;
    size_t n_buckets = (size_t)1 << index->bucket_bits;
    for (size_t i = 0; i < PIECE_BUCKETS && vocabulary->at < n_buckets; i++) {
        uint32_t count = index->ends[vocabulary->at];
        index->ends[vocabulary->at++] = vocabulary->n_entries;
        vocabulary->n_entries += count;
    }
    *done = vocabulary->at == n_buckets;
    if (*done && !index->entries)
        index->entries = malloc((vocabulary->n_entries + 1) * sizeof *index->entries);
    return *done && !index->entries ? SGP_E_MEMORY : SGP_OK;
}

/* One piece of the present stage. */
static sgp_err seal_piece(sgp_vocabulary *vocabulary, bool *stage_done) {
    switch (vocabulary->stage) {
    case SEAL_ADDING:
        return begin_sealing(vocabulary);
    case SEAL_COUNTING:
    case SEAL_FILING:
        count_or_file(vocabulary);
        *stage_done = vocabulary->at == vocabulary->n;
        return SGP_OK;
    case SEAL_SUMMING:
        return sum_counts(vocabulary, stage_done);
    case SEAL_BY_TEXT:
        return sgp_order_step(vocabulary, &vocabulary->by_text, stage_done);
    case SEAL_BY_SOUND:
        return sgp_order_step(vocabulary, &vocabulary->by_sound, stage_done);
    case SEAL_DONE:
        break;
    }
    return SGP_OK;
}

sgp_err sgp_vocabulary_seal(sgp_vocabulary *vocabulary, int64_t budget_us, bool *done) {
    int64_t until_us = sgp_monotonic_us() + budget_us;
    do {
        bool stage_done = false;
        sgp_err err = seal_piece(vocabulary, &stage_done);
        if (err != SGP_OK)
            return err;
        if (stage_done) {
            vocabulary->stage++;
            vocabulary->at = 0;
        }
    } while (vocabulary->stage != SEAL_DONE && sgp_monotonic_us() < until_us);
    *done = vocabulary->stage == SEAL_DONE;
    return SGP_OK;
}
