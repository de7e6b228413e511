/* What a terminal sends -> keys.
 *
 * Terminals mix letters and escape sequences on one line, in pieces of any size. Bytes go in,
 * keys come out. A sequence that nobody knows is swallowed whole: its letters must never be
 * taken for a command. Broken UTF-8 is dropped. What is pasted (bracketed paste) comes as text
 * marked `pasted`, and is never a command by itself: its line breaks are spaces.
 *
 * The sequences are those of ECMA-48 (CSI parameters and a final letter, SS3) with the numbers
 * of xterm, which Linux consoles, tmux, screen and every terminal of today send; curses would
 * read them too, but hands on the letters of unknown ones.
 *
 *     bytes ──► ground ──ESC──► escape ──[──► csi ──final──► key
 *                  ▲               │ └──O──► ss3 ──letter──► key
 *                  └─ 50 ms later ─┘ letter ──► Alt+letter
 *
 * No allocation; not thread-safe.
 */
#ifndef SGP_CONSOLE_KEYS_H
#define SGP_CONSOLE_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum sgp_key_code {
    SGP_KEY_TEXT, /* `text` holds one character */
    SGP_KEY_ALT,  /* with `letter` */
    SGP_KEY_CTRL, /* with `letter`, 'A' .. 'Z' */
    SGP_KEY_ENTER,
    SGP_KEY_ESCAPE,
    SGP_KEY_TAB,
    SGP_KEY_BACKTAB,
    SGP_KEY_BACKSPACE,
    SGP_KEY_DELETE,
    SGP_KEY_UP,
    SGP_KEY_DOWN,
    SGP_KEY_LEFT,
    SGP_KEY_RIGHT,
    SGP_KEY_HOME,
    SGP_KEY_END,
    SGP_KEY_PAGE_UP,
    SGP_KEY_PAGE_DOWN,
    SGP_KEY_F1, /* up to F12 in order */
    SGP_KEY_F12 = SGP_KEY_F1 + 11
} sgp_key_code;

typedef struct sgp_key {
    sgp_key_code code;
    char letter;
    char text[5];
    bool pasted;
} sgp_key;

enum { SGP_KEYS_SEQUENCE_MAX = 32, SGP_KEYS_ESCAPE_MS = 50 };

typedef struct sgp_keys {
    int state;
    char sequence[SGP_KEYS_SEQUENCE_MAX]; /* parameters of a CSI */
    size_t n_sequence;
    uint8_t utf8[4];
    size_t n_utf8, wanted_utf8;
    bool pasting;
    int64_t escape_at_ms; /* when the ESC that waits came */
} sgp_keys;               /* zero-initialise */

/* One byte; true: *key is the key that it ended. */
bool sgp_keys_take(sgp_keys *keys, uint8_t byte, sgp_key *key);

/* Nothing came for SGP_KEYS_ESCAPE_MS: a lone ESC was the Escape key. */
bool sgp_keys_pause(sgp_keys *keys, sgp_key *key);

/* Does an ESC wait for what follows? */
bool sgp_keys_waiting(const sgp_keys *keys);

/* After bytes were taken, by any clock that only goes forward: an ESC that now waits came now. */
void sgp_keys_mark(sgp_keys *keys, int64_t now_ms);
/* How long the ESC still waits for what follows, whatever wakes the program meanwhile; 0: it was
 * the Escape key; -1: none waits. */
int sgp_keys_left_ms(const sgp_keys *keys, int64_t now_ms);

#endif
