#include "journal/sealed.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LABEL_BYTES = 8 + SGP_JOURNAL_ID_BYTES + 8 + 8 };

static_assert(SGP_KEY_BYTES == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "key size");
static_assert(SGP_SEAL_EXTRA_BYTES == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES +
                                          crypto_aead_xchacha20poly1305_ietf_ABYTES,
              "nonce and tag");
enum { NONCE_BYTES = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES };

/* Fixed layout and byte order, so that a journal can move between machines. */
static void label_bytes(const sgp_seal_label *label, uint8_t out[LABEL_BYTES]) {
    uint64_t purpose = (uint64_t)label->purpose;
    for (int i = 0; i < 8; i++) {
        out[i] = (uint8_t)(purpose >> (8 * i));
        out[8 + SGP_JOURNAL_ID_BYTES + i] = (uint8_t)(label->call >> (8 * i));
        out[16 + SGP_JOURNAL_ID_BYTES + i] = (uint8_t)(label->incident >> (8 * i));
    }
    memcpy(out + 8, label->journal_id, SGP_JOURNAL_ID_BYTES);
}

void sgp_seal(const uint8_t key[SGP_KEY_BYTES], const sgp_seal_label *label, const uint8_t *plain,
              size_t length, uint8_t *sealed) {
    uint8_t bound[LABEL_BYTES];
    label_bytes(label, bound);
    randombytes_buf(sealed, NONCE_BYTES);
    int failed = crypto_aead_xchacha20poly1305_ietf_encrypt(
        sealed + NONCE_BYTES, NULL, plain, length, bound, sizeof bound, NULL, sealed, key);
    assert(!failed);
}

sgp_err sgp_unseal(const uint8_t key[SGP_KEY_BYTES], const sgp_seal_label *label,
                   const uint8_t *sealed, size_t length, uint8_t *plain) {
    if (length < SGP_SEAL_EXTRA_BYTES)
        return SGP_E_CRYPTO;
    uint8_t bound[LABEL_BYTES];
    label_bytes(label, bound);
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(plain, NULL, NULL, sealed + NONCE_BYTES,
                                                   length - NONCE_BYTES, bound, sizeof bound,
                                                   sealed, key) != 0) {
        sodium_memzero(plain, length - SGP_SEAL_EXTRA_BYTES);
        return SGP_E_CRYPTO;
    }
    return SGP_OK;
}

sgp_err sgp_key_file_read(const char *path, uint8_t key[SGP_KEY_BYTES], sgp_fault *fault) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return sgp_fail(fault, errno == ENOENT ? SGP_E_NOT_FOUND : SGP_E_IO,
                        "cannot read the key file %s: %s", path, strerror(errno));
    struct stat status;
    uint8_t bytes[SGP_KEY_BYTES + 1];
    ssize_t got = -1;
    if (fstat(fd, &status) == 0)
        got = read(fd, bytes, sizeof bytes);
    int read_error = errno;
    close(fd);
    sgp_err err = SGP_OK;
    if (got < 0)
        err = sgp_fail(fault, SGP_E_IO, "cannot read the key file %s: %s", path,
                       strerror(read_error));
    else if (got != SGP_KEY_BYTES)
        err = sgp_fail(fault, SGP_E_CRYPTO, "the key file %s is not %d bytes long", path,
                       SGP_KEY_BYTES);
    else if (status.st_mode & 077)
        err = sgp_fail(fault, SGP_E_CRYPTO,
                       "the key file %s can be read by others than its owner; run chmod 600 on it",
                       path);
    else
        memcpy(key, bytes, SGP_KEY_BYTES);
    sodium_memzero(bytes, sizeof bytes);
    return err;
}

sgp_err sgp_directory_sync(const char *path, sgp_fault *fault) {
    char directory[PATH_MAX];
    const char *slash = strrchr(path, '/');
    if (!slash)
        snprintf(directory, sizeof directory, ".");
    else if (slash == path)
        snprintf(directory, sizeof directory, "/");
    else
        snprintf(directory, sizeof directory, "%.*s", (int)(slash - path), path);
    int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool synced = fd >= 0 && fsync(fd) == 0;
    int sync_error = errno;
    if (fd >= 0)
        close(fd);
    if (!synced)
        return sgp_fail(fault, SGP_E_IO, "cannot sync the directory %s: %s", directory,
                        strerror(sync_error));
    return SGP_OK;
}

sgp_err sgp_key_file_make(const char *path, uint8_t key[SGP_KEY_BYTES], sgp_fault *fault) {
    /* Written under another name first, so that a crash leaves no short key file. */
    char fresh[PATH_MAX];
    if (snprintf(fresh, sizeof fresh, "%s.new", path) >= (int)sizeof fresh)
        return sgp_fail(fault, SGP_E_ARGUMENT, "the key file's path is too long");
    uint8_t made[SGP_KEY_BYTES];
    randombytes_buf(made, sizeof made);
    unlink(fresh);
    int fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool written = fd >= 0 && write(fd, made, sizeof made) == (ssize_t)sizeof made &&
                   fsync(fd) == 0 && link(fresh, path) == 0;
    int write_error = errno;
    if (fd >= 0)
        close(fd);
    unlink(fresh);
    sgp_err err = SGP_OK;
    if (!written)
        err = sgp_fail(fault, SGP_E_IO, "cannot make the key file %s: %s", path,
                       strerror(write_error));
    if (!err)
        err = sgp_directory_sync(path, fault);
    if (!err)
        memcpy(key, made, sizeof made);
    sodium_memzero(made, sizeof made);
    return err;
}
