/* What the gazetteer in PostGIS keeps in memory, read page by page: the vocabulary, of all names
 * the index and the rows, and the ground: shapes, junctions, districts and house numbers.
 * gazetteer_load.c reads pages, gazetteer_ground.c what the ground is made of and what is asked of
 * it. Private to gazetteer_*.c. Thread rule: loop thread only. */
#ifndef SGP_GIS_GAZETTEER_LOAD_H
#define SGP_GIS_GAZETTEER_LOAD_H

#include "gis/crossings.h"
#include "gis/districts.h"
#include "gis/gazetteer_parts.h"
#include "gis/houses.h"
#include "gis/km_posts.h"
#include "gis/name_index.h"
#include "gis/name_rows.h"
#include "gis/shapes.h"

/* All are owned. */
typedef struct sgp_gazetteer_ground {
    sgp_shapes *shapes;
    sgp_crossings *crossings;
    sgp_districts *districts;
    sgp_houses *houses;
    sgp_km_posts posts;
    sgp_wkb_reader *reader; /* NULL once all is read */
} sgp_gazetteer_ground;

typedef struct sgp_gazetteer_memory {
    sgp_vocabulary *vocabulary; /* owned */
    sgp_name_index *index;      /* owned */
    sgp_name_rows *rows;        /* owned */
    sgp_gazetteer_ground ground;
    size_t stage; /* which table is being read; SGP_LOAD_STAGES: all were */
    int32_t last_block, last_x, last_y, last_id;
    char last_word[256];
    char numbers[4][16]; /* texts of the present call's parameters */
} sgp_gazetteer_memory;

enum { SGP_LOAD_STAGES = 12 };

/* SGP_E_MEMORY: free it all the same. */
sgp_err sgp_gazetteer_memory_begin(sgp_gazetteer_memory *memory) SGP_MUST_USE;
void sgp_gazetteer_memory_free(sgp_gazetteer_memory *memory); /* and zeroes it */

/* The call for the next page; false: everything was read. Borrows from `memory`. */
bool sgp_gazetteer_memory_call(sgp_gazetteer_memory *memory, sgp_pool_call *call);
/* SGP_E_CORRUPT: not as import.sql makes it; SGP_E_MEMORY. */
sgp_err sgp_gazetteer_memory_take(sgp_gazetteer_memory *memory, const PGresult *page) SGP_MUST_USE;
/* Everything was read: goes on for about so long to put it in order; *done: it may be asked.
 * SGP_E_MEMORY: to be called again. */
sgp_err sgp_gazetteer_memory_seal(sgp_gazetteer_memory *memory, int64_t budget_us,
                                  bool *done) SGP_MUST_USE;

/* ---- the ground ---------------------------------------------------------------------- */

sgp_err sgp_ground_begin(sgp_gazetteer_ground *ground) SGP_MUST_USE;
void sgp_ground_free(sgp_gazetteer_ground *ground);
size_t sgp_ground_bytes(const sgp_gazetteer_ground *ground);

/* One row of a page of these tables; *last_id becomes its id. Errors as above. */
typedef sgp_err (*sgp_ground_take)(sgp_gazetteer_ground *ground, const PGresult *page, int row,
                                   int32_t *last_id);
sgp_err sgp_ground_take_street(sgp_gazetteer_ground *ground, const PGresult *page, int row,
                               int32_t *last_id) SGP_MUST_USE;
sgp_err sgp_ground_take_facility(sgp_gazetteer_ground *ground, const PGresult *page, int row,
                                 int32_t *last_id) SGP_MUST_USE;
sgp_err sgp_ground_take_post(sgp_gazetteer_ground *ground, const PGresult *page, int row,
                             int32_t *last_id) SGP_MUST_USE;
sgp_err sgp_ground_take_area(sgp_gazetteer_ground *ground, const PGresult *page, int row,
                             int32_t *last_id) SGP_MUST_USE;
sgp_err sgp_ground_take_junction(sgp_gazetteer_ground *ground, const PGresult *page, int row,
                                 int32_t *last_id) SGP_MUST_USE;
sgp_err sgp_ground_take_border(sgp_gazetteer_ground *ground, const PGresult *page, int row,
                               int32_t *last_id) SGP_MUST_USE;
sgp_err sgp_ground_take_place(sgp_gazetteer_ground *ground, const PGresult *page, int row,
                              int32_t *last_id) SGP_MUST_USE;
sgp_err sgp_ground_take_house(sgp_gazetteer_ground *ground, const PGresult *page, int row,
                              int32_t *last_id) SGP_MUST_USE;
/* All was read. */
sgp_err sgp_ground_finish(sgp_gazetteer_ground *ground) SGP_MUST_USE;

/* The answer to an ask that is neither about names nor for the server; it points into *memory,
 * which the caller frees, and into the ground. SGP_E_MEMORY. */
sgp_err sgp_ground_answer(const sgp_gazetteer_ground *ground, const sgp_gazetteer_ask *ask,
                          sgp_gazetteer_answer *answer, void **memory) SGP_MUST_USE;

#endif
