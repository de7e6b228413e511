/* A WebSocket spoken byte by byte over a blocking socket, for tests that must do it wrongly: send
 * one byte at a time, or nonsense, or read nothing from a socket that holds little. Include
 * cmocka.h first. */
#ifndef SGP_TEST_RAW_SOCKET_H
#define SGP_TEST_RAW_SOCKET_H

#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/buffer.h"
#include "serve/client.h"
#include "serve/frame.h"

/* `holds`: bytes that the kernel keeps for a reader that does not read; 0 = as usual. */
static inline int raw_connect(int port, int holds) {
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(fd >= 0);
    if (holds > 0)
        assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &holds, sizeof holds), 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    struct timeval wait = {20, 0};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
    return fd;
}

static inline void raw_write(int fd, const void *bytes, size_t length) {
    for (size_t at = 0; at < length;) {
        ssize_t n = send(fd, (const char *)bytes + at, length - at, MSG_NOSIGNAL);
        assert_true(n > 0);
        at += (size_t)n;
    }
}

static inline void raw_upgrade(int fd) {
    static const char request[] = "GET /v1/socket HTTP/1.1\r\nHost: localhost\r\n"
                                  "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                                  "Sec-WebSocket-Version: 13\r\n"
                                  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    raw_write(fd, request, sizeof request - 1);
    char answer[1024];
    size_t n = 0;
    while (n < sizeof answer - 1 && (n < 4 || memcmp(answer + n - 4, "\r\n\r\n", 4) != 0)) {
        assert_int_equal(recv(fd, answer + n, 1, 0), 1);
        n++;
    }
    answer[n] = '\0';
    assert_non_null(strstr(answer, " 101 "));
}

/* A whole message of at most 65,535 bytes, masked with zeros, as it goes over the wire. */
static inline size_t raw_message(uint8_t opcode, const uint8_t *bytes, size_t length,
                                 uint8_t *out) {
    size_t n = 0;
    out[n++] = (uint8_t)(0x80 | opcode);
    if (length < 126) {
        out[n++] = (uint8_t)(0x80 | length);
    } else {
        out[n++] = 0x80 | 126;
        out[n++] = (uint8_t)(length >> 8);
        out[n++] = (uint8_t)length;
    }
    memset(out + n, 0, 4);
    memcpy(out + n + 4, bytes, length);
    return n + 4 + length;
}

/* Such a message with a Frame in it. */
static inline size_t raw_frame(Sigap__V1__Frame__BodyCase body, void *message, uint64_t seq,
                               uint8_t *out) {
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    frame.seq = seq;
    frame.body_case = body;
    frame.ping = message;
    sgp_buffer bytes = {0};
    assert_int_equal(sgp_frame_encode(&frame, &bytes), SGP_OK);
    size_t n = raw_message(2, bytes.data, bytes.length, out);
    sgp_buffer_free(&bytes);
    return n;
}

static inline void raw_say(int fd, Sigap__V1__Frame__BodyCase body, void *message, uint64_t seq) {
    static uint8_t out[70000];
    raw_write(fd, out, raw_frame(body, message, seq, out));
}

static inline bool raw_read(int fd, uint8_t *bytes, size_t length) {
    for (size_t at = 0; at < length;) {
        ssize_t n = recv(fd, bytes + at, length - at, 0);
        if (n <= 0)
            return false;
        at += (size_t)n;
    }
    return true;
}

/* The next message's opcode, its Frame where it is one (the caller's); -1: the line has ended. */
static inline int raw_hear(int fd, Sigap__V1__Frame **frame) {
    static uint8_t bytes[1 << 20];
    uint8_t head[10];
    *frame = NULL;
    if (!raw_read(fd, head, 2))
        return -1;
    uint64_t length = head[1] & 127;
    size_t more = length == 126 ? 2 : length == 127 ? 8 : 0;
    if (!raw_read(fd, head + 2, more))
        return -1;
    for (size_t i = 0; i < more; i++)
        length = (i == 0 ? 0 : length << 8) | head[2 + i];
    assert_true(length <= sizeof bytes);
    if (!raw_read(fd, bytes, length))
        return -1;
    int opcode = head[0] & 15;
    sgp_fault fault;
    if (opcode == 2)
        assert_int_equal(sgp_frame_decode(bytes, length, frame, &fault), SGP_OK);
    return opcode;
}

/* Reads on until such a Frame comes; the caller's. NULL: the line ended before. */
static inline Sigap__V1__Frame *raw_hear_for(int fd, Sigap__V1__Frame__BodyCase wanted) {
    Sigap__V1__Frame *frame;
    for (int opcode; (opcode = raw_hear(fd, &frame)) >= 0;) {
        if (frame != NULL && frame->body_case == wanted)
            return frame;
        if (frame != NULL)
            sigap__v1__frame__free_unpacked(frame, NULL);
    }
    return NULL;
}

static inline void raw_log_in(int fd, const char *token) {
    Sigap__V1__Login login = SIGAP__V1__LOGIN__INIT;
    login.token = (char *)token;
    login.client = (char *)"raw";
    raw_say(fd, SIGAP__V1__FRAME__BODY_LOGIN, &login, 1);
    Sigap__V1__Frame *welcome = raw_hear_for(fd, SIGAP__V1__FRAME__BODY_WELCOME);
    assert_non_null(welcome);
    sigap__v1__frame__free_unpacked(welcome, NULL);
}

/* A number of GET /metrics. */
static inline double raw_metric(int port, const char *name) {
    static char answer[1 << 18];
    int fd = raw_connect(port, 0);
    static const char request[] = "GET /metrics HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
    raw_write(fd, request, sizeof request - 1);
    size_t n = 0;
    for (ssize_t got;
         n < sizeof answer - 1 && (got = recv(fd, answer + n, sizeof answer - 1 - n, 0)) > 0;)
        n += (size_t)got;
    close(fd);
    answer[n] = '\0';
    char line[96];
    snprintf(line, sizeof line, "\nsigap_%s ", name);
    const char *at = strstr(answer, line);
    if (at == NULL)
        fail_msg("no metric %s", name);
    return strtod(at + strlen(line), NULL);
}

#endif
