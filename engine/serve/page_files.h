/* The files of the browser pages, read into memory once, when the engine starts.
 *
 * A request is looked up among the names that were found then; no path of a request
 * ever reaches the file system. Files whose name carries a hash of their content
 * (esbuild's "map-7QK2LD4A.js") may be kept by browsers for ever, all others are asked
 * for again and answered with 304 where nothing has changed.
 *
 * Left out, and counted: symbolic links, names with other than letters, digits and
 * "._-", hidden files, and kinds of files that no page needs. Texts are kept
 * compressed beside their plain form where that makes them smaller.
 * Thread rule: reading a loaded set is safe from any thread.
 */
#ifndef SGP_SERVE_PAGE_FILES_H
#define SGP_SERVE_PAGE_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sigap/error.h"

enum {
    SGP_PAGE_FILES_MAX = 2048,
    SGP_PAGE_FILE_BYTES_MAX = 8 << 20,
    SGP_PAGE_BYTES_MAX = 64 << 20, /* of all files together */
    SGP_PAGE_PATH_BYTES = 128,
    SGP_PAGE_TAG_BYTES = 33
};

typedef struct sgp_page_file {
    char path[SGP_PAGE_PATH_BYTES]; /* "/crew/index.html" */
    const char *type;               /* of its content */
    uint8_t *bytes;
    size_t length;
    uint8_t *packed; /* gzip; NULL: not smaller */
    size_t packed_length;
    char tag[SGP_PAGE_TAG_BYTES]; /* of its content: hex */
    bool is_page;                 /* HTML */
    bool keeps;                   /* its name changes with its content */
} sgp_page_file;

typedef struct sgp_page_files {
    sgp_page_file *files; /* [n], by path */
    size_t n, left_out;
    size_t bytes;
} sgp_page_files; /* zero-initialise */

/* SGP_E_NOT_FOUND: there is no such folder. SGP_E_FULL, SGP_E_TOO_LARGE: over a bound, named.
 * SGP_E_IO, SGP_E_MEMORY. On error `files` is empty. */
sgp_err sgp_page_files_load(const char *folder, sgp_page_files *files,
                            sgp_fault *fault) SGP_MUST_USE;
void sgp_page_files_free(sgp_page_files *files);

/* `path` of a request, `length` bytes, without its query; "/crew/" means its index.html. NULL: no
 * such file. O(log n). */
const sgp_page_file *sgp_page_files_find(const sgp_page_files *files, const char *path,
                                         size_t length);

/* Does the list of an If-None-Match header ("*", or tags with or without W/) name this tag, in its
 * plain or compressed form ("tag" and "tag-gz")? */
bool sgp_page_tag_matches(const char *list, const char *tag);

/* Does an Accept-Encoding header allow gzip? NULL: no. */
bool sgp_page_takes_gzip(const char *accepted);

/* gzip of `length` bytes into a fresh block of *packed_length bytes, at this level of zlib's; NULL:
 * no memory. Caller keeps ownership of both. */
uint8_t *sgp_page_gzip(const uint8_t *bytes, size_t length, int level, size_t *packed_length);

#endif
