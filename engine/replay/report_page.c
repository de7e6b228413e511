#include "replay/report_page.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

const char *sgp_say(const sgp_page *page, sgp_report_text text) {
    static const char *const texts[SGP_SAYS][2] = {
#define SGP_REPORT_TEXT_ROW(key, indonesian, english) {indonesian, english},
        SGP_REPORT_TEXTS(SGP_REPORT_TEXT_ROW)
#undef SGP_REPORT_TEXT_ROW
    };
    return texts[text][page->english];
}

void sgp_put(const sgp_page *page, const char *text) {
    for (const char *c = text; *c != '\0'; c++) {
        switch (*c) {
        case '<':
            fputs("&lt;", page->out);
            break;
        case '>':
            fputs("&gt;", page->out);
            break;
        case '&':
            fputs("&amp;", page->out);
            break;
        case '"':
            fputs("&quot;", page->out);
            break;
        default:
            /* Control characters are no part of a page. */
            putc((unsigned char)*c < 0x20 ? ' ' : *c, page->out);
        }
    }
}

void sgp_put_say(const sgp_page *page, sgp_report_text text) {
    sgp_put(page, sgp_say(page, text));
}

void sgp_put_tags(const sgp_page *page, const char *format, ...) {
    va_list args;
    va_start(args, format);
    vfprintf(page->out, format, args);
    va_end(args);
}

char *sgp_minutes_text(double ms, char text[32]) {
    if (isnan(ms)) {
        strcpy(text, "-");
        return text;
    }
    long long seconds = llround(fabs(ms) / 1000);
    if (seconds >= 3600)
        snprintf(text, 32, "%lld:%02lld:%02lld", seconds / 3600, seconds / 60 % 60, seconds % 60);
    else
        snprintf(text, 32, "%lld:%02lld", seconds / 60, seconds % 60);
    return text;
}

char *sgp_signed_minutes_text(double ms, char text[32]) {
    char bare[32];
    sgp_minutes_text(ms, bare);
    bool zero = isnan(ms) || llround(fabs(ms) / 1000) == 0;
    snprintf(text, 32, "%s%.20s", zero ? "" : ms < 0 ? "−" : "+", bare);
    return text;
}

char *sgp_decimal_text(const sgp_page *page, double number, int decimals, char text[32]) {
    if (isnan(number)) {
        strcpy(text, "-");
        return text;
    }
    snprintf(text, 32, "%.*f", decimals, number);
    char *point = strchr(text, '.');
    if (point != NULL && !page->english)
        *point = ',';
    return text;
}

/* One number of the form, without the form's sign behind. */
static void put_number(const sgp_page *page, double number, sgp_number_form form, bool with_sign) {
    char text[32];
    if (form == SGP_FORM_MINUTES) {
        fputs(with_sign ? sgp_signed_minutes_text(number, text) : sgp_minutes_text(number, text),
              page->out);
        return;
    }
    double shown = form == SGP_FORM_PERCENT ? number * 100 : number;
    bool whole = form == SGP_FORM_COUNT && (shown == floor(shown) || fabs(shown) >= 1000);
    if (with_sign && fabs(shown) >= 0.05)
        fputs(shown < 0 ? "−" : "+", page->out);
    fputs(sgp_decimal_text(page, with_sign ? fabs(shown) : shown, whole ? 0 : 1, text), page->out);
}

void sgp_put_estimate(const sgp_page *page, sgp_estimate estimate, sgp_number_form form,
                      bool is_difference) {
    if (estimate.n == 0) {
        fputs("-", page->out);
        return;
    }
    put_number(page, estimate.mean, form, is_difference);
    if (!isnan(estimate.half_width)) {
        fputs("&nbsp;±&nbsp;", page->out);
        put_number(page, estimate.half_width, form, false);
    }
    if (form == SGP_FORM_PERCENT)
        fputs(is_difference ? "&nbsp;pp" : "&nbsp;%", page->out);
}

void sgp_put_group(const sgp_page *page, sgp_grouping grouping, const sgp_group_name *name) {
    if (grouping == SGP_GROUP_ALL) {
        sgp_put_say(page, SGP_SAY_ALL);
        return;
    }
    if (name->name[0] == '\0') {
        sgp_put_say(page, SGP_SAY_NONE);
        return;
    }
    sgp_put(page, name->name);
    if (grouping == SGP_GROUP_HOUR)
        fputs(":00", page->out);
    if (grouping == SGP_GROUP_KELURAHAN && name->within[0] != '\0') {
        fputs(" <small>", page->out);
        sgp_put(page, name->within);
        fputs("</small>", page->out);
    }
}
