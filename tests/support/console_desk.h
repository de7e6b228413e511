/* A console at a made control room (console_town.h): keys and news in, the screen as text out. For
 * tests with cmocka, which they include before this. */
#ifndef SGP_TEST_CONSOLE_DESK_H
#define SGP_TEST_CONSOLE_DESK_H

#include "console_town.h"

static town sent;
static sgp_pending pending;
static sgp_console *console;
static sgp_canvas canvas;
static int64_t now_ms;

static inline void begin(sgp_language language) {
    sgp_console_host host = {.context = &sent, .send = town_send};
    now_ms = TOWN_MS;
    sgp_pending_init(&pending);
    assert_int_equal(sgp_console_create(language, &host, &pending, &console), SGP_OK);
    sgp_console_tick(console, now_ms);
}

static inline void end(void) {
    sgp_console_destroy(console);
    sgp_pending_close(&pending);
    town_forget(&sent);
}

static inline void hear(sgp_link_news news) {
    assert_int_equal(sgp_console_news(console, &news), SGP_OK);
    sgp_console_tick(console, now_ms);
}

static inline void wait_ms(int64_t ms) {
    now_ms += ms;
    sgp_console_tick(console, now_ms);
}

/* Bytes as a terminal sends them; a lone ESC at the end is the Escape key. */
static inline void type(const char *bytes) {
    sgp_keys keys = {0};
    sgp_key key;
    for (; *bytes != '\0'; bytes++)
        if (sgp_keys_take(&keys, (uint8_t)*bytes, &key))
            sgp_console_key(console, &key);
    if (sgp_keys_pause(&keys, &key))
        sgp_console_key(console, &key);
    sgp_console_tick(console, now_ms);
}
#define F1 "\033OP"
#define F2 "\033OQ"
#define F4 "\033OS"
#define F5 "\033[15~"
#define F6 "\033[17~"
#define F7 "\033[18~"
#define F8 "\033[19~"
#define F9 "\033[20~"
#define F10 "\033[21~"
#define DOWN "\033[B"

/* The whole screen as text. */
static inline const char *screen(int rows, int columns) {
    static char text[400000];
    size_t used = 0;
    assert_int_equal(sgp_canvas_resize(&canvas, rows, columns), SGP_OK);
    sgp_console_draw(console, &canvas);
    for (int i = 0; i < rows; i++) {
        sgp_canvas_row(&canvas, i, text + used, sizeof text - used - 2);
        used += strlen(text + used);
        text[used++] = '\n';
    }
    text[used] = '\0';
    return text;
}

static inline void shows(const char *text, const char *what) {
    if (strstr(text, what) == NULL)
        fail_msg("the screen does not show '%s':\n%s", what, text);
}

static inline void hides(const char *text, const char *what) {
    if (strstr(text, what) != NULL)
        fail_msg("the screen shows '%s':\n%s", what, text);
}

/* One stands before the other. */
static inline void in_order(const char *text, const char *first, const char *second) {
    shows(text, first);
    shows(text, second);
    if (strstr(text, first) > strstr(text, second))
        fail_msg("'%s' comes after '%s':\n%s", first, second, text);
}

static inline void begin_up(sgp_language language) {
    begin(language);
    hear(town_up());
    hear(town_snapshot());
}

#endif
