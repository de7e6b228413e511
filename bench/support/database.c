#include "support/database.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <libpq-fe.h>
#include <sys/wait.h>

#include "gis/import_parts.h"

static char cluster[64], answer[256];

static int postgres(const char *action) {
    char command[512];
    snprintf(command, sizeof command, "'%s/tests/support/postgres.sh' %s %s", SIGAP_SOURCE_DIR,
             action, cluster);
    FILE *pipe = popen(command, "r");
    if (!pipe)
        return 3;
    if (!fgets(answer, sizeof answer, pipe))
        answer[0] = '\0';
    answer[strcspn(answer, "\n")] = '\0';
    int status = pclose(pipe);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 3;
}

static void stop(void) {
    char command[128];
    (void)postgres("stop");
    snprintf(command, sizeof command, "rm -rf %s", cluster);
    if (system(command) != 0)
        fprintf(stderr, "benchmark: cannot remove %s\n", cluster);
}

const char *bench_database(const char *conninfo) {
    const char *given = getenv("SIGAP_DATABASE");
    if (conninfo || (given && *given))
        return conninfo ? conninfo : given;
    snprintf(cluster, sizeof cluster, "/tmp/sgp-bench-pg.XXXXXX");
    if (!mkdtemp(cluster)) {
        perror(cluster);
        exit(3);
    }
    atexit(stop);
    int code = postgres("start");
    if (code != 0) {
        fprintf(stderr, "benchmark: there is no PostgreSQL with PostGIS to ask\n");
        exit(code);
    }
    return answer;
}

void bench_database_forget(const char *conninfo, const sgp_city_id *city) {
    char schema[SGP_SCHEMA_BYTES], sql[400];
    sgp_city_schema(city, schema);
    /* The schema's name is made of hexadecimal digits only. */
    snprintf(sql, sizeof sql,
             "SET client_min_messages = warning; DELETE FROM sigap.city WHERE schema = '%s'; DROP "
             "SCHEMA IF EXISTS %s CASCADE",
             schema, schema);
    PGconn *connection = PQconnectdb(conninfo);
    PGresult *result = PQexec(connection, sql);
    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        fprintf(stderr, "benchmark: %s stays in the database: %s", schema,
                PQerrorMessage(connection));
    PQclear(result);
    PQfinish(connection);
}
