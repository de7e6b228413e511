/* What goes by voice, in every other town: states that a dispatcher enters for a crew, also late;
 * calls for help and whether all is well; units that are sent to wait elsewhere; telephone numbers
 * and their marks. It draws from a source of its own, so that the days of the other towns stay as
 * they were before there was any of it. */
#ifndef SGP_SIMULATOR_TOWN_RADIO_H
#define SGP_SIMULATOR_TOWN_RADIO_H

#include "town.h"

uint32_t town_radio_below(sim_town *town, uint32_t bound);

/* Whether somebody spoke, and what. */
bool town_radio_speaks(sim_town *town, const sim_shell *shell, sgp_event *event);
/* A crew's own report was stored while it had no connection, and says when it was so. */
void town_tells_late(sim_town *town, sgp_event *event);
void town_hears_move_up(sim_town *town, const sim_shell *shell, uint32_t unit);
/* The number from which a call comes. */
void town_calls_from(sim_town *town, sgp_event *event);
void town_sets_welfare(sim_town *town, sgp_rules *rules);
/* In the evening nobody stays in distress. */
bool town_clears_distress(sim_town *town, const sim_shell *shell, sgp_event *event);

#endif
