/* A file that is there whole or not at all.
 *
 *     sgp_new_file f;
 *     err = sgp_new_file_open(&f, "report.html", SGP_NEW_FILE_PRIVATE, &fault);
 *     ... fputs(..., f.stream) ...
 *     err = sgp_new_file_keep(&f, &fault);      (or sgp_new_file_drop: what was there stays)
 *
 * What is written goes to NAME.partial beside it, which takes the name when all of it is on disk.
 * Whoever is interrupted leaves a .partial behind, which the next one overwrites, and the old file
 * as it was. What is no plain file (a pipe, /dev/stdout) is written to as it is.
 *
 * Not thread-safe; two who write the same name at a time disturb each other.
 */
#ifndef SGP_BASE_NEW_FILE_H
#define SGP_BASE_NEW_FILE_H

#include <stdio.h>

#include "sigap/error.h"

enum { SGP_NEW_FILE_PATH_MAX = 4096 };

typedef enum sgp_new_file_for {
    SGP_NEW_FILE_SHARED, /* readable as the user's mask has it */
    SGP_NEW_FILE_PRIVATE /* for the owner alone: it names places of calls */
} sgp_new_file_for;

typedef struct sgp_new_file {
    FILE *stream; /* NULL = not open */
    char path[SGP_NEW_FILE_PATH_MAX];
    char partial[SGP_NEW_FILE_PATH_MAX]; /* "" = written to `path` itself */
} sgp_new_file;                          /* zero-initialise */

/* A link is followed: the file it names is replaced. SGP_E_IO, SGP_E_TOO_LARGE: a name that is too
 * long; nothing is open then. */
sgp_err sgp_new_file_open(sgp_new_file *file, const char *path, sgp_new_file_for whom,
                          sgp_fault *fault) SGP_MUST_USE;
/* Closes it and gives it its name. SGP_E_IO: also where any earlier write failed; then what was
 * there before is there still. */
sgp_err sgp_new_file_keep(sgp_new_file *file, sgp_fault *fault) SGP_MUST_USE;
/* Closes it and takes it away; harmless when not open. */
void sgp_new_file_drop(sgp_new_file *file);

#endif
