/* Sealing personal data: XChaCha20-Poly1305 of libsodium.
 *
 * Two layers: a random key per incident seals the texts of its callers, and the
 * deployment's master key (a file of 32 random bytes) seals the incident keys.
 * What is sealed is bound to what it belongs to (a seal label), so that a row
 * moved to another call, incident or journal does not open.
 *
 * A sealed text is nonce (24 bytes), then cipher text with its 16-byte tag.
 * Nonces are random, which is safe at 24 bytes. All functions are thread-safe
 * and need sodium_init() to have been called.
 */
#ifndef SGP_JOURNAL_SEALED_H
#define SGP_JOURNAL_SEALED_H

#include <stddef.h>
#include <stdint.h>

#include "sigap/error.h"

enum { SGP_KEY_BYTES = 32, SGP_SEAL_EXTRA_BYTES = 24 + 16, SGP_JOURNAL_ID_BYTES = 16 };

typedef enum sgp_seal_purpose {
    SGP_SEAL_KEY_CHECK = 1, /* a known text, to recognise the right master key */
    SGP_SEAL_INCIDENT_KEY,
    SGP_SEAL_PERSONAL
} sgp_seal_purpose;

/* What a sealed text belongs to; 0 where it does not apply. */
typedef struct sgp_seal_label {
    sgp_seal_purpose purpose;
    uint8_t journal_id[SGP_JOURNAL_ID_BYTES];
    uint64_t call, incident;
} sgp_seal_label;

/* Writes length + SGP_SEAL_EXTRA_BYTES bytes to `sealed`. */
void sgp_seal(const uint8_t key[SGP_KEY_BYTES], const sgp_seal_label *label, const uint8_t *plain,
              size_t length, uint8_t *sealed);

/* Writes length - SGP_SEAL_EXTRA_BYTES bytes to `plain`. SGP_E_CRYPTO: too
 * short, another key or label, or damaged; `plain` is then zeroed. */
sgp_err sgp_unseal(const uint8_t key[SGP_KEY_BYTES], const sgp_seal_label *label,
                   const uint8_t *sealed, size_t length, uint8_t *plain) SGP_MUST_USE;

/* Reads a master key. SGP_E_NOT_FOUND: no such file; SGP_E_CRYPTO: not 32 bytes,
 * or others than its owner may read it; SGP_E_IO. */
sgp_err sgp_key_file_read(const char *path, uint8_t key[SGP_KEY_BYTES],
                          sgp_fault *fault) SGP_MUST_USE;

/* Makes a fresh master key, mode 0600, on disk (file and directory synced) when
 * it returns. SGP_E_IO, also when the file is there already. */
sgp_err sgp_key_file_make(const char *path, uint8_t key[SGP_KEY_BYTES],
                          sgp_fault *fault) SGP_MUST_USE;

/* Syncs the directory that holds `path`, so that a new name in it survives a power cut. */
sgp_err sgp_directory_sync(const char *path, sgp_fault *fault) SGP_MUST_USE;

#endif
