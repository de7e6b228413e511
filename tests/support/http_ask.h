/* One HTTP request over loopback, as bytes: what came back, head and body apart. Include cmocka.h
 * first. */
#ifndef SGP_TEST_HTTP_ASK_H
#define SGP_TEST_HTTP_ASK_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct http_told {
    int status;
    char *head; /* with its last empty line */
    char *body;
    size_t length; /* of the body */
    char *bytes;   /* that both lie in */
} http_told;

static inline int http_connect(int port) {
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

/* Sends the head of a request; the engine closes after its answer. `headers` end in "\r\n". */
static inline void http_send(int fd, const char *method, const char *path, const char *headers) {
    char head[2048];
    int n = snprintf(head, sizeof head,
                     "%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n%s\r\n", method,
                     path, headers);
    assert_true(n < (int)sizeof head);
    assert_int_equal(send(fd, head, (size_t)n, MSG_NOSIGNAL), n);
}

/* Reads to the end and closes. */
static inline http_told http_hear(int fd) {
    http_told told = {.bytes = NULL};
    size_t length = 0, room = 0;
    for (ssize_t in = 1; in > 0;) {
        if (room - length < 65536) {
            room = 2 * room + 131072;
            told.bytes = realloc(told.bytes, room);
            assert_non_null(told.bytes);
        }
        in = recv(fd, told.bytes + length, room - length - 1, 0);
        length += in > 0 ? (size_t)in : 0;
    }
    close(fd);
    told.bytes[length] = '\0';
    char *end = strstr(told.bytes, "\r\n\r\n");
    assert_non_null(end);
    assert_int_equal(sscanf(told.bytes, "HTTP/1.%*d %d", &told.status), 1);
    end[2] = '\0';
    told.head = told.bytes;
    told.body = end + 4;
    told.length = length - (size_t)(told.body - told.bytes);
    return told;
}

static inline http_told http_ask(int port, const char *method, const char *path,
                                 const char *headers) {
    int fd = http_connect(port);
    http_send(fd, method, path, headers);
    return http_hear(fd);
}

/* The value of a header; "" where it is not there. Borrowed until the next call. */
static inline const char *http_header(const http_told *told, const char *name) {
    static char value[512];
    size_t n = strlen(name);
    for (const char *line = strstr(told->head, "\r\n"); line != NULL && line[2] != '\0';
         line = strstr(line + 2, "\r\n")) {
        line += 2;
        if (strncasecmp(line, name, n) == 0 && line[n] == ':') {
            const char *from = line + n + 1 + strspn(line + n + 1, " ");
            snprintf(value, sizeof value, "%.*s", (int)strcspn(from, "\r"), from);
            return value;
        }
        line -= 2;
    }
    return "";
}

static inline void http_free(http_told *told) {
    free(told->bytes);
    told->bytes = NULL;
}

#endif
