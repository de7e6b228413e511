/* What the gazetteer in PostGIS keeps in memory, read page by page: the vocabulary, and of
 * all names the index and the rows. Private to gazetteer_*.c. Thread rule: loop thread only. */
#ifndef SGP_GIS_GAZETTEER_LOAD_H
#define SGP_GIS_GAZETTEER_LOAD_H

#include "gis/gazetteer_parts.h"
#include "gis/name_index.h"
#include "gis/name_rows.h"

typedef struct sgp_gazetteer_memory {
    sgp_vocabulary *vocabulary; /* owned */
    sgp_name_index *index;      /* owned */
    sgp_name_rows *rows;        /* owned */
    size_t stage;               /* which table is being read; SGP_LOAD_STAGES: all were */
    int32_t last_block, last_x, last_y;
    char last_word[256];
    char numbers[3][16]; /* texts of the present call's parameters */
} sgp_gazetteer_memory;

enum { SGP_LOAD_STAGES = 4 };

/* SGP_E_MEMORY: free it all the same. */
sgp_err sgp_gazetteer_memory_begin(sgp_gazetteer_memory *memory) SGP_MUST_USE;
void sgp_gazetteer_memory_free(sgp_gazetteer_memory *memory); /* and zeroes it */

/* The call for the next page; false: everything was read. Borrows from `memory`. */
bool sgp_gazetteer_memory_call(sgp_gazetteer_memory *memory, sgp_pool_call *call);
/* SGP_E_CORRUPT: not as import.sql makes it; SGP_E_MEMORY. */
sgp_err sgp_gazetteer_memory_take(sgp_gazetteer_memory *memory, const PGresult *page) SGP_MUST_USE;

#endif
