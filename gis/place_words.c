#include "gis/place_words.h"

#include <string.h>

/* ---- letters -------------------------------------------------------------------------------- */

/* The plain letter of each code point from U+00C0 and from U+1E00; '*' stands for two letters,
 * '?' for a letter that stays. */
static const char LATIN[] =
    "aaaaaa*ceeeeiiiidnooooo?ouuuuy**aaaaaa*ceeeeiiiidnooooo?ouuuuy*yaaaaaaccccccccdd"
    "ddeeeeeeeeeegggggggghhhhiiiiiiiiii**jjkkkllllllllllnnnnnnnnnoooooo**rrrrrrssssss"
    "ssttttttuuuuuuuuuuuuwwyyyzzzzzzsbb???????????????ff????i??l?????oo?????????????u"
    "u????zz?????????????*********aaiioouuuuuuuuuu?aaaa**ggggkkoooo??j***gg??nnaa**oo"
    "aaaaeeeeiiiioooorrrruuuusstt??hh?d??zzaaeeooooooooyylntj??accl?????b??eejj??rryy";
static const char LATIN_ADDITIONAL[] =
    "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmmmmmmnnnnnnnnoooo"
    "oooopppprrrrrrrrssssssssssttttttttuuuuuuuuuuvvvvwwwwwwwwwwxxxxyyzzzzzzhtwy?s??*?"
    "aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeeeeeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuu"
    "uuyyyyyyyy??????";
_Static_assert(sizeof LATIN == 0x250 - 0xc0 + 1, "one letter for each code point");
_Static_assert(sizeof LATIN_ADDITIONAL == 0x100 + 1, "one letter for each code point");

static const char *two_letters(uint32_t code) {
    static const struct {
        uint32_t first, last;
        const char *letters;
    } PAIRS[] = {{0xc6, 0xc6, "ae"},   {0xde, 0xde, "th"},    {0xdf, 0xdf, "ss"},
                 {0xe6, 0xe6, "ae"},   {0xfe, 0xfe, "th"},    {0x132, 0x133, "ij"},
                 {0x152, 0x153, "oe"}, {0x1c4, 0x1c6, "dz"},  {0x1c7, 0x1c9, "lj"},
                 {0x1ca, 0x1cc, "nj"}, {0x1e2, 0x1e3, "ae"},  {0x1f1, 0x1f3, "dz"},
                 {0x1fc, 0x1fd, "ae"}, {0x1e9e, 0x1e9e, "ss"}};
    for (size_t i = 0; i < sizeof PAIRS / sizeof *PAIRS; i++)
        if (code >= PAIRS[i].first && code <= PAIRS[i].last)
            return PAIRS[i].letters;
    return "";
}

/* Length of the well-formed UTF-8 sequence at `at` (RFC 3629), 0 if there is none, and its code
 * point. `left` bytes may be read. */
static size_t read_code(const unsigned char *at, size_t left, uint32_t *code) {
    *code = at[0];
    if (at[0] < 0x80)
        return 1;
    size_t length = at[0] >= 0xf0 ? 4 : at[0] >= 0xe0 ? 3 : 2;
    if (at[0] < 0xc2 || at[0] > 0xf4 || length > left)
        return 0;
    *code = at[0] & (0x7fU >> length);
    for (size_t i = 1; i < length; i++) {
        if ((at[i] & 0xc0) != 0x80)
            return 0;
        *code = *code << 6 | (at[i] & 0x3fU);
    }
    static const uint32_t LEAST[] = {0, 0, 0x80, 0x800, 0x10000};
    if (*code < LEAST[length] || *code > 0x10ffff || (*code >= 0xd800 && *code <= 0xdfff))
        return 0;
    return length;
}

/* Letters and digits that phones draw in another style: full width, mathematical. */
static uint32_t plain_style(uint32_t code) {
    if (code >= 0xff01 && code <= 0xff5e)
        return code - 0xff01 + '!';
    if (code >= 0x1d400 && code < 0x1d400 + 13 * 52) {
        uint32_t letter = (code - 0x1d400) % 52;
        return letter < 26 ? 'a' + letter : 'a' + letter - 26;
    }
    if (code >= 0x1d7ce && code <= 0x1d7ff)
        return '0' + (code - 0x1d7ce) % 10;
    if (code == 0xb2 || code == 0xb3)
        return '0' + code - 0xb0;
    return code == 0xb9 ? '1' : code;
}

static bool is_between(uint32_t code, uint32_t first, uint32_t last) {
    return code >= first && code <= last;
}

/* Signs, pictures, spaces and controls outside ASCII. */
static bool is_sign(uint32_t code) {
    return is_between(code, 0x80, 0xbf) || code == 0xd7 || code == 0xf7 ||
           is_between(code, 0x2000, 0x2bff) || is_between(code, 0x2e00, 0x2e7f) ||
           is_between(code, 0x3000, 0x303f) || is_between(code, 0xe000, 0xf8ff) ||
           is_between(code, 0xfe00, 0xfe6f) || is_between(code, 0xfff0, 0xffff) ||
           is_between(code, 0x1f000, 0x1faff) || code >= 0xe0000;
}

/* Apostrophes stand within a word ("Jum'at", "d'Eze") and accents may follow their letter: both
 * vanish without a gap. */
static bool is_silent(uint32_t code) {
    return code == '\'' || code == '`' || code == 0xb4 || code == 0x2018 || code == 0x2019 ||
           code == 0x2bb || code == 0x2bc || code == 0xad || is_between(code, 0x300, 0x36f) ||
           is_between(code, 0x200b, 0x200d) || code == 0xfe0f || code == 0xfeff;
}

static uint8_t gap_of(uint32_t code) {
    switch (code) {
    case '.':
        return SGP_GAP_DOT;
    case '-':
    case 0x2010:
    case 0x2011:
    case 0x2012:
    case 0x2013:
    case 0x2014:
        return SGP_GAP_HYPHEN;
    case '/':
    case '\\':
        return SGP_GAP_SLASH;
    case ',':
    case ';':
    case '(':
    case ')':
    case '[':
    case ']':
    case '?':
    case '!':
        return SGP_GAP_COMMA;
    case '\n':
    case '\r':
        return SGP_GAP_LINE;
    case '&':
    case '+':
    case 0xd7:
        return SGP_GAP_JOIN;
    case ' ':
    case '\t':
    case 0xa0:
    case 0x202f:
        return SGP_GAP_SPACE;
    default:
        return SGP_GAP_OTHER;
    }
}

/* The letters (lower case, ASCII where there is such a form) that a code point stands for, into
 * letters[5]; returns their length, 0 if it is none. */
static size_t fold(uint32_t code, const unsigned char *at, size_t length, char *letters) {
    if (code >= 'A' && code <= 'Z')
        code |= 0x20;
    if (code < 0x80) {
        letters[0] = (char)code;
        return (code >= 'a' && code <= 'z') || (code >= '0' && code <= '9');
    }
    if (is_sign(code))
        return 0;
    char plain = '?';
    if (is_between(code, 0xc0, 0x24f))
        plain = LATIN[code - 0xc0];
    else if (is_between(code, 0x1e00, 0x1eff))
        plain = LATIN_ADDITIONAL[code - 0x1e00];
    if (plain == '*') {
        memcpy(letters, two_letters(code), 2);
        return 2;
    }
    if (plain == '?') {
        memcpy(letters, at, length);
        return length;
    }
    letters[0] = plain;
    return 1;
}

/* ---- tokens --------------------------------------------------------------------------------- */

size_t sgp_place_tokens(const char *text, size_t length, sgp_token *tokens, size_t capacity) {
    size_t n = 0, used = 0; /* letters of the token being read */
    bool inside = false, number = false;
    uint8_t gap = SGP_GAP_SPACE;
    for (size_t i = 0; i < length;) {
        const unsigned char *at = (const unsigned char *)text + i;
        uint32_t code;
        size_t step = read_code(at, length - i, &code);
        if (step == 0) { /* no UTF-8: as if it were not there */
            i++;
            continue;
        }
        code = plain_style(code);
        char letters[5];
        size_t count = is_silent(code) ? 0 : fold(code, at, step, letters);
        if (count > 0) {
            bool digit = letters[0] >= '0' && letters[0] <= '9';
            if (!inside || digit != number) {
                if (n < capacity)
                    tokens[n] = (sgp_token){
                        .from = (uint16_t)i, .gap = inside ? 0 : gap, .is_number = digit};
                n++;
                used = 0;
                number = digit;
                inside = true;
            }
            if (n <= capacity) {
                if (used + count < SGP_WORD_BYTES) {
                    memcpy(tokens[n - 1].text + used, letters, count);
                    used += count;
                }
                tokens[n - 1].to = (uint16_t)(i + step);
            }
        } else if (!is_silent(code)) {
            gap = (uint8_t)((inside ? 0 : gap) | gap_of(code));
            inside = false;
        }
        i += step;
    }
    return n;
}
