/* What the files of the vocabulary share; private to vocabulary*.c.
 *
 *   vocabulary.c        words, their numbers, sealing in slices
 *   vocabulary_index.c  every word filed under its spellings with letters left out
 *   vocabulary_order.c  words in order, for what is still being typed
 *   vocabulary_read.c   what a caller's words may be read as
 */
#ifndef SGP_GIS_VOCABULARY_PARTS_H
#define SGP_GIS_VOCABULARY_PARTS_H

#include "gis/vocabulary.h"
#include "gis/word_sound.h"

enum {
    WORD_BITS = 20,   /* of a word's number in an entry */
    LETTERS_BITS = 2, /* how many letters the spelling lacks; the other bits are of its hash */
    HASH_BITS = 32 - WORD_BITS - LETTERS_BITS,
    WORDS_MAX = 1 << WORD_BITS,
    WORD_SHARDS = 64,
    FILED_LETTERS = 10, /* letters beyond are not left out */
    SPELLINGS_MAX = 1 + FILED_LETTERS + FILED_LETTERS * (FILED_LETTERS - 1) / 2
};

/* A word, one allocation out of a block; the sound follows the text. */
typedef struct word_letters {
    uint8_t length, sound_length;
    bool has_digit; /* read as itself only */
    char text[];    /* text '\0' sound '\0' */
} word_letters;

static inline const char *sound_in(const word_letters *letters) {
    return letters->text + letters->length + 1;
}

/* Which letters a word has, one bit each. An error brings in at most one letter and takes away
 * at most one, so most words that are too far off are known by these alone. */
typedef struct word_masks {
    uint32_t text, sound;
} word_masks;

uint32_t sgp_letters_mask(const char *letters, size_t length);

/* ---- spellings with letters left out ------------------------------------------------ */

/* What a word is filed by. */
typedef enum filed_by { FILED_BY_TEXT, FILED_BY_SOUND, FILED_BY_BROAD } filed_by;

/* How many letters are left out when a word is filed so. */
int sgp_filed_errors(filed_by by);

/* Hashes of the first FILED_LETTERS of `letters` with 0 … `errors` of them left out (at
 * most 2); letters_fewer[i] says how many. Returns how many hashes. */
size_t sgp_spellings(filed_by by, const char *letters, size_t length, int errors,
                     uint64_t hashes[SPELLINGS_MAX], uint8_t letters_fewer[SPELLINGS_MAX]);

/* Words by the hash of a spelling: the entries of a bucket lie together. */
typedef struct word_index {
    uint32_t *ends; /* where a bucket's entries end; the bucket before it says where they begin */
    uint32_t *entries;
    int bucket_bits;
} word_index;

static inline size_t bucket_of(const word_index *index, uint64_t hash) {
    return (size_t)(hash >> (64 - index->bucket_bits));
}

static inline uint32_t entry_of(uint64_t hash, uint32_t letters_fewer, uint32_t word) {
    uint32_t tag = (uint32_t)hash & ((UINT32_C(1) << HASH_BITS) - 1);
    return (tag << LETTERS_BITS | letters_fewer) << WORD_BITS | word;
}

/* ---- words in order ------------------------------------------------------------------ */

typedef struct order_entry {
    uint64_t head; /* the first eight bytes, so that most comparisons need no other memory */
    uint32_t word;
} order_entry;

typedef struct word_order {
    bool by_sound;
    order_entry *entries; /* n, sorted at last */
    order_entry *spare;   /* n, while sorting */
    size_t filled;
    /* The sort, bottom-up by merging, stops anywhere: the two runs of `width` from `low` on
     * are being merged, `left` and `right` are the next ones of the two. */
    size_t width, low, left, right;
    /* Tree in the shape of a heap: below best[i] are best[2 i] and best[2 i + 1], below
     * best[leaves + i] is entry i. Each holds the entry of most names below it. */
    uint32_t *best;
    size_t leaves, unbuilt; /* nodes below `unbuilt` are still to be made */
} word_order;

/* ---- the vocabulary ---------------------------------------------------------------------- */

/* A part of the hash table of all words. Parts, so that growing one takes little time. */
typedef struct word_shard {
    uint64_t *slots; /* high half hash, low half number + 1; 0 = empty */
    size_t n_slots, n_used;
} word_shard;

typedef enum seal_stage {
    SEAL_ADDING, /* not begun */
    SEAL_COUNTING,
    SEAL_SUMMING,
    SEAL_FILING,
    SEAL_BY_TEXT,
    SEAL_BY_SOUND,
    SEAL_DONE
} seal_stage;

struct sgp_vocabulary {
    word_letters **words;
    word_masks *masks;
    int32_t *counts;
    size_t n, capacity;
    word_shard shards[WORD_SHARDS];
    char **blocks; /* what the words lie in */
    size_t n_blocks, block_used;

    seal_stage stage;
    size_t at; /* next word or bucket of the stage */
    uint32_t n_entries;
    word_index index;
    word_order by_text, by_sound;
};

bool sgp_vocabulary_find_letters(const sgp_vocabulary *vocabulary, const char *word, size_t length,
                                 uint32_t *id);

/* A few microseconds' work on an order. SGP_E_MEMORY leaves everything as it was. */
sgp_err sgp_order_step(const sgp_vocabulary *vocabulary, word_order *order, bool *done);
void sgp_order_free(word_order *order);

#endif
