/* Request ids: UUIDv7 (RFC 9562): 16 bytes, time-ordered, made by the client so
 * that a request can be repeated without being done twice. Thread-safe. */
#ifndef SGP_BASE_IDS_H
#define SGP_BASE_IDS_H
#include <stdbool.h>
#include <stdint.h>
#include "sigap/error.h"

typedef struct sgp_uuid {
    uint8_t bytes[16];
} sgp_uuid;

/* A fresh id from wall time and the system's randomness. */
sgp_uuid sgp_uuid_make(void);
bool sgp_uuid_is_nil(const sgp_uuid *id);
bool sgp_uuid_equal(const sgp_uuid *a, const sgp_uuid *b);
/* Lower-case 8-4-4-4-12 text into text[37]. */
void sgp_uuid_format(const sgp_uuid *id, char text[37]);
/* Reads the 8-4-4-4-12 form, or SGP_E_FORMAT. */
sgp_err sgp_uuid_parse(const char *text, sgp_uuid *id) SGP_MUST_USE;
#endif
