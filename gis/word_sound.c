#include "gis/word_sound.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* ---- sounds --------------------------------------------------------------------- */

static bool is_vowel(char c) {
    return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u';
}

/* The letters of one sound from the left of `at`; *takes is how many letters it has. */
static const char *sound_of(const char *at, const char *end, char last, size_t *takes) {
    char next = at + 1 < end ? at[1] : '\0';
    *takes = 1;
    switch (*at) {
    case 'o':
        *takes = next == 'e' ? 2 : 1;
        return "u";
    case 'u':
        return "u";
    case 'e':
    case 'i':
        return "i";
    case 'd':
        *takes = next == 'j' ? 2 : 1;
        return next == 'j' ? "j" : "d";
    case 't':
        *takes = next == 'j' ? 2 : 1;
        return next == 'j' ? "c" : "t";
    case 's':
        *takes = next == 'j' || next == 'y' ? 2 : 1;
        return "s";
    case 'z':
        return "s";
    case 'c':
        *takes = next == 'h' || next == 'k' ? 2 : 1;
        return next == 'h' || next == 'k' ? "k" : "c";
    case 'q':
        return "k";
    case 'x':
        return "ks";
    case 'v':
    case 'f':
        return "p";
    case 'h':
        return "";
    case 'y':
        return !is_vowel(next) ? "i" : last == 'i' ? "" : "j";
    case 'w':
        return last == 'u' && is_vowel(next) ? "" : "w";
    default:
        return NULL;
    }
}

size_t sgp_word_sound(const char *word, size_t length, char sound[SGP_WORD_BYTES]) {
    size_t n = 0, takes;
    for (const char *at = word, *end = word + length; at < end; at += takes) {
        const char *letters = sound_of(at, end, n > 0 ? sound[n - 1] : '\0', &takes);
        char same[2] = {*at, '\0'};
        for (const char *c = letters ? letters : same; *c && n + 1 < SGP_WORD_BYTES; c++)
            if (n == 0 || sound[n - 1] != *c)
                sound[n++] = *c;
    }
    if (n > 3 && sound[n - 1] == 'k')
        n--;
    if (n == 0) {
        n = length < SGP_WORD_BYTES ? length : SGP_WORD_BYTES - 1;
        memcpy(sound, word, n);
    }
    sound[n] = '\0';
    return n;
}

size_t sgp_word_broad(const char *sound, size_t length, char broad[SGP_WORD_BYTES]) {
    size_t n = 0;
    for (size_t i = 0; i < length && n + 1 < SGP_WORD_BYTES; i++) {
        char c = sound[i] == 'u' ? 'a' : sound[i];
        if (n == 0 || broad[n - 1] != c)
            broad[n++] = c;
    }
    broad[n] = '\0';
    return n;
}

/* ---- errors ---------------------------------------------------------------------- */

int sgp_word_errors(const char *a, size_t a_length, const char *b, size_t b_length) {
    if (a_length == 0)
        return (int)b_length;
    if (b_length == 0)
        return (int)a_length;
    /* One bit for each place of `a`. Which places have a byte is asked often and of few
     * bytes: a table over all 256 would cost more to clear than the rest together. */
    uint64_t places[32] = {0}, others = 0;
    for (size_t i = 0; i < a_length; i++) {
        unsigned char c = (unsigned char)a[i];
        if (c >= 96 && c < 128)
            places[c - 96] |= UINT64_C(1) << i;
        else
            others |= UINT64_C(1) << i;
    }
    uint64_t up = ~UINT64_C(0), down = 0, diagonal = 0, here_before = 0;
    const uint64_t last = UINT64_C(1) << (a_length - 1);
    int errors = (int)a_length;
    for (size_t j = 0; j < b_length; j++) {
        unsigned char c = (unsigned char)b[j];
        uint64_t here = 0;
        if (c >= 96 && c < 128)
            here = places[c - 96];
        else
            for (uint64_t left = others; left; left &= left - 1)
                if ((unsigned char)a[__builtin_ctzll(left)] == c)
                    here |= left & -left;
        uint64_t turned = ((~diagonal & here) << 1) & here_before;
        diagonal = (((here & up) + up) ^ up) | here | down | turned;
        uint64_t more = down | ~(diagonal | up), less = diagonal & up;
        errors += (more & last) != 0;
        errors -= (less & last) != 0;
        more = more << 1 | 1;
        less <<= 1;
        up = less | ~(diagonal | more);
        down = more & diagonal;
        here_before = here;
    }
    return errors;
}

/* ---- costs ----------------------------------------------------------------------- */

enum {
    KEY = 70,       /* the key beside it */
    KEY_TOO = 80,   /* the key beside it pressed too */
    TURNED = 80,    /* two letters turned about */
    SILENT = 20,    /* an h, or the glide in "iya", "uwa" */
    DOUBLED = 15,   /* the same letter again */
    FINAL_K = 30,   /* "Bapa" for "Bapak" */
    FIRST = 30,     /* people seldom miss the first letter */
    SOUNDS_FAR = 60 /* from here on a letter does not sound like the other one */
};

#define PAIR(a, b, cost) [a - 'a'][b - 'a'] = cost, [b - 'a'][a - 'a'] = cost
/* What one letter for another costs; 0 stands for a whole error. */
static const uint8_t PAIRS[26][26] = {
    /* by sound */
    PAIR('e', 'i', 20),
    PAIR('o', 'u', 20),
    PAIR('a', 'o', 25),
    PAIR('a', 'e', 50),
    PAIR('j', 'y', 15),
    PAIR('i', 'y', 20),
    PAIR('v', 'f', 10),
    PAIR('v', 'p', 20),
    PAIR('f', 'p', 15),
    PAIR('s', 'z', 20),
    PAIR('j', 'z', 35),
    PAIR('c', 'k', 30),
    PAIR('k', 'q', 10),
    PAIR('b', 'p', 50),
    PAIR('d', 't', 50),
    PAIR('g', 'k', 50),
    PAIR('c', 's', 50),
    PAIR('c', 'j', 60),
    PAIR('v', 'w', 40),
    PAIR('u', 'w', 40),
    PAIR('m', 'n', 55),
    PAIR('l', 'r', 60),
    PAIR('d', 'j', 60),
    /* by key, where they do not sound alike */
    PAIR('q', 'w', KEY),
    PAIR('w', 'e', KEY),
    PAIR('e', 'r', KEY),
    PAIR('r', 't', KEY),
    PAIR('t', 'y', KEY),
    PAIR('y', 'u', KEY),
    PAIR('u', 'i', KEY),
    PAIR('i', 'o', KEY),
    PAIR('o', 'p', KEY),
    PAIR('a', 's', KEY),
    PAIR('s', 'd', KEY),
    PAIR('d', 'f', KEY),
    PAIR('f', 'g', KEY),
    PAIR('g', 'h', KEY),
    PAIR('h', 'j', KEY),
    PAIR('j', 'k', KEY),
    PAIR('k', 'l', KEY),
    PAIR('z', 'x', KEY),
    PAIR('x', 'c', KEY),
    PAIR('c', 'v', KEY),
    PAIR('v', 'b', KEY),
    PAIR('b', 'n', KEY),
    PAIR('q', 'a', KEY),
    PAIR('w', 'a', KEY),
    PAIR('w', 's', KEY),
    PAIR('e', 's', KEY),
    PAIR('e', 'd', KEY),
    PAIR('r', 'd', KEY),
    PAIR('r', 'f', KEY),
    PAIR('t', 'f', KEY),
    PAIR('t', 'g', KEY),
    PAIR('y', 'g', KEY),
    PAIR('y', 'h', KEY),
    PAIR('u', 'h', KEY),
    PAIR('u', 'j', KEY),
    PAIR('i', 'j', KEY),
    PAIR('i', 'k', KEY),
    PAIR('o', 'k', KEY),
    PAIR('o', 'l', KEY),
    PAIR('p', 'l', KEY),
    PAIR('a', 'z', KEY),
    PAIR('s', 'x', KEY),
    PAIR('d', 'x', KEY),
    PAIR('d', 'c', KEY),
    PAIR('f', 'c', KEY),
    PAIR('g', 'v', KEY),
    PAIR('g', 'b', KEY),
    PAIR('h', 'b', KEY),
    PAIR('h', 'n', KEY),
    PAIR('j', 'n', KEY),
    PAIR('j', 'm', KEY),
    PAIR('k', 'm', KEY),
};
#undef PAIR

static bool is_letter(char c) {
    return c >= 'a' && c <= 'z';
}

static int other_letter(char a, char b) {
    if (a == b)
        return 0;
    int cost = is_letter(a) && is_letter(b) ? PAIRS[a - 'a'][b - 'a'] : 0;
    return cost ? cost : SGP_ERROR_COST;
}

static bool are_neighbours(char a, char b) {
    return is_letter(a) && is_letter(b) && PAIRS[a - 'a'][b - 'a'] == KEY;
}

/* What leaving out (or putting in) the letter at `i` costs. */
static int letter_alone(const char *word, size_t length, size_t i) {
    char c = word[i], before = i > 0 ? word[i - 1] : '\0';
    char after = i + 1 < length ? word[i + 1] : '\0';
    if (c == before || c == after)
        return DOUBLED;
    if (c == 'h' || (c == 'y' && (before == 'i' || before == 'e') && is_vowel(after)) ||
        (c == 'w' && (before == 'u' || before == 'o') && is_vowel(after)))
        return SILENT;
    if (c == 'k' && i + 1 == length && length > 3)
        return FINAL_K;
    int cost = are_neighbours(c, before) || are_neighbours(c, after) ? KEY_TOO : SGP_ERROR_COST;
    return i == 0 ? cost + FIRST : cost;
}

/* Two letters that stand for one sound, with the one letter that stands for it too. */
static char one_for_two(char a, char b, int *cost) {
    static const struct {
        char two[3], one;
        uint8_t cost;
    } SPELLINGS[] = {{"oe", 'u', 5},  {"dj", 'j', 5},  {"tj", 'c', 5},  {"sj", 's', 5},
                     {"sy", 's', 10}, {"ch", 'h', 10}, {"kh", 'h', 10}, {"ph", 'f', 5},
                     {"ks", 'x', 5},  {"ck", 'k', 10}, {"ai", 'e', 30}, {"ay", 'e', 30},
                     {"au", 'o', 30}, {"ng", 'n', 50}};
    for (size_t i = 0; i < sizeof SPELLINGS / sizeof *SPELLINGS; i++)
        if (SPELLINGS[i].two[0] == a && SPELLINGS[i].two[1] == b) {
            *cost = SPELLINGS[i].cost;
            return SPELLINGS[i].one;
        }
    return '\0';
}

/* What is known of a word before the programme runs. */
typedef struct steps {
    int alone[SGP_WORD_BYTES]; /* leaving out letter i */
    char one[SGP_WORD_BYTES];  /* stands for letters i - 1 and i; '\0' = none */
    int one_cost[SGP_WORD_BYTES];
} steps;

static void look_at(const char *word, size_t length, steps *of) {
    for (size_t i = 0; i < length; i++) {
        of->alone[i] = letter_alone(word, length, i);
        of->one_cost[i] = 0;
        of->one[i] = i > 0 ? one_for_two(word[i - 1], word[i], &of->one_cost[i]) : '\0';
    }
}

static int least(int a, int b) {
    return a < b ? a : b;
}

int sgp_word_cost(const char *said, size_t said_length, const char *meant, size_t meant_length,
                  int most) {
    if (said_length == meant_length && memcmp(said, meant, said_length) == 0)
        return 0;
    steps a, b;
    look_at(said, said_length, &a);
    look_at(meant, meant_length, &b);
    /* Row i holds the cost of said[0..i) as meant[0..j); three rows are alive. */
    int rows[3][SGP_WORD_BYTES];
    int *two_up = rows[0], *up = rows[1], *row = rows[2];
    up[0] = 0;
    for (size_t j = 1; j <= meant_length; j++)
        up[j] = up[j - 1] + b.alone[j - 1];
    int least_up = 0;
    for (size_t i = 1; i <= said_length; i++) {
        row[0] = up[0] + a.alone[i - 1];
        int least_here = row[0];
        for (size_t j = 1; j <= meant_length; j++) {
            int other = other_letter(said[i - 1], meant[j - 1]);
            if (i == 1 && j == 1 && other >= SOUNDS_FAR)
                other += FIRST;
            int cost = up[j - 1] + other;
            cost = least(cost, up[j] + a.alone[i - 1]);
            cost = least(cost, row[j - 1] + b.alone[j - 1]);
            if (i > 1 && j > 1 && said[i - 1] == meant[j - 2] && said[i - 2] == meant[j - 1])
                cost = least(cost, two_up[j - 2] + TURNED);
            if (a.one[i - 1] && a.one[i - 1] == meant[j - 1])
                cost = least(cost, two_up[j - 1] + a.one_cost[i - 1]);
            if (b.one[j - 1] && b.one[j - 1] == said[i - 1])
                cost = least(cost, up[j - 2] + b.one_cost[j - 1]);
            row[j] = cost;
            least_here = least(least_here, cost);
        }
        /* No step reaches over two rows without setting foot on one of them. */
        if (least_here > most && least_up > most)
            return most + 1;
        least_up = least_here;
        int *free_row = two_up;
        two_up = up;
        up = row;
        row = free_row;
    }
    return up[meant_length];
}

float sgp_word_likeness(int cost, size_t said_length, size_t meant_length) {
    size_t longer = said_length > meant_length ? said_length : meant_length;
    if (cost == 0)
        return 1;
    float likeness = 1 - 1.2f * (float)cost / (float)(SGP_ERROR_COST * (int)longer);
    return likeness < 0 ? 0 : likeness > 0.99f ? 0.99f : likeness;
}
