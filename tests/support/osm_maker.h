/* Tiny extracts for tests, written as compactly as a drawing:
 *
 *     osm_maker m = osm_maker_open(path, "test");
 *     osm_node(&m, 1, 0, 0, "");                    id, metres east, metres north, tags
 *     osm_way(&m, 10, "1 2 3", "highway=primary");
 *     osm_relation(&m, 20, "from:w10 via:n2 to:w11", "type=restriction ...");
 *     osm_maker_close(&m);
 *
 * Tags are "key=value key=value"; a space in a value is
 * written as '~'. Around Malang, where a
 * metre is the same number of 1e-7 degrees north and, nearly, east.
 */
#ifndef SGP_TESTS_OSM_MAKER_H
#define SGP_TESTS_OSM_MAKER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "route/osm_pbf_write.h"

typedef struct osm_maker {
    sgp_osm_writer *writer;
} osm_maker;

enum { OSM_MAKER_WORDS = 64, OSM_MAKER_TEXT = 600 };

static inline sgp_point osm_place(double east_m, double north_m) {
    sgp_point point;
    assert_int_equal(
        sgp_point_from_degrees(112.63 + east_m / 110120.0, -7.98 + north_m / 111195.0, &point),
        SGP_OK);
    return point;
}

static inline osm_maker osm_maker_open(const char *path, const char *program) {
    osm_maker maker;
    sgp_fault fault;
    assert_int_equal(sgp_osm_writer_open(path, program, NULL, NULL, &maker.writer, &fault), SGP_OK);
    return maker;
}

/* Splits "a=b c=d" in place. */
static inline size_t osm_maker_tags(char *text, sgp_osm_tag tags[OSM_MAKER_WORDS]) {
    size_t n = 0;
    for (char *word = strtok(text, " "); word; word = strtok(NULL, " ")) {
        char *equals = strchr(word, '=');
        assert_true(equals && n < OSM_MAKER_WORDS);
        *equals = '\0';
        tags[n++] = (sgp_osm_tag){word, equals + 1};
        for (char *c = equals + 1; *c; c++)
            *c = *c == '~' ? ' ' : *c;
    }
    return n;
}

static inline void osm_node(osm_maker *maker, int64_t id, double east_m, double north_m,
                            const char *tags) {
    char copy[OSM_MAKER_TEXT];
    sgp_osm_tag list[OSM_MAKER_WORDS];
    sgp_fault fault;
    snprintf(copy, sizeof copy, "%s", tags);
    size_t n = osm_maker_tags(copy, list);
    assert_int_equal(
        sgp_osm_writer_node(maker->writer, id, osm_place(east_m, north_m), list, n, &fault),
        SGP_OK);
}

static inline void osm_way(osm_maker *maker, int64_t id, const char *nodes, const char *tags) {
    char copy[OSM_MAKER_TEXT];
    sgp_osm_tag list[OSM_MAKER_WORDS];
    sgp_fault fault;
    int64_t refs[OSM_MAKER_WORDS];
    size_t n_refs = 0;
    char *at = (char *)(uintptr_t)nodes, *end;
    for (int64_t ref; (ref = strtoll(at, &end, 10), end != at); at = end) {
        assert_true(n_refs < OSM_MAKER_WORDS);
        refs[n_refs++] = ref;
    }
    snprintf(copy, sizeof copy, "%s", tags);
    size_t n = osm_maker_tags(copy, list);
    assert_int_equal(sgp_osm_writer_way(maker->writer, id, refs, n_refs, list, n, &fault), SGP_OK);
}

static inline void osm_relation(osm_maker *maker, int64_t id, const char *members,
                                const char *tags) {
    char copy[OSM_MAKER_TEXT], tag_copy[OSM_MAKER_TEXT];
    sgp_osm_tag list[OSM_MAKER_WORDS];
    sgp_osm_member found[OSM_MAKER_WORDS];
    sgp_fault fault;
    size_t n_members = 0;
    snprintf(copy, sizeof copy, "%s", members);
    for (char *word = strtok(copy, " "); word; word = strtok(NULL, " ")) {
        char *colon = strchr(word, ':');
        assert_true(colon && n_members < OSM_MAKER_WORDS);
        *colon = '\0';
        found[n_members++] = (sgp_osm_member){colon[1] == 'n'   ? SGP_OSM_NODE
                                              : colon[1] == 'w' ? SGP_OSM_WAY
                                                                : SGP_OSM_RELATION,
                                              strtoll(colon + 2, NULL, 10), word};
    }
    snprintf(tag_copy, sizeof tag_copy, "%s", tags);
    size_t n = osm_maker_tags(tag_copy, list);
    assert_int_equal(sgp_osm_writer_relation(maker->writer, id, found, n_members, list, n, &fault),
                     SGP_OK);
}

static inline void osm_maker_close(osm_maker *maker) {
    sgp_fault fault;
    assert_int_equal(sgp_osm_writer_finish(maker->writer, &fault), SGP_OK);
    sgp_osm_writer_destroy(maker->writer);
    maker->writer = NULL;
}

#endif
