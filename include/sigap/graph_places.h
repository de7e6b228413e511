/* The named places of a road graph's file: landmarks, areas, estates, other names of streets, and
 * which kelurahan a point lies in. With them a call can be placed while the database is away.
 *
 * The import fills them from the database's names; a graph that was made without a database has
 * none, and is asked for street names only.
 *
 * Districts are rows of spans, as a scanner would see them:
 *
 *     row 2   |   none    |  Lowokwaru ...   |  Klojen      |   each row holds the districts
 *     row 1   |  none |  Lowokwaru        |  Klojen   | none    along the parallel through its
 *     row 0   |       none         |  Klojen        | none      middle, from west to east
 *             ^ from_lon_e7 of the first span
 *
 * so a point is never further than half a row from where its district is told for.
 *
 * Plain data; thread-safe.
 */
#ifndef SIGAP_GRAPH_PLACES_H
#define SIGAP_GRAPH_PLACES_H

#include <stdint.h>

#include "sigap/geo.h"

/* What is said of a street (kind 's' or 'g') adds to the road's own name: other names of it, and
 * words of what it passes. All texts are byte offsets into texts, 0 = "". */
typedef struct sgp_graph_place {
    sgp_point point;
    sgp_point front;    /* of the street that it faces, when has_front */
    sgp_point entrance; /* its point where none is mapped */
    sgp_point south_west, north_east;
    uint32_t label;        /* as shown */
    uint32_t own;          /* words of its names as searched, names separated by ';' */
    uint32_t context;      /* words of its districts, of the street or estate that it belongs to */
    uint32_t sort;         /* "hospital", "kelurahan" ... */
    uint32_t front_street; /* words of its name */
    uint32_t kelurahan, kecamatan, kabupaten;
    int32_t reach_m;   /* radius */
    int16_t rank;      /* among equals, the smaller first */
    uint8_t kind;      /* the letter of sgp_thing_kind in gis/gazetteer.h */
    uint8_t has_front; /* 0 or 1 */
} sgp_graph_place;

typedef struct sgp_graph_district {
    uint32_t kelurahan, kecamatan, kabupaten; /* offsets into texts */
} sgp_graph_district;

typedef struct sgp_district_span {
    int32_t from_lon_e7;
    uint32_t district; /* UINT32_MAX = none known */
} sgp_district_span;

typedef struct sgp_graph_places {
    uint32_t n_places;
    const sgp_graph_place *places; /* the important first */
    uint32_t texts_length;         /* 0: there are neither places nor districts */
    const char *texts;             /* UTF-8, each ends in '\0'; texts[0] == '\0' */
    uint32_t n_districts;
    const sgp_graph_district *districts;
    int32_t south_e7; /* latitude where row 0 begins */
    uint32_t row_e7;  /* height of a row */
    uint32_t n_rows;
    const uint32_t *first_span; /* [n_rows + 1] */
    uint32_t n_spans;
    const sgp_district_span *spans; /* within a row ascending */
} sgp_graph_places;

/* The district that a point lies in; NULL where none is known. Logarithmic. */
const sgp_graph_district *sgp_graph_district_at(const sgp_graph_places *places, sgp_point point);

#endif
