/* Writing a page: escaped texts in the reader's language, times and shares as people read them.
 * Private to the report's pages. */
#ifndef SGP_REPLAY_REPORT_PAGE_H
#define SGP_REPLAY_REPORT_PAGE_H

#include <stdio.h>

#include "replay/report_comparison.h"
#include "replay/report_texts.h"
#include "sigap/graph.h"

typedef struct sgp_page {
    FILE *out;
    bool english;
    const sgp_comparison *comparison;
    const sgp_graph_parts *map; /* NULL = no maps */
} sgp_page;

const char *sgp_say(const sgp_page *page, sgp_report_text text);

/* Text between tags or in quoted attributes. */
void sgp_put(const sgp_page *page, const char *text);
void sgp_put_say(const sgp_page *page, sgp_report_text text);
/* printf without escaping: for tags and numbers alone. */
void sgp_put_tags(const sgp_page *page, const char *format, ...) SGP_PRINTF(2, 3);

/* "7:32", "1:02:05"; "-" for NaN. */
char *sgp_minutes_text(double ms, char text[32]);
/* With a sign: "+0:12", "−1:05". */
char *sgp_signed_minutes_text(double ms, char text[32]);
/* With the decimal sign of the language; "-" for NaN. */
char *sgp_decimal_text(const sgp_page *page, double number, int decimals, char text[32]);

typedef enum sgp_number_form { SGP_FORM_MINUTES, SGP_FORM_PERCENT, SGP_FORM_COUNT } sgp_number_form;
/* "7:32 ± 0:04", "87,3 ± 1,2 %"; without ± where there is no half-width; "-" where n is 0. */
void sgp_put_estimate(const sgp_page *page, sgp_estimate estimate, sgp_number_form form,
                      bool is_difference);

/* The name of a group as shown: "not known" for none, "all" for all, the kecamatan in brackets
 * behind a kelurahan. */
void sgp_put_group(const sgp_page *page, sgp_grouping grouping, const sgp_group_name *name);

#endif
