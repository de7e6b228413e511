/* The kilometre posts of streets, in memory: between two of them a place on the road is known by
 * its kilometres.
 *
 * Memory: 16 bytes a post.
 *
 * Added, then sealed, then immutable: any number of threads read it.
 */
#ifndef SGP_GIS_KM_POSTS_H
#define SGP_GIS_KM_POSTS_H

#include "base/buffer.h"
#include "gis/gazetteer.h"
#include "gis/shapes.h"

typedef struct sgp_km_post {
    int32_t street; /* that it stands at; > 0 */
    int32_t metres; /* "KM 12.5": 12500; >= 0 */
    sgp_point point;
} sgp_km_post;

typedef struct sgp_km_posts {
    sgp_buffer list; /* sgp_km_post; sealed, by street and metres */
} sgp_km_posts;      /* zero-initialise */

/* SGP_E_CORRUPT: of no street; SGP_E_MEMORY. */
sgp_err sgp_km_posts_add(sgp_km_posts *posts, const sgp_km_post *post) SGP_MUST_USE;
void sgp_km_posts_seal(sgp_km_posts *posts);
void sgp_km_posts_free(sgp_km_posts *posts);

/* The answer to KM_POSTS (gazetteer.h): sgp_number_row into *rows for each street of things[0], in
 * order. The post of that very kilometre, or the nearest one; and those before and after it, with
 * the point between them along the street's shape. SGP_E_MEMORY. */
sgp_err sgp_km_posts_find(const sgp_km_posts *posts, const sgp_shapes *shapes,
                          const sgp_gazetteer_ask *ask, sgp_buffer *rows) SGP_MUST_USE;

#endif
