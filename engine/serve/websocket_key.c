#include "serve/websocket_key.h"

#include <openssl/evp.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

void sgp_websocket_key(char key[SGP_WEBSOCKET_KEY_BYTES]) {
    uint8_t sixteen[16];
    randombytes_buf(sixteen, sizeof sixteen);
    EVP_EncodeBlock((unsigned char *)key, sixteen, sizeof sixteen);
}

bool sgp_websocket_accept(const char *key, char accept[SGP_WEBSOCKET_ACCEPT_BYTES]) {
    static const char suffix[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    unsigned char digest[EVP_MAX_MD_SIZE], sixteen[24];
    char text[24 + sizeof suffix];
    unsigned int n = 0;
    if (key == NULL || strlen(key) != 24 || strspn(key + 22, "=") != 2 ||
        EVP_DecodeBlock(sixteen, (const unsigned char *)key, 24) != 18)
        return false;
    int length = snprintf(text, sizeof text, "%s%s", key, suffix);
    if (EVP_Digest(text, (size_t)length, digest, &n, EVP_sha1(), NULL) != 1)
        return false;
    EVP_EncodeBlock((unsigned char *)accept, digest, (int)n);
    return true;
}
