#include "console/page.h"

#include <string.h>

enum { PAGE_ROWS = 400, LINE_ROWS = 4, LINE_BYTES = 2400 };

bool sgp_page_begin(sgp_page *page, sgp_area area, const sgp_model *model) {
    *page = (sgp_page){.model = model, .language = model->language, .marked = -1};
    return area.rows >= 2 && area.columns >= 10 &&
           sgp_canvas_resize(&page->canvas, PAGE_ROWS, area.columns) == SGP_OK;
}

int sgp_page_end(sgp_page *page, sgp_canvas *canvas, sgp_area area, int scroll) {
    int shown = area.rows - 1, last = page->row - shown > 0 ? page->row - shown : 0;
    if (page->marked >= 0 && (page->marked < scroll || page->marked >= scroll + shown))
        scroll = page->marked - shown / 2;
    scroll = scroll < 0 ? 0 : scroll > last ? last : scroll;
    sgp_canvas_copy(canvas, area.row + 1, area.column, shown, area.columns, &page->canvas, scroll);
    if (scroll < last)
        sgp_canvas_put_right(canvas, area.row, area.column, area.columns - 2, SGP_INK_BOLD, "▼");
    sgp_canvas_free(&page->canvas);
    return page->row;
}

void sgp_page_line(sgp_page *page, int indent, sgp_ink ink, const char *text) {
    int rows = sgp_canvas_wrap(&page->canvas, page->row, LINE_ROWS, indent,
                               page->canvas.columns - indent - 1, ink, text);
    page->row += rows > 0 ? rows : 1;
}

void sgp_page_heading(sgp_page *page, sgp_text key) {
    sgp_page_line(page, 0, SGP_INK_DIM | SGP_INK_UNDERLINE, sgp_text_get(page->language, key));
}

void sgp_page_lines(sgp_page *page, int indent, sgp_ink ink, const char *text) {
    char line[LINE_BYTES];
    while (*text != '\0') {
        size_t n = strcspn(text, "\n");
        size_t kept = n < sizeof line ? n : sizeof line - 1;
        memcpy(line, text, kept);
        line[kept] = '\0';
        sgp_page_line(page, indent, ink, line);
        text += n;
        text += *text == '\n';
    }
}

void sgp_page_mark(sgp_page *page, int row) {
    page->marked = row;
    sgp_canvas_put(&page->canvas, row, 0, 1, SGP_INK_BOLD, "▶");
}
