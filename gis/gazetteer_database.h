/* The gazetteer in PostGIS: names, house numbers, junctions and districts of one city, asked on the
 * caller's libevent loop.
 *
 * Connects by itself, loads the vocabulary, all names (name_index.h which have which words,
 * name_rows.h what is told of them) and the ground (shapes.h, crossings.h, districts.h, houses.h);
 * only once: what a city's import wrote does not change. Reconnects with back-off. Never blocks the
 * loop: libpq does not wait, and what is loaded is taken in and sealed in slices of a few
 * milliseconds. Ready when it is sealed and a connection is prepared; the other connections follow.
 *
 * A round is answered from memory before ask returns; eight look-ups at once over a million names
 * waited nine tenths of their time for the server before. Only what is around a point (AROUND) the
 * server is asked, over a few pipelined connections. Statements are prepared once with generic
 * plans, and nothing but parameters reaches SQL. Thread rule: loop thread only.
 */
#ifndef SGP_GIS_GAZETTEER_DATABASE_H
#define SGP_GIS_GAZETTEER_DATABASE_H

#include <event2/event.h>

#include "gis/gazetteer.h"
#include "sigap/graph.h"

typedef struct sgp_gazetteer_database sgp_gazetteer_database;

enum { SGP_GAZETTEER_CONNECTIONS = 6 };

typedef enum sgp_gazetteer_state {
    SGP_GAZETTEER_AWAY,       /* resting until the next try; asks get SGP_E_DATABASE */
    SGP_GAZETTEER_CONNECTING, /* on its way to being ready; asks get SGP_E_DATABASE */
    SGP_GAZETTEER_READY
} sgp_gazetteer_state;

/* Told from the loop whenever the state has changed. */
typedef void (*sgp_gazetteer_changed)(void *ctx, sgp_gazetteer_state state);

/* The city's id chooses the schema; a database without it counts as away. The first
 * connection begins at once. `changed` may be NULL. SGP_E_CONFIG, SGP_E_TOO_LARGE: the
 * setting cannot be read; SGP_E_MEMORY. */
sgp_err sgp_gazetteer_database_create(struct event_base *base, const char *conninfo,
                                      const sgp_city_id *city, sgp_gazetteer_changed changed,
                                      void *ctx, sgp_gazetteer_database **gazetteer,
                                      sgp_fault *fault) SGP_MUST_USE;
/* Outstanding asks are answered with SGP_E_DATABASE first; asking from within those answers gets
 * SGP_E_STATE. Must not be called from within an answer or from `changed`. */
void sgp_gazetteer_database_destroy(sgp_gazetteer_database *gazetteer);

sgp_gazetteer_state sgp_gazetteer_database_state(const sgp_gazetteer_database *gazetteer);
const char *sgp_gazetteer_database_fault(const sgp_gazetteer_database *gazetteer); /* "" = none */
/* The city's bounds as imported; false: no connection came this far yet. */
bool sgp_gazetteer_database_bounds(const sgp_gazetteer_database *gazetteer, sgp_point *south_west,
                                   sgp_point *north_east);

/* The interface that the resolver asks through; valid as long as the gazetteer. Asks get
 * SGP_E_DATABASE while it is not ready, SGP_E_FULL over 64 rounds at a time, SGP_E_ARGUMENT for
 * more than SGP_ASKS_MAX asks or none; then no answer comes. An answer for which the server is
 * asked comes from the loop, with SGP_E_TIMEOUT after two seconds. */
sgp_gazetteer sgp_gazetteer_database_interface(sgp_gazetteer_database *gazetteer);

#endif
