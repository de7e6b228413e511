/* From what was said to places on the map: asks of a gazetteer, and what its answers come to.
 *
 *     sgp_resolution_create(&wish, &resolution)
 *     while ((asks = sgp_resolution_asks(resolution, &n)), n > 0)
 *         answers = the gazetteer's, all asks together
 *         sgp_resolution_take(resolution, answers, n)
 *     n = sgp_resolution_places(resolution, limit, places, reasons)
 *
 * Round 1 asks for names: of the target, of each landmark, of the streets of a junction
 * split at every place where nobody said "and". Round 2 asks for what follows: house
 * numbers, where streets meet, the point of a street before a landmark, "a mosque" near
 * the target. Round 3 asks for the districts of points that came out far from the name they
 * belong to. A plain name needs one round.
 *
 * Every word that was said has a weight, and a place explains it wholly, in part or not at all
 * (place_score.h). A landmark that is where it should be explains its words; the farther off, the
 * less. The confidence of a place is
 *
 *     0.97 x share of the weight explained x sure x alone
 *
 * with `sure` for the way it was come by (an interpolated house number, "beside") and `alone`
 * for rivals elsewhere that explain nearly as much; a name that exists more than once is never
 * above 590 of 1,000, and what does not lie in a district that was said as such (Kec. Lawang)
 * never above 700. How wide a place is changes nothing of its confidence: whoever sends units
 * looks at its radius too. Positive shares of the reasons add up to the confidence; a negative one
 * is what the word would have added had the place explained it. `near` and the greater thing
 * decide the order only. Equal ones are ordered by rank, kind and number.
 *
 * Pure; one resolution for one thread; about 50 us of a look-up.
 */
#ifndef SGP_GIS_PLACE_RESOLVE_H
#define SGP_GIS_PLACE_RESOLVE_H

#include "gis/gazetteer.h"
#include "gis/placer.h"

typedef struct sgp_resolution sgp_resolution;

typedef struct sgp_resolve_wish {
    const sgp_place_query *query;     /* copied */
    const sgp_vocabulary *vocabulary; /* sealed; borrowed until the resolution is destroyed */
    /* What is_named is asked of, within create and asks; NULL = nothing is known without asking. */
    const sgp_gazetteer *gazetteer;
    const char *city;      /* its name, "" = unknown */
    const sgp_point *near; /* NULL = unknown */
    int32_t near_radius_m;
    bool complete; /* the text's last word is unfinished */
} sgp_resolve_wish;

/* SGP_E_MEMORY. */
sgp_err sgp_resolution_create(const sgp_resolve_wish *wish,
                              sgp_resolution **resolution) SGP_MUST_USE;
void sgp_resolution_destroy(sgp_resolution *resolution);

/* The asks of the next round, the resolution's until it takes the answers; *n 0: none are left. */
const sgp_gazetteer_ask *sgp_resolution_asks(sgp_resolution *resolution, size_t *n);
/* The answers, one for each ask, in order; only read during the call. */
void sgp_resolution_take(sgp_resolution *resolution, const sgp_gazetteer_answer *answers, size_t n);

/* places[limit], reasons[limit] (limit at most SGP_PLACES_MAX), best first; returns how many. */
size_t sgp_resolution_places(sgp_resolution *resolution, size_t limit, sgp_place *places,
                             sgp_place_reasons *reasons);

#endif
