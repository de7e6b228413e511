/* What hospitals tell, and what patients need of them, as messages and back. */
#include <stdlib.h>
#include <string.h>

#include "core/proto_read.h"
#include "core/proto_write.h"
#include "core/world.h"

/* ---- things ------------------------------------------------------------------ */

bool sgp_put_hospital_state(Sigap__V1__Hospital *message, const sgp_world *world, uint32_t index) {
    const sgp_hospital_node *node = &world->hospitals[index];
    const sgp_hospital_told *told = &node->view.told;
    message->told_beds = told->beds;
    message->told_beds_at_ms = told->beds_at_ms;
    message->diversion = (Sigap__V1__Diversion)told->diversion;
    message->diverts = told->diverts;
    message->diverted_at_ms = told->since_ms;
    message->diverted_until_ms = told->until_ms;
    message->version = node->view.version;
    message->free_beds = sgp_world_free_beds(world, index);
    message->beds_stale = sgp_world_beds_are_stale(world, index);
    size_t n = node->view.n_taken;
    if (!sgp_put_array((void **)&message->taken_at_ms, n, sizeof *message->taken_at_ms))
        return false;
    if (n)
        memcpy(message->taken_at_ms, node->taken_at_ms, n * sizeof *message->taken_at_ms);
    message->n_taken_at_ms = n;
    return sgp_put_text(&message->told_beds_by, told->beds_by) &&
           sgp_put_text(&message->diverted_reason, told->reason) &&
           sgp_put_text(&message->diverted_by, told->by);
}

static sgp_err read_taken(const Sigap__V1__Hospital *message, sgp_hospital_node *node,
                          sgp_fault *fault) {
    sgp_err err = sgp_read_number((int64_t)message->n_taken_at_ms, 0, SGP_BEDS_TAKEN_MAX,
                                  "the number of beds taken", fault);
    for (size_t i = 0; i < message->n_taken_at_ms && !err; i++) {
        int64_t least_ms = i ? message->taken_at_ms[i - 1] : 1;
        err = sgp_read_number(message->taken_at_ms[i], least_ms, INT64_MAX / 4,
                              "the time when a bed was taken", fault);
        if (!err)
            err = SGP_ROOM_U32(node->taken_at_ms, node->view.n_taken, node->taken_capacity);
        if (!err)
            node->taken_at_ms[node->view.n_taken++] = message->taken_at_ms[i];
    }
    return err;
}

sgp_err sgp_read_hospital_state(const Sigap__V1__Hospital *message, sgp_world *world,
                                uint32_t index, sgp_fault *fault) {
    sgp_hospital_node *node = &world->hospitals[index];
    sgp_hospital_told *told = &node->view.told;
    told->beds = message->told_beds;
    told->beds_at_ms = message->told_beds_at_ms;
    told->has_beds = message->told_beds_at_ms != 0;
    told->diversion = (sgp_diversion)message->diversion;
    told->diverts = message->diverts;
    told->since_ms = message->diverted_at_ms;
    told->until_ms = message->diverted_until_ms;
    node->view.version = message->version;
    sgp_err err = sgp_read_number(message->abilities, 0, SGP_ABILITIES_ALL,
                                  "the hospital's abilities", fault);
    if (!err)
        err =
            sgp_read_number(message->told_beds, 0, SGP_BEDS_MAX, "the number of free beds", fault);
    if (!err)
        err = sgp_read_number(message->diversion, 0, SGP_DIVERSIONS - 1,
                              "whom the hospital diverts", fault);
    if (!err)
        err = sgp_read_number(message->diverts, 0, SGP_ABILITIES_ALL,
                              "the abilities that are diverted", fault);
    if (!err)
        err = sgp_read_text(message->told_beds_by, told->beds_by, sizeof told->beds_by,
                            "who told of beds", fault);
    if (!err)
        err = sgp_read_text(message->diverted_reason, told->reason, sizeof told->reason,
                            "the reason of the diversion", fault);
    if (!err)
        err = sgp_read_text(message->diverted_by, told->by, sizeof told->by,
                            "who told of the diversion", fault);
    return err ? err : read_taken(message, node, fault);
}

bool sgp_put_patient(Sigap__V1__Assignment *message, const sgp_world *world,
                     const sgp_assignment *assignment) {
    message->needs_told = assignment->needs_told;
    message->needs = assignment->needs;
    message->colour = (Sigap__V1__ColourOfTriage)assignment->colour;
    message->hospital_named = assignment->hospital_named;
    message->offload_alarms = assignment->offload_alarms;
    message->offload_due_ms = assignment->offload_due_ms;
    message->seen_at_ms = assignment->seen_at_ms;
    if (assignment->seen_by && !sgp_put_text(&message->seen_hospital_code,
                                             world->hospitals[assignment->seen_by - 1].view.code))
        return false;
    return assignment->proposed < 0 ||
           sgp_put_text(&message->proposed_hospital_code,
                        world->hospitals[assignment->proposed].view.code);
}

sgp_err sgp_read_patient(const Sigap__V1__Assignment *message, const sgp_world *world,
                         sgp_assignment *assignment, sgp_fault *fault) {
    assignment->needs_told = message->needs_told;
    assignment->needs = message->needs;
    assignment->colour = (sgp_colour_of_triage)message->colour;
    assignment->hospital_named = message->hospital_named;
    assignment->offload_alarms = message->offload_alarms;
    assignment->offload_due_ms = message->offload_due_ms;
    assignment->seen_at_ms = message->seen_at_ms;
    if (message->seen_hospital_code[0]) {
        const sgp_hospital_node *seen = sgp_world_find_hospital(world, message->seen_hospital_code);
        if (!seen)
            return sgp_fail(fault, SGP_E_CORRUPT,
                            "the snapshot is damaged: an unknown hospital has seen a patient");
        assignment->seen_by = 1 + seen->view.index;
    }
    sgp_err err =
        sgp_read_number(message->needs, 0, SGP_ABILITIES_ALL, "what the patient needs", fault);
    if (!err)
        err = sgp_read_number(message->colour, 0, SGP_COLOURS - 1, "the colour of triage", fault);
    if (!err)
        err = sgp_read_number(message->offload_due_ms, 0, INT64_MAX / 4,
                              "when the wait raises the alarm", fault);
    if (err || !message->proposed_hospital_code[0])
        return err;
    const sgp_hospital_node *hospital =
        sgp_world_find_hospital(world, message->proposed_hospital_code);
    if (!hospital)
        return sgp_fail(fault, SGP_E_CORRUPT, "an unknown hospital is proposed");
    assignment->proposed = (int32_t)hospital->view.index;
    return SGP_OK;
}

static bool put_option(Sigap__V1__HospitalOption **field, const sgp_world *world,
                       const sgp_hospital_option *option) {
    Sigap__V1__HospitalOption *message = sgp_message_make(&sigap__v1__hospital_option__descriptor);
    *field = message;
    if (!message)
        return false;
    message->unfit = (Sigap__V1__Unfit)option->unfit;
    message->besides = (Sigap__V1__Unfit)option->besides;
    message->travel_ms = option->travel_ms;
    message->total_ms = option->total_ms;
    message->free_beds = option->free_beds;
    message->inbound = option->inbound;
    message->lacks = option->lacks;
    message->wishes = option->wishes;
    return sgp_put_text(&message->hospital_code, world->hospitals[option->hospital].view.code);
}

Sigap__V1__HospitalAdvice *sgp_hospital_advice_to_proto(const sgp_world *world,
                                                        const sgp_hospital_advice *advice) {
    Sigap__V1__HospitalAdvice *message = sgp_message_make(&sigap__v1__hospital_advice__descriptor);
    if (!message)
        return NULL;
    message->assignment_id = advice->assignment;
    message->incident_id = advice->incident;
    message->at_ms = advice->at_ms;
    message->needs = advice->needs;
    message->wishes = advice->wishes;
    message->by_crew = advice->by_crew;
    message->colour = (Sigap__V1__ColourOfTriage)advice->colour;
    const sgp_assignment *assignment = sgp_world_assignment(world, advice->assignment);
    bool ok =
        sgp_put_text(&message->unit_code, sgp_world_unit(world, assignment->unit)->code) &&
        (advice->chosen < 0 ||
         sgp_put_text(&message->chosen_code, world->hospitals[advice->chosen].view.code)) &&
        sgp_put_array((void **)&message->options, advice->n_options, sizeof *message->options);
    for (uint32_t i = 0; i < advice->n_options && ok; i++)
        ok = put_option(&message->options[message->n_options++], world, &advice->options[i]);
    return sgp_message_or_null(message, ok);
}

/* ---- events ------------------------------------------------------------------ */

#define MAKE(member, type, number)                                                                 \
    (message->body_case = SIGAP__V1__EVENT__BODY_##number,                                         \
     (message->member = sgp_message_make(&sigap__v1__##type##__descriptor)) != NULL)

static bool put_told(Sigap__V1__Event *message, const sgp_event *event) {
    if (!MAKE(hospital_told, hospital_told, HOSPITAL_TOLD))
        return false;
    Sigap__V1__HospitalTold *body = message->hospital_told;
    body->version = event->u.hospital_told.version;
    body->has_beds = event->u.hospital_told.has_beds;
    body->beds = event->u.hospital_told.beds;
    body->released = event->u.hospital_told.released;
    body->has_diversion = event->u.hospital_told.has_diversion;
    body->diversion = (Sigap__V1__Diversion)event->u.hospital_told.diversion;
    body->diverts = event->u.hospital_told.diverts;
    body->until_ms = event->u.hospital_told.until_ms;
    return sgp_put_text(&body->hospital, event->u.hospital_told.hospital) &&
           sgp_put_text(&body->reason, event->u.hospital_told.reason);
}

bool sgp_put_hospital_event(Sigap__V1__Event *message, const sgp_event *event) {
    switch (event->kind) {
    case SGP_EVENT_HOSPITAL_TOLD:
        return put_told(message, event);
    case SGP_EVENT_PATIENT_TOLD:
        if (!MAKE(patient_told, patient_told, PATIENT_TOLD))
            return false;
        message->patient_told->assignment_id = event->u.patient.assignment;
        message->patient_told->has_needs = event->u.patient.has_needs;
        message->patient_told->needs = event->u.patient.needs;
        message->patient_told->colour = (Sigap__V1__ColourOfTriage)event->u.patient.colour;
        return true;
    case SGP_EVENT_HOSPITAL_ASKED:
        if (!MAKE(hospital_asked, hospital_asked, HOSPITAL_ASKED))
            return false;
        message->hospital_asked->assignment_id = event->u.hospital_choice.assignment;
        return true;
    case SGP_EVENT_HOSPITAL_CHOSEN:
        if (!MAKE(hospital_chosen, hospital_chosen, HOSPITAL_CHOSEN))
            return false;
        message->hospital_chosen->assignment_id = event->u.hospital_choice.assignment;
        return sgp_put_text(&message->hospital_chosen->hospital, event->u.hospital_choice.hospital);
    default:
        return false;
    }
}

static sgp_err read_told(const Sigap__V1__HospitalTold *body, sgp_event *event, sgp_fault *fault) {
    event->u.hospital_told.version = body->version;
    event->u.hospital_told.has_beds = body->has_beds;
    event->u.hospital_told.beds = body->beds;
    event->u.hospital_told.released = body->released;
    event->u.hospital_told.has_diversion = body->has_diversion;
    event->u.hospital_told.diversion = (sgp_diversion)body->diversion;
    event->u.hospital_told.diverts = body->diverts;
    event->u.hospital_told.until_ms = body->until_ms;
    sgp_err err =
        sgp_read_text(body->hospital, event->u.hospital_told.hospital,
                      sizeof event->u.hospital_told.hospital, "the hospital's code", fault);
    return err ? err
               : sgp_read_text(body->reason, event->u.hospital_told.reason,
                               sizeof event->u.hospital_told.reason, "the reason", fault);
}

sgp_err sgp_read_hospital_event(const Sigap__V1__Event *message, sgp_event *event,
                                sgp_fault *fault) {
    switch (message->body_case) {
    case SIGAP__V1__EVENT__BODY_HOSPITAL_TOLD:
        event->kind = SGP_EVENT_HOSPITAL_TOLD;
        return read_told(message->hospital_told, event, fault);
    case SIGAP__V1__EVENT__BODY_PATIENT_TOLD:
        event->kind = SGP_EVENT_PATIENT_TOLD;
        event->u.patient.assignment = message->patient_told->assignment_id;
        event->u.patient.has_needs = message->patient_told->has_needs;
        event->u.patient.needs = message->patient_told->needs;
        event->u.patient.colour = (sgp_colour_of_triage)message->patient_told->colour;
        return SGP_OK;
    case SIGAP__V1__EVENT__BODY_HOSPITAL_ASKED:
        event->kind = SGP_EVENT_HOSPITAL_ASKED;
        event->u.hospital_choice.assignment = message->hospital_asked->assignment_id;
        return SGP_OK;
    case SIGAP__V1__EVENT__BODY_HOSPITAL_CHOSEN:
        event->kind = SGP_EVENT_HOSPITAL_CHOSEN;
        event->u.hospital_choice.assignment = message->hospital_chosen->assignment_id;
        return sgp_read_text(message->hospital_chosen->hospital, event->u.hospital_choice.hospital,
                             sizeof event->u.hospital_choice.hospital, "the hospital's code",
                             fault);
    default:
        return sgp_fail(fault, SGP_E_FORMAT, "the event is of no known kind");
    }
}
