/* One function for each kind of place that rows are drawn of; false = this throw gave none. */
#ifndef TESTS_PLACE_KINDS_H
#define TESTS_PLACE_KINDS_H

#include "place_draw.h"

bool draw_street(drawing *d, drawn_row *row);
bool draw_main_street(drawing *d, drawn_row *row); /* of those that through traffic takes */
bool draw_homonym(drawing *d, drawn_row *row);
bool draw_homonym_near(drawing *d, drawn_row *row);
bool draw_gang(drawing *d, drawn_row *row);
bool draw_house(drawing *d, drawn_row *row);
bool draw_house_between(drawing *d, drawn_row *row);
bool draw_house_beyond(drawing *d, drawn_row *row);
bool draw_house_abroad(drawing *d, drawn_row *row);
bool draw_conversation(drawing *d, drawn_row *row);
bool draw_junction(drawing *d, drawn_row *row);
bool draw_junction_abroad(drawing *d, drawn_row *row);

bool draw_junction_named(drawing *d, drawn_row *row);
bool draw_facility(drawing *d, drawn_row *row);
bool draw_facility_abroad(drawing *d, drawn_row *row);
bool draw_alias(drawing *d, drawn_row *row);
bool draw_facility_on(drawing *d, drawn_row *row);
bool draw_in_front(drawing *d, drawn_row *row);
bool draw_across(drawing *d, drawn_row *row);
bool draw_behind(drawing *d, drawn_row *row);
bool draw_beside(drawing *d, drawn_row *row);
bool draw_near(drawing *d, drawn_row *row);
bool draw_side(drawing *d, drawn_row *row);
bool draw_between(drawing *d, drawn_row *row);
bool draw_street_landmark(drawing *d, drawn_row *row);

bool draw_estate(drawing *d, drawn_row *row);
bool draw_estate_house(drawing *d, drawn_row *row);
bool draw_rt_rw(drawing *d, drawn_row *row);
bool draw_area(drawing *d, drawn_row *row);
bool draw_dusun(drawing *d, drawn_row *row);
bool draw_km_post(drawing *d, drawn_row *row);
bool draw_plus_code(drawing *d, drawn_row *row);
bool draw_coordinates(drawing *d, drawn_row *row);

/* Something of the list, drawn. */
uint32_t draw_below(drawing *d, size_t n);
bool draw_chance(drawing *d, int percent);
/* A street that is no gang and not endless. */
uint32_t draw_some_street(drawing *d);

#endif
