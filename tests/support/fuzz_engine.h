/* A whole engine within a fuzz target: a tiny city, a journal in memory's file system, HTTP and
 * WebSocket on loopback, two users whose tokens are "D" (dispatcher) and "C" (crew of A-01). A run
 * is one connection; bytes go in piece by piece, and the loop turns until nothing is left to do.
 * The engine stays from run to run, as in service: a run that harms the next is a finding too. */
#ifndef SGP_TEST_FUZZ_ENGINE_H
#define SGP_TEST_FUZZ_ENGINE_H

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "base/log.h"
#include "engine_child.h"
#include "serve/engine_parts.h"

enum { FUZZ_RUNS_MAX = 20000 }; /* then it starts anew, or its world would grow for hours */

typedef struct fuzz_engine {
    char folder[64];
    int port;
    sgp_settings settings;
    sgp_engine *engine;
    unsigned runs;
} fuzz_engine;

static fuzz_engine fuzzed;

static inline void fuzz_must(bool is, const char *what) {
    if (!is) {
        fprintf(stderr, "fuzz_engine: %s\n", what);
        abort();
    }
}

static inline void fuzz_write_config(const char *path) {
    uint8_t hash[2][SGP_TOKEN_HASH];
    char text[2][SGP_TOKEN_HASH_TEXT];
    sgp_token_hash("D", hash[0]);
    sgp_token_hash("C", hash[1]);
    for (int who = 0; who < 2; who++)
        for (int i = 0; i < SGP_TOKEN_HASH; i++)
            snprintf(text[who] + 2 * i, 3, "%02x", hash[who][i]);
    FILE *file = fopen(path, "w");
    fuzz_must(file != NULL, "no configuration");
    fprintf(file,
            "city = { graph = \"%s/test.sgr\"; };\n"
            "listen = { http = { address = \"127.0.0.1\"; port = %d; tls = false; }; };\n"
            "journal = { path = \"%s/journal\"; key_file = \"%s/key\"; };\n"
            "users = ( { name = \"d\"; role = \"dispatcher\"; token_hash = \"%s\"; },\n"
            "{ name = \"c\"; role = \"crew\"; unit = \"A-01\"; token_hash = \"%s\"; } );\n"
            "stations = ( { code = \"S1\"; name = \"Pos\"; lon = 112.630; lat = -7.970; agency = "
            "\"PSC\"; } );\n"
            "units = ( { code = \"A-01\"; kind = \"ambulance_basic\"; station = \"S1\"; } );\n",
            fuzzed.folder, fuzzed.port, fuzzed.folder, fuzzed.folder, text[0], text[1]);
    fclose(file);
}

static inline void fuzz_engine_stop(void) {
    if (fuzzed.engine == NULL)
        return;
    sgp_engine_destroy(fuzzed.engine);
    sgp_settings_free(&fuzzed.settings);
    fuzzed.engine = NULL;
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", fuzzed.folder);
    fuzz_must(system(command) == 0, "the folder is left over");
}

static inline int fuzz_port(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    fuzz_must(bind(fd, (struct sockaddr *)&address, size) == 0 &&
                  getsockname(fd, (struct sockaddr *)&address, &size) == 0,
              "no port");
    close(fd);
    return ntohs(address.sin_port);
}

static inline void fuzz_engine_start(void) {
    static bool known;
    if (!known) {
        known = true;
        signal(SIGPIPE, SIG_IGN);
        atexit(fuzz_engine_stop);
        sgp_log_set_level(SGP_LOG_ERROR); /* else it would be most of the work */
    }
    maker_folder(fuzzed.folder);
    char path[96];
    snprintf(path, sizeof path, "%s/test.sgr", fuzzed.folder);
    child_city(path, "testville");
    fuzzed.port = fuzz_port();
    snprintf(path, sizeof path, "%s/sigap.conf", fuzzed.folder);
    fuzz_write_config(path);
    sgp_fault fault = {0};
    if (sgp_settings_load(path, &fuzzed.settings, &fault) != SGP_OK ||
        sgp_engine_create(&fuzzed.settings, &fuzzed.engine, &fault) != SGP_OK)
        fuzz_must(false, fault.text);
}

static inline void fuzz_turn(void) {
    for (int i = 0; i < 3; i++)
        event_base_loop(fuzzed.engine->base, EVLOOP_NONBLOCK);
}

static inline int fuzz_connect(void) {
    if (fuzzed.runs++ % FUZZ_RUNS_MAX == 0) {
        fuzz_engine_stop();
        fuzz_engine_start();
    }
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)fuzzed.port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    fuzz_must(fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) == 0,
              "cannot connect");
    fcntl(fd, F_SETFL, O_NONBLOCK);
    /* Ends at once, so that thousands of ends do not fill the system's tables. */
    struct linger now = {1, 0};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    fuzz_turn();
    return fd;
}

/* What comes back is thrown away. */
static inline void fuzz_say(int fd, const uint8_t *bytes, size_t length) {
    static uint8_t heard[1 << 16];
    while (length > 0) {
        ssize_t n = send(fd, bytes, length, MSG_NOSIGNAL);
        if (n > 0) {
            bytes += n;
            length -= (size_t)n;
        } else if (errno != EAGAIN) {
            break; /* the engine has hung up */
        }
        fuzz_turn();
        while (recv(fd, heard, sizeof heard, 0) > 0)
            ;
    }
}

static inline void fuzz_end(int fd) {
    close(fd);
    fuzz_turn();
}

#endif
