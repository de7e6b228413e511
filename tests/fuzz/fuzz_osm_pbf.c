/* The reader of OSM extracts and the whole import behind it.
 *
 * The first byte chooses: even, the rest is a file as it stands; odd, the rest is
 * a list of edits (2 bytes where, 1 byte what) to the unpacked blocks of a good
 * extract, because zlib's checksum and the framing would else keep nearly every
 * input out.
 */
#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

#include "base/buffer.h"
#include "base/log.h"
#include "osm/fileformat.pb-c.h"
#include "route/osm_graph.h"
#include "route/osm_pbf_write.h"

enum { BLOCKS = 4, BLOCK_BYTES = 4096, EDIT_BYTES = 3 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct block {
    uint8_t bytes[BLOCK_BYTES];
    size_t length;
} block;

static block good[BLOCKS];

static void must(bool held) {
    if (!held)
        abort();
}

/* A crossing with a bollard, a gate, a roundabout and both kinds of restriction. */
static void write_good(const char *path) {
    sgp_osm_writer *writer;
    must(sgp_osm_writer_open(path, "fuzz", NULL, NULL, &writer, NULL) == SGP_OK);
    const sgp_osm_tag spots[] = {{"barrier", "bollard"}, {"highway", "traffic_signals"}};
    for (int i = 1; i <= 12; i++) {
        sgp_point point = {1126300000 + i % 4 * 9000, -79600000 + i / 4 * 8000};
        must(sgp_osm_writer_node(writer, i, point, &spots[i % 2], i % 5 == 0, NULL) == SGP_OK);
    }
    static const int64_t refs[][4] = {{1, 2, 3, 0}, {3, 4, 8, 0},  {3, 7, 11, 0},
                                      {5, 6, 7, 0}, {9, 10, 5, 9}, {7, 8, 12, 0}};
    const sgp_osm_tag tags[] = {{"highway", "primary"}, {"name", "Ijen"}, {"oneway", "yes"}};
    for (int i = 0; i < 6; i++)
        must(sgp_osm_writer_way(writer, 100 + i, refs[i], i == 4 ? 4 : 3, tags, i == 4 ? 3 : 2,
                                NULL) == SGP_OK);
    const sgp_osm_tag rules[][2] = {{{"type", "restriction"}, {"restriction", "no_left_turn"}},
                                    {{"type", "restriction"}, {"restriction", "only_right_turn"}}};
    const sgp_osm_member at_node[] = {
        {SGP_OSM_WAY, 100, "from"}, {SGP_OSM_NODE, 3, "via"}, {SGP_OSM_WAY, 101, "to"}};
    const sgp_osm_member along_way[] = {
        {SGP_OSM_WAY, 100, "from"}, {SGP_OSM_WAY, 102, "via"}, {SGP_OSM_WAY, 105, "to"}};
    must(sgp_osm_writer_relation(writer, 500, at_node, 3, rules[0], 2, NULL) == SGP_OK);
    must(sgp_osm_writer_relation(writer, 501, along_way, 3, rules[0], 2, NULL) == SGP_OK);
    must(sgp_osm_writer_relation(writer, 502, at_node, 3, rules[1], 2, NULL) == SGP_OK);
    must(sgp_osm_writer_finish(writer, NULL) == SGP_OK);
    sgp_osm_writer_destroy(writer);
}

/* Takes the blocks out of the good extract and unpacks them. */
static void make_good(void) {
    sgp_log_set_level(SGP_LOG_ERROR);
    char path[] = "/tmp/sigap-fuzz-XXXXXX";
    int fd = mkstemp(path);
    must(fd >= 0);
    close(fd);
    write_good(path);
    static uint8_t bytes[BLOCKS * BLOCK_BYTES];
    FILE *file = fopen(path, "rb");
    must(file != NULL);
    size_t length = fread(bytes, 1, sizeof bytes, file), at = 0;
    fclose(file);
    unlink(path);
    for (int i = 0; i < BLOCKS; i++) {
        uint32_t prefix;
        memcpy(&prefix, bytes + at, sizeof prefix);
        size_t header_length = ntohl(prefix);
        OsmPbf__BlobHeader *header =
            osm_pbf__blob_header__unpack(NULL, header_length, bytes + at + 4);
        must(header != NULL);
        OsmPbf__Blob *blob =
            osm_pbf__blob__unpack(NULL, (size_t)header->datasize, bytes + at + 4 + header_length);
        must(blob != NULL);
        uLongf unpacked = BLOCK_BYTES;
        must(uncompress(good[i].bytes, &unpacked, blob->zlib_data.data, blob->zlib_data.len) ==
             Z_OK);
        good[i].length = unpacked;
        at += 4 + header_length + (size_t)header->datasize;
        osm_pbf__blob__free_unpacked(blob, NULL);
        osm_pbf__blob_header__free_unpacked(header, NULL);
    }
    must(at == length);
}

static void add_blob(sgp_buffer *out, const char *type, block *content) {
    OsmPbf__Blob blob = OSM_PBF__BLOB__INIT;
    blob.has_raw = 1;
    blob.raw.data = content->bytes;
    blob.raw.len = content->length;
    OsmPbf__BlobHeader header = OSM_PBF__BLOB_HEADER__INIT;
    header.type = (char *)(uintptr_t)type;
    header.datasize = (int32_t)osm_pbf__blob__get_packed_size(&blob);
    uint32_t prefix = htonl((uint32_t)osm_pbf__blob_header__get_packed_size(&header));
    must(sgp_buffer_append(out, &prefix, sizeof prefix) == SGP_OK);
    must(sgp_buffer_reserve(out, ntohl(prefix) + (size_t)header.datasize) == SGP_OK);
    out->length += osm_pbf__blob_header__pack(&header, out->data + out->length);
    out->length += osm_pbf__blob__pack(&blob, out->data + out->length);
}

static void edit(const uint8_t *edits, size_t size, sgp_buffer *out) {
    static block edited[BLOCKS];
    memcpy(edited, good, sizeof edited);
    size_t total = 0;
    for (int i = 0; i < BLOCKS; i++)
        total += good[i].length;
    for (; size >= EDIT_BYTES; edits += EDIT_BYTES, size -= EDIT_BYTES) {
        size_t where = (size_t)(edits[0] << 8 | edits[1]) % total;
        int i = 0;
        while (where >= good[i].length)
            where -= good[i++].length;
        edited[i].bytes[where] = edits[2];
    }
    for (int i = 0; i < BLOCKS; i++)
        add_blob(out, i == 0 ? "OSMHeader" : "OSMData", &edited[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (good[0].length == 0)
        make_good();
    if (size == 0)
        return 0;
    sgp_buffer file = {0};
    if (data[0] & 1)
        edit(data + 1, size - 1, &file);
    else
        must(sgp_buffer_append(&file, data + 1, size - 1) == SGP_OK);

    int fd = memfd_create("extract", MFD_CLOEXEC);
    must(fd >= 0 && write(fd, file.data, file.length) == (ssize_t)file.length);
    sgp_buffer_free(&file);
    char path[40];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    const sgp_city_id city = {{1}};
    sgp_osm_graph *graph;
    sgp_fault fault = {0};
    sgp_err err = sgp_osm_graph_read(path, &city, "fuzz", NULL, NULL, &graph, &fault);
    if (err == SGP_OK)
        sgp_osm_graph_destroy(graph);
    else
        must(fault.code == err && fault.text[0] != '\0');
    close(fd);
    return 0;
}
