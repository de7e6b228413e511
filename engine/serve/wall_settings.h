/* The configuration's group `wall`: what the command centre's wall, the public page and planners'
 * pages are given. See sigap.conf.example. */
#ifndef SGP_SERVE_WALL_SETTINGS_H
#define SGP_SERVE_WALL_SETTINGS_H

#include "base/conf.h"

typedef struct sgp_wall_settings {
    int64_t past_every_ms; /* from one kept moment to the next */
    int64_t past_ms;       /* how long they are kept */
    size_t past_bytes;     /* and within how much memory */
    bool public_open;      /* GET /v1/public answers everybody */
    int64_t public_delay_ms;
    char *reports; /* folder of planners' reports, "" = none; owned */
} sgp_wall_settings;

void sgp_wall_settings_default(sgp_wall_settings *settings);
/* Mistakes go into the reader, as everywhere in settings.h. */
void sgp_wall_settings_read(sgp_conf *conf, const sgp_setting *root, sgp_wall_settings *settings);
void sgp_wall_settings_free(sgp_wall_settings *settings);

#endif
