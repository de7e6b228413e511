#include "serve/page_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

enum { DEPTH_MAX = 6, GZIP_HEAD = 16 + MAX_WBITS };

typedef struct content_type {
    const char *ending, *type;
    bool packs; /* text: smaller when compressed */
} content_type;

static const content_type types[] = {
    {".html", "text/html; charset=utf-8", true},
    {".js", "text/javascript; charset=utf-8", true},
    {".mjs", "text/javascript; charset=utf-8", true},
    {".css", "text/css; charset=utf-8", true},
    {".json", "application/json", true},
    {".webmanifest", "application/manifest+json", true},
    {".svg", "image/svg+xml", true},
    {".png", "image/png", false},
    {".jpg", "image/jpeg", false},
    {".webp", "image/webp", false},
    {".ico", "image/x-icon", false},
    {".woff2", "font/woff2", false},
    {".pbf", "application/x-protobuf", true},
    {".mp3", "audio/mpeg", false},
    {".ogg", "audio/ogg", false},
    {".wav", "audio/wav", true},
    {".txt", "text/plain; charset=utf-8", true},
};

static const content_type *type_of(const char *name) {
    const char *dot = strrchr(name, '.');
    for (size_t i = 0; dot != NULL && i < sizeof types / sizeof types[0]; i++)
        if (strcmp(dot, types[i].ending) == 0)
            return &types[i];
    return NULL;
}

static bool is_plain_name(const char *name) {
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
    return name[0] != '.' && name[strspn(name, plain)] == '\0';
}

/* "map-7QK2LD4A.js": eight capitals or digits between the last hyphen and the dot behind it. */
static bool has_hash(const char *name) {
    const char *hyphen = strrchr(name, '-');
    if (hyphen == NULL)
        return false;
    size_t n = strspn(hyphen + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
    return n == 8 && hyphen[9] == '.';
}

uint8_t *sgp_page_gzip(const uint8_t *bytes, size_t length, int level, size_t *packed_length) {
    z_stream stream = {0};
    if (deflateInit2(&stream, level, Z_DEFLATED, GZIP_HEAD, 9, Z_DEFAULT_STRATEGY) != Z_OK)
        return NULL;
    size_t room = deflateBound(&stream, length);
    uint8_t *packed = malloc(room);
    if (packed != NULL) {
        stream.next_in = (Bytef *)bytes;
        stream.avail_in = (uInt)length;
        stream.next_out = packed;
        stream.avail_out = (uInt)room;
        if (deflate(&stream, Z_FINISH) != Z_STREAM_END) {
            free(packed);
            packed = NULL;
        }
    }
    *packed_length = stream.total_out;
    deflateEnd(&stream);
    return packed;
}

/* ---- loading ------------------------------------------------------------- */

typedef struct loading {
    sgp_page_files *files;
    size_t capacity;
    sgp_fault *fault;
} loading;

static sgp_err read_bytes(int fd, sgp_page_file *file, const char *path, sgp_fault *fault) {
    /* malloc(0) may be NULL. */
    file->bytes = malloc(file->length + 1);
    if (file->bytes == NULL)
        return sgp_fail(fault, SGP_E_MEMORY, "no memory for the pages");
    for (size_t at = 0; at < file->length;) {
        ssize_t in = read(fd, file->bytes + at, file->length - at);
        if (in < 0 && errno == EINTR)
            continue;
        if (in <= 0)
            return sgp_fail(fault, SGP_E_IO, "%s: %s", path,
                            in < 0 ? strerror(errno) : "became shorter while it was read");
        at += (size_t)in;
    }
    return SGP_OK;
}

static sgp_err pack(sgp_page_file *file, sgp_fault *fault) {
    file->packed =
        sgp_page_gzip(file->bytes, file->length, Z_BEST_COMPRESSION, &file->packed_length);
    if (file->packed == NULL)
        return sgp_fail(fault, SGP_E_MEMORY, "no memory for the pages");
    if (file->packed_length + 64 >= file->length) {
        free(file->packed);
        file->packed = NULL;
    }
    return SGP_OK;
}

static sgp_err fill(sgp_page_file *file, int fd, const content_type *type, sgp_fault *fault) {
    sgp_err err = read_bytes(fd, file, file->path, fault);
    if (err != SGP_OK)
        return err;
    uint8_t hash[16];
    crypto_generichash(hash, sizeof hash, file->bytes, file->length, NULL, 0);
    sodium_bin2hex(file->tag, sizeof file->tag, hash, sizeof hash);
    file->type = type->type;
    file->is_page = strcmp(type->ending, ".html") == 0;
    file->keeps = has_hash(strrchr(file->path, '/'));
    return type->packs ? pack(file, fault) : SGP_OK;
}

/* Takes a regular file; `path` is its name under the folder, with a slash in front. */
static sgp_err take_file(loading *l, int fd, const struct stat *found, const char *path) {
    const content_type *type = type_of(path);
    if (type == NULL) {
        l->files->left_out++;
        return SGP_OK;
    }
    if (found->st_size > SGP_PAGE_FILE_BYTES_MAX)
        return sgp_fail(l->fault, SGP_E_TOO_LARGE, "%s has more than %d bytes", path,
                        SGP_PAGE_FILE_BYTES_MAX);
    if (l->files->bytes + (size_t)found->st_size > SGP_PAGE_BYTES_MAX)
        return sgp_fail(l->fault, SGP_E_TOO_LARGE, "the pages have more than %d bytes in all",
                        SGP_PAGE_BYTES_MAX);
    if (l->files->n == SGP_PAGE_FILES_MAX)
        return sgp_fail(l->fault, SGP_E_FULL, "the pages have more than %d files",
                        SGP_PAGE_FILES_MAX);
    if (l->files->n == l->capacity) {
        size_t wanted = l->capacity == 0 ? 64 : 2 * l->capacity;
        sgp_page_file *more = realloc(l->files->files, wanted * sizeof *more);
        if (more == NULL)
            return sgp_fail(l->fault, SGP_E_MEMORY, "no memory for the pages");
        l->files->files = more;
        l->capacity = wanted;
    }
    sgp_page_file *file = &l->files->files[l->files->n++];
    *file = (sgp_page_file){.length = (size_t)found->st_size};
    snprintf(file->path, sizeof file->path, "%s", path);
    l->files->bytes += file->length;
    return fill(file, fd, type, l->fault);
}

static sgp_err take_folder(loading *l, int fd, const char *path, int depth);

static sgp_err take_entry(loading *l, int folder, const char *path, const char *name, int depth) {
    char whole[SGP_PAGE_PATH_BYTES];
    int length = snprintf(whole, sizeof whole, "%s/%s", path, name);
    int fd = !is_plain_name(name) || length >= (int)sizeof whole
                 ? -1
                 : openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    struct stat found;
    if (fd < 0 || fstat(fd, &found) != 0) {
        l->files->left_out++;
        if (fd >= 0)
            close(fd);
        return SGP_OK;
    }
    if (S_ISDIR(found.st_mode) && depth < DEPTH_MAX)
        return take_folder(l, fd, whole, depth + 1); /* which closes it */
    sgp_err err = SGP_OK;
    if (S_ISREG(found.st_mode))
        err = take_file(l, fd, &found, whole);
    else
        l->files->left_out++;
    close(fd);
    return err;
}

/* Closes `fd`. */
static sgp_err take_folder(loading *l, int fd, const char *path, int depth) {
    DIR *entries = fdopendir(fd);
    if (entries == NULL) {
        close(fd);
        return sgp_fail(l->fault, SGP_E_IO, "the pages' folder %s/: %m", path);
    }
    sgp_err err = SGP_OK;
    for (struct dirent *entry; err == SGP_OK && (entry = readdir(entries)) != NULL;)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            err = take_entry(l, dirfd(entries), path, entry->d_name, depth);
    closedir(entries);
    return err;
}

static int by_path(const void *a, const void *b) {
    return strcmp(((const sgp_page_file *)a)->path, ((const sgp_page_file *)b)->path);
}

sgp_err sgp_page_files_load(const char *folder, sgp_page_files *files, sgp_fault *fault) {
    *files = (sgp_page_files){.n = 0};
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return sgp_fail(fault, errno == ENOENT ? SGP_E_NOT_FOUND : SGP_E_IO, "%s: %m", folder);
    loading l = {.files = files, .fault = fault};
    sgp_err err = take_folder(&l, fd, "", 0);
    if (err != SGP_OK)
        sgp_page_files_free(files);
    else if (files->n > 0)
        qsort(files->files, files->n, sizeof *files->files, by_path);
    return err;
}

void sgp_page_files_free(sgp_page_files *files) {
    for (size_t i = 0; i < files->n; i++) {
        free(files->files[i].bytes);
        free(files->files[i].packed);
    }
    free(files->files);
    *files = (sgp_page_files){.n = 0};
}

/* ---- looking up ---------------------------------------------------------- */

const sgp_page_file *sgp_page_files_find(const sgp_page_files *files, const char *path,
                                         size_t length) {
    sgp_page_file wanted;
    bool folder = length > 0 && path[length - 1] == '/';
    int n = snprintf(wanted.path, sizeof wanted.path, "%.*s%s", (int)length, path,
                     folder ? "index.html" : "");
    if (length >= sizeof wanted.path || n >= (int)sizeof wanted.path || files->n == 0)
        return NULL;
    return bsearch(&wanted, files->files, files->n, sizeof wanted, by_path);
}

bool sgp_page_tag_matches(const char *list, const char *tag) {
    size_t n = strlen(tag);
    for (const char *at = list; at != NULL && *at != '\0';) {
        at += strspn(at, " \t,");
        if (*at == '*')
            return true;
        if (strncmp(at, "W/", 2) == 0)
            at += 2;
        if (*at == '"' && strncmp(at + 1, tag, n) == 0 &&
            (at[1 + n] == '"' || strncmp(at + 1 + n, "-gz\"", 4) == 0))
            return true;
        at += strcspn(at, ",");
    }
    return false;
}

bool sgp_page_takes_gzip(const char *accepted) {
    for (const char *at = accepted; at != NULL && *at != '\0'; at += strcspn(at, ",")) {
        at += strspn(at, " \t,");
        if (strncasecmp(at, "gzip", 4) != 0 || strchr(",; \t", at[4]) == NULL)
            continue;
        const char *weight = at + 4 + strspn(at + 4, " \t");
        if (*weight != ';')
            return true;
        weight += 1 + strspn(weight + 1, " \t");
        return strncasecmp(weight, "q=", 2) != 0 || strtod(weight + 2, NULL) > 0;
    }
    return false;
}
