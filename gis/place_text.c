#include "gis/place_text.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- cutting into tokens --------------------------------------------------- */

enum { TOKENS_MAX = 64 };

typedef struct token {
    char text[SGP_PLACE_WORD_BYTES]; /* ASCII in lower case, other UTF-8 as it came */
    bool ends_part;                  /* a comma or the end of the text follows */
    bool ends_abbreviation;          /* a full stop follows directly */
    bool joined;                     /* no space before it, only a hyphen or a slash */
} token;

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* Length of the well-formed UTF-8 sequence at `at` (RFC 3629), 0 if there is none. */
static size_t utf8_length(const unsigned char *at) {
    if (at[0] < 0x80)
        return 1;
    size_t length = at[0] >= 0xf0 ? 4 : at[0] >= 0xe0 ? 3 : 2;
    if (at[0] < 0xc2 || at[0] > 0xf4)
        return 0;
    for (size_t i = 1; i < length; i++)
        if ((at[i] & 0xc0) != 0x80)
            return 0;
    if ((at[0] == 0xe0 && at[1] < 0xa0) || (at[0] == 0xed && at[1] > 0x9f) ||
        (at[0] == 0xf0 && at[1] < 0x90) || (at[0] == 0xf4 && at[1] > 0x8f))
        return 0;
    return length;
}

/* Signs that typesetting uses where ASCII has a quote, a hyphen or a space:
 * U+00A0 and U+2000..U+206F. */
static bool is_sign(const unsigned char *at, size_t length) {
    return (length == 2 && at[0] == 0xc2 && at[1] < 0xc0 && at[1] != 0xaa && at[1] != 0xba) ||
           (length == 3 && at[0] == 0xe2 && (at[1] == 0x80 || at[1] == 0x81));
}

/* Apostrophes are within a word ("Jum'at", "d'Èze"): they vanish. */
static bool is_apostrophe(const unsigned char *at, size_t length) {
    return (length == 1 && (at[0] == '\'' || at[0] == '`')) ||
           (length == 3 && at[0] == 0xe2 && at[1] == 0x80 && (at[2] == 0x98 || at[2] == 0x99));
}

static size_t cut_tokens(const char *text, token *tokens) {
    size_t n = 0;
    size_t length = 0; /* of the token being read, 0 = between tokens */
    bool spaced = true;
    const unsigned char *at = (const unsigned char *)text;
    while (*at) {
        size_t step = utf8_length(at);
        if (step == 0) {
            at++;
            continue;
        }
        unsigned char c = *at;
        bool letter = step > 1
                          ? !is_sign(at, step)
                          : (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit((char)c);
        if (letter) {
            if (length == 0) {
                if (n == TOKENS_MAX)
                    return n;
                memset(&tokens[n], 0, sizeof tokens[n]);
                tokens[n].joined = n > 0 && !spaced;
                n++;
            }
            if (length + step < SGP_PLACE_WORD_BYTES) {
                memcpy(tokens[n - 1].text + length, at, step);
                if (c >= 'A' && c <= 'Z')
                    tokens[n - 1].text[length] = (char)(c + 32);
                length += step;
            }
            spaced = false;
        } else if (!is_apostrophe(at, step)) {
            if (n > 0 && length > 0 && c == '.')
                tokens[n - 1].ends_abbreviation = true;
            if (n > 0 && (c == ',' || c == ';' || c == '\n'))
                tokens[n - 1].ends_part = true;
            if (c != '-' && c != '/')
                spaced = true;
            length = 0;
        }
        at += step;
    }
    if (n > 0)
        tokens[n - 1].ends_part = true;
    return n;
}

/* ---- words that are written in many ways ------------------------------------ */

static const struct {
    const char *written;
    const char *meant; /* "" = says nothing about the name itself */
} SPELLINGS[] = {
    {"jl", ""},
    {"jln", ""},
    {"jalan", ""},
    {"jlan", ""},
    {"kel", ""},
    {"kelurahan", ""},
    {"kec", ""},
    {"kecamatan", ""},
    {"kab", ""},
    {"kabupaten", ""},
    {"gg", "gang"},
    {"ds", "desa"},
    {"dsn", "dusun"},
    {"perum", "perumahan"},
    {"prum", "perumahan"},
    {"komp", "kompleks"},
    {"pkm", "puskesmas"},
    {"univ", "universitas"},
    {"kampus", "universitas"}, /* else "Kampus UB" is any place with "Kampus" in its name */
    {"sta", "stasiun"},
    {"st", "st"},
    {"jend", "jenderal"},
    {"jendral", "jenderal"},
    {"mayjend", "mayjen"},
    {"letjend", "letjen"},
    {"brigjend", "brigjen"},
    {"kol", "kolonel"},
    {"kapt", "kapten"},
    {"dokter", "dr"},
    {"prof", "profesor"},
    {"mesjid", "masjid"},
    {"masjd", "masjid"},
    {"ps", "pasar"},
    {"psr", "pasar"},
    {"terminl", "terminal"},
};

/* One token that stands for two words. */
static const struct {
    const char *written, *first, *second;
} CONTRACTIONS[] = {
    {"sman", "sma", "negeri"},        {"smpn", "smp", "negeri"},
    {"sdn", "sd", "negeri"},          {"smkn", "smk", "negeri"},
    {"smun", "sma", "negeri"},        {"mtsn", "mts", "negeri"},
    {"puskes", "puskesmas", NULL},    {"perempatan", "simpang", "empat"},
    {"prapatan", "simpang", "empat"}, {"pertigaan", "simpang", "tiga"},
    {"pertelon", "simpang", "tiga"},
};

static const char *spelling_of(const char *word) {
    for (size_t i = 0; i < sizeof SPELLINGS / sizeof *SPELLINGS; i++)
        if (strcmp(SPELLINGS[i].written, word) == 0)
            return SPELLINGS[i].meant;
    return word;
}

static bool is_one_of(const char *word, const char *const *list) {
    for (; *list; list++)
        if (strcmp(*list, word) == 0)
            return true;
    return false;
}

static bool is_street_word(const char *word) {
    static const char *const LIST[] = {"jl", "jln", "jalan", "jlan", "gg", "gang", NULL};
    return is_one_of(word, LIST);
}

static bool is_number_word(const char *word) {
    static const char *const LIST[] = {"no", "nomor", "nomer", "nmr", "nr", "kav", "kavling", NULL};
    return is_one_of(word, LIST);
}

static bool is_relation_word(const char *word) {
    static const char *const LIST[] = {
        "depan",    "didepan",    "dekat",   "didekat",   "sebelah", "belakang",  "dibelakang",
        "seberang", "diseberang", "samping", "disamping", "sekitar", "disekitar", "sebrang",
        "deket",    "ngarep",     "mburi",   "cedak",     "cedhak",  NULL};
    return is_one_of(word, LIST);
}

static bool is_direction_word(const char *word) {
    static const char *const LIST[] = {"utara", "selatan", "timur", "barat", "lor", "kidul",
                                       "wetan", "kulon",   "kiri",  "kanan", NULL};
    return is_one_of(word, LIST);
}

static bool is_district_word(const char *word) {
    static const char *const LIST[] = {"kel",       "kelurahan", "kec", "kecamatan", "kab",
                                       "kabupaten", "desa",      "ds",  NULL};
    return is_one_of(word, LIST);
}

/* What callers say around a place that is no part of any name. */
static bool is_filler_word(const char *word) {
    static const char *const LIST[] = {
        "di",         "ke",        "dari",   "saya",      "kami",   "ada",       "ini",
        "itu",        "yang",      "yg",     "tolong",    "mohon",  "minta",     "segera",
        "kecelakaan", "tabrakan",  "laka",   "orang",     "korban", "pingsan",   "jatuh",
        "lokasi",     "lokasinya", "alamat", "alamatnya", "posisi", "posisinya", "tepatnya",
        "daerah",     "kawasan",   "persis", NULL};
    return is_one_of(word, LIST);
}

/* Tokens whose spelling spreads over two: single letters with full stops are one
 * abbreviation ("R.S." = "rs", "W.R." = "wr"), "rumah sakit" is "rs". */
static size_t join_abbreviations(token *tokens, size_t n) {
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        token *last = kept > 0 ? &tokens[kept - 1] : NULL;
        bool single = strlen(tokens[i].text) == 1 && !is_digit(tokens[i].text[0]);
        if (last && single && !last->ends_part && last->ends_abbreviation &&
            strlen(last->text) <= 3 && !is_digit(last->text[0]) &&
            (strlen(last->text) == 1 || last->joined)) {
            last->text[strlen(last->text) + 1] = '\0';
            last->text[strlen(last->text)] = tokens[i].text[0];
            last->ends_part = tokens[i].ends_part;
            last->ends_abbreviation = tokens[i].ends_abbreviation;
            last->joined = true; /* it is an abbreviation that may go on */
            continue;
        }
        if (last && strcmp(last->text, "rumah") == 0 && strcmp(tokens[i].text, "sakit") == 0 &&
            !last->ends_part) {
            memcpy(last->text, "rs", 3);
            last->ends_part = tokens[i].ends_part;
            continue;
        }
        if (kept != i)
            tokens[kept] = tokens[i];
        kept++;
    }
    return kept;
}

/* ---- names on the map -------------------------------------------------------- */

static bool append_word(char *words, size_t capacity, const char *word) {
    size_t used = strlen(words), length = strlen(word);
    if (used + length + 2 > capacity)
        return false;
    if (used > 0)
        words[used++] = ' ';
    memcpy(words + used, word, length + 1);
    return true;
}

static size_t append_meaning(char *words, size_t capacity, const char *word) {
    for (size_t i = 0; i < sizeof CONTRACTIONS / sizeof *CONTRACTIONS; i++) {
        if (strcmp(CONTRACTIONS[i].written, word) != 0)
            continue;
        size_t n = append_word(words, capacity, CONTRACTIONS[i].first);
        if (CONTRACTIONS[i].second)
            n += append_word(words, capacity, CONTRACTIONS[i].second);
        return n;
    }
    const char *meant = spelling_of(word);
    return *meant ? append_word(words, capacity, meant) : 0;
}

size_t sgp_place_text_name(const char *name, char *words, size_t capacity) {
    token tokens[TOKENS_MAX];
    size_t n = join_abbreviations(tokens, cut_tokens(name, tokens));
    size_t n_words = 0;
    if (capacity == 0)
        return 0;
    words[0] = '\0';
    for (size_t i = 0; i < n && n_words < SGP_PLACE_WORDS_MAX; i++)
        n_words += append_meaning(words, capacity, tokens[i].text);
    /* A road that is just called "Jalan" keeps its only word. */
    if (n_words == 0 && n > 0)
        n_words += append_word(words, capacity, tokens[0].text);
    return n_words;
}

/* ---- house numbers ------------------------------------------------------------ */

int32_t sgp_place_text_number(const char *text, char *number) {
    size_t length = 0;
    number[0] = '\0';
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        bool digit = is_digit(*text);
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!digit && !letter) {
            /* A range or a list counts as its first number; a space may stand before a letter. */
            if (length > 0 && c != ' ' && c != '.')
                break;
            continue;
        }
        if (length + 1 < SGP_PLACE_NUMBER_BYTES) {
            number[length++] = letter ? (char)(c | 0x20) : (char)c;
            number[length] = '\0';
        }
    }
    const char *digits = number;
    while (*digits && !is_digit(*digits))
        digits++;
    if (!*digits)
        return -1;
    long value = strtol(digits, NULL, 10);
    return value > 999999 ? -1 : (int32_t)value;
}

/* "5", "12a": digits, then at most one letter. */
static bool looks_like_number(const char *word) {
    size_t digits = strspn(word, "0123456789");
    return digits > 0 && digits <= 4 &&
           (word[digits] == '\0' ||
            (word[digits + 1] == '\0' && word[digits] >= 'a' && word[digits] <= 'z'));
}

static void take_number(sgp_place_text *parsed, const char *word, bool certain) {
    parsed->number_value = sgp_place_text_number(word, parsed->number);
    parsed->number_is_certain = certain;
}

/* ---- points -------------------------------------------------------------------- */

/* Two decimal numbers and nothing else, with a comma, semicolon or spaces between. */
static bool read_point(const char *text, sgp_place_text *parsed) {
    if (strspn(text, "0123456789+-., ;\t\r\n()") != strlen(text))
        return false;
    const char *at = text + strspn(text, " \t\r\n(");
    char *end;
    double first = strtod(at, &end);
    if (end == at)
        return false;
    at = end + strspn(end, ",; \t");
    if (at == end)
        return false;
    double second = strtod(at, &end);
    if (end == at || end[strspn(end, " \t\r\n).")] != '\0' || !memchr(text, '.', strlen(text)))
        return false;
    if (!isfinite(first) || !isfinite(second))
        return false;
    parsed->is_point = true;
    parsed->first = first;
    parsed->second = second;
    return true;
}

/* ---- callers' texts -------------------------------------------------------------- */

static void add_word(sgp_place_text *parsed, const char *word, bool optional) {
    char meant[2 * SGP_PLACE_WORD_BYTES] = "";
    if (append_meaning(meant, sizeof meant, word) == 0)
        return;
    for (char *at = strtok(meant, " "), *next; at && parsed->n_words < SGP_PLACE_WORDS_MAX;
         at = next) {
        next = strtok(NULL, " ");
        size_t i = parsed->n_words++;
        memcpy(parsed->words[i], at, strlen(at) + 1);
        parsed->optional[i] = optional;
    }
}

/* Skips "di depan", "sebelah utara", … at the beginning of the text. */
static size_t skip_relation(const token *tokens, size_t n, sgp_place_text *parsed) {
    size_t i = 0;
    while (i + 1 < n && (strcmp(tokens[i].text, "di") == 0 || strcmp(tokens[i].text, "ke") == 0))
        i++;
    if (i + 1 < n && is_relation_word(tokens[i].text)) {
        parsed->is_relative = true;
        i++;
        while (i + 1 < n &&
               (is_direction_word(tokens[i].text) || is_relation_word(tokens[i].text) ||
                strcmp(tokens[i].text, "dari") == 0 || strcmp(tokens[i].text, "nya") == 0))
            i++;
    }
    return i;
}

/* Whether a token says nothing about the name: "kecelakaan di depan pasar". A street
 * may be called by such a word ("Jl. Belakang Terminal"), and a text that has no other
 * words keeps it. */
static bool is_noise(const token *tokens, size_t i, size_t n) {
    if (!is_relation_word(tokens[i].text) && !is_filler_word(tokens[i].text))
        return false;
    return i + 1 < n && !(i > 0 && is_street_word(tokens[i - 1].text));
}

sgp_err sgp_place_text_parse(const char *text, sgp_place_text *parsed) {
    if (!text || text[strspn(text, " \t\r\n")] == '\0' ||
        strnlen(text, SGP_PLACE_TEXT_MAX + 1) > SGP_PLACE_TEXT_MAX)
        return SGP_E_ARGUMENT;
    memset(parsed, 0, sizeof *parsed);
    parsed->number_value = -1;
    if (read_point(text, parsed))
        return SGP_OK;

    token tokens[TOKENS_MAX];
    size_t n = join_abbreviations(tokens, cut_tokens(text, tokens));
    for (size_t i = skip_relation(tokens, n, parsed); i < n; i++) {
        const token *now = &tokens[i];
        const token *next = i + 1 < n && !now->ends_part ? &tokens[i + 1] : NULL;
        if (is_street_word(now->text))
            parsed->says_street = true;
        if (is_district_word(now->text) && parsed->n_words == 0 && !parsed->says_street) {
            parsed->says_district = true;
            /* Unlike "kelurahan", it is a word of names too ("Balai Desa"). */
            if (next && (strcmp(now->text, "desa") == 0 || strcmp(now->text, "ds") == 0))
                continue;
        }
        if (is_noise(tokens, i, n)) {
            if (parsed->n_words == 0 && is_relation_word(now->text))
                parsed->is_relative = true;
            continue;
        }

        /* RT 03 RW 05: too fine for the map of today, and no part of a name. */
        if ((strcmp(now->text, "rt") == 0 || strcmp(now->text, "rw") == 0) && next &&
            is_digit(next->text[0])) {
            i++;
            continue;
        }
        /* A postal code says less than the words around it. */
        if (n > 1 && strlen(now->text) == 5 && strspn(now->text, "0123456789") == 5)
            continue;
        if (is_number_word(now->text) && next && is_digit(next->text[0])) {
            char joined[SGP_PLACE_WORD_BYTES + 2];
            memcpy(joined, next->text, sizeof next->text);
            i++;
            bool goes_on = !next->ends_part && i + 1 < n;
            if (goes_on && strlen(tokens[i + 1].text) == 1 && !is_digit(tokens[i + 1].text[0])) {
                strcat(joined, tokens[i + 1].text);
                i++;
            }
            while (i + 1 < n && tokens[i + 1].joined && is_digit(tokens[i + 1].text[0]))
                i++; /* the rest of "12-14" */
            take_number(parsed, joined, true);
            continue;
        }
        /* "no5" */
        if (strncmp(now->text, "no", 2) == 0 && looks_like_number(now->text + 2) &&
            parsed->n_words > 0) {
            take_number(parsed, now->text + 2, true);
            continue;
        }
        /* Any other number may be a house's or part of a name ("Jl. Veteran 5", "SMA 3",
         * "17 Agustus"): both readings stay open. After "Gang" it is the name. */
        bool names_a_gang =
            parsed->n_words > 0 && strcmp(parsed->words[parsed->n_words - 1], "gang") == 0;
        if (looks_like_number(now->text) && parsed->number_value < 0 && !names_a_gang &&
            (parsed->n_words > 0 || next)) {
            bool letter_follows =
                next && strlen(next->text) == 1 && next->ends_part && !is_digit(next->text[0]);
            char joined[SGP_PLACE_WORD_BYTES + 2];
            memcpy(joined, now->text, sizeof now->text);
            if (letter_follows)
                strcat(joined, next->text);
            take_number(parsed, joined, false);
            add_word(parsed, now->text, true);
            i += letter_follows;
            while (i + 1 < n && tokens[i + 1].joined && is_digit(tokens[i + 1].text[0]))
                i++; /* the rest of "12-14" */
            continue;
        }
        add_word(parsed, now->text, false);
    }
    return SGP_OK;
}
