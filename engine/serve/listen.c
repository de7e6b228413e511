#include <errno.h>
#include <event2/bufferevent_ssl.h>
#include <stdlib.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "serve/engine_parts.h"

static const int listen_flags = LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC | LEV_OPT_REUSEABLE;

static void refuse_connection(sgp_engine *engine, evutil_socket_t fd) {
    sgp_log(SGP_LOG_WARN, "too_many_sessions", "sessions=%u", engine->n_sessions);
    evutil_closesocket(fd);
}

static void on_unix(struct evconnlistener *listener, evutil_socket_t fd, struct sockaddr *address,
                    int length, void *ctx) {
    (void)listener;
    (void)address;
    (void)length;
    sgp_engine *engine = ctx;
    if (!sgp_sessions_have_room(engine, SGP_SESSION_UNIX)) {
        refuse_connection(engine, fd);
        return;
    }
    struct bufferevent *wire = bufferevent_socket_new(engine->base, fd, BEV_OPT_CLOSE_ON_FREE);
    if (wire == NULL)
        evutil_closesocket(fd);
    else if (sgp_session_create(engine, SGP_SESSION_UNIX, wire) == NULL)
        bufferevent_free(wire);
}

void sgp_listen_tune(evutil_socket_t fd) {
    int on = 1; /* an order must not wait for a fuller packet */
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    /* A telephone that fell out of its network says no goodbye; after two minutes
     * its place among the sessions is free again, and sooner where it was told something. */
    int idle_s = 60, every_s = 15, probes = 4;
    unsigned unheard_ms = SGP_SILENCE_MS;
    setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle_s, sizeof idle_s);
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &every_s, sizeof every_s);
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof probes);
    setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &unheard_ms, sizeof unheard_ms);
    int unsent = SGP_WIRE_AHEAD / 2;
    setsockopt(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent, sizeof unsent);
}

static void on_tls(struct evconnlistener *listener, evutil_socket_t fd, struct sockaddr *address,
                   int length, void *ctx) {
    (void)listener;
    (void)address;
    (void)length;
    sgp_engine *engine = ctx;
    if (!sgp_sessions_have_room(engine, SGP_SESSION_TLS)) {
        refuse_connection(engine, fd);
        return;
    }
    sgp_listen_tune(fd);
    SSL *ssl = SSL_new(engine->tls);
    struct bufferevent *wire =
        ssl == NULL ? NULL
                    : bufferevent_openssl_socket_new(
                          engine->base, fd, ssl, BUFFEREVENT_SSL_ACCEPTING, BEV_OPT_CLOSE_ON_FREE);
    if (wire == NULL) {
        SSL_free(ssl);
        evutil_closesocket(fd);
        return;
    }
    /* Many clients end without a TLS goodbye; that is an end like any other. */
    bufferevent_openssl_set_allow_dirty_shutdown(wire, 1);
    if (sgp_session_create(engine, SGP_SESSION_TLS, wire) == NULL)
        bufferevent_free(wire);
}

static void on_accept_error(struct evconnlistener *listener, void *ctx) {
    (void)ctx;
    sgp_log(SGP_LOG_ERROR, "cannot_accept", "reason=%s",
            SGP_Q(evutil_socket_error_to_string(EVUTIL_SOCKET_ERROR())));
    evconnlistener_disable(listener);
}

void sgp_listen_watch_errors(struct evconnlistener *listener) {
    evconnlistener_set_error_cb(listener, on_accept_error);
}

void sgp_listen_again(sgp_engine *engine) {
    struct evconnlistener *listeners[] = {engine->unix_listener, engine->tls_listener,
                                          engine->http_listener};
    for (size_t i = 0; i < sizeof listeners / sizeof listeners[0]; i++)
        if (listeners[i] != NULL)
            evconnlistener_enable(listeners[i]);
}

static sgp_err listen_unix(sgp_engine *engine, sgp_fault *fault) {
    const char *path = engine->settings->socket;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path)
        return sgp_fail(fault, SGP_E_CONFIG, "the path of the unix socket is too long: %s", path);
    strcpy(address.sun_path, path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return sgp_fail(fault, SGP_E_IO, "cannot make a unix socket: %m");
    /* Whoever holds the journal's lock owns the socket too: an old one is left over. */
    unlink(path);
    mode_t mask = umask(0177);
    int bound = bind(fd, (struct sockaddr *)&address, sizeof address);
    int reason = errno;
    umask(mask);
    if (bound != 0) {
        close(fd);
        errno = reason;
        return sgp_fail(fault, SGP_E_IO, "cannot listen on %s: %m", path);
    }
    engine->unix_listener = evconnlistener_new(engine->base, on_unix, engine,
                                               listen_flags & ~LEV_OPT_REUSEABLE, 256, fd);
    if (engine->unix_listener == NULL) {
        close(fd);
        return sgp_fail(fault, SGP_E_IO, "cannot listen on %s", path);
    }
    sgp_log(SGP_LOG_INFO, "listening", "socket=%s", SGP_Q(path));
    return SGP_OK;
}

static sgp_err listen_tls(sgp_engine *engine, sgp_fault *fault) {
    const sgp_settings *s = engine->settings;
    char port[8];
    snprintf(port, sizeof port, "%u", s->tls_port);
    struct addrinfo wanted = {.ai_flags = AI_PASSIVE | AI_NUMERICHOST, .ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    int failed = getaddrinfo(s->tls_address, port, &wanted, &found);
    if (failed != 0)
        return sgp_fail(fault, SGP_E_CONFIG, "listen.tls.address \"%s\": %s", s->tls_address,
                        gai_strerror(failed));
    engine->tls_listener = evconnlistener_new_bind(engine->base, on_tls, engine, listen_flags, 256,
                                                   found->ai_addr, (int)found->ai_addrlen);
    int reason = errno;
    freeaddrinfo(found);
    if (engine->tls_listener == NULL) {
        errno = reason;
        return sgp_fail(fault, SGP_E_NETWORK, "cannot listen on %s port %s: %m", s->tls_address,
                        port);
    }
    sgp_log(SGP_LOG_INFO, "listening", "tls=%s port=%s", SGP_Q(s->tls_address), port);
    return SGP_OK;
}

sgp_err sgp_listen_start(sgp_engine *engine, sgp_fault *fault) {
    const sgp_settings *s = engine->settings;
    sgp_err err = SGP_OK;
    if (s->certificate[0] != '\0')
        err = sgp_tls_create(s, &engine->tls, fault);
    if (err == SGP_OK && s->socket[0] != '\0')
        err = listen_unix(engine, fault);
    if (err == SGP_OK && s->tls_port != 0)
        err = listen_tls(engine, fault);
    if (engine->unix_listener != NULL)
        sgp_listen_watch_errors(engine->unix_listener);
    if (engine->tls_listener != NULL)
        sgp_listen_watch_errors(engine->tls_listener);
    return err;
}

void sgp_listen_stop(sgp_engine *engine) {
    if (engine->unix_listener != NULL) {
        evconnlistener_free(engine->unix_listener);
        unlink(engine->settings->socket);
    }
    if (engine->tls_listener != NULL)
        evconnlistener_free(engine->tls_listener);
    engine->unix_listener = NULL;
    engine->tls_listener = NULL;
}
