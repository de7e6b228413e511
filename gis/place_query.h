/* What a caller said about where, as a structured query.
 *
 *     "jln sukarno hata depan politeknik no 9"
 *         │ normaliser: tokens, one spelling, where each came from in the text
 *         ▼
 *     words    jalan(marker) sukarno hata depan(relation) politeknik 9(number)
 *         │ grammar: which words belong together and what they are to each other
 *         ▼
 *     phrases  [street: sukarno hata]  [landmark, in front of: politeknik]  number 9
 *
 * The grammar knows no gazetteer: "veteran sumbersari" stays one phrase, and the
 * resolver finds out which of the words name the street and which its kelurahan. The
 * normaliser spells the names of the map too (sgp_place_name_words), so that both
 * sides of the search meet. Spellings that differ in sound only (Soekarno/Sukarno) are
 * left to the vocabulary; abbreviations and markers (Jln, Gg, Perum, RSUD, Letjen) are
 * expanded here. Roman numbers are written in digits after gang, blok, RT, RW and km.
 *
 * What is looked up: the words that a phrase lists in words[]. Those of role NAME are a name's,
 * and NUMBER ones the numbers of names, gangs, blocks, RT, RW and km. Listed words of another
 * role are there for names that have them, and are missed without cost: markers that names keep
 * (gang, blok, rt, rw, km), titles, ranks and "raya" (role MARKER, as in "Letjen S. Parman"),
 * "kidul" of "kidul pasar" (RELATION: south of the market, or the street Kidul Pasar), "malam" of
 * "sedap malam" (FILLER). Jalan, Kelurahan, Perumahan and words of junctions are words of a
 * phrase that lists them not, since names are asked for without them; a junction whose name has
 * them ("Simpang Empat Dieng"; perempatan is spelt so too) is found by role JUNCTION.
 *
 * Nothing is thrown away in silence: every token of the text is a word with a role, and
 * what belongs to no phrase is SGP_WORD_FILLER or SGP_WORD_LEFT_OVER.
 *
 * Pure; thread-safe; allocates nothing; time linear in the text (texts longer than
 * SGP_PLACE_TEXT_MAX are an error of the parser, not of the normaliser).
 */
#ifndef SGP_GIS_PLACE_QUERY_H
#define SGP_GIS_PLACE_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sigap/error.h"

enum {
    SGP_PLACE_TEXT_MAX = 1000, /* bytes of a caller's text, all texts of a conversation together */
    SGP_QUERY_WORDS_MAX = 48,  /* words beyond are counted in n_cut, not looked at */
    SGP_QUERY_PHRASES_MAX = 6,
    SGP_PHRASE_WORDS_MAX = 16,
    SGP_WORD_BYTES = 64, /* longer words are cut, with the '\0' */
    SGP_NUMBER_BYTES = 16
};

typedef enum sgp_word_role {
    SGP_WORD_NAME,     /* part of a name to look up */
    SGP_WORD_MARKER,   /* Jl., Gang, Perum, Blok, Kel., RT, No., KM: what the next ones are */
    SGP_WORD_NUMBER,   /* house, gang, RT, RW, km number */
    SGP_WORD_RELATION, /* depan, sebelah, antara, lor ... */
    SGP_WORD_JUNCTION, /* perempatan, pertigaan, simpang, pojok, bundaran */
    SGP_WORD_FILLER,   /* "tolong", "di", "ada kecelakaan": says nothing of the place */
    SGP_WORD_LEFT_OVER /* not understood */
} sgp_word_role;
const char *sgp_word_role_str(sgp_word_role role); /* "NAME" ... as on the wire */

/* What a marker or a word's kind asks for. */
typedef enum sgp_wanted {
    SGP_WANTED_ANY,
    SGP_WANTED_STREET,
    SGP_WANTED_GANG,
    SGP_WANTED_ESTATE, /* perumahan, kompleks, villa, griya */
    SGP_WANTED_AREA,   /* kelurahan, kecamatan, kabupaten, kota, desa, dusun */
    SGP_WANTED_RT_RW,
    SGP_WANTED_FACILITY,
    SGP_WANTED_JUNCTION,
    SGP_WANTED_KM_POST
} sgp_wanted;

typedef enum sgp_relation {
    SGP_RELATION_NONE,
    SGP_RELATION_IN_FRONT, /* depan, muka, ngarep */
    SGP_RELATION_BEHIND,   /* belakang, mburi */
    SGP_RELATION_BESIDE,   /* sebelah, samping, jejere, pinggir */
    SGP_RELATION_ACROSS,   /* seberang */
    SGP_RELATION_NEAR,     /* dekat, cedhak, sekitar */
    SGP_RELATION_NORTH,    /* utara, lor (of) */
    SGP_RELATION_EAST,     /* timur, wetan */
    SGP_RELATION_SOUTH,    /* selatan, kidul */
    SGP_RELATION_WEST,     /* barat, kulon */
    SGP_RELATION_BETWEEN,  /* antara A dan B: two landmark phrases */
    SGP_RELATION_INTO      /* masuk (from a street into a gang or estate) */
} sgp_relation;
const char *sgp_relation_str(sgp_relation relation); /* "IN_FRONT" ... as on the wire */

typedef struct sgp_query_word {
    char text[SGP_WORD_BYTES]; /* normalised: lower case, accents folded, expanded */
    uint16_t from, to;         /* bytes of the caller's text that it came from, to exclusive */
    sgp_word_role role;
    uint8_t phrase;   /* index into phrases; SGP_NO_PHRASE = none */
    bool optional;    /* it may as well be the house number: missing it costs nothing */
    bool is_district; /* after a Kel./Kec./Kab.: names where, not what */
} sgp_query_word;
#define SGP_NO_PHRASE UINT8_MAX

typedef enum sgp_phrase_role {
    SGP_PHRASE_TARGET,   /* the thing itself, with its street, estate and districts */
    SGP_PHRASE_CROSSING, /* one of the streets of a junction (or all, unseparated) */
    SGP_PHRASE_LANDMARK  /* what `relation` speaks of */
} sgp_phrase_role;

typedef struct sgp_query_phrase {
    sgp_phrase_role role;
    sgp_wanted wanted;
    sgp_relation relation; /* of a landmark */
    uint8_t n_words;
    uint8_t words[SGP_PHRASE_WORDS_MAX]; /* indices into the query's words, in order */
} sgp_query_phrase;

typedef struct sgp_place_query {
    size_t n_words;
    sgp_query_word words[SGP_QUERY_WORDS_MAX];
    size_t n_phrases;
    sgp_query_phrase phrases[SGP_QUERY_PHRASES_MAX];
    size_t n_cut; /* tokens beyond the bounds */

    /* House number, lower case without spaces ("5a", "c2/7" -> block "c2", number "7");
     * "" = none. A number that may as well belong to a name ("SMA 3", "Jl. 17 Agustus")
     * is also an optional word of its phrase. */
    char number[SGP_NUMBER_BYTES];
    int32_t number_value; /* leading digits, -1 = none */
    bool number_is_certain;
    char block[SGP_NUMBER_BYTES]; /* of a housing estate, "" = none */
    int32_t gang;                 /* "gg 5", "gang V" -> 5; -1 = none */
    int32_t rt, rw;               /* -1 = none */
    int32_t km_m;                 /* "km 12,5" -> 12500; -1 = none */

    bool is_junction;      /* perempatan A B, pojok A B, bundaran X */
    bool is_roundabout;    /* bundaran */
    uint8_t junction_arms; /* 4 perempatan, 3 pertigaan, 0 not said */
} sgp_place_query;

/* SGP_E_ARGUMENT: empty, blank, or over SGP_PLACE_TEXT_MAX bytes. A text without a
 * single letter or digit is SGP_OK with n_words 0. `earlier` are the conversation's former
 * texts, oldest first (NULL when n_earlier is 0): they and `text` make one query, in which
 * the newer text's number, relation and target go before the older's; from/to of words
 * of earlier texts count from the start of all texts joined by single newlines. */
sgp_err sgp_place_query_parse(const char *text, const char *const *earlier, size_t n_earlier,
                              sgp_place_query *query) SGP_MUST_USE;

/* The words of a name on the map, joined by single spaces, into words[capacity] (cut at a
 * word's end where it does not fit). Returns the number of words. Markers that callers leave
 * out (Jalan, Kelurahan, Perumahan ...) are dropped unless nothing else is there; "Gang" stays. */
size_t sgp_place_name_words(const char *name, char *words, size_t capacity);

/* A house number as compared: lower case, no spaces, at most the first of a range
 * ("12-14" -> "12"); a block before it ("C2/7", "Blok C2 No. 7", "C2-7") goes into
 * block[SGP_NUMBER_BYTES] ("" = none). number[SGP_NUMBER_BYTES]. Returns the number's leading
 * digits, -1 where it has none. */
int32_t sgp_place_number(const char *text, char *number, char *block);

#endif
