#include "apps/print.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>

bool sgp_colour_wanted(FILE *out) {
    const char *no = getenv("NO_COLOR");
    return (no == NULL || no[0] == '\0') && isatty(fileno(out));
}

const char *sgp_colour_code(bool wanted, sgp_colour colour) {
    static const char *const codes[] = {
        [SGP_PLAIN] = "\033[0m",  [SGP_RED] = "\033[1;31m", [SGP_YELLOW] = "\033[1;33m",
        [SGP_GREEN] = "\033[32m", [SGP_WHITE] = "\033[37m", [SGP_BLUE] = "\033[36m",
        [SGP_DIM] = "\033[2m",    [SGP_BOLD] = "\033[1m",
    };
    return wanted ? codes[colour] : "";
}

sgp_colour sgp_priority_colour(int priority) {
    static const sgp_colour colours[] = {SGP_BOLD, SGP_RED, SGP_YELLOW, SGP_GREEN, SGP_WHITE};
    return priority >= 0 && priority <= 4 ? colours[priority] : SGP_PLAIN;
}

/* One code point of UTF-8, or one broken byte. */
static uint32_t decode(const unsigned char *s, size_t *length) {
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t n = s[0] < 0x80             ? 1
               : (s[0] & 0xe0) == 0xc0 ? 2
               : (s[0] & 0xf0) == 0xe0 ? 3
               : (s[0] & 0xf8) == 0xf0 ? 4
                                       : 0;
    *length = 1;
    if (n == 0)
        return 0xfffd;
    uint32_t code = n == 1 ? s[0] : s[0] & (0x7fu >> n);
    for (size_t i = 1; i < n; i++) {
        if ((s[i] & 0xc0) != 0x80)
            return 0xfffd;
        code = code << 6 | (s[i] & 0x3f);
    }
    if (n > 1 && code < smallest[n])
        return 0xfffd;
    *length = n;
    return code;
}

size_t sgp_display_width(const char *text) {
    size_t width = 0;
    for (const unsigned char *s = (const unsigned char *)text; *s != '\0';) {
        size_t length;
        uint32_t code = decode(s, &length);
        int columns = code < 0x80 ? 1 : wcwidth((wchar_t)code);
        width += columns < 0 ? 1 : (size_t)columns;
        s += length;
    }
    return width;
}

char *sgp_plain_text(const char *text, char *out, size_t capacity) {
    size_t n = 0;
    for (const unsigned char *s = (const unsigned char *)text; *s != '\0';) {
        size_t length;
        uint32_t code = decode(s, &length);
        bool control = code < 0x20 || (code >= 0x7f && code < 0xa0) || (length == 1 && *s >= 0x80);
        size_t taken = control ? 1 : length;
        if (n + taken >= capacity)
            break;
        if (control)
            out[n] = ' ';
        else
            memcpy(out + n, s, length);
        n += taken;
        s += length;
    }
    if (capacity > 0)
        out[n] = '\0';
    return out;
}

size_t sgp_line_width(FILE *out) {
    const char *asked = getenv("COLUMNS");
    char *end;
    unsigned long columns = asked == NULL ? 0 : strtoul(asked, &end, 10);
    if (columns > 0 && *end == '\0')
        return columns;
    struct winsize size;
    return isatty(fileno(out)) && ioctl(fileno(out), TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

char *sgp_clock_text(int64_t wall_ms, char out[16]) {
    time_t seconds = (time_t)(wall_ms / 1000);
    struct tm parts;
    if (wall_ms <= 0 || localtime_r(&seconds, &parts) == NULL ||
        strftime(out, 16, "%H:%M:%S", &parts) == 0)
        strcpy(out, "-");
    return out;
}

typedef struct cell {
    char *text;
    sgp_colour colour;
} cell;

struct sgp_sheet {
    size_t n_columns, n, capacity;
    char **headers;
    size_t *limits; /* of each column; 0 = left out */
    cell *cells;
    size_t n_notes, notes_capacity;
    struct {
        size_t row;
        cell line;
    } * notes; /* by row */
};

sgp_err sgp_sheet_create(const char *const *headers, size_t n_columns, sgp_sheet **sheet) {
    sgp_sheet *s = calloc(1, sizeof *s);
    if (s == NULL)
        return SGP_E_MEMORY;
    s->headers = calloc(n_columns, sizeof *s->headers);
    s->limits = calloc(n_columns, sizeof *s->limits);
    if (s->headers == NULL || s->limits == NULL) {
        sgp_sheet_destroy(s);
        return SGP_E_MEMORY;
    }
    s->n_columns = n_columns;
    for (size_t i = 0; i < n_columns; i++) {
        s->limits[i] = SIZE_MAX;
        s->headers[i] = strdup(headers[i]);
        if (s->headers[i] == NULL) {
            sgp_sheet_destroy(s);
            return SGP_E_MEMORY;
        }
    }
    *sheet = s;
    return SGP_OK;
}

void sgp_sheet_cell(sgp_sheet *sheet, sgp_colour colour, const char *format, ...) {
    if (sheet->n == sheet->capacity) {
        size_t capacity = sheet->capacity == 0 ? 64 : sheet->capacity * 2;
        cell *cells = realloc(sheet->cells, capacity * sizeof *cells);
        if (cells == NULL)
            return;
        sheet->cells = cells;
        sheet->capacity = capacity;
    }
    cell *c = &sheet->cells[sheet->n++];
    c->colour = colour;
    va_list arguments;
    va_start(arguments, format);
    if (vasprintf(&c->text, format, arguments) < 0)
        c->text = NULL;
    va_end(arguments);
}

void sgp_sheet_note(sgp_sheet *sheet, sgp_colour colour, const char *format, ...) {
    if (sheet->n_notes == sheet->notes_capacity) {
        size_t capacity = sheet->notes_capacity == 0 ? 16 : sheet->notes_capacity * 2;
        void *notes = realloc(sheet->notes, capacity * sizeof *sheet->notes);
        if (notes == NULL)
            return;
        sheet->notes = notes;
        sheet->notes_capacity = capacity;
    }
    cell *line = &sheet->notes[sheet->n_notes].line;
    sheet->notes[sheet->n_notes++].row = sheet->n / sheet->n_columns - 1;
    line->colour = colour;
    va_list arguments;
    va_start(arguments, format);
    if (vasprintf(&line->text, format, arguments) < 0)
        line->text = NULL;
    va_end(arguments);
}

static void pad(FILE *out, size_t n) {
    while (n-- > 0)
        fputc(' ', out);
}

/* Prints the text, cut to `width` columns of the terminal where it is wider. */
static void print_cut(FILE *out, const char *text, size_t width) {
    if (sgp_display_width(text) <= width) {
        fputs(text, out);
        return;
    }
    size_t used = 0, bytes = 0;
    while (text[bytes] != '\0') {
        size_t length;
        uint32_t code = decode((const unsigned char *)text + bytes, &length);
        int columns = code < 0x80 ? 1 : wcwidth((wchar_t)code);
        used += columns < 0 ? 1 : (size_t)columns;
        if (used + 1 > width)
            break;
        bytes += length;
    }
    fprintf(out, "%.*s…", (int)bytes, text);
}

static void print_cell(FILE *out, bool colours, sgp_colour colour, const char *text, size_t width,
                       bool right, bool last) {
    size_t wanted = sgp_display_width(text), gap = wanted < width ? width - wanted : 0;
    if (right)
        pad(out, gap);
    fputs(colour == SGP_PLAIN ? "" : sgp_colour_code(colours, colour), out);
    print_cut(out, text, width);
    fputs(colour == SGP_PLAIN ? "" : sgp_colour_code(colours, SGP_PLAIN), out);
    if (!right && !last)
        pad(out, gap);
    fputs(last ? "\n" : "  ", out);
}

void sgp_sheet_limit(sgp_sheet *sheet, size_t column, size_t columns) {
    sheet->limits[column] = columns;
}

static size_t column_width(const sgp_sheet *sheet, size_t column) {
    const char *header = sheet->headers[column];
    size_t widest = sgp_display_width(header + (header[0] == '>'));
    for (size_t i = column; i < sheet->n; i += sheet->n_columns) {
        size_t width = sheet->cells[i].text == NULL ? 0 : sgp_display_width(sheet->cells[i].text);
        widest = width > widest ? width : widest;
    }
    return widest < sheet->limits[column] ? widest : sheet->limits[column];
}

size_t sgp_sheet_width(const sgp_sheet *sheet) {
    size_t width = 0;
    for (size_t i = 0; i < sheet->n_columns; i++)
        if (sheet->limits[i] != 0)
            width += column_width(sheet, i) + (width > 0 ? 2 : 0);
    return width;
}

static void print_note(const sgp_sheet *sheet, size_t row, bool colours, FILE *out) {
    enum { INDENT = 4 };
    size_t line = sgp_line_width(out);
    for (size_t i = 0; i < sheet->n_notes; i++) {
        if (sheet->notes[i].row != row || sheet->notes[i].line.text == NULL)
            continue;
        pad(out, INDENT);
        print_cell(out, colours, sheet->notes[i].line.colour, sheet->notes[i].line.text,
                   line > INDENT ? line - INDENT : SIZE_MAX, false, true);
    }
}

void sgp_sheet_print(const sgp_sheet *sheet, FILE *out) {
    bool colours = sgp_colour_wanted(out);
    size_t *widths = calloc(sheet->n_columns, sizeof *widths), last = 0;
    if (widths == NULL)
        return;
    for (size_t i = 0; i < sheet->n_columns; i++) {
        widths[i] = column_width(sheet, i);
        if (sheet->limits[i] != 0)
            last = i;
    }
    for (size_t i = 0; i <= last; i++) {
        const char *header = sheet->headers[i];
        bool right = header[0] == '>';
        if (sheet->limits[i] != 0)
            print_cell(out, colours, SGP_DIM, header + right, widths[i], right, i == last);
    }
    for (size_t i = 0; i < sheet->n; i++) {
        size_t column = i % sheet->n_columns;
        const cell *c = &sheet->cells[i];
        if (sheet->limits[column] != 0)
            print_cell(out, colours, c->colour, c->text == NULL ? "" : c->text, widths[column],
                       sheet->headers[column][0] == '>', column == last || i + 1 == sheet->n);
        if (column + 1 == sheet->n_columns)
            print_note(sheet, i / sheet->n_columns, colours, out);
    }
    free(widths);
}

void sgp_sheet_destroy(sgp_sheet *sheet) {
    if (sheet == NULL)
        return;
    for (size_t i = 0; sheet->headers != NULL && i < sheet->n_columns; i++)
        free(sheet->headers[i]);
    for (size_t i = 0; i < sheet->n; i++)
        free(sheet->cells[i].text);
    for (size_t i = 0; i < sheet->n_notes; i++)
        free(sheet->notes[i].line.text);
    free(sheet->headers);
    free(sheet->limits);
    free(sheet->cells);
    free(sheet->notes);
    free(sheet);
}
