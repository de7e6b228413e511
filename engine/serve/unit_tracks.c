#include "serve/unit_tracks.h"

#include <stdlib.h>
#include <string.h>

/* A drive under way; drive 0 = the unit stands, or does something else. */
typedef struct unit_track {
    uint64_t drive; /* assignment << 1 | transporting */
    uint32_t profile;
    sgp_track_point *points;
    size_t n, capacity;
} unit_track;

struct sgp_unit_tracks {
    unit_track units[SGP_UNITS_MAX];
    sgp_unit_tracks_count count;
};

_Static_assert(SGP_TRACK_POINTS_MAX <= 10000, "the matcher takes a whole track");

sgp_err sgp_unit_tracks_create(sgp_unit_tracks **tracks) {
    *tracks = calloc(1, sizeof **tracks);
    return *tracks != NULL ? SGP_OK : SGP_E_MEMORY;
}

void sgp_unit_tracks_clear(sgp_unit_tracks *tracks) {
    tracks->count.dropped_points += tracks->count.points;
    tracks->count.points = 0;
    for (size_t i = 0; i < SGP_UNITS_MAX; i++) {
        free(tracks->units[i].points);
        tracks->units[i] = (unit_track){0};
    }
}

void sgp_unit_tracks_destroy(sgp_unit_tracks *tracks) {
    if (tracks == NULL)
        return;
    sgp_unit_tracks_clear(tracks);
    free(tracks);
}

/* What the unit drives for, 0 = it does not drive; *profile: as what. */
static uint64_t drive_of(const sgp_live_roads *roads, const sgp_world *world, uint32_t index,
                         uint32_t *profile) {
    const sgp_unit *unit = sgp_world_unit(world, index);
    const sgp_assignment *on =
        unit->assignment != 0 ? sgp_world_assignment(world, unit->assignment) : NULL;
    if (on == NULL ||
        (on->state != SGP_ASSIGNMENT_EN_ROUTE && on->state != SGP_ASSIGNMENT_TRANSPORTING))
        return 0;
    const sgp_incident *incident = sgp_world_incident(world, on->incident);
    if (incident == NULL)
        return 0;
    *profile = sgp_live_roads_drive(roads, unit->kind, incident->priority);
    return on->id << 1 | (on->state == SGP_ASSIGNMENT_TRANSPORTING);
}

void sgp_unit_tracks_follow(sgp_unit_tracks *tracks, sgp_live_roads *roads, const sgp_world *world,
                            uint32_t unit) {
    unit_track *track = &tracks->units[unit];
    uint32_t profile = 0;
    uint64_t drive = drive_of(roads, world, unit, &profile);
    if (drive == track->drive && (drive == 0 || profile == track->profile))
        return;
    tracks->count.points -= track->n;
    if (track->n >= 2)
        sgp_live_roads_teach(roads, track->profile, track->points, track->n);
    else
        free(track->points);
    *track = (unit_track){.drive = drive, .profile = profile};
}

static bool make_room(unit_track *track) {
    if (track->n < track->capacity)
        return true;
    size_t capacity = track->capacity != 0 ? 2 * track->capacity : 64;
    sgp_track_point *points = realloc(track->points, capacity * sizeof *points);
    if (points == NULL)
        return false;
    track->points = points;
    track->capacity = capacity;
    return true;
}

void sgp_unit_tracks_add(sgp_unit_tracks *tracks, uint32_t unit, sgp_point point, int64_t at_ms,
                         double heading_deg) {
    unit_track *track = &tracks->units[unit];
    if (track->drive == 0 || (track->n > 0 && at_ms <= track->points[track->n - 1].at_ms))
        return;
    if (track->n == SGP_TRACK_POINTS_MAX || tracks->count.points == SGP_TRACKS_POINTS_MAX ||
        !make_room(track)) {
        tracks->count.dropped_points++;
        return;
    }
    track->points[track->n++] =
        (sgp_track_point){.point = point, .at_ms = at_ms, .heading_deg = heading_deg};
    tracks->count.points++;
}

sgp_unit_tracks_count sgp_unit_tracks_counts(const sgp_unit_tracks *tracks) {
    return tracks->count;
}
