/* A track of positions from a file: lines of numbers, or JSON.
 *
 *   lon,lat,unix_ms[,heading[,accuracy]]        # one position a line; empty = unknown
 *
 *   [[lon, lat, unix_ms, heading, accuracy], ...]  or  {"points": [...]}, where a position may
 *   also be {"lon":, "lat":, "at_ms":, "heading_deg":, "accuracy_m":}
 *
 * Empty lines, lines that begin with '#' and a first line that begins with a letter are
 * skipped. Which of the two it is, is told by the first character.
 */
#ifndef SGP_APPS_TRACK_FILE_H
#define SGP_APPS_TRACK_FILE_H

#include <stddef.h>

#include "sigap/matcher.h"

enum { SGP_TRACK_POINTS = 10000, SGP_TRACK_BYTES = 4 << 20 };

/* "-" is standard input. *track is to be freed. SGP_E_IO: cannot be read; SGP_E_FORMAT,
 * SGP_E_RANGE: the fault names the line or position; SGP_E_TOO_LARGE. */
sgp_err sgp_track_file_read(const char *path, sgp_track_point **track, size_t *n,
                            sgp_fault *fault) SGP_MUST_USE;

/* The same of bytes in memory. */
sgp_err sgp_track_read(const char *bytes, size_t length, sgp_track_point **track, size_t *n,
                       sgp_fault *fault) SGP_MUST_USE;

#endif
