#include "route/customize.h"
#include "route/graph_format.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

void sgp_city_id_format(const sgp_city_id *id, char text[33]) {
    for (int i = 0; i < 16; i++)
        snprintf(text + 2 * i, 3, "%02x", id->bytes[i]);
}

const char *sgp_road_class_str(sgp_road_class road_class) {
    static const char *const names[SGP_ROAD_CLASSES] = {
        [SGP_ROAD_MOTORWAY] = "motorway",       [SGP_ROAD_TRUNK] = "trunk",
        [SGP_ROAD_PRIMARY] = "primary",         [SGP_ROAD_SECONDARY] = "secondary",
        [SGP_ROAD_TERTIARY] = "tertiary",       [SGP_ROAD_UNCLASSIFIED] = "unclassified",
        [SGP_ROAD_RESIDENTIAL] = "residential", [SGP_ROAD_LIVING_STREET] = "living_street",
        [SGP_ROAD_SERVICE] = "service",         [SGP_ROAD_TRACK] = "track",
        [SGP_ROAD_CONNECTOR] = "connector",
    };
    return (unsigned)road_class < SGP_ROAD_CLASSES ? names[road_class] : "unknown";
}

uint32_t sgp_section_element_bytes(sgp_graph_section section) {
    static const uint32_t bytes[SGP_GRAPH_N_SECTIONS] = {
#define SGP_SECTION_BYTES(name, type) [SGP_SECTION_##name] = sizeof(type),
        SGP_GRAPH_SECTIONS(SGP_SECTION_BYTES)
#undef SGP_SECTION_BYTES
    };
    return bytes[section];
}

uint64_t sgp_graph_layout(sgp_file_header *header) {
    uint64_t position = SGP_GRAPH_HEADER_BYTES;
    for (uint32_t s = 0; s < SGP_GRAPH_N_SECTIONS; s++) {
        sgp_file_section *section = &header->sections[s];
        if (section->count > (uint64_t)UINT32_MAX + 1)
            return 0;
        position = (position + SGP_GRAPH_ALIGNMENT - 1) / SGP_GRAPH_ALIGNMENT * SGP_GRAPH_ALIGNMENT;
        section->offset = position;
        position += section->count * sgp_section_element_bytes(s);
    }
    return position;
}

/* What a file that is no graph begins with, as far as it can be printed. */
static sgp_err foreign_file(const char *path, const uint8_t *bytes, size_t length,
                            sgp_fault *fault) {
    char start[25] = "";
    for (size_t i = 0; i < length && i < sizeof start - 1; i++)
        start[i] = isprint(bytes[i]) ? (char)bytes[i] : '.';
    return sgp_fail(fault, SGP_E_FORMAT, "'%.120s' is not a Sigap road graph: it begins with '%s'",
                    path, start);
}

/* Takes the header out of the mapped bytes, once it is known to be whole and ours. */
static sgp_err read_header(const char *path, const uint8_t *bytes, size_t length,
                           sgp_file_header *header, sgp_fault *fault) {
    size_t known = length < sizeof header->magic ? length : sizeof header->magic;
    if (memcmp(bytes, SGP_GRAPH_MAGIC, known) != 0)
        return foreign_file(path, bytes, length, fault);
    if (length < SGP_GRAPH_HEADER_BYTES)
        return sgp_fail(fault, SGP_E_CORRUPT,
                        "the road graph '%.120s' is truncated: its header is cut off at byte %zu",
                        path, length);
    memcpy(header, bytes, sizeof *header);
    if (header->byte_order != SGP_GRAPH_BYTE_ORDER)
        return sgp_fail(fault, SGP_E_VERSION,
                        "the road graph '%.120s' was made on a machine of another byte order; "
                        "make it again here with 'sigap import'",
                        path);
    if (header->version != SGP_GRAPH_VERSION)
        return sgp_fail(fault, SGP_E_VERSION,
                        "the road graph '%.120s' is of version %u, this program reads version %d; "
                        "make it again with 'sigap import'",
                        path, header->version, SGP_GRAPH_VERSION);
    if (header->file_bytes != length)
        return sgp_fail(fault, SGP_E_CORRUPT,
                        "the road graph '%.120s' is %s: it has %zu bytes and should have %llu",
                        path, length < header->file_bytes ? "truncated" : "too long", length,
                        (unsigned long long)header->file_bytes);
    return SGP_OK;
}

static sgp_err verify_checksums(const char *path, const uint8_t *bytes, size_t length,
                                const sgp_file_header *header, sgp_fault *fault) {
    if (sodium_init() < 0)
        return sgp_fail(fault, SGP_E_CRYPTO, "libsodium could not be started");
    uint8_t copy[SGP_GRAPH_HEADER_BYTES];
    uint8_t hash[SGP_GRAPH_HASH_BYTES];
    memcpy(copy, bytes, sizeof copy);
    memset(copy + offsetof(sgp_file_header, header_hash), 0, SGP_GRAPH_HASH_BYTES);
    crypto_generichash(hash, sizeof hash, copy, sizeof copy, NULL, 0);
    if (memcmp(hash, header->header_hash, sizeof hash) != 0)
        return sgp_fail(fault, SGP_E_CORRUPT,
                        "the road graph '%.120s' is damaged: the checksum of its header differs",
                        path);
    crypto_generichash(hash, sizeof hash, bytes + SGP_GRAPH_HEADER_BYTES,
                       length - SGP_GRAPH_HEADER_BYTES, NULL, 0);
    if (memcmp(hash, header->body_hash, sizeof hash) != 0)
        return sgp_fail(fault, SGP_E_CORRUPT,
                        "the road graph '%.120s' is damaged: the checksum of its body differs",
                        path);
    return SGP_OK;
}

static sgp_err not_as_laid_out(const char *path, sgp_fault *fault) {
    return sgp_fail(fault, SGP_E_CORRUPT, "the road graph '%.120s' has a wrong section table",
                    path);
}

/* The section table must be the one that the counts give, and the counts of
 * sections that run side by side must agree. */
static sgp_err verify_sections(const char *path, const sgp_file_header *header, sgp_fault *fault) {
    sgp_file_header expected = *header;
    if (header->n_sections != SGP_GRAPH_N_SECTIONS ||
        sgp_graph_layout(&expected) != header->file_bytes)
        return not_as_laid_out(path, fault);
    const sgp_file_section *sections = header->sections;
    for (uint32_t s = 0; s < SGP_GRAPH_N_SECTIONS; s++)
        if (sections[s].kind != s || sections[s].offset != expected.sections[s].offset ||
            sections[s].element_bytes != sgp_section_element_bytes(s) ||
            sections[s].count > UINT32_MAX)
            return not_as_laid_out(path, fault);
    uint64_t n_vertices = sections[SGP_SECTION_VERTEX_POINT].count;
    uint64_t n_arcs = sections[SGP_SECTION_ARC_HEAD].count;
    uint64_t n_items = sections[SGP_SECTION_INDEX_ITEMS].count;
    sgp_spatial shape = {0};
    if (n_items <= UINT32_MAX / 2)
        sgp_spatial_shape(&shape, (uint32_t)n_items);
    if (sections[SGP_SECTION_VERTEX_NODE].count != n_vertices ||
        sections[SGP_SECTION_NODE_ORDER].count != n_vertices ||
        sections[SGP_SECTION_FIRST_ARC].count != n_vertices + 1 ||
        sections[SGP_SECTION_ARC_EDGE].count != n_arcs ||
        sections[SGP_SECTION_PROFILES].count > SGP_PROFILES_MAX ||
        sections[SGP_SECTION_WEIGHT].count != n_arcs * sections[SGP_SECTION_PROFILES].count ||
        (sections[SGP_SECTION_POINT_NODE].count != 0 &&
         sections[SGP_SECTION_POINT_NODE].count != sections[SGP_SECTION_POINTS].count) ||
        sections[SGP_SECTION_FOOT_FIRST_ARC].count != sections[SGP_SECTION_FOOT_POINT].count + 1 ||
        sections[SGP_SECTION_DISTRICT_FIRST_SPAN].count == 0 || shape.n_items != n_items ||
        sections[SGP_SECTION_INDEX_BOXES].count != shape.n_boxes ||
        sections[SGP_SECTION_PARENT].count != n_vertices ||
        sections[SGP_SECTION_FIRST_DESCENDANT].count != n_vertices ||
        sections[SGP_SECTION_DEPTH].count != n_vertices ||
        sections[SGP_SECTION_ROW].count != n_vertices ||
        sections[SGP_SECTION_ROW_LENGTH].count != n_vertices ||
        sections[SGP_SECTION_PARENT_MASK].count != n_vertices ||
        sections[SGP_SECTION_ARC_SLOT].count != n_arcs)
        return not_as_laid_out(path, fault);
    return SGP_OK;
}

static void point_into(sgp_graph *graph, const uint8_t *bytes, const sgp_file_header *header) {
    const sgp_file_section *sections = header->sections;
#define SGP_AT(name) ((const void *)(bytes + sections[SGP_SECTION_##name].offset))
#define SGP_COUNT(name) ((uint32_t)sections[SGP_SECTION_##name].count)
    graph->parts = (sgp_graph_parts){
        .city = header->city,
        .is_sketch = header->is_sketch,
        .drives_left = header->drives_left,
        .created_ms = header->created_ms,
        .south_west = header->south_west,
        .north_east = header->north_east,
        .n_vertices = SGP_COUNT(VERTEX_POINT),
        .vertex_point = SGP_AT(VERTEX_POINT),
        .vertex_node = SGP_AT(VERTEX_NODE),
        .first_arc = SGP_AT(FIRST_ARC),
        .n_arcs = SGP_COUNT(ARC_HEAD),
        .arc_head = SGP_AT(ARC_HEAD),
        .arc_edge = SGP_AT(ARC_EDGE),
        .weight = SGP_AT(WEIGHT),
        .n_edges = SGP_COUNT(EDGES),
        .edges = SGP_AT(EDGES),
        .n_points = SGP_COUNT(POINTS),
        .points = SGP_AT(POINTS),
        .names_length = SGP_COUNT(NAMES),
        .names = SGP_AT(NAMES),
        .n_profiles = SGP_COUNT(PROFILES),
        .profiles = SGP_AT(PROFILES),
        .n_point_nodes = SGP_COUNT(POINT_NODE),
        .point_node = SGP_AT(POINT_NODE),
        .n_conditions = SGP_COUNT(CONDITIONS),
        .conditions = SGP_AT(CONDITIONS),
        .n_spans = SGP_COUNT(SPANS),
        .spans = SGP_AT(SPANS),
        .n_foot_vertices = SGP_COUNT(FOOT_POINT),
        .foot_point = SGP_AT(FOOT_POINT),
        .foot_first_arc = SGP_AT(FOOT_FIRST_ARC),
        .n_foot_arcs = SGP_COUNT(FOOT_ARCS),
        .foot_arcs = SGP_AT(FOOT_ARCS),
        .n_foot_doors = SGP_COUNT(FOOT_DOORS),
        .foot_doors = SGP_AT(FOOT_DOORS),
        .places =
            {
                .n_places = SGP_COUNT(PLACES),
                .places = SGP_AT(PLACES),
                .texts_length = SGP_COUNT(PLACE_TEXTS),
                .texts = SGP_AT(PLACE_TEXTS),
                .n_districts = SGP_COUNT(DISTRICTS),
                .districts = SGP_AT(DISTRICTS),
                .south_e7 = header->district_south_e7,
                .row_e7 = header->district_row_e7,
                .n_rows = SGP_COUNT(DISTRICT_FIRST_SPAN) - 1,
                .first_span = SGP_AT(DISTRICT_FIRST_SPAN),
                .n_spans = SGP_COUNT(DISTRICT_SPANS),
                .spans = SGP_AT(DISTRICT_SPANS),
            },
    };
    memcpy(graph->parts.name, header->name, sizeof graph->parts.name);
    graph->node_order = SGP_AT(NODE_ORDER);
    graph->spatial.items = SGP_AT(INDEX_ITEMS);
    graph->spatial.boxes = SGP_AT(INDEX_BOXES);
    sgp_spatial_shape(&graph->spatial, SGP_COUNT(INDEX_ITEMS));
    graph->hierarchy = (sgp_hierarchy){
        .n_vertices = SGP_COUNT(PARENT),
        .n_levels = header->n_levels,
        .parent = SGP_AT(PARENT),
        .first_descendant = SGP_AT(FIRST_DESCENDANT),
        .depth = SGP_AT(DEPTH),
        .row = SGP_AT(ROW),
        .row_length = SGP_AT(ROW_LENGTH),
        .parent_mask = SGP_AT(PARENT_MASK),
        .n_heads = SGP_COUNT(HEAD_DEPTH),
        .head_depth = SGP_AT(HEAD_DEPTH),
        .n_fronts = SGP_COUNT(FRONTS),
        .fronts = SGP_AT(FRONTS),
        .arc_slot = SGP_AT(ARC_SLOT),
    };
#undef SGP_AT
#undef SGP_COUNT
}

/* The two look-up tables that only the file has: a checksum proves that nobody
 * changed them by accident, this that nobody did on purpose. */
static sgp_err verify_tables(const sgp_graph *graph, sgp_fault *fault) {
    const sgp_graph_parts *p = &graph->parts;
    for (uint32_t i = 0; i < p->n_vertices; i++) {
        uint32_t v = graph->node_order[i];
        if (v >= p->n_vertices)
            return sgp_fail(fault, SGP_E_CORRUPT, "the node table names vertex %u of %u", v,
                            p->n_vertices);
        uint32_t before = i ? graph->node_order[i - 1] : v;
        if (i && (p->vertex_node[before] > p->vertex_node[v] ||
                  (p->vertex_node[before] == p->vertex_node[v] && before >= v)))
            return sgp_fail(fault, SGP_E_CORRUPT, "the node table is out of order at %u", i);
    }
    for (uint32_t i = 0; i < graph->spatial.n_items; i++) {
        const sgp_spatial_item *item = &graph->spatial.items[i];
        if (item->edge >= p->n_edges || item->first_segment >= p->edges[item->edge].n_points - 1 ||
            p->edges[item->edge].main_profiles == 0)
            return sgp_fail(fault, SGP_E_CORRUPT,
                            "the spatial index names a road piece %u/%u "
                            "that does not exist",
                            item->edge, item->first_segment);
    }
    return SGP_OK;
}

static int compare_copies(const void *left, const void *right) {
    const sgp_arc_copy *a = left;
    const sgp_arc_copy *b = right;
    if (a->move != b->move)
        return a->move < b->move ? -1 : 1;
    return (a->arc > b->arc) - (a->arc < b->arc);
}

static bool is_copy(const sgp_graph_parts *p, uint32_t arc) {
    if (p->arc_edge[arc] == SGP_NONE)
        return false;
    const sgp_edge *edge = &p->edges[p->arc_edge[arc] >> 1];
    return (p->arc_edge[arc] & 1 ? edge->backward_arc : edge->forward_arc) != arc;
}

static sgp_err find_copies(sgp_graph *graph) {
    const sgp_graph_parts *p = &graph->parts;
    uint32_t n = 0;
    for (uint32_t a = 0; a < p->n_arcs; a++)
        n += is_copy(p, a);
    graph->copies = malloc(((size_t)n + 1) * sizeof *graph->copies);
    if (!graph->copies)
        return SGP_E_MEMORY;
    for (uint32_t a = 0; a < p->n_arcs; a++)
        if (is_copy(p, a))
            graph->copies[graph->n_copies++] = (sgp_arc_copy){p->arc_edge[a], a};
    qsort(graph->copies, n, sizeof *graph->copies, compare_copies);
    return SGP_OK;
}

static sgp_err find_tails(sgp_graph *graph) {
    const sgp_graph_parts *p = &graph->parts;
    graph->tail_hint = malloc(((size_t)p->n_arcs / SGP_TAIL_STEP + 1) * sizeof *graph->tail_hint);
    if (!graph->tail_hint)
        return SGP_E_MEMORY;
    uint32_t v = 0;
    for (uint32_t a = 0; a < p->n_arcs; a += SGP_TAIL_STEP) {
        while (p->first_arc[v + 1] <= a)
            v++;
        graph->tail_hint[a / SGP_TAIL_STEP] = v;
    }
    return SGP_OK;
}

static sgp_err load(const char *path, sgp_graph *graph, sgp_fault *fault) {
    const uint8_t *bytes = graph->mapping;
    sgp_file_header header;
    sgp_err err = read_header(path, bytes, graph->mapping_bytes, &header, fault);
    if (!err)
        err = verify_checksums(path, bytes, graph->mapping_bytes, &header, fault);
    if (!err)
        err = verify_sections(path, &header, fault);
    if (err)
        return err;
    point_into(graph, bytes, &header);
    sgp_fault inner = {0};
    err = sgp_graph_check(&graph->parts, SGP_E_CORRUPT, &inner);
    if (!err)
        err = verify_tables(graph, &inner);
    if (!err)
        err = sgp_hierarchy_check(&graph->hierarchy, &graph->parts, &inner);
    if (err)
        return sgp_fail(fault, err, "the road graph '%.100s' is damaged: %.120s", path, inner.text);
    if (find_copies(graph) != SGP_OK || find_tails(graph) != SGP_OK ||
        sgp_customize_plan_make(&graph->hierarchy, &graph->parts, &graph->plan) != SGP_OK)
        return sgp_fail(fault, SGP_E_MEMORY, "no memory to open '%.120s'", path);
    return SGP_OK;
}

/* Maps the whole file read-only. An empty file has no bytes to map. */
static sgp_err map_file(const char *path, sgp_graph *graph, sgp_fault *fault) {
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return sgp_fail(fault, SGP_E_IO, "cannot open the road graph '%.120s': %s", path,
                        strerror(errno));
    struct stat status;
    sgp_err err = SGP_OK;
    if (fstat(descriptor, &status) != 0)
        err = sgp_fail(fault, SGP_E_IO, "cannot read '%.120s': %s", path, strerror(errno));
    else if (!S_ISREG(status.st_mode))
        err = sgp_fail(fault, SGP_E_IO, "'%.120s' is not a file", path);
    else if (status.st_size == 0)
        err = sgp_fail(fault, SGP_E_CORRUPT, "the road graph '%.120s' is truncated: it is empty",
                       path);
    if (!err) {
        graph->mapping_bytes = (size_t)status.st_size;
        graph->mapping = mmap(NULL, graph->mapping_bytes, PROT_READ, MAP_SHARED, descriptor, 0);
        if (graph->mapping == MAP_FAILED) {
            graph->mapping = NULL;
            err = sgp_fail(fault, SGP_E_IO, "cannot map '%.120s': %s", path, strerror(errno));
        }
    }
    close(descriptor);
    return err;
}

sgp_err sgp_graph_open(const char *path, sgp_graph **graph, sgp_fault *fault) {
    sgp_graph *made = calloc(1, sizeof *made);
    if (!made)
        return sgp_fail(fault, SGP_E_MEMORY, "no memory to open '%.120s'", path);
    sgp_err err = map_file(path, made, fault);
    if (!err)
        err = load(path, made, fault);
    if (err) {
        sgp_graph_close(made);
        return err;
    }
    *graph = made;
    return SGP_OK;
}

void sgp_graph_close(sgp_graph *graph) {
    if (!graph)
        return;
    if (graph->mapping)
        munmap(graph->mapping, graph->mapping_bytes);
    free(graph->copies);
    free(graph->tail_hint);
    sgp_customize_plan_destroy(graph->plan);
    free(graph);
}

const sgp_graph_parts *sgp_graph_get(const sgp_graph *graph) {
    return &graph->parts;
}

const char *sgp_graph_edge_name(const sgp_graph *graph, uint32_t edge) {
    assert(edge < graph->parts.n_edges);
    return graph->parts.names + graph->parts.edges[edge].name;
}

uint32_t sgp_graph_profile(const sgp_graph_parts *parts, const char *name) {
    for (uint32_t p = 0; p < parts->n_profiles; p++)
        if (strcmp(parts->profiles[p].name, name) == 0)
            return p;
    return SGP_NONE;
}

uint32_t sgp_graph_node_vertices(const sgp_graph *graph, int64_t node, const uint32_t **first) {
    const sgp_graph_parts *p = &graph->parts;
    uint32_t low = 0;
    uint32_t high = p->n_vertices;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (p->vertex_node[graph->node_order[middle]] < node)
            low = middle + 1;
        else
            high = middle;
    }
    *first = graph->node_order + low;
    uint32_t n = 0;
    while (low + n < p->n_vertices && p->vertex_node[graph->node_order[low + n]] == node)
        n++;
    return n;
}
