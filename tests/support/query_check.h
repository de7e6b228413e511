/* What holds of every query, whatever was said; for tests and the fuzzer. */
#ifndef SGP_TESTS_QUERY_CHECK_H
#define SGP_TESTS_QUERY_CHECK_H

#include "gis/place_query.h"

/* NULL, or what does not hold of the query made of `text` (all texts joined by newlines). */
const char *sgp_query_fault(const char *text, const sgp_place_query *query);
/* The same of the text's words as a name of the map. */
const char *sgp_name_fault(const char *text);

#endif
