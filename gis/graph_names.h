/* All names of a road graph in memory, by the words that they have: what PostGIS's table `name`
 * is to the database's gazetteer.
 *
 *     streets (graph_streets.h) ----+
 *     junctions (junctions.h) ------+--> names: own words, context words, kind, point, districts
 *     places of the graph file -----+        |
 *                                            v
 *                             vocabulary, and for each word the names that have it
 *
 * A street's context is the districts that it passes and what the import knew of it; that of a
 * gang also the streets that it meets. Where the file tells no district for a point, the nearest
 * place within 2,500 m stands for it, which is less exact.
 *
 * Made once, then immutable: any number of threads read it. The graph must outlive it.
 */
#ifndef SGP_GIS_GRAPH_NAMES_H
#define SGP_GIS_GRAPH_NAMES_H

#include "gis/gazetteer.h"
#include "gis/graph_streets.h"
#include "route/junctions.h"

typedef struct sgp_graph_name {
    sgp_thing thing;     /* a street's number + 1, or a place's + 1 */
    uint32_t label, own; /* numbers of texts */
    uint32_t context;    /* a number of texts too */
    uint32_t sort;       /* likewise */
    uint32_t first_word, n_words;
    float own_weight;
    int32_t reach_m;
    int32_t rank;
    int32_t front_street; /* as a thing's id; 0 = none */
    sgp_point point;
    sgp_graph_district district; /* offsets into the texts of the graph's places; 0 = unknown */
} sgp_graph_name;

/* A word of a name: its id in the vocabulary, and whether it is the name's own. */
typedef struct sgp_name_word {
    uint32_t word : 31;
    uint32_t is_own : 1;
} sgp_name_word;

typedef struct sgp_graph_names {
    const sgp_graph_parts *parts;
    sgp_osm_strings texts;
    sgp_graph_streets streets;
    sgp_junctions junctions;
    uint32_t *junction_first;    /* [junctions.n + 1] into junction_streets */
    sgp_buffer junction_streets; /* uint32_t, the greater roads first */
    uint32_t *street_first;      /* [streets + 1] into street_junctions */
    uint32_t *street_junctions;
    sgp_buffer names;      /* sgp_graph_name, the important first */
    sgp_buffer name_words; /* sgp_name_word; of one name by id, each once */
    sgp_vocabulary *vocabulary;
    uint32_t *word_first; /* [words + 1] into word_names */
    uint32_t *word_names; /* numbers of names, ascending */
    uint32_t *by_text;    /* [words] ids in the order of their texts */
} sgp_graph_names;

static inline const sgp_graph_name *sgp_names_all(const sgp_graph_names *n) {
    return (const void *)n->names.data;
}
static inline uint32_t sgp_names_count(const sgp_graph_names *n) {
    return (uint32_t)(n->names.length / sizeof(sgp_graph_name));
}
static inline const char *sgp_names_text(const sgp_graph_names *n, uint32_t number) {
    return sgp_osm_strings_text(&n->texts, number);
}

/* SGP_E_MEMORY, SGP_E_FULL, SGP_E_TIMEOUT (*stop became true); nothing to release then.
 * Seconds for a large city: for a thread of its own. */
sgp_err sgp_graph_names_make(const sgp_graph_parts *parts, const atomic_bool *stop,
                             sgp_graph_names *names) SGP_MUST_USE;
void sgp_graph_names_deinit(sgp_graph_names *names);
/* Bytes held, the vocabulary's included. */
size_t sgp_graph_names_bytes(const sgp_graph_names *names);

/* For graph_names.c: the vocabulary and who has which word, of the words that were said of all
 * names (numbers of texts << 1 | own, name by name). Errors as above. */
sgp_err sgp_graph_names_index(sgp_graph_names *names, sgp_buffer *said,
                              const atomic_bool *stop) SGP_MUST_USE;

/* The districts of a point; all zero where nothing is known. */
sgp_graph_district sgp_names_district(const sgp_graph_names *names, sgp_point point);
/* Metres from a name's thing to a point: of a street from its line, else from its point;
 * `limit_m` or more where it is farther. */
double sgp_name_away(const sgp_graph_names *names, const sgp_graph_name *name, sgp_point point,
                     double limit_m);

#endif
