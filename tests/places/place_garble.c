#include "place_garble.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/random.h"

#define COUNT(list) (sizeof(list) / sizeof *(list))

static const char *const NAMES[GARBLES] = {"clean",   "typing",       "typing2", "hearing",
                                           "dialect", "abbreviation", "missing", "joined",
                                           "torn",    "chatter"};

const char *garble_str(garble g) {
    return g < GARBLES ? NAMES[g] : "unknown";
}

static size_t below(uint64_t *random, size_t bound) {
    return (size_t)sgp_random_below(random, bound);
}

/* ---- the text ------------------------------------------------------------------- */

static void add_word(said *s, said_part part, const char *text, size_t length) {
    if (s->n == SAID_WORDS || length == 0)
        return;
    s->words[s->n].part = part;
    snprintf(s->words[s->n].text, SAID_BYTES, "%.*s", (int)length, text);
    s->n++;
}

void said_add(said *s, said_part part, const char *text) {
    while (*text) {
        text += strspn(text, " ");
        size_t length = strcspn(text, " ");
        add_word(s, *text == ',' ? SAID_SIGN : part, text, length);
        text += length;
    }
}

void said_street(said *s, const char *name) {
    bool number = false;
    while (*name) {
        name += strspn(name, " ");
        size_t length = strcspn(name, " ");
        bool marker = (length == 5 && strncmp(name, "Jalan", 5) == 0) ||
                      (length == 4 && strncmp(name, "Gang", 4) == 0);
        add_word(s, marker ? SAID_MARKER : number ? SAID_NUMBER : SAID_NAME, name, length);
        number = marker && length == 4;
        name += length;
    }
}

void said_text(const said *s, char text[SAID_TEXT]) {
    size_t n = (size_t)snprintf(text, SAID_TEXT, "%s", s->before);
    for (size_t i = 0; i < s->n && n < SAID_TEXT - SAID_BYTES - 2; i++) {
        bool tight =
            s->words[i].part == SAID_SIGN || (i > 0 && strcmp(s->words[i - 1].text, "/") == 0);
        n += (size_t)snprintf(text + n, SAID_TEXT - n, "%s%s", n > 0 && !tight ? " " : "",
                              s->words[i].text);
    }
    if (s->after[0])
        snprintf(text + n, SAID_TEXT - n, "%s%s", s->after[0] == ',' ? "" : " ", s->after);
}

static void lower(said *s) {
    for (size_t i = 0; i < s->n; i++)
        for (char *at = s->words[i].text; *at; at++)
            *at = (char)tolower((unsigned char)*at);
}

/* ---- slips of the finger ---------------------------------------------------------- */

static const char *const BESIDE[26] = {"qsz",  "vgn", "xvd",  "sfec", "wrd", "dgrv", "fhtb",
                                       "gjyn", "uok", "hkum", "jlio", "kop", "nkj",  "bmh",
                                       "ipl",  "ol",  "wa",   "etf",  "adw", "ryg",  "yij",
                                       "cbf",  "qes", "zcs",  "tuh",  "xas"};

static size_t letters(const char *word) {
    size_t n = 0;
    for (; *word; word++) {
        if (!isalpha((unsigned char)*word))
            return 0;
        n++;
    }
    return n;
}

/* A name's word of at least `least` letters; `but` is passed over. SAID_WORDS = none. */
static size_t name_word(const said *s, size_t least, size_t but, uint64_t *random) {
    size_t fit[SAID_WORDS], n = 0;
    for (size_t i = 0; i < s->n; i++)
        if (i != but && s->words[i].part == SAID_NAME && letters(s->words[i].text) >= least)
            fit[n++] = i;
    return n > 0 ? fit[below(random, n)] : SAID_WORDS;
}

static bool slip(char *word, uint64_t *random) {
    char was[SAID_BYTES];
    size_t n = strlen(word), at = 1 + below(random, n - 1);
    snprintf(was, sizeof was, "%s", word);
    const char *beside = BESIDE[word[at] - 'a'];
    switch (below(random, 5)) {
    case 0: /* neighbours swapped */
        at = at == n - 1 ? at - 1 : at;
        word[at] = was[at + 1];
        word[at + 1] = was[at];
        break;
    case 1: /* left out */
        memmove(word + at, word + at + 1, n - at);
        break;
    case 2: /* struck twice */
        if (n + 1 < SAID_BYTES)
            memmove(word + at + 1, word + at, n - at + 1);
        break;
    default: /* the key beside, more often than not */
        word[at] = beside[below(random, strlen(beside))];
        break;
    }
    return strcmp(was, word) != 0;
}

static bool type_badly(said *s, int times, uint64_t *random) {
    lower(s);
    size_t before = SAID_WORDS;
    for (int i = 0; i < times; i++) {
        size_t at = name_word(s, 4, before, random);
        /* Twice in one word only where enough of it is left. */
        if (at == SAID_WORDS && before != SAID_WORDS && strlen(s->words[before].text) >= 7)
            at = before;
        if (at == SAID_WORDS)
            return false;
        for (int tries = 0; !slip(s->words[at].text, random); tries++)
            if (tries == 10)
                return false;
        before = at;
    }
    return true;
}

/* ---- as it sounds -------------------------------------------------------------------- */

typedef struct sound {
    const char *from, *to;
    bool at_end; /* of the word only */
} sound;

static const sound SOUNDS[] = {
    {"oe", "u", false},   {"dj", "j", false},  {"tj", "c", false},   {"sj", "sy", false},
    {"ch", "k", false},   {"v", "f", false},   {"v", "p", false},    {"f", "p", false},
    {"x", "ks", false},   {"kh", "k", false},  {"sy", "s", false},   {"z", "s", false},
    {"z", "j", false},    {"th", "t", false},  {"dh", "d", false},   {"ie", "i", false},
    {"q", "k", false},    {"ph", "p", false},  {"tt", "t", false},   {"ll", "l", false},
    {"mm", "m", false},   {"ss", "s", false},  {"nn", "n", false},   {"au", "o", false},
    {"ai", "e", false},   {"wa", "ua", false}, {"iya", "ia", false}, {"iy", "i", false},
    {"ah", "a", true},    {"oh", "o", true},   {"uh", "u", true},    {"ih", "i", true},
    {"ak", "a", true},    {"ok", "o", true},   {"ur", "or", true},   {"ul", "ol", true},
    {"um", "om", true},   {"un", "on", true},  {"uk", "ok", true},   {"us", "os", true},
    {"ut", "ot", true},   {"ir", "er", true},  {"il", "el", true},   {"ik", "ek", true},
    {"is", "es", true},   {"it", "et", true},  {"in", "en", true},   {"d", "t", true},
    {"b", "p", true},     {"g", "k", true},    {"eng", "ing", true}, {"ele", "le", false},
    {"era", "ra", false}, {"elu", "lu", false}};

static bool fits(const char *word, const sound *rule, const char **at) {
    size_t n = strlen(word), length = strlen(rule->from);
    if (n < length + 2)
        return false;
    *at = rule->at_end ? word + n - length : strstr(word, rule->from);
    /* "ng" is one sound. */
    if (rule->at_end && strcmp(rule->from, "g") == 0 && n > 1 && word[n - 2] == 'n')
        return false;
    return *at && strncmp(*at, rule->from, length) == 0;
}

static bool sound_once(char *word, uint64_t *random) {
    const sound *fit[COUNT(SOUNDS)];
    size_t n = 0;
    const char *at;
    for (size_t i = 0; i < COUNT(SOUNDS); i++)
        if (fits(word, &SOUNDS[i], &at))
            fit[n++] = &SOUNDS[i];
    if (n == 0)
        return false;
    const sound *rule = fit[below(random, n)];
    char made[SAID_BYTES * 2];
    (void)fits(word, rule, &at);
    snprintf(made, sizeof made, "%.*s%s%s", (int)(at - word), word, rule->to,
             at + strlen(rule->from));
    snprintf(word, SAID_BYTES, "%.*s", SAID_BYTES - 1, made);
    return true;
}

static bool hear_badly(said *s, uint64_t *random) {
    lower(s);
    bool changed = false;
    for (size_t i = 0; i < s->n; i++)
        if (s->words[i].part == SAID_NAME && letters(s->words[i].text) >= 4 &&
            (!changed || below(random, 2) == 0))
            changed = sound_once(s->words[i].text, random) || changed;
    return changed;
}

/* ---- Javanese and abbreviations -------------------------------------------------------- */

typedef struct other_word {
    const char *from, *to;
} other_word;

static const other_word JAVANESE[] = {
    {"depan", "ngarep"},       {"depan", "ngarepe"},     {"belakang", "mburi"},
    {"belakang", "mburine"},   {"sebelah", "jejere"},    {"sebelah", "sebelahe"},
    {"seberang", "sabrang"},   {"seberang", "sebrange"}, {"dekat", "cedhak"},
    {"dekat", "cedak"},        {"utara", "lor"},         {"utara", "lor e"},
    {"selatan", "kidul"},      {"selatan", "kidul e"},   {"timur", "wetan"},
    {"timur", "wetan e"},      {"barat", "kulon"},       {"barat", "kulon e"},
    {"antara", "antarane"},    {"dan", "karo"},          {"perempatan", "prapatan"},
    {"pertigaan", "pertelon"}, {"pojok", "pojokan"},     {"perumahan", "perum"},
    {"dusun", "dukuh"}};

static const other_word SHORT[] = {{"jalan", "jl"},
                                   {"jalan", "jln"},
                                   {"jalan", "jl."},
                                   {"gang", "gg"},
                                   {"gang", "gg."},
                                   {"perumahan", "perum"},
                                   {"perumahan", "prm"},
                                   {"nomor", "no"},
                                   {"nomor", "no."},
                                   {"kelurahan", "kel"},
                                   {"kelurahan", "kel."},
                                   {"kecamatan", "kec"},
                                   {"kecamatan", "kec."},
                                   {"desa", "ds"},
                                   {"dusun", "dsn"},
                                   {"dusun", "dsn."},
                                   {"jenderal", "jend"},
                                   {"jenderal", "jendral"},
                                   {"kolonel", "kol"},
                                   {"kapten", "kapt"},
                                   {"brigjen", "brig jend"},
                                   {"letjen", "letjend"},
                                   {"mayjen", "mayjend"},
                                   {"universitas", "univ"},
                                   {"institut", "inst"},
                                   {"puskesmas", "pkm"},
                                   {"puskesmas", "pusk"},
                                   {"politeknik", "poltek"},
                                   {"stasiun", "st"},
                                   {"terminal", "term"},
                                   {"raden", "r"},
                                   {"pasar", "psr"},
                                   {"masjid", "msjd"},
                                   {"selatan", "sel"},
                                   {"utara", "utr"},
                                   {"timur", "tmr"},
                                   {"barat", "brt"},
                                   {"terusan", "trs"},
                                   {"bendungan", "bend"},
                                   {"ahmad", "a"},
                                   {"kilometer", "km"},
                                   {"depan", "dpn"},
                                   {"belakang", "blkg"},
                                   {"sebelah", "sblh"},
                                   {"seberang", "sbrg"},
                                   {"dekat", "dkt"},
                                   {"perempatan", "prempatan"},
                                   {"simpang", "simp"},
                                   {"kampung", "kp"},
                                   {"raya", "ry"},
                                   {"sekolah", "sek"},
                                   {"indah", "ind"},
                                   {"block", "blok"},
                                   {"komplek", "komp"}};

/* Puts one of its other words for each word that has any; how many were changed. */
static size_t replace(said *s, const other_word *list, size_t n_list, size_t most,
                      uint64_t *random) {
    size_t changed = 0;
    for (size_t i = 0; i < s->n && changed < most; i++) {
        const char *fit[COUNT(SHORT)];
        size_t n = 0;
        for (size_t k = 0; k < n_list; k++)
            if (strcmp(s->words[i].text, list[k].from) == 0)
                fit[n++] = list[k].to;
        if (n == 0 || s->words[i].part == SAID_DISTRICT)
            continue;
        snprintf(s->words[i].text, SAID_BYTES, "%s", fit[below(random, n)]);
        changed++;
    }
    return changed;
}

static bool is_vowel(char c) {
    return strchr("aeiou", c) != NULL && c != '\0';
}

/* "wijaya" is said "wijoyo": an open a at the end, and one before it. */
static bool round_vowels(char *word) {
    size_t n = strlen(word);
    if (n < 4 || word[n - 1] != 'a' || is_vowel(word[n - 2]))
        return false;
    word[n - 1] = 'o';
    if (n >= 4 && word[n - 3] == 'a')
        word[n - 3] = 'o';
    return true;
}

static bool speak_javanese(said *s, uint64_t *random) {
    lower(s);
    size_t changed = 0;
    for (size_t i = 0; i < s->n; i++)
        if (s->words[i].part == SAID_RELATION || s->words[i].part == SAID_MARKER)
            changed++;
    changed = changed > 0 ? replace(s, JAVANESE, COUNT(JAVANESE), 9, random) : 0;
    for (size_t i = 0; i < s->n; i++)
        if (s->words[i].part == SAID_NAME && letters(s->words[i].text) >= 4)
            changed += round_vowels(s->words[i].text);
    static const char *const WHERE[] = {"nang", "ning", "nok", "neng"};
    snprintf(s->before, sizeof s->before, "%s", WHERE[below(random, COUNT(WHERE))]);
    return changed > 0;
}

/* ---- words left out, joined, torn; what is said around ------------------------------------ */

static void take_out(said *s, size_t at) {
    memmove(&s->words[at], &s->words[at + 1], (s->n - at - 1) * sizeof s->words[0]);
    s->n--;
}

static bool leave_out(said *s) {
    lower(s);
    size_t left = 0;
    for (size_t i = 0; i < s->n;) {
        const char *word = s->words[i].text;
        bool needed = strcmp(word, "gang") == 0 || strcmp(word, "rt") == 0 ||
                      strcmp(word, "rw") == 0 || strcmp(word, "kilometer") == 0 ||
                      strcmp(word, "km") == 0 || strcmp(word, "blok") == 0;
        bool goes = (s->words[i].part == SAID_MARKER && !needed) || s->words[i].part == SAID_SIGN;
        if (goes && strcmp(word, "/") != 0) {
            left += s->words[i].part == SAID_MARKER;
            take_out(s, i);
        } else {
            i++;
        }
    }
    return left > 0;
}

static bool join(said *s, uint64_t *random) {
    lower(s);
    size_t fit[SAID_WORDS], n = 0;
    for (size_t i = 0; i + 1 < s->n; i++)
        if (s->words[i].part == SAID_NAME && s->words[i + 1].part == SAID_NAME &&
            letters(s->words[i].text) >= 3 && letters(s->words[i + 1].text) >= 3 &&
            strlen(s->words[i].text) + strlen(s->words[i + 1].text) < SAID_BYTES)
            fit[n++] = i;
    if (n == 0)
        return false;
    size_t at = fit[below(random, n)];
    char whole[2 * SAID_BYTES];
    snprintf(whole, sizeof whole, "%s%s", s->words[at].text, s->words[at + 1].text);
    snprintf(s->words[at].text, SAID_BYTES, "%.*s", SAID_BYTES - 1, whole);
    take_out(s, at + 1);
    return true;
}

static bool tear(said *s, uint64_t *random) {
    lower(s);
    size_t at = name_word(s, 7, SAID_WORDS, random);
    if (at == SAID_WORDS || s->n == SAID_WORDS)
        return false;
    /* After a vowel, where a syllable ends. */
    char *word = s->words[at].text;
    size_t n = strlen(word), cut = n / 2;
    while (cut < n - 3 && !(is_vowel(word[cut - 1]) && !is_vowel(word[cut])))
        cut++;
    if (cut < 3 || cut > n - 3)
        return false;
    memmove(&s->words[at + 1], &s->words[at], (s->n - at) * sizeof s->words[0]);
    s->n++;
    memmove(s->words[at + 1].text, s->words[at + 1].text + cut, n - cut + 1);
    s->words[at].text[cut] = '\0';
    return true;
}

static bool talk_around(said *s, uint64_t *random) {
    static const char *const BEFORE[] = {"tolong pak ada kecelakaan di",
                                         "halo 112 saya mau lapor kebakaran di",
                                         "mbak cepat ini ada orang pingsan di",
                                         "selamat malam, ibu saya sesak napas, alamatnya",
                                         "pak tolong kirim ambulans ke",
                                         "anu mas ini lho di",
                                         "ada motor tabrakan sama truk, lokasinya di",
                                         "saya di",
                                         "minta tolong ada yang mau melahirkan di",
                                         "suami saya jatuh dari tangga di rumah,"};
    static const char *const AFTER[] = {"",
                                        "cepat ya pak",
                                        ", tolong segera",
                                        "korbannya tidak sadar",
                                        ", banyak darah",
                                        "ya mbak",
                                        ", kondisinya parah",
                                        "situ lho pak"};
    lower(s);
    snprintf(s->before, sizeof s->before, "%s", BEFORE[below(random, COUNT(BEFORE))]);
    snprintf(s->after, sizeof s->after, "%s", AFTER[below(random, COUNT(AFTER))]);
    return true;
}

bool said_garble(said *s, garble g, uint64_t *random) {
    switch (g) {
    case GARBLE_TYPING:
        return type_badly(s, 1, random);
    case GARBLE_TYPING_TWICE:
        return type_badly(s, 2, random);
    case GARBLE_HEARING:
        return hear_badly(s, random);
    case GARBLE_DIALECT:
        return speak_javanese(s, random);
    case GARBLE_ABBREVIATION:
        lower(s);
        return replace(s, SHORT, COUNT(SHORT), 3, random) > 0;
    case GARBLE_MISSING:
        return leave_out(s);
    case GARBLE_JOINED:
        return join(s, random);
    case GARBLE_TORN:
        return tear(s, random);
    case GARBLE_CHATTER:
        return talk_around(s, random);
    default:
        return true;
    }
}

size_t letters_apart(const char *a, const char *b) {
    enum { MOST = 96 };
    size_t n = strlen(a), m = strlen(b), rows[3][MOST + 1];
    n = n > MOST ? MOST : n;
    m = m > MOST ? MOST : m;
    for (size_t k = 0; k <= m; k++)
        rows[0][k] = k;
    for (size_t i = 1; i <= n; i++) {
        size_t *now = rows[i % 3], *last = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];
        now[0] = i;
        for (size_t k = 1; k <= m; k++) {
            size_t least = last[k - 1] + (a[i - 1] != b[k - 1]);
            least = last[k] + 1 < least ? last[k] + 1 : least;
            least = now[k - 1] + 1 < least ? now[k - 1] + 1 : least;
            if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1] &&
                before[k - 2] + 1 < least)
                least = before[k - 2] + 1;
            now[k] = least;
        }
    }
    return rows[n % 3][m];
}
