/* Rows that are not drawn from the map's own names: what people wrote down with a recipe for the
 * expected point, and lists of real names (villages, street cameras) as far as the map has them. */
#ifndef TESTS_PLACE_LISTS_H
#define TESTS_PLACE_LISTS_H

#include "place_draw.h"

/* Lines "text | kind | garble | recipe | earlier; earlier". SGP_E_IO; SGP_E_FORMAT: the fault names
 * the line and what the map has not. */
sgp_err lists_said(drawing *d, const char *path, sgp_fault *fault) SGP_MUST_USE;
/* Villages and cameras under DATA/malang. */
sgp_err lists_hidden(drawing *d, const char *data, sgp_fault *fault) SGP_MUST_USE;

#endif
