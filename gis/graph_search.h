/* Looking names up in memory: by their words, near places, and unfinished.
 *
 * A name is found when each required word of the phrase is read as one of its own or context
 * words. Where no name has them all, those are told that have the words of most weight. Told
 * first are the names with more weight of what was said, then those in the neighbourhood,
 * then those with less that nobody said, then the important ones.
 *
 * One search for one thread: it holds scratch memory of 12 bytes a name. Time: the names that have
 * any of the words.
 */
#ifndef SGP_GIS_GRAPH_SEARCH_H
#define SGP_GIS_GRAPH_SEARCH_H

#include "gis/graph_names.h"

typedef struct sgp_graph_found {
    uint32_t name;
    float covered; /* weight of what was said and is there */
    float share;   /* of the name's own weight that was said */
    bool is_near;
} sgp_graph_found;

enum { SGP_GRAPH_SEARCH_BITS = 32 };

typedef struct sgp_graph_search {
    const sgp_graph_names *names;
    uint32_t *mask;    /* [names] bits of the phrase's words that it has */
    float *covered;    /* [names] and their weight */
    uint32_t *touched; /* [names] those whose mask is not zero */
    uint32_t n_touched;
    float weight[SGP_GRAPH_SEARCH_BITS]; /* of the phrase's words; the last is the unfinished one */
    uint8_t *said;                       /* [words of the vocabulary] 1: a reading has it */
    sgp_buffer found;                    /* sgp_graph_found */
} sgp_graph_search;

/* SGP_E_MEMORY: release with deinit all the same. */
sgp_err sgp_graph_search_init(sgp_graph_search *search, const sgp_graph_names *names) SGP_MUST_USE;
void sgp_graph_search_deinit(sgp_graph_search *search);

/* NAMES, NAMES_NEAR or COMPLETE; the found ones are borrowed until the next call. SGP_E_MEMORY. */
sgp_err sgp_graph_search_names(sgp_graph_search *search, const sgp_gazetteer_ask *ask,
                               const sgp_graph_found **found, size_t *n) SGP_MUST_USE;

#endif
