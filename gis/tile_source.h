/* Vector tiles of the city's map, made by PostGIS (ST_AsMVT) from the tables of the import.
 *
 * A tile is a square of the Web Mercator plane (EPSG:3857): zoom z cuts the world into 2^z by 2^z
 * of them, x from the west, y from the north. Its bytes are of the Mapbox Vector Tile format,
 * version 2, 4096 units wide, not compressed. Layers, each from the zoom where it says something:
 *
 *   landuse   kind                                       boundary  kind, name
 *   water     kind, name                                 building
 *   road      class, name, ref, oneway, bridge, tunnel   place     kind, name
 *   poi       kind, name                                 number    number (house numbers)
 *
 * One connection of its own with one tile at a time, so that no amount of map ever takes more than
 * one process of the server from those who look up callers' places. A tile of a city takes 3 to
 * 40 ms. Thread rule: loop thread only.
 */
#ifndef SGP_GIS_TILE_SOURCE_H
#define SGP_GIS_TILE_SOURCE_H

#include <event2/event.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sigap/error.h"
#include "sigap/graph.h"

enum {
    SGP_TILE_ZOOM_MAX = 17, /* closer than that, maps enlarge these */
    SGP_TILE_EDITION = 1    /* raised when the same tables make other tiles */
};

typedef struct sgp_tile {
    uint32_t z, x, y;
} sgp_tile;

/* "3/6/4.mvt" -> a tile. SGP_E_FORMAT: not of that form; SGP_E_RANGE: no such zoom, column or row.
 * The fault says which. */
sgp_err sgp_tile_parse(const char *text, sgp_tile *tile, sgp_fault *fault) SGP_MUST_USE;

/* West, south, east and north of the tile in degrees. */
void sgp_tile_box(const sgp_tile *tile, double box[4]);
/* Has the tile a point in common with this box, edges counted? */
bool sgp_tile_meets(const sgp_tile *tile, sgp_point south_west, sgp_point north_east);

typedef struct sgp_tile_source sgp_tile_source;

/* The source became ready, or is no more. Not called while it is made or destroyed. */
typedef void (*sgp_tile_changed)(void *ctx);

/* Connects by itself, and again after a failure. SGP_E_CONFIG, SGP_E_TOO_LARGE (`conninfo`),
 * SGP_E_MEMORY. */
sgp_err sgp_tile_source_create(struct event_base *base, const char *conninfo,
                               const sgp_city_id *city, sgp_tile_changed changed, void *ctx,
                               sgp_tile_source **source, sgp_fault *fault) SGP_MUST_USE;
/* The tile on its way is answered with SGP_E_DATABASE first. NULL is harmless. */
void sgp_tile_source_destroy(sgp_tile_source *source);

/* True: nothing can be asked now, and it will not be different in a moment. */
bool sgp_tile_source_away(const sgp_tile_source *source);
/* True: a tile may be asked for. */
bool sgp_tile_source_ready(const sgp_tile_source *source);

/* `bytes` borrowed during the call, of length 0 where the tile is empty. SGP_E_DATABASE,
 * SGP_E_TIMEOUT: no tile. */
typedef void (*sgp_tile_done)(void *ctx, sgp_err err, const uint8_t *bytes, size_t length);

/* SGP_E_DATABASE: away. SGP_E_STATE: one is on its way. Otherwise `done` is called once, from the
 * loop. */
sgp_err sgp_tile_source_ask(sgp_tile_source *source, const sgp_tile *tile, sgp_tile_done done,
                            void *ctx) SGP_MUST_USE;

#endif
