/* Who drives, and how: profiles.conf, read and checked.
 *
 * The graph holds one weight an arc for each vehicle of the file, in the order of
 * the file; the first is the one meant where none is named. People on foot have a
 * group of their own and a graph of their own. What each key means is said in
 * gis/profiles.conf itself, which is also built into this library: one source, so
 * that a program without its files knows the same figures.
 *
 * Figures are kept as integers in the units of their names, so that two imports
 * of one extract never differ. Immutable once read; thread-safe.
 */
#ifndef SGP_ROUTE_PROFILE_H
#define SGP_ROUTE_PROFILE_H

#include <stdbool.h>
#include <stddef.h>

#include "sigap/graph.h"

enum {
    SGP_PROFILE_WORD = 28,   /* bytes of an OSM key or value, with its end */
    SGP_PROFILE_KEYS = 8,    /* access keys of a vehicle */
    SGP_PROFILE_SHARES = 48, /* surfaces, barriers, ... */
    SGP_PROFILE_TEXT_MAX = 1 << 20
};

/* How much of its speed a vehicle keeps on a surface and the like. */
typedef struct sgp_profile_share {
    char value[SGP_PROFILE_WORD]; /* OSM's word */
    uint8_t percent;              /* 0 = not driven */
} sgp_profile_share;

typedef struct sgp_profile_shares {
    sgp_profile_share list[SGP_PROFILE_SHARES];
    uint32_t n;
} sgp_profile_shares;

typedef enum sgp_barrier_effect {
    SGP_BARRIER_PASSES,
    SGP_BARRIER_GATE, /* passes, and waits until it is open */
    SGP_BARRIER_BLOCKS
} sgp_barrier_effect;

typedef struct sgp_profile_barriers {
    struct {
        char value[SGP_PROFILE_WORD]; /* of the tag barrier */
        uint8_t effect;               /* sgp_barrier_effect */
    } list[SGP_PROFILE_SHARES];
    uint32_t n;
} sgp_profile_barriers;

typedef struct sgp_profile_words {
    char list[SGP_PROFILE_KEYS][SGP_PROFILE_WORD];
    uint32_t n;
} sgp_profile_words;

typedef struct sgp_vehicle {
    char name[32];
    bool lights;
    uint32_t width_cm, height_cm, weight_kg; /* 0 = does not matter */
    sgp_profile_words
        access; /* OSM keys, from the most specific to the one that is for everybody */
    sgp_profile_words also_on; /* highway values driven without a tag that opens them */

    uint8_t road_km_h[SGP_ROAD_CLASSES], link_km_h[SGP_ROAD_CLASSES];
    uint8_t slowest_km_h, fastest_km_h, walk_km_h, driveway_km_h;
    uint32_t limit_kept_percent;   /* of a limit below the class's speed */
    uint32_t limit_near_percent;   /* of a limit above it, */
    uint32_t limit_raised_percent; /* the share of the way towards that */
    sgp_profile_shares surfaces, smoothness, track_types;
    uint32_t narrow_below_cm, narrow_percent;
    uint32_t single_lane_below_cm, single_lane_percent;
    uint32_t private_percent; /* 0 = may not use private roads */

    uint32_t against_percent, against_ms; /* one-way roads the wrong way; percent 0 = never */
    uint32_t against_classes;             /* bit c: on roads of sgp_road_class c */

    bool obeys_restrictions;
    uint32_t restriction_ms; /* what passing one costs who need not obey */

    uint32_t signals_ms, gate_ms, locked_gate_ms, toll_booth_ms, level_crossing_ms, hump_ms;
    sgp_profile_barriers barriers;

    uint32_t straight_ms, near_ms, across_ms, sharp_ms, u_turn_ms;
} sgp_vehicle;

typedef struct sgp_walking {
    sgp_profile_words access;
    /* Metres an hour on each highway value; the street is any other road. 0 = not walked. */
    uint32_t street_m_h, footway_m_h, path_m_h, steps_m_h, pedestrian_m_h, track_m_h, cycleway_m_h;
    sgp_profile_barriers barriers;
} sgp_walking;

/* At which crossings turns are told apart. */
typedef enum sgp_turns {
    SGP_TURNS_NOWHERE,      /* not even restrictions: only to measure what they cost */
    SGP_TURNS_RESTRICTIONS, /* no costs */
    SGP_TURNS_MAJOR,        /* costs where main roads cross and at signals */
    SGP_TURNS_EVERYWHERE
} sgp_turns;
const char *sgp_turns_str(sgp_turns turns);
/* "nowhere", "restrictions", "major", "everywhere"; false for anything else. */
bool sgp_turns_from_str(const char *text, sgp_turns *turns);

typedef enum sgp_driving_side { SGP_SIDE_BY_PLACE, SGP_SIDE_LEFT, SGP_SIDE_RIGHT } sgp_driving_side;

typedef struct sgp_profiles {
    sgp_turns turns;
    sgp_driving_side side;
    uint32_t n_vehicles; /* 1 .. SGP_PROFILES_MAX */
    sgp_vehicle vehicles[SGP_PROFILES_MAX];
    bool has_foot;
    sgp_walking foot;
} sgp_profiles;

/* Reads a file; NULL = the built-in one. SGP_E_CONFIG: a mistake in it, told with
 * file and line; SGP_E_IO: not readable; SGP_E_MEMORY. Release with destroy. */
sgp_err sgp_profiles_read(const char *path, sgp_profiles **profiles, sgp_fault *fault) SGP_MUST_USE;

/* The same from a text of `length` bytes that is called `called` in sentences. */
sgp_err sgp_profiles_parse(const char *text, size_t length, const char *called,
                           sgp_profiles **profiles, sgp_fault *fault) SGP_MUST_USE;

void sgp_profiles_destroy(sgp_profiles *profiles);

/* The percent of `value` in `shares`; 100 where they say nothing (or value is NULL). */
uint32_t sgp_profile_percent(const sgp_profile_shares *shares, const char *value);

/* What a barrier of this kind means; PASSES where the list says nothing. */
sgp_barrier_effect sgp_profile_barrier(const sgp_profile_barriers *barriers, const char *value);

bool sgp_profile_has_word(const sgp_profile_words *words, const char *word);

#endif
