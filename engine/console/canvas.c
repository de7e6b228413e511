#include "console/canvas.h"

#include <langinfo.h>
#include <limits.h>
#include <locale.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

void sgp_canvas_locale(void) {
    if (setlocale(LC_CTYPE, "") == NULL || strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
        (void)!setlocale(LC_CTYPE, "C.UTF-8");
}

sgp_err sgp_canvas_resize(sgp_canvas *canvas, int rows, int columns) {
    rows = rows < 1 ? 1 : rows > SGP_CANVAS_ROWS_MAX ? SGP_CANVAS_ROWS_MAX : rows;
    columns = columns < 1 ? 1 : columns > SGP_CANVAS_COLUMNS_MAX ? SGP_CANVAS_COLUMNS_MAX : columns;
    sgp_cell *cells = realloc(canvas->cells, (size_t)rows * (size_t)columns * sizeof *cells);
    if (cells == NULL)
        return SGP_E_MEMORY;
    canvas->cells = cells;
    canvas->rows = rows;
    canvas->columns = columns;
    sgp_canvas_clear(canvas);
    return SGP_OK;
}

void sgp_canvas_free(sgp_canvas *canvas) {
    free(canvas->cells);
    *canvas = (sgp_canvas){0};
}

static sgp_cell *cell_at(const sgp_canvas *canvas, int row, int column) {
    if (row < 0 || row >= canvas->rows || column < 0 || column >= canvas->columns)
        return NULL;
    return &canvas->cells[(size_t)row * (size_t)canvas->columns + (size_t)column];
}

static void blank(sgp_cell *cell, sgp_ink ink) {
    *cell = (sgp_cell){.width = 1, .ink = ink};
}

void sgp_canvas_clear(sgp_canvas *canvas) {
    for (size_t i = 0; i < (size_t)canvas->rows * (size_t)canvas->columns; i++)
        blank(&canvas->cells[i], SGP_INK_PLAIN);
    canvas->cursor_row = -1;
    canvas->cursor_column = 0;
}

/* ---- characters -------------------------------------------------------------- */

static const char replacement[] = "\xef\xbf\xbd"; /* U+FFFD */

/* Format characters: they have no width, and can turn the rest of a line around. */
static bool invisible(wchar_t c) {
    return c == 0xad || c == 0x61c || c == 0xfeff || (c >= 0x200b && c <= 0x200f) ||
           (c >= 0x202a && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) ||
           (c >= 0xfe00 && c <= 0xfe0f) || (c >= 0xe0000 && c <= 0xe0fff);
}

/* One character; bytes > 0. *c = 0: the byte is no UTF-8. */
static size_t decode(const char *text, wchar_t *c) {
    mbstate_t state = {0};
    size_t left = strnlen(text, MB_LEN_MAX);
    size_t bytes = mbrtowc(c, text, left, &state);
    if (bytes == (size_t)-1 || bytes == (size_t)-2 || bytes == 0) {
        *c = 0;
        return 1;
    }
    return bytes;
}

size_t sgp_cluster(const char *text, int *columns, char *shown) {
    char own[SGP_CELL_BYTES];
    if (shown == NULL)
        shown = own;
    shown[0] = '\0';
    *columns = 0;
    if (text[0] == '\0')
        return 0;
    wchar_t c;
    size_t used = decode(text, &c);
    if (c != 0 && invisible(c))
        return used;
    int width = c == 0 ? -1 : wcwidth(c);
    if (c != 0 && (c < 0x20 || (c >= 0x7f && c < 0xa0))) {
        strcpy(shown, " ");
        *columns = 1;
        return used;
    }
    if (width < 0) {
        strcpy(shown, replacement);
        *columns = 1;
    } else if (width == 0) {
        return used; /* a mark that belongs to nothing */
    } else {
        memcpy(shown, text, used);
        shown[used] = '\0';
        *columns = width > 2 ? 2 : width;
    }
    for (int marks = 0; text[used] != '\0';) {
        size_t more = decode(text + used, &c);
        if (c == 0 || c < 0x80 || (wcwidth(c) != 0 && !invisible(c)))
            break;
        size_t length = strlen(shown);
        if (!invisible(c) && marks < SGP_CELL_MARKS && length + more < SGP_CELL_BYTES) {
            memcpy(shown + length, text + used, more);
            shown[length + more] = '\0';
            marks++;
        }
        used += more;
    }
    return used;
}

int sgp_columns(const char *text) {
    int sum = 0, columns;
    for (size_t used; (used = sgp_cluster(text, &columns, NULL)) > 0; text += used)
        sum += columns;
    return sum;
}

/* ---- putting ----------------------------------------------------------------- */

/* Half of a wide character never stays alone. */
static void take_apart(sgp_canvas *canvas, int row, int column) {
    sgp_cell *cell = cell_at(canvas, row, column);
    if (cell == NULL)
        return;
    if (cell->width == 0 && column > 0)
        blank(cell_at(canvas, row, column - 1), cell->ink);
    if (cell->width == 2 && column + 1 < canvas->columns)
        blank(cell_at(canvas, row, column + 1), cell->ink);
}

static void put_one(sgp_canvas *canvas, int row, int column, int columns, sgp_ink ink,
                    const char *shown) {
    sgp_cell *cell = cell_at(canvas, row, column);
    if (cell == NULL || (columns == 2 && column + 1 >= canvas->columns))
        return;
    take_apart(canvas, row, column);
    if (columns == 2)
        take_apart(canvas, row, column + 1);
    blank(cell, ink);
    if (strcmp(shown, " ") != 0)
        strcpy(cell->text, shown);
    cell->width = (uint8_t)columns;
    if (columns == 2) {
        sgp_cell *right = cell_at(canvas, row, column + 1);
        blank(right, ink);
        right->width = 0;
    }
}

int sgp_canvas_put(sgp_canvas *canvas, int row, int column, int width, sgp_ink ink,
                   const char *text) {
    if (width > canvas->columns - column)
        width = canvas->columns - column;
    if (width <= 0)
        return 0;
    bool fits = sgp_columns(text) <= width;
    int room = fits ? width : width - 1, at = 0, columns;
    char shown[SGP_CELL_BYTES];
    for (size_t used; (used = sgp_cluster(text, &columns, shown)) > 0; text += used) {
        if (columns == 0)
            continue;
        if (at + columns > room)
            break;
        put_one(canvas, row, column + at, columns, ink, shown);
        at += columns;
    }
    if (!fits)
        put_one(canvas, row, column + at++, 1, ink, "…");
    return at;
}

int sgp_canvas_put_right(sgp_canvas *canvas, int row, int column, int width, sgp_ink ink,
                         const char *text) {
    int columns = sgp_columns(text);
    int skip = columns < width ? width - columns : 0;
    return sgp_canvas_put(canvas, row, column + skip, width - skip, ink, text);
}

int sgp_canvas_print(sgp_canvas *canvas, int row, int column, int width, sgp_ink ink,
                     const char *format, ...) {
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return sgp_canvas_put(canvas, row, column, width, ink, text);
}

/* How many bytes of `text` go on a line of `width`: up to a space if there is one. */
static size_t line_bytes(const char *text, int width) {
    size_t at = 0, space = 0;
    int sum = 0, columns;
    for (size_t used; (used = sgp_cluster(text + at, &columns, NULL)) > 0; at += used) {
        if (text[at] == ' ')
            space = at;
        if (sum + columns > width)
            return space > 0 ? space : at;
        sum += columns;
    }
    return at;
}

int sgp_canvas_wrap(sgp_canvas *canvas, int row, int rows, int column, int width, sgp_ink ink,
                    const char *text) {
    int used = 0;
    if (width < 2)
        return 0;
    for (; used < rows && text[0] != '\0'; used++) {
        char line[2048];
        size_t bytes = line_bytes(text, width);
        if (used == rows - 1 || bytes == 0 || bytes >= sizeof line) {
            sgp_canvas_put(canvas, row + used, column, width, ink, text);
            return used + 1;
        }
        memcpy(line, text, bytes);
        line[bytes] = '\0';
        sgp_canvas_put(canvas, row + used, column, width, ink, line);
        text += bytes;
        while (text[0] == ' ')
            text++;
    }
    return used;
}

void sgp_canvas_fill(sgp_canvas *canvas, int row, int column, int width, sgp_ink ink) {
    for (int i = 0; i < width; i++)
        put_one(canvas, row, column + i, 1, ink, " ");
}

void sgp_canvas_add_ink(sgp_canvas *canvas, int row, int column, int width, sgp_ink ink) {
    for (int i = 0; i < width; i++) {
        sgp_cell *cell = cell_at(canvas, row, column + i);
        if (cell != NULL)
            cell->ink |= ink;
    }
}

void sgp_canvas_rule(sgp_canvas *canvas, int row, int column, int width, sgp_ink ink) {
    for (int i = 0; i < width; i++)
        put_one(canvas, row, column + i, 1, ink, "─");
}

void sgp_canvas_bar(sgp_canvas *canvas, int row, int column, int height, sgp_ink ink) {
    for (int i = 0; i < height; i++)
        put_one(canvas, row + i, column, 1, ink, "│");
}

void sgp_canvas_copy(sgp_canvas *canvas, int row, int column, int rows, int columns,
                     const sgp_canvas *from, int first) {
    for (int r = 0; r < rows; r++)
        for (int c = 0; c < columns; c++) {
            sgp_cell *to = cell_at(canvas, row + r, column + c);
            const sgp_cell *cell = cell_at(from, first + r, c);
            if (to != NULL && cell != NULL)
                *to = *cell;
        }
}

/* ---- as text ----------------------------------------------------------------- */

char *sgp_canvas_row(const sgp_canvas *canvas, int row, char *out, size_t capacity) {
    size_t length = 0, end = 0;
    for (int column = 0; column < canvas->columns; column++) {
        const sgp_cell *cell = cell_at(canvas, row, column);
        if (cell == NULL || cell->width == 0)
            continue;
        const char *text = cell->text[0] != '\0' ? cell->text : " ";
        size_t bytes = strlen(text);
        if (length + bytes + 1 > capacity)
            break;
        memcpy(out + length, text, bytes);
        length += bytes;
        if (cell->text[0] != '\0')
            end = length;
    }
    if (capacity > 0)
        out[end] = '\0';
    return out;
}

void sgp_canvas_print_all(const sgp_canvas *canvas, FILE *out) {
    char line[SGP_CANVAS_COLUMNS_MAX * 4];
    for (int row = 0; row < canvas->rows; row++)
        fprintf(out, "%s\n", sgp_canvas_row(canvas, row, line, sizeof line));
}
