/* The automaton of Aho and Corasick over bans: it reads the moves of a drive one
 * after another and knows which beginnings of bans have just been driven.
 *
 * State 0 is "none". Internal to the import. Not thread-safe while being made.
 */
#ifndef SGP_ROUTE_OSM_BAN_AUTOMATON_H
#define SGP_ROUTE_OSM_BAN_AUTOMATON_H

#include "route/osm_expand.h"

typedef struct sgp_osm_ban_state {
    uint32_t move;  /* the last one */
    uint32_t depth; /* number of moves of this beginning */
    uint32_t parent, first_child, next_sibling;
    uint32_t fallback;       /* the longest shorter beginning that ends the same way */
    uint32_t bound;          /* bit p: a whole ban of vehicle p has been driven */
    uint32_t closed;         /* bit p: p, who obeys, never gets here */
    uint32_t first_by_hours; /* 1 + the number of a ban by hours that ends here; 0 = none */
} sgp_osm_ban_state;

/* A ban that binds at some hours, at the state where it has been driven. */
typedef struct sgp_osm_ban_by_hours {
    uint32_t hours, vehicles;
    uint32_t next; /* 1 + the number of the next one at the same state; 0 = none */
} sgp_osm_ban_by_hours;

typedef struct sgp_osm_ban_automaton {
    sgp_buffer by_hours;   /* sgp_osm_ban_by_hours */
    sgp_buffer states;     /* sgp_osm_ban_state; a parent comes before its children */
    uint32_t *first_state; /* [n_moves] the state of having driven just this move, 0 = none */
} sgp_osm_ban_automaton;

/* `obeying`: bit p where vehicle p obeys its bans. SGP_E_MEMORY. Release with deinit
 * whatever the result. */
sgp_err sgp_osm_ban_automaton_make(sgp_osm_ban_automaton *automaton, const sgp_osm_bans *bans,
                                   size_t n_moves, uint32_t obeying) SGP_MUST_USE;
void sgp_osm_ban_automaton_deinit(sgp_osm_ban_automaton *automaton);

/* The longest beginning of a ban that goes on, within what `state` has driven: as good
 * as `state` for everything that comes after. */
uint32_t sgp_osm_ban_automaton_memory(const sgp_osm_ban_automaton *automaton, uint32_t state);

/* The state after driving `move` in `state`. */
uint32_t sgp_osm_ban_automaton_next(const sgp_osm_ban_automaton *automaton, uint32_t state,
                                    uint32_t move);

#endif
