#include "route/graph_format.h"
#include "route/graph_order.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

typedef struct node_entry {
    int64_t node;
    uint32_t vertex;
} node_entry;

static int compare_nodes(const void *left, const void *right) {
    const node_entry *a = left;
    const node_entry *b = right;
    if (a->node != b->node)
        return a->node < b->node ? -1 : 1;
    return (a->vertex > b->vertex) - (a->vertex < b->vertex);
}

/* Vertices sorted by (node id, vertex); NULL: no memory. The caller frees. */
static uint32_t *make_node_order(const sgp_graph_parts *parts) {
    uint32_t *order = malloc((size_t)parts->n_vertices * sizeof *order);
    node_entry *entries = malloc((size_t)parts->n_vertices * sizeof *entries);
    if (order && entries) {
        for (uint32_t v = 0; v < parts->n_vertices; v++)
            entries[v] = (node_entry){parts->vertex_node[v], v};
        qsort(entries, parts->n_vertices, sizeof *entries, compare_nodes);
        for (uint32_t v = 0; v < parts->n_vertices; v++)
            order[v] = entries[v].vertex;
    } else {
        free(order);
        order = NULL;
    }
    free(entries);
    return order;
}

/* A file that is being written, and the checksum of what went into its body. */
typedef struct output {
    FILE *file;
    uint64_t position;
    crypto_generichash_state hash;
} output;

static bool put(output *out, const void *bytes, size_t length) {
    if (length == 0)
        return true;
    crypto_generichash_update(&out->hash, bytes, length);
    out->position += length;
    return fwrite(bytes, 1, length, out->file) == length;
}

static bool put_section(output *out, const sgp_file_section *section, const void *bytes) {
    static const uint8_t zeros[SGP_GRAPH_ALIGNMENT];
    assert(section->offset >= out->position);
    assert(section->offset - out->position < SGP_GRAPH_ALIGNMENT);
    return put(out, zeros, section->offset - out->position) &&
           put(out, bytes, section->count * section->element_bytes);
}

static void fill_header(sgp_file_header *header, const sgp_ordered_graph *ordered,
                        const sgp_spatial *spatial) {
    const sgp_graph_parts *parts = &ordered->parts;
    const sgp_hierarchy *h = &ordered->hierarchy;
    *header = (sgp_file_header){
        .version = SGP_GRAPH_VERSION,
        .byte_order = SGP_GRAPH_BYTE_ORDER,
        .city = parts->city,
        .created_ms = parts->created_ms,
        .south_west = parts->south_west,
        .north_east = parts->north_east,
        .is_sketch = parts->is_sketch,
        .drives_left = parts->drives_left,
        .n_levels = h->n_levels,
        .district_south_e7 = parts->places.south_e7,
        .district_row_e7 = parts->places.row_e7,
        .n_sections = SGP_GRAPH_N_SECTIONS,
    };
    memcpy(header->magic, SGP_GRAPH_MAGIC, sizeof header->magic);
    memcpy(header->name, parts->name, strlen(parts->name));
    const uint64_t counts[SGP_GRAPH_N_SECTIONS] = {
        [SGP_SECTION_VERTEX_POINT] = parts->n_vertices,
        [SGP_SECTION_VERTEX_NODE] = parts->n_vertices,
        [SGP_SECTION_NODE_ORDER] = parts->n_vertices,
        [SGP_SECTION_FIRST_ARC] = (uint64_t)parts->n_vertices + 1,
        [SGP_SECTION_ARC_HEAD] = parts->n_arcs,
        [SGP_SECTION_ARC_EDGE] = parts->n_arcs,
        [SGP_SECTION_WEIGHT] = (uint64_t)parts->n_profiles * parts->n_arcs,
        [SGP_SECTION_EDGES] = parts->n_edges,
        [SGP_SECTION_POINTS] = parts->n_points,
        [SGP_SECTION_NAMES] = parts->names_length,
        [SGP_SECTION_PROFILES] = parts->n_profiles,
        [SGP_SECTION_POINT_NODE] = parts->n_point_nodes,
        [SGP_SECTION_CONDITIONS] = parts->n_conditions,
        [SGP_SECTION_SPANS] = parts->n_spans,
        [SGP_SECTION_FOOT_POINT] = parts->n_foot_vertices,
        [SGP_SECTION_FOOT_FIRST_ARC] = (uint64_t)parts->n_foot_vertices + 1,
        [SGP_SECTION_FOOT_ARCS] = parts->n_foot_arcs,
        [SGP_SECTION_FOOT_DOORS] = parts->n_foot_doors,
        [SGP_SECTION_PLACES] = parts->places.n_places,
        [SGP_SECTION_PLACE_TEXTS] = parts->places.texts_length,
        [SGP_SECTION_DISTRICTS] = parts->places.n_districts,
        [SGP_SECTION_DISTRICT_FIRST_SPAN] = (uint64_t)parts->places.n_rows + 1,
        [SGP_SECTION_DISTRICT_SPANS] = parts->places.n_spans,
        [SGP_SECTION_INDEX_ITEMS] = spatial->n_items,
        [SGP_SECTION_INDEX_BOXES] = spatial->n_boxes,
        [SGP_SECTION_PARENT] = h->n_vertices,
        [SGP_SECTION_FIRST_DESCENDANT] = h->n_vertices,
        [SGP_SECTION_DEPTH] = h->n_vertices,
        [SGP_SECTION_ROW] = h->n_vertices,
        [SGP_SECTION_ROW_LENGTH] = h->n_vertices,
        [SGP_SECTION_PARENT_MASK] = h->n_vertices,
        [SGP_SECTION_HEAD_DEPTH] = h->n_heads,
        [SGP_SECTION_FRONTS] = h->n_fronts,
        [SGP_SECTION_ARC_SLOT] = parts->n_arcs,
    };
    for (uint32_t s = 0; s < SGP_GRAPH_N_SECTIONS; s++) {
        header->sections[s].kind = s;
        header->sections[s].element_bytes = sgp_section_element_bytes(s);
        header->sections[s].count = counts[s];
    }
    header->file_bytes = sgp_graph_layout(header);
    assert(header->file_bytes > 0);
}

/* Header place-holder, body, then the header with the checksums. */
static bool write_everything(FILE *file, const sgp_ordered_graph *ordered,
                             const sgp_spatial *spatial, const uint32_t *node_order) {
    const sgp_graph_parts *parts = &ordered->parts;
    const sgp_hierarchy *h = &ordered->hierarchy;
    sgp_file_header header;
    fill_header(&header, ordered, spatial);
    static const uint32_t none[1] = {0};
    const void *arrays[SGP_GRAPH_N_SECTIONS] = {
        [SGP_SECTION_VERTEX_POINT] = parts->vertex_point,
        [SGP_SECTION_VERTEX_NODE] = parts->vertex_node,
        [SGP_SECTION_NODE_ORDER] = node_order,
        [SGP_SECTION_FIRST_ARC] = parts->first_arc,
        [SGP_SECTION_ARC_HEAD] = parts->arc_head,
        [SGP_SECTION_ARC_EDGE] = parts->arc_edge,
        [SGP_SECTION_WEIGHT] = parts->weight,
        [SGP_SECTION_EDGES] = parts->edges,
        [SGP_SECTION_POINTS] = parts->points,
        [SGP_SECTION_NAMES] = parts->names,
        [SGP_SECTION_PROFILES] = parts->profiles,
        [SGP_SECTION_POINT_NODE] = parts->point_node,
        [SGP_SECTION_CONDITIONS] = parts->conditions,
        [SGP_SECTION_SPANS] = parts->spans,
        [SGP_SECTION_FOOT_POINT] = parts->foot_point,
        [SGP_SECTION_FOOT_FIRST_ARC] = parts->n_foot_vertices ? parts->foot_first_arc : none,
        [SGP_SECTION_FOOT_ARCS] = parts->foot_arcs,
        [SGP_SECTION_FOOT_DOORS] = parts->foot_doors,
        [SGP_SECTION_PLACES] = parts->places.places,
        [SGP_SECTION_PLACE_TEXTS] = parts->places.texts,
        [SGP_SECTION_DISTRICTS] = parts->places.districts,
        [SGP_SECTION_DISTRICT_FIRST_SPAN] = parts->places.n_rows ? parts->places.first_span : none,
        [SGP_SECTION_DISTRICT_SPANS] = parts->places.spans,
        [SGP_SECTION_INDEX_ITEMS] = spatial->items,
        [SGP_SECTION_INDEX_BOXES] = spatial->boxes,
        [SGP_SECTION_PARENT] = h->parent,
        [SGP_SECTION_FIRST_DESCENDANT] = h->first_descendant,
        [SGP_SECTION_DEPTH] = h->depth,
        [SGP_SECTION_ROW] = h->row,
        [SGP_SECTION_ROW_LENGTH] = h->row_length,
        [SGP_SECTION_PARENT_MASK] = h->parent_mask,
        [SGP_SECTION_HEAD_DEPTH] = h->head_depth,
        [SGP_SECTION_FRONTS] = h->fronts,
        [SGP_SECTION_ARC_SLOT] = h->arc_slot,
    };
    uint8_t bytes[SGP_GRAPH_HEADER_BYTES] = {0};
    if (fwrite(bytes, 1, sizeof bytes, file) != sizeof bytes)
        return false;
    output out = {.file = file, .position = sizeof bytes};
    crypto_generichash_init(&out.hash, NULL, 0, SGP_GRAPH_HASH_BYTES);
    for (uint32_t s = 0; s < SGP_GRAPH_N_SECTIONS; s++)
        if (!put_section(&out, &header.sections[s], arrays[s]))
            return false;
    assert(out.position == header.file_bytes);
    crypto_generichash_final(&out.hash, header.body_hash, sizeof header.body_hash);
    memcpy(bytes, &header, sizeof header); /* header_hash is still zero, as the checksum asks */
    crypto_generichash(header.header_hash, sizeof header.header_hash, bytes, sizeof bytes, NULL, 0);
    memcpy(bytes, &header, sizeof header);
    return fseek(file, 0, SEEK_SET) == 0 && fwrite(bytes, 1, sizeof bytes, file) == sizeof bytes &&
           fflush(file) == 0 && fsync(fileno(file)) == 0;
}

static int sync_folder_of(const char *path) {
    char copy[PATH_MAX];
    snprintf(copy, sizeof copy, "%s", path);
    int folder = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        return -1;
    int result = fsync(folder);
    close(folder);
    return result;
}

static sgp_err write_beside_and_rename(const char *path, const sgp_ordered_graph *ordered,
                                       const sgp_spatial *spatial, const uint32_t *node_order,
                                       sgp_fault *fault) {
    char temporary[PATH_MAX];
    if (snprintf(temporary, sizeof temporary, "%s.XXXXXX", path) >= (int)sizeof temporary)
        return sgp_fail(fault, SGP_E_ARGUMENT, "the file name '%.80s...' is too long", path);
    int descriptor = mkstemp(temporary);
    FILE *file = descriptor < 0 ? NULL : fdopen(descriptor, "wb");
    if (!file) {
        int error = errno;
        if (descriptor >= 0) {
            close(descriptor);
            unlink(temporary);
        }
        return sgp_fail(fault, SGP_E_IO, "cannot make a file beside '%s': %s", path,
                        strerror(error));
    }
    /* mkstemp makes files that only their owner reads; a map is no secret. */
    bool good =
        fchmod(descriptor, 0644) == 0 && write_everything(file, ordered, spatial, node_order);
    int error = good ? 0 : errno;
    if (fclose(file) != 0 && good) {
        good = false;
        error = errno;
    }
    if (good && rename(temporary, path) != 0) {
        good = false;
        error = errno;
    }
    if (!good) {
        unlink(temporary);
        return sgp_fail(fault, SGP_E_IO, "cannot write '%s': %s", path, strerror(error));
    }
    if (sync_folder_of(path) != 0)
        return sgp_fail(fault, SGP_E_IO, "cannot sync the folder of '%s': %s", path,
                        strerror(errno));
    return SGP_OK;
}

sgp_err sgp_graph_write(const char *path, const sgp_graph_parts *parts,
                        const sgp_graph_making *making, sgp_fault *fault) {
    sgp_err err = sgp_graph_check(parts, SGP_E_ARGUMENT, fault);
    if (err)
        return err;
    if (sodium_init() < 0)
        return sgp_fail(fault, SGP_E_CRYPTO, "libsodium could not be started");
    sgp_ordered_graph ordered;
    err = sgp_ordered_graph_make(parts, making, &ordered, fault);
    if (err) {
        sgp_ordered_graph_free(&ordered);
        return err;
    }
    sgp_spatial spatial;
    err = sgp_spatial_build(&ordered.parts, &spatial);
    uint32_t *node_order = err ? NULL : make_node_order(&ordered.parts);
    if (!err && !node_order)
        err = SGP_E_MEMORY;
    if (err)
        err =
            sgp_fail(fault, err, "cannot index the roads for '%s': %s", path, sgp_err_message(err));
    else
        err = write_beside_and_rename(path, &ordered, &spatial, node_order, fault);
    free(node_order);
    sgp_spatial_free(&spatial);
    sgp_ordered_graph_free(&ordered);
    return err;
}

/* Everything but the places is written again as it was read, so nothing is ordered anew. */
sgp_err sgp_graph_put_places(const char *path, const sgp_graph_places *places, sgp_fault *fault) {
    sgp_err err = sgp_graph_places_check(places, SGP_E_ARGUMENT, fault);
    sgp_graph *graph = NULL;
    if (err == SGP_OK)
        err = sgp_graph_open(path, &graph, fault);
    if (err != SGP_OK)
        return err;
    sgp_ordered_graph ordered = {.parts = graph->parts, .hierarchy = graph->hierarchy};
    ordered.parts.places = *places;
    err = write_beside_and_rename(path, &ordered, &graph->spatial, graph->node_order, fault);
    sgp_graph_close(graph); /* the old file, still mapped although it was replaced */
    return err;
}
