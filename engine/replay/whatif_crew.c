/* Crews of a what-if: from order to being back at the station. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "replay/whatif_parts.h"

/* A crew stays with its patient until somebody comes who carries, but not for ever. */
enum { STAY_MS = 2 * 3600 * 1000 };

/* Where there is no way by road a crew still gets there somehow: straight, at 30 km/h. */
static const double straight_ms_per_m = 120;

static uint64_t draw(const sgp_play *play, const sgp_played_crew *crew, sgp_purpose purpose) {
    return sgp_draw(play->plan->seed, play->calls[crew->row].past->key, purpose, crew->nth);
}

static int32_t draw_ms(const sgp_play *play, const sgp_played_crew *crew, sgp_purpose purpose,
                       const sgp_duration *duration) {
    return sgp_duration_draw(duration, draw(play, crew, purpose));
}

/* Of the one unit that carries the patient, whichever of those ordered it is. */
static int32_t carried_ms(const sgp_play *play, const sgp_played_crew *crew, sgp_purpose purpose,
                          const sgp_duration *duration) {
    return sgp_duration_draw(
        duration, sgp_draw(play->plan->seed, play->calls[crew->row].past->key, purpose, 0));
}

static sgp_played_crew *crew_on(sgp_play *play, const sgp_assignment *assignment) {
    return &play->crews[assignment->unit];
}

static void leave_stay(sgp_play *play, sgp_played_crew *crew) {
    if (crew->stays)
        play->calls[crew->row].staying--;
    crew->stays = false;
}

/* The crew's next act; whatever it had planned is void. */
static sgp_err plan(sgp_play *play, sgp_played_crew *crew, sgp_crew_is is, int64_t after_ms) {
    leave_stay(play, crew);
    crew->is = is;
    crew->turn++;
    return sgp_play_plan(play, play->now_ms + after_ms, SGP_ACT_CREW,
                         (uint32_t)(crew - play->crews), crew->turn);
}

/* ---- driving --------------------------------------------------------------- */

static bool drives(const sgp_played_crew *crew) {
    return crew->is == SGP_CREW_IS_TO_SCENE || crew->is == SGP_CREW_IS_TO_HOSPITAL ||
           crew->is == SGP_CREW_IS_RETURNING;
}

/* The way of the drive, by the roads of the hour in which it began. */
static sgp_err find_way(sgp_play *play, sgp_played_crew *crew) {
    sgp_way_driven way;
    sgp_week_roads_at(play->plan->roads, crew->drive.left_ms);
    sgp_err err = sgp_week_roads_way(play->plan->roads, &crew->drive.from, crew->drive.to, &way);
    sgp_week_roads_at(play->plan->roads, play->now_ms);
    if (err)
        return err;
    if (way.n > crew->way_capacity) {
        sgp_point *points = realloc(crew->way_points, way.n * sizeof *points);
        if (points)
            crew->way_points = points;
        int64_t *at_ms = realloc(crew->way_at_ms, way.n * sizeof *at_ms);
        if (at_ms)
            crew->way_at_ms = at_ms;
        if (!points || !at_ms)
            return SGP_E_MEMORY;
        crew->way_capacity = way.n;
    }
    if (way.n) {
        memcpy(crew->way_points, way.points, way.n * sizeof *way.points);
        memcpy(crew->way_at_ms, way.at_ms, way.n * sizeof *way.at_ms);
    }
    crew->n_way = way.n;
    crew->has_way = true;
    return SGP_OK;
}

/* Where the vehicle is now: along its way, as far as its drive has gone. */
static sgp_err where_now(sgp_play *play, sgp_played_crew *crew, sgp_point *point) {
    *point = crew->at;
    if (!drives(crew))
        return SGP_OK;
    const sgp_drive *drive = &crew->drive;
    sgp_err err = crew->has_way ? SGP_OK : find_way(play, crew);
    if (err)
        return err;
    int64_t elapsed_ms = play->now_ms - drive->left_ms;
    if (drive->lasts_ms > 0 && drive->lasts_ms != drive->told_ms)
        elapsed_ms = elapsed_ms * drive->told_ms / drive->lasts_ms;
    const sgp_way_driven way = {crew->way_points, crew->way_at_ms, crew->n_way};
    *point = way.n ? sgp_way_point(&way, elapsed_ms) : drive->from.point;
    return SGP_OK;
}

static int64_t straight_ms(sgp_point from, sgp_point to) {
    return (int64_t)(sgp_distance_m(from, to) * straight_ms_per_m);
}

/* `told_ms` < 0: asked for here. */
static sgp_err drive_off(sgp_play *play, uint32_t unit, sgp_crew_is is, sgp_point to,
                         sgp_priority priority, int64_t told_ms) {
    sgp_played_crew *crew = &play->crews[unit];
    sgp_start from = {.point = crew->at,
                      .unit = unit,
                      .kind = play->plan->units[unit].kind,
                      .priority = priority};
    sgp_week_roads_at(play->plan->roads, play->now_ms);
    if (told_ms < 0) {
        sgp_err err = sgp_week_roads_journey(play->plan->roads, &from, to, &told_ms);
        if (err)
            return err;
    }
    if (told_ms < 0)
        told_ms = straight_ms(crew->at, to);
    int64_t lasts_ms = told_ms;
    if (is != SGP_CREW_IS_RETURNING)
        lasts_ms = told_ms *
                   draw_ms(play, crew, SGP_DRAW_TRAVEL, &play->plan->habits.travel_factor) / 1000;
    crew->drive = (sgp_drive){from, to, play->now_ms, lasts_ms, told_ms};
    crew->has_way = false;
    return plan(play, crew, is, lasts_ms);
}

static sgp_err report(sgp_play *play, uint32_t unit, sgp_point point) {
    sgp_event *event = sgp_play_event(play, SGP_EVENT_UNIT_POSITION);
    memcpy(event->u.position.unit, play->plan->units[unit].code, sizeof event->u.position.unit);
    event->u.position.point = point;
    event->u.position.measured_at_ms = play->now_ms;
    play->crews[unit].reported_at_ms = play->now_ms;
    play->count->positions++;
    return sgp_play_step(play, NULL);
}

static bool may_be_diverted(const sgp_play *play, const sgp_played_crew *crew,
                            sgp_priority priority) {
    return play->diverts && crew->is == SGP_CREW_IS_TO_SCENE &&
           (play->waiting || crew->drive.from.priority > priority);
}

sgp_err sgp_play_report_positions(sgp_play *play, sgp_priority priority) {
    sgp_err err = SGP_OK;
    for (uint32_t i = 0; i < play->plan->n_units && !err; i++) {
        sgp_played_crew *crew = &play->crews[i];
        if ((crew->is != SGP_CREW_IS_RETURNING && !may_be_diverted(play, crew, priority)) ||
            crew->reported_at_ms == play->now_ms)
            continue;
        sgp_point point;
        err = where_now(play, crew, &point);
        if (!err)
            err = report(play, i, point);
    }
    return err;
}

sgp_err sgp_play_crew_where(sgp_play *play, uint32_t unit, sgp_point *point) {
    return where_now(play, &play->crews[unit], point);
}

/* The drive to a post is over, there or elsewhere. */
static void end_move(sgp_play *play, sgp_played_crew *crew) {
    if (crew->moves)
        play->run->units[crew - play->crews].moving_ms += play->now_ms - crew->drive.left_ms;
    crew->moves = false;
}

/* ---- orders ---------------------------------------------------------------- */

sgp_err sgp_play_crew_ordered(sgp_play *play, sgp_id id) {
    const sgp_assignment *assignment = sgp_world_assignment(play->world, id);
    sgp_played_crew *crew = crew_on(play, assignment);
    if (crew->assignment == id || assignment->state != SGP_ASSIGNMENT_ORDERED)
        return SGP_OK; /* told again, or withdrawn in the same step */
    sgp_err err = where_now(play, crew, &crew->at);
    if (err)
        return err;
    leave_stay(play, crew);
    end_move(play, crew);
    crew->from_station = crew->is == SGP_CREW_IS_FREE;
    crew->assignment = id;
    crew->row = (uint32_t)(assignment->incident - 1);
    crew->nth = play->calls[crew->row].orders++;
    const sgp_habits *habits = &play->plan->habits;
    int32_t refuses = (int32_t)(draw(play, crew, SGP_DRAW_REFUSE) % 1000);
    crew->declines = refuses < habits->decline_permille;
    crew->silent = !crew->declines && refuses < habits->decline_permille + habits->silent_permille;
    err = sgp_play_note_order(play, assignment);
    return err ? err
               : plan(play, crew, SGP_CREW_IS_DECIDING,
                      draw_ms(play, crew, SGP_DRAW_ANSWER, &habits->answer));
}

/* To where it waits, its station or the post that it is sent to, or free there already. */
static sgp_err go_home(sgp_play *play, uint32_t unit) {
    sgp_played_crew *crew = &play->crews[unit];
    const sgp_post *post = &sgp_world_unit(play->world, unit)->post;
    crew->assignment = 0;
    sgp_point home = sgp_post_is_on(post) ? post->point : play->plan->units[unit].station_point;
    if (sgp_point_equal(crew->at, home)) {
        leave_stay(play, crew);
        crew->is = SGP_CREW_IS_FREE;
        crew->turn++;
        return SGP_OK;
    }
    return drive_off(play, unit, SGP_CREW_IS_RETURNING, home, SGP_P4, -1);
}

sgp_err sgp_play_crew_withdrawn(sgp_play *play, sgp_id id) {
    const sgp_assignment *assignment = sgp_world_assignment(play->world, id);
    sgp_played_crew *crew = crew_on(play, assignment);
    if (crew->assignment != id)
        return SGP_OK;
    sgp_err err = where_now(play, crew, &crew->at);
    return err ? err : go_home(play, assignment->unit);
}

/* ---- one phase after the other ---------------------------------------------- */

/* Where the crew goes when no hospital can be reached by road. */
static const sgp_hospital *nearest_hospital(const sgp_play *play, sgp_point point) {
    const sgp_hospital *nearest = &play->plan->hospitals[0];
    for (size_t i = 1; i < play->plan->n_hospitals; i++) {
        const sgp_hospital *hospital = &play->plan->hospitals[i];
        if (sgp_distance_m(point, hospital->point) < sgp_distance_m(point, nearest->point))
            nearest = hospital;
    }
    return nearest;
}

static sgp_err advance(sgp_play *play, sgp_played_crew *crew, sgp_assignment_state state) {
    sgp_event *event = sgp_play_event(play, SGP_EVENT_ASSIGNMENT_ADVANCED);
    /* The core knows of no hospital then; the crew says at which one it is. */
    if (state == SGP_ASSIGNMENT_AT_HOSPITAL &&
        sgp_world_assignment(play->world, crew->assignment)->hospital < 0)
        memcpy(event->u.advanced.hospital, nearest_hospital(play, crew->at)->code,
               sizeof event->u.advanced.hospital);
    event->u.advanced.assignment = crew->assignment;
    event->u.advanced.state = state;
    return sgp_play_step(play, NULL);
}

static sgp_err answer(sgp_play *play, sgp_played_crew *crew) {
    if (crew->silent)
        return SGP_OK; /* the core's clock ends it */
    sgp_priority priority = play->run->incidents[crew->row].priority;
    sgp_err err = crew->declines ? sgp_play_report_positions(play, priority) : SGP_OK;
    if (err)
        return err;
    sgp_event *event = sgp_play_event(play, SGP_EVENT_ORDER_ANSWERED);
    event->u.answered.assignment = crew->assignment;
    event->u.answered.accepted = !crew->declines;
    strcpy(event->u.answered.reason, crew->declines ? "declined" : "");
    uint32_t unit = (uint32_t)(crew - play->crews);
    sgp_id declined = crew->assignment;
    if (!crew->declines) {
        int64_t turnout_ms =
            crew->from_station ? draw_ms(play, crew, SGP_DRAW_TURNOUT, &play->plan->habits.turnout)
                               : 0;
        err = plan(play, crew, SGP_CREW_IS_TURNING_OUT, turnout_ms);
    }
    if (!err)
        err = sgp_play_step(play, NULL);
    /* Unless the very same step has sent it elsewhere. */
    if (!err && crew->declines && crew->assignment == declined)
        err = go_home(play, unit);
    return err;
}

static sgp_err set_off(sgp_play *play, sgp_played_crew *crew) {
    sgp_id id = crew->assignment;
    sgp_err err = advance(play, crew, SGP_ASSIGNMENT_EN_ROUTE);
    if (err || crew->assignment != id)
        return err;
    const sgp_assignment *assignment = sgp_world_assignment(play->world, id);
    const sgp_incident *incident = sgp_world_incident(play->world, assignment->incident);
    return drive_off(play, assignment->unit, SGP_CREW_IS_TO_SCENE, incident->place.point,
                     incident->priority, assignment->travel_ms);
}

static bool finds_nobody(const sgp_play *play, const sgp_played_crew *crew) {
    sgp_outcome outcome = play->calls[crew->row].outcome;
    return outcome == SGP_OUTCOME_PRANK || outcome == SGP_OUTCOME_GHOST;
}

static bool is_carrier(const sgp_play *play, uint32_t unit) {
    sgp_unit_kind kind = play->plan->units[unit].kind;
    return kind == SGP_UNIT_AMBULANCE_BASIC || kind == SGP_UNIT_AMBULANCE_ADVANCED;
}

/* Is there a patient who is to be carried, and whom nobody has taken yet? */
static bool wants_carrying(const sgp_play *play, uint32_t row) {
    const sgp_played_call *call = &play->calls[row];
    if (play->plan->n_hospitals == 0 || call->carried || call->outcome != SGP_OUTCOME_SERVED)
        return false;
    if (call->past->transfer)
        return true;
    if (call->past->transport >= 0)
        return call->past->transport > 0;
    return sgp_draw_permille(sgp_draw(play->plan->seed, call->past->key, SGP_DRAW_TRANSPORT, 0),
                             play->plan->habits.transport_permille);
}

/* The first ambulance that leaves carries; those that help it do not. */
static bool carries(const sgp_play *play, const sgp_played_crew *crew) {
    return is_carrier(play, (uint32_t)(crew - play->crews)) && wants_carrying(play, crew->row);
}

static bool carrier_comes(const sgp_play *play, uint32_t row) {
    for (uint32_t i = 0; i < play->plan->n_units; i++)
        if (play->crews[i].assignment && play->crews[i].row == row && is_carrier(play, i))
            return true;
    return false;
}

static bool fleet_carries(const sgp_play *play) {
    for (uint32_t i = 0; i < play->plan->n_units; i++)
        if (is_carrier(play, i))
            return true;
    return false;
}

/* A crew that cannot carry asks for one that can, as soon as it sees the patient. */
static sgp_err ask_for_carrier(sgp_play *play, const sgp_played_crew *crew) {
    if (is_carrier(play, (uint32_t)(crew - play->crews)) || !wants_carrying(play, crew->row) ||
        carrier_comes(play, crew->row) || !fleet_carries(play))
        return SGP_OK;
    sgp_err err = sgp_play_report_positions(play, play->run->incidents[crew->row].priority);
    if (err)
        return err;
    sgp_event *event = sgp_play_event(play, SGP_EVENT_BACKUP_ASKED);
    event->u.backup.incident = (sgp_id)crew->row + 1;
    event->u.backup.units = 1;
    event->u.backup.seat.kinds = 1u << SGP_UNIT_AMBULANCE_BASIC | 1u << SGP_UNIT_AMBULANCE_ADVANCED;
    strcpy(event->u.backup.reason, "transport");
    sgp_err answer; /* so many were asked for that there is no seat left */
    return sgp_play_step(play, &answer);
}

static sgp_err arrive(sgp_play *play, sgp_played_crew *crew) {
    const sgp_habits *habits = &play->plan->habits;
    sgp_played_call *call = &play->calls[crew->row];
    sgp_id id = crew->assignment;
    crew->at = crew->drive.to;
    /* By who comes first, second ..., not by who was ordered: a unit that was sent elsewhere on its
     * way leaves the patient as he was. */
    uint64_t bits = sgp_draw(play->plan->seed, call->past->key, SGP_DRAW_SCENE, call->arrived++);
    int64_t scene_ms = finds_nobody(play, crew)    ? sgp_duration_draw(&habits->look, bits)
                       : call->past->scene_ms >= 0 ? call->past->scene_ms
                                                   : sgp_duration_draw(&habits->scene, bits);
    sgp_err err = plan(play, crew, SGP_CREW_IS_ON_SCENE, scene_ms);
    if (!err)
        err = advance(play, crew, SGP_ASSIGNMENT_ON_SCENE);
    return err || crew->assignment != id ? err : ask_for_carrier(play, crew);
}

/* Those who stayed with the patient have nothing left to do. */
static sgp_err release_staying(sgp_play *play, uint32_t row) {
    sgp_err err = SGP_OK;
    for (uint32_t i = 0; i < play->plan->n_units && play->calls[row].staying && !err; i++)
        if (play->crews[i].stays && play->crews[i].row == row)
            err = plan(play, &play->crews[i], SGP_CREW_IS_ON_SCENE, 0);
    return err;
}

/* Whoever was coming may have been sent elsewhere: then it asks again. */
static sgp_err stay(sgp_play *play, sgp_played_crew *crew) {
    sgp_err err = plan(play, crew, SGP_CREW_IS_ON_SCENE, STAY_MS);
    crew->stays = true;
    play->calls[crew->row].staying++;
    return err ? err : ask_for_carrier(play, crew);
}

/* A seat that nobody could fill does not keep an incident open whose last unit has gone. */
static sgp_err close_what_is_done(sgp_play *play, uint32_t row) {
    const sgp_incident *incident = sgp_world_incident(play->world, (sgp_id)row + 1);
    if (!incident || incident->state != SGP_INCIDENT_WAITING)
        return SGP_OK;
    sgp_event *event = sgp_play_event(play, SGP_EVENT_INCIDENT_CLOSED);
    event->u.closed.incident = incident->id;
    event->u.closed.outcome = SGP_OUTCOME_SERVED;
    return sgp_play_step(play, NULL);
}

/* Free where it stands: the core hears where that is, then that it is free. */
static sgp_err finish(sgp_play *play, sgp_played_crew *crew) {
    uint32_t unit = (uint32_t)(crew - play->crews), row = crew->row;
    sgp_id id = crew->assignment;
    sgp_err err = report(play, unit, crew->at);
    if (!err && play->waiting)
        err = sgp_play_report_positions(play, SGP_P1);
    /* It is on its way home as soon as the core knows, unless the core sends it on at once. */
    if (!err)
        err = go_home(play, unit);
    if (err)
        return err;
    sgp_event *event = sgp_play_event(play, SGP_EVENT_ASSIGNMENT_ADVANCED);
    event->u.advanced.assignment = id;
    event->u.advanced.state = SGP_ASSIGNMENT_CLOSED;
    err = sgp_play_step(play, NULL);
    return err ? err : close_what_is_done(play, row);
}

static sgp_err leave_scene(sgp_play *play, sgp_played_crew *crew) {
    sgp_id id = crew->assignment;
    if (finds_nobody(play, crew)) {
        uint32_t unit = (uint32_t)(crew - play->crews);
        sgp_err err = report(play, unit, crew->at);
        sgp_event *event = sgp_play_event(play, SGP_EVENT_INCIDENT_CLOSED);
        event->u.closed.incident = (sgp_id)crew->row + 1;
        event->u.closed.outcome = play->calls[crew->row].outcome;
        return err ? err : sgp_play_step(play, NULL); /* withdraws the crew */
    }
    if (!carries(play, crew)) {
        bool waits = !crew->stays && wants_carrying(play, crew->row) && fleet_carries(play);
        return waits ? stay(play, crew) : finish(play, crew);
    }
    play->calls[crew->row].carried = true;
    sgp_err err = advance(play, crew, SGP_ASSIGNMENT_TRANSPORTING);
    if (!err)
        err = release_staying(play, crew->row);
    if (err || crew->assignment != id)
        return err;
    const sgp_assignment *assignment = sgp_world_assignment(play->world, id);
    const sgp_hospital *hospital =
        assignment->hospital < 0 ? nearest_hospital(play, crew->at)
                                 : sgp_world_hospital(play->world, (uint32_t)assignment->hospital);
    const sgp_incident *incident = sgp_world_incident(play->world, assignment->incident);
    return drive_off(play, assignment->unit, SGP_CREW_IS_TO_HOSPITAL, hospital->point,
                     incident->priority, -1);
}

static sgp_err reach_hospital(sgp_play *play, sgp_played_crew *crew) {
    crew->at = crew->drive.to;
    /* Policies that divert count on a unit that will soon be free here. */
    sgp_err err = play->diverts ? report(play, (uint32_t)(crew - play->crews), crew->at) : SGP_OK;
    if (!err)
        err = plan(play, crew, SGP_CREW_IS_AT_HOSPITAL,
                   carried_ms(play, crew, SGP_DRAW_OFFLOAD, &play->plan->habits.offload));
    return err ? err : advance(play, crew, SGP_ASSIGNMENT_AT_HOSPITAL);
}

static sgp_err hand_over(sgp_play *play, sgp_played_crew *crew) {
    sgp_err err = plan(play, crew, SGP_CREW_IS_TIDYING,
                       carried_ms(play, crew, SGP_DRAW_TIDY, &play->plan->habits.tidy));
    return err ? err : advance(play, crew, SGP_ASSIGNMENT_HANDED_OVER);
}

static sgp_err come_home(sgp_play *play, sgp_played_crew *crew) {
    crew->at = crew->drive.to;
    crew->is = SGP_CREW_IS_FREE;
    crew->turn++;
    end_move(play, crew);
    return report(play, (uint32_t)(crew - play->crews), crew->at);
}

void sgp_play_crew_park(sgp_play *play, uint32_t unit) {
    sgp_played_crew *crew = &play->crews[unit];
    leave_stay(play, crew);
    end_move(play, crew);
    crew->is = SGP_CREW_IS_FREE;
    crew->turn++;
    crew->at = play->plan->units[unit].station_point;
}

sgp_err sgp_play_crew_move(sgp_play *play, uint32_t unit, sgp_point to, int32_t gain_ppm) {
    sgp_played_crew *crew = &play->crews[unit];
    sgp_err err = where_now(play, crew, &crew->at), answer = SGP_OK;
    if (!err)
        err = report(play, unit, crew->at);
    if (err || crew->assignment) /* somebody who waits has it now */
        return err;
    sgp_event *event = sgp_play_event(play, SGP_EVENT_MOVE_UP_ORDERED);
    memcpy(event->u.move_up.unit, play->plan->units[unit].code, sizeof event->u.move_up.unit);
    strcpy(event->u.move_up.name, "post");
    event->u.move_up.point = to;
    event->u.move_up.gain_ppm = gain_ppm;
    event->u.move_up.again = true;
    err = sgp_play_step(play, &answer);
    if (err || answer)
        return err; /* it stands there already, as near as the core looks */
    event = sgp_play_event(play, SGP_EVENT_MOVE_UP_ANSWERED);
    memcpy(event->u.move_up_answer.unit, play->plan->units[unit].code,
           sizeof event->u.move_up_answer.unit);
    event->u.move_up_answer.id = sgp_world_unit(play->world, unit)->post.id;
    event->u.move_up_answer.accepted = true;
    err = sgp_play_step(play, NULL);
    if (err)
        return err;
    end_move(play, crew);
    play->run->units[unit].moves++;
    err = drive_off(play, unit, SGP_CREW_IS_RETURNING, to, SGP_P4, -1);
    crew->moves = true;
    return err;
}

sgp_err sgp_play_crew_next(sgp_play *play, uint32_t unit) {
    sgp_played_crew *crew = &play->crews[unit];
    switch (crew->is) {
    case SGP_CREW_IS_DECIDING:
        return answer(play, crew);
    case SGP_CREW_IS_TURNING_OUT:
        return set_off(play, crew);
    case SGP_CREW_IS_TO_SCENE:
        return arrive(play, crew);
    case SGP_CREW_IS_ON_SCENE:
        return leave_scene(play, crew);
    case SGP_CREW_IS_TO_HOSPITAL:
        return reach_hospital(play, crew);
    case SGP_CREW_IS_AT_HOSPITAL:
        return hand_over(play, crew);
    case SGP_CREW_IS_TIDYING:
        return finish(play, crew);
    case SGP_CREW_IS_RETURNING:
        return come_home(play, crew);
    case SGP_CREW_IS_FREE:
        break;
    }
    assert(!"a crew that is free has nothing planned");
    return SGP_E_STATE;
}
