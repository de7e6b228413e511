#include "console/link.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "serve/client.h"
#include "serve/frame.h"

enum { FIRST_DELAY_MS = 250, LONGEST_DELAY_MS = 2000, ON_THE_WAY_MAX = 1024 };

typedef struct parcel { /* of either queue */
    struct parcel *next;
    sgp_link_news news;
} parcel;

typedef struct queue {
    parcel *first, **end;
    size_t n;
} queue;

typedef struct awaited {
    uint64_t seq, token;
} awaited;

struct sgp_link {
    char target[256], ca_file[1024], token[256], program[64];
    bool has_ca, has_token;
    pthread_t thread;
    int news_fd, wake_fd;
    pthread_mutex_t lock; /* guards the next three */
    queue news, requests;
    bool stop;
    /* The thread's own. */
    sgp_client *client;
    awaited on_the_way[ON_THE_WAY_MAX];
    size_t n_on_the_way;
    int64_t heard_at_us, pinged_at_us;
};

/* ---- queues ------------------------------------------------------------------ */

static void ring(int fd) {
    uint64_t one = 1;
    (void)!write(fd, &one, sizeof one);
}

static void silence(int fd) {
    uint64_t any;
    (void)!read(fd, &any, sizeof any);
}

static bool queue_put(queue *q, const sgp_link_news *news) {
    parcel *made = q->n < SGP_LINK_QUEUE_MAX ? malloc(sizeof *made) : NULL;
    if (made == NULL)
        return false;
    made->next = NULL;
    made->news = *news;
    if (q->first == NULL)
        q->end = &q->first;
    *q->end = made;
    q->end = &made->next;
    q->n++;
    return true;
}

static bool queue_take(queue *q, sgp_link_news *news) {
    parcel *first = q->first;
    if (first == NULL)
        return false;
    q->first = first->next;
    q->n--;
    *news = first->news;
    free(first);
    return true;
}

static void queue_clear(queue *q) {
    sgp_link_news news;
    while (queue_take(q, &news))
        if (news.frame != NULL)
            sigap__v1__frame__free_unpacked(news.frame, NULL);
}

static bool stopping(sgp_link *link) {
    pthread_mutex_lock(&link->lock);
    bool stop = link->stop;
    pthread_mutex_unlock(&link->lock);
    return stop;
}

/* Waits where the console does not take what comes: the engine's own bounds then hold us back. */
static void tell(sgp_link *link, const sgp_link_news *news) {
    for (;;) {
        pthread_mutex_lock(&link->lock);
        bool put = queue_put(&link->news, news), stop = link->stop;
        pthread_mutex_unlock(&link->lock);
        if (put) {
            ring(link->news_fd);
            return;
        }
        if (stop)
            break;
        struct pollfd item = {.fd = link->wake_fd, .events = POLLIN};
        (void)poll(&item, 1, 20);
    }
    if (news->frame != NULL)
        sigap__v1__frame__free_unpacked(news->frame, NULL);
}

/* ---- one connection ------------------------------------------------------------ */

static sgp_err ask_status(sgp_link *link, sgp_link_news *up, sgp_fault *fault) {
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT;
    Sigap__V1__GetStatus ask = SIGAP__V1__GET_STATUS__INIT;
    request.body_case = SIGAP__V1__FRAME__BODY_GET_STATUS;
    request.get_status = &ask;
    sgp_err err = sgp_client_request(link->client, &request, 0, &up->frame, fault);
    if (err == SGP_OK && up->frame->body_case != SIGAP__V1__FRAME__BODY_STATUS) {
        sigap__v1__frame__free_unpacked(up->frame, NULL);
        up->frame = NULL;
        err = sgp_fail(fault, SGP_E_FORMAT, "the engine did not tell its status");
    }
    return err;
}

static sgp_err watch(sgp_link *link, sgp_fault *fault) {
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT;
    Sigap__V1__Watch ask = SIGAP__V1__WATCH__INIT;
    uint64_t seq;
    request.body_case = SIGAP__V1__FRAME__BODY_WATCH;
    request.watch = &ask;
    return sgp_client_send(link->client, &request, &seq, fault);
}

static sgp_err ping(sgp_link *link, sgp_fault *fault) {
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT;
    Sigap__V1__Ping ask = SIGAP__V1__PING__INIT;
    uint64_t seq;
    request.body_case = SIGAP__V1__FRAME__BODY_PING;
    request.ping = &ask;
    link->pinged_at_us = sgp_monotonic_us();
    return sgp_client_send(link->client, &request, &seq, fault);
}

static sgp_err connect_once(sgp_link *link, sgp_link_news *up, sgp_fault *fault) {
    sgp_client_options how = {.target = link->target,
                              .ca_file = link->has_ca ? link->ca_file : NULL,
                              .timeout_ms = SGP_LINK_CONNECT_MS};
    sgp_err err = sgp_client_open(&how, &link->client, fault);
    Sigap__V1__Frame *welcome = NULL;
    if (err == SGP_OK && link->has_token)
        err = sgp_client_login(link->client, link->token, link->program, &welcome, fault);
    if (err == SGP_OK && welcome != NULL)
        snprintf(up->user, sizeof up->user, "%s", welcome->welcome->user);
    if (err == SGP_OK && welcome != NULL)
        up->role = (int)welcome->welcome->role;
    if (welcome != NULL)
        sigap__v1__frame__free_unpacked(welcome, NULL);
    if (err == SGP_OK)
        err = ask_status(link, up, fault);
    link->heard_at_us = sgp_monotonic_us();
    if (err == SGP_OK)
        err = ping(link, fault); /* its answer tells the engine's clock */
    if (err == SGP_OK)
        err = watch(link, fault);
    if (err != SGP_OK && up->frame != NULL) {
        sigap__v1__frame__free_unpacked(up->frame, NULL);
        up->frame = NULL;
    }
    return err;
}

static void hang_up(sgp_link *link) {
    sgp_client_close(link->client);
    link->client = NULL;
    link->n_on_the_way = 0;
}

static uint64_t token_of(sgp_link *link, uint64_t seq) {
    for (size_t i = 0; i < link->n_on_the_way; i++)
        if (link->on_the_way[i].seq == seq) {
            uint64_t token = link->on_the_way[i].token;
            memmove(&link->on_the_way[i], &link->on_the_way[i + 1],
                    (--link->n_on_the_way - i) * sizeof link->on_the_way[0]);
            return token;
        }
    return 0;
}

/* An Error that answers nothing says why the engine ends the session. */
static sgp_err hand_over(sgp_link *link, Sigap__V1__Frame *frame, sgp_fault *fault) {
    sgp_link_news news = {.kind = SGP_LINK_FRAME, .frame = frame};
    link->heard_at_us = sgp_monotonic_us();
    if (frame->reply_to == 0 && frame->body_case == SIGAP__V1__FRAME__BODY_ERROR) {
        sgp_err err = sgp_err_from_str(frame->error->code);
        err = sgp_fail(fault, err == SGP_OK ? SGP_E_NETWORK : err, "%s", frame->error->message);
        sigap__v1__frame__free_unpacked(frame, NULL);
        return err;
    }
    if (frame->reply_to != 0)
        news.token = token_of(link, frame->reply_to);
    /* Answers to what nobody waits for: only Pong and the first Update matter. */
    if (frame->reply_to != 0 && news.token == 0 &&
        frame->body_case != SIGAP__V1__FRAME__BODY_UPDATE &&
        frame->body_case != SIGAP__V1__FRAME__BODY_PONG) {
        sigap__v1__frame__free_unpacked(frame, NULL);
        return SGP_OK;
    }
    tell(link, &news);
    return SGP_OK;
}

static sgp_err receive(sgp_link *link, sgp_fault *fault) {
    for (;;) {
        Sigap__V1__Frame *frame = NULL;
        sgp_err err = sgp_client_next_frame(link->client, 0, &frame, fault);
        if (err == SGP_E_TIMEOUT)
            return SGP_OK;
        if (err == SGP_OK)
            err = hand_over(link, frame, fault);
        if (err != SGP_OK)
            return err;
    }
}

static sgp_err send_waiting(sgp_link *link, sgp_fault *fault) {
    sgp_link_news next;
    sgp_err err = SGP_OK;
    while (err == SGP_OK) {
        pthread_mutex_lock(&link->lock);
        bool taken = queue_take(&link->requests, &next);
        pthread_mutex_unlock(&link->lock);
        if (!taken)
            return SGP_OK;
        uint64_t seq;
        err = sgp_client_send(link->client, next.frame, &seq, fault);
        sigap__v1__frame__free_unpacked(next.frame, NULL);
        if (err == SGP_OK && link->n_on_the_way < ON_THE_WAY_MAX)
            link->on_the_way[link->n_on_the_way++] = (awaited){seq, next.token};
    }
    return err;
}

/* Until it breaks, or the console stops. */
static sgp_err serve(sgp_link *link, sgp_fault *fault) {
    for (;;) {
        /* Before it is received: where we ourselves were stopped for a while (a frozen or crowded
         * machine), what came meanwhile counts before the silence does. */
        int64_t now_us = sgp_monotonic_us();
        sgp_err err = receive(link, fault);
        if (err == SGP_OK)
            err = send_waiting(link, fault);
        if (err == SGP_OK && now_us - link->pinged_at_us >= SGP_LINK_PING_MS * 1000)
            err = ping(link, fault);
        if (err == SGP_OK && now_us - link->heard_at_us >= SGP_LINK_SILENT_MS * 1000)
            err = sgp_fail(fault, SGP_E_NETWORK, "%s: nothing was heard for %d s", link->target,
                           SGP_LINK_SILENT_MS / 1000);
        if (err != SGP_OK)
            return err;
        struct pollfd items[2] = {{.fd = sgp_client_fd(link->client), .events = POLLIN},
                                  {.fd = link->wake_fd, .events = POLLIN}};
        if (poll(items, 2, SGP_LINK_PING_MS / 4) > 0 && items[1].revents != 0)
            silence(link->wake_fd);
        if (stopping(link))
            return SGP_OK;
    }
}

static bool hopeless(sgp_err err) {
    return err == SGP_E_UNAUTHENTICATED || err == SGP_E_PERMISSION || err == SGP_E_ARGUMENT;
}

static void *run(void *context) {
    sgp_link *link = context;
    int delay_ms = FIRST_DELAY_MS;
    while (!stopping(link)) {
        sgp_fault fault = {0};
        sgp_link_news up = {.kind = SGP_LINK_UP};
        sgp_err err = connect_once(link, &up, &fault);
        if (err == SGP_OK) {
            pthread_mutex_lock(&link->lock);
            queue_clear(&link->requests); /* the console sends again what it keeps */
            pthread_mutex_unlock(&link->lock);
            tell(link, &up);
            delay_ms = FIRST_DELAY_MS;
            err = serve(link, &fault);
        }
        hang_up(link);
        if (err == SGP_OK)
            break; /* the console stops */
        sgp_link_news down = {.kind = hopeless(err) ? SGP_LINK_REFUSED : SGP_LINK_DOWN};
        snprintf(down.reason, sizeof down.reason, "%s", fault.text);
        tell(link, &down);
        if (down.kind == SGP_LINK_REFUSED)
            break;
        struct pollfd item = {.fd = link->wake_fd, .events = POLLIN};
        int64_t until_us = sgp_monotonic_us() + delay_ms * 1000;
        for (int64_t left_us; (left_us = until_us - sgp_monotonic_us()) > 0 && !stopping(link);)
            if (poll(&item, 1, (int)(left_us / 1000) + 1) > 0)
                silence(link->wake_fd);
        delay_ms = delay_ms * 2 > LONGEST_DELAY_MS ? LONGEST_DELAY_MS : delay_ms * 2;
    }
    return NULL;
}

/* ---- the console's side ---------------------------------------------------------- */

sgp_err sgp_link_create(const sgp_link_options *options, sgp_link **out, sgp_fault *fault) {
    sgp_link *link = calloc(1, sizeof *link);
    if (link == NULL)
        return sgp_fail(fault, SGP_E_MEMORY, "no memory for the line to the engine");
    snprintf(link->target, sizeof link->target, "%s", options->target);
    link->has_ca = options->ca_file != NULL;
    snprintf(link->ca_file, sizeof link->ca_file, "%s", link->has_ca ? options->ca_file : "");
    link->has_token = options->token != NULL;
    snprintf(link->token, sizeof link->token, "%s", link->has_token ? options->token : "");
    snprintf(link->program, sizeof link->program, "%s", options->program);
    pthread_mutex_init(&link->lock, NULL);
    link->news_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    link->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (link->news_fd < 0 || link->wake_fd < 0 ||
        pthread_create(&link->thread, NULL, run, link) != 0) {
        sgp_err err =
            sgp_fail(fault, SGP_E_IO, "the line to the engine cannot start: %s", strerror(errno));
        if (link->news_fd >= 0)
            close(link->news_fd);
        if (link->wake_fd >= 0)
            close(link->wake_fd);
        pthread_mutex_destroy(&link->lock);
        free(link);
        return err;
    }
    *out = link;
    return SGP_OK;
}

void sgp_link_destroy(sgp_link *link) {
    if (link == NULL)
        return;
    pthread_mutex_lock(&link->lock);
    link->stop = true;
    pthread_mutex_unlock(&link->lock);
    ring(link->wake_fd);
    pthread_join(link->thread, NULL);
    queue_clear(&link->news);
    queue_clear(&link->requests);
    close(link->news_fd);
    close(link->wake_fd);
    pthread_mutex_destroy(&link->lock);
    free(link);
}

int sgp_link_fd(const sgp_link *link) {
    return link->news_fd;
}

bool sgp_link_take(sgp_link *link, sgp_link_news *news) {
    pthread_mutex_lock(&link->lock);
    bool taken = queue_take(&link->news, news);
    if (link->news.n == 0)
        silence(link->news_fd);
    pthread_mutex_unlock(&link->lock);
    return taken;
}

sgp_err sgp_link_send(sgp_link *link, const Sigap__V1__Frame *request, uint64_t token) {
    sgp_buffer bytes = {0};
    sgp_fault fault;
    sgp_link_news news = {.kind = SGP_LINK_FRAME, .token = token};
    sgp_err err = sgp_frame_encode(request, &bytes);
    if (err == SGP_OK && bytes.length > SGP_FRAME_IN_MAX)
        err = SGP_E_TOO_LARGE;
    if (err == SGP_OK)
        err = sgp_frame_decode(bytes.data, bytes.length, &news.frame, &fault);
    sgp_buffer_free(&bytes);
    if (err != SGP_OK)
        return err;
    pthread_mutex_lock(&link->lock);
    bool put = queue_put(&link->requests, &news);
    pthread_mutex_unlock(&link->lock);
    if (!put) {
        sigap__v1__frame__free_unpacked(news.frame, NULL);
        return SGP_E_FULL;
    }
    ring(link->wake_fd);
    return SGP_OK;
}
