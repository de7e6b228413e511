/* Starts sigapd as a child in a private folder, with a tiny city and without a
 * database, and stops it again. For system tests. */
#ifndef SGP_TEST_ENGINE_CHILD_H
#define SGP_TEST_ENGINE_CHILD_H

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "graph_maker.h"
#include "serve/client.h"
#include "serve/token.h"

typedef struct engine_child {
    char folder[64];
    char config[96];
    char target[128];
    char log[96];
    pid_t pid;
    char dispatcher[SGP_TOKEN_TEXT], viewer[SGP_TOKEN_TEXT], caller[SGP_TOKEN_TEXT];
    char partner[SGP_TOKEN_TEXT];
    char hospital[SGP_TOKEN_TEXT]; /* of RS1 */
    const char *more_hospitals;    /* entries that end in a comma; NULL: none */
    char crew[3][SGP_TOKEN_TEXT];  /* of */
    int http_port, tls_port;       /* 0 = none */
    bool http_tls;                 /* HTTP over TLS too */
    int more_units;                /* B-001, B-002 and so on, off duty */
    const char *more_users;        /* entries that end in a comma; NULL: none */
    bool second_hospital;          /* RS2, in the corner opposite RS1's */
    const char *telephone;         /* of the dispatcher, at an exchange; NULL: none */
} engine_child;

/* A grid of 4 x 4 crossings, about 500 m apart, every street both ways. */
static inline void child_city(const char *path, const char *name) {
    static graph_maker maker;
    maker_begin(&maker);
    for (int row = 0; row < 4; row++)
        for (int column = 0; column < 4; column++)
            maker_vertex(&maker, 1126300000 + 50000 * column, -79700000 + 50000 * row,
                         100 + 10 * row + column);
    for (uint32_t row = 0; row < 4; row++)
        for (uint32_t column = 0; column < 4; column++) {
            uint32_t here = 4 * row + column;
            if (column < 3)
                maker_edge(&maker, here, here + 1, 60000, 60000, NULL, 0, 0, "Jalan Timur",
                           SGP_EDGE_MAIN);
            if (row < 3)
                maker_edge(&maker, here, here + 4, 70000, 70000, NULL, 0, 0, "Jalan Utara",
                           SGP_EDGE_MAIN);
        }
    sgp_fault fault = {0};
    sgp_graph_parts parts = *maker_finish(&maker);
    snprintf(parts.name, sizeof parts.name, "%s", name);
    parts.is_sketch = 1;
    if (sgp_graph_write(path, &parts, NULL, &fault) != SGP_OK) {
        fprintf(stderr, "%s\n", fault.text);
        abort();
    }
}

static inline void child_configure(engine_child *child, const char *more) {
    FILE *file = fopen(child->config, "w");
    if (file == NULL)
        abort();
    const char *f = child->folder;
    fprintf(file, "city = { graph = \"%s/test.sgr\"; };\n", f);
    fprintf(file, "listen = { socket = \"%s/s\";", f);
    if (child->tls_port != 0)
        fprintf(file,
                " tls = { address = \"127.0.0.1\"; port = %d; certificate = \"%s/cert.pem\";"
                " key = \"%s/key.pem\"; };",
                child->tls_port, f, f);
    if (child->http_port != 0)
        fprintf(file, " http = { address = \"127.0.0.1\"; port = %d; tls = %s; };",
                child->http_port, child->http_tls ? "true" : "false");
    fprintf(file, " };\njournal = { path = \"%s/journal\"; key_file = \"%s/key\"; };\n", f, f);
    fprintf(file, "%s\n", more);
    fprintf(file, "users = (\n%s", child->more_users != NULL ? child->more_users : "");
    char hash[SGP_TOKEN_HASH_TEXT];
    sgp_token_make(child->dispatcher, hash);
    fprintf(file,
            "{ name = \"dispatcher\"; role = \"dispatcher\"; token_hash = \"%s\";"
            " telephone = \"%s\"; },\n",
            hash, child->telephone != NULL ? child->telephone : "");
    for (int i = 0; i < 3; i++) {
        sgp_token_make(child->crew[i], hash);
        fprintf(
            file,
            "{ name = \"crew-%d\"; role = \"crew\"; token_hash = \"%s\"; unit = \"A-0%d\"; },\n",
            i + 1, hash, i + 1);
    }
    sgp_token_make(child->caller, hash);
    fprintf(file, "{ name = \"caller\"; role = \"caller\"; token_hash = \"%s\"; },\n", hash);
    sgp_token_make(child->partner, hash);
    fprintf(
        file,
        "{ name = \"partner\"; role = \"partner\"; agency = \"DAMKAR\"; token_hash = \"%s\"; },\n",
        hash);
    sgp_token_make(child->hospital, hash);
    fprintf(
        file,
        "{ name = \"igd-rs1\"; role = \"hospital\"; hospital = \"RS1\"; token_hash = \"%s\"; },\n",
        hash);
    sgp_token_make(child->viewer, hash);
    fprintf(file, "{ name = \"viewer\"; role = \"viewer\"; token_hash = \"%s\"; } );\n", hash);
    fprintf(file, "stations = ( { code = \"S1\"; name = \"Pos Satu\"; lon = 112.630; lat = -7.970;"
                  " agency = \"PSC 119\"; }, { code = \"S2\"; name = \"Pos Dua\"; lon = 112.645;"
                  " lat = -7.955; } );\n");
    fprintf(file, "units = (");
    for (int i = 1; i <= child->more_units; i++)
        fprintf(file, " { code = \"B-%03d\"; kind = \"ambulance_basic\"; station = \"S2\"; },", i);
    fprintf(file, " { code = \"A-01\"; kind = \"ambulance_basic\"; station = \"S1\"; },"
                  " { code = \"A-02\"; kind = \"ambulance_basic\"; station = \"S2\"; },"
                  " { code = \"A-03\"; kind = \"ambulance_advanced\"; station = \"S2\"; } );\n");
    fprintf(file,
            "hospitals = ( %s { code = \"RS1\"; name = \"RS Satu\"; lon = 112.640;"
            " lat = -7.960; beds = 10; trauma = true; }%s );\n",
            child->more_hospitals != NULL ? child->more_hospitals : "",
            child->second_hospital ? ", { code = \"RS2\"; name = \"RS Dua\"; lon = 112.645;"
                                     " lat = -7.970; }"
                                   : "");
    fclose(file);
}

static inline void child_prepare(engine_child *child, const char *more) {
    maker_folder(child->folder);
    snprintf(child->config, sizeof child->config, "%s/sigap.conf", child->folder);
    snprintf(child->target, sizeof child->target, "unix:%s/s", child->folder);
    snprintf(child->log, sizeof child->log, "%s/log", child->folder);
    char graph[96];
    snprintf(graph, sizeof graph, "%s/test.sgr", child->folder);
    child_city(graph, "testville");
    child_configure(child, more);
}

/* Starts the program and waits until it says event=ready, at most a minute. */
static inline void child_start(engine_child *child, const char *program) {
    unlink(child->log);
    child->pid = fork();
    if (child->pid == 0) {
        if (freopen(child->log, "a", stderr) == NULL)
            _exit(99);
        execl(program, program, "--config", child->config, (char *)NULL);
        _exit(99);
    }
    for (int i = 0; i < 6000; i++) {
        struct timespec wait = {0, 10000000};
        nanosleep(&wait, NULL);
        char line[1024];
        FILE *log = fopen(child->log, "r");
        while (log != NULL && fgets(line, sizeof line, log) != NULL)
            if (strstr(line, "event=ready") != NULL) {
                fclose(log);
                return;
            }
        if (log != NULL)
            fclose(log);
        if (waitpid(child->pid, NULL, WNOHANG) == child->pid)
            break;
    }
    fprintf(stderr, "the engine did not start; see %s\n", child->log);
    abort();
}

/* Ends the child with a signal; its exit status as of waitpid. */
static inline int child_stop(engine_child *child, int number) {
    int status = 0;
    kill(child->pid, number);
    waitpid(child->pid, &status, 0);
    child->pid = 0;
    return status;
}

static inline void child_clean(engine_child *child) {
    if (child->pid != 0)
        (void)child_stop(child, SIGKILL);
    if (getenv("SIGAP_KEEP") != NULL) {
        fprintf(stderr, "kept: %s\n", child->folder);
        return;
    }
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", child->folder);
    if (system(command) != 0)
        fprintf(stderr, "%s is left over\n", child->folder);
}

#endif
