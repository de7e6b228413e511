/* A proxy over loopback that breaks lines on purpose: a thread between a client's port and a
 * server's. What it does at the moment is one word, changed at any time:
 *
 *     PASS   bytes go both ways
 *     CUT    every line is reset at once, new ones too
 *     STOP   nothing goes and nothing is closed: half open both ways; with PASS all of it goes on,
 *            late, or with CUT it is lost
 *     DEAF   what the client sends is read and thrown away, the server's bytes still come; with
 * PASS such a line is reset, since a stream with a hole in it cannot go on
 *
 * And once so many bytes more have passed, either way, the line that they went over is cut, in
 * the middle of whatever it was (`cut_after`).
 *
 * Thread-safe where it says so. */
#ifndef SGP_TEST_BREAKING_PROXY_H
#define SGP_TEST_BREAKING_PROXY_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

typedef enum proxy_mode { PROXY_PASS, PROXY_CUT, PROXY_STOP, PROXY_DEAF } proxy_mode;

enum { PROXY_LINES = 64, PROXY_BYTES = 65536 };

typedef struct proxy_way { /* bytes of one direction that are not yet out */
    char bytes[PROXY_BYTES];
    size_t n;
} proxy_way;

typedef struct proxy_line {
    int ends[2];       /* client, server */
    proxy_way *way[2]; /* from this end to the other */
    bool holed;
} proxy_line;

typedef struct breaking_proxy {
    int listener, port, server_port;
    atomic_int mode;      /* proxy_mode; any thread */
    atomic_int cut_after; /* bytes until the next cut; 0 = none; any thread */
    atomic_bool ends;
    pthread_t thread;
    proxy_line lines[PROXY_LINES];
    size_t n;
    atomic_int made; /* lines since the start */
} breaking_proxy;

static inline void proxy_close(breaking_proxy *p, size_t at, bool reset) {
    proxy_line *line = &p->lines[at];
    for (int i = 0; i < 2; i++) {
        struct linger now = {1, 0};
        if (reset)
            setsockopt(line->ends[i], SOL_SOCKET, SO_LINGER, &now, sizeof now);
        close(line->ends[i]);
        free(line->way[i]);
    }
    p->lines[at] = p->lines[--p->n];
}

static inline void proxy_accept(breaking_proxy *p) {
    int client = accept4(p->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (client < 0)
        return;
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)p->server_port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    /* On loopback the kernel answers at once, or refuses. */
    if (p->n == PROXY_LINES || atomic_load(&p->mode) == PROXY_CUT ||
        connect(server, (struct sockaddr *)&to, sizeof to) != 0) {
        close(client);
        close(server);
        return;
    }
    int on = 1;
    setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(server, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    proxy_line *line = &p->lines[p->n++];
    *line = (proxy_line){.ends = {client, server}};
    line->way[0] = calloc(1, sizeof(proxy_way));
    line->way[1] = calloc(1, sizeof(proxy_way));
    if (line->way[0] == NULL || line->way[1] == NULL)
        abort();
    atomic_fetch_add(&p->made, 1);
}

/* false: the line is over. */
static inline bool proxy_pump(breaking_proxy *p, proxy_line *line, int from) {
    proxy_way *way = line->way[from];
    bool thrown = from == 0 && atomic_load(&p->mode) == PROXY_DEAF;
    ssize_t n = recv(line->ends[from], way->bytes + way->n, PROXY_BYTES - way->n, MSG_DONTWAIT);
    if (n == 0)
        return false;
    if (n > 0 && thrown)
        line->holed = true;
    else if (n > 0)
        way->n += (size_t)n;
    if (way->n == 0)
        return true;
    size_t most = way->n;
    int left = atomic_load(&p->cut_after);
    if (left > 0 && (size_t)left < most)
        most = (size_t)left;
    n = send(line->ends[1 - from], way->bytes, most, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (left > 0 && n > 0) {
        atomic_store(&p->cut_after, left - (int)n);
        if (n == left)
            return false;
    }
    if (n > 0) {
        way->n -= (size_t)n;
        memmove(way->bytes, way->bytes + n, way->n);
    }
    return true;
}

static inline void *proxy_run(void *context) {
    breaking_proxy *p = context;
    while (!atomic_load(&p->ends)) {
        struct pollfd items[2 * PROXY_LINES + 1] = {{.fd = p->listener, .events = POLLIN}};
        int mode = atomic_load(&p->mode);
        size_t n = p->n;
        for (size_t i = 0; i < n && mode != PROXY_STOP; i++)
            for (int k = 0; k < 2; k++)
                items[1 + 2 * i + (size_t)k] = (struct pollfd){
                    .fd = p->lines[i].ends[k],
                    .events = (short)(POLLIN | (p->lines[i].way[1 - k]->n > 0 ? POLLOUT : 0))};
        (void)poll(items, mode == PROXY_STOP ? 1 : 1 + 2 * n, 5);
        if (items[0].revents != 0)
            proxy_accept(p);
        mode = atomic_load(&p->mode);
        for (size_t i = p->n; i-- > 0 && mode != PROXY_STOP;) {
            proxy_line *line = &p->lines[i];
            bool dead = mode == PROXY_CUT || (mode == PROXY_PASS && line->holed);
            if (dead)
                proxy_close(p, i, true);
            else if (!proxy_pump(p, line, 0) || !proxy_pump(p, line, 1))
                proxy_close(p, i, false);
        }
    }
    while (p->n > 0)
        proxy_close(p, p->n - 1, true);
    return NULL;
}

/* false: no port, or no thread. */
static inline bool proxy_start(breaking_proxy *p, int server_port) {
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof here;
    memset(p, 0, sizeof *p);
    p->server_port = server_port;
    p->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (bind(p->listener, (struct sockaddr *)&here, size) != 0 || listen(p->listener, 64) != 0 ||
        getsockname(p->listener, (struct sockaddr *)&here, &size) != 0)
        return false;
    p->port = ntohs(here.sin_port);
    return pthread_create(&p->thread, NULL, proxy_run, p) == 0;
}

static inline void proxy_end(breaking_proxy *p) {
    atomic_store(&p->ends, true);
    pthread_join(p->thread, NULL);
    close(p->listener);
}

#endif
