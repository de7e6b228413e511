/* The opener of road graph files, and whatever an opened one is then asked.
 *
 * The first byte chooses: even, the rest is a file as it stands; odd, the rest is
 * a list of edits (2 bytes where, 1 byte what) to a good file, whose checksums are
 * then made right again, because checksums would else keep every input out.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <sodium.h>

#include "graph_maker.h"
#include "route/graph_format.h"
#include "route/junctions.h"
#include "sigap/router.h"

enum { PLACES = 3 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t good[64 * 1024];
static size_t good_length;

static void make_good(void) {
    static graph_maker maker;
    maker_begin(&maker);
    uint32_t a = maker_vertex(&maker, 1126300000, -79600000, 1);
    uint32_t b = maker_vertex(&maker, 1126310000, -79600000, 2);
    uint32_t c = maker_vertex(&maker, 1126310000, -79600000, 2);
    uint32_t d = maker_vertex(&maker, 1126310000, -79610000, 3);
    sgp_point bends[20];
    for (int i = 0; i < 20; i++)
        bends[i] = (sgp_point){1126300000 + 500 * i, -79600000 - 300 * (i % 3)};
    maker_edge(&maker, a, b, 100, 100, bends, 20, 0, "Jalan Ijen", SGP_EDGE_MAIN);
    maker_edge(&maker, c, d, 70, MAKER_NO_ARC, NULL, 0, 0, "", SGP_EDGE_MAIN);
    maker_edge(&maker, d, a, 0, SGP_INF, bends, 5, 0, "Gang I", SGP_EDGE_MAIN);
    maker_edge(&maker, d, d, 9, 9, bends, 2, 0, "Gang I", 0);
    maker_connector(&maker, b, c, 30);
    uint32_t door = maker_foot_vertex(&maker, 1126300000, -79600000);
    uint32_t home = maker_foot_vertex(&maker, 1126301000, -79601000);
    maker_named_foot_way(&maker, door, home, 80000, 80000, "Gang II");
    maker_foot_door(&maker, door, 0, 0);
    sgp_graph_parts parts = *maker_finish(&maker);
    parts.places = maker_places();
    char path[64];
    char folder[64];
    maker_folder(folder);
    snprintf(path, sizeof path, "%.40s/good.sgr", folder);
    sgp_fault fault = {0};
    FILE *file = NULL;
    if (sodium_init() < 0 || sgp_graph_write(path, &parts, NULL, &fault) != SGP_OK ||
        !(file = fopen(path, "rb"))) {
        fprintf(stderr, "%s\n", fault.text);
        abort();
    }
    good_length = fread(good, 1, sizeof good, file);
    fclose(file);
    unlink(path);
    rmdir(folder);
}

static void sign(uint8_t *bytes, size_t length) {
    sgp_file_header header;
    memcpy(&header, bytes, sizeof header);
    crypto_generichash(header.body_hash, sizeof header.body_hash, bytes + SGP_GRAPH_HEADER_BYTES,
                       length - SGP_GRAPH_HEADER_BYTES, NULL, 0);
    memset(header.header_hash, 0, sizeof header.header_hash);
    memcpy(bytes, &header, sizeof header);
    crypto_generichash(header.header_hash, sizeof header.header_hash, bytes, SGP_GRAPH_HEADER_BYTES,
                       NULL, 0);
    memcpy(bytes, &header, sizeof header);
}

static void ask_names(const sgp_graph_parts *parts) {
    const sgp_graph_places *places = &parts->places;
    size_t length = 0;
    for (uint32_t i = 0; i < places->n_places; i++)
        length += strlen(places->texts + places->places[i].own);
    for (int32_t lat_e7 = -79620000; lat_e7 < -79580000; lat_e7 += 2500) {
        const sgp_graph_district *district =
            sgp_graph_district_at(places, (sgp_point){1126305000, lat_e7});
        length += district ? strlen(places->texts + district->kelurahan) : 0;
    }
    sgp_junctions junctions;
    if (sgp_junctions_find(parts, &junctions) != SGP_OK)
        return;
    for (size_t i = 0; i < junctions.n_names; i++)
        length += strlen(parts->names + junctions.names[i]);
    if (length > (1u << 24))
        abort();
    sgp_junctions_free(&junctions);
}

static void ask(const sgp_graph *graph) {
    sgp_metric *metric = NULL;
    sgp_query *query = NULL;
    sgp_snap snaps[PLACES];
    sgp_source sources[PLACES];
    int64_t ms[PLACES * PLACES];
    size_t n = 0;
    if (sgp_graph_snap(graph, (sgp_point){1126305000, -79601000}, 1e6, snaps, PLACES, &n) ||
        sgp_metric_create(graph, &metric) || sgp_query_create(metric, &query))
        n = 0;
    for (size_t i = 0; i < n; i++)
        sources[i] = (sgp_source){.from = snaps[i], .penalty_ms = (int64_t)i};
    if (n > 0 && sgp_query_matrix(query, sources, n, snaps, n, ms) != SGP_OK)
        abort(); /* what snapping gives, queries take */
    for (size_t i = 0; i < n; i++) {
        sgp_route route = {0};
        if (sgp_query_route(query, &sources[i], &snaps[n - 1 - i], &route) != SGP_OK ||
            route.duration_ms != ms[i * n + n - 1 - i])
            abort();
        sgp_route_free(&route);
    }
    for (uint32_t e = 0; e < sgp_graph_get(graph)->n_edges; e++)
        if (strlen(sgp_graph_edge_name(graph, e)) > sgp_graph_get(graph)->names_length)
            abort();
    sgp_query_destroy(query);
    sgp_metric_destroy(metric);
    ask_names(sgp_graph_get(graph));
}

static void open_file(const uint8_t *bytes, size_t length) {
    char path[64];
    int descriptor = memfd_create("fuzz", 0);
    if (descriptor < 0 || write(descriptor, bytes, length) != (ssize_t)length)
        abort();
    snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
    sgp_graph *graph = NULL;
    sgp_fault fault = {0};
    if (sgp_graph_open(path, &graph, &fault) == SGP_OK)
        ask(graph);
    else if (fault.text[0] == '\0')
        abort();
    sgp_graph_close(graph);
    close(descriptor);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (good_length == 0)
        make_good();
    if (size == 0)
        return 0;
    if (data[0] % 2 == 0) {
        open_file(data + 1, size - 1);
        return 0;
    }
    static uint8_t changed[sizeof good];
    memcpy(changed, good, good_length);
    for (size_t i = 1; i + 3 <= size; i += 3)
        changed[(size_t)(data[i] << 8 | data[i + 1]) % good_length] = data[i + 2];
    memcpy(changed, good,
           offsetof(sgp_file_header, city)); /* the checks in front of the checksums */
    sign(changed, good_length);
    open_file(changed, good_length);
    return 0;
}
