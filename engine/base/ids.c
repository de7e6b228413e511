#include "base/ids.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"

sgp_uuid sgp_uuid_make(void) {
    sgp_uuid id;
    randombytes_buf(id.bytes, sizeof id.bytes);
    uint64_t ms = (uint64_t)sgp_wall_ms();
    for (int i = 0; i < 6; i++)
        id.bytes[i] = (uint8_t)(ms >> (40 - 8 * i));
    id.bytes[6] = (uint8_t)(0x70 | (id.bytes[6] & 0x0f));
    id.bytes[8] = (uint8_t)(0x80 | (id.bytes[8] & 0x3f));
    return id;
}

bool sgp_uuid_is_nil(const sgp_uuid *id) {
    static const sgp_uuid nil;
    return sgp_uuid_equal(id, &nil);
}

bool sgp_uuid_equal(const sgp_uuid *a, const sgp_uuid *b) {
    return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

void sgp_uuid_format(const sgp_uuid *id, char text[37]) {
    static const char digits[] = "0123456789abcdef";
    char *out = text;
    for (int i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            *out++ = '-';
        *out++ = digits[id->bytes[i] >> 4];
        *out++ = digits[id->bytes[i] & 15];
    }
    *out = '\0';
}

sgp_err sgp_uuid_parse(const char *text, sgp_uuid *id) {
    sgp_uuid parsed;
    size_t length;
    const char *end;
    if (strlen(text) != 36 || text[8] != '-' || text[13] != '-' || text[18] != '-' ||
        text[23] != '-')
        return SGP_E_FORMAT;
    if (sodium_hex2bin(parsed.bytes, sizeof parsed.bytes, text, 36, "-", &length, &end) != 0 ||
        length != 16 || end != text + 36)
        return SGP_E_FORMAT;
    *id = parsed;
    return SGP_OK;
}
