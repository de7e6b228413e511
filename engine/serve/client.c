#include "serve/client.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/ids.h"
#include "serve/frame.h"

enum { PUSHES_MAX = 65536, USUAL_TIMEOUT_MS = 10000 };

typedef struct push {
    struct push *next;
    Sigap__V1__Frame *frame;
} push;

struct sgp_client {
    char target[256];
    int fd; /* non-blocking; every wait is a poll with a deadline */
    SSL_CTX *context;
    SSL *ssl;
    bool broken;
    uint64_t seq;
    int64_t timeout_ms;
    uint8_t *in; /* bytes [0, n_in) are not yet frames */
    size_t n_in, in_capacity;
    push *pushes, **pushes_end;
    size_t n_pushes;
};

/* ---- waiting ------------------------------------------------------------- */

static const int64_t for_ever = INT64_MAX;

static int64_t deadline_in(int64_t ms) {
    return ms < 0 ? for_ever : sgp_monotonic_us() / 1000 + ms;
}

static sgp_err broken(sgp_client *client, sgp_fault *fault, const char *what) {
    client->broken = true;
    return sgp_fail(fault, SGP_E_NETWORK, "%s: %s", client->target, what);
}

static sgp_err wait_for(sgp_client *client, short what, int64_t deadline, sgp_fault *fault) {
    for (;;) {
        int64_t left = deadline == for_ever ? -1 : deadline - sgp_monotonic_us() / 1000;
        if (deadline != for_ever && left < 0)
            left = 0;
        struct pollfd item = {.fd = client->fd, .events = what};
        int n = poll(&item, 1, left > 1000000 ? 1000000 : (int)left);
        if (n > 0)
            return SGP_OK;
        if (n < 0 && errno != EINTR)
            return broken(client, fault, strerror(errno));
        if (n == 0 && deadline != for_ever && sgp_monotonic_us() / 1000 >= deadline)
            return sgp_fail(fault, SGP_E_TIMEOUT, "%s: no answer in time", client->target);
    }
}

/* After an SSL call that did not succeed: waits for what it needs, or fails. */
static sgp_err wait_for_tls(sgp_client *client, int result, int64_t deadline, sgp_fault *fault) {
    switch (SSL_get_error(client->ssl, result)) {
    case SSL_ERROR_WANT_READ:
        return wait_for(client, POLLIN, deadline, fault);
    case SSL_ERROR_WANT_WRITE:
        return wait_for(client, POLLOUT, deadline, fault);
    case SSL_ERROR_ZERO_RETURN:
        return broken(client, fault, "the engine closed the connection");
    default: {
        long verified = SSL_get_verify_result(client->ssl);
        if (verified != X509_V_OK)
            return broken(client, fault, X509_verify_cert_error_string(verified));
        const char *reason = ERR_reason_error_string(ERR_get_error());
        return broken(client, fault, reason != NULL ? reason : "the connection broke");
    }
    }
}

/* ---- connecting ---------------------------------------------------------- */

static sgp_err finish_connect(sgp_client *client, int result, int64_t deadline, sgp_fault *fault) {
    if (result != 0 && errno != EINPROGRESS)
        return broken(client, fault, strerror(errno));
    if (result != 0) {
        sgp_err err = wait_for(client, POLLOUT, deadline, fault);
        if (err != SGP_OK)
            return err;
        int reason = 0;
        socklen_t size = sizeof reason;
        getsockopt(client->fd, SOL_SOCKET, SO_ERROR, &reason, &size);
        if (reason != 0)
            return broken(client, fault, strerror(reason));
    }
    return SGP_OK;
}

static sgp_err connect_unix(sgp_client *client, const char *path, int64_t deadline,
                            sgp_fault *fault) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path)
        return sgp_fail(fault, SGP_E_ARGUMENT, "the path of the socket is too long: %s", path);
    strcpy(address.sun_path, path);
    client->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (client->fd < 0)
        return broken(client, fault, strerror(errno));
    int result = connect(client->fd, (struct sockaddr *)&address, sizeof address);
    return finish_connect(client, result, deadline, fault);
}

/* "host:port" or "[v6]:port" -> two texts. */
static sgp_err split_host(const char *text, char host[200], char port[8], sgp_fault *fault) {
    const char *colon = strrchr(text, ':');
    size_t n = colon != NULL ? (size_t)(colon - text) : 0;
    if (n > 2 && text[0] == '[' && text[n - 1] == ']') {
        text++;
        n -= 2;
    }
    if (colon == NULL || n == 0 || n >= 200 || colon[1] == '\0' || strlen(colon + 1) >= 8)
        return sgp_fail(fault, SGP_E_ARGUMENT, "\"%s\" is not HOST:PORT", text);
    memcpy(host, text, n);
    host[n] = '\0';
    strcpy(port, colon + 1);
    return SGP_OK;
}

static sgp_err start_tls(sgp_client *client, const char *host, const char *ca_file,
                         int64_t deadline, sgp_fault *fault) {
    client->context = SSL_CTX_new(TLS_client_method());
    if (client->context == NULL ||
        SSL_CTX_set_min_proto_version(client->context, TLS1_2_VERSION) != 1)
        return sgp_fail(fault, SGP_E_CRYPTO, "TLS cannot start");
    SSL_CTX_set_verify(client->context, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_mode(client->context,
                     SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    if (ca_file == NULL)
        SSL_CTX_set_default_verify_paths(client->context);
    else if (SSL_CTX_load_verify_locations(client->context, ca_file, NULL) != 1)
        return sgp_fail(fault, SGP_E_IO, "the CA file %s cannot be used", ca_file);
    client->ssl = SSL_new(client->context);
    if (client->ssl == NULL || SSL_set_fd(client->ssl, client->fd) != 1)
        return sgp_fail(fault, SGP_E_MEMORY, "no memory for TLS");
    X509_VERIFY_PARAM *verify = SSL_get0_param(client->ssl);
    if (X509_VERIFY_PARAM_set1_ip_asc(verify, host) != 1) {
        /* A name, not a number. */
        if (SSL_set1_host(client->ssl, host) != 1 ||
            SSL_set_tlsext_host_name(client->ssl, host) != 1)
            return sgp_fail(fault, SGP_E_ARGUMENT, "\"%s\" is not a host name", host);
    }
    for (;;) {
        ERR_clear_error();
        int result = SSL_connect(client->ssl);
        if (result == 1)
            return SGP_OK;
        sgp_err err = wait_for_tls(client, result, deadline, fault);
        if (err != SGP_OK)
            return err;
    }
}

static sgp_err connect_tls(sgp_client *client, const char *where, const char *ca_file,
                           int64_t deadline, sgp_fault *fault) {
    char host[200], port[8];
    sgp_err err = split_host(where, host, port, fault);
    if (err != SGP_OK)
        return err;
    struct addrinfo wanted = {.ai_socktype = SOCK_STREAM}, *found = NULL;
    int failed = getaddrinfo(host, port, &wanted, &found);
    if (failed != 0)
        return broken(client, fault, gai_strerror(failed));
    err = SGP_E_NETWORK;
    for (struct addrinfo *at = found; at != NULL && err != SGP_OK; at = at->ai_next) {
        if (client->fd >= 0)
            close(client->fd);
        client->fd = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (client->fd < 0)
            err = broken(client, fault, strerror(errno));
        else
            err = finish_connect(client, connect(client->fd, at->ai_addr, at->ai_addrlen), deadline,
                                 fault);
    }
    freeaddrinfo(found);
    if (err != SGP_OK)
        return err;
    client->broken = false;
    int on = 1;
    setsockopt(client->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return start_tls(client, host, ca_file, deadline, fault);
}

sgp_err sgp_client_open(const sgp_client_options *options, sgp_client **out, sgp_fault *fault) {
    const char *target = options->target;
    sgp_client *client = calloc(1, sizeof *client);
    if (client == NULL)
        return sgp_fail(fault, SGP_E_MEMORY, "no memory for the connection");
    client->fd = -1;
    client->pushes_end = &client->pushes;
    client->timeout_ms = options->timeout_ms > 0 ? options->timeout_ms : USUAL_TIMEOUT_MS;
    snprintf(client->target, sizeof client->target, "%s", target);
    int64_t deadline = deadline_in(client->timeout_ms);
    sgp_err err;
    if (strncmp(target, "unix:", 5) == 0)
        err = connect_unix(client, target + 5, deadline, fault);
    else if (strncmp(target, "tls:", 4) == 0)
        err = connect_tls(client, target + 4, options->ca_file, deadline, fault);
    else if (strchr(target, '/') != NULL)
        err = connect_unix(client, target, deadline, fault);
    else
        err = sgp_fail(fault, SGP_E_ARGUMENT,
                       "\"%s\" is no target; give unix:/path/to/socket or tls:host:port", target);
    if (err != SGP_OK) {
        sgp_client_close(client);
        return err;
    }
    *out = client;
    return SGP_OK;
}

sgp_err sgp_client_connect(const char *target, sgp_client **client, sgp_fault *fault) {
    sgp_client_options options = {.target = target, .ca_file = getenv("SIGAP_CA")};
    return sgp_client_open(&options, client, fault);
}

void sgp_client_close(sgp_client *client) {
    if (client == NULL)
        return;
    if (client->ssl != NULL && !client->broken)
        SSL_shutdown(client->ssl);
    SSL_free(client->ssl);
    SSL_CTX_free(client->context);
    if (client->fd >= 0)
        close(client->fd);
    while (client->pushes != NULL) {
        push *first = client->pushes;
        client->pushes = first->next;
        sigap__v1__frame__free_unpacked(first->frame, NULL);
        free(first);
    }
    free(client->in);
    free(client);
}

int sgp_client_fd(const sgp_client *client) {
    return client->fd;
}

/* ---- bytes --------------------------------------------------------------- */

static sgp_err write_all(sgp_client *client, const uint8_t *bytes, size_t length, int64_t deadline,
                         sgp_fault *fault) {
    while (length > 0) {
        sgp_err err = SGP_OK;
        ssize_t n;
        if (client->ssl != NULL) {
            ERR_clear_error();
            n = SSL_write(client->ssl, bytes, length > INT32_MAX ? INT32_MAX : (int)length);
            if (n <= 0)
                err = wait_for_tls(client, (int)n, deadline, fault);
        } else {
            n = send(client->fd, bytes, length, MSG_NOSIGNAL);
            if (n < 0 && errno != EAGAIN && errno != EINTR)
                err = broken(client, fault, strerror(errno));
            else if (n < 0)
                err = wait_for(client, POLLOUT, deadline, fault);
        }
        if (err == SGP_E_TIMEOUT) /* half a frame is out: nothing can follow it */
            client->broken = true;
        if (err != SGP_OK)
            return err;
        if (n > 0) {
            bytes += n;
            length -= (size_t)n;
        }
    }
    return SGP_OK;
}

/* Reads what is there, at least one byte unless the deadline passes. */
static sgp_err read_some(sgp_client *client, int64_t deadline, sgp_fault *fault) {
    if (client->in_capacity - client->n_in < 4096) {
        size_t capacity = client->in_capacity == 0 ? 16384 : 2 * client->in_capacity;
        uint8_t *in = realloc(client->in, capacity);
        if (in == NULL)
            return sgp_fail(fault, SGP_E_MEMORY, "no memory for a frame");
        client->in = in;
        client->in_capacity = capacity;
    }
    for (;;) {
        sgp_err err = SGP_OK;
        size_t room = client->in_capacity - client->n_in;
        ssize_t n;
        if (client->ssl != NULL) {
            ERR_clear_error();
            n = SSL_read(client->ssl, client->in + client->n_in, (int)room);
            if (n <= 0)
                err = wait_for_tls(client, (int)n, deadline, fault);
        } else {
            n = recv(client->fd, client->in + client->n_in, room, 0);
            if (n == 0)
                err = broken(client, fault, "the engine closed the connection");
            else if (n < 0 && errno != EAGAIN && errno != EINTR)
                err = broken(client, fault, strerror(errno));
            else if (n < 0)
                err = wait_for(client, POLLIN, deadline, fault);
        }
        if (err != SGP_OK)
            return err;
        if (n > 0) {
            client->n_in += (size_t)n;
            return SGP_OK;
        }
    }
}

static sgp_err next_from_wire(sgp_client *client, int64_t deadline, Sigap__V1__Frame **frame,
                              sgp_fault *fault) {
    if (client->broken)
        return sgp_fail(fault, SGP_E_NETWORK, "%s: the connection is closed", client->target);
    for (;;) {
        size_t header, length;
        sgp_err err =
            sgp_frame_peek(client->in, client->n_in, SGP_FRAME_OUT_MAX, &header, &length, fault);
        if (err != SGP_OK) {
            client->broken = true;
            return err;
        }
        if (header > 0 && client->n_in >= header + length) {
            err = sgp_frame_decode(client->in + header, length, frame, fault);
            client->n_in -= header + length;
            memmove(client->in, client->in + header + length, client->n_in);
            if (err != SGP_OK)
                client->broken = true;
            return err;
        }
        err = read_some(client, deadline, fault);
        if (err != SGP_OK)
            return err;
    }
}

/* ---- frames -------------------------------------------------------------- */

sgp_err sgp_client_send(sgp_client *client, Sigap__V1__Frame *request, uint64_t *seq,
                        sgp_fault *fault) {
    if (client->broken)
        return sgp_fail(fault, SGP_E_NETWORK, "%s: the connection is closed", client->target);
    Sigap__V1__Frame frame = *request; /* borrows everything */
    sgp_uuid id;
    if (frame.id.len == 0 && sgp_frame_changes_state(frame.body_case)) {
        id = sgp_uuid_make();
        frame.id.data = id.bytes;
        frame.id.len = sizeof id.bytes;
    }
    frame.seq = 0;
    request->seq = ++client->seq;
    sgp_buffer bytes = {0}, framed = {0};
    sgp_err err = sgp_frame_encode(&frame, &bytes);
    if (err == SGP_OK)
        err = sgp_frame_append(request->seq, bytes.data, bytes.length, &framed);
    if (err != SGP_OK)
        (void)sgp_fail(fault, err, "no memory for a frame");
    else
        err = write_all(client, framed.data, framed.length, deadline_in(client->timeout_ms), fault);
    sgp_buffer_free(&bytes);
    sgp_buffer_free(&framed);
    if (err == SGP_OK && seq != NULL)
        *seq = request->seq;
    return err;
}

static bool take_push(sgp_client *client, Sigap__V1__Frame **frame) {
    push *first = client->pushes;
    if (first == NULL)
        return false;
    client->pushes = first->next;
    if (client->pushes == NULL)
        client->pushes_end = &client->pushes;
    client->n_pushes--;
    *frame = first->frame;
    free(first);
    return true;
}

static sgp_err keep_push(sgp_client *client, Sigap__V1__Frame *frame, sgp_fault *fault) {
    push *last = client->n_pushes < PUSHES_MAX ? malloc(sizeof *last) : NULL;
    if (last == NULL) {
        sigap__v1__frame__free_unpacked(frame, NULL);
        return sgp_fail(fault, SGP_E_FULL, "%s: too many pushed frames wait", client->target);
    }
    last->next = NULL;
    last->frame = frame;
    *client->pushes_end = last;
    client->pushes_end = &last->next;
    client->n_pushes++;
    return SGP_OK;
}

static sgp_err fault_of(const Sigap__V1__Frame *frame, sgp_fault *fault) {
    sgp_err err = sgp_err_from_str(frame->error->code);
    if (err == SGP_OK)
        err = SGP_E_FORMAT;
    return sgp_fail(fault, err, "%s", frame->error->message);
}

sgp_err sgp_client_request(sgp_client *client, Sigap__V1__Frame *request, int64_t timeout_ms,
                           Sigap__V1__Frame **reply, sgp_fault *fault) {
    uint64_t seq = 0;
    int64_t deadline = deadline_in(timeout_ms > 0 ? timeout_ms : client->timeout_ms);
    sgp_err err = sgp_client_send(client, request, &seq, fault);
    while (err == SGP_OK) {
        Sigap__V1__Frame *frame = NULL;
        err = next_from_wire(client, deadline, &frame, fault);
        if (err != SGP_OK)
            return err;
        if (frame->reply_to == seq) {
            if (frame->body_case == SIGAP__V1__FRAME__BODY_ERROR) {
                err = fault_of(frame, fault);
                sigap__v1__frame__free_unpacked(frame, NULL);
                return err;
            }
            if (reply != NULL)
                *reply = frame;
            else
                sigap__v1__frame__free_unpacked(frame, NULL);
            return SGP_OK;
        }
        if (frame->reply_to == 0)
            err = keep_push(client, frame, fault);
        else /* of a request that timed out before */
            sigap__v1__frame__free_unpacked(frame, NULL);
    }
    return err;
}

sgp_err sgp_client_login(sgp_client *client, const char *token, const char *program,
                         Sigap__V1__Frame **welcome, sgp_fault *fault) {
    Sigap__V1__Login login = SIGAP__V1__LOGIN__INIT;
    login.token = (char *)token;
    login.client = (char *)(program != NULL ? program : "");
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT;
    request.body_case = SIGAP__V1__FRAME__BODY_LOGIN;
    request.login = &login;
    Sigap__V1__Frame *reply = NULL;
    sgp_err err = sgp_client_request(client, &request, 0, &reply, fault);
    if (err != SGP_OK)
        return err;
    if (reply->body_case != SIGAP__V1__FRAME__BODY_WELCOME) {
        sigap__v1__frame__free_unpacked(reply, NULL);
        return sgp_fail(fault, SGP_E_FORMAT, "%s: the answer to a login is not a welcome",
                        client->target);
    }
    if (welcome != NULL)
        *welcome = reply;
    else
        sigap__v1__frame__free_unpacked(reply, NULL);
    return SGP_OK;
}

sgp_err sgp_client_next_frame(sgp_client *client, int64_t timeout_ms, Sigap__V1__Frame **frame,
                              sgp_fault *fault) {
    if (take_push(client, frame))
        return SGP_OK;
    return next_from_wire(client, deadline_in(timeout_ms), frame, fault);
}

sgp_err sgp_client_next_push(sgp_client *client, int64_t timeout_ms, Sigap__V1__Frame **frame,
                             sgp_fault *fault) {
    int64_t deadline = deadline_in(timeout_ms);
    for (;;) {
        if (take_push(client, frame))
            return SGP_OK;
        sgp_err err = next_from_wire(client, deadline, frame, fault);
        if (err != SGP_OK)
            return err;
        if ((*frame)->reply_to == 0)
            return SGP_OK;
        sigap__v1__frame__free_unpacked(*frame, NULL);
        *frame = NULL;
    }
}
