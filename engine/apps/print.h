/* Printing for people: tables aligned by what a terminal shows (not by bytes),
 * colours only where they help, clock times of this machine's time zone.
 *
 * Not thread-safe on one FILE beyond what stdio guards: a line is one fputs.
 */
#ifndef SGP_APPS_PRINT_H
#define SGP_APPS_PRINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "sigap/error.h"

typedef enum sgp_colour {
    SGP_PLAIN,
    SGP_RED,
    SGP_YELLOW,
    SGP_GREEN,
    SGP_WHITE,
    SGP_BLUE,
    SGP_DIM,
    SGP_BOLD
} sgp_colour;

/* Colour this stream? A terminal, and NO_COLOR is unset. */
bool sgp_colour_wanted(FILE *out);
/* Escape sequences, "" where `wanted` is false. SGP_PLAIN ends any colour. */
const char *sgp_colour_code(bool wanted, sgp_colour colour);
/* Triage colours: red, yellow, green, white. */
sgp_colour sgp_priority_colour(int priority);

/* Columns that a terminal gives to UTF-8 text. Broken bytes count one each. */
size_t sgp_display_width(const char *text);

/* A text from outside as a terminal may show it: control characters become spaces, so that no
 * caller moves our cursor. Cut to `capacity` at the end of a character. Returns `out`. */
char *sgp_plain_text(const char *text, char *out, size_t capacity);

/* "08:14:02" of local time; "-" for 0. Returns `out`. */
char *sgp_clock_text(int64_t wall_ms, char out[16]);

/* How wide a line of this stream may be: COLUMNS where it is set, otherwise what the
 * terminal says; 0: no terminal, any width. */
size_t sgp_line_width(FILE *out);

/* A table that grows row by row and is printed at the end. Right-aligned columns
 * are those whose header starts with '>' (which is not shown). */
typedef struct sgp_sheet sgp_sheet;
sgp_err sgp_sheet_create(const char *const *headers, size_t n_columns,
                         sgp_sheet **sheet) SGP_MUST_USE;
/* Adds the next cell, copied; rows follow from the number of columns.
 * A cell that finds no memory is left out of the table as "". */
void sgp_sheet_cell(sgp_sheet *sheet, sgp_colour colour, const char *format, ...) SGP_PRINTF(3, 4);
/* A line of its own under the row that is complete now, indented, cut to the line's width. */
void sgp_sheet_note(sgp_sheet *sheet, sgp_colour colour, const char *format, ...) SGP_PRINTF(3, 4);
/* At most `columns` of the terminal for a table's column (counted from 0): longer
 * cells end in "…"; 0 leaves the column out. */
void sgp_sheet_limit(sgp_sheet *sheet, size_t column, size_t columns);
/* Columns of the terminal that the widest line takes. */
size_t sgp_sheet_width(const sgp_sheet *sheet);
void sgp_sheet_print(const sgp_sheet *sheet, FILE *out);
void sgp_sheet_destroy(sgp_sheet *sheet);

#endif
