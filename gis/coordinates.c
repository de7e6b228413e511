/* Numbers with degrees, hemispheres and names of axes, in three steps: the text is cut into
 * tokens, tokens are read as angles, two angles make a point. */
#include "gis/coordinates.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "gis/coordinates_parts.h"

enum {
    TOKENS_MAX = 512, /* tokens beyond are not looked at */
    NUMBER_BYTES = 32 /* longer runs of digits are no coordinates */
};

static const double METRES_PER_DEGREE = 111195; /* of a great circle */

/* ---- tokens ------------------------------------------------------------------------ */

typedef enum axis { AXIS_NONE, AXIS_LAT, AXIS_LON } axis;

typedef enum token_kind {
    TOKEN_NUMBER,
    TOKEN_DEGREE, /* ° and what people type for it */
    TOKEN_MINUTE,
    TOKEN_SECOND,
    TOKEN_AXIS,       /* "lat", "bujur" */
    TOKEN_HEMISPHERE, /* "S", "LS", "lintang selatan" */
    TOKEN_SEPARATOR,  /* may stand between the two angles */
    TOKEN_EQUALS,     /* may stand behind the name of an axis */
    TOKEN_OTHER       /* ends whatever was being read */
} token_kind;

typedef struct token {
    token_kind kind;
    size_t begin, end;
    double value;   /* of a number, without its sign */
    int decimals;   /* digits behind the decimal sign */
    bool is_signed; /* a sign stands before it */
    bool is_minus;
    axis axis;
    bool is_negative; /* of a hemisphere: south or west */
} token;

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static bool is_letter(char c) {
    return lower(c) >= 'a' && lower(c) <= 'z';
}

static const struct {
    const char *word;
    token_kind kind;
    axis axis;
    bool is_negative;
} WORDS[] = {
    {"lintang selatan", TOKEN_HEMISPHERE, AXIS_LAT, true},
    {"lintang utara", TOKEN_HEMISPHERE, AXIS_LAT, false},
    {"bujur timur", TOKEN_HEMISPHERE, AXIS_LON, false},
    {"bujur barat", TOKEN_HEMISPHERE, AXIS_LON, true},
    {"ls", TOKEN_HEMISPHERE, AXIS_LAT, true},
    {"lu", TOKEN_HEMISPHERE, AXIS_LAT, false},
    {"bt", TOKEN_HEMISPHERE, AXIS_LON, false},
    {"bb", TOKEN_HEMISPHERE, AXIS_LON, true},
    {"s", TOKEN_HEMISPHERE, AXIS_LAT, true},
    {"n", TOKEN_HEMISPHERE, AXIS_LAT, false},
    {"e", TOKEN_HEMISPHERE, AXIS_LON, false},
    {"w", TOKEN_HEMISPHERE, AXIS_LON, true},
    {"south", TOKEN_HEMISPHERE, AXIS_LAT, true},
    {"north", TOKEN_HEMISPHERE, AXIS_LAT, false},
    {"east", TOKEN_HEMISPHERE, AXIS_LON, false},
    {"west", TOKEN_HEMISPHERE, AXIS_LON, true},
    {"latitude", TOKEN_AXIS, AXIS_LAT, false},
    {"lintang", TOKEN_AXIS, AXIS_LAT, false},
    {"lat", TOKEN_AXIS, AXIS_LAT, false},
    {"longitude", TOKEN_AXIS, AXIS_LON, false},
    {"bujur", TOKEN_AXIS, AXIS_LON, false},
    {"long", TOKEN_AXIS, AXIS_LON, false},
    {"lng", TOKEN_AXIS, AXIS_LON, false},
    {"lon", TOKEN_AXIS, AXIS_LON, false},
    {"derajat", TOKEN_DEGREE, AXIS_NONE, false},
    {"degrees", TOKEN_DEGREE, AXIS_NONE, false},
    {"deg", TOKEN_DEGREE, AXIS_NONE, false},
    {"menit", TOKEN_MINUTE, AXIS_NONE, false},
    {"minutes", TOKEN_MINUTE, AXIS_NONE, false},
    {"min", TOKEN_MINUTE, AXIS_NONE, false},
    {"detik", TOKEN_SECOND, AXIS_NONE, false},
    {"seconds", TOKEN_SECOND, AXIS_NONE, false},
    {"sec", TOKEN_SECOND, AXIS_NONE, false},
    {"dan", TOKEN_SEPARATOR, AXIS_NONE, false},
    {"and", TOKEN_SEPARATOR, AXIS_NONE, false},
};

/* Signs; the first that fits is taken, so "''" stands before "'". */
static const struct {
    const char *sign;
    token_kind kind;
} SIGNS[] = {
    {"\xc2\xb0", TOKEN_DEGREE}, /* ° */
    {"\xc2\xba", TOKEN_DEGREE}, /* º */
    {"\xcb\x9a", TOKEN_DEGREE}, /* ˚ */
    {"''", TOKEN_SECOND},
    {"'", TOKEN_MINUTE},
    {"\xe2\x80\xb2", TOKEN_MINUTE}, /* ′ */
    {"\xe2\x80\x99", TOKEN_MINUTE}, /* ’ */
    {"\xc2\xb4", TOKEN_MINUTE},     /* ´ */
    {"`", TOKEN_MINUTE},
    {"\"", TOKEN_SECOND},
    {"\xe2\x80\xb3", TOKEN_SECOND},    /* ″ */
    {"\xe2\x80\x9d", TOKEN_SECOND},    /* ” */
    {"\xef\xbc\x8c", TOKEN_SEPARATOR}, /* ， */
    {",", TOKEN_SEPARATOR},
    {";", TOKEN_SEPARATOR},
    {"/", TOKEN_SEPARATOR},
    {"|", TOKEN_SEPARATOR},
    {"~", TOKEN_SEPARATOR},
    {"&", TOKEN_SEPARATOR},
    {"=", TOKEN_EQUALS},
    {":", TOKEN_EQUALS},
};

static size_t starts_with(const char *at, const char *what) {
    size_t length = strlen(what);
    return strncmp(at, what, length) == 0 ? length : 0;
}

/* Bytes of white space at `at`, also of a no-break space and the marks that chats put in. */
static size_t space_length(const char *at) {
    if (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r')
        return 1;
    size_t length = starts_with(at, "\xc2\xa0");
    if (length == 0 && starts_with(at, "\xe2\x80") && (unsigned char)at[2] >= 0x80 &&
        (unsigned char)at[2] <= 0x8f)
        length = 3; /* U+2000 .. U+200F */
    return length;
}

/* '-', U+2212 or a dash, '+'. */
static size_t sign_length(const char *at, bool *is_minus) {
    static const char *const MINUS[] = {"-", "\xe2\x88\x92", "\xe2\x80\x93"};
    *is_minus = false;
    for (size_t i = 0; i < sizeof MINUS / sizeof *MINUS; i++)
        if (starts_with(at, MINUS[i])) {
            *is_minus = true;
            return strlen(MINUS[i]);
        }
    return *at == '+' ? 1 : 0;
}

/* Digits with at most one decimal sign, which digits follow. */
static bool read_number(const char *text, size_t at, char decimal_sign, token *t) {
    size_t begin = at;
    char digits[NUMBER_BYTES];
    size_t used = 0;
    t->is_signed = false;
    size_t sign = sign_length(text + at, &t->is_minus);
    if (sign > 0) {
        t->is_signed = true;
        at += sign;
    }
    t->decimals = 0;
    bool fits = true, has_sign = false;
    for (;; at++) {
        bool is_sign = text[at] == decimal_sign && !has_sign && used > 0 && is_digit(text[at + 1]);
        if (!is_digit(text[at]) && !is_sign)
            break;
        has_sign |= is_sign;
        t->decimals += has_sign && !is_sign;
        if (used + 1 < sizeof digits)
            digits[used++] = is_sign ? '.' : text[at];
        else
            fits = false;
    }
    if (used == 0)
        return false;
    digits[used] = '\0';
    /* Only ASCII digits and one point: the same in every locale that the engine sets (none). */
    t->value = strtod(digits, NULL);
    t->kind = fits ? TOKEN_NUMBER : TOKEN_OTHER;
    t->begin = begin;
    t->end = at;
    return true;
}

/* A word of the table at `at`, which does not go on as another word. */
static bool read_word(const char *text, size_t at, token *t) {
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++) {
        size_t end = at;
        const char *word = WORDS[i].word;
        while (*word && (*word == ' ' ? space_length(text + end) > 0 : lower(text[end]) == *word)) {
            end += *word == ' ' ? space_length(text + end) : 1;
            while (*word == ' ' && space_length(text + end))
                end += space_length(text + end);
            word++;
        }
        if (*word || is_letter(text[end]))
            continue;
        *t = (token){.kind = WORDS[i].kind,
                     .begin = at,
                     .end = end,
                     .axis = WORDS[i].axis,
                     .is_negative = WORDS[i].is_negative};
        return true;
    }
    return false;
}

static void read_token(const char *text, size_t at, char decimal_sign, const token *before,
                       token *t) {
    bool glued_to_digits = before && before->kind == TOKEN_NUMBER && before->end == at;
    *t = (token){.kind = TOKEN_OTHER, .begin = at, .end = at + 1};
    if (is_letter(text[at])) {
        if (glued_to_digits && lower(text[at]) == 'o' && !is_letter(text[at + 1])) {
            t->kind = TOKEN_DEGREE; /* "7o58'" */
            return;
        }
        if (read_word(text, at, t))
            return;
        while (is_letter(text[t->end]))
            t->end++;
        return;
    }
    /* A hyphen directly behind a number or a word is none's sign: "5-7", "covid-19". */
    bool is_hyphen =
        text[at] == '-' && at > 0 && (is_digit(text[at - 1]) || is_letter(text[at - 1]));
    if (!is_hyphen && read_number(text, at, decimal_sign, t))
        return;
    for (size_t i = 0; i < sizeof SIGNS / sizeof *SIGNS; i++)
        if (starts_with(text + at, SIGNS[i].sign)) {
            t->kind = SIGNS[i].kind;
            t->end = at + strlen(SIGNS[i].sign);
            return;
        }
    /* Punctuation around a pair is no matter: "(", "{", "[". */
    while ((text[t->end] & 0xc0) == 0x80)
        t->end++;
}

static size_t cut_tokens(const char *text, char decimal_sign, token *tokens) {
    size_t n = 0, at = 0;
    while (text[at] && n < TOKENS_MAX) {
        size_t space = space_length(text + at);
        if (space > 0) {
            at += space;
            continue;
        }
        read_token(text, at, decimal_sign, n > 0 ? &tokens[n - 1] : NULL, &tokens[n]);
        at = tokens[n++].end;
    }
    return n;
}

/* ---- angles -------------------------------------------------------------------------- */

typedef struct angle {
    double degrees;
    double step; /* degrees of half its last digit */
    axis axis;
    bool is_marked;   /* has a degree sign, a hemisphere or the name of an axis */
    int decimals;     /* of the degrees; -1 = minutes were said */
    bool is_hopeless; /* 60 minutes or more, or a sign against the hemisphere */
    size_t end;       /* token behind it */
} angle;

typedef struct tokens {
    const token *all;
    size_t n;
} tokens;

static token_kind kind_at(const tokens *t, size_t at) {
    return at < t->n ? t->all[at].kind : TOKEN_OTHER;
}

static bool is_plain_number(const tokens *t, size_t at) {
    return kind_at(t, at) == TOKEN_NUMBER && !t->all[at].is_signed;
}

/* Minutes and seconds without marks belong to the degrees when the angle has a hemisphere:
 * "S 7 58 12", "7 58 12 S". */
static bool is_unmarked_part(const tokens *t, size_t at, bool has_hemisphere) {
    if (!is_plain_number(t, at))
        return false;
    if (has_hemisphere)
        return true;
    while (is_plain_number(t, at))
        at++;
    return kind_at(t, at) == TOKEN_HEMISPHERE;
}

/* Minutes or seconds at `*at`: a number with its mark, or one that needs none. */
static bool read_part(const tokens *t, size_t *at, token_kind mark, bool needs_no_mark, angle *a,
                      double per_degree) {
    if (!is_plain_number(t, *at))
        return false;
    bool has_mark = kind_at(t, *at + 1) == mark;
    if (!has_mark && !(needs_no_mark && kind_at(t, *at + 1) != TOKEN_DEGREE))
        return false;
    const token *number = &t->all[*at];
    a->is_hopeless |= !(number->value < 60);
    a->degrees += number->value / per_degree;
    a->step = 0.5 * pow(10, -number->decimals) / per_degree;
    a->decimals = -1;
    *at += has_mark ? 2 : 1;
    return true;
}

static void set_hemisphere(angle *a, const token *hemisphere, bool is_signed, bool is_minus) {
    /* "-7.98 S" is said twice; "-7.98 N" contradicts itself. */
    a->is_hopeless |= is_signed && is_minus != hemisphere->is_negative;
    a->axis = hemisphere->axis;
    a->is_marked = true;
    a->degrees = hemisphere->is_negative ? -fabs(a->degrees) : fabs(a->degrees);
}

static bool read_angle(const tokens *t, size_t at, angle *a) {
    *a = (angle){0};
    const token *before = NULL;
    if (kind_at(t, at) == TOKEN_HEMISPHERE || kind_at(t, at) == TOKEN_AXIS) {
        before = &t->all[at++];
        while (kind_at(t, at) == TOKEN_EQUALS || kind_at(t, at) == TOKEN_SECOND)
            at++; /* "lat: 7", "\"lat\": 7" */
    }
    if (kind_at(t, at) != TOKEN_NUMBER)
        return false;
    const token *number = &t->all[at++];
    a->degrees = number->value;
    a->decimals = number->decimals;
    a->step = 0.5 * pow(10, -number->decimals);
    bool has_hemisphere = before && before->kind == TOKEN_HEMISPHERE;
    bool has_sign = kind_at(t, at) == TOKEN_DEGREE;
    at += has_sign;
    if (number->decimals == 0) {
        bool unmarked = is_unmarked_part(t, at, has_hemisphere);
        if (read_part(t, &at, TOKEN_MINUTE, unmarked || has_sign, a, 60))
            read_part(t, &at, TOKEN_SECOND,
                      is_unmarked_part(t, at, has_hemisphere) || kind_at(t, at - 1) == TOKEN_MINUTE,
                      a, 3600);
    }
    a->is_marked = has_sign || a->decimals < 0;
    if (number->is_minus)
        a->degrees = -a->degrees;
    if (before) {
        a->axis = before->axis;
        a->is_marked = true;
    }
    if (has_hemisphere)
        set_hemisphere(a, before, number->is_signed, number->is_minus);
    else if (kind_at(t, at) == TOKEN_HEMISPHERE && (!before || before->axis == t->all[at].axis))
        set_hemisphere(a, &t->all[at++], number->is_signed, number->is_minus);
    a->end = at;
    return true;
}

/* ---- two angles ------------------------------------------------------------------------ */

/* Tokens that may stand between two angles, at most a few. */
static size_t skip_between(const tokens *t, size_t at) {
    for (int most = 4; most > 0; most--) {
        token_kind kind = kind_at(t, at);
        bool quote = kind == TOKEN_SECOND &&
                     (kind_at(t, at + 1) == TOKEN_AXIS || kind_at(t, at + 1) == TOKEN_SEPARATOR);
        if (kind != TOKEN_SEPARATOR && !quote)
            break;
        at++;
    }
    return at;
}

/* Two bare numbers are a point when they have decimals as points have, or when the text is
 * nothing but these two and not two whole ones. Prices, dates and house numbers are none. */
static bool looks_like_point(const tokens *t, size_t first, const angle *a, const angle *b) {
    if (a->is_marked && b->is_marked)
        return true;
    if (a->decimals > 0 && b->decimals > 0 && (a->decimals > 1 || b->decimals > 1))
        return true;
    return first == 0 && b->end == t->n && (a->decimals > 0 || b->decimals > 0);
}

static int32_t radius_of(const angle *lon, const angle *lat) {
    double east = lon->step * METRES_PER_DEGREE * cos(lat->degrees * 3.14159265358979 / 180);
    double north = lat->step * METRES_PER_DEGREE;
    double metres = ceil(sqrt(east * east + north * north));
    return metres < 1 ? 1 : (int32_t)metres;
}

static void add_reading(sgp_coordinates *found, const angle *lon, const angle *lat) {
    sgp_point point;
    if (sgp_point_from_degrees(lon->degrees, lat->degrees, &point) != SGP_OK)
        return;
    if (found->n_points == 1 && sgp_point_equal(found->points[0], point))
        return;
    if (found->n_points == 0)
        found->radius_m = radius_of(lon, lat);
    found->points[found->n_points++] = point;
}

/* SGP_E_NOT_FOUND: not a pair after all. */
static sgp_err read_pair(const char *text, const tokens *t, size_t first, bool latitude_first,
                         sgp_coordinates *found, size_t *behind, sgp_fault *fault) {
    angle a, b;
    if (!read_angle(t, first, &a) || !read_angle(t, skip_between(t, a.end), &b) ||
        !looks_like_point(t, first, &a, &b) || (a.axis != AXIS_NONE && a.axis == b.axis))
        return SGP_E_NOT_FOUND;
    *behind = b.end;
    sgp_coordinates pair = {.form = SGP_COORDINATES_NUMBERS,
                            .begin = t->all[first].begin,
                            .end = t->all[b.end - 1].end};
    int length = (int)(pair.end - pair.begin < 60 ? pair.end - pair.begin : 60);
    if (a.is_hopeless || b.is_hopeless)
        return sgp_fail(fault, SGP_E_RANGE,
                        "\"%.*s\" contradicts itself or has 60 minutes or seconds", length,
                        text + pair.begin);
    if (a.axis != AXIS_LON && b.axis != AXIS_LAT)
        add_reading(&pair, &b, &a);
    bool is_settled = latitude_first && pair.n_points > 0;
    if (a.axis != AXIS_LAT && b.axis != AXIS_LON && !is_settled)
        add_reading(&pair, &a, &b);
    if (pair.n_points == 0)
        return sgp_fail(fault, SGP_E_RANGE, "\"%.*s\" lies outside the world", length,
                        text + pair.begin);
    *found = pair;
    return SGP_OK;
}

static sgp_err find_pair(const char *text, char decimal_sign, bool latitude_first,
                         sgp_coordinates *found, sgp_fault *fault) {
    token all[TOKENS_MAX];
    tokens t = {.all = all, .n = cut_tokens(text, decimal_sign, all)};
    sgp_err outcome = SGP_E_NOT_FOUND;
    for (size_t i = 0; i < t.n; i++) {
        /* A number that was the last part of something else begins no pair. */
        if (i > 0 && all[i].kind == TOKEN_NUMBER && all[i - 1].kind == TOKEN_NUMBER &&
            all[i - 1].end == all[i].begin)
            continue;
        size_t behind;
        sgp_fault why;
        sgp_err err = read_pair(text, &t, i, latitude_first, found, &behind, &why);
        if (err == SGP_OK)
            return SGP_OK;
        if (err == SGP_E_RANGE && outcome == SGP_E_NOT_FOUND) {
            outcome = err;
            if (fault)
                *fault = why;
        }
        if (err == SGP_E_RANGE)
            i = behind - 1;
    }
    return outcome == SGP_OK ? SGP_E_NOT_FOUND : outcome;
}

/* Some number is written with a comma, and none with a point. */
static bool has_decimal_commas_only(const char *text) {
    bool comma = false;
    for (size_t i = 1; text[i]; i++) {
        bool between = is_digit(text[i - 1]) && is_digit(text[i + 1]);
        if (between && text[i] == '.')
            return false;
        comma |= between && text[i] == ',';
    }
    return comma;
}

sgp_err sgp_coordinates_find_numbers(const char *text, bool latitude_first, sgp_coordinates *found,
                                     sgp_fault *fault) {
    if (text[0] != '\0' && has_decimal_commas_only(text)) {
        sgp_err err = find_pair(text, ',', latitude_first, found, NULL);
        if (err == SGP_OK)
            return SGP_OK;
    }
    return find_pair(text, '.', latitude_first, found, fault);
}

/* ---- the whole text ------------------------------------------------------------------- */

sgp_err sgp_coordinates_find(const char *text, sgp_coordinates *found, sgp_fault *fault) {
    size_t length = strnlen(text, SGP_COORDINATES_TEXT_MAX + 1);
    if (length > SGP_COORDINATES_TEXT_MAX)
        return sgp_fail(fault, SGP_E_TOO_LARGE, "the text is over %d bytes",
                        SGP_COORDINATES_TEXT_MAX);
    char rest[SGP_COORDINATES_TEXT_MAX + 1]; /* the text without its links */
    memcpy(rest, text, length + 1);
    bool has_link = false;
    sgp_err outcome = SGP_E_NOT_FOUND;
    sgp_fault why = {.text = ""};
    size_t begin, end;
    for (size_t at = 0; sgp_coordinates_next_link(text, at, &begin, &end); at = end) {
        char link[SGP_COORDINATES_TEXT_MAX + 1];
        memcpy(link, text + begin, end - begin);
        link[end - begin] = '\0';
        sgp_coordinates of_link;
        sgp_fault of_link_why;
        sgp_err err = sgp_coordinates_of_link(link, &of_link, &of_link_why);
        if (err == SGP_OK) {
            of_link.begin = begin;
            of_link.end = end;
            *found = of_link;
            return SGP_OK;
        }
        if (err != SGP_E_NOT_FOUND && outcome == SGP_E_NOT_FOUND) {
            outcome = err;
            why = of_link_why;
        }
        has_link = true;
        memset(rest + begin, '#', end - begin);
    }
    sgp_fault in_rest;
    sgp_err err = sgp_coordinates_find_numbers(rest, false, found, &in_rest);
    if (err == SGP_OK)
        return SGP_OK;
    if (outcome != SGP_E_NOT_FOUND)
        return sgp_fail(fault, outcome, "%s", why.text);
    if (err == SGP_E_RANGE)
        return sgp_fail(fault, err, "%s", in_rest.text);
    return sgp_fail(fault, SGP_E_NOT_FOUND, "%s",
                    has_link ? "the link carries no point: it must be opened to see where it leads"
                             : "there are no coordinates in the text");
}

bool sgp_coordinates_link_without_point(const char *text, size_t *begin, size_t *end) {
    size_t b, e;
    if (strnlen(text, SGP_COORDINATES_TEXT_MAX + 1) > SGP_COORDINATES_TEXT_MAX)
        return false;
    bool any = false;
    for (size_t at = 0; sgp_coordinates_next_link(text, at, &b, &e); at = e) {
        char link[SGP_COORDINATES_TEXT_MAX + 1];
        memcpy(link, text + b, e - b);
        link[e - b] = '\0';
        sgp_coordinates unused;
        if (sgp_coordinates_of_link(link, &unused, NULL) == SGP_OK)
            return false;
        if (!any && begin)
            *begin = b;
        if (!any && end)
            *end = e;
        any = true;
    }
    return any;
}

const char *sgp_coordinates_form_str(sgp_coordinates_form form) {
    switch (form) {
    case SGP_COORDINATES_NUMBERS:
        return "numbers";
    case SGP_COORDINATES_GEO_URI:
        return "geo_uri";
    case SGP_COORDINATES_LINK:
        return "link";
    }
    return "unknown";
}
