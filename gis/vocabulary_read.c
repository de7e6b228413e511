#include <string.h>

#include "gis/vocabulary_parts.h"

enum {
    SEEN_BITS = 13, /* of a table of a look-up's candidates, to look at each once */
    SEEN_SLOTS = 1 << SEEN_BITS,
    CANDIDATES_MAX = SEEN_SLOTS / 2,
    JOINED_MAX = 3,       /* words of a caller that may be one */
    PART_LETTERS_MIN = 3, /* of a word cut in two */
    CUTS_MAX = 2,         /* told of one word */
    JOINED_READINGS_MAX = 3,
    ALL_READINGS_MAX =
        SGP_QUERY_WORDS_MAX * (SGP_READINGS_MAX + (JOINED_MAX - 1) * JOINED_READINGS_MAX)
};

/* Readings below this say nothing. */
#define LIKENESS_MIN 0.4f
/* A typing error may make another real word, but seldom does. */
#define RIVAL_LIKENESS 0.8f
/* Words written together or apart. */
#define JOINED_LIKENESS 0.96f

/* ---- readings of one word -------------------------------------------------------------- */

typedef struct one_reading {
    uint32_t word;
    float likeness;
} one_reading;

/* Up to how many errors a word may differ in what it is filed by; -1 = in none of these. */
typedef struct limits {
    int text, sound, broad;
} limits;

typedef struct search {
    const sgp_vocabulary *vocabulary;
    const char *word;
    size_t length;
    char sound[SGP_WORD_BYTES], broad[SGP_WORD_BYTES];
    size_t sound_length, broad_length;
    limits limits;
    float factor; /* of all likenesses below 1 */
    size_t n;     /* the best so far, best first */
    one_reading best[SGP_READINGS_MAX];
    word_masks masks;
    size_t n_seen;
    uint16_t seen_slots[CANDIDATES_MAX]; /* those in use */
    uint32_t seen[SEEN_SLOTS];           /* hash table of numbers + 1 */
} search;

static bool goes_before(const sgp_vocabulary *vocabulary, one_reading a, one_reading b) {
    if (a.likeness != b.likeness)
        return a.likeness > b.likeness;
    int32_t count_a = vocabulary->counts[a.word], count_b = vocabulary->counts[b.word];
    return count_a > count_b || (count_a == count_b && a.word < b.word);
}

static void keep_reading(search *s, one_reading reading) {
    if (s->n == SGP_READINGS_MAX) {
        if (!goes_before(s->vocabulary, reading, s->best[s->n - 1]))
            return;
        s->n--;
    }
    size_t at = s->n++;
    for (; at > 0 && goes_before(s->vocabulary, reading, s->best[at - 1]); at--)
        s->best[at] = s->best[at - 1];
    s->best[at] = reading;
}

/* False: looked at before, or too many are. */
static bool see(search *s, uint32_t word) {
    size_t at = word * UINT32_C(2654435761) >> (32 - SEEN_BITS);
    for (; s->seen[at] != 0; at = (at + 1) % SEEN_SLOTS)
        if (s->seen[at] == word + 1)
            return false;
    if (s->n_seen == CANDIDATES_MAX)
        return false;
    s->seen_slots[s->n_seen++] = (uint16_t)at;
    s->seen[at] = word + 1;
    return true;
}

static bool masks_are_within(uint32_t a, uint32_t b, int errors) {
    return __builtin_popcount(a & ~b) <= errors && __builtin_popcount(b & ~a) <= errors;
}

/* The letters of a broad sound: u is a. */
static uint32_t broad_mask(uint32_t sound_mask) {
    const uint32_t a = 1, u = UINT32_C(1) << ('u' - 'a');
    return sound_mask & u ? (sound_mask & ~u) | a : sound_mask;
}

/* False: no need to look at its letters. */
static bool may_be_within(const search *s, uint32_t word) {
    const word_masks *masks = &s->vocabulary->masks[word];
    return masks_are_within(s->masks.text, masks->text, s->limits.text) ||
           masks_are_within(s->masks.sound, masks->sound, s->limits.sound) ||
           masks_are_within(broad_mask(s->masks.sound), broad_mask(masks->sound), s->limits.broad);
}

static bool is_within_limits(const search *s, const word_letters *word) {
    if (s->limits.sound >= 0 && sgp_word_errors(s->sound, s->sound_length, sound_in(word),
                                                word->sound_length) <= s->limits.sound)
        return true;
    if (s->limits.text >= 0 &&
        sgp_word_errors(s->word, s->length, word->text, word->length) <= s->limits.text)
        return true;
    if (s->limits.broad < 0)
        return false;
    char broad[SGP_WORD_BYTES];
    size_t broad_length = sgp_word_broad(sound_in(word), word->sound_length, broad);
    return sgp_word_errors(s->broad, s->broad_length, broad, broad_length) <= s->limits.broad;
}

static void judge(search *s, uint32_t word) {
    const word_letters *meant = s->vocabulary->words[word];
    if (!is_within_limits(s, meant))
        return;
    float least = s->n == SGP_READINGS_MAX ? s->best[s->n - 1].likeness : LIKENESS_MIN;
    size_t longer = s->length > meant->length ? s->length : meant->length;
    /* One more than what just suffices, against rounding. */
    int most = (int)((1 - least / s->factor) * (float)(SGP_ERROR_COST * longer) / 1.2f) + 1;
    int cost = sgp_word_cost(s->word, s->length, meant->text, meant->length, most);
    float likeness = sgp_word_likeness(cost, s->length, meant->length);
    likeness = cost == 0 ? 1 : s->factor * likeness;
    if (cost <= most && likeness >= LIKENESS_MIN)
        keep_reading(s, (one_reading){word, likeness});
}

/* Judges the words filed under spellings of `letters` with letters left out. */
static void search_filed(search *s, filed_by by, const char *letters, size_t length, int errors) {
    const word_index *index = &s->vocabulary->index;
    uint64_t hashes[SPELLINGS_MAX];
    uint8_t letters_fewer[SPELLINGS_MAX];
    if (errors < 0)
        return;
    size_t n = sgp_spellings(by, letters, length, errors, hashes, letters_fewer);
    for (size_t i = 0; i < n; i++)
        __builtin_prefetch(&index->ends[bucket_of(index, hashes[i])]);
    for (size_t i = 0; i < n; i++) {
        size_t bucket = bucket_of(index, hashes[i]);
        uint32_t at = bucket > 0 ? index->ends[bucket - 1] : 0;
        for (; at < index->ends[bucket]; at++) {
            uint32_t entry = index->entries[at], word = entry & (WORDS_MAX - 1);
            uint32_t fewer = entry >> WORD_BITS & ((1 << LETTERS_BITS) - 1);
            if ((int)fewer <= errors && entry == entry_of(hashes[i], fewer, word) &&
                may_be_within(s, word) && see(s, word))
                judge(s, word);
        }
    }
}

/* What a word is, before its limits are set. */
static void begin_search(search *s, const sgp_vocabulary *vocabulary, const char *word,
                         size_t length) {
    s->vocabulary = vocabulary;
    s->word = word;
    s->length = length;
    s->sound_length = sgp_word_sound(word, length, s->sound);
    s->broad_length = sgp_word_broad(s->sound, s->sound_length, s->broad);
    s->factor = 1;
    s->masks =
        (word_masks){sgp_letters_mask(word, length), sgp_letters_mask(s->sound, s->sound_length)};
    s->n = 0;
    while (s->n_seen > 0)
        s->seen[s->seen_slots[--s->n_seen]] = 0;
}

/* The cheapest first, so that what comes later is soon known to be worse. */
static void run_search(search *s) {
    search_filed(s, FILED_BY_TEXT, s->word, s->length, s->limits.text);
    search_filed(s, FILED_BY_BROAD, s->broad, s->broad_length, s->limits.broad);
    search_filed(s, FILED_BY_SOUND, s->sound, s->sound_length, s->limits.sound);
}

/* One error in writing, none in sound. */
static limits near_limits(const search *s) {
    return (limits){
        .text = s->length >= 3 ? 1 : 0, .sound = 0, .broad = s->broad_length >= 4 ? 0 : -1};
}

static limits wide_limits(const search *s) {
    return (limits){.text = s->length < 3   ? 0
                            : s->length < 5 ? 1
                                            : 2,
                    .sound = s->sound_length < 3 ? 0 : 1,
                    .broad = s->broad_length < 4   ? -1
                             : s->broad_length < 6 ? 0
                                                   : 1};
}

static bool has_digit(const char *word, size_t length) {
    for (size_t i = 0; i < length; i++)
        if (word[i] >= '0' && word[i] <= '9')
            return true;
    return false;
}

/* Leaves the readings in s->best. Returns whether the word itself is known. */
static bool read_alone(search *s, const sgp_vocabulary *vocabulary, const char *word,
                       size_t length) {
    uint32_t id;
    bool known = sgp_vocabulary_find_letters(vocabulary, word, length, &id);
    begin_search(s, vocabulary, word, length);
    if (known)
        keep_reading(s, (one_reading){id, 1});
    if (has_digit(word, length))
        return known;
    if (known)
        see(s, id);
    s->factor = known ? RIVAL_LIKENESS : 1;
    s->limits = known ? near_limits(s) : wide_limits(s);
    run_search(s);
    return known;
}

/* ---- words together and apart ------------------------------------------------------------ */

/* Readings of all runs, in order. */
typedef struct reading_list {
    size_t n;
    sgp_reading readings[ALL_READINGS_MAX];
} reading_list;

/* The best reading of a part of a word that was cut; one error at most. */
static bool read_part(search *s, const sgp_vocabulary *vocabulary, const char *part, size_t length,
                      one_reading *reading) {
    if (length <= PART_LETTERS_MIN)
        return false;
    begin_search(s, vocabulary, part, length);
    s->limits = near_limits(s);
    run_search(s);
    if (s->n > 0)
        *reading = s->best[0];
    return s->n > 0;
}

typedef struct cut_reading {
    one_reading left, right;
    float likeness;
    int32_t names; /* of the rarer part */
} cut_reading;

/* One cut: both parts known as they stand, or, unless `exact`, one of them. */
static bool read_cut_at(search *s, const sgp_vocabulary *vocabulary, const char *word,
                        size_t length, size_t cut, bool exact, cut_reading *reading) {
    uint32_t id;
    bool left = sgp_vocabulary_find_letters(vocabulary, word, cut, &id);
    if (left)
        reading->left = (one_reading){id, 1};
    bool right = sgp_vocabulary_find_letters(vocabulary, word + cut, length - cut, &id);
    if (right)
        reading->right = (one_reading){id, 1};
    if ((!left && !right) || (exact && (!left || !right)))
        return false;
    if ((!left && !read_part(s, vocabulary, word, cut, &reading->left)) ||
        (!right && !read_part(s, vocabulary, word + cut, length - cut, &reading->right)))
        return false;
    reading->likeness =
        JOINED_LIKENESS *
        (reading->left.likeness * (float)cut + reading->right.likeness * (float)(length - cut)) /
        (float)length;
    int32_t left_names = vocabulary->counts[reading->left.word];
    int32_t right_names = vocabulary->counts[reading->right.word];
    reading->names = left_names < right_names ? left_names : right_names;
    return true;
}

/* The likeliest cuts of a word in two; among equals those into more frequent words. */
static size_t read_cuts(search *s, const sgp_vocabulary *vocabulary, const char *word,
                        size_t length, bool exact, cut_reading cuts[CUTS_MAX]) {
    size_t n = 0;
    for (size_t cut = PART_LETTERS_MIN; cut + PART_LETTERS_MIN <= length; cut++) {
        cut_reading reading;
        if (!read_cut_at(s, vocabulary, word, length, cut, exact, &reading))
            continue;
        size_t at = n < CUTS_MAX ? n++ : CUTS_MAX;
        for (; at > 0 &&
               (cuts[at - 1].likeness < reading.likeness ||
                (cuts[at - 1].likeness == reading.likeness && cuts[at - 1].names < reading.names));
             at--)
            if (at < CUTS_MAX)
                cuts[at] = cuts[at - 1];
        if (at < CUTS_MAX)
            cuts[at] = reading;
    }
    return n;
}

/* Puts the likeliest in front of those of the same `first`, which begin at `begin`; of
 * equals the earlier stays in front. */
static void add_reading(reading_list *list, size_t begin, sgp_reading reading) {
    if (list->n == ALL_READINGS_MAX)
        return;
    size_t at = list->n++;
    for (; at > begin && list->readings[at - 1].likeness < reading.likeness; at--)
        list->readings[at] = list->readings[at - 1];
    list->readings[at] = reading;
}

static void add_run_of_one(search *s, const sgp_vocabulary *vocabulary, const char *word,
                           size_t first, reading_list *list) {
    size_t begin = list->n, length = strnlen(word, SGP_WORD_BYTES);
    if (length == 0 || length >= SGP_WORD_BYTES)
        return;
    bool known = read_alone(s, vocabulary, word, length);
    size_t n_alone = s->n, n_cuts = 0;
    sgp_reading alone[SGP_READINGS_MAX];
    for (size_t i = 0; i < n_alone; i++)
        alone[i] = (sgp_reading){.first = (uint8_t)first,
                                 .n_said = 1,
                                 .n_words = 1,
                                 .words = {s->best[i].word},
                                 .likeness = s->best[i].likeness};
    cut_reading cuts[CUTS_MAX];
    if (!has_digit(word, length))
        n_cuts = read_cuts(s, vocabulary, word, length, known, cuts);
    /* What is cut takes the place of the least likely. */
    if (n_alone + n_cuts > SGP_READINGS_MAX)
        n_alone = SGP_READINGS_MAX - n_cuts;
    for (size_t i = 0; i < n_alone; i++)
        add_reading(list, begin, alone[i]);
    for (size_t i = 0; i < n_cuts; i++)
        add_reading(list, begin,
                    (sgp_reading){.first = (uint8_t)first,
                                  .n_said = 1,
                                  .n_words = 2,
                                  .words = {cuts[i].left.word, cuts[i].right.word},
                                  .likeness = cuts[i].likeness});
}

/* Words first … first + n_said - 1 as one. */
static void add_joined(search *s, const sgp_vocabulary *vocabulary, const char *const *words,
                       size_t first, size_t n_said, size_t begin, reading_list *list) {
    char joined[SGP_WORD_BYTES];
    size_t length = 0;
    for (size_t i = first; i < first + n_said; i++) {
        size_t more = strnlen(words[i], SGP_WORD_BYTES);
        if (more == 0 || length + more >= SGP_WORD_BYTES || has_digit(words[i], more))
            return;
        memcpy(joined + length, words[i], more);
        length += more;
    }
    uint32_t id;
    begin_search(s, vocabulary, joined, length);
    if (sgp_vocabulary_find_letters(vocabulary, joined, length, &id)) {
        keep_reading(s, (one_reading){id, 1});
    } else if (length > 2 * PART_LETTERS_MIN) {
        s->limits = near_limits(s);
        run_search(s);
    }
    for (size_t i = 0; i < s->n && i < JOINED_READINGS_MAX; i++)
        add_reading(list, begin,
                    (sgp_reading){.first = (uint8_t)first,
                                  .n_said = (uint8_t)n_said,
                                  .n_words = 1,
                                  .words = {s->best[i].word},
                                  .likeness = JOINED_LIKENESS * s->best[i].likeness});
}

/* Copies what has room: of every run as many readings as fit for all. */
static size_t copy_readings(const reading_list *list, sgp_reading *readings, size_t capacity) {
    for (size_t most = SGP_READINGS_MAX;; most--) {
        size_t n = 0, of_run[JOINED_MAX + 1] = {0};
        for (size_t i = 0; i < list->n; i++) {
            const sgp_reading *reading = &list->readings[i];
            if (i > 0 && reading->first != list->readings[i - 1].first)
                memset(of_run, 0, sizeof of_run);
            if (of_run[reading->n_said]++ >= most)
                continue;
            if (n < capacity)
                readings[n] = *reading;
            n++;
        }
        if (n <= capacity || most == 1)
            return n <= capacity ? n : capacity;
    }
}

size_t sgp_vocabulary_read(const sgp_vocabulary *vocabulary, const char *const *words,
                           size_t n_words, sgp_reading *readings, size_t capacity) {
    if (vocabulary->stage != SEAL_DONE || capacity == 0)
        return 0;
    search s;
    s.n_seen = 0;
    memset(s.seen, 0, sizeof s.seen);
    reading_list list;
    list.n = 0;
    if (n_words > SGP_QUERY_WORDS_MAX)
        n_words = SGP_QUERY_WORDS_MAX;
    for (size_t first = 0; first < n_words; first++) {
        size_t begin = list.n;
        add_run_of_one(&s, vocabulary, words[first], first, &list);
        for (size_t n_said = 2; n_said <= JOINED_MAX && first + n_said <= n_words; n_said++)
            add_joined(&s, vocabulary, words, first, n_said, begin, &list);
    }
    return copy_readings(&list, readings, capacity);
}
