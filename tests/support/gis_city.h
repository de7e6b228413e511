/* A private PostgreSQL and a temporary folder for tests that import a city. */
#ifndef SGP_TESTS_GIS_CITY_H
#define SGP_TESTS_GIS_CITY_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { GIS_SKIPPED = 77 };

typedef struct gis_city {
    char folder[64];  /* graphs and made-up extracts */
    char cluster[64]; /* of postgres.sh */
    char conninfo[256];
} gis_city;

static inline int gis_shell(const char *action, const char *folder, char *line, size_t capacity) {
    char command[512];
    snprintf(command, sizeof command, "%s/tests/support/postgres.sh %s %s", SIGAP_SOURCE_DIR,
             action, folder);
    FILE *pipe = popen(command, "r");
    if (!pipe)
        return 3;
    line[0] = '\0';
    if (!fgets(line, (int)capacity, pipe))
        line[0] = '\0';
    line[strcspn(line, "\n")] = '\0';
    int status = pclose(pipe);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 3;
}

/* 0 = started; otherwise what the program should exit with. */
static inline int gis_city_begin(gis_city *city) {
    char ignored[64];
    if (system("command -v osm2pgsql >/dev/null 2>&1") != 0) {
        fprintf(stderr, "skipped: osm2pgsql is not installed\n");
        return GIS_SKIPPED;
    }
    snprintf(city->folder, sizeof city->folder, "/tmp/sgp-gis.XXXXXX");
    snprintf(city->cluster, sizeof city->cluster, "/tmp/sgp-pg.XXXXXX");
    if (!mkdtemp(city->folder) || !mkdtemp(city->cluster))
        return 3;
    int code = gis_shell("start", city->cluster, city->conninfo, sizeof city->conninfo);
    if (code != 0)
        gis_shell("stop", city->cluster, ignored, sizeof ignored);
    return code;
}

static inline void gis_city_end(gis_city *city) {
    char command[256], ignored[64];
    gis_shell("stop", city->cluster, ignored, sizeof ignored);
    snprintf(command, sizeof command, "rm -rf %s %s", city->folder, city->cluster);
    if (system(command) != 0)
        fprintf(stderr, "could not remove %s\n", city->folder);
}

/* A real extract's path under SIGAP_DATA; false where it is absent. */
static inline bool gis_extract(const char *name, char path[512]) {
    const char *data = getenv("SIGAP_DATA");
    snprintf(path, 512, "%s/osm/%s", data && *data ? data : SIGAP_SOURCE_DIR "/../shared/data",
             name);
    return access(path, R_OK) == 0;
}

#endif
