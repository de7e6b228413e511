#include "console/editor.h"

#include <string.h>

void sgp_editor_clear(sgp_editor *editor) {
    *editor = (sgp_editor){0};
}

static size_t next_of(const sgp_editor *editor, size_t at) {
    int columns;
    return at + sgp_cluster(editor->text + at, &columns, NULL);
}

static size_t before_of(const sgp_editor *editor, size_t at) {
    size_t last = 0;
    for (size_t i = 0; i < at; i = next_of(editor, i))
        last = i;
    return last;
}

bool sgp_editor_insert(sgp_editor *editor, const char *text) {
    size_t bytes = strlen(text);
    if (editor->length + bytes >= sizeof editor->text)
        return false;
    for (size_t i = 0; i < bytes; i++)
        if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
            return false;
    memmove(editor->text + editor->cursor + bytes, editor->text + editor->cursor,
            editor->length - editor->cursor + 1);
    memcpy(editor->text + editor->cursor, text, bytes);
    editor->length += bytes;
    editor->cursor += bytes;
    return true;
}

void sgp_editor_set(sgp_editor *editor, const char *text) {
    sgp_editor_clear(editor);
    int columns;
    char one[SGP_EDITOR_BYTES];
    for (size_t used; (used = sgp_cluster(text, &columns, NULL)) > 0; text += used) {
        if (used >= sizeof one)
            return;
        memcpy(one, text, used);
        one[used] = '\0';
        if (columns > 0 && !sgp_editor_insert(editor, one))
            return;
    }
}

static void cut(sgp_editor *editor, size_t from, size_t to) {
    memmove(editor->text + from, editor->text + to, editor->length - to + 1);
    editor->length -= to - from;
    editor->cursor = from;
}

static size_t word_before(const sgp_editor *editor) {
    size_t at = editor->cursor;
    while (at > 0 && editor->text[at - 1] == ' ')
        at--;
    while (at > 0 && editor->text[at - 1] != ' ')
        at--;
    return at;
}

static bool take_ctrl(sgp_editor *editor, char letter) {
    switch (letter) {
    case 'A':
        editor->cursor = 0;
        return true;
    case 'E':
        editor->cursor = editor->length;
        return true;
    case 'K':
        cut(editor, editor->cursor, editor->length);
        return true;
    case 'U':
        cut(editor, 0, editor->cursor);
        return true;
    case 'W':
        cut(editor, word_before(editor), editor->cursor);
        return true;
    default:
        return false;
    }
}

bool sgp_editor_key(sgp_editor *editor, const sgp_key *key, bool *changed) {
    size_t before = editor->length;
    bool taken = true;
    switch (key->code) {
    case SGP_KEY_TEXT:
        (void)sgp_editor_insert(editor, key->text);
        break;
    case SGP_KEY_CTRL:
        taken = take_ctrl(editor, key->letter);
        break;
    case SGP_KEY_BACKSPACE:
        if (editor->cursor > 0)
            cut(editor, before_of(editor, editor->cursor), editor->cursor);
        break;
    case SGP_KEY_DELETE:
        if (editor->cursor < editor->length) {
            size_t at = editor->cursor;
            cut(editor, at, next_of(editor, at));
        }
        break;
    case SGP_KEY_LEFT:
        editor->cursor = before_of(editor, editor->cursor);
        break;
    case SGP_KEY_RIGHT:
        if (editor->cursor < editor->length)
            editor->cursor = next_of(editor, editor->cursor);
        break;
    case SGP_KEY_HOME:
        editor->cursor = 0;
        break;
    case SGP_KEY_END:
        editor->cursor = editor->length;
        break;
    default:
        taken = false;
        break;
    }
    if (changed != NULL)
        *changed = editor->length != before;
    return taken;
}

void sgp_editor_draw(const sgp_editor *editor, sgp_canvas *canvas, int row, int column, int width,
                     sgp_ink ink, bool focus) {
    if (width < 2)
        return;
    char head[SGP_EDITOR_BYTES];
    memcpy(head, editor->text, editor->cursor);
    head[editor->cursor] = '\0';
    size_t from = 0;
    int columns;
    /* Leave from the left what would push the cursor out; one column stays for the cursor. */
    while (sgp_columns(head + from) > width - 1)
        from += sgp_cluster(head + from, &columns, NULL);
    sgp_canvas_fill(canvas, row, column, width, ink);
    sgp_canvas_put(canvas, row, column, width, ink, editor->text + from);
    if (focus) {
        canvas->cursor_row = row;
        canvas->cursor_column = column + sgp_columns(head + from);
    }
}
