/* URLs of the OSRM-compatible service as anybody may send them, answered on a small city.
 *
 * The first byte chooses a beginning, and the second how much of it is kept before the rest
 * of the input takes over, so that random bytes get past the path. Every answer is JSON
 * with a code, whatever came in. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "graph_maker.h"
#include "serve/osrm.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static sgp_graph *graph;
static sgp_metric *metric;
static sgp_query *query;
static sgp_osrm_settings settings;

static sgp_query *take(void *ctx, uint32_t profile, uint32_t without_classes) {
    (void)ctx;
    (void)profile;
    (void)without_classes;
    return query;
}

static void release(void *ctx, uint32_t profile, uint32_t without_classes) {
    (void)ctx;
    (void)profile;
    (void)without_classes;
}

static void open_city(void) {
    static graph_maker maker;
    char folder[64], path[96];
    maker_begin(&maker);
    for (int v = 0; v < 4; v++)
        maker_vertex(&maker, 20000 * (v % 2), 20000 * (v / 2), 1 + v);
    maker_edge(&maker, 0, 1, 9000, 9000, NULL, 0, 0, "Satu", SGP_EDGE_MAIN);
    maker_edge(&maker, 1, 3, 9000, 9000, NULL, 0, 0, "Dua", SGP_EDGE_MAIN);
    maker_edge(&maker, 2, 3, 9000, 9000, NULL, 0, 0, "Tiga", SGP_EDGE_MAIN);
    maker_edge(&maker, 0, 2, 9000, MAKER_NO_ARC, NULL, 0, 0, "Empat", SGP_EDGE_MAIN);
    maker_folder(folder);
    snprintf(path, sizeof path, "%s/g.sgr", folder);
    sgp_fault fault;
    if (sgp_graph_write(path, maker_finish(&maker), NULL, &fault) ||
        sgp_graph_open(path, &graph, &fault) || sgp_metric_create(graph, &metric) ||
        sgp_query_create(metric, &query))
        abort();
    unlink(path);
    rmdir(folder);
    sgp_osrm_settings_default(&settings);
}

static const char *const beginnings[] = {
    "",
    "/route/v1/driving/0.001,0;0.002,0.001?steps=true&annotations=true&overview=full&waypoints=0;1",
    "/route/v1/car/0.001,0;0.002,0.001;0,0.001.json?geometries=geojson&continue_straight=true&"
    "approaches=curb;;opposite",
    "/table/v1/driving/0.001,0;0.002,0.001?sources=0;1&destinations=all&annotations=duration,"
    "distance&fallback_speed=3&scale_factor=2&bearings=90,20;",
    "/nearest/v1/driving/0.001,0?number=3&radiuses=unlimited&hints=",
    "/match/v1/driving/0.001,0;0.002,0?timestamps=1;2&gaps=ignore&tidy=true&radiuses=5;5",
    "/route/v1/driving/polyline(_p~iF~ps%7CU_ulLnnqC)?alternatives=2&exclude=motorway",
    "/table/v1/driving/polyline6(",
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (!graph)
        open_city();
    if (size < 2)
        return 0;
    const char *beginning = beginnings[data[0] % (sizeof beginnings / sizeof beginnings[0])];
    size_t kept = strlen(beginning) * data[1] / 255;
    char *uri = malloc(kept + size);
    if (!uri)
        return 0;
    memcpy(uri, beginning, kept);
    memcpy(uri + kept, data + 2, size - 2);
    uri[kept + size - 2] = '\0';
    sgp_osrm_city city = {graph, &settings, take, release, NULL, NULL};
    int status = 0;
    char *text = sgp_osrm_answer(&city, uri, &status);
    json_t *answer = text ? json_loads(text, 0, NULL) : NULL;
    const char *code = json_string_value(json_object_get(answer, "code"));
    if (!code || (status == 200) != (strcmp(code, "Ok") == 0) || strcmp(code, "InternalError") == 0)
        abort();
    json_decref(answer);
    free(text);
    free(uri);
    return 0;
}
