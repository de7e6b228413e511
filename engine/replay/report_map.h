/* Maps of a report: kelurahan coloured by what happened there, over the main roads of the graph.
 * Only kelurahan are ever shown, never the point of an incident, and those with few incidents are
 * shown as such. Private to the report's pages. */
#ifndef SGP_REPLAY_REPORT_MAP_H
#define SGP_REPLAY_REPORT_MAP_H

#include "replay/report_page.h"

/* Fewer incidents than these, over all replications of a policy, say nothing about a kelurahan
 * and too much about a person. */
enum { SGP_MAP_FEW = 10 };

/* Would a map say anything: does the graph know a district with enough incidents? */
bool sgp_map_possible(const sgp_page *page);

/* A frame around the kelurahan that hold so many percent of the incidents, the densest first: a
 * single call from a far mountain village would make the city a spot. Writes the shapes that all
 * maps of this frame share, roads and kelurahan, once before the first. SGP_E_MEMORY. */
typedef struct sgp_map sgp_map;
sgp_err sgp_map_begin(const sgp_page *page, int percent, sgp_map **map) SGP_MUST_USE;
void sgp_map_end(sgp_map *map);

/* P90 of response of a policy. */
void sgp_map_response(const sgp_map *map, uint32_t policy);
/* Its difference from the first policy's. */
void sgp_map_difference(const sgp_map *map, uint32_t policy);

#endif
