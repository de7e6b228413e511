/* One line of text that is being typed: the command line, and each field of the call form.
 *
 * Holds UTF-8 only, without control characters. The cursor stands before a character and never
 * inside one. Fixed size: what no longer fits is not taken. Not thread-safe.
 */
#ifndef SGP_CONSOLE_EDITOR_H
#define SGP_CONSOLE_EDITOR_H

#include <stdbool.h>
#include <stddef.h>

#include "console/canvas.h"
#include "console/keys.h"

enum { SGP_EDITOR_BYTES = 512 };

typedef struct sgp_editor {
    char text[SGP_EDITOR_BYTES];
    size_t length, cursor; /* bytes */
} sgp_editor;              /* zero-initialise */

void sgp_editor_clear(sgp_editor *editor);
/* Replaces everything; the cursor goes to the end. Cut at a character. */
void sgp_editor_set(sgp_editor *editor, const char *text);
/* false: no room, or no UTF-8; unchanged. */
bool sgp_editor_insert(sgp_editor *editor, const char *text);

/* Letters, Backspace, Delete, Left, Right, Home, End, Ctrl-A, -E, -K, -U, -W. false: the key
 * is none of these; something else may use it. *changed (NULL allowed): the text is another. */
bool sgp_editor_key(sgp_editor *editor, const sgp_key *key, bool *changed);

/* Draws the part around the cursor into `width` columns; with `focus` the terminal's cursor
 * stands there. */
void sgp_editor_draw(const sgp_editor *editor, sgp_canvas *canvas, int row, int column, int width,
                     sgp_ink ink, bool focus);

#endif
