/* What a deployment sets for the OSRM-compatible service: the group osrm of sigap.conf.
 * The bounds have osrm-routed's names and defaults. */
#ifndef SGP_SERVE_OSRM_SETTINGS_H
#define SGP_SERVE_OSRM_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

typedef struct sgp_osrm_settings {
    bool open;                                   /* without a token */
    char profile[32];                            /* what "driving" and "car" mean */
    uint32_t max_route_size, max_table_size;     /* coordinates */
    uint32_t max_nearest_size, max_match_size;   /* answers; coordinates */
    uint32_t max_alternatives;                   /* beside the best route */
    double default_radius_m, max_match_radius_m; /* 0 = unlimited */
} sgp_osrm_settings;

static inline void sgp_osrm_settings_default(sgp_osrm_settings *settings) {
    *settings = (sgp_osrm_settings){
        .open = false,
        .profile = "ambulance",
        .max_route_size = 500,
        .max_table_size = 100,
        .max_nearest_size = 100,
        .max_match_size = 100,
        .max_alternatives = 3,
        .default_radius_m = 2000, /* as everywhere in the engine; OSRM's is unlimited */
        .max_match_radius_m = 0,
    };
}

#endif
