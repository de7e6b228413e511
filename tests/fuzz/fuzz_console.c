/* Whatever a terminal may send, and whatever may stand in the file of unanswered requests: escape
 * sequences in pieces, broken UTF-8, command lines, pasted text. The first byte says which: bit 0
 * the file instead of keys, bit 1 English, bit 2 the line is down, the rest the screen's size. No
 * key may end the console but F10 and its confirmation, or a command and the same. */
#include "console/command.h"
#include "console_town.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_pending(const uint8_t *data, size_t size) {
    sgp_pending pending;
    sgp_pending_init(&pending);
    sgp_pending_read(&pending, data, size);
    for (size_t i = 0; i < pending.n; i++)
        if (pending.items[i].frame->id.len != 16)
            abort();
    sgp_pending_close(&pending);
}

static void hear(sgp_console *console, sgp_link_news news) {
    if (sgp_console_news(console, &news) != SGP_OK)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static bool ready;
    if (!ready)
        sgp_canvas_locale();
    ready = true;
    if (size == 0 || size > 4096)
        return 0;
    uint8_t how = data[0];
    if (how & 1) {
        read_pending(data + 1, size - 1);
        return 0;
    }
    static town sent;
    sgp_pending pending;
    sgp_pending_init(&pending);
    sgp_console_host host = {.context = &sent, .send = town_send};
    sgp_console *console;
    sgp_canvas canvas = {0};
    if (sgp_console_create(how & 2 ? SGP_ENGLISH : SGP_INDONESIAN, &host, &pending, &console) !=
        SGP_OK)
        abort();
    sgp_console_tick(console, TOWN_MS);
    hear(console, town_up());
    hear(console, town_snapshot());
    if (how & 4)
        hear(console, town_down("gone"));
    sgp_console_tick(console, TOWN_MS);
    if (sgp_canvas_resize(&canvas, 1 + (how >> 3) * 3, 1 + (how >> 3) * 9) != SGP_OK)
        abort();
    sgp_keys keys = {0};
    sgp_key key;
    for (size_t i = 1; i < size && !sgp_console_ended(console); i++) {
        if (!sgp_keys_take(&keys, data[i], &key))
            continue;
        if (key.code == SGP_KEY_TEXT && (uint8_t)key.text[0] < 0x20)
            abort(); /* a control character came through as a letter */
        sgp_console_key(console, &key);
        if (i % 64 == 0) {
            sgp_console_tick(console, TOWN_MS + (int64_t)i);
            sgp_console_draw(console, &canvas);
        }
    }
    sgp_console_tick(console, TOWN_MS + 1000);
    sgp_console_draw(console, &canvas);
    sgp_console_destroy(console);
    sgp_pending_close(&pending);
    sgp_canvas_free(&canvas);
    town_forget(&sent);
    return 0;
}
