#include "serve/wall_settings.h"

#include <stdlib.h>
#include <string.h>

enum { HOUR_MS = 3600000, MINUTE_MS = 60000, MIB = 1 << 20 };

void sgp_wall_settings_default(sgp_wall_settings *s) {
    *s = (sgp_wall_settings){.past_every_ms = 10000,
                             .past_ms = 12 * (int64_t)HOUR_MS,
                             .past_bytes = 64 * (size_t)MIB,
                             .public_delay_ms = 15 * MINUTE_MS};
}

void sgp_wall_settings_read(sgp_conf *r, const sgp_setting *root, sgp_wall_settings *s) {
    sgp_wall_settings_default(s);
    const sgp_setting *wall = sgp_conf_child(root, "wall");
    sgp_conf_check_keys(r, wall, " past_every_s past_h past_mb public reports ");
    s->past_every_ms = (int64_t)(sgp_conf_number(r, wall, "past_every_s", false, 1, 60, 10) * 1000);
    s->past_ms = (int64_t)(sgp_conf_number(r, wall, "past_h", false, 1, 48, 12) * HOUR_MS);
    s->past_bytes = (size_t)sgp_conf_number(r, wall, "past_mb", false, 1, 1024, 64) * MIB;
    const sgp_setting *open = sgp_conf_child(wall, "public");
    sgp_conf_check_keys(r, open, " open delay_min ");
    s->public_open = sgp_conf_boolean(r, open, "open", false);
    s->public_delay_ms =
        (int64_t)(sgp_conf_number(r, open, "delay_min", false, 0, 360, 15) * MINUTE_MS);
    if (r->err == SGP_OK && s->public_open && s->public_delay_ms >= s->past_ms)
        sgp_conf_mistake(r, open, "wall.public.delay_min must be less than wall.past_h");
    const char *folder = sgp_conf_text(r, wall, "reports", false, 4096);
    s->reports = strdup(folder != NULL ? folder : "");
    if (s->reports == NULL)
        r->err = SGP_E_MEMORY;
}

void sgp_wall_settings_free(sgp_wall_settings *s) {
    free(s->reports);
    s->reports = NULL;
}
