/* Move-up advice in a what-if, told by the rule that the engine goes by, and followed at once. */
#include <stdlib.h>
#include <string.h>

#include "core/move_advice.h"
#include "replay/whatif_parts.h"
#include "sigap/coverage_map.h"

enum { LOOK_MS = 60 * 1000 }; /* between two looks */

/* One look: lists by free unit, and by station of the map. */
typedef struct looking {
    uint32_t *units, *at, *busy, *to;
    sgp_point *waits, *points;
    sgp_start *from;
    int64_t *drive_ms, *column_ms;
    size_t n_units, n_busy, n_to;
} looking;

static void looking_free(looking *l) {
    free(l->units);
    free(l->at);
    free(l->busy);
    free(l->to);
    free(l->waits);
    free(l->points);
    free(l->from);
    free(l->drive_ms);
    free(l->column_ms);
}

static bool looking_make(looking *l, size_t units, size_t stations) {
    l->units = calloc(units + 1, sizeof *l->units);
    l->at = calloc(units + 1, sizeof *l->at);
    l->busy = calloc(units + 1, sizeof *l->busy);
    l->to = calloc(stations + 1, sizeof *l->to);
    l->waits = calloc(units + 1, sizeof *l->waits);
    l->points = calloc(stations + 1, sizeof *l->points);
    l->from = calloc(units + 1, sizeof *l->from);
    l->drive_ms = calloc(units * stations + 1, sizeof *l->drive_ms);
    l->column_ms = calloc(units + 1, sizeof *l->column_ms);
    return l->units && l->at && l->busy && l->to && l->waits && l->points && l->from &&
           l->drive_ms && l->column_ms;
}

/* The map's table of what is reached in time, as coverage.h wants it; made once for each map. */
static sgp_err make_model(sgp_played_map *played, sgp_coverage_model *model) {
    const sgp_coverage_map *map = played->map;
    if (!played->weight) {
        played->weight = calloc(map->n_zones, sizeof *played->weight);
        played->ms = calloc((size_t)map->n_stations * map->n_zones + 1, sizeof *played->ms);
        if (!played->weight || !played->ms)
            return SGP_E_MEMORY;
        for (uint32_t z = 0; z < map->n_zones; z++)
            played->weight[z] = map->weight[z];
        for (uint32_t s = 0; s < map->n_stations; s++)
            for (uint32_t z = 0; z < map->n_zones; z++)
                played->ms[(size_t)s * map->n_zones + z] =
                    map->stations[s].reach[z / 64] >> z % 64 & 1 ? 0 : -1;
    }
    *model = (sgp_coverage_model){.n_zones = map->n_zones,
                                  .n_posts = map->n_stations,
                                  .weight = played->weight,
                                  .ms = played->ms,
                                  .busy_permille = map->busy_permille};
    return SGP_OK;
}

static uint32_t station_at(const looking *l, sgp_point point) {
    uint32_t s = 0;
    while (s < l->n_to && !sgp_point_equal(l->points[s], point))
        s++;
    return s;
}

/* Who is free, where each waits, and who is busy. Ambulances alone, as the map counts them. */
static sgp_err gather(sgp_play *play, looking *l) {
    sgp_err err = SGP_OK;
    for (uint32_t i = 0; i < play->plan->n_units && !err; i++) {
        const sgp_unit *unit = sgp_world_unit(play->world, i);
        if (unit->kind != SGP_UNIT_AMBULANCE_BASIC && unit->kind != SGP_UNIT_AMBULANCE_ADVANCED)
            continue;
        sgp_point waits = !unit->assignment && sgp_post_is_on(&unit->post) ? unit->post.point
                                                                           : unit->station_point;
        uint32_t at = station_at(l, waits);
        if (!unit->on_duty || at == l->n_to)
            continue;
        if (unit->assignment) {
            l->busy[l->n_busy++] = at;
            continue;
        }
        l->units[l->n_units] = i;
        l->at[l->n_units] = at;
        l->waits[l->n_units] = waits;
        l->from[l->n_units] = (sgp_start){.unit = i, .kind = unit->kind, .priority = SGP_P4};
        err = sgp_play_crew_where(play, i, &l->from[l->n_units++].point);
    }
    return err;
}

/* How long each would drive to each station. */
static sgp_err ask_drives(sgp_play *play, looking *l) {
    sgp_err err = SGP_OK;
    sgp_week_roads_at(play->plan->roads, play->now_ms);
    for (size_t s = 0; s < l->n_to && l->n_units && !err; s++) {
        err = play->roads.many_to_one(play->roads.ctx, l->from, l->n_units, l->points[s],
                                      l->column_ms);
        for (size_t i = 0; i < l->n_units && !err; i++)
            l->drive_ms[i * l->n_to + s] = l->column_ms[i];
    }
    return err;
}

static sgp_err look(sgp_play *play, looking *l, const sgp_coverage_model *model) {
    sgp_coverage coverage = {0};
    sgp_err err = sgp_coverage_init(&coverage, model, play->fault);
    for (size_t i = 0; i < l->n_units && !err; i++)
        sgp_coverage_count(&coverage, l->at[i]);
    sgp_advice_look seen = {.now_ms = play->now_ms,
                            .units = l->units,
                            .moving = {.n_units = l->n_units,
                                       .at = l->at,
                                       .n_to = l->n_to,
                                       .to = l->to,
                                       .drive_ms = l->drive_ms,
                                       .drive_max_ms = play->plan->move_max_ms},
                            .points = l->points,
                            .waits = l->waits,
                            .busy = l->busy,
                            .n_busy = l->n_busy};
    if (!err)
        err = sgp_move_advice_take(play->advice, play->plan->follow_moves, &coverage, &seen);
    sgp_coverage_deinit(&coverage);
    return err;
}

static sgp_err look_at_map(sgp_play *play, sgp_played_map *played) {
    const sgp_coverage_map *map = played->map;
    looking l = {0};
    sgp_coverage_model model;
    sgp_err err = looking_make(&l, play->plan->n_units, map->n_stations) ? SGP_OK : SGP_E_MEMORY;
    for (l.n_to = 0; l.n_to < map->n_stations && !err; l.n_to++) {
        l.to[l.n_to] = (uint32_t)l.n_to;
        l.points[l.n_to] = map->stations[l.n_to].point;
    }
    if (!err)
        err = make_model(played, &model);
    if (!err)
        err = gather(play, &l);
    if (!err)
        err = ask_drives(play, &l);
    if (!err)
        err = look(play, &l, &model);
    looking_free(&l);
    return err;
}

sgp_err sgp_play_look_at_moves(sgp_play *play) {
    if (!play->advice || !play->fleet_changed || play->now_ms - play->looked_at_ms < LOOK_MS)
        return SGP_OK;
    play->fleet_changed = false;
    play->looked_at_ms = play->now_ms;
    sgp_err err = sgp_play_cover(play);
    for (size_t i = 0; i < play->n_maps && !err; i++)
        if (play->maps[i].version == play->map_now)
            err = look_at_map(play, &play->maps[i]);
    for (uint32_t m = 0; m < play->advice->n_told && !err; m++) {
        const sgp_told_move *move =
            &play->advice->open[play->advice->n_open - play->advice->n_told + m];
        err = sgp_play_crew_move(play, move->unit, move->to, move->gain_ppm);
    }
    return err;
}
