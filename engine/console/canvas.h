/* A grid of cells that everything of the console is drawn into.
 *
 * A screen is a function from the model to a canvas; only terminal.c knows of a real terminal.
 * So every screen can be tested as text, in both languages and any size.
 *
 * A cell holds one character that takes one or two columns, with the marks that belong to it
 * (at most four, as curses has it). The second column of a wide one is a cell of width 0. Text
 * from outside is made harmless on its way in: control characters become spaces, direction
 * overrides and other invisible characters are dropped, broken UTF-8 becomes U+FFFD. Widths are
 * the C library's (wcwidth), so that they are the very ones that curses counts with; LC_CTYPE
 * must be a UTF-8 locale (sgp_canvas_locale).
 *
 * Rows and columns count from 0; whatever lies outside is left out. Not thread-safe.
 */
#ifndef SGP_CONSOLE_CANVAS_H
#define SGP_CONSOLE_CANVAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "sigap/error.h"

/* How it looks: a colour, and what stays of it where there is none. */
typedef uint16_t sgp_ink;
enum {
    SGP_INK_PLAIN = 0,
    SGP_INK_RED = 1,
    SGP_INK_YELLOW = 2,
    SGP_INK_GREEN = 3,
    SGP_INK_CYAN = 4,
    SGP_INK_BLUE = 5,
    SGP_INK_COLOUR = 7, /* mask */
    SGP_INK_BOLD = 0x10,
    SGP_INK_REVERSE = 0x20,
    SGP_INK_DIM = 0x40,
    SGP_INK_UNDERLINE = 0x80
};

enum {
    SGP_CELL_BYTES = 22,
    SGP_CELL_MARKS = 4,
    SGP_CANVAS_ROWS_MAX = 1000,
    SGP_CANVAS_COLUMNS_MAX = 2000
};

typedef struct sgp_cell {
    char text[SGP_CELL_BYTES]; /* UTF-8; "" = a blank, or the right half of a wide character */
    uint8_t width;             /* 1 or 2; 0 = right half */
    sgp_ink ink;
} sgp_cell;

typedef struct sgp_canvas {
    int rows, columns;
    sgp_cell *cells;               /* [row * columns + column] */
    int cursor_row, cursor_column; /* where the cursor blinks; row -1: hidden */
} sgp_canvas;                      /* zero-initialise */

/* Makes LC_CTYPE a UTF-8 locale: the user's, or C.UTF-8 where it is another. For the whole
 * process, before any thread. */
void sgp_canvas_locale(void);

/* All blank, of this size, clamped to 1 .. the bounds above. SGP_E_MEMORY: as it was. */
sgp_err sgp_canvas_resize(sgp_canvas *canvas, int rows, int columns) SGP_MUST_USE;
void sgp_canvas_free(sgp_canvas *canvas);
void sgp_canvas_clear(sgp_canvas *canvas);

/* Puts text into at most `width` columns and tells how many it took; what does not fit ends in
 * "…". */
int sgp_canvas_put(sgp_canvas *canvas, int row, int column, int width, sgp_ink ink,
                   const char *text);
/* The same, at the right end of the `width` columns. */
int sgp_canvas_put_right(sgp_canvas *canvas, int row, int column, int width, sgp_ink ink,
                         const char *text);
/* printf, then put; at most 1 KiB. */
int sgp_canvas_print(sgp_canvas *canvas, int row, int column, int width, sgp_ink ink,
                     const char *format, ...) SGP_PRINTF(6, 7);
/* Puts text into `width` columns of up to `rows` rows, broken at spaces; tells how many rows. */
int sgp_canvas_wrap(sgp_canvas *canvas, int row, int rows, int column, int width, sgp_ink ink,
                    const char *text);
/* Blanks with this ink; `add` keeps the text and only adds to its ink. */
void sgp_canvas_fill(sgp_canvas *canvas, int row, int column, int width, sgp_ink ink);
void sgp_canvas_add_ink(sgp_canvas *canvas, int row, int column, int width, sgp_ink ink);
/* A line of "─" or "│". */
void sgp_canvas_rule(sgp_canvas *canvas, int row, int column, int width, sgp_ink ink);
void sgp_canvas_bar(sgp_canvas *canvas, int row, int column, int height, sgp_ink ink);

/* Copies `rows` x `columns` cells of `from`, beginning at its row `first`, to (row, column). */
void sgp_canvas_copy(sgp_canvas *canvas, int row, int column, int rows, int columns,
                     const sgp_canvas *from, int first);

/* Columns that a text takes. */
int sgp_columns(const char *text);

/* The next character with its marks: its bytes (> 0 unless the text is at its end) and columns
 * (0: nothing to see). `shown` (SGP_CELL_BYTES) becomes what a cell holds; NULL allowed. */
size_t sgp_cluster(const char *text, int *columns, char *shown);

/* A row as text without blanks at its end; into out[], cut at a character. */
char *sgp_canvas_row(const sgp_canvas *canvas, int row, char *out, size_t capacity);
/* All rows, a line each. */
void sgp_canvas_print_all(const sgp_canvas *canvas, FILE *out);

#endif
