/* What tags mean to people on foot. */
#include <string.h>

#include "route/osm_roads.h"

/* Ways for feet by their nature, and which figure of profiles.conf is theirs. */
static const struct {
    const char *highway;
    size_t speed; /* offset in sgp_walking */
} kinds[] = {
    {"footway", offsetof(sgp_walking, footway_m_h)},
    {"path", offsetof(sgp_walking, path_m_h)},
    {"bridleway", offsetof(sgp_walking, path_m_h)},
    {"steps", offsetof(sgp_walking, steps_m_h)},
    {"pedestrian", offsetof(sgp_walking, pedestrian_m_h)},
    {"track", offsetof(sgp_walking, track_m_h)},
    {"cycleway", offsetof(sgp_walking, cycleway_m_h)},
    {"residential", offsetof(sgp_walking, street_m_h)},
    {"living_street", offsetof(sgp_walking, street_m_h)},
    {"service", offsetof(sgp_walking, street_m_h)},
    {"unclassified", offsetof(sgp_walking, street_m_h)},
    {"road", offsetof(sgp_walking, street_m_h)},
    {"tertiary", offsetof(sgp_walking, street_m_h)},
    {"secondary", offsetof(sgp_walking, street_m_h)},
    {"primary", offsetof(sgp_walking, street_m_h)},
};

uint32_t sgp_osm_walk_m_h(sgp_osm_tags tags, const sgp_walking *walking) {
    const char *highway = sgp_osm_tag_value(tags, "highway");
    if (!highway || sgp_osm_access_of(tags, &walking->access, "") == SGP_OSM_ACCESS_NO)
        return 0;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(kinds[i].highway, highway) != 0)
            continue;
        uint32_t m_h;
        memcpy(&m_h, (const char *)walking + kinds[i].speed, sizeof m_h);
        return m_h;
    }
    return 0;
}

bool sgp_osm_stops_walking(sgp_osm_tags tags, const sgp_walking *walking) {
    const char *barrier = sgp_osm_tag_value(tags, "barrier");
    if (!barrier || sgp_osm_opened_to(tags, &walking->access))
        return false;
    return sgp_profile_barrier(&walking->barriers, barrier) == SGP_BARRIER_BLOCKS ||
           sgp_osm_access_of(tags, &walking->access, "") == SGP_OSM_ACCESS_NO;
}
