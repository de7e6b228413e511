/* How the files of request.h fill frames. Private to them. */
#ifndef SGP_CONSOLE_REQUEST_PARTS_H
#define SGP_CONSOLE_REQUEST_PARTS_H

#include <string.h>

#include "console/request.h"

/* Into the request's own room, cut at a character. */
static inline char *keep(char *room, size_t capacity, const char *text) {
    size_t n = strlen(text);
    if (n >= capacity) {
        n = capacity - 1;
        while (n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80)
            n--;
    }
    memcpy(room, text, n);
    room[n] = '\0';
    return room;
}
#define KEEP(room, text) keep(room, sizeof room, text)

/* An empty frame with this body. */
#define BEGIN(request, member, MEMBER, frame_member, INIT)                                         \
    do {                                                                                           \
        sigap__v1__frame__init(&(request)->frame);                                                 \
        (request)->frame.body_case = SIGAP__V1__FRAME__BODY_##MEMBER;                              \
        INIT(&(request)->body.member);                                                             \
        (request)->frame.frame_member = &(request)->body.member;                                   \
    } while (0)

#endif
