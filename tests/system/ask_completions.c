/* Types "veteran" letter by letter at a running engine, faster than it can answer: every letter has
 * its answer, only the last one tells places, and whoever hangs up in between harms nobody.
 *
 *   ask_completions SOCKET
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "serve/frame.h"

static void check(bool good, const char *what) {
    if (good)
        return;
    fprintf(stderr, "ask_completions: %s\n", what);
    exit(1);
}

static int connect_to(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    check(strlen(path) < sizeof address.sun_path, "the socket's path is too long");
    strcpy(address.sun_path, path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    check(fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) == 0,
          "nobody listens");
    struct timeval wait = {10, 0};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    return fd;
}

static void add_question(uint64_t seq, const char *text, bool complete, sgp_buffer *out) {
    Sigap__V1__FindPlace find = SIGAP__V1__FIND_PLACE__INIT;
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT;
    sgp_buffer bytes = {0};
    find.text = (char *)text;
    find.complete = complete;
    find.limit = 3;
    frame.body_case = SIGAP__V1__FRAME__BODY_FIND_PLACE;
    frame.find_place = &find;
    check(sgp_frame_encode(&frame, &bytes) == SGP_OK &&
              sgp_frame_append(seq, bytes.data, bytes.length, out) == SGP_OK,
          "no memory");
    sgp_buffer_free(&bytes);
}

typedef struct heard {
    unsigned answers, candidates;
    bool superseded;
} heard;

/* Reads frames until each of the n questions has been answered; nothing may come twice. */
static void hear(int fd, heard *all, uint64_t n) {
    static uint8_t in[1 << 20];
    size_t length = 0;
    for (uint64_t n_heard = 0; n_heard < n;) {
        size_t header = 0, body = 0;
        sgp_fault fault;
        check(sgp_frame_peek(in, length, sizeof in, &header, &body, &fault) == SGP_OK,
              "a frame that is none");
        if (header == 0 || length < header + body) {
            ssize_t got = recv(fd, in + length, sizeof in - length, 0);
            check(got > 0, "an answer is missing");
            length += (size_t)got;
            continue;
        }
        Sigap__V1__Frame *frame = NULL;
        check(sgp_frame_decode(in + header, body, &frame, &fault) == SGP_OK &&
                  frame->body_case == SIGAP__V1__FRAME__BODY_PLACE_ANSWER,
              "an answer without places");
        check(frame->reply_to >= 1 && frame->reply_to <= n, "an answer to no question");
        heard *one = &all[frame->reply_to];
        one->answers++;
        one->candidates = (unsigned)frame->place_answer->n_candidates;
        one->superseded = frame->place_answer->superseded;
        sigap__v1__frame__free_unpacked(frame, NULL);
        memmove(in, in + header + body, length - header - body);
        length -= header + body;
        n_heard++;
    }
}

static void send_all(int fd, const sgp_buffer *bytes) {
    check(send(fd, bytes->data, bytes->length, MSG_NOSIGNAL) == (ssize_t)bytes->length,
          "the engine does not read");
}

int main(int argc, char **argv) {
    enum { N = 9 };
    static const char *const typed[N + 1] = {NULL,    "v",       "ve",     "vet", "vete",
                                             "veter", "veteran", "vetera", "xyz", "Jl. Veteran"};
    check(argc == 2, "which socket?");
    int fd = connect_to(argv[1]);
    sgp_buffer bytes = {0};
    for (uint64_t seq = 1; seq <= N; seq++)
        add_question(seq, typed[seq], seq < N, &bytes);
    send_all(fd, &bytes); /* in one piece, so that the engine reads all before it answers any */
    heard all[N + 1] = {{0}};
    hear(fd, all, N);
    for (int i = 1; i <= N; i++) {
        check(all[i].answers == 1, "a question was answered twice, and another not at all");
        check(all[i].superseded == (i >= 3 && i < N), "superseded where it should not be, or not");
        check((all[i].candidates > 0) == (i == N), "places for what was typed on");
    }
    close(fd);

    /* Hangs up while a word is being completed: before it is asked, while the database is at it, and
     * in the very turn of the engine that brings the answer. */
    for (unsigned i = 0; i < 400; i++) {
        fd = connect_to(argv[1]);
        sgp_buffer_clear(&bytes);
        add_question(1, "veteran", true, &bytes);
        send_all(fd, &bytes);
        usleep(i * 20);
        close(fd);
    }
    fd = connect_to(argv[1]);
    sgp_buffer_clear(&bytes);
    add_question(1, "veter", true, &bytes);
    send_all(fd, &bytes);
    memset(all, 0, sizeof all);
    hear(fd, all, 1);
    check(all[1].candidates > 0 && !all[1].superseded, "a word was not completed");
    close(fd);
    sgp_buffer_free(&bytes);
    return 0;
}
