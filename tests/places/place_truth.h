/* Where a thing is that a caller speaks of: what somebody reads off the map, with the
 * metres within which an ambulance finds it.
 *
 * | what | point | metres |
 * | --- | --- | --- |
 * | street, gang | on it, half-way along its extent | to its farther end |
 * | junction | the middle of the nodes that both streets have | 50, and their spread |
 * | house number | the house | 40 |
 * | number between two mapped ones | by number between them | half their distance, 40 at least |
 * | number after the last | the last | 60, and 10 for each number more |
 * | thing | its middle | half its extent and 50 |
 * | in front, across | nearest point of its street; 20 m farther | 50 and a quarter of its extent |
 * | behind | beyond it, seen from its street | the same |
 * | beside | its middle | half its extent and 50 |
 * | north ... west of | 30 m beyond its edge | 60 and a quarter of its extent |
 * | near | its middle | half its extent and 150 |
 * | between two | half-way | a third of their distance, 60 at least |
 * | district | its middle | the circle of its area, 300 at least |
 */
#ifndef TESTS_PLACE_TRUTH_H
#define TESTS_PLACE_TRUTH_H

#include "place_map.h"

typedef struct truth {
    spot at;
    double metres;
} truth;

truth truth_street(const map_street *street);
truth truth_thing(const map_thing *thing);
truth truth_district(const map_thing *thing);
/* False: they do not meet, or at two places. *arms: ways that leave the junction. */
bool truth_junction(const map *m, uint32_t a, uint32_t b, truth *t, int *arms);
/* The street that a thing faces: the one of its address, else the nearest with a name. False: none
 * within 150 m, or two of them are as near. */
bool truth_faces(const map *m, const map_thing *thing, uint32_t *street, spot *front);
bool truth_in_front(const map *m, const map_thing *thing, truth *t);
bool truth_across(const map *m, const map_thing *thing, truth *t);
bool truth_behind(const map *m, const map_thing *thing, truth *t);
truth truth_beside(const map_thing *thing);
truth truth_near(const map_thing *thing);
truth truth_side(const map_thing *thing, int east, int north); /* each -1, 0, 1 */
truth truth_between(const map_thing *a, const map_thing *b);
/* The point of that street in front of the thing. */
bool truth_on_street(const map *m, const map_thing *thing, const map_street *street, truth *t);

/* Number `number` on the street: exactly one house has it. */
bool truth_house(const map *m, uint32_t street, int number, truth *t);
/* A number that no house has, between two of its side that are not far apart. */
bool truth_house_between(const map *m, uint32_t street, int number, truth *t);
/* A number beyond the last of its side. */
bool truth_house_beyond(const map *m, uint32_t street, int number, truth *t);

double truth_half_extent(const map_thing *thing); /* mean of both sides' halves */

#endif
