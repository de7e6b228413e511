/* A bag of a caller's words, held against the names of a gazetteer; private to gis/.
 *
 * The weight of a word is its rarity (1 / (1 + ln n) of n names). A name explains a word
 * that is among its own words, or among those of its districts, street or estate
 * (slightly less), as much as the word is like the one that it is read as. The score
 * of a name is
 *
 *     said x name x fits        said   share of the weight said that the name explains
 *                               name   0.4 + 0.6 x share of the name's own weight that was said
 *                               fits   the marker (Jl. wants a street), the numbers, the rank
 *
 * Words that may be missing (a house number's digits where a street has it, the city's own
 * name, markers that names leave out) count only where a name explains them. A number that
 * was said and that the name has otherwise ("Gang 6" for "gg 5") makes it another thing.
 * The best way to read neighbouring words together ("sawo jajar") is found by dynamic
 * programming over the readings, from the last word to the first.
 *
 * Pure; one bag for one thread; allocates nothing. About 0.4 us for each name held
 * against a bag of four words.
 */
#ifndef SGP_GIS_PLACE_SCORE_H
#define SGP_GIS_PLACE_SCORE_H

#include "gis/gazetteer.h"
#include "gis/place_query.h"
#include "sigap/core.h"

enum {
    SGP_CANDIDATES_MAX = 48, /* of one bag */
    SGP_BAG_TERM_BITS = 9    /* of slots for the words that readings speak of */
};
#define SGP_NO_WORD UINT32_MAX

typedef struct sgp_named {
    sgp_thing thing;
    const char *label, *sort, *kelurahan, *kecamatan, *kabupaten; /* the gazetteer's */
    int32_t reach_m, rank;
    sgp_point point;
    bool has_front;
    int32_t front_street;
    const char *front_name; /* "" = not told */
    sgp_point front, entrance, south_west, north_east;
    float said, name, fits;
    int32_t order;                          /* the score in 1/10,000 */
    float share[SGP_PHRASE_WORDS_MAX];      /* of each word of the bag, 0..1 */
    uint32_t read_as[SGP_PHRASE_WORDS_MAX]; /* word of the vocabulary, SGP_NO_WORD = none */
    float counts[SGP_PHRASE_WORDS_MAX]; /* what each weighs for this name; 0 = it may be missing */
    uint32_t own_words;                 /* bits of the words that its own name explains */
    bool has_number;                    /* the house number's digits are part of its name */
} sgp_named;

/* "Kel. Sukun" is another one than "Kec. Sukun". */
typedef enum sgp_district_level {
    SGP_LEVEL_ANY,
    SGP_LEVEL_DUSUN,
    SGP_LEVEL_KELURAHAN,
    SGP_LEVEL_KECAMATAN,
    SGP_LEVEL_KABUPATEN
} sgp_district_level;

typedef struct sgp_bag {
    const sgp_place_query *query;
    const sgp_vocabulary *vocabulary;
    uint8_t n_words;
    uint8_t words[SGP_PHRASE_WORDS_MAX]; /* indices into the query's words */
    float weight[SGP_PHRASE_WORDS_MAX];
    bool is_known[SGP_PHRASE_WORDS_MAX];  /* some reading covers it */
    bool is_free[SGP_PHRASE_WORDS_MAX];   /* counts only where a name explains it */
    bool is_silent[SGP_PHRASE_WORDS_MAX]; /* … and a name without it is none the worse */
    bool is_city[SGP_PHRASE_WORDS_MAX];   /* the city's own name: everything is in it */
    uint8_t level[SGP_PHRASE_WORDS_MAX];  /* sgp_district_level that was said before it */
    sgp_wanted wanted;
    bool is_thing;           /* "depan kelurahan X": the office, not the district */
    bool last_is_unfinished; /* the last word is a word's beginning */
    bool prefix_in_own;      /* … and the name in hand has a word that begins so */
    float prefix_weight;
    size_t n_readings;
    sgp_reading readings[SGP_ASK_READINGS_MAX];

    size_t n_candidates; /* best first */
    sgp_named candidates[SGP_CANDIDATES_MAX];

    /* The readings' words by hash, and what the name in hand has of them. */
    uint16_t n_terms;
    uint16_t slot[1 << SGP_BAG_TERM_BITS]; /* term + 1; 0 = empty */
    uint32_t term_id[SGP_ASK_READINGS_MAX * SGP_READING_WORDS];
    float term_weight[SGP_ASK_READINGS_MAX * SGP_READING_WORDS];
    uint8_t term_place[SGP_ASK_READINGS_MAX * SGP_READING_WORDS]; /* 0 no, 1 context, 2 own */
    uint8_t term_times[SGP_ASK_READINGS_MAX * SGP_READING_WORDS]; /* … and how often, in all */
    uint8_t own_times[SGP_ASK_READINGS_MAX * SGP_READING_WORDS];  /* … of them in the name */
    uint8_t term_at[SGP_ASK_READINGS_MAX * SGP_READING_WORDS]; /* … and where in the name first */
    float own_again; /* weight of the name's own words that it has more than once */
    uint16_t reading_terms[SGP_ASK_READINGS_MAX][SGP_READING_WORDS];
} sgp_bag;

/* Without words. */
void sgp_bag_init(sgp_bag *bag, const sgp_place_query *query, const sgp_vocabulary *vocabulary,
                  sgp_wanted wanted);
/* Fills the bag with the words of the phrase from `first` on, `n` of them, without those that
 * are in no name, and reads them. `city` are the words of the city's name ("" = unknown). */
void sgp_bag_fill(sgp_bag *bag, const sgp_place_query *query, const sgp_vocabulary *vocabulary,
                  const char *city, const sgp_query_phrase *phrase, size_t first, size_t n);
/* More words of another phrase, read with those that are there. */
void sgp_bag_add(sgp_bag *bag, const char *city, const sgp_query_phrase *phrase);
/* Words without reading them yet; sgp_bag_read reads what is there. */
void sgp_bag_copy_words(sgp_bag *bag, const sgp_bag *from);
void sgp_bag_read(sgp_bag *bag);
/* The last word is one's beginning: any longer word of a name will do. */
void sgp_bag_leave_unfinished(sgp_bag *bag);
const char *sgp_bag_unfinished(const sgp_bag *bag); /* NULL: it is not */
/* The query's words of that role, wherever they stand: names may have them. Not yet read. */
void sgp_bag_add_role(sgp_bag *bag, const char *city, sgp_word_role role);
/* What a phrase calls a district is a thing here: its office. */
void sgp_bag_mean_office(sgp_bag *bag);
/* The same with all words that are in any name: titles, markers, "simpang". 0: none are left out.
 */
uint32_t sgp_bag_required_all(const sgp_bag *bag);
/* Bits of the words that a name must have, for the ask. */
uint32_t sgp_bag_required(const sgp_bag *bag);
/* What all words that must be explained weigh. */
float sgp_bag_weight(const sgp_bag *bag);
/* Holds the rows against the bag and keeps the best names, one for each thing. */
void sgp_bag_take(sgp_bag *bag, const sgp_name_row *rows, size_t n);

bool sgp_thing_equal(sgp_thing a, sgp_thing b); /* the same row of the same table */

/* Copies UTF-8 and never ends in the middle of a character. */
void sgp_copy_text(char *to, size_t capacity, const char *from);

#endif
