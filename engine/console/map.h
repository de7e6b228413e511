/* A map drawn with braille: eight dots to a cell, so a terminal of 80x24 shows 160x96 of them.
 *
 * Roads come from a road graph's file, where one is given; without it units and incidents still
 * stand where they are. The projection is the plane one about the middle of the view (longitudes
 * shrunk by the cosine of its latitude), which is off by less than a dot over a city. Roads are
 * drawn anew only when the view changes. Bigger roads only, where a dot stands for many metres.
 *
 * Not thread-safe.
 */
#ifndef SGP_CONSOLE_MAP_H
#define SGP_CONSOLE_MAP_H

#include "console/model.h"
#include "console/screen.h"
#include "sigap/graph.h"

typedef struct sgp_map {
    const sgp_graph *graph; /* NULL: no roads */
    double lon, lat;        /* of the middle, degrees */
    double metres;          /* a dot; 0: not yet placed */
    bool follows;           /* the chosen incident */
    uint8_t *dots;          /* roads, a byte a cell: [row * columns + column] */
    uint8_t *way;           /* the same for the way of a unit */
    int rows, columns;      /* of the cached roads */
    double drawn_lon, drawn_lat, drawn_metres;
    bool cross; /* while something is drawn: where the next point would be */
    double cross_lon, cross_lat; /* NAN: the middle of the next drawing */
    uint8_t *shut; /* closed roads, as `way` */
} sgp_map;         /* zero-initialise */

void sgp_map_free(sgp_map *map);

/* All units and incidents; the graph's bounds where there are none. */
void sgp_map_whole(sgp_map *map, const sgp_model *model, int rows, int columns);
/* By so many halves of the view. */
void sgp_map_move(sgp_map *map, int right, int down);
/* In (1) or out (-1), about the middle. */
void sgp_map_zoom(sgp_map *map, int by);
/* Moves the cross by so many cells; the map goes along where it would leave it. */
void sgp_map_cross(sgp_map *map, int right, int down);
/* In (1) or out (-1), with the cross in the middle. */
void sgp_map_zoom_to_cross(sgp_map *map, int by);
/* To the chosen incident, and along when another is chosen. */
void sgp_map_follow(sgp_map *map, const sgp_model *model);

/* With the way of who goes to the chosen incident, where the dossier has it. */
void sgp_map_draw(sgp_map *map, sgp_canvas *canvas, sgp_area area, const sgp_model *model,
                  const sgp_dossier *dossier);

#endif
