#include "route/dimacs_lines.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

sgp_err sgp_dimacs_lines_open(sgp_dimacs_lines *lines, const char *path, sgp_fault *fault) {
    *lines = (sgp_dimacs_lines){.path = path};
    struct stat status;
    errno = 0;
    lines->file = gzopen(path, "rbe");
    if (!lines->file || stat(path, &status) != 0) {
        int error = errno;
        if (lines->file)
            gzclose(lines->file);
        return sgp_fail(fault, SGP_E_IO, "cannot open '%.150s': %s", path,
                        error ? strerror(error) : "no memory left");
    }
    lines->file_bytes = S_ISREG(status.st_mode) ? (uint64_t)status.st_size : 0;
    lines->bytes = malloc(SGP_DIMACS_READ_BYTES + 1); /* one more: an end for the last line */
    if (!lines->bytes) {
        gzclose(lines->file);
        return sgp_fail(fault, SGP_E_MEMORY, "no memory left to read '%.150s'", path);
    }
    crypto_generichash_init(&lines->hash, NULL, 0, crypto_generichash_BYTES);
    return SGP_OK;
}

void sgp_dimacs_lines_close(sgp_dimacs_lines *lines) {
    gzclose(lines->file);
    free(lines->bytes);
    *lines = (sgp_dimacs_lines){0};
}

/* Reads on behind what is not yet handed out. `*more` is false at the end of the file. */
static sgp_err read_on(sgp_dimacs_lines *lines, bool *more, sgp_fault *fault) {
    memmove(lines->bytes, lines->bytes + lines->begin, lines->end - lines->begin);
    lines->end -= lines->begin;
    lines->begin = 0;
    errno = 0;
    int got = gzread(lines->file, lines->bytes + lines->end,
                     SGP_DIMACS_READ_BYTES - (unsigned)lines->end);
    int error = Z_OK;
    const char *why = gzerror(lines->file, &error);
    if (got < 0 || error == Z_BUF_ERROR) {
        if (error == Z_ERRNO)
            return sgp_fail(fault, SGP_E_IO, "cannot read '%.150s': %s", lines->path,
                            strerror(errno));
        return sgp_fail(fault, SGP_E_CORRUPT, "%.120s, after line %llu: %.80s", lines->path,
                        (unsigned long long)lines->number,
                        error == Z_BUF_ERROR ? "the compressed file ends too early" : why);
    }
    crypto_generichash_update(&lines->hash, (const uint8_t *)lines->bytes + lines->end,
                              (unsigned long long)got);
    lines->end += (size_t)got;
    *more = got > 0;
    return SGP_OK;
}

/* Any line, comments and empty ones included. */
static sgp_err next_line(sgp_dimacs_lines *lines, sgp_fault *fault) {
    size_t searched = 0;
    char *end;
    for (bool more = true;;) {
        char *from = lines->bytes + lines->begin;
        size_t waiting = lines->end - lines->begin;
        end = memchr(from + searched, '\n', waiting - searched);
        if (end)
            break;
        searched = waiting;
        if (waiting > SGP_DIMACS_LINE_MAX)
            break; /* too long already */
        if (!more) {
            if (waiting == 0) {
                lines->text = NULL;
                return SGP_OK;
            }
            end = from + waiting;
            break;
        }
        sgp_err err = read_on(lines, &more, fault);
        if (err != SGP_OK)
            return err;
    }
    lines->number++;
    lines->text = lines->bytes + lines->begin;
    if (!end || end - lines->text > SGP_DIMACS_LINE_MAX)
        return sgp_fail(fault, SGP_E_FORMAT, "%.120s, line %llu: longer than %d bytes", lines->path,
                        (unsigned long long)lines->number, SGP_DIMACS_LINE_MAX);
    lines->length = (size_t)(end - lines->text);
    lines->begin += lines->length;
    if (lines->begin < lines->end)
        lines->begin++; /* the line's end */
    if (lines->length > 0 && lines->text[lines->length - 1] == '\r')
        lines->length--;
    lines->text[lines->length] = '\0';
    if (strlen(lines->text) != lines->length)
        return sgp_fail(fault, SGP_E_FORMAT, "%.120s, line %llu: a zero byte; this is no text file",
                        lines->path, (unsigned long long)lines->number);
    return SGP_OK;
}

sgp_err sgp_dimacs_lines_next(sgp_dimacs_lines *lines, sgp_fault *fault) {
    sgp_err err;
    do
        err = next_line(lines, fault);
    while (err == SGP_OK && lines->text &&
           (lines->text[strspn(lines->text, " \t")] == '\0' ||
            (lines->text[0] == 'c' &&
             (lines->text[1] == '\0' || lines->text[1] == ' ' || lines->text[1] == '\t'))));
    return err;
}

uint64_t sgp_dimacs_lines_position(const sgp_dimacs_lines *lines) {
    z_off_t offset = gzoffset(lines->file);
    return offset < 0 ? 0 : (uint64_t)offset;
}

sgp_err sgp_dimacs_lines_refuse(const sgp_dimacs_lines *lines, const char *what, sgp_fault *fault) {
    /* What is no printable text is not shown. */
    char shown[48];
    size_t n = 0;
    for (; n + 1 < sizeof shown && lines->text[n] != '\0'; n++)
        shown[n] = lines->text[n] >= ' ' && lines->text[n] <= '~' ? lines->text[n] : '?';
    shown[n] = '\0';
    return sgp_fail(fault, SGP_E_FORMAT, "%.90s, line %llu: %.90s, not '%s'", lines->path,
                    (unsigned long long)lines->number, what, shown);
}
