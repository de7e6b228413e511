/* What is written comes back as it was; damaged and foreign files are refused
 * with a sentence that says what is wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <zlib.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "osm/fileformat.pb-c.h"
#include "osm/osmformat.pb-c.h"
#include "route/osm_pbf.h"
#include "route/osm_pbf_write.h"

static char folder[] = "/tmp/sigap-osm-XXXXXX";

static const char *path_of(const char *name) {
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

/* Everything a visitor was told, as text: two reads are equal when their texts are. */
typedef struct listing {
    sgp_buffer text;
    size_t nodes, ways, relations, blobs;
} listing;

static void say(listing *list, const char *text) {
    assert_int_equal(sgp_buffer_append(&list->text, text, strlen(text)), SGP_OK);
}

static void say_tags(listing *list, sgp_osm_tags tags) {
    for (size_t i = 0; i < tags.count; i++) {
        say(list, " ");
        say(list, tags.list[i].key);
        say(list, "=");
        say(list, tags.list[i].value);
    }
    say(list, "\n");
}

static sgp_err on_header(void *ctx, const sgp_osm_header *header) {
    char line[200];
    snprintf(line, sizeof line, "header %s %d %d %d %d %d\n", header->writing_program,
             header->has_bounds, header->south_west.lon_e7, header->south_west.lat_e7,
             header->north_east.lon_e7, header->north_east.lat_e7);
    say(ctx, line);
    return SGP_OK;
}

static sgp_err on_node(void *ctx, int64_t id, sgp_point point, sgp_osm_tags tags) {
    listing *list = ctx;
    char line[100];
    snprintf(line, sizeof line, "n%lld %d %d", (long long)id, point.lon_e7, point.lat_e7);
    say(list, line);
    say_tags(list, tags);
    list->nodes++;
    return SGP_OK;
}

static sgp_err on_way(void *ctx, int64_t id, const int64_t *refs, size_t n_refs,
                      sgp_osm_tags tags) {
    listing *list = ctx;
    char line[100];
    snprintf(line, sizeof line, "w%lld", (long long)id);
    say(list, line);
    for (size_t i = 0; i < n_refs; i++) {
        snprintf(line, sizeof line, " %lld", (long long)refs[i]);
        say(list, line);
    }
    say_tags(list, tags);
    list->ways++;
    return SGP_OK;
}

static sgp_err on_relation(void *ctx, int64_t id, const sgp_osm_member *members, size_t n_members,
                           sgp_osm_tags tags) {
    listing *list = ctx;
    char line[100];
    snprintf(line, sizeof line, "r%lld", (long long)id);
    say(list, line);
    for (size_t i = 0; i < n_members; i++) {
        snprintf(line, sizeof line, " %d:%lld:%s", members[i].kind, (long long)members[i].id,
                 members[i].role);
        say(list, line);
    }
    say_tags(list, tags);
    list->relations++;
    return SGP_OK;
}

static sgp_err on_progress(void *ctx, uint64_t done, uint64_t total) {
    listing *list = ctx;
    assert_true(done <= total);
    list->blobs++;
    return SGP_OK;
}

static sgp_osm_visitor listing_visitor(listing *list) {
    return (sgp_osm_visitor){list, on_header, on_node, on_way, on_relation, on_progress};
}

static sgp_err read_listing(const char *path, listing *list, sgp_fault *fault) {
    *list = (listing){0};
    sgp_osm_file *file;
    sgp_err err = sgp_osm_file_open(path, &file, fault);
    if (err != SGP_OK)
        return err;
    sgp_osm_visitor visitor = listing_visitor(list);
    err = sgp_osm_file_read(file, &visitor, fault);
    sgp_osm_file_close(file);
    return err;
}

static void write_sample(const char *path, int64_t n_nodes) {
    sgp_osm_writer *writer;
    sgp_fault fault = {0};
    sgp_point south_west = {1126000000, -80000000}, north_east = {1127000000, -79000000};
    assert_int_equal(
        sgp_osm_writer_open(path, "sigap-sketch", &south_west, &north_east, &writer, &fault),
        SGP_OK);
    for (int64_t i = 1; i <= n_nodes; i++) {
        sgp_osm_tag tags[] = {{"highway", "traffic_signals"}, {"name", "Simpang Kertosono é"}};
        sgp_point point = {(int32_t)(1126000000 + i * 37 % 9999), (int32_t)(-80000000 - i * 91)};
        assert_int_equal(
            sgp_osm_writer_node(writer, i * 3 - 5, point, tags, i % 5 ? 0 : 1 + i % 2, &fault),
            SGP_OK);
    }
    int64_t refs[] = {-2, 1, 4, 1};
    sgp_osm_tag street[] = {{"highway", "residential"}, {"name", ""}};
    for (int64_t i = 0; i < 8001; i++)
        assert_int_equal(sgp_osm_writer_way(writer, 100 + i, refs, (size_t)(i % 5), street,
                                            (size_t)(i % 3), &fault),
                         SGP_OK);
    sgp_osm_member members[] = {{SGP_OSM_WAY, 100, "from"},
                                {SGP_OSM_NODE, 1, "via"},
                                {SGP_OSM_WAY, 101, "to"},
                                {SGP_OSM_RELATION, -7, ""}};
    sgp_osm_tag ban[] = {{"type", "restriction"}, {"restriction", "no_left_turn"}};
    assert_int_equal(sgp_osm_writer_relation(writer, 5, members, 4, ban, 2, &fault), SGP_OK);
    assert_int_equal(sgp_osm_writer_relation(writer, 6, NULL, 0, NULL, 0, &fault), SGP_OK);
    assert_int_equal(access(path, F_OK), -1);
    assert_int_equal(sgp_osm_writer_finish(writer, &fault), SGP_OK);
    sgp_osm_writer_destroy(writer);
}

static void test_osm_pbf_round_trip(void **state) {
    (void)state;
    const char *path = path_of("sample.osm.pbf");
    write_sample(path, 16001);
    listing list;
    sgp_fault fault = {0};
    assert_int_equal(read_listing(path, &list, &fault), SGP_OK);
    assert_int_equal(list.nodes, 16001);
    assert_int_equal(list.ways, 8001);
    assert_int_equal(list.relations, 2);
    assert_int_equal(list.blobs, 1 + 3 + 2 + 1);
    assert_int_equal(sgp_buffer_append(&list.text, "", 1), SGP_OK);
    const char *text = (const char *)list.text.data;
    const char *first = "header sigap-sketch 1 1126000000 -80000000 1127000000 -79000000\n"
                        "n-2 1126000037 -80000091\nn1 ";
    assert_memory_equal(text, first, strlen(first));
    assert_non_null(strstr(text, "\nn10 1126000185 -80000455 highway=traffic_signals "
                                 "name=Simpang Kertosono é\n"));
    assert_non_null(strstr(text, "\nw100\nw101 -2 highway=residential\n"
                                 "w102 -2 1 highway=residential name=\n"));
    assert_non_null(strstr(text, "\nw104 -2 1 4 1 highway=residential\n"));
    assert_non_null(strstr(text, "\nr5 1:100:from 0:1:via 1:101:to 2:-7: type=restriction "
                                 "restriction=no_left_turn\nr6\n"));
    sgp_buffer_free(&list.text);
}

/* The second read of a file skips what the visitor does not want, and misses nothing. */
static void test_osm_pbf_second_read_is_equal(void **state) {
    (void)state;
    const char *path = path_of("twice.osm.pbf");
    write_sample(path, 100);
    sgp_osm_file *file;
    assert_int_equal(sgp_osm_file_open(path, &file, NULL), SGP_OK);
    listing first = {0}, second = {0};
    sgp_osm_visitor visitor = {&first, NULL, NULL, on_way, NULL, NULL};
    assert_int_equal(sgp_osm_file_read(file, &visitor, NULL), SGP_OK);
    visitor.ctx = &second;
    assert_int_equal(sgp_osm_file_read(file, &visitor, NULL), SGP_OK);
    assert_int_equal(first.text.length, second.text.length);
    assert_memory_equal(first.text.data, second.text.data, first.text.length);
    visitor = (sgp_osm_visitor){&second, NULL, on_node, NULL, on_relation, NULL};
    assert_int_equal(sgp_osm_file_read(file, &visitor, NULL), SGP_OK);
    assert_int_equal(second.nodes, 100);
    assert_int_equal(second.relations, 2);
    sgp_osm_file_close(file);
    sgp_buffer_free(&first.text);
    sgp_buffer_free(&second.text);
}

static void test_osm_pbf_writer_refuses_disorder(void **state) {
    (void)state;
    sgp_osm_writer *writer;
    sgp_fault fault = {0};
    const char *path = path_of("disorder.osm.pbf");
    assert_int_equal(sgp_osm_writer_open(path, "t", NULL, NULL, &writer, &fault), SGP_OK);
    sgp_point point = {0, 0};
    assert_int_equal(sgp_osm_writer_node(writer, 2, point, NULL, 0, &fault), SGP_OK);
    assert_int_equal(sgp_osm_writer_node(writer, 2, point, NULL, 0, &fault), SGP_E_ARGUMENT);
    assert_non_null(strstr(fault.text, "node 2 comes after node 2"));
    sgp_osm_writer_destroy(writer);
    assert_int_equal(access(path, F_OK), -1);
    assert_int_equal(access(path_of("disorder.osm.pbf.partial"), F_OK), -1);
}

/* ---- foreign and damaged files ---- */

static void write_bytes(const char *path, const void *bytes, size_t length) {
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    fclose(file);
}

static void read_bytes(const char *path, sgp_buffer *bytes) {
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    uint8_t part[4096];
    for (size_t got; (got = fread(part, 1, sizeof part, file)) > 0;)
        assert_int_equal(sgp_buffer_append(bytes, part, got), SGP_OK);
    fclose(file);
}

static void expect_refused(const char *path, sgp_err code, const char *sentence) {
    listing list;
    sgp_fault fault = {0};
    assert_int_equal(read_listing(path, &list, &fault), code);
    if (!strstr(fault.text, sentence))
        fail_msg("'%s' does not say '%s'", fault.text, sentence);
    sgp_buffer_free(&list.text);
}

static void test_osm_pbf_foreign_files(void **state) {
    (void)state;
    static const struct {
        const char *bytes;
        size_t length;
        const char *sentence;
    } rows[] = {
        {"<!DOCTYPE html>\n<html>", 22,
         "not an OSM PBF file: it begins with '<!DOCTYPE html> <html>'"},
        {"", 0, "it is empty"},
        {"ab", 2, "it begins with 'ab'"},
        {"\x1f\x8b\x08\x00\x00\x00", 6, "it begins with the bytes 1f 8b 08 00 00 00"},
        {"\0\0\0\x05hello", 9, "not an OSM PBF file"},
        {"\0\0\0\x0b\x0a\x07OSMData\x18\x00", 15, "not an OSM PBF file"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *path = path_of("foreign");
        write_bytes(path, rows[i].bytes, rows[i].length);
        expect_refused(path, SGP_E_FORMAT, rows[i].sentence);
    }
    expect_refused(path_of("absent"), SGP_E_IO, "No such file");
    expect_refused(folder, SGP_E_IO, "not a plain file");
}

/* Appends one blob, as the format lays it out. */
static void add_blob(sgp_buffer *bytes, const char *type, OsmPbf__Blob *blob, int32_t datasize) {
    OsmPbf__BlobHeader header = OSM_PBF__BLOB_HEADER__INIT;
    header.type = (char *)(uintptr_t)type;
    size_t blob_length = osm_pbf__blob__get_packed_size(blob);
    header.datasize = datasize ? datasize : (int32_t)blob_length;
    size_t header_length = osm_pbf__blob_header__get_packed_size(&header);
    uint32_t prefix = htonl((uint32_t)header_length);
    assert_int_equal(sgp_buffer_append(bytes, &prefix, 4), SGP_OK);
    assert_int_equal(sgp_buffer_reserve(bytes, header_length + blob_length), SGP_OK);
    bytes->length += osm_pbf__blob_header__pack(&header, bytes->data + bytes->length);
    bytes->length += osm_pbf__blob__pack(blob, bytes->data + bytes->length);
}

static void add_raw_blob(sgp_buffer *bytes, const char *type, uint8_t *data, size_t length) {
    OsmPbf__Blob blob = OSM_PBF__BLOB__INIT;
    blob.has_raw = 1;
    blob.raw.data = data;
    blob.raw.len = length;
    add_blob(bytes, type, &blob, 0);
}

static void add_header(sgp_buffer *bytes, const char *feature) {
    OsmPbf__HeaderBlock block = OSM_PBF__HEADER_BLOCK__INIT;
    char *features[] = {(char *)(uintptr_t)feature};
    block.n_required_features = 1;
    block.required_features = features;
    uint8_t packed[200];
    add_raw_blob(bytes, "OSMHeader", packed, osm_pbf__header_block__pack(&block, packed));
}

static void add_block(sgp_buffer *bytes, const OsmPbf__PrimitiveBlock *block) {
    uint8_t *packed = malloc(osm_pbf__primitive_block__get_packed_size(block) + 1);
    add_raw_blob(bytes, "OSMData", packed, osm_pbf__primitive_block__pack(block, packed));
    free(packed);
}

/* Not dense nodes, a raw blob, offsets, a granularity, a blob of an unknown type. */
static void test_osm_pbf_plain_nodes(void **state) {
    (void)state;
    sgp_buffer bytes = {0};
    add_header(&bytes, "OsmSchema-V0.6");
    add_raw_blob(&bytes, "Unheard-of", (uint8_t[]){1, 2, 3}, 3);
    OsmPbf__StringTable table = OSM_PBF__STRING_TABLE__INIT;
    char *texts[] = {(char[]){""}, (char[]){"barrier"}, (char[]){"gate"}};
    table.n_s = 3;
    table.s = texts;
    OsmPbf__Node node = OSM_PBF__NODE__INIT;
    uint32_t key = 1, value = 2;
    node.id = 77;
    node.n_keys = node.n_vals = 1;
    node.keys = &key;
    node.vals = &value;
    node.lon = 1126;
    node.lat = -79;
    OsmPbf__Node *nodes[] = {&node};
    OsmPbf__PrimitiveGroup group = OSM_PBF__PRIMITIVE_GROUP__INIT;
    group.n_nodes = 1;
    group.nodes = nodes;
    OsmPbf__PrimitiveGroup *groups[] = {&group};
    OsmPbf__PrimitiveBlock block = OSM_PBF__PRIMITIVE_BLOCK__INIT;
    block.stringtable = &table;
    block.n_primitivegroup = 1;
    block.primitivegroup = groups;
    block.has_granularity = block.has_lat_offset = block.has_lon_offset = 1;
    block.granularity = 100000000;
    block.lon_offset = 49;
    block.lat_offset = -50;
    add_block(&bytes, &block);
    const char *path = path_of("plain");
    write_bytes(path, bytes.data, bytes.length);
    listing list;
    assert_int_equal(read_listing(path, &list, NULL), SGP_OK);
    const char *expected = "header  0 0 0 0 0\nn77 1126000000 -79000001 barrier=gate\n";
    assert_int_equal(list.text.length, strlen(expected));
    assert_memory_equal(list.text.data, expected, strlen(expected));
    sgp_buffer_free(&list.text);

    /* A tag outside the string table. */
    value = 3;
    size_t before = bytes.length;
    add_block(&bytes, &block);
    write_bytes(path, bytes.data, bytes.length);
    expect_refused(path, SGP_E_CORRUPT, "a tag is not in its string table");
    /* A node outside the world. */
    value = 2;
    node.lon = 2000;
    bytes.length = before;
    add_block(&bytes, &block);
    write_bytes(path, bytes.data, bytes.length);
    expect_refused(path, SGP_E_CORRUPT, "outside the world");
    sgp_buffer_free(&bytes);
}

static void test_osm_pbf_refuses_what_it_does_not_know(void **state) {
    (void)state;
    const char *path = path_of("unknown");
    sgp_buffer bytes = {0};
    add_header(&bytes, "HistoricalInformation");
    write_bytes(path, bytes.data, bytes.length);
    expect_refused(path, SGP_E_VERSION, "needs the feature 'HistoricalInformation'");

    sgp_buffer_clear(&bytes);
    add_header(&bytes, "DenseNodes");
    size_t after_header = bytes.length;
    OsmPbf__Blob blob = OSM_PBF__BLOB__INIT;
    blob.has_zstd_data = 1;
    blob.zstd_data.data = (uint8_t[]){1};
    blob.zstd_data.len = 1;
    add_blob(&bytes, "OSMData", &blob, 0);
    write_bytes(path, bytes.data, bytes.length);
    expect_refused(path, SGP_E_VERSION, "packed with zstd");

    bytes.length = after_header;
    blob = (OsmPbf__Blob)OSM_PBF__BLOB__INIT;
    add_blob(&bytes, "OSMData", &blob, 0);
    write_bytes(path, bytes.data, bytes.length);
    expect_refused(path, SGP_E_CORRUPT, "holds no data");

    bytes.length = after_header;
    add_blob(&bytes, "OSMData", &blob, SGP_OSM_BLOB_MAX + 1);
    write_bytes(path, bytes.data, bytes.length);
    expect_refused(path, SGP_E_CORRUPT, "over the format's bound");

    /* zlib data that unpack to more than they say. */
    uint8_t zeros[1000] = {0}, squeezed[200];
    uLongf squeezed_length = sizeof squeezed;
    assert_int_equal(compress(squeezed, &squeezed_length, zeros, sizeof zeros), Z_OK);
    bytes.length = after_header;
    blob.has_zlib_data = blob.has_raw_size = 1;
    blob.zlib_data.data = squeezed;
    blob.zlib_data.len = squeezed_length;
    blob.raw_size = 999;
    add_blob(&bytes, "OSMData", &blob, 0);
    write_bytes(path, bytes.data, bytes.length);
    expect_refused(path, SGP_E_CORRUPT, "cannot be unpacked");
    bytes.length = after_header;
    blob.raw_size = SGP_OSM_BLOB_MAX + 1;
    add_blob(&bytes, "OSMData", &blob, 0);
    write_bytes(path, bytes.data, bytes.length);
    expect_refused(path, SGP_E_CORRUPT, "over 32 MiB");

    /* 8 million empty groups in one block: bounded, not swallowed. */
    bytes.length = after_header;
    size_t n = 8 * 1000 * 1000;
    uint8_t *groups = malloc(2 * n + 2);
    groups[0] = 0x0a; /* an empty string table */
    groups[1] = 0;
    for (size_t i = 1; i <= n; i++) {
        groups[2 * i] = 0x12;
        groups[2 * i + 1] = 0;
    }
    add_raw_blob(&bytes, "OSMData", groups, 2 * n + 2);
    free(groups);
    write_bytes(path, bytes.data, bytes.length);
    expect_refused(path, SGP_E_TOO_LARGE, "once unpacked");
    sgp_buffer_free(&bytes);
}

/* Cut anywhere but between two blobs, a file is refused as truncated. */
static void test_osm_pbf_truncated(void **state) {
    (void)state;
    const char *path = path_of("cut");
    write_sample(path, 50);
    sgp_buffer bytes = {0};
    read_bytes(path, &bytes);
    size_t whole = 0;
    for (size_t length = 0; length < bytes.length; length += 1 + length / 97) {
        write_bytes(path, bytes.data, length);
        listing list;
        sgp_fault fault = {0};
        sgp_err err = read_listing(path, &list, &fault);
        sgp_buffer_free(&list.text);
        char sentence[60];
        snprintf(sentence, sizeof sentence, "it ends at byte %zu,", length);
        if (err == SGP_OK)
            whole++;
        else if (length >= 4)
            assert_true(err == SGP_E_CORRUPT && strstr(fault.text, sentence));
        else
            assert_int_equal(err, SGP_E_FORMAT);
    }
    assert_true(whole <= 4);
    sgp_buffer_free(&bytes);
}

static int make_folder(void **state) {
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state) {
    (void)state;
    static const char *const names[] = {"sample.osm.pbf", "twice.osm.pbf", "foreign",
                                        "plain",          "unknown",       "cut"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        unlink(path_of(names[i]));
    return rmdir(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_osm_pbf_round_trip),
        cmocka_unit_test(test_osm_pbf_second_read_is_equal),
        cmocka_unit_test(test_osm_pbf_writer_refuses_disorder),
        cmocka_unit_test(test_osm_pbf_foreign_files),
        cmocka_unit_test(test_osm_pbf_plain_nodes),
        cmocka_unit_test(test_osm_pbf_refuses_what_it_does_not_know),
        cmocka_unit_test(test_osm_pbf_truncated),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
