/* What became of the calls, written down while a what-if goes on. */
#include <stdlib.h>
#include <string.h>

#include "replay/whatif_parts.h"

sgp_err sgp_play_open_run(sgp_play *play) {
    sgp_run *run = play->run;
    const sgp_whatif *plan = play->plan;
    const sgp_graph_parts *parts = sgp_graph_get(plan->graph);
    memcpy(run->city, parts->name,
           sizeof parts->name < sizeof run->city ? sizeof parts->name : sizeof run->city);
    run->is_sketch = parts->is_sketch;
    run->utc_offset_s = plan->utc_offset_s;
    const sgp_call_list *calls = plan->calls;
    run->from_ms = plan->from_ms ? plan->from_ms : play->now_ms;
    run->until_ms = plan->until_ms ? plan->until_ms
                    : calls->n     ? calls->calls[calls->n - 1].at_ms + 1
                                   : run->from_ms;
    for (size_t i = 0; i < calls->n_transfers && !plan->until_ms; i++)
        if (calls->transfers[i].pick_up_at_ms >= run->until_ms)
            run->until_ms = calls->transfers[i].pick_up_at_ms + 1;
    for (int p = 0; p < SGP_PRIORITIES; p++)
        run->target_ms[p] = plan->clocks.target_ms[p];
    run->n_targets = plan->plan ? plan->plan->n_targets : 0;
    if (run->n_targets)
        memcpy(run->targets, plan->plan->targets, run->n_targets * sizeof *run->targets);
    play->district_of = calloc(parts->places.n_districts + 1, sizeof *play->district_of);
    sgp_err err = play->district_of ? SGP_OK : SGP_E_MEMORY;
    for (uint32_t i = 0; i < run->n_units; i++)
        run->units[i].moves = 0, run->units[i].moving_ms = 0;
    if (run->n_units)
        return err; /* an earlier run of the same fleet told it */
    for (uint32_t i = 0; i < sgp_world_units(play->world) && !err; i++) {
        const sgp_unit *unit = sgp_world_unit(play->world, i);
        sgp_run_unit *row;
        err = sgp_run_add_unit(run, &row);
        if (err)
            break;
        row->kind = unit->kind;
        memcpy(row->code, unit->code, sizeof row->code);
        memcpy(row->agency, unit->agency, sizeof row->agency);
        err = sgp_run_find_station(run, unit->station, unit->station_point, &row->station);
    }
    for (uint32_t i = 0; i < sgp_world_hospitals(play->world) && !err; i++) {
        const sgp_hospital *hospital = sgp_world_hospital(play->world, i);
        sgp_run_hospital *row;
        err = sgp_run_add_hospital(run, &row);
        if (err)
            break;
        memcpy(row->code, hospital->code, sizeof row->code);
        memcpy(row->name, hospital->name, sizeof row->name);
        row->point = hospital->point;
    }
    return err;
}

static sgp_err district_at(sgp_play *play, sgp_point point, uint32_t *district) {
    const sgp_graph_places *places = &sgp_graph_get(play->plan->graph)->places;
    const sgp_graph_district *found = sgp_graph_district_at(places, point);
    *district = SGP_RUN_NONE;
    if (!found)
        return SGP_OK;
    uint32_t *known = &play->district_of[found - places->districts];
    if (*known == 0) {
        sgp_err err = sgp_run_find_district(play->run, places->texts + found->kelurahan,
                                            places->texts + found->kecamatan,
                                            places->texts + found->kabupaten, district);
        if (err)
            return err;
        *known = *district + 1;
    }
    *district = *known - 1;
    return SGP_OK;
}

sgp_err sgp_play_note_call(sgp_play *play, uint32_t row) {
    const sgp_past_call *past = play->calls[row].past;
    sgp_run_incident *incident;
    sgp_err err = sgp_run_add_incident(play->run, &incident);
    if (err)
        return err;
    const sgp_incident *opened = sgp_world_incident(play->world, (sgp_id)row + 1);
    incident->key = past->key;
    incident->id = (sgp_id)row + 1;
    incident->priority = opened->priority;
    memcpy(incident->complaint, opened->complaint, sizeof incident->complaint);
    incident->has_point = true;
    incident->point = past->point;
    incident->n_calls = 1;
    incident->units_wanted = opened->units_wanted;
    incident->answered_at_ms = play->now_ms;
    return district_at(play, past->point, &incident->district);
}

/* The recommendation that an order follows is among the effects of the same step. */
static const sgp_recommendation *followed(const sgp_play *play, sgp_id recommendation) {
    for (size_t i = 0; i < play->effects.n; i++)
        if (play->effects.items[i].kind == SGP_EFFECT_RECOMMENDED &&
            play->effects.items[i].u.recommended.id == recommendation)
            return &play->effects.items[i].u.recommended;
    return NULL;
}

static sgp_err note_candidates(sgp_play *play, uint32_t row, const sgp_recommendation *told) {
    sgp_run_incident *incident = &play->run->incidents[row];
    memcpy(incident->policy, told->policy, sizeof incident->policy);
    incident->n_may_go = 0;
    for (uint32_t i = 0; i < told->n_candidates; i++)
        incident->n_may_go += told->candidates[i].exclusion == SGP_EXCLUDED_NOT;
    uint32_t kept = told->n_candidates < play->plan->candidates_kept ? told->n_candidates
                                                                     : play->plan->candidates_kept;
    incident->first_candidate = play->run->n_candidates;
    incident->n_candidates = kept;
    for (uint32_t i = 0; i < kept; i++) {
        sgp_run_candidate *candidate;
        sgp_err err = sgp_run_add_candidate(play->run, &candidate);
        if (err)
            return err;
        *candidate = (sgp_run_candidate){.unit = told->candidates[i].unit,
                                         .exclusion = told->candidates[i].exclusion,
                                         .travel_ms = told->candidates[i].travel_ms,
                                         .turnout_ms = told->candidates[i].turnout_ms,
                                         .total_ms = told->candidates[i].total_ms};
    }
    return SGP_OK;
}

sgp_err sgp_play_note_order(sgp_play *play, const sgp_assignment *assignment) {
    if (assignment->id >= play->job_capacity) {
        size_t capacity = play->job_capacity ? 2 * play->job_capacity : 4096;
        capacity = capacity > assignment->id ? capacity : assignment->id + 1;
        uint32_t *job_of = realloc(play->job_of, capacity * sizeof *job_of);
        if (!job_of)
            return SGP_E_MEMORY;
        memset(job_of + play->job_capacity, 0, (capacity - play->job_capacity) * sizeof *job_of);
        play->job_of = job_of;
        play->job_capacity = capacity;
    }
    sgp_run_job *job;
    sgp_err err = sgp_run_add_job(play->run, &job);
    if (err)
        return err;
    play->job_of[assignment->id] = play->run->n_jobs;
    play->count->orders++;
    uint32_t row = (uint32_t)(assignment->incident - 1);
    job->incident = row;
    job->unit = assignment->unit;
    job->by_dispatcher = assignment->by_dispatcher;
    job->told_ms = assignment->travel_ms;
    const sgp_recommendation *told = followed(play, assignment->recommendation);
    if (!told)
        return SGP_OK;
    for (uint32_t i = 0; i < told->n_candidates; i++)
        if (told->candidates[i].unit == assignment->unit)
            job->rank = i;
    return play->calls[row].orders == 1 ? note_candidates(play, row, told) : SGP_OK;
}

static void copy_job(sgp_play *play, const sgp_assignment *assignment) {
    if (assignment->id >= play->job_capacity || play->job_of[assignment->id] == 0)
        return; /* it never became an order */
    sgp_run_job *job = &play->run->jobs[play->job_of[assignment->id] - 1];
    job->ended = assignment->state;
    job->hospital = assignment->hospital < 0 ? SGP_RUN_NONE : (uint32_t)assignment->hospital;
    memcpy(job->at_ms, assignment->at_ms, sizeof job->at_ms);
}

static void copy_incident(sgp_play *play, const sgp_incident *incident) {
    sgp_run_incident *row = &play->run->incidents[incident->id - 1];
    row->priority = incident->priority;
    row->outcome = incident->outcome;
    row->units_wanted = incident->units_wanted;
    row->placed_at_ms = incident->placed_at_ms;
    row->closed_at_ms = incident->closed_at_ms;
}

sgp_err sgp_play_note_changes(sgp_play *play) {
    for (size_t i = 0; i < play->effects.n; i++) {
        if (play->effects.items[i].kind != SGP_EFFECT_CHANGED)
            continue;
        sgp_id id = play->effects.items[i].u.changed.id;
        if (play->effects.items[i].u.changed.thing == SGP_THING_ASSIGNMENT) {
            play->fleet_changed = true;
            const sgp_assignment *assignment = sgp_world_assignment(play->world, id);
            if (assignment && assignment->state >= SGP_ASSIGNMENT_CLOSED)
                copy_job(play, assignment);
        } else if (play->effects.items[i].u.changed.thing == SGP_THING_INCIDENT &&
                   id <= play->run->n_incidents) {
            const sgp_incident *incident = sgp_world_incident(play->world, id);
            if (!incident)
                continue;
            sgp_played_call *call = &play->calls[id - 1];
            bool waits = incident->state == SGP_INCIDENT_WAITING;
            play->waiting += waits;
            play->waiting -= call->waits;
            call->waits = waits;
            if (incident->state == SGP_INCIDENT_CLOSED)
                copy_incident(play, incident);
        }
    }
    return SGP_OK;
}

/* Whatever the world still holds, and how long everybody was on duty. */
sgp_err sgp_play_close_run(sgp_play *play) {
    sgp_run *run = play->run;
    for (sgp_id id = sgp_world_next_incident(play->world, 0); id;
         id = sgp_world_next_incident(play->world, id)) {
        const sgp_incident *incident = sgp_world_incident(play->world, id);
        copy_incident(play, incident);
        play->count->left_open += incident->state != SGP_INCIDENT_CLOSED;
    }
    for (sgp_id id = sgp_world_next_assignment(play->world, 0); id;
         id = sgp_world_next_assignment(play->world, id))
        copy_job(play, sgp_world_assignment(play->world, id));
    for (uint32_t i = 0; i < run->n_units; i++)
        run->units[i].duty_ms = run->until_ms - run->from_ms;
    return sgp_play_end_shifts(play);
}
