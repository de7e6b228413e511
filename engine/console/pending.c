#include "console/pending.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/ids.h"
#include "serve/client.h"
#include "serve/frame.h"

void sgp_pending_init(sgp_pending *pending) {
    *pending = (sgp_pending){.fd = -1};
}

static void item_free(sgp_pending_item *item) {
    if (item->frame != NULL)
        sigap__v1__frame__free_unpacked(item->frame, NULL);
    if (item->then != NULL)
        sigap__v1__frame__free_unpacked(item->then, NULL);
    *item = (sgp_pending_item){0};
}

void sgp_pending_close(sgp_pending *pending) {
    for (size_t i = 0; i < pending->n; i++)
        item_free(&pending->items[i]);
    if (pending->draft != NULL)
        sigap__v1__frame__free_unpacked(pending->draft, NULL);
    if (pending->fd >= 0)
        close(pending->fd);
    sgp_pending_init(pending);
}

/* ---- the file ------------------------------------------------------------------ */

static sgp_err append_frame(const Sigap__V1__Frame *frame, sgp_buffer *out) {
    sgp_buffer bytes = {0};
    sgp_err err = sgp_frame_encode(frame, &bytes);
    if (err == SGP_OK)
        err = sgp_frame_append(0, bytes.data, bytes.length, out);
    sgp_buffer_free(&bytes);
    return err;
}

/* Few and short, so the file is written anew each time; it is put in place whole by the
 * length: a write that is torn leaves whole frames before the tear. */
static sgp_err save(sgp_pending *pending, bool sync, sgp_fault *fault) {
    if (pending->fd < 0)
        return SGP_OK;
    sgp_buffer all = {0};
    sgp_err err = SGP_OK;
    for (size_t i = 0; i < pending->n && err == SGP_OK; i++) {
        err = append_frame(pending->items[i].frame, &all);
        if (err == SGP_OK && pending->items[i].then != NULL)
            err = append_frame(pending->items[i].then, &all);
    }
    if (err == SGP_OK && pending->draft != NULL)
        err = append_frame(pending->draft, &all);
    if (err == SGP_OK &&
        (pwrite(pending->fd, all.data, all.length, 0) != (ssize_t)all.length ||
         ftruncate(pending->fd, (off_t)all.length) != 0 || (sync && fdatasync(pending->fd) != 0)))
        err = sgp_fail(fault, SGP_E_IO, "%s cannot be written: %s", pending->path, strerror(errno));
    sgp_buffer_free(&all);
    return err;
}

/* A UUIDv7 begins with the milliseconds of its making. */
static int64_t made_at(const Sigap__V1__Frame *frame) {
    int64_t ms = 0;
    for (size_t i = 0; i < 6 && i < frame->id.len; i++)
        ms = ms << 8 | frame->id.data[i];
    return ms;
}

static void take_read(sgp_pending *pending, Sigap__V1__Frame *frame) {
    sgp_pending_item *last = pending->n > 0 ? &pending->items[pending->n - 1] : NULL;
    if (frame->body_case == SIGAP__V1__FRAME__BODY_CHOOSE_PLACE &&
        frame->choose_place->incident_id == 0 && last != NULL && last->then == NULL &&
        last->frame->body_case == SIGAP__V1__FRAME__BODY_REPORT_CALL) {
        last->then = frame;
        return;
    }
    if (frame->body_case == SIGAP__V1__FRAME__BODY_CONSOLE_DRAFT && pending->draft == NULL) {
        pending->draft = frame;
        return;
    }
    if (pending->n == SGP_PENDING_MAX || frame->id.len != 16 ||
        !sgp_frame_changes_state(frame->body_case)) {
        sigap__v1__frame__free_unpacked(frame, NULL);
        return;
    }
    pending->items[pending->n++] = (sgp_pending_item){
        .token = ++pending->last_token, .made_at_ms = made_at(frame), .frame = frame};
}

void sgp_pending_read(sgp_pending *pending, const uint8_t *bytes, size_t length) {
    while (length > 0) {
        size_t header, size;
        sgp_fault fault;
        Sigap__V1__Frame *frame = NULL;
        if (sgp_frame_peek(bytes, length, SGP_FRAME_IN_MAX, &header, &size, &fault) != SGP_OK ||
            header == 0 || size > length - header ||
            sgp_frame_decode(bytes + header, size, &frame, &fault) != SGP_OK)
            return;
        take_read(pending, frame);
        bytes += header + size;
        length -= header + size;
    }
}

bool sgp_pending_folder(char *out, size_t capacity) {
    const char *own = getenv("SIGAP_STATE"), *state = getenv("XDG_STATE_HOME"),
               *home = getenv("HOME");
    int length = own != NULL && own[0] != '\0'      ? snprintf(out, capacity, "%s", own)
                 : state != NULL && state[0] == '/' ? snprintf(out, capacity, "%s/sigap", state)
                 : home != NULL && home[0] == '/'
                     ? snprintf(out, capacity, "%s/.local/state/sigap", home)
                     : -1;
    return length > 0 && (size_t)length < capacity;
}

static bool make_folder(const char *folder) {
    char path[900];
    snprintf(path, sizeof path, "%s", folder);
    for (char *p = path + 1; *p != '\0'; p++)
        if (*p == '/') {
            *p = '\0';
            (void)mkdir(path, 0700);
            *p = '/';
        }
    return mkdir(path, 0700) == 0 || errno == EEXIST;
}

/* A name for the engine's address that is a file name: other engines' requests stay theirs. */
static uint64_t hash_of(const char *target) {
    uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a */
    for (; *target != '\0'; target++)
        hash = (hash ^ (unsigned char)*target) * UINT64_C(1099511628211);
    return hash;
}

static void read_file(sgp_pending *pending) {
    enum { FILE_MAX = 2 * SGP_PENDING_MAX * SGP_FRAME_IN_MAX };
    struct stat status;
    if (fstat(pending->fd, &status) != 0 || status.st_size <= 0 || status.st_size > FILE_MAX)
        return;
    uint8_t *bytes = malloc((size_t)status.st_size);
    ssize_t n = bytes != NULL ? pread(pending->fd, bytes, (size_t)status.st_size, 0) : 0;
    if (n > 0)
        sgp_pending_read(pending, bytes, (size_t)n);
    free(bytes);
}

sgp_err sgp_pending_open(sgp_pending *pending, const char *folder, const char *target,
                         sgp_fault *fault) {
    sgp_pending_init(pending);
    if (!make_folder(folder))
        return sgp_fail(fault, SGP_E_IO, "%s cannot be made: %s", folder, strerror(errno));
    for (int i = 1; i <= SGP_PENDING_FILES; i++) {
        snprintf(pending->path, sizeof pending->path, "%.900s/console-%016llx-%d", folder,
                 (unsigned long long)hash_of(target), i);
        int fd = open(pending->path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        if (fd < 0)
            return sgp_fail(fault, SGP_E_IO, "%s cannot be opened: %s", pending->path,
                            strerror(errno));
        if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
            pending->fd = fd;
            read_file(pending);
            return SGP_OK;
        }
        close(fd);
    }
    return sgp_fail(fault, SGP_E_FULL, "%d consoles run here already; %s", SGP_PENDING_FILES,
                    folder);
}

/* ---- the list ------------------------------------------------------------------ */

static sgp_err copy_frame(const Sigap__V1__Frame *frame, Sigap__V1__Frame **out, sgp_fault *fault) {
    sgp_buffer bytes = {0};
    sgp_err err = sgp_frame_encode(frame, &bytes);
    if (err == SGP_OK && bytes.length > SGP_FRAME_IN_MAX)
        err = sgp_fail(fault, SGP_E_TOO_LARGE, "the request is too long");
    if (err == SGP_OK)
        err = sgp_frame_decode(bytes.data, bytes.length, out, fault);
    sgp_buffer_free(&bytes);
    return err;
}

static sgp_err copy_with_id(const Sigap__V1__Frame *frame, Sigap__V1__Frame **out,
                            sgp_fault *fault) {
    Sigap__V1__Frame own = *frame; /* borrows everything */
    sgp_uuid id = sgp_uuid_make();
    if (own.id.len == 0) {
        own.id.data = id.bytes;
        own.id.len = sizeof id.bytes;
    }
    return copy_frame(&own, out, fault);
}

sgp_err sgp_pending_keep(sgp_pending *pending, const Sigap__V1__Frame *frame,
                         const Sigap__V1__Frame *then, sgp_pending_item **item, sgp_fault *fault) {
    *item = NULL;
    if (pending->n == SGP_PENDING_MAX)
        return sgp_fail(fault, SGP_E_FULL, "%d requests wait for the engine already",
                        SGP_PENDING_MAX);
    sgp_pending_item made = {.token = pending->last_token + 1, .made_at_ms = sgp_wall_ms()};
    sgp_err err = copy_with_id(frame, &made.frame, fault);
    if (err == SGP_OK && then != NULL)
        err = copy_with_id(then, &made.then, fault);
    if (err != SGP_OK) {
        item_free(&made);
        return err;
    }
    pending->last_token++;
    pending->items[pending->n] = made;
    *item = &pending->items[pending->n++];
    return save(pending, true, fault);
}

void sgp_pending_draft(sgp_pending *pending, const Sigap__V1__ConsoleDraft *draft) {
    sgp_fault fault;
    Sigap__V1__Frame frame = SIGAP__V1__FRAME__INIT, *copy = NULL;
    if (draft == NULL && pending->draft == NULL)
        return;
    frame.body_case = SIGAP__V1__FRAME__BODY_CONSOLE_DRAFT;
    frame.console_draft = (Sigap__V1__ConsoleDraft *)(uintptr_t)draft;
    if (draft != NULL && copy_frame(&frame, &copy, &fault) != SGP_OK)
        return; /* the screen itself still has it */
    if (pending->draft != NULL)
        sigap__v1__frame__free_unpacked(pending->draft, NULL);
    pending->draft = copy;
    pending->unsynced = true;
    (void)!save(pending, false, &fault);
}

void sgp_pending_sync(sgp_pending *pending) {
    if (pending->unsynced && pending->fd >= 0)
        (void)!fdatasync(pending->fd);
    pending->unsynced = false;
}

sgp_pending_item *sgp_pending_find(sgp_pending *pending, uint64_t token) {
    for (size_t i = 0; i < pending->n; i++)
        if (pending->items[i].token == token)
            return &pending->items[i];
    return NULL;
}

void sgp_pending_strike(sgp_pending *pending, uint64_t token) {
    sgp_pending_item *item = sgp_pending_find(pending, token);
    if (item == NULL)
        return;
    item_free(item);
    size_t at = (size_t)(item - pending->items);
    memmove(item, item + 1, (--pending->n - at) * sizeof *item);
    /* Unsynced: a request that is read again after a power cut has its id. */
    sgp_fault fault;
    (void)!save(pending, false, &fault);
}
