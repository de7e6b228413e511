/* What each of the people in the town does next; see town.h. Each returns false where there is
 * nothing to do for them. */
#ifndef SGP_SIMULATOR_TOWN_PEOPLE_H
#define SGP_SIMULATOR_TOWN_PEOPLE_H

#include "town.h"

uint32_t town_below(sim_town *town, uint32_t bound);
bool town_chance(sim_town *town, uint32_t permille);
/* Signs the event, and gives it a request id half of the time. */
void town_request(sim_town *town, sgp_event *event, const char *actor);

void town_configures(sim_town *town, sgp_event *event);
void town_registers_unit(sim_town *town, uint32_t nth, sgp_event *event);
void town_registers_hospital(sim_town *town, uint32_t nth, sgp_event *event);
sgp_point town_point(sim_town *town);

bool town_crew_acts(sim_town *town, const sim_shell *shell, sgp_event *event);
bool town_placer_answers(sim_town *town, const sim_shell *shell, sgp_event *event);
void town_caller_acts(sim_town *town, const sim_shell *shell, sgp_event *event);
void town_dispatcher_acts(sim_town *town, const sim_shell *shell, sgp_event *event);
/* Anything at all, of things that there may not be. */
void town_chaos(sim_town *town, const sim_shell *shell, sgp_event *event);
/* Nothing new begins; everything ends. False: it has ended. */
bool town_evening(sim_town *town, const sim_shell *shell, sim_deed *deed);

#endif
