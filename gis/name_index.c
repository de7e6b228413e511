#include "gis/name_index.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "gis/name_choices.h"

enum {
    NAME_BYTES = 16,
    BLOCK_BYTES = 1 << 20,
    NAMES_MAX = 1 << 30,
    COMMON = 3000,   /* names that have a word: it says little */
    FEW = 100,       /* so few names need no neighbourhood */
    FAR_BESIDE = 24, /* of common words, so many far ones are told besides those near */
    SQUARES_MAX = 60,
    STEPS_MAX = 12000,      /* of one walk: a hundred microseconds */
    WHOLE_STEPS_MAX = 6000, /* where most of what is found is let go again */
    DENSE_SHARE = 64,       /* a word that one name in so many has gets a bit for each name */
    LENGTHS = 8,            /* own words by which there is a bit for each name */
    SEVERAL_ROWS = 60,      /* of names that have several words: there are fewer that fit */
    NEAR_HITS_MAX = 2000
};
#define NO_NAME UINT32_MAX

/* Names in rising order, each twice its number, + 1 where the word is the name's own. */
typedef struct name_list {
    const uint32_t *entries;
    const uint32_t *bits; /* of each name, whether it is in the list; NULL: it is short */
    uint32_t n;
} name_list;

typedef struct indexed_word {
    name_list all, own;
} indexed_word;

typedef struct square {
    int32_t column, row;
    name_list all;
} square;

typedef struct block {
    struct block *next;
    size_t used, capacity; /* entries */
    uint32_t entries[];
} block;

struct sgp_name_index {
    sgp_buffer kinds, lengths, points; /* a byte, own words, an sgp_point for each name */
    sgp_buffer words, squares;         /* indexed_word by id; square, sorted once sealed */
    uint32_t *of_length[LENGTHS + 1];  /* a bit for each name of so many own words */
    block *blocks;
    size_t block_bytes;
};

/* ---- making it ------------------------------------------------------------------------ */

sgp_err sgp_name_index_create(sgp_name_index **index) {
    *index = calloc(1, sizeof **index);
    return *index ? SGP_OK : SGP_E_MEMORY;
}

void sgp_name_index_destroy(sgp_name_index *index) {
    if (!index)
        return;
    for (block *old = index->blocks, *next; old; old = next) {
        next = old->next;
        free(old);
    }
    for (size_t i = 0; i <= LENGTHS; i++)
        free(index->of_length[i]);
    sgp_buffer_free(&index->kinds);
    sgp_buffer_free(&index->lengths);
    sgp_buffer_free(&index->points);
    sgp_buffer_free(&index->words);
    sgp_buffer_free(&index->squares);
    free(index);
}

uint32_t sgp_name_index_names(const sgp_name_index *index) {
    return (uint32_t)index->kinds.length;
}

size_t sgp_name_index_bytes(const sgp_name_index *index) {
    return sizeof *index + LENGTHS * index->kinds.length / 8 + index->block_bytes +
           index->kinds.capacity + index->lengths.capacity + index->points.capacity +
           index->words.capacity + index->squares.capacity;
}

static uint32_t number_at(const uint8_t *bytes) {
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

sgp_err sgp_name_index_add_names(sgp_name_index *index, const void *bytes, size_t n_bytes) {
    const uint8_t *at = bytes;
    size_t n = n_bytes / NAME_BYTES;
    if (n_bytes % NAME_BYTES != 0 || index->kinds.length + n > NAMES_MAX)
        return SGP_E_CORRUPT;
    sgp_err err = sgp_buffer_reserve(&index->kinds, n);
    if (err == SGP_OK)
        err = sgp_buffer_reserve(&index->lengths, n);
    if (err == SGP_OK)
        err = sgp_buffer_reserve(&index->points, n * sizeof(sgp_point));
    for (size_t i = 0; i < n && err == SGP_OK; i++, at += NAME_BYTES) {
        uint8_t kind = (uint8_t)number_at(at);
        sgp_point point = {(int32_t)number_at(at + 4), (int32_t)number_at(at + 8)};
        uint32_t words = number_at(at + 12);
        uint8_t length = words < UINT8_MAX ? (uint8_t)words : UINT8_MAX;
        err = sgp_buffer_append(&index->kinds, &kind, 1);
        if (err == SGP_OK)
            err = sgp_buffer_append(&index->lengths, &length, 1);
        if (err == SGP_OK)
            err = sgp_buffer_append(&index->points, &point, sizeof point);
    }
    return err;
}

/* Room for n entries; NULL: no memory left. */
static uint32_t *make_room(sgp_name_index *index, size_t n) {
    block *now = index->blocks;
    if (!now || now->capacity - now->used < n) {
        size_t capacity = n > BLOCK_BYTES / sizeof(uint32_t) ? n : BLOCK_BYTES / sizeof(uint32_t);
        now = malloc(sizeof *now + capacity * sizeof *now->entries);
        if (!now)
            return NULL;
        *now = (block){.next = index->blocks, .capacity = capacity};
        index->blocks = now;
        index->block_bytes += sizeof *now + capacity * sizeof *now->entries;
    }
    now->used += n;
    return now->entries + now->used - n;
}

/* A name that has a word twice is told twice in a row and kept once. */
static sgp_err read_list(sgp_name_index *index, const uint8_t *bytes, size_t n_bytes,
                         name_list *list) {
    size_t n = n_bytes / sizeof(uint32_t), kept = 0;
    uint32_t last = 0, names = sgp_name_index_names(index);
    uint32_t *entries = n > 0 ? make_room(index, n) : NULL;
    *list = (name_list){entries, NULL, 0};
    if (n_bytes % sizeof(uint32_t) != 0 || n > UINT32_MAX)
        return SGP_E_CORRUPT;
    if (n > 0 && !entries)
        return SGP_E_MEMORY;
    for (size_t i = 0; i < n; i++) {
        uint32_t entry = number_at(bytes + i * sizeof entry), name = entry >> 1;
        if (name == 0 || name > names || name < last)
            return SGP_E_CORRUPT;
        if (name == last)
            entries[kept - 1] |= entry & 1;
        else
            entries[kept++] = entry;
        last = name;
    }
    list->n = (uint32_t)kept;
    return SGP_OK;
}

/* Twice the bytes of the list at most. */
static sgp_err make_bits(sgp_name_index *index, name_list *list) {
    size_t names = sgp_name_index_names(index), n = names / 32 + 1;
    if (list->n < names / DENSE_SHARE)
        return SGP_OK;
    uint32_t *bits = make_room(index, n);
    if (!bits)
        return SGP_E_MEMORY;
    memset(bits, 0, n * sizeof *bits);
    for (uint32_t i = 0; i < list->n; i++)
        bits[list->entries[i] >> 6] |= UINT32_C(1) << (list->entries[i] >> 1 & 31);
    list->bits = bits;
    return SGP_OK;
}

static inline bool has_bit(const uint32_t *bits, uint32_t name) {
    return bits[name >> 5] >> (name & 31) & 1;
}

sgp_err sgp_name_index_add_word(sgp_name_index *index, const void *bytes, size_t n_bytes) {
    indexed_word word;
    sgp_err err = read_list(index, bytes, n_bytes, &word.all);
    uint32_t n_own = 0;
    if (err == SGP_OK)
        err = make_bits(index, &word.all);
    for (uint32_t i = 0; err == SGP_OK && i < word.all.n; i++)
        n_own += word.all.entries[i] & 1;
    word.own = word.all;
    if (err == SGP_OK && n_own < word.all.n) {
        uint32_t *own = n_own > 0 ? make_room(index, n_own) : NULL, kept = 0;
        if (n_own > 0 && !own)
            return SGP_E_MEMORY;
        for (uint32_t i = 0; i < word.all.n; i++)
            if (word.all.entries[i] & 1)
                own[kept++] = word.all.entries[i];
        word.own = (name_list){own, NULL, n_own};
        err = make_bits(index, &word.own);
    }
    return err == SGP_OK ? sgp_buffer_append(&index->words, &word, sizeof word) : err;
}

sgp_err sgp_name_index_add_square(sgp_name_index *index, int32_t column, int32_t row,
                                  const void *bytes, size_t n_bytes) {
    square added = {column, row, {NULL, NULL, 0}};
    sgp_err err = read_list(index, bytes, n_bytes, &added.all);
    return err == SGP_OK ? sgp_buffer_append(&index->squares, &added, sizeof added) : err;
}

static int compare_squares(const void *left, const void *right) {
    const square *a = left, *b = right;
    if (a->column != b->column)
        return a->column < b->column ? -1 : 1;
    return (a->row > b->row) - (a->row < b->row);
}

sgp_err sgp_name_index_seal(sgp_name_index *index) {
    size_t names = index->kinds.length;
    for (size_t i = 1; i <= LENGTHS; i++) {
        free(index->of_length[i]);
        index->of_length[i] = calloc(names / 32 + 1, sizeof *index->of_length[i]);
        if (!index->of_length[i])
            return SGP_E_MEMORY;
    }
    for (size_t name = 1; name <= names; name++) {
        uint8_t length = index->lengths.data[name - 1];
        if (length > 0 && length <= LENGTHS)
            index->of_length[length][name >> 5] |= UINT32_C(1) << (name & 31);
    }
    if (index->squares.length > 0)
        qsort(index->squares.data, index->squares.length / sizeof(square), sizeof(square),
              compare_squares);
    return SGP_OK;
}

/* ---- walking lists -------------------------------------------------------------------- */

typedef struct walk {
    const uint32_t *at, *end;
    const uint32_t *bits;
    const name_list *own; /* NULL: the list has the word as the name's own, or has no word */
} walk;

/* To the first entry of `name` or of a later one. */
static inline void gallop(walk *w, uint32_t name) {
    const uint32_t *low = w->at;
    size_t step = 1, left = (size_t)(w->end - low);
    if (left == 0 || low[0] >> 1 >= name)
        return;
    /* low[0] is before the name; what is sought lies in low + 1 .. low + step. */
    while (step < left && low[step] >> 1 < name) {
        low += step;
        left -= step;
        step *= 2;
    }
    size_t high = step < left ? step : left, from = 1;
    while (from < high) {
        size_t middle = from + (high - from) / 2;
        if (low[middle] >> 1 < name)
            from = middle + 1;
        else
            high = middle;
    }
    w->at = low + from;
}

/* The names that have all words of a choice. */
typedef struct choice_walk {
    walk walks[SGP_READING_WORDS];
    uint8_t n;
    uint32_t name;
} choice_walk;

static void seek_choice(choice_walk *c, uint32_t least) {
    for (uint8_t agreed = 0, i = 0; agreed < c->n; i = (uint8_t)((i + 1) % c->n)) {
        walk *w = &c->walks[i];
        gallop(w, least);
        if (w->at == w->end) {
            c->name = NO_NAME;
            return;
        }
        uint32_t name = *w->at >> 1;
        agreed = name == least ? (uint8_t)(agreed + 1) : 1;
        least = name;
    }
    c->name = least;
}

/* `name` where the choice has it, otherwise one that no later one of the choice is before. */
static uint32_t look_in_choice(choice_walk *c, uint32_t name) {
    for (uint8_t i = 0; i < c->n; i++) {
        walk *w = &c->walks[i];
        if (w->bits) {
            if (!has_bit(w->bits, name))
                return name + 1;
            continue;
        }
        gallop(w, name);
        if (w->at == w->end)
            return NO_NAME;
        if (*w->at >> 1 != name)
            return *w->at >> 1;
    }
    return name;
}

static bool is_in_list(const name_list *list, uint32_t name) {
    walk w = {.at = list->entries, .end = list->entries + list->n};
    if (list->n == 0)
        return false;
    if (list->bits)
        return has_bit(list->bits, name);
    gallop(&w, name);
    return w.at < w.end && *w.at >> 1 == name;
}

/* The names that have any choice of a group. */
typedef struct group_walk {
    choice_walk *choices;
    size_t n;
    uint64_t names; /* at most */
    bool is_own;    /* all of its words are the name's own */
} group_walk;

/* The first name of the group from `least` on. */
static uint32_t seek_group(group_walk *g, uint32_t least) {
    uint32_t name = NO_NAME;
    for (size_t i = 0; i < g->n; i++) {
        if (g->choices[i].name < least)
            seek_choice(&g->choices[i], least);
        if (g->choices[i].name < name)
            name = g->choices[i].name;
    }
    return name;
}

/* `name` where the group has it, otherwise one that no later one of the group is before. */
static uint32_t look_in_group(group_walk *g, uint32_t name) {
    uint32_t next = NO_NAME;
    for (size_t i = 0; i < g->n && next != name; i++) {
        uint32_t of_choice = look_in_choice(&g->choices[i], name);
        next = of_choice < next ? of_choice : next;
    }
    return next;
}

/* Of a name that the group has: whether one of the words that stand for it is its own. */
static bool group_has_own(group_walk *g, uint32_t name) {
    for (size_t i = 0; i < g->n && !g->is_own; i++) {
        choice_walk *c = &g->choices[i];
        if (look_in_choice(c, name) != name)
            continue;
        for (uint8_t k = 0; k < c->n; k++)
            if (c->walks[k].own && is_in_list(c->walks[k].own, name))
                return true;
    }
    return g->is_own;
}

/* ---- one search -------------------------------------------------------------------------- */

enum { WALKS_MAX = SGP_CHOICE_GROUPS_MAX * SGP_CHOICES_MAX + SQUARES_MAX };

/* How much of a name the words that were said must be. */
typedef enum name_part {
    ANY_PART, /* of its words or its context's, at least one its own */
    OWN_WORDS,
    WHOLE_NAME
} name_part;

typedef struct search {
    const sgp_name_index *index;
    const sgp_gazetteer_ask *ask;
    sgp_choices wanted;
    name_list squares[SQUARES_MAX];
    size_t n_squares;
    /* Of the walk that is under way. */
    uint32_t steps; /* left */
    name_part part;
    group_walk groups[SGP_CHOICE_GROUPS_MAX + 1];
    size_t n_groups;
    choice_walk walks[WALKS_MAX];
    size_t n_walks;
} search;

static const indexed_word *word_of(const search *s, uint32_t id) {
    static const indexed_word NONE;
    size_t n = s->index->words.length / sizeof(indexed_word);
    return id < n ? &((const indexed_word *)(const void *)s->index->words.data)[id] : &NONE;
}

static void begin_walk(search *s, name_part part) {
    s->part = part;
    s->steps = part == WHOLE_NAME ? WHOLE_STEPS_MAX : STEPS_MAX;
    s->n_groups = s->n_walks = 0;
}

static uint32_t names_of(const search *s, const sgp_choice *choice, bool own) {
    uint32_t least = UINT32_MAX;
    for (uint8_t i = 0; i < choice->n; i++) {
        const indexed_word *word = word_of(s, choice->words[i]);
        uint32_t n = own ? word->own.n : word->all.n;
        least = n < least ? n : least;
    }
    return least;
}

static uint64_t names_of_group(const search *s, const sgp_choice_group *group, bool own) {
    uint64_t names = 0;
    for (size_t i = 0; i < group->n; i++)
        names += names_of(s, &group->choices[i], own);
    return names;
}

static void add_group(search *s, const sgp_choice_group *wanted, bool own) {
    group_walk *g = &s->groups[s->n_groups++];
    *g = (group_walk){.choices = &s->walks[s->n_walks],
                      .n = wanted->n,
                      .names = names_of_group(s, wanted, own),
                      .is_own = own};
    for (size_t i = 0; i < wanted->n; i++) {
        choice_walk *c = &s->walks[s->n_walks++];
        c->n = wanted->choices[i].n;
        c->name = 0;
        for (uint8_t k = 0; k < c->n; k++) {
            const indexed_word *word = word_of(s, wanted->choices[i].words[k]);
            const name_list *list = own ? &word->own : &word->all;
            c->walks[k] =
                (walk){list->entries, list->n > 0 ? list->entries + list->n : list->entries,
                       list->bits, &word->own};
        }
    }
}

static void add_squares(search *s) {
    group_walk *g = &s->groups[s->n_groups++];
    *g = (group_walk){.choices = &s->walks[s->n_walks], .n = s->n_squares};
    for (size_t i = 0; i < s->n_squares; i++) {
        const name_list *list = &s->squares[i];
        s->walks[s->n_walks++] =
            (choice_walk){.walks = {{.at = list->entries, .end = list->entries + list->n}}, .n = 1};
        g->names += list->n;
    }
}

/* All groups that are wanted but one (`without`; wanted.n for none), of the name itself where
 * that is asked for. A single one must always be. */
static void add_groups(search *s, size_t without) {
    size_t n = s->wanted.n - (without < s->wanted.n);
    for (size_t i = 0; i < s->wanted.n; i++)
        if (i != without)
            add_group(s, &s->wanted.groups[i], s->part != ANY_PART || n == 1 || s->ask->own_only);
}

/* Whether the name has no other own words. */
static bool has_no_more(const search *s, uint32_t name) {
    return s->wanted.n <= LENGTHS ? has_bit(s->index->of_length[s->wanted.n], name)
                                  : s->index->lengths.data[name - 1] == s->wanted.n;
}

static bool is_wanted(const search *s, uint32_t name) {
    uint8_t kind = s->index->kinds.data[name - 1];
    return !s->ask->kinds || (kind != 0 && strchr(s->ask->kinds, kind));
}

/* The next name from `least` on that is in all groups, the first of which has the fewest; NO_NAME
 * at the end or when the work is over its bound. */
static uint32_t next_of_all(search *s, uint32_t least) {
    for (uint32_t name; (name = seek_group(&s->groups[0], least)) != NO_NAME;) {
        uint32_t next = s->part == WHOLE_NAME && !has_no_more(s, name) ? name + 1 : name;
        for (size_t i = 1; i < s->n_groups && next == name; i++) {
            if (s->steps == 0)
                return NO_NAME;
            s->steps--;
            next = look_in_group(&s->groups[i], name);
        }
        if (s->steps == 0)
            return NO_NAME;
        s->steps--;
        if (next == name)
            return name;
        least = next;
    }
    return NO_NAME;
}

static int compare_groups(const void *left, const void *right) {
    const group_walk *a = left, *b = right;
    return (a->names > b->names) - (a->names < b->names);
}

/* Names that are in all groups of the walk, at least one of whose own words was said, by
 * importance. */
static size_t intersect(search *s, uint32_t *names, size_t limit) {
    size_t n = 0;
    if (s->n_groups == 0)
        return 0;
    qsort(s->groups, s->n_groups, sizeof *s->groups, compare_groups);
    for (uint32_t name = 1; n < limit && (name = next_of_all(s, name)) != NO_NAME; name++) {
        bool has_own = false;
        for (size_t i = 0; i < s->n_groups && !has_own; i++)
            has_own = group_has_own(&s->groups[i], name);
        if (has_own && is_wanted(s, name))
            names[n++] = name;
    }
    return n;
}

/* ---- the neighbourhood ---------------------------------------------------------------------- */

static const square *find_square(const sgp_name_index *index, int32_t column, int32_t row) {
    const square wanted = {.column = column, .row = row};
    size_t n = index->squares.length / sizeof wanted;
    return n == 0 ? NULL : bsearch(&wanted, index->squares.data, n, sizeof wanted, compare_squares);
}

/* False: they are too many, so there is no neighbourhood. */
static bool add_square(search *s, int32_t column, int32_t row) {
    const square *found = find_square(s->index, column, row);
    if (!found || found->all.n == 0)
        return true;
    for (size_t i = 0; i < s->n_squares; i++)
        if (s->squares[i].entries == found->all.entries)
            return true;
    if (s->n_squares == SQUARES_MAX)
        return false;
    s->squares[s->n_squares++] = found->all;
    return true;
}

/* Whether there is a neighbourhood; it may have no names. */
static bool find_squares(search *s) {
    const sgp_gazetteer_ask *ask = s->ask;
    for (size_t i = 0; i < ask->n_points; i++) {
        double lat = sgp_lat(ask->points[i]), lon = sgp_lon(ask->points[i]);
        double up = ask->radius_m / 111195.0, aside = up / fmax(cos(lat * 3.14159265 / 180), 0.1);
        int32_t east = (int32_t)floor((lon + aside) / SGP_SQUARE_DEGREES);
        int32_t north = (int32_t)floor((lat + up) / SGP_SQUARE_DEGREES);
        int32_t west = (int32_t)floor((lon - aside) / SGP_SQUARE_DEGREES);
        int32_t south = (int32_t)floor((lat - up) / SGP_SQUARE_DEGREES);
        if (((int64_t)east - west + 1) * ((int64_t)north - south + 1) > SQUARES_MAX)
            return false;
        for (int32_t x = west; x <= east; x++)
            for (int32_t y = south; y <= north; y++)
                if (!add_square(s, x, y))
                    return false;
    }
    return ask->n_points > 0;
}

typedef struct near_name {
    double away_m;
    uint32_t name;
} near_name;

static int compare_near(const void *left, const void *right) {
    const near_name *a = left, *b = right;
    if (a->away_m != b->away_m)
        return a->away_m < b->away_m ? -1 : 1;
    return (a->name > b->name) - (a->name < b->name);
}

static double nearest_m(const search *s, uint32_t name) {
    sgp_point point = ((const sgp_point *)(const void *)s->index->points.data)[name - 1];
    double least = HUGE_VAL;
    for (size_t i = 0; i < s->ask->n_points; i++)
        least = fmin(least, sgp_distance_m(point, s->ask->points[i]));
    return least;
}

static size_t find_near(search *s, uint32_t *names, size_t limit) {
    uint32_t hits[NEAR_HITS_MAX];
    near_name sorted[NEAR_HITS_MAX];
    size_t kept = 0;
    begin_walk(s, ANY_PART);
    if (find_squares(s))
        add_squares(s);
    add_groups(s, s->wanted.n);
    size_t n = intersect(s, hits, NEAR_HITS_MAX);
    for (size_t i = 0; i < n; i++) {
        near_name one = {nearest_m(s, hits[i]), hits[i]};
        if (one.away_m <= s->ask->radius_m)
            sorted[kept++] = one;
    }
    qsort(sorted, kept, sizeof *sorted, compare_near);
    kept = kept < limit ? kept : limit;
    for (size_t i = 0; i < kept; i++)
        names[i] = sorted[i].name;
    return kept;
}

/* ---- names ----------------------------------------------------------------------------------- */

static uint64_t rarest_names(const search *s, size_t without) {
    uint64_t rarest = UINT64_MAX;
    size_t n = s->wanted.n - (without < s->wanted.n);
    for (size_t i = 0; i < s->wanted.n; i++) {
        uint64_t names = names_of_group(s, &s->wanted.groups[i], n == 1 || s->ask->own_only);
        if (i != without && names < rarest)
            rarest = names;
    }
    return rarest;
}

static bool is_among(const uint32_t *names, size_t n, uint32_t name) {
    for (size_t i = 0; i < n; i++)
        if (names[i] == name)
            return true;
    return false;
}

/* Adds those that are not among them, up to `limit` in all. */
static size_t add_names(search *s, name_part part, bool here, uint32_t *names, size_t n,
                        size_t limit) {
    uint32_t found[SGP_NAME_ROWS_MAX];
    size_t before = n;
    if (n >= limit)
        return n;
    begin_walk(s, part);
    if (here)
        add_squares(s);
    add_groups(s, s->wanted.n);
    size_t n_found = intersect(s, found, limit);
    for (size_t i = 0; i < n_found && n < limit; i++)
        if (!is_among(names, before, found[i]))
            names[n++] = found[i];
    return n;
}

/* Half the room at most for what is called nothing else, two thirds with those that are named by
 * all of the words: the district that was said may be in the context. */
static size_t room_for(const search *s, name_part part, size_t limit) {
    if (part == WHOLE_NAME)
        return (limit + 1) / 2;
    if (part == OWN_WORDS) /* of a single word all are */
        return s->ask->own_only || s->wanted.n == 1 ? 0 : (2 * limit + 2) / 3;
    return limit;
}

/* Where those with all words are no more than there is room for, that is all. */
static size_t find_anywhere(search *s, uint32_t *names, size_t limit) {
    uint32_t any[SGP_NAME_ROWS_MAX + 1];
    begin_walk(s, ANY_PART);
    add_groups(s, s->wanted.n);
    size_t n_any = intersect(s, any, limit + 1), n = 0;
    if (n_any > limit || s->steps == 0)
        for (int part = WHOLE_NAME; part > ANY_PART; part--)
            n = add_names(s, (name_part)part, false, names, n, room_for(s, (name_part)part, limit));
    for (size_t i = 0, before = n; i < n_any && n < limit; i++)
        if (!is_among(names, before, any[i]))
            names[n++] = any[i];
    return n;
}

static size_t find_all(search *s, uint32_t *names, size_t limit) {
    uint64_t rarest = rarest_names(s, s->wanted.n);
    size_t n = 0;
    if (rarest <= FEW || !find_squares(s))
        return find_anywhere(s, names, limit);
    for (int part = WHOLE_NAME; part >= ANY_PART; part--) {
        size_t before = n, most = room_for(s, (name_part)part, limit);
        n = add_names(s, (name_part)part, true, names, n, most);
        if (part == ANY_PART && n > before && rarest > COMMON && limit > n + FAR_BESIDE)
            most = n + FAR_BESIDE;
        n = add_names(s, (name_part)part, false, names, n, most);
    }
    return n;
}

static int compare_numbers(const void *left, const void *right) {
    const uint32_t *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

/* By importance, each once. */
static size_t settle(uint32_t *names, size_t n, size_t limit) {
    size_t kept = 0;
    qsort(names, n, sizeof *names, compare_numbers);
    for (size_t i = 0; i < n && kept < limit; i++)
        if (kept == 0 || names[i] != names[kept - 1])
            names[kept++] = names[i];
    return kept;
}

/* All but one, but never the common words alone. */
static size_t find_most(search *s, uint32_t *names, size_t limit) {
    uint32_t found[SGP_CHOICE_GROUPS_MAX * SGP_NAME_ROWS_MAX];
    size_t n = 0;
    for (size_t without = 0; s->wanted.n >= 3 && without < s->wanted.n; without++) {
        if (rarest_names(s, without) > COMMON)
            continue;
        begin_walk(s, ANY_PART);
        add_groups(s, without);
        n += intersect(s, found + n, limit);
    }
    n = settle(found, n, limit);
    memcpy(names, found, n * sizeof *names);
    return n;
}

/* Those that have one of the two words which fewest names have as their own. */
static size_t find_rarest(search *s, uint32_t *names, size_t limit) {
    uint32_t found[2 * SGP_NAME_ROWS_MAX];
    size_t best[2] = {SIZE_MAX, SIZE_MAX}, n = 0;
    uint64_t least[2] = {UINT64_MAX, UINT64_MAX};
    for (size_t i = 0; i < s->wanted.n; i++) {
        uint64_t own = names_of_group(s, &s->wanted.groups[i], true);
        if (own < least[0]) {
            best[1] = best[0];
            least[1] = least[0];
            best[0] = i;
            least[0] = own;
        } else if (own < least[1]) {
            best[1] = i;
            least[1] = own;
        }
    }
    for (size_t i = 0; i < 2 && s->wanted.n >= 2 && best[i] != SIZE_MAX; i++) {
        if (i > 0 && least[i] > COMMON)
            break;
        begin_walk(s, ANY_PART);
        add_group(s, &s->wanted.groups[best[i]], true);
        n += intersect(s, found + n, limit);
    }
    n = settle(found, n, limit);
    memcpy(names, found, n * sizeof *names);
    return n;
}

size_t sgp_name_index_find(const sgp_name_index *index, const sgp_vocabulary *vocabulary,
                           const sgp_gazetteer_ask *ask, uint32_t names[SGP_NAME_ROWS_MAX]) {
    search s;
    s.index = index;
    s.ask = ask;
    s.n_squares = 0;
    size_t limit =
        ask->limit > 0 && ask->limit < SGP_NAME_ROWS_MAX ? (size_t)ask->limit : SGP_NAME_ROWS_MAX;
    sgp_choices_make(&s.wanted, vocabulary, ask);
    if (s.wanted.n > 1 && limit > SEVERAL_ROWS)
        limit = SEVERAL_ROWS;
    if (s.wanted.n == 0 || (ask->question == SGP_ASK_NAMES_NEAR && ask->n_points == 0))
        return 0;
    if (ask->question == SGP_ASK_NAMES_NEAR)
        return find_near(&s, names, limit);
    size_t n = find_all(&s, names, limit);
    if (n == 0 && !ask->own_only)
        n = find_most(&s, names, limit);
    if (n == 0 && !ask->own_only)
        n = find_rarest(&s, names, limit);
    return n;
}

bool sgp_name_index_is_named(const sgp_name_index *index, const sgp_vocabulary *vocabulary,
                             const sgp_gazetteer_ask *ask) {
    search s;
    uint32_t name;
    s.index = index;
    s.ask = ask;
    sgp_choices_make(&s.wanted, vocabulary, ask);
    begin_walk(&s, OWN_WORDS);
    add_groups(&s, s.wanted.n);
    return intersect(&s, &name, 1) > 0;
}
