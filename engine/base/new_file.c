#include "base/new_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Where the file really is, and whether it may be replaced. */
static sgp_err find(const char *path, char *found, bool *plain, sgp_fault *fault) {
    struct stat there;
    char *real = NULL;
    *plain = true;
    if (stat(path, &there) == 0) {
        *plain = S_ISREG(there.st_mode);
        real = realpath(path, NULL);
    }
    int length = snprintf(found, SGP_NEW_FILE_PATH_MAX, "%s", *plain && real ? real : path);
    free(real);
    if (length >= SGP_NEW_FILE_PATH_MAX - (int)sizeof ".partial")
        return sgp_fail(fault, SGP_E_TOO_LARGE, "the name of the file is too long");
    return SGP_OK;
}

sgp_err sgp_new_file_open(sgp_new_file *file, const char *path, sgp_new_file_for whom,
                          sgp_fault *fault) {
    bool plain;
    file->stream = NULL;
    file->partial[0] = '\0';
    sgp_err err = find(path, file->path, &plain, fault);
    if (err)
        return err;
    if (plain)
        snprintf(file->partial, sizeof file->partial, "%.*s.partial",
                 SGP_NEW_FILE_PATH_MAX - (int)sizeof ".partial", file->path);
    const char *opened = plain ? file->partial : file->path;
    if (plain)
        unlink(opened); /* an older one may be readable by others */
    mode_t mode = whom == SGP_NEW_FILE_PRIVATE ? 0600 : 0666;
    int fd = open(opened, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
    file->stream = fd >= 0 ? fdopen(fd, "w") : NULL;
    if (file->stream)
        return SGP_OK;
    if (fd >= 0)
        close(fd);
    return sgp_fail(fault, SGP_E_IO, "%s cannot be written: %s", path, strerror(errno));
}

sgp_err sgp_new_file_keep(sgp_new_file *file, sgp_fault *fault) {
    bool good = fflush(file->stream) == 0 && !ferror(file->stream);
    if (good && file->partial[0])
        good = fsync(fileno(file->stream)) == 0;
    int why = errno;
    if (fclose(file->stream) != 0 && good) {
        good = false;
        why = errno;
    }
    file->stream = NULL;
    if (good && file->partial[0] && rename(file->partial, file->path) != 0) {
        good = false;
        why = errno;
    }
    if (good)
        return SGP_OK;
    if (file->partial[0])
        unlink(file->partial);
    return sgp_fail(fault, SGP_E_IO, "%s could not be written: %s", file->path, strerror(why));
}

void sgp_new_file_drop(sgp_new_file *file) {
    if (!file->stream)
        return;
    fclose(file->stream);
    file->stream = NULL;
    if (file->partial[0])
        unlink(file->partial);
}
