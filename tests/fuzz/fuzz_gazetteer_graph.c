/* The gazetteer over a graph file that somebody changed, and whatever it is then asked.
 *
 * Every three bytes are an edit (2 bytes where, 1 byte what) to the places and names of a good
 * file; what the opener lets through must be built and answered.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <sodium.h>

#include "gis/gazetteer_graph.h"
#include "graph_maker.h"
#include "route/graph_format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t good[64 * 1024];
static size_t good_length;

static void make_good(void) {
    static graph_maker maker;
    maker_begin(&maker);
    uint32_t a = maker_vertex(&maker, 1126295000, -79600000, 1);
    uint32_t b = maker_vertex(&maker, 1126310000, -79600000, 2);
    uint32_t c = maker_vertex(&maker, 1126310000, -79607000, 3);
    uint32_t d = maker_vertex(&maker, 1126311000, -79599000, 4);
    maker_edge(&maker, a, b, 100, 100, NULL, 0, 0, "Jalan Ijen", SGP_EDGE_MAIN);
    maker_edge(&maker, b, c, 70, MAKER_NO_ARC, NULL, 0, 0, "Jl. Semeru", SGP_EDGE_MAIN);
    maker_edge(&maker, b, d, 70, 70, NULL, 0, 0, "Gang I", SGP_EDGE_MAIN | SGP_EDGE_ROUNDABOUT);
    uint32_t door = maker_foot_vertex(&maker, 1126310000, -79607000);
    uint32_t home = maker_foot_vertex(&maker, 1126301000, -79601000);
    maker_named_foot_way(&maker, door, home, 80000, 80000, "Gang II");
    maker_foot_door(&maker, door, 1, 0);
    sgp_graph_parts parts = *maker_finish(&maker);
    parts.places = maker_places();
    char path[64], folder[64];
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

static sgp_thing things[SGP_ASK_THINGS_MAX];
static size_t n_things;

static void take(void *ctx, sgp_err err, const sgp_gazetteer_answer *answers, size_t n) {
    size_t *length = ctx;
    for (size_t i = 0; i < n && err == SGP_OK; i++) {
        for (size_t k = 0; k < answers[i].n && answers[i].names; k++) {
            const sgp_name_row *row = &answers[i].names[k];
            *length += strlen(row->label) + strlen(row->sort) + strlen(row->kelurahan) +
                       strlen(row->kabupaten);
            for (size_t w = 0; w < row->n_own; w++)
                *length += row->own[w];
            for (size_t w = 0; w < row->n_context; w++)
                *length += row->context[w];
            if (n_things < SGP_ASK_THINGS_MAX)
                things[n_things++] = row->thing;
        }
        for (size_t k = 0; k < answers[i].n && answers[i].junctions; k++)
            *length +=
                strlen(answers[i].junctions[k].name_a) + strlen(answers[i].junctions[k].name_b);
        for (size_t k = 0; k < answers[i].n && answers[i].around; k++)
            *length += strlen(answers[i].around[k].street);
        for (size_t k = 0; k < answers[i].n && answers[i].districts; k++)
            *length += strlen(answers[i].districts[k].kecamatan);
    }
}

static void ask_all(const sgp_gazetteer *gazetteer) {
    static const char *const said[] = {"ijen", "gang", "rssa", "klojen"};
    const sgp_point here = {1126300000, -79600000};
    sgp_reading readings[SGP_ASK_READINGS_MAX];
    const sgp_vocabulary *vocabulary = gazetteer->vocabulary(gazetteer->self);
    size_t n = sgp_vocabulary_read(vocabulary, said, 4, readings, SGP_ASK_READINGS_MAX);
    static sgp_gazetteer_ask asks[8];
    size_t length = 0;
    memset(asks, 0, sizeof asks);
    for (int i = 0; i < 8; i++) {
        asks[i] = (sgp_gazetteer_ask){.question = (sgp_gazetteer_question)i,
                                      .readings = readings,
                                      .n_readings = n,
                                      .required = 15,
                                      .unfinished = "se",
                                      .limit = 50,
                                      .points = {here},
                                      .n_points = 1,
                                      .radius_m = 500};
        memcpy(asks[i].things[0], things, sizeof things);
        memcpy(asks[i].things[1], things, sizeof things);
        asks[i].n_things[0] = asks[i].n_things[1] = n_things;
    }
    if (gazetteer->ask(gazetteer->self, asks, 8, take, &length, NULL) != SGP_OK)
        abort();
}

static void open_file(const uint8_t *bytes, size_t length) {
    char path[64];
    int descriptor = memfd_create("fuzz", 0);
    if (descriptor < 0 || write(descriptor, bytes, length) != (ssize_t)length)
        abort();
    snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
    sgp_graph *graph = NULL;
    sgp_gazetteer_graph *made = NULL;
    sgp_fault fault = {0};
    n_things = 0;
    if (sgp_graph_open(path, &graph, &fault) == SGP_OK &&
        sgp_gazetteer_graph_create(graph, &made) == SGP_OK &&
        sgp_gazetteer_graph_wait(made) == SGP_OK) {
        ask_all(sgp_gazetteer_graph_get(made));
        ask_all(sgp_gazetteer_graph_get(made)); /* now with what was found as things */
    }
    sgp_gazetteer_graph_destroy(made);
    sgp_graph_close(graph);
    close(descriptor);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (good_length == 0)
        make_good();
    static uint8_t changed[sizeof good];
    sgp_file_header header;
    memcpy(changed, good, good_length);
    memcpy(&header, good, sizeof header);
    uint64_t from = header.sections[SGP_SECTION_POINTS].offset;
    uint64_t to = header.sections[SGP_SECTION_INDEX_ITEMS].offset;
    for (size_t i = 0; i + 3 <= size; i += 3)
        changed[from + (size_t)(data[i] << 8 | data[i + 1]) % (to - from)] = data[i + 2];
    sign(changed, good_length);
    open_file(changed, good_length);
    return 0;
}
