/* Placing a call: from text or a point to ranked candidates, against PostGIS.
 *
 * Non-blocking libpq on the caller's libevent loop. Connects by itself,
 * reconnects with back-off, and answers `away` at once while the database is
 * away (coordinates are placed even then). Nothing but parameters reaches SQL. Thread rule: loop
 * thread only.
 */
#ifndef SGP_GIS_PLACER_H
#define SGP_GIS_PLACER_H

#include <event2/event.h>
#include <stdbool.h>

#include "gis/place_query.h"
#include "sigap/core.h"
#include "sigap/graph.h"

typedef struct sgp_placer sgp_placer;

/* The city's id chooses the PostGIS schema (conninfo "": there is no database, which is then
 * away for ever); a database without it counts as away
 * (the fault of the last try is told by sgp_placer_fault). */
sgp_err sgp_placer_create(struct event_base *base, const char *conninfo, const sgp_city_id *city,
                          sgp_placer **placer, sgp_fault *fault) SGP_MUST_USE;
/* The city's bounds, from its graph: with them coordinates typed as text are placed even
 * when no connection has ever been made. */
void sgp_placer_set_bounds(sgp_placer *placer, sgp_point south_west, sgp_point north_east);
/* The city's road graph: with it places get the point where a vehicle stands for them, and texts
 * are placed by its names while the database is away. Borrowed until the placer is destroyed. */
sgp_err sgp_placer_set_graph(sgp_placer *placer, const sgp_graph *graph) SGP_MUST_USE;
/* Whether its names are ready to answer while the database is away: they are made on a thread of
 * their own. */
bool sgp_placer_graph_ready(const sgp_placer *placer);
/* Outstanding look-ups are answered with SGP_E_DATABASE first; asking from within
 * those answers gets SGP_E_STATE. Must not be called from within an answer. */
void sgp_placer_destroy(sgp_placer *placer);
bool sgp_placer_away(const sgp_placer *placer);
const char *sgp_placer_fault(const sgp_placer *placer); /* "" = none */

/* How a look-up is to be made; all zero is a plain one. */
typedef struct sgp_place_options {
    const char *const *earlier; /* the conversation so far, oldest first: the text narrows it */
    size_t n_earlier;
    const sgp_point
        *near; /* the caller's coarse location, NULL = unknown; preferred, not demanded */
    int32_t near_radius_m; /* 0 = 2,000 */
    size_t limit;          /* 0 = SGP_PLACES_MAX */
    bool complete;         /* the last word is still being typed */
} sgp_place_options;

/* What one word of the text did for one place. */
typedef struct sgp_place_share {
    uint8_t word;                 /* index into the query's words */
    int16_t permille;             /* of the confidence; negative: it spoke against the place */
    char read_as[SGP_WORD_BYTES]; /* the word of the gazetteer that it was read as; "" = none */
} sgp_place_share;
enum { SGP_PLACE_SHARES_MAX = 16 };
typedef struct sgp_place_reasons {
    uint8_t n;
    sgp_place_share shares[SGP_PLACE_SHARES_MAX];
} sgp_place_reasons;

/* err SGP_OK with n (0 = nothing found) places best first, why each was chosen, and how the text
 * was understood; borrowed during the call. SGP_E_TIMEOUT; SGP_E_FULL = too many waiting;
 * SGP_E_DATABASE = away, and no names of a graph are there either (sgp_placer_set_graph);
 * SGP_E_STATE = away, and the graph's names are still being made: ask again. */
typedef struct sgp_place_found {
    const sgp_place *places;
    const sgp_place_reasons *reasons; /* one for each place */
    size_t n;
    const sgp_place_query *query; /* NULL for a reverse look-up */
    bool from_graph;              /* the database was away: names of the road graph answered */
} sgp_place_found;
typedef void (*sgp_placer_answer)(void *ctx, sgp_err err, const sgp_place_found *found);

/* Text as a caller says it: "Jl. Veteran 5", "perempatan ITN", "depan RSSA", a Plus Code,
 * coordinates in any form, an AML message. The answer comes from the loop, never from within this
 * call. *ticket (may be NULL) drops the look-up. SGP_E_ARGUMENT: empty text, over 1,000 bytes, or
 * more than 32 earlier texts. An earlier text that is a position alone is taken as `near`.
 */
sgp_err sgp_placer_find(sgp_placer *placer, const char *text, const sgp_place_options *options,
                        sgp_placer_answer answer, void *ctx, uint64_t *ticket) SGP_MUST_USE;
/* The answer to this ticket will not come any more. */
void sgp_placer_drop(sgp_placer *placer, uint64_t ticket);
/* Nearest address (within 60 m) and street (within 500 m), nearest first, at their own
 * points, uncertainty_m telling how far off they are, each with kelurahan, kecamatan
 * and kabupaten of the asked point; the area alone where neither is near. */
sgp_err sgp_placer_reverse(sgp_placer *placer, sgp_point point, sgp_placer_answer answer,
                           void *ctx) SGP_MUST_USE;

#endif
