/* The lines of a text file, gzip-compressed or not, with their numbers.
 *
 * A checksum runs along over the uncompressed bytes, so that a file and its
 * compressed form count as the same input. Not thread-safe.
 */
#ifndef SGP_ROUTE_DIMACS_LINES_H
#define SGP_ROUTE_DIMACS_LINES_H

#include <stddef.h>
#include <stdint.h>

#include <sodium.h>
#include <zlib.h>

#include "sigap/error.h"

enum { SGP_DIMACS_LINE_MAX = 4096, SGP_DIMACS_READ_BYTES = 256 * 1024 };

typedef struct sgp_dimacs_lines {
    const char *path; /* borrowed until closed */
    gzFile file;
    uint64_t file_bytes; /* as it lies on disk; 0 for what has no size, such as a pipe */
    uint64_t number;     /* of the present line, from 1 */
    char *text;          /* the present line without its end; changeable, '\0' at its end */
    size_t length;
    char *bytes; /* what was read and not yet handed out: [begin, end) */
    size_t begin, end;
    crypto_generichash_state hash;
} sgp_dimacs_lines;

/* SGP_E_IO: no such file and the like; SGP_E_MEMORY. Close after success only. */
sgp_err sgp_dimacs_lines_open(sgp_dimacs_lines *lines, const char *path,
                              sgp_fault *fault) SGP_MUST_USE;
void sgp_dimacs_lines_close(sgp_dimacs_lines *lines);

/* The next line that is neither empty nor a comment (first letter c); `text` is NULL
 * at the end of the file. SGP_E_CORRUPT: the compressed data is damaged or ends too
 * early; SGP_E_FORMAT: a line with a zero byte, or longer than SGP_DIMACS_LINE_MAX. */
sgp_err sgp_dimacs_lines_next(sgp_dimacs_lines *lines, sgp_fault *fault) SGP_MUST_USE;

/* Bytes of the file on disk that have been read. */
uint64_t sgp_dimacs_lines_position(const sgp_dimacs_lines *lines);

/* Fails with SGP_E_FORMAT: "PATH, line N: WHAT, not 'LINE'". */
sgp_err sgp_dimacs_lines_refuse(const sgp_dimacs_lines *lines, const char *what,
                                sgp_fault *fault) SGP_MUST_USE;

#endif
