#include "route/osm_pbf_write.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "base/buffer.h"
#include "osm/fileformat.pb-c.h"
#include "osm/osmformat.pb-c.h"
#include "route/osm_strings.h"

enum {
    BLOCK_ELEMENTS = 8000,
    BLOCK_BYTES = 8 * 1024 * 1024, /* of tags and references; well below SGP_OSM_BLOB_MAX */
    WAY_REFS_MAX = 2000,           /* OSM's own bound */
    GRANULARITY_NANODEGREES = 100  /* the format's default, equal to our 1e-7 degree */
};

/* Where an element's parts begin in the block's flat columns. */
typedef struct element {
    int64_t id;
    size_t first_tag, n_tags;
    size_t first_ref, n_refs;
} element;

struct sgp_osm_writer {
    char *path, *partial;
    int fd;
    bool finished;
    bool any;          /* an element was added already */
    sgp_osm_kind kind; /* of the elements in the block */
    int64_t last_id;

    /* The block in the making. */
    sgp_osm_strings strings;
    sgp_buffer elements;            /* element */
    sgp_buffer lons, lats;          /* int64_t, absolute */
    sgp_buffer keys, values;        /* uint32_t */
    sgp_buffer refs;                /* int64_t, delta-coded within each element */
    sgp_buffer roles, member_kinds; /* int32_t, OsmPbf__Relation__MemberType */
    sgp_buffer packed, squeezed, framed;
};

static size_t entries(const sgp_buffer *buffer, size_t size) {
    return buffer->length / size;
}

static sgp_err fail_memory(sgp_fault *fault) {
    return sgp_fail(fault, SGP_E_MEMORY, "no memory left while writing the extract");
}

static sgp_err write_all(sgp_osm_writer *writer, const uint8_t *bytes, size_t length,
                         sgp_fault *fault) {
    while (length > 0) {
        ssize_t written = write(writer->fd, bytes, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return sgp_fail(fault, SGP_E_IO, "cannot write %s: %s", writer->partial,
                            strerror(errno));
        bytes += written;
        length -= (size_t)written;
    }
    return SGP_OK;
}

/* Writes writer->packed as one blob. */
static sgp_err write_blob(sgp_osm_writer *writer, const char *type, sgp_fault *fault) {
    uLongf squeezed_length = compressBound(writer->packed.length);
    sgp_buffer_clear(&writer->squeezed);
    if (sgp_buffer_reserve(&writer->squeezed, squeezed_length) != SGP_OK ||
        compress2(writer->squeezed.data, &squeezed_length, writer->packed.data,
                  writer->packed.length, Z_DEFAULT_COMPRESSION) != Z_OK)
        return fail_memory(fault);

    OsmPbf__Blob blob = OSM_PBF__BLOB__INIT;
    blob.has_raw_size = 1;
    blob.raw_size = (int32_t)writer->packed.length;
    blob.has_zlib_data = 1;
    blob.zlib_data.data = writer->squeezed.data;
    blob.zlib_data.len = squeezed_length;
    OsmPbf__BlobHeader header = OSM_PBF__BLOB_HEADER__INIT;
    header.type = (char *)(uintptr_t)type;
    header.datasize = (int32_t)osm_pbf__blob__get_packed_size(&blob);

    size_t header_length = osm_pbf__blob_header__get_packed_size(&header);
    uint32_t prefix = htonl((uint32_t)header_length);
    size_t total = sizeof prefix + header_length + (size_t)header.datasize;
    sgp_buffer_clear(&writer->framed);
    if (sgp_buffer_reserve(&writer->framed, total) != SGP_OK)
        return fail_memory(fault);
    uint8_t *out = writer->framed.data;
    memcpy(out, &prefix, sizeof prefix);
    osm_pbf__blob_header__pack(&header, out + sizeof prefix);
    osm_pbf__blob__pack(&blob, out + sizeof prefix + header_length);
    return write_all(writer, out, total, fault);
}

static sgp_err write_header(sgp_osm_writer *writer, const char *program,
                            const sgp_point *south_west, const sgp_point *north_east,
                            sgp_fault *fault) {
    OsmPbf__HeaderBlock block = OSM_PBF__HEADER_BLOCK__INIT;
    OsmPbf__HeaderBBox bounds = OSM_PBF__HEADER_BBOX__INIT;
    char *required[] = {(char[]){"OsmSchema-V0.6"}, (char[]){"DenseNodes"}};
    char *optional[] = {(char[]){"Sort.Type_then_ID"}};
    block.n_required_features = 2;
    block.required_features = required;
    block.n_optional_features = 1;
    block.optional_features = optional;
    block.writingprogram = (char *)(uintptr_t)program;
    if (south_west && north_east) {
        bounds.left = (int64_t)south_west->lon_e7 * GRANULARITY_NANODEGREES;
        bounds.bottom = (int64_t)south_west->lat_e7 * GRANULARITY_NANODEGREES;
        bounds.right = (int64_t)north_east->lon_e7 * GRANULARITY_NANODEGREES;
        bounds.top = (int64_t)north_east->lat_e7 * GRANULARITY_NANODEGREES;
        block.bbox = &bounds;
    }
    size_t length = osm_pbf__header_block__get_packed_size(&block);
    sgp_buffer_clear(&writer->packed);
    if (sgp_buffer_reserve(&writer->packed, length) != SGP_OK)
        return fail_memory(fault);
    writer->packed.length = osm_pbf__header_block__pack(&block, writer->packed.data);
    return write_blob(writer, "OSMHeader", fault);
}

/* Packs one group of elements together with the block's strings and writes it. */
static sgp_err write_group(sgp_osm_writer *writer, OsmPbf__PrimitiveGroup *group,
                           sgp_fault *fault) {
    uint32_t n_strings = writer->strings.count;
    char **texts = malloc(n_strings * sizeof *texts);
    if (!texts)
        return fail_memory(fault);
    for (uint32_t i = 0; i < n_strings; i++)
        texts[i] = (char *)(uintptr_t)sgp_osm_strings_text(&writer->strings, i);
    OsmPbf__StringTable table = OSM_PBF__STRING_TABLE__INIT;
    table.n_s = n_strings;
    table.s = texts;
    OsmPbf__PrimitiveBlock block = OSM_PBF__PRIMITIVE_BLOCK__INIT;
    block.stringtable = &table;
    block.n_primitivegroup = 1;
    block.primitivegroup = &group;

    size_t length = osm_pbf__primitive_block__get_packed_size(&block);
    sgp_err err = SGP_OK;
    sgp_buffer_clear(&writer->packed);
    if (length > SGP_OSM_BLOB_MAX)
        err = sgp_fail(fault, SGP_E_TOO_LARGE, "a block of %zu bytes is over the format's bound",
                       length);
    else if (sgp_buffer_reserve(&writer->packed, length) != SGP_OK)
        err = fail_memory(fault);
    if (err == SGP_OK) {
        writer->packed.length = osm_pbf__primitive_block__pack(&block, writer->packed.data);
        err = write_blob(writer, "OSMData", fault);
    }
    free(texts);
    return err;
}

static sgp_err write_nodes(sgp_osm_writer *writer, sgp_fault *fault) {
    size_t n = entries(&writer->elements, sizeof(element));
    const element *elements = (const element *)(const void *)writer->elements.data;
    const int64_t *lons = (const int64_t *)(const void *)writer->lons.data;
    const int64_t *lats = (const int64_t *)(const void *)writer->lats.data;
    const uint32_t *keys = (const uint32_t *)(const void *)writer->keys.data;
    const uint32_t *values = (const uint32_t *)(const void *)writer->values.data;
    size_t n_tags = entries(&writer->keys, sizeof *keys);

    int64_t *columns = malloc(3 * n * sizeof *columns);
    int32_t *tags = malloc((2 * n_tags + n) * sizeof *tags);
    sgp_err err = SGP_OK;
    if (!columns || !tags) {
        err = fail_memory(fault);
    } else {
        OsmPbf__DenseNodes dense = OSM_PBF__DENSE_NODES__INIT;
        dense.n_id = dense.n_lat = dense.n_lon = n;
        dense.id = columns;
        dense.lat = columns + n;
        dense.lon = columns + 2 * n;
        for (size_t i = 0; i < n; i++) {
            dense.id[i] = elements[i].id - (i ? elements[i - 1].id : 0);
            dense.lat[i] = lats[i] - (i ? lats[i - 1] : 0);
            dense.lon[i] = lons[i] - (i ? lons[i - 1] : 0);
            for (size_t t = 0; n_tags && t < elements[i].n_tags; t++) {
                tags[dense.n_keys_vals++] = (int32_t)keys[elements[i].first_tag + t];
                tags[dense.n_keys_vals++] = (int32_t)values[elements[i].first_tag + t];
            }
            if (n_tags)
                tags[dense.n_keys_vals++] = 0;
        }
        dense.keys_vals = tags;
        OsmPbf__PrimitiveGroup group = OSM_PBF__PRIMITIVE_GROUP__INIT;
        group.dense = &dense;
        err = write_group(writer, &group, fault);
    }
    free(columns);
    free(tags);
    return err;
}

static sgp_err write_ways(sgp_osm_writer *writer, sgp_fault *fault) {
    size_t n = entries(&writer->elements, sizeof(element));
    const element *elements = (const element *)(const void *)writer->elements.data;
    OsmPbf__Way *ways = malloc(n * sizeof *ways);
    OsmPbf__Way **list = malloc(n * sizeof *list);
    sgp_err err = SGP_OK;
    if (!ways || !list) {
        err = fail_memory(fault);
    } else {
        for (size_t i = 0; i < n; i++) {
            ways[i] = (OsmPbf__Way)OSM_PBF__WAY__INIT;
            ways[i].id = elements[i].id;
            ways[i].n_keys = ways[i].n_vals = elements[i].n_tags;
            ways[i].keys = (uint32_t *)(void *)writer->keys.data + elements[i].first_tag;
            ways[i].vals = (uint32_t *)(void *)writer->values.data + elements[i].first_tag;
            ways[i].n_refs = elements[i].n_refs;
            ways[i].refs = (int64_t *)(void *)writer->refs.data + elements[i].first_ref;
            list[i] = &ways[i];
        }
        OsmPbf__PrimitiveGroup group = OSM_PBF__PRIMITIVE_GROUP__INIT;
        group.n_ways = n;
        group.ways = list;
        err = write_group(writer, &group, fault);
    }
    free(ways);
    free(list);
    return err;
}

static sgp_err write_relations(sgp_osm_writer *writer, sgp_fault *fault) {
    size_t n = entries(&writer->elements, sizeof(element));
    const element *elements = (const element *)(const void *)writer->elements.data;
    OsmPbf__Relation *relations = malloc(n * sizeof *relations);
    OsmPbf__Relation **list = malloc(n * sizeof *list);
    sgp_err err = SGP_OK;
    if (!relations || !list) {
        err = fail_memory(fault);
    } else {
        for (size_t i = 0; i < n; i++) {
            OsmPbf__Relation *relation = &relations[i];
            *relation = (OsmPbf__Relation)OSM_PBF__RELATION__INIT;
            relation->id = elements[i].id;
            relation->n_keys = relation->n_vals = elements[i].n_tags;
            relation->keys = (uint32_t *)(void *)writer->keys.data + elements[i].first_tag;
            relation->vals = (uint32_t *)(void *)writer->values.data + elements[i].first_tag;
            size_t first = elements[i].first_ref;
            relation->n_memids = relation->n_roles_sid = relation->n_types = elements[i].n_refs;
            relation->memids = (int64_t *)(void *)writer->refs.data + first;
            relation->roles_sid = (int32_t *)(void *)writer->roles.data + first;
            relation->types =
                (OsmPbf__Relation__MemberType *)(void *)writer->member_kinds.data + first;
            list[i] = relation;
        }
        OsmPbf__PrimitiveGroup group = OSM_PBF__PRIMITIVE_GROUP__INIT;
        group.n_relations = n;
        group.relations = list;
        err = write_group(writer, &group, fault);
    }
    free(relations);
    free(list);
    return err;
}

static sgp_err flush(sgp_osm_writer *writer, sgp_fault *fault) {
    if (writer->elements.length == 0)
        return SGP_OK;
    sgp_err err = writer->kind == SGP_OSM_NODE  ? write_nodes(writer, fault)
                  : writer->kind == SGP_OSM_WAY ? write_ways(writer, fault)
                                                : write_relations(writer, fault);
    sgp_osm_strings_clear(&writer->strings);
    sgp_buffer *columns[] = {&writer->elements, &writer->lons,        &writer->lats,
                             &writer->keys,     &writer->values,      &writer->refs,
                             &writer->roles,    &writer->member_kinds};
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        sgp_buffer_clear(columns[i]);
    return err;
}

/* Checks the order and makes room in the block; what every element begins with. */
static sgp_err begin(sgp_osm_writer *writer, sgp_osm_kind kind, int64_t id, sgp_fault *fault) {
    static const char *const names[] = {"node", "way", "relation"};
    if (writer->any && (kind < writer->kind || (kind == writer->kind && id <= writer->last_id)))
        return sgp_fail(fault, SGP_E_ARGUMENT,
                        "%s %lld comes after %s %lld; an extract is sorted by kind, then id",
                        names[kind], (long long)id, names[writer->kind],
                        (long long)writer->last_id);
    size_t bytes = writer->refs.length + 2 * writer->keys.length + writer->strings.bytes.length;
    sgp_err err = SGP_OK;
    if (writer->any && (kind != writer->kind || bytes > BLOCK_BYTES ||
                        entries(&writer->elements, sizeof(element)) == BLOCK_ELEMENTS))
        err = flush(writer, fault);
    writer->any = true;
    writer->kind = kind;
    writer->last_id = id;
    return err;
}

/* Adds the tags and the element itself. */
static sgp_err end(sgp_osm_writer *writer, int64_t id, size_t n_refs, const sgp_osm_tag *tags,
                   size_t n_tags, sgp_fault *fault) {
    element added = {id, entries(&writer->keys, sizeof(uint32_t)), n_tags,
                     entries(&writer->refs, sizeof(int64_t)) - n_refs, n_refs};
    sgp_err err = sgp_buffer_append(&writer->elements, &added, sizeof added);
    for (size_t i = 0; err == SGP_OK && i < n_tags; i++) {
        uint32_t key, value;
        err = sgp_osm_strings_add(&writer->strings, tags[i].key, &key);
        if (err == SGP_OK)
            err = sgp_osm_strings_add(&writer->strings, tags[i].value, &value);
        if (err == SGP_OK)
            err = sgp_buffer_append(&writer->keys, &key, sizeof key);
        if (err == SGP_OK)
            err = sgp_buffer_append(&writer->values, &value, sizeof value);
    }
    return err == SGP_OK ? SGP_OK : fail_memory(fault);
}

sgp_err sgp_osm_writer_open(const char *path, const char *writing_program,
                            const sgp_point *south_west, const sgp_point *north_east,
                            sgp_osm_writer **writer, sgp_fault *fault) {
    sgp_osm_writer *made = calloc(1, sizeof *made);
    if (!made)
        return fail_memory(fault);
    made->fd = -1;
    made->path = strdup(path);
    if (asprintf(&made->partial, "%s.partial", path) < 0)
        made->partial = NULL;
    sgp_err err = SGP_OK;
    /* Columns have an address from the start, so that elements may point into empty ones. */
    sgp_buffer *columns[] = {&made->keys, &made->values, &made->refs, &made->roles,
                             &made->member_kinds};
    bool room = true;
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        room = room && sgp_buffer_reserve(columns[i], 1) == SGP_OK;
    if (!room || !made->path || !made->partial || sgp_osm_strings_init(&made->strings) != SGP_OK)
        err = fail_memory(fault);
    if (err == SGP_OK) {
        made->fd = open(made->partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
        if (made->fd < 0)
            err = sgp_fail(fault, SGP_E_IO, "cannot create %s: %s", made->partial, strerror(errno));
    }
    if (err == SGP_OK)
        err = write_header(made, writing_program, south_west, north_east, fault);
    if (err != SGP_OK) {
        sgp_osm_writer_destroy(made);
        return err;
    }
    *writer = made;
    return SGP_OK;
}

sgp_err sgp_osm_writer_node(sgp_osm_writer *writer, int64_t id, sgp_point point,
                            const sgp_osm_tag *tags, size_t n_tags, sgp_fault *fault) {
    sgp_err err = begin(writer, SGP_OSM_NODE, id, fault);
    if (err != SGP_OK)
        return err;
    int64_t lon = point.lon_e7, lat = point.lat_e7;
    if (sgp_buffer_append(&writer->lons, &lon, sizeof lon) != SGP_OK ||
        sgp_buffer_append(&writer->lats, &lat, sizeof lat) != SGP_OK)
        return fail_memory(fault);
    return end(writer, id, 0, tags, n_tags, fault);
}

sgp_err sgp_osm_writer_way(sgp_osm_writer *writer, int64_t id, const int64_t *refs, size_t n_refs,
                           const sgp_osm_tag *tags, size_t n_tags, sgp_fault *fault) {
    if (n_refs > WAY_REFS_MAX)
        return sgp_fail(fault, SGP_E_ARGUMENT, "way %lld has %zu nodes; at most %d are allowed",
                        (long long)id, n_refs, WAY_REFS_MAX);
    sgp_err err = begin(writer, SGP_OSM_WAY, id, fault);
    for (size_t i = 0; err == SGP_OK && i < n_refs; i++) {
        int64_t delta = refs[i] - (i ? refs[i - 1] : 0);
        if (sgp_buffer_append(&writer->refs, &delta, sizeof delta) != SGP_OK)
            err = fail_memory(fault);
    }
    return err == SGP_OK ? end(writer, id, n_refs, tags, n_tags, fault) : err;
}

sgp_err sgp_osm_writer_relation(sgp_osm_writer *writer, int64_t id, const sgp_osm_member *members,
                                size_t n_members, const sgp_osm_tag *tags, size_t n_tags,
                                sgp_fault *fault) {
    static const OsmPbf__Relation__MemberType kinds[] = {
        [SGP_OSM_NODE] = OSM_PBF__RELATION__MEMBER_TYPE__NODE,
        [SGP_OSM_WAY] = OSM_PBF__RELATION__MEMBER_TYPE__WAY,
        [SGP_OSM_RELATION] = OSM_PBF__RELATION__MEMBER_TYPE__RELATION,
    };
    sgp_err err = begin(writer, SGP_OSM_RELATION, id, fault);
    for (size_t i = 0; err == SGP_OK && i < n_members; i++) {
        int64_t delta = members[i].id - (i ? members[i - 1].id : 0);
        uint32_t role;
        if (sgp_osm_strings_add(&writer->strings, members[i].role, &role) != SGP_OK ||
            sgp_buffer_append(&writer->refs, &delta, sizeof delta) != SGP_OK ||
            sgp_buffer_append(&writer->roles, &role, sizeof role) != SGP_OK ||
            sgp_buffer_append(&writer->member_kinds, &kinds[members[i].kind], sizeof kinds[0]) !=
                SGP_OK)
            err = fail_memory(fault);
    }
    return err == SGP_OK ? end(writer, id, n_members, tags, n_tags, fault) : err;
}

/* A rename is only durable once the folder that holds the name is synced. */
static int sync_folder_of(const char *path) {
    const char *slash = strrchr(path, '/');
    char *folder = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
    int fd = folder ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    int failed = fd < 0 ? -1 : fsync(fd);
    if (fd >= 0)
        close(fd);
    free(folder);
    return failed;
}

sgp_err sgp_osm_writer_finish(sgp_osm_writer *writer, sgp_fault *fault) {
    assert(!writer->finished);
    sgp_err err = flush(writer, fault);
    if (err != SGP_OK)
        return err;
    if (fsync(writer->fd) != 0 || rename(writer->partial, writer->path) != 0 ||
        sync_folder_of(writer->path) != 0)
        return sgp_fail(fault, SGP_E_IO, "cannot finish %s: %s", writer->path, strerror(errno));
    writer->finished = true;
    return SGP_OK;
}

void sgp_osm_writer_destroy(sgp_osm_writer *writer) {
    if (!writer)
        return;
    if (writer->fd >= 0) {
        close(writer->fd);
        if (!writer->finished)
            unlink(writer->partial);
    }
    sgp_osm_strings_deinit(&writer->strings);
    sgp_buffer *buffers[] = {&writer->elements, &writer->lons,         &writer->lats,
                             &writer->keys,     &writer->values,       &writer->refs,
                             &writer->roles,    &writer->member_kinds, &writer->packed,
                             &writer->squeezed, &writer->framed};
    for (size_t i = 0; i < sizeof buffers / sizeof *buffers; i++)
        sgp_buffer_free(buffers[i]);
    free(writer->path);
    free(writer->partial);
    free(writer);
}
