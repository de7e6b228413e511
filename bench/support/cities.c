#include "support/cities.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/sheet.h"

static char folder[128];

static void remove_folder(void) {
    char command[200];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    if (folder[0] && system(command) != 0)
        fprintf(stderr, "benchmark: cannot remove %s\n", folder);
}

static void on_signal(int number) {
    exit(128 + number);
}

const char *bench_folder(void) {
    if (folder[0])
        return folder;
    const char *parent = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%.80s/sigap-bench-XXXXXX",
             parent && *parent ? parent : "/tmp");
    if (!mkdtemp(folder)) {
        perror(folder);
        exit(3);
    }
    atexit(remove_folder);
    signal(SIGINT, on_signal);
    signal(SIGTERM, on_signal);
    return folder;
}

static const char *data_folder(void) {
    const char *data = getenv("SIGAP_DATA");
    return data && *data ? data : "../shared/data";
}

/* Runs a program of ours that lies beside this one. */
static void run_beside(const char *program, const char *arguments) {
    char self[512], command[4096];
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    if (length < 0)
        exit(3);
    self[length] = '\0';
    *strrchr(self, '/') = '\0';
    snprintf(command, sizeof command, "'%s/%s' %s >'%s/log' 2>&1", self, program, arguments,
             folder);
    if (system(command) != 0) {
        fprintf(stderr, "benchmark: this failed: %s\n", command);
        snprintf(command, sizeof command, "tail -5 '%s/log' >&2", folder);
        if (system(command) != 0)
            fprintf(stderr, "benchmark: and its log cannot be read\n");
        exit(3);
    }
}

static bool present(const char *path) {
    if (access(path, R_OK) == 0)
        return true;
    fprintf(stderr, "benchmark: %s is not there: left out\n", path);
    return false;
}

static bool import_dimacs(bench_city *city, const char *options) {
    char points[512], arguments[2400];
    snprintf(city->source, sizeof city->source, "%s/graphs/USA-road-t.NY.gr.gz", data_folder());
    snprintf(points, sizeof points, "%s/graphs/USA-road-d.NY.co.gz", data_folder());
    if (!present(city->source) || !present(points))
        return false;
    snprintf(arguments, sizeof arguments, "import --dimacs '%s' --coords '%s' -o '%s' %s",
             city->source, points, city->graph, options);
    run_beside("sigap", arguments);
    return true;
}

static bool import_extract(bench_city *city, const char *options) {
    char arguments[2400];
    if (!present(city->source))
        return false;
    snprintf(arguments, sizeof arguments,
             "import --graph-only --name '%s' --graph-dir '%s' %s '%s'", city->name, folder,
             options, city->source);
    run_beside("sigap", arguments);
    return true;
}

static bool is_graph_file(const char *name) {
    size_t length = strlen(name);
    return length > 4 && strcmp(name + length - 4, ".sgr") == 0;
}

bool bench_city_make(const char *name, const char *options, bench_city *city) {
    *city = (bench_city){0};
    bench_folder();
    if (is_graph_file(name)) {
        const char *base = strrchr(name, '/') ? strrchr(name, '/') + 1 : name;
        snprintf(city->name, sizeof city->name, "%.*s", (int)(strlen(base) - 4), base);
        snprintf(city->graph, sizeof city->graph, "%s", name);
        return present(name);
    }
    snprintf(city->name, sizeof city->name, "%s", name);
    snprintf(city->graph, sizeof city->graph, "%s/%s.sgr", folder, name);
    bool made;
    int64_t begun = bench_wall_ns();
    if (strcmp(name, "ny") == 0)
        made = import_dimacs(city, options);
    else if (strcmp(name, "porto") == 0) {
        snprintf(city->source, sizeof city->source, "%s/osm/porto_portugal.osm.pbf", data_folder());
        made = import_extract(city, options);
    } else if (strcmp(name, "sketch") == 0) {
        char arguments[700];
        snprintf(city->source, sizeof city->source, "%s/sketch.osm.pbf", folder);
        snprintf(arguments, sizeof arguments, "--seed 112 '%s'", city->source);
        run_beside("sigap-sketch", arguments);
        begun = bench_wall_ns();
        made = import_extract(city, options);
    } else {
        fprintf(stderr, "benchmark: '%s' is none of ny, porto, sketch, nor a file .sgr\n", name);
        exit(2);
    }
    city->import_s = (double)(bench_wall_ns() - begun) / 1e9;
    return made;
}
