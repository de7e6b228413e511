#include "console/keys.h"

#include <stdlib.h>
#include <string.h>

enum { GROUND, ESCAPE, CSI, SS3, STRING, STRING_ESCAPE };

bool sgp_keys_waiting(const sgp_keys *keys) {
    return keys->state == ESCAPE;
}

void sgp_keys_mark(sgp_keys *keys, int64_t now_ms) {
    if (sgp_keys_waiting(keys))
        keys->escape_at_ms = now_ms;
}

int sgp_keys_left_ms(const sgp_keys *keys, int64_t now_ms) {
    if (!sgp_keys_waiting(keys))
        return -1;
    int64_t left = keys->escape_at_ms + SGP_KEYS_ESCAPE_MS - now_ms;
    return left > SGP_KEYS_ESCAPE_MS ? SGP_KEYS_ESCAPE_MS : left > 0 ? (int)left : 0;
}

bool sgp_keys_pause(sgp_keys *keys, sgp_key *key) {
    if (keys->state != ESCAPE)
        return false;
    keys->state = GROUND;
    *key = (sgp_key){.code = SGP_KEY_ESCAPE};
    return !keys->pasting;
}

static bool plain(sgp_key *key, sgp_key_code code) {
    key->code = code;
    return true;
}

static bool by_letter(char letter, sgp_key *key) {
    switch (letter) {
    case 'A':
        return plain(key, SGP_KEY_UP);
    case 'B':
        return plain(key, SGP_KEY_DOWN);
    case 'C':
        return plain(key, SGP_KEY_RIGHT);
    case 'D':
        return plain(key, SGP_KEY_LEFT);
    case 'H':
        return plain(key, SGP_KEY_HOME);
    case 'F':
        return plain(key, SGP_KEY_END);
    case 'Z':
        return plain(key, SGP_KEY_BACKTAB);
    case 'P':
    case 'Q':
    case 'R':
    case 'S':
        return plain(key, (sgp_key_code)(SGP_KEY_F1 + (letter - 'P')));
    default:
        return false;
    }
}

/* "5~" and so on. */
static bool by_number(sgp_keys *keys, sgp_key *key) {
    long number = strtol(keys->sequence, NULL, 10);
    switch (number) {
    case 1:
    case 7:
        return plain(key, SGP_KEY_HOME);
    case 3:
        return plain(key, SGP_KEY_DELETE);
    case 4:
    case 8:
        return plain(key, SGP_KEY_END);
    case 5:
        return plain(key, SGP_KEY_PAGE_UP);
    case 6:
        return plain(key, SGP_KEY_PAGE_DOWN);
    case 200:
        keys->pasting = true;
        return false;
    case 201:
        keys->pasting = false;
        return false;
    default:
        break;
    }
    if (number >= 11 && number <= 15)
        return plain(key, (sgp_key_code)(SGP_KEY_F1 + number - 11));
    if (number >= 17 && number <= 21)
        return plain(key, (sgp_key_code)(SGP_KEY_F1 + 5 + number - 17));
    if (number >= 23 && number <= 24)
        return plain(key, (sgp_key_code)(SGP_KEY_F1 + 10 + number - 23));
    return false;
}

static bool take_csi(sgp_keys *keys, uint8_t byte, sgp_key *key) {
    if (byte >= 0x20 && byte < 0x40) {
        if (keys->n_sequence + 1 < sizeof keys->sequence) {
            keys->sequence[keys->n_sequence++] = (char)byte;
            keys->sequence[keys->n_sequence] = '\0';
        }
        return false;
    }
    /* The Linux console sends F1 as ESC [ [ A. */
    if (byte == '[' && keys->n_sequence == 0) {
        strcpy(keys->sequence, "[");
        keys->n_sequence = 1;
        return false;
    }
    keys->state = GROUND;
    if (byte < 0x40 || byte > 0x7e)
        return false;
    if (keys->sequence[0] == '[')
        return byte >= 'A' && byte <= 'E' && plain(key, (sgp_key_code)(SGP_KEY_F1 + (byte - 'A')));
    if (byte == '~')
        return by_number(keys, key);
    return by_letter((char)byte, key);
}

static void begin(sgp_keys *keys, int state) {
    keys->state = state;
    keys->n_sequence = 0;
    keys->sequence[0] = '\0';
}

static bool take_escape(sgp_keys *keys, uint8_t byte, sgp_key *key) {
    if (byte == '[') {
        begin(keys, CSI);
        return false;
    }
    if (byte == 'O') {
        begin(keys, SS3);
        return false;
    }
    if (byte == ']' || byte == 'P' || byte == '_' || byte == '^' || byte == 'X') {
        begin(keys, STRING); /* an answer of the terminal to a question that nobody asked */
        return false;
    }
    if (byte == 0x1b)
        return plain(key, SGP_KEY_ESCAPE);
    keys->state = GROUND;
    if (byte <= 0x20 || byte >= 0x7f)
        return false;
    key->code = SGP_KEY_ALT;
    key->letter = (char)byte;
    return true;
}

static bool take_utf8(sgp_keys *keys, uint8_t byte, sgp_key *key) {
    if (keys->n_utf8 == 0) {
        keys->wanted_utf8 = byte >= 0xc2 && byte <= 0xdf   ? 2
                            : byte >= 0xe0 && byte <= 0xef ? 3
                            : byte >= 0xf0 && byte <= 0xf4 ? 4
                                                           : 0;
        if (keys->wanted_utf8 == 0)
            return false;
        keys->utf8[keys->n_utf8++] = byte;
        return false;
    }
    keys->utf8[keys->n_utf8++] = byte;
    if (keys->n_utf8 < keys->wanted_utf8)
        return false;
    size_t n = keys->n_utf8;
    keys->n_utf8 = 0;
    /* Too long forms, surrogates, and beyond Unicode. */
    if ((keys->utf8[0] == 0xe0 && keys->utf8[1] < 0xa0) ||
        (keys->utf8[0] == 0xed && keys->utf8[1] >= 0xa0) ||
        (keys->utf8[0] == 0xf0 && keys->utf8[1] < 0x90) ||
        (keys->utf8[0] == 0xf4 && keys->utf8[1] >= 0x90))
        return false;
    /* C1 control characters. */
    if (keys->utf8[0] == 0xc2 && keys->utf8[1] < 0xa0)
        return false;
    key->code = SGP_KEY_TEXT;
    memcpy(key->text, keys->utf8, n);
    return true;
}

static bool take_ground(sgp_keys *keys, uint8_t byte, sgp_key *key) {
    bool continues = byte >= 0x80 && byte < 0xc0;
    if (keys->n_utf8 > 0 && !continues)
        keys->n_utf8 = 0; /* it broke off */
    if (byte >= 0x80)
        return take_utf8(keys, byte, key);
    if (byte == 0x1b) {
        keys->state = ESCAPE;
        return false;
    }
    if (keys->pasting && (byte == '\r' || byte == '\n' || byte == '\t'))
        byte = ' ';
    if (byte >= 0x20 && byte != 0x7f) {
        key->code = SGP_KEY_TEXT;
        key->text[0] = (char)byte;
        return true;
    }
    if (keys->pasting)
        return false;
    switch (byte) {
    case '\r':
    case '\n':
        return plain(key, SGP_KEY_ENTER);
    case '\t':
        return plain(key, SGP_KEY_TAB);
    case 0x08:
    case 0x7f:
        return plain(key, SGP_KEY_BACKSPACE);
    case 0:
        return false;
    default:
        if (byte > 26)
            return false;
        key->code = SGP_KEY_CTRL;
        key->letter = (char)('A' + byte - 1);
        return true;
    }
}

bool sgp_keys_take(sgp_keys *keys, uint8_t byte, sgp_key *key) {
    *key = (sgp_key){0};
    bool whole = false;
    switch (keys->state) {
    case ESCAPE:
        whole = take_escape(keys, byte, key);
        break;
    case CSI:
        if (byte == 0x1b)
            keys->state = ESCAPE;
        else
            whole = take_csi(keys, byte, key);
        break;
    case SS3:
        keys->state = byte == 0x1b ? ESCAPE : GROUND;
        if (byte == 'M')
            whole = plain(key, SGP_KEY_ENTER); /* of the number pad */
        else
            whole = by_letter((char)byte, key);
        break;
    case STRING:
        keys->state = byte == 0x07 ? GROUND : byte == 0x1b ? STRING_ESCAPE : STRING;
        break;
    case STRING_ESCAPE:
        keys->state = byte == '\\' ? GROUND : STRING;
        break;
    default:
        whole = take_ground(keys, byte, key);
        break;
    }
    if (whole && keys->pasting && key->code != SGP_KEY_TEXT)
        return false;
    key->pasted = keys->pasting;
    return whole;
}
