#include "core/text.h"

#include <stdint.h>

/* The number of bytes after the first, or -1 when no character begins like this. */
static int following(uint8_t first) {
    if (first < 0x80)
        return 0;
    if (first >= 0xc2 && first <= 0xdf)
        return 1;
    if ((first & 0xf0) == 0xe0)
        return 2;
    return first >= 0xf0 && first <= 0xf4 ? 3 : -1;
}

/* The second byte excludes overlong forms, surrogates and numbers over U+10FFFF. */
static bool second_fits(uint8_t first, uint8_t second) {
    switch (first) {
    case 0xe0:
        return second >= 0xa0;
    case 0xed:
        return second <= 0x9f;
    case 0xf0:
        return second >= 0x90;
    case 0xf4:
        return second <= 0x8f;
    default:
        return true;
    }
}

bool sgp_text_is_plain(const char *text) {
    const uint8_t *at = (const uint8_t *)text;
    while (*at) {
        int more = following(*at);
        if (more < 0 || *at < 0x20 || *at == 0x7f)
            return false;
        if (more > 0 && !second_fits(at[0], at[1]))
            return false;
        for (int i = 1; i <= more; i++)
            if ((at[i] & 0xc0) != 0x80)
                return false;
        at += more + 1;
    }
    return true;
}
