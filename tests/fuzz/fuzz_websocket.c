/* Bytes of a client of the WebSocket, after its handshake. The first byte says how:
 *
 *   bit 0     it has logged in, bit 1: as the crew
 *   bit 2     the rest are pieces, each a byte of flags and opcode (as WebSocket's first), a byte
 * n, n bytes: each is sent as a well-made, masked frame; bit 3: n counts 64 bytes else      the
 * rest goes over the wire as it is, in pieces of 1 + its upper bits x 16 bytes */
#include "fuzz_engine.h"
#include "serve/frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LONGEST = 255 * 64 };

static void say_message(int fd, uint8_t first, const uint8_t *bytes, size_t length) {
    static uint8_t out[LONGEST + 8];
    size_t n = 0;
    out[n++] = first;
    if (length < 126) {
        out[n++] = (uint8_t)(0x80 | length);
    } else {
        out[n++] = 0x80 | 126;
        out[n++] = (uint8_t)(length >> 8);
        out[n++] = (uint8_t)length;
    }
    for (int i = 0; i < 4; i++)
        out[n++] = 0; /* a mask that changes nothing */
    memcpy(out + n, bytes, length);
    fuzz_say(fd, out, n + length);
}

static void log_in(int fd, const char *token) {
    Sigap__V1__Login login = SIGAP__V1__LOGIN__INIT;
    login.token = (char *)token;
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.seq = 1;
    frame.body_case = SIGAP__V1__FRAME__BODY_LOGIN;
    frame.login = &login;
    sgp_buffer bytes = {0};
    fuzz_must(sgp_frame_encode(&frame, &bytes) == SGP_OK, "login");
    say_message(fd, 0x82, bytes.data, bytes.length);
    sgp_buffer_free(&bytes);
}

static void say_pieces(int fd, const uint8_t *data, size_t size, size_t unit) {
    while (size >= 2) {
        size_t n = data[1] * unit;
        if (n > size - 2)
            n = size - 2;
        say_message(fd, data[0], data + 2, n);
        data += 2 + n;
        size -= 2 + n;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char handshake[] =
        "GET /v1/socket HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    if (size == 0)
        return 0;
    uint8_t how = *data++;
    size--;
    int fd = fuzz_connect();
    fuzz_say(fd, (const uint8_t *)handshake, sizeof handshake - 1);
    if (how & 1)
        log_in(fd, how & 2 ? "C" : "D");
    if (how & 4) {
        say_pieces(fd, data, size, how & 8 ? 64 : 1);
    } else {
        size_t piece = 1 + (size_t)(how >> 4) * 16;
        for (size_t at = 0; at < size; at += piece)
            fuzz_say(fd, data + at, size - at < piece ? size - at : piece);
    }
    fuzz_end(fd);
    return 0;
}
