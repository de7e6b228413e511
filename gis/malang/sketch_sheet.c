/* OSM elements in memory: numbered by their order, written as they stand. */
#include <stdlib.h>
#include <string.h>

#include "gis/malang/sketch.h"

sgp_sheet *sgp_sheet_create(void) {
    sgp_sheet *sheet = sgp_sketch_memory(NULL, 1, sizeof *sheet);
    *sheet = (sgp_sheet){0};
    return sheet;
}

void sgp_sheet_destroy(sgp_sheet *sheet) {
    if (sheet == NULL)
        return;
    for (size_t i = 0; i < sheet->n_texts; i++)
        free(sheet->texts[i]);
    free(sheet->texts);
    free(sheet->nodes);
    free(sheet->ways);
    free(sheet->relations);
    free(sheet->refs);
    free(sheet->tags);
    free(sheet->members);
    free(sheet);
}

const char *sgp_sheet_text(sgp_sheet *sheet, char *text) {
    SGP_SKETCH_ROOM(sheet->texts, sheet->n_texts, sheet->room_texts);
    sheet->texts[sheet->n_texts++] = text;
    return text;
}

uint32_t sgp_sheet_node_add(sgp_sheet *sheet, sgp_xy at) {
    SGP_SKETCH_ROOM(sheet->nodes, sheet->n_nodes, sheet->room_nodes);
    sheet->nodes[sheet->n_nodes] = (sgp_sheet_node){sgp_xy_point(at), 0, 0};
    return (uint32_t)sheet->n_nodes++;
}

uint32_t sgp_sheet_way_add(sgp_sheet *sheet, const uint32_t *refs, size_t n) {
    SGP_SKETCH_ROOM(sheet->ways, sheet->n_ways, sheet->room_ways);
    sheet->ways[sheet->n_ways] =
        (sgp_sheet_way){.first_ref = (uint32_t)sheet->n_refs, .n_refs = (uint32_t)n};
    for (size_t i = 0; i < n; i++) {
        SGP_SKETCH_ROOM(sheet->refs, sheet->n_refs, sheet->room_refs);
        sheet->refs[sheet->n_refs++] = refs[i];
    }
    return (uint32_t)sheet->n_ways++;
}

uint32_t sgp_sheet_relation_add(sgp_sheet *sheet) {
    SGP_SKETCH_ROOM(sheet->relations, sheet->n_relations, sheet->room_relations);
    sheet->relations[sheet->n_relations] =
        (sgp_sheet_relation){.first_member = (uint32_t)sheet->n_members};
    return (uint32_t)sheet->n_relations++;
}

void sgp_sheet_member(sgp_sheet *sheet, sgp_osm_kind kind, uint32_t index, const char *role) {
    SGP_SKETCH_ROOM(sheet->members, sheet->n_members, sheet->room_members);
    sheet->members[sheet->n_members++] = (sgp_osm_member){kind, (int64_t)index + 1, role};
    sheet->relations[sheet->n_relations - 1].n_members++;
}

static void tag(sgp_sheet *sheet, uint32_t *first, uint32_t *n, const char *key,
                const char *value) {
    if (value == NULL || value[0] == '\0')
        return;
    if (*n == 0)
        *first = (uint32_t)sheet->n_tags;
    SGP_SKETCH_ROOM(sheet->tags, sheet->n_tags, sheet->room_tags);
    sheet->tags[sheet->n_tags++] = (sgp_osm_tag){key, value};
    (*n)++;
}

void sgp_sheet_node_tag(sgp_sheet *sheet, const char *key, const char *value) {
    sgp_sheet_node *node = &sheet->nodes[sheet->n_nodes - 1];
    tag(sheet, &node->first_tag, &node->n_tags, key, value);
}

void sgp_sheet_way_tag(sgp_sheet *sheet, const char *key, const char *value) {
    sgp_sheet_way *way = &sheet->ways[sheet->n_ways - 1];
    tag(sheet, &way->first_tag, &way->n_tags, key, value);
}

void sgp_sheet_relation_tag(sgp_sheet *sheet, const char *key, const char *value) {
    sgp_sheet_relation *relation = &sheet->relations[sheet->n_relations - 1];
    tag(sheet, &relation->first_tag, &relation->n_tags, key, value);
}

/* ---- no traps ---------------------------------------------------------------- */

typedef struct arcs {
    uint32_t *first, *to;
} arcs;

static arcs make_arcs(const sgp_sheet *sheet, bool backward) {
    arcs made = {sgp_sketch_memory(NULL, sheet->n_nodes + 2, sizeof(uint32_t)), NULL};
    memset(made.first, 0, (sheet->n_nodes + 2) * sizeof(uint32_t));
    for (int fill = 0; fill < 2; fill++) {
        for (size_t w = 0; w < sheet->n_ways; w++) {
            const sgp_sheet_way *way = &sheet->ways[w];
            for (uint32_t i = 1; way->drivable && i < way->n_refs; i++) {
                uint32_t a = sheet->refs[way->first_ref + i - 1],
                         b = sheet->refs[way->first_ref + i];
                for (int turn = 0; turn < (way->oneway ? 1 : 2); turn++) {
                    uint32_t from = (turn == 0) != backward ? a : b, to = from == a ? b : a;
                    if (fill == 0)
                        made.first[from + 2]++;
                    else
                        made.to[made.first[from + 1]++] = to;
                }
            }
        }
        if (fill == 0) {
            for (size_t i = 2; i < sheet->n_nodes + 2; i++)
                made.first[i] += made.first[i - 1];
            made.to = sgp_sketch_memory(NULL, made.first[sheet->n_nodes + 1] + 1, sizeof(uint32_t));
        }
    }
    return made;
}

static void reach_from(const sgp_sheet *sheet, uint32_t start, bool backward, uint8_t *seen,
                       uint8_t mark) {
    arcs made = make_arcs(sheet, backward);
    uint32_t *queue = sgp_sketch_memory(NULL, sheet->n_nodes + 1, sizeof *queue);
    size_t head = 0, tail = 0;
    queue[tail++] = start;
    seen[start] |= mark;
    while (head < tail) {
        uint32_t node = queue[head++];
        for (uint32_t i = made.first[node]; i < made.first[node + 1]; i++)
            if ((seen[made.to[i]] & mark) == 0) {
                seen[made.to[i]] |= mark;
                queue[tail++] = made.to[i];
            }
    }
    free(queue);
    free(made.first);
    free(made.to);
}

size_t sgp_sheet_open_traps(sgp_sheet *sheet) {
    uint8_t *seen = sgp_sketch_memory(NULL, sheet->n_nodes + 1, 1);
    size_t left = 0;
    uint32_t start = 0;
    for (size_t w = 0; w < sheet->n_ways; w++)
        if (sheet->ways[w].drivable) {
            start = sheet->refs[sheet->ways[w].first_ref];
            break;
        }
    for (int round = 0; round < 8; round++) {
        memset(seen, 0, sheet->n_nodes + 1);
        reach_from(sheet, start, false, seen, 1);
        reach_from(sheet, start, true, seen, 2);
        size_t opened = 0;
        left = 0;
        for (size_t w = 0; w < sheet->n_ways; w++) {
            sgp_sheet_way *way = &sheet->ways[w];
            bool trapped = false;
            for (uint32_t i = 0; way->drivable && i < way->n_refs; i++)
                if (seen[sheet->refs[way->first_ref + i]] != 3) {
                    trapped = true;
                    seen[sheet->refs[way->first_ref + i]] |= 4;
                }
            if (trapped && way->oneway && !way->keep_oneway) {
                way->oneway = false;
                opened++;
            }
        }
        for (size_t i = 0; i < sheet->n_nodes; i++)
            left += (seen[i] & 4) != 0;
        if (opened == 0)
            break;
    }
    free(seen);
    return left;
}

/* ---- writing ------------------------------------------------------------------ */

static sgp_err write_ways(const sgp_sheet *sheet, sgp_osm_writer *writer, sgp_fault *fault) {
    int64_t refs[2000];
    sgp_osm_tag tags[32];
    for (size_t w = 0; w < sheet->n_ways; w++) {
        const sgp_sheet_way *way = &sheet->ways[w];
        if (way->n_refs > 2000 || way->n_tags > 31)
            return sgp_fail(fault, SGP_E_TOO_LARGE, "way %zu has %u points", w + 1, way->n_refs);
        for (uint32_t i = 0; i < way->n_refs; i++)
            refs[i] = (int64_t)sheet->refs[way->first_ref + i] + 1;
        size_t n = 0;
        for (; n < way->n_tags; n++)
            tags[n] = sheet->tags[way->first_tag + n];
        if (way->oneway)
            tags[n++] = (sgp_osm_tag){"oneway", "yes"};
        sgp_err err = sgp_osm_writer_way(writer, (int64_t)w + 1, refs, way->n_refs, tags, n, fault);
        if (err != SGP_OK)
            return err;
    }
    return SGP_OK;
}

static sgp_err write_all(const sgp_sheet *sheet, sgp_osm_writer *writer, sgp_fault *fault) {
    for (size_t i = 0; i < sheet->n_nodes; i++) {
        const sgp_sheet_node *node = &sheet->nodes[i];
        sgp_err err = sgp_osm_writer_node(writer, (int64_t)i + 1, node->point,
                                          node->n_tags != 0 ? &sheet->tags[node->first_tag] : NULL,
                                          node->n_tags, fault);
        if (err != SGP_OK)
            return err;
    }
    sgp_err err = write_ways(sheet, writer, fault);
    for (size_t i = 0; i < sheet->n_relations && err == SGP_OK; i++) {
        const sgp_sheet_relation *relation = &sheet->relations[i];
        err = sgp_osm_writer_relation(writer, (int64_t)i + 1,
                                      &sheet->members[relation->first_member], relation->n_members,
                                      &sheet->tags[relation->first_tag], relation->n_tags, fault);
    }
    return err == SGP_OK ? sgp_osm_writer_finish(writer, fault) : err;
}

sgp_err sgp_sheet_write(const sgp_sheet *sheet, const char *path, sgp_fault *fault) {
    sgp_point low = {INT32_MAX, INT32_MAX}, high = {INT32_MIN, INT32_MIN};
    for (size_t i = 0; i < sheet->n_nodes; i++) {
        sgp_point p = sheet->nodes[i].point;
        low.lon_e7 = p.lon_e7 < low.lon_e7 ? p.lon_e7 : low.lon_e7;
        low.lat_e7 = p.lat_e7 < low.lat_e7 ? p.lat_e7 : low.lat_e7;
        high.lon_e7 = p.lon_e7 > high.lon_e7 ? p.lon_e7 : high.lon_e7;
        high.lat_e7 = p.lat_e7 > high.lat_e7 ? p.lat_e7 : high.lat_e7;
    }
    sgp_osm_writer *writer = NULL;
    sgp_err err = sgp_osm_writer_open(path, SGP_OSM_SKETCH_PROGRAM, &low, &high, &writer, fault);
    if (err != SGP_OK)
        return err;
    err = write_all(sheet, writer, fault);
    sgp_osm_writer_destroy(writer);
    return err;
}
