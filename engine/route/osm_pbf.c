#include "route/osm_pbf.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/buffer.h"
#include "osm/fileformat.pb-c.h"
#include "osm/osmformat.pb-c.h"
#include "route/osm_block_memory.h"

enum { PREFIX_BYTES = 4, NANODEGREES_PER_E7 = 100, BEGINNING_SHOWN = 24 };

/* What a blob holds; one bit for each sgp_osm_kind. */
enum { HOLDS_UNKNOWN = 0x80 };

struct sgp_osm_file {
    char *path;
    int fd;
    uint64_t size;
    sgp_buffer holds; /* uint8_t for each data blob, learnt by the first whole read */
    bool holds_known;

    sgp_osm_block_memory memory; /* of the blob in hand */
    sgp_buffer stored, unpacked;
    sgp_buffer tags, refs, members; /* sgp_osm_tag, int64_t, sgp_osm_member of one element */
};

/* One blob on its way from the file to the visitor. */
typedef struct blob_place {
    uint64_t at;      /* where its length prefix lies */
    uint64_t data_at; /* where the Blob message lies */
    uint32_t data_size;
    bool is_header, is_data;
} blob_place;

const char *sgp_osm_tag_value(sgp_osm_tags tags, const char *key) {
    for (size_t i = 0; i < tags.count; i++) {
        if (strcmp(tags.list[i].key, key) == 0)
            return tags.list[i].value;
    }
    return NULL;
}

/* ---- faults ---- */

static sgp_err fail_truncated(const sgp_osm_file *file, uint64_t block_at, sgp_fault *fault) {
    return sgp_fail(fault, SGP_E_CORRUPT,
                    "%.100s is truncated: it ends at byte %llu, inside the block that begins at "
                    "byte %llu",
                    file->path, (unsigned long long)file->size, (unsigned long long)block_at);
}

static sgp_err fail_damaged(const sgp_osm_file *file, uint64_t block_at, const char *what,
                            sgp_fault *fault) {
    return sgp_fail(fault, SGP_E_CORRUPT, "%.100s is damaged in the block at byte %llu: %s",
                    file->path, (unsigned long long)block_at, what);
}

static sgp_err fail_memory(const sgp_osm_file *file, sgp_fault *fault) {
    return sgp_fail(fault, SGP_E_MEMORY, "no memory left while reading %.100s", file->path);
}

/* protobuf-c says no for three reasons; the block's memory knows which. */
static sgp_err fail_unpack(const sgp_osm_file *file, uint64_t block_at, const char *what,
                           sgp_fault *fault) {
    if (file->memory.over_bound)
        return sgp_fail(fault, SGP_E_TOO_LARGE,
                        "%.100s: the block at byte %llu needs more than %d MiB once unpacked",
                        file->path, (unsigned long long)block_at, SGP_OSM_BLOCK_MEMORY >> 20);
    if (file->memory.out_of_memory)
        return fail_memory(file, fault);
    return fail_damaged(file, block_at, what, fault);
}

/* ---- the file's bytes ---- */

static sgp_err read_at(const sgp_osm_file *file, uint64_t at, void *bytes, size_t length,
                       uint64_t block_at, sgp_fault *fault) {
    uint8_t *out = bytes;
    while (length > 0) {
        ssize_t got = pread(file->fd, out, length, (off_t)at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return sgp_fail(fault, SGP_E_IO, "cannot read %.100s: %s", file->path, strerror(errno));
        if (got == 0)
            return fail_truncated(file, block_at, fault);
        out += got;
        at += (uint64_t)got;
        length -= (size_t)got;
    }
    return SGP_OK;
}

/* Says what a foreign file begins with, so that a saved error page is seen for what it is. */
static sgp_err fail_foreign(const sgp_osm_file *file, sgp_fault *fault) {
    uint8_t bytes[BEGINNING_SHOWN];
    ssize_t got = pread(file->fd, bytes, sizeof bytes, 0);
    if (got <= 0)
        return sgp_fail(fault, SGP_E_FORMAT, "%.100s is not an OSM PBF file: it is empty",
                        file->path);
    char text[3 * BEGINNING_SHOWN + 1] = "";
    bool printable = true;
    for (ssize_t i = 0; i < got; i++)
        printable = printable && (isprint(bytes[i]) || isspace(bytes[i]));
    if (printable) {
        for (ssize_t i = 0; i < got; i++)
            text[i] = isprint(bytes[i]) ? (char)bytes[i] : ' ';
        return sgp_fail(fault, SGP_E_FORMAT, "%.100s is not an OSM PBF file: it begins with '%s'",
                        file->path, text);
    }
    for (ssize_t i = 0; i < got && i < 8; i++)
        snprintf(text + 3 * i, 4, "%02x%s", bytes[i], i + 1 < got && i < 7 ? " " : "");
    return sgp_fail(fault, SGP_E_FORMAT,
                    "%.100s is not an OSM PBF file: it begins with the bytes %s", file->path, text);
}

/* Reads the length prefix and the BlobHeader at `at`. */
static sgp_err read_place(sgp_osm_file *file, uint64_t at, blob_place *place, sgp_fault *fault) {
    uint32_t prefix;
    if (file->size - at < PREFIX_BYTES)
        return at == 0 ? fail_foreign(file, fault) : fail_truncated(file, at, fault);
    sgp_err err = read_at(file, at, &prefix, sizeof prefix, at, fault);
    if (err != SGP_OK)
        return err;
    uint32_t length = ntohl(prefix);
    if (length == 0 || length > SGP_OSM_BLOB_HEADER_MAX)
        return at == 0 ? fail_foreign(file, fault)
                       : fail_damaged(file, at, "its header's length makes no sense", fault);
    if (file->size - at - PREFIX_BYTES < length)
        return fail_truncated(file, at, fault);
    sgp_buffer_clear(&file->stored);
    if (sgp_buffer_reserve(&file->stored, length) != SGP_OK)
        return fail_memory(file, fault);
    err = read_at(file, at + PREFIX_BYTES, file->stored.data, length, at, fault);
    if (err != SGP_OK)
        return err;

    sgp_osm_block_memory_reset(&file->memory);
    OsmPbf__BlobHeader *header =
        osm_pbf__blob_header__unpack(&file->memory.allocator, length, file->stored.data);
    if (!header)
        return at == 0 ? fail_foreign(file, fault)
                       : fail_unpack(file, at, "its header cannot be decoded", fault);
    *place = (blob_place){.at = at,
                          .data_at = at + PREFIX_BYTES + length,
                          .data_size = (uint32_t)header->datasize,
                          .is_header = strcmp(header->type, "OSMHeader") == 0,
                          .is_data = strcmp(header->type, "OSMData") == 0};
    if (at == 0 && !place->is_header)
        return fail_foreign(file, fault);
    if (header->datasize < 0 || header->datasize > SGP_OSM_BLOB_MAX)
        return fail_damaged(file, at, "its size is over the format's bound of 32 MiB", fault);
    if (file->size - place->data_at < place->data_size)
        return fail_truncated(file, at, fault);
    return SGP_OK;
}

/* Unpacks zlib data into file->unpacked, whose size the blob has told. */
static sgp_err inflate_blob(sgp_osm_file *file, const blob_place *place, const OsmPbf__Blob *blob,
                            sgp_fault *fault) {
    if (!blob->has_raw_size || blob->raw_size < 0 || blob->raw_size > SGP_OSM_BLOB_MAX)
        return fail_damaged(file, place->at, "its unpacked size is missing or over 32 MiB", fault);
    sgp_buffer_clear(&file->unpacked);
    if (sgp_buffer_reserve(&file->unpacked, (size_t)blob->raw_size + 1) != SGP_OK)
        return fail_memory(file, fault);
    uLongf length = (uLongf)blob->raw_size;
    int code =
        uncompress(file->unpacked.data, &length, blob->zlib_data.data, (uLong)blob->zlib_data.len);
    if (code == Z_MEM_ERROR)
        return fail_memory(file, fault);
    if (code != Z_OK)
        return fail_damaged(file, place->at, "its zlib data cannot be unpacked", fault);
    if (length != (uLongf)blob->raw_size)
        return fail_damaged(file, place->at, "it unpacks to another size than it says", fault);
    file->unpacked.length = length;
    return SGP_OK;
}

/* Reads the Blob itself; its content goes to file->unpacked. */
static sgp_err read_content(sgp_osm_file *file, const blob_place *place, sgp_fault *fault) {
    sgp_buffer_clear(&file->stored);
    if (sgp_buffer_reserve(&file->stored, place->data_size + 1) != SGP_OK)
        return fail_memory(file, fault);
    sgp_err err =
        read_at(file, place->data_at, file->stored.data, place->data_size, place->at, fault);
    if (err != SGP_OK)
        return err;
    sgp_osm_block_memory_reset(&file->memory);
    OsmPbf__Blob *blob =
        osm_pbf__blob__unpack(&file->memory.allocator, place->data_size, file->stored.data);
    if (!blob)
        return fail_unpack(file, place->at, "its envelope cannot be decoded", fault);
    if (blob->has_zlib_data)
        return inflate_blob(file, place, blob, fault);
    if (blob->has_raw) {
        sgp_buffer_clear(&file->unpacked);
        if (sgp_buffer_append(&file->unpacked, blob->raw.data, blob->raw.len) != SGP_OK)
            return fail_memory(file, fault);
        return SGP_OK;
    }
    const char *packing = blob->has_lzma_data    ? "lzma"
                          : blob->has_bzip2_data ? "bzip2"
                          : blob->has_lz4_data   ? "lz4"
                          : blob->has_zstd_data  ? "zstd"
                                                 : NULL;
    if (packing)
        return sgp_fail(fault, SGP_E_VERSION,
                        "%.100s is packed with %s, which is not supported; repack it with zlib "
                        "(osmium cat -o new.osm.pbf)",
                        file->path, packing);
    return fail_damaged(file, place->at, "it holds no data", fault);
}

/* ---- elements ---- */

static bool degrees_e7(int64_t offset, int64_t granularity, int64_t value, int32_t bound,
                       int32_t *e7) {
    int64_t nanodegrees;
    if (__builtin_mul_overflow(granularity, value, &nanodegrees) ||
        __builtin_add_overflow(nanodegrees, offset, &nanodegrees))
        return false;
    int64_t half = nanodegrees < 0 ? -NANODEGREES_PER_E7 / 2 : NANODEGREES_PER_E7 / 2;
    int64_t bound_nanodegrees = (int64_t)bound * NANODEGREES_PER_E7;
    if (nanodegrees < -bound_nanodegrees || nanodegrees > bound_nanodegrees)
        return false;
    *e7 = (int32_t)((nanodegrees + half) / NANODEGREES_PER_E7);
    return true;
}

static bool point_of(const OsmPbf__PrimitiveBlock *block, int64_t lon, int64_t lat,
                     sgp_point *point) {
    return degrees_e7(block->lon_offset, block->granularity, lon, 1800000000, &point->lon_e7) &&
           degrees_e7(block->lat_offset, block->granularity, lat, 900000000, &point->lat_e7);
}

/* What the decoding of one block carries around. */
typedef struct block_reading {
    sgp_osm_file *file;
    const sgp_osm_visitor *visitor;
    const OsmPbf__PrimitiveBlock *block;
    uint64_t at;
    sgp_fault *fault;
} block_reading;

static sgp_err damaged(const block_reading *reading, const char *what) {
    return fail_damaged(reading->file, reading->at, what, reading->fault);
}

static sgp_err add_tag(const block_reading *reading, uint64_t key, uint64_t value) {
    const OsmPbf__StringTable *table = reading->block->stringtable;
    if (key >= table->n_s || value >= table->n_s)
        return damaged(reading, "a tag is not in its string table");
    sgp_osm_tag tag = {table->s[key], table->s[value]};
    if (sgp_buffer_append(&reading->file->tags, &tag, sizeof tag) != SGP_OK)
        return fail_memory(reading->file, reading->fault);
    return SGP_OK;
}

static sgp_osm_tags tags_of(const block_reading *reading) {
    return (sgp_osm_tags){(const sgp_osm_tag *)(const void *)reading->file->tags.data,
                          reading->file->tags.length / sizeof(sgp_osm_tag)};
}

static sgp_err collect_tags(const block_reading *reading, size_t n_keys, const uint32_t *keys,
                            size_t n_values, const uint32_t *values) {
    sgp_buffer_clear(&reading->file->tags);
    if (n_keys != n_values)
        return damaged(reading, "an element has not as many tag values as keys");
    sgp_err err = SGP_OK;
    for (size_t i = 0; err == SGP_OK && i < n_keys; i++)
        err = add_tag(reading, keys[i], values[i]);
    return err;
}

static sgp_err visit_nodes(const block_reading *reading, const OsmPbf__PrimitiveGroup *group) {
    const sgp_osm_visitor *visitor = reading->visitor;
    for (size_t i = 0; i < group->n_nodes; i++) {
        const OsmPbf__Node *node = group->nodes[i];
        sgp_point point;
        if (!point_of(reading->block, node->lon, node->lat, &point))
            return damaged(reading, "a node lies outside the world");
        sgp_err err = collect_tags(reading, node->n_keys, node->keys, node->n_vals, node->vals);
        if (err == SGP_OK)
            err = visitor->node(visitor->ctx, node->id, point, tags_of(reading));
        if (err != SGP_OK)
            return err;
    }
    return SGP_OK;
}

static sgp_err visit_dense(const block_reading *reading, const OsmPbf__DenseNodes *dense) {
    const sgp_osm_visitor *visitor = reading->visitor;
    if (dense->n_id != dense->n_lat || dense->n_id != dense->n_lon)
        return damaged(reading, "its nodes have not as many coordinates as ids");
    /* Sums wrap around in unsigned arithmetic: a damaged file must not be a signed overflow. */
    uint64_t id = 0, lat = 0, lon = 0;
    size_t next_tag = 0;
    for (size_t i = 0; i < dense->n_id; i++) {
        id += (uint64_t)dense->id[i];
        lat += (uint64_t)dense->lat[i];
        lon += (uint64_t)dense->lon[i];
        sgp_point point;
        if (!point_of(reading->block, (int64_t)lon, (int64_t)lat, &point))
            return damaged(reading, "a node lies outside the world");
        sgp_buffer_clear(&reading->file->tags);
        while (next_tag < dense->n_keys_vals && dense->keys_vals[next_tag] != 0) {
            if (next_tag + 1 >= dense->n_keys_vals || dense->keys_vals[next_tag] < 0 ||
                dense->keys_vals[next_tag + 1] < 0)
                return damaged(reading, "a node's tag makes no sense");
            sgp_err err = add_tag(reading, (uint64_t)dense->keys_vals[next_tag],
                                  (uint64_t)dense->keys_vals[next_tag + 1]);
            if (err != SGP_OK)
                return err;
            next_tag += 2;
        }
        next_tag++;
        sgp_err err = visitor->node(visitor->ctx, (int64_t)id, point, tags_of(reading));
        if (err != SGP_OK)
            return err;
    }
    return SGP_OK;
}

static sgp_err visit_ways(const block_reading *reading, const OsmPbf__PrimitiveGroup *group) {
    const sgp_osm_visitor *visitor = reading->visitor;
    sgp_buffer *refs = &reading->file->refs;
    for (size_t i = 0; i < group->n_ways; i++) {
        const OsmPbf__Way *way = group->ways[i];
        sgp_err err = collect_tags(reading, way->n_keys, way->keys, way->n_vals, way->vals);
        if (err != SGP_OK)
            return err;
        sgp_buffer_clear(refs);
        if (sgp_buffer_reserve(refs, (way->n_refs + 1) * sizeof(int64_t)) != SGP_OK)
            return fail_memory(reading->file, reading->fault);
        int64_t *ids = (int64_t *)(void *)refs->data;
        uint64_t id = 0;
        for (size_t r = 0; r < way->n_refs; r++)
            ids[r] = (int64_t)(id += (uint64_t)way->refs[r]);
        err = visitor->way(visitor->ctx, way->id, ids, way->n_refs, tags_of(reading));
        if (err != SGP_OK)
            return err;
    }
    return SGP_OK;
}

static sgp_err visit_relations(const block_reading *reading, const OsmPbf__PrimitiveGroup *group) {
    const sgp_osm_visitor *visitor = reading->visitor;
    const OsmPbf__StringTable *table = reading->block->stringtable;
    sgp_buffer *members = &reading->file->members;
    for (size_t i = 0; i < group->n_relations; i++) {
        const OsmPbf__Relation *relation = group->relations[i];
        sgp_err err = collect_tags(reading, relation->n_keys, relation->keys, relation->n_vals,
                                   relation->vals);
        if (err != SGP_OK)
            return err;
        size_t n = relation->n_memids;
        if (n != relation->n_roles_sid || n != relation->n_types)
            return damaged(reading, "a relation has not as many roles and kinds as members");
        sgp_buffer_clear(members);
        if (sgp_buffer_reserve(members, (n + 1) * sizeof(sgp_osm_member)) != SGP_OK)
            return fail_memory(reading->file, reading->fault);
        sgp_osm_member *list = (sgp_osm_member *)(void *)members->data;
        uint64_t id = 0;
        for (size_t m = 0; m < n; m++) {
            int32_t role = relation->roles_sid[m];
            int kind = (int)relation->types[m];
            if (role < 0 || (size_t)role >= table->n_s || kind < 0 || kind > SGP_OSM_RELATION)
                return damaged(reading, "a relation's member makes no sense");
            id += (uint64_t)relation->memids[m];
            list[m] = (sgp_osm_member){(sgp_osm_kind)kind, (int64_t)id, table->s[role]};
        }
        err = visitor->relation(visitor->ctx, relation->id, list, n, tags_of(reading));
        if (err != SGP_OK)
            return err;
    }
    return SGP_OK;
}

/* ---- blocks ---- */

static uint8_t wanted_by(const sgp_osm_visitor *visitor) {
    return (uint8_t)((visitor->node ? 1u << SGP_OSM_NODE : 0) |
                     (visitor->way ? 1u << SGP_OSM_WAY : 0) |
                     (visitor->relation ? 1u << SGP_OSM_RELATION : 0));
}

static sgp_err visit_block(sgp_osm_file *file, uint64_t at, const sgp_osm_visitor *visitor,
                           uint8_t *holds, sgp_fault *fault) {
    const OsmPbf__PrimitiveBlock *block = osm_pbf__primitive_block__unpack(
        &file->memory.allocator, file->unpacked.length, file->unpacked.data);
    if (!block)
        return fail_unpack(file, at, "its elements cannot be decoded", fault);
    block_reading reading = {file, visitor, block, at, fault};
    if (block->granularity <= 0)
        return damaged(&reading, "its granularity is not positive");
    *holds = 0;
    sgp_err err = SGP_OK;
    for (size_t i = 0; err == SGP_OK && i < block->n_primitivegroup; i++) {
        const OsmPbf__PrimitiveGroup *group = block->primitivegroup[i];
        if (group->n_nodes || group->dense)
            *holds |= 1u << SGP_OSM_NODE;
        if (group->n_ways)
            *holds |= 1u << SGP_OSM_WAY;
        if (group->n_relations)
            *holds |= 1u << SGP_OSM_RELATION;
        if (visitor->node)
            err = visit_nodes(&reading, group);
        if (err == SGP_OK && visitor->node && group->dense)
            err = visit_dense(&reading, group->dense);
        if (err == SGP_OK && visitor->way)
            err = visit_ways(&reading, group);
        if (err == SGP_OK && visitor->relation)
            err = visit_relations(&reading, group);
    }
    return err;
}

static sgp_err visit_header(sgp_osm_file *file, uint64_t at, const sgp_osm_visitor *visitor,
                            sgp_fault *fault) {
    const OsmPbf__HeaderBlock *block = osm_pbf__header_block__unpack(
        &file->memory.allocator, file->unpacked.length, file->unpacked.data);
    if (!block)
        return fail_unpack(file, at, "the header cannot be decoded", fault);
    for (size_t i = 0; i < block->n_required_features; i++) {
        const char *feature = block->required_features[i];
        if (strcmp(feature, "OsmSchema-V0.6") != 0 && strcmp(feature, "DenseNodes") != 0)
            return sgp_fail(fault, SGP_E_VERSION,
                            "%.100s needs the feature '%.60s', which is not supported", file->path,
                            feature);
    }
    if (at != 0 || !visitor->header)
        return SGP_OK;
    sgp_osm_header header = {.writing_program = block->writingprogram ? block->writingprogram : ""};
    const OsmPbf__HeaderBBox *bounds = block->bbox;
    header.has_bounds = bounds &&
                        degrees_e7(0, 1, bounds->left, 1800000000, &header.south_west.lon_e7) &&
                        degrees_e7(0, 1, bounds->bottom, 900000000, &header.south_west.lat_e7) &&
                        degrees_e7(0, 1, bounds->right, 1800000000, &header.north_east.lon_e7) &&
                        degrees_e7(0, 1, bounds->top, 900000000, &header.north_east.lat_e7);
    return visitor->header(visitor->ctx, &header);
}

sgp_err sgp_osm_file_read(sgp_osm_file *file, const sgp_osm_visitor *visitor, sgp_fault *fault) {
    uint8_t wanted = wanted_by(visitor);
    sgp_err err = SGP_OK;
    size_t n_data = 0;
    if (!file->holds_known)
        sgp_buffer_clear(&file->holds);
    for (uint64_t at = 0; err == SGP_OK && at < file->size;) {
        blob_place place;
        err = read_place(file, at, &place, fault);
        if (err != SGP_OK)
            break;
        uint8_t holds = HOLDS_UNKNOWN;
        if (place.is_data && file->holds_known && n_data < file->holds.length)
            holds = file->holds.data[n_data];
        bool skip = place.is_data ? holds != HOLDS_UNKNOWN && !(holds & wanted) : !place.is_header;
        if (!skip)
            err = read_content(file, &place, fault);
        if (err == SGP_OK && !skip)
            err = place.is_header ? visit_header(file, at, visitor, fault)
                                  : visit_block(file, at, visitor, &holds, fault);
        if (err == SGP_OK && place.is_data) {
            n_data++;
            if (!file->holds_known && sgp_buffer_append(&file->holds, &holds, 1) != SGP_OK)
                err = fail_memory(file, fault);
        }
        at = place.data_at + place.data_size;
        if (err == SGP_OK && visitor->progress)
            err = visitor->progress(visitor->ctx, at, file->size);
    }
    sgp_osm_block_memory_reset(&file->memory);
    file->holds_known = file->holds_known || err == SGP_OK;
    return err;
}

/* ---- open and close ---- */

sgp_err sgp_osm_file_open(const char *path, sgp_osm_file **file, sgp_fault *fault) {
    sgp_osm_file *opened = calloc(1, sizeof *opened);
    if (!opened)
        return sgp_fail(fault, SGP_E_MEMORY, "no memory left to open %.100s", path);
    opened->fd = -1;
    opened->path = strdup(path);
    sgp_osm_block_memory_init(&opened->memory, SGP_OSM_BLOCK_MEMORY);
    sgp_err err = SGP_OK;
    struct stat status;
    if (!opened->path)
        err = sgp_fail(fault, SGP_E_MEMORY, "no memory left to open %.100s", path);
    else if ((opened->fd = open(path, O_RDONLY | O_CLOEXEC)) < 0 || fstat(opened->fd, &status) != 0)
        err = sgp_fail(fault, SGP_E_IO, "cannot open %.150s: %s", path, strerror(errno));
    else if (!S_ISREG(status.st_mode))
        err = sgp_fail(fault, SGP_E_IO, "cannot read %.150s: it is not a plain file", path);
    blob_place first;
    if (err == SGP_OK) {
        opened->size = (uint64_t)status.st_size;
        err = read_place(opened, 0, &first, fault);
    }
    if (err != SGP_OK) {
        sgp_osm_file_close(opened);
        return err;
    }
    *file = opened;
    return SGP_OK;
}

uint64_t sgp_osm_file_size(const sgp_osm_file *file) {
    return file->size;
}

void sgp_osm_file_close(sgp_osm_file *file) {
    if (!file)
        return;
    if (file->fd >= 0)
        close(file->fd);
    sgp_osm_block_memory_deinit(&file->memory);
    sgp_buffer *buffers[] = {&file->holds, &file->stored, &file->unpacked,
                             &file->tags,  &file->refs,   &file->members};
    for (size_t i = 0; i < sizeof buffers / sizeof *buffers; i++)
        sgp_buffer_free(buffers[i]);
    free(file->path);
    free(file);
}
