#include "support/rivals.h"

#include <libpq-fe.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- pgRouting ----------------------------------------------------------------- */

static bool do_sql(PGconn *connection, const char *sql) {
    PGresult *result = PQexec(connection, sql);
    ExecStatusType status = PQresultStatus(result);
    bool good = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_COPY_IN;
    if (!good)
        fprintf(stderr, "pgRouting: %s", PQerrorMessage(connection));
    PQclear(result);
    return good;
}

static bool copy_arcs(PGconn *connection, const sgp_graph_parts *parts) {
    if (!do_sql(connection, "CREATE EXTENSION IF NOT EXISTS pgrouting CASCADE") ||
        !do_sql(connection, "CREATE TEMPORARY TABLE bench_arcs (id bigint, source bigint, "
                            "target bigint, cost float8)") ||
        !do_sql(connection, "COPY bench_arcs FROM STDIN"))
        return false;
    for (uint32_t v = 0; v < parts->n_vertices; v++)
        for (uint32_t a = parts->first_arc[v]; a < parts->first_arc[v + 1]; a++) {
            char line[96];
            if (parts->weight[a] >= SGP_INF)
                continue;
            int length = snprintf(line, sizeof line, "%u\t%u\t%u\t%d\n", a, v, parts->arc_head[a],
                                  parts->weight[a]);
            if (PQputCopyData(connection, line, length) != 1)
                return false;
        }
    if (PQputCopyEnd(connection, NULL) != 1)
        return false;
    PGresult *result = PQgetResult(connection);
    bool good = PQresultStatus(result) == PGRES_COMMAND_OK;
    PQclear(result);
    while ((result = PQgetResult(connection)) != NULL)
        PQclear(result);
    return good && do_sql(connection, "ANALYZE bench_arcs");
}

/* Asks for the first `n` sources; how many answers differ, or -1. */
static int ask(PGconn *connection, const uint32_t *sources, size_t n, uint32_t target,
               const int32_t *expected, int64_t *ns) {
    size_t room = 400 + n * 12;
    char *sql = malloc(room);
    int32_t *answer = malloc(n * sizeof *answer);
    if (!sql || !answer)
        abort();
    size_t at = (size_t)snprintf(sql, room,
                                 "SELECT start_vid, agg_cost FROM pgr_dijkstraCost('SELECT id, "
                                 "source, target, cost FROM bench_arcs', ARRAY[");
    for (size_t i = 0; i < n; i++)
        at += (size_t)snprintf(sql + at, room - at, "%s%u", i ? "," : "", sources[i]);
    snprintf(sql + at, room - at, "]::bigint[], %u::bigint, true)", target);
    int64_t begun = bench_wall_ns();
    PGresult *result = PQexec(connection, sql);
    *ns = bench_wall_ns() - begun;
    int wrong = -1;
    if (PQresultStatus(result) == PGRES_TUPLES_OK) {
        for (size_t i = 0; i < n; i++)
            answer[i] = sources[i] == target ? 0 : SGP_INF;
        for (int row = 0; row < PQntuples(result); row++) {
            uint32_t source = (uint32_t)strtoul(PQgetvalue(result, row, 0), NULL, 10);
            for (size_t i = 0; i < n; i++)
                if (sources[i] == source)
                    answer[i] = (int32_t)(strtod(PQgetvalue(result, row, 1), NULL) + 0.5);
        }
        wrong = 0;
        for (size_t i = 0; i < n; i++)
            wrong += answer[i] != expected[i];
    } else
        fprintf(stderr, "pgRouting: %s", PQerrorMessage(connection));
    PQclear(result);
    free(answer);
    free(sql);
    return wrong;
}

int bench_pgrouting(bench_sheet *sheet, const char *conninfo, const sgp_graph_parts *parts,
                    const uint32_t *sources, size_t n_sources, uint32_t target,
                    const int32_t *expected) {
    PGconn *connection = PQconnectdb(conninfo);
    int wrong = -1;
    if (PQstatus(connection) != CONNECTION_OK)
        fprintf(stderr, "pgRouting: %s", PQerrorMessage(connection));
    else if (copy_arcs(connection, parts)) {
        static const size_t counts[] = {1, 100, 1000};
        wrong = 0;
        for (size_t i = 0; i < 3 && wrong >= 0; i++) {
            if (counts[i] > n_sources)
                break;
            int64_t ns;
            int differ = ask(connection, sources, counts[i], target, expected, &ns);
            wrong = differ < 0 ? -1 : wrong + differ;
            char key[40];
            snprintf(key, sizeof key, "pgrouting_%zu_ms", counts[i]);
            if (differ >= 0)
                bench_put(sheet, key, (double)ns / 1e6,
                          "pgr_dijkstraCost, %zu sources to one target, %d differ", counts[i],
                          differ);
        }
    }
    PQfinish(connection);
    return wrong;
}

/* ---- Routino ------------------------------------------------------------------- */

static bool run(const char *command) {
    int code = system(command);
    return code != -1 && WIFEXITED(code) && WEXITSTATUS(code) == 0;
}

bool bench_routino(bench_sheet *sheet, const char *extract, const char *folder,
                   const sgp_point *points, size_t n) {
    char command[1200];
    if (!run("command -v planetsplitter >/dev/null 2>&1 && command -v routino-router "
             ">/dev/null 2>&1")) {
        fprintf(stderr, "Routino is not installed: not compared\n");
        return false;
    }
    snprintf(command, sizeof command,
             "cd '%s' && planetsplitter --dir=. --prefix=bench "
             "--tagging=/usr/share/routino/tagging.xml '%s' >routino.log 2>&1",
             folder, extract);
    int64_t begun = bench_wall_ns();
    if (!run(command)) {
        fprintf(stderr, "Routino could not read %s: not compared\n", extract);
        return false;
    }
    bench_put(sheet, "routino_import_s", (double)(bench_wall_ns() - begun) / 1e9,
              "planetsplitter on the same extract");
    bench_samples samples = {0};
    size_t failed = 0;
    for (size_t i = 0; i + 1 < n; i += 2) {
        snprintf(command, sizeof command,
                 "cd '%s' && routino-router --dir=. --prefix=bench "
                 "--profiles=/usr/share/routino/profiles.xml --profile=motorcar --quickest "
                 "--lon1=%.7f --lat1=%.7f --lon2=%.7f --lat2=%.7f --output-none --quiet "
                 ">/dev/null 2>&1",
                 folder, sgp_lon(points[i]), sgp_lat(points[i]), sgp_lon(points[i + 1]),
                 sgp_lat(points[i + 1]));
        begun = bench_wall_ns();
        bool good = run(command);
        if (good)
            bench_add(&samples, bench_wall_ns() - begun);
        failed += !good;
    }
    bench_put(sheet, "routino_p2p_ms", bench_median_ns(&samples) / 1e6,
              "routino-router, one process a pair, %zu pairs, %zu failed", n / 2, failed);
    bench_forget(&samples);
    return true;
}
