/* Lists of places in files, a line each:
 *
 *     112.6304,-7.9797,RSUD Dr. Saiful Anwar
 *     112.6326,-7.9666
 *     # a remark
 *
 * lon,lat in decimal degrees (WGS 84, longitude first), then what it is called, or what else the
 * reader wants: everything after the second comma. Empty lines and lines that begin with '#' are
 * skipped; '-' is standard input. */
#ifndef SGP_APPS_PLACE_LIST_H
#define SGP_APPS_PLACE_LIST_H

#include <stddef.h>

#include "sigap/geo.h"

enum { SGP_PLACE_LIST_MAX = 1000000 };

typedef struct sgp_listed_place {
    sgp_point point;
    char *rest; /* "" = nothing; owned */
} sgp_listed_place;

typedef struct sgp_place_list {
    sgp_listed_place *places;
    size_t n, capacity;
} sgp_place_list;

/* Appends what the file holds. The fault names file, line and what is wrong; SGP_E_IO where it
 * cannot be read. The list keeps what was read before the fault. */
sgp_err sgp_place_list_read(sgp_place_list *list, const char *path, sgp_fault *fault) SGP_MUST_USE;
sgp_err sgp_place_list_add(sgp_place_list *list, sgp_point point, const char *rest) SGP_MUST_USE;
void sgp_place_list_free(sgp_place_list *list);

#endif
