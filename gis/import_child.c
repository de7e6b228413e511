#include "gis/import_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"

enum {
    ENVIRONMENT_MAX = 512,
    LINE_BYTES = 512,
    POLL_MS = 100,
    KILL_AFTER_US = 5000000 /* patience with a child that was asked to end */
};
static const char PHASE[] = "osm2pgsql";

/* ---- environment -------------------------------------------------------------- */

typedef struct environment {
    char *list[ENVIRONMENT_MAX + 1];
    size_t n;
} environment;

static void environment_free(environment *env) {
    for (size_t i = 0; i < env->n; i++)
        free(env->list[i]);
    env->n = 0;
}

static bool environment_set(environment *env, const char *name, const char *value) {
    char *entry = NULL;
    if (asprintf(&entry, "%s=%s", name, value) < 0)
        return false;
    size_t length = strlen(name) + 1;
    for (size_t i = 0; i < env->n; i++)
        if (strncmp(env->list[i], entry, length) == 0) {
            free(env->list[i]);
            env->list[i] = entry;
            return true;
        }
    if (env->n == ENVIRONMENT_MAX) {
        free(entry);
        return false;
    }
    env->list[env->n++] = entry;
    return true;
}

/* The connection goes to the child by environment, never by argument: arguments
 * can be read by every user of the machine, and there may be a password. */
static sgp_err environment_make(const char *conninfo, environment *env, sgp_fault *fault) {
    for (char **at = environ; *at && env->n < ENVIRONMENT_MAX; at++) {
        if (strncmp(*at, "PG", 2) == 0 && strncmp(*at, "PGPASS", 6) != 0 &&
            strncmp(*at, "PGSSL", 5) != 0 && strncmp(*at, "PGSERVICE", 9) != 0 &&
            strncmp(*at, "PGHOST", 6) != 0 && strncmp(*at, "PGPORT", 6) != 0 &&
            strncmp(*at, "PGUSER", 6) != 0 && strncmp(*at, "PGDATABASE", 10) != 0)
            continue; /* PGOPTIONS and the like could turn the child's sessions about */
        char *copy = strdup(*at);
        if (!copy)
            return sgp_fail(fault, SGP_E_MEMORY, "no memory left");
        env->list[env->n++] = copy;
    }
    char *message = NULL;
    PQconninfoOption *options = PQconninfoParse(conninfo, &message);
    if (!options) {
        sgp_fail(fault, SGP_E_ARGUMENT, "the database setting cannot be read: %.120s",
                 message ? message : "no memory left");
        PQfreemem(message);
        return SGP_E_ARGUMENT;
    }
    bool fits = true;
    for (PQconninfoOption *option = options; option->keyword; option++)
        if (option->val && option->envvar)
            fits = fits && environment_set(env, option->envvar, option->val);
    PQconninfoFree(options);
    fits = fits && environment_set(env, "SIGAP_IMPORT_SCHEMA", SGP_STAGING_SCHEMA);
    env->list[env->n] = NULL;
    return fits ? SGP_OK : sgp_fail(fault, SGP_E_FULL, "too many environment variables");
}

/* ---- what the child says ---------------------------------------------------------- */

typedef struct listener {
    const sgp_import_child *child;
    char line[LINE_BYTES];
    size_t length;
    uint64_t done;
    char complaint[160]; /* the last line that tells of an error, without its time stamp */
} listener;

/* "Processing: Node(348k 348.0k/s) Way(0k 0.00k/s) Relation(0 0.0/s)" */
static uint64_t count_after(const char *line, const char *word) {
    const char *at = strstr(line, word);
    if (!at)
        return 0;
    char *end;
    unsigned long long value = strtoull(at + strlen(word), &end, 10);
    return *end == 'k' ? value * 1000 : value;
}

static void hear_line(listener *ear) {
    ear->line[ear->length] = '\0';
    ear->length = 0;
    const char *text = ear->line;
    if (strstr(text, "Node(") || strstr(text, "Way("))
        ear->done =
            count_after(text, "Node(") + count_after(text, "Way(") + count_after(text, "Relation(");
    /* "2026-11-22 03:40:56  ERROR: …" */
    const char *error = strstr(text, "ERROR: ");
    if (error)
        snprintf(ear->complaint, sizeof ear->complaint, "%.150s", error + 7);
    else if (*text && !ear->complaint[0] && strstr(text, "rror"))
        snprintf(ear->complaint, sizeof ear->complaint, "%.150s", text);
}

static void hear(listener *ear, const char *bytes, size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (bytes[i] == '\n' || bytes[i] == '\r')
            hear_line(ear);
        else if (ear->length + 1 < sizeof ear->line)
            ear->line[ear->length++] = bytes[i];
    }
}

/* ---- the child ---------------------------------------------------------------------- */

static void become_osm2pgsql(const sgp_import_child *child, environment *env, int output) {
    char cache[16];
    snprintf(cache, sizeof cache, "%d", child->memory_mb);
    const char *arguments[] = {"osm2pgsql",
                               "--create",
                               "-O",
                               "flex",
                               "-S",
                               child->style,
                               "-C",
                               cache,
                               "--input-reader=pbf",
                               "--number-processes=1",
                               "--log-progress=true",
                               child->extract,
                               NULL};
    /* A group of its own: Ctrl-C reaches the import, which then ends the child in order. */
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    int nothing = open("/dev/null", O_RDONLY);
    if (nothing < 0 || dup2(nothing, 0) < 0 || dup2(output, 1) < 0 || dup2(output, 2) < 0)
        _exit(126);
    execvpe(arguments[0], (char *const *)(uintptr_t)arguments, env->list);
    _exit(127);
}

static sgp_err listen_to(int input, pid_t pid, listener *ear, sgp_fault *fault) {
    sgp_err err = SGP_OK;
    int64_t asked_to_end_us = 0;
    for (;;) {
        struct pollfd readable = {.fd = input, .events = POLLIN};
        if (poll(&readable, 1, POLL_MS) > 0) {
            char bytes[4096];
            ssize_t n = read(input, bytes, sizeof bytes);
            if (n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN))
                return err;
            if (n > 0)
                hear(ear, bytes, (size_t)n);
        }
        if (err == SGP_OK) {
            uint64_t total = ear->child->elements;
            err = sgp_import_report(ear->child->progress, PHASE,
                                    ear->done < total ? ear->done : total, total, fault);
            if (err != SGP_OK) {
                kill(pid, SIGTERM);
                asked_to_end_us = sgp_monotonic_us();
            }
        } else if (sgp_monotonic_us() - asked_to_end_us > KILL_AFTER_US) {
            kill(pid, SIGKILL);
        }
    }
}

sgp_err sgp_import_child_run(const sgp_import_child *child, int64_t *peak_memory_kb,
                             sgp_fault *fault) {
    environment env = {.n = 0};
    sgp_err err = environment_make(child->conninfo, &env, fault);
    int ends[2];
    if (err == SGP_OK && pipe2(ends, O_CLOEXEC) != 0)
        err = sgp_fail(fault, SGP_E_IO, "cannot start osm2pgsql: %s", strerror(errno));
    if (err != SGP_OK) {
        environment_free(&env);
        return err;
    }
    pid_t pid = fork();
    if (pid == 0)
        become_osm2pgsql(child, &env, ends[1]);
    int fork_error = errno;
    environment_free(&env);
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        return sgp_fail(fault, SGP_E_IO, "cannot start osm2pgsql: %s", strerror(fork_error));
    }
    listener ear = {.child = child};
    err = listen_to(ends[0], pid, &ear, fault);
    close(ends[0]);
    int status = 0;
    struct rusage used;
    while (wait4(pid, &status, 0, &used) < 0 && errno == EINTR)
        ;
    *peak_memory_kb = used.ru_maxrss;
    if (err != SGP_OK)
        return err;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
        return sgp_fail(fault, SGP_E_IO,
                        "osm2pgsql is not installed: install the package osm2pgsql");
    if (WIFSIGNALED(status))
        return sgp_fail(
            fault, SGP_E_IO, "osm2pgsql was ended by signal %d%s; the former city stays in service",
            WTERMSIG(status),
            WTERMSIG(status) == SIGKILL ? " (out of memory? try a smaller --memory)" : "");
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return sgp_fail(fault, SGP_E_DATABASE, "osm2pgsql failed: %s",
                        ear.complaint[0] ? ear.complaint : "it gave no reason");
    return sgp_import_report(child->progress, PHASE, child->elements, child->elements, fault);
}
