/* Bytes of a client on the HTTP port: requests in pieces, several on one connection, handshakes of
 * WebSocket, whatever else. The first byte says how:
 *
 *   255, 254  the rest is the body of a well-made POST /v1/request of the dispatcher: JSON,
 * protobuf 253       the rest is the path of a well-made GET else      the rest goes over the wire
 * as it is, in pieces of so many times 8 bytes; 0: at once */
#include "fuzz_engine.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PATH = 253, PROTOBUF, JSON };

static void say_text(int fd, const char *text) {
    fuzz_say(fd, (const uint8_t *)text, strlen(text));
}

static void say_request(int fd, uint8_t how, const uint8_t *data, size_t size) {
    char head[256];
    if (how == PATH) {
        say_text(fd, "GET /");
        fuzz_say(fd, data, size);
        say_text(fd, " HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer D\r\n\r\n");
        return;
    }
    snprintf(head, sizeof head,
             "POST /v1/request HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer D\r\nContent-Type: "
             "application/%s\r\nContent-Length: %zu\r\n\r\n",
             how == JSON ? "json" : "x-protobuf", size);
    say_text(fd, head);
    fuzz_say(fd, data, size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0)
        return 0;
    uint8_t how = *data++;
    size--;
    int fd = fuzz_connect();
    if (how >= PATH) {
        say_request(fd, how, data, size);
    } else {
        size_t piece = how == 0 ? size : (size_t)how * 8;
        for (size_t at = 0; at < size; at += piece)
            fuzz_say(fd, data + at, size - at < piece ? size - at : piece);
    }
    fuzz_end(fd);
    return 0;
}
