/* A made-up corner of Malang with everything that callers name: streets, gangs, two estates with
 * blocks, RT and RW, kilometre posts, gates and entrances, a roundabout, house numbers. For tests
 * that import a city and need no data.
 */
#ifndef SGP_TESTS_MADE_CORNER_H
#define SGP_TESTS_MADE_CORNER_H

#include <stdio.h>
#include <string.h>

#include "route/osm_pbf_write.h"

/* One element: tags as "key=value;key=value", then points on a grid of 0.001 degree (some 110 m)
 * from 112.600, -7.990. One point is a node; a way that ends where it began is closed. */
enum { MADE_CORNER_COORDINATES = 20 };
typedef struct made_corner_thing {
    const char *tags;
    double at[MADE_CORNER_COORDINATES];
    int n; /* points */
} made_corner_thing;

static const made_corner_thing MADE_CORNER[] = {
    /* districts */
    {"boundary=administrative;admin_level=5;name=Kota Malang",
     {-2, 0, 58, 0, 58, 50, -2, 50, -2, 0},
     5},
    {"boundary=administrative;admin_level=6;name=Lowokwaru",
     {-2, 0, 58, 0, 58, 50, -2, 50, -2, 0},
     5},
    {"boundary=administrative;admin_level=7;name=Sumbersari",
     {-2, 0, 58, 0, 58, 50, -2, 50, -2, 0},
     5},
    {"boundary=administrative;admin_level=8;name=RW 05", {0, 30, 20, 30, 20, 40, 0, 40, 0, 30}, 5},
    {"boundary=administrative;admin_level=9;name=RT 03", {0, 30, 8, 30, 8, 40, 0, 40, 0, 30}, 5},
    {"boundary=administrative;admin_level=9;name=RT 007 / RW 002",
     {30, 30, 38, 30, 38, 40, 30, 40, 30, 30},
     5},
    /* streets */
    {"highway=primary;name=Jalan Veteran", {0, 10, 10, 10, 15, 10, 20, 10, 25, 10, 30, 10}, 6},
    {"highway=secondary;name=Jalan Sumbersari", {10, 10, 10, 15, 10, 20}, 3},
    {"highway=secondary;name=Jalan Gajayana", {20, 5, 20, 10, 20, 15}, 3},
    {"highway=footway;name=Gang 5", {10, 15, 12, 15}, 2},
    {"highway=secondary;name=Jalan Tugu;junction=roundabout;oneway=yes",
     {30, 10, 30.3, 10.3, 30.6, 10, 30.3, 9.7, 30, 10},
     5},
    {"highway=secondary;name=Jalan Majapahit", {30.6, 10, 36, 10}, 2},
    /* two estates, each with a Blok A */
    {"landuse=residential;name=Perumahan Araya;alt_name=Perum Araya",
     {22, 12, 28, 12, 28, 18, 22, 18, 22, 12},
     5},
    {"landuse=residential;name=Griya Shanta", {22, 18.5, 28, 18.5, 28, 26, 22, 26, 22, 18.5}, 5},
    {"highway=residential;name=Jalan Araya", {25, 10, 25, 12, 25, 14, 25, 16, 25, 17.4}, 5},
    {"highway=residential;name=Blok A", {22.5, 17.4, 25, 17.4, 27, 17.4}, 3},
    {"highway=residential;name=Blok C2", {23, 16, 25, 16}, 2},
    {"highway=residential", {25, 17.4, 25, 18.8}, 2},
    {"highway=residential;name=Blok A", {22.5, 18.8, 25, 18.8, 27, 18.8}, 3},
    {"barrier=gate", {25, 12}, 1},
    /* houses */
    {"addr:place=Perumahan Araya;addr:block=C2;addr:housenumber=7", {23.5, 16.1}, 1},
    {"addr:place=Griya Shanta;addr:block=A;addr:housenumber=3", {24, 18.9}, 1},
    {"addr:street=Blok A;addr:housenumber=A/5", {24, 17.3}, 1},
    {"addr:street=Jalan Veteran;addr:housenumber=5A", {3, 10.1}, 1},
    {"addr:street=Jalan Gajayana;addr:housenumber=1", {20.1, 6}, 1},
    {"addr:street=Jalan Gajayana;addr:housenumber=9", {20.1, 14}, 1},
    {"addr:street=Jalan Gajayana;addr:housenumber=2", {19.9, 6.1}, 1},
    /* a ground with a gate, a building with a door, points */
    {"amenity=hospital;name=RSUD Dr. Saiful Anwar",
     {14, 11, 15, 11, 16, 11, 16, 13, 14, 13, 14, 11},
     6},
    {"barrier=gate", {15, 11}, 1},
    {"amenity=place_of_worship;name=Masjid Al-Hidayah",
     {8, 12, 9, 12, 9.5, 12.5, 9, 13, 8, 13, 8, 12},
     6},
    {"entrance=main", {9.5, 12.5}, 1},
    {"amenity=restaurant;name=Warung Bu Kris;addr:street=Jalan Veteran", {20.3, 11.2}, 1},
    {"amenity=place_of_worship;name=Musholla Nurul Iman", {11.5, 15.05}, 1},
    {"highway=milestone;distance=12", {5, 10.1}, 1},
    {"highway=milestone;distance=12,5 km;name=Patok", {10.1, 12}, 1},
    {"highway=traffic_signals;junction=yes;name=Simpang Empat Gajayana", {20, 10}, 1},
    {"place=hamlet;name=Krajan", {2, 20}, 1},
};
enum { N_MADE_CORNER = sizeof MADE_CORNER / sizeof *MADE_CORNER, MADE_CORNER_NODES = 300 };

typedef struct made_corner_sheet {
    double x[MADE_CORNER_NODES], y[MADE_CORNER_NODES];
    const char *tags[MADE_CORNER_NODES];
    int64_t n;
} made_corner_sheet;

static inline int64_t made_corner_node(made_corner_sheet *all, double x, double y) {
    for (int64_t i = 0; i < all->n; i++)
        if (all->x[i] == x && all->y[i] == y)
            return i;
    assert_true(all->n < MADE_CORNER_NODES);
    all->x[all->n] = x;
    all->y[all->n] = y;
    return all->n++;
}

static inline void made_corner_must(sgp_err err, const sgp_fault *fault) {
    if (err != SGP_OK)
        fail_msg("%s", fault->text);
}

/* Cuts "key=value;key=value" in place. */
static inline size_t made_corner_tags(char *text, sgp_osm_tag *tags) {
    size_t n = 0;
    char *rest = NULL;
    for (char *one = strtok_r(text, ";", &rest); one; one = strtok_r(NULL, ";", &rest)) {
        char *equals = strchr(one, '=');
        assert_non_null(equals);
        *equals = '\0';
        tags[n++] = (sgp_osm_tag){one, equals + 1};
    }
    return n;
}

/* Writes the extract. */
static inline void made_corner_write(const char *path) {
    static made_corner_sheet all;
    sgp_fault fault = {SGP_OK, ""};
    sgp_osm_writer *writer = NULL;
    sgp_osm_tag tags[8];
    char text[256];
    for (int i = 0; i < N_MADE_CORNER; i++)
        for (int k = 0; k < MADE_CORNER[i].n; k++) {
            int64_t node =
                made_corner_node(&all, MADE_CORNER[i].at[2 * k], MADE_CORNER[i].at[2 * k + 1]);
            if (MADE_CORNER[i].n == 1)
                all.tags[node] = MADE_CORNER[i].tags;
        }
    made_corner_must(sgp_osm_writer_open(path, "made-up", NULL, NULL, &writer, &fault), &fault);
    for (int64_t i = 0; i < all.n; i++) {
        sgp_point at = {1126000000 + (int32_t)(all.x[i] * 10000),
                        -79900000 + (int32_t)(all.y[i] * 10000)};
        snprintf(text, sizeof text, "%s", all.tags[i] ? all.tags[i] : "");
        made_corner_must(
            sgp_osm_writer_node(writer, i + 1, at, tags, made_corner_tags(text, tags), &fault),
            &fault);
    }
    for (int i = 0; i < N_MADE_CORNER; i++) {
        int64_t refs[MADE_CORNER_COORDINATES / 2];
        if (MADE_CORNER[i].n == 1)
            continue;
        for (int k = 0; k < MADE_CORNER[i].n; k++)
            refs[k] =
                made_corner_node(&all, MADE_CORNER[i].at[2 * k], MADE_CORNER[i].at[2 * k + 1]) + 1;
        snprintf(text, sizeof text, "%s", MADE_CORNER[i].tags);
        made_corner_must(sgp_osm_writer_way(writer, i + 1, refs, (size_t)MADE_CORNER[i].n, tags,
                                            made_corner_tags(text, tags), &fault),
                         &fault);
    }
    made_corner_must(sgp_osm_writer_finish(writer, &fault), &fault);
    sgp_osm_writer_destroy(writer);
}

#endif
