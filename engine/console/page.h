/* Text that grows downwards on a page of its own, of which a part is shown. Private to the screens.
 *
 * Not thread-safe. */
#ifndef SGP_CONSOLE_PAGE_H
#define SGP_CONSOLE_PAGE_H

#include "console/screen.h"

typedef struct sgp_page {
    sgp_canvas canvas;
    const sgp_model *model;
    const sgp_dossier *dossier; /* NULL: none */
    sgp_language language;
    int row, marked; /* where the marked line stands; -1: none */
} sgp_page;

/* As wide as the area. false: no memory, or no room; nothing is to be freed. */
bool sgp_page_begin(sgp_page *page, sgp_area area, const sgp_model *model);
/* Shows the part that begins at `scroll`, with the marked line in sight, under the area's first
 * row; frees the page and tells how many rows it had. */
int sgp_page_end(sgp_page *page, sgp_canvas *canvas, sgp_area area, int scroll);

/* Adds a text, broken at spaces into at most four rows. */
void sgp_page_line(sgp_page *page, int indent, sgp_ink ink, const char *text);
void sgp_page_heading(sgp_page *page, sgp_text key);
/* Each line of a text that others print for a terminal. */
void sgp_page_lines(sgp_page *page, int indent, sgp_ink ink, const char *text);
void sgp_page_mark(sgp_page *page, int row);

/* screen_desk.c: who has it in hand, and who talks to its caller. */
void sgp_page_hands(sgp_page *page, const Sigap__V1__Incident *incident);
/* chat.c: words with its callers' pages, and the quick answers. */
void sgp_page_chat(sgp_page *page, const Sigap__V1__Incident *incident);
/* screen_dossier.c: parts of the chosen incident's page. */
void sgp_page_warnings(sgp_page *page, const Sigap__V1__Incident *incident);
void sgp_page_premises(sgp_page *page);
void sgp_page_hospitals(sgp_page *page, const Sigap__V1__Incident *incident);
void sgp_page_answers(sgp_page *page, const Sigap__V1__Incident *incident);
void sgp_page_notes(sgp_page *page);
void sgp_page_history(sgp_page *page);

#endif
