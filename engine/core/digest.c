/* The digest of a world: every field of its state in a written order, straight
 * from memory. It does not go through the snapshot's encoding on purpose: a
 * field that a snapshot forgets shows as a different digest after loading. */
#include <sodium.h>
#include <string.h>

#include "core/world.h"

static void number(crypto_generichash_state *state, uint64_t value) {
    uint8_t bytes[8];
    for (int i = 0; i < 8; i++)
        bytes[i] = (uint8_t)(value >> (8 * i));
    crypto_generichash_update(state, bytes, sizeof bytes);
}

static void text(crypto_generichash_state *state, const char *value) {
    size_t length = strlen(value);
    number(state, length);
    crypto_generichash_update(state, (const uint8_t *)value, length);
}

static void nuisance(crypto_generichash_state *state, const sgp_nuisance *value) {
    number(state, value->calls);
    number(state, (uint64_t)value->first_ms);
    number(state, (uint64_t)value->last_ms);
    number(state, (uint64_t)value->until_ms);
    number(state, value->by_hand);
}

static void point(crypto_generichash_state *state, sgp_point value) {
    number(state, (uint32_t)value.lon_e7);
    number(state, (uint32_t)value.lat_e7);
}

static void place(crypto_generichash_state *state, const sgp_place *value) {
    number(state, value->kind);
    point(state, value->point);
    number(state, (uint64_t)value->uncertainty_m);
    number(state, (uint64_t)value->confidence_permille);
    text(state, value->label);
    text(state, value->kelurahan);
    text(state, value->kecamatan);
    text(state, value->kabupaten);
    number(state, value->precision);
    number(state, value->from_graph);
    number(state, value->has_access);
    if (value->has_access) {
        point(state, value->access);
        number(state, (uint64_t)value->access_walk_m);
        text(state, value->access_street);
    }
}

static void rules(crypto_generichash_state *state, const sgp_rules *value) {
    number(state, value->seats_by_kind);
    number(state, (uint64_t)value->divert_gain_ms);
    number(state, (uint64_t)value->divert_keep_ms);
    number(state, (uint64_t)value->divert_times);
    number(state, (uint64_t)value->handover_ms);
    number(state, (uint64_t)value->clear_ms);
    for (int i = 0; i < SGP_UNIT_STATUSES; i++)
        number(state, (uint64_t)value->position_age_ms[i]);
    for (int i = 0; i < SGP_PRIORITIES; i++) {
        number(state, (uint64_t)value->crew_ms[i]);
        number(state, (uint64_t)value->aid_after_ms[i]);
    }
    number(state, (uint64_t)value->walk_cm_s);
    number(state, (uint64_t)value->walk_max_m);
    number(state, value->withdraw_surplus);
    number(state, (uint64_t)value->mass_reserve);
    number(state, value->patients_first);
    number(state, (uint64_t)value->joint_gain_ms);
    number(state, value->hospital_by_need);
    number(state, (uint64_t)value->hospital_wish_ms);
    number(state, (uint64_t)value->beds_stale_ms);
    number(state, (uint64_t)value->bed_stay_ms);
    number(state, (uint64_t)value->offload_ms);
    number(state, (uint64_t)value->offload_again_ms);
    for (int i = 0; i < SGP_PRIORITIES; i++)
        number(state, (uint64_t)value->joint_weight[i]);
    number(state, value->judge_calls);
    number(state, (uint64_t)value->number_keep_h);
    number(state, (uint64_t)value->nuisance_count);
    number(state, (uint64_t)value->nuisance_window_h);
    number(state, (uint64_t)value->nuisance_mark_h);
    number(state, (uint64_t)value->alike_ms);
    number(state, (uint64_t)value->alike_m);
    for (int i = 0; i < SGP_VAGUENESSES; i++)
        number(state, (uint64_t)value->alike_reach_m[i]);
    number(state, (uint64_t)value->edition);
    number(state, (uint64_t)value->by_hand_for);
    for (int i = 0; i < SGP_PRIORITIES; i++)
        number(state, (uint64_t)value->welfare_ms[i]);
    number(state, (uint64_t)value->welfare_alone_ms);
    number(state, (uint64_t)value->welfare_danger_ms);
    number(state, (uint64_t)value->welfare_again_ms);
    number(state, (uint64_t)value->transfer_margin_ms);
    number(state, (uint64_t)value->transfer_keep_ms);
    number(state, (uint64_t)value->ring_claim_ms);
    number(state, (uint64_t)value->ring_keep_h);
    number(state, (uint64_t)value->ring_target_ms);
    number(state, (uint64_t)value->ring_target_permille);
    number(state, (uint64_t)value->shift_absent_ms);
    number(state, (uint64_t)value->shift_end_ms);
}

static void clocks(crypto_generichash_state *state, const sgp_clocks *value) {
    for (int i = 0; i < SGP_PRIORITIES; i++) {
        number(state, (uint64_t)value->accept_ms[i]);
        number(state, (uint64_t)value->target_ms[i]);
        number(state, value->order_without_click[i]);
        number(state, value->policy[i]);
    }
    for (int i = 0; i < SGP_UNIT_KINDS; i++)
        number(state, (uint64_t)value->turnout_ms[i]);
    number(state, (uint64_t)value->position_max_age_ms);
    number(state, (uint64_t)value->confident_permille);
    number(state, (uint64_t)value->phone_place_m);
    number(state, value->reorder_after_refusal);
    rules(state, &value->rules);
}

static void entry(crypto_generichash_state *state, const sgp_entry *value) {
    number(state, value->version);
    number(state, (uint64_t)value->at_ms);
    number(state, value->by_hand);
    text(state, value->actor);
}

static void receipt(crypto_generichash_state *state, const sgp_receipt *value) {
    number(state, value->told_seq);
    number(state, value->heard_seq);
    number(state, (uint64_t)value->received_at_ms);
    number(state, value->refused_epoch);
}

static void streams(crypto_generichash_state *state, const sgp_unit_node *node) {
    for (int i = 0; i < SGP_STREAMS_PER_UNIT; i++) {
        const sgp_fix_stream *known = &node->streams[i];
        number(state, known->stream);
        number(state, known->number);
        number(state, (uint64_t)known->at_ms);
        point(state, known->point);
        number(state, (uint64_t)(int64_t)known->accuracy_m);
        number(state, (uint64_t)known->suspect_at_ms);
        point(state, known->suspect);
        number(state, known->suspects);
        number(state, known->used_seq);
    }
}

static void unit(crypto_generichash_state *state, const sgp_unit *value) {
    number(state, value->kind);
    text(state, value->code);
    text(state, value->name);
    text(state, value->agency);
    text(state, value->station);
    point(state, value->station_point);
    number(state, value->on_duty);
    number(state, value->has_position);
    if (value->has_position)
        point(state, value->position);
    number(state, (uint64_t)value->position_at_ms);
    number(state, value->at_station);
    number(state, value->assignment);
    number(state, value->skills);
    number(state, (uint64_t)value->signed_on_at_ms);
    number(state, value->works_as);
    number(state, (uint64_t)value->shift_until_ms);
    number(state, value->vehicle_skills);
    number(state, value->crew.n_members);
    for (uint32_t i = 0; i < value->crew.n_members; i++) {
        text(state, value->crew.members[i].code);
        number(state, value->crew.members[i].skills);
    }
    number(state, value->crew.until_told);
    number(state, (uint64_t)value->crew.absence_from_ms);
    number(state, (uint64_t)value->crew.absent_until_ms);
    number(state, value->crew.version);
    text(state, value->district);
    number(state, value->lending);
    number(state, (uint64_t)value->distress_at_ms);
    number(state, (uint64_t)value->distress_due_ms);
    number(state, value->serves);
    number(state, value->post.state);
    text(state, value->post.reason);
    if (value->post.state != SGP_POST_NONE) {
        number(state, value->post.id);
        point(state, value->post.point);
        number(state, (uint64_t)value->post.ordered_at_ms);
        number(state, (uint64_t)value->post.there_at_ms);
        number(state, (uint64_t)value->post.gain_ppm);
        text(state, value->post.name);
    }
    number(state, (uint64_t)value->out_of_service_at_ms);
    text(state, value->service_reason);
    entry(state, &value->entry);
    receipt(state, &value->post_receipt);
    number(state, value->version);
}

static void phone(crypto_generichash_state *state, const sgp_call_node *node) {
    const sgp_phone_fix *fix = node->view.phone;
    number(state, fix != NULL);
    if (fix) {
        place(state, &fix->place);
        number(state, (uint64_t)fix->measured_at_ms);
        number(state, fix->method);
    }
    number(state, node->phone_placed);
    crypto_generichash_update(state, node->locate.token, sizeof node->locate.token);
    crypto_generichash_update(state, node->locate.holder, sizeof node->locate.holder);
    number(state, (uint64_t)node->locate.until_ms);
    number(state, (uint64_t)node->locate.updates_ms);
}

static void chat(crypto_generichash_state *state, const sgp_call_node *node) {
    const sgp_chat *value = &node->view.chat;
    number(state, (uint64_t)value->opened_at_ms);
    number(state, value->messages);
    number(state, value->unread);
    number(state, value->last_seq);
    number(state, (uint64_t)value->last_at_ms);
    number(state, value->read_seq);
    number(state, value->last_sign);
    number(state, node->n_messages);
    for (uint32_t i = 0; i < node->n_messages; i++) {
        number(state, node->messages[i].seq);
        number(state, (uint64_t)node->messages[i].at_ms);
        number(state, node->messages[i].incident);
        number(state, node->messages[i].by_caller);
        number(state, node->messages[i].sign);
        text(state, node->messages[i].actor);
    }
}

static void call(crypto_generichash_state *state, const sgp_call_node *node) {
    const sgp_call *value = &node->view;
    number(state, value->id);
    number(state, value->incident);
    number(state, (uint64_t)value->received_at_ms);
    number(state, (uint64_t)value->placed_at_ms);
    text(state, value->channel);
    text(state, value->complaint);
    number(state, value->priority);
    number(state, (uint64_t)value->n_places);
    for (int32_t i = 0; i < value->n_places; i++)
        place(state, &value->places[i]);
    number(state, value->looking_up);
    number(state, value->provisional);
    number(state, value->n_texts);
    number(state, value->has_near);
    if (value->has_near) {
        point(state, value->near);
        number(state, (uint64_t)value->near_m);
    }
    phone(state, node);
    chat(state, node);
    number(state, value->outcome);
    number(state, value->has_number);
    nuisance(state, &value->nuisance);
    number(state, value->ring);
    text(state, value->recording);
    crypto_generichash_update(state, node->number, sizeof node->number);
    number(state, value->version);
}

static void incident(crypto_generichash_state *state, const sgp_incident_node *node) {
    const sgp_incident *value = &node->view;
    number(state, value->id);
    number(state, value->state);
    number(state, value->priority);
    text(state, value->complaint);
    number(state, value->has_place);
    number(state, value->place_confirmed);
    if (value->has_place)
        place(state, &value->place);
    number(state, (uint64_t)value->opened_at_ms);
    number(state, (uint64_t)value->placed_at_ms);
    number(state, (uint64_t)value->first_order_at_ms);
    number(state, (uint64_t)value->first_on_scene_at_ms);
    number(state, (uint64_t)value->closed_at_ms);
    number(state, value->outcome);
    number(state, value->n_calls);
    for (uint32_t i = 0; i < value->n_calls; i++)
        number(state, node->calls[i]);
    number(state, value->first_call);
    number(state, value->n_assignments);
    for (uint32_t i = 0; i < value->n_assignments; i++)
        number(state, value->assignments[i]);
    number(state, value->last_recommendation);
    number(state, value->units_wanted);
    number(state, value->alarm);
    number(state, value->seats_dropped);
    number(state, value->seats_dropped_of);
    number(state, value->n_answers);
    for (uint32_t i = 0; i < value->n_answers; i++) {
        text(state, value->answers[i].question);
        text(state, value->answers[i].answer);
        number(state, (uint64_t)value->answers[i].at_ms);
    }
    number(state, value->n_alerts);
    for (uint32_t i = 0; i < value->n_alerts; i++) {
        text(state, value->alerts[i].agency);
        number(state, value->alerts[i].state);
        number(state, (uint64_t)value->alerts[i].alerted_at_ms);
        number(state, (uint64_t)value->alerts[i].answer_by_ms);
        number(state, (uint64_t)value->alerts[i].answered_at_ms);
        text(state, value->alerts[i].reason);
    }
    number(state, value->n_alike);
    for (uint32_t i = 0; i < value->n_alike; i++) {
        number(state, value->alike[i].incident);
        number(state, (uint64_t)value->alike[i].distance_m);
        number(state, (uint64_t)value->alike[i].apart_ms);
        number(state, value->alike[i].likeness);
        number(state, value->alike[i].dismissed);
        number(state, value->alike[i].same_number);
    }
    number(state, value->suspect);
    number(state, node->trusted);
    number(state, value->n_notes);
    text(state, value->taken_by);
    number(state, (uint64_t)value->taken_at_ms);
    number(state, node->log_closed);
    number(state, node->n_log);
    for (uint32_t i = 0; i < node->n_log; i++) {
        number(state, node->log[i].seq);
        number(state, (uint64_t)node->log[i].at_ms);
        text(state, node->log[i].actor);
        number(state, node->log[i].event);
        number(state, node->log[i].subject);
        number(state, node->log[i].unit);
        number(state, node->log[i].number);
        text(state, node->log[i].other);
        number(state, node->log[i].version);
    }
    number(state, node->said.priority);
    text(state, node->said.complaint);
    number(state, node->said.priority_by_hand);
    number(state, node->said.complaint_by_hand);
    number(state, value->diverted);
    number(state, value->aid_asked);
    number(state, value->n_backup);
    for (uint32_t i = 0; i < value->n_backup; i++) {
        number(state, value->backup[i].kinds);
        number(state, value->backup[i].skills);
    }
    number(state, value->mass_casualty);
    number(state, value->patients);
    number(state, value->has_staging);
    if (value->has_staging)
        place(state, &value->staging);
    number(state, value->transfer);
    number(state, value->destination);
    number(state, value->transfer_seat.kinds);
    number(state, value->transfer_seat.skills);
    number(state, value->version);
    number(state, node->n_refused);
    for (uint32_t i = 0; i < node->n_refused; i++)
        number(state, node->refused[i]);
    number(state, node->wish);
    number(state, node->by_hand);
}

static void assignment(crypto_generichash_state *state, const sgp_assignment_node *node) {
    const sgp_assignment *value = &node->view;
    number(state, value->id);
    number(state, value->incident);
    number(state, value->unit);
    number(state, value->state);
    number(state, value->recommendation);
    number(state, (uint64_t)value->travel_ms);
    number(state, value->by_dispatcher);
    number(state, (uint64_t)(int64_t)value->hospital);
    text(state, value->reason);
    for (int i = 0; i < SGP_ASSIGNMENT_STATES; i++)
        number(state, (uint64_t)value->at_ms[i]);
    number(state, value->needs_told);
    number(state, value->needs);
    number(state, value->colour);
    number(state, (uint64_t)(int64_t)value->proposed);
    number(state, value->hospital_named);
    number(state, value->by_radio);
    number(state, (uint64_t)value->welfare_due_ms);
    number(state, value->welfare_alarms);
    number(state, value->offload_alarms);
    number(state, (uint64_t)value->offload_due_ms);
    number(state, (uint64_t)value->seen_at_ms);
    number(state, value->seen_by);
    receipt(state, &value->receipt);
    for (int i = 0; i < SGP_ASSIGNMENT_STATES; i++) {
        number(state, (uint64_t)value->device_at_ms[i]);
        number(state, (uint64_t)value->arrived_at_ms[i]);
    }
    number(state, value->late);
    number(state, value->version);
    number(state, (uint64_t)node->answer_by_ms);
}

static void hospital(crypto_generichash_state *state, const sgp_hospital_node *node) {
    const sgp_hospital *value = &node->view;
    const sgp_hospital_told *told = &value->told;
    text(state, value->code);
    text(state, value->name);
    point(state, value->point);
    number(state, (uint64_t)value->beds);
    number(state, value->abilities);
    number(state, told->has_beds);
    number(state, (uint64_t)told->beds);
    number(state, (uint64_t)told->beds_at_ms);
    text(state, told->beds_by);
    number(state, told->diversion);
    number(state, told->diverts);
    number(state, (uint64_t)told->since_ms);
    number(state, (uint64_t)told->until_ms);
    text(state, told->reason);
    text(state, told->by);
    number(state, value->n_taken);
    for (uint32_t i = 0; i < value->n_taken; i++)
        number(state, (uint64_t)node->taken_at_ms[i]);
    entry(state, &value->entry);
    number(state, value->version);
}

static void replies(crypto_generichash_state *state, const sgp_replies *value) {
    number(state, value->n);
    for (uint32_t i = 0; i < value->n; i++) {
        const sgp_remembered *reply = sgp_replies_nth(value, i);
        crypto_generichash_update(state, reply->request_id, sizeof reply->request_id);
        number(state, reply->err);
        text(state, reply->message ? reply->message : "");
        number(state, reply->call);
        number(state, reply->incident);
        number(state, reply->assignment);
        number(state, reply->recommendation);
        number(state, reply->closure);
        number(state, reply->transfer);
        text(state, reply->actor);
    }
}

static void roads(crypto_generichash_state *state, const sgp_world *world) {
    number(state, world->n_closures);
    for (uint32_t i = 0; i < world->n_closures; i++) {
        const sgp_road_closure *closure = &world->closures[i];
        number(state, closure->id);
        number(state, (uint64_t)closure->way);
        point(state, closure->point);
        number(state, (uint64_t)(int64_t)closure->radius_m);
        number(state, (uint64_t)closure->from_ms);
        number(state, (uint64_t)closure->until_ms);
        number(state, closure->in_force);
        text(state, closure->reason);
        text(state, closure->actor);
        text(state, closure->street);
        number(state, closure->n_parts);
        for (uint32_t k = 0; k < closure->n_parts; k++) {
            number(state, (uint64_t)closure->parts[k].a);
            number(state, (uint64_t)closure->parts[k].b);
        }
    }
    number(state, world->n_metrics);
    for (uint32_t i = 0; i < world->n_metrics; i++) {
        text(state, world->metrics[i].profile);
        crypto_generichash_update(state, world->metrics[i].weights,
                                  sizeof world->metrics[i].weights);
    }
}

static void numbers(crypto_generichash_state *state, const sgp_world *world) {
    number(state, world->n_numbers);
    number(state, (uint64_t)world->numbers_swept_ms);
    for (uint32_t i = 0; i < world->n_numbers; i++) {
        const sgp_number *known = world->numbers[i];
        crypto_generichash_update(state, known->token, sizeof known->token);
        number(state, (uint64_t)known->marked_at_ms);
        number(state, (uint64_t)known->marked_until_ms);
        number(state, (uint64_t)known->lifted_at_ms);
        text(state, known->marked_by);
        number(state, known->n_calls);
        for (uint32_t k = 0; k < known->n_calls; k++) {
            number(state, known->calls[k].call);
            number(state, known->calls[k].incident);
            number(state, (uint64_t)known->calls[k].at_ms);
            number(state, known->calls[k].outcome);
        }
    }
}

static void coverage(crypto_generichash_state *state, const sgp_coverage_map *map) {
    number(state, map != NULL);
    if (!map)
        return;
    number(state, map->n_zones);
    number(state, map->n_stations);
    number(state, (uint64_t)map->busy_permille);
    number(state, (uint64_t)map->ms_per_permille);
    number(state, (uint64_t)map->most_ms);
    for (uint32_t z = 0; z < map->n_zones; z++)
        number(state, map->weight[z]);
    for (uint32_t s = 0; s < map->n_stations; s++) {
        point(state, map->stations[s].point);
        for (uint32_t word = 0; word < SGP_MAP_ZONES_MAX / 64; word++)
            number(state, map->stations[s].reach[word]);
    }
}

static void rings(crypto_generichash_state *state, const sgp_world *world) {
    number(state, world->rings.n);
    for (size_t i = 0; i < world->rings.n; i++) {
        const sgp_ring *value = &((const sgp_ring_node *)world->rings.nodes[i])->view;
        number(state, value->id);
        number(state, value->state);
        text(state, value->exchange);
        text(state, value->line);
        text(state, value->channel);
        crypto_generichash_update(state, value->number, sizeof value->number);
        nuisance(state, &value->nuisance);
        number(state, (uint64_t)value->rang_at_ms);
        number(state, (uint64_t)value->claimed_at_ms);
        number(state, (uint64_t)value->answered_at_ms);
        number(state, (uint64_t)value->held_at_ms);
        number(state, (uint64_t)value->ended_at_ms);
        number(state, (uint64_t)value->claim_until_ms);
        text(state, value->claimed_by);
        number(state, value->lost);
        number(state, value->call);
        text(state, value->recording);
        number(state, value->back);
        text(state, value->back_by);
        number(state, (uint64_t)value->back_claimed_at_ms);
        number(state, (uint64_t)value->back_at_ms);
        number(state, value->back_tries);
        number(state, value->version);
    }
}

static void handovers(crypto_generichash_state *state, const sgp_world *world) {
    number(state, world->n_handovers);
    for (uint32_t i = 0; i < world->n_handovers; i++) {
        const sgp_handover *value = &world->handovers[i];
        number(state, value->id);
        number(state, (uint64_t)value->at_ms);
        text(state, value->from);
        text(state, value->to);
        number(state, value->gone);
        number(state, value->incidents);
        number(state, value->rings);
    }
}

static void transfers(crypto_generichash_state *state, const sgp_world *world) {
    number(state, world->next_transfer);
    number(state, world->transfers.n);
    for (size_t i = 0; i < world->transfers.n; i++) {
        const sgp_transfer *value = &((const sgp_transfer_node *)world->transfers.nodes[i])->view;
        number(state, value->id);
        number(state, value->state);
        number(state, value->from);
        number(state, value->to);
        number(state, (uint64_t)value->pick_up_at_ms);
        number(state, value->priority);
        text(state, value->complaint);
        number(state, value->seat.kinds);
        number(state, value->seat.skills);
        number(state, value->unit);
        number(state, value->outward);
        number(state, value->incident);
        number(state, (uint64_t)value->asked_at_ms);
        number(state, (uint64_t)value->ended_at_ms);
        number(state, (uint64_t)value->lead_ms);
        number(state, (uint64_t)value->ride_ms);
        number(state, (uint64_t)value->look_at_ms);
        text(state, value->reason);
        number(state, value->version);
    }
}

static void shift(crypto_generichash_state *state, const sgp_shift *value) {
    number(state, value->id);
    text(state, value->unit);
    number(state, (uint64_t)value->from_ms);
    number(state, (uint64_t)value->until_ms);
    number(state, value->n_members);
    for (uint32_t i = 0; i < value->n_members; i++)
        text(state, value->members[i]);
    number(state, value->version);
    text(state, value->actor);
}

static void accounts(crypto_generichash_state *state, const sgp_world *world) {
    number(state, world->n_accounts);
    for (uint32_t i = 0; i < world->n_accounts; i++) {
        const sgp_account *account = &world->accounts[i];
        text(state, account->name);
        number(state, account->role);
        text(state, account->unit);
        text(state, account->agency);
        text(state, account->hospital);
        point(state, account->point);
        number(state, (uint64_t)account->radius_m);
        number(state, account->disabled);
        text(state, account->reason);
        number(state, (uint64_t)account->at_ms);
        text(state, account->actor);
        number(state, account->version);
    }
    number(state, world->n_login_codes);
    for (uint32_t i = 0; i < world->n_login_codes; i++) {
        text(state, world->login_codes[i].user);
        crypto_generichash_update(state, world->login_codes[i].hash, SGP_HASH_BYTES);
        number(state, (uint64_t)world->login_codes[i].until_ms);
    }
    number(state, world->n_devices);
    for (uint32_t i = 0; i < world->n_devices; i++) {
        number(state, world->devices[i].id);
        text(state, world->devices[i].user);
        crypto_generichash_update(state, world->devices[i].token, SGP_HASH_BYTES);
        number(state, (uint64_t)world->devices[i].at_ms);
    }
}

void sgp_world_digest(const sgp_world *world, uint8_t digest[32]) {
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, 32);
    number(&state, world->seq);
    number(&state, (uint64_t)world->now_ms);
    clocks(&state, &world->clocks);
    crypto_generichash_update(&state, world->city, sizeof world->city);
    number(&state, world->metric);
    number(&state, world->next_call);
    number(&state, world->next_incident);
    number(&state, world->next_assignment);
    number(&state, world->next_recommendation);
    number(&state, world->n_units);
    for (uint32_t i = 0; i < world->n_units; i++) {
        unit(&state, &world->units[i].view);
        streams(&state, &world->units[i]);
    }
    number(&state, world->n_hospitals);
    for (uint32_t i = 0; i < world->n_hospitals; i++)
        hospital(&state, &world->hospitals[i]);
    number(&state, world->calls.n);
    for (size_t i = 0; i < world->calls.n; i++)
        call(&state, world->calls.nodes[i]);
    number(&state, world->incidents.n);
    for (size_t i = 0; i < world->incidents.n; i++)
        incident(&state, world->incidents.nodes[i]);
    number(&state, world->assignments.n);
    for (size_t i = 0; i < world->assignments.n; i++)
        assignment(&state, world->assignments.nodes[i]);
    number(&state, world->n_closed);
    for (size_t i = 0; i < world->n_closed; i++)
        number(&state, world->closed[i]);
    replies(&state, &world->replies);
    roads(&state, world);
    number(&state, world->plan != NULL);
    crypto_generichash_update(&state, world->plan_digest, sizeof world->plan_digest);
    coverage(&state, world->coverage);
    transfers(&state, world);
    rings(&state, world);
    handovers(&state, world);
    numbers(&state, world);
    number(&state, world->roster != NULL);
    crypto_generichash_update(&state, world->roster_digest, sizeof world->roster_digest);
    number(&state, world->n_shifts);
    for (uint32_t i = 0; i < world->n_shifts; i++)
        shift(&state, &world->shifts[i]);
    number(&state, world->n_premises);
    for (uint32_t i = 0; i < world->n_premises; i++) {
        const sgp_premise *premise = &world->premises[i];
        number(&state, premise->id);
        number(&state, premise->kind);
        point(&state, premise->point);
        number(&state, (uint64_t)premise->radius_m);
        text(&state, premise->label);
        number(&state, (uint64_t)premise->until_ms);
        number(&state, premise->version);
        text(&state, premise->actor);
    }
    accounts(&state, world);
    crypto_generichash_final(&state, digest, 32);
}
